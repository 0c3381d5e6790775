//! What the prompt needs of a line editor, and what an editor asks while a
//! line is typed.

use super::analysis::Analysis;
use super::completion::Completion;
use std::rc::Rc;

/// What came of asking for a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A line, or several that belong together.
    Line(String),
    /// Ctrl-C: the line is dropped.
    Interrupted,
    /// Ctrl-D on an empty line, or the terminal went away.
    End,
    /// The terminal does not work.
    Failed(String),
}

/// Reads lines from a person.
pub trait LineEditor {
    /// Shows the prompt and reads a complete input.
    fn read(&mut self, prompt: &str) -> Reading;

    /// Keeps a line for later sessions.
    fn remember(&mut self, line: &str);
}

/// Answers what an editor asks about the text that is being typed.
pub trait Assistant {
    /// What the text is made of, and whether it is complete.
    fn analyse(&self, text: &str) -> Rc<Analysis>;

    /// How the text can go on at the byte `cursor`.
    fn complete(&self, text: &str, cursor: usize) -> Completion;

    /// Whether colours are wanted.
    fn colours(&self) -> bool;
}
