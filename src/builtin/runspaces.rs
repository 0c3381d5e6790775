//! Get-Runspace, and Trace-Command as far as it runs what it is given.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::types::automation::runspace;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Runspace", || Box::new(GetRunspace)),
    ("Trace-Command", || Box::<TraceCommand>::default()),
];

/// Runs what is to be traced. Where it would be traced to (a debugger, unless a listener is named)
/// nobody listens.
#[derive(Default)]
struct TraceCommand {
    input: Vec<Value>,
}

impl Cmdlet for TraceCommand {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.input.extend(call.get("InputObject"));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let input = std::mem::take(&mut self.input);
        let input = (!input.is_empty()).then_some(input);
        if let Some(Value::Block(block)) = call.get("Expression").map(Value::into_base) {
            return vm.run_block(
                &block,
                BlockCall {
                    input,
                    ..BlockCall::default()
                },
            );
        }
        match call.text("Command") {
            Some(command) => {
                let arguments = call.items("ArgumentList");
                vm.run_command(&command, &[], &arguments, input)
            }
            None => Ok(()),
        }
    }
}

struct GetRunspace;

impl Cmdlet for GetRunspace {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = Vec::new();
        for name in call.texts("Name") {
            names.push(vm.wildcard(&name, true)?);
        }
        for each in runspace::all(vm) {
            let name = vm.get_member(&each, "Name")?.unwrap_or_default();
            let name = vm.to_text(&name)?;
            let mut wanted = names.is_empty() || names.iter().any(|n| n.is_match(&name));
            for (parameter, property) in [("Id", "Id"), ("InstanceId", "InstanceId")] {
                if call.has(parameter) {
                    let own = vm.get_member(&each, property)?.unwrap_or_default();
                    let mut any = false;
                    for asked in call.items(parameter) {
                        any |= vm.equals(&own, &asked, true)?;
                    }
                    wanted &= any;
                }
            }
            if wanted {
                vm.write(each)?;
            }
        }
        Ok(())
    }
}
