//! Writing properties.

use super::added::own_member;
use crate::runtime::attribute::Attribute;
use crate::runtime::class::Body;
use crate::runtime::error::{Category, Fault, R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::object::Member;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::dispatch;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const SET_VALUE: &str = "System.Management.Automation.SetValueInvocationException";

impl Vm {
    /// `$target.name = value`
    pub fn write_property(&mut self, target: &Value, name: &str, value: Value) -> R<()> {
        let value = match value {
            Value::Nothing => Value::Null,
            other => other,
        };
        match target {
            Value::Null | Value::Nothing => {
                return self.raise(Fault::new("PropertyNotFound", not_found_text(name)));
            }
            Value::Custom(object) => {
                let symbol = Symbol::fold(name);
                return match object.members.get(symbol) {
                    Some(Member::Note(_)) => {
                        object.members.set_symbol(symbol, Member::Note(value));
                        Ok(())
                    }
                    Some(member) => self.write_member(target, name, &member, value),
                    None => match self.data_member(target, name) {
                        Some(member) => self.write_member(target, name, &member, value),
                        None => self.raise(Fault::of(
                            SET_VALUE,
                            "ExceptionWhenSetting",
                            Category::NotSpecified,
                            format!("Exception setting \"{name}\": \"{}\"", not_found_text(name)),
                        )),
                    },
                };
            }
            Value::Dict(dictionary) => {
                match own_member(target, Symbol::fold(name)) {
                    Some(member @ (Member::Script { .. } | Member::Alias { .. })) => {
                        return self.write_member(target, name, &member, value);
                    }
                    Some(Member::Note(_)) => {
                        super::added::add_member(target, name, Member::Note(value));
                        return Ok(());
                    }
                    _ => {}
                }
                let dictionary = dictionary.clone();
                let written = dispatch::set_entry(self, &dictionary, Value::str(name), value);
                return match written {
                    Ok(()) => Ok(()),
                    Err(unwind) => self.wrap_setter(name, unwind),
                };
            }
            _ => {}
        }
        if let Some(member) = own_member(target, Symbol::fold(name)) {
            if let Member::Note(_) = member {
                super::added::add_member(target, name, Member::Note(value));
                return Ok(());
            }
            return self.write_member(target, name, &member, value);
        }
        if let Some(member) = self.data_member(target, name) {
            return self.write_member(target, name, &member, value);
        }
        self.write_dotnet(target.base(), name, value)
    }

    fn write_dotnet(&mut self, target: &Value, name: &str, value: Value) -> R<()> {
        let written = match target {
            Value::Instance(instance) => {
                if let Some(at) = instance.class.field(name) {
                    let property = instance.class.properties[at].clone();
                    if let Some(accessors) = property.accessors.clone() {
                        return self.call_setter(&property, &accessors, Some(target), value);
                    }
                    let converted = match self.checked_field(&property, value) {
                        Ok(converted) => converted,
                        Err(unwind) => return self.wrap_setter(name, unwind),
                    };
                    if let Some(field) = instance.fields.borrow_mut().get_mut(at) {
                        *field = converted;
                    }
                    return Ok(());
                }
                let base = instance.native_base.borrow().clone();
                match base {
                    Some(base) => return self.write_property(&base, name, value),
                    None => Ok(None),
                }
            }
            Value::Native(native) => {
                let converted = match self.property_type(target, name) {
                    Some(type_ref) => self.convert(&value, &type_ref),
                    None => Ok(value),
                };
                match converted {
                    Ok(converted) => native.body().set(self, name, converted),
                    Err(unwind) => Err(unwind),
                }
            }
            _ => {
                let converted = match self.property_type(target, name) {
                    Some(type_ref) => self.convert(&value, &type_ref),
                    None => Ok(value),
                };
                match converted {
                    Ok(converted) => dispatch::set(self, target, name, converted),
                    Err(unwind) => Err(unwind),
                }
            }
        };
        match written {
            Ok(Some(true)) => Ok(()),
            Ok(Some(false)) => self.read_only(name),
            Ok(None) => {
                if self.read_dotnet(target, name)?.is_some() {
                    return self.read_only(name);
                }
                self.raise(Fault::new(
                    "PropertyAssignmentException",
                    not_found_text(name),
                ))
            }
            Err(unwind) => self.wrap_setter(name, unwind),
        }
    }

    fn read_only<T>(&mut self, name: &str) -> R<T> {
        self.raise(Fault::new(
            "PropertyAssignmentException",
            format!("'{name}' is a ReadOnly property."),
        ))
    }

    /// A value for a property of a script class: converted, then checked.
    pub(super) fn checked_field(
        &mut self,
        property: &crate::runtime::class::PropertyDefinition,
        value: Value,
    ) -> R<Value> {
        let value = if property.typed {
            self.convert(&value, &property.type_ref)?
        } else {
            value
        };
        if property
            .attributes
            .iter()
            .all(|a| matches!(a, Attribute::Convert(_)))
        {
            return Ok(value);
        }
        crate::runtime::validate::apply_to_property(self, &property.attributes, value)
    }

    /// Writes a property of a class through its setter.
    pub(super) fn call_setter(
        &mut self,
        property: &crate::runtime::class::PropertyDefinition,
        accessors: &crate::runtime::class::Accessors,
        this: Option<&Value>,
        value: Value,
    ) -> R<()> {
        let name = &*property.name;
        if !accessors.writable {
            return self.raise(Fault::new(
                "PropertyAssignmentException",
                format!("'{name}' is a ReadOnly property."),
            ));
        }
        let converted = match self.checked_field(property, value) {
            Ok(converted) => converted,
            Err(unwind) => return self.wrap_setter(name, unwind),
        };
        let result = match &accessors.set {
            Some(Body::Compiled(set)) => set(self, this, vec![converted]).map(|_| ()),
            _ => Ok(()),
        };
        match result {
            Ok(()) => Ok(()),
            Err(unwind) => self.wrap_setter(name, unwind),
        }
    }

    fn write_member(&mut self, target: &Value, name: &str, member: &Member, value: Value) -> R<()> {
        match member {
            Member::Note(_) => {
                super::added::add_member(target, name, Member::Note(value));
                Ok(())
            }
            Member::Alias { target: other, .. } => {
                self.through_alias(name, |vm| vm.write_property(target, other, value))
            }
            Member::Script {
                setter: Some(block),
                ..
            } => {
                let result = self.call_block_with(
                    block,
                    BlockCall {
                        arguments: vec![value],
                        this: Some(target.clone()),
                        ..BlockCall::default()
                    },
                );
                match result {
                    Ok(_) => Ok(()),
                    Err(unwind) => self.wrap_as(name, "ScriptSetValueRuntimeException", unwind),
                }
            }
            Member::Script { setter: None, .. } => self.raise(Fault::of(
                SET_VALUE,
                "SetWithoutSetterFromScriptProperty",
                Category::NotSpecified,
                "Set accessor for property \"".to_string() + name + "\" is unavailable.",
            )),
            _ => self.read_only(name),
        }
    }

    pub(super) fn wrap_setter<T>(&mut self, name: &str, unwind: Box<Unwind>) -> R<T> {
        self.wrap_as(name, "ExceptionWhenSetting", unwind)
    }

    /// `Exception setting "name": …` around what a setter threw.
    fn wrap_as<T>(&mut self, name: &str, id: &str, unwind: Box<Unwind>) -> R<T> {
        let Unwind::Error(Thrown { record, .. }) = *unwind else {
            return Err(unwind);
        };
        let fault = Fault::of(
            SET_VALUE,
            id,
            Category::NotSpecified,
            format!(
                "Exception setting \"{name}\": \"{}\"",
                record.exception_message()
            ),
        );
        let inner = match crate::runtime::convert::cast_exception(&Unwind::Error(Thrown {
            record: record.clone(),
            ends_script: false,
        })) {
            Some(cast) => cast,
            None => record.exception.clone(),
        };
        *fault.exception.inner.borrow_mut() = Some(inner);
        self.raise(fault)
    }
}

fn not_found_text(name: &str) -> String {
    format!(
        "The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
    )
}
