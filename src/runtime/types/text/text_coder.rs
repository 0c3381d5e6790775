//! `System.Text.Decoder` and `Encoder`: translation piece by piece, where the
//! bytes of one character may stand in two pieces.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::text::text_encoding::TextEncoding;
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// Text or bytes on their way through an encoding.
struct TextCoder {
    encoding: Value,
    decodes: bool,
    /// The beginning of a character whose other bytes are still to come.
    pending: RefCell<Vec<u8>>,
}

/// `$encoding.GetDecoder()`
pub fn decoder(encoding: &Value) -> Value {
    coder(encoding, true)
}

/// `$encoding.GetEncoder()`
pub fn encoder(encoding: &Value) -> Value {
    coder(encoding, false)
}

fn coder(encoding: &Value, decodes: bool) -> Value {
    Value::native(TextCoder {
        encoding: encoding.clone(),
        decodes,
        pending: RefCell::default(),
    })
}

/// How many of the bytes are whole characters.
fn whole(code_page: u32, bytes: &[u8]) -> usize {
    match code_page {
        65001 => match std::str::from_utf8(bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => bytes.len(),
        },
        1200 | 1201 => {
            let even = bytes.len() - bytes.len() % 2;
            let high = if code_page == 1200 { 1 } else { 2 };
            match even.checked_sub(high).and_then(|at| bytes.get(at)) {
                Some(byte) if (0xD8..0xDC).contains(byte) => even - 2,
                _ => even,
            }
        }
        12000 | 12001 => bytes.len() - bytes.len() % 4,
        _ => bytes.len(),
    }
}

impl TextCoder {
    fn decode(&self, data: &[u8], flush: bool, keep: bool) -> R<Vec<Value>> {
        let Some(encoding) = self.encoding.as_native::<TextEncoding>() else {
            return Ok(Vec::new());
        };
        let mut bytes = self.pending.borrow().clone();
        bytes.extend_from_slice(data);
        let upto = if flush {
            bytes.len()
        } else {
            whole(encoding.encoding().code_page(), &bytes)
        };
        let rest = bytes.split_off(upto);
        let text = encoding.decoded(&bytes)?;
        if keep {
            *self.pending.borrow_mut() = rest;
        }
        Ok(text.encode_utf16().map(Value::Char).collect())
    }
}

/// The items of an array from a place on.
fn part(vm: &mut Vm, items: &[Value], from: &Value, count: &Value) -> R<Vec<Value>> {
    let (from, count) = (vm.to_int(from)?, vm.to_int(count)?);
    let place = usize::try_from(from).ok().zip(usize::try_from(count).ok());
    let found = place.and_then(|(from, count)| items.get(from..from.checked_add(count)?));
    match found {
        Some(part) => Ok(part.to_vec()),
        None => failures::out_of_range(
            "Index and count must refer to a location within the buffer.",
            "bytes",
        ),
    }
}

impl Native for TextCoder {
    fn type_ref(&self) -> TypeRef {
        let name = if self.decodes {
            "System.Text.DecoderNLS"
        } else {
            "System.Text.EncoderNLS"
        };
        type_named(name)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Fallback", "FallbackBuffer"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let of = if self.decodes {
            "DecoderFallback"
        } else {
            "EncoderFallback"
        };
        match (name.to_ascii_lowercase().as_str(), &self.encoding) {
            ("fallback", Value::Native(encoding)) => encoding.body().get(vm, of),
            _ => Ok(None),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if name == "reset" {
            self.pending.borrow_mut().clear();
            return Ok(Some(Value::Nothing));
        }
        let [Value::Array(source), from, count, rest @ ..] = arguments else {
            return Ok(None);
        };
        let items = source.items.borrow().clone();
        let items = part(vm, &items, from, count)?;
        let flush = matches!(arguments.last(), Some(Value::Bool(true)));
        let made = if self.decodes {
            let data = array::as_bytes(&Value::array(items));
            self.decode(&data, flush, name == "getchars")?
        } else {
            let text = array::of(&known::char(), items);
            let Some(Value::Array(bytes)) = (match &self.encoding {
                Value::Native(encoding) => {
                    let own = encoding.body();
                    own.call(vm, &self.encoding, "getbytes", &[text])?
                }
                _ => None,
            }) else {
                return Ok(None);
            };
            bytes.items.borrow().clone()
        };
        let length = made.len() as i32;
        match (name, rest) {
            ("getcharcount" | "getbytecount", _) => {}
            ("getchars" | "getbytes", [Value::Array(target), at, ..]) => {
                let at = vm.to_int(at)?;
                array::copy_into(vm, &made, target, at)?;
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Int(length)))
    }
}
