//! The flow of control in a method: whether every path returns, and which variables are
//! read before they are surely assigned. [`statements`] makes the graph that is judged here.

mod statements;

use super::walk::{Node, Visitor, walk};
use crate::syntax::ast::*;
use std::collections::HashMap;

/// Variables that always have a value.
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
