//! Rules of users and contacts of Lync that go beyond what a declaration says, checked before a change.

use crate::model::identity::{fold, without_scheme};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Audio and video cannot be switched off for somebody who has a telephone in Lync.
pub fn telephony(vm: &Vm, before: &Object, wanted: &Object) -> R<()> {
    if !wanted.flag("AudioVideoDisabled") {
        return Ok(());
    }
    let changed = [
        "AudioVideoDisabled",
        "EnterpriseVoiceEnabled",
        "RemoteCallControlTelephonyEnabled",
    ]
    .iter()
    .any(|name| before.flag(name) != wanted.flag(name));
    let telephone = [
        "EnterpriseVoiceEnabled",
        "RemoteCallControlTelephonyEnabled",
    ]
    .into_iter()
    .find(|name| wanted.flag(name));
    match telephone {
        Some(name) if changed => vm.raise(
            Fault::of(
                "System.InvalidOperationException",
                "AudioVideoNeededForTelephony",
                Category::InvalidOperation,
                format!(
                    "AudioVideoDisabled of \"{}\" cannot be True while {name} is True.",
                    before.identity
                ),
            )
            .target(Value::str(before.identity.as_str())),
        ),
        _ => Ok(()),
    }
}

/// Roles that came with the product stay.
pub fn before_removal(vm: &Vm, object: &Object) -> R<()> {
    if object.kind.noun != "CsAdminRole" || !object.flag("IsStandardRole") {
        return Ok(());
    }
    vm.raise(
        Fault::of(
            "System.InvalidOperationException",
            "StandardRole",
            Category::InvalidOperation,
            format!(
                "The role \"{}\" is a standard role and cannot be removed.",
                object.identity
            ),
        )
        .target(Value::str(object.identity.as_str())),
    )
}

/// The proxy addresses follow a new SIP address.
pub fn follow_sip_address(before: &Object, wanted: &mut Object) {
    let (old, new) = (before.text("SipAddress"), wanted.text("SipAddress"));
    if fold(&old) == fold(&new) {
        return;
    }
    let mut kept: Vec<Datum> = wanted
        .get("ProxyAddresses")
        .items()
        .iter()
        .filter(|entry| {
            let text = entry.display();
            let is_old = fold(without_scheme(&text)) == fold(without_scheme(&old));
            !(fold(&text).starts_with("sip:") && is_old)
        })
        .cloned()
        .collect();
    if !new.is_empty() {
        kept.push(Datum::Text(format!("sip:{}", without_scheme(&new))));
    }
    wanted.set("ProxyAddresses", Datum::List(kept));
}
