//! `System.Timers.Timer`: raises `Elapsed` every so many milliseconds.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::DateTime;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// The most turns that are made up for when nobody looked for long.
const MOST_MISSED: usize = 10_000;

/// A timer.
pub struct Timer {
    interval: Cell<f64>,
    again: Cell<bool>,
    /// When it is due next, on the clock that only moves forward; nothing while it stands still.
    due: Cell<Option<Duration>>,
    synchronizer: RefCell<Value>,
}

/// A new timer.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let interval = match arguments {
        [] => 100.0,
        [interval] => checked(vm, interval, "interval")?,
        _ => return Ok(None),
    };
    Ok(Some(Value::native(Timer {
        interval: Cell::new(interval),
        again: Cell::new(true),
        due: Cell::new(None),
        synchronizer: RefCell::default(),
    })))
}

fn checked(vm: &mut Vm, interval: &Value, parameter: &str) -> R<f64> {
    let number = match vm.convert(interval, &known::timespan()) {
        Ok(Value::TimeSpan(span)) if matches!(interval.base(), Value::TimeSpan(_)) => {
            span.0 as f64 / 10_000.0
        }
        _ => match vm.convert(interval, &known::double())? {
            Value::Double(number) => number,
            _ => 0.0,
        },
    };
    if number > 0.0 && number <= f64::from(i32::MAX) {
        return Ok(number);
    }
    match parameter {
        "" => failures::argument(
            format!(
                "'{number}' is not a valid value for 'Interval'. 'Interval' must be greater than 0."
            ),
            "",
        ),
        _ => failures::argument(
            format!("Invalid value '{number}' for parameter 'interval'."),
            parameter,
        ),
    }
}

impl Timer {
    fn step(&self) -> Duration {
        Duration::from_secs_f64((self.interval.get() / 1000.0).max(0.001))
    }

    fn set_enabled(&self, vm: &Vm, on: bool) {
        match (on, self.due.get()) {
            (true, None) => self.due.set(Some(vm.host.elapsed() + self.step())),
            (false, _) => self.due.set(None),
            _ => {}
        }
    }
}

/// Raises what came due since somebody looked.
pub fn poll(vm: &mut Vm, object: &Value) -> R<()> {
    let Some(timer) = object.as_native::<Timer>() else {
        return Ok(());
    };
    for _ in 0..MOST_MISSED {
        let now = vm.host.elapsed();
        let Some(due) = timer.due.get().filter(|due| *due <= now) else {
            return Ok(());
        };
        let next = due + timer.step();
        timer.due.set(timer.again.get().then_some(next));
        let clock = vm.now().to_local();
        let late = (now - due).as_nanos() / 100;
        let ticks = clock.ticks() - i64::try_from(late).unwrap_or(0);
        let signalled = Value::datetime(DateTime::new(ticks, clock.kind()));
        let arguments = PlainObject::new(
            "System.Timers.ElapsedEventArgs",
            vec![("SignalTime", signalled)],
        );
        vm.raise_event(object, "Elapsed", &arguments.value())?;
    }
    let now = vm.host.elapsed();
    timer.due.set(timer.due.get().map(|_| now + timer.step()));
    Ok(())
}

impl Native for Timer {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Timers.Timer")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "AutoReset",
            "Enabled",
            "Interval",
            "Site",
            "SynchronizingObject",
            "Container",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "autoreset" => Value::Bool(self.again.get()),
            "enabled" => Value::Bool(match self.due.get() {
                Some(due) => self.again.get() || due > vm.host.elapsed(),
                None => false,
            }),
            "interval" => Value::Double(self.interval.get()),
            "site" | "container" => Value::Null,
            "synchronizingobject" => self.synchronizer.borrow().clone(),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "autoreset" => self.again.set(vm.to_bool(&value)),
            "enabled" => {
                let on = vm.to_bool(&value);
                self.set_enabled(vm, on);
            }
            "interval" => {
                self.interval.set(checked(vm, &value, "")?);
                if self.due.get().is_some() {
                    self.due.set(Some(vm.host.elapsed() + self.step()));
                }
            }
            "synchronizingobject" | "site" => *self.synchronizer.borrow_mut() = value,
            "container" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        match name {
            "start" => self.set_enabled(vm, true),
            "stop" | "close" | "dispose" => self.set_enabled(vm, false),
            "begininit" | "endinit" => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}
