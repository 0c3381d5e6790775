//! `System.BitConverter`

use crate::runtime::error::R;
use crate::runtime::types::{collections::array, failures};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

fn too_small<T>() -> R<T> {
    failures::argument(
        "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
        "value",
    )
}

/// A static method of BitConverter.
pub fn call_static(_vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let data = array::as_bytes(first);
    let start = match arguments.get(1) {
        Some(Value::Int(n)) if name.starts_with("to") => match usize::try_from(*n) {
            Ok(start) if start < data.len() || (start == 0 && name == "tostring") => start,
            _ => {
                return failures::out_of_range(
                    "Index was out of range. Must be non-negative and less than the size of the collection.",
                    "startIndex",
                );
            }
        },
        _ => 0,
    };
    let part = |count: usize| -> R<[u8; 8]> {
        let mut out = [0; 8];
        match data.get(start..start + count) {
            Some(part) => {
                out[..count].copy_from_slice(part);
                Ok(out)
            }
            None => too_small(),
        }
    };
    Ok(Some(match name {
        "getbytes" => match first.base() {
            Value::Double(n) => array::bytes(&n.to_le_bytes()),
            Value::Float(n) => array::bytes(&n.to_le_bytes()),
            Value::Bool(b) => array::bytes(&[u8::from(*b)]),
            Value::Char(c) => array::bytes(&c.to_le_bytes()),
            Value::Short(n) => array::bytes(&n.to_le_bytes()),
            Value::UShort(n) => array::bytes(&n.to_le_bytes()),
            Value::Int(n) => array::bytes(&n.to_le_bytes()),
            Value::UInt(n) => array::bytes(&n.to_le_bytes()),
            Value::Long(n) => array::bytes(&n.to_le_bytes()),
            Value::ULong(n) => array::bytes(&n.to_le_bytes()),
            _ => return Ok(None),
        },
        "tostring" => {
            let count = match arguments.get(2) {
                Some(Value::Int(n)) => match usize::try_from(*n) {
                    Ok(count) if count <= data.len() - start => count,
                    Ok(_) => return too_small(),
                    Err(_) => {
                        return failures::out_of_range("Value must be positive.", "length");
                    }
                },
                _ => data.len().saturating_sub(start),
            };
            let texts: Vec<String> = data
                .iter()
                .skip(start)
                .take(count)
                .map(|b| format!("{b:02X}"))
                .collect();
            Value::str(texts.join("-"))
        }
        "toint16" => Value::Short(i16::from_le_bytes([part(2)?[0], part(2)?[1]])),
        "touint16" => Value::UShort(u16::from_le_bytes([part(2)?[0], part(2)?[1]])),
        "toint32" => Value::Int(u64::from_le_bytes(part(4)?) as u32 as i32),
        "touint32" => Value::UInt(u64::from_le_bytes(part(4)?) as u32),
        "toint64" => Value::Long(i64::from_le_bytes(part(8)?)),
        "touint64" => Value::ULong(u64::from_le_bytes(part(8)?)),
        "todouble" => Value::Double(f64::from_le_bytes(part(8)?)),
        "tosingle" => Value::Float(f32::from_bits(u64::from_le_bytes(part(4)?) as u32)),
        "toboolean" => Value::Bool(part(1)?[0] != 0),
        "tochar" => Value::Char(u16::from_le_bytes([part(2)?[0], part(2)?[1]])),
        "doubletoint64bits" => match first.base() {
            Value::Double(n) => Value::Long(n.to_bits() as i64),
            _ => return Ok(None),
        },
        "doubletouint64bits" => match first.base() {
            Value::Double(n) => Value::ULong(n.to_bits()),
            _ => return Ok(None),
        },
        "uint64bitstodouble" => match first.base() {
            Value::ULong(n) => Value::Double(f64::from_bits(*n)),
            _ => return Ok(None),
        },
        "singletouint32bits" => match first.base() {
            Value::Float(n) => Value::UInt(n.to_bits()),
            _ => return Ok(None),
        },
        "int32bitstosingle" => match first.base() {
            Value::Int(n) => Value::Float(f32::from_bits(*n as u32)),
            _ => return Ok(None),
        },
        "uint32bitstosingle" => match first.base() {
            Value::UInt(n) => Value::Float(f32::from_bits(*n)),
            _ => return Ok(None),
        },
        "int64bitstodouble" => match first.base() {
            Value::Long(n) => Value::Double(f64::from_bits(*n as u64)),
            _ => return Ok(None),
        },
        "singletoint32bits" => match first.base() {
            Value::Float(n) => Value::Int(n.to_bits() as i32),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    }))
}
