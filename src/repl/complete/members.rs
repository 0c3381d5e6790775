//! Members of values and types.

use crate::repl::complete::infer::{Inference, Known};
use crate::repl::complete::place::{Place, Target};
use crate::repl::complete::world::{MemberKindShown as Shown, MemberName, World};
use crate::repl::complete::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};
use crate::runtime::value::Value;

/// Members that begin with the word: properties, methods, then keys.
pub fn complete(place: &Place, target: &Target, world: &mut dyn World) -> Vec<CompletionResult> {
    if target.is_static {
        let inner = target.text.strip_prefix('[');
        let Some(name) = inner.and_then(|t| t.strip_suffix(']')) else {
            return Vec::new();
        };
        let members = world.members_of_type(name, true).unwrap_or_default();
        return results(members, &place.word, &[]);
    }
    let mut inference = Inference::new(world, &place.before, target.upstream.as_deref());
    let Some(known) = inference.text(&target.text) else {
        return Vec::new();
    };
    let (members, keys) = inference.members(&known);
    let mut found = results(members, &place.word, &keys);
    if is_collection(&known) {
        let fitting = ON_COLLECTIONS
            .iter()
            .filter(|(name, _)| begins(name, &place.word));
        found.extend(fitting.map(|(name, usage)| {
            CompletionResult::new(format!("{name}("), CompletionResultType::Method)
                .listed(*name)
                .tip(*usage)
        }));
    }
    found
}

/// The methods that the language gives every collection.
const ON_COLLECTIONS: [(&str, &str); 2] = [
    ("Where", "Where({ expression } [, mode [, numberToReturn]])"),
    ("ForEach", "ForEach(expression [, arguments...])"),
];

/// Whether an expression gives several items; text and tables are one.
fn is_collection(known: &Known) -> bool {
    match known {
        Known::Value(value) => matches!(value.base(), Value::Array(_) | Value::List(_)),
        Known::Table(_) => false,
        Known::Types(names) => names.iter().any(|name| {
            name.ends_with("[]")
                || name.starts_with("System.Collections.Generic.List`")
                || name == "System.Collections.ArrayList"
        }),
    }
}

/// Members of the objects that come through the pipe, as names.
pub fn names_of_upstream(
    upstream: &str,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let mut inference = Inference::new(world, "", None);
    let Some(known) = inference.items(upstream) else {
        return Vec::new();
    };
    let (members, keys) = inference.members(&known);
    let mut found = results(members, word, &keys);
    for result in &mut found {
        let name = result.completion_text.trim_end_matches('(').to_owned();
        result.completion_text = name;
    }
    found
}

/// Properties of the objects that come through the pipe.
pub fn of_upstream(upstream: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut inference = Inference::new(world, "", None);
    let Some(known) = inference.items(upstream) else {
        return Vec::new();
    };
    let (members, keys) = inference.members(&known);
    let properties = members.into_iter().filter(|m| m.kind == Shown::Property);
    // The value of a note is not the property's.
    let properties = properties.map(|m| MemberName {
        tool_tip: m
            .tool_tip
            .split('=')
            .next()
            .filter(|t| !t.contains('{'))
            .unwrap_or(&m.tool_tip)
            .to_owned(),
        ..m
    });
    let properties = properties.collect();
    results(properties, word, &keys)
}

fn results(mut members: Vec<MemberName>, word: &str, keys: &[String]) -> Vec<CompletionResult> {
    members.retain(|member| begins(&member.name, word));
    let order = |a: &MemberName, b: &MemberName| {
        let rank = |m: &MemberName| (m.kind, m.is_added);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| by_name(&a.name, &b.name))
    };
    members.sort_by(order);
    members.dedup_by(|a, b| a.name.eq_ignore_ascii_case(&b.name));
    let member = |m: &MemberName| {
        let tip = if m.tool_tip.is_empty() {
            &m.name
        } else {
            &m.tool_tip
        };
        if m.kind != Shown::Property {
            CompletionResult::new(format!("{}(", m.name), CompletionResultType::Method)
                .listed(&m.name)
                .tip(tip)
        } else {
            CompletionResult::new(property(&m.name), CompletionResultType::Property).tip(tip)
        }
    };
    let mut all: Vec<CompletionResult> = members.iter().map(member).collect();
    for key in keys.iter().filter(|key| begins(key, word)) {
        let known = |m: &&MemberName| m.name.eq_ignore_ascii_case(key);
        if members.iter().find(known).is_none() {
            all.push(CompletionResult::new(property(key), CompletionResultType::Property).tip(key));
        }
    }
    all
}

/// A property's name as it can stand behind a dot.
fn property(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if first && characters.all(|c| c.is_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}
