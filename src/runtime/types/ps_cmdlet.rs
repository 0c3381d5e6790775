//! `$PSCmdlet`: what an advanced function knows of its call.

use super::{TypeRef, find_full, known};
use crate::runtime::error::R;
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::native::Native;
use crate::runtime::scope::Scope;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::rc::Rc;

/// The cmdlet object of a function's call.
pub struct ScriptCmdlet {
    /// How the function was called.
    pub invocation: Rc<InvocationInfo>,
    /// The function's scope.
    pub scope: Rc<Scope>,
}

/// `$PSCmdlet` for a call.
pub fn value(invocation: Rc<InvocationInfo>, scope: Rc<Scope>) -> Value {
    Value::native(ScriptCmdlet { invocation, scope })
}

impl Native for ScriptCmdlet {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Management.Automation.PSScriptCmdlet").unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "ParameterSetName",
            "MyInvocation",
            "SessionState",
            "Host",
            "CommandRuntime",
            "InvokeCommand",
            "InvokeProvider",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "parametersetname" => Some(Value::str(&**self.invocation.set_name.borrow())),
            "myinvocation" => Some(vm.invocation_value(Some(&self.invocation))),
            _ => None,
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
