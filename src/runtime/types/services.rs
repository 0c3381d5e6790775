//! The types of values and services beyond the language's own, by name: dates
//! and times, streams, hashes, encodings of the web.

use super::{
    TypeRef, binary_io, compression, date_only, date_time_offset, stream, text_reader, text_writer,
    time_only, time_zone,
};
use crate::runtime::error::R;
use crate::runtime::text::datetime::{DateOnly, DateTimeOffset, TimeOnly};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static property; the name is in lower case.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    Ok(match type_ref.definition_name() {
        "System.DateTimeOffset" => date_time_offset::read_static(vm, name),
        "System.DateOnly" => date_only::read_static(name),
        "System.TimeOnly" => time_only::read_static(name),
        "System.TimeZoneInfo" => time_zone::read_static(name),
        "System.IO.Stream" if name == "null" => Some(stream::reading(Vec::new())),
        "System.IO.TextWriter" if name == "null" => Some(text_writer::nowhere()),
        _ => None,
    })
}

/// A static method; the name is in lower case.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    match type_ref.definition_name() {
        "System.DateTimeOffset" => date_time_offset::call_static(vm, name, arguments),
        "System.DateOnly" => date_only::call_static(vm, name, arguments),
        "System.TimeOnly" => time_only::call_static(vm, name, arguments),
        "System.TimeZoneInfo" => time_zone::call_static(vm, name, arguments),
        _ => Ok(None),
    }
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let name = type_ref.definition_name();
    match name {
        "System.DateTimeOffset" => date_time_offset::construct(vm, arguments),
        "System.DateOnly" => date_only::construct(vm, arguments),
        "System.TimeOnly" => time_only::construct(vm, arguments),
        "System.IO.MemoryStream" | "System.IO.FileStream" | "System.IO.BufferedStream" => {
            stream::construct(vm, name, arguments)
        }
        "System.IO.StringReader" | "System.IO.StreamReader" => {
            text_reader::construct(vm, name, arguments)
        }
        "System.IO.StringWriter" | "System.IO.StreamWriter" => {
            text_writer::construct(vm, name, arguments)
        }
        "System.IO.BinaryReader" | "System.IO.BinaryWriter" => {
            binary_io::construct(name, arguments)
        }
        "System.IO.Compression.GZipStream"
        | "System.IO.Compression.DeflateStream"
        | "System.IO.Compression.ZLibStream" => compression::construct(name, arguments),
        _ => Ok(None),
    }
}

/// The zero of a struct.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    Some(match type_ref.definition_name() {
        "System.DateTimeOffset" => date_time_offset::value(DateTimeOffset::default()),
        "System.DateOnly" => date_only::value(DateOnly(0)),
        "System.TimeOnly" => time_only::value(TimeOnly(0)),
        _ => return None,
    })
}
