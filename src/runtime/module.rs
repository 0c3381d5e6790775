//! Modules: a session state of its own for functions and variables.

use super::scope::Scope;
use super::value::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// A module.
pub struct Module {
    /// Its name.
    pub name: RefCell<Rc<str>>,
    /// The file it came from.
    pub path: RefCell<Rc<str>>,
    /// Its version as text.
    pub version: RefCell<Rc<str>>,
    /// Identity of its own.
    pub guid: RefCell<Rc<str>>,
    /// Script, Binary, Manifest, Cim as the bits of ModuleType.
    pub module_type: Cell<i64>,
    /// Its root scope.
    pub scope: OnceCell<Rc<Scope>>,
    /// What it exports, decided when its body has run.
    pub exports: RefCell<Exports>,
    /// Set by Export-ModuleMember: only what it names is exported.
    pub explicit_exports: Cell<bool>,
    /// Modules it loaded.
    pub nested: RefCell<Vec<Rc<Module>>>,
    /// Data of its manifest, as a hashtable.
    pub manifest: RefCell<Value>,
    /// Run when it is removed.
    pub on_remove: RefCell<Value>,
    /// Prefix of the nouns it exports.
    pub prefix: RefCell<Rc<str>>,
    /// A description for people.
    pub description: RefCell<Rc<str>>,
    /// Made by GetNewClosure: its functions see the session's commands and it is not listed.
    pub is_closure: bool,
    /// Option bits (read-only, constant).
    pub access: Cell<u8>,
    /// `PrivateData` of the manifest.
    pub private_data: RefCell<Value>,
    /// Types (classes and enums) it defines, by folded name.
    pub types: RefCell<Vec<super::types::TypeRef>>,
    /// Members added by scripts (`-AsCustomObject` and such).
    pub extension: super::object::Extension,
}

/// Names a module gives to others.
#[derive(Default, Clone)]
pub struct Exports {
    /// Functions with their definitions.
    pub functions: Vec<(Rc<str>, Rc<super::command::FunctionInfo>)>,
    /// Cmdlets by name.
    pub cmdlets: Vec<Rc<str>>,
    /// Aliases.
    pub aliases: Vec<(Rc<str>, Rc<super::command::AliasInfo>)>,
    /// Variables by name.
    pub variables: Vec<Rc<str>>,
}

impl Module {
    /// A module without content.
    pub fn new(name: &str, path: &str) -> Module {
        Module {
            name: RefCell::new(name.into()),
            path: RefCell::new(path.into()),
            version: RefCell::new("0.0".into()),
            guid: RefCell::new("00000000-0000-0000-0000-000000000000".into()),
            module_type: Cell::new(0),
            scope: OnceCell::new(),
            exports: RefCell::default(),
            explicit_exports: Cell::new(false),
            nested: RefCell::default(),
            manifest: RefCell::default(),
            on_remove: RefCell::default(),
            prefix: RefCell::new("".into()),
            description: RefCell::new("".into()),
            is_closure: false,
            access: Cell::new(0),
            private_data: RefCell::default(),
            types: RefCell::default(),
            extension: super::object::Extension::default(),
        }
    }

    /// A module for a closure.
    pub fn closure(name: &str) -> Module {
        Module {
            is_closure: true,
            ..Module::new(name, "")
        }
    }
}
