//! Variables: `$name`, `$scope:name`, `${any text}`, `@splat`.

use super::ast::VariablePath;
use super::chars::*;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::TokenKind;

/// Words before the colon that are scopes, not drives.
const SCOPES: [&str; 5] = ["global", "local", "private", "script", "variable"];

/// Splits a name into drive or scope and the rest.
pub fn variable_path(name: &str, braced: bool) -> VariablePath {
    let (drive, name) = match name.find(':') {
        Some(colon) if colon > 0 => (Some(name[..colon].into()), &name[colon + 1..]),
        _ => (None, name),
    };
    VariablePath {
        drive,
        name: name.into(),
        braced,
    }
}

/// True for `global`, `script` and so on.
pub(super) fn is_scope(word: &str) -> bool {
    SCOPES.iter().any(|s| s.eq_ignore_ascii_case(word))
}

impl Parser<'_> {
    /// `@name` where a variable of its own is declared.
    pub(super) fn refuse_splat(&mut self, token: &Tok, path: &VariablePath) {
        if token.is(TokenKind::SplattedVariable) {
            let span = self.span_of(token);
            self.error(span, "SplattingNotPermitted", &[&path.name]);
        }
    }

    /// A variable token; in command mode it may turn out to be the start of a word.
    pub(super) fn variable(&mut self, splatted: bool, in_string: bool) -> Tok {
        match self.read_variable(in_string) {
            Some(path) => {
                let kind = if splatted {
                    TokenKind::SplattedVariable
                } else {
                    TokenKind::Variable
                };
                self.token_with(kind, Payload::Variable(path))
            }
            None => self.word(),
        }
    }

    /// Reads the name behind `$` or `@`, which has been taken; `None` if a word stands here.
    pub(super) fn read_variable(&mut self, in_string: bool) -> Option<VariablePath> {
        let c = self.peek_char();
        if c == '{' {
            return self.read_braced(in_string);
        }
        if !is_variable_start(c) {
            return None;
        }
        let start = self.pos;
        self.next_char();
        let command = self.mode == Mode::Command;
        if matches!(c, '$' | '?' | '^') {
            if command && !ends_word(self.peek_char()) {
                return None;
            }
        } else {
            loop {
                self.skip_ascii(|b| b.is_ascii_alphanumeric() || b == b'_');
                let c = self.peek_char();
                if c == ':' {
                    if self.char_at(self.pos + 1) == ':' {
                        break;
                    }
                } else if matches!(c, '.' | '[' | '=') {
                    break;
                } else if c != '_' && c != '?' && !is_letter_or_digit(c) {
                    if command && !ends_word(c) {
                        return None;
                    }
                    break;
                }
                self.next_char();
            }
        }
        let path = variable_path(self.slice(start, self.pos), false);
        if path.name.is_empty() {
            let id = match &path.drive {
                Some(d) if !is_scope(d) => "InvalidVariableReferenceWithDrive",
                _ => "InvalidVariableReference",
            };
            let span = self.map.span(self.token_start, self.pos);
            self.error(span, id, &[]);
        }
        Some(path)
    }

    fn read_braced(&mut self, in_string: bool) -> Option<VariablePath> {
        let open = self.pos;
        self.pos += 1;
        let mut name = String::new();
        let mut closed = false;
        while !self.at_end() {
            let c = self.next_char();
            match c {
                '}' => {
                    closed = true;
                    break;
                }
                '`' if self.at_end() => break,
                '`' => {
                    let escaped = self.escaped_char();
                    name.push(escaped);
                    continue;
                }
                '{' => {
                    let span = self.map.span(self.pos, self.pos + 1);
                    self.error(span, "OpenBraceNeedsToBeBackTickedInVariableName", &[]);
                }
                c if in_string && is_double_quote(c) && is_double_quote(self.peek_char()) => {
                    let second = self.next_char();
                    name.push(second);
                    continue;
                }
                _ => {}
            }
            name.push(c);
        }
        if !closed {
            let span = self.map.span(open, self.pos);
            self.incomplete_at(span, self.pos, "IncompleteDollarVariableReference", &[]);
        }
        if name.is_empty() {
            if closed {
                let span = self.map.span(self.pos - 1, self.pos);
                self.error(span, "EmptyVariableReference", &[]);
            }
            name.push_str(":Error:");
        }
        let next = self.peek_char();
        if self.mode == Mode::Command && !ends_word(next) && next != '.' && next != '[' {
            return None;
        }
        let path = variable_path(&name, true);
        if path.name.is_empty() {
            let span = self.map.span(self.token_start, self.pos);
            self.error(span, "InvalidBracedVariableReference", &[]);
        }
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_the_colon() {
        let p = variable_path("env:PATH", false);
        assert_eq!(p.drive.as_deref(), Some("env"));
        assert_eq!(&*p.name, "PATH");
        assert_eq!(variable_path("x", false).drive, None);
        assert_eq!(&*variable_path(":Error:", true).name, ":Error:");
    }
}
