//! Where a word stands in a command: its name, a parameter, an argument, what feeds it.

use super::{
    Call, Element, Finder, Target, Wanted, closes, compares, is_string, is_word, opens, separates,
};
use crate::syntax::token::{TokenKind, flags};

impl<'a> Finder<'a> {
    /// The index of the first token of the command in which `at` stands.
    pub(super) fn command_start(&self, at: usize) -> usize {
        let mut depth = 0;
        for index in (0..at).rev() {
            let token = &self.tokens[index];
            if closes(token.kind) {
                depth += 1;
            } else if opens(token.kind) {
                if depth == 0 {
                    return index + 1;
                }
                depth -= 1;
            } else if depth == 0 && separates(token) {
                return index + 1;
            }
        }
        0
    }

    /// What a word of a command or of an expression wants.
    pub(super) fn in_command(&self, start: usize) -> (usize, Wanted) {
        let word = &self.text[start..];
        let at = self
            .tokens
            .partition_point(|t| (t.span.start as usize) < start);
        let first = self.command_start(at);
        let previous = at.checked_sub(1).and_then(|i| self.tokens.get(i));
        if let Some(token) = previous {
            if token.kind == TokenKind::Redirection {
                return (start, Wanted::Path);
            }
            if token.kind.has(flags::ASSIGNMENT)
                && (word.is_empty()
                    || word.starts_with(['\'', '"'])
                    || word.chars().all(|c| c.is_ascii_digit()))
            {
                return (start, self.assignment(at));
            }
            if token.kind == TokenKind::Namespace {
                return (start, Wanted::Namespace);
            }
            if compares(token.kind)
                && (word.is_empty() || word.starts_with(['\'', '"']))
                && let Some(target) = self.left_of(at - 1)
            {
                return (start, Wanted::Comparison(target));
            }
            if token.kind == TokenKind::Using && word.chars().all(is_word) {
                return (start, Wanted::Using);
            }
        }
        let dot_call = first + 1 == at
            && self
                .tokens
                .get(first)
                .is_some_and(|t| t.kind == TokenKind::Dot);
        if at == first || dot_call {
            let quiet = word.is_empty() || word.starts_with(['-', '#']);
            return (
                start,
                if quiet {
                    Wanted::Nothing
                } else {
                    Wanted::Command
                },
            );
        }
        let Some(call) = self.call(first, at) else {
            let operator = word.starts_with('-') && word[1..].chars().all(is_word);
            return (
                start,
                if operator {
                    Wanted::Operator
                } else {
                    Wanted::Nothing
                },
            );
        };
        let is_name = word.starts_with(crate::syntax::is_dash)
            && !matches!(call.elements.last(), Some(Element::Parameter(_, true)))
            && previous.is_none_or(|t| t.kind != TokenKind::Comma);
        if is_name {
            return (start, Wanted::ParameterName(call));
        }
        (start, Wanted::Argument(call))
    }

    /// The expression on the left of the operator at `at`.
    fn left_of(&self, at: usize) -> Option<Target> {
        let last = self.tokens.get(at.checked_sub(1)?)?;
        let first = self.expression_until(at)?;
        let text = self.text.get(first..last.span.end as usize)?.to_owned();
        let index = self
            .tokens
            .partition_point(|t| (t.span.start as usize) < first);
        Some(Target {
            text,
            start: first,
            is_static: false,
            upstream: self.upstream(self.command_start(index)),
        })
    }

    fn assignment(&self, at: usize) -> Wanted {
        let Some(sign) = at.checked_sub(1) else {
            return Wanted::Nothing;
        };
        let end = sign.checked_sub(1).and_then(|i| self.tokens.get(i));
        let first = self.tokens.get(self.command_start(sign));
        let target = first.zip(end).and_then(|(first, end)| {
            let span = first.span.start as usize..end.span.end as usize;
            self.text.get(span)
        });
        match target.filter(|text| text.starts_with(['$', '['])) {
            Some(text) => Wanted::Assignment(text.to_owned()),
            None => Wanted::Nothing,
        }
    }

    /// The command whose tokens are those before `at`, back to where it begins.
    pub(super) fn call(&self, from: usize, at: usize) -> Option<Call> {
        let first = if from == at {
            self.command_start(at)
        } else {
            from
        };
        let mut name = self.tokens.get(first..at)?.first()?;
        let mut next = first + 1;
        if name.kind == TokenKind::Dot {
            name = self.tokens.get(next).filter(|_| next < at)?;
            next += 1;
        }
        let called = first > 0 && self.tokens[first - 1].kind == TokenKind::Ampersand;
        let is_name = name.has(flags::COMMAND_NAME)
            || matches!(name.kind, TokenKind::Generic | TokenKind::Identifier)
            || (called && is_string(name.kind));
        if !is_name {
            return None;
        }
        let line = self
            .text
            .get(name.span.start as usize..)
            .unwrap_or_default();
        Some(Call {
            name: self.part(name).trim_matches(['\'', '"']).to_owned(),
            elements: self.elements(next, at),
            upstream: self.upstream(first),
            line: line.to_owned(),
        })
    }

    fn elements(&self, from: usize, at: usize) -> Vec<Element> {
        let mut elements = Vec::new();
        let mut index = from;
        while index < at {
            let token = &self.tokens[index];
            if token.kind == TokenKind::Parameter {
                let name = self.part(token).trim_start_matches(crate::syntax::is_dash);
                let bare = name.trim_end_matches(':');
                elements.push(Element::Parameter(bare.to_owned(), bare.len() < name.len()));
                index += 1;
                continue;
            }
            let (start, mut end) = (token.span.start, token.span.end);
            let mut depth = 0;
            let mut joined = false;
            while index < at {
                let token = &self.tokens[index];
                let separate = depth == 0 && token.span.start > end && !joined;
                if separate && token.kind != TokenKind::Comma {
                    break;
                }
                depth += i32::from(opens(token.kind)) - i32::from(closes(token.kind));
                joined = depth == 0 && token.kind == TokenKind::Comma;
                end = token.span.end;
                index += 1;
            }
            // A list that the cursor is still in is the current argument.
            if !joined {
                let text = self.text.get(start as usize..end as usize);
                elements.push(Element::Value(text.unwrap_or_default().to_owned()));
            }
        }
        elements
    }

    /// The text of the pipeline up to the pipe that feeds what stands here.
    pub(super) fn upstream(&self, first: usize) -> Option<String> {
        // Inside a block of a later command the pipe stands before that command.
        let mut at = first;
        loop {
            let before = self.tokens.get(at.checked_sub(1)?)?;
            if before.kind == TokenKind::Pipe {
                break;
            }
            if !opens(before.kind) {
                return None;
            }
            at = self.command_start(at - 1);
        }
        let mut start = self.command_start(at - 1);
        while start > 0 && self.tokens[start - 1].kind == TokenKind::Pipe {
            start = self.command_start(start - 1);
        }
        let span = self.tokens.get(start)?.span.start as usize
            ..self.tokens.get(at - 1)?.span.start as usize;
        Some(self.text.get(span)?.trim().to_owned())
    }
}
