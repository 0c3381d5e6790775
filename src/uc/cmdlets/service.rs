//! Services of the deployment's computers: Get-, Start- and Stop-CsWindowsService, and the versions of the servers.

use super::answer::{refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::{fold, matches};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CsWindowsService", || Box::new(GetService)),
    ("Start-CsWindowsService", || {
        Box::new(ChangeService { running: true })
    }),
    ("Stop-CsWindowsService", || {
        Box::new(ChangeService { running: false })
    }),
    ("Start-CsPool", || Box::new(StartPool)),
    ("Get-CsServerVersion", || Box::new(ServerVersion)),
];

/// The services of a computer that the cmdlets of Lync see.
pub fn services(store: &Store, computer: &str) -> Result<Vec<Object>, ModelError> {
    store.by_link("TwinWindowsService", "service computer", computer)
}

/// Starts or stops a service.
fn run(store: &Store, service: &Object, running: bool) -> Result<Object, ModelError> {
    change_state(store, service, if running { "Running" } else { "Stopped" })
}

/// Brings a service into a state, and notes since when it runs. A service that starts reads its settings: what
/// was configured and assigned to it counts from then on.
pub fn change_state(store: &Store, service: &Object, state: &str) -> Result<Object, ModelError> {
    let now = crate::store::clock::ticks(store.now()?);
    let running = state.eq_ignore_ascii_case("Running");
    let starts = running && service.text("Status") == "Stopped";
    let (after, _) = store.modify(service.kind, &service.identity, |stored| {
        stored.set("Status", Datum::text(state));
        if starts {
            stored.set("StartedAt", Datum::DateTime(now));
        }
        Ok(())
    })?;
    let computer = service.text("Computer");
    match &*fold(&service.text("Name")) {
        "replica" => {
            // A computer without a replica of its own has nothing to stop.
            let _ = store.run_replica(&computer, running);
        }
        "msexchangeum" if starts => read_settings(store, &computer, "")?,
        "msexchangeumcr" if starts => read_settings(store, &computer, "CallRouter.")?,
        _ => {}
    }
    Ok(after)
}

/// A voice mail service that starts takes over its startup mode and the certificate that was assigned last.
fn read_settings(store: &Store, computer: &str, prefix: &str) -> Result<(), ModelError> {
    let Ok(server) = store.find_one("ExchangeServer", computer) else {
        return Ok(());
    };
    let assigned = match server.text(&format!("{prefix}UMCertificateThumbprint")) {
        thumbprint if thumbprint.is_empty() => {
            assigned_certificate(store, &server, prefix)?.unwrap_or_default()
        }
        thumbprint => thumbprint,
    };
    store.modify(server.kind, &server.identity, |stored| {
        let mode = stored.text(&format!("{prefix}UMStartupMode"));
        stored.set(&format!("{prefix}RunningStartupMode"), Datum::Text(mode));
        stored.set(&format!("{prefix}RunningThumbprint"), Datum::Text(assigned));
        Ok(())
    })?;
    Ok(())
}

/// Where nobody noted an assignment, the certificate in use stays as long as it has the service; else the
/// first that has it counts.
fn assigned_certificate(
    store: &Store,
    server: &Object,
    prefix: &str,
) -> Result<Option<String>, ModelError> {
    let service = if prefix.is_empty() {
        "um"
    } else {
        "umcallrouter"
    };
    let mut holders = super::exchange_certificate::certificates(store, &server.identity)?;
    holders.retain(|it| it.texts("Services").iter().any(|it| fold(it) == service));
    let names: Vec<String> = holders.iter().map(|it| it.text("Thumbprint")).collect();
    let running = fold(&server.text(&format!("{prefix}RunningThumbprint")));
    Ok(names
        .iter()
        .find(|it| fold(it) == running)
        .or(names.first())
        .cloned())
}

/// The roles that a Windows service does the work of, as far as its computer's pool has them.
const ROLES: &[(&str, &[&str])] = &[
    (
        "rtcsrv",
        &["Registrar", "UserServer", "Director", "EdgeServer"],
    ),
    ("rtcmedsrv", &["MediationServer"]),
    ("rtcimmcu", &["ConferencingServer"]),
    ("rtcdatamcu", &["ConferencingServer"]),
    ("rtcavmcu", &["ConferencingServer"]),
    ("rtcasmcu", &["ConferencingServer"]),
    ("rtccaa", &["ApplicationServer"]),
    ("rtccas", &["ApplicationServer"]),
    ("rtccps", &["ApplicationServer"]),
    ("rtcrgs", &["ApplicationServer"]),
    ("rtcats", &["ApplicationServer"]),
    ("rtcpdpcore", &["ApplicationServer"]),
    ("rtcpdpauth", &["ApplicationServer"]),
    ("master", &["CentralManagement"]),
    ("fta", &["CentralManagement"]),
    ("rtcmrauth", &["EdgeServer"]),
    ("rtcmediarelay", &["EdgeServer"]),
    ("rtcdataproxy", &["EdgeServer"]),
];

/// The roles of a service on its computer.
fn roles(vm: &mut Vm, service: &Object) -> R<Vec<String>> {
    let name = fold(&service.text("Name"));
    let Some((_, possible)) = ROLES.iter().find(|(known, _)| *known == name) else {
        return Ok(Vec::new());
    };
    let store = vm.twin()?;
    let computer = store.get("CsComputer", &service.text("Computer"));
    let pool = vm
        .model(computer)?
        .map_or_else(String::new, |it| it.text("Pool"));
    let mut roles = Vec::new();
    for role in *possible {
        let deployed = store.get("CsService", &format!("{role}:{pool}"));
        if vm.model(deployed)?.is_some() {
            roles.push((*role).to_owned());
        }
    }
    Ok(roles)
}

fn service_value(service: &Object, roles: Vec<String>, with_activity: bool) -> Value {
    let running = service.text("Status") == "Running";
    let mut notes = vec![
        ("Status", Value::str(service.text("Status"))),
        ("Name", Value::str(service.text("Name"))),
    ];
    if with_activity {
        notes.push((
            "ActivityLevel",
            Value::str(if running { "Activity Level=0" } else { "" }),
        ));
    }
    notes.push(("DisplayName", Value::str(service.text("DisplayName"))));
    notes.push(("RoleName", Value::strings(roles)));
    notes.push(("ComputerName", Value::str(service.text("Computer"))));
    CustomObject::typed("Microsoft.Rtc.Management.Deployment.Core.NTService", notes)
}

/// The services that the parameters mean: by `-ComputerName` and `-Name`, or by an object of Get.
fn chosen(vm: &mut Vm, call: &Call) -> R<Option<Vec<Object>>> {
    let store = vm.twin()?;
    let (mut computer, mut name) = (text(vm, call, "ComputerName")?, text(vm, call, "Name")?);
    if let Some(Value::Custom(given)) = call.get("InputObject").as_ref().map(Value::base) {
        for (member, place) in [("ComputerName", &mut computer), ("Name", &mut name)] {
            if let Some(value) = given.members.note(member) {
                *place = Some(vm.to_text(&value)?);
            }
        }
    }
    let computer = match computer {
        Some(computer) => computer,
        None => vm.deployment_computer()?.to_string(),
    };
    let listed = services(&store, &computer);
    let mut listed = vm.model(listed)?;
    if listed.is_empty() {
        let known = store.find_one("CsComputer", &computer);
        if let Err(error) = known {
            refuse(vm, &error)?;
            return Ok(None);
        }
    }
    if let Some(name) = &name {
        listed.retain(|service| matches(name, &service.text("Name")));
        if listed.is_empty() && !crate::model::identity::has_wildcard(name) {
            let error = ModelError::NotFound {
                noun: "CsWindowsService".into(),
                identity: name.clone(),
            };
            refuse(vm, &error)?;
            return Ok(None);
        }
    }
    Ok(Some(listed))
}

struct GetService;

impl Cmdlet for GetService {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let with_activity = !call.switch("ExcludeActivityLevel");
        for service in chosen(vm, call)?.unwrap_or_default() {
            let roles = roles(vm, &service)?;
            vm.write(service_value(&service, roles, with_activity))?;
        }
        Ok(())
    }
}

struct ChangeService {
    running: bool,
}

impl Cmdlet for ChangeService {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        for service in chosen(vm, call)?.unwrap_or_default() {
            if vm.should_process(call, &service.identity, &call.info.name.clone())? {
                let done = run(&store, &service, self.running);
                vm.model(done)?;
            }
        }
        Ok(())
    }
}

/// Starts every service of a pool's computers.
struct StartPool;

impl Cmdlet for StartPool {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(typed) = super::answer::first_text(vm, call, &["PoolFqdn", "Identity"])? else {
            return Ok(());
        };
        let pool = match store.find_one("CsPool", &typed) {
            Ok(pool) => pool,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &pool.identity, &call.info.name.clone())? {
            return Ok(());
        }
        for computer in pool_computers(vm, &store, &pool.identity)? {
            let listed = services(&store, &computer);
            for service in vm.model(listed)? {
                let done = run(&store, &service, true);
                vm.model(done)?;
            }
        }
        Ok(())
    }
}

/// The computers of a pool.
pub fn pool_computers(vm: &mut Vm, store: &Store, pool: &str) -> R<Vec<String>> {
    let mut names = Vec::new();
    let listed = store.list("CsComputer");
    for computer in vm.model(listed)? {
        let computer = vm.model(computer)?;
        if fold(&computer.text("Pool")) == fold(pool) {
            names.push(computer.identity);
        }
    }
    Ok(names)
}

/// Whether the services that a pool needs for sign-in run on at least one of its computers.
pub fn pool_runs(vm: &mut Vm, store: &Store, pool: &str) -> R<bool> {
    let computers = pool_computers(vm, store, pool)?;
    let mut seen = false;
    for computer in computers {
        let listed = services(store, &computer);
        for service in vm.model(listed)? {
            if fold(&service.text("Name")) == "rtcsrv" {
                seen = true;
                if service.text("Status") == "Running" {
                    return Ok(true);
                }
            }
        }
    }
    Ok(!seen)
}

struct ServerVersion;

impl Cmdlet for ServerVersion {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let store = vm.twin()?;
        let product = store.setting("product");
        let product = vm.model(product)?.unwrap_or_default();
        let version = if product.contains("2015") {
            "6.0.9319.0"
        } else if product.contains("2019") {
            "7.0.2046.0"
        } else {
            "5.0.8308.0"
        };
        let name = if product.is_empty() {
            "Lync Server 2013"
        } else {
            &product
        };
        vm.write(Value::str(format!("Microsoft {name} ({version})")))
    }
}
