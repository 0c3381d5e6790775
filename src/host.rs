//! The only door to console, clock, environment, processes and chance.
//!
//! Everything above asks a [`Host`], so that a test or a rehearsal can put
//! another world behind the door: [`System`] is the machine the program runs
//! on. Files themselves are read and written with `std::fs`; what depends on
//! the machine (where the user's folders are, which folder is current) is
//! asked here.

pub mod clock;
pub mod console;
pub mod discard;
pub mod file;
pub mod http;
pub mod keyboard;
pub mod long_work;
pub mod process;
pub mod sandbox;

use clock::Clock;
use console::Console;
use process::{NativeProcess, ProcessRequest};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Ctrl-C was pressed and what runs has not stopped yet.
pub static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether what runs is to stop. Work that takes long without running script code
/// looks here; whatever error it then ends with is not reported.
#[inline]
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Lets Ctrl-C stop what runs, so that what must be done at an end is done; another one ends the
/// program at once. Who started the program without Ctrl-C keeps it so.
pub fn stop_at_interrupt(exit_code: i32) {
    // Nothing is lost if it cannot be had: Ctrl-C then ends the program by itself.
    let _ = ctrlc::try_set_handler(move || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(exit_code);
        }
    });
}

/// One of the console's three streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleStream {
    /// Standard input.
    Input,
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// A folder of the user that the system has a place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserFolder {
    /// The home folder.
    Home,
    /// Where the program keeps its data: the store, the history.
    Data,
    /// Where the program's settings and profiles are.
    Configuration,
    /// Where files live that nobody misses.
    Temporary,
}

/// The world outside the program.
pub trait Host {
    /// Writes text to standard output or standard error. A reader that went
    /// away ends the program quietly.
    fn write(&self, stream: ConsoleStream, text: &str);

    /// Writes bytes as they are: the output of native programs.
    fn write_bytes(&self, stream: ConsoleStream, bytes: &[u8]);

    /// Hands everything written so far to the system.
    fn flush(&self);

    /// Also writes what is shown from now on to a file, at its end.
    fn start_transcript(&self, _file: std::fs::File) {}

    /// Ends the transcript that was started last.
    fn stop_transcript(&self) {}

    /// The next line of standard input without its end; none at the end of
    /// the input.
    fn read_line(&self) -> io::Result<Option<String>>;

    /// The next line of standard input, which a terminal shows as stars; none
    /// at the end of the input.
    fn read_secret(&self) -> io::Result<Option<String>> {
        self.read_line()
    }

    /// What was written to standard output since its last line ended, where a
    /// person sees it.
    fn unfinished_line(&self) -> String {
        String::new()
    }

    /// The rest of standard input.
    fn read_to_end(&self) -> io::Result<String>;

    /// Whether a person sits behind the stream.
    fn is_terminal(&self, stream: ConsoleStream) -> bool;

    /// The window's width in cells.
    fn width(&self) -> usize;

    /// The window's height in lines.
    fn height(&self) -> usize;

    /// Whether output may carry colours: on a terminal, or when the terminal
    /// type allows them, and never against `NO_COLOR`.
    fn allows_colour(&self) -> bool {
        self.variable("NO_COLOR").is_none_or(|v| v.is_empty())
            && self.variable("TERM").is_none_or(|term| term != "dumb")
    }

    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// Sets or (with none) removes an environment variable, for this program
    /// and for the processes it starts.
    fn set_variable(&self, name: &str, value: Option<&str>);

    /// All environment variables, by name.
    fn variables(&self) -> Vec<(String, String)>;

    /// The current folder.
    fn current_directory(&self) -> io::Result<PathBuf>;

    /// Makes a folder the current one.
    fn set_current_directory(&self, path: &std::path::Path) -> io::Result<()>;

    /// One of the user's folders.
    fn folder(&self, which: UserFolder) -> Option<PathBuf>;

    /// The time.
    fn now(&self) -> jiff::Timestamp;

    /// Time that only moves forward, from an arbitrary start.
    fn elapsed(&self) -> Duration;

    /// Lets time pass.
    fn sleep(&self, time: Duration);

    /// The time of what runs beside the script, while it runs.
    fn aside(&self) -> Option<clock::Aside> {
        None
    }

    /// Begins, changes or ends the time of what runs beside the script.
    fn set_aside(&self, _aside: Option<clock::Aside>) {}

    /// Whether sleeping takes no time, since only the clock moves.
    fn has_virtual_clock(&self) -> bool {
        false
    }

    /// Fills the buffer by chance.
    fn random(&self, buffer: &mut [u8]);

    /// Connects to a place of the network.
    fn connect(
        &self,
        host: &str,
        port: u16,
        limit: Option<Duration>,
    ) -> Result<std::net::TcpStream, http::Failure> {
        http::connect(host, port, limit)
    }

    /// Asks a web server and waits for its answer.
    fn ask(&self, request: &http::Request) -> Result<http::Response, http::Failure> {
        http::send(request)
    }

    /// Starts a native program.
    fn start(&self, request: ProcessRequest) -> io::Result<NativeProcess>;

    /// This process's id.
    fn process_id(&self) -> u32 {
        std::process::id()
    }
}

/// The machine the program runs on.
pub struct System {
    console: Console,
    clock: Clock,
    environment: RefCell<BTreeMap<String, String>>,
    transcripts: RefCell<Vec<std::fs::File>>,
}

impl Default for System {
    fn default() -> System {
        System::new(Clock::real())
    }
}

impl System {
    /// The machine, with its own clock or with a virtual one.
    pub fn new(clock: Clock) -> System {
        // The program keeps its own copy of the environment: changing the
        // process's is not safe beside threads.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        System {
            console: Console::default(),
            clock,
            environment: RefCell::new(environment),
            transcripts: RefCell::default(),
        }
    }

    /// The name under which a variable is stored: Windows ignores letter case.
    fn stored_name(&self, name: &str) -> String {
        if !cfg!(windows) {
            return name.to_owned();
        }
        let environment = self.environment.borrow();
        let stored = environment.keys().find(|k| k.eq_ignore_ascii_case(name));
        stored.cloned().unwrap_or_else(|| name.to_owned())
    }
}

impl Host for System {
    fn write(&self, stream: ConsoleStream, text: &str) {
        self.console.write(stream, text.as_bytes());
        for file in self.transcripts.borrow_mut().iter_mut() {
            // A transcript that cannot be written must not stop what it tells of.
            let _ = io::Write::write_all(file, without_escapes(text).as_bytes());
        }
    }

    fn start_transcript(&self, file: std::fs::File) {
        self.transcripts.borrow_mut().push(file);
    }

    fn stop_transcript(&self) {
        self.transcripts.borrow_mut().pop();
    }

    fn write_bytes(&self, stream: ConsoleStream, bytes: &[u8]) {
        self.console.write(stream, bytes);
    }

    fn flush(&self) {
        self.console.flush();
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        self.console.read_line()
    }

    fn read_secret(&self) -> io::Result<Option<String>> {
        self.console.read_secret()
    }

    fn unfinished_line(&self) -> String {
        self.console.unfinished_line()
    }

    fn read_to_end(&self) -> io::Result<String> {
        self.console.read_to_end()
    }

    fn is_terminal(&self, stream: ConsoleStream) -> bool {
        self.console.is_terminal(stream)
    }

    fn width(&self) -> usize {
        self.console.size(self).0
    }

    fn height(&self) -> usize {
        self.console.size(self).1
    }

    fn variable(&self, name: &str) -> Option<String> {
        let name = self.stored_name(name);
        self.environment.borrow().get(&name).cloned()
    }

    fn set_variable(&self, name: &str, value: Option<&str>) {
        let name = self.stored_name(name);
        let mut environment = self.environment.borrow_mut();
        match value {
            Some(value) => environment.insert(name, value.to_owned()),
            None => environment.remove(&name),
        };
    }

    fn variables(&self) -> Vec<(String, String)> {
        let environment = self.environment.borrow();
        let pairs = environment.iter();
        pairs.map(|(n, v)| (n.clone(), v.clone())).collect()
    }

    fn current_directory(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    fn set_current_directory(&self, path: &std::path::Path) -> io::Result<()> {
        std::env::set_current_dir(path)
    }

    fn folder(&self, which: UserFolder) -> Option<PathBuf> {
        let own = || directories::ProjectDirs::from("", "", "ucsh");
        match which {
            UserFolder::Home => directories::BaseDirs::new().map(|d| d.home_dir().to_owned()),
            UserFolder::Data => own().map(|d| d.data_dir().to_owned()),
            UserFolder::Configuration => own().map(|d| d.config_dir().to_owned()),
            UserFolder::Temporary => Some(std::env::temp_dir()),
        }
    }

    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn sleep(&self, time: Duration) {
        // What was written before a pause is for reading during it.
        self.console.flush();
        self.clock.sleep(time);
    }

    fn aside(&self) -> Option<clock::Aside> {
        self.clock.aside()
    }

    fn set_aside(&self, aside: Option<clock::Aside>) {
        self.clock.set_aside(aside);
    }

    fn has_virtual_clock(&self) -> bool {
        self.clock.is_virtual()
    }

    fn random(&self, buffer: &mut [u8]) {
        // Every RandomState is keyed by the system's random source.
        for chunk in buffer.chunks_mut(8) {
            let mut hasher = RandomState::new().build_hasher();
            hasher.write_u128(jiff::Timestamp::now().as_nanosecond().unsigned_abs());
            chunk.copy_from_slice(&hasher.finish().to_le_bytes()[..chunk.len()]);
        }
    }

    fn start(&self, request: ProcessRequest) -> io::Result<NativeProcess> {
        // A program that writes to our streams itself comes after what we wrote.
        self.console.flush();
        process::start(request, self.environment.borrow().iter())
    }
}

/// A text without its terminal sequences.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\u{1b}' {
            plain.push(c);
            continue;
        }
        if characters.next() == Some('[') {
            characters.by_ref().find(|c| c.is_ascii_alphabetic());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::process::{Capture, Feed, ProcessOutput};
    use super::*;

    #[test]
    fn variables_reach_children() {
        let host = System::default();
        host.set_variable("UCSH_TEST_VARIABLE", Some("ä b"));
        assert_eq!(host.variable("UCSH_TEST_VARIABLE").as_deref(), Some("ä b"));
        if cfg!(unix) {
            let mut request = ProcessRequest::new("sh");
            request.arguments = vec!["-c".into(), "printf %s \"$UCSH_TEST_VARIABLE\"".into()];
            request.stdin = Feed::Nothing;
            request.stdout = Capture::Collect;
            let mut child = host.start(request).expect("sh starts");
            let mut text = Vec::new();
            while let Some(ProcessOutput::Output(bytes)) = child.read() {
                text.extend(bytes);
            }
            assert_eq!(text, "ä b".as_bytes());
            assert_eq!(child.wait().expect("it ends"), 0);
        }
        host.set_variable("UCSH_TEST_VARIABLE", None);
        assert_eq!(host.variable("UCSH_TEST_VARIABLE"), None);
    }

    #[test]
    fn chance_differs() {
        let (mut a, mut b) = ([0; 20], [0; 20]);
        let host = System::default();
        host.random(&mut a);
        host.random(&mut b);
        assert_ne!(a, b);
        assert_ne!(a[..8], a[8..16]);
    }
}
