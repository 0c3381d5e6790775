//! `System.Management.Automation.PSSerializer`: objects as CLIXML and back.

use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// How deep objects are written unless asked otherwise.
const DEFAULT_DEPTH: i32 = 1;

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("serialize", [source, rest @ ..]) => {
            let depth = match rest.first() {
                Some(depth) => depth.clone(),
                None => Value::Int(DEFAULT_DEPTH),
            };
            let named = [("InputObject", source.clone()), ("Depth", depth)];
            let text = vm.call_command("ConvertTo-CliXml", &named, &[])?;
            Ok(text.into_iter().next())
        }
        ("deserialize" | "deserializeaslist", [source]) => {
            let named = [("InputObject", source.clone())];
            let items = vm.call_command("ConvertFrom-CliXml", &named, &[])?;
            Ok(Some(match name {
                "deserialize" => Vm::captured(items),
                _ => Value::array(items),
            }))
        }
        _ => Ok(None),
    }
}
