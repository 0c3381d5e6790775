//! The general cmdlets, one file per family.
//!
//! Each family lists its cmdlets in a `CMDLETS` table of names and factories;
//! the surface of each is declared under `cmdlets/`.

mod add_type;
pub mod aliases;
pub mod archive;
pub mod breakpoints;
pub mod cim;
pub mod clipboard;
pub mod clixml;
pub mod clixml_read;
pub mod clixml_write;
pub mod commands;
pub mod commands_dynamic;
pub mod console;
pub mod content;
pub mod csv;
pub mod data_file;
pub mod each;
pub mod evaluate;
pub mod event_log;
pub mod events;
pub mod experimental;
pub mod filter;
pub mod flat_items;
pub mod format;
pub mod format_data;
pub mod format_definitions;
pub mod get_error;
pub mod group;
pub mod help;
pub mod help_content;
mod help_examples;
pub mod help_page;
pub mod help_value;
pub mod item_changes;
pub mod item_property;
pub mod items;
pub mod job;
pub mod jobs;
pub mod json;
pub mod json_read;
pub mod location;
pub mod mail;
mod manifest_check;
pub mod measure;
pub mod members;
pub mod module_manifest;
pub mod modules;
pub mod new_item;
pub mod order;
pub mod out;
pub mod output;
pub mod parallel;
pub mod path;
pub mod processes;
pub mod property_expression;
pub mod random;
pub mod runspaces;
pub mod scopes;
pub mod secure;
pub mod seen;
pub mod select;
pub mod select_string;
pub mod select_xml;
pub mod selection;
pub mod session;
pub mod start_process;
pub mod strings;
pub mod text_data;
pub mod time;

pub mod to_xml;
pub mod transcript;
pub mod type_data;
pub mod type_file;
pub mod update_list;
pub mod variables;
pub mod web;
pub mod wql;
pub mod xml_output;
pub mod xml_text;

use crate::cmdlet::registry::Factory;

/// Tables of the families.
const FAMILIES: &[&[(&str, Factory)]] = &[
    add_type::CMDLETS,
    aliases::CMDLETS,
    archive::CMDLETS,
    breakpoints::CMDLETS,
    cim::CMDLETS,
    clipboard::CMDLETS,
    clixml::CMDLETS,
    commands::CMDLETS,
    console::CMDLETS,
    content::CMDLETS,
    csv::CMDLETS,
    data_file::CMDLETS,
    each::CMDLETS,
    evaluate::CMDLETS,
    event_log::CMDLETS,
    events::CMDLETS,
    experimental::CMDLETS,
    format::CMDLETS,
    format_data::CMDLETS,
    format_definitions::CMDLETS,
    get_error::CMDLETS,
    group::CMDLETS,
    help::CMDLETS,
    item_changes::CMDLETS,
    new_item::CMDLETS,
    module_manifest::CMDLETS,
    item_property::CMDLETS,
    items::CMDLETS,
    jobs::CMDLETS,
    runspaces::CMDLETS,
    json::CMDLETS,
    location::CMDLETS,
    mail::CMDLETS,
    measure::CMDLETS,
    members::CMDLETS,
    modules::CMDLETS,
    order::CMDLETS,
    out::CMDLETS,
    output::CMDLETS,
    path::CMDLETS,
    processes::CMDLETS,
    start_process::CMDLETS,
    random::CMDLETS,
    secure::CMDLETS,
    select::CMDLETS,
    select_string::CMDLETS,
    select_xml::CMDLETS,
    session::CMDLETS,
    strings::CMDLETS,
    text_data::CMDLETS,
    time::CMDLETS,
    transcript::CMDLETS,
    to_xml::CMDLETS,
    type_data::CMDLETS,
    update_list::CMDLETS,
    variables::CMDLETS,
    web::CMDLETS,
];

/// The general cmdlets and what makes them.
pub(crate) fn all() -> impl Iterator<Item = &'static (&'static str, Factory)> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The behaviour of a general cmdlet.
pub fn find(name: &str) -> Option<Factory> {
    all()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, factory)| *factory)
}
