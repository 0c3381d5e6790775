//! `PriorityQueue<TElement, TPriority>`: a heap of four children a node, as .NET has
//! it, so that elements of one priority leave in the same order.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::comparer, dispatch, equality, failures, find_full,
    generic, known,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

const CHILDREN: usize = 4;

/// Elements that leave by their priorities, the lowest first.
pub struct PriorityQueue {
    type_ref: TypeRef,
    comparer: Option<Value>,
    heap: RefCell<Vec<(Value, Value)>>,
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    if let Some(Value::Int(capacity)) = arguments.first() {
        failures::check_room(*capacity)?;
    }
    let by = arguments.last().filter(|it| !matches!(it, Value::Int(_)));
    let items = match by {
        Some(items) if !items.is_null() => vm.enumerate(items)?,
        _ => None,
    };
    let comparer = by.filter(|it| items.is_none() && !it.is_null()).cloned();
    let queue = PriorityQueue {
        type_ref: type_ref.clone(),
        comparer,
        heap: RefCell::default(),
    };
    queue.add_pairs(vm, items.unwrap_or_default())?;
    Ok(Some(Value::native(queue)))
}

impl PriorityQueue {
    fn before(&self, vm: &mut Vm, one: &Value, other: &Value) -> R<bool> {
        Ok(match &self.comparer {
            Some(comparer) => comparer::compare(vm, comparer, one, other)?.is_lt(),
            None => equality::order(vm, one, other)?.is_lt(),
        })
    }

    fn priority(&self, place: usize) -> Value {
        let heap = self.heap.borrow();
        heap.get(place)
            .map(|(_, priority)| priority.clone())
            .unwrap_or_default()
    }

    fn enqueue(&self, vm: &mut Vm, element: Value, priority: Value) -> R<()> {
        self.heap.borrow_mut().push((element, priority));
        let mut place = self.heap.borrow().len() - 1;
        while place > 0 {
            let parent = (place - 1) / CHILDREN;
            if !self.before(vm, &self.priority(place), &self.priority(parent))? {
                break;
            }
            self.heap.borrow_mut().swap(place, parent);
            place = parent;
        }
        Ok(())
    }

    fn dequeue(&self, vm: &mut Vm) -> R<Option<(Value, Value)>> {
        if self.heap.borrow().is_empty() {
            return Ok(None);
        }
        let first = self.heap.borrow_mut().swap_remove(0);
        self.sink(vm)?;
        Ok(Some(first))
    }

    /// Moves the first entry down to where it belongs.
    fn sink(&self, vm: &mut Vm) -> R<()> {
        let count = self.heap.borrow().len();
        let mut place = 0;
        loop {
            let first = place * CHILDREN + 1;
            let mut least = None;
            for child in first..(first + CHILDREN).min(count) {
                let better = match least {
                    None => true,
                    Some(found) => self.before(vm, &self.priority(child), &self.priority(found))?,
                };
                if better {
                    least = Some(child);
                }
            }
            match least {
                Some(child) if self.before(vm, &self.priority(child), &self.priority(place))? => {
                    self.heap.borrow_mut().swap(place, child);
                    place = child;
                }
                _ => return Ok(()),
            }
        }
    }

    fn add_pairs(&self, vm: &mut Vm, pairs: Vec<Value>) -> R<()> {
        for pair in pairs {
            let element = vm.read_property(&pair, "Item1")?;
            let priority = vm.read_property(&pair, "Item2")?;
            self.enqueue(vm, element, priority)?;
        }
        Ok(())
    }

    fn hand_out(&self, entry: Option<(Value, Value)>, places: &[Value]) -> Value {
        let found = entry.is_some();
        let zero = |at: usize| {
            let of_type = self.type_ref.arguments.get(at);
            of_type.and_then(dispatch::zero).unwrap_or_default()
        };
        let (element, priority) = entry.unwrap_or_else(|| (zero(0), zero(1)));
        for (place, value) in places.iter().zip([element, priority]) {
            if let Value::Ref(place) = place {
                place.set(value);
            }
        }
        Value::Bool(found)
    }

    fn unordered(&self) -> Value {
        let arguments = self.type_ref.arguments.clone();
        let definition = find_full("System.ValueTuple`2");
        let pair = definition.map_or_else(known::object, |it| generic(&it, arguments));
        let heap = self.heap.borrow();
        let items = heap.iter().map(|(element, priority)| {
            crate::runtime::types::collections::tuple::of_type(
                &pair,
                vec![element.clone(), priority.clone()],
            )
        });
        array::of(&pair, items.collect())
    }
}

impl Native for PriorityQueue {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count", "Capacity", "Comparer", "UnorderedItems"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.heap.borrow().len();
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" | "capacity" => Some(Value::Int(count as i32)),
            "comparer" => Some(self.comparer.clone().unwrap_or_else(|| {
                comparer::DefaultComparer::value("System.Collections.Comparer", false)
            })),
            "unordereditems" => Some(self.unordered()),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let empty = || failures::invalid_operation("Queue empty.");
        Ok(Some(match (name, arguments) {
            ("enqueue", [element, priority]) => {
                self.enqueue(vm, element.clone(), priority.clone())?;
                Value::Nothing
            }
            ("enqueuerange", [pairs]) => {
                let pairs = vm.enumerate(pairs)?.unwrap_or_default();
                self.add_pairs(vm, pairs)?;
                Value::Nothing
            }
            ("enqueuerange", [elements, priority]) => {
                for element in vm.enumerate(elements)?.unwrap_or_default() {
                    self.enqueue(vm, element, priority.clone())?;
                }
                Value::Nothing
            }
            ("dequeue", []) => match self.dequeue(vm)? {
                Some((element, _)) => element,
                None => return empty(),
            },
            ("peek", []) => match self.heap.borrow().first() {
                Some((element, _)) => element.clone(),
                None => return empty(),
            },
            ("trydequeue", places @ [_, _]) => {
                let entry = self.dequeue(vm)?;
                self.hand_out(entry, places)
            }
            ("trypeek", places @ [_, _]) => {
                let entry = self.heap.borrow().first().cloned();
                self.hand_out(entry, places)
            }
            ("enqueuedequeue", [element, priority]) => {
                self.enqueue(vm, element.clone(), priority.clone())?;
                self.dequeue(vm)?
                    .map(|(element, _)| element)
                    .unwrap_or_default()
            }
            ("dequeueenqueue", [element, priority]) => {
                let Some((first, _)) = self.dequeue(vm)? else {
                    return empty();
                };
                self.enqueue(vm, element.clone(), priority.clone())?;
                first
            }
            ("remove", [element, places @ ..]) => {
                let heap = self.heap.borrow().clone();
                let mut found = None;
                for (place, (known, _)) in heap.iter().enumerate() {
                    if equality::equal(vm, known, element)? {
                        found = Some(place);
                        break;
                    }
                }
                let entry = found.and_then(|place| heap.get(place).cloned());
                if let Some(removed) = found {
                    self.heap.borrow_mut().clear();
                    for (place, (element, priority)) in heap.into_iter().enumerate() {
                        if place != removed {
                            self.enqueue(vm, element, priority)?;
                        }
                    }
                }
                self.hand_out(entry, places)
            }
            ("clear", []) => {
                self.heap.borrow_mut().clear();
                Value::Nothing
            }
            ("ensurecapacity", [count]) => Value::Int(vm.to_int(count)?),
            ("trimexcess", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
