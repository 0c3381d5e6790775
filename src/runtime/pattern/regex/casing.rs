//! Which characters count as the same when letter case is ignored.
//!
//! Two characters are equivalent when they have the same lower-case form.
//! Outside the invariant culture the capital i with dot belongs to i.
use crate::runtime::collation::{lower_char, upper_char};

/// Capitals that are not the upper-case form of their lower-case form.
const OTHER_CAPITALS: &[(u16, u16)] = &[
    (0x006B, 0x212A),
    (0x00E5, 0x212B),
    (0x03C9, 0x2126),
    (0x00DF, 0x1E9E),
    (0x03B8, 0x03F4),
    (0x01C6, 0x01C5),
    (0x01C9, 0x01C8),
    (0x01CC, 0x01CB),
    (0x01F3, 0x01F2),
    (0x1FB3, 0x1FBC),
    (0x1FC3, 0x1FCC),
    (0x1FF3, 0x1FFC),
];

fn map(unit: u16, mapping: impl Fn(char) -> char) -> u16 {
    char::from_u32(u32::from(unit))
        .and_then(|c| u16::try_from(u32::from(mapping(c))).ok())
        .unwrap_or(unit)
}

/// The lower-case form of a code unit.
pub(super) fn lower(unit: u16) -> u16 {
    match unit {
        0x41..=0x5A => unit + 0x20,
        0..=0x7F => unit,
        // The capitals with iota below have no simple form in the table of
        // full mappings that `char` offers.
        0x1F88..=0x1F8F | 0x1F98..=0x1F9F | 0x1FA8..=0x1FAF => unit - 8,
        _ => map(unit, lower_char),
    }
}

/// Calls `each` with every unit equivalent to `unit`, itself included; a unit
/// may come more than once.
pub(super) fn equivalents(unit: u16, invariant: bool, each: &mut impl FnMut(u16)) {
    let low = if unit == 0x130 && !invariant {
        u16::from(b'i')
    } else {
        lower(unit)
    };
    each(unit);
    each(low);
    let up = map(low, upper_char);
    if lower(up) == low {
        each(up);
    }
    if (0x1F80..=0x1FAF).contains(&low) {
        each(low | 8);
    }
    for (small, capital) in OTHER_CAPITALS {
        if *small == low {
            each(*capital);
        }
    }
    if low == u16::from(b'i') && !invariant {
        each(0x130);
    }
}

/// Whether a range of units may be skipped when equivalents are looked for:
/// ideographs, Hangul, surrogates and private use know no case.
pub(super) fn caseless_until(unit: u16) -> Option<u16> {
    match unit {
        0x2E80..=0xA63F => Some(0xA63F),
        0xAC00..=0xFAFF => Some(0xFAFF),
        0xFB50..=0xFF20 => Some(0xFF20),
        _ => None,
    }
}

/// Whether two units are the same when case is ignored.
pub(super) fn equal(a: u16, b: u16, invariant: bool) -> bool {
    if a == b {
        return true;
    }
    let mut found = false;
    equivalents(a, invariant, &mut |unit| found |= unit == b);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(unit: char, invariant: bool) -> String {
        let mut units = Vec::new();
        equivalents(unit as u16, invariant, &mut |u| units.push(u));
        units.sort_unstable();
        units.dedup();
        String::from_utf16_lossy(&units)
    }

    #[test]
    fn groups() {
        assert_eq!(group('a', true), "Aa");
        assert_eq!(group('K', true), "Kk\u{212A}");
        assert_eq!(group('i', true), "Ii");
        assert_eq!(group('i', false), "Ii\u{130}");
        assert_eq!(group('İ', false), "Ii\u{130}");
        assert_eq!(group('ß', true), "ßẞ");
        assert_eq!(group('Ω', true), "Ωω\u{2126}");
        assert_eq!(group('1', true), "1");
        assert!(equal(u16::from(b'x'), u16::from(b'X'), true));
    }
}
