//! `if` and `switch`.

use super::ast::*;
use super::commands::Context;
use super::lexer::{Payload, Tok};
use super::parser::{Parser, is_error_statement};
use super::statements::Label;
use super::token::TokenKind;

/// True if the parameter token is the beginning of this name.
pub(super) fn is_parameter(token: &Tok, name: &str) -> bool {
    parameter_name(token).is_some_and(|p| {
        name.get(..p.len())
            .is_some_and(|beginning| beginning.eq_ignore_ascii_case(p))
    })
}

pub(super) fn parameter_name(token: &Tok) -> Option<&str> {
    match &token.data {
        Payload::Parameter { name, .. } => Some(name),
        _ => None,
    }
}

impl Parser<'_> {
    pub(super) fn if_statement(&mut self, first: &Tok) -> StatementAst {
        let start = self.span_of(first);
        let mut clauses: Vec<(PipelineLike, StatementBlock)> = Vec::new();
        let mut keyword = first.clone();
        let mut end;
        let else_clause = loop {
            let word = self.text_of(&keyword);
            let keyword_span = self.span_of(&keyword);
            self.skip_newlines();
            let Some(open) = self.take_if(TokenKind::LParen) else {
                self.incomplete(
                    Self::after(keyword_span),
                    "MissingOpenParenthesisInIfStatement",
                    &[word],
                );
                return Self::error_statement(start.to(keyword_span), Self::clause_parts(clauses));
            };
            self.skip_newlines();
            let condition = match self.pipeline_chain() {
                Some(condition) => condition,
                None => {
                    let at = Self::after(self.span_of(&open));
                    self.incomplete(at, "IfStatementMissingCondition", &[word]);
                    Self::error_statement(at, Vec::new())
                }
            };
            self.skip_newlines();
            let close = self.next();
            let close_span = self.span_of(&close);
            if !close.is(TokenKind::RParen) {
                let before = self.before(close_span);
                self.unget(close);
                if !is_error_statement(&condition) {
                    self.incomplete(close_span, "MissingEndParenthesisAfterStatement", &[word]);
                }
                let mut parts = Self::clause_parts(clauses);
                parts.push(ErrorPart::Statement(condition));
                return Self::error_statement(start.to(before), parts);
            }
            self.skip_newlines();
            let Some(body) = self.statement_block() else {
                self.incomplete(close_span, "MissingStatementBlock", &[word]);
                let mut parts = Self::clause_parts(clauses);
                parts.push(ErrorPart::Statement(condition));
                return Self::error_statement(start.to(close_span), parts);
            };
            end = body.span;
            clauses.push((condition, body));

            // A line end behind the block may be needed by what follows, so it is given back
            // unless `else` comes.
            let restore = self.restore_point();
            self.skip_newlines();
            match self.peek_kind() {
                TokenKind::ElseIf => keyword = self.next(),
                TokenKind::Else => {
                    let keyword = self.next();
                    let keyword_span = self.span_of(&keyword);
                    self.skip_newlines();
                    match self.statement_block() {
                        Some(body) => {
                            end = body.span;
                            break Some(body);
                        }
                        None => {
                            self.incomplete(
                                Self::after(keyword_span),
                                "MissingStatementBlockAfterElse",
                                &[],
                            );
                            return Self::error_statement(
                                start.to(keyword_span),
                                Self::clause_parts(clauses),
                            );
                        }
                    }
                }
                _ => {
                    self.resync(restore);
                    break None;
                }
            }
        };
        StatementAst {
            span: start.to(end),
            kind: StatementKind::If(Box::new(IfStatementAst {
                clauses,
                else_clause,
            })),
        }
    }

    fn clause_parts(clauses: Vec<(PipelineLike, StatementBlock)>) -> Vec<ErrorPart> {
        clauses
            .into_iter()
            .flat_map(|(c, b)| [ErrorPart::Statement(c), ErrorPart::Block(b)])
            .collect()
    }

    pub(super) fn switch_statement(&mut self, label: Option<Label>, keyword: &Tok) -> StatementAst {
        let start = label
            .as_ref()
            .map_or_else(|| self.span_of(keyword), |l| l.span);
        let mut state = SwitchState {
            end: start,
            failed: false,
            incomplete: false,
            parallel: false,
            flags: SwitchFlags::default(),
            given_flags: Vec::new(),
            file: None,
            condition: None,
        };
        self.skip_newlines();
        self.switch_flags(&mut state);
        self.switch_condition(&mut state);
        self.skip_newlines();
        let mut clauses = SwitchClauses::default();
        let mut span = start;
        match self.take_if(TokenKind::LCurly) {
            Some(open) => {
                if let Some(close) = self.switch_body(&open, &mut state, &mut clauses) {
                    span = start.to(close);
                }
            }
            None => {
                if !state.incomplete {
                    state.failed = true;
                    self.incomplete(
                        Self::after(state.end),
                        "MissingCurlyBraceInSwitchStatement",
                        &[],
                    );
                }
            }
        }
        if state.parallel && !state.failed {
            let arguments = ["switch", "parallel"];
            self.later(span, "KeywordParameterReservedForFutureUse", &arguments);
        }
        match (state.file.take(), state.condition) {
            (Some(condition), None) | (None, Some(condition)) if !state.failed => StatementAst {
                span,
                kind: StatementKind::Switch(Box::new(clauses.statement(
                    label.map(|l| l.name),
                    state.flags,
                    condition,
                ))),
            },
            (file, condition) => {
                let file = file.map(ErrorPart::Statement);
                let flags = state.given_flags.into_iter();
                let parts = ErrorStatementAst {
                    keyword: Some((keyword.kind, self.span_of(keyword))),
                    flags: flags
                        .map(|flag| {
                            let value = file.clone().filter(|_| flag.name == "file");
                            (flag, value)
                        })
                        .collect(),
                    conditions: condition.into_iter().map(ErrorPart::Statement).collect(),
                    bodies: clauses.parts(),
                    nested: Vec::new(),
                };
                Self::error_statement_of(start.to(state.end), parts)
            }
        }
    }

    fn switch_flags(&mut self, state: &mut SwitchState) {
        while let Some(token) = self.take_if(TokenKind::Parameter) {
            let span = self.span_of(&token);
            state.end = span;
            let flags = &mut state.flags;
            let mut given = |name| state.given_flags.push(ErrorFlag { name, span });
            if is_parameter(&token, "regex") {
                given("regex");
                flags.regex = true;
                flags.wildcard = false;
            } else if is_parameter(&token, "wildcard") {
                given("wildcard");
                flags.wildcard = true;
                flags.regex = false;
            } else if is_parameter(&token, "exact") {
                given("exact");
                flags.exact = true;
                flags.regex = false;
                flags.wildcard = false;
            } else if is_parameter(&token, "casesensitive") {
                given("casesensitive");
                flags.case_sensitive = true;
            } else if is_parameter(&token, "parallel") {
                given("parallel");
                state.parallel = true;
            } else if is_parameter(&token, "file") {
                given("file");
                flags.file = true;
                self.skip_newlines();
                match self.single_argument(Context::FileName) {
                    Some(name) => {
                        state.end = name.span;
                        state.file = Some(Self::expression_statement(name));
                    }
                    None => {
                        state.failed = true;
                        state.incomplete =
                            self.incomplete(Self::after(span), "MissingFilenameOption", &[]);
                    }
                }
            } else {
                state.failed = true;
                let name = parameter_name(&token).unwrap_or_default();
                self.error(span, "InvalidSwitchFlag", &[name]);
            }
        }
    }

    fn switch_condition(&mut self, state: &mut SwitchState) {
        let Some(open) = self.take_if(TokenKind::LParen) else {
            if !state.flags.file {
                state.failed = true;
                state.incomplete =
                    self.incomplete(Self::after(state.end), "PipelineValueRequired", &[]);
            }
            return;
        };
        let open_span = self.span_of(&open);
        state.end = open_span;
        if state.flags.file {
            state.failed = true;
            self.error(open_span, "PipelineValueRequired", &[]);
        }
        self.skip_newlines();
        match self.pipeline_chain() {
            Some(condition) => {
                state.end = condition.span;
                state.condition = Some(condition);
            }
            None => {
                state.failed = true;
                state.incomplete =
                    self.incomplete(Self::after(open_span), "PipelineValueRequired", &[]);
            }
        }
        self.skip_newlines();
        match self.take_if(TokenKind::RParen) {
            Some(close) => state.end = self.span_of(&close),
            None if !state.incomplete => {
                state.failed = true;
                state.incomplete = self.incomplete(
                    Self::after(state.end),
                    "MissingEndParenthesisInSwitchStatement",
                    &[],
                );
            }
            None => {}
        }
    }

    /// The clauses; gives the place of the closing brace.
    fn switch_body(
        &mut self,
        open: &Tok,
        state: &mut SwitchState,
        clauses: &mut SwitchClauses,
    ) -> Option<Span> {
        let open_span = self.span_of(open);
        state.end = open_span;
        self.skip_newlines();
        loop {
            let default = self.take_if(TokenKind::Default);
            let condition = match &default {
                Some(token) => self.name_expression(token),
                None => match self.single_argument(Context::SwitchCondition) {
                    Some(condition) => condition,
                    None => {
                        state.failed = true;
                        self.incomplete(
                            Self::after(state.end),
                            "MissingSwitchConditionExpression",
                            &[],
                        );
                        self.take_if(TokenKind::RCurly);
                        return None;
                    }
                },
            };
            state.end = condition.span;
            let body = self.statement_block();
            match &body {
                None => {
                    state.failed = true;
                    state.incomplete = self.incomplete(
                        Self::after(state.end),
                        "MissingSwitchStatementClause",
                        &[],
                    );
                }
                Some(body) => {
                    state.end = body.span;
                    if default.is_some() && clauses.has_default() {
                        state.failed = true;
                        self.error(condition.span, "MultipleSwitchDefaultClauses", &[]);
                    }
                }
            }
            clauses.0.push(SwitchClause {
                condition,
                body,
                is_default: default.is_some(),
            });
            self.skip_newlines_and_semicolons();
            let token = self.peek();
            match token.kind {
                TokenKind::RCurly => {
                    let close = self.next();
                    return Some(self.span_of(&close));
                }
                TokenKind::EndOfInput => {
                    if !state.incomplete {
                        state.failed = true;
                        let noticed = self.text.len();
                        self.incomplete_at(open_span, noticed, "MissingEndCurlyBrace", &[]);
                    }
                    return None;
                }
                _ => {}
            }
        }
    }
}

/// What is known of a `switch` so far.
struct SwitchState {
    end: Span,
    failed: bool,
    incomplete: bool,
    parallel: bool,
    flags: SwitchFlags,
    /// The flags as written, for a statement that fails.
    given_flags: Vec<ErrorFlag>,
    /// The name after `-file`.
    file: Option<PipelineLike>,
    /// What stands in parentheses.
    condition: Option<PipelineLike>,
}

/// A clause as it was read.
struct SwitchClause {
    condition: ExpressionAst,
    body: Option<StatementBlock>,
    is_default: bool,
}

/// The clauses of a `switch` in source order.
#[derive(Default)]
struct SwitchClauses(Vec<SwitchClause>);

impl SwitchClauses {
    fn has_default(&self) -> bool {
        self.0.iter().any(|c| c.is_default && c.body.is_some())
    }

    fn statement(
        self,
        label: Option<std::rc::Rc<str>>,
        flags: SwitchFlags,
        condition: PipelineLike,
    ) -> SwitchStatementAst {
        let mut statement = SwitchStatementAst {
            label,
            flags,
            condition,
            clauses: Vec::new(),
            default: None,
            default_index: 0,
        };
        for clause in self.0 {
            let Some(body) = clause.body else { continue };
            if clause.is_default {
                statement.default_index = statement.clauses.len();
                statement.default = Some(body);
            } else {
                statement.clauses.push((clause.condition, body));
            }
        }
        statement
    }

    /// The clauses as what is left of a `switch`.
    fn parts(self) -> Vec<ErrorPart> {
        let parts = self.0.into_iter().flat_map(|clause| {
            let condition = ErrorPart::Expression(clause.condition);
            std::iter::once(condition).chain(clause.body.map(ErrorPart::Block))
        });
        parts.collect()
    }
}
