//! CommandInfo and its kin: commands as values.

use super::{TypeRef, find_full, known};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;

/// A command as a value.
pub struct CommandValue {
    /// The command.
    pub command: Command,
}

impl CommandValue {
    /// A command as a value.
    pub fn value(command: Command) -> Value {
        Value::native(CommandValue { command })
    }
}

impl Native for CommandValue {
    fn type_ref(&self) -> TypeRef {
        let name = match &self.command {
            Command::Function(f) if f.is_filter => "FilterInfo",
            Command::Function(_) => "FunctionInfo",
            Command::Cmdlet(_) => "CmdletInfo",
            Command::Alias(_) => "AliasInfo",
            Command::Script(_) => "ExternalScriptInfo",
            Command::Application(_) => "ApplicationInfo",
            Command::Block(_) => "ScriptInfo",
        };
        find_full(&format!("System.Management.Automation.{name}")).unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.command.name().to_string())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
