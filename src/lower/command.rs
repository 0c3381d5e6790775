//! Pipelines and the commands in them.

use super::Lowering;
use super::literal::nothing_to_null;
use crate::runtime::collection::Changing;
use crate::runtime::command::Command;
use crate::runtime::convert::numbers::number_value;
use crate::runtime::error::{Fault, R};
use crate::runtime::invocation::Extent;
use crate::runtime::items::Items;
use crate::runtime::language::RequestMaker;
use crate::runtime::module::Module;
use crate::runtime::object::{Extension, Wrapped};
use crate::runtime::parameter::Argument;
use crate::runtime::pipeline::{ArgumentForm, Redirect, Request};
use crate::runtime::script_block::{Eval, Exec};
use crate::runtime::types::automation::module_info;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::cell::RefCell;
use std::rc::Rc;

/// A command of a pipeline, ready to be called.
struct CommandCode {
    name: Name,
    dot: bool,
    arguments: Vec<ArgumentCode>,
    redirections: Vec<RedirectionCode>,
    extent: Extent,
    name_span: Span,
    /// Written `name(a, b)`, as if it were a method.
    as_method: bool,
    /// The command found last time, valid while no command was defined since.
    cached: RefCell<Option<(u32, usize, Command)>>,
}

enum Name {
    /// A bare word.
    Word(Rc<str>),
    /// After `&` or `.`: whatever the expression gives.
    Value(Eval),
}

enum ArgumentCode {
    Positional(Eval, Span),
    /// A list written out, `a,b`.
    List(Eval, Span),
    /// A variable alone.
    Variable(Eval, Span),
    Named {
        apart: bool,
        name: Rc<str>,
        text: Rc<str>,
        value: Option<Eval>,
        span: Span,
        value_span: Span,
    },
    Splat(Eval),
    /// A word native programs expand against the file system.
    Word(Value, Span),
}

struct RedirectionCode {
    from: RedirectionStream,
    to: Target,
}

enum Target {
    Merge(RedirectionStream),
    File { name: Eval, append: bool },
}

impl Lowering {
    /// A pipeline as a statement.
    pub fn pipeline_statement(&self, ast: &PipelineAst) -> Exec {
        if ast.background {
            return self.background(ast);
        }
        match ast.elements.as_slice() {
            [CommandBaseAst::Expression(e)] if e.redirections.is_empty() => {
                self.expression_statement(&e.expression)
            }
            elements => self.commands(elements),
        }
    }

    fn background(&self, ast: &PipelineAst) -> Exec {
        let source = self.source.clone();
        let end = ast.elements.last().map_or(ast.span, |e| match e {
            CommandBaseAst::Expression(e) => e.span,
            CommandBaseAst::Command(c) => c.span,
        });
        let start = ast.span.start;
        Box::new(move |vm| {
            let text = source
                .slice(Span {
                    start,
                    end: end.end,
                })
                .to_string();
            let block = vm.parse_block(&text)?;
            let items = vm.call_command("Start-Job", &[("ScriptBlock", block)], &[])?;
            items.into_iter().try_for_each(|item| vm.write(item))
        })
    }

    fn expression_statement(&self, ast: &ExpressionAst) -> Exec {
        if let Some(run) = self.increment_statement(ast) {
            return Box::new(move |vm| {
                run(vm)?;
                vm.success = true;
                Ok(())
            });
        }
        let eval = self.expression(ast);
        let keeps = super::statement::keeps_success(ast);
        Box::new(move |vm| {
            let value = eval(vm)?;
            if !keeps {
                vm.success = true;
            }
            vm.emit(value)
        })
    }

    fn commands(&self, elements: &[CommandBaseAst]) -> Exec {
        let mut input = None;
        let mut range = None;
        let mut redirections = Vec::new();
        let mut commands = Vec::new();
        for element in elements {
            match element {
                CommandBaseAst::Expression(e) => {
                    range = self.range_items(&e.expression);
                    input = Some((self.expression(&e.expression), e.span));
                    redirections = self.redirections(&e.redirections);
                }
                CommandBaseAst::Command(c) => commands.push(self.command(c)),
            }
        }
        if commands.is_empty() {
            return redirected_expression(input, redirections);
        }
        Box::new(move |vm| {
            let span = vm.frame.span;
            let input = match &input {
                Some((eval, at)) => {
                    vm.frame.span = *at;
                    Some(if !redirections.is_empty() {
                        let redirects = evaluate_redirections(vm, &redirections)?;
                        let items = vm.collect(|vm| {
                            vm.with_redirects(redirects, |vm| {
                                let value = eval(vm)?;
                                vm.emit(value)
                            })
                        })?;
                        (Items::List(items), None)
                    } else if let Some(range) = &range {
                        (range(vm)?, None)
                    } else {
                        let value = eval(vm)?;
                        let changing = Changing::of(&value);
                        let items = match value {
                            Value::Nothing => Vec::new(),
                            other => vm.enumerate(&other)?.unwrap_or_else(|| vec![other]),
                        };
                        (Items::List(items), changing)
                    })
                }
                None => None,
            };
            let requests = all_requests(vm, &commands)?;
            vm.frame.span = span;
            vm.run_pipeline_on(requests, input)
        })
    }

    /// The commands of a pipeline as requests, their arguments evaluated; `None` when it is more than commands.
    pub fn requests(&self, ast: &PipelineAst) -> Option<RequestMaker> {
        let commands: Option<Vec<CommandCode>> = ast
            .elements
            .iter()
            .map(|element| match element {
                CommandBaseAst::Command(c) => Some(self.command(c)),
                CommandBaseAst::Expression(_) => None,
            })
            .collect();
        let commands = commands?;
        Some(Box::new(move |vm| all_requests(vm, &commands)))
    }

    /// `a && b || c`
    pub fn chain(&self, ast: &PipelineChainAst) -> Exec {
        let first = self.pipeline_statement(&ast.first);
        let rest: Vec<(ChainOperator, Exec)> = ast
            .rest
            .iter()
            .map(|(op, p)| (*op, self.pipeline_statement(p)))
            .collect();
        Box::new(move |vm| {
            vm.run_guarded(&first)?;
            for (operator, run) in &rest {
                if (*operator == ChainOperator::AndAnd) == vm.success {
                    vm.run_guarded(run)?;
                }
            }
            Ok(())
        })
    }

    fn command(&self, ast: &CommandAst) -> CommandCode {
        let mut elements = ast.elements.iter();
        let first = elements.next();
        let (name, name_span) = match first {
            Some(CommandElementAst::Argument(e)) => match (&e.kind, ast.invocation) {
                (
                    ExpressionKind::String {
                        value,
                        quoting: StringQuoting::BareWord,
                    },
                    InvocationOperator::None,
                ) => (Name::Word(value.clone()), e.span),
                (
                    ExpressionKind::Expandable {
                        raw,
                        quoting: StringQuoting::BareWord,
                        ..
                    },
                    InvocationOperator::None,
                ) => (Name::Word(raw.clone()), e.span),
                _ => (Name::Value(self.expression(e)), e.span),
            },
            Some(CommandElementAst::Parameter(p)) => (Name::Word(p.text.clone()), p.span),
            None => (Name::Word("".into()), ast.span),
        };
        CommandCode {
            name,
            dot: ast.invocation == InvocationOperator::Dot,
            arguments: elements.map(|e| self.argument(e)).collect(),
            redirections: self.redirections(&ast.redirections),
            extent: Extent {
                source: self.source.clone(),
                span: ast.span,
            },
            name_span,
            as_method: called_as_method(ast),
            cached: RefCell::default(),
        }
    }

    fn argument(&self, element: &CommandElementAst) -> ArgumentCode {
        match element {
            CommandElementAst::Argument(e) => match &e.kind {
                ExpressionKind::Splat(path) => ArgumentCode::Splat(self.variable(path, e.span)),
                ExpressionKind::Number { value, text } => {
                    ArgumentCode::Positional(self.number_argument(value, text), e.span)
                }
                ExpressionKind::String {
                    value,
                    quoting: StringQuoting::BareWord,
                } => ArgumentCode::Word(Value::str(&**value), e.span),
                ExpressionKind::ArrayLiteral(_) => ArgumentCode::List(self.expression(e), e.span),
                ExpressionKind::Variable(_) => ArgumentCode::Variable(self.expression(e), e.span),
                _ => ArgumentCode::Positional(self.expression(e), e.span),
            },
            CommandElementAst::Parameter(p) => ArgumentCode::Named {
                apart: p.space_after_colon,
                name: p.name.clone(),
                text: p.text.clone(),
                span: p.span,
                value_span: p.argument.as_ref().map_or(Span::default(), |e| e.span),
                value: p.argument.as_ref().map(|e| match &e.kind {
                    ExpressionKind::Number { value, text } => self.number_argument(value, text),
                    _ => self.expression(e),
                }),
            },
        }
    }

    /// A number written as an argument remembers its text when that differs from its usual one.
    fn number_argument(&self, literal: &NumberLiteral, text: &Rc<str>) -> Eval {
        let value = number_value(literal);
        let usual = match literal {
            NumberLiteral::Int(n) => n.to_string(),
            NumberLiteral::Long(n) => n.to_string(),
            _ => String::new(),
        };
        if *usual == **text {
            return Box::new(move |_| Ok(value.clone()));
        }
        let text = text.clone();
        Box::new(move |_| {
            Ok(Value::Wrapped(Rc::new(Wrapped {
                base: value.clone(),
                extension: Extension::default(),
                written: Some(text.clone()),
            })))
        })
    }

    fn redirections(&self, list: &[RedirectionAst]) -> Vec<RedirectionCode> {
        list.iter()
            .map(|r| RedirectionCode {
                from: r.from,
                to: match &r.kind {
                    RedirectionKind::Merge(to) => Target::Merge(*to),
                    RedirectionKind::File { location, append } => Target::File {
                        name: self.expression(location),
                        append: *append,
                    },
                },
            })
            .collect()
    }
}

/// Whether a list in parentheses touches the name and nothing follows it.
fn called_as_method(ast: &CommandAst) -> bool {
    let [first, CommandElementAst::Argument(list)] = ast.elements.as_slice() else {
        return false;
    };
    let name_end = match first {
        CommandElementAst::Argument(e) => e.span.end,
        CommandElementAst::Parameter(p) => p.span.end,
    };
    let ExpressionKind::Paren(inner) = &list.kind else {
        return false;
    };
    name_end == list.span.start
        && inner
            .sole_expression()
            .is_some_and(|e| matches!(e.kind, ExpressionKind::ArrayLiteral(_)))
}

/// The commands of a pipeline with their arguments. One that does not exist is
/// an error only when the arguments of all of them are there.
fn all_requests(vm: &mut Vm, commands: &[CommandCode]) -> R<Vec<Request>> {
    let mut requests = Vec::with_capacity(commands.len());
    let mut missing = None;
    for command in commands {
        match command.request(vm)? {
            Ok(request) => requests.push(request),
            Err(unwind) => missing = missing.or(Some(unwind)),
        }
    }
    match missing {
        None => Ok(requests),
        Some(unwind) => Err(unwind),
    }
}

fn redirected_expression(input: Option<(Eval, Span)>, redirections: Vec<RedirectionCode>) -> Exec {
    Box::new(move |vm| {
        let redirects = evaluate_redirections(vm, &redirections)?;
        vm.with_redirects(redirects, |vm| match &input {
            Some((eval, _)) => {
                let value = eval(vm)?;
                vm.success = true;
                vm.emit(value)
            }
            None => Ok(()),
        })
    })
}

fn evaluate_redirections(vm: &mut Vm, list: &[RedirectionCode]) -> R<Vec<Redirect>> {
    list.iter()
        .map(|r| {
            Ok(match &r.to {
                Target::Merge(to) => Redirect::Merge {
                    from: r.from,
                    to: *to,
                },
                Target::File { name, append } => Redirect::File {
                    from: r.from,
                    name: name(vm)?,
                    append: *append,
                },
            })
        })
        .collect()
}

impl CommandCode {
    /// The command with its arguments; the inner error is that of a name that stands for nothing.
    fn request(&self, vm: &mut Vm) -> R<R<Request>> {
        if self.as_method && vm.strict_mode() >= 20 {
            return vm.raise(Fault::new(
                "StrictModeFunctionCallWithParens",
                "The function or command was called as if it were a method. Parameters should be separated by spaces. For information about parameters, see the about_Parameters Help topic.",
            ));
        }
        let (found, name, taken) = self.resolve(vm)?;
        let mut arguments = Vec::with_capacity(self.arguments.len());
        let native = matches!(found, Ok(Command::Application(_)));
        let mut forms = Vec::new();
        for argument in self.arguments.iter().skip(taken) {
            if native {
                forms.resize(arguments.len(), ArgumentForm::Value);
                forms.push(self.form(argument));
            }
            match argument {
                ArgumentCode::Word(value, span) => {
                    arguments.push(Argument::Positional(value.clone(), *span))
                }
                ArgumentCode::Positional(eval, span)
                | ArgumentCode::List(eval, span)
                | ArgumentCode::Variable(eval, span) => {
                    vm.frame.span = *span;
                    arguments.push(Argument::Positional(nothing_to_null(eval(vm)?), *span));
                }
                ArgumentCode::Named {
                    name,
                    text,
                    value,
                    span,
                    value_span,
                    ..
                } => {
                    let value = match value {
                        Some(eval) => Some(nothing_to_null(eval(vm)?)),
                        None => None,
                    };
                    arguments.push(Argument::Named {
                        name: name.clone(),
                        text: text.clone(),
                        value,
                        splatted: false,
                        span: *span,
                        value_span: *value_span,
                    });
                }
                ArgumentCode::Splat(eval) => {
                    let value = eval(vm)?;
                    vm.splat(&value, &mut arguments)?;
                }
            }
        }
        let redirects = evaluate_redirections(vm, &self.redirections)?;
        Ok(found.map(|command| Request {
            command,
            arguments,
            name,
            extent: self.extent.clone(),
            dot: self.dot,
            redirects,
            forms,
        }))
    }

    /// How a native program sees an argument.
    fn form(&self, argument: &ArgumentCode) -> ArgumentForm {
        match argument {
            ArgumentCode::Word(..) | ArgumentCode::Variable(..) => ArgumentForm::Word,
            ArgumentCode::List(_, span) => {
                ArgumentForm::List(self.extent.source.slice(*span).into())
            }
            ArgumentCode::Named { apart: true, .. } => ArgumentForm::Apart,
            _ => ArgumentForm::Value,
        }
    }

    /// `& $module command`: the first argument names what runs in the module's session state.
    fn command_in(&self, vm: &mut Vm, module: &Rc<Module>) -> R<Command> {
        let value = match self.arguments.first() {
            Some(ArgumentCode::Word(value, _)) => value.clone(),
            Some(ArgumentCode::Positional(eval, span) | ArgumentCode::Variable(eval, span)) => {
                vm.frame.span = *span;
                eval(vm)?
            }
            _ => Value::Null,
        };
        if let Value::Block(block) = value.base() {
            return Ok(Command::Block(Rc::new(
                block.bound_to(Some(module.clone())),
            )));
        }
        let scope = vm.state_scope(Some(module));
        let (command, _) = vm.in_scope(scope, |vm| vm.command_of(&value, self.dot))?;
        Ok(command)
    }

    /// The command, the name it goes by, and how many arguments were part of naming it.
    fn resolve(&self, vm: &mut Vm) -> R<(R<Command>, Rc<str>, usize)> {
        match &self.name {
            Name::Word(word) => Ok((self.named(vm, word), word.clone(), 0)),
            Name::Value(eval) => {
                vm.frame.span = self.name_span;
                let value = eval(vm)?;
                let name = if self.dot { "." } else { "&" }.into();
                if let Some(module) = module_info::module_of(&value) {
                    return Ok((self.command_in(vm, &module), name, 1));
                }
                let found = vm.command_of(&value, self.dot);
                Ok((found.map(|(command, _)| command), name, 0))
            }
        }
    }

    fn named(&self, vm: &mut Vm, word: &Rc<str>) -> R<Command> {
        let scope = Rc::as_ptr(&vm.command_scope()) as usize;
        if let Some((epoch, at, command)) = &*self.cached.borrow()
            && *epoch == vm.session.command_epoch
            && *at == scope
        {
            return Ok(command.clone());
        }
        vm.frame.span = self.name_span;
        let command = vm.resolve_command(word)?;
        if vm.session.lookup_actions.watched() {
            return Ok(command);
        }
        *self.cached.borrow_mut() = Some((vm.session.command_epoch, scope, command.clone()));
        Ok(command)
    }
}
