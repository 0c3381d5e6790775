//! `-OutputFormat XML`: what reaches the end of a pipeline as one document of serialised objects.

use super::clixml_write::ClixmlWriter;
use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::streams::Sink;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

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
