//! `System.Collections.BitArray`

use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::enumerator, failures, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// Bits by their places.
pub struct BitArray {
    bits: RefCell<Vec<bool>>,
}

fn value(bits: Vec<bool>) -> Value {
    Value::native(BitArray {
        bits: RefCell::new(bits),
    })
}

/// A constructor.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let bits = match arguments {
        [Value::Int(length), rest @ ..] => {
            let Ok(length) = usize::try_from(*length) else {
                return failures::out_of_range(
                    format!("length ('{length}') must be a non-negative value."),
                    "length",
                );
            };
            vec![matches!(rest.first(), Some(Value::Bool(true))); length]
        }
        [source] => match (source.base(), source.as_native::<BitArray>()) {
            (_, Some(other)) => other.bits.borrow().clone(),
            (Value::Array(items), _) => bits_of(items),
            _ => return failures::argument_null("values"),
        },
        _ => return Ok(None),
    };
    Ok(Some(value(bits)))
}

/// The bits of booleans, bytes or integers, the lowest of each number first.
fn bits_of(items: &Array) -> Vec<bool> {
    let mut bits = Vec::new();
    for item in items.items.borrow().iter() {
        match item.base() {
            Value::Bool(bit) => bits.push(*bit),
            Value::Byte(byte) => bits.extend((0..8).map(|at| byte >> at & 1 == 1)),
            Value::Int(number) => bits.extend((0..32).map(|at| number >> at & 1 == 1)),
            _ => {}
        }
    }
    bits
}

impl BitArray {
    fn place(&self, vm: &mut Vm, at: &Value) -> R<usize> {
        let count = self.bits.borrow().len();
        match usize::try_from(vm.to_int(at)?) {
            Ok(at) if at < count => Ok(at),
            _ => failures::out_of_range(
                "Index was out of range. Must be non-negative and less than the size of the collection.",
                "index",
            ),
        }
    }

    fn items(&self) -> Vec<Value> {
        self.bits
            .borrow()
            .iter()
            .copied()
            .map(Value::Bool)
            .collect()
    }

    fn combine(&self, other: &Value, with: fn(bool, bool) -> bool) -> R<()> {
        let Some(other) = other.as_native::<BitArray>() else {
            return failures::argument_null("value");
        };
        let theirs = other.bits.borrow().clone();
        let mut mine = self.bits.borrow_mut();
        if mine.len() != theirs.len() {
            return failures::argument("Array lengths must be the same.", "");
        }
        for (bit, other) in mine.iter_mut().zip(theirs) {
            *bit = with(*bit, other);
        }
        Ok(())
    }

    fn shift(&self, vm: &mut Vm, count: &Value, left: bool) -> R<()> {
        let Ok(count) = usize::try_from(vm.to_int(count)?) else {
            return failures::out_of_range("Non-negative number required.", "count");
        };
        let mut bits = self.bits.borrow_mut();
        let length = bits.len();
        let count = count.min(length);
        if left {
            bits.rotate_right(count);
            bits.iter_mut().take(count).for_each(|bit| *bit = false);
        } else {
            bits.rotate_left(count);
            bits.iter_mut()
                .skip(length - count)
                .for_each(|bit| *bit = false);
        }
        Ok(())
    }

    fn copy_to(&self, vm: &mut Vm, target: &std::rc::Rc<Array>, at: &Value) -> R<()> {
        let at = vm.to_int(at)?;
        let bits = self.bits.borrow().clone();
        let number = |chunk: &[bool]| {
            let set = chunk.iter().enumerate().filter(|(_, bit)| **bit);
            set.fold(0u32, |number, (place, _)| number | 1 << place)
        };
        let items: Vec<Value> = if target.element == known::byte() {
            let chunks = bits.chunks(8);
            chunks
                .map(|chunk| Value::Byte(number(chunk) as u8))
                .collect()
        } else if target.element == known::int() {
            let chunks = bits.chunks(32);
            chunks
                .map(|chunk| Value::Int(number(chunk) as i32))
                .collect()
        } else {
            self.items()
        };
        array::copy_into(vm, &items, target, at)
    }
}

impl Native for BitArray {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Collections.BitArray")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Length",
            "Count",
            "SyncRoot",
            "IsSynchronized",
            "IsReadOnly",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "length" | "count" => Some(Value::Int(self.bits.borrow().len() as i32)),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("length") {
            return Ok(None);
        }
        match usize::try_from(vm.to_int(&value)?) {
            Ok(length) => {
                self.bits.borrow_mut().resize(length, false);
                Ok(Some(true))
            }
            Err(_) => failures::out_of_range("Non-negative number required.", "value"),
        }
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("get" | "item" | "get_item", [at]) => {
                let at = self.place(vm, at)?;
                Value::Bool(self.bits.borrow().get(at).copied().unwrap_or(false))
            }
            ("set" | "set_item", [at, bit]) => {
                self.set_index(vm, at, bit.clone())?;
                Value::Nothing
            }
            ("setall", [bit]) => {
                let bit = vm.to_bool(bit);
                self.bits.borrow_mut().fill(bit);
                Value::Nothing
            }
            ("and", [other]) => self.combine(other, |a, b| a && b).map(|()| this.clone())?,
            ("or", [other]) => self.combine(other, |a, b| a || b).map(|()| this.clone())?,
            ("xor", [other]) => self.combine(other, |a, b| a != b).map(|()| this.clone())?,
            ("not", []) => {
                self.bits
                    .borrow_mut()
                    .iter_mut()
                    .for_each(|bit| *bit = !*bit);
                this.clone()
            }
            ("leftshift" | "rightshift", [count]) => {
                self.shift(vm, count, name == "leftshift")?;
                this.clone()
            }
            ("hasallset", []) => Value::Bool(self.bits.borrow().iter().all(|bit| *bit)),
            ("hasanyset", []) => Value::Bool(self.bits.borrow().iter().any(|bit| *bit)),
            ("clone", []) => value(self.bits.borrow().clone()),
            ("copyto", [Value::Array(target), at]) => {
                self.copy_to(vm, target, at)?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(self.items()),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = usize::try_from(vm.to_int(index)?).ok();
        let bit = at.and_then(|at| self.bits.borrow().get(at).copied());
        Ok(Some(bit.map_or(Value::Null, Value::Bool)))
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let at = self.place(vm, index)?;
        let bit = vm.to_bool(&value);
        if let Some(place) = self.bits.borrow_mut().get_mut(at) {
            *place = bit;
        }
        Ok(Some(()))
    }
}
