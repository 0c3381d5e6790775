//! Examples for commands that nobody wrote any for: from the parameters they declare and the kind
//! of object they are for.

use super::help::Example;
use super::help_content::{WELL_KNOWN, capital, words};
use crate::cmdlet::catalog;
use crate::cmdlet::declaration::{CmdletDeclaration, ParameterDeclaration};
use crate::model::kind::{IdentityForm, Kind, ScopeKind, ValueType};

/// Lines and what each does.
pub(super) fn examples(
    declaration: &CmdletDeclaration,
    verb: &str,
    noun: &str,
    kind: Option<&Kind>,
) -> Vec<Example> {
    let name = &declaration.name;
    if noun.is_empty() {
        return Vec::new();
    }
    let has = |wanted: &str| declaration.parameters.iter().any(|p| p.name == wanted);
    let sample = identity_sample(kind);
    let mut list = Vec::new();
    match verb {
        "Get" => {
            if mandatory(declaration).is_empty() {
                list.push(Example::new(name.clone(), "Shows all of them.".to_owned()));
            }
            if has("Identity") {
                list.push(Example::new(
                    format!("{name} -Identity {sample}"),
                    "Shows one of them.".to_owned(),
                ));
            }
            if has("LocalStore") {
                list.push(Example::new(
                    format!("{name} -LocalStore"),
                    "Shows what this computer has received by replication.".to_owned(),
                ));
            }
        }
        "Set" if kind.is_some() => list.extend(changes(declaration, noun, kind)),
        "Grant" if has("Identity") && has("PolicyName") => {
            list.push(Example::new(
                format!("{name} -Identity \"Ken Myer\" -PolicyName \"RedmondPolicy\""),
                "Gives the user a policy.".to_owned(),
            ));
            list.push(Example::new(
                format!("{name} -Identity \"Ken Myer\" -PolicyName $Null"),
                "Takes it away again.".to_owned(),
            ));
        }
        _ => list.push(Example::new(
            with_mandatory(declaration, kind, ""),
            declaration.synopsis.clone(),
        )),
    }
    list
}

/// The command with one property to change: of one object, and of all that its Get gives.
fn changes(declaration: &CmdletDeclaration, noun: &str, kind: Option<&Kind>) -> Vec<Example> {
    let name = &declaration.name;
    let parameters = &declaration.parameters;
    let mut values = parameters
        .iter()
        .filter(|p| p.name != "Identity" && is_a_value(p));
    let Some(change) = values.next() else {
        return Vec::new();
    };
    let value = value_sample(change, kind);
    let has_identity = parameters.iter().any(|p| p.name == "Identity");
    let one = match has_identity {
        true => format!("{name} -Identity {}", identity_sample(kind)),
        false => with_mandatory(declaration, kind, &change.name),
    };
    let mut list = vec![Example::new(
        format!("{one} -{} {value}", change.name),
        "Changes one property; the others stay.".to_owned(),
    )];
    let get = format!("Get-{noun}");
    if has_identity && catalog::summary(&get).is_some() {
        list.push(Example::new(
            format!("{get} | {name} -{} {value} -WhatIf", change.name),
            "Says what would change if all of them were changed.".to_owned(),
        ));
    }
    list
}

/// The command with the parameters that must be given, but for one.
fn with_mandatory(declaration: &CmdletDeclaration, kind: Option<&Kind>, but: &str) -> String {
    let mut line = declaration.name.clone();
    for parameter in mandatory(declaration) {
        let value = match parameter.name.as_str() {
            "Identity" => identity_sample(kind),
            name if name == but => continue,
            _ => value_sample(parameter, kind),
        };
        line.push_str(&format!(" -{} {value}", parameter.name));
    }
    line
}

/// The parameters that must be given in the default set.
fn mandatory(declaration: &CmdletDeclaration) -> Vec<&ParameterDeclaration> {
    let set = declaration.default_set.as_deref();
    let in_set = |name: &str| set.is_none_or(|set| set == name) || name.starts_with("__All");
    declaration
        .parameters
        .iter()
        .filter(|p| p.sets.iter().any(|s| s.mandatory && in_set(&s.set)))
        .collect()
}

fn is_a_value(parameter: &ParameterDeclaration) -> bool {
    let not_a_property = WELL_KNOWN.iter().any(|(known, _)| *known == parameter.name);
    let scalar = matches!(
        parameter.type_name.as_str(),
        "System.Boolean" | "System.String" | "System.Int32" | "System.UInt16"
    );
    scalar && !not_a_property && !parameter.hidden
}

fn identity_sample(kind: Option<&Kind>) -> String {
    match kind.map(|kind| &kind.identity) {
        Some(IdentityForm::User) => "\"Ken Myer\"".to_owned(),
        Some(IdentityForm::Scoped { scopes, .. }) if scopes.contains(&ScopeKind::Site) => {
            "site:Redmond".to_owned()
        }
        Some(IdentityForm::Scoped { .. } | IdentityForm::Singleton { .. }) => "Global".to_owned(),
        Some(IdentityForm::Child { .. }) => "\"Global/Example\"".to_owned(),
        _ => "\"Example\"".to_owned(),
    }
}

fn value_sample(parameter: &ParameterDeclaration, kind: Option<&Kind>) -> String {
    let property = kind.and_then(|kind| kind.property(&parameter.name));
    if let Some(ValueType::Enum { values, .. }) = property.map(|p| &p.value_type)
        && let Some(value) = values.first()
    {
        return value.clone();
    }
    if let Some(value) = parameter.accepted_values.first() {
        return value.clone();
    }
    let name = parameter.name.to_ascii_lowercase();
    match parameter.type_name.as_str() {
        "System.Boolean" => "$True".to_owned(),
        "System.Int32" | "System.UInt16" | "System.Int64" | "System.UInt32" => property
            .and_then(|p| p.min)
            .map_or_else(|| "1".to_owned(), |min| min.to_string()),
        "System.DateTime" => "\"2026-01-31\"".to_owned(),
        "System.TimeSpan" => "00:30:00".to_owned(),
        _ if name.contains("fqdn") || name.contains("pool") || name.contains("computer") => {
            "\"pool01.contoso.com\"".to_owned()
        }
        _ if name.contains("sipaddress") || name.contains("sipuri") => {
            "\"sip:kmyer@contoso.com\"".to_owned()
        }
        _ if name.contains("uri") => "\"https://contoso.com/\"".to_owned(),
        _ if name.contains("path") || name.contains("file") => "\"C:\\Data\\file.xml\"".to_owned(),
        _ => format!("\"{}\"", capital(&words(&parameter.name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlet::kinds;

    #[test]
    fn examples_use_what_is_declared() {
        for summary in catalog::names() {
            let Some(declaration) = catalog::find(summary.name) else {
                continue;
            };
            let (verb, noun) = declaration.name.split_once('-').unwrap_or(("", ""));
            for Example { code: line, .. } in examples(&declaration, verb, noun, kinds::find(noun))
            {
                let (source, command) = line.split_once(" | ").unwrap_or(("", &line));
                assert!(
                    source.is_empty() || catalog::summary(source).is_some(),
                    "{line}"
                );
                for given in command.split(" -").skip(1) {
                    let given = given.split(' ').next().unwrap_or_default();
                    let known = declaration.parameters.iter().any(|p| p.name == given);
                    assert!(known || given == "WhatIf", "{line}");
                }
            }
        }
    }
}
