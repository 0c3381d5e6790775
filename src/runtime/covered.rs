//! What a dot-sourced call has of its own though it runs in its caller's scope: arguments, `$input`, `$MyInvocation`.
//!
//! Its variables stay behind; these automatic ones are the caller's again when it is done.

use super::invocation::InvocationInfo;
use super::scope::{Scope, Slot};
use super::symbol::Symbol;
use std::rc::Rc;

/// The caller's values, to be put back.
pub struct Covered {
    scope: Rc<Scope>,
    slots: Vec<(Symbol, Slot)>,
    invocation: Option<Option<Rc<InvocationInfo>>>,
}

impl Covered {
    /// Nothing of this scope yet.
    pub fn of(scope: Rc<Scope>) -> Covered {
        Covered {
            scope,
            slots: Vec::new(),
            invocation: None,
        }
    }

    /// Puts another value over a variable.
    pub fn put(&mut self, name: &str, content: Slot) {
        let symbol = Symbol::fold(name);
        self.slots.push((symbol, self.scope.own_named(symbol)));
        self.scope.put_named(symbol, content);
    }

    /// Puts another call over the scope's own: `$MyInvocation` and `$PSBoundParameters`.
    pub fn put_invocation(&mut self, invocation: Rc<InvocationInfo>) {
        self.put("PSBoundParameters", Slot::Unset);
        let before = self.scope.invocation.borrow_mut().replace(invocation);
        self.invocation.get_or_insert(before);
    }

    /// Puts the caller's values back.
    pub fn uncover(&mut self) {
        for (symbol, slot) in self.slots.drain(..).rev() {
            self.scope.put_named(symbol, slot);
        }
        if let Some(before) = self.invocation.take() {
            *self.scope.invocation.borrow_mut() = before;
        }
    }
}
