//! Functions and filters.

use super::ast::*;
use super::lexer::{Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};
use std::rc::Rc;

/// A parameter list in parentheses, if one stands there.
#[derive(Default)]
pub(super) struct ParameterList {
    pub parameters: Option<Vec<ParameterAst>>,
    /// The closing parenthesis.
    pub close: Option<Span>,
    /// Where the list ends if the parenthesis is missing.
    pub failed: Option<Span>,
}

impl ParameterList {
    /// The parameters as what is left of a function.
    fn parts(self) -> Vec<ErrorPart> {
        let parameters = self.parameters.into_iter().flatten();
        parameters.map(ErrorPart::Parameter).collect()
    }
}

impl Parser<'_> {
    pub(super) fn function_declaration(&mut self, keyword: &Tok) -> StatementAst {
        use TokenKind::*;
        let start = self.span_of(keyword);
        self.skip_newlines();
        let name = self.next();
        let name_span = self.span_of(&name);
        if matches!(
            name.kind,
            Pipe | LParen
                | LCurly
                | AtParen
                | AtCurly
                | RCurly
                | RParen
                | EndOfInput
                | Semi
                | Redirection
                | RedirectInStd
                | AndAnd
                | OrOr
                | Ampersand
                | Variable
                | SplattedVariable
                | HereStringExpandable
                | HereStringLiteral
                | StringLiteral
                | StringExpandable
        ) {
            self.unget(name);
            let text = self.text_of(keyword);
            self.incomplete(Self::after(start), "MissingNameAfterKeyword", &[text]);
            return Self::error_statement(start, Vec::new());
        }
        self.mark(name.start, 0, flags::KEYWORD);
        let list = self.function_parameters();
        let mut failed = list.failed;
        let open = self.next();
        if !open.is(LCurly) {
            let end = list.close.unwrap_or(name_span);
            self.unget(open);
            if failed.is_none() {
                failed = Some(end);
                self.incomplete(Self::after(end), "MissingFunctionBody", &[]);
            }
            return Self::error_statement(start.to(failed.unwrap_or(end)), list.parts());
        }
        if let Some(end) = failed {
            return Self::error_statement(start.to(end), list.parts());
        }
        let mut body = self.script_block(Some(&open), keyword.is(Filter));
        let span = start.to(self.braced_end(&body));
        if self.map.is_whole() {
            body.help = self.function_help(start.start as usize, &body);
        }
        let text = self.word_value(&name);
        if keyword.is(Workflow) {
            self.later(span, "WorkflowNotSupportedInPowerShellCore", &[]);
        }
        StatementAst {
            span,
            kind: StatementKind::Function(Rc::new(FunctionDefinitionAst {
                span,
                name: text,
                name_span,
                is_filter: keyword.is(Filter),
                parameters: list.parameters,
                body: Rc::new(body),
            })),
        }
    }

    /// The value of a word: its text without quotes and escapes.
    pub(super) fn word_value(&self, token: &Tok) -> Rc<str> {
        match &token.data {
            Payload::Text(value) if token.is(TokenKind::Generic) => value.clone(),
            Payload::Expandable(e) if token.is(TokenKind::Generic) => Rc::from(e.value.as_str()),
            _ => Rc::from(self.text_of(token)),
        }
    }

    pub(super) fn function_parameters(&mut self) -> ParameterList {
        let mut list = ParameterList::default();
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LParen) else {
            return list;
        };
        let parameters = self.parameter_list();
        self.skip_newlines();
        match self.take_if(TokenKind::RParen) {
            Some(close) => list.close = Some(self.span_of(&close)),
            None => {
                let end = parameters.last().map_or(self.span_of(&open), |p| p.span);
                list.failed = Some(end);
                self.incomplete(
                    Self::after(end),
                    "MissingEndParenthesisInFunctionParameterList",
                    &[],
                );
            }
        }
        list.parameters = Some(parameters);
        self.skip_newlines();
        list
    }
}
