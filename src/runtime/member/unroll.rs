//! Which values are collections, and their items.

use crate::runtime::error::R;
use crate::runtime::to_text::list_order;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

impl Vm {
    /// The items of a collection that pipelines unroll; `None` for a scalar.
    /// Strings, dictionaries and XML nodes are scalars.
    pub fn enumerate(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        match value.base() {
            Value::Array(array) => Ok(Some(array.items.borrow().clone())),
            Value::List(list) => Ok(Some(list_order(list))),
            Value::Native(native) => native.body().enumerate(self).transpose(),
            Value::Instance(instance) => {
                let base = instance.native_base.borrow().clone();
                match base {
                    Some(list @ (Value::List(_) | Value::Array(_))) => self.enumerate(&list),
                    _ => self.enumerate_instance(value),
                }
            }
            _ => Ok(None),
        }
    }

    /// An object of a script class that has a `GetEnumerator` of its own.
    fn enumerate_instance(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        let Value::Instance(instance) = value.base() else {
            return Ok(None);
        };
        let class = instance.class.type_of();
        let enumerable = class.all_interfaces().iter().any(|interface| {
            matches!(
                &*interface.full_name,
                "System.Collections.IEnumerable" | "System.Collections.IEnumerator"
            )
        });
        if !enumerable {
            return Ok(None);
        }
        let enumerator = match instance
            .class
            .methods_named("GetEnumerator", false)
            .is_empty()
        {
            true => value.clone(),
            false => self.invoke_method(value, "GetEnumerator", Vec::new())?,
        };
        if !enumerator.same_object(value)
            && let Some(items) = self.enumerate(&enumerator)?
        {
            return Ok(Some(items));
        }
        let mut items = Vec::new();
        loop {
            self.check_interrupt()?;
            let more = self.invoke_method(&enumerator, "MoveNext", Vec::new())?;
            if !self.to_bool(&more) {
                return Ok(Some(items));
            }
            items.push(self.read_property(&enumerator, "Current")?);
        }
    }
}
