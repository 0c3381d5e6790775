//! Function definitions.

use super::Lowering;
use crate::runtime::command::FunctionInfo;
use crate::runtime::script_block::{Exec, ScriptBlock};
use crate::syntax::ast::FunctionDefinitionAst;
use std::rc::Rc;

impl Lowering {
    /// `function name { … }`: defines the function when it is reached.
    pub fn function_definition(&self, ast: &Rc<FunctionDefinitionAst>) -> Exec {
        let (ast, source) = (ast.clone(), self.source.clone());
        // All definitions that this place makes share one runnable form.
        let first = ScriptBlock::of_function(ast.clone(), source, None);
        Box::new(move |vm| {
            let block = Rc::new(first.bound_to(vm.scope_module()));
            vm.define_function(&ast.name, block, ast.is_filter)
        })
    }
}

/// A function's description for the session.
pub fn function_info(name: &str, block: Rc<ScriptBlock>, is_filter: bool) -> FunctionInfo {
    FunctionInfo {
        name: name.into(),
        block: std::cell::RefCell::new(block),
        is_filter,
        options: std::cell::Cell::new(0),
        description: std::cell::RefCell::new("".into()),
        module: None,
    }
}
