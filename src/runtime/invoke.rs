//! Running script blocks and commands from Rust.

use super::error::{Fault, R};
use super::script_block::ScriptBlock;
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

/// How a script block is called.
#[derive(Default, Clone)]
pub struct BlockCall {
    /// Positional arguments.
    pub arguments: Vec<Value>,
    /// `$_` inside.
    pub item: Option<Value>,
    /// `$this` inside.
    pub this: Option<Value>,
    /// `$input` inside, and the objects for its process block.
    pub input: Option<Vec<Value>>,
    /// Runs in the current scope instead of a new one, as the blocks of ForEach-Object and Where-Object do.
    pub dot_sourced: bool,
    /// Further variables of the block's scope.
    pub variables: Vec<(Rc<str>, Value)>,
}

impl Vm {
    /// Runs a block in a scope of its own and gives its output.
    pub fn call_block(&mut self, block: &Rc<ScriptBlock>, arguments: Vec<Value>) -> R<Vec<Value>> {
        self.call_block_with(
            block,
            BlockCall {
                arguments,
                ..BlockCall::default()
            },
        )
    }

    /// Runs a block for an item in `$_`, in the current scope, and gives its output.
    pub fn call_block_for(&mut self, block: &Rc<ScriptBlock>, item: &Value) -> R<Vec<Value>> {
        self.call_block_with(
            block,
            BlockCall {
                item: Some(item.clone()),
                dot_sourced: true,
                ..BlockCall::default()
            },
        )
    }

    /// Runs a block and gives its output.
    pub fn call_block_with(&mut self, block: &Rc<ScriptBlock>, call: BlockCall) -> R<Vec<Value>> {
        self.collect(|vm| vm.run_block(block, call))
    }

    /// Runs a block; its output goes to the current sink.
    pub fn run_block(&mut self, _block: &Rc<ScriptBlock>, _call: BlockCall) -> R<()> {
        self.raise(Fault::new("NotImplemented", "script blocks"))
    }

    /// Calls a command by name with named and positional arguments and gives its output.
    pub fn call_command(
        &mut self,
        name: &str,
        _named: &[(&str, Value)],
        _positional: &[Value],
    ) -> R<Vec<Value>> {
        self.raise(Fault::new("NotImplemented", name))
    }
}
