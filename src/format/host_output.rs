//! The last sinks: what reaches the end of a pipeline or a message stream is shown.

use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::streams::{Sink, StreamRecord, Streams};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Shows the success stream: Out-Default.
pub struct HostOutput;

impl Sink for HostOutput {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let text = vm.to_text(&value)?;
        vm.host.write(ConsoleStream::Output, &format!("{text}\n"));
        Ok(())
    }

    fn shows_directly(&self) -> bool {
        true
    }
}

/// Shows errors on standard error.
struct HostErrors;

impl Sink for HostErrors {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let text = match &value {
            Value::Error(record) => record.message().to_string(),
            other => vm.to_text(other)?,
        };
        vm.host.write(ConsoleStream::Error, &format!("{text}\n"));
        Ok(())
    }
}

/// Shows warnings, verbose and debug messages with their word in front, and what Write-Host says.
struct HostMessages(&'static str);

impl Sink for HostMessages {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let text = vm.to_text(&value)?;
        let end = match value
            .as_native::<StreamRecord>()
            .and_then(|r| r.host.as_ref().map(|h| h.no_newline))
        {
            Some(true) => "",
            _ => "\n",
        };
        vm.host
            .write(ConsoleStream::Output, &format!("{}{text}{end}", self.0));
        Ok(())
    }
}

/// The streams of a session that shows everything.
pub fn host_streams() -> Streams {
    Streams {
        error: Rc::new(HostErrors),
        warning: Rc::new(HostMessages("WARNING: ")),
        verbose: Rc::new(HostMessages("VERBOSE: ")),
        debug: Rc::new(HostMessages("DEBUG: ")),
        information: Rc::new(HostMessages("")),
        error_variables: Vec::new(),
        warning_variables: Vec::new(),
        information_variables: Vec::new(),
        error_redirected: false,
    }
}

/// Ends a document: what was gathered for a layout is shown.
pub fn finish_document(_vm: &mut Vm) -> R<()> {
    Ok(())
}
