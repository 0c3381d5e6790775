//! A short way for integers: arithmetic over local variables and constants
//! that makes no values in between.
//!
//! An [`IntExpression`] only reads, so that whoever finds it not to be about
//! integers after all (another type, an overflow, a division by zero) can
//! evaluate the expression again in the general way.

use crate::runtime::scope::Site;
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;

/// How deep operators may nest: every level of a chain looks at all below it.
const MAX_DEPTH: usize = 8;

type Compute = Box<dyn Fn(&Vm) -> Option<i32>>;

/// An expression of local variables, constants and integer operators.
pub enum IntExpression {
    /// A literal.
    Constant(i32),
    /// A variable of the current scope.
    Variable(Symbol, Site),
    /// An operator on two of them.
    Computed(Compute),
}

impl IntExpression {
    /// The short way of an expression, if it has one.
    pub fn of(ast: &ExpressionAst) -> Option<IntExpression> {
        IntExpression::nested(ast, MAX_DEPTH)
    }

    fn nested(ast: &ExpressionAst, depth: usize) -> Option<IntExpression> {
        match &ast.kind {
            ExpressionKind::Number {
                value: NumberLiteral::Int(constant),
                ..
            } => Some(IntExpression::Constant(*constant)),
            ExpressionKind::Variable(_) => {
                plain_variable(ast).map(|symbol| IntExpression::Variable(symbol, Site::default()))
            }
            ExpressionKind::Paren(inner) => {
                let inner = inner.sole_expression()?;
                IntExpression::nested(inner, depth.checked_sub(1)?)
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
                ..
            } => IntExpression::operator(*operator, left, right, depth),
            _ => None,
        }
    }

    /// The short way of an operator on two expressions.
    pub fn of_binary(
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
    ) -> Option<IntExpression> {
        IntExpression::operator(operator, left, right, MAX_DEPTH)
    }

    fn operator(
        operator: BinaryOperator,
        left: &ExpressionAst,
        right: &ExpressionAst,
        depth: usize,
    ) -> Option<IntExpression> {
        let depth = depth.checked_sub(1)?;
        let left = IntExpression::nested(left, depth)?;
        let right = IntExpression::nested(right, depth)?;
        match operator {
            BinaryOperator::Add => Some(left.with(right, i32::checked_add)),
            BinaryOperator::Subtract => Some(left.with(right, i32::checked_sub)),
            BinaryOperator::Multiply => Some(left.with(right, i32::checked_mul)),
            BinaryOperator::Remainder => Some(left.with(right, i32::checked_rem)),
            BinaryOperator::Divide => Some(left.with(right, divide_exactly)),
            BinaryOperator::BitAnd => Some(left.with(right, |a, b| Some(a & b))),
            BinaryOperator::BitOr => Some(left.with(right, |a, b| Some(a | b))),
            BinaryOperator::BitXor => Some(left.with(right, |a, b| Some(a ^ b))),
            _ => None,
        }
    }

    /// The integer; `None` when the general way has to find the value.
    #[inline]
    pub fn get(&self, vm: &Vm) -> Option<i32> {
        match self {
            IntExpression::Constant(constant) => Some(*constant),
            IntExpression::Variable(symbol, site) => int_in_place(vm, *symbol, site),
            IntExpression::Computed(compute) => compute(vm),
        }
    }

    fn with(
        self,
        right: IntExpression,
        operate: impl Fn(i32, i32) -> Option<i32> + Copy + 'static,
    ) -> IntExpression {
        IntExpression::Computed(match (self, right) {
            (IntExpression::Variable(symbol, site), IntExpression::Constant(b)) => {
                Box::new(move |vm| operate(int_in_place(vm, symbol, &site)?, b))
            }
            (left, right) => Box::new(move |vm| operate(left.get(vm)?, right.get(vm)?)),
        })
    }
}

/// Two integers divide to an integer only without a remainder.
fn divide_exactly(a: i32, b: i32) -> Option<i32> {
    (a.checked_rem(b)? == 0).then(|| a.checked_div(b)).flatten()
}

/// The symbol of a variable without prefix that is not an automatic one.
fn plain_variable(ast: &ExpressionAst) -> Option<Symbol> {
    match &ast.kind {
        ExpressionKind::Variable(path)
            if path.drive.is_none()
                && !["true", "false", "null", "?", "psitem"]
                    .iter()
                    .any(|n| path.name.eq_ignore_ascii_case(n)) =>
        {
            Some(Symbol::fold(&path.name))
        }
        _ => None,
    }
}

/// The integer in a variable of the current scope, without copying the value.
#[inline]
fn int_in_place(vm: &Vm, symbol: Symbol, site: &Site) -> Option<i32> {
    vm.scope
        .with_plain(symbol, site, |value| match value {
            Value::Int(n) => Some(*n),
            _ => None,
        })
        .flatten()
}
