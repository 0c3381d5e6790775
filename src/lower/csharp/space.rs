//! What names mean at a place of the source: types, and the local variables of a running body.

use crate::runtime::error::R;
use crate::runtime::object::Reference;
use crate::runtime::types::{self, TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::ast::*;
use std::cell::RefCell;
use std::rc::Rc;

/// The types of one source, as they come to exist.
#[derive(Default)]
pub(super) struct Program {
    pub types: RefCell<Vec<TypeRef>>,
    pub usings: Vec<Rc<str>>,
    pub aliases: Vec<(Rc<str>, TypeSyntax)>,
}

/// A type of the source as the place where names are looked up.
pub(super) struct Space {
    pub program: Rc<Program>,
    pub declaration: Rc<TypeDeclaration>,
    pub own: TypeRef,
}

impl Space {
    /// The type of a written one; what is not known is `object`.
    pub fn resolve(&self, vm: &mut Vm, syntax: &TypeSyntax) -> TypeRef {
        self.find(vm, syntax).unwrap_or_else(known::object)
    }

    /// The type of a written one.
    pub fn find(&self, vm: &mut Vm, syntax: &TypeSyntax) -> Option<TypeRef> {
        match &syntax.shape {
            TypeShape::Array(element, rank) => {
                let element = self.resolve(vm, element);
                Some(types::array_of(&element, *rank))
            }
            TypeShape::Nullable(inner) => {
                let inner = self.find(vm, inner)?;
                if !inner.is_value_type() {
                    return Some(inner);
                }
                let definition = types::find_full("System.Nullable`1")?;
                Some(types::generic(&definition, vec![inner]))
            }
            TypeShape::Pointer(_) => types::find_full("System.IntPtr"),
            TypeShape::Named(parts) => self.named(vm, parts),
        }
    }

    fn named(&self, vm: &mut Vm, parts: &[NamePart]) -> Option<TypeRef> {
        if let [only] = parts
            && only.arguments.is_empty()
        {
            if is_keyword_type(&only.text) {
                return types::find(keyword_type(&only.text));
            }
            if self.declaration.type_parameters.contains(&only.text) {
                return Some(known::object());
            }
            let aliases = &self.program.aliases;
            if let Some((_, target)) = aliases.iter().find(|(name, _)| *name == only.text) {
                let target = target.clone();
                return self.find(vm, &target);
            }
        }
        let arguments: Vec<TypeRef> = parts
            .last()
            .map(|part| part.arguments.iter().map(|a| self.resolve(vm, a)).collect())
            .unwrap_or_default();
        let mut name: String = parts
            .iter()
            .map(|part| &*part.text)
            .collect::<Vec<&str>>()
            .join(".");
        if !arguments.is_empty() {
            name.push_str(&format!("`{}", arguments.len()));
        }
        let definition = self.find_name(vm, &name)?;
        Some(match arguments.is_empty() || definition.class().is_some() {
            true => definition,
            false => types::generic(&definition, arguments),
        })
    }

    /// The type of a name with points, seen from here: nested types, the namespaces around, those
    /// that are open.
    pub fn find_name(&self, vm: &Vm, name: &str) -> Option<TypeRef> {
        let mut prefixes = vec![format!("{}+", self.declaration.full_name())];
        let mut around: &str = &self.declaration.prefix;
        loop {
            prefixes.push(around.to_string());
            let inner = around.trim_end_matches(['.', '+']);
            match inner.rfind(['.', '+']) {
                Some(at) => around = around.get(..=at).unwrap_or(""),
                None => break,
            }
        }
        prefixes.push(String::new());
        let opened = self.declaration.namespaces.iter();
        let opened = opened.chain(&self.program.usings);
        prefixes.extend(opened.map(|namespace| format!("{namespace}.")));
        let nested = name.rfind('.').map(|at| {
            let mut nested = name.to_string();
            nested.replace_range(at..=at, "+");
            nested
        });
        for prefix in &prefixes {
            let full = format!("{prefix}{name}");
            if let Some(found) = self.exact(vm, &full) {
                return Some(found);
            }
            if let Some(nested) = &nested
                && let Some(found) = self.exact(vm, &format!("{prefix}{nested}"))
            {
                return Some(found);
            }
        }
        None
    }

    fn exact(&self, vm: &Vm, full: &str) -> Option<TypeRef> {
        let types = self.program.types.borrow();
        let own = types.iter().find(|t| *t.full_name == *full);
        let known = own.or_else(|| {
            vm.session
                .types
                .iter()
                .rev()
                .find(|t| *t.full_name == *full)
        });
        known.cloned().or_else(|| {
            // Letter case counts in C#.
            let found = types::find_full(full)?;
            (*found.full_name == *full).then_some(found)
        })
    }
}

fn is_keyword_type(word: &str) -> bool {
    keyword_type(word) != word
}

/// The type behind a keyword.
fn keyword_type(word: &str) -> &str {
    match word {
        "bool" => "System.Boolean",
        "byte" => "System.Byte",
        "char" => "System.Char",
        "decimal" => "System.Decimal",
        "double" => "System.Double",
        "float" => "System.Single",
        "int" => "System.Int32",
        "long" => "System.Int64",
        "object" | "dynamic" => "System.Object",
        "sbyte" => "System.SByte",
        "short" => "System.Int16",
        "string" => "System.String",
        "uint" => "System.UInt32",
        "ulong" => "System.UInt64",
        "ushort" => "System.UInt16",
        "void" => "System.Void",
        other => other,
    }
}

/// A local variable.
#[derive(Clone)]
pub(super) struct Local {
    pub name: Rc<str>,
    /// What it takes; `var` takes what its first value is.
    pub type_ref: Option<TypeRef>,
    pub place: Rc<Reference>,
}

/// A running body.
#[derive(Clone)]
pub(super) struct Running {
    pub space: Rc<Space>,
    pub this: Option<Value>,
    pub locals: Vec<Local>,
    /// What it gives back, if that is known.
    pub returns: Option<TypeRef>,
    /// The items of `yield return`.
    pub yielded: Option<Vec<Value>>,
    /// The exception that a handler has.
    pub caught: Option<Value>,
}

impl Running {
    pub fn new(space: &Rc<Space>, this: Option<&Value>, returns: Option<TypeRef>) -> Running {
        Running {
            space: space.clone(),
            this: this.cloned(),
            locals: Vec::new(),
            returns,
            yielded: None,
            caught: None,
        }
    }

    /// A new variable; what comes by reference stays where it is.
    pub fn declare(&mut self, name: &Rc<str>, type_ref: Option<TypeRef>, value: Value) {
        let place = match value {
            Value::Ref(place) => place,
            value => Rc::new(Reference::Cell(RefCell::new(value))),
        };
        self.locals.push(Local {
            name: name.clone(),
            type_ref,
            place,
        });
    }

    pub fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| &*local.name == name)
    }

    /// Runs something whose variables end with it.
    pub fn block<T>(&mut self, work: impl FnOnce(&mut Running) -> R<T>) -> R<T> {
        let before = self.locals.len();
        let result = work(self);
        self.locals.truncate(before);
        result
    }
}
