//! Get-ItemProperty and its kin: properties of items.

use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::provider::ItemPath;
use crate::runtime::provider::find::matches_any;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-ItemProperty", || Box::new(GetItemProperty)),
    ("Get-ItemPropertyValue", || Box::new(GetItemPropertyValue)),
    ("Set-ItemProperty", || Box::new(SetItemProperty)),
    ("Clear-ItemProperty", || Box::new(ClearItemProperty)),
    ("New-ItemProperty", || Box::new(Unsupported)),
    ("Remove-ItemProperty", || Box::new(Unsupported)),
    ("Copy-ItemProperty", || Box::new(Unsupported)),
    ("Move-ItemProperty", || Box::new(Unsupported)),
    ("Rename-ItemProperty", || Box::new(Unsupported)),
];

fn no_property(name: &str, item: &ItemPath) -> Fault {
    Fault::argument(
        "System.Management.Automation.PSArgumentException",
        format!("Property {name} does not exist at path {}.", item.path),
    )
    .target(Value::str(item.path.as_str()))
}

struct GetItemProperty;

impl Cmdlet for GetItemProperty {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        for item in Selection::of(call).items(vm)? {
            if !item.is_file_system() {
                stop::<()>(unsupported())?;
            }
            let whole = vm.item_value(&item)?;
            if names.is_empty() {
                vm.write(whole)?;
                continue;
            }
            let members = Members::default();
            let available = vm.properties(&whole)?;
            for name in &names {
                let mut any = false;
                for property in &available {
                    if matches_any(std::slice::from_ref(name), &property.name) {
                        any = true;
                        let value = vm.get_member(&whole, &property.name)?.unwrap_or_default();
                        members.set(&property.name, Member::Note(value));
                    }
                }
                if !any {
                    vm.write_fault(no_property(name, &item))?;
                }
            }
            if members.is_empty() {
                continue;
            }
            for (name, value) in vm.origin_notes(&item) {
                members.set(name, Member::Note(value));
            }
            vm.write(Value::Custom(Rc::new(CustomObject::new(members))))?;
        }
        Ok(())
    }
}

struct GetItemPropertyValue;

impl Cmdlet for GetItemPropertyValue {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut selection = Selection::of(call);
        if selection.paths.is_empty() {
            selection.paths = vec![".".into()];
        }
        for item in selection.items(vm)? {
            let whole = vm.item_value(&item)?;
            for name in call.texts("Name") {
                match vm.get_member(&whole, &name)? {
                    Some(value) => vm.write(value)?,
                    None => vm.write_fault(no_property(&name, &item))?,
                }
            }
        }
        Ok(())
    }
}

struct SetItemProperty;

impl Cmdlet for SetItemProperty {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut changes: Vec<(Rc<str>, Value)> = Vec::new();
        match call.text("Name") {
            Some(name) => changes.push((name, call.get("Value").unwrap_or_default())),
            None => {
                let object = call.get("InputObject").unwrap_or_default();
                for property in vm.properties(&object)? {
                    let value = vm.get_member(&object, &property.name)?.unwrap_or_default();
                    changes.push((property.name, value));
                }
            }
        }
        for item in Selection::of(call).items(vm)? {
            let whole = vm.item_value(&item)?;
            for (name, value) in &changes {
                let text = vm.to_text(value)?;
                let target = format!("Item: {} Property: {name} Value: {text}", item.path);
                if !vm.should_process(call, &target, "Set Property")? {
                    continue;
                }
                if vm.get_member(&whole, name)?.is_none() {
                    vm.write_fault(no_property(name, &item))?;
                    continue;
                }
                match vm.write_property(&whole, name, value.clone()) {
                    Ok(()) => {}
                    Err(unwind) => vm.write_unwind(unwind)?,
                }
            }
            if call.switch("PassThru") {
                vm.write(whole)?;
            }
        }
        Ok(())
    }
}

struct ClearItemProperty;

impl Cmdlet for ClearItemProperty {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("Name").unwrap_or_else(|| "".into());
        for item in Selection::of(call).items(vm)? {
            if name.eq_ignore_ascii_case("Attributes") {
                let _ = crate::runtime::types::io::file_info::set_read_only(item.as_file(), false);
            } else {
                vm.write_fault(no_property(&name, &item))?;
            }
        }
        Ok(())
    }
}

fn unsupported() -> Fault {
    Fault::of(
        "System.Management.Automation.PSNotSupportedException",
        "NotSupported",
        Category::NotImplemented,
        "Provider operation stopped because the provider does not support this operation.",
    )
}

/// Making, removing and moving properties, which no provider here can do: each item found is
/// refused for each name, and an item or drive that is not there says so itself.
struct Unsupported;

impl Cmdlet for Unsupported {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for _ in 0..call.texts("Name").len().max(1) {
            for _ in Selection::of(call).items(vm)? {
                vm.write_fault(unsupported())?;
            }
        }
        Ok(())
    }
}
