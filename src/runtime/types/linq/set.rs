//! Sequences as sets: Distinct, Union, Intersect, Except, and ToHashSet.

use super::keys::Keys;
use super::{Query, Sequence, apply, items_of};
use crate::runtime::error::R;
use crate::runtime::types::{collections::array, collections::hash_set, reflection::delegate};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The call, if it is one of this family.
pub fn call(vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let (operator, by_key) = match query.name.strip_suffix("by") {
        Some(operator) => (operator, true),
        None => (query.name, false),
    };
    let (class, sources) = match operator {
        "distinct" => ("Distinct", 1),
        "union" => ("Union2", 2),
        "intersect" => ("Intersect", 2),
        "except" => ("Except", 2),
        "tohashset" => {
            let [source, rest @ ..] = query.arguments else {
                return Ok(None);
            };
            let items = array::of(&query.element(), items_of(vm, source)?);
            let mut arguments = vec![items];
            arguments.extend(rest.iter().cloned());
            return hash_set::construct(vm, &query.returns(), &arguments);
        }
        _ => return Ok(None),
    };
    let operator = operator.to_string();
    let own = query.arguments.to_vec();
    Ok(Some(Sequence::value(class, query.element(), move |vm| {
        let (sources, rest) = own.split_at(sources.min(own.len()));
        let selector = rest
            .first()
            .filter(|it| by_key && delegate::is_callable(it));
        let comparer = rest.get(usize::from(selector.is_some()));
        let mut first = Vec::new();
        for (at, source) in sources.iter().enumerate() {
            if at == 0 || operator == "union" {
                first.extend(items_of(vm, source)?);
            }
        }
        let mut other = Keys::new(comparer);
        // By key, the second sequence of Intersect and Except holds keys, not items.
        if let Some(second) = sources.get(1).filter(|_| operator != "union") {
            for item in items_of(vm, second)? {
                vm.check_interrupt()?;
                other.add(vm, &item)?;
            }
        }
        let mut seen = Keys::new(comparer);
        let mut kept = Vec::new();
        for item in first {
            vm.check_interrupt()?;
            let key = match selector {
                Some(selector) => apply(vm, selector, &item)?,
                None => item.clone(),
            };
            let elsewhere = match operator.as_str() {
                "intersect" => other.find(vm, &key)?.is_some(),
                "except" => other.find(vm, &key)?.is_none(),
                _ => true,
            };
            if elsewhere && seen.add(vm, &key)?.1 {
                kept.push(item);
            }
        }
        Ok(kept)
    })))
}
