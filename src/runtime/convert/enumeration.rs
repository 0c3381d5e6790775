//! Names and numbers to members of enumerations.

use super::failure::{Converted, Failure};
use super::numbers;
use crate::runtime::class::EnumDefinition;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::TypeRef;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The names of an enumeration, in the order of their values.
pub(crate) fn names_of(target: &TypeRef) -> Vec<Rc<str>> {
    let Some(definition) = target.enum_definition() else {
        return Vec::new();
    };
    let mut members = definition.members.clone();
    members.sort_by_key(|(_, bits)| *bits as u64);
    members.into_iter().map(|(name, _)| name).collect()
}

impl Vm {
    pub(super) fn cast_enum(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let Some(definition) = target.enum_definition().cloned() else {
            return Err(self.no_conversion(value, target));
        };
        match value {
            Value::Str(text) => self.enum_from_text(text, value, target, &definition),
            Value::Array(_) | Value::List(_) => {
                let items = match value {
                    Value::Array(array) => array.items.borrow().clone(),
                    Value::List(list) => list.items.borrow().clone(),
                    _ => Vec::new(),
                };
                let mut texts = Vec::with_capacity(items.len());
                for item in &items {
                    texts.push(self.element_text(item)?);
                }
                let joined = Value::str(texts.join(","));
                let text = texts.join(",");
                self.enum_from_text(&text, &joined, target, &definition)
            }
            // The default constructor without properties to set.
            Value::Dict(dictionary) if dictionary.is_empty() => {
                Ok(Value::enumeration(target.clone(), 0))
            }
            Value::Char(_) | Value::DateTime(_) => Err(self.failed_with(
                "InvalidCastIConvertible",
                value,
                target,
                "System.InvalidCastException",
                format!(
                    "Invalid cast from '{}' to '{}'.",
                    self.type_of(value).full_name,
                    target.full_name
                ),
            )),
            Value::Bool(_) | Value::Switch(_) => Err(self.no_conversion(value, target)),
            Value::Enum(e) => self.enum_from_number(e.bits, value, target, &definition),
            _ => match numbers::integer_of(value) {
                Some(bits) => self.enum_from_number(bits, value, target, &definition),
                None if value.is_number() => {
                    let text = self.to_text(value)?;
                    self.enum_from_text(&text, value, target, &definition)
                }
                None => Err(self.no_conversion(value, target)),
            },
        }
    }

    fn enum_from_number(
        &mut self,
        bits: i64,
        value: &Value,
        target: &TypeRef,
        definition: &EnumDefinition,
    ) -> Converted {
        if is_defined(bits, definition) {
            Ok(Value::enumeration(target.clone(), bits))
        } else {
            Err(self.undefined(value, target, "UndefinedIntegerToEnum"))
        }
    }

    fn undefined(&mut self, value: &Value, target: &TypeRef, id: &'static str) -> Failure {
        let text = self.shown(value);
        Failure::new(
            id,
            format!(
                "Cannot convert value \"{text}\" to type \"{}\" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are \"{}\".",
                target.reflection_text(),
                names_of(target).join(",")
            ),
        )
    }

    fn enum_from_text(
        &mut self,
        text: &str,
        value: &Value,
        target: &TypeRef,
        definition: &EnumDefinition,
    ) -> Converted {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let mut bits = 0;
        let mut all_known = true;
        for part in &parts {
            match number_or_name(part, definition) {
                Some(found) => bits |= found,
                None => {
                    all_known = false;
                    break;
                }
            }
        }
        if all_known {
            return if is_defined(bits, definition) || parts.len() > 1 && !definition.flags {
                Ok(Value::enumeration(target.clone(), bits))
            } else {
                Err(self.undefined(value, target, "EnumParseUndefined"))
            };
        }
        if MATCHED_BY_PATTERN.contains(&&*target.full_name)
            && let Some(bits) = matched(&parts, definition)
        {
            return Ok(Value::enumeration(target.clone(), bits));
        }
        let whole = text.trim();
        let candidates: Vec<&(Rc<str>, i64)> = definition
            .members
            .iter()
            .filter(|(name, _)| !whole.is_empty() && starts_with(name, whole))
            .collect();
        if let [(_, only)] = candidates.as_slice() {
            return Ok(Value::enumeration(target.clone(), *only));
        }
        let (exception, message) = if whole.is_empty() {
            (
                "System.ArgumentException",
                "Must specify valid information for parsing in the string. (Parameter 'value')"
                    .to_string(),
            )
        } else if candidates.is_empty() {
            (
                "System.ArgumentException",
                format!(
                    "Unable to match the identifier name {whole} to a valid enumerator name. Specify one of the following enumerator names and try again:\n{}",
                    names_of(target).join(", ")
                ),
            )
        } else {
            let alike: Vec<&str> = candidates.iter().map(|(name, _)| &**name).collect();
            (
                "System.ArgumentException",
                format!(
                    "Unable to process identifier name {whole} because the identifier name is too similar to the following enumerator names: {}. Use a more specific identifier name.",
                    alike.join(", ")
                ),
            )
        };
        Err(self.failed_with(
            "SubstringDisambiguationEnumParseThrewAnException",
            value,
            target,
            exception,
            message,
        ))
    }
}

/// Enumerations whose names may be given as patterns.
const MATCHED_BY_PATTERN: &[&str] = &[
    "System.Management.Automation.PSMemberTypes",
    "System.Management.Automation.PSMemberViewTypes",
];

/// All that the patterns match together, if each of them matches something.
fn matched(parts: &[&str], definition: &EnumDefinition) -> Option<i64> {
    let mut bits = 0;
    for part in parts {
        let pattern = WildcardPattern::cached(part, true).ok()?;
        let mut found = definition
            .members
            .iter()
            .filter(|(name, _)| pattern.is_match(name))
            .peekable();
        found.peek()?;
        bits |= found.fold(0, |all, (_, each)| all | each);
    }
    Some(bits)
}

fn starts_with(name: &str, beginning: &str) -> bool {
    name.get(..beginning.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(beginning))
}

fn number_or_name(part: &str, definition: &EnumDefinition) -> Option<i64> {
    let exact = definition.members.iter().find(|(name, _)| **name == *part);
    exact
        .or_else(|| {
            definition
                .members
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(part))
        })
        .map(|(_, bits)| *bits)
        .or_else(|| part.parse::<i64>().ok())
        .or_else(|| part.parse::<u64>().ok().map(|bits| bits as i64))
}

/// Whether the bits are a member, or a combination of members where those combine.
fn is_defined(bits: i64, definition: &EnumDefinition) -> bool {
    // An enumeration with a negative member takes any number.
    if definition.members.iter().any(|(_, b)| *b == bits || *b < 0) {
        return true;
    }
    if !definition.flags {
        return false;
    }
    let all = definition.members.iter().fold(0, |all, (_, b)| all | b);
    bits & !all == 0 && bits != 0
}
