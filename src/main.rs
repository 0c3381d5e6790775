//! Starts the program on a thread with a deep stack and ends with its exit code.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Address space for the evaluator's stack, the first that the system grants;
/// memory is taken only as calls nest.
const STACKS: [usize; 3] = [1 << 30, 256 << 20, 32 << 20];

fn main() {
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
