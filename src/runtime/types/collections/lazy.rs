//! `Lazy<T>`: a value that is made when it is first read.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::array, dispatch, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// A value to come, and how it is made.
struct Lazy {
    type_ref: TypeRef,
    factory: Option<Value>,
    value: RefCell<Option<Value>>,
}

/// A constructor: of nothing, a factory or a value.
pub fn construct(type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let first = arguments.first().filter(|it| !matches!(it, Value::Bool(_)));
    let factory = first.filter(|it| crate::runtime::types::reflection::delegate::is_callable(it));
    let value = first.filter(|_| factory.is_none());
    Ok(Some(Value::native(Lazy {
        type_ref: type_ref.clone(),
        factory: factory.cloned(),
        value: RefCell::new(value.cloned()),
    })))
}

impl Lazy {
    fn read(&self, vm: &mut Vm) -> R<Value> {
        if let Some(value) = self.value.borrow().clone() {
            return Ok(value);
        }
        let element = self.type_ref.arguments.first().cloned();
        let element = element.unwrap_or_else(known::object);
        let value = match &self.factory {
            Some(factory) => array::call_delegate(vm, factory, Vec::new())?,
            None => match dispatch::zero(&element) {
                Some(zero) => zero,
                None => vm.construct(&element, Vec::new())?,
            },
        };
        *self.value.borrow_mut() = Some(value.clone());
        Ok(value)
    }
}

impl Native for Lazy {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match self.value.borrow().clone() {
            Some(value) => crate::runtime::types::object::to_string(vm, &value),
            None => Ok("Value is not created.".to_string()),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["IsValueCreated", "Value"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "isvaluecreated" => Some(Value::Bool(self.value.borrow().is_some())),
            "value" => Some(self.read(vm)?),
            _ => None,
        })
    }
}
