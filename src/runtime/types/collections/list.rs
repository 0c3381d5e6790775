//! ArrayList, `List<T>`, `Collection<T>`, StringCollection, queues, stacks and linked lists.

use crate::runtime::collection::{Array, List};
use crate::runtime::error::R;
use crate::runtime::to_text::list_order;
use crate::runtime::types::{
    TypeRef, collections::array, dispatch, failures, generic, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

fn short_name(list: &List) -> &str {
    let name = list.type_ref.definition_name();
    name.rsplit('.').next().unwrap_or(name)
}

/// Queues, stacks and linked lists: sequences without an indexer.
fn is_sequence(list: &List) -> bool {
    matches!(
        short_name(list),
        "Queue" | "Queue`1" | "Stack" | "Stack`1" | "LinkedList`1"
    )
}

/// Whether the items can be reached by their places.
pub fn is_indexable(list: &List) -> bool {
    let is_view = |part: &str| short_name(list).ends_with(part);
    !is_sequence(list) && !is_view("+KeyCollection") && !is_view("+ValueCollection")
}

fn is_stack(list: &List) -> bool {
    crate::runtime::to_text::is_last_in_first_out(list)
}

/// Names of the properties.
pub fn property_names(list: &List) -> &'static [&'static str] {
    match short_name(list) {
        "ArrayList" => &[
            "Capacity",
            "Count",
            "IsFixedSize",
            "IsReadOnly",
            "IsSynchronized",
            "SyncRoot",
        ],
        "List`1" => &[
            "Capacity",
            "Count",
            "IsReadOnly",
            "IsFixedSize",
            "SyncRoot",
            "IsSynchronized",
        ],
        "Collection`1" | "ObservableCollection`1" => &[
            "Count",
            "IsReadOnly",
            "IsFixedSize",
            "SyncRoot",
            "IsSynchronized",
        ],
        "StringCollection" => &["Count", "IsReadOnly", "IsSynchronized", "SyncRoot"],
        "Queue" | "Stack" => &["Count", "IsSynchronized", "SyncRoot"],
        "Queue`1" | "Stack`1" => &["Count", "Capacity"],
        "LinkedList`1" => &["Count", "First", "Last"],
        _ => &["Count"],
    }
}

/// A property.
pub fn get(_vm: &mut Vm, list: &Rc<List>, name: &str) -> R<Option<Value>> {
    let generic = !list.type_ref.arguments.is_empty();
    Ok(Some(match name {
        "count" => Value::Int(list.len() as i32),
        "capacity" if property_names(list).contains(&"Capacity") => {
            Value::Int(i32::try_from(list.capacity()).unwrap_or(i32::MAX))
        }
        "isempty" if short_name(list).starts_with("Concurrent") => Value::Bool(list.is_empty()),
        "isopen" if short_name(list) == "PSDataCollection`1" => Value::Bool(true),
        "isreadonly" if !generic => Value::Bool(list.read_only),
        _ => return Ok(None),
    }))
}

/// Writes a property.
pub fn set(_vm: &mut Vm, list: &Rc<List>, name: &str, value: Value) -> R<Option<bool>> {
    match (name, value) {
        ("capacity", Value::Int(n)) => match usize::try_from(n) {
            Ok(room) if room >= list.len() => {
                failures::check_room(n)?;
                // An ArrayList without room for anything keeps room for the first four.
                let least = if short_name(list) == "ArrayList" {
                    4
                } else {
                    0
                };
                list.set_capacity(if room == 0 { least } else { room });
                Ok(Some(true))
            }
            _ => failures::out_of_range("capacity was less than the current size.", "value"),
        },
        _ => Ok(None),
    }
}

/// Makes a list of this type with items.
pub fn of(type_ref: &TypeRef, items: Vec<Value>) -> Value {
    Value::List(Rc::new(List::new(type_ref.clone(), items)))
}

/// A `List<T>`.
pub fn list_of(element: &TypeRef, items: Vec<Value>) -> Value {
    let definition = type_named("System.Collections.Generic.List`1");
    of(&generic(&definition, vec![element.clone()]), items)
}

/// Whether this is one of the list types.
pub fn is_list_type(type_ref: &TypeRef) -> bool {
    matches!(
        type_ref.definition_name(),
        "System.Collections.ArrayList"
            | "System.Collections.Generic.List`1"
            | "System.Collections.ObjectModel.Collection`1"
            | "System.Collections.ObjectModel.ObservableCollection`1"
            | "System.Collections.Specialized.StringCollection"
            | "System.Collections.Queue"
            | "System.Collections.Stack"
            | "System.Collections.Generic.Queue`1"
            | "System.Collections.Generic.Stack`1"
            | "System.Management.Automation.PSDataCollection`1"
            | "System.Management.Automation.Runspaces.InitialSessionStateEntryCollection`1"
            | "System.Collections.Concurrent.ConcurrentBag`1"
            | "System.Collections.Concurrent.ConcurrentQueue`1"
            | "System.Collections.Concurrent.ConcurrentStack`1"
    )
}

/// The static methods of ArrayList.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("adapter" | "synchronized", [list]) => Some(list.clone()),
        ("readonly", [source]) => {
            let items = vm.enumerate(source)?.unwrap_or_default();
            let mut list = List::array_list(items);
            list.read_only = true;
            Some(Value::List(Rc::new(list)))
        }
        ("repeat", [item, count]) => {
            let Ok(count) = usize::try_from(vm.to_int(count)?) else {
                return failures::out_of_range("Non-negative number required.", "count");
            };
            Some(of(&known::array_list(), vec![item.clone(); count]))
        }
        _ => None,
    })
}

/// A new list.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let mut room = None;
    let items = match arguments.first().map(Value::base) {
        None => Vec::new(),
        Some(Value::Int(n)) => {
            room = usize::try_from(*n).ok();
            if room.is_none() {
                return failures::out_of_range(
                    format!("capacity ('{n}') must be a non-negative value."),
                    "capacity",
                );
            }
            failures::check_room(*n)?;
            Vec::new()
        }
        Some(Value::Null) => {
            let name = if type_ref.code == crate::runtime::types::TypeCode::ArrayList {
                "c"
            } else {
                "collection"
            };
            return failures::argument_null(name);
        }
        Some(other) => {
            let other = other.clone();
            let element = type_ref.arguments.first().cloned();
            let mut items = match &other {
                Value::Dict(dictionary) => {
                    crate::runtime::types::collections::dictionary::entries(dictionary)
                }
                _ => vm.enumerate(&other)?.unwrap_or_else(|| vec![other.clone()]),
            };
            if let Some(element) = element
                && element.code != crate::runtime::types::TypeCode::Object
            {
                for item in &mut items {
                    *item = vm.convert(item, &element)?;
                }
            }
            items
        }
    };
    let mut list = List::new(type_ref.clone(), items);
    if let Some(room) = room {
        list.set_capacity(room);
    }
    list.read_only = type_ref.definition_name().contains("ReadOnly");
    Ok(Some(Value::List(Rc::new(list))))
}

fn changed(list: &List) {
    list.version.set(list.version.get().wrapping_add(1));
}

fn place(vm: &mut Vm, list: &List, at: &Value, inclusive: bool) -> R<usize> {
    let at = vm.to_int(at)?;
    match usize::try_from(at) {
        Ok(at) if at < list.len() || (inclusive && at == list.len()) => Ok(at),
        _ if inclusive && short_name(list) == "ArrayList" => failures::out_of_range(
            "Insertion index was out of range. Must be non-negative and less than or equal to size.",
            "index",
        ),
        _ if inclusive => {
            failures::out_of_range("Index must be within the bounds of the List.", "index")
        }
        _ => failures::bad_index(),
    }
}

fn range(vm: &mut Vm, list: &List, start: &Value, count: &Value) -> R<std::ops::Range<usize>> {
    let (start, count) = (vm.to_int(start)?, vm.to_int(count)?);
    if start < 0 {
        return failures::out_of_range("Non-negative number required.", "index");
    }
    if count < 0 {
        return failures::out_of_range("Non-negative number required.", "count");
    }
    let (start, count) = (start as usize, count as usize);
    if start + count > list.len() {
        return failures::argument(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "",
        );
    }
    Ok(start..start + count)
}

fn element_of(vm: &mut Vm, list: &List, value: &Value) -> R<Value> {
    if list.element == known::object()
        || list.element.code == crate::runtime::types::TypeCode::PSObject
    {
        return Ok(value.clone());
    }
    let element = list.element.clone();
    vm.convert(value, &element)
}

fn items_of(vm: &mut Vm, list: &List, value: &Value) -> R<Vec<Value>> {
    if value.is_null() {
        return failures::argument_null(if short_name(list) == "ArrayList" {
            "c"
        } else {
            "collection"
        });
    }
    let mut items = match value.base() {
        Value::Dict(dictionary) => {
            crate::runtime::types::collections::dictionary::entries(dictionary)
        }
        _ => vm.enumerate(value)?.unwrap_or_else(|| vec![value.clone()]),
    };
    for item in &mut items {
        *item = element_of(vm, list, item)?;
    }
    Ok(items)
}

/// A method.
pub fn call(
    vm: &mut Vm,
    this: &Value,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    if vm.session.events_active && short_name(list) == "ObservableCollection`1" {
        return crate::runtime::types::collections::list_events::call(
            vm, this, list, name, arguments,
        );
    }
    call_quietly(vm, this, list, name, arguments)
}

/// What a PSDataCollection can do that other lists cannot.
fn data_call(list: &Rc<List>, name: &str) -> Option<Value> {
    match name {
        "complete" | "dispose" => Some(Value::Nothing),
        "readall" => {
            let items = std::mem::take(&mut *list.items.borrow_mut());
            changed(list);
            let definition = type_named("System.Collections.ObjectModel.Collection`1");
            let all = generic(&definition, list.type_ref.arguments.clone());
            Some(of(&all, items))
        }
        _ => None,
    }
}

/// A method whose changes nobody is told of.
pub fn call_quietly(
    vm: &mut Vm,
    this: &Value,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    if short_name(list) == "PSDataCollection`1"
        && let Some(result) = data_call(list, name)
    {
        return Ok(Some(result));
    }
    if (is_sequence(list) || short_name(list).starts_with("Concurrent"))
        && let Some(result) = sequence_call(vm, list, name, arguments)?
    {
        return Ok(Some(result));
    }
    if list.read_only
        && matches!(
            name,
            "add"
                | "addrange"
                | "insert"
                | "insertrange"
                | "remove"
                | "removeat"
                | "clear"
                | "sort"
                | "reverse"
        )
    {
        return failures::not_supported("Collection is read-only.");
    }
    if let Some(result) = change(vm, list, name, arguments)? {
        return Ok(Some(result));
    }
    Ok(Some(match (name, arguments) {
        ("contains", [item]) => {
            let items = vm.copy_items(&list.items)?;
            Value::Bool(array::find(vm, &items, item)?.is_some())
        }
        ("indexof", [item, rest @ ..]) => {
            let items = vm.copy_items(&list.items)?;
            let start = match rest.first() {
                Some(start) => place(vm, list, start, true)?,
                None => 0,
            };
            let end = match rest.get(1) {
                Some(count) => (start + vm.to_int(count)?.max(0) as usize).min(items.len()),
                None => items.len(),
            };
            let found = array::find(vm, &items[start..end], item)?;
            Value::Int(found.map_or(-1, |at| (at + start) as i32))
        }
        ("lastindexof", [item, ..]) => {
            let mut items = vm.copy_items(&list.items)?;
            items.reverse();
            let found = array::find(vm, &items, item)?;
            Value::Int(found.map_or(-1, |at| (items.len() - 1 - at) as i32))
        }
        ("item" | "get_item", [at]) => {
            let at = place(vm, list, at, false)?;
            list.items.borrow()[at].clone()
        }
        ("set_item", [at, value]) => {
            let at = place(vm, list, at, false)?;
            let value = element_of(vm, list, value)?;
            list.items.borrow_mut()[at] = value;
            changed(list);
            Value::Nothing
        }
        _ => return copies(vm, this, list, name, arguments),
    }))
}

/// The methods that give the items in another form.
fn copies(
    vm: &mut Vm,
    this: &Value,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("toarray", []) => array_from(list, list_order(list)),
        ("toarray", [Value::Type(element)]) => {
            let mut items = list_order(list);
            for item in &mut items {
                *item = vm.convert(item, element)?;
            }
            array::of(element, items)
        }
        ("getrange" | "slice", [start, count]) => {
            let range = range(vm, list, start, count)?;
            of(&list.type_ref, list.items.borrow()[range].to_vec())
        }
        ("getenumerator", _) => {
            let class = match short_name(list) {
                "List`1" => "System.Collections.Generic.List`1+Enumerator",
                "Queue`1" => "System.Collections.Generic.Queue`1+Enumerator",
                "Stack`1" => "System.Collections.Generic.Stack`1+Enumerator",
                "ArrayList" => "System.Collections.ArrayList+ArrayListEnumeratorSimple",
                "Queue" => "System.Collections.Queue+QueueEnumerator",
                "Stack" => "System.Collections.Stack+StackEnumerator",
                _ => "System.Collections.IEnumerator",
            };
            crate::runtime::types::collections::enumerator::Enumerator::of_list(
                class,
                list,
                list_order(list),
            )
        }
        ("trimexcess", [_]) => Value::Nothing,
        ("clone", []) => of(&list.type_ref, vm.copy_items(&list.items)?),
        ("asreadonly", []) => {
            crate::runtime::types::collections::read_only::view_of(&list.element, this.clone())
        }
        ("copyto", [Value::Array(target), rest @ ..]) => {
            let at = match rest.first() {
                Some(at) => vm.to_int(at)?,
                None => 0,
            };
            array::copy_into(vm, &list_order(list), target, at)?;
            Value::Nothing
        }
        ("copyto", [from, Value::Array(target), at, count]) => {
            let range = range(vm, list, from, count)?;
            let items = list.items.borrow()[range].to_vec();
            let at = vm.to_int(at)?;
            array::copy_into(vm, &items, target, at)?;
            Value::Nothing
        }
        _ => return searches(vm, this, list, name, arguments),
    }))
}

/// The methods that look at each item in turn, and those about room.
fn searches(
    vm: &mut Vm,
    this: &Value,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("binarysearch", [item, rest @ ..]) => {
            let items = vm.copy_items(&list.items)?;
            Value::Int(array::binary_search(vm, &items, item, rest.first())?)
        }
        ("findall", [predicate]) => {
            let items = vm.copy_items(&list.items)?;
            let found = array::search(vm, name, &list.element, items, predicate)?;
            of(&list.type_ref, vm.enumerate(&found)?.unwrap_or_default())
        }
        (
            "find" | "findlast" | "findindex" | "findlastindex" | "exists" | "trueforall",
            [predicate],
        ) => {
            let items = vm.copy_items(&list.items)?;
            array::search(vm, name, &list.element, items, predicate)?
        }
        ("findindex" | "findlastindex", [.., predicate]) => {
            let mut all = vec![this.clone()];
            all.extend_from_slice(arguments);
            let items = vm.copy_items(&list.items)?;
            let part = crate::runtime::types::collections::array_static::searched(
                vm,
                name,
                &all,
                items.len(),
            )?;
            let from = part.start as i32;
            let part = items[part].to_vec();
            match array::search(vm, name, &list.element, part, predicate)? {
                Value::Int(at) if at >= 0 => Value::Int(at + from),
                other => other,
            }
        }
        ("foreach", [delegate]) if matches!(short_name(list), "List`1") => {
            let items = vm.copy_items(&list.items)?;
            let version = list.version.get();
            for item in items {
                array::call_delegate(vm, delegate, vec![item])?;
                if list.version.get() != version {
                    return failures::invalid_operation(
                        "Collection was modified; enumeration operation may not execute.",
                    );
                }
            }
            Value::Nothing
        }
        ("convertall", [delegate]) => {
            let items = vm.copy_items(&list.items)?;
            let converted = array::search(vm, name, &list.element, items, delegate)?;
            list_of(
                &known::object(),
                vm.enumerate(&converted)?.unwrap_or_default(),
            )
        }
        ("move", [from, to]) if short_name(list) == "ObservableCollection`1" => {
            let (from, to) = (place(vm, list, from, false)?, place(vm, list, to, false)?);
            let mut items = list.items.borrow_mut();
            let item = items.remove(from);
            let to = to.min(items.len());
            items.insert(to, item);
            drop(items);
            changed(list);
            Value::Nothing
        }
        ("ensurecapacity", [n]) => {
            let wanted = vm.to_int(n)?;
            failures::check_room(wanted)?;
            let Ok(wanted) = usize::try_from(wanted) else {
                return failures::out_of_range(
                    "capacity must be a non-negative value.",
                    "capacity",
                );
            };
            let room = list.capacity();
            if wanted > room {
                list.set_capacity(wanted.max(room * 2).max(4));
            }
            Value::Int(i32::try_from(list.capacity()).unwrap_or(i32::MAX))
        }
        ("trimexcess" | "trimtosize", []) => {
            list.set_capacity(list.len());
            Value::Nothing
        }
        ("gettype", []) => Value::Type(vm.type_of(this)),
        _ => return Ok(None),
    }))
}

fn array_from(list: &List, items: Vec<Value>) -> Value {
    let element = if list.type_ref.arguments.is_empty() {
        known::object()
    } else {
        list.element.clone()
    };
    Value::Array(Rc::new(Array::typed(element, items)))
}

fn change(vm: &mut Vm, list: &Rc<List>, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let result = match (name, arguments) {
        ("add", [item]) => {
            let item = element_of(vm, list, item)?;
            list.items.borrow_mut().push(item);
            match short_name(list) {
                "ArrayList" | "StringCollection" => Value::Int(list.len() as i32 - 1),
                _ => Value::Nothing,
            }
        }
        ("addrange", [items]) => {
            let items = items_of(vm, list, items)?;
            let room = list.capacity();
            list.items.borrow_mut().extend(items);
            // Items that come together make room for just themselves where doubling is too little.
            if list.len() > room {
                list.set_capacity(list.len().max(room * 2).max(4));
            }
            Value::Nothing
        }
        ("insert", [at, item]) => {
            let at = place(vm, list, at, true)?;
            let item = element_of(vm, list, item)?;
            list.items.borrow_mut().insert(at, item);
            Value::Nothing
        }
        ("insertrange", [at, items]) => {
            let at = place(vm, list, at, true)?;
            let items = items_of(vm, list, items)?;
            list.items.borrow_mut().splice(at..at, items);
            Value::Nothing
        }
        ("setrange", [at, items]) => {
            let at = place(vm, list, at, true)?;
            let items = items_of(vm, list, items)?;
            for (place, item) in list.items.borrow_mut().iter_mut().skip(at).zip(items) {
                *place = item;
            }
            Value::Nothing
        }
        ("remove", [item]) => {
            let items = vm.copy_items(&list.items)?;
            let found = array::find(vm, &items, item)?;
            if let Some(at) = found {
                list.items.borrow_mut().remove(at);
            }
            match short_name(list) {
                "ArrayList" | "StringCollection" => Value::Nothing,
                _ => Value::Bool(found.is_some()),
            }
        }
        ("removeat", [at]) => {
            let at = place(vm, list, at, false)?;
            list.items.borrow_mut().remove(at);
            Value::Nothing
        }
        ("removerange", [start, count]) => {
            let range = range(vm, list, start, count)?;
            list.items.borrow_mut().drain(range);
            Value::Nothing
        }
        ("removeall", [predicate]) => {
            let items = vm.copy_items(&list.items)?;
            let before = items.len();
            let mut kept = Vec::new();
            for item in items {
                if !array::holds(vm, predicate, &item)? {
                    kept.push(item);
                }
            }
            let removed = before - kept.len();
            *list.items.borrow_mut() = kept;
            Value::Int(removed as i32)
        }
        ("clear", []) => {
            list.items.borrow_mut().clear();
            Value::Nothing
        }
        ("reverse", []) => {
            list.items.borrow_mut().reverse();
            Value::Nothing
        }
        ("reverse", [start, count]) => {
            let range = range(vm, list, start, count)?;
            list.items.borrow_mut()[range].reverse();
            Value::Nothing
        }
        ("sort", []) => {
            let mut items = vm.copy_items(&list.items)?;
            array::sort_items(vm, &mut items, None)?;
            *list.items.borrow_mut() = items;
            Value::Nothing
        }
        ("sort", [by]) => {
            let mut items = vm.copy_items(&list.items)?;
            array::sort_items(vm, &mut items, Some(by))?;
            *list.items.borrow_mut() = items;
            Value::Nothing
        }
        ("sort", [start, count, by]) => {
            let range = range(vm, list, start, count)?;
            let mut part = list.items.borrow()[range.clone()].to_vec();
            array::sort_items(vm, &mut part, Some(by))?;
            list.items.borrow_mut().splice(range, part);
            Value::Nothing
        }
        _ => return Ok(None),
    };
    changed(list);
    Ok(Some(result))
}

fn sequence_call(
    vm: &mut Vm,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let word = if is_stack(list) { "Stack" } else { "Queue" };
    let take = |list: &List| {
        let mut items = list.items.borrow_mut();
        if is_stack(list) {
            items.pop()
        } else if items.is_empty() {
            None
        } else {
            Some(items.remove(0))
        }
    };
    let next = |list: &List| {
        let items = list.items.borrow();
        if is_stack(list) {
            items.last().cloned()
        } else {
            items.first().cloned()
        }
    };
    let empty = || failures::invalid_operation(format!("{word} empty."));
    Ok(Some(match (name, arguments) {
        ("enqueue" | "push", [item]) => {
            let item = element_of(vm, list, item)?;
            list.items.borrow_mut().push(item);
            changed(list);
            Value::Nothing
        }
        ("dequeue" | "pop", []) => match take(list) {
            Some(item) => {
                changed(list);
                item
            }
            None => return empty(),
        },
        ("peek", []) => match next(list) {
            Some(item) => item,
            None => return empty(),
        },
        ("trydequeue" | "trypop" | "trytake", [Value::Ref(place)]) => {
            let taken = take(list);
            let found = taken.is_some();
            place.set(
                taken
                    .or_else(|| dispatch::zero(&list.element))
                    .unwrap_or_default(),
            );
            Value::Bool(found)
        }
        ("trypeek", [Value::Ref(place)]) => {
            let seen = next(list);
            let found = seen.is_some();
            place.set(
                seen.or_else(|| dispatch::zero(&list.element))
                    .unwrap_or_default(),
            );
            Value::Bool(found)
        }
        ("add" | "insert" | "remove" | "removeat" | "item" | "sort" | "reverse", _)
            if !short_name(list).starts_with("ConcurrentBag") =>
        {
            return Ok(None);
        }
        _ => return Ok(None),
    }))
}
