//! The file: how it is opened, and its tables.

use super::{Store, storage};
use crate::model::deployment;
use crate::model::error::ModelError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Marks the file as ours (`ucsh` in ASCII).
const APPLICATION_ID: i32 = 0x7563_7368;

/// The version of the tables.
const VERSION: i32 = 1;

/// How long a process waits for another one's transaction.
const PATIENCE: Duration = Duration::from_secs(30);

/// Values are postcard. `folded` is the identity in lower case, `rank` its
/// scope level, so that lists come global first. `keys` are the unique values
/// and `links` index entries and references, of whatever kind. Times are
/// milliseconds since 1970: `at` on the deployment's clock, `wall` on the real one.
const TABLES: &str = "
CREATE TABLE objects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    rank INTEGER NOT NULL,
    folded TEXT NOT NULL,
    identity TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX objects_by_identity ON objects (kind, folded);
CREATE INDEX objects_by_kind ON objects (kind, rank, id);
CREATE TABLE keys (
    space TEXT NOT NULL,
    value TEXT NOT NULL,
    object INTEGER NOT NULL,
    PRIMARY KEY (space, value)
) WITHOUT ROWID;
CREATE INDEX keys_by_object ON keys (object);
CREATE TABLE links (
    space TEXT NOT NULL,
    value TEXT NOT NULL,
    kind TEXT NOT NULL,
    object INTEGER NOT NULL,
    PRIMARY KEY (space, value, kind, object)
) WITHOUT ROWID;
CREATE INDEX links_by_object ON links (object);
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    who TEXT NOT NULL,
    line TEXT NOT NULL
);
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    replicated INTEGER NOT NULL,
    action INTEGER NOT NULL,
    object INTEGER NOT NULL,
    kind TEXT NOT NULL,
    identity TEXT NOT NULL,
    before BLOB,
    after BLOB
);
CREATE INDEX changes_to_replicate ON changes (at, sequence) WHERE replicated = 1;
CREATE INDEX changes_of_kind ON changes (kind, sequence) WHERE replicated = 1;
CREATE TABLE replicas (
    fqdn TEXT PRIMARY KEY,
    delay INTEGER,
    stopped INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0,
    since INTEGER NOT NULL DEFAULT 0,
    resend INTEGER
) WITHOUT ROWID;
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
";

/// Whether the file is there and nobody at all can write it.
fn is_on_read_only_disk(path: &Path) -> bool {
    std::fs::File::options()
        .write(true)
        .open(path)
        .is_err_and(|error| error.kind() == std::io::ErrorKind::ReadOnlyFilesystem)
}

/// The name by which SQLite reads a file that does not change: without a lock and a log beside it.
fn unchanging(path: &Path) -> String {
    let mut name = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                name.push(char::from(byte));
            }
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name + "?immutable=1"
}

/// Waits while another process writes, not longer than until Ctrl-C.
fn wait_for_others(times: i32) -> bool {
    const PAUSE: Duration = Duration::from_millis(5);
    let waited = PAUSE.saturating_mul(times.unsigned_abs());
    if waited >= PATIENCE || crate::host::interrupted() {
        return false;
    }
    std::thread::sleep(PAUSE);
    true
}

/// Opens the database, in memory if there is no path.
pub(super) fn connect(path: Option<&Path>) -> Result<Connection, ModelError> {
    let mut connection = match path {
        None => Connection::open_in_memory().map_err(storage)?,
        Some(path) => {
            if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|error| {
                    ModelError::Storage(format!(
                        "the folder \"{}\" cannot be made: {error}",
                        folder.display()
                    ))
                })?;
            }
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let opened = match is_on_read_only_disk(path) {
                true => Connection::open_with_flags(
                    unchanging(path),
                    OpenFlags::SQLITE_OPEN_READ_ONLY
                        | OpenFlags::SQLITE_OPEN_URI
                        | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                ),
                false => Connection::open_with_flags(path, flags),
            };
            opened.map_err(|error| ModelError::Storage(error.to_string()))?
        }
    };
    connection
        .busy_handler(Some(wait_for_others))
        .map_err(storage)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection
        .execute_batch("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;")
        .map_err(storage)?;
    Ok(connection)
}

impl Store {
    /// Makes the tables and loads the deployment if the file is fresh. A second
    /// process that comes at the same time waits and then finds everything done.
    pub(super) fn prepare(&self, deployment: &str) -> Result<(), ModelError> {
        match self.version()? {
            VERSION => return Ok(()),
            0 => {}
            other => {
                return Err(ModelError::Storage(format!(
                    "it was written by another release of the program (version {other}, this one knows {VERSION})"
                )));
            }
        }
        self.write_ahead()?;
        self.atomic(|| {
            self.start_writing()?;
            if self.version()? == VERSION {
                return Ok(());
            }
            self.refuse_foreign_file()?;
            self.connection.execute_batch(TABLES).map_err(storage)?;
            self.note_birth()?;
            self.load(&deployment::read(deployment, self.kinds)?, false)?;
            self.connection
                .execute_batch(&format!(
                    "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
                ))
                .map_err(storage)
        })
    }

    fn version(&self) -> Result<i32, ModelError> {
        self.connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(storage)
    }

    /// Another program's database is not ours to fill.
    fn refuse_foreign_file(&self) -> Result<(), ModelError> {
        let tables: i64 = self
            .connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(storage)?;
        if tables > 0 {
            return Err(ModelError::Storage(
                "the file is a database of another program".into(),
            ));
        }
        Ok(())
    }

    /// Switches to the write-ahead log, for which SQLite does not wait by itself.
    fn write_ahead(&self) -> Result<(), ModelError> {
        let mut attempts = 0;
        loop {
            match self
                .connection
                .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
                .map_err(storage)
            {
                Err(ModelError::Busy) if attempts < 500 => {
                    attempts += 1;
                    std::thread::sleep(Duration::from_millis(10));
                }
                done => return done,
            }
        }
    }
}
