//! Experimental features: which there are, and switching them for sessions to come.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::fits_any;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-ExperimentalFeature", || {
        Box::new(GetExperimentalFeature)
    }),
    ("Enable-ExperimentalFeature", || Box::new(Switch)),
    ("Disable-ExperimentalFeature", || Box::new(Switch)),
];

/// The features of the engine, and what they are about.
const FEATURES: &[(&str, &str)] = &[
    (
        "PSLoadAssemblyFromNativeCode",
        "Expose an API to allow assembly loading from native code",
    ),
    (
        "PSSerializeJSONLongEnumAsNumber",
        "Serialize enums based on long or ulong as an numeric value rather than the string representation when using ConvertTo-Json.",
    ),
];

struct GetExperimentalFeature;

impl Cmdlet for GetExperimentalFeature {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        for (name, description) in FEATURES {
            if !names.is_empty() && !fits_any(&names, name) {
                continue;
            }
            let fields = vec![
                ("Name", Value::str(*name)),
                ("Enabled", Value::Bool(false)),
                ("Source", Value::str("PSEngine")),
                ("Description", Value::str(*description)),
            ];
            let class = "System.Management.Automation.ExperimentalFeature";
            vm.write(PlainObject::new(class, fields).value())?;
        }
        Ok(())
    }
}

/// Enable and disable: the features are not there to be switched, but a wrong name is told.
struct Switch;

impl Cmdlet for Switch {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for name in call.texts("Name") {
            let wanted: [Rc<str>; 1] = [name.clone()];
            let found: Vec<&str> = FEATURES
                .iter()
                .map(|(feature, _)| *feature)
                .filter(|feature| fits_any(&wanted, feature))
                .collect();
            if found.is_empty() {
                vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.ItemNotFoundException",
                        "ItemNotFoundException",
                        Category::ObjectNotFound,
                        &*name,
                    )
                    .target(Value::str(&*name)),
                )?;
            }
            for feature in found {
                if vm.should_process(call, feature, &call.info.name)? {
                    vm.write_warning("Enabling and disabling experimental features do not take effect until next start of PowerShell.")?;
                }
            }
        }
        Ok(())
    }
}
