//! Test-TwinDeployment: what the health checks find.

use super::answer::texts;
use crate::cmdlet::registry::Factory;
use crate::model::identity::matches;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::uc::health;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Test-TwinDeployment", || Box::new(Test))];

struct Test;

impl Cmdlet for Test {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let found = health::findings(&store.at(i64::MAX));
        let (ids, levels) = (texts(vm, call, "Id")?, texts(vm, call, "Severity")?);
        for finding in vm.model(found)? {
            let severity = format!("{:?}", finding.severity);
            let wanted = (ids.is_empty() || ids.iter().any(|it| matches(it, finding.id)))
                && (levels.is_empty()
                    || levels.iter().any(|it| it.eq_ignore_ascii_case(&severity)));
            if !wanted {
                continue;
            }
            vm.write(CustomObject::typed(
                "Ucsh.Twin.Finding",
                [
                    ("Id", Value::str(finding.id)),
                    ("Severity", Value::str(severity)),
                    ("Object", Value::str(finding.object)),
                    ("Message", Value::str(finding.message)),
                    ("Remedy", Value::str(finding.remedy)),
                ],
            ))?;
        }
        Ok(())
    }
}
