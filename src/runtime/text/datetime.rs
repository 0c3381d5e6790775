//! Dates, times and spans in ticks of 100 ns.

/// Whether a time is of UTC, of the local zone, or of no stated zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DateTimeKind {
    /// No zone stated.
    #[default]
    Unspecified,
    /// UTC.
    Utc,
    /// The local zone.
    Local,
}

/// A date and time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateTime {
    ticks: i64,
    kind: DateTimeKind,
}

impl DateTime {
    /// From ticks since 0001-01-01.
    pub fn new(ticks: i64, kind: DateTimeKind) -> DateTime {
        DateTime { ticks, kind }
    }

    /// Ticks since 0001-01-01.
    pub fn ticks(&self) -> i64 {
        self.ticks
    }

    /// Which zone it is of.
    pub fn kind(&self) -> DateTimeKind {
        self.kind
    }
}

/// A length of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TimeSpan(pub i64);

impl TimeSpan {
    /// Ticks of 100 ns.
    pub fn ticks(&self) -> i64 {
        self.0
    }
}
