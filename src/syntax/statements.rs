//! Statements by their first word, and the short ones: flow control, labels, reserved words.

use super::ast::*;
use super::lexer::{Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};
use crate::host::discard::Long;
use std::rc::Rc;

/// What stands in a list of statements.
pub(super) enum Parsed {
    Statement(StatementAst),
    Trap(TrapStatementAst),
}

impl Parsed {
    pub fn span(&self) -> Span {
        match self {
            Parsed::Statement(s) => s.span,
            Parsed::Trap(t) => t.span,
        }
    }

    /// As a value of an assignment or a hash entry, where a trap catches nothing.
    pub fn into_statement(self) -> StatementAst {
        match self {
            Parsed::Statement(s) => s,
            Parsed::Trap(t) => StatementAst {
                span: t.span,
                kind: StatementKind::Block(StatementBlock {
                    span: t.span,
                    statements: Long::default(),
                    traps: vec![t],
                }),
            },
        }
    }
}

/// A label before a loop.
pub(super) struct Label {
    pub name: Rc<str>,
    pub span: Span,
}

/// Why no configuration can be read.
const MISSING_SCHEMAS: &str = "System.IO.DirectoryNotFoundException: Unable to find DSC schema store at /etc/opt/omi/conf/dsc/configuration. Please ensure PS DSC for Linux is installed.";

impl Parser<'_> {
    /// One statement, or `None` at the end or where nothing begins a statement.
    pub(super) fn statement(&mut self) -> Option<Parsed> {
        self.deeper(Self::statement_inner)
    }

    fn statement_inner(&mut self) -> Option<Parsed> {
        use TokenKind::*;
        let mut token = self.next();
        let start = token.start;
        let mut attributes: Vec<AttributeBaseAst> = Vec::new();
        if token.is(Generic) && self.char_at(start) == '[' {
            self.resync(start);
            attributes = self.attribute_list(false);
            token = self.next();
            if !attributes.is_empty() && !self.attributes_fit(&attributes, &token) {
                attributes.clear();
                self.resync(start);
                token = self.next();
            }
        }
        let statement = match token.kind {
            If => self.if_statement(&token),
            Switch => self.switch_statement(None, &token),
            Foreach => self.foreach_statement(None, &token),
            For => self.for_statement(None, &token),
            While => self.while_statement(None, &token),
            Do => self.do_statement(None, &token),
            Function | Filter | Workflow => self.function_declaration(&token),
            Return | Throw | Exit => self.jump_with_value(&token),
            Break | Continue => self.jump_to_label(&token),
            Trap => return Some(self.trap_statement(&token)),
            Try => self.try_statement(&token),
            Data => self.data_statement(&token),
            Parallel | Sequence => self.block_statement(&token),
            Configuration => self.configuration_statement(&token)?,
            Class => self.class_definition(attributes, &token),
            Enum => self.enum_definition(attributes, &token),
            From | Define | Var => {
                let span = self.span_of(&token);
                self.error(span, "ReservedKeywordNotAllowed", &[token.kind.text()]);
                Self::error_statement(span, Vec::new())
            }
            Label => {
                self.skip_newlines();
                return self.labeled_statement(&token).map(Parsed::Statement);
            }
            EndOfInput if attributes.is_empty() => {
                self.unget(token);
                return None;
            }
            Else | ElseIf | Catch | Until if !self.common.errors.is_empty() => {
                self.skip_newlines();
                return self.statement();
            }
            Using => {
                let (span, _) = self.using_statement(&token);
                self.error(span, "UsingMustBeAtStartOfScript", &[]);
                Self::error_statement(span, Vec::new())
            }
            _ => {
                if attributes.is_empty() {
                    self.unget(token);
                } else {
                    self.resync(start);
                }
                return self.pipeline_chain().map(Parsed::Statement);
            }
        };
        Some(Parsed::Statement(statement))
    }

    /// Whether attributes may stand before this keyword; if not they are part of an expression.
    fn attributes_fit(&mut self, attributes: &[AttributeBaseAst], token: &Tok) -> bool {
        let type_constraint = attributes.iter().find_map(|a| match a {
            AttributeBaseAst::TypeConstraint(t) => Some((t.span, t.type_name.to_string())),
            AttributeBaseAst::Attribute(_) => None,
        });
        if token.has(flags::NO_ATTRIBUTES) {
            if type_constraint.is_some() {
                return false;
            }
            if let Some(AttributeBaseAst::Attribute(a)) = attributes.first() {
                let name = a.type_name.to_string();
                self.error(a.span, "UnexpectedAttribute", &[&name]);
            }
            return true;
        }
        if token.has(flags::KEYWORD) {
            if let Some((span, name)) = type_constraint {
                self.error(span, "TypeNotAllowedBeforeStatement", &[&name]);
            }
            return true;
        }
        false
    }

    /// A bare name without quotes or signs, if one comes next.
    pub(super) fn simple_name(&mut self) -> Option<Tok> {
        self.simple_name = true;
        let found = self.peek_kind() == TokenKind::Identifier;
        self.simple_name = false;
        if !found {
            return None;
        }
        let token = self.next();
        self.mark(token.start, flags::MEMBER_NAME, 0);
        Some(token)
    }

    pub(super) fn name_expression(&self, token: &Tok) -> ExpressionAst {
        ExpressionAst {
            span: self.span_of(token),
            kind: ExpressionKind::String {
                value: Rc::from(self.text_of(token)),
                quoting: StringQuoting::BareWord,
            },
        }
    }

    /// A label behind `break`, or a key in a hash literal.
    pub(super) fn label_or_key(&mut self) -> Option<ExpressionAst> {
        if let Some(name) = self.simple_name() {
            return Some(self.name_expression(&name));
        }
        if matches!(self.peek_kind(), TokenKind::NewLine | TokenKind::Semi) {
            return None;
        }
        let comma = std::mem::replace(&mut self.no_comma, true);
        let expression = self.unary_expression(false);
        self.no_comma = comma;
        expression
    }

    fn jump_to_label(&mut self, token: &Tok) -> StatementAst {
        let label = self.label_or_key();
        let own = self.span_of(token);
        let span = label.as_ref().map_or(own, |l| own.to(l.span));
        let label = label.map(Box::new);
        let kind = if token.is(TokenKind::Break) {
            StatementKind::Break(label)
        } else {
            StatementKind::Continue(label)
        };
        StatementAst { span, kind }
    }

    fn jump_with_value(&mut self, token: &Tok) -> StatementAst {
        let value = self.pipeline_chain();
        let own = self.span_of(token);
        let span = value.as_ref().map_or(own, |v| own.to(v.span));
        let value = value.map(Box::new);
        let kind = match token.kind {
            TokenKind::Return => StatementKind::Return(value),
            TokenKind::Throw => StatementKind::Throw(value),
            _ => StatementKind::Exit(value),
        };
        StatementAst { span, kind }
    }

    fn labeled_statement(&mut self, token: &Tok) -> Option<StatementAst> {
        let name = match &token.data {
            Payload::Text(name) => name.clone(),
            _ => Rc::from(""),
        };
        let label = Label {
            name,
            span: self.span_of(token),
        };
        let keyword = self.next();
        Some(match keyword.kind {
            TokenKind::Switch => self.switch_statement(Some(label), &keyword),
            TokenKind::Foreach => self.foreach_statement(Some(label), &keyword),
            TokenKind::For => self.for_statement(Some(label), &keyword),
            TokenKind::While => self.while_statement(Some(label), &keyword),
            TokenKind::Do => self.do_statement(Some(label), &keyword),
            _ => {
                self.resync(token.start);
                return self.pipeline_chain();
            }
        })
    }

    /// `parallel` and `sequence`, which belonged to workflows.
    fn block_statement(&mut self, token: &Tok) -> StatementAst {
        let own = self.span_of(token);
        let text = self.text_of(token);
        match self.statement_block() {
            Some(body) => {
                self.later(own, "UnexpectedKeyword", &[token.kind.text()]);
                StatementAst {
                    span: own.to(body.span),
                    kind: StatementKind::Block(body),
                }
            }
            None => {
                self.incomplete(Self::after(own), "MissingStatementAfterKeyword", &[text]);
                Self::error_statement(own, Vec::new())
            }
        }
    }

    /// `configuration Name { }`: the keywords of its body come from a store of schemas that only
    /// Windows and an agent for other systems bring; without it reading ends behind the name.
    fn configuration_statement(&mut self, token: &Tok) -> Option<StatementAst> {
        let own = self.span_of(token);
        self.skip_newlines();
        if matches!(
            self.peek_kind(),
            TokenKind::LCurly | TokenKind::EndOfInput | TokenKind::Comma
        ) {
            self.incomplete(Self::after(own), "MissingConfigurationName", &[]);
            return Some(Self::error_statement(own, Vec::new()));
        }
        let name = self.single_argument(super::commands::Context::CommandName);
        let at = name.map_or(own, |n| n.span);
        self.error(at, "ParserError", &[MISSING_SCHEMAS]);
        None
    }
}
