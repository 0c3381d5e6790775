//! `System.DateTime`

use crate::runtime::error::R;
use crate::runtime::text::datetime::{
    DateOnly, DateTime, DateTimeError, DateTimeKind, TimeOnly, days_in_month, is_leap_year,
};
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::datetime_parse::{DateTimeStyles, ParseContext, parse_date_time};
use crate::runtime::text::datetime_parse_exact::parse_date_time_exact;
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::types::{failures, known, text::culture};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Names of the properties.
pub const PROPERTIES: [&str; 15] = [
    "Date",
    "Day",
    "DayOfWeek",
    "DayOfYear",
    "Hour",
    "Kind",
    "Millisecond",
    "Microsecond",
    "Nanosecond",
    "Minute",
    "Month",
    "Second",
    "Ticks",
    "TimeOfDay",
    "Year",
];

/// A property.
pub fn get(date: &Rc<DateTime>, name: &str) -> Option<Value> {
    Some(match name {
        "date" => Value::datetime(date.date()),
        "day" => Value::Int(date.day()),
        "dayofweek" => Value::enum_of("System.DayOfWeek", date.day_of_week() as i64),
        "dayofyear" => Value::Int(date.day_of_year()),
        "hour" => Value::Int(date.hour()),
        "kind" => Value::enum_of("System.DateTimeKind", kind_bits(date.kind())),
        "millisecond" => Value::Int(date.millisecond()),
        "microsecond" => Value::Int(date.microsecond()),
        "nanosecond" => Value::Int(date.nanosecond()),
        "minute" => Value::Int(date.minute()),
        "month" => Value::Int(date.month()),
        "second" => Value::Int(date.second()),
        "ticks" => Value::Long(date.ticks()),
        "timeofday" => Value::TimeSpan(date.time_of_day()),
        "year" => Value::Int(date.year()),
        _ => return None,
    })
}

fn kind_bits(kind: DateTimeKind) -> i64 {
    match kind {
        DateTimeKind::Unspecified => 0,
        DateTimeKind::Utc => 1,
        DateTimeKind::Local => 2,
    }
}

/// The kind of these enum bits.
pub fn kind_of(bits: i64) -> DateTimeKind {
    match bits {
        1 => DateTimeKind::Utc,
        2 => DateTimeKind::Local,
        _ => DateTimeKind::Unspecified,
    }
}

/// A date, or the exception that says why there is none.
pub fn checked<T>(result: Result<T, DateTimeError>) -> R<T> {
    result.or_else(|error| failures::out_of_range(error.to_string(), ""))
}

const DAY: i64 = 864_000_000_000;

fn added(date: Result<DateTime, DateTimeError>) -> R<Option<Value>> {
    checked(date).map(|date| Some(Value::datetime(date)))
}

/// A method.
pub fn call(vm: &mut Vm, date: &Rc<DateTime>, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let date = **date;
    let unit = match name {
        "adddays" => Some(DAY),
        "addhours" => Some(DAY / 24),
        "addminutes" => Some(600_000_000),
        "addseconds" => Some(10_000_000),
        "addmilliseconds" => Some(10_000),
        "addmicroseconds" => Some(10),
        _ => None,
    };
    if let (Some(unit), [value]) = (unit, arguments) {
        return added(date.add_units(vm.to_double(value)?, unit));
    }
    Ok(Some(match (name, arguments) {
        ("addticks", [n]) => {
            return added(date.checked_add(TimeSpan(vm.to_long(n)?)));
        }
        ("addmonths", [n]) => return added(date.add_months(vm.to_int(n)?)),
        ("addyears", [n]) => return added(date.add_years(vm.to_int(n)?)),
        ("add", [Value::TimeSpan(span)]) => return added(date.checked_add(*span)),
        ("subtract", [Value::TimeSpan(span)]) => return added(date.subtract(*span)),
        ("subtract", [Value::DateTime(other)]) => Value::TimeSpan(date.since(**other)),
        ("tolocaltime", []) => Value::datetime(date.to_local()),
        ("touniversaltime", []) => Value::datetime(date.to_universal()),
        ("tofiletime" | "tofiletimeutc", []) => Value::Long(date.to_file_time_utc()),
        ("tooadate", []) => Value::Double(date.to_oa_date()),
        ("tobinary", []) => Value::Long(date.to_binary()),
        ("toshortdatestring", []) => text(vm, date, "d", None)?,
        ("tolongdatestring", []) => text(vm, date, "D", None)?,
        ("toshorttimestring", []) => text(vm, date, "t", None)?,
        ("tolongtimestring", []) => text(vm, date, "T", None)?,
        ("tostring", arguments) => {
            let format = arguments
                .iter()
                .find_map(|a| a.as_str().map(str::to_string));
            let provider = arguments
                .iter()
                .find(|a| matches!(a.base(), Value::Native(_)));
            text(vm, date, format.as_deref().unwrap_or(""), provider)?
        }
        ("isdaylightsavingtime", []) => Value::Bool(false),
        ("getdatetimeformats", _) => {
            let mut all = Vec::new();
            for format in [
                "d", "D", "t", "T", "f", "F", "g", "G", "M", "o", "r", "s", "u", "U", "Y",
            ] {
                all.push(text(vm, date, format, None)?);
            }
            crate::runtime::types::collections::array::of(&known::string(), all)
        }
        ("compareto", [other]) => match other.base() {
            Value::DateTime(other) => Value::Int(date.ticks().cmp(&other.ticks()) as i32),
            Value::Null | Value::Nothing => Value::Int(1),
            _ => return failures::argument("Object must be of type DateTime.", ""),
        },
        ("deconstruct", places) => {
            let (year, month, day) = date.ymd();
            let parts = match places {
                [_, _, _] => vec![Value::Int(year), Value::Int(month), Value::Int(day)],
                _ => vec![
                    crate::runtime::types::time::date_only::value(DateOnly::from_date_time(date)),
                    crate::runtime::types::time::time_only::value(TimeOnly::from_date_time(date)),
                ],
            };
            for (place, part) in places.iter().zip(parts) {
                if let Value::Ref(place) = place {
                    place.set(part);
                }
            }
            Value::Nothing
        }
        ("equals", [other]) => Value::Bool(
            matches!(other.base(), Value::DateTime(other) if other.ticks() == date.ticks()),
        ),
        _ => return Ok(None),
    }))
}

fn text(vm: &mut Vm, date: DateTime, format: &str, provider: Option<&Value>) -> R<Value> {
    let culture = culture::of_provider(vm, provider);
    match format_date_time(date, format, culture) {
        Ok(text) => Ok(Value::str(text)),
        Err(error) => failures::format(error.to_string()),
    }
}

/// A static property.
pub fn read_static(vm: &mut Vm, name: &str) -> Option<Value> {
    Some(match name {
        "now" => Value::datetime(vm.now().to_local()),
        "utcnow" => Value::datetime(vm.now()),
        "today" => Value::datetime(vm.now().to_local().date()),
        "minvalue" => Value::datetime(DateTime::new(0, DateTimeKind::Unspecified)),
        "maxvalue" => Value::datetime(DateTime::new(
            3_155_378_975_999_999_999,
            DateTimeKind::Unspecified,
        )),
        "unixepoch" => Value::datetime(DateTime::new(621_355_968_000_000_000, DateTimeKind::Utc)),
        _ => return None,
    })
}

/// Culture and styles among the arguments of a parsing method.
pub fn parse_how(
    vm: &mut Vm,
    arguments: &[Value],
) -> (
    DateTimeStyles,
    &'static crate::runtime::text::culture::Culture,
) {
    let mut styles = DateTimeStyles::NONE;
    let mut provider = None;
    for argument in arguments {
        match argument.base() {
            Value::Enum(e) => styles = DateTimeStyles(e.bits as u32),
            Value::Native(_) => provider = Some(argument),
            _ => {}
        }
    }
    (styles, culture::of_provider(vm, provider))
}

/// The formats of a ParseExact call.
pub fn formats(value: &Value) -> Vec<String> {
    match value.base() {
        Value::Array(list) => list
            .items
            .borrow()
            .iter()
            .filter_map(|f| f.as_str().map(str::to_string))
            .collect(),
        Value::Str(one) => vec![one.to_string()],
        _ => Vec::new(),
    }
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let now = vm.now().to_local();
    let clock = || now;
    Ok(Some(match (name, arguments) {
        ("parse", [first, rest @ ..]) => {
            let Value::Str(first) = first.base() else {
                return failures::argument_null("s");
            };
            let (styles, culture) = parse_how(vm, rest);
            let context = ParseContext {
                culture,
                styles,
                now: &clock,
            };
            match parse_date_time(first, context) {
                Ok(date) => Value::datetime(date),
                Err(error) => return failures::format(error.to_string()),
            }
        }
        ("tryparse", [first, rest @ .., Value::Ref(place)]) => {
            let (styles, culture) = parse_how(vm, rest);
            let context = ParseContext {
                culture,
                styles,
                now: &clock,
            };
            let parsed = first
                .as_str()
                .and_then(|t| parse_date_time(t, context).ok());
            place.set(Value::datetime(
                parsed.unwrap_or(DateTime::new(0, DateTimeKind::Unspecified)),
            ));
            Value::Bool(parsed.is_some())
        }
        ("parseexact" | "tryparseexact", [first, format, rest @ ..]) => {
            let list = formats(format);
            let (styles, culture) = parse_how(vm, rest);
            let context = ParseContext {
                culture,
                styles,
                now: &clock,
            };
            let mut failed = None;
            let mut parsed = None;
            if let Some(text) = first.as_str() {
                for format in &list {
                    match parse_date_time_exact(text, format, context) {
                        Ok(date) => {
                            parsed = Some(date);
                            break;
                        }
                        Err(error) => failed = Some(error),
                    }
                }
            }
            if let Some(Value::Ref(place)) = rest.last() {
                place.set(Value::datetime(
                    parsed.unwrap_or(DateTime::new(0, DateTimeKind::Unspecified)),
                ));
                return Ok(Some(Value::Bool(parsed.is_some())));
            }
            match (parsed, failed) {
                (Some(date), _) => Value::datetime(date),
                (None, Some(error)) => return failures::format(error.to_string()),
                (None, None) => return failures::argument_null("s"),
            }
        }
        ("daysinmonth", [year, month]) => {
            let (year, month) = (vm.to_int(year)?, vm.to_int(month)?);
            match days_in_month(year, month) {
                Some(days) => Value::Int(days),
                None if !(1..=12).contains(&month) => {
                    return failures::out_of_range(
                        "Month must be between one and twelve.",
                        "month",
                    );
                }
                None => {
                    return failures::out_of_range("Year must be between 1 and 9999.", "year");
                }
            }
        }
        ("isleapyear", [year]) => {
            let year = vm.to_int(year)?;
            if !(1..=9999).contains(&year) {
                return failures::out_of_range("Year must be between 1 and 9999.", "year");
            }
            Value::Bool(is_leap_year(year))
        }
        ("compare", [Value::DateTime(a), Value::DateTime(b)]) => {
            Value::Int(a.ticks().cmp(&b.ticks()) as i32)
        }
        ("equals", [Value::DateTime(a), Value::DateTime(b)]) => Value::Bool(a.ticks() == b.ticks()),
        ("specifykind", [Value::DateTime(date), Value::Enum(kind)]) => {
            Value::datetime(date.with_kind(kind_of(kind.bits)))
        }
        ("fromoadate", [n]) => match DateTime::from_oa_date(vm.to_double(n)?) {
            Some(date) => Value::datetime(date),
            None => return failures::argument("Not a legal OleAut date.", ""),
        },
        ("fromfiletime" | "fromfiletimeutc", [n]) => {
            let Some(ticks) = vm.to_long(n)?.checked_add(504_911_232_000_000_000) else {
                return failures::out_of_range("Not a valid Win32 FileTime.", "fileTime");
            };
            let utc = checked(DateTime::from_ticks(ticks, DateTimeKind::Utc))?;
            Value::datetime(if name == "fromfiletime" {
                utc.to_local()
            } else {
                utc
            })
        }
        ("frombinary", [n]) => {
            let bits = vm.to_long(n)?;
            let ticks = bits & 0x3FFF_FFFF_FFFF_FFFF;
            let kind = kind_of((bits >> 62) & 3);
            Value::datetime(checked(DateTime::from_ticks(ticks, kind))?)
        }
        _ => return Ok(None),
    }))
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let kind = match arguments.last().map(Value::base) {
        Some(Value::Enum(kind)) => kind_of(kind.bits),
        _ => DateTimeKind::Unspecified,
    };
    if let [Value::Long(ticks), ..] = arguments {
        return added(DateTime::from_ticks(*ticks, kind));
    }
    if let [date, time, ..] = arguments
        && let (Some(date), Some(time)) = (
            crate::runtime::types::time::date_only::of(date),
            crate::runtime::types::time::time_only::of(time),
        )
    {
        let ticks = date.to_date_time().ticks() + time.0;
        return added(DateTime::from_ticks(ticks, kind));
    }
    let mut parts = Vec::new();
    for argument in arguments {
        if let Value::Int(n) = argument.base() {
            parts.push(*n);
        }
    }
    let _ = vm;
    let part = |at: usize| parts.get(at).copied().unwrap_or(0);
    if parts.len() < 3 {
        return Ok(None);
    }
    let date = checked(DateTime::from_parts(
        (part(0), part(1), part(2)),
        (part(3), part(4), part(5)),
        kind,
    ))?;
    let date = checked(date.with_fraction(part(6), part(7)))?;
    Ok(Some(Value::datetime(date)))
}
