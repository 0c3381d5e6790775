//! Loading modules.

use super::command::{Command, ScriptInfo};
use super::error::R;
use super::script_block::ScriptBlock;
use super::vm::Vm;

impl Vm {
    /// Looks for a module that exports a command and loads it.
    pub fn auto_load(&mut self, _name: &str) -> R<Option<Command>> {
        Ok(None)
    }

    /// Checks the `#requires` lines of a script before it runs.
    pub fn check_requirements(&mut self, _block: &ScriptBlock, _script: &ScriptInfo) -> R<()> {
        Ok(())
    }
}
