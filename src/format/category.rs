//! The parts of an error's category and their text.

use crate::runtime::error::{Category, ErrorRecord};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Longer parts are cut in the middle.
const MOST_SHOWN: usize = 40;
const KEPT: usize = 19;

/// `System.Management.Automation.ErrorCategoryInfo`: the parts of a record's category.
pub struct CategoryParts {
    /// The category.
    pub category: Category,
    /// What was done.
    pub activity: Rc<str>,
    /// Why it failed.
    pub reason: Rc<str>,
    /// What it was done to.
    pub target_name: Rc<str>,
    /// Its type.
    pub target_type: Rc<str>,
}

impl CategoryParts {
    /// The parts of a record.
    pub fn of(vm: &mut Vm, record: &ErrorRecord) -> CategoryParts {
        let activity = match &*record.activity.borrow() {
            Some(text) => text.clone(),
            None => match record.invocation.borrow().as_ref() {
                Some(info) => info.command.as_ref().map(|c| c.name()).unwrap_or_default(),
                None => "".into(),
            },
        };
        let reason = match &*record.reason.borrow() {
            Some(text) => text.clone(),
            None => short(&record.exception_type().full_name).into(),
        };
        let replaced = record.target_name.borrow().clone();
        let target_name = match replaced {
            Some(text) => text,
            None => target_text(vm, &record.target),
        };
        let target_type = match &*record.target_type.borrow() {
            Some(text) => text.clone(),
            None if record.target.is_null() => "".into(),
            None => short(&vm.type_of(&record.target).reflection_text()).into(),
        };
        CategoryParts {
            category: record.category.get(),
            activity,
            reason,
            target_name,
            target_type,
        }
    }

    /// `Category: (TargetName:TargetType) [Activity], Reason`
    pub fn message(&self) -> String {
        let category = match self.category {
            Category::DeadlockDetected => "Deadlock detected".to_string(),
            other => other.name(),
        };
        format!(
            "{category}: ({}:{}) [{}], {}",
            shortened(&self.target_name),
            shortened(&self.target_type),
            shortened(&self.activity),
            self.reason
        )
    }
}

fn target_text(vm: &mut Vm, target: &Value) -> Rc<str> {
    match target.base() {
        Value::Array(_) | Value::List(_) | Value::Dict(_) => {
            vm.type_of(target).reflection_text().into()
        }
        _ => vm.shown_text(target).unwrap_or_default().into(),
    }
}

/// The last part of a type's name.
fn short(full: &str) -> &str {
    let plain = full.split('[').next().unwrap_or(full);
    match plain.rfind('.') {
        Some(at) => &full[at + 1..],
        None => full,
    }
}

fn shortened(text: &str) -> String {
    let units: Vec<char> = text.chars().collect();
    if units.len() <= MOST_SHOWN {
        return text.to_string();
    }
    let head: String = units[..KEPT].iter().collect();
    let tail: String = units[units.len() - KEPT..].iter().collect();
    format!("{head}…{tail}")
}
