//! `System.DateOnly`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::{DateOnly, DateTime, DateTimeKind};
use crate::runtime::text::datetime_format::format_date_only;
use crate::runtime::text::datetime_parse::{DateTimeStyles, ParseContext};
use crate::runtime::text::datetime_parse_exact::parse_date_only_exact;
use crate::runtime::text::number_format::FormatError;
use crate::runtime::types::time::date_part::{self, DatePart};
use crate::runtime::types::time::date_time::{self, checked};
use crate::runtime::types::{TypeRef, failures, time::time_only, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// The number of 9999-12-31.
const LAST_DAY: i32 = 3_652_058;

/// A day as an object.
pub fn value(day: DateOnly) -> Value {
    Value::native(day)
}

/// The day behind a value.
pub fn of(value: &Value) -> Option<DateOnly> {
    date_part::of(value)
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

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
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
        _ => return date_part::call_static::<DateOnly>(vm, name, arguments),
    }))
}

impl DatePart for DateOnly {
    const NAME: &'static str = "DateOnly";
    const STYLES: DateTimeStyles = DateTimeStyles::NONE;

    fn alone(whole: DateTime) -> Option<DateOnly> {
        (whole.time_of_day().0 == 0).then(|| DateOnly::from_date_time(whole))
    }

    fn parse_exact(text: &str, format: &str, context: ParseContext<'_>) -> Option<DateOnly> {
        parse_date_only_exact(text, format, context)
    }

    fn format(self, format: &str, culture: &Culture) -> Result<String, FormatError> {
        format_date_only(self, format, culture)
    }
}

impl Native for DateOnly {
    fn type_ref(&self) -> TypeRef {
        type_named("System.DateOnly")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        date_part::text(vm, *self, "", None)
    }

    fn invariant_text(&self, _vm: &mut Vm) -> Option<R<String>> {
        Some(date_part::invariant_text(*self))
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

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
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
            ("toshortdatestring", []) => Value::str(date_part::text(vm, *self, "d", None)?),
            ("tolongdatestring", []) => Value::str(date_part::text(vm, *self, "D", None)?),
            ("gethashcode", []) => Value::Int(self.0),
            ("deconstruct", places) => {
                let (year, month, day) = midnight.ymd();
                date_part::deconstruct(places, &[year, month, day])
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
}
