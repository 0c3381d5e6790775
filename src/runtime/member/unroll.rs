//! Which values are collections, and their items.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::R;
use crate::runtime::to_text::list_order;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// The items of a collection that pipelines unroll; `None` for a scalar.
    /// Strings, dictionaries and XML nodes are scalars.
    pub fn enumerate(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        self.heed()?;
        match value.base() {
            Value::Array(array) => self.copy_items(&array.items).map(Some),
            Value::List(list) => {
                let items = list_order(list);
                self.heed()?;
                Ok(Some(items))
            }
            Value::Native(native) => native.body().enumerate(self).transpose(),
            Value::Instance(instance) => {
                let base = instance.native_base.borrow().clone();
                match base {
                    Some(list @ (Value::List(_) | Value::Array(_))) => self.enumerate(&list),
                    Some(Value::Dict(_)) => Ok(None),
                    Some(native @ Value::Native(_))
                        if instance
                            .class
                            .methods_named("GetEnumerator", false)
                            .is_empty() =>
                    {
                        self.enumerate(&native)
                    }
                    _ => self.enumerate_instance(value),
                }
            }
            _ => Ok(None),
        }
    }

    /// The dictionary below an object of a script class that derives from one.
    pub fn base_dictionary(&self, value: &Value) -> Option<Rc<Dictionary>> {
        let Value::Instance(instance) = value.base() else {
            return None;
        };
        match instance.native_base.borrow().as_ref().map(Value::base) {
            Some(Value::Dict(table)) => Some(table.clone()),
            _ => None,
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
        let own = |name| !instance.class.methods_named(name, false).is_empty();
        let enumerator = match own("GetEnumerator") {
            // Neither a collection's own way through its items nor a walk that is under way.
            false if !own("MoveNext") => return Ok(None),
            false => value.clone(),
            true => self.invoke_method(value, "GetEnumerator", Vec::new())?,
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
