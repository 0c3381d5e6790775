//! Equality and order of two values; the left one decides how they are compared.

use super::arithmetic::widen::{Pair, pair};
use super::collation;
use super::convert::numbers::{enum_number, scan_number};
use super::convert::{Converted, Failure};
use super::error::{Category, Fault, R, Unwind};
use super::value::{EnumValue, Value};
use super::vm::Vm;
use std::cmp::Ordering;

impl Vm {
    /// `-eq` of two single values.
    pub fn equals(&mut self, left: &Value, right: &Value, ignore_case: bool) -> R<bool> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => return Ok(a == b),
            (Value::Str(a), Value::Str(b)) => return Ok(collation::equals(a, b, ignore_case)),
            _ => {}
        }
        let (left, right) = (left.base(), right.base());
        if left.is_null() || right.is_null() {
            return Ok(left.is_null() && right.is_null());
        }
        match (left, right) {
            (Value::Str(a), _) => {
                let b = self.to_text(right)?;
                Ok(collation::equals(a, &b, ignore_case))
            }
            (Value::Bool(a), _) => Ok(*a == self.to_bool(right)),
            (Value::Char(a), Value::Char(b)) if ignore_case => Ok(fold_unit(*a) == fold_unit(*b)),
            (Value::Char(a), Value::Str(b)) => {
                let text = String::from_utf16_lossy(&[*a]);
                Ok(b.encode_utf16().count() == 1 && collation::equals(&text, b, ignore_case))
            }
            (Value::Enum(a), Value::Enum(b)) if a.type_ref == b.type_ref => Ok(a.bits == b.bits),
            (Value::Enum(a), _) => self.enum_equals(a, left, right),
            _ if left.is_number() => match self.number_like(left, right) {
                Ok(number) => Ok(compare_numbers(left, &number) == Some(Ordering::Equal)),
                Err(failure) => unequal(failure),
            },
            (Value::Instance(instance), _) => {
                let own = instance.class.methods_named("Equals", false);
                if own.iter().any(|m| m.parameters.len() == 1) {
                    let answer = self.invoke_method(left, "Equals", vec![right.clone()])?;
                    return Ok(self.to_bool(&answer));
                }
                Ok(left.same_object(right))
            }
            (Value::Type(a), _) => Ok(matches!(right, Value::Type(b) if a == b)),
            (
                Value::Array(_)
                | Value::List(_)
                | Value::Dict(_)
                | Value::Block(_)
                | Value::Custom(_)
                | Value::Error(_)
                | Value::Exception(_)
                | Value::Ref(_),
                _,
            ) => Ok(left.same_object(right)),
            (Value::Native(native), _) => {
                if let Some(answer) = native.body().equals(right)
                    && (answer || self.type_of(left) == self.type_of(right))
                {
                    return Ok(answer || left.same_object(right));
                }
                if left.same_object(right) {
                    return Ok(true);
                }
                match self.cast_unless_same(right, left) {
                    Ok(converted) => Ok(native.body().equals(&converted).unwrap_or(false)),
                    Err(failure) => unequal(failure),
                }
            }
            _ => match self.cast_unless_same(right, left) {
                Ok(converted) => Ok(same_value(left, &converted)),
                Err(failure) => unequal(failure),
            },
        }
    }

    /// An enum member against something else: text by its name or as a number, the rest as a number.
    fn enum_equals(&mut self, member: &EnumValue, left: &Value, right: &Value) -> R<bool> {
        let own = enum_number(member.bits, &member.type_ref);
        let other = match right {
            Value::Str(text) => match self.cast(right, &member.type_ref.clone()) {
                Ok(Value::Enum(found)) => return Ok(found.bits == member.bits),
                Ok(_) => return Ok(false),
                Err(Failure::Unwind(unwind)) => return Err(unwind),
                Err(_) => match scan_number(text) {
                    Some(scanned) => scanned,
                    None => return Ok(false),
                },
            },
            Value::Bool(b) => Value::Int(i32::from(*b)),
            Value::Char(c) => Value::Int(i32::from(*c)),
            Value::Decimal(_) => {
                let (a, b) = (self.type_of(left), self.type_of(right));
                return self.raise(Fault::dotnet(
                    "System.InvalidOperationException",
                    format!(
                        "No coercion operator is defined between types '{}' and '{}'.",
                        a.full_name, b.full_name
                    ),
                ));
            }
            number if number.is_number() => number.clone(),
            _ => return Ok(false),
        };
        Ok(compare_numbers(&own, &other) == Some(Ordering::Equal))
    }

    /// The order of two single values, as `-lt` and its kin see it.
    pub fn compare(&mut self, left: &Value, right: &Value, ignore_case: bool) -> R<Ordering> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => return Ok(a.cmp(b)),
            (Value::Str(a), Value::Str(b)) => return Ok(collation::compare(a, b, ignore_case)),
            _ => {}
        }
        let (left, right) = (left.base(), right.base());
        match (left.is_null(), right.is_null()) {
            (true, true) => return Ok(Ordering::Equal),
            (true, false) => return Ok(compare_null(right)),
            (false, true) => return Ok(compare_null(left).reverse()),
            _ => {}
        }
        match (left, right) {
            (Value::Str(a), _) => {
                let b = self.to_text(right)?;
                Ok(collation::compare(a, &b, ignore_case))
            }
            (Value::Bool(a), _) => Ok(a.cmp(&self.to_bool(right))),
            (Value::Char(a), Value::Char(b)) => Ok(a.cmp(b)),
            (Value::Char(a), Value::Str(b)) => {
                let text = String::from_utf16_lossy(&[*a]);
                Ok(collation::compare(&text, b, ignore_case))
            }
            _ if left.is_number() => match self.number_like(left, right) {
                Ok(number) => Ok(compare_numbers(left, &number).unwrap_or(Ordering::Less)),
                Err(failure @ Failure::Refused(_)) if !matches!(right, Value::Str(_)) => {
                    self.cannot_compare(left, right, failure)
                }
                Err(failure) => self.raise_failure(failure),
            },
            (Value::Enum(a), _) => match self.cast_unless_same(right, left) {
                Ok(Value::Enum(b)) => Ok(a.bits.cmp(&b.bits)),
                Ok(_) => Ok(Ordering::Equal),
                Err(failure @ Failure::Refused(_)) if !matches!(right, Value::Str(_)) => {
                    self.cannot_compare(left, right, failure)
                }
                Err(failure) => self.raise_failure(failure),
            },
            (Value::Custom(_), _) => {
                let (a, b) = (self.shown(left), self.shown(right));
                if left.same_object(right) {
                    return Ok(Ordering::Equal);
                }
                self.raise(Fault::of(
                    "System.Management.Automation.ExtendedTypeSystemException",
                    "PSObjectCompareTo",
                    Category::NotSpecified,
                    format!("Cannot compare \"{a}\" to \"{b}\" because the objects are not the same type or the object \"{a}\" does not implement \"IComparable\"."),
                ))
            }
            _ => {
                let converted = match self.cast_unless_same(right, left) {
                    Ok(converted) => converted,
                    Err(failure) => return self.cannot_compare(left, right, failure),
                };
                match self.compare_alike(left, &converted)? {
                    Some(ordering) => Ok(ordering),
                    None if self.equals(left, &converted, ignore_case)? => Ok(Ordering::Equal),
                    None => {
                        let shown = self.shown(left);
                        self.raise(Fault::new(
                            "NotIcomparable",
                            format!("Cannot compare \"{shown}\" because it is not IComparable."),
                        ))
                    }
                }
            }
        }
    }

    /// The order that Sort-Object uses: as [`Vm::compare`], but values that have no order stand by
    /// their types and texts.
    pub fn sort_compare(&mut self, left: &Value, right: &Value, ignore_case: bool) -> Ordering {
        match self.compare(left, right, ignore_case) {
            Ok(ordering) => ordering,
            Err(_) => {
                let a = self.to_text(left).unwrap_or_default();
                let b = self.to_text(right).unwrap_or_default();
                collation::compare(&a, &b, ignore_case)
            }
        }
    }

    /// A value of the left one's own type, or of a number type that it is compared with.
    fn number_like(&mut self, left: &Value, right: &Value) -> Converted {
        match right {
            // A big integer is no number to the binder: the right one takes the left one's type.
            _ if right.is_number()
                && matches!(left, Value::BigInt(_)) != matches!(right, Value::BigInt(_)) =>
            {
                let wanted = self.type_of(left);
                self.cast(right, &wanted)
            }
            _ if right.is_number() => Ok(right.clone()),
            Value::Enum(e) => Ok(enum_number(e.bits, &e.type_ref)),
            _ => {
                let wanted = self.type_of(left);
                self.cast(right, &wanted)
            }
        }
    }

    fn cast_unless_same(&mut self, right: &Value, left: &Value) -> Converted {
        let wanted = self.type_of(left);
        if self.type_of(right) == wanted {
            return Ok(right.clone());
        }
        self.cast(right, &wanted)
    }

    /// Order within one type; `None` when it has none.
    fn compare_alike(&mut self, left: &Value, right: &Value) -> R<Option<Ordering>> {
        Ok(match (left, right) {
            (Value::DateTime(a), Value::DateTime(b)) => Some(a.ticks().cmp(&b.ticks())),
            (Value::TimeSpan(a), Value::TimeSpan(b)) => Some(a.cmp(b)),
            (Value::Char(a), Value::Char(b)) => Some(a.cmp(b)),
            (Value::Native(native), _) => native.body().compare(right),
            (Value::Instance(instance), _) => {
                let own = instance.class.methods_named("CompareTo", false);
                if !own.iter().any(|m| m.parameters.len() == 1) {
                    return Ok(None);
                }
                let answer = self.invoke_method(left, "CompareTo", vec![right.clone()])?;
                Some(self.to_int(&answer)?.cmp(&0))
            }
            _ => None,
        })
    }

    fn cannot_compare<T>(&mut self, left: &Value, right: &Value, failure: Failure) -> R<T> {
        let why = match &failure {
            Failure::Refused(refusal) => refusal.message.clone(),
            Failure::Unwind(_) => return self.raise_failure(failure),
        };
        let (a, b) = (self.shown(left), self.shown(right));
        self.raise(Fault::new(
            "ComparisonFailure",
            format!("Could not compare \"{a}\" to \"{b}\". Error: \"{why}\""),
        ))
    }
}

/// A conversion that failed makes values unequal; anything else goes on.
fn unequal(failure: Failure) -> R<bool> {
    match failure {
        Failure::Unwind(unwind) if !matches!(*unwind, Unwind::Error(_)) => Err(unwind),
        _ => Ok(false),
    }
}

/// Null against a value: below everything but negative numbers.
fn compare_null(value: &Value) -> Ordering {
    if value.is_number() && compare_numbers(value, &Value::Int(0)) == Some(Ordering::Less) {
        Ordering::Greater
    } else {
        Ordering::Less
    }
}

/// Two numbers, widened to a common type; `None` when one is NaN.
pub(crate) fn compare_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    match pair(left, right)? {
        Pair::Int(a, b) => Some(a.cmp(&b)),
        Pair::UInt(a, b) => Some(a.cmp(&b)),
        Pair::Long(a, b) => Some(a.cmp(&b)),
        Pair::ULong(a, b) => Some(a.cmp(&b)),
        Pair::Double(a, b) => a.partial_cmp(&b),
        Pair::Decimal(a, b) => Some(a.cmp(&b)),
        Pair::MixedDecimal(a, b) => a.partial_cmp(&b),
        Pair::BigInt(a, b) => Some(a.cmp(&b)),
    }
}

fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Char(a), Value::Char(b)) => a == b,
        (Value::DateTime(a), Value::DateTime(b)) => a.ticks() == b.ticks(),
        (Value::TimeSpan(a), Value::TimeSpan(b)) => a == b,
        (Value::Enum(a), Value::Enum(b)) => a.type_ref == b.type_ref && a.bits == b.bits,
        (Value::Switch(a), Value::Switch(b)) => a == b,
        _ => left.same_object(right),
    }
}

fn fold_unit(unit: u16) -> u16 {
    match char::from_u32(u32::from(unit)) {
        Some(c) => u16::try_from(u32::from(collation::upper_char(c))).unwrap_or(unit),
        None => unit,
    }
}
