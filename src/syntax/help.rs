//! Comment-based help: finds the comments that belong to a function or script.

use super::ast::{ScriptBlockAst, StatementAst, StatementKind};
use super::comment_help::CommentHelp;
use super::parser::Parser;
use std::rc::Rc;

impl Parser<'_> {
    /// The help of a function: before it, or at the start or end of its body.
    pub(super) fn function_help(&self, start: usize, body: &ScriptBlockAst) -> Option<Rc<str>> {
        let inside = body.span.start as usize;
        let end = body.span.end as usize;
        [
            self.comments_before(start),
            self.comments_from(inside).map(|(text, _)| text),
            self.comments_before(end),
        ]
        .into_iter()
        .flatten()
        .find(|text| is_help(text))
        .map(Rc::from)
    }

    /// The help of a script: at its start, or at its end.
    pub(super) fn script_help(&self, block: &ScriptBlockAst) -> Option<Rc<str>> {
        let first = self
            .comments_from(0)
            .filter(|(_, end)| !self.belongs_to_function(block, *end))
            .map(|(text, _)| text);
        first
            .or_else(|| {
                self.comments_before(self.text.len())
                    .filter(|text| is_help(text))
            })
            .map(Rc::from)
    }

    /// Whether the script begins with a function so near to the comments that they are its help.
    fn belongs_to_function(&self, block: &ScriptBlockAst, end: usize) -> bool {
        let first = block.end.as_ref().and_then(|b| b.body.statements.first());
        let Some(StatementAst {
            span,
            kind: StatementKind::Function(_),
        }) = first
        else {
            return false;
        };
        self.slice(end, span.start as usize).matches('\n').count() <= 2
    }

    /// The comments that end right before a place, at most one empty line between.
    fn comments_before(&self, place: usize) -> Option<String> {
        let mut first = self.comments.partition_point(|c| c.1 <= place);
        let last = first;
        let mut next = place;
        while first > 0 {
            let (start, end) = *self.comments.get(first - 1)?;
            let gap = self.text.get(end..next)?;
            let allowed = if first == last { 2 } else { 1 };
            // Code between ends the search at its first character; only blank gaps are counted.
            if !gap.trim().is_empty() || gap.matches('\n').count() > allowed {
                break;
            }
            first -= 1;
            next = start;
        }
        self.joined(first, last)
    }

    /// The first block of comments behind a place that is help. Lines without code between them
    /// are one block; `#requires` right before help is part of it, so that it is none.
    fn comments_from(&self, place: usize) -> Option<(String, usize)> {
        let mut from = self.comments.partition_point(|c| c.0 < place);
        let mut at = place;
        loop {
            let (start, end) = *self.comments.get(from)?;
            if !self.text.get(at..start)?.trim().is_empty() {
                return None;
            }
            let mut to = from + 1;
            let mut last = end;
            while let Some((s, e)) = self.comments.get(to) {
                let gap = self.text.get(last..*s)?;
                if !gap.trim().is_empty() || gap.matches('\n').count() > 1 {
                    break;
                }
                last = *e;
                to += 1;
            }
            let text = self.joined(from, to)?;
            if is_help(&text) {
                return Some((text, last));
            }
            from = to;
            at = last;
        }
    }

    fn joined(&self, from: usize, to: usize) -> Option<String> {
        let list = self.comments.get(from..to)?;
        if list.is_empty() {
            return None;
        }
        let texts: Vec<&str> = list.iter().map(|(s, e)| self.slice(*s, *e)).collect();
        Some(texts.join("\n"))
    }
}

/// Whether a block of comments is help. Most are not, which the cheap look tells.
fn is_help(text: &str) -> bool {
    let may_be = |line: &str| {
        line.trim_start_matches(['<', '#', ' ', '\t'])
            .starts_with('.')
    };
    text.lines().any(may_be) && CommentHelp::read(text).is_some()
}
