//! C#'s operators: numbers stay of their kind and go round at its ends, text compares by its
//! characters, and a division of whole numbers is one.

use crate::runtime::arithmetic::Arithmetic;
use crate::runtime::error::{Exception, R};
use crate::runtime::object::Instance;
use crate::runtime::text::utf16;
use crate::runtime::types::{TypeCode, TypeRef};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::cmp::Ordering;
use std::rc::Rc;

/// A number in the kind in which an operator works.
#[derive(Clone, Copy)]
enum Number {
    Int(i32),
    UInt(u32),
    Long(i64),
    ULong(u64),
    Float(f32),
    Double(f64),
    Decimal(Decimal),
}

fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Char(n) => Number::Int(i32::from(*n)),
        Value::SByte(n) => Number::Int(i32::from(*n)),
        Value::Byte(n) => Number::Int(i32::from(*n)),
        Value::Short(n) => Number::Int(i32::from(*n)),
        Value::UShort(n) => Number::Int(i32::from(*n)),
        Value::Int(n) => Number::Int(*n),
        Value::UInt(n) => Number::UInt(*n),
        Value::Long(n) => Number::Long(*n),
        Value::ULong(n) => Number::ULong(*n),
        Value::Float(n) => Number::Float(*n),
        Value::Double(n) => Number::Double(*n),
        Value::Decimal(n) => Number::Decimal(**n),
        Value::Enum(e) => Number::Int(e.bits as i32),
        _ => return None,
    })
}

impl Number {
    fn rank(self) -> u8 {
        match self {
            Number::Int(_) => 0,
            Number::UInt(_) => 1,
            Number::Long(_) => 2,
            Number::ULong(_) => 3,
            Number::Float(_) => 4,
            Number::Double(_) => 5,
            Number::Decimal(_) => 6,
        }
    }

    fn whole(self) -> i128 {
        match self {
            Number::Int(n) => i128::from(n),
            Number::UInt(n) => i128::from(n),
            Number::Long(n) => i128::from(n),
            Number::ULong(n) => i128::from(n),
            Number::Float(n) => n as i128,
            Number::Double(n) => n as i128,
            Number::Decimal(n) => n.trunc().to_i128().unwrap_or(0),
        }
    }

    fn real(self) -> f64 {
        match self {
            Number::Float(n) => f64::from(n),
            Number::Double(n) => n,
            Number::Decimal(n) => n.to_f64().unwrap_or(0.0),
            other => other.whole() as f64,
        }
    }

    fn decimal(self) -> Decimal {
        match self {
            Number::Decimal(n) => n,
            Number::Float(_) | Number::Double(_) => {
                Decimal::try_from(self.real()).unwrap_or_default()
            }
            other => Decimal::try_from_i128_with_scale(other.whole(), 0).unwrap_or_default(),
        }
    }

    /// A whole number of the common kind of two, going round at its ends.
    fn of_rank(rank: u8, whole: i128) -> Value {
        match rank {
            0 => Value::Int(whole as i32),
            1 => Value::UInt(whole as u32),
            2 => Value::Long(whole as i64),
            _ => Value::ULong(whole as u64),
        }
    }
}

/// An exception of .NET on its way to a handler.
pub(super) fn fail<T>(vm: &mut Vm, type_name: &str, message: &str) -> R<T> {
    let exception = Exception::of(type_name, message).value();
    super::statement::throw(vm, exception)
}

/// The common kind of two numbers.
fn common(a: Number, b: Number) -> u8 {
    match (a.rank(), b.rank()) {
        // A sign on either side needs room for both.
        (1, 0) | (0, 1) => 2,
        (x, y) => x.max(y),
    }
}

/// `a op b`
pub(super) fn binary(vm: &mut Vm, operator: &str, left: &Value, right: &Value) -> R<Value> {
    let (a, b) = (left.base(), right.base());
    if operator == "+" && (matches!(a, Value::Str(_)) || matches!(b, Value::Str(_))) {
        let text = format!("{}{}", text_of(vm, a)?, text_of(vm, b)?);
        return Ok(Value::str(text));
    }
    if let Some(done) = by_method(vm, operator, a, b) {
        return done;
    }
    match operator {
        "==" => return equal(vm, a, b).map(Value::Bool),
        "!=" => return equal(vm, a, b).map(|same| Value::Bool(!same)),
        "&" | "|" | "^" => {
            if let (Value::Bool(x), Value::Bool(y)) = (a, b) {
                return Ok(Value::Bool(match operator {
                    "&" => x & y,
                    "|" => x | y,
                    _ => x ^ y,
                }));
            }
            if let (Value::Enum(x), Value::Enum(y)) = (a, b) {
                let bits = match operator {
                    "&" => x.bits & y.bits,
                    "|" => x.bits | y.bits,
                    _ => x.bits ^ y.bits,
                };
                return Ok(Value::enumeration(x.type_ref.clone(), bits));
            }
        }
        "+" | "-" if is_callable(a) || is_callable(b) => {
            // Of several handlers the last is kept.
            return Ok(match (operator, a) {
                ("+", _) => b.clone(),
                _ => Value::Null,
            });
        }
        _ => {}
    }
    let (Some(x), Some(y)) = (number(a), number(b)) else {
        return beside_numbers(vm, operator, left, right);
    };
    if let (Value::Enum(e), "+" | "-") = (a, operator)
        && !matches!(b, Value::Enum(_))
    {
        let by = y.whole() as i64;
        let bits = match operator {
            "+" => e.bits.wrapping_add(by),
            _ => e.bits.wrapping_sub(by),
        };
        return Ok(Value::enumeration(e.type_ref.clone(), bits));
    }
    let rank = common(x, y);
    if let Some(order) = ordering(rank, x, y) {
        let answer = match operator {
            "<" => Some(order == Ordering::Less),
            ">" => Some(order == Ordering::Greater),
            "<=" => Some(order != Ordering::Greater),
            ">=" => Some(order != Ordering::Less),
            _ => None,
        };
        if let Some(answer) = answer {
            return Ok(Value::Bool(answer));
        }
    } else if matches!(operator, "<" | ">" | "<=" | ">=") {
        return Ok(Value::Bool(false));
    }
    if matches!(operator, "<<" | ">>") {
        return Ok(shift(operator, x, y));
    }
    match rank {
        4 | 5 => Ok(real(operator, rank, x.real(), y.real())),
        6 => decimal(vm, operator, x.decimal(), y.decimal()),
        _ => whole(vm, operator, rank, x.whole(), y.whole()),
    }
}

fn ordering(rank: u8, a: Number, b: Number) -> Option<Ordering> {
    match rank {
        4 | 5 => a.real().partial_cmp(&b.real()),
        6 => Some(a.decimal().cmp(&b.decimal())),
        _ => Some(a.whole().cmp(&b.whole())),
    }
}

fn shift(operator: &str, a: Number, b: Number) -> Value {
    let by = b.whole() as u32;
    let left = operator == "<<";
    match a {
        Number::UInt(n) if left => Value::UInt(n.wrapping_shl(by)),
        Number::UInt(n) => Value::UInt(n.wrapping_shr(by)),
        Number::Long(n) if left => Value::Long(n.wrapping_shl(by)),
        Number::Long(n) => Value::Long(n.wrapping_shr(by)),
        Number::ULong(n) if left => Value::ULong(n.wrapping_shl(by)),
        Number::ULong(n) => Value::ULong(n.wrapping_shr(by)),
        other if left => Value::Int((other.whole() as i32).wrapping_shl(by)),
        other => Value::Int((other.whole() as i32).wrapping_shr(by)),
    }
}

fn real(operator: &str, rank: u8, a: f64, b: f64) -> Value {
    let result = match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        _ => a % b,
    };
    match rank {
        4 => Value::Float(result as f32),
        _ => Value::Double(result),
    }
}

fn decimal(vm: &mut Vm, operator: &str, a: Decimal, b: Decimal) -> R<Value> {
    let result = match operator {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" | "%" if b.is_zero() => {
            return fail(
                vm,
                "System.DivideByZeroException",
                "Attempted to divide by zero.",
            );
        }
        "/" => a.checked_div(b),
        _ => a.checked_rem(b),
    };
    match result {
        Some(result) => Ok(Value::Decimal(Rc::new(result))),
        None => fail(
            vm,
            "System.OverflowException",
            "Value was either too large or too small for a Decimal.",
        ),
    }
}

fn whole(vm: &mut Vm, operator: &str, rank: u8, a: i128, b: i128) -> R<Value> {
    let result = match operator {
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" | "%" if b == 0 => {
            return fail(
                vm,
                "System.DivideByZeroException",
                "Attempted to divide by zero.",
            );
        }
        "/" => a.wrapping_div(b),
        "%" => a.wrapping_rem(b),
        "&" => a & b,
        "|" => a | b,
        _ => a ^ b,
    };
    Ok(Number::of_rank(rank, result))
}

/// Operators of dates, spans and the like are the script's.
fn beside_numbers(vm: &mut Vm, operator: &str, left: &Value, right: &Value) -> R<Value> {
    let order = |vm: &mut Vm| match left.is_null() || right.is_null() {
        // A comparison with null is false.
        true => Ok(None),
        false => vm.compare(left, right, false).map(Some),
    };
    let arithmetic = match operator {
        "<" => return Ok(Value::Bool(order(vm)? == Some(Ordering::Less))),
        ">" => return Ok(Value::Bool(order(vm)? == Some(Ordering::Greater))),
        "<=" => {
            let order = order(vm)?;
            return Ok(Value::Bool(order.is_some_and(|o| o != Ordering::Greater)));
        }
        ">=" => {
            let order = order(vm)?;
            return Ok(Value::Bool(order.is_some_and(|o| o != Ordering::Less)));
        }
        _ if left.is_null() || right.is_null() => return Ok(Value::Null),
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        "/" => Arithmetic::Divide,
        _ => Arithmetic::Remainder,
    };
    vm.arithmetic(arithmetic, left, right)
}

fn is_callable(value: &Value) -> bool {
    crate::runtime::types::reflection::delegate::is_callable(value)
}

/// An operator that a class has itself.
fn by_method(vm: &mut Vm, operator: &str, a: &Value, b: &Value) -> Option<R<Value>> {
    let name = match operator {
        "+" => "op_Addition",
        "-" => "op_Subtraction",
        "*" => "op_Multiply",
        "/" => "op_Division",
        "%" => "op_Modulus",
        "==" => "op_Equality",
        "!=" => "op_Inequality",
        "<" => "op_LessThan",
        ">" => "op_GreaterThan",
        "<=" => "op_LessThanOrEqual",
        ">=" => "op_GreaterThanOrEqual",
        "&" => "op_BitwiseAnd",
        "|" => "op_BitwiseOr",
        _ => return None,
    };
    for side in [a, b] {
        if let Value::Instance(instance) = side {
            let methods = instance.class.methods_named(name, true);
            if !methods.is_empty() {
                return Some(vm.call_class_method(
                    &methods,
                    name,
                    None,
                    vec![a.clone(), b.clone()],
                ));
            }
        }
    }
    None
}

/// `a == b`
pub(super) fn equal(vm: &mut Vm, a: &Value, b: &Value) -> R<bool> {
    let (a, b) = (a.base(), b.base());
    Ok(match (a, b) {
        (Value::Null | Value::Nothing, _) => b.is_null(),
        (_, Value::Null | Value::Nothing) => false,
        (Value::Str(x), Value::Str(y)) => x == y,
        (Value::Bool(x), Value::Bool(y)) => x == y,
        (Value::Enum(x), Value::Enum(y)) => x.bits == y.bits,
        (Value::Instance(_), _) | (_, Value::Instance(_)) => a.same_object(b),
        _ => match (number(a), number(b)) {
            (Some(x), Some(y)) => ordering(common(x, y), x, y) == Some(Ordering::Equal),
            _ => vm.equals(a, b, false)?,
        },
    })
}

/// Text in front of or behind a `+`, and in an interpolated string.
pub(super) fn text_of(vm: &mut Vm, value: &Value) -> R<String> {
    match value.base() {
        Value::Null | Value::Nothing => Ok(String::new()),
        Value::Str(text) => Ok(text.to_string()),
        Value::Char(unit) => Ok(utf16::from_units(&[*unit])),
        value @ (Value::Array(_) | Value::List(_) | Value::Dict(_)) => {
            Ok(vm.type_of(value).reflection_text())
        }
        value => {
            let text = vm.invoke_method(value, "ToString", Vec::new())?;
            vm.to_text(&text)
        }
    }
}

/// `-x`, `!x`, `~x`, `+x`
pub(super) fn unary(vm: &mut Vm, operator: &str, value: &Value) -> R<Value> {
    let value = value.base();
    if let Value::Instance(instance) = value {
        let name = match operator {
            "-" => "op_UnaryNegation",
            "!" => "op_LogicalNot",
            "~" => "op_OnesComplement",
            _ => "op_UnaryPlus",
        };
        let methods = class_methods(instance, name);
        if !methods.is_empty() {
            return vm.call_class_method(&methods, name, None, vec![value.clone()]);
        }
    }
    if operator == "!" {
        return Ok(Value::Bool(!vm.to_bool(value)));
    }
    if let (Value::Enum(e), "~") = (value, operator) {
        return Ok(Value::enumeration(e.type_ref.clone(), !e.bits));
    }
    Ok(match (operator, number(value)) {
        (_, None) if operator == "-" => return vm.negate(value),
        ("-", Some(Number::Int(n))) => Value::Int(n.wrapping_neg()),
        ("-", Some(Number::UInt(n))) => Value::Long(-i64::from(n)),
        ("-", Some(Number::Long(n))) => Value::Long(n.wrapping_neg()),
        ("-", Some(Number::Float(n))) => Value::Float(-n),
        ("-", Some(Number::Double(n))) => Value::Double(-n),
        ("-", Some(Number::Decimal(n))) => Value::Decimal(Rc::new(-n)),
        ("~", Some(Number::Int(n))) => Value::Int(!n),
        ("~", Some(Number::UInt(n))) => Value::UInt(!n),
        ("~", Some(Number::Long(n))) => Value::Long(!n),
        ("~", Some(Number::ULong(n))) => Value::ULong(!n),
        ("+", Some(Number::Int(n))) => Value::Int(n),
        _ => value.clone(),
    })
}

fn class_methods(
    instance: &Rc<Instance>,
    name: &str,
) -> Vec<crate::runtime::class::MethodDefinition> {
    instance.class.methods_named(name, true)
}

/// A number as one of another kind: what does not fit goes round, a fraction is cut off.
pub(super) fn to_number(value: &Value, target: &TypeRef) -> Option<Value> {
    let given = number(value.base())?;
    let whole = given.whole();
    Some(match target.code {
        TypeCode::Char => Value::Char(whole as u16),
        TypeCode::SByte => Value::SByte(whole as i8),
        TypeCode::Byte => Value::Byte(whole as u8),
        TypeCode::Short => Value::Short(whole as i16),
        TypeCode::UShort => Value::UShort(whole as u16),
        TypeCode::Int => Value::Int(whole as i32),
        TypeCode::UInt => Value::UInt(whole as u32),
        TypeCode::Long => Value::Long(match value.base() {
            Value::Enum(e) => e.bits,
            _ => whole as i64,
        }),
        TypeCode::ULong => Value::ULong(whole as u64),
        TypeCode::Float => Value::Float(given.real() as f32),
        TypeCode::Double => Value::Double(given.real()),
        TypeCode::Decimal => Value::Decimal(Rc::new(given.decimal())),
        TypeCode::Enum => Value::enumeration(target.clone(), whole as i64),
        _ => return None,
    })
}
