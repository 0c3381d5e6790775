//! Splitting a text at the matches.
use super::text::slice;
use super::{MatchFailure, Regex};

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
        let mut left = match count {
            Some(1) => return Ok(vec![text.to_owned()]),
            None | Some(0) => usize::MAX,
            Some(count) => count - 1,
        };
        let back = self.is_right_to_left();
        let mut parts = Vec::new();
        let mut done = if back { text.len() } else { 0 };
        self.search_all(text, start, |state| {
            let (start, end) = state.whole();
            let (from, to) = if back { (end, done) } else { (done, start) };
            parts.push(slice(text, from, to).into_owned());
            done = if back { start } else { end };
            for slot in 1..state.captures.len() {
                if let Some((start, end)) = state.last(slot) {
                    parts.push(slice(text, start, end).into_owned());
                }
            }
            left -= 1;
            Ok::<_, MatchFailure>(left > 0)
        })?;
        if back {
            parts.push(slice(text, 0, done).into_owned());
            parts.reverse();
        } else {
            parts.push(slice(text, done, text.len()).into_owned());
        }
        Ok(parts)
    }
}
