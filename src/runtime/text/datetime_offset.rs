//! The relatives of DateTime: DateTimeOffset, DateOnly and TimeOnly.

use super::datetime::{DateTime, DateTimeError, DateTimeKind, MAX_TICKS, UNIX_EPOCH_TICKS};
use super::timespan::{
    TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND,
    TimeSpan,
};

/// A moment with its distance from UTC (System.DateTimeOffset). Comparison and
/// equality look at the UTC moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateTimeOffset {
    clock: i64,
    offset_minutes: i16,
}

impl PartialEq for DateTimeOffset {
    fn eq(&self, other: &DateTimeOffset) -> bool {
        self.utc_ticks() == other.utc_ticks()
    }
}

impl Eq for DateTimeOffset {}

impl PartialOrd for DateTimeOffset {
    fn partial_cmp(&self, other: &DateTimeOffset) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTimeOffset {
    fn cmp(&self, other: &DateTimeOffset) -> std::cmp::Ordering {
        self.utc_ticks().cmp(&other.utc_ticks())
    }
}

impl std::hash::Hash for DateTimeOffset {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.utc_ticks().hash(state);
    }
}

impl DateTimeOffset {
    /// A clock's reading and how far it is ahead of UTC.
    pub fn new(clock_ticks: i64, offset: TimeSpan) -> Result<DateTimeOffset, DateTimeError> {
        if offset.0 % TICKS_PER_MINUTE != 0 {
            return Err(DateTimeError::OffsetPrecision);
        }
        if offset.0.abs() > 14 * TICKS_PER_HOUR {
            return Err(DateTimeError::OffsetRange);
        }
        if !(0..=MAX_TICKS).contains(&clock_ticks) {
            return Err(DateTimeError::BadTicks);
        }
        if !(0..=MAX_TICKS).contains(&(clock_ticks - offset.0)) {
            return Err(DateTimeError::UtcRange);
        }
        Ok(DateTimeOffset {
            clock: clock_ticks,
            offset_minutes: (offset.0 / TICKS_PER_MINUTE) as i16,
        })
    }

    /// `[datetimeoffset]$date`: a local or unspecified reading gets the local offset.
    pub fn from_date_time(value: DateTime) -> DateTimeOffset {
        let offset = value.utc_offset();
        DateTimeOffset::new(value.ticks(), offset).unwrap_or(DateTimeOffset {
            clock: value.ticks(),
            offset_minutes: 0,
        })
    }

    /// The reading of the clock, of no kind.
    pub fn date_time(self) -> DateTime {
        DateTime::new(self.clock, DateTimeKind::Unspecified)
    }

    /// How far the clock is ahead of UTC.
    pub fn offset(self) -> TimeSpan {
        TimeSpan(i64::from(self.offset_minutes) * TICKS_PER_MINUTE)
    }

    /// Ticks of the UTC moment.
    pub fn utc_ticks(self) -> i64 {
        self.clock - self.offset().0
    }

    /// The moment in UTC.
    pub fn utc_date_time(self) -> DateTime {
        DateTime::new(self.utc_ticks(), DateTimeKind::Utc)
    }

    /// The moment on the local clock.
    pub fn local_date_time(self) -> DateTime {
        self.utc_date_time().to_local()
    }

    /// The same moment on another clock.
    pub fn to_offset(self, offset: TimeSpan) -> Result<DateTimeOffset, DateTimeError> {
        DateTimeOffset::new(self.utc_ticks() + offset.0, offset)
    }

    /// A later moment on the same clock.
    pub fn checked_add(self, span: TimeSpan) -> Result<DateTimeOffset, DateTimeError> {
        let clock = self.date_time().checked_add(span)?;
        DateTimeOffset::new(clock.ticks(), self.offset())
    }

    /// Whole seconds since 1970.
    pub fn to_unix_seconds(self) -> i64 {
        (self.utc_ticks() - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_SECOND)
    }

    /// Whole milliseconds since 1970.
    pub fn to_unix_milliseconds(self) -> i64 {
        (self.utc_ticks() - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_MILLISECOND)
    }

    /// `units` of `ticks` each since 1970, in UTC.
    pub fn from_unix(units: i64, ticks: i64) -> Result<DateTimeOffset, DateTimeError> {
        let clock = units
            .checked_mul(ticks)
            .and_then(|span| span.checked_add(UNIX_EPOCH_TICKS))
            .ok_or(DateTimeError::BadTicks)?;
        DateTimeOffset::new(clock, TimeSpan::ZERO)
    }
}

/// A day (System.DateOnly): days since the first of January of the year 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DateOnly(pub i32);

impl DateOnly {
    /// The day of a moment.
    pub fn from_date_time(value: DateTime) -> DateOnly {
        DateOnly((value.ticks() / TICKS_PER_DAY) as i32)
    }

    /// Midnight of the day.
    pub fn to_date_time(self) -> DateTime {
        DateTime::new(i64::from(self.0) * TICKS_PER_DAY, DateTimeKind::Unspecified)
    }
}

/// A time of day (System.TimeOnly): ticks since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeOnly(pub i64);

impl TimeOnly {
    /// The time of a moment.
    pub fn from_date_time(value: DateTime) -> TimeOnly {
        TimeOnly(value.ticks() % TICKS_PER_DAY)
    }

    /// The time on the first day of the calendar.
    pub fn to_date_time(self) -> DateTime {
        DateTime::new(self.0, DateTimeKind::Unspecified)
    }

    /// A later time, around midnight if need be.
    pub fn plus(self, span: TimeSpan) -> TimeOnly {
        TimeOnly((i128::from(self.0) + i128::from(span.0)).rem_euclid(TICKS_PER_DAY.into()) as i64)
    }
}
