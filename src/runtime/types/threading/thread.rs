//! `System.Threading`: the one thread a script sees, locks that are always
//! free, and counters.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::object::Reference;
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::types::{TypeRef, failures, text::culture, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// The thread of the script.
struct Thread;

thread_local! {
    /// What the script holds locked, and how often.
    static LOCKED: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// `[Threading.Thread]::CurrentThread` and its kin.
pub fn read_static(type_name: &str, name: &str) -> Option<Value> {
    match (type_name, name) {
        ("System.Threading.Thread", "currentthread") => Some(Value::native(Thread)),
        ("System.Threading.Timeout", "infinite") => Some(Value::Int(-1)),
        ("System.Threading.Timeout", "infinitetimespan") => {
            Some(Value::TimeSpan(TimeSpan(-10_000)))
        }
        ("System.Threading.Monitor", "lockcontentioncount") => Some(Value::Long(0)),
        _ => None,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    crate::runtime::native::same_key(one, other, false)
}

fn monitor(name: &str, arguments: &[Value]) -> R<Option<Value>> {
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

fn interlocked(vm: &mut Vm, name: &str, place: &Rc<Reference>, rest: &[Value]) -> R<Option<Value>> {
    let old = place.get();
    if let ("exchange" | "compareexchange", [new, wanted @ ..]) = (name, rest) {
        let hits = match wanted.first() {
            Some(wanted) => crate::runtime::types::equality::equal(vm, &old, wanted)?,
            None => true,
        };
        if hits {
            place.set(new.clone());
        }
        return Ok(Some(old));
    }
    let number = vm.to_long(&old)?;
    let other = match rest.first() {
        Some(other) => vm.to_long(other)?,
        None => 0,
    };
    // Sums wrap around.
    let new = match name {
        "increment" => number.wrapping_add(1),
        "decrement" => number.wrapping_sub(1),
        "add" => number.wrapping_add(other),
        "and" => number & other,
        "or" => number | other,
        "read" => return Ok(Some(Value::Long(number))),
        _ => return Ok(None),
    };
    let as_old = |number: i64| match old.base() {
        Value::Long(_) => Value::Long(number),
        Value::UInt(_) => Value::UInt(number as u32),
        Value::ULong(_) => Value::ULong(number as u64),
        _ => Value::Int(number as i32),
    };
    place.set(as_old(new));
    Ok(Some(if matches!(name, "and" | "or") {
        old
    } else {
        as_old(new)
    }))
}

/// A static method of Thread, Monitor or Interlocked.
pub fn call_static(
    vm: &mut Vm,
    type_name: &str,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    match (type_name, name, arguments) {
        ("System.Threading.Monitor", ..) => monitor(name, arguments),
        ("System.Threading.Interlocked", "memorybarrier" | "memorybarrierprocesswide", []) => {
            Ok(Some(Value::Nothing))
        }
        ("System.Threading.Interlocked", _, [Value::Ref(place), rest @ ..]) => {
            let place = place.clone();
            interlocked(vm, name, &place, rest)
        }
        (_, "sleep", [time]) => {
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
        (_, "yield", []) => Ok(Some(Value::Bool(false))),
        (_, "spinwait" | "memorybarrier" | "begincriticalregion" | "endcriticalregion", _) => {
            Ok(Some(Value::Nothing))
        }
        (_, "getcurrentprocessorid", []) => Ok(Some(Value::Int(0))),
        (_, "getdomainid", []) => Ok(Some(Value::Int(1))),
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

    fn call(
        &self,
        _vm: &mut Vm,
        _this: &Value,
        name: &str,
        _arguments: &[Value],
    ) -> R<Option<Value>> {
        Ok(match name {
            "getapartmentstate" => Some(Value::enum_of("System.Threading.ApartmentState", 2)),
            "trysetapartmentstate" => Some(Value::Bool(false)),
            "interrupt" | "disablecomobjecteagercleanup" => Some(Value::Nothing),
            _ => None,
        })
    }
}
