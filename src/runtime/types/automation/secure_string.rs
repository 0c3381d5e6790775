//! SecureString, PSCredential and NetworkCredential.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// A text that is not shown.
#[derive(Default)]
pub struct SecureString {
    /// The text.
    pub plain: RefCell<String>,
}

impl SecureString {
    /// A secure string of this text.
    pub fn value(plain: impl Into<String>) -> Value {
        Value::native(SecureString {
            plain: RefCell::new(plain.into()),
        })
    }
}

impl Native for SecureString {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Security.SecureString")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Length"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("length")
            .then(|| Value::Int(self.plain.borrow().encode_utf16().count() as i32)))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "appendchar" => {
                if let Some(added) = arguments.first() {
                    let added = vm.to_text(added)?;
                    self.plain.borrow_mut().push_str(&added);
                }
                Ok(Some(Value::Nothing))
            }
            "insertat" | "setat" | "removeat" => {
                let at = match arguments.first() {
                    Some(at) => vm.to_int(at)?,
                    None => return Ok(None),
                };
                let mut plain: Vec<u16> = self.plain.borrow().encode_utf16().collect();
                let room = plain.len() + usize::from(name == "insertat");
                let Some(at) = usize::try_from(at).ok().filter(|at| *at < room) else {
                    return crate::runtime::types::failures::out_of_range(
                        "Index was out of range. Must be non-negative and less than the size of the collection.",
                        "index",
                    );
                };
                match (name, arguments.get(1)) {
                    ("removeat", _) => {
                        plain.remove(at);
                    }
                    ("insertat", Some(Value::Char(unit))) => plain.insert(at, *unit),
                    (_, Some(Value::Char(unit))) => plain[at] = *unit,
                    _ => return Ok(None),
                }
                *self.plain.borrow_mut() = crate::runtime::text::utf16::from_units(&plain);
                Ok(Some(Value::Nothing))
            }
            "clear" => {
                self.plain.borrow_mut().clear();
                Ok(Some(Value::Nothing))
            }
            "copy" => Ok(Some(SecureString::value(self.plain.borrow().clone()))),
            "makereadonly" | "dispose" => Ok(Some(Value::Nothing)),
            "isreadonly" => Ok(Some(Value::Bool(false))),
            _ => Ok(None),
        }
    }
}

/// A user's name with a password: PSCredential, or NetworkCredential.
pub struct Credential {
    user: String,
    password: Value,
    network: bool,
}

impl Credential {
    /// A PSCredential.
    pub fn value(user: impl Into<String>, password: Value) -> Value {
        Value::native(Credential {
            user: user.into(),
            password,
            network: false,
        })
    }

    fn plain(&self) -> String {
        match self.password.as_native::<SecureString>() {
            Some(secure) => secure.plain.borrow().clone(),
            None => self.password.as_str().unwrap_or_default().to_string(),
        }
    }

    fn parts(&self) -> (String, String) {
        match self.user.split_once('\\') {
            Some((domain, user)) => (domain.to_string(), user.to_string()),
            None => (String::new(), self.user.clone()),
        }
    }
}

impl Native for Credential {
    fn type_ref(&self) -> TypeRef {
        let name = match self.network {
            true => "System.Net.NetworkCredential",
            false => "System.Management.Automation.PSCredential",
        };
        type_named(name)
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.network {
            true => vec!["UserName", "Password", "SecurePassword", "Domain"],
            false => vec!["UserName", "Password"],
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match (name.to_ascii_lowercase().as_str(), self.network) {
            ("username", false) => Some(Value::str(self.user.as_str())),
            ("username", true) => Some(Value::str(self.parts().1)),
            ("password", false) | ("securepassword", true) => Some(self.password.clone()),
            ("password", true) => Some(Value::str(self.plain())),
            ("domain", true) => Some(Value::str(self.parts().0)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok((name == "getnetworkcredential").then(|| {
            Value::native(Credential {
                user: self.user.clone(),
                password: self.password.clone(),
                network: true,
            })
        }))
    }
}

/// A PSCredential as the NetworkCredential that it converts to.
pub fn of_network(value: &Value) -> Option<Value> {
    let credential = value.base().as_native::<Credential>()?;
    Some(Value::native(Credential {
        user: credential.user.clone(),
        password: credential.password.clone(),
        network: true,
    }))
}

/// A new object of one of these types; `None` when the type is another.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (type_name, arguments) {
        ("System.Security.SecureString", _) => Some(SecureString::value("")),
        ("System.Management.Automation.PSCredential", [user, password]) => {
            let user = vm.to_text(user)?;
            Some(Credential::value(user, password.clone()))
        }
        ("System.Net.NetworkCredential", []) => Some(Value::native(Credential {
            user: String::new(),
            password: SecureString::value(""),
            network: true,
        })),
        ("System.Net.NetworkCredential", [user, password, ..]) => {
            let user = vm.to_text(user)?;
            let password = match password.as_native::<SecureString>() {
                Some(_) => password.clone(),
                None => {
                    let plain = vm.to_text(password)?;
                    SecureString::value(plain)
                }
            };
            let user = match arguments.get(2) {
                Some(domain) => format!("{}\\{user}", vm.to_text(domain)?),
                None => user,
            };
            Some(Value::native(Credential {
                user,
                password,
                network: true,
            }))
        }
        _ => None,
    })
}
