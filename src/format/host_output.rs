//! The last sinks: what reaches the end of a pipeline or a message stream is shown.

use super::cells::is_decorated;
use super::error_view::error_text;
use super::output::{Output, Page};
use super::style;
use crate::host::{ConsoleStream, interrupted};
use crate::runtime::error::R;
use crate::runtime::streams::{Sink, StreamRecord, Streams};
use crate::runtime::types::automation::ps_style;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

const DOCUMENT: &str = "output_document";

/// The page of the console: its last cell stays free.
pub fn host_page(vm: &Vm) -> Page {
    let width = vm.host.width().saturating_sub(1).max(1);
    Page {
        table: width,
        text: Some(width),
        host: true,
    }
}

/// Writes lines to standard output.
pub fn show(vm: &Vm, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let mut text = String::with_capacity(lines.iter().map(|l| l.len() + 1).sum());
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    vm.host.write(ConsoleStream::Output, &text);
}

/// From so many bytes on a text is shown piece by piece.
const LONG: usize = 1 << 20;
/// How many bytes of a long text are shown at once.
const PIECE: usize = 1 << 16;

/// Where the first piece of a text ends: between two characters.
fn boundary(text: &str) -> usize {
    let mut at = PIECE.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// Writes a long text to standard output without a copy of it, until Ctrl-C.
fn show_long(vm: &Vm, text: &str) {
    let mut rest = text;
    while !rest.is_empty() && !interrupted() {
        let (piece, behind) = rest.split_at(boundary(rest));
        rest = behind;
        match piece.contains('\r') {
            true => vm
                .host
                .write(ConsoleStream::Output, &piece.replace('\r', "")),
            false => vm.host.write(ConsoleStream::Output, piece),
        }
    }
    vm.host.write(ConsoleStream::Output, "\n");
}

/// Shows the success stream: Out-Default.
pub struct HostOutput;

impl Sink for HostOutput {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        if let Value::Error(record) = &value
            && record.merged.get()
        {
            return HostErrors.write(vm, value);
        }
        let document = document(vm);
        // A view's script that writes to the console while a row is laid out gets a document of its own.
        let lines = match document.try_borrow_mut() {
            Ok(output) if shows_whole(vm, &output, &value) => {
                show_long(vm, value.as_str().unwrap_or_default());
                return Ok(());
            }
            Ok(mut output) => output.process(vm, &value)?,
            Err(_) => {
                let mut output = Output::new(host_page(vm));
                let mut lines = output.process(vm, &value)?;
                lines.extend(output.finish(vm)?);
                lines
            }
        };
        show(vm, &lines);
        Ok(())
    }

    fn shows_directly(&self) -> bool {
        true
    }
}

/// Whether a value is a long text that is shown as it is.
fn shows_whole(vm: &mut Vm, output: &Output, value: &Value) -> bool {
    let Value::Str(text) = value else {
        return false;
    };
    text.len() >= LONG
        && output.shows_text_at_once()
        && (!style::styles(vm, true).plain || !is_decorated(text))
}

/// The document that the success stream's objects go to.
fn document(vm: &mut Vm) -> Rc<RefCell<Output>> {
    if let Some(held) = vm.session.state.get(DOCUMENT)
        && let Ok(document) = held.clone().downcast::<RefCell<Output>>()
    {
        return document;
    }
    let document = Rc::new(RefCell::new(Output::new(host_page(vm))));
    ps_style::settle(vm);
    vm.session.state.insert(DOCUMENT, document.clone());
    document
}

/// Ends a document: what was gathered for a layout is shown.
pub fn finish_document(vm: &mut Vm) -> R<()> {
    let document = document(vm);
    vm.session.state.remove(DOCUMENT);
    let lines = match document.try_borrow_mut() {
        Ok(mut output) => output.finish(vm)?,
        Err(_) => return Ok(()),
    };
    show(vm, &lines);
    Ok(())
}

/// Shows errors on standard error.
struct HostErrors;

impl Sink for HostErrors {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let text = match &value {
            Value::Error(record) => {
                let diagnosis = vm
                    .session
                    .diagnose
                    .filter(|_| vm.host.is_terminal(ConsoleStream::Error))
                    .and_then(|diagnose| diagnose(vm, record));
                match diagnosis {
                    Some(text) => text,
                    None => error_text(vm, record)?,
                }
            }
            other => vm.to_text(other)?,
        };
        let text = text.strip_suffix('\n').unwrap_or(&text);
        vm.host.write(ConsoleStream::Error, &format!("{text}\n"));
        Ok(())
    }
}

/// Shows warnings, verbose and debug messages with their word in front, and what Write-Host says.
struct HostMessages {
    word: &'static str,
    style: &'static str,
}

impl Sink for HostMessages {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let text = vm.to_text(&value)?;
        let message = value
            .as_native::<StreamRecord>()
            .and_then(|r| r.host.clone());
        let text = match &message {
            Some(message) => coloured(vm, &text, message.foreground, message.background),
            None if !self.word.is_empty() && ps_style::is_decorated(vm, true) => {
                let style = ps_style::formatting(vm, self.style);
                format!("{style}{}{text}\u{1b}[0m", self.word)
            }
            None => format!("{}{text}", self.word),
        };
        let text = match ps_style::rendering(vm) {
            ps_style::Rendering::PlainText => super::cells::plain(&text).into_owned(),
            _ => text,
        };
        let end = match message {
            Some(message) if message.no_newline => "",
            _ => "\n",
        };
        vm.host
            .write(ConsoleStream::Output, &format!("{text}{end}"));
        Ok(())
    }

    fn is_console(&self) -> bool {
        true
    }
}

/// A text in console colours, where the console shows colours.
fn coloured(vm: &Vm, text: &str, foreground: Option<i64>, background: Option<i64>) -> String {
    if (foreground.is_none() && background.is_none()) || !ps_style::is_decorated(vm, true) {
        return text.to_string();
    }
    // Console colours count blue, green, red; escape sequences red, green, blue.
    let code = |colour: i64, base: i64| {
        let swapped = (colour & 1) << 2 | colour & 2 | (colour & 4) >> 2;
        base + swapped + if colour & 8 != 0 { 60 } else { 0 }
    };
    let mut prefix = String::new();
    if let Some(colour) = foreground {
        prefix.push_str(&format!("\u{1b}[{}m", code(colour, 30)));
    }
    if let Some(colour) = background {
        prefix.push_str(&format!("\u{1b}[{}m", code(colour, 40)));
    }
    format!("{prefix}{text}\u{1b}[0m")
}

/// The streams of a session that shows everything.
pub fn host_streams() -> Streams {
    let messages = |word, style| Rc::new(HostMessages { word, style });
    Streams {
        error: Rc::new(HostErrors),
        warning: messages("WARNING: ", "Warning"),
        verbose: messages("VERBOSE: ", "Verbose"),
        debug: messages("DEBUG: ", "Debug"),
        information: messages("", ""),
        error_variables: Vec::new(),
        warning_variables: Vec::new(),
        information_variables: Vec::new(),
        error_redirected: false,
    }
}
