//! `System.TimeZoneInfo`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::{DateTime, DateTimeKind, DateTimeOffset};
use crate::runtime::text::local_zone::{Zone, windows_names};
use crate::runtime::text::timespan::{TICKS_PER_MINUTE, TimeSpan};
use crate::runtime::types::{
    TypeRef, collections::array, failures, known, time::date_time_offset, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// IANA name, standard name, daylight name and city of the zones scripts meet.
const NAMES: &[(&str, &str, &str, &str)] = &[
    (
        "Europe/London",
        "Greenwich Mean Time",
        "British Summer Time",
        "United Kingdom Time",
    ),
    (
        "Europe/Dublin",
        "Greenwich Mean Time",
        "Irish Standard Time",
        "Ireland Time",
    ),
    (
        "Europe/Berlin",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Berlin)",
    ),
    (
        "Europe/Paris",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Paris)",
    ),
    (
        "Europe/Madrid",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Madrid)",
    ),
    (
        "Europe/Rome",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Rome)",
    ),
    (
        "Europe/Vienna",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Vienna)",
    ),
    (
        "Europe/Zurich",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Zurich)",
    ),
    (
        "Europe/Amsterdam",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Amsterdam)",
    ),
    (
        "Europe/Stockholm",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Stockholm)",
    ),
    (
        "Europe/Warsaw",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Warsaw)",
    ),
    (
        "Europe/Budapest",
        "Central European Standard Time",
        "Central European Summer Time",
        "Central European Time (Budapest)",
    ),
    (
        "Europe/Helsinki",
        "Eastern European Standard Time",
        "Eastern European Summer Time",
        "Eastern European Time (Helsinki)",
    ),
    (
        "Europe/Athens",
        "Eastern European Standard Time",
        "Eastern European Summer Time",
        "Eastern European Time (Athens)",
    ),
    (
        "Europe/Moscow",
        "Moscow Standard Time",
        "Moscow Summer Time",
        "Moscow Time",
    ),
    (
        "Asia/Tokyo",
        "Japan Standard Time",
        "Japan Daylight Time",
        "Japan Time",
    ),
    (
        "Asia/Shanghai",
        "China Standard Time",
        "China Daylight Time",
        "China Time",
    ),
    (
        "Asia/Kolkata",
        "India Standard Time",
        "India Standard Time",
        "India Time",
    ),
    (
        "Asia/Calcutta",
        "India Standard Time",
        "India Standard Time",
        "India Time",
    ),
    (
        "Asia/Dubai",
        "Gulf Standard Time",
        "Gulf Standard Time",
        "United Arab Emirates Time",
    ),
    (
        "Asia/Singapore",
        "Singapore Standard Time",
        "Singapore Standard Time",
        "Singapore Time",
    ),
    (
        "Australia/Sydney",
        "Australian Eastern Standard Time",
        "Australian Eastern Daylight Time",
        "Eastern Australia Time (Sydney)",
    ),
    (
        "Pacific/Auckland",
        "New Zealand Standard Time",
        "New Zealand Daylight Time",
        "New Zealand Time",
    ),
    (
        "America/New_York",
        "Eastern Standard Time",
        "Eastern Daylight Time",
        "Eastern Time (New York)",
    ),
    (
        "America/Chicago",
        "Central Standard Time",
        "Central Daylight Time",
        "Central Time (Chicago)",
    ),
    (
        "America/Denver",
        "Mountain Standard Time",
        "Mountain Daylight Time",
        "Mountain Time (Denver)",
    ),
    (
        "America/Phoenix",
        "Mountain Standard Time",
        "Mountain Daylight Time",
        "Mountain Time (Phoenix)",
    ),
    (
        "America/Los_Angeles",
        "Pacific Standard Time",
        "Pacific Daylight Time",
        "Pacific Time (Los Angeles)",
    ),
    (
        "America/Anchorage",
        "Alaska Standard Time",
        "Alaska Daylight Time",
        "Alaska Time (Anchorage)",
    ),
    (
        "America/Toronto",
        "Eastern Standard Time",
        "Eastern Daylight Time",
        "Eastern Time (Toronto)",
    ),
    (
        "America/Sao_Paulo",
        "Brasilia Standard Time",
        "Brasilia Summer Time",
        "Brasilia Time (São Paulo)",
    ),
    (
        "Pacific/Honolulu",
        "Hawaii-Aleutian Standard Time",
        "Hawaii-Aleutian Daylight Time",
        "Hawaii-Aleutian Time (Honolulu)",
    ),
];

fn value(zone: Zone) -> Value {
    Value::native(zone)
}

fn of(value: &Value) -> Option<Zone> {
    value.as_native::<Zone>().cloned()
}

fn found(id: &Value) -> R<Zone> {
    let Some(id) = id.as_str() else {
        return failures::argument_null("id");
    };
    match Zone::by_id(id) {
        Some(zone) => Ok(zone),
        None => failures::fail(
            "System.TimeZoneNotFoundException",
            format!("The time zone ID '{id}' was not found on the local computer."),
        ),
    }
}

/// A static property.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "utc" => Some(value(Zone::utc())),
        "local" => Some(value(Zone::local().clone())),
        _ => None,
    }
}

/// The UTC moment of a clock's reading in a zone.
fn to_utc(date: DateTime, zone: Option<&Zone>) -> R<DateTime> {
    let Some(zone) = zone else {
        return Ok(date.to_universal());
    };
    let fits = match date.kind() {
        DateTimeKind::Unspecified => true,
        DateTimeKind::Utc => zone.id() == Zone::utc().id(),
        DateTimeKind::Local => zone == Zone::local(),
    };
    if !fits {
        return failures::argument(
            "The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly.  For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.",
            "sourceTimeZone",
        );
    }
    if zone.is_invalid(date.ticks()) {
        return failures::argument(
            "The supplied DateTime represents an invalid time.  For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.",
            "dateTime",
        );
    }
    let ticks = date.ticks() - zone.offset_of_local(date.ticks()).0;
    Ok(DateTime::new(ticks, DateTimeKind::Utc))
}

/// A UTC moment on a zone's clock.
fn from_utc(utc: DateTime, zone: &Zone) -> DateTime {
    let kind = if zone.id() == Zone::utc().id() {
        DateTimeKind::Utc
    } else if zone == Zone::local() {
        DateTimeKind::Local
    } else {
        DateTimeKind::Unspecified
    };
    DateTime::new(utc.ticks() + zone.offset_of_utc(utc.ticks()).0, kind)
}

fn converted(moment: &Value, zone: &Zone) -> R<Option<Value>> {
    match moment.base() {
        Value::DateTime(date) => {
            let utc = to_utc(**date, None)?;
            Ok(Some(Value::datetime(from_utc(utc, zone))))
        }
        other => {
            let Some(moment) = date_time_offset::of(other) else {
                return Ok(None);
            };
            let offset = zone.offset_of_utc(moment.utc_ticks());
            Ok(moment.to_offset(offset).ok().map(date_time_offset::value))
        }
    }
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("findsystemtimezonebyid", [id]) => value(found(id)?),
        ("tryfindsystemtimezonebyid", [id, Value::Ref(place)]) => {
            let zone = id.as_str().and_then(Zone::by_id);
            let is_found = zone.is_some();
            place.set(zone.map_or(Value::Null, value));
            Value::Bool(is_found)
        }
        ("getsystemtimezones", _) => {
            let mut zones: Vec<Zone> = Zone::known_ids()
                .iter()
                .filter_map(|id| Zone::by_id(id))
                .collect();
            let now = vm.now();
            zones.sort_by_cached_key(|zone| (zone.base_utc_offset(now), zone.id().to_owned()));
            let element = type_named("System.TimeZoneInfo");
            array::of(&element, zones.into_iter().map(value).collect())
        }
        ("converttime", [moment, zone]) => match of(zone) {
            Some(zone) => return converted(moment, &zone),
            None => return failures::argument_null("destinationTimeZone"),
        },
        ("converttime", [Value::DateTime(date), from, to]) => match (of(from), of(to)) {
            (Some(from), Some(to)) => Value::datetime(from_utc(to_utc(**date, Some(&from))?, &to)),
            (None, _) => return failures::argument_null("sourceTimeZone"),
            _ => return failures::argument_null("destinationTimeZone"),
        },
        ("converttimebysystemtimezoneid", [moment, id]) => {
            let zone = found(id)?;
            return converted(moment, &zone);
        }
        ("converttimebysystemtimezoneid", [Value::DateTime(date), from, to]) => {
            let (from, to) = (found(from)?, found(to)?);
            Value::datetime(from_utc(to_utc(**date, Some(&from))?, &to))
        }
        ("converttimefromutc", [Value::DateTime(date), zone]) => match of(zone) {
            Some(_) if date.kind() == DateTimeKind::Local => {
                return failures::argument(
                    "The conversion could not be completed because the supplied DateTime did not have the Kind property set correctly.  For example, when the Kind property is DateTimeKind.Local, the source time zone must be TimeZoneInfo.Local.",
                    "sourceTimeZone",
                );
            }
            Some(zone) => Value::datetime(from_utc(**date, &zone)),
            None => return failures::argument_null("destinationTimeZone"),
        },
        ("converttimetoutc", [Value::DateTime(date)]) => Value::datetime(date.to_universal()),
        ("converttimetoutc", [Value::DateTime(date), zone]) => match of(zone) {
            Some(zone) => Value::datetime(to_utc(**date, Some(&zone))?),
            None => return failures::argument_null("sourceTimeZone"),
        },
        ("clearcacheddata", []) => Value::Nothing,
        ("tryconvertianaidtowindowsid", [id, Value::Ref(place)]) => {
            let id = id.as_str().unwrap_or_default();
            let named = windows_names()
                .find(|(_, iana)| iana.eq_ignore_ascii_case(id))
                .map(|(windows, _)| windows);
            place.set(named.map_or(Value::Null, Value::str));
            Value::Bool(named.is_some())
        }
        ("tryconvertwindowsidtoianaid", [id, .., Value::Ref(place)]) => {
            let id = id.as_str().unwrap_or_default();
            let named = windows_names()
                .find(|(windows, _)| windows.eq_ignore_ascii_case(id))
                .map(|(_, iana)| iana);
            place.set(named.map_or(Value::Null, Value::str));
            Value::Bool(named.is_some())
        }
        _ => return Ok(None),
    }))
}

/// `+01:00`
fn offset_text(offset: TimeSpan) -> String {
    let minutes = offset.0 / TICKS_PER_MINUTE;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

struct ZoneNames {
    display: String,
    standard: String,
    daylight: String,
}

fn names(vm: &Vm, zone: &Zone) -> ZoneNames {
    if zone.is_utc() {
        return ZoneNames {
            display: "(UTC) Coordinated Universal Time".into(),
            standard: "Coordinated Universal Time".into(),
            daylight: "Coordinated Universal Time".into(),
        };
    }
    let iana = windows_names()
        .find(|(windows, _)| windows.eq_ignore_ascii_case(zone.id()))
        .map_or(zone.id(), |(_, iana)| iana);
    let offset = zone.base_utc_offset(vm.now());
    let at = if offset.0 == 0 {
        "(UTC+00:00)".to_owned()
    } else {
        format!("(UTC{})", offset_text(offset))
    };
    match NAMES.iter().find(|(id, ..)| id.eq_ignore_ascii_case(iana)) {
        Some((_, standard, daylight, city)) => ZoneNames {
            display: format!("{at} {city}"),
            standard: (*standard).into(),
            daylight: (*daylight).into(),
        },
        None => ZoneNames {
            display: format!("{at} {iana}"),
            standard: iana.into(),
            daylight: iana.into(),
        },
    }
}

impl Native for Zone {
    fn type_ref(&self) -> TypeRef {
        type_named("System.TimeZoneInfo")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        Ok(names(vm, self).display)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Id",
            "HasIanaId",
            "DisplayName",
            "StandardName",
            "DaylightName",
            "BaseUtcOffset",
            "SupportsDaylightSavingTime",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "id" => Value::str(self.id()),
            "hasianaid" => Value::Bool(
                self.id() == "UTC" || !windows_names().any(|(windows, _)| windows == self.id()),
            ),
            "displayname" => Value::str(names(vm, self).display),
            "standardname" => Value::str(names(vm, self).standard),
            "daylightname" => Value::str(names(vm, self).daylight),
            "baseutcoffset" => Value::TimeSpan(self.base_utc_offset(vm.now())),
            "supportsdaylightsavingtime" => Value::Bool(self.had_daylight_saving_time()),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        // A reading of this zone's clock, or a moment named otherwise: its UTC ticks.
        let moment = |value: &Value| -> Option<i64> {
            match value.base() {
                Value::DateTime(date) => Some(match date.kind() {
                    DateTimeKind::Utc => date.ticks(),
                    DateTimeKind::Local if self != Zone::local() => date.to_universal().ticks(),
                    _ => date.ticks() - self.offset_of_local(date.ticks()).0,
                }),
                other => date_time_offset::of(other).map(DateTimeOffset::utc_ticks),
            }
        };
        Ok(Some(match (name, arguments) {
            ("getutcoffset", [when]) => match moment(when) {
                Some(utc) => Value::TimeSpan(self.offset_of_utc(utc)),
                None => return Ok(None),
            },
            ("isdaylightsavingtime", [when]) => match moment(when) {
                Some(utc) => {
                    Value::Bool(self.is_daylight_saving_time(DateTime::new(utc, DateTimeKind::Utc)))
                }
                None => return Ok(None),
            },
            ("isinvalidtime", [Value::DateTime(date)]) => {
                Value::Bool(date.kind() != DateTimeKind::Utc && self.is_invalid(date.ticks()))
            }
            ("isambiguoustime", [when]) => {
                let clock = match when.base() {
                    Value::DateTime(date) if date.kind() != DateTimeKind::Utc => date.ticks(),
                    other => match moment(other) {
                        Some(utc) => utc + self.offset_of_utc(utc).0,
                        None => return Ok(None),
                    },
                };
                Value::Bool(self.ambiguous_offsets(clock).is_some())
            }
            ("getambiguoustimeoffsets", [Value::DateTime(date)]) => {
                match self.ambiguous_offsets(date.ticks()) {
                    Some(offsets) => {
                        array::of(&known::timespan(), offsets.map(Value::TimeSpan).to_vec())
                    }
                    None => {
                        return failures::argument(
                            "The supplied DateTime is not in an ambiguous time range.",
                            "dateTime",
                        );
                    }
                }
            }
            ("hassamerules" | "equals", [other]) => {
                Value::Bool(of(other).is_some_and(|other| other == *self))
            }
            _ => return Ok(None),
        }))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.id().to_owned())
    }
}
