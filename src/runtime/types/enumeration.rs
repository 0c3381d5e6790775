//! Members of enumerations, and `System.Enum`.

use crate::runtime::error::R;
use crate::runtime::types::{TypeRef, collections::array, failures, known};
use crate::runtime::value::{EnumValue, Value};
use crate::runtime::vm::Vm;

fn underlying(type_ref: &TypeRef) -> crate::runtime::types::TypeCode {
    type_ref
        .enum_definition()
        .map_or(crate::runtime::types::TypeCode::Int, |d| d.underlying)
}

/// The number of a member.
pub fn number(member: &EnumValue) -> Value {
    crate::runtime::types::numerics::numbers::integer(
        underlying(&member.type_ref),
        i128::from(member.bits),
    )
}

/// A property.
pub fn get(member: &EnumValue, name: &str) -> Option<Value> {
    (name == "value__").then(|| number(member))
}

/// A method.
pub fn call(vm: &mut Vm, member: &EnumValue, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("hasflag", [other]) => {
            let other = vm.convert(other, &member.type_ref)?;
            match other.base() {
                Value::Enum(other) => Value::Bool(member.bits & other.bits == other.bits),
                _ => Value::Bool(false),
            }
        }
        ("tostring", [format, ..]) => {
            let format = format.as_str().unwrap_or("").to_string();
            let culture = vm.culture();
            let value = Value::enumeration(member.type_ref.clone(), member.bits);
            Value::str(vm.format_value(&value, Some(&format), culture)?)
        }
        ("compareto", [other]) => match other.base() {
            Value::Enum(other) if other.type_ref == member.type_ref => {
                Value::Int(member.bits.cmp(&other.bits) as i32)
            }
            Value::Null | Value::Nothing => Value::Int(1),
            _ => {
                return failures::argument(
                    format!(
                        "Object must be the same type as the enum. The type passed in was '{}'; the enum type was '{}'.",
                        vm.type_of(other).full_name,
                        member.type_ref.full_name
                    ),
                    "",
                );
            }
        },
        _ => return Ok(None),
    }))
}

fn enum_type(value: &Value) -> R<TypeRef> {
    match value.base() {
        Value::Type(type_ref) if type_ref.is_enum() => Ok(type_ref.clone()),
        _ => failures::argument("Type provided must be an Enum.", "enumType"),
    }
}

/// Reads a name, a list of names or a number.
fn parse(type_ref: &TypeRef, text: &str, ignore_case: bool) -> Option<i64> {
    let definition = type_ref.enum_definition()?;
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let mut bits = 0;
    for part in text.split(',') {
        let part = part.trim();
        let (_, value) = definition.members.iter().find(|(name, _)| {
            &**name == part || (ignore_case && name.eq_ignore_ascii_case(part))
        })?;
        bits |= value;
    }
    Some(bits)
}

/// Static methods of `System.Enum`, or of one enumeration.
pub fn call_static(
    vm: &mut Vm,
    of: Option<&TypeRef>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let (type_ref, rest) = match arguments {
        [first, rest @ ..] if matches!(first.base(), Value::Type(_)) => (enum_type(first)?, rest),
        rest => match of {
            Some(type_ref) if type_ref.is_enum() => (type_ref.clone(), rest),
            _ => {
                if let ("tryparse" | "parse", [_, ..]) = (name, arguments) {
                    return Ok(None);
                }
                return match arguments.first() {
                    Some(first) => enum_type(first).map(|_| None),
                    None => Ok(None),
                };
            }
        },
    };
    let Some(definition) = type_ref.enum_definition().cloned() else {
        return Ok(None);
    };
    let mut sorted = definition.members.clone();
    sorted.sort_by_key(|(_, value)| *value as u64);
    Ok(Some(match (name, rest) {
        ("getnames", []) => Value::strings(sorted.iter().map(|(n, _)| n.to_string())),
        ("getvalues", []) => array::of(
            &type_ref,
            sorted
                .iter()
                .map(|(_, v)| Value::enumeration(type_ref.clone(), *v))
                .collect(),
        ),
        ("getunderlyingtype", []) => Value::Type(vm.type_of(
            &crate::runtime::types::numerics::numbers::integer(definition.underlying, 0),
        )),
        ("getname", [value]) => {
            let bits = bits_of(vm, value)?;
            match definition.name_of(bits) {
                Some(name) => Value::str(&**name),
                None => Value::Null,
            }
        }
        ("isdefined", [value]) => Value::Bool(match value.base() {
            Value::Str(name) => definition.members.iter().any(|(n, _)| **n == **name),
            other => {
                let bits = bits_of(vm, other)?;
                definition.name_of(bits).is_some()
            }
        }),
        ("parse", [text, how @ ..]) => {
            let ignore_case = matches!(how.first(), Some(Value::Bool(true)));
            let text = vm.to_text(text)?;
            match parse(&type_ref, &text, ignore_case) {
                Some(bits) => Value::enumeration(type_ref, bits),
                None if text.trim().is_empty() => {
                    return failures::argument(
                        "Must specify valid information for parsing in the string.",
                        "value",
                    );
                }
                None => {
                    return failures::argument(
                        format!("Requested value '{text}' was not found."),
                        "",
                    );
                }
            }
        }
        ("tryparse", [text, how @ .., Value::Ref(place)]) => {
            let ignore_case = matches!(how.first(), Some(Value::Bool(true)));
            let text = vm.to_text(text)?;
            let parsed = parse(&type_ref, &text, ignore_case);
            place.set(Value::enumeration(type_ref, parsed.unwrap_or(0)));
            Value::Bool(parsed.is_some())
        }
        ("toobject", [value]) => {
            let bits = bits_of(vm, value)?;
            Value::enumeration(type_ref, bits)
        }
        ("format", [value, format]) => {
            let bits = bits_of(vm, value)?;
            let format = vm.to_text(format)?;
            let culture = vm.culture();
            let value = Value::enumeration(type_ref, bits);
            Value::str(vm.format_value(&value, Some(&format), culture)?)
        }
        _ => return Ok(None),
    }))
}

fn bits_of(vm: &mut Vm, value: &Value) -> R<i64> {
    match value.base() {
        Value::Enum(e) => Ok(e.bits),
        other => match vm.convert(other, &known::long())? {
            Value::Long(n) => Ok(n),
            _ => Ok(0),
        },
    }
}
