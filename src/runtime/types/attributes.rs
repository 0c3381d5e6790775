//! Attribute objects, as scripts make them for dynamic parameters.

use crate::runtime::attribute::Attribute;
use crate::runtime::error::R;
use crate::runtime::parameter::Parameter;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// An attribute object as what it does to a value; an alias joins the parameter itself.
pub fn to_attribute(
    vm: &mut Vm,
    value: &Value,
    _parameter: &mut Parameter,
) -> R<Option<Attribute>> {
    let name = vm.type_of(value).full_name.clone();
    Ok(Some(Attribute::Other(name, Vec::new())))
}
