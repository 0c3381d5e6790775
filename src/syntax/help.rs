//! Comment-based help: finds the comments that belong to a function or script.

use super::ast::{ScriptBlockAst, StatementAst, StatementKind};
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
        .find(|text| has_directive(text))
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
                    .filter(|text| has_directive(text))
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

    /// The comments that begin right behind a place; `#requires` and a first line for
    /// the system do not count.
    fn comments_from(&self, place: usize) -> Option<(String, usize)> {
        let mut from = self.comments.partition_point(|c| c.0 < place);
        let mut at = place;
        loop {
            let (start, end) = *self.comments.get(from)?;
            if !self.text.get(at..start)?.trim().is_empty() {
                return None;
            }
            let text = self.slice(start, end);
            let passed = text.starts_with("#!")
                || text
                    .get(..9)
                    .is_some_and(|t| t.eq_ignore_ascii_case("#requires"));
            if !passed {
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
                if has_directive(&text) {
                    return Some((text, last));
                }
                from = to;
                at = last;
                continue;
            }
            from += 1;
            at = end;
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

/// Whether a comment holds a help keyword such as `.SYNOPSIS` on a line of its own.
fn has_directive(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['<', '#', ' ', '\t']);
        let Some(rest) = line.strip_prefix('.') else {
            return false;
        };
        let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
        is_directive(&word)
    })
}

/// Whether a word is a keyword of comment-based help (about_Comment_Based_Help).
pub fn is_directive(word: &str) -> bool {
    const WORDS: [&str; 14] = [
        "synopsis",
        "description",
        "parameter",
        "example",
        "inputs",
        "outputs",
        "notes",
        "link",
        "component",
        "role",
        "functionality",
        "forwardhelptargetname",
        "forwardhelpcategory",
        "externalhelp",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}
