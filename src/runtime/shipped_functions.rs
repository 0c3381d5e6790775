//! Functions that every session has: written in the language, made when first asked for.

use super::command::FunctionInfo;
use super::scope::Scope;
use super::script_block::ScriptBlock;
use super::symbol::Symbol;
use super::vm::Vm;
use crate::syntax::source::Source;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

impl Vm {
    /// The shipped function of a name, entered into the global scope. One that a script removed stays away.
    pub fn shipped_function(&self, name: &str) -> Option<Rc<FunctionInfo>> {
        let folded = Symbol::fold(name);
        if self.session.removed_functions.contains(&folded) {
            return None;
        }
        let (spelling, text) = self.session.shipped_function?(name)?;
        let parsed = crate::syntax::parse(&text);
        let source = Rc::new(Source::new(&text, None));
        let info = Rc::new(FunctionInfo {
            name: spelling.as_str().into(),
            block: RefCell::new(Rc::new(ScriptBlock::new(parsed.block, source, None))),
            is_filter: false,
            options: Cell::new(0),
            description: RefCell::new("".into()),
            module: None,
        });
        let mut functions = self.global.functions.borrow_mut();
        functions.insert(folded, info.clone());
        Some(info)
    }

    /// Enters all shipped functions, for lists of what there is.
    pub fn enter_shipped_functions(&self) {
        let Some(names) = self.session.shipped_function_names else {
            return;
        };
        for name in names() {
            let known = self
                .global
                .functions
                .borrow()
                .contains_key(&Symbol::fold(&name));
            if !known {
                self.shipped_function(&name);
            }
        }
    }

    /// Takes a function away from the scope it is seen in.
    pub fn remove_function(&mut self, name: &str) {
        let folded = Symbol::fold(name);
        let mut at: Option<Rc<Scope>> = Some(self.scope.clone());
        while let Some(scope) = at {
            if scope.functions.borrow_mut().remove(&folded).is_some() {
                break;
            }
            at = scope.parent.clone();
        }
        if self
            .session
            .shipped_function
            .is_some_and(|find| find(name).is_some())
        {
            self.session.removed_functions.push(folded);
        }
        self.commands_changed();
    }
}
