//! The syntax tree as scripts walk it: `.Ast`, `FindAll`, `Extent`.
//!
//! Nodes are made from the parser's tree when a script asks for it; each has
//! the documented type, its properties by name, and its children in order.

use super::language::ExtentValue;
use super::{TypeRef, find_full, known};
use crate::runtime::error::R;
use crate::runtime::invocation::Extent;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use crate::syntax::source::Source;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// A node.
pub struct AstNode {
    type_name: &'static str,
    extent: Extent,
    properties: Vec<(&'static str, Value)>,
    children: Vec<Value>,
    parent: RefCell<Value>,
}

impl Native for AstNode {
    fn type_ref(&self) -> TypeRef {
        find_full(&format!(
            "System.Management.Automation.Language.{}",
            self.type_name
        ))
        .unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.extent.text().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.properties.iter().map(|(n, _)| *n).collect();
        names.extend(["Extent", "Parent"]);
        names
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("extent") {
            return Ok(Some(Value::native(ExtentValue(self.extent.clone()))));
        }
        if name.eq_ignore_ascii_case("parent") {
            return Ok(Some(self.parent.borrow().clone()));
        }
        Ok(self
            .properties
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.clone()))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "findall" | "find" => {
                let Some(predicate) = arguments.first() else {
                    return Ok(None);
                };
                let nested = arguments.get(1).is_some_and(|v| vm.to_bool(v));
                let mut found = Vec::new();
                search(
                    vm,
                    this,
                    predicate,
                    nested,
                    true,
                    name == "find",
                    &mut found,
                )?;
                Ok(Some(if name == "find" {
                    found.into_iter().next().unwrap_or(Value::Null)
                } else {
                    Value::array(found)
                }))
            }
            "tostring" => Ok(Some(Value::str(self.extent.text()))),
            "getcommandname" => Ok(self
                .properties
                .iter()
                .find(|(n, _)| *n == "CommandName")
                .map(|(_, v)| v.clone())),
            "safegetvalue" => Ok(self
                .properties
                .iter()
                .find(|(n, _)| *n == "Value")
                .map(|(_, v)| v.clone())),
            "getscriptblock" => vm.parse_block(self.extent.text()).map(Some),
            _ => Ok(None),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn search(
    vm: &mut Vm,
    node: &Value,
    predicate: &Value,
    nested: bool,
    top: bool,
    first: bool,
    found: &mut Vec<Value>,
) -> R<()> {
    if first && !found.is_empty() {
        return Ok(());
    }
    let answer = match predicate.base() {
        Value::Block(block) => Vm::captured(vm.call_block(block, vec![node.clone()])?),
        _ => Value::Bool(true),
    };
    if vm.to_bool(&answer) {
        found.push(node.clone());
    }
    let Some(inner) = node.as_native::<AstNode>() else {
        return Ok(());
    };
    if !top
        && !nested
        && matches!(
            inner.type_name,
            "ScriptBlockExpressionAst" | "FunctionDefinitionAst"
        )
    {
        return Ok(());
    }
    for child in &inner.children {
        search(vm, child, predicate, nested, false, first, found)?;
    }
    Ok(())
}

/// The tree of a block.
pub fn of_script_block(block: &ScriptBlock) -> Value {
    Maker {
        source: block.source.clone(),
    }
    .script_block(&block.ast)
}

struct Maker {
    source: Rc<Source>,
}

impl Maker {
    fn node(
        &self,
        type_name: &'static str,
        span: Span,
        properties: Vec<(&'static str, Value)>,
    ) -> Value {
        let mut children = Vec::new();
        for (_, value) in &properties {
            collect(value, &mut children);
        }
        let node = AstNode {
            type_name,
            extent: Extent {
                source: self.source.clone(),
                span,
            },
            properties,
            children: children.clone(),
            parent: RefCell::default(),
        };
        let value = Value::native(node);
        for child in &children {
            if let Some(inner) = child.as_native::<AstNode>() {
                // Trees live as long as a script holds them; the loop through the parent is accepted.
                *inner.parent.borrow_mut() = value.clone();
            }
        }
        value
    }

    fn list(&self, items: Vec<Value>) -> Value {
        Value::array(items)
    }

    fn script_block(&self, ast: &ScriptBlockAst) -> Value {
        let named = |block: &Option<NamedBlockAst>| {
            block.as_ref().map_or(Value::Null, |b| self.named_block(b))
        };
        self.node(
            "ScriptBlockAst",
            ast.span,
            vec![
                (
                    "UsingStatements",
                    self.list(ast.usings.iter().map(|u| self.using(u)).collect()),
                ),
                (
                    "Attributes",
                    self.list(ast.attributes.iter().map(|a| self.attribute(a)).collect()),
                ),
                (
                    "ParamBlock",
                    ast.param_block
                        .as_ref()
                        .map_or(Value::Null, |p| self.param_block(p)),
                ),
                ("DynamicParamBlock", named(&ast.dynamic_param)),
                ("BeginBlock", named(&ast.begin)),
                ("ProcessBlock", named(&ast.process)),
                ("EndBlock", named(&ast.end)),
                ("CleanBlock", named(&ast.clean)),
            ],
        )
    }

    fn using(&self, ast: &UsingStatementAst) -> Value {
        let name = ast.name.as_deref().map_or(Value::Null, Value::str);
        self.node(
            "UsingStatementAst",
            ast.span,
            vec![
                ("UsingStatementKind", Value::str(format!("{:?}", ast.kind))),
                ("Name", name),
            ],
        )
    }

    fn param_block(&self, ast: &ParamBlockAst) -> Value {
        let parameters = ast.parameters.iter().map(|p| self.parameter(p)).collect();
        self.node(
            "ParamBlockAst",
            ast.span,
            vec![("Parameters", self.list(parameters))],
        )
    }

    fn parameter(&self, ast: &ParameterAst) -> Value {
        let attributes = ast
            .attributes
            .iter()
            .map(|a| match a {
                AttributeBaseAst::Attribute(a) => self.attribute(a),
                AttributeBaseAst::TypeConstraint(t) => self.type_constraint(t),
            })
            .collect();
        self.node(
            "ParameterAst",
            ast.span,
            vec![
                ("Attributes", self.list(attributes)),
                ("Name", self.variable(&ast.name, ast.name_span)),
                (
                    "DefaultValue",
                    ast.default
                        .as_ref()
                        .map_or(Value::Null, |e| self.expression(e)),
                ),
            ],
        )
    }

    fn attribute(&self, ast: &AttributeAst) -> Value {
        let positional = ast.positional.iter().map(|e| self.expression(e)).collect();
        self.node(
            "AttributeAst",
            ast.span,
            vec![
                ("TypeName", self.type_name(&ast.type_name)),
                ("PositionalArguments", self.list(positional)),
            ],
        )
    }

    fn type_constraint(&self, ast: &TypeConstraintAst) -> Value {
        self.node(
            "TypeConstraintAst",
            ast.span,
            vec![("TypeName", self.type_name(&ast.type_name))],
        )
    }

    fn type_name(&self, name: &TypeName) -> Value {
        let text = super::resolve::type_name_text(name);
        crate::runtime::object::CustomObject::from_notes([
            ("Name", Value::str(text.as_str())),
            ("FullName", Value::str(text.as_str())),
        ])
    }

    fn named_block(&self, ast: &NamedBlockAst) -> Value {
        let mut properties = vec![("Unnamed", Value::Bool(ast.unnamed))];
        properties.extend(self.body(&ast.body));
        self.node("NamedBlockAst", ast.span, properties)
    }

    fn body(&self, block: &StatementBlock) -> Vec<(&'static str, Value)> {
        let statements = block.statements.iter().map(|s| self.statement(s)).collect();
        let traps = block
            .traps
            .iter()
            .map(|t| {
                let kind = t
                    .type_constraint
                    .as_ref()
                    .map_or(Value::Null, |c| self.type_constraint(c));
                self.node(
                    "TrapStatementAst",
                    t.span,
                    vec![("TrapType", kind), ("Body", self.block(&t.body))],
                )
            })
            .collect();
        vec![
            ("Statements", self.list(statements)),
            ("Traps", self.list(traps)),
        ]
    }

    fn block(&self, block: &StatementBlock) -> Value {
        self.node("StatementBlockAst", block.span, self.body(block))
    }

    fn optional(&self, statement: &Option<Box<PipelineLike>>) -> Value {
        statement
            .as_ref()
            .map_or(Value::Null, |s| self.statement(s))
    }

    fn statement(&self, ast: &StatementAst) -> Value {
        let label = |l: &Option<Rc<str>>| l.as_deref().map_or(Value::Null, Value::str);
        let span = ast.span;
        match &ast.kind {
            StatementKind::Pipeline(p) => self.pipeline(p),
            StatementKind::PipelineChain(chain) => {
                let mut parts = vec![self.pipeline(&chain.first)];
                parts.extend(chain.rest.iter().map(|(_, p)| self.pipeline(p)));
                self.node(
                    "PipelineChainAst",
                    span,
                    vec![
                        ("Pipelines", self.list(parts)),
                        ("Background", Value::Bool(chain.background)),
                    ],
                )
            }
            StatementKind::Assignment(a) => self.node(
                "AssignmentStatementAst",
                span,
                vec![
                    ("Left", self.expression(&a.left)),
                    ("Operator", Value::str(format!("{:?}", a.operator))),
                    ("Right", self.statement(&a.right)),
                ],
            ),
            StatementKind::If(s) => {
                let mut clauses = Vec::new();
                for (condition, body) in &s.clauses {
                    clauses.push(self.statement(condition));
                    clauses.push(self.block(body));
                }
                let otherwise = s
                    .else_clause
                    .as_ref()
                    .map_or(Value::Null, |b| self.block(b));
                self.node(
                    "IfStatementAst",
                    span,
                    vec![("Clauses", self.list(clauses)), ("ElseClause", otherwise)],
                )
            }
            StatementKind::While {
                label: l,
                condition,
                body,
            } => self.loop_node("WhileStatementAst", span, label(l), condition, body),
            StatementKind::DoWhile {
                label: l,
                condition,
                body,
            } => self.loop_node("DoWhileStatementAst", span, label(l), condition, body),
            StatementKind::DoUntil {
                label: l,
                condition,
                body,
            } => self.loop_node("DoUntilStatementAst", span, label(l), condition, body),
            StatementKind::For(s) => {
                let part = |p: &Option<PipelineLike>| {
                    p.as_ref().map_or(Value::Null, |s| self.statement(s))
                };
                self.node(
                    "ForStatementAst",
                    span,
                    vec![
                        ("Label", label(&s.label)),
                        ("Initializer", part(&s.initializer)),
                        ("Condition", part(&s.condition)),
                        ("Iterator", part(&s.iterator)),
                        ("Body", self.block(&s.body)),
                    ],
                )
            }
            StatementKind::ForEach(s) => self.node(
                "ForEachStatementAst",
                span,
                vec![
                    ("Label", label(&s.label)),
                    ("Variable", self.variable(&s.variable, s.variable_span)),
                    ("Condition", self.statement(&s.expression)),
                    ("Body", self.block(&s.body)),
                ],
            ),
            StatementKind::Switch(s) => {
                let mut clauses = Vec::new();
                for (condition, body) in &s.clauses {
                    clauses.push(self.expression(condition));
                    clauses.push(self.block(body));
                }
                self.node(
                    "SwitchStatementAst",
                    span,
                    vec![
                        ("Label", label(&s.label)),
                        ("Condition", self.statement(&s.condition)),
                        ("Clauses", self.list(clauses)),
                        (
                            "Default",
                            s.default.as_ref().map_or(Value::Null, |b| self.block(b)),
                        ),
                    ],
                )
            }
            StatementKind::Try(s) => {
                let catches = s
                    .catches
                    .iter()
                    .map(|c| {
                        let types = c.types.iter().map(|t| self.type_constraint(t)).collect();
                        let all = Value::Bool(c.types.is_empty());
                        self.node(
                            "CatchClauseAst",
                            c.span,
                            vec![
                                ("CatchTypes", self.list(types)),
                                ("IsCatchAll", all),
                                ("Body", self.block(&c.body)),
                            ],
                        )
                    })
                    .collect();
                self.node(
                    "TryStatementAst",
                    span,
                    vec![
                        ("Body", self.block(&s.body)),
                        ("CatchClauses", self.list(catches)),
                        (
                            "Finally",
                            s.finally.as_ref().map_or(Value::Null, |b| self.block(b)),
                        ),
                    ],
                )
            }
            StatementKind::Data { name, body, .. } => self.node(
                "DataStatementAst",
                span,
                vec![("Variable", label(name)), ("Body", self.block(body))],
            ),
            StatementKind::Function(f) => self.function(f),
            StatementKind::TypeDefinition(t) => self.type_definition(t),
            StatementKind::Return(value) => self.node(
                "ReturnStatementAst",
                span,
                vec![("Pipeline", self.optional(value))],
            ),
            StatementKind::Throw(value) => self.node(
                "ThrowStatementAst",
                span,
                vec![("Pipeline", self.optional(value))],
            ),
            StatementKind::Exit(value) => self.node(
                "ExitStatementAst",
                span,
                vec![("Pipeline", self.optional(value))],
            ),
            StatementKind::Break(l) => self.node(
                "BreakStatementAst",
                span,
                vec![(
                    "Label",
                    l.as_ref().map_or(Value::Null, |e| self.expression(e)),
                )],
            ),
            StatementKind::Continue(l) => self.node(
                "ContinueStatementAst",
                span,
                vec![(
                    "Label",
                    l.as_ref().map_or(Value::Null, |e| self.expression(e)),
                )],
            ),
            StatementKind::Block(body) => {
                self.node("BlockStatementAst", span, vec![("Body", self.block(body))])
            }
        }
    }

    fn loop_node(
        &self,
        kind: &'static str,
        span: Span,
        label: Value,
        condition: &PipelineLike,
        body: &StatementBlock,
    ) -> Value {
        self.node(
            kind,
            span,
            vec![
                ("Label", label),
                ("Condition", self.statement(condition)),
                ("Body", self.block(body)),
            ],
        )
    }

    fn function(&self, ast: &FunctionDefinitionAst) -> Value {
        let parameters = match &ast.parameters {
            Some(list) => self.list(list.iter().map(|p| self.parameter(p)).collect()),
            None => Value::Null,
        };
        self.node(
            "FunctionDefinitionAst",
            ast.span,
            vec![
                ("IsFilter", Value::Bool(ast.is_filter)),
                ("IsWorkflow", Value::Bool(false)),
                ("Name", Value::str(&*ast.name)),
                ("Parameters", parameters),
                ("Body", self.script_block(&ast.body)),
            ],
        )
    }

    fn type_definition(&self, ast: &TypeDefinitionAst) -> Value {
        let (is_class, members) = match &ast.kind {
            TypeDefinitionKind::Class(members) => {
                (true, members.iter().map(|m| self.member(m)).collect())
            }
            TypeDefinitionKind::Enum(members) => (
                false,
                members
                    .iter()
                    .map(|m| {
                        let initial = m.value.as_ref().map_or(Value::Null, |e| self.expression(e));
                        self.node(
                            "PropertyMemberAst",
                            m.span,
                            vec![("Name", Value::str(&*m.name)), ("InitialValue", initial)],
                        )
                    })
                    .collect(),
            ),
        };
        self.node(
            "TypeDefinitionAst",
            ast.span,
            vec![
                ("Name", Value::str(&*ast.name)),
                (
                    "BaseTypes",
                    self.list(
                        ast.base_types
                            .iter()
                            .map(|t| self.type_constraint(t))
                            .collect(),
                    ),
                ),
                ("Members", self.list(members)),
                ("IsClass", Value::Bool(is_class)),
                ("IsEnum", Value::Bool(!is_class)),
                ("IsInterface", Value::Bool(false)),
            ],
        )
    }

    fn member(&self, member: &MemberAst) -> Value {
        match member {
            MemberAst::Property(p) => self.node(
                "PropertyMemberAst",
                p.span,
                vec![
                    ("Name", Value::str(&*p.name)),
                    (
                        "PropertyType",
                        p.type_constraint
                            .as_ref()
                            .map_or(Value::Null, |t| self.type_constraint(t)),
                    ),
                    (
                        "InitialValue",
                        p.initial
                            .as_ref()
                            .map_or(Value::Null, |e| self.expression(e)),
                    ),
                    ("IsStatic", Value::Bool(p.is_static)),
                    ("IsHidden", Value::Bool(p.is_hidden)),
                ],
            ),
            MemberAst::Method(m) => self.node(
                "FunctionMemberAst",
                m.span,
                vec![
                    ("Name", Value::str(&*m.name)),
                    (
                        "Parameters",
                        self.list(m.parameters.iter().map(|p| self.parameter(p)).collect()),
                    ),
                    (
                        "ReturnType",
                        m.return_type
                            .as_ref()
                            .map_or(Value::Null, |t| self.type_constraint(t)),
                    ),
                    ("Body", self.script_block(&m.body)),
                    ("IsStatic", Value::Bool(m.is_static)),
                    ("IsHidden", Value::Bool(m.is_hidden)),
                    ("IsConstructor", Value::Bool(m.is_constructor)),
                ],
            ),
        }
    }

    fn pipeline(&self, ast: &PipelineAst) -> Value {
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

    fn command(&self, ast: &CommandAst) -> Value {
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

    fn variable(&self, path: &VariablePath, span: Span) -> Value {
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

    fn expression(&self, ast: &ExpressionAst) -> Value {
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

fn collect(value: &Value, children: &mut Vec<Value>) {
    match value {
        Value::Native(object) if object.downcast::<AstNode>().is_some() => {
            children.push(value.clone())
        }
        Value::Array(list) => list
            .items
            .borrow()
            .iter()
            .for_each(|v| collect(v, children)),
        _ => {}
    }
}
