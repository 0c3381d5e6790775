//! Objects that are nothing but a type and a list of properties: what many
//! cmdlets answer with.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// An object of a .NET type that only carries properties.
pub struct PlainObject {
    type_ref: TypeRef,
    fields: RefCell<Vec<(&'static str, Value)>>,
    text: Option<String>,
    writable: bool,
}

impl PlainObject {
    /// An object of the type with this full name.
    pub fn new(type_name: &str, fields: Vec<(&'static str, Value)>) -> PlainObject {
        PlainObject {
            type_ref: type_named(type_name),
            fields: RefCell::new(fields),
            text: None,
            writable: false,
        }
    }

    /// The same with a text of its own.
    pub fn with_text(mut self, text: impl Into<String>) -> PlainObject {
        self.text = Some(text.into());
        self
    }

    /// The same with properties that can be written.
    pub fn writable(mut self) -> PlainObject {
        self.writable = true;
        self
    }

    /// As a value.
    pub fn value(self) -> Value {
        Value::native(self)
    }

    /// A property.
    pub fn field(&self, name: &str) -> Option<Value> {
        self.fields
            .borrow()
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.clone())
    }

    /// Replaces a property that is there.
    pub fn set_field(&self, name: &str, value: Value) -> bool {
        match self
            .fields
            .borrow_mut()
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            Some((_, slot)) => {
                *slot = value;
                true
            }
            None => false,
        }
    }
}

impl Native for PlainObject {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match &self.text {
            Some(text) => text.clone(),
            None => self.type_ref.display_full(),
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        self.fields.borrow().iter().map(|(n, _)| *n).collect()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(self.field(name))
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if self.field(name).is_none() {
            return Ok(None);
        }
        Ok(Some(self.writable && self.set_field(name, value)))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        // Without colours emphasis adds nothing to the text.
        Ok(match name {
            "toemphasizedstring" => Some(Value::str(self.to_text(vm)?)),
            "relativepath" => match (self.field("Path"), arguments.first()) {
                (Some(path), Some(folder)) => {
                    let (path, folder) = (vm.to_text(&path)?, vm.to_text(folder)?);
                    Some(Value::str(below(&path, &folder)))
                }
                _ => None,
            },
            // It holds nothing that would have to be given back.
            "dispose" => Some(Value::Nothing),
            _ => None,
        })
    }
}

/// A path without the folder it lies in.
fn below<'a>(path: &'a str, folder: &str) -> &'a str {
    let rest = match path.get(..folder.len()) {
        Some(start) if !folder.is_empty() && start.eq_ignore_ascii_case(folder) => {
            &path[folder.len()..]
        }
        _ => return path,
    };
    if folder.ends_with(['/', '\\']) {
        return if rest.is_empty() { path } else { rest };
    }
    rest.strip_prefix(['/', '\\']).unwrap_or(path)
}
