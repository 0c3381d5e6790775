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
