//! Get-, Stop-, Wait- and Debug-Process.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::diagnostics::process::Process;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::time::Duration;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Process", || Box::new(GetProcess)),
    ("Stop-Process", || Box::new(StopProcess)),
    ("Wait-Process", || Box::<WaitProcess>::default()),
    ("Debug-Process", || Box::new(DebugProcess)),
];

fn missing_id(id: i32) -> Fault {
    Fault::of(
        "Microsoft.PowerShell.Commands.ProcessCommandException",
        "NoProcessFoundForGivenId",
        Category::ObjectNotFound,
        format!("Cannot find a process with the process identifier {id}."),
    )
    .target(Value::Int(id))
}

fn missing_name(name: &str) -> Fault {
    Fault::of(
        "Microsoft.PowerShell.Commands.ProcessCommandException",
        "NoProcessFoundForGivenName",
        Category::ObjectNotFound,
        format!("Cannot find a process with the name \"{name}\". Verify the process name and call the cmdlet again."),
    )
    .target(Value::str(name))
}

/// All processes by name.
fn all() -> Vec<Value> {
    let mut all: Vec<Process> = Process::ids()
        .into_iter()
        .filter_map(Process::find)
        .collect();
    all.sort_by(|a, b| crate::runtime::collation::compare(a.name(), b.name(), true));
    all.into_iter().map(Value::native).collect()
}

/// The processes that a call's `-Id`, `-Name` and `-InputObject` mean; errors for those that are none.
fn selected(vm: &mut Vm, call: &Call) -> R<Vec<Value>> {
    let mut found = call.items("InputObject");
    for id in call.items("Id") {
        let id = vm.to_int(&id)?;
        match Process::find(id) {
            Some(process) => found.push(Value::native(process)),
            None => vm.write_fault(missing_id(id))?,
        }
    }
    let names = call.texts("Name");
    if names.is_empty() {
        return Ok(found);
    }
    let all = all();
    for name in names {
        let matcher = vm.wildcard(&name, true)?;
        let before = found.len();
        found.extend(
            all.iter()
                .filter(|value| {
                    let process = value.as_native::<Process>();
                    process.is_some_and(|p| matcher.is_match(p.name()))
                })
                .cloned(),
        );
        if found.len() == before && !WildcardPattern::contains_wildcards(&name) {
            vm.write_fault(missing_name(&name))?;
        }
    }
    Ok(found)
}

struct GetProcess;

impl Cmdlet for GetProcess {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let chosen = call.has("Id") || call.has("Name") || call.has("InputObject");
        let found = match chosen {
            true => selected(vm, call)?,
            false => all(),
        };
        for value in found {
            if call.switch("Module") {
                let module = vm.get_member(&value, "MainModule")?.unwrap_or_default();
                vm.write(module)?;
                continue;
            }
            vm.write(value)?;
        }
        Ok(())
    }
}

struct StopProcess;

impl Cmdlet for StopProcess {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for value in selected(vm, call)? {
            let Some(process) = value.as_native::<Process>() else {
                continue;
            };
            let shown = format!("{} ({})", process.name(), process.id);
            if !vm.should_process(call, &shown, "Stop-Process")? {
                continue;
            }
            if process.kill(vm).is_err() && !process.has_exited(vm) {
                vm.write_fault(
                    Fault::of(
                        "Microsoft.PowerShell.Commands.ProcessCommandException",
                        "CouldNotStopProcess",
                        Category::CloseError,
                        format!("Cannot stop process \"{shown}\" because of the following error: Access is denied."),
                    )
                    .target(value.clone()),
                )?;
                continue;
            }
            if call.switch("PassThru") {
                vm.write(value)?;
            }
        }
        Ok(())
    }
}

#[derive(Default)]
struct WaitProcess {
    all: Vec<Value>,
}

impl Cmdlet for WaitProcess {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.all.extend(selected(vm, call)?);
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let limit = call.int("Timeout").and_then(|n| u64::try_from(n).ok());
        let limit = limit.map(Duration::from_secs);
        let begun = std::time::Instant::now();
        for value in std::mem::take(&mut self.all) {
            let Some(process) = value.as_native::<Process>() else {
                continue;
            };
            let left = limit.map(|limit| limit.saturating_sub(begun.elapsed()));
            let ended = process.wait(vm, left);
            if !ended {
                vm.write_fault(
                    Fault::of(
                        "System.TimeoutException",
                        "ProcessNotTerminated",
                        Category::CloseError,
                        format!(
                            "This command stopped operation because process \"{} ({})\" is not stopped in the specified time-out.",
                            process.name(),
                            process.id
                        ),
                    )
                    .target(value.clone()),
                )?;
            }
            if call.switch("PassThru") {
                vm.write(value.clone())?;
            }
            if ended && call.switch("Any") {
                break;
            }
        }
        Ok(())
    }
}

struct DebugProcess;

impl Cmdlet for DebugProcess {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for value in selected(vm, call)? {
            let shown = vm.to_text(&value)?;
            if vm.should_process(call, &shown, "Debug-Process")? {
                vm.write_fault(
                    Fault::of(
                        "Microsoft.PowerShell.Commands.ProcessCommandException",
                        "NoDebuggerFound",
                        Category::OperationStopped,
                        format!("Cannot debug process \"{shown}\": there is no debugger."),
                    )
                    .target(value.clone()),
                )?;
            }
        }
        Ok(())
    }
}
