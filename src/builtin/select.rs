//! Select-Object and Get-Unique.

use super::property_expression::{self, Expression, PropertyExpression};
use super::seen::Seen;
use crate::cmdlet::registry::Factory;
use crate::format::property_table::TableOf;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::member::added::{add_member, own_member};
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Select-Object", || Box::<SelectObject>::default()),
    ("Get-Unique", || Box::<GetUnique>::default()),
];

/// What was chosen from one object: the object, and the notes that were put on it.
struct Selected {
    object: Value,
    notes: Vec<(Rc<str>, Value)>,
}

#[derive(Default)]
struct SelectObject {
    properties: Vec<PropertyExpression>,
    expand: Option<PropertyExpression>,
    exclude: Vec<Rc<WildcardPattern>>,
    unique: bool,
    ignore_case: bool,
    wait: bool,
    first: Option<usize>,
    last: Option<usize>,
    skip: usize,
    skip_last: usize,
    index: Option<Vec<usize>>,
    skip_index: Vec<usize>,
    seen: usize,
    taken: usize,
    queue: VecDeque<Value>,
    uniques: Vec<Selected>,
    came_before: Seen,
}

fn count(call: &Call, name: &str) -> Option<usize> {
    call.int(name).and_then(|n| usize::try_from(n).ok())
}

fn counts(call: &Call, name: &str) -> Vec<usize> {
    call.items(name)
        .iter()
        .filter_map(|v| match v.base() {
            Value::Int(n) => usize::try_from(*n).ok(),
            _ => None,
        })
        .collect()
}

impl Cmdlet for SelectObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.properties = property_expression::parse(vm, &call.items("Property"), TableOf::Select)?;
        for property in &self.properties {
            if property.label.is_none()
                && let Expression::Block(block) = &property.expression
                && block.text().trim().is_empty()
            {
                return vm.raise(Fault::of(
                    "System.Management.Automation.PSArgumentException",
                    "EmptyScriptBlockAndNoName",
                    Category::InvalidArgument,
                    "Property cannot be processed because the script block is empty and no name was given.",
                ));
            }
        }
        self.expand = call
            .text("ExpandProperty")
            .map(|n| PropertyExpression::name(&n));
        for name in call.texts("ExcludeProperty") {
            self.exclude.push(vm.wildcard(&name, true)?);
        }
        if !self.exclude.is_empty() && self.properties.is_empty() {
            self.properties.push(PropertyExpression::name("*"));
        }
        self.unique = call.switch("Unique");
        self.ignore_case = call.switch("CaseInsensitive");
        self.wait = call.switch("Wait");
        self.first = count(call, "First");
        self.last = count(call, "Last");
        self.skip = count(call, "Skip").unwrap_or(0);
        self.skip_last = count(call, "SkipLast").unwrap_or(0);
        self.index = call.has("Index").then(|| counts(call, "Index"));
        self.skip_index = counts(call, "SkipIndex");
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(object) = call.get("InputObject") else {
            return Ok(());
        };
        if object.is_null() && call.expecting_input {
            // Null in a pipeline is an item without properties, which nothing is made of.
            if !self.properties.is_empty() || self.expand.is_some() {
                return Ok(());
            }
        }
        let at = self.seen;
        self.seen += 1;
        if let Some(index) = self.index.clone() {
            if index.contains(&at) {
                self.select(vm, &object)?;
            }
            if !self.wait && index.iter().max().is_none_or(|last| at >= *last) {
                return self.stop(vm, call);
            }
            return Ok(());
        }
        if self.skip_index.contains(&at) {
            return Ok(());
        }
        if self.skip_last > 0 {
            if at < self.skip {
                return Ok(());
            }
            self.queue.push_back(object);
            if self.queue.len() > self.skip_last
                && let Some(object) = self.queue.pop_front()
            {
                self.select(vm, &object)?;
            }
            return Ok(());
        }
        if let Some(last) = self.last {
            let first = self.first.unwrap_or(0);
            if self.first.is_some() && self.taken < first {
                if at < self.skip && self.first.is_some() {
                    return Ok(());
                }
                self.taken += 1;
                return self.select(vm, &object);
            }
            self.queue.push_back(object);
            if self.queue.len() > last + self.skip {
                self.queue.pop_front();
            }
            return Ok(());
        }
        if at < self.skip {
            return Ok(());
        }
        if let Some(first) = self.first {
            if self.taken < first {
                self.taken += 1;
                self.select(vm, &object)?;
            }
            if self.taken >= first && !self.wait {
                return self.stop(vm, call);
            }
            return Ok(());
        }
        self.select(vm, &object)
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if let Some(last) = self.last {
            let skip = if self.first.is_some() { 0 } else { self.skip };
            let keep = self.queue.len().saturating_sub(skip).min(last);
            let drop = self.queue.len().saturating_sub(skip + keep);
            let queue = std::mem::take(&mut self.queue);
            for object in queue.into_iter().skip(drop).take(keep) {
                self.select(vm, &object)?;
            }
        }
        for selected in std::mem::take(&mut self.uniques) {
            vm.write(selected.object)?;
        }
        Ok(())
    }
}

impl SelectObject {
    /// Enough was taken: what comes before stops, what was kept for the end is still written.
    fn stop(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        Err(Box::new(Unwind::StopUpstream(call.stage)))
    }

    fn select(&mut self, vm: &mut Vm, object: &Value) -> R<()> {
        if self.properties.is_empty() && self.expand.is_none() {
            return self.put(vm, object.clone(), Vec::new());
        }
        let mut notes: Vec<(Rc<str>, Value)> = Vec::new();
        for property in self.properties.clone() {
            self.add_property(vm, object, &property, &mut notes)?;
        }
        match self.expand.clone() {
            None => {
                if notes.is_empty() && self.properties.is_empty() {
                    return Ok(());
                }
                let made = selected_object(vm, object, &notes);
                self.put(vm, made, notes)
            }
            Some(expand) => self.expand(vm, object, &expand, notes),
        }
    }

    fn add_property(
        &mut self,
        vm: &mut Vm,
        object: &Value,
        property: &PropertyExpression,
        notes: &mut Vec<(Rc<str>, Value)>,
    ) -> R<()> {
        let mut values = property.values(vm, object)?;
        if property.label.is_none() && matches!(property.expression, Expression::Name(_)) {
            values.retain(|v| !self.exclude.iter().any(|e| e.is_match(&v.name)));
            if values.is_empty() && !property.has_wildcards() {
                let name = property.text();
                if self.exclude.iter().any(|e| e.is_match(&name)) {
                    return Ok(());
                }
                self.add_note(vm, notes, name, Value::Null, false)?;
                return Ok(());
            }
        }
        if let Some(label) = &property.label {
            let value = values
                .into_iter()
                .next()
                .and_then(|v| v.value.ok())
                .unwrap_or_default();
            return self.add_note(vm, notes, label.clone(), value, false);
        }
        for found in values {
            self.add_note(
                vm,
                notes,
                found.name,
                found.value.unwrap_or_default(),
                false,
            )?;
        }
        Ok(())
    }

    fn add_note(
        &mut self,
        vm: &mut Vm,
        notes: &mut Vec<(Rc<str>, Value)>,
        name: Rc<str>,
        value: Value,
        expanding: bool,
    ) -> R<()> {
        if notes.iter().any(|(n, _)| n.eq_ignore_ascii_case(&name)) {
            return vm.write_fault(already_existing(&name, expanding));
        }
        notes.push((name, value));
        Ok(())
    }

    fn expand(
        &mut self,
        vm: &mut Vm,
        object: &Value,
        expand: &PropertyExpression,
        notes: Vec<(Rc<str>, Value)>,
    ) -> R<()> {
        let mut values = expand.values(vm, object)?;
        if values.len() > 1 {
            return vm.write_fault(
                Fault::of(
                    "System.Management.Automation.PSArgumentException",
                    "MutlipleExpandProperties",
                    Category::InvalidArgument,
                    "Multiple properties cannot be expanded.",
                )
                .target(object.clone()),
            );
        }
        let value = match values.pop() {
            None => return vm.write_fault(expand_not_found(&expand.text(), object)),
            Some(found) => match found.value {
                Ok(value) => value,
                Err(record) => return vm.write_error(record),
            },
        };
        let items = match vm.enumerate(&value)? {
            Some(items) => items,
            None => vec![value],
        };
        for item in items {
            if notes.is_empty() {
                self.put(vm, item, Vec::new())?;
                continue;
            }
            if item.is_null() {
                continue;
            }
            let mut copy = detached_copy(&item);
            for (name, value) in &notes {
                let exists = own_member(&copy, Symbol::fold(name)).is_some()
                    || vm
                        .properties(&copy)?
                        .iter()
                        .any(|p| p.name.eq_ignore_ascii_case(name));
                if exists {
                    vm.write_fault(already_existing(name, true))?;
                } else {
                    copy = add_member(&copy, name, Member::Note(value.clone()));
                }
            }
            self.put(vm, copy, notes.clone())?;
        }
        Ok(())
    }

    fn put(&mut self, vm: &mut Vm, object: Value, notes: Vec<(Rc<str>, Value)>) -> R<()> {
        if !self.unique {
            return vm.write(object);
        }
        match self.came_before.enter(&object, &notes, self.ignore_case) {
            Some(false) => {
                self.uniques.push(Selected { object, notes });
                return Ok(());
            }
            Some(true) => return Ok(()),
            None => {}
        }
        for known in &self.uniques {
            if known.notes.len() == notes.len()
                && same(vm, &known.object, &object, self.ignore_case)
                && notes.iter().all(|(name, value)| {
                    known.notes.iter().any(|(n, v)| {
                        n.eq_ignore_ascii_case(name)
                            && vm.sort_compare(v, value, self.ignore_case) == Ordering::Equal
                    })
                })
            {
                return Ok(());
            }
        }
        self.uniques.push(Selected { object, notes });
        Ok(())
    }
}

/// Whether two chosen objects count as one. Objects that are nothing but notes are told apart by these alone.
fn same(vm: &mut Vm, a: &Value, b: &Value, ignore_case: bool) -> bool {
    match (a.base(), b.base()) {
        (Value::Custom(_), Value::Custom(_)) => true,
        (Value::Custom(_), _) | (_, Value::Custom(_)) => false,
        (a, b) => vm.sort_compare(a, b, ignore_case) == Ordering::Equal,
    }
}

/// A copy that can get members without the original having them.
fn detached_copy(value: &Value) -> Value {
    match value {
        Value::Custom(object) => {
            let copy = CustomObject::new(object.members.copy());
            *copy.type_names.borrow_mut() = object.type_names.borrow().clone();
            Value::Custom(Rc::new(copy))
        }
        Value::Wrapped(wrapped) => Value::Wrapped(Rc::new(crate::runtime::object::Wrapped {
            base: wrapped.base.clone(),
            extension: wrapped.extension.copy(),
            written: wrapped.written.clone(),
        })),
        other => other.clone(),
    }
}

fn selected_object(vm: &mut Vm, from: &Value, notes: &[(Rc<str>, Value)]) -> Value {
    let members = Members::from_notes(notes.iter().map(|(n, v)| (&**n, v.clone())));
    let object = CustomObject::new(members);
    let base = match from.base() {
        Value::Custom(_) => "System.Management.Automation.PSCustomObject".to_string(),
        other => vm.type_of(other).reflection_text(),
    };
    object.type_names.borrow_mut().extend([
        format!("Selected.{base}").into(),
        "System.Management.Automation.PSCustomObject".into(),
        "System.Object".into(),
    ]);
    Value::Custom(Rc::new(object))
}

fn already_existing(name: &str, expanding: bool) -> Fault {
    let id = if expanding {
        "AlreadyExistingUserSpecifiedPropertyExpand"
    } else {
        "AlreadyExistingUserSpecifiedPropertyNoExpand"
    };
    Fault::of(
        "System.Management.Automation.PSArgumentException",
        id,
        Category::InvalidOperation,
        format!("The property cannot be processed because the property \"{name}\" already exists."),
    )
    .target(Value::Null)
}

fn expand_not_found(name: &str, object: &Value) -> Fault {
    Fault::of(
        "System.Management.Automation.PSArgumentException",
        "ExpandPropertyNotFound",
        Category::InvalidArgument,
        format!("Property \"{name}\" cannot be found."),
    )
    .target(object.clone())
}

#[derive(Default)]
struct GetUnique {
    last: Option<Value>,
    last_text: String,
}

impl Cmdlet for GetUnique {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(object) = call.get("InputObject") else {
            return Ok(());
        };
        let ignore_case = call.switch("CaseInsensitive");
        if call.switch("OnType") {
            let name = vm
                .type_names(&object)
                .first()
                .map(|n| n.to_string())
                .unwrap_or_default();
            let new = self.last.is_none() || self.last_text != name;
            if new {
                self.last_text = name;
                self.last = Some(object.clone());
                return vm.write(object);
            }
            return Ok(());
        }
        let by_text = call.switch("AsString");
        let new = match self.last.clone() {
            None => true,
            Some(_) if by_text => {
                let text = vm.to_text(&object)?;
                let different =
                    crate::runtime::collation::compare(&text, &self.last_text, ignore_case)
                        != Ordering::Equal;
                self.last_text = text;
                different
            }
            Some(last) => vm.sort_compare(&object, &last, ignore_case) != Ordering::Equal,
        };
        if self.last.is_none() && by_text {
            self.last_text = vm.to_text(&object)?;
        }
        if new {
            self.last = Some(object.clone());
            vm.write(object)?;
        }
        Ok(())
    }
}
