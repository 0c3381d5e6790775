//! Programs of the operating system as stages of a pipeline.

use super::command::ApplicationInfo;
use super::error::{Category, ErrorRecord, Exception, Fault, R, Thrown};
use super::invocation::InvocationInfo;
use super::limits;
use super::parameter::Argument;
use super::pipeline::{ArgumentForm, Place, Request, Runner};
use super::text::encoding::Encoding;
use super::types::io::console;
use super::types::text::text_encoding;
use super::value::Value;
use super::vm::Vm;
use crate::host::process::{Capture, Feed, NativeProcess, ProcessOutput, ProcessRequest, Reading};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// How long a silent program is waited for between two looks at Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(20);

/// A program's call: arguments, and the input collected for it.
pub struct NativeRunner {
    path: Rc<str>,
    name: Rc<str>,
    arguments: Vec<String>,
    input: Vec<Value>,
    /// What another program fed, as it came.
    bytes: Vec<u8>,
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
        let arguments = native_words(vm, &request)?;
        let invocation = InvocationInfo {
            command: Some(super::command::Command::Application(info.clone())),
            invocation_name: RefCell::new(request.name.clone()),
            position: Some(request.extent.clone()),
            ..InvocationInfo::default()
        };
        Ok(NativeRunner {
            path: info.path.clone(),
            name: info.name.clone(),
            arguments,
            input: Vec::new(),
            bytes: Vec::new(),
            expecting_input: place.expecting_input,
            invocation: Rc::new(invocation),
        })
    }

    fn run(&mut self, vm: &mut Vm) -> R<()> {
        let mut fed = std::mem::take(&mut self.bytes);
        let text = self.input_text(vm)?;
        if !text.is_empty() {
            let encoding = vm.variable("OutputEncoding");
            let encoding = encoding.as_ref().and_then(text_encoding::of);
            fed.extend(encoding.unwrap_or(Encoding::UTF8).encode_file(&text));
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
            process.feed(fed);
            process.close_input();
        }
        let errors = match hand_on(vm, &mut process) {
            Ok(errors) => errors,
            Err(unwind) => {
                // Nobody wants the rest. A program that ended already cannot be ended.
                let _ = process.kill();
                let _ = process.wait();
                return Err(unwind);
            }
        };
        let code = process.wait().unwrap_or(-1);
        self.write_errors(vm, &errors)?;
        vm.session.last_exit_code = Some(code);
        // Ctrl-C reached the program as well; nothing after it is wanted.
        vm.check_interrupt()?;
        if code != 0 {
            vm.pipeline_failed = true;
            self.exit_error(vm, code, process.id())?;
        }
        Ok(())
    }

    /// What the pipeline fed, a line for each text; other objects as they are shown.
    fn input_text(&mut self, vm: &mut Vm) -> R<String> {
        let input = std::mem::take(&mut self.input);
        let plain = input
            .iter()
            .all(|v| matches!(v.base(), Value::Str(_)) || v.is_number());
        let lines = match plain {
            true => input,
            false => vm.collect(|vm| {
                let stream = [("Stream", Value::Switch(true))];
                vm.run_command("Out-String", &stream, &[], Some(input))
            })?,
        };
        let mut text = String::new();
        for line in &lines {
            text.push_str(&vm.to_text(line)?);
            text.push('\n');
        }
        Ok(text)
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

    fn exit_error(&self, vm: &mut Vm, code: i32, process: u32) -> R<()> {
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
        let mut fault = Fault::of(
            "System.Management.Automation.NativeCommandExitException",
            "ProgramExitedWithNonZeroCode",
            Category::NotSpecified,
            message,
        )
        .target(Value::str(&*self.path));
        fault.exception = fault
            .exception
            .with("Path", Value::str(&*self.path))
            .with("ExitCode", Value::Int(code))
            .with("ProcessId", Value::Int(process.cast_signed()));
        let record = Rc::new(fault.into_record());
        *record.invocation.borrow_mut() = Some(self.invocation.clone());
        vm.write_error(record)
    }

    fn failed_to_start(&self, vm: &mut Vm, reason: &str) -> R<()> {
        let reason = reason.split(" (os error").next().unwrap_or(reason);
        // A file that may not be run is not found as a program.
        let reason = match reason {
            "Permission denied" => "No such file or directory",
            other => other,
        };
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

/// Passes on what a program writes, line by line as it comes, until it has closed its output;
/// gives what it wrote to standard error.
fn hand_on(vm: &mut Vm, process: &mut NativeProcess) -> R<Vec<u8>> {
    let out = vm.out.clone();
    let raw = out.takes_bytes();
    // Only where a line end is one byte can lines be told before the end.
    let whole = raw || console::output_encoding() != Encoding::UTF8;
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    loop {
        vm.check_interrupt()?;
        if !limits::text_fits(Some(output.len())) {
            return vm.raise(Fault::dotnet(
                "System.OutOfMemoryException",
                "Insufficient memory to continue the execution of the program.",
            ));
        }
        match process.read_for(PATIENCE) {
            Reading::Piece(ProcessOutput::Error(bytes)) => errors.extend(bytes),
            Reading::Piece(ProcessOutput::Output(bytes)) => {
                let line_end = memchr::memrchr(b'\n', &bytes);
                let before = output.len();
                output.extend(bytes);
                let Some(end) = line_end.filter(|_| !whole) else {
                    continue;
                };
                let rest = output.split_off(before + end + 1);
                for line in lines(&std::mem::replace(&mut output, rest)) {
                    out.write(vm, Value::str(line))?;
                }
            }
            Reading::Nothing => {}
            Reading::End => break,
        }
    }
    if raw {
        out.write_bytes(vm, output)?;
    } else {
        for line in lines(&output) {
            out.write(vm, Value::str(line))?;
        }
    }
    Ok(errors)
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

    fn takes_bytes(&self) -> bool {
        true
    }

    fn process_bytes(&mut self, bytes: Vec<u8>) {
        self.bytes.extend(bytes);
    }

    fn end(&mut self, vm: &mut Vm) -> R<()> {
        self.run(vm)
    }
}

/// The arguments of a call as the words a program receives.
fn native_words(vm: &mut Vm, request: &Request) -> R<Vec<String>> {
    let mut words = Vec::new();
    let form = |i: usize| request.forms.get(i).unwrap_or(&ArgumentForm::Value);
    let blocks = request.arguments.iter().any(
        |a| matches!(a, Argument::Positional(value, _) if matches!(value.base(), Value::Block(_))),
    );
    if blocks && request.arguments.len() > 1 {
        return vm.raise(Fault::of(
            "System.Management.Automation.ParameterBindingException",
            "IncorrectValueForCommandParameter",
            Category::InvalidArgument,
            "Script block should only be specified as a value of the Command parameter.",
        ));
    }
    let mut verbatim = false;
    for (i, argument) in request.arguments.iter().enumerate() {
        match (argument, form(i)) {
            (Argument::Positional(value, _), _) if verbatim => {
                let text = vm.to_text(value)?;
                words.extend(verbatim_words(&with_environment(vm, &text)));
            }
            (Argument::Positional(value, _), ArgumentForm::Word)
                if value.as_str() == Some("--%") =>
            {
                verbatim = true
            }
            (Argument::Positional(value, _), ArgumentForm::Word) => match value.base() {
                Value::Str(text) => words.extend(expand(vm, text)),
                _ => add_value(vm, value, &mut words)?,
            },
            (Argument::Positional(..), ArgumentForm::List(text)) => {
                words.extend(text.split_whitespace().map(str::to_string));
            }
            (Argument::Positional(value, _), _) => add_value(vm, value, &mut words)?,
            (Argument::Named { text, value, .. }, form) => {
                let mut text = text.to_string();
                match value {
                    Some(value) => {
                        if !text.ends_with(':') {
                            text.push(':');
                        }
                        if *form == ArgumentForm::Apart {
                            words.push(text);
                            add_value(vm, value, &mut words)?;
                        } else {
                            let value = vm.to_written_text(value)?;
                            words.push(format!("{text}{value}"));
                        }
                    }
                    None => words.push(text),
                }
            }
        }
    }
    Ok(words)
}

/// The text behind `--%` with `%NAME%` of set environment variables replaced.
fn with_environment(vm: &Vm, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let value = after
            .split_once('%')
            .and_then(|(name, behind)| Some((vm.host.variable(name)?, behind)));
        match value {
            Some((value, behind)) => {
                out.push_str(&value);
                rest = behind;
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A verbatim text cut at blanks outside double quotes, which vanish.
fn verbatim_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
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

/// The lines of what a program wrote; they end with a line feed, a carriage return, or both.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = console::output_encoding().decode(bytes);
    if !text.contains('\r') {
        return text.lines().map(str::to_string).collect();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.lines().map(str::to_string).collect()
}
