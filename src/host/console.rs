//! The console: buffered output that keeps the order of both streams, input
//! by lines, and the window's size.

use super::{ConsoleStream, Host, interrupted, keyboard};
use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

/// How much output is gathered before the system gets it.
const BUFFER: usize = 32 * 1024;
/// How much is written between two looks at Ctrl-C: little, since terminals are slow.
const PIECE: usize = 8 * 1024;
/// How old unsent output may become while more is written.
const PATIENCE: Duration = Duration::from_millis(50);
/// No more of an unfinished line is remembered.
const LONGEST_LINE: usize = 4096;
/// The size of a window nobody can tell.
const UNKNOWN_SIZE: (usize, usize) = (80, 24);
/// How a program ends that the reader of its output left (128 + SIGPIPE).
const READER_GONE: i32 = 141;

/// How it ends when its output cannot be written.
const OUTPUT_FAILED: i32 = 1;

/// The process's standard streams.
#[derive(Debug)]
pub struct Console {
    pending: RefCell<Vec<u8>>,
    sent: Cell<Instant>,
    output_is_terminal: bool,
    /// What stands on the terminal since the last line ended.
    line: RefCell<Vec<u8>>,
    /// The last byte that was sent.
    last: Cell<u8>,
}

impl Default for Console {
    fn default() -> Console {
        Console {
            pending: RefCell::new(Vec::new()),
            sent: Cell::new(Instant::now()),
            output_is_terminal: io::stdout().is_terminal(),
            line: RefCell::new(Vec::new()),
            last: Cell::new(b'\n'),
        }
    }
}

impl Console {
    /// Writes to standard output (gathered) or standard error (at once, after
    /// what is gathered).
    pub fn write(&self, stream: ConsoleStream, bytes: &[u8]) {
        if self.output_is_terminal {
            self.follow(bytes);
        }
        if stream == ConsoleStream::Error {
            self.flush();
            // Nothing can be said about a standard error that does not work, other than that
            // nobody listens any more.
            let mut out = io::stderr().lock();
            for piece in bytes.chunks(PIECE) {
                if self.output_is_terminal && interrupted() {
                    break;
                }
                match out.write_all(piece) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                        std::process::exit(READER_GONE)
                    }
                    _ => {}
                }
            }
            return;
        }
        if bytes.len() >= BUFFER {
            self.flush();
            self.send(bytes);
            return;
        }
        self.pending.borrow_mut().extend_from_slice(bytes);
        let whole_line = self.output_is_terminal && bytes.contains(&b'\n');
        let full = self.pending.borrow().len() >= BUFFER;
        if whole_line || full || self.sent.get().elapsed() >= PATIENCE {
            self.flush();
        }
    }

    fn follow(&self, bytes: &[u8]) {
        let mut line = self.line.borrow_mut();
        let rest = match memchr::memrchr(b'\n', bytes) {
            Some(at) => {
                line.clear();
                bytes.get(at + 1..).unwrap_or_default()
            }
            None => bytes,
        };
        if line.len() + rest.len() <= LONGEST_LINE {
            line.extend_from_slice(rest);
        }
    }

    /// What stands on the terminal since the last line ended.
    pub fn unfinished_line(&self) -> String {
        String::from_utf8_lossy(&self.line.take()).into_owned()
    }

    /// The next line of standard input, shown as stars on a terminal.
    pub fn read_secret(&self) -> io::Result<Option<String>> {
        #[cfg(unix)]
        if io::stdin().is_terminal() {
            self.flush();
            return keyboard::read_secret(|shown| {
                self.write(ConsoleStream::Output, shown.as_bytes());
                self.flush();
            });
        }
        self.read_line()
    }

    /// Sends what is gathered.
    pub fn flush(&self) {
        let pending = self.pending.take();
        if !pending.is_empty() {
            self.send(&pending);
        }
        self.sent.set(Instant::now());
    }

    /// Writes to standard output. What a person watches stops with Ctrl-C, also in the middle.
    fn send(&self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        for piece in bytes.chunks(PIECE) {
            if self.output_is_terminal && interrupted() {
                // The prompt must not stand behind a line that was cut off.
                if self.last.replace(b'\n') != b'\n' {
                    let _ = out.write_all(b"\n");
                }
                break;
            }
            if let Err(error) = out.write_all(piece) {
                end_without_reader(&error);
            }
            if let Some(last) = piece.last() {
                self.last.set(*last);
            }
        }
        if let Err(error) = out.flush() {
            end_without_reader(&error);
        }
    }

    /// The next line of standard input.
    pub fn read_line(&self) -> io::Result<Option<String>> {
        self.flush();
        // What a person types ends the line on the screen.
        self.line.borrow_mut().clear();
        self.last.set(b'\n');
        if io::stdin().is_terminal() && !keyboard::wait() {
            return Ok(None);
        }
        let mut line = Vec::new();
        if io::BufRead::read_until(&mut io::stdin().lock(), b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }

    /// The rest of standard input.
    pub fn read_to_end(&self) -> io::Result<String> {
        self.flush();
        if io::stdin().is_terminal() {
            // Line by line, so that Ctrl-C is heard.
            let mut text = String::new();
            while let Some(line) = self.read_line()? {
                text.push_str(&line);
                text.push('\n');
            }
            return Ok(text);
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether the stream is a terminal.
    pub fn is_terminal(&self, stream: ConsoleStream) -> bool {
        match stream {
            ConsoleStream::Input => io::stdin().is_terminal(),
            ConsoleStream::Output => self.output_is_terminal,
            ConsoleStream::Error => io::stderr().is_terminal(),
        }
    }

    /// Columns and lines: the terminal's, else what the environment says.
    pub fn size(&self, host: &dyn Host) -> (usize, usize) {
        if self.output_is_terminal
            && let Some((columns, lines)) = terminal_size::terminal_size()
            && columns.0 > 0
        {
            return (usize::from(columns.0), usize::from(lines.0));
        }
        let number = |name: &str| host.variable(name)?.parse().ok().filter(|&n| n > 0);
        (
            number("COLUMNS").unwrap_or(UNKNOWN_SIZE.0),
            number("LINES").unwrap_or(UNKNOWN_SIZE.1),
        )
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Ends the program when nobody reads its output any more, as `head` does to
/// whatever stands before it. Other failures of standard output (a full disk)
/// are said once on standard error.
fn end_without_reader(error: &io::Error) {
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(READER_GONE);
    }
    let _ = writeln!(io::stderr(), "ucsh: standard output: {error}");
    std::process::exit(OUTPUT_FAILED);
}
