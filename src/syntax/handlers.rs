//! `try`, `trap` and `data`.

use super::ast::*;
use super::commands::Context;
use super::conditions::{is_parameter, parameter_name};
use super::lexer::Tok;
use super::parser::Parser;
use super::statements::Parsed;
use super::token::TokenKind;

impl Parser<'_> {
    pub(super) fn try_statement(&mut self, keyword: &Tok) -> StatementAst {
        let start = self.span_of(keyword);
        self.skip_newlines();
        let Some(body) = self.statement_block() else {
            self.incomplete(Self::after(start), "MissingTryStatementBlock", &[]);
            return Self::error_statement(start, Vec::new());
        };
        let mut catches = Vec::new();
        let (mut failed, mut lost) = (None, Vec::new());
        while let Some(clause) = self.catch_clause(&mut failed, &mut lost) {
            catches.push(clause);
        }
        self.skip_newlines();
        let mut finally = None;
        if let Some(word) = self.take_if(TokenKind::Finally) {
            finally = self.statement_block();
            if finally.is_none() {
                let span = self.span_of(&word);
                failed = Some(span);
                self.incomplete(Self::after(span), "MissingFinallyStatementBlock", &[]);
            }
        }
        let last = finally
            .as_ref()
            .map(|f| f.span)
            .or(catches.last().map(|c| c.span));
        if last.is_none() && failed.is_none() {
            failed = Some(body.span);
            self.incomplete(Self::after(body.span), "MissingCatchOrFinally", &[]);
        }
        if let Some(end) = failed {
            let mut parts = vec![ErrorPart::Block(body)];
            parts.extend(catches.into_iter().map(ErrorPart::Catch));
            parts.extend(lost.into_iter().map(ErrorPart::Type));
            return Self::error_statement(start.to(end), parts);
        }
        StatementAst {
            span: start.to(last.unwrap_or(body.span)),
            kind: StatementKind::Try(Box::new(TryStatementAst {
                body,
                catches,
                finally,
            })),
        }
    }

    /// A clause; `lost` takes the types of one that has no block.
    fn catch_clause(
        &mut self,
        failed: &mut Option<Span>,
        lost: &mut Vec<TypeConstraintAst>,
    ) -> Option<CatchClauseAst> {
        self.skip_newlines();
        let word = self.take_if(TokenKind::Catch)?;
        let word_span = self.span_of(&word);
        let mut types: Vec<TypeConstraintAst> = Vec::new();
        let mut comma: Option<Span> = None;
        let mut reported = false;
        loop {
            let restore = self.restore_point();
            self.skip_newlines();
            match self.attribute() {
                None => {
                    if let Some(comma) = comma {
                        *failed = Some(comma);
                        reported = true;
                        self.incomplete(Self::after(comma), "MissingTypeLiteralToken", &[]);
                    }
                    break;
                }
                Some(AttributeBaseAst::Attribute(_)) => {
                    self.resync(restore);
                    break;
                }
                Some(AttributeBaseAst::TypeConstraint(t)) => types.push(t),
            }
            self.skip_newlines();
            match self.take_if(TokenKind::Comma) {
                Some(token) => comma = Some(self.span_of(&token)),
                None => break,
            }
        }
        let Some(body) = self.statement_block() else {
            if !reported {
                let end = types.last().map_or(word_span, |t| t.span);
                *failed = Some(end);
                self.incomplete(Self::after(end), "MissingCatchHandlerBlock", &[]);
            }
            *lost = types;
            return None;
        };
        Some(CatchClauseAst {
            span: word_span.to(body.span),
            types,
            body,
        })
    }

    pub(super) fn trap_statement(&mut self, keyword: &Tok) -> Parsed {
        let start = self.span_of(keyword);
        let restore = self.restore_point();
        self.skip_newlines();
        let type_constraint = match self.attribute() {
            Some(AttributeBaseAst::TypeConstraint(t)) => Some(t),
            Some(AttributeBaseAst::Attribute(_)) => {
                self.resync(restore);
                None
            }
            None => None,
        };
        match self.statement_block() {
            Some(body) => Parsed::Trap(TrapStatementAst {
                span: start.to(body.span),
                type_constraint,
                body,
            }),
            None => {
                let end = type_constraint.as_ref().map_or(start, |t| t.span);
                self.incomplete(Self::after(end), "MissingTrapStatement", &[]);
                let parts = type_constraint.into_iter().map(ErrorPart::Type).collect();
                Parsed::Statement(Self::error_statement(start.to(end), parts))
            }
        }
    }

    pub(super) fn data_statement(&mut self, keyword: &Tok) -> StatementAst {
        let start = self.span_of(keyword);
        self.skip_newlines();
        let name = self.simple_name();
        self.skip_newlines();
        let mut failed = None;
        let mut supported = Vec::new();
        if let Some(parameter) = self.take_if(TokenKind::Parameter) {
            let span = self.span_of(&parameter);
            if !is_parameter(&parameter, "SupportedCommand") {
                failed = Some(span);
                let name = parameter_name(&parameter).unwrap_or_default();
                self.error(span, "InvalidParameterForDataSectionStatement", &[name]);
            }
            let mut before = span;
            loop {
                self.skip_newlines();
                let Some(command) = self.single_argument(Context::CommandName) else {
                    if failed.is_none() {
                        self.incomplete(
                            Self::after(before),
                            "MissingValueForSupportedCommandInDataSectionStatement",
                            &[],
                        );
                    }
                    failed = Some(before);
                    break;
                };
                supported.push(command);
                match self.take_if(TokenKind::Comma) {
                    Some(comma) => before = self.span_of(&comma),
                    None => break,
                }
            }
        }
        let body = if failed.is_none() {
            self.statement_block()
        } else {
            None
        };
        let Some(body) = body else {
            let end = failed.unwrap_or_else(|| {
                let end = supported.last().map(|s: &ExpressionAst| s.span);
                let end = end.or(name.as_ref().map(|n| self.span_of(n)));
                let end = end.unwrap_or(start);
                self.incomplete(Self::after(end), "MissingStatementBlockForDataSection", &[]);
                end
            });
            let parts = supported.into_iter().map(ErrorPart::Expression).collect();
            return Self::error_statement(start.to(end), parts);
        };
        let name = name.map(|n| self.text_of(&n).into());
        StatementAst {
            span: start.to(body.span),
            kind: StatementKind::Data {
                name,
                supported,
                body,
            },
        }
    }
}
