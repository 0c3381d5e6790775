//! Rules of single cmdlets that go beyond what a declaration says, checked before a change.

use super::generic::link::Link;
use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::policy;
use crate::model::value::Datum;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::text::guid::Guid;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use std::collections::HashMap;
use std::rc::Rc;

/// Which policy counts for whom, remembered through a pipeline of changes for as long as nothing
/// that decides it can change.
#[derive(Default)]
pub struct Policies {
    revision: u64,
    /// By noun, the holder's own policy and his pool: all that the answer depends on.
    known: HashMap<(&'static str, String, String), Rc<Object>>,
}

impl Policies {
    /// The policy of a kind that counts for a user or contact.
    pub fn effective(
        &mut self,
        store: &Store,
        noun: &'static str,
        holder: &Object,
    ) -> Result<Rc<Object>, ModelError> {
        let Some(revision) = store.steady() else {
            return policy::effective(store, noun, holder).map(Rc::new);
        };
        if revision != self.revision {
            self.known.clear();
            self.revision = revision;
        }
        let own = match &store.kind(noun)?.grant {
            Some(grant) => holder.text(&grant.property),
            None => String::new(),
        };
        let key = (noun, own, holder.text("RegistrarPool"));
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let found = Rc::new(policy::effective(store, noun, holder)?);
        self.known.insert(key, found.clone());
        Ok(found)
    }
}

/// Looks at a change before it is made; may refuse it or add to it.
pub fn before_change(
    vm: &mut Vm,
    store: &Store,
    call: &Call,
    policies: &mut Policies,
    before: &Object,
    wanted: &mut Object,
) -> R<()> {
    if before.kind.property("AudioVideoDisabled").is_some() {
        super::user_rules::telephony(vm, before, wanted)?;
    }
    match &*call.info.name.to_ascii_lowercase() {
        "set-csuser" => {
            super::user_rules::follow_sip_address(before, wanted);
            hosted_voice_mail(vm, store, call, policies, before)
        }
        "enable-csuser" | "enable-csmeetingroom" => enable_user(vm, store, call, before, wanted),
        moved
            if moved.starts_with("move-cs") && before.kind.property("RegistrarPool").is_some() =>
        {
            let target = call.get("Target").unwrap_or_default();
            let target = crate::cmdlet::generic::value::identity_text(vm, &target)?;
            if !target.is_empty() {
                wanted.set("RegistrarPool", Datum::Text(target));
            }
            Ok(())
        }
        "set-csaccessedgeconfiguration" => routing_method(call, wanted),
        "set-csdialinconferencingdtmfconfiguration" => distinct_keys(vm, wanted),
        "set-csclientpin" => client_pin(vm, store, call, policies, before, wanted),
        _ => super::exchange_rules::before_change(vm, store, call, before, wanted),
    }
}

/// Each command of a conference has a key of its own.
fn distinct_keys(vm: &mut Vm, wanted: &Object) -> R<()> {
    let mut taken: Vec<(String, &str)> = Vec::new();
    for property in wanted
        .kind
        .properties
        .iter()
        .filter(|it| it.pattern.as_deref() == Some("[0-9]"))
    {
        let key = wanted.text(&property.name);
        if key.is_empty() {
            continue;
        }
        if let Some((_, other)) = taken.iter().find(|(it, _)| *it == key) {
            let message = format!(
                "The key \"{key}\" cannot stand for {} and for {other}.",
                property.name
            );
            let fault = Fault::of(
                "System.InvalidOperationException",
                "KeyIsTaken",
                Category::InvalidArgument,
                message,
            );
            return vm.raise(fault.target(Value::str(wanted.identity.as_str())));
        }
        taken.push((key, &property.name));
    }
    Ok(())
}

/// A PIN has the digits that the user's PIN policy asks for; one that nobody gave is made and shown.
fn client_pin(
    vm: &mut Vm,
    store: &Store,
    call: &Call,
    policies: &mut Policies,
    before: &Object,
    wanted: &mut Object,
) -> R<()> {
    let users = vm.model(store.kind("CsUser"))?;
    let policy = policies.effective(store, "CsPinPolicy", &before.seen_as(users));
    let shortest = vm.model(policy)?.get("MinPasswordLength").as_int();
    let shortest = usize::try_from(shortest.unwrap_or_default()).unwrap_or_default();
    if let Some(given) = call.text("Pin") {
        if given.len() >= shortest {
            return Ok(());
        }
        return vm.raise(
            Fault::of(
                "System.InvalidOperationException",
                "PinTooShort",
                Category::InvalidArgument,
                format!(
                    "The PIN needs at least {shortest} digits, as the PIN policy of \"{}\" says.",
                    before.identity
                ),
            )
            .target(Value::str(before.identity.as_str())),
        );
    }
    let random = Guid::new().to_string();
    let digits = random.bytes().filter(u8::is_ascii_hexdigit);
    let pin: String = digits
        .map(|it| char::from(b'0' + it % 10))
        .take(shortest.max(4))
        .collect();
    wanted.set("Pin", Datum::text(pin.as_str()));
    vm.write(CustomObject::typed(
        "Microsoft.Rtc.Management.UserPinService.PinInfoDetails",
        [
            (
                "Identity",
                Value::str(before.seen_as(users).text("SipAddress")),
            ),
            ("Pin", Value::str(pin)),
        ],
    ))
}

/// What a new object brings along beyond what its declaration says.
pub fn after_new(store: &Store, made: &Object) -> Result<(), ModelError> {
    if made.kind.noun == "MigrationBatch" {
        return migration_users(store, made);
    }
    if made.kind.noun == "SiteMailbox" {
        return site_address(store, made);
    }
    if made.kind.noun == "DistributionGroup" {
        let kind = store.kind("DistributionGroupMember")?;
        for member in made.texts("Members") {
            store.create(Link::joining(store, kind, &made.identity, &member))?;
        }
        return Ok(());
    }
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

/// The address of a site mailbox, in the domain that new recipients get theirs in.
fn site_address(store: &Store, made: &Object) -> Result<(), ModelError> {
    let mut domains = Vec::new();
    for domain in store.list("AcceptedDomain")? {
        domains.push(domain?);
    }
    let default = domains.iter().find(|it| it.flag("Default"));
    let Some(domain) = default.or(domains.first()) else {
        return Ok(());
    };
    let alias = match made.text("Alias") {
        alias if alias.is_empty() => made.text("Name").replace(' ', ""),
        alias => alias,
    };
    let address = format!("{alias}@{}", domain.text("DomainName"));
    store
        .modify(made.kind, &made.identity, |mailbox| {
            mailbox.set("Alias", Datum::Text(alias));
            mailbox.set("PrimarySmtpAddress", Datum::Text(address));
            Ok(())
        })
        .map(drop)
}

/// The users of a migration batch: one for each address in its CSV data.
fn migration_users(store: &Store, batch: &Object) -> Result<(), ModelError> {
    let bytes: Vec<u8> = batch
        .texts("CSVData")
        .iter()
        .filter_map(|it| it.parse().ok())
        .collect();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let column = lines.next().unwrap_or_default().split(',').position(|it| {
        let name = it.trim().trim_matches('"');
        name.eq_ignore_ascii_case("EmailAddress")
    });
    let Some(column) = column else {
        return Ok(());
    };
    let kind = store.kind("MigrationUser")?;
    for line in lines {
        let address = line.split(',').nth(column).unwrap_or_default();
        let address = address.trim().trim_matches('"');
        if address.is_empty() || !store.find("MigrationUser", address)?.is_empty() {
            continue;
        }
        store.create(Object::new(kind, address).with("BatchId", batch.identity.as_str()))?;
    }
    Ok(())
}

/// Hosted voice mail needs a policy that says where; another author of the attribute is worth a warning.
fn hosted_voice_mail(
    vm: &mut Vm,
    store: &Store,
    call: &Call,
    policies: &mut Policies,
    before: &Object,
) -> R<()> {
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
    let effective = policies.effective(store, "CsHostedVoicemailPolicy", before);
    let policy = vm.model(effective)?;
    if !policy.text("Destination").is_empty() {
        return Ok(());
    }
    let name = &policy.identity;
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
