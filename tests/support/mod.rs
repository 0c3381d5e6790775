//! What the end-to-end tests share: the program in a home of its own.

#![allow(dead_code, reason = "each test binary uses a part")]

#[path = "../harness/process.rs"]
pub mod process;
#[cfg(unix)]
pub mod terminal;

use process::{Finished, Home, environment};
use std::process::Command;

/// The program with a home, and with it a store, of its own.
pub struct World {
    pub home: Home,
}

/// What a run wrote and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub exit: Option<i32>,
}

impl World {
    pub fn new() -> World {
        World { home: Home::new() }
    }

    /// The program with these arguments, ready to start.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ucsh"));
        command
            .args(arguments)
            .env_clear()
            .envs(environment(&self.home.text(), false))
            .current_dir(self.home.path());
        command
    }

    /// Runs the program with standard input.
    pub fn feed(&self, arguments: &[&str], stdin: &str) -> Run {
        let Finished {
            stdout,
            stderr,
            exit,
            timed_out,
        } = process::run(&mut self.command(arguments), stdin.as_bytes());
        assert!(!timed_out, "no answer in time: {arguments:?}");
        Run {
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            exit,
        }
    }

    /// Runs a text with `-Command`.
    pub fn ask(&self, text: &str) -> Run {
        self.feed(&["-NoProfile", "-NonInteractive", "-Command", text], "")
    }

    /// What a text prints; it has to end well and without errors.
    pub fn answer(&self, text: &str) -> String {
        let run = self.ask(text);
        assert_eq!(
            (run.exit, run.stderr.as_str()),
            (Some(0), ""),
            "{text}\n{}",
            run.stdout
        );
        run.stdout
    }

    /// Each script prints what stands beside it; those that do not are told together.
    pub fn answers(&self, cases: &[(&str, &str)]) {
        let mut wrong = String::new();
        for (script, expected) in cases {
            let run = self.ask(script);
            if (run.exit, run.stdout.as_str(), run.stderr.as_str()) != (Some(0), *expected, "") {
                wrong.push_str(&format!("{script}\nwanted {expected:?}\ngot {run:?}\n\n"));
            }
        }
        assert!(wrong.is_empty(), "{wrong}");
    }
}
