//! `-f`, and values by a format of their type.

use crate::runtime::error::{Exception, Fault, R, Unwind};
use crate::runtime::text::composite::{CompositeError, Piece, parse_composite, push_aligned};
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::number_format::{FormatError, Number, format_number};
use crate::runtime::types::TypeCode;
use crate::runtime::types::reflection::members::overloads_of;
use crate::runtime::value::{EnumValue, Value};
use crate::runtime::vm::Vm;

/// Why a value has no text by a format.
enum Refused {
    Format(String),
    Unwind(Box<Unwind>),
}

impl From<Box<Unwind>> for Refused {
    fn from(unwind: Box<Unwind>) -> Refused {
        Refused::Unwind(unwind)
    }
}

impl From<FormatError> for Refused {
    fn from(error: FormatError) -> Refused {
        Refused::Format(error.to_string())
    }
}

impl From<CompositeError> for Refused {
    fn from(error: CompositeError) -> Refused {
        Refused::Format(error.to_string())
    }
}

impl Vm {
    /// A composite format filled with arguments, as `-f` does it.
    pub fn format(&mut self, format: &str, arguments: &[Value]) -> R<String> {
        match self.fill(format, arguments) {
            Ok(text) => Ok(text),
            Err(Refused::Unwind(unwind)) => Err(unwind),
            Err(Refused::Format(message)) => self.raise(
                Fault::new(
                    "FormatError",
                    format!("Error formatting a string: {message}."),
                )
                .target(Value::str(format))
                .inner(Exception::of("System.FormatException", message)),
            ),
        }
    }

    /// A composite format as `[string]::Format` fills it: what is wrong is a FormatException.
    pub fn format_dotnet(&mut self, format: &str, arguments: &[Value]) -> R<String> {
        match self.fill(format, arguments) {
            Ok(text) => Ok(text),
            Err(Refused::Unwind(unwind)) => Err(unwind),
            Err(Refused::Format(message)) => {
                self.raise(Fault::dotnet("System.FormatException", message))
            }
        }
    }

    /// `ToString(format, culture)` of a value; without a format what `ToString()` gives.
    pub fn format_value(
        &mut self,
        value: &Value,
        format: Option<&str>,
        culture: &Culture,
    ) -> R<String> {
        match self.formatted(value, format.unwrap_or_default(), culture) {
            Ok(text) => Ok(text),
            Err(Refused::Unwind(unwind)) => Err(unwind),
            Err(Refused::Format(message)) => {
                self.raise(Fault::dotnet("System.FormatException", message))
            }
        }
    }

    pub(super) fn format_operator(&mut self, left: &Value, right: &Value) -> R<Value> {
        let format = self.to_text(left)?;
        let arguments = match right.base() {
            Value::Array(array) if !array.element.is_value_type() => array.items.borrow().clone(),
            _ => vec![right.clone()],
        };
        Ok(Value::str(self.format(&format, &arguments)?))
    }

    fn fill(&mut self, format: &str, arguments: &[Value]) -> Result<String, Refused> {
        let culture = self.culture();
        let mut filled = String::with_capacity(format.len() + arguments.len() * 8);
        for piece in parse_composite(format)? {
            match piece {
                Piece::Literal(text) => filled.push_str(&text),
                Piece::Hole {
                    index,
                    alignment,
                    format,
                } => {
                    let argument = arguments
                        .get(index)
                        .ok_or(CompositeError::IndexOutOfRange)?;
                    let text = match (argument, &format) {
                        (Value::Str(text), _) => text.to_string(),
                        (Value::Wrapped(wrapped), None) if wrapped.written.is_some() => {
                            self.to_written_text(argument)?
                        }
                        (Value::Custom(_), _) => self.to_text(argument)?,
                        _ => self.formatted(argument, format.as_deref().unwrap_or(""), culture)?,
                    };
                    push_aligned(&mut filled, &text, alignment);
                }
            }
        }
        Ok(filled)
    }

    fn formatted(
        &mut self,
        value: &Value,
        format: &str,
        culture: &Culture,
    ) -> Result<String, Refused> {
        let value = value.base();
        if let Some(number) = number_of(value) {
            return Ok(format_number(number, format, culture)?);
        }
        match value {
            Value::DateTime(date) => Ok(format_date_time(**date, format, culture)?),
            Value::TimeSpan(span) => Ok(span.format(format, culture)?),
            Value::Enum(e) => enum_text(e, format),
            Value::Array(_) | Value::List(_) | Value::Dict(_) => {
                Ok(self.type_of(value).reflection_text())
            }
            Value::Type(type_ref) => Ok(type_ref.reflection_text()),
            Value::Custom(_) => Ok(String::new()),
            Value::Native(native) => {
                if !format.is_empty() && self.takes_format(value) {
                    let arguments = vec![Value::str(format)];
                    let text = self.invoke_method(value, "ToString", arguments)?;
                    return Ok(self.to_text(&text)?);
                }
                Ok(native.body().to_text(self)?)
            }
            _ => Ok(self.element_text(value)?),
        }
    }

    /// Whether `ToString` of a type takes a format.
    fn takes_format(&self, value: &Value) -> bool {
        let type_ref = self.type_of(value);
        overloads_of(type_ref.definition_name(), "ToString", false)
            .iter()
            .any(|o| matches!(o.parameters.as_slice(), [p] if p.type_name == "System.String"))
    }
}

/// A number as the formatter takes it.
fn number_of(value: &Value) -> Option<Number<'_>> {
    Some(match value {
        Value::SByte(n) => (*n).into(),
        Value::Byte(n) => (*n).into(),
        Value::Short(n) => (*n).into(),
        Value::UShort(n) => (*n).into(),
        Value::Int(n) => (*n).into(),
        Value::UInt(n) => (*n).into(),
        Value::Long(n) => (*n).into(),
        Value::ULong(n) => (*n).into(),
        Value::Float(n) => (*n).into(),
        Value::Double(n) => (*n).into(),
        Value::Decimal(n) => (**n).into(),
        Value::BigInt(n) => (&**n).into(),
        _ => return None,
    })
}

fn enum_text(value: &EnumValue, format: &str) -> Result<String, Refused> {
    let definition = value.type_ref.enum_definition();
    match format {
        "" | "g" | "G" | "f" | "F" => Ok(match definition {
            Some(definition) => definition.text_of(value.bits),
            None => value.bits.to_string(),
        }),
        "d" | "D" => Ok(value.bits.to_string()),
        "x" | "X" => {
            let width = match definition.map(|d| d.underlying) {
                Some(TypeCode::SByte | TypeCode::Byte) => 2,
                Some(TypeCode::Short | TypeCode::UShort) => 4,
                Some(TypeCode::Long | TypeCode::ULong) => 16,
                _ => 8,
            };
            let digits = format!("{:016X}", value.bits as u64);
            Ok(digits.get(16 - width..).unwrap_or(&digits).to_string())
        }
        _ => Err(Refused::Format(
            "Format string can be only \"G\", \"g\", \"X\", \"x\", \"F\", \"f\", \"D\" or \"d\"."
                .to_string(),
        )),
    }
}
