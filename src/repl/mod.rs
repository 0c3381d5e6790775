//! The interactive prompt.
//!
//! The editor (rustyline) stays behind [`editor::LineEditor`] and knows
//! nothing of the language; what it needs while a line is typed it asks an
//! [`editor::Assistant`]: is the text complete, how is it coloured, how can
//! it be completed. Completion is one function, the same that `TabExpansion2`
//! calls, so that the prompt and scripts see the same answers.

pub mod analysis;
pub mod cmdlets;
pub mod complete;
pub mod completion;
pub mod diagnosis;
pub mod editor;
pub mod highlight;
mod rustyline_editor;
mod session_members;
pub mod session_world;

use crate::host::discard::free_waiting;
use crate::host::{ConsoleStream, Host, UserFolder};
use crate::runtime::vm::INTERRUPTED;
use analysis::{Analysis, AnalysisCache};
use completion::Completion;
use editor::{Assistant, LineEditor, Reading};
use rustyline_editor::RustylineEditor;
use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What the next prompt may wait for the freeing of what an interrupted line left.
const BEFORE_PROMPT: Duration = Duration::from_millis(20);

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// It is the beginning of something: nothing ran.
    Incomplete,
    /// It ran, or an error it ended with was shown; `succeeded` is `$?`.
    Done {
        /// `$?` afterwards.
        succeeded: bool,
    },
    /// `exit` was called.
    Exited(i32),
}

/// Whoever answers at the prompt: the session.
pub trait Conversation {
    /// Runs one line or block as typed at the prompt.
    fn run_line(&mut self, text: &str) -> LineOutcome;

    /// The prompt's text, as the session's `prompt` function gives it.
    fn prompt(&mut self) -> String;

    /// How a text can go on at the byte `cursor`: what `TabExpansion2` answers.
    fn complete(&mut self, text: &str, cursor: usize) -> Completion;
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `exit` was called.
    Exited(i32),
    /// The user closed the input.
    InputEnded,
    /// The editor cannot read any more; it was said why.
    EditorFailed,
    /// The editor cannot start; it was said why.
    NotStarted,
}

/// Reads and runs lines on a terminal until the user leaves.
pub fn interact(engine: &mut dyn Conversation, host: &dyn Host) -> Ending {
    // Ctrl-C stops what runs, not the session. A second handler in one
    // process is refused, and the first does the same.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
    let engine = RefCell::new(engine);
    let session = SessionAssistant {
        engine: &engine,
        cache: AnalysisCache::default(),
        colours: host.allows_colour(),
    };
    let editor = RustylineEditor::new(&session, history_file(host));
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => {
            let message = format!("ucsh: the prompt cannot start: {error}\n");
            host.write(ConsoleStream::Error, &message);
            return Ending::NotStarted;
        }
    };
    converse(&engine, host, &mut editor)
}

fn converse(
    engine: &RefCell<&mut dyn Conversation>,
    host: &dyn Host,
    editor: &mut dyn LineEditor,
) -> Ending {
    loop {
        INTERRUPTED.store(false, Ordering::Relaxed);
        free_waiting(Some(BEFORE_PROMPT));
        let prompt = engine.borrow_mut().prompt();
        // What was written without a line's end, by the prompt or before it,
        // stands in front of it.
        let prompt = host.unfinished_line() + &prompt;
        host.flush();
        match editor.read(&prompt) {
            Reading::Line(line) if line.trim().is_empty() => {}
            Reading::Line(line) => {
                editor.remember(line.trim_end());
                INTERRUPTED.store(false, Ordering::Relaxed);
                free_waiting(None);
                if let Some(code) = run_line(engine, host, &line) {
                    return Ending::Exited(code);
                }
            }
            Reading::Interrupted => {}
            Reading::End => return Ending::InputEnded,
            Reading::Failed(message) => {
                host.write(ConsoleStream::Error, &format!("ucsh: {message}\n"));
                return Ending::EditorFailed;
            }
        }
    }
}

/// Runs a line; gives the exit code if it ended the session. A mistake of the
/// program itself ends the line, not the session.
fn run_line(engine: &RefCell<&mut dyn Conversation>, host: &dyn Host, line: &str) -> Option<i32> {
    let run = || engine.borrow_mut().run_line(line);
    let message = match std::panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(LineOutcome::Exited(code)) => return Some(code),
        Ok(LineOutcome::Done { .. }) => return None,
        Ok(LineOutcome::Incomplete) => "the line is incomplete; nothing ran",
        Err(_) => "an internal error ended the line; the session goes on",
    };
    host.write(ConsoleStream::Error, &format!("ucsh: {message}\n"));
    None
}

/// Where the lines of earlier sessions are.
fn history_file(host: &dyn Host) -> Option<PathBuf> {
    let folder = host.folder(UserFolder::Data)?;
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history.txt"))
}

/// Answers the editor from the session.
struct SessionAssistant<'e, 's> {
    engine: &'e RefCell<&'s mut dyn Conversation>,
    cache: AnalysisCache,
    colours: bool,
}

impl Assistant for SessionAssistant<'_, '_> {
    fn analyse(&self, text: &str) -> Rc<Analysis> {
        self.cache.analyse(text)
    }

    fn complete(&self, text: &str, cursor: usize) -> Completion {
        self.engine.borrow_mut().complete(text, cursor)
    }

    fn colours(&self) -> bool {
        self.colours
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::System;
    use std::collections::VecDeque;

    #[derive(Default)]
    struct Echo(Vec<String>);

    impl Conversation for Echo {
        fn run_line(&mut self, text: &str) -> LineOutcome {
            self.0.push(text.to_owned());
            match text.strip_prefix("exit ").and_then(|n| n.parse().ok()) {
                Some(code) => LineOutcome::Exited(code),
                None => LineOutcome::Done { succeeded: true },
            }
        }
        fn prompt(&mut self) -> String {
            format!("{}> ", self.0.len())
        }
        fn complete(&mut self, _: &str, cursor: usize) -> Completion {
            Completion::none(cursor)
        }
    }

    #[derive(Default)]
    struct Typist {
        keys: VecDeque<Reading>,
        prompts: Vec<String>,
        remembered: Vec<String>,
    }

    impl LineEditor for Typist {
        fn read(&mut self, prompt: &str) -> Reading {
            self.prompts.push(prompt.to_owned());
            self.keys.pop_front().unwrap_or(Reading::End)
        }
        fn remember(&mut self, line: &str) {
            self.remembered.push(line.to_owned());
        }
    }

    fn session(keys: Vec<Reading>) -> (Ending, Echo, Typist) {
        let mut echo = Echo::default();
        let mut typist = Typist {
            keys: keys.into(),
            ..Typist::default()
        };
        let ending = {
            let engine: RefCell<&mut dyn Conversation> = RefCell::new(&mut echo);
            converse(&engine, &System::default(), &mut typist)
        };
        (ending, echo, typist)
    }

    #[test]
    fn lines_run_until_exit() {
        let line = |text: &str| Reading::Line(text.to_owned());
        let keys = vec![
            line("a"),
            Reading::Interrupted,
            line("  "),
            line("exit 3"),
            line("b"),
        ];
        let (ending, echo, typist) = session(keys);
        assert_eq!(ending, Ending::Exited(3));
        assert_eq!(echo.0, ["a", "exit 3"]);
        assert_eq!(typist.remembered, ["a", "exit 3"]);
        assert_eq!(typist.prompts, ["0> ", "1> ", "1> ", "1> "]);
    }

    #[test]
    fn end_of_input_leaves() {
        assert_eq!(session(vec![Reading::End]).0, Ending::InputEnded);
    }
}
