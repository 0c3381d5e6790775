//! Events: what .NET objects raise, who subscribed to it, and the queue of events that nobody took.
//!
//! Everything runs on one thread, so an event that comes from outside (a timer, a file, a process)
//! is noticed when the program looks: before a pipeline, at a turn of a loop, while Wait-Event waits.
//! Its action runs there too, between the statements of what is going on.

use super::error::{R, Unwind};
use super::text::guid::Guid;
use super::types::plain_object::PlainObject;
use super::types::reflection::delegate::Delegate;
use super::types::reflection::members::overloads_of;
use super::types::{
    diagnostics::process_start, find_full, io::file_system_watcher, threading::timer,
};
use super::value::Value;
use super::vm::Vm;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// What a subscription does with an event.
pub trait Action {
    /// Runs for an event.
    fn invoke(&self, vm: &mut Vm, subscriber: &Value, event: &Value) -> R<()>;
    /// Nothing more will come.
    fn stopped(&self);
}

/// Someone who waits for events.
pub struct Subscription {
    /// Its number.
    pub id: i32,
    /// The identifier that its events carry.
    pub source: Rc<str>,
    /// The `PSEventSubscriber`.
    pub value: Value,
    /// Hidden from who does not ask with -Force.
    pub support: bool,
    /// What it does; without an action events go to the queue.
    pub action: Option<Rc<dyn Action>>,
    /// Goes with every event.
    pub data: Value,
    /// How many events it still takes, if that is limited.
    pub left: Cell<Option<i32>>,
}

/// Whom an event of an object goes to.
enum Target {
    Delegate(Value),
    Subscription(Rc<Subscription>),
}

struct Handler {
    object: Value,
    event: String,
    target: Target,
}

/// An event in the queue.
#[derive(Clone)]
pub struct Queued {
    /// Its number.
    pub id: i32,
    /// Where it came from.
    pub source: Rc<str>,
    /// The `PSEventArgs`.
    pub value: Value,
}

/// What a session knows of events.
#[derive(Default)]
pub struct Events {
    /// Events that no action took.
    pub queue: RefCell<Vec<Queued>>,
    subscriptions: RefCell<Vec<Rc<Subscription>>>,
    handlers: RefCell<Vec<Rc<Handler>>>,
    pending: RefCell<VecDeque<(Rc<Subscription>, Value)>>,
    running: Cell<bool>,
    last_event: Cell<i32>,
    last_subscription: Cell<i32>,
    runspace: RefCell<Option<Value>>,
}

/// The session's events.
pub fn of(vm: &mut Vm) -> Rc<Events> {
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

/// The event of a type with this name in any letter case: its own spelling and the type of its handlers.
pub fn event_of(type_name: &str, event: &str) -> Option<(String, String)> {
    let members = super::types::reflection::members::members_of(type_name)?;
    let wanted = format!("add_{event}");
    let member = members
        .members
        .iter()
        .find(|member| member.name.eq_ignore_ascii_case(&wanted))?;
    let handler = member.overloads().first()?.parameters.first()?;
    Some((member.name.get(4..)?.to_string(), handler.type_name.clone()))
}

/// An event as Get-Member shows it: the handlers' type, the name, what the handlers take.
pub fn event_text(name: &str, handler: &str) -> String {
    let definition = find_full(handler).map(|t| t.definition_name().to_string());
    let invoke = overloads_of(definition.as_deref().unwrap_or(handler), "Invoke", false);
    let taken: Vec<&str> = invoke
        .first()
        .map(|it| it.parameters.iter().map(|p| p.type_name.as_str()).collect())
        .unwrap_or_default();
    format!("{handler} {name}({})", taken.join(", "))
}

impl Events {
    /// Takes a number for a new subscription.
    pub fn next_subscription(&self) -> i32 {
        self.last_subscription.set(self.last_subscription.get() + 1);
        self.last_subscription.get()
    }

    /// All subscriptions, oldest first.
    pub fn subscriptions(&self) -> Vec<Rc<Subscription>> {
        self.subscriptions.borrow().clone()
    }

    /// Whether anything could still raise an event by itself.
    pub fn has_sources(&self) -> bool {
        !self.handlers.borrow().is_empty() || !self.pending.borrow().is_empty()
    }

    fn runspace(&self) -> Value {
        let known = self.runspace.borrow().clone();
        known.unwrap_or_else(|| {
            let text = Guid::new().format("D").unwrap_or_default();
            let made = super::types::guid::construct(&[Value::str(text)]);
            let made = made.ok().flatten().unwrap_or_default();
            *self.runspace.borrow_mut() = Some(made.clone());
            made
        })
    }
}

fn is_event_arguments(vm: &Vm, value: &Value) -> bool {
    find_full("System.EventArgs").is_some_and(|wanted| vm.type_of(value.base()).is_a(&wanted))
}

impl Vm {
    fn note_sources(&mut self, events: &Events) {
        self.session.events_active = events.has_sources();
    }

    /// Starts a subscription, to an object's event if one is given.
    pub fn subscribe(&mut self, subscription: Rc<Subscription>, to: Option<(Value, &str)>) {
        let events = of(self);
        if let Some((object, event)) = to {
            events.handlers.borrow_mut().push(Rc::new(Handler {
                object,
                event: event.to_ascii_lowercase(),
                target: Target::Subscription(subscription.clone()),
            }));
        }
        events.subscriptions.borrow_mut().push(subscription);
        self.note_sources(&events);
    }

    /// Ends a subscription; what it still has to do is done first.
    pub fn unsubscribe(&mut self, subscription: &Rc<Subscription>, drain: bool) -> R<()> {
        let events = of(self);
        if drain {
            self.process_pending_actions()?;
        }
        let is_same = |other: &Rc<Subscription>| Rc::ptr_eq(other, subscription);
        events.subscriptions.borrow_mut().retain(|s| !is_same(s));
        events
            .handlers
            .borrow_mut()
            .retain(|h| !matches!(&h.target, Target::Subscription(s) if is_same(s)));
        events.pending.borrow_mut().retain(|(s, _)| !is_same(s));
        if let Some(action) = &subscription.action {
            action.stopped();
        }
        self.note_sources(&events);
        Ok(())
    }

    /// `add_Event` and `remove_Event` of an object; `None` for other methods.
    pub fn change_handlers(&mut self, object: &Value, method: &str, handler: &Value) -> Option<()> {
        let (add, event) = match method.strip_prefix("add_") {
            Some(event) => (true, event),
            None => (false, method.strip_prefix("remove_")?),
        };
        let type_ref = self.type_of(object.base());
        event_of(type_ref.definition_name(), event)?;
        let events = of(self);
        if add {
            events.handlers.borrow_mut().push(Rc::new(Handler {
                object: object.clone(),
                event: event.to_string(),
                target: Target::Delegate(handler.clone()),
            }));
        } else {
            let mut handlers = events.handlers.borrow_mut();
            let found = handlers.iter().rposition(|h| {
                h.event == event
                    && h.object.base().same_object(object.base())
                    && match &h.target {
                        Target::Delegate(own) => Delegate::same_callee(own, handler),
                        Target::Subscription(_) => false,
                    }
            });
            if let Some(at) = found {
                handlers.remove(at);
            }
        }
        self.note_sources(&events);
        Some(())
    }

    /// Tells everyone who handles the event of an object.
    pub fn raise_event(&mut self, object: &Value, event: &str, arguments: &Value) -> R<()> {
        if !self.session.events_active {
            return Ok(());
        }
        let events = of(self);
        let handlers: Vec<Rc<Handler>> = events
            .handlers
            .borrow()
            .iter()
            .filter(|h| {
                h.event.eq_ignore_ascii_case(event) && h.object.base().same_object(object.base())
            })
            .cloned()
            .collect();
        for handler in handlers {
            let given = vec![object.clone(), arguments.clone()];
            match &handler.target {
                Target::Delegate(delegate) => {
                    self.invoke_method(delegate, "Invoke", given)?;
                }
                Target::Subscription(subscription) => {
                    let source = subscription.source.clone();
                    let data = subscription.data.clone();
                    let event = self.make_event(&source, object.clone(), given, data);
                    self.deliver(&source, event);
                }
            }
        }
        Ok(())
    }

    fn make_event(
        &mut self,
        source: &str,
        sender: Value,
        arguments: Vec<Value>,
        data: Value,
    ) -> Value {
        let events = of(self);
        let id = events.last_event.get() + 1;
        events.last_event.set(id);
        let own = arguments.iter().find(|a| is_event_arguments(self, a));
        let own = own.cloned().unwrap_or_default();
        let generated = Value::datetime(self.now().to_local());
        PlainObject::new(
            "System.Management.Automation.PSEventArgs",
            vec![
                ("ComputerName", Value::Null),
                ("RunspaceId", events.runspace()),
                ("EventIdentifier", Value::Int(id)),
                ("Sender", sender),
                ("SourceEventArgs", own),
                ("SourceArgs", Value::array(arguments)),
                ("SourceIdentifier", Value::str(source)),
                ("TimeGenerated", generated),
                ("MessageData", data),
            ],
        )
        .value()
    }

    /// Makes an event of this source and gives it to who waits for it, or puts it into the queue.
    pub fn generate_event(
        &mut self,
        source: &str,
        sender: Value,
        arguments: Vec<Value>,
        data: Value,
    ) -> Value {
        let event = self.make_event(source, sender, arguments, data);
        self.deliver(source, event.clone());
        event
    }

    fn deliver(&mut self, source: &str, event: Value) {
        let events = of(self);
        let mut captured = false;
        let mut spent = Vec::new();
        for subscription in events.subscriptions() {
            if !subscription.source.eq_ignore_ascii_case(source) {
                continue;
            }
            if let Some(left) = subscription.left.get() {
                if left <= 0 {
                    continue;
                }
                subscription.left.set(Some(left - 1));
                if left == 1 && subscription.action.is_none() {
                    spent.push(subscription.clone());
                }
            }
            if subscription.action.is_some() {
                captured = true;
                let entry = (subscription.clone(), event.clone());
                events.pending.borrow_mut().push_back(entry);
            }
        }
        if !captured {
            let id = match event.as_native::<PlainObject>() {
                Some(plain) => plain.field("EventIdentifier"),
                None => None,
            };
            let id = match id {
                Some(Value::Int(id)) => id,
                _ => 0,
            };
            events.queue.borrow_mut().push(Queued {
                id,
                source: source.into(),
                value: event,
            });
        }
        for subscription in spent {
            let _ = self.unsubscribe(&subscription, false);
        }
        self.note_sources(&events);
    }

    /// Looks at what can raise events by itself.
    fn poll_sources(&mut self, events: &Events) -> R<()> {
        let mut seen: Vec<Value> = Vec::new();
        for handler in events.handlers.borrow().iter() {
            let is_known = |other: &Value| other.base().same_object(handler.object.base());
            if !seen.iter().any(is_known) {
                seen.push(handler.object.clone());
            }
        }
        for object in seen {
            timer::poll(self, &object)?;
            file_system_watcher::poll(self, &object)?;
            process_start::poll(self, &object)?;
        }
        Ok(())
    }

    /// Runs the actions of the events that came meanwhile. An action is not interrupted by another.
    #[cold]
    pub fn process_pending_actions(&mut self) -> R<()> {
        let events = of(self);
        if events.running.replace(true) {
            return Ok(());
        }
        let success = self.success;
        let result = self.poll_sources(&events).and_then(|()| {
            loop {
                let next = events.pending.borrow_mut().pop_front();
                let Some((subscription, event)) = next else {
                    return Ok(());
                };
                if let Some(action) = subscription.action.clone() {
                    match action.invoke(self, &subscription.value, &event) {
                        Err(unwind) if matches!(*unwind, Unwind::Stopped) => return Err(unwind),
                        _ => {}
                    }
                }
                if subscription.left.get() == Some(0) {
                    let waits = |(s, _): &(Rc<Subscription>, Value)| Rc::ptr_eq(s, &subscription);
                    if !events.pending.borrow().iter().any(waits) {
                        self.unsubscribe(&subscription, false)?;
                    }
                }
            }
        });
        self.success = success;
        events.running.set(false);
        self.note_sources(&events);
        result
    }
}
