//! The log of all changes: who changed what, when, by which line, from what to
//! what. Undo and the difference between two positions come from it.

use super::body::{Delta, apply, unpack};
use super::write::IDENTITY;
use super::{Store, clock, storage};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use rusqlite::{Row, params};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// What was done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It was made.
    Create,
    /// Properties changed.
    Update,
    /// It was removed.
    Remove,
}

impl Action {
    fn number(self) -> i64 {
        match self {
            Action::Create => 1,
            Action::Update => 2,
            Action::Remove => 3,
        }
    }

    fn of(number: i64) -> Action {
        match number {
            1 => Action::Create,
            3 => Action::Remove,
            _ => Action::Update,
        }
    }
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its number; later ones are larger.
    pub sequence: i64,
    /// When, on the deployment's clock, in milliseconds since 1970.
    pub at: i64,
    /// When, on the real clock.
    pub wall: i64,
    /// Who did it.
    pub who: String,
    /// The cmdlet line.
    pub line: String,
    /// What was done.
    pub action: Action,
    /// The number of the object.
    pub object: i64,
    /// The noun of the cmdlet that did it.
    pub noun: String,
    /// The identity of the object after the change.
    pub identity: String,
    /// Changed properties as they were; all of them for a removal.
    pub before: Delta,
    /// Changed properties as they are; all of them for a new object.
    pub after: Delta,
}

/// What became of an object between two positions of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The noun.
    pub noun: String,
    /// The identity, the newer one if it changed.
    pub identity: String,
    /// Made, changed or removed.
    pub action: Action,
    /// Property, value before and value after; nothing where there was none.
    pub properties: Vec<(String, Option<Datum>, Option<Datum>)>,
}

const COLUMNS: &str = "c.sequence, c.at, c.wall, o.who, o.line, c.action, c.object, c.kind, \
                       c.identity, c.before, c.after";

impl Store {
    /// The number of the newest change; 0 if there is none.
    pub fn position(&self) -> Result<i64, ModelError> {
        self.connection
            .prepare_cached("SELECT coalesce(max(sequence), 0) FROM changes")
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(storage)
    }

    /// The changes with these numbers, oldest first.
    pub fn changes(&self, range: RangeInclusive<i64>) -> Result<Vec<Change>, ModelError> {
        self.select_changes(
            &format!(
                "SELECT {COLUMNS} FROM changes c JOIN origins o ON o.id = c.origin
                 WHERE c.sequence BETWEEN ?1 AND ?2 ORDER BY c.sequence"
            ),
            params![range.start(), range.end()],
        )
    }

    /// The replicated changes of a kind after a position, newest first.
    pub(super) fn later_changes(
        &self,
        stored_noun: &str,
        position: i64,
    ) -> Result<Vec<Change>, ModelError> {
        self.select_changes(
            &format!(
                "SELECT {COLUMNS} FROM changes c JOIN origins o ON o.id = c.origin
                 WHERE c.replicated = 1 AND c.kind = ?1 AND c.sequence > ?2
                 ORDER BY c.sequence DESC"
            ),
            params![stored_noun, position],
        )
    }

    /// The changes of a kind since a moment (milliseconds since 1970), newest first.
    pub fn recent_changes(&self, noun: &str, since: i64) -> Result<Vec<Change>, ModelError> {
        self.select_changes(
            &format!(
                "SELECT {COLUMNS} FROM changes c JOIN origins o ON o.id = c.origin
                 WHERE c.kind = ?1 AND c.at >= ?2 ORDER BY c.sequence DESC"
            ),
            params![noun, since],
        )
    }

    fn select_changes(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<Change>, ModelError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        let mut rows = statement.query(parameters).map_err(storage)?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next().map_err(storage)? {
            changes.push(change(row)?);
        }
        Ok(changes)
    }

    pub(super) fn write_log(
        &self,
        action: Action,
        object: &Object,
        replicated: bool,
        before: Option<Vec<u8>>,
        after: Option<Vec<u8>>,
    ) -> Result<(), ModelError> {
        let origin = self.origin_number()?;
        if replicated {
            self.unsettle();
        }
        self.connection
            .prepare_cached(
                "INSERT INTO changes
                 (at, wall, origin, replicated, action, object, kind, identity, before, after)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    self.now().unwrap_or_default(),
                    clock::wall(),
                    origin,
                    replicated,
                    action.number(),
                    object.id,
                    object.kind.stored_noun(),
                    object.identity,
                    before,
                    after,
                ])
            })
            .map(|_| ())
            .map_err(storage)
    }

    /// The row that tells who and by which line, made once for many changes.
    fn origin_number(&self) -> Result<i64, ModelError> {
        if let Some(number) = self.origin_row.get() {
            return Ok(number);
        }
        let origin = self.origin.borrow();
        self.connection
            .prepare_cached("INSERT INTO origins (who, line) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![origin.who, origin.line]))
            .map_err(storage)?;
        let number = self.connection.last_insert_rowid();
        self.origin_row.set(Some(number));
        Ok(number)
    }

    /// Takes a change back, as a new change. Refused if what it changed has
    /// been changed again since.
    pub fn undo(&self, sequence: i64) -> Result<(), ModelError> {
        let refuse = |reason: &str| ModelError::CannotUndo {
            sequence,
            reason: reason.to_owned(),
        };
        self.atomic(|| {
            self.start_writing()?;
            let Some(change) = self.changes(sequence..=sequence)?.pop() else {
                return Err(refuse("there is no such change"));
            };
            let kind = self.kind(&change.noun)?;
            let current = self.by_id(kind, change.object)?;
            match (change.action, current) {
                (Action::Create, Some(object)) => self.remove(kind, &object.identity).map(|_| ()),
                (Action::Update, Some(object)) => {
                    let unchanged = change.after.iter().all(|(name, value)| {
                        if name == IDENTITY {
                            *value == Some(Datum::Text(object.identity.clone()))
                        } else {
                            object.given(name) == value.as_ref()
                        }
                    });
                    if !unchanged {
                        return Err(refuse("the object has been changed again since"));
                    }
                    self.modify(kind, &object.identity, |object| {
                        take_back(object, &change.before);
                        Ok(())
                    })
                    .map(|_| ())
                }
                (Action::Remove, None) => {
                    if self.object_of(kind, &change.identity)?.is_some() {
                        return Err(refuse("there is another object of that identity now"));
                    }
                    let mut object = Object::new(kind, change.identity.clone());
                    object.id = change.object;
                    apply(&mut object.properties, &change.before);
                    crate::model::constraint::check(&object, None, self, self.kinds)?;
                    self.reinsert(&object)
                }
                (Action::Remove, Some(_)) => Err(refuse("the object is back already")),
                (_, None) => Err(refuse("the object does not exist any more")),
            }
        })
    }

    /// What became of each object after position `from` up to position `to`.
    pub fn diff(&self, from: i64, to: i64) -> Result<Vec<Difference>, ModelError> {
        let mut order: Vec<i64> = Vec::new();
        let mut gathered: HashMap<i64, Vec<Change>> = HashMap::new();
        for change in self.changes(from.saturating_add(1)..=to)? {
            gathered
                .entry(change.object)
                .or_insert_with(|| {
                    order.push(change.object);
                    Vec::new()
                })
                .push(change);
        }
        let objects = order.iter().filter_map(|object| gathered.get(object));
        Ok(objects.filter_map(|changes| difference(changes)).collect())
    }
}

/// Puts the old values of a change in place.
pub(super) fn take_back(object: &mut Object, before: &Delta) {
    apply(&mut object.properties, before);
    if let Some(place) = object
        .properties
        .iter()
        .position(|(name, _)| name == IDENTITY)
    {
        let (_, identity) = object.properties.remove(place);
        object.identity = identity.display();
    }
}

/// The changes of one object, oldest first, as one difference; `None` if it is
/// again what it was.
fn difference(changes: &[Change]) -> Option<Difference> {
    let (first, last) = (changes.first()?, changes.last()?);
    let action = match (first.action, last.action) {
        (Action::Create, Action::Remove) => return None,
        (Action::Create, _) => Action::Create,
        (_, Action::Remove) => Action::Remove,
        _ => Action::Update,
    };
    let mut properties: Vec<(String, Option<Datum>, Option<Datum>)> = Vec::new();
    for change in changes {
        let names = change
            .before
            .iter()
            .chain(&change.after)
            .map(|(name, _)| name);
        for name in names {
            if !properties
                .iter()
                .any(|(known, _, _)| fold(known) == fold(name))
            {
                let old = side(&change.before, name);
                properties.push((name.clone(), old, None));
            }
        }
        for (name, _, new) in &mut properties {
            let touched = change.before.iter().chain(&change.after);
            if touched
                .into_iter()
                .any(|(known, _)| fold(known) == fold(name))
            {
                *new = side(&change.after, name);
            }
        }
    }
    properties.retain(|(_, old, new)| old != new);
    if action == Action::Update && properties.is_empty() {
        return None;
    }
    Some(Difference {
        noun: last.noun.clone(),
        identity: last.identity.clone(),
        action,
        properties,
    })
}

fn side(delta: &Delta, name: &str) -> Option<Datum> {
    delta
        .iter()
        .find(|(known, _)| fold(known) == fold(name))
        .and_then(|(_, value)| value.clone())
}

fn change(row: &Row<'_>) -> Result<Change, ModelError> {
    let delta = |index: usize| -> Result<Delta, ModelError> {
        let bytes: Option<Vec<u8>> = row.get(index).map_err(storage)?;
        bytes.map_or_else(|| Ok(Delta::new()), |bytes| unpack(&bytes))
    };
    let get = |index: usize| row.get::<_, i64>(index).map_err(storage);
    let text = |index: usize| row.get::<_, String>(index).map_err(storage);
    Ok(Change {
        sequence: get(0)?,
        at: get(1)?,
        wall: get(2)?,
        who: text(3)?,
        line: text(4)?,
        action: Action::of(get(5)?),
        object: get(6)?,
        noun: text(7)?,
        identity: text(8)?,
        before: delta(9)?,
        after: delta(10)?,
    })
}
