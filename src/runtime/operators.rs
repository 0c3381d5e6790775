//! The operators of the language, by the kind of what stands on their left.

mod bitwise;
mod contains;
pub mod format;
mod join;
mod matching;
mod range;
pub mod replace;
mod split;
#[cfg(test)]
mod tests;
mod types;

use super::arithmetic::Arithmetic;
use super::error::R;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::ast::{BinaryOperator, Case, UnaryOperator};
use std::cmp::Ordering;

/// Whether an operator of this spelling ignores letter case.
pub(crate) fn ignores_case(case: Case) -> bool {
    case != Case::Sensitive
}

impl Vm {
    /// A binary operator. `-and`, `-or` and `??` come here with both values known.
    pub fn binary(&mut self, op: BinaryOperator, left: &Value, right: &Value) -> R<Value> {
        use BinaryOperator::*;
        if let (Value::Int(a), Value::Int(b)) = (left, right) {
            let answer = match op {
                Eq(_) => a == b,
                Ne(_) => a != b,
                Lt(_) => a < b,
                Le(_) => a <= b,
                Gt(_) => a > b,
                Ge(_) => a >= b,
                Add => return self.arithmetic(Arithmetic::Add, left, right),
                Subtract => return self.arithmetic(Arithmetic::Subtract, left, right),
                _ => return self.binary_any(op, left, right),
            };
            return Ok(Value::Bool(answer));
        }
        self.binary_any(op, left, right)
    }

    fn binary_any(&mut self, op: BinaryOperator, left: &Value, right: &Value) -> R<Value> {
        use BinaryOperator::*;
        match op {
            Add => self.arithmetic(Arithmetic::Add, left, right),
            Subtract => self.arithmetic(Arithmetic::Subtract, left, right),
            Multiply => self.arithmetic(Arithmetic::Multiply, left, right),
            Divide => self.arithmetic(Arithmetic::Divide, left, right),
            Remainder => self.arithmetic(Arithmetic::Remainder, left, right),
            Eq(case) => self.filter_or(left, |vm, item| vm.equals(item, right, ignores_case(case))),
            Ne(case) => self.filter_or(left, |vm, item| {
                Ok(!vm.equals(item, right, ignores_case(case))?)
            }),
            Lt(case) => self.ordered(left, right, case, |o| o == Ordering::Less),
            Le(case) => self.ordered(left, right, case, |o| o != Ordering::Greater),
            Gt(case) => self.ordered(left, right, case, |o| o == Ordering::Greater),
            Ge(case) => self.ordered(left, right, case, |o| o != Ordering::Less),
            Like(case) => self.like(left, right, ignores_case(case), false),
            NotLike(case) => self.like(left, right, ignores_case(case), true),
            Match(case) => self.matching(left, right, ignores_case(case), false),
            NotMatch(case) => self.matching(left, right, ignores_case(case), true),
            Replace(case) => self.replace(left, right, case),
            Contains(case) => self.contains(left, right, ignores_case(case)),
            NotContains(case) => self.contains_not(left, right, ignores_case(case)),
            In(case) => self.contains(right, left, ignores_case(case)),
            NotIn(case) => self.contains_not(right, left, ignores_case(case)),
            Split(case) => self.split(left, right, ignores_case(case)),
            Join => self.join(left, right),
            Is => Ok(Value::Bool(self.is_operator(left, right)?)),
            IsNot => Ok(Value::Bool(!self.is_operator(left, right)?)),
            As => self.as_operator(left, right),
            BitAnd | BitOr | BitXor => self.bitwise(op, left, right),
            Shl => self.shift(left, right, true),
            Shr => self.shift(left, right, false),
            Xor => Ok(Value::Bool(self.to_bool(left) != self.to_bool(right))),
            And => Ok(Value::Bool(self.to_bool(left) && self.to_bool(right))),
            Or => Ok(Value::Bool(self.to_bool(left) || self.to_bool(right))),
            Coalesce => Ok(match left.is_null() {
                true => right.clone(),
                false => left.clone(),
            }),
            Format => self.format_operator(left, right),
            Range => self.range(left, right),
        }
    }

    /// A unary operator.
    pub fn unary(&mut self, op: UnaryOperator, value: &Value) -> R<Value> {
        match op {
            UnaryOperator::Not | UnaryOperator::Exclaim => Ok(Value::Bool(!self.to_bool(value))),
            UnaryOperator::BitNot => self.bit_not(value),
            UnaryOperator::Plus => self.plus(value),
            UnaryOperator::Minus => self.negate(value),
            UnaryOperator::Join => self.join(value, &Value::str("")),
            UnaryOperator::Split { .. } => self.split_blanks(value),
            UnaryOperator::PreIncrement | UnaryOperator::PostIncrement => self.increment(value, 1),
            UnaryOperator::PreDecrement | UnaryOperator::PostDecrement => self.increment(value, -1),
            UnaryOperator::Comma => Ok(Value::array(vec![value.clone()])),
        }
    }

    fn ordered(
        &mut self,
        left: &Value,
        right: &Value,
        case: Case,
        wanted: fn(Ordering) -> bool,
    ) -> R<Value> {
        self.filter_or(left, |vm, item| {
            // NaN is neither below nor above anything.
            if is_nan(item) || is_nan(right) {
                return Ok(false);
            }
            Ok(wanted(vm.compare(item, right, ignores_case(case))?))
        })
    }

    /// Of a collection the items that pass, of a single value whether it passes.
    fn filter_or(
        &mut self,
        left: &Value,
        mut passes: impl FnMut(&mut Vm, &Value) -> R<bool>,
    ) -> R<Value> {
        let Some(items) = self.operand_items(left)? else {
            return Ok(Value::Bool(passes(self, left)?));
        };
        let mut kept = Vec::new();
        for item in items {
            self.check_interrupt()?;
            if passes(self, &item)? {
                kept.push(if item.is_null() { Value::Null } else { item });
            }
        }
        Ok(Value::array(kept))
    }

    /// The items of an operand that counts as a collection.
    pub(crate) fn operand_items(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        match value.base() {
            Value::Array(array) => Ok(Some(self.copy_items(&array.items)?)),
            Value::List(list) => Ok(Some(super::to_text::list_order(list))),
            Value::Native(_) | Value::Instance(_) => self.enumerate(value),
            _ => Ok(None),
        }
    }
}

fn is_nan(value: &Value) -> bool {
    match value.base() {
        Value::Double(n) => n.is_nan(),
        Value::Float(n) => n.is_nan(),
        _ => false,
    }
}
