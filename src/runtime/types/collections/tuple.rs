//! Tuple and ValueTuple.

use crate::runtime::collection::key_identity;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::dispatch;
use crate::runtime::types::{TypeRef, generic, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// Several values as one.
pub struct Tuple {
    type_ref: TypeRef,
    items: RefCell<Vec<Value>>,
}

impl Tuple {
    /// Its fields can be set, and it is copied on assignment.
    fn is_struct(&self) -> bool {
        self.type_ref.is_value_type()
    }

    /// The items in order.
    pub fn items(&self) -> Vec<Value> {
        self.items.borrow().clone()
    }

    fn item(&self, at: usize) -> Option<Value> {
        self.items.borrow().get(at).cloned()
    }
}

const NAMES: [&str; 8] = [
    "Item1", "Item2", "Item3", "Item4", "Item5", "Item6", "Item7", "Rest",
];

/// A tuple of an exact type.
pub fn of_type(type_ref: &TypeRef, items: Vec<Value>) -> Value {
    Value::native(Tuple {
        type_ref: type_ref.clone(),
        items: RefCell::new(items),
    })
}

/// `[Tuple[T,…]]::new(…)` and `[ValueTuple[T,…]]::new(…)`
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let mut items = Vec::new();
    for (argument, wanted) in arguments.iter().zip(&type_ref.arguments) {
        items.push(vm.convert(argument, wanted)?);
    }
    Ok(Some(of_type(type_ref, items)))
}

/// A `ValueTuple` of two values of one type.
pub fn pair(vm: &Vm, one: Value, other: Value) -> Value {
    let element = vm.type_of(&one);
    let definition = type_named("System.ValueTuple`2");
    let type_ref = generic(&definition, vec![element.clone(), element]);
    of_type(&type_ref, vec![one, other])
}

impl Native for Tuple {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        let mut parts = Vec::new();
        for item in self.items.borrow().iter() {
            parts.push(crate::runtime::types::object::to_string(vm, item)?);
        }
        Ok(format!("({})", parts.join(", ")))
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names = NAMES[..self.items.borrow().len().min(8)].to_vec();
        names.push("Length");
        names
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("length") {
            return Ok(Some(Value::Int(self.items.borrow().len() as i32)));
        }
        Ok(NAMES
            .iter()
            .position(|n| n.eq_ignore_ascii_case(name))
            .and_then(|at| self.item(at)))
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let Some(at) = NAMES.iter().position(|n| n.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        if let Some(item) = self.items.borrow_mut().get_mut(at)
            && self.is_struct()
        {
            *item = value;
            return Ok(Some(true));
        }
        Ok(Some(false))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("compareto", [other]) => {
                let order = match other.as_native::<Tuple>() {
                    Some(other) => {
                        let mut order = std::cmp::Ordering::Equal;
                        let (mine, theirs) = (self.items.borrow(), other.items.borrow());
                        for (a, b) in mine.iter().zip(theirs.iter()) {
                            order = crate::runtime::types::equality::order(vm, a, b)?;
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
        Ok(usize::try_from(at).ok().and_then(|at| self.item(at)))
    }

    fn key_text(&self) -> Option<String> {
        let parts: Vec<String> = self
            .items
            .borrow()
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
