//! The texts that `Marshal` keeps outside of .NET's own memory: how scripts read the
//! plain text of a secure string.

use crate::runtime::error::R;
use crate::runtime::types::automation::secure_string::SecureString;
use crate::runtime::types::{failures, numerics::int_ptr, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

thread_local! {
    /// The texts by their places, each with its bytes.
    static MEMORY: RefCell<Vec<(i64, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
}

/// How far places are apart.
const STEP: i64 = 0x1_0000;

fn pointer(number: i64) -> Value {
    let type_ref = type_named("System.IntPtr");
    int_ptr::construct(&type_ref, &[Value::Long(number)]).unwrap_or_default()
}

/// The number of a pointer.
fn place(vm: &mut Vm, pointer: &Value) -> R<Option<i64>> {
    Ok(vm.to_text(pointer)?.parse().ok())
}

fn keep(bytes: Vec<u8>) -> Value {
    MEMORY.with_borrow_mut(|memory| {
        let last = memory.iter().map(|(at, _)| *at).max().unwrap_or(0);
        let at = last.saturating_add(STEP);
        memory.push((at, bytes));
        pointer(at)
    })
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn kept(vm: &mut Vm, pointer: &Value) -> R<Option<Vec<u8>>> {
    let Some(at) = place(vm, pointer)? else {
        return Ok(None);
    };
    Ok(MEMORY.with_borrow(|memory| {
        let mut found = memory.iter().filter(|(place, _)| *place == at);
        found.next().map(|(_, bytes)| bytes.clone())
    }))
}

/// A static method of Marshal; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let text = match first.as_native::<SecureString>() {
        Some(secure) => secure.plain.borrow().clone(),
        None if name.starts_with("stringto") => vm.to_text(first)?,
        None => String::new(),
    };
    Ok(Some(match name {
        "securestringtobstr"
        | "securestringtoglobalallocunicode"
        | "securestringtocotaskmemunicode"
        | "stringtobstr"
        | "stringtohglobaluni"
        | "stringtocotaskmemuni" => keep(wide(&text)),
        "securestringtoglobalallocansi"
        | "securestringtocotaskmemansi"
        | "stringtohglobalansi"
        | "stringtohglobalauto"
        | "stringtocotaskmemutf8"
        | "stringtocotaskmemansi" => keep(text.into_bytes()),
        "ptrtostringbstr" | "ptrtostringuni" => match kept(vm, first)? {
            Some(bytes) => {
                let units = bytes.chunks_exact(2).map(|pair| {
                    let pair = [pair.first().copied(), pair.last().copied()];
                    u16::from_le_bytes(pair.map(Option::unwrap_or_default))
                });
                let units: Vec<u16> = units.collect();
                Value::str(String::from_utf16_lossy(&units))
            }
            None => Value::Null,
        },
        // Bytes up to the first zero, as systems other than Windows keep their texts: of two-byte
        // characters only the first is left.
        "ptrtostringauto" | "ptrtostringansi" | "ptrtostringutf8" => match kept(vm, first)? {
            Some(bytes) => {
                let end = memchr::memchr(0, &bytes).unwrap_or(bytes.len());
                let bytes = bytes.get(..end).unwrap_or_default();
                Value::str(String::from_utf8_lossy(bytes))
            }
            None => Value::Null,
        },
        "zerofreebstr"
        | "freebstr"
        | "freehglobal"
        | "freecotaskmem"
        | "zerofreeglobalallocunicode"
        | "zerofreeglobalallocansi"
        | "zerofreecotaskmemunicode"
        | "zerofreecotaskmemansi" => {
            if let Some(freed) = place(vm, first)? {
                MEMORY.with_borrow_mut(|memory| memory.retain(|(at, _)| *at != freed));
            }
            Value::Nothing
        }
        "iscomobject" => Value::Bool(false),
        // Whatever they are given: there are no objects of COM to be counted.
        _ if name.contains("comobject") => {
            return failures::fail(
                "System.PlatformNotSupportedException",
                "COM Interop is not supported on this platform.",
            );
        }
        _ => return Ok(None),
    }))
}
