//! The members every object has: `psobject`, `psbase`, `pstypenames` and their kin.

use super::object_view::{ObjectView, TypeNames};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    pub(super) fn intrinsic_member(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        let bytes = name.as_bytes();
        if bytes.len() < 6 || !bytes[..2].eq_ignore_ascii_case(b"ps") {
            return Ok(None);
        }
        Ok(match name.to_ascii_lowercase().as_str() {
            "psobject" => Some(Value::native(ObjectView::new(value.clone()))),
            "pstypenames" => Some(Value::native(TypeNames::new(value.clone()))),
            "psbase" => Some(value.base().clone()),
            "psadapted" | "psextended" => Some(value.clone()),
            _ => None,
        })
    }
}
