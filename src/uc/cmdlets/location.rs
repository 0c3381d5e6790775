//! Emergency addresses are checked by the provider that the deployment names; here every address that has a street
//! and a city is one that the provider knows.

use super::answer::{refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Test-CsLisCivicAddress", || Box::new(Address))];

/// What says where an address is.
pub(super) const PARTS: &[&str] = &[
    "HouseNumber",
    "HouseNumberSuffix",
    "PreDirectional",
    "StreetName",
    "StreetSuffix",
    "PostDirectional",
    "City",
    "State",
    "PostalCode",
    "Country",
];

struct Address;

impl Cmdlet for Address {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let providers = store.list("CsLisServiceProvider");
        if vm.model(providers)?.next().is_none() {
            let error = ModelError::NotFound {
                noun: "CsLisServiceProvider".into(),
                identity: "*".into(),
            };
            return refuse(vm, &error);
        }
        let mut given = Vec::new();
        for part in PARTS {
            if let Some(value) = text(vm, call, part)? {
                given.push((part, value));
            }
        }
        let listed = store.list("CsLisCivicAddress");
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            let is_meant = given
                .iter()
                .all(|(part, value)| object.text(part).eq_ignore_ascii_case(value));
            let valid = !object.text("StreetName").is_empty() && !object.text("City").is_empty();
            if !is_meant
                || !call.switch("UpdateValidationStatus")
                || object.flag("MSAGValid") == valid
                || !vm.should_process(call, &object.identity, "Test-CsLisCivicAddress")?
            {
                continue;
            }
            let mut checked = object.clone();
            checked.set("MSAGValid", valid.into());
            let done = store.change(&object, &checked);
            vm.model(done)?;
        }
        Ok(())
    }
}
