//! Manifests: data files, and the modules they describe.

use super::exports::{adopt, default_exports, fits_any};
use super::{ImportOptions, VersionRange, module_not_found};
use crate::runtime::command::ScriptInfo;
use crate::runtime::error::{Category, Fault, R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::module::Module;
use crate::runtime::provider::path_not_found;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::path::Path;
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

    pub(super) fn load_manifest(
        &mut self,
        module: &Rc<Module>,
        file: &Path,
        options: &ImportOptions,
    ) -> R<()> {
        let invalid = |message: String| {
            Fault::of(
                "System.ArgumentException",
                "Modules_InvalidManifest",
                Category::ResourceUnavailable,
                message,
            )
            .target(Value::str(file.to_string_lossy()))
        };
        let data = match self.read_data_file(file, true) {
            Ok(data) => data,
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let why = thrown.record.message();
                    return self.raise(invalid(format!(
                        "The module manifest '{}' could not be processed because it is not a valid PowerShell module manifest file. Remove the elements that are not permitted: {why}",
                        file.display()
                    )));
                }
                other => return Err(Box::new(other)),
            },
        };
        let Value::Dict(table) = data.base() else {
            return self.raise(invalid(format!(
                "The module manifest '{}' could not be processed because it is not a valid PowerShell module manifest file.",
                file.display()
            )));
        };
        *module.manifest.borrow_mut() = data.clone();
        let text = |vm: &mut Vm, key: &str| -> R<Option<String>> {
            match table.get_str(key) {
                Some(value) if !value.is_null() => Ok(Some(vm.to_text(&value)?)),
                _ => Ok(None),
            }
        };
        if let Some(version) = text(self, "ModuleVersion")? {
            *module.version.borrow_mut() = version.as_str().into();
        }
        if !options.versions.is_any()
            && !options.versions.contains(&module.version.borrow().clone())
        {
            let shown = file.to_string_lossy().to_string();
            return self.raise(module_not_found(&shown, &options.versions));
        }
        if let Some(guid) = text(self, "GUID")? {
            *module.guid.borrow_mut() = guid.as_str().into();
        }
        if let Some(description) = text(self, "Description")? {
            *module.description.borrow_mut() = description.as_str().into();
        }
        *module.private_data.borrow_mut() = table.get_str("PrivateData").unwrap_or_default();
        if let Some(prefix) = text(self, "DefaultCommandPrefix")? {
            *module.prefix.borrow_mut() = prefix.as_str().into();
        }
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        let list = |vm: &mut Vm, key: &str| -> R<Option<Vec<Rc<str>>>> {
            let Some(value) = table.get_str(key) else {
                return Ok(None);
            };
            let items = match vm.enumerate(&value)? {
                Some(items) => items,
                None if value.is_null() => Vec::new(),
                None => vec![value],
            };
            let mut texts = Vec::with_capacity(items.len());
            for item in &items {
                let name = match item.base() {
                    Value::Dict(table) => table.get_str("ModuleName").unwrap_or_default(),
                    other => other.clone(),
                };
                texts.push(vm.to_text(&name)?.into());
            }
            Ok(Some(texts))
        };
        for required in list(self, "RequiredModules")?.unwrap_or_default() {
            let options = ImportOptions {
                global: true,
                ..ImportOptions::default()
            };
            self.import_by_name(&required, &options)?;
        }
        for script in list(self, "ScriptsToProcess")?.unwrap_or_default() {
            let path = folder.join(script.replace('\\', "/"));
            let info = ScriptInfo {
                name: script.clone(),
                path: path.to_string_lossy().into(),
                block: std::cell::OnceCell::new(),
            };
            let block = self.script_block_of(&info)?;
            self.run_block(
                &block,
                BlockCall {
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            )?;
        }
        let Some(scope) = module.scope.get().cloned() else {
            return Ok(());
        };
        for nested in list(self, "NestedModules")?.unwrap_or_default() {
            let path = folder.join(nested.replace('\\', "/"));
            let child = self.in_scope(scope.clone(), |vm| {
                let name = if path.exists() || path.with_extension("psm1").exists() {
                    path.to_string_lossy().to_string()
                } else {
                    nested.to_string()
                };
                let Some(file) = vm.find_module_file(&name, &VersionRange::default()) else {
                    return vm.raise(module_not_found(&nested, &VersionRange::default()));
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
        let root = match text(self, "RootModule")? {
            Some(root) if !root.is_empty() => Some(root),
            _ => text(self, "ModuleToProcess")?,
        };
        match root.filter(|r| !r.is_empty()) {
            Some(root) => {
                let base = folder.join(root.replace('\\', "/"));
                let path = if base.is_file() {
                    base
                } else {
                    base.with_extension("psm1")
                };
                if !path.is_file() {
                    return self.raise(
                        Fault::of(
                            "System.IO.FileNotFoundException",
                            "Modules_ModuleFileNotFound",
                            Category::ResourceUnavailable,
                            format!("The module to process '{root}', listed in field 'ModuleToProcess/RootModule' of module manifest '{}' was not processed because no valid module was found in any module directory.", file.display()),
                        )
                        .target(Value::str(&**module.name.borrow())),
                    );
                }
                *module.path.borrow_mut() = path.to_string_lossy().into();
                if path
                    .extension()
                    .is_some_and(|e| e.eq_ignore_ascii_case("psm1"))
                {
                    self.run_module_file(module, &path, options.arguments.clone())?;
                }
            }
            None => module.module_type.set(2),
        }
        default_exports(module);
        for child in module.nested.borrow().iter() {
            adopt(module, child);
        }
        let functions = list(self, "FunctionsToExport")?;
        let aliases = list(self, "AliasesToExport")?;
        let variables = list(self, "VariablesToExport")?;
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
}
