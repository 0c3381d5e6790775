//! `System.Activator`: objects of a type that is known at run time.

use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let ("createinstance", [Value::Type(wanted), rest @ ..]) = (name, arguments) else {
        return Ok(None);
    };
    let given = match rest {
        [Value::Array(list)] => list.items.borrow().clone(),
        many => many.to_vec(),
    };
    vm.construct(wanted, given).map(Some)
}
