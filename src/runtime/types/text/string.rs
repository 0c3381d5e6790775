//! `System.String`: the members of a text.

use crate::host::discard::Long;
use crate::host::interrupted;
use crate::host::long_work::{self, LongWork};
use crate::runtime::collation;
use crate::runtime::error::R;
use crate::runtime::text::utf16;
use crate::runtime::types::collections::comparer::TextComparer;
use crate::runtime::types::{TypeCode, collections::array, failures, known};
use crate::runtime::value::{Str, Value};
use crate::runtime::vm::Vm;
use unicode_normalization::UnicodeNormalization;

/// A property.
pub fn get(text: &Str, name: &str) -> Option<Value> {
    (name == "length").then(|| Value::Int(text.len_utf16() as i32))
}

fn char_of(value: &Value) -> Option<u16> {
    match value.base() {
        Value::Char(unit) => Some(*unit),
        _ => None,
    }
}

pub(super) fn text_of(value: &Value) -> String {
    match value.base() {
        Value::Str(text) => text.to_string(),
        Value::Char(unit) => utf16::from_units(&[*unit]),
        _ => String::new(),
    }
}

fn required<'a>(value: &'a Value, parameter: &str) -> R<&'a str> {
    match value.base() {
        Value::Str(text) => Ok(text.as_str()),
        _ => failures::argument_null(parameter),
    }
}

pub(super) fn chars_of(value: &Value) -> Vec<u16> {
    match value.base() {
        Value::Array(array) => array.items.borrow().iter().filter_map(char_of).collect(),
        Value::Char(unit) => vec![*unit],
        Value::Str(text) => text.encode_utf16().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn comparison(value: Option<&Value>) -> Option<TextComparer> {
    match value.map(Value::base) {
        Some(Value::Enum(e)) if &*e.type_ref.name == "StringComparison" => {
            Some(TextComparer::of_comparison(e.bits))
        }
        Some(Value::Bool(ignore_case)) => Some(TextComparer {
            ordinal: false,
            ignore_case: *ignore_case,
        }),
        _ => None,
    }
}

fn start_index(vm: &mut Vm, value: &Value, length: usize) -> R<usize> {
    let at = vm.to_int(value)?;
    match usize::try_from(at) {
        Ok(at) if at <= length => Ok(at),
        _ => failures::out_of_range(
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
            "startIndex",
        ),
    }
}

fn substring(vm: &mut Vm, text: &Str, arguments: &[Value]) -> R<Value> {
    let length = text.len_utf16();
    let start = vm.to_int(&arguments[0])?;
    if start < 0 {
        return failures::out_of_range("startIndex cannot be less than zero.", "startIndex");
    }
    let start = start as usize;
    if start > length {
        return failures::out_of_range(
            "startIndex cannot be larger than length of string.",
            "startIndex",
        );
    }
    let count = match arguments.get(1) {
        Some(count) => {
            let count = vm.to_int(count)?;
            if count < 0 {
                return failures::out_of_range("Length cannot be less than zero.", "length");
            }
            if start + count as usize > length {
                return failures::out_of_range(
                    "Index and length must refer to a location within the string.",
                    "length",
                );
            }
            count as usize
        }
        None => length - start,
    };
    Ok(Value::str(text.part(start, count).unwrap_or_default()))
}

/// Where `wanted` is in units from `start` on.
fn find(text: &str, wanted: &str, start: usize, end: usize, by: TextComparer) -> Option<usize> {
    let from = utf16::byte_index(text, start)?;
    let to = utf16::byte_index(text, end).unwrap_or(text.len());
    let part = text.get(from..to)?;
    let found = match (by.ordinal, by.ignore_case) {
        (true, false) => part.find(wanted),
        (true, true) => {
            let (part, wanted) = (
                collation::ordinal::fold_key(part),
                collation::ordinal::fold_key(wanted),
            );
            part.find(&*wanted)
        }
        (false, ignore_case) => collation::index_of(part, wanted, 0, ignore_case).map(|r| r.start),
    }?;
    Some(start + utf16::length(part.get(..found)?))
}

fn find_last(text: &str, wanted: &str, by: TextComparer) -> Option<usize> {
    let found = match (by.ordinal, by.ignore_case) {
        (true, false) => text.rfind(wanted),
        (true, true) => {
            collation::ordinal::fold_key(text).rfind(&*collation::ordinal::fold_key(wanted))
        }
        (false, _) => {
            let mut last = None;
            let mut from = 0;
            while let Some(found) = collation::index_of(text, wanted, from, by.ignore_case) {
                last = Some(found.start);
                from = found.start
                    + text
                        .get(found.start..)
                        .and_then(|t| t.chars().next())
                        .map_or(1, char::len_utf8);
                if from > text.len() {
                    break;
                }
            }
            last
        }
    }?;
    Some(utf16::unit_index(text, found))
}

pub(super) const CULTURE: TextComparer = TextComparer {
    ordinal: false,
    ignore_case: false,
};
pub(super) const ORDINAL: TextComparer = TextComparer {
    ordinal: true,
    ignore_case: false,
};

fn index_of(vm: &mut Vm, text: &Str, arguments: &[Value]) -> R<Value> {
    let by = comparison(arguments.last());
    let places: Vec<&Value> = arguments[1..]
        .iter()
        .filter(|v| matches!(v.base(), Value::Int(_)))
        .collect();
    let length = text.len_utf16();
    let start = match places.first() {
        Some(start) => start_index(vm, start, length)?,
        None => 0,
    };
    let end = match places.get(1) {
        Some(count) => {
            let count = vm.to_int(count)?;
            match usize::try_from(count) {
                Ok(count) if start + count <= length => start + count,
                _ => {
                    return failures::out_of_range(
                        "Count must be positive and count must refer to a location within the string/array/collection.",
                        "count",
                    );
                }
            }
        }
        None => length,
    };
    let by = by.unwrap_or(match char_of(&arguments[0]) {
        Some(_) => ORDINAL,
        None => CULTURE,
    });
    if arguments[0].is_null() {
        return failures::argument_null("value");
    }
    let wanted = text_of(&arguments[0]);
    let found = find(text, &wanted, start, end, by);
    Ok(Value::Int(found.map_or(-1, |at| at as i32)))
}

fn last_index_of(vm: &mut Vm, text: &Str, arguments: &[Value]) -> R<Value> {
    let by = comparison(arguments.last()).unwrap_or(match char_of(&arguments[0]) {
        Some(_) => ORDINAL,
        None => CULTURE,
    });
    let wanted = text_of(&arguments[0]);
    let length = text.len_utf16();
    let places: Vec<&Value> = arguments[1..]
        .iter()
        .filter(|v| matches!(v.base(), Value::Int(_)))
        .collect();
    let Some(start) = places.first() else {
        let found = find_last(text, &wanted, by);
        return Ok(Value::Int(found.map_or(-1, |at| at as i32)));
    };
    let start = vm.to_int(start)?;
    if start < 0 || start as usize > length {
        if length == 0 {
            return Ok(Value::Int(-1));
        }
        return failures::out_of_range(
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
            "startIndex",
        );
    }
    let end = (start as usize + 1).min(length);
    let from = match places.get(1) {
        Some(count) => {
            let count = vm.to_int(count)?;
            if count < 0 || count as usize > end {
                return failures::out_of_range(
                    "Count must be positive and count must refer to a location within the string/array/collection.",
                    "count",
                );
            }
            end - count as usize
        }
        None => 0,
    };
    let part = utf16::substring(text, from, end - from).unwrap_or_default();
    let found = find_last(&part, &wanted, by);
    Ok(Value::Int(found.map_or(-1, |at| (at + from) as i32)))
}

fn index_of_any(vm: &mut Vm, text: &Str, arguments: &[Value], last: bool) -> R<Value> {
    let wanted = chars_of(&arguments[0]);
    let units: Vec<u16> = text.encode_utf16().until_interrupted().collect();
    let found = if last {
        let end = match arguments.get(1) {
            Some(at) => start_index(vm, at, units.len())? + 1,
            None => units.len(),
        };
        units.iter().take(end).rposition(|u| wanted.contains(u))
    } else {
        let start = match arguments.get(1) {
            Some(at) => start_index(vm, at, units.len())?,
            None => 0,
        };
        let count = match arguments.get(2) {
            Some(count) => vm.to_int(count)?.max(0) as usize,
            None => units.len(),
        };
        units
            .iter()
            .skip(start)
            .take(count)
            .position(|u| wanted.contains(u))
            .map(|at| at + start)
    };
    Ok(Value::Int(found.map_or(-1, |at| at as i32)))
}

fn split(vm: &mut Vm, text: &Str, arguments: &[Value]) -> R<Value> {
    let mut limit = usize::MAX;
    let mut options = 0;
    for argument in arguments.iter().skip(1) {
        match argument.base() {
            Value::Int(n) if *n < 0 => {
                return failures::out_of_range("Count cannot be less than zero.", "count");
            }
            Value::Int(n) => limit = *n as usize,
            Value::Enum(e) => options = e.bits,
            _ => {}
        }
    }
    let _ = vm;
    let separators: Vec<String> = match arguments.first().map(Value::base) {
        Some(Value::Array(array)) => {
            let by_char = array.element.code == TypeCode::Char;
            let list: Vec<String> = array.items.borrow().iter().map(text_of).collect();
            if by_char {
                list
            } else {
                list.into_iter().filter(|s| !s.is_empty()).collect()
            }
        }
        Some(Value::Char(unit)) => vec![utf16::from_units(&[*unit])],
        Some(Value::Str(s)) if s.is_empty() => {
            // An empty separator splits nowhere.
            let (remove, trim) = (options & 1 != 0, options & 2 != 0);
            let piece = if trim { text.trim() } else { text.as_str() };
            if (remove && piece.is_empty()) || limit == 0 {
                return Ok(Value::strings(Vec::<String>::new()));
            }
            return Ok(Value::strings([piece.to_string()]));
        }
        Some(Value::Str(s)) => vec![s.to_string()],
        _ => Vec::new(),
    };
    let (remove, trim) = (options & 1 != 0, options & 2 != 0);
    let pieces = split_text(text, &separators, limit, remove, trim);
    Ok(Value::strings(Long::from(pieces)))
}

fn next_separator(rest: &str, separators: &[String]) -> Option<(usize, usize)> {
    if separators.is_empty() {
        return rest
            .char_indices()
            .find(|(_, c)| c.is_whitespace())
            .map(|(at, c)| (at, c.len_utf8()));
    }
    rest.char_indices().find_map(|(at, _)| {
        let tail = rest.get(at..)?;
        separators
            .iter()
            .find(|s| tail.starts_with(s.as_str()))
            .map(|s| (at, s.len()))
    })
}

fn split_text(
    text: &str,
    separators: &[String],
    limit: usize,
    remove: bool,
    trim: bool,
) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    if limit == 0 {
        return pieces;
    }
    let clean = |piece: &str| -> Option<String> {
        let piece = if trim { piece.trim() } else { piece };
        (!remove || !piece.is_empty()).then(|| piece.to_string())
    };
    let mut rest = text;
    loop {
        if interrupted() {
            return pieces;
        }
        if pieces.len() + 1 >= limit {
            // The last piece: with empty pieces removed, leading separators go too.
            if remove {
                while let Some((at, length)) = next_separator(rest, separators) {
                    if clean(&rest[..at]).is_some() {
                        break;
                    }
                    rest = &rest[at + length..];
                }
            }
            pieces.extend(clean(rest));
            return pieces;
        }
        match next_separator(rest, separators) {
            Some((at, length)) => {
                pieces.extend(clean(&rest[..at]));
                rest = &rest[at + length..];
            }
            None => {
                pieces.extend(clean(rest));
                return pieces;
            }
        }
    }
}

pub(super) fn is_white(unit: u16) -> bool {
    char::from_u32(u32::from(unit)).is_some_and(char::is_whitespace)
}

fn trim(text: &Str, arguments: &[Value], front: bool, back: bool) -> Value {
    let mut wanted: Vec<u16> = arguments.first().map(chars_of).unwrap_or_default();
    if arguments
        .first()
        .is_some_and(|a| matches!(a.base(), Value::Char(_)))
    {
        wanted.truncate(1);
    }
    let matches = |c: char| {
        if wanted.is_empty() {
            c.is_whitespace()
        } else {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units);
            units.len() == 1 && wanted.contains(&units[0])
        }
    };
    let mut part = text.as_str();
    if front {
        part = part.trim_start_matches(matches);
    }
    if back {
        part = part.trim_end_matches(matches);
    }
    Value::str(part)
}

fn pad(vm: &mut Vm, text: &Str, arguments: &[Value], left: bool) -> R<Value> {
    let width = vm.to_int(&arguments[0])?;
    if width < 0 {
        return failures::out_of_range("Non-negative number required.", "totalWidth");
    }
    let with = match arguments.get(1) {
        Some(with) => text_of(with),
        None => " ".to_string(),
    };
    let missing = (width as usize).saturating_sub(text.len_utf16());
    let padding = failures::repeated(&with, missing)?;
    Ok(Value::str(if left {
        format!("{padding}{}", text.as_str())
    } else {
        format!("{}{padding}", text.as_str())
    }))
}

fn replace(text: &Str, arguments: &[Value]) -> R<Value> {
    let old = text_of(&arguments[0]);
    if arguments[0].is_null() {
        return failures::argument_null("oldValue");
    }
    if old.is_empty() {
        return failures::argument("The value cannot be an empty string.", "oldValue");
    }
    let new = arguments.get(1).map(text_of).unwrap_or_default();
    let by = match arguments.get(2..) {
        Some([one]) => comparison(Some(one)).unwrap_or(ORDINAL),
        Some([ignore_case, _culture]) => comparison(Some(ignore_case)).unwrap_or(CULTURE),
        _ => ORDINAL,
    };
    if by.ordinal && !by.ignore_case {
        return Ok(Value::str(long_work::replace(text, &old, &new)));
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    loop {
        let found = if by.ordinal {
            let (folded, wanted) = (
                collation::ordinal::fold_key(rest).into_owned(),
                collation::ordinal::fold_key(&old).into_owned(),
            );
            folded.find(&wanted).map(|at| at..at + wanted.len())
        } else {
            collation::index_of(rest, &old, 0, by.ignore_case)
        };
        match found {
            Some(range) if !range.is_empty() && rest.get(range.clone()).is_some() => {
                out.push_str(&rest[..range.start]);
                out.push_str(&new);
                rest = &rest[range.end..];
            }
            _ => {
                out.push_str(rest);
                return Ok(Value::str(out));
            }
        }
    }
}

/// A method.
pub fn call(vm: &mut Vm, text: &Str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("substring", [_] | [_, _]) => substring(vm, text, arguments)?,
        ("indexof", [_, ..]) => index_of(vm, text, arguments)?,
        ("lastindexof", [_, ..]) => last_index_of(vm, text, arguments)?,
        ("indexofany", [_, ..]) => index_of_any(vm, text, arguments, false)?,
        ("lastindexofany", [_, ..]) => index_of_any(vm, text, arguments, true)?,
        ("split", _) => split(vm, text, arguments)?,
        ("trim", _) => trim(text, arguments, true, true),
        ("trimstart", _) => trim(text, arguments, true, false),
        ("trimend", _) => trim(text, arguments, false, true),
        ("padleft", [_, ..]) => pad(vm, text, arguments, true)?,
        ("padright", [_, ..]) => pad(vm, text, arguments, false)?,
        ("replace", [_, _, ..]) => replace(text, arguments)?,
        ("replacelineendings", _) => {
            let new = arguments.first().map_or("\n".to_string(), text_of);
            let unified = text
                .replace("\r\n", "\n")
                .replace(['\r', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
            Value::str(unified.replace('\n', &new))
        }
        ("toupper" | "toupperinvariant" | "tolower" | "tolowerinvariant", _) => Value::str(
            crate::runtime::types::text::letter_case::change(vm, text, name, arguments.first()),
        ),
        _ => return compared(vm, text, name, arguments),
    }))
}

/// The methods that compare the text with another.
fn compared(vm: &mut Vm, text: &Str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("contains", [wanted, rest @ ..]) => {
            if wanted.is_null() {
                return failures::argument_null("value");
            }
            let by = comparison(rest.first()).unwrap_or(ORDINAL);
            let found = find(text, &text_of(wanted), 0, text.len_utf16(), by);
            Value::Bool(found.is_some())
        }
        ("startswith" | "endswith", [wanted, rest @ ..]) => {
            if wanted.is_null() {
                return failures::argument_null("value");
            }
            let wanted_text = text_of(wanted);
            let by = comparison(rest.first()).unwrap_or(match char_of(wanted) {
                Some(_) => ORDINAL,
                None => CULTURE,
            });
            Value::Bool(begins_or_ends(text, &wanted_text, by, name == "startswith"))
        }
        ("equals", [other]) => Value::Bool(other.as_str() == Some(text.as_str())),
        ("equals", [other, how]) => {
            let by = comparison(Some(how)).unwrap_or(ORDINAL);
            Value::Bool(other.as_str().is_some_and(|o| by.same_texts(text, o)))
        }
        ("compareto", [other]) => match other.base() {
            Value::Str(other) => Value::Int(collation::compare(text, other, false) as i32),
            Value::Null | Value::Nothing => Value::Int(1),
            _ => return failures::argument("Object must be of type String.", ""),
        },
        _ => return changed(vm, text, name, arguments),
    }))
}

/// The methods that give a part of the text or the text in another form.
fn changed(vm: &mut Vm, text: &Str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("insert", [at, new]) => {
            let at = vm.to_int(at)?;
            let length = text.len_utf16();
            let Some(at) = usize::try_from(at).ok().filter(|at| *at <= length) else {
                return failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "startIndex",
                );
            };
            let (head, tail) = (
                text.part(0, at).unwrap_or_default(),
                text.part(at, length - at).unwrap_or_default(),
            );
            Value::str(format!("{head}{}{tail}", required(new, "value")?))
        }
        ("remove", [at, rest @ ..]) => {
            let length = text.len_utf16();
            let start = vm.to_int(at)?;
            if start < 0 {
                return failures::out_of_range(
                    "StartIndex cannot be less than zero.",
                    "startIndex",
                );
            }
            let start = start as usize;
            if rest.is_empty() && start > length {
                return failures::out_of_range(
                    "startIndex cannot be larger than length of string.",
                    "startIndex",
                );
            }
            let count = match rest.first() {
                Some(count) => vm.to_int(count)?,
                None => (length - start) as i32,
            };
            if count < 0 {
                return failures::out_of_range("Count cannot be less than zero.", "count");
            }
            let count = count as usize;
            if count > length.saturating_sub(start) {
                return failures::out_of_range(
                    "Index and count must refer to a location within the string.",
                    "count",
                );
            }
            let (head, tail) = (
                text.part(0, start).unwrap_or_default(),
                text.part(start + count, length - start - count)
                    .unwrap_or_default(),
            );
            Value::str(head + &tail)
        }
        ("tochararray", range) => {
            let units: Vec<u16> = text.encode_utf16().until_interrupted().collect();
            let part = match range {
                [start, count] => {
                    let start = start_index(vm, start, units.len())?;
                    let count = vm.to_int(count)?.max(0) as usize;
                    match units.get(start..start + count) {
                        Some(part) => part.to_vec(),
                        None => {
                            return failures::out_of_range(
                                "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                                "startIndex",
                            );
                        }
                    }
                }
                _ => units,
            };
            array::of(
                &known::char(),
                part.into_iter()
                    .map(Value::Char)
                    .until_interrupted()
                    .collect(),
            )
        }
        ("chars" | "get_chars", [at]) => {
            let at = vm.to_int(at)?;
            match usize::try_from(at).ok().and_then(|at| text.unit_at(at)) {
                Some(unit) => Value::Char(unit),
                None => return failures::outside_array(),
            }
        }
        ("getenumerator", []) => crate::runtime::types::collections::enumerator::Enumerator::of(
            "System.CharEnumerator",
            text.encode_utf16()
                .map(Value::Char)
                .until_interrupted()
                .collect(),
        ),
        ("normalize", form) => {
            let bits = match form.first().map(Value::base) {
                Some(Value::Enum(e)) => e.bits,
                _ => 1,
            };
            Value::str(normalized(text, bits))
        }
        ("isnormalized", form) => {
            let bits = match form.first().map(Value::base) {
                Some(Value::Enum(e)) => e.bits,
                _ => 1,
            };
            Value::Bool(normalized(text, bits) == text.as_str())
        }
        ("tostring" | "clone", _) => Value::Str(text.clone()),
        ("copyto", [from, Value::Array(target), at, count]) => {
            let units: Vec<Value> = text
                .encode_utf16()
                .map(Value::Char)
                .until_interrupted()
                .collect();
            let (from, count) = (vm.to_int(from)?, vm.to_int(count)?);
            let at = vm.to_int(at)?;
            let upto = usize::try_from(from.saturating_add(count)).unwrap_or_default();
            match units.get(from.max(0) as usize..upto) {
                Some(part) => array::copy_into(vm, part, target, at)?,
                None => {
                    return failures::out_of_range(
                        "Index and count must refer to a location within the string.",
                        "sourceIndex",
                    );
                }
            }
            Value::Nothing
        }
        ("enumeraterunes", []) => crate::runtime::types::text::string_info::runes(text),
        ("toboolean" | "toint32" | "todouble" | "todecimal" | "todatetime" | "toint64", _) => {
            let target = match name {
                "toboolean" => known::boolean(),
                "toint32" => known::int(),
                "toint64" => known::long(),
                "todouble" => known::double(),
                "todecimal" => known::decimal(),
                _ => known::datetime(),
            };
            vm.convert(&Value::Str(text.clone()), &target)?
        }
        _ => return Ok(None),
    }))
}

fn begins_or_ends(text: &str, wanted: &str, by: TextComparer, begins: bool) -> bool {
    match (by.ordinal, begins) {
        (true, true) if !by.ignore_case => text.starts_with(wanted),
        (true, false) if !by.ignore_case => text.ends_with(wanted),
        (true, begins) => {
            let (text, wanted) = (
                collation::ordinal::fold_key(text),
                collation::ordinal::fold_key(wanted),
            );
            if begins {
                text.starts_with(&*wanted)
            } else {
                text.ends_with(&*wanted)
            }
        }
        (false, true) => collation::starts_with(text, wanted, by.ignore_case),
        (false, false) => collation::ends_with(text, wanted, by.ignore_case),
    }
}

fn normalized(text: &str, form: i64) -> String {
    match form {
        2 => text.nfd().collect(),
        5 => text.nfkc().collect(),
        6 => text.nfkd().collect(),
        _ => text.nfc().collect(),
    }
}
