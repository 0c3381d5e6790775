//! The static methods of `System.Convert`.

use super::{TypeCode, TypeRef, find, known};
use crate::runtime::collection::Array;
use crate::runtime::convert::numbers::{Misfit, integer_of, number_to, range_name, zero};
use crate::runtime::error::{Fault, R};
use crate::runtime::text::number_parse::{
    IntegerType, NumberParseError, NumberStyles, parse_bool, parse_decimal, parse_double,
    parse_integer, parse_single,
};
use crate::runtime::text::numeric::{from_base, to_base};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::rc::Rc;

fn fail<T>(exception: &str, message: impl ToString) -> R<T> {
    Err(Fault::dotnet(exception, message.to_string()).into())
}

/// Calls a method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let first = arguments.first().cloned().unwrap_or_default();
    Ok(Some(match name {
        "tobase64string" => Value::str(base64_text(&first, arguments)?),
        "frombase64string" => {
            let text = first.as_str().unwrap_or_default();
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            match STANDARD.decode(plain) {
                Ok(bytes) => byte_array(&bytes),
                Err(_) => {
                    return fail(
                        "System.FormatException",
                        "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.",
                    );
                }
            }
        }
        "tohexstring" | "tohexstringlower" => {
            let upper = name == "tohexstring";
            let bytes = bytes_of(&first)?;
            let digits = bytes.iter().map(|byte| match upper {
                true => format!("{byte:02X}"),
                false => format!("{byte:02x}"),
            });
            Value::str(digits.collect::<String>())
        }
        "fromhexstring" => {
            let text = first.as_str().unwrap_or_default();
            let digits = text.as_bytes();
            let bytes: Option<Vec<u8>> = (digits.len() % 2 == 0)
                .then(|| {
                    digits
                        .chunks(2)
                        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                        .collect()
                })
                .flatten();
            match bytes {
                Some(bytes) => byte_array(&bytes),
                None => {
                    return fail(
                        "System.FormatException",
                        "The input is not a valid hex string as it contains a non-hex character.",
                    );
                }
            }
        }
        "tostring" => text(vm, &first, arguments)?,
        "toboolean" => to_boolean(vm, &first)?,
        "tochar" => match &first {
            Value::Str(text) => match text.encode_utf16().collect::<Vec<u16>>().as_slice() {
                [unit] => Value::Char(*unit),
                _ => {
                    return fail(
                        "System.FormatException",
                        "String must be exactly one character long.",
                    );
                }
            },
            other => to_number(vm, other, &known::char())?,
        },
        "todatetime" => match &first {
            Value::Null => vm.convert(&Value::Long(0), &known::datetime())?,
            other => vm.convert(other, &known::datetime())?,
        },
        "isdbnull" => Value::Bool(false),
        "changetype" => {
            let target = match arguments.get(1).map(Value::base) {
                Some(Value::Type(target)) => target.clone(),
                Some(Value::Enum(code)) => type_of_code(code.bits),
                _ => known::object(),
            };
            change_type(vm, &first, &target)?
        }
        "gettypecode" => {
            let code = type_code(&vm.type_of(&first));
            Value::enum_of("System.TypeCode", if first.is_null() { 0 } else { code })
        }
        other => {
            let Some(target) = other.strip_prefix("to").and_then(target_of) else {
                return Ok(None);
            };
            match (&first, arguments.get(1).map(Value::base)) {
                (Value::Str(text), Some(Value::Int(base))) => in_base(text, *base, &target)?,
                _ => to_number(vm, &first, &target)?,
            }
        }
    }))
}

fn target_of(name: &str) -> Option<TypeRef> {
    let known = matches!(
        name,
        "byte"
            | "sbyte"
            | "int16"
            | "uint16"
            | "int32"
            | "uint32"
            | "int64"
            | "uint64"
            | "single"
            | "double"
            | "decimal"
    );
    known.then(|| find(&format!("System.{name}"))).flatten()
}

fn bytes_of(value: &Value) -> R<Vec<u8>> {
    match value.base() {
        Value::Array(array) => Ok(array
            .items
            .borrow()
            .iter()
            .filter_map(|item| match item.base() {
                Value::Byte(byte) => Some(*byte),
                _ => None,
            })
            .collect()),
        _ => fail(
            "System.ArgumentNullException",
            "Value cannot be null. (Parameter 'inArray')",
        ),
    }
}

fn byte_array(bytes: &[u8]) -> Value {
    let items = bytes.iter().map(|b| Value::Byte(*b)).collect();
    Value::Array(Rc::new(Array::typed(known::byte(), items)))
}

fn base64_text(value: &Value, arguments: &[Value]) -> R<String> {
    let mut bytes = bytes_of(value)?;
    let mut breaks = false;
    let numbers: Vec<i32> = arguments
        .iter()
        .skip(1)
        .filter_map(|argument| match argument.base() {
            Value::Int(number) => Some(*number),
            Value::Enum(options) => {
                breaks = options.bits == 1;
                None
            }
            _ => None,
        })
        .collect();
    if let [offset, length] = numbers.as_slice() {
        let range = usize::try_from(*offset)
            .ok()
            .zip(usize::try_from(*length).ok());
        let part = range.and_then(|(from, count)| bytes.get(from..from.checked_add(count)?));
        match part {
            Some(part) => bytes = part.to_vec(),
            None => {
                return fail(
                    "System.ArgumentOutOfRangeException",
                    "Offset and length must refer to a position in the string. (Parameter 'offset')",
                );
            }
        }
    }
    let text = STANDARD.encode(bytes);
    if !breaks {
        return Ok(text);
    }
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(76)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    Ok(lines.join("\r\n"))
}

fn text(vm: &mut Vm, value: &Value, arguments: &[Value]) -> R<Value> {
    if let (Some(number), Some(Value::Int(base))) =
        (integer_of(value), arguments.get(1).map(Value::base))
    {
        let bits = match value {
            Value::Byte(_) | Value::SByte(_) => 8,
            Value::Short(_) | Value::UShort(_) => 16,
            Value::Long(_) | Value::ULong(_) => 64,
            _ => 32,
        };
        return match u32::try_from(*base)
            .ok()
            .and_then(|base| to_base(number, bits, base))
        {
            Some(text) => Ok(Value::str(text)),
            None => fail("System.ArgumentException", "Invalid Base."),
        };
    }
    if value.is_null() {
        return Ok(Value::str(""));
    }
    let culture = vm.culture();
    Ok(Value::str(vm.format_value(value, None, culture)?))
}

fn to_boolean(vm: &mut Vm, value: &Value) -> R<Value> {
    match value {
        Value::Null => Ok(Value::Bool(false)),
        Value::Str(text) => match parse_bool(text) {
            Some(answer) => Ok(Value::Bool(answer)),
            None => fail(
                "System.FormatException",
                format!(
                    "String '{}' was not recognized as a valid Boolean.",
                    &**text
                ),
            ),
        },
        Value::Bool(_) => Ok(value.clone()),
        other if other.is_number() => Ok(Value::Bool(vm.to_bool(other))),
        other => invalid_cast(vm, other, "Boolean"),
    }
}

fn invalid_cast<T>(vm: &Vm, value: &Value, target: &str) -> R<T> {
    let from = vm.type_of(value);
    match value {
        Value::Char(_) | Value::DateTime(_) | Value::Bool(_) => fail(
            "System.InvalidCastException",
            format!("Invalid cast from '{}' to '{target}'.", from.name),
        ),
        _ => fail(
            "System.InvalidCastException",
            format!(
                "Unable to cast object of type '{}' to type 'System.IConvertible'.",
                from.reflection_text()
            ),
        ),
    }
}

/// A value as a number, as .NET converts it: text is read by the current culture, without PowerShell's forms.
fn to_number(vm: &mut Vm, value: &Value, target: &TypeRef) -> R<Value> {
    match value {
        Value::Null | Value::Nothing => Ok(zero(target.code)),
        Value::Str(text) => parsed(vm, text, target),
        other => match number_to(other, target.code) {
            Ok(number) => Ok(number),
            Err(Misfit::Range(name)) => fail(
                "System.OverflowException",
                format!("Value was either too large or too small for {name}."),
            ),
            Err(Misfit::Never) => invalid_cast(vm, other, &target.name),
        },
    }
}

fn parsed(vm: &Vm, text: &str, target: &TypeRef) -> R<Value> {
    let info = &vm.culture().number_format;
    let styles = NumberStyles::FLOAT_THOUSANDS;
    let integer = |ty| parse_integer(text, NumberStyles::INTEGER, info, ty);
    let parsed = match target.code {
        TypeCode::Float => parse_single(text, styles, info).map(Value::Float),
        TypeCode::Double => parse_double(text, styles, info).map(Value::Double),
        TypeCode::Decimal => parse_decimal(text, NumberStyles::NUMBER, info).map(Value::decimal),
        TypeCode::SByte => integer(IntegerType::SByte).map(|n| Value::SByte(n as i8)),
        TypeCode::Byte => integer(IntegerType::Byte).map(|n| Value::Byte(n as u8)),
        TypeCode::Short => integer(IntegerType::Int16).map(|n| Value::Short(n as i16)),
        TypeCode::UShort => integer(IntegerType::UInt16).map(|n| Value::UShort(n as u16)),
        TypeCode::UInt => integer(IntegerType::UInt32).map(|n| Value::UInt(n as u32)),
        TypeCode::Long => integer(IntegerType::Int64).map(|n| Value::Long(n as i64)),
        TypeCode::ULong => integer(IntegerType::UInt64).map(|n| Value::ULong(n as u64)),
        _ => integer(IntegerType::Int32).map(|n| Value::Int(n as i32)),
    };
    parsed.or_else(|error| {
        let exception = match error {
            NumberParseError::Overflow(_) => "System.OverflowException",
            _ => "System.FormatException",
        };
        fail(exception, error)
    })
}

fn in_base(text: &str, base: i32, target: &TypeRef) -> R<Value> {
    let (bits, signed) = match target.code {
        TypeCode::SByte => (8, true),
        TypeCode::Byte => (8, false),
        TypeCode::Short => (16, true),
        TypeCode::UShort => (16, false),
        TypeCode::UInt => (32, false),
        TypeCode::Long => (64, true),
        TypeCode::ULong => (64, false),
        _ => (32, true),
    };
    let base = u32::try_from(base).unwrap_or(0);
    let number = from_base(text, base, bits, signed, range_name(target.code));
    match number {
        Ok(number) => Ok(
            crate::runtime::convert::numbers::integer_value(target.code, number)
                .unwrap_or_default(),
        ),
        Err(error) => {
            use crate::runtime::text::numeric::BaseError;
            let exception = match error {
                BaseError::Base | BaseError::Minus => "System.ArgumentException",
                BaseError::Empty => "System.ArgumentOutOfRangeException",
                BaseError::Overflow(_) => "System.OverflowException",
                _ => "System.FormatException",
            };
            fail(exception, error)
        }
    }
}

const CODES: [(i64, &str); 16] = [
    (1, "System.Object"),
    (3, "System.Boolean"),
    (4, "System.Char"),
    (5, "System.SByte"),
    (6, "System.Byte"),
    (7, "System.Int16"),
    (8, "System.UInt16"),
    (9, "System.Int32"),
    (10, "System.UInt32"),
    (11, "System.Int64"),
    (12, "System.UInt64"),
    (13, "System.Single"),
    (14, "System.Double"),
    (15, "System.Decimal"),
    (16, "System.DateTime"),
    (18, "System.String"),
];

fn type_of_code(bits: i64) -> TypeRef {
    CODES
        .iter()
        .find(|(code, _)| *code == bits)
        .and_then(|(_, name)| find(name))
        .unwrap_or_else(known::object)
}

fn type_code(type_ref: &TypeRef) -> i64 {
    CODES
        .iter()
        .find(|(_, name)| **name == *type_ref.full_name)
        .map_or(1, |(code, _)| *code)
}

fn change_type(vm: &mut Vm, value: &Value, target: &TypeRef) -> R<Value> {
    match target.code {
        TypeCode::Object => Ok(value.clone()),
        TypeCode::String => text(vm, value, &[]),
        TypeCode::Bool => to_boolean(vm, value),
        TypeCode::DateTime => vm.convert(value, target),
        TypeCode::Char
        | TypeCode::SByte
        | TypeCode::Byte
        | TypeCode::Short
        | TypeCode::UShort
        | TypeCode::Int
        | TypeCode::UInt
        | TypeCode::Long
        | TypeCode::ULong
        | TypeCode::Float
        | TypeCode::Double
        | TypeCode::Decimal => to_number(vm, value, target),
        _ if vm.is_instance(value, target) => Ok(value.clone()),
        _ => {
            let from = vm.type_of(value).reflection_text();
            fail(
                "System.InvalidCastException",
                format!(
                    "Invalid cast from '{from}' to '{}'.",
                    target.reflection_text()
                ),
            )
        }
    }
}
