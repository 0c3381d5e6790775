//! What may have been meant, taken from what there is: commands, parameters,
//! their values, stored objects, files, variables, members and types.

use super::distance::nearest;
use super::place::{bare, quoted_words};
use crate::repl::complete::World;
use crate::repl::session_world::{SessionWorld, enum_names};
use crate::runtime::attribute::Attribute;
use crate::runtime::command::Command;
use crate::runtime::error::{Category, ErrorRecord};
use crate::runtime::parameter::Parameter;
use crate::runtime::types::TypeCode;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::Path;

/// A question back, or nothing when nothing comes near.
pub fn of(vm: &mut Vm, record: &ErrorRecord) -> Option<String> {
    let id = record.error_id.borrow().to_string();
    let message = record.exception_message().to_string();
    let quoted = quoted_words(&message);
    let first = quoted.first().cloned();
    match id.as_str() {
        "CommandNotFoundException" => {
            let typed = first?;
            let names = SessionWorld(vm).command_names();
            ask(&typed, &names, "")
        }
        "NamedParameterNotFound" => {
            let typed = first?;
            let names = parameter_names(vm, record)?;
            ask(&typed, &names, "-").or_else(|| listed(vm, record))
        }
        "AmbiguousParameter" => None,
        "ParameterArgumentValidationError"
        | "CannotConvertArgument"
        | "CannotConvertArgumentNoMessage" => value(vm, record, &quoted),
        "VariableIsUndefined" | "VariableNotFound" => {
            let typed = quoted.iter().find_map(|word| word.strip_prefix('$'));
            let typed = typed.map(str::to_owned).or(first)?;
            let names = SessionWorld(vm).variables();
            let mark = if id == "VariableIsUndefined" { "$" } else { "" };
            ask(&typed, &names, mark)
        }
        "TypeNotFound" => {
            let typed = message.split(['[', ']']).nth(1)?.to_owned();
            let mut world = SessionWorld(vm);
            let mut names = world.type_names();
            let short = |name: &String| name.rsplit('.').next().unwrap_or(name).to_owned();
            if !typed.contains('.') {
                names = names.iter().map(short).collect();
                names.extend(world.accelerators().into_iter().map(|(short, _)| short));
            }
            let near = nearest(&typed, names.iter().map(String::as_str));
            near.first().map(|name| format!("did you mean [{name}]?"))
        }
        "MethodNotFound" | "PropertyNotFoundStrict" | "PropertyNotFound" => {
            let of = message.split(['[', ']']).nth(1).map(str::to_owned);
            let of = of.or_else(|| match record.target.base() {
                Value::Null | Value::Nothing => None,
                target => Some(vm.type_of(target).full_name.to_string()),
            })?;
            let members = SessionWorld(vm).members_of_type(&of, false)?;
            let names: Vec<String> = members.into_iter().map(|m| m.name).collect();
            ask(&first?, &names, "")
        }
        "PathNotFound" | "ItemNotFound" => path(vm, &first?),
        "Modules_ModuleNotFound" => {
            let names = SessionWorld(vm).modules();
            ask(&first?, &names, "")
        }
        _ if record.category.get() == Category::ObjectNotFound || message.contains("not found") => {
            stored(vm, record, first.as_deref())
        }
        _ => None,
    }
}

fn ask(typed: &str, names: &[String], mark: &str) -> Option<String> {
    let near = nearest(typed, names.iter().map(String::as_str));
    question(
        &near
            .iter()
            .map(|n| format!("{mark}{n}"))
            .collect::<Vec<_>>(),
    )
}

fn question(names: &[String]) -> Option<String> {
    let (last, before) = names.split_last()?;
    Some(match before {
        [] => format!("did you mean {last}?"),
        _ => format!("did you mean {} or {last}?", before.join(", ")),
    })
}

fn command_name(record: &ErrorRecord) -> Option<String> {
    let info = record.invocation.borrow().clone()?;
    match info.command.as_ref() {
        Some(Command::Application(_)) => None,
        Some(command) => Some(command.name().to_string()),
        None => Some(info.invocation_name.borrow().to_string()).filter(|name| !name.is_empty()),
    }
}

fn parameter_names(vm: &mut Vm, record: &ErrorRecord) -> Option<Vec<String>> {
    let surface = SessionWorld(vm).surface(&command_name(record)?)?;
    let mut names = Vec::new();
    for parameter in surface.parameters.iter().filter(|p| !p.hidden) {
        names.push(parameter.name.to_string());
        names.extend(parameter.aliases.iter().map(|alias| alias.to_string()));
    }
    Some(names)
}

/// The parameters there are, when they are few.
fn listed(vm: &mut Vm, record: &ErrorRecord) -> Option<String> {
    const FEW: usize = 8;
    let name = command_name(record)?;
    let surface = SessionWorld(vm).surface(&name)?;
    let own = surface.parameters.iter().filter(|p| !p.hidden && !p.common);
    let own: Vec<String> = own.map(|p| format!("-{}", p.name)).collect();
    match own.len() {
        0 => Some(format!("{name} takes no parameters")),
        1..=FEW => Some(format!("{name} takes {}", own.join(", "))),
        _ => None,
    }
}

/// A value that the parameter takes.
fn value(vm: &mut Vm, record: &ErrorRecord, quoted: &[String]) -> Option<String> {
    let surface = SessionWorld(vm).surface(&command_name(record)?)?;
    // Some messages do not name the parameter; the exception may.
    let named = vm.read_property(&record.exception, "ParameterName").ok();
    let named = named
        .and_then(|name| vm.to_text(&name).ok())
        .unwrap_or_default();
    let quoted_name = quoted.iter().find_map(|name| surface.exact(name));
    let parameter = quoted_name.or_else(|| surface.exact(&named))?.clone();
    let values = values(&parameter);
    let given = quoted
        .iter()
        .filter(|word| !word.eq_ignore_ascii_case(&parameter.name));
    for typed in given {
        let near = nearest(typed, values.iter().map(String::as_str));
        if let Some(name) = near.first() {
            return Some(format!("did you mean {name}?"));
        }
    }
    let shown = values.len() <= 12 && !values.is_empty();
    shown.then(|| format!("-{} takes {}", parameter.name, values.join(", ")))
}

fn values(parameter: &Parameter) -> Vec<String> {
    for attribute in &parameter.attributes {
        if let Attribute::ValidateSet { values, .. } = attribute {
            return values.iter().map(|value| value.to_string()).collect();
        }
    }
    let element = parameter.type_ref.element().unwrap_or(&parameter.type_ref);
    if element.code == TypeCode::Bool {
        return ["$true", "$false"].map(str::to_owned).to_vec();
    }
    enum_names(element)
}

/// The name of something in the folder that the path leads to.
fn path(vm: &mut Vm, given: &str) -> Option<String> {
    let full = vm.file_path(given);
    let folder = full.parent()?;
    let typed = full.file_name()?.to_str()?;
    let entries = std::fs::read_dir(folder).ok()?;
    let names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let near = nearest(typed, names.iter().map(String::as_str));
    let written = Path::new(given)
        .parent()
        .filter(|p| !p.as_os_str().is_empty());
    let shown = |name: &&str| match written {
        Some(parent) => parent.join(name).to_string_lossy().to_string(),
        None => (*name).to_owned(),
    };
    question(&near.iter().map(shown).collect::<Vec<_>>())
}

/// The name of a stored object of the kind that the cmdlet is for.
fn stored(vm: &mut Vm, record: &ErrorRecord, quoted: Option<&str>) -> Option<String> {
    let command = command_name(record)?;
    let typed = match record.target.base() {
        Value::Str(text) => text.to_string(),
        _ => quoted?.to_owned(),
    };
    let names = SessionWorld(vm).names_of_stored(&command);
    let all = || names.iter().map(String::as_str);
    let mut near = nearest(&typed, all());
    if near.is_empty() {
        near = nearest(bare(&typed), names.iter().map(|name| bare(name)));
    }
    question(
        &near
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>(),
    )
}
