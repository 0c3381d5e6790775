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
                ("PipelineElements", self.list("CommandBaseAst", elements)),
                ("Background", Value::Bool(ast.background)),
            ],
        )
    }

    pub(super) fn command_expression(&self, ast: &CommandExpressionAst) -> Value {
        self.node(
            "CommandExpressionAst",
            ast.span,
            vec![
                ("Expression", self.expression(&ast.expression)),
                ("Redirections", self.redirections(&ast.redirections)),
            ],
        )
    }

    fn redirections(&self, list: &[RedirectionAst]) -> Value {
        let nodes = list.iter().map(|r| self.redirection(r)).collect();
        self.list("RedirectionAst", nodes)
    }

    fn redirection(&self, ast: &RedirectionAst) -> Value {
        let from = ("FromStream", values::stream(ast.from));
        match &ast.kind {
            RedirectionKind::File { location, append } => self.node(
                "FileRedirectionAst",
                ast.span,
                vec![
                    ("Location", self.expression(location)),
                    ("Append", Value::Bool(*append)),
                    from,
                ],
            ),
            RedirectionKind::Merge(to) => self.node(
                "MergingRedirectionAst",
                ast.span,
                vec![("ToStream", values::stream(*to)), from],
            ),
        }
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
                        ("ErrorPosition", self.place(name_span(p))),
                    ],
                ),
            })
            .collect();
        let operator = match ast.invocation {
            InvocationOperator::None => "Unknown",
            InvocationOperator::Ampersand => "Ampersand",
            InvocationOperator::Dot => "Dot",
        };
        self.node(
            "CommandAst",
            ast.span,
            vec![
                ("CommandElements", self.list("CommandElementAst", elements)),
                (
                    "InvocationOperator",
                    values::member_of("TokenKind", operator),
                ),
                ("DefiningKeyword", Value::Null),
                ("Redirections", self.redirections(&ast.redirections)),
            ],
        )
    }

    pub(super) fn variable(&self, path: &VariablePath, span: Span) -> Value {
        self.variable_or_splat(path, span, false)
    }

    fn variable_or_splat(&self, path: &VariablePath, span: Span, splatted: bool) -> Value {
        self.node(
            "VariableExpressionAst",
            span,
            vec![
                ("VariablePath", values::variable_path(path)),
                ("Splatted", Value::Bool(splatted)),
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
                        ("NestedExpressions", self.list("ExpressionAst", nested)),
                    ],
                )
            }
            ExpressionKind::Variable(path) => self.variable(path, span),
            ExpressionKind::Splat(path) => self.variable_or_splat(path, span, true),
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
                        self.list(
                            "ExpressionAst",
                            items.iter().map(|i| self.expression(i)).collect(),
                        ),
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
                    list.push((self.expression(key), self.statement(value)));
                }
                let pairs = values::pairs("ExpressionAst", "StatementAst", list);
                self.node(
                    "HashtableAst",
                    span,
                    vec![
                        ("StaticType", Value::Type(values::static_type(ast))),
                        ("KeyValuePairs", pairs),
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
                operator_span,
            } => self.node(
                "BinaryExpressionAst",
                span,
                vec![
                    ("StaticType", Value::Type(values::static_type(ast))),
                    ("Operator", values::binary_operator(*operator)),
                    ("Left", self.expression(left)),
                    ("Right", self.expression(right)),
                    ("ErrorPosition", self.place(*operator_span)),
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
                    ("NullConditional", Value::Bool(m.null_conditional)),
                ],
            ),
            ExpressionKind::InvokeMember(m) => self.node(
                "InvokeMemberExpressionAst",
                span,
                vec![
                    ("Expression", self.expression(&m.target)),
                    ("Member", self.expression(&m.member)),
                    ("Arguments", self.arguments(&m.arguments)),
                    (
                        "GenericTypeArguments",
                        match m.generic_arguments.is_empty() {
                            true => Value::Null,
                            false => self.list(
                                "ITypeName",
                                m.generic_arguments
                                    .iter()
                                    .map(|t| self.type_name(t))
                                    .collect(),
                            ),
                        },
                    ),
                    ("Static", Value::Bool(m.is_static)),
                    ("NullConditional", Value::Bool(m.null_conditional)),
                ],
            ),
            ExpressionKind::Index {
                target,
                index,
                null_conditional,
                ..
            } => self.node(
                "IndexExpressionAst",
                span,
                vec![
                    ("Target", self.expression(target)),
                    ("Index", self.expression(index)),
                    ("NullConditional", Value::Bool(*null_conditional)),
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
                    self.list("Ast", parts.iter().map(|p| self.expression(p)).collect()),
                )],
            ),
        }
    }

    /// Arguments of a method; null when there are none.
    fn arguments(&self, list: &[ExpressionAst]) -> Value {
        match list {
            [] => Value::Null,
            list => {
                let nodes = list.iter().map(|a| self.expression(a)).collect();
                self.list("ExpressionAst", nodes)
            }
        }
    }
}

/// The place of a parameter's name without its argument.
fn name_span(parameter: &CommandParameterAst) -> Span {
    let end = parameter.span.start + u32::try_from(parameter.text.len()).unwrap_or(u32::MAX);
    Span {
        start: parameter.span.start,
        end: end.min(parameter.span.end),
    }
}
