//! Nodes of statements, functions, classes and enums.

use super::make::Maker;
use super::values;
use crate::runtime::value::Value;
use crate::syntax::ast::*;
use std::rc::Rc;

impl Maker {
    pub(super) fn named_block(&self, ast: &NamedBlockAst, kind: &str) -> Value {
        let mut properties = vec![
            ("Unnamed", Value::Bool(ast.unnamed)),
            ("BlockKind", values::member_of("TokenKind", kind)),
        ];
        properties.extend(self.body(&ast.body));
        self.node("NamedBlockAst", ast.span, properties)
    }

    pub(super) fn body(&self, block: &StatementBlock) -> Vec<(&'static str, Value)> {
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

    pub(super) fn block(&self, block: &StatementBlock) -> Value {
        self.node("StatementBlockAst", block.span, self.body(block))
    }

    pub(super) fn optional(&self, statement: &Option<Box<PipelineLike>>) -> Value {
        statement
            .as_ref()
            .map_or(Value::Null, |s| self.statement(s))
    }

    pub(super) fn statement(&self, ast: &StatementAst) -> Value {
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
                    ("Operator", values::assignment_operator(a.operator)),
                    ("Right", self.assigned(&a.right)),
                ],
            ),
            StatementKind::If(s) => {
                let mut clauses = Vec::new();
                for (condition, body) in &s.clauses {
                    clauses.push(values::pair(self.statement(condition), self.block(body)));
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
                    ("Flags", values::member_of("ForEachFlags", "None")),
                    ("ThrottleLimit", Value::Null),
                ],
            ),
            StatementKind::Switch(s) => {
                let mut clauses = Vec::new();
                for (condition, body) in &s.clauses {
                    clauses.push(values::pair(self.expression(condition), self.block(body)));
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

    /// What is assigned: an expression stands without the pipeline around it.
    fn assigned(&self, right: &StatementAst) -> Value {
        if let StatementKind::Pipeline(pipeline) = &right.kind
            && !pipeline.background
            && let [CommandBaseAst::Expression(e)] = pipeline.elements.as_slice()
        {
            return self.command_expression(e);
        }
        self.statement(right)
    }

    pub(super) fn loop_node(
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

    pub(super) fn function(&self, ast: &FunctionDefinitionAst) -> Value {
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

    pub(super) fn type_definition(&self, ast: &TypeDefinitionAst) -> Value {
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

    pub(super) fn member(&self, member: &MemberAst) -> Value {
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
}
