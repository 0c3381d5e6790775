//! Where the deployment lives: one SQLite file with the current objects, the
//! log of all changes, the replicas and the clock.
//!
//! - [`Store::open`] makes the file and fills it on first use.
//! - Read with [`Store::get`], [`Store::find`], [`Store::list`]; change with
//!   [`Store::create`], [`Store::update`], [`Store::remove`]. Each change is
//!   checked against the declarations, and state and log change together.
//! - [`Store::begin`] and [`Store::commit`] join many changes into one
//!   transaction; they nest.
//! - [`Store::at`] shows the Central Management data as of a position in the
//!   log, which is how replicas see it ([`replication`]).

mod body;
pub mod clock;
pub mod export;
mod initial;
pub mod log;
mod order;
mod parts;
#[cfg(test)]
mod random_tests;
mod read;
pub mod replication;
mod schema;
#[cfg(test)]
mod tests;
mod transaction;
pub mod view;
mod write;

pub use parts::part_name;
pub use read::{Listing, Page};
pub use write::Removed;

use crate::model::constraint::Kinds;
use crate::model::error::ModelError;
use crate::model::kind::Kind;
use rusqlite::Connection;
use std::cell::{Cell, RefCell};
use std::path::Path;

/// The deployment of a fresh store.
pub const EXAMPLE_DEPLOYMENT: &str = include_str!("../../examples/contoso.ron");

/// Who changes something, and by which line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The account.
    pub who: String,
    /// The cmdlet line as it was given.
    pub line: String,
}

/// An open store. It belongs to one thread; several processes may have the same file open.
pub struct Store {
    connection: Connection,
    kinds: Kinds,
    levels: Cell<u32>,
    writing: Cell<bool>,
    origin: RefCell<Origin>,
    origin_row: Cell<Option<i64>>,
    revision: Cell<u64>,
    broken: Cell<bool>,
    clock: Cell<Option<clock::Clock>>,
}

impl Store {
    /// Opens the store in a file; a fresh one gets the example deployment.
    pub fn open(path: &Path, kinds: Kinds) -> Result<Store, ModelError> {
        Store::open_with(Some(path), kinds, EXAMPLE_DEPLOYMENT)
    }

    /// A store that lives as long as the value, with the example deployment.
    pub fn memory(kinds: Kinds) -> Result<Store, ModelError> {
        Store::open_with(None, kinds, EXAMPLE_DEPLOYMENT)
    }

    /// Opens a store (in memory if there is no path); a fresh one gets the
    /// deployment of this RON text.
    pub fn open_with(
        path: Option<&Path>,
        kinds: Kinds,
        deployment: &str,
    ) -> Result<Store, ModelError> {
        let connection = schema::connect(path)?;
        let store = Store {
            connection,
            kinds,
            levels: Cell::new(0),
            writing: Cell::new(false),
            origin: RefCell::default(),
            origin_row: Cell::new(None),
            revision: Cell::new(0),
            broken: Cell::new(false),
            clock: Cell::new(None),
        };
        store.prepare(deployment)?;
        Ok(store)
    }

    /// The file, if there is one.
    pub fn path(&self) -> Option<&str> {
        self.connection.path().filter(|path| !path.is_empty())
    }

    /// Says who makes the changes from now on, and by which line.
    pub fn set_origin(&self, origin: Origin) {
        if *self.origin.borrow() != origin {
            self.origin.replace(origin);
            self.origin_row.set(None);
        }
    }

    /// Finds the declaration of a noun.
    pub fn kind(&self, noun: &str) -> Result<&'static Kind, ModelError> {
        (self.kinds)(noun).ok_or_else(|| ModelError::UnknownKind {
            noun: noun.to_owned(),
        })
    }

    /// The function that finds declarations.
    pub fn kinds(&self) -> Kinds {
        self.kinds
    }
}

/// What is said of a file that does not hold what was once written.
fn damaged(error: &dyn std::fmt::Display) -> String {
    format!("its file is damaged or no store ({error})")
}

/// SQLite's error as ours.
fn storage(error: rusqlite::Error) -> ModelError {
    use rusqlite::ErrorCode;
    ModelError::Storage(match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => return ModelError::Busy,
        Some(ErrorCode::DiskFull) => "there is no space left on its disk".into(),
        Some(ErrorCode::ReadOnly) => "it may only be read".into(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(&error),
        None => damaged(&error),
        _ => error.to_string(),
    })
}
