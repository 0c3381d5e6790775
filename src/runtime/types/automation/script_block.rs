//! `System.Management.Automation.ScriptBlock`

use crate::runtime::collection::List;
use crate::runtime::error::{R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::messages::stopped_by_error;
use crate::runtime::module::Module;
use crate::runtime::scope::{Layout, Scope, ScopeKind, Slot};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A property.
pub fn get(_vm: &mut Vm, block: &Rc<ScriptBlock>, name: &str) -> R<Option<Value>> {
    Ok(Some(match name {
        "ast" => crate::runtime::types::automation::ast_node::of_script_block(block),
        "file" => match &block.source.file {
            Some(file) => Value::str(&**file),
            None => Value::Null,
        },
        "isfilter" => Value::Bool(block.ast.is_filter),
        "isconfiguration" => Value::Bool(false),
        "module" => match &*block.module.borrow() {
            Some(module) => crate::runtime::types::automation::module_info::value(module.clone()),
            None => Value::Null,
        },
        "id" => crate::runtime::types::automation::runspace::new_guid(),
        "startposition" => crate::runtime::types::automation::ps_token::first_of(block),
        "debuggerhidden" => Value::Bool(block.debugger_hidden.get()),
        "attributes" => Value::List(Rc::new(List::array_list(Vec::new()))),
        _ => return Ok(None),
    }))
}

/// A method.
pub fn call(
    vm: &mut Vm,
    block: &Rc<ScriptBlock>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let list = || -> Vec<Value> {
        match arguments {
            [Value::Array(list)] => list.items.borrow().clone(),
            many => many.to_vec(),
        }
    };
    Ok(Some(match name {
        "invoke" => {
            let output = vm.propagating(|vm| vm.call_block(block, list()));
            let output = output.map_err(stop_of_the_method)?;
            Value::List(Rc::new(List::collection(output)))
        }
        "invokereturnasis" => {
            let output = vm.propagating(|vm| vm.call_block(block, list()));
            let output = output.map_err(stop_of_the_method)?;
            Vm::captured(output)
        }
        "invokewithcontext" => {
            let mut variables = Vec::new();
            if let Some(given) = arguments.get(1) {
                for variable in vm.enumerate(given)?.unwrap_or_default() {
                    let name = vm.read_property(&variable, "Name")?;
                    let value = vm.read_property(&variable, "Value")?;
                    variables.push((Rc::from(vm.to_text(&name)?), value));
                }
            }
            let rest = match arguments.get(2..).unwrap_or_default() {
                [Value::Array(list)] => list.items.borrow().clone(),
                many => many.to_vec(),
            };
            // The functions stand in a scope of their own around the block's.
            let around = Scope::new(
                ScopeKind::Local,
                Layout::growing(),
                Some(vm.scope.clone()),
                vm.scope.module.clone(),
            );
            if let Some(Value::Dict(functions)) = arguments.first().map(Value::base) {
                for (name, body) in functions.pairs() {
                    let name = vm.to_text(&name)?;
                    if let Value::Block(body) = body.base() {
                        vm.define_function_in(&around, &name, body.clone(), false, 0)?;
                    }
                }
            }
            let call = BlockCall {
                arguments: rest,
                variables,
                ..BlockCall::default()
            };
            let output = vm.in_scope(around, |vm| vm.call_block_with(block, call));
            let output = output.map_err(stop_of_the_method)?;
            Value::List(Rc::new(List::collection(output)))
        }
        "getsteppablepipeline" => {
            crate::runtime::types::automation::steppable_pipeline::of_block(vm, block)?
        }
        "getnewclosure" => Value::Block(Rc::new(closure(vm, block))),
        "tostring" => Value::str(block.text()),
        "checkrestrictedlanguage" => Value::Nothing,
        _ => return Ok(None),
    }))
}

/// An error that Stop made of a command's in the block reaches the method's caller as an exception of its own.
fn stop_of_the_method(unwind: Box<Unwind>) -> Box<Unwind> {
    if let Unwind::Error(thrown) = &*unwind
        && thrown.record.stopped.get()
    {
        let record = &thrown.record;
        let record = record.copy_with(stopped_by_error(record), record.target.clone());
        return Thrown {
            record: Rc::new(record),
            ends_script: false,
        }
        .into();
    }
    unwind
}

/// A copy of a block that keeps the variables of the current scope.
fn closure(vm: &mut Vm, block: &Rc<ScriptBlock>) -> ScriptBlock {
    let module = Rc::new(Module::closure("__DynamicModule"));
    let parent = match block
        .module
        .borrow()
        .as_ref()
        .and_then(|m| m.scope.get().cloned())
    {
        Some(scope) => scope,
        None => vm.global.clone(),
    };
    let scope = Scope::new(
        ScopeKind::Module,
        Layout::growing(),
        Some(parent),
        Some(module.clone()),
    );
    for (name, slot) in vm.scope.list() {
        let content = match slot {
            Slot::Variable(variable) => Slot::Plain(variable.value.borrow().clone()),
            other => other,
        };
        scope.put_named(name, content);
    }
    let _ = module.scope.set(scope);
    block.bound_to(Some(module))
}

/// `[scriptblock]::Create(text)`
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("create", [text]) => {
            let text = vm.to_text(text)?;
            Some(vm.parse_block_for_later(&text)?)
        }
        ("emptyscriptblock", []) => Some(vm.parse_block("")?),
        _ => None,
    })
}
