//! The static methods of `System.Array`.

use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::types::collections::array::{
    binary_search, copy_into, find, lengths, range, search,
};
use crate::runtime::types::collections::array::{sort_items, zeroed};
use crate::runtime::types::{dispatch, equality, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::ops::Range;
use std::rc::Rc;

/// A place that an argument names, at most `most`; without one the default.
fn place(vm: &mut Vm, argument: Option<&Value>, default: usize, most: usize) -> R<usize> {
    let Some(argument) = argument else {
        return Ok(default);
    };
    match usize::try_from(vm.to_int(argument)?) {
        Ok(at) if at <= most => Ok(at),
        _ => failures::out_of_range(
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
            "startIndex",
        ),
    }
}

/// How many items an argument names, at most `most`; without one all of them.
fn place_count(vm: &mut Vm, argument: Option<&Value>, most: usize) -> R<usize> {
    let Some(argument) = argument else {
        return Ok(most);
    };
    match usize::try_from(vm.to_int(argument)?) {
        Ok(count) if count <= most => Ok(count),
        _ => failures::out_of_range(
            "Count must be positive and count must refer to a location within the string/array/collection.",
            "count",
        ),
    }
}

/// The items that `FindIndex(array, start, count, match)` and `FindLastIndex` look at.
pub fn searched(vm: &mut Vm, name: &str, arguments: &[Value], length: usize) -> R<Range<usize>> {
    let (start, count) = match arguments {
        [_, start, _] => (Some(start), None),
        [_, start, count, _] => (Some(start), Some(count)),
        _ => (None, None),
    };
    if name == "findlastindex" {
        let last = place(
            vm,
            start,
            length.saturating_sub(1),
            length.saturating_sub(1),
        )?;
        let upto = (last + 1).min(length);
        let count = place_count(vm, count, upto)?;
        return Ok(upto - count..upto);
    }
    let from = place(vm, start, 0, length)?;
    let count = place_count(vm, count, length - from)?;
    Ok(from..from + count)
}

fn array_argument(arguments: &[Value], at: usize) -> R<Rc<Array>> {
    match arguments.get(at).map(Value::base) {
        Some(Value::Array(array)) => Ok(array.clone()),
        _ => failures::argument_null("array"),
    }
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match name {
        "sort" => return sort(vm, arguments),
        "reverse" => {
            let array = array_argument(arguments, 0)?;
            match (arguments.get(1), arguments.get(2)) {
                (Some(start), Some(count)) => {
                    let range = range(vm, array.len(), start, count)?;
                    array.items.borrow_mut()[range].reverse();
                }
                _ => array.items.borrow_mut().reverse(),
            }
            Value::Nothing
        }
        "indexof" => {
            let array = array_argument(arguments, 0)?;
            let items = vm.copy_items(&array.items)?;
            let wanted = arguments.get(1).cloned().unwrap_or_default();
            let start = place(vm, arguments.get(2), 0, items.len())?;
            let count = place_count(vm, arguments.get(3), items.len() - start)?;
            let part = items.get(start..start + count).unwrap_or(&[]);
            let found = find(vm, part, &wanted)?.map(|at| at + start);
            Value::Int(found.map_or(-1, |at| at as i32))
        }
        "lastindexof" => return last_index_of(vm, arguments),
        "copy" | "constrainedcopy" => return copy(vm, arguments),
        "clear" => {
            let array = array_argument(arguments, 0)?;
            let zero = dispatch::zero(&array.element).unwrap_or_default();
            match (arguments.get(1), arguments.get(2)) {
                (Some(start), Some(count)) => {
                    let range = range(vm, array.len(), start, count)?;
                    array.items.borrow_mut()[range].fill(zero);
                }
                _ => array.items.borrow_mut().fill(zero),
            }
            Value::Nothing
        }
        "fill" => {
            let array = array_argument(arguments, 0)?;
            let value = vm.convert(arguments.get(1).unwrap_or(&Value::Null), &array.element)?;
            let range = match (arguments.get(2), arguments.get(3)) {
                (Some(start), Some(count)) => range(vm, array.len(), start, count)?,
                _ => 0..array.len(),
            };
            array.items.borrow_mut()[range].fill(value);
            Value::Nothing
        }
        "createinstance" => {
            let Some(Value::Type(element)) = arguments.first().map(Value::base) else {
                return failures::argument_null("elementType");
            };
            let places = match arguments.get(1).map(Value::base) {
                Some(Value::Array(list)) => vm.copy_items(&list.items)?,
                _ => arguments[1..].to_vec(),
            };
            match lengths(vm, &places)? {
                Some(lengths) => zeroed(element, lengths)?,
                None => return failures::out_of_range("Non-negative number required.", "length"),
            }
        }
        "empty" => Value::array(Vec::new()),
        "resize" => return resize(vm, arguments),
        "binarysearch" => return search_sorted(vm, arguments),
        "asreadonly" => {
            let array = array_argument(arguments, 0)?;
            let element = array.element.clone();
            crate::runtime::types::collections::read_only::view_of(&element, Value::Array(array))
        }
        "find" | "findlast" | "findall" | "findindex" | "findlastindex" | "exists"
        | "trueforall" | "foreach" | "convertall" => {
            let array = array_argument(arguments, 0)?;
            let items = vm.copy_items(&array.items)?;
            let delegate = arguments.last().cloned().unwrap_or_default();
            let part = searched(vm, name, arguments, items.len())?;
            let from = part.start as i32;
            let found = search(vm, name, &array.element, items[part].to_vec(), &delegate)?;
            return Ok(Some(match found {
                Value::Int(at) if at >= 0 && name.ends_with("index") => Value::Int(at + from),
                other => other,
            }));
        }
        _ => return Ok(None),
    }))
}

/// `Sort`: an array, a part of it, or keys with their items.
fn sort(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let array = array_argument(arguments, 0)?;
    if let Some(Value::Array(items)) = arguments.get(1).map(Value::base) {
        let (part, comparer) = match (arguments.get(2), arguments.get(3)) {
            (Some(start @ Value::Int(_)), Some(count)) => {
                (range(vm, array.len(), start, count)?, arguments.get(4))
            }
            _ => (0..array.len(), arguments.get(2)),
        };
        sort_with_items(vm, &array, items, part, comparer)?;
        return Ok(Some(Value::Nothing));
    }
    let mut items = vm.copy_items(&array.items)?;
    if let (Some(start @ Value::Int(_)), Some(count)) = (arguments.get(1), arguments.get(2)) {
        let range = range(vm, items.len(), start, count)?;
        let mut part = items[range.clone()].to_vec();
        sort_items(vm, &mut part, arguments.get(3))?;
        items.splice(range, part);
    } else {
        sort_items(vm, &mut items, arguments.get(1))?;
    }
    *array.items.borrow_mut() = items;
    Ok(Some(Value::Nothing))
}

/// `LastIndexOf` from a place backwards.
fn last_index_of(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let array = array_argument(arguments, 0)?;
    let items = vm.copy_items(&array.items)?;
    let wanted = arguments.get(1).cloned().unwrap_or_default();
    if items.is_empty() {
        return Ok(Some(Value::Int(-1)));
    }
    let last = place(vm, arguments.get(2), items.len() - 1, items.len() - 1)?;
    let count = place_count(vm, arguments.get(3), last + 1)?;
    let mut found = None;
    for at in (last + 1 - count..=last).rev() {
        if equality::equal(vm, &items[at], &wanted)? {
            found = Some(at);
            break;
        }
    }
    Ok(Some(Value::Int(found.map_or(-1, |at| at as i32))))
}

/// `Copy` and `ConstrainedCopy`.
fn copy(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let source = array_argument(arguments, 0)?;
    let (from, target, to, count) = match arguments {
        [_, Value::Array(target), count] => (0, target.clone(), 0, vm.to_int(count)?),
        [_, from, Value::Array(target), to, count] => (
            vm.to_int(from)?,
            target.clone(),
            vm.to_int(to)?,
            vm.to_int(count)?,
        ),
        _ => return Ok(None),
    };
    let items = vm.copy_items(&source.items)?;
    let part = usize::try_from(from)
        .ok()
        .zip(usize::try_from(count).ok())
        .and_then(|(from, count)| items.get(from..from.checked_add(count)?));
    let Some(part) = part else {
        return failures::argument(
            "Source array was not long enough. Check the source index, length, and the array's lower bounds.",
            "sourceArray",
        );
    };
    copy_into(vm, part, &target, to)?;
    Ok(Some(Value::Nothing))
}

/// `Resize([ref] array, length)`
fn resize(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let Some(Value::Ref(place)) = arguments.first() else {
        return Ok(None);
    };
    let count = vm.to_int(arguments.get(1).unwrap_or(&Value::Null))?;
    let Ok(count) = usize::try_from(count) else {
        return failures::out_of_range("Non-negative number required.", "newSize");
    };
    let (element, mut items) = match place.get().base() {
        Value::Array(array) => {
            let items = vm.copy_items(&array.items)?;
            (array.element.clone(), items)
        }
        _ => (known::object(), Vec::new()),
    };
    if !limits::items_fit(Some(count)) {
        return failures::too_many_items();
    }
    items.resize(count, dispatch::zero(&element).unwrap_or_default());
    place.set(Value::Array(Rc::new(Array::typed(element, items))));
    Ok(Some(Value::Nothing))
}

/// `BinarySearch` in all of an array or a part of it.
fn search_sorted(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let array = array_argument(arguments, 0)?;
    let items = vm.copy_items(&array.items)?;
    let wanted = arguments.get(1).cloned().unwrap_or_default();
    if let [_, start, count, wanted, rest @ ..] = arguments {
        let part = range(vm, items.len(), start, count)?;
        let from = part.start as i32;
        let found = binary_search(vm, &items[part], wanted, rest.first())?;
        let at = if found < 0 {
            found - from
        } else {
            found + from
        };
        return Ok(Some(Value::Int(at)));
    }
    Ok(Some(Value::Int(binary_search(
        vm,
        &items,
        &wanted,
        arguments.get(2),
    )?)))
}

/// Sorts keys, and the items that go with them in the same order.
fn sort_with_items(
    vm: &mut Vm,
    keys: &Array,
    items: &Array,
    part: Range<usize>,
    comparer: Option<&Value>,
) -> R<()> {
    if items.len() < part.end {
        return failures::argument(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "",
        );
    }
    let mut pairs: Vec<Value> = keys
        .items
        .borrow()
        .iter()
        .zip(items.items.borrow().iter())
        .skip(part.start)
        .take(part.len())
        .map(|(k, v)| Value::array(vec![k.clone(), v.clone()]))
        .collect();
    let comparer = comparer.filter(|c| !c.is_null()).cloned();
    let half = |pair: &Value, at: usize| match pair {
        Value::Array(pair) => pair.items.borrow().get(at).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    equality::sort(vm, &mut pairs, |vm, a, b| {
        let (a, b) = (half(a, 0), half(b, 0));
        match &comparer {
            None => equality::order(vm, &a, &b),
            Some(comparer) => {
                crate::runtime::types::collections::comparer::compare(vm, comparer, &a, &b)
            }
        }
    })?;
    for (at, pair) in part.zip(&pairs) {
        keys.items.borrow_mut()[at] = half(pair, 0);
        items.items.borrow_mut()[at] = half(pair, 1);
    }
    Ok(())
}
