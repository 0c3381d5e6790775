//! Parse errors: where, which id, what text, and whether more input could mend it.

use super::ast::Span;
use super::messages::template;

/// Something in a text that does not parse.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseError {
    /// The marked part of the text.
    pub span: Span,
    /// PowerShell's id of the error.
    pub id: &'static str,
    /// The text for people.
    pub message: String,
    /// The text only ends too early: a prompt should ask for more.
    pub incomplete: bool,
}

impl ParseError {
    /// Makes an error with the id's own text, its places filled in order.
    pub fn new(span: Span, id: &'static str, arguments: &[&str]) -> ParseError {
        ParseError {
            span,
            id,
            message: fill(template(id), arguments),
            incomplete: false,
        }
    }
}

/// Puts arguments into the places `{0}`, `{1}` of a text; doubled braces are single ones,
/// but only when there is something to fill in.
fn fill(template: &str, arguments: &[&str]) -> String {
    if arguments.is_empty() {
        return template.to_string();
    }
    let mut text = template.to_string();
    for (i, argument) in arguments.iter().enumerate() {
        text = text.replace(&format!("{{{i}}}"), argument);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled() {
        let e = ParseError::new(Span::new(0, 1), "UnexpectedToken", &["{"]);
        assert_eq!(
            e.message,
            "Unexpected token '{' in expression or statement."
        );
        let e = ParseError::new(Span::new(0, 1), "MissingEndCurlyBrace", &[]);
        assert_eq!(
            e.message,
            "Missing closing '}' in statement block or type definition."
        );
    }
}
