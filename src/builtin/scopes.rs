//! `-Scope` of the cmdlets for variables, aliases and drives.

use crate::runtime::command::Call;
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::scope::Scope;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The scope that `-Scope` names; `None` when it was not given.
pub fn scope_of(vm: &mut Vm, call: &Call) -> R<Option<Rc<Scope>>> {
    match call.text("Scope") {
        Some(name) if !name.is_empty() => named(vm, &name).map(Some),
        _ => Ok(None),
    }
}

/// The scope of a name or number.
pub fn named(vm: &mut Vm, name: &str) -> R<Rc<Scope>> {
    if let Some(scope) = vm.prefixed_scope(name) {
        return Ok(scope);
    }
    let Ok(depth) = name.trim().parse::<i32>() else {
        return vm.raise(Fault::argument(
            "Argument",
            "Cannot process argument because the value of argument \"scopeID\" is not valid. Change the value of the \"scopeID\" argument and run the operation again.",
        ));
    };
    let found = usize::try_from(depth).ok().and_then(|d| vm.scope_at(d));
    match found {
        Some(scope) => Ok(scope),
        None => {
            let exception = Exception::of(
                "System.Management.Automation.PSArgumentOutOfRangeException",
                format!("The scope number '{depth}' exceeds the number of active scopes. (Parameter 'scopeID')\nActual value was {depth}."),
            )
            .with("ParamName", Value::str("scopeID"));
            vm.raise(Fault {
                exception,
                id: "ArgumentOutOfRange".into(),
                category: Category::InvalidArgument,
                target: Value::Null,
            })
        }
    }
}
