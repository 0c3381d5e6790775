//! Words: bare words with quoted and expanding parts, identifiers and keywords,
//! parameters and dash operators, type names.

use super::chars::*;
use super::lexer::{Expandable, Mode, Part, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};
use std::rc::Rc;

/// The growing content of a string or word.
#[derive(Default)]
pub(super) struct Content {
    /// Everything, expressions as written.
    pub value: String,
    text: String,
    parts: Vec<Part>,
}

impl Content {
    pub fn push(&mut self, c: char) {
        self.value.push(c);
        self.text.push(c);
    }

    pub fn push_str(&mut self, s: &str) {
        self.value.push_str(s);
        self.text.push_str(s);
    }

    /// A variable or subexpression, written as `source`.
    pub fn push_part(&mut self, part: Part, source: &str) {
        self.flush();
        self.value.push_str(source);
        self.parts.push(part);
    }

    /// Length marks, to take back the line end before the end of a here-string.
    pub fn lengths(&self) -> (usize, usize) {
        (self.value.len(), self.text.len())
    }

    pub fn truncate(&mut self, (value, text): (usize, usize)) {
        self.value.truncate(value);
        self.text.truncate(text);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
    }

    pub fn finish(mut self) -> Payload {
        if self.parts.is_empty() {
            return Payload::Text(Rc::from(self.value));
        }
        self.flush();
        Payload::Expandable(Rc::new(Expandable {
            value: self.value,
            parts: self.parts,
        }))
    }
}

impl Parser<'_> {
    /// A word in command mode, read from the start of the token.
    pub(super) fn word(&mut self) -> Tok {
        self.pos = self.token_start;
        let bytes = self.text.as_bytes();
        let mut at = self.pos;
        while let Some(b) = bytes.get(at)
            && b.is_ascii()
            && !ends_word(*b as char)
            && !matches!(b, b'`' | b'$' | b'"' | b'\'')
        {
            at += 1;
        }
        if at > self.pos
            && bytes
                .get(at)
                .is_none_or(|b| b.is_ascii() && ends_word(*b as char))
        {
            self.pos = at;
            return self.token(TokenKind::Generic);
        }
        let mut content = Content::default();
        let first = self.peek_char();
        if ends_word(first) && !self.at_end() {
            self.next_char();
            content.push(first);
        }
        while !ends_word(self.peek_char()) {
            let c = self.next_char();
            if c == '`' {
                self.escape_into(&mut content);
            } else if is_single_quote(c) {
                self.single_quoted_into(&mut content);
            } else if is_double_quote(c) {
                self.double_quoted_into(&mut content);
            } else if c != '$' || !self.dollar_into(&mut content, false) {
                content.push(c);
            }
        }
        let data = match content.finish() {
            Payload::Text(t) if *t == *self.slice(self.token_start, self.pos) => Payload::Plain,
            data => data,
        };
        self.worked(self.pos.saturating_sub(self.token_start));
        self.token_with(TokenKind::Generic, data)
    }

    /// A name or keyword; in command mode it may turn out to be a longer word.
    pub(super) fn identifier(&mut self) -> Tok {
        self.skip_ascii(|b| b.is_ascii_alphanumeric() || b == b'_');
        while is_identifier_follow(self.peek_char()) {
            self.next_char();
        }
        if self.mode == Mode::TypeName {
            return self.type_name();
        }
        let command = self.mode == Mode::Command;
        if !self.simple_name && command && !ends_word(self.peek_char()) {
            return self.word();
        }
        if !self.simple_name && (command || self.mode == Mode::Signature) {
            let word = self.slice(self.token_start, self.pos);
            if let Some(kind) = TokenKind::keyword(word) {
                return self.token(kind);
            }
        }
        self.token(TokenKind::Identifier)
    }

    fn type_name(&mut self) -> Tok {
        self.skip_ascii(|b| b.is_ascii_alphanumeric() || b == b'.');
        loop {
            let c = self.peek_char();
            if !matches!(c, '.' | '`' | '_' | '+' | '#' | '\\') && !is_letter_or_digit(c) {
                break;
            }
            self.next_char();
        }
        let mut token = self.token(TokenKind::Identifier);
        token.flags |= flags::TYPE_NAME;
        self.mark(token.start, flags::TYPE_NAME, 0);
        token
    }

    /// The assembly behind a type's name: `Name, Version=1.0, Culture=neutral`.
    pub(super) fn assembly_name(&mut self) -> String {
        let mut name = String::new();
        self.assembly_part(&mut name);
        while self.peek_char() == ',' {
            self.token_start = self.pos;
            self.pos += 1;
            name.push_str(", ");
            self.token(TokenKind::Comma);
            self.assembly_part(&mut name);
            if self.peek_char() == '=' {
                self.token_start = self.pos;
                self.pos += 1;
                name.push('=');
                self.token(TokenKind::Equals);
                self.assembly_part(&mut name);
            }
        }
        name
    }

    fn assembly_part(&mut self, name: &mut String) {
        self.skip_blanks();
        self.token_start = self.pos;
        while !ends_assembly_part(self.peek_char()) {
            let c = self.next_char();
            name.push(c);
        }
        self.token(TokenKind::Identifier);
        self.mark(self.token_start, flags::TYPE_NAME, 0);
        self.skip_blanks();
    }

    /// What begins with a dash and a letter: a parameter, in expression mode an operator.
    pub(super) fn parameter(&mut self) -> Tok {
        let command = self.mode == Mode::Command;
        let name_start = self.pos;
        let mut colon = false;
        loop {
            let c = self.peek_char();
            if is_blank(c)
                || matches!(
                    c,
                    '{' | '}' | '(' | ')' | ';' | ',' | '|' | '&' | '.' | '[' | '\r' | '\n' | END
                )
            {
                break;
            }
            if c == ':' {
                colon = true;
                break;
            }
            if is_single_quote(c) || is_double_quote(c) {
                if command {
                    return self.word();
                }
                break;
            }
            if !c.is_ascii_alphabetic() && !command {
                break;
            }
            self.next_char();
        }
        let name = self.slice(name_start, self.pos);
        if colon && command {
            self.pos += 1;
        }
        if self.mode == Mode::Expression
            && let Some(kind) = TokenKind::dash_operator(name)
        {
            return self.token(kind);
        }
        if name.is_empty() {
            return self.token(TokenKind::Minus);
        }
        let name = Rc::from(name);
        self.token_with(TokenKind::Parameter, Payload::Parameter { name, colon })
    }

    /// The rest of the line behind `--%`, as it stands.
    pub(super) fn verbatim_argument(&mut self) -> Tok {
        self.skip_blanks();
        self.token_start = self.pos;
        let mut quoted = false;
        loop {
            let c = self.peek_char();
            if matches!(c, '\r' | '\n') || (c == END && self.at_end()) {
                break;
            }
            if is_double_quote(c) {
                quoted = !quoted;
            } else if !quoted && (c == '|' || (c == '&' && self.char_at(self.pos + 1) == '&')) {
                break;
            }
            self.next_char();
        }
        self.token(TokenKind::Generic)
    }
}
