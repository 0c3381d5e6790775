//! What a value looks like in a cell, a list or a group's header.

use super::cells::ELLIPSIS;
use crate::runtime::error::R;
use crate::runtime::object::Wrapped;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::number_format::{Number, format_number};
use crate::runtime::text::numeric;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// How many items of a collection are shown when `$FormatEnumerationLimit` does not say.
const ENUMERATION_LIMIT: i64 = 4;

/// Properties that name an object, by what their names are or end with.
const NAMING: [&str; 3] = ["name", "id", "key"];

impl Vm {
    /// `$FormatEnumerationLimit`; negative shows all items.
    pub fn enumeration_limit(&mut self) -> i64 {
        match self
            .variable("FormatEnumerationLimit")
            .as_ref()
            .map(Value::base)
        {
            Some(Value::Int(n)) => i64::from(*n),
            Some(Value::Long(n)) => *n,
            _ => ENUMERATION_LIMIT,
        }
    }

    /// A value by a format, composite (`{0:N2}`) or of its type (`N2`).
    pub fn text_by_format(&mut self, value: &Value, format: &str) -> R<String> {
        let culture = self.culture();
        if format.contains("{0") || format.contains('}') {
            return self.format(format, std::slice::from_ref(value));
        }
        match value.base() {
            Value::Null | Value::Nothing => Ok(String::new()),
            Value::Str(text) => Ok(text.to_string()),
            other => self.format_value(other, Some(format), culture),
        }
    }

    /// A value in a cell. In columns chosen from properties real numbers are rounded.
    pub fn cell_text(&mut self, value: &Value, rounded: bool) -> R<String> {
        match value {
            Value::Null | Value::Nothing => return Ok(String::new()),
            Value::Str(text) => return Ok(text.to_string()),
            Value::Int(n) => return Ok(n.to_string()),
            Value::Wrapped(wrapped) => {
                if let Some(written) = self.written_otherwise(wrapped)? {
                    return Ok(written);
                }
            }
            _ => {}
        }
        let culture = self.culture();
        let base = value.base();
        if rounded {
            let number = match base {
                Value::Double(n) => Some(format_number(Number::Double(*n), "F", culture)),
                Value::Float(n) => Some(format_number(Number::Single(*n), "F", culture)),
                Value::Decimal(n) => Some(format_number(Number::Decimal(**n), "F", culture)),
                _ => None,
            };
            if let Some(Ok(text)) = number {
                return Ok(text);
            }
        }
        if let Some(items) = self.shown_items(value)? {
            let limit = self.enumeration_limit();
            let mut text = String::from("{");
            for (index, item) in items.iter().enumerate() {
                if limit >= 0 && index as i64 == limit {
                    text.push(ELLIPSIS);
                    break;
                }
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(&self.item_text(item)?);
            }
            text.push('}');
            return Ok(text);
        }
        self.shown_text(value)
    }

    /// How a number was written, when that is not its usual text.
    fn written_otherwise(&mut self, wrapped: &Wrapped) -> R<Option<String>> {
        let Some(written) = &wrapped.written else {
            return Ok(None);
        };
        let usual = self.element_text(&wrapped.base)?;
        Ok((usual.as_str() != &**written).then(|| written.to_string()))
    }

    /// The items of a collection or dictionary as a cell shows them.
    fn shown_items(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        match value.base() {
            Value::Dict(table) => {
                let mut items = Vec::new();
                for (key, item) in table.pairs() {
                    let key = self.entry_part(&key)?;
                    let item = self.entry_part(&item)?;
                    items.push(Value::str(format!("[{key}, {item}]")));
                }
                Ok(Some(items))
            }
            Value::Str(_) | Value::Custom(_) => Ok(None),
            _ => self.enumerate(value),
        }
    }

    fn entry_part(&mut self, value: &Value) -> R<String> {
        match value.base() {
            Value::Custom(_) => self.to_text(value),
            Value::Array(_) | Value::List(_) | Value::Dict(_) | Value::Type(_) => {
                Ok(match value.base() {
                    Value::Type(t) => t.reflection_text(),
                    other => self.type_of(other).reflection_text(),
                })
            }
            _ => self.shown_text(value),
        }
    }

    /// A value as its `ToString` in the current culture gives it.
    pub fn shown_text(&mut self, value: &Value) -> R<String> {
        if let Value::Wrapped(wrapped) = value
            && let Some(written) = self.written_otherwise(wrapped)?
        {
            return Ok(written);
        }
        let culture = self.culture();
        Ok(match value.base() {
            Value::Null | Value::Nothing => String::new(),
            Value::Double(n) => numeric::powershell_double_text(*n, culture),
            Value::Float(n) => numeric::powershell_single_text(*n, culture),
            Value::Decimal(n) => numeric::decimal_text(**n, culture),
            Value::DateTime(date) => format_date_time(**date, "", culture).unwrap_or_default(),
            Value::Type(t) => t.reflection_text(),
            // What is shown of a node is its name.
            Value::Native(native)
                if native
                    .body()
                    .type_ref()
                    .full_name
                    .starts_with("System.Xml.Xml") =>
            {
                let name = native.body().get(self, "LocalName")?;
                let name = match name {
                    Some(name) => name,
                    None => Value::str(native.body().to_text(self)?),
                };
                self.to_text(&name)?
            }
            Value::Native(native) if native.body().invariant_text(self).is_some() => {
                native.body().to_text(self)?
            }
            _ => self.to_text(value)?,
        })
    }

    /// An item inside `{…}`: objects without a text of their own show the property that names them.
    fn item_text(&mut self, item: &Value) -> R<String> {
        match item.base() {
            Value::Null | Value::Nothing => return Ok("$null".into()),
            Value::Instance(instance) => {
                let named = instance
                    .class
                    .methods_named("ToString", false)
                    .iter()
                    .any(|m| m.parameters.is_empty());
                if named {
                    return self.shown_text(item);
                }
            }
            Value::Native(native) => {
                let type_ref = native.body().type_ref();
                let plain = native.body().to_text(self)? == type_ref.display_full();
                let file = type_ref.full_name.starts_with("System.IO.");
                if !plain && !file {
                    return self.shown_text(item);
                }
            }
            _ => return self.shown_text(item),
        }
        match self.naming_property(item)? {
            Some(name) => {
                let value = self.get_member(item, &name)?.unwrap_or_default();
                self.shown_text(&value)
            }
            None => self.shown_text(item),
        }
    }

    /// The property that stands for an object: its type's, or one that is called like a name.
    pub fn naming_property(&mut self, value: &Value) -> R<Option<String>> {
        for type_name in self.type_names(value) {
            if let Some(name) = self.default_display_property(&type_name) {
                return Ok(Some(name));
            }
        }
        let names: Vec<String> = self
            .properties(value)?
            .into_iter()
            .filter(|p| !p.hidden)
            .map(|p| p.name.to_string())
            .collect();
        for wanted in NAMING {
            if let Some(found) = names.iter().find(|n| n.eq_ignore_ascii_case(wanted)) {
                return Ok(Some(found.clone()));
            }
        }
        for wanted in ["key", "name", "id"] {
            let ends = |n: &&String| n.to_ascii_lowercase().ends_with(wanted);
            if let Some(found) = names.iter().find(ends) {
                return Ok(Some(found.clone()));
            }
        }
        Ok(None)
    }
}
