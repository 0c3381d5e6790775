//! Number literals: their shape, suffixes and multipliers, and the type each takes.

use super::ast::NumberLiteral;
use super::chars::*;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::TokenKind;
use nom::bytes::complete::{tag_no_case, take_while};
use nom::character::complete::{one_of, satisfy};
use nom::combinator::{opt, recognize};
use nom::{IResult, Parser as _};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rust_decimal::Decimal;

/// What a number's digits mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Decimal,
    Hexadecimal,
    Binary,
}

/// The type a suffix asks for.
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
    BigInteger,
}

/// A number as read, before its value is known.
#[derive(Debug, Clone, PartialEq)]
struct Shape<'t> {
    negative: bool,
    base: Base,
    /// Digits; for real numbers with point and exponent.
    digits: &'t str,
    real: bool,
    suffix: Suffix,
    multiplier: u64,
}

impl Parser<'_> {
    /// Whether a number stands at this place.
    pub(super) fn number_follows(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or("");
        read(rest, self.mode == Mode::Expression, self.ternary_numbers).is_some()
    }

    /// A number from the start of the token; anything else that begins so is a word.
    pub(super) fn number(&mut self) -> Tok {
        let rest = self.text.get(self.token_start..).unwrap_or("");
        let expression = self.mode == Mode::Expression;
        let Some((length, shape)) = read(rest, expression, self.ternary_numbers) else {
            return self.word();
        };
        let value = value_of(&shape);
        if value.is_none() && !expression {
            return self.word();
        }
        self.pos = self.token_start + length;
        let value = value.unwrap_or_else(|| {
            let span = self.map.span(self.token_start, self.pos);
            let text = self.slice(self.token_start, self.pos);
            self.error(span, "BadNumericConstant", &[text]);
            NumberLiteral::Int(0)
        });
        self.token_with(TokenKind::Number, Payload::Number(value))
    }
}

/// Turns a whole text into a number by the rules of literals, with a sign; `None` if it is none.
pub fn parse_number(text: &str) -> Option<NumberLiteral> {
    let (length, shape) = read(text, true, false)?;
    if length != text.len() {
        return None;
    }
    value_of(&shape)
}

/// The length and shape of the number at the start of the text.
fn read(text: &str, expression: bool, ternary: bool) -> Option<(usize, Shape<'_>)> {
    let (rest, shape) = shape(text).ok()?;
    let next = rest.chars().next().unwrap_or(END);
    let ended = ends_word(next) || (expression && ends_number(next, ternary));
    ended.then(|| (text.len() - rest.len(), shape))
}

fn shape(text: &str) -> IResult<&str, Shape<'_>> {
    let (rest, sign) = opt(satisfy(|c| c == '+' || is_dash(c))).parse(text)?;
    let (rest, base) = opt((one_of("0"), one_of("xXbB"))).parse(rest)?;
    let (rest, (base, digits, real)) = match base {
        Some((_, 'x' | 'X')) => {
            let (rest, digits) = take_while(|c: char| c.is_ascii_hexdigit()).parse(rest)?;
            (rest, (Base::Hexadecimal, digits, false))
        }
        Some(_) => {
            let (rest, first) = one_of("01").parse(rest).map(|(_, c)| (rest, c))?;
            debug_assert!(first.is_ascii_digit());
            let (rest, digits) = take_while(|c: char| matches!(c, '0' | '1')).parse(rest)?;
            (rest, (Base::Binary, digits, false))
        }
        None => {
            let (after, digits) = recognize(decimal).parse(rest)?;
            let real = digits.contains(['.', 'e', 'E']);
            (after, (Base::Decimal, digits, real))
        }
    };
    let (rest, suffix) = suffix(rest)?;
    let (rest, multiplier) = opt((one_of("kKmMgGtTpP"), tag_no_case("b"))).parse(rest)?;
    let multiplier = match multiplier.map(|(c, _)| c.to_ascii_lowercase()) {
        Some('k') => 1 << 10,
        Some('m') => 1 << 20,
        Some('g') => 1 << 30,
        Some('t') => 1 << 40,
        Some(_) => 1 << 50,
        None => 1,
    };
    let negative = sign.is_some_and(is_dash);
    Ok((
        rest,
        Shape {
            negative,
            base,
            digits,
            real,
            suffix,
            multiplier,
        },
    ))
}

/// Digits, point, digits, exponent; `5..` keeps its dots for the range operator.
fn decimal(text: &str) -> IResult<&str, ()> {
    let digits = |t| take_while(|c: char| c.is_ascii_digit()).parse(t);
    let (mut rest, whole): (&str, &str) = digits(text)?;
    let mut point = false;
    if rest.starts_with('.') && !rest.starts_with("..") {
        let (after, fraction): (&str, &str) = digits(&rest[1..])?;
        point = true;
        if whole.is_empty() && fraction.is_empty() {
            let (_, _) = one_of("0123456789").parse(after)?;
        }
        rest = after;
    }
    if whole.is_empty() && !point {
        let (_, _) = one_of("0123456789").parse(rest)?;
    }
    if rest.starts_with(['e', 'E']) {
        let (after, _) = opt(satisfy(|c| c == '+' || is_dash(c))).parse(&rest[1..])?;
        let (_, _) = one_of("0123456789").parse(after)?;
        rest = digits(after)?.0;
    }
    Ok((rest, ()))
}

fn suffix(text: &str) -> IResult<&str, Suffix> {
    let (rest, first) = opt(one_of("uUsSlLdDyYnN")).parse(text)?;
    let found = match first.map(|c| c.to_ascii_lowercase()) {
        None => return Ok((text, Suffix::None)),
        Some('u') => {
            let (rest, second) = opt(one_of("lLsSyY")).parse(rest)?;
            let kind = match second.map(|c| c.to_ascii_lowercase()) {
                Some('l') => Suffix::ULong,
                Some('s') => Suffix::UShort,
                Some(_) => Suffix::Byte,
                None => Suffix::Unsigned,
            };
            return Ok((rest, kind));
        }
        Some('s') => Suffix::Short,
        Some('l') => Suffix::Long,
        Some('d') => Suffix::Decimal,
        Some('y') => Suffix::SByte,
        Some(_) => Suffix::BigInteger,
    };
    Ok((rest, found))
}

/// No double has more digits before its point.
const DOUBLE_DIGITS: usize = 309;

fn value_of(shape: &Shape<'_>) -> Option<NumberLiteral> {
    if shape.real {
        return real(shape);
    }
    let mut suffix = shape.suffix;
    let mut value = match shape.base {
        // Too long for a double: reading it would take long and give nothing.
        Base::Decimal
            if suffix != Suffix::BigInteger
                && shape.digits.trim_start_matches('0').len() > DOUBLE_DIGITS =>
        {
            return None;
        }
        Base::Decimal => shape.digits.parse::<BigInt>().ok()?,
        Base::Hexadecimal => {
            let count = shape.digits.len();
            let pattern = match suffix {
                Suffix::SByte => 2,
                Suffix::Short => 4,
                Suffix::Long => 16,
                _ if is_unsigned(suffix) => 0,
                _ if count < 15 => 8,
                _ => 16,
            };
            // An own zero in front keeps a number from being read as a bit pattern,
            // and counts when it comes to recognizing 64-bit numbers.
            let seen = if count == pattern { count } else { count + 1 };
            if seen == 16 && suffix == Suffix::None {
                suffix = Suffix::Long;
            }
            bits(shape.digits, 16, count == pattern)?
        }
        Base::Binary => {
            let count = shape.digits.len();
            let pattern =
                !is_unsigned(suffix) && (matches!(count, 8 | 16 | 32 | 64 | 96) || count >= 128);
            if count == 64 {
                match suffix {
                    Suffix::None => suffix = Suffix::Long,
                    Suffix::Unsigned => suffix = Suffix::ULong,
                    _ => {}
                }
            }
            bits(shape.digits, 2, pattern)?
        }
    };
    if shape.negative {
        value = -value;
    }
    value *= shape.multiplier;
    integer(value, suffix, shape.base)
}

fn is_unsigned(suffix: Suffix) -> bool {
    matches!(
        suffix,
        Suffix::Byte | Suffix::UShort | Suffix::Unsigned | Suffix::ULong
    )
}

/// Digits of base 2 or 16; as a pattern a leading one-bit means a negative number.
fn bits(digits: &str, radix: u32, pattern: bool) -> Option<BigInt> {
    if digits.is_empty() {
        return Some(BigInt::from(0));
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), radix)?;
    let width = digits.len() * if radix == 16 { 4 } else { 1 };
    let negative = pattern && value >= (BigInt::from(1) << (width - 1));
    Some(if negative {
        value - (BigInt::from(1) << width)
    } else {
        value
    })
}

fn integer(value: BigInt, suffix: Suffix, base: Base) -> Option<NumberLiteral> {
    use NumberLiteral as N;
    match suffix {
        Suffix::SByte => value.to_i8().map(N::SByte),
        Suffix::Byte => value.to_u8().map(N::Byte),
        Suffix::Short => value.to_i16().map(N::Short),
        Suffix::UShort => value.to_u16().map(N::UShort),
        Suffix::Long => value.to_i64().map(N::Long),
        Suffix::Unsigned => value
            .to_u32()
            .map(N::UInt)
            .or_else(|| value.to_u64().map(N::ULong)),
        Suffix::ULong => value.to_u64().map(N::ULong),
        Suffix::Decimal => decimal_of(&value).map(N::Decimal),
        Suffix::BigInteger => Some(N::BigInteger(value)),
        Suffix::None => {
            if let Some(small) = value.to_i32() {
                return Some(N::Int(small));
            }
            if let Some(long) = value.to_i64() {
                return Some(N::Long(long));
            }
            if base != Base::Decimal {
                return None;
            }
            decimal_of(&value)
                .map(N::Decimal)
                .or_else(|| value.to_f64().filter(|d| d.is_finite()).map(N::Double))
        }
    }
}

/// The decimal of the same value, if it fits into 96 bits.
fn decimal_of(value: &BigInt) -> Option<Decimal> {
    Decimal::from_i128(value.to_i128()?)
}

fn real(shape: &Shape<'_>) -> Option<NumberLiteral> {
    use NumberLiteral as N;
    let digits: String = shape
        .digits
        .chars()
        .map(|c| if is_dash(c) { '-' } else { c })
        .collect();
    if shape.suffix == Suffix::Decimal {
        let mut value = real_decimal(&digits)?;
        if shape.negative {
            value = -value;
        }
        return value
            .checked_mul(Decimal::from(shape.multiplier))
            .map(N::Decimal);
    }
    let mut value: f64 = digits.parse().ok()?;
    if shape.negative {
        value = -value;
    }
    value *= shape.multiplier as f64;
    if shape.suffix == Suffix::None {
        return Some(N::Double(value));
    }
    let whole = BigInt::from_f64(value.round_ties_even())?;
    integer(whole, shape.suffix, Base::Decimal)
}

/// Decimal digits with an exponent, rounded to what the type holds.
fn real_decimal(digits: &str) -> Option<Decimal> {
    if digits.contains(['e', 'E']) {
        return Decimal::from_scientific(digits).ok();
    }
    let text = digits.strip_suffix('.').unwrap_or(digits);
    if text.is_empty() {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_take_their_types() {
        use NumberLiteral as N;
        let big: BigInt = BigInt::from(1) << 100;
        let cases: &[(&str, Option<N>)] = &[
            ("12", Some(N::Int(12))),
            ("2147483648", Some(N::Long(2147483648))),
            (
                "9223372036854775808",
                Some(N::Decimal(Decimal::from(9223372036854775808u64))),
            ),
            (
                "79228162514264337593543950336",
                Some(N::Double(7.922816251426434e28)),
            ),
            ("5.", Some(N::Double(5.0))),
            (".5", Some(N::Double(0.5))),
            ("1e3", Some(N::Double(1000.0))),
            ("1e400", Some(N::Double(f64::INFINITY))),
            ("0xFFFFFFFF", Some(N::Int(-1))),
            ("0x0FFFFFFFF", Some(N::Long(4294967295))),
            ("0xFFFFFFFFl", Some(N::Long(4294967295))),
            ("0xFFFFFFFFn", Some(N::BigInteger(BigInt::from(-1)))),
            ("0xFFFFFFFFu", Some(N::UInt(u32::MAX))),
            ("0x0000000000000001", Some(N::Long(1))),
            ("0xFFy", Some(N::SByte(-1))),
            ("0x0FFy", None),
            ("0x10000000000000000", None),
            ("0b11111111", Some(N::Int(-1))),
            ("0b101", Some(N::Int(5))),
            ("1.5l", Some(N::Long(2))),
            ("2.5l", Some(N::Long(2))),
            ("1.5d", Some(N::Decimal(Decimal::new(15, 1)))),
            ("1.5kb", Some(N::Double(1536.0))),
            ("1lkb", Some(N::Long(1024))),
            ("2gb", Some(N::Long(2147483648))),
            ("300y", None),
            ("-1u", None),
            ("1267650600228229401496703205376n", Some(N::BigInteger(big))),
            ("7z", None),
            ("0x", Some(N::Int(0))),
            ("0x10d", Some(N::Int(0x10d))),
            ("1.50d", Some(N::Decimal(Decimal::new(150, 2)))),
            ("1e2d", Some(N::Decimal(Decimal::from(100)))),
            ("200uy", Some(N::Byte(200))),
            ("", None),
            ("1,000", None),
            ("1 2", None),
            (".", None),
            ("1e", None),
            ("--1", None),
            ("Infinity", None),
            ("1lu", None),
            ("1kbl", None),
        ];
        for (text, expected) in cases {
            assert_eq!(&parse_number(text), expected, "{text}");
        }
    }
}
