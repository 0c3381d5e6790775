//! `System.Management.Automation.PSTypeName`: the name of a type, and the type where there is one.

use crate::runtime::error::R;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::resolve::find_named;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const NAME: &str = "System.Management.Automation.PSTypeName";

/// The name of a type as an object.
pub fn value(name: impl Into<String>, type_ref: Option<TypeRef>) -> Value {
    let name = name.into();
    let fields = vec![
        ("Name", Value::str(name.as_str())),
        ("Type", type_ref.map_or(Value::Null, Value::Type)),
    ];
    PlainObject::new(NAME, fields).with_text(name).value()
}

/// Several names, as commands show what they write.
pub fn list<'a>(vm: &mut Vm, names: impl Iterator<Item = &'a str>) -> Value {
    let made = names
        .map(|name| {
            let type_ref = find_named(vm, name);
            let full = type_ref.as_ref().map(|t| t.full_name.to_string());
            value(full.unwrap_or_else(|| name.to_string()), type_ref)
        })
        .collect();
    super::command_metadata::collection(type_named(NAME), made)
}

/// Of a type, or of a name that need not be one of a type.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [given] = arguments else {
        return Ok(None);
    };
    if let Value::Type(type_ref) = given.base() {
        return Ok(Some(value(&*type_ref.full_name, Some(type_ref.clone()))));
    }
    let name = vm.to_text(given)?;
    let type_ref = find_named(vm, &name);
    Ok(Some(value(name, type_ref)))
}
