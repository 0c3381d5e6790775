//! Which expressions are constant where a constant is asked for.

use crate::syntax::ast::*;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The argument of an attribute on a function or parameter.
    Attribute,
    /// The argument of an attribute in a class.
    ClassAttribute,
    /// The argument of `#requires` or `using module`.
    Requires,
}

/// Whether an expression's value is known without running anything.
pub(crate) fn is_constant(expression: &ExpressionAst, purpose: Purpose) -> bool {
    let for_attribute = purpose != Purpose::Requires;
    match &expression.kind {
        ExpressionKind::Number { .. } | ExpressionKind::String { .. } => true,
        ExpressionKind::Variable(path) => is_constant_variable(path),
        ExpressionKind::Using(inner) => is_constant(inner, purpose),
        ExpressionKind::Type(_) => true,
        ExpressionKind::Member(m) => {
            m.is_static
                && matches!(m.target.kind, ExpressionKind::Type(_))
                && matches!(m.member.kind, ExpressionKind::String { .. })
        }
        ExpressionKind::ArrayLiteral(items) => items.iter().all(|i| is_constant(i, purpose)),
        ExpressionKind::Hashtable(entries) => {
            !for_attribute
                && entries
                    .iter()
                    .all(|(k, v)| is_constant(k, purpose) && is_constant_statement(v, purpose))
        }
        ExpressionKind::ScriptBlock(_) => purpose == Purpose::Attribute,
        ExpressionKind::Paren(p) => is_constant_statement(p, purpose),
        ExpressionKind::SubExpression(b) => {
            b.traps.is_empty()
                && b.statements.len() == 1
                && b.statements
                    .iter()
                    .all(|s| is_constant_statement(s, purpose))
        }
        ExpressionKind::Unary { operator, operand } => {
            matches!(
                operator,
                UnaryOperator::Not
                    | UnaryOperator::Exclaim
                    | UnaryOperator::BitNot
                    | UnaryOperator::Plus
                    | UnaryOperator::Minus
            ) && is_constant(operand, purpose)
        }
        ExpressionKind::Binary {
            operator,
            left,
            right,
            ..
        } => is_foldable(*operator) && is_constant(left, purpose) && is_constant(right, purpose),
        ExpressionKind::Convert {
            constraint,
            operand,
        } => super::known::is_simple_type(&constraint.type_name) && is_constant(operand, purpose),
        ExpressionKind::Ternary {
            condition,
            if_true,
            if_false,
        } => [condition, if_true, if_false]
            .iter()
            .all(|e| is_constant(e, purpose)),
        _ => false,
    }
}

fn is_constant_statement(statement: &StatementAst, purpose: Purpose) -> bool {
    pure_expression(statement).is_some_and(|e| is_constant(e, purpose))
}

/// `$true`, `$false` and `$null`.
pub(crate) fn is_constant_variable(path: &VariablePath) -> bool {
    ["true", "false", "null"]
        .iter()
        .any(|n| path.name.eq_ignore_ascii_case(n))
}

/// The expression of a statement that is nothing but an expression.
pub(crate) fn pure_expression(statement: &StatementAst) -> Option<&ExpressionAst> {
    let StatementKind::Pipeline(pipeline) = &statement.kind else {
        return None;
    };
    match pipeline.elements.as_slice() {
        [CommandBaseAst::Expression(e)] if e.redirections.is_empty() && !pipeline.background => {
            Some(&e.expression)
        }
        _ => None,
    }
}

/// What stands behind the types and attributes of a target: `$x` in `[int][ValidateSet(1)]$x`.
pub(super) struct TypedTarget<'a> {
    pub(super) leaf: &'a ExpressionAst,
    /// The types, from the outside.
    pub(super) types: Vec<&'a TypeConstraintAst>,
    /// How many attributes stand among them.
    pub(super) attributes: usize,
}

impl<'a> TypedTarget<'a> {
    pub(super) fn of(target: &'a ExpressionAst) -> TypedTarget<'a> {
        let mut found = TypedTarget {
            leaf: target,
            types: Vec::new(),
            attributes: 0,
        };
        loop {
            match &found.leaf.kind {
                ExpressionKind::Convert {
                    constraint,
                    operand,
                } => {
                    found.types.push(constraint);
                    found.leaf = operand;
                }
                ExpressionKind::Attributed { operand, .. } => {
                    found.attributes += 1;
                    found.leaf = operand;
                }
                _ => return found,
            }
        }
    }
}

fn is_foldable(operator: BinaryOperator) -> bool {
    use BinaryOperator::*;
    matches!(
        operator,
        And | Or
            | Xor
            | BitAnd
            | BitOr
            | BitXor
            | Shl
            | Shr
            | Add
            | Subtract
            | Multiply
            | Divide
            | Remainder
    )
}
