//! The program on a pseudo-terminal, with a screen that can be looked at.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal with the program in it.
pub struct Terminal {
    keyboard: File,
    child: Child,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    /// Starts a command on a new terminal of this size.
    pub fn start(command: Command, rows: u16, columns: u16) -> Terminal {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&controller).expect("granted");
        unlockpt(&controller).expect("unlocked");
        let name = ptsname(&controller, Vec::new()).expect("a name");
        let user = File::options()
            .read(true)
            .write(true)
            .open(name.to_str().expect("a path"))
            .expect("the terminal opens");
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&user, size).expect("a size");
        let child = on_terminal(command, &user);
        let controller = File::from(controller);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(rows, columns, 500)));
        let terminal = Terminal {
            keyboard: controller.try_clone().expect("a second handle"),
            child,
            screen: Arc::clone(&screen),
        };
        let mut output = controller;
        let mut answers = terminal.keyboard.try_clone().expect("a third handle");
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n) = output.read(&mut bytes)
                && n > 0
            {
                let mut screen = screen.lock().expect("the screen");
                screen.process(&bytes[..n]);
                // A line editor may ask where the cursor is.
                if bytes[..n].windows(4).any(|w| w == b"\x1b[6n") {
                    let (row, column) = screen.screen().cursor_position();
                    let _ = write!(answers, "\x1b[{};{}R", row + 1, column + 1);
                }
            }
        });
        terminal
    }

    /// Presses keys.
    pub fn keys(&mut self, keys: &str) {
        self.keyboard
            .write_all(keys.as_bytes())
            .expect("keys arrive");
    }

    /// The text on the screen.
    pub fn screen(&self) -> String {
        self.screen.lock().expect("the screen").screen().contents()
    }

    /// Waits until the screen is as wanted.
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return;
            }
            assert!(Instant::now() < end, "{what} did not appear:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until a text stands on the screen.
    pub fn see(&self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    /// Waits until a line of the screen is this text.
    pub fn line(&self, text: &str) {
        self.wait(text, |screen| screen.lines().any(|line| line == text));
    }

    /// Waits until that many prompts stand on the screen.
    pub fn prompts(&self, count: usize) {
        let begins = |screen: &str| {
            screen
                .lines()
                .filter(|line| line.starts_with("PS "))
                .count()
        };
        self.wait("the next prompt", |screen| begins(screen) >= count);
    }

    /// Waits for the end and gives the exit code.
    pub fn end(mut self) -> Option<i32> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end:\n{}", self.screen());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The terminal becomes the process's own through `setsid`, so that Ctrl-C
/// reaches it as a signal.
fn on_terminal(command: Command, user: &File) -> Child {
    let mut leader = Command::new("setsid");
    leader
        .args(["--ctty", "--wait"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            leader.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        leader.current_dir(folder);
    }
    let stream = || Stdio::from(user.try_clone().expect("a handle"));
    leader
        .stdin(stream())
        .stdout(stream())
        .stderr(stream())
        .spawn()
        .expect("setsid starts")
}
