//! Members, method calls and indexes behind a value; nothing may stand between.

use super::ast::*;
use super::chars::*;
use super::commands::Context;
use super::lexer::{Mode, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};

impl Parser<'_> {
    /// `.`, `::`, `[`, `?.` or `?[` right behind the value. Block comments may stand between.
    pub(super) fn member_operator(&mut self, brackets: bool) -> Option<Tok> {
        use TokenKind::*;
        if self.ungot.is_some() {
            return None;
        }
        while self.peek_char() == '<' && self.char_at(self.pos + 1) == '#' {
            self.token_start = self.pos;
            self.pos += 2;
            self.block_comment();
        }
        self.token_start = self.pos;
        let next = self.char_at(self.pos + 1);
        let command = self.mode == Mode::Command;
        let ends = |c: char| is_blank(c) || matches!(c, END | '\r' | '\n');
        let (length, kind) = match (self.peek_char(), next) {
            ('.', '.') => return None,
            ('.', c) if command && ends(c) => return None,
            ('.', _) => (1, Dot),
            (':', ':') if command && ends(self.char_at(self.pos + 2)) => return None,
            (':', ':') => (2, ColonColon),
            ('[', _) if brackets => (1, LBracket),
            ('?', '.') => (2, QuestionDot),
            ('?', '[') if brackets => (2, QuestionLBracket),
            _ => return None,
        };
        self.pos += length;
        Some(self.token(kind))
    }

    /// Follows members and indexes as far as they go.
    pub(super) fn members(
        &mut self,
        first: Option<Tok>,
        mut target: ExpressionAst,
    ) -> ExpressionAst {
        let mut operator = first;
        while let Some(token) = operator {
            self.skip_newlines();
            target = match token.kind {
                TokenKind::LBracket | TokenKind::QuestionLBracket => self.index(target, &token),
                _ => self.member(target, &token),
            };
            operator = self.member_operator(true);
        }
        target
    }

    fn member_name(&mut self) -> Option<ExpressionAst> {
        if let Some(name) = self.simple_name() {
            return Some(self.name_expression(&name));
        }
        let kind = self.peek_kind();
        if kind.has(flags::UNARY) || kind == TokenKind::LBracket {
            return self.unary_expression(false);
        }
        self.deeper(|p| p.primary(false))
    }

    fn member(&mut self, target: ExpressionAst, operator: &Tok) -> ExpressionAst {
        let is_static = operator.is(TokenKind::ColonColon);
        let null_conditional = operator.is(TokenKind::QuestionDot);
        let member = match self.member_name() {
            None => {
                let at = self.span_of(operator);
                self.incomplete(Self::after(at), "MissingPropertyName", &[]);
                let span = target.span.to(at);
                self.single_argument(Context::Argument)
                    .unwrap_or_else(|| Self::error_expression(span, Vec::new()))
            }
            Some(member) => {
                if self.ungot.is_none() {
                    let restore = self.pos;
                    let generic = self.generic_method_arguments(restore);
                    if let Some(open) = self.invocation_open() {
                        let generic_arguments = generic.map(|g| g.0).unwrap_or_default();
                        let (arguments, end) = self.invocation(&open);
                        return ExpressionAst {
                            span: target.span.to(end),
                            kind: ExpressionKind::InvokeMember(Box::new(InvokeMemberAst {
                                target,
                                member,
                                arguments,
                                is_static,
                                null_conditional,
                                generic_arguments,
                            })),
                        };
                    }
                    if generic.is_some_and(|g| g.1) {
                        self.resync(restore);
                    }
                }
                member
            }
        };
        ExpressionAst {
            span: target.span.to(member.span),
            kind: ExpressionKind::Member(Box::new(MemberExpressionAst {
                in_null_chain: target.passes_null_on(),
                target,
                member,
                is_static,
                null_conditional,
            })),
        }
    }

    /// `[int, string]` between a method's name and its arguments; says also whether it was closed.
    fn generic_method_arguments(&mut self, restore: usize) -> Option<(Vec<TypeName>, bool)> {
        let mut at = self.pos;
        while is_blank(self.char_at(at)) {
            at += self.char_at(at).len_utf8();
        }
        if self.char_at(at) != '[' {
            return None;
        }
        let open = self.next();
        if !open.is(TokenKind::LBracket) {
            self.resync(restore);
            return None;
        }
        let mode = self.set_mode(Mode::TypeName);
        self.skip_newlines();
        let first = self.next();
        let mut found = None;
        if first.is(TokenKind::Identifier) {
            let (arguments, close) = self.generic_arguments(&first);
            let closed = close.is(TokenKind::RBracket);
            if !closed {
                let at = self.before(self.span_of(&close));
                self.unget(close);
                self.incomplete(at, "EndSquareBracketExpectedAtEndOfType", &[]);
            }
            found = Some((arguments, closed));
        }
        self.set_mode(mode);
        if found.is_none() {
            self.resync(restore);
        }
        found
    }

    fn invocation_open(&mut self) -> Option<Tok> {
        if self.ungot.is_some() {
            return None;
        }
        self.token_start = self.pos;
        let kind = match self.peek_char() {
            '(' => TokenKind::LParen,
            '{' => TokenKind::LCurly,
            _ => return None,
        };
        self.pos += 1;
        Some(self.token(kind))
    }

    /// Arguments in parentheses, or a script block as the only one.
    fn invocation(&mut self, open: &Tok) -> (Vec<ExpressionAst>, Span) {
        if open.is(TokenKind::LParen) {
            return self.invocation_arguments(open);
        }
        self.skip_newlines();
        let block = self.script_block_expression(open);
        let span = block.span;
        (vec![block], span)
    }

    /// Arguments up to the closing parenthesis, with the place of the last thing read.
    pub(super) fn invocation_arguments(&mut self, open: &Tok) -> (Vec<ExpressionAst>, Span) {
        let mut arguments: Vec<ExpressionAst> = Vec::new();
        let mut comma: Option<Span> = None;
        let mut reported = false;
        let no_comma = std::mem::replace(&mut self.no_comma, true);
        loop {
            self.skip_newlines();
            let Some(argument) = self.expression(false) else {
                if let Some(comma) = comma {
                    let at = Self::after(comma);
                    self.incomplete(at, "MissingExpressionAfterToken", &[","]);
                    reported = true;
                }
                break;
            };
            arguments.push(argument);
            self.skip_newlines();
            comma = None;
            match self.take_if(TokenKind::Comma) {
                Some(token) => comma = Some(self.span_of(&token)),
                None => break,
            }
        }
        self.skip_newlines();
        let close = self.take_if(TokenKind::RParen);
        let last = arguments.last().map(|a| a.span);
        if close.is_none() && !reported {
            let at = Self::after(last.unwrap_or(self.span_of(open)));
            self.incomplete(at, "MissingEndParenthesisInMethodCall", &[]);
        }
        self.no_comma = no_comma;
        let end = close
            .map(|token| self.span_of(&token))
            .or(comma)
            .or(last)
            .unwrap_or_else(|| self.span_of(open));
        (arguments, end)
    }

    fn index(&mut self, target: ExpressionAst, open: &Tok) -> ExpressionAst {
        self.skip_newlines();
        let no_comma = std::mem::replace(&mut self.no_comma, false);
        let index = self.expression(false);
        self.no_comma = no_comma;
        let open_span = self.span_of(open);
        let missing = index.is_none();
        let index = index.unwrap_or_else(|| {
            self.incomplete(Self::after(open_span), "MissingArrayIndexExpression", &[]);
            Self::error_expression(open_span, Vec::new())
        });
        self.skip_newlines();
        let close = self.take_if(TokenKind::RBracket);
        if close.is_none() && !missing && !matches!(index.kind, ExpressionKind::Error(_)) {
            self.incomplete(Self::after(index.span), "MissingEndSquareBracket", &[]);
        }
        let end = close.map_or(index.span, |token| self.span_of(&token));
        ExpressionAst {
            span: target.span.to(end),
            kind: ExpressionKind::Index {
                in_null_chain: target.passes_null_on(),
                target: Box::new(target),
                index: Box::new(index),
                null_conditional: open.is(TokenKind::QuestionLBracket),
            },
        }
    }
}
