//! Loading modules: finding them, running them, deciding what they export, and
//! giving that to whoever imports them.

use super::command::{AliasInfo, Command, FunctionInfo, ScriptInfo};
use super::error::{Category, ErrorRecord, Fault, R, Thrown, Unwind};
use super::invocation::Extent;
use super::invoke::BlockCall;
use super::module::{Exports, Module};
use super::pattern::wildcard::WildcardPattern;
use super::scope::{Layout, Scope, ScopeKind};
use super::script_block::ScriptBlock;
use super::symbol::Symbol;
use super::text::version::Version;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::source::Source;
use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How deep modules may load modules.
const MAX_NESTING: usize = 10;

/// What an import asks for.
#[derive(Default, Clone)]
pub struct ImportOptions {
    /// Loads again what is loaded.
    pub force: bool,
    /// Goes into the session instead of the importing module.
    pub global: bool,
    /// Put before the noun of everything imported.
    pub prefix: Option<Rc<str>>,
    /// Patterns of the functions wanted; `None` for all.
    pub functions: Option<Vec<Rc<str>>>,
    /// Patterns of the aliases wanted.
    pub aliases: Option<Vec<Rc<str>>>,
    /// Patterns of the variables wanted.
    pub variables: Option<Vec<Rc<str>>>,
    /// Arguments of the module's file.
    pub arguments: Vec<Value>,
    /// Versions that will do.
    pub versions: VersionRange,
    /// Leaves alone what exists under the same name.
    pub no_clobber: bool,
    /// Says nothing about unapproved verbs.
    pub quiet: bool,
}

/// Versions of a module that will do.
#[derive(Default, Clone)]
pub struct VersionRange {
    /// At least.
    pub minimum: Option<Rc<str>>,
    /// At most.
    pub maximum: Option<Rc<str>>,
    /// Exactly.
    pub required: Option<Rc<str>>,
}

impl VersionRange {
    /// Whether a version is among them.
    pub fn contains(&self, version: &str) -> bool {
        let key = |text: &str| {
            let mut parts = [0i64; 4];
            for (slot, part) in parts.iter_mut().zip(text.split('.')) {
                *slot = part.parse().unwrap_or(0);
            }
            parts
        };
        let own = key(version);
        self.minimum.as_ref().is_none_or(|m| own >= key(m))
            && self.required.as_ref().is_none_or(|r| own == key(r))
            && self.maximum.as_ref().is_none_or(|m| {
                let limit = m.replace('*', &i32::MAX.to_string());
                own <= key(&limit)
            })
    }

    /// Whether nothing is asked.
    pub fn is_any(&self) -> bool {
        self.minimum.is_none() && self.maximum.is_none() && self.required.is_none()
    }

    fn shown(&self) -> String {
        [&self.required, &self.minimum, &self.maximum]
            .into_iter()
            .flatten()
            .next()
            .map(|v| v.to_string())
            .unwrap_or_default()
    }
}

/// The error of a module that is nowhere.
pub fn module_not_found(name: &str, versions: &VersionRange) -> Fault {
    let (id, message) = if versions.is_any() {
        (
            "Modules_ModuleNotFound",
            format!(
                "The specified module '{name}' was not loaded because no valid module file was found in any module directory."
            ),
        )
    } else {
        (
            "Modules_ModuleWithVersionNotFound",
            format!(
                "The specified module '{name}' with version '{}' was not loaded because no valid module file was found in any module directory.",
                versions.shown()
            ),
        )
    };
    Fault::of(
        "System.IO.FileNotFoundException",
        id,
        Category::ResourceUnavailable,
        message,
    )
    .target(Value::str(name))
}

impl Vm {
    /// Looks for a module that exports a command and loads it.
    pub fn auto_load(&mut self, name: &str) -> R<Option<Command>> {
        if name.contains(['/', '\\', '.', '*', '?', '[']) || name.is_empty() {
            return Ok(None);
        }
        let wanted = self.variable("PSModuleAutoLoadingPreference");
        if let Some(value) = wanted
            && self.to_text(&value)?.eq_ignore_ascii_case("none")
        {
            return Ok(None);
        }
        for file in self.available_modules(None) {
            if !exports_by_sight(&file, name) {
                continue;
            }
            let loaded = self
                .session
                .modules
                .iter()
                .any(|m| **m.path.borrow() == *file.to_string_lossy());
            if loaded {
                continue;
            }
            let options = ImportOptions {
                global: true,
                quiet: true,
                ..ImportOptions::default()
            };
            self.import_file(&file, &options)?;
            if let Some(function) = self.find_function(name) {
                return Ok(Some(Command::Function(function)));
            }
            if let Some(alias) = self.find_alias(name) {
                return self.find_command(&alias.definition);
            }
        }
        Ok(None)
    }

    /// The folders of `PSModulePath`.
    pub fn module_folders(&self) -> Vec<PathBuf> {
        let text = self.host.variable("PSModulePath").unwrap_or_default();
        std::env::split_paths(&text)
            .filter(|p| !p.as_os_str().is_empty())
            .collect()
    }

    /// The files of the modules in the module folders, all or those of one name; the newest version of each.
    pub fn available_modules(&self, name: Option<&str>) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in self.module_folders() {
            let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|e| e.path())
                .filter(|p| p.is_dir())
                .collect();
            names.sort();
            for path in names {
                let leaf = path
                    .file_name()
                    .map(|n| n.to_string_lossy().to_string())
                    .unwrap_or_default();
                if name.is_none_or(|n| n.eq_ignore_ascii_case(&leaf)) {
                    found.extend(module_in_folder(&path));
                }
            }
        }
        found
    }

    /// The file that a name or path of a module stands for.
    pub fn find_module_file(&self, name: &str, versions: &VersionRange) -> Option<PathBuf> {
        let is_path = name.contains(['/', '\\'])
            || name.starts_with('~')
            || [".psd1", ".psm1", ".ps1"]
                .iter()
                .any(|e| name.to_ascii_lowercase().ends_with(e));
        if !is_path {
            return self
                .available_modules(Some(name))
                .into_iter()
                .find(|file| versions.is_any() || versions.contains(&version_by_sight(file)));
        }
        let path = self.file_path(name);
        if path.is_file() {
            return Some(path);
        }
        for extension in ["psd1", "psm1", "ps1"] {
            let with = PathBuf::from(format!("{}.{extension}", path.display()));
            if with.is_file() {
                return Some(with);
            }
        }
        module_in_folder(&path)
    }

    /// Imports a module by its file: loads it unless it is loaded, and gives its exports to the caller.
    pub fn import_file(&mut self, file: &Path, options: &ImportOptions) -> R<Rc<Module>> {
        let shown = file.to_string_lossy().to_string();
        let known = self
            .session
            .modules
            .iter()
            .find(|m| **m.path.borrow() == *shown || source_of(m) == shown)
            .cloned();
        let module = match known {
            Some(module) if !options.force => module,
            known => {
                if let Some(old) = known {
                    self.remove_module(&old)?;
                }
                let module = self.load_module(file, options)?;
                match self.scope.module.clone() {
                    Some(parent) if !options.global && !parent.is_closure => {
                        parent.nested.borrow_mut().push(module.clone());
                    }
                    _ => self.session.modules.push(module.clone()),
                }
                module
            }
        };
        self.import_exports(&module, options)?;
        Ok(module)
    }

    /// Reads and runs a module's file.
    pub fn load_module(&mut self, file: &Path, options: &ImportOptions) -> R<Rc<Module>> {
        let depth = std::iter::successors(self.scope.module.clone(), |_| None).count();
        if depth > MAX_NESTING {
            return self.raise(Fault::new(
                "Modules_ModuleTooDeeplyNested",
                "The module is nested too deeply.",
            ));
        }
        let extension = file
            .extension()
            .map(|e| e.to_string_lossy().to_ascii_lowercase())
            .unwrap_or_default();
        let name = file
            .file_stem()
            .map(|n| n.to_string_lossy().to_string())
            .unwrap_or_default();
        let module = Rc::new(Module::new(&name, &file.to_string_lossy()));
        self.make_module_scope(&module);
        match extension.as_str() {
            "psd1" => self.load_manifest(&module, file, options)?,
            "psm1" | "ps1" => {
                self.run_module_file(&module, file, options.arguments.clone())?;
                let implicit = !module.explicit_exports.get();
                default_exports(&module);
                if implicit {
                    let mut names: Vec<(u32, Rc<str>)> = module
                        .exports
                        .borrow()
                        .functions
                        .iter()
                        .map(|(n, f)| (f.block.borrow().ast.span.start, n.clone()))
                        .collect();
                    names.sort();
                    for (_, name) in names {
                        self.write_verbose(&format!("Exporting function '{name}'."))?;
                    }
                }
            }
            _ => {
                return self.raise(Fault::of(
                    "System.Management.Automation.PSInvalidOperationException",
                    "Modules_InvalidModuleExtension",
                    Category::InvalidOperation,
                    format!("The extension '.{extension}' is not a valid module extension. The supported module extensions are '.dll', '.ps1', '.psm1', '.psd1', and '.cdxml'. Correct the extension and then try to add the file '{}'.", file.display()),
                ));
            }
        }
        Ok(module)
    }

    /// Gives a module the scope its code runs in.
    pub fn make_module_scope(&mut self, module: &Rc<Module>) -> Rc<Scope> {
        let scope = Scope::new(
            ScopeKind::Module,
            Layout::growing(),
            Some(self.global.clone()),
            Some(module.clone()),
        );
        let _ = module.scope.set(scope.clone());
        super::automatic::define_module_variables(&scope, module);
        scope
    }

    fn run_module_file(
        &mut self,
        module: &Rc<Module>,
        file: &Path,
        arguments: Vec<Value>,
    ) -> R<()> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(_) => {
                return self.raise(module_not_found(
                    &file.to_string_lossy(),
                    &VersionRange::default(),
                ));
            }
        };
        let text = super::text::encoding::decode_script(&bytes);
        let source = Rc::new(Source::new(&text, Some(&file.to_string_lossy())));
        let Some(scope) = module.scope.get().cloned() else {
            return Ok(());
        };
        let result = self.in_scope(scope, |vm| {
            let block = Rc::new(vm.parse_source(&source)?);
            let script = ScriptInfo {
                name: file
                    .file_name()
                    .map_or("".into(), |n| n.to_string_lossy().into()),
                path: file.to_string_lossy().into(),
                block: std::cell::OnceCell::new(),
            };
            vm.check_requirements(&block, &script)?;
            vm.discard(|vm| {
                vm.run_block(
                    &block,
                    BlockCall {
                        arguments,
                        dot_sourced: true,
                        ..BlockCall::default()
                    },
                )
            })
        });
        if result.is_err() {
            for nested in module.nested.borrow().clone() {
                self.remove_module(&nested)?;
            }
        }
        result
    }

    /// The data of a manifest file.
    pub fn read_data_file(&mut self, file: &Path, restrict: bool) -> R<Value> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(_) => {
                return self.raise(
                    Fault::of(
                        "System.Management.Automation.ItemNotFoundException",
                        "PathNotFound",
                        Category::ObjectNotFound,
                        format!(
                            "Cannot find path '{}' because it does not exist.",
                            file.display()
                        ),
                    )
                    .target(Value::str(file.to_string_lossy().to_string())),
                );
            }
        };
        let text = super::text::encoding::decode_script(&bytes);
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
                let record = super::parse_error::record(&source, &errors, first);
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

    fn load_manifest(
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
            .target(Value::str(file.to_string_lossy().to_string()))
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

    /// Imports a module by name or path; one that is nowhere is an error that ends the call.
    pub fn import_by_name(&mut self, name: &str, options: &ImportOptions) -> R<Rc<Module>> {
        let loaded = self
            .session
            .modules
            .iter()
            .rev()
            .find(|m| m.name.borrow().eq_ignore_ascii_case(name))
            .filter(|m| options.versions.is_any() || options.versions.contains(&m.version.borrow()))
            .cloned();
        if let Some(module) = loaded
            && !options.force
        {
            self.import_exports(&module, options)?;
            return Ok(module);
        }
        match self.find_module_file(name, &options.versions) {
            Some(file) => self.import_file(&file, options),
            None => self.raise(module_not_found(name, &options.versions)),
        }
    }

    /// Where imports made here go: the module the code belongs to, or the session.
    pub fn import_target(&self, options: &ImportOptions) -> Rc<Scope> {
        match &self.scope.module {
            Some(module) if !options.global && !module.is_closure => module
                .scope
                .get()
                .cloned()
                .unwrap_or_else(|| self.global.clone()),
            _ => self.global.clone(),
        }
    }

    /// Gives a module's exports to the importing scope.
    pub fn import_exports(&mut self, module: &Rc<Module>, options: &ImportOptions) -> R<()> {
        let target = self.import_target(options);
        let exports = module.exports.borrow().clone();
        let prefix = match &options.prefix {
            Some(prefix) => prefix.clone(),
            None => module.prefix.borrow().clone(),
        };
        let mut unapproved = false;
        let only_functions =
            options.functions.is_some() && options.aliases.is_none() && options.variables.is_none();
        for (name, function) in &exports.functions {
            if !wanted(&options.functions, name, options) {
                continue;
            }
            let shown = prefixed(name, &prefix);
            if options.no_clobber && self.find_command(&shown)?.is_some() {
                continue;
            }
            if let Some((verb, _)) = name.split_once('-')
                && !super::verbs::is_approved(verb)
            {
                unapproved = true;
            }
            self.write_verbose(&format!("Importing function '{shown}'."))?;
            let copy = Rc::new(FunctionInfo {
                name: shown.as_str().into(),
                block: function.block.clone(),
                is_filter: function.is_filter,
                options: Cell::new(function.options.get()),
                description: function.description.clone(),
                module: Some(module.clone()),
            });
            target
                .functions
                .borrow_mut()
                .insert(Symbol::fold(&shown), copy);
        }
        for (name, alias) in &exports.aliases {
            let chosen = match &options.aliases {
                Some(patterns) => fits_any(patterns, name),
                None => !only_functions,
            };
            if !chosen {
                continue;
            }
            let shown = prefixed(name, &prefix);
            let is_function = exports
                .functions
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(&alias.definition));
            let definition = if is_function {
                prefixed(&alias.definition, &prefix)
            } else {
                alias.definition.to_string()
            };
            let copy = Rc::new(AliasInfo {
                name: shown.as_str().into(),
                definition: definition.into(),
                options: Cell::new(alias.options.get()),
                description: alias.description.clone(),
                module: Some(module.clone()),
            });
            target
                .aliases
                .borrow_mut()
                .insert(Symbol::fold(&shown), copy);
        }
        if let Some(source) = module.scope.get() {
            for name in &exports.variables {
                let chosen = match &options.variables {
                    Some(patterns) => fits_any(patterns, name),
                    None => !only_functions,
                };
                if chosen && let Some(variable) = self.variable_object(source, Symbol::fold(name)) {
                    target.put_named(Symbol::fold(name), super::scope::Slot::Variable(variable));
                }
            }
        }
        self.commands_changed();
        if unapproved && !options.quiet {
            let name = module.name.borrow().clone();
            self.write_warning(&format!("The names of some imported commands from the module '{name}' include unapproved verbs that might make them less discoverable. To find the commands with unapproved verbs, run the Import-Module command again with the Verbose parameter. For a list of approved verbs, type Get-Verb."))?;
        }
        Ok(())
    }

    /// Takes a module and what it gave away out of the session.
    pub fn remove_module(&mut self, module: &Rc<Module>) -> R<()> {
        if let Value::Block(block) = module.on_remove.borrow().clone().base() {
            let argument = super::types::module_info::value(module.clone());
            let result = self.call_block(&block.clone(), vec![argument]);
            result?;
        }
        let mut scopes = vec![self.global.clone()];
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            at = scope.parent.clone();
            scopes.push(scope);
        }
        scopes.extend(
            self.session
                .modules
                .iter()
                .filter_map(|m| m.scope.get().cloned()),
        );
        let mut gone: Vec<(u32, Rc<str>)> = Vec::new();
        for scope in &scopes {
            let own = module.scope.get().is_some_and(|s| Rc::ptr_eq(s, scope));
            if own {
                continue;
            }
            scope.functions.borrow_mut().retain(|_, f| {
                let mine = f.module.as_ref().is_some_and(|m| Rc::ptr_eq(m, module));
                if mine {
                    gone.push((f.block.borrow().ast.span.start, f.name.clone()));
                }
                !mine
            });
            scope
                .aliases
                .borrow_mut()
                .retain(|_, a| !a.module.as_ref().is_some_and(|m| Rc::ptr_eq(m, module)));
            if let Some(source) = module.scope.get() {
                for name in &module.exports.borrow().variables {
                    let symbol = Symbol::fold(name);
                    let same = match (scope.own_named(symbol), source.own_named(symbol)) {
                        (super::scope::Slot::Variable(a), super::scope::Slot::Variable(b)) => {
                            Rc::ptr_eq(&a, &b)
                        }
                        _ => false,
                    };
                    if same {
                        scope.put_named(symbol, super::scope::Slot::Unset);
                    }
                }
            }
        }
        self.session.modules.retain(|m| !Rc::ptr_eq(m, module));
        self.commands_changed();
        gone.sort();
        for (_, name) in gone {
            self.write_verbose(&format!("Removing the imported \"{name}\" function."))?;
        }
        Ok(())
    }

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
                format!("The script '{name}' cannot be run because the following modules that are specified by the \"#requires\" statements of the script are missing: {}.", missing.join(", ")),
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

    fn engine_version(&mut self) -> String {
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

    /// The lines that show a place: `At file:line char:column`, the line, and marks under it.
    pub fn position_message(&self, extent: &Extent) -> String {
        let at = extent.source.position(extent.span.start as usize);
        let file = extent.source.file.as_deref().unwrap_or("line");
        let line = extent.source.line_text(at.line);
        let end = extent.source.position(extent.span.end as usize);
        let width = if end.line == at.line {
            end.column.saturating_sub(at.column).max(1)
        } else {
            line.chars().count().saturating_sub(at.column - 1).max(1)
        };
        format!(
            "At {file}:{} char:{}\n+ {line}\n+ {}{}",
            at.line,
            at.column,
            " ".repeat(at.column.saturating_sub(1)),
            "~".repeat(width)
        )
    }
}

/// The manifest's path of a module that has one beside its root file.
fn source_of(module: &Module) -> String {
    let path = PathBuf::from(&**module.path.borrow());
    let name = module.name.borrow().clone();
    match (&*module.manifest.borrow(), path.parent()) {
        (Value::Null, _) | (_, None) => String::new(),
        (_, Some(folder)) => folder
            .join(format!("{name}.psd1"))
            .to_string_lossy()
            .to_string(),
    }
}

/// The module file of a folder: of its own name, or of its newest version's folder.
fn module_in_folder(folder: &Path) -> Option<PathBuf> {
    let name = folder.file_name()?.to_string_lossy().to_string();
    let direct = |folder: &Path| {
        ["psd1", "psm1"]
            .iter()
            .map(|e| folder.join(format!("{name}.{e}")))
            .find(|p| p.is_file())
    };
    if let Some(found) = direct(folder) {
        return Some(found);
    }
    let mut versions: Vec<(Version, PathBuf)> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|e| {
            let version = Version::parse(&e.file_name().to_string_lossy()).ok()?;
            Some((version, e.path()))
        })
        .collect();
    versions.sort_by_key(|a| a.0);
    versions.iter().rev().find_map(|(_, path)| direct(path))
}

/// The version a manifest names, without running it.
fn version_by_sight(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    for line in text.lines() {
        let mut halves = line.splitn(2, '=');
        let key = halves.next().unwrap_or("").trim();
        if key.eq_ignore_ascii_case("ModuleVersion") {
            let value = halves.next().unwrap_or("").trim();
            return value.trim_matches(['\'', '"', ';', ' ']).to_string();
        }
    }
    "0.0".to_string()
}

/// Whether a module's text defines or lists a command, without running it.
fn exports_by_sight(file: &Path, name: &str) -> bool {
    let mut files = vec![file.to_path_buf()];
    if file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("psd1"))
    {
        files.push(file.with_extension("psm1"));
    }
    let wanted = name.to_lowercase();
    files.iter().any(|file| {
        let Ok(text) = std::fs::read_to_string(file) else {
            return false;
        };
        let text = text.to_lowercase();
        text.match_indices(&wanted).any(|(at, found)| {
            let edge =
                |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '-' || c == '_'));
            edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
        })
    })
}

/// Whether a name fits one of these patterns.
pub fn fits_any(patterns: &[Rc<str>], name: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| WildcardPattern::cached(pattern, true).is_ok_and(|p| p.is_match(name)))
}

fn wanted(patterns: &Option<Vec<Rc<str>>>, name: &str, options: &ImportOptions) -> bool {
    match patterns {
        Some(patterns) => fits_any(patterns, name),
        None => options.aliases.is_none() && options.variables.is_none(),
    }
}

/// A command's name with a prefix before its noun.
pub fn prefixed(name: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return name.to_string();
    }
    match name.split_once('-') {
        Some((verb, noun)) => format!("{verb}-{prefix}{noun}"),
        None => format!("{prefix}{name}"),
    }
}

/// A module that did not say what it exports gives its own functions and aliases.
pub fn default_exports(module: &Rc<Module>) {
    if module.explicit_exports.get() {
        return;
    }
    let Some(scope) = module.scope.get() else {
        return;
    };
    let mut exports = Exports::default();
    let mut functions: Vec<Rc<FunctionInfo>> = scope
        .functions
        .borrow()
        .values()
        .filter(|f| f.module.as_ref().is_none_or(|m| Rc::ptr_eq(m, module)))
        .cloned()
        .collect();
    functions.sort_by_key(|a| a.name.to_lowercase());
    for function in functions {
        exports.functions.push((function.name.clone(), function));
    }
    let mut aliases: Vec<Rc<AliasInfo>> = scope
        .aliases
        .borrow()
        .values()
        .filter(|a| a.module.is_none())
        .cloned()
        .collect();
    aliases.sort_by_key(|a| a.name.to_lowercase());
    for alias in aliases {
        exports.aliases.push((alias.name.clone(), alias));
    }
    *module.exports.borrow_mut() = exports;
}

/// What a nested module exports counts as the outer module's own.
fn adopt(module: &Rc<Module>, child: &Rc<Module>) {
    let mut exports = module.exports.borrow_mut();
    for (name, function) in &child.exports.borrow().functions {
        if !exports
            .functions
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            exports.functions.push((name.clone(), function.clone()));
        }
    }
    for (name, alias) in &child.exports.borrow().aliases {
        if !exports
            .aliases
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            exports.aliases.push((name.clone(), alias.clone()));
        }
    }
}

/// Adds what `Export-ModuleMember` names to a module's exports.
pub fn export_members(
    module: &Rc<Module>,
    functions: &[Rc<str>],
    aliases: &[Rc<str>],
    variables: &[Rc<str>],
) {
    module.explicit_exports.set(true);
    let Some(scope) = module.scope.get() else {
        return;
    };
    let mut exports = module.exports.borrow_mut();
    let mut found: Vec<Rc<FunctionInfo>> = scope
        .functions
        .borrow()
        .values()
        .filter(|f| fits_any(functions, &f.name))
        .cloned()
        .collect();
    found.sort_by_key(|a| a.name.to_lowercase());
    for function in found {
        if !exports.functions.iter().any(|(n, _)| *n == function.name) {
            exports.functions.push((function.name.clone(), function));
        }
    }
    for alias in scope.aliases.borrow().values() {
        if fits_any(aliases, &alias.name) && !exports.aliases.iter().any(|(n, _)| *n == alias.name)
        {
            exports.aliases.push((alias.name.clone(), alias.clone()));
        }
    }
    for (symbol, _) in scope.list() {
        let name = symbol.first_spelling();
        if fits_any(variables, &name)
            && !exports
                .variables
                .iter()
                .any(|v| v.eq_ignore_ascii_case(&name))
        {
            exports.variables.push(name);
        }
    }
}

/// Names a record after the cmdlet that imported the module it left.
pub fn name_after(record: &ErrorRecord, class: &str) {
    let mut raiser: std::cell::RefMut<Rc<str>> = RefCell::borrow_mut(&record.raiser);
    if raiser.is_empty() {
        *raiser = class.into();
    }
}
