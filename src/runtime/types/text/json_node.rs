//! `System.Text.Json.Nodes`: JSON that can be changed.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::text::text_json::{element, from_value, parse, write};
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::rc::Rc;

enum Node {
    Object(Vec<(String, Value)>),
    Array(Vec<Value>),
    Leaf(Json),
}

/// A node of a tree. Its children are nodes too; nothing stands for null.
pub struct JsonNode(Rc<RefCell<Node>>);

fn node(json: Json) -> Value {
    let node = match json {
        Json::Null => return Value::Null,
        Json::Object(table) => Node::Object(
            table
                .into_iter()
                .map(|(name, item)| (name, node(item)))
                .collect(),
        ),
        Json::Array(items) => Node::Array(items.into_iter().map(node).collect()),
        leaf => Node::Leaf(leaf),
    };
    Value::native(JsonNode(Rc::new(RefCell::new(node))))
}

/// The JSON of a node; `None` for what is no node.
pub fn json_of(value: &Value) -> Option<Json> {
    let own = value.as_native::<JsonNode>()?;
    let child = |item: &Value| json_of(item).unwrap_or(Json::Null);
    Some(match &*own.0.borrow() {
        Node::Object(pairs) => Json::Object(
            pairs
                .iter()
                .map(|(name, item)| (name.clone(), child(item)))
                .collect(),
        ),
        Node::Array(items) => Json::Array(items.iter().map(child).collect()),
        Node::Leaf(json) => json.clone(),
    })
}

/// `[JsonNode]::Parse(text)`, `[JsonValue]::Create(value)`
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("parse", [text, ..]) => {
            let text = vm.to_text(text)?;
            Ok(Some(node(parse(&text)?)))
        }
        ("create", [value, ..]) => Ok(Some(node_of(vm, value)?)),
        _ => Ok(None),
    }
}

/// `[JsonObject]::new()`, `[JsonArray]::new(…)`
pub fn construct(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match name {
        "System.Text.Json.Nodes.JsonObject" => Some(node(Json::Object(serde_json::Map::new()))),
        "System.Text.Json.Nodes.JsonArray" => {
            let items = match arguments {
                [items] => vm.enumerate(items)?.unwrap_or_else(|| vec![items.clone()]),
                many => many.to_vec(),
            };
            let made = items
                .iter()
                .map(|item| node_of(vm, item))
                .collect::<R<_>>()?;
            Some(Value::native(JsonNode(Rc::new(RefCell::new(Node::Array(
                made,
            ))))))
        }
        _ => None,
    })
}

fn node_of(vm: &mut Vm, value: &Value) -> R<Value> {
    if value.as_native::<JsonNode>().is_some() {
        return Ok(value.clone());
    }
    Ok(node(from_value(vm, value, 0)?))
}

impl JsonNode {
    fn json(&self) -> Json {
        json_of(&Value::native(JsonNode(self.0.clone()))).unwrap_or(Json::Null)
    }
}

impl Native for JsonNode {
    fn type_ref(&self) -> TypeRef {
        let name = match &*self.0.borrow() {
            Node::Object(_) => "JsonObject",
            Node::Array(_) => "JsonArray",
            Node::Leaf(_) => "JsonValuePrimitive",
        };
        type_named(&format!("System.Text.Json.Nodes.{name}"))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match self.json() {
            Json::String(text) => text,
            json => write(&json, true, true),
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        match &*self.0.borrow() {
            Node::Leaf(_) => vec!["Options", "Parent", "Root"],
            _ => vec!["Count", "Options", "Parent", "Root"],
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = match &*self.0.borrow() {
            Node::Object(pairs) => pairs.len(),
            Node::Array(items) => items.len(),
            Node::Leaf(_) => 0,
        };
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(i32::try_from(count).unwrap_or(i32::MAX))),
            "options" | "parent" | "root" => Some(Value::Null),
            _ => None,
        })
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        match &*self.0.borrow() {
            Node::Object(pairs) => {
                let key = vm.to_text(index)?;
                let found = pairs.iter().find(|(name, _)| *name == key);
                Ok(Some(found.map_or(Value::Null, |(_, value)| value.clone())))
            }
            Node::Array(items) => {
                let at = vm.to_int(index)?;
                match usize::try_from(at).ok().and_then(|at| items.get(at)) {
                    Some(item) => Ok(Some(item.clone())),
                    None => failures::bad_index(),
                }
            }
            Node::Leaf(_) => failures::invalid_operation("The node must be of type 'JsonObject'."),
        }
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let value = node_of(vm, &value)?;
        let key = vm.to_text(index)?;
        match &mut *self.0.borrow_mut() {
            Node::Object(pairs) => match pairs.iter_mut().find(|(name, _)| *name == key) {
                Some((_, slot)) => *slot = value,
                None => pairs.push((key, value)),
            },
            Node::Array(items) => {
                let slot = key.parse::<usize>().ok().and_then(|at| items.get_mut(at));
                match slot {
                    Some(slot) => *slot = value,
                    None => return failures::bad_index(),
                }
            }
            Node::Leaf(_) => return Ok(None),
        }
        Ok(Some(()))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        match &*self.0.borrow() {
            Node::Array(items) => Some(Ok(items.clone())),
            Node::Object(pairs) => Some(Ok(pairs
                .iter()
                .map(|(name, value)| {
                    crate::runtime::types::collections::dictionary::Entry::value(
                        Value::str(name.as_str()),
                        value.clone(),
                    )
                })
                .collect())),
            Node::Leaf(_) => None,
        }
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut texts = Vec::new();
        if matches!(
            name,
            "add" | "remove" | "containskey" | "insert" | "removeat"
        ) {
            for argument in arguments.iter().take(1) {
                texts.push(vm.to_text(argument)?);
            }
        }
        let first = texts.first().cloned().unwrap_or_default();
        let last = match arguments.last() {
            Some(last) if matches!(name, "add" | "insert") => node_of(vm, last)?,
            _ => Value::Null,
        };
        Ok(Some(match (name, arguments) {
            ("tojsonstring", options) => {
                let indented = match options.first().filter(|o| !o.is_null()) {
                    Some(options) => vm.get_member(options, "WriteIndented")?,
                    None => None,
                };
                let indented = matches!(indented, Some(Value::Bool(true)));
                Value::str(write(&self.json(), indented, false))
            }
            ("asobject" | "asarray" | "asvalue", []) => this.clone(),
            ("deepclone", []) => node(self.json()),
            ("getvaluekind", []) => {
                let of = element(self.json());
                vm.get_member(&of, "ValueKind")?.unwrap_or_default()
            }
            ("getvalue", []) => match self.json() {
                Json::String(text) => Value::str(text),
                Json::Bool(on) => Value::Bool(on),
                Json::Number(number) => {
                    let text = Value::str(number.to_string());
                    let wanted = match number.is_i64() {
                        true => crate::runtime::types::known::int(),
                        false => crate::runtime::types::known::double(),
                    };
                    vm.convert(&text, &wanted)?
                }
                other => element(other),
            },
            _ => {
                let at = first.parse::<usize>().unwrap_or(usize::MAX);
                match (&mut *self.0.borrow_mut(), name, arguments.len()) {
                    (Node::Array(items), "add", 1) => items.push(last),
                    (Node::Array(items), "insert", 2) if at <= items.len() => {
                        items.insert(at, last)
                    }
                    (Node::Array(items), "removeat", 1) if at < items.len() => {
                        items.remove(at);
                    }
                    (Node::Array(items), "clear", 0) => items.clear(),
                    (Node::Object(pairs), "clear", 0) => pairs.clear(),
                    (Node::Object(pairs), "add", 2) => {
                        if pairs.iter().any(|(name, _)| *name == first) {
                            return failures::argument(
                                format!(
                                    "An item with the same key has already been added. Key: {first}"
                                ),
                                "propertyName",
                            );
                        }
                        pairs.push((first, last));
                    }
                    (Node::Object(pairs), "remove", 1) => {
                        let before = pairs.len();
                        pairs.retain(|(name, _)| *name != first);
                        return Ok(Some(Value::Bool(pairs.len() < before)));
                    }
                    (Node::Object(pairs), "containskey", 1) => {
                        return Ok(Some(Value::Bool(
                            pairs.iter().any(|(name, _)| *name == first),
                        )));
                    }
                    _ => return Ok(None),
                }
                Value::Nothing
            }
        }))
    }
}
