//! Sort-Object, and the keys by which objects are ordered and grouped.

use super::property_expression::{self, PropertyExpression};
use crate::cmdlet::registry::Factory;
use crate::format::property_table::TableOf;
use crate::host::discard::Long;
use crate::host::interrupted;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Sort-Object", || Box::<SortObject>::default())];

/// One key of an object: its value, or that it has no such property.
#[derive(Clone)]
pub struct Key {
    /// The value; of an expression that failed null.
    pub value: Value,
    /// Whether the object has the property.
    pub exists: bool,
}

/// An object with its keys.
pub struct Entry {
    /// The object.
    pub object: Value,
    /// Its keys.
    pub keys: Vec<Key>,
}

impl Entry {
    /// The keys of an object; without expressions the object is its own key.
    /// Errors of expressions are written, and such a key counts as null.
    pub fn new(vm: &mut Vm, object: Value, expressions: &[PropertyExpression]) -> R<Entry> {
        if expressions.is_empty() {
            let key = Key {
                value: object.clone(),
                exists: true,
            };
            return Ok(Entry {
                object,
                keys: vec![key],
            });
        }
        let mut keys = Vec::with_capacity(expressions.len());
        for expression in expressions {
            let values = expression.values(vm, &object)?;
            if values.is_empty() {
                keys.push(Key {
                    value: Value::Null,
                    exists: false,
                });
            }
            for found in values {
                let value = match found.value {
                    Ok(value) => value,
                    Err(record) => {
                        vm.write_error(Rc::new(evaluation_error(&record, &object)))?;
                        Value::Null
                    }
                };
                keys.push(Key {
                    value,
                    exists: true,
                });
            }
        }
        Ok(Entry { object, keys })
    }
}

fn evaluation_error(cause: &ErrorRecord, object: &Value) -> ErrorRecord {
    ErrorRecord::new(
        cause.exception.clone(),
        "ExpressionEvaluation",
        Category::InvalidResult,
        object.clone(),
    )
}

/// Compares two values as sorting does. Objects that are nothing but notes have no text of their own.
pub fn compare_values(vm: &mut Vm, a: &Value, b: &Value, ignore_case: bool) -> Ordering {
    let plain = |value: &Value| match value.base() {
        Value::Custom(_) => Value::str(""),
        other => other.clone(),
    };
    vm.sort_compare(&plain(a), &plain(b), ignore_case)
}

/// Compares two keys: what an object does not have comes last.
pub fn compare_keys(vm: &mut Vm, a: &Key, b: &Key, ignore_case: bool) -> Ordering {
    match (a.exists, b.exists) {
        (true, true) => compare_values(vm, &a.value, &b.value, ignore_case),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => Ordering::Equal,
    }
}

/// Compares the keys of two objects one after the other; `descending` by key.
pub fn compare_entries(
    vm: &mut Vm,
    a: &Entry,
    b: &Entry,
    ignore_case: bool,
    descending: &[bool],
) -> Ordering {
    for (at, (x, y)) in a.keys.iter().zip(&b.keys).enumerate() {
        let order = match (x.exists, y.exists) {
            (true, true) => {
                let order = compare_values(vm, &x.value, &y.value, ignore_case);
                if descending.get(at).copied().unwrap_or(false) {
                    order.reverse()
                } else {
                    order
                }
            }
            _ => compare_keys(vm, x, y, ignore_case),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    a.keys.len().cmp(&b.keys.len())
}

/// Up to so many entries are sorted by insertion.
const FEW: usize = 16;

/// Sorts a few entries. Objects of different classes may compare one way and not the other, so the
/// order in which they are compared, that of the original, shows.
fn sort_few(
    vm: &mut Vm,
    entries: Vec<Entry>,
    ignore_case: bool,
    descending: &[bool],
) -> Vec<Entry> {
    let mut list: Vec<(usize, Entry)> = entries.into_iter().enumerate().collect();
    let less = |vm: &mut Vm, a: &(usize, Entry), b: &(usize, Entry)| {
        let order = compare_entries(vm, &a.1, &b.1, ignore_case, descending);
        order.then(a.0.cmp(&b.0)) == Ordering::Less
    };
    if let 2 | 3 = list.len() {
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            if let (Some(a), Some(b)) = (list.get(i), list.get(j))
                && !less(vm, a, b)
            {
                list.swap(i, j);
            }
        }
        return list.into_iter().map(|(_, entry)| entry).collect();
    }
    let mut sorted: Vec<(usize, Entry)> = Vec::with_capacity(list.len());
    for entry in list {
        let mut at = sorted.len();
        while let Some(before) = at.checked_sub(1).and_then(|i| sorted.get(i))
            && less(vm, &entry, before)
        {
            at -= 1;
        }
        sorted.insert(at, entry);
    }
    sorted.into_iter().map(|(_, entry)| entry).collect()
}

/// Sorts without disturbing what is equal. A comparison may run script code and
/// contradict itself, which must not matter here.
pub fn sort_entries(
    vm: &mut Vm,
    entries: Vec<Entry>,
    ignore_case: bool,
    descending: &[bool],
) -> Vec<Entry> {
    if interrupted() {
        return entries;
    }
    if entries.len() <= FEW {
        return sort_few(vm, entries, ignore_case, descending);
    }
    let mut right = entries;
    let mut left: Vec<Entry> = right.drain(..right.len() / 2).collect();
    left = sort_entries(vm, left, ignore_case, descending);
    right = sort_entries(vm, right, ignore_case, descending);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek())
        && !interrupted()
    {
        if compare_entries(vm, a, b, ignore_case, descending) == Ordering::Greater {
            merged.extend(right.next());
        } else {
            merged.extend(left.next());
        }
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

#[derive(Default)]
struct SortObject {
    expressions: Vec<PropertyExpression>,
    entries: Long<Entry>,
}

impl Cmdlet for SortObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.expressions = property_expression::parse(vm, &call.items("Property"), TableOf::Sort)?;
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(object) = call.get("InputObject")
            && !object.is_null()
        {
            self.entries
                .push(Entry::new(vm, object, &self.expressions)?);
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let default = call.switch("Descending");
        let mut descending: Vec<bool> = self
            .expressions
            .iter()
            .map(|e| e.descending.unwrap_or(default))
            .collect();
        if descending.is_empty() {
            descending.push(default);
        }
        let ignore_case = !call.switch("CaseSensitive");
        let entries = std::mem::take(&mut self.entries);
        let mut sorted = Long::from(sort_entries(
            vm,
            entries.into_inner(),
            ignore_case,
            &descending,
        ));
        if call.switch("Unique") {
            let mut distinct: Long<Entry> = Long::default();
            for entry in sorted {
                vm.check_interrupt()?;
                let repeated = match distinct.last() {
                    Some(last) => {
                        compare_entries(vm, last, &entry, ignore_case, &descending)
                            == Ordering::Equal
                    }
                    None => false,
                };
                if !repeated {
                    distinct.push(entry);
                }
            }
            sorted = distinct;
        }
        let limit = |name: &str| call.int(name).and_then(|n| usize::try_from(n).ok());
        let (from, to) = match (limit("Top"), limit("Bottom")) {
            (Some(top), _) => (0, top.min(sorted.len())),
            (_, Some(bottom)) => (sorted.len().saturating_sub(bottom), sorted.len()),
            _ => (0, sorted.len()),
        };
        for entry in sorted.into_iter().skip(from).take(to - from) {
            vm.check_interrupt()?;
            vm.write(entry.object)?;
        }
        Ok(())
    }
}
