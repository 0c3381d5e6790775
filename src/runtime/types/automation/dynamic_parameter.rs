//! RuntimeDefinedParameter: a parameter made by a dynamicparam block.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::parameter::{CommandSurface, Parameter, ParameterPlace};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// Name, type and attributes of a parameter to be.
pub struct RuntimeDefinedParameter {
    /// Its name.
    pub name: RefCell<Rc<str>>,
    /// Its type.
    pub type_ref: RefCell<TypeRef>,
    /// A collection of attribute objects.
    pub attributes: Value,
    /// Its value once bound.
    pub value: RefCell<Value>,
    /// Whether it was bound.
    pub is_set: std::cell::Cell<bool>,
}

impl RuntimeDefinedParameter {
    /// The parameter as the binder sees it.
    pub fn to_parameter(&self, vm: &mut Vm, surface: &mut CommandSurface) -> R<Parameter> {
        let type_ref = self.type_ref.borrow().clone();
        let name = self.name.borrow().clone();
        let mut parameter = Parameter {
            symbol: Symbol::new(&name),
            name,
            aliases: Vec::new(),
            is_switch: type_ref.code == crate::runtime::types::TypeCode::Switch,
            type_ref,
            attributes: Vec::new(),
            places: Vec::new(),
            dynamic: true,
            common: false,
            hidden: false,
            help_message: None,
            kept: Default::default(),
        };
        for attribute in vm.enumerate(&self.attributes)?.unwrap_or_default() {
            self.apply(vm, &attribute, surface, &mut parameter)?;
        }
        if parameter.places.is_empty() {
            parameter.places.push(ParameterPlace::BY_NAME);
        }
        Ok(parameter)
    }

    fn apply(
        &self,
        vm: &mut Vm,
        attribute: &Value,
        surface: &mut CommandSurface,
        parameter: &mut Parameter,
    ) -> R<()> {
        let type_name = vm.type_of(attribute).full_name.clone();
        if &*type_name != "System.Management.Automation.ParameterAttribute" {
            if let Some(attribute) = crate::runtime::types::automation::attributes::to_attribute(
                vm, attribute, parameter,
            )? {
                parameter.attributes.push(attribute);
            }
            return Ok(());
        }
        let flag = |vm: &mut Vm, name: &str| -> R<bool> {
            let value = vm.get_member(attribute, name)?.unwrap_or_default();
            Ok(vm.to_bool(&value))
        };
        let mut place = ParameterPlace::BY_NAME;
        place.mandatory = flag(vm, "Mandatory")?;
        place.from_pipeline = flag(vm, "ValueFromPipeline")?;
        place.from_pipeline_by_name = flag(vm, "ValueFromPipelineByPropertyName")?;
        place.from_remaining = flag(vm, "ValueFromRemainingArguments")?;
        if let Some(Value::Int(position)) = vm.get_member(attribute, "Position")?
            && position != i32::MIN
        {
            place.position = Some(position);
        }
        if let Some(set) = vm
            .get_member(attribute, "ParameterSetName")?
            .as_ref()
            .and_then(Value::as_str)
            && !set.is_empty()
            && !set.eq_ignore_ascii_case("__AllParameterSets")
        {
            place.sets = 1 << surface.set_index(set);
        }
        parameter.places.push(place);
        Ok(())
    }
}

/// `[RuntimeDefinedParameter]::new(name, type, attributes)`, or without anything.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let (name, type_ref, attributes) = match arguments {
        [] => (String::new(), known::object(), None),
        [name, Value::Type(type_ref), attributes] => (
            vm.to_text(name)?,
            type_ref.clone(),
            Some(attributes.clone()),
        ),
        _ => return Ok(None),
    };
    let attributes = attributes.unwrap_or_else(|| {
        let element = type_named("System.Attribute");
        crate::runtime::types::collections::list::list_of(&element, Vec::new())
    });
    Ok(Some(Value::native(RuntimeDefinedParameter {
        name: RefCell::new(name.into()),
        type_ref: RefCell::new(type_ref),
        attributes,
        value: RefCell::default(),
        is_set: std::cell::Cell::new(false),
    })))
}

impl Native for RuntimeDefinedParameter {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.RuntimeDefinedParameter")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Name", "ParameterType", "Value", "IsSet", "Attributes"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "name" => Some(Value::str(&**self.name.borrow())),
            "parametertype" => Some(Value::Type(self.type_ref.borrow().clone())),
            "value" => Some(self.value.borrow().clone()),
            "isset" => Some(Value::Bool(self.is_set.get())),
            "attributes" => Some(self.attributes.clone()),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "name" => *self.name.borrow_mut() = vm.to_text(&value)?.into(),
            "value" => {
                *self.value.borrow_mut() = value;
                self.is_set.set(true);
            }
            "parametertype" => {
                if let Value::Type(type_ref) = value.base() {
                    *self.type_ref.borrow_mut() = type_ref.clone();
                }
            }
            "isset" => self.is_set.set(vm.to_bool(&value)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }
}
