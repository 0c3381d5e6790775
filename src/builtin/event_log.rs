//! Get-, Write-, New-, Clear- and Remove-EventLog: event logs that live as long as the session.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::fits_any;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-EventLog", || Box::new(GetEventLog)),
    ("Write-EventLog", || Box::new(WriteEventLog)),
    ("New-EventLog", || Box::new(NewEventLog)),
    ("Clear-EventLog", || Box::new(Empty { remove: false })),
    ("Remove-EventLog", || Box::new(Empty { remove: true })),
];

struct Log {
    name: String,
    sources: Vec<String>,
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    kind: String,
    source: String,
    ticks: i64,
    value: Value,
}

type Logs = Rc<RefCell<Vec<Log>>>;

fn logs(vm: &mut Vm) -> Logs {
    let entry = vm.session.state.entry("event logs");
    let entry = entry.or_insert_with(|| {
        let logs = ["Application", "Security", "System", "Lync Server"];
        let logs = logs.map(|name| Log {
            name: name.into(),
            sources: vec![name.into()],
            entries: Vec::new(),
        });
        Rc::new(RefCell::new(Vec::from(logs)))
    });
    entry.clone().downcast().unwrap_or_default()
}

fn no_log(name: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        "System.InvalidOperationException",
        Category::NotSpecified,
        format!("The event log '{name}' on computer '.' does not exist."),
    )
    .target(Value::str(name))
}

struct GetEventLog;

impl Cmdlet for GetEventLog {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = logs(vm);
        if call.switch("List") {
            let rows: Vec<Value> = all
                .borrow()
                .iter()
                .map(|log| {
                    CustomObject::typed(
                        "System.Diagnostics.EventLog",
                        [
                            ("Log", Value::str(log.name.as_str())),
                            (
                                "Entries",
                                Value::array(log.entries.iter().map(|e| e.value.clone()).collect()),
                            ),
                        ],
                    )
                })
                .collect();
            for row in rows {
                vm.write(row)?;
            }
            return Ok(());
        }
        let name = call.text("LogName").unwrap_or_default();
        let entries = {
            let all = all.borrow();
            let log = all.iter().find(|log| log.name.eq_ignore_ascii_case(&name));
            log.map(|log| log.entries.clone())
        };
        let Some(entries) = entries else {
            return vm.write_fault(no_log(&name));
        };
        let bound = |name: &str| match call.get(name).map(Value::into_base) {
            Some(Value::DateTime(time)) => Some(time.ticks()),
            _ => None,
        };
        let (after, before) = (bound("After"), bound("Before"));
        let (kinds, sources) = (call.texts("EntryType"), call.texts("Source"));
        let message = call.text("Message");
        let newest = call.int("Newest").and_then(|n| usize::try_from(n).ok());
        let mut written = 0;
        for entry in entries.iter().rev() {
            if newest.is_some_and(|limit| written >= limit) {
                break;
            }
            let said = vm.get_member(&entry.value, "Message")?.unwrap_or_default();
            let said = vm.to_text(&said)?;
            let fits = after.is_none_or(|t| entry.ticks > t)
                && before.is_none_or(|t| entry.ticks < t)
                && (kinds.is_empty() || fits_any(&kinds, &entry.kind))
                && (sources.is_empty() || fits_any(&sources, &entry.source))
                && message
                    .as_ref()
                    .is_none_or(|m| fits_any(std::slice::from_ref(m), &said));
            if fits {
                written += 1;
                vm.write(entry.value.clone())?;
            }
        }
        if written == 0 {
            return vm.write_fault(
                Fault::of(
                    "System.ArgumentException",
                    "GetEventLogNoEntriesFound",
                    Category::ObjectNotFound,
                    "No matches found",
                )
                .target(Value::Null),
            );
        }
        Ok(())
    }
}

struct WriteEventLog;

impl Cmdlet for WriteEventLog {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("LogName").unwrap_or_default();
        let source = call.text("Source").unwrap_or_default();
        let all = logs(vm);
        let index = {
            let mut all = all.borrow_mut();
            let Some(log) = all.iter_mut().find(|l| l.name.eq_ignore_ascii_case(&name)) else {
                drop(all);
                return vm.raise(no_log(&name));
            };
            let known = log.sources.iter().any(|s| s.eq_ignore_ascii_case(&source));
            known.then(|| log.entries.len() + 1)
        };
        let Some(index) = index else {
            return vm.raise(
                Fault::of(
                    "System.InvalidOperationException",
                    "AccessDenied",
                    Category::PermissionDenied,
                    format!(
                        "The source name \"{source}\" does not exist on computer \"localhost\"."
                    ),
                )
                .target(Value::Null),
            );
        };
        let kind = call
            .text("EntryType")
            .unwrap_or_else(|| "Information".into());
        let now = vm.now().to_local();
        let id = call.int("EventId").unwrap_or(0);
        let time = Value::datetime(now);
        let value = CustomObject::typed(
            "System.Diagnostics.EventLogEntry",
            [
                (
                    "Index",
                    Value::Int(i32::try_from(index).unwrap_or(i32::MAX)),
                ),
                ("TimeGenerated", time.clone()),
                ("EntryType", Value::str(&*kind)),
                ("Source", Value::str(&*source)),
                ("InstanceId", Value::Long(id)),
                ("EventID", Value::Int(i32::try_from(id).unwrap_or(0))),
                (
                    "Message",
                    Value::str(&*call.text("Message").unwrap_or_default()),
                ),
                (
                    "Category",
                    Value::str(format!("({})", call.int("Category").unwrap_or(0))),
                ),
                ("MachineName", Value::str(vm.machine_name())),
                ("UserName", Value::Null),
                ("TimeWritten", time),
            ],
        );
        let entry = Entry {
            kind: kind.to_string(),
            source: source.to_string(),
            ticks: now.ticks(),
            value,
        };
        let mut all = all.borrow_mut();
        if let Some(log) = all.iter_mut().find(|l| l.name.eq_ignore_ascii_case(&name)) {
            log.entries.push(entry);
        }
        Ok(())
    }
}

struct NewEventLog;

impl Cmdlet for NewEventLog {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("LogName").unwrap_or_default();
        for source in call.texts("Source") {
            let all = logs(vm);
            let taken = all
                .borrow()
                .iter()
                .any(|log| log.sources.iter().any(|s| s.eq_ignore_ascii_case(&source)));
            if taken {
                vm.write_fault(
                    Fault::of(
                        "System.InvalidOperationException",
                        "New Eventlog",
                        Category::InvalidOperation,
                        format!("The \"{source}\" source is already registered on the \"localhost\" computer."),
                    )
                    .target(Value::Null),
                )?;
                continue;
            }
            let mut all = all.borrow_mut();
            match all.iter_mut().find(|l| l.name.eq_ignore_ascii_case(&name)) {
                Some(log) => log.sources.push(source.to_string()),
                None => all.push(Log {
                    name: name.to_string(),
                    sources: vec![source.to_string()],
                    entries: Vec::new(),
                }),
            }
        }
        Ok(())
    }
}

/// Clear- and Remove-EventLog.
struct Empty {
    remove: bool,
}

impl Cmdlet for Empty {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for name in call.texts("LogName") {
            let all = logs(vm);
            let at = all
                .borrow()
                .iter()
                .position(|log| log.name.eq_ignore_ascii_case(&name));
            let Some(at) = at else {
                vm.write_fault(no_log(&name))?;
                continue;
            };
            let verb = call.info.name.clone();
            if !vm.should_process(call, &name, &verb)? {
                continue;
            }
            let mut all = all.borrow_mut();
            if self.remove {
                all.remove(at);
            } else if let Some(log) = all.get_mut(at) {
                log.entries.clear();
            }
        }
        Ok(())
    }
}
