//! Certificates of Lync's computers: requested, imported, assigned to uses, taken away. What a computer has in
//! its store and does not use yet is kept apart from what it uses.

use super::answer::{fault, first_text, refuse, text, texts, write_object};
use super::file::{read_bytes, write_text};
use super::server_state::of_server;
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::vm::Vm;
use crate::store::Store;
use crate::uc::certificate_file::{CertificateFile, hash};

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CsCertificate", || Box::new(Get)),
    ("Request-CsCertificate", || Box::new(Request)),
    ("Import-CsCertificate", || Box::new(Import)),
    ("Set-CsCertificate", || Box::new(Set)),
    ("Remove-CsCertificate", || Box::new(Remove)),
];

/// The use whose certificate all servers share.
const TOKENS: &str = "OAuthTokenIssuer";

/// The uses of an Edge Server that face the world.
const EDGE_USES: &[&str] = &["AccessEdgeExternal", "DataEdgeExternal", "External"];

/// The shortest key of a certificate for tokens.
const TOKEN_KEY_SIZE: i64 = 2048;

/// The computer that a call is about.
fn computer(vm: &mut Vm, call: &Call) -> R<String> {
    match first_text(vm, call, &["ComputerFqdn"])? {
        Some(named) if named.contains('.') => Ok(named),
        // A name without its domain: the computer of the topology that is called so.
        Some(named) => {
            let store = vm.twin()?;
            let computers = store.list("CsComputer");
            for computer in vm.model(computers)? {
                let fqdn = vm.model(computer)?.identity;
                let host = fqdn.split('.').next().unwrap_or(&fqdn);
                if fold(host) == fold(&named) {
                    return Ok(fqdn);
                }
            }
            Ok(named)
        }
        None => Ok(vm.deployment_computer()?.to_string()),
    }
}

/// The last part of an identity `<computer>/<name>`.
fn last_part(object: &Object) -> &str {
    object.identity.rsplit('/').next().unwrap_or_default()
}

/// The uses that a call names, in the words of the product.
fn uses(vm: &mut Vm, call: &Call) -> R<Vec<String>> {
    let mut all = Vec::new();
    for given in texts(vm, call, "Type")? {
        all.extend(
            given
                .split(',')
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .map(str::to_owned),
        );
    }
    Ok(all)
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let computer = computer(vm, call)?;
        let wanted = uses(vm, call)?;
        let global = text(vm, call, "Identity")?.is_some_and(|it| fold(&it) == "global");
        let listed = of_server(&store, "CsCertificate", &computer);
        for certificate in vm.model(listed)? {
            let own = certificate.text("Use");
            if global && fold(&own) != fold(TOKENS) {
                continue;
            }
            if wanted.is_empty() || wanted.iter().any(|it| fold(it) == fold(&own)) {
                write_object(vm, &certificate)?;
            }
        }
        Ok(())
    }
}

/// The names that a certificate of a computer needs for a use.
fn names_for(
    store: &Store,
    computer: &str,
    use_name: &str,
    all_domains: bool,
) -> Result<Vec<String>, ModelError> {
    let found = store.get("CsComputer", computer)?;
    let pool = found.map_or_else(|| computer.to_owned(), |it| it.text("Pool"));
    let mut domains = Vec::new();
    for domain in store.list("CsSipDomain")? {
        domains.push(domain?.identity);
    }
    let edge = store.get("CsService", &format!("EdgeServer:{pool}"))?;
    let mut names = Vec::new();
    match &*fold(use_name) {
        "accessedgeexternal" | "external" => {
            if let Some(edge) = &edge {
                names.push(edge.text("AccessEdgeExternalFqdn"));
                if fold(use_name) == "external" {
                    names.push(edge.text("DataEdgeExternalFqdn"));
                }
            }
        }
        "dataedgeexternal" => names.extend(edge.map(|it| it.text("DataEdgeExternalFqdn"))),
        "webservicesexternal" | "webservicesinternal" => {
            let web = store.get("CsService", &format!("WebServer:{pool}"))?;
            let property = if fold(use_name).ends_with("external") {
                "ExternalFqdn"
            } else {
                "InternalFqdn"
            };
            names.extend(web.map(|it| it.text(property)));
            for domain in &domains {
                for host in ["dialin", "meet"] {
                    names.push(format!("{host}.{domain}"));
                }
            }
        }
        "oauthtokenissuer" => names.extend(domains.first().cloned()),
        _ => {
            names.push(pool);
            names.push(computer.to_owned());
        }
    }
    if all_domains {
        names.extend(domains.iter().map(|domain| format!("sip.{domain}")));
    }
    names.retain(|it| !it.is_empty());
    Ok(names)
}

/// A certificate that a computer has in its store.
fn keep(store: &Store, computer: &str, file: &CertificateFile) -> Result<Object, ModelError> {
    let kind = store.kind("TwinCertificate")?;
    let identity = format!("{computer}/{}", file.thumbprint());
    if let Some(known) = store.get("TwinCertificate", &identity)? {
        return Ok(known);
    }
    store.create(described(Object::new(kind, identity), file))
}

/// An object with what a certificate file says.
fn described(object: Object, file: &CertificateFile) -> Object {
    let names = file.names.iter().map(|it| Datum::text(it.as_str()));
    let computer = object
        .identity
        .rsplit_once('/')
        .map_or_else(String::new, |(computer, _)| computer.to_owned());
    object
        .with("Computer", computer)
        .with("Issuer", file.issuer.as_str())
        .with("NotAfter", Datum::DateTime(file.not_after))
        .with("NotBefore", Datum::DateTime(file.not_before))
        .with("SerialNumber", file.serial_number().as_str())
        .with("Subject", file.subject.as_str())
        .with("AlternativeNames", Datum::List(names.collect()))
        .with("Thumbprint", file.thumbprint().as_str())
        .with("PublicAuthority", file.public)
        .with("SelfSigned", file.is_self_signed())
}

struct Request;

impl Cmdlet for Request {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let wanted = uses(vm, call)?;
        if wanted.is_empty() {
            // -List, -Retrieve and -Clear are about requests that wait; this authority lets none wait.
            return Ok(());
        }
        let computer = computer(vm, call)?;
        let known = store.get("CsComputer", &computer);
        if vm.model(known)?.is_none() {
            let error = ModelError::NotFound {
                noun: "CsComputer".into(),
                identity: computer,
            };
            return refuse(vm, &error);
        }
        let for_tokens = wanted.iter().any(|it| fold(it) == fold(TOKENS));
        let size = call.int("KeySize").unwrap_or(TOKEN_KEY_SIZE);
        if for_tokens && size < TOKEN_KEY_SIZE {
            return vm.write_fault(fault(
                "KeyTooShort",
                Category::InvalidArgument,
                format!(
                    "A certificate for {TOKENS} needs a key of at least {TOKEN_KEY_SIZE} bits."
                ),
                TOKENS,
            ));
        }
        let mut names: Vec<String> = Vec::new();
        for use_name in &wanted {
            let needed = names_for(&store, &computer, use_name, call.switch("AllSipDomain"));
            names.extend(vm.model(needed)?);
        }
        for given in texts(vm, call, "DomainName")? {
            names.extend(given.split(',').map(|it| it.trim().to_owned()));
        }
        let mut seen = Vec::new();
        names.retain(|name| {
            let new = !name.is_empty() && !seen.contains(&fold(name));
            seen.push(fold(name));
            new
        });
        let mut subject = format!("CN={}", names.first().unwrap_or(&computer));
        for (parameter, part) in [
            ("OU", "OU"),
            ("Organization", "O"),
            ("City", "L"),
            ("State", "S"),
            ("Country", "C"),
        ] {
            if let Some(value) = text(vm, call, parameter)?.filter(|it| !it.is_empty()) {
                subject.push_str(&format!(", {part}={value}"));
            }
        }
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let position = store.position();
        let request = CertificateFile {
            request: true,
            subject,
            names,
            friendly_name: text(vm, call, "FriendlyName")?.unwrap_or_default(),
            with_key: true,
            public: wanted
                .iter()
                .any(|it| EDGE_USES.iter().any(|edge| fold(edge) == fold(it))),
            salt: format!("{computer}-{}", vm.model(position)?),
            ..CertificateFile::default()
        };
        if !vm.should_process(call, &computer, "Request-CsCertificate")? {
            return Ok(());
        }
        if let Some(path) = text(vm, call, "Output")? {
            // A request in a file goes to an authority outside; its answer is imported.
            return write_text(vm, &path, &request.armoured());
        }
        let issued = CertificateFile {
            public: false,
            ..request
        }
        .issued(now);
        match keep(&store, &computer, &issued) {
            Ok(made) => write_object(vm, &shown(&store, &made)),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// A certificate of the store as its cmdlets show it: with the first of the uses it has, if any.
fn shown(store: &Store, kept: &Object) -> Object {
    let Ok(kind) = store.kind("CsCertificate") else {
        return kept.clone();
    };
    let mut object = Object::new(kind, kept.identity.clone());
    object.properties.clone_from(&kept.properties);
    object
}

struct Import;

impl Cmdlet for Import {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let path = text(vm, call, "Path")?.unwrap_or_default();
        let computer = computer(vm, call)?;
        let file = from_path(vm, &store, &path, &computer)?;
        if !vm.should_process(call, &computer, "Import-CsCertificate")? {
            return Ok(());
        }
        let kept = keep(&store, &computer, &file);
        if let Err(error) = kept {
            return refuse(vm, &error);
        }
        let wanted = uses(vm, call)?;
        if wanted.is_empty() {
            return Ok(());
        }
        let done = assign(&store, &computer, &file, &wanted);
        match done {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// The certificate that a file brings; an answered request brings what was asked for.
fn from_path(vm: &mut Vm, store: &Store, path: &str, computer: &str) -> R<CertificateFile> {
    let bytes = read_bytes(vm, path)?;
    let now = store.now();
    let now = crate::store::clock::ticks(vm.model(now)?);
    Ok(match CertificateFile::read(&bytes) {
        Some(file) if file.request => file.issued(now),
        Some(file) => file,
        None => CertificateFile {
            subject: format!("CN={computer}"),
            names: vec![computer.to_owned()],
            with_key: true,
            public: true,
            salt: hash(&bytes),
            ..CertificateFile::default()
        }
        .issued(now),
    })
}

/// What a stored certificate says, as a file.
fn file_of(certificate: &Object) -> CertificateFile {
    let moment = |name: &str| match certificate.get(name) {
        Datum::DateTime(ticks) => ticks,
        _ => 0,
    };
    CertificateFile {
        request: false,
        subject: certificate.text("Subject"),
        names: certificate.texts("AlternativeNames"),
        issuer: certificate.text("Issuer"),
        not_before: moment("NotBefore"),
        not_after: moment("NotAfter"),
        with_key: true,
        public: certificate.flag("PublicAuthority"),
        ..CertificateFile::default()
    }
}

/// The computers that share a use: one, or for tokens all that have a Front End.
fn holders(store: &Store, computer: &str, use_name: &str) -> Result<Vec<String>, ModelError> {
    if fold(use_name) != fold(TOKENS) {
        return Ok(vec![computer.to_owned()]);
    }
    let mut all = Vec::new();
    for object in store.list("CsComputer")? {
        let object = object?;
        let pool = object.text("Pool");
        if store
            .get("CsService", &format!("Registrar:{pool}"))?
            .is_some()
        {
            all.push(object.identity);
        }
    }
    Ok(all)
}

/// Puts a certificate to uses, in the place of those that had them.
fn assign(
    store: &Store,
    computer: &str,
    file: &CertificateFile,
    uses: &[String],
) -> Result<(), ModelError> {
    assign_described(store, computer, uses, |object| described(object, file))
}

fn assign_described(
    store: &Store,
    computer: &str,
    uses: &[String],
    describe: impl Fn(Object) -> Object,
) -> Result<(), ModelError> {
    let kind = store.kind("CsCertificate")?;
    store.atomic(|| {
        for use_name in uses {
            for holder in holders(store, computer, use_name)? {
                let identity = format!("{holder}/{use_name}");
                store.save(&describe(Object::new(kind, identity)))?;
            }
        }
        Ok(())
    })
}

struct Set;

impl Set {
    /// The certificate that the parameters mean.
    fn chosen(vm: &mut Vm, call: &Call, store: &Store, computer: &str) -> R<Option<Object>> {
        if let Some(path) = text(vm, call, "Path")? {
            let file = from_path(vm, store, &path, computer)?;
            let kept = keep(store, computer, &file);
            return vm.model(kept).map(Some);
        }
        let mut thumbprint = text(vm, call, "Thumbprint")?.unwrap_or_default();
        if let Some(reference) = call.get("Reference") {
            thumbprint = match reference.base() {
                crate::runtime::value::Value::Custom(custom) => {
                    let noted = custom.members.note("Thumbprint").unwrap_or_default();
                    vm.to_text(&noted)?
                }
                other => vm.to_text(other)?,
            };
        }
        let wanted = fold(&thumbprint.replace(' ', ""));
        for noun in ["TwinCertificate", "CsCertificate"] {
            let listed = of_server(store, noun, computer);
            let found = vm
                .model(listed)?
                .into_iter()
                .find(|it| fold(&it.text("Thumbprint")) == wanted);
            if found.is_some() {
                return Ok(found);
            }
        }
        vm.write_fault(fault(
            "CertificateNotFound",
            Category::ObjectNotFound,
            format!(
                "Cannot find a certificate with the thumbprint \"{thumbprint}\" in the store of \"{computer}\"."
            ),
            &thumbprint,
        ))?;
        Ok(None)
    }
}

impl Cmdlet for Set {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let computer = computer(vm, call)?;
        let Some(certificate) = Set::chosen(vm, call, &store, &computer)? else {
            return Ok(());
        };
        let wanted = uses(vm, call)?;
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let late = matches!(certificate.get("NotAfter"), Datum::DateTime(end) if end < now);
        if late {
            return vm.write_fault(fault(
                "CertificateExpired",
                Category::InvalidOperation,
                format!(
                    "The certificate {} cannot be used: it has expired.",
                    certificate.text("Thumbprint")
                ),
                last_part(&certificate),
            ));
        }
        let target = format!("{computer}: {}", wanted.join(", "));
        if !vm.should_process(call, &target, "Set-CsCertificate")? {
            return Ok(());
        }
        let file = file_of(&certificate);
        let done = assign_described(&store, &computer, &wanted, |object| {
            described(object, &file)
                .with("Thumbprint", certificate.text("Thumbprint").as_str())
                .with("SerialNumber", certificate.text("SerialNumber").as_str())
                .with("SelfSigned", certificate.flag("SelfSigned"))
        });
        match done {
            Ok(()) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Remove;

impl Cmdlet for Remove {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let computer = computer(vm, call)?;
        for use_name in uses(vm, call)? {
            let target = format!("{computer}: {use_name}");
            let known = store.get("CsCertificate", &format!("{computer}/{use_name}"));
            if vm.model(known)?.is_none() {
                vm.write_warning(&format!(
                    "No certificate is assigned to {use_name} on \"{computer}\"."
                ))?;
                continue;
            }
            if !vm.should_process(call, &target, "Remove-CsCertificate")? {
                continue;
            }
            let removed = store.atomic(|| {
                let kind = store.kind("CsCertificate")?;
                for holder in holders(&store, &computer, &use_name)? {
                    let identity = format!("{holder}/{use_name}");
                    if store.get("CsCertificate", &identity)?.is_some() {
                        store.remove(kind, &identity)?;
                    }
                }
                Ok(())
            });
            if let Err(error) = removed {
                refuse(vm, &error)?;
            }
        }
        Ok(())
    }
}
