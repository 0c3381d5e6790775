//! The parser's state: the place in the text, one token of lookahead, modes, errors and recovery.

use super::ast::*;
use super::chars::is_blank;
use super::error::ParseError;
use super::lexer::{Mode, Tok};
use super::token::{Token, TokenKind, flags};
use crate::host::interrupted;
use std::collections::HashSet;

/// How deeply rules may nest. Every level takes some kilobytes of stack in a debug build,
/// and the tree is walked and dropped by recursion later.
const MAX_DEPTH: u32 = 3000;
/// How often the text may be read again, on the whole, and some more for short ones.
const WORK: usize = 16;
const MORE_WORK: usize = 2 << 20;

/// How offsets in the text at hand relate to offsets in the whole text. They differ inside
/// the subexpressions of strings, where doubled quotes have become single ones.
#[derive(Debug, Clone, Default)]
pub(super) struct OffsetMap {
    /// Pairs of local and whole offset from which on the distance is constant; empty for a whole text.
    breaks: Vec<(usize, usize)>,
}

impl OffsetMap {
    pub fn is_whole(&self) -> bool {
        self.breaks.is_empty()
    }

    pub fn offset(&self, local: usize) -> usize {
        if self.breaks.is_empty() {
            return local;
        }
        let i = self.breaks.partition_point(|(l, _)| *l <= local);
        match self.breaks.get(i.saturating_sub(1)) {
            Some((l, g)) => g + local.saturating_sub(*l),
            None => local,
        }
    }

    pub fn span(&self, start: usize, end: usize) -> Span {
        if start == end {
            let at = self.offset(start);
            return Span::new(at, at);
        }
        // The end is the place behind the last character, which may be before a dropped one.
        Span::new(self.offset(start), self.offset(end - 1) + 1)
    }

    /// The map for a text inside this one that starts at a local offset and lacks some characters.
    pub fn nested(&self, start: usize, length: usize, dropped: &[(usize, usize)]) -> OffsetMap {
        let mut segments = vec![(0, start)];
        let mut shift = 0;
        for (at, len) in dropped {
            shift += len;
            segments.push((*at, start + at + shift));
        }
        let mut breaks = Vec::new();
        for (i, (inner, outer)) in segments.iter().enumerate() {
            let end = segments.get(i + 1).map_or(length + 2, |s| s.0);
            breaks.push((*inner, self.offset(*outer)));
            for (l, g) in &self.breaks {
                if *l > *outer && *l < outer + (end - inner) {
                    breaks.push((inner + (l - outer), *g));
                }
            }
        }
        OffsetMap { breaks }
    }
}

/// What the parts of one parse share, also the parsers of subexpressions in strings.
#[derive(Default)]
pub(super) struct Common {
    pub errors: Vec<ParseError>,
    /// Errors that belong among those of the checks, by their place.
    pub postponed: Vec<ParseError>,
    seen: HashSet<(&'static str, Span)>,
    depth: u32,
    /// Classes or enums stand in the text.
    pub defines_types: bool,
    /// Ctrl-C ends the parse.
    pub interruptible: bool,
    /// Nesting became too deep or reading too long: everything ends.
    pub aborted: bool,
    /// How many bytes were read in stretches that may be read more than once.
    work: usize,
    /// How many there may be.
    patience: usize,
}

/// The parser.
pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub pos: usize,
    pub token_start: usize,
    pub mode: Mode,
    /// A sign may belong to a number.
    pub signed_numbers: bool,
    /// `?` and `:` end a number.
    pub ternary_numbers: bool,
    /// Only a simple name is of interest.
    pub simple_name: bool,
    /// A comma separates arguments and makes no arrays.
    pub no_comma: bool,
    pub ungot: Option<Tok>,
    pub saved: Option<Vec<Token>>,
    pub map: OffsetMap,
    pub requires: Vec<(usize, usize)>,
    pub comments: Vec<(usize, usize)>,
    pub signature: Option<usize>,
    pub common: Common,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, tokens: bool) -> Parser<'a> {
        Parser {
            text,
            pos: 0,
            token_start: 0,
            mode: Mode::Command,
            signed_numbers: false,
            ternary_numbers: false,
            simple_name: false,
            no_comma: false,
            ungot: None,
            saved: tokens.then(Vec::new),
            map: OffsetMap::default(),
            requires: Vec::new(),
            comments: Vec::new(),
            signature: None,
            common: Common {
                patience: MORE_WORK + WORK * text.len(),
                ..Common::default()
            },
        }
    }

    // Tokens.

    pub fn next(&mut self) -> Tok {
        match self.ungot.take() {
            Some(token) => token,
            None => self.scan(),
        }
    }

    pub fn peek(&mut self) -> &Tok {
        if self.ungot.is_none() {
            let token = self.scan();
            self.ungot = Some(token);
        }
        // The lookahead was filled just above.
        match &self.ungot {
            Some(token) => token,
            None => &EMPTY,
        }
    }

    pub fn peek_kind(&mut self) -> TokenKind {
        self.peek().kind
    }

    /// The next token's kind and place.
    pub fn peek_place(&mut self) -> (TokenKind, Span) {
        let token = self.peek();
        let (kind, start, end) = (token.kind, token.start, token.end);
        (kind, self.map.span(start, end))
    }

    pub fn skip(&mut self) {
        self.ungot = None;
    }

    pub fn unget(&mut self, token: Tok) {
        self.ungot = Some(token);
    }

    /// Takes the next token if it is of the kind.
    pub fn take_if(&mut self, kind: TokenKind) -> Option<Tok> {
        if self.peek_kind() == kind {
            return self.ungot.take();
        }
        None
    }

    pub fn skip_newlines(&mut self) {
        if self
            .ungot
            .as_ref()
            .is_none_or(|t| t.kind == TokenKind::NewLine)
        {
            self.ungot = None;
            self.skip_lines(false);
        }
    }

    pub fn skip_newlines_and_semicolons(&mut self) {
        if self
            .ungot
            .as_ref()
            .is_none_or(|t| matches!(t.kind, TokenKind::NewLine | TokenKind::Semi))
        {
            self.ungot = None;
            self.skip_lines(true);
        }
    }

    /// Goes back to read again from a place. Rules that do so within one another double what is read
    /// at every level, which is why it counts.
    pub fn resync(&mut self, at: usize) {
        self.worked(self.pos.saturating_sub(at));
        if self.common.aborted {
            return;
        }
        self.ungot = None;
        self.pos = at.min(self.text.len());
        self.forget_tokens(at);
    }

    /// Where reading would go on, to return to later.
    pub fn restore_point(&self) -> usize {
        match &self.ungot {
            Some(token) => token.start.min(self.text.len()),
            None => self.pos,
        }
    }

    /// Changes the mode; a token that was looked at under other rules is read again.
    pub fn set_mode(&mut self, mode: Mode) -> Mode {
        if mode != self.mode
            && let Some(token) = &self.ungot
            && !token.kind.has(flags::MODE_INVARIANT)
        {
            let at = token.start;
            self.resync(at);
        }
        std::mem::replace(&mut self.mode, mode)
    }

    // Places.

    pub fn span_of(&self, token: &Tok) -> Span {
        self.map.span(token.start, token.end)
    }

    /// The place right behind.
    pub fn after(span: Span) -> Span {
        Span {
            start: span.end,
            end: span.end,
        }
    }

    /// The place one character before.
    pub fn before(&self, span: Span) -> Span {
        let mut at = (span.start as usize).saturating_sub(1);
        if self.map.is_whole() {
            while at > 0 && at < self.text.len() && !self.text.is_char_boundary(at) {
                at -= 1;
            }
        }
        Span::new(at, at)
    }

    pub fn span_text(&self, span: Span) -> &'a str {
        if self.map.is_whole() {
            return self.slice(span.start as usize, span.end as usize);
        }
        ""
    }

    // Errors.

    pub fn error(&mut self, span: Span, id: &'static str, arguments: &[&str]) {
        self.report(ParseError::new(span, id, arguments));
    }

    /// An error that the checks behind the parse report, since the tree does not show it.
    pub fn later(&mut self, span: Span, id: &'static str, arguments: &[&str]) {
        self.common
            .postponed
            .push(ParseError::new(span, id, arguments));
    }

    pub fn report(&mut self, error: ParseError) {
        if !self.common.aborted && self.common.seen.insert((error.id, error.span)) {
            self.common.errors.push(error);
        }
    }

    /// An error that more input may mend if nothing follows the marked place.
    pub fn incomplete(&mut self, span: Span, id: &'static str, arguments: &[&str]) -> bool {
        let local = if self.map.is_whole() {
            span.end as usize
        } else if span.end as usize >= self.map.offset(self.text.len()) {
            self.text.len()
        } else {
            0
        };
        self.incomplete_at(span, local, id, arguments)
    }

    /// The same with the place where it was noticed told apart.
    pub fn incomplete_at(
        &mut self,
        span: Span,
        noticed: usize,
        id: &'static str,
        arguments: &[&str],
    ) -> bool {
        let mut error = ParseError::new(span, id, arguments);
        error.incomplete = self.nothing_after(noticed);
        let incomplete = error.incomplete;
        self.report(error);
        incomplete
    }

    /// True if only blanks and comments follow.
    fn nothing_after(&self, mut at: usize) -> bool {
        let bytes = self.text.as_bytes();
        while at < bytes.len() {
            let c = self.char_at(at);
            if c == '#' {
                while at < bytes.len() && !matches!(bytes[at], b'\r' | b'\n') {
                    at += 1;
                }
            } else if c == '<' && bytes.get(at + 1) == Some(&b'#') {
                match self.text.get(at + 2..).and_then(|t| t.find("#>")) {
                    Some(i) => at += i + 4,
                    None => return true,
                }
            } else if is_blank(c) {
                at += c.len_utf8();
            } else {
                return false;
            }
        }
        true
    }

    /// Passes tokens until one of the kinds stands outside of all brackets.
    pub fn sync(&mut self, consume_closer: bool, kinds: &[TokenKind]) {
        use TokenKind::*;
        let has = |k: TokenKind| kinds.contains(&k);
        let mut depth = [
            i32::from(has(RParen)),
            i32::from(has(RCurly)),
            i32::from(has(RBracket)),
        ];
        loop {
            let token = self.next();
            let closer = match token.kind {
                LParen => {
                    depth[0] += 1;
                    None
                }
                LCurly => {
                    depth[1] += 1;
                    None
                }
                LBracket => {
                    depth[2] += 1;
                    None
                }
                RParen => Some(0),
                RCurly => Some(1),
                RBracket => Some(2),
                EndOfInput => {
                    self.unget(token);
                    return;
                }
                _ => None,
            };
            let kind = token.kind;
            if let Some(i) = closer {
                depth[i] -= 1;
                if depth[i] == 0 && has(kind) {
                    if !consume_closer {
                        self.unget(token);
                    }
                    return;
                }
            }
            if has(kind) && depth == [0, 0, 0] {
                return;
            }
        }
    }

    // Depth.

    fn abort(&mut self) {
        if !self.common.aborted {
            let span = self.map.span(self.token_start.min(self.pos), self.pos);
            self.error(span, "ScriptTooComplicated", &[]);
            self.common.aborted = true;
            self.ungot = None;
            self.pos = self.text.len();
        }
    }

    /// Notes that a stretch was read which another rule may read again. The words of a line, the
    /// errors, and what stands in strings can make that happen at every byte; so it has an end.
    pub fn worked(&mut self, bytes: usize) {
        self.common.work = self.common.work.saturating_add(bytes);
        if self.common.work > self.common.patience {
            self.abort();
        }
    }

    /// Runs a recursive rule one level deeper, or ends the parse.
    pub fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.common.interruptible && interrupted() {
            // Whoever wanted the tree stops as well, so nothing is said.
            self.common.aborted = true;
            self.ungot = None;
            self.pos = self.text.len();
            return None;
        }
        if self.common.depth >= MAX_DEPTH {
            self.abort();
            return None;
        }
        self.common.depth += 1;
        let result = rule(self);
        self.common.depth -= 1;
        result
    }

    // Trees of what could not be parsed.

    pub fn error_expression(span: Span, parts: Vec<ExpressionAst>) -> ExpressionAst {
        ExpressionAst {
            span,
            kind: ExpressionKind::Error(parts),
        }
    }

    pub fn error_statement(span: Span, nested: Vec<ErrorPart>) -> StatementAst {
        Self::error_statement_of(
            span,
            ErrorStatementAst {
                nested,
                ..ErrorStatementAst::default()
            },
        )
    }

    /// A stand-in whose parts are known by their roles.
    pub fn error_statement_of(span: Span, parts: ErrorStatementAst) -> StatementAst {
        StatementAst {
            span,
            kind: StatementKind::Error(Box::new(parts)),
        }
    }

    pub fn expression_statement(expression: ExpressionAst) -> StatementAst {
        let span = expression.span;
        StatementAst {
            span,
            kind: StatementKind::Pipeline(PipelineAst {
                span,
                elements: vec![CommandBaseAst::Expression(CommandExpressionAst {
                    span,
                    expression,
                    redirections: Vec::new(),
                })],
                background: false,
            }),
        }
    }
}

const EMPTY: Tok = Tok {
    kind: TokenKind::EndOfInput,
    flags: 0,
    start: 0,
    end: 0,
    data: super::lexer::Payload::Plain,
};

/// True for the stand-in of a statement that was missing.
pub(super) fn is_error_statement(statement: &StatementAst) -> bool {
    matches!(statement.kind, StatementKind::Error(_))
}
