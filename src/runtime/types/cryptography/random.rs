//! RandomNumberGenerator.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::array, environment, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A generator of bytes by chance.
pub struct Generator;

fn fill(vm: &Vm, target: &Value, part: &[Value]) -> Option<Value> {
    let Value::Array(list) = target.base() else {
        return None;
    };
    let (from, count) = match part {
        [Value::Int(from), Value::Int(count)] => (
            usize::try_from(*from).unwrap_or(0),
            usize::try_from(*count).unwrap_or(0),
        ),
        _ => (0, list.len()),
    };
    let bytes = environment::random_bytes(vm, count.min(list.len()));
    let mut items = list.items.borrow_mut();
    for (item, byte) in items.iter_mut().skip(from).zip(array::as_bytes(&bytes)) {
        *item = Value::Byte(byte);
    }
    Some(Value::Nothing)
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("create", _) => Some(Value::native(Generator)),
        ("getbytes", [Value::Int(n)]) => match usize::try_from(*n) {
            Ok(n) => Some(environment::random_bytes(vm, n)),
            Err(_) => {
                return failures::out_of_range(
                    format!("count ('{n}') must be a non-negative value."),
                    "count",
                );
            }
        },
        ("fill", [target]) => fill(vm, target, &[]),
        ("getint32", bounds) => {
            let (low, high) = match bounds {
                [high] => (0, vm.to_int(high)?),
                [low, high] => (vm.to_int(low)?, vm.to_int(high)?),
                _ => return Ok(None),
            };
            if low >= high {
                return failures::argument(
                    "Range of random number does not contain at least one possibility.",
                    "",
                );
            }
            let mut bytes = [0; 8];
            vm.host.random(&mut bytes);
            let width = (i64::from(high) - i64::from(low)) as u64;
            let n = i64::from(low) + (u64::from_le_bytes(bytes) % width) as i64;
            Some(Value::Int(n as i32))
        }
        ("gethexstring", [n, rest @ ..]) => {
            let n = usize::try_from(vm.to_int(n)?).unwrap_or(0);
            let mut bytes = vec![0; n.div_ceil(2).min(1 << 20)];
            vm.host.random(&mut bytes);
            let lower = matches!(rest, [Value::Bool(true)]);
            let mut text: String = bytes
                .iter()
                .map(|byte| {
                    if lower {
                        format!("{byte:02x}")
                    } else {
                        format!("{byte:02X}")
                    }
                })
                .collect();
            text.truncate(n);
            Some(Value::str(text))
        }
        _ => None,
    })
}

impl Native for Generator {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Security.Cryptography.RandomNumberGeneratorImplementation")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("getbytes" | "getnonzerobytes", [target, part @ ..]) => fill(vm, target, part),
            ("dispose", _) => Some(Value::Nothing),
            _ => None,
        })
    }
}
