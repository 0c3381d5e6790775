//! TimeSpan: a length of time in ticks of 100 ns, its text and its reading.

use super::culture::Culture;
use super::number_format::FormatError;

/// Ticks in the units of time.
pub const TICKS_PER_MICROSECOND: i64 = 10;
/// Ticks in a millisecond.
pub const TICKS_PER_MILLISECOND: i64 = 10_000;
/// Ticks in a second.
pub const TICKS_PER_SECOND: i64 = 10_000_000;
/// Ticks in a minute.
pub const TICKS_PER_MINUTE: i64 = 60 * TICKS_PER_SECOND;
/// Ticks in an hour.
pub const TICKS_PER_HOUR: i64 = 60 * TICKS_PER_MINUTE;
/// Ticks in a day.
pub const TICKS_PER_DAY: i64 = 24 * TICKS_PER_HOUR;

/// A length of time (System.TimeSpan).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TimeSpan(pub i64);

/// A result beyond what a TimeSpan holds (OverflowException).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TimeSpan overflowed because the duration is too long.")]
pub struct TimeSpanOverflow;

/// Why a text is no TimeSpan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeSpanParseError {
    /// FormatException.
    #[error("String '{0}' was not recognized as a valid TimeSpan.")]
    Format(String),
    /// OverflowException.
    #[error(
        "The TimeSpan string '{0}' could not be parsed because at least one of the numeric components is out of range or contains too many digits."
    )]
    Overflow(String),
    /// A format string that does not scan (FormatException).
    #[error("Input string was not in a correct format.")]
    BadFormat,
}

impl TimeSpan {
    /// No time at all.
    pub const ZERO: TimeSpan = TimeSpan(0);
    /// The longest.
    pub const MAX: TimeSpan = TimeSpan(i64::MAX);
    /// The longest backwards.
    pub const MIN: TimeSpan = TimeSpan(i64::MIN);

    /// `[timespan]::new(days, hours, minutes, seconds, milliseconds)`.
    pub fn from_parts(
        days: i64,
        hours: i64,
        minutes: i64,
        seconds: i64,
        milliseconds: i64,
        microseconds: i64,
    ) -> Result<TimeSpan, TimeSpanOverflow> {
        let units = [
            (days, TICKS_PER_DAY),
            (hours, TICKS_PER_HOUR),
            (minutes, TICKS_PER_MINUTE),
            (seconds, TICKS_PER_SECOND),
            (milliseconds, TICKS_PER_MILLISECOND),
            (microseconds, TICKS_PER_MICROSECOND),
        ];
        let total: i128 = units
            .iter()
            .map(|&(count, unit)| i128::from(count) * i128::from(unit))
            .sum();
        i64::try_from(total)
            .map(TimeSpan)
            .map_err(|_| TimeSpanOverflow)
    }

    /// `FromDays` and its relatives: `value` units of `ticks` each.
    pub fn from_units(value: f64, ticks: i64) -> Result<TimeSpan, TimeSpanOverflow> {
        let total = value * ticks as f64;
        if total.is_nan() || total < i64::MIN as f64 || total > i64::MAX as f64 {
            return Err(TimeSpanOverflow);
        }
        Ok(TimeSpan(total as i64))
    }

    /// Ticks of 100 ns.
    pub fn ticks(self) -> i64 {
        self.0
    }

    /// Whole days.
    pub fn days(self) -> i64 {
        self.0 / TICKS_PER_DAY
    }

    /// Hours beyond the days.
    pub fn hours(self) -> i64 {
        self.0 / TICKS_PER_HOUR % 24
    }

    /// Minutes beyond the hours.
    pub fn minutes(self) -> i64 {
        self.0 / TICKS_PER_MINUTE % 60
    }

    /// Seconds beyond the minutes.
    pub fn seconds(self) -> i64 {
        self.0 / TICKS_PER_SECOND % 60
    }

    /// Milliseconds beyond the seconds.
    pub fn milliseconds(self) -> i64 {
        self.0 / TICKS_PER_MILLISECOND % 1000
    }

    /// Microseconds beyond the milliseconds.
    pub fn microseconds(self) -> i64 {
        self.0 / TICKS_PER_MICROSECOND % 1000
    }

    /// Nanoseconds beyond the microseconds.
    pub fn nanoseconds(self) -> i64 {
        self.0 % TICKS_PER_MICROSECOND * 100
    }

    /// The whole span in units of `ticks` each (`TotalDays`, …).
    pub fn total(self, ticks: i64) -> f64 {
        self.0 as f64 / ticks as f64
    }

    /// The span as a positive one.
    pub fn duration(self) -> Result<TimeSpan, TimeSpanOverflow> {
        self.0.checked_abs().map(TimeSpan).ok_or(TimeSpanOverflow)
    }

    /// The span with the other sign.
    pub fn negate(self) -> Result<TimeSpan, TimeSpanOverflow> {
        self.0.checked_neg().map(TimeSpan).ok_or(TimeSpanOverflow)
    }

    /// Sum.
    pub fn checked_add(self, other: TimeSpan) -> Result<TimeSpan, TimeSpanOverflow> {
        self.0
            .checked_add(other.0)
            .map(TimeSpan)
            .ok_or(TimeSpanOverflow)
    }

    /// Difference.
    pub fn subtract(self, other: TimeSpan) -> Result<TimeSpan, TimeSpanOverflow> {
        self.0
            .checked_sub(other.0)
            .map(TimeSpan)
            .ok_or(TimeSpanOverflow)
    }

    /// Product, rounded half to even.
    pub fn multiply(self, factor: f64) -> Result<TimeSpan, TimeSpanOverflow> {
        TimeSpan::from_units((self.0 as f64 * factor).round_ties_even(), 1)
    }

    /// Quotient, rounded half to even.
    pub fn divide(self, divisor: f64) -> Result<TimeSpan, TimeSpanOverflow> {
        TimeSpan::from_units((self.0 as f64 / divisor).round_ties_even(), 1)
    }

    /// `ToString(format, culture)`; an empty format is `c`.
    pub fn format(self, format: &str, culture: &Culture) -> Result<String, FormatError> {
        let mut chars = format.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Ok(self.to_string()),
            (Some('c' | 't' | 'T'), None) => Ok(self.to_string()),
            (Some('g'), None) => Ok(self.general(culture, false)),
            (Some('G'), None) => Ok(self.general(culture, true)),
            (Some(_), None) => Err(FormatError::bad_input()),
            _ => self.custom(format),
        }
    }

    /// Whole seconds and ticks within the second, both without sign.
    fn magnitude(self) -> (u64, u32) {
        let ticks = self.0.unsigned_abs();
        (
            ticks / TICKS_PER_SECOND as u64,
            (ticks % TICKS_PER_SECOND as u64) as u32,
        )
    }

    fn general(self, culture: &Culture, long: bool) -> String {
        let (total, fraction) = self.magnitude();
        let (days, hours) = (total / 86_400, total / 3600 % 24);
        let (minutes, seconds) = (total / 60 % 60, total % 60);
        let mut out = String::new();
        if self.0 < 0 {
            out.push_str(&culture.number_format.negative_sign);
        }
        if long || days > 0 {
            out.push_str(&format!("{days}:"));
        }
        if long {
            out.push_str(&format!("{hours:02}"));
        } else {
            out.push_str(&hours.to_string());
        }
        out.push_str(&format!(":{minutes:02}:{seconds:02}"));
        let decimal = &culture.number_format.number_decimal_separator;
        if long {
            out.push_str(&format!("{decimal}{fraction:07}"));
        } else if fraction > 0 {
            let digits = format!("{fraction:07}");
            out.push_str(decimal);
            out.push_str(digits.trim_end_matches('0'));
        }
        out
    }

    fn custom(self, format: &str) -> Result<String, FormatError> {
        let (total, fraction) = self.magnitude();
        let chars: Vec<char> = format.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        while let Some(&ch) = chars.get(at) {
            let run = chars[at..].iter().take_while(|&&c| c == ch).count();
            let unit = |value: u64, most: usize| {
                if run > most {
                    Err(FormatError::bad_input())
                } else {
                    Ok(format!("{value:0run$}"))
                }
            };
            at += run;
            match ch {
                'd' => out.push_str(&unit(total / 86_400, 8)?),
                'h' => out.push_str(&unit(total / 3600 % 24, 2)?),
                'm' => out.push_str(&unit(total / 60 % 60, 2)?),
                's' => out.push_str(&unit(total % 60, 2)?),
                'f' | 'F' => {
                    let digits = format!("{fraction:07}");
                    let digits = digits.get(..run).ok_or_else(FormatError::bad_input)?;
                    out.push_str(if ch == 'F' {
                        digits.trim_end_matches('0')
                    } else {
                        digits
                    });
                }
                '\'' | '"' => {
                    at = at - run + 1;
                    let end = quoted_end(&chars, at, ch).ok_or_else(|| {
                        FormatError(format!(
                            "Cannot find a matching quote character for the character '{ch}'."
                        ))
                    })?;
                    out.extend(unescape(&chars[at..end]));
                    at = end + 1;
                }
                '%' => {
                    at = at - run + 1;
                    match chars.get(at) {
                        Some(&next) if next != '%' => {
                            out.push_str(&self.custom(&next.to_string())?);
                            at += 1;
                        }
                        _ => return Err(FormatError::bad_input()),
                    }
                }
                '\\' => {
                    at = at - run + 1;
                    out.push(*chars.get(at).ok_or_else(FormatError::bad_input)?);
                    at += 1;
                }
                _ => return Err(FormatError::bad_input()),
            }
        }
        Ok(out)
    }

    /// `TimeSpan.Parse`.
    pub fn parse(text: &str, culture: &Culture) -> Result<TimeSpan, TimeSpanParseError> {
        super::timespan_parse::parse(text, culture)
    }

    /// `TimeSpan.ParseExact` with one format.
    pub fn parse_exact(
        text: &str,
        format: &str,
        culture: &Culture,
        assume_negative: bool,
    ) -> Result<TimeSpan, TimeSpanParseError> {
        super::timespan_parse::parse_exact(text, format, culture, assume_negative)
    }
}

/// The constant form, `[-][d.]hh:mm:ss[.fffffff]`.
impl std::fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (total, fraction) = self.magnitude();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let days = total / 86_400;
        if days > 0 {
            write!(f, "{days}.")?;
        }
        write!(
            f,
            "{:02}:{:02}:{:02}",
            total / 3600 % 24,
            total / 60 % 60,
            total % 60
        )?;
        if fraction > 0 {
            write!(f, ".{fraction:07}")?;
        }
        Ok(())
    }
}

/// Where the quote that opened before `from` closes; a backslash guards a character.
pub(super) fn quoted_end(chars: &[char], from: usize, quote: char) -> Option<usize> {
    let mut at = from;
    while let Some(&ch) = chars.get(at) {
        if ch == quote {
            return Some(at);
        }
        at += if ch == '\\' { 2 } else { 1 };
    }
    None
}

/// The characters of a quoted run without the guarding backslashes.
pub(super) fn unescape(chars: &[char]) -> impl Iterator<Item = char> + '_ {
    let mut guarded = false;
    chars.iter().copied().filter(move |&ch| {
        guarded = ch == '\\' && !guarded;
        !guarded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        let invariant = Culture::invariant();
        let span = TimeSpan::from_parts(1, 2, 3, 4, 506, 0).unwrap();
        let short = TimeSpan::from_parts(0, 5, 6, 7, 0, 0).unwrap();
        for (value, format, expected) in [
            (span, "", "1.02:03:04.5060000"),
            (span, "g", "1:2:03:04.506"),
            (span, "G", "1:02:03:04.5060000"),
            (short, "c", "05:06:07"),
            (short, "hh\\:mm", "05:06"),
            (short, "g", "5:06:07"),
            (span, "d\\.hh\\:mm", "1.02:03"),
            (span, "%d", "1"),
            (span, "dd' days'", "01 days"),
            (span, "ss\\.fff", "04.506"),
            (span, "ss\\.FFFF", "04.506"),
            (TimeSpan(-15_000_000), "", "-00:00:01.5000000"),
            (TimeSpan(-15_000_000), "ss", "01"),
        ] {
            assert_eq!(
                value.format(format, invariant).unwrap(),
                expected,
                "{format}"
            );
        }
        for bad in ["hh:mm", "x", "hhh", "'open", "%", "fffffffff", "hh\\"] {
            assert!(span.format(bad, invariant).is_err(), "{bad}");
        }
        let german = Culture::known("de-DE").unwrap();
        assert_eq!(span.format("g", german).unwrap(), "1:2:03:04,506");
    }

    #[test]
    fn parts_and_totals() {
        let span = TimeSpan(-15_000_000);
        assert_eq!((span.seconds(), span.milliseconds()), (-1, -500));
        assert_eq!(span.total(TICKS_PER_SECOND), -1.5);
        assert_eq!(
            TimeSpan::from_units(1.5, TICKS_PER_MILLISECOND),
            Ok(TimeSpan(15_000))
        );
        assert!(TimeSpan::from_units(f64::NAN, 1).is_err());
        assert!(TimeSpan::MIN.negate().is_err());
    }
}
