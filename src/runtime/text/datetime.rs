//! DateTime: ticks of 100 ns since the first of January of the year 1, with the
//! calendar of .NET.

pub use super::datetime_offset::{DateOnly, DateTimeOffset, TimeOnly};
use super::local_zone;
pub use super::timespan::TimeSpan;
use super::timespan::{
    TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MICROSECOND, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE,
    TICKS_PER_SECOND,
};

/// What a DateTime's clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(
    missing_docs,
    reason = "the members of System.DateTimeKind, by their names"
)]
pub enum DateTimeKind {
    #[default]
    Unspecified,
    Utc,
    Local,
}

impl DateTimeKind {
    /// The member's name.
    pub fn name(self) -> &'static str {
        match self {
            DateTimeKind::Unspecified => "Unspecified",
            DateTimeKind::Utc => "Utc",
            DateTimeKind::Local => "Local",
        }
    }
}

/// The largest number of ticks: the last moment of the year 9999.
pub const MAX_TICKS: i64 = 3_155_378_975_999_999_999;
/// The first of January 1970.
pub const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;
/// The first of January 1601, where file times begin.
pub const FILE_TIME_EPOCH_TICKS: i64 = 504_911_232_000_000_000;
/// The 30th of December 1899, where OLE automation dates begin.
const OA_EPOCH_TICKS: i64 = 599_264_352_000_000_000;

/// Results that no date has (ArgumentOutOfRangeException).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeError {
    /// A month, day or year that does not exist.
    #[error("Year, Month, and Day parameters describe an un-representable DateTime.")]
    BadDate,
    /// An hour, minute or second that does not exist.
    #[error("Hour, Minute, and Second parameters describe an un-representable DateTime.")]
    BadTime,
    /// Milliseconds beyond 999.
    #[error("Valid values are between 0 and 999, inclusive. (Parameter 'millisecond')")]
    BadMillisecond,
    /// Ticks beyond the calendar.
    #[error(
        "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks. (Parameter 'ticks')"
    )]
    BadTicks,
    /// A sum beyond the calendar.
    #[error(
        "The added or subtracted value results in an un-representable DateTime. (Parameter '{0}')"
    )]
    OutOfRange(&'static str),
    /// More units than can be added.
    #[error("Value to add was out of range. (Parameter 'value')")]
    BadAddend,
    /// More months than can be added.
    #[error("Months value must be between +/-120000. (Parameter 'months')")]
    BadMonths,
    /// An offset with seconds.
    #[error("Offset must be specified in whole minutes. (Parameter 'offset')")]
    OffsetPrecision,
    /// An offset beyond fourteen hours.
    #[error("Offset must be within plus or minus 14 hours. (Parameter 'offset')")]
    OffsetRange,
    /// A UTC moment beyond the calendar.
    #[error(
        "The UTC time represented when the offset is applied must be between year 0 and 10,000. (Parameter 'offset')"
    )]
    UtcRange,
}

/// A moment on a clock (System.DateTime). Comparison and equality look at the
/// ticks only, as in .NET.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateTime {
    ticks: i64,
    kind: DateTimeKind,
}

impl PartialEq for DateTime {
    fn eq(&self, other: &DateTime) -> bool {
        self.ticks == other.ticks
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &DateTime) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &DateTime) -> std::cmp::Ordering {
        self.ticks.cmp(&other.ticks)
    }
}

impl std::hash::Hash for DateTime {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.ticks.hash(state);
    }
}

/// Leap years have 366 days.
pub fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month; `None` for a month or year that does not exist.
pub fn days_in_month(year: i32, month: i32) -> Option<i32> {
    if !(1..=9999).contains(&year) {
        return None;
    }
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => return None,
    })
}

/// Days before the first of January of `year`.
fn days_before_year(year: i32) -> i64 {
    let y = i64::from(year) - 1;
    y * 365 + y / 4 - y / 100 + y / 400
}

const DAYS_BEFORE_MONTH: [i32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

fn days_before_month(year: i32, month: i32) -> i32 {
    let days = DAYS_BEFORE_MONTH
        .get((month - 1).clamp(0, 12) as usize)
        .copied()
        .unwrap_or(0);
    days + i32::from(month > 2 && is_leap_year(year))
}

/// Days since the first of January of the year 1.
fn day_number(year: i32, month: i32, day: i32) -> Option<i64> {
    let last = days_in_month(year, month)?;
    (1..=last)
        .contains(&day)
        .then(|| days_before_year(year) + i64::from(days_before_month(year, month) + day - 1))
}

/// Year, month, day of a day number.
fn civil(days: i64) -> (i32, i32, i32) {
    // Counted from the first of March, so that the leap day ends a year.
    let shifted = days + 306;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year as i32, month as i32, day as i32)
}

impl DateTime {
    /// The first moment of the calendar.
    pub const MIN: DateTime = DateTime {
        ticks: 0,
        kind: DateTimeKind::Unspecified,
    };
    /// The last moment of the calendar.
    pub const MAX: DateTime = DateTime {
        ticks: MAX_TICKS,
        kind: DateTimeKind::Unspecified,
    };

    /// `[datetime]::new(ticks, kind)`, refusing what is outside the calendar.
    pub fn from_ticks(ticks: i64, kind: DateTimeKind) -> Result<DateTime, DateTimeError> {
        if (0..=MAX_TICKS).contains(&ticks) {
            Ok(DateTime { ticks, kind })
        } else {
            Err(DateTimeError::BadTicks)
        }
    }

    /// The nearest moment of the calendar.
    pub fn new(ticks: i64, kind: DateTimeKind) -> DateTime {
        DateTime {
            ticks: ticks.clamp(0, MAX_TICKS),
            kind,
        }
    }

    /// Midnight of a day.
    pub fn from_ymd(year: i32, month: i32, day: i32) -> Result<DateTime, DateTimeError> {
        let days = day_number(year, month, day).ok_or(DateTimeError::BadDate)?;
        Ok(DateTime {
            ticks: days * TICKS_PER_DAY,
            kind: DateTimeKind::Unspecified,
        })
    }

    /// A moment to the second.
    pub fn from_parts(
        (year, month, day): (i32, i32, i32),
        (hour, minute, second): (i32, i32, i32),
        kind: DateTimeKind,
    ) -> Result<DateTime, DateTimeError> {
        let date = DateTime::from_ymd(year, month, day)?;
        let time = time_ticks(hour, minute, second).ok_or(DateTimeError::BadTime)?;
        Ok(DateTime {
            ticks: date.ticks + time,
            kind,
        })
    }

    /// The same with milliseconds and microseconds added.
    pub fn with_fraction(
        self,
        milliseconds: i32,
        microseconds: i32,
    ) -> Result<DateTime, DateTimeError> {
        if !(0..1000).contains(&milliseconds) || !(0..1000).contains(&microseconds) {
            return Err(DateTimeError::BadMillisecond);
        }
        let fraction = i64::from(milliseconds) * TICKS_PER_MILLISECOND
            + i64::from(microseconds) * TICKS_PER_MICROSECOND;
        DateTime::from_ticks(self.ticks + fraction, self.kind)
    }

    /// A clock's reading as UTC.
    pub fn from_system_time(time: std::time::SystemTime) -> DateTime {
        let ticks = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos() / 100).unwrap_or(i64::MAX / 2),
            Err(before) => {
                -i64::try_from(before.duration().as_nanos() / 100).unwrap_or(i64::MAX / 2)
            }
        };
        DateTime::new(UNIX_EPOCH_TICKS.saturating_add(ticks), DateTimeKind::Utc)
    }

    /// The moment for file systems; before 1970 goes backwards.
    pub fn to_system_time(self) -> Option<std::time::SystemTime> {
        let ticks = self.to_universal().ticks - UNIX_EPOCH_TICKS;
        let span = |ticks: u64| {
            std::time::Duration::new(ticks / 10_000_000, (ticks % 10_000_000 * 100) as u32)
        };
        if ticks >= 0 {
            std::time::UNIX_EPOCH.checked_add(span(ticks as u64))
        } else {
            std::time::UNIX_EPOCH.checked_sub(span(ticks.unsigned_abs()))
        }
    }

    /// Ticks since the first moment.
    pub fn ticks(self) -> i64 {
        self.ticks
    }

    /// Whose clock this is.
    pub fn kind(self) -> DateTimeKind {
        self.kind
    }

    /// The same reading called another clock's.
    pub fn with_kind(self, kind: DateTimeKind) -> DateTime {
        DateTime { kind, ..self }
    }

    /// Year, month and day.
    pub fn ymd(self) -> (i32, i32, i32) {
        civil(self.ticks / TICKS_PER_DAY)
    }

    /// 1 to 9999.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// 1 to 12.
    pub fn month(self) -> i32 {
        self.ymd().1
    }

    /// 1 to 31.
    pub fn day(self) -> i32 {
        self.ymd().2
    }

    /// 0 to 23.
    pub fn hour(self) -> i32 {
        (self.ticks / TICKS_PER_HOUR % 24) as i32
    }

    /// 0 to 59.
    pub fn minute(self) -> i32 {
        (self.ticks / TICKS_PER_MINUTE % 60) as i32
    }

    /// 0 to 59.
    pub fn second(self) -> i32 {
        (self.ticks / TICKS_PER_SECOND % 60) as i32
    }

    /// 0 to 999.
    pub fn millisecond(self) -> i32 {
        (self.ticks / TICKS_PER_MILLISECOND % 1000) as i32
    }

    /// 0 to 999.
    pub fn microsecond(self) -> i32 {
        (self.ticks / TICKS_PER_MICROSECOND % 1000) as i32
    }

    /// 0 to 900.
    pub fn nanosecond(self) -> i32 {
        (self.ticks % TICKS_PER_MICROSECOND * 100) as i32
    }

    /// Ticks within the second.
    pub fn second_fraction(self) -> i64 {
        self.ticks % TICKS_PER_SECOND
    }

    /// 0 is Sunday.
    pub fn day_of_week(self) -> usize {
        ((self.ticks / TICKS_PER_DAY + 1) % 7) as usize
    }

    /// 1 to 366.
    pub fn day_of_year(self) -> i32 {
        let (year, month, day) = self.ymd();
        days_before_month(year, month) + day
    }

    /// Year and week as ISO 8601 counts them.
    pub fn iso_week(self) -> (i32, i32) {
        let (year, _, _) = self.ymd();
        let weekday = (self.day_of_week() as i32 + 6) % 7;
        let week = (self.day_of_year() - 1 - weekday + 10) / 7;
        if week < 1 {
            return (year - 1, iso_weeks(year - 1));
        }
        if week > iso_weeks(year) {
            return (year + 1, 1);
        }
        (year, week)
    }

    /// `Calendar.GetWeekOfYear`: `rule` 0 counts from the first day, 1 from the
    /// first full week, 2 from the first week with four days.
    pub fn week_of_year(self, rule: u8, first_day_of_week: u8) -> i32 {
        let first = i32::from(first_day_of_week);
        let day_index = self.day_of_year() - 1;
        let new_year = (self.day_of_week() as i32 - day_index % 7 + 7) % 7;
        if rule == 0 {
            return (day_index + (new_year - first + 7) % 7) / 7 + 1;
        }
        let needed = if rule == 1 { 7 } else { 4 };
        let mut offset = (first - new_year + 7) % 7;
        if offset != 0 && offset >= needed {
            offset -= 7;
        }
        let day = day_index - offset;
        if day >= 0 {
            // The last days may belong to the next year's first week; .NET keeps
            // counting in the old one.
            return day / 7 + 1;
        }
        let last_year = self.ticks - i64::from(day_index + 1) * TICKS_PER_DAY;
        if last_year < 0 {
            return 1;
        }
        DateTime::new(last_year, self.kind).week_of_year(rule, first_day_of_week)
    }

    /// Midnight of the same day.
    pub fn date(self) -> DateTime {
        DateTime {
            ticks: self.ticks - self.ticks % TICKS_PER_DAY,
            kind: self.kind,
        }
    }

    /// Time since midnight.
    pub fn time_of_day(self) -> TimeSpan {
        TimeSpan(self.ticks % TICKS_PER_DAY)
    }

    fn moved(self, ticks: Option<i64>, name: &'static str) -> Result<DateTime, DateTimeError> {
        ticks
            .filter(|ticks| (0..=MAX_TICKS).contains(ticks))
            .map(|ticks| DateTime { ticks, ..self })
            .ok_or(DateTimeError::OutOfRange(name))
    }

    /// A later moment.
    pub fn checked_add(self, span: TimeSpan) -> Result<DateTime, DateTimeError> {
        self.moved(self.ticks.checked_add(span.0), "value")
    }

    /// An earlier moment.
    pub fn subtract(self, span: TimeSpan) -> Result<DateTime, DateTimeError> {
        self.moved(self.ticks.checked_sub(span.0), "value")
    }

    /// The time from `other` to this moment.
    pub fn since(self, other: DateTime) -> TimeSpan {
        TimeSpan(self.ticks - other.ticks)
    }

    /// `AddDays` and its relatives: `value` units of `unit` ticks each.
    pub fn add_units(self, value: f64, unit: i64) -> Result<DateTime, DateTimeError> {
        let most = (MAX_TICKS / unit) as f64;
        if value.is_nan() || value.abs() > most {
            return Err(DateTimeError::BadAddend);
        }
        let whole = value.trunc();
        let ticks = (whole as i64)
            .checked_mul(unit)
            .and_then(|ticks| ticks.checked_add(((value - whole) * unit as f64) as i64))
            .and_then(|ticks| self.ticks.checked_add(ticks));
        self.moved(ticks, "value")
    }

    /// A later month; the day gives way to a shorter month.
    pub fn add_months(self, months: i32) -> Result<DateTime, DateTimeError> {
        if !(-120_000..=120_000).contains(&months) {
            return Err(DateTimeError::BadMonths);
        }
        let (year, month, day) = self.ymd();
        let total = year * 12 + month - 1 + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
        let last = days_in_month(year, month).ok_or(DateTimeError::OutOfRange("months"))?;
        let days =
            day_number(year, month, day.min(last)).ok_or(DateTimeError::OutOfRange("months"))?;
        Ok(DateTime {
            ticks: days * TICKS_PER_DAY + self.ticks % TICKS_PER_DAY,
            ..self
        })
    }

    /// A later year; the 29th of February gives way to the 28th.
    pub fn add_years(self, years: i32) -> Result<DateTime, DateTimeError> {
        if !(-10_000..=10_000).contains(&years) {
            return Err(DateTimeError::OutOfRange("years"));
        }
        self.add_months(years * 12)
            .map_err(|_| DateTimeError::OutOfRange("value"))
    }

    /// How far this clock is ahead of UTC.
    pub fn utc_offset(self) -> TimeSpan {
        match self.kind {
            DateTimeKind::Utc => TimeSpan::ZERO,
            _ => local_zone::offset_of_local(self.ticks),
        }
    }

    /// The moment on the local clock; an unspecified one is taken as UTC.
    pub fn to_local(self) -> DateTime {
        match self.kind {
            DateTimeKind::Local => self,
            _ => {
                let offset = local_zone::offset_of_utc(self.ticks);
                DateTime::new(self.ticks + offset.0, DateTimeKind::Local)
            }
        }
    }

    /// The moment in UTC; an unspecified one is taken as local.
    pub fn to_universal(self) -> DateTime {
        match self.kind {
            DateTimeKind::Utc => self,
            _ => DateTime::new(self.ticks - self.utc_offset().0, DateTimeKind::Utc),
        }
    }

    /// `ToFileTimeUtc`: ticks since 1601, the reading taken as it is unless local.
    pub fn to_file_time_utc(self) -> i64 {
        let universal = match self.kind {
            DateTimeKind::Local => self.to_universal(),
            _ => self,
        };
        universal.ticks - FILE_TIME_EPOCH_TICKS
    }

    /// Days since the 30th of December 1899 with a fraction.
    pub fn to_oa_date(self) -> f64 {
        if self.ticks == 0 {
            return 0.0;
        }
        // Before the epoch the fraction still counts forwards within the day.
        let mut milliseconds = (self.ticks - OA_EPOCH_TICKS) / TICKS_PER_MILLISECOND;
        if milliseconds < 0 {
            let day = 86_400_000;
            let fraction = milliseconds % day;
            if fraction != 0 {
                milliseconds -= (day + fraction) * 2;
            }
        }
        milliseconds as f64 / 86_400_000.0
    }

    /// The reverse of [`DateTime::to_oa_date`]; `None` outside the years 100 to 9999.
    pub fn from_oa_date(value: f64) -> Option<DateTime> {
        if value.is_nan() || value >= 2_958_466.0 || value <= -657_435.0 {
            return None;
        }
        let mut milliseconds =
            (value * 86_400_000.0 + if value >= 0.0 { 0.5 } else { -0.5 }) as i64;
        if milliseconds < 0 {
            milliseconds -= milliseconds % 86_400_000 * 2;
        }
        let ticks = OA_EPOCH_TICKS + milliseconds * TICKS_PER_MILLISECOND;
        DateTime::from_ticks(ticks, DateTimeKind::Unspecified).ok()
    }

    /// `ToBinary`: the kind in the two highest bits; local readings as UTC.
    pub fn to_binary(self) -> i64 {
        match self.kind {
            DateTimeKind::Unspecified => self.ticks,
            DateTimeKind::Utc => self.ticks | (1 << 62),
            DateTimeKind::Local => {
                let ticks = self.ticks - self.utc_offset().0;
                (ticks & 0x3FFF_FFFF_FFFF_FFFF) | i64::MIN
            }
        }
    }
}

fn iso_weeks(year: i32) -> i32 {
    // A year has 53 weeks when its first or last day is a Thursday.
    let last_weekday = |y: i32| (days_before_year(y + 1) % 7 + 7) % 7;
    if last_weekday(year) == 4 || last_weekday(year - 1) == 3 {
        53
    } else {
        52
    }
}

fn time_ticks(hour: i32, minute: i32, second: i32) -> Option<i64> {
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    fits.then(|| {
        i64::from(hour) * TICKS_PER_HOUR
            + i64::from(minute) * TICKS_PER_MINUTE
            + i64::from(second) * TICKS_PER_SECOND
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: i32, day: i32) -> DateTime {
        DateTime::from_ymd(year, month, day).unwrap()
    }

    #[test]
    fn calendar() {
        let moment = DateTime::from_parts((2024, 7, 4), (15, 6, 7), DateTimeKind::Utc)
            .unwrap()
            .with_fraction(89, 0)
            .unwrap();
        assert_eq!(moment.ticks(), 638_557_023_670_890_000);
        assert_eq!(moment.ymd(), (2024, 7, 4));
        assert_eq!(
            (moment.hour(), moment.minute(), moment.second()),
            (15, 6, 7)
        );
        assert_eq!((moment.day_of_week(), moment.day_of_year()), (4, 186));
        assert_eq!(DateTime::MIN.ymd(), (1, 1, 1));
        assert_eq!(DateTime::MAX.ymd(), (9999, 12, 31));
        assert_eq!(DateTime::MIN.day_of_week(), 1);
        for days in [
            0, 58, 59, 60, 364, 365, 366, 1460, 36_524, 146_096, 146_097, 700_000, 3_652_058,
        ] {
            let (year, month, day) = civil(days);
            assert_eq!(day_number(year, month, day), Some(days));
        }
        assert!(DateTime::from_ymd(2023, 2, 29).is_err());
        assert!(DateTime::from_parts((2023, 1, 1), (24, 0, 0), DateTimeKind::Utc).is_err());
    }

    #[test]
    fn arithmetic() {
        assert_eq!(date(2024, 1, 31).add_months(1), Ok(date(2024, 2, 29)));
        assert_eq!(date(2024, 2, 29).add_years(1), Ok(date(2025, 2, 28)));
        assert_eq!(date(2024, 3, 1).add_months(-13), Ok(date(2023, 2, 1)));
        assert_eq!(
            date(2024, 2, 28).add_units(2.0, TICKS_PER_DAY),
            Ok(date(2024, 3, 1))
        );
        assert_eq!(
            DateTime::MAX
                .add_units(1.0, TICKS_PER_DAY)
                .unwrap_err()
                .to_string(),
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')"
        );
        assert_eq!(date(2024, 3, 1).since(date(2024, 2, 28)).days(), 2);
    }

    #[test]
    fn weeks() {
        assert_eq!(date(2021, 1, 3).iso_week(), (2020, 53));
        assert_eq!(date(2024, 3, 5).iso_week(), (2024, 10));
        assert_eq!(date(2024, 12, 30).iso_week(), (2025, 1));
        assert_eq!(date(2026, 12, 31).iso_week(), (2026, 53));
        assert_eq!(date(2023, 1, 1).iso_week(), (2022, 52));
        assert_eq!(date(2024, 3, 5).week_of_year(0, 0), 10);
        assert_eq!(date(2023, 1, 1).week_of_year(2, 1), 52);
        assert_eq!(date(2023, 1, 1).week_of_year(0, 1), 1);
        assert_eq!(date(2024, 12, 31).week_of_year(2, 1), 53);
    }

    #[test]
    fn offsets() {
        let noon =
            DateTimeOffset::new(date(2024, 5, 6).ticks(), TimeSpan(2 * TICKS_PER_HOUR)).unwrap();
        assert_eq!(noon.utc_date_time().day(), 5);
        assert_eq!(
            DateTimeOffset::from_unix(0, TICKS_PER_SECOND)
                .unwrap()
                .utc_ticks(),
            UNIX_EPOCH_TICKS
        );
        assert!(DateTimeOffset::new(0, TimeSpan(TICKS_PER_HOUR)).is_err());
        assert_eq!(date(2024, 1, 1).to_oa_date(), 45292.0);
        assert_eq!(DateTime::from_oa_date(45292.5).unwrap().hour(), 12);
        assert_eq!(
            TimeOnly(0)
                .plus(TimeSpan(-TICKS_PER_HOUR))
                .to_date_time()
                .hour(),
            23
        );
    }
}
