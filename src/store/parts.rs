//! Objects that are parts of another: the rules of a dial plan, the routes of the routing
//! configuration. They are stored as objects of their own; the list that shows them is read
//! from them, and writing the list makes, changes and removes them.

use super::Store;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::kind::{IdentityForm, Kind};
use crate::model::object::Object;
use crate::model::value::{Datum, Record};

impl Store {
    /// The parts of an object that are of one noun, in their order.
    pub(super) fn parts_of(&self, object: &Object, noun: &str) -> Result<Vec<Object>, ModelError> {
        let kind = self.kind(noun)?;
        let mut parts = Vec::new();
        if is_child(kind) {
            let space = format!("ref:{}", fold(object.kind.stored_noun()));
            for identity in self.names_linked(&space, &fold(&object.identity), noun)? {
                parts.extend(self.object_of(kind, &identity)?);
            }
        } else {
            for part in self.list(noun)? {
                parts.push(part?);
            }
        }
        super::order::sort(kind, &mut parts);
        Ok(parts)
    }

    /// Makes the parts of a stored object those that it is wanted to have. True if that
    /// changed anything.
    pub(super) fn settle_parts(
        &self,
        object: &Object,
        wanted: &[(String, Datum)],
    ) -> Result<bool, ModelError> {
        let mut changed = false;
        for property in &object.kind.properties {
            let Some(noun) = property.parts() else {
                continue;
            };
            let kind = self.kind(noun)?;
            let wanted = wanted.iter().find(|(name, _)| *name == property.name);
            let Some((_, Datum::List(items))) = wanted else {
                continue;
            };
            let records: Vec<(&Record, String)> = items
                .iter()
                .filter_map(|item| match item {
                    Datum::Record(record) => Some((record, part_name(kind, record)?)),
                    _ => None,
                })
                .collect();
            // Texts instead of objects are what an export left of them: they say nothing new.
            if records.len() != items.len() {
                continue;
            }
            changed |= self.settle_list(object, noun, &records)?;
        }
        Ok(changed)
    }

    /// Takes away the parts of an object that is set back to what it was made with.
    pub(super) fn reset_parts(&self, object: &Object) -> Result<(), ModelError> {
        for property in object.kind.properties.iter().rev() {
            if let Some(noun) = property.parts() {
                self.settle_list(object, noun, &[])?;
            }
        }
        Ok(())
    }

    fn settle_list(
        &self,
        object: &Object,
        noun: &str,
        records: &[(&Record, String)],
    ) -> Result<bool, ModelError> {
        let kind = self.kind(noun)?;
        let before = self.parts_of(object, noun)?;
        let named = |part: &Object, name: &str| fold(last(&part.identity)) == fold(name);
        let mut changed = false;
        for part in &before {
            if !records.iter().any(|(_, name)| named(part, name)) {
                self.remove(kind, &part.identity)?;
                changed = true;
            }
        }
        for (place, (record, name)) in records.iter().enumerate() {
            let fill = |part: &mut Object| {
                for (field, value) in &record.fields {
                    let Some(property) = kind.property(field).filter(|it| !it.is_computed()) else {
                        continue;
                    };
                    if !property.ordered && !part.get(field).same(value) {
                        part.set(field, value.clone());
                    }
                }
                if let Some(order) = kind.order() {
                    part.set(&order.name, Datum::Int(place as i64));
                }
            };
            match before.iter().find(|part| named(part, name)) {
                Some(part) => {
                    let work = |part: &mut Object| {
                        fill(part);
                        Ok(())
                    };
                    changed |= self.modify(kind, &part.identity, work)?.1;
                }
                None => {
                    let identity = match is_child(kind) {
                        true => format!("{}/{name}", object.identity),
                        false => name.clone(),
                    };
                    let mut part = Object::new(kind, identity);
                    fill(&mut part);
                    self.create(part)?;
                    changed = true;
                }
            }
        }
        Ok(changed)
    }
}

fn is_child(kind: &Kind) -> bool {
    matches!(kind.identity, IdentityForm::Child { .. })
}

/// The name in an identity.
fn last(identity: &str) -> &str {
    identity.rsplit_once('/').map_or(identity, |(_, name)| name)
}

/// The name of a part: what it has where its kind has the name, or the last of its identity.
pub fn part_name(kind: &Kind, record: &Record) -> Option<String> {
    let text = |field: &str| record.get(field).and_then(Datum::as_text);
    let keys = kind.properties.iter().filter(|property| property.key);
    let own = keys
        .filter(|property| !property.name.eq_ignore_ascii_case("Identity"))
        .find_map(|property| text(&property.name));
    let name = own.or_else(|| text("Identity").map(last))?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}
