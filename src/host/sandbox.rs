//! A world without a machine: for programs that nobody vouches for.
//!
//! Time passes only by sleeping, chance is the same each time, no process
//! starts, nobody is there to answer, and what is written is kept only as far as
//! it is asked for. Files are the caller's to guard: the sandbox names one folder
//! as all the folders of the user.

use super::clock::Clock;
use super::http::{Failure, Request, Response};
use super::process::{NativeProcess, ProcessRequest};
use super::{ConsoleStream, Host, UserFolder};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The window's size.
const SIZE: (usize, usize) = (80, 24);

/// The world; see the module.
pub struct Sandbox {
    folder: PathBuf,
    current: RefCell<PathBuf>,
    clock: Clock,
    variables: RefCell<BTreeMap<String, String>>,
    chance: Cell<u64>,
    written: RefCell<Vec<u8>>,
    /// How many bytes of output are kept.
    room: usize,
}

impl Sandbox {
    /// A sandbox around a folder, keeping the first `room` bytes of output.
    pub fn new(folder: PathBuf, room: usize) -> Sandbox {
        let variables = [("TERM", "dumb"), ("NO_COLOR", "1"), ("LANG", "en_US.UTF-8")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Sandbox {
            current: RefCell::new(folder.clone()),
            folder,
            clock: Clock::starting_at(jiff::Timestamp::UNIX_EPOCH),
            variables: RefCell::new(variables.into()),
            chance: Cell::new(0x9E37_79B9_7F4A_7C15),
            written: RefCell::default(),
            room,
        }
    }

    /// What was written to both output streams, as far as it was kept.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.written.borrow()).into_owned()
    }
}

impl Host for Sandbox {
    fn write(&self, stream: ConsoleStream, text: &str) {
        self.write_bytes(stream, text.as_bytes());
    }

    fn write_bytes(&self, _stream: ConsoleStream, bytes: &[u8]) {
        let mut written = self.written.borrow_mut();
        let left = self.room.saturating_sub(written.len()).min(bytes.len());
        written.extend(bytes.iter().take(left));
    }

    fn flush(&self) {}

    fn read_line(&self) -> io::Result<Option<String>> {
        Ok(None)
    }

    fn read_to_end(&self) -> io::Result<String> {
        Ok(String::new())
    }

    fn is_terminal(&self, _stream: ConsoleStream) -> bool {
        false
    }

    fn width(&self) -> usize {
        SIZE.0
    }

    fn height(&self) -> usize {
        SIZE.1
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.borrow().get(name).cloned()
    }

    fn set_variable(&self, name: &str, value: Option<&str>) {
        let mut variables = self.variables.borrow_mut();
        match value {
            Some(value) => variables.insert(name.to_owned(), value.to_owned()),
            None => variables.remove(name),
        };
    }

    fn variables(&self) -> Vec<(String, String)> {
        self.variables.borrow().clone().into_iter().collect()
    }

    fn current_directory(&self) -> io::Result<PathBuf> {
        Ok(self.current.borrow().clone())
    }

    fn set_current_directory(&self, path: &Path) -> io::Result<()> {
        *self.current.borrow_mut() = path.to_owned();
        Ok(())
    }

    fn folder(&self, _which: UserFolder) -> Option<PathBuf> {
        Some(self.folder.clone())
    }

    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn sleep(&self, time: Duration) {
        self.clock.sleep(time);
    }

    fn aside(&self) -> Option<super::clock::Aside> {
        self.clock.aside()
    }

    fn set_aside(&self, aside: Option<super::clock::Aside>) {
        self.clock.set_aside(aside);
    }

    fn has_virtual_clock(&self) -> bool {
        true
    }

    fn random(&self, buffer: &mut [u8]) {
        for byte in buffer {
            // Xorshift: any sequence that does not repeat soon will do.
            let mut next = self.chance.get();
            next ^= next << 13;
            next ^= next >> 7;
            next ^= next << 17;
            self.chance.set(next);
            *byte = next.to_le_bytes()[0];
        }
    }

    fn connect(
        &self,
        _host: &str,
        _port: u16,
        _limit: Option<Duration>,
    ) -> Result<std::net::TcpStream, Failure> {
        Err(Failure::NoConnection("Name or service not known".into()))
    }

    fn ask(&self, _request: &Request) -> Result<Response, Failure> {
        Err(Failure::NoConnection("Name or service not known".into()))
    }

    fn start(&self, _request: ProcessRequest) -> io::Result<NativeProcess> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn process_id(&self) -> u32 {
        1
    }
}
