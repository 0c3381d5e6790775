//! `using namespace`, `using module`, `using assembly`.

use super::ast::*;
use super::commands::Context;
use super::lexer::Tok;
use super::parser::Parser;
use super::token::TokenKind;

impl Parser<'_> {
    /// The using statements at the start of a file.
    pub(super) fn usings(&mut self) -> Vec<UsingStatementAst> {
        let mut list = Vec::new();
        if !matches!(self.peek_char(), 'u' | 'U') {
            return list;
        }
        while self.peek_kind() == TokenKind::Using {
            let token = self.next();
            let (_, using) = self.using_statement(&token);
            self.skip_newlines_and_semicolons();
            list.extend(using);
        }
        let at = self.restore_point();
        self.resync(at);
        list
    }

    /// One statement with its extent; nothing if it is wrong.
    pub(super) fn using_statement(&mut self, token: &Tok) -> (Span, Option<UsingStatementAst>) {
        use TokenKind::*;
        let start = self.span_of(token);
        let directive = self.next();
        let kind = match directive.kind {
            Namespace => UsingKind::Namespace,
            Type => UsingKind::Type,
            Module => UsingKind::Module,
            Command => UsingKind::Command,
            Assembly => UsingKind::Assembly,
            _ => {
                self.unget(directive);
                self.incomplete(Self::after(start), "MissingUsingStatementDirective", &[]);
                return (start, None);
            }
        };
        let directive_span = self.span_of(&directive);
        let item = self.next();
        if matches!(item.kind, EndOfInput | NewLine | Comma | Semi) {
            self.incomplete(Self::after(directive_span), "MissingUsingItemName", &[]);
            return (start.to(directive_span), None);
        }
        let item_span = self.span_of(&item);
        let item_text = self.text_of(&item);
        let Some(value) = self.command_argument(Context::Argument, item) else {
            self.error(item_span, "InvalidValueForUsingItemName", &[item_text]);
            self.sync(true, &[Semi, NewLine]);
            return (start.to(item_span), None);
        };
        let mut using = UsingStatementAst {
            span: start.to(value.span),
            kind,
            name: None,
            name_span: value.span,
            alias: None,
            specification: None,
        };
        let value_span = value.span;
        match value.kind {
            ExpressionKind::String { value, .. } => using.name = Some(value),
            ExpressionKind::Hashtable(_) if kind == UsingKind::Module => {
                using.specification = Some(Box::new(value));
                self.require_terminator();
                return (using.span, Some(using));
            }
            _ => {
                let text = self.span_text(value.span);
                self.error(value.span, "InvalidValueForUsingItemName", &[text]);
                return (using.span, None);
            }
        }
        if kind != UsingKind::Assembly {
            if let Some(equals) = self.take_if(Equals) {
                return self.using_alias(start, using, &equals);
            }
            if matches!(kind, UsingKind::Type | UsingKind::Command) {
                let at = Self::after(item_span);
                self.incomplete(at, "MissingEqualsInUsingAlias", &[]);
                return (start.to(value_span), None);
            }
        }
        self.require_terminator();
        (using.span, Some(using))
    }

    /// What stands behind `=`; the first name is then the alias.
    fn using_alias(
        &mut self,
        start: Span,
        mut using: UsingStatementAst,
        equals: &Tok,
    ) -> (Span, Option<UsingStatementAst>) {
        use TokenKind::*;
        let equals = self.span_of(equals);
        let token = self.next();
        let token_span = self.span_of(&token);
        let text = self.text_of(&token);
        match token.kind {
            EndOfInput | NewLine | Semi => {
                self.unget(token);
                self.incomplete(Self::after(equals), "MissingNamespaceAlias", &[]);
                return (start.to(equals), None);
            }
            Comma => {
                self.error(token_span, "UnexpectedUnaryOperator", &[text]);
                return (start.to(token_span), None);
            }
            _ => {}
        }
        let value = self.command_argument(Context::Argument, token);
        let value_span = value.as_ref().map_or(token_span, |v| v.span);
        match value {
            Some(ExpressionAst {
                kind: ExpressionKind::String { value, .. },
                ..
            }) => {
                using.alias = using.name.replace(value);
                using.name_span = value_span;
            }
            Some(
                table @ ExpressionAst {
                    kind: ExpressionKind::Hashtable(_),
                    ..
                },
            ) if using.kind == UsingKind::Module => {
                using.alias = using.name.take();
                using.specification = Some(Box::new(table));
            }
            _ => {
                let text = self.span_text(value_span);
                self.error(value_span, "InvalidValueForUsingItemName", &[text]);
                return (start.to(value_span), None);
            }
        }
        using.span = start.to(value_span);
        self.require_terminator();
        (using.span, Some(using))
    }

    fn require_terminator(&mut self) {
        let token = self.peek();
        let (kind, start, end) = (token.kind, token.start, token.end);
        match kind {
            TokenKind::NewLine | TokenKind::Semi => self.skip(),
            TokenKind::EndOfInput => {}
            _ => {
                let span = self.map.span(start, end);
                self.incomplete(span, "MissingStatementTerminator", &[]);
            }
        }
    }
}
