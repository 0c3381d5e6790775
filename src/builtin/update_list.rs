//! Update-List: a list property with items added, taken away or replaced.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::types::collections::dictionary;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Update-List", || Box::<UpdateList>::default())];

#[derive(Default)]
struct UpdateList {
    had_input: bool,
}

fn wrong(id: &str, message: String, target: Value) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        id,
        Category::InvalidOperation,
        message,
    )
    .target(target)
}

impl UpdateList {
    fn apply(&self, vm: &mut Vm, call: &Call, list: &Value) -> R<()> {
        let replacement = call.items("Replace");
        if !replacement.is_empty() {
            vm.invoke_method(list, "Clear", Vec::new())?;
        }
        for item in call.items("Remove") {
            vm.invoke_method(list, "Remove", vec![item.into_base()])?;
        }
        for item in call.items("Add").into_iter().chain(replacement) {
            vm.invoke_method(list, "Add", vec![item.into_base()])?;
        }
        Ok(())
    }
}

impl Cmdlet for UpdateList {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let input = call.get("InputObject");
        self.had_input |= input.is_some();
        let Some(property) = call.text("Property") else {
            return Ok(());
        };
        let Some(input) = input else {
            return vm.write_fault(wrong(
                "MissingInputObjectParameter",
                "The InputObject parameter must be specified when the Property parameter is specified.".into(),
                Value::Null,
            ));
        };
        let Some(list) = vm.get_member(&input, &property)? else {
            return vm.write_fault(wrong(
                "MemberDoesntExist",
                format!("The object does not have a property named \"{property}\"."),
                input,
            ));
        };
        if !matches!(
            list.base(),
            Value::List(_) | Value::Array(_) | Value::Native(_)
        ) {
            return vm.write_fault(wrong(
                "ApplyFailed",
                "The collection cannot be updated because it does not support the IList interface."
                    .into(),
                Value::Null,
            ));
        }
        self.apply(vm, call, &list)?;
        vm.write(input)
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Property") {
            return Ok(());
        }
        if self.had_input {
            return stop(wrong(
                "MissingPropertyParameter",
                "The Property parameter must be specified when the InputObject parameter is specified.".into(),
                Value::Null,
            ));
        }
        let parts = ["Add", "Remove", "Replace"]
            .into_iter()
            .filter(|name| !call.items(name).is_empty())
            .map(|name| (name, Value::array(call.items(name))));
        vm.write(dictionary::hashtable(parts))
    }
}
