//! `Get-Date -UFormat`: dates by the percent letters of Unix, and the names
//! that `-Format` knows for parts of file names.

use super::culture::Culture;
use super::datetime::{DateTime, DateTimeKind, UNIX_EPOCH_TICKS};
use super::datetime_format::format_date_time;
use super::timespan::TICKS_PER_SECOND;

/// `value` by a format such as `%Y-%m-%d`; a leading `+` is dropped.
pub fn format_unix(value: DateTime, format: &str, culture: &Culture) -> String {
    let mut out = String::with_capacity(format.len() * 2);
    let mut chars = format.strip_prefix('+').unwrap_or(format).chars();
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        match chars.next() {
            Some(letter) => out.push_str(&part(value, letter, culture)),
            None => out.push('%'),
        }
    }
    out
}

fn part(value: DateTime, letter: char, culture: &Culture) -> String {
    // Every letter that has a .NET pattern of its own.
    let pattern = match letter {
        'A' => "dddd",
        'a' => "ddd",
        'B' => "MMMM",
        'b' | 'h' => "MMM",
        'c' => "ddd dd MMM yyyy HH':'mm':'ss",
        'D' | 'x' => "MM'/'dd'/'yy",
        'd' => "dd",
        'F' => "yyyy-MM-dd",
        'H' => "HH",
        'I' => "hh",
        'M' => "mm",
        'm' => "MM",
        'p' => "tt",
        'R' => "HH:mm",
        'r' => "hh:mm:ss tt",
        'S' => "ss",
        'T' | 'X' => "HH:mm:ss",
        'Y' => "yyyy",
        'y' => "yy",
        'Z' => "zz",
        _ => return computed(value, letter),
    };
    format_date_time(value, pattern, culture).unwrap_or_default()
}

fn computed(value: DateTime, letter: char) -> String {
    match letter {
        'C' => (value.year() / 100).to_string(),
        'e' => format!("{:2}", value.day()),
        'G' => value.iso_week().0.to_string(),
        'g' => format!("{:02}", value.iso_week().0 % 100),
        'j' => format!("{:03}", value.day_of_year()),
        'k' => format!("{:2}", value.hour()),
        'l' => format!("{:2}", (value.hour() + 11) % 12 + 1),
        'n' => "\n".to_owned(),
        's' => {
            let ticks = value.to_universal().ticks() - UNIX_EPOCH_TICKS;
            (ticks / TICKS_PER_SECOND).to_string()
        }
        't' => "\t".to_owned(),
        'U' | 'W' => (value.day_of_year() / 7).to_string(),
        'u' => match value.day_of_week() {
            0 => "7".to_owned(),
            day => day.to_string(),
        },
        'V' => format!("{:02}", value.iso_week().1),
        'w' => value.day_of_week().to_string(),
        // `%%` and letters without meaning stand for themselves.
        other => other.to_string(),
    }
}

/// The date and the pattern behind `FileDate` and its relatives, whose universal
/// forms show UTC; `None` for other formats.
pub fn file_date_format(value: DateTime, format: &str) -> Option<(DateTime, &'static str)> {
    let universal = || value.to_universal().with_kind(DateTimeKind::Utc);
    let is = |name: &str| format.eq_ignore_ascii_case(name);
    if is("FileDate") {
        Some((value, "yyyyMMdd"))
    } else if is("FileDateUniversal") {
        Some((universal(), "yyyyMMddZ"))
    } else if is("FileDateTime") {
        Some((value, "yyyyMMddTHHmmssffff"))
    } else if is("FileDateTimeUniversal") {
        Some((universal(), "yyyyMMddTHHmmssffffZ"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters() {
        let value = DateTime::from_parts((2024, 3, 5), (7, 8, 9), DateTimeKind::Utc).unwrap();
        let text = |format: &str| format_unix(value, format, Culture::en_us());
        for (letters, expected) in [
            ("%A %a %B %b %h", "Tuesday Tue March Mar Mar"),
            ("%C|%D|%d|%e|%F", "20|03/05/24|05| 5|2024-03-05"),
            ("%G %g %V %U %W %u %w %j", "2024 24 10 9 9 2 2 065"),
            ("%H|%I|%k|%l|%M|%m|%p", "07|07| 7| 7|08|03|AM"),
            ("%R %r %S %T %X", "07:08 07:08:09 AM 09 07:08:09 07:08:09"),
            ("100%% %t|%n|", "100% \t|\n|"),
            ("+%d/%m %y %Y", "05/03 24 2024"),
            ("%s", "1709622489"),
        ] {
            assert_eq!(text(letters), expected);
        }
        let sunday = DateTime::from_ymd(2021, 1, 3).unwrap();
        assert_eq!(
            format_unix(sunday, "%V %G %u", Culture::en_us()),
            "53 2020 7"
        );
        let (value, pattern) = file_date_format(value, "filedatetime").unwrap();
        assert_eq!(
            format_date_time(value, pattern, Culture::en_us()).unwrap(),
            "20240305T0708090000"
        );
    }
}
