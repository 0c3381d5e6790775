//! Native programs: started with arguments, fed from the pipeline, their
//! output taken in pieces as it comes.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// How many pieces of output lie ready before the program has to wait.
const PIECES: usize = 1024;

/// Where a program's standard input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// From our own standard input.
    Inherit,
    /// From nowhere: it is at its end at once.
    Nothing,
    /// From [`NativeProcess::feed`].
    Pipe,
}

/// Where a program's output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    /// Straight to our own stream.
    Inherit,
    /// Into [`NativeProcess::read`].
    Collect,
    /// Nowhere.
    Discard,
}

/// What to start and how.
#[derive(Clone, Debug)]
pub struct ProcessRequest {
    /// The program's file, or a name to be found in `PATH`.
    pub program: PathBuf,
    /// Its arguments, each one entry.
    pub arguments: Vec<OsString>,
    /// The folder it starts in; none is the current one.
    pub folder: Option<PathBuf>,
    /// Its standard input.
    pub stdin: Feed,
    /// Its standard output.
    pub stdout: Capture,
    /// Its standard error.
    pub stderr: Capture,
    /// Files in place of the three streams, in the order input, output, error.
    pub files: [Option<PathBuf>; 3],
    /// Environment variables it gets in place of ours; none takes one away.
    pub variables: Vec<(String, Option<String>)>,
}

impl ProcessRequest {
    /// A program without arguments that shares our streams.
    pub fn new(program: impl Into<PathBuf>) -> ProcessRequest {
        ProcessRequest {
            program: program.into(),
            arguments: Vec::new(),
            folder: None,
            stdin: Feed::Inherit,
            stdout: Capture::Inherit,
            stderr: Capture::Inherit,
            files: [None, None, None],
            variables: Vec::new(),
        }
    }
}

/// A piece of what a program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessOutput {
    /// From standard output.
    Output(Vec<u8>),
    /// From standard error.
    Error(Vec<u8>),
}

/// What waiting for a program's output gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A piece of it.
    Piece(ProcessOutput),
    /// Nothing yet.
    Nothing,
    /// There will be no more.
    End,
}

/// A program that runs.
#[derive(Debug)]
pub struct NativeProcess {
    child: Child,
    feed: Option<Sender<Vec<u8>>>,
    output: Receiver<ProcessOutput>,
}

/// Starts a program with the given environment.
pub fn start<'a>(
    request: ProcessRequest,
    environment: impl Iterator<Item = (&'a String, &'a String)>,
) -> io::Result<NativeProcess> {
    let mut command = Command::new(&request.program);
    command.args(&request.arguments);
    command.env_clear().envs(environment);
    if let Some(folder) = &request.folder {
        command.current_dir(folder);
    }
    command.stdin(match request.stdin {
        Feed::Inherit => Stdio::inherit(),
        Feed::Nothing => Stdio::null(),
        Feed::Pipe => Stdio::piped(),
    });
    command.stdout(stdio(request.stdout));
    command.stderr(stdio(request.stderr));
    for (name, value) in &request.variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let [input, output, error] = &request.files;
    if let Some(path) = input {
        command.stdin(std::fs::File::open(path)?);
    }
    if let Some(path) = output {
        command.stdout(std::fs::File::create(path)?);
    }
    if let Some(path) = error {
        command.stderr(std::fs::File::create(path)?);
    }
    let mut child = command.spawn()?;

    let feed = child.stdin.take().map(feeder);
    let (sender, output) = sync_channel(PIECES);
    if let Some(pipe) = child.stdout.take() {
        collect(pipe, sender.clone(), ProcessOutput::Output);
    }
    if let Some(pipe) = child.stderr.take() {
        collect(pipe, sender, ProcessOutput::Error);
    }
    Ok(NativeProcess {
        child,
        feed,
        output,
    })
}

fn stdio(capture: Capture) -> Stdio {
    match capture {
        Capture::Inherit => Stdio::inherit(),
        Capture::Collect => Stdio::piped(),
        Capture::Discard => Stdio::null(),
    }
}

/// Writing happens on a thread of its own: a program may stop reading while it
/// waits for us to take its output.
fn feeder(mut pipe: impl Write + Send + 'static) -> Sender<Vec<u8>> {
    let (sender, receiver) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for bytes in receiver {
            // A program need not read everything.
            if pipe.write_all(&bytes).and_then(|()| pipe.flush()).is_err() {
                break;
            }
        }
    });
    sender
}

fn collect(
    mut pipe: impl Read + Send + 'static,
    sender: SyncSender<ProcessOutput>,
    wrap: fn(Vec<u8>) -> ProcessOutput,
) {
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) if sender.send(wrap(buffer[..n].to_vec())).is_err() => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    });
}

impl NativeProcess {
    /// Sends bytes to the program's standard input; whether it still reads.
    pub fn feed(&self, bytes: Vec<u8>) -> bool {
        let feed = self.feed.as_ref();
        feed.is_some_and(|sender| sender.send(bytes).is_ok())
    }

    /// Ends the program's standard input.
    pub fn close_input(&mut self) {
        self.feed = None;
    }

    /// The next piece of collected output, waiting for it a while.
    pub fn read_for(&mut self, patience: Duration) -> Reading {
        match self.output.recv_timeout(patience) {
            Ok(piece) => Reading::Piece(piece),
            Err(RecvTimeoutError::Timeout) => Reading::Nothing,
            Err(RecvTimeoutError::Disconnected) => Reading::End,
        }
    }

    /// The next piece of collected output, waiting for it; none when there
    /// will be no more.
    pub fn read(&mut self) -> Option<ProcessOutput> {
        self.output.recv().ok()
    }

    /// Waits for the end and gives the exit code (128 and the signal's number
    /// for a program that a signal ended).
    pub fn wait(&mut self) -> io::Result<i32> {
        self.close_input();
        self.child.wait().map(exit_code)
    }

    /// The exit code of a program that has ended; none while it runs.
    pub fn ended(&mut self) -> Option<i32> {
        self.child.try_wait().ok().flatten().map(exit_code)
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()
    }
}

#[cfg(unix)]
fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let signalled = || status.signal().map(|signal| 128 + signal);
    status.code().or_else(signalled).unwrap_or(1)
}

#[cfg(not(unix))]
fn exit_code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(1)
}
