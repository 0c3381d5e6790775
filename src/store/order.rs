//! The order that objects of some kinds have among their like: the priorities of routes and of
//! the rules of a scope count from 0 without a gap. One that is put in or moved moves those
//! behind it; one that goes closes the gap.

use super::Store;
use super::body::differences;
use super::log::Action;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::kind::Kind;
use crate::model::object::Object;
use crate::model::value::Datum;

/// Sorts objects of a kind with an order: by what they belong to, then by their place. Others stay
/// as they are.
pub fn sort(kind: &Kind, objects: &mut [Object]) {
    let Some(order) = kind.order() else {
        return;
    };
    let mut groups: Vec<String> = Vec::new();
    for object in objects.iter() {
        let group = group(&object.identity);
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    objects.sort_by_cached_key(|object| {
        let group = group(&object.identity);
        (
            groups.iter().position(|known| *known == group),
            object.get(&order.name).as_int().unwrap_or(i64::MAX),
            object.id,
        )
    });
}

/// What an object belongs to: all that stands before its name.
fn group(identity: &str) -> String {
    identity
        .rsplit_once('/')
        .map_or_else(String::new, |(parent, _)| fold(parent))
}

impl Store {
    /// All objects of a kind with an order, in it.
    pub fn in_order(&self, kind: &'static Kind) -> Result<Vec<Object>, ModelError> {
        let mut objects = self.list(&kind.noun)?.collect::<Result<Vec<_>, _>>()?;
        sort(kind, &mut objects);
        Ok(objects)
    }

    /// Those that an object stands in line with, without itself.
    fn others_in_line(&self, object: &Object) -> Result<Vec<Object>, ModelError> {
        let own = group(&object.identity);
        let mut others = Vec::new();
        for other in self.list(&object.kind.noun)? {
            let other = other?;
            if other.id != object.id && group(&other.identity) == own {
                others.push(other);
            }
        }
        sort(object.kind, &mut others);
        Ok(others)
    }

    /// Gives an object that is about to be stored the place that it asks for, as far as the line
    /// reaches, or the last one.
    pub(super) fn take_place(&self, object: &mut Object) -> Result<(), ModelError> {
        let Some(order) = object.kind.order() else {
            return Ok(());
        };
        let last = self.others_in_line(object)?.len() as i64;
        let asked = object.given(&order.name).and_then(Datum::as_int);
        let place = asked.map_or(last, |asked| asked.clamp(0, last));
        object.set(&order.name, Datum::Int(place));
        Ok(())
    }

    /// Counts through those that an object stands in line with, after it came, moved or went.
    pub(super) fn close_ranks(&self, object: &Object, gone: bool) -> Result<(), ModelError> {
        let Some(order) = object.kind.order() else {
            return Ok(());
        };
        let own = object.get(&order.name).as_int().filter(|_| !gone);
        for (place, other) in self.others_in_line(object)?.into_iter().enumerate() {
            let place = place as i64;
            let place = match own {
                Some(own) if place >= own => place + 1,
                _ => place,
            };
            if other.given(&order.name).and_then(Datum::as_int) == Some(place) {
                continue;
            }
            let mut moved = other.clone();
            moved.set(&order.name, Datum::Int(place));
            let (was, is) = differences(&other.properties, &moved.properties);
            self.rewrite(&moved, false, false)?;
            self.log(Action::Update, &moved, Some(&was), Some(&is))?;
        }
        Ok(())
    }
}
