//! Readers and writers over files and memory.

use super::failures;
use crate::runtime::error::R;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A file as a stream.
pub fn open_file(_vm: &mut Vm, name: &str, _path: &str, _how: &[Value]) -> R<Value> {
    failures::not_supported(format!(
        "[System.IO.File]::{name} is not available in this shell."
    ))
}

/// A reader over text.
pub fn reader_of(_text: String) -> Value {
    Value::Null
}

/// A writer to a file.
pub fn writer_to_file(_path: &str, _append: bool, _encoding: Option<Encoding>) -> R<Value> {
    failures::not_supported("[System.IO.File]::CreateText is not available in this shell.")
}

/// The console as a writer.
pub fn console_writer(_error: bool) -> Value {
    Value::Null
}
