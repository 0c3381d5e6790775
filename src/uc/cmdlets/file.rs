//! Files that cmdlets of the deployment write and read.

use super::answer::fault;
use crate::runtime::error::{Category, R};
use crate::runtime::vm::Vm;

/// Writes a file, or says why it cannot be written.
pub fn write_text(vm: &mut Vm, path: &str, content: &str) -> R<()> {
    let file = vm.file_path(path);
    match std::fs::write(&file, content) {
        Ok(()) => Ok(()),
        Err(error) => vm.raise(fault(
            "FileNotWritable",
            Category::WriteError,
            format!("Cannot write \"{}\": {error}", file.display()),
            path,
        )),
    }
}

/// What a file holds, or why it cannot be read.
pub fn read_bytes(vm: &mut Vm, path: &str) -> R<Vec<u8>> {
    let file = vm.file_path(path);
    match std::fs::read(&file) {
        Ok(content) => Ok(content),
        Err(error) => vm.raise(fault(
            "FileNotReadable",
            Category::ReadError,
            format!("Cannot read \"{}\": {error}", file.display()),
            path,
        )),
    }
}

/// What a text file holds.
pub fn read_text(vm: &mut Vm, path: &str) -> R<String> {
    let bytes = read_bytes(vm, path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
