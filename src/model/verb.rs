//! What the generic verbs do to an object, as the declaration says: which
//! property a parameter writes, which values a verb writes by itself, what it
//! takes away, and what comes out.

use super::error::ModelError;
use super::identity::{Scope, fold};
use super::kind::{Kind, Output, Property, ScopeKind};
use super::object::Object;
use super::value::Datum;

/// The property that a parameter of a verb writes; `None` if it writes none
/// (`Force`, `InMemory`, `Identity`).
pub fn property<'k>(kind: &'k Kind, verb: &str, parameter: &str) -> Option<&'k Property> {
    let named = kind.properties.iter().find(|property| {
        let name = property.parameter.as_ref().unwrap_or(&property.name);
        name.eq_ignore_ascii_case(parameter)
    });
    let property = named.or_else(|| kind.property(parameter))?;
    if property.key || property.template.is_some() || property.collects.is_some() {
        return None;
    }
    match kind.verb(verb) {
        Some(rule) if !rule.properties.is_empty() => rule
            .properties
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&property.name))
            .then_some(property),
        _ => Some(property),
    }
}

/// Writes the values of a verb's parameters (by parameter name) into an object,
/// then what the verb does by itself. Parameters that write no property are
/// passed over.
pub fn apply(
    kind: &Kind,
    verb: &str,
    object: &mut Object,
    values: &[(String, Datum)],
) -> Result<(), ModelError> {
    let new = verb.eq_ignore_ascii_case("New") || verb.eq_ignore_ascii_case("Enable");
    for (parameter, value) in values {
        let Some(property) = property(kind, verb, parameter) else {
            continue;
        };
        if property.fixed && !new {
            return Err(ModelError::ReadOnly {
                noun: kind.noun.clone(),
                property: property.name.clone(),
            });
        }
        object.set(&property.name, value.clone());
    }
    if let Some(rule) = kind.verb(verb) {
        for name in &rule.clears {
            object.clear(name);
        }
        for (name, value) in &rule.assigns {
            object.set(name, value.clone());
        }
    }
    Ok(())
}

/// The error of a verb that must change something and did not.
pub fn unchanged(kind: &Kind, verb: &str, object: &Object) -> Option<ModelError> {
    let message = kind.verb(verb)?.unchanged.as_ref()?;
    Some(ModelError::Unchanged {
        message: object.expand(message),
        identity: object.identity.clone(),
    })
}

/// What a verb writes to the pipeline: Get and New the object, the others
/// nothing, unless the declaration says otherwise.
pub fn output(kind: &Kind, verb: &str) -> Output {
    let declared = kind.verb(verb).and_then(|rule| rule.output);
    declared.unwrap_or(match fold(verb).as_str() {
        "get" | "new" => Output::Object,
        "grant" => Output::PassThru,
        _ => Output::Nothing,
    })
}

/// The name under which a policy is given to users, or why it cannot be:
/// `EXO` for `EXO` and `tag:EXO`, an error for global and site policies.
pub fn user_policy_name(name: &str) -> Result<&str, ModelError> {
    match Scope::parse(name.trim()) {
        Scope::Tag(name) if !name.is_empty() => Ok(name),
        _ => Err(ModelError::NotUserPolicy {
            identity: name.to_owned(),
        }),
    }
}

/// Whether policies of the kind can be given to users.
pub fn is_user_policy(kind: &Kind) -> bool {
    kind.grant.is_some() && kind.has_scope(ScopeKind::Tag)
}
