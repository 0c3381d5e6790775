//! `System.Buffer`: arrays of numbers as bytes.

use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::types::{TypeCode, failures};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Bytes of one item; nothing for types that are no numbers.
fn item_size(array: &Array) -> Option<usize> {
    Some(match array.element.code {
        TypeCode::Bool | TypeCode::Byte | TypeCode::SByte => 1,
        TypeCode::Char | TypeCode::Short | TypeCode::UShort => 2,
        TypeCode::Int | TypeCode::UInt | TypeCode::Float => 4,
        TypeCode::Long | TypeCode::ULong | TypeCode::Double => 8,
        _ => return None,
    })
}

/// The bytes of a number, a character or a truth value, the lowest first.
pub fn little_endian(value: &Value) -> Option<Vec<u8>> {
    Some(match value.base() {
        Value::Bool(b) => vec![u8::from(*b)],
        Value::Byte(n) => vec![*n],
        Value::SByte(n) => n.to_le_bytes().to_vec(),
        Value::Char(n) | Value::UShort(n) => n.to_le_bytes().to_vec(),
        Value::Short(n) => n.to_le_bytes().to_vec(),
        Value::Int(n) => n.to_le_bytes().to_vec(),
        Value::UInt(n) => n.to_le_bytes().to_vec(),
        Value::Long(n) => n.to_le_bytes().to_vec(),
        Value::ULong(n) => n.to_le_bytes().to_vec(),
        Value::Float(n) => n.to_le_bytes().to_vec(),
        Value::Double(n) => n.to_le_bytes().to_vec(),
        _ => return None,
    })
}

fn from_bytes(code: TypeCode, bytes: &[u8]) -> Value {
    let mut low = [0; 8];
    for (slot, byte) in low.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    let bits = u64::from_le_bytes(low);
    match code {
        TypeCode::Bool => Value::Bool(bits != 0),
        TypeCode::Byte => Value::Byte(bits as u8),
        TypeCode::SByte => Value::SByte(bits as i8),
        TypeCode::Char => Value::Char(bits as u16),
        TypeCode::UShort => Value::UShort(bits as u16),
        TypeCode::Short => Value::Short(bits as i16),
        TypeCode::Int => Value::Int(bits as i32),
        TypeCode::UInt => Value::UInt(bits as u32),
        TypeCode::Long => Value::Long(bits as i64),
        TypeCode::ULong => Value::ULong(bits),
        TypeCode::Float => Value::Float(f32::from_bits(bits as u32)),
        _ => Value::Double(f64::from_bits(bits)),
    }
}

fn all_bytes(array: &Array) -> Vec<u8> {
    array
        .items
        .borrow()
        .iter()
        .filter_map(little_endian)
        .flatten()
        .collect()
}

fn numbers<'a>(value: &'a Value, parameter: &str) -> R<(&'a Rc<Array>, usize)> {
    match value.base() {
        Value::Array(array) => match item_size(array) {
            Some(size) => Ok((array, size)),
            None => failures::argument("Object must be an array of primitives.", parameter),
        },
        Value::Null => failures::argument_null(parameter),
        _ => failures::argument("Object must be an array of primitives.", parameter),
    }
}

fn put(array: &Array, size: usize, at: usize, new: &[u8]) {
    let mut bytes = all_bytes(array);
    if let Some(part) = bytes.get_mut(at..at + new.len()) {
        part.copy_from_slice(new);
    }
    let items = bytes
        .chunks(size)
        .map(|part| from_bytes(array.element.code, part));
    *array.items.borrow_mut() = items.collect();
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("bytelength", [array]) => {
            let (array, size) = numbers(array, "array")?;
            Ok(Some(Value::Int((array.len() * size) as i32)))
        }
        ("getbyte", [array, at]) => {
            let (array, _) = numbers(array, "array")?;
            let at = usize::try_from(vm.to_int(at)?).ok();
            match at.and_then(|at| all_bytes(array).get(at).copied()) {
                Some(byte) => Ok(Some(Value::Byte(byte))),
                None => failures::out_of_range(
                    "Index was out of range. Must be non-negative and less than the size of the collection.",
                    "index",
                ),
            }
        }
        ("setbyte", [array, at, Value::Byte(byte)]) => {
            let (array, size) = numbers(array, "array")?;
            let at = usize::try_from(vm.to_int(at)?).unwrap_or(usize::MAX);
            if at >= array.len() * size {
                return failures::out_of_range(
                    "Index was out of range. Must be non-negative and less than the size of the collection.",
                    "index",
                );
            }
            put(array, size, at, &[*byte]);
            Ok(Some(Value::Nothing))
        }
        ("blockcopy", [from, from_at, to, to_at, count]) => {
            let (from, _) = numbers(from, "src")?;
            let (to, size) = numbers(to, "dst")?;
            let mut places = [0; 3];
            for (place, (given, parameter)) in places.iter_mut().zip([
                (from_at, "srcOffset"),
                (to_at, "dstOffset"),
                (count, "count"),
            ]) {
                let Ok(number) = usize::try_from(vm.to_int(given)?) else {
                    return failures::out_of_range("Non-negative number required.", parameter);
                };
                *place = number;
            }
            let [from_at, to_at, count] = places;
            let bytes = all_bytes(from);
            let part = bytes.get(from_at..from_at.saturating_add(count));
            let fits = to_at.saturating_add(count) <= to.len() * size;
            match part {
                Some(part) if fits => {
                    put(to, size, to_at, part);
                    Ok(Some(Value::Nothing))
                }
                _ => failures::argument(
                    "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
                    "",
                ),
            }
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::types::known;

    #[test]
    fn numbers_are_little_endian_bytes() {
        let array = Array::typed(known::int(), vec![Value::Int(258), Value::Int(-1)]);
        assert_eq!(all_bytes(&array), [2, 1, 0, 0, 255, 255, 255, 255]);
        put(&array, 4, 4, &[1, 0, 0, 0]);
        assert!(matches!(array.items.borrow()[1], Value::Int(1)));
    }
}
