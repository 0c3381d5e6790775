//! Quotes around completed words.

/// The text of a word that may be quoted, and the quote it began with.
pub fn unquoted(word: &str) -> (String, Option<char>) {
    let Some(quote) = word.chars().next().filter(|&c| c == '\'' || c == '"') else {
        return (word.replace('`', ""), None);
    };
    let inner = &word[quote.len_utf8()..];
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let doubled: String = [quote, quote].iter().collect();
    (inner.replace(&doubled, &quote.to_string()), Some(quote))
}

/// The text as an argument: with the quotes that were typed, or with single
/// ones where it needs some.
pub fn quoted(text: &str, typed: Option<char>) -> String {
    match typed {
        Some('"') => format!(
            "\"{}\"",
            text.replace('`', "``")
                .replace('"', "`\"")
                .replace('$', "`$")
        ),
        Some(_) => single(text),
        None if needs_quotes(text) => single(text),
        None => text.to_owned(),
    }
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn needs_quotes(text: &str) -> bool {
    let special = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '\'' | '"' | '`' | '$' | '(' | ')' | '{' | '}' | ';' | ',' | '|' | '&' | '<' | '>'
            )
    };
    text.is_empty() || text.contains(special) || text.starts_with(['@', '#', '-'])
}
