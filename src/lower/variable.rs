//! Reading variables: plain, with a scope prefix, of a drive, and the automatic ones.

use super::Lowering;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::scope::Site;
use crate::runtime::script_block::Eval;
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{Span, VariablePath};
use std::rc::Rc;

impl Lowering {
    /// `$name` as a value.
    pub fn variable(&self, path: &VariablePath, span: Span) -> Eval {
        self.read(path, span, if self.in_string { 20 } else { 10 })
    }

    fn read(&self, path: &VariablePath, span: Span, strict_from: u16) -> Eval {
        if let Some(drive) = &path.drive {
            return self.read_prefixed(drive.clone(), path.name.clone(), span, strict_from);
        }
        match &*path.name.to_ascii_lowercase() {
            "true" => return Box::new(|_| Ok(Value::Bool(true))),
            "false" => return Box::new(|_| Ok(Value::Bool(false))),
            "null" => return Box::new(|_| Ok(Value::Null)),
            "?" => return Box::new(|vm| Ok(Value::Bool(vm.success))),
            _ => {}
        }
        let name = path.name.clone();
        let symbol = Symbol::fold(if name.eq_ignore_ascii_case("psitem") {
            "_"
        } else {
            &name
        });
        if crate::runtime::automatic::is_of_call(&name) {
            return Box::new(move |vm| match vm.call_variable(symbol) {
                Some(value) => Ok(value),
                None => unset(vm, &name, span, strict_from),
            });
        }
        let automatic = crate::runtime::automatic::is_automatic(&name);
        let site = Site::default();
        Box::new(move |vm| {
            if let Some(value) = vm.scope.with_plain(symbol, &site, |value| value.clone()) {
                return Ok(value);
            }
            if let Some(value) = vm.lookup(symbol, &site) {
                return Ok(value);
            }
            if automatic && let Some(value) = vm.automatic_variable(symbol) {
                return Ok(value);
            }
            unset(vm, &name, span, strict_from)
        })
    }

    fn read_prefixed(&self, drive: Rc<str>, name: Rc<str>, span: Span, strict_from: u16) -> Eval {
        let symbol = Symbol::fold(&name);
        Box::new(move |vm| {
            if let Some(scope) = vm.prefixed_scope(&drive) {
                let value =
                    vm.in_scope(scope.clone(), |vm| Ok(vm.own_or_shared(&scope, symbol)))?;
                return match value {
                    Some(value) => Ok(value),
                    None => match vm.automatic_variable(symbol) {
                        Some(value) => Ok(value),
                        None => unset(vm, &format!("{drive}:{name}"), span, strict_from),
                    },
                };
            }
            // What a drive lacks is null, under strict mode and without the drive too; only writing to a
            // drive that does not exist is an error.
            Ok(vm
                .drive_item(&drive, &name)
                .unwrap_or(None)
                .unwrap_or_default())
        })
    }
}

fn unset(vm: &mut Vm, name: &str, span: Span, strict_from: u16) -> R<Value> {
    if vm.strict_mode() >= strict_from {
        let fault = Fault::new(
            "VariableIsUndefined",
            format!("The variable '${name}' cannot be retrieved because it has not been set."),
        )
        .category(Category::InvalidOperation)
        .target(Value::str(name));
        // The error stands at the variable, not at the whole statement around it.
        let statement = vm.frame.span;
        if statement.start <= span.start && span.end <= statement.end {
            vm.frame.span = span;
        }
        let raised = vm.raise(fault);
        vm.frame.span = statement;
        return raised;
    }
    Ok(Value::Null)
}
