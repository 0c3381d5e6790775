//! Reading characters and making tokens: the switch over the first character of a token.
//!
//! Which rules hold depends on the mode, and the mode is set by the rule of the
//! grammar that asks for the token.

use super::ast::{NumberLiteral, Span, VariablePath};
use super::chars::*;
use super::parser::Parser;
use super::token::{Token, TokenKind, flags};
use std::rc::Rc;

/// Which lexical rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Command,
    Expression,
    TypeName,
    /// Heads of classes, enums and constructors.
    Signature,
}

/// A token while parsing; offsets count in the text at hand (which may be part of a string).
#[derive(Debug, Clone)]
pub(super) struct Tok {
    pub kind: TokenKind,
    pub flags: u32,
    pub start: usize,
    pub end: usize,
    pub data: Payload,
}

/// What a token carries besides its text.
#[derive(Debug, Clone)]
pub(super) enum Payload {
    /// The value is the text itself.
    Plain,
    /// A value that differs from the text: a string's content, a word without its quotes.
    Text(Rc<str>),
    Expandable(Rc<Expandable>),
    Number(NumberLiteral),
    Variable(VariablePath),
    Parameter {
        name: Rc<str>,
        colon: bool,
    },
    File {
        from: u8,
        append: bool,
    },
    Merge {
        from: u8,
        to: u8,
    },
}

/// A string or word with variables or subexpressions in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Expandable {
    /// The content as written, escapes done.
    pub value: String,
    pub parts: Vec<Part>,
}

/// A piece of an expandable string before the subexpressions are parsed.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Variable(VariablePath, Span),
    Sub {
        /// The text from `$(` to its end with doubled quotes made single.
        text: String,
        start: usize,
        /// Offsets in `text` behind which a character was dropped, with the dropped length.
        dropped: Vec<(usize, usize)>,
    },
}

impl Tok {
    pub fn is(&self, kind: TokenKind) -> bool {
        self.kind == kind
    }

    pub fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

impl<'a> Parser<'a> {
    /// The character at the place, without taking it.
    pub(super) fn peek_char(&self) -> char {
        self.char_at(self.pos)
    }

    pub(super) fn char_at(&self, at: usize) -> char {
        match self.text.as_bytes().get(at) {
            None => END,
            Some(b) if b.is_ascii() => *b as char,
            Some(_) => self
                .text
                .get(at..)
                .and_then(|t| t.chars().next())
                .unwrap_or(END),
        }
    }

    /// Takes the next character; at the end gives [`END`] and stays.
    pub(super) fn next_char(&mut self) -> char {
        let c = self.peek_char();
        if self.pos < self.text.len() {
            self.pos += c.len_utf8();
        }
        c
    }

    /// Passes a run of ASCII characters that are like this.
    #[inline]
    pub(super) fn skip_ascii(&mut self, like: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.pos..).unwrap_or_default();
        let run = rest.iter().take_while(|b| b.is_ascii() && like(**b));
        self.pos += run.count();
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(super) fn skip_blanks(&mut self) {
        self.skip_ascii(|b| matches!(b, b' ' | b'\t'));
        while is_blank(self.peek_char()) {
            self.next_char();
        }
    }

    fn skip_lf_after_cr(&mut self, c: char) {
        if c == '\r' && self.peek_char() == '\n' {
            self.pos += 1;
        }
    }

    /// Makes a token from the marked start to the place.
    pub(super) fn token(&mut self, kind: TokenKind) -> Tok {
        self.token_with(kind, Payload::Plain)
    }

    pub(super) fn token_with(&mut self, kind: TokenKind, data: Payload) -> Tok {
        let token = Tok {
            kind,
            flags: kind.traits(),
            start: self.token_start,
            end: self.pos,
            data,
        };
        self.save(&token);
        token
    }

    fn save(&mut self, token: &Tok) {
        if let Some(saved) = &mut self.saved {
            let span = self.map.span(token.start, token.end);
            saved.push(Token {
                span,
                kind: token.kind,
                flags: token.flags,
                nested: Vec::new(),
            });
        }
    }

    /// Adds a flag to a recorded token.
    pub(super) fn mark(&mut self, start: usize, add: u32, remove: u32) {
        let at = self.map.offset(start) as u32;
        if let Some(saved) = &mut self.saved
            && let Some(t) = saved.iter_mut().rev().find(|t| t.span.start == at)
        {
            t.flags = (t.flags & !remove) | add;
        }
    }

    /// Passes line ends (and semicolons), blanks and comments.
    pub(super) fn skip_lines(&mut self, semicolons: bool) {
        loop {
            let start = self.pos;
            let c = self.next_char();
            match c {
                '\r' | '\n' => {
                    self.token_start = start;
                    self.skip_lf_after_cr(c);
                    if self.saved.is_some() {
                        self.token(TokenKind::NewLine);
                    }
                }
                ';' if semicolons => {
                    self.token_start = start;
                    if self.saved.is_some() {
                        self.token(TokenKind::Semi);
                    }
                }
                '#' => {
                    self.token_start = start;
                    self.line_comment();
                }
                '<' if self.peek_char() == '#' => {
                    self.token_start = start;
                    self.pos += 1;
                    self.block_comment();
                }
                '`' => {
                    let c1 = self.next_char();
                    if c1 == '\r' || c1 == '\n' {
                        self.token_start = start;
                        self.skip_lf_after_cr(c1);
                        if self.saved.is_some() {
                            self.token(TokenKind::LineContinuation);
                        }
                    } else if is_blank(c1) {
                        self.skip_blanks();
                    } else {
                        self.pos = start;
                        return;
                    }
                }
                c if is_blank(c) => self.skip_blanks(),
                _ => {
                    self.pos = start;
                    return;
                }
            }
        }
    }

    /// A sign operator; in command mode it is a word if something follows.
    fn operator(&mut self, kind: TokenKind) -> Tok {
        if self.mode == Mode::Command && !ends_word(self.peek_char()) {
            return self.word();
        }
        self.token(kind)
    }

    fn operator_of(&mut self, length: usize, kind: TokenKind) -> Tok {
        self.pos += length;
        self.operator(kind)
    }

    /// The next token by the rules of the mode.
    pub(super) fn scan(&mut self) -> Tok {
        if self.common.aborted {
            self.pos = self.text.len();
        }
        loop {
            self.token_start = self.pos;
            if self.at_end() {
                let end = self.text.len() + 1;
                let token = Tok {
                    kind: TokenKind::EndOfInput,
                    flags: TokenKind::EndOfInput.traits(),
                    start: end,
                    end,
                    data: Payload::Plain,
                };
                self.save(&token);
                return token;
            }
            let c = self.next_char();
            match c {
                ' ' | '\t' => self.skip_blanks(),
                '#' => self.line_comment(),
                '`' => {
                    let c1 = self.next_char();
                    if c1 == '\r' || c1 == '\n' {
                        self.skip_lf_after_cr(c1);
                        self.token(TokenKind::LineContinuation);
                    } else if is_blank(c1) {
                        self.skip_blanks();
                    } else if c1 == END && self.at_end() {
                        let end = self.text.len() + 1;
                        let span = self.map.span(end, end);
                        self.incomplete_at(span, end, "IncompleteString", &[]);
                    } else {
                        self.pos = self.token_start;
                        return self.word();
                    }
                }
                '<' if self.peek_char() == '#' => {
                    self.pos += 1;
                    self.block_comment();
                }
                c if is_blank(c) => self.skip_blanks(),
                c => return self.scan_from(c),
            }
        }
    }

    /// The token whose first character has been taken.
    fn scan_from(&mut self, c: char) -> Tok {
        use TokenKind::*;
        let c1 = self.peek_char();
        match c {
            '\r' | '\n' => {
                self.skip_lf_after_cr(c);
                self.token(NewLine)
            }
            'a'..='z' | 'A'..='Z' | '_' => self.identifier(),
            '$' => {
                if c1 == '(' {
                    self.pos += 1;
                    return self.token(DollarParen);
                }
                self.variable(false, false)
            }
            '(' => self.token(LParen),
            ')' => self.token(RParen),
            '{' => self.token(LCurly),
            '}' => self.token(RCurly),
            '[' => {
                if self.mode == Mode::Command && !ends_word(c1) {
                    return self.word();
                }
                self.token(LBracket)
            }
            ']' => self.token(RBracket),
            ';' => self.token(Semi),
            ',' => self.token(Comma),
            '=' => self.operator(Equals),
            '|' if c1 == '|' => {
                self.pos += 1;
                self.token(OrOr)
            }
            '|' => self.token(Pipe),
            '&' if c1 == '&' => {
                self.pos += 1;
                self.token(AndAnd)
            }
            '&' => self.token(Ampersand),
            '+' if c1 == '+' => self.operator_of(1, PlusPlus),
            '+' if c1 == '=' => self.operator_of(1, PlusEquals),
            '+' if self.signed_numbers && (c1.is_ascii_digit() || c1 == '.') => self.number(),
            '+' => self.operator(Plus),
            c if is_dash(c) => {
                if is_dash(c1) {
                    self.operator_of(c1.len_utf8(), MinusMinus)
                } else if c1 == '=' {
                    self.operator_of(1, MinusEquals)
                } else if is_letter(c1) || c1 == '_' || c1 == '?' {
                    self.parameter()
                } else if self.signed_numbers && (c1.is_ascii_digit() || c1 == '.') {
                    self.number()
                } else {
                    self.operator(Minus)
                }
            }
            '*' if c1 == '=' => self.operator_of(1, MultiplyEquals),
            '*' if c1 == '>' => self.redirection(0),
            '*' => self.operator(Multiply),
            '/' if c1 == '=' => self.operator_of(1, DivideEquals),
            '/' => self.operator(Divide),
            '%' if c1 == '=' => self.operator_of(1, RemainderEquals),
            '%' => self.operator(Rem),
            '<' => self.token(RedirectInStd),
            '>' => {
                self.pos -= 1;
                self.redirection(1)
            }
            '1'..='6' if c1 == '>' => self.redirection(c as u8 - b'0'),
            '0'..='9' => self.number(),
            '.' => self.dot(),
            '!' => self.exclamation(c1),
            ':' => self.colon(c1),
            '?' if self.mode == Mode::Expression => {
                if c1 != '?' {
                    return self.token(QuestionMark);
                }
                self.pos += 1;
                if self.peek_char() == '=' {
                    self.pos += 1;
                    return self.token(QuestionQuestionEquals);
                }
                self.token(QuestionQuestion)
            }
            '@' => self.at_sign(c1),
            c if is_single_quote(c) => self.single_quoted(),
            c if is_double_quote(c) => self.double_quoted(),
            c if is_letter(c) => self.identifier(),
            _ => self.word(),
        }
    }

    fn at_sign(&mut self, c1: char) -> Tok {
        if c1 == '{' {
            self.pos += 1;
            return self.token(TokenKind::AtCurly);
        }
        if c1 == '(' {
            self.pos += 1;
            return self.token(TokenKind::AtParen);
        }
        if is_single_quote(c1) || is_double_quote(c1) {
            self.next_char();
            return self.here_string(is_double_quote(c1));
        }
        if is_variable_start(c1) {
            return self.variable(true, false);
        }
        let span = self.map.span(self.pos - 1, self.pos);
        self.error(span, "UnrecognizedToken", &[]);
        self.token(TokenKind::Unknown)
    }

    fn exclamation(&mut self, c1: char) -> Tok {
        match self.mode {
            Mode::Command if !ends_word(c1) => return self.word(),
            Mode::Expression if is_identifier_start(c1) => return self.word(),
            Mode::Expression
                if (c1.is_ascii_digit() || c1 == '.') && !self.number_follows(self.pos) =>
            {
                return self.word();
            }
            _ => {}
        }
        self.token(TokenKind::Exclaim)
    }

    fn colon(&mut self, c1: char) -> Tok {
        if c1 == ':' {
            self.pos += 1;
            if self.mode == Mode::Command && !self.simple_name && !ends_word(self.peek_char()) {
                return self.word();
            }
            return self.token(TokenKind::ColonColon);
        }
        if self.mode == Mode::Command {
            return self.label();
        }
        self.token(TokenKind::Colon)
    }

    /// `:name` before a loop; anything longer is a word.
    fn label(&mut self) -> Tok {
        let start = self.pos;
        if !is_identifier_start(self.peek_char()) {
            return self.word();
        }
        while is_identifier_follow(self.peek_char()) {
            self.next_char();
        }
        if !ends_word(self.peek_char()) {
            return self.word();
        }
        let name = Rc::from(self.slice(start, self.pos));
        self.token_with(TokenKind::Label, Payload::Text(name))
    }

    fn dot(&mut self) -> Tok {
        let c = self.peek_char();
        if c == '.' {
            self.pos += 1;
            if self.mode == Mode::Command && !ends_word(self.peek_char()) {
                return self.word();
            }
            return self.token(TokenKind::DotDot);
        }
        if c.is_ascii_digit() {
            return self.number();
        }
        if self.mode == Mode::Command && !ends_word(c) && !matches!(c, '$' | '"' | '\'') {
            return self.word();
        }
        self.token(TokenKind::Dot)
    }

    /// `>`, `>>`, `>&1` after the stream has been read.
    fn redirection(&mut self, from: u8) -> Tok {
        let explicit = from != 1 || self.char_at(self.token_start) == '1';
        let numbered = explicit && from != 0;
        self.pos += 1;
        let c = self.peek_char();
        let append = c == '>';
        if append {
            self.pos += 1;
        } else if c == '&' && explicit {
            let c1 = self.char_at(self.pos + 1);
            let to = match c1 {
                '1' => Some(1),
                '2' if from != 0 => Some(2),
                _ => None,
            };
            if let Some(to) = to {
                self.pos += 2;
                return self.token_with(TokenKind::Redirection, Payload::Merge { from, to });
            }
        }
        if numbered && self.mode == Mode::Expression {
            self.pos = self.token_start + 1;
            return self.token_with(
                TokenKind::Number,
                Payload::Number(NumberLiteral::Int(i32::from(from))),
            );
        }
        self.token_with(TokenKind::Redirection, Payload::File { from, append })
    }

    /// A comment to the end of the line; remembers `#requires` and signatures.
    pub(super) fn line_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.pos;
        while self.pos < bytes.len() && !matches!(bytes[self.pos], b'\r' | b'\n') {
            self.pos += 1;
        }
        let body = self.slice(start, self.pos);
        if self.map.is_whole() {
            if body.len() >= 8
                && body.is_char_boundary(8)
                && body[..8].eq_ignore_ascii_case("requires")
            {
                let at = (start - 1, self.pos);
                if !self.requires.contains(&at) {
                    self.requires.push(at);
                }
            } else if is_signature_start(body) {
                self.signature = Some(start - 1);
            }
        }
        self.comment();
    }

    /// A comment in `<# #>`, whose opening has been taken.
    pub(super) fn block_comment(&mut self) {
        let found = self.text.get(self.pos..).and_then(|rest| rest.find("#>"));
        match found {
            Some(i) => self.pos += i + 2,
            None => {
                self.pos = self.text.len();
                let span = self.map.span(self.token_start, self.pos);
                self.incomplete_at(span, self.pos, "MissingTerminatorMultiLineComment", &[]);
            }
        }
        self.comment();
    }

    fn comment(&mut self) {
        if self.map.is_whole() {
            let at = (self.token_start, self.pos);
            match self.comments.last() {
                Some(last) if last.0 >= at.0 => {
                    if let Err(i) = self.comments.binary_search(&at) {
                        self.comments.insert(i, at);
                    }
                }
                _ => self.comments.push(at),
            }
        }
        if self.saved.is_some() {
            self.token(TokenKind::Comment);
        }
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end.min(self.text.len())).unwrap_or("")
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: &Tok) -> &'a str {
        if token.kind == TokenKind::EndOfInput {
            return "";
        }
        self.slice(token.start, token.end)
    }

    /// Drops recorded tokens that begin at or behind a place that is read again.
    pub(super) fn forget_tokens(&mut self, from: usize) {
        let at = self.map.offset(from) as u32;
        if let Some(saved) = &mut self.saved {
            while saved
                .last()
                .is_some_and(|t| t.span.end > at || t.span.start >= at)
            {
                saved.pop();
            }
        }
    }

    /// The token is in error.
    pub(super) fn flag_error(token: &mut Tok) {
        token.flags |= flags::IN_ERROR;
    }
}

/// `# SIG # Begin signature block`, also written differently to deceive.
fn is_signature_start(comment: &str) -> bool {
    const LINE: &[u8] = b"sig#beginsignatureblock\n";
    const THRESHOLD: usize = 10;
    if comment.len() > 80 {
        return false;
    }
    let mut line: Vec<u8> = comment
        .bytes()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| b.to_ascii_lowercase())
        .collect();
    line.push(b'\n');
    if line.len().abs_diff(LINE.len()) > THRESHOLD {
        return false;
    }
    let mut row: Vec<usize> = (0..=LINE.len()).collect();
    for (i, a) in line.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in LINE.iter().enumerate() {
            let cost = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[LINE.len()] < THRESHOLD
}
