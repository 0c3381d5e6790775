//! Delegates: script blocks and methods as .NET calls them.

use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::member::method::Method;
use crate::runtime::member::overload::substitution;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::reflection::members::overloads_of;
use crate::runtime::types::{
    TypeCode, TypeRef, collections::array, failures, known, reflection::parameter_type, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What a delegate calls.
enum Callee {
    Block(Rc<ScriptBlock>),
    /// A method object.
    Method(Value),
}

/// A script block or method with the signature of a delegate type.
pub struct Delegate {
    type_ref: TypeRef,
    callee: Callee,
    /// The type of the result; nothing for `void`.
    returns: Option<TypeRef>,
    /// How many arguments it takes.
    arity: usize,
    /// Takes a sender and the arguments of an event, which the block sees as `$this` and `$_`.
    is_handler: bool,
}

impl Delegate {
    /// The block as a delegate of this type.
    pub fn value(type_ref: &TypeRef, block: &Rc<ScriptBlock>) -> Value {
        Delegate::calling(type_ref, Callee::Block(block.clone()))
    }

    /// A method as a delegate of this type, if one of its overloads takes the same arguments.
    pub fn of_method(vm: &Vm, type_ref: &TypeRef, method: &Value) -> Option<Value> {
        Delegate::fits_method(vm, type_ref, method)
            .then(|| Delegate::calling(type_ref, Callee::Method(method.clone())))
    }

    /// Whether an overload of a method takes the arguments of a delegate type.
    pub fn fits_method(vm: &Vm, type_ref: &TypeRef, method: &Value) -> bool {
        let owner = substitution(type_ref);
        let names: Vec<(&str, TypeRef)> = owner
            .iter()
            .map(|(name, type_ref)| (name.as_str(), type_ref.clone()))
            .collect();
        let signatures = overloads_of(type_ref.definition_name(), "Invoke", false);
        let (Some(signature), Some(method)) = (signatures.first(), method.as_native::<Method>())
        else {
            return false;
        };
        let wanted: Vec<TypeRef> = signature
            .parameters
            .iter()
            .map(|it| parameter_type::resolve(&it.type_name, &names).unwrap_or_else(known::object))
            .collect();
        let takes = |own: &[TypeRef]| {
            own.len() == wanted.len()
                && own
                    .iter()
                    .zip(&wanted)
                    .all(|(own, given)| own == given || (!given.is_value_type() && given.is_a(own)))
        };
        method.overloads(vm).iter().any(|own| takes(own))
    }

    /// Whether two delegates call the same block.
    pub fn same_callee(one: &Value, other: &Value) -> bool {
        let block = |value: &Value| match value.base() {
            Value::Block(block) => Some(block.clone()),
            _ => match &value.as_native::<Delegate>()?.callee {
                Callee::Block(block) => Some(block.clone()),
                Callee::Method(_) => None,
            },
        };
        one.base().same_object(other.base())
            || matches!((block(one), block(other)), (Some(a), Some(b)) if Rc::ptr_eq(&a, &b))
    }

    fn calling(type_ref: &TypeRef, callee: Callee) -> Value {
        let owner = substitution(type_ref);
        let names: Vec<(&str, TypeRef)> = owner
            .iter()
            .map(|(name, type_ref)| (name.as_str(), type_ref.clone()))
            .collect();
        let signatures = overloads_of(type_ref.definition_name(), "Invoke", false);
        let signature = signatures.first();
        let returns = signature.and_then(|it| parameter_type::resolve(&it.returns, &names));
        let is_handler = signature.is_some_and(|it| {
            matches!(it.parameters.as_slice(), [sender, event]
                if sender.type_name == "System.Object" && event.name == "e")
        });
        Value::native(Delegate {
            type_ref: type_ref.clone(),
            callee,
            arity: signature.map_or(1, |it| it.parameters.len()),
            returns: returns.filter(|it| it.code != TypeCode::Void),
            is_handler,
        })
    }

    /// Calls the block or method; its output is converted to the type of the result.
    pub fn invoke(&self, vm: &mut Vm, arguments: Vec<Value>) -> R<Value> {
        let block = match &self.callee {
            Callee::Block(block) => block,
            Callee::Method(method) => {
                let result = vm.invoke_method(method, "Invoke", arguments)?;
                return match &self.returns {
                    None => Ok(Value::Nothing),
                    Some(type_ref) => vm.convert(&result, type_ref),
                };
            }
        };
        let (this, item) = match arguments.as_slice() {
            [only] => (None, Some(only.clone())),
            [sender, event] if self.is_handler => (Some(sender.clone()), Some(event.clone())),
            _ => (None, None),
        };
        let call = BlockCall {
            arguments,
            item,
            this,
            ..BlockCall::default()
        };
        let output = vm.call_block_with(block, call)?;
        match &self.returns {
            None => Ok(Value::Nothing),
            Some(type_ref) => vm.convert(&Vm::captured(output), type_ref),
        }
    }
}

impl Native for Delegate {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.reflection_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["HasSingleTarget", "Target", "Method"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "hassingletarget" => Some(Value::Bool(true)),
            "target" => Some(match &self.callee {
                Callee::Block(block) => Value::Block(block.clone()),
                Callee::Method(method) => method
                    .as_native::<Method>()
                    .map_or(Value::Null, Method::object),
            }),
            "method" => Some(crate::runtime::types::reflection::method(
                &self.type_ref,
                "Invoke",
            )),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("invoke", arguments) => Some(self.invoke(vm, arguments.to_vec())?),
            ("dynamicinvoke", [Value::Array(list)]) => {
                let list = list.items.borrow().clone();
                Some(vm.invoke_method(this, "Invoke", list)?)
            }
            ("getinvocationlist", []) => {
                let element = type_named("System.Delegate");
                Some(array::of(&element, vec![this.clone()]))
            }
            ("clone", []) => Some(this.clone()),
            ("begininvoke" | "endinvoke", _) => {
                return failures::fail(
                    "System.PlatformNotSupportedException",
                    "Operation is not supported on this platform.",
                );
            }
            _ => None,
        })
    }
}

/// Whether .NET code can call this value: a delegate, or a block on its way to one.
pub fn is_callable(value: &Value) -> bool {
    matches!(value.base(), Value::Block(_)) || value.as_native::<Delegate>().is_some()
}

/// How many arguments a delegate takes; a bare block takes one.
pub fn arity(value: &Value) -> usize {
    value
        .as_native::<Delegate>()
        .map_or(1, |delegate| delegate.arity)
}
