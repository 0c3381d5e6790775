//! `[Console]::In`: what is left of standard input, as a text reader.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

struct ConsoleReader {
    /// Of a line that is being read unit by unit: what comes next is last.
    rest: RefCell<Vec<u16>>,
}

/// The reader over standard input.
pub fn value() -> Value {
    Value::native(ConsoleReader {
        rest: RefCell::default(),
    })
}

impl ConsoleReader {
    /// The next UTF-16 unit, -1 at the end.
    fn next(&self, vm: &mut Vm, take: bool) -> i32 {
        let mut rest = self.rest.borrow_mut();
        if rest.is_empty()
            && let Ok(Some(line)) = vm.host.read_line()
        {
            *rest = format!("{line}\n").encode_utf16().collect();
            rest.reverse();
        }
        let unit = if take {
            rest.pop()
        } else {
            rest.last().copied()
        };
        unit.map_or(-1, i32::from)
    }

    fn left(&self) -> String {
        let units: Vec<u16> = self.rest.take().into_iter().rev().collect();
        String::from_utf16_lossy(&units)
    }
}

impl Native for ConsoleReader {
    fn type_ref(&self) -> TypeRef {
        type_named("System.IO.TextReader")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("readline", []) if self.rest.borrow().is_empty() => {
                match vm.host.read_line().unwrap_or(None) {
                    Some(line) => Value::str(line),
                    None => Value::Null,
                }
            }
            ("readline", []) => Value::str(self.left().trim_end_matches('\n')),
            ("readtoend", []) => {
                let rest = vm.host.read_to_end().unwrap_or_default();
                Value::str(self.left() + &rest)
            }
            ("read", []) => Value::Int(self.next(vm, true)),
            ("peek", []) => Value::Int(self.next(vm, false)),
            ("close" | "dispose", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
