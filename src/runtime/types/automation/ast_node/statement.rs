//! Nodes of statements, functions, classes and enums.

use super::make::{Maker, collect};
use super::values;
use crate::runtime::value::Value;
use crate::syntax::ast::*;
use std::rc::Rc;

impl Maker {
    pub(super) fn named_block(&self, ast: &NamedBlockAst, kind: &str) -> Value {
        let properties = vec![
            ("Unnamed", Value::Bool(ast.unnamed)),
            ("BlockKind", values::member_of("TokenKind", kind)),
        ];
        self.node_with_body("NamedBlockAst", ast.span, properties, &ast.body)
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
        let traps: Vec<Value> = traps;
        let traps = match traps.is_empty() {
            true => Value::Null,
            false => self.list("TrapStatementAst", traps),
        };
        vec![
            ("Statements", self.list("StatementAst", statements)),
            ("Traps", traps),
        ]
    }

    /// A node with statements and traps; traps are visited first.
    fn node_with_body(
        &self,
        type_name: &'static str,
        span: Span,
        mut properties: Vec<(&'static str, Value)>,
        block: &StatementBlock,
    ) -> Value {
        let body = self.body(block);
        let mut children = Vec::new();
        for (_, value) in body.iter().rev() {
            collect(value, &mut children);
        }
        properties.extend(body);
        self.node_with(type_name, span, properties, children)
    }

    pub(super) fn block(&self, block: &StatementBlock) -> Value {
        self.node_with_body("StatementBlockAst", block.span, Vec::new(), block)
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
            StatementKind::PipelineChain(chain) => self.chain(chain, span),
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
                    clauses.push((self.statement(condition), self.block(body)));
                }
                let otherwise = s
                    .else_clause
                    .as_ref()
                    .map_or(Value::Null, |b| self.block(b));
                let clauses = values::pairs("PipelineBaseAst", "StatementBlockAst", clauses);
                self.node(
                    "IfStatementAst",
                    span,
                    vec![("Clauses", clauses), ("ElseClause", otherwise)],
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
                    clauses.push((self.expression(condition), self.block(body)));
                }
                let clauses = values::pairs("ExpressionAst", "StatementBlockAst", clauses);
                self.node(
                    "SwitchStatementAst",
                    span,
                    vec![
                        ("Label", label(&s.label)),
                        ("Condition", self.statement(&s.condition)),
                        ("Flags", values::switch_flags(s.flags)),
                        ("Clauses", clauses),
                        (
                            "Default",
                            s.default.as_ref().map_or(Value::Null, |b| self.block(b)),
                        ),
                    ],
                )
            }
            StatementKind::Try(s) => {
                let catches = s.catches.iter().map(|c| self.catch_clause(c)).collect();
                self.node(
                    "TryStatementAst",
                    span,
                    vec![
                        ("Body", self.block(&s.body)),
                        ("CatchClauses", self.list("CatchClauseAst", catches)),
                        (
                            "Finally",
                            s.finally.as_ref().map_or(Value::Null, |b| self.block(b)),
                        ),
                    ],
                )
            }
            StatementKind::Data {
                name,
                supported,
                body,
            } => {
                let commands = supported.iter().map(|e| self.expression(e)).collect();
                self.node(
                    "DataStatementAst",
                    span,
                    vec![
                        ("Variable", label(name)),
                        ("CommandsAllowed", self.list("ExpressionAst", commands)),
                        ("Body", self.block(body)),
                    ],
                )
            }
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
            StatementKind::Error(parts) => self.error_statement(parts, span),
        }
    }

    /// `a && b || c` from the left: each operator joins the chain so far with a pipeline.
    fn chain(&self, chain: &PipelineChainAst, span: Span) -> Value {
        let mut left = self.pipeline(&chain.first);
        let mut so_far = chain.first.span;
        let count = chain.rest.len();
        for (at, (operator, pipeline)) in chain.rest.iter().enumerate() {
            let last = at + 1 == count;
            so_far = if last { span } else { so_far.to(pipeline.span) };
            let operator = match operator {
                ChainOperator::AndAnd => "AndAnd",
                ChainOperator::OrOr => "OrOr",
            };
            left = self.node(
                "PipelineChainAst",
                so_far,
                vec![
                    ("LhsPipelineChain", left),
                    ("RhsPipeline", self.pipeline(pipeline)),
                    ("Operator", values::member_of("TokenKind", operator)),
                    ("Background", Value::Bool(last && chain.background)),
                ],
            );
        }
        left
    }

    pub(super) fn catch_clause(&self, clause: &CatchClauseAst) -> Value {
        let types = clause.types.iter().map(|t| self.type_constraint(t));
        self.node(
            "CatchClauseAst",
            clause.span,
            vec![
                (
                    "CatchTypes",
                    self.list("TypeConstraintAst", types.collect()),
                ),
                ("IsCatchAll", Value::Bool(clause.types.is_empty())),
                ("Body", self.block(&clause.body)),
            ],
        )
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

    pub(super) fn function(&self, ast: &FunctionDefinitionAst) -> Value {
        let parameters = match &ast.parameters {
            Some(list) if !list.is_empty() => self.parameters(list),
            _ => Value::Null,
        };
        self.node_with_help(
            "FunctionDefinitionAst",
            ast.span,
            vec![
                ("IsFilter", Value::Bool(ast.is_filter)),
                ("IsWorkflow", Value::Bool(false)),
                ("Name", Value::str(&*ast.name)),
                ("Parameters", parameters),
                ("Body", self.script_block(&ast.body)),
            ],
            ast.body.help.clone(),
        )
    }

    pub(super) fn parameters(&self, list: &[ParameterAst]) -> Value {
        let parameters = list.iter().map(|p| self.parameter(p)).collect();
        self.list("ParameterAst", parameters)
    }
}
