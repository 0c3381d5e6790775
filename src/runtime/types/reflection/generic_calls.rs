//! Calls of generic methods: what depends on the types that stand for their parameters.

use crate::runtime::error::R;
use crate::runtime::member::overload::GenericCall;
use crate::runtime::types::{
    TypeRef, collections::array, collections::list, collections::tuple, dispatch, linq,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static method; the name is in lower case, the arguments are converted.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    call: &GenericCall,
    arguments: &[Value],
) -> R<Option<Value>> {
    let first = call.arguments.first();
    match (type_ref.definition_name(), name) {
        ("System.Text.Json.JsonSerializer", "deserialize") => match first {
            Some(of) => {
                crate::runtime::types::text::text_json::call_generic(vm, name, of, arguments)
            }
            None => Ok(None),
        },
        ("System.Linq.Enumerable", _) => linq::call_static(vm, name, arguments, Some(call)),
        ("System.Array", "empty") => Ok(first.map(|element| array::of(element, Vec::new()))),
        ("System.Array", "convertall") => {
            let converted = dispatch::call_static(vm, type_ref, name, arguments)?;
            let items = vm.enumerate(&converted.unwrap_or_default())?;
            let element = call.arguments.get(1);
            Ok(element.map(|element| array::of(element, items.unwrap_or_default())))
        }
        ("System.Tuple" | "System.ValueTuple", "create") => Ok(call
            .returns
            .as_ref()
            .map(|of| tuple::of_type(of, arguments.to_vec()))),
        ("System.Collections.Generic.KeyValuePair", "create") => match (arguments, &call.returns) {
            ([key, item], Some(of)) => Ok(Some(
                crate::runtime::types::collections::dictionary::Entry::pair(
                    of.clone(),
                    key.clone(),
                    item.clone(),
                ),
            )),
            _ => Ok(None),
        },
        ("System.Activator", "createinstance") => match first {
            Some(wanted) => vm.construct(wanted, Vec::new()).map(Some),
            None => Ok(None),
        },
        ("System.Management.Automation.LanguagePrimitives", _) => {
            crate::runtime::types::automation::language_primitives::call_static(
                vm,
                name,
                &call.arguments,
                arguments,
            )
        }
        ("System.Runtime.InteropServices.Marshal", "sizeof") => match (arguments, first) {
            ([], Some(of)) => {
                crate::runtime::types::reflection::marshal::size_of(vm, &Value::Type(of.clone()))
                    .map(Some)
            }
            _ => dispatch::call_static(vm, type_ref, name, arguments),
        },
        ("System.Enum", _) => {
            let of_type = first.cloned().map(Value::Type);
            let mut typed: Vec<Value> = of_type.into_iter().collect();
            typed.extend(arguments.iter().cloned());
            dispatch::call_static(vm, type_ref, name, &typed)
        }
        _ => dispatch::call_static(vm, type_ref, name, arguments),
    }
}

/// A method of an object; the name is in lower case, the arguments are converted.
pub fn call(
    vm: &mut Vm,
    target: &Value,
    name: &str,
    call: &GenericCall,
    arguments: &[Value],
) -> R<Option<Value>> {
    let found = dispatch::call(vm, target, name, arguments)?;
    match (name, target.base(), &call.returns, found) {
        ("getvalue", Value::Native(_), Some(of), Some(found)) => vm.convert(&found, of).map(Some),
        ("convertall", Value::List(_), Some(of), Some(converted)) => {
            let items = vm.enumerate(&converted)?.unwrap_or_default();
            Ok(Some(list::of(of, items)))
        }
        (_, _, _, found) => Ok(found),
    }
}
