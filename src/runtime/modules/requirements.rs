//! What `#requires` asks of a session.

use super::{ImportOptions, VersionRange};
use crate::runtime::command::ScriptInfo;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// Checks the `#requires` lines of a script before it runs.
    pub fn check_requirements(&mut self, block: &ScriptBlock, script: &ScriptInfo) -> R<()> {
        let Some(requires) = block.ast.requires.clone() else {
            return Ok(());
        };
        let name = &script.name;
        let fail = |id: &str, message: String| {
            Fault::of(
                "System.Management.Automation.ScriptRequiresException",
                id,
                Category::ResourceUnavailable,
                message,
            )
            .target(Value::str(&**name))
        };
        if let Some(version) = &requires.version {
            let have = (7, 6);
            let mut parts = version.split('.').map(|p| p.parse::<i32>().unwrap_or(0));
            let asked = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
            if asked > have {
                let current = self.engine_version();
                return self.raise(fail(
                    "ScriptRequiresUnmatchedPSVersion",
                    format!("The script '{name}' cannot be run because it contained a \"#requires\" statement for PowerShell {version}. The version of PowerShell that is required by the script does not match the currently running version of PowerShell {current}."),
                ));
            }
        }
        if !requires.editions.is_empty()
            && !requires
                .editions
                .iter()
                .any(|e| e.eq_ignore_ascii_case("Core"))
        {
            return self.raise(fail(
                "ScriptRequiresUnmatchedPSEdition",
                format!("The script '{name}' cannot be run because it contained a \"#requires\" statement for PowerShell editions '{}'. The edition of PowerShell that is required by the script does not match the currently running PowerShell Core edition.", requires.editions.join(",")),
            ));
        }
        let mut missing = Vec::new();
        for module in &requires.modules {
            let versions = VersionRange {
                minimum: module.module_version.as_deref().map(Rc::from),
                maximum: module.maximum_version.as_deref().map(Rc::from),
                required: module.required_version.as_deref().map(Rc::from),
            };
            let options = ImportOptions {
                global: true,
                quiet: true,
                versions,
                ..ImportOptions::default()
            };
            if self.is_shipped_module(&module.name) {
                continue;
            }
            match self.import_by_name(&module.name, &options) {
                Ok(_) => {}
                Err(unwind) if matches!(*unwind, Unwind::Error(_)) => {
                    missing.push(module.name.clone());
                }
                Err(other) => return Err(other),
            }
        }
        if !missing.is_empty() {
            return self.raise(fail(
                "ScriptRequiresMissingModules",
                format!("The script '{name}' cannot be run because the following modules that are specified by the \"#requires\" statements of the script are missing: {}.", missing.iter().map(|m| format!("The module '{m}' cannot be found.")).collect::<Vec<_>>().join(", ")),
            ));
        }
        Ok(())
    }

    /// Whether a module of this name is part of the program: its commands are always there.
    pub fn is_shipped_module(&self, name: &str) -> bool {
        self.session
            .is_shipped_module
            .is_some_and(|known| known(name))
    }

    pub(super) fn engine_version(&mut self) -> String {
        let table = self.variable("PSVersionTable").unwrap_or_default();
        let version = match table.base() {
            Value::Dict(table) => table.get_str("PSVersion"),
            _ => None,
        };
        match version {
            Some(version) => self.to_text(&version).unwrap_or_default(),
            None => "7.6.0".to_string(),
        }
    }
}
