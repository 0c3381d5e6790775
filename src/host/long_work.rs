//! Long work on one value: going through a text of hundreds of megabytes. It ends early at
//! Ctrl-C; whoever asked for it never sees what came out, since its statement stops too.

use super::interrupted;

/// How many items are gone through between two looks at Ctrl-C.
const ITEMS: u32 = 1 << 16;
/// How many bytes are copied between two looks at Ctrl-C.
const BYTES: usize = 1 << 22;

/// Iterators that hear Ctrl-C.
pub trait LongWork: Iterator + Sized {
    /// The same items, until Ctrl-C.
    fn until_interrupted(self) -> UntilInterrupted<Self> {
        UntilInterrupted {
            items: self,
            left: ITEMS,
        }
    }
}

impl<I: Iterator> LongWork for I {}

/// Ends at Ctrl-C.
pub struct UntilInterrupted<I> {
    items: I,
    left: u32,
}

impl<I: Iterator> Iterator for UntilInterrupted<I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        self.left -= 1;
        if self.left == 0 {
            if interrupted() {
                // Whoever asks again is told the same.
                self.left = 1;
                return None;
            }
            self.left = ITEMS;
        }
        self.items.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // As much as there would be, so that room is made once.
        self.items.size_hint()
    }
}

/// A text several times over.
pub fn repeat(text: &str, count: usize) -> String {
    let length = text.len().saturating_mul(count);
    if length <= BYTES || text.is_empty() {
        return text.repeat(count);
    }
    let mut out = String::with_capacity(length);
    let piece = text.repeat((BYTES / text.len()).clamp(1, count));
    while out.len() < length && !interrupted() {
        let missing = (length - out.len()).min(piece.len());
        // Both are whole repetitions of the text.
        out.push_str(piece.get(..missing).unwrap_or_default());
    }
    out
}

/// So many copies of a value.
pub fn repeat_value<T: Clone>(value: &T, count: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(count);
    while out.len() < count && !interrupted() {
        let missing = (count - out.len()).min(ITEMS as usize);
        out.resize(out.len() + missing, value.clone());
    }
    out
}

/// A copy of a list.
pub fn copy<T: Clone>(items: &[T]) -> Vec<T> {
    if items.len() <= ITEMS as usize {
        return items.to_vec();
    }
    let mut out = Vec::with_capacity(items.len());
    for piece in items.chunks(ITEMS as usize) {
        if interrupted() {
            break;
        }
        out.extend_from_slice(piece);
    }
    out
}

/// A text with every occurrence of a part replaced.
pub fn replace(text: &str, old: &str, new: &str) -> String {
    if text.len() <= BYTES || old.is_empty() {
        return text.replace(old, new);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, part) in text.match_indices(old).until_interrupted() {
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push_str(new);
        copied = at + part.len();
    }
    if !interrupted() {
        out.push_str(text.get(copied..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_come_out_as_short_ones_do() {
        let text = "añb".repeat(1_500_000);
        assert_eq!(repeat("añb", 1_500_000), text);
        assert_eq!(repeat("", 9), "");
        assert_eq!(replace(&text, "ñ", "--"), "a--b".repeat(1_500_000));
        assert_eq!(replace(&text, "x", "y"), text);
        assert_eq!((0..200_000).until_interrupted().count(), 200_000);
    }
}
