//! Attributes, type constraints before names, and parameter lists.

use super::ast::*;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};

impl Parser<'_> {
    /// `[type]` and `[Attribute()]` in a row. In an expression only attributes may be followed
    /// by a line end.
    pub(super) fn attribute_list(&mut self, in_expression: bool) -> Vec<AttributeBaseAst> {
        let mut list = Vec::new();
        while let Some(attribute) = self.attribute() {
            let full = matches!(attribute, AttributeBaseAst::Attribute(_));
            list.push(attribute);
            if !in_expression || full {
                self.skip_newlines();
            }
        }
        list
    }

    /// An opening bracket with nothing but blanks and comments before it.
    fn left_bracket(&mut self) -> Option<Tok> {
        if self.ungot.is_some() {
            return self.take_if(TokenKind::LBracket);
        }
        let start = self.pos;
        let mut back_to = None;
        loop {
            self.token_start = self.pos;
            let c = self.peek_char();
            match c {
                '[' => {
                    self.pos += 1;
                    return Some(self.token(TokenKind::LBracket));
                }
                '#' => {
                    back_to = Some(start);
                    self.pos += 1;
                    self.line_comment();
                }
                '<' if self.char_at(self.pos + 1) == '#' => {
                    back_to = None;
                    self.pos += 2;
                    self.block_comment();
                }
                '.' | ':' => {
                    // A member of what stands before: blanks in between must be seen again.
                    if let Some(at) = back_to {
                        self.resync(at);
                    }
                    return None;
                }
                c if super::chars::is_blank(c) => {
                    back_to = Some(start);
                    self.skip_blanks();
                }
                _ => return None,
            }
        }
    }

    pub(super) fn attribute(&mut self) -> Option<AttributeBaseAst> {
        let open = self.left_bracket()?;
        let open_span = self.span_of(&open);
        self.skip_newlines();
        let name_at = self.pos;
        let Some(type_name) = self.type_name_rule(true) else {
            self.resync(open.start);
            self.incomplete(Self::after(open_span), "MissingTypename", &[]);
            return None;
        };
        let next = self.next();
        if next.is(TokenKind::LParen) {
            self.mark(name_at, flags::ATTRIBUTE_NAME, 0);
            return Some(AttributeBaseAst::Attribute(
                self.attribute_arguments(open_span, type_name, &next),
            ));
        }
        let next_span = self.span_of(&next);
        let end = if next.is(TokenKind::RBracket) {
            next_span
        } else {
            self.unget(next);
            let at = self.before(next_span);
            self.error(at, "EndSquareBracketExpectedAtEndOfAttribute", &[]);
            type_name.span
        };
        Some(AttributeBaseAst::TypeConstraint(TypeConstraintAst {
            span: open_span.to(end),
            type_name,
        }))
    }

    fn attribute_arguments(
        &mut self,
        open: Span,
        type_name: TypeName,
        paren: &Tok,
    ) -> AttributeAst {
        self.skip_newlines();
        let mut attribute = AttributeAst {
            span: open,
            type_name,
            positional: Vec::new(),
            named: Vec::new(),
        };
        let mut last = self.span_of(paren);
        let mode = self.set_mode(Mode::Expression);
        let comma = std::mem::replace(&mut self.no_comma, true);
        self.argument_list(&mut attribute, &mut last);
        self.no_comma = comma;
        self.set_mode(mode);
        self.skip_newlines();
        let close = self.take_if(TokenKind::RParen);
        if close.is_none() {
            self.incomplete(Self::after(last), "MissingEndParenthesisInExpression", &[]);
        }
        self.skip_newlines();
        let bracket = self.take_if(TokenKind::RBracket);
        if bracket.is_none()
            && let Some(close) = &close
        {
            let at = Self::after(self.span_of(close));
            self.incomplete(at, "EndSquareBracketExpectedAtEndOfAttribute", &[]);
        }
        let end = bracket.or(close).map_or(last, |token| self.span_of(&token));
        attribute.span = open.to(end);
        attribute
    }

    fn argument_list(&mut self, attribute: &mut AttributeAst, last: &mut Span) {
        let mut comma: Option<Span> = None;
        loop {
            self.skip_newlines();
            match self.simple_name() {
                Some(name) => self.named_argument(attribute, &name, last),
                None => match self.expression(false) {
                    Some(value) => {
                        *last = value.span;
                        attribute.positional.push(value);
                    }
                    None => {
                        if let Some(comma) = comma {
                            let at = Self::after(comma);
                            self.incomplete(at, "MissingExpressionAfterToken", &[","]);
                            let missing = Self::error_expression(at, Vec::new());
                            attribute.positional.push(missing);
                            *last = at;
                        }
                    }
                },
            }
            self.skip_newlines();
            match self.take_if(TokenKind::Comma) {
                Some(token) => {
                    let span = self.span_of(&token);
                    comma = Some(span);
                    *last = span;
                }
                None => return,
            }
        }
    }

    fn named_argument(&mut self, attribute: &mut AttributeAst, name: &Tok, last: &mut Span) {
        let name_span = self.span_of(name);
        let text = self.text_of(name);
        let mut span = name_span;
        let mut value = None;
        if let Some(equals) = self.take_if(TokenKind::Equals) {
            self.skip_newlines();
            let given = match self.expression(false) {
                Some(given) => given,
                None => {
                    let at = Self::after(self.span_of(&equals));
                    self.incomplete(at, "MissingExpressionInNamedArgument", &[]);
                    self.sync(
                        true,
                        &[
                            TokenKind::Comma,
                            TokenKind::RParen,
                            TokenKind::RBracket,
                            TokenKind::NewLine,
                        ],
                    );
                    Self::error_expression(at, Vec::new())
                }
            };
            span = name_span.to(given.span);
            *last = given.span;
            value = Some(given);
        }
        attribute.named.push(NamedAttributeArgumentAst {
            span,
            name: text.to_string(),
            value,
        });
    }

    /// Parameters separated by commas, up to what is none.
    pub(super) fn parameter_list(&mut self) -> Vec<ParameterAst> {
        let mut list = Vec::new();
        let mut comma: Option<Span> = None;
        loop {
            let Some(parameter) = self.parameter_declaration() else {
                if let Some(comma) = comma {
                    let at = Self::after(comma);
                    self.incomplete(at, "MissingExpressionAfterToken", &[","]);
                }
                break;
            };
            list.push(parameter);
            self.skip_newlines();
            match self.take_if(TokenKind::Comma) {
                Some(token) => comma = Some(self.span_of(&token)),
                None => break,
            }
        }
        list
    }

    fn parameter_declaration(&mut self) -> Option<ParameterAst> {
        let comma = std::mem::replace(&mut self.no_comma, true);
        let mode = self.set_mode(Mode::Expression);
        let parameter = self.parameter_inner();
        self.no_comma = comma;
        self.set_mode(mode);
        parameter
    }

    fn parameter_inner(&mut self) -> Option<ParameterAst> {
        self.skip_newlines();
        let attributes = self.attribute_list(false);
        let start = attributes.first().map(attribute_span);
        self.skip_newlines();
        let token = self.next();
        let Payload::Variable(name) = token.data.clone() else {
            self.unget(token);
            let (first, last) = (start?, attributes.last().map(attribute_span)?);
            self.incomplete(Self::after(last), "InvalidFunctionParameter", &[]);
            self.sync(true, &[TokenKind::RParen]);
            let span = first.to(last);
            return Some(ParameterAst {
                span,
                attributes,
                name: VariablePath {
                    drive: None,
                    name: "__error__".into(),
                    braced: false,
                },
                name_span: span,
                default: None,
            });
        };
        let name_span = self.span_of(&token);
        self.refuse_splat(&token, &name);
        self.skip_newlines();
        let mut default = None;
        if let Some(equals) = self.take_if(TokenKind::Equals) {
            self.skip_newlines();
            default = self.expression(false).map(Box::new);
            if default.is_none() {
                let at = Self::after(self.span_of(&equals));
                self.incomplete(at, "MissingExpressionAfterToken", &["="]);
            }
        }
        let end = default.as_ref().map_or(name_span, |d| d.span);
        Some(ParameterAst {
            span: start.unwrap_or(name_span).to(end),
            attributes,
            name,
            name_span,
            default,
        })
    }
}

/// Where an attribute or type constraint stands.
pub(super) fn attribute_span(attribute: &AttributeBaseAst) -> Span {
    match attribute {
        AttributeBaseAst::Attribute(a) => a.span,
        AttributeBaseAst::TypeConstraint(t) => t.span,
    }
}
