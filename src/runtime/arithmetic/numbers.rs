//! Arithmetic of two numbers, with PowerShell's results where a type overflows.

use crate::runtime::arithmetic::widen::{Pair, pair};
use crate::runtime::arithmetic::{Arithmetic, big};
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use num_bigint::BigInt;
use num_traits::Zero;
use rust_decimal::Decimal;

impl Vm {
    /// Two numbers of any types.
    pub(crate) fn calculate(&mut self, op: Arithmetic, left: &Value, right: &Value) -> R<Value> {
        match pair(left, right) {
            Some(Pair::Int(a, b)) => self.calculate_long(op, i64::from(a), i64::from(b), fit_int),
            Some(Pair::UInt(a, b)) => self.calculate_long(op, i64::from(a), i64::from(b), fit_uint),
            Some(Pair::Long(a, b)) => {
                self.calculate_wide(op, i128::from(a), i128::from(b), fit_long)
            }
            Some(Pair::ULong(a, b)) => {
                self.calculate_wide(op, i128::from(a), i128::from(b), fit_ulong)
            }
            Some(Pair::Double(a, b) | Pair::MixedDecimal(a, b)) => {
                Ok(Value::Double(calculate_double(op, a, b)))
            }
            Some(Pair::Decimal(a, b)) => self.calculate_decimal(op, a, b),
            Some(Pair::BigInt(a, b)) => self.calculate_big(op, a, b),
            None => self.divide_by_zero(),
        }
    }

    fn calculate_long(
        &mut self,
        op: Arithmetic,
        a: i64,
        b: i64,
        fit: fn(i128) -> Option<Value>,
    ) -> R<Value> {
        self.calculate_wide(op, i128::from(a), i128::from(b), fit)
    }

    fn calculate_wide(
        &mut self,
        op: Arithmetic,
        a: i128,
        b: i128,
        fit: fn(i128) -> Option<Value>,
    ) -> R<Value> {
        let exact = match op {
            Arithmetic::Add => a + b,
            Arithmetic::Subtract => a - b,
            Arithmetic::Multiply => a.saturating_mul(b),
            Arithmetic::Divide | Arithmetic::Remainder if b == 0 => return self.divide_by_zero(),
            Arithmetic::Divide if a % b == 0 => a / b,
            Arithmetic::Divide => return Ok(Value::Double(a as f64 / b as f64)),
            Arithmetic::Remainder => a % b,
        };
        Ok(fit(exact).unwrap_or_else(|| Value::Double(calculate_double(op, a as f64, b as f64))))
    }

    fn calculate_decimal(&mut self, op: Arithmetic, a: Decimal, b: Decimal) -> R<Value> {
        let result = match op {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            Arithmetic::Multiply => a.checked_mul(b),
            Arithmetic::Divide | Arithmetic::Remainder if b.is_zero() => {
                return self.divide_by_zero();
            }
            Arithmetic::Divide => divide_decimal(a, b),
            Arithmetic::Remainder => a.checked_rem(b),
        };
        match result {
            Some(value) => Ok(Value::decimal(value)),
            None => {
                let message = "Value was either too large or too small for a Decimal.";
                let fault = Fault::new("RuntimeException", message)
                    .category(Category::NotSpecified)
                    .inner(Exception::of("System.OverflowException", message));
                self.raise(fault)
            }
        }
    }

    fn calculate_big(&mut self, op: Arithmetic, a: BigInt, b: BigInt) -> R<Value> {
        Ok(Value::bigint(match op {
            Arithmetic::Add => a + b,
            Arithmetic::Subtract => a - b,
            Arithmetic::Multiply if a.bits() + b.bits() > big::MOST_BITS => {
                return super::super::types::failures::overflow(
                    "Arithmetic operation resulted in an overflow.",
                );
            }
            Arithmetic::Multiply => big::multiply(&a, &b),
            Arithmetic::Divide | Arithmetic::Remainder if b.is_zero() => {
                let message = "Attempted to divide by zero.";
                let fault = Fault::of(
                    "System.Management.Automation.MethodInvocationException",
                    "DotNetMethodException",
                    Category::NotSpecified,
                    format!(
                        "Exception calling \"{}\" with \"2\" argument(s): \"{message}\"",
                        op.verb()
                    ),
                )
                .inner(Exception::of("System.DivideByZeroException", message));
                return self.raise(fault);
            }
            Arithmetic::Divide => big::divide(&a, &b).0,
            Arithmetic::Remainder => big::divide(&a, &b).1,
        }))
    }

    /// Division by an integer or decimal zero.
    fn divide_by_zero<T>(&self) -> R<T> {
        let message = "Attempted to divide by zero.";
        let fault = Fault::new("RuntimeException", message)
            .category(Category::NotSpecified)
            .inner(Exception::of("System.DivideByZeroException", message));
        self.raise(fault)
    }
}

pub(super) fn calculate_double(op: Arithmetic, a: f64, b: f64) -> f64 {
    match op {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    }
}

/// A quotient with the places of the dividend where it is exact, else with as many as it needs.
fn divide_decimal(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (over, under) = (a.mantissa(), b.mantissa());
    if a.scale() >= b.scale() && over % under == 0 {
        return Decimal::try_from_i128_with_scale(over / under, a.scale() - b.scale()).ok();
    }
    a.checked_div(b).map(|quotient| quotient.normalize())
}

fn fit_int(n: i128) -> Option<Value> {
    i32::try_from(n).ok().map(Value::Int)
}

fn fit_uint(n: i128) -> Option<Value> {
    u32::try_from(n).ok().map(Value::UInt)
}

fn fit_long(n: i128) -> Option<Value> {
    i64::try_from(n).ok().map(Value::Long)
}

fn fit_ulong(n: i128) -> Option<Value> {
    u64::try_from(n).ok().map(Value::ULong)
}
