//! Making a text match itself, and taking that back.
use super::error::RegexError;
use super::parse;

/// Escapes every character that has a meaning in patterns.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let shown = match c {
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{0C}' => 'f',
            ' ' | '#' | '$' | '(' | ')' | '*' | '+' | '.' | '?' | '[' | '\\' | '^' | '{' | '|' => c,
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push('\\');
        out.push(shown);
    }
    out
}

/// Turns escapes in a text into the characters they stand for.
pub fn unescape(text: &str) -> Result<String, RegexError> {
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    parse::unescape(text)
}
