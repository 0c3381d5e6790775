//! Dates and times by standard and custom format strings.

use std::borrow::Cow;

use super::culture::{Culture, DateTimeFormatInfo};
use super::datetime::{DateOnly, DateTime, DateTimeKind, DateTimeOffset, TimeOnly};
use super::number_format::FormatError;
use super::number_format::zero_padded;
use super::timespan::{TICKS_PER_HOUR, TICKS_PER_MINUTE, TimeSpan, quoted_end, unescape};

/// What is written: the reading of a clock and, for DateTimeOffset, its offset.
struct Moment {
    value: DateTime,
    offset: Option<TimeSpan>,
}

/// `$date.ToString(format, culture)`; an empty format is `G`.
pub fn format_date_time(
    value: DateTime,
    format: &str,
    culture: &Culture,
) -> Result<String, FormatError> {
    Moment::local(value).format(if format.is_empty() { "G" } else { format }, culture)
}

/// The text of a date inside strings: the invariant `G`.
pub fn invariant_date_time_text(value: DateTime) -> String {
    let (year, month, day) = value.ymd();
    format!(
        "{month:02}/{day:02}/{year:04} {:02}:{:02}:{:02}",
        value.hour(),
        value.minute(),
        value.second()
    )
}

/// `$offset.ToString(format, culture)`; an empty format adds the offset to `G`.
pub fn format_date_time_offset(
    value: DateTimeOffset,
    format: &str,
    culture: &Culture,
) -> Result<String, FormatError> {
    let moment = Moment {
        value: value.date_time(),
        offset: Some(value.offset()),
    };
    if format.is_empty() {
        let dates = &culture.date_time_format;
        let pattern = format!(
            "{} {} zzz",
            dates.short_date_pattern, dates.long_time_pattern
        );
        return moment.custom(&pattern, culture);
    }
    moment.format(format, culture)
}

/// `$dateOnly.ToString(format, culture)`; an empty format is `d`.
pub fn format_date_only(
    value: DateOnly,
    format: &str,
    culture: &Culture,
) -> Result<String, FormatError> {
    let moment = Moment::local(value.to_date_time());
    let format = match format {
        "" => "d",
        "o" | "O" => "yyyy'-'MM'-'dd",
        "r" | "R" => return moment.custom("ddd, dd MMM yyyy", Culture::invariant()),
        "d" | "D" | "m" | "M" | "y" | "Y" => format,
        _ if format.chars().count() > 1 && !has_specifier(format, "fFhHKmstz:g") => format,
        _ => return Err(FormatError::bad_input()),
    };
    moment.format(format, culture)
}

/// `$timeOnly.ToString(format, culture)`; an empty format is `t`.
pub fn format_time_only(
    value: TimeOnly,
    format: &str,
    culture: &Culture,
) -> Result<String, FormatError> {
    let moment = Moment::local(value.to_date_time());
    let format = match format {
        "" => "t",
        "o" | "O" => "HH':'mm':'ss'.'fffffff",
        "r" | "R" => "HH':'mm':'ss",
        "t" | "T" => format,
        _ if format.chars().count() > 1 && !has_specifier(format, "dgKMyz/") => format,
        _ => return Err(FormatError::bad_input()),
    };
    moment.format(format, culture)
}

fn month_name(dates: &DateTimeFormatInfo, month: i32, run: usize, genitive: bool) -> &str {
    let names = match (run, genitive) {
        (3, false) => &dates.abbreviated_month_names,
        (3, true) => &dates.abbreviated_month_genitive_names,
        (_, false) => &dates.month_names,
        (_, true) => &dates.month_genitive_names,
    };
    &names[month as usize - 1]
}

/// One of `letters` stands in the format outside quotes and escapes.
fn has_specifier(format: &str, letters: &str) -> bool {
    let chars: Vec<char> = format.chars().collect();
    let mut at = 0;
    while let Some(&ch) = chars.get(at) {
        match ch {
            '\\' => at += 1,
            '\'' | '"' => at = quoted_end(&chars, at + 1, ch).unwrap_or(chars.len()),
            _ if letters.contains(ch) => return true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// The pattern behind a standard format letter, by culture; `None` for letters
/// that are no standard format.
pub(super) fn standard_pattern(letter: char, dates: &DateTimeFormatInfo) -> Option<Cow<'_, str>> {
    let joined = |a: &str, b: &str| Some(Cow::Owned(format!("{a} {b}")));
    match letter {
        'd' => Some(Cow::Borrowed(&dates.short_date_pattern)),
        'D' => Some(Cow::Borrowed(&dates.long_date_pattern)),
        'f' => joined(&dates.long_date_pattern, &dates.short_time_pattern),
        'F' | 'U' => Some(dates.full_date_time()),
        'g' => joined(&dates.short_date_pattern, &dates.short_time_pattern),
        'G' => joined(&dates.short_date_pattern, &dates.long_time_pattern),
        'm' | 'M' => Some(Cow::Borrowed(&dates.month_day_pattern)),
        'o' | 'O' => Some(Cow::Borrowed("yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK")),
        'r' | 'R' => Some(Cow::Borrowed("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")),
        's' => Some(Cow::Borrowed("yyyy'-'MM'-'dd'T'HH':'mm':'ss")),
        't' => Some(Cow::Borrowed(&dates.short_time_pattern)),
        'T' => Some(Cow::Borrowed(&dates.long_time_pattern)),
        'u' => Some(Cow::Borrowed("yyyy'-'MM'-'dd HH':'mm':'ss'Z'")),
        'y' | 'Y' => Some(Cow::Borrowed(&dates.year_month_pattern)),
        _ => None,
    }
}

impl Moment {
    fn local(value: DateTime) -> Moment {
        Moment {
            value,
            offset: None,
        }
    }

    fn format(self, format: &str, culture: &Culture) -> Result<String, FormatError> {
        let mut chars = format.chars();
        let (Some(letter), None) = (chars.next(), chars.next()) else {
            return self.custom(format, culture);
        };
        let pattern = standard_pattern(letter, &culture.date_time_format)
            .ok_or_else(FormatError::bad_input)?;
        match letter {
            'o' | 'O' | 's' => self.custom(&pattern, Culture::invariant()),
            'r' | 'R' | 'u' => self
                .in_utc_if_offset()
                .custom(&pattern, Culture::invariant()),
            'U' if self.offset.is_some() => Err(FormatError::bad_input()),
            'U' => Moment {
                value: self.value.to_universal(),
                offset: None,
            }
            .custom(&pattern, culture),
            _ => self.custom(&pattern, culture),
        }
    }

    /// Formats that name UTC show it, when the offset is known.
    fn in_utc_if_offset(self) -> Moment {
        match self.offset {
            Some(offset) => Moment {
                value: DateTime::new(self.value.ticks() - offset.0, DateTimeKind::Unspecified),
                offset: Some(TimeSpan::ZERO),
            },
            None => self,
        }
    }

    fn custom(&self, format: &str, culture: &Culture) -> Result<String, FormatError> {
        let chars: Vec<char> = format.chars().collect();
        let mut out = String::with_capacity(format.len() + 16);
        self.write(&chars, culture, &mut out)?;
        Ok(out)
    }

    fn write(
        &self,
        chars: &[char],
        culture: &Culture,
        out: &mut String,
    ) -> Result<(), FormatError> {
        let dates = &culture.date_time_format;
        let value = self.value;
        let (year, month, day) = value.ymd();
        let mut at = 0;
        while let Some(&ch) = chars.get(at) {
            let run = chars[at..].iter().take_while(|&&c| c == ch).count();
            let two = |n: i32| {
                if run == 1 {
                    n.to_string()
                } else {
                    format!("{n:02}")
                }
            };
            let mut used = run;
            match ch {
                'g' => out.push_str(if culture.name.is_empty() {
                    "A.D."
                } else {
                    "AD"
                }),
                'h' => out.push_str(&two((value.hour() + 11) % 12 + 1)),
                'H' => out.push_str(&two(value.hour())),
                'm' => out.push_str(&two(value.minute())),
                's' => out.push_str(&two(value.second())),
                'f' | 'F' => self.write_fraction(run, ch == 'F', out)?,
                't' => self.write_designator(run, dates, out),
                'd' => match run {
                    1 | 2 => out.push_str(&two(day)),
                    3 => out.push_str(&dates.abbreviated_day_names[value.day_of_week()]),
                    _ => out.push_str(&dates.day_names[value.day_of_week()]),
                },
                'M' => match run {
                    1 | 2 => out.push_str(&two(month)),
                    _ => {
                        let genitive = dates.has_genitive_months() && beside_day(chars, at, run);
                        out.push_str(month_name(dates, month, run, genitive));
                    }
                },
                'y' => match run {
                    1 => out.push_str(&(year % 100).to_string()),
                    2 => out.push_str(&format!("{:02}", year % 100)),
                    _ => out.push_str(&zero_padded(&year.to_string(), run)),
                },
                'z' => self.write_offset(run, out),
                'K' => {
                    used = 1;
                    match (self.offset, value.kind()) {
                        (None, DateTimeKind::Unspecified) => {}
                        (None, DateTimeKind::Utc) => out.push('Z'),
                        _ => self.write_offset(3, out),
                    }
                }
                ':' => {
                    used = 1;
                    out.push_str(&dates.time_separator);
                }
                '/' => {
                    used = 1;
                    out.push_str(&dates.date_separator);
                }
                '\'' | '"' => {
                    let end = quoted_end(chars, at + 1, ch).ok_or_else(|| {
                        FormatError(format!(
                            "Cannot find a matching quote character for the character '{ch}'."
                        ))
                    })?;
                    out.extend(unescape(&chars[at + 1..end]));
                    used = end + 1 - at;
                }
                '%' => match chars.get(at + 1) {
                    Some(&next) if next != '%' => {
                        self.write(&[next], culture, out)?;
                        used = 2;
                    }
                    _ => return Err(FormatError::bad_input()),
                },
                '\\' => {
                    out.push(*chars.get(at + 1).ok_or_else(FormatError::bad_input)?);
                    used = 2;
                }
                _ => {
                    used = 1;
                    out.push(ch);
                }
            }
            at += used;
        }
        Ok(())
    }

    /// So many digits of the second's fraction; the short form drops the zeros at its end.
    fn write_fraction(
        &self,
        count: usize,
        short: bool,
        out: &mut String,
    ) -> Result<(), FormatError> {
        let digits = format!("{:07}", self.value.second_fraction());
        let mut digits = digits.get(..count).ok_or_else(FormatError::bad_input)?;
        if short {
            digits = digits.trim_end_matches('0');
            // Without a fraction its point goes too.
            if digits.is_empty() && out.ends_with('.') {
                out.pop();
            }
        }
        out.push_str(digits);
        Ok(())
    }

    /// Whether it is before or after noon: a letter, or the whole designator.
    fn write_designator(&self, run: usize, dates: &DateTimeFormatInfo, out: &mut String) {
        let designator = match self.value.hour() < 12 {
            true => &dates.am_designator,
            false => &dates.pm_designator,
        };
        match run {
            1 => out.extend(designator.chars().next()),
            _ => out.push_str(designator),
        }
    }

    fn write_offset(&self, run: usize, out: &mut String) {
        let offset = self.offset.unwrap_or_else(|| self.value.utc_offset());
        let sign = if offset.0 < 0 { '-' } else { '+' };
        let hours = offset.0.abs() / TICKS_PER_HOUR;
        out.push(sign);
        if run == 1 {
            out.push_str(&hours.to_string());
        } else {
            out.push_str(&format!("{hours:02}"));
        }
        if run > 2 {
            let minutes = offset.0.abs() / TICKS_PER_MINUTE % 60;
            out.push_str(&format!(":{minutes:02}"));
        }
    }
}

/// A month name is beside a day number when `d` or `dd` is the nearest `d` on
/// either side.
fn beside_day(chars: &[char], at: usize, run: usize) -> bool {
    let before = chars[..at].iter().rposition(|&c| c == 'd').map(|last| {
        chars[..=last]
            .iter()
            .rev()
            .take_while(|&&c| c == 'd')
            .count()
    });
    let after = chars[at + run..]
        .iter()
        .position(|&c| c == 'd')
        .map(|first| {
            chars[at + run + first..]
                .iter()
                .take_while(|&&c| c == 'd')
                .count()
        });
    [before, after]
        .into_iter()
        .flatten()
        .any(|count| count <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment() -> DateTime {
        DateTime::from_parts((2024, 7, 4), (15, 6, 7), DateTimeKind::Utc).unwrap()
    }

    fn text(format: &str, culture: &str) -> String {
        let culture = Culture::known(culture).unwrap();
        format_date_time(moment(), format, culture).unwrap_or_else(|e| e.0)
    }

    #[test]
    fn standard_formats() {
        for (format, expected) in [
            ("d", "07/04/2024"),
            ("D", "Thursday, 04 July 2024"),
            ("f", "Thursday, 04 July 2024 15:06"),
            ("F", "Thursday, 04 July 2024 15:06:07"),
            ("g", "07/04/2024 15:06"),
            ("G", "07/04/2024 15:06:07"),
            ("", "07/04/2024 15:06:07"),
            ("m", "July 04"),
            ("o", "2024-07-04T15:06:07.0000000Z"),
            ("r", "Thu, 04 Jul 2024 15:06:07 GMT"),
            ("s", "2024-07-04T15:06:07"),
            ("t", "15:06"),
            ("T", "15:06:07"),
            ("u", "2024-07-04 15:06:07Z"),
            ("y", "2024 July"),
            ("q", "Input string was not in a correct format."),
        ] {
            assert_eq!(text(format, ""), expected, "{format}");
        }
        assert_eq!(text("G", "en-US"), "7/4/2024 3:06:07\u{202F}PM");
        assert_eq!(text("D", "en-US"), "Thursday, July 4, 2024");
        assert_eq!(text("d", "de-DE"), "04.07.2024");
        assert_eq!(text("D", "de-DE"), "Donnerstag, 4. Juli 2024");
        assert_eq!(text("MMM yyyy", "de-DE"), "Jul 2024");
        assert_eq!(text("d. MMM", "de-DE"), "4. Juli");
        assert_eq!(
            text("D", "ja-JP"),
            "2024\u{5E74}7\u{6708}4\u{65E5}\u{6728}\u{66DC}\u{65E5}"
        );
        assert_eq!(invariant_date_time_text(moment()), "07/04/2024 15:06:07");
    }

    #[test]
    fn custom_formats() {
        for (format, expected) in [
            ("yyyy-MM-dd", "2024-07-04"),
            ("dd.MM.yy", "04.07.24"),
            ("hh:mm tt", "03:06 PM"),
            ("dddd d MMMM yyyy", "Thursday 4 July 2024"),
            ("'week of' MMM d", "week of Jul 4"),
            ("%d", "4"),
            ("y yy yyy yyyyy", "24 24 2024 02024"),
            ("\\d\\a\\y d", "day 4"),
            ("HH:mm:ss.fff", "15:06:07.000"),
            ("HH:mm:ss.FFF", "15:06:07"),
            ("yyyy-MM-ddTHH:mm:ssK", "2024-07-04T15:06:07Z"),
            ("zzz", "+00:00"),
            ("h:m t", "3:6 P"),
            (
                "yyyy 'unclosed",
                "Cannot find a matching quote character for the character '''.",
            ),
            ("ffffffff", "Input string was not in a correct format."),
            ("%", "Input string was not in a correct format."),
            ("yyyy\\", "Input string was not in a correct format."),
        ] {
            assert_eq!(text(format, ""), expected, "{format}");
        }
    }

    #[test]
    fn offsets_days_and_times() {
        let invariant = Culture::invariant();
        let value = DateTimeOffset::new(
            DateTime::from_parts((2024, 5, 6), (7, 8, 9), DateTimeKind::Unspecified)
                .unwrap()
                .ticks(),
            TimeSpan(-11 * TICKS_PER_HOUR / 2),
        )
        .unwrap();
        let text = |format: &str| format_date_time_offset(value, format, invariant).unwrap();
        assert_eq!(text(""), "05/06/2024 07:08:09 -05:30");
        assert_eq!(text("o"), "2024-05-06T07:08:09.0000000-05:30");
        assert_eq!(text("u"), "2024-05-06 12:38:09Z");
        assert_eq!(text("r"), "Mon, 06 May 2024 12:38:09 GMT");
        let day = DateOnly::from_date_time(moment());
        let time = TimeOnly::from_date_time(moment());
        assert_eq!(format_date_only(day, "", invariant).unwrap(), "07/04/2024");
        assert_eq!(format_date_only(day, "o", invariant).unwrap(), "2024-07-04");
        assert!(format_date_only(day, "HH", invariant).is_err());
        assert_eq!(format_time_only(time, "", invariant).unwrap(), "15:06");
        assert_eq!(
            format_time_only(time, "HH:mm:ss", invariant).unwrap(),
            "15:06:07"
        );
        assert!(format_time_only(time, "yyyy", invariant).is_err());
    }
}
