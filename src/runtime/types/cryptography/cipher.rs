//! Aes, the transforms it makes, and CryptoStream.

use super::block::{self, BLOCK};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::io::stream::{self, Coder};
use crate::runtime::types::{TypeRef, collections::array, environment, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

const CBC: i64 = 1;
const ECB: i64 = 2;
const CFB: i64 = 4;
const NO_PADDING: i64 = 1;
const ZEROS: i64 = 3;
const ANSI: i64 = 4;

/// The settings of an AES cipher.
pub struct Aes {
    key: RefCell<Vec<u8>>,
    vector: RefCell<Vec<u8>>,
    mode: Cell<i64>,
    padding: Cell<i64>,
}

/// An encryptor or decryptor.
#[derive(Clone)]
struct Transform {
    key: Vec<u8>,
    vector: [u8; BLOCK],
    mode: i64,
    padding: i64,
    encrypts: bool,
    pending: RefCell<Vec<u8>>,
}

fn cryptographic<T>(message: &str) -> R<T> {
    failures::fail(
        "System.Security.Cryptography.CryptographicException",
        message,
    )
}

impl Aes {
    /// A cipher with a key and vector by chance.
    pub fn value(vm: &mut Vm) -> Value {
        let random = |vm: &mut Vm, count| array::as_bytes(&environment::random_bytes(vm, count));
        Value::native(Aes {
            key: RefCell::new(random(vm, 32)),
            vector: RefCell::new(random(vm, BLOCK)),
            mode: Cell::new(CBC),
            padding: Cell::new(2),
        })
    }

    fn set_key(&self, key: Vec<u8>) -> R<()> {
        if !matches!(key.len(), 16 | 24 | 32) {
            return cryptographic("Specified key is not a valid size for this algorithm.");
        }
        *self.key.borrow_mut() = key;
        Ok(())
    }

    fn set_vector(&self, vector: Vec<u8>) -> R<()> {
        if vector.len() != BLOCK {
            return cryptographic(
                "Specified initialization vector (IV) does not match the block size for this algorithm.",
            );
        }
        *self.vector.borrow_mut() = vector;
        Ok(())
    }

    fn transform(&self, encrypts: bool, given: &[Value]) -> R<Transform> {
        let (key, vector) = match given {
            [key, vector] => (array::as_bytes(key), array::as_bytes(vector)),
            _ => (self.key.borrow().clone(), self.vector.borrow().clone()),
        };
        if !matches!(key.len(), 16 | 24 | 32) {
            return failures::argument(
                "Specified key is not a valid size for this algorithm.",
                "key",
            );
        }
        let vector = match <[u8; BLOCK]>::try_from(vector.as_slice()) {
            Ok(vector) => vector,
            Err(_) if self.mode.get() == ECB => [0; BLOCK],
            Err(_) => {
                return failures::argument(
                    "Specified initialization vector (IV) does not match the block size for this algorithm.",
                    "iv",
                );
            }
        };
        Ok(Transform {
            key,
            vector,
            mode: self.mode.get(),
            padding: self.padding.get(),
            encrypts,
            pending: RefCell::default(),
        })
    }

    /// EncryptCbc, DecryptEcb and their kin.
    fn one_shot(&self, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let (encrypts, mode) = match name {
            "encryptcbc" => (true, CBC),
            "decryptcbc" => (false, CBC),
            "encryptecb" => (true, ECB),
            "decryptecb" => (false, ECB),
            "encryptcfb" => (true, CFB),
            "decryptcfb" => (false, CFB),
            _ => return Ok(None),
        };
        let [text, rest @ ..] = arguments else {
            return Ok(None);
        };
        let mut transform = self.transform(encrypts, &[])?;
        transform.mode = mode;
        if let Some(vector) = rest.iter().find(|v| matches!(v, Value::Array(_))) {
            match array::as_bytes(vector).try_into() {
                Ok(vector) => transform.vector = vector,
                Err(_) => {
                    return failures::argument(
                        "Specified initialization vector (IV) does not match the block size for this algorithm.",
                        "iv",
                    );
                }
            }
        }
        transform.padding = if mode == CFB { NO_PADDING } else { 2 };
        if let Some(Value::Enum(padding)) = rest.iter().find(|v| matches!(v, Value::Enum(_))) {
            transform.padding = padding.bits;
        }
        Ok(Some(array::bytes(&transform.run(&array::as_bytes(text))?)))
    }
}

impl Transform {
    fn run(&self, bytes: &[u8]) -> R<Vec<u8>> {
        let Some(aes) = block::Aes::new(&self.key) else {
            return cryptographic("Specified key is not a valid size for this algorithm.");
        };
        let vector = (self.mode != ECB).then_some(self.vector);
        if self.mode == CFB {
            let padded = self.padded(bytes, 1)?;
            let done = aes.feedback(
                if self.encrypts { &padded } else { bytes },
                self.vector,
                self.encrypts,
            );
            return Ok(done);
        }
        if self.encrypts {
            return Ok(aes.encrypt(&self.padded(bytes, BLOCK)?, vector));
        }
        if !bytes.len().is_multiple_of(BLOCK) {
            return cryptographic("The input data is not a complete block.");
        }
        let mut plain = aes.decrypt(bytes, vector);
        if matches!(self.padding, NO_PADDING | ZEROS) || plain.is_empty() {
            return Ok(plain);
        }
        let count = plain.last().copied().map_or(0, usize::from);
        let start = plain.len().saturating_sub(count);
        let is_right = (1..=BLOCK).contains(&count)
            && (self.padding != 2
                || plain
                    .get(start..)
                    .is_some_and(|pad| pad.iter().all(|byte| usize::from(*byte) == count)));
        if !is_right {
            return cryptographic("Padding is invalid and cannot be removed.");
        }
        plain.truncate(start);
        Ok(plain)
    }

    fn padded(&self, bytes: &[u8], block: usize) -> R<Vec<u8>> {
        let mut padded = bytes.to_vec();
        let missing = block - bytes.len() % block;
        match self.padding {
            NO_PADDING if missing < block => {
                return cryptographic("The input data is not a complete block.");
            }
            NO_PADDING => {}
            ZEROS => padded.resize(bytes.len() + missing % block, 0),
            ANSI => {
                padded.resize(bytes.len() + missing - 1, 0);
                padded.push(missing as u8);
            }
            _ => padded.resize(bytes.len() + missing, missing as u8),
        }
        Ok(padded)
    }
}

impl Native for Aes {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Security.Cryptography.AesImplementation")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "FeedbackSize",
            "BlockSize",
            "IV",
            "Key",
            "LegalBlockSizes",
            "LegalKeySizes",
            "KeySize",
            "Mode",
            "Padding",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let sizes = |low: i32, high: i32, step: i32| {
            let size = crate::runtime::types::plain_object::PlainObject::new(
                "System.Security.Cryptography.KeySizes",
                vec![
                    ("MinSize", Value::Int(low)),
                    ("MaxSize", Value::Int(high)),
                    ("SkipSize", Value::Int(step)),
                ],
            );
            let element = type_named("System.Security.Cryptography.KeySizes");
            array::of(&element, vec![size.value()])
        };
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "key" => array::bytes(&self.key.borrow()),
            "iv" => array::bytes(&self.vector.borrow()),
            "keysize" => Value::Int(self.key.borrow().len() as i32 * 8),
            "blocksize" => Value::Int(128),
            "feedbacksize" => Value::Int(8),
            "mode" => Value::enum_of("System.Security.Cryptography.CipherMode", self.mode.get()),
            "padding" => Value::enum_of(
                "System.Security.Cryptography.PaddingMode",
                self.padding.get(),
            ),
            "legalblocksizes" => sizes(128, 128, 0),
            "legalkeysizes" => sizes(128, 256, 64),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match (name.to_ascii_lowercase().as_str(), value.base()) {
            ("key", Value::Null) | ("iv", Value::Null) => {
                return failures::argument_null("value");
            }
            ("key", bytes) => self.set_key(array::as_bytes(&bytes.clone()))?,
            ("iv", bytes) => self.set_vector(array::as_bytes(&bytes.clone()))?,
            ("mode", Value::Enum(mode)) => self.mode.set(mode.bits),
            ("padding", Value::Enum(padding)) => self.padding.set(padding.bits),
            ("keysize", size) => match vm.to_int(&size.clone())? {
                bits @ (128 | 192 | 256) => {
                    let bytes = environment::random_bytes(vm, bits as usize / 8);
                    self.set_key(array::as_bytes(&bytes))?;
                }
                _ => {
                    return cryptographic("Specified key is not a valid size for this algorithm.");
                }
            },
            ("blocksize", size) => {
                if vm.to_int(&size.clone())? != 128 {
                    return cryptographic("Specified block size is not valid for this algorithm.");
                }
            }
            ("feedbacksize", _) => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match name {
            "createencryptor" => Value::native(self.transform(true, arguments)?),
            "createdecryptor" => Value::native(self.transform(false, arguments)?),
            "generatekey" => {
                let bytes = environment::random_bytes(vm, self.key.borrow().len());
                self.set_key(array::as_bytes(&bytes))?;
                Value::Nothing
            }
            "generateiv" => {
                let bytes = environment::random_bytes(vm, BLOCK);
                self.set_vector(array::as_bytes(&bytes))?;
                Value::Nothing
            }
            "validkeysize" => match arguments {
                [size] => Value::Bool(matches!(vm.to_int(size)?, 128 | 192 | 256)),
                _ => return Ok(None),
            },
            "dispose" | "clear" => Value::Nothing,
            _ => return self.one_shot(name, arguments),
        }))
    }
}

impl Native for Transform {
    fn type_ref(&self) -> TypeRef {
        type_named(if self.encrypts {
            "System.Security.Cryptography.UniversalCryptoEncryptor"
        } else {
            "System.Security.Cryptography.UniversalCryptoDecryptor"
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "CanReuseTransform",
            "CanTransformMultipleBlocks",
            "InputBlockSize",
            "OutputBlockSize",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "inputblocksize" | "outputblocksize" => Some(Value::Int(BLOCK as i32)),
            "canreusetransform" | "cantransformmultipleblocks" => Some(Value::Bool(true)),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let part = |vm: &mut Vm, bytes: &Value, from: &Value, count: &Value| -> R<Vec<u8>> {
            let all = array::as_bytes(bytes);
            let from = usize::try_from(vm.to_int(from)?).unwrap_or(usize::MAX);
            let count = usize::try_from(vm.to_int(count)?).unwrap_or(usize::MAX);
            match all.get(from..from.saturating_add(count)) {
                Some(part) => Ok(part.to_vec()),
                None => failures::argument(
                    "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
                    "",
                ),
            }
        };
        Ok(Some(match (name, arguments) {
            ("transformblock", [bytes, from, count, ..]) => {
                let part = part(vm, bytes, from, count)?;
                self.pending.borrow_mut().extend_from_slice(&part);
                Value::Int(0)
            }
            ("transformfinalblock", [bytes, from, count]) => {
                let mut all = self.pending.take();
                all.extend(part(vm, bytes, from, count)?);
                array::bytes(&self.run(&all)?)
            }
            ("dispose", _) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}

impl Coder for Transform {
    fn type_name(&self) -> &'static str {
        "System.Security.Cryptography.CryptoStream"
    }

    fn encode(&self, bytes: &[u8]) -> R<Vec<u8>> {
        self.run(bytes)
    }

    fn decode(&self, bytes: &[u8]) -> R<Vec<u8>> {
        self.run(bytes)
    }
}

/// `[CryptoStream]::new(stream, transform, mode, leaveOpen)`
pub fn crypto_stream(arguments: &[Value]) -> R<Option<Value>> {
    let [below, transform, Value::Enum(mode), rest @ ..] = arguments else {
        return Ok(None);
    };
    let Some(transform) = transform.as_native::<Transform>() else {
        return failures::argument_null("transform");
    };
    if stream::of(below).is_none() {
        return failures::argument_null("stream");
    }
    let leave_open = matches!(rest, [Value::Bool(true)]);
    let coder = Box::new(transform.clone());
    Ok(Some(stream::coded(
        below,
        coder,
        mode.bits == 1,
        leave_open,
    )))
}
