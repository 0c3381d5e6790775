//! Nodes of classes, enumerations and their members.

use super::make::Maker;
use super::values;
use crate::runtime::value::Value;
use crate::syntax::ast::*;

impl Maker {
    pub(super) fn type_definition(&self, ast: &TypeDefinitionAst) -> Value {
        let (kind, members) = match &ast.kind {
            TypeDefinitionKind::Class(members) => (
                "Class",
                members.iter().map(|m| self.member(m, ast)).collect(),
            ),
            TypeDefinitionKind::Enum(members) => (
                "Enum",
                members.iter().map(|m| self.enum_member(m)).collect(),
            ),
        };
        let attributes = ast.attributes.iter().map(|a| self.attribute(a)).collect();
        let bases = ast.base_types.iter().map(|t| self.type_constraint(t));
        self.node(
            "TypeDefinitionAst",
            ast.span,
            vec![
                ("Name", Value::str(&*ast.name)),
                ("Attributes", self.list("AttributeAst", attributes)),
                ("BaseTypes", self.list("TypeConstraintAst", bases.collect())),
                ("Members", self.list("MemberAst", members)),
                ("TypeAttributes", values::member_of("TypeAttributes", kind)),
                ("IsEnum", Value::Bool(kind == "Enum")),
                ("IsClass", Value::Bool(kind == "Class")),
                ("IsInterface", Value::Bool(false)),
            ],
        )
    }

    /// A member of an enumeration: a public static literal.
    fn enum_member(&self, ast: &EnumMemberAst) -> Value {
        let initial = ast.value.as_ref();
        let initial = initial.map_or(Value::Null, |e| self.expression(e));
        let flags = ["Public", "Static", "Literal"];
        self.node(
            "PropertyMemberAst",
            ast.span,
            vec![
                ("Name", Value::str(&*ast.name)),
                ("PropertyType", Value::Null),
                ("Attributes", self.list("AttributeAst", Vec::new())),
                (
                    "PropertyAttributes",
                    values::members_of("PropertyAttributes", &flags),
                ),
                ("InitialValue", initial),
                ("IsPublic", Value::Bool(true)),
                ("IsPrivate", Value::Bool(false)),
                ("IsHidden", Value::Bool(false)),
                ("IsStatic", Value::Bool(true)),
            ],
        )
    }

    fn member(&self, member: &MemberAst, of: &TypeDefinitionAst) -> Value {
        match member {
            MemberAst::Property(p) => self.property_member(p),
            MemberAst::Method(m) => self.function_member(m, of),
        }
    }

    fn property_member(&self, ast: &PropertyMemberAst) -> Value {
        let attributes = ast.attributes.iter().map(|a| self.attribute(a)).collect();
        let constraint = ast.type_constraint.as_ref();
        let initial = ast.initial.as_ref();
        self.node(
            "PropertyMemberAst",
            ast.span,
            vec![
                ("Name", Value::str(&*ast.name)),
                (
                    "PropertyType",
                    constraint.map_or(Value::Null, |t| self.type_constraint(t)),
                ),
                ("Attributes", self.list("AttributeAst", attributes)),
                (
                    "PropertyAttributes",
                    values::members_of(
                        "PropertyAttributes",
                        &modifiers(ast.is_static, ast.is_hidden),
                    ),
                ),
                (
                    "InitialValue",
                    initial.map_or(Value::Null, |e| self.expression(e)),
                ),
                ("IsPublic", Value::Bool(true)),
                ("IsPrivate", Value::Bool(false)),
                ("IsHidden", Value::Bool(ast.is_hidden)),
                ("IsStatic", Value::Bool(ast.is_static)),
            ],
        )
    }

    /// A method. Its parameters and body belong to a function inside, which is visited as one.
    fn function_member(&self, ast: &FunctionMemberAst, of: &TypeDefinitionAst) -> Value {
        let attributes: Vec<Value> = ast.attributes.iter().map(|a| self.attribute(a)).collect();
        let constraint = ast.return_type.as_ref();
        let return_type = constraint.map_or(Value::Null, |t| self.type_constraint(t));
        let function = self.method_function(ast);
        let part = |name: &str| {
            let node = function.as_native::<super::AstNode>();
            node.map_or(Value::Null, |node| node.property(name))
        };
        let parameters = match part("Parameters") {
            Value::Null => self.list("ParameterAst", Vec::new()),
            parameters => parameters,
        };
        let mut children = attributes.clone();
        if !return_type.is_null() {
            children.push(return_type.clone());
        }
        children.push(function.clone());
        self.node_with(
            "FunctionMemberAst",
            ast.span,
            vec![
                ("Name", Value::str(&*ast.name)),
                ("Attributes", self.list("AttributeAst", attributes)),
                ("ReturnType", return_type),
                ("Parameters", parameters),
                ("Body", part("Body")),
                (
                    "MethodAttributes",
                    values::members_of(
                        "MethodAttributes",
                        &modifiers(ast.is_static, ast.is_hidden),
                    ),
                ),
                ("IsPublic", Value::Bool(true)),
                ("IsPrivate", Value::Bool(false)),
                ("IsHidden", Value::Bool(ast.is_hidden)),
                ("IsStatic", Value::Bool(ast.is_static)),
                (
                    "IsConstructor",
                    Value::Bool(ast.name.eq_ignore_ascii_case(&of.name)),
                ),
            ],
            children,
        )
    }

    fn method_function(&self, ast: &FunctionMemberAst) -> Value {
        let parameters = match ast.parameters.is_empty() {
            true => Value::Null,
            false => self.parameters(&ast.parameters),
        };
        self.node(
            "FunctionDefinitionAst",
            ast.name_span.to(ast.span),
            vec![
                ("IsFilter", Value::Bool(false)),
                ("IsWorkflow", Value::Bool(false)),
                ("Name", Value::str(&*ast.name)),
                ("Parameters", parameters),
                ("Body", self.script_block(&ast.body)),
            ],
        )
    }
}

fn modifiers(is_static: bool, is_hidden: bool) -> Vec<&'static str> {
    let all = [
        (true, "Public"),
        (is_static, "Static"),
        (is_hidden, "Hidden"),
    ];
    all.iter()
        .filter(|(is, _)| *is)
        .map(|(_, name)| *name)
        .collect()
}
