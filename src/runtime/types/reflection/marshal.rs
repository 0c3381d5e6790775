//! `System.Runtime.InteropServices.Marshal`: what it tells of types without
//! touching memory.

use crate::runtime::error::R;
use crate::runtime::types::{TypeCode, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// `[Marshal]::SizeOf(type)` or of a value: how many bytes unmanaged code sees.
pub fn size_of(vm: &mut Vm, of: &Value) -> R<Value> {
    let type_ref = match of.base() {
        Value::Type(type_ref) => type_ref.clone(),
        Value::Null | Value::Nothing => return failures::argument_null("structure"),
        other => vm.type_of(other),
    };
    Ok(Value::Int(match type_ref.code {
        TypeCode::Byte | TypeCode::SByte | TypeCode::Char => 1,
        TypeCode::Short | TypeCode::UShort => 2,
        TypeCode::Int | TypeCode::UInt | TypeCode::Float | TypeCode::Bool => 4,
        TypeCode::Long | TypeCode::ULong | TypeCode::Double => 8,
        TypeCode::Decimal => 16,
        _ => match type_ref.definition_name() {
            "System.Guid" => 16,
            "System.IntPtr" | "System.UIntPtr" | "System.TimeSpan" => 8,
            _ if type_ref == known::timespan() => 8,
            name => {
                return failures::argument(
                    format!(
                        "Type '{name}' cannot be marshaled as an unmanaged structure; no meaningful size or offset can be computed."
                    ),
                    "t",
                );
            }
        },
    }))
}
