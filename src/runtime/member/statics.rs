//! `[type]::Member`, `[type]::Method()`, `[type]::new()`.

use super::method::Called;
use super::overload;
use crate::runtime::error::{Fault, R, Unwind, exception_type};
use crate::runtime::types::{TypeKind, TypeRef, dispatch, reflection::generic_calls};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Whether a failure is one of .NET itself, which the language has said nothing about.
fn is_of_dotnet(unwind: &Unwind) -> bool {
    match unwind {
        Unwind::Error(thrown) => !exception_type(&thrown.record.exception)
            .full_name
            .starts_with("System.Management.Automation."),
        _ => false,
    }
}

impl Vm {
    /// `[type]::name`
    pub fn read_static(&mut self, type_ref: &TypeRef, name: &str) -> R<Value> {
        if let Some(definition) = type_ref.enum_definition()
            && let Some((_, bits)) = definition
                .members
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            return Ok(Value::enumeration(type_ref.clone(), *bits));
        }
        if let Some(class) = type_ref.class() {
            if let Some((owner, at)) = class.static_field(name) {
                self.prepare_statics(&owner)?;
                let accessors = owner.statics.get(at).and_then(|p| p.accessors.clone());
                if let Some(accessors) = accessors {
                    return self.call_getter(&accessors, None, name);
                }
                let value = owner.static_values.borrow().get(at).cloned();
                return Ok(value.unwrap_or_default());
            }
            let methods = class.methods_named(name, true);
            if !methods.is_empty() {
                return Ok(super::class::static_method_object(type_ref, &methods));
            }
        }
        let lower = name.to_ascii_lowercase();
        if lower == "new" {
            return Ok(super::method::constructors(type_ref).unwrap_or_default());
        }
        match dispatch::read_static(self, type_ref, &lower) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(unwind) if is_of_dotnet(&unwind) => return self.wrap_getter(name, unwind),
            Err(unwind) => return Err(unwind),
        }
        if let Some(method) = super::method::static_method(type_ref, name) {
            return Ok(method);
        }
        if super::list::has_static_property(type_ref, name) {
            return self.not_available(type_ref, name);
        }
        if self.strict_mode() >= 20 {
            return self.property_not_found(name);
        }
        Ok(Value::Null)
    }

    /// `[type]::name = value`
    pub fn write_static(&mut self, type_ref: &TypeRef, name: &str, value: Value) -> R<()> {
        if let Some(class) = type_ref.class()
            && let Some((owner, at)) = class.static_field(name)
        {
            self.prepare_statics(&owner)?;
            let property = owner.statics[at].clone();
            if let Some(accessors) = property.accessors.clone() {
                return self.call_setter(&property, &accessors, None, value);
            }
            let checked = match self.checked_field(&property, value) {
                Ok(checked) => checked,
                Err(unwind) => return self.wrap_setter(name, unwind),
            };
            if let Some(place) = owner.static_values.borrow_mut().get_mut(at) {
                *place = checked;
            }
            return Ok(());
        }
        let lower = name.to_ascii_lowercase();
        match dispatch::write_static(self, type_ref, &lower, &value) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(unwind) if is_of_dotnet(&unwind) => return self.wrap_setter(name, unwind),
            Err(unwind) => return Err(unwind),
        }
        let known = super::list::has_static_property(type_ref, name);
        self.raise(Fault::new(
            "PropertyAssignmentException",
            if known {
                format!("'{name}' is a ReadOnly property.")
            } else {
                format!(
                    "The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
                )
            },
        ))
    }

    /// `[type]::name(arguments)`
    pub fn invoke_static(
        &mut self,
        type_ref: &TypeRef,
        name: &str,
        arguments: Vec<Value>,
    ) -> R<Value> {
        self.invoke_generic_static(type_ref, name, &[], arguments)
    }

    /// `[type]::name[types](arguments)`
    pub fn invoke_generic_static(
        &mut self,
        type_ref: &TypeRef,
        name: &str,
        types: &[TypeRef],
        arguments: Vec<Value>,
    ) -> R<Value> {
        if name.eq_ignore_ascii_case("new") {
            return self.construct(type_ref, arguments);
        }
        if let Some(class) = type_ref.class() {
            let methods = class.methods_named(name, true);
            if !methods.is_empty() {
                self.prepare_statics(&class)?;
                return self.call_class_method(&methods, name, None, arguments);
            }
            if let Some(base) = class.nearest_native_base() {
                return self.invoke_static(&base, name, arguments);
            }
        }
        let lower = name.to_ascii_lowercase();
        let list = overload::candidates(type_ref, &lower, true);
        let count = arguments.len();
        if list.list.is_empty() {
            return match dispatch::call_static(self, type_ref, &lower, &arguments) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => self.static_not_found(type_ref, name),
                // Without a declaration the name is as it is called.
                Err(unwind) => self.wrap_exception(name, count, unwind, None),
            };
        }
        let (converted, generic) =
            self.convert_arguments(&list, Called::Member(name), types, arguments)?;
        let result = match generic {
            Some(call) => generic_calls::call_static(self, type_ref, &lower, &call, &converted),
            None => dispatch::call_static(self, type_ref, &lower, &converted),
        };
        match result {
            Ok(Some(value)) => Ok(value),
            Ok(None) => self.not_available(type_ref, name),
            Err(unwind) => self.wrap_exception(&list.name, count, unwind, None),
        }
    }

    /// A cast before `::` names the type whose own methods are meant, so of several
    /// overloads of another type none fits; a method without overloads is never asked.
    pub fn refuse_overloads_of_others(
        &mut self,
        type_ref: &TypeRef,
        name: &str,
        count: usize,
    ) -> R<()> {
        if name.eq_ignore_ascii_case("new") || &*type_ref.full_name == "System.Type" {
            return Ok(());
        }
        let declared = match type_ref.class() {
            Some(class) => class.methods_named(name, true).len(),
            None => overload::candidates(type_ref, &name.to_ascii_lowercase(), true)
                .list
                .len(),
        };
        if declared > 1 {
            return self.no_overload(name, count, overload::NoChoice::NoFit);
        }
        Ok(())
    }

    /// `[type]::new(arguments)`.
    pub fn construct(&mut self, type_ref: &TypeRef, arguments: Vec<Value>) -> R<Value> {
        self.construct_as(Called::Member("new"), type_ref, arguments)
    }

    /// A new object, made by `::new` or by New-Object.
    pub fn construct_as(
        &mut self,
        called: Called<'_>,
        type_ref: &TypeRef,
        arguments: Vec<Value>,
    ) -> R<Value> {
        let (Called::Member(name) | Called::NewObject(name)) = called;
        if let Some(class) = type_ref.class() {
            return self.construct_instance(called, &class, arguments);
        }
        let count = arguments.len();
        if let TypeKind::Array { .. } = type_ref.kind {
            return match crate::runtime::types::collections::array::construct(
                self, type_ref, &arguments,
            )? {
                Some(array) => Ok(array),
                None => self.no_overload(name, count, overload::NoChoice::NoFit),
            };
        }
        if let TypeKind::Interface | TypeKind::Abstract = type_ref.kind {
            return self.no_overload(name, count, overload::NoChoice::NoFit);
        }
        if count == 0 && type_ref.is_value_type() {
            return match dispatch::zero(type_ref) {
                Some(zero) => Ok(zero),
                None => match dispatch::construct(self, type_ref, &[])? {
                    Some(value) => Ok(value),
                    None => self.not_available(type_ref, "new"),
                },
            };
        }
        let list = overload::candidates(type_ref, "", false);
        if list.list.is_empty() {
            return match dispatch::construct(self, type_ref, &arguments) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => self.no_overload(name, count, overload::NoChoice::NoFit),
                Err(unwind) => self.wrap_exception(".ctor", count, unwind, None),
            };
        }
        let (converted, _) = self.convert_arguments(&list, called, &[], arguments)?;
        match dispatch::construct(self, type_ref, &converted) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => self.not_available(type_ref, "new"),
            Err(unwind) => self.wrap_exception(".ctor", count, unwind, None),
        }
    }
}
