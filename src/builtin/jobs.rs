//! Background jobs. They run to their end when they are started, in a session
//! state of their own, and keep what they wrote until it is received.

use crate::cmdlet::registry::Factory;
use crate::runtime::collection::List;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Fault, R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Start-Job", || Box::<StartJob>::default()),
    ("Start-ThreadJob", || {
        Box::new(StartJob {
            thread: true,
            ..StartJob::default()
        })
    }),
    ("Get-Job", || Box::new(GetJob)),
    ("Receive-Job", || Box::new(ReceiveJob)),
    ("Wait-Job", || Box::new(WaitJob)),
    ("Remove-Job", || Box::new(RemoveJob)),
    ("Stop-Job", || Box::new(StopJob)),
];

/// A job that has run.
pub struct Job {
    id: i32,
    name: Rc<str>,
    command: String,
    kind: Kind,
    written: Rc<Written>,
    reason: RefCell<Option<Rc<ErrorRecord>>>,
    failed: bool,
    child: Option<Value>,
    begun: Value,
    ended: Value,
}

/// What sort of job it is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Of Start-Job: a process of its own, its output comes as copies.
    Process,
    /// What does a process's work.
    Child,
    /// Of Start-ThreadJob.
    Thread,
}

/// What a job wrote and nobody received yet, in the order it came.
#[derive(Default)]
struct Written(RefCell<Vec<(Stream, Value)>>);

#[derive(Clone, Copy, PartialEq)]
enum Stream {
    Output,
    Error,
    Warning,
    Verbose,
    Debug,
    Information,
}

/// The end of one stream of a job.
struct Tagged(Stream, Rc<Written>);

impl Sink for Tagged {
    fn write(&self, _vm: &mut Vm, value: Value) -> R<()> {
        self.1.0.borrow_mut().push((self.0, value));
        Ok(())
    }
}

impl Written {
    fn of(&self, stream: Stream) -> Value {
        let items = self.0.borrow();
        let items = items.iter().filter(|(s, _)| *s == stream);
        Value::array(items.map(|(_, value)| value.clone()).collect())
    }
}

#[derive(Default)]
struct Jobs {
    list: RefCell<Vec<Value>>,
    next: Cell<i32>,
}

fn jobs(vm: &mut Vm) -> Rc<Jobs> {
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

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let state = Value::enum_of(JOB_STATE, if self.failed { 3 } else { 2 });
        // A process's streams are those of its child.
        let own = |stream| match self.kind {
            Kind::Process => Value::array(Vec::new()),
            _ => self.written.of(stream),
        };
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "state" => state,
            "jobstateinfo" => {
                let reason = self.reason.borrow();
                let reason = match self.kind {
                    Kind::Process => None,
                    _ => reason.as_ref(),
                };
                PlainObject::new(
                    "System.Management.Automation.JobStateInfo",
                    vec![
                        ("State", state),
                        (
                            "Reason",
                            reason.map_or(Value::Null, |r| r.exception.clone()),
                        ),
                    ],
                )
                .with_text(if self.failed { "Failed" } else { "Completed" })
                .value()
            }
            "hasmoredata" => {
                Value::Bool(!self.written.0.borrow().is_empty() || self.reason.borrow().is_some())
            }
            "statusmessage" => Value::str(""),
            "location" => Value::str(match self.kind {
                Kind::Thread => "PowerShell",
                _ => "localhost",
            }),
            "command" => Value::str(self.command.as_str()),
            "id" => Value::Int(self.id),
            "name" => Value::str(&*self.name),
            "childjobs" => Value::List(Rc::new(List::collection(
                self.child.iter().cloned().collect(),
            ))),
            "psbegintime" => self.begun.clone(),
            "psendtime" => self.ended.clone(),
            "psjobtypename" => match self.kind {
                Kind::Process => Value::str("BackgroundJob"),
                Kind::Child => Value::str(""),
                Kind::Thread => Value::str("ThreadJob"),
            },
            "output" => own(Stream::Output),
            "error" => own(Stream::Error),
            "warning" => own(Stream::Warning),
            "verbose" => own(Stream::Verbose),
            "debug" => own(Stream::Debug),
            "information" => own(Stream::Information),
            "progress" => Value::array(Vec::new()),
            "finished" | "instanceid" => Value::Null,
            _ => return Ok(None),
        }))
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

#[derive(Default)]
struct StartJob {
    thread: bool,
    input: Vec<Value>,
}

impl Cmdlet for StartJob {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.input.extend(call.get("InputObject"));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let file = call.text("FilePath").or_else(|| call.text("LiteralPath"));
        let (block, command) = match (call.get("ScriptBlock").map(Value::into_base), file) {
            (Some(Value::Block(block)), _) => {
                let text = block.text().to_string();
                (block, text)
            }
            (_, Some(file)) => {
                let path = vm.file_path(&file);
                let script = crate::runtime::command::ScriptInfo {
                    name: file.clone(),
                    path: path.to_string_lossy().into(),
                    block: std::cell::OnceCell::new(),
                };
                (vm.script_block_of(&script)?, file.to_string())
            }
            _ => return Ok(()),
        };
        let using = using_table(vm, &block)?;
        let begin = call.get("InitializationScript").map(Value::into_base);
        let written = Rc::new(Written::default());
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
        let saved_streams = std::mem::replace(&mut vm.streams, Rc::new(streams));
        let saved_out = std::mem::replace(&mut vm.out, tagged(Stream::Output));
        let begun = Value::datetime(vm.now().to_local());
        let input = std::mem::take(&mut self.input);
        let arguments = call.items("ArgumentList");
        let folder = call.text("WorkingDirectory");
        let result = vm.in_new_session(|vm| {
            if let Some(folder) = folder {
                vm.session.location = vm.file_path(&folder);
            }
            if let Some(Value::Block(begin)) = begin {
                let begin = Rc::new(begin.bound_to(None));
                vm.run_block(
                    &begin,
                    BlockCall {
                        dot_sourced: true,
                        ..BlockCall::default()
                    },
                )?;
            }
            let block = Rc::new(block.bound_to(None));
            vm.run_block(
                &block,
                BlockCall {
                    arguments,
                    input: (!input.is_empty()).then_some(input),
                    variables: vec![("<using>".into(), using)],
                    ..BlockCall::default()
                },
            )
        });
        vm.out = saved_out;
        vm.streams = saved_streams;
        let reason = match result {
            Ok(()) => None,
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => Some(thrown.record),
                Unwind::Exit(_) | Unwind::Return => None,
                other => return Err(Box::new(other)),
            },
        };
        if !self.thread {
            copy_output(vm, &written)?;
        }
        let all = jobs(vm);
        let id = all.next.get() + 1;
        all.next.set(id + 1);
        let name = call
            .text("Name")
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| format!("Job{id}").into());
        let ended = Value::datetime(vm.now().to_local());
        let job = |id: i32, name: Rc<str>, kind: Kind, child: Option<Value>| {
            Value::native(Job {
                id,
                name,
                command: command.clone(),
                kind,
                written: written.clone(),
                failed: reason.is_some(),
                reason: RefCell::new(reason.clone()),
                child,
                begun: begun.clone(),
                ended: ended.clone(),
            })
        };
        let child = job(id + 1, format!("Job{}", id + 1).into(), Kind::Child, None);
        let job = match self.thread {
            true => job(id, name, Kind::Thread, None),
            false => job(id, name, Kind::Process, Some(child)),
        };
        all.list.borrow_mut().push(job.clone());
        vm.write(job)
    }
}

/// Objects leave another process as copies: values stay what they are, the rest keeps its properties.
fn copy_output(vm: &mut Vm, written: &Written) -> R<()> {
    let items = std::mem::take(&mut *written.0.borrow_mut());
    let made = vm.call_command("New-Guid", &[], &[])?;
    let runspace = made.into_iter().next().unwrap_or_default();
    let mut copies = Vec::with_capacity(items.len());
    for (stream, value) in items {
        let plain = matches!(
            value,
            Value::Str(_) | Value::Int(_) | Value::Long(_) | Value::Double(_) | Value::Bool(_)
        );
        if stream != Stream::Output || plain {
            copies.push((stream, value));
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
        }
    }
    *written.0.borrow_mut() = copies;
    Ok(())
}

/// The jobs that a call names; ids and names that fit none are errors.
fn selected(vm: &mut Vm, call: &Call) -> R<Vec<Value>> {
    let given = call.items("Job");
    if !given.is_empty() {
        return Ok(given);
    }
    let all = jobs(vm).list.borrow().clone();
    let mut found = Vec::new();
    if call.has("Id") {
        for id in call.items("Id") {
            let number = vm.to_int(&id)?;
            match all.iter().find(|j| j.as_native::<Job>().is_some_and(|j| j.id == number)) {
                Some(job) => found.push(job.clone()),
                None => vm.write_fault(
                    Fault::argument(
                        "JobWithSpecifiedSessionNotFound",
                        format!("The command cannot find a job with the job ID {number}. Verify the value of the Id parameter and then try the command again."),
                    )
                    .category(Category::ObjectNotFound)
                    .target(id),
                )?,
            }
        }
        return Ok(found);
    }
    if call.has("Name") {
        for name in call.texts("Name") {
            let matcher = vm.wildcard(&name, true)?;
            let hits: Vec<Value> = all
                .iter()
                .filter(|j| {
                    j.as_native::<Job>()
                        .is_some_and(|j| matcher.is_match(&j.name))
                })
                .cloned()
                .collect();
            if hits.is_empty()
                && !crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(&name)
            {
                vm.write_fault(
                    Fault::argument(
                        "JobWithSpecifiedNameNotFound",
                        format!("The command cannot find the job because the job name {name} was not found. Verify the value of the Name parameter, and then try the command again."),
                    )
                    .category(Category::ObjectNotFound)
                    .target(Value::str(&*name)),
                )?;
            }
            found.extend(hits);
        }
        return Ok(found);
    }
    if let Some(state) = call.get("State") {
        for job in all {
            let is = vm.get_member(&job, "State")?.unwrap_or_default();
            if vm.equals(&is, &state, true)? {
                found.push(job);
            }
        }
        return Ok(found);
    }
    Ok(all)
}

struct GetJob;

impl Cmdlet for GetJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for job in selected(vm, call)? {
            vm.write(job)?;
        }
        Ok(())
    }
}

struct WaitJob;

impl Cmdlet for WaitJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for job in selected(vm, call)? {
            vm.write(job)?;
        }
        Ok(())
    }
}

struct StopJob;

impl Cmdlet for StopJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for job in selected(vm, call)? {
            if call.switch("PassThru") {
                vm.write(job)?;
            }
        }
        Ok(())
    }
}

struct RemoveJob;

impl Cmdlet for RemoveJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for job in selected(vm, call)? {
            forget(vm, &job);
        }
        Ok(())
    }
}

fn forget(vm: &mut Vm, job: &Value) {
    let id = job.as_native::<Job>().map(|j| j.id);
    jobs(vm)
        .list
        .borrow_mut()
        .retain(|j| j.as_native::<Job>().map(|j| j.id) != id);
}

struct ReceiveJob;

impl Cmdlet for ReceiveJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for value in selected(vm, call)? {
            let Some(job) = value.as_native::<Job>() else {
                continue;
            };
            let keep = call.switch("Keep");
            let items = job.written.0.borrow().clone();
            let reason = job.reason.borrow().clone();
            if !keep {
                job.written.0.borrow_mut().clear();
                job.reason.borrow_mut().take();
            }
            if call.switch("WriteJobInResults") {
                vm.write(value.clone())?;
            }
            for (stream, item) in items {
                let streams = vm.streams.clone();
                match (stream, item) {
                    (Stream::Output, item) => vm.write(item)?,
                    (_, Value::Error(record)) => vm.write_error(record)?,
                    (Stream::Warning, item) => streams.warning.write(vm, item)?,
                    (Stream::Verbose, item) => streams.verbose.write(vm, item)?,
                    (Stream::Debug, item) => streams.debug.write(vm, item)?,
                    (_, item) => streams.information.write(vm, item)?,
                }
            }
            if let Some(record) = reason {
                vm.write_error(record)?;
            }
            if call.switch("AutoRemoveJob") {
                forget(vm, &value);
            }
        }
        Ok(())
    }
}
