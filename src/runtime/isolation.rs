//! Session states of their own: for jobs, parallel blocks and `[powershell]`.

use super::error::R;
use super::scope::{Layout, Scope, ScopeKind};
use super::vm::Vm;
use std::rc::Rc;

/// The outermost scope of a session that nothing was done in yet.
pub fn fresh_scope() -> Rc<Scope> {
    Scope::new(ScopeKind::Global, Layout::growing(), None, None)
}

impl Vm {
    /// Runs `work` in a session state that knows nothing of this session's
    /// variables and functions.
    pub fn in_new_session<T>(&mut self, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        self.in_session(fresh_scope(), true, work)
    }

    /// Runs `work` in the session state of an outermost scope.
    pub fn in_session<T>(
        &mut self,
        fresh: Rc<Scope>,
        is_new: bool,
        work: impl FnOnce(&mut Vm) -> R<T>,
    ) -> R<T> {
        let global = std::mem::replace(&mut self.global, fresh.clone());
        let scope = std::mem::replace(&mut self.scope, fresh);
        let location = self.session.location.clone();
        let propagate = std::mem::replace(&mut self.propagate, false);
        if is_new {
            self.define_session_variables();
        }
        self.commands_changed();
        let result = work(self);
        self.propagate = propagate;
        self.global = global;
        self.scope = scope;
        self.session.location = location;
        self.commands_changed();
        result
    }
}
