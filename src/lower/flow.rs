//! Conditions, loops, jumps and handlers.

use super::Lowering;
use crate::runtime::collection::Changing;
use crate::runtime::error::{R, Unwind};
use crate::runtime::items::Items;
use crate::runtime::scope::Site;
use crate::runtime::script_block::{Block, Eval, Exec};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::resolve::TypeSite;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

/// What a loop does after a turn of its body.
pub enum Turn {
    /// Goes on with the next turn.
    Next,
    /// Ends.
    Leave,
}

/// Runs the body of a loop once and takes the jumps meant for this loop.
pub fn turn(vm: &mut Vm, label: Option<Symbol>, body: &Block) -> R<Turn> {
    if vm.session.events_active {
        vm.process_pending_actions()?;
    }
    match vm.run_statements(body) {
        Ok(()) => Ok(Turn::Next),
        Err(unwind) => match *unwind {
            Unwind::Break(None) => Ok(Turn::Leave),
            Unwind::Continue(None) => Ok(Turn::Next),
            Unwind::Break(to) if to == label => Ok(Turn::Leave),
            Unwind::Continue(to) if to == label => Ok(Turn::Next),
            other => Err(Box::new(other)),
        },
    }
}

/// Runs a loop: inside it, `break` and `continue` have a target.
fn looping(vm: &mut Vm, run: impl FnOnce(&mut Vm) -> R<()>) -> R<()> {
    vm.loop_depth += 1;
    let result = run(vm);
    vm.loop_depth -= 1;
    result
}

fn dropping(eval: Eval) -> Exec {
    Box::new(move |vm| eval(vm).map(drop))
}

/// Gives items to go through.
pub type ItemSource = Box<dyn Fn(&mut Vm) -> R<Items>>;

/// Gives the items of a `foreach`, and how to tell that their collection changes.
type Source = Box<dyn Fn(&mut Vm) -> R<(Items, Option<Changing>)>>;

/// The symbol of a loop's label.
pub fn label_symbol(label: &Option<Rc<str>>) -> Option<Symbol> {
    label.as_ref().map(|l| Symbol::fold(l))
}

impl Lowering {
    /// Whether a variable is named anywhere in these parts of the text.
    pub fn names_variable(&self, name: &str, parts: impl IntoIterator<Item = Span>) -> bool {
        parts.into_iter().any(|part| {
            let text = self.source.slice(part).to_ascii_lowercase();
            text.contains(name)
        })
    }

    /// `if`/`elseif`/`else`
    pub fn if_statement(&self, ast: &IfStatementAst) -> Exec {
        let clauses: Vec<_> = ast
            .clauses
            .iter()
            .map(|(c, b)| (self.pipeline_condition(c), self.block(b)))
            .collect();
        let otherwise = ast.else_clause.as_ref().map(|b| self.block(b));
        Box::new(move |vm| {
            for (condition, body) in &clauses {
                if condition(vm)? {
                    return vm.run_statements(body);
                }
            }
            match &otherwise {
                Some(body) => vm.run_statements(body),
                None => Ok(()),
            }
        })
    }

    /// `while`
    pub fn while_loop(
        &self,
        label: &Option<Rc<str>>,
        condition: &PipelineLike,
        body: &StatementBlock,
    ) -> Exec {
        let (label, condition, body) = (
            label_symbol(label),
            self.pipeline_condition(condition),
            self.block(body),
        );
        Box::new(move |vm| {
            looping(vm, |vm| {
                while condition(vm)? {
                    vm.check_interrupt()?;
                    if let Turn::Leave = turn(vm, label, &body)? {
                        break;
                    }
                }
                Ok(())
            })
        })
    }

    /// `do … while`, `do … until`
    pub fn do_loop(
        &self,
        label: &Option<Rc<str>>,
        condition: &PipelineLike,
        body: &StatementBlock,
        go_on_if: bool,
    ) -> Exec {
        let (label, condition, body) = (
            label_symbol(label),
            self.pipeline_condition(condition),
            self.block(body),
        );
        Box::new(move |vm| {
            looping(vm, |vm| {
                loop {
                    vm.check_interrupt()?;
                    if let Turn::Leave = turn(vm, label, &body)? {
                        break;
                    }
                    if condition(vm)? != go_on_if {
                        break;
                    }
                }
                Ok(())
            })
        })
    }

    /// `for`
    pub fn for_loop(&self, ast: &ForStatementAst) -> Exec {
        let label = label_symbol(&ast.label);
        let initializer = ast.initializer.as_ref().map(|s| self.silent(s));
        let condition = ast.condition.as_ref().map(|s| self.pipeline_condition(s));
        let iterator = ast.iterator.as_ref().map(|s| self.silent(s));
        let body = self.block(&ast.body);
        Box::new(move |vm| {
            if let Some(run) = &initializer {
                run(vm)?;
            }
            looping(vm, |vm| {
                loop {
                    if let Some(condition) = &condition
                        && !condition(vm)?
                    {
                        break;
                    }
                    vm.check_interrupt()?;
                    if let Turn::Leave = turn(vm, label, &body)? {
                        break;
                    }
                    if let Some(run) = &iterator {
                        run(vm)?;
                    }
                }
                Ok(())
            })
        })
    }

    /// A part of a `for` header: its value is dropped.
    fn silent(&self, ast: &PipelineLike) -> Exec {
        let span = ast.span;
        let run = match (&ast.kind, ast.sole_expression()) {
            (StatementKind::Assignment(assignment), _) => self.assignment_statement(assignment),
            (_, Some(expression)) => match self.increment_statement(expression) {
                Some(run) => run,
                None => dropping(self.statement_value(ast)),
            },
            (_, None) => dropping(self.statement_value(ast)),
        };
        Box::new(move |vm| {
            vm.frame.span = span;
            run(vm)
        })
    }

    /// The numbers of a range that something goes through, without an array of them.
    pub fn range_items(&self, ast: &ExpressionAst) -> Option<ItemSource> {
        let ExpressionKind::Binary {
            operator: operator @ BinaryOperator::Range,
            left,
            right,
            ..
        } = &ast.kind
        else {
            return None;
        };
        let (operator, left, right) = (*operator, self.expression(left), self.expression(right));
        Some(Box::new(move |vm| {
            let (first, last) = (left(vm)?, right(vm)?);
            Ok(match (&first, &last) {
                (Value::Int(first), Value::Int(last)) => Items::Range {
                    first: *first,
                    last: *last,
                },
                // Other ends may be characters, or texts to be read as numbers.
                _ => match vm.binary(operator, &first, &last)? {
                    Value::Array(array) => Items::List(array.items.take()),
                    other => Items::List(vec![other]),
                },
            })
        }))
    }

    /// The items of a `foreach`, and how to tell that their collection changes.
    fn items(&self, ast: &PipelineLike) -> Source {
        let enumerate = |vm: &mut Vm, value: Value| {
            let items = match &value {
                Value::Nothing | Value::Null => Vec::new(),
                other => vm.enumerate(other)?.unwrap_or_else(|| vec![other.clone()]),
            };
            Ok((Items::List(items), Changing::of(&value)))
        };
        if let Some(range) = ast.sole_expression().and_then(|e| self.range_items(e)) {
            return Box::new(move |vm| Ok((range(vm)?, None)));
        }
        let source = self.statement_value(ast);
        Box::new(move |vm| {
            let value = source(vm)?;
            enumerate(vm, value)
        })
    }

    /// `foreach`
    pub fn foreach_loop(&self, ast: &ForEachStatementAst) -> Exec {
        let label = label_symbol(&ast.label);
        let span = ast.expression.span;
        let source = self.items(&ast.expression);
        let body = self.block(&ast.body);
        let (symbol, site) = (Symbol::fold(&ast.variable.name), Site::default());
        let prefixed = ast.variable.drive.is_some().then(|| ast.variable.clone());
        let enumerator = Symbol::fold("foreach");
        let uses_enumerator = self.names_variable("$foreach", [ast.body.span]);
        Box::new(move |vm| {
            vm.frame.span = span;
            let (items, changing) = source(vm)?;
            let list = uses_enumerator
                .then(|| crate::runtime::enumerator::ListEnumerator::value(items.to_vec()));
            if let Some(list) = &list {
                vm.assign(enumerator, &Site::default(), list.clone())?;
            }
            let result = looping(vm, |vm| {
                let mut at = 0;
                while let Some(item) = items.get(at) {
                    vm.check_interrupt()?;
                    if let Some(list) = &list {
                        crate::runtime::enumerator::ListEnumerator::set_position(list, at);
                    }
                    match &prefixed {
                        None => vm.assign(symbol, &site, item)?,
                        Some(path) => vm.assign_prefixed(path, item)?,
                    }
                    let next = turn(vm, label, &body)?;
                    if let Turn::Leave = next {
                        break;
                    }
                    at = list
                        .as_ref()
                        .map_or(at, crate::runtime::enumerator::ListEnumerator::position)
                        + 1;
                    if changing.as_ref().is_some_and(Changing::happened) {
                        vm.frame.span = span;
                        return crate::runtime::types::failures::invalid_operation(
                            "Collection was modified; enumeration operation may not execute.",
                        );
                    }
                }
                Ok(())
            });
            if list.is_some() {
                vm.assign(enumerator, &Site::default(), Value::Null)?;
            }
            result
        })
    }

    /// `break`, `continue`
    pub fn jump(&self, label: &Option<Box<ExpressionAst>>, leave: bool) -> Exec {
        let label = label.as_ref().map(|e| self.expression(e));
        Box::new(move |vm| {
            let label = match &label {
                Some(eval) => {
                    let value = eval(vm)?;
                    let text = vm.to_text(&value)?;
                    (!text.is_empty()).then(|| Symbol::fold(&text))
                }
                None => None,
            };
            Err(Box::new(if leave {
                Unwind::Break(label)
            } else {
                Unwind::Continue(label)
            }))
        })
    }

    /// `try`/`catch`/`finally`
    pub fn try_statement(&self, ast: &TryStatementAst) -> Exec {
        let body = self.block(&ast.body);
        let catches: Vec<(Vec<TypeSite>, Block)> = ast
            .catches
            .iter()
            .map(|c| {
                (
                    c.types
                        .iter()
                        .map(|t| TypeSite::lenient(t.type_name.clone()))
                        .collect(),
                    self.block(&c.body),
                )
            })
            .collect();
        let finally = ast.finally.as_ref().map(|b| self.block(b));
        Box::new(move |vm| {
            let saved = std::mem::replace(&mut vm.propagate, true);
            let traps = vm.traps.take();
            let scope_depth = vm.callers.len();
            let result = vm.run_statements(&body);
            vm.propagate = saved;
            vm.traps = traps;
            debug_assert_eq!(scope_depth, vm.callers.len());
            let result = match result {
                Err(unwind) => match *unwind {
                    Unwind::Error(thrown) if !catches.is_empty() => vm.catch(thrown, &catches),
                    other => Err(Box::new(other)),
                },
                Ok(()) => Ok(()),
            };
            if let Some(body) = &finally {
                let saved = std::mem::replace(&mut vm.propagate, saved);
                let success = vm.success;
                let ended = vm.cleaning_up(&result, |vm| vm.run_statements(body));
                vm.propagate = saved;
                if result.is_err() {
                    vm.success = success;
                }
                ended?;
            }
            result
        })
    }
}
