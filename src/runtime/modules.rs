//! Loading modules.

use super::command::{Command, ScriptInfo};
use super::error::R;
use super::invocation::Extent;
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

    /// The lines that show a place: `At file:line char:column`, the line, and marks under it.
    pub fn position_message(&self, extent: &Extent) -> String {
        let at = extent.source.position(extent.span.start as usize);
        let file = extent.source.file.as_deref().unwrap_or("line");
        let line = extent.source.line_text(at.line);
        format!(
            "At {file}:{} char:{}\n+ {line}\n+ {}~",
            at.line,
            at.column,
            " ".repeat(at.column.saturating_sub(1))
        )
    }
}
