//! The script runner: gives what the command line names to the engine and
//! says how it ended.

use super::exit_code::{self, Outcome};
use super::invocation::{Invocation, ScriptArgument, Source};
use super::{FrontEnd, usage};
use crate::host::{ConsoleStream, Host};
use crate::repl::{Conversation, Ending, LineOutcome};
use std::path::Path;

/// What runs programs. Each call writes results and errors to the host.
pub trait Engine: Conversation {
    /// Runs a script file.
    fn run_file(&mut self, path: &Path, arguments: &[ScriptArgument]) -> Outcome;

    /// Runs a text.
    fn run_command(&mut self, text: &str, arguments: &[ScriptArgument]) -> Outcome;

    /// Goes to a folder; a wrong one is an error that ends nothing.
    fn set_location(&mut self, path: &str);

    /// Runs the user's profile scripts.
    fn run_profiles(&mut self);
}

/// Runs an invocation to its end and gives the exit code. `interact` is the
/// prompt on a terminal.
pub fn run(
    invocation: &Invocation,
    engine: &mut dyn Engine,
    host: &dyn Host,
    interact: &mut dyn FnMut(&mut dyn Engine) -> Ending,
) -> i32 {
    if !invocation.no_profile {
        engine.run_profiles();
    }
    if let Some(path) = &invocation.working_directory {
        engine.set_location(path);
    }
    let code = match &invocation.source {
        Source::File(path, arguments) => {
            exit_code::of(engine.run_file(path, arguments), FrontEnd::Script)
        }
        Source::Command(text, arguments) => {
            exit_code::of(engine.run_command(text, arguments), FrontEnd::Command)
        }
        Source::StandardInput { echo } => return read_commands(engine, host, *echo),
        _ => return prompt(invocation, engine, host, interact),
    };
    if invocation.no_exit {
        return prompt(invocation, engine, host, interact);
    }
    code
}

fn prompt(
    invocation: &Invocation,
    engine: &mut dyn Engine,
    host: &dyn Host,
    interact: &mut dyn FnMut(&mut dyn Engine) -> Ending,
) -> i32 {
    if !invocation.no_logo && invocation.source == Source::Prompt {
        host.write(ConsoleStream::Output, &format!("{}\n", usage::BANNER));
    }
    if host.is_terminal(ConsoleStream::Input) && host.is_terminal(ConsoleStream::Output) {
        exit_code::of_conversation(interact(engine))
    } else {
        read_commands(engine, host, true)
    }
}

/// Commands from standard input, each line at once. A line that begins
/// something longer opens a block, which an empty line closes.
fn read_commands(engine: &mut dyn Engine, host: &dyn Host, echo: bool) -> i32 {
    let mut block: Option<String> = None;
    let mut succeeded = true;
    loop {
        if echo {
            let prompt = match block {
                Some(_) => ">> ".to_owned(),
                None => engine.prompt(),
            };
            host.write(ConsoleStream::Output, &prompt);
        }
        let line = match host.read_line() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(error) => {
                host.write(
                    ConsoleStream::Error,
                    &format!("ucsh: standard input: {error}\n"),
                );
                return exit_code::FAILURE;
            }
        };
        if echo {
            host.write(ConsoleStream::Output, &format!("{line}\n"));
        }
        let text = match (block.take(), line.trim().is_empty()) {
            (None, true) => continue,
            (None, false) => line,
            (Some(text), true) => text,
            (Some(text), false) => {
                block = Some(text + "\n" + &line);
                continue;
            }
        };
        match engine.run_line(&text) {
            LineOutcome::Incomplete => block = Some(text),
            LineOutcome::Done { succeeded: now } => succeeded = now,
            LineOutcome::Exited(code) => return code,
        }
    }
    if block.is_some() {
        // PowerShell drops the block without a word.
        let message = "ucsh: the input ended before an empty line closed its last block, which therefore did not run\n";
        host.write(ConsoleStream::Error, message);
    }
    exit_code::of(Outcome::Ended { succeeded }, FrontEnd::Command)
}
