//! Reading properties.

use super::added::own_member;
use crate::host::discard::Long;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::dispatch;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// The type names of an object, most special first.
    pub fn type_names(&self, value: &Value) -> Vec<Rc<str>> {
        if let Some(names) = given_names(value) {
            return names;
        }
        self.type_of(value)
            .ancestry()
            .iter()
            .map(|t| t.full_name.clone())
            .collect()
    }

    /// A member of one object; `None` when it has none of that name.
    pub fn get_member(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        match value {
            Value::Custom(object) => {
                if let Some(member) = object.members.get(Symbol::fold(name)) {
                    return self.read_member(value, name, &member).map(Some);
                }
            }
            Value::Dict(dictionary) => {
                if !is_intrinsic_over_keys(name)
                    && let Some(found) = dictionary.get_str(name)
                {
                    return Ok(Some(found));
                }
            }
            Value::Null | Value::Nothing => return Ok(None),
            _ => {}
        }
        self.get_other_member(value, name)
    }

    /// A property of a table that is none of its keys.
    pub fn property_beside_keys(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        if let Some(member) = own_member(value, Symbol::fold(name)) {
            return self.read_member(value, name, &member).map(Some);
        }
        if let Some(member) = self.data_member(value, name) {
            return self.read_member(value, name, &member).map(Some);
        }
        self.read_dotnet(value.base(), name)
    }

    fn get_other_member(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        if let Value::Wrapped(wrapped) = value
            && let Value::Dict(dictionary) = &wrapped.base
            && !is_intrinsic_over_keys(name)
            && let Some(found) = dictionary.get_str(name)
        {
            return Ok(Some(found));
        }
        if let Some(member) = own_member(value, Symbol::fold(name)) {
            return self.read_member(value, name, &member).map(Some);
        }
        if let Some(found) = self.intrinsic_member(value, name)? {
            return Ok(Some(found));
        }
        if let Some(member) = self.data_member(value, name) {
            return self.read_member(value, name, &member).map(Some);
        }
        let read = self.read_dotnet(value.base(), name);
        match read {
            Err(unwind) if matches!(*unwind, Unwind::Error(_)) => Ok(Some(Value::Null)),
            other => other,
        }
    }

    /// A member by type data, of the most special type name that has one.
    pub(super) fn data_member(
        &mut self,
        value: &Value,
        name: &str,
    ) -> Option<crate::runtime::object::Member> {
        if is_plain(value) && self.session.type_members.is_empty() {
            return None;
        }
        if let Some(names) = given_names(value) {
            let mut names = names.iter();
            return names.find_map(|type_name| self.type_data_member(type_name, name));
        }
        let mut at = Some(self.type_of(value));
        while let Some(type_ref) = at {
            if let Some(member) = self.type_data_member(&type_ref.full_name, name) {
                return Some(member);
            }
            at = type_ref.base.clone();
        }
        None
    }

    /// A property that the .NET type has, with the exception of a getter that throws.
    pub fn read_dotnet(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        if let Value::Instance(instance) = value {
            if let Some(at) = instance.class.field(name) {
                let accessors = instance.class.properties.get(at);
                if let Some(accessors) = accessors.and_then(|p| p.accessors.clone()) {
                    return match accessors.readable {
                        true => self.call_getter(&accessors, Some(value), name).map(Some),
                        false => Ok(None),
                    };
                }
                let field = instance.fields.borrow().get(at).cloned();
                return Ok(Some(field.unwrap_or_default()));
            }
            let base = instance.native_base.borrow().clone();
            return match base {
                Some(base) => self.get_member(&base, name),
                None => Ok(None),
            };
        }
        if let Value::Native(native) = value {
            if let Some(found) = native.body().get(self, name)? {
                return Ok(Some(found));
            }
            return Ok(dispatch::of_interface(self, value, name));
        }
        let found = dispatch::get(self, value, name)?;
        Ok(found.or_else(|| dispatch::of_interface(self, value, name)))
    }

    /// `$value.name` as the language has it.
    pub fn read_property(&mut self, value: &Value, name: &str) -> R<Value> {
        if value.is_null() {
            return self.read_of_null(name);
        }
        if let Some(found) = self.get_member(value, name)? {
            return Ok(match found {
                // A table gives back even the empty output that was put into it.
                Value::Nothing if !matches!(value.base(), Value::Dict(_)) => Value::Null,
                other => other,
            });
        }
        if let Some(method) = self.method_object(value, name)? {
            return Ok(method);
        }
        if let Some(items) = self.enumerate(value)? {
            let mut found = Long::default();
            let mut any = false;
            self.read_from_items(items, name, &mut found, &mut any)?;
            if any || !found.is_empty() {
                return Ok(match Vm::captured(found.into_inner()) {
                    Value::Nothing => Value::Null,
                    other => other,
                });
            }
            if self.strict_mode() >= 20 {
                return self.property_not_found(name);
            }
            return Ok(Value::Null);
        }
        if self.strict_mode() >= 20 {
            return self.property_not_found(name);
        }
        if is_count(name) {
            return Ok(Value::Int(1));
        }
        Ok(Value::Null)
    }

    fn read_of_null(&mut self, name: &str) -> R<Value> {
        if self.strict_mode() >= 20 {
            return self.property_not_found(name);
        }
        if is_count(name) {
            return Ok(Value::Int(0));
        }
        Ok(Value::Null)
    }

    fn read_from_items(
        &mut self,
        items: Vec<Value>,
        name: &str,
        found: &mut Vec<Value>,
        any: &mut bool,
    ) -> R<()> {
        for item in Long::from(items) {
            self.heed()?;
            if item.is_null() {
                continue;
            }
            match self.get_member(&item, name)? {
                Some(value) => {
                    *any = true;
                    match self.enumerate(&value)? {
                        Some(inner) => found.extend(inner),
                        None if matches!(value, Value::Nothing) => {}
                        None => found.push(value),
                    }
                }
                None => {
                    if let Some(inner) = self.enumerate(&item)? {
                        self.read_from_items(inner, name, found, any)?;
                    } else if self.strict_mode() >= 20 {
                        return self.property_not_found(name);
                    } else if matches!(item.base(), Value::Custom(_)) {
                        // A custom object answers null for what it lacks; others are left out.
                        *any = true;
                        found.push(Value::Null);
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn property_not_found<T>(&mut self, name: &str) -> R<T> {
        self.raise(
            Fault::of(
                "System.Management.Automation.PropertyNotFoundException",
                "PropertyNotFoundStrict",
                Category::NotSpecified,
                format!(
                    "The property '{name}' cannot be found on this object. Verify that the property exists."
                ),
            ),
        )
    }
}

/// `Count` and `Length`, which every scalar answers.
fn is_count(name: &str) -> bool {
    name.eq_ignore_ascii_case("count") || name.eq_ignore_ascii_case("length")
}

/// The two names that win over the keys of a dictionary.
fn is_intrinsic_over_keys(name: &str) -> bool {
    name.len() >= 6
        && (name.eq_ignore_ascii_case("psobject") || name.eq_ignore_ascii_case("psbase"))
}

/// Values of types for which no type data exists.
/// The type names that a script or a cmdlet gave to an object.
fn given_names(value: &Value) -> Option<Vec<Rc<str>>> {
    let listed = super::added::extension_of(value).and_then(|e| e.read(|d| d.type_names.clone()));
    if let Some(Some(names)) = listed {
        return Some(names);
    }
    match value.base() {
        Value::Custom(object) => {
            let names = object.type_names.borrow();
            (!names.is_empty()).then(|| names.clone())
        }
        _ => None,
    }
}

fn is_plain(value: &Value) -> bool {
    matches!(
        value,
        Value::Str(_)
            | Value::Int(_)
            | Value::Long(_)
            | Value::Double(_)
            | Value::Bool(_)
            | Value::Dict(_)
            | Value::Array(_)
    )
}
