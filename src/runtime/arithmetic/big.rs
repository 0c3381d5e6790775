//! Arithmetic of big integers with millions of digits. It takes its time, so it goes by parts
//! and ends early at Ctrl-C; whoever asked for it never sees what came out then.

use crate::host::interrupted;
use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// Numbers of fewer bits are multiplied at once.
const SHORT: u64 = 1 << 21;
/// So many steps of a division, of one word each, are done at once.
const STEPS: u64 = 1 << 24;
/// The most bits a number may have.
pub const MOST_BITS: u64 = i32::MAX as u64;

/// The product.
pub fn multiply(a: &BigInt, b: &BigInt) -> BigInt {
    BigInt::from_biguint(a.sign() * b.sign(), product(a.magnitude(), b.magnitude()))
}

/// The higher bits from a place on, and the lower ones.
fn split(number: &BigUint, at: u64) -> (BigUint, BigUint) {
    let high = number >> at;
    let low = number - (&high << at);
    (high, low)
}

/// The product of two numbers without sign.
pub fn product(a: &BigUint, b: &BigUint) -> BigUint {
    let (long, short) = if a.bits() < b.bits() { (b, a) } else { (a, b) };
    if interrupted() || short.is_zero() {
        return BigUint::zero();
    }
    if long.bits() < 2 * SHORT {
        return long * short;
    }
    // Whole words, so that nothing must be shifted within them.
    let half = (long.bits() / 2).next_multiple_of(64);
    let (high, low) = split(long, half);
    if short.bits() <= half {
        return (product(&high, short) << half) + product(&low, short);
    }
    let (short_high, short_low) = split(short, half);
    let outer = product(&high, &short_high);
    let inner = product(&low, &short_low);
    let both = product(&(high + low), &(short_high + short_low));
    // Parts cut off by Ctrl-C do not fit together any more.
    if interrupted() {
        return BigUint::zero();
    }
    let middle = both - &outer - &inner;
    (outer << (2 * half)) + (middle << half) + inner
}

/// Quotient and remainder as .NET has them: the remainder has the dividend's sign. The divisor
/// is not zero.
pub fn divide(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, rest) = quotient(a.magnitude(), b.magnitude());
    (
        BigInt::from_biguint(a.sign() * b.sign(), quotient),
        BigInt::from_biguint(a.sign(), rest),
    )
}

/// Quotient and remainder of two numbers without sign.
pub fn quotient(a: &BigUint, b: &BigUint) -> (BigUint, BigUint) {
    let words = |bits: u64| bits / 64 + 1;
    let longer = a.bits().saturating_sub(b.bits());
    if words(longer) * words(b.bits()) < STEPS {
        a.div_rem(b)
    } else {
        divide_parts(a, b)
    }
}

fn divide_parts(a: &BigUint, b: &BigUint) -> (BigUint, BigUint) {
    // As many bits at a time as take about as long as one look at Ctrl-C may be delayed.
    let words = (STEPS / (b.bits() / 64 + 1)).clamp(1, 1 << 20) as usize;
    let digits = a.to_u64_digits();
    let mut rest = BigUint::zero();
    let mut quotient = Vec::with_capacity(digits.len().div_ceil(words));
    for part in digits.rchunks(words) {
        if interrupted() {
            return (BigUint::zero(), BigUint::zero());
        }
        let halves = part.iter().flat_map(|&n| [n as u32, (n >> 32) as u32]);
        let part_value = BigUint::new(halves.collect());
        let (digit, left) = ((rest << (64 * part.len() as u64)) + part_value).div_rem(b);
        rest = left;
        let mut written = digit.to_u64_digits();
        written.resize(part.len(), 0);
        quotient.push(written);
    }
    let words = quotient.into_iter().rev().flatten();
    let halves = words.flat_map(|n| [n as u32, (n >> 32) as u32]);
    (BigUint::new(halves.collect()), rest)
}

/// The binary logarithm of a magnitude; 0 for zero.
fn logarithm(number: &BigInt) -> f64 {
    let below = number.bits().saturating_sub(64);
    let highest = (number.magnitude() >> below).to_f64().unwrap_or(1.0);
    highest.max(1.0).log2() + below as f64
}

/// A power; none if it has more bits than a number may have.
pub fn power(base: &BigInt, exponent: u32) -> Option<BigInt> {
    if exponent == 0 {
        return Some(BigInt::one());
    }
    // Powers of two are places only.
    let twos = base.trailing_zeros().unwrap_or(0);
    let odd: BigInt = base >> twos;
    let shift = twos.checked_mul(u64::from(exponent))?;
    let bits = logarithm(&odd) * f64::from(exponent) + shift as f64;
    if bits > MOST_BITS as f64 {
        return None;
    }
    let mut result = BigInt::one();
    for at in (0..u32::BITS - exponent.leading_zeros()).rev() {
        result = multiply(&result, &result);
        if exponent >> at & 1 == 1 {
            result = multiply(&result, &odd);
        }
        if interrupted() {
            return Some(BigInt::zero());
        }
    }
    let result = result << shift;
    (result.bits() <= MOST_BITS).then_some(result)
}

/// The remainder of a power. The exponent is not negative and the modulus not zero.
pub fn power_modulo(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> BigInt {
    let size = BigInt::from(modulus.magnitude().clone());
    let start = BigInt::from(base.magnitude().clone());
    let rest = if modulus.bits().saturating_mul(exponent.bits()) < SHORT {
        start.modpow(exponent, &size)
    } else {
        let mut result = divide(&BigInt::one(), &size).1;
        let start = divide(&start, &size).1;
        for at in (0..exponent.bits()).rev() {
            result = divide(&multiply(&result, &result), &size).1;
            if exponent.bit(at) {
                result = divide(&multiply(&result, &start), &size).1;
            }
            if interrupted() {
                break;
            }
        }
        result
    };
    match base.sign() {
        Sign::Minus if exponent.is_odd() => -rest,
        _ => rest,
    }
}

/// The greatest common divisor.
pub fn common_divisor(a: &BigInt, b: &BigInt) -> BigInt {
    if a.bits().min(b.bits()) < 1 << 15 {
        return if a.is_zero() || b.is_zero() {
            a.gcd(b)
        } else {
            // The longer one is cut down first.
            let (long, short) = if a.bits() < b.bits() { (b, a) } else { (a, b) };
            short.gcd(&divide(long, short).1)
        };
    }
    let (mut a, mut b) = (a.clone(), b.clone());
    while !b.is_zero() && !interrupted() {
        let rest = divide(&a, &b).1;
        a = std::mem::replace(&mut b, rest);
    }
    BigInt::from(a.magnitude().clone())
}

/// A number as an exponent of a power: none if it is negative or too large.
pub fn exponent_of(number: &BigInt) -> Option<u32> {
    number.to_u32().filter(|&n| i32::try_from(n).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(bits: u32, add: u32) -> BigInt {
        let mut number = BigInt::from(3).pow(bits * 10 / 16);
        number += add;
        number
    }

    #[test]
    fn parts_fit_together() {
        let (a, b) = (long(6 << 20, 1), -long(5 << 20, 7));
        assert_eq!(multiply(&a, &b), &a * &b);
        assert_eq!(multiply(&a, &BigInt::from(-12)), &a * -12);
        let (a, b) = (long(1 << 20, 5), -long(1 << 16, 3));
        assert_eq!(divide(&a, &b), (&a / &b, &a % &b));
        assert_eq!(divide(&-&a, &b), (-&a / &b, -&a % &b));
        let parts = divide_parts(long(1 << 17, 5).magnitude(), &BigUint::from(7_u32).pow(90));
        let whole = long(1 << 17, 5);
        let by = BigInt::from(7).pow(90);
        assert_eq!(BigInt::from(parts.0), &whole / &by);
        assert_eq!(BigInt::from(parts.1), &whole % &by);
    }

    #[test]
    fn powers_are_those_of_one_multiplication_after_the_other() {
        for base in [-7_i32, -2, -1, 0, 1, 2, 10, 12] {
            for exponent in [0_u32, 1, 2, 5, 64, 1001] {
                let expected = BigInt::from(base).pow(exponent);
                assert_eq!(power(&BigInt::from(base), exponent), Some(expected));
            }
        }
        assert_eq!(power(&BigInt::from(2), 2_147_483_647), None);
        assert_eq!(power(&BigInt::from(3), 2_000_000_000), None);
        assert_eq!(power(&BigInt::from(1), 2_000_000_000), Some(BigInt::one()));
        let modulus = BigInt::from(5).pow(3000);
        let expected = BigInt::from(7).modpow(&BigInt::from(5001), &modulus);
        let found = power_modulo(&BigInt::from(-7), &BigInt::from(5001), &modulus);
        assert_eq!(found, -expected);
    }

    #[test]
    fn divisors_are_common() {
        let (a, b) = (long(1 << 16, 0) * 35, long(3 << 15, 0) * 21);
        assert_eq!(common_divisor(&a, &b), a.gcd(&b));
        assert_eq!(common_divisor(&BigInt::zero(), &b), b);
        assert_eq!(
            common_divisor(&BigInt::from(-12), &BigInt::from(18)),
            BigInt::from(6)
        );
    }
}
