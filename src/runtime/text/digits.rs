//! A number as decimal digits with a point: what every format string works on.

use num_bigint::BigInt;
use num_traits::Signed;
use rust_decimal::Decimal;

/// What a number was before it became digits; rounding and zero differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DigitsKind {
    Integer,
    Decimal,
    /// Knows a negative zero, and its digits are rounded already.
    Real,
}

/// `0.d₁d₂d₃… × 10^scale`.
#[derive(Debug, Clone)]
pub(super) struct Digits {
    /// ASCII digits; none for zero.
    pub digits: Vec<u8>,
    /// Where the point is: so many digits stand before it.
    pub scale: i32,
    pub negative: bool,
    pub kind: DigitsKind,
}

/// A double has no more significant digits than this in any position asked for.
const MOST_DIGITS: usize = 1100;

impl Digits {
    pub fn of_integer(value: i128) -> Digits {
        Digits::of_magnitude(value.unsigned_abs(), value < 0)
    }

    fn of_magnitude(magnitude: u128, negative: bool) -> Digits {
        let digits = if magnitude == 0 {
            Vec::new()
        } else {
            magnitude.to_string().into_bytes()
        };
        Digits {
            scale: digits.len() as i32,
            digits,
            negative,
            kind: DigitsKind::Integer,
        }
    }

    pub fn of_big(value: &BigInt) -> Digits {
        let text = value.abs().to_string().into_bytes();
        let digits = if text == b"0" { Vec::new() } else { text };
        Digits {
            scale: digits.len() as i32,
            digits,
            negative: value.is_negative(),
            kind: DigitsKind::Integer,
        }
    }

    pub fn of_decimal(value: Decimal) -> Digits {
        let mut digits =
            Digits::of_magnitude(value.mantissa().unsigned_abs(), value.is_sign_negative());
        digits.scale -= value.scale() as i32;
        digits.kind = DigitsKind::Decimal;
        digits
    }

    /// The shortest digits that read back as the same double.
    pub fn shortest(value: f64) -> Digits {
        Digits::from_exponent_form(&format!("{value:e}"))
    }

    /// The shortest digits that read back as the same float.
    pub fn shortest_single(value: f32) -> Digits {
        Digits::from_exponent_form(&format!("{value:e}"))
    }

    /// So many significant digits, the exact value rounded half to even.
    pub fn significant(value: f64, count: usize) -> Digits {
        let count = count.clamp(1, MOST_DIGITS);
        Digits::from_exponent_form(&format!("{value:.*e}", count - 1))
    }

    /// So many digits behind the point, the exact value rounded half to even.
    pub fn fractional(value: f64, count: usize) -> Digits {
        let count = count.min(MOST_DIGITS);
        let text = format!("{value:.count$}");
        let (negative, text) = split_sign(&text);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Digits::assemble(whole, fraction, whole.len() as i32, negative)
    }

    fn from_exponent_form(text: &str) -> Digits {
        let (negative, text) = split_sign(text);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        Digits::assemble(whole, fraction, exponent + 1, negative)
    }

    fn assemble(whole: &str, fraction: &str, scale: i32, negative: bool) -> Digits {
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        digits.extend_from_slice(whole.as_bytes());
        digits.extend_from_slice(fraction.as_bytes());
        let zeros = digits.iter().take_while(|&&d| d == b'0').count();
        digits.drain(..zeros);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let scale = if digits.is_empty() {
            0
        } else {
            scale - zeros as i32
        };
        Digits {
            digits,
            scale,
            negative,
            kind: DigitsKind::Real,
        }
    }

    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Keeps the first `position` digits, half away from zero. `exact` says that
    /// the digits were rounded where they were made, so only cutting is left.
    pub fn round(&mut self, position: i64, exact: bool) {
        let position = usize::try_from(position).ok();
        let up = position
            .and_then(|p| self.digits.get(p))
            .is_some_and(|&d| !exact && d >= b'5');
        self.digits
            .truncate(position.unwrap_or(0).min(self.digits.len()));
        if up {
            while self.digits.last() == Some(&b'9') {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(b'1');
                    self.scale += 1;
                }
            }
        } else {
            while self.digits.last() == Some(&b'0') {
                self.digits.pop();
            }
        }
        if self.digits.is_empty() {
            self.scale = 0;
            if self.kind != DigitsKind::Real {
                self.negative = false;
            }
        }
    }
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}
