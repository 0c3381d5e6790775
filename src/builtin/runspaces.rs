//! Get-Runspace.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::types::runspace;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-Runspace", || Box::new(GetRunspace))];

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
