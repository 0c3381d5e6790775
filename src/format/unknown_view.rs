//! The error of a `-View` that an object's type does not have, with the views it does have.

use super::property_table::explained;
use super::types::{Kind, views_of_type};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Table => "Table",
        Kind::List => "List",
        Kind::Wide => "Wide",
        Kind::Custom => "Custom",
    }
}

/// Raises it.
pub fn fail<T>(vm: &mut Vm, name: &str, first: &Value, kind: Option<Kind>) -> R<T> {
    let type_name = vm.type_of(first.base()).full_name.to_string();
    let shape = kind.map(word).unwrap_or_default();
    let (mut others, mut cmdlets) = (Vec::new(), Vec::new());
    for (view, of) in views_of_type(vm, &type_name) {
        if Some(of) == kind {
            others.push(view);
        } else if view.eq_ignore_ascii_case(name) {
            cmdlets.push(format!("Format-{}", word(of)));
        }
    }
    let message = if !others.is_empty() {
        format!(
            "The view name {name} cannot be found. Specify one of the following {shape} views and try again: {}.",
            others.join(", ")
        )
    } else if !cmdlets.is_empty() {
        format!(
            " The view name {name} cannot be found in the {shape} formatting. Try using one of these other format cmdlets: {}",
            cmdlets.join(", ")
        )
    } else {
        format!(
            "The view name {name} cannot be found. There are no existing {shape} views for {type_name} objects."
        )
    };
    explained(
        vm,
        Fault::of(
            "System.Management.Automation.PipelineStoppedException",
            "FormatViewNotFound",
            Category::ObjectNotFound,
            "The pipeline has been stopped.",
        )
        .target(Value::str(name)),
        message,
    )
}
