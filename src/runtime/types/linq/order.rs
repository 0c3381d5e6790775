//! Sorting: Order, OrderBy, ThenBy.

use super::{Query, Sequence, apply, items_of};
use crate::runtime::error::R;
use crate::runtime::types::{collections::comparer, equality};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// What a sequence is sorted by, the first criterion deciding before the next.
#[derive(Clone)]
pub struct Ordering {
    source: Value,
    criteria: Vec<Criterion>,
}

#[derive(Clone)]
struct Criterion {
    /// Nothing: the item itself.
    selector: Option<Value>,
    comparer: Option<Value>,
    descending: bool,
}

/// The call, if it is one of this family.
pub fn call(_vm: &mut Vm, query: &Query) -> R<Option<Value>> {
    let descending = query.name.ends_with("descending");
    let (source, selector, rest) = match (query.name, query.arguments) {
        ("order" | "orderdescending", [source, rest @ ..]) => (source, None, rest),
        (
            "orderby" | "orderbydescending" | "thenby" | "thenbydescending",
            [source, selector, rest @ ..],
        ) => (source, Some(selector.clone()), rest),
        _ => return Ok(None),
    };
    let criterion = Criterion {
        selector,
        comparer: rest.first().filter(|it| !it.is_null()).cloned(),
        descending,
    };
    let before = source
        .as_native::<Sequence>()
        .and_then(|it| it.ordering.clone());
    let ordering = match before.filter(|_| query.name.starts_with("then")) {
        Some(mut ordering) => {
            ordering.criteria.push(criterion);
            ordering
        }
        None => Ordering {
            source: source.clone(),
            criteria: vec![criterion],
        },
    };
    let sorting = ordering.clone();
    Ok(Some(Sequence::ordered(
        query.element(),
        ordering,
        move |vm| sorting.sorted(vm),
    )))
}

impl Ordering {
    fn sorted(&self, vm: &mut Vm) -> R<Vec<Value>> {
        let mut rows = Vec::new();
        for item in items_of(vm, &self.source)? {
            vm.check_interrupt()?;
            let mut row = Vec::with_capacity(self.criteria.len() + 1);
            for criterion in &self.criteria {
                row.push(match &criterion.selector {
                    Some(selector) => apply(vm, selector, &item)?,
                    None => item.clone(),
                });
            }
            row.push(item);
            rows.push(Value::array(row));
        }
        equality::sort(vm, &mut rows, |vm, one, other| {
            for (at, criterion) in self.criteria.iter().enumerate() {
                let (one, other) = (part(one, at), part(other, at));
                let order = match &criterion.comparer {
                    Some(by) => comparer::compare(vm, by, &one, &other)?,
                    None => equality::order(vm, &one, &other)?,
                };
                let order = if criterion.descending {
                    order.reverse()
                } else {
                    order
                };
                if order.is_ne() {
                    return Ok(order);
                }
            }
            Ok(std::cmp::Ordering::Equal)
        })?;
        let last = self.criteria.len();
        Ok(rows.iter().map(|row| part(row, last)).collect())
    }
}

fn part(row: &Value, at: usize) -> Value {
    match row {
        Value::Array(parts) => parts.items.borrow().get(at).cloned().unwrap_or_default(),
        _ => Value::Null,
    }
}
