//! The flow of control in a method: whether every path returns, and which variables are
//! read before they are surely assigned.

use super::constants::{is_constant_variable, pure_expression};
use super::walk::{Node, Visitor, walk};
use crate::host::interrupted;
use crate::syntax::ast::*;
use std::collections::HashMap;

/// Variables that always have a value, and such as every method may read.
const AUTOMATIC: [&str; 10] = [
    "_",
    "args",
    "this",
    "input",
    "pscmdlet",
    "psboundparameters",
    "myinvocation",
    "psscriptroot",
    "pscommandpath",
    "?",
];
const READABLE: [&str; 7] = [
    "lastexitcode",
    "error",
    "stacktrace",
    "outputencoding",
    "nestedpromptlevel",
    "pwd",
    "matches",
];

/// Commands that make variables behind the parser's back.
const MAKE_VARIABLES: [&str; 8] = [
    "new-variable",
    "remove-variable",
    "set-variable",
    "set-psdebug",
    "set-psbreakpoint",
    "nv",
    "sv",
    "sbp",
];

/// Known to exist in every scope: assignments to them are left to run time.
const ALL_SCOPE: [&str; 14] = [
    "?",
    "executioncontext",
    "false",
    "home",
    "host",
    "pid",
    "psculture",
    "pshome",
    "psuiculture",
    "psversiontable",
    "psedition",
    "shellid",
    "true",
    "enabledexperimentalfeatures",
];

/// What is known of a method's flow.
pub(super) struct Flow {
    /// Every path ends in a return or throw.
    pub returns: bool,
    /// Variables that may be read without a value, by their place.
    pub unassigned: Vec<Span>,
}

/// Analyses one method.
pub(super) fn analyse(method: &FunctionMemberAst) -> Flow {
    let mut graph = Graph::new(method);
    for parameter in &method.parameters {
        graph.parameter(parameter);
    }
    let body = &method.body;
    for block in [&body.dynamic_param, &body.begin, &body.process, &body.end]
        .into_iter()
        .flatten()
    {
        graph.block(&block.body);
    }
    let exit = graph.exit;
    graph.flow_to(exit);
    graph.finish()
}

/// A stretch of code without branches.
#[derive(Default)]
struct Basic {
    events: Vec<Event>,
    successors: Vec<usize>,
    predecessors: Vec<usize>,
    throws: bool,
    returns: bool,
    reachable: bool,
}

/// What happens to a variable.
enum Event {
    Read(usize, Span),
    Assign {
        variable: usize,
        kind: Option<String>,
        explicit: bool,
    },
}

#[derive(Default)]
struct Variable {
    automatic: bool,
    /// Left to run time: reads of it are fine once it is assigned anywhere.
    dynamic: bool,
    assigned: bool,
    kind: Option<String>,
    reads: Vec<Span>,
}

struct LoopTarget<'a> {
    label: Option<&'a str>,
    stop: usize,
    next: usize,
}

struct Graph<'a> {
    blocks: Vec<Basic>,
    current: usize,
    exit: usize,
    loops: Vec<LoopTarget<'a>>,
    names: HashMap<String, usize>,
    variables: Vec<Variable>,
    /// Everything is left to run time.
    pessimistic: bool,
    unassigned: Vec<Span>,
}

/// Looks for what makes variables unpredictable.
struct Pessimist(bool);

impl<'a> Visitor<'a> for Pessimist {
    fn enter(&mut self, node: Node<'a>, _: &[Node<'a>]) -> bool {
        match node {
            Node::Command(c) => {
                if c.invocation == InvocationOperator::Dot {
                    self.0 = true;
                }
                if let Some(CommandElementAst::Argument(ExpressionAst {
                    kind: ExpressionKind::String { value, .. },
                    ..
                })) = c.elements.first()
                    && MAKE_VARIABLES.contains(&value.to_lowercase().as_str())
                {
                    self.0 = true;
                }
                true
            }
            Node::Expression(ExpressionAst {
                kind: ExpressionKind::Variable(path),
                ..
            }) => {
                if path
                    .drive
                    .as_ref()
                    .is_some_and(|d| d.eq_ignore_ascii_case("private"))
                {
                    self.0 = true;
                }
                true
            }
            Node::Expression(ExpressionAst {
                kind: ExpressionKind::ScriptBlock(_),
                ..
            })
            | Node::Function(_)
            | Node::Trap(_) => false,
            _ => true,
        }
    }
}

/// The name of a local variable, `None` for others.
fn local_name(path: &VariablePath) -> Option<String> {
    let local = match path.drive.as_deref() {
        None => true,
        Some(d) => d.eq_ignore_ascii_case("local") || d.eq_ignore_ascii_case("private"),
    };
    let name = path.name.to_lowercase();
    let name = if name == "psitem" { "_".into() } else { name };
    local.then_some(name)
}

impl<'a> Graph<'a> {
    fn new(method: &'a FunctionMemberAst) -> Graph<'a> {
        let mut pessimist = Pessimist(false);
        walk(&mut pessimist, Node::ScriptBlock(&method.body));
        let mut graph = Graph {
            blocks: Vec::new(),
            current: 0,
            exit: 0,
            loops: Vec::new(),
            names: HashMap::new(),
            variables: Vec::new(),
            pessimistic: pessimist.0,
            unassigned: Vec::new(),
        };
        graph.current = graph.new_block();
        graph.blocks[0].reachable = true;
        graph.exit = graph.new_block();
        for name in AUTOMATIC {
            let i = graph.variable(name.to_string());
            graph.variables[i].automatic = true;
        }
        graph
    }

    fn new_block(&mut self) -> usize {
        self.blocks.push(Basic::default());
        self.blocks.len() - 1
    }

    fn variable(&mut self, name: String) -> usize {
        let next = self.variables.len();
        let i = *self.names.entry(name).or_insert(next);
        if i == next {
            self.variables.push(Variable::default());
        }
        i
    }

    fn edge(&mut self, from: usize, to: usize) {
        if !self.blocks[from].successors.contains(&to) {
            if self.blocks[from].reachable {
                self.blocks[to].reachable = true;
            }
            self.blocks[from].successors.push(to);
            self.blocks[to].predecessors.push(from);
        }
    }

    fn flow_to(&mut self, to: usize) {
        self.edge(self.current, to);
    }

    fn event(&mut self, event: Event) {
        self.blocks[self.current].events.push(event);
    }

    fn assign(&mut self, name: String, kind: Option<String>, explicit: bool) {
        let variable = self.variable(name);
        self.event(Event::Assign {
            variable,
            kind,
            explicit,
        });
    }

    fn parameter(&mut self, parameter: &ParameterAst) {
        let Some(name) = local_name(&parameter.name) else {
            return;
        };
        let i = self.variable(name.clone());
        let variable = &mut self.variables[i];
        variable.assigned = true;
        let mut types = parameter.attributes.iter().filter_map(|a| match a {
            AttributeBaseAst::TypeConstraint(t) => Some(t),
            AttributeBaseAst::Attribute(_) => None,
        });
        let kind = types.next().map(|t| t.type_name.to_string().to_lowercase());
        let plain = parameter
            .attributes
            .iter()
            .all(|a| matches!(a, AttributeBaseAst::TypeConstraint(_)));
        if !variable.automatic && (!plain || types.next().is_some()) {
            variable.dynamic = true;
        }
        variable.kind = Some(kind.clone().unwrap_or_else(|| "object".into()));
        self.assign(name, kind, false);
    }

    fn block(&mut self, block: &'a StatementBlock) {
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
        let mut leaf = target;
        let mut converts = 0;
        let mut attributes = false;
        let mut kind = None;
        loop {
            match &leaf.kind {
                ExpressionKind::Convert {
                    constraint,
                    operand,
                } => {
                    converts += 1;
                    kind = Some(constraint.type_name.to_string().to_lowercase());
                    leaf = operand;
                }
                ExpressionKind::Attributed { operand, .. } => {
                    converts += 1;
                    attributes = true;
                    leaf = operand;
                }
                _ => break,
            }
        }
        let ExpressionKind::Variable(path) = &leaf.kind else {
            self.expression(target);
            return;
        };
        let Some(name) = local_name(path) else {
            return;
        };
        let i = self.variable(name.clone());
        if attributes || converts > 1 {
            self.variables[i].dynamic = true;
        } else {
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

    /// The order in which a block comes behind all that lead to it, loops aside.
    fn order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.blocks.len()];
        let mut stack = vec![(0usize, 0usize)];
        seen[0] = true;
        while let Some((block, child)) = stack.pop() {
            match self.blocks[block].successors.get(child) {
                Some(next) => {
                    stack.push((block, child + 1));
                    if !std::mem::replace(&mut seen[*next], true) {
                        stack.push((*next, 0));
                    }
                }
                None => order.push(block),
            }
        }
        order.reverse();
        order
    }

    fn finish(mut self) -> Flow {
        let mut known: Vec<Option<Vec<bool>>> = vec![None; self.blocks.len()];
        let mut late = Vec::new();
        for block in self.order() {
            let mut assigned = vec![block != 0; self.variables.len()];
            for predecessor in &self.blocks[block].predecessors {
                if let Some(Some(other)) = known.get(*predecessor) {
                    for (a, b) in assigned.iter_mut().zip(other) {
                        *a &= *b;
                    }
                }
            }
            let events = std::mem::take(&mut self.blocks[block].events);
            for event in events {
                match event {
                    Event::Read(i, span) => {
                        if !assigned[i] {
                            late.push((i, span));
                        }
                    }
                    Event::Assign {
                        variable,
                        kind,
                        explicit,
                    } => {
                        self.assigned(variable, kind, explicit, assigned[variable]);
                        assigned[variable] = true;
                    }
                }
            }
            known[block] = Some(assigned);
        }
        for (i, span) in late {
            let variable = &self.variables[i];
            if !(variable.dynamic && variable.assigned) {
                self.unassigned.push(span);
            }
        }
        let all = self.blocks[self.exit].predecessors.iter().all(|p| {
            let block = &self.blocks[*p];
            block.returns || block.throws || !block.reachable
        });
        Flow {
            returns: all,
            unassigned: self.unassigned,
        }
    }

    /// Notes an assignment; one to another type makes the variable dynamic.
    fn assigned(&mut self, i: usize, kind: Option<String>, explicit: bool, before: bool) {
        let pessimistic = self.pessimistic;
        let name_is_global = self
            .names
            .iter()
            .any(|(n, v)| *v == i && ALL_SCOPE.contains(&n.as_str()));
        let variable = &mut self.variables[i];
        if explicit {
            variable.assigned = true;
        }
        if pessimistic || name_is_global {
            variable.dynamic = true;
        }
        match &variable.kind {
            None => variable.kind = Some(kind.unwrap_or_else(|| "object".into())),
            Some(known) => {
                let kind = kind.or_else(|| (!before).then(|| "object".to_string()));
                if kind.is_some_and(|k| k != *known) && !variable.automatic {
                    variable.dynamic = true;
                }
            }
        }
    }
}
