//! The parameters of commands that have others for other arguments, as Get-Command shows them.

use crate::bind::function_call::FunctionRunner;
use crate::bind::{BindSite, Binding};
use crate::runtime::command::Command;
use crate::runtime::error::{R, Unwind};
use crate::runtime::parameter::{Argument, CommandSurface};
use crate::runtime::pipeline::Request;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The nouns whose cmdlets take parameters that the provider of a path adds.
const PROVIDER_NOUNS: [&str; 9] = [
    "Item",
    "ItemProperty",
    "ItemPropertyValue",
    "ChildItem",
    "Content",
    "Location",
    "Path",
    "PSDrive",
    "PSProvider",
];

/// The parameters of a command that has others for other arguments; wrong arguments are an error.
pub fn dynamic_surface(
    vm: &mut Vm,
    command: &Command,
    arguments: Option<&Value>,
) -> R<Option<Rc<CommandSurface>>> {
    let dynamic = match command {
        Command::Cmdlet(info) => {
            let noun = info.name.split_once('-').map_or("", |(_, noun)| noun);
            PROVIDER_NOUNS.contains(&noun)
        }
        Command::Function(f) => f.block.borrow().ast.dynamic_param.is_some(),
        Command::Script(s) => {
            let parsed = vm.script_block_of(s);
            parsed.is_ok_and(|block| block.ast.dynamic_param.is_some())
        }
        _ => false,
    };
    if !dynamic {
        return Ok(None);
    }
    let items = match arguments {
        Some(arguments) => vm.enumerate(arguments)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let arguments: Vec<Argument> = items
        .into_iter()
        .map(|item| Argument::Positional(item, Default::default()))
        .collect();
    let given = !arguments.is_empty();
    let extent = vm.extent();
    let made = match command {
        Command::Cmdlet(_) if !given => return Ok(None),
        Command::Cmdlet(info) => {
            let site = BindSite {
                command: command.clone(),
                extent,
                position: 1,
            };
            let mut binding = Binding::new(info.surface().clone(), site);
            binding.arguments(vm, arguments, false).map(|()| None)
        }
        _ => {
            let request = Request {
                command: command.clone(),
                arguments,
                name: command.name(),
                extent,
                dot: false,
                redirects: Vec::new(),
                forms: Vec::new(),
            };
            FunctionRunner::surface_for(vm, request).map(Some)
        }
    };
    match made {
        Err(unwind) if is_ignored(&unwind, given) => Ok(None),
        other => other,
    }
}

/// Errors that leave a command with the parameters it always has.
fn is_ignored(unwind: &Unwind, arguments_given: bool) -> bool {
    let Unwind::Error(thrown) = unwind else {
        return false;
    };
    let id = thrown.record.error_id.borrow();
    !arguments_given || id.starts_with("GetDynamicParametersException")
}
