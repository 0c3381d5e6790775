//! Pipelines, chains, assignments and redirections.

use super::ast::*;
use super::chars::{END, is_blank, is_letter};
use super::commands::Context;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};

/// The streams by number, with the words that messages use.
const STREAMS: [(RedirectionStream, &str); 7] = [
    (RedirectionStream::All, "* stream"),
    (RedirectionStream::Output, "output stream"),
    (RedirectionStream::Error, "error stream"),
    (RedirectionStream::Warning, "warning stream"),
    (RedirectionStream::Verbose, "verbose stream"),
    (RedirectionStream::Debug, "debug stream"),
    (RedirectionStream::Information, "information stream"),
];

fn stream(number: u8) -> (RedirectionStream, &'static str) {
    STREAMS
        .get(number as usize)
        .copied()
        .unwrap_or((RedirectionStream::Output, "output stream"))
}

impl Parser<'_> {
    /// An assignment, or pipelines joined by `&&` and `||`.
    pub(super) fn pipeline_chain(&mut self) -> Option<StatementAst> {
        let mut start = None;
        if !self.word_ahead() {
            let mode = self.set_mode(Mode::Expression);
            start = self.expression(false);
            let mut assign = None;
            if start.is_some() && self.peek_kind().has(flags::ASSIGNMENT) {
                assign = Some(self.next());
            }
            self.set_mode(mode);
            if let Some(token) = assign
                && let Some(left) = start.take()
            {
                return Some(self.assignment(left, &token));
            }
        }
        let mut chain: Option<PipelineChainAst> = None;
        let mut operator: Option<Tok> = None;
        loop {
            let first = if start.is_none() {
                Some(self.peek_place())
            } else {
                None
            };
            let Some(mut pipeline) = self.pipeline(start.take()) else {
                let (Some(operator), Some(chain), Some(first)) = (operator, chain, first) else {
                    return None;
                };
                return Some(self.empty_chain_element(chain, &operator, first));
            };
            let mut background = false;
            let next = match self.peek_kind() {
                TokenKind::AndAnd | TokenKind::OrOr => {
                    let token = self.next();
                    self.skip_newlines();
                    Some(token)
                }
                TokenKind::Ampersand => {
                    self.skip();
                    if matches!(self.peek_kind(), TokenKind::AndAnd | TokenKind::OrOr) {
                        let token = self.next();
                        let span = self.span_of(&token);
                        self.error(span, "BackgroundOperatorInPipelineChain", &[]);
                        let from = chain.map_or(pipeline.span, |c| c.span);
                        return Some(Self::error_statement(from.to(span), Vec::new()));
                    }
                    background = true;
                    None
                }
                _ => None,
            };
            let done = match (chain, &operator) {
                (Some(mut chain), Some(operator)) => {
                    let kind = if operator.is(TokenKind::AndAnd) {
                        ChainOperator::AndAnd
                    } else {
                        ChainOperator::OrOr
                    };
                    chain.span = chain.span.to(pipeline.span);
                    chain.background = background;
                    chain.rest.push((kind, pipeline));
                    chain
                }
                _ if next.is_none() => {
                    pipeline.background = background;
                    return Some(StatementAst {
                        span: pipeline.span,
                        kind: StatementKind::Pipeline(pipeline),
                    });
                }
                _ => PipelineChainAst {
                    span: pipeline.span,
                    first: pipeline,
                    rest: Vec::new(),
                    background: false,
                },
            };
            let Some(token) = next else {
                return Some(chain_statement(done));
            };
            if self.peek_kind() == TokenKind::EndOfInput {
                let at = Self::after(self.span_of(&token));
                let text = self.text_of(&token);
                self.incomplete(at, "EmptyPipelineChainElement", &[text]);
                return Some(chain_statement(done));
            }
            chain = Some(done);
            operator = Some(token);
        }
    }

    /// True if a bare word comes next: it cannot begin an expression.
    fn word_ahead(&self) -> bool {
        let c = match &self.ungot {
            Some(t)
                if self.mode == Mode::Command
                    && (matches!(t.kind, TokenKind::Generic | TokenKind::Identifier)
                        || t.has(flags::KEYWORD)) =>
            {
                self.char_at(t.start)
            }
            Some(_) => END,
            None => self.peek_char(),
        };
        c == '_' || is_letter(c)
    }

    fn assignment(&mut self, left: ExpressionAst, token: &Tok) -> StatementAst {
        let operator_span = self.span_of(token);
        self.skip_newlines();
        let right = match self.statement() {
            Some(parsed) => parsed.into_statement(),
            None => {
                let at = Self::after(operator_span);
                self.incomplete(at, "ExpectedValueExpression", &[token.kind.text()]);
                Self::error_statement(at, Vec::new())
            }
        };
        let operator = match token.kind {
            TokenKind::PlusEquals => AssignmentOperator::Plus,
            TokenKind::MinusEquals => AssignmentOperator::Minus,
            TokenKind::MultiplyEquals => AssignmentOperator::Multiply,
            TokenKind::DivideEquals => AssignmentOperator::Divide,
            TokenKind::RemainderEquals => AssignmentOperator::Remainder,
            TokenKind::QuestionQuestionEquals => AssignmentOperator::QuestionQuestion,
            _ => AssignmentOperator::Equals,
        };
        StatementAst {
            span: left.span.to(right.span),
            kind: StatementKind::Assignment(Box::new(AssignmentAst {
                span: left.span.to(right.span),
                left,
                operator,
                right,
                operator_span,
            })),
        }
    }

    fn empty_chain_element(
        &mut self,
        chain: PipelineChainAst,
        operator: &Tok,
        (kind, to): (TokenKind, Span),
    ) -> StatementAst {
        let span = self.span_of(operator);
        let text = self.text_of(operator);
        match kind {
            TokenKind::EndOfInput => {
                self.incomplete(Self::after(span), "EmptyPipelineChainElement", &[text]);
            }
            TokenKind::Dot | TokenKind::Ampersand => {}
            _ => {
                self.error(span.to(to), "EmptyPipelineChainElement", &[text]);
            }
        }
        let whole = chain.span.to(span);
        Self::error_statement(whole, vec![ErrorPart::Statement(chain_statement(chain))])
    }

    /// Commands joined by `|`, the first of which may be an expression that was read already.
    fn pipeline(&mut self, mut expression: Option<ExpressionAst>) -> Option<PipelineAst> {
        let mut elements: Vec<CommandBaseAst> = Vec::new();
        let mut last_token: Option<Span> = None;
        loop {
            if expression.is_none() && !self.word_ahead() {
                let mode = self.set_mode(Mode::Expression);
                expression = self.expression(false);
                self.set_mode(mode);
            }
            let element = match expression.take() {
                Some(e) => {
                    if !elements.is_empty() {
                        self.error(e.span, "ExpressionsMustBeFirstInPipeline", &[]);
                    }
                    Some(CommandBaseAst::Expression(self.command_expression(e)))
                }
                None => self.command().map(CommandBaseAst::Command),
            };
            match element {
                Some(element) => elements.push(element),
                None if !elements.is_empty() || self.peek_kind() == TokenKind::Pipe => {
                    let at = match last_token {
                        Some(span) => Self::after(span),
                        None => self.peek_place().1,
                    };
                    self.incomplete(at, "EmptyPipeElement", &[]);
                }
                None => {}
            }
            let token = self.peek();
            if token.is(TokenKind::NewLine) {
                let end = token.end;
                if self.pipe_continues(end) {
                    self.skip_newlines();
                }
            }
            let (kind, span) = self.peek_place();
            last_token = Some(span);
            match kind {
                TokenKind::Semi
                | TokenKind::NewLine
                | TokenKind::RParen
                | TokenKind::RCurly
                | TokenKind::EndOfInput
                | TokenKind::AndAnd
                | TokenKind::OrOr
                | TokenKind::Ampersand => break,
                TokenKind::Pipe => {
                    self.skip();
                    self.skip_newlines();
                    if self.peek_kind() == TokenKind::EndOfInput {
                        self.incomplete(Self::after(span), "EmptyPipeElement", &[]);
                        break;
                    }
                }
                _ => {
                    let token = self.next();
                    let text = self.text_of(&token);
                    self.error(span, "UnexpectedToken", &[text]);
                    self.unget(token);
                    break;
                }
            }
        }
        let first = elements.first().map(element_span)?;
        let last = elements.last().map(element_span)?;
        Some(PipelineAst {
            span: first.to(last),
            elements,
            background: false,
        })
    }

    fn command_expression(&mut self, expression: ExpressionAst) -> CommandExpressionAst {
        let mut redirections = Vec::new();
        let mut span = expression.span;
        while matches!(
            self.peek_kind(),
            TokenKind::Redirection | TokenKind::RedirectInStd
        ) {
            let token = self.next();
            let end = self.redirection_rule(&token, &mut redirections);
            if !token.is(TokenKind::RedirectInStd) {
                span = span.to(end);
            }
        }
        CommandExpressionAst {
            span,
            expression,
            redirections,
        }
    }

    /// A redirection whose operator has been taken; gives its extent.
    pub(super) fn redirection_rule(&mut self, token: &Tok, list: &mut Vec<RedirectionAst>) -> Span {
        let span = self.span_of(token);
        let text = self.text_of(token);
        let redirection = match token.data {
            Payload::Merge { from, to } => {
                if to != 1 || from == to {
                    self.error(span, "RedirectionNotSupported", &[text]);
                }
                RedirectionAst {
                    span,
                    from: stream(from).0,
                    kind: RedirectionKind::Merge(RedirectionStream::Output),
                }
            }
            _ => {
                let location = match self.single_argument(Context::FileName) {
                    Some(location) => location,
                    None => {
                        self.error(Self::after(span), "MissingFileSpecification", &[]);
                        Self::error_expression(span, Vec::new())
                    }
                };
                let whole = span.to(location.span);
                let Payload::File { from, append } = token.data else {
                    self.error(span, "RedirectionNotSupported", &[text]);
                    return whole;
                };
                RedirectionAst {
                    span: whole,
                    from: stream(from).0,
                    kind: RedirectionKind::File {
                        location: Box::new(location),
                        append,
                    },
                }
            }
        };
        let span = redirection.span;
        if list.iter().any(|r| r.from == redirection.from) {
            let word = STREAMS
                .iter()
                .find(|(s, _)| *s == redirection.from)
                .map_or("", |(_, word)| word);
            self.error(span, "StreamAlreadyRedirected", &[word]);
        } else {
            list.push(redirection);
        }
        span
    }

    /// Whether a line that follows without an empty one between begins with `|`.
    fn pipe_continues(&self, mut at: usize) -> bool {
        let bytes = self.text.as_bytes();
        let mut blank_line = true;
        while at < bytes.len() {
            let c = self.char_at(at);
            match c {
                '\n' | '\r' => {
                    if blank_line {
                        return false;
                    }
                    blank_line = true;
                    at += 1;
                    if c == '\r' && bytes.get(at) == Some(&b'\n') {
                        at += 1;
                    }
                }
                '#' => {
                    blank_line = false;
                    while at < bytes.len() && !matches!(bytes[at], b'\r' | b'\n') {
                        at += 1;
                    }
                }
                '<' if bytes.get(at + 1) == Some(&b'#') => {
                    blank_line = false;
                    match self.text.get(at + 2..).and_then(|t| t.find("#>")) {
                        Some(i) => at += i + 4,
                        None => return false,
                    }
                }
                c if is_blank(c) => at += c.len_utf8(),
                c => return c == '|',
            }
        }
        false
    }
}

fn chain_statement(chain: PipelineChainAst) -> StatementAst {
    if chain.rest.is_empty() {
        return StatementAst {
            span: chain.span,
            kind: StatementKind::Pipeline(chain.first),
        };
    }
    StatementAst {
        span: chain.span,
        kind: StatementKind::PipelineChain(Box::new(chain)),
    }
}

fn element_span(element: &CommandBaseAst) -> Span {
    match element {
        CommandBaseAst::Expression(e) => e.span,
        CommandBaseAst::Command(c) => c.span,
    }
}
