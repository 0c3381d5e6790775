//! Where things stand in source text, and how a command was called.

use super::command::Command;
use super::parameter::BoundParameters;
use super::value::Value;
use crate::syntax::ast::Span;
use crate::syntax::source::Source;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A place in a text.
#[derive(Clone)]
pub struct Extent {
    /// The text.
    pub source: Rc<Source>,
    /// The place.
    pub span: Span,
}

impl Extent {
    /// The text at the place.
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }
}

/// `System.Management.Automation.InvocationInfo`.
pub struct InvocationInfo {
    /// The command called; `None` for errors of expressions.
    pub command: Option<Command>,
    /// The name it was called by.
    pub invocation_name: RefCell<Rc<str>>,
    /// Where it was called.
    pub position: Option<Extent>,
    /// Named arguments as bound.
    pub bound_parameters: RefCell<BoundParameters>,
    /// Arguments that no parameter took.
    pub unbound_arguments: RefCell<Vec<Value>>,
    /// Place in its pipeline, from 1.
    pub pipeline_position: Cell<usize>,
    /// Number of commands in its pipeline.
    pub pipeline_length: Cell<usize>,
    /// Whether a command before it feeds it.
    pub expecting_input: Cell<bool>,
    /// Name of the parameter set taken.
    pub set_name: RefCell<Rc<str>>,
    /// The function wrote an error of its own through `$PSCmdlet`.
    pub failed: Cell<bool>,
    /// The history entry it belongs to.
    pub history_id: i64,
}

thread_local! {
    static NO_TEXT: Rc<str> = Rc::from("");
    static EVERY_SET: Rc<str> = Rc::from("__AllParameterSets");
}

/// The empty text, shared: most calls have several.
pub fn no_text() -> Rc<str> {
    NO_TEXT.with(Clone::clone)
}

/// The name of the parameter set of commands without sets, shared.
pub fn every_set() -> Rc<str> {
    EVERY_SET.with(Clone::clone)
}

impl Default for InvocationInfo {
    fn default() -> InvocationInfo {
        InvocationInfo {
            command: None,
            invocation_name: RefCell::new(no_text()),
            position: None,
            bound_parameters: RefCell::default(),
            unbound_arguments: RefCell::default(),
            pipeline_position: Cell::default(),
            pipeline_length: Cell::default(),
            expecting_input: Cell::default(),
            set_name: RefCell::new(no_text()),
            failed: Cell::default(),
            history_id: 0,
        }
    }
}
