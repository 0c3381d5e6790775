//! Import-PowerShellDataFile and Import-LocalizedData.

use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::text::encoding::decode_script;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Import-PowerShellDataFile", || Box::new(ImportDataFile)),
    ("Import-LocalizedData", || Box::new(ImportLocalizedData)),
];

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

struct ImportLocalizedData;

impl Cmdlet for ImportLocalizedData {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let script = vm.frame.source.file.clone();
        let script = script.as_deref().map(std::path::Path::new);
        let base = match (call.text("BaseDirectory"), script.and_then(|s| s.parent())) {
            (Some(folder), _) => vm.file_path(&folder),
            (None, Some(folder)) => folder.to_path_buf(),
            (None, None) => vm.session.location.clone(),
        };
        let name = match (call.text("FileName"), script.and_then(|s| s.file_stem())) {
            (Some(name), _) => name.to_string(),
            (None, Some(stem)) => stem.to_string_lossy().to_string(),
            (None, None) => {
                return vm.raise(Fault::of(
                    "System.InvalidOperationException",
                    "NotCalledFromAScriptFile",
                    Category::InvalidOperation,
                    "The FileName parameter was not specified. The FileName parameter is required when Import-LocalizedData is not called from a script file.",
                ));
            }
        };
        let lower = name.to_ascii_lowercase();
        let file = match lower.ends_with(".psd1") {
            true => name,
            false => format!("{name}.psd1"),
        };
        let culture = call.text("UICulture").unwrap_or_else(|| "en-US".into());
        let mut folders = Vec::new();
        let mut part: &str = &culture;
        while !part.is_empty() {
            folders.push(base.join(part));
            part = part.rsplit_once('-').map_or("", |(parent, _)| parent);
        }
        folders.push(base.clone());
        let found = folders
            .into_iter()
            .map(|f| f.join(&file))
            .find(|p| p.is_file());
        let Some(found) = found else {
            let shown = base.join(&*culture).to_string_lossy().to_string();
            return vm.write_fault(
                Fault::of(
                    "System.Management.Automation.PSInvalidOperationException",
                    "ImportLocalizedData",
                    Category::ObjectNotFound,
                    format!("Cannot find the Windows PowerShell data file '{file}' in directory '{shown}', or in any parent culture directories."),
                )
                .target(Value::str(shown)),
            );
        };
        let data = vm.read_data_file(&found, false)?;
        match call.text("BindingVariable") {
            Some(name) => vm.set_variable(&name, data),
            None => vm.write(data),
        }
    }
}
