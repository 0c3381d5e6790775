//! `System.Convert` and `System.BitConverter`

use super::{TypeCode, TypeRef, array, failures, known, numbers};
use crate::runtime::error::R;
use crate::runtime::text::numeric::{BaseError, from_base, to_base};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;

fn target(name: &str) -> Option<TypeRef> {
    Some(match name {
        "toboolean" => known::boolean(),
        "tochar" => known::char(),
        "tosbyte" => known::sbyte(),
        "tobyte" => known::byte(),
        "toint16" => known::short(),
        "touint16" => known::ushort(),
        "toint32" => known::int(),
        "touint32" => known::uint(),
        "toint64" => known::long(),
        "touint64" => known::ulong(),
        "tosingle" => known::float(),
        "todouble" => known::double(),
        "todecimal" => known::decimal(),
        "todatetime" => known::datetime(),
        _ => return None,
    })
}

/// A static method of Convert.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    if let Some(type_ref) = target(name) {
        return to_type(vm, &type_ref, first, &arguments[1..]).map(Some);
    }
    Ok(Some(match (name, arguments) {
        ("tostring", [value, Value::Int(base)])
            if numbers::as_integer(value).is_some() && matches!(base, 2 | 8 | 10 | 16) =>
        {
            let bits = match value.base() {
                Value::Byte(_) | Value::SByte(_) => 8,
                Value::Short(_) => 16,
                Value::Int(_) => 32,
                _ => 64,
            };
            let n = numbers::as_integer(value).unwrap_or(0) as i64;
            Value::str(to_base(n, bits, *base as u32).unwrap_or_default())
        }
        ("tostring", [_, Value::Int(_)]) => return failures::argument("Invalid Base.", ""),
        ("tostring", [value, rest @ ..]) => {
            if value.is_null() {
                return Ok(Some(Value::str("")));
            }
            Value::str(numbers::to_string(vm, value.base(), None, rest.first())?)
        }
        ("tobase64string", [bytes, rest @ ..]) => {
            if bytes.is_null() {
                return failures::argument_null("inArray");
            }
            let data = array::as_bytes(bytes);
            let (data, options) = match rest {
                [Value::Int(start), Value::Int(count), rest @ ..] => (
                    data.get(*start as usize..(*start + *count) as usize)
                        .unwrap_or(&[])
                        .to_vec(),
                    rest.first(),
                ),
                rest => (data, rest.first()),
            };
            let text = base64::engine::general_purpose::STANDARD.encode(data);
            let breaks = matches!(options.map(Value::base), Some(Value::Enum(e)) if e.bits == 1);
            if breaks {
                let lines: Vec<&str> = text
                    .as_bytes()
                    .chunks(76)
                    .filter_map(|c| std::str::from_utf8(c).ok())
                    .collect();
                Value::str(lines.join("\r\n"))
            } else {
                Value::str(text)
            }
        }
        ("frombase64string" | "frombase64chararray", [text, ..]) => {
            let text = match text.base() {
                Value::Null => return failures::argument_null("s"),
                other => vm.to_text(&other.clone())?,
            };
            let clean: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            match base64::engine::general_purpose::STANDARD.decode(clean) {
                Ok(bytes) => array::bytes(&bytes),
                Err(_) => {
                    return failures::format(
                        "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.",
                    );
                }
            }
        }
        ("tohexstring" | "tohexstringlower", [bytes, ..]) => {
            let upper = name == "tohexstring";
            let text: String = array::as_bytes(bytes)
                .iter()
                .map(|b| {
                    if upper {
                        format!("{b:02X}")
                    } else {
                        format!("{b:02x}")
                    }
                })
                .collect();
            Value::str(text)
        }
        ("fromhexstring", [text]) => {
            let text = vm.to_text(text)?;
            let bytes: Option<Vec<u8>> = (text.len() % 2 == 0 && text.is_ascii())
                .then(|| {
                    (0..text.len() / 2)
                        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok())
                        .collect()
                })
                .flatten();
            match bytes {
                Some(bytes) => array::bytes(&bytes),
                None => {
                    return failures::format(
                        "The input is not a valid hex string as it contains a non-hex character.",
                    );
                }
            }
        }
        ("changetype", [value, wanted, ..]) => match wanted.base() {
            Value::Type(type_ref) => match type_ref.code {
                TypeCode::String => Value::str(super::object::to_string(vm, value)?),
                _ => {
                    let type_ref = type_ref.clone();
                    to_type(vm, &type_ref, value, &arguments[2..])?
                }
            },
            Value::Enum(_) => {
                let name_of_code = vm.to_text(wanted)?;
                let wanted = super::find(&name_of_code);
                return match wanted {
                    Some(wanted) => {
                        let mut all = vec![value.clone(), Value::Type(wanted)];
                        all.extend_from_slice(arguments.get(2..).unwrap_or(&[]));
                        call_static(vm, name, &all)
                    }
                    None => Ok(None),
                };
            }
            _ => return Ok(None),
        },
        ("gettypecode", [value]) => {
            return super::object::call(vm, value, "gettypecode", &[]);
        }
        ("isdbnull", [_]) => Value::Bool(false),
        _ => return Ok(None),
    }))
}

fn to_type(vm: &mut Vm, type_ref: &TypeRef, value: &Value, rest: &[Value]) -> R<Value> {
    let value = value.base();
    if let (Value::Str(text), [Value::Int(base)]) = (value, rest)
        && let Some(kind) = numbers::integer_type(type_ref.code)
    {
        if !matches!(base, 2 | 8 | 10 | 16) {
            return failures::argument("Invalid Base.", "");
        }
        return match from_base(
            text,
            *base as u32,
            kind.bits(),
            kind.is_signed(),
            kind.message_name(),
        ) {
            Ok(n) => Ok(numbers::integer(type_ref.code, n)),
            Err(error @ BaseError::Overflow(..)) => failures::overflow(error.to_string()),
            Err(error @ BaseError::Empty) => {
                failures::fail("System.ArgumentOutOfRangeException", error.to_string())
            }
            Err(error @ BaseError::Minus) => failures::argument(error.to_string(), ""),
            Err(error) => failures::format(error.to_string()),
        };
    }
    match value {
        Value::Null | Value::Nothing => {
            return Ok(super::dispatch::zero(type_ref).unwrap_or_default());
        }
        Value::Str(text) => match type_ref.code {
            TypeCode::Bool | TypeCode::Char | TypeCode::DateTime => {
                return vm.invoke_static(type_ref, "Parse", vec![Value::Str(text.clone())]);
            }
            _ => {
                let culture = super::culture::of_provider(vm, rest.first());
                if let Some(parsed) = numbers::parse(type_ref, text, None, culture) {
                    return match parsed {
                        Ok(value) => Ok(value),
                        Err(error) if error.to_string().contains("too large") => {
                            failures::overflow(error.to_string())
                        }
                        Err(error) => failures::format(error.to_string()),
                    };
                }
            }
        },
        Value::Char(unit) if numbers::integer_type(type_ref.code).is_some() => {
            return Ok(numbers::integer(type_ref.code, i128::from(*unit)));
        }
        _ => {}
    }
    match vm.try_convert(value, type_ref) {
        Some(converted) => Ok(converted),
        None if value.is_number() => match numbers::integer_type(type_ref.code) {
            Some(kind) => failures::overflow(format!(
                "Value was either too large or too small for {}.",
                kind.message_name()
            )),
            None if type_ref.code == TypeCode::Decimal => {
                failures::overflow("Value was either too large or too small for a Decimal.")
            }
            None => failures::fail(
                "System.InvalidCastException",
                format!(
                    "Invalid cast from '{}' to '{}'.",
                    vm.type_of(value).name,
                    type_ref.name
                ),
            ),
        },
        None => failures::fail(
            "System.InvalidCastException",
            "Unable to cast object to type 'System.IConvertible'.",
        ),
    }
}

/// A static method of BitConverter.
pub fn bit_converter(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let start = match arguments.get(1) {
        Some(Value::Int(n)) => (*n).max(0) as usize,
        _ => 0,
    };
    let data = array::as_bytes(first);
    let part = |count: usize| -> R<[u8; 8]> {
        let mut out = [0; 8];
        match data.get(start..start + count) {
            Some(part) => {
                out[..count].copy_from_slice(part);
                Ok(out)
            }
            None => failures::argument(
                "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
                "value",
            ),
        }
    };
    let _ = &vm;
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
                Some(Value::Int(n)) => (*n).max(0) as usize,
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
