//! Operators that types define themselves: dates, time spans, native types and script classes.

use super::Arithmetic;
use crate::runtime::convert::Failure;
use crate::runtime::convert::numbers::integer_of;
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::text::datetime::DateTime;
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::types::{TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    /// The operator method of one of the operands; `None` when neither has one.
    pub(super) fn operator_method(
        &mut self,
        op: Arithmetic,
        left: &Value,
        right: &Value,
    ) -> Option<R<Value>> {
        match (left, right) {
            (Value::DateTime(date), _) => return self.date_operator(op, **date, right),
            (Value::TimeSpan(span), _) => return self.span_operator(op, *span, right),
            // A number has no operators of its own: it is the date of so many ticks.
            (_, Value::DateTime(_))
                if matches!(op, Arithmetic::Add | Arithmetic::Subtract) && left.is_number() =>
            {
                return Some(match self.convert(left, &known::datetime()) {
                    Ok(date) => self.arithmetic(op, &date, right),
                    Err(unwind) => Err(unwind),
                });
            }
            (_, Value::TimeSpan(span)) if op == Arithmetic::Divide => {
                let ticks = integer_of(left)?;
                return Some(Ok(Value::Double(ticks as f64 / span.0 as f64)));
            }
            (_, Value::TimeSpan(span)) if op == Arithmetic::Multiply && left.is_number() => {
                return Some(self.scale(*span, left, false));
            }
            // A number has no operators of its own, so the span's are asked,
            // and the number is its ticks: `-$span` is `0 - $span`.
            (_, Value::TimeSpan(_)) if op != Arithmetic::Remainder => {
                let ticks = integer_of(left)?;
                return self.span_operator(op, TimeSpan(ticks), right);
            }
            _ => {}
        }
        for operand in [left, right] {
            match operand {
                Value::Native(native) => {
                    if let Some(done) = native.body().operator(self, op.method(), left, right) {
                        return Some(done);
                    }
                }
                Value::Instance(instance) => {
                    let own = instance.class.methods_named(op.method(), true);
                    if own.iter().any(|m| m.parameters.len() == 2) {
                        let type_ref = instance.class.type_of();
                        let arguments = vec![left.clone(), right.clone()];
                        return Some(self.invoke_static(&type_ref, op.method(), arguments));
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn date_operator(&mut self, op: Arithmetic, date: DateTime, right: &Value) -> Option<R<Value>> {
        Some(match (op, right) {
            (Arithmetic::Subtract, Value::DateTime(other)) => Ok(Value::TimeSpan(TimeSpan(
                date.ticks().wrapping_sub(other.ticks()),
            ))),
            (Arithmetic::Add | Arithmetic::Subtract, _) => {
                match self.span_operand(op, "t", right) {
                    Ok(span) => {
                        let moved = match op {
                            Arithmetic::Add => date.checked_add(span),
                            _ => date.subtract(span),
                        };
                        match moved {
                            Ok(moved) => Ok(Value::datetime(moved)),
                            Err(error) => self.operator_threw(
                                op,
                                "System.ArgumentOutOfRangeException",
                                error.to_string(),
                            ),
                        }
                    }
                    Err(unwind) => Err(unwind),
                }
            }
            _ => return None,
        })
    }

    fn span_operator(&mut self, op: Arithmetic, span: TimeSpan, right: &Value) -> Option<R<Value>> {
        Some(match op {
            Arithmetic::Add | Arithmetic::Subtract => match self.span_operand(op, "t2", right) {
                Ok(other) => {
                    let sum = match op {
                        Arithmetic::Add => span.checked_add(other),
                        _ => span.subtract(other),
                    };
                    match sum {
                        Ok(sum) => Ok(Value::TimeSpan(sum)),
                        Err(error) => {
                            self.operator_threw(op, "System.OverflowException", error.to_string())
                        }
                    }
                }
                Err(unwind) => Err(unwind),
            },
            Arithmetic::Multiply => self.scale(span, right, false),
            Arithmetic::Divide => match right {
                Value::TimeSpan(other) => Ok(Value::Double(span.0 as f64 / other.0 as f64)),
                _ => self.scale(span, right, true),
            },
            Arithmetic::Remainder => return None,
        })
    }

    fn scale(&mut self, span: TimeSpan, factor: &Value, divide: bool) -> R<Value> {
        let factor = self.to_double(factor)?;
        let scaled = if divide {
            span.divide(factor)
        } else {
            span.multiply(factor)
        };
        match scaled {
            Ok(scaled) => Ok(Value::TimeSpan(scaled)),
            Err(error) => {
                let op = if divide {
                    Arithmetic::Divide
                } else {
                    Arithmetic::Multiply
                };
                self.operator_threw(op, "System.OverflowException", error.to_string())
            }
        }
    }

    /// The right operand as a time span, with the errors of a method's argument.
    fn span_operand(&mut self, op: Arithmetic, parameter: &str, value: &Value) -> R<TimeSpan> {
        match value {
            Value::TimeSpan(span) => return Ok(*span),
            _ => {
                if let Some(ticks) = integer_of(value) {
                    return Ok(TimeSpan(ticks));
                }
            }
        }
        if op == Arithmetic::Subtract && parameter == "t" && !value.is_number() {
            return self.raise(Fault::of(
                "System.Management.Automation.MethodException",
                "MethodCountCouldNotFindBest",
                Category::NotSpecified,
                format!(
                    "Multiple ambiguous overloads found for \"{}\" and the argument count: \"2\".",
                    op.method()
                ),
            ));
        }
        match self.operator_argument(op, parameter, &known::timespan(), value)? {
            Value::TimeSpan(span) => Ok(span),
            _ => Ok(TimeSpan(0)),
        }
    }

    /// An operand as the operator method of the other one takes it.
    pub(super) fn operator_argument(
        &mut self,
        op: Arithmetic,
        parameter: &str,
        wanted: &TypeRef,
        value: &Value,
    ) -> R<Value> {
        match self.cast(value, wanted) {
            Ok(converted) => Ok(converted),
            Err(Failure::Unwind(unwind)) => Err(unwind),
            Err(Failure::Refused(refusal)) => {
                let shown = self.shown(value);
                let mut fault = Fault::of(
                    "System.Management.Automation.MethodException",
                    "MethodArgumentConversionInvalidCastArgument",
                    Category::NotSpecified,
                    format!(
                        "Cannot convert argument \"{parameter}\", with value: \"{shown}\", for \"{}\" to type \"{}\": \"{}\"",
                        op.method(),
                        wanted.reflection_text(),
                        refusal.message
                    ),
                );
                fault.exception = fault.exception.with_inner(refusal.exception());
                self.raise(fault)
            }
        }
    }

    fn operator_threw<T>(&self, op: Arithmetic, exception: &str, message: String) -> R<T> {
        let inner = Exception::of(exception, message.clone());
        self.raise(
            Fault::of(
                "System.Management.Automation.MethodInvocationException",
                exception.rsplit('.').next().unwrap_or(exception),
                Category::NotSpecified,
                format!(
                    "Exception calling \"{}\" with \"2\" argument(s): \"{message}\"",
                    op.method()
                ),
            )
            .inner(inner),
        )
    }
}
