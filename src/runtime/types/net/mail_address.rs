//! MailAddress.

use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A mail address with the name it is shown by.
#[derive(Clone)]
pub struct MailAddress {
    display_name: String,
    user: String,
    host: String,
}

impl MailAddress {
    /// The address a text means: `user@host`, `Name <user@host>`, `"Name" <user@host>`.
    pub fn parse(text: &str) -> Option<MailAddress> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => {
                let at = rest.rfind('<')?;
                (rest[..at].trim(), &rest[at + 1..])
            }
            None => match text.rsplit_once(char::is_whitespace) {
                Some((name, address)) => (name.trim(), address),
                None => ("", text),
            },
        };
        let name = name
            .strip_prefix('"')
            .and_then(|n| n.strip_suffix('"'))
            .unwrap_or(name);
        let (user, host) = address.trim().rsplit_once('@')?;
        let quoted = user.starts_with('"') && user.ends_with('"') && user.len() > 1;
        let fine = !user.is_empty()
            && !host.is_empty()
            && (quoted || !user.contains([' ', '@', ',', '"', '<', '>', '(', ')']))
            && !user.starts_with('.')
            && (quoted || !user.contains(".."))
            && !host.contains([' ', '@', ',', '<', '>', '(', ')'])
            && !host.starts_with('.')
            && !host.contains("..");
        fine.then(|| MailAddress {
            display_name: name.to_string(),
            user: user.to_string(),
            host: host.to_string(),
        })
    }

    fn address(&self) -> String {
        format!("{}@{}", self.user, self.host)
    }

    fn text(&self) -> String {
        match self.display_name.is_empty() {
            true => self.address(),
            false => format!("\"{}\" <{}>", self.display_name, self.address()),
        }
    }
}

/// A new address, with a name if one is given.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    if text.is_empty() {
        return Err(Fault::dotnet(
            "System.ArgumentException",
            "The parameter 'address' cannot be an empty string. (Parameter 'address')",
        )
        .into());
    }
    let Some(mut address) = MailAddress::parse(text) else {
        return Err(Fault::dotnet(
            "System.FormatException",
            "The specified string is not in the form required for an e-mail address.",
        )
        .into());
    };
    if let Some(name) = arguments.get(1).and_then(Value::as_str) {
        address.display_name = name.trim_matches('"').to_string();
    }
    Ok(Some(Value::native(address)))
}

/// Static methods; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> Option<Value> {
    if name != "trycreate" {
        return None;
    }
    let made = construct(&arguments[..arguments.len().saturating_sub(1).min(2)]);
    let made = made.ok().flatten();
    let success = made.is_some();
    if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
        result.set(made.unwrap_or_default());
    }
    Some(Value::Bool(success))
}

impl Native for MailAddress {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.Mail.MailAddress")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["DisplayName", "User", "Host", "Address"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "displayname" => Some(Value::str(self.display_name.as_str())),
            "user" => Some(Value::str(self.user.as_str())),
            "host" => Some(Value::str(self.host.as_str())),
            "address" => Some(Value::str(self.address())),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok((name == "tostring").then(|| Value::str(self.text())))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.text().to_lowercase())
    }
}
