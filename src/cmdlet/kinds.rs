//! The object kinds that the build script embedded, found by noun.
//!
//! A kind is decoded when it is first asked for and then kept for the life of
//! the program, so that every thread may hold it.

use crate::model::kind::Kind;
use crate::runtime::embedded::EmbeddedTable;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

static KINDS: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/kinds.bin")));

static DECODED: RwLock<Option<HashMap<&'static str, &'static Kind>>> = RwLock::new(None);

/// The kind of a noun (`CsHostingProvider`), letter case ignored.
pub fn find(noun: &str) -> Option<&'static Kind> {
    {
        let decoded = DECODED.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = decoded.as_ref().and_then(|known| known.get(noun)) {
            return Some(kind);
        }
    }
    let (name, record) = KINDS
        .rows_starting_with(noun)
        .next()
        .filter(|(name, _)| name.eq_ignore_ascii_case(noun))?;
    let mut decoded = DECODED.write().unwrap_or_else(PoisonError::into_inner);
    let known = decoded.get_or_insert_with(HashMap::new);
    if let Some(kind) = known.get(name) {
        return Some(kind);
    }
    let kind: &'static Kind = Box::leak(Box::new(postcard::from_bytes(record).ok()?));
    known.insert(name, kind);
    known.insert(&kind.noun, kind);
    Some(kind)
}

/// The nouns of all kinds, in lower case and in order.
pub fn nouns() -> impl Iterator<Item = &'static str> {
    KINDS.rows().map(|(noun, _)| noun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_decodes() {
        for noun in nouns() {
            assert!(find(noun).is_some(), "{noun}");
        }
        assert_eq!(find("cshostingprovider").unwrap().noun, "CsHostingProvider");
        assert!(find("NoSuchNoun").is_none());
    }
}
