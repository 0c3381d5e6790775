//! Views and type data by the name of a type, decoded when first asked for.

use crate::runtime::embedded::EmbeddedTable;
use crate::runtime::view::{TypeData, ViewDeclaration};
use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::rc::Rc;
use std::thread::LocalKey;

static VIEWS: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/views.bin")));
static TYPE_DATA: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/type_data.bin")));

type Decoded<T> = RefCell<FxHashMap<String, Option<Rc<T>>>>;

thread_local! {
    static DECODED_VIEWS: Decoded<Vec<ViewDeclaration>> = RefCell::default();
    static DECODED_TYPE_DATA: Decoded<TypeData> = RefCell::default();
}

/// The views declared for exactly this type name, in the order they count;
/// letter case is ignored. Nothing if there is none.
pub fn views_of(type_name: &str) -> Option<Rc<Vec<ViewDeclaration>>> {
    find(VIEWS, &DECODED_VIEWS, type_name)
}

/// The names of the types that views are declared for, in lower case.
pub fn types_with_views() -> impl Iterator<Item = &'static str> {
    VIEWS.rows().map(|(name, _)| name)
}

/// What exactly this type name gains; letter case is ignored.
pub fn type_data(type_name: &str) -> Option<Rc<TypeData>> {
    find(TYPE_DATA, &DECODED_TYPE_DATA, type_name)
}

fn find<T: DeserializeOwned>(
    table: EmbeddedTable,
    decoded: &'static LocalKey<Decoded<T>>,
    name: &str,
) -> Option<Rc<T>> {
    if let Some(known) = decoded.with_borrow(|known| known.get(name).cloned()) {
        return known;
    }
    let found = table
        .find(name)
        .and_then(|record| postcard::from_bytes(record).ok())
        .map(Rc::new);
    decoded.with_borrow_mut(|known| known.insert(name.to_string(), found.clone()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::view::{AddedMember, ViewControl};

    #[test]
    fn every_record_decodes() {
        assert!(VIEWS.rows().all(|(name, _)| views_of(name).is_some()));
        assert!(TYPE_DATA.rows().all(|(name, _)| type_data(name).is_some()));
    }

    #[test]
    fn the_first_view_of_a_file_has_the_mode_column() {
        let views = views_of("system.io.fileinfo").expect("declared");
        let ViewControl::Table(columns) = &views[0].control else {
            panic!("a table");
        };
        assert_eq!(columns[0].label.as_deref(), Some("UnixMode"));
    }

    #[test]
    fn a_date_has_its_long_text() {
        let data = type_data("System.DateTime").expect("declared");
        assert!(matches!(&data.members[0], (name, AddedMember::Script(_)) if name == "DateTime"));
    }
}
