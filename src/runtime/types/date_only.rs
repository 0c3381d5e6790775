//! `System.DateOnly`

use super::date_time::{self, checked};
use super::{TypeRef, culture, failures, find_full, known, time_only};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::{DateOnly, DateTime, DateTimeKind};
use crate::runtime::text::datetime_format::format_date_only;
use crate::runtime::text::datetime_parse::{ParseContext, parse_date_time};
use crate::runtime::text::datetime_parse_exact::parse_date_only_exact;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::cmp::Ordering;

/// The number of 9999-12-31.
const LAST_DAY: i32 = 3_652_058;

/// A day as an object.
pub fn value(day: DateOnly) -> Value {
    Value::native(day)
}

/// The day behind a value.
pub fn of(value: &Value) -> Option<DateOnly> {
    value.as_native::<DateOnly>().copied()
}

fn made(date: DateTime) -> Value {
    value(DateOnly::from_date_time(date))
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [year, month, day, ..] = arguments else {
        return Ok(Some(value(DateOnly(0))));
    };
    let (year, month, day) = (vm.to_int(year)?, vm.to_int(month)?, vm.to_int(day)?);
    let date = checked(DateTime::from_ymd(year, month, day))?;
    Ok(Some(made(date)))
}

/// A static property.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "minvalue" => Some(value(DateOnly(0))),
        "maxvalue" => Some(value(DateOnly(LAST_DAY))),
        _ => None,
    }
}

fn parsed(vm: &mut Vm, name: &str, text: &Value, rest: &[Value]) -> R<Result<DateOnly, String>> {
    let Some(text) = text.as_str() else {
        return Ok(Err(String::new()));
    };
    let unknown = || format!("String '{text}' was not recognized as a valid DateOnly.");
    let now = vm.now().to_local();
    let (rest, formats) = match rest {
        [formats, rest @ ..] if name.ends_with("exact") => (rest, Some(formats)),
        rest => (rest, None),
    };
    let (styles, culture) = date_time::parse_how(vm, rest);
    let context = ParseContext {
        culture,
        styles,
        now: &|| now,
    };
    let found = match formats {
        Some(formats) => date_time::formats(formats)
            .iter()
            .find_map(|format| parse_date_only_exact(text, format, context)),
        None => match parse_date_time(text, context) {
            Ok(date) if date.time_of_day().0 != 0 => {
                return Ok(Err(format!(
                    "String '{text}' contains parts which are not specific to the DateOnly."
                )));
            }
            Ok(date) => Some(DateOnly::from_date_time(date)),
            Err(_) => None,
        },
    };
    Ok(found.ok_or_else(unknown))
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("parse" | "parseexact", [text, rest @ ..]) => {
            if text.is_null() {
                return failures::argument_null("s");
            }
            match parsed(vm, name, text, rest)? {
                Ok(day) => value(day),
                Err(message) => return failures::format(message),
            }
        }
        ("tryparse" | "tryparseexact", [text, rest @ .., Value::Ref(place)]) => {
            let found = parsed(vm, name, text, rest)?.ok();
            place.set(value(found.unwrap_or_default()));
            Value::Bool(found.is_some())
        }
        ("fromdatetime", [Value::DateTime(date)]) => made(**date),
        ("fromdaynumber", [n]) => match vm.to_int(n)? {
            n @ 0..=LAST_DAY => value(DateOnly(n)),
            _ => {
                return failures::out_of_range(
                    "Day number must be between DateOnly.MinValue.DayNumber and DateOnly.MaxValue.DayNumber.",
                    "dayNumber",
                );
            }
        },
        _ => return Ok(None),
    }))
}

fn text(vm: &mut Vm, day: DateOnly, format: &str, provider: Option<&Value>) -> R<Value> {
    let culture = culture::of_provider(vm, provider);
    match format_date_only(day, format, culture) {
        Ok(text) => Ok(Value::str(text)),
        Err(error) => failures::format(error.to_string()),
    }
}

impl Native for DateOnly {
    fn type_ref(&self) -> TypeRef {
        find_full("System.DateOnly").unwrap_or_else(known::object)
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match format_date_only(*self, "", vm.culture()) {
            Ok(text) => Ok(text),
            Err(error) => failures::format(error.to_string()),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Year",
            "Month",
            "Day",
            "DayOfWeek",
            "DayOfYear",
            "DayNumber",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(match name.as_str() {
            "daynumber" => Some(Value::Int(self.0)),
            "year" | "month" | "day" | "dayofweek" | "dayofyear" => {
                date_time::get(&std::rc::Rc::new(self.to_date_time()), &name)
            }
            _ => None,
        })
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let midnight = self.to_date_time();
        Ok(Some(match (name, arguments) {
            ("adddays", [n]) => {
                let sum = i64::from(self.0) + i64::from(vm.to_int(n)?);
                match i32::try_from(sum) {
                    Ok(n @ 0..=LAST_DAY) => value(DateOnly(n)),
                    _ => {
                        return failures::out_of_range("Value to add was out of range.", "value");
                    }
                }
            }
            ("addmonths", [n]) => made(checked(midnight.add_months(vm.to_int(n)?))?),
            ("addyears", [n]) => made(checked(midnight.add_years(vm.to_int(n)?))?),
            ("todatetime", [time, rest @ ..]) => {
                let Some(time) = time_only::of(time) else {
                    return Ok(None);
                };
                let kind = match rest {
                    [Value::Enum(kind)] => date_time::kind_of(kind.bits),
                    _ => DateTimeKind::Unspecified,
                };
                Value::datetime(DateTime::new(midnight.ticks() + time.0, kind))
            }
            ("toshortdatestring", []) => text(vm, *self, "d", None)?,
            ("tolongdatestring", []) => text(vm, *self, "D", None)?,
            ("tostring", arguments) => {
                let format = arguments.iter().find_map(Value::as_str).unwrap_or("");
                let provider = arguments
                    .iter()
                    .find(|a| matches!(a.base(), Value::Native(_)));
                text(vm, *self, format, provider)?
            }
            ("compareto", [other]) => match of(other) {
                Some(other) => Value::Int(self.cmp(&other) as i32),
                None if other.is_null() => Value::Int(1),
                None => return failures::argument("Object must be of type DateOnly.", ""),
            },
            ("equals", [other]) => Value::Bool(of(other) == Some(*self)),
            ("gethashcode", []) => Value::Int(self.0),
            ("deconstruct", places) => {
                let (year, month, day) = midnight.ymd();
                for (place, part) in places.iter().zip([year, month, day]) {
                    if let Value::Ref(place) = place {
                        place.set(Value::Int(part));
                    }
                }
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        of(other).map(|other| self.cmp(&other))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
