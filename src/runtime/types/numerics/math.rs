//! `System.Math`, and the functions that number types have of the same name.

use crate::runtime::error::R;
use crate::runtime::types::numerics::number_functions;
use crate::runtime::types::{TypeCode, TypeRef, failures, known, numerics::numbers};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rust_decimal::{Decimal, RoundingStrategy};

/// `[math]::PI` and its kin.
pub fn read_static(name: &str) -> Option<Value> {
    Some(match name {
        "pi" => Value::Double(std::f64::consts::PI),
        "e" => Value::Double(std::f64::consts::E),
        "tau" => Value::Double(std::f64::consts::TAU),
        _ => return None,
    })
}

/// Rounds by a MidpointRounding value.
fn round_real(value: f64, digits: i32, mode: i64) -> f64 {
    if !value.is_finite() || value.abs() >= 1e16 {
        return value;
    }
    let power = 10f64.powi(digits);
    let scaled = value * power;
    let rounded = match mode {
        1 => {
            // Half is judged on the written digits.
            let fraction = scaled - scaled.trunc();
            if fraction.abs() >= 0.5 {
                scaled.trunc() + fraction.signum()
            } else {
                scaled.trunc()
            }
        }
        2 => scaled.trunc(),
        3 => scaled.floor(),
        4 => scaled.ceil(),
        _ => scaled.round_ties_even(),
    };
    rounded / power
}

fn strategy(mode: i64) -> RoundingStrategy {
    match mode {
        1 => RoundingStrategy::MidpointAwayFromZero,
        2 => RoundingStrategy::ToZero,
        3 => RoundingStrategy::ToNegativeInfinity,
        4 => RoundingStrategy::ToPositiveInfinity,
        _ => RoundingStrategy::MidpointNearestEven,
    }
}

fn round_decimal(value: Decimal, digits: u32, mode: i64) -> Decimal {
    value.round_dp_with_strategy(digits, strategy(mode))
}

fn round(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let mut digits = 0;
    let mut mode = 0;
    for argument in arguments.iter().skip(1) {
        match argument.base() {
            Value::Int(n) => digits = *n,
            Value::Enum(e) => mode = e.bits,
            _ => {}
        }
    }
    match arguments[0].base() {
        Value::Decimal(d) => {
            if !(0..=28).contains(&digits) {
                return failures::out_of_range(
                    "Decimal can only round to between 0 and 28 digits of precision.",
                    "decimals",
                );
            }
            Ok(Value::decimal(round_decimal(**d, digits as u32, mode)))
        }
        other => {
            if !(0..=15).contains(&digits) {
                return failures::out_of_range(
                    "Rounding digits must be between 0 and 15, inclusive.",
                    "digits",
                );
            }
            let n = vm.to_double(other)?;
            Ok(match other {
                Value::Float(_) => Value::Float(round_real(n, digits, mode) as f32),
                _ => Value::Double(round_real(n, digits, mode)),
            })
        }
    }
}

fn one_real(name: &str, n: f64) -> Option<f64> {
    Some(match name {
        "sqrt" => n.sqrt(),
        "cbrt" => n.cbrt(),
        "exp" => n.exp(),
        "log10" => n.log10(),
        "log2" => n.log2(),
        "sin" => n.sin(),
        "cos" => n.cos(),
        "tan" => n.tan(),
        "asin" => n.asin(),
        "acos" => n.acos(),
        "atan" => n.atan(),
        "sinh" => n.sinh(),
        "cosh" => n.cosh(),
        "tanh" => n.tanh(),
        "asinh" => n.asinh(),
        "acosh" => n.acosh(),
        "atanh" => n.atanh(),
        "bitincrement" => n.next_up(),
        "bitdecrement" => n.next_down(),
        _ => return None,
    })
}

/// Whether the first value comes before the second.
fn less(vm: &mut Vm, a: &Value, b: &Value) -> R<bool> {
    Ok(crate::runtime::types::equality::order(vm, a, b)? == std::cmp::Ordering::Less)
}

fn is_nan(value: &Value) -> bool {
    matches!(value, Value::Double(n) if n.is_nan())
        || matches!(value, Value::Float(n) if n.is_nan())
}

/// A static method of `System.Math`.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if let [one] = arguments
        && let Value::Double(n) = one.base()
        && let Some(result) = one_real(name, *n)
    {
        return Ok(Some(Value::Double(result)));
    }
    Ok(Some(match (name, arguments) {
        ("round", [_, ..]) => round(vm, arguments)?,
        ("floor" | "ceiling" | "truncate", [one]) => match one.base() {
            Value::Decimal(d) => Value::decimal(match name {
                "floor" => d.floor(),
                "ceiling" => d.ceil(),
                _ => d.trunc(),
            }),
            other => {
                let n = vm.to_double(other)?;
                Value::Double(match name {
                    "floor" => n.floor(),
                    "ceiling" => n.ceil(),
                    _ => n.trunc(),
                })
            }
        },
        ("abs", [one]) => absolute(one)?,
        ("sign", [one]) => match one.base() {
            Value::Double(n) if n.is_nan() => {
                return failures::fail(
                    "System.ArithmeticException",
                    "Function does not accept floating point Not-a-Number values.",
                );
            }
            Value::Double(n) => Value::Int(if *n > 0.0 {
                1
            } else if *n < 0.0 {
                -1
            } else {
                0
            }),
            Value::Float(n) => Value::Int(if *n > 0.0 {
                1
            } else if *n < 0.0 {
                -1
            } else {
                0
            }),
            Value::Decimal(d) => Value::Int(if d.is_zero() {
                0
            } else if d.is_sign_negative() {
                -1
            } else {
                1
            }),
            other => Value::Int(numbers::as_integer(other).map_or(0, |n| n.signum() as i32)),
        },
        ("max" | "min", [a, b]) => {
            let (a, b) = (a.base().clone(), b.base().clone());
            let second = !is_nan(&a) && (is_nan(&b) || less(vm, &a, &b)? == (name == "max"));
            if second { b } else { a }
        }
        ("clamp", [value, low, high]) => {
            if less(vm, high, low)? {
                let (low, high) = (vm.to_text(low)?, vm.to_text(high)?);
                return failures::argument(format!("'{low}' cannot be greater than {high}."), "");
            }
            if less(vm, value, low)? {
                low.base().clone()
            } else if less(vm, high, value)? {
                high.base().clone()
            } else {
                value.base().clone()
            }
        }
        ("pow", [a, b]) => Value::Double(vm.to_double(a)?.powf(vm.to_double(b)?)),
        ("log", [a]) => Value::Double(vm.to_double(a)?.ln()),
        ("log", [a, base]) => {
            let (a, base) = (vm.to_double(a)?, vm.to_double(base)?);
            Value::Double(a.ln() / base.ln())
        }
        ("atan2", [a, b]) => Value::Double(vm.to_double(a)?.atan2(vm.to_double(b)?)),
        ("ieeeremainder", [a, b]) => {
            let (a, b) = (vm.to_double(a)?, vm.to_double(b)?);
            Value::Double(a - b * (a / b).round_ties_even())
        }
        ("copysign", [a, b]) => Value::Double(vm.to_double(a)?.copysign(vm.to_double(b)?)),
        ("fusedmultiplyadd", [a, b, c]) => {
            Value::Double(vm.to_double(a)?.mul_add(vm.to_double(b)?, vm.to_double(c)?))
        }
        ("ilogb", [a]) => Value::Int(vm.to_double(a)?.abs().log2().floor() as i32),
        ("scaleb", [a, n]) => Value::Double(vm.to_double(a)? * 2f64.powi(vm.to_int(n)?)),
        ("bigmul", [a, b]) => {
            let (x, y) = (
                numbers::as_integer(a).unwrap_or(0),
                numbers::as_integer(b).unwrap_or(0),
            );
            match i64::try_from(x * y) {
                Ok(n) => Value::Long(n),
                Err(_) => {
                    return failures::overflow("Arithmetic operation resulted in an overflow.");
                }
            }
        }
        ("divrem", [a, b, rest @ ..]) => {
            let code = vm.type_of(a).code;
            let (Some(x), Some(y)) = (numbers::as_integer(a), numbers::as_integer(b)) else {
                return Ok(None);
            };
            if y == 0 {
                return failures::fail(
                    "System.DivideByZeroException",
                    "Attempted to divide by zero.",
                );
            }
            let (quotient, remainder) =
                (numbers::integer(code, x / y), numbers::integer(code, x % y));
            match rest {
                [Value::Ref(place)] => {
                    place.set(remainder);
                    quotient
                }
                _ => crate::runtime::types::collections::tuple::pair(vm, quotient, remainder),
            }
        }
        _ => match arguments {
            [one] => match one_real(name, vm.to_double(one)?) {
                Some(result) => Value::Double(result),
                None => return number_functions::of_math(vm, name, arguments),
            },
            _ => return number_functions::of_math(vm, name, arguments),
        },
    }))
}

fn absolute(value: &Value) -> R<Value> {
    Ok(match value.base() {
        Value::Double(n) => Value::Double(n.abs()),
        Value::Float(n) => Value::Float(n.abs()),
        Value::Decimal(d) => Value::decimal(d.abs()),
        Value::Int(i32::MIN)
        | Value::Long(i64::MIN)
        | Value::Short(i16::MIN)
        | Value::SByte(i8::MIN) => {
            return failures::overflow(
                "Negating the minimum value of a twos complement number is invalid.",
            );
        }
        Value::Int(n) => Value::Int(n.abs()),
        Value::Long(n) => Value::Long(n.abs()),
        Value::Short(n) => Value::Short(n.abs()),
        Value::SByte(n) => Value::SByte(n.abs()),
        other => other.clone(),
    })
}

/// Static methods of the real number types and decimal that are those of Math.
pub fn on_type(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let mut converted = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        converted.push(
            if at == 0 || matches!(name, "max" | "min" | "clamp" | "pow") {
                vm.convert(argument, type_ref)?
            } else {
                argument.clone()
            },
        );
    }
    match call_static(vm, name, &converted)? {
        Some(result) if type_ref.code == TypeCode::Float => {
            vm.convert(&result, &known::float()).map(Some)
        }
        other => Ok(other),
    }
}

/// Static methods of the integer types.
pub fn integer_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let Some(kind) = numbers::integer_type(type_ref.code) else {
        return Ok(None);
    };
    let Some(n) = arguments.first().and_then(numbers::as_integer) else {
        return Ok(None);
    };
    let bits = kind.bits();
    let mask = (1i128 << bits) - 1;
    let pattern = (n & mask) as u64;
    let unsigned_zeros = pattern.leading_zeros() - (64 - bits);
    Ok(Some(match name {
        "iseveninteger" => Value::Bool(n % 2 == 0),
        "isoddinteger" => Value::Bool(n % 2 != 0),
        "isnegative" => Value::Bool(n < 0),
        "ispositive" => Value::Bool(n >= 0),
        "ispow2" => Value::Bool(n > 0 && n & (n - 1) == 0),
        "popcount" => numbers::integer(type_ref.code, i128::from(pattern.count_ones())),
        "leadingzerocount" => numbers::integer(type_ref.code, i128::from(unsigned_zeros)),
        "trailingzerocount" => numbers::integer(
            type_ref.code,
            i128::from(pattern.trailing_zeros().min(bits)),
        ),
        "log2" if n < 0 => {
            return failures::out_of_range("Non-negative number required.", "value");
        }
        "log2" if n == 0 => numbers::integer(type_ref.code, 0),
        "log2" => numbers::integer(type_ref.code, i128::from(bits - 1 - unsigned_zeros)),
        "max" | "min" | "clamp" | "abs" | "sign" | "divrem" => {
            return on_type(vm, type_ref, name, arguments);
        }
        _ => return Ok(None),
    }))
}
