//! The services of the deployment's computers by their general cmdlets: Get-, Start-, Stop-, Restart-, Suspend-,
//! Resume- and Set-Service. They work on the computer that `-ComputerName`, `Invoke-Command` or a session chose.

use super::answer::{refuse, texts};
use super::service::{change_state, services};
use crate::cmdlet::registry::Factory;
use crate::model::identity::{fold, has_wildcard, matches};
use crate::model::object::Object;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Service", || Box::new(Get)),
    ("Start-Service", || Box::new(Change(&["Running"]))),
    ("Stop-Service", || Box::new(Change(&["Stopped"]))),
    ("Restart-Service", || {
        Box::new(Change(&["Stopped", "Running"]))
    }),
    ("Suspend-Service", || Box::new(Change(&["Paused"]))),
    ("Resume-Service", || Box::new(Change(&["Running"]))),
    ("Set-Service", || Box::new(Set)),
];

/// A service as an object.
fn service_value(service: &Object) -> Value {
    let status = service.text("Status");
    CustomObject::typed(
        "System.ServiceProcess.ServiceController",
        [
            ("Name", Value::str(service.text("Name"))),
            ("RequiredServices", Value::array(Vec::new())),
            ("CanPauseAndContinue", Value::Bool(false)),
            ("CanShutdown", Value::Bool(status == "Running")),
            ("CanStop", Value::Bool(status == "Running")),
            ("DisplayName", Value::str(service.text("DisplayName"))),
            ("DependentServices", Value::array(Vec::new())),
            ("MachineName", Value::str(service.text("Computer"))),
            ("ServiceName", Value::str(service.text("Name"))),
            ("ServicesDependedOn", Value::array(Vec::new())),
            ("StartType", Value::str("Automatic")),
            ("Status", Value::str(status)),
            ("ServiceType", Value::str("Win32OwnProcess")),
        ],
    )
}

/// The computers that a call is about.
fn computers(vm: &mut Vm, call: &Call) -> R<Vec<String>> {
    let named = texts(vm, call, "ComputerName")?;
    if !named.is_empty() {
        return Ok(named);
    }
    vm.deployment_computer().map(|it| vec![it.to_string()])
}

fn not_found(word: &str, name: &str, id: &str) -> Fault {
    Fault::of(
        "Microsoft.PowerShell.Commands.ServiceCommandException",
        id,
        Category::ObjectNotFound,
        format!("Cannot find any service with {word} '{name}'."),
    )
    .target(Value::str(name))
}

/// The services that a call means; an error is written for every name that means none.
fn chosen(vm: &mut Vm, call: &Call) -> R<Vec<Object>> {
    let mut given: Vec<(String, String)> = Vec::new();
    for item in call.items("InputObject") {
        if let Value::Custom(custom) = item.base() {
            let note = |name: &str| custom.members.note(name).unwrap_or_default();
            let (computer, name) = (note("MachineName"), note("Name"));
            given.push((vm.to_text(&computer)?, vm.to_text(&name)?));
            continue;
        }
        // A name by position stands where an object may stand too.
        let name = vm.to_text(&item)?;
        for computer in computers(vm, call)? {
            given.push((computer, name.clone()));
        }
    }
    let store = vm.twin()?;
    let by_display =
        call.has("DisplayName") && !call.has("Name") && call.info.name.as_ref() != "Set-Service";
    let names = if by_display {
        texts(vm, call, "DisplayName")?
    } else {
        texts(vm, call, "Name")?
    };
    if !call.has("InputObject") {
        for computer in computers(vm, call)? {
            if names.is_empty() {
                given.push((computer, "*".into()));
                continue;
            }
            for name in &names {
                given.push((computer.clone(), name.clone()));
            }
        }
    }
    let (include, exclude) = (texts(vm, call, "Include")?, texts(vm, call, "Exclude")?);
    let mut found: Vec<Object> = Vec::new();
    for (computer, name) in given {
        let mut host = computer;
        if fold(&host) == "localhost" || host == "." {
            host = vm.deployment_computer()?.to_string();
        } else if !host.contains('.')
            && let Ok(server) = store.find_one("ExchangeServer", &host)
        {
            host = server.text("Fqdn");
        }
        let listed = services(&store, &host);
        let mut listed = vm.model(listed)?;
        listed.sort_by_key(|it| fold(&it.text("Name")));
        let shown = if by_display { "DisplayName" } else { "Name" };
        let before = found.len();
        for service in listed {
            let own = service.text("Name");
            let wanted = matches(&name, &service.text(shown))
                && (include.is_empty() || include.iter().any(|it| matches(it, &own)))
                && !exclude.iter().any(|it| matches(it, &own));
            if wanted && !found.iter().any(|it| it.identity == service.identity) {
                found.push(service);
            }
        }
        if found.len() == before && !has_wildcard(&name) {
            let (word, id) = if by_display {
                ("display name", "NoServiceFoundForGivenDisplayName")
            } else {
                ("service name", "NoServiceFoundForGivenName")
            };
            vm.write_fault(not_found(word, &name, id))?;
        }
    }
    Ok(found)
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for service in chosen(vm, call)? {
            if call.switch("DependentServices") || call.switch("RequiredServices") {
                continue;
            }
            vm.write(service_value(&service))?;
        }
        Ok(())
    }
}

/// Takes services through one state after the other.
struct Change(&'static [&'static str]);

impl Cmdlet for Change {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        for service in chosen(vm, call)? {
            let target = format!("{} ({})", service.text("DisplayName"), service.text("Name"));
            if !vm.should_process(call, &target, &call.info.name.clone())? {
                continue;
            }
            let mut service = service;
            for state in self.0 {
                match change_state(&store, &service, state) {
                    Ok(after) => service = after,
                    Err(error) => return refuse(vm, &error),
                }
            }
            if call.switch("PassThru") {
                vm.write(service_value(&service))?;
            }
        }
        Ok(())
    }
}

struct Set;

impl Cmdlet for Set {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        for service in chosen(vm, call)? {
            let target = format!("{} ({})", service.text("DisplayName"), service.text("Name"));
            if !vm.should_process(call, &target, "Set-Service")? {
                continue;
            }
            let mut service = service;
            if let Some(state) = call.text("Status") {
                match change_state(&store, &service, &state) {
                    Ok(after) => service = after,
                    Err(error) => return refuse(vm, &error),
                }
            }
            if let Some(name) = call.text("DisplayName") {
                let changed = store.modify(service.kind, &service.identity, |stored| {
                    stored.set("DisplayName", (&*name).into());
                    Ok(())
                });
                service = vm.model(changed)?.0;
            }
            if call.switch("PassThru") {
                vm.write(service_value(&service))?;
            }
        }
        Ok(())
    }
}
