//! Numbers as plain text: what `ToString()` gives, and PowerShell's own
//! shorter text of real numbers.

use rust_decimal::Decimal;

use super::culture::{Culture, NumberFormatInfo};
use super::number_format::{Number, format_number_info};

/// `ToString(culture)`: the shortest text that reads back as the same double.
pub fn double_text(value: f64, culture: &Culture) -> String {
    general(Number::Double(value), "", &culture.number_format)
}

/// `ToString(culture)` of a float.
pub fn single_text(value: f32, culture: &Culture) -> String {
    general(Number::Single(value), "", &culture.number_format)
}

/// The double as PowerShell writes it in strings (invariant culture) and alone
/// on the console (current culture): fifteen significant digits.
pub fn powershell_double_text(value: f64, culture: &Culture) -> String {
    // Whole numbers of moderate size are by far the most frequent.
    if value.fract() == 0.0 && value.abs() < 1e15 && (value != 0.0 || value.is_sign_positive()) {
        return integer_text(value as i64, culture);
    }
    general(Number::Double(value), "G15", &culture.number_format)
}

/// The float as PowerShell writes it: seven significant digits.
pub fn powershell_single_text(value: f32, culture: &Culture) -> String {
    general(Number::Single(value), "G7", &culture.number_format)
}

/// A decimal with all the places it has.
pub fn decimal_text(value: Decimal, culture: &Culture) -> String {
    general(Number::Decimal(value), "", &culture.number_format)
}

/// An integer with the culture's sign.
fn integer_text(value: i64, culture: &Culture) -> String {
    let sign = &culture.number_format.negative_sign;
    if value < 0 && sign != "-" {
        format!("{sign}{}", value.unsigned_abs())
    } else {
        value.to_string()
    }
}

/// `Convert.ToString(value, base)`: two's complement of the width in bits for
/// bases 2, 8 and 16, a sign for base 10. `None` for another base.
pub fn to_base(value: i64, bits: u32, base: u32) -> Option<String> {
    let pattern = value as u64 & (u64::MAX >> (64 - bits.clamp(1, 64)));
    match base {
        2 => Some(format!("{pattern:b}")),
        8 => Some(format!("{pattern:o}")),
        10 => Some(value.to_string()),
        16 => Some(format!("{pattern:x}")),
        _ => None,
    }
}

/// Why a text in another base is refused, by the messages of .NET.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// A base other than 2, 8, 10 and 16.
    #[error("Invalid Base.")]
    Base,
    /// No digits at all.
    #[error(
        "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'startIndex')"
    )]
    Empty,
    /// No digit of the base at the start.
    #[error("Could not find any recognizable digits.")]
    NoDigits,
    /// Something else behind the digits.
    #[error("Additional non-parsable characters are at the end of the string.")]
    Trailing,
    /// A minus sign before a bit pattern.
    #[error("String cannot contain a minus sign if the base is not 10.")]
    Minus,
    /// More bits than the type has.
    #[error("Value was either too large or too small for {0}.")]
    Overflow(&'static str),
}

/// `Convert.ToInt32(text, base)` and its relatives: the bit pattern in `bits`,
/// sign-extended when `signed`. `name` is how an overflow names the type.
pub fn from_base(
    text: &str,
    base: u32,
    bits: u32,
    signed: bool,
    name: &'static str,
) -> Result<i128, BaseError> {
    if !matches!(base, 2 | 8 | 10 | 16) {
        return Err(BaseError::Base);
    }
    if text.is_empty() {
        return Err(BaseError::Empty);
    }
    let (negative, mut body) = match text.as_bytes().first() {
        Some(b'-') if base != 10 => return Err(BaseError::Minus),
        Some(b'-') if !signed => return Err(BaseError::Overflow(name)),
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if base == 16
        && let Some(rest) = body.strip_prefix("0x").or(body.strip_prefix("0X"))
    {
        body = rest;
    }
    let end = body.find(|c: char| !c.is_digit(base)).unwrap_or(body.len());
    if end == 0 {
        return Err(BaseError::NoDigits);
    }
    let pattern =
        u128::from_str_radix(&body[..end], base).map_err(|_| BaseError::Overflow(name))?;
    if end < body.len() {
        return Err(BaseError::Trailing);
    }
    let overflow = || BaseError::Overflow(name);
    if base == 10 {
        let magnitude = i128::try_from(pattern).map_err(|_| overflow())?;
        let value = if negative { -magnitude } else { magnitude };
        let (low, high) = if signed {
            (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
        } else {
            (0, (1i128 << bits) - 1)
        };
        return (low..=high)
            .contains(&value)
            .then_some(value)
            .ok_or_else(overflow);
    }
    if pattern >> bits != 0 {
        return Err(overflow());
    }
    let value = pattern as i128;
    if signed && pattern >> (bits - 1) != 0 {
        Ok(value - (1i128 << bits))
    } else {
        Ok(value)
    }
}

fn general(value: Number<'_>, format: &str, info: &NumberFormatInfo) -> String {
    // G takes every number, so there is no error to report.
    format_number_info(value, format, info).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_texts() {
        let invariant = Culture::invariant();
        for (value, expected) in [
            (1e6, "1000000"),
            (1e15, "1E+15"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333333333"),
            (1e-5, "1E-05"),
            (-0.0, "-0"),
            (0.0, "0"),
            (-2.0, "-2"),
            (123456789.123, "123456789.123"),
            (f64::MAX, "1.79769313486232E+308"),
            (f64::from_bits(1), "4.94065645841247E-324"),
        ] {
            assert_eq!(powershell_double_text(value, invariant), expected);
        }
        assert_eq!(powershell_single_text(1.0 / 3.0, invariant), "0.3333333");
        assert_eq!(double_text(0.1 + 0.2, invariant), "0.30000000000000004");
        let german = Culture::known("de-DE").unwrap();
        assert_eq!(powershell_double_text(1234.5, german), "1234,5");
    }

    #[test]
    fn bases() {
        assert_eq!(to_base(10, 32, 2).as_deref(), Some("1010"));
        assert_eq!(to_base(-1, 32, 16).as_deref(), Some("ffffffff"));
        assert_eq!(to_base(8, 32, 8).as_deref(), Some("10"));
        assert_eq!(to_base(8, 32, 3), None);
        assert_eq!(from_base("0xFF", 16, 32, true, "an Int32"), Ok(255));
        assert_eq!(from_base("ffffffff", 16, 32, true, "an Int32"), Ok(-1));
        assert_eq!(from_base("1010", 2, 32, true, "an Int32"), Ok(10));
        assert_eq!(
            from_base("12", 2, 32, true, "an Int32"),
            Err(BaseError::Trailing)
        );
        assert_eq!(
            from_base("z", 16, 32, true, "an Int32"),
            Err(BaseError::NoDigits)
        );
        assert_eq!(from_base("-5", 10, 32, true, "an Int32"), Ok(-5));
        assert_eq!(
            from_base("-5", 16, 32, true, "an Int32"),
            Err(BaseError::Minus)
        );
    }
}
