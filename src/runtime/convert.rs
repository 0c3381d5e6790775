//! Conversion between types.

use super::error::{Fault, R};
use super::types::TypeRef;
use super::value::Value;
use super::vm::Vm;

impl Vm {
    /// A value as text, as `[string]` and expansion in strings give it.
    pub fn to_text(&mut self, value: &Value) -> R<String> {
        match value.base() {
            Value::Str(s) => Ok(s.to_string()),
            Value::Int(n) => Ok(n.to_string()),
            _ => self.raise(Fault::new("NotImplemented", "conversion to text")),
        }
    }

    /// A value converted to a type.
    pub fn convert(&mut self, value: &Value, _type_ref: &TypeRef) -> R<Value> {
        Ok(value.clone())
    }
}
