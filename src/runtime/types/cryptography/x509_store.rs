//! `X509Store`: a store of certificates. Away from Windows there is one of the user, empty at first,
//! and of the machine only the trusted authorities, which nobody writes.

use crate::runtime::error::{Exception, Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::list, failures, find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

const LOCATION: &str = "System.Security.Cryptography.X509Certificates.StoreLocation";
const COLLECTION: &str = "System.Security.Cryptography.X509Certificates.X509Certificate2Collection";
const MACHINE: i64 = 2;

/// A store that is opened before its certificates are asked for.
struct X509Store {
    name: String,
    location: i64,
    open: Cell<bool>,
    added: RefCell<Vec<Value>>,
}

/// A new store: by name, location or both.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let (mut name, mut location) = ("My".to_string(), 1);
    for argument in arguments {
        match argument.base() {
            Value::Enum(e) if &*e.type_ref.full_name == LOCATION => location = e.bits,
            other => name = vm.to_text(other)?,
        }
    }
    Ok(Some(Value::native(X509Store {
        name,
        location,
        open: Cell::new(false),
        added: RefCell::default(),
    })))
}

impl X509Store {
    /// Of the machine's stores only those of authorities exist.
    fn check(&self) -> R<()> {
        let trusted = ["root", "ca", "certificateauthority"];
        if self.location != MACHINE || trusted.contains(&&*self.name.to_ascii_lowercase()) {
            return Ok(());
        }
        let text =
            "Unix LocalMachine X509Store is limited to the Root and CertificateAuthority stores.";
        let inner = Exception::of("System.PlatformNotSupportedException", text);
        let fault = Fault::dotnet("System.Security.Cryptography.CryptographicException", text);
        Err(fault.inner(inner).into())
    }
}

impl Native for X509Store {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Security.Cryptography.X509Certificates.X509Store")
            .unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["StoreHandle", "Location", "Name", "Certificates", "IsOpen"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "location" => Value::enum_of(LOCATION, self.location),
            "name" => Value::str(&self.name),
            "isopen" => Value::Bool(self.open.get()),
            "certificates" => {
                let type_ref = find_full(COLLECTION).unwrap_or_else(known::array_list);
                let all = self.added.borrow().clone();
                list::of(&type_ref, if self.open.get() { all } else { Vec::new() })
            }
            "storehandle" => {
                let type_ref = find_full("System.IntPtr").unwrap_or_else(known::object);
                vm.construct(&type_ref, vec![Value::Int(0)])?
            }
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("open", [_]) => {
                self.check()?;
                self.open.set(true);
            }
            ("close" | "dispose", []) => self.open.set(false),
            ("add", [certificate]) if self.open.get() => {
                self.added.borrow_mut().push(certificate.clone());
            }
            ("remove", [certificate]) if self.open.get() => {
                let mut added = self.added.borrow_mut();
                added.retain(|each| !each.same_object(certificate));
            }
            ("add" | "remove", [_]) => {
                return failures::fail(
                    "System.Security.Cryptography.CryptographicException",
                    "The X509 certificate store has not been opened.",
                );
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}
