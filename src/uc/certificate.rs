//! When one side accepts the other's certificate.

use crate::model::identity::fold;
use crate::model::object::Object;

/// Whether a name in a certificate covers a host: the same name, or a wildcard
/// for exactly one left-most label.
pub fn covers(name: &str, host: &str) -> bool {
    let (name, host) = (fold(name.trim()), fold(host));
    match name.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(_, tail)| tail == rest),
        None => name == host,
    }
}

/// The common name of a subject.
pub fn common_name(subject: &str) -> &str {
    subject
        .split(',')
        .map(str::trim)
        .find_map(|part| {
            let prefix = part.get(..3)?;
            prefix.eq_ignore_ascii_case("cn=").then(|| part[3..].trim())
        })
        .unwrap_or(subject.trim())
}

/// What is wrong with the certificate of a UM server that is reached under a
/// name, as a Front End Server sees it; `None` if nothing is.
pub fn um_fault(
    certificate: &Object,
    host: &str,
    service: &str,
    stand_alone: bool,
    now: i64,
) -> Option<String> {
    let subject = certificate.text("Subject");
    let common = common_name(&subject);
    let names = certificate.texts("CertificateDomains");
    let services = certificate.texts("Services");
    if !services.iter().any(|it| it.eq_ignore_ascii_case(service)) {
        return Some(format!("it is not assigned to {service}"));
    }
    if certificate.flag("IsSelfSigned") {
        return Some("it is self-signed".into());
    }
    if let "Untrusted" | "Revoked" | "Invalid" | "PendingRequest" =
        certificate.text("Status").as_str()
    {
        return Some(format!("its status is {}", certificate.text("Status")));
    }
    if certificate.text("RootCAType") == "None" {
        return Some("its root is not trusted".into());
    }
    if let Some(fault) = time_fault(certificate, now) {
        return Some(fault);
    }
    if common.starts_with('*') {
        return Some(format!("its subject name {common} is a wildcard"));
    }
    let covered = if stand_alone || names.is_empty() {
        covers(common, host)
    } else {
        names.iter().any(|name| covers(name, host))
    };
    (!covered).then(|| format!("no name in it covers {host}"))
}

/// What is wrong with the external certificate of an Edge Server, as a provider
/// sees it.
pub fn edge_fault(certificate: &Object, host: &str, now: i64) -> Option<String> {
    if certificate.flag("SelfSigned") || !certificate.flag("PublicAuthority") {
        return Some("it is not from a public authority".into());
    }
    if let Some(fault) = time_fault(certificate, now) {
        return Some(fault);
    }
    let names = certificate.texts("AlternativeNames");
    let covered = names.iter().any(|name| covers(name, host));
    (!covered).then(|| format!("no alternative name in it covers {host}"))
}

fn time_fault(certificate: &Object, now: i64) -> Option<String> {
    let moment = |name: &str| match certificate.get(name) {
        crate::model::value::Datum::DateTime(ticks) => Some(ticks),
        _ => None,
    };
    if moment("NotAfter").is_some_and(|end| end < now) {
        return Some("it has expired".into());
    }
    if moment("NotBefore").is_some_and(|start| start > now) {
        return Some("it is not valid yet".into());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_label() {
        assert!(covers("*.contoso.com", "UM1.contoso.com"));
        assert!(!covers("*.contoso.com", "um1.eu.contoso.com"));
        assert!(!covers("*.contoso.com", "contoso.com"));
        assert_eq!(
            common_name("CN=um1.contoso.com, O=Contoso"),
            "um1.contoso.com"
        );
    }
}
