//! Reading the current state.

use super::body::{Properties, unpack};
use super::{Store, storage};
use crate::model::constraint::{Found, State, not_found};
use crate::model::error::ModelError;
use crate::model::identity::{self, fold, has_wildcard, matches};
use crate::model::kind::{Gathered, IdentityForm, Kind, Part};
use crate::model::object::Object;
use crate::model::value::Datum;
use rusqlite::{OptionalExtension, Row, params};

/// How many objects a list reads at a time.
const PAGE: usize = 256;

/// The unique values and indexes by which cmdlets of Lync name a user.
const USER_SPACES: &[&str] = &["sip", "upn", "logon", "display name"];

/// Where a list goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    rank: i64,
    id: i64,
    begun: bool,
}

impl Store {
    /// The object of a kind with that identity, in displayed form or as typed.
    /// The standing object of a kind is there even if nobody changed it.
    pub fn get(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError> {
        let kind = self.kind(noun)?;
        let identity = identity::normalise(kind, identity)?;
        self.object_of(kind, &identity)
    }

    pub(super) fn object_of(
        &self,
        kind: &'static Kind,
        identity: &str,
    ) -> Result<Option<Object>, ModelError> {
        let found = self
            .connection
            .prepare_cached(
                "SELECT id, identity, body FROM objects WHERE kind = ?1 AND folded = ?2",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![kind.stored_noun(), fold(identity)], raw)
                    .optional()
            })
            .map_err(storage)?;
        match found {
            Some(row) => self.whole(kind, row),
            None => match Object::standing(kind, identity) {
                Some(mut standing) => {
                    self.collect(&mut standing)?;
                    Ok(Some(standing))
                }
                None => Ok(None),
            },
        }
    }

    /// The object with that number, as the kind sees it.
    pub fn by_id(&self, kind: &'static Kind, id: i64) -> Result<Option<Object>, ModelError> {
        let found = self
            .connection
            .prepare_cached("SELECT id, identity, body FROM objects WHERE id = ?1 AND kind = ?2")
            .and_then(|mut statement| {
                statement
                    .query_row(params![id, kind.stored_noun()], raw)
                    .optional()
            })
            .map_err(storage)?;
        match found {
            Some(row) => self.whole(kind, row),
            None => Ok(None),
        }
    }

    /// The objects that an identity means, in any form the kind accepts: for a
    /// user SIP address, UPN, logon, DN or display name (with wildcards).
    pub fn find(&self, noun: &str, typed: &str) -> Result<Vec<Object>, ModelError> {
        let kind = self.kind(noun)?;
        self.find_as(kind, kind, typed)
    }

    /// The same among the objects of another kind: Enable names an account as the view does that
    /// does not show it yet.
    fn find_as(
        &self,
        named: &'static Kind,
        kind: &'static Kind,
        typed: &str,
    ) -> Result<Vec<Object>, ModelError> {
        let open = matches!(
            kind.identity,
            IdentityForm::User | IdentityForm::Directory { .. }
        );
        if !open {
            return Ok(self.get(&kind.noun, typed)?.into_iter().collect());
        }
        let text = typed.trim();
        if let Some(object) = self.object_of(kind, text)? {
            return Ok(vec![object]);
        }
        if let Some(name) = identity::canonical_to_distinguished(text)
            && let Some(object) = self.object_of(kind, &name)?
        {
            return Ok(vec![object]);
        }
        let (unique, indexes) = self.finders(named)?;
        for (space, part) in unique {
            let Some(value) = identity::part(part, text) else {
                continue;
            };
            if let Some(found) = self.holder(space, &fold(&value))?
                && let Some(object) = self.by_id(kind, found.id)?
            {
                return Ok(vec![object]);
            }
        }
        let mut objects = Vec::new();
        for (space, part) in indexes {
            let ids = if has_wildcard(text) {
                self.ids_like(space, text)?
            } else {
                let value = identity::part(part, text).unwrap_or_default();
                let linked = self.linked(space, &fold(&value))?;
                linked.into_iter().map(|found| found.id).collect()
            };
            for id in ids {
                if !objects.iter().any(|known: &Object| known.id == id) {
                    objects.extend(self.by_id(kind, id)?);
                }
            }
        }
        if let IdentityForm::Directory { also } = &kind.identity
            && objects.is_empty()
        {
            objects = self.search(kind, text, also)?;
        }
        if objects.is_empty() {
            for gathered in &kind.gathers {
                let found = self.find(&gathered.noun, text)?;
                objects.extend(found.iter().map(|it| in_gathering(kind, gathered, it)));
            }
        }
        Ok(objects)
    }

    /// The objects of further kinds that show in a kind.
    pub fn gathered(&self, kind: &'static Kind) -> Result<Vec<Object>, ModelError> {
        let mut objects = Vec::new();
        for gathered in &kind.gathers {
            for object in self.list(&gathered.noun)? {
                objects.push(in_gathering(kind, gathered, &object?));
            }
        }
        Ok(objects)
    }

    /// The unique values and the indexes by which objects of a kind are named. A view that says
    /// nothing of its own is named like what it looks at: an Exchange object by everything that is
    /// kept of it, a user of Lync by the forms that its cmdlets take.
    #[expect(clippy::type_complexity, reason = "two lists of the same pairs")]
    fn finders(
        &self,
        kind: &'static Kind,
    ) -> Result<(Vec<(&'static str, Part)>, Vec<(&'static str, Part)>), ModelError> {
        let own = kind.unique.iter().any(|rule| rule.finds)
            || kind.indexes.iter().any(|rule| rule.finds)
            || kind.view.is_none();
        let source = if own {
            kind
        } else {
            self.kind(kind.stored_noun())?
        };
        let takes = |space: &str, finds: bool| {
            if own {
                return finds;
            }
            kind.identity != IdentityForm::User || USER_SPACES.contains(&space)
        };
        let unique = source
            .unique
            .iter()
            .filter(|rule| rule.properties.len() == 1 && takes(&rule.space, rule.finds))
            .map(|rule| (rule.space.as_str(), rule.part));
        let indexes = source
            .indexes
            .iter()
            .filter(|rule| takes(&rule.space, rule.finds))
            .map(|rule| (rule.space.as_str(), rule.part));
        Ok((unique.collect(), indexes.collect()))
    }

    /// The objects that a directory id means, by looking at all of them: name,
    /// DN, GUID and what else the kind is known by; wildcards match the name.
    fn search(
        &self,
        kind: &'static Kind,
        text: &str,
        also: &[String],
    ) -> Result<Vec<Object>, ModelError> {
        if kind.called.is_some() {
            return self.search_contained(kind, text, also);
        }
        let folded = fold(text);
        // `container\name`: what a server or gateway has may be named with it.
        let within = folded.rsplit_once('\\').map(|(_, name)| name);
        let usual = ["Name", "DistinguishedName", "Guid"];
        let canonical = identity::canonical_to_distinguished(text).map(|it| fold(&it));
        let mut objects = Vec::new();
        for object in self.list(&kind.noun)? {
            let object = object?;
            let named = if has_wildcard(text) {
                matches(text, &object.text("Name"))
            } else {
                usual
                    .into_iter()
                    .chain(also.iter().map(String::as_str))
                    .any(|name| {
                        let values = object.texts(name);
                        let mut values = values.iter().map(|it| fold(it));
                        values.any(|it| {
                            it == folded
                                || within == Some(it.as_str())
                                || canonical.as_deref() == Some(it.as_str())
                        })
                    })
            };
            if named {
                objects.push(object);
            }
        }
        Ok(objects)
    }

    /// The objects `<container>\<name>` that an identity means: both parts, the name alone or
    /// the container alone. The name may end before the web site in brackets, have wildcards, and
    /// the container may be an FQDN.
    fn search_contained(
        &self,
        kind: &'static Kind,
        text: &str,
        also: &[String],
    ) -> Result<Vec<Object>, ModelError> {
        let tight = |text: &str| fold(text.trim()).replace(" (", "(");
        let (wanted_in, wanted) = match text.rsplit_once('\\') {
            Some((container, name)) => (Some(fold(container.trim())), tight(name)),
            None => (None, tight(text)),
        };
        let mut objects = Vec::new();
        for object in self.list(&kind.noun)? {
            let object = object?;
            let (container, name) = object.identity.rsplit_once('\\').unwrap_or_default();
            let container = fold(container);
            let name = tight(if name.is_empty() {
                &object.identity
            } else {
                name
            });
            let inside = |wanted: &str| {
                wanted == container
                    || wanted
                        .strip_prefix(container.as_str())
                        .is_some_and(|rest| rest.starts_with('.'))
            };
            let short = name
                .split_once('(')
                .map_or(name.as_str(), |(short, _)| short);
            let further = || also.iter().map(|it| tight(&object.text(it)));
            let named = match has_wildcard(&wanted) {
                true => matches(&wanted, &name) || further().any(|it| matches(&wanted, &it)),
                false => name == wanted || short == wanted || further().any(|it| it == wanted),
            };
            let found = match &wanted_in {
                Some(container) => named && (container.is_empty() || inside(container)),
                None => named || inside(&wanted),
            };
            if found || fold(&object.text("Guid")) == fold(text) {
                objects.push(object);
            }
        }
        let of_servers = kind
            .called
            .as_deref()
            .is_some_and(|it| it.contains("@server"));
        if of_servers && wanted_in.is_none() && objects.len() > 1 && !has_wildcard(&wanted) {
            // A name without a server means what the session's own server has.
            if let Some(local) = self.list("ExchangeServer")?.next() {
                let local = format!("{}\\", fold(&local?.identity));
                let own = |it: &Object| fold(&it.identity).starts_with(&local);
                if objects.iter().any(own) {
                    objects.retain(own);
                }
            }
        }
        Ok(objects)
    }

    /// The one object that an identity means, or the error to show.
    pub fn find_one(&self, noun: &str, typed: &str) -> Result<Object, ModelError> {
        let kind = self.kind(noun)?;
        self.find_one_as(kind, kind, typed)
    }

    /// The same among the objects of another kind.
    pub fn find_one_as(
        &self,
        named: &'static Kind,
        kind: &'static Kind,
        typed: &str,
    ) -> Result<Object, ModelError> {
        let mut found = self.find_as(named, kind, typed)?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (None, _) => {
                let kind = named;
                let shown = match kind.identity {
                    IdentityForm::User | IdentityForm::Directory { .. } => typed.to_owned(),
                    _ => identity::normalise(kind, typed)?,
                };
                Err(not_found(kind, &shown))
            }
            _ => Err(ModelError::Ambiguous {
                identity: typed.to_owned(),
            }),
        }
    }

    /// An object with its collected properties, if it shows in the view.
    fn whole(&self, kind: &'static Kind, row: Raw) -> Result<Option<Object>, ModelError> {
        let mut object = object(kind, row)?;
        self.collect(&mut object)?;
        Ok(Some(object).filter(Object::shows_in_view))
    }

    /// Gives an object the identities of those that name it.
    fn collect(&self, object: &mut Object) -> Result<(), ModelError> {
        let kind = object.kind;
        for property in &kind.properties {
            let Some((noun, _)) = &property.collects else {
                continue;
            };
            if property.parts().is_some() {
                let parts = self.parts_of(object, noun)?;
                let records = parts.iter().map(|part| Datum::Record(part.as_part()));
                let records = Datum::List(records.collect());
                object.collected.push((property.name.clone(), records));
                continue;
            }
            let space = format!("ref:{}", fold(kind.stored_noun()));
            let names = self.names_linked(&space, &fold(&object.identity), noun)?;
            let names = names.into_iter().map(Datum::Text).collect();
            object
                .collected
                .push((property.name.clone(), Datum::List(names)));
        }
        Ok(())
    }

    /// The identities of the objects of one kind that are linked with a value.
    pub(super) fn names_linked(
        &self,
        space: &str,
        value: &str,
        noun: &str,
    ) -> Result<Vec<String>, ModelError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT o.identity FROM links l JOIN objects o ON o.id = l.object
                 WHERE l.space = ?1 AND l.value = ?2 AND l.kind = ?3 ORDER BY l.object",
            )
            .map_err(storage)?;
        let rows = statement
            .query_map(params![space, value, noun], |row| row.get(0))
            .map_err(storage)?;
        rows.collect::<rusqlite::Result<_>>().map_err(storage)
    }

    fn ids_like(&self, space: &str, pattern: &str) -> Result<Vec<i64>, ModelError> {
        let folded = fold(pattern);
        let prefix = folded.split(['*', '?', '[']).next().unwrap_or_default();
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT value, object FROM links WHERE space = ?1 AND value >= ?2 ORDER BY object",
            )
            .map_err(storage)?;
        let mut rows = statement.query(params![space, prefix]).map_err(storage)?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next().map_err(storage)? {
            let value: String = row.get(0).map_err(storage)?;
            if matches(pattern, &value) {
                ids.push(row.get(1).map_err(storage)?);
            }
        }
        Ok(ids)
    }

    /// The objects that carry a value in an index or refer to something by it
    /// (`links` of the declarations), as a kind sees them.
    pub fn by_link(&self, noun: &str, space: &str, value: &str) -> Result<Vec<Object>, ModelError> {
        let kind = self.kind(noun)?;
        let mut objects = Vec::new();
        for found in self.linked(space, &fold(value))? {
            if found.noun == kind.stored_noun() {
                objects.extend(self.by_id(kind, found.id)?);
            }
        }
        Ok(objects)
    }

    /// The object that has a unique value, as a kind sees it.
    pub fn by_key(
        &self,
        noun: &str,
        space: &str,
        value: &str,
    ) -> Result<Option<Object>, ModelError> {
        let kind = self.kind(noun)?;
        match self.holder(space, &fold(value))? {
            Some(found) if found.noun == kind.stored_noun() => self.by_id(kind, found.id),
            _ => Ok(None),
        }
    }

    /// All objects of a kind: global first, then sites, then the rest, each in
    /// the order in which they came. They are read bit by bit.
    pub fn list(&self, noun: &str) -> Result<Listing<'_>, ModelError> {
        Ok(Listing {
            store: self,
            kind: self.kind(noun)?,
            page: Page::default(),
            ready: Vec::new().into_iter(),
            done: false,
        })
    }

    /// The next objects of a list, for callers that keep the place themselves.
    /// An empty answer is the end.
    pub fn page(&self, kind: &'static Kind, page: &mut Page) -> Result<Vec<Object>, ModelError> {
        loop {
            let mut objects = Vec::new();
            if !page.begun {
                page.begun = true;
                page.rank = -1;
                for standing in kind.standing_identities() {
                    let object = self.object_of(kind, standing)?;
                    objects.extend(object.filter(|object| object.id == 0));
                }
            }
            // The rest of the rank first, then the ranks after it: a comparison of both columns at
            // once would make SQLite walk over all that was read before.
            let mut read = 0;
            for sql in [
                "SELECT id, identity, body, rank FROM objects
                 WHERE kind = ?1 AND rank = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
                "SELECT id, identity, body, rank FROM objects
                 WHERE kind = ?1 AND rank > ?2 AND ?3 = ?3 ORDER BY rank, id LIMIT ?4",
            ] {
                let left = PAGE.saturating_sub(read) as i64;
                let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
                let mut rows = statement
                    .query(params![kind.stored_noun(), page.rank, page.id, left])
                    .map_err(storage)?;
                while let Some(row) = rows.next().map_err(storage)? {
                    read += 1;
                    page.rank = row.get(3).map_err(storage)?;
                    page.id = row.get(0).map_err(storage)?;
                    objects.extend(self.whole(kind, raw(row).map_err(storage)?)?);
                }
                if read >= PAGE {
                    break;
                }
            }
            if !objects.is_empty() || read < PAGE {
                return Ok(objects);
            }
        }
    }

    /// How many objects are stored under a noun.
    pub fn count(&self, noun: &str) -> Result<i64, ModelError> {
        let kind = self.kind(noun)?;
        self.connection
            .prepare_cached("SELECT count(*) FROM objects WHERE kind = ?1")
            .and_then(|mut statement| statement.query_row([kind.stored_noun()], |row| row.get(0)))
            .map_err(storage)
    }
}

type Raw = (i64, String, Vec<u8>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn object(kind: &'static Kind, (id, identity, body): Raw) -> Result<Object, ModelError> {
    Ok(Object {
        id,
        kind,
        identity,
        properties: unpack::<Properties>(&body)?,
        collected: Vec::new(),
    })
}

/// A list of objects that is read bit by bit.
pub struct Listing<'s> {
    store: &'s Store,
    kind: &'static Kind,
    page: Page,
    ready: std::vec::IntoIter<Object>,
    done: bool,
}

impl Iterator for Listing<'_> {
    type Item = Result<Object, ModelError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(object) = self.ready.next() {
            return Some(Ok(object));
        }
        if self.done {
            return None;
        }
        match self.store.page(self.kind, &mut self.page) {
            Ok(objects) => {
                self.done = objects.is_empty();
                self.ready = objects.into_iter();
                self.ready.next().map(Ok)
            }
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}

impl State for Store {
    fn holder(&self, space: &str, value: &str) -> Result<Option<Found>, ModelError> {
        self.connection
            .prepare_cached(
                "SELECT o.id, o.kind, o.identity FROM keys k JOIN objects o ON o.id = k.object
                 WHERE k.space = ?1 AND k.value = ?2",
            )
            .and_then(|mut statement| statement.query_row(params![space, value], found).optional())
            .map_err(storage)
    }

    fn linked(&self, space: &str, value: &str) -> Result<Vec<Found>, ModelError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT o.id, o.kind, o.identity FROM links l JOIN objects o ON o.id = l.object
                 WHERE l.space = ?1 AND l.value = ?2 ORDER BY o.id",
            )
            .map_err(storage)?;
        let rows = statement
            .query_map(params![space, value], found)
            .map_err(storage)?;
        rows.collect::<rusqlite::Result<_>>().map_err(storage)
    }

    fn object(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError> {
        self.object_of(self.kind(noun)?, identity)
    }

    fn any(&self, noun: &str, having: Option<&(String, Datum)>) -> Result<bool, ModelError> {
        let Some(kind) = (self.kinds)(noun) else {
            return Ok(false);
        };
        let mut page = Page::default();
        loop {
            let objects = self.page(kind, &mut page)?;
            if objects.is_empty() {
                return Ok(false);
            }
            if objects
                .iter()
                .any(|object| having.is_none_or(|having| object.is(having)))
            {
                return Ok(true);
            }
        }
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        id: row.get(0)?,
        noun: row.get(1)?,
        identity: row.get(2)?,
    })
}

/// An object of a further kind as it shows in the kind that gathers it.
fn in_gathering(kind: &'static Kind, gathered: &Gathered, object: &Object) -> Object {
    let mut shown = Object::new(kind, object.identity.clone());
    for property in kind.properties.iter().filter(|it| !it.is_computed()) {
        if object.kind.property(&property.name).is_some() {
            shown.set(&property.name, object.get(&property.name));
        }
    }
    for (name, value) in &gathered.properties {
        shown.set(name, value.clone());
    }
    shown
}
