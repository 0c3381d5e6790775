//! Members of values.

use super::error::{Fault, R};
use super::invocation::InvocationInfo;
use super::types::TypeRef;
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// The items of a collection that pipelines unroll; `None` for a scalar.
    pub fn enumerate(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        Ok(match value.base() {
            Value::Array(a) => Some(a.items.borrow().clone()),
            Value::List(l) => Some(l.items.borrow().clone()),
            _ => None,
        })
    }

    /// Calls a method of an object.
    pub fn invoke_method(
        &mut self,
        _target: &Value,
        name: &str,
        _arguments: Vec<Value>,
    ) -> R<Value> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// Calls a static method of a type.
    pub fn invoke_static(
        &mut self,
        _target: &TypeRef,
        name: &str,
        _arguments: Vec<Value>,
    ) -> R<Value> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// A new object by a constructor.
    pub fn construct(&mut self, _target: &TypeRef, _arguments: Vec<Value>) -> R<Value> {
        self.raise(Fault::new("NotImplemented", "new"))
    }

    /// Writes a property of an object.
    pub fn write_property(&mut self, _target: &Value, name: &str, _value: Value) -> R<()> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// An InvocationInfo as a value.
    pub fn invocation_value(&self, _invocation: Option<&Rc<InvocationInfo>>) -> Value {
        Value::Null
    }
}
