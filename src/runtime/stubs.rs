//! Members and operators that are still on their way: each ends in an error that names it.

use super::error::{Fault, R};
use super::types::TypeRef;
use super::value::Value;
use super::vm::Vm;

impl Vm {
    fn missing<T>(&self, what: &str) -> R<T> {
        self.raise(Fault::new(
            "NotImplemented",
            format!("{what} is not available yet."),
        ))
    }

    /// A member.
    pub fn get_member(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        Ok(match value.base() {
            Value::Custom(custom) => custom.members.note(name),
            Value::Native(native) => native.body().get(self, name)?,
            _ => None,
        })
    }

    /// `$x.name`
    pub fn read_property(&mut self, _value: &Value, name: &str) -> R<Value> {
        self.missing(name)
    }

    /// `[type]::name`
    pub fn read_static(&mut self, _type_ref: &TypeRef, name: &str) -> R<Value> {
        self.missing(name)
    }

    /// `[type]::name = value`
    pub fn write_static(&mut self, _type_ref: &TypeRef, name: &str, _new: Value) -> R<()> {
        self.missing(name)
    }

    /// `$x[i]`
    pub fn index(&mut self, _value: &Value, _index: &Value) -> R<Value> {
        self.missing("index")
    }

    /// `$x[i] = value`
    pub fn set_index(&mut self, _value: &Value, _index: &Value, _new: Value) -> R<()> {
        self.missing("index")
    }

    /// A place in a text as a value.
    pub fn extent_value(&mut self, _extent: &super::invocation::Extent) -> Value {
        Value::Null
    }
}

/// A property of an object.
pub struct Property {
    /// Its name.
    pub name: std::rc::Rc<str>,
    /// Left out of listings.
    pub hidden: bool,
}

impl Vm {
    /// The properties of an object.
    pub fn properties(&mut self, value: &Value) -> R<Vec<Property>> {
        let names: Vec<std::rc::Rc<str>> = match value.base() {
            Value::Custom(custom) => custom.members.list().into_iter().map(|m| m.0).collect(),
            Value::Native(native) => native
                .body()
                .properties()
                .into_iter()
                .map(Into::into)
                .collect(),
            _ => Vec::new(),
        };
        Ok(names
            .into_iter()
            .map(|name| Property {
                name,
                hidden: false,
            })
            .collect())
    }

    /// The type names of an object, most special first.
    pub fn type_names(&self, value: &Value) -> Vec<std::rc::Rc<str>> {
        if let Value::Custom(custom) = value.base()
            && !custom.type_names.borrow().is_empty()
        {
            return custom.type_names.borrow().clone();
        }
        self.type_of(value)
            .ancestry()
            .iter()
            .map(|t| t.full_name.clone())
            .collect()
    }
}
