//! `System.Text.StringBuilder`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::utf16;
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

/// Text that grows.
pub struct StringBuilder {
    text: RefCell<String>,
    /// Its length in UTF-16 units, kept so that appending need not count the whole text.
    units: Cell<usize>,
    capacity: Cell<i32>,
    most: i32,
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let mut text = String::new();
    let mut capacity = 16;
    let mut most = i32::MAX;
    match arguments {
        [] => {}
        [Value::Int(n)] => capacity = *n,
        [Value::Int(n), Value::Int(m)] => (capacity, most) = (*n, *m),
        [first, rest @ ..] => {
            text = vm.to_text(first)?;
            if let Some(Value::Int(n)) = rest.last() {
                capacity = *n;
            }
            if let [Value::Int(start), Value::Int(count), _] = rest {
                text =
                    utf16::substring(&text, *start as usize, *count as usize).unwrap_or_default();
            }
        }
    }
    if capacity < 0 {
        return failures::out_of_range("'capacity' must be greater than zero.", "capacity");
    }
    failures::check_room(capacity)?;
    let units = utf16::length(&text);
    Ok(Some(Value::native(StringBuilder {
        text: RefCell::new(text),
        units: Cell::new(units),
        capacity: Cell::new(capacity.max(16).max(units as i32)),
        most,
    })))
}

impl StringBuilder {
    fn length(&self) -> usize {
        self.units.get()
    }

    /// Appends text.
    pub fn push(&self, text: &str) {
        self.text.borrow_mut().push_str(text);
        self.units.set(self.units.get() + utf16::length(text));
        self.grow();
    }

    /// Puts another text in place of all.
    fn put(&self, text: String) {
        self.units.set(utf16::length(&text));
        *self.text.borrow_mut() = text;
        self.grow();
    }

    fn grow(&self) {
        let length = self.length() as i32;
        let mut capacity = self.capacity.get();
        while capacity < length {
            capacity = (capacity.saturating_mul(2)).max(length);
        }
        self.capacity.set(capacity);
    }

    fn place(&self, vm: &mut Vm, at: &Value, parameter: &str) -> R<usize> {
        let at = vm.to_int(at)?;
        match usize::try_from(at).ok().filter(|at| *at <= self.length()) {
            Some(at) => Ok(at),
            None => failures::out_of_range(
                "Index was out of range. Must be non-negative and less than the size of the collection.",
                parameter,
            ),
        }
    }

    fn splice(&self, start: usize, count: usize, new: &str) {
        let units: Vec<u16> = self.text.borrow().encode_utf16().collect();
        let end = (start + count).min(units.len());
        let mut out = utf16::from_units(&units[..start]);
        out.push_str(new);
        out.push_str(&utf16::from_units(&units[end..]));
        self.put(out);
    }
}

/// Appended values show as their `ToString()`, character arrays as their text.
fn shown(vm: &mut Vm, value: &Value) -> R<String> {
    match value.base() {
        Value::Null | Value::Nothing => Ok(String::new()),
        Value::Array(list) if list.element == known::char() => Ok(array::text(list)),
        other => crate::runtime::types::object::to_string(vm, &other.clone()),
    }
}

impl Native for StringBuilder {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Text.StringBuilder")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text.borrow().clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Capacity", "MaxCapacity", "Length"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "length" => Some(Value::Int(self.length() as i32)),
            "capacity" => Some(Value::Int(self.capacity.get())),
            "maxcapacity" => Some(Value::Int(self.most)),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let n = vm.to_int(&value)?;
        match name.to_ascii_lowercase().as_str() {
            "length" => {
                if n < 0 {
                    return failures::out_of_range("Length cannot be less than 0.", "value");
                }
                let (n, length) = (n as usize, self.length());
                if n <= length {
                    self.splice(n, length - n, "");
                } else {
                    self.splice(length, 0, &failures::repeated("\0", n - length)?);
                }
                Ok(Some(true))
            }
            "capacity" => {
                if n < self.length() as i32 {
                    return failures::out_of_range(
                        "capacity was less than the current size.",
                        "value",
                    );
                }
                failures::check_room(n)?;
                self.capacity.set(n);
                Ok(Some(true))
            }
            _ => Ok(None),
        }
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = vm.to_int(index)?;
        match usize::try_from(at)
            .ok()
            .and_then(|at| utf16::unit_at(&self.text.borrow(), at))
        {
            Some(unit) => Ok(Some(Value::Char(unit))),
            None => failures::outside_array(),
        }
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let at = self.place(vm, index, "index")?;
        let new = match vm.convert(&value, &known::char())? {
            Value::Char(c) => utf16::from_units(&[c]),
            _ => String::new(),
        };
        self.splice(at, 1, &new);
        Ok(Some(()))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut result = this.base().clone();
        match (name, arguments) {
            ("append", [Value::Char(c), Value::Int(count)]) => {
                let text = failures::repeated(&utf16::from_units(&[*c]), (*count).max(0) as usize)?;
                self.push(&text);
            }
            ("append", [first, Value::Int(start), Value::Int(count)]) => {
                let text = shown(vm, first)?;
                let part =
                    utf16::substring(&text, (*start).max(0) as usize, (*count).max(0) as usize);
                self.push(&part.unwrap_or_default());
            }
            ("append", [value, ..]) => {
                let text = shown(vm, value)?;
                self.push(&text);
            }
            ("appendline", []) => self.push("\n"),
            ("appendline", [value, ..]) => {
                let text = shown(vm, value)?;
                self.push(&text);
                self.push("\n");
            }
            ("appendformat", [first, rest @ ..]) => {
                let (format, rest) = match (first.as_str(), rest) {
                    (Some(format), rest) => (format.to_string(), rest),
                    (None, [format, rest @ ..]) => (vm.to_text(format)?, rest),
                    _ => return Ok(None),
                };
                let values: Vec<Value> = match rest {
                    [Value::Array(list)] => list.items.borrow().clone(),
                    many => many.to_vec(),
                };
                let text = vm.format_dotnet(&format, &values)?;
                self.push(&text);
            }
            ("appendjoin", [separator, rest @ ..]) => {
                let joined = crate::runtime::types::text::string_static::call_static(
                    vm,
                    "join",
                    &[std::slice::from_ref(separator), rest].concat(),
                )?;
                let text = vm.to_text(&joined.unwrap_or_default())?;
                self.push(&text);
            }
            ("insert", [at, value, rest @ ..]) => {
                let at = self.place(vm, at, "index")?;
                let count = match rest.first() {
                    Some(Value::Int(n)) => (*n).max(0) as usize,
                    _ => 1,
                };
                let text = failures::repeated(&shown(vm, value)?, count)?;
                self.splice(at, 0, &text);
            }
            ("remove", [start, count]) => {
                let (start, count) = (vm.to_int(start)?, vm.to_int(count)?);
                if start < 0 || count < 0 {
                    let parameter = if start < 0 { "startIndex" } else { "length" };
                    let word = if start < 0 { "StartIndex" } else { "Length" };
                    return failures::out_of_range(
                        format!("{word} cannot be less than zero."),
                        parameter,
                    );
                }
                if start as usize + count as usize > self.length() {
                    return failures::out_of_range(
                        "Index was out of range. Must be non-negative and less than the size of the collection.",
                        "length",
                    );
                }
                self.splice(start as usize, count as usize, "");
            }
            ("replace", [old, new, rest @ ..]) => {
                let (old, new) = (shown(vm, old)?, shown(vm, new)?);
                if old.is_empty() {
                    return failures::argument("The value cannot be an empty string.", "oldValue");
                }
                match rest {
                    [start, count] => {
                        let start = self.place(vm, start, "startIndex")?;
                        let count = vm.to_int(count)?.max(0) as usize;
                        let part = utf16::substring(&self.text.borrow(), start, count);
                        self.splice(start, count, &part.unwrap_or_default().replace(&old, &new));
                    }
                    _ => {
                        let text = self.text.borrow().replace(&old, &new);
                        self.put(text);
                    }
                }
            }
            ("clear", []) => self.put(String::new()),
            ("tostring", []) => result = Value::str(&*self.text.borrow()),
            ("tostring", [start, count]) => {
                let (start, count) = (vm.to_int(start)?, vm.to_int(count)?);
                match utf16::substring(
                    &self.text.borrow(),
                    start.max(0) as usize,
                    count.max(0) as usize,
                ) {
                    Some(part) => result = Value::str(part),
                    None => {
                        return failures::out_of_range(
                            "Index and length must refer to a location within the string.",
                            "length",
                        );
                    }
                }
            }
            ("ensurecapacity", [n]) => {
                let n = vm.to_int(n)?;
                failures::check_room(n)?;
                if n > self.capacity.get() {
                    self.capacity.set(n);
                }
                result = Value::Int(self.capacity.get());
            }
            ("equals", [other]) => {
                let same = match other.as_native::<StringBuilder>() {
                    Some(other) => *other.text.borrow() == *self.text.borrow(),
                    None => false,
                };
                result = Value::Bool(same);
            }
            ("chars" | "get_chars", [at]) => return self.index(vm, at),
            ("copyto", [from, Value::Array(target), at, count]) => {
                let (from, at, count) = (vm.to_int(from)?, vm.to_int(at)?, vm.to_int(count)?);
                let units: Vec<Value> = self
                    .text
                    .borrow()
                    .encode_utf16()
                    .skip(from.max(0) as usize)
                    .take(count.max(0) as usize)
                    .map(Value::Char)
                    .collect();
                array::copy_into(vm, &units, target, at)?;
                result = Value::Nothing;
            }
            _ => return Ok(None),
        }
        self.grow();
        Ok(Some(result))
    }
}
