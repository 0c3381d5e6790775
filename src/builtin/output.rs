//! Write-Output and the cmdlets that write to the other streams.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Exception, Fault, R};
use crate::runtime::streams::HostMessage;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Write-Output", || Box::new(WriteOutput)),
    ("Write-Host", || Box::new(WriteHost)),
    ("Write-Warning", || {
        Box::new(WriteMessage(Vm::write_warning))
    }),
    ("Write-Verbose", || {
        Box::new(WriteMessage(Vm::write_verbose))
    }),
    ("Write-Debug", || Box::new(WriteMessage(Vm::write_debug))),
    ("Write-Information", || Box::new(WriteInformation)),
    ("Write-Error", || Box::new(WriteError)),
    ("Write-Progress", || Box::new(WriteProgress)),
];

struct WriteOutput;

impl Cmdlet for WriteOutput {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(value) = call.get("InputObject") else {
            return Ok(());
        };
        if call.switch("NoEnumerate") {
            return vm.write(value);
        }
        vm.emit(value)
    }
}

struct WriteMessage(fn(&mut Vm, &str) -> R<()>);

impl Cmdlet for WriteMessage {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("Message").unwrap_or_else(|| "".into());
        self.0(vm, &text)
    }
}

struct WriteInformation;

impl Cmdlet for WriteInformation {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let data = call
            .get("MessageData")
            .or_else(|| call.get("Message"))
            .unwrap_or_default();
        let tags = call.texts("Tags");
        vm.write_information(data, tags, None)
    }
}

/// Progress is shown by nothing yet: bars belong to a terminal that a person watches.
struct WriteProgress;

impl Cmdlet for WriteProgress {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.text("Activity").is_some_and(|text| !text.is_empty()) {
            return Ok(());
        }
        vm.raise(Fault::of(
            "System.ArgumentException",
            "MissingActivity",
            Category::InvalidArgument,
            "Missing value for mandatory parameter. (Parameter 'Activity')",
        ))
    }
}

struct WriteHost;

impl Cmdlet for WriteHost {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let separator = match call.get("Separator") {
            Some(value) => vm.to_text(&value)?,
            None => " ".to_string(),
        };
        let text = match call.get("Object") {
            Some(value) => host_text(vm, &value, &separator)?,
            None => String::new(),
        };
        let message = HostMessage {
            text: text.as_str().into(),
            no_newline: call.switch("NoNewline"),
            foreground: call.int("ForegroundColor"),
            background: call.int("BackgroundColor"),
        };
        vm.write_information(Value::str(text), vec!["PSHOST".into()], Some(message))
    }
}

/// What Write-Host makes of an object: collections unrolled and joined, entries as `[key, value]`.
fn host_text(vm: &mut Vm, value: &Value, separator: &str) -> R<String> {
    match value.base() {
        Value::Dict(table) => {
            let mut parts = Vec::new();
            for (key, value) in table.pairs() {
                let key = vm.shown_text(&key)?;
                let value = vm.shown_text(&value)?;
                parts.push(format!("[{key}, {value}]"));
            }
            Ok(parts.join(separator))
        }
        _ => match vm.enumerate(value)? {
            Some(items) => {
                let mut parts = Vec::new();
                for item in &items {
                    parts.push(host_text(vm, item, separator)?);
                }
                Ok(parts.join(separator))
            }
            None => vm.shown_text(value),
        },
    }
}

struct WriteError;

impl Cmdlet for WriteError {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let record = match call.get("ErrorRecord") {
            Some(Value::Error(record)) => Rc::new(record.copy()),
            _ => Rc::new(self.record(vm, call)?),
        };
        if let Some(details) = call.text("RecommendedAction") {
            let message = record.message();
            *record.details.borrow_mut() = Some(crate::runtime::error::ErrorDetails {
                message,
                recommended_action: details,
            });
        }
        *record.activity.borrow_mut() = Some(
            call.text("CategoryActivity")
                .unwrap_or_else(|| "Write-Error".into()),
        );
        let set = |slot: &std::cell::RefCell<Option<Rc<str>>>, name: &str| {
            if let Some(text) = call.text(name) {
                *slot.borrow_mut() = Some(text);
            }
        };
        set(&record.reason, "CategoryReason");
        set(&record.target_name, "CategoryTargetName");
        set(&record.target_type, "CategoryTargetType");
        // The error is the caller's: its call and its name.
        *record.invocation.borrow_mut() = Some(vm.frame.invocation.clone());
        let raiser = vm
            .frame
            .invocation
            .command
            .as_ref()
            .map(|c| c.raiser())
            .unwrap_or_else(|| "".into());
        *record.raiser.borrow_mut() = raiser;
        if record.raiser.borrow().is_empty() {
            // Keeps the writer's own class from being put there.
            record.thrown.set(false);
        }
        let call = vm.current_call.take();
        let result = vm.write_error(record);
        vm.current_call = call;
        result
    }
}

impl WriteError {
    fn record(&self, vm: &mut Vm, call: &Call) -> R<ErrorRecord> {
        let message = call.text("Message");
        let (exception, default_id): (Value, Rc<str>) = match call.get("Exception") {
            Some(value) if !value.is_null() => {
                let name = vm.type_of(&value).full_name.clone();
                (value, name)
            }
            _ => {
                let type_name = "Microsoft.PowerShell.Commands.WriteErrorException";
                (
                    Exception::of(type_name, message.clone().unwrap_or_else(|| "".into())).value(),
                    type_name.into(),
                )
            }
        };
        let id = call
            .text("ErrorId")
            .filter(|id| !id.is_empty())
            .unwrap_or(default_id);
        let category = call
            .int("Category")
            .and_then(Category::from_bits)
            .unwrap_or_default();
        let target = call.get("TargetObject").unwrap_or_default();
        let record = ErrorRecord::new(exception, id, category, target);
        if let (Some(message), true) = (message, call.has("Exception")) {
            *record.details.borrow_mut() = Some(crate::runtime::error::ErrorDetails {
                message,
                recommended_action: "".into(),
            });
        }
        Ok(record)
    }
}
