//! Plain property values, as they are stored, logged, compared and moved
//! between files. They carry no behaviour of the language above.

use serde::{Deserialize, Serialize};

/// One property value of an object of the deployment.
///
/// Enumeration members are [`Datum::Text`]; their type is in the declaration
/// of the property. References to other objects are the text of the identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Datum {
    /// No value (`$null`).
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// Any whole number; the declared type says how wide the number is shown.
    Int(i64),
    /// A fraction.
    Float(f64),
    /// Text, an enumeration member, an address, or an identity of another object.
    Text(String),
    /// A GUID, in lower case with hyphens.
    Guid(String),
    /// A moment: .NET ticks (100 ns since 0001-01-01), UTC.
    DateTime(i64),
    /// A span of time in .NET ticks.
    TimeSpan(i64),
    /// Several values in order.
    List(Vec<Datum>),
    /// An object inside an object.
    Record(Record),
}

/// An object inside an object: a type name and properties in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The full type name, or empty for a plain record.
    pub type_name: String,
    /// The properties in order.
    pub fields: Vec<(String, Datum)>,
}

impl Record {
    /// The value of a field, found without regard to letter case.
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.fields
            .iter()
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Datum {
    /// Text from anything that can become a `String`.
    pub fn text(value: impl Into<String>) -> Datum {
        Datum::Text(value.into())
    }

    /// Whether this is `$null`, empty text or an empty list.
    pub fn is_blank(&self) -> bool {
        match self {
            Datum::Null => true,
            Datum::Text(text) => text.is_empty(),
            Datum::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// The text of a text-like value (text, GUID).
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Datum::Text(text) | Datum::Guid(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value of a Boolean; nothing else is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Datum::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number of a whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Datum::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The values of a list; one value counts as a list of itself, `$null` as none.
    pub fn items(&self) -> &[Datum] {
        match self {
            Datum::Null => &[],
            Datum::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// Equality as administrators mean it: text without regard to letter case.
    pub fn same(&self, other: &Datum) -> bool {
        match (self, other) {
            (Datum::Text(a) | Datum::Guid(a), Datum::Text(b) | Datum::Guid(b)) => {
                a == b || a.to_lowercase() == b.to_lowercase()
            }
            (Datum::List(a), Datum::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (a, b) => a == b,
        }
    }

    /// The value as text in an invariant form, for messages and keys.
    pub fn display(&self) -> String {
        match self {
            Datum::Null => String::new(),
            Datum::Bool(true) => "True".into(),
            Datum::Bool(false) => "False".into(),
            Datum::Int(value) | Datum::DateTime(value) | Datum::TimeSpan(value) => {
                value.to_string()
            }
            Datum::Float(value) => value.to_string(),
            Datum::Text(text) | Datum::Guid(text) => text.clone(),
            Datum::List(items) => items
                .iter()
                .map(Datum::display)
                .collect::<Vec<_>>()
                .join(","),
            Datum::Record(record) => record
                .fields
                .iter()
                .map(|(name, value)| format!("{name}={}", value.display()))
                .collect::<Vec<_>>()
                .join(";"),
        }
    }
}

impl From<bool> for Datum {
    fn from(value: bool) -> Datum {
        Datum::Bool(value)
    }
}

impl From<i64> for Datum {
    fn from(value: i64) -> Datum {
        Datum::Int(value)
    }
}

impl From<&str> for Datum {
    fn from(value: &str) -> Datum {
        Datum::Text(value.to_owned())
    }
}

impl From<String> for Datum {
    fn from(value: String) -> Datum {
        Datum::Text(value)
    }
}
