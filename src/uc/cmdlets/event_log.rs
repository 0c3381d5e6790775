//! How much the services of an Exchange server write to the event log, by source and category.

use super::answer::{fault, refuse, text};
use super::server_state::server;
use crate::cmdlet::registry::Factory;
use crate::model::identity::{fold, has_wildcard, matches};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-EventLogLevel", || Box::new(Get)),
    ("Set-EventLogLevel", || Box::new(Set)),
];

/// The level of a category that nobody changed.
const LOWEST: &str = "Lowest";

/// The sources of a server with their categories.
const SOURCES: &[(&str, &[&str])] = &[
    ("MSExchange ActiveSync", &["Requests", "Configuration"]),
    ("MSExchange Antispam", &["General"]),
    ("MSExchange Autodiscover", &["Core", "Web", "Provider"]),
    (
        "MSExchange Availability",
        &[
            "Availability Service",
            "Availability Service General",
            "Availability Service Authentication",
            "Availability Service Authorization",
        ],
    ),
    (
        "MSExchange Common",
        &["General", "Configuration", "Logging"],
    ),
    (
        "MSExchange EdgeSync",
        &["Synchronization", "Topology", "SyncNow"],
    ),
    (
        "MSExchange Extensibility",
        &["Transport Address Book", "MExRuntime"],
    ),
    ("MSExchange IMAP4", &["General"]),
    (
        "MSExchange Messaging Policies",
        &[
            "Journaling",
            "AttachFilter",
            "AddressRewriting",
            "Rules",
            "Prelicensing",
        ],
    ),
    (
        "MSExchange OWA",
        &[
            "FormsRegistry",
            "Core",
            "Configuration",
            "Themes",
            "SmallIcons",
            "Proxy",
            "Transcoding",
            "ADNotifications",
            "InstantMessage",
        ],
    ),
    ("MSExchange POP3", &["General"]),
    ("MSExchange Process Manager", &["ProcessManager"]),
    (
        "MSExchange Repl",
        &[
            "Service",
            "Exchange VSS Writer",
            "Move",
            "Upgrade",
            "Action",
        ],
    ),
    (
        "MSExchange Unified Messaging",
        &[
            "UMWorkerProcess",
            "UMCore",
            "UMManagement",
            "UMService",
            "UMClientAccess",
            "UMCallData",
            "UMCallRouter",
        ],
    ),
    ("MSExchange Web Services", &["Core"]),
    (
        "MSExchangeADAccess",
        &[
            "General",
            "Cache",
            "Topology",
            "Configuration",
            "LDAP",
            "Validation",
            "Recipient Update Service",
            "Site Update",
        ],
    ),
    (
        "MSExchangeIS\\9000 Private",
        &[
            "Transport General",
            "General",
            "Access Control",
            "Logons",
            "Replication",
        ],
    ),
    ("MSExchangeMailSubmission", &["General"]),
    (
        "MSExchangeTransport",
        &[
            "SmtpReceive",
            "SmtpSend",
            "DSN",
            "Routing",
            "Logging",
            "Components",
            "RemoteDelivery",
            "Pickup",
            "Categorizer",
            "PoisonMessage",
            "MessageSecurity",
            "TransportService",
            "Exch50",
            "Process",
            "ResourceManager",
            "Configuration",
            "Storage",
            "Agents",
        ],
    ),
];

/// The categories of every server as `<source>\<category>`.
fn categories() -> impl Iterator<Item = String> {
    SOURCES
        .iter()
        .flat_map(|(source, names)| names.iter().map(move |name| format!("{source}\\{name}")))
}

/// The server and the category that an identity names; without a server it is the one of the session.
fn parse(vm: &mut Vm, call: &Call, typed: &str) -> R<Option<(Object, Option<String>)>> {
    let store = vm.twin()?;
    if let Some((head, rest)) = typed.split_once('\\')
        && let Ok(named) = store.find_one("ExchangeServer", head)
    {
        return Ok(Some((named, Some(rest.to_owned()))));
    }
    if let Ok(named) = store.find_one("ExchangeServer", typed) {
        return Ok(Some((named, None)));
    }
    Ok(server(vm, call, &["Server"])?.map(|local| (local, Some(typed.to_owned()))))
}

/// Those categories that a text names: whole, by source, or with wildcards.
fn named(wanted: Option<&str>) -> Vec<String> {
    let Some(wanted) = wanted else {
        return categories().collect();
    };
    categories()
        .filter(|it| {
            if has_wildcard(wanted) {
                return matches(wanted, it);
            }
            let source = it.rsplit_once('\\').map_or("", |(source, _)| source);
            fold(it) == fold(wanted) || fold(source) == fold(wanted)
        })
        .collect()
}

/// What is kept of a category of a server, if somebody changed it.
fn kept(vm: &mut Vm, identity: &str) -> R<Option<Object>> {
    let store = vm.twin()?;
    let found = store.find("EventLogLevel", identity);
    let found = vm.model(found)?;
    Ok(found
        .into_iter()
        .find(|it| fold(&it.identity) == fold(identity)))
}

fn unknown(vm: &mut Vm, typed: &str) -> R<()> {
    vm.write_fault(fault(
        "EventCategoryNotFound",
        Category::ObjectNotFound,
        format!("There is no event category \"{typed}\"."),
        typed,
    ))
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let typed = text(vm, call, "Identity")?;
        let place = match &typed {
            Some(typed) => parse(vm, call, typed)?,
            None => server(vm, call, &["Server"])?.map(|server| (server, None)),
        };
        let Some((server, wanted)) = place else {
            return Ok(());
        };
        let found = named(wanted.as_deref());
        if found.is_empty() {
            return unknown(vm, typed.as_deref().unwrap_or_default());
        }
        for category in found {
            let identity = format!("{}\\{category}", server.identity);
            let level = kept(vm, &identity)?.map(|it| it.text("EventLevel"));
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Data.EventCategoryObject",
                [
                    ("Identity", Value::str(identity)),
                    ("EventLevel", Value::str(level.as_deref().unwrap_or(LOWEST))),
                    ("IsValid", Value::Bool(true)),
                    ("ObjectState", Value::str("Unchanged")),
                ],
            ))?;
        }
        Ok(())
    }
}

struct Set;

impl Cmdlet for Set {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let level = text(vm, call, "Level")?.unwrap_or_else(|| LOWEST.to_owned());
        let Some((server, wanted)) = parse(vm, call, &typed)? else {
            return Ok(());
        };
        let found = named(wanted.as_deref());
        if found.is_empty() {
            return unknown(vm, &typed);
        }
        for category in found {
            let identity = format!("{}\\{category}", server.identity);
            if !vm.should_process(call, &identity, &call.info.name)? {
                continue;
            }
            let level = Datum::text(level.as_str());
            let done = match kept(vm, &identity)? {
                Some(known) => {
                    let wanted = known.clone().with("EventLevel", level);
                    store.change(&known, &wanted).map(drop)
                }
                None => store
                    .kind("EventLogLevel")
                    .map(|kind| Object::new(kind, identity).with("EventLevel", level))
                    .and_then(|made| store.create(made))
                    .map(drop),
            };
            if let Err(error) = done {
                return refuse(vm, &error);
            }
        }
        Ok(())
    }
}
