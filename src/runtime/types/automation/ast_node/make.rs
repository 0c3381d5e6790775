//! Nodes of blocks, parameters and attributes, and how any node is made.

use super::{AstNode, values};
use crate::runtime::collection::List;
use crate::runtime::invocation::Extent;
use crate::runtime::types::{TypeRef, generic, type_named};
use crate::runtime::value::Value;
use crate::syntax::ast::*;
use crate::syntax::source::Source;
use std::cell::RefCell;
use std::rc::Rc;

/// Makes the nodes of one source text.
pub(super) struct Maker {
    /// Where the extents point to.
    pub(super) source: Rc<Source>,
}

impl Maker {
    pub(super) fn node(
        &self,
        type_name: &'static str,
        span: Span,
        properties: Vec<(&'static str, Value)>,
    ) -> Value {
        let mut children = Vec::new();
        for (_, value) in &properties {
            collect(value, &mut children);
        }
        self.node_with(type_name, span, properties, children)
    }

    /// A node that comments may be the help of.
    pub(super) fn node_with_help(
        &self,
        type_name: &'static str,
        span: Span,
        properties: Vec<(&'static str, Value)>,
        help: Option<Rc<str>>,
    ) -> Value {
        let mut children = Vec::new();
        for (_, value) in &properties {
            collect(value, &mut children);
        }
        self.make(type_name, span, properties, children, help)
    }

    /// A node whose children are visited in this order, which is not that of its properties.
    pub(super) fn node_with(
        &self,
        type_name: &'static str,
        span: Span,
        properties: Vec<(&'static str, Value)>,
        children: Vec<Value>,
    ) -> Value {
        self.make(type_name, span, properties, children, None)
    }

    fn make(
        &self,
        type_name: &'static str,
        span: Span,
        properties: Vec<(&'static str, Value)>,
        children: Vec<Value>,
        help: Option<Rc<str>>,
    ) -> Value {
        let node = AstNode {
            type_name,
            extent: Extent {
                source: self.source.clone(),
                span,
            },
            properties,
            children: children.clone(),
            parent: RefCell::default(),
            help,
        };
        let value = Value::native(node);
        for child in &children {
            if let Some(inner) = child.as_native::<AstNode>() {
                // Trees live as long as a script holds them; the loop through the parent is accepted.
                *inner.parent.borrow_mut() = value.clone();
            }
        }
        value
    }

    /// A place in the text.
    pub(super) fn place(&self, span: Span) -> Value {
        Value::native(crate::runtime::types::automation::language::ExtentValue(
            Extent {
                source: self.source.clone(),
                span,
            },
        ))
    }

    /// A `ReadOnlyCollection` of a type of node.
    pub(super) fn list(&self, element: &str, items: Vec<Value>) -> Value {
        let element = type_named(&format!("{}.{element}", values::LANGUAGE));
        read_only(element, items)
    }

    pub(super) fn script_block(&self, ast: &ScriptBlockAst) -> Value {
        let named = |block: &Option<NamedBlockAst>, kind: &'static str| {
            block
                .as_ref()
                .map_or(Value::Null, |b| self.named_block(b, kind))
        };
        self.node_with_help(
            "ScriptBlockAst",
            ast.span,
            vec![
                ("Attributes", self.list("AttributeAst", Vec::new())),
                (
                    "UsingStatements",
                    self.list(
                        "UsingStatementAst",
                        ast.usings.iter().map(|u| self.using(u)).collect(),
                    ),
                ),
                (
                    "ParamBlock",
                    ast.param_block
                        .as_ref()
                        .map_or(Value::Null, |p| self.param_block(p, &ast.attributes)),
                ),
                (
                    "DynamicParamBlock",
                    named(&ast.dynamic_param, "Dynamicparam"),
                ),
                ("BeginBlock", named(&ast.begin, "Begin")),
                ("ProcessBlock", named(&ast.process, "Process")),
                ("EndBlock", named(&ast.end, "End")),
                ("CleanBlock", named(&ast.clean, "Clean")),
                (
                    "ScriptRequirements",
                    ast.requires
                        .as_ref()
                        .map_or(Value::Null, |r| values::requirements(r)),
                ),
            ],
            ast.help.clone(),
        )
    }

    pub(super) fn using(&self, ast: &UsingStatementAst) -> Value {
        let word = |word: &Option<Rc<str>>, span: Span| match word {
            None => Value::Null,
            Some(word) => self.node(
                "StringConstantExpressionAst",
                span,
                vec![
                    (
                        "StringConstantType",
                        values::member_of("StringConstantType", "BareWord"),
                    ),
                    ("Value", Value::str(&**word)),
                    (
                        "StaticType",
                        Value::Type(crate::runtime::types::known::string()),
                    ),
                ],
            ),
        };
        let specification = ast.specification.as_deref();
        self.node(
            "UsingStatementAst",
            ast.span,
            vec![
                (
                    "UsingStatementKind",
                    values::member_of("UsingStatementKind", &format!("{:?}", ast.kind)),
                ),
                ("Name", word(&ast.name, ast.name_span)),
                ("Alias", word(&ast.alias, ast.span)),
                (
                    "ModuleSpecification",
                    specification.map_or(Value::Null, |e| self.expression(e)),
                ),
            ],
        )
    }

    /// The `param` block with the attributes before it, which belong to it.
    fn param_block(&self, ast: &ParamBlockAst, attributes: &[AttributeAst]) -> Value {
        let parameters = ast.parameters.iter().map(|p| self.parameter(p)).collect();
        let span = attributes.first().map_or(ast.span, |a| a.span.to(ast.span));
        let attributes = attributes.iter().map(|a| self.attribute(a)).collect();
        self.node(
            "ParamBlockAst",
            span,
            vec![
                ("Attributes", self.list("AttributeAst", attributes)),
                ("Parameters", self.list("ParameterAst", parameters)),
            ],
        )
    }

    pub(super) fn parameter(&self, ast: &ParameterAst) -> Value {
        let attributes = ast
            .attributes
            .iter()
            .map(|a| match a {
                AttributeBaseAst::Attribute(a) => self.attribute(a),
                AttributeBaseAst::TypeConstraint(t) => self.type_constraint(t),
            })
            .collect();
        let typed = ast.attributes.iter().find_map(|a| match a {
            AttributeBaseAst::TypeConstraint(t) => Some(&t.type_name),
            AttributeBaseAst::Attribute(_) => None,
        });
        let static_type = typed
            .and_then(|name| {
                let text = crate::runtime::types::resolve::type_name_text(name);
                crate::runtime::types::find(&text)
            })
            .unwrap_or_else(crate::runtime::types::known::object);
        self.node(
            "ParameterAst",
            ast.span,
            vec![
                ("Attributes", self.list("AttributeBaseAst", attributes)),
                ("Name", self.variable(&ast.name, ast.name_span)),
                (
                    "DefaultValue",
                    ast.default
                        .as_ref()
                        .map_or(Value::Null, |e| self.expression(e)),
                ),
                ("StaticType", Value::Type(static_type)),
            ],
        )
    }

    pub(super) fn attribute(&self, ast: &AttributeAst) -> Value {
        let positional = ast.positional.iter().map(|e| self.expression(e)).collect();
        let named = ast
            .named
            .iter()
            .map(|n| {
                let argument = match &n.value {
                    Some(value) => self.expression(value),
                    None => self.node(
                        "ConstantExpressionAst",
                        n.span,
                        vec![("Value", Value::Bool(true))],
                    ),
                };
                self.node(
                    "NamedAttributeArgumentAst",
                    n.span,
                    vec![
                        ("ArgumentName", Value::str(n.name.as_str())),
                        ("Argument", argument),
                        ("ExpressionOmitted", Value::Bool(n.value.is_none())),
                    ],
                )
            })
            .collect();
        self.node(
            "AttributeAst",
            ast.span,
            vec![
                ("TypeName", self.type_name(&ast.type_name)),
                (
                    "PositionalArguments",
                    self.list("ExpressionAst", positional),
                ),
                (
                    "NamedArguments",
                    self.list("NamedAttributeArgumentAst", named),
                ),
            ],
        )
    }

    pub(super) fn type_constraint(&self, ast: &TypeConstraintAst) -> Value {
        self.node(
            "TypeConstraintAst",
            ast.span,
            vec![("TypeName", self.type_name(&ast.type_name))],
        )
    }
}

/// A `ReadOnlyCollection` of any type.
pub fn read_only(element: TypeRef, items: Vec<Value>) -> Value {
    let definition = type_named("System.Collections.ObjectModel.ReadOnlyCollection`1");
    let type_ref = generic(&definition, vec![element]);
    Value::List(Rc::new(List::new(type_ref, items)))
}

/// The nodes in a property, in order.
pub(super) fn collect(value: &Value, children: &mut Vec<Value>) {
    match value {
        Value::Native(object) if object.downcast::<AstNode>().is_some() => {
            children.push(value.clone())
        }
        Value::List(list) => list
            .items
            .borrow()
            .iter()
            .for_each(|v| collect(v, children)),
        Value::Native(object) => {
            if let Some(pair) =
                object.downcast::<crate::runtime::types::collections::tuple::Tuple>()
            {
                pair.items().iter().for_each(|v| collect(v, children));
            }
        }
        _ => {}
    }
}
