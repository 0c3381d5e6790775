//! What keeps a Lync deployment going when a part of it fails: paired pools, the Central Management store in
//! the other pool, single Front End Servers, mirrored databases, and what each of them reports.

use super::answer::{fault, first_text, refuse, text};
use super::service::{change_state, pool_computers, pool_runs, services};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use crate::uc::failover::{self, STATE};

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Invoke-CsPoolFailOver", || Box::new(FailOver)),
    ("Invoke-CsPoolFailBack", || Box::new(FailBack)),
    ("Invoke-CsManagementServerFailover", || {
        Box::new(ManagementFailover)
    }),
    ("Move-CsManagementServer", || Box::new(MoveManagement)),
    ("Invoke-CsComputerFailOver", || {
        Box::new(Computer { over: true })
    }),
    ("Invoke-CsComputerFailBack", || {
        Box::new(Computer { over: false })
    }),
    ("Invoke-CsDatabaseFailover", || Box::new(DatabaseFailover)),
    ("Get-CsDatabaseMirrorState", || Box::new(MirrorState)),
    ("Get-CsPoolBackupRelationship", || Box::new(Relationship)),
    ("Get-CsPoolFabricState", || Box::new(FabricState)),
    ("Get-CsPoolUpgradeReadinessState", || Box::new(Readiness)),
    ("Get-CsUpgradeDomainInfo", || Box::new(UpgradeDomains)),
    ("Get-CsBackupServiceStatus", || Box::new(BackupStatus)),
    ("Get-CsUserPoolInfo", || Box::new(UserPools)),
];

/// The databases of a pool that can be mirrored.
const DATABASES: &[(&str, &str)] = &[
    ("rtcxds", "User"),
    ("rtcshared", "User"),
    ("rtcab", "Application"),
    ("rgsconfig", "Application"),
    ("rgsdyn", "Application"),
    ("cpsdyn", "Application"),
];

/// The databases of the Central Management store.
const CENTRAL_DATABASES: &[(&str, &str)] = &[("xds", "CMS"), ("lis", "CMS")];

fn unfit(id: &str, message: String, target: &str) -> Fault {
    fault(id, Category::InvalidOperation, message, target)
}

/// The pool that a parameter names; an error is written if there is none.
fn pool(vm: &mut Vm, call: &Call) -> R<Option<Object>> {
    let store = vm.twin()?;
    let typed = first_text(vm, call, &["PoolFqdn", "Identity"])?.unwrap_or_default();
    match store.find_one("CsPool", &typed) {
        Ok(found) => Ok(Some(found)),
        Err(error) => refuse(vm, &error).map(|()| None),
    }
}

/// Changes the note about a pool's state.
fn note(store: &Store, pool: &str, work: impl FnOnce(&mut Object)) -> Result<Object, ModelError> {
    let kind = store.kind(STATE)?;
    let mut state = match store.get(STATE, pool)? {
        Some(state) => state,
        None => Object::new(kind, pool),
    };
    work(&mut state);
    store.save(&state)
}

struct FailOver;

impl FailOver {
    /// Why a pool cannot be failed over; nothing if it can.
    fn obstacle(vm: &mut Vm, call: &Call, store: &Store, pool: &Object) -> R<Option<Fault>> {
        let name = pool.identity.as_str();
        let backup = pool.text("BackupPoolFqdn");
        if backup.is_empty() {
            return Ok(Some(unfit(
                "PoolNotPaired",
                format!(
                    "The pool \"{name}\" has no backup pool. Pair it with one in the topology first."
                ),
                name,
            )));
        }
        let over = failover::is_failed_over(&store.at(i64::MAX), name);
        if vm.model(over)? {
            return Ok(Some(unfit(
                "PoolAlreadyFailedOver",
                format!("The pool \"{name}\" is failed over to \"{backup}\" already."),
                name,
            )));
        }
        let holder = failover::management_pool(&store.at(i64::MAX));
        if vm.model(holder)?.is_some_and(|it| fold(&it) == fold(name)) {
            return Ok(Some(unfit(
                "PoolHostsManagementStore",
                format!(
                    "The pool \"{name}\" hosts the active Central Management store. Fail that over first (Invoke-CsManagementServerFailover)."
                ),
                name,
            )));
        }
        let backup_over = failover::is_failed_over(&store.at(i64::MAX), &backup);
        if vm.model(backup_over)? || !pool_runs(vm, store, &backup)? {
            return Ok(Some(unfit(
                "BackupPoolNotAvailable",
                format!("The backup pool \"{backup}\" does not run."),
                &backup,
            )));
        }
        if !call.switch("DisasterMode") && !pool_runs(vm, store, name)? {
            return Ok(Some(unfit(
                "PoolNotAvailable",
                format!(
                    "The pool \"{name}\" does not run. Use -DisasterMode to fail it over without its help."
                ),
                name,
            )));
        }
        Ok(None)
    }
}

impl Cmdlet for FailOver {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        if let Some(obstacle) = FailOver::obstacle(vm, call, &store, &pool)? {
            return vm.write_fault(obstacle);
        }
        if !vm.should_process(call, &pool.identity, "Invoke-CsPoolFailOver")? {
            return Ok(());
        }
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let noted = note(&store, &pool.identity, |state| {
            state.set("FailedOver", Datum::Bool(true));
            state.set("Since", Datum::DateTime(now));
        });
        vm.model(noted)?;
        vm.write_verbose(&format!(
            "The users of {} are served by {}.",
            pool.identity,
            pool.text("BackupPoolFqdn")
        ))
    }
}

struct FailBack;

impl Cmdlet for FailBack {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let name = pool.identity.as_str();
        let over = failover::is_failed_over(&store.at(i64::MAX), name);
        if !vm.model(over)? {
            return vm.write_fault(unfit(
                "PoolNotFailedOver",
                format!("The pool \"{name}\" is not failed over."),
                name,
            ));
        }
        if !pool_runs(vm, &store, name)? {
            return vm.write_fault(unfit(
                "PoolNotAvailable",
                format!("The pool \"{name}\" does not run. Start it before its users come back (Start-CsPool)."),
                name,
            ));
        }
        if !vm.should_process(call, name, "Invoke-CsPoolFailBack")? {
            return Ok(());
        }
        let noted = note(&store, name, |state| {
            state.set("FailedOver", Datum::Bool(false));
            state.clear("Since");
        });
        vm.model(noted).map(drop)
    }
}

/// Makes a pool host the active Central Management store: its service, and the agents that go with it.
fn host_management(store: &Store, from: &str, to: &str) -> Result<(), ModelError> {
    store.atomic(|| {
        let kind = store.kind("CsService")?;
        let old = format!("CentralManagement:{from}");
        let site = store
            .get("CsPool", to)?
            .map_or_else(String::new, |pool| pool.text("Site"));
        let mut service = match store.get("CsService", &old)? {
            Some(service) => {
                store.remove(kind, &old)?;
                service
            }
            None => Object::new(kind, old),
        };
        service.id = 0;
        service.identity = format!("CentralManagement:{to}");
        service.set("PoolFqdn", Datum::text(to));
        service.set("SiteId", Datum::Text(site));
        service.set("Role", Datum::text("CentralManagement"));
        store.save(&service)?;
        let first = |pool: &str| -> Result<Option<String>, ModelError> {
            for computer in store.list("CsComputer")? {
                let computer = computer?;
                if fold(&computer.text("Pool")) == fold(pool) {
                    return Ok(Some(computer.identity));
                }
            }
            Ok(None)
        };
        let (source, target) = (first(from)?, first(to)?);
        let agents = store.kind("TwinWindowsService")?;
        for (name, shown) in [
            ("MASTER", "Lync Server Master Replicator Agent"),
            ("FTA", "Lync Server File Transfer Agent"),
        ] {
            if let Some(source) = &source {
                let identity = format!("{source}/{name}");
                if store.get("TwinWindowsService", &identity)?.is_some() {
                    store.remove(agents, &identity)?;
                }
            }
            if let Some(target) = &target {
                let agent = Object::new(agents, format!("{target}/{name}"))
                    .with("Computer", target.as_str())
                    .with("DisplayName", shown)
                    .with(
                        "StartedAt",
                        Datum::DateTime(crate::store::clock::ticks(store.now()?)),
                    );
                store.save(&agent)?;
            }
        }
        Ok(())
    })
}

struct ManagementFailover;

impl Cmdlet for ManagementFailover {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let holder = failover::management_pool(&store.at(i64::MAX));
        let Some(active) = vm.model(holder)? else {
            let error = ModelError::NotFound {
                noun: "CsService".into(),
                identity: "CentralManagement".into(),
            };
            return refuse(vm, &error);
        };
        let found = store.find_one("CsPool", &active);
        let pool = vm.model(found)?;
        let backup = pool.text("BackupPoolFqdn");
        if backup.is_empty() {
            return vm.write_fault(unfit(
                "PoolNotPaired",
                format!("The pool \"{active}\" hosts the Central Management store and has no backup pool."),
                &active,
            ));
        }
        let disaster = call.has("BackupSqlServerFqdn");
        if !disaster && !pool_runs(vm, &store, &active)? {
            return vm.write_fault(unfit(
                "ManagementStoreNotAvailable",
                format!("The pool \"{active}\" that hosts the active Central Management store does not run. Name the backup store (-BackupSqlServerFqdn, -BackupSqlInstanceName) and use -Force."),
                &active,
            ));
        }
        if !pool_runs(vm, &store, &backup)? {
            return vm.write_fault(unfit(
                "BackupPoolNotAvailable",
                format!("The backup pool \"{backup}\" does not run."),
                &backup,
            ));
        }
        let target = format!("Central Management store: {active} to {backup}");
        if !vm.should_process(call, &target, "Invoke-CsManagementServerFailover")? {
            return Ok(());
        }
        match host_management(&store, &active, &backup) {
            Ok(()) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Moves the Central Management store to the pool of the computer it runs on.
struct MoveManagement;

impl Cmdlet for MoveManagement {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let computer = vm.deployment_computer()?;
        let here = store.get("CsComputer", &computer);
        let here = vm
            .model(here)?
            .map_or_else(String::new, |it| it.text("Pool"));
        let registrar = store.get("CsService", &format!("Registrar:{here}"));
        if vm.model(registrar)?.is_none() {
            return vm.write_fault(unfit(
                "NotAFrontEnd",
                format!("The Central Management store cannot be moved to \"{computer}\": it is no Front End Server. Run the command on one."),
                &computer,
            ));
        }
        let holder = failover::management_pool(&store.at(i64::MAX));
        let active = vm.model(holder)?.unwrap_or_default();
        if fold(&active) == fold(&here) {
            return vm.write_fault(unfit(
                "ManagementStoreAlreadyHere",
                format!("The pool \"{here}\" hosts the Central Management store already."),
                &here,
            ));
        }
        let target = format!("Central Management store: {active} to {here}");
        if !vm.should_process(call, &target, "Move-CsManagementServer")? {
            return Ok(());
        }
        match host_management(&store, &active, &here) {
            Ok(()) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Takes one Front End Server out of its pool's work, or back in.
struct Computer {
    over: bool,
}

impl Cmdlet for Computer {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = first_text(vm, call, &["ComputerName", "Identity"])?.unwrap_or_default();
        let computer = match store.find_one("CsComputer", &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        let pool = computer.text("Pool");
        if self.over {
            let mut others = pool_computers(vm, &store, &pool)?;
            others.retain(|it| fold(it) != fold(&computer.identity));
            let mut running = false;
            for other in &others {
                let found = store.get("TwinWindowsService", &format!("{other}/RTCSRV"));
                running |= vm
                    .model(found)?
                    .is_none_or(|service| service.text("Status") == "Running");
            }
            if !running {
                return vm.write_fault(unfit(
                    "LastFrontEnd",
                    format!("\"{}\" cannot be failed over: no other Front End Server of \"{pool}\" runs.", computer.identity),
                    &computer.identity,
                ));
            }
        }
        if !vm.should_process(call, &computer.identity, &call.info.name.clone())? {
            return Ok(());
        }
        let listed = services(&store, &computer.identity);
        for service in vm.model(listed)? {
            // The replica agent goes on: the computer still gets the configuration.
            if fold(&service.text("Name")) == "replica" {
                continue;
            }
            let state = if self.over { "Stopped" } else { "Running" };
            let changed = change_state(&store, &service, state);
            vm.model(changed)?;
        }
        Ok(())
    }
}

struct DatabaseFailover;

impl Cmdlet for DatabaseFailover {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let wanted = text(vm, call, "NewPrincipal")?.unwrap_or_default();
        let kind = text(vm, call, "DatabaseType")?.unwrap_or_default();
        let target = format!("{} databases of {} to {wanted}", kind, pool.identity);
        if !vm.should_process(call, target.trim(), "Invoke-CsDatabaseFailover")? {
            return Ok(());
        }
        let noted = note(&store, &pool.identity, |state| {
            let mut on_mirror: Vec<String> = state.texts("OnMirror");
            on_mirror.retain(|it| fold(it) != fold(&kind));
            if fold(&wanted) == "mirror" {
                on_mirror.push(kind.clone());
            }
            state.set(
                "OnMirror",
                Datum::List(on_mirror.into_iter().map(Datum::Text).collect()),
            );
        });
        vm.model(noted).map(drop)
    }
}

struct MirrorState;

impl Cmdlet for MirrorState {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let wanted = text(vm, call, "DatabaseType")?.map(|it| fold(&it));
        let state = store.get(STATE, &pool.identity);
        let on_mirror: Vec<String> = vm
            .model(state)?
            .map(|it| it.texts("OnMirror"))
            .unwrap_or_default()
            .iter()
            .map(|it| fold(it))
            .collect();
        let holder = failover::management_pool(&store.at(i64::MAX));
        let central = vm
            .model(holder)?
            .is_some_and(|it| fold(&it) == fold(&pool.identity));
        let central = if central { CENTRAL_DATABASES } else { &[] };
        for (name, kind) in DATABASES.iter().chain(central) {
            if wanted.as_ref().is_some_and(|it| *it != fold(kind)) {
                continue;
            }
            let (primary, mirror) = if on_mirror.contains(&fold(kind)) {
                ("Mirror", "Principal")
            } else {
                ("Principal", "Mirror")
            };
            vm.write(CustomObject::typed(
                "Microsoft.Rtc.Management.Deployment.DatabaseMirrorState",
                [
                    ("DatabaseName", Value::str(*name)),
                    ("StateOnPrimary", Value::str(primary)),
                    ("StateOnMirror", Value::str(mirror)),
                    ("MirroringStatusOnPrimary", Value::str("synchronized")),
                    ("MirroringStatusOnSecondary", Value::str("synchronized")),
                ],
            ))?;
        }
        Ok(())
    }
}

struct Relationship;

impl Cmdlet for Relationship {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let backup = pool.text("BackupPoolFqdn");
        if backup.is_empty() {
            return vm.write_warning(&format!(
                "The pool \"{}\" has no backup pool.",
                pool.identity
            ));
        }
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Hadr.BackupService.BackupRelation",
            [
                ("SourcePoolFqdn", Value::str(pool.identity.as_str())),
                ("TargetPoolFqdn", Value::str(backup)),
            ],
        ))
    }
}

/// How many computers of a pool there are, and how many of them run.
fn front_ends(vm: &mut Vm, store: &Store, pool: &str) -> R<(Vec<String>, Vec<String>)> {
    let computers = pool_computers(vm, store, pool)?;
    let mut active = Vec::new();
    for computer in &computers {
        let found = store.get("TwinWindowsService", &format!("{computer}/RTCSRV"));
        let runs = vm
            .model(found)?
            .is_none_or(|service| service.text("Status") == "Running");
        if runs {
            active.push(computer.clone());
        }
    }
    Ok((computers, active))
}

struct FabricState;

impl Cmdlet for FabricState {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let (all, active) = front_ends(vm, &store, &pool.identity)?;
        vm.write(Value::str(format!(
            "Pool {}: {} of {} Front End Servers are up.",
            pool.identity,
            active.len(),
            all.len()
        )))?;
        for computer in &all {
            let state = if active.contains(computer) {
                "Up"
            } else {
                "Down"
            };
            vm.write(Value::str(format!("{computer}: {state}")))?;
        }
        let quorum = active.len() * 2 > all.len();
        vm.write(Value::str(
            if quorum || all.len() < 3 && !active.is_empty() {
                "The replica sets have their quorum."
            } else {
                "The replica sets have lost their quorum."
            },
        ))
    }
}

fn number(count: usize) -> Value {
    Value::Int(i32::try_from(count).unwrap_or(i32::MAX))
}

struct Readiness;

impl Cmdlet for Readiness {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut pools = Vec::new();
        let listed = store.list("CsService");
        for service in vm.model(listed)? {
            let service = vm.model(service)?;
            if service.text("Role") == "Registrar" {
                pools.push(service.text("PoolFqdn"));
            }
        }
        if let Some(named) = first_text(vm, call, &["PoolFqdn", "Identity"])? {
            pools.retain(|it| fold(it) == fold(&named));
        }
        for pool in pools {
            let (all, active) = front_ends(vm, &store, &pool)?;
            let ready = !all.is_empty() && active.len() == all.len();
            vm.write(CustomObject::typed(
                "Microsoft.Rtc.Management.Hadr.PoolUpgradeState",
                [
                    ("PoolFqdn", Value::str(pool.as_str())),
                    (
                        "State",
                        Value::str(if ready {
                            "Ready"
                        } else {
                            "InsufficientActiveFrontEnds"
                        }),
                    ),
                    ("TotalFrontends", number(all.len())),
                    ("TotalActiveFrontends", number(active.len())),
                    (
                        "UpgradeDomains",
                        Value::array(all.iter().map(|it| Value::str(it.as_str())).collect()),
                    ),
                ],
            ))?;
        }
        Ok(())
    }
}

struct UpgradeDomains;

impl Cmdlet for UpgradeDomains {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let pool = match first_text(vm, call, &["PoolFqdn", "Identity"])? {
            Some(pool) => pool,
            None => {
                let computer = vm.deployment_computer()?;
                let found = store.get("CsComputer", &computer);
                vm.model(found)?
                    .map_or_else(String::new, |it| it.text("Pool"))
            }
        };
        let (all, active) = front_ends(vm, &store, &pool)?;
        for (place, computer) in all.iter().enumerate() {
            vm.write(CustomObject::typed(
                "Microsoft.Rtc.Management.Hadr.UpgradeDomainInfo",
                [
                    ("Name", Value::str(format!("UpgradeDomain{}", place + 1))),
                    (
                        "Frontends",
                        Value::array(vec![Value::str(computer.as_str())]),
                    ),
                    ("IsReadyForUpgrade", Value::Bool(active.contains(computer))),
                ],
            ))?;
        }
        Ok(())
    }
}

struct BackupStatus;

impl Cmdlet for BackupStatus {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(pool) = pool(vm, call)? else {
            return Ok(());
        };
        let backup = pool.text("BackupPoolFqdn");
        if backup.is_empty() {
            return vm.write_fault(unfit(
                "PoolNotPaired",
                format!(
                    "The pool \"{}\" has no backup pool, so no backup service runs for it.",
                    pool.identity
                ),
                &pool.identity,
            ));
        }
        let (_, active) = front_ends(vm, &store, &pool.identity)?;
        let both = !active.is_empty() && pool_runs(vm, &store, &backup)?;
        let over = failover::is_failed_over(&store.at(i64::MAX), &pool.identity);
        let (export, import) = match (vm.model(over)?, both) {
            (true, _) => ("FinalState", "NormalState"),
            (false, true) => ("SteadyState", "NormalState"),
            (false, false) => ("ErrorState", "ErrorState"),
        };
        let modules = ["ConfServices.DataConf", "UserServices.PresenceFocus"]
            .iter()
            .map(|name| Value::str(format!("{name}:[{export},{import}]")))
            .collect();
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.BackupServiceStatus",
            [
                (
                    "ActiveMachineFqdn",
                    Value::str(active.into_iter().next().unwrap_or_default()),
                ),
                ("OverallExportStatus", Value::str(export)),
                ("OverallImportStatus", Value::str(import)),
                ("BackupModules", Value::array(modules)),
            ],
        ))
    }
}

struct UserPools;

impl Cmdlet for UserPools {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        for typed in super::answer::texts(vm, call, "Identity")? {
            let user = match store.find_one("CsUser", &typed) {
                Ok(user) => user,
                Err(error) => {
                    refuse(vm, &error)?;
                    continue;
                }
            };
            let primary = user.text("RegistrarPool");
            let found = store.get("CsPool", &primary);
            let backup = vm
                .model(found)?
                .map_or_else(String::new, |pool| pool.text("BackupPoolFqdn"));
            let serving = failover::serving_pool(&store.at(i64::MAX), &primary);
            let serving = vm.model(serving)?;
            let machines = |vm: &mut Vm, pool: &str| -> R<Value> {
                let listed = pool_computers(vm, &store, pool)?;
                Ok(Value::array(listed.into_iter().map(Value::str).collect()))
            };
            let own = machines(vm, &primary)?;
            let others = machines(vm, &backup)?;
            let backup = match backup.is_empty() {
                true => Value::Null,
                false => Value::str(backup),
            };
            vm.write(CustomObject::typed(
                "Microsoft.Rtc.Management.Xds.GetOCsUserPoolInfoCmdlet+UserInformation",
                [
                    ("Identity", Value::str(user.identity.as_str())),
                    ("PrimaryPoolFqdn", Value::str(primary.as_str())),
                    ("BackupPoolFqdn", backup),
                    ("UserServicesPoolFqdn", Value::str(serving)),
                    ("PrimaryPoolMachinesInPreferredOrder", own),
                    ("BackupPoolMachinesInPreferredOrder", others),
                ],
            ))?;
        }
        Ok(())
    }
}
