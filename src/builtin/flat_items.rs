//! Writing and removing items of the drives without folders: functions, aliases,
//! variables, environment variables, with the options that protect them.

use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::provider::{ItemPath, Provider};
use crate::runtime::scope::options;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The option bits that `-Options` names.
fn option_bits(call: &Call) -> Option<u8> {
    call.int("Options")
        .and_then(|bits| u8::try_from(bits & 15).ok())
}

/// Gives an item a value, and the options that the call names.
pub fn set(vm: &mut Vm, call: &Call, item: &ItemPath, value: Value) -> R<()> {
    let arguments = [
        ("Name", Value::str(item.path.as_str())),
        ("Value", value.clone()),
        ("Force", Value::Bool(call.switch("Force"))),
    ];
    match item.provider {
        Provider::Function => function(vm, call, item, value),
        Provider::Alias => {
            let mut arguments = arguments.to_vec();
            arguments.extend(call.get("Options").map(|bits| ("Option", bits)));
            vm.run_command("Set-Alias", &arguments, &[], None)
        }
        Provider::Variable => vm.run_command("Set-Variable", &arguments, &[], None),
        _ => vm.set_drive_item(&item.drive, &item.path, value),
    }
}

fn function(vm: &mut Vm, call: &Call, item: &ItemPath, value: Value) -> R<()> {
    let name = item.path.as_str();
    let force = call.switch("Force");
    let old = vm.find_function(name);
    if let Some(old) = &old
        && is_protected(old.options.get(), force)
    {
        return vm.write_fault(protected(
            "FunctionNotWritable",
            format!("Cannot write to function {name} because it is read-only or constant."),
            name,
        ));
    }
    if let Some(old) = old {
        // What was read-only does not stop the writer that may write it.
        old.options.set(old.options.get() & !options::READ_ONLY);
    }
    vm.set_drive_item(&item.drive, name, value)?;
    if let (Some(bits), Some(made)) = (option_bits(call), vm.find_function(name)) {
        made.options.set(bits);
    }
    Ok(())
}

/// Takes an item away.
pub fn remove(vm: &mut Vm, call: &Call, item: &ItemPath) -> R<()> {
    if item.provider == Provider::Function
        && let Some(function) = vm.find_function(&item.path)
        && is_protected(function.options.get(), call.switch("Force"))
    {
        let name = item.path.as_str();
        return vm.write_fault(protected(
            "FunctionNotRemovable",
            format!("Cannot remove function {name} because it is constant or read-only. If the function is read-only, try the operation again specifying the Force option."),
            name,
        ));
    }
    vm.set_drive_item(&item.drive, &item.path, Value::Null)
}

fn is_protected(bits: u8, force: bool) -> bool {
    bits & options::CONSTANT != 0 || (bits & options::READ_ONLY != 0 && !force)
}

fn protected(id: &str, message: String, name: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.SessionStateUnauthorizedAccessException",
        id,
        Category::WriteError,
        message,
    )
    .target(Value::str(name))
}
