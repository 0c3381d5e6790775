//! Manifests: data files, and the modules they describe.

use super::exports::{adopt, default_exports, fits_any};
use super::manifest_checks::invalid;
use super::{ImportOptions, VersionRange, module_not_found};
use crate::runtime::collection::Dictionary;
use crate::runtime::command::ScriptInfo;
use crate::runtime::error::{Category, Fault, R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::module::Module;
use crate::runtime::provider::path_not_found;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::path::{Path, PathBuf};
use std::rc::Rc;

impl Vm {
    /// The data of a manifest file.
    pub fn read_data_file(&mut self, file: &Path, restrict: bool) -> R<Value> {
        let bytes = match crate::host::file::read(file) {
            Ok(bytes) => bytes,
            Err(_) => {
                return self.raise(
                    path_not_found(&file.to_string_lossy())
                        .target(Value::str(file.to_string_lossy())),
                );
            }
        };
        let text = crate::runtime::text::encoding::decode_script(&bytes);
        let source = Rc::new(Source::new(&text, Some(&file.to_string_lossy())));
        let block = Rc::new(self.parse_source(&source)?);
        if restrict {
            let allowed = crate::syntax::RestrictedLanguage {
                commands: Some(Vec::new()),
                variables: vec!["PSScriptRoot".into(), "PSEdition".into()],
                environment: false,
            };
            let errors = crate::syntax::check_restricted(&block.ast, &source.text, &allowed);
            if let Some(first) = errors.first() {
                let record = crate::runtime::parse_error::record(&source, &errors, first);
                return Err(Thrown {
                    record: Rc::new(record),
                    ends_script: false,
                }
                .into());
            }
        }
        let items = self.call_block(&block, Vec::new())?;
        Ok(Vm::captured(items))
    }

    /// Loads what a manifest describes: the modules it requires, its scripts,
    /// its nested modules and its root, in this order.
    pub(super) fn load_manifest(
        &mut self,
        module: &Rc<Module>,
        file: &Path,
        options: &ImportOptions,
    ) -> R<()> {
        let manifest = Manifest::read(self, file)?;
        manifest.describe(self, module)?;
        if !options.versions.contains(&module.version.borrow()) {
            let shown = file.to_string_lossy();
            return self.raise(module_not_found(&shown, &options.versions));
        }
        manifest.load_required(self)?;
        manifest.run_scripts(self)?;
        manifest.load_nested(self, module)?;
        manifest.load_root(self, module, options)?;
        default_exports(module);
        for child in module.nested.borrow().iter() {
            adopt(module, child);
        }
        manifest.limit_exports(self, module)
    }
}

/// What a manifest file says of its module.
struct Manifest<'a> {
    file: &'a Path,
    table: Rc<Dictionary>,
}

impl Manifest<'_> {
    fn read<'a>(vm: &mut Vm, file: &'a Path) -> R<Manifest<'a>> {
        let shown = file.display();
        let data = match vm.read_data_file(file, true) {
            Ok(data) => data,
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let why = thrown.record.message();
                    return vm.raise(invalid(
                        file,
                        "System.ArgumentException",
                        format!(
                            "The module manifest '{shown}' could not be processed because it is not a valid PowerShell module manifest file. Remove the elements that are not permitted: {why}"
                        ),
                    ));
                }
                other => return Err(Box::new(other)),
            },
        };
        match data.base() {
            Value::Dict(table) => {
                vm.check_manifest(table, file)?;
                Ok(Manifest {
                    file,
                    table: table.clone(),
                })
            }
            _ => vm.raise(invalid(
                file,
                "System.ArgumentException",
                format!(
                    "Processing the module manifest file '{shown}' did not result in a valid manifest object. Update the file to contain a valid PowerShell module manifest. A valid manifest can be created using the New-ModuleManifest cmdlet."
                ),
            )),
        }
    }

    /// A file that the manifest names, beside the manifest.
    fn beside(&self, name: &str) -> PathBuf {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        folder.join(name.replace('\\', "/"))
    }

    fn text(&self, vm: &mut Vm, key: &str) -> R<Option<String>> {
        match self.table.get_str(key) {
            Some(value) if !value.is_null() => Ok(Some(vm.to_text(&value)?)),
            _ => Ok(None),
        }
    }

    fn items(&self, vm: &mut Vm, key: &str) -> R<Option<Vec<Value>>> {
        let Some(value) = self.table.get_str(key) else {
            return Ok(None);
        };
        Ok(Some(match vm.enumerate(&value)? {
            Some(items) => items,
            None if value.is_null() => Vec::new(),
            None => vec![value],
        }))
    }

    fn texts(&self, vm: &mut Vm, key: &str) -> R<Option<Vec<Rc<str>>>> {
        let Some(items) = self.items(vm, key)? else {
            return Ok(None);
        };
        let texts: R<Vec<Rc<str>>> = items
            .iter()
            .map(|item| Ok(Wanted::read(vm, item)?.name))
            .collect();
        texts.map(Some)
    }

    fn describe(&self, vm: &mut Vm, module: &Module) -> R<()> {
        for (key, field) in [
            ("ModuleVersion", &module.version),
            ("GUID", &module.guid),
            ("Description", &module.description),
            ("DefaultCommandPrefix", &module.prefix),
        ] {
            if let Some(text) = self.text(vm, key)? {
                *field.borrow_mut() = text.into();
            }
        }
        *module.manifest.borrow_mut() = Value::Dict(self.table.clone());
        *module.private_data.borrow_mut() = self.table.get_str("PrivateData").unwrap_or_default();
        Ok(())
    }

    fn load_required(&self, vm: &mut Vm) -> R<()> {
        for item in self.items(vm, "RequiredModules")?.unwrap_or_default() {
            let wanted = Wanted::read(vm, &item)?;
            if vm.is_shipped_module(&wanted.name) {
                continue;
            }
            let options = ImportOptions {
                global: true,
                versions: wanted.versions.clone(),
                ..ImportOptions::default()
            };
            match vm.import_by_name(&wanted.name, &options) {
                Err(unwind) if is_not_found(&unwind) => {
                    let version = match wanted.versions.shown() {
                        version if version.is_empty() => version,
                        version => format!(" with version '{version}'"),
                    };
                    return vm.raise(invalid(
                        self.file,
                        "System.MissingMemberException",
                        format!(
                            "The required module '{}'{version} is not loaded. Load the module or remove the module from 'RequiredModules' in the file '{}'.",
                            wanted.name,
                            self.file.display()
                        ),
                    ));
                }
                outcome => outcome.map(drop)?,
            }
        }
        Ok(())
    }

    fn run_scripts(&self, vm: &mut Vm) -> R<()> {
        for script in self.texts(vm, "ScriptsToProcess")?.unwrap_or_default() {
            let info = ScriptInfo {
                path: self.beside(&script).to_string_lossy().into(),
                name: script,
                block: std::cell::OnceCell::new(),
            };
            let block = vm.script_block_of(&info)?;
            vm.run_block(
                &block,
                BlockCall {
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            )?;
        }
        Ok(())
    }

    fn load_nested(&self, vm: &mut Vm, module: &Rc<Module>) -> R<()> {
        let Some(scope) = module.scope.get().cloned() else {
            return Ok(());
        };
        for item in self.items(vm, "NestedModules")?.unwrap_or_default() {
            let Wanted { name, versions } = Wanted::read(vm, &item)?;
            let path = self.beside(&name);
            let child = vm.in_scope(scope.clone(), |vm| {
                let place = if path.exists() || path.with_extension("psm1").exists() {
                    path.to_string_lossy()
                } else {
                    (&*name).into()
                };
                let Some(file) = vm.find_module_file(&place, &versions) else {
                    return vm.raise(self.file_not_found(module, "NestedModules", &name));
                };
                let child = vm.load_module(&file, &ImportOptions::default())?;
                vm.import_exports(
                    &child,
                    &ImportOptions {
                        quiet: true,
                        ..ImportOptions::default()
                    },
                )?;
                Ok(child)
            })?;
            module.nested.borrow_mut().push(child);
        }
        Ok(())
    }

    fn load_root(&self, vm: &mut Vm, module: &Rc<Module>, options: &ImportOptions) -> R<()> {
        let mut root = None;
        for key in ["RootModule", "ModuleToProcess"] {
            root = match root {
                None => self.text(vm, key)?.filter(|name| !name.is_empty()),
                found => found,
            };
        }
        let Some(root) = root else {
            module.module_type.set(MANIFEST);
            return Ok(());
        };
        let mut path = self.beside(&root);
        if !path.is_file() {
            path.set_extension("psm1");
        }
        if !path.is_file() {
            return vm.raise(self.file_not_found(module, "ModuleToProcess/RootModule", &root));
        }
        *module.path.borrow_mut() = path.to_string_lossy().into();
        vm.write_verbose(&format!("Loading module from path '{}'.", path.display()))?;
        let is_script = path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("psm1"));
        if is_script {
            vm.run_module_file(module, &path, options.arguments.clone())?;
        }
        Ok(())
    }

    fn limit_exports(&self, vm: &mut Vm, module: &Module) -> R<()> {
        let functions = self.texts(vm, "FunctionsToExport")?;
        let aliases = self.texts(vm, "AliasesToExport")?;
        let variables = self.texts(vm, "VariablesToExport")?;
        let mut exports = module.exports.borrow_mut();
        if let Some(patterns) = functions {
            exports.functions.retain(|(n, _)| fits_any(&patterns, n));
        }
        if let Some(patterns) = aliases {
            exports.aliases.retain(|(n, _)| fits_any(&patterns, n));
        }
        if let Some(patterns) = variables {
            exports.variables.retain(|n| fits_any(&patterns, n));
        }
        Ok(())
    }

    fn file_not_found(&self, module: &Module, field: &str, name: &str) -> Fault {
        Fault::of(
            "System.IO.FileNotFoundException",
            "Modules_ModuleFileNotFound",
            Category::ResourceUnavailable,
            format!(
                "The module to process '{name}', listed in field '{field}' of module manifest '{}' was not processed because no valid module was found in any module directory.",
                self.file.display()
            ),
        )
        .target(Value::str(&**module.name.borrow()))
    }
}

/// A module that a manifest names: `'Name'` or
/// `@{ ModuleName = 'Name'; ModuleVersion = '1.0' }`.
struct Wanted {
    name: Rc<str>,
    versions: VersionRange,
}

impl Wanted {
    fn read(vm: &mut Vm, item: &Value) -> R<Wanted> {
        let Value::Dict(table) = item.base() else {
            return Ok(Wanted {
                name: vm.to_text(item)?.into(),
                versions: VersionRange::default(),
            });
        };
        let mut text = |key: &str| -> R<Option<Rc<str>>> {
            match table.get_str(key) {
                Some(value) if !value.is_null() => Ok(Some(vm.to_text(&value)?.into())),
                _ => Ok(None),
            }
        };
        Ok(Wanted {
            name: text("ModuleName")?.unwrap_or_default(),
            versions: VersionRange {
                minimum: text("ModuleVersion")?,
                maximum: text("MaximumVersion")?,
                required: text("RequiredVersion")?,
            },
        })
    }
}

/// `ModuleType.Manifest`.
const MANIFEST: i64 = 2;

fn is_not_found(unwind: &Unwind) -> bool {
    match unwind {
        Unwind::Error(thrown) => [
            "Modules_ModuleNotFound",
            "Modules_ModuleWithVersionNotFound",
        ]
        .iter()
        .any(|id| thrown.record.error_id.borrow().starts_with(id)),
        _ => false,
    }
}
