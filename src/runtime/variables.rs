//! Reading and writing variables: dynamic scoping, options, drives and prefixes.

use super::attribute::Attribute;
use super::error::{Category, Fault, R};
use super::module::Module;
use super::scope::{Scope, ScopeKind, Site, Slot, Variable, options};
use super::symbol::Symbol;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::ast::VariablePath;
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

    /// The value of a variable of this folded name, from here up.
    pub fn find_variable(&mut self, name: Symbol) -> Option<Value> {
        self.lookup(name, &Site::default())
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
        let value = match attributes {
            None => value,
            Some(attributes) => self.apply_variable_attributes(variable, &attributes, value)?,
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
                let variable = Rc::new(Variable::named(name.first_spelling(), value));
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
    fn script_scope(&self) -> Rc<Scope> {
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

    /// The scope that code of a session state runs in at present: the innermost one of that state among
    /// the scopes that are open, or the state's outermost.
    pub fn state_scope(&self, module: Option<&Rc<Module>>) -> Rc<Scope> {
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            let same = match (&scope.module, module) {
                (Some(own), Some(wanted)) => Rc::ptr_eq(own, wanted),
                (own, wanted) => own.is_none() && wanted.is_none(),
            };
            if same {
                return scope;
            }
            let caller = scope.caller.borrow().clone();
            at = caller.or_else(|| scope.parent.clone());
        }
        let root = module.and_then(|m| m.scope.get().cloned());
        root.unwrap_or_else(|| self.global.clone())
    }

    /// The scope a block or function of this session state is entered from.
    pub fn entry_scope(&self, module: Option<&Rc<Module>>) -> Rc<Scope> {
        let here = match module {
            Some(module) => module.scope.get().is_none_or(|root| self.is_within(root)),
            None => self.scope.module.is_none(),
        };
        match here {
            true => self.scope.clone(),
            false => self.state_scope(module),
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

impl Vm {
    /// The value of a name in one scope, or in a variable that all scopes share.
    pub fn own_or_shared(&self, scope: &Rc<Scope>, name: Symbol) -> Option<Value> {
        match scope.own_named(name) {
            Slot::Plain(value) => Some(value),
            Slot::Variable(variable) => Some(variable.value.borrow().clone()),
            Slot::Unset => self.shared_variable(name).map(|v| v.value.borrow().clone()),
        }
    }

    /// Assigns to `$scope:name` or `$drive:name`.
    pub fn assign_prefixed(&mut self, path: &VariablePath, value: Value) -> R<()> {
        let drive = path.drive.as_deref().unwrap_or("");
        let symbol = Symbol::fold(&path.name);
        if let Some(scope) = self.prefixed_scope(drive) {
            if drive.eq_ignore_ascii_case("private") {
                let variable = Variable::new(&path.name, value);
                variable.options.set(options::PRIVATE);
                scope.put_named(symbol, Slot::Variable(Rc::new(variable)));
                return Ok(());
            }
            return match scope.own_named(symbol) {
                Slot::Variable(variable) => self.assign_variable(&variable, value),
                _ => {
                    scope.put_named(symbol, Slot::Plain(value));
                    Ok(())
                }
            };
        }
        self.set_drive_item(drive, &path.name, value)
    }

    /// `[type]$name = value`: the type and the checks stay with the variable. In a block's
    /// own scope (`own`) a conversion that fails later keeps its id.
    pub fn assign_typed(
        &mut self,
        path: &VariablePath,
        attributes: Vec<Attribute>,
        value: Value,
        own: bool,
    ) -> R<Value> {
        let scope = match path.drive.as_deref() {
            None => self.scope.clone(),
            Some(drive) => match self.prefixed_scope(drive) {
                Some(scope) => scope,
                None => {
                    self.assign_prefixed(path, value.clone())?;
                    return Ok(value);
                }
            },
        };
        let symbol = Symbol::fold(&path.name);
        if path.drive.is_none() && path.name.eq_ignore_ascii_case("null") {
            for attribute in attributes.iter().rev() {
                if let Attribute::Convert(type_ref) = attribute {
                    self.convert(&value, type_ref)?;
                }
            }
            return Ok(value);
        }
        let existing = match scope.own_named(symbol) {
            Slot::Variable(variable) => Some(variable),
            _ if path.drive.is_none() => self.shared_variable(symbol),
            _ => None,
        };
        if let Some(existing) = &existing
            && existing.is_protected()
        {
            return self.raise(not_writable(&existing.name));
        }
        let assigned_before = matches!(scope.own_named(symbol), Slot::Plain(_));
        let variable = Rc::new(Variable::new(&path.name, Value::Null));
        variable
            .plain_cast_errors
            .set(own && !assigned_before && scope.kind == ScopeKind::Local && path.drive.is_none());
        let attributes: Rc<[Attribute]> = attributes.into();
        *variable.attributes.borrow_mut() = Some(attributes.clone());
        let stored = self.apply_variable_attributes(&variable, &attributes, value)?;
        match existing {
            Some(existing) => {
                *existing.attributes.borrow_mut() = Some(attributes);
                *existing.value.borrow_mut() = stored.clone();
            }
            None => {
                *variable.value.borrow_mut() = stored.clone();
                scope.put_named(symbol, Slot::Variable(variable));
            }
        }
        Ok(stored)
    }

    /// `[ref]$name`: the variable must exist.
    pub fn reference_to(&mut self, path: &VariablePath, name: Symbol) -> R<Value> {
        let scope = match path.drive.as_deref() {
            Some(drive) => self.prefixed_scope(drive),
            None => self.scope_of(name),
        };
        let variable = scope.and_then(|scope| self.variable_object(&scope, name));
        match variable {
            Some(variable) => Ok(Value::Ref(Rc::new(super::object::Reference::Variable(
                variable,
            )))),
            None => self.raise(
                Fault::new(
                    "NonExistingVariableReference",
                    "[ref] cannot be applied to a variable that does not exist.",
                )
                .target(Value::str(&*path.name)),
            ),
        }
    }

    /// `$using:name` where nothing carries variables over.
    pub fn using_outside(&mut self, text: &str) -> R<Value> {
        let name = text.trim_start_matches(['$', '{']).trim_end_matches('}');
        let name = name.split_once(':').map_or(name, |(_, rest)| rest);
        if let Some(Value::Dict(table)) = self.variable("<using>")
            && let Some(value) = table.get_str(name)
        {
            return Ok(value);
        }
        self.raise(Fault::new(
            "UsingWithoutInvokeCommand",
            "A Using variable cannot be retrieved. A Using variable can be used only with Invoke-Command, Start-Job, or InlineScript in the script workflow. When it is used with Invoke-Command, the Using variable is valid only if the script block is invoked on a remote computer.",
        ))
    }

    /// `$drive:name`: environment variables, functions, aliases, variables; `None` when there is no such item.
    pub fn drive_item(&mut self, drive: &str, name: &str) -> R<Option<Value>> {
        Ok(match drive.to_ascii_lowercase().as_str() {
            "env" => self.host.variable(name).map(Value::str),
            "variable" => self.variable(name),
            "function" => self
                .find_function(name)
                .map(|f| Value::Block(f.block.borrow().clone())),
            "alias" => self.find_alias(name).map(|a| Value::str(&*a.definition)),
            other => return self.raise(drive_not_found(other, drive)),
        })
    }

    /// Sets, or with null removes, an item of a drive without folders.
    pub fn set_drive_item(&mut self, drive: &str, name: &str, value: Value) -> R<()> {
        match drive.to_ascii_lowercase().as_str() {
            "env" => {
                let text = self.to_text(&value)?;
                let host = self.host.clone();
                host.set_variable(name, (!text.is_empty()).then_some(text.as_str()));
                Ok(())
            }
            "variable" => self.set_variable(name, value),
            "function" => {
                let block = match value.base() {
                    Value::Block(block) => block.clone(),
                    Value::Null | Value::Nothing => {
                        self.remove_function(name);
                        return Ok(());
                    }
                    other => {
                        let text = self.to_text(other)?;
                        match self.parse_block(&text)? {
                            Value::Block(block) => block,
                            _ => return Ok(()),
                        }
                    }
                };
                self.define_function(name, block, false)
            }
            "alias" => {
                let definition = self.to_text(&value)?;
                let alias = super::command::AliasInfo {
                    name: name.into(),
                    definition: definition.into(),
                    options: std::cell::Cell::new(0),
                    description: "".into(),
                    module: None,
                };
                self.scope
                    .aliases
                    .borrow_mut()
                    .insert(Symbol::fold(name), Rc::new(alias));
                self.commands_changed();
                Ok(())
            }
            other => self.raise(drive_not_found(other, drive)),
        }
    }
}

/// The error of a drive that does not exist.
pub fn drive_not_found(_folded: &str, drive: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.DriveNotFoundException",
        "DriveNotFound",
        Category::ObjectNotFound,
        format!("Cannot find drive. A drive with the name '{drive}' does not exist."),
    )
    .target(Value::str(drive))
}
