//! ForEach-Object.

use super::filter::{matching_members, missing_input, named_error};
use super::parallel::{self, accept, run_tasks, task_job};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Fault, R, Unwind};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ForEach-Object", || Box::<ForEachObject>::default()),
    ("Where-Object", || {
        Box::<super::filter::WhereObject>::default()
    }),
];

#[derive(Default)]
struct ForEachObject {
    process: Vec<Rc<ScriptBlock>>,
    end: Option<Rc<ScriptBlock>>,
    direct: bool,
    /// Objects for `-Parallel`.
    tasks: Vec<Value>,
    /// What the block of `-Parallel` sees of the session.
    using: Value,
}

/// The script block that an argument is.
pub fn block(value: &Value) -> Option<Rc<ScriptBlock>> {
    match value.base() {
        Value::Block(block) => Some(block.clone()),
        _ => None,
    }
}

impl Cmdlet for ForEachObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Process") && (call.switch("WhatIf") || call.switch("Confirm")) {
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "NoShouldProcessForScriptBlockSet",
                Category::InvalidOperation,
                "The -WhatIf and -Confirm parameters are not supported for script blocks.",
            ));
        }
        if let Some(parallel) = call.get("Parallel").as_ref().and_then(block) {
            self.using = parallel::begin(vm, call, &parallel)?;
        }
        let mut begin = call.get("Begin").as_ref().and_then(block);
        self.end = call.get("End").as_ref().and_then(block);
        let mut blocks: Vec<Option<Rc<ScriptBlock>>> =
            call.items("Process").iter().map(block).collect();
        blocks.extend(call.items("RemainingScripts").iter().map(block));
        // Blocks by position: begin, process, …, end.
        if begin.is_none() && blocks.len() > 1 {
            begin = blocks.remove(0);
        }
        if self.end.is_none() && !call.has("End") && blocks.len() > 1 {
            self.end = blocks.pop().flatten();
        }
        self.process = blocks.into_iter().flatten().collect();
        self.direct = call.has("Process") && !call.has("InputObject") && !call.has("Parallel");
        match begin {
            Some(begin) => vm.run_block(
                &begin,
                crate::runtime::invoke::BlockCall {
                    dot_sourced: true,
                    ..Default::default()
                },
            ),
            None => Ok(()),
        }
    }

    fn process_direct(&mut self, vm: &mut Vm, _call: &Call, input: &Value) -> Option<R<()>> {
        if !self.direct {
            return None;
        }
        for block in &self.process {
            if let Err(unwind) = vm.run_block_for(block, input) {
                return Some(Err(unwind));
            }
        }
        Some(Ok(()))
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let given = call.get("InputObject");
        if given.is_none() && !call.expecting_input {
            // Without input the blocks run once, without an item.
            for block in self.process.clone() {
                vm.run_block(
                    &block,
                    crate::runtime::invoke::BlockCall {
                        dot_sourced: true,
                        ..Default::default()
                    },
                )?;
            }
            if let Some(member) = call.text("MemberName") {
                return self.member(vm, call, &member, &Value::Null);
            }
            return Ok(());
        }
        let input = given.unwrap_or_default();
        if call.has("Parallel") {
            if accept(vm, &input)? {
                self.tasks.push(input);
            }
            return Ok(());
        }
        if let Some(member) = call.text("MemberName") {
            return self.member(vm, call, &member, &input);
        }
        for block in self.process.clone() {
            vm.run_block_for(&block, &input)?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(parallel) = call.get("Parallel").as_ref().and_then(block) {
            let tasks = std::mem::take(&mut self.tasks);
            if call.switch("AsJob") {
                let job = task_job(vm, call, &parallel, &self.using, tasks)?;
                return vm.write(job);
            }
            return run_tasks(vm, call, &parallel, &self.using, tasks);
        }
        match self.end.take() {
            Some(block) => vm.run_block(
                &block,
                crate::runtime::invoke::BlockCall {
                    dot_sourced: true,
                    ..Default::default()
                },
            ),
            None => Ok(()),
        }
    }
}

impl ForEachObject {
    fn may_read(&self, vm: &mut Vm, call: &Call, what: &str, input: &Value) -> R<bool> {
        let target = format!("InputObject: {}", shown(vm, input));
        vm.should_process(call, &target, what)
    }

    /// Calls the method; what it throws is an error about this object alone.
    fn invoke(&self, vm: &mut Vm, input: &Value, member: &str, arguments: Vec<Value>) -> R<()> {
        let bare = arguments.is_empty();
        match vm.invoke_method(input, member, arguments) {
            Ok(value) => vm.emit(value),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let method = match bare {
                        true => vm.method_object(input, member)?,
                        false => None,
                    };
                    match method {
                        // Without an overload for no arguments the method itself is the answer.
                        Some(method)
                            if &**thrown.record.error_id.borrow()
                                == "MethodCountCouldNotFindBest" =>
                        {
                            vm.write(method)
                        }
                        _ => vm.write_error(Rc::new(ErrorRecord::new(
                            thrown.record.exception.clone(),
                            "MethodInvocationError",
                            Category::InvalidOperation,
                            input.clone(),
                        ))),
                    }
                }
                other => Err(Box::new(other)),
            },
        }
    }

    fn member(&self, vm: &mut Vm, call: &Call, member: &str, input: &Value) -> R<()> {
        let arguments = call.items("ArgumentList");
        if input.is_null() {
            if !arguments.is_empty() {
                return vm.write_fault(named_error(
                    "InputObject",
                    "InvokeMethodOnNull",
                    "You cannot call a method on a null-valued expression.",
                ));
            }
            let action = format!("Retrieve the value for property '{member}'");
            if !self.may_read(vm, call, &action, input)? {
                return Ok(());
            }
            return match vm.strict_mode() >= 20 {
                true => vm.write_fault(missing_input()),
                false => vm.write(Value::Null),
            };
        }
        if !arguments.is_empty() {
            return self.method_with(vm, call, member, input, arguments);
        }
        if let Value::Dict(table) = input.base()
            && let Some(value) = table.get_str(member)
        {
            let action = format!("Retrieve the value for key '{member}'");
            return match self.may_read(vm, call, &action, input)? {
                true => vm.emit(value),
                false => Ok(()),
            };
        }
        let found = match matching_members(vm, input, member, false)?.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => {
                return vm.write_fault(
                    named_error(
                        "Name",
                        "AmbiguousPropertyOrMethodName",
                        &format!(
                            "Input name \"{member}\" is ambiguous. It can be resolved to multiple matched members. Possible matches include: {}.",
                            several.join(" ")
                        ),
                    )
                    .target(input.clone()),
                );
            }
        };
        let name = found.as_deref().unwrap_or(member);
        let value = match &found {
            Some(name) => vm.get_member(input, name).or_else(unreadable)?,
            None => None,
        };
        let method = match &value {
            Some(value) => is_method(value),
            None => found.is_some() && vm.method_object(input, name)?.is_some(),
        };
        let action = match method {
            true => format!("Invoke method '{name}'"),
            false => format!("Retrieve the value for property '{name}'"),
        };
        if !self.may_read(vm, call, &action, input)? {
            return Ok(());
        }
        match value {
            _ if method => self.invoke(vm, input, name, Vec::new()),
            Some(value) => vm.emit(value),
            None if vm.strict_mode() >= 20 => vm.write_fault(
                named_error(
                    "Name",
                    "PropertyOrMethodNotFound",
                    &format!("The input name \"{member}\" cannot be resolved to a member."),
                )
                .target(input.clone()),
            ),
            None => vm.write(Value::Null),
        }
    }

    /// A call with arguments: only a method will do.
    fn method_with(
        &self,
        vm: &mut Vm,
        call: &Call,
        member: &str,
        input: &Value,
        arguments: Vec<Value>,
    ) -> R<()> {
        let found = matching_members(vm, input, member, true)?;
        let (id, message) = match found.as_slice() {
            [_] => ("", String::new()),
            [] => (
                "MethodNotFound",
                format!("Input name \"{member}\" cannot be resolved to a method."),
            ),
            several => (
                "AmbiguousMethodName",
                format!(
                    "Input name \"{member}\" is ambiguous. It can be resolved to multiple matched methods. Possible matches include: {}.",
                    several.join(" ")
                ),
            ),
        };
        let name = match found.into_iter().next() {
            Some(name) if id.is_empty() => name,
            _ => return vm.write_fault(named_error("Name", id, &message).target(input.clone())),
        };
        let list: Vec<String> = arguments.iter().map(|a| shown(vm, a)).collect();
        let action = format!("Invoke method '{name}' with arguments: {}", list.join(", "));
        match self.may_read(vm, call, &action, input)? {
            true => self.invoke(vm, input, &name, arguments),
            false => Ok(()),
        }
    }
}

/// A value in a question to the user.
fn shown(vm: &mut Vm, value: &Value) -> String {
    if value.is_null() {
        return "null".into();
    }
    match vm.to_text(value) {
        Ok(text) if !text.is_empty() => text,
        _ => vm.type_of(value.base()).full_name.to_string(),
    }
}

/// A property that throws has no value.
#[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
fn unreadable(unwind: Box<Unwind>) -> R<Option<Value>> {
    match *unwind {
        Unwind::Error(_) => Ok(Some(Value::Null)),
        other => Err(Box::new(other)),
    }
}

fn is_method(value: &Value) -> bool {
    matches!(value.base(), Value::Native(n) if matches!(&*n.body().type_ref().full_name,
        "System.Management.Automation.PSMethod" | "System.Management.Automation.PSScriptMethod"))
}
