//! TimeSpan from text: the free form of `Parse` and the formats of `ParseExact`.

use super::culture::Culture;
use super::timespan::{
    TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, TimeSpan,
    TimeSpanParseError, quoted_end, unescape,
};

/// Digits as they stood: a fraction needs to know its leading zeros.
struct Part<'t> {
    digits: &'t str,
}

impl Part<'_> {
    fn number(&self) -> Option<i64> {
        self.digits.parse().ok()
    }

    /// The digits as a fraction of a second, in ticks, rounded.
    fn fraction(&self) -> Option<i64> {
        let kept = self.digits.get(..self.digits.len().min(8))?;
        let value: i64 = kept.parse().ok()?;
        Some(match kept.len() {
            8 => (value + 5) / 10,
            length => value * 10i64.pow(7 - length as u32),
        })
    }
}

/// Which number is which, by how many numbers there are and what stands between.
const LAYOUTS: [(&str, &str); 9] = [
    ("d", ""),
    ("hm", ":"),
    ("hms", "::"),
    ("dhm", ".:"),
    ("dhm", "::"),
    ("hmsf", "::."),
    ("dhms", ".::"),
    ("dhms", ":::"),
    ("dhmsf", ".::."),
];
const FULL_LOCAL: (&str, &str) = ("dhmsf", ":::.");
/// Minutes with a fraction, an old form: `h:m.f`.
const HOURS_MINUTES_FRACTION: (&str, &str) = ("hmf", ":.");

pub(super) fn parse(text: &str, culture: &Culture) -> Result<TimeSpan, TimeSpanParseError> {
    let malformed = || TimeSpanParseError::Format(text.to_owned());
    let body = text.trim();
    let (negative, mut rest) = match body.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, body),
    };
    let decimal = &*culture.number_format.number_decimal_separator;
    let mut parts: Vec<Part> = Vec::new();
    let mut separators = String::new();
    loop {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if end == 0 || parts.len() == 5 {
            return Err(malformed());
        }
        parts.push(Part {
            digits: &rest[..end],
        });
        rest = &rest[end..];
        if rest.is_empty() {
            break;
        }
        // The culture's own decimal separator counts as the point of the fraction.
        if let Some(next) = rest.strip_prefix(['.', ':']) {
            separators.push_str(&rest[..1]);
            rest = next;
        } else if let Some(next) = rest.strip_prefix(decimal) {
            separators.push('.');
            rest = next;
        } else {
            return Err(malformed());
        }
    }
    let layouts = LAYOUTS.iter().chain([&FULL_LOCAL, &HOURS_MINUTES_FRACTION]);
    let mut matched = false;
    for (units, between) in layouts {
        if *between != separators {
            continue;
        }
        matched = true;
        if let Some(ticks) = assemble(units, &parts, negative) {
            return Ok(TimeSpan(ticks));
        }
    }
    Err(if matched {
        TimeSpanParseError::Overflow(text.to_owned())
    } else {
        malformed()
    })
}

fn assemble(units: &str, parts: &[Part], negative: bool) -> Option<i64> {
    let mut total: i128 = 0;
    for (unit, part) in units.chars().zip(parts) {
        let (value, most, ticks) = match unit {
            'd' => (part.number()?, 10_675_199, TICKS_PER_DAY),
            'h' => (part.number()?, 23, TICKS_PER_HOUR),
            'm' => (part.number()?, 59, TICKS_PER_MINUTE),
            's' => (part.number()?, 59, TICKS_PER_SECOND),
            _ => (part.fraction()?, i64::MAX, 1),
        };
        if value > most {
            return None;
        }
        total += i128::from(value) * i128::from(ticks);
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

pub(super) fn parse_exact(
    text: &str,
    format: &str,
    culture: &Culture,
    assume_negative: bool,
) -> Result<TimeSpan, TimeSpanParseError> {
    let malformed = || TimeSpanParseError::Format(text.to_owned());
    match format {
        "" => return Err(TimeSpanParseError::BadFormat),
        "c" | "t" | "T" => {
            let point_first = !text.contains(',');
            return parse(text, Culture::invariant()).and_then(|span| {
                if point_first {
                    Ok(span)
                } else {
                    Err(malformed())
                }
            });
        }
        "g" | "G" => return parse(text, culture),
        _ => {}
    }
    let pattern: Vec<char> = format.chars().collect();
    if pattern.len() == 1 {
        return Err(TimeSpanParseError::BadFormat);
    }
    let mut rest = text;
    let mut total: i128 = 0;
    let mut at = 0;
    while let Some(&ch) = pattern.get(at) {
        let mut ch = ch;
        let mut run = pattern[at..].iter().take_while(|&&c| c == ch).count();
        if ch == '%' {
            ch = *pattern.get(at + 1).ok_or(TimeSpanParseError::BadFormat)?;
            at += 1;
            run = 1;
        }
        match ch {
            'd' | 'h' | 'm' | 's' => {
                at += run;
                let (most_digits, most, ticks) = match ch {
                    'd' => (8, 10_675_199, TICKS_PER_DAY),
                    'h' => (2, 23, TICKS_PER_HOUR),
                    'm' => (2, 59, TICKS_PER_MINUTE),
                    _ => (2, 59, TICKS_PER_SECOND),
                };
                if run > most_digits {
                    return Err(TimeSpanParseError::BadFormat);
                }
                let longest = if run == 1 { most_digits } else { run };
                let digits = take_digits(&mut rest, run, longest).ok_or_else(malformed)?;
                let value: i64 = digits.parse().map_err(|_| malformed())?;
                if value > most {
                    return Err(TimeSpanParseError::Overflow(text.to_owned()));
                }
                total += i128::from(value) * i128::from(ticks);
            }
            'f' | 'F' => {
                at += run;
                if run > 7 {
                    return Err(TimeSpanParseError::BadFormat);
                }
                let fewest = if ch == 'f' { run } else { 0 };
                let digits = take_digits(&mut rest, fewest, run).ok_or_else(malformed)?;
                if !digits.is_empty() {
                    total += i128::from(Part { digits }.fraction().ok_or_else(malformed)?);
                }
            }
            '\'' | '"' => {
                let end = quoted_end(&pattern, at + 1, ch).ok_or(TimeSpanParseError::BadFormat)?;
                for literal in unescape(&pattern[at + 1..end]) {
                    rest = rest.strip_prefix(literal).ok_or_else(malformed)?;
                }
                at = end + 1;
            }
            '\\' => {
                let literal = *pattern.get(at + 1).ok_or(TimeSpanParseError::BadFormat)?;
                rest = rest.strip_prefix(literal).ok_or_else(malformed)?;
                at += 2;
            }
            _ => return Err(TimeSpanParseError::BadFormat),
        }
    }
    if !rest.is_empty() {
        return Err(malformed());
    }
    let total = if assume_negative { -total } else { total };
    i64::try_from(total)
        .map(TimeSpan)
        .map_err(|_| TimeSpanParseError::Overflow(text.to_owned()))
}

/// Between `fewest` and `most` digits from the start of `rest`.
fn take_digits<'t>(rest: &mut &'t str, fewest: usize, most: usize) -> Option<&'t str> {
    let count = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if count < fewest {
        return None;
    }
    let (digits, tail) = rest.split_at(count);
    *rest = tail;
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match TimeSpan::parse(text, Culture::invariant()) {
            Ok(span) => span.to_string(),
            Err(TimeSpanParseError::Format(_)) => "format".to_owned(),
            Err(TimeSpanParseError::Overflow(_)) => "overflow".to_owned(),
            Err(TimeSpanParseError::BadFormat) => "bad".to_owned(),
        }
    }

    #[test]
    fn free_form() {
        for (text, expected) in [
            ("5", "5.00:00:00"),
            ("1:2", "01:02:00"),
            ("1:2:3", "01:02:03"),
            ("-1.12:00", "-1.12:00:00"),
            ("0:0:0.001", "00:00:00.0010000"),
            ("1.02:03:04.0050000", "1.02:03:04.0050000"),
            ("2.03:04:05", "2.03:04:05"),
            ("1:2:3:4", "1.02:03:04"),
            ("24:00:00", "24.00:00:00"),
            (" 12:30:45 ", "12:30:45"),
            ("-0:00:01.5", "-00:00:01.5000000"),
            ("25:99", "overflow"),
            ("oops", "format"),
            ("", "format"),
            ("1:", "format"),
            ("1 2", "format"),
            ("99999999", "overflow"),
            ("99999999999999999999", "overflow"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn exact_form() {
        let read = |text: &str, format: &str| {
            TimeSpan::parse_exact(text, format, Culture::invariant(), false)
                .map(|span| span.to_string())
                .ok()
        };
        assert_eq!(read("45", "%m").as_deref(), Some("00:45:00"));
        assert_eq!(read("02-30", "hh\\-mm").as_deref(), Some("02:30:00"));
        assert_eq!(
            read("1.02:03", "d\\.hh\\:mm").as_deref(),
            Some("1.02:03:00")
        );
        assert_eq!(read("12.5", "ss\\.f").as_deref(), Some("00:00:12.5000000"));
        assert_eq!(read("2:30", "hh\\:mm"), None);
        assert_eq!(read("02:30", "h:m"), None);
    }
}
