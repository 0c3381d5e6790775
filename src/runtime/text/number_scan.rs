//! PowerShell's own reading of a text as a number, as casts and operators use
//! it: hexadecimal and binary patterns, type suffixes, multipliers, exponents.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;

use super::culture::Culture;
use super::number_parse::{NumberStyles, parse_decimal, parse_double};

/// A number with the type that its text gives it.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // the .NET types, by their names
pub enum ScannedNumber {
    SByte(i8),
    Byte(u8),
    Int16(i16),
    UInt16(u16),
    Int32(i32),
    UInt32(u32),
    Int64(i64),
    UInt64(u64),
    Big(BigInt),
    Decimal(Decimal),
    Double(f64),
}

/// The type that a suffix names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    SByte,
    Byte,
    Short,
    UShort,
    Long,
    Unsigned,
    ULong,
    Decimal,
    Big,
}

const SUFFIXES: [(&str, Suffix); 9] = [
    ("uy", Suffix::Byte),
    ("us", Suffix::UShort),
    ("ul", Suffix::ULong),
    ("y", Suffix::SByte),
    ("s", Suffix::Short),
    ("l", Suffix::Long),
    ("u", Suffix::Unsigned),
    ("d", Suffix::Decimal),
    ("n", Suffix::Big),
];

const MULTIPLIERS: [(&str, u32); 5] = [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)];

/// The number that is the whole of `text` apart from blanks around it, or
/// `None` when PowerShell does not read it as one. Empty text is no number here.
pub fn scan_number(text: &str) -> Option<ScannedNumber> {
    let text = text.trim();
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !body.is_ascii() {
        return None;
    }
    let lower = body.to_ascii_lowercase();
    let (rest, multiplier) = MULTIPLIERS
        .iter()
        .find_map(|&(name, shift)| Some((lower.strip_suffix(name)?, shift)))
        .unwrap_or((&lower, 0));
    // `b` and `d` are digits in hexadecimal, so the multiplier goes first only
    // when what is left still has digits.
    let (radix, digits) = if let Some(hex) = rest.strip_prefix("0x") {
        (16, hex)
    } else if let Some(binary) = rest.strip_prefix("0b") {
        (2, binary)
    } else {
        (10, rest)
    };
    if radix != 10 {
        return pattern(digits, radix, negative, multiplier);
    }
    decimal_number(digits, negative, multiplier)
}

fn split_suffix(text: &str, radix: u32) -> (&str, Suffix) {
    for (name, suffix) in SUFFIXES {
        if radix == 16 && suffix == Suffix::Decimal {
            continue;
        }
        if let Some(rest) = text.strip_suffix(name) {
            return (rest, suffix);
        }
    }
    (text, Suffix::None)
}

/// A hexadecimal or binary number: full-width digits are a bit pattern.
fn pattern(text: &str, radix: u32, negative: bool, shift: u32) -> Option<ScannedNumber> {
    let (digits, suffix) = split_suffix(text, radix);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let mut value = BigInt::parse_bytes(digits.as_bytes(), radix)?;
    let width = digits.len() as u64 * if radix == 16 { 4 } else { 1 };
    let is_pattern = match suffix {
        Suffix::SByte => width == 8,
        Suffix::Short => width == 16,
        Suffix::Long => width == 64,
        Suffix::None if radix == 2 => matches!(width, 8 | 16 | 32 | 64),
        Suffix::None => matches!(width, 32 | 64),
        Suffix::Big => width >= 32 && width.is_multiple_of(8),
        _ => false,
    };
    if is_pattern && value.bits() == width {
        value -= BigInt::from(1) << width;
    }
    if negative {
        value = -value;
    }
    value <<= shift;
    let suffix = match suffix {
        // Sixteen digits are long, however small the value is.
        Suffix::None if width >= 64 => Suffix::Long,
        Suffix::None if value.to_i64().is_none() => return None,
        Suffix::Decimal => return None,
        other => other,
    };
    integer_of(value, suffix)
}

fn decimal_number(text: &str, negative: bool, shift: u32) -> Option<ScannedNumber> {
    let (digits, suffix) = split_suffix(text, 10);
    let real = digits.contains(['.', 'e']);
    if !well_formed(digits) {
        return None;
    }
    let info = &Culture::invariant().number_format;
    if suffix == Suffix::Decimal {
        let styles = NumberStyles::FLOAT;
        let mut value = parse_decimal(digits, styles, info).ok()?;
        value = value.checked_mul(Decimal::from(1u64 << shift))?;
        if negative {
            value = -value;
        }
        return Some(ScannedNumber::Decimal(value));
    }
    if !real {
        let mut value = BigInt::parse_bytes(digits.as_bytes(), 10)?;
        if negative {
            value = -value;
        }
        value <<= shift;
        return integer_of(value, suffix);
    }
    let mut value = parse_double(digits, NumberStyles::FLOAT, info).ok()?;
    value *= (1u64 << shift) as f64;
    if negative {
        value = -value;
    }
    if suffix == Suffix::None {
        return Some(ScannedNumber::Double(value));
    }
    if !value.is_finite() {
        return None;
    }
    let rounded =
        num_bigint::BigInt::parse_bytes(format!("{:.0}", value.round_ties_even()).as_bytes(), 10)?;
    integer_of(rounded, suffix)
}

/// Digits, a point, digits, an exponent; at least one digit before the exponent.
fn well_formed(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let exponent_fine = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && all_digits(e)
    });
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent_fine
}

fn integer_of(value: BigInt, suffix: Suffix) -> Option<ScannedNumber> {
    match suffix {
        Suffix::SByte => value.to_i8().map(ScannedNumber::SByte),
        Suffix::Byte => value.to_u8().map(ScannedNumber::Byte),
        Suffix::Short => value.to_i16().map(ScannedNumber::Int16),
        Suffix::UShort => value.to_u16().map(ScannedNumber::UInt16),
        Suffix::Long => value.to_i64().map(ScannedNumber::Int64),
        Suffix::ULong => value.to_u64().map(ScannedNumber::UInt64),
        Suffix::Unsigned => value
            .to_u32()
            .map(ScannedNumber::UInt32)
            .or_else(|| value.to_u64().map(ScannedNumber::UInt64)),
        Suffix::Big => Some(ScannedNumber::Big(value)),
        Suffix::Decimal | Suffix::None => Some(smallest(value)),
    }
}

/// int, long, decimal, double: the first that holds the value.
fn smallest(value: BigInt) -> ScannedNumber {
    if let Some(value) = value.to_i32() {
        return ScannedNumber::Int32(value);
    }
    if let Some(value) = value.to_i64() {
        return ScannedNumber::Int64(value);
    }
    value
        .to_i128()
        .and_then(|wide| Decimal::try_from_i128_with_scale(wide, 0).ok())
        .map_or_else(
            || ScannedNumber::Double(value.to_f64().unwrap_or(f64::INFINITY)),
            ScannedNumber::Decimal,
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScannedNumber as N;

    #[test]
    fn typed_results() {
        for (text, expected) in [
            ("42", N::Int32(42)),
            (" -7 ", N::Int32(-7)),
            ("+7", N::Int32(7)),
            ("0x1F", N::Int32(31)),
            ("0xFFFFFFFF", N::Int32(-1)),
            ("0x0FFFFFFFF", N::Int64(4294967295)),
            ("0xFFFFFFFFu", N::UInt32(u32::MAX)),
            ("0xFFl", N::Int64(255)),
            ("0xffy", N::SByte(-1)),
            ("0b101", N::Int32(5)),
            ("0b11111111", N::Int32(-1)),
            ("1kb", N::Int32(1024)),
            ("2gb", N::Int64(2147483648)),
            ("1.5kb", N::Double(1536.0)),
            ("1lkb", N::Int64(1024)),
            ("1e3", N::Double(1000.0)),
            (".5", N::Double(0.5)),
            ("5.", N::Double(5.0)),
            ("2.5l", N::Int64(2)),
            ("1.50d", N::Decimal("1.50".parse().unwrap())),
            ("1e2d", N::Decimal(Decimal::from(100))),
            ("2147483648", N::Int64(2147483648)),
            ("9223372036854775808", N::Decimal(Decimal::from(1u64 << 63))),
            ("10n", N::Big(BigInt::from(10))),
            ("200uy", N::Byte(200)),
            ("5u", N::UInt32(5)),
            ("0x10d", N::Int32(0x10d)),
        ] {
            assert_eq!(scan_number(text), Some(expected), "{text}");
        }
        for text in [
            "", "abc", "12abc", "1,000", "1kbl", "1 2", "0x", "e3", ".", "1e", "300y", "--1",
            "1lu", "Infinity",
        ] {
            assert_eq!(scan_number(text), None, "{text}");
        }
    }
}
