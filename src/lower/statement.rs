//! Statements: the dispatch, and their use as values.

use super::Lowering;
use crate::runtime::error::Unwind;
use crate::runtime::script_block::{Condition, Eval, Exec};
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;

/// `$x++` and `--$x` as statements output nothing.
pub fn is_silent_increment(expression: &ExpressionAst) -> bool {
    matches!(
        &expression.kind,
        ExpressionKind::Unary {
            operator: UnaryOperator::PreIncrement
                | UnaryOperator::PreDecrement
                | UnaryOperator::PostIncrement
                | UnaryOperator::PostDecrement,
            ..
        }
    )
}

impl Lowering {
    /// A statement, ready to run; it notes where the program is, for errors.
    pub fn statement(&self, ast: &StatementAst) -> Exec {
        let span = ast.span;
        match &ast.kind {
            StatementKind::Pipeline(p) => at(span, self.pipeline_statement(p)),
            StatementKind::PipelineChain(chain) => at(span, self.chain(chain)),
            StatementKind::Assignment(a) => {
                let run = self.assignment_statement(a);
                let keeps_success = right_is_command(&a.right);
                at(
                    span,
                    Box::new(move |vm| {
                        run(vm)?;
                        if !keeps_success {
                            vm.success = true;
                        }
                        Ok(())
                    }),
                )
            }
            StatementKind::If(s) => self.if_statement(s),
            StatementKind::While {
                label,
                condition,
                body,
            } => self.while_loop(label, condition, body),
            StatementKind::DoWhile {
                label,
                condition,
                body,
            } => self.do_loop(label, condition, body, true),
            StatementKind::DoUntil {
                label,
                condition,
                body,
            } => self.do_loop(label, condition, body, false),
            StatementKind::For(s) => self.for_loop(s),
            StatementKind::ForEach(s) => self.foreach_loop(s),
            StatementKind::Switch(s) => self.switch(s),
            StatementKind::Try(s) => self.try_statement(s),
            StatementKind::Data { name, body, .. } => at(span, self.data(name.clone(), body)),
            StatementKind::Function(f) => at(span, self.function_definition(f)),
            StatementKind::TypeDefinition(t) => self.type_definition(t),
            StatementKind::Return(value) => at(span, self.return_statement(value)),
            StatementKind::Throw(value) => at(span, self.throw_statement(value)),
            StatementKind::Exit(value) => at(span, self.exit_statement(value)),
            StatementKind::Break(label) => at(span, self.jump(label, true)),
            StatementKind::Continue(label) => at(span, self.jump(label, false)),
            StatementKind::Block(body) => {
                let body = self.block(body);
                Box::new(move |vm| vm.run_statements(&body))
            }
            // What has mistakes does not run; its tree is only looked at.
            StatementKind::Error(_) => Box::new(|_| Ok(())),
        }
    }

    /// What a statement outputs, as a value: nothing, a scalar, or an array.
    pub fn statement_value(&self, ast: &StatementAst) -> Eval {
        match &ast.kind {
            StatementKind::Assignment(a) => {
                let (span, eval) = (ast.span, self.assignment(a));
                Box::new(move |vm| {
                    vm.frame.span = span;
                    eval(vm)
                })
            }
            _ => match ast.sole_expression() {
                Some(expression) => self.expression_statement_value(expression),
                None => {
                    let run = self.statement(ast);
                    Box::new(move |vm| {
                        let items = vm.capture(false, |vm| run(vm))?;
                        Ok(Vm::captured(items))
                    })
                }
            },
        }
    }

    fn expression_statement_value(&self, expression: &ExpressionAst) -> Eval {
        self.expression(expression)
    }

    /// A pipeline as a truth value.
    pub fn pipeline_condition(&self, ast: &PipelineLike) -> Condition {
        let span = ast.span;
        match ast.sole_expression() {
            Some(expression) => {
                let condition = self.condition_of(expression);
                Box::new(move |vm| {
                    vm.frame.span = span;
                    condition(vm)
                })
            }
            None => {
                let eval = self.statement_value(ast);
                Box::new(move |vm| {
                    vm.frame.span = span;
                    let value = eval(vm)?;
                    vm.success = true;
                    Ok(vm.to_bool(&value))
                })
            }
        }
    }

    /// `return expression` at the end of a block's statements: what the expression gives is output, and
    /// the block ends by itself. Methods tell what is returned from what is output.
    pub fn last_return(&self, ast: &StatementAst) -> Option<Exec> {
        let StatementKind::Return(Some(value)) = &ast.kind else {
            return None;
        };
        let expression = value.sole_expression().filter(|_| !self.in_method)?;
        let eval = self.expression(expression);
        Some(at(
            ast.span,
            Box::new(move |vm| {
                let value = eval(vm)?;
                vm.emit(value)
            }),
        ))
    }

    fn return_statement(&self, value: &Option<Box<PipelineLike>>) -> Exec {
        let Some(value) = value else {
            return Box::new(|_| Err(Box::new(Unwind::Return)));
        };
        if self.in_method {
            let eval = self.statement_value(value);
            return Box::new(move |vm| {
                vm.returned = Some(eval(vm)?);
                Err(Box::new(Unwind::Return))
            });
        }
        if let Some(expression) = value.sole_expression() {
            let eval = self.expression(expression);
            return Box::new(move |vm| {
                let value = eval(vm)?;
                vm.emit(value)?;
                Err(Box::new(Unwind::Return))
            });
        }
        let run = match &value.kind {
            StatementKind::Assignment(_) => {
                let eval = self.statement_value(value);
                let run: Exec = Box::new(move |vm| {
                    let value = eval(vm)?;
                    vm.emit(value)
                });
                run
            }
            _ => self.statement(value),
        };
        Box::new(move |vm| {
            run(vm)?;
            Err(Box::new(Unwind::Return))
        })
    }

    fn throw_statement(&self, value: &Option<Box<PipelineLike>>) -> Exec {
        let value = value.as_ref().map(|v| self.statement_value(v));
        Box::new(move |vm| {
            let span = vm.frame.span;
            let thrown = match &value {
                Some(eval) => Some(eval(vm)?),
                None => None,
            };
            vm.frame.span = span;
            vm.throw(thrown)
        })
    }

    fn exit_statement(&self, value: &Option<Box<PipelineLike>>) -> Exec {
        let value = value.as_ref().map(|v| self.statement_value(v));
        Box::new(move |vm| {
            let code = match &value {
                Some(eval) => {
                    let value = eval(vm)?;
                    vm.exit_code(&value)
                }
                None => vm.session.last_exit_code.unwrap_or(0),
            };
            Err(Box::new(Unwind::Exit(code)))
        })
    }

    fn data(&self, name: Option<std::rc::Rc<str>>, body: &StatementBlock) -> Exec {
        let body = self.block(body);
        Box::new(move |vm| {
            let items = vm.collect(|vm| vm.run_statements(&body))?;
            let value = Vm::captured(items);
            match &name {
                Some(name) => vm.set_variable(name, value),
                None => vm.emit(value),
            }
        })
    }
}

fn at(span: Span, run: Exec) -> Exec {
    Box::new(move |vm| {
        vm.frame.span = span;
        run(vm)
    })
}

/// Whether `$?` after an assignment is that of a command on its right.
fn right_is_command(right: &StatementAst) -> bool {
    match &right.kind {
        StatementKind::Assignment(a) => right_is_command(&a.right),
        StatementKind::Pipeline(p) => match p.elements.as_slice() {
            [CommandBaseAst::Expression(e)] => keeps_success(&e.expression),
            _ => true,
        },
        _ => true,
    }
}

/// Parentheses and subexpressions hand on the `$?` of a command inside them.
pub fn keeps_success(expression: &ExpressionAst) -> bool {
    match &expression.kind {
        ExpressionKind::Paren(inner) => right_is_command(inner),
        ExpressionKind::SubExpression(body) | ExpressionKind::Array(body) => {
            body.statements.last().is_some_and(right_is_command)
        }
        _ => false,
    }
}
