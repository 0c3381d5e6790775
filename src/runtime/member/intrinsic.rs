//! The members every object has: `psobject`, `psbase`, `pstypenames` and their kin.

use super::object_view::{ObjectView, TypeNames};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::TypeRef;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A table by its own members, which its keys would hide: `$table.psbase`.
struct BaseView(Value);

impl Native for BaseView {
    fn type_ref(&self) -> TypeRef {
        match self.0.base() {
            Value::Dict(table) => table.type_ref.clone(),
            _ => crate::runtime::types::known::object(),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Count",
            "Keys",
            "Values",
            "IsReadOnly",
            "IsFixedSize",
            "IsSynchronized",
            "SyncRoot",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        vm.property_beside_keys(&self.0, name)
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        crate::runtime::types::dispatch::call(vm, &self.0, name, arguments)
    }
}

impl Vm {
    pub(super) fn intrinsic_member(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        let bytes = name.as_bytes();
        if bytes.len() < 6 || !bytes[..2].eq_ignore_ascii_case(b"ps") {
            return Ok(None);
        }
        Ok(match name.to_ascii_lowercase().as_str() {
            "psobject" => Some(Value::native(ObjectView::new(value.clone()))),
            "pstypenames" => Some(Value::native(TypeNames::new(value.clone()))),
            "psbase" => Some(match value.base() {
                Value::Dict(_) => Value::native(BaseView(value.clone())),
                base => base.clone(),
            }),
            "psadapted" | "psextended" => Some(value.clone()),
            _ => None,
        })
    }
}
