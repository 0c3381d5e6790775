//! Conversion between types, as casts, parameters and operators do it.
//!
//! The order of attempts: already of the type, the language's own rules, a
//! static `Parse` for text, a constructor that takes the value, an operator of
//! the class, number to number, dictionary to object, a constructor that takes
//! the items; otherwise an error.

mod collections;
pub(crate) mod enumeration;
mod failure;
pub(crate) mod numbers;
mod objects;
mod truth;

use super::error::{R, Unwind};
use super::text::culture::Culture;
use super::text::datetime::DateTime;
use super::text::datetime_parse::{DateTimeStyles, ParseContext, parse_date_time};
use super::text::timespan::TimeSpan;
use super::types::{TypeCode, TypeRef, known};
use super::value::{Str, Value};
use super::vm::Vm;
pub use failure::cast_exception;
pub(crate) use failure::{Converted, Failure};
pub(crate) use numbers::{decimal_of, integer_value};
use std::cell::RefCell;
use std::rc::Rc;

impl Vm {
    /// A value converted to a type, as a cast does it.
    pub fn convert(&mut self, value: &Value, target: &TypeRef) -> R<Value> {
        match (value, target.code) {
            (Value::Int(_), TypeCode::Int)
            | (Value::Str(_), TypeCode::String)
            | (Value::Bool(_), TypeCode::Bool)
            | (_, TypeCode::Object) => return Ok(value.clone()),
            _ => {}
        }
        match self.cast(value, target) {
            Ok(converted) => Ok(converted),
            Err(failure) => self.raise_failure(failure),
        }
    }

    /// The same inside a cmdlet, where a failure is the PSInvalidCastException itself.
    pub fn convert_within(&mut self, value: &Value, target: &TypeRef) -> R<Value> {
        match self.cast(value, target) {
            Ok(converted) => Ok(converted),
            Err(failure) => self.raise_bare_failure(failure),
        }
    }

    /// The same, or `None` when the value cannot be converted.
    pub fn try_convert(&mut self, value: &Value, target: &TypeRef) -> Option<Value> {
        self.cast(value, target).ok()
    }

    /// The conversion of `-as`: errors of conversion are `None`, others (a stop) go on.
    pub fn convert_or_none(&mut self, value: &Value, target: &TypeRef) -> R<Option<Value>> {
        match self.cast(value, target) {
            Ok(converted) => Ok(Some(converted)),
            Err(Failure::Unwind(unwind)) if !matches!(*unwind, Unwind::Error(_)) => Err(unwind),
            Err(_) => Ok(None),
        }
    }

    /// A value as `[int]`.
    pub fn to_int(&mut self, value: &Value) -> R<i32> {
        if let Value::Int(n) = value {
            return Ok(*n);
        }
        match self.convert(value, &known::int())? {
            Value::Int(n) => Ok(n),
            _ => Ok(0),
        }
    }

    /// A value as `[long]`.
    pub fn to_long(&mut self, value: &Value) -> R<i64> {
        match self.convert(value, &known::long())? {
            Value::Long(n) => Ok(n),
            _ => Ok(0),
        }
    }

    /// A value as `[double]`.
    pub fn to_double(&mut self, value: &Value) -> R<f64> {
        match self.convert(value, &known::double())? {
            Value::Double(n) => Ok(n),
            _ => Ok(0.0),
        }
    }

    /// The type of this name, with arguments and array brackets, as text to `[type]` means it.
    pub fn find_type(&mut self, name: &str) -> Option<TypeRef> {
        super::types::resolve::parse_type(self, name)
    }

    pub(crate) fn cast(&mut self, value: &Value, target: &TypeRef) -> Converted {
        if let (TypeCode::String, Value::Wrapped(w)) = (target.code, value)
            && w.written.is_some()
        {
            return Ok(Value::str(self.to_written_text(value)?));
        }
        if target.code == TypeCode::Object {
            return Ok(value.clone());
        }
        let base = value.base();
        if base.is_null() {
            return self.cast_null(target);
        }
        if self.fits(base, target) {
            return Ok(match value {
                // What was added to a text or a number stands on its wrapper, which a cast opens.
                Value::Wrapped(_) if !target.is_value_type() && target.code != TypeCode::String => {
                    value.clone()
                }
                _ => base.clone(),
            });
        }
        // An object that stands for one of a product's type (a session) is taken for it.
        if let (TypeCode::Other, Value::Custom(custom)) = (target.code, base)
            && custom
                .type_names
                .borrow()
                .first()
                .is_some_and(|name| **name == *target.full_name)
        {
            return Ok(base.clone());
        }
        match target.code {
            TypeCode::Void => Ok(Value::Nothing),
            TypeCode::Bool => Ok(Value::Bool(self.to_bool(base))),
            TypeCode::Switch => match base {
                Value::Bool(b) => Ok(Value::Switch(*b)),
                _ => Err(self.no_conversion(base, target)),
            },
            TypeCode::String => match self.to_text(base) {
                Ok(text) => Ok(Value::str(text)),
                Err(unwind) => Err(self.text_failure(unwind)),
            },
            code if code.is_numeric() || matches!(code, TypeCode::Char | TypeCode::BigInt) => {
                self.cast_number(base, target)
            }
            TypeCode::Enum => self.cast_enum(base, target),
            TypeCode::DateTime => self.cast_date(base, target),
            TypeCode::TimeSpan => self.cast_span(base, target),
            TypeCode::Type => self.cast_type(base, target),
            TypeCode::Array => self.cast_array(value, target),
            TypeCode::Nullable => match target.arguments.first() {
                Some(inner) => self.cast(value, &inner.clone()),
                None => Err(self.no_conversion(base, target)),
            },
            TypeCode::PSObject | TypeCode::CustomObject => self.cast_custom(value),
            TypeCode::Reference => Ok(Value::Ref(Rc::new(super::object::Reference::Cell(
                RefCell::new(value.clone()),
            )))),
            TypeCode::Hashtable => self.cast_hashtable(base, target),
            TypeCode::ArrayList => self.cast_list(base, target),
            _ => self.cast_object(value, target),
        }
    }

    /// Whether a value already is of the type, as an argument or a cast sees it.
    pub(crate) fn fits(&self, value: &Value, target: &TypeRef) -> bool {
        self.type_of(value).is_a(target)
    }

    fn cast_null(&mut self, target: &TypeRef) -> Converted {
        Ok(match target.code {
            TypeCode::Void => Value::Nothing,
            TypeCode::String => Value::Str(Str::new("")),
            TypeCode::Bool => Value::Bool(false),
            TypeCode::Switch => Value::Switch(false),
            TypeCode::Nullable => Value::Null,
            TypeCode::Reference => Value::Ref(Rc::new(super::object::Reference::Cell(
                RefCell::new(Value::Null),
            ))),
            code if code.is_numeric() || matches!(code, TypeCode::Char | TypeCode::BigInt) => {
                numbers::zero(target.code)
            }
            TypeCode::Enum => {
                let names = enumeration::names_of(target).join(",");
                return Err(Failure::new(
                    "nullToEnumInvalidCast",
                    format!(
                        "Cannot convert null to type \"{}\" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are \"{names}\".",
                        target.reflection_text()
                    ),
                ));
            }
            _ if target.is_value_type() => {
                return Err(Failure::new(
                    "nullToObjectInvalidCast",
                    format!(
                        "Cannot convert null to type \"{}\".",
                        target.reflection_text()
                    ),
                ));
            }
            _ => Value::Null,
        })
    }

    fn cast_date(&mut self, value: &Value, target: &TypeRef) -> Converted {
        if let Some(ticks) = numbers::integer_of(value) {
            return match DateTime::from_ticks(ticks, Default::default()) {
                Ok(date) => Ok(Value::datetime(date)),
                Err(error) => Err(self.failed_with(
                    "InvalidCastConstructorException",
                    value,
                    target,
                    "System.ArgumentOutOfRangeException",
                    error.to_string(),
                )),
            };
        }
        match value {
            Value::Str(_) => {}
            _ if value.is_number() => {}
            _ => return self.cast_by_operator(value, target),
        }
        let text = self.to_text(value)?;
        let now = self.now().to_local();
        let context = ParseContext {
            culture: Culture::invariant(),
            styles: DateTimeStyles::NONE,
            now: &|| now,
        };
        match parse_date_time(&text, context) {
            Ok(date) => Ok(Value::datetime(date)),
            Err(error) => Err(self.failed_to_parse(value, target, error.to_string())),
        }
    }

    /// What the type's `Parse(text, provider)` says of a text that it does not take.
    fn failed_to_parse(&mut self, value: &Value, target: &TypeRef, why: String) -> Failure {
        self.failed_with(
            "InvalidCastParseTargetInvocationWithFormatProvider",
            value,
            target,
            "System.FormatException",
            why,
        )
    }

    fn cast_span(&mut self, value: &Value, target: &TypeRef) -> Converted {
        if let Some(ticks) = numbers::integer_of(value) {
            return Ok(Value::TimeSpan(TimeSpan(ticks)));
        }
        match value {
            Value::Str(_) => {}
            _ if value.is_number() => {}
            _ => return self.cast_by_operator(value, target),
        }
        let text = self.to_text(value)?;
        match TimeSpan::parse(&text, Culture::invariant()) {
            Ok(span) => Ok(Value::TimeSpan(span)),
            Err(error) => Err(self.failed_to_parse(value, target, error.to_string())),
        }
    }

    fn cast_type(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let Value::Str(name) = value else {
            return self.cast_object(value, target);
        };
        match self.find_type(name) {
            Some(found) => Ok(Value::Type(found)),
            None => Err(self
                .no_conversion(value, target)
                .with_id("InvalidCastFromStringToType")),
        }
    }
}
