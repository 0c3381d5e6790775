//! ConvertTo-SecureString, ConvertFrom-SecureString, Get-Credential.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::types::automation::secure_string::{Credential, SecureString};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ConvertTo-SecureString", || Box::new(ToSecure)),
    ("ConvertFrom-SecureString", || Box::new(FromSecure)),
    ("Get-Credential", || Box::new(GetCredential)),
];

/// The text of a secure string.
pub fn plain_text(vm: &mut Vm, value: &Value) -> R<String> {
    match value.as_native::<SecureString>() {
        Some(secure) => Ok(secure.plain.borrow().clone()),
        None => vm.to_text(value),
    }
}

/// A secure string of a text.
pub fn secure_string(_vm: &mut Vm, plain: &str) -> R<Value> {
    Ok(SecureString::value(plain))
}

struct ToSecure;

impl Cmdlet for ToSecure {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("String").unwrap_or_else(|| "".into());
        if call.switch("AsPlainText") {
            return vm.write(SecureString::value(&*text));
        }
        let bytes: Option<Vec<u8>> = (0..text.len() / 2)
            .map(|i| u8::from_str_radix(text.get(i * 2..i * 2 + 2)?, 16).ok())
            .collect();
        match bytes.filter(|b| !b.is_empty() && b.len() % 2 == 0 && text.len().is_multiple_of(2)) {
            Some(bytes) => {
                let units: Vec<u16> = bytes
                    .chunks_exact(2)
                    .map(|c| u16::from_le_bytes([c[0], c[1]]))
                    .collect();
                vm.write(SecureString::value(String::from_utf16_lossy(&units)))
            }
            None => stop(Fault::of(
                "System.Management.Automation.PSArgumentException",
                "ImportSecureString_InvalidArgument",
                Category::InvalidArgument,
                "The parameter value \"".to_string()
                    + &text
                    + "\" is not a valid encrypted string.",
            )),
        }
    }
}

struct FromSecure;

impl Cmdlet for FromSecure {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let value = call.get("SecureString").unwrap_or_default();
        let plain = plain_text(vm, &value)?;
        if call.switch("AsPlainText") {
            return vm.write(Value::str(plain));
        }
        let hex: String = plain
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .map(|b| format!("{b:02x}"))
            .collect();
        vm.write(Value::str(hex))
    }
}

struct GetCredential;

impl Cmdlet for GetCredential {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(given) = call.get("Credential").filter(|c| !c.is_null())
            && given.as_native::<Credential>().is_some()
        {
            return vm.write(given);
        }
        let (title, message) = (call.text("Title"), call.text("Message"));
        let user = call.text("UserName");
        let asked = vm.ask_credential(title.as_deref(), message.as_deref(), user.as_deref())?;
        match asked {
            Value::Null => Ok(()),
            credential => vm.write(credential),
        }
    }
}
