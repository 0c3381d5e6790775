//! Running statements: errors that end a statement but not the script, traps, `throw`, handlers.

use super::error::{
    Category, ErrorRecord, Exception, R, Thrown, Unwind, exception_message, inner_exception,
};
use super::scope::{Layout, Scope, ScopeKind, Site, Slot};
use super::script_block::{Block, Exec, Trap};
use super::symbol::Symbol;
use super::types::resolve::TypeSite;
use super::types::{TypeRef, find_full, known};
use super::value::Value;
use super::vm::{Action, Vm, interrupted};
use std::rc::Rc;

/// How many records `$Error` keeps.
const MAX_ERRORS: usize = 256;

impl Vm {
    /// Runs the statements of a block in order.
    pub fn run_statements(&mut self, block: &Block) -> R<()> {
        if !block.traps.is_empty() {
            return self.run_trapped(block);
        }
        for statement in &block.statements {
            if let Err(unwind) = statement(self) {
                self.recover(unwind)?;
            }
            // Whatever long work noticed Ctrl-C and came back early, nothing follows it.
            if interrupted() {
                return self.check_interrupt();
            }
        }
        Ok(())
    }

    /// Runs one statement as a statement list does: an error that only ends the statement is reported.
    pub fn run_guarded(&mut self, statement: &Exec) -> R<()> {
        match statement(self) {
            Ok(()) => Ok(()),
            Err(unwind) => self.recover(unwind),
        }
    }

    /// What becomes of an unwinding at the end of a statement: reported and done with, or passed on.
    fn recover(&mut self, unwind: Box<Unwind>) -> R<()> {
        let Unwind::Error(mut thrown) = *unwind else {
            return Err(unwind);
        };
        // Work that was interrupted may have ended in any error.
        self.check_interrupt()?;
        self.locate(&thrown.record);
        self.success = false;
        if self.propagate || thrown.record.leaving.get() {
            return Err(thrown.into());
        }
        let preference = match self.error_preference() {
            Action::Inquire if self.interactive => {
                self.inquire_statement(&thrown.record.exception_message())?
            }
            preference => preference,
        };
        match preference {
            // What a statement threw is kept under Ignore too, other than what a command wrote.
            Action::SilentlyContinue | Action::Ignore => {
                self.name_raiser(&thrown.record);
                self.keep_error(&thrown.record);
                Ok(())
            }
            _ if thrown.ends_script => Err(thrown.into()),
            Action::Stop => {
                thrown.ends_script = true;
                Err(thrown.into())
            }
            _ => {
                self.name_raiser(&thrown.record);
                self.remember_error(&thrown.record);
                self.report_error(&thrown.record)
            }
        }
    }

    /// Puts the name of the running advanced function or cmdlet behind the id of an expression's error.
    pub fn name_raiser(&self, record: &ErrorRecord) {
        if record.thrown.get() || !record.raiser.borrow().is_empty() {
            return;
        }
        if let Some(raiser) = &self.frame.raiser {
            *record.raiser.borrow_mut() = raiser.clone();
        }
    }

    /// Sends a record to the error stream, and into the lists of `-ErrorVariable`.
    pub fn report_error(&mut self, record: &Rc<ErrorRecord>) -> R<()> {
        self.check_interrupt()?;
        self.list_error(record);
        self.show_error(record)
    }

    fn show_error(&mut self, record: &Rc<ErrorRecord>) -> R<()> {
        let streams = self.streams.clone();
        streams.error.write(self, Value::Error(record.clone()))
    }

    fn list_error(&mut self, record: &Rc<ErrorRecord>) {
        for list in &self.streams.error_variables {
            list.items.borrow_mut().push(Value::Error(record.clone()));
        }
    }

    /// Keeps a record that is not shown: in `$Error` and in the lists of `-ErrorVariable`.
    fn keep_error(&mut self, record: &Rc<ErrorRecord>) {
        self.remember_error(record);
        self.list_error(record);
    }

    /// Enters a record into `$Error`, once.
    pub fn remember_error(&mut self, record: &Rc<ErrorRecord>) {
        if record.recorded.replace(true) {
            return;
        }
        let mut items = self.errors.items.borrow_mut();
        items.insert(0, Value::Error(record.clone()));
        items.truncate(MAX_ERRORS);
    }

    /// The traps that errors of the running statements go to: those of an enclosing block of the same call.
    fn traps_in_force(&self) -> Option<Rc<[Trap]>> {
        let (depth, traps) = self.traps.as_ref()?;
        (*depth == self.callers.len()).then(|| traps.clone())
    }

    fn run_trapped(&mut self, block: &Block) -> R<()> {
        let saved = std::mem::replace(&mut self.propagate, true);
        let depth = self.callers.len();
        let outer = self.traps.replace((depth, block.traps.clone()));
        let mut result = Ok(());
        for statement in &block.statements {
            let Err(unwind) = statement(self) else {
                continue;
            };
            result = match *unwind {
                Unwind::Error(thrown) => {
                    self.locate(&thrown.record);
                    self.run_trap(&block.traps, thrown)
                }
                other => Err(Box::new(other)),
            };
            if result.is_err() {
                break;
            }
        }
        self.traps = outer;
        self.propagate = saved;
        result
    }

    fn run_trap(&mut self, traps: &Rc<[Trap]>, thrown: Thrown) -> R<()> {
        let in_force = self.traps.take();
        let result = self.run_handler(traps, thrown);
        self.traps = in_force;
        result
    }

    fn run_handler(&mut self, traps: &[Trap], thrown: Thrown) -> R<()> {
        self.check_interrupt()?;
        let mut best: Option<(usize, usize)> = None;
        for (index, trap) in traps.iter().enumerate() {
            let distance = match &trap.type_name {
                None => Some(usize::MAX),
                Some(name) => {
                    let type_ref = TypeSite::new(name.clone()).resolve(self)?;
                    catch_distance(&thrown.record.exception, &type_ref)
                }
            };
            if let Some(distance) = distance
                && best.is_none_or(|(_, d)| distance < d)
            {
                best = Some((index, distance));
            }
        }
        let Some((index, distance)) = best else {
            // None of the traps is meant for it: it ends the block, and what called it.
            return Err(Thrown {
                ends_script: true,
                ..thrown
            }
            .into());
        };
        self.keep_error(&thrown.record);
        let record = self.caught_record(&thrown.record, distance);
        let body = &traps[index].body;
        // The handler has a scope of its own.
        let scope = Scope::new(
            ScopeKind::Local,
            Layout::fixed(Vec::new()),
            Some(self.scope.clone()),
            self.scope.module.clone(),
        );
        scope.put_named(Symbol::fold("_"), Slot::Plain(Value::Error(record.clone())));
        self.caught.push(record);
        self.loop_depth += 1;
        let result = self.in_scope(scope, |vm| vm.run_statements(body));
        self.loop_depth -= 1;
        self.caught.pop();
        match result {
            Ok(()) => {
                // A trap that neither continues nor breaks reports the error and goes on.
                self.success = false;
                match self.error_preference() {
                    Action::SilentlyContinue | Action::Ignore => Ok(()),
                    Action::Stop => Err(Thrown {
                        ends_script: true,
                        ..thrown
                    }
                    .into()),
                    _ => {
                        self.name_raiser(&thrown.record);
                        self.show_error(&thrown.record)
                    }
                }
            }
            Err(unwind) => match *unwind {
                Unwind::Continue(None) => Ok(()),
                Unwind::Break(None) => Err(Thrown {
                    ends_script: true,
                    ..thrown
                }
                .into()),
                other => Err(Box::new(other)),
            },
        }
    }

    /// Finds the handler for an error and runs it; without one the error goes on.
    pub fn catch(&mut self, thrown: Thrown, catches: &[(Vec<TypeSite>, Block)]) -> R<()> {
        self.check_interrupt()?;
        self.locate(&thrown.record);
        let mut best: Option<(usize, usize)> = None;
        for (index, (types, _)) in catches.iter().enumerate() {
            if types.is_empty() {
                best = best.or(Some((index, usize::MAX)));
            }
            for site in types {
                let type_ref = site.resolve(self)?;
                if let Some(distance) = catch_distance(&thrown.record.exception, &type_ref)
                    && best.is_none_or(|(_, d)| distance < d)
                {
                    best = Some((index, distance));
                }
            }
        }
        let Some((index, distance)) = best else {
            // No clause is meant for it: a trap or the preference decides now, before `finally`.
            return match self.traps_in_force() {
                Some(traps) => self.run_trap(&traps, thrown),
                None => self.recover(thrown.into()),
            };
        };
        self.keep_error(&thrown.record);
        self.success = false;
        let record = self.caught_record(&thrown.record, distance);
        let item = Symbol::fold("_");
        let (scope, site) = (self.scope.clone(), Site::default());
        let saved = scope.own(item, &site);
        scope.put(item, &site, Slot::Plain(Value::Error(record.clone())));
        self.caught.push(record);
        let result = self.run_statements(&catches[index].1);
        self.caught.pop();
        scope.put(item, &site, saved);
        result
    }

    /// The record a handler sees: of a clause that matched the inner exception, around that one.
    fn caught_record(&self, record: &Rc<ErrorRecord>, distance: usize) -> Rc<ErrorRecord> {
        let inner_matched = distance < INNER_BASE;
        match inner_exception(&record.exception) {
            Some(inner) if inner_matched && distance != usize::MAX => {
                let copy = record.copy_with(inner, record.target.clone());
                copy.recorded.set(true);
                Rc::new(copy)
            }
            // What was thrown reaches the handler in a record of its own, beside the one in `$Error`.
            _ if record.thrown.get() => {
                let copy = record.copy();
                copy.recorded.set(true);
                Rc::new(copy)
            }
            _ => record.clone(),
        }
    }

    /// `throw value`
    pub fn throw(&mut self, value: Option<Value>) -> R<()> {
        let value = value.unwrap_or(Value::Nothing);
        if value.is_null()
            && let Some(record) = self.caught.last()
        {
            return Err(Thrown {
                record: record.clone(),
                ends_script: true,
            }
            .into());
        }
        let record = match value.base() {
            Value::Error(record) => record.clone(),
            Value::Exception(_) => Rc::new(self.thrown_exception(&value)),
            Value::Instance(i) if i.native_base.borrow().is_some() => {
                Rc::new(self.thrown_exception(&value))
            }
            Value::Null | Value::Nothing => Rc::new(thrown_text("ScriptHalted", Value::Null)),
            other => {
                let text = self.thrown_message(other)?;
                Rc::new(thrown_text(&text, value.clone()))
            }
        };
        record.thrown.set(true);
        if let Value::Exception(exception) = record.exception.base() {
            exception.thrown.set(true);
        }
        if matches!(value.base(), Value::Error(_)) {
            record.recorded.set(record.recorded.get());
        }
        self.locate(&record);
        Err(Thrown {
            record,
            ends_script: true,
        }
        .into())
    }

    fn thrown_message(&mut self, value: &Value) -> R<String> {
        self.to_text(value)
    }

    fn thrown_exception(&self, value: &Value) -> ErrorRecord {
        let base = match value.base() {
            Value::Exception(e) => e.property("ErrorRecord"),
            _ => None,
        };
        if let Some(Value::Error(record)) = base {
            return record.copy_with(value.clone(), record.target.clone());
        }
        let message = exception_message(value);
        ErrorRecord::new(
            value.clone(),
            message,
            Category::OperationStopped,
            Value::Null,
        )
    }

    /// The code of `exit value`.
    pub fn exit_code(&mut self, value: &Value) -> i32 {
        match self.try_convert(value, &known::int()) {
            Some(Value::Int(code)) => code,
            _ => 0,
        }
    }

    /// `$ErrorActionPreference`
    pub fn error_preference(&mut self) -> Action {
        self.preference("ErrorActionPreference", Action::Continue)
    }

    /// The action of a preference variable.
    pub fn preference(&mut self, name: &str, default: Action) -> Action {
        let Some(value) = self.variable(name) else {
            return default;
        };
        self.action_of(&value).unwrap_or(default)
    }

    /// An action given as enum, name or number.
    pub fn action_of(&mut self, value: &Value) -> Option<Action> {
        match value.base() {
            Value::Enum(e) => Action::from_bits(e.bits),
            Value::Int(n) => Action::from_bits(i64::from(*n)),
            Value::Str(text) => {
                const NAMES: [&str; 7] = [
                    "SilentlyContinue",
                    "Stop",
                    "Continue",
                    "Inquire",
                    "Ignore",
                    "Suspend",
                    "Break",
                ];
                let exact = NAMES.iter().position(|n| n.eq_ignore_ascii_case(text));
                let at = exact.or_else(|| {
                    let lower = text.to_ascii_lowercase();
                    let mut hits = NAMES.iter().enumerate().filter(|(_, n)| {
                        !lower.is_empty() && n.to_ascii_lowercase().starts_with(&lower)
                    });
                    match (hits.next(), hits.next()) {
                        (Some((at, _)), None) => Some(at),
                        _ => None,
                    }
                })?;
                Action::from_bits(at as i64)
            }
            _ => None,
        }
    }
}

fn thrown_text(text: &str, target: Value) -> ErrorRecord {
    let exception = Exception::of("System.Management.Automation.RuntimeException", text);
    ErrorRecord::new(exception.value(), text, Category::OperationStopped, target)
}

/// Distances below this are of an inner exception, from it on of the exception itself.
const INNER_BASE: usize = 1000;

/// How far a handler's type is from an exception: the inner exception first, then the exception itself;
/// smaller is better, `None` does not fit.
fn catch_distance(exception: &Value, wanted: &TypeRef) -> Option<usize> {
    if let Some(inner) = inner_exception(exception)
        && let Some(distance) = distance(&inner, wanted)
        && wanted.full_name.as_ref() != "System.Exception"
        && wanted.full_name.as_ref() != "System.SystemException"
    {
        return Some(distance);
    }
    if let Some(distance) = distance(exception, wanted) {
        return Some(distance + INNER_BASE);
    }
    // An exception of .NET's own arrives inside a RuntimeException.
    let around = find_full("System.Management.Automation.RuntimeException")?;
    around
        .ancestry()
        .iter()
        .position(|t| t == wanted)
        .map(|d| d + 2 * INNER_BASE)
}

fn distance(exception: &Value, wanted: &TypeRef) -> Option<usize> {
    super::error::exception_type(exception)
        .ancestry()
        .iter()
        .position(|t| t == wanted)
}
