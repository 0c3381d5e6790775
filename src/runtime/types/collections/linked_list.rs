//! `LinkedList<T>` and its nodes.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::enumerator, equality, failures, find_full, generic,
    known,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

type Nodes = RefCell<Vec<Rc<Link>>>;

/// A place in a list, or one that no list holds.
struct Link {
    value: RefCell<Value>,
    list: RefCell<Weak<Nodes>>,
}

/// Items, each at a node that knows its neighbours.
pub struct LinkedList {
    type_ref: TypeRef,
    nodes: Rc<Nodes>,
}

/// A node as scripts see it.
pub struct LinkedListNode {
    type_ref: TypeRef,
    link: Rc<Link>,
}

/// A constructor of the list or of a node.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    if type_ref.definition_name().ends_with("Node`1") {
        let value = arguments.first().cloned().unwrap_or_default();
        let link = Rc::new(Link {
            value: RefCell::new(value),
            list: RefCell::default(),
        });
        let type_ref = type_ref.clone();
        return Ok(Some(Value::native(LinkedListNode { type_ref, link })));
    }
    let list = LinkedList {
        type_ref: type_ref.clone(),
        nodes: Rc::default(),
    };
    if let Some(source) = arguments.first() {
        if source.is_null() {
            return failures::argument_null("collection");
        }
        for item in vm.enumerate(source)?.unwrap_or_default() {
            list.insert(list.len(), item);
        }
    }
    Ok(Some(Value::native(list)))
}

impl LinkedList {
    fn len(&self) -> usize {
        self.nodes.borrow().len()
    }

    fn node(&self, link: Rc<Link>) -> Value {
        let definition = find_full("System.Collections.Generic.LinkedListNode`1");
        let arguments = self.type_ref.arguments.clone();
        let type_ref = definition.map_or_else(known::object, |it| generic(&it, arguments));
        Value::native(LinkedListNode { type_ref, link })
    }

    fn at(&self, place: Option<usize>) -> Value {
        let link = place.and_then(|place| self.nodes.borrow().get(place).cloned());
        link.map_or(Value::Null, |link| self.node(link))
    }

    fn link_in(&self, place: usize, link: &Rc<Link>) -> R<()> {
        if link.list.borrow().upgrade().is_some() {
            return failures::invalid_operation(
                "The LinkedList node already belongs to a LinkedList.",
            );
        }
        *link.list.borrow_mut() = Rc::downgrade(&self.nodes);
        let mut nodes = self.nodes.borrow_mut();
        let place = place.min(nodes.len());
        nodes.insert(place, link.clone());
        Ok(())
    }

    fn insert(&self, place: usize, value: Value) -> Value {
        let link = Rc::new(Link {
            value: RefCell::new(value),
            list: RefCell::new(Rc::downgrade(&self.nodes)),
        });
        let mut nodes = self.nodes.borrow_mut();
        let place = place.min(nodes.len());
        nodes.insert(place, link.clone());
        drop(nodes);
        self.node(link)
    }

    /// Adds a value at a new node, which is the result, or a node of its own.
    fn add(&self, place: usize, added: &Value) -> R<Value> {
        match added.as_native::<LinkedListNode>() {
            Some(node) => self.link_in(place, &node.link).map(|()| Value::Nothing),
            None => Ok(self.insert(place, added.clone())),
        }
    }

    fn place_of(&self, node: &Value) -> R<usize> {
        let Some(node) = node.as_native::<LinkedListNode>() else {
            return failures::argument_null("node");
        };
        let nodes = self.nodes.borrow();
        match nodes.iter().position(|link| Rc::ptr_eq(link, &node.link)) {
            Some(place) => Ok(place),
            None => failures::invalid_operation(
                "The LinkedList node does not belong to current LinkedList.",
            ),
        }
    }

    fn find(&self, vm: &mut Vm, wanted: &Value, last: bool) -> R<Option<usize>> {
        let mut found = None;
        for (place, item) in self.items().iter().enumerate() {
            if equality::equal(vm, item, wanted)? {
                found = Some(place);
                if !last {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn items(&self) -> Vec<Value> {
        let nodes = self.nodes.borrow();
        nodes
            .iter()
            .map(|link| link.value.borrow().clone())
            .collect()
    }

    fn remove_at(&self, place: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if place < nodes.len() {
            let link = nodes.remove(place);
            *link.list.borrow_mut() = Weak::new();
        }
    }

    fn drop_end(&self, last: bool) -> R<Value> {
        match self.len() {
            0 => failures::invalid_operation("The LinkedList is empty."),
            count => {
                self.remove_at(if last { count - 1 } else { 0 });
                Ok(Value::Nothing)
            }
        }
    }
}

impl Native for LinkedList {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Count",
            "First",
            "Last",
            "IsReadOnly",
            "SyncRoot",
            "IsSynchronized",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.len();
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(count as i32)),
            "first" => Some(self.at(Some(0))),
            "last" => Some(self.at(count.checked_sub(1))),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("addfirst", [added]) => self.add(0, added)?,
            ("addlast", [added]) => self.add(self.len(), added)?,
            ("add", [added]) => self.add(self.len(), added).map(|_| Value::Nothing)?,
            ("addbefore", [node, added]) => self.add(self.place_of(node)?, added)?,
            ("addafter", [node, added]) => self.add(self.place_of(node)? + 1, added)?,
            ("find", [wanted]) => {
                let place = self.find(vm, wanted, false)?;
                self.at(place)
            }
            ("findlast", [wanted]) => {
                let place = self.find(vm, wanted, true)?;
                self.at(place)
            }
            ("contains", [wanted]) => Value::Bool(self.find(vm, wanted, false)?.is_some()),
            ("remove", [node]) if node.as_native::<LinkedListNode>().is_some() => {
                self.remove_at(self.place_of(node)?);
                Value::Nothing
            }
            ("remove", [wanted]) => {
                let place = self.find(vm, wanted, false)?;
                if let Some(place) = place {
                    self.remove_at(place);
                }
                Value::Bool(place.is_some())
            }
            ("removefirst", []) => self.drop_end(false)?,
            ("removelast", []) => self.drop_end(true)?,
            ("clear", []) => {
                for link in self.nodes.borrow_mut().drain(..) {
                    *link.list.borrow_mut() = Weak::new();
                }
                Value::Nothing
            }
            ("copyto", [Value::Array(target), at]) => {
                let at = vm.to_int(at)?;
                array::copy_into(vm, &self.items(), target, at)?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(self.items()),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items()))
    }
}

impl LinkedListNode {
    fn neighbour(&self, step: isize) -> Value {
        let Some(nodes) = self.link.list.borrow().upgrade() else {
            return Value::Null;
        };
        let nodes = nodes.borrow();
        let place = nodes.iter().position(|link| Rc::ptr_eq(link, &self.link));
        let neighbour = place
            .and_then(|place| place.checked_add_signed(step))
            .and_then(|place| nodes.get(place));
        neighbour.map_or(Value::Null, |link| {
            Value::native(LinkedListNode {
                type_ref: self.type_ref.clone(),
                link: link.clone(),
            })
        })
    }
}

impl Native for LinkedListNode {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["List", "Next", "Previous", "Value"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "value" => Some(self.link.value.borrow().clone()),
            "next" => Some(self.neighbour(1)),
            "previous" => Some(self.neighbour(-1)),
            "list" => Some(match self.link.list.borrow().upgrade() {
                Some(nodes) => {
                    let definition = find_full("System.Collections.Generic.LinkedList`1");
                    let arguments = self.type_ref.arguments.clone();
                    let type_ref =
                        definition.map_or_else(known::object, |it| generic(&it, arguments));
                    Value::native(LinkedList { type_ref, nodes })
                }
                None => Value::Null,
            }),
            _ => None,
        })
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if name.eq_ignore_ascii_case("value") {
            *self.link.value.borrow_mut() = value;
            return Ok(Some(true));
        }
        Ok(None)
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.as_native::<LinkedListNode>();
        Some(other.is_some_and(|other| Rc::ptr_eq(&self.link, &other.link)))
    }
}
