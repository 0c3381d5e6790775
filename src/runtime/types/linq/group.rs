//! Sequences by keys: GroupBy, ToLookup, ToDictionary, CountBy, and the joins.

use super::keys::Keys;
use super::query::closed;
use super::{Query, Sequence, apply, items_of};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::dictionary, collections::enumerator, known,
    reflection::delegate,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The call, if it is one of this family.
pub fn call(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let own = query.arguments.to_vec();
    let element = query.element();
    Ok(Some(match (query.name, query.arguments) {
        ("groupby", [_, _, ..]) => Sequence::value("GroupBy", element.clone(), move |vm| {
            let [source, key, rest @ ..] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let selectors: Vec<&Value> =
                rest.iter().filter(|it| delegate::is_callable(it)).collect();
            let comparer = rest.iter().find(|it| !delegate::is_callable(it));
            // A selector of two arguments makes the result of a group, one of one its items.
            let item = selectors
                .iter()
                .find(|it| delegate::arity(it) == 1)
                .copied();
            let result = selectors
                .iter()
                .find(|it| delegate::arity(it) == 2)
                .copied();
            let groups = gather(vm, source, key, item, comparer)?;
            let make = |vm: &mut Vm, group: Group| match result {
                Some(result) => {
                    let items = array::of(&known::object(), group.items);
                    array::call_delegate(vm, result, vec![group.key, items])
                }
                None => Ok(Grouping::value(&element, group)),
            };
            groups.into_iter().map(|group| make(vm, group)).collect()
        }),
        ("tolookup", [source, key, rest @ ..]) => {
            let item = rest.iter().find(|it| delegate::is_callable(it));
            let comparer = rest.iter().find(|it| !delegate::is_callable(it));
            let arguments = query.returns().arguments.clone();
            let of_group = closed("System.Linq.IGrouping`2", arguments.clone());
            let groups = gather(vm, source, key, item, comparer)?;
            let groups = groups
                .into_iter()
                .map(|group| Grouping::value(&of_group, group));
            Value::native(Lookup {
                type_ref: closed("System.Linq.Lookup`2", arguments),
                groups: groups.collect(),
                comparer: comparer.cloned(),
            })
        }
        ("todictionary", [source, rest @ ..]) => {
            let selectors: Vec<&Value> =
                rest.iter().filter(|it| delegate::is_callable(it)).collect();
            let comparer = rest.iter().find(|it| !delegate::is_callable(it));
            let arguments: Vec<Value> = comparer.cloned().into_iter().collect();
            let made = dictionary::construct(vm, &query.returns(), &arguments)?;
            let Some(Value::Dict(made)) = made else {
                return Ok(None);
            };
            for item in items_of(vm, source)? {
                vm.check_interrupt()?;
                let (key, value) =
                    match (selectors.as_slice(), item.as_native::<dictionary::Entry>()) {
                        ([], Some(entry)) => (entry.key.clone(), entry.item.clone()),
                        ([], None) => return Ok(None),
                        ([key], _) => (apply(vm, key, &item)?, item.clone()),
                        ([key, value, ..], _) => (apply(vm, key, &item)?, apply(vm, value, &item)?),
                    };
                dictionary::call(vm, &made, "add", &[key, value])?;
            }
            Value::Dict(made)
        }
        ("countby", [_, _, ..]) => Sequence::value("CountBy", element.clone(), move |vm| {
            let [source, key, rest @ ..] = own.as_slice() else {
                return Ok(Vec::new());
            };
            let groups = gather(vm, source, key, None, rest.first())?;
            let pairs = groups.into_iter().map(|group| {
                let count = Value::Int(group.items.len() as i32);
                dictionary::Entry::pair(element.clone(), group.key, count)
            });
            Ok(pairs.collect())
        }),
        ("aggregateby", [_, _, _, _, ..]) => {
            Sequence::value("AggregateBy", element.clone(), move |vm| {
                let [source, key, seed, func, rest @ ..] = own.as_slice() else {
                    return Ok(Vec::new());
                };
                let mut pairs = Vec::new();
                for group in gather(vm, source, key, None, rest.first())? {
                    let mut state = match delegate::is_callable(seed) {
                        true => apply(vm, seed, &group.key)?,
                        false => seed.clone(),
                    };
                    for item in group.items {
                        state = array::call_delegate(vm, func, vec![state, item])?;
                    }
                    pairs.push(dictionary::Entry::pair(element.clone(), group.key, state));
                }
                Ok(pairs)
            })
        }
        ("join" | "groupjoin" | "leftjoin" | "rightjoin", [_, _, _, _, result, ..])
            if delegate::is_callable(result) =>
        {
            let kind = query.name.to_string();
            Sequence::value("Join", element, move |vm| join(vm, &kind, &own))
        }
        _ => return Ok(None),
    }))
}

/// Items with the same key.
struct Group {
    key: Value,
    items: Vec<Value>,
}

fn gather(
    vm: &mut Vm,
    source: &Value,
    key: &Value,
    item: Option<&Value>,
    comparer: Option<&Value>,
) -> R<Vec<Group>> {
    let mut keys = Keys::new(comparer);
    let mut groups: Vec<Group> = Vec::new();
    for each in items_of(vm, source)? {
        vm.check_interrupt()?;
        let key = apply(vm, key, &each)?;
        let each = match item {
            Some(selector) => apply(vm, selector, &each)?,
            None => each,
        };
        let (place, _) = keys.add(vm, &key)?;
        match groups.get_mut(place) {
            Some(group) => group.items.push(each),
            None => groups.push(Group {
                key,
                items: vec![each],
            }),
        }
    }
    Ok(groups)
}

fn join(vm: &mut Vm, kind: &str, arguments: &[Value]) -> R<Vec<Value>> {
    let [outer, inner, outer_key, inner_key, result, rest @ ..] = arguments else {
        return Ok(Vec::new());
    };
    // A right join is a left join seen from the other side.
    let swapped = kind == "rightjoin";
    let (outer, inner, outer_key, inner_key) = match swapped {
        true => (inner, outer, inner_key, outer_key),
        false => (outer, inner, outer_key, inner_key),
    };
    let mut keys = Keys::new(rest.first());
    let mut partners: Vec<Vec<Value>> = Vec::new();
    for item in items_of(vm, inner)? {
        vm.check_interrupt()?;
        let key = apply(vm, inner_key, &item)?;
        let (place, _) = keys.add(vm, &key)?;
        match partners.get_mut(place) {
            Some(list) => list.push(item),
            None => partners.push(vec![item]),
        }
    }
    let mut found = Vec::new();
    for item in items_of(vm, outer)? {
        vm.check_interrupt()?;
        let key = apply(vm, outer_key, &item)?;
        let place = keys.find(vm, &key)?;
        let matches = place.and_then(|place| partners.get(place)).cloned();
        let mut matches = matches.unwrap_or_default();
        if kind == "groupjoin" {
            let matches = array::of(&known::object(), matches);
            found.push(array::call_delegate(vm, result, vec![item, matches])?);
            continue;
        }
        if matches.is_empty() && kind != "join" {
            matches.push(Value::Null);
        }
        for other in matches {
            let pair = match swapped {
                true => vec![other, item.clone()],
                false => vec![item.clone(), other],
            };
            found.push(array::call_delegate(vm, result, pair)?);
        }
    }
    Ok(found)
}

/// A group that knows its key.
struct Grouping {
    type_ref: TypeRef,
    key: Value,
    items: Vec<Value>,
}

impl Grouping {
    fn value(of_interface: &TypeRef, group: Group) -> Value {
        Value::native(Grouping {
            type_ref: closed("System.Linq.Grouping`2", of_interface.arguments.clone()),
            key: group.key,
            items: group.items,
        })
    }
}

impl Native for Grouping {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Key", "Count"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "key" => Some(self.key.clone()),
            "count" => Some(Value::Int(self.items.len() as i32)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        Ok((name == "getenumerator").then(|| enumerator::Enumerator::value(self.items.clone())))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items.clone()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = usize::try_from(vm.to_int(index)?).ok();
        Ok(Some(
            at.and_then(|at| self.items.get(at).cloned())
                .unwrap_or_default(),
        ))
    }
}

/// Groups found by their keys.
struct Lookup {
    type_ref: TypeRef,
    groups: Vec<Value>,
    comparer: Option<Value>,
}

impl Lookup {
    fn find(&self, vm: &mut Vm, key: &Value) -> R<Option<&Value>> {
        let mut keys = Keys::new(self.comparer.as_ref());
        keys.add(vm, key)?;
        for group in &self.groups {
            if let Some(grouping) = group.as_native::<Grouping>()
                && keys.find(vm, &grouping.key)?.is_some()
            {
                return Ok(Some(group));
            }
        }
        Ok(None)
    }
}

impl Native for Lookup {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("count")
            .then(|| Value::Int(self.groups.len() as i32)))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("contains", [key]) => Some(Value::Bool(self.find(vm, key)?.is_some())),
            ("item" | "get_item", [key]) => self.index(vm, key)?,
            ("getenumerator", []) => Some(enumerator::Enumerator::value(self.groups.clone())),
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.groups.clone()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let element = self.type_ref.arguments.get(1);
        Ok(Some(match self.find(vm, index)? {
            Some(group) => group.clone(),
            None => array::of(element.unwrap_or(&known::object()), Vec::new()),
        }))
    }
}
