//! Completion: how a text can go on at the cursor.
//!
//! One function answers the prompt's Tab and `TabExpansion2`. [`place`] finds
//! out from the tokens before the cursor what is wanted there; one file per
//! kind of answer makes the list. What is true at run time (commands,
//! variables, members, objects of the store) is asked of a [`World`].

mod arguments;
mod commands;
mod descriptions;
mod infer;
mod interfaces;
mod items;
mod members;
mod parameters;
mod place;
mod quote;
mod types;
mod variables;
mod words;
mod world;

#[cfg(test)]
mod tests;

pub use interfaces::inherited;
pub use world::{MemberKindShown, MemberName, World};

use super::completion::{Completion, CompletionResult};
use place::{Place, Wanted};

/// How `text` can go on at the byte `cursor`.
pub fn complete(text: &str, cursor: usize, world: &mut dyn World) -> Completion {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let place = Place::find(text, cursor);
    let matches = matches(&place, world);
    let start = match &place.wanted {
        // Without an answer the question is the whole expression.
        Wanted::Member(target) if matches.is_empty() => target.start,
        _ => place.start,
    };
    let mut end = cursor + place.rest(text.get(cursor..).unwrap_or_default());
    if matches!(place.wanted, Wanted::Member(_)) {
        // A wildcard behind a member's name is no part of it.
        end -= place.word.len() - place.word.trim_end_matches('*').len();
    }
    Completion {
        start,
        length: end - start,
        matches,
    }
}

fn matches(place: &Place, world: &mut dyn World) -> Vec<CompletionResult> {
    let word = place.word.as_str();
    match &place.wanted {
        Wanted::Nothing => Vec::new(),
        Wanted::Command => commands::complete(word, world),
        Wanted::ParameterName(call) => parameters::complete(call, word, world),
        Wanted::Argument(call) => arguments::complete(call, word, world),
        Wanted::Variable { braced, splatted } => {
            variables::complete(word, *braced, *splatted, &place.before, world)
        }
        Wanted::Member(target) => members::complete(place, target, world),
        Wanted::Type => types::complete(word, world),
        Wanted::AttributeArgument(name) => words::attribute_arguments(name, word),
        Wanted::Operator => words::operators(word),
        Wanted::HashtableKey(table) => words::hashtable_keys(table, word, world),
        Wanted::Assignment(target) => arguments::assigned(target, &place.before, word, world),
        Wanted::Comparison(left) => arguments::compared(left, &place.before, word, world),
        Wanted::Requires => words::requires(word),
        Wanted::RequiredValue(of) => words::required_values(of, word, world),
        Wanted::HelpKeyword(used) => words::help_keywords(used, word),
        Wanted::Using => words::using(word),
        Wanted::Key(table) => arguments::keys(table, &place.before, word, world),
        Wanted::Namespace => types::namespaces(word, world),
        Wanted::Path => items::complete(word, false, world),
    }
}

/// Whether a name begins with what was typed, letter case ignored; wildcards
/// in it count.
pub fn begins(name: &str, typed: &str) -> bool {
    if typed.contains(['*', '?']) {
        return like(&name.to_lowercase(), &format!("{}*", typed.to_lowercase()));
    }
    let mut name = name.chars().flat_map(char::to_lowercase);
    let typed = typed.chars().flat_map(char::to_lowercase);
    typed.into_iter().all(|c| name.next() == Some(c))
}

/// A pattern of `*` and `?` against the whole text.
fn like(text: &str, pattern: &str) -> bool {
    let mut states: Vec<&str> = vec![pattern];
    for c in text.chars() {
        let mut next: Vec<&str> = Vec::new();
        for state in &mut states {
            let rest = state.trim_start_matches('*');
            if rest.len() < state.len() {
                next.push(state);
            }
            if let Some(p) = rest.chars().next()
                && (p == '?' || p == c)
            {
                next.push(&rest[p.len_utf8()..]);
            }
        }
        next.dedup();
        states = next;
    }
    states.iter().any(|state| state.chars().all(|c| c == '*'))
}

/// The order of lists: by upper-case letters, so that `_` and `^` come last.
fn by_name(a: &str, b: &str) -> std::cmp::Ordering {
    let folded = |s: &str| s.to_uppercase();
    folded(a).cmp(&folded(b))
}
