//! What a session tells of itself: host, cultures, history, the call stack, policies; and what
//! scripts set that has no effect here.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invocation::Extent;
use crate::runtime::invoke::BlockCall;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::{DateTime, TimeSpan};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::text::culture::CultureInfo;
use crate::runtime::value::Value;
use crate::runtime::vm::{Frame, Vm};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Host", || Box::new(GetHost)),
    ("Get-Culture", || Box::new(GetCulture)),
    ("Get-UICulture", || Box::new(GetCulture)),
    ("Get-PSCallStack", || Box::new(GetPSCallStack)),
    ("Get-History", || Box::new(GetHistory)),
    ("Add-History", || Box::new(AddHistory)),
    ("Clear-History", || Box::new(ClearHistory)),
    ("Invoke-History", || Box::new(InvokeHistory)),
    ("Get-ExecutionPolicy", || Box::new(GetExecutionPolicy)),
    ("Set-ExecutionPolicy", || Box::new(Silent)),
    ("Set-PSDebug", || Box::new(super::evaluate::SetPSDebug)),
];

/// A cmdlet whose arguments are checked and that has nothing to do here.
struct Silent;

impl Cmdlet for Silent {}

struct GetHost;

impl Cmdlet for GetHost {
    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let host = vm.variable("Host").unwrap_or_default();
        vm.write(host)
    }
}

struct GetCulture;

impl Cmdlet for GetCulture {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("ListAvailable") {
            for name in Culture::known_names() {
                if let Ok(culture) = Culture::get(name) {
                    vm.write(CultureInfo::value(&culture))?;
                }
            }
            return Ok(());
        }
        let names = call.texts("Name");
        if names.is_empty() {
            let culture = vm.culture();
            return vm.write(CultureInfo::value(culture));
        }
        for name in names {
            match Culture::get(&name) {
                Ok(culture) => vm.write(CultureInfo::value(&culture))?,
                Err(_) => vm.write_fault(
                    Fault::of(
                        "System.Globalization.CultureNotFoundException",
                        "ItemNotFoundException",
                        Category::ObjectNotFound,
                        format!("Culture is not supported. (Parameter 'name')\n{name} is an invalid culture identifier."),
                    )
                    .target(Value::str(&*name)),
                )?,
            }
        }
        Ok(())
    }
}

struct GetPSCallStack;

impl Cmdlet for GetPSCallStack {
    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let frames: Vec<Frame> = std::iter::once(vm.frame.clone())
            .chain(vm.callers.iter().rev().cloned())
            .collect();
        for frame in frames {
            let is_prompt = frame.source.text.is_empty() && frame.source.file.is_none();
            // Nothing runs there but the session itself.
            if is_prompt {
                continue;
            }
            let place = frame.source.position(frame.span.start as usize);
            let file = frame.source.file.clone();
            let bound = frame.invocation.bound_parameters.borrow().clone();
            let mut parts = Vec::new();
            for (name, value) in bound.iter() {
                parts.push(format!("{name}={}", vm.to_text(value)?));
            }
            let unbound = frame.invocation.unbound_arguments.borrow().clone();
            for value in &unbound {
                parts.push(vm.to_text(value)?);
            }
            let arguments = format!("{{{}}}", parts.join(", "));
            let command: Rc<str> = match &frame.invocation.command {
                Some(Command::Block(_)) | None if file.is_none() => frame.name.clone(),
                Some(Command::Block(_)) | None => file
                    .as_deref()
                    .and_then(|f| std::path::Path::new(f).file_name())
                    .map_or(frame.name.clone(), |n| n.to_string_lossy().into()),
                Some(command) => command.name(),
            };
            let location = match &file {
                Some(file) => {
                    let leaf = std::path::Path::new(&**file)
                        .file_name()
                        .map(|n| n.to_string_lossy().to_string())
                        .unwrap_or_default();
                    format!("{leaf}: line {}", place.line)
                }
                None => "<No file>".to_string(),
            };
            let position = vm.extent_value(&Extent {
                source: frame.source.clone(),
                span: frame.span,
            });
            let invocation = vm.invocation_value(Some(&frame.invocation));
            let value = PlainObject::new(
                "System.Management.Automation.CallStackFrame",
                vec![
                    (
                        "ScriptName",
                        file.as_deref().map_or(Value::Null, Value::from),
                    ),
                    (
                        "ScriptLineNumber",
                        Value::Int(i32::try_from(place.line).unwrap_or(0)),
                    ),
                    ("InvocationInfo", invocation),
                    ("Position", position),
                    ("FunctionName", Value::str(&*frame.name)),
                    ("Command", Value::str(&*command)),
                    ("Location", Value::str(location.as_str())),
                    ("Arguments", Value::str(arguments.as_str())),
                ],
            )
            .with_text(format!(
                "at {}, {}: line {}",
                frame.name,
                file.as_deref().unwrap_or("<No file>"),
                place.line
            ));
            // On the object itself, so that computed members of its type do not come first.
            let mut value = value.value();
            for (name, text) in [
                ("Command", &*command),
                ("Location", location.as_str()),
                ("Arguments", arguments.as_str()),
            ] {
                let note = crate::runtime::object::Member::Note(Value::str(text));
                value = crate::runtime::member::added::add_member(&value, name, note);
            }
            vm.write(value)?;
        }
        Ok(())
    }
}

struct GetHistory;

impl Cmdlet for GetHistory {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = vm.session.history.clone();
        if call.has("Id") {
            for id in call.items("Id") {
                let wanted = vm.to_long(&id)?;
                let mut any = false;
                for entry in &all {
                    let own = vm.get_member(entry, "Id")?.unwrap_or_default();
                    if vm.to_long(&own)? == wanted {
                        any = true;
                        vm.write(entry.clone())?;
                    }
                }
                if !any {
                    vm.write_fault(
                        Fault::of(
                            "System.ArgumentException",
                            "GetHistoryNoHistoryForId",
                            Category::ObjectNotFound,
                            format!("Cannot locate the history for Id {wanted}."),
                        )
                        .target(id),
                    )?;
                }
            }
            return Ok(());
        }
        let count = call
            .int("Count")
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(all.len());
        for entry in all.iter().skip(all.len().saturating_sub(count)) {
            vm.write(entry.clone())?;
        }
        Ok(())
    }
}

struct AddHistory;

impl Cmdlet for AddHistory {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for entry in call.items("InputObject") {
            let line = vm.get_member(&entry, "CommandLine")?.unwrap_or_default();
            let line = vm.to_text(&line)?;
            let now = vm.now().to_local();
            let value = enter_history(vm, &line, now, now, true);
            if call.switch("Passthru") {
                vm.write(value)?;
            }
        }
        Ok(())
    }
}

/// Enters a line that ran into the session's history.
pub fn enter_history(
    vm: &mut Vm,
    line: &str,
    began: DateTime,
    ended: DateTime,
    succeeded: bool,
) -> Value {
    const COMPLETED: i64 = 4;
    const FAILED: i64 = 5;
    let last = vm.session.history.last().cloned();
    let id = last.and_then(|last| vm.get_member(&last, "Id").ok().flatten());
    let id = id.and_then(|id| vm.to_long(&id).ok()).unwrap_or_default() + 1;
    let status = if succeeded { COMPLETED } else { FAILED };
    let duration = TimeSpan(ended.ticks().saturating_sub(began.ticks()));
    let value = PlainObject::new(
        "Microsoft.PowerShell.Commands.HistoryInfo",
        vec![
            ("Id", Value::Long(id)),
            ("CommandLine", Value::str(line)),
            (
                "ExecutionStatus",
                Value::enum_of(
                    "System.Management.Automation.Runspaces.PipelineState",
                    status,
                ),
            ),
            ("StartExecutionTime", Value::datetime(began)),
            ("EndExecutionTime", Value::datetime(ended)),
            ("Duration", Value::TimeSpan(duration)),
        ],
    )
    .with_text(line.to_owned())
    .value();
    vm.session.history.push(value.clone());
    let most = vm
        .variable("MaximumHistoryCount")
        .and_then(|n| vm.to_long(&n).ok());
    let most = most
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(4096)
        .max(1);
    let surplus = vm.session.history.len().saturating_sub(most);
    vm.session.history.drain(..surplus);
    value
}

struct ClearHistory;

impl Cmdlet for ClearHistory {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if vm.should_process(call, "All history entries", "Clear-History")? {
            vm.session.history.clear();
        }
        Ok(())
    }
}

struct InvokeHistory;

impl Cmdlet for InvokeHistory {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = call.text("Id");
        let all = vm.session.history.clone();
        let mut line = None;
        for entry in all.iter().rev() {
            let text = vm.get_member(entry, "CommandLine")?.unwrap_or_default();
            let text = vm.to_text(&text)?;
            let id = vm.get_member(entry, "Id")?.unwrap_or_default();
            let id = vm.to_text(&id)?;
            if wanted
                .as_ref()
                .is_none_or(|w| **w == *id || text.starts_with(&**w))
            {
                line = Some(text);
                break;
            }
        }
        let Some(line) = line else {
            if let Some(wanted) = wanted {
                let (id, what) = match wanted.parse::<i64>() {
                    Ok(_) => ("InvokeHistoryNoHistoryForId", "Id"),
                    Err(_) => ("InvokeHistoryNoHistoryForCommandline", "commandline"),
                };
                return vm.raise(
                    Fault::of(
                        "System.ArgumentException",
                        id,
                        Category::ObjectNotFound,
                        format!("Cannot locate the history for {what} {wanted}."),
                    )
                    .target(Value::str(&*wanted)),
                );
            }
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "InvokeHistoryLastHistoryEntryNotFound",
                Category::ObjectNotFound,
                "Cannot locate the most recent history entry.",
            ));
        };
        vm.tell(&format!("{line}\n"));
        if let Value::Block(block) = vm.parse_block(&line)? {
            vm.run_block(
                &block,
                BlockCall {
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            )?;
        }
        Ok(())
    }
}

struct GetExecutionPolicy;

impl Cmdlet for GetExecutionPolicy {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let policy = |bits| Value::enum_of("Microsoft.PowerShell.ExecutionPolicy", bits);
        if !call.switch("List") {
            return vm.write(policy(0));
        }
        for (scope, bits) in [
            ("MachinePolicy", 5),
            ("UserPolicy", 5),
            ("Process", 5),
            ("CurrentUser", 5),
            ("LocalMachine", 0),
        ] {
            vm.write(crate::runtime::object::CustomObject::from_notes([
                ("Scope", Value::str(scope)),
                ("ExecutionPolicy", policy(bits)),
            ]))?;
        }
        Ok(())
    }
}
