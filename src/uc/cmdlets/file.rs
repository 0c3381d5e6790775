//! Files that cmdlets of the deployment write and read.

use crate::runtime::error::{Category, R};
use crate::runtime::vm::Vm;
use crate::uc::cmdlets::answer::fault;

/// Writes a file, or says why it cannot be written.
pub fn write_text(vm: &mut Vm, path: &str, content: &str) -> R<()> {
    let file = vm.file_path(path);
    // A script for Windows names a folder of a drive; where there are no drives it is made here.
    let on_drive = path.as_bytes().get(1) == Some(&b':');
    if on_drive && let Some(folder) = file.parent() {
        // A folder that cannot be made shows when the file is written.
        let _ = std::fs::create_dir_all(folder);
    }
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
    match crate::host::file::read(&file) {
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
