//! What `GetEnumerator()` gives.

use crate::runtime::collection::List;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;
use std::rc::Rc;

/// Walks items.
pub struct Enumerator {
    items: Vec<Value>,
    /// Number of items passed, the current one included.
    passed: Cell<usize>,
    type_name: &'static str,
    /// The list it walks, and how often that had changed when the walk began.
    walked: Option<(Rc<List>, u32)>,
}

impl Enumerator {
    /// An enumerator before its first item.
    pub fn value(items: Vec<Value>) -> Value {
        Enumerator::of("System.Collections.IEnumerator", items)
    }

    /// The same of a named type.
    pub fn of(type_name: &'static str, items: Vec<Value>) -> Value {
        Value::native(Enumerator {
            items,
            passed: Cell::new(0),
            type_name,
            walked: None,
        })
    }

    /// An enumerator of a list, which fails when the list changes on the way.
    pub fn of_list(type_name: &'static str, list: &Rc<List>, items: Vec<Value>) -> Value {
        Value::native(Enumerator {
            items,
            passed: Cell::new(0),
            type_name,
            walked: Some((list.clone(), list.version.get())),
        })
    }

    fn current(&self) -> Value {
        let at = self.passed.get().checked_sub(1);
        at.and_then(|at| self.items.get(at))
            .cloned()
            .unwrap_or_default()
    }
}

impl Native for Enumerator {
    fn type_ref(&self) -> TypeRef {
        type_named(self.type_name)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Current"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let current = self.current();
        match name.to_ascii_lowercase().as_str() {
            "current" | "entry" => Ok(Some(current)),
            other @ ("key" | "value" | "name") if !current.is_null() => {
                vm.get_member(&current, other)
            }
            _ => Ok(None),
        }
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match name {
            "movenext" | "reset"
                if self
                    .walked
                    .as_ref()
                    .is_some_and(|(list, version)| list.version.get() != *version) =>
            {
                return crate::runtime::types::failures::invalid_operation(
                    "Collection was modified; enumeration operation may not execute.",
                );
            }
            "movenext" => {
                let passed = (self.passed.get() + 1).min(self.items.len() + 1);
                self.passed.set(passed);
                Value::Bool(passed <= self.items.len())
            }
            "reset" => {
                self.passed.set(0);
                Value::Nothing
            }
            "dispose" => Value::Nothing,
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let passed = self.passed.replace(self.items.len());
        Some(Ok(self.items.get(passed..).unwrap_or(&[]).to_vec()))
    }
}
