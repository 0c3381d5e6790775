//! Nodes of pipelines, commands and expressions.

use super::make::Maker;
use super::values;
use crate::runtime::value::Value;
use crate::syntax::ast::*;

impl Maker {
    pub(super) fn pipeline(&self, ast: &PipelineAst) -> Value {
        let elements = ast
            .elements
            .iter()
            .map(|e| match e {
                CommandBaseAst::Expression(e) => self.command_expression(e),
                CommandBaseAst::Command(c) => self.command(c),
            })
            .collect();
        self.node(
            "PipelineAst",
            ast.span,
            vec![
                ("PipelineElements", self.list(elements)),
                ("Background", Value::Bool(ast.background)),
            ],
        )
    }

    pub(super) fn command_expression(&self, ast: &CommandExpressionAst) -> Value {
        self.node(
            "CommandExpressionAst",
            ast.span,
            vec![("Expression", self.expression(&ast.expression))],
        )
    }

    pub(super) fn command(&self, ast: &CommandAst) -> Value {
        let elements: Vec<Value> = ast
            .elements
            .iter()
            .map(|e| match e {
                CommandElementAst::Argument(e) => self.expression(e),
                CommandElementAst::Parameter(p) => self.node(
                    "CommandParameterAst",
                    p.span,
                    vec![
                        ("ParameterName", Value::str(&*p.name)),
                        (
                            "Argument",
                            p.argument
                                .as_ref()
                                .map_or(Value::Null, |e| self.expression(e)),
                        ),
                    ],
                ),
            })
            .collect();
        let name = match ast.elements.first() {
            Some(CommandElementAst::Argument(e)) => match &e.kind {
                ExpressionKind::String { value, .. } => Value::str(&**value),
                _ => Value::Null,
            },
            _ => Value::Null,
        };
        let operator = match ast.invocation {
            InvocationOperator::None => "Unknown",
            InvocationOperator::Ampersand => "Ampersand",
            InvocationOperator::Dot => "Dot",
        };
        self.node(
            "CommandAst",
            ast.span,
            vec![
                ("CommandElements", self.list(elements)),
                (
                    "InvocationOperator",
                    values::member_of("TokenKind", operator),
                ),
                ("CommandName", name),
            ],
        )
    }

    pub(super) fn variable(&self, path: &VariablePath, span: Span) -> Value {
        self.node(
            "VariableExpressionAst",
            span,
            vec![
                ("VariablePath", values::variable_path(path)),
                ("Splatted", Value::Bool(false)),
                (
                    "StaticType",
                    Value::Type(crate::runtime::types::known::object()),
                ),
            ],
        )
    }

    pub(super) fn expression(&self, ast: &ExpressionAst) -> Value {
        let span = ast.span;
        let quoting = |q: &StringQuoting| {
            values::member_of(
                "StringConstantType",
                match q {
                    StringQuoting::SingleQuoted => "SingleQuoted",
                    StringQuoting::SingleQuotedHere => "SingleQuotedHereString",
                    StringQuoting::DoubleQuoted => "DoubleQuoted",
                    StringQuoting::DoubleQuotedHere => "DoubleQuotedHereString",
                    StringQuoting::BareWord => "BareWord",
                },
            )
        };
        match &ast.kind {
            ExpressionKind::Number { value, .. } => self.node(
                "ConstantExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    (
                        "Value",
                        crate::runtime::convert::numbers::number_value(value),
                    ),
                ],
            ),
            ExpressionKind::String { value, quoting: q } => self.node(
                "StringConstantExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("StringConstantType", quoting(q)),
                    ("Value", Value::str(&**value)),
                ],
            ),
            ExpressionKind::Expandable {
                parts,
                quoting: q,
                raw,
            } => {
                let nested = parts
                    .iter()
                    .filter_map(|p| match p {
                        StringPart::Expression(e) => Some(self.expression(e)),
                        StringPart::Text(_) => None,
                    })
                    .collect();
                self.node(
                    "ExpandableStringExpressionAst",
                    span,
                    vec![
                        ("StaticType", Value::Type(values::static_type(ast))),
                        ("Value", Value::str(&**raw)),
                        ("StringConstantType", quoting(q)),
                        ("NestedExpressions", self.list(nested)),
                    ],
                )
            }
            ExpressionKind::Variable(path) | ExpressionKind::Splat(path) => {
                self.variable(path, span)
            }
            ExpressionKind::Type(name) => self.node(
                "TypeExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("TypeName", self.type_name(name)),
                ],
            ),
            ExpressionKind::ArrayLiteral(items) => self.node(
                "ArrayLiteralAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    (
                        "Elements",
                        self.list(items.iter().map(|i| self.expression(i)).collect()),
                    ),
                ],
            ),
            ExpressionKind::Array(body) => self.node(
                "ArrayExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("SubExpression", self.block(body)),
                ],
            ),
            ExpressionKind::SubExpression(body) => self.node(
                "SubExpressionAst",
                span,
                vec![("SubExpression", self.block(body))],
            ),
            ExpressionKind::Paren(inner) => self.node(
                "ParenExpressionAst",
                span,
                vec![("Pipeline", self.statement(inner))],
            ),
            ExpressionKind::Hashtable(pairs) => {
                let mut list = Vec::new();
                for (key, value) in pairs {
                    list.push(values::pair(self.expression(key), self.statement(value)));
                }
                self.node(
                    "HashtableAst",
                    span,
                    vec![
                        ("StaticType", Value::Type(values::static_type(ast))),
                        ("KeyValuePairs", self.list(list)),
                    ],
                )
            }
            ExpressionKind::ScriptBlock(block) => self.node(
                "ScriptBlockExpressionAst",
                span,
                vec![("ScriptBlock", self.script_block(block))],
            ),
            ExpressionKind::Unary { operator, operand } => self.node(
                "UnaryExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("TokenKind", values::unary_operator(*operator)),
                    ("Child", self.expression(operand)),
                ],
            ),
            ExpressionKind::Binary {
                operator,
                left,
                right,
                ..
            } => self.node(
                "BinaryExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("Operator", values::binary_operator(*operator)),
                    ("Left", self.expression(left)),
                    ("Right", self.expression(right)),
                ],
            ),
            ExpressionKind::Ternary {
                condition,
                if_true,
                if_false,
            } => self.node(
                "TernaryExpressionAst",
                span,
                vec![
                    ("Condition", self.expression(condition)),
                    ("IfTrue", self.expression(if_true)),
                    ("IfFalse", self.expression(if_false)),
                ],
            ),
            ExpressionKind::Convert {
                constraint,
                operand,
            } => self.node(
                "ConvertExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("Type", self.type_constraint(constraint)),
                    ("Child", self.expression(operand)),
                ],
            ),
            ExpressionKind::Attributed { attribute, operand } => self.node(
                "AttributedExpressionAst",
                span,
                vec![
                    ("Attribute", self.attribute(attribute)),
                    ("Child", self.expression(operand)),
                ],
            ),
            ExpressionKind::Member(m) => self.node(
                "MemberExpressionAst",
                span,
                vec![
                    ("Expression", self.expression(&m.target)),
                    ("Member", self.expression(&m.member)),
                    ("Static", Value::Bool(m.is_static)),
                ],
            ),
            ExpressionKind::InvokeMember(m) => self.node(
                "InvokeMemberExpressionAst",
                span,
                vec![
                    ("Expression", self.expression(&m.target)),
                    ("Member", self.expression(&m.member)),
                    ("Static", Value::Bool(m.is_static)),
                    (
                        "Arguments",
                        self.list(m.arguments.iter().map(|a| self.expression(a)).collect()),
                    ),
                ],
            ),
            ExpressionKind::Index { target, index, .. } => self.node(
                "IndexExpressionAst",
                span,
                vec![
                    ("Target", self.expression(target)),
                    ("Index", self.expression(index)),
                ],
            ),
            ExpressionKind::Using(inner) => self.node(
                "UsingExpressionAst",
                span,
                vec![("SubExpression", self.expression(inner))],
            ),
            ExpressionKind::Error(parts) => self.node(
                "ErrorExpressionAst",
                span,
                vec![(
                    "NestedAst",
                    self.list(parts.iter().map(|p| self.expression(p)).collect()),
                )],
            ),
        }
    }
}
