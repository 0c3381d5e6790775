//! Attribute objects, as scripts make them for dynamic parameters.

use crate::runtime::attribute::{Attribute, make};
use crate::runtime::error::R;
use crate::runtime::parameter::Parameter;
use crate::runtime::types::TypeRef;
use crate::runtime::types::automation::command_metadata::attribute_value;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

const NAMESPACE: &str = "System.Management.Automation.";

/// The properties that say what an attribute was made with: those of positional arguments, then the named ones.
const MADE_WITH: &[(&str, &[&str], &[&str])] = &[
    (
        "validateset",
        &["ValidValues"],
        &["IgnoreCase", "ErrorMessage"],
    ),
    ("validaterange", &["MinRange", "MaxRange"], &[]),
    ("validaterange", &["RangeKind"], &[]),
    (
        "validatepattern",
        &["RegexPattern"],
        &["Options", "ErrorMessage"],
    ),
    ("validatelength", &["MinLength", "MaxLength"], &[]),
    ("validatecount", &["MinLength", "MaxLength"], &[]),
    ("validatescript", &["ScriptBlock"], &["ErrorMessage"]),
    ("pstypename", &["PSTypeName"], &[]),
];

/// The name an attribute is written by: `validateset` of `ValidateSetAttribute`.
fn short_name(type_ref: &TypeRef) -> Option<String> {
    let name = type_ref.full_name.strip_prefix(NAMESPACE)?;
    Some(name.strip_suffix("Attribute")?.to_ascii_lowercase())
}

/// A new attribute object; `None` when the type is no attribute of the engine.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let Some(short) = short_name(type_ref) else {
        return Ok(None);
    };
    Ok(match short.as_str() {
        "parameter" => Some(parameter()),
        "alias" => {
            let mut names = Vec::new();
            for argument in arguments {
                let items = vm.enumerate(argument)?;
                for item in items.unwrap_or_else(|| vec![argument.clone()]) {
                    names.push(vm.to_text(&item)?);
                }
            }
            let fields = vec![("AliasNames", Value::strings(names))];
            Some(PlainObject::new(&type_ref.full_name, fields).value())
        }
        _ => make::attribute(vm, &short, arguments, &[])?.and_then(|a| attribute_value(&a)),
    })
}

/// `[Parameter()]` as an object, with nothing said.
fn parameter() -> Value {
    let (no, none) = (Value::Bool(false), Value::Null);
    let fields = vec![
        ("ExperimentName", none.clone()),
        ("ExperimentAction", none.clone()),
        ("Position", Value::Int(i32::MIN)),
        ("ParameterSetName", Value::str("__AllParameterSets")),
        ("Mandatory", no.clone()),
        ("ValueFromPipeline", no.clone()),
        ("ValueFromPipelineByPropertyName", no.clone()),
        ("ValueFromRemainingArguments", no.clone()),
        ("HelpMessage", none.clone()),
        ("HelpMessageBaseName", none.clone()),
        ("HelpMessageResourceId", none),
        ("DontShow", no),
    ];
    let name = format!("{NAMESPACE}ParameterAttribute");
    PlainObject::new(&name, fields).writable().value()
}

/// An attribute object as what it does to a value; an alias joins the parameter itself.
pub fn to_attribute(vm: &mut Vm, value: &Value, parameter: &mut Parameter) -> R<Option<Attribute>> {
    if let Value::Instance(_) = value.base() {
        return Ok(Some(Attribute::Custom(value.clone())));
    }
    let type_ref = vm.type_of(value);
    let other = || Attribute::Other(type_ref.full_name.clone(), Vec::new());
    let (Some(short), Some(object)) = (short_name(&type_ref), value.as_native::<PlainObject>())
    else {
        return Ok(Some(other()));
    };
    if short == "alias" {
        let names = object.field("AliasNames").unwrap_or_default();
        for name in vm.enumerate(&names)?.unwrap_or_default() {
            parameter.aliases.push(vm.to_text(&name)?.into());
        }
        return Ok(None);
    }
    let mut positional = Vec::new();
    let mut named: Vec<(Rc<str>, Value)> = Vec::new();
    let known = MADE_WITH.iter().find(|(name, arguments, _)| {
        *name == short && arguments.iter().all(|a| object.field(a).is_some())
    });
    if let Some((_, arguments, names)) = known {
        positional.extend(arguments.iter().filter_map(|a| object.field(a)));
        for name in *names {
            if let Some(value) = object.field(name).filter(|v| !v.is_null()) {
                named.push(((*name).into(), value));
            }
        }
    }
    let made = make::attribute(vm, &short, &positional, &named)?;
    Ok(Some(made.unwrap_or_else(other)))
}
