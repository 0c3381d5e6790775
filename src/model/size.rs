//! Amounts of data as Exchange reads and shows them: `250 MB (262,144,000 bytes)`.

/// The units and how many bytes each is, the largest first.
const UNITS: &[(&str, i64)] = &[
    ("TB", 1 << 40),
    ("GB", 1 << 30),
    ("MB", 1 << 20),
    ("KB", 1 << 10),
    ("B", 1),
];

/// How many digits an amount is shown with at most.
const DIGITS: usize = 4;

/// The bytes of an amount as it may be typed (`250MB`, `2097152`) or as it is shown.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some((_, exact)) = text.split_once('(') {
        let exact = exact.trim_end_matches(')').trim_end_matches("bytes");
        return exact.trim().replace(',', "").parse().ok();
    }
    let folded = text.to_ascii_uppercase();
    let (number, factor) = UNITS
        .iter()
        .find_map(|(unit, factor)| Some((folded.strip_suffix(unit)?, *factor)))
        .unwrap_or((&folded, 1));
    let number = number.trim().replace(',', "");
    if let Ok(whole) = number.parse::<i64>() {
        return whole.checked_mul(factor).filter(|it| *it >= 0);
    }
    let bytes = number.parse::<f64>().ok()? * factor as f64;
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as i64)
}

/// The text of an amount: in the largest unit of which it has one, and exactly.
pub fn display(bytes: i64) -> String {
    let (unit, factor) = UNITS
        .iter()
        .find(|(_, factor)| bytes >= *factor)
        .copied()
        .unwrap_or(("B", 1));
    let amount = bytes as f64 / factor as f64;
    let before = format!("{}", amount as i64).len();
    let rounded = format!("{amount:.*}", DIGITS.saturating_sub(before));
    let rounded = match rounded.contains('.') {
        true => rounded.trim_end_matches('0').trim_end_matches('.'),
        false => &rounded,
    };
    format!("{rounded} {unit} ({} bytes)", grouped(bytes))
}

/// A number with a comma before every three digits.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown_as_exchange_does() {
        for (typed, bytes, shown) in [
            ("250MB", 262_144_000, "250 MB (262,144,000 bytes)"),
            ("2 gb", 2_147_483_648, "2 GB (2,147,483,648 bytes)"),
            (
                "2.3 GB (2,469,396,480 bytes)",
                2_469_396_480,
                "2.3 GB (2,469,396,480 bytes)",
            ),
            (
                "2039480320",
                2_039_480_320,
                "1.899 GB (2,039,480,320 bytes)",
            ),
            ("39562424", 39_562_424, "37.73 MB (39,562,424 bytes)"),
            ("1.5KB", 1536, "1.5 KB (1,536 bytes)"),
            ("0", 0, "0 B (0 bytes)"),
            ("512B", 512, "512 B (512 bytes)"),
        ] {
            assert_eq!(parse(typed), Some(bytes), "{typed}");
            assert_eq!(display(bytes), shown);
        }
        assert_eq!(parse("Unlimited"), None);
        assert_eq!(parse("-1MB"), None);
    }
}
