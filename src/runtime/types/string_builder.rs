//! StringBuilder.

use super::{TypeRef, find_full, known};
use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::cell::{Cell, RefCell};

/// A text that grows; positions count UTF-16 units.
pub struct StringBuilder {
    units: RefCell<Vec<u16>>,
    capacity: Cell<usize>,
}

const FIRST_CAPACITY: usize = 16;
/// More room than this is not added at once.
const LARGEST_BLOCK: usize = 8000;

fn out_of_range<T>(message: &str, parameter: &str) -> R<T> {
    Err(Fault::dotnet(
        "System.ArgumentOutOfRangeException",
        format!("{message} (Parameter '{parameter}')"),
    )
    .into())
}

fn place(value: Option<&Value>) -> Option<usize> {
    match value.map(Value::base) {
        Some(Value::Int(number)) => usize::try_from(*number).ok(),
        _ => None,
    }
}

/// A new builder of a text, a capacity, or both.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let text = arguments.iter().find_map(Value::as_str).unwrap_or_default();
    let wanted = arguments.iter().find_map(|argument| place(Some(argument)));
    let mut units: Vec<u16> = text.encode_utf16().collect();
    // A part of the text: start, length, capacity.
    if let [_, start, length, _] = arguments
        && let (Some(start), Some(length)) = (place(Some(start)), place(Some(length)))
        && let Some(part) = units.get(start..start.saturating_add(length))
    {
        units = part.to_vec();
    }
    let capacity = wanted.unwrap_or(0).max(FIRST_CAPACITY).max(units.len());
    Ok(Some(Value::native(StringBuilder {
        units: RefCell::new(units),
        capacity: Cell::new(capacity),
    })))
}

impl StringBuilder {
    fn text(&self) -> String {
        String::from_utf16_lossy(&self.units.borrow())
    }

    fn grow(&self) {
        let length = self.units.borrow().len();
        let capacity = self.capacity.get();
        if length > capacity {
            let block = (length - capacity).max(capacity.min(LARGEST_BLOCK));
            self.capacity.set(capacity + block);
        }
    }

    fn append(&self, text: &str) {
        self.units.borrow_mut().extend(text.encode_utf16());
        self.grow();
    }

    fn append_value(&self, vm: &mut Vm, arguments: &[Value]) -> R<()> {
        let Some(first) = arguments.first() else {
            return Ok(());
        };
        match (first.base(), &arguments[1..]) {
            (Value::Char(unit), [count]) => {
                let count = place(Some(count)).unwrap_or(0);
                self.units
                    .borrow_mut()
                    .extend(std::iter::repeat_n(*unit, count));
                self.grow();
            }
            (Value::Str(text), [start, count]) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                let range = place(Some(start)).zip(place(Some(count)));
                match range.and_then(|(from, n)| units.get(from..from.checked_add(n)?)) {
                    Some(part) => self.units.borrow_mut().extend(part),
                    None => {
                        return out_of_range(
                            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                            "startIndex",
                        );
                    }
                }
                self.grow();
            }
            _ => {
                let text = value_text(vm, first)?;
                self.append(&text);
            }
        }
        Ok(())
    }

    fn replace(&self, arguments: &[Value]) -> R<()> {
        let unit_text = |value: Option<&Value>| match value.map(Value::base) {
            Some(Value::Char(unit)) => vec![*unit],
            Some(Value::Str(text)) => text.encode_utf16().collect(),
            _ => Vec::new(),
        };
        let (old, new) = (unit_text(arguments.first()), unit_text(arguments.get(1)));
        if old.is_empty() {
            return Err(Fault::dotnet(
                "System.ArgumentException",
                "The value cannot be an empty string. (Parameter 'oldValue')",
            )
            .into());
        }
        let mut units = self.units.borrow_mut();
        let from = place(arguments.get(2)).unwrap_or(0).min(units.len());
        let to = match place(arguments.get(3)) {
            Some(count) => (from + count).min(units.len()),
            None => units.len(),
        };
        let mut result = units[..from].to_vec();
        let mut at = from;
        while at < to {
            if units[at..to].starts_with(&old) {
                result.extend(&new);
                at += old.len();
            } else {
                result.push(units[at]);
                at += 1;
            }
        }
        result.extend(&units[to..]);
        *units = result;
        drop(units);
        self.grow();
        Ok(())
    }
}

/// The text of an appended value; a character array is its characters.
fn value_text(vm: &mut Vm, value: &Value) -> R<String> {
    match value.base() {
        Value::Str(text) => Ok(text.to_string()),
        Value::Null | Value::Nothing => Ok(String::new()),
        Value::Array(array) if array.element == known::char() => {
            let units: Vec<u16> = array
                .items
                .borrow()
                .iter()
                .filter_map(|item| match item {
                    Value::Char(unit) => Some(*unit),
                    _ => None,
                })
                .collect();
            Ok(String::from_utf16_lossy(&units))
        }
        other => {
            let culture = vm.culture();
            vm.format_value(other, None, culture)
        }
    }
}

impl Native for StringBuilder {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Text.StringBuilder").unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Capacity", "MaxCapacity", "Length"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let number = |n: usize| Value::Int(i32::try_from(n).unwrap_or(i32::MAX));
        Ok(match name.to_ascii_lowercase().as_str() {
            "length" => Some(number(self.units.borrow().len())),
            "capacity" => Some(number(self.capacity.get())),
            "maxcapacity" => Some(Value::Int(i32::MAX)),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let lower = name.to_ascii_lowercase();
        if !matches!(lower.as_str(), "length" | "capacity") {
            return Ok((lower == "maxcapacity").then_some(false));
        }
        let Ok(wanted) = usize::try_from(vm.to_int(&value)?) else {
            return out_of_range("Length cannot be less than zero.", "value");
        };
        if lower == "length" {
            self.units.borrow_mut().resize(wanted, 0);
            self.grow();
        } else if wanted < self.units.borrow().len() {
            return out_of_range("capacity was less than the current size.", "value");
        } else {
            self.capacity.set(wanted);
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "append" => self.append_value(vm, arguments)?,
            "appendline" => {
                self.append_value(vm, arguments)?;
                self.append("\n");
            }
            "appendformat" => {
                let rest = match arguments.first().map(Value::base) {
                    Some(Value::Str(_)) => arguments,
                    _ => arguments.get(1..).unwrap_or_default(),
                };
                let Some((format, values)) = rest.split_first() else {
                    return Ok(None);
                };
                let values = match values {
                    [Value::Array(list)] => list.items.borrow().clone(),
                    many => many.to_vec(),
                };
                let format = format.as_str().unwrap_or_default().to_string();
                let text = vm.format_dotnet(&format, &values)?;
                self.append(&text);
            }
            "appendjoin" => {
                let Some((separator, values)) = arguments.split_first() else {
                    return Ok(None);
                };
                let separator = value_text(vm, separator)?;
                let values = match values {
                    [one] => vm.operand_items(one)?.unwrap_or_else(|| vec![one.clone()]),
                    many => many.to_vec(),
                };
                for (i, value) in values.iter().enumerate() {
                    if i > 0 {
                        self.append(&separator);
                    }
                    let text = value_text(vm, value)?;
                    self.append(&text);
                }
            }
            "insert" => {
                let text = match arguments.get(1) {
                    Some(value) => value_text(vm, value)?,
                    None => String::new(),
                };
                let count = place(arguments.get(2)).unwrap_or(1);
                let added: Vec<u16> = text.repeat(count).encode_utf16().collect();
                let mut units = self.units.borrow_mut();
                match place(arguments.first()).filter(|at| *at <= units.len()) {
                    Some(at) => {
                        units.splice(at..at, added);
                    }
                    None => {
                        return out_of_range(
                            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                            "index",
                        );
                    }
                }
                drop(units);
                self.grow();
            }
            "remove" => {
                let mut units = self.units.borrow_mut();
                let range = place(arguments.first()).zip(place(arguments.get(1)));
                match range.and_then(|(from, count)| Some(from..from.checked_add(count)?)) {
                    Some(range) if range.end <= units.len() => {
                        units.drain(range);
                    }
                    _ => {
                        return out_of_range(
                            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                            "length",
                        );
                    }
                }
            }
            "replace" => self.replace(arguments)?,
            "clear" => self.units.borrow_mut().clear(),
            "ensurecapacity" => {
                let wanted = place(arguments.first()).unwrap_or(0);
                self.capacity.set(self.capacity.get().max(wanted));
                return self.get(vm, "capacity");
            }
            "equals" => {
                let same = arguments
                    .first()
                    .and_then(|other| other.as_native::<StringBuilder>())
                    .is_some_and(|other| *other.units.borrow() == *self.units.borrow());
                return Ok(Some(Value::Bool(same)));
            }
            "tostring" => {
                let units = self.units.borrow();
                let range = place(arguments.first()).zip(place(arguments.get(1)));
                let part = match (arguments.is_empty(), range) {
                    (true, _) => Some(&units[..]),
                    (false, Some((from, count))) => units.get(from..from.saturating_add(count)),
                    (false, None) => None,
                };
                return match part {
                    Some(part) => Ok(Some(Value::str(String::from_utf16_lossy(part)))),
                    None => out_of_range(
                        "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
                        "startIndex",
                    ),
                };
            }
            _ => return Ok(None),
        }
        Ok(Some(this.clone()))
    }

    fn index(&self, _vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let units = self.units.borrow();
        match place(Some(index)).and_then(|at| units.get(at).copied()) {
            Some(unit) => Ok(Some(Value::Char(unit))),
            None => Err(Fault::dotnet(
                "System.IndexOutOfRangeException",
                "Index was outside the bounds of the array.",
            )
            .into()),
        }
    }

    fn set_index(&self, _vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let mut units = self.units.borrow_mut();
        let unit = match value.base() {
            Value::Char(unit) => Some(*unit),
            Value::Str(text) => text.encode_utf16().next(),
            _ => None,
        };
        match (place(Some(index)).and_then(|at| units.get_mut(at)), unit) {
            (Some(slot), Some(unit)) => {
                *slot = unit;
                Ok(Some(()))
            }
            _ => out_of_range(
                "Index was out of range. Must be non-negative and less than the size of the collection.",
                "index",
            ),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
