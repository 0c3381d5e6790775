//! MD5, SHA…, their keyed forms (HMAC…), IncrementalHash and Rfc2898DeriveBytes.

use super::NAMESPACE;
use super::digest::Algorithm;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, environment, failures, io::stream, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

/// The value of `[HashAlgorithmName]::SHA256`: a name and nothing else.
struct AlgorithmName(String);

/// A hash in the making.
struct Hasher {
    algorithm: Algorithm,
    type_name: String,
    key: Option<RefCell<Vec<u8>>>,
    pending: RefCell<Vec<u8>>,
    last: RefCell<Option<Vec<u8>>>,
    disposed: Cell<bool>,
}

/// Bytes after bytes from one password.
struct Deriver {
    algorithm: Algorithm,
    password: Vec<u8>,
    salt: Vec<u8>,
    rounds: u32,
    given: Cell<usize>,
}

fn named(short: &str) -> Option<(Algorithm, bool)> {
    let keyed = short.strip_prefix("HMAC");
    let plain = keyed.unwrap_or(short);
    let plain = plain
        .strip_suffix("Managed")
        .or_else(|| plain.strip_suffix("CryptoServiceProvider"))
        .or_else(|| plain.strip_suffix("Cng"))
        .unwrap_or(plain);
    Some((Algorithm::by_name(plain)?, keyed.is_some()))
}

fn hasher(algorithm: Algorithm, type_name: String, key: Option<Vec<u8>>) -> Value {
    Value::native(Hasher {
        algorithm,
        type_name,
        key: key.map(RefCell::new),
        pending: RefCell::default(),
        last: RefCell::new(None),
        disposed: Cell::new(false),
    })
}

/// What `Create()` gives: the type's own, nested implementation.
fn implementation(algorithm: Algorithm) -> Value {
    let type_name = format!("{NAMESPACE}{}+Implementation", algorithm.name());
    hasher(algorithm, type_name, None)
}

/// A static property.
pub fn read_static(short: &str, name: &str) -> Option<Value> {
    if short == "HashAlgorithmName" {
        let algorithm = Algorithm::by_name(name)?;
        return Some(Value::native(AlgorithmName(algorithm.name().into())));
    }
    let (algorithm, _) = named(short)?;
    let bytes = algorithm.length() as i32;
    match name {
        "hashsizeinbits" => Some(Value::Int(bytes * 8)),
        "hashsizeinbytes" => Some(Value::Int(bytes)),
        _ => None,
    }
}

/// The bytes of an array or of what is left of a stream.
fn source(value: &Value, parameter: &str) -> R<Vec<u8>> {
    if let Some(bytes) = stream::of(value) {
        return bytes.read(usize::MAX);
    }
    if value.is_null() {
        return failures::argument_null(parameter);
    }
    Ok(array::as_bytes(value))
}

fn algorithm_of(vm: &mut Vm, value: &Value) -> R<Algorithm> {
    let name = match value.as_native::<AlgorithmName>() {
        Some(name) => name.0.clone(),
        None => vm.to_text(value)?,
    };
    match Algorithm::by_name(&name) {
        Some(algorithm) => Ok(algorithm),
        None => failures::fail(
            "System.Security.Cryptography.CryptographicException",
            format!("'{name}' is not a known hash algorithm."),
        ),
    }
}

/// A static method.
pub fn call_static(vm: &mut Vm, short: &str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if short == "HashAlgorithm" && name == "create" {
        let found = arguments.first().and_then(Value::as_str).map(named);
        return Ok(Some(match found {
            Some(Some((algorithm, false))) => implementation(algorithm),
            Some(_) => Value::Null,
            None => return failures::not_supported("Operation is not supported on this platform."),
        }));
    }
    if short == "IncrementalHash" {
        return match (name, arguments) {
            ("createhash", [of]) => {
                let algorithm = algorithm_of(vm, of)?;
                let type_name = format!("{NAMESPACE}IncrementalHash");
                Ok(Some(hasher(algorithm, type_name, None)))
            }
            ("createhmac", [of, key]) => {
                let algorithm = algorithm_of(vm, of)?;
                let type_name = format!("{NAMESPACE}IncrementalHash");
                Ok(Some(hasher(
                    algorithm,
                    type_name,
                    Some(source(key, "key")?),
                )))
            }
            _ => Ok(None),
        };
    }
    let Some((algorithm, keyed)) = named(short) else {
        return Ok(None);
    };
    Ok(Some(match (name, arguments) {
        ("create", _) if !keyed => implementation(algorithm),
        ("hashdata", [bytes]) if !keyed => array::bytes(&algorithm.hash(&source(bytes, "source")?)),
        ("hashdata", [key, bytes]) if keyed => {
            let key = source(key, "key")?;
            array::bytes(&algorithm.keyed(&key, &source(bytes, "source")?))
        }
        _ => return Ok(None),
    }))
}

/// A constructor.
pub fn construct(vm: &mut Vm, short: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (short, arguments) {
        ("HashAlgorithmName", [name]) => {
            let name = vm.to_text(name)?;
            return Ok(Some(Value::native(AlgorithmName(name))));
        }
        ("Rfc2898DeriveBytes", [password, salt, rest @ ..]) => {
            let password = match password.base() {
                Value::Str(text) => text.as_bytes().to_vec(),
                other => array::as_bytes(&other.clone()),
            };
            let rounds = match rest.first() {
                Some(rounds) => vm.to_int(rounds)?.max(1) as u32,
                None => 1000,
            };
            let algorithm = match rest.get(1) {
                Some(name) => algorithm_of(vm, name)?,
                None => Algorithm::Sha1,
            };
            return Ok(Some(Value::native(Deriver {
                algorithm,
                password,
                salt: array::as_bytes(salt),
                rounds,
                given: Cell::new(0),
            })));
        }
        _ => {}
    }
    let Some((algorithm, keyed)) = named(short) else {
        return Ok(None);
    };
    let key = match arguments.first() {
        _ if !keyed => None,
        Some(key) => Some(source(key, "key")?),
        None => Some(array::as_bytes(&environment::random_bytes(
            vm,
            if algorithm.length() > 32 { 128 } else { 64 },
        ))),
    };
    Ok(Some(hasher(algorithm, format!("{NAMESPACE}{short}"), key)))
}

/// `[CryptographicOperations]::FixedTimeEquals(…)` and its kin.
pub fn fixed_time_equals(name: &str, arguments: &[Value]) -> Option<Value> {
    match (name, arguments) {
        ("fixedtimeequals", [one, other]) => {
            let same = array::as_bytes(one) == array::as_bytes(other);
            Some(Value::Bool(same))
        }
        _ => None,
    }
}

/// `[Rfc2898DeriveBytes]::Pbkdf2(password, salt, iterations, algorithm, length)`
pub fn derive_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let ("pbkdf2", [password, salt, rounds, algorithm, length]) = (name, arguments) else {
        return Ok(None);
    };
    let password = match password.base() {
        Value::Str(text) => text.as_bytes().to_vec(),
        other => array::as_bytes(&other.clone()),
    };
    let algorithm = algorithm_of(vm, algorithm)?;
    let rounds = vm.to_int(rounds)?.max(1) as u32;
    let length = usize::try_from(vm.to_int(length)?)
        .unwrap_or(0)
        .min(1 << 20);
    let key = algorithm.derive(&password, &array::as_bytes(salt), rounds, length);
    Ok(Some(array::bytes(&key)))
}

impl Hasher {
    fn finish(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Some(key) => self.algorithm.keyed(&key.borrow(), bytes),
            None => self.algorithm.hash(bytes),
        }
    }

    fn part(vm: &mut Vm, bytes: &Value, part: &[Value]) -> R<Vec<u8>> {
        let all = source(bytes, "buffer")?;
        let [from, count, ..] = part else {
            return Ok(all);
        };
        let (from, count) = (vm.to_int(from)?, vm.to_int(count)?);
        let range = usize::try_from(from)
            .ok()
            .zip(usize::try_from(count).ok())
            .map(|(from, count)| from..from.saturating_add(count));
        match range.and_then(|range| all.get(range)) {
            Some(part) => Ok(part.to_vec()),
            None if from < 0 => failures::out_of_range("Non-negative number required.", "offset"),
            None => failures::argument("Value was invalid.", ""),
        }
    }
}

impl Native for Hasher {
    fn type_ref(&self) -> TypeRef {
        type_named(&self.type_name)
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names = vec![
            "CanReuseTransform",
            "CanTransformMultipleBlocks",
            "HashSize",
            "Hash",
            "InputBlockSize",
            "OutputBlockSize",
        ];
        if self.key.is_some() {
            names.insert(0, "Key");
            names.insert(0, "HashName");
        }
        names
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let bytes = self.algorithm.length() as i32;
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "hashsize" => Value::Int(bytes * 8),
            "hashlengthinbytes" => Value::Int(bytes),
            "hash" => match &*self.last.borrow() {
                Some(hash) => array::bytes(hash),
                None => Value::Null,
            },
            "inputblocksize" | "outputblocksize" => Value::Int(1),
            "canreusetransform" | "cantransformmultipleblocks" => Value::Bool(true),
            "hashname" if self.key.is_some() => Value::str(self.algorithm.name()),
            "algorithmname" => Value::native(AlgorithmName(self.algorithm.name().into())),
            "key" => match &self.key {
                Some(key) => array::bytes(&key.borrow()),
                None => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match &self.key {
            Some(key) if name.eq_ignore_ascii_case("key") => {
                *key.borrow_mut() = source(&value, "value")?;
                Ok(Some(true))
            }
            _ => Ok(None),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if self.disposed.get() && !matches!(name, "dispose" | "clear") {
            return failures::fail(
                "System.ObjectDisposedException",
                format!(
                    "Cannot access a disposed object.\nObject name: '{}'.",
                    self.type_name
                ),
            );
        }
        Ok(Some(match (name, arguments) {
            ("computehash", [bytes, part @ ..]) => {
                let hash = self.finish(&Self::part(vm, bytes, part)?);
                *self.last.borrow_mut() = Some(hash.clone());
                array::bytes(&hash)
            }
            ("transformblock", [bytes, from, count, ..]) => {
                let part = Self::part(vm, bytes, &[from.clone(), count.clone()])?;
                self.pending.borrow_mut().extend_from_slice(&part);
                Value::Int(part.len() as i32)
            }
            ("transformfinalblock", [bytes, from, count]) => {
                let part = Self::part(vm, bytes, &[from.clone(), count.clone()])?;
                let mut all = self.pending.take();
                all.extend_from_slice(&part);
                *self.last.borrow_mut() = Some(self.finish(&all));
                array::bytes(&part)
            }
            ("appenddata", [bytes, part @ ..]) => {
                let part = Self::part(vm, bytes, part)?;
                self.pending.borrow_mut().extend_from_slice(&part);
                Value::Nothing
            }
            ("gethashandreset", []) => array::bytes(&self.finish(&self.pending.take())),
            ("getcurrenthash", []) => array::bytes(&self.finish(&self.pending.borrow())),
            ("initialize", []) => {
                self.pending.take();
                Value::Nothing
            }
            ("dispose" | "clear", _) => {
                self.disposed.set(true);
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}

impl Native for AlgorithmName {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Security.Cryptography.HashAlgorithmName")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Name"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("name")
            .then(|| Value::str(self.0.as_str())))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

impl Native for Deriver {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Security.Cryptography.Rfc2898DeriveBytes")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["HashAlgorithm", "Salt", "IterationCount"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "salt" => Some(array::bytes(&self.salt)),
            "iterationcount" => Some(Value::Int(self.rounds as i32)),
            "hashalgorithm" => Some(Value::native(AlgorithmName(self.algorithm.name().into()))),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("getbytes", [count]) => {
                let from = self.given.get();
                let count = usize::try_from(vm.to_int(count)?).unwrap_or(0);
                let to = from.saturating_add(count).min(1 << 20);
                let all = self
                    .algorithm
                    .derive(&self.password, &self.salt, self.rounds, to);
                self.given.set(to);
                Some(array::bytes(all.get(from..to).unwrap_or(&[])))
            }
            ("reset", []) => {
                self.given.set(0);
                Some(Value::Nothing)
            }
            ("dispose", _) => Some(Value::Nothing),
            _ => None,
        })
    }
}
