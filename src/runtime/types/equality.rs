//! `Equals` and `CompareTo` as .NET's own comparers have them.

use crate::host::interrupted;
use crate::runtime::collation;
use crate::runtime::collection::key_identity;
use crate::runtime::error::R;
use crate::runtime::types::failures;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// Whether two values are equal by `Equals`.
pub fn equal(vm: &mut Vm, one: &Value, other: &Value) -> R<bool> {
    let (a, b) = (one.base(), other.base());
    match a {
        Value::Instance(instance) if !instance.class.methods_named("Equals", false).is_empty() => {
            let answer = vm.invoke_method(a, "Equals", vec![b.clone()])?;
            Ok(vm.to_bool(&answer))
        }
        Value::Native(native) => Ok(native.body().equals(b).unwrap_or_else(|| a.same_object(b))),
        Value::Null | Value::Nothing => Ok(b.is_null()),
        _ if b.is_null() => Ok(false),
        _ => Ok(key_identity(a, false) == key_identity(b, false)),
    }
}

fn integer(value: &Value) -> Option<i128> {
    Some(match value {
        Value::SByte(n) => i128::from(*n),
        Value::Byte(n) => i128::from(*n),
        Value::Short(n) => i128::from(*n),
        Value::UShort(n) => i128::from(*n),
        Value::Int(n) => i128::from(*n),
        Value::UInt(n) => i128::from(*n),
        Value::Long(n) => i128::from(*n),
        Value::ULong(n) => i128::from(*n),
        Value::Char(n) => i128::from(*n),
        Value::Enum(e) => i128::from(e.bits),
        Value::Bool(b) => i128::from(*b),
        Value::DateTime(d) => i128::from(d.ticks()),
        Value::TimeSpan(t) => i128::from(t.ticks()),
        _ => return None,
    })
}

/// Reals order with NaN below everything.
fn order_reals(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b)
        .unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

/// The order of two values by `Comparer.Default`; different types do not compare.
pub fn order(vm: &mut Vm, one: &Value, other: &Value) -> R<Ordering> {
    let (a, b) = (one.base(), other.base());
    match (a, b) {
        (Value::Null | Value::Nothing, _) => {
            return Ok(if b.is_null() {
                Ordering::Equal
            } else {
                Ordering::Less
            });
        }
        (_, Value::Null | Value::Nothing) => return Ok(Ordering::Greater),
        (Value::Str(a), Value::Str(b)) => return Ok(collation::compare(a, b, false)),
        (Value::Double(a), Value::Double(b)) => return Ok(order_reals(*a, *b)),
        (Value::Float(a), Value::Float(b)) => {
            return Ok(order_reals(f64::from(*a), f64::from(*b)));
        }
        (Value::Decimal(a), Value::Decimal(b)) => return Ok(a.cmp(b)),
        (Value::BigInt(a), Value::BigInt(b)) => return Ok(a.cmp(b)),
        (Value::Instance(instance), _)
            if !instance.class.methods_named("CompareTo", false).is_empty() =>
        {
            let answer = vm.invoke_method(a, "CompareTo", vec![b.clone()])?;
            return Ok(vm.to_int(&answer)?.cmp(&0));
        }
        (Value::Native(native), _) => {
            if let Some(order) = native.body().compare(b) {
                return Ok(order);
            }
        }
        _ => {
            if let (Some(x), Some(y)) = (integer(a), integer(b))
                && vm.type_of(a) == vm.type_of(b)
            {
                return Ok(x.cmp(&y));
            }
        }
    }
    if vm.type_of(a) == vm.type_of(b) {
        return failures::argument("At least one object must implement IComparable.", "");
    }
    let name = vm.type_of(a).name.clone();
    failures::argument(format!("Object must be of type {name}."), "")
}

/// The same with a wrapped error, as sorting reports it.
pub fn sort(
    vm: &mut Vm,
    items: &mut [Value],
    mut by: impl FnMut(&mut Vm, &Value, &Value) -> R<Ordering>,
) -> R<()> {
    let mut failed = None;
    let mut waiting = Vec::with_capacity(items.len() / 2);
    merge_sort(items, &mut waiting, &mut |a, b| {
        if failed.is_some() {
            return Ordering::Equal;
        }
        let order = vm.check_interrupt().and_then(|()| by(vm, a, b));
        order.unwrap_or_else(|error| {
            failed = Some(error);
            Ordering::Equal
        })
    });
    match failed {
        None => Ok(()),
        Some(unwind) => comparison_failed(unwind),
    }
}

/// An error of a comparison as sorting and searching report it.
pub fn comparison_failed<T>(unwind: Box<crate::runtime::error::Unwind>) -> R<T> {
    match &*unwind {
        crate::runtime::error::Unwind::Error(thrown) => Err(crate::runtime::error::Fault::dotnet(
            "System.InvalidOperationException",
            "Failed to compare two elements in the array.",
        )
        .inner_value(thrown.record.exception.clone())
        .into()),
        _ => Err(unwind),
    }
}

/// A stable sort that survives an order without sense. `waiting` is room for half of the items;
/// after Ctrl-C they are all there in any order.
fn merge_sort(
    items: &mut [Value],
    waiting: &mut Vec<Value>,
    by: &mut impl FnMut(&Value, &Value) -> Ordering,
) {
    if items.len() < 2 || interrupted() {
        return;
    }
    let half = items.len() / 2;
    let (left, right) = items.split_at_mut(half);
    merge_sort(left, waiting, by);
    merge_sort(right, waiting, by);
    if let (Some(a), Some(b)) = (left.last(), right.first())
        && by(a, b) != Ordering::Greater
    {
        return;
    }
    waiting.clear();
    waiting.extend(left.iter_mut().map(std::mem::take));
    // The place written to never overtakes the one read from.
    let (mut to, mut from) = (0, half);
    let mut rest = waiting.iter_mut();
    let mut next = rest.next();
    while let Some(a) = next.as_deref_mut()
        && !interrupted()
    {
        match items.get_mut(from) {
            Some(b) if by(a, b) == Ordering::Greater => {
                items.swap(to, from);
                from += 1;
            }
            _ => {
                if let Some(place) = items.get_mut(to) {
                    std::mem::swap(place, a);
                }
                next = rest.next();
            }
        }
        to += 1;
    }
    // All others are at their places; what still waits fills the gap before them.
    for (place, a) in items.iter_mut().skip(to).zip(next.into_iter().chain(rest)) {
        std::mem::swap(place, a);
    }
}
