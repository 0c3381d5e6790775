//! Running text and script blocks: Invoke-Expression, Invoke-Command, Set-StrictMode.

use super::job;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet, ScriptInfo};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::member::added::add_member;
use crate::runtime::object::Member;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Invoke-Expression", || Box::new(InvokeExpression)),
    ("Invoke-Command", || Box::<InvokeCommand>::default()),
    ("Set-StrictMode", || Box::new(SetStrictMode)),
];

struct InvokeExpression;

impl Cmdlet for InvokeExpression {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("Command").unwrap_or_default();
        let Value::Block(block) = vm.parse_block(&text)? else {
            return Ok(());
        };
        vm.run_block(
            &block,
            BlockCall {
                dot_sourced: true,
                ..BlockCall::default()
            },
        )
    }
}

#[derive(Default)]
struct InvokeCommand {
    input: Vec<Value>,
}

impl Cmdlet for InvokeCommand {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.input.extend(call.get("InputObject"));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let input = std::mem::take(&mut self.input);
        let given = call.expecting_input || call.has("InputObject");
        let Some(block) = block_of(vm, call)? else {
            return Ok(());
        };
        let made = BlockCall {
            arguments: call.items("ArgumentList"),
            input: given.then_some(input),
            dot_sourced: call.switch("NoNewScope"),
            ..BlockCall::default()
        };
        let computers = call.texts("ComputerName");
        if computers.is_empty() && !call.has("Session") && !call.has("HostName") {
            return vm.run_block(&block, made);
        }
        if call.has("Session") || call.has("HostName") {
            return vm.raise(
                Fault::of(
                    "System.InvalidOperationException",
                    "PSSessionNotSupported",
                    Category::InvalidOperation,
                    "Remote sessions are not available in this shell.",
                )
                .category(Category::NotImplemented),
            );
        }
        for computer in computers {
            let using = job::using_table(vm, &block)?;
            let mut here = made.clone();
            here.variables.push(("<using>".into(), using));
            let apart = Rc::new(block.bound_to(None));
            let items = vm.in_new_session(|vm| vm.call_block_with(&apart, here))?;
            for item in items {
                let item = match item.base() {
                    Value::Null | Value::Nothing => item,
                    _ if call.switch("HideComputerName") => item,
                    _ => add_member(
                        &item,
                        "PSComputerName",
                        Member::Note(Value::str(&*computer)),
                    ),
                };
                vm.write(item)?;
            }
        }
        Ok(())
    }
}

fn block_of(vm: &mut Vm, call: &Call) -> R<Option<Rc<ScriptBlock>>> {
    if let Some(Value::Block(block)) = call.get("ScriptBlock").map(Value::into_base) {
        return Ok(Some(block));
    }
    let Some(file) = call.text("FilePath") else {
        return Ok(None);
    };
    let script = ScriptInfo {
        name: file.clone(),
        path: vm.file_path(&file).to_string_lossy().into(),
        block: std::cell::OnceCell::new(),
    };
    vm.script_block_of(&script).map(Some)
}

struct SetStrictMode;

/// Whether there has been such a version.
fn is_version(major: u16, minor: u16) -> bool {
    let last = match major {
        1..=4 => 0,
        5 => 1,
        6 => 2,
        7 => 6,
        _ => return false,
    };
    minor <= last
}

/// The rules of a version that never was.
fn no_such_version(version: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ParameterBindingValidationException",
        "ParameterArgumentValidationError",
        Category::InvalidData,
        format!(
            "Cannot validate argument on parameter 'Version'. The \"{version}\" argument does not contain a valid PowerShell version. Supply a valid version number and then try the command again."
        ),
    )
}

impl Cmdlet for SetStrictMode {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let version = match call.get("Version") {
            _ if call.switch("Off") => 0,
            None => 0,
            Some(value) => {
                let text = vm.to_text(&value)?;
                if text.eq_ignore_ascii_case("latest") {
                    70
                } else {
                    let mut parts = text.split('.').map(|p| p.parse::<u16>().unwrap_or(0));
                    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                    if !is_version(major, minor) {
                        return vm.raise(no_such_version(&text));
                    }
                    major.saturating_mul(10).saturating_add(minor)
                }
            }
        };
        vm.scope.strict_mode.set(Some(version));
        Ok(())
    }
}
