//! The event queue: New-, Get-, Wait- and Remove-Event, and subscriptions to engine events.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::modules::fits_any;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("New-Event", || Box::new(NewEvent)),
    ("Get-Event", || Box::new(GetEvent)),
    ("Wait-Event", || Box::new(WaitEvent)),
    ("Remove-Event", || Box::new(RemoveEvent)),
    ("Register-EngineEvent", || Box::new(RegisterEngineEvent)),
    ("Get-EventSubscriber", || Box::new(GetEventSubscriber)),
    ("Unregister-Event", || Box::new(UnregisterEvent)),
];

struct Subscription {
    id: i32,
    source: Rc<str>,
    action: Option<Value>,
    value: Value,
}

#[derive(Default)]
struct Events {
    queue: RefCell<Vec<(i32, Rc<str>, Value)>>,
    subscriptions: RefCell<Vec<Subscription>>,
    next_event: Cell<i32>,
    next_subscription: Cell<i32>,
}

fn events(vm: &mut Vm) -> Rc<Events> {
    let entry = vm
        .session
        .state
        .entry("events")
        .or_insert_with(|| Rc::new(Events::default()));
    entry
        .clone()
        .downcast::<Events>()
        .unwrap_or_else(|_| Rc::new(Events::default()))
}

struct NewEvent;

impl Cmdlet for NewEvent {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = events(vm);
        let id = all.next_event.get() + 1;
        all.next_event.set(id);
        let source = call.text("SourceIdentifier").unwrap_or_default();
        let generated = Value::datetime(vm.now().to_local());
        let value = PlainObject::new(
            "System.Management.Automation.PSEventArgs",
            vec![
                ("ComputerName", Value::Null),
                ("RunspaceId", Value::Null),
                ("EventIdentifier", Value::Int(id)),
                ("Sender", call.get("Sender").unwrap_or_default()),
                ("SourceEventArgs", Value::Null),
                ("SourceArgs", Value::array(call.items("EventArguments"))),
                ("SourceIdentifier", Value::str(&*source)),
                ("TimeGenerated", generated),
                ("MessageData", call.get("MessageData").unwrap_or_default()),
            ],
        )
        .value();
        let actions: Vec<Option<Value>> = all
            .subscriptions
            .borrow()
            .iter()
            .filter(|s| s.source.eq_ignore_ascii_case(&source))
            .map(|s| s.action.clone())
            .collect();
        let mut handled = false;
        for action in actions.into_iter().flatten() {
            if let Value::Block(block) = action.base() {
                handled = true;
                let event = value.clone();
                vm.discard(|vm| {
                    vm.run_block(
                        block,
                        BlockCall {
                            variables: vec![("Event".into(), event)],
                            ..BlockCall::default()
                        },
                    )
                })?;
            }
        }
        if !handled {
            all.queue.borrow_mut().push((id, source, value.clone()));
        }
        vm.write(value)
    }
}

fn missing(source: &str) -> Fault {
    Fault::of(
        "System.ArgumentException",
        "INVALID_SOURCE_IDENTIFIER",
        Category::InvalidArgument,
        format!("Event with source identifier '{source}' does not exist."),
    )
    .target(Value::Null)
}

fn missing_id(id: i64) -> Fault {
    Fault::of(
        "System.ArgumentException",
        "INVALID_EVENT_IDENTIFIER",
        Category::InvalidArgument,
        format!("Event with event identifier '{id}' does not exist."),
    )
}

struct GetEvent;

impl Cmdlet for GetEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let queue = events(vm).queue.borrow().clone();
        let (source, id) = (call.text("SourceIdentifier"), call.int("EventIdentifier"));
        let mut any = false;
        for (number, name, value) in queue {
            let fits = source
                .as_ref()
                .is_none_or(|s| fits_any(std::slice::from_ref(s), &name))
                && id.is_none_or(|i| i == i64::from(number));
            if fits {
                any = true;
                vm.write(value)?;
            }
        }
        match (any, source, id) {
            (false, Some(source), _)
                if !crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(
                    &source,
                ) =>
            {
                vm.write_fault(missing(&source))
            }
            (false, _, Some(id)) => vm.write_fault(missing_id(id)),
            _ => Ok(()),
        }
    }
}

struct WaitEvent;

impl Cmdlet for WaitEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let source = call.text("SourceIdentifier");
        let found = events(vm)
            .queue
            .borrow()
            .iter()
            .find(|(_, name, _)| {
                source
                    .as_ref()
                    .is_none_or(|s| fits_any(std::slice::from_ref(s), name))
            })
            .map(|(_, _, value)| value.clone());
        match found {
            Some(value) => vm.write(value),
            // Nothing else runs meanwhile that could raise the event: the time passes, and that is all.
            None => {
                if let Some(seconds) = call.int("Timeout").and_then(|n| u64::try_from(n).ok()) {
                    vm.pause(std::time::Duration::from_secs(seconds))?;
                }
                Ok(())
            }
        }
    }
}

struct RemoveEvent;

impl Cmdlet for RemoveEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = events(vm);
        let (source, id) = (call.text("SourceIdentifier"), call.int("EventIdentifier"));
        let before = all.queue.borrow().len();
        all.queue.borrow_mut().retain(|(number, name, _)| {
            let fits = match (&source, id) {
                (Some(source), _) => fits_any(std::slice::from_ref(source), name),
                (None, Some(id)) => id == i64::from(*number),
                (None, None) => false,
            };
            !fits
        });
        if all.queue.borrow().len() == before {
            return match (source, id) {
                (Some(source), _) => vm.write_fault(missing(&source)),
                (None, Some(id)) => vm.write_fault(missing_id(id)),
                _ => Ok(()),
            };
        }
        Ok(())
    }
}

struct RegisterEngineEvent;

impl Cmdlet for RegisterEngineEvent {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let all = events(vm);
        let id = all.next_subscription.get() + 1;
        all.next_subscription.set(id);
        let source = call.text("SourceIdentifier").unwrap_or_default();
        let action = call.get("Action");
        let value = PlainObject::new(
            "System.Management.Automation.PSEventSubscriber",
            vec![
                ("SubscriptionId", Value::Int(id)),
                ("SourceObject", Value::Null),
                ("EventName", Value::Null),
                ("SourceIdentifier", Value::str(&*source)),
                ("Action", action.clone().unwrap_or_default()),
                ("HandlerDelegate", Value::Null),
                ("SupportEvent", Value::Bool(call.switch("SupportEvent"))),
                ("ForwardEvent", Value::Bool(call.switch("Forward"))),
            ],
        )
        .value();
        all.subscriptions.borrow_mut().push(Subscription {
            id,
            source,
            action: action.clone(),
            value,
        });
        if let Some(Value::Block(block)) = action.map(Value::into_base) {
            let job = PlainObject::new(
                "System.Management.Automation.PSEventJob",
                vec![
                    ("Id", Value::Int(id)),
                    ("Name", call.get("SourceIdentifier").unwrap_or_default()),
                    (
                        "JobStateInfo",
                        PlainObject::new(
                            "System.Management.Automation.JobStateInfo",
                            vec![
                                (
                                    "State",
                                    Value::enum_of("System.Management.Automation.JobState", 0),
                                ),
                                ("Reason", Value::Null),
                            ],
                        )
                        .with_text("NotStarted")
                        .value(),
                    ),
                    ("HasMoreData", Value::Bool(false)),
                    ("Location", Value::Null),
                    ("Command", Value::str(block.text())),
                ],
            );
            return vm.write(job.value());
        }
        Ok(())
    }
}

struct GetEventSubscriber;

impl Cmdlet for GetEventSubscriber {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let (source, id) = (call.text("SourceIdentifier"), call.int("SubscriptionId"));
        let found: Vec<Value> = events(vm)
            .subscriptions
            .borrow()
            .iter()
            .filter(|s| {
                source
                    .as_ref()
                    .is_none_or(|p| fits_any(std::slice::from_ref(p), &s.source))
            })
            .filter(|s| id.is_none_or(|i| i == i64::from(s.id)))
            .map(|s| s.value.clone())
            .collect();
        if found.is_empty()
            && let Some(source) = source
            && !crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(&source)
        {
            return vm.write_fault(Fault::of(
                "System.ArgumentException",
                "INVALID_SOURCE_IDENTIFIER",
                Category::InvalidArgument,
                format!("Event subscription with source identifier '{source}' does not exist."),
            ));
        }
        if found.is_empty()
            && let Some(id) = id
        {
            return vm.write_fault(Fault::of(
                "System.ArgumentException",
                "INVALID_SOURCE_IDENTIFIER",
                Category::InvalidArgument,
                format!("Event subscription with identifier '{id}' does not exist."),
            ));
        }
        for value in found {
            vm.write(value)?;
        }
        Ok(())
    }
}

struct UnregisterEvent;

impl Cmdlet for UnregisterEvent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let (source, id) = (call.text("SourceIdentifier"), call.int("SubscriptionId"));
        events(vm).subscriptions.borrow_mut().retain(|s| {
            let fits = match (&source, id) {
                (Some(source), _) => fits_any(std::slice::from_ref(source), &s.source),
                (None, Some(id)) => id == i64::from(s.id),
                (None, None) => false,
            };
            !fits
        });
        Ok(())
    }
}
