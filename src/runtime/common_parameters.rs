//! Common parameters: declared for every advanced command.

use super::parameter::{CommandSurface, Parameter, ParameterPlace};
use super::symbol::Symbol;
use super::types::{TypeCode, find, known};
use std::rc::Rc;

/// Name, alias, type; the last four only where the command supports them.
const COMMON: [(&str, &str, &str); 12] = [
    ("Verbose", "vb", "switch"),
    ("Debug", "db", "switch"),
    (
        "ErrorAction",
        "ea",
        "System.Management.Automation.ActionPreference",
    ),
    (
        "WarningAction",
        "wa",
        "System.Management.Automation.ActionPreference",
    ),
    (
        "InformationAction",
        "infa",
        "System.Management.Automation.ActionPreference",
    ),
    (
        "ProgressAction",
        "proga",
        "System.Management.Automation.ActionPreference",
    ),
    ("ErrorVariable", "ev", "string"),
    ("WarningVariable", "wv", "string"),
    ("InformationVariable", "iv", "string"),
    ("OutVariable", "ov", "string"),
    ("OutBuffer", "ob", "int"),
    ("PipelineVariable", "pv", "string"),
];
const SHOULD_PROCESS: [(&str, &str, &str); 2] =
    [("WhatIf", "wi", "switch"), ("Confirm", "cf", "switch")];
const PAGING: [(&str, &str, &str); 3] = [
    ("IncludeTotalCount", "", "switch"),
    ("Skip", "", "System.UInt64"),
    ("First", "", "System.UInt64"),
];

fn applying(
    surface: &CommandSurface,
) -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    let should_process = if surface.supports_should_process {
        &SHOULD_PROCESS[..]
    } else {
        &[]
    };
    let paging = if surface.supports_paging {
        &PAGING[..]
    } else {
        &[]
    };
    COMMON.iter().chain(should_process).chain(paging)
}

/// Whether a name is that of a common parameter of this command.
pub fn is_common(name: &str, surface: &CommandSurface) -> bool {
    applying(surface).any(|(common, ..)| common.eq_ignore_ascii_case(name))
}

/// Whether a name is an alias of a common parameter of this command.
pub fn is_common_alias(name: &str, surface: &CommandSurface) -> bool {
    applying(surface).any(|(_, alias, _)| !alias.is_empty() && alias.eq_ignore_ascii_case(name))
}

/// Adds the common parameters behind a command's own.
pub fn add_common_parameters(surface: &mut CommandSurface) {
    let list: Vec<_> = applying(surface).collect();
    for (name, alias, type_name) in list {
        thread_local! { static MADE: std::cell::RefCell<std::collections::HashMap<&'static str, Rc<Parameter>>> = std::cell::RefCell::default(); }
        let made = MADE.with(|m| {
            m.borrow_mut()
                .entry(name)
                .or_insert_with(|| Rc::new(make(name, alias, type_name)))
                .clone()
        });
        surface.parameters.push(made);
    }
}

fn make(name: &str, alias: &str, type_name: &str) -> Parameter {
    let type_ref = find(type_name).unwrap_or_else(known::object);
    Parameter {
        name: name.into(),
        symbol: Symbol::new(name),
        aliases: if alias.is_empty() {
            Vec::new()
        } else {
            vec![alias.into()]
        },
        is_switch: type_ref.code == TypeCode::Switch,
        type_ref,
        attributes: Vec::new(),
        places: vec![ParameterPlace::BY_NAME],
        dynamic: false,
        common: true,
        hidden: false,
        help_message: None,
        kept: Default::default(),
    }
}
