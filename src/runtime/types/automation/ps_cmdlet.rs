//! `$PSCmdlet`: what an advanced function knows of its call.

use crate::runtime::command::Command;
use crate::runtime::confirm::{Asker, Change, Standing, performing};
use crate::runtime::error::{ErrorRecord, Fault, R, Thrown};
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::module::Module;
use crate::runtime::native::Native;
use crate::runtime::object::Reference;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;
use std::rc::Rc;

/// The cmdlet object of a function's call.
pub struct ScriptCmdlet {
    /// How the function was called.
    pub invocation: Rc<InvocationInfo>,
    /// The module the function belongs to. Its scope is not held, since that holds this object.
    pub module: Option<Rc<Module>>,
    /// What was said for all of its questions.
    pub standing: Cell<Standing>,
    /// Seen as `CommandRuntime`, whose text is the command's name.
    pub is_runtime: bool,
}

/// `$PSCmdlet` for a call.
pub fn value(invocation: Rc<InvocationInfo>, module: Option<Rc<Module>>) -> Value {
    Value::native(ScriptCmdlet {
        invocation,
        module,
        standing: Cell::default(),
        is_runtime: false,
    })
}

impl ScriptCmdlet {
    fn module(&self) -> Option<Rc<Module>> {
        self.module.clone().filter(|m| !m.is_closure)
    }

    /// `PagingParameters`: what `-First`, `-Skip` and `-IncludeTotalCount` were given.
    fn paging(&self) -> Value {
        let bound = self.invocation.bound_parameters.borrow();
        let number = |name: &str, default: u64| match bound.get(name).map(Value::base) {
            Some(Value::ULong(n)) => Value::ULong(*n),
            Some(Value::Int(n)) => Value::ULong(u64::try_from(*n).unwrap_or(0)),
            _ => Value::ULong(default),
        };
        let total = bound
            .get("IncludeTotalCount")
            .cloned()
            .unwrap_or(Value::Switch(false));
        crate::runtime::types::plain_object::PlainObject::new(
            "System.Management.Automation.PagingParameters",
            vec![
                ("IncludeTotalCount", total),
                ("Skip", number("Skip", 0)),
                ("First", number("First", u64::MAX)),
            ],
        )
        .value()
    }

    /// A record as this cmdlet's own.
    fn own_record(&self, vm: &mut Vm, value: &Value) -> R<Rc<ErrorRecord>> {
        let Value::Error(record) = value.base() else {
            let shown = vm.type_of(value).display();
            return vm.raise(Fault::cast(
                "ConvertToFinalInvalidCastException",
                format!("Cannot convert value of type \"{shown}\" to type \"System.Management.Automation.ErrorRecord\"."),
            ));
        };
        let command = self.invocation.command.as_ref();
        // A record that is written again is this command's from now on.
        *record.raiser.borrow_mut() = command.map(Command::raiser).unwrap_or_default();
        *record.invocation.borrow_mut() = Some(self.invocation.clone());
        Ok(record.clone())
    }

    /// The methods that write to streams or read the session.
    fn write_call(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let first = arguments.first().cloned().unwrap_or_default();
        match name {
            "writeerror" => {
                let record = self.own_record(vm, &first)?;
                self.invocation.failed.set(true);
                vm.write_error(record)?;
            }
            "throwterminatingerror" => {
                let record = self.own_record(vm, &first)?;
                vm.locate(&record);
                record.leaving.set(true);
                return Err(Thrown {
                    record,
                    ends_script: false,
                }
                .into());
            }
            "writeobject" => {
                let unroll = arguments.get(1).is_some_and(|v| vm.to_bool(v));
                if unroll {
                    vm.emit(first)?;
                } else {
                    vm.write(first)?;
                }
            }
            "writeverbose" => {
                let text = vm.to_text(&first)?;
                vm.write_verbose(&text)?;
            }
            "writewarning" => {
                let text = vm.to_text(&first)?;
                vm.write_warning(&text)?;
            }
            "writedebug" => {
                let text = vm.to_text(&first)?;
                vm.write_debug(&text)?;
            }
            "writeinformation" => {
                let mut tags = Vec::new();
                if let Some(given) = arguments.get(1) {
                    let items = vm.enumerate(given)?.unwrap_or_else(|| vec![given.clone()]);
                    for item in &items {
                        tags.push(vm.to_text(item)?.into());
                    }
                }
                vm.write_information(first, tags, None)?;
            }
            "writeprogress" | "writecommanddetail" => {}
            "getvariablevalue" => {
                let text = vm.to_text(&first)?;
                return Ok(Some(match vm.variable(&text) {
                    Some(value) => value,
                    None => arguments.get(1).cloned().unwrap_or_default(),
                }));
            }
            "getunresolvedproviderpathfrompspath" => {
                let text = vm.to_text(&first)?;
                return Ok(Some(Value::str(vm.file_path(&text).to_string_lossy())));
            }
            "currentproviderlocation" => {
                let items = vm.call_command("Get-Location", &[], &[])?;
                return Ok(Some(Vm::captured(items)));
            }
            "getresourcestring" => return Ok(Some(Value::Null)),
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }

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
        let surface = vm.block_surface(&block, &self.command_name())?;
        Ok(surface.confirm_impact)
    }
}

impl Native for ScriptCmdlet {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.PSScriptCmdlet")
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
            "sessionstate" => Some(crate::runtime::types::automation::engine::session_state(
                self.module(),
            )),
            "invokecommand" => Some(crate::runtime::types::automation::engine::invoke_command(
                self.module(),
            )),
            "invokeprovider" => {
                Some(crate::runtime::types::automation::provider_intrinsics::value())
            }
            "events" | "jobmanager" | "jobrepository" => Some(Value::Null),
            "host" => vm.variable("Host"),
            "commandruntime" => Some(Value::native(ScriptCmdlet {
                invocation: self.invocation.clone(),
                module: self.module.clone(),
                standing: Cell::default(),
                is_runtime: true,
            })),
            "stopping" => Some(Value::Bool(false)),
            "commandorigin" => Some(Value::enum_of(
                "System.Management.Automation.CommandOrigin",
                1,
            )),
            "pagingparameters" => Some(self.paging()),
            _ => None,
        })
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match self.is_runtime {
            true => self.command_name().to_string(),
            false => self.type_ref().display_full(),
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if let Some(done) = self.write_call(vm, name, arguments)? {
            return Ok(Some(done));
        }
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
                let rehearsed = vm.only_rehearses(None)?;
                if let Some(Value::Ref(reason)) = arguments.get(3).map(Value::base) {
                    reason.set(Value::enum_of(
                        "System.Management.Automation.ShouldProcessReason",
                        i64::from(rehearsed),
                    ));
                }
                self.should_process(vm, description, Some(question), caption)?
            }
            ("shouldcontinue", [question, caption]) => {
                vm.should_continue_once(question, caption)?
            }
            ("shouldcontinue", [question, caption, ..]) => {
                let references: Vec<&Rc<Reference>> = arguments
                    .iter()
                    .filter_map(|a| match a.base() {
                        Value::Ref(reference) => Some(reference),
                        _ => None,
                    })
                    .collect();
                let said = |vm: &mut Vm, at: usize| {
                    references.get(at).is_some_and(|r| vm.to_bool(&r.get()))
                };
                let standing = Cell::new(match (said(vm, 0), said(vm, 1)) {
                    (true, _) => Standing::Yes,
                    (_, true) => Standing::No,
                    _ => Standing::Open,
                });
                let answer = vm.should_continue_all(question, caption, &standing)?;
                for (reference, all) in references.iter().zip([Standing::Yes, Standing::No]) {
                    reference.set(Value::Bool(standing.get() == all));
                }
                answer
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Bool(answer)))
    }
}
