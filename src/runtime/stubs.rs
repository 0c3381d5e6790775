//! Members and operators that are still on their way: each ends in an error that names it.

use super::error::{Fault, R};
use super::types::TypeRef;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::ast::{BinaryOperator, UnaryOperator};
use std::cmp::Ordering;

impl Vm {
    fn missing<T>(&self, what: &str) -> R<T> {
        self.raise(Fault::new(
            "NotImplemented",
            format!("{what} is not available yet."),
        ))
    }

    /// A binary operator.
    pub fn binary(&mut self, op: BinaryOperator, _left: &Value, _right: &Value) -> R<Value> {
        self.missing(&format!("operator {op:?}"))
    }

    /// A unary operator.
    pub fn unary(&mut self, op: UnaryOperator, _value: &Value) -> R<Value> {
        self.missing(&format!("operator {op:?}"))
    }

    /// `++`, `--`
    pub fn increment(&mut self, _value: &Value, _by: i32) -> R<Value> {
        self.missing("++")
    }

    /// `-eq`
    pub fn equals(&mut self, _a: &Value, _b: &Value, _ignore_case: bool) -> R<bool> {
        self.missing("-eq")
    }

    /// Order
    pub fn compare(&mut self, _a: &Value, _b: &Value, _ignore_case: bool) -> R<Ordering> {
        self.missing("-lt")
    }

    /// `-is`
    pub fn is_instance(&mut self, value: &Value, type_ref: &TypeRef) -> bool {
        self.type_of(value).is_a(type_ref)
    }

    /// A member.
    pub fn get_member(&mut self, _value: &Value, _name: &str) -> R<Option<Value>> {
        Ok(None)
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
