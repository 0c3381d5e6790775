//! `..`

use crate::host::discard::Long;
use crate::runtime::error::{Fault, R};
use crate::runtime::items::Items;
use crate::runtime::limits;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::number_parse::{
    IntegerType, NumberParseError, NumberStyles, parse_integer,
};
use crate::runtime::types::known;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// How many numbers are made between two looks at Ctrl-C.
const STRETCH: usize = 1 << 16;

impl Vm {
    pub(super) fn range(&mut self, left: &Value, right: &Value) -> R<Value> {
        let (left, right) = (left.base(), right.base());
        if let (Some(from), Some(to)) = (as_unit(left), as_unit(right)) {
            let units: Vec<Value> = if from <= to {
                (from..=to).map(Value::Char).collect()
            } else {
                (to..=from).rev().map(Value::Char).collect()
            };
            return Ok(Value::array(units));
        }
        let (from, to) = (self.range_end(left)?, self.range_end(right)?);
        if !limits::items_fit(Some(from.abs_diff(to) as usize + 1)) {
            return self.raise(Fault::dotnet(
                "System.OutOfMemoryException",
                "Array dimensions exceeded supported range.",
            ));
        }
        let mut items = Long::from(Vec::with_capacity(from.abs_diff(to) as usize + 1));
        Items::Range {
            first: from,
            last: to,
        }
        .try_each(|number| -> R<()> {
            if items.len().is_multiple_of(STRETCH) {
                self.check_interrupt()?;
            }
            items.push(number);
            Ok(())
        })?;
        Ok(Value::array(items.into_inner()))
    }

    /// An end of a range as `Convert.ToInt32` reads it.
    fn range_end(&mut self, value: &Value) -> R<i32> {
        match value {
            Value::Int(n) => Ok(*n),
            Value::Null | Value::Nothing => Ok(0),
            Value::Str(text) => {
                let info = &Culture::invariant().number_format;
                match parse_integer(text, NumberStyles::INTEGER, info, IntegerType::Int32) {
                    Ok(n) => Ok(i32::try_from(n).unwrap_or_default()),
                    Err(error) => {
                        let exception = match error {
                            NumberParseError::Overflow(_) => "System.OverflowException",
                            _ => "System.FormatException",
                        };
                        self.raise(Fault::dotnet(exception, error.to_string()))
                    }
                }
            }
            Value::Bool(_) | Value::Char(_) | Value::Enum(_) => self.to_int(value),
            other if other.is_number() && !matches!(other, Value::BigInt(_)) => {
                match self.try_convert(other, &known::int()) {
                    Some(Value::Int(n)) => Ok(n),
                    _ => self.raise(Fault::dotnet(
                        "System.OverflowException",
                        "Value was either too large or too small for an Int32.",
                    )),
                }
            }
            Value::DateTime(_) => self.raise(Fault::dotnet(
                "System.InvalidCastException",
                "Invalid cast from 'DateTime' to 'Int32'.",
            )),
            other => {
                let name = self.type_of(other).reflection_text();
                self.raise(Fault::dotnet(
                    "System.InvalidCastException",
                    format!(
                        "Unable to cast object of type '{name}' to type 'System.IConvertible'."
                    ),
                ))
            }
        }
    }
}

fn as_unit(value: &Value) -> Option<u16> {
    match value {
        Value::Char(unit) => Some(*unit),
        Value::Str(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if !c.is_numeric() => u16::try_from(u32::from(c)).ok(),
                _ => None,
            }
        }
        _ => None,
    }
}
