//! Operators that make one value of all items: counts, sums, extremes, folds.

use super::{Query, apply, items_of, no_elements};
use crate::host::discard::Long;
use crate::runtime::error::R;
use crate::runtime::types::{collections::array, equality, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rust_decimal::Decimal;

/// The call, if it is one of this family.
pub fn call(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    Ok(Some(match (query.name, query.arguments) {
        ("count" | "longcount", [source, rest @ ..]) => {
            let mut count = 0i64;
            for item in Long::from(items_of(vm, source)?) {
                vm.check_interrupt()?;
                if match rest.first() {
                    Some(predicate) => array::holds(vm, predicate, &item)?,
                    None => true,
                } {
                    count += 1;
                }
            }
            match query.name {
                "count" => Value::Int(count as i32),
                _ => Value::Long(count),
            }
        }
        ("sum" | "average", [source, rest @ ..]) => {
            let items = selected(vm, source, rest.first())?;
            match query.name {
                "sum" => sum(vm, query, items)?,
                _ => average(vm, items)?,
            }
        }
        ("max" | "min", [source, rest @ ..]) => {
            let by = rest.first();
            let selector =
                by.filter(|it| crate::runtime::types::reflection::delegate::is_callable(it));
            let comparer = by.filter(|_| selector.is_none());
            let items = selected(vm, source, selector)?;
            let items: Vec<Value> = items.into_iter().filter(|it| !it.is_null()).collect();
            match extreme(vm, &items, &items, query.name == "max", comparer)? {
                Some(found) => found,
                None if query.returns().is_value_type() || query.call.is_none() => {
                    return no_elements();
                }
                None => Value::Null,
            }
        }
        ("maxby" | "minby", [source, selector, rest @ ..]) => {
            let items = items_of(vm, source)?;
            let keys = items.iter().map(|item| apply(vm, selector, item));
            let keys = keys.collect::<R<Vec<Value>>>()?;
            match extreme(vm, &items, &keys, query.name == "maxby", rest.first())? {
                Some(found) => found,
                None if query.returns().is_value_type() => return no_elements(),
                None => Value::Null,
            }
        }
        ("aggregate", [source, func]) => {
            let mut items = items_of(vm, source)?.into_iter();
            let Some(mut state) = items.next() else {
                return no_elements();
            };
            for item in items {
                vm.check_interrupt()?;
                state = array::call_delegate(vm, func, vec![state, item])?;
            }
            state
        }
        ("aggregate", [source, seed, func, rest @ ..]) => {
            let mut state = seed.clone();
            for item in Long::from(items_of(vm, source)?) {
                vm.check_interrupt()?;
                state = array::call_delegate(vm, func, vec![state, item])?;
            }
            match rest.first() {
                Some(result) => array::call_delegate(vm, result, vec![state])?,
                None => state,
            }
        }
        _ => return Ok(None),
    }))
}

fn selected(vm: &mut Vm, source: &Value, selector: Option<&Value>) -> R<Vec<Value>> {
    let items = items_of(vm, source)?;
    match selector {
        None => Ok(items),
        Some(selector) => items.iter().map(|item| apply(vm, selector, item)).collect(),
    }
}

/// The kind of number that sums are made of, the type of the first item deciding.
enum Total {
    Int(i64),
    Real(f64),
    Single(f64),
    Decimal(Decimal),
}

fn total(vm: &mut Vm, items: &[Value]) -> R<Total> {
    let overflow = || failures::overflow("Arithmetic operation resulted in an overflow.");
    Ok(match items.first().map(Value::base) {
        Some(Value::Double(_)) | Some(Value::Float(_)) => {
            let mut sum = 0.0;
            for item in items {
                vm.check_interrupt()?;
                sum += vm.to_double(item)?;
            }
            match items.first() {
                Some(Value::Float(_)) => Total::Single(sum),
                _ => Total::Real(sum),
            }
        }
        Some(Value::Decimal(_)) => {
            let mut sum = Decimal::ZERO;
            for item in items {
                vm.check_interrupt()?;
                if let Value::Decimal(number) = vm.convert(item, &known::decimal())? {
                    match sum.checked_add(*number) {
                        Some(more) => sum = more,
                        None => {
                            return failures::overflow(
                                "Value was either too large or too small for a Decimal.",
                            );
                        }
                    }
                }
            }
            Total::Decimal(sum)
        }
        _ => {
            let mut sum = 0i64;
            for item in items {
                vm.check_interrupt()?;
                match sum.checked_add(vm.to_long(item)?) {
                    Some(more) => sum = more,
                    None => return overflow(),
                }
            }
            Total::Int(sum)
        }
    })
}

fn sum(vm: &mut Vm, query: &Query, items: Vec<Value>) -> R<Value> {
    let items: Vec<Value> = items.into_iter().filter(|it| !it.is_null()).collect();
    let is_long = items.first().is_some_and(|it| matches!(it, Value::Long(_)));
    Ok(match total(vm, &items)? {
        Total::Int(0) if items.is_empty() => match query.call {
            Some(_) => query.zero(),
            None => Value::Int(0),
        },
        Total::Int(sum) if is_long => Value::Long(sum),
        Total::Int(sum) => match i32::try_from(sum) {
            Ok(sum) => Value::Int(sum),
            Err(_) => {
                return failures::overflow("Arithmetic operation resulted in an overflow.");
            }
        },
        Total::Real(sum) => Value::Double(sum),
        Total::Single(sum) => Value::Float(sum as f32),
        Total::Decimal(sum) => Value::decimal(sum),
    })
}

fn average(vm: &mut Vm, items: Vec<Value>) -> R<Value> {
    let items: Vec<Value> = items.into_iter().filter(|it| !it.is_null()).collect();
    if items.is_empty() {
        return no_elements();
    }
    let count = items.len();
    Ok(match total(vm, &items)? {
        Total::Int(sum) => Value::Double(sum as f64 / count as f64),
        Total::Real(sum) => Value::Double(sum / count as f64),
        Total::Single(sum) => Value::Float((sum / count as f64) as f32),
        Total::Decimal(sum) => match sum.checked_div(Decimal::from(count)) {
            Some(mean) => Value::decimal(mean),
            None => return no_elements(),
        },
    })
}

/// The item whose key is the greatest or the least; of equal ones the first.
fn extreme(
    vm: &mut Vm,
    items: &[Value],
    keys: &[Value],
    greatest: bool,
    comparer: Option<&Value>,
) -> R<Option<Value>> {
    let comparer = comparer.filter(|it| !it.is_null());
    let mut best: Option<(&Value, &Value)> = None;
    for (item, key) in std::iter::zip(items, keys) {
        let better = match best {
            None => true,
            Some((_, found)) => {
                let order = match comparer {
                    Some(comparer) => crate::runtime::types::collections::comparer::compare(
                        vm, comparer, key, found,
                    )?,
                    None => equality::order(vm, key, found)?,
                };
                if greatest {
                    order.is_gt()
                } else {
                    order.is_lt()
                }
            }
        };
        if better {
            best = Some((item, key));
        }
    }
    Ok(best.map(|(item, _)| item.clone()))
}
