//! Dates from free text as `DateTime.Parse` reads them: culture forms, ISO 8601,
//! RFC 1123, month names, times with AM and PM, offsets, partial dates.
//! `ParseExact` is in `datetime_parse_exact`.

use super::culture::{Culture, DateTimeFormatInfo};
use super::datetime::{DateTime, DateTimeError, DateTimeKind, DateTimeOffset};
use super::local_zone;
use super::timespan::{TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, TimeSpan};

/// System.Globalization.DateTimeStyles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTimeStyles(pub u32);

#[expect(
    missing_docs,
    reason = "the members of the .NET enumeration, by their names"
)]
impl DateTimeStyles {
    pub const NONE: DateTimeStyles = DateTimeStyles(0);
    pub const ALLOW_LEADING_WHITE: DateTimeStyles = DateTimeStyles(0x1);
    pub const ALLOW_TRAILING_WHITE: DateTimeStyles = DateTimeStyles(0x2);
    pub const ALLOW_INNER_WHITE: DateTimeStyles = DateTimeStyles(0x4);
    pub const ALLOW_WHITE_SPACES: DateTimeStyles = DateTimeStyles(0x7);
    pub const NO_CURRENT_DATE_DEFAULT: DateTimeStyles = DateTimeStyles(0x8);
    pub const ADJUST_TO_UNIVERSAL: DateTimeStyles = DateTimeStyles(0x10);
    const ASSUME_LOCAL: DateTimeStyles = DateTimeStyles(0x20);
    pub const ASSUME_UNIVERSAL: DateTimeStyles = DateTimeStyles(0x40);
    pub const ROUNDTRIP_KIND: DateTimeStyles = DateTimeStyles(0x80);

    /// All of `other` is set.
    pub const fn has(self, other: DateTimeStyles) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Why a text is no date (FormatException, with its message as text).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeParseError {
    /// Nothing that the parser knows; also an impossible date.
    #[error("String '{0}' was not recognized as a valid DateTime.")]
    Format(String),
    /// A word that is neither month nor day nor mark.
    #[error(
        "The string '{0}' was not recognized as a valid DateTime. There is an unknown word starting at index '{1}'."
    )]
    UnknownWord(String, usize),
    /// The day of the week is not the date's.
    #[error(
        "String '{0}' was not recognized as a valid DateTime because the day of week was incorrect."
    )]
    BadDayOfWeek(String),
    /// An offset beyond fourteen hours.
    #[error("The time zone offset of string '{0}' must be within plus or minus 14 hours.")]
    OffsetOutOfRange(String),
    /// A format string that does not scan.
    #[error("{0}")]
    BadFormat(String),
}

/// Two-digit years up to this one belong to this century.
const TWO_DIGIT_YEAR_MAX: i32 = 2049;

/// What a text said, before missing parts are filled in.
#[derive(Debug, Default, Clone)]
pub(super) struct Found {
    pub year: Option<i32>,
    pub month: Option<i32>,
    pub day: Option<i32>,
    pub weekday: Option<usize>,
    /// Hours, minutes, seconds as written; `None` when the text has no time.
    pub time: Option<(i32, i32, i32)>,
    /// Ticks within the second.
    pub fraction: i64,
    /// True is PM.
    pub pm: Option<bool>,
    /// The offset written, in ticks.
    pub offset: Option<i64>,
    /// The offset was a `Z` or `GMT`.
    pub utc_mark: bool,
}

/// How the kind of the result comes about, apart from the text.
#[derive(Clone, Copy)]
pub struct ParseContext<'a> {
    /// Whose names and order of parts.
    pub culture: &'a Culture,
    /// What is allowed and assumed.
    pub styles: DateTimeStyles,
    /// The local time, for texts without a date.
    pub now: &'a dyn Fn() -> DateTime,
}

/// `DateTime.Parse(text, culture, styles)`.
pub fn parse_date_time(
    text: &str,
    context: ParseContext<'_>,
) -> Result<DateTime, DateTimeParseError> {
    let found = Scanner::new(text, context).run()?;
    found.date_time(text, context)
}

/// `DateTimeOffset.Parse(text, culture, styles)`.
pub fn parse_date_time_offset(
    text: &str,
    context: ParseContext<'_>,
) -> Result<DateTimeOffset, DateTimeParseError> {
    let found = Scanner::new(text, context).run()?;
    found.date_time_offset(text, context)
}

pub(super) fn full_year(year: i32, digits: usize) -> i32 {
    if digits > 2 || year > 99 {
        return year;
    }
    let century = TWO_DIGIT_YEAR_MAX / 100;
    if year > TWO_DIGIT_YEAR_MAX % 100 {
        (century - 1) * 100 + year
    } else {
        century * 100 + year
    }
}

impl Found {
    fn clock(&self, text: &str, context: ParseContext<'_>) -> Result<i64, DateTimeParseError> {
        let malformed = || DateTimeParseError::Format(text.to_owned());
        let (mut hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        match self.pm {
            Some(false) if !(0..=12).contains(&hour) => return Err(malformed()),
            Some(false) if hour == 12 => hour = 0,
            Some(true) if hour < 12 => hour += 12,
            _ => {}
        }
        let date = match (self.year, self.month, self.day) {
            (None, None, None) => {
                if context.styles.has(DateTimeStyles::NO_CURRENT_DATE_DEFAULT) {
                    (1, 1, 1)
                } else {
                    (context.now)().ymd()
                }
            }
            (None, month, day) => {
                let year = if context.styles.has(DateTimeStyles::NO_CURRENT_DATE_DEFAULT) {
                    1
                } else {
                    (context.now)().year()
                };
                (year, month.unwrap_or(1), day.unwrap_or(1))
            }
            (Some(year), month, day) => (year, month.unwrap_or(1), day.unwrap_or(1)),
        };
        let moment = DateTime::from_parts(date, (hour, minute, second), DateTimeKind::Unspecified)
            .map_err(|_: DateTimeError| malformed())?;
        if self.weekday.is_some_and(|day| day != moment.day_of_week()) {
            return Err(DateTimeParseError::BadDayOfWeek(text.to_owned()));
        }
        Ok(moment.ticks() + self.fraction)
    }

    pub(super) fn date_time(
        &self,
        text: &str,
        context: ParseContext<'_>,
    ) -> Result<DateTime, DateTimeParseError> {
        let clock = self.clock(text, context)?;
        let styles = context.styles;
        let utc = |ticks| DateTime::new(ticks, DateTimeKind::Utc);
        let Some(offset) = self.offset else {
            let to_utc = styles.has(DateTimeStyles::ADJUST_TO_UNIVERSAL);
            return Ok(if styles.has(DateTimeStyles::ASSUME_LOCAL) {
                let local = DateTime::new(clock, DateTimeKind::Local);
                if to_utc { local.to_universal() } else { local }
            } else if styles.has(DateTimeStyles::ASSUME_UNIVERSAL) {
                if to_utc {
                    utc(clock)
                } else {
                    utc(clock).to_local()
                }
            } else {
                DateTime::new(clock, DateTimeKind::Unspecified)
            });
        };
        if offset.abs() > 14 * TICKS_PER_HOUR {
            return Err(DateTimeParseError::OffsetOutOfRange(text.to_owned()));
        }
        let universal = utc(clock - offset);
        let keep_utc = styles.has(DateTimeStyles::ADJUST_TO_UNIVERSAL)
            || (styles.has(DateTimeStyles::ROUNDTRIP_KIND) && self.utc_mark);
        Ok(if keep_utc {
            universal
        } else {
            universal.to_local()
        })
    }

    pub(super) fn date_time_offset(
        &self,
        text: &str,
        context: ParseContext<'_>,
    ) -> Result<DateTimeOffset, DateTimeParseError> {
        let clock = self.clock(text, context)?;
        let offset = match self.offset {
            Some(offset) => TimeSpan(offset),
            None if context.styles.has(DateTimeStyles::ASSUME_UNIVERSAL) => TimeSpan::ZERO,
            None => local_zone::offset_of_local(clock),
        };
        let result = DateTimeOffset::new(clock, offset)
            .map_err(|_| DateTimeParseError::OffsetOutOfRange(text.to_owned()))?;
        if context.styles.has(DateTimeStyles::ADJUST_TO_UNIVERSAL) {
            return result
                .to_offset(TimeSpan::ZERO)
                .map_err(|_| DateTimeParseError::Format(text.to_owned()));
        }
        Ok(result)
    }
}

/// The order of parts in a pattern, as the letters y, M and d.
fn part_order(pattern: &str) -> String {
    let mut order = String::new();
    let mut quoted = false;
    for ch in pattern.chars() {
        match ch {
            '\'' => quoted = !quoted,
            'y' | 'M' | 'd' if !quoted && !order.contains(ch) => order.push(ch),
            _ => {}
        }
    }
    order
}

/// What the last element was; it decides what a sign or a separator means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    /// A number or name of the date.
    Date,
    /// A separator that wants a date part behind it.
    DateSeparator,
    Time,
    TimeMark,
    Weekday,
    Zone,
}

struct Scanner<'a> {
    text: &'a str,
    chars: Vec<char>,
    at: usize,
    context: ParseContext<'a>,
    found: Found,
    /// Numbers of the date: value and count of digits.
    numbers: Vec<(i32, usize)>,
    /// How many of them stood before the long one, the year.
    before_year: usize,
    last: Last,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, context: ParseContext<'a>) -> Scanner<'a> {
        Scanner {
            text,
            chars: text.chars().collect(),
            at: 0,
            context,
            found: Found::default(),
            numbers: Vec::new(),
            before_year: 0,
            last: Last::Start,
        }
    }

    fn malformed<T>(&self) -> Result<T, DateTimeParseError> {
        Err(DateTimeParseError::Format(self.text.to_owned()))
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn digit_at(&self, at: usize) -> bool {
        self.chars.get(at).is_some_and(char::is_ascii_digit)
    }

    fn dates(&self) -> &'a DateTimeFormatInfo {
        &self.context.culture.date_time_format
    }

    fn run(mut self) -> Result<Found, DateTimeParseError> {
        while let Some(ch) = self.peek() {
            if ch.is_whitespace() || ch == ',' || ch == '\0' {
                self.at += 1;
            } else if ch.is_ascii_digit() {
                self.number()?;
            } else if ch.is_alphabetic() {
                self.word()?;
            } else {
                self.mark(ch)?;
            }
        }
        if matches!(self.last, Last::DateSeparator | Last::TimeMark) {
            return self.malformed();
        }
        self.settle_date()?;
        Ok(self.found)
    }

    /// Digits as a number, with their count. Longer ones than any part has are refused.
    fn digits(&mut self) -> Result<(i32, usize), DateTimeParseError> {
        let start = self.at;
        while self.digit_at(self.at) {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        match text.parse() {
            Ok(value) if text.len() <= 8 => Ok((value, text.len())),
            _ => self.malformed(),
        }
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<(), DateTimeParseError> {
        let (value, count) = self.digits()?;
        let after_digits = self.at;
        if self.time_separator() {
            return self.clock(value);
        }
        // A bare hour: blanks may stand before AM or PM.
        self.skip_blanks();
        if let Some(pm) = self.designator() {
            if self.found.time.is_some() || self.found.pm.is_some() {
                return self.malformed();
            }
            self.found.time = Some((value, 0, 0));
            self.found.pm = Some(pm);
            self.last = Last::Time;
            return Ok(());
        }
        self.at = after_digits;
        if self.last == Last::TimeMark {
            return self.malformed();
        }
        // East Asian marks say what the number is.
        let slot = match self.peek() {
            Some('\u{5E74}' | '\u{B144}') => Some(&mut self.found.year),
            Some('\u{6708}' | '\u{C6D4}') => Some(&mut self.found.month),
            Some('\u{65E5}' | '\u{C77C}') => Some(&mut self.found.day),
            Some(ch) if ch.is_alphabetic() && ch != 'T' && ch != 't' && ch != 'Z' && ch != 'z' => {
                // A name may follow at once, as in 29Feb; anything else is wrong.
                if self.name().is_none() {
                    return self.malformed();
                }
                self.at = after_digits;
                None
            }
            _ => None,
        };
        self.last = Last::Date;
        if let Some(slot) = slot {
            if slot.is_some() {
                return self.malformed();
            }
            *slot = Some(value);
            self.at += 1;
            return Ok(());
        }
        if count > 2 {
            if self.found.year.is_some() {
                return self.malformed();
            }
            self.found.year = Some(value);
            self.before_year = self.numbers.len();
        } else {
            self.numbers.push((value, count));
        }
        if self.numbers.len() > 3 {
            return self.malformed();
        }
        Ok(())
    }

    /// Steps over a time separator that has a digit behind it.
    fn time_separator(&mut self) -> bool {
        let start = self.at;
        self.skip_blanks();
        if self.peek() == Some(':') {
            self.at += 1;
            self.skip_blanks();
            if self.digit_at(self.at) {
                return true;
            }
        }
        self.at = start;
        false
    }

    fn clock(&mut self, hour: i32) -> Result<(), DateTimeParseError> {
        if self.found.time.is_some() {
            return self.malformed();
        }
        let (minute, digits) = self.digits()?;
        let mut second = 0;
        let mut second_digits = 0;
        if self.time_separator() {
            (second, second_digits) = self.digits()?;
            if self.peek() == Some('.') && self.digit_at(self.at + 1) {
                self.at += 1;
                self.found.fraction = self.fraction();
            }
        }
        if digits > 2 || second_digits > 2 {
            return self.malformed();
        }
        self.found.time = Some((hour, minute, second));
        self.last = Last::Time;
        Ok(())
    }

    /// Digits behind the point as ticks, rounded to seven of them.
    fn fraction(&mut self) -> i64 {
        let mut fraction = 0.0;
        let mut scale = 0.1;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            fraction += f64::from(digit) * scale;
            scale *= 0.1;
            self.at += 1;
        }
        (fraction * TICKS_PER_SECOND as f64).round() as i64
    }

    /// Whether `word` stands here, in any letter case, and no letter goes on.
    fn matches(&self, word: &str) -> Option<usize> {
        let mut at = self.at;
        for wanted in word.chars() {
            let got = *self.chars.get(at)?;
            if got != wanted && !got.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            at += 1;
        }
        let goes_on = self.chars.get(at).is_some_and(|c| c.is_alphabetic());
        (!word.is_empty() && !goes_on).then_some(at)
    }

    /// AM or PM here; steps over it.
    fn designator(&mut self) -> Option<bool> {
        let dates = self.dates();
        let words: [(&str, bool); 4] = [
            (&dates.am_designator, false),
            (&dates.pm_designator, true),
            ("AM", false),
            ("PM", true),
        ];
        let (end, pm) = words
            .iter()
            .filter_map(|&(word, pm)| Some((self.matches(word)?, pm)))
            .max_by_key(|&(end, _)| end)?;
        self.at = end;
        Some(pm)
    }

    /// A month (0 to 11) or weekday (12 and up) here, the longest that fits;
    /// steps over it and an abbreviation's full stop.
    fn name(&mut self) -> Option<usize> {
        let mut best: Option<(usize, usize)> = None;
        for dates in [self.dates(), &Culture::invariant().date_time_format] {
            let months = [
                &dates.month_names,
                &dates.abbreviated_month_names,
                &dates.month_genitive_names,
                &dates.abbreviated_month_genitive_names,
            ];
            let months = months
                .into_iter()
                .flat_map(|names| names.iter().enumerate());
            let days = [&dates.day_names, &dates.abbreviated_day_names]
                .into_iter()
                .flat_map(|names| names.iter().enumerate().map(|(i, name)| (i + 12, name)));
            for (index, name) in months.chain(days) {
                let short = name.trim_end_matches('.');
                let end = self.matches(name).or_else(|| self.matches(short));
                if let Some(end) = end
                    && best.is_none_or(|(longest, _)| end > longest)
                {
                    best = Some((end, index));
                }
            }
        }
        let (end, index) = best?;
        self.at = end;
        if self.peek() == Some('.') {
            self.at += 1;
        }
        Some(index)
    }

    fn word(&mut self) -> Result<(), DateTimeParseError> {
        let start = self.at;
        if let Some(pm) = self.designator() {
            if self.found.pm.is_some() || self.found.time.is_none() {
                return self.malformed();
            }
            self.found.pm = Some(pm);
            self.last = Last::Time;
            return Ok(());
        }
        if let Some(index) = self.name() {
            let slot_taken = if index < 12 {
                self.last = Last::Date;
                self.found.month.replace(index as i32 + 1).is_some()
            } else {
                self.last = Last::Weekday;
                self.found.weekday.replace(index - 12).is_some()
            };
            return if slot_taken { self.malformed() } else { Ok(()) };
        }
        let ch = self.chars[start];
        let has_date = !self.numbers.is_empty() || self.found.month.is_some();
        if matches!(ch, 'T' | 't') && has_date && self.digit_at(start + 1) {
            self.at += 1;
            self.last = Last::TimeMark;
            return Ok(());
        }
        let zone = self.matches("Z").or_else(|| self.matches("GMT"));
        if let Some(end) = zone
            && (self.found.time.is_some() || has_date)
            && self.found.offset.is_none()
        {
            self.at = end;
            self.found.offset = Some(0);
            self.found.utc_mark = true;
            self.last = Last::Zone;
            return Ok(());
        }
        if zone.is_some() {
            return self.malformed();
        }
        let index = self.chars[..start].iter().map(|c| c.len_utf16()).sum();
        Err(DateTimeParseError::UnknownWord(self.text.to_owned(), index))
    }

    fn mark(&mut self, ch: char) -> Result<(), DateTimeParseError> {
        let after_time = matches!(self.last, Last::Time | Last::Zone);
        if matches!(ch, '+' | '-') && after_time && self.digit_at(self.at + 1) {
            if self.found.offset.is_some() && !self.found.utc_mark {
                return self.malformed();
            }
            return self.offset(ch == '-');
        }
        let separator = ch == '-' || ch == '/' || self.dates().date_separator.starts_with(ch);
        if separator && ch != '.' {
            if self.last != Last::Date {
                return self.malformed();
            }
            self.at += 1;
            self.last = Last::DateSeparator;
            return Ok(());
        }
        if ch == '.' {
            self.at += 1;
            return Ok(());
        }
        self.malformed()
    }

    /// `+02`, `+0200`, `+2:00`.
    fn offset(&mut self, negative: bool) -> Result<(), DateTimeParseError> {
        self.at += 1;
        let (value, count) = self.digits()?;
        let (hours, minutes) = match count {
            1 | 2 if self.peek() == Some(':') && self.digit_at(self.at + 1) => {
                self.at += 1;
                (value, self.digits()?.0)
            }
            1 | 2 => (value, 0),
            3 | 4 => (value / 100, value % 100),
            _ => return self.malformed(),
        };
        if minutes > 59 {
            return self.malformed();
        }
        let ticks = i64::from(hours) * TICKS_PER_HOUR + i64::from(minutes) * TICKS_PER_MINUTE;
        self.found.offset = Some(if negative { -ticks } else { ticks });
        self.found.utc_mark = false;
        self.last = Last::Zone;
        Ok(())
    }

    /// Decides which number is year, month and day.
    fn settle_date(&mut self) -> Result<(), DateTimeParseError> {
        let dates = self.dates();
        let order = part_order(&dates.short_date_pattern);
        let day_first = part_order(&dates.month_day_pattern).starts_with('d');
        let n = |index: usize| self.numbers.get(index).copied().unwrap_or((0, 0));
        let value = |index: usize| n(index).0;
        let year_of = |index: usize| full_year(n(index).0, n(index).1);
        let exists = |year: i32, month: i32, day: i32| DateTime::from_ymd(year, month, day).is_ok();
        let count = self.numbers.len();
        let (year, month, day) = match (self.found.year, self.found.month, count) {
            (None, None, 0) => {
                return if self.found.time.is_some() && self.found.day.is_none() {
                    Ok(())
                } else {
                    self.malformed()
                };
            }
            (None, None, 2) => {
                let (month, day) = if day_first { (1, 0) } else { (0, 1) };
                (None, value(month), Some(value(day)))
            }
            (None, None, 3) => {
                let at = |letter| order.find(letter).unwrap_or(0);
                let (y, m, d) = (at('y'), at('M'), at('d'));
                (Some(year_of(y)), value(m), Some(value(d)))
            }
            (Some(year), None, 1) => (Some(year), value(0), None),
            (Some(year), None, 2) if self.before_year == 0 => {
                // The year first: month and day follow, unless the culture turns them.
                let (month, day) = if order == "ydM" { (1, 0) } else { (0, 1) };
                (Some(year), value(month), Some(value(day)))
            }
            (Some(year), None, 2) if self.before_year == 2 => {
                let month_first = order.find('M') < order.find('d');
                let (month, day) = if month_first { (0, 1) } else { (1, 0) };
                (Some(year), value(month), Some(value(day)))
            }
            (year, Some(month), 0) => (year, month, self.found.day),
            (Some(year), Some(month), 1) => (Some(year), month, Some(value(0))),
            (None, Some(month), 1) => {
                let this_year = (self.context.now)().year();
                if exists(this_year, month, value(0)) {
                    (None, month, Some(value(0)))
                } else {
                    (Some(year_of(0)), month, None)
                }
            }
            (None, Some(month), 2) => {
                let year_first = order.starts_with('y');
                let choices = [(1, 0), (0, 1)];
                let fits = |&&(y, d): &&(usize, usize)| exists(year_of(y), month, value(d));
                let choice = if year_first {
                    choices.iter().rev().find(fits)
                } else {
                    choices.iter().find(fits)
                };
                match choice {
                    Some(&(y, d)) => (Some(year_of(y)), month, Some(value(d))),
                    None => return self.malformed(),
                }
            }
            _ => return self.malformed(),
        };
        (self.found.year, self.found.month, self.found.day) = (year, Some(month), day);
        Ok(())
    }
}

#[cfg(test)]
#[path = "datetime_parse_tests.rs"]
mod tests;
