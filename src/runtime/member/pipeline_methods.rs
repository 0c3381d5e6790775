//! `.Where{}` and `.ForEach{}`, which every value has.

use crate::host::discard::Long;
use crate::runtime::collection::List;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::{find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

fn collection(items: Vec<Value>) -> Value {
    Value::List(Rc::new(List::collection(items)))
}

impl Vm {
    fn items_for_methods(&mut self, target: &Value) -> R<Vec<Value>> {
        Ok(match self.enumerate(target)? {
            Some(items) => items,
            None => vec![target.clone()],
        })
    }

    fn block_argument(&mut self, value: &Value) -> R<Rc<ScriptBlock>> {
        match self.convert(value, &known::script_block())?.base() {
            Value::Block(block) => Ok(block.clone()),
            _ => self.raise(Fault::new("NullArgument", "The script block is missing.")),
        }
    }

    fn block_holds(&mut self, block: &Rc<ScriptBlock>, item: &Value) -> R<bool> {
        let output = self.call_block_for(block, item)?;
        Ok(self.to_bool(&Vm::captured(output)))
    }

    /// The error of `.Where()` and `.ForEach()` with too few or too many arguments, which shows how to call them.
    fn wrong_pipeline_call<T>(&mut self, usage: &str, count: usize) -> R<T> {
        self.raise(Fault::of(
            "System.Management.Automation.MethodException",
            "MethodCountCouldNotFindBest",
            Category::NotSpecified,
            format!("Cannot find an overload for \"{usage}\" and the argument count: \"{count}\"."),
        ))
    }

    pub(super) fn where_method(&mut self, target: &Value, arguments: Vec<Value>) -> R<Value> {
        if arguments.is_empty() || arguments.len() > 3 {
            return self.wrong_pipeline_call(
                ".Where({ expression } [, mode [, numberToReturn]])",
                arguments.len(),
            );
        }
        let block = self.block_argument(&arguments[0])?;
        let mode = match arguments.get(1) {
            None => 0,
            Some(mode) => {
                let type_ref = find_full("System.Management.Automation.WhereOperatorSelectionMode")
                    .unwrap_or_else(known::int);
                match self.convert(mode, &type_ref)? {
                    Value::Enum(mode) => mode.bits,
                    _ => 0,
                }
            }
        };
        let limit = match arguments.get(2) {
            None => 0,
            Some(count) => self.to_int(count)?,
        };
        if limit < 0 {
            return self.raise(
                Fault::of(
                    "System.Management.Automation.PSArgumentOutOfRangeException",
                    "ArgumentOutOfRange",
                    Category::InvalidArgument,
                    "The value of argument \"numberToReturn\" is out of range.",
                )
                .target(Value::Int(limit)),
            );
        }
        let limit = limit as usize;
        let items = self.items_for_methods(target)?;
        self.select_items(items, &block, mode, limit)
    }

    fn select_items(
        &mut self,
        items: Vec<Value>,
        block: &Rc<ScriptBlock>,
        mode: i64,
        limit: usize,
    ) -> R<Value> {
        let full = |found: &Vec<Value>| limit > 0 && found.len() >= limit;
        let mut found = Vec::new();
        match mode {
            // First
            1 => {
                let limit = limit.max(1);
                for item in items {
                    if self.block_holds(block, &item)? {
                        found.push(item);
                        if found.len() >= limit {
                            break;
                        }
                    }
                }
            }
            // Last
            2 => {
                for item in items {
                    if self.block_holds(block, &item)? {
                        found.push(item);
                    }
                }
                let keep = limit.max(1);
                found.drain(..found.len().saturating_sub(keep));
            }
            // SkipUntil
            3 => {
                let mut taking = false;
                for item in items {
                    taking = taking || self.block_holds(block, &item)?;
                    if taking && !full(&found) {
                        found.push(item);
                    }
                }
            }
            // Until
            4 => {
                for item in items {
                    if full(&found) || self.block_holds(block, &item)? {
                        break;
                    }
                    found.push(item);
                }
            }
            // Split
            5 => {
                let mut rest = Vec::new();
                for item in items {
                    if !full(&found) && self.block_holds(block, &item)? {
                        found.push(item);
                    } else {
                        rest.push(item);
                    }
                }
                return Ok(collection(vec![collection(found), collection(rest)]));
            }
            _ => {
                for item in items {
                    if full(&found) {
                        break;
                    }
                    if self.block_holds(block, &item)? {
                        found.push(item);
                    }
                }
            }
        }
        Ok(collection(found))
    }

    pub(super) fn foreach_method(&mut self, target: &Value, arguments: Vec<Value>) -> R<Value> {
        let Some((first, rest)) = arguments.split_first() else {
            return self.wrong_pipeline_call(".ForEach(expression [, arguments...])", 0);
        };
        let items = Long::from(self.items_for_methods(target)?);
        let mut found = Long::default();
        match first.base() {
            Value::Block(block) => {
                for item in items {
                    let output = self.call_block_with(
                        block,
                        BlockCall {
                            arguments: rest.to_vec(),
                            item: Some(item),
                            dot_sourced: true,
                            ..BlockCall::default()
                        },
                    )?;
                    found.extend(output);
                }
            }
            Value::Type(type_ref) => {
                if let Some(element) = type_ref.arguments.first()
                    && type_ref.element().is_none()
                    && type_ref.code == crate::runtime::types::TypeCode::Other
                {
                    return self.foreach_generic(&items, type_ref, element);
                }
                for item in items {
                    self.heed()?;
                    found.push(self.convert_argument(item, type_ref, "item", "Add")?);
                }
            }
            _ => {
                let name = self.to_text(first)?;
                for item in items {
                    self.heed()?;
                    self.foreach_member(&item, &name, rest, &mut found)?;
                }
            }
        }
        Ok(collection(found.into_inner()))
    }

    fn foreach_generic(
        &mut self,
        items: &[Value],
        type_ref: &crate::runtime::types::TypeRef,
        element: &crate::runtime::types::TypeRef,
    ) -> R<Value> {
        let mut converted = Vec::new();
        for item in items {
            self.heed()?;
            match self.convert(item, element) {
                Ok(value) => converted.push(value),
                Err(unwind) => return self.foreach_conversion_failed(unwind),
            }
        }
        Ok(Value::List(Rc::new(List::new(type_ref.clone(), converted))))
    }

    fn foreach_conversion_failed<T>(&mut self, unwind: Box<Unwind>) -> R<T> {
        let Unwind::Error(thrown) = &*unwind else {
            return Err(unwind);
        };
        let message = thrown.record.exception_message();
        let mut fault = Fault::of(
            "System.Management.Automation.MethodException",
            "MethodArgumentConversionInvalidCastArgument",
            Category::NotSpecified,
            message,
        );
        if let Some(cast) = crate::runtime::convert::cast_exception(&unwind) {
            fault.exception = fault.exception.with_inner(cast);
        }
        self.raise(fault)
    }

    fn foreach_member(
        &mut self,
        item: &Value,
        name: &str,
        arguments: &[Value],
        found: &mut Vec<Value>,
    ) -> R<()> {
        if item.is_null() {
            found.push(Value::Null);
            return Ok(());
        }
        let property = self.get_member(item, name)?;
        match (property, arguments) {
            (Some(value), []) if value.as_native::<super::method::Method>().is_none() => {
                match self.enumerate(&value)? {
                    Some(inner) => found.extend(inner),
                    None => found.push(value),
                }
            }
            (Some(_), [value]) => self.write_property(item, name, value.clone())?,
            _ => {
                if self.method_object(item, name)?.is_none()
                    && super::added::own_member(item, crate::runtime::symbol::Symbol::fold(name))
                        .is_none()
                {
                    found.push(Value::Null);
                    return Ok(());
                }
                match self.invoke_method(item, name, arguments.to_vec())? {
                    Value::Nothing => {}
                    value => match self.enumerate(&value)? {
                        Some(inner) => found.extend(inner),
                        None => found.push(value),
                    },
                }
            }
        }
        Ok(())
    }
}
