//! Script blocks, parameter blocks, named blocks, statement blocks and lists.

use super::ast::*;
use super::lexer::{Mode, Tok};
use super::parser::Parser;
use super::statements::Parsed;
use super::token::{TokenKind, flags};

impl Parser<'_> {
    /// A whole text, or what stands behind an opening brace up to and with the closing one.
    pub(super) fn script_block(&mut self, open: Option<&Tok>, is_filter: bool) -> ScriptBlockAst {
        self.skip_newlines();
        let mut block = ScriptBlockAst {
            is_filter,
            ..ScriptBlockAst::default()
        };
        if open.is_none() {
            block.usings = self.usings();
        }
        let restore = self.restore_point();
        if !self.param_block(&mut block) {
            self.resync(restore);
        }
        self.skip_newlines_and_semicolons();
        self.script_block_body(open, block)
    }

    /// `[attributes] param(...)`; false if there is none and reading must go back.
    fn param_block(&mut self, block: &mut ScriptBlockAst) -> bool {
        if self.ungot.is_none() && !matches!(self.peek_char(), '[' | 'p' | 'P') {
            return false;
        }
        let attributes = self.attribute_list(false);
        self.skip_newlines();
        let Some(param) = self.take_if(TokenKind::Param) else {
            return false;
        };
        self.skip_newlines();
        let open = self.next();
        if !open.is(TokenKind::LParen) {
            self.unget(open);
            return false;
        }
        let parameters = self.parameter_list();
        self.skip_newlines();
        let close = self.next();
        let end = if close.is(TokenKind::RParen) {
            self.span_of(&close)
        } else {
            let end = self.before(self.span_of(&close));
            self.unget(close);
            let last = parameters.last().map_or(self.span_of(&open), |p| p.span);
            self.incomplete(
                Self::after(last),
                "MissingEndParenthesisInFunctionParameterList",
                &[],
            );
            end
        };
        for attribute in attributes {
            match attribute {
                AttributeBaseAst::Attribute(a) => block.attributes.push(a),
                AttributeBaseAst::TypeConstraint(t) => {
                    let name = t.type_name.to_string();
                    self.error(t.span, "TypeNotAllowedBeforeParam", &[&name]);
                }
            }
        }
        block.param_block = Some(ParamBlockAst {
            span: self.span_of(&param).to(end),
            parameters,
        });
        true
    }

    fn script_block_body(
        &mut self,
        open: Option<&Tok>,
        mut block: ScriptBlockAst,
    ) -> ScriptBlockAst {
        if self.peek().has(flags::BLOCK_NAME) {
            return self.named_blocks(open, block);
        }
        let mut body = StatementBlock::default();
        let mut extent = block.param_block.as_ref().map(|p| p.span);
        loop {
            if let Some(span) = self.statement_list(&mut body) {
                extent = Some(extent.map_or(span, |e| e.to(span)));
            }
            if let Some(span) = self.finish_script_block(open, extent) {
                block.span = span;
                break;
            }
        }
        body.span = match (body.statements.first(), extent) {
            (_, Some(e)) => e,
            (_, None) => Span {
                start: block.span.start,
                end: block.span.start,
            },
        };
        let named = NamedBlockAst {
            span: body.span,
            unnamed: true,
            body,
        };
        if block.is_filter {
            block.process = Some(named);
        } else {
            block.end = Some(named);
        }
        block
    }

    /// The closing brace or the end of the text. `None` if something unexpected was eaten
    /// and more statements may follow.
    fn finish_script_block(&mut self, open: Option<&Tok>, body: Option<Span>) -> Option<Span> {
        let token = self.next();
        let span = self.span_of(&token);
        match open {
            Some(open) => {
                let open = self.span_of(open);
                if token.is(TokenKind::RCurly) {
                    return Some(Span {
                        start: open.end,
                        end: span.start,
                    });
                }
                let noticed = token.end;
                self.unget(token);
                self.incomplete_at(open, noticed, "MissingEndCurlyBrace", &[]);
                Some(Span {
                    start: open.end,
                    end: body.map_or(open.end, |b| b.end.max(open.end)),
                })
            }
            None if token.is(TokenKind::EndOfInput) => {
                self.unget(token);
                Some(self.map.span(0, self.text.len()))
            }
            None => {
                let text = self.text_of(&token);
                self.error(span, "UnexpectedToken", &[text]);
                None
            }
        }
    }

    fn named_blocks(&mut self, open: Option<&Tok>, mut block: ScriptBlockAst) -> ScriptBlockAst {
        let start = open
            .map(|t| self.span_of(t))
            .or(block.param_block.as_ref().map(|p| p.span));
        let mut last: Option<Span> = None;
        loop {
            let name = self.next();
            let name_span = self.span_of(&name);
            if matches!(name.kind, TokenKind::RCurly | TokenKind::EndOfInput) {
                self.unget(name);
                break;
            }
            if !name.has(flags::BLOCK_NAME) {
                let text = self.text_of(&name);
                self.error(name_span, "MissingNamedBlocks", &[text]);
                block.span = match open {
                    Some(open) => {
                        let from = self.span_of(open).end;
                        self.unget(name);
                        Span {
                            start: from,
                            end: last.map_or(from, |l| l.end),
                        }
                    }
                    None => self.map.span(0, self.text.len()),
                };
                return block;
            }
            let body = self.statement_block();
            let end = match &body {
                Some(b) => b.span,
                None => {
                    self.incomplete(
                        Self::after(name_span),
                        "MissingNamedStatementBlock",
                        &[name.kind.text()],
                    );
                    name_span
                }
            };
            last = Some(end);
            let span = name_span.to(end);
            let named = NamedBlockAst {
                span,
                unnamed: false,
                body: body.unwrap_or(StatementBlock {
                    span: name_span,
                    ..StatementBlock::default()
                }),
            };
            let place = match name.kind {
                TokenKind::Begin => &mut block.begin,
                TokenKind::Process => &mut block.process,
                TokenKind::End => &mut block.end,
                TokenKind::Clean => &mut block.clean,
                _ => &mut block.dynamic_param,
            };
            if place.is_none() {
                *place = Some(named);
            } else {
                self.error(span, "DuplicateScriptCommandClause", &[name.kind.text()]);
            }
            self.skip_newlines_and_semicolons();
        }
        let body = match (start, last) {
            (Some(s), Some(l)) => Some(s.to(l)),
            (s, l) => l.or(s),
        };
        if let Some(span) = self.finish_script_block(open, body) {
            block.span = span;
        }
        block
    }

    /// `{ statements }`, if an opening brace comes next.
    pub(super) fn statement_block(&mut self) -> Option<StatementBlock> {
        self.skip_newlines();
        let open = self.take_if(TokenKind::LCurly)?;
        let mut block = StatementBlock::default();
        let list = self.statement_list(&mut block);
        let open_span = self.span_of(&open);
        let close = self.next();
        let end = if close.is(TokenKind::RCurly) {
            self.span_of(&close)
        } else {
            let noticed = close.end;
            self.unget(close);
            self.incomplete_at(open_span, noticed, "MissingEndCurlyBrace", &[]);
            list.unwrap_or(open_span)
        };
        block.span = open_span.to(end);
        Some(block)
    }

    /// Statements up to a closing bracket or the end; gives the extent they cover.
    pub(super) fn statement_list(&mut self, block: &mut StatementBlock) -> Option<Span> {
        let mut extent: Option<Span> = None;
        self.skip_newlines_and_semicolons();
        while let Some(parsed) = self.statement() {
            let span = parsed.span();
            if let Some(signature) = self.signature
                && (signature as u32) < span.start
            {
                self.error(span, "TokenAfterEndOfValidScriptText", &[]);
            }
            extent = Some(extent.map_or(span, |e| Span {
                start: e.start,
                end: span.end,
            }));
            match parsed {
                Parsed::Statement(s) => block.statements.push(s),
                Parsed::Trap(t) => block.traps.push(t),
            }
            self.skip_newlines_and_semicolons();
            if matches!(self.peek_kind(), TokenKind::RParen | TokenKind::RCurly) {
                break;
            }
        }
        extent
    }

    /// A script block as a value; the opening brace has been taken.
    pub(super) fn script_block_expression(&mut self, open: &Tok) -> ExpressionAst {
        let comma = std::mem::replace(&mut self.no_comma, false);
        let mode = self.set_mode(Mode::Command);
        self.skip_newlines();
        let block = self.script_block(Some(open), false);
        self.no_comma = comma;
        let end = self.braced_end(&block);
        self.set_mode(mode);
        ExpressionAst {
            span: self.span_of(open).to(end),
            kind: ExpressionKind::ScriptBlock(block.into()),
        }
    }

    /// The end of a block with its closing brace, if it has one.
    pub(super) fn braced_end(&self, block: &ScriptBlockAst) -> Span {
        let end = block.span.end;
        let closed = if self.map.is_whole() {
            self.text.as_bytes().get(end as usize) == Some(&b'}')
        } else {
            self.ungot.is_none()
        };
        let end = end + u32::from(closed);
        Span { start: end, end }
    }
}
