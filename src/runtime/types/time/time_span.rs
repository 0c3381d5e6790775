//! `System.TimeSpan`

use crate::runtime::error::R;
use crate::runtime::text::timespan::{TimeSpan, TimeSpanOverflow, TimeSpanParseError};
use crate::runtime::types::{failures, text::culture};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Names of the properties.
pub const PROPERTIES: [&str; 15] = [
    "Ticks",
    "Days",
    "Hours",
    "Milliseconds",
    "Microseconds",
    "Nanoseconds",
    "Minutes",
    "Seconds",
    "TotalDays",
    "TotalHours",
    "TotalMilliseconds",
    "TotalMicroseconds",
    "TotalNanoseconds",
    "TotalMinutes",
    "TotalSeconds",
];

const SECOND: i64 = 10_000_000;

/// A property.
pub fn get(span: &TimeSpan, name: &str) -> Option<Value> {
    Some(match name {
        "ticks" => Value::Long(span.ticks()),
        "days" => Value::Int(span.days() as i32),
        "hours" => Value::Int(span.hours() as i32),
        "minutes" => Value::Int(span.minutes() as i32),
        "seconds" => Value::Int(span.seconds() as i32),
        "milliseconds" => Value::Int(span.milliseconds() as i32),
        "microseconds" => Value::Int(span.microseconds() as i32),
        "nanoseconds" => Value::Int(span.nanoseconds() as i32),
        "totaldays" => Value::Double(span.total(86400 * SECOND)),
        "totalhours" => Value::Double(span.total(3600 * SECOND)),
        "totalminutes" => Value::Double(span.total(60 * SECOND)),
        "totalseconds" => Value::Double(span.total(SECOND)),
        "totalmilliseconds" => Value::Double(span.total(SECOND / 1000)),
        "totalmicroseconds" => Value::Double(span.total(10)),
        "totalnanoseconds" => Value::Double(span.ticks() as f64 * 100.0),
        _ => return None,
    })
}

fn checked(result: Result<TimeSpan, TimeSpanOverflow>) -> R<Option<Value>> {
    match result {
        Ok(span) => Ok(Some(Value::TimeSpan(span))),
        Err(error) => failures::overflow(error.to_string()),
    }
}

/// A method.
pub fn call(vm: &mut Vm, span: &TimeSpan, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("add", [Value::TimeSpan(other)]) => return checked(span.checked_add(*other)),
        ("subtract", [Value::TimeSpan(other)]) => return checked(span.subtract(*other)),
        ("multiply", [factor]) => return checked(span.multiply(vm.to_double(factor)?)),
        ("divide", [Value::TimeSpan(other)]) => {
            Value::Double(span.ticks() as f64 / other.ticks() as f64)
        }
        ("divide", [factor]) => return checked(span.divide(vm.to_double(factor)?)),
        ("negate", []) => return checked(span.negate()),
        ("duration", []) => return checked(span.duration()),
        ("tostring", arguments) => {
            let format = arguments
                .iter()
                .find_map(|a| a.as_str().map(str::to_string));
            let provider = arguments
                .iter()
                .find(|a| matches!(a.base(), Value::Native(_)));
            let culture = culture::of_provider(vm, provider);
            match span.format(format.as_deref().unwrap_or(""), culture) {
                Ok(text) => Value::str(text),
                Err(error) => return failures::format(error.to_string()),
            }
        }
        ("compareto", [other]) => match other.base() {
            Value::TimeSpan(other) => Value::Int(span.ticks().cmp(&other.ticks()) as i32),
            Value::Null | Value::Nothing => Value::Int(1),
            _ => return failures::argument("Object must be of type TimeSpan.", ""),
        },
        _ => return Ok(None),
    }))
}

/// A static property.
pub fn read_static(name: &str) -> Option<Value> {
    Some(match name {
        "zero" => Value::TimeSpan(TimeSpan(0)),
        "maxvalue" => Value::TimeSpan(TimeSpan(i64::MAX)),
        "minvalue" => Value::TimeSpan(TimeSpan(i64::MIN)),
        "ticksperday" => Value::Long(86400 * SECOND),
        "ticksperhour" => Value::Long(3600 * SECOND),
        "ticksperminute" => Value::Long(60 * SECOND),
        "tickspersecond" => Value::Long(SECOND),
        "tickspermillisecond" => Value::Long(SECOND / 1000),
        "tickspermicrosecond" => Value::Long(10),
        "nanosecondspertick" => Value::Long(100),
        "hoursperday" => Value::Int(24),
        "minutesperday" => Value::Long(1440),
        "minutesperhour" => Value::Long(60),
        "secondsperday" => Value::Long(86_400),
        "secondsperhour" => Value::Long(3600),
        "secondsperminute" => Value::Long(60),
        "millisecondsperday" => Value::Long(86_400_000),
        "millisecondsperhour" => Value::Long(3_600_000),
        "millisecondsperminute" => Value::Long(60_000),
        "millisecondspersecond" => Value::Long(1000),
        "microsecondsperday" => Value::Long(86_400_000_000),
        "microsecondsperhour" => Value::Long(3_600_000_000),
        "microsecondsperminute" => Value::Long(60_000_000),
        "microsecondspersecond" => Value::Long(1_000_000),
        "microsecondspermillisecond" => Value::Long(1000),
        _ => return None,
    })
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let unit = match name {
        "fromdays" => Some(86400 * SECOND),
        "fromhours" => Some(3600 * SECOND),
        "fromminutes" => Some(60 * SECOND),
        "fromseconds" => Some(SECOND),
        "frommilliseconds" => Some(SECOND / 1000),
        "frommicroseconds" => Some(10),
        _ => None,
    };
    if let (Some(unit), [value, rest @ ..]) = (unit, arguments) {
        let whole = TimeSpan::from_units(vm.to_double(value)?, unit);
        let smaller = [
            86400 * SECOND,
            3600 * SECOND,
            60 * SECOND,
            SECOND,
            SECOND / 1000,
            10,
        ];
        let mut total = whole;
        let next = smaller.iter().skip_while(|u| **u >= unit);
        for (part, unit) in rest.iter().zip(next) {
            let part = TimeSpan::from_units(vm.to_double(part)?, *unit);
            total = match (total, part) {
                (Ok(a), Ok(b)) => a.checked_add(b),
                _ => Err(TimeSpanOverflow),
            };
        }
        return checked(total);
    }
    Ok(Some(match (name, arguments) {
        ("fromticks", [n]) => Value::TimeSpan(TimeSpan(vm.to_long(n)?)),
        ("parse", [text, rest @ ..]) => {
            let Value::Str(text) = text.base() else {
                return failures::argument_null("s");
            };
            let culture = culture::of_provider(vm, rest.first());
            match TimeSpan::parse(text, culture) {
                Ok(span) => Value::TimeSpan(span),
                Err(error) => return refused(error),
            }
        }
        ("tryparse", [text, rest @ .., Value::Ref(place)]) => {
            let culture = culture::of_provider(vm, rest.first());
            let parsed = text.as_str().and_then(|t| TimeSpan::parse(t, culture).ok());
            place.set(Value::TimeSpan(parsed.unwrap_or(TimeSpan(0))));
            Value::Bool(parsed.is_some())
        }
        ("parseexact" | "tryparseexact", [text, format, rest @ ..]) => {
            let culture = culture::of_provider(vm, rest.first());
            let mut parsed = None;
            let mut failed = None;
            let text = text.as_str().unwrap_or("").to_string();
            for format in crate::runtime::types::time::date_time::formats(format) {
                match TimeSpan::parse_exact(&text, &format, culture, false) {
                    Ok(span) => {
                        parsed = Some(span);
                        break;
                    }
                    Err(error) => failed = Some(error),
                }
            }
            if let Some(Value::Ref(place)) = rest.last() {
                place.set(Value::TimeSpan(parsed.unwrap_or(TimeSpan(0))));
                return Ok(Some(Value::Bool(parsed.is_some())));
            }
            match (parsed, failed) {
                (Some(span), _) => Value::TimeSpan(span),
                (None, Some(error)) => return refused(error),
                (None, None) => return failures::argument_null("format"),
            }
        }
        ("compare", [Value::TimeSpan(a), Value::TimeSpan(b)]) => Value::Int(a.cmp(b) as i32),
        ("equals", [Value::TimeSpan(a), Value::TimeSpan(b)]) => Value::Bool(a == b),
        _ => return Ok(None),
    }))
}

fn refused<T>(error: TimeSpanParseError) -> R<T> {
    match error {
        TimeSpanParseError::Overflow(_) => failures::overflow(error.to_string()),
        _ => failures::format(error.to_string()),
    }
}

/// A constructor.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let parts: Vec<i64> = arguments
        .iter()
        .filter_map(crate::runtime::types::numerics::numbers::as_integer)
        .filter_map(|n| i64::try_from(n).ok())
        .collect();
    let of = |d: i64, h: i64, m: i64, s: i64, ms: i64, us: i64| {
        let total =
            i128::from(d) * 86400 + i128::from(h) * 3600 + i128::from(m) * 60 + i128::from(s);
        let ticks = total * i128::from(SECOND) + i128::from(ms) * 10_000 + i128::from(us) * 10;
        i64::try_from(ticks)
            .map(TimeSpan)
            .map_err(|_| TimeSpanOverflow)
    };
    match parts.as_slice() {
        [] => Ok(Some(Value::TimeSpan(TimeSpan(0)))),
        [ticks] => Ok(Some(Value::TimeSpan(TimeSpan(*ticks)))),
        [h, m, s] => too_long(of(0, *h, *m, *s, 0, 0)),
        [d, h, m, s] => too_long(of(*d, *h, *m, *s, 0, 0)),
        [d, h, m, s, ms] => too_long(of(*d, *h, *m, *s, *ms, 0)),
        [d, h, m, s, ms, us] => too_long(of(*d, *h, *m, *s, *ms, *us)),
        _ => Ok(None),
    }
}

fn too_long(span: Result<TimeSpan, TimeSpanOverflow>) -> R<Option<Value>> {
    match span {
        Ok(span) => Ok(Some(Value::TimeSpan(span))),
        Err(_) => {
            failures::out_of_range("TimeSpan overflowed because the duration is too long.", "")
        }
    }
}
