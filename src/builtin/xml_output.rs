//! `-OutputFormat XML`: what reaches the end of a pipeline as one document of serialised objects.

use super::clixml_write::ClixmlWriter;
use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How deep objects are written.
const DEPTH: i64 = 1;
/// The line in front of the document, by which a reader knows it.
const MARK: &str = "#< CLIXML\n";

/// The success stream of a program that is read by another shell.
#[derive(Default)]
pub struct XmlOutput(RefCell<ClixmlWriter>);

impl Sink for XmlOutput {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        // Taken out meanwhile: a property's script may write objects of its own.
        let mut writer = self.0.take();
        let result = writer.stream_object(vm, &value, "Output", DEPTH);
        self.0.replace(writer);
        result
    }
}

impl XmlOutput {
    /// Writes the document.
    pub fn finish(&self, vm: &Vm) {
        let text = self.0.take().finish_compact();
        vm.host
            .write(ConsoleStream::Output, &format!("{MARK}{text}"));
    }
}

/// Errors, warnings and the like of such a program: a document of their own on standard error.
#[derive(Default)]
pub struct XmlMessages {
    writer: RefCell<ClixmlWriter>,
    any: Cell<bool>,
}

/// One of the message streams, under its name in the document.
struct XmlMessageStream {
    name: &'static str,
    into: Rc<XmlMessages>,
}

impl Sink for XmlMessageStream {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        // Errors are written as objects, the others as their texts.
        let value = match &value {
            Value::Error(_) => value,
            other => Value::str(vm.to_text(other)?),
        };
        self.into.any.set(true);
        let mut writer = self.into.writer.take();
        let result = writer.stream_object(vm, &value, self.name, DEPTH);
        self.into.writer.replace(writer);
        result
    }
}

impl XmlMessages {
    /// Lets the message streams end here.
    pub fn take(self: &Rc<XmlMessages>, streams: &mut Streams) {
        let stream = |name| -> Rc<dyn Sink> {
            Rc::new(XmlMessageStream {
                name,
                into: self.clone(),
            })
        };
        streams.error = stream("Error");
        streams.warning = stream("warning");
        streams.verbose = stream("verbose");
        streams.debug = stream("debug");
    }

    /// Writes the document, if there is anything in it.
    pub fn finish(&self, vm: &Vm) {
        if self.any.take() {
            let text = self.writer.take().finish_compact();
            vm.host
                .write(ConsoleStream::Error, &format!("{MARK}{text}"));
        }
    }
}
