//! Reading and writing variables: dynamic scoping, options, drives and prefixes.

use super::attribute::Attribute;
use super::error::{Category, Fault, R};
use super::scope::{Scope, ScopeKind, Site, Slot, Variable, options};
use super::symbol::Symbol;
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// The value of a variable as plain code reads it: this scope, then its parents. Unset is `None`.
    pub fn lookup(&mut self, name: Symbol, site: &Site) -> Option<Value> {
        match self.scope.own(name, site) {
            Slot::Plain(value) => return Some(value),
            Slot::Variable(variable) => return Some(variable.value.borrow().clone()),
            Slot::Unset => {}
        }
        let mut at = self.scope.parent.clone();
        while let Some(scope) = at {
            match scope.own_named(name) {
                Slot::Plain(value) => return Some(value),
                Slot::Variable(variable) if variable.options.get() & options::PRIVATE == 0 => {
                    return Some(variable.value.borrow().clone());
                }
                _ => {}
            }
            at = scope.parent.clone();
        }
        None
    }

    /// The value of a variable by name; unset is `None`.
    pub fn variable(&mut self, name: &str) -> Option<Value> {
        self.lookup(Symbol::fold(name), &Site::default())
    }

    /// The scope that a variable of this name would be found in.
    pub fn scope_of(&self, name: Symbol) -> Option<Rc<Scope>> {
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            if !matches!(scope.own_named(name), Slot::Unset) {
                return Some(scope);
            }
            at = scope.parent.clone();
        }
        None
    }

    /// Assigns in the current scope, as `$name = value` does.
    pub fn assign(&mut self, name: Symbol, site: &Site, value: Value) -> R<()> {
        let value = if matches!(value, Value::Nothing) {
            Value::Nothing
        } else {
            value
        };
        if self
            .scope
            .with_plain(name, site, |old| *old = value.clone())
            .is_some()
        {
            return Ok(());
        }
        match self.scope.own(name, site) {
            Slot::Variable(variable) => self.assign_variable(&variable, value),
            _ => {
                if let Some(shared) = self.shared_variable(name) {
                    return self.assign_variable(&shared, value);
                }
                self.scope.clone().put(name, site, Slot::Plain(value));
                Ok(())
            }
        }
    }

    /// Assigns by name in the current scope.
    pub fn set_variable(&mut self, name: &str, value: Value) -> R<()> {
        self.assign(Symbol::fold(name), &Site::default(), value)
    }

    /// A variable of a parent scope that all scopes share (`AllScope`), constants of the session among them.
    fn shared_variable(&self, name: Symbol) -> Option<Rc<Variable>> {
        let mut at = self.scope.parent.clone();
        while let Some(scope) = at {
            if let Slot::Variable(variable) = scope.own_named(name)
                && variable.options.get() & options::ALL_SCOPE != 0
            {
                return Some(variable);
            }
            at = scope.parent.clone();
        }
        None
    }

    /// Assigns to a variable object: refuses protected ones, converts and checks by its attributes.
    pub fn assign_variable(&mut self, variable: &Rc<Variable>, value: Value) -> R<()> {
        if variable.is_protected() {
            return self.raise(not_writable(&variable.name));
        }
        let attributes = variable.attributes.borrow().clone();
        let value = if attributes.is_empty() {
            value
        } else {
            self.apply_variable_attributes(variable, &attributes, value)?
        };
        *variable.value.borrow_mut() = value;
        Ok(())
    }

    fn apply_variable_attributes(
        &mut self,
        variable: &Rc<Variable>,
        attributes: &[Attribute],
        value: Value,
    ) -> R<Value> {
        super::validate::apply_to_variable(self, variable, attributes, value)
    }

    /// The variable object in a scope, made from a plain value when there is none yet.
    pub fn variable_object(&self, scope: &Rc<Scope>, name: Symbol) -> Option<Rc<Variable>> {
        match scope.own_named(name) {
            Slot::Unset => None,
            Slot::Variable(variable) => Some(variable),
            Slot::Plain(value) => {
                let variable = Rc::new(Variable::new(&name.text(), value));
                scope.put_named(name, Slot::Variable(variable.clone()));
                Some(variable)
            }
        }
    }

    /// The scope of a prefix: `global`, `script`, `local`, `private`.
    pub fn prefixed_scope(&self, prefix: &str) -> Option<Rc<Scope>> {
        match prefix.to_ascii_lowercase().as_str() {
            "global" => Some(self.global.clone()),
            "local" | "private" => Some(self.scope.clone()),
            "script" => Some(self.script_scope()),
            _ => None,
        }
    }

    /// The nearest scope of a script file or module, or the global one.
    pub fn script_scope(&self) -> Rc<Scope> {
        let mut at = self.scope.clone();
        loop {
            if matches!(
                at.kind,
                ScopeKind::Script | ScopeKind::Module | ScopeKind::Global
            ) {
                return at;
            }
            match at.parent.clone() {
                Some(parent) => at = parent,
                None => return at,
            }
        }
    }

    /// The scope `depth` levels up, 0 being the current one.
    pub fn scope_at(&self, depth: usize) -> Option<Rc<Scope>> {
        let mut at = self.scope.clone();
        for _ in 0..depth {
            at = at.parent.clone()?;
        }
        Some(at)
    }

    /// Sets a session variable with option bits, replacing what is there.
    pub fn define_global(&mut self, name: &str, value: Value, option_bits: u8) {
        let variable = Variable::new(name, value);
        variable.options.set(option_bits);
        self.global
            .put_named(Symbol::fold(name), Slot::Variable(Rc::new(variable)));
    }
}

/// The error of assigning to a read-only or constant variable.
pub fn not_writable(name: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.SessionStateUnauthorizedAccessException",
        "VariableNotWritable",
        Category::WriteError,
        format!("Cannot overwrite variable {name} because it is read-only or constant."),
    )
    .target(Value::str(name))
}
