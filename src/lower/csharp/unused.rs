//! Variables and fields that nothing uses, and what is obsolete: warnings of the compiler, which
//! Add-Type takes for errors.

use crate::syntax::csharp::Diagnostic;
use crate::syntax::csharp::ast::*;
use std::collections::HashSet;
use std::rc::Rc;

/// What is declared and what is read in a body.
#[derive(Default)]
struct Uses {
    declared: Vec<(Rc<str>, usize, First)>,
    read: HashSet<Rc<str>>,
    written: HashSet<Rc<str>>,
    yields: bool,
    /// Something in it could not be read.
    foreign: bool,
    /// Where a name stands that is obsolete.
    obsolete: Vec<usize>,
}

/// The class whose settings no longer do anything.
const OBSOLETE: &str = "ServicePointManager";

/// The first value of a variable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    None,
    /// A constant, whose loss is worth a word.
    Constant,
    Other,
}

/// Whether a body has `yield`.
pub(super) fn yields(body: &Body) -> bool {
    let mut uses = Uses::default();
    uses.body(body);
    uses.yields
}

/// The variables and fields of a source that nothing uses.
pub(super) fn variables(unit: &Unit) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for declaration in &unit.types {
        let mut all = Uses::default();
        for member in &declaration.members {
            let bodies: Vec<&Rc<Body>> = match &member.kind {
                MemberKind::Method { body, .. } => body.iter().collect(),
                MemberKind::Constructor { body, chain, .. } => {
                    chain.iter().for_each(|(_, given)| all.arguments(given));
                    vec![body]
                }
                MemberKind::Property { get, set, .. } => get
                    .iter()
                    .chain(set)
                    .filter_map(|a| a.body.as_ref())
                    .collect(),
                MemberKind::Field { variables, .. } => {
                    let values = variables.iter().filter_map(|(_, _, value)| value.as_ref());
                    values.for_each(|value| all.value(value));
                    Vec::new()
                }
                MemberKind::Event { .. } => Vec::new(),
            };
            for body in bodies {
                let mut uses = Uses::default();
                uses.body(body);
                all.foreign |= uses.foreign;
                all.read.extend(uses.read.iter().cloned());
                all.written.extend(uses.written.iter().cloned());
                found.extend(uses.complaints());
            }
        }
        fields(unit, declaration, &all, &mut found);
    }
    found.sort_by_key(|d| d.at);
    found
}

/// The fields that only their class sees, and that it does not use.
fn fields(unit: &Unit, declaration: &TypeDeclaration, uses: &Uses, found: &mut Vec<Diagnostic>) {
    let around = format!("{}+", declaration.full_name());
    let nests = unit.types.iter().any(|t| t.prefix.starts_with(&around));
    // What is not read here may use any of them.
    if uses.foreign || nests || declaration.modifiers.has("partial") {
        return;
    }
    for member in &declaration.members {
        let open = ["public", "protected", "internal", "const"];
        let MemberKind::Field {
            variables,
            type_syntax,
        } = &member.kind
        else {
            continue;
        };
        if open.iter().any(|word| member.modifiers.has(word)) || !member.attributes.is_empty() {
            continue;
        }
        let shown = declaration.full_name().replace('+', ".");
        for (name, at, first) in variables {
            let (read, written) = (uses.read.contains(name), uses.written.contains(name));
            let constant = first
                .as_ref()
                .is_some_and(|value| matches!(value.kind, ExprKind::Literal(_)));
            let (code, message) = match (read, written, first) {
                (false, false, None) => (
                    "CS0169",
                    format!("The field '{shown}.{name}' is never used"),
                ),
                (false, false, Some(_)) if constant => (
                    "CS0414",
                    format!("The field '{shown}.{name}' is assigned but its value is never used"),
                ),
                (true, false, None) => {
                    let Some(value) = default_text(type_syntax) else {
                        continue;
                    };
                    (
                        "CS0649",
                        format!(
                            "Field '{shown}.{name}' is never assigned to, and will always have its default value {value}"
                        ),
                    )
                }
                _ => continue,
            };
            found.push(Diagnostic {
                code,
                message,
                at: *at,
            });
        }
    }
}

/// How the compiler names the value of a field that nothing sets, for the plain types.
fn default_text(syntax: &TypeSyntax) -> Option<&'static str> {
    let TypeShape::Named(parts) = &syntax.shape else {
        return Some("null");
    };
    match parts.last().map(|part| &*part.text)? {
        "bool" => Some("false"),
        "string" | "object" | "String" | "Object" => Some("null"),
        "int" | "uint" | "long" | "ulong" | "short" | "ushort" | "byte" | "sbyte" | "double"
        | "float" | "decimal" | "Int32" | "UInt32" | "Int64" => Some("0"),
        _ => None,
    }
}

impl Uses {
    fn complaints(self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (name, at, first) in &self.declared {
            if self.read.contains(name) {
                continue;
            }
            if *first == First::None && !self.written.contains(name) {
                found.push(Diagnostic {
                    code: "CS0168",
                    message: format!("The variable '{name}' is declared but never used"),
                    at: *at,
                });
            } else if *first == First::Constant && !self.written.contains(name) {
                found.push(Diagnostic {
                    code: "CS0219",
                    message: format!(
                        "The variable '{name}' is assigned but its value is never used"
                    ),
                    at: *at,
                });
            }
        }
        found.extend(self.obsolete.into_iter().map(|at| Diagnostic {
            code: "SYSLIB0014",
            message: format!("'{OBSOLETE}' is obsolete: 'WebRequest, HttpWebRequest, ServicePoint, and WebClient are obsolete. Use HttpClient instead. Settings on ServicePointManager no longer affect SslStream or HttpClient.' (https://aka.ms/dotnet-warnings/SYSLIB0014)"),
            at,
        }));
        found
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Block(statements) => self.statements(statements),
            Body::Expression(value) => self.value(value),
            Body::Foreign(_) => self.foreign = true,
        }
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Local(_, variables) => {
                for (name, at, first) in variables {
                    let kind = match first.as_ref().map(|value| &value.kind) {
                        None => First::None,
                        Some(ExprKind::Literal(_)) => First::Constant,
                        Some(_) => First::Other,
                    };
                    self.declared.push((name.clone(), *at, kind));
                    if let Some(first) = first {
                        self.value(first);
                    }
                }
            }
            Statement::Expression(value) => self.value(value),
            Statement::If(condition, then, otherwise) => {
                self.value(condition);
                self.statement(then);
                if let Some(otherwise) = otherwise {
                    self.statement(otherwise);
                }
            }
            Statement::While(condition, body) | Statement::Do(body, condition) => {
                self.value(condition);
                self.statement(body);
            }
            Statement::For(first, condition, steps, body) => {
                self.statements(first);
                condition.iter().for_each(|c| self.value(c));
                steps.iter().for_each(|s| self.value(s));
                self.statement(body);
            }
            Statement::ForEach(_, _, items, body) => {
                self.value(items);
                self.statement(body);
            }
            Statement::Switch(value, sections) => {
                self.value(value);
                for (labels, body) in sections {
                    labels.iter().flatten().for_each(|l| self.value(l));
                    self.statements(body);
                }
            }
            Statement::Return(value) | Statement::Throw(value) => {
                value.iter().for_each(|v| self.value(v));
            }
            Statement::Yield(value) => {
                self.yields = true;
                value.iter().for_each(|v| self.value(v));
            }
            Statement::Try(body, catches, finally) => {
                self.statements(body);
                for each in catches {
                    if let Some((name, at)) = &each.name {
                        self.declared.push((name.clone(), *at, First::None));
                    }
                    each.condition.iter().for_each(|c| self.value(c));
                    self.statements(&each.body);
                }
                finally.iter().for_each(|f| self.statements(f));
            }
            Statement::Using(resource, body) => {
                if let Statement::Local(_, variables) = &**resource {
                    // What is disposed of is used.
                    for (name, _, first) in variables {
                        self.read.insert(name.clone());
                        first.iter().for_each(|f| self.value(f));
                    }
                } else {
                    self.statement(resource);
                }
                self.statement(body);
            }
            Statement::Block(inner) => self.statements(inner),
            Statement::Break | Statement::Continue | Statement::Empty => {}
        }
    }

    /// `this.name` uses a field, as may a name behind any other object.
    fn member(&mut self, target: &Expr, name: &Rc<str>) {
        match &target.kind {
            ExprKind::Name(owner, _) if &**owner == "System" => {}
            _ => {
                self.read.insert(name.clone());
            }
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            if argument.by_ref
                && let ExprKind::Name(name, _) = &argument.value.kind
            {
                self.written.insert(name.clone());
            }
            if argument.declares.is_none() {
                self.value(&argument.value);
            }
        }
    }

    fn value(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Name(name, _) => {
                if &**name == OBSOLETE {
                    self.obsolete.push(value.at);
                }
                self.read.insert(name.clone());
            }
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let Part::Value(value, ..) = part {
                        self.value(value);
                    }
                }
            }
            ExprKind::Member(target, name, ..) => {
                self.member(target, name);
                self.value(target);
            }
            ExprKind::Call(target, arguments) | ExprKind::Index(target, arguments, _) => {
                self.value(target);
                self.arguments(arguments);
            }
            ExprKind::New(_, arguments, initials) => {
                self.arguments(arguments);
                for initial in initials {
                    match initial {
                        Initial::Property(_, value) => self.value(value),
                        Initial::Key(key, value) => {
                            self.value(key);
                            self.value(value);
                        }
                        Initial::Item(values) => values.iter().for_each(|v| self.value(v)),
                    }
                }
            }
            ExprKind::NewArray(_, lengths, values) => {
                lengths.iter().for_each(|l| self.value(l));
                values.iter().flatten().for_each(|v| self.value(v));
            }
            ExprKind::ArrayValues(values) => values.iter().for_each(|v| self.value(v)),
            ExprKind::Unary(_, inner)
            | ExprKind::Step(_, _, inner)
            | ExprKind::Cast(_, inner)
            | ExprKind::Is(inner, ..)
            | ExprKind::As(inner, _)
            | ExprKind::Throw(inner)
            | ExprKind::Checked(inner) => self.value(inner),
            ExprKind::Binary(_, left, right) => {
                self.value(left);
                self.value(right);
            }
            ExprKind::Assign(operator, target, right) => {
                match &target.kind {
                    ExprKind::Name(name, _) if operator.is_empty() => {
                        self.written.insert(name.clone());
                    }
                    ExprKind::Member(owner, name, ..) if operator.is_empty() => {
                        self.written.insert(name.clone());
                        self.value(owner);
                    }
                    _ => self.value(target),
                }
                self.value(right);
            }
            ExprKind::Conditional(condition, yes, no) => {
                self.value(condition);
                self.value(yes);
                self.value(no);
            }
            ExprKind::Lambda(lambda) => self.body(&lambda.body),
            ExprKind::Literal(_)
            | ExprKind::TypeName(_)
            | ExprKind::TypeOf(_)
            | ExprKind::Default(_)
            | ExprKind::NameOf(_)
            | ExprKind::This
            | ExprKind::Base => {}
        }
    }
}
