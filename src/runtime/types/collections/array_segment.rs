//! `ArraySegment<T>`: a part of an array.

use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::enumerator, failures, known,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The part of an array from an offset on.
struct ArraySegment {
    type_ref: TypeRef,
    array: Rc<Array>,
    offset: usize,
    count: usize,
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let Some(Value::Array(array)) = arguments.first().map(Value::base) else {
        return failures::argument_null("array");
    };
    let (offset, count) = match arguments {
        [_, offset, count] => (vm.to_int(offset)?, vm.to_int(count)?),
        _ => (0, array.len() as i32),
    };
    part(
        type_ref,
        array,
        i64::from(offset),
        i64::from(count),
        array.len(),
    )
    .map(Some)
}

fn part(of: &TypeRef, array: &Rc<Array>, offset: i64, count: i64, end: usize) -> R<Value> {
    match (usize::try_from(offset), usize::try_from(count)) {
        (Ok(offset), Ok(count)) if offset.saturating_add(count) <= end => {
            Ok(Value::native(ArraySegment {
                type_ref: of.clone(),
                array: array.clone(),
                offset,
                count,
            }))
        }
        (Ok(_), Ok(_)) => failures::argument(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "",
        ),
        _ => failures::out_of_range("Non-negative number required.", "offset"),
    }
}

impl ArraySegment {
    fn items(&self) -> Vec<Value> {
        let items = self.array.items.borrow();
        let part = items.get(self.offset..self.offset + self.count);
        part.map(<[Value]>::to_vec).unwrap_or_default()
    }
}

impl Native for ArraySegment {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Array", "Offset", "Count"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "array" => Some(Value::Array(self.array.clone())),
            "offset" => Some(Value::Int(self.offset as i32)),
            "count" => Some(Value::Int(self.count as i32)),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("slice", [index, rest @ ..]) => {
                let index = i64::from(vm.to_int(index)?);
                let count = match rest.first() {
                    Some(count) => i64::from(vm.to_int(count)?),
                    None => self.count as i64 - index,
                };
                let end = self.offset + self.count;
                part(
                    &self.type_ref,
                    &self.array,
                    self.offset as i64 + index,
                    count,
                    end,
                )?
            }
            ("toarray", []) => array::of(&self.array.element, self.items()),
            ("copyto", [Value::Array(target), rest @ ..]) => {
                let at = match rest.first() {
                    Some(at) => vm.to_int(at)?,
                    None => 0,
                };
                array::copy_into(vm, &self.items(), target, at)?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(self.items()),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.items()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let items = array::of(&known::object(), self.items());
        vm.index(&items, index).map(Some)
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let value = vm.convert(&value, &self.array.element)?;
        let at = usize::try_from(vm.to_int(index)?)
            .ok()
            .filter(|at| *at < self.count);
        let Some(at) = at else {
            return failures::bad_index();
        };
        if let Some(place) = self.array.items.borrow_mut().get_mut(self.offset + at) {
            *place = value;
        }
        Ok(Some(()))
    }
}
