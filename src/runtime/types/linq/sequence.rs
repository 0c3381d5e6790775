//! A sequence that is computed when it is enumerated.

use super::order::Ordering;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::enumerator, find_full, generic, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

type Maker = Box<dyn Fn(&mut Vm) -> R<Vec<Value>>>;

/// What a query operator gives: its items are made anew for every enumeration.
pub struct Sequence {
    type_ref: TypeRef,
    make: Maker,
    /// How it is sorted, for `ThenBy`.
    pub(super) ordering: Option<Ordering>,
}

impl Sequence {
    /// A sequence of items of a type. The operator names the class of the object:
    /// `ArrayWhere` for `Enumerable+ArrayWhereIterator`.
    pub fn value(
        operator: &str,
        element: TypeRef,
        make: impl Fn(&mut Vm) -> R<Vec<Value>> + 'static,
    ) -> Value {
        Sequence::make(operator, element, Box::new(make), None)
    }

    /// A sequence that was sorted.
    pub(super) fn ordered(
        element: TypeRef,
        ordering: Ordering,
        make: impl Fn(&mut Vm) -> R<Vec<Value>> + 'static,
    ) -> Value {
        Sequence::make("Ordered", element, Box::new(make), Some(ordering))
    }

    fn make(operator: &str, element: TypeRef, make: Maker, ordering: Option<Ordering>) -> Value {
        let definition = find_full(&format!("System.Linq.Enumerable+{operator}Iterator`1"))
            .or_else(|| find_full("System.Linq.Enumerable+Iterator`1"))
            .unwrap_or_else(known::object);
        Value::native(Sequence {
            type_ref: generic(&definition, vec![element]),
            make,
            ordering,
        })
    }
}

impl Native for Sequence {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("getenumerator", []) => Some(enumerator::Enumerator::value((self.make)(vm)?)),
            ("dispose", []) => Some(Value::Nothing),
            _ => None,
        })
    }

    fn enumerate(&self, vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some((self.make)(vm))
    }
}
