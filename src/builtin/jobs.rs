//! The cmdlets of background jobs.

use super::job::{Job, Kind, LONGEST, Stream, copy_output, jobs, run_beside, using_table};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;
use std::time::Duration;

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
    ("Wait-Job", || Box::<WaitJob>::default()),
    ("Remove-Job", || Box::new(RemoveJob)),
    ("Stop-Job", || Box::new(StopJob)),
];

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
        let all = jobs(vm);
        let id = all.next_id();
        let kind = if self.thread {
            Kind::Thread
        } else {
            Kind::Process
        };
        let mut job = Job::new(vm, id, kind, &command)?;
        job.begun = Value::datetime(vm.now().to_local());
        let input = std::mem::take(&mut self.input);
        let arguments = call.items("ArgumentList");
        let folder = call.text("WorkingDirectory");
        let written = job.written.clone();
        let start = vm.host.elapsed();
        let ran = run_beside(vm, &written, start, LONGEST, |vm| {
            vm.in_new_session(|vm| {
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
            })
        })?;
        if !self.thread {
            copy_output(vm, &written)?;
        }
        job.finish(vm, &ran);
        if let Some(name) = call.text("Name").filter(|n| !n.is_empty()) {
            job.name = name;
        }
        if !self.thread {
            let id = all.next_id();
            let mut child = Job::new(vm, id, Kind::Child, &command)?;
            child.written = written.clone();
            child.begun = job.begun.clone();
            child.finish(vm, &ran);
            job.children.push(Value::native(child));
        }
        let job = Value::native(job);
        all.list.borrow_mut().push(job.clone());
        vm.write(job)
    }
}

/// The jobs that a call names; ids and names that fit none are errors.
fn selected(vm: &mut Vm, call: &Call) -> R<Vec<Value>> {
    let given = call.items("Job");
    let all = jobs(vm).list.borrow().clone();
    for job in given.iter().chain(&all).filter_map(Value::as_native::<Job>) {
        job.settle(vm);
    }
    if !given.is_empty() {
        return Ok(given);
    }
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
            if hits.is_empty() && !WildcardPattern::contains_wildcards(&name) {
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
    if call.has("InstanceId") {
        for id in call.items("InstanceId") {
            let wanted = vm.to_text(&id)?;
            let mut hit = None;
            for job in &all {
                let own = job.as_native::<Job>().map(|j| j.instance.clone());
                if vm
                    .to_text(&own.unwrap_or_default())?
                    .eq_ignore_ascii_case(&wanted)
                {
                    hit = Some(job.clone());
                }
            }
            match hit {
                Some(job) => found.push(job),
                None => vm.write_fault(
                    Fault::argument(
                        "JobWithSpecifiedInstanceIdNotFound",
                        format!("The command cannot find a job with the instance identifier {wanted}. Verify the value of the InstanceId parameter and then try the command again."),
                    )
                    .category(Category::ObjectNotFound)
                    .target(id),
                )?,
            }
        }
        return Ok(found);
    }
    if call.has("Command") {
        for pattern in call.texts("Command") {
            let matcher = vm.wildcard(&pattern, true)?;
            let hits = all.iter().filter(|job| {
                job.as_native::<Job>()
                    .is_some_and(|j| matcher.is_match(j.command.trim()))
            });
            found.extend(hits.cloned());
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

/// Those of some jobs that the further parameters of Get-Job ask for.
fn filtered(vm: &mut Vm, call: &Call, found: Vec<Value>) -> R<Vec<Value>> {
    let mut kept = Vec::new();
    let wanted = call.get("HasMoreData").map(|wanted| vm.to_bool(&wanted));
    let state = call.get("ChildJobState");
    for job in found {
        let Some(own) = job.as_native::<Job>() else {
            continue;
        };
        if wanted.is_some_and(|wanted| wanted != own.has_more()) {
            continue;
        }
        if let Some(state) = &state {
            let mut any = false;
            for child in &own.children {
                let is = vm.get_member(child, "State")?.unwrap_or_default();
                any |= vm.equals(&is, state, true)?;
            }
            if !any {
                continue;
            }
        }
        kept.push(job.clone());
        if call.switch("IncludeChildJob") {
            kept.extend(own.children.iter().cloned());
        }
    }
    for (parameter, later) in [("After", true), ("Before", false)] {
        let Some(limit) = call.get(parameter) else {
            continue;
        };
        let mut fitting = Vec::new();
        for job in kept {
            let begun = vm.get_member(&job, "PSBeginTime")?.unwrap_or_default();
            let order = vm.compare(&begun, &limit, true)?;
            if order.is_gt() == later {
                fitting.push(job);
            }
        }
        kept = fitting;
    }
    if let Some(newest) = call.int("Newest").and_then(|n| usize::try_from(n).ok()) {
        let rest = kept.len().saturating_sub(newest);
        kept.drain(..rest);
    }
    Ok(kept)
}

struct GetJob;

impl Cmdlet for GetJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = selected(vm, call)?;
        for job in filtered(vm, call, found)? {
            vm.write(job)?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct WaitJob {
    waited: Vec<Value>,
}

fn is_finished(vm: &mut Vm, job: &Value) -> bool {
    job.as_native::<Job>().is_none_or(|job| {
        job.settle(vm);
        job.is_finished()
    })
}

/// Lets time pass until a job is at its end.
fn wait_for(vm: &mut Vm, job: &Value) -> R<()> {
    while !is_finished(vm, job) {
        vm.pause(Duration::from_millis(50))?;
    }
    Ok(())
}

impl Cmdlet for WaitJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let found = selected(vm, call)?;
        self.waited.extend(found);
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let any = call.switch("Any");
        let limit = call.int("Timeout").and_then(|n| u64::try_from(n).ok());
        let end = limit.map(|n| vm.host.elapsed() + Duration::from_secs(n));
        while match any {
            true => !self.waited.iter().any(|job| is_finished(vm, job)),
            false => !self.waited.iter().all(|job| is_finished(vm, job)),
        } && !self.waited.is_empty()
        {
            if end.is_some_and(|end| vm.host.elapsed() >= end) {
                break;
            }
            vm.pause(Duration::from_millis(50))?;
        }
        let done: Vec<Value> = self
            .waited
            .iter()
            .filter(|j| is_finished(vm, j))
            .cloned()
            .collect();
        let most = if any { 1 } else { usize::MAX };
        // Every job or none: what is not over when the time is, is not there.
        if !any && done.len() < self.waited.len() && limit.is_none() {
            return Ok(());
        }
        for job in done.into_iter().take(most) {
            vm.write(job)?;
        }
        Ok(())
    }
}

struct StopJob;

impl Cmdlet for StopJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for job in selected(vm, call)? {
            let id = job.as_native::<Job>().map_or(0, |j| j.id);
            if !vm.should_process(call, &format!("Command ID: {id}"), "Stop-Job")? {
                continue;
            }
            if let Some(own) = job.as_native::<Job>() {
                own.stop(vm)?;
            }
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
        for value in selected(vm, call)? {
            let Some(job) = value.as_native::<Job>() else {
                continue;
            };
            let target = format!("Command ID: {}", job.id);
            if !vm.should_process(call, &target, "Remove-Job")? {
                continue;
            }
            if !job.is_finished() {
                if !call.switch("Force") {
                    vm.write_fault(
                        Fault::argument(
                            "JobObjectNotFinishedCannotBeRemoved",
                            format!("The command cannot remove the job with the job ID {} because the job is not finished. To remove the job, first stop the job, or use the Force parameter. (Parameter 'Job')", job.id),
                        )
                        .category(Category::InvalidOperation)
                        .target(value.clone()),
                    )?;
                    continue;
                }
                job.stop(vm)?;
            }
            forget(vm, &value);
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

/// Writes what came by a stream that is not that of errors.
pub fn write_on(vm: &mut Vm, stream: Stream, item: Value) -> R<()> {
    let streams = vm.streams.clone();
    match stream {
        Stream::Output => vm.write(item),
        Stream::Warning => streams.warning.write(vm, item),
        Stream::Verbose => streams.verbose.write(vm, item),
        Stream::Debug => streams.debug.write(vm, item),
        Stream::Error | Stream::Information => streams.information.write(vm, item),
    }
}

/// Writes what a job and those that work for it wrote.
fn receive(vm: &mut Vm, job: &Job, keep: bool) -> R<()> {
    job.settle(vm);
    let ready = job.ready(vm);
    let items = job.written.take(ready, keep);
    let finished = job.pending.borrow().is_none();
    let untold = finished && !job.told.get();
    let reason = job.reason.borrow().clone().filter(|_| untold);
    if !keep && finished {
        job.told.set(true);
    }
    for (stream, item) in items {
        match (stream, item) {
            (_, Value::Error(record)) => vm.write_error(record)?,
            (stream, item) => write_on(vm, stream, item)?,
        }
    }
    if let Some(record) = reason {
        vm.write_error(record)?;
    }
    if job.kind == Kind::Task {
        for child in &job.children {
            if let Some(child) = child.as_native::<Job>() {
                receive(vm, child, keep)?;
            }
        }
    }
    Ok(())
}

impl Cmdlet for ReceiveJob {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for value in selected(vm, call)? {
            let Some(job) = value.as_native::<Job>() else {
                continue;
            };
            if call.switch("WriteJobInResults") {
                vm.write(value.clone())?;
            }
            if call.switch("Wait") {
                wait_for(vm, &value)?;
            }
            receive(vm, job, call.switch("Keep"))?;
            if call.switch("AutoRemoveJob") && job.is_finished() {
                forget(vm, &value);
            }
        }
        Ok(())
    }
}
