//! Programs of the operating system as stages of a pipeline.

use super::command::ApplicationInfo;
use super::error::{Category, ErrorRecord, Exception, Fault, R, Thrown};
use super::invocation::InvocationInfo;
use super::parameter::Argument;
use super::pipeline::{Place, Request, Runner};
use super::value::Value;
use super::vm::Vm;
use crate::host::process::{Capture, Feed, ProcessOutput, ProcessRequest};
use std::cell::RefCell;
use std::rc::Rc;

/// A program's call: arguments, and the input collected for it.
pub struct NativeRunner {
    path: Rc<str>,
    name: Rc<str>,
    arguments: Vec<String>,
    input: Vec<Value>,
    expecting_input: bool,
    invocation: Rc<InvocationInfo>,
}

impl NativeRunner {
    /// Turns the arguments into the program's words.
    pub fn new(
        vm: &mut Vm,
        info: Rc<ApplicationInfo>,
        request: Request,
        place: Place,
    ) -> R<NativeRunner> {
        let mut words = Vec::new();
        let is_word = |i: usize| request.words.get(i).copied().unwrap_or(false);
        for (i, argument) in request.arguments.iter().enumerate() {
            match argument {
                Argument::Positional(value, _) if is_word(i) => {
                    words.extend(expand(vm, value.as_str().unwrap_or("")))
                }
                Argument::Positional(value, _) => add_value(vm, value, &mut words)?,
                Argument::Named { text, value, .. } => {
                    let mut text = text.to_string();
                    match value {
                        Some(value) => {
                            if !text.ends_with(':') {
                                text.push(':');
                            }
                            let value = vm.to_text(value)?;
                            words.push(format!("{text}{value}"));
                        }
                        None => words.push(text),
                    }
                }
            }
        }
        let invocation = InvocationInfo {
            command: Some(super::command::Command::Application(info.clone())),
            invocation_name: RefCell::new(request.name.clone()),
            position: Some(request.extent.clone()),
            ..InvocationInfo::default()
        };
        Ok(NativeRunner {
            path: info.path.clone(),
            name: info.name.clone(),
            arguments: words,
            input: Vec::new(),
            expecting_input: place.expecting_input,
            invocation: Rc::new(invocation),
        })
    }

    fn run(&mut self, vm: &mut Vm) -> R<()> {
        let mut text = String::new();
        for value in std::mem::take(&mut self.input) {
            let line = vm.to_text(&value)?;
            text.push_str(&line);
            text.push('\n');
        }
        vm.host.flush();
        let captured = vm.streams.error_redirected;
        let request = ProcessRequest {
            arguments: self.arguments.iter().map(Into::into).collect(),
            folder: Some(vm.session.location.clone()),
            stdin: if self.expecting_input {
                Feed::Pipe
            } else {
                Feed::Inherit
            },
            stdout: if vm.out.shows_directly() {
                Capture::Inherit
            } else {
                Capture::Collect
            },
            stderr: if captured {
                Capture::Collect
            } else {
                Capture::Inherit
            },
            ..ProcessRequest::new(&*self.path)
        };
        let host = vm.host.clone();
        let mut process = match host.start(request) {
            Ok(process) => process,
            Err(error) => return self.failed_to_start(vm, &error.to_string()),
        };
        if self.expecting_input {
            process.feed(text.into_bytes());
            process.close_input();
        }
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        while let Some(piece) = process.read() {
            match piece {
                ProcessOutput::Output(bytes) => output.extend(bytes),
                ProcessOutput::Error(bytes) => errors.extend(bytes),
            }
        }
        let code = process.wait().unwrap_or(-1);
        for line in lines(&output) {
            vm.write(Value::str(line))?;
        }
        self.write_errors(vm, &errors)?;
        vm.session.last_exit_code = Some(code);
        // Ctrl-C reached the program as well; nothing after it is wanted.
        vm.check_interrupt()?;
        if code != 0 {
            vm.pipeline_failed = true;
            self.exit_error(vm, code)?;
        }
        Ok(())
    }

    fn write_errors(&self, vm: &mut Vm, bytes: &[u8]) -> R<()> {
        for (i, line) in lines(bytes).into_iter().enumerate() {
            let exception = Exception::of(
                "System.Management.Automation.RemoteException",
                line.as_str(),
            );
            let id = if i == 0 {
                "NativeCommandError"
            } else {
                "NativeCommandErrorMessage"
            };
            let record = ErrorRecord::new(
                exception.value(),
                id,
                Category::NotSpecified,
                Value::str(line),
            );
            *record.invocation.borrow_mut() = Some(self.invocation.clone());
            let sink = vm.streams.error.clone();
            sink.write(vm, Value::Error(Rc::new(record)))?;
        }
        Ok(())
    }

    fn exit_error(&self, vm: &mut Vm, code: i32) -> R<()> {
        let wanted = vm
            .variable("PSNativeCommandUseErrorActionPreference")
            .is_some_and(|v| vm.to_bool(&v));
        if !wanted {
            return Ok(());
        }
        let message = format!(
            "Program \"{}\" ended with non-zero exit code: {code} (0x{code:08X}).",
            self.name
        );
        let fault = Fault::of(
            "System.Management.Automation.NativeCommandExitException",
            "ProgramExitedWithNonZeroCode",
            Category::NotSpecified,
            message,
        )
        .target(Value::str(&*self.path));
        let record = Rc::new(fault.into_record());
        *record.invocation.borrow_mut() = Some(self.invocation.clone());
        vm.write_error(record)
    }

    fn failed_to_start(&self, vm: &mut Vm, reason: &str) -> R<()> {
        let reason = reason.split(" (os error").next().unwrap_or(reason);
        let position = super::position::position_message(&vm.extent());
        let message = format!(
            "Program '{}' failed to run: An error occurred trying to start process '{}' with working directory '{}'. {reason}{position}.",
            self.name,
            self.path,
            vm.session.location.display()
        );
        let fault = Fault::of(
            "System.Management.Automation.ApplicationFailedException",
            "NativeCommandFailed",
            Category::ResourceUnavailable,
            message,
        );
        let record = fault.into_record();
        vm.locate(&record);
        Err(Thrown {
            record: Rc::new(record),
            ends_script: false,
        }
        .into())
    }
}

impl Runner for NativeRunner {
    fn begin(&mut self, _vm: &mut Vm) -> R<()> {
        Ok(())
    }

    fn process(&mut self, _vm: &mut Vm, input: Value) -> R<()> {
        self.input.push(input);
        Ok(())
    }

    fn process_without_input(&mut self, _vm: &mut Vm) -> R<()> {
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm) -> R<()> {
        self.run(vm)
    }
}

fn add_value(vm: &mut Vm, value: &Value, words: &mut Vec<String>) -> R<()> {
    match value.base() {
        Value::Null | Value::Nothing => Ok(()),
        Value::Array(_) | Value::List(_) => {
            let items = vm.enumerate(value)?.unwrap_or_default();
            items.iter().try_for_each(|item| add_value(vm, item, words))
        }
        _ => {
            words.push(vm.to_written_text(value)?);
            Ok(())
        }
    }
}

/// An unquoted word against the file system: names that fit it, or itself; `~` is the home folder.
fn expand(vm: &Vm, word: &str) -> Vec<String> {
    if word == "~" || word.starts_with("~/") {
        let home = vm.host.variable("HOME").unwrap_or_default();
        return vec![format!("{home}{}", &word[1..])];
    }
    if !word.contains(['*', '?', '[']) {
        return vec![word.to_string()];
    }
    let (folder, pattern) = match word.rsplit_once('/') {
        Some((folder, pattern)) => (format!("{folder}/"), pattern),
        None => (String::new(), word),
    };
    let Ok(pattern) = super::pattern::wildcard::WildcardPattern::new(pattern, false) else {
        return vec![word.to_string()];
    };
    let Ok(entries) = std::fs::read_dir(vm.session.location.join(&folder)) else {
        return vec![word.to_string()];
    };
    let mut names: Vec<String> = entries
        .filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().to_string()))
        .filter(|n| !n.starts_with('.') && pattern.is_match(n))
        .map(|n| format!("{folder}{n}"))
        .collect();
    names.sort();
    if names.is_empty() {
        vec![word.to_string()]
    } else {
        names
    }
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::to_string).collect()
}
