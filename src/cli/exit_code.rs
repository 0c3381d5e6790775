//! The one place that maps how a run ended to the number the system sees.

use super::FrontEnd;
use crate::repl::Ending;

/// All is well.
pub const SUCCESS: i32 = 0;
/// An error ended the run, or the last statement of a command failed.
pub const FAILURE: i32 = 1;
/// The command line cannot be understood.
pub const BAD_COMMAND_LINE: i32 = 64;
/// The shell could not start.
pub const START_FAILED: i32 = 70;

/// Ctrl-C ended the run (128 + SIGINT).
pub const INTERRUPTED: i32 = 130;

/// How a script, command or session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It came to its end; `succeeded` is `$?` after the last statement.
    Ended {
        /// `$?` at the end.
        succeeded: bool,
    },
    /// `exit` was called.
    Exited(i32),
    /// An error nobody caught ended it, or it does not parse.
    Stopped,
}

/// The process's exit code. On Unix the system keeps its low eight bits.
pub fn of(outcome: Outcome, front_end: FrontEnd) -> i32 {
    match (outcome, front_end) {
        (Outcome::Exited(code), _) => code,
        (Outcome::Stopped, _) => FAILURE,
        // A script that reaches its end is a success whatever its last
        // statement did.
        (Outcome::Ended { .. }, FrontEnd::Script) => SUCCESS,
        (Outcome::Ended { succeeded }, FrontEnd::Command) => {
            if succeeded {
                SUCCESS
            } else {
                FAILURE
            }
        }
    }
}

/// The process's exit code after a session at the prompt.
pub fn of_conversation(ending: Ending) -> i32 {
    match ending {
        Ending::Exited(code) => code,
        Ending::InputEnded => SUCCESS,
        Ending::EditorFailed => FAILURE,
        Ending::NotStarted => START_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_fails_only_by_ending_early() {
        let failed = Outcome::Ended { succeeded: false };
        assert_eq!(of(failed, FrontEnd::Script), 0);
        assert_eq!(of(failed, FrontEnd::Command), 1);
        assert_eq!(of(Outcome::Stopped, FrontEnd::Script), 1);
        assert_eq!(of(Outcome::Exited(7), FrontEnd::Command), 7);
    }
}
