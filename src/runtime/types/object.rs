//! What every object can do: `ToString`, `Equals`, `GetHashCode`, `GetType`, `CompareTo`.

use crate::runtime::collection::{KeyIdentity, key_identity};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, equality, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::hash::{Hash, Hasher};

/// `[object]::new()`
pub struct PlainObject;

impl Native for PlainObject {
    fn type_ref(&self) -> TypeRef {
        known::object()
    }
}

/// `ToString()` of a value: culture-dependent for numbers and dates, the type's name for collections.
pub fn to_string(vm: &mut Vm, value: &Value) -> R<String> {
    match value.base() {
        Value::Array(_) | Value::List(_) | Value::Dict(_) => {
            Ok(vm.type_of(value).reflection_text())
        }
        Value::Type(type_ref) => Ok(type_ref.reflection_text()),
        Value::Native(native) => native.body().to_text(vm),
        Value::Custom(_) => vm.to_text(value).map(|text| match value.base() {
            Value::Custom(object)
                if object
                    .members
                    .get(crate::runtime::symbol::Symbol::fold("ToString"))
                    .is_some() =>
            {
                text
            }
            _ => String::new(),
        }),
        base => crate::runtime::types::numerics::numbers::to_string(vm, base, None, None),
    }
}

/// The hash code of a value.
pub fn hash_code(value: &Value) -> i32 {
    match value.base() {
        Value::Int(n) => *n,
        Value::Short(n) => i32::from(*n),
        Value::Byte(n) => i32::from(*n),
        Value::Bool(b) | Value::Switch(b) => i32::from(*b),
        Value::Long(n) => (*n as i32) ^ ((*n >> 32) as i32),
        Value::Char(c) => i32::from(*c) | (i32::from(*c) << 16),
        Value::Enum(e) => e.bits as i32,
        other => {
            let mut hasher = rustc_hash::FxHasher::default();
            match key_identity(other, false) {
                KeyIdentity::Text(text) => text.as_str().hash(&mut hasher),
                identity => identity.hash(&mut hasher),
            }
            hasher.finish() as i32
        }
    }
}

/// The methods of `System.Object`, for every value.
pub fn call(vm: &mut Vm, target: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tostring", []) => Value::str(to_string(vm, target)?),
        ("gettype", []) => Value::Type(vm.type_of(target.base())),
        ("equals", [other]) => Value::Bool(equality::equal(vm, target, other)?),
        ("gethashcode", []) => Value::Int(hash_code(target)),
        ("compareto", [other]) if is_comparable(target) => {
            Value::Int(equality::order(vm, target, other)? as i32)
        }
        ("clone", []) => match target.base() {
            Value::Str(_) => target.base().clone(),
            _ => return Ok(None),
        },
        (method, [handler])
            if (method.starts_with("add_") || method.starts_with("remove_"))
                && vm.change_handlers(target, method, handler).is_some() =>
        {
            Value::Nothing
        }
        ("gettypecode", []) => Value::enum_of("System.TypeCode", type_code(target.base())),
        _ => return Ok(None),
    }))
}

fn is_comparable(value: &Value) -> bool {
    match value.base() {
        Value::Str(_)
        | Value::Char(_)
        | Value::Bool(_)
        | Value::DateTime(_)
        | Value::TimeSpan(_)
        | Value::Enum(_) => true,
        Value::Native(_) | Value::Instance(_) => true,
        other => other.is_number(),
    }
}

fn type_code(value: &Value) -> i64 {
    match value {
        Value::Bool(_) => 3,
        Value::Char(_) => 4,
        Value::SByte(_) => 5,
        Value::Byte(_) => 6,
        Value::Short(_) => 7,
        Value::UShort(_) => 8,
        Value::Int(_) | Value::Enum(_) => 9,
        Value::UInt(_) => 10,
        Value::Long(_) => 11,
        Value::ULong(_) => 12,
        Value::Float(_) => 13,
        Value::Double(_) => 14,
        Value::Decimal(_) => 15,
        Value::DateTime(_) => 16,
        Value::Str(_) => 18,
        Value::Null | Value::Nothing => 0,
        _ => 1,
    }
}

/// The static methods of `System.Object`.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("referenceequals", [a, b]) => Value::Bool(a.same_object(b)),
        ("equals", [a, b]) => Value::Bool(equality::equal(vm, a, b)?),
        _ => return Ok(None),
    }))
}
