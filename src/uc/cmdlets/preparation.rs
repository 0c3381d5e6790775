//! How far Active Directory is prepared for Lync: schema, forest and domains; and which roles somebody has.

use super::answer::{fault, refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::identity::fold;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CsAdServerSchema", || Box::new(Get(Part::Schema))),
    ("Get-CsAdForest", || Box::new(Get(Part::Forest))),
    ("Get-CsAdDomain", || Box::new(Get(Part::Domain))),
    ("Enable-CsAdForest", || {
        Box::new(Prepare(Part::Forest, true))
    }),
    ("Disable-CsAdForest", || {
        Box::new(Prepare(Part::Forest, false))
    }),
    ("Enable-CsAdDomain", || {
        Box::new(Prepare(Part::Domain, true))
    }),
    ("Disable-CsAdDomain", || {
        Box::new(Prepare(Part::Domain, false))
    }),
    ("Get-CsAdminRoleAssignment", || Box::new(RoleAssignment)),
];

/// The roles whose servers keep a domain from being given up.
const SERVERS: &[&str] = &["Registrar", "ConferencingServer", "WebServer"];

/// What is prepared.
#[derive(Clone, Copy)]
enum Part {
    Schema,
    Forest,
    Domain,
}

impl Part {
    /// The name under which it is noted that it is not prepared.
    fn setting(self, domain: &str) -> String {
        match self {
            Part::Schema => "directory schema".into(),
            Part::Forest => "directory forest".into(),
            Part::Domain => format!("directory domain {}", fold(domain)),
        }
    }

    /// What still needs the preparation: a server of a domain, a prepared domain of the forest.
    fn user(self, vm: &mut Vm, store: &Store, domain: &str) -> R<Option<String>> {
        if let Part::Forest = self {
            let forests = store.list("ADForest");
            for forest in vm.model(forests)? {
                for domain in vm.model(forest)?.texts("Domains") {
                    let noted = store.setting(&Part::Domain.setting(&domain));
                    if vm.model(noted)?.is_none_or(|it| it != "unprepared") {
                        return Ok(Some(domain));
                    }
                }
            }
            return Ok(None);
        }
        let services = store.list("CsService");
        for service in vm.model(services)? {
            let service = vm.model(service)?;
            let pool = service.text("PoolFqdn");
            let within = pool.split_once('.').map(|(_, rest)| fold(rest));
            if SERVERS.contains(&service.text("Role").as_str()) && within == Some(fold(domain)) {
                return Ok(Some(service.identity));
            }
        }
        Ok(None)
    }

    fn state(self, ready: bool) -> &'static str {
        match (self, ready) {
            (Part::Schema, _) => "SCHEMA_VERSION_STATE_CURRENT",
            (Part::Forest, true) => "LC_FORESTSETTINGS_STATE_READY",
            (Part::Forest, false) => "LC_FORESTSETTINGS_STATE_NOT_READY",
            (Part::Domain, true) => "LC_DOMAINSETTINGS_STATE_READY",
            (Part::Domain, false) => "LC_DOMAINSETTINGS_STATE_NOT_READY",
        }
    }
}

/// The domain that a call is about.
fn domain(vm: &mut Vm, call: &Call) -> R<String> {
    match text(vm, call, "Domain")? {
        Some(named) => Ok(named),
        None => super::directory::own_domain(vm),
    }
}

struct Get(Part);

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let domain = domain(vm, call)?;
        let noted = store.setting(&self.0.setting(&domain));
        let ready = vm.model(noted)?.is_none_or(|it| it != "unprepared");
        vm.write(Value::str(self.0.state(ready)))
    }
}

struct Prepare(Part, bool);

impl Cmdlet for Prepare {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let domain = domain(vm, call)?;
        if !self.1
            && !call.switch("Force")
            && let Some(user) = self.0.user(vm, &store, &domain)?
        {
            let message = match self.0 {
                Part::Forest => format!("The domain \"{user}\" is still prepared for Lync Server."),
                _ => format!("\"{user}\" is still active in the domain \"{domain}\"."),
            };
            let category = Category::InvalidOperation;
            return vm.write_fault(fault("StillInUse", category, message, &domain));
        }
        if !vm.should_process(call, &domain, &call.info.name.clone())? {
            return Ok(());
        }
        let noted = store.set_setting(
            &self.0.setting(&domain),
            if self.1 { "" } else { "unprepared" },
        );
        vm.model(noted)
    }
}

/// The roles of the groups that somebody is a member of.
struct RoleAssignment;

impl Cmdlet for RoleAssignment {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let found = store
            .find_one("CsAdUser", &typed)
            .or_else(|_| store.find_one("ADUser", &typed));
        let user = match found {
            Ok(user) => user,
            Err(error) => return refuse(vm, &error),
        };
        let listed = store.list("ADGroup");
        let mut groups = Vec::new();
        for group in vm.model(listed)? {
            let group = vm.model(group)?;
            let member = group
                .texts("Members")
                .iter()
                .any(|it| fold(it) == fold(&user.identity));
            if member {
                groups.push(fold(&group.text("Name")));
            }
        }
        let listed = store.list("CsAdminRole");
        for role in vm.model(listed)? {
            let role = vm.model(role)?;
            if groups.contains(&fold(&role.identity)) {
                vm.write(Value::str(role.identity))?;
            }
        }
        Ok(())
    }
}
