//! PSVariable: a variable as a value.

use crate::runtime::attribute::Attribute;
use crate::runtime::collection::List;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::scope::{Variable, options};
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A variable as a value; reading and writing reach the variable itself.
pub struct PsVariable {
    /// The variable.
    pub variable: Rc<Variable>,
}

/// A variable as a value.
pub fn value(variable: Rc<Variable>) -> Value {
    Value::native(PsVariable { variable })
}

/// `[psvariable]::new(name, value, options)`: a variable of no scope.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [name, rest @ ..] = arguments else {
        return Ok(None);
    };
    let name = vm.to_text(name)?;
    let variable = Variable::new(&name, rest.first().cloned().unwrap_or_default());
    if let Some(Value::Enum(bits)) = rest.get(1) {
        variable
            .options
            .set(u8::try_from(bits.bits & 15).unwrap_or(0));
    }
    Ok(Some(value(Rc::new(variable))))
}

/// Option bits as the enumeration.
pub fn options_value(bits: u8) -> Value {
    Value::enum_of(
        "System.Management.Automation.ScopedItemOptions",
        i64::from(bits),
    )
}

impl Native for PsVariable {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.PSVariable")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Name",
            "Description",
            "Value",
            "Visibility",
            "Module",
            "ModuleName",
            "Options",
            "Attributes",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(&*self.variable.name),
            "description" => {
                Value::str(self.variable.description.borrow().as_deref().unwrap_or(""))
            }
            "value" => self.variable.value.borrow().clone(),
            "visibility" => Value::enum_of(
                "System.Management.Automation.SessionStateEntryVisibility",
                0,
            ),
            "module" => Value::Null,
            "modulename" => Value::str(""),
            "options" => options_value(self.variable.options.get()),
            "attributes" => {
                let attributes = self.variable.attributes.borrow().clone();
                let mut items = Vec::new();
                for attribute in attributes.iter().flat_map(|all| all.iter()) {
                    items.push(attribute_value(vm, attribute));
                }
                Value::List(Rc::new(List::collection(items)))
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "value" => vm.assign_variable(&self.variable, value)?,
            "description" => {
                let text = vm.to_text(&value)?;
                *self.variable.description.borrow_mut() = Some(text.into());
            }
            "options" => {
                let type_ref = find_full("System.Management.Automation.ScopedItemOptions")
                    .unwrap_or_else(known::int);
                if let Value::Enum(bits) = vm.convert(&value, &type_ref)? {
                    let bits = u8::try_from(bits.bits & 15).unwrap_or(0);
                    if bits & options::CONSTANT == 0 {
                        self.variable.options.set(bits);
                    }
                }
            }
            "name" | "visibility" | "module" | "modulename" | "attributes" => {
                return Ok(Some(false));
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }
}

fn attribute_value(_vm: &mut Vm, attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Convert(type_ref) => Value::Type(type_ref.clone()),
        _ => Value::str("System.Attribute"),
    }
}
