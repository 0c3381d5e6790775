//! Starts the program on a thread with a deep stack and ends with its exit code.

#![deny(unsafe_code)]

use std::io;
use std::thread::{Builder, JoinHandle};

/// Address space for the evaluator's stack, the first that the system grants;
/// memory is taken only as calls nest.
const STACKS: [usize; 3] = [1 << 30, 256 << 20, 32 << 20];

/// The evaluator is the one thread that allocates. As a second thread it would get a heap of
/// its own that grows by a system call for every 4 KB; sharing the first one makes programs
/// that build large results up to a third faster.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "a setting of the C library without a safe way to it"
)]
fn share_heap() {
    // SAFETY: called before any other thread exists, with constants that mallopt(3) documents.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn share_heap() {}

fn main() {
    share_heap();
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let code = match evaluator(&arguments).map(JoinHandle::join) {
        Ok(Ok(code)) => code,
        // An internal error: its message is on standard error already.
        Ok(Err(_)) => ucsh::cli::exit_code::START_FAILED,
        Err(error) => {
            eprintln!("ucsh: the evaluator cannot start: {error}");
            ucsh::cli::exit_code::START_FAILED
        }
    };
    std::process::exit(code)
}

fn evaluator(arguments: &[String]) -> io::Result<JoinHandle<i32>> {
    let start = |size: usize| {
        let arguments = arguments.to_vec();
        Builder::new()
            .name("evaluator".to_owned())
            .stack_size(size)
            .spawn(move || ucsh::cli::main(&arguments))
    };
    let [deep, rest @ ..] = STACKS;
    rest.into_iter()
        .fold(start(deep), |tried, size| tried.or_else(|_| start(size)))
}
