//! ForEach-Object -Parallel: a block for each object, several at a time by a time of their own.

use super::job::{Job, Kind, LONGEST, Ran, Stream, Written, jobs, run_beside, state, using_table};
use super::jobs::write_on;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, ErrorRecord, Exception, Fault, R};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;
use std::time::Duration;

/// How many run at a time unless `-ThrottleLimit` says otherwise.
const AT_ONCE: usize = 5;

/// The `$using:` variables of the block, once the call is found to make sense.
pub fn begin(vm: &mut Vm, call: &Call, block: &Rc<ScriptBlock>) -> R<Value> {
    let using = using_table(vm, block)?;
    if let Value::Dict(table) = &using {
        let blocks = table.pairs().iter().any(|(_, value)| is_block(value));
        if blocks {
            return vm.raise(block_fault(
                "ParallelUsingVariableCannotBeScriptBlock",
                "using variable",
            ));
        }
    }
    if call.switch("AsJob") && call.has("TimeoutSeconds") {
        return vm.raise(Fault::of(
            "System.Management.Automation.PSArgumentException",
            "ParallelCannotUseTimeoutWithJob",
            Category::InvalidOperation,
            "The 'TimeoutSeconds' parameter cannot be used with the 'AsJob' parameter.",
        ));
    }
    Ok(using)
}

fn is_block(value: &Value) -> bool {
    matches!(value.base(), Value::Block(_))
}

fn block_fault(id: &str, what: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.PSArgumentException",
        id,
        Category::InvalidType,
        format!(
            "A ForEach-Object -Parallel {what} cannot be a script block. Passed-in script block variables are not supported with ForEach-Object -Parallel, and can result in undefined behavior."
        ),
    )
}

/// Whether an object can be worked on; script blocks belong to the session they come from.
pub fn accept(vm: &mut Vm, input: &Value) -> R<bool> {
    if !is_block(input) {
        return Ok(true);
    }
    vm.write_fault(block_fault(
        "ParallelPipedInputObjectCannotBeScriptBlock",
        "piped input object",
    ))?;
    Ok(false)
}

/// A block runs in a session state of its own: it sees the session's variables only through `$using:`.
fn run_apart(vm: &mut Vm, block: &Rc<ScriptBlock>, using: &Value, input: &Value) -> R<()> {
    let using = using.clone();
    let block = Rc::new(block.bound_to(None));
    vm.in_new_session(|vm| {
        vm.run_block(
            &block,
            crate::runtime::invoke::BlockCall {
                item: Some(input.clone()),
                variables: vec![("<using>".into(), using)],
                ..Default::default()
            },
        )
    })
}

/// The error about one object that what ended its block becomes.
fn task_error(exception: Value) -> Value {
    Value::Error(Rc::new(ErrorRecord::new(
        exception,
        "PSTaskException",
        Category::InvalidOperation,
        Value::Null,
    )))
}

/// The places where blocks run, and when each is free.
struct Places(Vec<Duration>);

impl Places {
    fn new(call: &Call, start: Duration) -> Places {
        let limit = call.int("ThrottleLimit");
        let count = limit.and_then(|n| usize::try_from(n).ok());
        Places(vec![start; count.unwrap_or(AT_ONCE).clamp(1, 4096)])
    }

    /// The place that is free first.
    fn first(&mut self) -> Option<&mut Duration> {
        self.0.iter_mut().min()
    }
}

/// Runs the block for every object and writes what came, by the time it came.
pub fn run_tasks(
    vm: &mut Vm,
    call: &Call,
    block: &Rc<ScriptBlock>,
    using: &Value,
    inputs: Vec<Value>,
) -> R<()> {
    let start = vm.host.elapsed();
    let limit = call
        .int("TimeoutSeconds")
        .and_then(|n| u64::try_from(n).ok());
    let limit = limit.filter(|n| *n > 0).map(Duration::from_secs);
    let deadline = limit.map(|limit| start.saturating_add(limit));
    let mut places = Places::new(call, start);
    let mut all: Vec<(Duration, Stream, Value)> = Vec::new();
    for input in inputs {
        let Some(place) = places.first() else {
            break;
        };
        if deadline.is_some_and(|deadline| *place >= deadline) {
            break;
        }
        let left = deadline.map_or(LONGEST, |deadline| deadline.saturating_sub(*place));
        let written: Rc<Written> = Rc::default();
        let Ran { reason, end } = run_beside(vm, &written, *place, left, |vm| {
            run_apart(vm, block, using, &input)
        })?;
        let last = end.or(deadline).unwrap_or(*place);
        *place = last;
        let items = written.take(usize::MAX, true);
        let times = written.1.take();
        all.extend(times.into_iter().zip(items).map(|(at, (s, v))| (at, s, v)));
        if let Some(record) = reason {
            all.push((last, Stream::Error, task_error(record.exception.clone())));
        }
        if end.is_none() && deadline.is_some() {
            let stopped = Value::Exception(Rc::new(Exception::of(
                "System.Management.Automation.PipelineStoppedException",
                "The pipeline has been stopped.",
            )));
            all.push((last, Stream::Error, task_error(stopped)));
        }
    }
    all.sort_by_key(|(at, _, _)| *at);
    for (at, stream, item) in all {
        let left = at.saturating_sub(vm.host.elapsed());
        if !left.is_zero() {
            vm.pause(left)?;
        }
        match item {
            Value::Error(record) if stream == Stream::Error => {
                record.recorded.set(false);
                vm.write_foreign_error(record)?;
            }
            item => write_on(vm, stream, item)?,
        }
    }
    Ok(())
}

/// The job of `-Parallel -AsJob`: a child for each object.
pub fn task_job(
    vm: &mut Vm,
    call: &Call,
    block: &Rc<ScriptBlock>,
    using: &Value,
    inputs: Vec<Value>,
) -> R<Value> {
    let all = jobs(vm);
    let id = all.next_id();
    let mut job = Job::new(vm, id, Kind::Task, block.text())?;
    job.begun = Value::datetime(vm.now().to_local());
    let start = vm.host.elapsed();
    let mut places = Places::new(call, start);
    let (mut ending, mut last) = (state::COMPLETED, Some(start));
    for input in inputs {
        let id = all.next_id();
        let mut child = Job::new(vm, id, Kind::TaskChild, block.text())?;
        child.begun = Value::datetime(vm.now().to_local());
        let written = child.written.clone();
        let Some(place) = places.first() else {
            break;
        };
        let ran = run_beside(vm, &written, *place, LONGEST, |vm| {
            run_apart(vm, block, using, &input)
        })?;
        if let Some(end) = ran.end {
            *place = end;
        }
        last = last.zip(ran.end).map(|(a, b)| a.max(b));
        if ran.reason.is_some() {
            ending = state::FAILED;
        }
        child.finish(vm, &ran);
        job.children.push(Value::native(child));
    }
    job.end_at(vm, last, ending);
    let job = Value::native(job);
    all.list.borrow_mut().push(job.clone());
    Ok(job)
}
