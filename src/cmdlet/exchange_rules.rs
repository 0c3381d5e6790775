//! Rules of Exchange cmdlets that go beyond what a declaration says, checked before a change.

use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::release::Release;
use crate::model::value::Datum;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// A number with more characters than this is refused by some clients.
const USUAL_NUMBER_LENGTH: usize = 20;

/// Looks at a change of an Exchange object before it is made; may refuse it or add to it.
pub fn before_change(
    vm: &mut Vm,
    store: &Store,
    call: &Call,
    before: &Object,
    wanted: &mut Object,
) -> R<()> {
    match &*call.info.name.to_ascii_lowercase() {
        "enable-umservice" | "disable-umservice" => only_before_2013(vm, store, call, before),
        "set-umservice" => {
            dead_parameter(vm, call, before, wanted, "Status")?;
            address_family(vm, before, wanted)?;
            startup_mode(vm, call, before, "MSExchangeUM")
        }
        "set-umserver" => startup_mode(vm, call, before, "MSExchangeUM"),
        "set-umcallroutersettings" => {
            address_family(vm, before, wanted)?;
            startup_mode(vm, call, before, "MSExchangeUMCR")
        }
        "set-umdialplan" => {
            access_numbers(vm, call, wanted)?;
            country_groups(vm, wanted)
        }
        "set-umautoattendant" => fallback_attendant(vm, wanted),
        "set-umipgateway" => gateway_address(vm, store, wanted),
        "set-distributiongroup" => {
            group_type(call, wanted);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Looks at a new Exchange object before it is made.
pub fn before_new(vm: &mut Vm, store: &Store, call: &Call, wanted: &mut Object) -> R<()> {
    match wanted.kind.noun.as_str() {
        "DistributionGroup" => {
            group_type(call, wanted);
            Ok(())
        }
        "MailContact" => {
            contact_address(wanted);
            Ok(())
        }
        "UMDialPlan" => {
            access_numbers(vm, call, wanted)?;
            country_groups(vm, wanted)
        }
        "UMAutoAttendant" => fallback_attendant(vm, wanted),
        "UMIPGateway" => gateway_address(vm, store, wanted),
        "PublicFolder" => {
            // A folder lies in another one, or in the root.
            let above = wanted.identity.rsplit_once('\\').map(|(above, _)| above);
            match above.filter(|it| !it.is_empty()) {
                Some(above) => {
                    let parent = store.find_one("PublicFolder", above);
                    vm.model(parent).map(drop)
                }
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// A group that permissions are given to is of another type than one that only mail is sent to.
pub fn group_type(call: &Call, wanted: &mut Object) {
    let secure = wanted.text("Type").eq_ignore_ascii_case("Security");
    if secure {
        wanted.set("GroupType", Datum::text("Universal, SecurityEnabled"));
        for name in ["RecipientType", "RecipientTypeDetails"] {
            wanted.set(name, Datum::text("MailUniversalSecurityGroup"));
        }
        wanted.set("MemberDepartRestriction", Datum::text("Closed"));
    }
    if call.switch("RoomList") {
        wanted.set("RecipientTypeDetails", Datum::text("RoomList"));
    }
}

/// Mail to a contact goes to its address elsewhere, which is its first one too.
fn contact_address(wanted: &mut Object) {
    let external = wanted.text("ExternalEmailAddress");
    let plain = crate::model::identity::without_scheme(&external).to_owned();
    if plain.is_empty() {
        return;
    }
    wanted.set("ExternalEmailAddress", Datum::Text(format!("SMTP:{plain}")));
    if wanted.text("PrimarySmtpAddress").is_empty() {
        wanted.set("PrimarySmtpAddress", Datum::text(plain.as_str()));
    }
    if wanted.texts("EmailAddresses").is_empty() {
        let first = Datum::Text(format!("SMTP:{plain}"));
        wanted.set("EmailAddresses", Datum::List(vec![first]));
    }
}

fn refuse(vm: &Vm, id: &str, message: String, target: &str) -> R<()> {
    vm.raise(
        Fault::of(
            "System.InvalidOperationException",
            id,
            Category::InvalidOperation,
            message,
        )
        .target(Value::str(target)),
    )
}

/// Enable- and Disable-UMService are for servers of Exchange 2010 and before.
fn only_before_2013(vm: &Vm, store: &Store, call: &Call, before: &Object) -> R<()> {
    let kind = match store.kind("ExchangeServer") {
        Ok(kind) => kind,
        Err(_) => return Ok(()),
    };
    if !Release::of(&before.seen_as(kind)).has_call_router() {
        return Ok(());
    }
    refuse(
        vm,
        "ServerVersionNotSupported",
        format!(
            "{} works on servers of Exchange 2010 only, and \"{}\" runs a later version. Use Set-ServerComponentState, or take the server out of the dial plans with Set-UMService -DialPlans.",
            call.info.name, before.identity
        ),
        &before.identity,
    )
}

/// A parameter that is accepted and does nothing on these servers.
fn dead_parameter(
    vm: &mut Vm,
    call: &Call,
    before: &Object,
    wanted: &mut Object,
    name: &str,
) -> R<()> {
    if !call.has(name) {
        return Ok(());
    }
    match before.given(name).cloned() {
        Some(value) => wanted.set(name, value),
        None => wanted.clear(name),
    }
    vm.write_warning(&format!(
        "The parameter {name} has no effect on \"{}\". Use Set-ServerComponentState instead.",
        before.identity
    ))
}

/// A new startup mode counts from the next start of the service.
fn startup_mode(vm: &mut Vm, call: &Call, before: &Object, service: &str) -> R<()> {
    if !call.has("UMStartupMode") {
        return Ok(());
    }
    vm.write_warning(&format!(
        "Changes to UMStartupMode take effect when the service {service} on \"{}\" is restarted.",
        before.identity
    ))
}

/// The family of addresses can be chosen only where it may be configured.
fn address_family(vm: &Vm, before: &Object, wanted: &Object) -> R<()> {
    let changed = before.text("IPAddressFamily") != wanted.text("IPAddressFamily");
    if !changed || wanted.flag("IPAddressFamilyConfigurable") {
        return Ok(());
    }
    refuse(
        vm,
        "IPAddressFamilyNotConfigurable",
        format!(
            "IPAddressFamily of \"{}\" cannot be changed while IPAddressFamilyConfigurable is False.",
            before.identity
        ),
        &before.identity,
    )
}

fn access_numbers(vm: &mut Vm, call: &Call, wanted: &Object) -> R<()> {
    if !call.has("AccessTelephoneNumbers") {
        return Ok(());
    }
    for number in wanted.texts("AccessTelephoneNumbers") {
        if number.chars().count() > USUAL_NUMBER_LENGTH {
            vm.write_warning(&format!(
                "The access number \"{number}\" has more than {USUAL_NUMBER_LENGTH} characters."
            ))?;
        }
    }
    Ok(())
}

/// A dial plan allows only groups of numbers that it has configured.
fn country_groups(vm: &Vm, wanted: &Object) -> R<()> {
    for (allowed, configured) in [
        (
            "AllowedInCountryOrRegionGroups",
            "ConfiguredInCountryOrRegionGroups",
        ),
        (
            "AllowedInternationalGroups",
            "ConfiguredInternationalGroups",
        ),
    ] {
        let known: Vec<String> = wanted
            .texts(configured)
            .iter()
            .map(|entry| fold(entry.split(',').next().unwrap_or(entry).trim()))
            .collect();
        // Several may stand in one text: "local, long distance".
        let unknown = wanted.texts(allowed).into_iter().find(|names| {
            !names
                .split(',')
                .all(|name| known.contains(&fold(name.trim())))
        });
        if let Some(name) = unknown {
            return refuse(
                vm,
                "DialingGroupNotFound",
                format!(
                    "The group \"{name}\" in {allowed} is not one of {configured} of \"{}\".",
                    wanted.identity
                ),
                &name,
            );
        }
    }
    Ok(())
}

/// Only a speech-enabled auto attendant falls back to one for keys.
fn fallback_attendant(vm: &Vm, wanted: &Object) -> R<()> {
    if wanted.text("DTMFFallbackAutoAttendant").is_empty() || wanted.flag("SpeechEnabled") {
        return Ok(());
    }
    refuse(
        vm,
        "FallbackNeedsSpeech",
        format!(
            "DTMFFallbackAutoAttendant needs a speech-enabled auto attendant, and \"{}\" is not one.",
            wanted.identity
        ),
        &wanted.identity,
    )
}

/// A dial plan with security knows its peers by name: the address has to be one.
fn gateway_address(vm: &mut Vm, store: &Store, wanted: &Object) -> R<()> {
    let plan = wanted.text("UMDialPlan");
    if plan.is_empty() {
        return Ok(());
    }
    let found = store.find_one("UMDialPlan", &plan);
    let Ok(plan) = found else { return Ok(()) };
    let address = wanted.text("Address");
    let by_number = address.parse::<std::net::IpAddr>().is_ok();
    if !by_number || plan.get("VoIPSecurity") == Datum::text("Unsecured") {
        return Ok(());
    }
    refuse(
        vm,
        "GatewayNeedsFqdn",
        format!(
            "The UM IP gateway \"{}\" needs a fully qualified domain name as its address: the dial plan \"{}\" is {}.",
            wanted.identity,
            plan.identity,
            plan.text("VoIPSecurity")
        ),
        &address,
    )
}
