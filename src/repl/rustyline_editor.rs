//! The line editor of the prompt: rustyline behind our trait.

use super::completion::CompletionResult;
use super::editor::{Assistant, LineEditor, Reading};
use super::highlight::paint;
use rustyline::completion::{Candidate, Completer};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{Cmd, CompletionType, Config, Context, Editor, Helper, KeyEvent};
use std::borrow::Cow;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The prompt of the second line and those after it.
const CONTINUATION: &str = ">> ";
/// How many lines are kept.
const HISTORY: usize = 4096;
/// How long Esc waits for the rest of a key, in milliseconds.
const KEY_PATIENCE: u16 = 50;

/// An editor on the terminal.
pub struct RustylineEditor<'a> {
    editor: Editor<Assistance<'a>, FileHistory>,
    history: Option<PathBuf>,
}

impl<'a> RustylineEditor<'a> {
    /// Sets the terminal up and reads the history.
    pub fn new(
        assistant: &'a dyn Assistant,
        history: Option<PathBuf>,
    ) -> rustyline::Result<RustylineEditor<'a>> {
        let config = Config::builder()
            .max_history_size(HISTORY)?
            .history_ignore_dups(true)?
            .completion_type(completion_type())
            .completion_show_all_if_ambiguous(true)
            .keyseq_timeout(Some(KEY_PATIENCE))
            .tab_stop(4)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Assistance {
            assistant,
            before: String::new(),
            hinter: HistoryHinter::new(),
        }));
        editor.bind_sequence(
            KeyEvent::new('\0', rustyline::Modifiers::CTRL),
            Cmd::Complete,
        );
        let f8 = KeyEvent(rustyline::KeyCode::F(8), rustyline::Modifiers::NONE);
        editor.bind_sequence(f8, Cmd::HistorySearchBackward);
        if let Some(path) = &history {
            // No history yet is no mistake.
            let _ = editor.load_history(path);
            forget_repetitions(&mut editor, path);
        }
        Ok(RustylineEditor { editor, history })
    }
}

/// Keeps of equal lines the last one.
fn forget_repetitions<H: Helper>(editor: &mut Editor<H, FileHistory>, path: &Path) {
    let lines: Vec<String> = editor.history().iter().cloned().collect();
    let mut seen = HashSet::new();
    let mut kept: Vec<&String> = lines
        .iter()
        .rev()
        .filter(|line| seen.insert(*line))
        .collect();
    if kept.len() == lines.len() || editor.clear_history().is_err() {
        return;
    }
    kept.reverse();
    for line in kept {
        let _ = editor.add_history_entry(line);
    }
    // A read-only home must not disturb the work.
    let _ = editor.save_history(path);
}

/// Windows' prompt cycles through the matches; the others complete what they
/// have in common and list the rest.
fn completion_type() -> CompletionType {
    if cfg!(windows) {
        CompletionType::Circular
    } else {
        CompletionType::List
    }
}

impl LineEditor for RustylineEditor<'_> {
    fn read(&mut self, prompt: &str) -> Reading {
        let mut text = String::new();
        loop {
            let begins = text.is_empty();
            if let Some(assistance) = self.editor.helper_mut() {
                assistance.before.clone_from(&text);
            }
            let shown = if begins { prompt } else { CONTINUATION };
            match self.editor.readline(shown) {
                Ok(line) => text.push_str(&line),
                Err(ReadlineError::Interrupted) => return Reading::Interrupted,
                Err(ReadlineError::Eof) if begins => return Reading::End,
                // The way out of an unclosed bracket.
                Err(ReadlineError::Eof) => return Reading::Interrupted,
                Err(error) => return Reading::Failed(error.to_string()),
            }
            let helper = self.editor.helper();
            if helper.is_none_or(|h| !h.assistant.analyse(&text).incomplete) {
                return Reading::Line(text);
            }
            text.push('\n');
        }
    }

    fn remember(&mut self, line: &str) {
        let added = self.editor.add_history_entry(line);
        if let (Ok(true), Some(path)) = (added, &self.history) {
            // Written at once, so that other windows see it; a read-only
            // home must not disturb the work.
            let _ = self.editor.append_history(path);
        }
    }
}

/// What rustyline asks while a line is typed.
struct Assistance<'a> {
    assistant: &'a dyn Assistant,
    /// The lines of the same input that are already there.
    before: String,
    hinter: HistoryHinter,
}

impl Helper for Assistance<'_> {}

impl Candidate for CompletionResult {
    fn display(&self) -> &str {
        &self.list_item_text
    }

    fn replacement(&self) -> &str {
        &self.completion_text
    }
}

impl Completer for Assistance<'_> {
    type Candidate = CompletionResult;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<CompletionResult>)> {
        let text = format!("{}{line}", self.before);
        let completion = self.assistant.complete(&text, self.before.len() + pos);
        let start = completion.start.saturating_sub(self.before.len());
        Ok((start.min(pos), completion.matches))
    }
}

impl Hinter for Assistance<'_> {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if line.is_empty() || !self.before.is_empty() || line.contains('\n') {
            return None;
        }
        // A hint of several lines would push the screen about.
        let hint = self.hinter.hint(line, pos, context);
        hint.filter(|hint| !hint.contains('\n'))
    }
}

impl Highlighter for Assistance<'_> {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.assistant.colours() {
            return Cow::Borrowed(line);
        }
        let text = format!("{}{line}", self.before);
        let analysis = self.assistant.analyse(&text);
        let mut pieces = analysis.pieces.clone();
        // Only what is on this line, counted from where it begins.
        let offset = u32::try_from(self.before.len()).unwrap_or(u32::MAX);
        pieces.retain(|piece| piece.span.end > offset);
        for piece in &mut pieces {
            piece.span.start = piece.span.start.saturating_sub(offset);
            piece.span.end = piece.span.end.saturating_sub(offset);
        }
        Cow::Owned(paint(line, &pieces))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.assistant.colours() {
            Cow::Owned(format!("\x1b[90m{hint}\x1b[0m"))
        } else {
            Cow::Borrowed(hint)
        }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor && self.assistant.colours()
    }
}

/// Enter always ends the line; whether the input goes on is the editor's to say.
impl Validator for Assistance<'_> {}
