//! System.DBNull: the null of databases, a value unlike `$null`.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The one object of its type.
pub struct DBNull;

/// `[DBNull]::Value`, always the same object.
pub fn value() -> Value {
    thread_local! { static ONLY: Value = Value::native(DBNull); }
    ONLY.with(Value::clone)
}

/// Whether a value is the null of databases.
pub fn is(value: &Value) -> bool {
    value.as_native::<DBNull>().is_some()
}

impl Native for DBNull {
    fn type_ref(&self) -> TypeRef {
        type_named("System.DBNull")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(String::new())
    }

    fn properties(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn get(&self, _vm: &mut Vm, _name: &str) -> R<Option<Value>> {
        Ok(None)
    }
}
