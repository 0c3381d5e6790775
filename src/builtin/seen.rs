//! Which chosen objects came before, without comparing each with all.

use crate::runtime::value::Value;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Integers and plain texts that came before. Values of other kinds, and kinds that are mixed,
/// are equal by rules that no key stands for: about them it does not know.
#[derive(Default)]
pub struct Seen {
    kinds: Option<Box<str>>,
    keys: FxHashSet<Box<str>>,
    mixed: bool,
}

impl Seen {
    /// Enters an object with the notes put on it. Whether an equal one came before; `None` where
    /// only comparing tells.
    pub fn enter(
        &mut self,
        object: &Value,
        notes: &[(Rc<str>, Value)],
        ignore_case: bool,
    ) -> Option<bool> {
        if self.mixed {
            return None;
        }
        let entered = key(object, notes, ignore_case).filter(|(kinds, _)| {
            let first = self.kinds.get_or_insert_with(|| kinds.as_str().into());
            **first == **kinds
        });
        self.mixed = entered.is_none();
        let (_, key) = entered?;
        Some(!self.keys.insert(key.into()))
    }
}

/// What kinds of values these are, and a text that equal ones share.
fn key(object: &Value, notes: &[(Rc<str>, Value)], ignore_case: bool) -> Option<(String, String)> {
    let (mut kinds, mut key) = (String::new(), String::new());
    match object.base() {
        // Objects that are nothing but notes are told apart by these alone.
        Value::Custom(_) => kinds.push('o'),
        plain => add(plain, ignore_case, &mut kinds, &mut key)?,
    }
    let mut notes: Vec<(String, &Value)> = notes
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    notes.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, value) in notes {
        kinds.push('\n');
        kinds.push_str(&name);
        kinds.push('\n');
        add(value.base(), ignore_case, &mut kinds, &mut key)?;
    }
    Some((kinds, key))
}

fn add(value: &Value, ignore_case: bool, kinds: &mut String, key: &mut String) -> Option<()> {
    match value {
        Value::Int(n) => {
            kinds.push('i');
            key.push_str(&n.to_string());
        }
        // Every printable ASCII character counts in the linguistic order: equal means identical.
        Value::Str(text) if text.bytes().all(|b| (b' '..=b'~').contains(&b)) => {
            kinds.push('s');
            match ignore_case {
                true => key.push_str(&text.to_ascii_lowercase()),
                false => key.push_str(text),
            }
        }
        _ => return None,
    }
    key.push('\n');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_came_before() {
        let mut seen = Seen::default();
        let mut enter = |text: &str| seen.enter(&Value::str(text), &[], true);
        assert_eq!(enter("a"), Some(false));
        assert_eq!(enter("b"), Some(false));
        assert_eq!(enter("A"), Some(true));
        // A soft hyphen has no weight: only comparing tells.
        assert_eq!(enter("a\u{ad}"), None);
        assert_eq!(enter("a"), None);
    }

    #[test]
    fn does_not_know_about_mixed_kinds() {
        let mut seen = Seen::default();
        assert_eq!(seen.enter(&Value::Int(5), &[], false), Some(false));
        assert_eq!(seen.enter(&Value::str("5"), &[], false), None);
    }

    #[test]
    fn tells_notes_apart_by_name_and_value() {
        let mut seen = Seen::default();
        let note = |name: &str, n: i32| [(Rc::from(name), Value::Int(n))];
        let base = Value::str("x");
        assert_eq!(seen.enter(&base, &note("A", 1), false), Some(false));
        assert_eq!(seen.enter(&base, &note("a", 1), false), Some(true));
        assert_eq!(seen.enter(&base, &note("A", 2), false), Some(false));
        assert_eq!(seen.enter(&base, &note("B", 1), false), None);
    }
}
