//! Syntax tree to runnable closures.
//!
//! A block is lowered once, at its first call. Names are turned into symbols,
//! operators are chosen here and not while running, and each place that reads
//! a variable remembers where it found it. One file per family of nodes.

pub mod assignment;
pub mod class;
pub mod command;
pub mod csharp;
pub mod expression;
pub mod flow;
pub mod function;
pub mod integer;
mod interface_members;
pub mod literal;
pub mod member;
pub mod names;
pub mod parameters;
pub mod statement;
pub mod switch;
pub mod variable;

use crate::host::interrupted;
use crate::runtime::language::RequestMaker;
use crate::runtime::scope::Layout;
use crate::runtime::script_block::{Block, Code, Exec, ParameterCode, ScriptBlock, Trap};
use crate::runtime::symbol::Symbol;
use crate::syntax::ast::{NamedBlockAst, ParameterAst, PipelineAst, StatementAst, StatementBlock};
use crate::syntax::source::Source;
use std::cell::OnceCell;
use std::rc::Rc;

/// What lowering knows of its surroundings.
#[derive(Clone)]
pub struct Lowering {
    /// The text.
    pub source: Rc<Source>,
    /// Inside a string with variables, where strict mode 1 lets them be unset.
    pub in_string: bool,
    /// Inside the body of a class's method: `return` hands its value over instead of writing it.
    pub in_method: bool,
    /// The block whose code it is.
    pub home: Home,
}

/// The block a piece of code belongs to. Where it runs in a scope of its own, its variables have
/// places of their own; where it is dot-sourced, or makes variables by command, they are looked
/// up by name like any other.
#[derive(Clone, Copy, Default)]
pub struct Home {
    layout: u32,
    /// Dot-sources something or calls a command that makes variables.
    makes_variables: bool,
}

impl Home {
    /// Whether the code runs in its block's own scope, whose variables are all known.
    pub fn is_here(self, vm: &crate::runtime::vm::Vm) -> bool {
        !self.makes_variables && vm.scope.is_laid_out_by(self.layout)
    }
}

/// The runnable form of a block.
pub fn lower_block(block: &ScriptBlock) -> Code {
    let ast = &block.ast;
    let parameters = parameters_of(block);
    let mut names = names::Names::default();
    for parameter in &parameters {
        names.add(&parameter.name.name);
    }
    names.of_script_block(ast);
    let makes_variables = names.makes_variables;
    let layout = Layout::fixed(names.into_list());
    let lowering = Lowering {
        source: block.source.clone(),
        in_string: false,
        in_method: block.method.is_some(),
        home: Home {
            layout: layout.id(),
            makes_variables,
        },
    };
    let owner = match (&block.function, &block.method) {
        (Some(function), _) => &*function.name,
        (None, Some(method)) => &**method,
        (None, None) => "<ScriptBlock>",
    };
    let named = |part: &Option<NamedBlockAst>, word: &str| {
        let part = part.as_ref()?;
        let shown = match word == "<End>" && part.unnamed {
            true => owner.into(),
            false => format!("{owner}{word}").into(),
        };
        Some(Block {
            frame_name: Some(shown),
            ..lowering.named_block(part)
        })
    };
    Code {
        layout,
        parameters: parameters.iter().map(|p| lowering.parameter(p)).collect(),
        advanced: parameters::is_advanced(ast, &parameters),
        obsolete: parameters::obsolete(ast),
        surface: OnceCell::new(),
        speaks_of_args: speaks_of(block.text(), "args"),
        speaks_of_input: speaks_of(block.text(), "input"),
        dynamic_param: named(&ast.dynamic_param, "<DynamicParam>"),
        begin: named(&ast.begin, "<Begin>"),
        process: named(&ast.process, "<Process>"),
        end: named(&ast.end, "<End>"),
        clean: named(&ast.clean, "<Clean>"),
    }
}

/// Whether a lower-case word of letters occurs in a text, in any letter case.
fn speaks_of(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    // Its third letter is rarer in scripts than its first.
    let Some(rare) = word.get(2) else {
        return false;
    };
    memchr::memchr2_iter(*rare, rare.to_ascii_uppercase(), text).any(|at| {
        let start = at.checked_sub(2);
        let found = start.and_then(|start| text.get(start..start + word.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}

/// The declared parameters of a block: of its `param(...)`, or of the list after the function's name.
pub fn parameters_of(block: &ScriptBlock) -> Vec<ParameterAst> {
    match (&block.ast.param_block, &block.function) {
        (Some(list), _) => list.parameters.clone(),
        (None, Some(function)) => function.parameters.clone().unwrap_or_default(),
        (None, None) => Vec::new(),
    }
}

impl Lowering {
    fn parameter(&self, ast: &ParameterAst) -> ParameterCode {
        ParameterCode {
            symbol: Symbol::fold(&ast.name.name),
            written: Symbol::new(&ast.name.name),
            name: ast.name.name.clone(),
            default: ast.default.as_ref().map(|e| self.expression(e)),
            span: ast.default.as_ref().map_or(ast.span, |e| e.span),
        }
    }

    fn named_block(&self, ast: &NamedBlockAst) -> Block {
        let last = ast.body.statements.last();
        self.block_of(&ast.body, |statement| {
            // What stands last needs no way out of the statements around it.
            let is_last = last.is_some_and(|last| std::ptr::eq(last, statement));
            let returning = is_last.then(|| self.last_return(statement)).flatten();
            returning.unwrap_or_else(|| self.statement(statement))
        })
    }

    /// Lowers statements with their traps.
    pub fn block(&self, ast: &StatementBlock) -> Block {
        self.block_of(ast, |statement| self.statement(statement))
    }

    fn block_of(&self, ast: &StatementBlock, lower: impl Fn(&StatementAst) -> Exec) -> Block {
        Block {
            frame_name: None,
            statements: ast
                .statements
                .iter()
                .take_while(|_| !interrupted())
                .map(lower)
                .collect(),
            traps: ast
                .traps
                .iter()
                .map(|t| Trap {
                    type_name: t.type_constraint.as_ref().map(|c| c.type_name.clone()),
                    body: self.block(&t.body),
                })
                .collect(),
            span: ast.span,
        }
    }
}

/// The commands of a pipeline that stands in a block; `None` when it is more than commands.
pub fn requests(block: &ScriptBlock, pipeline: &PipelineAst) -> Option<RequestMaker> {
    let lowering = Lowering {
        source: block.source.clone(),
        in_string: false,
        in_method: false,
        home: Home::default(),
    };
    lowering.requests(pipeline)
}
