//! Regular expressions with the syntax and the answers of .NET.
//!
//! A pattern is read into a tree, compiled into a program, and run by a
//! backtracking matcher, so that everything .NET's own engine can do has the
//! same meaning here: lookbehind of any length, balancing groups, every
//! capture of a group, right-to-left search. Positions are byte offsets;
//! [`utf16_offset`] and [`byte_offset`] translate them at the edge.
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use rustc_hash::FxHashMap;

mod casing;
mod category;
mod class;
mod compile;
mod error;
mod escape;
mod found;
mod matcher;
mod node;
mod options;
mod parse;
mod program;
mod replace;
mod scan;
mod split;
#[cfg(test)]
mod tests;
mod text;

pub use error::{MatchFailure, RegexError, RegexParseError};
pub use escape::{escape, unescape};
pub use found::{Group, Match, Matches};
pub use options::RegexOptions;
pub use replace::Replacement;
pub use text::{byte_offset, slice, utf16_offset};

use matcher::{Matcher, State};
use program::Program;

/// A compiled regular expression; cheap to clone.
#[derive(Clone)]
pub struct Regex(Rc<Inner>);

struct Inner {
    pattern: Rc<str>,
    options: RegexOptions,
    timeout: Option<Duration>,
    program: Rc<Program>,
    groups: Rc<Groups>,
    /// The matcher's memory, when it is not in use.
    state: Cell<Option<Box<State>>>,
}

struct Groups {
    numbers: Vec<u32>,
    names: Vec<String>,
}

thread_local! {
    static CACHE: RefCell<FxHashMap<(Box<str>, RegexOptions), Regex>> = RefCell::default();
}

/// How many patterns are kept.
const CACHE_SIZE: usize = 512;

impl Regex {
    /// Reads and compiles a pattern.
    pub fn new(pattern: &str, options: RegexOptions) -> Result<Self, RegexError> {
        let parsed = parse::parse(pattern, options)?;
        let back = options.contains(RegexOptions::RIGHT_TO_LEFT);
        let program = compile::compile(&parsed, back);
        Ok(Self(Rc::new(Inner {
            pattern: pattern.into(),
            options,
            timeout: None,
            program: Rc::new(program),
            groups: Rc::new(Groups {
                numbers: parsed.numbers,
                names: parsed.names,
            }),
            state: Cell::new(None),
        })))
    }

    /// The same, keeping what was compiled for the next time.
    pub fn cached(pattern: &str, options: RegexOptions) -> Result<Self, RegexError> {
        let key = (Box::<str>::from(pattern), options);
        if let Some(known) = CACHE.with_borrow(|cache| cache.get(&key).cloned()) {
            return Ok(known);
        }
        let regex = Self::new(pattern, options)?;
        CACHE.with_borrow_mut(|cache| {
            if cache.len() >= CACHE_SIZE {
                cache.clear();
            }
            cache.insert(key, regex.clone());
        });
        Ok(regex)
    }

    /// The same expression with a limit on the time a match may take.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self(Rc::new(Inner {
            pattern: self.0.pattern.clone(),
            options: self.0.options,
            timeout: Some(timeout),
            program: self.0.program.clone(),
            groups: self.0.groups.clone(),
            state: Cell::new(None),
        }))
    }

    /// The pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.0.pattern
    }

    /// The options it was compiled with.
    pub fn options(&self) -> RegexOptions {
        self.0.options
    }

    /// The limit set by [`Self::with_timeout`].
    pub fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// Whether it searches from the end of the text.
    pub fn is_right_to_left(&self) -> bool {
        self.0.program.back
    }

    /// The numbers of the groups in ascending order; 0 is the whole match.
    /// The groups of a [`Match`] stand in this order.
    pub fn group_numbers(&self) -> &[u32] {
        &self.0.groups.numbers
    }

    /// The names of the groups, in the order of [`Self::group_numbers`]; a
    /// group without a name is called by its number.
    pub fn group_names(&self) -> &[String] {
        &self.0.groups.names
    }

    /// The place in the list of groups of a group number.
    pub fn slot_of_number(&self, number: u32) -> Option<usize> {
        self.group_numbers().binary_search(&number).ok()
    }

    /// The place in the list of groups of a name, which may be a number.
    pub fn slot_of_name(&self, name: &str) -> Option<usize> {
        self.group_names().iter().position(|known| known == name)
    }

    /// Where a search begins when nothing else is said.
    pub fn default_start(&self, text: &str) -> usize {
        if self.is_right_to_left() {
            text.len()
        } else {
            0
        }
    }

    /// Whether the pattern occurs in the text.
    pub fn is_match(&self, text: &str) -> Result<bool, MatchFailure> {
        self.search(text, self.default_start(text), |_| ())
            .map(|found| found.is_some())
    }

    /// The first match in the text.
    pub fn find(&self, text: &str) -> Result<Option<Match>, MatchFailure> {
        self.match_at(text, self.default_start(text))
    }

    /// The first match from a byte offset on, in reading direction. Anchors
    /// and lookbehinds see the whole text; `\G` holds at `start`.
    pub fn match_at(&self, text: &str, start: usize) -> Result<Option<Match>, MatchFailure> {
        self.search(text, start, Match::from_state)
    }

    /// The match after another one in the same text.
    pub fn next_match(&self, text: &str, previous: &Match) -> Result<Option<Match>, MatchFailure> {
        match self.place_after(text, previous.start(), previous.end()) {
            Some(start) => self.match_at(text, start),
            None => Ok(None),
        }
    }

    /// All matches, from the first in reading direction on.
    pub fn matches<'t>(&self, text: &'t str) -> Matches<'t> {
        self.matches_from(text, self.default_start(text))
    }

    /// All matches from a byte offset on.
    pub fn matches_from<'t>(&self, text: &'t str, start: usize) -> Matches<'t> {
        Matches::new(self.clone(), text, start)
    }

    /// Where to search on after a match; none at the end of the text. After
    /// an empty match the search moves on by one unit.
    fn place_after(&self, text: &str, start: usize, end: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        match (start == end, self.is_right_to_left()) {
            (false, false) => Some(end),
            (false, true) => Some(start),
            (true, false) => text::unit_at(bytes, end).map(|(_, next)| next),
            (true, true) => text::unit_before(bytes, start).map(|(_, before)| before),
        }
    }

    /// Searches once and hands the captures to `each`.
    fn search<T>(
        &self,
        text: &str,
        start: usize,
        each: impl FnOnce(&State) -> T,
    ) -> Result<Option<T>, MatchFailure> {
        let mut state = self.0.state.take().unwrap_or_default();
        let found = if start > text.len() {
            Ok(false)
        } else {
            self.matcher(text, &mut state).search(start)
        };
        let result = found.map(|found| found.then(|| each(&state)));
        self.0.state.set(Some(state));
        result
    }

    fn matcher<'m>(&'m self, text: &'m str, state: &'m mut State) -> Matcher<'m> {
        Matcher::new(&self.0.program, text.as_bytes(), state, self.0.timeout)
    }

    /// Searches again and again and hands the captures of each match to
    /// `each`, until that says false or there is none left.
    fn search_all<E: From<MatchFailure>>(
        &self,
        text: &str,
        start: usize,
        mut each: impl FnMut(&State) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut state = self.0.state.take().unwrap_or_default();
        let mut place = (start <= text.len()).then_some(start);
        let mut result = Ok(());
        while let Some(at) = place {
            match self.matcher(text, &mut state).search(at) {
                Ok(true) => {}
                Ok(false) => break,
                Err(timeout) => {
                    result = Err(timeout.into());
                    break;
                }
            }
            match each(&state) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
            let (start, end) = state.whole();
            place = self.place_after(text, start, end);
        }
        self.0.state.set(Some(state));
        result
    }

    /// Replaces matches by a replacement text with `$1`, `${name}`, `$&` and
    /// so on. At most `count` matches, if given.
    pub fn replace<'t>(
        &self,
        text: &'t str,
        replacement: &str,
        count: Option<usize>,
    ) -> Result<Cow<'t, str>, MatchFailure> {
        let replacement = Replacement::parse(replacement, self);
        self.replace_from(text, &replacement, count, self.default_start(text))
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.pattern()).finish()
    }
}

impl fmt::Display for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern())
    }
}
