//! IntPtr and UIntPtr: numbers as wide as an address, which scripts pass on and seldom compute with.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, known, numerics::numbers, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// An address; of `UIntPtr` the bits are those of a number without sign.
struct Pointer {
    bits: i64,
    signed: bool,
}

impl Pointer {
    fn number(&self) -> i128 {
        match self.signed {
            true => i128::from(self.bits),
            false => i128::from(self.bits as u64),
        }
    }
}

fn value(bits: i64, signed: bool) -> Value {
    Value::native(Pointer { bits, signed })
}

fn is_signed(type_ref: &TypeRef) -> bool {
    type_ref.definition_name() == "System.IntPtr"
}

/// A pointer of a number; of nothing the zero.
pub fn construct(type_ref: &TypeRef, arguments: &[Value]) -> Option<Value> {
    let bits = match arguments.first() {
        None => 0,
        Some(number) => numbers::as_integer(number.base())? as i64,
    };
    Some(value(bits, is_signed(type_ref)))
}

/// Static fields and properties; the name is in lower case.
pub fn read_static(type_ref: &TypeRef, name: &str) -> Option<Value> {
    let signed = is_signed(type_ref);
    Some(match (name, signed) {
        ("size", _) => Value::Int(8),
        ("zero", _) | ("minvalue", false) => value(0, signed),
        ("maxvalue", true) => value(i64::MAX, true),
        ("maxvalue", false) => value(-1, false),
        ("minvalue", true) => value(i64::MIN, true),
        _ => return None,
    })
}

impl Native for Pointer {
    fn type_ref(&self) -> TypeRef {
        let name = match self.signed {
            true => "System.IntPtr",
            false => "System.UIntPtr",
        };
        type_named(name)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.number().to_string())
    }

    fn key_text(&self) -> Option<String> {
        Some(self.number().to_string())
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        let other = other.as_native::<Pointer>()?;
        Some(self.number().cmp(&other.number()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let number = match self.signed {
            true => Value::Long(self.bits),
            false => Value::ULong(self.bits as u64),
        };
        Ok(match name {
            "toint64" | "touint64" => Some(number),
            "toint32" => vm.convert(&number, &known::int()).map(Some)?,
            "tostring" => vm
                .invoke_method(&number, "ToString", arguments.to_vec())
                .map(Some)?,
            _ => None,
        })
    }
}
