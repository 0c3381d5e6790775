//! Quoted strings, here-strings, escapes, and the expressions inside them.

use super::chars::*;
use super::lexer::{Mode, Part, Payload, Tok};
use super::parser::Parser;
use super::token::TokenKind;
use super::words::Content;

impl Parser<'_> {
    /// A single-quoted string whose opening quote has been taken.
    pub(super) fn single_quoted(&mut self) -> Tok {
        let mut content = Content::default();
        let closed = self.single_quoted_into(&mut content);
        let mut token = self.token_with(TokenKind::StringLiteral, content.finish());
        if !closed {
            Self::flag_error(&mut token);
        }
        token
    }

    /// A double-quoted string whose opening quote has been taken.
    pub(super) fn double_quoted(&mut self) -> Tok {
        let mut content = Content::default();
        let closed = self.double_quoted_into(&mut content);
        let mut token = self.token_with(TokenKind::StringExpandable, content.finish());
        if !closed {
            Self::flag_error(&mut token);
        }
        token
    }

    pub(super) fn single_quoted_into(&mut self, content: &mut Content) -> bool {
        let open = self.pos - 1;
        let open = self.boundary(open);
        let mut run = self.pos;
        loop {
            self.skip_ascii(|b| b != b'\'');
            let at = self.pos;
            let c = self.next_char();
            if is_single_quote(c) {
                content.push_str(self.slice(run, at));
                if !is_single_quote(self.peek_char()) {
                    return true;
                }
                run = self.pos;
                self.next_char();
            } else if c == END && self.at_end() {
                content.push_str(self.slice(run, self.pos));
                self.unterminated(open, "'");
                return false;
            }
        }
    }

    pub(super) fn double_quoted_into(&mut self, content: &mut Content) -> bool {
        let open = self.pos - 1;
        let open = self.boundary(open);
        loop {
            let run = self.pos;
            self.skip_ascii(|b| !matches!(b, b'"' | b'$' | b'`'));
            content.push_str(self.slice(run, self.pos));
            let c = self.next_char();
            if is_double_quote(c) {
                if !is_double_quote(self.peek_char()) {
                    return true;
                }
                let second = self.next_char();
                content.push(second);
            } else if c == END && self.at_end() {
                self.unterminated(open, "\"");
                return false;
            } else if c == '`' {
                self.escape_into(content);
            } else if c != '$' || !self.dollar_into(content, false) {
                content.push(c);
            }
        }
    }

    /// The start of the character that ends or holds this byte.
    fn boundary(&self, mut at: usize) -> usize {
        while at > 0 && !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn unterminated(&mut self, open: usize, mark: &str) {
        let span = self.map.span(open, self.pos);
        self.incomplete_at(span, self.pos, "TerminatorExpectedAtEndOfString", &[mark]);
    }

    /// The escape whose backtick has been taken.
    pub(super) fn escape_into(&mut self, content: &mut Content) {
        if self.at_end() {
            content.push('`');
            return;
        }
        let c = self.escaped_char();
        content.push(c);
    }

    pub(super) fn escaped_char(&mut self) -> char {
        match self.next_char() {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode_escape(),
            'v' => '\u{b}',
            c => c,
        }
    }

    /// `` `u{1F600} `` after the `u`.
    fn unicode_escape(&mut self) -> char {
        const DIGITS: usize = 6;
        let start = self.pos - 2;
        let bad = |p: &mut Self, from: usize, to: usize, id: &'static str| {
            let span = p.map.span(from, to);
            p.error(span, id, &[]);
            char::REPLACEMENT_CHARACTER
        };
        if self.peek_char() != '{' {
            return bad(self, start, self.pos, "InvalidUnicodeEscapeSequence");
        }
        self.pos += 1;
        let first = self.pos;
        loop {
            let c = self.peek_char();
            let count = self.pos - first;
            let here = self.pos;
            if c == '}' {
                self.pos += 1;
                if count == 0 {
                    return bad(self, start, self.pos, "InvalidUnicodeEscapeSequence");
                }
                break;
            }
            if !c.is_ascii_hexdigit() {
                let id = if count < DIGITS {
                    "InvalidUnicodeEscapeSequence"
                } else {
                    "MissingUnicodeEscapeSequenceTerminator"
                };
                return bad(self, here, here + 1, id);
            }
            if count == DIGITS {
                return bad(self, here, here + 1, "TooManyDigitsInUnicodeEscapeSequence");
            }
            self.pos += 1;
        }
        let code = u32::from_str_radix(self.slice(first, self.pos - 1), 16).unwrap_or(u32::MAX);
        if code > 0x10_FFFF {
            let end = self.pos - 1;
            return bad(self, first, end, "InvalidUnicodeEscapeSequenceValue");
        }
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// A variable or subexpression behind a `$` that has been taken; false if it is just a `$`.
    pub(super) fn dollar_into(&mut self, content: &mut Content, here_string: bool) -> bool {
        let dollar = self.pos - 1;
        let c = self.peek_char();
        let start = std::mem::replace(&mut self.token_start, dollar);
        let mode = std::mem::replace(&mut self.mode, Mode::Expression);
        let part = if c == '(' {
            self.pos += 1;
            Some(self.raw_subexpression(here_string))
        } else if is_variable_start(c) || c == '{' {
            self.read_variable(true)
                .map(|path| Part::Variable(path, self.map.span(dollar, self.pos)))
        } else {
            None
        };
        self.token_start = start;
        self.mode = mode;
        match part {
            Some(part) => {
                content.push_part(part, self.slice(dollar, self.pos));
                true
            }
            None => false,
        }
    }

    /// The text of `$(...)` inside a string, found by counting parentheses only. A double quote
    /// or backtick before a double quote vanishes, as the string's own quoting demands.
    fn raw_subexpression(&mut self, here_string: bool) -> Part {
        let start = self.pos - 2;
        let mut text = String::from("$(");
        let mut dropped = Vec::new();
        let mut depth = 1;
        loop {
            let c = self.next_char();
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                END if self.at_end() => {
                    let span = self.map.span(start, self.pos);
                    self.incomplete_at(
                        span,
                        self.pos,
                        "IncompleteDollarSubexpressionReference",
                        &[],
                    );
                    break;
                }
                c if (c == '`' || is_double_quote(c))
                    && !here_string
                    && is_double_quote(self.peek_char()) =>
                {
                    dropped.push((text.len(), c.len_utf8()));
                    let quote = self.next_char();
                    text.push(quote);
                    continue;
                }
                _ => {}
            }
            text.push(c);
            if depth == 0 {
                break;
            }
        }
        self.worked(text.len());
        Part::Sub {
            text,
            start,
            dropped,
        }
    }

    /// A here-string whose `@` and quote have been taken.
    pub(super) fn here_string(&mut self, expandable: bool) -> Tok {
        let kind = if expandable {
            TokenKind::HereStringExpandable
        } else {
            TokenKind::HereStringLiteral
        };
        let is_quote = if expandable {
            is_double_quote
        } else {
            is_single_quote
        };
        if !self.here_string_header(expandable) {
            let mut token = self.token_with(kind, Payload::Text("".into()));
            Self::flag_error(&mut token);
            return token;
        }
        let mut content = Content::default();
        let mut false_footer = None;
        let mut closed = self.here_string_footer(is_quote, &mut content, &mut false_footer);
        while !closed {
            let at = self.pos;
            let c = self.next_char();
            if c == '\r' || c == '\n' {
                let mark = content.lengths();
                content.push(c);
                if c == '\r' && self.peek_char() == '\n' {
                    self.pos += 1;
                    content.push('\n');
                }
                closed = self.here_string_footer(is_quote, &mut content, &mut false_footer);
                if closed {
                    content.truncate(mark);
                }
            } else if c == END && self.at_end() && at == self.pos {
                self.unterminated_here_string(expandable, false_footer);
                break;
            } else if expandable && c == '`' {
                self.escape_into(&mut content);
            } else if !(expandable && c == '$' && self.dollar_into(&mut content, true)) {
                content.push(c);
            }
        }
        let mut token = self.token_with(kind, content.finish());
        if !closed {
            Self::flag_error(&mut token);
        }
        token
    }

    fn unterminated_here_string(&mut self, expandable: bool, false_footer: Option<usize>) {
        match false_footer {
            Some(at) => {
                let span = self.map.span(at, self.pos);
                self.incomplete_at(span, self.pos, "WhitespaceBeforeHereStringFooter", &[]);
            }
            None => {
                let mark = if expandable { "\"@" } else { "'@" };
                self.unterminated(self.token_start, mark);
            }
        }
    }

    /// Only blanks may stand between the opening mark and the line end.
    fn here_string_header(&mut self, expandable: bool) -> bool {
        self.skip_blanks();
        match self.peek_char() {
            '\r' => {
                self.pos += 1;
                if self.peek_char() == '\n' {
                    self.pos += 1;
                }
                true
            }
            '\n' => {
                self.pos += 1;
                true
            }
            END if self.at_end() => {
                self.unterminated(self.token_start, if expandable { "\"@" } else { "'@" });
                false
            }
            c => {
                let span = self.map.span(self.pos, self.pos + c.len_utf8());
                self.error(span, "UnexpectedCharactersAfterHereStringHeader", &[]);
                let mark = if expandable { '"' } else { '\'' };
                loop {
                    let c = self.peek_char();
                    if matches!(c, '\r' | '\n') || self.at_end() {
                        break;
                    }
                    self.next_char();
                    if c == mark && self.peek_char() == '@' {
                        self.pos += 1;
                        break;
                    }
                }
                false
            }
        }
    }

    /// At the start of a line: the closing mark. Behind blanks it is only remembered,
    /// for a better error should no real one come.
    fn here_string_footer(
        &mut self,
        is_quote: fn(char) -> bool,
        content: &mut Content,
        false_footer: &mut Option<usize>,
    ) -> bool {
        let c = self.peek_char();
        if is_quote(c) && self.char_at(self.pos + c.len_utf8()) == '@' {
            self.pos += c.len_utf8() + 1;
            return true;
        }
        while is_blank(self.peek_char()) {
            let c = self.next_char();
            content.push(c);
        }
        let c = self.peek_char();
        if is_quote(c) && self.char_at(self.pos + c.len_utf8()) == '@' {
            false_footer.get_or_insert(self.pos);
            self.pos += c.len_utf8() + 1;
            content.push(c);
            content.push('@');
        }
        false
    }
}
