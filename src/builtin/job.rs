//! Jobs: what runs beside the script, as an object. A job runs to its end when it is started, in a
//! session state of its own and by a time of its own: where it sleeps nobody waits. It keeps what it
//! wrote until it is received, and the script sees of it what has come by the script's own time. An
//! event's job runs when the event comes.

use crate::host::clock::Aside;
use crate::runtime::collection::List;
use crate::runtime::error::{ErrorRecord, Fault, R, Unwind};
use crate::runtime::events::Subscription;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// What sort of job it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// Of Start-Job: a process of its own, its output comes as copies.
    Process,
    /// What does a process's work.
    Child,
    /// Of Start-ThreadJob.
    Thread,
    /// The action of an event.
    Event,
    /// Of ForEach-Object -Parallel -AsJob.
    Task,
    /// What does the work for one object.
    TaskChild,
}

/// `System.Management.Automation.JobState`, as far as jobs here get.
pub mod state {
    /// Nothing was done yet.
    pub const NOT_STARTED: i64 = 0;
    /// Something may still come.
    pub const RUNNING: i64 = 1;
    /// Came to its end.
    pub const COMPLETED: i64 = 2;
    /// An error ended it.
    pub const FAILED: i64 = 3;
    /// Somebody ended it.
    pub const STOPPED: i64 = 4;
}

const STATES: [&str; 5] = ["NotStarted", "Running", "Completed", "Failed", "Stopped"];

/// Which stream something was written to.
#[derive(Clone, Copy, PartialEq)]
pub enum Stream {
    /// The success stream.
    Output,
    /// Errors.
    Error,
    /// Warnings.
    Warning,
    /// Verbose messages.
    Verbose,
    /// Debug messages.
    Debug,
    /// Information.
    Information,
}

/// What a job wrote and nobody received yet, in the order it came, and when each came.
#[derive(Default)]
pub struct Written(
    pub RefCell<Vec<(Stream, Value)>>,
    pub RefCell<Vec<Duration>>,
);

/// The end of one stream of a job.
struct Tagged(Stream, Rc<Written>);

impl Sink for Tagged {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        let aside = vm.host.aside().map(|aside| aside.ahead);
        let at = aside.unwrap_or_else(|| vm.host.elapsed());
        self.1.1.borrow_mut().push(at);
        self.1.0.borrow_mut().push((self.0, value));
        Ok(())
    }
}

impl Written {
    fn of(&self, stream: Stream, count: usize) -> Value {
        let items = self.0.borrow();
        let items = items.iter().take(count).filter(|(s, _)| *s == stream);
        Value::array(items.map(|(_, value)| value.clone()).collect())
    }

    /// How much of it is there at a time.
    pub fn until(&self, time: Duration) -> usize {
        self.1.borrow().partition_point(|at| *at <= time)
    }

    /// The first items, taken away unless they are kept.
    pub fn take(&self, count: usize, keep: bool) -> Vec<(Stream, Value)> {
        let mut items = self.0.borrow_mut();
        let count = count.min(items.len());
        if keep {
            return items.iter().take(count).cloned().collect();
        }
        let mut times = self.1.borrow_mut();
        let timed = count.min(times.len());
        times.drain(..timed);
        items.drain(..count).collect()
    }
}

/// How work beside the script came out.
pub struct Ran {
    /// The error that ended it.
    pub reason: Option<Rc<ErrorRecord>>,
    /// When it ended; nothing when it had not at the end of its time.
    pub end: Option<Duration>,
}

/// How long work beside the script is followed.
pub const LONGEST: Duration = Duration::from_secs(3600);

/// Runs `work` as if it ran beside the script from `start` on: where it sleeps only its own time
/// passes, and what it writes bears that time.
pub fn run_beside(
    vm: &mut Vm,
    written: &Rc<Written>,
    start: Duration,
    limit: Duration,
    work: impl FnOnce(&mut Vm) -> R<()>,
) -> R<Ran> {
    let outer = vm.host.aside();
    let first = outer.map(|it| it.ahead).unwrap_or_default();
    let first = first.saturating_add(start.saturating_sub(vm.host.elapsed()));
    let limit = first.saturating_add(limit);
    let aside = Aside {
        ahead: first,
        limit,
    };
    vm.host.set_aside(Some(aside));
    let result = run_written(vm, written, work);
    let last = vm.host.aside().unwrap_or(aside).ahead;
    vm.host.set_aside(outer);
    let absolute = |ahead: Duration| start.saturating_add(ahead.saturating_sub(first));
    for at in written.1.borrow_mut().iter_mut() {
        *at = absolute(*at);
    }
    match result {
        Ok(reason) => Ok(Ran {
            reason,
            end: Some(absolute(last)),
        }),
        Err(unwind) if last > limit && matches!(*unwind, Unwind::Stopped) => Ok(Ran {
            reason: None,
            end: None,
        }),
        Err(unwind) => Err(unwind),
    }
}

/// Runs `work` with all its streams kept; the error that ended it, if one did.
pub fn run_written(
    vm: &mut Vm,
    written: &Rc<Written>,
    work: impl FnOnce(&mut Vm) -> R<()>,
) -> R<Option<Rc<ErrorRecord>>> {
    let tagged = |stream| Rc::new(Tagged(stream, written.clone()));
    let streams = Streams {
        error: tagged(Stream::Error),
        warning: tagged(Stream::Warning),
        verbose: tagged(Stream::Verbose),
        debug: tagged(Stream::Debug),
        information: tagged(Stream::Information),
        error_variables: Vec::new(),
        warning_variables: Vec::new(),
        information_variables: Vec::new(),
        error_redirected: true,
    };
    run_into(vm, written, streams, work)
}

/// Runs `work` with its results and errors kept; everything else is shown at once.
pub fn run_aside(
    vm: &mut Vm,
    written: &Rc<Written>,
    work: impl FnOnce(&mut Vm) -> R<()>,
) -> R<Option<Rc<ErrorRecord>>> {
    let streams = Streams {
        error: Rc::new(Tagged(Stream::Error, written.clone())),
        error_redirected: true,
        ..(*vm.streams).clone()
    };
    run_into(vm, written, streams, work)
}

fn run_into(
    vm: &mut Vm,
    written: &Rc<Written>,
    streams: Streams,
    work: impl FnOnce(&mut Vm) -> R<()>,
) -> R<Option<Rc<ErrorRecord>>> {
    let saved_streams = std::mem::replace(&mut vm.streams, Rc::new(streams));
    let tagged = |stream| Rc::new(Tagged(stream, written.clone()));
    let saved_out = std::mem::replace(&mut vm.out, tagged(Stream::Output));
    let result = work(vm);
    vm.out = saved_out;
    vm.streams = saved_streams;
    match result {
        Ok(()) => Ok(None),
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) => Ok(Some(thrown.record)),
            Unwind::Exit(_) | Unwind::Return => Ok(None),
            other => Err(Box::new(other)),
        },
    }
}

/// The end of a job that has not come yet.
#[derive(Clone)]
pub struct Pending {
    /// When it comes; nothing for one that goes on and on.
    pub end: Option<Duration>,
    /// The state then.
    pub state: i64,
}

/// A job.
pub struct Job {
    /// Its number.
    pub id: i32,
    /// Its name.
    pub name: Rc<str>,
    /// The text it runs.
    pub command: String,
    /// What sort it is.
    pub kind: Kind,
    /// What it wrote.
    pub written: Rc<Written>,
    /// The error that ended it.
    pub reason: RefCell<Option<Rc<ErrorRecord>>>,
    /// How far it is.
    pub state: Cell<i64>,
    /// Those that do its work.
    pub children: Vec<Value>,
    /// When it began.
    pub begun: Value,
    /// When it ended.
    pub ended: RefCell<Value>,
    /// The error that ended it was received.
    pub told: Cell<bool>,
    /// What is still to come of it.
    pub pending: RefCell<Option<Pending>>,
    /// What identifies it everywhere.
    pub instance: Value,
    /// The event that it waits for.
    pub subscription: RefCell<Option<Rc<Subscription>>>,
    /// An event's job ran at least once and was not stopped.
    pub has_run: Cell<bool>,
}

impl Job {
    /// A job of this session that has done nothing.
    pub fn new(vm: &mut Vm, id: i32, kind: Kind, command: &str) -> R<Job> {
        let made = vm.call_command("New-Guid", &[], &[])?;
        Ok(Job {
            id,
            name: format!("Job{id}").into(),
            command: command.to_string(),
            kind,
            written: Rc::default(),
            reason: RefCell::default(),
            state: Cell::new(state::NOT_STARTED),
            children: Vec::new(),
            begun: Value::Null,
            ended: RefCell::default(),
            told: Cell::new(false),
            pending: RefCell::default(),
            instance: made.into_iter().next().unwrap_or_default(),
            subscription: RefCell::default(),
            has_run: Cell::new(false),
        })
    }

    /// Takes over how its work came out.
    pub fn finish(&self, vm: &mut Vm, ran: &Ran) {
        let ending = match ran.reason {
            Some(_) => state::FAILED,
            None => state::COMPLETED,
        };
        *self.reason.borrow_mut() = ran.reason.clone();
        self.end_at(vm, ran.end, ending);
    }

    /// Ends it at a time, or leaves it running until then.
    pub fn end_at(&self, vm: &mut Vm, end: Option<Duration>, ending: i64) {
        *self.pending.borrow_mut() = Some(Pending { end, state: ending });
        self.state.set(state::RUNNING);
        self.settle(vm);
    }

    /// Ends it when its time has come.
    pub fn settle(&self, vm: &mut Vm) {
        let due = match &*self.pending.borrow() {
            Some(Pending {
                end: Some(end),
                state,
            }) if *end <= vm.host.elapsed() => Some(*state),
            _ => None,
        };
        if let Some(ending) = due {
            *self.pending.borrow_mut() = None;
            *self.ended.borrow_mut() = Value::datetime(vm.now().to_local());
            self.state.set(ending);
        }
    }

    /// How much of what it wrote is there.
    pub fn ready(&self, vm: &Vm) -> usize {
        match &*self.pending.borrow() {
            Some(_) => self.written.until(vm.host.elapsed()),
            None => usize::MAX,
        }
    }

    /// Whether nothing more will come.
    pub fn is_finished(&self) -> bool {
        self.state.get() >= state::COMPLETED
    }

    /// Whether there is something to receive.
    pub fn has_more(&self) -> bool {
        if self.kind == Kind::Event {
            return self.has_run.get();
        }
        !self.written.0.borrow().is_empty()
            || self.pending.borrow().is_some()
            || self.reason.borrow().is_some() && !self.told.get()
            || self.kind == Kind::Task
                && self
                    .children
                    .iter()
                    .any(|c| c.as_native::<Job>().is_some_and(Job::has_more))
    }

    /// Ends what still waits.
    pub fn stop(&self, vm: &mut Vm) -> R<()> {
        self.settle(vm);
        for child in &self.children {
            if let Some(child) = child.as_native::<Job>() {
                child.stop(vm)?;
            }
        }
        let ready = self.ready(vm);
        if self.pending.borrow_mut().take().is_some() {
            self.written.0.borrow_mut().truncate(ready);
            self.written.1.borrow_mut().truncate(ready);
            self.reason.borrow_mut().take();
            *self.ended.borrow_mut() = Value::datetime(vm.now().to_local());
        }
        if self.is_finished() {
            return Ok(());
        }
        let subscription = self.subscription.borrow().clone();
        match subscription {
            Some(subscription) => vm.unsubscribe(&subscription, true),
            None => {
                self.state.set(state::STOPPED);
                Ok(())
            }
        }
    }

    fn state_info(&self) -> Value {
        let reason = self.reason.borrow();
        let reason = match self.kind {
            Kind::Process | Kind::Task => None,
            _ if self.pending.borrow().is_some() => None,
            _ => reason.as_ref(),
        };
        let state = self.state.get();
        let text = usize::try_from(state).ok().and_then(|at| STATES.get(at));
        PlainObject::new(
            "System.Management.Automation.JobStateInfo",
            vec![
                ("State", Value::enum_of(JOB_STATE, state)),
                (
                    "Reason",
                    reason.map_or(Value::Null, |r| r.exception.clone()),
                ),
            ],
        )
        .with_text(*text.unwrap_or(&""))
        .value()
    }
}

/// The jobs of a session.
#[derive(Default)]
pub struct Jobs {
    /// In the order they were started.
    pub list: RefCell<Vec<Value>>,
    last: Cell<i32>,
}

impl Jobs {
    /// A number for a new job.
    pub fn next_id(&self) -> i32 {
        self.last.set(self.last.get() + 1);
        self.last.get()
    }
}

/// The session's jobs.
pub fn jobs(vm: &mut Vm) -> Rc<Jobs> {
    let entry = vm
        .session
        .state
        .entry("jobs")
        .or_insert_with(|| Rc::new(Jobs::default()));
    entry
        .clone()
        .downcast::<Jobs>()
        .unwrap_or_else(|_| Rc::new(Jobs::default()))
}

const JOB_STATE: &str = "System.Management.Automation.JobState";

impl Native for Job {
    fn type_ref(&self) -> TypeRef {
        let name = match self.kind {
            Kind::Process => "System.Management.Automation.PSRemotingJob",
            Kind::Child => "System.Management.Automation.PSRemotingChildJob",
            Kind::Thread => "Microsoft.PowerShell.ThreadJob.ThreadJob",
            Kind::Event => "System.Management.Automation.PSEventJob",
            Kind::Task => "System.Management.Automation.PSTasks.PSTaskJob",
            Kind::TaskChild => "System.Management.Automation.PSTasks.PSTaskChildJob",
        };
        type_named(name)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "HasMoreData",
            "StatusMessage",
            "Location",
            "Command",
            "JobStateInfo",
            "Finished",
            "InstanceId",
            "Id",
            "Name",
            "ChildJobs",
            "PSBeginTime",
            "PSEndTime",
            "PSJobTypeName",
            "Output",
            "Error",
            "Progress",
            "Verbose",
            "Debug",
            "Warning",
            "Information",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        self.settle(vm);
        let ready = self.ready(vm);
        // The streams of a job with children are theirs.
        let own = |stream| match self.kind {
            Kind::Process | Kind::Task => Value::array(Vec::new()),
            _ => self.written.of(stream, ready),
        };
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "state" => Value::enum_of(JOB_STATE, self.state.get()),
            "jobstateinfo" => self.state_info(),
            "hasmoredata" => Value::Bool(self.has_more()),
            "statusmessage" => match self.kind {
                Kind::Event => Value::Null,
                _ => Value::str(""),
            },
            "location" => match self.kind {
                Kind::Event => Value::Null,
                Kind::Process | Kind::Child => Value::str("localhost"),
                _ => Value::str("PowerShell"),
            },
            "command" => Value::str(self.command.as_str()),
            "id" => Value::Int(self.id),
            "name" => Value::str(&*self.name),
            "childjobs" => Value::List(Rc::new(List::collection(self.children.clone()))),
            "psbegintime" => self.begun.clone(),
            "psendtime" => self.ended.borrow().clone(),
            "psjobtypename" => Value::str(match self.kind {
                Kind::Process => "BackgroundJob",
                Kind::Thread => "ThreadJob",
                Kind::Task => "PSTaskJob",
                Kind::Child | Kind::Event | Kind::TaskChild => "",
            }),
            "output" => own(Stream::Output),
            "error" => own(Stream::Error),
            "warning" => own(Stream::Warning),
            "verbose" => own(Stream::Verbose),
            "debug" => own(Stream::Debug),
            "information" => own(Stream::Information),
            "progress" => Value::array(Vec::new()),
            "instanceid" => self.instance.clone(),
            "finished" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        match name {
            "stopjob" => self.stop(vm)?,
            "dispose" => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

/// The `$using:` variables of a block with their values here.
pub fn using_table(vm: &mut Vm, block: &ScriptBlock) -> R<Value> {
    let table = crate::runtime::collection::Dictionary::hashtable();
    let text = block.text().to_lowercase();
    for (at, mark) in text.match_indices("using:") {
        let before = text[..at].chars().next_back();
        if !matches!(before, Some('$' | '{' | '@')) {
            continue;
        }
        let name: String = text[at + mark.len()..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() {
            continue;
        }
        match vm.variable(&name) {
            Some(value) => table.set_str(&name, value),
            None => {
                return vm.raise(Fault::new(
                    "UsingVariableIsUndefined",
                    format!("The value of the using variable '$using:{name}' cannot be retrieved because it has not been set in the local session."),
                ));
            }
        }
    }
    Ok(Value::Dict(Rc::new(table)))
}

/// Objects leave another process as copies: values stay what they are, the rest keeps its properties.
pub fn copy_output(vm: &mut Vm, written: &Written) -> R<()> {
    let items = std::mem::take(&mut *written.0.borrow_mut());
    let times = std::mem::take(&mut *written.1.borrow_mut());
    let mut arrived = Vec::with_capacity(times.len());
    let made = vm.call_command("New-Guid", &[], &[])?;
    let runspace = made.into_iter().next().unwrap_or_default();
    let mut copies = Vec::with_capacity(items.len());
    for ((stream, value), at) in items.into_iter().zip(times) {
        let plain = matches!(
            value,
            Value::Str(_) | Value::Int(_) | Value::Long(_) | Value::Double(_) | Value::Bool(_)
        );
        if stream != Stream::Output || plain {
            copies.push((stream, value));
            arrived.push(at);
            continue;
        }
        let depth = ("Depth", Value::Int(1));
        let text = vm.call_command("ConvertTo-CliXml", &[("InputObject", value), depth], &[])?;
        let text = text.into_iter().next().unwrap_or_default();
        for copy in vm.call_command("ConvertFrom-CliXml", &[("InputObject", text)], &[])? {
            if let Value::Custom(object) = &copy {
                let note = crate::runtime::object::Member::Note(runspace.clone());
                object.members.set("RunspaceId", note);
            }
            copies.push((stream, copy));
            arrived.push(at);
        }
    }
    *written.0.borrow_mut() = copies;
    *written.1.borrow_mut() = arrived;
    Ok(())
}
