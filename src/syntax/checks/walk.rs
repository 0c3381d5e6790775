//! A walk over the tree in source order that knows the ancestors of every node.

use crate::host::interrupted;
use crate::syntax::ast::*;

/// A place in the tree.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    ScriptBlock(&'a ScriptBlockAst),
    ParamBlock(&'a ParamBlockAst),
    NamedBlock(&'a NamedBlockAst),
    Block(&'a StatementBlock),
    /// The block of a `finally`.
    Finally(&'a StatementBlock),
    Statement(&'a StatementAst),
    Trap(&'a TrapStatementAst),
    Catch(&'a CatchClauseAst),
    Command(&'a CommandAst),
    CommandExpression(&'a CommandExpressionAst),
    CommandParameter(&'a CommandParameterAst),
    Redirection(&'a RedirectionAst),
    Expression(&'a ExpressionAst),
    /// The variable of a `foreach`.
    LoopVariable(&'a ForEachStatementAst),
    Attribute(&'a AttributeAst),
    TypeConstraint(&'a TypeConstraintAst),
    Parameter(&'a ParameterAst),
    Function(&'a FunctionDefinitionAst),
    TypeDefinition(&'a TypeDefinitionAst),
    Property(&'a PropertyMemberAst),
    Enumerator(&'a EnumMemberAst),
    Method(&'a FunctionMemberAst),
    Using(&'a UsingStatementAst),
}

/// Who looks at the nodes.
pub(crate) trait Visitor<'a> {
    /// Sees a node before its children; false leaves them out.
    fn enter(&mut self, node: Node<'a>, ancestors: &[Node<'a>]) -> bool;

    /// Sees a node behind its children.
    fn leave(&mut self, _node: Node<'a>) {}
}

/// Walks a node and everything below it.
pub(crate) fn walk<'a, V: Visitor<'a>>(visitor: &mut V, node: Node<'a>) {
    let mut walker = Walker {
        visitor,
        stack: Vec::new(),
    };
    walker.node(node);
}

struct Walker<'v, 'a, V> {
    visitor: &'v mut V,
    stack: Vec<Node<'a>>,
}

impl<'a, V: Visitor<'a>> Walker<'_, 'a, V> {
    fn node(&mut self, node: Node<'a>) {
        if self.visitor.enter(node, &self.stack) {
            self.stack.push(node);
            self.children(node);
            self.stack.pop();
        }
        self.visitor.leave(node);
    }

    fn nodes<T>(&mut self, list: &'a [T], make: impl Fn(&'a T) -> Node<'a>) {
        for item in list {
            self.node(make(item));
        }
    }

    fn maybe<T>(&mut self, item: &'a Option<T>, make: impl Fn(&'a T) -> Node<'a>) {
        if let Some(item) = item {
            self.node(make(item));
        }
    }

    fn boxed<T>(&mut self, item: &'a Option<Box<T>>, make: impl Fn(&'a T) -> Node<'a>) {
        if let Some(item) = item {
            self.node(make(item));
        }
    }

    fn children(&mut self, node: Node<'a>) {
        match node {
            Node::ScriptBlock(b) => {
                self.nodes(&b.usings, Node::Using);
                if let Some(p) = &b.param_block {
                    self.nodes(&b.attributes, Node::Attribute);
                    self.node(Node::ParamBlock(p));
                }
                for block in [&b.dynamic_param, &b.begin, &b.process, &b.end, &b.clean] {
                    self.maybe(block, Node::NamedBlock);
                }
            }
            Node::ParamBlock(p) => self.nodes(&p.parameters, Node::Parameter),
            Node::NamedBlock(b) => self.block(&b.body),
            Node::Block(b) | Node::Finally(b) => self.block(b),
            Node::Statement(s) => self.statement(s),
            Node::Trap(t) => {
                self.maybe(&t.type_constraint, Node::TypeConstraint);
                self.node(Node::Block(&t.body));
            }
            Node::Catch(c) => {
                self.nodes(&c.types, Node::TypeConstraint);
                self.node(Node::Block(&c.body));
            }
            Node::Command(c) => {
                for element in &c.elements {
                    match element {
                        CommandElementAst::Argument(e) => self.node(Node::Expression(e)),
                        CommandElementAst::Parameter(p) => self.node(Node::CommandParameter(p)),
                    }
                }
                self.nodes(&c.redirections, Node::Redirection);
            }
            Node::CommandExpression(e) => {
                self.node(Node::Expression(&e.expression));
                self.nodes(&e.redirections, Node::Redirection);
            }
            Node::CommandParameter(p) => self.boxed(&p.argument, Node::Expression),
            Node::Redirection(r) => {
                if let RedirectionKind::File { location, .. } = &r.kind {
                    self.node(Node::Expression(location));
                }
            }
            Node::Expression(e) => self.expression(e),
            Node::LoopVariable(_) | Node::TypeConstraint(_) => {}
            Node::Attribute(a) => {
                self.nodes(&a.positional, Node::Expression);
                for named in &a.named {
                    self.maybe(&named.value, Node::Expression);
                }
            }
            Node::Parameter(p) => {
                for attribute in &p.attributes {
                    self.node(match attribute {
                        AttributeBaseAst::Attribute(a) => Node::Attribute(a),
                        AttributeBaseAst::TypeConstraint(t) => Node::TypeConstraint(t),
                    });
                }
                self.boxed(&p.default, Node::Expression);
            }
            Node::Function(f) => {
                if let Some(parameters) = &f.parameters {
                    self.nodes(parameters, Node::Parameter);
                }
                self.node(Node::ScriptBlock(&f.body));
            }
            Node::TypeDefinition(t) => {
                self.nodes(&t.attributes, Node::Attribute);
                self.nodes(&t.base_types, Node::TypeConstraint);
                match &t.kind {
                    TypeDefinitionKind::Class(members) => {
                        for member in members {
                            self.node(match member {
                                MemberAst::Property(p) => Node::Property(p),
                                MemberAst::Method(m) => Node::Method(m),
                            });
                        }
                    }
                    TypeDefinitionKind::Enum(members) => self.nodes(members, Node::Enumerator),
                }
            }
            Node::Property(p) => {
                self.maybe(&p.type_constraint, Node::TypeConstraint);
                self.nodes(&p.attributes, Node::Attribute);
                self.maybe(&p.initial, Node::Expression);
            }
            Node::Enumerator(m) => self.maybe(&m.value, Node::Expression),
            Node::Method(m) => {
                self.nodes(&m.attributes, Node::Attribute);
                self.maybe(&m.return_type, Node::TypeConstraint);
                self.nodes(&m.parameters, Node::Parameter);
                if let Some(arguments) = &m.base_call {
                    self.nodes(arguments, Node::Expression);
                }
                self.node(Node::ScriptBlock(&m.body));
            }
            Node::Using(u) => self.boxed(&u.specification, Node::Expression),
        }
    }

    /// Statements and traps by their place.
    fn block(&mut self, block: &'a StatementBlock) {
        let mut traps = block.traps.iter().peekable();
        for statement in &block.statements {
            while let Some(trap) = traps.next_if(|t| t.span.start < statement.span.start) {
                self.node(Node::Trap(trap));
            }
            self.node(Node::Statement(statement));
            if interrupted() {
                return;
            }
        }
        for trap in traps {
            self.node(Node::Trap(trap));
        }
    }

    fn pipeline(&mut self, pipeline: &'a PipelineAst) {
        for element in &pipeline.elements {
            self.node(match element {
                CommandBaseAst::Expression(e) => Node::CommandExpression(e),
                CommandBaseAst::Command(c) => Node::Command(c),
            });
        }
    }

    fn statement(&mut self, statement: &'a StatementAst) {
        match &statement.kind {
            StatementKind::Pipeline(p) => self.pipeline(p),
            StatementKind::PipelineChain(c) => {
                self.pipeline(&c.first);
                for (_, pipeline) in &c.rest {
                    self.pipeline(pipeline);
                }
            }
            StatementKind::Assignment(a) => {
                self.node(Node::Expression(&a.left));
                self.node(Node::Statement(&a.right));
            }
            StatementKind::If(i) => {
                for (condition, body) in &i.clauses {
                    self.node(Node::Statement(condition));
                    self.node(Node::Block(body));
                }
                self.maybe(&i.else_clause, Node::Block);
            }
            StatementKind::While {
                condition, body, ..
            } => {
                self.node(Node::Statement(condition));
                self.node(Node::Block(body));
            }
            StatementKind::DoWhile {
                condition, body, ..
            }
            | StatementKind::DoUntil {
                condition, body, ..
            } => {
                self.node(Node::Statement(condition));
                self.node(Node::Block(body));
            }
            StatementKind::For(f) => {
                for part in [&f.initializer, &f.condition, &f.iterator] {
                    self.maybe(part, Node::Statement);
                }
                self.node(Node::Block(&f.body));
            }
            StatementKind::ForEach(f) => {
                self.node(Node::LoopVariable(f));
                self.node(Node::Statement(&f.expression));
                self.node(Node::Block(&f.body));
            }
            StatementKind::Switch(s) => {
                self.node(Node::Statement(&s.condition));
                for (condition, body) in &s.clauses {
                    self.node(Node::Expression(condition));
                    self.node(Node::Block(body));
                }
                self.maybe(&s.default, Node::Block);
            }
            StatementKind::Try(t) => {
                self.node(Node::Block(&t.body));
                self.nodes(&t.catches, Node::Catch);
                self.maybe(&t.finally, Node::Finally);
            }
            StatementKind::Data {
                supported, body, ..
            } => {
                self.nodes(supported, Node::Expression);
                self.node(Node::Block(body));
            }
            StatementKind::Function(f) => self.node(Node::Function(f)),
            StatementKind::TypeDefinition(t) => self.node(Node::TypeDefinition(t)),
            StatementKind::Return(value)
            | StatementKind::Throw(value)
            | StatementKind::Exit(value) => self.boxed(value, Node::Statement),
            StatementKind::Break(label) | StatementKind::Continue(label) => {
                self.boxed(label, Node::Expression);
            }
            StatementKind::Block(b) => self.node(Node::Block(b)),
            StatementKind::Error(e) => {
                let flags = e.flags.iter().filter_map(|(_, value)| value.as_ref());
                for part in e
                    .nested
                    .iter()
                    .chain(flags)
                    .chain(&e.conditions)
                    .chain(&e.bodies)
                {
                    self.node(match part {
                        ErrorPart::Expression(e) => Node::Expression(e),
                        ErrorPart::Statement(s) => Node::Statement(s),
                        ErrorPart::Block(b) => Node::Block(b),
                        ErrorPart::Parameter(p) => Node::Parameter(p),
                        ErrorPart::Type(t) => Node::TypeConstraint(t),
                        ErrorPart::Catch(c) => Node::Catch(c),
                    });
                }
            }
        }
    }

    fn expression(&mut self, expression: &'a ExpressionAst) {
        match &expression.kind {
            ExpressionKind::Number { .. }
            | ExpressionKind::String { .. }
            | ExpressionKind::Variable(_)
            | ExpressionKind::Splat(_)
            | ExpressionKind::Type(_) => {}
            ExpressionKind::Expandable { parts, .. } => {
                for part in parts {
                    if let StringPart::Expression(e) = part {
                        self.node(Node::Expression(e));
                    }
                }
            }
            ExpressionKind::ArrayLiteral(items) | ExpressionKind::Error(items) => {
                self.nodes(items, Node::Expression);
            }
            ExpressionKind::Array(b) | ExpressionKind::SubExpression(b) => {
                self.node(Node::Block(b));
            }
            ExpressionKind::Paren(p) => self.node(Node::Statement(p)),
            ExpressionKind::Hashtable(entries) => {
                for (key, value) in entries {
                    self.node(Node::Expression(key));
                    self.node(Node::Statement(value));
                }
            }
            ExpressionKind::ScriptBlock(b) => self.node(Node::ScriptBlock(b)),
            ExpressionKind::Unary { operand, .. } => self.node(Node::Expression(operand)),
            ExpressionKind::Binary { .. } => self.binary(expression),
            ExpressionKind::Ternary {
                condition,
                if_true,
                if_false,
            } => {
                for part in [condition, if_true, if_false] {
                    self.node(Node::Expression(part));
                }
            }
            ExpressionKind::Convert {
                constraint,
                operand,
            } => {
                self.node(Node::TypeConstraint(constraint));
                self.node(Node::Expression(operand));
            }
            ExpressionKind::Attributed { attribute, operand } => {
                self.node(Node::Attribute(attribute));
                self.node(Node::Expression(operand));
            }
            ExpressionKind::Member(m) => {
                self.node(Node::Expression(&m.target));
                self.node(Node::Expression(&m.member));
            }
            ExpressionKind::InvokeMember(m) => {
                self.node(Node::Expression(&m.target));
                self.node(Node::Expression(&m.member));
                self.nodes(&m.arguments, Node::Expression);
            }
            ExpressionKind::Index { target, index, .. } => {
                self.node(Node::Expression(target));
                self.node(Node::Expression(index));
            }
            ExpressionKind::Using(e) => self.node(Node::Expression(e)),
        }
    }

    /// A chain of operators leans to the left as deep as it is long, so it is not recursed into.
    fn binary(&mut self, outer: &'a ExpressionAst) {
        let mut rights = Vec::new();
        let mut current = outer;
        while let ExpressionKind::Binary { left, right, .. } = &current.kind {
            rights.push(right);
            current = left;
            if !matches!(current.kind, ExpressionKind::Binary { .. }) {
                break;
            }
            if !self.visitor.enter(Node::Expression(current), &self.stack) {
                break;
            }
        }
        if !matches!(current.kind, ExpressionKind::Binary { .. }) {
            self.node(Node::Expression(current));
        }
        for right in rights.iter().rev() {
            self.node(Node::Expression(right));
        }
    }
}
