//! Where an error points: the words that are wrong, not the whole command.

use super::{Place, Shown};
use crate::runtime::error::ErrorRecord;
use crate::runtime::value::Value;
use std::ops::Range;

/// The place of a record, as narrow as it can be told.
pub fn find(record: &ErrorRecord) -> Option<Place> {
    let info = record.invocation.borrow().clone()?;
    let extent = info.position.as_ref()?;
    let source = &extent.source;
    if source.text.is_empty() {
        return None;
    }
    let length = source.text.len();
    let start = (extent.span.start as usize).min(length);
    let end = (extent.span.end as usize).clamp(start, length);
    let whole = source.text.get(start..end)?;
    // What spans lines is shown by its first.
    let first = whole.lines().next().unwrap_or_default();
    let part = words(record, first).unwrap_or(0..first.len());
    Some(Place {
        source: Shown::of(source),
        span: start + part.start..start + part.end,
    })
}

/// The words of a command that an error is about.
fn words(record: &ErrorRecord, command: &str) -> Option<Range<usize>> {
    let id = record.error_id.borrow().to_string();
    let quoted = quoted_words(&error_text(record));
    let wanted: Vec<String> = match id.as_str() {
        "NamedParameterNotFound"
        | "AmbiguousParameter"
        | "MissingArgument"
        | "ParameterAlreadyBound" => quoted.iter().map(|word| format!("-{word}")).collect(),
        _ => {
            let target = match record.target.base() {
                Value::Str(text) => Some(text.to_string()),
                _ => None,
            };
            let words = by_weight(target, quoted);
            let parts = |word: String| {
                [bare(&word), last(&word)]
                    .map(str::to_owned)
                    .into_iter()
                    .chain([word])
                    .rev()
            };
            words.flat_map(parts).collect()
        }
    };
    // The command's own name is no argument.
    let arguments = match id.as_str() {
        "CommandNotFoundException" => 0,
        _ => command.find(' ').unwrap_or(0),
    };
    let found = wanted
        .iter()
        .find_map(|word| position(command.get(arguments..)?, word))?;
    Some(arguments + found.start..arguments + found.end)
}

/// The target first where the message names it; else what the message names comes first, since
/// an error about one property of an object has the whole object as its target.
fn by_weight(target: Option<String>, quoted: Vec<String>) -> impl Iterator<Item = String> {
    let named = target
        .as_ref()
        .is_some_and(|target| quoted.contains(target));
    let (before, behind) = if named {
        (target, None)
    } else {
        (None, target)
    };
    before.into_iter().chain(quoted).chain(behind)
}

fn error_text(record: &ErrorRecord) -> String {
    record.exception_message().to_string()
}

/// A name without the scope in front of it.
pub fn bare(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, name)| name)
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Texts between quotes, as messages name what they are about.
pub fn quoted_words(message: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = message;
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = if rest[at..].starts_with('"') {
            '"'
        } else {
            '\''
        };
        let Some(inner) = rest.get(at + 1..) else {
            break;
        };
        // An apostrophe inside a word is no quote.
        let opens = rest[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        let Some(end) = inner.find(quote).filter(|_| opens) else {
            rest = inner;
            continue;
        };
        if end > 0 {
            words.push(inner[..end].to_owned());
        }
        rest = &inner[end + 1..];
    }
    words
}

/// Where a word stands by itself, letter case ignored.
fn position(command: &str, word: &str) -> Option<Range<usize>> {
    if word.is_empty() || word.contains('\n') {
        return None;
    }
    let (text, wanted) = (command.to_ascii_lowercase(), word.to_ascii_lowercase());
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(&wanted) {
        let (start, end) = (from + at, from + at + wanted.len());
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        let inside = wanted.starts_with('-') || ends(before);
        if inside && ends(after) {
            return Some(start..end);
        }
        from = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand_alone() {
        assert_eq!(position("Get-ChildItem -Nme x", "-nme"), Some(14..18));
        assert_eq!(
            position("Set-CsUser \"Ken Mier\"", "Ken Mier"),
            Some(12..20)
        );
        assert_eq!(position("foobar foo", "foo"), Some(7..10));
        assert_eq!(position("foobar", "foo"), None);
    }

    #[test]
    fn what_the_message_names_counts_more_than_the_target() {
        let order = |target: &str, quoted: &[&str]| -> Vec<String> {
            let quoted = quoted.iter().map(|word| (*word).to_owned()).collect();
            by_weight(Some(target.to_owned()), quoted).collect()
        };
        assert_eq!(order("Two", &["a.b", "One"]), ["a.b", "One", "Two"]);
        assert_eq!(order("Ken", &["Policy", "Ken"]), ["Ken", "Policy", "Ken"]);
    }

    #[test]
    fn messages_quote_what_they_are_about() {
        let message = "Cannot find 'a b' or \"c\"; don't look.";
        assert_eq!(quoted_words(message), ["a b", "c"]);
    }
}
