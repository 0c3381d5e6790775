//! Runs the program with given input, collects what it writes, and ends it when it takes too long.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How long one case may take before it counts as hanging.
pub const LIMIT: Duration = Duration::from_secs(20);

/// What a process wrote, as bytes, and its exit code (none when it was ended for its time or by a signal).
#[derive(Debug)]
pub struct Finished {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub exit: Option<i32>,
    pub timed_out: bool,
}

/// A temporary home folder that disappears with the value.
pub struct Home(PathBuf);

impl Home {
    /// A new folder whose path has 16 characters, as in the recordings: text with a path in it wraps by length.
    pub fn new() -> Home {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let seed = now.map_or(0, |d| d.as_nanos() as u64)
                ^ (u64::from(std::process::id()) << 40)
                ^ COUNT
                    .fetch_add(1, Ordering::Relaxed)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let path = PathBuf::from(format!("/tmp/tmp{}", letters(seed)));
            match std::fs::create_dir(&path) {
                Ok(()) => return Home(path),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => panic!("{}: {e}", path.display()),
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path as text.
    pub fn text(&self) -> String {
        self.0.display().to_string()
    }

    /// The folder's own name.
    pub fn name(&self) -> String {
        self.0
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A case may have left files that cannot be deleted; the folder is in /tmp.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Eight letters and digits out of a number.
fn letters(mut seed: u64) -> String {
    const SIGNS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789_";
    let mut out = String::new();
    for _ in 0..8 {
        out.push(char::from(SIGNS[(seed % SIGNS.len() as u64) as usize]));
        seed /= SIGNS.len() as u64;
    }
    out
}

/// The environment of a recorded case: nothing of the caller's but `PATH`.
pub fn environment(home: &str, colour: bool) -> BTreeMap<&'static str, OsString> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    let mut env = BTreeMap::from([
        ("PATH", path),
        ("HOME", home.into()),
        ("LANG", "en_US.UTF-8".into()),
        ("TMPDIR", home.into()),
        ("CASE_TMP", format!("{home}/scratch").into()),
        ("XDG_DATA_HOME", home.into()),
        ("XDG_CONFIG_HOME", home.into()),
        ("XDG_CACHE_HOME", home.into()),
    ]);
    if colour {
        env.insert("TERM", "xterm-256color".into());
    } else {
        env.insert("TERM", "dumb".into());
        env.insert("NO_COLOR", "1".into());
    }
    env
}

/// Runs `command` to its end or to the limit.
pub fn run(command: &mut Command, stdin: &[u8]) -> Finished {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut feed = child.stdin.take().expect("piped");
    let stdin = stdin.to_vec();
    // The program may end without reading: a broken pipe here is its right.
    std::thread::spawn(move || drop(feed.write_all(&stdin)));
    let (sender, receiver) = mpsc::channel();
    collect(0, child.stdout.take().expect("piped"), sender.clone());
    collect(1, child.stderr.take().expect("piped"), sender);

    let end = Instant::now() + LIMIT;
    let mut texts = [Vec::new(), Vec::new()];
    let mut timed_out = false;
    for _ in 0..2 {
        let left = end.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok((which, bytes)) => texts[which] = bytes,
            Err(_) => timed_out = true,
        }
    }
    let running = |child: &mut Child| matches!(child.try_wait(), Ok(None));
    while !timed_out && running(&mut child) {
        std::thread::sleep(Duration::from_millis(1));
        timed_out = Instant::now() >= end;
    }
    if timed_out {
        let _ = child.kill();
    }
    let status = child.wait().expect("a child of ours");
    let exit = status.code().filter(|_| !timed_out);
    let [stdout, stderr] = texts;
    Finished {
        stdout,
        stderr,
        exit,
        timed_out,
    }
}

fn collect(
    which: usize,
    mut pipe: impl Read + Send + 'static,
    sender: mpsc::Sender<(usize, Vec<u8>)>,
) {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send((which, bytes));
    });
}
