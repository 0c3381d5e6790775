//! The machine a program runs on: its scopes, streams, call stack and session.

use super::collection::List;
use super::command::Call;
use super::error::{ErrorRecord, Fault, R, Thrown, Unwind};
use super::invocation::{Extent, InvocationInfo};
use super::items::Items;
use super::language::Language;
use super::limits::Steps;
use super::scope::{Layout, Scope, ScopeKind};
use super::session::Session;
use super::streams::{Collector, NullSink, Sink, Streams};
use super::types::{find_full, known};
use super::value::Value;
use crate::host::Host;
use crate::host::discard::discard;
use crate::host::long_work;
use crate::syntax::ast::Span;
use crate::syntax::source::Source;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Set by Ctrl-C; loops, calls and pipelines look at it and stop.
pub use crate::host::{INTERRUPTED, interrupted};

/// How deep calls may nest before they end in an error record.
pub const MAX_CALL_DEPTH: usize = 2000;

/// One entry of the call stack: who runs, and where it is.
#[derive(Clone)]
pub struct Frame {
    /// `<ScriptBlock>`, a function's name, or a file's name.
    pub name: Rc<str>,
    /// The text it runs.
    pub source: Rc<Source>,
    /// The statement it is at.
    pub span: Span,
    /// How it was called.
    pub invocation: Rc<InvocationInfo>,
    /// Name behind the comma of ids of errors that leave it: set for advanced functions and cmdlets.
    pub raiser: Option<Rc<str>>,
}

/// Overrides by common parameters of the running cmdlet.
#[derive(Clone, Copy, Default)]
pub struct ActionOverrides {
    /// `-ErrorAction`
    pub error: Option<Action>,
    /// `-WarningAction`
    pub warning: Option<Action>,
    /// `-Verbose`
    pub verbose: Option<Action>,
    /// `-Debug`
    pub debug: Option<Action>,
    /// `-InformationAction`
    pub information: Option<Action>,
    /// `-ProgressAction`
    pub progress: Option<Action>,
    /// `-WhatIf`
    pub what_if: Option<bool>,
    /// `-Confirm`
    pub confirm: Option<bool>,
}

/// `System.Management.Automation.ActionPreference`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum Action {
    SilentlyContinue,
    Stop,
    Continue,
    Inquire,
    Ignore,
    Suspend,
    Break,
}

impl Action {
    /// The action of these enum bits.
    pub fn from_bits(bits: i64) -> Option<Action> {
        use Action::*;
        [
            SilentlyContinue,
            Stop,
            Continue,
            Inquire,
            Ignore,
            Suspend,
            Break,
        ]
        .get(usize::try_from(bits).ok()?)
        .copied()
    }
}

/// The machine.
pub struct Vm {
    /// The scope code runs in.
    pub scope: Rc<Scope>,
    /// The session's outermost scope.
    pub global: Rc<Scope>,
    /// Where the success stream goes.
    pub out: Rc<dyn Sink>,
    /// Where the message streams go.
    pub streams: Rc<Streams>,
    /// Who runs.
    pub frame: Frame,
    /// Who called, outermost first.
    pub callers: Vec<Frame>,
    /// The cmdlet that runs, if one does.
    pub current_call: Option<Rc<Call>>,
    /// Common parameters of the cmdlet that runs.
    pub overrides: ActionOverrides,
    /// Console, clock, files, processes.
    pub host: Rc<dyn Host>,
    /// Lowers trees and binds arguments.
    pub language: &'static Language,
    /// What belongs to the session rather than to running code.
    pub session: Session,
    /// `$?`
    pub success: bool,
    /// What `return` gave in the method that runs.
    pub returned: Option<Value>,
    /// `$Error`
    pub errors: Rc<List>,
    /// Inside `try`: errors of statements go to the handler.
    pub propagate: bool,
    /// The traps of the innermost block that has some, and how many callers that block's code has.
    pub traps: Option<(usize, Rc<[super::script_block::Trap]>)>,
    /// How many loops of the running code are open: jumps have a target.
    pub loop_depth: usize,
    /// Records of the handlers that run, innermost last.
    pub caught: Vec<Rc<ErrorRecord>>,
    /// Set when a command of the running pipeline wrote an error.
    pub pipeline_failed: bool,
    /// What frames of script blocks are called: one text, shared.
    pub block_name: Rc<str>,
    /// How many calls are open.
    pub depth: usize,
    /// Whether what runs cleans up after Ctrl-C.
    pub cleaning: bool,
    /// Whether Ctrl-C stopped that as well.
    pub hurried: bool,
    /// Whether prompts may ask a person.
    pub interactive: bool,
    /// How much longer it may run.
    pub steps: Steps,
}

impl Vm {
    /// A machine with an empty global scope, writing to these sinks.
    pub fn new(
        language: &'static Language,
        host: Rc<dyn Host>,
        out: Rc<dyn Sink>,
        streams: Streams,
    ) -> Vm {
        let global = Scope::new(ScopeKind::Global, Layout::growing(), None, None);
        let source = Rc::new(Source::new("", None));
        let block_name: Rc<str> = "<ScriptBlock>".into();
        Vm {
            scope: global.clone(),
            global,
            out,
            streams: Rc::new(streams),
            frame: Frame {
                name: block_name.clone(),
                source,
                span: Span::default(),
                invocation: Rc::new(InvocationInfo::default()),
                raiser: None,
            },
            callers: Vec::new(),
            current_call: None,
            overrides: ActionOverrides::default(),
            host,
            language,
            session: Session::default(),
            block_name,
            success: true,
            returned: None,
            errors: Rc::new(List::array_list(Vec::new())),
            propagate: false,
            traps: None,
            loop_depth: 0,
            caught: Vec::new(),
            pipeline_failed: false,
            depth: 0,
            cleaning: false,
            hurried: false,
            interactive: false,
            steps: Steps::default(),
        }
    }

    /// Writes one value to the success stream, whole.
    pub fn write(&mut self, value: Value) -> R<()> {
        let out = self.out.clone();
        out.write(self, value)
    }

    /// Writes a value to the success stream; collections are unrolled one level, missing output is nothing.
    pub fn emit(&mut self, value: Value) -> R<()> {
        match &value {
            Value::Nothing => Ok(()),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Long(_)
            | Value::Double(_)
            | Value::Str(_)
            | Value::Dict(_)
            | Value::Custom(_)
            | Value::Error(_) => self.write(value),
            _ => match self.enumerate(&value)? {
                None => self.write(value),
                Some(items) => {
                    let out = self.out.clone();
                    Items::List(items).try_each(|item| {
                        self.heed()?;
                        out.write(self, item)
                    })
                }
            },
        }
    }

    /// Runs `work` and gives what it wrote to the success stream.
    pub fn collect(&mut self, work: impl FnOnce(&mut Vm) -> R<()>) -> R<Vec<Value>> {
        let collector = Rc::new(Collector::default());
        let saved = std::mem::replace(&mut self.out, collector.clone());
        let result = work(self);
        self.out = saved;
        result?;
        Ok(collector.items.take())
    }

    /// Runs `work` and gives what it wrote to the success stream. When it ends early, what was written
    /// goes on to the stream around it: after a jump always, after an error if it is to be `preserved`.
    pub fn capture(
        &mut self,
        preserved: bool,
        work: impl FnOnce(&mut Vm) -> R<()>,
    ) -> R<Vec<Value>> {
        let collector = Rc::new(Collector::default());
        let saved = std::mem::replace(&mut self.out, collector.clone());
        let result = work(self);
        self.out = saved;
        let items = collector.items.take();
        let Err(unwind) = result else {
            return Ok(items);
        };
        let handed_on = match &*unwind {
            Unwind::Return | Unwind::Break(_) | Unwind::Continue(_) | Unwind::Exit(_) => true,
            Unwind::Error(_) => preserved,
            Unwind::StopUpstream(_) | Unwind::Stopped => false,
        };
        if handed_on {
            let out = self.out.clone();
            for item in items {
                out.write(self, item)?;
            }
        }
        Err(unwind)
    }

    /// Runs `work` as .NET code calls scripts: an error that would only end a statement ends all of it.
    pub fn propagating<T>(&mut self, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        let saved = std::mem::replace(&mut self.propagate, true);
        let result = work(self);
        self.propagate = saved;
        result
    }

    /// Runs `work` and drops what it wrote to the success stream.
    pub fn discard<T>(&mut self, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        let saved = std::mem::replace(&mut self.out, Rc::new(NullSink));
        let result = work(self);
        self.out = saved;
        result
    }

    /// Runs `work` in another scope.
    pub fn in_scope<T>(&mut self, scope: Rc<Scope>, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        let saved = std::mem::replace(&mut self.scope, scope);
        let result = work(self);
        self.scope = saved;
        result
    }

    /// Runs `work` as a new entry of the call stack; too deep a stack is CallDepthOverflow.
    pub fn in_frame<T>(&mut self, frame: Frame, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        if self.depth >= MAX_CALL_DEPTH {
            if self.cleaning {
                // What cleans up and calls itself would do so again at every level.
                INTERRUPTED.store(true, Ordering::Relaxed);
                return Err(Box::new(Unwind::Stopped));
            }
            return Err(Fault::of(
                "System.Management.Automation.ScriptCallDepthException",
                "CallDepthOverflow",
                super::error::Category::InvalidOperation,
                "The script failed due to call depth overflow.",
            )
            .target(Value::Int(0))
            .into());
        }
        self.check_interrupt()?;
        self.depth += 1;
        let caller = std::mem::replace(&mut self.frame, frame);
        self.callers.push(caller);
        let overrides = std::mem::take(&mut self.overrides);
        let call = self.current_call.take();
        let result = work(self);
        self.current_call = call;
        self.overrides = overrides;
        if let Some(caller) = self.callers.pop() {
            self.frame = caller;
        }
        self.depth -= 1;
        result
    }

    /// Where the program is.
    pub fn extent(&self) -> Extent {
        Extent {
            source: self.frame.source.clone(),
            span: self.frame.span,
        }
    }

    /// The callers as text, innermost first, one a line.
    pub fn stack_trace(&self) -> String {
        let mut lines = Vec::new();
        for frame in std::iter::once(&self.frame).chain(self.callers.iter().rev()) {
            if frame.source.text.is_empty() && frame.source.file.is_none() {
                continue;
            }
            let line = frame.source.position(frame.span.start as usize).line;
            let file = frame.source.file.as_deref().unwrap_or("<No file>");
            lines.push(format!("at {}, {file}: line {line}", frame.name));
        }
        lines.join("\n")
    }

    /// Gives a record its place, if it has none yet: the current statement.
    pub fn locate(&self, record: &ErrorRecord) {
        if record.invocation.borrow().is_none() {
            let info = InvocationInfo {
                position: Some(self.extent()),
                ..InvocationInfo::default()
            };
            if &**record.error_id.borrow() == "CommandNotFoundException"
                && let Value::Str(name) = &record.target
            {
                // What was not found was called by that name, or by the call operator.
                let before = &self.frame.source.text;
                let before = before.get(..self.frame.span.start as usize).unwrap_or("");
                let name = match before.trim_end().ends_with('&') {
                    true => "&",
                    false => name.as_str(),
                };
                *info.invocation_name.borrow_mut() = name.into();
            }
            *record.invocation.borrow_mut() = Some(Rc::new(info));
        }
        if record.stack_trace.borrow().is_empty() {
            *record.stack_trace.borrow_mut() = self.stack_trace().into();
        }
    }

    /// A terminating error, placed at the current statement.
    pub fn raise<T>(&self, fault: Fault) -> R<T> {
        self.raise_record(fault.into_record())
    }

    /// A terminating error from a record, which keeps its place if it has one.
    pub fn raise_record<T>(&self, record: ErrorRecord) -> R<T> {
        self.locate(&record);
        Err(Thrown {
            record: Rc::new(record),
            ends_script: false,
        }
        .into())
    }

    /// The strict-mode version in force, times ten; 0 for off.
    pub fn strict_mode(&self) -> u16 {
        let mut at = Some(&self.scope);
        while let Some(scope) = at {
            if let Some(version) = scope.strict_mode.get() {
                return version;
            }
            at = scope.parent.as_ref();
        }
        0
    }

    /// Ends the current work when the user asked for it, or when no more steps are allowed.
    #[inline]
    pub fn check_interrupt(&self) -> R<()> {
        if interrupted() || !self.steps.take() {
            Err(Box::new(Unwind::Stopped))
        } else {
            Ok(())
        }
    }

    /// Ends the current work when the user asked for it: for what goes on inside one step.
    #[inline]
    pub fn heed(&self) -> R<()> {
        if interrupted() {
            return Err(Box::new(Unwind::Stopped));
        }
        Ok(())
    }

    /// A copy of items, whole unless it ends at Ctrl-C.
    pub fn copy_items(&self, items: &RefCell<Vec<Value>>) -> R<Vec<Value>> {
        let copy = long_work::copy(&items.borrow());
        match self.heed() {
            Ok(()) => Ok(copy),
            Err(stopped) => {
                discard(copy);
                Err(stopped)
            }
        }
    }

    /// Lets time pass, not longer than until Ctrl-C.
    pub fn pause(&self, time: Duration) -> R<()> {
        if self.host.has_virtual_clock() {
            self.host.sleep(time);
            // What runs beside the script ends where nobody would wait for it any longer.
            if self.host.aside().is_some_and(|it| it.ahead > it.limit) {
                return Err(Box::new(Unwind::Stopped));
            }
            return self.check_interrupt();
        }
        let slice = Duration::from_millis(40);
        let mut left = time;
        while !left.is_zero() {
            self.check_interrupt()?;
            let before = self.host.elapsed();
            self.host.sleep(left.min(slice));
            let passed = self.host.elapsed().saturating_sub(before);
            left = left.saturating_sub(passed.max(left.min(slice)));
        }
        Ok(())
    }

    /// Does what must be done at an end, however it came: the Ctrl-C that brought it does not
    /// stop this work as well, only another one does.
    pub fn cleaning_up<T, U>(&mut self, ending: &R<T>, work: impl FnOnce(&mut Vm) -> U) -> U {
        let stopped = ending
            .as_ref()
            .is_err_and(|unwind| matches!(**unwind, Unwind::Stopped));
        if !stopped || !interrupted() {
            return work(self);
        }
        // Once Ctrl-C stopped such work too, none of what is left of it is begun.
        INTERRUPTED.store(self.hurried, Ordering::Relaxed);
        let outer = std::mem::replace(&mut self.cleaning, true);
        let result = work(self);
        self.cleaning = outer;
        self.hurried |= interrupted();
        INTERRUPTED.store(true, Ordering::Relaxed);
        result
    }

    /// The name of the user who runs the program.
    pub fn user_name(&self) -> String {
        self.host
            .variable("USER")
            .or_else(|| self.host.variable("USERNAME"))
            .or_else(super::types::io::file_info::own_account)
            .unwrap_or_default()
    }

    /// The name of the computer.
    pub fn machine_name(&self) -> String {
        self.host
            .variable("COMPUTERNAME")
            .or_else(|| {
                std::fs::read_to_string("/etc/hostname")
                    .ok()
                    .map(|n| n.trim().to_string())
            })
            .unwrap_or_else(|| "localhost".to_string())
    }

    /// `$true` or `$false` as PowerShell prints them.
    pub fn bool_text(value: bool) -> &'static str {
        if value { "True" } else { "False" }
    }

    /// An `object[]` of output, or the scalar, or nothing: what a captured pipeline gives.
    pub fn captured(items: Vec<Value>) -> Value {
        let mut items = items;
        match items.len() {
            0 => Value::Nothing,
            1 => items.pop().unwrap_or_default(),
            _ => Value::array(items),
        }
    }

    /// The exact type of a value, as `GetType()` gives it; of null `object`.
    pub fn type_of(&self, value: &Value) -> super::types::TypeRef {
        match value {
            Value::Null | Value::Nothing => known::object(),
            Value::Bool(_) => known::boolean(),
            Value::Char(_) => known::char(),
            Value::SByte(_) => known::sbyte(),
            Value::Byte(_) => known::byte(),
            Value::Short(_) => known::short(),
            Value::UShort(_) => known::ushort(),
            Value::Int(_) => known::int(),
            Value::UInt(_) => known::uint(),
            Value::Long(_) => known::long(),
            Value::ULong(_) => known::ulong(),
            Value::Float(_) => known::float(),
            Value::Double(_) => known::double(),
            Value::Decimal(_) => known::decimal(),
            Value::BigInt(_) => known::bigint(),
            Value::Str(_) => known::string(),
            Value::DateTime(_) => known::datetime(),
            Value::TimeSpan(_) => known::timespan(),
            Value::Enum(e) => e.type_ref.clone(),
            Value::Type(_) => known::runtime_type(),
            Value::Array(a) => a.type_ref(),
            Value::List(l) => l.type_ref.clone(),
            Value::Dict(d) => d.type_ref.clone(),
            Value::Block(_) => known::script_block(),
            Value::Custom(_) => known::custom_object(),
            Value::Instance(i) => i.class.type_of(),
            Value::Error(_) => known::error_record(),
            Value::Exception(e) => e.type_ref.clone(),
            Value::Ref(reference) => self.reference_type(&reference.get()),
            Value::Switch(_) => known::switch(),
            Value::Native(n) => n.body().type_ref(),
            Value::Wrapped(w) => self.type_of(&w.base),
        }
    }
}

impl Vm {
    /// The type of a reference to this value: closed over the value's own type.
    fn reference_type(&self, held: &Value) -> super::types::TypeRef {
        let held = match held {
            Value::Null | Value::Nothing => {
                find_full("System.Management.Automation.LanguagePrimitives+Null")
            }
            held => Some(self.type_of(held)),
        };
        match (
            find_full("System.Management.Automation.PSReference`1"),
            held,
        ) {
            (Some(definition), Some(held)) => super::types::generic(&definition, vec![held]),
            _ => known::reference(),
        }
    }

    /// The time by the host's clock.
    pub fn now(&self) -> super::text::datetime::DateTime {
        const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;
        let nanoseconds = self.host.now().as_nanosecond();
        let ticks = i64::try_from(nanoseconds / 100).unwrap_or(0) + UNIX_EPOCH_TICKS;
        super::text::datetime::DateTime::new(ticks, super::text::datetime::DateTimeKind::Utc)
    }
}
