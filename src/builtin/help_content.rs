//! What help can tell of a declared command without anyone having written it:
//! from the types of its parameters, and from the kind of object it is for.

use super::help::Help;
use super::help_examples;
use crate::cmdlet::declaration::{CmdletDeclaration, ParameterDeclaration, SWITCH_TYPE};
use crate::cmdlet::{catalog, kinds};
use crate::model::kind::{Area, IdentityForm, Kind, Property, ScopeKind, ValueType};

/// Parameters that mean the same wherever they stand.
pub(super) const WELL_KNOWN: &[(&str, &str)] = &[
    (
        "AsJob",
        "Runs the command as a job and gives the job at once.",
    ),
    ("Credential", "The account that the command runs as."),
    ("Debug", "Shows messages for programmers."),
    (
        "DomainController",
        "The domain controller that is asked. Every one gives the same answer here.",
    ),
    ("Exclude", "Names that are left out; wildcards count."),
    (
        "Filter",
        "Only objects whose name, or whose properties, are like this.",
    ),
    (
        "Force",
        "Does not ask, and goes on where it would refuse out of caution.",
    ),
    ("Include", "Only names like these; wildcards count."),
    (
        "InMemory",
        "Makes the object without storing it: change it and hand it to the Set cmdlet through -Instance.",
    ),
    (
        "InputObject",
        "The objects to work on; usually they come through the pipe.",
    ),
    (
        "Instance",
        "An object whose properties are stored, instead of single parameters.",
    ),
    (
        "LiteralPath",
        "Paths that are taken as they are, without wildcards.",
    ),
    (
        "LocalStore",
        "Reads this computer's copy of the configuration instead of the Central Management store.",
    ),
    ("Name", "The name."),
    (
        "OnLyncServer",
        "Only what stands on a server of the deployment.",
    ),
    (
        "OU",
        "Only what is in this organizational unit, by its distinguished name.",
    ),
    (
        "PassThru",
        "Gives the objects it changed; without it there is no output.",
    ),
    ("Path", "Paths of the items; wildcards count."),
    (
        "PolicyName",
        "The name of the policy, without its scope; $Null takes the policy away, so that the site's or the global one is in force again.",
    ),
    ("Report", "Writes what was done into this file."),
    ("ResultSize", "At most so many objects; Unlimited for all."),
    (
        "Tenant",
        "The tenant by its id; of use in hosted deployments alone.",
    ),
];

/// Fills what nobody wrote.
pub fn complete(help: &mut Help, declaration: &CmdletDeclaration) {
    let (verb, noun) = declaration.name.split_once('-').unwrap_or(("", ""));
    let kind = kinds::find(noun);
    if help.description.is_empty() {
        help.description = description(declaration, verb, kind);
    }
    for parameter in &declaration.parameters {
        let known = help
            .parameters
            .iter_mut()
            .find(|(name, _)| *name == parameter.name);
        if let Some((_, text)) = known
            && text.is_empty()
        {
            *text = parameter_help(parameter, verb, kind);
        }
    }
    if help.examples.is_empty() {
        help.examples = help_examples::examples(declaration, verb, noun, kind);
    }
    if help.inputs.is_empty() {
        help.inputs = inputs(declaration);
    }
    if help.links.is_empty() {
        let own = catalog::names().filter(|summary| {
            summary.name != declaration.name
                && summary
                    .name
                    .split_once('-')
                    .is_some_and(|(_, other)| !noun.is_empty() && other == noun)
        });
        help.links = own.map(|summary| summary.name.to_owned()).collect();
    }
}

fn description(declaration: &CmdletDeclaration, verb: &str, kind: Option<&Kind>) -> String {
    let mut sentences = Vec::new();
    if let Some(reason) = &declaration.not_modelled {
        sentences.push(format!("It is known but does nothing here: {reason}"));
    }
    if let Some(kind) = kind {
        sentences.push(match kind.area {
            Area::Cms => "The configuration stands in the Central Management store and reaches the servers by replication; until it has arrived they work with what they had.".to_owned(),
            Area::Directory => "The values are attributes of users and contacts in the directory.".to_owned(),
            Area::Exchange => "The configuration stands in the Exchange organization.".to_owned(),
            _ => "Every computer keeps its own.".to_owned(),
        });
        if let Some(text) = scopes(&kind.identity) {
            sentences.push(text);
        }
        match verb {
            "New" if !kind.unique.is_empty() => {
                for unique in &kind.unique {
                    let names = unique.properties.join(" and ");
                    sentences.push(format!("No two objects may have the same {names}."));
                }
            }
            "Set" => sentences.push("Properties that are not named stay as they are.".to_owned()),
            "Remove" if matches!(kind.identity, IdentityForm::Scoped { .. }) => sentences.push(
                "The global object is never removed; it gets its default values back.".to_owned(),
            ),
            _ => {}
        }
    }
    if declaration.supports_should_process {
        sentences.push("With -WhatIf it only says what it would do.".to_owned());
    }
    sentences.join(" ")
}

fn scopes(identity: &IdentityForm) -> Option<String> {
    let IdentityForm::Scoped { scopes, .. } = identity else {
        return None;
    };
    let names: Vec<&str> = scopes
        .iter()
        .map(|scope| match scope {
            ScopeKind::Global => "the whole deployment (Global)",
            ScopeKind::Site => "a site (site:Redmond)",
            ScopeKind::Service => "a service (Registrar:pool01.contoso.com)",
            ScopeKind::Tag => "users one by one (a name of its own)",
        })
        .collect();
    Some(format!("There can be one for {}.", listed(&names, "or")))
}

fn listed(names: &[&str], word: &str) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} {word} {last}", before.join(", ")),
    }
}

fn parameter_help(parameter: &ParameterDeclaration, verb: &str, kind: Option<&Kind>) -> String {
    let name = parameter.name.as_str();
    let mut text = Vec::new();
    if name == "Identity" {
        text.push(identity_help(verb, kind));
    } else if let Some((_, known)) = WELL_KNOWN.iter().find(|(known, _)| *known == name) {
        text.push((*known).to_owned());
    } else {
        let words = words(name);
        text.push(match parameter.type_name.as_str() {
            "System.Boolean" => format!("{}: $True or $False.", capital(&words)),
            SWITCH_TYPE => format!("{}: the name alone turns it on.", capital(&words)),
            _ => format!("The {words}."),
        });
    }
    let property = kind.and_then(|kind| {
        let mut properties = kind.properties.iter();
        properties.find(|p| p.name == name || p.parameter.as_deref() == Some(name))
    });
    if let Some(property) = property.filter(|_| name != "Identity") {
        text.extend(property_help(property));
    }
    if !parameter.accepted_values.is_empty()
        && property.is_none_or(|p| !matches!(p.value_type, ValueType::Enum { .. }))
    {
        let values: Vec<&str> = parameter
            .accepted_values
            .iter()
            .map(String::as_str)
            .collect();
        text.push(format!("One of {}.", listed(&values, "and")));
    }
    text.join(" ")
}

fn identity_help(verb: &str, kind: Option<&Kind>) -> String {
    let which = match verb {
        "New" => "The identity of the new object",
        "Grant" => "The user who gets the policy",
        _ => "Which one",
    };
    let forms = match kind.map(|kind| &kind.identity) {
        _ if verb == "Grant" => {
            "SIP address, user principal name, domain\\logon, display name or distinguished name"
        }
        Some(IdentityForm::User) => {
            "SIP address, user principal name, domain\\logon, display name or distinguished name"
        }
        Some(IdentityForm::Scoped { .. }) => {
            "Global, site:<name>, <service>:<server or pool>, or a name of its own"
        }
        Some(IdentityForm::Child { .. }) => "<where it belongs>/<name>",
        Some(IdentityForm::Directory { .. }) => "its name, distinguished name, GUID or alias",
        Some(IdentityForm::Singleton { .. }) => "there is only one, so it may be left out",
        _ => "its name",
    };
    format!("{which}: {forms}.")
}

fn property_help(property: &Property) -> Vec<String> {
    let mut text = Vec::new();
    match &property.value_type {
        ValueType::Enum { values, .. } => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            text.push(format!("One of {}.", listed(&values, "and")));
        }
        ValueType::Reference(noun) => text.push(format!("The identity of a {noun}.")),
        ValueType::Guid => text.push("A GUID.".to_owned()),
        ValueType::TimeSpan => text.push("A time span, for instance 00:30:00.".to_owned()),
        ValueType::Size => text.push("An amount of data, for instance 250MB, or Unlimited.".to_owned()),
        ValueType::Unlimited => text.push("A number, or Unlimited.".to_owned()),
        ValueType::List(_) => text.push("Several values, with commas between them; @{Add=…}, @{Remove=…} and @{Replace=…} change the list.".to_owned()),
        _ => {}
    }
    match (property.min, property.max) {
        (Some(min), Some(max)) => text.push(format!("Between {min} and {max}.")),
        (Some(min), None) => text.push(format!("{min} or more.")),
        (None, Some(max)) => text.push(format!("{max} at most.")),
        (None, None) => {}
    }
    if let Some(most) = property.max_length {
        text.push(format!("At most {most} characters."));
    }
    let default = match &property.default {
        crate::model::value::Datum::Text(text) if !text.is_empty() => Some(text.clone()),
        crate::model::value::Datum::Int(number) => Some(number.to_string()),
        crate::model::value::Datum::Bool(value) => {
            Some(if *value { "$True" } else { "$False" }.to_owned())
        }
        _ => None,
    };
    text.extend(default.map(|value| format!("{value} unless given.")));
    text
}

/// `ProxyFqdn` is `proxy FQDN`.
pub(super) fn words(name: &str) -> String {
    const SHORT: [&str; 12] = [
        "Fqdn", "Sip", "Uri", "Url", "Dns", "Um", "Id", "Ou", "Smtp", "Tls", "Ip", "Guid",
    ];
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for c in name.chars() {
        let begins = c.is_uppercase() && before.is_none_or(|b| !b.is_uppercase());
        match words.last_mut().filter(|_| !begins) {
            Some(word) => word.push(c),
            None => words.push(c.to_string()),
        }
        before = Some(c);
    }
    let shown = words.iter().map(|word| {
        let is_short = SHORT.contains(&word.as_str());
        let capitals = word.chars().filter(|c| c.is_uppercase()).count() > 1;
        match (is_short, capitals) {
            (true, _) => word.to_uppercase(),
            (_, true) => word.clone(),
            _ => word.to_lowercase(),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn inputs(declaration: &CmdletDeclaration) -> Vec<String> {
    let mut types: Vec<&str> = Vec::new();
    for parameter in &declaration.parameters {
        let takes = |s: &crate::cmdlet::declaration::ParameterInSet| {
            s.from_pipeline || s.from_pipeline_by_name
        };
        let name = parameter.type_name.as_str();
        if parameter.sets.iter().any(takes) && !types.contains(&name) {
            types.push(name);
        }
    }
    match types.is_empty() {
        true => vec!["None".to_owned()],
        false => types.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, text) in [
            ("ProxyFqdn", "proxy FQDN"),
            ("EnabledSharedAddressSpace", "enabled shared address space"),
            ("LineURI", "line URI"),
            ("SipDomain", "SIP domain"),
        ] {
            assert_eq!(words(name), text);
        }
    }

    #[test]
    fn every_command_has_a_text_for_every_parameter() {
        for summary in catalog::names() {
            let Some(declaration) = catalog::find(summary.name) else {
                continue;
            };
            let (verb, noun) = declaration.name.split_once('-').unwrap_or(("", ""));
            for parameter in &declaration.parameters {
                let text = parameter_help(parameter, verb, kinds::find(noun));
                assert!(!text.is_empty(), "{} -{}", declaration.name, parameter.name);
            }
        }
    }
}
