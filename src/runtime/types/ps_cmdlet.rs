//! `$PSCmdlet`: what an advanced function knows of its call.

use super::{TypeRef, find_full, known};
use crate::runtime::command::Command;
use crate::runtime::confirm::{Asker, Change, Standing, performing};
use crate::runtime::error::R;
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::native::Native;
use crate::runtime::scope::Scope;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

/// The cmdlet object of a function's call.
pub struct ScriptCmdlet {
    /// How the function was called.
    pub invocation: Rc<InvocationInfo>,
    /// The function's scope.
    pub scope: Rc<Scope>,
    /// What was said for all of its questions.
    pub standing: Cell<Standing>,
}

/// `$PSCmdlet` for a call.
pub fn value(invocation: Rc<InvocationInfo>, scope: Rc<Scope>) -> Value {
    Value::native(ScriptCmdlet {
        invocation,
        scope,
        standing: Cell::default(),
    })
}

impl ScriptCmdlet {
    fn command_name(&self) -> Rc<str> {
        let command = self.invocation.command.as_ref();
        command.map_or_else(|| "".into(), Command::name)
    }

    fn should_process(
        &self,
        vm: &mut Vm,
        description: &str,
        question: Option<&str>,
        caption: &str,
    ) -> R<bool> {
        let plain = format!("Are you sure you want to perform this action?\n{description}");
        let change = Change {
            description,
            question: question.unwrap_or(&plain),
            caption,
        };
        // `-Confirm` and `-WhatIf` are preferences inside a function.
        let asker = Asker {
            impact: self.impact(vm)?,
            confirm: None,
            what_if: None,
            standing: &self.standing,
        };
        vm.ask_change(&asker, &change)
    }

    fn impact(&self, vm: &mut Vm) -> R<u8> {
        let block = match &self.invocation.command {
            Some(Command::Function(function)) => function.block.borrow().clone(),
            Some(Command::Block(block)) => block.clone(),
            Some(Command::Script(script)) => vm.script_block_of(script)?,
            _ => return Ok(2),
        };
        let surface = crate::lower::parameters::surface(vm, &block, &self.command_name())?;
        Ok(surface.confirm_impact)
    }
}

impl Native for ScriptCmdlet {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Management.Automation.PSScriptCmdlet").unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "ParameterSetName",
            "MyInvocation",
            "SessionState",
            "Host",
            "CommandRuntime",
            "InvokeCommand",
            "InvokeProvider",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "parametersetname" => Some(Value::str(&**self.invocation.set_name.borrow())),
            "myinvocation" => Some(vm.invocation_value(Some(&self.invocation))),
            _ => None,
        })
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let mut texts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            texts.push(vm.to_text(argument)?);
        }
        let answer = match (name, texts.as_slice()) {
            ("shouldprocess", [target]) => {
                let action = self.command_name();
                self.should_process(vm, &performing(&action, target), None, "Confirm")?
            }
            ("shouldprocess", [target, action]) => {
                self.should_process(vm, &performing(action, target), None, "Confirm")?
            }
            ("shouldprocess", [description, question, caption, ..]) => {
                self.should_process(vm, description, Some(question), caption)?
            }
            ("shouldcontinue", [question, caption, ..]) => vm.should_continue(question, caption)?,
            _ => return Ok(None),
        };
        Ok(Some(Value::Bool(answer)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
