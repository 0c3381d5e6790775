//! What belongs to one server: component states, and what certificates of servers share with them.

use super::answer::{first_text, refuse, text, write_object};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::{fold, matches};
use crate::model::object::Object;
use crate::model::release::Release;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-ServerComponentState", || Box::new(GetComponent)),
    ("Set-ServerComponentState", || Box::new(SetComponent)),
];

/// The objects of a kind that belong to a server: `<server>/<name>`.
pub fn of_server(store: &Store, noun: &str, server: &str) -> Result<Vec<Object>, ModelError> {
    let short = |name: &str| fold(name.split('.').next().unwrap_or(name));
    let wanted = short(server);
    let mut found = Vec::new();
    for object in store.list(noun)? {
        let object = object?;
        let parent = object
            .identity
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent);
        if short(parent) == wanted {
            found.push(object);
        }
    }
    Ok(found)
}

/// The components that a server has whose state somebody may set.
const COMPONENTS: &[&str] = &[
    "ServerWideOffline",
    "HubTransport",
    "FrontendTransport",
    "Monitoring",
    "RecoveryActionsEnabled",
    "UMCallRouter",
    "OwaProxy",
    "EwsProxy",
];

/// The component states of a server: those that are kept, and `Active` for the rest.
fn component_states(store: &Store, server: &Object) -> Result<Vec<Object>, ModelError> {
    let mut states = of_server(store, "ServerComponentState", &server.identity)?;
    if !Release::of(server).has_call_router() {
        return Ok(states);
    }
    let kind = store.kind("ServerComponentState")?;
    for component in COMPONENTS {
        let known = states
            .iter()
            .any(|it| it.text("Component").eq_ignore_ascii_case(component));
        if !known {
            let identity = format!("{}/{component}", server.identity);
            let state = Object::new(kind, identity).with("Server", server.text("Fqdn").as_str());
            states.push(state);
        }
    }
    Ok(states)
}

/// The server that a parameter names; an error is written if there is none.
pub fn server(vm: &mut Vm, call: &Call, parameters: &[&str]) -> R<Option<Object>> {
    let store = vm.twin()?;
    let Some(typed) = first_text(vm, call, parameters)? else {
        return vm.local_exchange_server();
    };
    match store.find_one("ExchangeServer", &typed) {
        Ok(server) => Ok(Some(server)),
        Err(error) => {
            refuse(vm, &error)?;
            Ok(None)
        }
    }
}

/// Both names that documents use for the voice mail component mean one.
fn same_component(wanted: &str, component: &str) -> bool {
    let canonical = |name: &str| match &*fold(name) {
        "unifiedmessaging" => "umcallrouter".to_owned(),
        other => other.to_owned(),
    };
    matches(&canonical(wanted), &canonical(component))
}

struct GetComponent;

impl Cmdlet for GetComponent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(server) = server(vm, call, &["Identity"])? else {
            return Ok(());
        };
        let wanted = text(vm, call, "Component")?;
        let states = component_states(&store, &server);
        let mut states = vm.model(states)?;
        // What takes the whole server out shows in nearly every component.
        let whole_server_offline = states.iter().any(|state| {
            state.text("Component") == "ServerWideOffline" && state.text("State") == "Inactive"
        });
        states.retain(|state| {
            wanted
                .as_ref()
                .is_none_or(|it| same_component(it, &state.text("Component")))
        });
        if states.is_empty()
            && let Some(wanted) = wanted
        {
            let error = ModelError::DirectoryNotFound { identity: wanted };
            return refuse(vm, &error);
        }
        for state in &mut states {
            let offline = whole_server_offline
                && !matches!(
                    state.text("Component").as_str(),
                    "Monitoring" | "RecoveryActionsEnabled"
                );
            if offline {
                state.set("State", "Inactive".into());
            }
            write_object(vm, state)?;
        }
        Ok(())
    }
}

struct SetComponent;

impl Cmdlet for SetComponent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(server) = server(vm, call, &["Identity"])? else {
            return Ok(());
        };
        let component = text(vm, call, "Component")?.unwrap_or_default();
        let requester = text(vm, call, "Requester")?.unwrap_or_default();
        let wanted = text(vm, call, "State")?.unwrap_or_default();
        let states = component_states(&store, &server);
        let mut states = vm.model(states)?;
        states.retain(|state| same_component(&component, &state.text("Component")));
        let Some(state) = states.into_iter().next() else {
            let error = ModelError::DirectoryNotFound {
                identity: component,
            };
            return refuse(vm, &error);
        };
        let target = format!("{component} on {}", server.identity);
        if !vm.should_process(call, &target, "Set-ServerComponentState")? {
            return Ok(());
        }
        let state = match state.id {
            0 => match store.create(state) {
                Ok(made) => made,
                Err(error) => return refuse(vm, &error),
            },
            _ => state,
        };
        let changed = store.modify(state.kind, &state.identity, |stored| {
            // Each requester has a say; the strictest one counts.
            let mut said: Vec<(String, String)> = stored
                .texts("Requesters")
                .iter()
                .filter_map(|it| {
                    it.split_once('=')
                        .map(|(a, b)| (a.to_owned(), b.to_owned()))
                })
                .filter(|(known, _)| fold(known) != fold(&requester))
                .collect();
            said.push((requester.clone(), wanted.clone()));
            let effective = ["Inactive", "Draining"]
                .into_iter()
                .find(|level| {
                    said.iter()
                        .any(|(_, state)| state.eq_ignore_ascii_case(level))
                })
                .unwrap_or("Active");
            stored.set("State", Datum::text(effective));
            let entries = said
                .into_iter()
                .map(|(a, b)| Datum::Text(format!("{a}={b}")))
                .collect();
            stored.set("Requesters", Datum::List(entries));
            Ok(())
        });
        match changed {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
