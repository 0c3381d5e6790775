//! `-band`, `-bor`, `-bxor`, `-bnot`, `-shl` and `-shr`.

use crate::runtime::arithmetic::widen::{Pair, double, pair};
use crate::runtime::convert::Failure;
use crate::runtime::convert::numbers::integer_of;
use crate::runtime::error::{Fault, R};
use crate::runtime::types::{TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::BinaryOperator;
use num_traits::ToPrimitive;

impl Vm {
    pub(super) fn bitwise(&mut self, op: BinaryOperator, left: &Value, right: &Value) -> R<Value> {
        let (left, right) = (left.base(), right.base());
        if let (Value::Enum(a), _) = (left, right)
            && !is_real(right)
        {
            let b = match self.enum_operand(right, &a.type_ref)? {
                Value::Enum(b) => b.bits,
                other => self.to_long(&other)?,
            };
            let bits = combine(op, a.bits as u64, b as u64) as i64;
            return Ok(Value::enumeration(a.type_ref.clone(), bits));
        }
        if let (Value::Str(_), Value::Enum(e)) = (left, right) {
            let named = self.convert(left, &e.type_ref)?;
            return self.bitwise(op, &named, right);
        }
        let a = self.integer_operand(op, left, left, right)?;
        let b = self.integer_operand(op, right, left, right)?;
        if is_real(left) || is_real(right) {
            let bits = combine(op, pattern(&a), pattern(&b));
            let negative = [&a, &b]
                .into_iter()
                .any(|n| integer_of(n).is_some_and(|n| n < 0));
            return Ok(
                match negative && !matches!((&a, &b), (Value::ULong(_), Value::ULong(_))) {
                    true => Value::Long(bits as i64),
                    false => Value::ULong(bits),
                },
            );
        }
        let unsigned = |n: &Value| matches!(n, Value::UInt(_));
        let wide = |n: &Value| matches!(n, Value::Long(_) | Value::ULong(_) | Value::BigInt(_));
        if (unsigned(&a) || unsigned(&b)) && !wide(&a) && !wide(&b) {
            return Ok(Value::UInt(combine(op, pattern(&a), pattern(&b)) as u32));
        }
        Ok(match pair(&a, &b) {
            Some(Pair::Int(a, b)) => Value::Int(combine(op, a as u64, b as u64) as i32),
            Some(Pair::UInt(a, b)) => Value::UInt(combine(op, u64::from(a), u64::from(b)) as u32),
            Some(Pair::Long(a, b)) => Value::Long(combine(op, a as u64, b as u64) as i64),
            Some(Pair::ULong(a, b)) => Value::ULong(combine(op, a, b)),
            Some(Pair::BigInt(a, b)) => Value::bigint(match op {
                BinaryOperator::BitAnd => a & b,
                BinaryOperator::BitOr => a | b,
                _ => a ^ b,
            }),
            // An unsigned long with a negative number.
            _ => Value::ULong(combine(op, pattern(&a), pattern(&b))),
        })
    }

    /// The right operand for an enum on the left: names and numbers count.
    fn enum_operand(&mut self, value: &Value, type_ref: &TypeRef) -> R<Value> {
        match value {
            Value::Null | Value::Nothing => Ok(Value::Long(0)),
            Value::Enum(e) => Ok(Value::Long(e.bits)),
            other if other.is_number() => Ok(Value::Long(self.to_long(other)?)),
            other => self.convert(other, type_ref),
        }
    }

    /// An operand as an integer: reals by rounding, to an unsigned long unless negative.
    fn integer_operand(
        &mut self,
        op: BinaryOperator,
        operand: &Value,
        left: &Value,
        right: &Value,
    ) -> R<Value> {
        let number = match self.operand_number(operand, &known::int()) {
            Ok(number) => number,
            Err(failure) if matches!(operand, Value::Str(_)) => {
                return self.raise_failure(failure);
            }
            Err(Failure::Unwind(unwind)) => return Err(unwind),
            Err(Failure::Refused(_)) => {
                return self.no_implicit_operator(method(op), left, right);
            }
        };
        match &number {
            Value::Float(_) | Value::Double(_) | Value::Decimal(_) => {
                let negative = double(&number).is_some_and(|n| n < 0.0);
                let target = if negative {
                    known::long()
                } else {
                    known::ulong()
                };
                self.convert(&number, &target)
            }
            _ => Ok(number),
        }
    }

    pub(super) fn bit_not(&mut self, value: &Value) -> R<Value> {
        let value = value.base();
        if let Value::Enum(e) = value {
            return Ok(Value::enumeration(e.type_ref.clone(), !e.bits));
        }
        let number = match self.operand_number(value, &known::int()) {
            Ok(number) => number,
            Err(failure) if matches!(value, Value::Str(_)) => return self.raise_failure(failure),
            Err(_) => self.convert(value, &known::int())?,
        };
        let number = match number {
            Value::Float(_) | Value::Double(_) | Value::Decimal(_) => {
                let targets = [known::int(), known::uint(), known::long()];
                let fitting = targets
                    .iter()
                    .find_map(|target| self.try_convert(&number, target));
                match fitting {
                    Some(fitting) => fitting,
                    None => self.convert(&number, &known::ulong())?,
                }
            }
            other => other,
        };
        Ok(match number {
            Value::SByte(n) => Value::Int(!i32::from(n)),
            Value::Byte(n) => Value::Int(!i32::from(n)),
            Value::Short(n) => Value::Int(!i32::from(n)),
            Value::UShort(n) => Value::Int(!i32::from(n)),
            Value::UInt(n) => Value::UInt(!n),
            Value::Long(n) => Value::Long(!n),
            Value::ULong(n) => Value::ULong(!n),
            Value::BigInt(n) => Value::bigint(!&*n),
            Value::Int(n) => Value::Int(!n),
            _ => Value::Null,
        })
    }

    pub(super) fn shift(&mut self, left: &Value, right: &Value, to_left: bool) -> R<Value> {
        let left = left.base();
        let operator = match to_left {
            true => ("-shl", "op_LeftShift"),
            false => ("-shr", "op_RightShift"),
        };
        match left {
            Value::Bool(_) | Value::Char(_) => {
                return self.no_implicit_operator(operator, left, right);
            }
            Value::Enum(_) => {
                let name = self.type_of(left).reflection_text();
                let shift = operator.1.trim_start_matches("op_");
                return self.raise(Fault::dotnet(
                    "System.InvalidOperationException",
                    format!("The binary operator {shift} is not defined for the types '{name}' and 'System.Int32'."),
                ));
            }
            _ => {}
        }
        let number = match self.operand_number(left, &known::int()) {
            Ok(number) => number,
            Err(failure) if matches!(left, Value::Str(_)) => return self.raise_failure(failure),
            Err(Failure::Unwind(unwind)) => return Err(unwind),
            Err(Failure::Refused(_)) => return self.no_implicit_operator(operator, left, right),
        };
        let number = match number {
            Value::Float(_) | Value::Double(_) | Value::Decimal(_) => {
                match self.try_convert(&number, &known::int()) {
                    Some(n) => n,
                    None => self.convert(&number, &known::long())?,
                }
            }
            other => other,
        };
        let count = self.to_int(right)?;
        let (short, long) = (count as u32 & 31, count as u32 & 63);
        // Small types are shifted as int and cut off.
        let small = |n: i32| {
            if to_left {
                n.wrapping_shl(short)
            } else {
                n.wrapping_shr(short)
            }
        };
        Ok(match number {
            Value::SByte(n) => Value::SByte(small(i32::from(n)) as i8),
            Value::Byte(n) => Value::Byte(small(i32::from(n)) as u8),
            Value::Short(n) => Value::Short(small(i32::from(n)) as i16),
            Value::UShort(n) => Value::UShort(small(i32::from(n)) as u16),
            Value::Int(n) => Value::Int(small(n)),
            Value::UInt(n) => Value::UInt(if to_left { n << short } else { n >> short }),
            Value::Long(n) => Value::Long(if to_left { n << long } else { n >> long }),
            Value::ULong(n) => Value::ULong(if to_left { n << long } else { n >> long }),
            Value::BigInt(n) => {
                // A shift of an unreasonable length would only fill memory.
                let by = count.clamp(-(1 << 20), 1 << 20);
                let by = if to_left { by } else { -by };
                Value::bigint(if by >= 0 { &*n << by } else { &*n >> -by })
            }
            other => other,
        })
    }
}

fn combine(op: BinaryOperator, a: u64, b: u64) -> u64 {
    match op {
        BinaryOperator::BitAnd => a & b,
        BinaryOperator::BitOr => a | b,
        _ => a ^ b,
    }
}

fn is_real(value: &Value) -> bool {
    matches!(
        value,
        Value::Float(_) | Value::Double(_) | Value::Decimal(_)
    )
}

/// How an operator is written and what the method of types that define it is called.
fn method(op: BinaryOperator) -> (&'static str, &'static str) {
    match op {
        BinaryOperator::BitAnd => ("-band", "op_BitwiseAnd"),
        BinaryOperator::BitOr => ("-bor", "op_BitwiseOr"),
        _ => ("-bxor", "op_ExclusiveOr"),
    }
}

fn pattern(value: &Value) -> u64 {
    match value {
        Value::ULong(n) => *n,
        Value::BigInt(n) => n.to_u64().unwrap_or_default(),
        other => integer_of(other).unwrap_or_default() as u64,
    }
}
