//! Refuses a kind whose declaration names properties that it does not have.

use crate::kind::Kind;

/// The first fault of a kind, in one sentence.
pub fn fault(kind: &Kind) -> Option<String> {
    if let Some(twice) = kind.properties.iter().enumerate().find(|(index, one)| {
        kind.properties[..*index]
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&one.name))
    }) {
        return Some(format!("the property `{}` is declared twice", twice.1.name));
    }
    named(kind)
        .into_iter()
        .find(|(name, _)| *name != "Identity" && kind.property(name).is_none())
        .map(|(name, place)| format!("{place} names the property `{name}`, which it does not have"))
}

/// Every property that some rule of the kind names, and the rule.
fn named(kind: &Kind) -> Vec<(&str, &'static str)> {
    let mut named: Vec<(&str, &'static str)> = Vec::new();
    for rule in &kind.unique {
        named.extend(rule.properties.iter().map(|name| (name.as_str(), "unique")));
    }
    named.extend(
        kind.indexes
            .iter()
            .map(|rule| (rule.property.as_str(), "indexes")),
    );
    named.extend(
        kind.references
            .iter()
            .map(|rule| (rule.property.as_str(), "references")),
    );
    named.extend(kind.sole.iter().map(|name| (name.as_str(), "sole")));
    named.extend(
        kind.remove_requires
            .iter()
            .map(|name| (name.as_str(), "remove_requires")),
    );
    for rule in &kind.variants {
        named.push((rule.when.0.as_str(), "variants"));
        named.extend(rule.absent.iter().map(|name| (name.as_str(), "variants")));
    }
    for rule in &kind.exclusions {
        named.extend(
            rule.when
                .iter()
                .map(|(name, _)| (name.as_str(), "exclusions")),
        );
    }
    for rule in &kind.verbs {
        named.extend(rule.properties.iter().map(|name| (name.as_str(), "verbs")));
        named.extend(rule.clears.iter().map(|name| (name.as_str(), "verbs")));
        named.extend(
            rule.assigns
                .iter()
                .map(|(name, _)| (name.as_str(), "verbs")),
        );
    }
    named
}
