//! `System.Globalization.GregorianCalendar`, ISOWeek and CompareInfo.

use crate::runtime::collation;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::{DateTime, DateTimeKind, days_in_month, is_leap_year};
use crate::runtime::text::utf16;
use crate::runtime::types::collections::comparer::TextComparer;
use crate::runtime::types::time::date_time::{self, checked};
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;

/// The calendar of all known cultures.
pub struct Calendar {
    last_two_digit_year: Cell<i32>,
    read_only: bool,
}

/// The calendar as an object.
pub fn value(read_only: bool) -> Value {
    Value::native(Calendar {
        last_two_digit_year: Cell::new(2049),
        read_only,
    })
}

fn date_of(value: &Value) -> Option<DateTime> {
    match value.base() {
        Value::DateTime(date) => Some(**date),
        _ => None,
    }
}

impl Native for Calendar {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Globalization.GregorianCalendar")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "MinSupportedDateTime",
            "MaxSupportedDateTime",
            "AlgorithmType",
            "CalendarType",
            "Eras",
            "TwoDigitYearMax",
            "IsReadOnly",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "minsupporteddatetime" => Value::datetime(DateTime::MIN),
            "maxsupporteddatetime" => Value::datetime(DateTime::MAX),
            "algorithmtype" => Value::enum_of("System.Globalization.CalendarAlgorithmType", 1),
            "calendartype" => Value::enum_of("System.Globalization.GregorianCalendarTypes", 1),
            "eras" => array::of(&known::int(), vec![Value::Int(1)]),
            "twodigityearmax" => Value::Int(self.last_two_digit_year.get()),
            "isreadonly" => Value::Bool(self.read_only),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("twodigityearmax") {
            return Ok(None);
        }
        if self.read_only {
            return failures::invalid_operation("Instance is read-only.");
        }
        self.last_two_digit_year.set(vm.to_int(&value)?);
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if let [Value::DateTime(date), rest @ ..] = arguments {
            return match (name, rest) {
                ("getweekofyear", [Value::Enum(rule), Value::Enum(first)]) => Ok(Some(Value::Int(
                    date.week_of_year(rule.bits as u8, first.bits as u8),
                ))),
                ("getyear", []) => Ok(date_time::get(date, "year")),
                ("getmonth", []) => Ok(date_time::get(date, "month")),
                ("getdayofmonth", []) => Ok(date_time::get(date, "day")),
                ("getdayofweek", []) => Ok(date_time::get(date, "dayofweek")),
                ("getdayofyear", []) => Ok(date_time::get(date, "dayofyear")),
                ("gethour", []) => Ok(date_time::get(date, "hour")),
                ("getminute", []) => Ok(date_time::get(date, "minute")),
                ("getsecond", []) => Ok(date_time::get(date, "second")),
                ("getmilliseconds", []) => Ok(Some(Value::Double(f64::from(date.millisecond())))),
                ("getera", []) => Ok(Some(Value::Int(1))),
                ("addweeks", [weeks]) => {
                    let days = vm.to_int(weeks)?.saturating_mul(7);
                    date_time::call(vm, date, "adddays", &[Value::Int(days)])
                }
                (_, [_]) if name.starts_with("add") => date_time::call(vm, date, name, rest),
                _ => Ok(None),
            };
        }
        let mut numbers = Vec::new();
        for argument in arguments {
            if matches!(argument, Value::Int(_)) {
                numbers.push(vm.to_int(argument)?);
            }
        }
        Ok(Some(match (name, numbers.as_slice()) {
            ("isleapyear", [year, ..]) => Value::Bool(is_leap_year(*year)),
            ("isleapmonth", _) => Value::Bool(false),
            ("isleapday", [year, month, day, ..]) => {
                Value::Bool(is_leap_year(*year) && *month == 2 && *day == 29)
            }
            ("getleapmonth", _) => Value::Int(0),
            ("getdaysinmonth", [year, month, ..]) => match days_in_month(*year, *month) {
                Some(days) => Value::Int(days),
                None => {
                    return failures::out_of_range(
                        "Month must be between one and twelve.",
                        "month",
                    );
                }
            },
            ("getdaysinyear", [year, ..]) => {
                Value::Int(if is_leap_year(*year) { 366 } else { 365 })
            }
            ("getmonthsinyear", _) => Value::Int(12),
            ("tofourdigityear", [year]) if *year > 99 => Value::Int(*year),
            ("tofourdigityear", [year]) => {
                let last = self.last_two_digit_year.get();
                let century = last / 100 - i32::from(*year > last % 100);
                Value::Int(century * 100 + year)
            }
            ("todatetime", [year, month, day, hour, minute, second, millisecond, ..]) => {
                let date = checked(DateTime::from_parts(
                    (*year, *month, *day),
                    (*hour, *minute, *second),
                    DateTimeKind::Unspecified,
                ))?;
                Value::datetime(checked(date.with_fraction(*millisecond, 0))?)
            }
            ("clone", _) => value(false),
            _ => return Ok(None),
        }))
    }
}

/// A static method of ISOWeek.
pub fn iso_week(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if let Some(date) = arguments.first().and_then(date_of) {
        let (year, week) = date.iso_week();
        return Ok(match name {
            "getweekofyear" => Some(Value::Int(week)),
            "getyear" => Some(Value::Int(year)),
            _ => None,
        });
    }
    let Some(year) = arguments.first() else {
        return Ok(None);
    };
    let year = vm.to_int(year)?;
    // The fourth of January always lies in the first week.
    let fourth = checked(DateTime::from_ymd(year, 1, 4))?;
    let since_monday = (fourth.day_of_week() as i64 + 6) % 7;
    let days = |count: i64| fourth.add_units(count as f64, 864_000_000_000);
    Ok(match (name, arguments) {
        ("getweeksinyear", _) => {
            let last = checked(DateTime::from_ymd(year, 12, 28))?;
            Some(Value::Int(last.iso_week().1))
        }
        ("getyearstart", _) => Some(Value::datetime(checked(days(-since_monday))?)),
        ("getyearend", _) => {
            let weeks = i64::from(checked(DateTime::from_ymd(year, 12, 28))?.iso_week().1);
            Some(Value::datetime(checked(days(
                weeks * 7 - 1 - since_monday,
            ))?))
        }
        ("todatetime", [_, week, Value::Enum(day)]) => {
            let week = i64::from(vm.to_int(week)?);
            if !(1..=53).contains(&week) {
                return failures::out_of_range(
                    "The week parameter must be in the range 1 through 53.",
                    "week",
                );
            }
            let day = if day.bits == 0 { 7 } else { day.bits };
            let shift = (week - 1) * 7 + day - 1 - since_monday;
            Some(Value::datetime(checked(days(shift))?))
        }
        _ => None,
    })
}

/// How a culture compares text.
pub struct CompareInfo(pub String);

/// What CompareOptions mean.
fn comparer_of(options: Option<&Value>) -> TextComparer {
    let bits = match options.map(Value::base) {
        Some(Value::Enum(options)) => options.bits,
        _ => 0,
    };
    TextComparer {
        ordinal: bits & 0x5000_0000 != 0,
        ignore_case: bits & 0x1000_0001 != 0,
    }
}

impl Native for CompareInfo {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Globalization.CompareInfo")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(format!("CompareInfo - {}", self.0))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Name", "Version", "LCID"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "name" => Some(Value::str(self.0.as_str())),
            "lcid" => Some(Value::Int(
                crate::runtime::text::culture::Culture::known(&self.0)
                    .map_or(127, |culture| culture.lcid as i32),
            )),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let [one, other, rest @ ..] = arguments else {
            return Ok(None);
        };
        let by = comparer_of(rest.iter().find(|v| matches!(v, Value::Enum(_))));
        if name == "compare" {
            let order = match (one.as_str(), other.as_str()) {
                (Some(one), Some(other)) => by.compare_texts(one, other) as i32,
                (None, None) => 0,
                (None, _) => -1,
                (_, None) => 1,
            };
            return Ok(Some(Value::Int(order)));
        }
        let (Some(one), Some(other)) = (one.as_str(), other.as_str()) else {
            return failures::argument_null("source");
        };
        let folded = |text: &str| match by.ignore_case {
            true => collation::ordinal::fold_key(text).to_string(),
            false => text.to_owned(),
        };
        let found = |from: &str, wanted: &str, last: bool| -> Option<usize> {
            if by.ordinal {
                let (from, wanted) = (folded(from), folded(wanted));
                return if last {
                    from.rfind(&wanted)
                } else {
                    from.find(&wanted)
                };
            }
            let range = if last {
                collation::last_index_of(from, wanted, from.len(), by.ignore_case)
            } else {
                collation::index_of(from, wanted, 0, by.ignore_case)
            };
            range.map(|range| range.start)
        };
        let units = |at: usize| utf16::length(one.get(..at).unwrap_or("")) as i32;
        Ok(Some(match name {
            "isprefix" if by.ordinal => Value::Bool(folded(one).starts_with(&folded(other))),
            "issuffix" if by.ordinal => Value::Bool(folded(one).ends_with(&folded(other))),
            "isprefix" => Value::Bool(collation::starts_with(one, other, by.ignore_case)),
            "issuffix" => Value::Bool(collation::ends_with(one, other, by.ignore_case)),
            "indexof" => Value::Int(found(one, other, false).map_or(-1, units)),
            "lastindexof" => Value::Int(found(one, other, true).map_or(-1, units)),
            _ => return Ok(None),
        }))
    }
}
