//! `System.Threading.Interlocked`: arithmetic on a variable in one step.

use crate::runtime::error::R;
use crate::runtime::types::equality;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let [Value::Ref(place), rest @ ..] = arguments else {
        return Ok(
            matches!(name, "memorybarrier" | "memorybarrierprocesswide").then_some(Value::Nothing)
        );
    };
    let old = place.get();
    let changed = |by: i64, with: fn(i64, i64) -> i64| match old.base() {
        Value::Long(number) => Value::Long(with(*number, by)),
        Value::Int(number) => Value::Int(with(i64::from(*number), by) as i32),
        Value::UInt(number) => Value::UInt(with(i64::from(*number), by) as u32),
        Value::ULong(number) => Value::ULong(with(*number as i64, by) as u64),
        other => other.clone(),
    };
    Ok(Some(match (name, rest) {
        ("increment" | "decrement", []) => {
            let step = if name == "increment" { 1 } else { -1 };
            place.set(changed(step, i64::wrapping_add));
            place.get()
        }
        ("add" | "and" | "or", [by]) => {
            let by = vm.to_long(by)?;
            place.set(changed(
                by,
                match name {
                    "add" => i64::wrapping_add,
                    "and" => |one, other| one & other,
                    _ => |one, other| one | other,
                },
            ));
            if name == "add" { place.get() } else { old }
        }
        ("exchange", [new]) => {
            place.set(new.clone());
            old
        }
        ("compareexchange", [new, expected]) => {
            if equality::equal(vm, &old, expected)? {
                place.set(new.clone());
            }
            old
        }
        ("read", []) => old,
        _ => return Ok(None),
    }))
}
