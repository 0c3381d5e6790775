//! Nodes of pipelines, commands and expressions.

use super::make::Maker;
use crate::runtime::value::Value;
use crate::syntax::ast::*;

impl Maker {
    pub(super) fn pipeline(&self, ast: &PipelineAst) -> Value {
        let elements = ast
            .elements
            .iter()
            .map(|e| match e {
                CommandBaseAst::Expression(e) => self.node(
                    "CommandExpressionAst",
                    e.span,
                    vec![("Expression", self.expression(&e.expression))],
                ),
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
                ("InvocationOperator", Value::str(operator)),
                ("CommandName", name),
            ],
        )
    }

    pub(super) fn variable(&self, path: &VariablePath, span: Span) -> Value {
        let text = match &path.drive {
            Some(drive) => format!("{drive}:{}", path.name),
            None => path.name.to_string(),
        };
        let path =
            crate::runtime::object::CustomObject::from_notes([("UserPath", Value::str(text))]);
        self.node(
            "VariableExpressionAst",
            span,
            vec![("VariablePath", path), ("Splatted", Value::Bool(false))],
        )
    }

    pub(super) fn expression(&self, ast: &ExpressionAst) -> Value {
        let span = ast.span;
        let quoting = |q: &StringQuoting| {
            Value::str(match q {
                StringQuoting::SingleQuoted => "SingleQuoted",
                StringQuoting::SingleQuotedHere => "SingleQuotedHereString",
                StringQuoting::DoubleQuoted => "DoubleQuoted",
                StringQuoting::DoubleQuotedHere => "DoubleQuotedHereString",
                StringQuoting::BareWord => "BareWord",
            })
        };
        match &ast.kind {
            ExpressionKind::Number { value, .. } => self.node(
                "ConstantExpressionAst",
                span,
                vec![("Value", crate::lower::literal::number_value(value))],
            ),
            ExpressionKind::String { value, quoting: q } => self.node(
                "StringConstantExpressionAst",
                span,
                vec![
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
                vec![("TypeName", self.type_name(name))],
            ),
            ExpressionKind::ArrayLiteral(items) => self.node(
                "ArrayLiteralAst",
                span,
                vec![(
                    "Elements",
                    self.list(items.iter().map(|i| self.expression(i)).collect()),
                )],
            ),
            ExpressionKind::Array(body) => self.node(
                "ArrayExpressionAst",
                span,
                vec![("SubExpression", self.block(body))],
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
                    list.push(self.expression(key));
                    list.push(self.statement(value));
                }
                self.node(
                    "HashtableAst",
                    span,
                    vec![("KeyValuePairs", self.list(list))],
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
                    ("TokenKind", Value::str(format!("{operator:?}"))),
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
                    ("Operator", Value::str(format!("{operator:?}"))),
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
