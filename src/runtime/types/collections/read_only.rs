//! `ReadOnlyCollection<T>`: a view of a list that shows its changes but makes none.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, collections::enumerator, failures, find_full, generic, known,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A view of a list or an array.
pub struct ReadOnlyCollection {
    type_ref: TypeRef,
    list: Value,
}

/// A view of a list whose items have this type.
pub fn view_of(element: &TypeRef, list: Value) -> Value {
    let definition = find_full("System.Collections.ObjectModel.ReadOnlyCollection`1");
    let arguments = vec![element.clone()];
    let type_ref = definition.map_or_else(known::object, |it| generic(&it, arguments));
    Value::native(ReadOnlyCollection { type_ref, list })
}

/// A constructor.
pub fn construct(type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    match arguments {
        [list] if !list.is_null() => Ok(Some(Value::native(ReadOnlyCollection {
            type_ref: type_ref.clone(),
            list: list.clone(),
        }))),
        _ => failures::argument_null("list"),
    }
}

impl ReadOnlyCollection {
    fn items(&self, vm: &mut Vm) -> R<Vec<Value>> {
        Ok(vm.enumerate(&self.list)?.unwrap_or_default())
    }
}

impl Native for ReadOnlyCollection {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Count",
            "IsReadOnly",
            "IsFixedSize",
            "SyncRoot",
            "IsSynchronized",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(self.items(vm)?.len() as i32)),
            "isreadonly" | "isfixedsize" => Some(Value::Bool(true)),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let items = self.items(vm)?;
        Ok(Some(match (name, arguments) {
            ("add" | "insert" | "remove" | "removeat" | "clear" | "set_item", _) => {
                return failures::not_supported("Collection is read-only.");
            }
            ("contains", [wanted]) => Value::Bool(array::find(vm, &items, wanted)?.is_some()),
            ("indexof", [wanted]) => {
                let place = array::find(vm, &items, wanted)?;
                Value::Int(place.map_or(-1, |place| place as i32))
            }
            ("item" | "get_item", [at]) => {
                let at = usize::try_from(vm.to_int(at)?).ok();
                match at.and_then(|at| items.get(at).cloned()) {
                    Some(item) => item,
                    None => return failures::bad_index(),
                }
            }
            ("copyto", [Value::Array(target), at]) => {
                let at = vm.to_int(at)?;
                array::copy_into(vm, &items, target, at)?;
                Value::Nothing
            }
            ("getenumerator", []) => enumerator::Enumerator::value(items),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(self.items(vm))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        vm.index(&self.list, index).map(Some)
    }
}
