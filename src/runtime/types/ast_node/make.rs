//! Nodes of blocks, parameters and attributes, and how any node is made.

use super::AstNode;
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
        let named = |block: &Option<NamedBlockAst>| {
            block.as_ref().map_or(Value::Null, |b| self.named_block(b))
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
                ("DynamicParamBlock", named(&ast.dynamic_param)),
                ("BeginBlock", named(&ast.begin)),
                ("ProcessBlock", named(&ast.process)),
                ("EndBlock", named(&ast.end)),
                ("CleanBlock", named(&ast.clean)),
            ],
        )
    }

    pub(super) fn using(&self, ast: &UsingStatementAst) -> Value {
        let name = ast.name.as_deref().map_or(Value::Null, Value::str);
        self.node(
            "UsingStatementAst",
            ast.span,
            vec![
                ("UsingStatementKind", Value::str(format!("{:?}", ast.kind))),
                ("Name", name),
            ],
        )
    }

    pub(super) fn param_block(&self, ast: &ParamBlockAst) -> Value {
        let parameters = ast.parameters.iter().map(|p| self.parameter(p)).collect();
        self.node(
            "ParamBlockAst",
            ast.span,
            vec![("Parameters", self.list(parameters))],
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
            ],
        )
    }

    pub(super) fn attribute(&self, ast: &AttributeAst) -> Value {
        let positional = ast.positional.iter().map(|e| self.expression(e)).collect();
        self.node(
            "AttributeAst",
            ast.span,
            vec![
                ("TypeName", self.type_name(&ast.type_name)),
                ("PositionalArguments", self.list(positional)),
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

    pub(super) fn type_name(&self, name: &TypeName) -> Value {
        let text = crate::runtime::types::resolve::type_name_text(name);
        crate::runtime::object::CustomObject::from_notes([
            ("Name", Value::str(text.as_str())),
            ("FullName", Value::str(text.as_str())),
        ])
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
        _ => {}
    }
}
