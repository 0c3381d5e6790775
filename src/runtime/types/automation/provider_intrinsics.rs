//! `$ExecutionContext.InvokeProvider`: items, their children, contents and properties by methods.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::list, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The whole, or one of its parts.
struct Intrinsics(&'static str);

const PARTS: [&str; 4] = ["ChildItem", "Content", "Item", "Property"];

/// The object itself.
pub fn value() -> Value {
    Value::native(Intrinsics(""))
}

/// The command behind a method, and the parameters that take its arguments in order.
fn command(part: &str, method: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match (part, method) {
        ("Item", "get") => ("Get-Item", &["Path"]),
        ("Item", "set") => ("Set-Item", &["Path", "Value"]),
        ("Item", "clear") => ("Clear-Item", &["Path"]),
        ("Item", "exists") => ("Test-Path", &["Path"]),
        ("Item", "rename") => ("Rename-Item", &["Path", "NewName"]),
        ("Item", "new") => ("New-Item", &["Path", "Name", "ItemType", "Value"]),
        ("Item", "remove") => ("Remove-Item", &["Path", "Recurse"]),
        ("Item", "copy") => ("Copy-Item", &["Path", "Destination", "Recurse"]),
        ("Item", "move") => ("Move-Item", &["Path", "Destination"]),
        ("Item", "invoke") => ("Invoke-Item", &["Path"]),
        ("ChildItem", "get") => ("Get-ChildItem", &["Path", "Recurse"]),
        ("ChildItem", "getnames") => ("Get-ChildItem", &["Path"]),
        ("Content", "clear") => ("Clear-Content", &["Path"]),
        ("Property", "get") => ("Get-ItemProperty", &["Path", "Name"]),
        ("Property", "set") => ("Set-ItemProperty", &["Path", "InputObject"]),
        ("Property", "clear") => ("Clear-ItemProperty", &["Path", "Name"]),
        _ => return None,
    })
}

impl Native for Intrinsics {
    fn type_ref(&self) -> TypeRef {
        let name = match self.0 {
            "" => "Provider",
            "Item" => "ItemCmdletProvider",
            "ChildItem" => "ChildItemCmdletProvider",
            "Content" => "ContentCmdletProvider",
            _ => "PropertyCmdletProvider",
        };
        type_named(&format!("System.Management.Automation.{name}Intrinsics"))
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.0 {
            "" => PARTS.to_vec(),
            _ => Vec::new(),
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let part = PARTS.iter().find(|part| part.eq_ignore_ascii_case(name));
        let own = part.filter(|_| self.0.is_empty());
        Ok(own.map(|part| Value::native(Intrinsics(part))))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let is_container = self.0 == "Item" && name == "iscontainer";
        if is_container || (self.0 == "ChildItem" && name == "haschild") {
            let path = arguments.first().cloned().unwrap_or_default();
            let answer = match is_container {
                true => {
                    let named = [("Path", path), ("PathType", Value::str("Container"))];
                    vm.call_command("Test-Path", &named, &[])?
                }
                false => {
                    let items = vm.call_command("Get-ChildItem", &[("Path", path)], &[])?;
                    vec![Value::Bool(!items.is_empty())]
                }
            };
            return Ok(Some(Vm::captured(answer)));
        }
        let Some((command, parameters)) = command(self.0, name) else {
            return Ok(None);
        };
        let named: Vec<(&str, Value)> = parameters
            .iter()
            .copied()
            .zip(arguments.iter().cloned())
            .filter(|(_, argument)| !argument.is_null())
            .collect();
        let items = vm.call_command(command, &named, &[])?;
        if name == "exists" {
            return Ok(Some(Vm::captured(items)));
        }
        let items = match name {
            "getnames" => {
                let mut names = Vec::with_capacity(items.len());
                for item in &items {
                    names.push(vm.get_member(item, "PSChildName")?.unwrap_or_default());
                }
                names
            }
            _ => items,
        };
        let definition = type_named("System.Collections.ObjectModel.Collection`1");
        let element = match name {
            "getnames" => crate::runtime::types::known::string(),
            _ => crate::runtime::types::known::psobject(),
        };
        Ok(Some(list::of(
            &crate::runtime::types::generic(&definition, vec![element]),
            items,
        )))
    }
}
