//! `System.Nullable`: questions about types and values that may be null.

use crate::runtime::error::R;
use crate::runtime::types::{TypeCode, equality};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("getunderlyingtype", [Value::Type(of)]) => {
            let inner = of
                .arguments
                .first()
                .filter(|_| of.code == TypeCode::Nullable);
            Some(inner.cloned().map_or(Value::Null, Value::Type))
        }
        ("compare", [one, other]) => Some(Value::Int(equality::order(vm, one, other)? as i32)),
        ("equals", [one, other]) => Some(Value::Bool(equality::equal(vm, one, other)?)),
        _ => None,
    })
}
