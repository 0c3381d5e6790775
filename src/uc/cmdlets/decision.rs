//! Where calls and sign-ins go, explained: Test-TwinCallRouting and Test-TwinSignIn.

use super::answer::{decision_value, identity_text, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use crate::uc::routing::{self, Purpose};
use crate::uc::trace::Decision;
use crate::uc::{access, deployment::Deployment};

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Test-TwinCallRouting", || Box::new(CallRouting)),
    ("Test-TwinSignIn", || Box::new(SignIn)),
];

/// The SIP address that an argument means: of an object its SIP address, of another identity that of the user.
pub fn sip_address(vm: &mut Vm, given: &Value) -> R<String> {
    if let Value::Custom(custom) = given.base()
        && let Some(address) = custom.members.note("SipAddress")
        && !address.is_null()
    {
        return vm.to_text(&address);
    }
    let typed = identity_text(vm, given)?;
    if typed.to_ascii_lowercase().starts_with("sip:") {
        return Ok(typed);
    }
    let store = vm.twin()?;
    Ok(match store.find_one("CsUser", &typed) {
        Ok(user) => user.text("SipAddress"),
        Err(_) => format!("sip:{typed}"),
    })
}

struct CallRouting;

impl Cmdlet for CallRouting {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let computer = text(vm, call, "Computer")?;
        if let Some(number) = text(vm, call, "Number")? {
            let purpose = if call.switch("AutoAttendant") {
                Purpose::AutoAttendant
            } else {
                Purpose::SubscriberAccess
            };
            let decided = on(&store, computer.as_deref(), |deployment| {
                routing::number(deployment, &number, purpose)
            });
            let decision = vm.model(decided)?;
            return vm.write(decision_value(&decision, &number));
        }
        let address = sip_address(vm, &call.get("Identity").unwrap_or_default())?;
        let decided = on(&store, computer.as_deref(), |deployment| {
            if call.switch("Probe") {
                routing::probe(deployment, &address)
            } else {
                routing::deposit(deployment, &address)
            }
        });
        let decision = vm.model(decided)?;
        vm.write(decision_value(&decision, &address))
    }
}

/// Decides with the central configuration, or with what a computer knows of it.
fn on(
    store: &Store,
    computer: Option<&str>,
    decide: impl FnOnce(&dyn Deployment) -> Result<Decision, ModelError>,
) -> Result<Decision, ModelError> {
    match computer {
        Some(computer) => decide(&store.local_store(computer)?),
        None => decide(&store.at(i64::MAX)),
    }
}

struct SignIn;

impl Cmdlet for SignIn {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let address = sip_address(vm, &call.get("Identity").unwrap_or_default())?;
        let providers = store.list("CsHostingProvider");
        let mut proxy = String::new();
        for provider in vm.model(providers)? {
            let provider = vm.model(provider)?;
            if proxy.is_empty() || provider.flag("Enabled") {
                proxy = provider.text("ProxyFqdn");
            }
        }
        let decided = access::owa_sign_in(&store.at(i64::MAX), &address, &proxy);
        let decision = vm.model(decided)?;
        vm.write(decision_value(&decision, &address))
    }
}
