//! `HashSet<T>` and `SortedSet<T>`

use crate::host::discard::{Long, discard};
use crate::runtime::collection::{KeyComparison, KeyIdentity, key_identity};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::failures;
use crate::runtime::types::{TypeRef, collections::array, collections::comparer, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::cell::RefCell;

/// Values without duplicates.
pub struct HashSet {
    type_ref: TypeRef,
    ignore_case: bool,
    /// A script's own comparer.
    comparer: Option<Value>,
    items: RefCell<IndexMap<KeyIdentity, Value, FxBuildHasher>>,
}

impl HashSet {
    fn identity(&self, value: &Value) -> KeyIdentity {
        key_identity(value, self.ignore_case)
    }

    /// What stands for a value in this set: a member that counts as the same, or itself.
    fn own(&self, vm: &mut Vm, value: &Value) -> R<Value> {
        if self.comparer.is_none() && !matches!(value.base(), Value::Instance(_)) {
            return Ok(value.clone());
        }
        comparer::same_among(vm, self.comparer.as_ref(), || self.values(), value)
    }

    fn element(&self) -> TypeRef {
        self.type_ref
            .arguments
            .first()
            .cloned()
            .unwrap_or_else(known::object)
    }

    fn is_sorted(&self) -> bool {
        self.type_ref.definition_name().contains("SortedSet")
    }

    fn values(&self) -> Vec<Value> {
        self.items.borrow().values().cloned().collect()
    }

    fn add(&self, vm: &mut Vm, value: &Value) -> R<bool> {
        let value = vm.convert(value, &self.element())?;
        let identity = self.identity(&self.own(vm, &value)?);
        if self.items.borrow().contains_key(&identity) {
            return Ok(false);
        }
        if self.is_sorted() {
            let mut at = 0;
            for item in self.values() {
                let by = self.comparer.as_ref();
                let order = comparer::order_of(vm, by, self.ignore_case, &item, &value)?;
                if order.is_gt() {
                    break;
                }
                at += 1;
            }
            self.items.borrow_mut().shift_insert(at, identity, value);
        } else {
            self.items.borrow_mut().insert(identity, value);
        }
        Ok(true)
    }

    fn others(&self, vm: &mut Vm, value: &Value) -> R<IndexMap<KeyIdentity, Value, FxBuildHasher>> {
        let items = vm.enumerate(value)?.unwrap_or_else(|| vec![value.clone()]);
        let element = self.element();
        let mut found = IndexMap::default();
        for item in items {
            let item = vm.convert(&item, &element)?;
            found.insert(self.identity(&self.own(vm, &item)?), item);
        }
        Ok(found)
    }

    fn copy_of(&self, items: Vec<Value>) -> Value {
        Value::native(HashSet {
            type_ref: self.type_ref.clone(),
            ignore_case: self.ignore_case,
            comparer: self.comparer.clone(),
            items: RefCell::new(items.into_iter().map(|i| (self.identity(&i), i)).collect()),
        })
    }
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    if let Some(Value::Int(capacity)) = arguments.first() {
        if *capacity < 0 {
            return failures::out_of_range("Non-negative number required.", "capacity");
        }
        failures::check_room(*capacity)?;
    }
    let by = arguments
        .iter()
        .find(|a| a.as_native::<comparer::TextComparer>().is_some());
    let set = HashSet {
        type_ref: type_ref.clone(),
        ignore_case: comparer::key_comparison(by) == KeyComparison::IgnoreCase,
        comparer: comparer::of_script(arguments),
        items: RefCell::default(),
    };
    if let Some(items) = arguments.first()
        && items.as_native::<comparer::TextComparer>().is_none()
        && comparer::of_script(std::slice::from_ref(items)).is_none()
        && !matches!(items, Value::Int(_))
    {
        for item in Long::from(vm.enumerate(items)?.unwrap_or_default()) {
            vm.check_interrupt()?;
            set.add(vm, &item)?;
        }
    }
    Ok(Some(Value::native(set)))
}

impl Drop for HashSet {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        discard(items.into_iter().collect::<Vec<_>>());
    }
}

impl Native for HashSet {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        if self.is_sorted() {
            vec!["Count", "Comparer", "Min", "Max"]
        } else {
            vec!["Count", "Capacity", "Comparer"]
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let items = self.items.borrow();
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(items.len() as i32)),
            "capacity" => Some(Value::Int(items.len() as i32)),
            "min" if self.is_sorted() => {
                Some(items.first().map(|(_, v)| v.clone()).unwrap_or_default())
            }
            "max" if self.is_sorted() => {
                Some(items.last().map(|(_, v)| v.clone()).unwrap_or_default())
            }
            "comparer" if self.comparer.is_some() => self.comparer.clone(),
            "comparer" => Some(Value::native(comparer::TextComparer {
                ordinal: true,
                ignore_case: self.ignore_case,
            })),
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.values()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("add", [item]) => Value::Bool(self.add(vm, item)?),
            ("contains", [item]) => {
                let own = self.identity(&self.own(vm, item)?);
                Value::Bool(self.items.borrow().contains_key(&own))
            }
            ("remove", [item]) => {
                let own = self.identity(&self.own(vm, item)?);
                Value::Bool(self.items.borrow_mut().shift_remove(&own).is_some())
            }
            ("clear", []) => {
                self.items.borrow_mut().clear();
                Value::Nothing
            }
            ("trygetvalue", [item, Value::Ref(place)]) => {
                let own = self.identity(&self.own(vm, item)?);
                let found = self.items.borrow().get(&own).cloned();
                let there = found.is_some();
                place.set(found.unwrap_or_default());
                Value::Bool(there)
            }
            ("unionwith", [other]) => {
                for (_, item) in self.others(vm, other)? {
                    self.add(vm, &item)?;
                }
                Value::Nothing
            }
            ("intersectwith", [other]) => {
                let other = self.others(vm, other)?;
                self.items.borrow_mut().retain(|k, _| other.contains_key(k));
                Value::Nothing
            }
            ("exceptwith", [other]) => {
                let other = self.others(vm, other)?;
                self.items
                    .borrow_mut()
                    .retain(|k, _| !other.contains_key(k));
                Value::Nothing
            }
            ("symmetricexceptwith", [other]) => {
                for (key, item) in self.others(vm, other)? {
                    let removed = self.items.borrow_mut().shift_remove(&key).is_some();
                    if !removed {
                        self.add(vm, &item)?;
                    }
                }
                Value::Nothing
            }
            (
                "issubsetof" | "ispropersubsetof" | "issupersetof" | "ispropersupersetof"
                | "overlaps" | "setequals",
                [other],
            ) => {
                let other = self.others(vm, other)?;
                let own = self.items.borrow();
                let inside = own.keys().all(|k| other.contains_key(k));
                let around = other.keys().all(|k| own.contains_key(k));
                Value::Bool(match name {
                    "issubsetof" => inside,
                    "ispropersubsetof" => inside && other.len() > own.len(),
                    "issupersetof" => around,
                    "ispropersupersetof" => around && own.len() > other.len(),
                    "setequals" => inside && around,
                    _ => own.keys().any(|k| other.contains_key(k)),
                })
            }
            ("removewhere", [predicate]) => {
                let mut removed = 0;
                for item in self.values() {
                    if array::holds(vm, predicate, &item)? {
                        self.items.borrow_mut().shift_remove(&self.identity(&item));
                        removed += 1;
                    }
                }
                Value::Int(removed)
            }
            ("copyto", [Value::Array(target), rest @ ..]) => {
                let at = match rest.first() {
                    Some(at) => vm.to_int(at)?,
                    None => 0,
                };
                array::copy_into(vm, &self.values(), target, at)?;
                Value::Nothing
            }
            ("toarray", []) => array::of(&self.element(), self.values()),
            ("getenumerator", []) => {
                crate::runtime::types::collections::enumerator::Enumerator::value(self.values())
            }
            ("reverse", []) => {
                let mut items = self.values();
                items.reverse();
                array::of(&self.element(), items)
            }
            ("getviewbetween", [low, high]) => {
                let mut found = Vec::new();
                for item in self.values() {
                    let (by, ignore_case) = (self.comparer.as_ref(), self.ignore_case);
                    if comparer::order_of(vm, by, ignore_case, &item, low)?.is_ge()
                        && comparer::order_of(vm, by, ignore_case, &item, high)?.is_le()
                    {
                        found.push(item);
                    }
                }
                self.copy_of(found)
            }
            ("trimexcess" | "ensurecapacity", _) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
