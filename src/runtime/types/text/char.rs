//! `System.Char`

use crate::runtime::collation::ordinal::{lower_char, upper_char};
use crate::runtime::error::R;
use crate::runtime::text::{char_class, utf16};
use crate::runtime::types::failures;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

fn upper(unit: u16) -> u16 {
    char::from_u32(u32::from(unit)).map_or(unit, |c| {
        u16::try_from(u32::from(upper_char(c))).unwrap_or(unit)
    })
}

fn lower(unit: u16) -> u16 {
    char::from_u32(u32::from(unit)).map_or(unit, |c| {
        u16::try_from(u32::from(lower_char(c))).unwrap_or(unit)
    })
}

/// A method.
pub fn call(_vm: &mut Vm, unit: u16, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tostring", _) => Value::str(utf16::from_units(&[unit])),
        ("compareto", [other]) => match other.base() {
            Value::Char(other) => Value::Int(i32::from(unit) - i32::from(*other)),
            Value::Null => Value::Int(1),
            _ => return failures::argument("Object must be of type Char.", ""),
        },
        _ => return Ok(None),
    }))
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("parse", [text]) => {
            let units: Vec<u16> = text.as_str().unwrap_or("").encode_utf16().collect();
            return match units.as_slice() {
                [one] => Ok(Some(Value::Char(*one))),
                _ => failures::format("String must be exactly one character long."),
            };
        }
        ("tryparse", [text, Value::Ref(place)]) => {
            let units: Vec<u16> = text.as_str().unwrap_or("").encode_utf16().collect();
            let found = matches!(units.as_slice(), [_]);
            place.set(Value::Char(if found { units[0] } else { 0 }));
            return Ok(Some(Value::Bool(found)));
        }
        ("convertfromutf32", [code]) => {
            let code = vm.to_int(code)?;
            return match u32::try_from(code).ok().and_then(char::from_u32) {
                Some(c) => Ok(Some(Value::str(c.to_string()))),
                None => failures::out_of_range(
                    "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).",
                    "utf32",
                ),
            };
        }
        ("converttoutf32", [Value::Char(high), Value::Char(low)]) => {
            let mut decoded = char::decode_utf16([*high, *low]);
            return match decoded.next() {
                Some(Ok(c)) => Ok(Some(Value::Int(u32::from(c) as i32))),
                _ => failures::out_of_range(
                    "A valid high surrogate character is between 0xd800 and 0xdbff, inclusive.",
                    "highSurrogate",
                ),
            };
        }
        _ => {}
    }
    let (unit, next) = match arguments {
        [Value::Char(unit), rest @ ..] => (
            *unit,
            match rest.first() {
                Some(Value::Char(next)) => Some(*next),
                _ => None,
            },
        ),
        [Value::Str(text), at] => {
            let at = vm.to_int(at)?;
            let units: Vec<u16> = text.encode_utf16().collect();
            let Some(unit) = usize::try_from(at).ok().and_then(|at| units.get(at)) else {
                return failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "index",
                );
            };
            (*unit, units.get(at as usize + 1).copied())
        }
        _ => return Ok(None),
    };
    let code = u32::from(unit);
    let is_high = (0xD800..0xDC00).contains(&unit);
    let is_low = (0xDC00..0xE000).contains(&unit);
    Ok(Some(Value::Bool(match name {
        "isletter" => char_class::is_letter(code),
        "isdigit" => char_class::is_digit(code),
        "isletterordigit" => char_class::is_letter_or_digit(code),
        "isnumber" => char_class::is_number(code),
        "isupper" => char_class::is_upper(code),
        "islower" => char_class::is_lower(code),
        "iswhitespace" => char_class::is_white_space(code),
        "ispunctuation" => char_class::is_punctuation(code),
        "issymbol" => char_class::is_symbol(code),
        "isseparator" => char_class::is_separator(code),
        "iscontrol" => char_class::is_control(code),
        "issurrogate" => is_high || is_low,
        "ishighsurrogate" => is_high,
        "islowsurrogate" => is_low,
        "issurrogatepair" => is_high && next.is_some_and(|n| (0xDC00..0xE000).contains(&n)),
        "isascii" => code < 128,
        "isasciidigit" => code < 128 && (code as u8).is_ascii_digit(),
        "isasciiletter" => code < 128 && (code as u8).is_ascii_alphabetic(),
        "isasciiletterordigit" => code < 128 && (code as u8).is_ascii_alphanumeric(),
        "isasciiletterupper" => code < 128 && (code as u8).is_ascii_uppercase(),
        "isasciiletterlower" => code < 128 && (code as u8).is_ascii_lowercase(),
        "isasciihexdigit" => code < 128 && (code as u8).is_ascii_hexdigit(),
        "isasciihexdigitlower" => code < 128 && matches!(code as u8, b'0'..=b'9' | b'a'..=b'f'),
        "isasciihexdigitupper" => code < 128 && matches!(code as u8, b'0'..=b'9' | b'A'..=b'F'),
        "isbetween" => {
            let bound = |at: usize| match arguments.get(at) {
                Some(Value::Char(c)) => *c,
                _ => 0,
            };
            (bound(1)..=bound(2)).contains(&unit)
        }
        "toupper" | "toupperinvariant" => return Ok(Some(Value::Char(upper(unit)))),
        "tolower" | "tolowerinvariant" => return Ok(Some(Value::Char(lower(unit)))),
        "tostring" => return Ok(Some(Value::str(utf16::from_units(&[unit])))),
        "getnumericvalue" => return Ok(Some(Value::Double(char_class::numeric_value(code)))),
        "getunicodecategory" => {
            return Ok(Some(Value::enum_of(
                "System.Globalization.UnicodeCategory",
                i64::from(char_class::unicode_category(code).1),
            )));
        }
        "converttoutf32" => {
            let units = [unit, next.unwrap_or(0)];
            return Ok(match char::decode_utf16(units).next() {
                Some(Ok(c)) => Some(Value::Int(u32::from(c) as i32)),
                _ => None,
            });
        }
        _ => return Ok(None),
    })))
}
