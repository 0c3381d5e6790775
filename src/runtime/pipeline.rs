//! Running pipelines: stages that push objects to each other, one at a time.

use super::collection::Changing;
use super::command::Command;
use super::error::{Exception, Fault, R, Unwind};
use super::invocation::Extent;
use super::items::Items;
use super::parameter::Argument;
use super::streams::{NullSink, Sink, Streams};
use super::value::Value;
use super::vm::Vm;
use crate::syntax::ast::RedirectionStream;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A command with its evaluated arguments, to be run as a stage.
pub struct Request {
    /// What to run.
    pub command: Command,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// The name it was called by.
    pub name: Rc<str>,
    /// The call's place.
    pub extent: Extent,
    /// Called with `.`: runs in the current scope.
    pub dot: bool,
    /// Redirections of its streams.
    pub redirects: Vec<Redirect>,
    /// How the arguments of a native program were written, by position; empty for other commands.
    pub forms: Vec<ArgumentForm>,
}

/// How an argument stood in the text, as far as native programs see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentForm {
    /// Any expression: its value counts.
    Value,
    /// A bare word, expanded against the file system; the value of a bare variable as well.
    Word,
    /// A list written out: passed as its source text.
    List(Rc<str>),
    /// `-name: value`, with a blank after the colon.
    Apart,
}

impl Request {
    /// A call made from Rust.
    pub fn internal(vm: &Vm, command: Command, arguments: Vec<Argument>) -> Request {
        let name = command.name();
        Request {
            command,
            arguments,
            name,
            extent: vm.extent(),
            dot: false,
            redirects: Vec::new(),
            forms: Vec::new(),
        }
    }
}

/// A redirection with its evaluated target.
pub enum Redirect {
    /// Into another stream.
    Merge {
        /// Which stream.
        from: RedirectionStream,
        /// Into which.
        to: RedirectionStream,
    },
    /// Into a file.
    File {
        /// Which stream.
        from: RedirectionStream,
        /// The file's name; null drops everything.
        name: Value,
        /// Behind what is there.
        append: bool,
    },
}

/// What runs in a stage.
pub trait Runner {
    /// Before the first object.
    fn begin(&mut self, vm: &mut Vm) -> R<()>;
    /// For each object.
    fn process(&mut self, vm: &mut Vm, input: Value) -> R<()>;
    /// Once, when nothing feeds the stage.
    fn process_without_input(&mut self, vm: &mut Vm) -> R<()>;
    /// Whether it is a native program, which takes another one's output as bytes.
    fn takes_bytes(&self) -> bool {
        false
    }
    /// Takes another program's output.
    fn process_bytes(&mut self, _bytes: Vec<u8>) {}
    /// After the last object.
    fn end(&mut self, vm: &mut Vm) -> R<()>;
    /// Always, at last.
    fn clean(&mut self, _vm: &mut Vm) -> R<()> {
        Ok(())
    }
}

/// A stage of a running pipeline; writing to it feeds it an object.
pub struct Stage {
    /// Distinguishes it from every other stage.
    pub id: usize,
    runner: RefCell<Option<Box<dyn Runner>>>,
    next: RefCell<Rc<dyn Sink>>,
    streams: RefCell<Option<Rc<Streams>>>,
    begun: Cell<bool>,
    /// Ended early: takes no more objects.
    stopped: Cell<bool>,
}

impl Stage {
    fn new(next: Rc<dyn Sink>) -> Rc<Stage> {
        thread_local! { static NEXT: Cell<usize> = const { Cell::new(1) }; }
        let id = NEXT.with(|n| n.replace(n.get() + 1));
        Rc::new(Stage {
            id,
            runner: RefCell::default(),
            next: RefCell::new(next),
            streams: RefCell::default(),
            begun: Cell::new(false),
            stopped: Cell::new(false),
        })
    }

    fn run(&self, vm: &mut Vm, work: impl FnOnce(&mut dyn Runner, &mut Vm) -> R<()>) -> R<()> {
        // A stage that is already running cannot be fed again: its input would overtake itself.
        let Ok(mut slot) = self.runner.try_borrow_mut() else {
            return Ok(());
        };
        let Some(runner) = slot.as_mut() else {
            return Ok(());
        };
        let out = std::mem::replace(&mut vm.out, self.next.borrow().clone());
        let streams = self
            .streams
            .borrow()
            .clone()
            .map(|s| std::mem::replace(&mut vm.streams, s));
        let result = work(&mut **runner, vm);
        vm.out = out;
        if let Some(streams) = streams {
            vm.streams = streams;
        }
        result
    }

    /// Lists such as that of `-ErrorVariable` around a pipeline hold what its last command writes: they belong to
    /// where the output goes, and the output of the others goes to the next command.
    fn forget_lists(&self) {
        let mut slot = self.streams.borrow_mut();
        if let Some(streams) = slot.as_ref()
            && streams.has_lists()
        {
            *slot = Some(Rc::new(streams.without_lists()));
        }
    }

    fn begin(&self, vm: &mut Vm) -> R<()> {
        if self.begun.replace(true) {
            Ok(())
        } else {
            self.run(vm, |runner, vm| runner.begin(vm))
        }
    }
}

/// A file that takes a program's output as it is.
struct ByteFile {
    path: std::path::PathBuf,
    /// Where objects go.
    text: Rc<dyn Sink>,
}

impl Sink for ByteFile {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        self.text.write(vm, value)
    }

    fn takes_bytes(&self) -> bool {
        true
    }

    fn write_bytes(&self, _vm: &mut Vm, bytes: Vec<u8>) -> R<()> {
        use std::io::Write;
        let file = std::fs::OpenOptions::new().append(true).open(&self.path);
        match file.and_then(|mut file| file.write_all(&bytes)) {
            Ok(()) => Ok(()),
            Err(error) => Err(Fault::dotnet("System.IO.IOException", error.to_string()).into()),
        }
    }
}

/// The stages of a pipeline, and those that write the files of its redirections.
pub struct Stages {
    stages: Vec<Rc<Stage>>,
    extra: Vec<Rc<Stage>>,
}

impl Sink for Stage {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        if self.stopped.get() {
            return Ok(());
        }
        if !self.begun.get() {
            self.begin(vm)?;
        }
        self.run(vm, |runner, vm| runner.process(vm, value))
    }

    fn takes_bytes(&self) -> bool {
        let runner = self.runner.try_borrow();
        runner.is_ok_and(|r| r.as_ref().is_some_and(|r| r.takes_bytes()))
    }

    fn write_bytes(&self, vm: &mut Vm, bytes: Vec<u8>) -> R<()> {
        self.run(vm, |runner, _| {
            runner.process_bytes(bytes);
            Ok(())
        })
    }
}

/// What a pipeline is fed with, and the collection it is from when that can change.
pub type Input = (Items, Option<Changing>);

/// The error of a collection that a command of the pipeline changed while it was piped.
fn changed_meanwhile() -> Fault {
    let inner = Exception::of(
        "System.InvalidOperationException",
        "Collection was modified; enumeration operation may not execute.",
    );
    Fault::new(
        "BadEnumeration",
        "An error occurred while enumerating through a collection: Collection was modified; enumeration operation may not execute..",
    )
    .inner(inner)
}

impl Vm {
    /// Runs commands as a pipeline; `input` feeds the first one. Output goes to the current sink.
    pub fn run_pipeline(&mut self, requests: Vec<Request>, input: Option<Vec<Value>>) -> R<()> {
        self.run_pipeline_on(requests, input.map(|items| (Items::List(items), None)))
    }

    /// Runs a pipeline over the items of a collection that must not change under it.
    pub fn run_pipeline_on(&mut self, requests: Vec<Request>, input: Option<Input>) -> R<()> {
        self.check_interrupt()?;
        if self.session.events_active {
            self.process_pending_actions()?;
        }
        let outer = std::mem::take(&mut self.pipeline_failed);
        let result = self.run_stages(requests, input);
        let failed = std::mem::replace(&mut self.pipeline_failed, outer);
        self.success = match &result {
            Ok(()) => !failed,
            Err(_) => false,
        };
        result
    }

    fn run_stages(&mut self, requests: Vec<Request>, input: Option<Input>) -> R<()> {
        let Stages { stages, extra } = self.make_stages(requests, input.is_some())?;
        let result = self.drive(&stages, input);
        let result = self.finish(&stages, result);
        self.finish_files(&extra, result)
    }

    /// Ends what writes the files of redirections.
    fn finish_files(&mut self, extra: &[Rc<Stage>], result: R<()>) -> R<()> {
        for stage in extra {
            let ended = stage
                .begin(self)
                .and_then(|()| stage.run(self, |runner, vm| runner.end(vm)));
            if result.is_ok() {
                ended?;
            }
        }
        result
    }

    /// Makes the stages of a pipeline and binds their arguments; nothing runs yet.
    fn make_stages(&mut self, requests: Vec<Request>, expecting_input: bool) -> R<Stages> {
        let count = requests.len();
        let mut extra: Vec<Rc<Stage>> = Vec::new();
        let mut stages: Vec<Rc<Stage>> = Vec::with_capacity(count);
        let mut next = self.out.clone();
        for (behind, request) in requests.iter().rev().enumerate() {
            let stage = Stage::new(next);
            let native = matches!(request.command, Command::Application(_));
            self.apply_redirects(&stage, &request.redirects, native, &mut extra)?;
            if count > 1 && stage.streams.borrow().is_none() {
                // It runs inside the stage before it, whose streams are not its own.
                *stage.streams.borrow_mut() = Some(self.streams.clone());
            }
            if behind > 0 {
                stage.forget_lists();
            }
            next = stage.clone();
            stages.push(stage);
        }
        stages.reverse();
        for (index, request) in requests.into_iter().enumerate() {
            let place = Place {
                index,
                count,
                expecting_input: index > 0 || expecting_input,
                stage: stages[index].id,
                last: index + 1 == count,
            };
            let redirected = stages[index].streams.borrow().clone();
            let saved = redirected.map(|s| std::mem::replace(&mut self.streams, s));
            let out = std::mem::replace(&mut self.out, stages[index].next.borrow().clone());
            let runner = self.make_runner(request, place);
            self.out = out;
            if let Some(saved) = saved {
                self.streams = saved;
            }
            *stages[index].runner.borrow_mut() = Some(runner?);
        }
        Ok(Stages { stages, extra })
    }

    /// Starts a pipeline that is fed from outside; its output goes to the current sink.
    pub fn start_steps(&mut self, requests: Vec<Request>, expecting_input: bool) -> R<Stages> {
        let made = self.make_stages(requests, expecting_input)?;
        let mut result = Ok(());
        for stage in &made.stages {
            result = stage.begin(self);
            if result.is_err() {
                break;
            }
        }
        match result {
            Ok(()) => Ok(made),
            Err(unwind) => {
                self.finish(&made.stages, Err(unwind))?;
                Ok(made)
            }
        }
    }

    /// Lets the commands of a pipeline that was fed from outside clean up, those that have not.
    pub fn clean_steps(&mut self, stages: &Stages) -> R<()> {
        self.finish(&stages.stages, Ok(()))
    }

    /// Feeds one object, or runs the first command once without any.
    pub fn step(&mut self, stages: &Stages, input: Option<Value>) -> R<()> {
        let Some(first) = stages.stages.first() else {
            return Ok(());
        };
        let fed = match input {
            Some(value) => first.write(self, value),
            None => first.run(self, |runner, vm| runner.process_without_input(vm)),
        };
        match fed {
            Err(unwind) => {
                let result = self.stopped_at(&stages.stages, unwind).map(drop);
                match result {
                    Ok(()) => Ok(()),
                    failed => self.finish(&stages.stages, failed),
                }
            }
            Ok(()) => Ok(()),
        }
    }

    /// Ends a pipeline that was fed from outside.
    pub fn end_steps(&mut self, stages: &Stages) -> R<()> {
        let mut result = Ok(());
        for stage in &stages.stages {
            if let Err(unwind) = stage.run(self, |runner, vm| runner.end(vm))
                && let Err(other) = self.stopped_at(&stages.stages, unwind)
            {
                result = Err(other);
                break;
            }
        }
        let result = self.finish(&stages.stages, result);
        self.finish_files(&stages.extra, result)
    }

    fn drive(&mut self, stages: &[Rc<Stage>], input: Option<Input>) -> R<()> {
        let mut from = 0;
        let fed = self.feed(stages, input);
        if let Err(unwind) = fed {
            from = self.stopped_at(stages, unwind)?;
        }
        let mut at = from;
        while at < stages.len() {
            if let Err(unwind) = stages[at].run(self, |runner, vm| runner.end(vm)) {
                let stopped = self.stopped_at(stages, unwind)?;
                at = at.max(stopped.saturating_sub(1));
            }
            at += 1;
        }
        Ok(())
    }

    fn feed(&mut self, stages: &[Rc<Stage>], input: Option<Input>) -> R<()> {
        for stage in stages {
            stage.begin(self)?;
        }
        match input {
            Some((items, changing)) => {
                let first = &stages[0];
                items.try_each(|item| {
                    self.check_interrupt()?;
                    first.write(self, item)?;
                    if changing.as_ref().is_some_and(Changing::happened) {
                        return self.raise(changed_meanwhile());
                    }
                    Ok(())
                })
            }
            None => stages[0].run(self, |runner, vm| runner.process_without_input(vm)),
        }
    }

    /// The stage that asked the ones before it to stop, if it is one of these.
    #[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
    fn stopped_at(&mut self, stages: &[Rc<Stage>], unwind: Box<Unwind>) -> R<usize> {
        match *unwind {
            Unwind::StopUpstream(id) => match stages.iter().position(|s| s.id == id) {
                Some(at) => {
                    stages[..at].iter().for_each(|s| s.stopped.set(true));
                    Ok(at)
                }
                None => Err(Box::new(Unwind::StopUpstream(id))),
            },
            other => Err(Box::new(other)),
        }
    }

    fn finish(&mut self, stages: &[Rc<Stage>], result: R<()>) -> R<()> {
        for stage in stages {
            self.cleaning_up(&result, |vm| {
                stage.run(vm, |runner, vm| match runner.clean(vm) {
                    Err(unwind) => match *unwind {
                        // The error of a command's own clean block goes where its errors go.
                        Unwind::Error(thrown) => {
                            vm.pipeline_failed = true;
                            vm.remember_error(&thrown.record);
                            vm.report_error(&thrown.record)
                        }
                        other => Err(Box::new(other)),
                    },
                    Ok(()) => Ok(()),
                })
            })?;
        }
        result
    }

    fn apply_redirects(
        &mut self,
        stage: &Rc<Stage>,
        redirects: &[Redirect],
        native: bool,
        extra: &mut Vec<Rc<Stage>>,
    ) -> R<()> {
        if redirects.is_empty() {
            return Ok(());
        }
        let mut streams = (*self.streams).clone();
        // Files first: what is merged into the success stream follows it to its file.
        for redirect in redirects {
            if let Redirect::File { from, name, append } = redirect {
                let mut sink = self.file_sink(name, *append, extra)?;
                // A program's own bytes go to the file, unless messages come between them.
                let alone = !redirects
                    .iter()
                    .any(|r| matches!(r, Redirect::Merge { .. }));
                if native && alone && *from == RedirectionStream::Output && !name.is_null() {
                    let text = self.to_text(name)?;
                    let path = self.file_system_path(&text)?;
                    sink = Rc::new(ByteFile { path, text: sink });
                }
                if matches!(from, RedirectionStream::Output | RedirectionStream::All) {
                    *stage.next.borrow_mut() = sink.clone();
                }
                redirect_stream(&mut streams, *from, &sink);
            }
        }
        for redirect in redirects {
            if let Redirect::Merge { from, .. } = redirect {
                let next = stage.next.borrow().clone();
                redirect_stream(&mut streams, *from, &next);
                if matches!(from, RedirectionStream::Error | RedirectionStream::All) {
                    streams.error = Rc::new(MergedErrors(next));
                }
            }
        }
        *stage.streams.borrow_mut() = Some(Rc::new(streams));
        Ok(())
    }

    fn file_sink(
        &mut self,
        name: &Value,
        append: bool,
        extra: &mut Vec<Rc<Stage>>,
    ) -> R<Rc<dyn Sink>> {
        if name.is_null() {
            return Ok(Rc::new(NullSink));
        }
        let text = self.to_text(name)?;
        let command = self.resolve_command("Out-File")?;
        let mut arguments = vec![Argument::named("FilePath", Value::str(text))];
        if append {
            arguments.push(Argument::named("Append", Value::Switch(true)));
        }
        let stage = Stage::new(Rc::new(NullSink));
        let request = Request::internal(self, command, arguments);
        let place = Place {
            index: 1,
            count: 2,
            expecting_input: true,
            stage: stage.id,
            last: true,
        };
        let runner = self.make_runner(request, place)?;
        *stage.runner.borrow_mut() = Some(runner);
        // The file is there before the command runs; where it cannot be, the command does not run.
        stage.begin(self)?;
        extra.push(stage.clone());
        Ok(stage)
    }

    /// Runs `work` with the streams redirected.
    pub fn with_redirects(
        &mut self,
        redirects: Vec<Redirect>,
        work: impl FnOnce(&mut Vm) -> R<()>,
    ) -> R<()> {
        let stage = Stage::new(self.out.clone());
        let mut extra = Vec::new();
        self.apply_redirects(&stage, &redirects, false, &mut extra)?;
        let out = std::mem::replace(&mut self.out, stage.next.borrow().clone());
        let streams = stage
            .streams
            .borrow()
            .clone()
            .map(|s| std::mem::replace(&mut self.streams, s));
        let result = work(self);
        self.out = out;
        if let Some(streams) = streams {
            self.streams = streams;
        }
        for stage in extra {
            stage.begin(self)?;
            stage.run(self, |runner, vm| runner.end(vm))?;
        }
        result
    }

    fn make_runner(&mut self, request: Request, place: Place) -> R<Box<dyn Runner>> {
        let asks_for_help = !matches!(request.command, Command::Application(_) | Command::Block(_))
            && request
                .arguments
                .iter()
                .any(|a| matches!(a, Argument::Named { name, .. } if &**name == "?"));
        if asks_for_help && let Some(Command::Cmdlet(help)) = self.find_cmdlet("Get-Help") {
            let name = Value::str(&*request.command.name());
            let request = Request {
                command: Command::Cmdlet(help.clone()),
                arguments: vec![Argument::named("Name", name)],
                ..request
            };
            return (self.language.bind_cmdlet)(self, help, request, place);
        }
        match &request.command {
            Command::Cmdlet(info) => {
                let info = info.clone();
                (self.language.bind_cmdlet)(self, info, request, place)
            }
            Command::Function(_) | Command::Block(_) | Command::Script(_) => {
                (self.language.bind_function)(self, request, place)
            }
            Command::Application(info) => {
                let info = info.clone();
                Ok(Box::new(super::run_native::NativeRunner::new(
                    self, info, request, place,
                )?))
            }
            Command::Alias(alias) => {
                let resolved = self.resolve_command(&alias.definition)?;
                self.make_runner(
                    Request {
                        command: resolved,
                        ..request
                    },
                    place,
                )
            }
        }
    }
}

/// Where a command stands in its pipeline.
#[derive(Clone, Copy)]
pub struct Place {
    /// From 0.
    pub index: usize,
    /// Number of commands.
    pub count: usize,
    /// Something feeds it.
    pub expecting_input: bool,
    /// Its stage.
    pub stage: usize,
    /// Nothing follows.
    pub last: bool,
}

/// The error stream inside the success stream: its records stay known as errors.
struct MergedErrors(Rc<dyn Sink>);

impl Sink for MergedErrors {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        if let Value::Error(record) = &value {
            record.merged.set(true);
        }
        self.0.write(vm, value)
    }
}

fn redirect_stream(streams: &mut Streams, from: RedirectionStream, to: &Rc<dyn Sink>) {
    let all = from == RedirectionStream::All;
    if all || from == RedirectionStream::Error {
        streams.error = to.clone();
        streams.error_redirected = true;
    }
    if all || from == RedirectionStream::Warning {
        streams.warning = to.clone();
    }
    if all || from == RedirectionStream::Verbose {
        streams.verbose = to.clone();
    }
    if all || from == RedirectionStream::Debug {
        streams.debug = to.clone();
    }
    if all || from == RedirectionStream::Information {
        streams.information = to.clone();
    }
}
