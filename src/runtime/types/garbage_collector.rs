//! `System.GC`: there is nothing to collect, and scripts may ask for it.

use crate::runtime::value::Value;

/// A static property; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    (name == "maxgeneration").then_some(Value::Int(2))
}

/// A static method; the name is in lower case.
pub fn call_static(name: &str) -> Option<Value> {
    match name {
        "collect"
        | "waitforpendingfinalizers"
        | "suppressfinalize"
        | "keepalive"
        | "addmemorypressure"
        | "removememorypressure"
        | "reregisterforfinalize" => Some(Value::Nothing),
        "collectioncount" | "getgeneration" => Some(Value::Int(0)),
        "gettotalallocatedbytes" | "getallocatedbytesforcurrentthread" => {
            Some(Value::Long(100_000_000))
        }
        "gettotalmemory" => Some(Value::Long(50_000_000)),
        _ => None,
    }
}
