//! `foreach`, `for`, `while`, `do`.

use super::ast::*;
use super::commands::Context;
use super::conditions::{is_parameter, parameter_name};
use super::lexer::{Payload, Tok};
use super::parser::{Parser, is_error_statement};
use super::statements::Label;
use super::token::TokenKind;

impl Parser<'_> {
    fn loop_start(&self, label: &Option<Label>, keyword: &Tok) -> Span {
        label
            .as_ref()
            .map_or_else(|| self.span_of(keyword), |l| l.span)
    }

    pub(super) fn foreach_statement(
        &mut self,
        label: Option<Label>,
        keyword: &Tok,
    ) -> StatementAst {
        let start = self.loop_start(&label, keyword);
        let keyword_span = self.span_of(keyword);
        self.skip_newlines();
        let (parallel, throttle, bad_flag) = self.foreach_flags();
        let mut end_of_error = bad_flag;
        let Some(open) = self.take_if(TokenKind::LParen) else {
            self.incomplete(
                Self::after(keyword_span),
                "MissingOpenParenthesisAfterKeyword",
                &[keyword.kind.text()],
            );
            return Self::error_statement(start.to(keyword_span), Vec::new());
        };
        self.skip_newlines();
        let token = self.next();
        let Payload::Variable(variable) = token.data.clone() else {
            let open = self.span_of(&open);
            self.unget(token);
            self.incomplete(Self::after(open), "MissingVariableNameAfterForeach", &[]);
            return Self::error_statement(start.to(open), Vec::new());
        };
        let variable_span = self.span_of(&token);
        self.refuse_splat(&token, &variable);
        self.skip_newlines();
        let mut expression = None;
        let mut body = None;
        match self.take_if(TokenKind::In) {
            None => {
                end_of_error = Some(variable_span);
                self.incomplete(Self::after(variable_span), "MissingInInForeach", &[]);
            }
            Some(word) => {
                self.skip_newlines();
                expression = self.pipeline_chain();
                match &expression {
                    None => {
                        let span = self.span_of(&word);
                        end_of_error = Some(span);
                        self.incomplete(Self::after(span), "MissingForeachExpression", &[]);
                    }
                    Some(e) => {
                        let e = e.span;
                        self.skip_newlines();
                        match self.take_if(TokenKind::RParen) {
                            None => {
                                end_of_error = Some(e);
                                self.incomplete(
                                    Self::after(e),
                                    "MissingEndParenthesisAfterForeach",
                                    &[],
                                );
                            }
                            Some(close) => {
                                body = self.statement_block();
                                if body.is_none() {
                                    let span = self.span_of(&close);
                                    end_of_error = Some(span);
                                    self.incomplete(
                                        Self::after(span),
                                        "MissingForeachStatement",
                                        &[],
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
        match (end_of_error, expression, body) {
            (None, Some(expression), Some(body)) => {
                let span = start.to(body.span);
                if parallel {
                    self.later(
                        span,
                        "KeywordParameterReservedForFutureUse",
                        &["foreach", "parallel"],
                    );
                }
                if throttle {
                    self.later(
                        span,
                        "KeywordParameterReservedForFutureUse",
                        &["foreach", "throttlelimit"],
                    );
                    if !parallel {
                        self.later(span, "ThrottleLimitRequiresParallelFlag", &[]);
                    }
                }
                StatementAst {
                    span,
                    kind: StatementKind::ForEach(Box::new(ForEachStatementAst {
                        label: label.map(|l| l.name),
                        variable,
                        variable_span,
                        expression,
                        body,
                    })),
                }
            }
            (end, expression, body) => {
                let mut parts = vec![ErrorPart::Expression(ExpressionAst {
                    span: variable_span,
                    kind: ExpressionKind::Variable(variable),
                })];
                parts.extend(expression.map(ErrorPart::Statement));
                parts.extend(body.map(ErrorPart::Block));
                Self::error_statement(start.to(end.unwrap_or(start)), parts)
            }
        }
    }

    /// Flags before the parenthesis; gives whether `-parallel` and `-throttlelimit` stand there,
    /// and the place of an unknown one.
    fn foreach_flags(&mut self) -> (bool, bool, Option<Span>) {
        let (mut parallel, mut throttle, mut bad) = (false, false, None);
        while let Some(token) = self.take_if(TokenKind::Parameter) {
            let span = self.span_of(&token);
            if is_parameter(&token, "parallel") {
                parallel = true;
            } else if is_parameter(&token, "throttlelimit") {
                self.skip_newlines();
                throttle = self.single_argument(Context::Argument).is_some();
                if !throttle {
                    self.incomplete(Self::after(span), "MissingThrottleLimit", &[]);
                }
            } else {
                bad = Some(span);
                let name = parameter_name(&token).unwrap_or_default();
                self.error(span, "InvalidForeachFlag", &[name]);
            }
            self.skip_newlines();
        }
        (parallel, throttle, bad)
    }

    pub(super) fn for_statement(&mut self, label: Option<Label>, keyword: &Tok) -> StatementAst {
        let start = self.loop_start(&label, keyword);
        let keyword_span = self.span_of(keyword);
        let word = keyword.kind.text();
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LParen) else {
            let at = Self::after(keyword_span);
            self.incomplete(at, "MissingOpenParenthesisAfterKeyword", &[word]);
            return Self::error_statement(start.to(keyword_span), Vec::new());
        };
        let mut end = self.span_of(&open);
        let mut part = |p: &mut Self, terminated: bool| {
            p.skip_newlines();
            let part = p.pipeline_chain();
            if let Some(part) = &part {
                end = part.span;
            }
            if terminated && let Some(semicolon) = p.take_if(TokenKind::Semi) {
                end = p.span_of(&semicolon);
            }
            part
        };
        let initializer = part(self, true);
        let condition = part(self, true);
        let iterator = part(self, false);
        self.skip_newlines();
        let body = match self.take_if(TokenKind::RParen) {
            None => {
                let at = Self::after(end);
                self.incomplete(at, "MissingEndParenthesisAfterStatement", &[word]);
                None
            }
            Some(close) => {
                let body = self.statement_block();
                if body.is_none() {
                    end = self.span_of(&close);
                    self.incomplete(Self::after(end), "MissingLoopStatement", &[word]);
                }
                body
            }
        };
        let Some(body) = body else {
            let parts = [initializer, condition, iterator]
                .into_iter()
                .flatten()
                .map(ErrorPart::Statement)
                .collect();
            return Self::error_statement(start.to(end), parts);
        };
        StatementAst {
            span: start.to(body.span),
            kind: StatementKind::For(Box::new(ForStatementAst {
                label: label.map(|l| l.name),
                initializer,
                condition,
                iterator,
                body,
            })),
        }
    }

    pub(super) fn while_statement(&mut self, label: Option<Label>, keyword: &Tok) -> StatementAst {
        let start = self.loop_start(&label, keyword);
        let keyword_span = self.span_of(keyword);
        let word = keyword.kind.text();
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LParen) else {
            let at = Self::after(keyword_span);
            let written = self.text_of(keyword);
            self.incomplete(at, "MissingOpenParenthesisAfterKeyword", &[written]);
            return Self::error_statement(start.to(keyword_span), Vec::new());
        };
        self.skip_newlines();
        let condition = match self.pipeline_chain() {
            Some(condition) => condition,
            None => {
                let at = Self::after(self.span_of(&open));
                self.incomplete(at, "MissingExpressionAfterKeyword", &[word]);
                Self::error_statement(at, Vec::new())
            }
        };
        self.skip_newlines();
        let Some(close) = self.take_if(TokenKind::RParen) else {
            let span = start.to(condition.span);
            if !is_error_statement(&condition) {
                self.incomplete(
                    Self::after(condition.span),
                    "MissingEndParenthesisAfterStatement",
                    &[word],
                );
            }
            return Self::error_statement(span, vec![ErrorPart::Statement(condition)]);
        };
        self.skip_newlines();
        let Some(body) = self.statement_block() else {
            let close = self.span_of(&close);
            self.incomplete(Self::after(close), "MissingLoopStatement", &[word]);
            return Self::error_statement(start.to(close), vec![ErrorPart::Statement(condition)]);
        };
        StatementAst {
            span: start.to(body.span),
            kind: StatementKind::While {
                label: label.map(|l| l.name),
                condition: Box::new(condition),
                body,
            },
        }
    }

    pub(super) fn do_statement(&mut self, label: Option<Label>, keyword: &Tok) -> StatementAst {
        let start = self.loop_start(&label, keyword);
        let keyword_span = self.span_of(keyword);
        let Some(body) = self.statement_block() else {
            self.incomplete(Self::after(keyword_span), "MissingLoopStatement", &["do"]);
            return Self::error_statement(start.to(keyword_span), Vec::new());
        };
        let failed_do = |span, conditions, body| {
            let parts = ErrorStatementAst {
                keyword: Some((TokenKind::Do, keyword_span)),
                conditions,
                bodies: vec![ErrorPart::Block(body)],
                ..ErrorStatementAst::default()
            };
            Self::error_statement_of(span, parts)
        };
        self.skip_newlines();
        let word = self.next();
        if !matches!(word.kind, TokenKind::While | TokenKind::Until) {
            self.unget(word);
            self.incomplete(Self::after(body.span), "MissingWhileOrUntilInDoWhile", &[]);
            return failed_do(start.to(body.span), Vec::new(), body);
        }
        let word_span = self.span_of(&word);
        let text = word.kind.text();
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LParen) else {
            let at = Self::after(word_span);
            self.incomplete(at, "MissingOpenParenthesisAfterKeyword", &[text]);
            return failed_do(start.to(word_span), Vec::new(), body);
        };
        self.skip_newlines();
        let condition = self.pipeline_chain();
        let mut failed = None;
        if condition.is_none() {
            let end = self.span_of(&open);
            failed = Some(end);
            self.incomplete(Self::after(end), "MissingExpressionAfterKeyword", &[text]);
        }
        self.skip_newlines();
        let close = self.take_if(TokenKind::RParen);
        if close.is_none()
            && let Some(condition) = &condition
        {
            let end = condition.span;
            failed = Some(end);
            self.incomplete(
                Self::after(end),
                "MissingEndParenthesisAfterStatement",
                &[text],
            );
        }
        let (condition, close) = match (condition, close, failed) {
            (Some(condition), Some(close), None) => (condition, close),
            (condition, _, failed) => {
                let end = failed.unwrap_or(body.span);
                let conditions = condition.into_iter().map(ErrorPart::Statement).collect();
                return failed_do(start.to(end), conditions, body);
            }
        };
        let condition = Box::new(condition);
        let label = label.map(|l| l.name);
        StatementAst {
            span: start.to(self.span_of(&close)),
            kind: if word.is(TokenKind::Until) {
                StatementKind::DoUntil {
                    label,
                    condition,
                    body,
                }
            } else {
                StatementKind::DoWhile {
                    label,
                    condition,
                    body,
                }
            },
        }
    }
}
