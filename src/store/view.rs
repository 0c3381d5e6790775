//! The Central Management data as of a position in the log: what a replica
//! knows, and what a deployment was.

use super::Store;
use super::log::{Action, Change, take_back};
use crate::model::error::ModelError;
use crate::model::identity::{self, fold};
use crate::model::kind::{Area, Kind};
use crate::model::object::Object;
use crate::model::policy::Lookup;

/// A read-only view at a position. Data that replication does not carry (users,
/// Exchange, DNS, servers) is always the current one.
pub struct View<'s> {
    store: &'s Store,
    /// The number of the last change that the view knows.
    pub position: i64,
}

impl Store {
    /// The Central Management data as it was after the change of that number.
    pub fn at(&self, position: i64) -> View<'_> {
        View {
            store: self,
            position,
        }
    }
}

impl<'s> View<'s> {
    /// The store behind the view.
    pub fn store(&self) -> &'s Store {
        self.store
    }

    /// An object of a kind by its identity.
    pub fn get(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError> {
        let kind = self.store.kind(noun)?;
        let identity = identity::normalise(kind, identity)?;
        if !self.differs(kind) {
            return self.store.object_of(kind, &identity);
        }
        let folded = fold(&identity);
        let objects = self.rewound(kind)?;
        Ok(objects
            .into_iter()
            .find(|object| fold(&object.identity) == folded))
    }

    /// All objects of a kind.
    pub fn list(&self, noun: &str) -> Result<Vec<Object>, ModelError> {
        let kind = self.store.kind(noun)?;
        if self.differs(kind) {
            return self.rewound(kind);
        }
        self.store.list(noun)?.collect()
    }

    fn differs(&self, kind: &Kind) -> bool {
        kind.area == Area::Cms && self.position < i64::MAX
    }

    /// The current objects with the later changes taken back, newest first.
    fn rewound(&self, kind: &'static Kind) -> Result<Vec<Object>, ModelError> {
        let mut objects: Vec<Object> = self
            .store
            .list(&kind.noun)?
            .collect::<Result<_, ModelError>>()?;
        let later = self
            .store
            .later_changes(kind.stored_noun(), self.position)?;
        if later.is_empty() {
            return Ok(objects);
        }
        for change in &later {
            rewind(&mut objects, kind, change);
        }
        // A standing object that nobody had touched yet is there all the same.
        for standing in kind.standing_identities() {
            let there = |it: &Object| fold(&it.identity) == fold(standing);
            if !objects.iter().any(there) {
                objects.extend(Object::standing(kind, standing));
            }
        }
        objects.sort_by_key(|object| (object.rank(), object.id));
        super::order::sort(kind, &mut objects);
        Ok(objects)
    }
}

impl Lookup for View<'_> {
    fn get(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError> {
        View::get(self, noun, identity)
    }

    fn kind(&self, noun: &str) -> Result<&'static Kind, ModelError> {
        self.store.kind(noun)
    }
}

impl Lookup for Store {
    fn get(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError> {
        Store::get(self, noun, identity)
    }

    fn kind(&self, noun: &str) -> Result<&'static Kind, ModelError> {
        Store::kind(self, noun)
    }
}

fn rewind(objects: &mut Vec<Object>, kind: &'static Kind, change: &Change) {
    let place = objects.iter().position(|object| object.id == change.object);
    match (change.action, place) {
        (Action::Create, Some(place)) => {
            objects.remove(place);
        }
        (Action::Update, Some(place)) => take_back(&mut objects[place], &change.before),
        (Action::Remove, None) => {
            let mut object = Object::new(kind, change.identity.clone());
            object.id = change.object;
            take_back(&mut object, &change.before);
            objects.push(object);
        }
        _ => {}
    }
}
