//! Operators that pick, change and join the items of sequences.

use super::{Query, Sequence, apply, apply_at, items_of, no_elements, no_match};
use crate::host::discard::Long;
use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::types::{
    collections::array, collections::list, dispatch, failures, find_full, generic, known,
    type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The call, if it is one of this family.
pub fn call(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    if let Some(result) = lazy(vm, query)? {
        return Ok(Some(result));
    }
    if let Some(result) = one_item(vm, query)? {
        return Ok(Some(result));
    }
    Ok(Some(match (query.name, query.arguments) {
        ("empty", []) => array::of(&query.element(), Vec::new()),
        ("asenumerable", [source]) => source.clone(),
        ("toarray", [source]) => {
            let items = items_of(vm, source)?;
            let returns = query.returns();
            array::of(
                &returns.element().cloned().unwrap_or_else(known::object),
                items,
            )
        }
        ("tolist", [source]) => {
            let items = items_of(vm, source)?;
            list::of(&query.returns(), items)
        }
        ("any", [source]) => Value::Bool(!items_of(vm, source)?.is_empty()),
        ("any" | "all", [source, predicate]) => {
            let any = query.name == "any";
            for item in items_of(vm, source)? {
                vm.check_interrupt()?;
                if array::holds(vm, predicate, &item)? == any {
                    return Ok(Some(Value::Bool(any)));
                }
            }
            Value::Bool(!any)
        }
        ("sequenceequal", [first, second, rest @ ..]) => {
            let first = Long::from(items_of(vm, first)?);
            let second = Long::from(items_of(vm, second)?);
            if first.len() != second.len() {
                return Ok(Some(Value::Bool(false)));
            }
            for (one, other) in std::iter::zip(first.iter(), second.iter()) {
                vm.heed()?;
                let mut keys = super::keys::Keys::new(rest.first());
                keys.add(vm, one)?;
                if keys.find(vm, other)?.is_none() {
                    return Ok(Some(Value::Bool(false)));
                }
            }
            Value::Bool(true)
        }
        ("contains", [source, wanted, rest @ ..]) => {
            let mut keys = super::keys::Keys::new(rest.first());
            keys.add(vm, wanted)?;
            for item in items_of(vm, source)? {
                vm.check_interrupt()?;
                if keys.find(vm, &item)?.is_some() {
                    return Ok(Some(Value::Bool(true)));
                }
            }
            Value::Bool(false)
        }
        ("trygetnonenumeratedcount", [source, Value::Ref(place)]) => {
            let counted = !matches!(source.base(), Value::Native(_));
            let count = if counted {
                items_of(vm, source)?.len()
            } else {
                0
            };
            place.set(Value::Int(count as i32));
            Value::Bool(counted)
        }
        _ => return Ok(None),
    }))
}

/// The class of a sequence by what it was made of.
fn over(source: &Value, operator: &str) -> String {
    let lead = match source.base() {
        Value::Array(_) => "Array",
        Value::List(_) => "List",
        _ => "IEnumerable",
    };
    format!("{lead}{operator}")
}

/// Operators that give sequences.
fn lazy(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let element = query.element();
    let own = query.arguments.to_vec();
    Ok(Some(match (query.name, query.arguments) {
        ("where", [source, _]) => Sequence::value(&over(source, "Where"), element, move |vm| {
            let [source, predicate] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let mut kept = Vec::new();
            for (at, item) in items_of(vm, source)?.into_iter().enumerate() {
                vm.check_interrupt()?;
                let answer = apply_at(vm, predicate, item.clone(), at)?;
                if vm.to_bool(&answer) {
                    kept.push(item);
                }
            }
            Ok(kept)
        }),
        ("select", [source, _]) => Sequence::value(&over(source, "Select"), element, move |vm| {
            let [source, selector] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let items = items_of(vm, source)?.into_iter().enumerate();
            items
                .map(|(at, item)| apply_at(vm, selector, item, at))
                .collect()
        }),
        ("selectmany", [_, _, ..]) => Sequence::value("SelectMany", element, move |vm| {
            let [source, selector, rest @ ..] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let mut found = Vec::new();
            for (at, item) in items_of(vm, source)?.into_iter().enumerate() {
                vm.check_interrupt()?;
                let inner = apply_at(vm, selector, item.clone(), at)?;
                for each in items_of(vm, &inner)? {
                    vm.check_interrupt()?;
                    found.push(match rest.first() {
                        Some(result) => array::call_delegate(vm, result, vec![item.clone(), each])?,
                        None => each,
                    });
                }
            }
            Ok(found)
        }),
        ("cast", [_]) => Sequence::value("Cast", element.clone(), move |vm| {
            let items = items_of(vm, own.first().unwrap_or(&Value::Null))?;
            let fitting = items.into_iter().map(|item| {
                if vm.fits(&item, &element) || (item.is_null() && !element.is_value_type()) {
                    return Ok(item);
                }
                let actual = vm.type_of(&item).reflection_text();
                failures::fail(
                    "System.InvalidCastException",
                    format!(
                        "Unable to cast object of type '{actual}' to type '{}'.",
                        element.reflection_text()
                    ),
                )
            });
            fitting.collect()
        }),
        ("oftype", [_]) => Sequence::value("OfType", element.clone(), move |vm| {
            let items = items_of(vm, own.first().unwrap_or(&Value::Null))?;
            let fits = |item: &Value| !item.is_null() && vm.fits(item, &element);
            Ok(items.into_iter().filter(|item| fits(item)).collect())
        }),
        _ => return some_items(vm, query),
    }))
}

/// Operators that leave out, add or reorder items.
fn some_items(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let element = query.element();
    let own = query.arguments.to_vec();
    Ok(Some(match (query.name, query.arguments) {
        ("skip" | "take" | "skiplast" | "takelast", [source, count]) => {
            let count = match count.base() {
                Value::Int(count) => usize::try_from(*count).unwrap_or(0),
                _ => return Ok(None),
            };
            let name = query.name.to_string();
            let source = source.clone();
            let class = match source.base() {
                Value::Array(_) | Value::List(_) => "IListSkipTake",
                _ => "IEnumerableSkipTake",
            };
            Sequence::value(class, element, move |vm| {
                let mut items = items_of(vm, &source)?;
                let from_end = items.len().saturating_sub(count);
                match name.as_str() {
                    "skip" => drop(items.drain(..count.min(items.len()))),
                    "take" => items.truncate(count),
                    "skiplast" => items.truncate(from_end),
                    _ => drop(items.drain(..from_end)),
                }
                Ok(items)
            })
        }
        ("skipwhile" | "takewhile", [_, _]) => {
            let take = query.name == "takewhile";
            Sequence::value(
                if take { "TakeWhile" } else { "SkipWhile" },
                element,
                move |vm| {
                    let [source, predicate] = own.as_slice() else {
                        return Ok(Vec::new());
                    };
                    let mut items = items_of(vm, source)?;
                    let mut held = 0;
                    for (at, item) in items.iter().enumerate() {
                        vm.check_interrupt()?;
                        let answer = apply_at(vm, predicate, item.clone(), at)?;
                        if !vm.to_bool(&answer) {
                            break;
                        }
                        held += 1;
                    }
                    Ok(match take {
                        true => items.drain(..held).collect(),
                        false => items.split_off(held),
                    })
                },
            )
        }
        ("concat", [_, _]) => Sequence::value("Concat2", element, move |vm| {
            let mut items = Vec::new();
            for source in &own {
                items.extend(items_of(vm, source)?);
            }
            Ok(items)
        }),
        ("append" | "prepend", [_, _]) => {
            let last = query.name == "append";
            Sequence::value("AppendPrepend1", element, move |vm| {
                let [source, item] = own.as_slice() else {
                    return Ok(Vec::new());
                };
                let mut items = items_of(vm, source)?;
                items.insert(if last { items.len() } else { 0 }, item.clone());
                Ok(items)
            })
        }
        ("reverse", [_]) => Sequence::value("Reverse", element, move |vm| {
            let mut items = items_of(vm, own.first().unwrap_or(&Value::Null))?;
            items.reverse();
            Ok(items)
        }),
        ("shuffle", [source]) => {
            let random = vm.construct(&type_named("System.Random"), Vec::new())?;
            let mut left = items_of(vm, source)?;
            let mut mixed = Vec::with_capacity(left.len());
            while !left.is_empty() {
                let bound = vec![Value::Int(left.len() as i32)];
                let at = vm.invoke_method(&random, "Next", bound)?;
                let at = usize::try_from(vm.to_int(&at)?).unwrap_or(0);
                mixed.push(left.swap_remove(at.min(left.len() - 1)));
            }
            Sequence::value("Shuffle", element, move |_| Ok(mixed.clone()))
        }
        ("defaultifempty", [_, rest @ ..]) => {
            let zero = dispatch::zero(&element).unwrap_or_default();
            let default = rest.first().cloned().unwrap_or(zero);
            Sequence::value("DefaultIfEmpty", element, move |vm| {
                let items = items_of(vm, own.first().unwrap_or(&Value::Null))?;
                Ok(match items.is_empty() {
                    true => vec![default.clone()],
                    false => items,
                })
            })
        }
        _ => return combined(vm, query),
    }))
}

/// Operators that put items together into others.
fn combined(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let element = query.element();
    let own = query.arguments.to_vec();
    Ok(Some(match (query.name, query.arguments) {
        ("chunk", [source, size]) => {
            let size = vm.to_int(size)?;
            let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
                return failures::out_of_range(
                    "size ('0') must be greater than or equal to '1'."
                        .replace('0', &size.to_string()),
                    "size",
                );
            };
            let source = source.clone();
            Sequence::value("Chunk", element.clone(), move |vm| {
                let inner = element.element().cloned().unwrap_or_else(known::object);
                let items = items_of(vm, &source)?;
                let chunks = items.chunks(size);
                Ok(chunks
                    .map(|chunk| array::of(&inner, chunk.to_vec()))
                    .collect())
            })
        }
        ("zip", [_, _, ..]) => Sequence::value("Zip", element.clone(), move |vm| {
            let [first, second, rest @ ..] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let first = items_of(vm, first)?.into_iter();
            let second = items_of(vm, second)?;
            if let Some(third) = rest
                .first()
                .filter(|it| !crate::runtime::types::reflection::delegate::is_callable(it))
            {
                let third = items_of(vm, third)?;
                let triples = first.zip(second).zip(third);
                return Ok(triples
                    .map(|((a, b), c)| {
                        crate::runtime::types::collections::tuple::of_type(&element, vec![a, b, c])
                    })
                    .collect());
            }
            let pairs = first.zip(second);
            pairs
                .map(|(a, b)| match rest.first() {
                    Some(result) => array::call_delegate(vm, result, vec![a, b]),
                    None => Ok(crate::runtime::types::collections::tuple::of_type(
                        &element,
                        vec![a, b],
                    )),
                })
                .collect()
        }),
        ("index", [_]) => Sequence::value("Index", element.clone(), move |vm| {
            let items = items_of(vm, own.first().unwrap_or(&Value::Null))?;
            let pairs = items.into_iter().enumerate();
            Ok(pairs
                .map(|(at, item)| {
                    let pair = vec![Value::Int(at as i32), item];
                    crate::runtime::types::collections::tuple::of_type(&element, pair)
                })
                .collect())
        }),
        _ => return generated(vm, query),
    }))
}

/// Operators that need no source.
fn generated(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let element = query.element();
    Ok(Some(match (query.name, query.arguments) {
        ("range", [start, count]) => {
            let (start, count) = (vm.to_int(start)?, vm.to_int(count)?);
            let end = i64::from(start) + i64::from(count) - 1;
            if count < 0 || end > i64::from(i32::MAX) {
                return failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "count",
                );
            }
            Sequence::value("Range", known::int(), move |vm| {
                let mut numbers = Long::from(room_for(count as usize)?);
                for at in 0..count {
                    vm.check_interrupt()?;
                    numbers.push(Value::Int(start.wrapping_add(at)));
                }
                Ok(numbers.into_inner())
            })
        }
        ("repeat", [item, count]) => {
            let Ok(count) = usize::try_from(vm.to_int(count)?) else {
                return failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "count",
                );
            };
            let item = item.clone();
            Sequence::value("Repeat", element, move |vm| {
                let mut items = Long::from(room_for(count)?);
                for _ in 0..count {
                    vm.check_interrupt()?;
                    items.push(item.clone());
                }
                Ok(items.into_inner())
            })
        }
        _ => return Ok(None),
    }))
}

/// An empty list that so many items will go into.
fn room_for(count: usize) -> R<Vec<Value>> {
    match limits::items_fit(Some(count)) {
        true => Ok(Vec::with_capacity(count)),
        false => failures::out_of_memory(),
    }
}

/// Operators that give one item.
fn one_item(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let (base, or_default) = match query.name.strip_suffix("ordefault") {
        Some(base) => (base, true),
        None => (query.name, false),
    };
    let (source, rest) = match (base, query.arguments) {
        ("first" | "last" | "single" | "elementat", [source, rest @ ..]) => (source, rest),
        _ => return Ok(None),
    };
    let mut items = items_of(vm, source)?;
    if base == "elementat" {
        let at = match rest {
            [Value::Int(at)] => usize::try_from(*at).ok(),
            _ => return Ok(None),
        };
        let found = at.and_then(|at| items.get(at).cloned());
        return match found {
            Some(item) => Ok(Some(item)),
            None if or_default => Ok(Some(query.zero())),
            None => failures::bad_index(),
        };
    }
    let predicate = rest
        .first()
        .filter(|it| crate::runtime::types::reflection::delegate::is_callable(it));
    let default = rest
        .last()
        .filter(|it| !crate::runtime::types::reflection::delegate::is_callable(it));
    if let Some(predicate) = predicate {
        let mut kept = Vec::new();
        for item in items {
            vm.check_interrupt()?;
            let answer = apply(vm, predicate, &item)?;
            if vm.to_bool(&answer) {
                kept.push(item);
                if base == "first" {
                    break;
                }
            }
        }
        items = kept;
    }
    if base == "single" && items.len() > 1 {
        return failures::invalid_operation(match predicate {
            Some(_) => "Sequence contains more than one matching element",
            None => "Sequence contains more than one element",
        });
    }
    let found = if base == "last" {
        items.pop()
    } else {
        items.into_iter().next()
    };
    match found {
        Some(item) => Ok(Some(item)),
        None if or_default => Ok(Some(default.cloned().unwrap_or_else(|| query.zero()))),
        None if predicate.is_some() => no_match(),
        None => no_elements(),
    }
}

/// A generic type by the full name of its definition.
pub(super) fn closed(
    definition: &str,
    arguments: Vec<crate::runtime::types::TypeRef>,
) -> crate::runtime::types::TypeRef {
    find_full(definition).map_or_else(known::object, |it| generic(&it, arguments))
}
