//! `System.TimeOnly`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::{DateTime, DateTimeKind, TimeOnly};
use crate::runtime::text::datetime_format::format_time_only;
use crate::runtime::text::datetime_parse::{DateTimeStyles, ParseContext};
use crate::runtime::text::datetime_parse_exact::parse_time_only_exact;
use crate::runtime::text::number_format::FormatError;
use crate::runtime::text::timespan::{TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TimeSpan};
use crate::runtime::types::time::date_part::{self, DatePart};
use crate::runtime::types::time::date_time::{self, checked};
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// A time of day as an object.
pub fn value(time: TimeOnly) -> Value {
    Value::native(time)
}

/// The time behind a value.
pub fn of(value: &Value) -> Option<TimeOnly> {
    date_part::of(value)
}

fn of_ticks(ticks: i64) -> R<Value> {
    if (0..TICKS_PER_DAY).contains(&ticks) {
        return Ok(value(TimeOnly(ticks)));
    }
    failures::out_of_range(
        "Ticks must be between 0 and TimeOnly.MaxValue.Ticks.",
        "ticks",
    )
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    if let [Value::Long(ticks)] = arguments {
        return of_ticks(*ticks).map(Some);
    }
    let mut parts = [0; 5];
    for (part, argument) in parts.iter_mut().zip(arguments) {
        *part = vm.to_int(argument)?;
    }
    let [hour, minute, second, millisecond, microsecond] = parts;
    let time = checked(DateTime::from_parts(
        (1, 1, 1),
        (hour, minute, second),
        DateTimeKind::Unspecified,
    ))?;
    let time = checked(time.with_fraction(millisecond, microsecond))?;
    Ok(Some(value(TimeOnly(time.ticks()))))
}

/// A static property.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "minvalue" => Some(value(TimeOnly(0))),
        "maxvalue" => Some(value(TimeOnly(TICKS_PER_DAY - 1))),
        _ => None,
    }
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("fromdatetime", [Value::DateTime(date)]) => value(TimeOnly::from_date_time(**date)),
        ("fromtimespan", [Value::TimeSpan(span)]) => of_ticks(span.0)?,
        _ => return date_part::call_static::<TimeOnly>(vm, name, arguments),
    }))
}

/// The time some span later, and how many midnights lie between.
fn later(time: TimeOnly, span: TimeSpan, days: Option<&Value>) -> Value {
    if let Some(Value::Ref(place)) = days {
        let sum = i128::from(time.0) + i128::from(span.0);
        place.set(Value::Int(sum.div_euclid(TICKS_PER_DAY.into()) as i32));
    }
    value(time.plus(span))
}

impl DatePart for TimeOnly {
    const NAME: &'static str = "TimeOnly";
    const STYLES: DateTimeStyles = DateTimeStyles::NO_CURRENT_DATE_DEFAULT;

    fn alone(whole: DateTime) -> Option<TimeOnly> {
        (whole.ticks() < TICKS_PER_DAY).then(|| TimeOnly::from_date_time(whole))
    }

    fn parse_exact(text: &str, format: &str, context: ParseContext<'_>) -> Option<TimeOnly> {
        parse_time_only_exact(text, format, context)
    }

    fn format(self, format: &str, culture: &Culture) -> Result<String, FormatError> {
        format_time_only(self, format, culture)
    }
}

impl Native for TimeOnly {
    fn type_ref(&self) -> TypeRef {
        type_named("System.TimeOnly")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        date_part::text(vm, *self, "", None)
    }

    fn invariant_text(&self, _vm: &mut Vm) -> Option<R<String>> {
        Some(date_part::invariant_text(*self))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Hour",
            "Minute",
            "Second",
            "Millisecond",
            "Microsecond",
            "Nanosecond",
            "Ticks",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(match name.as_str() {
            "hour" | "minute" | "second" | "millisecond" | "microsecond" | "nanosecond"
            | "ticks" => date_time::get(&std::rc::Rc::new(self.to_date_time()), &name),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let in_units = |n: f64, unit: i64| TimeSpan((n * unit as f64).round() as i64);
        Ok(Some(match (name, arguments) {
            ("add", [Value::TimeSpan(span), rest @ ..]) => later(*self, *span, rest.first()),
            ("addhours", [n, rest @ ..]) => {
                let span = in_units(vm.to_double(n)?, TICKS_PER_HOUR);
                later(*self, span, rest.first())
            }
            ("addminutes", [n, rest @ ..]) => {
                let span = in_units(vm.to_double(n)?, TICKS_PER_MINUTE);
                later(*self, span, rest.first())
            }
            ("isbetween", [start, end]) => {
                let (Some(start), Some(end)) = (of(start), of(end)) else {
                    return Ok(None);
                };
                Value::Bool(if start <= end {
                    start <= *self && *self < end
                } else {
                    start <= *self || *self < end
                })
            }
            ("totimespan", []) => Value::TimeSpan(TimeSpan(self.0)),
            ("toshorttimestring", []) => Value::str(date_part::text(vm, *self, "t", None)?),
            ("tolongtimestring", []) => Value::str(date_part::text(vm, *self, "T", None)?),
            ("deconstruct", places) => {
                let clock = self.to_date_time();
                let parts = [
                    clock.hour(),
                    clock.minute(),
                    clock.second(),
                    clock.millisecond(),
                    clock.microsecond(),
                ];
                date_part::deconstruct(places, &parts)
            }
            _ => return date_part::call(vm, *self, name, arguments),
        }))
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        of(other).map(|other| self.cmp(&other))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn operator(&self, _vm: &mut Vm, op: &str, left: &Value, right: &Value) -> Option<R<Value>> {
        let (left, right) = (of(left)?, of(right)?);
        // The way from one reading to the other is always forward.
        let span = (left.0 - right.0).rem_euclid(TICKS_PER_DAY);
        (op == "op_Subtraction").then_some(Ok(Value::TimeSpan(TimeSpan(span))))
    }
}
