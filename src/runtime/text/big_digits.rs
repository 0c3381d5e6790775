//! Decimal digits of big integers. To read and to write them digit by digit takes time that
//! grows with the square of their number, so both go by halves. Ctrl-C ends it early.

use crate::host::interrupted;
use crate::runtime::arithmetic::big::{product, quotient};
use num_bigint::{BigInt, BigUint, Sign};

/// So many digits and fewer are read and written at once.
const FEW: usize = 2_000;

/// Powers of ten: of `FEW`, of twice as many, of four times as many …
struct Powers(Vec<BigUint>);

impl Powers {
    /// As many as a number of so many digits needs.
    fn up_to(digits: usize) -> Powers {
        let mut powers = vec![BigUint::from(10_u32).pow(FEW as u32)];
        let mut covered = 2 * FEW;
        while covered < digits && !interrupted() {
            let next = powers
                .last()
                .map(|last| product(last, last))
                .unwrap_or_default();
            powers.push(next);
            covered *= 2;
        }
        Powers(powers)
    }

    fn read(&self, digits: &[u8], level: usize) -> BigUint {
        let low = FEW << level;
        let power = match self.0.get(level) {
            Some(power) if digits.len() > low && !interrupted() => power,
            _ if digits.len() > FEW && level > 0 && !interrupted() => {
                return self.read(digits, level - 1);
            }
            _ => return BigUint::parse_bytes(digits, 10).unwrap_or_default(),
        };
        let (high, low) = digits.split_at(digits.len() - low);
        let below = level.saturating_sub(1);
        product(&self.read(high, below), power) + self.read(low, below)
    }

    /// Writes with zeros before, if a width is given.
    fn write(&self, value: &BigUint, level: Option<usize>, width: usize, out: &mut String) {
        let Some((level, power)) = level
            .filter(|_| !interrupted())
            .and_then(|level| Some((level, self.0.get(level)?)))
        else {
            let digits = match interrupted() {
                true => String::new(),
                false => value.to_str_radix(10),
            };
            out.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
            out.push_str(&digits);
            return;
        };
        let below = level.checked_sub(1);
        if width == 0 && value < power {
            return self.write(value, below, 0, out);
        }
        let (high, low) = quotient(value, power);
        let low_width = FEW << level;
        self.write(&high, below, width.saturating_sub(low_width), out);
        self.write(&low, below, low_width, out);
    }
}

/// The number of these decimal digits; none if something else is among them.
pub fn parse(digits: &[u8]) -> Option<BigInt> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let powers = Powers::up_to(digits.len());
    let level = powers.0.len().saturating_sub(1);
    Some(BigInt::from(powers.read(digits, level)))
}

/// The decimal digits of a number, with its sign.
pub fn text(value: &BigInt) -> String {
    // A digit takes a little more than 3.32 bits.
    let digits = usize::try_from(value.bits() * 100 / 332 + 1).unwrap_or(usize::MAX);
    let mut out = String::new();
    if value.sign() == Sign::Minus {
        out.push('-');
    }
    if digits <= FEW {
        out.push_str(&value.magnitude().to_str_radix(10));
        return out;
    }
    let powers = Powers::up_to(digits);
    powers.write(
        value.magnitude(),
        powers.0.len().checked_sub(1),
        0,
        &mut out,
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_back() {
        for count in [1, 2, 1_999, 2_000, 2_001, 3_999, 4_001, 8_001, 50_000] {
            for pattern in ["9", "10", "1000000007"] {
                let digits: String = pattern.chars().cycle().take(count).collect();
                let value = parse(digits.as_bytes()).expect("digits");
                assert_eq!(value.to_str_radix(10), digits, "{count} of {pattern}");
                assert_eq!(text(&value), digits);
                assert_eq!(text(&-value), format!("-{digits}"));
            }
        }
        let power = BigInt::from(10).pow(9_000);
        assert_eq!(text(&power), power.to_str_radix(10));
        assert_eq!(text(&BigInt::from(0)), "0");
        assert!(parse(b"").is_none() && parse(b"1x").is_none());
    }
}
