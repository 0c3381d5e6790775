//! `System.IO.BinaryReader` and `System.IO.BinaryWriter`: values as bytes, the
//! lowest first.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::text::utf16;
use crate::runtime::types::io::stream::{self, end_of_stream};
use crate::runtime::types::{
    TypeRef, collections::array, failures, known, text::text_encoding, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rust_decimal::Decimal;
use std::rc::Rc;

const READER: &str = "System.IO.BinaryReader";

/// A BinaryReader or BinaryWriter.
pub struct BinaryIo {
    reads: bool,
    base: Value,
    bytes: Rc<stream::Bytes>,
    encoding: Encoding,
    leave_open: bool,
}

/// A constructor.
pub fn construct(type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let parameter = if type_name == READER {
        "input"
    } else {
        "output"
    };
    let Some((base, bytes)) = arguments
        .first()
        .and_then(|base| Some((base.clone(), stream::of(base)?)))
    else {
        return failures::argument_null(parameter);
    };
    Ok(Some(Value::native(BinaryIo {
        reads: type_name == READER,
        base,
        bytes,
        encoding: arguments
            .iter()
            .find_map(text_encoding::of)
            .unwrap_or(Encoding::UTF8),
        leave_open: matches!(arguments.last(), Some(Value::Bool(true))),
    })))
}

/// The four numbers of a decimal: low, middle, high, flags.
fn decimal_parts(number: &Decimal) -> [i32; 4] {
    let bits = number.mantissa().unsigned_abs();
    let sign = if number.is_sign_negative() {
        1 << 31
    } else {
        0
    };
    let part = |shift: u32| ((bits >> shift) & 0xFFFF_FFFF) as u32 as i32;
    let flags = (number.scale() << 16 | sign) as i32;
    [part(0), part(32), part(64), flags]
}

impl BinaryIo {
    fn exactly<const N: usize>(&self) -> R<[u8; N]> {
        match <[u8; N]>::try_from(self.bytes.read(N)?.as_slice()) {
            Ok(bytes) => Ok(bytes),
            Err(_) => end_of_stream(),
        }
    }

    /// A number in groups of seven bits.
    fn packed(&self) -> R<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.exactly()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        failures::format("Too many bytes in what should have been a 7-bit encoded integer.")
    }

    fn put_packed(&self, mut number: u64) -> R<()> {
        while number >= 0x80 {
            self.bytes.write(&[(number as u8) | 0x80])?;
            number >>= 7;
        }
        self.bytes.write(&[number as u8])
    }

    /// One character, by trying how many bytes it takes.
    fn char(&self) -> R<Option<u16>> {
        let step = match self.encoding.code_page() {
            1200 | 1201 => 2,
            12000 | 12001 => 4,
            _ => 1,
        };
        let mut bytes = self.bytes.read(step)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if step == 1 && self.encoding.code_page() == 65001 {
            let more = match bytes[0] {
                0xC0..=0xDF => 1,
                0xE0..=0xEF => 2,
                0xF0..=0xF7 => 3,
                _ => 0,
            };
            bytes.extend(self.bytes.read(more)?);
        }
        Ok(self.encoding.decode(&bytes).encode_utf16().next())
    }

    fn read(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let count = |vm: &mut Vm, value: &Value| -> R<usize> {
            match usize::try_from(vm.to_int(value)?) {
                Ok(count) => Ok(count),
                Err(_) => failures::out_of_range("Non-negative number required.", "count"),
            }
        };
        Ok(Some(match (name, arguments) {
            ("readboolean", []) => Value::Bool(self.exactly::<1>()? != [0]),
            ("readbyte", []) => Value::Byte(self.exactly::<1>()?[0]),
            ("readsbyte", []) => Value::SByte(self.exactly::<1>()?[0] as i8),
            ("readint16", []) => Value::Short(i16::from_le_bytes(self.exactly()?)),
            ("readuint16", []) => Value::UShort(u16::from_le_bytes(self.exactly()?)),
            ("readint32", []) => Value::Int(i32::from_le_bytes(self.exactly()?)),
            ("readuint32", []) => Value::UInt(u32::from_le_bytes(self.exactly()?)),
            ("readint64", []) => Value::Long(i64::from_le_bytes(self.exactly()?)),
            ("readuint64", []) => Value::ULong(u64::from_le_bytes(self.exactly()?)),
            ("readsingle", []) => Value::Float(f32::from_le_bytes(self.exactly()?)),
            ("readdouble", []) => Value::Double(f64::from_le_bytes(self.exactly()?)),
            ("readdecimal", []) => {
                let bytes: [u8; 16] = self.exactly()?;
                let mut parts = bytes
                    .as_chunks::<4>()
                    .0
                    .iter()
                    .map(|b| u32::from_le_bytes(*b));
                let mut next = || parts.next().unwrap_or(0);
                let (low, middle, high, flags) = (next(), next(), next(), next());
                let scale = (flags >> 16) & 0xFF;
                Value::decimal(Decimal::from_parts(
                    low,
                    middle,
                    high,
                    flags >> 31 == 1,
                    scale.min(28),
                ))
            }
            ("readchar", []) => match self.char()? {
                Some(unit) => Value::Char(unit),
                None => return end_of_stream(),
            },
            ("read", []) => match self.char()? {
                Some(unit) => Value::Int(i32::from(unit)),
                None => Value::Int(-1),
            },
            ("peekchar", []) => {
                let at = self.bytes.position();
                let unit = self.char()?;
                self.bytes.move_to(at);
                Value::Int(unit.map_or(-1, i32::from))
            }
            ("readchars", [n]) => {
                let mut units = Vec::new();
                for _ in 0..count(vm, n)? {
                    match self.char()? {
                        Some(unit) => units.push(Value::Char(unit)),
                        None => break,
                    }
                }
                array::of(&known::char(), units)
            }
            ("readbytes", [n]) => array::bytes(&self.bytes.read(count(vm, n)?)?),
            ("read", [Value::Array(target), from, n]) => {
                let (from, n) = (count(vm, from)?, count(vm, n)?);
                let found = self.bytes.read(n.min(target.len().saturating_sub(from)))?;
                for (place, b) in target.items.borrow_mut().iter_mut().skip(from).zip(&found) {
                    *place = Value::Byte(*b);
                }
                Value::Int(found.len() as i32)
            }
            ("readstring", []) => {
                let length = self.packed()? as usize;
                let bytes = self.bytes.read(length)?;
                if bytes.len() < length {
                    return end_of_stream();
                }
                Value::str(self.encoding.decode(&bytes))
            }
            ("read7bitencodedint", []) => Value::Int(self.packed()? as u32 as i32),
            ("read7bitencodedint64", []) => Value::Long(self.packed()? as i64),
            _ => return Ok(None),
        }))
    }

    fn write(&self, vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
        let put = |bytes: &[u8]| self.bytes.write(bytes);
        match arguments {
            [Value::Bool(flag)] => put(&[u8::from(*flag)])?,
            [Value::Byte(n)] => put(&[*n])?,
            [Value::SByte(n)] => put(&n.to_le_bytes())?,
            [Value::Short(n)] => put(&n.to_le_bytes())?,
            [Value::UShort(n)] => put(&n.to_le_bytes())?,
            [Value::Int(n)] => put(&n.to_le_bytes())?,
            [Value::UInt(n)] => put(&n.to_le_bytes())?,
            [Value::Long(n)] => put(&n.to_le_bytes())?,
            [Value::ULong(n)] => put(&n.to_le_bytes())?,
            [Value::Float(n)] => put(&n.to_le_bytes())?,
            [Value::Double(n)] => put(&n.to_le_bytes())?,
            [Value::Decimal(n)] => {
                for part in decimal_parts(n) {
                    put(&part.to_le_bytes())?;
                }
            }
            [Value::Char(unit)] => {
                put(&self.encoding.encode(&utf16::from_units(&[*unit])))?;
            }
            [Value::Str(text)] => {
                let bytes = self.encoding.encode(text);
                self.put_packed(bytes.len() as u64)?;
                put(&bytes)?;
            }
            [list @ Value::Array(array), part @ ..] => {
                let (from, count) = match part {
                    [from, count] => (
                        usize::try_from(vm.to_int(from)?).unwrap_or(usize::MAX),
                        usize::try_from(vm.to_int(count)?).unwrap_or(usize::MAX),
                    ),
                    _ => (0, array.len()),
                };
                let items = array.items.borrow();
                let Some(items) = items.get(from..from.saturating_add(count)) else {
                    return failures::argument(
                        "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
                        "",
                    );
                };
                if array.element == known::char() {
                    let units: Vec<u16> = items
                        .iter()
                        .filter_map(|v| match v {
                            Value::Char(c) => Some(*c),
                            _ => None,
                        })
                        .collect();
                    put(&self.encoding.encode(&utf16::from_units(&units)))?;
                } else {
                    let all = array::as_bytes(list);
                    put(all.get(from..from + count).unwrap_or(&[]))?;
                }
            }
            [Value::Null] => return failures::argument_null("value"),
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

impl Native for BinaryIo {
    fn type_ref(&self) -> TypeRef {
        type_named(if self.reads {
            READER
        } else {
            "System.IO.BinaryWriter"
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["BaseStream"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("basestream")
            .then(|| self.base.clone()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("close" | "dispose", _) => {
                if self.leave_open {
                    self.bytes.flush()?;
                } else {
                    self.bytes.close()?;
                }
            }
            ("flush", _) => self.bytes.flush()?,
            ("write", _) if !self.reads => return self.write(vm, arguments),
            ("write7bitencodedint", [n]) => self.put_packed(u64::from(vm.to_int(n)? as u32))?,
            ("write7bitencodedint64", [n]) => self.put_packed(vm.to_long(n)? as u64)?,
            ("seek", [offset, origin]) if !self.reads => {
                return vm
                    .invoke_method(&self.base, "Seek", vec![offset.clone(), origin.clone()])
                    .map(Some);
            }
            _ if self.reads => return self.read(vm, name, arguments),
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}
