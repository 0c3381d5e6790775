//! Numbers by standard format strings: C D E F G N P R X B with a precision.
//! Custom format strings are in `number_custom`.

use num_bigint::BigInt;
use num_traits::Signed;
use rust_decimal::Decimal;

use super::culture::{Culture, NumberFormatInfo};
use super::digits::{Digits, DigitsKind};
use super::number_custom::format_custom;

/// A number to be written, with what its text depends on.
#[derive(Debug, Clone, Copy)]
pub enum Number<'a> {
    /// sbyte, short, int and long; the width matters to `X` and `B`.
    Signed {
        /// The value.
        value: i64,
        /// 8, 16, 32 or 64.
        bits: u32,
    },
    /// byte, ushort, uint and ulong.
    Unsigned(u64),
    /// BigInteger.
    Big(&'a BigInt),
    /// double.
    Double(f64),
    /// float.
    Single(f32),
    /// decimal.
    Decimal(Decimal),
}

macro_rules! number_from {
    ($($ty:ty => $bits:literal),*) => {$(
        impl From<$ty> for Number<'_> {
            fn from(value: $ty) -> Self {
                Number::Signed { value: value.into(), bits: $bits }
            }
        }
    )*};
}
number_from!(i8 => 8, i16 => 16, i32 => 32, i64 => 64);

macro_rules! number_from_unsigned {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Number<'_> {
            fn from(value: $ty) -> Self {
                Number::Unsigned(value.into())
            }
        }
    )*};
}
number_from_unsigned!(u8, u16, u32, u64);

impl From<f64> for Number<'_> {
    fn from(value: f64) -> Self {
        Number::Double(value)
    }
}

impl From<f32> for Number<'_> {
    fn from(value: f32) -> Self {
        Number::Single(value)
    }
}

impl From<Decimal> for Number<'_> {
    fn from(value: Decimal) -> Self {
        Number::Decimal(value)
    }
}

impl<'a> From<&'a BigInt> for Number<'a> {
    fn from(value: &'a BigInt) -> Self {
        Number::Big(value)
    }
}

/// A format string that a value refuses, with the message of the FormatException.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FormatError(pub String);

impl FormatError {
    fn bad_specifier() -> FormatError {
        FormatError("Format specifier was invalid.".to_owned())
    }

    /// The message for format strings that do not scan.
    pub(super) fn bad_input() -> FormatError {
        FormatError("Input string was not in a correct format.".to_owned())
    }
}

/// More digits than this are refused instead of filling memory with zeros.
const MOST_PRECISION: i32 = 10_000_000;

/// `value.ToString(format, culture)`.
pub fn format_number(
    value: Number<'_>,
    format: &str,
    culture: &Culture,
) -> Result<String, FormatError> {
    format_number_info(value, format, &culture.number_format)
}

/// The same by the symbols of numbers alone.
pub fn format_number_info(
    value: Number<'_>,
    format: &str,
    info: &NumberFormatInfo,
) -> Result<String, FormatError> {
    let specifier = parse_specifier(format)?;
    match value {
        Number::Signed { value, bits } => {
            let pattern = || {
                let mask = u64::MAX >> (64 - bits.clamp(1, 64));
                value as u64 & mask
            };
            integer(specifier, format, info, i128::from(value), pattern)
        }
        Number::Unsigned(value) => integer(specifier, format, info, value.into(), || value),
        Number::Big(value) => big(specifier, format, info, value),
        Number::Decimal(value) => {
            let digits = Digits::of_decimal(value);
            match specifier {
                Some((letter, precision)) => standard(digits, letter, precision, info),
                None => Ok(format_custom(digits, format, info)),
            }
        }
        Number::Double(value) => real(specifier, format, info, value, None),
        Number::Single(value) => real(specifier, format, info, f64::from(value), Some(value)),
    }
}

/// A letter with its precision (-1 when there is none), or `None` for a custom
/// format string. An empty format is `G`.
fn parse_specifier(format: &str) -> Result<Option<(char, i32)>, FormatError> {
    let mut chars = format.chars();
    let Some(letter) = chars.next() else {
        return Ok(Some(('G', -1)));
    };
    if !letter.is_ascii_alphabetic() {
        return Ok(None);
    }
    let rest = chars.as_str();
    if rest.is_empty() {
        return Ok(Some((letter, -1)));
    }
    if !rest.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    match rest.parse::<u32>() {
        Ok(precision) if precision <= MOST_PRECISION as u32 => Ok(Some((letter, precision as i32))),
        _ => Err(FormatError::bad_specifier()),
    }
}

fn integer(
    specifier: Option<(char, i32)>,
    format: &str,
    info: &NumberFormatInfo,
    value: i128,
    pattern: impl FnOnce() -> u64,
) -> Result<String, FormatError> {
    let Some((letter, precision)) = specifier else {
        return Ok(format_custom(Digits::of_integer(value), format, info));
    };
    let width = precision.max(0) as usize;
    match letter {
        'G' | 'g' if precision < 1 => Ok(signed_text(value < 0, &magnitude(value), 0, info)),
        'D' | 'd' => Ok(signed_text(value < 0, &magnitude(value), width, info)),
        'X' => Ok(zero_padded(&format!("{:X}", pattern()), width)),
        'x' => Ok(zero_padded(&format!("{:x}", pattern()), width)),
        'B' | 'b' => Ok(zero_padded(&format!("{:b}", pattern()), width)),
        _ => standard(Digits::of_integer(value), letter, precision, info),
    }
}

fn magnitude(value: i128) -> String {
    value.unsigned_abs().to_string()
}

/// Digits with zeros before them. The language's own formatting pads to no more than 65,535.
pub(super) fn zero_padded(digits: &str, width: usize) -> String {
    "0".repeat(width.saturating_sub(digits.len())) + digits
}

fn signed_text(negative: bool, digits: &str, width: usize, info: &NumberFormatInfo) -> String {
    let sign = if negative { &*info.negative_sign } else { "" };
    format!("{sign}{}", zero_padded(digits, width))
}

fn big(
    specifier: Option<(char, i32)>,
    format: &str,
    info: &NumberFormatInfo,
    value: &BigInt,
) -> Result<String, FormatError> {
    let Some((letter, precision)) = specifier else {
        return Ok(format_custom(Digits::of_big(value), format, info));
    };
    let width = precision.max(0) as usize;
    match letter {
        'D' | 'd' | 'G' | 'g' | 'R' | 'r' => Ok(signed_text(
            value.is_negative(),
            &value.abs().to_string(),
            width,
            info,
        )),
        'X' | 'x' => Ok(big_hexadecimal(value, width, letter == 'X')),
        'B' | 'b' => Ok(big_binary(value, width)),
        _ => standard(Digits::of_big(value), letter, precision, info),
    }
}

/// Two's complement: the first digit always tells the sign.
fn big_hexadecimal(value: &BigInt, width: usize, upper: bool) -> String {
    let mut text = String::new();
    for (index, byte) in value.to_signed_bytes_be().into_iter().enumerate() {
        let one_digit = index == 0 && (-8..8).contains(&(byte as i8));
        let digits = match (one_digit, upper) {
            (true, true) => format!("{:X}", byte & 0xF),
            (true, false) => format!("{:x}", byte & 0xF),
            (false, true) => format!("{byte:02X}"),
            (false, false) => format!("{byte:02x}"),
        };
        text.push_str(&digits);
    }
    let fill = match (value.is_negative(), upper) {
        (true, true) => 'F',
        (true, false) => 'f',
        (false, _) => '0',
    };
    pad_front(text, fill, width)
}

fn big_binary(value: &BigInt, width: usize) -> String {
    let bits: String = value
        .to_signed_bytes_be()
        .into_iter()
        .map(|byte| format!("{byte:08b}"))
        .collect();
    let (sign, fill) = if value.is_negative() {
        ("1", '1')
    } else {
        ("0", '0')
    };
    // One digit of sign stays in front of the digits that differ from it.
    let body = bits.trim_start_matches(fill);
    pad_front(format!("{sign}{body}"), fill, width)
}

fn pad_front(text: String, fill: char, width: usize) -> String {
    let missing = width.saturating_sub(text.len());
    if missing == 0 {
        return text;
    }
    let mut out: String = std::iter::repeat_n(fill, missing).collect();
    out.push_str(&text);
    out
}

/// Custom formats see no more digits of a real number than these.
const DOUBLE_CUSTOM_DIGITS: usize = 15;
const SINGLE_CUSTOM_DIGITS: usize = 7;
/// Below this many digits before the point a shortest text has no exponent.
const DOUBLE_ROUND_TRIP_DIGITS: i32 = 17;
const SINGLE_ROUND_TRIP_DIGITS: i32 = 9;

fn real(
    specifier: Option<(char, i32)>,
    format: &str,
    info: &NumberFormatInfo,
    value: f64,
    single: Option<f32>,
) -> Result<String, FormatError> {
    if value.is_nan() {
        return Ok(info.nan_symbol.to_string());
    }
    if value.is_infinite() {
        return Ok(if value < 0.0 {
            info.negative_infinity_symbol.to_string()
        } else {
            info.positive_infinity_symbol.to_string()
        });
    }
    let Some((letter, precision)) = specifier else {
        let count = if single.is_some() {
            SINGLE_CUSTOM_DIGITS
        } else {
            DOUBLE_CUSTOM_DIGITS
        };
        return Ok(format_custom(
            Digits::significant(value, count),
            format,
            info,
        ));
    };
    let or_default = |default: i32| {
        let precision = if precision < 0 { default } else { precision };
        precision as usize
    };
    let digits = match letter {
        'C' | 'c' => Digits::fractional(value, or_default(info.currency_decimal_digits)),
        'F' | 'f' | 'N' | 'n' => Digits::fractional(value, or_default(info.number_decimal_digits)),
        'P' | 'p' => Digits::fractional(value, or_default(info.percent_decimal_digits) + 2),
        'E' | 'e' => Digits::significant(value, or_default(6) + 1),
        'G' | 'g' if precision > 0 => Digits::significant(value, precision as usize),
        'G' | 'g' | 'R' | 'r' => {
            let (digits, limit) = match single {
                Some(single) => (Digits::shortest_single(single), SINGLE_ROUND_TRIP_DIGITS),
                None => (Digits::shortest(value), DOUBLE_ROUND_TRIP_DIGITS),
            };
            let limit = limit.max(digits.digits.len() as i32);
            let letter = if letter.is_ascii_lowercase() {
                'g'
            } else {
                'G'
            };
            return standard(digits, letter, limit, info);
        }
        _ => return Err(FormatError::bad_specifier()),
    };
    standard(digits, letter, precision, info)
}

const POSITIVE_CURRENCY: [&str; 4] = ["$#", "#$", "$ #", "# $"];
const NEGATIVE_CURRENCY: [&str; 17] = [
    "($#)", "-$#", "$-#", "$#-", "(#$)", "-#$", "#-$", "#$-", "-# $", "-$ #", "# $-", "$ #-",
    "$ -#", "#- $", "($ #)", "(# $)", "$- #",
];
const POSITIVE_PERCENT: [&str; 4] = ["# %", "#%", "%#", "% #"];
const NEGATIVE_PERCENT: [&str; 12] = [
    "-# %", "-#%", "-%#", "%-#", "%#-", "#-%", "#%-", "-% #", "# %-", "% #-", "% -#", "#- %",
];
const NEGATIVE_NUMBER: [&str; 5] = ["(#)", "-#", "- #", "#-", "# -"];

/// Digits by a standard letter.
fn standard(
    mut digits: Digits,
    letter: char,
    precision: i32,
    info: &NumberFormatInfo,
) -> Result<String, FormatError> {
    let exact = digits.kind == DigitsKind::Real;
    let round_fraction = |digits: &mut Digits, default: i32| {
        let count = if precision < 0 { default } else { precision };
        digits.round(i64::from(digits.scale) + i64::from(count), exact);
        count.max(0) as usize
    };
    match letter {
        'C' | 'c' => {
            let count = round_fraction(&mut digits, info.currency_decimal_digits);
            let number = fixed(
                &digits,
                count,
                Some((&info.currency_group_sizes, &info.currency_group_separator)),
                &info.currency_decimal_separator,
            );
            let pattern = pick(
                digits.negative,
                (&POSITIVE_CURRENCY, info.currency_positive_pattern),
                (&NEGATIVE_CURRENCY, info.currency_negative_pattern),
            );
            Ok(fill(pattern, &number, &info.currency_symbol, info))
        }
        'P' | 'p' => {
            if !digits.is_zero() {
                digits.scale += 2;
            }
            let count = round_fraction(&mut digits, info.percent_decimal_digits);
            let number = fixed(
                &digits,
                count,
                Some((&info.percent_group_sizes, &info.percent_group_separator)),
                &info.percent_decimal_separator,
            );
            let pattern = pick(
                digits.negative,
                (&POSITIVE_PERCENT, info.percent_positive_pattern),
                (&NEGATIVE_PERCENT, info.percent_negative_pattern),
            );
            Ok(fill(pattern, &number, &info.percent_symbol, info))
        }
        'N' | 'n' => {
            let count = round_fraction(&mut digits, info.number_decimal_digits);
            let number = fixed(
                &digits,
                count,
                Some((&info.number_group_sizes, &info.number_group_separator)),
                &info.number_decimal_separator,
            );
            let pattern = pick(
                digits.negative,
                (&["#"], 0),
                (&NEGATIVE_NUMBER, info.number_negative_pattern),
            );
            Ok(fill(pattern, &number, "", info))
        }
        'F' | 'f' => {
            let count = round_fraction(&mut digits, info.number_decimal_digits);
            let number = fixed(&digits, count, None, &info.number_decimal_separator);
            Ok(with_sign(&digits, number, info))
        }
        'E' | 'e' => {
            let count = if precision < 0 { 6 } else { precision };
            digits.round(i64::from(count) + 1, exact);
            let number = scientific(&digits, count as usize, letter, info);
            Ok(with_sign(&digits, number, info))
        }
        'G' | 'g' => {
            // A decimal without precision shows all its digits, trailing zeros too.
            let as_is = digits.kind == DigitsKind::Decimal && precision == -1;
            let mut limit = precision;
            if as_is {
                if digits.is_zero() {
                    digits.negative = false;
                }
            } else {
                if limit < 1 {
                    limit = digits.digits.len() as i32;
                }
                digits.round(i64::from(limit), exact);
            }
            let number = general(&digits, limit, as_is, letter, info);
            Ok(with_sign(&digits, number, info))
        }
        _ => Err(FormatError::bad_specifier()),
    }
}

fn pick<'p>(negative: bool, positive: (&[&'p str], u8), negatives: (&[&'p str], u8)) -> &'p str {
    let (patterns, index) = if negative { negatives } else { positive };
    patterns.get(index as usize).copied().unwrap_or("#")
}

fn fill(pattern: &str, number: &str, symbol: &str, info: &NumberFormatInfo) -> String {
    let mut out = String::with_capacity(number.len() + symbol.len() + 4);
    for ch in pattern.chars() {
        match ch {
            '#' => out.push_str(number),
            '-' => out.push_str(&info.negative_sign),
            '$' | '%' => out.push_str(symbol),
            _ => out.push(ch),
        }
    }
    out
}

fn with_sign(digits: &Digits, number: String, info: &NumberFormatInfo) -> String {
    if digits.negative {
        format!("{}{number}", info.negative_sign)
    } else {
        number
    }
}

/// Whole digits, grouped when asked, and `count` digits behind the point.
fn fixed(
    digits: &Digits,
    count: usize,
    groups: Option<(&[u8], &str)>,
    decimal_separator: &str,
) -> String {
    let scale = digits.scale.max(0) as usize;
    let digit = |index: usize| digits.digits.get(index).copied().unwrap_or(b'0') as char;
    let mut out = String::with_capacity(scale + scale / 3 + count + 2);
    if scale == 0 {
        out.push('0');
    } else {
        let breaks = groups
            .map(|(sizes, _)| group_breaks(sizes, scale))
            .unwrap_or_default();
        for index in 0..scale {
            out.push(digit(index));
            let behind = scale - index - 1;
            if behind > 0
                && breaks.binary_search(&behind).is_ok()
                && let Some((_, separator)) = groups
            {
                out.push_str(separator);
            }
        }
    }
    if count > 0 {
        out.push_str(decimal_separator);
        let lead = (-digits.scale).max(0) as usize;
        for position in 0..count {
            out.push(if position < lead {
                '0'
            } else {
                digit(scale + position - lead)
            });
        }
    }
    out
}

/// How many digits stand behind each group separator, ascending. The last size
/// repeats, a size of zero ends grouping.
pub(super) fn group_breaks(sizes: &[u8], digits: usize) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut position = 0;
    let mut index = 0;
    while let Some(&size) = sizes.get(index.min(sizes.len().saturating_sub(1))) {
        if size == 0 {
            break;
        }
        position += size as usize;
        if position >= digits {
            break;
        }
        breaks.push(position);
        index += 1;
    }
    breaks
}

fn scientific(digits: &Digits, count: usize, letter: char, info: &NumberFormatInfo) -> String {
    let digit = |index: usize| digits.digits.get(index).copied().unwrap_or(b'0') as char;
    let mut out = String::with_capacity(count + 8);
    out.push(digit(0));
    if count > 0 {
        out.push_str(&info.number_decimal_separator);
        out.extend((1..=count).map(digit));
    }
    let exponent = if digits.is_zero() {
        0
    } else {
        digits.scale - 1
    };
    push_exponent(&mut out, exponent, letter, 3, true, info);
    out
}

pub(super) fn push_exponent(
    out: &mut String,
    exponent: i32,
    letter: char,
    width: usize,
    plus: bool,
    info: &NumberFormatInfo,
) {
    out.push(letter);
    if exponent < 0 {
        out.push_str(&info.negative_sign);
    } else if plus {
        out.push_str(&info.positive_sign);
    }
    out.push_str(&zero_padded(&exponent.unsigned_abs().to_string(), width));
}

fn general(
    digits: &Digits,
    limit: i32,
    never_scientific: bool,
    letter: char,
    info: &NumberFormatInfo,
) -> String {
    let scientific = !never_scientific && (digits.scale > limit || digits.scale < -3);
    let mut point = if scientific { 1 } else { digits.scale };
    let mut rest = digits.digits.iter().map(|&d| d as char);
    let mut out = String::with_capacity(digits.digits.len() + 8);
    if point <= 0 {
        out.push('0');
    }
    while point > 0 {
        out.push(rest.next().unwrap_or('0'));
        point -= 1;
    }
    if rest.len() > 0 || point < 0 {
        out.push_str(&info.number_decimal_separator);
        out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        out.extend(rest);
    }
    if scientific {
        let letter = if letter == 'g' { 'e' } else { 'E' };
        push_exponent(&mut out, digits.scale - 1, letter, 2, true, info);
    }
    out
}

#[cfg(test)]
#[path = "number_format_tests.rs"]
mod tests;
