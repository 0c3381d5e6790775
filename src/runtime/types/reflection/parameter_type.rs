//! The types of parameters, as the member table names them.

use crate::runtime::types::{TypeRef, array_of, find_full, generic, known};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// Type parameters with what stands for them.
pub type Substitution<'a> = &'a [(&'a str, TypeRef)];

thread_local! {
    static PLAIN: RefCell<FxHashMap<String, Option<TypeRef>>> = RefCell::default();
}

/// The type of a name such as `System.Collections.Generic.IEnumerable[T]`;
/// `None` when the program does not know it.
pub fn resolve(name: &str, substitution: Substitution<'_>) -> Option<TypeRef> {
    if substitution.is_empty()
        && let Some(found) = PLAIN.with_borrow(|known| known.get(name).cloned())
    {
        return found;
    }
    let mut reader = Reader {
        text: name,
        at: 0,
        substitution,
    };
    let found = reader.type_name();
    if substitution.is_empty() {
        PLAIN.with_borrow_mut(|known| known.insert(name.to_string(), found.clone()));
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    substitution: Substitution<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn type_name(&mut self) -> Option<TypeRef> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|b| !matches!(b, b'[' | b']' | b',' | b'*' | b'&'))
        {
            self.at += 1;
        }
        let name = self.text.get(start..self.at)?.trim();
        if matches!(self.peek(), Some(b'*' | b'&')) {
            return None;
        }
        let mut found = self
            .substitution
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, t)| t.clone())
            .or_else(|| find_full(name));
        while self.peek() == Some(b'[') {
            self.at += 1;
            match self.peek()? {
                b']' | b',' => {
                    let mut rank = 1;
                    while self.peek() == Some(b',') {
                        rank += 1;
                        self.at += 1;
                    }
                    self.at += 1;
                    found = found.map(|element| array_of(&element, rank));
                }
                _ => {
                    let mut arguments = Vec::new();
                    loop {
                        arguments.push(self.type_name().unwrap_or_else(known::object));
                        match self.peek()? {
                            b',' => self.at += 1,
                            _ => break,
                        }
                    }
                    self.at += 1;
                    let definition = find_full(&format!("{name}`{}", arguments.len()));
                    found = definition.map(|d| generic(&d, arguments));
                }
            }
        }
        found
    }
}

/// How a type that the member table names is printed: short where PowerShell has a short name.
pub fn display(name: &str, substitution: Substitution<'_>) -> String {
    match resolve(name, substitution) {
        Some(found) => found.display(),
        None => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resolve() {
        let string = known::string();
        let found = resolve(
            "System.Collections.Generic.IEnumerable[T]",
            &[("T", string)],
        );
        assert_eq!(
            found.expect("known").display(),
            "System.Collections.Generic.IEnumerable[string]"
        );
        assert_eq!(display("System.Char[]", &[]), "char[]");
        assert!(resolve("System.Char*", &[]).is_none());
    }
}
