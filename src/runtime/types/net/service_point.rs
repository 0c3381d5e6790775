//! `System.Net.ServicePointManager`: settings that scripts make before they call a web service.

use crate::runtime::error::R;
use crate::runtime::types::{find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// The settings by name in lower case, each with what a new session has.
const DEFAULTS: &[(&str, Setting)] = &[
    ("checkcertificaterevocationlist", Setting::Switch(false)),
    ("defaultconnectionlimit", Setting::Number(2)),
    ("dnsrefreshtimeout", Setting::Number(120_000)),
    ("enablednsroundrobin", Setting::Switch(false)),
    ("encryptionpolicy", Setting::Null),
    ("expect100continue", Setting::Switch(true)),
    ("maxservicepointidletime", Setting::Number(100_000)),
    ("maxservicepoints", Setting::Number(0)),
    ("reuseport", Setting::Switch(false)),
    ("securityprotocol", Setting::Protocol),
    ("servercertificatevalidationcallback", Setting::Callback),
    ("usenaglealgorithm", Setting::Switch(true)),
];

#[derive(Clone, Copy)]
enum Setting {
    Switch(bool),
    Number(i32),
    Protocol,
    Callback,
    Null,
}

const PROTOCOL: &str = "System.Net.SecurityProtocolType";
const CALLBACK: &str = "System.Net.Security.RemoteCertificateValidationCallback";

thread_local! {
    /// What the session has set.
    static WRITTEN: RefCell<Vec<(String, Value)>> = const { RefCell::new(Vec::new()) };
}

/// A setting; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    let written = WRITTEN.with_borrow(|all| {
        let found = all.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.clone())
    });
    let (_, default) = DEFAULTS.iter().find(|(n, _)| *n == name)?;
    Some(written.unwrap_or_else(|| match default {
        Setting::Switch(on) => Value::Bool(*on),
        Setting::Number(number) => Value::Int(*number),
        Setting::Protocol => Value::enum_of(PROTOCOL, 0),
        Setting::Callback | Setting::Null => Value::Null,
    }))
}

/// Makes a setting; whether there is one of the name.
pub fn write_static(vm: &mut Vm, name: &str, value: &Value) -> R<bool> {
    let Some((_, default)) = DEFAULTS.iter().find(|(n, _)| *n == name) else {
        return Ok(false);
    };
    let type_ref = match default {
        Setting::Switch(_) => find_full("System.Boolean"),
        Setting::Number(_) => find_full("System.Int32"),
        Setting::Protocol => find_full(PROTOCOL),
        Setting::Callback => find_full(CALLBACK),
        Setting::Null => None,
    };
    let value = match (value, default) {
        (Value::Null | Value::Nothing, Setting::Callback) => Value::Null,
        _ => vm.convert(value, &type_ref.unwrap_or_else(known::object))?,
    };
    WRITTEN.with_borrow_mut(|all| {
        all.retain(|(n, _)| n != name);
        all.push((name.to_string(), value));
    });
    Ok(true)
}
