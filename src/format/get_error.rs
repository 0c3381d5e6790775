//! Get-Error and DetailedView: a record with everything it holds, nested objects indented.

use super::category::CategoryParts;
use super::property::names;
use crate::runtime::error::{ErrorRecord, R};
use crate::runtime::types::find_full;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// How deep exceptions and records are followed.
const MOST_DEPTH: usize = 10;
const INDENT: usize = 4;
/// The exception of the record inside an exception.
const STAND_IN: &str = "System.Management.Automation.ParentContainsErrorRecordException";

/// The type name that Get-Error puts in front of a record's own.
pub const EXTENDED: &str = "System.Management.Automation.ErrorRecord#PSExtendedError";

/// The detailed text of a record.
pub fn detailed(vm: &mut Vm, record: &Rc<ErrorRecord>) -> R<String> {
    let mut lines = vec![String::new()];
    show(vm, &Value::Error(record.clone()), 0, 1, &mut lines)?;
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// Whether a value says nothing: null, empty text, zero, false, an empty collection.
fn is_empty(vm: &mut Vm, value: &Value) -> R<bool> {
    Ok(match value.base() {
        Value::Null | Value::Nothing => true,
        Value::Str(text) => text.is_empty(),
        Value::Bool(b) | Value::Switch(b) => !b,
        Value::Int(n) => *n == 0,
        Value::Long(n) => *n == 0,
        Value::Dict(table) => table.is_empty(),
        _ => match vm.enumerate(value)? {
            Some(items) => items.is_empty(),
            None => false,
        },
    })
}

fn is_expanded(vm: &Vm, value: &Value) -> bool {
    if matches!(value.base(), Value::Error(_) | Value::Exception(_)) {
        return true;
    }
    let type_ref = vm.type_of(value);
    &*type_ref.full_name == "System.Management.Automation.InvocationInfo"
        || find_full("System.Exception").is_some_and(|e| type_ref.is_a(&e))
}

fn show(
    vm: &mut Vm,
    object: &Value,
    indent: usize,
    depth: usize,
    lines: &mut Vec<String>,
) -> R<()> {
    let mut shown: Vec<(Rc<str>, Value)> = Vec::new();
    if find_full("System.Exception").is_some_and(|e| vm.type_of(object).is_a(&e)) {
        let type_name = vm.type_of(object).reflection_text();
        shown.push(("Type".into(), Value::str(type_name)));
    }
    for name in names(vm, object)? {
        let value = match vm.get_member(object, &name) {
            Ok(value) => value.unwrap_or_default(),
            Err(_) => continue,
        };
        if !is_empty(vm, &value)? {
            shown.push((name, value));
        }
    }
    let width = shown.iter().map(|(n, _)| n.len()).max().unwrap_or(0);
    let prefix = " ".repeat(indent);
    for (name, value) in shown {
        let filling = " ".repeat(width.saturating_sub(name.chars().count()));
        let label = format!("{prefix}{name}{filling} : ");
        if let (Value::Exception(exception), Value::Error(record)) = (object.base(), value.base()) {
            // The record inside an exception holds a stand-in, not the exception again.
            let message = exception.message.borrow().clone();
            lines.push(label);
            inner_record(vm, record, &message, indent + INDENT, lines);
            continue;
        }
        if is_expanded(vm, &value) {
            if depth >= MOST_DEPTH {
                lines.push(format!("{label}…"));
            } else {
                lines.push(label);
                show(vm, &value, indent + INDENT, depth + 1, lines)?;
            }
            continue;
        }
        if &*name == "StackTrace" {
            lines.push(label);
            lines.push(vm.to_text(&value)?);
            continue;
        }
        if let Value::Dict(table) = value.base()
            && &*name != "Data"
        {
            lines.push(label);
            for (key, item) in table.pairs() {
                let (key, item) = (vm.to_text(&key)?, vm.to_text(&item)?);
                lines.push(format!("{prefix}    {key} : {item}"));
            }
            continue;
        }
        if !matches!(value.base(), Value::Str(_))
            && &*name != "Data"
            && let Some(items) = vm.enumerate(&value)?
        {
            lines.push(label);
            for item in items {
                if is_expanded(vm, &item) {
                    show(vm, &item, indent + INDENT, depth + 1, lines)?;
                } else {
                    lines.push(format!("{prefix}    {}", vm.to_text(&item)?));
                }
            }
            continue;
        }
        let text = vm.to_text(&value)?;
        let mut parts = text.split('\n').map(str::trim);
        lines.push(format!("{label}{}", parts.next().unwrap_or("")));
        let follow = " ".repeat(indent + width + 3);
        lines.extend(parts.map(|part| format!("{follow}{part}")));
    }
    Ok(())
}

/// The record that an exception carries.
fn inner_record(
    vm: &mut Vm,
    record: &ErrorRecord,
    message: &str,
    indent: usize,
    lines: &mut Vec<String>,
) {
    let prefix = " ".repeat(indent);
    lines.push(format!("{prefix}Exception             : "));
    for (name, text) in [
        ("Type   ", STAND_IN),
        ("Message", message),
        ("HResult", "-2146233087"),
    ] {
        lines.push(format!("{prefix}    {name} : {text}"));
    }
    let mut parts = CategoryParts::of(vm, record);
    parts.reason = "ParentContainsErrorRecordException".into();
    lines.push(format!(
        "{prefix}CategoryInfo          : {}",
        parts.message()
    ));
    let id = record.fully_qualified_id();
    lines.push(format!("{prefix}FullyQualifiedErrorId : {id}"));
}
