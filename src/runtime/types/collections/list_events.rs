//! ObservableCollection: a list that tells of its changes.

use crate::runtime::collection::List;
use crate::runtime::error::R;
use crate::runtime::types::collections::list;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

const ACTION: &str = "System.Collections.Specialized.NotifyCollectionChangedAction";

/// A change: the bits of its kind, the items that came and their place, those that went and theirs.
type Change = (i64, Option<(Value, i32)>, Option<(Value, i32)>);

/// Calls a method and tells of the change that it made.
pub fn call(
    vm: &mut Vm,
    this: &Value,
    list: &Rc<List>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let before = vm.copy_items(&list.items)?;
    let result = list::call_quietly(vm, this, list, name, arguments)?;
    if let Some(change) = change(vm, list, name, arguments, &before)? {
        tell(vm, this, change)?;
    }
    Ok(result)
}

/// Tells that an item was put in another's place.
pub fn replaced(vm: &mut Vm, this: &Value, at: i32, old: Value, new: Value) -> R<()> {
    tell(vm, this, (2, Some((new, at)), Some((old, at))))
}

fn change(
    vm: &mut Vm,
    list: &List,
    name: &str,
    arguments: &[Value],
    before: &[Value],
) -> R<Option<Change>> {
    let after = vm.copy_items(&list.items)?;
    let place = |vm: &mut Vm, at: usize| match arguments.get(at) {
        Some(at) => vm.to_int(at),
        None => Ok(-1),
    };
    let item = |items: &[Value], at: i32| {
        let found = usize::try_from(at).ok().and_then(|at| items.get(at));
        found.cloned().unwrap_or_default()
    };
    Ok(match name {
        "clear" => Some((4, None, None)),
        "add" | "insert" if after.len() > before.len() => {
            let at = match name {
                "insert" => place(vm, 0)?,
                _ => i32::try_from(before.len()).unwrap_or(i32::MAX),
            };
            Some((0, Some((item(&after, at), at)), None))
        }
        "removeat" => {
            let at = place(vm, 0)?;
            Some((1, None, Some((item(before, at), at))))
        }
        "remove" if after.len() < before.len() => {
            let same = before
                .iter()
                .zip(&after)
                .take_while(|(a, b)| a.same_object(b) || is_equal(a, b));
            let at = i32::try_from(same.count()).unwrap_or(i32::MAX);
            Some((1, None, Some((item(before, at), at))))
        }
        "set_item" => {
            let at = place(vm, 0)?;
            Some((
                2,
                Some((item(&after, at), at)),
                Some((item(before, at), at)),
            ))
        }
        "move" => {
            let (from, to) = (place(vm, 0)?, place(vm, 1)?);
            let moved = item(before, from);
            Some((3, Some((moved.clone(), to)), Some((moved, from))))
        }
        _ => None,
    })
}

fn is_equal(one: &Value, other: &Value) -> bool {
    crate::runtime::native::same_key(one, other, false)
}

fn tell(vm: &mut Vm, this: &Value, (action, new, old): Change) -> R<()> {
    let (new_items, new_place) =
        new.map_or((Value::Null, -1), |(i, at)| (Value::array(vec![i]), at));
    let (old_items, old_place) =
        old.map_or((Value::Null, -1), |(i, at)| (Value::array(vec![i]), at));
    let arguments = PlainObject::new(
        "System.Collections.Specialized.NotifyCollectionChangedEventArgs",
        vec![
            ("Action", Value::enum_of(ACTION, action)),
            ("NewItems", new_items),
            ("OldItems", old_items),
            ("NewStartingIndex", Value::Int(new_place)),
            ("OldStartingIndex", Value::Int(old_place)),
        ],
    );
    vm.raise_event(this, "CollectionChanged", &arguments.value())
}
