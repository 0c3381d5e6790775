//! Numbers from text as .NET's `Parse` reads them, by culture and NumberStyles.
//! PowerShell's own reading of numbers is in `syntax::numbers`.

use num_bigint::BigInt;
use rust_decimal::Decimal;

use super::culture::NumberFormatInfo;

/// System.Globalization.NumberStyles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberStyles(pub u32);

#[expect(
    missing_docs,
    reason = "the members of the .NET enumeration, by their names"
)]
impl NumberStyles {
    pub const NONE: NumberStyles = NumberStyles(0);
    pub const ALLOW_LEADING_WHITE: NumberStyles = NumberStyles(0x1);
    pub const ALLOW_TRAILING_WHITE: NumberStyles = NumberStyles(0x2);
    pub const ALLOW_LEADING_SIGN: NumberStyles = NumberStyles(0x4);
    pub const ALLOW_TRAILING_SIGN: NumberStyles = NumberStyles(0x8);
    pub const ALLOW_PARENTHESES: NumberStyles = NumberStyles(0x10);
    pub const ALLOW_DECIMAL_POINT: NumberStyles = NumberStyles(0x20);
    pub const ALLOW_THOUSANDS: NumberStyles = NumberStyles(0x40);
    pub const ALLOW_EXPONENT: NumberStyles = NumberStyles(0x80);
    pub const ALLOW_CURRENCY_SYMBOL: NumberStyles = NumberStyles(0x100);
    pub const ALLOW_HEX_SPECIFIER: NumberStyles = NumberStyles(0x200);
    pub const ALLOW_BINARY_SPECIFIER: NumberStyles = NumberStyles(0x400);
    pub const INTEGER: NumberStyles = NumberStyles(0x7);
    pub const HEX_NUMBER: NumberStyles = NumberStyles(0x203);
    pub const NUMBER: NumberStyles = NumberStyles(0x6F);
    pub const FLOAT: NumberStyles = NumberStyles(0xA7);
    /// What `double.Parse` uses without a style.
    pub const FLOAT_THOUSANDS: NumberStyles = NumberStyles(0xE7);
    pub const CURRENCY: NumberStyles = NumberStyles(0x17F);
    pub const ANY: NumberStyles = NumberStyles(0x1FF);

    /// All of `other` is allowed.
    pub const fn has(self, other: NumberStyles) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    pub const fn and(self, other: NumberStyles) -> NumberStyles {
        NumberStyles(self.0 | other.0)
    }
}

/// An integer type, as far as range and messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the .NET types, by their names")]
pub enum IntegerType {
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
}

impl IntegerType {
    /// Width in bits.
    pub const fn bits(self) -> u32 {
        match self {
            IntegerType::SByte | IntegerType::Byte => 8,
            IntegerType::Int16 | IntegerType::UInt16 => 16,
            IntegerType::Int32 | IntegerType::UInt32 => 32,
            IntegerType::Int64 | IntegerType::UInt64 => 64,
        }
    }

    /// Has negative values.
    pub const fn is_signed(self) -> bool {
        matches!(
            self,
            IntegerType::SByte | IntegerType::Int16 | IntegerType::Int32 | IntegerType::Int64
        )
    }

    /// Smallest and largest value.
    pub const fn range(self) -> (i128, i128) {
        let bits = self.bits();
        if self.is_signed() {
            (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        } else {
            (0, (1 << bits) - 1)
        }
    }

    /// How the message of an overflow names the type.
    pub const fn message_name(self) -> &'static str {
        match self {
            IntegerType::SByte => "a signed byte",
            IntegerType::Byte => "an unsigned byte",
            IntegerType::Int16 => "an Int16",
            IntegerType::UInt16 => "a UInt16",
            IntegerType::Int32 => "an Int32",
            IntegerType::UInt32 => "a UInt32",
            IntegerType::Int64 => "an Int64",
            IntegerType::UInt64 => "a UInt64",
        }
    }
}

/// Why `Parse` refuses: the exception type and, as text, its message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberParseError {
    /// FormatException.
    #[error("The input string '{0}' was not in a correct format.")]
    Format(String),
    /// FormatException of BigInteger, which does not name the text.
    #[error("The value could not be parsed.")]
    BigFormat,
    /// OverflowException; holds `an Int32` and the like.
    #[error("Value was either too large or too small for {0}.")]
    Overflow(&'static str),
}

/// What the scan of a number found.
#[derive(Debug, Default)]
struct Scanned {
    /// Digits from the first that is not zero, trailing zeros kept.
    digits: Vec<u8>,
    /// How many of them stand before the point (after the exponent).
    scale: i64,
    negative: bool,
}

fn is_white(ch: char) -> bool {
    matches!(ch, ' ' | '\t'..='\r')
}

/// The rest of `text` behind `symbol`; blanks that do not break are alike.
fn match_symbol<'t>(text: &'t str, symbol: &str) -> Option<&'t str> {
    if symbol.is_empty() {
        return None;
    }
    let mut rest = text.chars();
    for wanted in symbol.chars() {
        let got = rest.next()?;
        let blank = |c| matches!(c, '\u{A0}' | '\u{202F}' | ' ');
        if got != wanted && !(matches!(wanted, '\u{A0}' | '\u{202F}') && blank(got)) {
            return None;
        }
    }
    Some(rest.as_str())
}

fn match_negative<'t>(text: &'t str, info: &NumberFormatInfo) -> Option<&'t str> {
    match_symbol(text, &info.negative_sign).or_else(|| {
        // Cultures that write another dash still read the hyphen.
        let dash = matches!(
            &*info.negative_sign,
            "\u{2012}"
                | "\u{207B}"
                | "\u{208B}"
                | "\u{2212}"
                | "\u{2796}"
                | "\u{FE63}"
                | "\u{FF0D}"
        );
        dash.then(|| text.strip_prefix('-')).flatten()
    })
}

/// Reads the whole text as a decimal number.
fn scan(text: &str, styles: NumberStyles, info: &NumberFormatInfo) -> Option<Scanned> {
    let mut scanner = Scanner {
        rest: text,
        styles,
        info,
        currency: styles
            .has(NumberStyles::ALLOW_CURRENCY_SYMBOL)
            .then_some(&*info.currency_symbol),
        sign: false,
        open: false,
        had_currency: false,
        found: Scanned::default(),
    };
    scanner.lead();
    if !scanner.digits() {
        return None;
    }
    scanner.exponent();
    scanner.tail();
    let only_nulls = scanner.rest.bytes().all(|b| b == 0);
    (!scanner.open && only_nulls).then_some(scanner.found)
}

/// A number that is being read, from its lead to its tail.
struct Scanner<'t> {
    rest: &'t str,
    styles: NumberStyles,
    info: &'t NumberFormatInfo,
    /// The symbol of the currency, while it may still come.
    currency: Option<&'t str>,
    /// There was a sign, or a parenthesis that stands for one.
    sign: bool,
    /// A parenthesis is open.
    open: bool,
    had_currency: bool,
    found: Scanned,
}

impl<'t> Scanner<'t> {
    /// Blanks, a sign or a parenthesis, and a currency symbol before the digits.
    fn lead(&mut self) {
        while let Some(ch) = self.rest.chars().next() {
            let blank = is_white(ch)
                && self.styles.has(NumberStyles::ALLOW_LEADING_WHITE)
                && (!self.sign || self.had_currency || self.info.number_negative_pattern == 2);
            if blank {
                self.rest = &self.rest[ch.len_utf8()..];
            } else if self.signed(NumberStyles::ALLOW_LEADING_SIGN) {
                continue;
            } else if ch == '(' && self.styles.has(NumberStyles::ALLOW_PARENTHESES) && !self.sign {
                (self.sign, self.open, self.found.negative) = (true, true, true);
                self.rest = &self.rest[1..];
            } else if !self.currency() {
                break;
            }
        }
    }

    /// Digits with their point and groups; whether there was a digit.
    fn digits(&mut self) -> bool {
        let (decimal, group) = match self.styles.has(NumberStyles::ALLOW_CURRENCY_SYMBOL) {
            true => (
                &self.info.currency_decimal_separator,
                &self.info.currency_group_separator,
            ),
            false => (
                &self.info.number_decimal_separator,
                &self.info.number_group_separator,
            ),
        };
        let (mut any, mut point) = (false, false);
        while let Some(ch) = self.rest.chars().next() {
            if ch.is_ascii_digit() {
                any = true;
                if ch != '0' || !self.found.digits.is_empty() {
                    self.found.digits.push(ch as u8);
                    self.found.scale += i64::from(!point);
                } else if point {
                    self.found.scale -= 1;
                }
                self.rest = &self.rest[1..];
            } else if self.styles.has(NumberStyles::ALLOW_DECIMAL_POINT)
                && !point
                && let Some(next) = self.behind(decimal, &self.info.number_decimal_separator)
            {
                (point, self.rest) = (true, next);
            } else if self.styles.has(NumberStyles::ALLOW_THOUSANDS)
                && any
                && !point
                && let Some(next) = self.behind(group, &self.info.number_group_separator)
            {
                self.rest = next;
            } else {
                break;
            }
        }
        any
    }

    /// What follows a separator: money may use that of numbers until its symbol has come.
    fn behind(&self, own: &str, of_numbers: &str) -> Option<&'t str> {
        let either = self.styles.has(NumberStyles::ALLOW_CURRENCY_SYMBOL) && !self.had_currency;
        match_symbol(self.rest, own).or_else(|| {
            either
                .then(|| match_symbol(self.rest, of_numbers))
                .flatten()
        })
    }

    fn exponent(&mut self) {
        if !self.styles.has(NumberStyles::ALLOW_EXPONENT) {
            return;
        }
        let Some(after) = self.rest.strip_prefix(['e', 'E']) else {
            return;
        };
        let (negative, after) = match match_symbol(after, &self.info.positive_sign) {
            Some(next) => (false, next),
            None => match match_negative(after, self.info) {
                Some(next) => (true, next),
                None => (false, after),
            },
        };
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            let exponent = after[..digits].parse::<i64>().unwrap_or(i64::MAX);
            let exponent = exponent.min(1_000_000_000);
            self.found.scale += if negative { -exponent } else { exponent };
            self.rest = &after[digits..];
        }
    }

    /// Blanks, a sign, the parenthesis and a currency symbol behind the digits.
    fn tail(&mut self) {
        while let Some(ch) = self.rest.chars().next() {
            if is_white(ch) && self.styles.has(NumberStyles::ALLOW_TRAILING_WHITE) {
                self.rest = &self.rest[ch.len_utf8()..];
            } else if self.signed(NumberStyles::ALLOW_TRAILING_SIGN) {
                continue;
            } else if ch == ')' && self.open {
                self.open = false;
                self.rest = &self.rest[1..];
            } else if !self.currency() {
                break;
            }
        }
    }

    /// Takes a sign, the first and only.
    fn signed(&mut self, style: NumberStyles) -> bool {
        if !self.styles.has(style) || self.sign {
            return false;
        }
        if let Some(next) = match_symbol(self.rest, &self.info.positive_sign) {
            (self.sign, self.rest) = (true, next);
        } else if let Some(next) = match_negative(self.rest, self.info) {
            (self.sign, self.rest, self.found.negative) = (true, next, true);
        } else {
            return false;
        }
        true
    }

    /// Takes the currency symbol, the first and only.
    fn currency(&mut self) -> bool {
        let symbol = self.currency;
        match symbol.and_then(|symbol| match_symbol(self.rest, symbol)) {
            Some(next) => {
                (self.currency, self.had_currency, self.rest) = (None, true, next);
                true
            }
            None => false,
        }
    }
}

/// The digits of a hexadecimal or binary text, without blanks around them.
fn radix_digits(text: &str, styles: NumberStyles) -> Option<(&str, u32)> {
    let radix = if styles.has(NumberStyles::ALLOW_HEX_SPECIFIER) {
        16
    } else if styles.has(NumberStyles::ALLOW_BINARY_SPECIFIER) {
        2
    } else {
        return None;
    };
    let mut body = text;
    if styles.has(NumberStyles::ALLOW_LEADING_WHITE) {
        body = body.trim_start_matches(is_white);
    }
    body = body.trim_end_matches('\0');
    if styles.has(NumberStyles::ALLOW_TRAILING_WHITE) {
        body = body.trim_end_matches(is_white);
    }
    Some((body, radix))
}

/// `int.Parse` and its relatives.
pub fn parse_integer(
    text: &str,
    styles: NumberStyles,
    info: &NumberFormatInfo,
    ty: IntegerType,
) -> Result<i128, NumberParseError> {
    let malformed = || NumberParseError::Format(text.to_owned());
    let overflow = || NumberParseError::Overflow(ty.message_name());
    if let Some((body, radix)) = radix_digits(text, styles) {
        if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
            return Err(malformed());
        }
        let pattern = u128::from_str_radix(body, radix).map_err(|_| overflow())?;
        if pattern >> ty.bits() != 0 {
            return Err(overflow());
        }
        let value = pattern as i128;
        let negative = ty.is_signed() && pattern >> (ty.bits() - 1) != 0;
        return Ok(if negative {
            value - (1 << ty.bits())
        } else {
            value
        });
    }
    let mut found = scan(text, styles, info).ok_or_else(malformed)?;
    while found.digits.last() == Some(&b'0') && found.digits.len() as i64 > found.scale {
        found.digits.pop();
    }
    if found.digits.is_empty() {
        return Ok(0);
    }
    if found.scale > 38 || found.scale < found.digits.len() as i64 {
        return Err(overflow());
    }
    let mut value: i128 = 0;
    for place in 0..found.scale as usize {
        let digit = found.digits.get(place).map_or(0, |d| d - b'0');
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i128::from(digit)))
            .ok_or_else(overflow)?;
    }
    if found.negative {
        value = -value;
    }
    let (low, high) = ty.range();
    if value < low || value > high {
        return Err(overflow());
    }
    Ok(value)
}

/// The names that are no digits: infinities and NaN, in any letter case.
fn named_real(text: &str, info: &NumberFormatInfo) -> Option<f64> {
    let body = text.trim_matches(|c: char| c.is_whitespace());
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    if same(body, &info.positive_infinity_symbol) {
        return Some(f64::INFINITY);
    }
    if same(body, &info.negative_infinity_symbol) {
        return Some(f64::NEG_INFINITY);
    }
    if same(body, &info.nan_symbol) {
        return Some(f64::NAN);
    }
    let (rest, negative) = match body.strip_prefix(&*info.positive_sign) {
        Some(rest) => (rest, false),
        None => (match_negative(body, info)?, true),
    };
    if same(rest, &info.nan_symbol) {
        Some(f64::NAN)
    } else if same(rest, &info.positive_infinity_symbol) {
        Some(if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        })
    } else {
        None
    }
}

fn exponent_form(found: &Scanned) -> String {
    let digits: String = found.digits.iter().map(|&d| d as char).collect();
    let sign = if found.negative { "-" } else { "" };
    if digits.is_empty() {
        format!("{sign}0")
    } else {
        format!("{sign}0.{digits}e{}", found.scale)
    }
}

/// `double.Parse`; too large is infinity.
pub fn parse_double(
    text: &str,
    styles: NumberStyles,
    info: &NumberFormatInfo,
) -> Result<f64, NumberParseError> {
    scan(text, styles, info)
        .and_then(|found| exponent_form(&found).parse().ok())
        .or_else(|| named_real(text, info))
        .ok_or_else(|| NumberParseError::Format(text.to_owned()))
}

/// `float.Parse`.
pub fn parse_single(
    text: &str,
    styles: NumberStyles,
    info: &NumberFormatInfo,
) -> Result<f32, NumberParseError> {
    scan(text, styles, info)
        .and_then(|found| exponent_form(&found).parse().ok())
        .or_else(|| named_real(text, info).map(|value| value as f32))
        .ok_or_else(|| NumberParseError::Format(text.to_owned()))
}

/// `decimal.Parse`: keeps the places it is given, up to 28.
pub fn parse_decimal(
    text: &str,
    styles: NumberStyles,
    info: &NumberFormatInfo,
) -> Result<Decimal, NumberParseError> {
    let found =
        scan(text, styles, info).ok_or_else(|| NumberParseError::Format(text.to_owned()))?;
    decimal_of(&found).ok_or(NumberParseError::Overflow("a Decimal"))
}

const DECIMAL_PLACES: i64 = 28;
const DECIMAL_MOST: u128 = (1 << 96) - 1;

fn decimal_of(found: &Scanned) -> Option<Decimal> {
    let count = found.digits.len() as i64;
    if found.digits.is_empty() {
        // Zero keeps its places too: "0.00".
        let places = (-found.scale).clamp(0, DECIMAL_PLACES);
        let mut zero = Decimal::new(0, places as u32);
        zero.set_sign_negative(found.negative);
        return Some(zero);
    }
    if found.scale > 29 {
        return None;
    }
    let mut mantissa: u128 = 0;
    let mut taken: i64 = 0;
    while taken < count.max(found.scale) {
        let places = taken + 1 - found.scale;
        if places > DECIMAL_PLACES {
            break;
        }
        let digit = found
            .digits
            .get(taken as usize)
            .map_or(0, |d| u128::from(d - b'0'));
        let next = mantissa * 10 + digit;
        if next > DECIMAL_MOST {
            break;
        }
        mantissa = next;
        taken += 1;
    }
    if taken < found.scale {
        return None;
    }
    let mut places = taken - found.scale;
    if places > DECIMAL_PLACES {
        return Some(Decimal::new(0, DECIMAL_PLACES as u32));
    }
    let rest = found.digits.get(taken as usize..).unwrap_or_default();
    let up = match rest.first() {
        Some(b'5') => mantissa & 1 == 1 || rest[1..].iter().any(|&d| d != b'0'),
        Some(&digit) => digit > b'5',
        None => false,
    };
    if up {
        mantissa += 1;
        if mantissa > DECIMAL_MOST {
            if places == 0 {
                return None;
            }
            mantissa = (mantissa + 5) / 10;
            places -= 1;
        }
    }
    let mut value = Decimal::try_from_i128_with_scale(mantissa as i128, places as u32).ok()?;
    value.set_sign_negative(found.negative);
    Some(value)
}

/// `BigInteger.Parse`.
pub fn parse_big(
    text: &str,
    styles: NumberStyles,
    info: &NumberFormatInfo,
) -> Result<BigInt, NumberParseError> {
    let malformed = NumberParseError::BigFormat;
    if let Some((body, radix)) = radix_digits(text, styles) {
        if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
            return Err(malformed);
        }
        let value = BigInt::parse_bytes(body.as_bytes(), radix).ok_or(malformed)?;
        // The first digit carries the sign.
        let bits = body.len() as u64 * if radix == 16 { 4 } else { 1 };
        return Ok(if value.bits() == bits {
            value - (BigInt::from(1) << bits)
        } else {
            value
        });
    }
    let mut found = scan(text, styles, info).ok_or(malformed)?;
    while found.digits.last() == Some(&b'0') && found.digits.len() as i64 > found.scale {
        found.digits.pop();
    }
    if found.digits.is_empty() {
        return Ok(BigInt::from(0));
    }
    // Far beyond what a script may hold, and a fraction is no integer.
    if found.scale < found.digits.len() as i64 || found.scale > 10_000_000 {
        return Err(NumberParseError::Overflow("a BigInteger"));
    }
    found.digits.resize(found.scale as usize, b'0');
    let value = super::big_digits::parse(&found.digits).ok_or(NumberParseError::BigFormat)?;
    Ok(if found.negative { -value } else { value })
}

/// `bool.Parse`: True or False in any letter case, blanks around it.
pub fn parse_bool(text: &str) -> Option<bool> {
    let body = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if body.eq_ignore_ascii_case("true") {
        Some(true)
    } else if body.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::culture::Culture;
    use super::*;

    fn invariant() -> &'static NumberFormatInfo {
        &Culture::invariant().number_format
    }

    fn int(text: &str, styles: NumberStyles) -> Result<i128, String> {
        parse_integer(text, styles, invariant(), IntegerType::Int32).map_err(|e| e.to_string())
    }

    #[test]
    fn integers() {
        for (text, styles, expected) in [
            ("42", NumberStyles::INTEGER, 42),
            (" -7 ", NumberStyles::INTEGER, -7),
            ("+7", NumberStyles::INTEGER, 7),
            ("1,234", NumberStyles::ALLOW_THOUSANDS, 1234),
            ("ff", NumberStyles::HEX_NUMBER, 255),
            ("FFFFFFFF", NumberStyles::HEX_NUMBER, -1),
            ("(5)", NumberStyles::ALLOW_PARENTHESES, -5),
            ("2.0", NumberStyles::FLOAT, 2),
            ("1e3", NumberStyles::FLOAT, 1000),
            ("5-", NumberStyles::NUMBER, -5),
            (
                "0000000000000000000000000000000000000000000007",
                NumberStyles::INTEGER,
                7,
            ),
        ] {
            assert_eq!(int(text, styles), Ok(expected), "{text}");
        }
        let format = |text: &str| {
            Err(format!(
                "The input string '{text}' was not in a correct format."
            ))
        };
        for text in ["abc", "", "1.5", "- 5", "1 2", "٣"] {
            assert_eq!(int(text, NumberStyles::INTEGER), format(text));
        }
        let overflow = Err("Value was either too large or too small for an Int32.".to_owned());
        assert_eq!(int("99999999999", NumberStyles::INTEGER), overflow);
        assert_eq!(int("1.5", NumberStyles::FLOAT), overflow);
        assert_eq!(
            parse_integer("256", NumberStyles::INTEGER, invariant(), IntegerType::Byte)
                .unwrap_err()
                .to_string(),
            "Value was either too large or too small for an unsigned byte."
        );
    }

    #[test]
    fn reals() {
        let double = |text: &str| parse_double(text, NumberStyles::FLOAT_THOUSANDS, invariant());
        for (text, expected) in [
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1,234.5", 1234.5),
            ("-Infinity", f64::NEG_INFINITY),
            ("infinity", f64::INFINITY),
            ("1e400", f64::INFINITY),
            ("0.1", 0.1),
            (" 2.50 ", 2.5),
            (
                "123456789012345678901234567890",
                123456789012345678901234567890.0,
            ),
        ] {
            assert_eq!(double(text), Ok(expected), "{text}");
        }
        assert!(double("NaN").unwrap().is_nan());
        assert!(double("-0").unwrap().is_sign_negative());
        assert!(double("1 000").is_err());
        assert!(double("1e").is_err());
        let german = &Culture::known("de-DE").unwrap().number_format;
        assert_eq!(
            parse_double("1.234,5", NumberStyles::FLOAT_THOUSANDS, german),
            Ok(1234.5)
        );
        let french = &Culture::known("fr-FR").unwrap().number_format;
        assert_eq!(
            parse_double("1\u{A0}234,5", NumberStyles::FLOAT_THOUSANDS, french),
            Ok(1234.5)
        );
        let us = &Culture::en_us().number_format;
        assert_eq!(
            parse_double("($1,234.50)", NumberStyles::CURRENCY, us),
            Ok(-1234.5)
        );
    }

    #[test]
    fn decimals() {
        let decimal =
            |text: &str| parse_decimal(text, NumberStyles::ANY, invariant()).map(|d| d.to_string());
        for (text, expected) in [
            ("1.50", "1.50"),
            ("0.00", "0.00"),
            ("1e2", "100"),
            ("1.5e1", "15"),
            (
                "79228162514264337593543950335",
                "79228162514264337593543950335",
            ),
            (
                "0.33333333333333333333333333333333",
                "0.3333333333333333333333333333",
            ),
            ("-2.5", "-2.5"),
        ] {
            assert_eq!(decimal(text).as_deref(), Ok(expected), "{text}");
        }
        assert!(decimal("79228162514264337593543950336").is_err());
        assert!(parse_decimal("1e400", NumberStyles::NUMBER, invariant()).is_err());
    }

    #[test]
    fn big_integers_and_bools() {
        let big = |text: &str| parse_big(text, NumberStyles::INTEGER, invariant());
        assert_eq!(
            big("123456789012345678901234567890").unwrap().to_string(),
            "123456789012345678901234567890"
        );
        assert!(big("1.5").is_err());
        assert_eq!(
            parse_big("0FF", NumberStyles::HEX_NUMBER, invariant()).unwrap(),
            BigInt::from(255)
        );
        assert_eq!(
            parse_big("FF", NumberStyles::HEX_NUMBER, invariant()).unwrap(),
            BigInt::from(-1)
        );
        assert_eq!(parse_bool(" TRUE "), Some(true));
        assert_eq!(parse_bool("yes"), None);
    }
}
