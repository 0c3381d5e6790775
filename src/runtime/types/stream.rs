//! Readers and writers over files, memory and text.

use super::{TypeRef, array, failures, find_full, known, text_encoding};
use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Bytes with a position; those of a file are written back when it is closed.
pub struct Bytes {
    data: RefCell<Vec<u8>>,
    position: Cell<usize>,
    file: Option<String>,
    writable: bool,
    closed: Cell<bool>,
}

impl Bytes {
    fn write(&self, new: &[u8]) {
        let mut data = self.data.borrow_mut();
        let at = self.position.get();
        if data.len() < at + new.len() {
            data.resize(at + new.len(), 0);
        }
        data[at..at + new.len()].copy_from_slice(new);
        self.position.set(at + new.len());
    }

    fn flush(&self) -> R<()> {
        if let (Some(path), true) = (&self.file, self.writable)
            && let Err(error) = std::fs::write(path, &*self.data.borrow())
        {
            return failures::io(&error, path);
        }
        Ok(())
    }
}

/// MemoryStream or FileStream.
pub struct Stream(Rc<Bytes>);

fn stream(data: Vec<u8>, at: usize, file: Option<String>, writable: bool) -> Value {
    Value::native(Stream(Rc::new(Bytes {
        data: RefCell::new(data),
        position: Cell::new(at),
        file,
        writable,
        closed: Cell::new(false),
    })))
}

/// `[IO.MemoryStream]::new(…)`
pub fn memory(arguments: &[Value]) -> Value {
    let data = match arguments.first() {
        Some(Value::Array(_)) => array::as_bytes(&arguments[0]),
        _ => Vec::new(),
    };
    stream(data, 0, None, true)
}

/// A file as a stream.
pub fn open_file(_vm: &mut Vm, name: &str, path: &str, how: &[Value]) -> R<Value> {
    let number = |at: usize| match how.get(at).map(Value::base) {
        Some(Value::Enum(e)) => Some(e.bits),
        _ => None,
    };
    // CreateNew 1, Create 2, Open 3, OpenOrCreate 4, Truncate 5, Append 6
    let mode = match name {
        "openread" => 3,
        "openwrite" => 4,
        "create" => 2,
        _ => number(0).unwrap_or(3),
    };
    let writable = name != "openread" && number(1) != Some(1);
    let old = match std::fs::read(path) {
        Ok(bytes) if mode == 1 => {
            let _ = bytes;
            return failures::fail(
                "System.IO.IOException",
                format!("The file '{path}' already exists."),
            );
        }
        Ok(bytes) => bytes,
        Err(error) if mode == 3 || mode == 5 => return failures::io(&error, path),
        Err(_) => Vec::new(),
    };
    let data = if matches!(mode, 2 | 5) {
        Vec::new()
    } else {
        old
    };
    if writable && let Err(error) = std::fs::write(path, &data) {
        return failures::io(&error, path);
    }
    let at = if mode == 6 { data.len() } else { 0 };
    Ok(stream(data, at, Some(path.to_string()), writable))
}

impl Native for Stream {
    fn type_ref(&self) -> TypeRef {
        find_full(if self.0.file.is_some() {
            "System.IO.FileStream"
        } else {
            "System.IO.MemoryStream"
        })
        .unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "CanRead",
            "CanSeek",
            "CanWrite",
            "Length",
            "Position",
            "CanTimeout",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let open = !self.0.closed.get();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "length" | "position" if !open => {
                return failures::fail(
                    "System.ObjectDisposedException",
                    "Cannot access a closed Stream.",
                );
            }
            "length" => Value::Long(self.0.data.borrow().len() as i64),
            "position" => Value::Long(self.0.position.get() as i64),
            "canread" | "canseek" => Value::Bool(open),
            "canwrite" => Value::Bool(open && self.0.writable),
            "cantimeout" => Value::Bool(false),
            "name" if self.0.file.is_some() => Value::str(self.0.file.clone().unwrap_or_default()),
            "capacity" => Value::Int(self.0.data.borrow().len() as i32),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("position") {
            return Ok(None);
        }
        if self.0.closed.get() {
            return failures::fail(
                "System.ObjectDisposedException",
                "Cannot access a closed Stream.",
            );
        }
        self.0.position.set(vm.to_long(&value)?.max(0) as usize);
        Ok(Some(true))
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let bytes = &self.0;
        if bytes.closed.get() && !matches!(name, "close" | "dispose" | "toarray") {
            return failures::fail(
                "System.ObjectDisposedException",
                "Cannot access a closed Stream.",
            );
        }
        Ok(Some(match (name, arguments) {
            ("write", [data, rest @ ..]) => {
                if !bytes.writable {
                    return failures::not_supported("Stream does not support writing.");
                }
                let data = array::as_bytes(data);
                let (from, count) = match rest {
                    [from, count] => (
                        vm.to_int(from)?.max(0) as usize,
                        vm.to_int(count)?.max(0) as usize,
                    ),
                    _ => (0, data.len()),
                };
                bytes.write(
                    data.get(from..(from + count).min(data.len()))
                        .unwrap_or(&[]),
                );
                Value::Nothing
            }
            ("writebyte", [Value::Byte(b)]) => {
                bytes.write(&[*b]);
                Value::Nothing
            }
            ("read", [Value::Array(target), rest @ ..]) => {
                let (from, count) = match rest {
                    [from, count] => (
                        vm.to_int(from)?.max(0) as usize,
                        vm.to_int(count)?.max(0) as usize,
                    ),
                    _ => (0, target.len()),
                };
                let data = bytes.data.borrow();
                let part = data.get(bytes.position.get()..).unwrap_or(&[]);
                let part = &part[..part.len().min(count)];
                for (place, b) in target.items.borrow_mut().iter_mut().skip(from).zip(part) {
                    *place = Value::Byte(*b);
                }
                bytes.position.set(bytes.position.get() + part.len());
                Value::Int(part.len() as i32)
            }
            ("readbyte", []) => {
                let at = bytes.position.get();
                match bytes.data.borrow().get(at) {
                    Some(b) => {
                        bytes.position.set(at + 1);
                        Value::Int(i32::from(*b))
                    }
                    None => Value::Int(-1),
                }
            }
            ("seek", [offset, Value::Enum(origin)]) => {
                let base = match origin.bits {
                    0 => 0,
                    1 => bytes.position.get() as i64,
                    _ => bytes.data.borrow().len() as i64,
                };
                let at = (base + vm.to_long(offset)?).max(0);
                bytes.position.set(at as usize);
                Value::Long(at)
            }
            ("setlength", [n]) => {
                let n = vm.to_long(n)?.max(0) as usize;
                bytes.data.borrow_mut().resize(n, 0);
                Value::Nothing
            }
            ("copyto", [target, ..]) => {
                let rest = bytes
                    .data
                    .borrow()
                    .get(bytes.position.get()..)
                    .unwrap_or(&[])
                    .to_vec();
                bytes.position.set(bytes.data.borrow().len());
                match target.as_native::<Stream>() {
                    Some(target) => target.0.write(&rest),
                    None => return Ok(None),
                }
                Value::Nothing
            }
            ("toarray" | "getbuffer", []) => array::bytes(&bytes.data.borrow()),
            ("flush", _) => {
                bytes.flush()?;
                Value::Nothing
            }
            ("close" | "dispose", _) => {
                if !bytes.closed.replace(true) {
                    bytes.flush()?;
                }
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// StringReader or StreamReader.
pub struct Reader {
    units: Vec<u16>,
    at: Cell<usize>,
    type_name: &'static str,
    base: Value,
}

fn reader(text: &str, type_name: &'static str, base: Value) -> Value {
    Value::native(Reader {
        units: text.encode_utf16().collect(),
        at: Cell::new(0),
        type_name,
        base,
    })
}

/// A reader over text.
pub fn reader_of(text: String) -> Value {
    reader(&text, "System.IO.StreamReader", Value::Null)
}

impl Reader {
    fn rest(&self) -> String {
        let at = self.at.replace(self.units.len());
        String::from_utf16_lossy(self.units.get(at..).unwrap_or(&[]))
    }

    fn line(&self) -> Value {
        let at = self.at.get();
        let rest = self.units.get(at..).unwrap_or(&[]);
        if rest.is_empty() {
            return Value::Null;
        }
        let end = rest
            .iter()
            .position(|u| matches!(u, 10 | 13))
            .unwrap_or(rest.len());
        let skip = match (rest.get(end), rest.get(end + 1)) {
            (Some(13), Some(10)) => 2,
            (Some(_), _) => 1,
            _ => 0,
        };
        self.at.set(at + end + skip);
        Value::str(String::from_utf16_lossy(&rest[..end]))
    }
}

impl Native for Reader {
    fn type_ref(&self) -> TypeRef {
        find_full(self.type_name).unwrap_or_else(known::object)
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let is_stream = self.type_name.ends_with("StreamReader");
        Ok(match name.to_ascii_lowercase().as_str() {
            "endofstream" if is_stream => Some(Value::Bool(self.at.get() >= self.units.len())),
            "currentencoding" if is_stream => {
                Some(text_encoding::TextEncoding::value(Encoding::UTF8))
            }
            "basestream" if is_stream => Some(self.base.clone()),
            _ => None,
        })
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("readline", []) => self.line(),
            ("readtoend", []) => Value::str(self.rest()),
            ("read" | "peek", []) => {
                let at = self.at.get();
                match self.units.get(at) {
                    Some(unit) => {
                        if name == "read" {
                            self.at.set(at + 1);
                        }
                        Value::Int(i32::from(*unit))
                    }
                    None => Value::Int(-1),
                }
            }
            ("read" | "readblock", [Value::Array(target), from, count]) => {
                let (from, count) = (
                    vm.to_int(from)?.max(0) as usize,
                    vm.to_int(count)?.max(0) as usize,
                );
                let at = self.at.get();
                let part = self.units.get(at..).unwrap_or(&[]);
                let part = &part[..part.len().min(count)];
                for (place, unit) in target.items.borrow_mut().iter_mut().skip(from).zip(part) {
                    *place = Value::Char(*unit);
                }
                self.at.set(at + part.len());
                Value::Int(part.len() as i32)
            }
            ("close" | "dispose" | "discardbuffereddata", _) => Value::Nothing,
            _ => return Ok(None),
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

enum Target {
    Text,
    Stream(Rc<Bytes>),
    Console(ConsoleStream),
}

/// StringWriter, StreamWriter or a console stream.
pub struct Writer {
    text: RefCell<String>,
    target: Target,
    encoding: Encoding,
    new_line: RefCell<String>,
    base: Value,
}

fn writer(target: Target, encoding: Encoding, base: Value) -> Value {
    Value::native(Writer {
        text: RefCell::default(),
        target,
        encoding,
        new_line: RefCell::new("\n".to_string()),
        base,
    })
}

/// A writer to a file.
pub fn writer_to_file(path: &str, append: bool, encoding: Option<Encoding>) -> R<Value> {
    let encoding = encoding.unwrap_or(Encoding::UTF8);
    let mut data = Vec::new();
    if append {
        data = std::fs::read(path).unwrap_or_default();
    }
    if data.is_empty() {
        data.extend_from_slice(encoding.preamble());
    }
    if let Err(error) = std::fs::write(path, &data) {
        return failures::io(&error, path);
    }
    let at = data.len();
    let base = stream(data, at, Some(path.to_string()), true);
    let bytes = base.as_native::<Stream>().map(|s| s.0.clone());
    Ok(match bytes {
        Some(bytes) => writer(Target::Stream(bytes), encoding, base),
        None => Value::Null,
    })
}

/// The console as a writer.
pub fn console_writer(error: bool) -> Value {
    let stream = if error {
        ConsoleStream::Error
    } else {
        ConsoleStream::Output
    };
    writer(Target::Console(stream), Encoding::UTF8, Value::Null)
}

impl Writer {
    fn put(&self, vm: &mut Vm, text: &str) {
        match &self.target {
            Target::Text => self.text.borrow_mut().push_str(text),
            Target::Console(stream) => vm.host.write(*stream, text),
            Target::Stream(bytes) => bytes.write(&self.encoding.encode(text)),
        }
    }
}

impl Native for Writer {
    fn type_ref(&self) -> TypeRef {
        find_full(match self.target {
            Target::Text => "System.IO.StringWriter",
            Target::Stream(_) => "System.IO.StreamWriter",
            Target::Console(_) => "System.IO.TextWriter",
        })
        .unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match self.target {
            Target::Text => self.text.borrow().clone(),
            _ => self.type_ref().reflection_text(),
        })
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "newline" => Some(Value::str(self.new_line.borrow().clone())),
            "encoding" => Some(text_encoding::TextEncoding::value(self.encoding)),
            "autoflush" => Some(Value::Bool(false)),
            "basestream" if matches!(self.target, Target::Stream(_)) => Some(self.base.clone()),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "newline" => *self.new_line.borrow_mut() = vm.to_text(&value)?,
            "autoflush" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let text = |vm: &mut Vm| -> R<String> {
            match arguments {
                [] => Ok(String::new()),
                [Value::Array(list)] => {
                    let units: Vec<u16> = list
                        .items
                        .borrow()
                        .iter()
                        .filter_map(|v| match v {
                            Value::Char(c) => Some(*c),
                            _ => None,
                        })
                        .collect();
                    Ok(String::from_utf16_lossy(&units))
                }
                [Value::Null] => Ok(String::new()),
                [one] => super::object::to_string(vm, one),
                [format, rest @ ..] => {
                    let format = vm.to_text(format)?;
                    let values = match rest {
                        [Value::Array(list)] => list.items.borrow().clone(),
                        many => many.to_vec(),
                    };
                    vm.format_dotnet(&format, &values)
                }
            }
        };
        Ok(Some(match name {
            "write" | "writeraw" => {
                let text = text(vm)?;
                self.put(vm, &text);
                Value::Nothing
            }
            "writeline" => {
                let line = text(vm)? + &self.new_line.borrow();
                self.put(vm, &line);
                Value::Nothing
            }
            "flush" | "close" | "dispose" => {
                if let Target::Stream(bytes) = &self.target {
                    bytes.flush()?;
                }
                Value::Nothing
            }
            "tostring" => Value::str(self.to_text(vm)?),
            "getstringbuilder" => {
                let text = Value::str(self.text.borrow().clone());
                return super::string_builder::construct(vm, &[text]);
            }
            _ => return Ok(None),
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A constructor of a stream, reader or writer.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let encoding = arguments.iter().find_map(text_encoding::of);
    let first = arguments.first();
    let over = first
        .and_then(|f| f.as_native::<Stream>())
        .map(|s| s.0.clone());
    Ok(match (type_name, first) {
        ("System.IO.MemoryStream", _) => Some(memory(arguments)),
        ("System.IO.FileStream", Some(path)) => {
            let path = super::file::full_path(vm, path)?;
            Some(open_file(vm, "open", &path, &arguments[1..])?)
        }
        ("System.IO.StringReader", Some(text)) => {
            let text = vm.to_text(text)?;
            Some(reader(&text, "System.IO.StringReader", Value::Null))
        }
        ("System.IO.StringWriter", _) => Some(writer(Target::Text, Encoding::UNICODE, Value::Null)),
        ("System.IO.StreamReader", Some(source)) => match over {
            Some(bytes) => {
                let rest = bytes
                    .data
                    .borrow()
                    .get(bytes.position.get()..)
                    .unwrap_or(&[])
                    .to_vec();
                let text = encoding.unwrap_or(Encoding::UTF8).decode_file(&rest);
                Some(reader(&text, "System.IO.StreamReader", source.clone()))
            }
            None => {
                let path = super::file::full_path(vm, source)?;
                Some(reader_of(super::file::read_text(&path, encoding)?))
            }
        },
        ("System.IO.StreamWriter", Some(target)) => match over {
            Some(bytes) => Some(writer(
                Target::Stream(bytes),
                encoding.unwrap_or(Encoding::UTF8),
                target.clone(),
            )),
            None => {
                let path = super::file::full_path(vm, target)?;
                let append = arguments.iter().any(|a| matches!(a, Value::Bool(true)));
                Some(writer_to_file(&path, append, encoding)?)
            }
        },
        _ => None,
    })
}
