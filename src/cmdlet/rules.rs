//! Rules of single cmdlets that go beyond what a declaration says, checked before a change.

use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// Looks at a change before it is made; may refuse it or add to it.
pub fn before_change(
    vm: &mut Vm,
    store: &Store,
    call: &Call,
    before: &Object,
    wanted: &mut Object,
) -> R<()> {
    match &*call.info.name.to_ascii_lowercase() {
        "set-csuser" => hosted_voice_mail(vm, store, call, before),
        "enable-csuser" => enable_user(vm, store, call, before, wanted),
        "move-csuser" | "move-csexumcontact" => {
            let target = call.get("Target").unwrap_or_default();
            let target = crate::cmdlet::generic::value::identity_text(vm, &target)?;
            if !target.is_empty() {
                wanted.set("RegistrarPool", Datum::Text(target));
            }
            Ok(())
        }
        "set-csaccessedgeconfiguration" => routing_method(call, wanted),
        _ => Ok(()),
    }
}

/// What a new object brings along beyond what its declaration says.
pub fn after_new(store: &Store, made: &Object) -> Result<(), ModelError> {
    // A gateway made with a dial plan takes calls for it at once, by a default hunt group.
    if made.kind.noun != "UMIPGateway" || made.text("UMDialPlan").is_empty() {
        return Ok(());
    }
    let group = Object::new(
        store.kind("UMHuntGroup")?,
        format!("{} Default Hunt Group", made.identity),
    )
    .with("UMIPGateway", made.identity.as_str())
    .with("UMDialPlan", made.text("UMDialPlan").as_str());
    store.create(group).map(drop)
}

/// Hosted voice mail needs a policy that says where; another author of the attribute is worth a warning.
fn hosted_voice_mail(vm: &mut Vm, store: &Store, call: &Call, before: &Object) -> R<()> {
    let Some(given) = call.get("HostedVoiceMail") else {
        return Ok(());
    };
    let foreign = before
        .texts("msExchUCVoiceMailSettings")
        .iter()
        .any(|entry| !entry.to_ascii_lowercase().starts_with("cshostedvoicemail"));
    if foreign {
        vm.write_warning(&format!(
            "Another application may manage the hosted voice mail setting of \"{}\": the attribute msExchUCVoiceMailSettings holds a value that this cmdlet did not write.",
            before.identity
        ))?;
    }
    if !matches!(given.base(), Value::Bool(true)) {
        return Ok(());
    }
    let effective = hosted_policy(store, before);
    let policy = vm.model(effective)?;
    if policy
        .as_ref()
        .is_some_and(|p| !p.text("Destination").is_empty())
    {
        return Ok(());
    }
    let name = policy
        .map(|p| p.identity)
        .unwrap_or_else(|| "Global".to_string());
    vm.raise(
        Fault::of(
            "System.InvalidOperationException",
            "HostedVoicemailPolicyHasNoDestination",
            Category::InvalidOperation,
            format!(
                "Cannot enable hosted voice mail for \"{}\": the hosted voicemail policy that applies, \"{name}\", has no Destination. Set one with Set-CsHostedVoicemailPolicy, or grant a policy that has one.",
                before.identity
            ),
        )
        .target(Value::str(before.identity.as_str())),
    )
}

/// The hosted voicemail policy that counts: the user's own, his site's, or the global one.
fn hosted_policy(store: &Store, user: &Object) -> Result<Option<Object>, ModelError> {
    let noun = "CsHostedVoicemailPolicy";
    let own = user.text("HostedVoicemailPolicy");
    if !own.is_empty()
        && let Some(policy) = store.get(noun, &format!("Tag:{own}"))?
    {
        return Ok(Some(policy));
    }
    if let Some(pool) = store.get("CsPool", &user.text("RegistrarPool"))?
        && let Some(policy) = store.get(noun, &pool.text("Site"))?
    {
        return Ok(Some(policy));
    }
    store.get(noun, "Global")
}

/// The SIP address of a new user: given, or made from the account.
fn enable_user(
    vm: &mut Vm,
    _store: &Store,
    call: &Call,
    before: &Object,
    wanted: &mut Object,
) -> R<()> {
    if call.has("SipAddress") {
        return Ok(());
    }
    let Some(kind) = call.get("SipAddressType") else {
        return Ok(());
    };
    let kind = vm.to_text(&kind)?.to_ascii_lowercase();
    let domain = call.text("SipDomain").unwrap_or_else(|| "".into());
    let address = match kind.as_str() {
        "firstlastname" => format!(
            "{}.{}@{domain}",
            before.text("GivenName"),
            before.text("sn")
        )
        .to_lowercase(),
        "emailaddress" => before.text("mail"),
        "userprincipalname" => before.text("UserPrincipalName"),
        "samaccountname" => format!("{}@{domain}", before.text("sAMAccountName")),
        _ => return Ok(()),
    };
    wanted.set("SipAddress", Datum::Text(format!("sip:{address}")));
    Ok(())
}

/// The two routing methods exclude each other's settings.
fn routing_method(call: &Call, wanted: &mut Object) -> R<()> {
    if call.switch("UseDefaultRouting") {
        wanted.set("RoutingMethod", Datum::text("UseDefaultRouting"));
    }
    if call.switch("UseDnsSrvRouting") {
        wanted.set("RoutingMethod", Datum::text("UseDnsSrvRouting"));
        wanted.clear("DefaultRouteFqdn");
    }
    Ok(())
}
