//! What Test-ModuleManifest looks for beyond the form of a manifest: that what it names is there.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::Path;
use std::rc::Rc;

/// Keys with files that the module cannot be loaded without.
const LOADED: &[&str] = &["TypesToProcess", "FormatsToProcess", "ScriptsToProcess"];

/// Keys with files or modules whose absence is told, and the error's id.
const NAMED: &[(&str, &str)] = &[
    ("RootModule", "Modules_InvalidRootModuleInModuleManifest"),
    (
        "RequiredAssemblies",
        "Modules_InvalidRequiredAssembliesInModuleManifest",
    ),
    (
        "NestedModules",
        "Modules_InvalidNestedModuleinModuleManifest",
    ),
    (
        "RequiredModules",
        "Modules_InvalidRequiredModulesinModuleManifest",
    ),
    ("FileList", "Modules_InvalidFilePathinModuleManifest"),
    ("ModuleList", "Modules_InvalidModuleListinModuleManifest"),
];

/// Writes an error for each entry that leads nowhere; one that must be loaded ends the cmdlet.
pub fn check(vm: &mut Vm, table: &Dictionary, manifest: &Path, given: &str) -> R<()> {
    for key in LOADED {
        for entry in entries(vm, table, key)? {
            if !file_exists(manifest, &entry) {
                let missing = beside(manifest, &entry);
                return vm.raise(
                    Fault::of(
                        "System.ArgumentException",
                        "Modules_InvalidManifest",
                        Category::ResourceUnavailable,
                        format!(
                            "The member '{key}' in the module manifest is not valid: Cannot find path '{missing}' because it does not exist.. Verify that a valid value is specified for this field in the '{}' file.",
                            manifest.display()
                        ),
                    )
                    .target(Value::str(manifest.to_string_lossy())),
                );
            }
        }
    }
    for (key, id) in NAMED {
        for entry in entries(vm, table, key)? {
            let found = match *key {
                "RequiredModules" | "NestedModules" | "ModuleList" => {
                    file_exists(manifest, &entry) || module_exists(vm, &entry)
                }
                _ => file_exists(manifest, &entry),
            };
            if found {
                continue;
            }
            let (exception, category) = match *key {
                "RootModule" => ("System.ArgumentException", Category::InvalidArgument),
                _ => (
                    "System.IO.DirectoryNotFoundException",
                    Category::ObjectNotFound,
                ),
            };
            vm.write_fault(
                Fault::of(
                    exception,
                    id,
                    category,
                    format!(
                        "The specified {key} entry '{entry}' in the module manifest '{}' is invalid. Try again after updating this entry with valid values.",
                        manifest.display()
                    ),
                )
                .target(Value::str(given)),
            )?;
        }
    }
    Ok(())
}

/// The texts of a key; of a module specification its name.
fn entries(vm: &mut Vm, table: &Dictionary, key: &str) -> R<Vec<Rc<str>>> {
    let value = table.get_str(key).unwrap_or_default();
    if value.is_null() {
        return Ok(Vec::new());
    }
    let items = match value.base() {
        Value::Dict(_) => vec![value.clone()],
        _ => vm.enumerate(&value)?.unwrap_or_else(|| vec![value.clone()]),
    };
    let mut texts: Vec<Rc<str>> = Vec::new();
    for item in items {
        let name = match item.base() {
            Value::Dict(specification) => specification.get_str("ModuleName").unwrap_or_default(),
            _ => item,
        };
        let text = vm.to_text(&name)?;
        if !text.is_empty() {
            texts.push(text.into());
        }
    }
    Ok(texts)
}

fn beside(manifest: &Path, entry: &str) -> String {
    let entry = entry.replace('\\', "/");
    match manifest.parent() {
        Some(folder) => folder.join(entry).to_string_lossy().into_owned(),
        None => entry,
    }
}

fn file_exists(manifest: &Path, entry: &str) -> bool {
    let path = beside(manifest, entry);
    if WildcardPattern::contains_wildcards(entry) || Path::new(&path).is_file() {
        return true;
    }
    ["psm1", "psd1", "ps1", "dll"]
        .iter()
        .any(|extension| Path::new(&format!("{path}.{extension}")).is_file())
        || Path::new(&path).is_dir()
}

fn module_exists(vm: &mut Vm, name: &str) -> bool {
    super::modules::is_shipped(name) || !vm.available_modules(Some(name)).is_empty()
}
