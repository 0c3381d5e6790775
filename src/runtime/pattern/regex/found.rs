//! What a search found.
use std::borrow::Cow;
use std::ops::Range;

use super::matcher::{Piece, State};
use super::text::slice;
use super::{MatchFailure, Regex};

/// One successful match. Offsets are bytes of the text that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    groups: Box<[Group]>,
}

/// What a group captured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    earlier: Vec<Piece>,
    last: Option<Piece>,
}

fn range(piece: Piece) -> Range<usize> {
    piece.0 as usize..piece.1 as usize
}

impl Group {
    /// Whether the group took part in the match.
    pub fn success(&self) -> bool {
        self.last.is_some()
    }

    /// Where the last capture lies.
    pub fn range(&self) -> Option<Range<usize>> {
        self.last.map(range)
    }

    /// The last capture; empty if the group took no part.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.range() {
            Some(range) => slice(text, range.start, range.end),
            None => Cow::Borrowed(""),
        }
    }

    /// Every capture of the group, oldest first.
    pub fn captures(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.earlier.iter().copied().chain(self.last).map(range)
    }
}

impl Match {
    pub(super) fn from_state(state: &State) -> Self {
        let group = |captures: &Vec<Piece>| match captures.split_last() {
            Some((last, earlier)) => Group {
                earlier: earlier.to_vec(),
                last: Some(*last),
            },
            None => Group::default(),
        };
        Self {
            groups: state.captures.iter().map(group).collect(),
        }
    }

    /// The groups in the order of the expression's group numbers; the first
    /// is the whole match.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Where the match starts.
    pub fn start(&self) -> usize {
        self.range().start
    }

    /// Where it ends.
    pub fn end(&self) -> usize {
        self.range().end
    }

    /// Where it lies.
    pub fn range(&self) -> Range<usize> {
        self.groups
            .first()
            .and_then(Group::range)
            .unwrap_or_default()
    }

    /// The matched text.
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        slice(text, self.start(), self.end())
    }
}

impl State {
    /// Where the match lies.
    pub(super) fn whole(&self) -> (usize, usize) {
        self.last(0).unwrap_or_default()
    }

    /// The last capture of a group, by its place in the list.
    pub(super) fn last(&self, slot: usize) -> Option<(usize, usize)> {
        let (start, end) = self.captures.get(slot)?.last()?;
        Some((*start as usize, *end as usize))
    }
}

/// The matches in a text, one after the other.
pub struct Matches<'t> {
    regex: Regex,
    text: &'t str,
    next: Option<usize>,
}

impl<'t> Matches<'t> {
    pub(super) fn new(regex: Regex, text: &'t str, start: usize) -> Self {
        Self {
            regex,
            text,
            next: Some(start),
        }
    }
}

impl Iterator for Matches<'_> {
    type Item = Result<Match, MatchFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next.take()?;
        match self.regex.match_at(self.text, start) {
            Ok(Some(found)) => {
                self.next = self
                    .regex
                    .place_after(self.text, found.start(), found.end());
                Some(Ok(found))
            }
            Ok(None) => None,
            Err(timeout) => Some(Err(timeout)),
        }
    }
}
