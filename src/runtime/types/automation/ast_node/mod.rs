//! The syntax tree as scripts walk it: `.Ast`, `FindAll`, `Extent`.
//!
//! Nodes are made from the parser's tree when a script asks for it; each has
//! the documented type, its properties by name, and its children in order.

mod definition;
mod expression;
mod failure;
mod help;
mod make;
mod statement;
mod values;

pub use make::read_only;
pub use values::{stream, type_name_value, variable_path};

use crate::runtime::error::R;
use crate::runtime::invocation::Extent;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::language::ExtentValue;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::validate::has_method;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// A node.
pub struct AstNode {
    type_name: &'static str,
    extent: Extent,
    properties: Vec<(&'static str, Value)>,
    children: Vec<Value>,
    parent: RefCell<Value>,
    /// The comments that are the help of a script or function.
    help: Option<Rc<str>>,
}

impl Native for AstNode {
    fn type_ref(&self) -> TypeRef {
        type_named(&format!(
            "System.Management.Automation.Language.{}",
            self.type_name
        ))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.extent.text().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.properties.iter().map(|(n, _)| *n).collect();
        names.extend(["Extent", "Parent"]);
        names
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("extent") {
            return Ok(Some(Value::native(ExtentValue(self.extent.clone()))));
        }
        if name.eq_ignore_ascii_case("parent") {
            return Ok(Some(self.parent.borrow().clone()));
        }
        Ok(self
            .properties
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.clone()))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "findall" | "find" => {
                let Some(predicate) = arguments.first() else {
                    return Ok(None);
                };
                let nested = arguments.get(1).is_some_and(|v| vm.to_bool(v));
                let mut found = Vec::new();
                search(
                    vm,
                    this,
                    predicate,
                    nested,
                    true,
                    name == "find",
                    &mut found,
                )?;
                Ok(Some(if name == "find" {
                    found.into_iter().next().unwrap_or(Value::Null)
                } else {
                    Value::array(found)
                }))
            }
            "tostring" => Ok(Some(Value::str(self.extent.text()))),
            "getcommandname" if self.type_name == "CommandAst" => self.command_name(vm).map(Some),
            "getpureexpression" if self.is_pipeline() => Ok(Some(self.pure_expression())),
            "isconstantvariable" => Ok(Some(Value::Bool(self.is_constant_variable(vm)?))),
            "gethelpcontent"
                if self.type_name.ends_with("FunctionDefinitionAst")
                    || self.type_name == "ScriptBlockAst" =>
            {
                Ok(Some(help::content(self.help.as_deref())))
            }
            "copy" => Ok(Some(this.clone())),
            "visit" => match arguments {
                [visitor] => visit(vm, this, visitor).map(|_| Some(Value::Null)),
                _ => Ok(None),
            },
            "safegetvalue" => values::safe_value(vm, this).map(Some),
            "getscriptblock" => vm.parse_block(self.extent.text()).map(Some),
            _ => Ok(None),
        }
    }
}

impl AstNode {
    /// A property by its exact name; null if there is none.
    fn property(&self, name: &str) -> Value {
        let found = self.properties.iter().find(|(n, _)| *n == name);
        found.map(|(_, v)| v.clone()).unwrap_or_default()
    }

    fn is_pipeline(&self) -> bool {
        matches!(
            self.type_name,
            "PipelineAst" | "PipelineChainAst" | "AssignmentStatementAst" | "ErrorStatementAst"
        )
    }

    /// The name of a command if it is written as a word or a string.
    fn command_name(&self, vm: &mut Vm) -> R<Value> {
        let elements = vm.enumerate(&self.property("CommandElements"))?;
        let first = elements
            .unwrap_or_default()
            .into_iter()
            .next()
            .unwrap_or_default();
        Ok(match first.as_native::<AstNode>() {
            Some(node) if node.type_name == "StringConstantExpressionAst" => node.property("Value"),
            _ => Value::Null,
        })
    }

    /// The expression that a pipeline consists of; null if it is more than one.
    fn pure_expression(&self) -> Value {
        let Value::List(elements) = self.property("PipelineElements") else {
            return Value::Null;
        };
        let elements = elements.items.borrow();
        let [only] = elements.as_slice() else {
            return Value::Null;
        };
        let Some(node) = only.as_native::<AstNode>() else {
            return Value::Null;
        };
        match node.property("Redirections") {
            Value::List(list) if !list.items.borrow().is_empty() => Value::Null,
            _ => node.property("Expression"),
        }
    }

    fn is_constant_variable(&self, vm: &mut Vm) -> R<bool> {
        let name = vm
            .to_text(&self.property("VariablePath"))?
            .to_ascii_lowercase();
        Ok(matches!(name.as_str(), "true" | "false" | "null"))
    }
}

/// `Visit` with a class derived from `AstVisitor`: whether the visit goes on. Its method for a
/// type of node tells whether to go on, to leave the children out, or to stop.
fn visit(vm: &mut Vm, node: &Value, visitor: &Value) -> R<bool> {
    let Some(inner) = node.as_native::<AstNode>() else {
        return Ok(true);
    };
    let name = match inner.type_name {
        "TrapStatementAst" => "Trap",
        other => other.trim_end_matches("Ast"),
    };
    let method = format!("Visit{name}");
    let mut action = 0;
    if has_method(visitor, &method) {
        let answer = vm.invoke_method(visitor, &method, vec![node.clone()])?;
        if let Value::Enum(answer) = answer.base() {
            action = answer.bits;
        }
    }
    match action {
        1 => return Ok(true),
        2 => return Ok(false),
        _ => {}
    }
    for child in &inner.children {
        if !visit(vm, child, visitor)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn search(
    vm: &mut Vm,
    node: &Value,
    predicate: &Value,
    nested: bool,
    top: bool,
    first: bool,
    found: &mut Vec<Value>,
) -> R<()> {
    if first && !found.is_empty() {
        return Ok(());
    }
    let answer = crate::runtime::types::collections::array::call_delegate(
        vm,
        predicate,
        vec![node.clone()],
    )?;
    if vm.to_bool(&answer) {
        found.push(node.clone());
    }
    let Some(inner) = node.as_native::<AstNode>() else {
        return Ok(());
    };
    if !top
        && !nested
        && matches!(
            inner.type_name,
            "ScriptBlockExpressionAst" | "FunctionDefinitionAst"
        )
    {
        return Ok(());
    }
    for child in &inner.children {
        search(vm, child, predicate, nested, false, first, found)?;
    }
    Ok(())
}

/// The tree of a block.
pub fn of_script_block(block: &ScriptBlock) -> Value {
    make::Maker {
        source: block.source.clone(),
    }
    .script_block(&block.ast)
}
