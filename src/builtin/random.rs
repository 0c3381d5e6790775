//! Get-Random, Get-SecureRandom and New-Guid.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::types::numerics::random::Seeded;
use crate::runtime::types::{find, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Random", || Box::<GetRandom>::default()),
    ("Get-SecureRandom", || Box::<GetRandom>::default()),
    ("New-Guid", || Box::new(NewGuid)),
];

/// Where numbers come from: a seed that a script set, or the host.
struct Source<'a> {
    vm: &'a mut Vm,
    seeded: Option<Rc<RefCell<Seeded>>>,
}

impl Source<'_> {
    fn bytes(&mut self, buffer: &mut [u8]) {
        match &self.seeded {
            Some(seeded) => {
                let mut seeded = seeded.borrow_mut();
                buffer
                    .iter_mut()
                    .for_each(|b| *b = seeded.sample().to_le_bytes()[0]);
            }
            None => self.vm.host.random(buffer),
        }
    }

    /// From 0 to the greatest `int`, which is left out.
    fn next(&mut self) -> i32 {
        loop {
            let mut bytes = [0; 4];
            self.bytes(&mut bytes);
            let number = i32::from_le_bytes(bytes);
            if number == i32::MAX {
                continue;
            }
            return if number < 0 {
                number.wrapping_add(i32::MAX).max(0)
            } else {
                number
            };
        }
    }

    fn fraction(&mut self) -> f64 {
        f64::from(self.next()) * (1.0 / f64::from(i32::MAX))
    }

    fn between(&mut self, minimum: i64, maximum: i64) -> i64 {
        let range = maximum.wrapping_sub(minimum) as u64;
        if range <= i32::MAX as u64 {
            return minimum + (self.fraction() * range as f64) as i64;
        }
        // The lowest power of two above the range, drawn until a number lies inside.
        let mask = u64::MAX >> range.leading_zeros();
        loop {
            let mut bytes = [0; 8];
            self.bytes(&mut bytes);
            let number = u64::from_le_bytes(bytes) & mask;
            if number < range {
                return minimum.wrapping_add(number as i64);
            }
        }
    }

    fn index(&mut self, from: usize, to: usize) -> usize {
        usize::try_from(self.between(from as i64, to as i64)).unwrap_or(from)
    }
}

#[derive(Default)]
struct GetRandom {
    chosen: Vec<Value>,
    seen: usize,
    list: bool,
}

fn source<'a>(vm: &'a mut Vm, call: &Call) -> Source<'a> {
    let seeded = if call.info.name.eq_ignore_ascii_case("Get-SecureRandom") {
        None
    } else {
        vm.session
            .state
            .get("random")
            .and_then(|s| s.clone().downcast::<RefCell<Seeded>>().ok())
    };
    Source { vm, seeded }
}

impl Cmdlet for GetRandom {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(seed) = call.int("SetSeed") {
            let seeded = Seeded::new(i32::try_from(seed).unwrap_or(0));
            vm.session
                .state
                .insert("random", Rc::new(RefCell::new(seeded)));
        }
        self.list = call.expecting_input || call.has("InputObject") || call.switch("Shuffle");
        if !self.list {
            return self.numbers(vm, call);
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if !self.list {
            return Ok(());
        }
        let count = match call.switch("Shuffle") {
            true => usize::MAX,
            false => call
                .int("Count")
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(1),
        };
        for item in call.items("InputObject") {
            if self.seen < count {
                self.chosen.push(item);
            } else if source(vm, call).index(0, self.seen + 1) < count {
                let at = source(vm, call).index(0, self.chosen.len());
                if let Some(slot) = self.chosen.get_mut(at) {
                    *slot = item;
                }
            }
            self.seen += 1;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut chosen = std::mem::take(&mut self.chosen);
        for at in 0..chosen.len() {
            let other = source(vm, call).index(at, chosen.len());
            let other = other.min(chosen.len() - 1);
            chosen.swap(at, other);
            let item = chosen[at].clone();
            vm.write(item)?;
        }
        Ok(())
    }
}

impl GetRandom {
    fn numbers(&self, vm: &mut Vm, call: &Call) -> R<()> {
        let minimum = bound(vm, call, "Minimum")?.unwrap_or(Value::Int(0));
        let maximum = bound(vm, call, "Maximum")?;
        let count = call.int("Count").unwrap_or(1);
        let real = matches!(minimum, Value::Double(_)) || matches!(maximum, Some(Value::Double(_)));
        for _ in 0..count {
            let value = if real {
                let low = vm.to_double(&minimum)?;
                let high = match &maximum {
                    Some(value) => vm.to_double(value)?,
                    None => f64::MAX,
                };
                if low >= high {
                    return vm.raise(wrong_order(&low.to_string(), &high.to_string()));
                }
                let part = source(vm, call).fraction();
                Value::Double(low + part * (high - low))
            } else {
                let wide =
                    matches!(minimum, Value::Long(_)) || matches!(maximum, Some(Value::Long(_)));
                let low = vm.to_long(&minimum)?;
                let high = match &maximum {
                    Some(value) => vm.to_long(value)?,
                    None if wide => i64::MAX,
                    None => i64::from(i32::MAX),
                };
                if low >= high {
                    return vm.raise(wrong_order(&low.to_string(), &high.to_string()));
                }
                let number = source(vm, call).between(low, high);
                match (wide, i32::try_from(number)) {
                    (false, Ok(number)) => Value::Int(number),
                    _ => Value::Long(number),
                }
            };
            vm.write(value)?;
        }
        Ok(())
    }
}

fn wrong_order(low: &str, high: &str) -> Fault {
    Fault::of(
        "System.ArgumentException",
        "MinGreaterThanOrEqualMax",
        Category::InvalidArgument,
        format!(
            "The Minimum value ({low}) cannot be greater than or equal to the Maximum value ({high})."
        ),
    )
}

/// A bound as an int, a long or a double, whichever holds it.
fn bound(vm: &mut Vm, call: &Call, name: &str) -> R<Option<Value>> {
    let Some(value) = call.get(name).map(Value::into_base) else {
        return Ok(None);
    };
    if let Value::Int(_) | Value::Long(_) | Value::Double(_) = value {
        return Ok(Some(value));
    }
    if let Value::Float(n) = value {
        return Ok(Some(Value::Double(f64::from(n))));
    }
    let text = vm.to_text(&value)?;
    if !text.contains(['.', 'e', 'E']) {
        if let Some(found) = vm.try_convert(&value, &known::int()) {
            return Ok(Some(found));
        }
        if let Some(found) = vm.try_convert(&value, &known::long()) {
            return Ok(Some(found));
        }
    }
    let target = match text.contains(['.', 'e', 'E']) {
        true => known::double(),
        false => known::int(),
    };
    vm.convert_within(&value, &target).map(Some)
}

struct NewGuid;

impl Cmdlet for NewGuid {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(type_ref) = find("guid") else {
            return Ok(());
        };
        let value = if call.switch("Empty") {
            vm.read_static(&type_ref, "Empty")?
        } else if let Some(text) = call.text("InputObject") {
            match vm.try_convert(&Value::str(&*text), &type_ref) {
                Some(value) => value,
                None => {
                    return vm.write_fault(
                        Fault::of(
                            "System.FormatException",
                            "StringNotRecognizedAsGuid",
                            Category::InvalidArgument,
                            "Unrecognized Guid format.",
                        )
                        .target(Value::str(&*text)),
                    );
                }
            }
        } else {
            vm.invoke_static(&type_ref, "NewGuid", Vec::new())?
        };
        vm.write(value)
    }
}
