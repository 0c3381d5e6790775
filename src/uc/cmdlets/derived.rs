//! What the deployment tells of itself without having been told: where its configuration is kept, how the
//! management store is reached, the network interfaces of its computers, everything in the directory that can be
//! an owner of policies.

use super::answer::{refuse, texts, write_object};
use crate::cmdlet::registry::Factory;
use crate::cmdlet::{catalog, generic};
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CsConfigurationStoreLocation", || Box::new(Location)),
    ("Get-CsManagementConnection", || Box::new(Connection)),
    ("Get-CsNetworkInterface", || Box::new(Interface)),
    ("Get-CsAdPrincipal", || Box::new(Principal::default())),
];

/// The SQL Server and instance of the Central Management store: as it was said, or by the topology.
fn store_location(vm: &mut Vm, store: &Store) -> R<Option<(String, String)>> {
    let said = store.get("CsConfigurationStoreLocation", "Global");
    if let Some(said) = vm.model(said)? {
        let server = said.text("SqlServerFqdn");
        if !server.is_empty() {
            return Ok(Some((server, said.text("SqlInstanceName"))));
        }
    }
    let mut found = None;
    let listed = store.list("CsService");
    for service in vm.model(listed)? {
        let service = vm.model(service)?;
        let role = service.identity.split(':').next().unwrap_or_default();
        let place = || (service.text("PoolFqdn"), service.text("SqlInstanceName"));
        if role.starts_with("CentralManagement") && role.ends_with("Database") {
            return Ok(Some(place()));
        }
        if role == "UserDatabase" && found.is_none() {
            found = Some(place());
        }
    }
    Ok(found)
}

fn joined(server: &str, instance: &str) -> String {
    match instance {
        "" => server.to_owned(),
        instance => format!("{server}\\{instance}"),
    }
}

struct Location;

impl Cmdlet for Location {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let store = vm.twin()?;
        match store_location(vm, &store)? {
            Some((server, instance)) => vm.write(Value::str(joined(&server, &instance))),
            None => Ok(()),
        }
    }
}

struct Connection;

impl Cmdlet for Connection {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let store = vm.twin()?;
        let known = store.get("CsManagementConnection", "Global");
        let Some(mut connection) = vm.model(known)? else {
            return Ok(());
        };
        if connection.text("Connection").is_empty()
            && let Some((server, instance)) = store_location(vm, &store)?
        {
            let place = joined(&server, &instance);
            let catalog = "Initial Catalog=xds;Integrated Security=True";
            connection.set("StoreProvider", Datum::text("Sql"));
            connection.set(
                "Connection",
                Datum::Text(format!("Data Source={place};{catalog}")),
            );
            connection.set("SqlServer", Datum::Text(server));
            connection.set("SqlInstance", Datum::Text(instance));
        }
        write_object(vm, &connection)
    }
}

struct Interface;

impl Cmdlet for Interface {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let kind = vm.model(store.kind("CsNetworkInterface"))?;
        let wanted = texts(vm, call, "Identity")?;
        let computers = texts(vm, call, "ComputerFqdn")?;
        let filter = super::answer::text(vm, call, "Filter")?;
        let mut written = 0;
        let listed = store.list("CsComputer");
        for computer in vm.model(listed)? {
            let computer = vm.model(computer)?;
            let records = store.list("DnsServerResourceRecord");
            let mut numbers = [0; 2];
            for record in vm.model(records)? {
                let record = vm.model(record)?;
                let is_address = record.text("RecordType") == "A";
                if !is_address || fold(&record.text("HostName")) != fold(&computer.identity) {
                    continue;
                }
                let side = record.text("View");
                let number = &mut numbers[usize::from(side == "External")];
                *number += 1;
                let address = record.text("RecordData");
                let interface = if side == "External" {
                    "External"
                } else {
                    "Primary"
                };
                let named = [
                    format!("{interface}:{number}:{}", computer.identity),
                    computer.identity.clone(),
                    computer.text("Pool"),
                ];
                let is_named = |list: &[String]| {
                    list.is_empty()
                        || list
                            .iter()
                            .any(|it| named.iter().any(|name| fold(name) == fold(it)))
                };
                let [identity, ..] = &named;
                let passes = filter
                    .as_ref()
                    .is_none_or(|pattern| crate::model::identity::matches(pattern, identity));
                if !is_named(&wanted) || !is_named(&computers) || !passes {
                    continue;
                }
                written += 1;
                let shown = Object::new(kind, identity.clone())
                    .with("ComputerFqdn", Datum::text(&computer.identity))
                    .with("IPAddress", Datum::text(&address))
                    .with("Interface", Datum::text(interface))
                    .with("InterfaceSide", Datum::text(&side))
                    .with("InterfaceNumber", Datum::Int(*number))
                    .with("ConfiguredFqdn", Datum::text(&computer.identity))
                    .with("ConfiguredIPAddress", Datum::text(&address));
                write_object(vm, &shown)?;
            }
        }
        match wanted.first() {
            Some(name) if written == 0 => {
                refuse(vm, &crate::model::constraint::not_found(kind, name))
            }
            _ => Ok(()),
        }
    }
}

/// Accounts as everywhere; beside them the groups, contacts and organisational units.
#[derive(Default)]
struct Principal {
    accounts: Option<Box<dyn Cmdlet>>,
}

/// What else than accounts is in the directory, and the classes it is of.
const OTHERS: &[(&str, &[&str])] = &[
    ("ADGroup", &["top", "group"]),
    ("DistributionGroup", &["top", "group"]),
    ("CsExUmContact", CONTACT),
    ("CsCommonAreaPhone", CONTACT),
    ("CsAnalogDevice", CONTACT),
    ("CsTrustedApplicationEndpoint", CONTACT),
    ("CsDialInConferencingAccessNumber", CONTACT),
    ("MailContact", CONTACT),
];

const CONTACT: &[&str] = &["top", "person", "organizationalPerson", "contact"];

/// An object of the directory as a principal.
fn principal(vm: &mut Vm, store: &Store, object: &Object, classes: &[&str]) -> R<Object> {
    let kind = vm.model(store.kind("CsAdPrincipal"))?;
    let name = match object.text("Name") {
        unnamed if unnamed.is_empty() => object.text("DisplayName"),
        name => name,
    };
    let mut shown = Object::new(kind, object.identity.clone());
    shown.set("Name", Datum::Text(name));
    shown.set(
        "ObjectClass",
        Datum::List(classes.iter().copied().map(Datum::text).collect()),
    );
    for property in [
        "DisplayName",
        "SipAddress",
        "LineURI",
        "RegistrarPool",
        "Enabled",
        "EnterpriseVoiceEnabled",
        "SamAccountName",
    ] {
        let value = object.get(property);
        if !value.is_blank() {
            shown.set(property, value);
        }
    }
    Ok(shown)
}

/// The organisational units that accounts and contacts lie in.
fn units(vm: &mut Vm, store: &Store) -> R<Vec<String>> {
    let mut units: Vec<String> = Vec::new();
    let nouns = ["ADUser"]
        .into_iter()
        .chain(OTHERS.iter().map(|(noun, _)| *noun));
    for noun in nouns {
        let listed = store.list(noun);
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            let Some((_, unit)) = object.identity.split_once(',') else {
                continue;
            };
            let is_unit = unit
                .get(..3)
                .is_some_and(|it| it.eq_ignore_ascii_case("OU="));
            if is_unit && !units.iter().any(|it| fold(it) == fold(unit)) {
                units.push(unit.to_owned());
            }
        }
    }
    Ok(units)
}

fn unit_object(vm: &mut Vm, store: &Store, unit: &str) -> R<Object> {
    let kind = vm.model(store.kind("CsAdPrincipal"))?;
    let name = unit.split(',').next().and_then(|it| it.get(3..));
    let bare = Object::new(kind, unit).with("Name", Datum::text(name.unwrap_or(unit)));
    principal(vm, store, &bare, &["top", "organizationalUnit"])
}

impl Principal {
    fn named(&mut self, vm: &mut Vm, store: &Store, typed: &str) -> R<()> {
        let account = store.find_one("CsAdPrincipal", typed);
        if let Ok(account) = account {
            return write_object(vm, &account);
        }
        for (noun, classes) in OTHERS {
            if let Ok(found) = store.find_one(noun, typed) {
                let shown = principal(vm, store, &found, classes)?;
                return write_object(vm, &shown);
            }
        }
        for unit in units(vm, store)? {
            if fold(&unit) == fold(typed) {
                let shown = unit_object(vm, store, &unit)?;
                return write_object(vm, &shown);
            }
        }
        match account {
            Err(error) => refuse(vm, &error),
            Ok(_) => Ok(()),
        }
    }
}

impl Cmdlet for Principal {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let identities = texts(vm, call, "Identity")?;
        if !identities.is_empty() && !call.has("Filter") && !call.has("LdapFilter") {
            for typed in identities {
                self.named(vm, &store, &typed)?;
            }
            return Ok(());
        }
        if self.accounts.is_none() {
            self.accounts = catalog::find("Get-CsAdPrincipal")
                .and_then(|it| generic::behaviour(&it))
                .map(|make| make());
        }
        if let Some(accounts) = &mut self.accounts {
            accounts.process(vm, call)?;
        }
        if ["Filter", "LdapFilter", "ResultSize", "OU"]
            .iter()
            .any(|it| call.has(it))
        {
            return Ok(());
        }
        for (noun, classes) in OTHERS {
            let listed = store.list(noun);
            for object in vm.model(listed)? {
                let object = vm.model(object)?;
                let shown = principal(vm, &store, &object, classes)?;
                write_object(vm, &shown)?;
            }
        }
        for unit in units(vm, &store)? {
            let shown = unit_object(vm, &store, &unit)?;
            write_object(vm, &shown)?;
        }
        Ok(())
    }
}
