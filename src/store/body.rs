//! How values are packed into the database.

use crate::model::error::ModelError;
use crate::model::value::Datum;

/// The given values of an object.
pub type Properties = Vec<(String, Datum)>;

/// What a change did to properties: the value on this side of the change, or
/// nothing where the property had none.
pub type Delta = Vec<(String, Option<Datum>)>;

/// Packs a value.
pub(super) fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, ModelError> {
    postcard::to_allocvec(value).map_err(|error| ModelError::Storage(error.to_string()))
}

/// Unpacks a value.
pub(super) fn unpack<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, ModelError> {
    postcard::from_bytes(bytes).map_err(|error| ModelError::Storage(super::damaged(&error)))
}

/// The differences between two sets of values: how they were, how they are.
pub(super) fn differences(before: &Properties, after: &Properties) -> (Delta, Delta) {
    // Most properties stand where they stood, so that place is looked at first.
    fn find<'p>(all: &'p Properties, place: usize, name: &str) -> Option<&'p Datum> {
        match all.get(place) {
            Some((known, value)) if known == name => Some(value),
            _ => all
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value),
        }
    }
    let (mut was, mut is) = (Delta::new(), Delta::new());
    for (place, (name, value)) in after.iter().enumerate() {
        let old = find(before, place, name);
        if old != Some(value) {
            was.push((name.clone(), old.cloned()));
            is.push((name.clone(), Some(value.clone())));
        }
    }
    for (place, (name, value)) in before.iter().enumerate() {
        if find(after, place, name).is_none() {
            was.push((name.clone(), Some(value.clone())));
            is.push((name.clone(), None));
        }
    }
    (was, is)
}

/// Puts the values of one side of a change in place.
pub(super) fn apply(properties: &mut Properties, delta: &Delta) {
    for (name, value) in delta {
        let at = properties
            .iter()
            .position(|(known, _)| known.eq_ignore_ascii_case(name));
        match (at, value) {
            (Some(at), Some(value)) => properties[at].1 = value.clone(),
            (Some(at), None) => {
                properties.remove(at);
            }
            (None, Some(value)) => properties.push((name.clone(), value.clone())),
            (None, None) => {}
        }
    }
}
