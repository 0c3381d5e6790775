//! What a manifest must hold before its module is loaded.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::types::find_full;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::Path;

/// The members that a manifest may have.
const MEMBERS: &[&str] = &[
    "ModuleToProcess",
    "NestedModules",
    "GUID",
    "Author",
    "CompanyName",
    "Copyright",
    "ModuleVersion",
    "Description",
    "PowerShellVersion",
    "PowerShellHostName",
    "PowerShellHostVersion",
    "CLRVersion",
    "DotNetFrameworkVersion",
    "ProcessorArchitecture",
    "RequiredModules",
    "TypesToProcess",
    "FormatsToProcess",
    "ScriptsToProcess",
    "PrivateData",
    "RequiredAssemblies",
    "ModuleList",
    "FileList",
    "FunctionsToExport",
    "VariablesToExport",
    "AliasesToExport",
    "CmdletsToExport",
    "DscResourcesToExport",
    "CompatiblePSEditions",
    "HelpInfoURI",
    "RootModule",
    "DefaultCommandPrefix",
];

const VERSION: &str = "System.Version";

/// An error about a manifest as a whole.
pub(super) fn invalid(file: &Path, exception: &str, message: impl Into<String>) -> Fault {
    Fault::of(
        exception,
        "Modules_InvalidManifest",
        Category::ResourceUnavailable,
        message.into(),
    )
    .target(Value::str(file.to_string_lossy()))
}

impl Vm {
    /// Refuses a manifest with unknown members, without a version, or meant for a newer program.
    pub fn check_manifest(&mut self, table: &Dictionary, file: &Path) -> R<()> {
        let unknown = self.unknown_members(table)?;
        if !unknown.is_empty() {
            self.check_engine(table, file)?;
            let message = format!(
                "The '{}' module cannot be imported because its manifest contains one or more members that are not valid. The valid manifest members are ('{}'). Remove the members that are not valid ({}), then try to import the module again.",
                file.display(),
                MEMBERS.join("', '"),
                unknown.join(", ")
            );
            return self.raise(
                Fault::of(
                    "System.InvalidOperationException",
                    "Modules_InvalidManifestMember",
                    Category::InvalidData,
                    message,
                )
                .target(Value::str(file.to_string_lossy())),
            );
        }
        let given = |key| table.get_str(key).is_some_and(|value| !is_empty(&value));
        if given("RootModule") && given("ModuleToProcess") {
            return self.raise(
                Fault::of(
                    "System.InvalidOperationException",
                    "Modules_ModuleManifestCannotContainBothModuleToProcessAndRootModule",
                    Category::InvalidOperation,
                    format!("The module manifest cannot contain both the 'ModuleToProcess' and 'RootModule' members. Change the module manifest file to remove one of these members at '{}', and then try again.", file.display()),
                )
                .target(Value::str(file.to_string_lossy())),
            );
        }
        if self
            .scalar(table, file, "ModuleVersion", VERSION)?
            .is_none()
        {
            return self.raise(invalid(
                file,
                "System.MissingMemberException",
                format!("The member 'ModuleVersion' is not present in the module manifest. This member must exist and be assigned a version number of the form 'n.n.n.n'. Add the missing member to the file '{}'.", file.display()),
            ));
        }
        self.check_engine(table, file)?;
        self.scalar(table, file, "PowerShellHostVersion", VERSION)?;
        self.scalar(table, file, "GUID", "System.Guid")?;
        Ok(())
    }

    fn unknown_members(&mut self, table: &Dictionary) -> R<Vec<String>> {
        let mut unknown = Vec::new();
        for (key, _) in table.pairs() {
            let name = self.to_text(&key)?;
            if !MEMBERS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&name))
            {
                unknown.push(format!("'{name}'"));
            }
        }
        Ok(unknown)
    }

    fn check_engine(&mut self, table: &Dictionary, file: &Path) -> R<()> {
        let Some(wanted) = self.scalar(table, file, "PowerShellVersion", VERSION)? else {
            return Ok(());
        };
        let own = self.engine_version();
        let wanted = self.to_text(&wanted)?;
        let range = super::VersionRange {
            minimum: Some(wanted.as_str().into()),
            ..super::VersionRange::default()
        };
        if range.contains(&own) {
            return Ok(());
        }
        self.raise(
            Fault::of(
                "System.InvalidOperationException",
                "Modules_InsufficientPowerShellVersion",
                Category::ResourceUnavailable,
                format!("The version of PowerShell on this computer is '{own}'. The module '{}' requires a minimum PowerShell version of '{wanted}' to run. Verify that you have the minimum required version of PowerShell installed, and then try again.", file.display()),
            )
            .target(Value::str(file.to_string_lossy())),
        )
    }

    /// The value of a member converted to its type; empty counts as not given.
    fn scalar(
        &mut self,
        table: &Dictionary,
        file: &Path,
        key: &str,
        type_name: &str,
    ) -> R<Option<Value>> {
        let given = table.get_str(key).filter(|value| !is_empty(value));
        let (Some(value), Some(wanted)) = (given, find_full(type_name)) else {
            return Ok(None);
        };
        match self.convert(&value, &wanted) {
            Ok(converted) => Ok(Some(converted)),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => self.raise(invalid(
                    file,
                    "System.ArgumentException",
                    format!(
                        "The '{key}' member is not valid in the module manifest file '{}': {}",
                        file.display(),
                        thrown.record.exception_message()
                    ),
                )),
                other => Err(Box::new(other)),
            },
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.is_empty())
}
