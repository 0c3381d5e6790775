//! Get-, Set-, New-, Clear- and Remove-Variable.

use super::scopes;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::scope::{Scope, Slot, Variable, options};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::ps_variable;
use crate::runtime::value::Value;
use crate::runtime::variables::not_writable;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Variable", || Box::<GetVariable>::default()),
    ("Set-Variable", || Box::<SetVariable>::default()),
    ("New-Variable", || Box::new(NewVariable)),
    ("Clear-Variable", || Box::new(ClearVariable)),
    ("Remove-Variable", || Box::new(RemoveVariable)),
];

/// A variable with the scope it is in.
type Place = (Rc<Scope>, Rc<Variable>);

/// The variables of a scope, or all that can be seen when there is none, whose names fit.
fn matching(vm: &mut Vm, name: &str, scope: Option<&Rc<Scope>>) -> R<Vec<Place>> {
    let (scope, name) = match name.split_once(':') {
        Some((prefix, rest)) if vm.prefixed_scope(prefix).is_some() => {
            (vm.prefixed_scope(prefix), rest)
        }
        _ => (scope.cloned(), name),
    };
    if !WildcardPattern::contains_wildcards(name) {
        let plain = WildcardPattern::unescape(name);
        return Ok(one(vm, &plain, scope.as_ref()).into_iter().collect());
    }
    let matcher = vm.wildcard(name, true)?;
    let mut found: Vec<Place> = Vec::new();
    let mut at = Some(scope.clone().unwrap_or_else(|| vm.scope.clone()));
    while let Some(current) = at {
        for (symbol, slot) in current.list() {
            let text = symbol.first_spelling();
            if text.starts_with('<')
                || !matcher.is_match(&text)
                || found
                    .iter()
                    .any(|(_, v)| v.name.eq_ignore_ascii_case(&text))
            {
                continue;
            }
            let hidden = matches!(&slot, Slot::Variable(v)
                if v.options.get() & options::PRIVATE != 0 && !Rc::ptr_eq(&current, &vm.scope));
            if hidden {
                continue;
            }
            if let Some(variable) = vm.variable_object(&current, symbol) {
                found.push((current.clone(), variable));
            }
        }
        at = match &scope {
            Some(_) => None,
            None => current.parent.clone(),
        };
    }
    found.sort_by(|(_, a), (_, b)| crate::runtime::collation::compare(&a.name, &b.name, true));
    Ok(found)
}

/// The variable of a name in a scope, shared ones included, or the one that can be seen.
fn one(vm: &mut Vm, name: &str, scope: Option<&Rc<Scope>>) -> Option<Place> {
    if name.eq_ignore_ascii_case("null") {
        let variable = Rc::new(Variable::new("null", Value::Null));
        return Some((vm.global.clone(), variable));
    }
    let symbol = Symbol::fold(name);
    let first = scope.cloned().unwrap_or_else(|| vm.scope.clone());
    let mut at = Some(first.clone());
    while let Some(current) = at {
        let own = Rc::ptr_eq(&current, &first);
        let fits = match current.own_named(symbol) {
            Slot::Unset => false,
            Slot::Plain(_) => own || scope.is_none(),
            Slot::Variable(variable) => {
                let bits = variable.options.get();
                own || bits & options::ALL_SCOPE != 0
                    || (scope.is_none() && bits & options::PRIVATE == 0)
            }
        };
        if fits && let Some(variable) = vm.variable_object(&current, symbol) {
            return Some((current, variable));
        }
        at = current.parent.clone();
    }
    // Made for each module when it is asked for, and yet a constant of all scopes.
    let constant = name.eq_ignore_ascii_case("ExecutionContext");
    if scope.is_some() && !constant {
        return None;
    }
    let value = vm.automatic_variable(symbol)?;
    let variable = Variable::new(name, value);
    if constant {
        variable.options.set(options::CONSTANT | options::ALL_SCOPE);
    }
    Some((vm.global.clone(), Rc::new(variable)))
}

struct Filters {
    include: Vec<Rc<WildcardPattern>>,
    exclude: Vec<Rc<WildcardPattern>>,
}

impl Filters {
    fn of(vm: &mut Vm, call: &Call) -> R<Filters> {
        let read = |vm: &mut Vm, name: &str| -> R<Vec<Rc<WildcardPattern>>> {
            call.texts(name)
                .iter()
                .map(|t| vm.wildcard(t, true))
                .collect()
        };
        Ok(Filters {
            include: read(vm, "Include")?,
            exclude: read(vm, "Exclude")?,
        })
    }

    fn pass(&self, name: &str) -> bool {
        (self.include.is_empty() || self.include.iter().any(|p| p.is_match(name)))
            && !self.exclude.iter().any(|p| p.is_match(name))
    }
}

fn not_found(name: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ItemNotFoundException",
        "VariableNotFound",
        Category::ObjectNotFound,
        format!("Cannot find a variable with the name '{name}'."),
    )
    .target(Value::str(name))
}

#[derive(Default)]
struct GetVariable;

impl Cmdlet for GetVariable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let scope = scopes::scope_of(vm, call)?;
        let filters = Filters::of(vm, call)?;
        let mut names = call.texts("Name");
        if names.is_empty() {
            names.push("*".into());
        }
        for name in names {
            let found = matching(vm, &name, scope.as_ref())?;
            let mut any = false;
            for (_, variable) in found {
                if !filters.pass(&variable.name) {
                    continue;
                }
                any = true;
                let value = if call.switch("ValueOnly") {
                    variable.value.borrow().clone()
                } else {
                    ps_variable::value(variable)
                };
                vm.write(value)?;
            }
            if !any && !WildcardPattern::contains_wildcards(&name) {
                let plain = name.rsplit(':').next().unwrap_or(&name);
                vm.write_fault(not_found(plain))?;
            }
        }
        Ok(())
    }
}

fn option_bits(call: &Call) -> Option<u8> {
    call.int("Option")
        .and_then(|bits| u8::try_from(bits & 15).ok())
}

#[derive(Default)]
struct SetVariable {
    by_argument: bool,
    name_given: bool,
    values: Vec<Value>,
}

impl Cmdlet for SetVariable {
    fn begin(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.by_argument = call.has("Value");
        self.name_given = call.has("Name");
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if self.name_given && !self.by_argument && call.expecting_input {
            self.values.extend(call.get("Value"));
            return Ok(());
        }
        let value = call.get("Value");
        set(vm, call, value)
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if self.name_given && !self.by_argument && call.expecting_input {
            let value = match Vm::captured(std::mem::take(&mut self.values)) {
                Value::Nothing => Value::Null,
                other => other,
            };
            return set(vm, call, Some(value));
        }
        Ok(())
    }
}

/// A fault of the call that does not end it; anything else goes on.
fn written(vm: &mut Vm, result: R<()>) -> R<()> {
    match result {
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) if !thrown.ends_script => {
                // It is the cmdlet's error, not that of the place that raised it.
                *thrown.record.invocation.borrow_mut() = None;
                vm.write_error(thrown.record)
            }
            other => Err(Box::new(other)),
        },
        Ok(()) => Ok(()),
    }
}

fn set(vm: &mut Vm, call: &Call, value: Option<Value>) -> R<()> {
    let scope = match scopes::scope_of(vm, call)? {
        Some(scope) => scope,
        None => vm.scope.clone(),
    };
    let filters = Filters::of(vm, call)?;
    for name in call.texts("Name") {
        let (scope, plain) = match name.split_once(':') {
            Some((prefix, rest)) if vm.prefixed_scope(prefix).is_some() => (
                vm.prefixed_scope(prefix).unwrap_or_else(|| scope.clone()),
                Rc::from(rest),
            ),
            _ => (scope.clone(), name.clone()),
        };
        let shown = match &value {
            Some(value) => vm.to_text(value)?,
            None => String::new(),
        };
        let found: Vec<Place> = matching(vm, &plain, Some(&scope))?
            .into_iter()
            .filter(|(_, v)| filters.pass(&v.name))
            .collect();
        if found.is_empty() {
            if WildcardPattern::contains_wildcards(&plain) || !filters.pass(&plain) {
                continue;
            }
            if !vm.should_process(
                call,
                &format!("Name: {plain} Value: {shown}"),
                "Set variable",
            )? {
                continue;
            }
            let variable = Variable::new(&plain, value.clone().unwrap_or_default());
            variable.options.set(option_bits(call).unwrap_or(0));
            if let Some(text) = call.text("Description") {
                *variable.description.borrow_mut() = Some(text);
            }
            let variable = Rc::new(variable);
            scope.put_named(Symbol::fold(&plain), Slot::Variable(variable.clone()));
            if call.switch("PassThru") {
                vm.write(ps_variable::value(variable))?;
            }
            continue;
        }
        for (_, variable) in found {
            let target = format!("Name: {} Value: {shown}", variable.name);
            if vm.should_process(call, &target, "Set variable")? {
                let done = change(vm, call, &variable, value.as_ref());
                let failed = done.is_err();
                written(vm, done)?;
                if !failed && call.switch("PassThru") {
                    vm.write(ps_variable::value(variable))?;
                }
            }
        }
    }
    Ok(())
}

fn change(vm: &mut Vm, call: &Call, variable: &Rc<Variable>, value: Option<&Value>) -> R<()> {
    if &*variable.name == "null" {
        return Ok(());
    }
    let bits = variable.options.get();
    let force = call.switch("Force");
    if bits & options::CONSTANT != 0 || (bits & options::READ_ONLY != 0 && !force) {
        return vm.raise(not_writable(&variable.name));
    }
    let wanted = option_bits(call);
    if wanted.is_some_and(|w| w & options::CONSTANT != 0) {
        return vm.raise(
            Fault::of(
                "System.Management.Automation.SessionStateUnauthorizedAccessException",
                "VariableCannotBeMadeConstant",
                Category::WriteError,
                format!(
                    "Existing variable {} cannot be made constant. Variables can be made constant only at creation time.",
                    variable.name
                ),
            )
            .target(Value::str(&*variable.name)),
        );
    }
    if let Some(value) = value {
        variable.options.set(bits & !options::READ_ONLY);
        let value = if call.switch("Append") {
            let old = variable.value.borrow().clone();
            let mut items = match vm.enumerate(&old)? {
                Some(items) => items,
                None if old.is_null() => Vec::new(),
                None => vec![old],
            };
            match vm.enumerate(value)? {
                Some(more) => items.extend(more),
                None => items.push(value.clone()),
            }
            Value::array(items)
        } else {
            value.clone()
        };
        let result = vm.assign_variable(variable, value);
        variable.options.set(bits);
        result?;
    }
    if let Some(wanted) = wanted {
        variable.options.set(wanted);
    }
    if let Some(text) = call.text("Description") {
        *variable.description.borrow_mut() = Some(text);
    }
    Ok(())
}

struct NewVariable;

impl Cmdlet for NewVariable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let scope = match scopes::scope_of(vm, call)? {
            Some(scope) => scope,
            None => vm.scope.clone(),
        };
        let name = call.text("Name").unwrap_or_default();
        let value = call.get("Value").unwrap_or_default();
        let shown = vm.to_text(&value)?;
        if !vm.should_process(
            call,
            &format!("Name: {name} Value: {shown}"),
            "New variable",
        )? {
            return Ok(());
        }
        if let Some((_, old)) = one(vm, &name, Some(&scope)) {
            let constant = old.options.get() & options::CONSTANT != 0;
            if !call.switch("Force") {
                return vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.SessionStateException",
                        "VariableAlreadyExists",
                        Category::ResourceExists,
                        format!("A variable with name '{name}' already exists."),
                    )
                    .target(Value::str(&*name)),
                );
            }
            if constant {
                return vm.write_fault(not_writable(&name));
            }
        }
        let variable = Variable::new(&name, value);
        variable.options.set(option_bits(call).unwrap_or(0));
        if let Some(text) = call.text("Description") {
            *variable.description.borrow_mut() = Some(text);
        }
        let variable = Rc::new(variable);
        scope.put_named(Symbol::fold(&name), Slot::Variable(variable.clone()));
        if call.switch("PassThru") {
            vm.write(ps_variable::value(variable))?;
        }
        Ok(())
    }
}

/// The variables a call names, with an error for each name that fits none.
fn named(vm: &mut Vm, call: &Call) -> R<Vec<Place>> {
    let scope = scopes::scope_of(vm, call)?;
    let filters = Filters::of(vm, call)?;
    let mut all = Vec::new();
    for name in call.texts("Name") {
        let found: Vec<Place> = matching(vm, &name, scope.as_ref())?
            .into_iter()
            .filter(|(_, v)| filters.pass(&v.name))
            .collect();
        if found.is_empty() && !WildcardPattern::contains_wildcards(&name) {
            vm.write_fault(not_found(&name))?;
        }
        all.extend(found);
    }
    Ok(all)
}

struct ClearVariable;

impl Cmdlet for ClearVariable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for (place, variable) in named(vm, call)? {
            let target = format!("Name: {}", variable.name);
            if !vm.should_process(call, &target, "Clear variable")? {
                continue;
            }
            let bits = variable.options.get();
            let force = call.switch("Force");
            if bits & options::CONSTANT != 0 || (bits & options::READ_ONLY != 0 && !force) {
                vm.write_fault(not_writable(&variable.name))?;
                continue;
            }
            // A variable of an enclosing scope keeps its value: this scope gets one of its own.
            let variable = if call.has("Scope") || Rc::ptr_eq(&place, &vm.scope) {
                variable
            } else {
                let own = Rc::new(Variable::new(&variable.name, Value::Null));
                let scope = vm.scope.clone();
                scope.put_named(Symbol::fold(&own.name), Slot::Variable(own.clone()));
                own
            };
            variable.options.set(bits & !options::READ_ONLY);
            let result = vm.assign_variable(&variable, Value::Null);
            variable.options.set(bits);
            written(vm, result)?;
            if call.switch("PassThru") {
                vm.write(ps_variable::value(variable))?;
            }
        }
        Ok(())
    }
}

struct RemoveVariable;

impl Cmdlet for RemoveVariable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for (scope, variable) in named(vm, call)? {
            let target = format!("Name: {}", variable.name);
            if !vm.should_process(call, &target, "Remove variable")? {
                continue;
            }
            let bits = variable.options.get();
            let force = call.switch("Force");
            if bits & options::CONSTANT != 0 || (bits & options::READ_ONLY != 0 && !force) {
                vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.SessionStateUnauthorizedAccessException",
                        "VariableNotRemovable",
                        Category::WriteError,
                        format!(
                            "Cannot remove variable {} because it is constant or read-only. If the variable is read-only, try the operation again specifying the Force option.",
                            variable.name
                        ),
                    )
                    .target(Value::str(&*variable.name)),
                )?;
                continue;
            }
            scope.put_named(Symbol::fold(&variable.name), Slot::Unset);
        }
        Ok(())
    }
}
