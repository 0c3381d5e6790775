//! Guid.

use crate::runtime::collection::Array;
use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::text::datetime::DateTimeOffset;
use crate::runtime::text::guid::Guid;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// A Guid as an object.
pub fn value(guid: Guid) -> Value {
    Value::native(guid)
}

fn format_error<T>(message: impl ToString) -> R<T> {
    Err(Fault::dotnet("System.FormatException", message.to_string()).into())
}

fn parsed(text: &str) -> R<Value> {
    match Guid::parse(text) {
        Ok(guid) => Ok(value(guid)),
        Err(error) => format_error(error),
    }
}

fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    match value.base() {
        Value::Array(array) => array
            .items
            .borrow()
            .iter()
            .map(|item| match item.base() {
                Value::Byte(byte) => Some(*byte),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// A Guid of its numbers: four bytes, twice two, and the last eight.
fn of_parts(arguments: &[Value]) -> Option<Value> {
    let [first, second, third, rest @ ..] = arguments else {
        return None;
    };
    let number = |value: &Value| crate::runtime::types::numerics::numbers::as_integer(value.base());
    let mut bytes = [0u8; 16];
    bytes[..4].copy_from_slice(&(number(first)? as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&(number(second)? as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&(number(third)? as u16).to_be_bytes());
    let last = match rest {
        [list] => bytes_of(list)?,
        many => many
            .iter()
            .map(|b| number(b).map(|b| b as u8))
            .collect::<Option<Vec<u8>>>()?,
    };
    bytes[8..].copy_from_slice(last.get(..8)?);
    Some(value(Guid(bytes)))
}

/// A new Guid of a text or of 16 bytes; of nothing the empty one.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    match arguments.first().map(Value::base) {
        None => Ok(Some(value(Guid([0; 16])))),
        Some(Value::Str(text)) => parsed(text).map(Some),
        Some(_) if arguments.len() > 1 => Ok(of_parts(arguments)),
        Some(other) => match bytes_of(other).and_then(|b| Guid::from_byte_array(&b)) {
            Some(guid) => Ok(Some(value(guid))),
            None => Err(Fault::dotnet(
                "System.ArgumentException",
                "Byte array for Guid must be exactly 16 bytes long. (Parameter 'b')",
            )
            .into()),
        },
    }
}

/// Static fields; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "empty" => Some(value(Guid([0; 16]))),
        "allbitsset" => Some(value(Guid([0xff; 16]))),
        _ => None,
    }
}

/// Static methods; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    Ok(match name {
        "newguid" => Some(value(Guid::new())),
        "createversion7" => {
            let moment = arguments
                .first()
                .and_then(|a| a.as_native::<DateTimeOffset>())
                .map(|moment| moment.to_unix_milliseconds());
            Some(value(Guid::version_7(moment)))
        }
        "parse" => Some(parsed(text)?),
        "parseexact" => {
            let format = arguments.get(1).and_then(Value::as_str).unwrap_or("D");
            match Guid::parse_exact(text, format.chars().next().unwrap_or('D')) {
                Ok(guid) => Some(value(guid)),
                Err(error) => return format_error(error),
            }
        }
        "tryparseexact" => {
            let format = arguments.get(1).and_then(Value::as_str).unwrap_or("D");
            let found = Guid::parse_exact(text, format.chars().next().unwrap_or('D'));
            if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
                result.set(value(
                    found.as_ref().map_or(Guid([0; 16]), |guid| Guid(guid.0)),
                ));
            }
            Some(Value::Bool(found.is_ok()))
        }
        "tryparse" => {
            let found = Guid::parse(text);
            if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
                result.set(value(found.unwrap_or(Guid([0; 16]))));
            }
            Some(Value::Bool(found.is_ok()))
        }
        _ => None,
    })
}

impl Native for Guid {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Guid")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.format("D").unwrap_or_default())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Variant", "Version", "Guid"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        // Version and variant stand in the text's third and fourth group.
        let text = self.format("N").unwrap_or_default();
        let digit = |at: usize| {
            let digit = text
                .get(at..=at)
                .and_then(|d| i32::from_str_radix(d, 16).ok());
            Some(Value::Int(digit.unwrap_or(0)))
        };
        match name.to_ascii_lowercase().as_str() {
            "version" => return Ok(digit(12)),
            "variant" => return Ok(digit(16)),
            _ => {}
        }
        // PowerShell's own type data gives every Guid its text under this name.
        let bytes = self.to_byte_array();
        let high = |at: usize| Value::Int(bytes.get(at).map_or(0, |b| i32::from(b >> 4)));
        Ok(match name.to_ascii_lowercase().as_str() {
            "guid" => Some(Value::str(self.format("D").unwrap_or_default())),
            "variant" => Some(high(8)),
            "version" => Some(high(7)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "tostring" => {
                let format = arguments.first().and_then(Value::as_str).unwrap_or("D");
                match self.format(if format.is_empty() { "D" } else { format }) {
                    Ok(text) => Some(Value::str(text)),
                    Err(error) => return format_error(error),
                }
            }
            "tobytearray" => {
                let bytes = self
                    .to_byte_array()
                    .iter()
                    .map(|b| Value::Byte(*b))
                    .collect();
                Some(Value::Array(Rc::new(Array::typed(known::byte(), bytes))))
            }
            "compareto" => {
                let other = arguments.first().and_then(|o| self.compare(o));
                Some(Value::Int(other.map_or(1, |o| o as i32)))
            }
            _ => None,
        })
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        other.as_native::<Guid>().map(|other| self.0.cmp(&other.0))
    }

    fn key_text(&self) -> Option<String> {
        self.format("N").ok()
    }
}
