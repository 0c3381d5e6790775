//! Tuple and ValueTuple.

use super::{TypeRef, find_full, generic, known};
use crate::runtime::collection::key_identity;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::dispatch;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;

/// Several values as one.
pub struct Tuple {
    type_ref: TypeRef,
    items: Vec<Value>,
}

const NAMES: [&str; 8] = [
    "Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7", "Rest",
];

/// A tuple of these values; ValueTuple when `is_struct`.
pub fn value(items: Vec<Value>, is_struct: bool) -> Value {
    let name = if is_struct { "ValueTuple" } else { "Tuple" };
    let definition = find_full(&format!("System.{name}`{}", items.len()));
    let type_ref = match definition {
        Some(definition) => generic(&definition, items.iter().map(type_of).collect()),
        None => find_full(&format!("System.{name}")).unwrap_or_else(known::object),
    };
    Value::native(Tuple { type_ref, items })
}

fn type_of(value: &Value) -> TypeRef {
    match value.base() {
        Value::Int(_) => known::int(),
        Value::Str(_) => known::string(),
        Value::Long(_) => known::long(),
        Value::Double(_) => known::double(),
        Value::Bool(_) => known::boolean(),
        Value::BigInt(_) => known::bigint(),
        Value::Array(array) => array.type_ref(),
        Value::List(list) => list.type_ref.clone(),
        Value::Dict(dictionary) => dictionary.type_ref.clone(),
        Value::Native(native) => native.body().type_ref(),
        Value::DateTime(_) => known::datetime(),
        Value::Decimal(_) => known::decimal(),
        Value::Char(_) => known::char(),
        _ => known::object(),
    }
}

/// A tuple of an exact type.
pub fn of_type(type_ref: &TypeRef, items: Vec<Value>) -> Value {
    Value::native(Tuple {
        type_ref: type_ref.clone(),
        items,
    })
}

impl Native for Tuple {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        let mut parts = Vec::new();
        for item in &self.items {
            parts.push(super::object::to_string(vm, item)?);
        }
        Ok(format!("({})", parts.join(", ")))
    }

    fn properties(&self) -> Vec<&'static str> {
        NAMES[..self.items.len().min(8)].to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("length") {
            return Ok(Some(Value::Int(self.items.len() as i32)));
        }
        Ok(NAMES
            .iter()
            .position(|n| n.eq_ignore_ascii_case(name))
            .and_then(|at| self.items.get(at).cloned()))
    }

    fn set(&self, _vm: &mut Vm, name: &str, _value: Value) -> R<Option<bool>> {
        Ok(NAMES
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name))
            .then_some(false))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("compareto", [other]) => {
                let order = match other.as_native::<Tuple>() {
                    Some(other) => {
                        let mut order = std::cmp::Ordering::Equal;
                        for (a, b) in self.items.iter().zip(&other.items) {
                            order = super::equality::order(vm, a, b)?;
                            if order.is_ne() {
                                break;
                            }
                        }
                        order
                    }
                    None => std::cmp::Ordering::Greater,
                };
                let _ = this;
                Some(Value::Int(order as i32))
            }
            _ => None,
        })
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = vm.to_int(index)?;
        Ok(usize::try_from(at)
            .ok()
            .and_then(|at| self.items.get(at).cloned()))
    }

    fn key_text(&self) -> Option<String> {
        let parts: Vec<String> = self
            .items
            .iter()
            .map(|item| match key_identity(item, false) {
                crate::runtime::collection::KeyIdentity::Text(t) => format!("t{}", t.as_str()),
                crate::runtime::collection::KeyIdentity::Number(a, b) => format!("n{a}:{b}"),
                crate::runtime::collection::KeyIdentity::Composite(a, b) => format!("c{a}:{b}"),
                crate::runtime::collection::KeyIdentity::Object(o) => format!("o{o}"),
            })
            .collect();
        Some(parts.join("|"))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The default of a type, for tuples made without values.
pub fn zero(type_ref: &TypeRef) -> Value {
    let items = type_ref
        .arguments
        .iter()
        .map(|t| dispatch::zero(t).unwrap_or_default())
        .collect();
    of_type(type_ref, items)
}
