//! `System.Management.Automation.LanguagePrimitives`: the language's own
//! conversions and comparisons as methods.

use crate::runtime::convert::Failure;
use crate::runtime::error::R;
use crate::runtime::types::{TypeRef, collections::enumerator, failures};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

fn type_of(value: Option<&Value>) -> Option<TypeRef> {
    match value.map(Value::base) {
        Some(Value::Type(type_ref)) => Some(type_ref.clone()),
        _ => None,
    }
}

fn converted(vm: &mut Vm, value: &Value, wanted: &TypeRef) -> R<Result<Value, String>> {
    match vm.cast(value, wanted) {
        Ok(converted) => Ok(Ok(converted)),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal.message.to_string())),
        Err(Failure::Unwind(unwind)) => Err(unwind),
    }
}

/// A static method; the name is in lower case, `types` are the types it was
/// called with.
pub fn call_static(
    vm: &mut Vm,
    name: &str,
    types: &[TypeRef],
    arguments: &[Value],
) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let ignore_case = matches!(arguments.get(2), Some(Value::Bool(true)));
    Ok(Some(match (name, arguments) {
        ("convertto", _) => {
            let Some(wanted) = types.first().cloned().or(type_of(arguments.get(1))) else {
                return Ok(None);
            };
            match converted(vm, first, &wanted)? {
                Ok(value) => value,
                Err(message) => {
                    return failures::fail(
                        "System.Management.Automation.PSInvalidCastException",
                        message,
                    );
                }
            }
        }
        ("tryconvertto", [.., Value::Ref(place)]) => {
            let Some(wanted) = types.first().cloned().or(type_of(arguments.get(1))) else {
                return Ok(None);
            };
            let found = converted(vm, first, &wanted)?;
            let done = found.is_ok();
            place.set(found.unwrap_or_default());
            Value::Bool(done)
        }
        ("istrue", _) => Value::Bool(vm.to_bool(first)),
        ("equals", [one, other, ..]) => Value::Bool(vm.equals(one, other, ignore_case)?),
        ("trycompare", [one, other, .., Value::Ref(place)]) => {
            match vm.compare(one, other, ignore_case) {
                Ok(order) => {
                    place.set(Value::Int(order as i32));
                    Value::Bool(true)
                }
                Err(_) => Value::Bool(false),
            }
        }
        ("compare", [one, other, ..]) => match vm.compare(one, other, ignore_case) {
            Ok(order) => Value::Int(order as i32),
            Err(_) => {
                let shown = (vm.to_text(one)?, vm.to_text(other)?);
                return failures::argument(
                    format!(
                        "Cannot compare \"{}\" to \"{}\" because the objects are not the same type or the object \"{}\" does not implement \"IComparable\".",
                        shown.0, shown.1, shown.0
                    ),
                    "",
                );
            }
        },
        ("isobjectenumerable", _) => Value::Bool(vm.enumerate(first)?.is_some()),
        ("getenumerable", _) => match vm.enumerate(first)? {
            Some(_) => first.clone(),
            None => Value::Null,
        },
        ("getenumerator", _) => match vm.enumerate(first)? {
            Some(items) => enumerator::Enumerator::value(items),
            None => Value::Null,
        },
        ("converttypenametopstypename", _) => {
            let name = vm.to_text(first)?;
            match crate::runtime::types::find(&name) {
                Some(found) => Value::from(format!("[{}]", found.display_full())),
                None => Value::from(format!("[{name}]")),
            }
        }
        _ => return Ok(None),
    }))
}
