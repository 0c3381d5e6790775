//! Get-CsEffectivePolicy: which policy of each kind counts for a user, after scopes are resolved.

use super::answer::{refuse, texts};
use crate::cmdlet::kinds;
use crate::cmdlet::registry::Factory;
use crate::model::kind::Kind;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::uc::policy;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-CsEffectivePolicy", || Box::new(EffectivePolicy))];

/// The kinds that are shown first, in this order; the others follow by name.
const FIRST: &[&str] = &["LocationProfile", "LocationPolicy", "ClientPolicy"];

struct EffectivePolicy;

impl Cmdlet for EffectivePolicy {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        for typed in texts(vm, call, "Identity")? {
            let found = store
                .find_one("CsUser", &typed)
                .or_else(|error| store.find_one("CsExUmContact", &typed).map_err(|_| error));
            let holder = match found {
                Ok(holder) => holder,
                Err(error) => {
                    refuse(vm, &error)?;
                    continue;
                }
            };
            let view = store.at(i64::MAX);
            let mut notes = vec![("Identity", Value::str(holder.identity.as_str()))];
            for (name, kind) in granted_kinds() {
                let effective = policy::effective(&view, &kind.noun, &holder);
                let effective = vm.model(effective)?;
                notes.push((name, Value::str(policy::shown_name(&effective))));
            }
            vm.write(CustomObject::typed(
                "Microsoft.Rtc.Management.AD.Cmdlets.EffectivePolicies",
                notes,
            ))?;
        }
        Ok(())
    }
}

/// All kinds of policy that users hold, with the names they are listed under.
fn granted_kinds() -> Vec<(&'static str, &'static Kind)> {
    let mut list: Vec<(&'static str, &'static Kind)> = kinds::nouns()
        .filter_map(kinds::find)
        .filter(|kind| kind.standing_identity().is_some())
        .filter_map(|kind| policy::listed_as(kind).map(|name| (name, kind)))
        .collect();
    list.sort_by_key(|(name, _)| {
        let first = FIRST.iter().position(|known| known == name);
        (first.unwrap_or(FIRST.len()), *name)
    });
    list.dedup_by_key(|(name, _)| *name);
    list
}
