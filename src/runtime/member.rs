//! Members of values.

use super::error::{Fault, R};
use super::invocation::InvocationInfo;
use super::types::TypeRef;
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

/// Members that scripts add.
pub mod added {
    use crate::runtime::object::Member;
    use crate::runtime::symbol::Symbol;
    use crate::runtime::value::Value;
    /// stand-in
    pub fn add_member(value: &Value, name: &str, member: Member) -> Value {
        if let Value::Custom(object) = value.base() {
            object.members.set(name, member);
        }
        value.clone()
    }
    /// stand-in
    pub fn own_member(value: &Value, name: Symbol) -> Option<Member> {
        match value {
            Value::Custom(object) => object.members.get(name),
            _ => None,
        }
    }
    /// stand-in
    pub fn extension_of(_value: &Value) -> Option<&crate::runtime::object::Extension> {
        None
    }
}
/// stand-in
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyKind {
    /// stand-in
    NoteProperty,
}
impl PropertyKind {
    /// stand-in
    pub fn name(self) -> &'static str {
        "NoteProperty"
    }
}
/// stand-in
pub struct Property {
    /// stand-in
    pub name: Rc<str>,
    /// stand-in
    pub kind: PropertyKind,
    /// stand-in
    pub hidden: bool,
}
/// stand-in
pub struct MemberInfo {
    /// Its name.
    pub name: Rc<str>,
    /// The name of its PSMemberTypes value.
    pub kind: &'static str,
    /// What Get-Member shows as its definition.
    pub definition: String,
}
impl Vm {
    /// stand-in
    pub fn properties(&mut self, value: &Value) -> R<Vec<Property>> {
        let names: Vec<Rc<str>> = match value.base() {
            Value::Custom(custom) => custom.members.list().into_iter().map(|m| m.0).collect(),
            Value::Native(native) => {
                let names = native.body().properties();
                names.into_iter().map(Into::into).collect()
            }
            _ => Vec::new(),
        };
        Ok(names
            .into_iter()
            .map(|name| Property {
                name,
                kind: PropertyKind::NoteProperty,
                hidden: false,
            })
            .collect())
    }
    /// stand-in
    pub fn members(&mut self, _value: &Value) -> R<Vec<MemberInfo>> {
        Ok(Vec::new())
    }
    /// stand-in
    pub fn static_members(&mut self, _value: &TypeRef) -> Vec<MemberInfo> {
        Vec::new()
    }
    /// stand-in
    pub fn type_names(&self, value: &Value) -> Vec<Rc<str>> {
        if let Value::Custom(custom) = value.base()
            && !custom.type_names.borrow().is_empty()
        {
            return custom.type_names.borrow().clone();
        }
        self.type_of(value)
            .ancestry()
            .iter()
            .map(|t| t.full_name.clone())
            .collect()
    }
}

impl Vm {
    /// The items of a collection that pipelines unroll; `None` for a scalar.
    pub fn enumerate(&mut self, value: &Value) -> R<Option<Vec<Value>>> {
        Ok(match value.base() {
            Value::Array(a) => Some(a.items.borrow().clone()),
            Value::List(l) => Some(l.items.borrow().clone()),
            _ => None,
        })
    }

    /// Calls a method of an object.
    pub fn invoke_method(
        &mut self,
        _target: &Value,
        name: &str,
        _arguments: Vec<Value>,
    ) -> R<Value> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// Calls a static method of a type.
    pub fn invoke_static(
        &mut self,
        _target: &TypeRef,
        name: &str,
        _arguments: Vec<Value>,
    ) -> R<Value> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// A new object by a constructor.
    pub fn construct(&mut self, _target: &TypeRef, _arguments: Vec<Value>) -> R<Value> {
        self.raise(Fault::new("NotImplemented", "new"))
    }

    /// Writes a property of an object.
    pub fn write_property(&mut self, _target: &Value, name: &str, _value: Value) -> R<()> {
        self.raise(Fault::new("NotImplemented", name))
    }

    /// An InvocationInfo as a value.
    pub fn invocation_value(&self, _invocation: Option<&Rc<InvocationInfo>>) -> Value {
        Value::Null
    }
}
