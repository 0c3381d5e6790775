//! The checks proper, in the order of the text.

use super::constants::{Purpose, TypedTarget, is_constant, pure_expression};
use super::data_section::DataSection;
use super::walk::{Node, Visitor, walk};
use super::{Report, flow, known, namespaces};
use crate::syntax::ast::*;
use std::collections::HashSet;

pub(super) struct Semantics<'r, 'o, 'a> {
    report: &'r mut Report<'o>,
    namespaces: Vec<&'a str>,
    /// Variables read in methods without a value.
    unassigned: HashSet<Span>,
}

impl<'r, 'o, 'a> Semantics<'r, 'o, 'a> {
    pub fn new(report: &'r mut Report<'o>) -> Semantics<'r, 'o, 'a> {
        Semantics {
            report,
            namespaces: Vec::new(),
            unassigned: HashSet::new(),
        }
    }

    fn error(&mut self, span: Span, id: &'static str, arguments: &[&str]) {
        self.report.error(span, id, arguments);
    }

    fn parameters(&mut self, parameters: &[ParameterAst]) {
        let mut seen = HashSet::new();
        for parameter in parameters {
            let key = full_name(&parameter.name).to_lowercase();
            if !seen.insert((parameter.name.drive.is_some(), key)) {
                let name = full_name(&parameter.name);
                self.error(parameter.name_span, "DuplicateFormalParameter", &[&name]);
            }
            for attribute in &parameter.attributes {
                if let AttributeBaseAst::TypeConstraint(t) = attribute
                    && known::is_void(&t.type_name)
                {
                    self.error(t.span, "VoidTypeConstraintNotAllowed", &[]);
                    break;
                }
            }
        }
    }

    fn parameter(&mut self, parameter: &ParameterAst, in_method: bool) {
        let mut typed = false;
        for attribute in &parameter.attributes {
            let AttributeBaseAst::TypeConstraint(t) = attribute else {
                continue;
            };
            if is_ordered(&t.type_name) {
                let name = t.type_name.to_string();
                self.error(t.span, "OrderedAttributeOnlyOnHashLiteralNode", &[&name]);
            } else if in_method {
                if typed {
                    self.error(t.span, "MultipleTypeConstraintsOnMethodParam", &[]);
                }
                typed = true;
            }
        }
    }

    fn attribute(&mut self, attribute: &AttributeAst, ancestors: &[Node<'a>]) {
        let in_class = match ancestors.last() {
            Some(Node::TypeDefinition(_) | Node::Property(_) | Node::Method(_)) => true,
            Some(Node::Parameter(_)) => {
                matches!(ancestors.iter().rev().nth(1), Some(Node::Method(_)))
            }
            _ => false,
        };
        if in_class
            && let Some((class, properties)) = known::attribute(&attribute.type_name.to_string())
        {
            let declared = match ancestors.last() {
                Some(Node::TypeDefinition(t)) => match t.kind {
                    TypeDefinitionKind::Class(_) => "Class",
                    TypeDefinitionKind::Enum(_) => "Enum",
                },
                Some(Node::Property(_)) => "Property",
                Some(Node::Method(m)) if m.is_constructor => "Constructor",
                Some(Node::Method(_)) => "Method",
                _ => "Parameter",
            };
            if let Some(targets) = known::targets(class)
                && !targets.split(", ").any(|target| target == declared)
            {
                let id = "AttributeNotAllowedOnDeclaration";
                self.error(attribute.span, id, &[class, targets]);
            }
            for named in &attribute.named {
                let found = properties
                    .split(", ")
                    .any(|p| p.eq_ignore_ascii_case(&named.name));
                if !found {
                    let id = "PropertyNotFoundForAttribute";
                    self.error(named.span, id, &[&named.name, class, properties]);
                }
            }
        }
        let (purpose, id) = if in_class {
            let id = "ParameterAttributeArgumentNeedsToBeConstant";
            (Purpose::ClassAttribute, id)
        } else {
            let id = "ParameterAttributeArgumentNeedsToBeConstantOrScriptBlock";
            (Purpose::Attribute, id)
        };
        for (at, named) in attribute.named.iter().enumerate() {
            let mut earlier = attribute.named.iter().take(at);
            if earlier.any(|other| same_name(&other.name, &named.name)) {
                self.error(named.span, "DuplicateNamedArgument", &[&named.name]);
            } else if let Some(value) = &named.value
                && !is_constant(value, purpose)
                && !is_error(value)
            {
                self.error(value.span, id, &[]);
            }
        }
        for value in &attribute.positional {
            if !is_constant(value, purpose) && !is_error(value) {
                self.error(value.span, id, &[]);
            }
        }
    }

    fn method(&mut self, method: &FunctionMemberAst) {
        let body = &method.body;
        if let Some(block) = &body.param_block {
            self.error(block.span, "ParamBlockNotAllowedInMethod", &[]);
        }
        let named = [&body.dynamic_param, &body.begin, &body.process, &body.end]
            .into_iter()
            .flatten()
            .find(|b| !b.unnamed)
            .or(body.clean.as_ref());
        if let Some(block) = named {
            self.error(block.span, "NamedBlockNotAllowedInMethod", &[]);
        }
        if method.is_constructor
            && let Some(return_type) = &method.return_type
        {
            self.error(return_type.span, "ConstructorCantHaveReturnType", &[]);
        }
        let flow = flow::analyse(method);
        if !flow.returns && !is_void_method(method) {
            self.error(method.name_span, "MethodHasCodePathNotReturn", &[]);
        }
        self.unassigned.extend(flow.unassigned);
    }

    fn try_statement(&mut self, statement: &TryStatementAst) {
        let catches = &statement.catches;
        for (i, first) in catches.iter().enumerate() {
            for second in catches.iter().skip(i + 1) {
                if first.types.is_empty() {
                    let at = second.span.start.saturating_sub(1);
                    let span = Span { start: at, end: at };
                    self.error(span, "EmptyCatchNotLast", &[]);
                    break;
                }
                for base in &first.types {
                    for derived in &second.types {
                        self.caught(base, derived);
                    }
                }
            }
        }
    }

    fn caught(&mut self, base: &TypeConstraintAst, derived: &TypeConstraintAst) {
        let name = |t: &TypeConstraintAst| match &t.type_name.kind {
            TypeNameKind::Simple(text) => known::exception(text, &self.namespaces),
            _ => None,
        };
        if let (Some(base), Some(name)) = (name(base), name(derived))
            && known::is_exception_or_derived(name, base)
        {
            self.error(derived.span, "ExceptionTypeAlreadyCaught", &[name]);
        }
    }

    /// `break` and `continue`: not out of a `finally`, and in a method only to labels around.
    fn jump(&mut self, span: Span, label: Option<&ExpressionAst>, ancestors: &[Node<'a>]) {
        let label = match label.map(|l| &l.kind) {
            None => Some(""),
            Some(ExpressionKind::String { value, .. }) => Some(&**value),
            Some(_) => None,
        };
        self.out_of_finally(span, label, ancestors);
        let Some(label) = label.filter(|l| !l.is_empty()) else {
            return;
        };
        for node in ancestors.iter().rev() {
            match node {
                Node::Method(_) => {
                    self.error(span, "LabelNotFound", &[label]);
                    return;
                }
                Node::Function(_) => return,
                Node::Statement(s) => {
                    let is_loop = !matches!(s.kind, StatementKind::Switch(_));
                    let own = loop_label(s);
                    if is_loop && own.is_some_and(|l| l.eq_ignore_ascii_case(label)) {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn out_of_finally(&mut self, span: Span, label: Option<&str>, ancestors: &[Node<'a>]) {
        for node in ancestors.iter().rev() {
            match node {
                Node::NamedBlock(_) | Node::Trap(_) | Node::ScriptBlock(_) => return,
                Node::Finally(_) => {
                    self.error(span, "ControlLeavingFinally", &[]);
                    return;
                }
                Node::Statement(s) => {
                    if let (Some(label), Some(own)) = (label, loop_label(s))
                        && (label.is_empty() || own.eq_ignore_ascii_case(label))
                    {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn return_statement(&mut self, statement: &StatementAst, value: bool, ancestors: &[Node<'a>]) {
        self.out_of_finally(statement.span, None, ancestors);
        let method = ancestors
            .iter()
            .enumerate()
            .rev()
            .find_map(|(i, n)| match n {
                Node::ScriptBlock(_) => match i.checked_sub(1).and_then(|j| ancestors.get(j)) {
                    Some(Node::Method(m)) => Some(Some(*m)),
                    _ => Some(None),
                },
                _ => None,
            });
        if let Some(Some(method)) = method {
            let is_void = is_void_method(method);
            if value && is_void {
                self.error(statement.span, "VoidMethodHasReturn", &[]);
            } else if !value && !is_void {
                self.error(statement.span, "NonVoidMethodMissingReturnValue", &[]);
            }
        }
    }

    /// Whether something can be assigned to; `id` is the error if not.
    fn target(&mut self, target: &ExpressionAst, simple: bool, id: &'static str, word: &[&str]) {
        match &target.kind {
            ExpressionKind::ArrayLiteral(items) if simple => {
                for item in items {
                    self.target(item, true, id, word);
                }
            }
            ExpressionKind::Paren(inner) => match pure_expression(inner) {
                Some(expression) => self.target(expression, simple, id, word),
                None => self.error(inner.span, id, word),
            },
            ExpressionKind::Variable(_) | ExpressionKind::Splat(_) => {}
            ExpressionKind::Member(m) if !m.null_conditional => {}
            ExpressionKind::InvokeMember(m) if !m.null_conditional => {}
            ExpressionKind::Index {
                null_conditional: false,
                ..
            } => {}
            ExpressionKind::Convert { .. } | ExpressionKind::Attributed { .. } => {
                self.typed_target(target, simple, id, word);
            }
            _ => self.error(target.span, id, word),
        }
    }

    fn typed_target(
        &mut self,
        target: &ExpressionAst,
        simple: bool,
        id: &'static str,
        word: &[&str],
    ) {
        let typed = TypedTarget::of(target);
        let mut reference = None;
        for constraint in &typed.types {
            if known::is_reference(&constraint.type_name) {
                reference = Some(constraint.span);
            } else if known::is_void(&constraint.type_name) {
                self.error(constraint.span, "VoidTypeConstraintNotAllowed", &[]);
            }
        }
        if let Some(span) = reference
            && typed.types.len() > 1
        {
            self.error(span, "ReferenceNeedsToBeByItselfInTypeConstraint", &[]);
            return;
        }
        if let (ExpressionKind::Variable(path), Some(last)) = (&typed.leaf.kind, typed.types.last())
        {
            self.automatic_target(target.span, path, &last.type_name);
        }
        self.target(typed.leaf, simple, id, word);
    }

    /// Automatic variables have their types and take no others.
    fn automatic_target(&mut self, span: Span, path: &VariablePath, given: &TypeName) {
        const TYPES: [(&str, &str, &str); 9] = [
            ("_", "object", "System.Object"),
            ("args", "object[]", "System.Object[]"),
            ("this", "object", "System.Object"),
            ("input", "object", "System.Object"),
            (
                "PSCmdlet",
                "",
                "System.Management.Automation.PSScriptCmdlet",
            ),
            (
                "PSBoundParameters",
                "",
                "System.Management.Automation.PSBoundParametersDictionary",
            ),
            (
                "MyInvocation",
                "",
                "System.Management.Automation.InvocationInfo",
            ),
            ("PSScriptRoot", "string", "System.String"),
            ("PSCommandPath", "string", "System.String"),
        ];
        if path.drive.is_some() {
            return;
        }
        let given = given.to_string();
        for (name, short, long) in TYPES {
            if path.name.eq_ignore_ascii_case(name)
                && !given.eq_ignore_ascii_case(short)
                && !given.eq_ignore_ascii_case(long)
            {
                let id = "AssignmentStatementToAutomaticNotSupported";
                self.error(span, id, &[&path.name, long]);
            }
        }
    }

    fn convert(
        &mut self,
        expression: &ExpressionAst,
        constraint: &TypeConstraintAst,
        operand: &ExpressionAst,
        ancestors: &[Node<'a>],
    ) {
        if is_ordered(&constraint.type_name) {
            if !matches!(operand.kind, ExpressionKind::Hashtable(_)) {
                let name = constraint.type_name.to_string();
                let id = "OrderedAttributeOnlyOnHashLiteralNode";
                self.error(expression.span, id, &[&name]);
            }
            return;
        }
        if !known::is_reference(&constraint.type_name) {
            return;
        }
        let mut repeated = false;
        let mut child = operand;
        loop {
            child = match &child.kind {
                ExpressionKind::Convert {
                    constraint,
                    operand,
                } => {
                    if known::is_reference(&constraint.type_name) {
                        repeated = true;
                        let id = "ReferenceNeedsToBeByItselfInTypeSequence";
                        self.error(constraint.span, id, &[]);
                    }
                    operand
                }
                ExpressionKind::Attributed { operand, .. } => operand,
                _ => break,
            };
        }
        if repeated || !is_other_convert(ancestors.last()) {
            return;
        }
        // On the left of an assignment another error says so.
        for node in ancestors.iter().rev() {
            match node {
                Node::Statement(StatementAst {
                    kind: StatementKind::Assignment(a),
                    ..
                }) => {
                    if expression.span.end <= a.left.span.end {
                        return;
                    }
                    break;
                }
                Node::CommandExpression(_) => break,
                _ => {}
            }
        }
        let id = "ReferenceNeedsToBeLastTypeInTypeConversion";
        self.error(constraint.span, id, &[]);
    }

    fn splat(&mut self, span: Span, path: &VariablePath, ancestors: &[Node<'a>]) {
        let expression = |i: usize| match ancestors.iter().rev().nth(i) {
            Some(Node::Expression(e)) => Some(&e.kind),
            _ => None,
        };
        let command = |i: usize| matches!(ancestors.iter().rev().nth(i), Some(Node::Command(_)));
        if command(0) || matches!(expression(0), Some(ExpressionKind::Using(_))) {
            return;
        }
        let in_list = matches!(expression(0), Some(ExpressionKind::ArrayLiteral(_)));
        let id = if in_list && command(1) {
            "SplattingNotPermittedInArgumentList"
        } else {
            "SplattingNotPermitted"
        };
        self.error(span, id, &[&full_name(path)]);
    }

    fn variable(&mut self, span: Span, path: &VariablePath, ancestors: &[Node<'a>]) {
        if self.unassigned.contains(&span) {
            self.error(span, "VariableNotLocal", &[]);
        }
        if path.drive.is_none() && path.name.eq_ignore_ascii_case("this") {
            let in_static = ancestors
                .iter()
                .enumerate()
                .rev()
                .find_map(|(i, n)| match n {
                    Node::Property(p) => Some(p.is_static),
                    Node::ScriptBlock(_) => match i.checked_sub(1).and_then(|j| ancestors.get(j)) {
                        Some(Node::Method(m)) => Some(m.is_static),
                        _ => Some(false),
                    },
                    _ => None,
                });
            if in_static == Some(true) {
                let id = "NonStaticMemberAccessInStaticMember";
                self.error(span, id, &[&path.name]);
            }
        }
    }

    fn hashtable(&mut self, entries: &[(ExpressionAst, StatementAst)]) {
        let mut keys = HashSet::new();
        for (key, _) in entries {
            let text = match &key.kind {
                ExpressionKind::String { value, .. } => value.to_string(),
                ExpressionKind::Number { value, .. } => number_text(value),
                _ => continue,
            };
            if !keys.insert(text.to_lowercase()) {
                self.error(key.span, "DuplicateKeyInHashLiteral", &[&text]);
            }
        }
    }

    fn expression(&mut self, expression: &'a ExpressionAst, ancestors: &[Node<'a>]) {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Variable(path) => self.variable(span, path, ancestors),
            ExpressionKind::Splat(path) => {
                self.splat(span, path, ancestors);
                self.variable(span, path, ancestors);
            }
            ExpressionKind::Hashtable(entries) => self.hashtable(entries),
            ExpressionKind::Unary { operator, operand } => {
                let word = match operator {
                    UnaryOperator::PreIncrement | UnaryOperator::PostIncrement => "++",
                    UnaryOperator::PreDecrement | UnaryOperator::PostDecrement => "--",
                    _ => return,
                };
                let id = "OperatorRequiresVariableOrProperty";
                self.target(operand, false, id, &[word]);
            }
            ExpressionKind::Convert {
                constraint,
                operand,
            } => self.convert(expression, constraint, operand, ancestors),
            ExpressionKind::Attributed { attribute, operand } => {
                let mut leaf = operand;
                while let ExpressionKind::Attributed { operand, .. }
                | ExpressionKind::Convert { operand, .. } = &leaf.kind
                {
                    leaf = operand;
                }
                if !matches!(leaf.kind, ExpressionKind::Variable(_)) {
                    let name = attribute.type_name.to_string();
                    self.error(attribute.span, "UnexpectedAttribute", &[&name]);
                }
            }
            ExpressionKind::Using(inner) => {
                if let Some(bad) = bad_using(inner) {
                    self.error(bad, "InvalidUsingExpression", &[]);
                }
            }
            _ => {}
        }
    }

    fn statement(&mut self, statement: &'a StatementAst, ancestors: &[Node<'a>]) {
        match &statement.kind {
            StatementKind::Assignment(a) => {
                let simple = a.operator == AssignmentOperator::Equals;
                self.target(&a.left, simple, "InvalidLeftHandSide", &[]);
            }
            StatementKind::Try(t) => self.try_statement(t),
            StatementKind::Break(label) | StatementKind::Continue(label) => {
                self.jump(statement.span, label.as_deref(), ancestors);
            }
            StatementKind::Return(value) => {
                self.return_statement(statement, value.is_some(), ancestors);
            }
            StatementKind::Data {
                supported, body, ..
            } => {
                let mut section = DataSection::new(self.report, supported);
                walk(&mut section, Node::Block(body));
            }
            _ => {}
        }
    }

    fn using(&mut self, using: &UsingStatementAst) {
        let supported = matches!(
            using.kind,
            UsingKind::Namespace | UsingKind::Assembly | UsingKind::Module
        );
        if !supported || using.alias.is_some() {
            self.error(using.span, "UsingStatementNotSupported", &[]);
        }
        if using.kind == UsingKind::Namespace
            && let Some(name) = &using.name
            && !is_namespace(name)
        {
            self.error(using.name_span, "InvalidNamespaceValue", &[]);
        }
    }
}

impl<'a> Visitor<'a> for Semantics<'_, '_, 'a> {
    fn enter(&mut self, node: Node<'a>, ancestors: &[Node<'a>]) -> bool {
        match node {
            Node::ScriptBlock(block) if ancestors.is_empty() => {
                self.namespaces = namespaces(block);
            }
            Node::ParamBlock(block) => self.parameters(&block.parameters),
            Node::Parameter(parameter) => {
                let in_method = matches!(ancestors.last(), Some(Node::Method(_)));
                self.parameter(parameter, in_method);
            }
            Node::Attribute(attribute) => self.attribute(attribute, ancestors),
            Node::Method(method) => self.method(method),
            Node::Function(function) => {
                let list = function.parameters.as_deref().unwrap_or_default();
                match &function.body.param_block {
                    Some(block) if !list.is_empty() => {
                        self.error(block.span, "OnlyOneParameterListAllowed", &[]);
                    }
                    _ => self.parameters(list),
                }
            }
            Node::Property(property) => {
                if let Some(t) = &property.type_constraint
                    && known::is_void(&t.type_name)
                {
                    let name = t.type_name.to_string();
                    self.error(t.span, "TypeNotAllowedForProperty", &[&name]);
                }
            }
            Node::Using(using) => self.using(using),
            Node::Statement(statement) => self.statement(statement, ancestors),
            Node::Expression(expression) => self.expression(expression, ancestors),
            _ => {}
        }
        true
    }
}

/// Whether the parent is a cast to something else than `[ref]`.
fn is_other_convert(parent: Option<&Node<'_>>) -> bool {
    matches!(parent, Some(Node::Expression(ExpressionAst {
        kind: ExpressionKind::Convert { constraint, .. },
        ..
    })) if !known::is_reference(&constraint.type_name))
}

fn is_error(expression: &ExpressionAst) -> bool {
    matches!(expression.kind, ExpressionKind::Error(_))
}

fn is_ordered(name: &TypeName) -> bool {
    known::is_type(name, "ordered", "ordered")
}

fn is_void_method(method: &FunctionMemberAst) -> bool {
    method
        .return_type
        .as_ref()
        .is_none_or(|t| known::is_void(&t.type_name))
}

/// The label of a loop or switch, empty if it has none; `None` for other statements.
fn loop_label(statement: &StatementAst) -> Option<&str> {
    let label = match &statement.kind {
        StatementKind::While { label, .. }
        | StatementKind::DoWhile { label, .. }
        | StatementKind::DoUntil { label, .. } => label,
        StatementKind::For(f) => &f.label,
        StatementKind::ForEach(f) => &f.label,
        StatementKind::Switch(s) => &s.label,
        _ => return None,
    };
    Some(label.as_deref().unwrap_or(""))
}

/// Whether two names differ at most in letter case.
fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}

/// A variable's name with its scope, as messages show it.
fn full_name(path: &VariablePath) -> String {
    match &path.drive {
        Some(drive) => format!("{drive}:{}", path.name),
        None => path.name.to_string(),
    }
}

/// The text of a number, by which keys are compared.
fn number_text(value: &NumberLiteral) -> String {
    match value {
        NumberLiteral::SByte(n) => n.to_string(),
        NumberLiteral::Byte(n) => n.to_string(),
        NumberLiteral::Short(n) => n.to_string(),
        NumberLiteral::UShort(n) => n.to_string(),
        NumberLiteral::Int(n) => n.to_string(),
        NumberLiteral::UInt(n) => n.to_string(),
        NumberLiteral::Long(n) => n.to_string(),
        NumberLiteral::ULong(n) => n.to_string(),
        NumberLiteral::Double(n) => n.to_string(),
        NumberLiteral::Decimal(n) => n.to_string(),
        NumberLiteral::BigInteger(n) => n.to_string(),
    }
}

/// What may not stand behind `$using:`: anything but properties and constant indexes.
fn bad_using(expression: &ExpressionAst) -> Option<Span> {
    match &expression.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Splat(_) => None,
        ExpressionKind::Member(m) if matches!(m.member.kind, ExpressionKind::String { .. }) => {
            bad_using(&m.target)
        }
        ExpressionKind::Index { target, index, .. } => {
            if is_constant(index, Purpose::Attribute) {
                bad_using(target)
            } else {
                Some(index.span)
            }
        }
        _ => Some(expression.span),
    }
}

/// Identifiers joined by dots.
fn is_namespace(name: &str) -> bool {
    name.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && chars.all(|c| c == '_' || c.is_alphanumeric())
    })
}
