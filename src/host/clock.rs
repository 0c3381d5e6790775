//! The time: the machine's, or a virtual one that only moves when told to.

use jiff::{SignedDuration, Timestamp};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// A source of time.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    /// The time of a virtual clock and how far it has moved; none means the
    /// machine's clock.
    virtual_time: Option<Cell<(Timestamp, Duration)>>,
}

impl Clock {
    /// The machine's clock: sleeping takes time.
    pub fn real() -> Clock {
        Clock {
            start: Instant::now(),
            virtual_time: None,
        }
    }

    /// A clock that stands still until something sleeps on it.
    pub fn starting_at(time: Timestamp) -> Clock {
        Clock {
            start: Instant::now(),
            virtual_time: Some(Cell::new((time, Duration::ZERO))),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        match &self.virtual_time {
            Some(cell) => cell.get().0,
            None => Timestamp::now(),
        }
    }

    /// Whether it only moves when something sleeps on it.
    pub fn is_virtual(&self) -> bool {
        self.virtual_time.is_some()
    }

    /// How long the clock has run.
    pub fn elapsed(&self) -> Duration {
        match &self.virtual_time {
            Some(cell) => cell.get().1,
            None => self.start.elapsed(),
        }
    }

    /// Waits, or moves the virtual time on.
    pub fn sleep(&self, time: Duration) {
        let Some(cell) = &self.virtual_time else {
            return std::thread::sleep(time);
        };
        let (now, moved) = cell.get();
        let step = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        // At the end of time the clock stands still.
        let later = now.checked_add(step).unwrap_or(Timestamp::MAX);
        cell.set((later, moved.saturating_add(time)));
    }
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
