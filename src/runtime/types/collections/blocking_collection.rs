//! `System.Collections.Concurrent.BlockingCollection`: a queue that is closed when all is in it.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::array, failures};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A queue with an end.
pub struct BlockingCollection {
    type_ref: TypeRef,
    items: RefCell<VecDeque<Value>>,
    capacity: i32,
    is_closed: Cell<bool>,
}

/// A new one.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let mut capacity = -1;
    let mut items = Vec::new();
    for argument in arguments {
        match argument.base() {
            Value::Int(limit) if *limit < 1 => {
                return failures::out_of_range(
                    "The boundedCapacity argument must be positive.",
                    "boundedCapacity",
                );
            }
            Value::Int(limit) => capacity = *limit,
            other => items = vm.enumerate(other)?.unwrap_or_default(),
        }
    }
    Ok(Some(Value::native(BlockingCollection {
        type_ref: type_ref.clone(),
        items: RefCell::new(items.into()),
        capacity,
        is_closed: Cell::new(false),
    })))
}

impl BlockingCollection {
    fn is_full(&self) -> bool {
        usize::try_from(self.capacity).is_ok_and(|most| self.items.borrow().len() >= most)
    }

    fn all(&self) -> Vec<Value> {
        self.items.borrow().iter().cloned().collect()
    }

    fn add(&self, item: &Value) -> R<bool> {
        if self.is_closed.get() {
            return failures::invalid_operation(
                "The collection has been marked as complete with regards to additions.",
            );
        }
        let fits = !self.is_full();
        if fits {
            self.items.borrow_mut().push_back(item.clone());
        }
        Ok(fits)
    }
}

impl Native for BlockingCollection {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "BoundedCapacity",
            "IsAddingCompleted",
            "IsCompleted",
            "Count",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.items.borrow().len();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "boundedcapacity" => Value::Int(self.capacity),
            "isaddingcompleted" => Value::Bool(self.is_closed.get()),
            "iscompleted" => Value::Bool(self.is_closed.get() && count == 0),
            "count" => Value::Int(i32::try_from(count).unwrap_or(i32::MAX)),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.all()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("add", [item, ..]) => {
                if !self.add(item)? {
                    // Nobody else runs who could take something out.
                    return failures::invalid_operation("The collection is full.");
                }
                Value::Nothing
            }
            ("tryadd", [item, ..]) => Value::Bool(self.add(item)?),
            ("take", _) => {
                let taken = self.items.borrow_mut().pop_front();
                match taken {
                    Some(item) => item,
                    None if self.is_closed.get() => {
                        return failures::invalid_operation(
                            "The collection argument is empty and has been marked as complete with regards to additions.",
                        );
                    }
                    None => return failures::invalid_operation("The collection is empty."),
                }
            }
            ("trytake", [Value::Ref(place), ..]) => {
                let taken = self.items.borrow_mut().pop_front();
                let any = taken.is_some();
                let element = self.type_ref.arguments.first();
                let none = element
                    .and_then(crate::runtime::types::dispatch::zero)
                    .unwrap_or_default();
                place.set(taken.unwrap_or(none));
                Value::Bool(any)
            }
            ("completeadding", []) => {
                self.is_closed.set(true);
                Value::Nothing
            }
            ("getconsumingenumerable", _) => {
                let all: Vec<Value> = self.items.borrow_mut().drain(..).collect();
                Value::array(all)
            }
            ("toarray", []) => {
                let element = self.type_ref.arguments.first().cloned();
                array::of(
                    &element.unwrap_or_else(crate::runtime::types::known::object),
                    self.all(),
                )
            }
            ("copyto", [Value::Array(target), at]) => {
                let at = vm.to_int(at)?;
                array::copy_into(vm, &self.all(), target, at)?;
                Value::Nothing
            }
            ("dispose", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
