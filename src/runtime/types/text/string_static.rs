//! `System.String`: its constructors and static methods.

use super::string::{CULTURE, ORDINAL, chars_of, comparison, is_white, text_of};
use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::text::utf16;
use crate::runtime::types::collections::comparer::TextComparer;
use crate::runtime::types::failures;
use crate::runtime::value::{Str, Value};
use crate::runtime::vm::Vm;

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match arguments {
        [Value::Char(unit), count] => {
            let count = vm.to_int(count)?;
            if count < 0 {
                return failures::out_of_range("'count' must be non-negative.", "count");
            }
            Some(Value::str(failures::repeated(
                &utf16::from_units(&[*unit]),
                count as usize,
            )?))
        }
        [array @ Value::Array(_), start, count] => {
            let units = chars_of(array);
            let start = usize::try_from(vm.to_int(start)?).unwrap_or_default();
            let count = usize::try_from(vm.to_int(count)?).unwrap_or_default();
            let part = units.get(start..start.saturating_add(count));
            match part {
                Some(part) => Some(Value::str(utf16::from_units(part))),
                None => {
                    return failures::out_of_range(
                        "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                        "startIndex",
                    );
                }
            }
        }
        [one] => Some(Value::str(utf16::from_units(&chars_of(one)))),
        _ => None,
    })
}

fn compare_parts(vm: &mut Vm, arguments: &[Value], ordinal: bool) -> R<Value> {
    let (a, b, rest): (String, String, &[Value]) = match arguments {
        [
            a,
            at_a @ Value::Int(_),
            b,
            at_b @ Value::Int(_),
            count @ Value::Int(_),
            rest @ ..,
        ] => {
            let count = vm.to_int(count)?.max(0) as usize;
            let mut part = |text: &Value, at: &Value| -> R<String> {
                let text = text_of(text);
                let at = vm.to_int(at)?.max(0) as usize;
                let length = utf16::length(&text).saturating_sub(at).min(count);
                Ok(utf16::substring(&text, at, length).unwrap_or_default())
            };
            (part(a, at_a)?, part(b, at_b)?, rest)
        }
        [a, b, rest @ ..] => {
            match (a.is_null(), b.is_null()) {
                (true, true) => return Ok(Value::Int(0)),
                (true, false) => return Ok(Value::Int(-1)),
                (false, true) => return Ok(Value::Int(1)),
                _ => {}
            }
            (text_of(a), text_of(b), rest)
        }
        _ => return Ok(Value::Int(0)),
    };
    if ordinal {
        // CompareOrdinal gives the distance of the first different units.
        let (x, y): (Vec<u16>, Vec<u16>) = (a.encode_utf16().collect(), b.encode_utf16().collect());
        let difference = x
            .iter()
            .zip(&y)
            .find(|(p, q)| p != q)
            .map(|(p, q)| i32::from(*p) - i32::from(*q));
        return Ok(Value::Int(
            difference.unwrap_or(x.len() as i32 - y.len() as i32),
        ));
    }
    let by = match rest.iter().rev().find_map(|v| comparison(Some(v))) {
        Some(by) => by,
        None => match rest.last().map(Value::base) {
            Some(Value::Enum(options)) => TextComparer {
                ordinal: options.bits & 0x5000_0000 != 0,
                ignore_case: options.bits & 0x1000_0001 != 0,
            },
            _ => CULTURE,
        },
    };
    let order = by.compare_texts(&a, &b) as i32;
    if by.ordinal && !by.ignore_case && order != 0 {
        return compare_parts(vm, &[Value::str(a), Value::str(b)], true);
    }
    Ok(Value::Int(order))
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("isnullorempty", [text]) => {
            Value::Bool(text.is_null() || text.as_str().is_some_and(str::is_empty))
        }
        ("isnullorwhitespace", [text]) => Value::Bool(
            text.is_null()
                || text
                    .as_str()
                    .is_some_and(|t| t.encode_utf16().all(is_white)),
        ),
        ("join", [separator, rest @ ..]) => join(vm, separator, rest)?,
        ("concat", parts) => concat(vm, parts)?,
        ("format", [first, rest @ ..]) => {
            let (format, rest) = match (first.base(), rest) {
                (Value::Str(format), rest) => (format.clone(), rest),
                (_, [format, rest @ ..]) => (Str::new(text_of(format)), rest),
                _ => return Ok(None),
            };
            let arguments: Vec<Value> = match rest {
                [Value::Array(items)] => items.items.borrow().clone(),
                [Value::Null] => return failures::argument_null("args"),
                many => many.to_vec(),
            };
            let culture = crate::runtime::types::text::culture::of_provider(vm, Some(first));
            Value::str(crate::runtime::types::text::culture::with_culture(
                vm,
                culture,
                |vm| vm.format_dotnet(&format, &arguments),
            )?)
        }
        ("compare", [_, _, ..]) => compare_parts(vm, arguments, false)?,
        ("compareordinal", [_, _, ..]) => compare_parts(vm, arguments, true)?,
        ("equals", [a, b]) => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => Value::Bool(a == b),
            _ => Value::Bool(a.is_null() && b.is_null()),
        },
        ("equals", [a, b, how]) => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => {
                Value::Bool(comparison(Some(how)).unwrap_or(ORDINAL).same_texts(a, b))
            }
            _ => Value::Bool(a.is_null() && b.is_null()),
        },
        ("copy" | "intern", [text]) => text.clone(),
        ("isinterned", [text]) => text.clone(),
        _ => return Ok(None),
    }))
}

/// `Join` of many values, of a list or of a part of an array.
fn join(vm: &mut Vm, separator: &Value, rest: &[Value]) -> R<Value> {
    let separator = text_of(separator);
    let (items, range) = match rest {
        [Value::Array(items), start, count] => (
            items.items.borrow().clone(),
            Some((vm.to_int(start)?, vm.to_int(count)?)),
        ),
        [one] => (
            vm.enumerate(one)?.unwrap_or_else(|| vec![one.clone()]),
            None,
        ),
        many => (many.to_vec(), None),
    };
    let items = match range {
        Some((start, _)) if start < 0 => {
            return failures::negative("startIndex", start.into());
        }
        Some((_, count)) if count < 0 => return failures::negative("count", count.into()),
        Some((start, count)) => {
            let (from, length) = (start as usize, count as usize);
            match items.get(from..from + length) {
                Some(part) => part.to_vec(),
                None => {
                    let most = items.len() as i64 - i64::from(count);
                    return failures::above("startIndex", start.into(), most);
                }
            }
        }
        None => items,
    };
    let mut text = String::new();
    for (i, item) in items.iter().enumerate() {
        vm.check_interrupt()?;
        if i > 0 {
            text.push_str(&separator);
        }
        text.push_str(&crate::runtime::types::object::to_string(vm, item)?);
        if !limits::text_may_grow(text.len()) {
            return failures::out_of_memory();
        }
    }
    Ok(Value::str(text))
}

/// `Concat` of many values or of a list.
fn concat(vm: &mut Vm, parts: &[Value]) -> R<Value> {
    let items = match parts {
        [one] => vm.enumerate(one)?.unwrap_or_else(|| vec![one.clone()]),
        many => many.to_vec(),
    };
    let mut text = String::new();
    for item in &items {
        vm.check_interrupt()?;
        text.push_str(&crate::runtime::types::object::to_string(vm, item)?);
        if !limits::text_may_grow(text.len()) {
            return failures::out_of_memory();
        }
    }
    Ok(Value::str(text))
}
