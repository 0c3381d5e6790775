//! Expressions: operators, casts, and the dispatch to the other families.

use super::Lowering;
use super::integer::IntExpression;
use crate::runtime::convert::numbers::number_value;
use crate::runtime::member::added::as_object;
use crate::runtime::scope::Site;
use crate::runtime::script_block::{Condition, Eval, Exec};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::TypeCode;
use crate::runtime::types::resolve::TypeSite;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;

impl Lowering {
    /// An expression as a value.
    pub fn expression(&self, ast: &ExpressionAst) -> Eval {
        match &ast.kind {
            ExpressionKind::Number { value, .. } => constant(number_value(value)),
            ExpressionKind::String { value, .. } => constant(Value::str(&**value)),
            ExpressionKind::Expandable { parts, .. } => self.expandable(parts),
            ExpressionKind::Variable(path) => self.variable(path, ast.span),
            ExpressionKind::Splat(path) => self.variable(path, ast.span),
            ExpressionKind::Type(name) => self.type_value(name),
            ExpressionKind::ArrayLiteral(items) => self.array_literal(items),
            ExpressionKind::Array(body) => self.array_expression(body),
            ExpressionKind::SubExpression(body) => self.sub_expression(body),
            ExpressionKind::Paren(inner) => self.paren(inner),
            ExpressionKind::Hashtable(pairs) => self.hashtable(pairs, false),
            ExpressionKind::ScriptBlock(block) => self.script_block(block),
            ExpressionKind::Unary { operator, operand } => self.unary(*operator, operand),
            ExpressionKind::Binary {
                operator,
                left,
                right,
                ..
            } => self.binary(*operator, left, right),
            ExpressionKind::Ternary {
                condition,
                if_true,
                if_false,
            } => {
                let (condition, if_true, if_false) = (
                    self.condition_of(condition),
                    self.expression(if_true),
                    self.expression(if_false),
                );
                Box::new(move |vm| {
                    if condition(vm)? {
                        if_true(vm)
                    } else {
                        if_false(vm)
                    }
                })
            }
            ExpressionKind::Convert {
                constraint,
                operand,
            } => self.convert(constraint, operand),
            ExpressionKind::Attributed { operand, .. } => self.expression(operand),
            ExpressionKind::Member(m) => self.member(m, ast.span),
            ExpressionKind::InvokeMember(m) => self.invoke_member(m, ast.span),
            ExpressionKind::Index {
                target,
                index,
                null_conditional,
                ..
            } => self.index(target, index, *null_conditional),
            ExpressionKind::Using(_) => {
                let text = self.source.slice(ast.span).to_string();
                Box::new(move |vm| vm.using_outside(&text))
            }
            ExpressionKind::Error(_) => constant(Value::Null),
        }
    }

    /// An expression as a truth value, without making a bool in between where that can be avoided.
    pub fn condition_of(&self, ast: &ExpressionAst) -> Condition {
        if let ExpressionKind::Paren(inner) = &ast.kind
            && let Some(expression) = inner.sole_expression()
        {
            return self.condition_of(expression);
        }
        if let ExpressionKind::Binary {
            operator,
            left,
            right,
            ..
        } = &ast.kind
        {
            match operator {
                BinaryOperator::Lt(_)
                | BinaryOperator::Le(_)
                | BinaryOperator::Gt(_)
                | BinaryOperator::Ge(_)
                | BinaryOperator::Eq(_)
                | BinaryOperator::Ne(_) => {
                    return self.comparison(*operator, left, right);
                }
                BinaryOperator::And => {
                    let (left, right) = (self.condition_of(left), self.condition_of(right));
                    return Box::new(move |vm| Ok(left(vm)? && right(vm)?));
                }
                BinaryOperator::Or => {
                    let (left, right) = (self.condition_of(left), self.condition_of(right));
                    return Box::new(move |vm| Ok(left(vm)? || right(vm)?));
                }
                _ => {}
            }
        }
        let eval = self.expression(ast);
        Box::new(move |vm| {
            let value = eval(vm)?;
            Ok(match value {
                Value::Bool(b) => b,
                other => vm.to_bool(&other),
            })
        })
    }

    fn comparison(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
    ) -> Condition {
        match operator {
            BinaryOperator::Lt(_) => self.int_comparison(operator, left, right, |a, b| a < b),
            BinaryOperator::Le(_) => self.int_comparison(operator, left, right, |a, b| a <= b),
            BinaryOperator::Gt(_) => self.int_comparison(operator, left, right, |a, b| a > b),
            BinaryOperator::Ge(_) => self.int_comparison(operator, left, right, |a, b| a >= b),
            BinaryOperator::Eq(_) => self.int_comparison(operator, left, right, |a, b| a == b),
            _ => self.int_comparison(operator, left, right, |a, b| a != b),
        }
    }

    /// A comparison with a short way for integers.
    fn int_comparison(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
        ints: impl Fn(i32, i32) -> bool + Copy + 'static,
    ) -> Condition {
        let short = (IntExpression::of(left), IntExpression::of(right));
        let (left, right) = (self.expression(left), self.expression(right));
        let general = move |vm: &mut Vm| {
            let (a, b) = (left(vm)?, right(vm)?);
            if let (Value::Int(a), Value::Int(b)) = (&a, &b) {
                return Ok(ints(*a, *b));
            }
            let value = vm.binary(operator, &a, &b)?;
            Ok(vm.to_bool(&value))
        };
        match short {
            (Some(left), Some(IntExpression::Constant(b))) => {
                Box::new(move |vm| match left.get(vm) {
                    Some(a) => Ok(ints(a, b)),
                    None => general(vm),
                })
            }
            (Some(left), Some(right)) => Box::new(move |vm| match (left.get(vm), right.get(vm)) {
                (Some(a), Some(b)) => Ok(ints(a, b)),
                _ => general(vm),
            }),
            _ => Box::new(general),
        }
    }

    fn paren(&self, inner: &StatementAst) -> Eval {
        match inner.sole_expression() {
            Some(expression) => {
                let counts_up = super::statement::is_silent_increment(expression);
                let eval = self.expression(expression);
                if counts_up {
                    return eval;
                }
                Box::new(move |vm| {
                    let value = eval(vm)?;
                    Ok(value)
                })
            }
            None => self.statement_value(inner),
        }
    }

    fn type_value(&self, name: &TypeName) -> Eval {
        let site = TypeSite::new(name.clone());
        Box::new(move |vm| Ok(Value::Type(site.resolve(vm)?)))
    }

    fn unary(&self, operator: UnaryOperator, operand: &ExpressionAst) -> Eval {
        match operator {
            UnaryOperator::PreIncrement => self.increment(operand, 1, false),
            UnaryOperator::PreDecrement => self.increment(operand, -1, false),
            UnaryOperator::PostIncrement => self.increment(operand, 1, true),
            UnaryOperator::PostDecrement => self.increment(operand, -1, true),
            UnaryOperator::Not | UnaryOperator::Exclaim => {
                let condition = self.condition_of(operand);
                Box::new(move |vm| Ok(Value::Bool(!condition(vm)?)))
            }
            _ => {
                let operand = self.expression(operand);
                Box::new(move |vm| {
                    let value = operand(vm)?;
                    vm.unary(operator, &value)
                })
            }
        }
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
    ) -> Eval {
        let general = self.general_binary(operator, left, right);
        let Some(short) = IntExpression::of_binary(operator, left, right) else {
            return general;
        };
        Box::new(move |vm| match short.get(vm) {
            Some(value) => Ok(Value::Int(value)),
            None => general(vm),
        })
    }

    fn general_binary(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
    ) -> Eval {
        match operator {
            BinaryOperator::And => {
                let (left, right) = (self.condition_of(left), self.condition_of(right));
                Box::new(move |vm| Ok(Value::Bool(left(vm)? && right(vm)?)))
            }
            BinaryOperator::Or => {
                let (left, right) = (self.condition_of(left), self.condition_of(right));
                Box::new(move |vm| Ok(Value::Bool(left(vm)? || right(vm)?)))
            }
            BinaryOperator::Coalesce => {
                let (left, right) = (self.expression(left), self.expression(right));
                Box::new(move |vm| {
                    let value = left(vm)?;
                    if value.is_null() {
                        right(vm)
                    } else {
                        Ok(value)
                    }
                })
            }
            BinaryOperator::Add => self.arithmetic(operator, left, right, i32::checked_add),
            BinaryOperator::Subtract => self.arithmetic(operator, left, right, i32::checked_sub),
            BinaryOperator::Multiply => self.arithmetic(operator, left, right, i32::checked_mul),
            BinaryOperator::Remainder => self.arithmetic(operator, left, right, i32::checked_rem),
            BinaryOperator::Is | BinaryOperator::IsNot | BinaryOperator::As => {
                self.type_operator(operator, left, right)
            }
            _ => {
                let (left, right) = (self.expression(left), self.expression(right));
                Box::new(move |vm| {
                    let a = left(vm)?;
                    let b = right(vm)?;
                    vm.binary(operator, &a, &b)
                })
            }
        }
    }

    fn type_operator(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
    ) -> Eval {
        let left = self.expression(left);
        if let ExpressionKind::Type(name) = &right.kind {
            let site = TypeSite::new((**name).clone());
            return Box::new(move |vm| {
                let a = left(vm)?;
                let b = Value::Type(site.resolve(vm)?);
                vm.binary(operator, &a, &b)
            });
        }
        let right = self.expression(right);
        Box::new(move |vm| {
            let a = left(vm)?;
            let b = right(vm)?;
            vm.binary(operator, &a, &b)
        })
    }

    fn arithmetic(
        &self,
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
        ints: impl Fn(i32, i32) -> Option<i32> + Copy + 'static,
    ) -> Eval {
        let left_eval = self.expression(left);
        if let ExpressionKind::Number {
            value: NumberLiteral::Int(constant),
            ..
        } = right.kind
        {
            return Box::new(move |vm| {
                let a = left_eval(vm)?;
                if let Value::Int(a) = a
                    && let Some(sum) = ints(a, constant)
                {
                    return Ok(Value::Int(sum));
                }
                vm.binary(operator, &a, &Value::Int(constant))
            });
        }
        let right_eval = self.expression(right);
        Box::new(move |vm| {
            let a = left_eval(vm)?;
            let b = right_eval(vm)?;
            if let (Value::Int(a), Value::Int(b)) = (&a, &b)
                && let Some(sum) = ints(*a, *b)
            {
                return Ok(Value::Int(sum));
            }
            vm.binary(operator, &a, &b)
        })
    }

    fn convert(&self, constraint: &TypeConstraintAst, operand: &ExpressionAst) -> Eval {
        if let TypeNameKind::Simple(name) = &constraint.type_name.kind {
            let hash = match &operand.kind {
                ExpressionKind::Hashtable(pairs) => Some(pairs),
                _ => None,
            };
            if name.eq_ignore_ascii_case("ordered")
                && let Some(pairs) = hash
            {
                return self.hashtable(pairs, true);
            }
            if name.eq_ignore_ascii_case("pscustomobject")
                || name.eq_ignore_ascii_case("System.Management.Automation.PSCustomObject")
            {
                let operand = match hash {
                    Some(pairs) => self.hashtable(pairs, true),
                    None => self.expression(operand),
                };
                return Box::new(move |vm| {
                    let value = operand(vm)?;
                    vm.custom_object_from(value).map(as_object)
                });
            }
            if name.eq_ignore_ascii_case("psobject")
                || name.eq_ignore_ascii_case("System.Management.Automation.PSObject")
            {
                let operand = self.expression(operand);
                return Box::new(move |vm| Ok(as_object(operand(vm)?)));
            }
            if name.eq_ignore_ascii_case("ref") {
                return self.reference(operand);
            }
            if name.eq_ignore_ascii_case("void") {
                let operand = self.expression(operand);
                return Box::new(move |vm| {
                    operand(vm)?;
                    Ok(Value::Nothing)
                });
            }
        }
        let site = TypeSite::new(constraint.type_name.clone());
        let operand = self.expression(operand);
        Box::new(move |vm| {
            let value = operand(vm)?;
            let type_ref = site.resolve(vm)?;
            match (type_ref.code, &value) {
                (TypeCode::Int, Value::Int(_)) | (TypeCode::String, Value::Str(_)) => Ok(value),
                _ => vm.convert(&value, &type_ref),
            }
        })
    }

    /// `[ref]$x`
    fn reference(&self, operand: &ExpressionAst) -> Eval {
        if let ExpressionKind::Variable(path) = &operand.kind {
            let (path, symbol) = (path.clone(), Symbol::fold(&path.name));
            return Box::new(move |vm| vm.reference_to(&path, symbol));
        }
        let operand = self.expression(operand);
        Box::new(move |vm| {
            let value = operand(vm)?;
            Ok(crate::runtime::object::Reference::to_value(value))
        })
    }

    /// `$i++` where its value is not wanted; `None` for other expressions.
    pub fn increment_statement(&self, ast: &ExpressionAst) -> Option<Exec> {
        let ExpressionKind::Unary { operator, operand } = &ast.kind else {
            return None;
        };
        let by = match operator {
            UnaryOperator::PreIncrement | UnaryOperator::PostIncrement => 1,
            UnaryOperator::PreDecrement | UnaryOperator::PostDecrement => -1,
            _ => return None,
        };
        let general = self.increment(operand, by, false);
        let ExpressionKind::Variable(path) = &operand.kind else {
            return Some(Box::new(move |vm| general(vm).map(drop)));
        };
        let (symbol, site) = (Symbol::fold(&path.name), Site::default());
        let prefixed = path.drive.is_some();
        Some(Box::new(move |vm| {
            let counted = !prefixed
                && vm
                    .scope
                    .with_plain(symbol, &site, |value| match value {
                        Value::Int(n) => n.checked_add(by).map(|sum| *n = sum).is_some(),
                        _ => false,
                    })
                    .unwrap_or(false);
            if counted {
                return Ok(());
            }
            general(vm).map(drop)
        }))
    }

    fn increment(&self, target: &ExpressionAst, by: i32, post: bool) -> Eval {
        if let ExpressionKind::Variable(path) = &target.kind
            && path.drive.is_none()
        {
            let symbol = Symbol::fold(&path.name);
            let (site, read) = (Site::default(), self.variable(path, target.span));
            return Box::new(move |vm| {
                let fast = vm.scope.with_plain(symbol, &site, |value| match value {
                    Value::Int(n) => {
                        let old = *n;
                        let sum = old.checked_add(by)?;
                        *n = sum;
                        Some(Value::Int(if post { old } else { sum }))
                    }
                    _ => None,
                });
                if let Some(Some(value)) = fast {
                    return Ok(value);
                }
                let old = read(vm)?;
                let new = vm.increment(&old, by)?;
                vm.assign(symbol, &site, new.clone())?;
                Ok(if post {
                    if old.is_null() { Value::Int(0) } else { old }
                } else {
                    new
                })
            });
        }
        let place = self.place(target);
        Box::new(move |vm| {
            let bound = place.open(vm)?;
            let old = bound.read(vm)?;
            let new = vm.increment(&old, by)?;
            bound.write(vm, new.clone())?;
            Ok(if post {
                if old.is_null() { Value::Int(0) } else { old }
            } else {
                new
            })
        })
    }
}

fn constant(value: Value) -> Eval {
    match value {
        Value::Int(n) => Box::new(move |_| Ok(Value::Int(n))),
        other => Box::new(move |_| Ok(other.clone())),
    }
}
