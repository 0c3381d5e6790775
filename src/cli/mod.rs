//! The command line of the program: one file per front end.

pub mod exit_code;
pub mod invocation;
pub mod run;
#[cfg(test)]
mod sandbox_tests;
pub mod session;
pub mod switches;
pub mod usage;

use crate::host::{ConsoleStream, Host, System};
use invocation::{Invocation, Source, Surroundings, UsageError};
use std::path::PathBuf;
use std::rc::Rc;

/// The ways to run something, as far as they differ in the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontEnd {
    /// A script file.
    Script,
    /// A text or lines of commands.
    Command,
}

/// Runs the program with the arguments after its name and gives its exit code.
pub fn main(arguments: &[String]) -> i32 {
    let host: Rc<dyn Host> = Rc::new(System::default());
    let code = match understand(arguments, &*host) {
        Ok(invocation) => start(&invocation, &host),
        Err(error) => refuse(&error, &*host),
    };
    host.flush();
    code
}

fn understand(arguments: &[String], host: &dyn Host) -> Result<Invocation, UsageError> {
    let here = host
        .current_directory()
        .unwrap_or_else(|_| PathBuf::from("/"));
    let world = Surroundings {
        is_file: &|path| path.is_file(),
        current_directory: &here,
        input_is_terminal: host.is_terminal(ConsoleStream::Input),
    };
    invocation::parse(arguments, &world)
}

fn refuse(error: &UsageError, host: &dyn Host) -> i32 {
    host.write(ConsoleStream::Error, &format!("{}\n", error.message));
    if error.show_usage {
        host.write(ConsoleStream::Output, usage::USAGE);
    }
    error.exit_code
}

fn start(invocation: &Invocation, host: &Rc<dyn Host>) -> i32 {
    match (&invocation.source, &invocation.configuration_name) {
        (Source::Version, _) => {
            host.write(ConsoleStream::Output, &format!("{}\n", usage::BANNER));
            exit_code::SUCCESS
        }
        (Source::Help, _) => {
            host.write(ConsoleStream::Output, usage::USAGE);
            exit_code::SUCCESS
        }
        (_, Some(name)) => {
            let message = format!(
                "The shell cannot be started. A failure occurred during initialization:\nCannot create or open the configuration session {name}.\n"
            );
            host.write(ConsoleStream::Error, &message);
            exit_code::START_FAILED
        }
        _ => {
            let runs_only = !invocation.no_exit
                && matches!(invocation.source, Source::File(..) | Source::Command(..));
            if runs_only {
                crate::host::stop_at_interrupt(exit_code::INTERRUPTED);
            }
            let mut session = session::Session::new(invocation, host.clone());
            let mut interact =
                |engine: &mut dyn run::Engine| crate::repl::interact(engine, &**host);
            let code = run::run(invocation, &mut session, &**host, &mut interact);
            session.close();
            match runs_only && crate::host::interrupted() {
                true => exit_code::INTERRUPTED,
                false => code,
            }
        }
    }
}
