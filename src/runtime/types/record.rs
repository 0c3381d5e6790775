//! Objects of .NET types that are only read: a type's name and values by property.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// An object of a .NET type that is only read.
pub struct Record {
    type_name: &'static str,
    text: String,
    fields: Vec<(&'static str, Value)>,
}

impl Record {
    /// An object of this type, this text and these properties.
    pub fn value(
        type_name: &'static str,
        text: impl Into<String>,
        fields: Vec<(&'static str, Value)>,
    ) -> Value {
        Value::native(Record {
            type_name,
            text: text.into(),
            fields,
        })
    }

    /// The value of a property, letter case ignored.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Native for Record {
    fn type_ref(&self) -> TypeRef {
        type_named(self.type_name)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text.clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        self.fields.iter().map(|(name, _)| *name).collect()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(self.field(name).cloned())
    }
}
