//! Objects of .NET types that are written in Rust.

use super::collection::key_identity;
use super::error::R;
use super::object::Extension;
use super::types::TypeRef;
use super::types::plain_object::PlainObject;
use super::value::Value;
use super::vm::Vm;
use crate::host::discard::free_nested;
use std::any::Any;
use std::cmp::Ordering;

/// The behaviour of a .NET type. One file per type in `runtime/types/`.
pub trait Native: Any {
    /// The exact type.
    fn type_ref(&self) -> TypeRef;

    /// What `ToString()` gives; by default the type's name.
    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref().display_full())
    }

    /// What strings, casts to `[string]` and text operators make of a type whose `ToString()`
    /// goes by the culture: they take the invariant one. `None` for all other types.
    fn invariant_text(&self, _vm: &mut Vm) -> Option<R<String>> {
        None
    }

    /// The object whose properties this one has, for a type that adds methods to plain
    /// properties.
    fn fields(&self) -> Option<&PlainObject> {
        None
    }

    /// Names of the properties in declaration order.
    fn properties(&self) -> Vec<&'static str> {
        self.fields().map_or_else(Vec::new, Native::properties)
    }

    /// The value of a property (any letter case); `None` when there is no such property.
    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        self.fields()
            .map_or(Ok(None), |fields| fields.get(vm, name))
    }

    /// Writes a property; `None` when there is no such property, `Some(false)` when it is read-only.
    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match self.fields() {
            Some(fields) => fields.set(vm, name, value),
            None => Ok(None),
        }
    }

    /// Calls a method with arguments already converted to an overload's parameter types;
    /// `None` when the type has no such method. `name` is in lower case.
    fn call(
        &self,
        _vm: &mut Vm,
        _this: &Value,
        _name: &str,
        _arguments: &[Value],
    ) -> R<Option<Value>> {
        Ok(None)
    }

    /// The items, for types that pipelines and `foreach` unroll.
    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        None
    }

    /// `object[index]`; `None` when the type has no indexer.
    fn index(&self, _vm: &mut Vm, _index: &Value) -> R<Option<Value>> {
        Ok(None)
    }

    /// `object[index] = value`; `None` when the type has no indexer.
    fn set_index(&self, _vm: &mut Vm, _index: &Value, _value: Value) -> R<Option<()>> {
        Ok(None)
    }

    /// `Equals`; `None` means by identity.
    fn equals(&self, other: &Value) -> Option<bool> {
        let mine = self.key_text()?;
        match other.base() {
            Value::Native(theirs) => Some(
                theirs.body().type_ref() == self.type_ref()
                    && theirs.body().key_text().as_deref() == Some(&mine),
            ),
            _ => Some(false),
        }
    }

    /// `CompareTo`; `None` when values of the type have no order.
    fn compare(&self, _other: &Value) -> Option<Ordering> {
        None
    }

    /// A text equal for equal values of a value-like type (Guid, Version, …); `None` for identity.
    fn key_text(&self) -> Option<String> {
        None
    }

    /// Binary operators the type defines: `op` is `op_Addition`, `op_Subtraction`, …
    fn operator(&self, _vm: &mut Vm, _op: &str, _left: &Value, _right: &Value) -> Option<R<Value>> {
        None
    }
}

/// A native object with the members scripts added to it.
pub struct NativeObject {
    body: Box<dyn Native>,
    /// Members added by scripts.
    pub extension: Extension,
}

/// Stands in for a body that is gone.
struct Gone;

impl Native for Gone {
    fn type_ref(&self) -> TypeRef {
        super::types::known::object()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(String::new())
    }
}

impl Drop for NativeObject {
    fn drop(&mut self) {
        free_nested(std::mem::replace(&mut self.body, Box::new(Gone)));
    }
}

impl NativeObject {
    /// Wraps a body.
    pub fn new(body: impl Native + 'static) -> NativeObject {
        NativeObject {
            body: Box::new(body),
            extension: Extension::default(),
        }
    }

    /// The object's behaviour.
    pub fn body(&self) -> &dyn Native {
        &*self.body
    }

    /// The object as its Rust type.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        let body: &dyn Any = &*self.body;
        body.downcast_ref::<T>()
    }
}

/// Whether two values are the same key.
pub fn same_key(a: &Value, b: &Value, ignore_case: bool) -> bool {
    key_identity(a, ignore_case) == key_identity(b, ignore_case)
}
