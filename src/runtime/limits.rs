//! Bounds of what a program may use: how long it runs, and how large one thing
//! may become.
//!
//! Nothing a script asks for may end the program. What would need more memory
//! than there is ends in OutOfMemoryException, so everything whose size a script
//! names (a repeated text, a range, an array, padding) asks here first.

use super::value::Value;
use std::cell::Cell;

/// The characters that a .NET string can hold.
pub const LONGEST_STRING: usize = 0x3FFF_FFDF;

/// The most items an array may have.
pub const MOST_ITEMS: usize = 1 << 28;

/// The most items that .NET has room for in one array.
pub const LONGEST_ARRAY: i32 = 0x7FFF_FFC7;

/// Below this many bytes the system is not asked.
const SMALL: usize = 1 << 20;

thread_local! {
    /// The most bytes that one thing may take.
    static LARGEST: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// How many turns of loops, calls and objects in pipelines may still run, and
/// whether that is counted at all.
#[derive(Debug)]
pub struct Steps(Cell<u64>);

impl Default for Steps {
    /// So many that no program comes to their end.
    fn default() -> Steps {
        Steps(Cell::new(u64::MAX))
    }
}

impl Steps {
    /// From here on so many.
    pub fn allow(&self, steps: u64) {
        self.0.set(steps);
    }

    /// Takes one; `false` if none is left.
    #[inline]
    pub fn take(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// Lets one thing take no more than so many bytes, on this thread.
pub fn set_largest(bytes: usize) {
    LARGEST.set(bytes);
}

/// Whether so many bytes can be had in one piece.
pub fn fits(bytes: usize) -> bool {
    bytes <= SMALL || bytes <= LARGEST.get() && Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// Whether a text of so many bytes can be had; none stands for more than can be counted.
pub fn text_fits(bytes: Option<usize>) -> bool {
    bytes.is_some_and(|bytes| bytes <= LONGEST_STRING && fits(bytes))
}

/// Whether a text that has become so long may go on growing.
#[inline]
pub fn text_may_grow(bytes: usize) -> bool {
    bytes <= LONGEST_STRING && bytes <= LARGEST.get()
}

/// Whether an array of so many items can be had.
pub fn items_fit(count: Option<usize>) -> bool {
    let bytes = count.and_then(|count| count.checked_mul(size_of::<Value>()));
    count.is_some_and(|count| count <= MOST_ITEMS) && bytes.is_some_and(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_to_an_end() {
        let steps = Steps::default();
        assert!(steps.take());
        steps.allow(2);
        assert!(steps.take() && steps.take());
        assert!(!steps.take() && !steps.take());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(text_fits(Some(1 << 24)) && items_fit(Some(1 << 20)));
        assert!(!text_fits(None) && !text_fits(Some(LONGEST_STRING + 1)));
        assert!(!items_fit(None) && !items_fit(Some(usize::MAX)));
        set_largest(1 << 22);
        assert!(!text_fits(Some(1 << 24)) && text_fits(Some(1 << 21)));
        set_largest(usize::MAX);
    }
}
