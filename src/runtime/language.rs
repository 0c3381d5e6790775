//! What the evaluator asks of the layers above it: lowering of trees, binding of arguments.
//!
//! The evaluator runs programs and knows nothing of how a tree becomes one or how arguments find
//! their parameters; whoever makes a session hands it these.

use super::command::CmdletInfo;
use super::error::R;
use super::parameter::CommandSurface;
use super::pipeline::{Place, Request, Runner};
use super::scope::Scope;
use super::script_block::{Code, ScriptBlock};
use super::value::Value;
use super::vm::Vm;
use crate::host::interrupted;
use crate::syntax::ast::PipelineAst;
use std::rc::Rc;

/// Evaluates the arguments of a pipeline's commands, and gives the commands with them.
pub type RequestMaker = Box<dyn Fn(&mut Vm) -> R<Vec<Request>>>;

/// A bound call, ready to run as a stage of its pipeline.
pub type Bound = R<Box<dyn Runner>>;
/// Binds the call of a cmdlet.
pub type BindCmdlet = fn(&mut Vm, Rc<CmdletInfo>, Request, Place) -> Bound;
/// Binds arguments to the parameters of a block in a scope.
pub type BindBlock = fn(&mut Vm, &Rc<ScriptBlock>, &Rc<Scope>, Vec<Value>) -> R<()>;

/// The language above the evaluator.
pub struct Language {
    /// The runnable form of a block.
    pub lower: fn(&ScriptBlock) -> Code,
    /// The parameters of a block under the name it is called by.
    pub surface: fn(&mut Vm, &ScriptBlock, &str) -> R<Rc<CommandSurface>>,
    /// Makes the classes and enums that a block's text defines.
    pub define_types: fn(&mut Vm, &ScriptBlock) -> R<()>,
    /// The commands of a pipeline that stands in a block; `None` when it is more than commands.
    pub requests: fn(&ScriptBlock, &PipelineAst) -> Option<RequestMaker>,
    /// Binds the call of a cmdlet.
    pub bind_cmdlet: BindCmdlet,
    /// Binds the call of a function, a script block or a script file.
    pub bind_function: fn(&mut Vm, Request, Place) -> Bound,
    /// Sets the parameters of a block without attributes in the scope it is about to run in.
    pub bind_block: BindBlock,
}

impl Vm {
    /// The runnable form of a block, made at the first call.
    pub fn code_of(&self, block: &ScriptBlock) -> Rc<Code> {
        if let Some(made) = block.code.get() {
            return made.clone();
        }
        let made = Rc::new((self.language.lower)(block));
        // Ctrl-C ends the making of long blocks.
        match interrupted() {
            true => made,
            false => block.code.get_or_init(|| made).clone(),
        }
    }

    /// The parameters of a block under the name it is called by.
    ///
    /// # Errors
    /// A type or an attribute of the block is unknown or wrong.
    pub fn block_surface(&mut self, block: &ScriptBlock, name: &str) -> R<Rc<CommandSurface>> {
        (self.language.surface)(self, block, name)
    }
}
