//! Members of values and types.

use super::world::{MemberName, World};
use super::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};

/// Members that begin with the word: properties, methods, then keys.
pub fn complete(
    target: &str,
    is_static: bool,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    if is_static {
        let name = target.trim_start_matches('[').trim_end_matches(']');
        let members = target.starts_with('[').then(|| world.static_members(name));
        return results(members.flatten().unwrap_or_default(), word, &[]);
    }
    let Some(members) = world.members(target) else {
        return Vec::new();
    };
    let keys = world.keys(target);
    results(members, word, &keys)
}

/// Properties of the objects that come through the pipe.
pub fn of_upstream(upstream: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let members = world.output_members(upstream).unwrap_or_default();
    let properties = members.into_iter().filter(|m| !m.is_method).collect();
    results(properties, word, &[])
}

fn results(mut members: Vec<MemberName>, word: &str, keys: &[String]) -> Vec<CompletionResult> {
    members.retain(|member| begins(&member.name, word));
    let order = |a: &MemberName, b: &MemberName| {
        a.is_method
            .cmp(&b.is_method)
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
        if m.is_method {
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
