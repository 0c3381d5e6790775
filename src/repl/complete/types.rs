//! Names of types and namespaces.

use super::world::World;
use super::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};
use std::collections::{BTreeMap, HashSet};

/// Types whose short name begins with the word; after a namespace those in
/// it, and the namespaces below.
pub fn complete(word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut found: BTreeMap<(String, String), CompletionResult> = BTreeMap::new();
    let mut put = |shown: &str, text: &str, tip: String, kind: CompletionResultType| {
        let result = CompletionResult::new(text, kind).listed(shown).tip(tip);
        found.insert((shown.to_uppercase(), text.to_owned()), result);
    };
    let of_namespace = |name: &str| format!("Namespace {name}");
    let (namespace, typed) = word.rsplit_once('.').unwrap_or(("", word));
    let accelerators = world.accelerators();
    // Nested types are written with their outer one, which nobody completes from the start.
    let names = world.type_names();
    for full in names.into_iter().filter(|name| !name.contains('+')) {
        let short = full.rsplit(['.', '+']).next().unwrap_or(&full);
        let shown = display(short);
        let name = plain(&full);
        if namespace.is_empty() {
            if begins(short, typed) {
                let accelerator = accelerators.iter().find(|(_, of)| *of == full);
                let text = accelerator.map_or(name.as_str(), |(short, _)| short.as_str());
                put(
                    &shown,
                    text,
                    world.type_tip(&full),
                    CompletionResultType::Type,
                );
            }
            continue;
        }
        let Some(rest) = strip_namespace(&full, namespace) else {
            continue;
        };
        match rest.split_once('.') {
            Some((child, _)) if begins(child, typed) => {
                let full = format!("{}.{child}", &full[..namespace.len()]);
                put(
                    child,
                    &full,
                    of_namespace(&full),
                    CompletionResultType::Namespace,
                );
            }
            None if begins(rest, typed) => {
                put(
                    &shown,
                    &name,
                    world.type_tip(&full),
                    CompletionResultType::Type,
                );
            }
            _ => {}
        }
    }
    if namespace.is_empty() {
        let short_of = |full: &str| full.rsplit('.').next().unwrap_or(full).to_owned();
        for (short, full) in &accelerators {
            let matches = begins(short, typed);
            // A type with several short names goes by its first.
            let usual = accelerators.iter().find(|(_, of)| of == full);
            let short = usual.map_or(short, |(usual, _)| usual);
            if matches && !typed.is_empty() {
                put(
                    &short_of(full),
                    short,
                    world.type_tip(full),
                    CompletionResultType::Type,
                );
            }
        }
        for root in roots(world) {
            if begins(&root, typed) && !typed.is_empty() {
                put(
                    &root,
                    &root,
                    of_namespace(&root),
                    CompletionResultType::Namespace,
                );
            }
        }
    }
    // A generic type that is written like a plain one is no choice of its own; the plain one comes first.
    let mut written = HashSet::new();
    let mut results: Vec<CompletionResult> = found.into_values().collect();
    results.retain(|result| written.insert(result.completion_text.clone()));
    results
}

fn roots(world: &mut dyn World) -> Vec<String> {
    let names = world.type_names().into_iter();
    let mut roots: Vec<String> = names
        .filter_map(|n| Some(n.split_once('.')?.0.to_owned()))
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

/// What follows a namespace in a full name, letter case ignored.
fn strip_namespace<'a>(full: &'a str, namespace: &str) -> Option<&'a str> {
    let head = full.get(..namespace.len())?;
    let rest = full.get(namespace.len()..)?.strip_prefix('.')?;
    head.eq_ignore_ascii_case(namespace).then_some(rest)
}

/// A generic type is written without the number of its arguments.
fn plain(full: &str) -> String {
    full.split('`').next().unwrap_or(full).to_owned()
}

fn display(short: &str) -> String {
    match short.split_once('`') {
        Some((name, _)) => format!("{name}<>"),
        None => short.to_owned(),
    }
}

/// Namespaces one level below what is typed.
pub fn namespaces(word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let depth = word.matches('.').count();
    let mut names: Vec<String> = Vec::new();
    for full in world.type_names() {
        let parts: Vec<&str> = full.split('.').collect();
        if parts.len() > depth + 1 {
            let name = parts[..=depth].join(".");
            if begins(&name, word) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.sort_by(|a, b| by_name(a, b));
    let result = |name: String| {
        let shown = name.rsplit('.').next().unwrap_or(&name).to_owned();
        let tip = format!("Namespace {name}");
        CompletionResult::new(name, CompletionResultType::Namespace)
            .listed(shown)
            .tip(tip)
    };
    names.into_iter().map(result).collect()
}
