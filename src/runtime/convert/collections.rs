//! Conversions to arrays, lists and dictionaries.

use super::failure::{Converted, Failure};
use crate::host::discard::Long;
use crate::host::long_work::LongWork;
use crate::runtime::collection::{Array, Dictionary, List};
use crate::runtime::types::{TypeCode, TypeKind, TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    pub(super) fn cast_array(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let base = value.base();
        let element = match target.kind {
            TypeKind::Array { rank: 1 } => target.element().cloned().unwrap_or_else(known::object),
            TypeKind::Array { .. } => return Err(self.no_conversion(base, target)),
            _ => known::object(),
        };
        if let (Value::Str(text), TypeCode::Char) = (base, element.code) {
            let units = text
                .encode_utf16()
                .until_interrupted()
                .map(Value::Char)
                .collect();
            return Ok(Value::Array(Rc::new(Array::typed(element, units))));
        }
        let items = match self.items_of(base)? {
            Some(items) => {
                let items = Long::from(items);
                let mut converted = Long::from(Vec::with_capacity(items.len()));
                for item in &items {
                    self.check_interrupt()?;
                    converted.push(self.cast(item, &element)?);
                }
                converted.into_inner()
            }
            None => match self.cast(value, &element) {
                Ok(item) => vec![item],
                Err(failure @ Failure::Refused(_)) if !failure.is_final() => {
                    let inner = failure.exception().unwrap_or_default();
                    return Err(self.failed_because(
                        "InvalidCastExceptionScalarToArray",
                        base,
                        target,
                        inner,
                    ));
                }
                Err(Failure::Refused(_)) => return Err(self.no_conversion(base, target)),
                Err(other) => return Err(other),
            },
        };
        Ok(Value::Array(Rc::new(Array::typed(element, items))))
    }

    /// The items of a value that counts as a collection here: text and dictionaries do not.
    pub(super) fn items_of(&mut self, value: &Value) -> Result<Option<Vec<Value>>, Failure> {
        Ok(match value {
            Value::Array(array) => Some(self.copy_items(&array.items)?),
            Value::List(list) => Some(crate::runtime::to_text::list_order(list)),
            Value::Native(_) | Value::Instance(_) => self.enumerate(value)?,
            _ => None,
        })
    }

    /// ArrayList, `List<T>` and the other growing sequences that are built from items.
    pub(super) fn cast_list(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let (items, single) = match self.items_of(value)? {
            Some(items) => (items, false),
            None if matches!(value, Value::Dict(_)) => {
                return Err(self.no_conversion(value, target));
            }
            None => (vec![value.clone()], true),
        };
        let element = target
            .arguments
            .first()
            .cloned()
            .unwrap_or_else(known::object);
        let items = Long::from(items);
        let mut converted = Long::from(Vec::with_capacity(items.len()));
        for item in &items {
            self.check_interrupt()?;
            match self.cast(item, &element) {
                Ok(item) => converted.push(item),
                // One item that does not fit makes the whole collection unfit.
                Err(Failure::Refused(_)) if !single => {
                    return Err(self.no_conversion(value, target));
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(Value::List(Rc::new(List::new(
            target.clone(),
            converted.into_inner(),
        ))))
    }

    pub(super) fn cast_hashtable(&mut self, value: &Value, target: &TypeRef) -> Converted {
        match value {
            Value::Dict(source) => {
                let table = Dictionary::hashtable();
                for (key, item) in source.pairs() {
                    table.set(key, item);
                }
                Ok(Value::Dict(Rc::new(table)))
            }
            // A table can be made from another one; an object is refused by that constructor.
            Value::Custom(_) => {
                let inner = self.no_conversion(value, target);
                let inner = inner.exception().unwrap_or_default();
                Err(self.failed_because("InvalidCastConstructorException", value, target, inner))
            }
            _ => Err(self.no_conversion(value, target)),
        }
    }
}
