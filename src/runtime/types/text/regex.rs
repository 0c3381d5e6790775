//! Regex, Match, Group, Capture and their collections.

use crate::host::discard::Long;
use crate::host::interrupted;
use crate::runtime::collection::Array;
use crate::runtime::error::{Fault, R, Unwind};
use crate::runtime::native::Native;
use crate::runtime::pattern::regex::{
    Group, Match, Replacement, byte_offset, escape, slice, unescape, utf16_offset,
};
use crate::runtime::pattern::{MatchFailure, Regex, RegexError, RegexOptions};
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

const SPACE: &str = "System.Text.RegularExpressions";

fn type_of(name: &str) -> TypeRef {
    type_named(&format!("{SPACE}.{name}"))
}

/// A regular expression as an object.
pub fn value(regex: Regex) -> Value {
    Value::native(regex)
}

/// A match as an object; `None` is a search without success.
pub fn match_value(regex: &Regex, text: &Rc<str>, found: Option<Match>) -> Value {
    Value::native(MatchObject {
        regex: regex.clone(),
        text: text.clone(),
        found,
    })
}

/// A pattern that does not read, as an exception.
pub fn parse_fault(error: &RegexError) -> Fault {
    let mut fault = Fault::dotnet(
        "System.Text.RegularExpressions.RegexParseException",
        error.message.clone(),
    );
    let which = Value::enum_of(
        "System.Text.RegularExpressions.RegexParseError",
        error.error as i64,
    );
    fault.exception = fault
        .exception
        .with("Error", which)
        .with("Offset", Value::Int(error.offset as i32));
    fault
}

/// A match that was given up, as an exception.
pub fn timeout_fault(failure: MatchFailure) -> Fault {
    let exception = match failure {
        MatchFailure::Timeout => "System.Text.RegularExpressions.RegexMatchTimeoutException",
        MatchFailure::TooLarge => "System.OutOfMemoryException",
    };
    Fault::dotnet(exception, failure.to_string())
}

/// Why replacing ended before the end of the text.
pub enum Stopped {
    /// It took too long.
    Timeout(MatchFailure),
    /// The evaluator ended it.
    Unwind(Box<Unwind>),
}

impl From<MatchFailure> for Stopped {
    fn from(timeout: MatchFailure) -> Stopped {
        Stopped::Timeout(timeout)
    }
}

impl From<Box<Unwind>> for Stopped {
    fn from(unwind: Box<Unwind>) -> Stopped {
        Stopped::Unwind(unwind)
    }
}

impl From<Stopped> for Box<Unwind> {
    fn from(stopped: Stopped) -> Box<Unwind> {
        match stopped {
            Stopped::Timeout(timeout) => timeout_fault(timeout).into(),
            Stopped::Unwind(unwind) => unwind,
        }
    }
}

fn read(pattern: &str, options: i64) -> R<Regex> {
    let Some(options) = u32::try_from(options)
        .ok()
        .and_then(RegexOptions::from_bits)
    else {
        return Err(Fault::dotnet(
            "System.ArgumentOutOfRangeException",
            "Specified argument was out of the range of valid values. (Parameter 'options')",
        )
        .into());
    };
    Regex::cached(pattern, options).map_err(|error| parse_fault(&error).into())
}

fn text_of(value: Option<&Value>, parameter: &str) -> R<Rc<str>> {
    match value.map(Value::base) {
        Some(Value::Str(text)) => Ok(text.as_str().into()),
        _ => Err(Fault::dotnet(
            "System.ArgumentNullException",
            format!("Value cannot be null. (Parameter '{parameter}')"),
        )
        .into()),
    }
}

fn bits_of(value: Option<&Value>) -> i64 {
    match value.map(Value::base) {
        Some(Value::Enum(options)) => options.bits,
        Some(Value::Int(bits)) => i64::from(*bits),
        _ => 0,
    }
}

fn int_of(value: Option<&Value>) -> Option<i32> {
    match value.map(Value::base) {
        Some(Value::Int(number)) => Some(*number),
        _ => None,
    }
}

/// A new expression from pattern, options and time limit.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let pattern = text_of(arguments.first(), "pattern")?;
    let mut regex = read(&pattern, bits_of(arguments.get(1)))?;
    if let Some(Value::TimeSpan(limit)) = arguments.get(2).map(Value::base)
        && limit.ticks() > 0
    {
        let nanoseconds = limit.ticks().unsigned_abs().saturating_mul(100);
        regex = regex.with_timeout(Duration::from_nanos(nanoseconds));
    }
    Ok(Some(value(regex)))
}

/// Static members without arguments.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "infinitematchtimeout" => Some(Value::TimeSpan(TimeSpan(-10_000))),
        "cachesize" => Some(Value::Int(15)),
        _ => None,
    }
}

/// `[Text.RegularExpressions.Match]::Empty`
pub fn empty_match(vm: &mut Vm) -> R<Value> {
    // A pattern that does not fit finds exactly that.
    let given = [Value::str("a"), Value::str("b")];
    Ok(call_static(vm, "match", &given)?.unwrap_or_default())
}

/// Static methods; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match name {
        "escape" => {
            let text = text_of(arguments.first(), "str")?;
            return Ok(Some(Value::str(escape(&text))));
        }
        "unescape" => {
            let text = text_of(arguments.first(), "str")?;
            let plain = unescape(&text).map_err(|error| parse_fault(&error))?;
            return Ok(Some(Value::str(plain)));
        }
        "ismatch" | "match" | "matches" | "count" | "replace" | "split" => {}
        _ => return Ok(None),
    }
    let pattern = text_of(arguments.get(1), "pattern")?;
    let more = if name == "replace" { 3 } else { 2 };
    let regex = read(&pattern, bits_of(arguments.get(more)))?;
    let mut own = vec![arguments.first().cloned().unwrap_or_default()];
    if name == "replace" {
        own.push(arguments.get(2).cloned().unwrap_or_default());
    }
    regex.call(vm, &Value::Null, name, &own)
}

/// Where a search starts that an argument places.
fn start_of(regex: &Regex, text: &str, value: Option<&Value>) -> R<usize> {
    let Some(units) = int_of(value) else {
        return Ok(if regex.is_right_to_left() {
            text.len()
        } else {
            0
        });
    };
    usize::try_from(units)
        .ok()
        .and_then(|units| byte_offset(text, units))
        .ok_or_else(|| {
            Fault::dotnet(
                "System.ArgumentOutOfRangeException",
                "Start index cannot be less than 0 or greater than input length. (Parameter 'startat')",
            )
            .into()
        })
}

fn all_matches(regex: &Regex, text: &Rc<str>, start: usize) -> R<Vec<Value>> {
    let mut found = Long::default();
    for one in regex.matches_from(text, start) {
        let one = one.map_err(timeout_fault)?;
        found.push(match_value(regex, text, Some(one)));
        if interrupted() {
            break;
        }
    }
    Ok(found.into_inner())
}

impl Regex {
    fn replace_call(&self, vm: &mut Vm, arguments: &[Value]) -> R<Value> {
        let text = text_of(arguments.first(), "input")?;
        let count = match int_of(arguments.get(2)) {
            Some(count) if count >= 0 => usize::try_from(count).ok(),
            _ => None,
        };
        let start = start_of(self, &text, arguments.get(3))?;
        let replaced = match arguments.get(1).map(Value::base) {
            Some(evaluator)
                if crate::runtime::types::reflection::delegate::is_callable(evaluator) =>
            {
                replace_by_block(vm, self, &text, count, start, evaluator)?
            }
            other => {
                let replacement = text_of(other, "replacement")?;
                let replacement = Replacement::parse(&replacement, self);
                self.replace_from(&text, &replacement, count, start)
                    .map_err(timeout_fault)?
                    .into_owned()
            }
        };
        Ok(Value::str(replaced))
    }
}

fn replace_by_block(
    vm: &mut Vm,
    regex: &Regex,
    text: &Rc<str>,
    count: Option<usize>,
    start: usize,
    evaluator: &Value,
) -> R<String> {
    let replaced = regex.replace_with_from(text, count, start, |found| {
        let argument = match_value(regex, text, Some(found.clone()));
        let output = crate::runtime::types::collections::array::call_delegate(
            vm,
            evaluator,
            vec![argument],
        )?;
        Ok::<_, Stopped>(vm.to_text(&output)?)
    })?;
    Ok(replaced.into_owned())
}

impl Native for Regex {
    fn type_ref(&self) -> TypeRef {
        type_of("Regex")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.pattern().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Options", "RightToLeft", "MatchTimeout"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "options" => Some(Value::enum_of(
                "System.Text.RegularExpressions.RegexOptions",
                i64::from(self.options().bits()),
            )),
            "righttoleft" => Some(Value::Bool(self.is_right_to_left())),
            "matchtimeout" => Some(Value::TimeSpan(match self.timeout() {
                Some(limit) => TimeSpan(i64::try_from(limit.as_nanos() / 100).unwrap_or(i64::MAX)),
                None => TimeSpan(-10_000),
            })),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match name {
            "ismatch" => {
                let text = text_of(arguments.first(), "input")?;
                let start = start_of(self, &text, arguments.get(1))?;
                let found = self.match_at(&text, start).map_err(timeout_fault)?;
                Value::Bool(found.is_some())
            }
            "match" => {
                let text = text_of(arguments.first(), "input")?;
                let start = start_of(self, &text, arguments.get(1))?;
                let found = self.match_at(&text, start).map_err(timeout_fault)?;
                match_value(self, &text, found)
            }
            "matches" => {
                let text = text_of(arguments.first(), "input")?;
                let start = start_of(self, &text, arguments.get(1))?;
                Value::native(Items {
                    kind: "MatchCollection",
                    items: all_matches(self, &text, start)?.into(),
                    names: Vec::new(),
                })
            }
            "count" => {
                let text = text_of(arguments.first(), "input")?;
                let start = start_of(self, &text, None)?;
                Value::Int(
                    i32::try_from(all_matches(self, &text, start)?.len()).unwrap_or(i32::MAX),
                )
            }
            "replace" => self.replace_call(vm, arguments)?,
            "split" => {
                let text = text_of(arguments.first(), "input")?;
                let count = int_of(arguments.get(1))
                    .and_then(|count| usize::try_from(count).ok())
                    .filter(|count| *count > 0);
                let start = start_of(self, &text, arguments.get(2))?;
                let parts = self
                    .split_from(&text, count, start)
                    .map_err(timeout_fault)?;
                Value::strings(parts)
            }
            "getgroupnames" => Value::strings(self.group_names().iter().map(String::as_str)),
            "getgroupnumbers" => {
                let numbers = self.group_numbers().iter();
                let numbers = numbers.map(|n| Value::Int(i32::try_from(*n).unwrap_or(i32::MAX)));
                Value::Array(Rc::new(Array::typed(known::int(), numbers.collect())))
            }
            "groupnamefromnumber" => {
                let slot = int_of(arguments.first())
                    .and_then(|n| u32::try_from(n).ok())
                    .and_then(|n| self.slot_of_number(n));
                let name = slot.and_then(|slot| self.group_names().get(slot));
                Value::str(name.map(String::as_str).unwrap_or_default())
            }
            "groupnumberfromname" => {
                let name = text_of(arguments.first(), "name")?;
                let slot = self.slot_of_name(&name);
                let number = slot.and_then(|slot| self.group_numbers().get(slot));
                Value::Int(number.and_then(|n| i32::try_from(*n).ok()).unwrap_or(-1))
            }
            "tostring" => Value::str(self.pattern()),
            _ => return Ok(None),
        }))
    }
}

/// A piece of the text: what all captures have.
fn piece(text: &str, range: &Range<usize>, name: &str) -> Option<Value> {
    let units = |at: usize| i32::try_from(utf16_offset(text, at)).unwrap_or(i32::MAX);
    Some(match name {
        "index" => Value::Int(units(range.start)),
        "length" => Value::Int(units(range.end) - units(range.start)),
        "value" => Value::str(slice(text, range.start, range.end)),
        "valuespan" => Value::Null,
        _ => return None,
    })
}

/// The captures of a group, oldest first.
fn captures(text: &Rc<str>, group: &Group) -> Value {
    let capture = |range| {
        Value::native(Capture {
            text: text.clone(),
            range,
        })
    };
    Value::native(Items {
        kind: "CaptureCollection",
        items: group.captures().map(capture).collect(),
        names: Vec::new(),
    })
}

/// A successful or failed match.
pub struct MatchObject {
    regex: Regex,
    text: Rc<str>,
    found: Option<Match>,
}

impl MatchObject {
    fn groups(&self) -> Items {
        let names: Vec<String> = self.regex.group_names().to_vec();
        let items = match &self.found {
            None => Vec::new(),
            Some(found) => names
                .iter()
                .zip(found.groups())
                .enumerate()
                .map(|(slot, (name, group))| match slot {
                    0 => match_value(&self.regex, &self.text, self.found.clone()),
                    _ => Value::native(GroupObject {
                        text: self.text.clone(),
                        name: name.as_str().into(),
                        group: group.clone(),
                    }),
                })
                .collect(),
        };
        Items {
            kind: "GroupCollection",
            items: items.into(),
            names,
        }
    }
}

const GROUP_PROPERTIES: [&str; 8] = [
    "Groups",
    "Success",
    "Name",
    "Captures",
    "Index",
    "Length",
    "Value",
    "ValueSpan",
];

impl Native for MatchObject {
    fn type_ref(&self) -> TypeRef {
        type_of("Match")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match &self.found {
            Some(found) => found.value(&self.text).into_owned(),
            None => String::new(),
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        GROUP_PROPERTIES.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let range = self.found.as_ref().map(Match::range).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        Ok(match lower.as_str() {
            "groups" => Some(Value::native(self.groups())),
            "success" => Some(Value::Bool(self.found.is_some())),
            "name" => Some(Value::str("0")),
            "captures" => {
                let whole = self.found.as_ref().and_then(|f| f.groups().first());
                Some(captures(&self.text, whole.unwrap_or(&Group::default())))
            }
            other => piece(&self.text, &range, other),
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, &self.found) {
            ("nextmatch", Some(found)) => {
                let next = self
                    .regex
                    .next_match(&self.text, found)
                    .map_err(timeout_fault)?;
                Some(match_value(&self.regex, &self.text, next))
            }
            ("nextmatch", None) => Some(match_value(&self.regex, &self.text, None)),
            ("result", Some(found)) => {
                let replacement = text_of(arguments.first(), "replacement")?;
                let replacement = Replacement::parse(&replacement, &self.regex);
                let whole = self
                    .regex
                    .replace_from(&self.text, &replacement, Some(1), found.start())
                    .map_err(timeout_fault)?;
                // What stands for the match is what replacing it put in its place.
                let tail = self.text.len() - found.end();
                let result = whole.get(found.start()..whole.len() - tail);
                Some(Value::str(result.unwrap_or_default()))
            }
            ("result", None) => {
                return Err(Fault::dotnet(
                    "System.NotSupportedException",
                    "Result cannot be called on a failed Match.",
                )
                .into());
            }
            ("tostring", Some(found)) => Some(Value::str(found.value(&self.text))),
            ("tostring", None) => Some(Value::str("")),
            _ => None,
        })
    }
}

/// A group of a match.
struct GroupObject {
    text: Rc<str>,
    name: Rc<str>,
    group: Group,
}

impl Native for GroupObject {
    fn type_ref(&self) -> TypeRef {
        type_of("Group")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.group.value(&self.text).into_owned())
    }

    fn properties(&self) -> Vec<&'static str> {
        GROUP_PROPERTIES[1..].to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let lower = name.to_ascii_lowercase();
        Ok(match lower.as_str() {
            "success" => Some(Value::Bool(self.group.success())),
            "name" => Some(Value::str(&*self.name)),
            "captures" => Some(captures(&self.text, &self.group)),
            other => piece(&self.text, &self.group.range().unwrap_or_default(), other),
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok((name == "tostring").then(|| Value::str(self.group.value(&self.text))))
    }
}

/// One capture of a group.
struct Capture {
    text: Rc<str>,
    range: Range<usize>,
}

impl Native for Capture {
    fn type_ref(&self) -> TypeRef {
        type_of("Capture")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(slice(&self.text, self.range.start, self.range.end).into_owned())
    }

    fn properties(&self) -> Vec<&'static str> {
        GROUP_PROPERTIES[4..].to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(piece(&self.text, &self.range, &name.to_ascii_lowercase()))
    }
}

/// MatchCollection, GroupCollection and CaptureCollection.
struct Items {
    kind: &'static str,
    items: Long<Value>,
    /// Names of groups in their order.
    names: Vec<String>,
}

impl Items {
    fn at(&self, index: &Value) -> Option<Value> {
        let slot = match index.base() {
            Value::Int(n) => match self.names.is_empty() {
                true => usize::try_from(*n).ok(),
                // Group numbers need not be places.
                false => self
                    .names
                    .iter()
                    .position(|name| *name == n.to_string())
                    .or_else(|| usize::try_from(*n).ok().filter(|n| *n < self.names.len())),
            },
            Value::Str(name) => self.names.iter().position(|n| **n == **name),
            _ => None,
        };
        slot.and_then(|slot| self.items.get(slot).cloned())
    }
}

impl Native for Items {
    fn type_ref(&self) -> TypeRef {
        type_of(self.kind)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count", "IsReadOnly", "IsSynchronized", "SyncRoot"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = || Value::Int(i32::try_from(self.items.len()).unwrap_or(i32::MAX));
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" | "length" => Some(count()),
            "isreadonly" => Some(Value::Bool(true)),
            "issynchronized" => Some(Value::Bool(false)),
            "keys" if !self.names.is_empty() => {
                Some(Value::strings(self.names.iter().map(String::as_str)))
            }
            "values" if !self.names.is_empty() => Some(Value::array(self.items.to_vec())),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "item" | "get_item" => arguments.first().and_then(|index| self.at(index)),
            "containskey" => arguments
                .first()
                .map(|key| Value::Bool(self.at(key).is_some())),
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items.to_vec()))
    }

    fn index(&self, _vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        match self.at(index) {
            Some(item) => Ok(Some(item)),
            // A group that is not there did not take part.
            None if self.kind == "GroupCollection" => Ok(Some(Value::native(GroupObject {
                text: "".into(),
                name: "".into(),
                group: Group::default(),
            }))),
            None => Err(Fault::dotnet(
                "System.ArgumentOutOfRangeException",
                "Specified argument was out of the range of valid values. (Parameter 'i')",
            )
            .into()),
        }
    }
}
