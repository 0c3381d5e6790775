//! Classes and enumerations written in scripts, as they are known at run time.

use super::error::R;
use super::script_block::ScriptBlock;
use super::types::{TypeCode, TypeRef};
use super::value::Value;
use super::vm::Vm;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// The members of an enumeration.
pub struct EnumDefinition {
    /// Names with values in declaration order.
    pub members: Vec<(Rc<str>, i64)>,
    /// Whether values combine.
    pub flags: bool,
    /// The underlying integer type.
    pub underlying: TypeCode,
}

impl EnumDefinition {
    /// The name of exactly this value; of several the first.
    pub fn name_of(&self, bits: i64) -> Option<&Rc<str>> {
        self.members
            .iter()
            .find(|(_, v)| *v == bits)
            .map(|(n, _)| n)
    }

    /// The text of a value: its name, `A, B` for flags, else the number.
    pub fn text_of(&self, bits: i64) -> String {
        if let Some(name) = self.name_of(bits) {
            return name.to_string();
        }
        if !self.flags || bits == 0 {
            return bits.to_string();
        }
        let mut left = bits;
        let mut names: Vec<&str> = Vec::new();
        let mut by_value: Vec<&(Rc<str>, i64)> =
            self.members.iter().filter(|(_, v)| *v != 0).collect();
        by_value.sort_by_key(|(_, v)| std::cmp::Reverse(*v as u64));
        for (name, value) in by_value {
            if left & value == *value {
                left &= !value;
                names.push(name);
            }
        }
        if left != 0 || names.is_empty() {
            return bits.to_string();
        }
        names.reverse();
        names.join(", ")
    }
}

/// What a member of a class runs.
#[derive(Clone)]
pub enum Body {
    /// Code of the script.
    Script(Rc<ScriptBlock>),
    /// Code of another language: called with the object and the arguments.
    Compiled(Rc<CompiledBody>),
}

/// A body that is called with the object, if there is one, and the arguments.
pub type CompiledBody = dyn Fn(&mut Vm, Option<&Value>, Vec<Value>) -> R<Value>;

/// Begins the names of members that only their own class sees.
pub const PRIVATE: char = '\u{1}';

/// How a property that is no field is read and written.
pub struct Accessors {
    /// Reads it.
    pub get: Option<Body>,
    /// Writes it.
    pub set: Option<Body>,
    /// Whether it has a field of its own behind it.
    pub is_field: bool,
    /// Whether others than the class may read it.
    pub readable: bool,
    /// Whether others than the class may write it.
    pub writable: bool,
}

/// How a parameter takes its argument, where that is not simply by value.
#[derive(Clone, Default)]
pub struct Passing {
    /// Takes a `[ref]`.
    pub by_ref: bool,
    /// The value when it is left out.
    pub default: Option<Value>,
    /// Takes all the remaining arguments.
    pub rest: bool,
}

/// A class written in a script.
pub struct ClassDefinition {
    /// Its name.
    pub name: Rc<str>,
    /// Its type, which holds it in turn.
    pub type_ref: RefCell<Option<TypeRef>>,
    /// The class it derives from, when that is a script class too.
    pub base: Option<Rc<ClassDefinition>>,
    /// The .NET type it derives from, when it is not `object`.
    pub native_base: Option<TypeRef>,
    /// Instance properties, those of bases first; the index is the field's place.
    pub properties: Vec<PropertyDefinition>,
    /// Static properties of this class alone.
    pub statics: Vec<PropertyDefinition>,
    /// Values of the static properties.
    pub static_values: RefCell<Vec<Value>>,
    /// Methods of this class alone.
    pub methods: Vec<MethodDefinition>,
    /// Constructors of this class.
    pub constructors: Vec<MethodDefinition>,
    /// The static constructor, run once.
    pub static_constructor: RefCell<Option<MethodDefinition>>,
    /// The session state in which bodies run.
    pub module: RefCell<Option<Weak<super::module::Module>>>,
}

/// A property of a script class.
#[derive(Clone)]
pub struct PropertyDefinition {
    /// Its name.
    pub name: Rc<str>,
    /// Its type; `object` when none is written.
    pub type_ref: TypeRef,
    /// Whether a type was written.
    pub typed: bool,
    /// Validation attributes.
    pub attributes: Rc<Vec<super::attribute::Attribute>>,
    /// Computes the initial value.
    pub initial: Option<Body>,
    /// How it is read and written, unless it is a plain field.
    pub accessors: Option<Rc<Accessors>>,
    /// Left out of listings.
    pub hidden: bool,
    /// The class that declares it.
    pub declared_by: Rc<str>,
}

/// A method or constructor of a script class.
#[derive(Clone)]
pub struct MethodDefinition {
    /// Its name; constructors have the class's.
    pub name: Rc<str>,
    /// What it gives back; `None` for void.
    pub return_type: Option<TypeRef>,
    /// Names and types of the parameters.
    pub parameters: Vec<(Rc<str>, TypeRef)>,
    /// How the parameters take their arguments; shorter than their list when it is by value.
    pub passing: Vec<Passing>,
    /// The body, run with `$this` and the parameters as variables.
    pub body: Body,
    /// Arguments for the base constructor, as code that gives them.
    pub base_arguments: Option<Body>,
    /// They are for another constructor of the same class.
    pub calls_own: bool,
    /// Called on the type.
    pub is_static: bool,
    /// Left out of listings.
    pub hidden: bool,
}

impl PropertyDefinition {
    /// What can be done with it, as listings show it.
    pub fn access(&self) -> &'static str {
        match &self.accessors {
            Some(a) if !a.writable => "{get;}",
            Some(a) if !a.readable => "{set;}",
            _ => "{get;set;}",
        }
    }
}

impl ClassDefinition {
    /// The type of the class.
    pub fn type_of(&self) -> TypeRef {
        self.type_ref
            .borrow()
            .clone()
            .unwrap_or_else(super::types::known::object)
    }

    /// Where the property of this name is kept.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.properties
            .iter()
            .rposition(|p| super::symbol::same_name(&p.name, name))
    }

    /// The properties as listings show them: those of this class before those of its bases.
    pub fn listed_properties(&self) -> Vec<&PropertyDefinition> {
        let inherited = self.base.as_ref().map_or(0, |b| b.properties.len());
        let mut listed: Vec<&PropertyDefinition> = self.properties.iter().skip(inherited).collect();
        let mut base = self.base.as_deref();
        while let Some(class) = base {
            let deeper = class.base.as_ref().map_or(0, |b| b.properties.len());
            for property in class.properties.iter().skip(deeper) {
                let hides =
                    |own: &&PropertyDefinition| super::symbol::same_name(&own.name, &property.name);
                if !listed.iter().any(hides) {
                    listed.push(property);
                }
            }
            base = class.base.as_deref();
        }
        listed
    }

    /// Overloads of a method, those of this class before those of its bases.
    pub fn methods_named(&self, name: &str, is_static: bool) -> Vec<MethodDefinition> {
        let mut found: Vec<MethodDefinition> = self
            .methods
            .iter()
            .filter(|m| m.is_static == is_static && super::symbol::same_name(&m.name, name))
            .cloned()
            .collect();
        if let Some(base) = &self.base {
            for method in base.methods_named(name, is_static) {
                let hidden = found.iter().any(|f| {
                    f.parameters.len() == method.parameters.len()
                        && f.parameters
                            .iter()
                            .zip(&method.parameters)
                            .all(|(a, b)| a.1 == b.1)
                });
                if !hidden {
                    found.push(method);
                }
            }
        }
        found
    }

    /// The definition that holds this static property, with its index.
    pub fn static_field(self: &Rc<Self>, name: &str) -> Option<(Rc<ClassDefinition>, usize)> {
        match self
            .statics
            .iter()
            .position(|p| super::symbol::same_name(&p.name, name))
        {
            Some(at) => Some((self.clone(), at)),
            None => self.base.as_ref().and_then(|b| b.static_field(name)),
        }
    }

    /// Whether the class is `other` or derives from it.
    pub fn derives_from(&self, other: &ClassDefinition) -> bool {
        std::ptr::eq(self, other) || self.base.as_ref().is_some_and(|b| b.derives_from(other))
    }

    /// The nearest .NET base.
    pub fn nearest_native_base(&self) -> Option<TypeRef> {
        self.native_base
            .clone()
            .or_else(|| self.base.as_ref().and_then(|b| b.nearest_native_base()))
    }
}
