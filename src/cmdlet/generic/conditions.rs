//! What Get- keeps besides its filter: switches that say something about users, and where an object lies.

use super::Subject;
use crate::model::error::ModelError;
use crate::model::identity::{self, fold};
use crate::model::object::Object;
use crate::runtime::command::Call;
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// One condition.
enum Condition {
    /// The role of a service is one of these.
    Role(Vec<String>),
    /// The object lies below an organisational unit.
    Below(String),
    /// A property has a value, or has none.
    Has(&'static str, bool),
    /// The object is of a site, which may be named with its prefix or without.
    Site(String),
    /// Its identity is this.
    Named(String),
    /// Nothing fulfils it.
    Never,
    /// A name of the object begins with a text.
    Resolves(String),
    /// A property has one of these values.
    OneOf(&'static str, Vec<String>),
    /// A property has none of these values.
    NoneOf(&'static str, &'static [&'static str]),
    /// Its identity is not among these.
    Unnamed(Vec<String>),
    /// It is on the server of this folded name: by one of these properties, or as what its identity begins with.
    OnServer(String),
}

/// The conditions of a call.
#[derive(Default)]
pub struct Conditions(Vec<Condition>);

/// Mailboxes of the system itself, which show only if the switch that names them is given.
const SYSTEM_MAILBOXES: &[(&str, &str)] = &[
    ("Arbitration", "ArbitrationMailbox"),
    ("PublicFolder", "PublicFolderMailbox"),
    ("AuditLog", "AuditLogMailbox"),
    ("AuxAuditLog", "AuxAuditLogMailbox"),
    ("Monitoring", "MonitoringMailbox"),
    ("GroupMailbox", "GroupMailbox"),
];

/// What a plain listing of mailboxes leaves out.
const SYSTEM_TYPES: &[&str] = &[
    "ArbitrationMailbox",
    "PublicFolderMailbox",
    "AuditLogMailbox",
    "AuxAuditLogMailbox",
    "MonitoringMailbox",
    "GroupMailbox",
];

/// Parameters that list the values of the property of their name to keep.
pub const LISTS: &[&str] = &["RecipientTypeDetails", "RecipientType"];

/// The properties that an ambiguous name is resolved by.
const NAMES: &[&str] = &["Name", "DisplayName", "FirstName", "LastName", "Alias"];

impl Conditions {
    /// Those that a call of Get has.
    pub fn of(vm: &mut Vm, call: &Call, subject: &Subject) -> R<Conditions> {
        let mut list = Vec::new();
        if subject.kind.noun == "CsService" {
            let roles: Vec<String> = call
                .parameters
                .borrow()
                .iter()
                .filter(|(name, value)| {
                    matches!(value.base(), Value::Switch(true))
                        && !name.eq_ignore_ascii_case("LocalStore")
                })
                .map(|(name, _)| name.to_string())
                .collect();
            if !roles.is_empty() {
                list.push(Condition::Role(roles));
            }
        }
        for name in ["OU", "OrganizationalUnit"] {
            if let Some(unit) = call.get(name) {
                let unit = super::value::identity_text(vm, &unit)?;
                list.push(Condition::Below(unit_path(&unit)));
            }
        }
        if subject.kind.property("RegistrarPool").is_some() {
            if call.switch("OnLyncServer") {
                list.push(Condition::Has("RegistrarPool", true));
            }
            if call.switch("UnassignedUser") {
                list.push(Condition::Has("RegistrarPool", false));
            }
            if call.switch("OnOfficeCommunicationServer") {
                list.push(Condition::Never);
            }
        }
        if let Some(site) = call
            .get("Site")
            .filter(|_| subject.kind.property("Site").is_some())
        {
            let site = super::value::identity_text(vm, &site)?;
            list.push(Condition::Site(fold(identity::without_scheme(&site))));
        }
        if call.switch("Unreferenced") {
            let store = vm.twin()?;
            let named = named_by_others(&store, &subject.kind.noun);
            list.push(Condition::Unnamed(vm.model(named)?));
        }
        if call.switch("Local") && subject.kind.noun == "CsComputer" {
            list.push(Condition::Named(fold(&vm.deployment_computer()?)));
        }
        if let Some(server) = call
            .get("Server")
            .filter(|_| subject.declaration.module == "Exchange")
        {
            let typed = super::value::identity_text(vm, &server)?;
            let store = vm.twin()?;
            let server = store.find_one("ExchangeServer", &typed);
            list.push(Condition::OnServer(fold(&vm.model(server)?.identity)));
        }
        if call.switch("DeletedSiteMailbox") {
            // What the end of its life has marked is called so until it is removed.
            list.push(Condition::Resolves("mdel:".into()));
        }
        if subject.kind.property("RecipientTypeDetails").is_some() {
            mailbox_conditions(vm, call, subject, &mut list)?;
        }
        if let Some(name) = call.text("Anr") {
            list.push(Condition::Resolves(fold(&name)));
        }
        Ok(Conditions(list))
    }

    /// Whether an object fulfils all of them.
    pub fn accept(&self, object: &Object) -> bool {
        self.0.iter().all(|condition| match condition {
            Condition::Role(roles) => {
                // A database's role has another name than the services that it is listed with.
                let own = object.text("Role");
                let listed = object.identity.split(':').next().unwrap_or_default();
                roles.iter().any(|role| {
                    [own.as_str(), listed]
                        .iter()
                        .any(|it| it.eq_ignore_ascii_case(role))
                })
            }
            Condition::OnServer(server) => on_server(object, server),
            Condition::OneOf(name, values) => values.contains(&fold(&object.text(name))),
            Condition::Unnamed(named) => !named.contains(&fold(&object.identity)),
            Condition::NoneOf(name, values) => {
                let own = object.text(name);
                !values.iter().any(|it| own.eq_ignore_ascii_case(it))
            }
            Condition::Below(unit) => {
                // Containers and units are asked for alike.
                let own = fold(&object.identity).replace(",cn=", ",ou=");
                let unit = &unit.replace("cn=", "ou=");
                own.split_once(',').is_some_and(|(_, above)| {
                    above == unit || above.ends_with(&format!(",{unit}")) || lies_in(above, unit)
                })
            }
            Condition::Has(name, wanted) => object.text(name).is_empty() != *wanted,
            Condition::Site(site) => fold(identity::without_scheme(&object.text("Site"))) == *site,
            Condition::Named(name) => fold(&object.identity) == *name,
            Condition::Never => false,
            Condition::Resolves(text) => NAMES
                .iter()
                .any(|name| fold(&object.text(name)).starts_with(text.as_str())),
        })
    }
}

/// The properties that name the server of an object.
const SERVERS: &[&str] = &["Server", "ServerName", "MailboxServer"];

/// Whether an object is on a server; one that is on no server in particular is on each.
fn on_server(object: &Object, server: &str) -> bool {
    let short = |name: &str| fold(name.split('.').next().unwrap_or(name));
    if object.kind.called.is_some()
        && let Some((container, _)) = object.identity.split_once('\\')
    {
        return short(container) == server;
    }
    SERVERS
        .iter()
        .map(|name| object.text(name))
        .find(|name| !name.is_empty())
        .is_none_or(|name| short(&name) == server)
}

/// What the switches of Get-Mailbox and its like keep.
fn mailbox_conditions(
    vm: &mut Vm,
    call: &Call,
    subject: &Subject,
    list: &mut Vec<Condition>,
) -> R<()> {
    const DETAILS: &str = "RecipientTypeDetails";
    for name in LISTS {
        let values = call.items(name);
        if values.is_empty() {
            continue;
        }
        let mut wanted = Vec::with_capacity(values.len());
        for value in &values {
            wanted.push(fold(&vm.to_text(value)?));
        }
        list.push(Condition::OneOf(name, wanted));
    }
    if call.switch("Archive") {
        list.push(Condition::OneOf("ArchiveStatus", vec!["active".into()]));
    }
    if call.switch("SoftDeletedMailbox") || call.switch("InactiveMailboxOnly") {
        list.push(Condition::Never);
    }
    let system: Vec<String> = SYSTEM_MAILBOXES
        .iter()
        .filter(|(switch, _)| call.switch(switch))
        .map(|(_, details)| fold(details))
        .collect();
    if !system.is_empty() {
        list.push(Condition::OneOf(DETAILS, system));
    } else if subject.kind.stored_noun() == "ADUser" {
        list.push(Condition::NoneOf(DETAILS, SYSTEM_TYPES));
    }
    Ok(())
}

/// The folded identities of the objects of a kind that others name as something they share.
fn named_by_others(store: &Store, noun: &str) -> Result<Vec<String>, ModelError> {
    let mut named = Vec::new();
    for kind in crate::cmdlet::kinds::nouns().filter_map(crate::cmdlet::kinds::find) {
        for companion in &kind.companions {
            if !companion.shared || companion.noun != noun {
                continue;
            }
            for object in store.list(&kind.noun)? {
                named.push(fold(&object?.expand(&companion.identity)));
            }
        }
    }
    Ok(named)
}

/// A unit as the end of a distinguished name: `contoso.com/Sales/West` becomes `ou=west,ou=sales,dc=…`.
fn unit_path(typed: &str) -> String {
    let typed = typed.trim();
    if typed.contains('=') {
        return fold(typed);
    }
    let Some((domain, units)) = typed.split_once('/') else {
        return format!("ou={}", fold(typed));
    };
    let mut parts: Vec<String> = units
        .split('/')
        .rev()
        .map(|it| format!("ou={}", fold(it)))
        .collect();
    parts.extend(domain.split('.').map(|it| format!("dc={}", fold(it))));
    parts.join(",")
}

/// Whether a unit named alone is one of those above an object.
fn lies_in(above: &str, unit: &str) -> bool {
    !unit.contains(',') && above.split(',').any(|part| part == unit)
}
