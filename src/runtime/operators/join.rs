//! `-join`

use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    pub(super) fn join(&mut self, left: &Value, separator: &Value) -> R<Value> {
        let separator = self.to_written_text(separator)?;
        let Some(items) = self.operand_items(left)? else {
            return Ok(Value::str(self.to_written_text(left)?));
        };
        let mut joined = String::new();
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                joined.push_str(&separator);
            }
            match item {
                Value::Str(text) => joined.push_str(text),
                Value::Array(_) | Value::List(_) => joined.push_str(&self.element_text(item)?),
                _ => joined.push_str(&self.to_written_text(item)?),
            }
        }
        Ok(Value::str(joined))
    }
}
