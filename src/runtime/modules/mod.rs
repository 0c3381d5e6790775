//! Loading modules: running their files, and giving what they export to whoever
//! imports them. How a module is found, its manifest, its exports and what
//! `#requires` asks stand in files of their own.

mod exports;
mod find;
mod manifest;
mod manifest_checks;
mod requirements;
mod using;
mod versions;

pub use exports::{default_exports, export_members, fits_any, prefixed};
pub use versions::{VersionRange, module_not_found};

use super::command::ScriptInfo;
use super::error::{Category, ErrorRecord, Fault, R};
use super::invoke::BlockCall;
use super::module::Module;
use super::scope::{Layout, Scope, ScopeKind};
use super::symbol::Symbol;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::source::Source;
use std::cell::RefCell;
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

impl Vm {
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
        self.write_verbose(&format!("Loading module from path '{}'.", file.display()))?;
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

    pub(super) fn run_module_file(
        &mut self,
        module: &Rc<Module>,
        file: &Path,
        arguments: Vec<Value>,
    ) -> R<()> {
        let bytes = match crate::host::file::read(file) {
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

    /// Takes a module and what it gave away out of the session.
    pub fn remove_module(&mut self, module: &Rc<Module>) -> R<()> {
        if let Value::Block(block) = module.on_remove.borrow().clone().base() {
            let argument = super::types::automation::module_info::value(module.clone());
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

/// Names a record after the cmdlet that imported the module it left.
pub fn name_after(record: &ErrorRecord, class: &str) {
    let mut raiser: std::cell::RefMut<Rc<str>> = RefCell::borrow_mut(&record.raiser);
    if raiser.is_empty() {
        *raiser = class.into();
    }
}
