//! `-join`

use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::types::find_full;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    pub(super) fn join(&mut self, left: &Value, separator: &Value) -> R<Value> {
        let separator = self.to_written_text(separator)?;
        let items = match self.is_bare_enumerator(left) {
            true => None,
            false => self.operand_items(left)?,
        };
        let Some(items) = items else {
            return Ok(Value::str(self.to_written_text(left)?));
        };
        let mut joined = String::new();
        for (i, item) in items.iter().enumerate() {
            self.check_interrupt()?;
            if !limits::text_may_grow(joined.len()) {
                return crate::runtime::types::failures::out_of_memory();
            }
            if i > 0 {
                joined.push_str(&separator);
            }
            match item {
                Value::Str(text) => joined.push_str(text),
                Value::Array(_) | Value::List(_) => joined.push_str(&self.element_text(item)?),
                Value::Double(_) | Value::Float(_) | Value::Decimal(_) | Value::DateTime(_) => {
                    joined.push_str(&self.shown_text(item)?);
                }
                _ => joined.push_str(&self.to_written_text(item)?),
            }
        }
        Ok(Value::str(joined))
    }

    /// An enumerator is no collection here; its text joins the items by itself.
    fn is_bare_enumerator(&self, value: &Value) -> bool {
        let Value::Native(native) = value.base() else {
            return false;
        };
        let type_ref = native.body().type_ref();
        let is = |name| find_full(name).is_some_and(|wanted| type_ref.is_a(&wanted));
        is("System.Collections.IEnumerator") && !is("System.Collections.IEnumerable")
    }
}
