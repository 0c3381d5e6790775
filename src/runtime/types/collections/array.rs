//! `System.Array`

use crate::host::long_work::{self, LongWork};
use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::text::utf16;
use crate::runtime::types::{TypeRef, dispatch, equality, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

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
    let Some(count) = count.filter(|n| limits::items_fit(Some(*n))) else {
        return failures::too_many_items();
    };
    let zero = dispatch::zero(element).unwrap_or_default();
    Ok(Value::Array(Rc::new(Array {
        element: element.clone(),
        items: RefCell::new(long_work::repeat_value(&zero, count)),
        dimensions: (dimensions.len() > 1).then_some(dimensions),
        extension: Default::default(),
    })))
}

pub(in crate::runtime::types) fn lengths(
    vm: &mut Vm,
    arguments: &[Value],
) -> R<Option<Vec<usize>>> {
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
    let (Some(element), crate::runtime::types::TypeKind::Array { rank }) =
        (type_ref.element(), &type_ref.kind)
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
        [Value::Array(inner)] => vm.copy_items(&inner.items)?,
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
            let items = vm.copy_items(&array.items)?;
            copy_into(vm, &items, target, at)?;
            Value::Nothing
        }
        ("getenumerator", []) => crate::runtime::types::collections::enumerator::Enumerator::of(
            "System.ArrayEnumerator",
            vm.copy_items(&array.items)?,
        ),
        ("contains", [item]) => {
            Value::Bool(find(vm, &vm.copy_items(&array.items)?, item)?.is_some())
        }
        ("indexof", [item]) => {
            let found = find(vm, &vm.copy_items(&array.items)?, item)?;
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
        vm.heed()?;
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
        vm.heed()?;
        converted.push(vm.convert(item, &target.element)?);
    }
    let mut places = target.items.borrow_mut();
    for (place, item) in places.iter_mut().skip(at).zip(converted) {
        *place = item;
    }
    Ok(())
}

pub(in crate::runtime::types) fn range(
    vm: &mut Vm,
    length: usize,
    start: &Value,
    count: &Value,
) -> R<std::ops::Range<usize>> {
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
        other => match other.as_native::<crate::runtime::types::reflection::delegate::Delegate>() {
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
pub fn sort_items(vm: &mut Vm, items: &mut [Value], comparer: Option<&Value>) -> R<()> {
    let comparer = comparer.filter(|c| !c.is_null()).cloned();
    equality::sort(vm, items, |vm, a, b| match &comparer {
        None => equality::order(vm, a, b),
        Some(comparer) => crate::runtime::types::collections::comparer::compare(vm, comparer, a, b),
    })
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
    // Both ends belong to what is searched, so that among equal items the
    // place is the one that .NET tells.
    let (mut low, mut high) = (0, items.len() as i64 - 1);
    while low <= high {
        let middle = low + ((high - low) >> 1);
        let item = &items[middle as usize];
        let order = match comparer {
            None => equality::order(vm, item, wanted),
            Some(comparer) => {
                crate::runtime::types::collections::comparer::compare(vm, comparer, item, wanted)
            }
        };
        match order.or_else(equality::comparison_failed)? {
            std::cmp::Ordering::Equal => return Ok(middle as i32),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle - 1,
        }
    }
    Ok(!(low as i32))
}

/// An array with an element type.
pub fn of(element: &TypeRef, items: Vec<Value>) -> Value {
    Value::Array(Rc::new(Array::typed(element.clone(), items)))
}

/// A `byte[]`.
pub fn bytes(data: &[u8]) -> Value {
    of(
        &known::byte(),
        data.iter()
            .until_interrupted()
            .map(|b| Value::Byte(*b))
            .collect(),
    )
}

/// The bytes of a `byte[]`.
pub fn as_bytes(value: &Value) -> Vec<u8> {
    match value.base() {
        Value::Array(array) => array
            .items
            .borrow()
            .iter()
            .until_interrupted()
            .map(|v| match v {
                Value::Byte(b) => *b,
                _ => 0,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The UTF-16 units of a `char[]`; items of other types are passed over.
pub fn units(array: &Array) -> Vec<u16> {
    let unit = |item: &Value| match item {
        Value::Char(unit) => Some(*unit),
        _ => None,
    };
    array.items.borrow().iter().filter_map(unit).collect()
}

/// The text of a `char[]`.
pub fn text(array: &Array) -> String {
    utf16::from_units(&units(array))
}
