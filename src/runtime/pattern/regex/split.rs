//! Splitting a text at the matches.
use super::text::slice;
use super::{MatchFailure, Regex};
use std::borrow::Cow;

impl Regex {
    /// Splits a text at the matches. Captured groups stand between the parts.
    /// At most `count` parts, if given; the last then holds the rest.
    pub fn split(&self, text: &str, count: Option<usize>) -> Result<Vec<String>, MatchFailure> {
        self.split_from(text, count, self.default_start(text))
    }

    /// The same with a search that starts at a byte offset.
    pub fn split_from(
        &self,
        text: &str,
        count: Option<usize>,
        start: usize,
    ) -> Result<Vec<String>, MatchFailure> {
        self.split_into(text, count, start, |part| part.into_owned())
    }

    /// The same with each part made into what the caller wants at once, so that a long text's
    /// parts are not held twice.
    pub fn split_into<T>(
        &self,
        text: &str,
        count: Option<usize>,
        start: usize,
        make: impl Fn(Cow<'_, str>) -> T,
    ) -> Result<Vec<T>, MatchFailure> {
        let mut left = match count {
            Some(1) => return Ok(vec![make(Cow::Borrowed(text))]),
            None | Some(0) => usize::MAX,
            Some(count) => count - 1,
        };
        let back = self.is_right_to_left();
        let mut parts = Vec::new();
        let mut done = if back { text.len() } else { 0 };
        self.search_all(text, start, |state| {
            let (start, end) = state.whole();
            let (from, to) = if back { (end, done) } else { (done, start) };
            parts.push(make(slice(text, from, to)));
            done = if back { start } else { end };
            for slot in 1..state.captures.len() {
                if let Some((start, end)) = state.last(slot) {
                    parts.push(make(slice(text, start, end)));
                }
            }
            left -= 1;
            Ok::<_, MatchFailure>(left > 0)
        })?;
        if back {
            parts.push(make(slice(text, 0, done)));
            parts.reverse();
        } else {
            parts.push(make(slice(text, done, text.len())));
        }
        Ok(parts)
    }
}
