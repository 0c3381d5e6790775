//! Group-Object and Compare-Object.

use super::order::{Entry, Key, compare_entries, compare_keys, sort_entries};
use super::property_expression::{self, PropertyExpression};
use crate::cmdlet::registry::Factory;
use crate::format::property_table::TableOf;
use crate::host::discard::Long;
use crate::host::interrupted;
use crate::runtime::collection::{Dictionary, KeyComparison, List};
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::member::added::add_member;
use crate::runtime::object::{CustomObject, Member};
use crate::runtime::types::known;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Group-Object", || Box::<GroupObject>::default()),
    ("Compare-Object", || Box::<CompareObject>::default()),
];

#[derive(Default)]
struct GroupObject {
    expressions: Vec<PropertyExpression>,
    entries: Long<Entry>,
}

struct Group {
    first: Entry,
    items: Vec<Value>,
}

impl Cmdlet for GroupObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.expressions = property_expression::parse(vm, &call.items("Property"), TableOf::Group)?;
        let (table, text) = (call.switch("AsHashTable"), call.switch("AsString"));
        let message = if text && !table {
            "The AsString parameter is valid only when it is used with the AsHashTable parameter."
        } else if table && !text && self.expressions.len() > 1 {
            "The AsHashTable parameter is valid only when exactly one property is specified."
        } else {
            return Ok(());
        };
        vm.raise(Fault::of(
            "System.ArgumentException",
            "ArgumentException",
            Category::InvalidArgument,
            message,
        ))
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
        let ignore_case = !call.switch("CaseSensitive");
        let mut entries = std::mem::take(&mut self.entries);
        // Groups come in the order of their values when these are of one type.
        let ordered = same_types(vm, &entries);
        if ordered {
            entries = sort_entries(vm, entries.into_inner(), ignore_case, &[]).into();
        }
        let mut groups: Long<Group> = Long::default();
        for entry in entries {
            let mut home = None;
            let from = if ordered {
                groups.len().saturating_sub(1)
            } else {
                0
            };
            for (at, group) in groups.iter().enumerate().skip(from) {
                vm.check_interrupt()?;
                if same_group(vm, &group.first, &entry, ignore_case) {
                    home = Some(at);
                    break;
                }
            }
            match home {
                Some(at) => groups[at].items.push(entry.object),
                None => groups.push(Group {
                    items: vec![entry.object.clone()],
                    first: entry,
                }),
            }
        }
        let bare = call.switch("NoElement");
        if call.switch("AsHashTable") {
            return self.write_table(vm, groups, ignore_case, call.switch("AsString"));
        }
        for group in groups {
            vm.check_interrupt()?;
            let value = group_info(vm, group, bare)?;
            vm.write(value)?;
        }
        Ok(())
    }
}

impl GroupObject {
    fn write_table(
        &self,
        vm: &mut Vm,
        groups: Long<Group>,
        ignore_case: bool,
        as_text: bool,
    ) -> R<()> {
        let comparison = if ignore_case {
            KeyComparison::IgnoreCase
        } else {
            KeyComparison::Exact
        };
        let table = Dictionary::new(known::hashtable(), comparison);
        for group in groups {
            let key = if as_text {
                Value::str(group_name(vm, &group.first.keys)?)
            } else {
                group
                    .first
                    .keys
                    .first()
                    .map(|k| k.value.clone())
                    .unwrap_or_default()
            };
            if key.is_null() {
                return vm.raise(Fault::of(
                    "System.ArgumentException",
                    "ArgumentException",
                    Category::InvalidArgument,
                    "The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value for the property, and then try again.",
                ));
            }
            table.set(key, Value::List(Rc::new(List::collection(group.items))));
        }
        vm.write(Value::Dict(Rc::new(table)))
    }
}

fn same_types(vm: &mut Vm, entries: &[Entry]) -> bool {
    let mut types: Vec<Option<Rc<str>>> = Vec::new();
    for entry in entries {
        if types.is_empty() {
            types = vec![None; entry.keys.len()];
        }
        if types.len() != entry.keys.len() {
            return false;
        }
        for (known, key) in types.iter_mut().zip(&entry.keys) {
            if key.value.is_null() {
                continue;
            }
            let name = vm.type_of(key.value.base()).full_name.clone();
            match known {
                None => *known = Some(name),
                Some(known) if *known == name => {}
                Some(_) => return false,
            }
        }
    }
    true
}

fn same_group(vm: &mut Vm, a: &Entry, b: &Entry, ignore_case: bool) -> bool {
    a.keys.len() == b.keys.len()
        && a.keys
            .iter()
            .zip(&b.keys)
            .all(|(x, y)| match (x.value.is_null(), y.value.is_null()) {
                (true, true) => true,
                (false, false) => match (items_of(&x.value), items_of(&y.value)) {
                    (Some(a), Some(b)) => {
                        a.len() == b.len()
                            && a.iter().zip(&b).all(|(p, q)| {
                                super::order::compare_values(vm, p, q, ignore_case)
                                    == Ordering::Equal
                            })
                    }
                    _ => compare_keys(vm, x, y, ignore_case) == Ordering::Equal,
                },
                _ => false,
            })
}

fn items_of(value: &Value) -> Option<Vec<Value>> {
    match value.base() {
        Value::Array(a) => Some(a.items.borrow().clone()),
        Value::List(l) => Some(l.items.borrow().clone()),
        _ => None,
    }
}

fn group_name(vm: &mut Vm, keys: &[Key]) -> R<String> {
    let mut parts = Vec::with_capacity(keys.len());
    // A missing key leaves no separator behind.
    for key in keys.iter().filter(|key| !key.value.is_null()) {
        parts.push(match items_of(&key.value) {
            Some(items) => {
                let mut texts = Vec::with_capacity(items.len());
                for item in &items {
                    texts.push(vm.to_written_text(item)?);
                }
                format!("{{{}}}", texts.join(", "))
            }
            None => vm.to_written_text(&key.value)?,
        });
    }
    Ok(parts.join(", "))
}

fn group_info(vm: &mut Vm, group: Group, bare: bool) -> R<Value> {
    let name = group_name(vm, &group.first.keys)?;
    let values = group.first.keys.iter().map(|k| k.value.clone()).collect();
    let count = i32::try_from(group.items.len()).unwrap_or(i32::MAX);
    let items = if bare { Vec::new() } else { group.items };
    let type_name = if bare {
        "Microsoft.PowerShell.Commands.GroupInfoNoElement"
    } else {
        "Microsoft.PowerShell.Commands.GroupInfo"
    };
    Ok(PlainObject::new(
        type_name,
        vec![
            ("Values", Value::List(Rc::new(List::array_list(values)))),
            ("Count", Value::Int(count)),
            ("Group", Value::List(Rc::new(List::collection(items)))),
            ("Name", Value::str(name)),
        ],
    )
    .value())
}

#[derive(Default)]
struct CompareObject {
    expressions: Vec<PropertyExpression>,
    references: Vec<Entry>,
    next: usize,
    reference_backlog: Vec<Entry>,
    difference_backlog: Vec<Entry>,
}

impl Cmdlet for CompareObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.expressions = property_expression::parse(vm, &call.items("Property"), TableOf::Group)?;
        for object in call.items("ReferenceObject") {
            vm.check_interrupt()?;
            let entry = Entry::new(vm, object, &self.expressions)?;
            self.references.push(entry);
        }
        self.references.reverse();
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for object in call.items("DifferenceObject") {
            vm.check_interrupt()?;
            let entry = Entry::new(vm, object, &self.expressions)?;
            self.step(vm, call, Some(entry))?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        while !self.references.is_empty() {
            self.step(vm, call, None)?;
        }
        for entry in std::mem::take(&mut self.difference_backlog) {
            self.put(vm, call, &entry, "=>")?;
        }
        for entry in std::mem::take(&mut self.reference_backlog) {
            self.put(vm, call, &entry, "<=")?;
        }
        Ok(())
    }
}

impl CompareObject {
    /// Looks at the next object of each side; what finds no partner waits within the window.
    fn step(&mut self, vm: &mut Vm, call: &Call, difference: Option<Entry>) -> R<()> {
        let ignore_case = !call.switch("CaseSensitive");
        vm.check_interrupt()?;
        self.next += 1;
        let reference = self.references.pop();
        let (reference, difference) = match (reference, difference) {
            (Some(a), Some(b)) => {
                if compare_entries(vm, &a, &b, ignore_case, &[]) == Ordering::Equal {
                    return self.put(vm, call, &a, "==");
                }
                (Some(a), Some(b))
            }
            other => other,
        };
        let mut difference = difference;
        if let Some(entry) = &difference
            && let Some(found) = take_match(vm, entry, &mut self.reference_backlog, ignore_case)
        {
            self.put(vm, call, &found, "==")?;
            difference = None;
        }
        let mut reference = reference;
        if let Some(entry) = &reference
            && take_match(vm, entry, &mut self.difference_backlog, ignore_case).is_some()
        {
            self.put(vm, call, entry, "==")?;
            reference = None;
        }
        let window = call
            .int("SyncWindow")
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(usize::MAX);
        if let Some(entry) = difference {
            while window > 0 && self.difference_backlog.len() >= window {
                let oldest = self.difference_backlog.remove(0);
                self.put(vm, call, &oldest, "=>")?;
            }
            if window > 0 {
                self.difference_backlog.push(entry);
            } else {
                self.put(vm, call, &entry, "=>")?;
            }
        }
        if let Some(entry) = reference {
            while window > 0 && self.reference_backlog.len() >= window {
                let oldest = self.reference_backlog.remove(0);
                self.put(vm, call, &oldest, "<=")?;
            }
            if window > 0 {
                self.reference_backlog.push(entry);
            } else {
                self.put(vm, call, &entry, "<=")?;
            }
        }
        Ok(())
    }

    fn put(&self, vm: &mut Vm, call: &Call, entry: &Entry, side: &str) -> R<()> {
        let only_equal = call.switch("ExcludeDifferent");
        if side == "==" {
            let wanted = match call.get("IncludeEqual") {
                Some(_) => call.switch("IncludeEqual"),
                None => only_equal,
            };
            if !wanted {
                return Ok(());
            }
        } else if only_equal {
            return Ok(());
        }
        let mark = Value::str(side);
        if call.switch("PassThru") {
            let object = add_member(&entry.object, "SideIndicator", Member::Note(mark));
            return vm.write(object);
        }
        let made = if self.expressions.is_empty() {
            vec![("InputObject".to_string(), entry.object.clone())]
        } else {
            self.expressions
                .iter()
                .zip(&entry.keys)
                .map(|(e, key)| (e.text().to_string(), key.value.clone()))
                .collect()
        };
        let notes = made
            .iter()
            .map(|(n, v)| (n.as_str(), v.clone()))
            .chain([("SideIndicator", mark)]);
        vm.write(CustomObject::from_notes(notes))
    }
}

fn take_match(
    vm: &mut Vm,
    entry: &Entry,
    backlog: &mut Vec<Entry>,
    ignore_case: bool,
) -> Option<Entry> {
    let at = backlog.iter().position(|other| {
        interrupted() || compare_entries(vm, entry, other, ignore_case, &[]) == Ordering::Equal
    })?;
    Some(backlog.remove(at))
}
