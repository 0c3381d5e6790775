//! The time: the machine's, or a virtual one that only moves when told to.

use jiff::{SignedDuration, Timestamp};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The time of work that runs beside a script: it passes when the work sleeps, and nobody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// How far it is ahead of the script's time.
    pub ahead: Duration,
    /// How far it may get.
    pub limit: Duration,
}

/// A source of time.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    aside: Cell<Option<Aside>>,
    /// The time of a virtual clock and how far it has moved; none means the
    /// machine's clock.
    virtual_time: Option<Cell<(Timestamp, Duration)>>,
}

impl Clock {
    /// The machine's clock: sleeping takes time.
    pub fn real() -> Clock {
        Clock {
            start: Instant::now(),
            aside: Cell::new(None),
            virtual_time: None,
        }
    }

    /// A clock that stands still until something sleeps on it.
    pub fn starting_at(time: Timestamp) -> Clock {
        Clock {
            start: Instant::now(),
            aside: Cell::new(None),
            virtual_time: Some(Cell::new((time, Duration::ZERO))),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        let now = match &self.virtual_time {
            Some(cell) => cell.get().0,
            None => Timestamp::now(),
        };
        match self.aside.get() {
            Some(aside) => later(now, aside.ahead),
            None => now,
        }
    }

    /// The time of what runs beside the script, while it runs.
    pub fn aside(&self) -> Option<Aside> {
        self.aside.get()
    }

    /// Begins, changes or ends the time of what runs beside the script.
    pub fn set_aside(&self, aside: Option<Aside>) {
        self.aside.set(aside);
    }

    /// Whether it only moves when something sleeps on it.
    pub fn is_virtual(&self) -> bool {
        self.virtual_time.is_some() || self.aside.get().is_some()
    }

    /// How long the clock has run.
    pub fn elapsed(&self) -> Duration {
        let own = match &self.virtual_time {
            Some(cell) => cell.get().1,
            None => self.start.elapsed(),
        };
        let ahead = self.aside.get().map(|aside| aside.ahead);
        own.saturating_add(ahead.unwrap_or_default())
    }

    /// Waits, or moves the virtual time on.
    pub fn sleep(&self, time: Duration) {
        if let Some(aside) = self.aside.get() {
            let ahead = aside.ahead.saturating_add(time);
            return self.aside.set(Some(Aside { ahead, ..aside }));
        }
        let Some(cell) = &self.virtual_time else {
            return std::thread::sleep(time);
        };
        let (now, moved) = cell.get();
        cell.set((later(now, time), moved.saturating_add(time)));
    }
}

/// A later time; at the end of time the clock stands still.
fn later(now: Timestamp, time: Duration) -> Timestamp {
    let step = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    now.checked_add(step).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_moves_by_sleeping_only() {
        let noon: Timestamp = "2013-06-01T12:00:00Z".parse().expect("a time");
        let clock = Clock::starting_at(noon);
        assert_eq!(clock.now(), noon);
        clock.sleep(Duration::from_secs(3600));
        assert_eq!(clock.now().to_string(), "2013-06-01T13:00:00Z");
        assert_eq!(clock.elapsed(), Duration::from_secs(3600));
        clock.sleep(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
