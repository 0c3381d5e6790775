//! The deployment's clock: the real one with an offset, or a virtual one that
//! only moves when somebody sleeps.

use super::{Store, storage};
use crate::model::deployment::UNIX_EPOCH_TICKS;
use crate::model::error::ModelError;
use rusqlite::{OptionalExtension, params};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Ticks of a day.
pub const TICKS_PER_DAY: i64 = 864_000_000_000;

/// How the deployment's time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// With the real time, so many milliseconds ahead of it.
    Real {
        /// Milliseconds ahead.
        offset: i64,
    },
    /// It stands still at a moment (milliseconds since 1970) until it is moved.
    Virtual {
        /// The moment.
        at: i64,
    },
}

impl Clock {
    fn text(self) -> String {
        match self {
            Clock::Real { offset } => format!("real {offset}"),
            Clock::Virtual { at } => format!("virtual {at}"),
        }
    }

    fn parse(text: &str) -> Clock {
        match text
            .split_once(' ')
            .map(|(mode, number)| (mode, number.parse()))
        {
            Some(("virtual", Ok(at))) => Clock::Virtual { at },
            Some(("real", Ok(offset))) => Clock::Real { offset },
            _ => Clock::Real { offset: 0 },
        }
    }
}

impl Store {
    /// How the clock goes now.
    pub fn clock(&self) -> Result<Clock, ModelError> {
        if let Some(known) = self.clock.get() {
            return Ok(known);
        }
        let clock = Clock::parse(&self.setting("clock")?.unwrap_or_default());
        // Only who holds the file's lock can be sure that nobody else sets the clock.
        if self.writing.get() {
            self.clock.set(Some(clock));
        }
        Ok(clock)
    }

    /// Sets how the clock goes.
    pub fn set_clock(&self, clock: Clock) -> Result<(), ModelError> {
        self.set_setting("clock", &clock.text())
    }

    /// The deployment's time, in milliseconds since 1970 (UTC).
    pub fn now(&self) -> Result<i64, ModelError> {
        Ok(match self.clock()? {
            Clock::Real { offset } => wall().saturating_add(offset),
            Clock::Virtual { at } => at,
        })
    }

    /// Lets time pass on a virtual clock; false if the clock is real and the
    /// caller has to wait.
    pub fn sleep(&self, time: Duration) -> Result<bool, ModelError> {
        let Clock::Virtual { .. } = self.clock()? else {
            return Ok(false);
        };
        self.atomic(|| {
            self.start_writing()?;
            if let Clock::Virtual { at } = self.clock()? {
                let passed = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
                let at = at.saturating_add(passed);
                self.set_clock(Clock::Virtual { at })?;
            }
            Ok(true)
        })
    }

    /// A value kept beside the deployment.
    pub fn setting(&self, name: &str) -> Result<Option<String>, ModelError> {
        self.connection
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")
            .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
            .map_err(storage)
    }

    /// Keeps a value beside the deployment.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), ModelError> {
        self.clock.set(None);
        self.atomic(|| {
            self.start_writing()?;
            self.connection
                .prepare_cached("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute(params![name, value]))
                .map(|_| ())
                .map_err(storage)
        })
    }
}

/// The real time in milliseconds since 1970.
pub(super) fn wall() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| {
            i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
        })
}

/// .NET ticks of a time in milliseconds since 1970.
pub fn ticks(milliseconds: i64) -> i64 {
    UNIX_EPOCH_TICKS.saturating_add(milliseconds.saturating_mul(10_000))
}
