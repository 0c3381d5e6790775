//! Nodes of blocks, parameters and attributes, and how any node is made.

use super::{AstNode, values};
use crate::runtime::invocation::Extent;
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
        let node = AstNode {
            type_name,
            extent: Extent {
                source: self.source.clone(),
                span,
            },
            properties,
            children: children.clone(),
            parent: RefCell::default(),
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

    pub(super) fn list(&self, items: Vec<Value>) -> Value {
        Value::array(items)
    }

    pub(super) fn script_block(&self, ast: &ScriptBlockAst) -> Value {
        let named = |block: &Option<NamedBlockAst>, kind: &'static str| {
            block
                .as_ref()
                .map_or(Value::Null, |b| self.named_block(b, kind))
        };
        self.node(
            "ScriptBlockAst",
            ast.span,
            vec![
                (
                    "UsingStatements",
                    self.list(ast.usings.iter().map(|u| self.using(u)).collect()),
                ),
                (
                    "Attributes",
                    self.list(ast.attributes.iter().map(|a| self.attribute(a)).collect()),
                ),
                (
                    "ParamBlock",
                    ast.param_block
                        .as_ref()
                        .map_or(Value::Null, |p| self.param_block(p)),
                ),
                (
                    "DynamicParamBlock",
                    named(&ast.dynamic_param, "Dynamicparam"),
                ),
                ("BeginBlock", named(&ast.begin, "Begin")),
                ("ProcessBlock", named(&ast.process, "Process")),
                ("EndBlock", named(&ast.end, "End")),
                ("CleanBlock", named(&ast.clean, "Clean")),
            ],
        )
    }

    pub(super) fn using(&self, ast: &UsingStatementAst) -> Value {
        let name = ast.name.as_deref().map_or(Value::Null, |name| {
            self.node(
                "StringConstantExpressionAst",
                ast.span,
                vec![
                    (
                        "StringConstantType",
                        values::member_of("StringConstantType", "BareWord"),
                    ),
                    ("Value", Value::str(name)),
                    (
                        "StaticType",
                        Value::Type(crate::runtime::types::known::string()),
                    ),
                ],
            )
        });
        self.node(
            "UsingStatementAst",
            ast.span,
            vec![
                (
                    "UsingStatementKind",
                    values::member_of("UsingStatementKind", &format!("{:?}", ast.kind)),
                ),
                ("Name", name),
                ("Alias", Value::Null),
                ("ModuleSpecification", Value::Null),
            ],
        )
    }

    pub(super) fn param_block(&self, ast: &ParamBlockAst) -> Value {
        let parameters = ast.parameters.iter().map(|p| self.parameter(p)).collect();
        self.node(
            "ParamBlockAst",
            ast.span,
            vec![
                ("Attributes", self.list(Vec::new())),
                ("Parameters", self.list(parameters)),
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
        let typed = ast.attributes.iter().rev().find_map(|a| match a {
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
                ("Attributes", self.list(attributes)),
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
                ("PositionalArguments", self.list(positional)),
                ("NamedArguments", self.list(named)),
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

fn collect(value: &Value, children: &mut Vec<Value>) {
    match value {
        Value::Native(object) if object.downcast::<AstNode>().is_some() => {
            children.push(value.clone())
        }
        Value::Array(list) => list
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
