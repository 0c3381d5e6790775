//! `-is`, `-isnot` and `-as`.

use crate::runtime::error::{Fault, R};
use crate::runtime::text::numeric::{powershell_double_text, powershell_single_text};
use crate::runtime::types::{TypeCode, TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    /// Whether a value is of a type, as `-is` says.
    pub fn is_instance(&self, value: &Value, target: &TypeRef) -> bool {
        if value.is_null() {
            return false;
        }
        match target.code {
            // These mean the wrapper around an object that has members of its own.
            TypeCode::CustomObject | TypeCode::PSObject => {
                matches!(value, Value::Custom(_) | Value::Wrapped(_))
            }
            TypeCode::Object => true,
            _ => self.fits(value.base(), target),
        }
    }

    pub(super) fn is_operator(&mut self, value: &Value, wanted: &Value) -> R<bool> {
        let target = match wanted.base() {
            Value::Type(target) => target.clone(),
            Value::Null | Value::Nothing => {
                return self.raise(Fault::new(
                    "IsOperatorRequiresType",
                    "The right operand of '-is' must be a type.",
                ));
            }
            other => {
                let name = self.to_text(other)?;
                match self.find_type(&name) {
                    Some(target) => target,
                    None => {
                        let failure = self.no_conversion(&Value::str(name), &type_type());
                        return self.raise_plain_failure(failure);
                    }
                }
            }
        };
        Ok(self.is_instance(value, &target))
    }

    /// `-as [string]` writes numbers and dates as the current culture does, unlike a cast.
    fn text_in_culture(&mut self, value: &Value) -> R<Value> {
        let culture = self.culture();
        Ok(match value.base() {
            Value::Double(n) => Value::str(powershell_double_text(*n, culture)),
            Value::Float(n) => Value::str(powershell_single_text(*n, culture)),
            Value::Decimal(_) | Value::DateTime(_) => {
                Value::str(self.format_value(value, None, culture)?)
            }
            _ => self
                .convert_or_none(value, &known::string())?
                .unwrap_or_default(),
        })
    }

    pub(super) fn as_operator(&mut self, value: &Value, wanted: &Value) -> R<Value> {
        let target = match wanted.base() {
            Value::Type(target) => target.clone(),
            Value::Null | Value::Nothing => {
                return self.raise(Fault::new(
                    "AsOperatorRequiresType",
                    "The right operand of '-as' must be a type.",
                ));
            }
            other => {
                let name = Value::str(self.element_text(other)?);
                match self.convert(&name, &type_type())? {
                    Value::Type(target) => target,
                    _ => known::object(),
                }
            }
        };
        if target.code == TypeCode::String {
            return self.text_in_culture(value);
        }
        // Every object can stand in a wrapper; only a cast makes a new object of a table.
        if matches!(target.code, TypeCode::PSObject | TypeCode::CustomObject) {
            return Ok(value.clone());
        }
        Ok(self.convert_or_none(value, &target)?.unwrap_or_default())
    }
}

/// `System.Type`, to which names are converted.
fn type_type() -> TypeRef {
    crate::runtime::types::find_full("System.Type").unwrap_or_else(known::runtime_type)
}
