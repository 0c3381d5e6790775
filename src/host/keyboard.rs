//! The keyboard of the terminal: waiting for a line without being deaf to
//! Ctrl-C, and lines that are not shown while they are typed.

use std::io;

/// What stands on the screen for each character of a secret.
#[cfg(unix)]
const MASK: &str = "*";

/// Waits until something was typed; `false` if Ctrl-C came first.
#[cfg(unix)]
pub fn wait() -> bool {
    wait_for(&io::stdin())
}

/// Waits until a stream can be read; `false` if Ctrl-C came first.
#[cfg(unix)]
pub(super) fn wait_for(stream: &impl std::os::fd::AsFd) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let patience = Timespec {
        tv_sec: 0,
        tv_nsec: 20_000_000,
    };
    while !super::interrupted() {
        let mut watched = [PollFd::new(stream, PollFlags::IN)];
        match poll(&mut watched, Some(&patience)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // What cannot be watched is read at once.
            _ => return true,
        }
    }
    false
}

/// Reading ends with Ctrl-C by itself.
#[cfg(not(unix))]
pub fn wait() -> bool {
    true
}

/// Reads a line that is shown as stars; none if it was not finished.
#[cfg(unix)]
pub fn read_secret(mut show: impl FnMut(&str)) -> io::Result<Option<String>> {
    let _silence = Silence::new()?;
    let mut typed: Vec<u8> = Vec::new();
    loop {
        if !wait() {
            show("\n");
            return Ok(None);
        }
        let mut byte = [0];
        let count = rustix::io::read(io::stdin(), &mut byte).map_err(io::Error::from)?;
        let [key] = byte;
        match key {
            b'\r' | b'\n' => break,
            _ if count == 0 => return Ok(None),
            4 if typed.is_empty() => {
                show("\n");
                return Ok(None);
            }
            // Backspace takes a character, Ctrl-U all of them.
            8 | 127 => erase(&mut typed, &mut show),
            21 => {
                while !typed.is_empty() {
                    erase(&mut typed, &mut show);
                }
            }
            0..32 => {}
            _ => {
                typed.push(key);
                // The later bytes of a character show nothing.
                if key & 0b1100_0000 != 0b1000_0000 {
                    show(MASK);
                }
            }
        }
    }
    show("\n");
    Ok(Some(String::from_utf8_lossy(&typed).into_owned()))
}

#[cfg(unix)]
fn erase(typed: &mut Vec<u8>, show: &mut impl FnMut(&str)) {
    while let Some(byte) = typed.pop() {
        if byte & 0b1100_0000 != 0b1000_0000 {
            show("\x08 \x08");
            break;
        }
    }
}

/// The terminal without echo and line editing; as it was when this is dropped.
#[cfg(unix)]
struct Silence(rustix::termios::Termios);

#[cfg(unix)]
impl Silence {
    fn new() -> io::Result<Silence> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let stdin = io::stdin();
        let before = tcgetattr(&stdin)?;
        let mut silent = before.clone();
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(&stdin, OptionalActions::Now, &silent)?;
        Ok(Silence(before))
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Nothing better can be done for a terminal that went away.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
