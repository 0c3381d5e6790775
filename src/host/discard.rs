//! Long lists and deep chains that nobody needs any more.
//!
//! To free millions of objects takes seconds, in which Ctrl-C would not be heard. So they
//! go piece by piece, and what is left at Ctrl-C waits here until there is time: a little
//! before the next prompt, the rest before the next line runs. Objects that hold one another
//! a million deep would need as deep a stack, so what is nested too deep waits as well, until
//! what is around it is gone.

use super::interrupted;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

/// How many items are freed between two looks at Ctrl-C; shorter lists are freed at once.
const PIECE: usize = 4096;
/// How many objects may be freed inside one another.
const DEEPEST: usize = 1000;

/// Something to free by and by.
trait Remains {
    /// Frees a piece; whether there is more.
    fn shrink(&mut self) -> bool;
}

impl<T> Remains for VecDeque<T> {
    fn shrink(&mut self) -> bool {
        self.truncate(self.len().saturating_sub(PIECE));
        !self.is_empty()
    }
}

/// What was nested too deep.
struct Nested<T>(Option<T>);

impl<T> Remains for Nested<T> {
    fn shrink(&mut self) -> bool {
        self.0 = None;
        false
    }
}

thread_local! {
    static WAITING: RefCell<Vec<Box<dyn Remains>>> = const { RefCell::new(Vec::new()) };
    /// How many objects are being freed inside one another.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// Whether something waits because it was nested too deep.
    static DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Frees what an object holds, other objects perhaps: they are freed by this, too.
#[inline]
pub fn free_nested<T: 'static>(held: T) {
    let depth = DEPTH.get();
    if depth >= DEEPEST {
        DEEP.set(true);
        return keep(Box::new(Nested(Some(held))));
    }
    DEPTH.set(depth + 1);
    drop(held);
    if depth == 0 && DEEP.get() {
        // What is nested deeper still only joins what waits.
        DEEP.set(false);
        free_waiting(None);
    }
    DEPTH.set(depth);
}

/// Whether a list is so long that it should not be freed at once.
#[inline]
pub fn is_long(count: usize) -> bool {
    count > PIECE
}

/// Frees a list, as much of it as Ctrl-C allows.
pub fn discard<T: 'static>(items: impl Into<VecDeque<T>>) {
    let mut items = items.into();
    while is_long(items.len()) {
        if interrupted() {
            return keep(Box::new(items));
        }
        items.shrink();
    }
}

fn keep(remains: Box<dyn Remains>) {
    // While the thread ends nothing can be kept.
    let _ = WAITING.try_with(|waiting| waiting.borrow_mut().push(remains));
}

/// Frees what waits, until Ctrl-C or for so long.
pub fn free_waiting(limit: Option<Duration>) {
    let begin = Instant::now();
    // What is freed may bring in more, so nothing is borrowed meanwhile.
    while let Some(mut remains) = WAITING.with_borrow_mut(Vec::pop) {
        while remains.shrink() {
            if interrupted() || limit.is_some_and(|limit| begin.elapsed() >= limit) {
                return keep(remains);
            }
        }
    }
}

/// A list that may become long.
pub struct Long<T: 'static>(Vec<T>);

impl<T> Default for Long<T> {
    fn default() -> Long<T> {
        Long(Vec::new())
    }
}

impl<T> Long<T> {
    /// The list itself.
    pub fn into_inner(mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }
}

impl<T> From<Vec<T>> for Long<T> {
    fn from(items: Vec<T>) -> Long<T> {
        Long(items)
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Long<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Clone> Clone for Long<T> {
    fn clone(&self) -> Long<T> {
        Long(self.0.clone())
    }
}

impl<T> FromIterator<T> for Long<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Long<T> {
        Long(items.into_iter().collect())
    }
}

impl<'a, T> IntoIterator for &'a Long<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> std::slice::Iter<'a, T> {
        self.0.iter()
    }
}

impl<T> Deref for Long<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for Long<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T> Drop for Long<T> {
    fn drop(&mut self) {
        if is_long(self.0.len()) {
            discard(std::mem::take(&mut self.0));
        }
    }
}

impl<T> IntoIterator for Long<T> {
    type Item = T;
    type IntoIter = Draining<T>;
    fn into_iter(self) -> Draining<T> {
        Draining(self.into_inner().into())
    }
}

/// The items of a long list, one after the other.
pub struct Draining<T: 'static>(VecDeque<T>);

impl<T> Iterator for Draining<T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        self.0.pop_front()
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }
}

impl<T> Drop for Draining<T> {
    fn drop(&mut self) {
        if is_long(self.0.len()) {
            discard(std::mem::take(&mut self.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    /// A link of a chain.
    struct Link(Option<Box<Link>>);

    impl Drop for Link {
        fn drop(&mut self) {
            free_nested(self.0.take());
        }
    }

    #[test]
    fn deep_chains_need_no_deep_stack() {
        let chain = (0..1_000_000).fold(None, |inner, _| Some(Box::new(Link(inner))));
        drop(chain);
        assert!(WAITING.with_borrow(Vec::is_empty));
    }

    #[test]
    fn what_waits_is_freed_by_and_by() {
        let item = Rc::new(());
        let list = || vec![item.clone(); 10 * PIECE];
        discard(list());
        drop(Long::from(list()));
        assert_eq!(Long::from(list()).into_iter().take(3).count(), 3);
        assert_eq!(Rc::strong_count(&item), 1);
        keep(Box::new(VecDeque::from(list())));
        free_waiting(Some(Duration::ZERO));
        assert_eq!(Rc::strong_count(&item), 9 * PIECE + 1);
        free_waiting(None);
        assert_eq!(Rc::strong_count(&item), 1);
    }
}
