//! Mailbox databases and their copies: mounted and dismounted, copied to other servers, suspended, seeded anew,
//! activated elsewhere. The mailboxes of a database are where its active copy is.

use super::answer::{fault, first_text, refuse, text, write_object};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::{fold, matches};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Add-MailboxDatabaseCopy", || Box::new(Add)),
    ("Remove-MailboxDatabaseCopy", || Box::new(Remove)),
    ("Set-MailboxDatabaseCopy", || {
        Box::new(Change { work: Work::Set })
    }),
    ("Suspend-MailboxDatabaseCopy", || {
        Box::new(Change {
            work: Work::Suspend,
        })
    }),
    ("Resume-MailboxDatabaseCopy", || {
        Box::new(Change { work: Work::Resume })
    }),
    ("Update-MailboxDatabaseCopy", || {
        Box::new(Change { work: Work::Seed })
    }),
    ("Get-MailboxDatabaseCopyStatus", || Box::new(Status)),
    ("Move-ActiveMailboxDatabase", || Box::new(Activate)),
    ("Mount-Database", || Box::new(Mount { mounted: true })),
    ("Dismount-Database", || Box::new(Mount { mounted: false })),
];

const COPY: &str = "MailboxDatabaseCopyStatus";

fn unfit(id: &str, message: String, target: &str) -> Fault {
    fault(id, Category::InvalidOperation, message, target)
}

/// The name of an Exchange server, from what was typed.
fn server_name(store: &Store, typed: &str) -> Result<String, ModelError> {
    store
        .find_one("ExchangeServer", typed)
        .map(|it| it.identity)
}

fn database(store: &Store, typed: &str) -> Result<Object, ModelError> {
    store.find_one("MailboxDatabase", typed)
}

/// The copies of a database; the active one is there even if nobody noted it.
fn copies(store: &Store, database: &Object) -> Result<Vec<Object>, ModelError> {
    let kind = store.kind(COPY)?;
    let active = database.text("Server");
    let mut all = Vec::new();
    for copy in store.list(COPY)? {
        let copy = copy?;
        if fold(&copy.text("DatabaseName")) == fold(&database.identity) {
            all.push(copy);
        }
    }
    let noted = all
        .iter()
        .any(|it| same_server(&it.text("MailboxServer"), &active));
    if !noted && !active.is_empty() {
        let own = Object::new(kind, format!("{}\\{active}", database.identity))
            .with("DatabaseName", database.identity.as_str())
            .with("MailboxServer", active.as_str())
            .with("ActivationPreference", 1i64);
        all.push(own);
    }
    all.sort_by_key(|it| it.get("ActivationPreference").as_int().unwrap_or(i64::MAX));
    for copy in &mut all {
        let here = same_server(&copy.text("MailboxServer"), &active);
        let dismounted = database.get("Mounted") == Datum::Bool(false);
        let status = match (here, copy.flag("Suspended")) {
            (true, _) if dismounted => "Dismounted",
            (true, _) => "Mounted",
            (false, true) => "Suspended",
            (false, false) => "Healthy",
        };
        copy.set("Status", status.into());
        copy.set("ActiveCopy", Datum::Bool(here));
        copy.set("ActiveDatabaseCopy", Datum::text(active.as_str()));
    }
    Ok(all)
}

/// Whether two names of servers mean the same one: short or full.
fn same_server(one: &str, other: &str) -> bool {
    let short = |name: &str| fold(name.split('.').next().unwrap_or(name));
    short(one) == short(other)
}

/// The copy that `<database>\<server>` names.
fn named_copy(store: &Store, typed: &str) -> Result<(Object, Object), ModelError> {
    let missing = || ModelError::DirectoryNotFound {
        identity: typed.to_owned(),
    };
    let (name, server) = typed.split_once('\\').ok_or_else(missing)?;
    let found = database(store, name)?;
    let copy = copies(store, &found)?
        .into_iter()
        .find(|it| same_server(&it.text("MailboxServer"), server))
        .ok_or_else(missing)?;
    Ok((found, copy))
}

/// The copies that a server has besides the active ones.
fn passive_copies(store: &Store, server: &str) -> Result<Vec<Object>, ModelError> {
    let mut found = Vec::new();
    for database in store.list("MailboxDatabase")? {
        let all = copies(store, &database?)?;
        found.extend(all.into_iter().filter(|copy| {
            !copy.flag("ActiveCopy") && same_server(&copy.text("MailboxServer"), server)
        }));
    }
    Ok(found)
}

struct Add;

impl Cmdlet for Add {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let server = text(vm, call, "MailboxServer")?.unwrap_or_default();
        let found = database(&store, &typed).and_then(|it| Ok((it, server_name(&store, &server)?)));
        let (found, server) = match found {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        let listed = copies(&store, &found);
        let listed = vm.model(listed)?;
        if listed
            .iter()
            .any(|it| same_server(&it.text("MailboxServer"), &server))
        {
            return vm.write_fault(unfit(
                "CopyAlreadyThere",
                format!(
                    "The server \"{server}\" has a copy of \"{}\" already.",
                    found.identity
                ),
                &server,
            ));
        }
        if !vm.should_process(
            call,
            &format!("{}\\{server}", found.identity),
            "Add-MailboxDatabaseCopy",
        )? {
            return Ok(());
        }
        let next = i64::try_from(listed.len()).unwrap_or(0) + 1;
        let preference = call.int("ActivationPreference").unwrap_or(next);
        let made = store.atomic(|| {
            let kind = store.kind(COPY)?;
            for copy in &listed {
                if copy.id == 0 {
                    keep(&store, copy)?;
                }
            }
            let copy = Object::new(kind, format!("{}\\{server}", found.identity))
                .with("DatabaseName", found.identity.as_str())
                .with("MailboxServer", server.as_str())
                .with("ActivationPreference", preference);
            store.create(copy)?;
            store.modify(found.kind, &found.identity, |database| {
                database.set("ReplicationType", Datum::text("Remote"));
                Ok(())
            })
        });
        match made {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Notes a copy without what follows from its database.
fn keep(store: &Store, copy: &Object) -> Result<Object, ModelError> {
    let mut noted = copy.clone();
    for derived in ["Status", "ActiveCopy", "ActiveDatabaseCopy"] {
        noted.clear(derived);
    }
    store.save(&noted)
}

struct Remove;

impl Cmdlet for Remove {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let (found, copy) = match named_copy(&store, &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        if copy.flag("ActiveCopy") {
            return vm.write_fault(unfit(
                "CopyIsActive",
                format!("The copy \"{}\" is the active one. Activate another copy first, or remove the database.", copy.identity),
                &copy.identity,
            ));
        }
        if !vm.should_process(call, &copy.identity, "Remove-MailboxDatabaseCopy")? {
            return Ok(());
        }
        let removed = store.atomic(|| {
            store.remove(copy.kind, &copy.identity)?;
            let left = copies(&store, &found)?.len();
            store.modify(found.kind, &found.identity, |database| {
                let kind = if left > 1 { "Remote" } else { "None" };
                database.set("ReplicationType", Datum::text(kind));
                Ok(())
            })
        });
        match removed {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// What is done to a copy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Set,
    Suspend,
    Resume,
    Seed,
}

struct Change {
    work: Work,
}

impl Cmdlet for Change {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        if let Some(server) = text(vm, call, "Server")? {
            // All copies of the server that are waiting for it.
            let waiting = server_name(&store, &server).and_then(|it| passive_copies(&store, &it));
            return match waiting {
                Ok(copies) => copies
                    .into_iter()
                    .filter(|copy| copy.flag("Suspended"))
                    .try_for_each(|copy| self.change(vm, call, &store, copy)),
                Err(error) => refuse(vm, &error),
            };
        }
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        match named_copy(&store, &typed) {
            Ok((_, copy)) => self.change(vm, call, &store, copy),
            Err(error) => refuse(vm, &error),
        }
    }
}

impl Change {
    fn change(&self, vm: &mut Vm, call: &Call, store: &Store, copy: Object) -> R<()> {
        let mut copy = copy;
        let name = copy.identity.clone();
        if copy.flag("ActiveCopy")
            && matches!(self.work, Work::Suspend | Work::Seed)
            && !call.switch("ActivationOnly")
        {
            return vm.write_fault(unfit(
                "CopyIsActive",
                format!(
                    "The copy \"{name}\" is the active one: it can be neither suspended nor seeded."
                ),
                &name,
            ));
        }
        if self.work == Work::Seed && call.switch("CancelSeed") {
            // Seeding is over at once here: there is none to stop.
            return Ok(());
        }
        if self.work == Work::Seed
            && !copy.flag("Suspended")
            && !call.switch("DeleteExistingFiles")
            && !call.switch("Force")
        {
            return vm.write_fault(unfit(
                "CopyNotSuspended",
                format!("The copy \"{name}\" has to be suspended before it is seeded (Suspend-MailboxDatabaseCopy)."),
                &name,
            ));
        }
        if !vm.should_process(call, &name, &call.info.name.clone())? {
            return Ok(());
        }
        match self.work {
            Work::Suspend if call.switch("ActivationOnly") => {
                copy.set("ActivationSuspended", Datum::Bool(true));
            }
            Work::Suspend => {
                copy.set("Suspended", Datum::Bool(true));
                copy.set("ActivationSuspended", Datum::Bool(true));
                if let Some(comment) = call.text("SuspendComment") {
                    copy.set("SuspendComment", Datum::text(&*comment));
                }
            }
            Work::Resume => {
                copy.clear("Suspended");
                copy.clear("SuspendComment");
                if !call.switch("ReplicationOnly") {
                    copy.clear("ActivationSuspended");
                }
            }
            Work::Seed => {
                if !call.switch("ManualResume") {
                    copy.clear("Suspended");
                    copy.clear("ActivationSuspended");
                    copy.clear("SuspendComment");
                }
            }
            Work::Set => {
                if let Some(preference) = call.int("ActivationPreference") {
                    copy.set("ActivationPreference", Datum::Int(preference));
                }
                for lag in ["ReplayLagTime", "TruncationLagTime"] {
                    if let Some(given) = call.get(lag) {
                        let shown = vm.to_text(&given)?;
                        copy.set(lag, Datum::Text(shown));
                    }
                }
            }
        }
        let kept = keep(store, &copy);
        match kept {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Status;

impl Cmdlet for Status {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let typed = text(vm, call, "Identity")?.unwrap_or_else(|| "*".into());
        let server = text(vm, call, "Server")?;
        let (name, on) = match typed.split_once('\\') {
            Some((name, on)) => (name.to_owned(), Some(on.to_owned())),
            None => (typed.clone(), None),
        };
        let mut written = 0usize;
        let listed = store.list("MailboxDatabase");
        for found in vm.model(listed)? {
            let found = vm.model(found)?;
            let wanted = name.is_empty() || matches(&name, &found.identity);
            if !wanted {
                continue;
            }
            let all = copies(&store, &found);
            for copy in vm.model(all)? {
                let host = copy.text("MailboxServer");
                let short = host.split('.').next().unwrap_or(&host).to_owned();
                let here = on
                    .as_ref()
                    .is_none_or(|it| matches(it, &short) || matches(it, &host))
                    && server.as_ref().is_none_or(|it| same_server(it, &host))
                    && (!call.switch("Active") || copy.flag("ActiveCopy"));
                if here {
                    written += 1;
                    write_object(vm, &copy)?;
                }
            }
        }
        if written == 0 && !typed.contains('*') {
            let error = ModelError::DirectoryNotFound { identity: typed };
            return refuse(vm, &error);
        }
        Ok(())
    }
}

/// Makes another copy of databases the active one; their mailboxes go with it.
struct Activate;

impl Activate {
    fn activate(
        vm: &mut Vm,
        call: &Call,
        store: &Store,
        found: &Object,
        target: Option<&str>,
    ) -> R<()> {
        let all = copies(store, found);
        let all = vm.model(all)?;
        let copy = match target {
            Some(target) => all
                .iter()
                .find(|it| same_server(&it.text("MailboxServer"), target)),
            None => all
                .iter()
                .find(|it| !it.flag("ActiveCopy") && !it.flag("ActivationSuspended")),
        };
        let Some(copy) = copy else {
            return vm.write_fault(unfit(
                "NoCopyToActivate",
                format!(
                    "There is no copy of \"{}\" that could be activated{}.",
                    found.identity,
                    target.map_or_else(String::new, |it| format!(" on \"{it}\""))
                ),
                &found.identity,
            ));
        };
        if copy.flag("ActiveCopy") {
            return Ok(());
        }
        let blocked = copy.flag("Suspended") || copy.flag("ActivationSuspended");
        if blocked && !call.switch("SkipActiveCopyChecks") && !call.switch("SkipHealthChecks") {
            return vm.write_fault(unfit(
                "CopySuspended",
                format!(
                    "The copy \"{}\" is suspended and cannot be activated.",
                    copy.identity
                ),
                &copy.identity,
            ));
        }
        let host = copy.text("MailboxServer");
        if !vm.should_process(
            call,
            &format!("{} to {host}", found.identity),
            "Move-ActiveMailboxDatabase",
        )? {
            return Ok(());
        }
        let old = found.text("Server");
        let moved = store.atomic(|| {
            for copy in &all {
                if copy.id == 0 {
                    keep(store, copy)?;
                }
            }
            store.modify(found.kind, &found.identity, |database| {
                database.set("Server", Datum::text(host.as_str()));
                Ok(())
            })?;
            let users = store.kind("ADUser")?;
            let mut of_database = Vec::new();
            for user in store.list("ADUser")? {
                let user = user?;
                if fold(&user.text("Database")) == fold(&found.identity) {
                    of_database.push(user.identity);
                }
            }
            for user in of_database {
                store.modify(users, &user, |user| {
                    user.set("msExchHomeServerName", Datum::text(host.as_str()));
                    Ok(())
                })?;
            }
            Ok(())
        });
        if let Err(error) = moved {
            return refuse(vm, &error);
        }
        vm.write(crate::runtime::object::CustomObject::typed(
            "Microsoft.Exchange.Management.SystemConfigurationTasks.DatabaseMoveResult",
            [
                (
                    "Identity",
                    crate::runtime::value::Value::str(found.identity.as_str()),
                ),
                (
                    "ActiveServerAtStart",
                    crate::runtime::value::Value::str(old),
                ),
                (
                    "ActiveServerAtEnd",
                    crate::runtime::value::Value::str(host.as_str()),
                ),
                ("Status", crate::runtime::value::Value::str("Succeeded")),
            ],
        ))
    }
}

impl Cmdlet for Activate {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let target = first_text(vm, call, &["ActivateOnServer"])?;
        if let Some(server) = text(vm, call, "Server")? {
            let listed = store.list("MailboxDatabase");
            for found in vm.model(listed)? {
                let found = vm.model(found)?;
                if same_server(&found.text("Server"), &server) {
                    Activate::activate(vm, call, &store, &found, target.as_deref())?;
                }
            }
            return Ok(());
        }
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        match database(&store, &typed) {
            Ok(found) => Activate::activate(vm, call, &store, &found, target.as_deref()),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Mount {
    mounted: bool,
}

impl Cmdlet for Mount {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let found = match database(&store, &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &found.identity, &call.info.name.clone())? {
            return Ok(());
        }
        let mounted = self.mounted;
        let changed = store.modify(found.kind, &found.identity, |database| {
            database.set("Mounted", Datum::Bool(mounted));
            Ok(())
        });
        match changed {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
