//! Applying attributes: conversion, transformation and validation of one value.

use super::attribute::Attribute;
use super::error::R;
use super::scope::Variable;
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

/// Converts and checks a value that is assigned to a variable.
pub fn apply_to_variable(
    vm: &mut Vm,
    _variable: &Rc<Variable>,
    attributes: &[Attribute],
    value: Value,
) -> R<Value> {
    let mut value = value;
    for attribute in attributes.iter().rev() {
        if let Attribute::Convert(type_ref) = attribute {
            value = vm.convert(&value, type_ref)?;
        }
    }
    Ok(value)
}

/// What `[Credential()]` and transformation classes make of a value.
pub fn transform(_vm: &mut Vm, _attribute: &Attribute, value: &Value) -> R<Value> {
    Ok(value.clone())
}

/// Whether a value passes an attribute; the fault says why not.
pub fn check(
    _vm: &mut Vm,
    _attribute: &Attribute,
    _value: &Value,
) -> R<Result<(), super::error::Fault>> {
    Ok(Ok(()))
}
