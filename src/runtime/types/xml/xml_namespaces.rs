//! `System.Xml.XmlNamespaceManager`: prefixes and what they stand for.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::dictionary, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

type Pairs = Vec<(String, String)>;

/// Prefixes in scopes; the last scope is in force.
pub struct NamespaceManager {
    scopes: RefCell<Vec<Pairs>>,
}

impl NamespaceManager {
    /// One with nothing but what every document has.
    pub fn value() -> Value {
        let pairs = vec![
            ("xmlns".into(), "http://www.w3.org/2000/xmlns/".into()),
            ("xml".into(), "http://www.w3.org/XML/1998/namespace".into()),
            (String::new(), String::new()),
        ];
        Value::native(NamespaceManager {
            scopes: RefCell::new(vec![pairs]),
        })
    }

    /// The prefixes in force.
    pub fn pairs(&self) -> Pairs {
        self.scopes.borrow().last().cloned().unwrap_or_default()
    }

    fn uri(&self, prefix: &str) -> Option<String> {
        let pairs = self.pairs();
        let found = pairs.into_iter().find(|(name, _)| name == prefix);
        found.map(|(_, uri)| uri)
    }

    fn change(&self, prefix: String, uri: Option<String>) {
        if let Some(pairs) = self.scopes.borrow_mut().last_mut() {
            let place = pairs.iter().position(|(name, _)| *name == prefix);
            match (place, uri) {
                (Some(at), Some(uri)) => pairs[at].1 = uri,
                (Some(at), None) => {
                    pairs.remove(at);
                }
                (None, Some(uri)) => pairs.push((prefix, uri)),
                (None, None) => {}
            }
        }
    }
}

impl Native for NamespaceManager {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.XmlNamespaceManager")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["NameTable", "DefaultNamespace"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "defaultnamespace" => Some(Value::str(self.uri("").unwrap_or_default())),
            "nametable" => Some(
                crate::runtime::types::plain_object::PlainObject::new(
                    "System.Xml.NameTable",
                    Vec::new(),
                )
                .value(),
            ),
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let pairs = self.pairs();
        let names = pairs.iter().map(|(prefix, _)| Value::str(prefix.as_str()));
        Some(Ok(names.collect()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut texts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if argument.is_null() {
                return failures::argument_null(if texts.is_empty() { "prefix" } else { "uri" });
            }
            texts.push(vm.to_text(argument)?);
        }
        Ok(Some(match (name, texts.as_slice()) {
            ("addnamespace", [prefix, _]) if prefix == "xml" || prefix == "xmlns" => {
                return failures::argument(
                    if prefix == "xml" {
                        "Prefix \"xml\" is reserved for use by XML and can be mapped only to namespace name \"http://www.w3.org/XML/1998/namespace\"."
                    } else {
                        "Prefix \"xmlns\" is reserved for use by XML."
                    },
                    "prefix",
                );
            }
            ("addnamespace", [prefix, uri]) => {
                self.change(prefix.clone(), Some(uri.clone()));
                Value::Nothing
            }
            ("removenamespace", [prefix, uri]) => {
                if self.uri(prefix).as_deref() == Some(uri) {
                    self.change(prefix.clone(), None);
                }
                Value::Nothing
            }
            ("lookupnamespace", [prefix]) => self.uri(prefix).map_or(Value::Null, Value::str),
            ("lookupprefix", [uri]) => {
                let pairs = self.pairs();
                let found = pairs.into_iter().rev().find(|(_, known)| known == uri);
                found.map_or(Value::Null, |(prefix, _)| Value::str(prefix))
            }
            ("hasnamespace", [prefix]) => {
                Value::Bool(!prefix.is_empty() && self.uri(prefix).is_some())
            }
            ("pushscope", []) => {
                let pairs = self.pairs();
                self.scopes.borrow_mut().push(pairs);
                Value::Nothing
            }
            ("popscope", []) => {
                let mut scopes = self.scopes.borrow_mut();
                let can = scopes.len() > 1;
                if can {
                    scopes.pop();
                }
                Value::Bool(can)
            }
            ("getnamespacesinscope", [_]) => {
                let pairs = self.pairs();
                let shown = pairs.iter().filter(|(prefix, uri)| {
                    prefix != "xmlns" && !(prefix.is_empty() && uri.is_empty())
                });
                dictionary::hashtable(shown.map(|(p, u)| (p.as_str(), Value::str(u.as_str()))))
            }
            _ => return Ok(None),
        }))
    }
}
