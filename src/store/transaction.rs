//! Transactions that nest and that take the file's lock only when something is
//! written.

use super::{Store, storage};
use crate::model::error::ModelError;

fn taken_back() -> ModelError {
    ModelError::Storage(
        "a change could not be written; the others made with it are taken back".into(),
    )
}

impl Store {
    /// Opens a level: changes until the matching [`Store::commit`] or
    /// [`Store::rollback`] stand or fall together.
    pub fn begin(&self) -> Result<(), ModelError> {
        let level = self.levels.get() + 1;
        if self.writing.get() {
            self.run(&format!("SAVEPOINT level{level}"))?;
        }
        self.levels.set(level);
        Ok(())
    }

    /// Closes a level and keeps its changes. When the outermost level closes
    /// they are on disk.
    pub fn commit(&self) -> Result<(), ModelError> {
        let level = self.levels.get();
        if level == 0 {
            return Ok(());
        }
        if self.writing.get() {
            if level == 1 && self.broken.get() {
                self.rollback()?;
                return Err(taken_back());
            }
            if level > 1 && self.connection.is_autocommit() {
                self.levels.set(level - 1);
                return Err(taken_back());
            }
            if level == 1 {
                if let Err(error) = self.run("COMMIT") {
                    self.rollback()?;
                    return Err(error);
                }
                self.writing.set(false);
                self.clock.set(None);
            } else {
                self.run(&format!("RELEASE level{level}"))?;
            }
        }
        self.levels.set(level - 1);
        Ok(())
    }

    /// Closes a level and takes its changes back.
    pub fn rollback(&self) -> Result<(), ModelError> {
        let level = self.levels.get();
        if level == 0 {
            return Ok(());
        }
        self.levels.set(level - 1);
        self.origin_row.set(None);
        if !self.writing.get() {
            return Ok(());
        }
        self.unsettle();
        if self.connection.is_autocommit() {
            // A full disk or a failing one has taken everything back already, also what the
            // levels around this one changed.
            self.broken.set(true);
            self.writing.set(level > 1);
            return Ok(());
        }
        if level == 1 {
            self.writing.set(false);
            self.run("ROLLBACK")
        } else {
            self.run(&format!("ROLLBACK TO level{level}"))?;
            self.run(&format!("RELEASE level{level}"))
        }
    }

    /// Runs a piece of work in a level of its own: kept if it succeeds, taken
    /// back if it fails.
    pub fn atomic<T>(&self, work: impl FnOnce() -> Result<T, ModelError>) -> Result<T, ModelError> {
        self.begin()?;
        match work() {
            Ok(value) => {
                self.commit()?;
                Ok(value)
            }
            Err(error) => {
                self.rollback()?;
                Err(error)
            }
        }
    }

    /// Takes the file's write lock, if the open levels do not have it yet. What is
    /// read after that nobody else changes before the transaction ends.
    pub(super) fn start_writing(&self) -> Result<(), ModelError> {
        if self.writing.get() {
            return match self.connection.is_autocommit() {
                true => Err(taken_back()),
                false => Ok(()),
            };
        }
        self.run("BEGIN IMMEDIATE")?;
        self.writing.set(true);
        self.broken.set(false);
        self.unsettle();
        for level in 2..=self.levels.get() {
            self.run(&format!("SAVEPOINT level{level}"))?;
        }
        Ok(())
    }

    /// A number that changes with the replicated data, while this process holds the file's lock:
    /// as long as the number is the same, what was read from that data still holds.
    pub fn steady(&self) -> Option<u64> {
        self.writing.get().then(|| self.revision.get())
    }

    /// What was read before need not hold any more.
    pub(super) fn unsettle(&self) {
        self.revision.set(self.revision.get().wrapping_add(1));
        self.clock.set(None);
    }

    fn run(&self, sql: &str) -> Result<(), ModelError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map(|_| ())
            .map_err(storage)
    }
}
