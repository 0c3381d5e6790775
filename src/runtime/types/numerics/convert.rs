//! `System.Convert`

use crate::runtime::error::R;
use crate::runtime::text::numeric::{BaseError, from_base, to_base};
use crate::runtime::types::{
    TypeCode, TypeRef, collections::array, failures, known, numerics::numbers,
};
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
        _ => return of_bytes(vm, name, arguments),
    }))
}

/// Bytes to text and back: base 64 and hexadecimal digits.
fn of_bytes(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tobase64string", [bytes, rest @ ..]) => {
            if bytes.is_null() {
                return failures::argument_null("inArray");
            }
            let data = array::as_bytes(bytes);
            let (data, options) = match rest {
                [Value::Int(start), Value::Int(count), rest @ ..] => {
                    (part_of(&data, *start, *count)?, rest.first())
                }
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
        ("frombase64string" | "frombase64chararray", [text, rest @ ..]) => {
            let text = match (text.base(), rest) {
                (Value::Null, _) => return failures::argument_null("s"),
                (Value::Array(units), [Value::Int(start), Value::Int(count)]) => {
                    let units: Vec<Value> = units.items.borrow().clone();
                    let mut text = String::new();
                    for unit in part_of(&units, *start, *count)? {
                        text.push_str(&vm.to_text(&unit)?);
                    }
                    text
                }
                (other, _) => vm.to_text(&other.clone())?,
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
        ("tohexstring" | "tohexstringlower", [bytes, rest @ ..]) => {
            if bytes.is_null() {
                return failures::argument_null("inArray");
            }
            let upper = name == "tohexstring";
            let data = match rest {
                [Value::Int(start), Value::Int(count)] => {
                    part_of(&array::as_bytes(bytes), *start, *count)?
                }
                _ => array::as_bytes(bytes),
            };
            let text: String = data
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
            if text.chars().count() % 2 != 0 {
                return failures::format(
                    "The input is not a valid hex string as its length is not a multiple of 2.",
                );
            }
            let bytes: Option<Vec<u8>> = text
                .is_ascii()
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
        _ => return of_types(vm, name, arguments),
    }))
}

/// The methods about the type of a value.
fn of_types(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("changetype", [value, wanted, ..]) => match wanted.base() {
            Value::Type(type_ref) => {
                let type_ref = type_ref.clone();
                change_type(vm, &type_ref, value, &arguments[2..])?
            }
            Value::Enum(_) => {
                let name_of_code = vm.to_text(wanted)?;
                let wanted = crate::runtime::types::find(&name_of_code);
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
            return crate::runtime::types::object::call(vm, value, "gettypecode", &[]);
        }
        ("isdbnull", [value]) => Value::Bool(crate::runtime::types::data::db_null::is(value)),
        _ => return Ok(None),
    }))
}

/// The items from a place on, or what .NET says of a place outside them.
fn part_of<T: Clone>(items: &[T], start: i32, count: i32) -> R<Vec<T>> {
    let (Ok(from), Ok(length)) = (usize::try_from(start), usize::try_from(count)) else {
        let (name, n) = if count < 0 {
            ("length", count)
        } else {
            ("offset", start)
        };
        return failures::negative(name, n.into());
    };
    match items.get(from..from.saturating_add(length)) {
        Some(part) => Ok(part.to_vec()),
        None => {
            let most = items.len() as i64 - i64::from(count);
            failures::above("offset", start.into(), most)
        }
    }
}

/// What messages call the type of a value that converts itself (`IConvertible`).
fn convertible_name(vm: &Vm, value: &Value) -> Option<String> {
    match value {
        Value::Str(_) | Value::Bool(_) | Value::Char(_) | Value::DateTime(_) => {}
        Value::Enum(_) => return Some("Enum".to_string()),
        Value::BigInt(_) => return None,
        value if value.is_number() => {}
        _ => return None,
    }
    Some(vm.type_of(value).name.to_string())
}

/// `[convert]::ChangeType(value, type)`
fn change_type(vm: &mut Vm, wanted: &TypeRef, value: &Value, rest: &[Value]) -> R<Value> {
    let invalid = |message: String| failures::fail("System.InvalidCastException", message);
    let base = value.base();
    if base.is_null() {
        return match crate::runtime::types::dispatch::zero(wanted) {
            Some(zero) if !zero.is_null() => {
                invalid("Null object cannot be converted to a value type.".to_string())
            }
            _ => Ok(Value::Null),
        };
    }
    let own = vm.type_of(base);
    if convertible_name(vm, base).is_none() && !crate::runtime::types::data::db_null::is(base) {
        if own == *wanted {
            return Ok(value.clone());
        }
        return invalid("Object must implement IConvertible.".to_string());
    }
    match wanted.code {
        TypeCode::String => Ok(Value::str(crate::runtime::types::object::to_string(
            vm, value,
        )?)),
        TypeCode::Bool | TypeCode::Char | TypeCode::DateTime | TypeCode::Decimal => {
            to_type(vm, wanted, value, rest)
        }
        TypeCode::Float | TypeCode::Double => to_type(vm, wanted, value, rest),
        _ if numbers::integer_type(wanted.code).is_some() => to_type(vm, wanted, value, rest),
        _ if *wanted == known::object() || own == *wanted => Ok(value.clone()),
        _ => invalid(format!(
            "Invalid cast from '{}' to '{}'.",
            own.full_name, wanted.full_name
        )),
    }
}

/// Whether the type of a value refuses the wanted type whatever the value is.
fn is_refused(value: &Value, wanted: TypeCode) -> bool {
    match value {
        Value::DateTime(_) => wanted != TypeCode::DateTime,
        Value::Bool(_) => matches!(wanted, TypeCode::Char | TypeCode::DateTime),
        Value::Char(_) => matches!(
            wanted,
            TypeCode::Bool
                | TypeCode::Float
                | TypeCode::Double
                | TypeCode::Decimal
                | TypeCode::DateTime
        ),
        Value::Float(_) | Value::Double(_) | Value::Decimal(_) => {
            matches!(wanted, TypeCode::Char | TypeCode::DateTime)
        }
        value if value.is_number() => wanted == TypeCode::DateTime,
        _ => false,
    }
}

fn to_type(vm: &mut Vm, type_ref: &TypeRef, value: &Value, rest: &[Value]) -> R<Value> {
    let value = value.base();
    if crate::runtime::types::data::db_null::is(value) {
        return failures::fail(
            "System.InvalidCastException",
            "Object cannot be cast from DBNull to other types.",
        );
    }
    if is_refused(value, type_ref.code) {
        let own = convertible_name(vm, value).unwrap_or_default();
        return failures::fail(
            "System.InvalidCastException",
            format!("Invalid cast from '{own}' to '{}'.", type_ref.name),
        );
    }
    if type_ref.code == TypeCode::Char
        && let Some(n) = numbers::as_integer(value)
    {
        return match u16::try_from(n) {
            Ok(unit) => Ok(Value::Char(unit)),
            Err(_) => {
                failures::overflow("Value was either too large or too small for a character.")
            }
        };
    }
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
            return Ok(crate::runtime::types::dispatch::zero(type_ref).unwrap_or_default());
        }
        Value::Str(text) => match type_ref.code {
            TypeCode::Bool | TypeCode::Char | TypeCode::DateTime => {
                let mut arguments = vec![Value::Str(text.clone())];
                if type_ref.code == TypeCode::DateTime {
                    arguments.extend(rest.first().cloned());
                }
                let parsed = crate::runtime::types::dispatch::call_static(
                    vm, type_ref, "parse", &arguments,
                )?;
                return Ok(parsed.unwrap_or_default());
            }
            _ => {
                let culture = crate::runtime::types::text::culture::of_provider(vm, rest.first());
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
            None => invalid_cast(vm, value),
        },
        None => invalid_cast(vm, value),
    }
}

fn invalid_cast(vm: &Vm, value: &Value) -> R<Value> {
    failures::fail(
        "System.InvalidCastException",
        format!(
            "Unable to cast object of type '{}' to type 'System.IConvertible'.",
            vm.type_of(value).full_name
        ),
    )
}
