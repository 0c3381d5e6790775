//! `System.Management.Automation.PSObject`: what the type itself does.

use crate::runtime::member::added;
use crate::runtime::value::Value;

/// A static field: the name of a set of members.
pub fn read_static(name: &str) -> Option<Value> {
    let set = match name {
        "adaptedmembersetname" => "psadapted",
        "baseobjectmembersetname" => "psbase",
        "extendedmembersetname" => "psextended",
        _ => return None,
    };
    Some(Value::str(set))
}

/// A static method; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> Option<Value> {
    let object = arguments.first().filter(|_| name == "aspsobject")?;
    Some(added::as_object(object.clone()))
}
