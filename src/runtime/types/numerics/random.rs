//! `System.Random`: with a seed the numbers it always gave, without one chance.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::array, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// The subtractive generator of `System.Random` with a seed, so that seeded
/// scripts give the numbers they always gave.
pub struct Seeded {
    table: [i32; 56],
    next: usize,
    later: usize,
}

impl Seeded {
    /// The generator of a seed.
    pub fn new(seed: i32) -> Seeded {
        let mut table = [0i32; 56];
        let subtraction = if seed == i32::MIN {
            i32::MAX
        } else {
            seed.abs()
        };
        let mut mj = 161_803_398_i32.wrapping_sub(subtraction);
        table[55] = mj;
        let mut mk = 1_i32;
        let mut at = 0usize;
        for _ in 1..55 {
            at += 21;
            if at >= 55 {
                at -= 55;
            }
            table[at] = mk;
            mk = mj.wrapping_sub(mk);
            if mk < 0 {
                mk = mk.wrapping_add(i32::MAX);
            }
            mj = table[at];
        }
        for _ in 1..5 {
            for i in 1..56 {
                let mut n = i + 30;
                if n >= 55 {
                    n -= 55;
                }
                table[i] = table[i].wrapping_sub(table[1 + n]);
                if table[i] < 0 {
                    table[i] = table[i].wrapping_add(i32::MAX);
                }
            }
        }
        Seeded {
            table,
            next: 0,
            later: 21,
        }
    }

    /// From 0 to the greatest `int`, which is left out.
    pub fn sample(&mut self) -> i32 {
        self.next = if self.next + 1 >= 56 {
            1
        } else {
            self.next + 1
        };
        self.later = if self.later + 1 >= 56 {
            1
        } else {
            self.later + 1
        };
        let mut value = self.table[self.next].wrapping_sub(self.table[self.later]);
        if value == i32::MAX {
            value -= 1;
        }
        if value < 0 {
            value = value.wrapping_add(i32::MAX);
        }
        self.table[self.next] = value;
        value
    }
}

/// A source of numbers.
pub struct Random {
    seeded: Option<RefCell<Seeded>>,
}

/// `[random]::new(seed)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let seeded = match arguments.first() {
        Some(seed) => Some(RefCell::new(Seeded::new(vm.to_int(seed)?))),
        None => None,
    };
    Ok(Some(Value::native(Random { seeded })))
}

impl Random {
    fn sample(&self, vm: &Vm) -> i32 {
        if let Some(seeded) = &self.seeded {
            return seeded.borrow_mut().sample();
        }
        loop {
            let mut bytes = [0; 4];
            vm.host.random(&mut bytes);
            let number = (u32::from_le_bytes(bytes) >> 1) as i32;
            if number != i32::MAX {
                return number;
            }
        }
    }

    fn fraction(&self, vm: &Vm) -> f64 {
        f64::from(self.sample(vm)) * (1.0 / f64::from(i32::MAX))
    }

    /// From `low` to below `high`.
    fn between(&self, vm: &Vm, low: i32, high: i32) -> i32 {
        let range = i64::from(high) - i64::from(low);
        if range <= i64::from(i32::MAX) {
            return ((self.fraction(vm) * range as f64) as i64 + i64::from(low)) as i32;
        }
        // Twice as many numbers as one sample has.
        let sample = self.sample(vm);
        let negative = self.sample(vm) % 2 == 0;
        let sample = f64::from(if negative { -sample } else { sample });
        let fraction = (sample + f64::from(i32::MAX - 1)) / (2.0 * f64::from(i32::MAX) - 1.0);
        ((fraction * range as f64) as i64 + i64::from(low)) as i32
    }

    fn unsigned(&self, vm: &Vm) -> u64 {
        let part = |bits: u32| self.between(vm, 0, 1 << bits) as u64;
        part(22) | part(22) << 22 | part(20) << 44
    }

    fn long(&self, vm: &Vm, low: i64, high: i64) -> i64 {
        let range = high.wrapping_sub(low) as u64;
        if range <= 1 {
            return low;
        }
        let bits = 64 - (range - 1).leading_zeros();
        loop {
            let number = self.unsigned(vm) >> (64 - bits);
            if number < range {
                return low.wrapping_add(number as i64);
            }
        }
    }

    fn bytes(&self, vm: &Vm, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.sample(vm) as u8).collect()
    }

    /// Some of the choices, each as likely as any other.
    fn items(&self, vm: &Vm, choices: &[Value], count: usize) -> Vec<Value> {
        let mut found = Vec::with_capacity(count);
        let few = choices.len() <= 256 && choices.len().is_power_of_two();
        while found.len() < count {
            if few {
                // One byte decides on one item; they are drawn by the hundreds.
                for byte in self.bytes(vm, (count - found.len()).min(512)) {
                    let at = usize::from(byte) & (choices.len() - 1);
                    found.extend(choices.get(at).cloned());
                }
            } else {
                let at = self.between(vm, 0, choices.len() as i32);
                found.extend(
                    usize::try_from(at)
                        .ok()
                        .and_then(|at| choices.get(at))
                        .cloned(),
                );
            }
        }
        found
    }
}

fn bounds<T: PartialOrd + Copy + std::fmt::Display>(given: &[T], zero: T, most: T) -> R<(T, T)> {
    match given {
        [] => Ok((zero, most)),
        [high] if *high < zero => failures::out_of_range(
            format!(
                "maxValue ('{high}') must be a non-negative value. (Parameter 'maxValue')\nActual value was {high}."
            ),
            "",
        ),
        [high] => Ok((zero, *high)),
        [low, high, ..] if low > high => {
            failures::out_of_range("'minValue' cannot be greater than maxValue.", "minValue")
        }
        [low, high, ..] => Ok((*low, *high)),
    }
}

impl Native for Random {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Random")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("next", []) => Value::Int(self.sample(vm)),
            ("next", given) => {
                let mut numbers = Vec::new();
                for number in given {
                    numbers.push(vm.to_int(number)?);
                }
                let (low, high) = bounds(&numbers, 0, i32::MAX)?;
                Value::Int(self.between(vm, low, high))
            }
            ("nextint64", []) => loop {
                let number = (self.unsigned(vm) >> 1) as i64;
                if number != i64::MAX {
                    break Value::Long(number);
                }
            },
            ("nextint64", given) => {
                let mut numbers = Vec::new();
                for number in given {
                    numbers.push(vm.to_long(number)?);
                }
                let (low, high) = bounds(&numbers, 0, i64::MAX)?;
                Value::Long(self.long(vm, low, high))
            }
            ("nextdouble", []) => Value::Double(self.fraction(vm)),
            ("nextsingle", []) => Value::Float(self.fraction(vm) as f32),
            ("nextbytes", [Value::Array(list)]) => {
                let bytes = self.bytes(vm, list.len());
                for (item, byte) in list.items.borrow_mut().iter_mut().zip(bytes) {
                    *item = Value::Byte(byte);
                }
                Value::Nothing
            }
            ("shuffle", [Value::Array(list)]) => {
                let count = list.len();
                for at in 0..count.saturating_sub(1) {
                    let other = self.between(vm, at as i32, count as i32);
                    list.items
                        .borrow_mut()
                        .swap(at, usize::try_from(other).unwrap_or(at));
                }
                Value::Nothing
            }
            ("getitems", [Value::Array(choices), count]) => {
                let Ok(count) = usize::try_from(vm.to_int(count)?) else {
                    return failures::out_of_range(
                        "length must be a non-negative value.",
                        "length",
                    );
                };
                let items = choices.items.borrow();
                if items.is_empty() {
                    return failures::argument("Span may not be empty.", "choices");
                }
                array::of(&choices.element, self.items(vm, &items, count))
            }
            ("gethexstring", [count, rest @ ..]) => {
                let lower = matches!(rest, [Value::Bool(true)]);
                let digits = if lower {
                    "0123456789abcdef"
                } else {
                    "0123456789ABCDEF"
                };
                let choices: Vec<Value> = digits.encode_utf16().map(Value::Char).collect();
                let count = usize::try_from(vm.to_int(count)?).unwrap_or(0);
                let text = self.items(vm, &choices, count);
                Value::str(
                    text.iter()
                        .filter_map(|item| match item {
                            Value::Char(unit) => char::from_u32(u32::from(*unit)),
                            _ => None,
                        })
                        .collect::<String>(),
                )
            }
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_numbers_are_the_known_ones() {
        let mut seeded = Seeded::new(42);
        assert_eq!(seeded.sample(), 1_434_747_710);
        assert_eq!(seeded.sample(), 302_596_119);
    }
}
