//! The syntax tree as scripts walk it: `.Ast`, `FindAll`, `Extent`.
//!
//! Nodes are made from the parser's tree when a script asks for it; each has
//! the documented type, its properties by name, and its children in order.

mod expression;
mod make;
mod statement;
mod values;

pub use values::type_name_value;

use crate::runtime::error::R;
use crate::runtime::invocation::Extent;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::language::ExtentValue;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// A node.
pub struct AstNode {
    type_name: &'static str,
    extent: Extent,
    properties: Vec<(&'static str, Value)>,
    children: Vec<Value>,
    parent: RefCell<Value>,
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
            "getcommandname" => Ok(self
                .properties
                .iter()
                .find(|(n, _)| *n == "CommandName")
                .map(|(_, v)| v.clone())),
            "safegetvalue" => values::safe_value(vm, this).map(Some),
            "getscriptblock" => vm.parse_block(self.extent.text()).map(Some),
            _ => Ok(None),
        }
    }
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
