//! `System.Threading`: the one thread a script sees, and locks that are always free.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::types::{TypeRef, failures, text::culture, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::time::Duration;

/// The thread of the script.
struct Thread;

thread_local! {
    /// What the script holds locked, and how often.
    static LOCKED: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// `[Threading.Thread]::CurrentThread`
pub fn read_static(name: &str) -> Option<Value> {
    (name == "currentthread").then(|| Value::native(Thread))
}

/// The constants of `[Threading.Timeout]`.
pub fn read_timeout(name: &str) -> Option<Value> {
    match name {
        "infinite" => Some(Value::Int(-1)),
        "infinitetimespan" => Some(Value::TimeSpan(TimeSpan(-10_000))),
        _ => None,
    }
}

/// A static property of Monitor.
pub fn read_monitor(name: &str) -> Option<Value> {
    (name == "lockcontentioncount").then_some(Value::Long(0))
}

fn same(one: &Value, other: &Value) -> bool {
    crate::runtime::native::same_key(one, other, false)
}

/// A static method of Monitor.
pub fn monitor(name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(object) = arguments.first() else {
        return Ok(None);
    };
    if object.is_null() {
        return failures::argument_null("obj");
    }
    let held = LOCKED.with_borrow(|all| all.iter().position(|other| same(other, object)));
    let not_held = || {
        failures::fail(
            "System.Threading.SynchronizationLockException",
            "Object synchronization method was called from an unsynchronized block of code.",
        )
    };
    match name {
        "enter" | "tryenter" => {
            LOCKED.with_borrow_mut(|all| all.push(object.clone()));
            if let Some(Value::Ref(taken)) = arguments.last() {
                taken.set(Value::Bool(true));
                return Ok(Some(Value::Nothing));
            }
            Ok(Some(if name == "enter" {
                Value::Nothing
            } else {
                Value::Bool(true)
            }))
        }
        "exit" => match held {
            Some(at) => {
                LOCKED.with_borrow_mut(|all| all.remove(at));
                Ok(Some(Value::Nothing))
            }
            None => not_held(),
        },
        "isentered" => Ok(Some(Value::Bool(held.is_some()))),
        "pulse" | "pulseall" => match held {
            Some(_) => Ok(Some(Value::Nothing)),
            None => not_held(),
        },
        "wait" => Ok(Some(Value::Bool(true))),
        _ => Ok(None),
    }
}

/// A static method of Thread.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("sleep", [time]) => {
            let milliseconds = match time {
                Value::TimeSpan(span) => span.ticks() / 10_000,
                other => vm.to_long(other)?,
            };
            if milliseconds < -1 || milliseconds > i64::from(i32::MAX) {
                return failures::out_of_range(
                    "Number must be either non-negative and less than or equal to Int32.MaxValue or -1.",
                    "millisecondsTimeout",
                );
            }
            // -1 is for ever.
            vm.pause(u64::try_from(milliseconds).map_or(Duration::MAX, Duration::from_millis))?;
            Ok(Some(Value::Nothing))
        }
        ("yield", []) => Ok(Some(Value::Bool(false))),
        ("spinwait" | "memorybarrier" | "begincriticalregion" | "endcriticalregion", _) => {
            Ok(Some(Value::Nothing))
        }
        ("getcurrentprocessorid", []) => Ok(Some(Value::Int(0))),
        ("getdomainid", []) => Ok(Some(Value::Int(1))),
        _ => Ok(None),
    }
}

impl Native for Thread {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Threading.Thread")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "CurrentCulture",
            "CurrentUICulture",
            "ExecutionContext",
            "ManagedThreadId",
            "IsAlive",
            "IsBackground",
            "IsThreadPoolThread",
            "Priority",
            "ThreadState",
            "Name",
            "ApartmentState",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "currentculture" => culture::CultureInfo::value(vm.culture()),
            "currentuiculture" => culture::read_static(vm, "currentuiculture").unwrap_or_default(),
            "managedthreadid" => Value::Int(1),
            "isalive" => Value::Bool(true),
            "isbackground" | "isthreadpoolthread" => Value::Bool(false),
            "priority" => Value::enum_of("System.Threading.ThreadPriority", 2),
            "threadstate" => Value::enum_of("System.Threading.ThreadState", 0),
            "name" => Value::str("Pipeline Execution Thread"),
            "apartmentstate" => Value::enum_of("System.Threading.ApartmentState", 2),
            "executioncontext" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "currentculture" => culture::make_current(vm, &value).map(Some),
            "currentuiculture" | "isbackground" | "priority" | "name" => Ok(Some(true)),
            _ => Ok(None),
        }
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "getapartmentstate" => Some(Value::enum_of("System.Threading.ApartmentState", 2)),
            "trysetapartmentstate" => Some(Value::Bool(false)),
            "interrupt" | "disablecomobjecteagercleanup" => Some(Value::Nothing),
            _ => None,
        })
    }
}
