//! The event queue and subscriptions: New-, Get-, Wait- and Remove-Event, Register-ObjectEvent,
//! Register-EngineEvent, Get-EventSubscriber, Unregister-Event.

use super::job::{Job, Kind, jobs, run_aside, state};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::events::{self, Action, Queued, Subscription};
use crate::runtime::invoke::BlockCall;
use crate::runtime::module::Module;
use crate::runtime::modules::fits_any;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::text::guid::Guid;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("New-Event", || Box::new(NewEvent)),
    ("Get-Event", || Box::new(GetEvent)),
    ("Wait-Event", || Box::new(WaitEvent)),
    ("Remove-Event", || Box::new(RemoveEvent)),
    ("Register-ObjectEvent", || {
        Box::new(Register { of_object: true })
    }),
    ("Register-EngineEvent", || {
        Box::new(Register { of_object: false })
    }),
    ("Get-EventSubscriber", || Box::new(GetEventSubscriber)),
    ("Unregister-Event", || Box::new(UnregisterEvent)),
];

struct NewEvent;

impl Cmdlet for NewEvent {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let source = call.text("SourceIdentifier").unwrap_or_default();
        let value = vm.generate_event(
            &source,
            call.get("Sender").unwrap_or_default(),
            call.items("EventArguments"),
            call.get("MessageData").unwrap_or_default(),
        );
        vm.write(value)
    }
}

fn invalid(id: &'static str, message: String) -> Fault {
    Fault::of(
        "System.ArgumentException",
        id,
        Category::InvalidArgument,
        message,
    )
}

/// An error about a source identifier that names nothing; one with wildcards may.
fn missing_source(source: &str, what: &str) -> Option<Fault> {
    (!WildcardPattern::contains_wildcards(source)).then(|| {
        invalid(
            "INVALID_SOURCE_IDENTIFIER",
            format!("{what} with source identifier '{source}' does not exist."),
        )
    })
}

/// Whether an identifier fits what a call asks for.
fn fits(call: &Call, id_parameter: &str, id: i32, source: &str) -> bool {
    let pattern = call.text("SourceIdentifier");
    let wanted = call.int(id_parameter);
    pattern.is_none_or(|p| fits_any(std::slice::from_ref(&p), source))
        && wanted.is_none_or(|wanted| wanted == i64::from(id))
}

fn report(vm: &mut Vm, fault: Option<Fault>) -> R<()> {
    match fault {
        Some(fault) => vm.write_fault(fault),
        None => Ok(()),
    }
}

fn missing_event(call: &Call) -> Option<Fault> {
    match (call.text("SourceIdentifier"), call.int("EventIdentifier")) {
        (Some(source), _) => missing_source(&source, "Event"),
        (None, Some(id)) => Some(invalid(
            "INVALID_EVENT_IDENTIFIER",
            format!("Event with event identifier '{id}' does not exist."),
        )),
        _ => None,
    }
}

fn missing_subscription(call: &Call, id_error: &'static str) -> Option<Fault> {
    match (call.text("SourceIdentifier"), call.int("SubscriptionId")) {
        (Some(source), _) => missing_source(&source, "Event subscription"),
        (None, Some(id)) => Some(invalid(
            id_error,
            format!("Event subscription with identifier '{id}' does not exist."),
        )),
        _ => None,
    }
}

fn queued(vm: &mut Vm, call: &Call) -> Vec<Queued> {
    let queue = events::of(vm).queue.borrow().clone();
    let wanted = |event: &Queued| fits(call, "EventIdentifier", event.id, &event.source);
    queue.into_iter().filter(wanted).collect()
}

struct GetEvent;

impl Cmdlet for GetEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = queued(vm, call);
        if found.is_empty() {
            return report(vm, missing_event(call));
        }
        found
            .into_iter()
            .try_for_each(|event| vm.write(event.value))
    }
}

struct WaitEvent;

impl Cmdlet for WaitEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let limit = call.int("Timeout").and_then(|n| u64::try_from(n).ok());
        let end = limit.map(|n| vm.host.elapsed() + Duration::from_secs(n));
        loop {
            vm.process_pending_actions()?;
            if let Some(event) = queued(vm, call).into_iter().next() {
                return vm.write(event.value);
            }
            let now = vm.host.elapsed();
            let step = Duration::from_millis(20);
            match end {
                Some(end) if now >= end => return Ok(()),
                Some(end) => vm.pause(step.min(end - now))?,
                // Nothing that runs could ever raise the event.
                None if !events::of(vm).has_sources() => return Ok(()),
                None => vm.pause(step)?,
            }
        }
    }
}

struct RemoveEvent;

impl Cmdlet for RemoveEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = queued(vm, call);
        if found.is_empty() {
            return report(vm, missing_event(call));
        }
        for event in found {
            let target = format!("Event '{}'", event.source);
            if vm.should_process(call, &target, "Remove")? {
                let all = events::of(vm);
                all.queue.borrow_mut().retain(|other| other.id != event.id);
            }
        }
        Ok(())
    }
}

/// The action of a subscription, which runs in a module of its own.
struct JobAction {
    block: Rc<ScriptBlock>,
    module: Rc<Module>,
    job: Value,
}

impl Action for JobAction {
    fn invoke(&self, vm: &mut Vm, subscriber: &Value, event: &Value) -> R<()> {
        let Some(job) = self.job.as_native::<Job>() else {
            return Ok(());
        };
        job.state.set(state::RUNNING);
        let field = |name: &str| event.as_native::<PlainObject>()?.field(name);
        let arguments = match field("SourceArgs") {
            Some(Value::Array(list)) => list.items.borrow().clone(),
            _ => Vec::new(),
        };
        let variables = vec![
            ("EventSubscriber".into(), subscriber.clone()),
            ("Event".into(), event.clone()),
            ("Sender".into(), field("Sender").unwrap_or_default()),
            (
                "EventArgs".into(),
                field("SourceEventArgs").unwrap_or_default(),
            ),
        ];
        let Some(scope) = self.module.scope.get().cloned() else {
            return Ok(());
        };
        let written = job.written.clone();
        let propagate = std::mem::replace(&mut vm.propagate, false);
        let reason = run_aside(vm, &written, |vm| {
            vm.in_scope(scope, |vm| {
                vm.run_block(
                    &self.block,
                    BlockCall {
                        arguments,
                        variables,
                        dot_sourced: true,
                        ..BlockCall::default()
                    },
                )
            })
        });
        vm.propagate = propagate;
        match reason {
            Ok(None) => job.has_run.set(true),
            Ok(reason) => {
                *job.reason.borrow_mut() = reason;
                job.state.set(state::FAILED);
            }
            Err(unwind) if matches!(*unwind, Unwind::Stopped) => return Err(unwind),
            Err(_) => {}
        }
        Ok(())
    }

    fn stopped(&self) {
        if let Some(job) = self.job.as_native::<Job>() {
            if !job.is_finished() {
                job.state.set(state::STOPPED);
            }
            job.has_run.set(false);
        }
    }
}

struct Register {
    of_object: bool,
}

impl Register {
    /// The object, the event's name in its own spelling.
    fn source(&self, vm: &mut Vm, call: &Call) -> R<Option<(Value, String)>> {
        let object = call.get("InputObject").unwrap_or_default();
        let event = call.text("EventName").unwrap_or_default();
        let type_ref = match object.base() {
            Value::Type(type_ref) => type_ref.clone(),
            base => vm.type_of(base),
        };
        if let Some((name, _)) = events::event_of(type_ref.definition_name(), &event) {
            return Ok(Some((object, name)));
        }
        vm.write_fault(
            invalid(
                "INVALID_REGISTRATION",
                format!("Cannot register for the specified event. An event with the name '{event}' does not exist. (Parameter 'eventName')"),
            )
            .target(object),
        )?;
        Ok(None)
    }
}

impl Cmdlet for Register {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = events::of(vm);
        let given = call.text("SourceIdentifier");
        let forward = call.switch("Forward");
        if forward && call.has("Action") {
            return vm.raise(invalid(
                "ACTION_AND_FORWARD_NOT_SUPPORTED",
                "The action is not supported when you are forwarding events.".into(),
            ));
        }
        let source: Rc<str> = match &given {
            Some(source) => source.clone(),
            None => Guid::new().format("D").unwrap_or_default().into(),
        };
        let mut object = None;
        if self.of_object {
            let taken = |s: &Rc<Subscription>| s.source.eq_ignore_ascii_case(&source);
            if all.subscriptions().iter().any(taken) {
                return vm.write_fault(
                    invalid(
                        "SUBSCRIBER_EXISTS",
                        format!("Cannot subscribe to the specified event. A subscriber with the source identifier '{source}' already exists."),
                    )
                    .target(call.get("InputObject").unwrap_or_default()),
                );
            }
            if source.to_ascii_lowercase().starts_with("powershell.") {
                return vm.write_fault(
                    invalid(
                        "INVALID_REGISTRATION",
                        format!("Cannot register for the specified event. The event source identifier '{source}' is reserved for the PowerShell engine. (Parameter 'sourceIdentifier')"),
                    )
                    .target(call.get("InputObject").unwrap_or_default()),
                );
            }
            match self.source(vm, call)? {
                Some(found) => object = Some(found),
                None => return Ok(()),
            }
        }
        let id = all.next_subscription();
        let mut action: Option<Rc<dyn Action>> = None;
        let mut job = Value::Null;
        if let Some(Value::Block(block)) = call.get("Action").map(Value::into_base) {
            let name = Guid::new().format("D").unwrap_or_default();
            let module = Rc::new(Module::new(&format!("__DynamicModule_{name}"), ""));
            vm.make_module_scope(&module);
            let number = jobs(vm).next_id();
            let mut own = Job::new(vm, number, Kind::Event, block.text())?;
            own.name = source.clone();
            job = Value::native(own);
            action = Some(Rc::new(JobAction {
                block: Rc::new(block.bound_to(Some(module.clone()))),
                module,
                job: job.clone(),
            }));
        }
        let support = call.switch("SupportEvent");
        let (target, event) = match &object {
            Some((object, event)) => (object.clone(), Value::str(event.as_str())),
            None => (Value::Null, Value::Null),
        };
        let value = PlainObject::new(
            "System.Management.Automation.PSEventSubscriber",
            vec![
                ("SubscriptionId", Value::Int(id)),
                ("SourceObject", target),
                ("EventName", event),
                ("SourceIdentifier", Value::str(&*source)),
                ("Action", job.clone()),
                ("HandlerDelegate", Value::Null),
                ("SupportEvent", Value::Bool(support)),
                ("ForwardEvent", Value::Bool(forward)),
            ],
        )
        .value();
        let most = call
            .int("MaxTriggerCount")
            .and_then(|n| i32::try_from(n).ok());
        let subscription = Rc::new(Subscription {
            id,
            source,
            value,
            support,
            action,
            data: call.get("MessageData").unwrap_or_default(),
            left: Cell::new(most.filter(|n| *n > 0)),
        });
        if let Some(own) = job.as_native::<Job>() {
            *own.subscription.borrow_mut() = Some(subscription.clone());
        }
        let object = object
            .as_ref()
            .map(|(object, event)| (object.clone(), event.as_str()));
        vm.subscribe(subscription, object);
        if job.is_null() || support {
            return Ok(());
        }
        jobs(vm).list.borrow_mut().push(job.clone());
        vm.write(job)
    }
}

fn subscribers(vm: &mut Vm, call: &Call) -> Vec<Rc<Subscription>> {
    let force = call.switch("Force");
    let wanted = |s: &Rc<Subscription>| {
        (force || !s.support) && fits(call, "SubscriptionId", s.id, &s.source)
    };
    let all = events::of(vm).subscriptions();
    all.into_iter().filter(wanted).collect()
}

struct GetEventSubscriber;

impl Cmdlet for GetEventSubscriber {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = subscribers(vm, call);
        if found.is_empty() {
            return report(vm, missing_subscription(call, "INVALID_SOURCE_IDENTIFIER"));
        }
        found.iter().try_for_each(|s| vm.write(s.value.clone()))
    }
}

struct UnregisterEvent;

impl Cmdlet for UnregisterEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = subscribers(vm, call);
        if found.is_empty() {
            return report(
                vm,
                missing_subscription(call, "INVALID_SUBSCRIPTION_IDENTIFIER"),
            );
        }
        for subscription in found {
            let target = format!("Event subscription '{}'", subscription.source);
            if vm.should_process(call, &target, "Unsubscribe")? {
                vm.unsubscribe(&subscription, true)?;
            }
        }
        Ok(())
    }
}
