//! What is still on its way.

use super::value::Value;
use super::vm::Vm;

impl Vm {
    /// A place in a text as a value.
    pub fn extent_value(&mut self, _extent: &super::invocation::Extent) -> Value {
        Value::Null
    }
}
