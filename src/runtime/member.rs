//! Members of values.

use super::error::R;
use super::invocation::InvocationInfo;
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

    /// An InvocationInfo as a value.
    pub fn invocation_value(&self, _invocation: Option<&Rc<InvocationInfo>>) -> Value {
        Value::Null
    }
}
