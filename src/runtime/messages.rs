//! Writing to the message streams: errors that do not end anything, warnings, verbose, debug, information.

use super::collection::List;
use super::confirm::Standing;
use super::error::{Category, ErrorRecord, Exception, Fault, R, Thrown, Unwind};
use super::invocation::InvocationInfo;
use super::streams::{HostMessage, RecordKind, StreamRecord};
use super::value::Value;
use super::vm::{Action, Vm};
use std::rc::Rc;

/// The exception of a command that an error ended under Stop, as `-ErrorVariable` keeps it.
pub fn stopped_by_error(record: &Rc<ErrorRecord>) -> Value {
    let message = format!(
        "The running command stopped because the preference variable \"ErrorActionPreference\" or common parameter is set to Stop: {}",
        record.message()
    );
    Exception::of(
        "System.Management.Automation.ActionPreferenceStopException",
        message,
    )
    .with("ErrorRecord", Value::Error(record.clone()))
    .value()
}

impl Vm {
    /// An error that does not end the running cmdlet, about what went wrong with one input.
    pub fn write_fault(&mut self, fault: Fault) -> R<()> {
        self.write_error(Rc::new(fault.into_record()))
    }

    /// What the running cmdlet does about its errors: by `-ErrorAction` or the preference.
    pub fn error_action(&mut self) -> Action {
        match self.overrides.error {
            Some(action) => action,
            None => self.error_preference(),
        }
    }

    /// Writes a record as the running cmdlet's error: by `-ErrorAction` or the preference.
    pub fn write_error(&mut self, record: Rc<ErrorRecord>) -> R<()> {
        self.decorate(&record);
        self.write_foreign_error(record)
    }

    /// Writes a record that keeps the position and name that it has.
    pub fn write_foreign_error(&mut self, record: Rc<ErrorRecord>) -> R<()> {
        record.named.set(true);
        let action = self.error_action();
        self.pipeline_failed = true;
        match action {
            Action::Ignore => Ok(()),
            Action::SilentlyContinue => {
                self.remember_error(&record);
                for list in &self.streams.error_variables {
                    list.items.borrow_mut().push(Value::Error(record.clone()));
                }
                Ok(())
            }
            Action::Stop => {
                let stopped = stopped_by_error(&record);
                record.stopped.set(true);
                for list in &self.streams.error_variables {
                    list.items.borrow_mut().push(stopped.clone());
                }
                Err(Thrown {
                    record,
                    ends_script: true,
                }
                .into())
            }
            Action::Inquire => {
                let message = record.message();
                self.inquire_for_all(&message)?;
                self.remember_error(&record);
                self.report_error(&record)
            }
            _ => {
                self.remember_error(&record);
                self.report_error(&record)
            }
        }
    }

    /// What `-ErrorVariable` keeps of an error that ended the command: its exception; of a `throw` the record.
    pub fn note_failure<T>(&self, list: Option<&Rc<List>>, result: &R<T>) {
        let (Some(list), Err(unwind)) = (list, result) else {
            return;
        };
        let Unwind::Error(thrown) = &**unwind else {
            return;
        };
        let record = &thrown.record;
        let kept = if record.thrown.get() {
            Value::Error(record.clone())
        } else if thrown.ends_script {
            // Its own error under Stop is in the list already.
            return;
        } else {
            let inner = record.exception.clone();
            Exception::of(
                "System.Management.Automation.CmdletInvocationException",
                record.exception_message(),
            )
            .with_inner(inner)
            .with("ErrorRecord", Value::Error(record.clone()))
            .value()
        };
        list.items.borrow_mut().push(kept);
    }

    /// Gives a record the running cmdlet's call and name, if it has none.
    pub fn decorate(&mut self, record: &ErrorRecord) {
        if let Some(call) = &self.current_call {
            if record.invocation.borrow().is_none() {
                *record.invocation.borrow_mut() = Some(call.invocation.clone());
            }
            if record.raiser.borrow().is_empty() {
                *record.raiser.borrow_mut() = call.info.class.clone();
            }
        }
        if record.stack_trace.borrow().is_empty() {
            *record.stack_trace.borrow_mut() = self.stack_trace().into();
        }
        self.locate(record);
    }

    /// Writes a warning.
    pub fn write_warning(&mut self, message: &str) -> R<()> {
        let action = match self.overrides.warning {
            Some(action) => action,
            None => self.preference("WarningPreference", Action::Continue),
        };
        self.write_message(RecordKind::Warning, message, action)
    }

    /// Writes a verbose message.
    pub fn write_verbose(&mut self, message: &str) -> R<()> {
        let action = match self.overrides.verbose {
            Some(action) => action,
            None => self.preference("VerbosePreference", Action::SilentlyContinue),
        };
        self.write_message(RecordKind::Verbose, message, action)
    }

    /// Writes a debug message.
    pub fn write_debug(&mut self, message: &str) -> R<()> {
        let action = match self.overrides.debug {
            Some(action) => action,
            None => self.preference("DebugPreference", Action::SilentlyContinue),
        };
        self.write_message(RecordKind::Debug, message, action)
    }

    fn write_message(&mut self, kind: RecordKind, message: &str, action: Action) -> R<()> {
        let record = Value::native(StreamRecord {
            kind,
            message: Value::str(message),
            tags: Vec::new(),
            invocation: Some(self.message_invocation()),
            host: None,
            source: "".into(),
        });
        let streams = self.streams.clone();
        if kind == RecordKind::Warning && action != Action::Ignore {
            for list in &streams.warning_variables {
                list.items.borrow_mut().push(record.clone());
            }
        }
        let sink = match kind {
            RecordKind::Warning => &streams.warning,
            RecordKind::Verbose => &streams.verbose,
            _ => &streams.debug,
        };
        match action {
            Action::SilentlyContinue | Action::Ignore => Ok(()),
            Action::Stop => {
                sink.write(self, record)?;
                let (name, id) = match kind {
                    RecordKind::Warning => ("WarningPreference", "ActionPreferenceStop"),
                    RecordKind::Verbose => ("VerbosePreference", "ActionPreferenceStop"),
                    _ => ("DebugPreference", "ActionPreferenceStop"),
                };
                let text = format!(
                    "The running command stopped because the preference variable \"{name}\" or common parameter is set to Stop: {message}"
                );
                let fault = Fault::of(
                    "System.Management.Automation.ActionPreferenceStopException",
                    id,
                    Category::OperationStopped,
                    text,
                );
                let record = Rc::new(fault.into_record());
                self.decorate(&record);
                Err(Thrown {
                    record,
                    ends_script: true,
                }
                .into())
            }
            Action::Inquire => {
                sink.write(self, record)?;
                self.inquire_for_all("Continue with this operation?")
            }
            _ => sink.write(self, record),
        }
    }

    /// Asks whether to go on, unless the running command was told yes for all.
    fn inquire_for_all(&mut self, question: &str) -> R<()> {
        match self.current_call.clone() {
            Some(call) => self.inquire(question, &call.standing),
            None => self.inquire(question, &std::cell::Cell::new(Standing::Open)),
        }
    }

    fn message_invocation(&self) -> Rc<InvocationInfo> {
        match &self.current_call {
            Some(call) => call.invocation.clone(),
            None => self.frame.invocation.clone(),
        }
    }

    /// Writes an information record; text for the host is shown whatever the preference says.
    pub fn write_information(
        &mut self,
        message: Value,
        tags: Vec<Rc<str>>,
        host: Option<HostMessage>,
    ) -> R<()> {
        let action = match self.overrides.information {
            Some(action) => action,
            None => self.preference("InformationPreference", Action::SilentlyContinue),
        };
        let shown_always = host.is_some()
            && action != Action::Ignore
            && self.overrides.information != Some(Action::SilentlyContinue);
        let source: Rc<str> = match (&self.frame.source.file, &self.current_call) {
            (Some(file), _) => file.clone(),
            (None, Some(call)) => call.info.name.clone(),
            (None, None) => "".into(),
        };
        let record = Value::native(StreamRecord {
            kind: RecordKind::Information,
            message,
            tags,
            invocation: Some(self.message_invocation()),
            host,
            source,
        });
        let streams = self.streams.clone();
        if action != Action::Ignore {
            for list in &streams.information_variables {
                list.items.borrow_mut().push(record.clone());
            }
        }
        match action {
            Action::Ignore if !shown_always => Ok(()),
            // What is not shown still goes to where the stream was redirected.
            Action::SilentlyContinue if !shown_always && streams.information.is_console() => Ok(()),
            Action::Stop => {
                let text = self.to_text(&record)?;
                let fault = Fault::of(
                    "System.Management.Automation.ActionPreferenceStopException",
                    "ActionPreferenceStop",
                    Category::OperationStopped,
                    format!(
                        "The running command stopped because the preference variable \"InformationPreference\" or common parameter is set to Stop: {text}"
                    ),
                );
                streams.information.write(self, record)?;
                Err(Thrown {
                    record: Rc::new(fault.into_record()),
                    ends_script: true,
                }
                .into())
            }
            _ => streams.information.write(self, record),
        }
    }
}
