//! The names a block assigns: its slots.
//!
//! Names inside nested blocks are included, since ForEach-Object and its kin
//! run those in the scope of the block they stand in.

use crate::host::interrupted;
use crate::runtime::symbol::Symbol;
use crate::syntax::ast::*;
use rustc_hash::FxHashSet;

/// Collects names in order of appearance.
#[derive(Default)]
pub struct Names {
    seen: FxHashSet<Symbol>,
    list: Vec<Symbol>,
    /// How many blocks deep inside the one asked about.
    depth: usize,
    /// The block itself dot-sources, or calls a command that makes or removes variables.
    pub makes_variables: bool,
}

/// Commands that make or remove variables behind the parser's back, with their aliases.
const VARIABLE_COMMANDS: [&str; 9] = [
    "new-variable",
    "remove-variable",
    "set-variable",
    "set-psbreakpoint",
    "nv",
    "rv",
    "sbp",
    "sv",
    "set",
];

impl Names {
    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let symbol = Symbol::fold(name);
        if self.seen.insert(symbol) {
            self.list.push(symbol);
        }
    }

    /// The names found.
    pub fn into_list(self) -> Vec<Symbol> {
        self.list
    }

    /// Collects from all parts of a block.
    pub fn of_script_block(&mut self, ast: &ScriptBlockAst) {
        self.add("_");
        self.add("args");
        self.add("input");
        for block in [
            &ast.dynamic_param,
            &ast.begin,
            &ast.process,
            &ast.end,
            &ast.clean,
        ]
        .into_iter()
        .flatten()
        {
            self.of_statements(&block.body);
        }
    }

    fn of_statements(&mut self, block: &StatementBlock) {
        for statement in &block.statements {
            self.of_statement(statement);
            if interrupted() {
                return;
            }
        }
        for trap in &block.traps {
            self.of_statements(&trap.body);
        }
    }

    fn of_optional(&mut self, statement: &Option<Box<PipelineLike>>) {
        if let Some(statement) = statement {
            self.of_statement(statement);
        }
    }

    fn of_statement(&mut self, statement: &StatementAst) {
        match &statement.kind {
            StatementKind::Pipeline(p) => self.of_pipeline(p),
            StatementKind::PipelineChain(chain) => {
                self.of_pipeline(&chain.first);
                chain.rest.iter().for_each(|(_, p)| self.of_pipeline(p));
            }
            StatementKind::Assignment(a) => {
                self.of_target(&a.left);
                self.of_statement(&a.right);
            }
            StatementKind::If(s) => {
                for (condition, body) in &s.clauses {
                    self.of_statement(condition);
                    self.of_statements(body);
                }
                if let Some(body) = &s.else_clause {
                    self.of_statements(body);
                }
            }
            StatementKind::While {
                condition, body, ..
            }
            | StatementKind::DoWhile {
                condition, body, ..
            }
            | StatementKind::DoUntil {
                condition, body, ..
            } => {
                self.of_statement(condition);
                self.of_statements(body);
            }
            StatementKind::For(s) => {
                for part in [&s.initializer, &s.condition, &s.iterator]
                    .into_iter()
                    .flatten()
                {
                    self.of_statement(part);
                }
                self.of_statements(&s.body);
            }
            StatementKind::ForEach(s) => {
                if s.variable.drive.is_none() {
                    self.add(&s.variable.name);
                }
                self.of_statement(&s.expression);
                self.of_statements(&s.body);
            }
            StatementKind::Switch(s) => {
                self.of_statement(&s.condition);
                s.clauses
                    .iter()
                    .for_each(|(_, body)| self.of_statements(body));
                if let Some(body) = &s.default {
                    self.of_statements(body);
                }
            }
            StatementKind::Try(s) => {
                self.of_statements(&s.body);
                s.catches.iter().for_each(|c| self.of_statements(&c.body));
                if let Some(body) = &s.finally {
                    self.of_statements(body);
                }
            }
            StatementKind::Data { body, name, .. } => {
                if let Some(name) = name {
                    self.add(name);
                }
                self.of_statements(body);
            }
            StatementKind::Return(s) | StatementKind::Throw(s) | StatementKind::Exit(s) => {
                self.of_optional(s)
            }
            StatementKind::Block(body) => self.of_statements(body),
            StatementKind::Function(_)
            | StatementKind::TypeDefinition(_)
            | StatementKind::Break(_)
            | StatementKind::Continue(_)
            | StatementKind::Error(_) => {}
        }
    }

    fn of_pipeline(&mut self, pipeline: &PipelineAst) {
        for element in &pipeline.elements {
            match element {
                CommandBaseAst::Expression(e) => self.of_expression(&e.expression),
                CommandBaseAst::Command(c) => {
                    self.makes_variables |= self.depth == 0 && makes_variables(c);
                    for element in &c.elements {
                        match element {
                            CommandElementAst::Argument(e) => self.of_expression(e),
                            CommandElementAst::Parameter(p) => {
                                if let Some(e) = &p.argument {
                                    self.of_expression(e);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn of_target(&mut self, target: &ExpressionAst) {
        match &target.kind {
            ExpressionKind::Variable(v) if v.drive.is_none() => self.add(&v.name),
            ExpressionKind::Convert { operand, .. }
            | ExpressionKind::Attributed { operand, .. } => self.of_target(operand),
            ExpressionKind::ArrayLiteral(items) => items.iter().for_each(|i| self.of_target(i)),
            ExpressionKind::Paren(inner) => {
                if let Some(e) = inner.sole_expression() {
                    self.of_target(e);
                }
            }
            _ => self.of_expression(target),
        }
    }

    fn of_expression(&mut self, expression: &ExpressionAst) {
        match &expression.kind {
            ExpressionKind::Unary { operand, operator } => match operator {
                UnaryOperator::PreIncrement
                | UnaryOperator::PreDecrement
                | UnaryOperator::PostIncrement
                | UnaryOperator::PostDecrement => self.of_target(operand),
                _ => self.of_expression(operand),
            },
            ExpressionKind::Binary { left, right, .. } => {
                self.of_expression(left);
                self.of_expression(right);
            }
            ExpressionKind::Ternary {
                condition,
                if_true,
                if_false,
            } => {
                self.of_expression(condition);
                self.of_expression(if_true);
                self.of_expression(if_false);
            }
            ExpressionKind::Convert { operand, .. }
            | ExpressionKind::Attributed { operand, .. } => self.of_expression(operand),
            ExpressionKind::ArrayLiteral(items) => items.iter().for_each(|i| self.of_expression(i)),
            ExpressionKind::Array(body) | ExpressionKind::SubExpression(body) => {
                self.of_statements(body)
            }
            ExpressionKind::Paren(inner) => self.of_statement(inner),
            ExpressionKind::Hashtable(pairs) => {
                pairs.iter().for_each(|(_, v)| self.of_statement(v))
            }
            ExpressionKind::ScriptBlock(block) => {
                self.depth += 1;
                self.of_script_block(block);
                self.depth -= 1;
            }
            ExpressionKind::Expandable { parts, .. } => {
                for part in parts {
                    if let StringPart::Expression(e) = part {
                        self.of_expression(e);
                    }
                }
            }
            ExpressionKind::Member(m) => self.of_expression(&m.target),
            ExpressionKind::InvokeMember(m) => {
                self.of_expression(&m.target);
                m.arguments.iter().for_each(|a| self.of_expression(a));
            }
            ExpressionKind::Index { target, index, .. } => {
                self.of_expression(target);
                self.of_expression(index);
            }
            _ => {}
        }
    }
}

fn makes_variables(command: &CommandAst) -> bool {
    if command.invocation == InvocationOperator::Dot {
        return true;
    }
    let Some(CommandElementAst::Argument(first)) = command.elements.first() else {
        return false;
    };
    let ExpressionKind::String { value, .. } = &first.kind else {
        return false;
    };
    let name = value
        .strip_prefix("Microsoft.PowerShell.Utility\\")
        .unwrap_or(value);
    VARIABLE_COMMANDS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}
