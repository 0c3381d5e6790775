//! Two numbers of different types brought to a common one.

use crate::runtime::convert::numbers::{decimal_of, decimal_to_double, integer_of};
use crate::runtime::value::Value;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rust_decimal::Decimal;

/// Two numbers of one type.
pub(crate) enum Pair {
    Int(i32, i32),
    UInt(u32, u32),
    Long(i64, i64),
    ULong(u64, u64),
    Double(f64, f64),
    Decimal(Decimal, Decimal),
    /// A decimal with a double that no decimal holds.
    MixedDecimal(f64, f64),
    BigInt(BigInt, BigInt),
}

/// The common type of two numbers; `None` when one of them is no number.
pub(crate) fn pair(left: &Value, right: &Value) -> Option<Pair> {
    if let (Value::Int(a), Value::Int(b)) = (left, right) {
        return Some(Pair::Int(*a, *b));
    }
    let rank = rank(left)?.max(rank(right)?);
    Some(match rank {
        Rank::BigInt => Pair::BigInt(big(left)?, big(right)?),
        Rank::Decimal => match (decimal(left), decimal(right)) {
            (Some(a), Some(b)) => Pair::Decimal(a, b),
            _ => Pair::MixedDecimal(double(left)?, double(right)?),
        },
        Rank::Real => Pair::Double(double(left)?, double(right)?),
        Rank::Int => Pair::Int(
            i32::try_from(integer_of(left)?).ok()?,
            i32::try_from(integer_of(right)?).ok()?,
        ),
        Rank::UInt => {
            let (a, b) = (integer_of(left)?, integer_of(right)?);
            match (u32::try_from(a), u32::try_from(b)) {
                (Ok(a), Ok(b)) => Pair::UInt(a, b),
                _ => Pair::Long(a, b),
            }
        }
        Rank::Long => Pair::Long(integer_of(left)?, integer_of(right)?),
        Rank::ULong => match (unsigned(left), unsigned(right)) {
            (Some(a), Some(b)) => Pair::ULong(a, b),
            _ => Pair::Decimal(decimal(left)?, decimal(right)?),
        },
    })
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Int,
    UInt,
    Long,
    ULong,
    Real,
    Decimal,
    BigInt,
}

fn rank(value: &Value) -> Option<Rank> {
    Some(match value {
        Value::SByte(_) | Value::Byte(_) | Value::Short(_) | Value::UShort(_) | Value::Int(_) => {
            Rank::Int
        }
        Value::UInt(_) => Rank::UInt,
        Value::Long(_) => Rank::Long,
        Value::ULong(_) => Rank::ULong,
        Value::Float(_) | Value::Double(_) => Rank::Real,
        Value::Decimal(_) => Rank::Decimal,
        Value::BigInt(_) => Rank::BigInt,
        _ => return None,
    })
}

fn unsigned(value: &Value) -> Option<u64> {
    match value {
        Value::ULong(n) => Some(*n),
        other => u64::try_from(integer_of(other)?).ok(),
    }
}

/// A number as a double.
pub(crate) fn double(value: &Value) -> Option<f64> {
    Some(match value {
        Value::Float(n) => f64::from(*n),
        Value::Double(n) => *n,
        Value::Decimal(d) => decimal_to_double(d),
        Value::BigInt(n) => n.to_f64().unwrap_or(f64::INFINITY),
        Value::ULong(n) => *n as f64,
        other => integer_of(other)? as f64,
    })
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(d) => Some(**d),
        Value::Float(n) => decimal_of(f64::from(*n)),
        Value::Double(n) => decimal_of(*n),
        Value::ULong(n) => Some(Decimal::from(*n)),
        other => Some(Decimal::from(integer_of(other)?)),
    }
}

fn big(value: &Value) -> Option<BigInt> {
    Some(match value {
        Value::BigInt(n) => (**n).clone(),
        Value::Float(n) => BigInt::from_f32(n.trunc()).unwrap_or_default(),
        Value::Double(n) => BigInt::from_f64(n.trunc()).unwrap_or_default(),
        Value::Decimal(d) => BigInt::from(d.trunc().to_i128().unwrap_or_default()),
        Value::ULong(n) => BigInt::from(*n),
        other => BigInt::from(integer_of(other)?),
    })
}
