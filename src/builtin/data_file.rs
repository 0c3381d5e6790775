//! Import-PowerShellDataFile.

use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::text::encoding::decode_script;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] =
    &[("Import-PowerShellDataFile", || Box::new(ImportDataFile))];

struct ImportDataFile;

fn not_data(id: &str, path: &str, detail: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        id,
        Category::InvalidData,
        format!("The file '{path}' could not be parsed as a PowerShell Data File.{detail}"),
    )
    .target(Value::str(path))
}

impl Cmdlet for ImportDataFile {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        let mut items = Vec::new();
        for path in &selection.paths {
            let found = vm.find_items(path, selection.literal, true)?;
            for fault in found.faults {
                vm.write_fault(fault.category(Category::InvalidArgument))?;
            }
            items.extend(found.items);
        }
        for item in items {
            let bytes = crate::host::file::read(item.as_file()).unwrap_or_default();
            let parsed = crate::syntax::parse(&decode_script(&bytes));
            if !parsed.errors.is_empty() {
                vm.write_fault(not_data(
                    "CouldNotParseAsPowerShellDataFile",
                    &item.path,
                    "",
                ))?;
                continue;
            }
            match vm.read_data_file(item.as_file(), true) {
                Ok(Value::Dict(table)) => vm.write(Value::Dict(table))?,
                Ok(_) => vm.write_fault(not_data(
                    "CouldNotParseAsPowerShellDataFileNoHashtableRoot",
                    &item.path,
                    " Ensure that the file contains a hashtable.",
                ))?,
                Err(unwind) => match *unwind {
                    Unwind::Error(_) => stop::<()>(Fault::of(
                        "System.InvalidOperationException",
                        "System.InvalidOperationException",
                        Category::InvalidOperation,
                        "Cannot generate a PowerShell object for a ScriptBlock evaluating dynamic expressions. Dynamic expression: the file holds more than data.",
                    ))?,
                    other => return Err(Box::new(other)),
                },
            }
        }
        Ok(())
    }
}
