//! The number types, `bool` and BigInteger.

use crate::runtime::arithmetic::big;
use crate::runtime::error::R;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::number_parse::{
    IntegerType, NumberParseError, NumberStyles, parse_big, parse_bool, parse_decimal,
    parse_double, parse_integer, parse_single,
};
use crate::runtime::types::{TypeCode, TypeRef, failures, text::culture};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;

/// `ToString(format, provider)` of a scalar.
pub fn to_string(
    vm: &mut Vm,
    value: &Value,
    format: Option<&str>,
    provider: Option<&Value>,
) -> R<String> {
    let culture = culture::of_provider(vm, provider);
    vm.format_value(value, format, culture)
}

/// The integer type of a code.
pub fn integer_type(code: TypeCode) -> Option<IntegerType> {
    Some(match code {
        TypeCode::SByte => IntegerType::SByte,
        TypeCode::Byte => IntegerType::Byte,
        TypeCode::Short => IntegerType::Int16,
        TypeCode::UShort => IntegerType::UInt16,
        TypeCode::Int => IntegerType::Int32,
        TypeCode::UInt => IntegerType::UInt32,
        TypeCode::Long => IntegerType::Int64,
        TypeCode::ULong => IntegerType::UInt64,
        _ => return None,
    })
}

/// An integer of a type.
pub fn integer(code: TypeCode, value: i128) -> Value {
    crate::runtime::convert::integer_value(code, value).unwrap_or_default()
}

/// The value of any integer.
pub fn as_integer(value: &Value) -> Option<i128> {
    Some(match value.base() {
        Value::SByte(n) => i128::from(*n),
        Value::Byte(n) => i128::from(*n),
        Value::Short(n) => i128::from(*n),
        Value::UShort(n) => i128::from(*n),
        Value::Int(n) => i128::from(*n),
        Value::UInt(n) => i128::from(*n),
        Value::Long(n) => i128::from(*n),
        Value::ULong(n) => i128::from(*n),
        _ => return None,
    })
}

/// A method of a number.
pub fn call(vm: &mut Vm, value: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tostring", [first, ..]) => {
            let format = first.as_str().map(str::to_string);
            let provider = arguments
                .iter()
                .find(|a| matches!(a.base(), Value::Native(_)));
            Value::str(to_string(vm, value, format.as_deref(), provider)?)
        }
        ("tobytearray", _) => match value {
            Value::BigInt(n) => {
                crate::runtime::types::collections::array::bytes(&n.to_signed_bytes_le())
            }
            _ => return Ok(None),
        },
        ("getbitlength" | "getbytecount", _) => match value {
            Value::BigInt(n) => {
                return Ok(crate::runtime::types::numerics::number_functions::big_call(
                    n, name,
                ));
            }
            _ => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// A method of a bool.
pub fn bool_call(value: &Value, name: &str) -> R<Option<Value>> {
    Ok(match (name, value) {
        ("tostring", Value::Bool(b)) => Some(Value::str(Vm::bool_text(*b))),
        _ => None,
    })
}

/// A property of a BigInteger.
pub fn big_get(number: &BigInt, name: &str) -> Option<Value> {
    Some(match name {
        "iszero" => Value::Bool(number.is_zero()),
        "isone" => Value::Bool(number.is_one()),
        "iseven" => Value::Bool(number.is_even()),
        "sign" => Value::Int(number.signum().to_i32().unwrap_or(0)),
        "ispoweroftwo" => Value::Bool(number.is_positive() && number.magnitude().count_ones() == 1),
        _ => return None,
    })
}

/// A static property of a number type.
pub fn read_static(type_ref: &TypeRef, name: &str) -> Option<Value> {
    if let Some(kind) = integer_type(type_ref.code) {
        let (low, high) = kind.range();
        return match name {
            "maxvalue" => Some(integer(type_ref.code, high)),
            "minvalue" => Some(integer(type_ref.code, low)),
            _ => None,
        };
    }
    Some(match (type_ref.code, name) {
        (TypeCode::Double, "maxvalue") => Value::Double(f64::MAX),
        (TypeCode::Double, "minvalue") => Value::Double(f64::MIN),
        (TypeCode::Double, "epsilon") => Value::Double(5e-324),
        (TypeCode::Double, "nan") => Value::Double(f64::NAN),
        (TypeCode::Double, "positiveinfinity") => Value::Double(f64::INFINITY),
        (TypeCode::Double, "negativeinfinity") => Value::Double(f64::NEG_INFINITY),
        (TypeCode::Double, "negativezero") => Value::Double(-0.0),
        (TypeCode::Double, "pi") => Value::Double(std::f64::consts::PI),
        (TypeCode::Double, "e") => Value::Double(std::f64::consts::E),
        (TypeCode::Double, "tau") => Value::Double(std::f64::consts::TAU),
        (TypeCode::Float, "maxvalue") => Value::Float(f32::MAX),
        (TypeCode::Float, "minvalue") => Value::Float(f32::MIN),
        (TypeCode::Float, "epsilon") => Value::Float(1e-45),
        (TypeCode::Float, "nan") => Value::Float(f32::NAN),
        (TypeCode::Float, "positiveinfinity") => Value::Float(f32::INFINITY),
        (TypeCode::Float, "negativeinfinity") => Value::Float(f32::NEG_INFINITY),
        (TypeCode::Float, "negativezero") => Value::Float(-0.0),
        (TypeCode::Float, "pi") => Value::Float(std::f32::consts::PI),
        (TypeCode::Float, "e") => Value::Float(std::f32::consts::E),
        (TypeCode::Float, "tau") => Value::Float(std::f32::consts::TAU),
        (TypeCode::Decimal, "maxvalue") => Value::decimal(Decimal::MAX),
        (TypeCode::Decimal, "minvalue") => Value::decimal(Decimal::MIN),
        (TypeCode::Decimal, "zero") => Value::decimal(Decimal::ZERO),
        (TypeCode::Decimal, "one") => Value::decimal(Decimal::ONE),
        (TypeCode::Decimal, "minusone") => Value::decimal(Decimal::NEGATIVE_ONE),
        (TypeCode::Char, "maxvalue") => Value::Char(u16::MAX),
        (TypeCode::Char, "minvalue") => Value::Char(0),
        (TypeCode::BigInt, "zero") => Value::bigint(BigInt::zero()),
        (TypeCode::BigInt, "one") => Value::bigint(BigInt::one()),
        (TypeCode::BigInt, "minusone") => Value::bigint(-BigInt::one()),
        _ => return None,
    })
}

/// Reads a number of a type; `None` when the type is no number.
pub fn parse(
    type_ref: &TypeRef,
    text: &str,
    styles: Option<u32>,
    culture: &Culture,
) -> Option<Result<Value, NumberParseError>> {
    let info = &culture.number_format;
    let styles = |default: NumberStyles| styles.map_or(default, NumberStyles);
    if let Some(kind) = integer_type(type_ref.code) {
        return Some(
            parse_integer(text, styles(NumberStyles::INTEGER), info, kind)
                .map(|n| integer(type_ref.code, n)),
        );
    }
    Some(match type_ref.code {
        TypeCode::Double => {
            parse_double(text, styles(NumberStyles::FLOAT_THOUSANDS), info).map(Value::Double)
        }
        TypeCode::Float => {
            parse_single(text, styles(NumberStyles::FLOAT_THOUSANDS), info).map(Value::Float)
        }
        TypeCode::Decimal => {
            parse_decimal(text, styles(NumberStyles::NUMBER), info).map(Value::decimal)
        }
        TypeCode::BigInt => parse_big(text, styles(NumberStyles::INTEGER), info).map(Value::bigint),
        _ => return None,
    })
}

/// The styles and culture among the arguments of `Parse`.
fn parse_how(vm: &mut Vm, arguments: &[Value]) -> (Option<u32>, &'static Culture) {
    let mut styles = None;
    let mut provider = None;
    for argument in arguments {
        match argument.base() {
            Value::Enum(e) => styles = Some(e.bits as u32),
            Value::Native(_) => provider = Some(argument),
            _ => {}
        }
    }
    (styles, culture::of_provider(vm, provider))
}

/// A static method of a number type or `bool`.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    if type_ref.code == TypeCode::Bool {
        return bool_static(name, arguments);
    }
    if crate::runtime::types::dispatch::zero(type_ref).is_none() || !is_number(type_ref.code) {
        return Ok(None);
    }
    match (name, arguments) {
        ("parse", [text, rest @ ..]) => {
            let Value::Str(text) = text.base() else {
                return failures::argument_null("s");
            };
            let (styles, culture) = parse_how(vm, rest);
            return match parse(type_ref, text, styles, culture) {
                Some(Ok(value)) => Ok(Some(value)),
                Some(Err(error @ NumberParseError::Overflow(_))) => {
                    failures::overflow(error.to_string())
                }
                Some(Err(error)) => failures::format(error.to_string()),
                None => Ok(None),
            };
        }
        ("tryparse", [text, rest @ .., Value::Ref(place)]) => {
            let (styles, culture) = parse_how(vm, rest);
            let parsed = text
                .as_str()
                .and_then(|text| parse(type_ref, text, styles, culture))
                .and_then(Result::ok);
            let found = parsed.is_some();
            place.set(
                parsed
                    .or_else(|| crate::runtime::types::dispatch::zero(type_ref))
                    .unwrap_or_default(),
            );
            return Ok(Some(Value::Bool(found)));
        }
        _ => {}
    }
    let own = match type_ref.code {
        TypeCode::Double | TypeCode::Float => real_static(vm, type_ref, name, arguments)?,
        TypeCode::Decimal => decimal_static(vm, name, arguments)?,
        TypeCode::BigInt => big_static(vm, name, arguments)?,
        _ => crate::runtime::types::numerics::math::integer_static(vm, type_ref, name, arguments)?,
    };
    match own {
        Some(result) => Ok(Some(result)),
        None => crate::runtime::types::numerics::number_functions::call_static(
            vm, type_ref, name, arguments,
        ),
    }
}

/// Whether a code is that of a number.
pub fn is_number(code: TypeCode) -> bool {
    integer_type(code).is_some()
        || matches!(
            code,
            TypeCode::Double | TypeCode::Float | TypeCode::Decimal | TypeCode::BigInt
        )
}

fn bool_static(name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("parse", [text]) => {
            let Value::Str(text) = text.base() else {
                return failures::argument_null("value");
            };
            match parse_bool(text) {
                Some(value) => Ok(Some(Value::Bool(value))),
                None => failures::format(format!(
                    "String '{}' was not recognized as a valid Boolean.",
                    text.as_str()
                )),
            }
        }
        ("tryparse", [text, Value::Ref(place)]) => {
            let parsed = text.as_str().and_then(parse_bool);
            place.set(Value::Bool(parsed.unwrap_or(false)));
            Ok(Some(Value::Bool(parsed.is_some())))
        }
        _ => Ok(None),
    }
}

fn real_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let n = match first.base() {
        Value::Float(n) => f64::from(*n),
        other => vm.to_double(other)?,
    };
    Ok(Some(Value::Bool(match name {
        "isnan" => n.is_nan(),
        "isinfinity" => n.is_infinite(),
        "isfinite" => n.is_finite(),
        "ispositiveinfinity" => n == f64::INFINITY,
        "isnegativeinfinity" => n == f64::NEG_INFINITY,
        "isnegative" => n.is_sign_negative(),
        "ispositive" => n.is_sign_positive(),
        "isinteger" => n.is_finite() && n.fract() == 0.0,
        _ => return crate::runtime::types::numerics::math::on_type(vm, type_ref, name, arguments),
    })))
}

fn decimal(vm: &mut Vm, value: &Value) -> R<Decimal> {
    match vm
        .convert(value, &crate::runtime::types::known::decimal())?
        .base()
    {
        Value::Decimal(d) => Ok(**d),
        _ => Ok(Decimal::ZERO),
    }
}

fn decimal_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let first = decimal(vm, first)?;
    let too_big = || failures::overflow("Value was either too large or too small for a Decimal.");
    let second = match arguments.get(1) {
        Some(second)
            if matches!(
                name,
                "add" | "subtract" | "multiply" | "divide" | "remainder" | "compare"
            ) =>
        {
            Some(decimal(vm, second)?)
        }
        _ => None,
    };
    let checked = |value: Option<Decimal>| match value {
        Some(value) => Ok(Some(Value::decimal(value))),
        None => too_big(),
    };
    match (name, second) {
        ("add", Some(b)) => checked(first.checked_add(b)),
        ("subtract", Some(b)) => checked(first.checked_sub(b)),
        ("multiply", Some(b)) => checked(first.checked_mul(b)),
        ("divide" | "remainder", Some(b)) if b.is_zero() => failures::fail(
            "System.DivideByZeroException",
            "Attempted to divide by zero.",
        ),
        ("divide", Some(b)) => checked(first.checked_div(b)),
        ("remainder", Some(b)) => checked(first.checked_rem(b)),
        ("compare", Some(b)) => Ok(Some(Value::Int(first.cmp(&b) as i32))),
        ("toint32", _) => Ok(first.trunc().to_i32().map(Value::Int)),
        ("toint64", _) => Ok(first.trunc().to_i64().map(Value::Long)),
        ("todouble", _) => Ok(first.to_f64().map(Value::Double)),
        ("negate", _) => Ok(Some(Value::decimal(-first))),
        ("getbits", _) => {
            let bits = first.unpack();
            let flags = (bits.scale << 16) | if bits.negative { 0x8000_0000 } else { 0 };
            Ok(Some(crate::runtime::types::collections::array::of(
                &crate::runtime::types::known::int(),
                [bits.lo, bits.mid, bits.hi, flags]
                    .into_iter()
                    .map(|n| Value::Int(n as i32))
                    .collect(),
            )))
        }
        _ => crate::runtime::types::numerics::math::on_type(
            vm,
            &crate::runtime::types::known::decimal(),
            name,
            arguments,
        ),
    }
}

fn big(vm: &mut Vm, value: &Value) -> R<BigInt> {
    match vm
        .convert(value, &crate::runtime::types::known::bigint())?
        .base()
    {
        Value::BigInt(n) => Ok((**n).clone()),
        _ => Ok(BigInt::zero()),
    }
}

fn big_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let mut numbers = Vec::new();
    for argument in arguments {
        if matches!(argument.base(), Value::Ref(_)) {
            break;
        }
        numbers.push(big(vm, argument)?);
    }
    let zero_division = || {
        failures::fail(
            "System.DivideByZeroException",
            "Attempted to divide by zero.",
        )
    };
    let overflow = || failures::overflow("Arithmetic operation resulted in an overflow.");
    Ok(Some(match (name, numbers.as_slice()) {
        ("add", [a, b]) => Value::bigint(a + b),
        ("subtract", [a, b]) => Value::bigint(a - b),
        ("multiply", [a, b]) if a.bits() + b.bits() > big::MOST_BITS => return overflow(),
        ("multiply", [a, b]) => Value::bigint(big::multiply(a, b)),
        ("divide" | "remainder" | "divrem", [_, b]) if b.is_zero() => return zero_division(),
        ("divide", [a, b]) => Value::bigint(big::divide(a, b).0),
        ("remainder", [a, b]) => Value::bigint(big::divide(a, b).1),
        ("divrem", [a, b]) => {
            let (quotient, rest) = big::divide(a, b);
            let (quotient, rest) = (Value::bigint(quotient), Value::bigint(rest));
            if let Some(Value::Ref(place)) = arguments.get(2) {
                place.set(rest);
                quotient
            } else {
                crate::runtime::types::collections::tuple::pair(vm, quotient, rest)
            }
        }
        ("pow", [_, e]) | ("modpow", [_, e, _]) if e.is_negative() => {
            return failures::out_of_range(
                "The number must be greater than or equal to zero.",
                "exponent",
            );
        }
        ("pow", [a, e]) => {
            let power = big::exponent_of(e).and_then(|exponent| big::power(a, exponent));
            match power {
                Some(power) => Value::bigint(power),
                None => return overflow(),
            }
        }
        ("modpow", [_, _, m]) if m.is_zero() => return zero_division(),
        ("modpow", [a, e, m]) => Value::bigint(big::power_modulo(a, e, m)),
        ("greatestcommondivisor", [a, b]) => Value::bigint(big::common_divisor(a, b)),
        ("negate", [a]) => Value::bigint(-a),
        ("abs", [a]) => Value::bigint(a.abs()),
        ("max", [a, b]) => Value::bigint(a.max(b).clone()),
        ("min", [a, b]) => Value::bigint(a.min(b).clone()),
        ("compare", [a, b]) => Value::Int(a.cmp(b) as i32),
        ("log10", [a]) => Value::Double(a.to_f64().unwrap_or(f64::INFINITY).log10()),
        ("log", [a]) => Value::Double(a.to_f64().unwrap_or(f64::INFINITY).ln()),
        ("iseveninteger", [a]) => Value::Bool(a.is_even()),
        _ => return Ok(None),
    }))
}

/// A constructor of a number type.
pub fn construct(type_ref: &TypeRef, arguments: &[Value]) -> Option<Value> {
    match (type_ref.code, arguments) {
        (_, []) if is_number(type_ref.code) => crate::runtime::types::dispatch::zero(type_ref),
        (TypeCode::BigInt, [Value::Array(_)]) => {
            let bytes = crate::runtime::types::collections::array::as_bytes(&arguments[0]);
            Some(Value::bigint(BigInt::from_signed_bytes_le(&bytes)))
        }
        (TypeCode::BigInt, [one]) => match one.base() {
            Value::Double(n) => num_traits::FromPrimitive::from_f64(n.trunc()).map(Value::bigint),
            Value::Float(n) => {
                num_traits::FromPrimitive::from_f64(f64::from(n.trunc())).map(Value::bigint)
            }
            Value::Decimal(d) => d.trunc().to_i128().map(|n| Value::bigint(n.into())),
            other => as_integer(other).map(|n| Value::bigint(n.into())),
        },
        (TypeCode::Decimal, [lo, mid, hi, negative, scale]) => {
            let part = |v: &Value| as_integer(v).unwrap_or(0) as u32;
            Some(Value::decimal(Decimal::from_parts(
                part(lo),
                part(mid),
                part(hi),
                matches!(negative, Value::Bool(true)),
                part(scale),
            )))
        }
        (TypeCode::Decimal, [one]) => match one.base() {
            Value::Float(_) | Value::Array(_) => {
                crate::runtime::types::numerics::number_functions::decimal_from(one)
            }
            Value::Double(n) => crate::runtime::convert::decimal_of(*n).map(Value::decimal),
            Value::Decimal(d) => Some(Value::Decimal(d.clone())),
            other => as_integer(other)
                .and_then(|n| Decimal::try_from_i128_with_scale(n, 0).ok())
                .map(Value::decimal),
        },
        _ => None,
    }
}
