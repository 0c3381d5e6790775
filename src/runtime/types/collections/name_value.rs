//! NameValueCollection, whose names have several values, and StringDictionary.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::dictionary, collections::enumerator, failures, known,
    type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// A name, perhaps none, with its values.
type Entry = (Option<String>, Vec<String>);

/// Values by names; letter case of the names counts nothing.
pub struct NameValueCollection {
    type_ref: TypeRef,
    entries: RefCell<Vec<Entry>>,
}

/// A text, or nothing for null.
fn text(vm: &mut Vm, value: &Value) -> R<Option<String>> {
    match value.is_null() {
        true => Ok(None),
        false => vm.to_text(value).map(Some),
    }
}

fn same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::from)
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    if type_ref.name.starts_with("StringDictionary") {
        return Ok(Some(Value::native(StringDictionary {
            entries: RefCell::default(),
        })));
    }
    let made = NameValueCollection {
        type_ref: type_ref.clone(),
        entries: RefCell::default(),
    };
    for argument in arguments {
        made.add_all(vm, argument)?;
    }
    Ok(Some(Value::native(made)))
}

/// The names and values of a query, whose text is the query again.
pub fn query(pairs: Vec<(Option<String>, String)>) -> Value {
    let made = NameValueCollection {
        type_ref: type_named("System.Web.HttpValueCollection"),
        entries: RefCell::default(),
    };
    for (name, value) in pairs {
        made.add(name, Some(value));
    }
    Value::native(made)
}

impl NameValueCollection {
    /// `a=1&b=2`
    fn query_text(&self) -> String {
        let encoded =
            |text: &str| crate::runtime::types::net::web_text::url_encode(text.as_bytes(), false);
        let mut parts = Vec::new();
        for (name, values) in self.entries.borrow().iter() {
            for value in values {
                parts.push(match name {
                    Some(name) => format!("{}={}", encoded(name), encoded(value)),
                    None => encoded(value),
                });
            }
        }
        parts.join("&")
    }

    fn place(&self, name: Option<&str>) -> Option<usize> {
        let entries = self.entries.borrow();
        entries
            .iter()
            .position(|(known, _)| same(known.as_deref(), name))
    }

    fn add(&self, name: Option<String>, value: Option<String>) {
        let place = self.place(name.as_deref());
        let mut entries = self.entries.borrow_mut();
        match place.and_then(|place| entries.get_mut(place)) {
            Some((_, values)) => values.extend(value),
            None => entries.push((name, value.into_iter().collect())),
        }
    }

    fn set(&self, name: Option<String>, value: Option<String>) {
        let place = self.place(name.as_deref());
        let mut entries = self.entries.borrow_mut();
        match place.and_then(|place| entries.get_mut(place)) {
            Some((_, values)) => *values = value.into_iter().collect(),
            None => entries.push((name, value.into_iter().collect())),
        }
    }

    fn add_all(&self, vm: &mut Vm, source: &Value) -> R<()> {
        match (source.base(), source.as_native::<NameValueCollection>()) {
            (_, Some(other)) => {
                for (name, values) in other.entries.borrow().clone() {
                    for value in values {
                        self.add(name.clone(), Some(value));
                    }
                }
            }
            (Value::Dict(table), _) => {
                for (key, value) in table.pairs() {
                    let (name, value) = (text(vm, &key)?, text(vm, &value)?);
                    self.add(name, value);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The entry of a name or at a place.
    fn entry(&self, vm: &mut Vm, key: &Value) -> R<Option<Entry>> {
        let place = match key.base() {
            Value::Int(at) => match usize::try_from(*at) {
                Ok(at) if at < self.entries.borrow().len() => Some(at),
                _ => return failures::bad_index(),
            },
            _ => {
                let name = text(vm, key)?;
                self.place(name.as_deref())
            }
        };
        Ok(place.and_then(|place| self.entries.borrow().get(place).cloned()))
    }

    fn keys(&self) -> Vec<Value> {
        let entries = self.entries.borrow();
        entries
            .iter()
            .map(|(name, _)| optional(name.clone()))
            .collect()
    }
}

fn joined(entry: Option<Entry>) -> Value {
    match entry {
        Some((_, values)) if !values.is_empty() => Value::from(values.join(",")),
        _ => Value::Null,
    }
}

impl Native for NameValueCollection {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        if self.type_ref.name.starts_with("HttpValue") {
            return Ok(self.query_text());
        }
        Ok(self.type_ref.display_full())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["AllKeys", "Count", "Keys"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(self.entries.borrow().len() as i32)),
            "keys" => Some(array::of(&known::object(), self.keys())),
            "allkeys" => Some(array::of(&known::string(), self.keys())),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("add", [key, value]) => {
                let (key, value) = (text(vm, key)?, text(vm, value)?);
                self.add(key, value);
                Value::Nothing
            }
            ("add", [other]) => {
                self.add_all(vm, other)?;
                Value::Nothing
            }
            ("set" | "set_item", [key, value]) => {
                let (key, value) = (text(vm, key)?, text(vm, value)?);
                self.set(key, value);
                Value::Nothing
            }
            ("get" | "item" | "get_item", [key]) => joined(self.entry(vm, key)?),
            ("getvalues", [key]) => match self.entry(vm, key)? {
                Some((_, values)) if !values.is_empty() => Value::strings(values),
                _ => Value::Null,
            },
            ("getkey", [at]) => optional(self.entry(vm, at)?.and_then(|(name, _)| name)),
            ("remove", [key]) => {
                let name = text(vm, key)?;
                if let Some(place) = self.place(name.as_deref()) {
                    self.entries.borrow_mut().remove(place);
                }
                Value::Nothing
            }
            ("clear", []) => {
                self.entries.borrow_mut().clear();
                Value::Nothing
            }
            ("haskeys", []) => {
                Value::Bool(self.entries.borrow().iter().any(|(name, _)| name.is_some()))
            }
            ("copyto", [Value::Array(target), at]) => {
                let entries = self.entries.borrow().clone();
                let values: Vec<Value> = entries.into_iter().map(|it| joined(Some(it))).collect();
                let at = vm.to_int(at)?;
                array::copy_into(vm, &values, target, at)?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(self.keys()),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.keys()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        Ok(Some(joined(self.entry(vm, index)?)))
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let (name, value) = (text(vm, index)?, text(vm, &value)?);
        self.set(name, value);
        Ok(Some(()))
    }
}

/// Texts by texts; the keys are kept in lower case.
pub struct StringDictionary {
    entries: RefCell<Vec<(String, Value)>>,
}

impl StringDictionary {
    fn place(&self, key: &str) -> Option<usize> {
        self.entries
            .borrow()
            .iter()
            .position(|(known, _)| known == key)
    }

    fn key(&self, vm: &mut Vm, key: &Value) -> R<String> {
        match text(vm, key)? {
            Some(key) => Ok(key.to_lowercase()),
            None => failures::argument_null("key"),
        }
    }

    fn put(&self, key: String, value: Value) {
        let place = self.place(&key);
        let mut entries = self.entries.borrow_mut();
        match place.and_then(|place| entries.get_mut(place)) {
            Some(entry) => entry.1 = value,
            None => entries.push((key, value)),
        }
    }

    fn items(&self) -> Vec<Value> {
        let entries = self.entries.borrow();
        let pairs = entries.iter();
        pairs
            .map(|(key, value)| dictionary::Entry::value(Value::str(key.as_str()), value.clone()))
            .collect()
    }
}

impl Native for StringDictionary {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Collections.Specialized.StringDictionary")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count", "IsSynchronized", "Keys", "SyncRoot", "Values"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let entries = self.entries.borrow();
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(entries.len() as i32)),
            "keys" => Some(Value::array(
                entries
                    .iter()
                    .map(|(key, _)| Value::str(key.as_str()))
                    .collect(),
            )),
            "values" => Some(Value::array(
                entries.iter().map(|(_, value)| value.clone()).collect(),
            )),
            "issynchronized" => Some(Value::Bool(false)),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("add", [key, value]) => {
                let key = self.key(vm, key)?;
                if self.place(&key).is_some() {
                    return failures::argument(
                        format!(
                            "Item has already been added. Key in dictionary: '{key}'  Key being added: '{key}'"
                        ),
                        "",
                    );
                }
                self.put(key, value.clone());
                Value::Nothing
            }
            ("containskey", [key]) => {
                let key = self.key(vm, key)?;
                Value::Bool(self.place(&key).is_some())
            }
            ("containsvalue", [wanted]) => {
                let values: Vec<Value> = self
                    .entries
                    .borrow()
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect();
                Value::Bool(array::find(vm, &values, wanted)?.is_some())
            }
            ("remove", [key]) => {
                let key = self.key(vm, key)?;
                self.entries.borrow_mut().retain(|(known, _)| *known != key);
                Value::Nothing
            }
            ("clear", []) => {
                self.entries.borrow_mut().clear();
                Value::Nothing
            }
            ("item" | "get_item", [key]) => return self.index(vm, key),
            ("set_item", [key, value]) => {
                self.set_index(vm, key, value.clone())?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(self.items()),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let key = self.key(vm, index)?;
        let entries = self.entries.borrow();
        let found = entries.iter().find(|(known, _)| *known == key);
        Ok(Some(
            found.map(|(_, value)| value.clone()).unwrap_or_default(),
        ))
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let key = self.key(vm, index)?;
        let value = optional(text(vm, &value)?);
        self.put(key, value);
        Ok(Some(()))
    }
}
