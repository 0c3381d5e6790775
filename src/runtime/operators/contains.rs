//! `-contains`, `-in` and their negations.

use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    pub(super) fn contains(
        &mut self,
        items: &Value,
        wanted: &Value,
        ignore_case: bool,
    ) -> R<Value> {
        Ok(Value::Bool(self.holds(items, wanted, ignore_case)?))
    }

    pub(super) fn contains_not(
        &mut self,
        items: &Value,
        wanted: &Value,
        ignore_case: bool,
    ) -> R<Value> {
        Ok(Value::Bool(!self.holds(items, wanted, ignore_case)?))
    }

    /// Whether one of the items equals the value; a single value is its own only item.
    fn holds(&mut self, items: &Value, wanted: &Value, ignore_case: bool) -> R<bool> {
        let Some(items) = self.operand_items(items)? else {
            return self.equals(items, wanted, ignore_case);
        };
        for item in &items {
            self.check_interrupt()?;
            if self.equals(item, wanted, ignore_case)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
