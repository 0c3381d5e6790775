//! `System.Array`

use super::{TypeRef, array_of, dispatch, equality, failures, known};
use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// The most items an array may have.
const MOST_ITEMS: usize = 1 << 28;

/// A property.
pub fn get(array: &Rc<Array>, name: &str) -> Option<Value> {
    Some(match name {
        "length" | "count" => Value::Int(array.len() as i32),
        "longlength" => Value::Long(array.len() as i64),
        "rank" => Value::Int(array.dimensions.as_ref().map_or(1, Vec::len) as i32),
        "isfixedsize" => Value::Bool(true),
        "isreadonly" | "issynchronized" => Value::Bool(false),
        "syncroot" => Value::Array(array.clone()),
        _ => return None,
    })
}

/// An array of the element type's zeros.
pub fn zeroed(element: &TypeRef, dimensions: Vec<usize>) -> R<Value> {
    let count = dimensions
        .iter()
        .try_fold(1usize, |product, n| product.checked_mul(*n));
    let Some(count) = count.filter(|n| *n <= MOST_ITEMS) else {
        return failures::fail(
            "System.OutOfMemoryException",
            "Array dimensions exceeded supported range.",
        );
    };
    let zero = dispatch::zero(element).unwrap_or_default();
    Ok(Value::Array(Rc::new(Array {
        element: element.clone(),
        items: RefCell::new(vec![zero; count]),
        dimensions: (dimensions.len() > 1).then_some(dimensions),
        extension: Default::default(),
    })))
}

fn lengths(vm: &mut Vm, arguments: &[Value]) -> R<Option<Vec<usize>>> {
    let mut found = Vec::new();
    for argument in arguments {
        let Ok(length) = usize::try_from(vm.to_int(argument)?) else {
            return Ok(None);
        };
        found.push(length);
    }
    Ok(Some(found))
}

/// `[T[]]::new(n)`, `[T[,]]::new(n, m)`
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let (Some(element), super::TypeKind::Array { rank }) = (type_ref.element(), &type_ref.kind)
    else {
        return Ok(None);
    };
    if arguments.len() != *rank as usize {
        return Ok(None);
    }
    match lengths(vm, arguments)? {
        Some(lengths) => zeroed(element, lengths).map(Some),
        None => {
            let failed: R<Value> =
                failures::overflow("Arithmetic operation resulted in an overflow.");
            match failed {
                Ok(value) => Ok(Some(value)),
                Err(unwind) => vm.wrap_exception(".ctor", arguments.len(), unwind, None),
            }
        }
    }
}

fn flat_place(vm: &mut Vm, array: &Array, places: &[Value]) -> R<usize> {
    let dimensions = array
        .dimensions
        .clone()
        .unwrap_or_else(|| vec![array.len()]);
    let places: Vec<Value> = match places {
        [Value::Array(inner)] => inner.items.borrow().clone(),
        other => other.to_vec(),
    };
    if places.len() != dimensions.len() {
        return failures::argument("Array was not a one-dimensional array.", "");
    }
    let mut flat = 0;
    for (place, length) in places.iter().zip(&dimensions) {
        match usize::try_from(vm.to_int(place)?) {
            Ok(at) if at < *length => flat = flat * length + at,
            _ => return failures::outside_array(),
        }
    }
    Ok(flat)
}

/// A method.
pub fn call(vm: &mut Vm, array: &Rc<Array>, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let dimension = |vm: &mut Vm, at: &Value| -> R<usize> {
        let at = vm.to_int(at)?;
        let lengths = array
            .dimensions
            .clone()
            .unwrap_or_else(|| vec![array.len()]);
        match usize::try_from(at).ok().and_then(|at| lengths.get(at)) {
            Some(length) => Ok(*length),
            None => failures::outside_array(),
        }
    };
    Ok(Some(match (name, arguments) {
        ("getvalue", places @ [_, ..]) => {
            let at = flat_place(vm, array, places)?;
            array.items.borrow().get(at).cloned().unwrap_or_default()
        }
        ("setvalue", [value, places @ ..]) => {
            let at = flat_place(vm, array, places)?;
            let value = vm.convert(value, &array.element)?;
            if let Some(item) = array.items.borrow_mut().get_mut(at) {
                *item = value;
            }
            Value::Nothing
        }
        ("get", places @ [_, ..]) => {
            let at = flat_place(vm, array, places)?;
            array.items.borrow().get(at).cloned().unwrap_or_default()
        }
        ("set", [places @ .., value]) => {
            let at = flat_place(vm, array, places)?;
            let value = vm.convert(value, &array.element)?;
            if let Some(item) = array.items.borrow_mut().get_mut(at) {
                *item = value;
            }
            Value::Nothing
        }
        ("getlength", [at]) => Value::Int(dimension(vm, at)? as i32),
        ("getlonglength", [at]) => Value::Long(dimension(vm, at)? as i64),
        ("getlowerbound", [at]) => {
            dimension(vm, at)?;
            Value::Int(0)
        }
        ("getupperbound", [at]) => Value::Int(dimension(vm, at)? as i32 - 1),
        ("clone", []) => Value::Array(Rc::new(Array {
            element: array.element.clone(),
            items: array.items.clone(),
            dimensions: array.dimensions.clone(),
            extension: Default::default(),
        })),
        ("copyto", [Value::Array(target), at]) => {
            let at = vm.to_int(at)?;
            let items = array.items.borrow().clone();
            copy_into(vm, &items, target, at)?;
            Value::Nothing
        }
        ("getenumerator", []) => super::enumerator::Enumerator::of(
            "System.ArrayEnumerator",
            array.items.borrow().clone(),
        ),
        ("contains", [item]) => {
            Value::Bool(find(vm, &array.items.borrow().clone(), item)?.is_some())
        }
        ("indexof", [item]) => {
            let found = find(vm, &array.items.borrow().clone(), item)?;
            Value::Int(found.map_or(-1, |at| at as i32))
        }
        ("initialize", []) => Value::Nothing,
        ("add" | "insert" | "remove" | "removeat", _) => {
            return failures::not_supported("Collection was of a fixed size.");
        }
        ("clear", []) => {
            let zero = dispatch::zero(&array.element).unwrap_or_default();
            array.items.borrow_mut().fill(zero);
            Value::Nothing
        }
        _ => return Ok(None),
    }))
}

/// The place of an item by `Equals`.
pub fn find(vm: &mut Vm, items: &[Value], wanted: &Value) -> R<Option<usize>> {
    for (at, item) in items.iter().enumerate() {
        if equality::equal(vm, item, wanted)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Writes items into an array from a place on.
pub fn copy_into(vm: &mut Vm, items: &[Value], target: &Rc<Array>, at: i32) -> R<()> {
    let Ok(at) = usize::try_from(at) else {
        return failures::out_of_range(
            "Number was less than the array's lower bound in the first dimension.",
            "index",
        );
    };
    if at + items.len() > target.len() {
        return failures::argument(
            "Destination array was not long enough. Check the destination index, length, and the array's lower bounds.",
            "destinationArray",
        );
    }
    let mut converted = Vec::with_capacity(items.len());
    for item in items {
        converted.push(vm.convert(item, &target.element)?);
    }
    let mut places = target.items.borrow_mut();
    for (place, item) in places.iter_mut().skip(at).zip(converted) {
        *place = item;
    }
    Ok(())
}

fn range(vm: &mut Vm, length: usize, start: &Value, count: &Value) -> R<std::ops::Range<usize>> {
    let (start, count) = (vm.to_int(start)?, vm.to_int(count)?);
    match (usize::try_from(start), usize::try_from(count)) {
        (Ok(start), Ok(count)) if start + count <= length => Ok(start..start + count),
        (Ok(_), Ok(_)) => failures::argument(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "",
        ),
        _ => failures::out_of_range("Non-negative number required.", "index"),
    }
}

/// Calls a delegate: a script block, or a method that was read without being called.
pub fn call_delegate(vm: &mut Vm, delegate: &Value, arguments: Vec<Value>) -> R<Value> {
    match delegate.base() {
        Value::Block(block) => {
            let output = vm.call_block(block, arguments)?;
            Ok(match Vm::captured(output) {
                Value::Nothing => Value::Null,
                other => other,
            })
        }
        other => match other.as_native::<super::delegate::Delegate>() {
            Some(delegate) => delegate.invoke(vm, arguments),
            None => vm.invoke_method(other, "Invoke", arguments),
        },
    }
}

/// Whether a predicate holds.
pub fn holds(vm: &mut Vm, predicate: &Value, item: &Value) -> R<bool> {
    let answer = call_delegate(vm, predicate, vec![item.clone()])?;
    Ok(vm.to_bool(&answer))
}

/// Sorts by a comparer, a comparison or the items' own order.
pub fn sort_items(vm: &mut Vm, items: &mut Vec<Value>, comparer: Option<&Value>) -> R<()> {
    let comparer = comparer.filter(|c| !c.is_null()).cloned();
    equality::sort(vm, items, |vm, a, b| match &comparer {
        None => equality::order(vm, a, b),
        Some(comparer) => super::comparer::compare(vm, comparer, a, b),
    })
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
        "sort" => {
            let array = array_argument(arguments, 0)?;
            if let Some(Value::Array(items)) = arguments.get(1).map(Value::base) {
                sort_with_items(vm, &array, items, arguments.get(2))?;
                return Ok(Some(Value::Nothing));
            }
            let mut items = array.items.borrow().clone();
            if let (Some(start @ Value::Int(_)), Some(count)) = (arguments.get(1), arguments.get(2))
            {
                let range = range(vm, items.len(), start, count)?;
                let mut part = items[range.clone()].to_vec();
                sort_items(vm, &mut part, arguments.get(3))?;
                items.splice(range, part);
            } else {
                sort_items(vm, &mut items, arguments.get(1))?;
            }
            *array.items.borrow_mut() = items;
            Value::Nothing
        }
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
        "indexof" | "lastindexof" => {
            let array = array_argument(arguments, 0)?;
            let items = array.items.borrow().clone();
            let wanted = arguments.get(1).cloned().unwrap_or_default();
            let found = if name == "indexof" {
                let start = match arguments.get(2) {
                    Some(start) => vm.to_int(start)?.max(0) as usize,
                    None => 0,
                };
                let end = match arguments.get(3) {
                    Some(count) => (start + vm.to_int(count)?.max(0) as usize).min(items.len()),
                    None => items.len(),
                };
                find(vm, items.get(start..end).unwrap_or(&[]), &wanted)?.map(|at| at + start)
            } else {
                let mut found = None;
                for (at, item) in items.iter().enumerate().rev() {
                    if equality::equal(vm, item, &wanted)? {
                        found = Some(at);
                        break;
                    }
                }
                found
            };
            Value::Int(found.map_or(-1, |at| at as i32))
        }
        "copy" => {
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
            let items = source.items.borrow().clone();
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
            Value::Nothing
        }
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
                Some(Value::Array(list)) => list.items.borrow().clone(),
                _ => arguments[1..].to_vec(),
            };
            match lengths(vm, &places)? {
                Some(lengths) => zeroed(element, lengths)?,
                None => return failures::out_of_range("Non-negative number required.", "length"),
            }
        }
        "empty" => Value::array(Vec::new()),
        "resize" => {
            let Some(Value::Ref(place)) = arguments.first() else {
                return Ok(None);
            };
            let count = vm.to_int(arguments.get(1).unwrap_or(&Value::Null))?;
            let Ok(count) = usize::try_from(count) else {
                return failures::out_of_range("Non-negative number required.", "newSize");
            };
            let (element, mut items) = match place.get().base() {
                Value::Array(array) => (array.element.clone(), array.items.borrow().clone()),
                _ => (known::object(), Vec::new()),
            };
            items.resize(
                count.min(MOST_ITEMS),
                dispatch::zero(&element).unwrap_or_default(),
            );
            place.set(Value::Array(Rc::new(Array::typed(element, items))));
            Value::Nothing
        }
        "binarysearch" => {
            let array = array_argument(arguments, 0)?;
            let items = array.items.borrow().clone();
            let wanted = arguments.get(1).cloned().unwrap_or_default();
            Value::Int(binary_search(vm, &items, &wanted, arguments.get(2))?)
        }
        "asreadonly" => {
            let array = array_argument(arguments, 0)?;
            let element = array.element.clone();
            super::read_only::view_of(&element, Value::Array(array))
        }
        "find" | "findlast" | "findall" | "findindex" | "findlastindex" | "exists"
        | "trueforall" | "foreach" | "convertall" => {
            let array = array_argument(arguments, 0)?;
            let items = array.items.borrow().clone();
            let delegate = arguments.get(1).cloned().unwrap_or_default();
            return search(vm, name, &array.element, items, &delegate).map(Some);
        }
        _ => return Ok(None),
    }))
}

/// The methods that take a predicate, of arrays and lists alike.
pub fn search(
    vm: &mut Vm,
    name: &str,
    element: &TypeRef,
    items: Vec<Value>,
    delegate: &Value,
) -> R<Value> {
    let nothing = || dispatch::zero(element).unwrap_or_default();
    Ok(match name {
        "find" => {
            for item in items {
                if holds(vm, delegate, &item)? {
                    return Ok(item);
                }
            }
            nothing()
        }
        "findlast" => {
            for item in items.into_iter().rev() {
                if holds(vm, delegate, &item)? {
                    return Ok(item);
                }
            }
            nothing()
        }
        "findindex" => {
            for (at, item) in items.iter().enumerate() {
                if holds(vm, delegate, item)? {
                    return Ok(Value::Int(at as i32));
                }
            }
            Value::Int(-1)
        }
        "findlastindex" => {
            for (at, item) in items.iter().enumerate().rev() {
                if holds(vm, delegate, item)? {
                    return Ok(Value::Int(at as i32));
                }
            }
            Value::Int(-1)
        }
        "findall" => {
            let mut found = Vec::new();
            for item in items {
                if holds(vm, delegate, &item)? {
                    found.push(item);
                }
            }
            Value::Array(Rc::new(Array::typed(element.clone(), found)))
        }
        "exists" => {
            for item in items {
                if holds(vm, delegate, &item)? {
                    return Ok(Value::Bool(true));
                }
            }
            Value::Bool(false)
        }
        "trueforall" => {
            for item in items {
                if !holds(vm, delegate, &item)? {
                    return Ok(Value::Bool(false));
                }
            }
            Value::Bool(true)
        }
        "foreach" => {
            for item in items {
                call_delegate(vm, delegate, vec![item])?;
            }
            Value::Nothing
        }
        _ => {
            let mut converted = Vec::new();
            for item in items {
                converted.push(call_delegate(vm, delegate, vec![item])?);
            }
            Value::array(converted)
        }
    })
}

/// The place of an item in sorted items, or the complement of where it belongs.
pub fn binary_search(
    vm: &mut Vm,
    items: &[Value],
    wanted: &Value,
    comparer: Option<&Value>,
) -> R<i32> {
    let comparer = comparer.filter(|c| !c.is_null());
    let (mut low, mut high) = (0, items.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let order = match comparer {
            None => equality::order(vm, &items[middle], wanted)?,
            Some(comparer) => super::comparer::compare(vm, comparer, &items[middle], wanted)?,
        };
        match order {
            std::cmp::Ordering::Equal => return Ok(middle as i32),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(!(low as i32))
}

fn sort_with_items(vm: &mut Vm, keys: &Array, items: &Array, comparer: Option<&Value>) -> R<()> {
    if items.len() < keys.len() {
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
        .map(|(k, v)| Value::array(vec![k.clone(), v.clone()]))
        .collect();
    let comparer = comparer.filter(|c| !c.is_null()).cloned();
    let part = |pair: &Value, at: usize| match pair {
        Value::Array(pair) => pair.items.borrow().get(at).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    equality::sort(vm, &mut pairs, |vm, a, b| {
        let (a, b) = (part(a, 0), part(b, 0));
        match &comparer {
            None => equality::order(vm, &a, &b),
            Some(comparer) => super::comparer::compare(vm, comparer, &a, &b),
        }
    })?;
    for (at, pair) in pairs.iter().enumerate() {
        keys.items.borrow_mut()[at] = part(pair, 0);
        items.items.borrow_mut()[at] = part(pair, 1);
    }
    Ok(())
}

/// An array with an element type.
pub fn of(element: &TypeRef, items: Vec<Value>) -> Value {
    Value::Array(Rc::new(Array::typed(element.clone(), items)))
}

/// A `byte[]`.
pub fn bytes(data: &[u8]) -> Value {
    of(
        &known::byte(),
        data.iter().map(|b| Value::Byte(*b)).collect(),
    )
}

/// The bytes of a `byte[]`.
pub fn as_bytes(value: &Value) -> Vec<u8> {
    match value.base() {
        Value::Array(array) => array
            .items
            .borrow()
            .iter()
            .map(|v| match v {
                Value::Byte(b) => *b,
                _ => 0,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The type `T[]`.
pub fn type_of(element: &TypeRef) -> TypeRef {
    array_of(element, 1)
}
