//! From statements and expressions to the graph of a method: what is read and assigned, and where
//! it goes on.

use super::{Event, Graph, LoopTarget, local_name};
use crate::host::interrupted;
use crate::syntax::ast::*;
use crate::syntax::checks::constants::{TypedTarget, is_constant_variable, pure_expression};

/// Variables that every method may read.
const READABLE: [&str; 7] = [
    "lastexitcode",
    "error",
    "stacktrace",
    "outputencoding",
    "nestedpromptlevel",
    "pwd",
    "matches",
];

impl<'a> Graph<'a> {
    pub(super) fn block(&mut self, block: &'a StatementBlock) {
        for statement in &block.statements {
            self.statement(statement);
            if interrupted() {
                return;
            }
        }
    }

    fn pipeline(&mut self, pipeline: &'a PipelineAst) {
        let mut calls = false;
        for element in &pipeline.elements {
            let redirections = match element {
                CommandBaseAst::Expression(e) => {
                    self.expression(&e.expression);
                    &e.redirections
                }
                CommandBaseAst::Command(c) => {
                    calls = true;
                    for element in &c.elements {
                        match element {
                            CommandElementAst::Argument(e) => self.expression(e),
                            CommandElementAst::Parameter(p) => {
                                if let Some(argument) = &p.argument {
                                    self.expression(argument);
                                }
                            }
                        }
                    }
                    &c.redirections
                }
            };
            for redirection in redirections {
                if let RedirectionKind::File { location, .. } = &redirection.kind {
                    self.expression(location);
                }
            }
        }
        // A command may break out of or continue any loop around it.
        if calls && !self.loops.is_empty() {
            let targets: Vec<(usize, usize)> =
                self.loops.iter().map(|l| (l.stop, l.next)).collect();
            for (stop, next) in targets {
                self.flow_to(stop);
                self.flow_to(next);
            }
            let after = self.new_block();
            self.flow_to(after);
            self.current = after;
        }
    }

    fn statement(&mut self, statement: &'a StatementAst) {
        match &statement.kind {
            StatementKind::Pipeline(p) => self.pipeline(p),
            StatementKind::PipelineChain(c) => {
                self.pipeline(&c.first);
                for (_, pipeline) in &c.rest {
                    let after = self.new_block();
                    let next = self.new_block();
                    self.flow_to(after);
                    self.flow_to(next);
                    self.current = next;
                    self.pipeline(pipeline);
                    self.flow_to(after);
                    self.current = after;
                }
            }
            StatementKind::Assignment(a) => {
                self.statement(&a.right);
                self.targets(&a.left);
            }
            StatementKind::If(i) => self.if_statement(i),
            StatementKind::While {
                label,
                condition,
                body,
            } => self.while_loop(label.as_deref(), Some(condition), body, None),
            StatementKind::DoWhile {
                label,
                condition,
                body,
            }
            | StatementKind::DoUntil {
                label,
                condition,
                body,
            } => self.do_loop(label.as_deref(), condition, body),
            StatementKind::For(f) => {
                if let Some(initializer) = &f.initializer {
                    self.statement(initializer);
                }
                self.while_loop(
                    f.label.as_deref(),
                    f.condition.as_ref(),
                    &f.body,
                    f.iterator.as_ref(),
                );
            }
            StatementKind::ForEach(f) => self.foreach(f),
            StatementKind::Switch(s) => self.switch(s),
            StatementKind::Try(t) => self.try_statement(t),
            StatementKind::Data { name, body, .. } => {
                self.block(body);
                if let Some(name) = name {
                    self.assign(name.to_lowercase(), None, false);
                }
            }
            StatementKind::Return(value) => {
                let last = self.jump(value);
                self.blocks[last].returns = true;
            }
            StatementKind::Throw(value) | StatementKind::Exit(value) => {
                let last = self.jump(value);
                self.blocks[last].throws = true;
            }
            StatementKind::Break(label) => self.break_or_continue(label, |l| l.stop),
            StatementKind::Continue(label) => self.break_or_continue(label, |l| l.next),
            StatementKind::Block(b) => self.block(b),
            StatementKind::Function(_)
            | StatementKind::TypeDefinition(_)
            | StatementKind::Error(_) => {}
        }
    }

    fn jump(&mut self, value: &'a Option<Box<PipelineLike>>) -> usize {
        if let Some(value) = value {
            self.statement(value);
        }
        let exit = self.exit;
        self.flow_to(exit);
        let last = self.current;
        self.current = self.new_block();
        last
    }

    fn break_or_continue(
        &mut self,
        label: &'a Option<Box<ExpressionAst>>,
        select: impl Fn(&LoopTarget<'a>) -> usize,
    ) {
        let target = match label.as_deref() {
            None => self.loops.last().map(select),
            Some(label) => {
                self.expression(label);
                match &label.kind {
                    ExpressionKind::String { value, .. } => self
                        .loops
                        .iter()
                        .rev()
                        .find(|l| l.label.unwrap_or("").eq_ignore_ascii_case(value))
                        .map(select),
                    _ => None,
                }
            }
        };
        match target {
            Some(target) => self.flow_to(target),
            None => {
                let exit = self.exit;
                self.flow_to(exit);
                self.blocks[self.current].throws = true;
            }
        }
        self.current = self.new_block();
    }

    fn if_statement(&mut self, statement: &'a IfStatementAst) {
        let after = self.new_block();
        if statement.else_clause.is_none() {
            self.flow_to(after);
        }
        let count = statement.clauses.len();
        for (i, (condition, body)) in statement.clauses.iter().enumerate() {
            let last = i + 1 == count && statement.else_clause.is_none();
            let inside = self.new_block();
            let next = if last { after } else { self.new_block() };
            self.statement(condition);
            self.flow_to(inside);
            self.flow_to(next);
            self.current = inside;
            self.block(body);
            self.flow_to(after);
            self.current = next;
        }
        if let Some(body) = &statement.else_clause {
            self.block(body);
            self.flow_to(after);
        }
        self.current = after;
    }

    fn enter_loop(&mut self, label: Option<&'a str>, stop: usize, next: usize) {
        self.loops.push(LoopTarget { label, stop, next });
        let body = self.new_block();
        self.flow_to(body);
        self.current = body;
    }

    fn leave_loop(&mut self) {
        if let Some(target) = self.loops.pop() {
            self.flow_to(target.next);
            self.current = target.stop;
        }
    }

    fn while_loop(
        &mut self,
        label: Option<&'a str>,
        condition: Option<&'a PipelineLike>,
        body: &'a StatementBlock,
        iterator: Option<&'a PipelineLike>,
    ) {
        let next = self.new_block();
        match iterator {
            Some(iterator) => {
                let test = self.new_block();
                self.flow_to(test);
                self.current = next;
                self.statement(iterator);
                self.flow_to(test);
                self.current = test;
            }
            None => {
                self.flow_to(next);
                self.current = next;
            }
        }
        let stop = self.new_block();
        if let Some(condition) = condition {
            self.statement(condition);
            self.flow_to(stop);
        }
        self.enter_loop(label, stop, next);
        self.block(body);
        self.leave_loop();
    }

    fn do_loop(
        &mut self,
        label: Option<&'a str>,
        condition: &'a PipelineLike,
        body: &'a StatementBlock,
    ) {
        let next = self.new_block();
        let stop = self.new_block();
        self.enter_loop(label, stop, next);
        let first = self.current;
        self.block(body);
        self.flow_to(next);
        self.current = next;
        self.statement(condition);
        self.flow_to(stop);
        let again = self.new_block();
        self.flow_to(again);
        self.edge(again, first);
        self.loops.pop();
        self.current = stop;
    }

    fn foreach(&mut self, statement: &'a ForEachStatementAst) {
        let after = self.new_block();
        let next = self.new_block();
        self.flow_to(next);
        self.current = next;
        let stop = self.new_block();
        self.statement(&statement.expression);
        self.flow_to(after);
        self.assign("foreach".into(), Some("ienumerator".into()), false);
        if let Some(name) = local_name(&statement.variable) {
            self.assign(name, None, true);
        }
        self.flow_to(stop);
        self.enter_loop(statement.label.as_deref(), stop, next);
        self.block(&statement.body);
        self.leave_loop();
        self.flow_to(after);
        self.current = after;
    }

    fn switch(&mut self, statement: &'a SwitchStatementAst) {
        let next = self.new_block();
        self.flow_to(next);
        self.current = next;
        let stop = self.new_block();
        self.statement(&statement.condition);
        self.assign("switch".into(), Some("ienumerator".into()), false);
        self.flow_to(stop);
        self.enter_loop(statement.label.as_deref(), stop, next);
        let after = self.new_block();
        let count = statement.clauses.len();
        for (i, (condition, body)) in statement.clauses.iter().enumerate() {
            let last = i + 1 == count && statement.default.is_none();
            let inside = self.new_block();
            let other = if last { after } else { self.new_block() };
            self.expression(condition);
            self.flow_to(other);
            self.flow_to(inside);
            self.current = inside;
            self.block(body);
            if !last {
                self.flow_to(other);
                self.current = other;
            }
        }
        if let Some(body) = &statement.default {
            self.flow_to(after);
            self.block(body);
        }
        self.flow_to(after);
        self.current = after;
        self.leave_loop();
    }

    /// Any statement of the body may throw, so the handlers know only what was before.
    fn try_statement(&mut self, statement: &'a TryStatementAst) {
        let before = self.current;
        let body = self.new_block();
        self.flow_to(body);
        self.current = body;
        self.block(&statement.body);
        let last = self.current;
        let finally = statement.finally.as_ref().map(|_| self.new_block());
        let after = self.new_block();
        let mut catch_all = false;
        for clause in &statement.catches {
            catch_all |= clause.types.is_empty();
            let handler = self.new_block();
            self.edge(before, handler);
            self.current = handler;
            self.block(&clause.body);
            self.flow_to(finally.unwrap_or(after));
        }
        match (finally, &statement.finally) {
            (Some(first), Some(body)) => {
                self.edge(last, first);
                self.current = first;
                self.block(body);
                self.flow_to(after);
                if !catch_all {
                    self.edge(before, first);
                    let rethrow = self.new_block();
                    self.flow_to(rethrow);
                    self.blocks[rethrow].throws = true;
                    let exit = self.exit;
                    self.edge(rethrow, exit);
                }
            }
            _ => self.edge(last, after),
        }
        self.current = after;
    }

    /// The targets of an assignment.
    fn targets(&mut self, target: &'a ExpressionAst) {
        match &target.kind {
            ExpressionKind::Paren(inner) => {
                if let Some(inner) = pure_expression(inner) {
                    self.targets(inner);
                }
                return;
            }
            ExpressionKind::ArrayLiteral(items) => {
                for item in items {
                    self.targets(item);
                }
                return;
            }
            _ => {}
        }
        let typed = TypedTarget::of(target);
        let ExpressionKind::Variable(path) = &typed.leaf.kind else {
            self.expression(target);
            return;
        };
        let Some(name) = local_name(path) else {
            return;
        };
        let i = self.variable(name.clone());
        if typed.attributes > 0 || typed.types.len() > 1 {
            self.variables[i].dynamic = true;
        } else {
            let kind = typed
                .types
                .first()
                .map(|it| it.type_name.to_string().to_lowercase());
            self.assign(name, kind, true);
        }
    }

    fn read(&mut self, path: &VariablePath, span: Span) {
        let Some(name) = local_name(path) else {
            let other = path
                .drive
                .as_deref()
                .is_some_and(|d| d.eq_ignore_ascii_case("variable"));
            if other && !is_constant_variable(path) {
                self.unassigned.push(span);
            }
            return;
        };
        if is_constant_variable(path) || READABLE.contains(&name.as_str()) {
            return;
        }
        let i = self.variable(name);
        if !self.variables[i].automatic {
            self.variables[i].reads.push(span);
            self.event(Event::Read(i, span));
        }
    }

    fn expressions(&mut self, list: &'a [ExpressionAst]) {
        for item in list {
            self.expression(item);
        }
    }

    fn expression(&mut self, expression: &'a ExpressionAst) {
        match &expression.kind {
            ExpressionKind::Variable(path) | ExpressionKind::Splat(path) => {
                self.read(path, expression.span);
            }
            ExpressionKind::Expandable { parts, .. } => {
                for part in parts {
                    if let StringPart::Expression(e) = part {
                        self.expression(e);
                    }
                }
            }
            ExpressionKind::ArrayLiteral(items) => self.expressions(items),
            ExpressionKind::Array(b) | ExpressionKind::SubExpression(b) => self.block(b),
            ExpressionKind::Paren(p) => self.statement(p),
            ExpressionKind::Hashtable(entries) => {
                for (key, value) in entries {
                    self.expression(key);
                    self.statement(value);
                }
            }
            ExpressionKind::Unary { operand, .. } => self.expression(operand),
            ExpressionKind::Binary {
                operator: BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Coalesce,
                left,
                right,
                ..
            } => {
                self.expression(left);
                let after = self.new_block();
                let next = self.new_block();
                self.flow_to(after);
                self.flow_to(next);
                self.current = next;
                self.expression(right);
                self.flow_to(after);
                self.current = after;
            }
            ExpressionKind::Binary { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Ternary {
                condition,
                if_true,
                if_false,
            } => {
                let yes = self.new_block();
                let no = self.new_block();
                let after = self.new_block();
                self.expression(condition);
                self.flow_to(yes);
                self.flow_to(no);
                self.current = yes;
                self.expression(if_true);
                self.flow_to(after);
                self.current = no;
                self.expression(if_false);
                self.flow_to(after);
                self.current = after;
            }
            ExpressionKind::Convert { operand, .. }
            | ExpressionKind::Attributed { operand, .. } => {
                self.expression(operand);
            }
            ExpressionKind::Member(m) => {
                self.expression(&m.target);
                self.expression(&m.member);
            }
            ExpressionKind::InvokeMember(m) => {
                self.expression(&m.target);
                self.expression(&m.member);
                self.expressions(&m.arguments);
            }
            ExpressionKind::Index { target, index, .. } => {
                self.expression(target);
                self.expression(index);
            }
            ExpressionKind::Number { .. }
            | ExpressionKind::String { .. }
            | ExpressionKind::Type(_)
            | ExpressionKind::ScriptBlock(_)
            | ExpressionKind::Using(_)
            | ExpressionKind::Error(_) => {}
        }
    }
}
