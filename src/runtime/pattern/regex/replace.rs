//! Replacing matches: by a replacement text, or by what a function says.
use std::borrow::Cow;

use super::category::is_boundary_word;
use super::found::Match;
use super::matcher::State;
use super::{MatchFailure, Regex, RegexOptions};
use crate::runtime::limits;

/// A replacement text that has been read.
#[derive(Debug, Clone)]
pub struct Replacement {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(String),
    /// A group, by its place in the list.
    Group(usize),
    /// `` $` ``: the text before the match.
    Before,
    /// `$'`: the text after it.
    After,
    /// `$+`: the last group.
    LastGroup,
    /// `$_`: the whole text.
    Whole,
}

impl Replacement {
    /// Reads a replacement text for an expression. What is no valid reference
    /// stands for itself.
    pub fn parse(text: &str, regex: &Regex) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            literal.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            match reference(after, regex) {
                Some((Part::Literal(text), length)) => {
                    literal.push_str(&text);
                    rest = &after[length..];
                }
                Some((part, length)) => {
                    if !literal.is_empty() {
                        parts.push(Part::Literal(std::mem::take(&mut literal)));
                    }
                    parts.push(part);
                    rest = &after[length..];
                }
                None => {
                    literal.push('$');
                    rest = after;
                }
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self { parts }
    }

    /// Adds the replacement for the match in `state`.
    fn write(&self, text: &[u8], state: &State, out: &mut Vec<u8>) {
        let (start, end) = state.whole();
        for part in &self.parts {
            let piece = match part {
                Part::Literal(literal) => {
                    out.extend_from_slice(literal.as_bytes());
                    continue;
                }
                Part::Group(slot) => state.last(*slot),
                Part::Before => Some((0, start)),
                Part::After => Some((end, text.len())),
                Part::LastGroup => state.last(state.captures.len().saturating_sub(1)),
                Part::Whole => Some((0, text.len())),
            };
            if let Some(bytes) = piece.and_then(|(start, end)| text.get(start..end)) {
                out.extend_from_slice(bytes);
            }
        }
    }
}

/// Reads a reference after its `$`: what it is and how long.
fn reference(text: &str, regex: &Regex) -> Option<(Part, usize)> {
    let first = text.chars().next()?;
    if let Some(inner) = text.strip_prefix('{') {
        let name = &inner[..inner.find('}')?];
        let is_number = name.starts_with(|c: char| c.is_ascii_digit());
        let slot = if is_number {
            regex.slot_of_number(name.parse().ok()?)?
        } else {
            name.encode_utf16()
                .all(is_boundary_word)
                .then(|| regex.slot_of_name(name))??
        };
        return Some((Part::Group(slot), name.len() + 2));
    }
    if first.is_ascii_digit() {
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        // ECMAScript takes the longest number that is a group.
        let shortest = if regex.options().contains(RegexOptions::ECMA_SCRIPT) {
            1
        } else {
            length
        };
        return (shortest..=length).rev().find_map(|length| {
            let slot = regex.slot_of_number(text[..length].parse().ok()?)?;
            Some((Part::Group(slot), length))
        });
    }
    let part = match first {
        '$' => Part::Literal("$".to_owned()),
        '&' => Part::Group(0),
        '`' => Part::Before,
        '\'' => Part::After,
        '+' => Part::LastGroup,
        '_' => Part::Whole,
        _ => return None,
    };
    Some((part, 1))
}

/// The pieces of a text under replacement, in the order of the search.
struct Pieces<'t> {
    text: &'t str,
    back: bool,
    out: Vec<u8>,
    /// Right to left: the finished pieces, the last of the text first.
    reversed: Vec<Vec<u8>>,
    /// How far the text has been copied.
    copied: usize,
    changed: bool,
    /// The bytes of the result so far.
    size: usize,
    /// Up to here the size is known to be possible.
    room: usize,
}

impl<'t> Pieces<'t> {
    fn new(text: &'t str, back: bool) -> Self {
        Self {
            text,
            back,
            out: Vec::new(),
            reversed: Vec::new(),
            copied: if back { text.len() } else { 0 },
            changed: false,
            size: 0,
            room: text.len().max(1 << 20),
        }
    }

    /// Copies the text between the last match and this one, then lets `write`
    /// add the replacement.
    fn add(
        &mut self,
        (start, end): (usize, usize),
        write: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), MatchFailure> {
        let bytes = self.text.as_bytes();
        self.changed = true;
        if self.back {
            let between = bytes.get(end..self.copied).unwrap_or_default();
            self.reversed.push(between.to_vec());
            let mut piece = Vec::new();
            write(&mut piece);
            self.size += between.len() + piece.len();
            self.reversed.push(piece);
            self.copied = start;
        } else {
            if self.out.capacity() == 0 {
                self.out.reserve(bytes.len() + 16);
            }
            let between = bytes.get(self.copied..start).unwrap_or_default();
            self.out.extend_from_slice(between);
            write(&mut self.out);
            self.copied = end;
            self.size = self.out.len();
        }
        if self.size > self.room {
            if !limits::text_fits(Some(self.size)) {
                return Err(MatchFailure::TooLarge);
            }
            // Asked again when it has grown by half.
            self.room = self.size + self.size / 2;
        }
        Ok(())
    }

    fn finish(mut self) -> Cow<'t, str> {
        if !self.changed {
            return Cow::Borrowed(self.text);
        }
        let bytes = self.text.as_bytes();
        if self.back {
            self.out
                .extend_from_slice(bytes.get(..self.copied).unwrap_or_default());
            for piece in self.reversed.iter().rev() {
                self.out.extend_from_slice(piece);
            }
        } else {
            self.out
                .extend_from_slice(bytes.get(self.copied..).unwrap_or_default());
        }
        Cow::Owned(super::text::join(self.out))
    }
}

impl Regex {
    /// Replaces matches from a byte offset on.
    pub fn replace_from<'t>(
        &self,
        text: &'t str,
        replacement: &Replacement,
        count: Option<usize>,
        start: usize,
    ) -> Result<Cow<'t, str>, MatchFailure> {
        let mut left = count.unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(Cow::Borrowed(text));
        }
        let mut pieces = Pieces::new(text, self.is_right_to_left());
        self.search_all(text, start, |state| {
            pieces.add(state.whole(), |out| {
                replacement.write(text.as_bytes(), state, out);
            })?;
            left -= 1;
            Ok::<_, MatchFailure>(left > 0)
        })?;
        Ok(pieces.finish())
    }

    /// Replaces matches by what a function says.
    pub fn replace_with<'t, E: From<MatchFailure>>(
        &self,
        text: &'t str,
        count: Option<usize>,
        mut evaluate: impl FnMut(&Match) -> Result<String, E>,
    ) -> Result<Cow<'t, str>, E> {
        self.replace_with_from(text, count, self.default_start(text), &mut evaluate)
    }

    /// The same from a byte offset on.
    pub fn replace_with_from<'t, E: From<MatchFailure>>(
        &self,
        text: &'t str,
        count: Option<usize>,
        start: usize,
        mut evaluate: impl FnMut(&Match) -> Result<String, E>,
    ) -> Result<Cow<'t, str>, E> {
        let mut left = count.unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(Cow::Borrowed(text));
        }
        let mut pieces = Pieces::new(text, self.is_right_to_left());
        self.search_all(text, start, |state| {
            let replacement = evaluate(&Match::from_state(state))?;
            pieces.add(state.whole(), |out| {
                out.extend_from_slice(replacement.as_bytes());
            })?;
            left -= 1;
            Ok::<_, E>(left > 0)
        })?;
        Ok(pieces.finish())
    }
}
