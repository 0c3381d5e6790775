//! Running statements.

use super::expression::{coerce, evaluate};
use super::operators::{self, fail};
use super::space::Running;
use crate::runtime::error::{Category, ErrorRecord, R, Thrown, Unwind, exception_type};
use crate::runtime::error::{exception_message, inner_exception};
use crate::runtime::types::{TypeRef, find_full};
use crate::runtime::value::Value;
use crate::runtime::vm::{MAX_CALL_DEPTH, Vm};
use crate::syntax::csharp::ast::*;
use std::rc::Rc;

/// How a statement ends.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Value),
}

/// Throws an exception.
pub(super) fn throw<T>(vm: &mut Vm, exception: Value) -> R<T> {
    if exception.is_null() {
        return fail(
            vm,
            "System.NullReferenceException",
            "Object reference not set to an instance of an object.",
        );
    }
    let id = exception_type(&exception).name.clone();
    let _ = exception_message(&exception);
    let record = ErrorRecord::new(exception, id, Category::NotSpecified, Value::Null);
    vm.locate(&record);
    Err(Thrown {
        record: Rc::new(record),
        ends_script: false,
    }
    .into())
}

/// Runs a body and gives what it returns.
pub(super) fn run_body(vm: &mut Vm, run: &mut Running, body: &Body) -> R<Value> {
    if vm.depth >= MAX_CALL_DEPTH {
        return fail(
            vm,
            "System.InsufficientExecutionStackException",
            "Insufficient stack to continue executing the program safely. This can happen from having too many functions on the call stack or function on the stack using too much stack space.",
        );
    }
    vm.check_interrupt()?;
    // Trees nest deeper than calls of the script do.
    vm.depth += 4;
    let result = match body {
        Body::Expression(value) => evaluate(vm, run, value),
        Body::Block(statements) => block(vm, run, statements).map(|flow| match flow {
            Flow::Return(value) => value,
            _ => Value::Null,
        }),
        Body::Foreign(construct) => fail(
            vm,
            "System.NotSupportedException",
            &format!("This shell does not run {construct} in C# source."),
        ),
    };
    vm.depth -= 4;
    let value = result?;
    if let Some(items) = run.yielded.take() {
        return Ok(match &run.returns {
            Some(of) => {
                let element = of.arguments.first().cloned();
                let element = element.unwrap_or_else(crate::runtime::types::known::object);
                crate::runtime::types::collections::array::of(&element, items)
            }
            None => Value::array(items),
        });
    }
    match run.returns.clone() {
        Some(wanted) => coerce(vm, value, &wanted),
        None => Ok(value),
    }
}

/// Runs statements in a scope of their own.
pub(super) fn block(vm: &mut Vm, run: &mut Running, statements: &[Statement]) -> R<Flow> {
    run.block(|run| {
        for each in statements {
            match statement(vm, run, each)? {
                Flow::Next => {}
                flow => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    })
}

fn truth(vm: &mut Vm, run: &mut Running, condition: &Expr) -> R<bool> {
    let value = evaluate(vm, run, condition)?;
    Ok(vm.to_bool(&value))
}

/// Runs a loop's body; whether the loop goes on, or how it ends.
fn turn(vm: &mut Vm, run: &mut Running, body: &Statement) -> R<Option<Flow>> {
    vm.check_interrupt()?;
    Ok(match run.block(|run| statement(vm, run, body))? {
        Flow::Next | Flow::Continue => None,
        Flow::Break => Some(Flow::Next),
        flow => Some(flow),
    })
}

pub(super) fn statement(vm: &mut Vm, run: &mut Running, statement: &Statement) -> R<Flow> {
    match statement {
        Statement::Empty => Ok(Flow::Next),
        Statement::Block(inner) => block(vm, run, inner),
        Statement::Expression(value) => {
            evaluate(vm, run, value)?;
            Ok(Flow::Next)
        }
        Statement::Local(type_syntax, variables) => {
            let type_ref = type_syntax
                .as_ref()
                .map(|syntax| run.space.clone().resolve(vm, syntax));
            for (name, _, first) in variables {
                let value = match first {
                    Some(first) => super::expression::for_type(vm, run, first, type_ref.as_ref())?,
                    None => Value::Null,
                };
                run.declare(name, type_ref.clone(), value);
            }
            Ok(Flow::Next)
        }
        Statement::If(condition, then, otherwise) => {
            if truth(vm, run, condition)? {
                return run.block(|run| self::statement(vm, run, then));
            }
            match otherwise {
                Some(otherwise) => run.block(|run| self::statement(vm, run, otherwise)),
                None => Ok(Flow::Next),
            }
        }
        Statement::While(condition, body) => {
            while truth(vm, run, condition)? {
                if let Some(flow) = turn(vm, run, body)? {
                    return Ok(flow);
                }
            }
            Ok(Flow::Next)
        }
        Statement::Do(body, condition) => loop {
            if let Some(flow) = turn(vm, run, body)? {
                return Ok(flow);
            }
            if !truth(vm, run, condition)? {
                return Ok(Flow::Next);
            }
        },
        Statement::For(first, condition, steps, body) => run.block(|run| {
            for each in first {
                self::statement(vm, run, each)?;
            }
            loop {
                if let Some(condition) = condition
                    && !truth(vm, run, condition)?
                {
                    return Ok(Flow::Next);
                }
                if let Some(flow) = turn(vm, run, body)? {
                    return Ok(flow);
                }
                for step in steps {
                    evaluate(vm, run, step)?;
                }
            }
        }),
        Statement::ForEach(type_syntax, name, items, body) => {
            let type_ref = type_syntax
                .as_ref()
                .map(|syntax| run.space.clone().resolve(vm, syntax));
            let items = evaluate(vm, run, items)?;
            for item in items_of(vm, &items)? {
                let flow = run.block(|run| {
                    run.declare(name, type_ref.clone(), item);
                    turn(vm, run, body)
                })?;
                if let Some(flow) = flow {
                    return Ok(flow);
                }
            }
            Ok(Flow::Next)
        }
        Statement::Switch(value, sections) => {
            let value = evaluate(vm, run, value)?;
            let mut chosen = None;
            'search: for (at, (labels, _)) in sections.iter().enumerate() {
                for label in labels.iter().flatten() {
                    let label = evaluate(vm, run, label)?;
                    if operators::equal(vm, &value, &label)? {
                        chosen = Some(at);
                        break 'search;
                    }
                }
            }
            let default = || {
                sections
                    .iter()
                    .position(|(labels, _)| labels.iter().any(Option::is_none))
            };
            let Some((_, body)) = chosen.or_else(default).and_then(|at| sections.get(at)) else {
                return Ok(Flow::Next);
            };
            Ok(match block(vm, run, body)? {
                Flow::Break => Flow::Next,
                flow => flow,
            })
        }
        Statement::Return(value) => {
            let value = match value {
                Some(value) => {
                    let wanted = run.returns.clone().filter(|_| run.yielded.is_none());
                    super::expression::for_type(vm, run, value, wanted.as_ref())?
                }
                None => Value::Null,
            };
            Ok(Flow::Return(value))
        }
        Statement::Yield(None) => Ok(Flow::Return(Value::Null)),
        Statement::Yield(Some(value)) => {
            let value = evaluate(vm, run, value)?;
            run.yielded.get_or_insert_default().push(value);
            Ok(Flow::Next)
        }
        Statement::Throw(value) => {
            let exception = match value {
                Some(value) => evaluate(vm, run, value)?,
                None => run.caught.clone().unwrap_or_default(),
            };
            throw(vm, exception)
        }
        Statement::Break => Ok(Flow::Break),
        Statement::Continue => Ok(Flow::Continue),
        Statement::Using(resource, body) => run.block(|run| {
            let before = run.locals.len();
            let held = match &**resource {
                Statement::Expression(value) => vec![evaluate(vm, run, value)?],
                declaration => {
                    self::statement(vm, run, declaration)?;
                    let new = run.locals.iter().skip(before);
                    new.map(|local| local.place.get()).collect()
                }
            };
            let result = run.block(|run| self::statement(vm, run, body));
            for each in held.iter().rev().filter(|v| !v.is_null()) {
                vm.invoke_method(each, "Dispose", Vec::new())?;
            }
            result
        }),
        Statement::Try(body, catches, finally) => {
            let locals = run.locals.len();
            let mut result = block(vm, run, body);
            if let Err(unwind) = result {
                run.locals.truncate(locals);
                result = handle(vm, run, catches, unwind);
            }
            if let Some(finally) = finally {
                run.locals.truncate(locals);
                match block(vm, run, finally)? {
                    Flow::Next => {}
                    flow => return Ok(flow),
                }
            }
            result
        }
    }
}

/// The exception itself, not what a call wrapped around it.
pub(super) fn bare(exception: &Value) -> Value {
    let mut exception = exception.clone();
    while exception_type(&exception)
        .full_name
        .starts_with("System.Management.Automation.")
        && exception_type(&exception)
            .name
            .ends_with("InvocationException")
        && let Some(inner) = inner_exception(&exception)
    {
        exception = inner;
    }
    exception
}

fn handle(vm: &mut Vm, run: &mut Running, catches: &[Catch], unwind: Box<Unwind>) -> R<Flow> {
    let Unwind::Error(Thrown { record, .. }) = &*unwind else {
        return Err(unwind);
    };
    let exception = bare(&record.exception);
    let thrown = exception_type(&exception);
    for each in catches {
        let wanted: Option<TypeRef> = each
            .type_syntax
            .as_ref()
            .map(|syntax| run.space.clone().resolve(vm, syntax));
        if wanted.is_some_and(|wanted| !thrown.is_a(&wanted)) {
            continue;
        }
        let outer = run.caught.replace(exception.clone());
        let flow = run.block(|run| {
            if let Some((name, _)) = &each.name {
                run.declare(name, None, exception.clone());
            }
            if let Some(condition) = &each.condition
                && !truth(vm, run, condition)?
            {
                return Ok(None);
            }
            block(vm, run, &each.body).map(Some)
        });
        run.caught = outer;
        if let Some(flow) = flow? {
            return Ok(flow);
        }
    }
    Err(unwind)
}

/// What a loop goes through.
fn items_of(vm: &mut Vm, value: &Value) -> R<Vec<Value>> {
    match value.base() {
        Value::Null | Value::Nothing => {
            return fail(
                vm,
                "System.NullReferenceException",
                "Object reference not set to an instance of an object.",
            );
        }
        Value::Array(array) => return Ok(array.items.borrow().clone()),
        Value::Str(text) => return Ok(text.encode_utf16().map(Value::Char).collect()),
        Value::List(_) => {
            if let Some(items) = vm.enumerate(value)? {
                return Ok(items);
            }
        }
        _ => {}
    }
    if let Value::Dict(table) = value.base() {
        let of = vm.type_of(value);
        let entry = match of.arguments.as_slice() {
            [key, item] => {
                find_full("System.Collections.Generic.KeyValuePair`2").map(|definition| {
                    crate::runtime::types::generic(&definition, vec![key.clone(), item.clone()])
                })
            }
            _ => find_full("System.Collections.DictionaryEntry"),
        };
        let Some(entry) = entry else {
            return Ok(Vec::new());
        };
        let pairs = table.pairs();
        return pairs
            .into_iter()
            .map(|(key, item)| vm.construct(&entry, vec![key, item]))
            .collect();
    }
    let enumerator = vm.invoke_method(value, "GetEnumerator", Vec::new())?;
    if let Value::Array(array) = enumerator.base() {
        return Ok(array.items.borrow().clone());
    }
    let mut items = Vec::new();
    loop {
        let more = vm.invoke_method(&enumerator, "MoveNext", Vec::new())?;
        if !vm.to_bool(&more) {
            return Ok(items);
        }
        items.push(vm.read_property(&enumerator, "Current")?);
    }
}
