//! Bracketed values: parentheses, subexpressions, arrays, hash literals, and the
//! expressions inside strings.

use super::ast::*;
use super::lexer::{Expandable, Mode, Part, Tok};
use super::parser::Parser;
use super::token::{Token, TokenKind};
use std::rc::Rc;

impl Parser<'_> {
    /// `( pipeline )`
    pub(super) fn parenthesized(&mut self, open: &Tok) -> ExpressionAst {
        let open_span = self.span_of(open);
        let mode = self.set_mode(Mode::Command);
        let no_comma = std::mem::replace(&mut self.no_comma, false);
        self.skip_newlines();
        let content = match self.pipeline_chain() {
            Some(content) => content,
            None => {
                let at = Self::after(open_span);
                self.incomplete(at, "ExpectedExpression", &[]);
                Self::error_statement(at, Vec::new())
            }
        };
        self.skip_newlines();
        let close = self.take_if(TokenKind::RParen);
        if close.is_none() {
            let at = Self::after(content.span);
            self.incomplete(at, "MissingEndParenthesisInExpression", &[]);
        }
        self.no_comma = no_comma;
        self.set_mode(mode);
        let end = close.map_or(content.span, |token| self.span_of(&token));
        ExpressionAst {
            span: open_span.to(end),
            kind: ExpressionKind::Paren(Box::new(content)),
        }
    }

    /// `$( )` and `@( )`
    pub(super) fn subexpression(&mut self, open: &Tok) -> ExpressionAst {
        let open_span = self.span_of(open);
        let no_comma = std::mem::replace(&mut self.no_comma, false);
        let mode = self.set_mode(Mode::Command);
        self.skip_newlines();
        let mut block = StatementBlock::default();
        let list = self.statement_list(&mut block);
        self.skip_newlines();
        let close = self.next();
        let close_span = self.span_of(&close);
        let end = if close.is(TokenKind::RParen) {
            close_span
        } else {
            self.unget(close);
            self.incomplete(close_span, "MissingEndParenthesisInSubexpression", &[]);
            list.unwrap_or(open_span)
        };
        self.no_comma = no_comma;
        self.set_mode(mode);
        block.span = list.unwrap_or(Self::after(open_span));
        ExpressionAst {
            span: open_span.to(end),
            kind: if open.is(TokenKind::DollarParen) {
                ExpressionKind::SubExpression(block)
            } else {
                ExpressionKind::Array(block)
            },
        }
    }

    /// `@{ key = value }`
    pub(super) fn hash_literal(&mut self, open: &Tok) -> ExpressionAst {
        let open_span = self.span_of(open);
        self.skip_newlines();
        let mut entries = Vec::new();
        while let Some(entry) = self.hash_entry() {
            entries.push(entry);
            if !matches!(self.peek_kind(), TokenKind::NewLine | TokenKind::Semi) {
                break;
            }
            self.skip_newlines_and_semicolons();
        }
        let close = self.next();
        let close_span = self.span_of(&close);
        let end = if close.is(TokenKind::RCurly) {
            close_span
        } else {
            let noticed = close.end;
            self.unget(close);
            self.incomplete_at(Self::after(open_span), noticed, "MissingEndCurlyBrace", &[]);
            self.before(close_span)
        };
        ExpressionAst {
            // What is missing may lie before the end of the opening mark.
            span: Span {
                start: open_span.start,
                end: end.end,
            },
            kind: ExpressionKind::Hashtable(entries),
        }
    }

    fn hash_entry(&mut self) -> Option<(ExpressionAst, StatementAst)> {
        let mode = self.set_mode(Mode::Expression);
        let entry = self.hash_entry_inner();
        self.set_mode(mode);
        entry
    }

    fn hash_entry_inner(&mut self) -> Option<(ExpressionAst, StatementAst)> {
        let outer = self.mode;
        let key = self.label_or_key()?;
        let Some(equals) = self.take_if(TokenKind::Equals) else {
            let at = Self::after(key.span);
            self.error(at, "MissingEqualsInHashLiteral", &[]);
            self.sync(
                false,
                &[TokenKind::RCurly, TokenKind::Semi, TokenKind::NewLine],
            );
            return Some((key, Self::error_statement(at, Vec::new())));
        };
        self.set_mode(Mode::Command);
        self.skip_newlines();
        let value = match self.statement() {
            Some(parsed) => parsed.into_statement(),
            None => {
                let at = Self::after(self.span_of(&equals));
                self.incomplete(at, "MissingStatementInHashLiteral", &[]);
                Self::error_statement(at, Vec::new())
            }
        };
        self.set_mode(outer);
        Some((key, value))
    }

    /// A string or word with expressions in it.
    pub(super) fn expandable(
        &mut self,
        token: &Tok,
        content: &Expandable,
        quoting: StringQuoting,
    ) -> ExpressionAst {
        let mut parts = Vec::with_capacity(content.parts.len());
        for part in &content.parts {
            parts.push(match part {
                Part::Text(text) => StringPart::Text(Rc::from(text.as_str())),
                Part::Variable(path, span) => {
                    self.note_nested(token, *span);
                    StringPart::Expression(string_variable(path.clone(), *span))
                }
                Part::Sub {
                    text,
                    start,
                    dropped,
                } => StringPart::Expression(self.nested_expression(text, *start, dropped)),
            });
        }
        ExpressionAst {
            span: self.span_of(token),
            kind: ExpressionKind::Expandable {
                parts,
                quoting,
                raw: Rc::from(content.value.as_str()),
            },
        }
    }

    /// Records a variable inside a string as part of the string's token.
    fn note_nested(&mut self, string: &Tok, span: Span) {
        let start = self.map.offset(string.start) as u32;
        if let Some(saved) = &mut self.saved
            && let Some(token) = saved.iter_mut().rev().find(|t| t.span.start == start)
        {
            token.nested.push(Token {
                span,
                kind: TokenKind::Variable,
                flags: 0,
                nested: Vec::new(),
            });
        }
    }

    /// Parses `$(...)` inside a string with a parser of its own that shares the errors.
    fn nested_expression(
        &mut self,
        text: &str,
        start: usize,
        dropped: &[(usize, usize)],
    ) -> ExpressionAst {
        let mut inner = Parser::new(text, self.saved.is_some());
        inner.map = self.map.nested(start, text.len(), dropped);
        inner.mode = self.mode;
        inner.no_comma = self.no_comma;
        inner.common = std::mem::take(&mut self.common);
        let expression = inner.deeper(|p| p.primary(true));
        let span = inner.map.span(0, text.len());
        self.common = std::mem::take(&mut inner.common);
        if let (Some(saved), Some(nested)) = (&mut self.saved, inner.saved)
            && let Some(token) = saved
                .iter_mut()
                .rev()
                .find(|t| t.span.start <= span.start && t.span.end >= span.end)
        {
            token.nested.extend(
                nested
                    .into_iter()
                    .filter(|t| t.kind != TokenKind::EndOfInput),
            );
        }
        expression.unwrap_or_else(|| Self::error_expression(span, Vec::new()))
    }
}

fn string_variable(path: VariablePath, span: Span) -> ExpressionAst {
    let using = path
        .drive
        .as_ref()
        .is_some_and(|d| d.eq_ignore_ascii_case("using"))
        && !path.name.is_empty();
    if !using {
        return ExpressionAst {
            span,
            kind: ExpressionKind::Variable(path),
        };
    }
    let inner = super::variables::variable_path(&path.name, path.braced);
    ExpressionAst {
        span,
        kind: ExpressionKind::Using(Box::new(ExpressionAst {
            span,
            kind: ExpressionKind::Variable(inner),
        })),
    }
}
