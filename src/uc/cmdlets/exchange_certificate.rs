//! Certificates of Exchange servers: made, requested, imported, exported, assigned to services, taken away.

use super::answer::{fault, first_text, refuse, text, texts, write_object};
use super::file::{read_bytes, write_text};
use super::server_state::{of_server, server};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::types::collections::array;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use crate::uc::certificate_file::{CertificateFile, hash};

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-ExchangeCertificate", || Box::new(Get)),
    ("New-ExchangeCertificate", || Box::new(New)),
    ("Import-ExchangeCertificate", || Box::new(Import)),
    ("Export-ExchangeCertificate", || Box::new(Export)),
    ("Enable-ExchangeCertificate", || Box::new(Enable)),
    ("Remove-ExchangeCertificate", || Box::new(Remove)),
];

/// The last part of an identity `<server>/<thumbprint>`.
fn thumbprint_of(certificate: &Object) -> &str {
    certificate.identity.rsplit('/').next().unwrap_or_default()
}

/// The certificates of a server, newest last.
pub fn certificates(store: &Store, server: &str) -> Result<Vec<Object>, ModelError> {
    of_server(store, "ExchangeCertificate", server)
}

/// The server and thumbprint that the parameters name: `<server>\<thumbprint>`, or `-Server` and `-Thumbprint`.
fn named(vm: &mut Vm, call: &Call) -> R<Option<(Object, Option<String>)>> {
    let store = vm.twin()?;
    let given = first_text(vm, call, &["Thumbprint", "Identity"])?;
    if let Some((host, thumbprint)) = given.as_deref().and_then(|it| it.split_once(['\\', '/'])) {
        return match store.find_one("ExchangeServer", host) {
            Ok(holder) => Ok(Some((holder, Some(thumbprint.to_owned())))),
            Err(error) => refuse(vm, &error).map(|()| None),
        };
    }
    if let Some(thumbprint) = &given
        && text(vm, call, "Server")?.is_none()
    {
        // Without a server it is the one that has the certificate.
        let listed = store.list("ExchangeCertificate");
        for certificate in vm.model(listed)? {
            let certificate = vm.model(certificate)?;
            if fold(thumbprint_of(&certificate)) == fold(thumbprint)
                && let Ok(holder) = store.find_one("ExchangeServer", &owner_of(&certificate))
            {
                return Ok(Some((holder, given)));
            }
        }
    }
    Ok(server(vm, call, &["Server"])?.map(|holder| (holder, given)))
}

/// The server of an identity `<server>/<thumbprint>`.
fn owner_of(certificate: &Object) -> String {
    let parent = certificate.identity.rsplit_once('/');
    parent.map_or_else(String::new, |(server, _)| server.to_owned())
}

/// The one certificate that the parameters name; an error is written if there is none.
fn one(vm: &mut Vm, call: &Call) -> R<Option<(Object, Object)>> {
    let Some((holder, wanted)) = named(vm, call)? else {
        return Ok(None);
    };
    let store = vm.twin()?;
    let wanted = wanted.unwrap_or_default();
    let listed = certificates(&store, &holder.identity);
    let found = vm
        .model(listed)?
        .into_iter()
        .find(|it| fold(thumbprint_of(it)) == fold(&wanted));
    match found {
        Some(certificate) => Ok(Some((holder, certificate))),
        None => missing(vm, &wanted, &holder).map(|()| None),
    }
}

fn missing(vm: &mut Vm, thumbprint: &str, holder: &Object) -> R<()> {
    vm.write_fault(fault(
        "CertificateNotFound",
        Category::ObjectNotFound,
        format!(
            "The certificate with thumbprint {thumbprint} was not found on server \"{}\".",
            holder.identity
        ),
        thumbprint,
    ))
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some((holder, wanted)) = named(vm, call)? else {
            return Ok(());
        };
        let store = vm.twin()?;
        let listed = certificates(&store, &holder.identity);
        let mut listed = vm.model(listed)?;
        if let Some(wanted) = &wanted {
            listed.retain(|it| fold(thumbprint_of(it)) == fold(wanted));
            if listed.is_empty() {
                return missing(vm, wanted, &holder);
            }
        }
        let domains = texts(vm, call, "DomainName")?;
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        for certificate in &mut listed {
            let names = certificate.texts("CertificateDomains");
            let covers = domains.is_empty()
                || domains.iter().any(|domain| {
                    names
                        .iter()
                        .any(|it| crate::uc::certificate::covers(it, domain))
                });
            if !covers {
                continue;
            }
            let outside = matches!(certificate.get("NotAfter"), Datum::DateTime(end) if end < now);
            if outside && certificate.text("Status") == "Valid" {
                certificate.set("Status", "DateInvalid".into());
            }
            write_object(vm, certificate)?;
        }
        Ok(())
    }
}

/// Writes a certificate file into the store of a server.
fn keep(store: &Store, holder: &Object, file: &CertificateFile) -> Result<Object, ModelError> {
    let kind = store.kind("ExchangeCertificate")?;
    let identity = format!("{}/{}", holder.identity, file.thumbprint());
    let names = file.names.iter().map(|it| Datum::text(it.as_str()));
    let (root, status) = match (file.request, file.is_self_signed(), file.public) {
        (true, ..) => ("Unknown", "PendingRequest"),
        (_, true, _) => ("Registry", "Valid"),
        (_, _, true) => ("ThirdParty", "Valid"),
        _ => ("Enterprise", "Valid"),
    };
    let made = Object::new(kind, identity)
        .with("Server", holder.identity.as_str())
        .with("Subject", file.subject.as_str())
        .with("Issuer", file.issuer.as_str())
        .with("CertificateDomains", Datum::List(names.collect()))
        .with("IsSelfSigned", file.is_self_signed() && !file.request)
        .with("HasPrivateKey", file.with_key)
        .with("NotBefore", Datum::DateTime(file.not_before))
        .with("NotAfter", Datum::DateTime(file.not_after))
        .with("SerialNumber", file.serial_number().as_str())
        .with("FriendlyName", file.friendly_name.as_str())
        .with("RootCAType", root)
        .with("Status", status)
        .with("Salt", file.salt.as_str());
    store.create(made)
}

/// The file that a stored certificate came from, or would come from.
fn file_of(certificate: &Object) -> CertificateFile {
    let moment = |name: &str| match certificate.get(name) {
        Datum::DateTime(ticks) => ticks,
        _ => 0,
    };
    CertificateFile {
        request: certificate.text("Status") == "PendingRequest",
        subject: certificate.text("Subject"),
        names: certificate.texts("CertificateDomains"),
        issuer: certificate.text("Issuer"),
        friendly_name: certificate.text("FriendlyName"),
        not_before: moment("NotBefore"),
        not_after: moment("NotAfter"),
        with_key: certificate.flag("HasPrivateKey"),
        public: certificate.text("RootCAType") == "ThirdParty",
        salt: match certificate.text("Salt") {
            salt if salt.is_empty() => thumbprint_of(certificate).to_owned(),
            salt => salt,
        },
    }
}

struct New;

impl New {
    /// The host names of a new certificate: given ones and those that switches add.
    fn names(vm: &mut Vm, call: &Call, holder: &Object, subject: &str) -> R<Vec<String>> {
        let store = vm.twin()?;
        let mut names: Vec<String> = Vec::new();
        for given in texts(vm, call, "DomainName")? {
            names.extend(given.split(',').map(|it| it.trim().to_owned()));
        }
        let common = crate::uc::certificate::common_name(subject);
        if common.contains('.') {
            names.insert(0, common.to_owned());
        }
        if call.switch("IncludeServerFQDN") {
            names.push(holder.text("Fqdn"));
        }
        if call.switch("IncludeServerNetBIOSName") {
            names.push(holder.identity.clone());
        }
        if call.switch("IncludeAcceptedDomains") || call.switch("IncludeAutoDiscover") {
            let listed = store.list("AcceptedDomain");
            for domain in vm.model(listed)? {
                let domain = vm.model(domain)?.text("DomainName");
                if call.switch("IncludeAcceptedDomains") {
                    names.push(domain.clone());
                }
                if call.switch("IncludeAutoDiscover") {
                    names.push(format!("autodiscover.{domain}"));
                }
            }
        }
        if names.is_empty() {
            names.push(holder.text("Fqdn"));
            names.push(holder.identity.clone());
        }
        let mut seen = Vec::new();
        names.retain(|name| {
            let folded = fold(name);
            let new = !name.is_empty() && !seen.contains(&folded);
            seen.push(folded);
            new
        });
        Ok(names)
    }
}

impl Cmdlet for New {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(holder) = server(vm, call, &["Server"])? else {
            return Ok(());
        };
        let subject =
            text(vm, call, "SubjectName")?.unwrap_or_else(|| format!("cn={}", holder.identity));
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let position = store.position();
        let request = CertificateFile {
            request: true,
            names: New::names(vm, call, &holder, &subject)?,
            subject,
            friendly_name: text(vm, call, "FriendlyName")?
                .unwrap_or_else(|| "Microsoft Exchange".into()),
            not_before: now,
            not_after: now,
            with_key: true,
            salt: format!("{}-{}", holder.identity, vm.model(position)?),
            ..CertificateFile::default()
        };
        if !vm.should_process(call, &holder.identity, "New-ExchangeCertificate")? {
            return Ok(());
        }
        if call.switch("GenerateRequest") {
            let kept = keep(&store, &holder, &request);
            if let Err(error) = kept {
                return refuse(vm, &error);
            }
            let armoured = request.armoured();
            if let Some(path) = text(vm, call, "RequestFile")? {
                return write_text(vm, &path, &armoured);
            }
            if call.switch("BinaryEncoded") {
                return vm.write(binary(&armoured));
            }
            return vm.write(Value::str(armoured));
        }
        let made = match keep(&store, &holder, &request.self_signed(now)) {
            Ok(made) => made,
            Err(error) => return refuse(vm, &error),
        };
        let mut services = wanted_services(vm, call)?;
        if services.is_empty() {
            services = ["IMAP", "POP", "SMTP"].map(str::to_owned).to_vec();
        }
        match assign(&store, &holder, &made, &services) {
            Ok(made) => write_object(vm, &made),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// What an export or a request in binary form looks like.
fn binary(armoured: &str) -> Value {
    CustomObject::typed(
        "Microsoft.Exchange.Management.SystemConfigurationTasks.BinaryFileDataObject",
        [("FileData", array::bytes(armoured.as_bytes()))],
    )
}

struct Import;

impl Import {
    fn bytes(vm: &mut Vm, call: &Call) -> R<Vec<u8>> {
        if let Some(data) = call.get("FileData") {
            let data = match data.base() {
                Value::Custom(custom) => custom.members.note("FileData").unwrap_or_default(),
                other => other.clone(),
            };
            return Ok(array::as_bytes(&data));
        }
        let Some(path) = text(vm, call, "FileName")? else {
            return Ok(texts(vm, call, "Instance")?.join("\n").into_bytes());
        };
        read_bytes(vm, &path)
    }
}

impl Cmdlet for Import {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(holder) = server(vm, call, &["Server"])? else {
            return Ok(());
        };
        let bytes = Import::bytes(vm, call)?;
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let mut file = match CertificateFile::read(&bytes) {
            Some(file) if file.request => file.issued(now),
            Some(file) => file,
            // A file from elsewhere says only that a trusted authority issued something.
            None => CertificateFile {
                subject: format!("CN={}", holder.text("Fqdn")),
                names: vec![holder.text("Fqdn")],
                with_key: true,
                salt: hash(&bytes),
                ..CertificateFile::default()
            }
            .issued(now),
        };
        if let Some(name) = text(vm, call, "FriendlyName")? {
            file.friendly_name = name;
        }
        if !vm.should_process(call, &holder.identity, "Import-ExchangeCertificate")? {
            return Ok(());
        }
        let imported = store.atomic(|| {
            for pending in certificates(&store, &holder.identity)? {
                let answers = pending.text("Status") == "PendingRequest"
                    && pending.text("Salt") == file.salt
                    && pending.text("Subject") == file.subject;
                if answers {
                    store.remove(pending.kind, &pending.identity)?;
                }
            }
            keep(&store, &holder, &file)
        });
        match imported {
            Ok(made) => write_object(vm, &made),
            Err(ModelError::AlreadyExists { .. }) => vm.write_fault(fault(
                "CertificateAlreadyThere",
                Category::ResourceExists,
                format!(
                    "A certificate with the thumbprint {} is already on server \"{}\".",
                    file.thumbprint(),
                    holder.identity
                ),
                &file.thumbprint(),
            )),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Export;

impl Cmdlet for Export {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some((_, certificate)) = one(vm, call)? else {
            return Ok(());
        };
        let pending = certificate.text("Status") == "PendingRequest";
        if !pending && !certificate.flag("HasPrivateKey") {
            return vm.write_fault(fault(
                "NoPrivateKey",
                Category::InvalidOperation,
                format!(
                    "The certificate {} cannot be exported: it has no private key.",
                    thumbprint_of(&certificate)
                ),
                thumbprint_of(&certificate),
            ));
        }
        if !pending && call.get("Password").is_none_or(|it| it.is_null()) {
            return vm.write_fault(fault(
                "PasswordNeeded",
                Category::InvalidArgument,
                "A password is needed to export a certificate with its private key.".into(),
                thumbprint_of(&certificate),
            ));
        }
        if !vm.should_process(call, &certificate.identity, "Export-ExchangeCertificate")? {
            return Ok(());
        }
        let armoured = file_of(&certificate).armoured();
        match text(vm, call, "FileName")? {
            Some(path) => write_text(vm, &path, &armoured),
            None if pending && !call.switch("BinaryEncoded") => vm.write(Value::str(armoured)),
            None => vm.write(binary(&armoured)),
        }
    }
}

/// The services that a call names, without `None`.
fn wanted_services(vm: &mut Vm, call: &Call) -> R<Vec<String>> {
    let mut services: Vec<String> = Vec::new();
    for given in texts(vm, call, "Services")? {
        for service in given.split(',').map(str::trim).filter(|it| !it.is_empty()) {
            if fold(service) != "none" {
                services.push(service.to_owned());
            }
        }
    }
    Ok(services)
}

/// Assigns services to a certificate; they are only ever added. A voice mail service uses the certificate that
/// was assigned to it last, from its next start on.
fn assign(
    store: &Store,
    holder: &Object,
    certificate: &Object,
    services: &[String],
) -> Result<Object, ModelError> {
    store.atomic(|| {
        let mut all = certificate.texts("Services");
        for service in services {
            if !all.iter().any(|it| fold(it) == fold(service)) {
                all.push(service.clone());
            }
        }
        let (after, _) = store.modify(certificate.kind, &certificate.identity, |stored| {
            stored.set(
                "Services",
                Datum::List(all.into_iter().map(Datum::Text).collect()),
            );
            Ok(())
        })?;
        let thumbprint = thumbprint_of(certificate);
        let has = |name: &str| services.iter().any(|it| fold(it) == name);
        if has("um") || has("umcallrouter") {
            store.modify(holder.kind, &holder.identity, |stored| {
                if has("um") {
                    stored.set("UMCertificateThumbprint", thumbprint.into());
                }
                if has("umcallrouter") {
                    stored.set("CallRouter.UMCertificateThumbprint", thumbprint.into());
                }
                Ok(())
            })?;
        }
        Ok(after)
    })
}

struct Enable;

impl Cmdlet for Enable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some((holder, certificate)) = one(vm, call)? else {
            return Ok(());
        };
        let services = wanted_services(vm, call)?;
        let unusable = match certificate.text("Status").as_str() {
            "PendingRequest" => Some("it is a request that no authority has answered yet"),
            "Revoked" | "Invalid" => Some("it is not valid"),
            _ if !certificate.flag("HasPrivateKey") => Some("it has no private key"),
            _ => None,
        };
        if let Some(why) = unusable {
            return vm.write_fault(fault(
                "CertificateNotUsable",
                Category::InvalidOperation,
                format!(
                    "The certificate {} cannot be used for services: {why}.",
                    thumbprint_of(&certificate)
                ),
                thumbprint_of(&certificate),
            ));
        }
        if !vm.should_process(call, &certificate.identity, "Enable-ExchangeCertificate")? {
            return Ok(());
        }
        if services.iter().any(|it| fold(it) == "smtp") && !call.switch("Force") {
            let listed = certificates(&store, &holder.identity);
            let other = vm.model(listed)?.into_iter().find(|it| {
                it.identity != certificate.identity
                    && it.texts("Services").iter().any(|it| fold(it) == "smtp")
            });
            if let Some(other) = other
                && vm.overrides.confirm != Some(false)
                && !certificate
                    .texts("Services")
                    .iter()
                    .any(|it| fold(it) == "smtp")
            {
                let question = format!(
                    "Overwrite the existing default SMTP certificate?\nCurrent certificate: '{}'\nReplace it with certificate: '{}'",
                    thumbprint_of(&other),
                    thumbprint_of(&certificate)
                );
                if !vm.should_continue(&question, "Confirm")? {
                    return Ok(());
                }
            }
        }
        if let Err(error) = assign(&store, &holder, &certificate, &services) {
            return refuse(vm, &error);
        }
        for (service, name) in [("um", "MSExchangeUM"), ("umcallrouter", "MSExchangeUMCR")] {
            if services.iter().any(|it| fold(it) == service) {
                vm.write_warning(&format!(
                    "The service {name} on {} uses the certificate after its next restart.",
                    holder.identity
                ))?;
            }
        }
        Ok(())
    }
}

struct Remove;

impl Cmdlet for Remove {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some((holder, certificate)) = one(vm, call)? else {
            return Ok(());
        };
        let thumbprint = thumbprint_of(&certificate);
        let in_use = [
            "UMCertificateThumbprint",
            "CallRouter.UMCertificateThumbprint",
            "RunningThumbprint",
            "CallRouter.RunningThumbprint",
        ]
        .iter()
        .any(|name| fold(&holder.text(name)) == fold(thumbprint));
        if in_use {
            return vm.write_fault(fault(
                "CertificateInUse",
                Category::InvalidOperation,
                format!(
                    "The certificate {thumbprint} is in use by Unified Messaging on \"{}\". Assign another one first (Enable-ExchangeCertificate).",
                    holder.identity
                ),
                thumbprint,
            ));
        }
        if !vm.should_process(call, thumbprint, "Remove-ExchangeCertificate")? {
            return Ok(());
        }
        match store.remove(certificate.kind, &certificate.identity) {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
