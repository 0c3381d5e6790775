//! `System.TimeZone`, the older way to ask about the local time zone.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, time::time_zone, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

struct CurrentZone;

/// A static member.
pub fn read_static(name: &str) -> Option<Value> {
    (name == "currenttimezone").then(|| Value::native(CurrentZone))
}

impl Native for CurrentZone {
    fn type_ref(&self) -> TypeRef {
        type_named("System.CurrentSystemTimeZone")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["StandardName", "DaylightName"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        match name.to_ascii_lowercase().as_str() {
            "standardname" | "daylightname" => local(vm, |vm, zone| zone.get(vm, name)),
            _ => Ok(None),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("tolocaltime", [Value::DateTime(date)]) => Ok(Some(Value::datetime(date.to_local()))),
            ("touniversaltime", [Value::DateTime(date)]) => {
                Ok(Some(Value::datetime(date.to_universal())))
            }
            ("getutcoffset" | "isdaylightsavingtime", _) => {
                local(vm, |vm, zone| zone.call(vm, &Value::Null, name, arguments))
            }
            _ => Ok(None),
        }
    }
}

/// What the local zone itself answers.
fn local(
    vm: &mut Vm,
    ask: impl FnOnce(&mut Vm, &dyn Native) -> R<Option<Value>>,
) -> R<Option<Value>> {
    match time_zone::read_static("local") {
        Some(Value::Native(zone)) => ask(vm, zone.body()),
        _ => Ok(None),
    }
}
