//! `System.Security.Cryptography`: hashes, keyed hashes, AES, derived keys and
//! chance.

pub mod block;
pub mod cipher;
pub mod digest;
pub mod hash;
pub mod random;
pub mod x509_store;

use crate::runtime::error::R;
use crate::runtime::types::TypeRef;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const NAMESPACE: &str = "System.Security.Cryptography.";

/// A static property; the names are the full type name and, in lower case, the property.
pub fn read_static(type_name: &str, name: &str) -> Option<Value> {
    let short = type_name.strip_prefix(NAMESPACE)?;
    hash::read_static(short, name)
}

/// A static method.
pub fn call_static(
    vm: &mut Vm,
    type_name: &str,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let Some(short) = type_name.strip_prefix(NAMESPACE) else {
        return Ok(None);
    };
    match short {
        "Aes" => Ok((name == "create").then(|| cipher::Aes::value(vm))),
        "RandomNumberGenerator" => random::call_static(vm, name, arguments),
        "CryptographicOperations" => Ok(hash::fixed_time_equals(name, arguments)),
        "Rfc2898DeriveBytes" => hash::derive_static(vm, name, arguments),
        _ => hash::call_static(vm, short, name, arguments),
    }
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let Some(short) = type_ref.definition_name().strip_prefix(NAMESPACE) else {
        return Ok(None);
    };
    match short {
        "AesManaged" | "AesCryptoServiceProvider" => Ok(Some(cipher::Aes::value(vm))),
        "CryptoStream" => cipher::crypto_stream(arguments),
        "RNGCryptoServiceProvider" => Ok(Some(Value::native(random::Generator))),
        _ => hash::construct(vm, short, arguments),
    }
}
