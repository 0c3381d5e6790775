//! Files read whole, without being deaf to Ctrl-C: the file may be a pipe that
//! nobody writes to, or a device without an end.

use super::interrupted;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// How much is read between two looks at Ctrl-C.
const PIECE: u64 = 4 << 20;
/// As .NET, nothing longer is read whole.
const LONGEST: usize = i32::MAX as usize;

/// The bytes of a file.
pub fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let file = open(path.as_ref())?;
    let details = file.metadata()?;
    let mut bytes = Vec::new();
    let known = usize::try_from(details.len()).unwrap_or(usize::MAX);
    if known > LONGEST || bytes.try_reserve_exact(known).is_err() {
        return Err(too_long());
    }
    loop {
        if interrupted() || !details.is_file() && !wait(&file) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match (&file).take(PIECE).read_to_end(&mut bytes) {
            Ok(0) => return Ok(bytes),
            Ok(_) if bytes.len() > LONGEST => return Err(too_long()),
            Ok(_) => {}
            // A pipe holds nothing more at the moment.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// The text of a file in UTF-8.
pub fn read_to_string(path: impl AsRef<Path>) -> io::Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn too_long() -> io::Error {
    io::Error::new(
        io::ErrorKind::FileTooLarge,
        "The file is too long. This operation is currently limited to supporting files less than 2 gigabytes in size.",
    )
}

/// Opens without waiting for whoever writes to a pipe.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Waits until there is something to read; `false` if Ctrl-C came first.
#[cfg(unix)]
fn wait(file: &File) -> bool {
    super::keyboard::wait_for(file)
}

#[cfg(not(unix))]
fn wait(_file: &File) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_whole() {
        let path = std::env::temp_dir().join(format!("ucsh-read-{}", std::process::id()));
        let content = "line\n".repeat(2_000_000);
        std::fs::write(&path, &content).expect("written");
        assert_eq!(read_to_string(&path).expect("read"), content);
        std::fs::write(&path, [0xFF]).expect("written");
        assert!(read_to_string(&path).is_err());
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(
            read(&path).map_err(|e| e.kind()),
            Err(io::ErrorKind::NotFound)
        );
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_read_to_their_end() {
        assert_eq!(read("/dev/null").expect("read"), b"");
    }
}
