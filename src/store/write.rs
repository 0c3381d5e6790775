//! Changes: checked, applied and logged in one transaction.

use super::body::{Delta, Properties, apply, differences, pack};
use super::log::Action;
use super::{Store, storage};
use crate::model::constraint::{self, Consequences, State, not_found};
use crate::model::deployment::Deployment;
use crate::model::error::ModelError;
use crate::model::identity::{self, fold};
use crate::model::kind::{Area, Kind, Property};
use crate::model::object::Object;
use crate::model::value::Datum;
use rusqlite::params;

/// The name under which a log entry keeps a changed identity.
pub(super) const IDENTITY: &str = "Identity";

/// How far removals follow references to referrers.
const CASCADE_DEPTH: usize = 16;

/// What a removal did.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    /// The object as it was.
    pub object: Object,
    /// It is a standing object: it is still there, with its defaults.
    pub reset: bool,
    /// Objects that went with it.
    pub with: Vec<Object>,
}

impl Store {
    /// Makes a new object, and those that come with it by the declaration.
    pub fn create(&self, object: Object) -> Result<Object, ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            let stored = self.kind(object.kind.stored_noun())?;
            let identity = identity::normalise(stored, &object.identity)?;
            let kept = stored.area != Area::Derived;
            if kept && self.object_of(stored, &identity)?.is_some() {
                return Err(ModelError::AlreadyExists {
                    noun: object.kind.noun.clone(),
                    identity,
                });
            }
            let mut made = Object {
                id: 0,
                identity,
                ..object
            };
            self.fill_initial(&mut made)?;
            self.settle(&mut made, None)?;
            self.take_place(&mut made)?;
            constraint::check(&made, None, self, self.kinds)?;
            if made.kind.view.is_some() {
                constraint::check(&made.seen_as(stored), None, self, self.kinds)?;
            }
            // What is only ever a part of another object lives in memory until it is put there.
            if !kept {
                return Ok(made);
            }
            self.pass_sole_flag(&made.seen_as(stored))?;
            self.make_named(&made)?;
            self.insert(&mut made)?;
            self.log(Action::Create, &made, None, Some(&full(&made)))?;
            self.close_ranks(&made, false)?;
            self.make_companions(&made, false)?;
            self.settle_parts(&made, &made.collected)?;
            Ok(made)
        })
    }

    /// Changes an object: loads it, lets the work set properties, checks and
    /// stores it. The answer is the object after the change, and whether
    /// anything changed. Nobody else can change it in between.
    pub fn modify(
        &self,
        kind: &'static Kind,
        identity: &str,
        work: impl FnOnce(&mut Object) -> Result<(), ModelError>,
    ) -> Result<(Object, bool), ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            let before = self
                .object_of(kind, identity)?
                .ok_or_else(|| not_found(kind, identity))?;
            let mut after = before.clone();
            work(&mut after)?;
            let changed = self.store_change(&before, &mut after)?;
            Ok((after, changed))
        })
    }

    /// Changes an object by what differs between two states of it; whatever
    /// others changed meanwhile stays. The first state may be of another view
    /// than the second (an account that a view does not show yet).
    pub fn change(&self, before: &Object, wanted: &Object) -> Result<(Object, bool), ModelError> {
        let (_, is) = differences(&before.properties, &wanted.properties);
        self.atomic(|| {
            self.start_writing()?;
            let found = self
                .object_of(before.kind, &before.identity)?
                .ok_or_else(|| not_found(before.kind, &before.identity))?;
            let found = Object {
                kind: wanted.kind,
                ..found
            };
            let mut after = found.clone();
            apply(&mut after.properties, &is);
            after.identity.clone_from(&wanted.identity);
            let mut changed = self.store_change(&found, &mut after)?;
            if before.collected != wanted.collected {
                changed |= self.settle_parts(&after, &wanted.collected)?;
            }
            Ok((after, changed))
        })
    }

    /// The same for a state that was read while this process held the file's lock
    /// ([`Store::steady`]), so that it need not be read again.
    pub fn change_steady(
        &self,
        before: &Object,
        wanted: Object,
    ) -> Result<(Object, bool), ModelError> {
        let mut after = wanted;
        // One row and its log entry need no level of their own: everything that can refuse the
        // change comes before the first of the two is written.
        let plain = self.writing.get()
            && before.identity == after.identity
            && before.collected == after.collected
            && before.kind.order().is_none()
            && self.kind(after.kind.stored_noun())?.sole.is_none();
        if !plain {
            return self.atomic(|| {
                self.start_writing()?;
                let mut changed = self.store_change(before, &mut after)?;
                if before.collected != after.collected {
                    changed |= self.settle_parts(&after, &after.collected)?;
                }
                Ok((after, changed))
            });
        }
        match self.store_change(before, &mut after) {
            Ok(changed) => Ok((after, changed)),
            Err(error) => {
                if matches!(error, ModelError::Storage(_) | ModelError::Busy) {
                    self.broken.set(true);
                }
                Err(error)
            }
        }
    }

    /// Stores an object as it stands: changes it if it exists, makes it if not
    /// (`Set-… -Instance`).
    pub fn save(&self, object: &Object) -> Result<Object, ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            let identity = identity::normalise(object.kind, &object.identity)?;
            if self.object_of(object.kind, &identity)?.is_none() {
                return self.create(object.clone());
            }
            let (saved, _) = self.modify(object.kind, &identity, |stored| {
                stored.properties = object.properties.clone();
                Ok(())
            })?;
            self.settle_parts(&saved, &object.collected)?;
            Ok(saved)
        })
    }

    /// What the removal of an object would entail, or why it is refused.
    pub fn consequences(&self, object: &Object) -> Result<Consequences, ModelError> {
        let stored = self.kind(object.kind.stored_noun())?;
        constraint::removal(&object.seen_as(stored), self, self.kinds)
    }

    /// Removes an object and what goes with it; a standing object gets its defaults back.
    pub fn remove(&self, kind: &'static Kind, identity: &str) -> Result<Removed, ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            let object = self
                .object_of(kind, identity)?
                .ok_or_else(|| not_found(kind, identity))?;
            let stored = self.kind(kind.stored_noun())?;
            if constraint::is_standing(kind, identity) {
                let mut fresh = object.clone();
                fresh.properties = Object::standing(kind, identity)
                    .map_or_else(Vec::new, |standing| standing.properties);
                self.store_change(&object, &mut fresh)?;
                self.reset_parts(&object)?;
                self.reset_companions(&object.seen_as(stored))?;
                return Ok(Removed {
                    object,
                    reset: true,
                    with: Vec::new(),
                });
            }
            let mut with = Vec::new();
            self.remove_stored(&object.seen_as(stored), &mut with, 0)?;
            Ok(Removed {
                object,
                reset: false,
                with,
            })
        })
    }

    fn remove_stored(
        &self,
        object: &Object,
        with: &mut Vec<Object>,
        depth: usize,
    ) -> Result<(), ModelError> {
        if depth > CASCADE_DEPTH {
            return Err(ModelError::Storage(
                "objects refer to each other in a circle".into(),
            ));
        }
        let consequences = constraint::removal(object, self, self.kinds)?;
        self.log(Action::Remove, object, Some(&full(object)), None)?;
        self.delete_rows(object.id)?;
        self.close_ranks(object, true)?;
        for found in consequences.remove {
            let kind = self.kind(&found.noun)?;
            if let Some(other) = self.by_id(kind, found.id)? {
                self.remove_stored(&other, with, depth + 1)?;
                with.push(other);
            }
        }
        for (found, property) in consequences.clear {
            let kind = self.kind(&found.noun)?;
            let gone = fold(&object.identity);
            self.modify(kind, &found.identity, |other| {
                let kept: Vec<Datum> = other
                    .get(&property)
                    .items()
                    .iter()
                    .filter(|value| fold(&value.display()) != gone)
                    .cloned()
                    .collect();
                match (other.get(&property), kept.is_empty()) {
                    (Datum::List(_), false) => other.set(&property, Datum::List(kept)),
                    _ => other.clear(&property),
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Stores what became of an object. False if nothing changed.
    fn store_change(&self, before: &Object, after: &mut Object) -> Result<bool, ModelError> {
        self.settle(after, Some(before))?;
        let place = |object: &Object| object.kind.order().map(|order| object.get(&order.name));
        let moved = place(before) != place(after);
        if moved {
            self.take_place(after)?;
        }
        let (mut was, mut is) = differences(&before.properties, &after.properties);
        let renamed = before.identity != after.identity;
        if renamed {
            was.push((IDENTITY.into(), Some(before.identity.as_str().into())));
            is.push((IDENTITY.into(), Some(after.identity.as_str().into())));
        }
        if is.is_empty() {
            return Ok(false);
        }
        let stored = self.kind(after.kind.stored_noun())?;
        if renamed
            && self
                .object_of(stored, &after.identity)?
                .is_some_and(|it| it.id != after.id)
        {
            return Err(ModelError::AlreadyExists {
                noun: after.kind.noun.clone(),
                identity: after.identity.clone(),
            });
        }
        let changed: Vec<&str> = is.iter().map(|(name, _)| name.as_str()).collect();
        let ruled = renamed || constraint::concerns(stored, &changed);
        if after.kind.view.is_some() && (renamed || constraint::concerns(after.kind, &changed)) {
            constraint::check(after, Some(before), self, self.kinds)?;
        }
        if ruled {
            let (old, new) = (before.seen_as(stored), after.seen_as(stored));
            constraint::check(&new, Some(&old), self, self.kinds)?;
            if let Some(name) = &stored.sole {
                if old.flag(name) && !new.flag(name) {
                    return Err(ModelError::SoleHolder {
                        noun: after.kind.noun.clone(),
                        identity: after.identity.clone(),
                        property: name.clone(),
                    });
                }
                if new.flag(name) && !old.flag(name) {
                    self.pass_sole_flag(&new)?;
                }
            }
        }
        if after.id == 0 {
            self.insert(after)?;
        } else {
            self.rewrite(after, renamed, ruled)?;
        }
        self.log(Action::Update, after, Some(&was), Some(&is))?;
        if renamed {
            self.follow_rename(&before.seen_as(stored), &after.identity)?;
        }
        if moved {
            self.close_ranks(after, false)?;
        }
        self.make_companions(after, true)?;
        Ok(true)
    }

    /// Makes the values fit their properties, and checks the limits of those
    /// that are new.
    fn settle(&self, object: &mut Object, before: Option<&Object>) -> Result<(), ModelError> {
        let kind = object.kind;
        if before.is_none_or(|before| before.identity != object.identity) {
            for property in kind.properties.iter().filter(|it| it.key) {
                constraint::value(property, object.get(&property.name))?;
            }
        }
        let mut misplaced = false;
        for place in 0..object.properties.len() {
            let Some((name, given)) = object.properties.get(place) else {
                break;
            };
            let old = before.and_then(|before| match before.properties.get(place) {
                Some((known, value)) if known == name => Some(value),
                _ => before.stored(name),
            });
            if old == Some(given) {
                continue;
            }
            misplaced |= kind.property(name).is_some_and(Property::is_computed);
            let stored = |property: &&Property| {
                !property.is_computed() && property.stored_name().eq_ignore_ascii_case(name)
            };
            let Some(property) = kind.properties.iter().find(stored) else {
                continue;
            };
            let settled = constraint::value(property, given.clone())?;
            if settled != *given
                && let Some((_, value)) = object.properties.get_mut(place)
            {
                *value = settled;
            }
        }
        if misplaced {
            object
                .properties
                .retain(|(name, _)| !kind.property(name).is_some_and(Property::is_computed));
        }
        Ok(())
    }

    /// Takes the one-of-a-kind flag from its holder, if this object has it now.
    fn pass_sole_flag(&self, object: &Object) -> Result<(), ModelError> {
        let Some(name) = object.kind.sole.as_ref().filter(|name| object.flag(name)) else {
            return Ok(());
        };
        let Some(found) = self.holder(&constraint::sole_space(object.kind), "")? else {
            return Ok(());
        };
        if found.id == object.id {
            return Ok(());
        }
        if let Some(mut holder) = self.by_id(object.kind, found.id)? {
            let before = holder.clone();
            holder.set(name, Datum::Bool(false));
            let (was, is) = differences(&before.properties, &holder.properties);
            self.rewrite(&holder, false, true)?;
            self.log(Action::Update, &holder, Some(&was), Some(&is))?;
        }
        Ok(())
    }

    /// Makes those who refer to an object by its identity use the new one.
    fn follow_rename(&self, before: &Object, identity: &str) -> Result<(), ModelError> {
        let old = fold(&before.identity);
        let space = format!("ref:{}", fold(before.kind.stored_noun()));
        for found in self.linked(&space, &old)? {
            let kind = self.kind(&found.noun)?;
            self.modify(kind, &found.identity, |other| {
                for reference in kind.references.iter().filter(|it| it.target.is_none()) {
                    let value = other.get(&reference.property);
                    let swap = |one: &Datum| {
                        if fold(&one.display()) == old {
                            Datum::Text(identity.to_owned())
                        } else {
                            one.clone()
                        }
                    };
                    let swapped = match &value {
                        Datum::List(items) => Datum::List(items.iter().map(swap).collect()),
                        one => swap(one),
                    };
                    if swapped != value {
                        other.set(&reference.property, swapped);
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Makes the objects that a new one names and that are made when they are not there.
    fn make_named(&self, object: &Object) -> Result<(), ModelError> {
        for reference in object.kind.references.iter().filter(|it| it.makes) {
            let value = object.text(&reference.property);
            let Some(named) = identity::part(reference.part, &value) else {
                continue;
            };
            for noun in &reference.to {
                if self.get(noun, &named)?.is_none() {
                    self.create(Object::new(self.kind(noun)?, named.clone()))?;
                }
            }
        }
        Ok(())
    }

    fn make_companions(&self, object: &Object, again: bool) -> Result<(), ModelError> {
        for companion in &object.kind.companions {
            let (shared, when) = (companion.shared, companion.when.as_deref());
            let asks = |name: &str| match object.get(name) {
                Datum::Text(text) => !text.is_empty(),
                other => other.as_bool() == Some(true),
            };
            if again && !shared || when.is_some_and(|name| !asks(name)) {
                continue;
            }
            let kind = self.kind(&companion.noun)?;
            let mut made = Object::new(kind, object.expand(&companion.identity));
            if shared && self.get(&companion.noun, &made.identity)?.is_some() {
                continue;
            }
            for (name, value) in &companion.properties {
                let value = match value {
                    Datum::Text(text) => Datum::Text(object.expand(text)),
                    other => other.clone(),
                };
                if !shared || !value.is_blank() {
                    made.set(name, value);
                }
            }
            let identity = made.identity.clone();
            self.create(made).map_err(|error| ModelError::Rule {
                message: format!("Cannot generate {} \"{identity}\": {error}", companion.noun),
                id: error.id().to_owned(),
                target: object.identity.clone(),
            })?;
        }
        Ok(())
    }

    /// A standing object that is reset has what came with it at first, and nothing else of that kind.
    fn reset_companions(&self, object: &Object) -> Result<(), ModelError> {
        if object.kind.companions.is_empty() {
            return Ok(());
        }
        for found in constraint::removal(object, self, self.kinds)?.remove {
            let kind = self.kind(&found.noun)?;
            if let Some(other) = self.by_id(kind, found.id)? {
                self.remove_stored(&other, &mut Vec::new(), 0)?;
            }
        }
        self.make_companions(object, false)
    }

    fn insert(&self, object: &mut Object) -> Result<(), ModelError> {
        self.connection
            .prepare_cached(
                "INSERT INTO objects (kind, rank, folded, identity, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    object.kind.stored_noun(),
                    object.rank(),
                    fold(&object.identity),
                    object.identity,
                    pack(&object.properties).unwrap_or_default(),
                ])
            })
            .map_err(storage)?;
        object.id = self.connection.last_insert_rowid();
        self.write_rules(object)
    }

    pub(super) fn rewrite(
        &self,
        object: &Object,
        renamed: bool,
        ruled: bool,
    ) -> Result<(), ModelError> {
        self.connection
            .prepare_cached("UPDATE objects SET body = ?2 WHERE id = ?1")
            .and_then(|mut statement| {
                statement.execute(params![
                    object.id,
                    pack(&object.properties).unwrap_or_default()
                ])
            })
            .map_err(storage)?;
        if renamed {
            self.connection
                .prepare_cached("UPDATE objects SET folded = ?2, identity = ?3 WHERE id = ?1")
                .and_then(|mut statement| {
                    statement.execute(params![object.id, fold(&object.identity), object.identity])
                })
                .map_err(storage)?;
        }
        if ruled {
            self.delete_rules(object.id)?;
            self.write_rules(object)?;
        }
        Ok(())
    }

    /// Writes the unique values, index entries and references of an object.
    fn write_rules(&self, object: &Object) -> Result<(), ModelError> {
        let stored = object.seen_as(self.kind(object.kind.stored_noun())?);
        for (space, value) in constraint::keys(&stored) {
            self.connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO keys (space, value, object) VALUES (?1, ?2, ?3)",
                )
                .and_then(|mut it| it.execute(params![space, value, object.id]))
                .map_err(storage)?;
        }
        for (space, value) in constraint::links(&stored, self.kinds) {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO links (space, value, kind, object) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut it| it.execute(params![space, value, stored.kind.noun, object.id]))
                .map_err(storage)?;
        }
        Ok(())
    }

    fn delete_rules(&self, id: i64) -> Result<(), ModelError> {
        for sql in [
            "DELETE FROM keys WHERE object = ?1",
            "DELETE FROM links WHERE object = ?1",
        ] {
            self.connection
                .prepare_cached(sql)
                .and_then(|mut statement| statement.execute([id]))
                .map_err(storage)?;
        }
        Ok(())
    }

    fn delete_rows(&self, id: i64) -> Result<(), ModelError> {
        self.delete_rules(id)?;
        self.connection
            .prepare_cached("DELETE FROM objects WHERE id = ?1")
            .and_then(|mut statement| statement.execute([id]))
            .map(|_| ())
            .map_err(storage)
    }

    /// Adds the objects of a deployment; those of a fresh store are where the
    /// log begins and are not in it. Files tell a whole, so that references may
    /// point forward: only limits and unique values are checked.
    pub(super) fn load(&self, deployment: &Deployment, logged: bool) -> Result<(), ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            if !deployment.product.is_empty() {
                self.set_setting("product", &deployment.product)?;
            }
            for entry in &deployment.entries {
                let kind = self.kind(&entry.noun)?;
                let identity = identity::normalise(kind, &entry.identity)?;
                let mut object = Object::new(kind, identity);
                for (name, value) in &entry.properties {
                    object.set(name, value.clone());
                }
                let before = self.object_of(kind, &object.identity)?;
                object.id = before.as_ref().map_or(0, |before| before.id);
                let faulty = |error: ModelError| ModelError::BadFile {
                    place: format!("{} \"{}\"", kind.noun, object.identity),
                    message: error.to_string(),
                };
                let mut settled = object.clone();
                self.settle(&mut settled, before.as_ref()).map_err(faulty)?;
                constraint::check_unique(&settled, self).map_err(faulty)?;
                match before {
                    Some(before) if settled.id != 0 => {
                        let (was, is) = differences(&before.properties, &settled.properties);
                        self.rewrite(&settled, false, true)?;
                        if logged && !is.is_empty() {
                            self.log(Action::Update, &settled, Some(&was), Some(&is))?;
                        }
                    }
                    _ => {
                        if kind
                            .order()
                            .is_some_and(|it| settled.given(&it.name).is_none())
                        {
                            self.take_place(&mut settled)?;
                        }
                        self.insert(&mut settled)?;
                        if logged {
                            self.log(Action::Create, &settled, None, Some(&full(&settled)))?;
                        }
                    }
                }
            }
            Ok(())
        })
    }

    pub(super) fn log(
        &self,
        action: Action,
        object: &Object,
        before: Option<&Delta>,
        after: Option<&Delta>,
    ) -> Result<(), ModelError> {
        self.write_log(
            action,
            object,
            object.kind.area == Area::Cms,
            before.map(pack).transpose()?,
            after.map(pack).transpose()?,
        )
    }

    /// Puts an object back as it was when a change removed it, number included.
    pub(super) fn reinsert(&self, object: &Object) -> Result<(), ModelError> {
        self.connection
            .prepare_cached(
                "INSERT INTO objects (id, kind, rank, folded, identity, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    object.id,
                    object.kind.stored_noun(),
                    object.rank(),
                    fold(&object.identity),
                    object.identity,
                    pack(&object.properties).unwrap_or_default(),
                ])
            })
            .map_err(storage)?;
        self.write_rules(object)?;
        self.log(Action::Create, object, None, Some(&full(object)))
    }
}

/// All values of an object as one side of a change.
fn full(object: &Object) -> Delta {
    let properties: &Properties = &object.properties;
    properties
        .iter()
        .map(|(name, value)| (name.clone(), Some(value.clone())))
        .collect()
}

/// A GUID that follows from what it is made for, so that the same script run on
/// the same deployment gives the same one.
pub(super) fn guid(seed: &[u8]) -> String {
    use sha1::{Digest, Sha1};
    let hash = Sha1::digest(seed);
    let hex: String = hash
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..32]
    )
}
