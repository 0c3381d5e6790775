//! Literals: numbers, strings with expansion, arrays, hashtables, script blocks.

use super::Lowering;
use crate::runtime::collection::Dictionary;
use crate::runtime::error::Fault;
use crate::runtime::script_block::{Eval, ScriptBlock};
use crate::runtime::value::{Str, Value};
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

enum Part {
    Text(Str),
    Value(Eval),
}

impl Lowering {
    /// A string with variables and subexpressions in it.
    pub fn expandable(&self, parts: &[StringPart]) -> Eval {
        // An unset variable anywhere inside a string is an error only under strict mode 2.
        let inside = Lowering {
            in_string: true,
            ..self.clone()
        };
        let parts: Vec<Part> = parts
            .iter()
            .map(|part| match part {
                StringPart::Text(text) => Part::Text(Str::new(&**text)),
                StringPart::Expression(e) => Part::Value(inside.expression(e)),
            })
            .collect();
        Box::new(move |vm| {
            let mut text = String::new();
            for part in &parts {
                match part {
                    Part::Text(piece) => text.push_str(piece),
                    Part::Value(eval) => {
                        let value = eval(vm)?;
                        match &value {
                            Value::Str(piece) => text.push_str(piece),
                            Value::Null | Value::Nothing => {}
                            other => text.push_str(&vm.to_text(other)?),
                        }
                    }
                }
            }
            Ok(Value::str(text))
        })
    }

    /// `a, b, c`
    pub fn array_literal(&self, items: &[ExpressionAst]) -> Eval {
        let items: Vec<Eval> = items.iter().map(|i| self.expression(i)).collect();
        Box::new(move |vm| {
            let mut values = Vec::with_capacity(items.len());
            for item in &items {
                values.push(nothing_to_null(item(vm)?));
            }
            Ok(Value::array(values))
        })
    }

    /// `@( ... )`
    pub fn array_expression(&self, body: &StatementBlock) -> Eval {
        // A lone expression that is already an array literal is taken as it is.
        if let [statement] = body.statements.as_slice()
            && body.traps.is_empty()
            && let Some(expression) = statement.sole_expression()
        {
            let is_literal = matches!(expression.kind, ExpressionKind::ArrayLiteral(_));
            let eval = self.expression(expression);
            if is_literal {
                return eval;
            }
            return Box::new(move |vm| {
                let value = eval(vm)?;
                match value {
                    Value::Nothing => Ok(Value::array(Vec::new())),
                    other => match vm.enumerate(&other)? {
                        Some(items) => Ok(Value::array(items)),
                        None => Ok(Value::array(vec![other])),
                    },
                }
            });
        }
        let body = self.block(body);
        Box::new(move |vm| {
            let items = vm.collect(|vm| vm.run_statements(&body))?;
            Ok(Value::array(items))
        })
    }

    /// `$( ... )`
    pub fn sub_expression(&self, body: &StatementBlock) -> Eval {
        if body.statements.is_empty() && body.traps.is_empty() {
            // Without any statement it is null, not the output of nothing.
            return Box::new(|_| Ok(Value::Null));
        }
        let body = self.block(body);
        Box::new(move |vm| {
            let items = vm.capture(true, |vm| vm.run_statements(&body))?;
            Ok(Vm::captured(items))
        })
    }

    /// `@{ k = v }`, or `[ordered]@{ … }`.
    pub fn hashtable(&self, pairs: &[(ExpressionAst, StatementAst)], ordered: bool) -> Eval {
        let pairs: Vec<(Eval, Eval, Span)> = pairs
            .iter()
            .map(|(k, v)| (self.hash_key(k), self.statement_value(v), k.span))
            .collect();
        Box::new(move |vm| {
            let table = if ordered {
                Dictionary::ordered()
            } else {
                Dictionary::hashtable()
            };
            for (key, value, _) in &pairs {
                let key = key(vm)?.into_base();
                if key.is_null() {
                    return vm.raise(Fault::new(
                        "InvalidNullKey",
                        "A null key is not allowed in a hash literal.",
                    ));
                }
                let value = value(vm)?;
                if table.contains(&key) {
                    let text = vm.to_text(&key)?;
                    return vm.raise(
                        Fault::new(
                            "DuplicateKeyInHashLiteral",
                            format!("Duplicate keys '{text}' are not allowed in hash literals."),
                        )
                        .target(key),
                    );
                }
                table.set(key, value);
            }
            Ok(Value::Dict(Rc::new(table)))
        })
    }

    fn hash_key(&self, key: &ExpressionAst) -> Eval {
        match &key.kind {
            ExpressionKind::String { value, .. } => {
                let value = Value::str(&**value);
                Box::new(move |_| Ok(value.clone()))
            }
            _ => self.expression(key),
        }
    }

    /// `{ ... }`
    pub fn script_block(&self, ast: &Rc<ScriptBlockAst>) -> Eval {
        let (ast, source) = (ast.clone(), self.source.clone());
        // The runnable form is shared by all the values this place gives.
        let first = ScriptBlock::new(ast, source, None);
        Box::new(move |vm| Ok(Value::Block(Rc::new(first.bound_to(vm.scope_module())))))
    }
}

/// Missing output as an item of an array or an argument is null.
pub fn nothing_to_null(value: Value) -> Value {
    match value {
        Value::Nothing => Value::Null,
        other => other,
    }
}
