//! Names of types: the same one twice in a scope, unknown ones inside classes, modules and
//! assemblies that are not there; and properties assigned without `$this`.

use super::walk::{Node, Visitor, walk};
use super::{Report, known, namespaces};
use crate::syntax::ast::*;
use std::collections::HashMap;

/// What one scope declares.
#[derive(Default)]
struct Scope<'a> {
    types: HashMap<String, ()>,
    properties: HashMap<String, &'a PropertyMemberAst>,
    class: Option<&'a TypeDefinitionAst>,
    is_method: bool,
    parameters: Vec<String>,
}

pub(super) struct Symbols<'r, 'o, 'a> {
    report: &'r mut Report<'o>,
    scopes: Vec<Scope<'a>>,
    namespaces: Vec<&'a str>,
}

/// Collects the types that a scope declares, nested scopes left out.
struct Declared<'a> {
    types: Vec<&'a TypeDefinitionAst>,
}

impl<'a> Visitor<'a> for Declared<'a> {
    fn enter(&mut self, node: Node<'a>, _: &[Node<'a>]) -> bool {
        match node {
            Node::TypeDefinition(t) => {
                self.types.push(t);
                false
            }
            Node::Function(_) => false,
            Node::Expression(e) => !matches!(e.kind, ExpressionKind::ScriptBlock(_)),
            _ => true,
        }
    }
}

impl<'r, 'o, 'a> Symbols<'r, 'o, 'a> {
    pub fn new(report: &'r mut Report<'o>) -> Symbols<'r, 'o, 'a> {
        Symbols {
            report,
            scopes: Vec::new(),
            namespaces: Vec::new(),
        }
    }

    fn enter_scope(&mut self, body: &'a ScriptBlockAst, is_method: bool) {
        let mut declared = Declared { types: Vec::new() };
        walk(&mut declared, Node::ScriptBlock(body));
        let mut scope = Scope {
            is_method,
            ..Scope::default()
        };
        for definition in declared.types {
            let name = definition.name.to_lowercase();
            if scope.types.insert(name, ()).is_some() {
                let id = "MemberAlreadyDefined";
                self.report.error(definition.span, id, &[&definition.name]);
            }
        }
        for parameter in body.param_block.iter().flat_map(|p| &p.parameters) {
            scope.parameters.push(parameter.name.name.to_lowercase());
        }
        self.scopes.push(scope);
    }

    fn enter_class(&mut self, definition: &'a TypeDefinitionAst) {
        let mut scope = Scope {
            class: Some(definition),
            ..Scope::default()
        };
        if let TypeDefinitionKind::Class(members) = &definition.kind {
            for member in members {
                if let MemberAst::Property(p) = member {
                    scope.properties.entry(p.name.to_lowercase()).or_insert(p);
                }
            }
        }
        self.scopes.push(scope);
    }

    fn in_class(&self) -> bool {
        self.scopes.iter().any(|s| s.class.is_some())
    }

    fn is_declared(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.scopes.iter().any(|s| s.types.contains_key(&name))
    }

    /// Whether a type exists; unknown what exists, everything does.
    fn exists(&self, name: &str) -> bool {
        let known = |n: &str| self.report.is_known_type(n);
        known(name).is_none_or(|k| k)
            || self
                .namespaces
                .iter()
                .any(|n| known(&format!("{n}.{name}")) == Some(true))
    }

    fn type_name(&mut self, name: &TypeName, arguments: usize, is_attribute: bool) {
        match &name.kind {
            TypeNameKind::Array { element, .. } => self.type_name(element, 0, false),
            TypeNameKind::Generic {
                generic,
                arguments: list,
            } => {
                self.type_name(generic, list.len(), false);
                for argument in list {
                    self.type_name(argument, 0, false);
                }
            }
            TypeNameKind::Simple(text) => {
                if self.is_declared(text) && arguments == 0 && name.assembly.is_none() {
                    return;
                }
                if !self.in_class() || text.eq_ignore_ascii_case("ordered") {
                    return;
                }
                if is_attribute {
                    if known::attribute(text).is_none()
                        && !self.exists(text)
                        && !self.exists(&format!("{text}Attribute"))
                    {
                        let id = "CustomAttributeTypeNotFound";
                        self.report.error(name.span, id, &[text]);
                    }
                    return;
                }
                let counted = format!("{text}`{arguments}");
                let found = if arguments > 0 {
                    self.exists(&counted) || self.exists(text)
                } else {
                    self.exists(text)
                };
                if !found {
                    self.report.error(name.span, "TypeNotFound", &[text]);
                }
            }
        }
    }

    /// A property of the class assigned as if it were a variable.
    fn assignment(&mut self, target: &'a ExpressionAst) {
        match &target.kind {
            ExpressionKind::ArrayLiteral(items) => {
                for item in items {
                    self.assignment(item);
                }
            }
            ExpressionKind::Paren(inner) => {
                if let Some(inner) = super::constants::pure_expression(inner) {
                    self.assignment(inner);
                }
            }
            ExpressionKind::Convert { operand, .. } => self.assignment(operand),
            ExpressionKind::Variable(path) if path.drive.is_none() => {
                let name = path.name.to_lowercase();
                let found = self.scopes.iter().rev().find_map(|s| {
                    if s.parameters.contains(&name) {
                        return Some(None);
                    }
                    s.properties.get(&name).map(|p| Some((*p, s.class)))
                });
                let Some(Some((property, class))) = found else {
                    return;
                };
                let (prefix, id) = if property.is_static {
                    let class = class.map_or("", |c| &*c.name);
                    (
                        format!("[{class}]::"),
                        "MissingTypeInStaticPropertyAssignment",
                    )
                } else {
                    ("$this.".to_string(), "MissingThis")
                };
                self.report
                    .error(target.span, id, &[&prefix, &property.name]);
            }
            _ => {}
        }
    }

    fn using(&mut self, using: &'a UsingStatementAst) {
        let options = self.report.options;
        let name = using.name.as_deref().unwrap_or("");
        match using.kind {
            UsingKind::Module => {
                if let Some(specification) = &using.specification
                    && !super::constants::is_constant(
                        specification,
                        super::constants::Purpose::Requires,
                    )
                {
                    let id = "RequiresArgumentMustBeConstant";
                    self.report.error(using.span, id, &[]);
                } else if using.specification.is_none() && name.contains(['*', '?', '[']) {
                    self.report
                        .error(using.span, "WildCardModuleNameError", &[]);
                } else if options.module_exists.is_some_and(|exists| !exists(using)) {
                    let shown = match &using.specification {
                        Some(s) => self.report.quote(s.span).to_string(),
                        None => name.to_string(),
                    };
                    let id = "ModuleNotFoundDuringParse";
                    self.report.error(using.span, id, &[&shown]);
                }
            }
            UsingKind::Assembly if options.assembly_exists.is_some_and(|exists| !exists(name)) => {
                let id = "ErrorLoadingAssembly";
                self.report.error(using.name_span, id, &[name]);
            }
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Symbols<'_, '_, 'a> {
    fn enter(&mut self, node: Node<'a>, ancestors: &[Node<'a>]) -> bool {
        match node {
            Node::ScriptBlock(block) if ancestors.is_empty() => {
                self.namespaces = namespaces(block);
                self.enter_scope(block, false);
            }
            Node::Using(using) => self.using(using),
            Node::Expression(ExpressionAst {
                kind: ExpressionKind::ScriptBlock(block),
                ..
            }) => self.enter_scope(block, false),
            Node::Function(function) => self.enter_scope(&function.body, false),
            Node::TypeDefinition(definition) => self.enter_class(definition),
            Node::Method(method) => self.enter_scope(&method.body, true),
            Node::Statement(StatementAst {
                kind: StatementKind::Assignment(assignment),
                ..
            }) if self.scopes.last().is_some_and(|s| s.is_method) => {
                self.assignment(&assignment.left);
            }
            Node::Expression(ExpressionAst {
                kind: ExpressionKind::Type(name),
                ..
            }) => self.type_name(name, 0, false),
            Node::TypeConstraint(constraint) => self.type_name(&constraint.type_name, 0, false),
            Node::Attribute(attribute) => self.type_name(&attribute.type_name, 0, true),
            _ => {}
        }
        true
    }

    fn leave(&mut self, node: Node<'a>) {
        if matches!(
            node,
            Node::Function(_)
                | Node::TypeDefinition(_)
                | Node::Method(_)
                | Node::Expression(ExpressionAst {
                    kind: ExpressionKind::ScriptBlock(_),
                    ..
                })
        ) {
            self.scopes.pop();
        }
    }
}
