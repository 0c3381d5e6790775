//! The functions that number types share by name: `[double]::Hypot`,
//! `[int]::RotateLeft`, `[bigint]::PopCount`, …

use crate::runtime::error::R;
use crate::runtime::types::numerics::numbers::{as_integer, integer};
use crate::runtime::types::{TypeCode, TypeRef, collections::tuple, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use std::f64::consts::{LN_2, LN_10, PI};

fn real(code: TypeCode, number: f64) -> Value {
    match code {
        TypeCode::Float => Value::Float(number as f32),
        _ => Value::Double(number),
    }
}

/// A function of one number.
fn of_one(name: &str, x: f64) -> Option<f64> {
    Some(match name {
        "acospi" => x.acos() / PI,
        "asinpi" => x.asin() / PI,
        "atanpi" => x.atan() / PI,
        "cospi" => (x * PI).cos(),
        "sinpi" => (x * PI).sin(),
        "tanpi" => (x * PI).tan(),
        "degreestoradians" => x * PI / 180.0,
        "radianstodegrees" => x * 180.0 / PI,
        "exp2" => x.exp2(),
        "exp10" => 10f64.powf(x),
        "expm1" => x.exp_m1(),
        "exp2m1" => (x * LN_2).exp_m1(),
        "exp10m1" => (x * LN_10).exp_m1(),
        "logp1" => x.ln_1p(),
        "log2p1" => x.ln_1p() / LN_2,
        "log10p1" => x.ln_1p() / LN_10,
        "reciprocalestimate" => 1.0 / x,
        "reciprocalsqrtestimate" => 1.0 / x.sqrt(),
        _ => return None,
    })
}

/// A function of two numbers.
fn of_two(name: &str, x: f64, y: f64) -> Option<f64> {
    let larger = |one: f64, other: f64| {
        if one.abs() == other.abs() {
            one.max(other)
        } else if one.abs() > other.abs() {
            one
        } else {
            other
        }
    };
    Some(match name {
        "atan2pi" => x.atan2(y) / PI,
        "hypot" => x.hypot(y),
        "ieee754remainder" => {
            let quotient = (x / y).round_ties_even();
            x - quotient * y
        }
        "maxmagnitude" if x.is_nan() || y.is_nan() => f64::NAN,
        "minmagnitude" if x.is_nan() || y.is_nan() => f64::NAN,
        "maxmagnitude" | "maxmagnitudenumber" => larger(x, y),
        "minmagnitude" | "minmagnitudenumber" => {
            if x.abs() == y.abs() {
                x.min(y)
            } else if x.abs() < y.abs() {
                x
            } else {
                y
            }
        }
        "maxnumber" | "maxnative" => x.max(y),
        "minnumber" | "minnative" => x.min(y),
        "rootn" if y as i64 % 2 != 0 && x < 0.0 => -(-x).powf(1.0 / y),
        "rootn" => x.powf(1.0 / y),
        _ => return None,
    })
}

fn of_reals(vm: &mut Vm, code: TypeCode, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let mut numbers = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument.base() {
            Value::Float(number) => numbers.push(f64::from(*number)),
            other => numbers.push(vm.to_double(&other.clone())?),
        }
    }
    let is_whole = |x: f64| x.is_finite() && x.fract() == 0.0;
    Ok(Some(match (name, numbers.as_slice()) {
        ("sincos", [x]) => {
            let (sin, cos) = x.sin_cos();
            tuple::pair(vm, real(code, sin), real(code, cos))
        }
        ("sincospi", [x]) => {
            let (sin, cos) = (x * PI).sin_cos();
            tuple::pair(vm, real(code, sin), real(code, cos))
        }
        ("iseveninteger", [x]) => Value::Bool(is_whole(*x) && x % 2.0 == 0.0),
        ("isoddinteger", [x]) => Value::Bool(is_whole(*x) && x % 2.0 != 0.0),
        ("isnormal", [x]) => Value::Bool(match code {
            TypeCode::Float => (*x as f32).is_normal(),
            _ => x.is_normal(),
        }),
        ("issubnormal", [x]) => Value::Bool(match code {
            TypeCode::Float => (*x as f32).is_subnormal(),
            _ => x.is_subnormal(),
        }),
        ("isrealnumber", [x]) => Value::Bool(!x.is_nan()),
        ("ispow2", [x]) => Value::Bool(*x > 0.0 && x.is_normal() && x.log2().fract() == 0.0),
        ("lerp", [x, y, amount]) => real(code, x * (1.0 - amount) + y * amount),
        ("multiplyaddestimate" | "fusedmultiplyadd", [x, y, z]) => real(code, x.mul_add(*y, *z)),
        ("clampnative", [x, low, high]) => real(code, x.max(*low).min(*high)),
        (_, [x]) => match of_one(name, *x) {
            Some(number) => real(code, number),
            None => return Ok(None),
        },
        (_, [x, y]) => match of_two(name, *x, *y) {
            Some(number) => real(code, number),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// Bits of an integer type.
fn bits(code: TypeCode) -> u32 {
    match code {
        TypeCode::Byte | TypeCode::SByte => 8,
        TypeCode::Short | TypeCode::UShort | TypeCode::Char => 16,
        TypeCode::Int | TypeCode::UInt => 32,
        _ => 64,
    }
}

fn is_signed(code: TypeCode) -> bool {
    matches!(
        code,
        TypeCode::SByte | TypeCode::Short | TypeCode::Int | TypeCode::Long
    )
}

/// The lowest bits of a number, as the type reads them.
fn wrapped(code: TypeCode, number: i128) -> Value {
    let width = bits(code);
    let low = number & ((1i128 << width) - 1);
    let negative = is_signed(code) && low >> (width - 1) & 1 == 1;
    integer(
        code,
        if negative {
            low - (1i128 << width)
        } else {
            low
        },
    )
}

fn of_integers(code: TypeCode, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let numbers: Option<Vec<i128>> = arguments.iter().map(as_integer).collect();
    let width = bits(code);
    let mask = (1i128 << width) - 1;
    Ok(Some(match (name, numbers.as_deref()) {
        ("rotateleft" | "rotateright", Some([number, count])) => {
            let count = count.rem_euclid(i128::from(width)) as u32;
            let left = if name == "rotateleft" {
                count
            } else {
                (width - count) % width
            };
            let low = number & mask;
            wrapped(code, low << left | low >> (width - left))
        }
        ("bigmul", Some([one, other])) => match code {
            TypeCode::Int => Value::Long((one * other) as i64),
            TypeCode::UInt => Value::ULong((one * other) as u64),
            _ => Value::bigint(BigInt::from(*one) * BigInt::from(*other)),
        },
        ("copysign", Some([number, sign])) => {
            let size = number.abs();
            wrapped(code, if *sign < 0 { -size } else { size })
        }
        ("maxmagnitude", Some([one, other])) => {
            let one_wins = (one.abs(), one) >= (other.abs(), other);
            integer(code, *if one_wins { one } else { other })
        }
        ("minmagnitude", Some([one, other])) => {
            let one_wins = (one.abs(), one) <= (other.abs(), other);
            integer(code, *if one_wins { one } else { other })
        }
        _ => return Ok(None),
    }))
}

/// `CreateChecked`, `CreateSaturating` and `CreateTruncating`.
fn created(vm: &mut Vm, type_ref: &TypeRef, name: &str, number: &Value) -> R<Option<Value>> {
    let code = type_ref.code;
    if matches!(
        code,
        TypeCode::Double | TypeCode::Float | TypeCode::Decimal | TypeCode::BigInt
    ) {
        return vm.convert(number, type_ref).map(Some);
    }
    let whole = match number.base() {
        Value::BigInt(number) => number.to_i128().unwrap_or(i128::MAX),
        Value::Double(number) => number.trunc() as i128,
        Value::Float(number) => number.trunc() as i128,
        Value::Decimal(number) => number.trunc().to_i128().unwrap_or(0),
        other => as_integer(other).unwrap_or(0),
    };
    let width = bits(code);
    let (low, high) = if is_signed(code) {
        (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1)
    } else {
        (0, (1i128 << width) - 1)
    };
    let is_real = matches!(
        number.base(),
        Value::Double(_) | Value::Float(_) | Value::Decimal(_)
    );
    match name {
        "createchecked" if !(low..=high).contains(&whole) => {
            failures::overflow("Arithmetic operation resulted in an overflow.")
        }
        "createtruncating" if !is_real => Ok(Some(wrapped(code, whole))),
        _ => Ok(Some(integer(code, whole.clamp(low, high)))),
    }
}

fn of_decimals(name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let numbers: Option<Vec<Decimal>> = arguments
        .iter()
        .map(|argument| match argument.base() {
            Value::Decimal(number) => Some(**number),
            _ => None,
        })
        .collect();
    let to = |number: &Decimal, code: TypeCode, type_name: &str| -> R<Option<Value>> {
        let whole = number.trunc().to_i128().unwrap_or(i128::MAX);
        let converted = created_from(code, whole);
        match converted {
            Some(value) => Ok(Some(value)),
            None => failures::overflow(format!(
                "Value was either too large or too small for {type_name}."
            )),
        }
    };
    Ok(Some(match (name, numbers.as_deref()) {
        ("iseveninteger", Some([n])) => {
            Value::Bool(n.fract().is_zero() && (n % Decimal::TWO).is_zero())
        }
        ("isoddinteger", Some([n])) => {
            Value::Bool(n.fract().is_zero() && !(n % Decimal::TWO).is_zero())
        }
        ("isinteger", Some([n])) => Value::Bool(n.fract().is_zero()),
        ("isnegative", Some([n])) => Value::Bool(n.is_sign_negative()),
        ("ispositive", Some([n])) => Value::Bool(n.is_sign_positive()),
        ("iscanonical", Some([n])) => Value::Bool(n.normalize().scale() == n.scale()),
        ("maxmagnitude", Some([one, other])) => {
            let one_wins = (one.abs(), one) >= (other.abs(), other);
            Value::decimal(*if one_wins { one } else { other })
        }
        ("minmagnitude", Some([one, other])) => {
            let one_wins = (one.abs(), one) <= (other.abs(), other);
            Value::decimal(*if one_wins { one } else { other })
        }
        ("tobyte", Some([n])) => return to(n, TypeCode::Byte, "an unsigned byte"),
        ("tosbyte", Some([n])) => return to(n, TypeCode::SByte, "a signed byte"),
        ("toint16", Some([n])) => return to(n, TypeCode::Short, "an Int16"),
        ("touint16", Some([n])) => return to(n, TypeCode::UShort, "a UInt16"),
        ("touint32", Some([n])) => return to(n, TypeCode::UInt, "a UInt32"),
        ("touint64", Some([n])) => return to(n, TypeCode::ULong, "a UInt64"),
        ("tosingle", Some([n])) => Value::Float(n.to_f32().unwrap_or(0.0)),
        ("tooacurrency", Some([n])) => {
            let scaled = (n * Decimal::from(10_000)).round();
            Value::Long(scaled.to_i64().unwrap_or(0))
        }
        _ => match (name, arguments) {
            ("fromoacurrency", [Value::Long(n)]) => Value::decimal(Decimal::new(*n, 4).normalize()),
            _ => return Ok(None),
        },
    }))
}

fn created_from(code: TypeCode, whole: i128) -> Option<Value> {
    let width = bits(code);
    let (low, high) = if is_signed(code) {
        (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1)
    } else {
        (0, (1i128 << width) - 1)
    };
    (low..=high).contains(&whole).then(|| integer(code, whole))
}

fn of_big(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let mut numbers = Vec::with_capacity(arguments.len());
    let log_base = match (name, arguments) {
        ("log", [_, base]) => Some(vm.to_double(base)?),
        _ => None,
    };
    for argument in arguments {
        let Value::BigInt(number) = vm.convert(argument, &known::bigint())? else {
            return Ok(None);
        };
        numbers.push((*number).clone());
    }
    Ok(Some(match (name, numbers.as_slice()) {
        ("clamp", [_, low, high]) if low > high => {
            return failures::argument(format!("'{low}' cannot be greater than {high}."), "");
        }
        ("clamp", [n, low, high]) => Value::bigint(n.clamp(low, high).clone()),
        ("copysign", [n, sign]) => Value::bigint(if sign.is_negative() {
            -n.abs()
        } else {
            n.abs()
        }),
        ("isnegative", [n]) => Value::Bool(n.is_negative()),
        ("ispositive", [n]) => Value::Bool(!n.is_negative()),
        ("isoddinteger", [n]) => Value::Bool(n.is_odd()),
        ("ispow2", [n]) => Value::Bool(n.is_positive() && n.magnitude().count_ones() == 1),
        ("log", [n, _]) => {
            let base = log_base.unwrap_or(std::f64::consts::E);
            Value::Double(n.to_f64().unwrap_or(f64::INFINITY).ln() / base.ln())
        }
        ("log2", [n]) => Value::bigint(n.bits().saturating_sub(1).into()),
        ("popcount", [n]) => Value::bigint(n.magnitude().count_ones().into()),
        ("trailingzerocount", [n]) => Value::bigint(n.trailing_zeros().unwrap_or(32).into()),
        ("leadingzerocount", [n]) => {
            // Counted in whole words of 32 bits.
            let used = n.bits();
            Value::bigint((used.div_ceil(32).max(1) * 32 - used).into())
        }
        ("maxmagnitude", [one, other]) => Value::bigint(
            if one.magnitude() >= other.magnitude() {
                one
            } else {
                other
            }
            .clone(),
        ),
        ("minmagnitude", [one, other]) => Value::bigint(
            if one.magnitude() <= other.magnitude() {
                one
            } else {
                other
            }
            .clone(),
        ),
        _ => return Ok(None),
    }))
}

/// A method of a big number that only tells about its bits.
pub fn big_call(number: &BigInt, name: &str) -> Option<Value> {
    match name {
        "getbitlength" => {
            // The shortest two's complement without its sign.
            let length = match number.sign() {
                Sign::Minus => (number + 1u8).bits(),
                _ => number.bits(),
            };
            Some(Value::Long(length as i64))
        }
        "getbytecount" => Some(Value::Int(number.to_signed_bytes_le().len() as i32)),
        _ => None,
    }
}

/// A static method of a number type; the arguments are converted.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    if let ("createchecked" | "createsaturating" | "createtruncating", [number]) = (name, arguments)
    {
        return created(vm, type_ref, name, number);
    }
    match type_ref.code {
        TypeCode::Double | TypeCode::Float => of_reals(vm, type_ref.code, name, arguments),
        TypeCode::Decimal => of_decimals(name, arguments),
        TypeCode::BigInt => of_big(vm, name, arguments),
        code => of_integers(code, name, arguments),
    }
}

/// The functions of this kind that `System.Math` has as well.
pub fn of_math(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match name {
        "sincos"
        | "maxmagnitude"
        | "minmagnitude"
        | "reciprocalestimate"
        | "reciprocalsqrtestimate" => of_reals(vm, TypeCode::Double, name, arguments),
        "bigmul" => match arguments {
            [one, other, Value::Ref(low)] => {
                let (Some(one), Some(other)) = (as_integer(one), as_integer(other)) else {
                    return Ok(None);
                };
                let product = BigInt::from(one) * BigInt::from(other);
                let mask = BigInt::from(u64::MAX);
                let lower = (&product & &mask).to_u64().unwrap_or(0);
                let upper = (product >> 64u32).to_i64().unwrap_or(0);
                low.set(Value::Long(lower as i64));
                Ok(Some(Value::Long(upper)))
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// `[decimal]::new([float])`, `[decimal]::new([int[]])`
pub fn decimal_from(argument: &Value) -> Option<Value> {
    match argument.base() {
        Value::Float(number) => Decimal::from_f32(*number).map(Value::decimal),
        Value::Array(parts) => {
            let items = parts.items.borrow();
            let parts: Vec<u32> = items
                .iter()
                .filter_map(|part| as_integer(part).map(|n| n as u32))
                .collect();
            let [low, middle, high, flags] = parts.as_slice() else {
                return None;
            };
            let scale = (flags >> 16) & 0xFF;
            (scale <= 28).then(|| {
                Value::decimal(Decimal::from_parts(
                    *low,
                    *middle,
                    *high,
                    flags >> 31 == 1,
                    scale,
                ))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_turn_and_wrap() {
        let turned = of_integers(
            TypeCode::Byte,
            "rotateleft",
            &[Value::Byte(0b1000_0001), Value::Int(1)],
        );
        assert!(matches!(turned, Ok(Some(Value::Byte(0b11)))));
        assert!(matches!(wrapped(TypeCode::SByte, 200), Value::SByte(-56)));
        assert_eq!(of_two("ieee754remainder", 5.0, 3.0), Some(-1.0));
    }
}
