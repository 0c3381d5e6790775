//! `DateTime.ParseExact`: text read strictly by a format string.

use super::culture::{Culture, DateTimeFormatInfo};
use super::datetime::{DateOnly, DateTime, DateTimeOffset, TimeOnly};
use super::datetime_format::standard_pattern;
use super::datetime_parse::{DateTimeParseError, DateTimeStyles, Found, ParseContext, full_year};
use super::timespan::{TICKS_PER_HOUR, TICKS_PER_MINUTE, quoted_end, unescape};

/// `DateTime.ParseExact(text, format, culture, styles)`.
pub fn parse_date_time_exact(
    text: &str,
    format: &str,
    context: ParseContext<'_>,
) -> Result<DateTime, DateTimeParseError> {
    let (found, context) = exact(text, format, context)?;
    let mut value = found.date_time(text, context)?;
    // `u`, `r` and `R` write a UTC mark as plain text.
    if matches!(format, "u" | "r" | "R") && found.offset.is_none() {
        let adjusts = context.styles.has(DateTimeStyles::ADJUST_TO_UNIVERSAL);
        if adjusts {
            value = value.with_kind(super::datetime::DateTimeKind::Utc);
        }
    }
    Ok(value)
}

/// `DateTimeOffset.ParseExact(text, format, culture, styles)`.
pub fn parse_date_time_offset_exact(
    text: &str,
    format: &str,
    context: ParseContext<'_>,
) -> Result<DateTimeOffset, DateTimeParseError> {
    let (mut found, context) = exact(text, format, context)?;
    if matches!(format, "u" | "r" | "R") {
        found.offset = Some(0);
    }
    found.date_time_offset(text, context)
}

/// `DateOnly.ParseExact`: a date without a time.
pub fn parse_date_only_exact(
    text: &str,
    format: &str,
    context: ParseContext<'_>,
) -> Option<DateOnly> {
    let format = match format {
        "o" | "O" => "yyyy'-'MM'-'dd",
        "r" | "R" => "ddd, dd MMM yyyy",
        other => other,
    };
    let (found, context) = exact(text, format, context).ok()?;
    if found.time.is_some() || found.offset.is_some() {
        return None;
    }
    let value = found.date_time(text, context).ok()?;
    Some(DateOnly::from_date_time(value))
}

/// `TimeOnly.ParseExact`: a time without a date.
pub fn parse_time_only_exact(
    text: &str,
    format: &str,
    context: ParseContext<'_>,
) -> Option<TimeOnly> {
    let format = match format {
        "o" | "O" => "HH':'mm':'ss'.'fffffff",
        "r" | "R" => "HH':'mm':'ss",
        other => other,
    };
    let (found, context) = exact(text, format, context).ok()?;
    if found.year.or(found.month).or(found.day).is_some() || found.offset.is_some() {
        return None;
    }
    let value = found.date_time(text, context).ok()?;
    Some(TimeOnly::from_date_time(value))
}

fn exact<'a>(
    text: &str,
    format: &str,
    context: ParseContext<'a>,
) -> Result<(Found, ParseContext<'a>), DateTimeParseError> {
    let mut context = context;
    let mut chars = format.chars();
    let pattern = match (chars.next(), chars.next()) {
        (None, _) => return Err(bad_format()),
        (Some(letter), None) => {
            let pattern = standard_pattern(letter, &context.culture.date_time_format)
                .ok_or_else(bad_format)?
                .into_owned();
            if matches!(letter, 'o' | 'O' | 'r' | 'R' | 's' | 'u') {
                context.culture = Culture::invariant();
            }
            if matches!(letter, 'o' | 'O') {
                let kept = context.styles.0 | DateTimeStyles::ROUNDTRIP_KIND.0;
                context.styles = DateTimeStyles(kept);
            }
            pattern
        }
        _ => format.to_owned(),
    };
    let mut reader = Reader {
        text,
        rest: text,
        dates: &context.culture.date_time_format,
        styles: context.styles,
        found: Found::default(),
        hour: None,
        minute: None,
        second: None,
    };
    let pattern: Vec<char> = pattern.chars().collect();
    let trimmed = reader.trim(&pattern);
    reader.read(trimmed)?;
    if !reader.rest.is_empty() {
        return reader.malformed();
    }
    if reader.hour.or(reader.minute).or(reader.second).is_some() || reader.found.pm.is_some() {
        reader.found.time = Some((
            reader.hour.unwrap_or(0),
            reader.minute.unwrap_or(0),
            reader.second.unwrap_or(0),
        ));
    }
    Ok((reader.found, context))
}

fn bad_format() -> DateTimeParseError {
    DateTimeParseError::BadFormat("Input string was not in a correct format.".to_owned())
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    dates: &'a DateTimeFormatInfo,
    styles: DateTimeStyles,
    found: Found,
    hour: Option<i32>,
    minute: Option<i32>,
    second: Option<i32>,
}

impl<'a> Reader<'a> {
    fn malformed<T>(&self) -> Result<T, DateTimeParseError> {
        Err(DateTimeParseError::Format(self.text.to_owned()))
    }

    /// Takes blanks off text and pattern where the styles allow them.
    fn trim<'p>(&mut self, pattern: &'p [char]) -> &'p [char] {
        let mut pattern = pattern;
        if self.styles.has(DateTimeStyles::ALLOW_LEADING_WHITE) {
            self.rest = self.rest.trim_start();
            while let [first, tail @ ..] = pattern
                && first.is_whitespace()
            {
                pattern = tail;
            }
        }
        if self.styles.has(DateTimeStyles::ALLOW_TRAILING_WHITE) {
            self.rest = self.rest.trim_end();
            while let [head @ .., last] = pattern
                && last.is_whitespace()
            {
                pattern = head;
            }
        }
        pattern
    }

    fn read(&mut self, pattern: &[char]) -> Result<(), DateTimeParseError> {
        let mut at = 0;
        while let Some(&ch) = pattern.get(at) {
            if self.styles.has(DateTimeStyles::ALLOW_INNER_WHITE) {
                self.rest = self.rest.trim_start();
                if ch.is_whitespace() {
                    at += 1;
                    continue;
                }
            }
            let run = pattern[at..].iter().take_while(|&&c| c == ch).count();
            at += match ch {
                '%' => {
                    if pattern.get(at + 1).is_none_or(|&next| next == '%') {
                        return Err(bad_format());
                    }
                    1
                }
                '\\' => {
                    let literal = *pattern.get(at + 1).ok_or_else(bad_format)?;
                    self.literal(literal)?;
                    2
                }
                '\'' | '"' => {
                    let end = quoted_end(pattern, at + 1, ch).ok_or_else(|| {
                        DateTimeParseError::BadFormat(format!(
                            "Cannot find a matching quote character for the character '{ch}'."
                        ))
                    })?;
                    for literal in unescape(&pattern[at + 1..end]) {
                        self.literal(literal)?;
                    }
                    end + 1 - at
                }
                ':' => {
                    self.symbol(&self.dates.time_separator)?;
                    1
                }
                '/' => {
                    self.symbol(&self.dates.date_separator)?;
                    1
                }
                '.' => {
                    // A fraction that may be missing takes its point with it.
                    match self.rest.strip_prefix('.') {
                        Some(rest) => self.rest = rest,
                        None if pattern.get(at + 1) == Some(&'F') => {}
                        None => return self.malformed(),
                    }
                    1
                }
                'y' | 'M' | 'd' | 'H' | 'h' | 'm' | 's' | 'f' | 'F' | 't' | 'z' | 'K' | 'g' => {
                    let run = if ch == 'K' { 1 } else { run };
                    self.part(ch, run)?;
                    run
                }
                _ => {
                    self.literal(ch)?;
                    1
                }
            };
        }
        Ok(())
    }

    fn literal(&mut self, literal: char) -> Result<(), DateTimeParseError> {
        let blank = |c: char| matches!(c, ' ' | '\u{A0}' | '\u{202F}');
        match self.rest.chars().next() {
            Some(got) if got == literal || (blank(got) && blank(literal)) => {
                self.rest = &self.rest[got.len_utf8()..];
                Ok(())
            }
            _ => self.malformed(),
        }
    }

    fn symbol(&mut self, symbol: &str) -> Result<(), DateTimeParseError> {
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => self.malformed(),
        }
    }

    fn digits(&mut self, fewest: usize, most: usize) -> Result<(i32, usize), DateTimeParseError> {
        let count = self
            .rest
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        if count < fewest {
            return self.malformed();
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        match digits.parse() {
            Ok(value) => Ok((value, count)),
            Err(_) => self.malformed(),
        }
    }

    /// The longest of the names that stands here, in any letter case.
    fn one_of<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
    ) -> Result<usize, DateTimeParseError> {
        let mut best: Option<(usize, usize)> = None;
        for (index, name) in names.enumerate() {
            let mut rest = self.rest.chars();
            let fits = !name.is_empty()
                && name.chars().all(|wanted| {
                    rest.next().is_some_and(|got| {
                        got == wanted || got.to_lowercase().eq(wanted.to_lowercase())
                    })
                });
            if fits && best.is_none_or(|(longest, _)| name.len() > longest) {
                best = Some((name.len(), index));
                continue;
            }
        }
        let Some((_, index)) = best else {
            return self.malformed();
        };
        Ok(index)
    }

    fn skip_chars(&mut self, count: usize) {
        let end = self
            .rest
            .char_indices()
            .nth(count)
            .map_or(self.rest.len(), |(at, _)| at);
        self.rest = &self.rest[end..];
    }

    /// Sets a part; the same part twice must agree.
    fn set(
        &mut self,
        slot: for<'r> fn(&'r mut Reader<'a>) -> &'r mut Option<i32>,
        value: i32,
    ) -> Result<(), DateTimeParseError> {
        match slot(self).replace(value) {
            Some(earlier) if earlier != value => self.malformed(),
            _ => Ok(()),
        }
    }

    fn part(&mut self, letter: char, run: usize) -> Result<(), DateTimeParseError> {
        let two = if run == 1 { (1, 2) } else { (2, 2) };
        match (letter, run) {
            ('y', 1 | 2) => {
                let (value, count) = self.digits(two.0, 2)?;
                self.set(|r| &mut r.found.year, full_year(value, count))
            }
            ('y', _) => {
                let (value, _) = self.digits(run, run.max(4))?;
                self.set(|r| &mut r.found.year, value)
            }
            ('M', 1 | 2) => {
                let (value, _) = self.digits(two.0, two.1)?;
                self.set(|r| &mut r.found.month, value)
            }
            ('M', _) => {
                let dates = self.dates;
                let (plain, genitive) = if run == 3 {
                    (
                        &dates.abbreviated_month_names,
                        &dates.abbreviated_month_genitive_names,
                    )
                } else {
                    (&dates.month_names, &dates.month_genitive_names)
                };
                let names = || genitive.iter().chain(plain).map(|name| &**name);
                let index = self.one_of(names())?;
                let length = names().nth(index).map_or(0, |name| name.chars().count());
                self.skip_chars(length);
                self.set(|r| &mut r.found.month, index as i32 % 12 + 1)
            }
            ('d', 1 | 2) => {
                let (value, _) = self.digits(two.0, two.1)?;
                self.set(|r| &mut r.found.day, value)
            }
            ('d', _) => {
                let names = if run == 3 {
                    &self.dates.abbreviated_day_names
                } else {
                    &self.dates.day_names
                };
                let index = self.one_of(names.iter().map(|name| &**name))?;
                self.skip_chars(names[index].chars().count());
                self.found.weekday = Some(index);
                Ok(())
            }
            ('H', _) => {
                let (value, _) = self.digits(two.0, two.1)?;
                self.set(|r| &mut r.hour, value)
            }
            ('h', _) => {
                let (value, _) = self.digits(two.0, two.1)?;
                if !(1..=12).contains(&value) {
                    return self.malformed();
                }
                self.set(|r| &mut r.hour, value)
            }
            ('m', _) => {
                let (value, _) = self.digits(two.0, two.1)?;
                self.set(|r| &mut r.minute, value)
            }
            ('s', _) => {
                let (value, _) = self.digits(two.0, two.1)?;
                self.set(|r| &mut r.second, value)
            }
            ('f' | 'F', _) => {
                if run > 7 {
                    return Err(bad_format());
                }
                let fewest = if letter == 'f' { run } else { 0 };
                if fewest == 0 && !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
                    return Ok(());
                }
                let (value, count) = self.digits(fewest, run)?;
                self.found.fraction = i64::from(value) * 10i64.pow(7 - count as u32);
                self.second.get_or_insert(0);
                Ok(())
            }
            ('t', _) => self.designator(run),
            ('z', _) => self.offset(run),
            ('K', _) => match self.rest.chars().next() {
                Some('Z' | 'z') => {
                    self.rest = &self.rest[1..];
                    self.found.offset = Some(0);
                    self.found.utc_mark = true;
                    Ok(())
                }
                Some('+' | '-') => self.offset(3),
                _ => Ok(()),
            },
            _ => {
                // The era, of which there is only one.
                let index = self.one_of(["A.D.", "AD"].into_iter())?;
                self.skip_chars(if index == 0 { 4 } else { 2 });
                Ok(())
            }
        }
    }

    fn designator(&mut self, run: usize) -> Result<(), DateTimeParseError> {
        let words = [&*self.dates.am_designator, &*self.dates.pm_designator];
        let first = |word: &'a str| {
            word.char_indices()
                .nth(1)
                .map_or(word, |(end, _)| &word[..end])
        };
        let words = if run == 1 { words.map(first) } else { words };
        let index = self.one_of(words.into_iter())?;
        self.skip_chars(words[index].chars().count());
        self.found.pm = Some(index == 1);
        Ok(())
    }

    fn offset(&mut self, run: usize) -> Result<(), DateTimeParseError> {
        let negative = match self.rest.chars().next() {
            Some('+') => false,
            Some('-') => true,
            Some('Z' | 'z') if run >= 3 => {
                self.rest = &self.rest[1..];
                self.found.offset = Some(0);
                self.found.utc_mark = true;
                return Ok(());
            }
            _ => return self.malformed(),
        };
        self.rest = &self.rest[1..];
        let (hours, _) = self.digits(if run == 1 { 1 } else { 2 }, 2)?;
        let mut minutes = 0;
        if run >= 3 {
            if let Some(rest) = self.rest.strip_prefix(':') {
                self.rest = rest;
            }
            minutes = self.digits(2, 2)?.0;
        }
        if minutes > 59 {
            return self.malformed();
        }
        let ticks = i64::from(hours) * TICKS_PER_HOUR + i64::from(minutes) * TICKS_PER_MINUTE;
        self.found.offset = Some(if negative { -ticks } else { ticks });
        Ok(())
    }
}
