//! Enumerators: `$input`, `$foreach`, `GetEnumerator()`.

use super::error::R;
use super::native::Native;
use super::types::{TypeRef, type_named};
use super::value::Value;
use super::vm::Vm;
use std::cell::{Cell, RefCell};

/// Walks a list of items.
pub struct ListEnumerator {
    items: RefCell<Vec<Value>>,
    /// Number of items passed; the current one is before it.
    passed: Cell<usize>,
}

impl ListEnumerator {
    /// An enumerator before its first item.
    pub fn value(items: Vec<Value>) -> Value {
        Value::native(ListEnumerator {
            items: RefCell::new(items),
            passed: Cell::new(0),
        })
    }

    /// Puts the enumerator at an item.
    pub fn set_position(value: &Value, at: usize) {
        if let Some(enumerator) = value.as_native::<ListEnumerator>() {
            enumerator.passed.set(at + 1);
        }
    }

    /// The index of the item it is at.
    pub fn position(value: &Value) -> usize {
        value
            .as_native::<ListEnumerator>()
            .map_or(0, |e| e.passed.get().saturating_sub(1))
    }
}

impl Native for ListEnumerator {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Collections.ArrayList+ArrayListEnumeratorSimple")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Current"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name.eq_ignore_ascii_case("current").then(|| {
            let items = self.items.borrow();
            match self.passed.get() {
                0 => Value::Null,
                at => items.get(at - 1).cloned().unwrap_or(Value::Null),
            }
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "movenext" => {
                let next = self.passed.get() + 1;
                let inside = next <= self.items.borrow().len();
                self.passed.set(next);
                Some(Value::Bool(inside))
            }
            "reset" => {
                self.passed.set(0);
                Some(Value::Nothing)
            }
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let items = self.items.borrow();
        let rest = items
            .get(self.passed.get()..)
            .map(<[Value]>::to_vec)
            .unwrap_or_default();
        self.passed.set(items.len());
        Some(Ok(rest))
    }
}
