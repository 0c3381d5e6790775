//! `System.DateTimeOffset`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::{
    DateTime, DateTimeError, DateTimeKind, DateTimeOffset, FILE_TIME_EPOCH_TICKS, MAX_TICKS,
};
use crate::runtime::text::datetime_format::format_date_time_offset;
use crate::runtime::text::datetime_parse::{ParseContext, parse_date_time_offset};
use crate::runtime::text::datetime_parse_exact::parse_date_time_offset_exact;
use crate::runtime::text::timespan::{TICKS_PER_MILLISECOND, TICKS_PER_SECOND, TimeSpan};
use crate::runtime::types::time::date_time::{self, checked};
use crate::runtime::types::{TypeRef, failures, text::culture, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// A moment as an object.
pub fn value(moment: DateTimeOffset) -> Value {
    Value::native(moment)
}

/// The moment behind a value.
pub fn of(value: &Value) -> Option<DateTimeOffset> {
    match value.base() {
        Value::DateTime(date) => Some(DateTimeOffset::from_date_time(**date)),
        other => other.as_native::<DateTimeOffset>().copied(),
    }
}

fn made(result: Result<DateTimeOffset, DateTimeError>) -> R<Option<Value>> {
    match result {
        Ok(moment) => Ok(Some(value(moment))),
        Err(error @ DateTimeError::OffsetPrecision) => failures::argument(error.to_string(), ""),
        Err(error) => failures::out_of_range(error.to_string(), ""),
    }
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    match arguments {
        [Value::DateTime(date)] => {
            return Ok(Some(value(DateTimeOffset::from_date_time(**date))));
        }
        [Value::DateTime(date), Value::TimeSpan(offset)] => {
            let fits = match date.kind() {
                DateTimeKind::Unspecified => true,
                DateTimeKind::Utc if offset.0 == 0 => true,
                DateTimeKind::Utc => {
                    return failures::argument(
                        "The UTC Offset for Utc DateTime instances must be 0.",
                        "offset",
                    );
                }
                DateTimeKind::Local => date.utc_offset() == *offset,
            };
            if !fits {
                return failures::argument(
                    "The UTC Offset of the local dateTime parameter does not match the offset argument.",
                    "offset",
                );
            }
            return made(DateTimeOffset::new(date.ticks(), *offset));
        }
        [Value::Long(ticks), Value::TimeSpan(offset)] => {
            return made(DateTimeOffset::new(*ticks, *offset));
        }
        [date, time, Value::TimeSpan(offset)] => {
            let (Some(date), Some(time)) = (
                crate::runtime::types::time::date_only::of(date),
                crate::runtime::types::time::time_only::of(time),
            ) else {
                return Ok(None);
            };
            let ticks = date.to_date_time().ticks() + time.0;
            return made(DateTimeOffset::new(ticks, *offset));
        }
        [parts @ .., Value::TimeSpan(offset)] if parts.len() >= 6 => {
            let Some(Value::DateTime(clock)) = date_time::construct(vm, parts)? else {
                return Ok(None);
            };
            return made(DateTimeOffset::new(clock.ticks(), *offset));
        }
        _ => {}
    }
    Ok(None)
}

/// A static property.
pub fn read_static(vm: &mut Vm, name: &str) -> Option<Value> {
    let of_ticks = |ticks| DateTimeOffset::new(ticks, TimeSpan::ZERO).ok().map(value);
    match name {
        "now" => Some(value(DateTimeOffset::from_date_time(vm.now().to_local()))),
        "utcnow" => Some(value(DateTimeOffset::from_date_time(vm.now()))),
        "minvalue" => of_ticks(0),
        "maxvalue" => of_ticks(MAX_TICKS),
        "unixepoch" => DateTimeOffset::from_unix(0, TICKS_PER_SECOND)
            .ok()
            .map(value),
        _ => None,
    }
}

fn zero() -> Value {
    value(DateTimeOffset::default())
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("parse" | "tryparse", [text, rest @ ..]) => {
            let now = vm.now().to_local();
            let (styles, culture) = date_time::parse_how(vm, rest);
            let context = ParseContext {
                culture,
                styles,
                now: &|| now,
            };
            let parsed = text
                .as_str()
                .map(|text| parse_date_time_offset(text, context));
            if name == "tryparse" {
                return Ok(Some(answered(rest, parsed.and_then(Result::ok))));
            }
            match parsed {
                Some(Ok(moment)) => value(moment),
                Some(Err(error)) => return failures::format(error.to_string()),
                None => return failures::argument_null("input"),
            }
        }
        ("parseexact" | "tryparseexact", [text, formats, rest @ ..]) => {
            let now = vm.now().to_local();
            let (styles, culture) = date_time::parse_how(vm, rest);
            let context = ParseContext {
                culture,
                styles,
                now: &|| now,
            };
            let Some(text) = text.as_str() else {
                if name == "tryparseexact" {
                    return Ok(Some(answered(rest, None)));
                }
                return failures::argument_null("input");
            };
            let mut failed = None;
            let mut parsed = None;
            for format in date_time::formats(formats) {
                match parse_date_time_offset_exact(text, &format, context) {
                    Ok(moment) => {
                        parsed = Some(moment);
                        break;
                    }
                    Err(error) => failed = Some(error),
                }
            }
            if name == "tryparseexact" {
                return Ok(Some(answered(rest, parsed)));
            }
            match (parsed, failed) {
                (Some(moment), _) => value(moment),
                (None, Some(error)) => return failures::format(error.to_string()),
                (None, None) => return failures::argument_null("format"),
            }
        }
        ("compare", [one, other]) => match (of(one), of(other)) {
            (Some(one), Some(other)) => Value::Int(one.cmp(&other) as i32),
            _ => return Ok(None),
        },
        ("equals", [one, other]) => match (of(one), of(other)) {
            (Some(one), Some(other)) => Value::Bool(one == other),
            _ => return Ok(None),
        },
        ("fromunixtimeseconds", [n]) => {
            let range = "-62135596800 and 253402300799";
            from_unix(vm.to_long(n)?, TICKS_PER_SECOND, range, "seconds")?
        }
        ("fromunixtimemilliseconds", [n]) => {
            let range = "-62135596800000 and 253402300799999";
            from_unix(vm.to_long(n)?, TICKS_PER_MILLISECOND, range, "milliseconds")?
        }
        ("fromfiletime", [n]) => {
            let ticks = vm.to_long(n)?.saturating_add(FILE_TIME_EPOCH_TICKS);
            let utc = checked(DateTime::from_ticks(ticks, DateTimeKind::Utc))?;
            value(DateTimeOffset::from_date_time(utc.to_local()))
        }
        _ => return Ok(None),
    }))
}

/// The moment so many units after the beginning of 1970.
fn from_unix(count: i64, unit: i64, range: &str, parameter: &str) -> R<Value> {
    match DateTimeOffset::from_unix(count, unit) {
        Ok(moment) => Ok(value(moment)),
        Err(_) => failures::out_of_range(
            format!("Valid values are between {range}, inclusive."),
            parameter,
        ),
    }
}

/// The answer of a Try method: the result into its `[ref]`, whether there is one.
fn answered(arguments: &[Value], found: Option<DateTimeOffset>) -> Value {
    if let Some(Value::Ref(place)) = arguments.last() {
        place.set(found.map_or_else(zero, value));
    }
    Value::Bool(found.is_some())
}

impl Native for DateTimeOffset {
    fn type_ref(&self) -> TypeRef {
        type_named("System.DateTimeOffset")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match format_date_time_offset(*self, "", vm.culture()) {
            Ok(text) => Ok(text),
            Err(error) => failures::format(error.to_string()),
        }
    }

    fn invariant_text(&self, _vm: &mut Vm) -> Option<R<String>> {
        let text = format_date_time_offset(*self, "", Culture::invariant());
        Some(text.or_else(|error| failures::format(error.to_string())))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "DateTime",
            "UtcDateTime",
            "LocalDateTime",
            "Date",
            "Day",
            "DayOfWeek",
            "DayOfYear",
            "Hour",
            "Millisecond",
            "Microsecond",
            "Nanosecond",
            "Minute",
            "Month",
            "Offset",
            "TotalOffsetMinutes",
            "Second",
            "Ticks",
            "UtcTicks",
            "TimeOfDay",
            "Year",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(match name.as_str() {
            "datetime" => Some(Value::datetime(self.date_time())),
            "utcdatetime" => Some(Value::datetime(self.utc_date_time())),
            "localdatetime" => Some(Value::datetime(self.local_date_time())),
            "offset" => Some(Value::TimeSpan(self.offset())),
            "totaloffsetminutes" => Some(Value::Int((self.offset().0 / 600_000_000) as i32)),
            "utcticks" => Some(Value::Long(self.utc_ticks())),
            "kind" => None,
            _ => date_time::get(&std::rc::Rc::new(self.date_time()), &name),
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if let ("subtract", [other]) = (name, arguments)
            && let Some(other) = other.as_native::<DateTimeOffset>()
        {
            let span = self.utc_ticks() - other.utc_ticks();
            return Ok(Some(Value::TimeSpan(TimeSpan(span))));
        }
        if name.starts_with("add") || name == "subtract" {
            let clock = std::rc::Rc::new(self.date_time());
            return match date_time::call(vm, &clock, name, arguments)? {
                Some(Value::DateTime(clock)) => {
                    made(DateTimeOffset::new(clock.ticks(), self.offset()))
                }
                other => Ok(other),
            };
        }
        Ok(Some(match (name, arguments) {
            ("tooffset", [Value::TimeSpan(offset)]) => return made(self.to_offset(*offset)),
            ("tolocaltime", []) => value(DateTimeOffset::from_date_time(self.local_date_time())),
            ("touniversaltime", []) => value(DateTimeOffset::from_date_time(self.utc_date_time())),
            ("tounixtimeseconds", []) => Value::Long(self.to_unix_seconds()),
            ("tounixtimemilliseconds", []) => Value::Long(self.to_unix_milliseconds()),
            ("tofiletime", []) => Value::Long(self.utc_date_time().to_file_time_utc()),
            ("tostring", arguments) => {
                let format = arguments.iter().find_map(Value::as_str).unwrap_or("");
                let provider = arguments
                    .iter()
                    .find(|a| matches!(a.base(), Value::Native(_)));
                let culture = culture::of_provider(vm, provider);
                match format_date_time_offset(*self, format, culture) {
                    Ok(text) => Value::str(text),
                    Err(error) => return failures::format(error.to_string()),
                }
            }
            ("compareto", [other]) => match of(other) {
                Some(other) => Value::Int(self.cmp(&other) as i32),
                None if other.is_null() => Value::Int(1),
                None => return failures::argument("Object must be of type DateTimeOffset.", ""),
            },
            ("equals", [other]) => Value::Bool(other.as_native::<DateTimeOffset>() == Some(self)),
            ("equalsexact", [other]) => Value::Bool(
                other
                    .as_native::<DateTimeOffset>()
                    .is_some_and(|other| other == self && other.offset() == self.offset()),
            ),
            ("deconstruct", _) => return Ok(None),
            _ => return Ok(None),
        }))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        of(other).map(|other| self.cmp(&other))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.utc_ticks().to_string())
    }

    fn operator(&self, _vm: &mut Vm, op: &str, left: &Value, right: &Value) -> Option<R<Value>> {
        let left = of(left)?;
        let result = match (op, right.base()) {
            ("op_Addition", Value::TimeSpan(span)) => left.checked_add(*span),
            ("op_Subtraction", Value::TimeSpan(span)) => {
                left.checked_add(TimeSpan(span.0.saturating_neg()))
            }
            ("op_Subtraction", other) => {
                let right = of(other)?;
                let span = left.utc_ticks() - right.utc_ticks();
                return Some(Ok(Value::TimeSpan(TimeSpan(span))));
            }
            _ => return None,
        };
        Some(made(result).map(Option::unwrap_or_default))
    }
}
