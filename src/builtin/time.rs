//! Get-Date, Set-Date, New-TimeSpan, Start-Sleep, Measure-Command, Get-Uptime and Get-TimeZone.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::member::added::add_member;
use crate::runtime::object::Member;
use crate::runtime::text::datetime::{DateTime, DateTimeKind, TimeSpan};
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::uformat::{file_date_format, format_unix};
use crate::runtime::types::find;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::time::Duration;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Date", || Box::new(GetDate)),
    ("Set-Date", || Box::new(SetDate)),
    ("New-TimeSpan", || Box::new(NewTimeSpan)),
    ("Start-Sleep", || Box::new(StartSleep)),
    ("Measure-Command", || Box::<MeasureCommand>::default()),
    ("Get-Uptime", || Box::new(GetUptime)),
    ("Get-TimeZone", || Box::new(GetTimeZone)),
];

const TICKS_PER_MILLISECOND: i64 = 10_000;

fn date_of(call: &Call, name: &str) -> Option<DateTime> {
    match call.get(name).map(Value::into_base) {
        Some(Value::DateTime(date)) => Some(*date),
        _ => None,
    }
}

fn now(vm: &Vm) -> DateTime {
    vm.now().to_local()
}

struct GetDate;

impl Cmdlet for GetDate {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut date = match (date_of(call, "Date"), call.int("UnixTimeSeconds")) {
            (Some(date), _) => date,
            (None, Some(seconds)) => unix_date(seconds),
            (None, None) => now(vm),
        };
        if let Some(year) = part(call, "Year") {
            date = date.add_years(year - date.year()).unwrap_or(date);
        }
        if let Some(month) = part(call, "Month") {
            date = date.add_months(month - date.month()).unwrap_or(date);
        }
        let units = [
            ("Day", date.day(), 86_400_000),
            ("Hour", date.hour(), 3_600_000),
            ("Minute", date.minute(), 60_000),
            ("Second", date.second(), 1_000),
            ("Millisecond", date.millisecond(), 1),
        ];
        for (name, current, milliseconds) in units {
            if let Some(wanted) = part(call, name) {
                let step = i64::from(wanted - current) * milliseconds * TICKS_PER_MILLISECOND;
                date = date.checked_add(TimeSpan(step)).unwrap_or(date);
            }
        }
        if call.has("Millisecond") {
            let rest = date.ticks() % TICKS_PER_MILLISECOND;
            date = date.subtract(TimeSpan(rest)).unwrap_or(date);
        }
        if call.switch("AsUTC") {
            date = date.to_universal();
        }
        let culture = vm.culture();
        if let Some(format) = call.text("UFormat") {
            return vm.write(Value::str(format_unix(date, &format, culture)));
        }
        if let Some(format) = call.text("Format") {
            let (date, pattern) = match file_date_format(date, &format) {
                Some((date, pattern)) => (date, pattern.to_string()),
                None => (date, format.to_string()),
            };
            return match format_date_time(date, &pattern, culture) {
                Ok(text) => vm.write(Value::str(text)),
                Err(_) => vm.raise(Fault::of(
                    "System.FormatException",
                    "System.FormatException",
                    Category::NotSpecified,
                    "Input string was not in a correct format.",
                )),
            };
        }
        let hint = call
            .get("DisplayHint")
            .unwrap_or_else(|| Value::enum_of("Microsoft.PowerShell.Commands.DisplayHintType", 2));
        let value = add_member(&Value::datetime(date), "DisplayHint", Member::Note(hint));
        vm.write(value)
    }
}

fn unix_date(seconds: i64) -> DateTime {
    const EPOCH: i64 = 621_355_968_000_000_000;
    let ticks = seconds.saturating_mul(10_000_000).saturating_add(EPOCH);
    DateTime::from_ticks(ticks, DateTimeKind::Utc)
        .unwrap_or_else(|_| DateTime::new(EPOCH, DateTimeKind::Utc))
        .to_local()
}

fn part(call: &Call, name: &str) -> Option<i32> {
    call.int(name).and_then(|n| i32::try_from(n).ok())
}

struct SetDate;

impl Cmdlet for SetDate {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let date = match call.get("Adjust").map(Value::into_base) {
            Some(Value::TimeSpan(span)) => {
                let now = now(vm);
                now.checked_add(span).unwrap_or(now)
            }
            _ => date_of(call, "Date").unwrap_or_else(|| now(vm)),
        };
        let shown = vm.to_text(&Value::datetime(date))?;
        if vm.should_process(call, &shown, "Set-Date")? {
            return vm.raise(Fault::of(
                "System.ComponentModel.Win32Exception",
                "System.ComponentModel.Win32Exception",
                Category::NotSpecified,
                "Operation not permitted",
            ));
        }
        Ok(())
    }
}

struct NewTimeSpan;

impl Cmdlet for NewTimeSpan {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let by_parts = ["Days", "Hours", "Minutes", "Seconds", "Milliseconds"];
        let span = if by_parts.iter().any(|name| call.has(name)) {
            let [days, hours, minutes, seconds, milliseconds] =
                by_parts.map(|name| call.int(name).unwrap_or(0));
            TimeSpan::from_parts(days, hours, minutes, seconds, milliseconds, 0)
                .unwrap_or(TimeSpan::MAX)
        } else {
            let (start, end) = (date_of(call, "Start"), date_of(call, "End"));
            let now = now(vm);
            end.unwrap_or(now).since(start.unwrap_or(now))
        };
        vm.write(Value::TimeSpan(span))
    }
}

struct StartSleep;

impl Cmdlet for StartSleep {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let seconds = match (
            call.get("Seconds"),
            call.int("Milliseconds"),
            call.get("Duration").map(Value::into_base),
        ) {
            (Some(seconds), _, _) => vm.to_double(&seconds)?,
            (_, Some(milliseconds), _) => milliseconds as f64 / 1000.0,
            (_, _, Some(Value::TimeSpan(span))) => {
                let seconds = span.ticks() as f64 / 10_000_000.0;
                if seconds * 1000.0 > f64::from(i32::MAX) {
                    return vm.raise(Fault::of(
                        "System.ArgumentException",
                        "MaximumDurationExceeded",
                        Category::InvalidArgument,
                        format!(
                            "The duration must be less than or equal to {} milliseconds.",
                            i32::MAX
                        ),
                    ));
                }
                seconds
            }
            _ => 0.0,
        };
        vm.host.flush();
        let left = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
        vm.session.slept = vm.session.slept.saturating_add(left);
        vm.pause(left)
    }
}

#[derive(Default)]
struct MeasureCommand {
    total: Duration,
}

impl Cmdlet for MeasureCommand {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(Value::Block(block)) = call.get("Expression").map(Value::into_base) else {
            return Ok(());
        };
        let item = call.get("InputObject");
        let before = vm.host.elapsed();
        let result = vm.discard(|vm| {
            vm.run_block(
                &block,
                BlockCall {
                    item: Some(item.unwrap_or_default()),
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            )
        });
        self.total += vm.host.elapsed().saturating_sub(before);
        result
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let ticks = i64::try_from(self.total.as_nanos() / 100).unwrap_or(i64::MAX);
        vm.write(Value::TimeSpan(TimeSpan(ticks)))
    }
}

struct GetUptime;

impl Cmdlet for GetUptime {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let seconds = std::fs::read_to_string("/proc/uptime")
            .ok()
            .and_then(|text| text.split('.').next().and_then(|t| t.parse::<i64>().ok()))
            .unwrap_or_else(|| i64::try_from(vm.host.elapsed().as_secs()).unwrap_or(0));
        let span = TimeSpan(seconds.saturating_mul(10_000_000));
        if call.switch("Since") {
            let now = now(vm);
            return vm.write(Value::datetime(now.subtract(span).unwrap_or(now)));
        }
        vm.write(Value::TimeSpan(span))
    }
}

struct GetTimeZone;

impl Cmdlet for GetTimeZone {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(type_ref) = find("System.TimeZoneInfo") else {
            return Ok(());
        };
        let all = |vm: &mut Vm| {
            let zones = vm.invoke_static(&type_ref, "GetSystemTimeZones", Vec::new())?;
            vm.enumerate(&zones).map(Option::unwrap_or_default)
        };
        if call.switch("ListAvailable") {
            return all(vm)?.into_iter().try_for_each(|zone| vm.write(zone));
        }
        if call.has("Name") {
            for name in call.texts("Name") {
                let pattern = vm.wildcard(&name, true)?;
                let mut any = false;
                for zone in all(vm)? {
                    let mut fits = false;
                    for property in ["StandardName", "DaylightName"] {
                        let text = vm.get_member(&zone, property)?.unwrap_or_default();
                        fits |= pattern.is_match(&vm.to_text(&text)?);
                    }
                    if fits {
                        any = true;
                        vm.write(zone)?;
                    }
                }
                if !any {
                    vm.write_fault(
                        Fault::of(
                            "System.TimeZoneNotFoundException",
                            "TimeZoneNotFound",
                            Category::ObjectNotFound,
                            format!(
                                "The time zone name '{name}' was not found on the local computer."
                            ),
                        )
                        .target(Value::str(&*name)),
                    )?;
                }
            }
            return Ok(());
        }
        let names = call.texts("Id");
        if names.is_empty() {
            let local = vm.read_static(&type_ref, "Local")?;
            return vm.write(local);
        }
        for name in names {
            match vm.invoke_static(
                &type_ref,
                "FindSystemTimeZoneById",
                vec![Value::str(&*name)],
            ) {
                Ok(zone) => vm.write(zone)?,
                Err(_) => vm.write_fault(
                    Fault::of(
                        "System.TimeZoneNotFoundException",
                        "TimeZoneNotFound",
                        Category::ObjectNotFound,
                        format!("The time zone ID '{name}' was not found on the local computer."),
                    )
                    .target(Value::str(&*name)),
                )?,
            }
        }
        Ok(())
    }
}
