//! Command calls: name, parameters, arguments.

use super::ast::*;
use super::chars::is_blank;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};
use std::rc::Rc;

/// The argument behind which the rest of the line is raw text.
const VERBATIM: &str = "--%";

/// Where an argument stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    CommandName,
    /// Behind `&` or `.`, where a name expands.
    AfterInvocation,
    FileName,
    Argument,
    SwitchCondition,
}

impl Context {
    fn is_name(self) -> bool {
        matches!(self, Context::CommandName | Context::AfterInvocation)
    }
}

impl Parser<'_> {
    /// A command call, or `None` if nothing begins one.
    pub(super) fn command(&mut self) -> Option<CommandAst> {
        let mode = self.set_mode(Mode::Command);
        let mut token = self.next();
        let first = self.span_of(&token);
        let invocation = match token.kind {
            TokenKind::Dot => InvocationOperator::Dot,
            TokenKind::Ampersand => InvocationOperator::Ampersand,
            _ => InvocationOperator::None,
        };
        let mut context = Context::CommandName;
        let first_text = self.text_of(&token);
        if invocation != InvocationOperator::None {
            token = self.next();
            context = Context::AfterInvocation;
        }
        let mut command = CommandAst {
            span: first,
            invocation,
            elements: Vec::new(),
            redirections: Vec::new(),
        };
        self.command_elements(&mut command, token, context);
        self.set_mode(mode);
        if command.elements.is_empty() {
            if invocation != InvocationOperator::None {
                self.error(first, "MissingExpression", &[first_text]);
            }
            return None;
        }
        Some(command)
    }

    fn command_elements(&mut self, command: &mut CommandAst, mut token: Tok, context: Context) {
        use TokenKind::*;
        let first = command.span;
        let mut end = first;
        let mut context = context;
        let mut dash_dash = false;
        loop {
            match token.kind {
                Pipe | RCurly | RParen | EndOfInput | NewLine | Semi | AndAnd | OrOr
                | Ampersand => {
                    self.unget(token);
                    break;
                }
                MinusMinus => {
                    end = self.span_of(&token);
                    let element = if dash_dash {
                        CommandElementAst::Argument(self.plain_word(&token))
                    } else {
                        CommandElementAst::Parameter(CommandParameterAst {
                            span: end,
                            name: "-".into(),
                            colon: false,
                            argument: None,
                            text: self.text_of(&token).into(),
                            space_after_colon: false,
                        })
                    };
                    command.elements.push(element);
                    dash_dash = true;
                }
                Comma => {
                    end = self.span_of(&token);
                    self.error(end, "MissingArgument", &[]);
                    self.skip_newlines();
                }
                Parameter if context.is_name() || dash_dash => {
                    end = self.span_of(&token);
                    self.mark(token.start, flags::COMMAND_NAME, 0);
                    let word = self.plain_word(&token);
                    command.elements.push(CommandElementAst::Argument(word));
                }
                Parameter => {
                    let parameter = self.command_parameter(&token);
                    end = parameter.span;
                    command
                        .elements
                        .push(CommandElementAst::Parameter(parameter));
                }
                Redirection | RedirectInStd if !context.is_name() => {
                    end = self.redirection_rule(&token, &mut command.redirections);
                }
                Redirection | RedirectInStd => {
                    end = self.span_of(&token);
                    let word = self.plain_word(&token);
                    command.elements.push(CommandElementAst::Argument(word));
                }
                _ => {
                    let verbatim = token.is(Generic) && &*self.word_value(&token) == VERBATIM;
                    let Some(argument) = self.command_argument(context, token) else {
                        break;
                    };
                    end = argument.span;
                    command.elements.push(CommandElementAst::Argument(argument));
                    if verbatim && self.ungot.as_ref().is_none_or(|t| t.is(Parameter)) {
                        self.ungot = None;
                        let rest = self.verbatim_argument();
                        end = self.span_of(&rest);
                        let word = self.plain_word(&rest);
                        command.elements.push(CommandElementAst::Argument(word));
                        break;
                    }
                }
            }
            context = Context::Argument;
            token = self.next();
        }
        command.span = first.to(end);
    }

    fn command_parameter(&mut self, token: &Tok) -> CommandParameterAst {
        let own = self.span_of(token);
        let text = self.text_of(token);
        let (name, colon) = match &token.data {
            Payload::Parameter { name, colon } => (name.clone(), *colon),
            _ => (Rc::from(text), false),
        };
        let mut parameter = CommandParameterAst {
            span: own,
            name,
            colon,
            argument: None,
            text: text.into(),
            space_after_colon: false,
        };
        if colon {
            parameter.space_after_colon = is_blank(self.char_at(token.end));
            if self.peek_kind() != TokenKind::Comma {
                let next = self.next();
                match self.command_argument(Context::Argument, next) {
                    Some(argument) => {
                        parameter.span = own.to(argument.span);
                        parameter.argument = Some(Box::new(argument));
                    }
                    None => {
                        self.error(Self::after(own), "ParameterRequiresArgument", &[text]);
                    }
                }
            }
        }
        parameter
    }

    /// The token's text as a bare word.
    fn plain_word(&self, token: &Tok) -> ExpressionAst {
        ExpressionAst {
            span: self.span_of(token),
            kind: ExpressionKind::String {
                value: self.text_of(token).into(),
                quoting: StringQuoting::BareWord,
            },
        }
    }

    /// One argument from here, whatever the mode was.
    pub(super) fn single_argument(&mut self, context: Context) -> Option<ExpressionAst> {
        if matches!(self.peek_kind(), TokenKind::Comma | TokenKind::EndOfInput) {
            return None;
        }
        let mode = self.set_mode(Mode::Command);
        let token = self.next();
        let argument = self.command_argument(context, token);
        self.set_mode(mode);
        argument
    }

    /// An argument that begins with this token; with commas several as an array.
    pub(super) fn command_argument(
        &mut self,
        context: Context,
        mut token: Tok,
    ) -> Option<ExpressionAst> {
        use TokenKind::*;
        let mut list: Vec<ExpressionAst> = Vec::new();
        let mut comma: Option<Span> = None;
        loop {
            let mut verbatim = false;
            let value = match token.kind {
                Pipe | RCurly | RParen | EndOfInput | NewLine | Semi | Redirection
                | RedirectInStd | AndAnd | OrOr | Ampersand | MinusMinus | Comma => {
                    self.unget(token);
                    let comma = comma?;
                    self.incomplete(Self::after(comma), "MissingExpression", &[","]);
                    let start = list.first().map_or(comma, |e| e.span);
                    return Some(Self::error_expression(start.to(comma), list));
                }
                SplattedVariable | Variable | Number | HereStringExpandable | StringExpandable
                | HereStringLiteral | StringLiteral | LParen | DollarParen | AtParen | AtCurly
                | LCurly => {
                    self.unget(token);
                    self.deeper(|p| p.primary(true))?
                }
                Generic => {
                    if context.is_name() {
                        self.mark(token.start, flags::COMMAND_NAME, 0);
                    }
                    match &token.data {
                        Payload::Expandable(e) if context != Context::CommandName => {
                            let e = e.clone();
                            self.expandable(&token, &e, StringQuoting::BareWord)
                        }
                        _ => {
                            let value = self.word_value(&token);
                            verbatim = &*value == VERBATIM;
                            ExpressionAst {
                                span: self.span_of(&token),
                                kind: ExpressionKind::String {
                                    value,
                                    quoting: StringQuoting::BareWord,
                                },
                            }
                        }
                    }
                }
                _ => {
                    let name = if context.is_name() {
                        flags::COMMAND_NAME
                    } else {
                        0
                    };
                    self.mark(token.start, name, flags::KEYWORD);
                    self.plain_word(&token)
                }
            };
            let more = context == Context::Argument && !verbatim && self.peek_kind() == Comma;
            if !more && list.is_empty() {
                return Some(value);
            }
            list.push(value);
            if !more {
                break;
            }
            let token_comma = self.next();
            comma = Some(self.span_of(&token_comma));
            self.skip_newlines();
            token = self.next();
        }
        let first = list.first().map(|e| e.span)?;
        let last = list.last().map(|e| e.span)?;
        Some(ExpressionAst {
            span: first.to(last),
            kind: ExpressionKind::ArrayLiteral(list),
        })
    }
}
