//! What the cmdlets of call admission control make of parameters that stand for parts of an
//! object: limits for audio and video become policies of a profile, alternate paths become those
//! of a region, a text of links becomes the list of a route; and ids for media bypass.

use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::value::{Datum, Record};
use crate::runtime::command::Call;
use crate::runtime::error::R;
use crate::runtime::text::guid::Guid;
use crate::runtime::vm::Vm;

const TYPES: &str = "Microsoft.Rtc.Management.WritableConfig.Settings.NetworkConfiguration.";

/// What a session of a modality gets if nobody says it, and the least that it may get.
const SESSIONS: [(&str, i64, i64); 2] = [("Audio", 175, 40), ("Video", 700, 100)];

/// The error of limits that contradict each other.
const BANDWIDTH: &str = "InvalidBandwidthPolicy";

/// Brings an object to what the parameters of New and Set mean for it.
pub fn settle(vm: &mut Vm, call: &Call, verb: &str, object: &mut Object) -> R<()> {
    match object.kind.noun.as_str() {
        "CsNetworkBandwidthPolicyProfile" => limits(vm, call, object),
        "CsNetworkRegion" => {
            alternate_paths(call, verb, object);
            Ok(())
        }
        "CsNetworkSite" => {
            if call.has("NetworkRegionID") && !call.has("BypassID") {
                object.set("BypassID", new_id());
            }
            Ok(())
        }
        "CsNetworkInterRegionRoute" => links(vm, call, object),
        "CsNetworkMediaBypassConfiguration" => media_bypass(vm, call, object),
        "CsUnassignedNumber" => {
            for end in ["NumberRangeStart", "NumberRangeEnd"] {
                let number = object.text(end);
                if number.starts_with(['+', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
                    object.set(end, Datum::Text(format!("tel:{number}")));
                }
            }
            Ok(())
        }
        "CsTrustedApplicationEndpoint" => {
            let id = object.text("ApplicationId");
            let plain = super::application::plain(&id);
            if plain.len() != id.len() {
                object.set("ApplicationId", Datum::text(plain));
            }
            // The application has to be on the pool that the endpoint is for.
            let pool = object.text("TrustedApplicationPoolFqdn");
            let application = vm
                .twin()?
                .find_one("CsTrustedApplication", &format!("{pool}/{plain}"));
            match application {
                Err(error) if verb.eq_ignore_ascii_case("new") => vm.model(Err(error)),
                _ => Ok(()),
            }
        }
        "CsPinPolicy" => {
            let number = |name: &str| object.get(name).as_int().unwrap_or_default();
            if number("PINLifetime") > 0 && number("PINHistoryCount") == 0 {
                let message = "PINs that expire need a PINHistoryCount of at least 1.".to_owned();
                return refuse(vm, "InvalidPinHistory", message, object);
            }
            Ok(())
        }
        "CsStaticRoute" => {
            transport(object);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn new_id() -> Datum {
    Datum::Text(Guid::new().to_string())
}

/// The entry of a list for a modality.
fn of_modality<'d>(list: &'d Datum, modality: &str) -> Option<&'d Record> {
    list.items().iter().rev().find_map(|item| match item {
        Datum::Record(record) => {
            let own = record.get("BWPolicyModality").and_then(Datum::as_text);
            own.filter(|own| own.eq_ignore_ascii_case(modality))
                .map(|_| record)
        }
        _ => None,
    })
}

/// A list with one entry for each modality that has any, the last one that came.
fn by_modality(list: &Datum) -> Vec<Datum> {
    SESSIONS
        .iter()
        .filter_map(|(modality, ..)| of_modality(list, modality))
        .map(|record| Datum::Record(record.clone()))
        .collect()
}

/// Puts the entry of a modality into a list, in the place of the one that is there.
fn put(list: &Datum, modality: &str, type_name: &str, fields: Vec<(String, Datum)>) -> Datum {
    let mut items = list.items().to_vec();
    let modality = ("BWPolicyModality".to_owned(), Datum::text(modality));
    items.push(Datum::Record(Record {
        type_name: format!("{TYPES}{type_name}"),
        fields: fields.into_iter().chain([modality]).collect(),
    }));
    Datum::List(by_modality(&Datum::List(items)))
}

/// Limits given one by one are a policy of their modality; what the policies say shows as limits.
fn limits(vm: &mut Vm, call: &Call, object: &mut Object) -> R<()> {
    let mut policies = object.get("BWPolicy");
    for (modality, usual, least) in SESSIONS {
        let [total, session] =
            ["BWLimit", "BWSessionLimit"].map(|limit| format!("{modality}{limit}"));
        if !call.has(&total) && !call.has(&session) {
            continue;
        }
        if call.has("BWPolicy") {
            let message = format!(
                "BWPolicy and {modality} limits exclude each other: the limits are a policy themselves."
            );
            return refuse(vm, BANDWIDTH, message, object);
        }
        let mut given = |name: &str, usual: i64| -> R<Option<i64>> {
            match call.get(name) {
                Some(value) => Ok(vm.to_text(&value)?.trim().parse().ok()),
                None => Ok(Some(usual)),
            }
        };
        let (Some(limit), Some(for_session)) = (given(&total, 0)?, given(&session, usual)?) else {
            let message = format!("{total} and {session} are numbers of kilobits per second.");
            return refuse(vm, BANDWIDTH, message, object);
        };
        if for_session < least {
            return refuse(
                vm,
                BANDWIDTH,
                format!("{session} must be at least {least}."),
                object,
            );
        }
        let fields = vec![
            ("BWLimit".to_owned(), Datum::Int(limit)),
            ("BWSessionLimit".to_owned(), Datum::Int(for_session)),
        ];
        policies = put(&policies, modality, "BWPolicyType", fields);
    }
    let policies = Datum::List(by_modality(&policies));
    if !policies.same(&object.get("BWPolicy")) {
        object.set("BWPolicy", policies.clone());
    }
    for (modality, ..) in SESSIONS {
        let policy = of_modality(&policies, modality);
        for limit in ["BWLimit", "BWSessionLimit"] {
            let name = format!("{modality}{limit}");
            match policy.and_then(|policy| policy.get(limit)) {
                Some(value) => object.set(&name, Datum::Text(value.display())),
                None => object.clear(&name),
            }
        }
    }
    Ok(())
}

fn refuse(vm: &mut Vm, id: &str, message: String, object: &Object) -> R<()> {
    let error = ModelError::Rule {
        message,
        id: id.to_owned(),
        target: object.identity.clone(),
    };
    vm.model(Err(error))
}

/// A region says for each modality whether calls may take another path.
fn alternate_paths(call: &Call, verb: &str, object: &mut Object) {
    let is_new = verb.eq_ignore_ascii_case("new");
    let mut paths = object.get("BWAlternatePaths");
    for (modality, ..) in SESSIONS {
        let flag = format!("{modality}AlternatePath");
        if call.has(&flag) || is_new && of_modality(&paths, modality).is_none() {
            let fields = vec![("AlternatePath".to_owned(), Datum::Bool(object.flag(&flag)))];
            paths = put(&paths, modality, "BWAlternatePathType", fields);
        }
    }
    let paths = Datum::List(by_modality(&paths));
    if !paths.same(&object.get("BWAlternatePaths")) {
        object.set("BWAlternatePaths", paths.clone());
    }
    for (modality, ..) in SESSIONS {
        let allowed = of_modality(&paths, modality).and_then(|path| path.get("AlternatePath"));
        if let Some(allowed) = allowed.filter(|it| it.as_bool().is_some()) {
            object.set(&format!("{modality}AlternatePath"), allowed.clone());
        }
    }
}

/// The links of a route may be given as one text with commas.
fn links(vm: &mut Vm, call: &Call, object: &mut Object) -> R<()> {
    if let Some(text) = call
        .get("NetworkRegionLinkIDs")
        .filter(|_| !call.has("NetworkRegionLinks"))
    {
        let text = vm.to_text(&text)?;
        let names = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        object.set(
            "NetworkRegionLinks",
            Datum::List(names.map(Datum::text).collect()),
        );
    }
    let joined = object.texts("NetworkRegionLinks").join(",");
    object.set("NetworkRegionLinkIDs", Datum::Text(joined));
    Ok(())
}

/// A static route goes by TLS to a server that shows a certificate, or by TCP to an address.
fn transport(object: &mut Object) {
    const TYPES: &str = "Microsoft.Rtc.Management.WritableConfig.Settings.SipProxy.";
    let record = |name: &str, fields: Vec<(&str, Datum)>| {
        Datum::Record(Record {
            type_name: format!("{TYPES}{name}"),
            fields: fields
                .into_iter()
                .map(|(field, value)| (field.to_owned(), value))
                .collect(),
        })
    };
    let destination = object.get("Destination");
    let certificate = match object.get("TLSCertIssuer") {
        _ if object.flag("UseDefaultCertificate") => Some(record("UseDefaultCert", Vec::new())),
        Datum::Null => None,
        issuer => {
            let number = object.get("TLSCertSerialNumber");
            Some(record(
                "CertFilter",
                vec![("Issuer", issuer), ("SerialNumber", number)],
            ))
        }
    };
    let is_address = destination
        .as_text()
        .is_some_and(|text| text.parse::<std::net::IpAddr>().is_ok());
    let choice = match certificate {
        Some(certificate) => record(
            "TLS",
            vec![("Certificate", certificate), ("Fqdn", destination)],
        ),
        None if is_address => record("TCP", vec![("IPAddress", destination)]),
        None => record("TCP", vec![("Fqdn", destination)]),
    };
    let port = object.get("Port");
    object.set(
        "Transport",
        record(
            "Transport",
            vec![("TransportChoice", choice), ("Port", port)],
        ),
    );
}

/// Media bypass that is on has an id and lets every client inside try it.
fn media_bypass(vm: &mut Vm, call: &Call, object: &mut Object) -> R<()> {
    if !object.flag("Enabled") {
        if object.flag("AlwaysBypass") {
            vm.write_warning("AlwaysBypass counts only if Enabled is true.")?;
        }
        return Ok(());
    }
    object.set("InternalBypassMode", Datum::text("Any"));
    let everywhere = object.flag("AlwaysBypass") || object.flag("EnableDefaultBypassID");
    if everywhere && !call.has("BypassID") {
        object.set("BypassID", new_id());
    }
    Ok(())
}
