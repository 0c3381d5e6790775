//! Out-String, Out-File, Out-Host, Out-Default and Out-Null.

use super::selection::file_to_write;
use crate::cmdlet::registry::Factory;
use crate::format::host_output::{host_page, show};
use crate::format::output::{Output, Page};
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::text::encoding;
use crate::runtime::types::failures::system_text;
use crate::runtime::types::io::file_info::set_read_only;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::fs::{File, OpenOptions};
use std::io::Write;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Out-Null", || Box::new(OutNull)),
    ("Out-String", || Box::new(Out::<Text>::default())),
    ("Out-Host", || Box::new(Out::<Screen>::default())),
    ("Out-Default", || Box::new(Out::<Screen>::default())),
    ("Out-File", || Box::new(Out::<TextFile>::default())),
];

/// Width of a page that nobody limits, for lists and text.
fn page(vm: &Vm, call: &Call) -> Page {
    match call.int("Width").and_then(|n| usize::try_from(n).ok()) {
        Some(width) => Page {
            table: width,
            text: Some(width),
            host: false,
        },
        None => Page {
            table: vm.host.width(),
            text: None,
            host: false,
        },
    }
}

struct OutNull;

impl Cmdlet for OutNull {
    fn process_direct(&mut self, _vm: &mut Vm, _call: &Call, _input: &Value) -> Option<R<()>> {
        Some(Ok(()))
    }
}

/// The input of a call with its collections unrolled, as a pipeline would give it.
fn input(vm: &mut Vm, call: &Call) -> R<Vec<Value>> {
    let Some(value) = call.get("InputObject") else {
        return Ok(Vec::new());
    };
    Ok(match vm.enumerate(&value)? {
        Some(items) => items,
        None => vec![value],
    })
}

/// Where the lines go that a cmdlet makes of what it is given.
trait Sink {
    /// The page that objects are laid out on.
    fn page(&self, vm: &mut Vm, call: &Call) -> Page {
        page(vm, call)
    }

    /// Makes ready before the first line.
    fn open(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        Ok(())
    }

    /// Takes lines.
    fn take(&mut self, vm: &mut Vm, call: &Call, lines: &[String]) -> R<()>;

    /// Comes after the last line.
    fn close(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        Ok(())
    }
}

/// Lays its input out as text, for a sink.
#[derive(Default)]
struct Out<S> {
    output: Option<Output>,
    sink: S,
}

impl<S: Sink> Out<S> {
    fn one(&mut self, vm: &mut Vm, call: &Call, value: &Value) -> R<()> {
        let Some(output) = &mut self.output else {
            return Ok(());
        };
        let lines = output.process(vm, value)?;
        self.sink.take(vm, call, &lines)
    }
}

impl<S: Sink> Cmdlet for Out<S> {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.output = Some(Output::new(self.sink.page(vm, call)));
        self.sink.open(vm, call)
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for value in input(vm, call)? {
            self.one(vm, call, &value)?;
        }
        Ok(())
    }

    fn process_direct(&mut self, vm: &mut Vm, call: &Call, input: &Value) -> Option<R<()>> {
        Some(self.one(vm, call, input))
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(output) = &mut self.output {
            let lines = output.finish(vm)?;
            self.sink.take(vm, call, &lines)?;
        }
        self.sink.close(vm, call)
    }
}

/// Lines as one text, each ended unless `-NoNewline` says otherwise.
fn joined(call: &Call, lines: &[String]) -> String {
    let end = if call.switch("NoNewline") { "" } else { "\n" };
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push_str(end);
    }
    text
}

/// One text of all lines, or each line for itself.
#[derive(Default)]
struct Text(String);

impl Sink for Text {
    fn take(&mut self, vm: &mut Vm, call: &Call, lines: &[String]) -> R<()> {
        if !call.switch("Stream") {
            self.0.push_str(&joined(call, lines));
            return Ok(());
        }
        for line in lines {
            vm.write(Value::str(line))?;
        }
        Ok(())
    }

    fn close(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("Stream") {
            return Ok(());
        }
        vm.write(Value::str(std::mem::take(&mut self.0)))
    }
}

/// The console.
#[derive(Default)]
struct Screen;

impl Sink for Screen {
    fn page(&self, vm: &mut Vm, _call: &Call) -> Page {
        host_page(vm)
    }

    fn take(&mut self, vm: &mut Vm, _call: &Call, lines: &[String]) -> R<()> {
        show(vm, lines);
        Ok(())
    }
}

/// A file, under the name that messages give it.
#[derive(Default)]
struct TextFile {
    shown: String,
    file: Option<File>,
    encoding: Option<encoding::Encoding>,
}

impl Sink for TextFile {
    fn open(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.encoding = super::selection::encoding(vm, call)?;
        self.open_file(vm, call)
    }

    fn take(&mut self, _vm: &mut Vm, call: &Call, lines: &[String]) -> R<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let text = joined(call, lines);
        let bytes = match &self.encoding {
            Some(encoding) => encoding.encode(&text).into_owned(),
            None => text.into_bytes(),
        };
        match file.write_all(&bytes) {
            Ok(()) => Ok(()),
            Err(error) => crate::format::fail(io_fault(&error, &self.shown)),
        }
    }

    fn close(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        self.file = None;
        Ok(())
    }
}

impl TextFile {
    fn open_file(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let path = call
            .text("FilePath")
            .or_else(|| call.text("LiteralPath"))
            .or_else(|| call.text("PSPath"))
            .unwrap_or_default();
        let item = file_to_write(vm, &path, call.has("LiteralPath"))?;
        // A redirection writes with nobody's common parameters: only a rehearsal stops it.
        let rehearsed = vm.variable("WhatIfPreference").unwrap_or_default();
        let given = vm.overrides;
        let asked = given.what_if.is_some()
            || given.confirm.is_some()
            || given.verbose.is_some()
            || vm.to_bool(&rehearsed);
        if asked && !vm.should_process(call, &path, "Output to File")? {
            return Ok(());
        }
        let full = item.as_file().to_path_buf();
        let append = call.switch("Append");
        if call.switch("NoClobber") && !append && full.exists() {
            return crate::format::fail(
                Fault::of(
                    "System.IO.IOException",
                    "NoClobber",
                    Category::ResourceExists,
                    format!("The file '{}' already exists.", full.display()),
                )
                .target(Value::str(full.to_string_lossy())),
            );
        }
        if call.switch("Force") {
            // A file that stays read-only makes opening it fail, which is said then.
            let _ = set_read_only(&full, false);
        }
        let mut options = OpenOptions::new();
        options.create(true).write(true);
        if append {
            options.append(true);
        } else {
            options.truncate(true);
        }
        let shown = full.display().to_string();
        match options.open(&full) {
            Ok(mut file) => {
                if let Some(encoding) = &self.encoding
                    && !append
                    && let Err(error) = file.write_all(encoding.preamble())
                {
                    return vm.raise(io_fault(&error, &shown));
                }
                self.file = Some(file);
                self.shown = shown;
                Ok(())
            }
            Err(error) => crate::format::fail(io_fault(&error, &shown)),
        }
    }
}

fn io_fault(error: &std::io::Error, path: &str) -> Fault {
    use std::io::ErrorKind;
    let (type_name, category, message) = match error.kind() {
        ErrorKind::NotFound => (
            "System.IO.DirectoryNotFoundException",
            Category::OpenError,
            format!("Could not find a part of the path '{path}'."),
        ),
        ErrorKind::PermissionDenied | ErrorKind::IsADirectory => (
            "System.UnauthorizedAccessException",
            Category::OpenError,
            format!("Access to the path '{path}' is denied."),
        ),
        _ => (
            "System.IO.IOException",
            Category::OpenError,
            format!("{} : '{path}'", system_text(error)),
        ),
    };
    Fault::of(type_name, "FileOpenFailure", category, message)
}
