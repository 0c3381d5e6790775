//! What is gone through one by one: by `foreach`, and by what feeds a pipeline.

use super::value::Value;
use crate::host::discard::{Long, is_long};

/// Items in their order.
pub enum Items {
    /// What an enumeration gave.
    List(Vec<Value>),
    /// Numbers of a range, which need not be made before their turn.
    Range {
        /// Where it begins.
        first: i32,
        /// Where it ends; before the beginning it counts down.
        last: i32,
    },
}

impl Items {
    /// The item at an index.
    pub fn get(&self, at: usize) -> Option<Value> {
        match self {
            Items::List(items) => items.get(at).cloned(),
            Items::Range { first, last } => {
                let at = i64::try_from(at).ok()?;
                let (first, last) = (i64::from(*first), i64::from(*last));
                let number = match first <= last {
                    true => first.checked_add(at).filter(|n| *n <= last),
                    false => first.checked_sub(at).filter(|n| *n >= last),
                }?;
                i32::try_from(number).ok().map(Value::Int)
            }
        }
    }

    /// All of them at once.
    pub fn to_vec(&self) -> Vec<Value> {
        (0..).map_while(|at| self.get(at)).collect()
    }

    /// Hands each to `work`, until that fails.
    pub fn try_each<E>(self, mut work: impl FnMut(Value) -> Result<(), E>) -> Result<(), E> {
        match self {
            Items::List(items) if is_long(items.len()) => {
                Long::from(items).into_iter().try_for_each(work)
            }
            Items::List(items) => items.into_iter().try_for_each(work),
            Items::Range { first, last } if first <= last => {
                (first..=last).try_for_each(|n| work(Value::Int(n)))
            }
            Items::Range { first, last } => {
                (last..=first).rev().try_for_each(|n| work(Value::Int(n)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_go_both_ways() {
        for (first, last, wanted) in [
            (1, 3, vec![1, 2, 3]),
            (1, -1, vec![1, 0, -1]),
            (5, 5, vec![5]),
        ] {
            let numbers = |values: Vec<Value>| -> Vec<i32> {
                let int = |value: &Value| match value {
                    Value::Int(n) => Some(*n),
                    _ => None,
                };
                values.iter().filter_map(int).collect()
            };
            assert_eq!(numbers(Items::Range { first, last }.to_vec()), wanted);
            let mut each = Vec::new();
            let done: Result<(), ()> = Items::Range { first, last }.try_each(|value| {
                each.push(value);
                Ok(())
            });
            assert_eq!((done, numbers(each)), (Ok(()), wanted));
        }
        let whole = Items::Range {
            first: i32::MIN,
            last: i32::MAX,
        };
        assert!(matches!(
            whole.get(u32::MAX as usize),
            Some(Value::Int(i32::MAX))
        ));
        assert!(whole.get(1 << 32).is_none());
    }
}
