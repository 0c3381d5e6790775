//! Function definitions.

use super::Lowering;
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
