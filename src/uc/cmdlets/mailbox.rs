//! Mailboxes: made with an account, given to one, taken from it, and their archives.

use super::answer::{fault, first_text, refuse, text, write_object};
use super::directory::{domain_dn, own_domain};
use super::mail_user::described;
use super::voice_mailbox::{rewrite, take_voice_mail};
use crate::cmdlet::{kinds, registry::Factory};
use crate::model::error::ModelError;
use crate::model::identity::{canonical_to_distinguished, fold};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::text::guid::Guid;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("New-Mailbox", || Box::new(NewMailbox)),
    ("Enable-Mailbox", || Box::new(EnableMailbox)),
    ("Disable-Mailbox", || Box::new(DisableMailbox)),
];

/// The switches that make another mailbox than a user's, and what it is besides; nobody signs in to
/// its account.
const TYPES: &[(&str, &[(&str, &str)])] = &[
    ("Room", &[("IsResource", "True"), ("ResourceType", "Room")]),
    (
        "Equipment",
        &[("IsResource", "True"), ("ResourceType", "Equipment")],
    ),
    ("Shared", &[("IsShared", "True")]),
    ("Discovery", &[]),
    ("Arbitration", &[]),
    ("PublicFolder", &[]),
    ("AuditLog", &[]),
];

/// The most characters of a logon name.
const LOGON_LENGTH: usize = 20;

/// What an archive leaves behind when it is taken away.
const ARCHIVE: &[&str] = &[
    "ArchiveStatus",
    "ArchiveState",
    "ArchiveName",
    "ArchiveGuid",
    "ArchiveDatabase",
    "ArchiveDomain",
];

/// The organisation's own domain, and the short name of it.
fn domain(vm: &mut Vm, store: &Store) -> R<(String, String)> {
    let listed = store.list("ADForest");
    let mut short = match vm.model(listed)?.next() {
        Some(forest) => vm.model(forest)?.text("NetBIOSName"),
        None => String::new(),
    };
    let domain = own_domain(vm)?;
    if short.is_empty() {
        let label = domain.split('.').next().unwrap_or_default();
        short = label.to_uppercase();
    }
    Ok((domain, short))
}

/// Where a new account goes: a unit by distinguished, canonical or plain name, `Users` if none is given.
fn container(vm: &mut Vm, store: &Store, call: &Call) -> R<String> {
    let (domain, _) = domain(vm, store)?;
    let suffix = domain_dn(&domain);
    let given = first_text(
        vm,
        call,
        &["OrganizationalUnit", "OnPremisesOrganizationalUnit"],
    )?;
    let unit = given.unwrap_or_else(|| "Users".into());
    if unit.contains('=') {
        return Ok(unit);
    }
    if let Some(name) = canonical_to_distinguished(&format!("{unit}/-")) {
        return Ok(name.trim_start_matches("CN=-,").to_owned());
    }
    if fold(&unit) == "users" {
        return Ok(format!("CN=Users,{suffix}"));
    }
    let path: Vec<String> = unit
        .split(['/', '\\'])
        .rev()
        .map(|it| format!("OU={it}"))
        .collect();
    Ok(format!("{},{suffix}", path.join(",")))
}

/// `CN=Users,DC=contoso,DC=com` as `contoso.com/Users`.
fn canonical(name: &str) -> String {
    let (mut path, mut labels) = (Vec::new(), Vec::new());
    for part in name.split(',') {
        match part.split_once('=') {
            Some((kind, label)) if fold(kind) == "dc" => labels.push(label),
            Some((_, name)) => path.insert(0, name),
            None => {}
        }
    }
    path.insert(0, "");
    format!("{}{}", labels.join("."), path.join("/"))
}

/// A logon name that nobody has: the wanted one, or with a number behind it.
fn free_logon(vm: &mut Vm, store: &Store, wanted: &str) -> R<String> {
    let cut = |length: usize| wanted.chars().take(length).collect::<String>();
    let mut name = cut(LOGON_LENGTH);
    for number in 1_u32.. {
        let holder = store.by_key("ADUser", "sam", &name);
        if vm.model(holder)?.is_none() {
            break;
        }
        let number = number.to_string();
        name = format!("{}{number}", cut(LOGON_LENGTH - number.len()));
    }
    Ok(name)
}

/// Gives a user a mailbox: its id, alias, first address, type and database.
fn give_mailbox(vm: &mut Vm, call: &Call, store: &Store, user: &mut Object) -> R<()> {
    user.set("msExchMailboxGuid", Datum::Guid(Guid::new().to_string()));
    give_addresses(vm, call, user)?;
    let database = match text(vm, call, "Database")? {
        Some(database) => Some(database),
        None if user.text("Database").is_empty() => default_database(vm, store)?,
        None => None,
    };
    if let Some(typed) = database {
        let found = store.find_one("MailboxDatabase", &typed);
        match found {
            Ok(database) => {
                user.set("Database", Datum::text(database.identity.as_str()));
                user.set("msExchHomeServerName", Datum::Text(database.text("Server")));
            }
            Err(_) => user.set("Database", Datum::Text(typed)),
        }
    }
    if let Some((_, unit)) = user.identity.split_once(',') {
        user.set("OrganizationalUnit", Datum::Text(canonical(unit)));
    }
    let alias = user.text("mailNickname");
    user.set(
        "LegacyExchangeDN",
        Datum::Text(format!(
            "/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={alias}"
        )),
    );
    let linked = call.has("LinkedMasterAccount");
    for (switch, properties) in TYPES {
        if !call.switch(switch) {
            continue;
        }
        let details = Datum::Text(format!("{switch}Mailbox"));
        user.set("RecipientTypeDetails", details);
        for (name, value) in *properties {
            let value = match *value {
                "True" => Datum::Bool(true),
                other => Datum::text(other),
            };
            user.set(name, value);
        }
        if !call.switch("EnableRoomMailboxAccount") {
            user.set("Enabled", Datum::Bool(false));
        }
    }
    if linked {
        if user.text("RecipientTypeDetails").is_empty() {
            user.set("RecipientTypeDetails", Datum::text("LinkedMailbox"));
        }
        user.set("IsLinked", Datum::Bool(true));
        user.set("Enabled", Datum::Bool(false));
    }
    Ok(())
}

/// Gives a user an alias and a first address.
pub(super) fn give_addresses(vm: &mut Vm, call: &Call, user: &mut Object) -> R<()> {
    let alias = match text(vm, call, "Alias")? {
        Some(alias) => alias,
        None => user.text("SamAccountName"),
    };
    let principal = user.text("UserPrincipalName");
    let domain = match principal.split_once('@') {
        Some((_, domain)) => domain.to_owned(),
        None => own_domain(vm)?,
    };
    let address = match text(vm, call, "PrimarySmtpAddress")? {
        Some(address) => address,
        None => format!("{alias}@{domain}"),
    };
    let mut addresses = user.texts("proxyAddresses");
    addresses.retain(|it| !fold(it).starts_with("smtp:"));
    addresses.insert(0, format!("SMTP:{address}"));
    user.set(
        "proxyAddresses",
        Datum::List(addresses.into_iter().map(Datum::Text).collect()),
    );
    user.set("mailNickname", Datum::Text(alias));
    user.set("EmailAddress", Datum::Text(address));
    Ok(())
}

/// The database that a mailbox goes to if nobody says which: the first that takes new ones.
fn default_database(vm: &mut Vm, store: &Store) -> R<Option<String>> {
    let listed = store.list("MailboxDatabase");
    for database in vm.model(listed)? {
        let database = vm.model(database)?;
        if !database.flag("Recovery") && !database.flag("IsExcludedFromProvisioning") {
            return Ok(Some(database.identity));
        }
    }
    Ok(None)
}

fn write_mailbox(vm: &mut Vm, user: &Object) -> R<()> {
    match kinds::find("Mailbox") {
        Some(kind) => write_object(vm, &user.seen_as(kind)),
        None => Ok(()),
    }
}

/// A new account as the parameters of New-Mailbox and its like describe it; not stored yet.
pub(super) fn new_account(vm: &mut Vm, call: &Call) -> R<Option<Object>> {
    let Some(kind) = kinds::find("ADUser") else {
        return Ok(None);
    };
    let store = vm.twin()?;
    let name = text(vm, call, "Name")?.unwrap_or_default();
    let parent = container(vm, &store, call)?;
    let (forest, short) = domain(vm, &store)?;
    let mut user = Object::new(kind, format!("CN={name},{parent}"));
    user.set("Name", Datum::text(name.as_str()));
    let principal = first_text(
        vm,
        call,
        &["UserPrincipalName", "MicrosoftOnlineServicesID"],
    )?;
    let alias = match text(vm, call, "Alias")? {
        Some(alias) => alias,
        None => {
            let source = principal.clone().unwrap_or_else(|| name.clone());
            source
                .split('@')
                .next()
                .unwrap_or_default()
                .replace(' ', "")
        }
    };
    let principal = principal.unwrap_or_else(|| format!("{alias}@{forest}"));
    user.set("UserPrincipalName", Datum::Text(principal));
    user.set("NetBIOSName", Datum::Text(short));
    let logon = match text(vm, call, "SamAccountName")? {
        Some(logon) => logon,
        None => free_logon(vm, &store, &alias)?,
    };
    for (parameter, property, otherwise) in [
        ("SamAccountName", "SamAccountName", logon.as_str()),
        ("DisplayName", "DisplayName", name.as_str()),
        ("FirstName", "GivenName", ""),
        ("LastName", "Surname", ""),
    ] {
        let given = text(vm, call, parameter)?.unwrap_or_else(|| otherwise.to_owned());
        if !given.is_empty() {
            user.set(property, Datum::Text(given));
        }
    }
    Ok(Some(user))
}

struct NewMailbox;

impl Cmdlet for NewMailbox {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(user) = new_account(vm, call)? else {
            return Ok(());
        };
        let kind = user.kind;
        let mut user = described(vm, call, "Mailbox", user)?.into_kind(kind);
        if user.text("mailNickname").is_empty() {
            user.set("mailNickname", Datum::Text(user.text("SamAccountName")));
        }
        give_mailbox(vm, call, &store, &mut user)?;
        if !vm.should_process(call, &user.identity, "New-Mailbox")? {
            return Ok(());
        }
        match store.create(user) {
            Ok(made) => write_mailbox(vm, &made),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// The account that an Exchange id means, with or without a mailbox.
pub(super) fn account(store: &Store, typed: &str) -> Result<Object, ModelError> {
    let (named, stored) = (store.kind("Mailbox")?, store.kind("ADUser")?);
    store.find_one_as(named, stored, typed)
}

/// The archive of a mailbox that there is, here or with the hosted provider.
fn enable_archive(vm: &mut Vm, call: &Call, store: &Store, user: Object) -> R<()> {
    let mailbox = user.into_kind(match store.kind("Mailbox") {
        Ok(kind) => kind,
        Err(error) => return refuse(vm, &error),
    });
    if mailbox.text("ArchiveStatus") == "Active" {
        return vm.write_fault(fault(
            "UserAlreadyHasArchive",
            Category::InvalidOperation,
            format!(
                "The user \"{}\" already has an archive.",
                mailbox.text("Name")
            ),
            &mailbox.identity,
        ));
    }
    let mut wanted = mailbox.clone();
    wanted.set("ArchiveStatus", Datum::text("Active"));
    wanted.set("ArchiveGuid", Datum::Guid(Guid::new().to_string()));
    let name = text(vm, call, "ArchiveName")?
        .unwrap_or_else(|| format!("In-Place Archive - {}", mailbox.text("DisplayName")));
    wanted.set("ArchiveName", Datum::List(vec![Datum::Text(name)]));
    if call.switch("RemoteArchive") {
        let domain = text(vm, call, "ArchiveDomain")?.unwrap_or_default();
        wanted.set("ArchiveDomain", Datum::Text(domain));
        wanted.set("ArchiveState", Datum::text("HostedPending"));
        wanted.set("RemoteRecipientType", Datum::text("ProvisionArchive"));
    } else {
        let database = text(vm, call, "ArchiveDatabase")?;
        let database = database.unwrap_or_else(|| mailbox.text("Database"));
        if !database.is_empty() {
            wanted.set("ArchiveDatabase", Datum::Text(database));
        }
        wanted.set("ArchiveState", Datum::text("Local"));
    }
    if !vm.should_process(call, &mailbox.identity, "Enable-Mailbox")? {
        return Ok(());
    }
    match store.change(&mailbox, &wanted) {
        Ok((after, _)) => write_mailbox(vm, &after),
        Err(error) => refuse(vm, &error),
    }
}

struct EnableMailbox;

impl Cmdlet for EnableMailbox {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let mut user = match account(&store, &typed) {
            Ok(user) => user,
            Err(error) => return refuse(vm, &error),
        };
        let has_mailbox = !user.text("msExchMailboxGuid").is_empty();
        if has_mailbox && (call.switch("Archive") || call.switch("RemoteArchive")) {
            return enable_archive(vm, call, &store, user);
        }
        if has_mailbox {
            return vm.write_fault(fault(
                "UserAlreadyHasMailbox",
                Category::InvalidOperation,
                format!("The user \"{}\" already has a mailbox.", user.text("Name")),
                &user.identity,
            ));
        }
        give_mailbox(vm, call, &store, &mut user)?;
        if !vm.should_process(call, &user.identity, "Enable-Mailbox")? {
            return Ok(());
        }
        match rewrite(&store, &user) {
            Ok(after) => write_mailbox(vm, &after),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Takes a mailbox from its account, or only the archive of the mailbox.
struct DisableMailbox;

impl Cmdlet for DisableMailbox {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let only_archive = call.switch("Archive") || call.switch("RemoteArchive");
        super::voice_mailbox::change_user(vm, call, "Mailbox", |user| {
            for name in ARCHIVE {
                user.clear(name);
            }
            if only_archive {
                return;
            }
            take_voice_mail(user);
            for name in [
                "msExchMailboxGuid",
                "mailNickname",
                "msExchHomeServerName",
                "Database",
                "RecipientTypeDetails",
                "LegacyExchangeDN",
            ] {
                user.clear(name);
            }
        })
    }
}
