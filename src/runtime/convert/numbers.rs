//! Conversions to numbers.

use crate::runtime::convert::failure::{Converted, Failure};
use crate::runtime::text::culture::Culture;
use crate::runtime::text::number_parse::{
    IntegerType, NumberParseError, NumberStyles, parse_big, parse_decimal, parse_double,
    parse_integer, parse_single,
};
use crate::runtime::types::{TypeCode, TypeRef};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::NumberLiteral;
use crate::syntax::parse_number;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rust_decimal::Decimal;

/// Zero of a number type.
pub(crate) fn zero(code: TypeCode) -> Value {
    integer_value(code, 0).unwrap_or(Value::Int(0))
}

/// The value of an integer of any width; `None` for anything else, and for what does not fit a long.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    Some(match value {
        Value::SByte(n) => i64::from(*n),
        Value::Byte(n) => i64::from(*n),
        Value::Short(n) => i64::from(*n),
        Value::UShort(n) => i64::from(*n),
        Value::Int(n) => i64::from(*n),
        Value::UInt(n) => i64::from(*n),
        Value::Long(n) => *n,
        Value::ULong(n) => i64::try_from(*n).ok()?,
        _ => return None,
    })
}

/// An integer as a value of a number type; `None` when it is out of range.
pub(crate) fn integer_value(code: TypeCode, n: i128) -> Option<Value> {
    Some(match code {
        TypeCode::Char => Value::Char(u16::try_from(n).ok()?),
        TypeCode::SByte => Value::SByte(i8::try_from(n).ok()?),
        TypeCode::Byte => Value::Byte(u8::try_from(n).ok()?),
        TypeCode::Short => Value::Short(i16::try_from(n).ok()?),
        TypeCode::UShort => Value::UShort(u16::try_from(n).ok()?),
        TypeCode::Int => Value::Int(i32::try_from(n).ok()?),
        TypeCode::UInt => Value::UInt(u32::try_from(n).ok()?),
        TypeCode::Long => Value::Long(i64::try_from(n).ok()?),
        TypeCode::ULong => Value::ULong(u64::try_from(n).ok()?),
        TypeCode::Float => Value::Float(n as f32),
        TypeCode::Double => Value::Double(n as f64),
        TypeCode::Decimal => Value::decimal(Decimal::from_i128(n)?),
        TypeCode::BigInt => Value::bigint(BigInt::from(n)),
        _ => return None,
    })
}

/// A double as a decimal, by the 15 digits that .NET keeps.
pub(crate) fn decimal_of(value: f64) -> Option<Decimal> {
    rounded_decimal(value, 15)
}

fn rounded_decimal(value: f64, digits: usize) -> Option<Decimal> {
    if !value.is_finite() || value.abs() >= 7.922_816_251_426_434e28 {
        return None;
    }
    let text = format!("{value:.*e}", digits - 1);
    let decimal = Decimal::from_scientific(&text).ok();
    // Too small for 28 places is zero.
    Some(decimal.unwrap_or_default().normalize())
}

/// The value of a number literal.
pub fn number_value(literal: &NumberLiteral) -> Value {
    match literal {
        NumberLiteral::SByte(n) => Value::SByte(*n),
        NumberLiteral::Byte(n) => Value::Byte(*n),
        NumberLiteral::Short(n) => Value::Short(*n),
        NumberLiteral::UShort(n) => Value::UShort(*n),
        NumberLiteral::Int(n) => Value::Int(*n),
        NumberLiteral::UInt(n) => Value::UInt(*n),
        NumberLiteral::Long(n) => Value::Long(*n),
        NumberLiteral::ULong(n) => Value::ULong(*n),
        NumberLiteral::Double(n) => Value::Double(*n),
        NumberLiteral::Decimal(n) => Value::decimal(*n),
        NumberLiteral::BigInteger(n) => Value::bigint(n.clone()),
    }
}

/// The number that a text means in arithmetic: what the language would read there, apart from
/// blanks around it. `None` when that is no number.
pub(crate) fn scan_number(text: &str) -> Option<Value> {
    parse_number(text.trim()).as_ref().map(number_value)
}

/// Why a number does not become one of another type.
pub(crate) enum Misfit {
    /// Out of range; what the type is called in the message.
    Range(&'static str),
    /// The types have nothing to do with each other.
    Never,
}

fn range_name(code: TypeCode) -> &'static str {
    match code {
        TypeCode::Char => "a character",
        TypeCode::SByte => "a signed byte",
        TypeCode::Byte => "an unsigned byte",
        TypeCode::Short => "an Int16",
        TypeCode::UShort => "a UInt16",
        TypeCode::Int => "an Int32",
        TypeCode::UInt => "a UInt32",
        TypeCode::Long => "an Int64",
        TypeCode::ULong => "a UInt64",
        TypeCode::Float => "a Single",
        TypeCode::Decimal => "a Decimal",
        _ => "a Double",
    }
}

/// A number, bool, char or enum as a number of another type.
fn number_to(value: &Value, code: TypeCode) -> Result<Value, Misfit> {
    let out_of_range = || Misfit::Range(range_name(code));
    let whole = match value {
        Value::Bool(b) if code != TypeCode::Char => Some(i128::from(*b)),
        Value::Enum(e) => Some(i128::from(e.bits)),
        Value::Char(c) => Some(i128::from(*c)),
        Value::ULong(n) => Some(i128::from(*n)),
        Value::BigInt(n) if (code.is_integer() || code == TypeCode::Char) => {
            Some(n.to_i128().ok_or_else(out_of_range)?)
        }
        other => integer_of(other).map(i128::from),
    };
    if let Some(whole) = whole {
        return integer_value(code, whole).ok_or_else(out_of_range);
    }
    if code.is_integer() || code == TypeCode::Char {
        if code == TypeCode::Char {
            return Err(Misfit::Never);
        }
        let rounded = match value {
            Value::Float(n) => real_to_integer(f64::from(*n)),
            Value::Double(n) => real_to_integer(*n),
            Value::Decimal(d) => d
                .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointNearestEven)
                .to_i128(),
            _ => return Err(Misfit::Never),
        };
        return rounded
            .and_then(|n| integer_value(code, n))
            .ok_or_else(out_of_range);
    }
    let real = match value {
        Value::Float(n) => f64::from(*n),
        Value::Double(n) => *n,
        Value::Decimal(d) => match code {
            TypeCode::Float => return Ok(Value::Float(d.to_f32().unwrap_or_default())),
            TypeCode::Double => return Ok(Value::Double(decimal_to_double(d))),
            TypeCode::BigInt => {
                return Ok(Value::bigint(BigInt::from(
                    d.trunc().to_i128().unwrap_or_default(),
                )));
            }
            _ => return Err(Misfit::Never),
        },
        Value::BigInt(n) => match code {
            TypeCode::Float => return Ok(Value::Float(n.to_f32().unwrap_or(f32::INFINITY))),
            TypeCode::Double => return Ok(Value::Double(n.to_f64().unwrap_or(f64::INFINITY))),
            TypeCode::Decimal => {
                return n
                    .to_i128()
                    .and_then(|n| Decimal::try_from_i128_with_scale(n, 0).ok())
                    .map(Value::decimal)
                    .ok_or_else(out_of_range);
            }
            _ => return Err(Misfit::Never),
        },
        _ => return Err(Misfit::Never),
    };
    match code {
        TypeCode::Float => Ok(Value::Float(real as f32)),
        TypeCode::Double => Ok(Value::Double(real)),
        TypeCode::Decimal => {
            let digits = if matches!(value, Value::Float(_)) {
                7
            } else {
                15
            };
            rounded_decimal(real, digits)
                .map(Value::decimal)
                .ok_or_else(out_of_range)
        }
        TypeCode::BigInt => BigInt::from_f64(real.trunc())
            .map(Value::bigint)
            .ok_or_else(out_of_range),
        _ => Err(Misfit::Never),
    }
}

/// The double nearest to a decimal.
pub(crate) fn decimal_to_double(value: &Decimal) -> f64 {
    // The text is exact, and reading it rounds once.
    value.to_string().parse().unwrap_or_default()
}

fn real_to_integer(value: f64) -> Option<i128> {
    let rounded = value.round_ties_even();
    (rounded.abs() < 1e20).then_some(rounded as i128)
}

impl Vm {
    pub(super) fn cast_number(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let code = target.code;
        if let Value::Str(text) = value {
            return self.number_from_text(text, value, target);
        }
        let known = matches!(
            value,
            Value::Bool(_) | Value::Char(_) | Value::Enum(_) | Value::DateTime(_)
        );
        if let (Value::Dict(_), TypeCode::Decimal | TypeCode::BigInt) = (value, code) {
            return self.object_with_properties_of(value, target);
        }
        if !known && !value.is_number() {
            return self.cast_by_operator(value, target);
        }
        match number_to(value, code) {
            Ok(number) => Ok(number),
            Err(Misfit::Range(name)) => Err(self.failed_with(
                match value {
                    Value::BigInt(_) => "InvalidCastTargetInvocationExceptionop_Explicit",
                    _ => "InvalidCastIConvertible",
                },
                value,
                target,
                "System.OverflowException",
                format!("Value was either too large or too small for {name}."),
            )),
            Err(Misfit::Never) => {
                let from = self.type_of(value).name.clone();
                Err(self.failed_with(
                    "InvalidCastIConvertible",
                    value,
                    target,
                    "System.InvalidCastException",
                    format!("Invalid cast from '{from}' to '{}'.", target.name),
                ))
            }
        }
    }

    fn number_from_text(&mut self, text: &str, value: &Value, target: &TypeRef) -> Converted {
        let code = target.code;
        if code == TypeCode::Char {
            let mut units = text.encode_utf16();
            return match (units.next(), units.next()) {
                (Some(unit), None) => Ok(Value::Char(unit)),
                _ => Err(self.failed_with(
                    "InvalidCastParseTargetInvocation",
                    value,
                    target,
                    "System.FormatException",
                    "String must be exactly one character long.".to_string(),
                )),
            };
        }
        if text.trim().is_empty() {
            return Ok(zero(code));
        }
        if let Some(scanned) = scan_number(text)
            && let Ok(number) = number_to(&scanned, code)
        {
            return Ok(number);
        }
        let info = &Culture::invariant().number_format;
        let id = match code {
            TypeCode::Float | TypeCode::Double => "InvalidCastFromStringToDoubleOrSingle",
            TypeCode::Decimal => "InvalidCastFromStringToDecimal",
            _ => "InvalidCastFromStringToInteger",
        };
        let styles = NumberStyles::INTEGER.and(NumberStyles::ALLOW_THOUSANDS);
        let integer = |ty| parse_integer(text, styles, info, ty);
        let parsed = match code {
            TypeCode::Float => {
                parse_single(text, NumberStyles::FLOAT_THOUSANDS, info).map(Value::Float)
            }
            TypeCode::Double => {
                parse_double(text, NumberStyles::FLOAT_THOUSANDS, info).map(Value::Double)
            }
            TypeCode::Decimal => {
                parse_decimal(text, NumberStyles::FLOAT_THOUSANDS, info).map(Value::decimal)
            }
            TypeCode::BigInt => {
                parse_big(text, NumberStyles::FLOAT_THOUSANDS, info).map(Value::bigint)
            }
            TypeCode::SByte => integer(IntegerType::SByte).map(|n| Value::SByte(n as i8)),
            TypeCode::Byte => integer(IntegerType::Byte).map(|n| Value::Byte(n as u8)),
            TypeCode::Short => integer(IntegerType::Int16).map(|n| Value::Short(n as i16)),
            TypeCode::UShort => integer(IntegerType::UInt16).map(|n| Value::UShort(n as u16)),
            TypeCode::UInt => integer(IntegerType::UInt32).map(|n| Value::UInt(n as u32)),
            TypeCode::Long => integer(IntegerType::Int64).map(|n| Value::Long(n as i64)),
            TypeCode::ULong => integer(IntegerType::UInt64).map(|n| Value::ULong(n as u64)),
            _ => integer(IntegerType::Int32).map(|n| Value::Int(n as i32)),
        };
        parsed.map_err(|error| {
            let exception = match error {
                NumberParseError::Overflow(_) => "System.OverflowException",
                _ => "System.FormatException",
            };
            self.failed_with(id, value, target, exception, error.to_string())
        })
    }

    /// The number that an operand of arithmetic means: of text what it reads as, of null zero.
    pub(crate) fn operand_number(&mut self, value: &Value, like: &TypeRef) -> Converted {
        match value.base() {
            Value::Str(text) => {
                if text.trim().is_empty() {
                    return Ok(Value::Int(0));
                }
                match scan_number(text) {
                    Some(scanned) => Ok(scanned),
                    // What cannot be read is told without the blanks around it.
                    None => self.cast(&Value::str(text.trim()), like),
                }
            }
            Value::Null | Value::Nothing => Ok(Value::Int(0)),
            Value::Bool(b) => Ok(Value::Int(i32::from(*b))),
            Value::Char(c) => Ok(Value::Int(i32::from(*c))),
            Value::Enum(e) => Ok(enum_number(e.bits, &e.type_ref)),
            other if other.is_number() => Ok(other.clone()),
            other => {
                let failure: Failure = self.no_conversion(other, like);
                Err(failure)
            }
        }
    }
}

/// The value of an enum member as a number of the underlying type.
pub(crate) fn enum_number(bits: i64, type_ref: &TypeRef) -> Value {
    let code = type_ref
        .enum_definition()
        .map_or(TypeCode::Int, |d| d.underlying);
    integer_value(code, i128::from(bits)).unwrap_or(Value::Long(bits))
}
