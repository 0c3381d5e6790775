//! StringReader and StreamReader.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::text::utf16;
use crate::runtime::types::{TypeRef, failures, io::stream, text::text_encoding, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

/// Text read piece by piece.
pub struct Reader {
    units: RefCell<Vec<u16>>,
    at: Cell<usize>,
    /// The stream below, for a StreamReader.
    base: Option<Value>,
    encoding: Cell<Encoding>,
    /// A byte order mark decides the encoding.
    detects: bool,
    leave_open: bool,
    /// The stream below is to be read before anything else.
    unread: Cell<bool>,
    closed: Cell<bool>,
}

/// A reader over text.
fn over_text(text: &str) -> Reader {
    Reader {
        units: RefCell::new(text.encode_utf16().collect()),
        at: Cell::new(0),
        base: None,
        encoding: Cell::new(Encoding::UNICODE),
        detects: false,
        leave_open: false,
        unread: Cell::new(false),
        closed: Cell::new(false),
    }
}

/// `[IO.File]::OpenText(path)`
pub fn over_file(vm: &mut Vm, path: &str) -> R<Value> {
    let base = stream::open_file(vm, "openread", path, &[])?;
    Ok(Value::native(over_stream(base, None, true, false)))
}

fn over_stream(base: Value, encoding: Option<Encoding>, detects: bool, leave_open: bool) -> Reader {
    Reader {
        base: Some(base),
        encoding: Cell::new(encoding.unwrap_or(Encoding::UTF8)),
        detects,
        leave_open,
        unread: Cell::new(true),
        ..over_text("")
    }
}

/// `[IO.TextReader]::Null`
pub fn read_static(name: &str) -> Option<Value> {
    (name == "null").then(|| Value::native(over_text("")))
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(source) = arguments.first() else {
        return Ok(None);
    };
    if type_name == "System.IO.StringReader" {
        return match source.as_str() {
            Some(text) => Ok(Some(Value::native(over_text(text)))),
            None => failures::argument_null("s"),
        };
    }
    let encoding = arguments.iter().find_map(text_encoding::of);
    let flags: Vec<bool> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        })
        .collect();
    let detects = flags.first().copied().unwrap_or(true);
    let leave_open = flags.get(1).copied().unwrap_or(false);
    let base = match stream::of(source) {
        Some(_) => source.clone(),
        None => {
            let path = crate::runtime::types::io::file::full_path(vm, source)?;
            stream::open_file(vm, "openread", &path, &[])?
        }
    };
    Ok(Some(Value::native(over_stream(
        base, encoding, detects, leave_open,
    ))))
}

impl Reader {
    /// Reads the stream below if that is still to be done.
    fn fill(&self) -> R<()> {
        if self.closed.get() {
            let name = if self.base.is_some() {
                "\nObject name: 'StreamReader'."
            } else {
                ""
            };
            return failures::fail(
                "System.ObjectDisposedException",
                format!("Cannot read from a closed TextReader.{name}"),
            );
        }
        let Some(bytes) = self.base.as_ref().and_then(stream::of) else {
            return Ok(());
        };
        if !self.unread.get() && self.at.get() < self.units.borrow().len() {
            return Ok(());
        }
        let mut data = bytes.read(usize::MAX)?;
        if self.unread.replace(false) {
            let found = Encoding::detect(&data);
            match found {
                Some((encoding, mark)) if self.detects => {
                    self.encoding.set(encoding);
                    data.drain(..mark.min(data.len()));
                }
                _ => {
                    let mark = self.encoding.get().preamble();
                    if !mark.is_empty() && data.starts_with(mark) {
                        data.drain(..mark.len());
                    }
                }
            }
        }
        if !data.is_empty() {
            let text = self.encoding.get().decode(&data);
            *self.units.borrow_mut() = text.encode_utf16().collect();
            self.at.set(0);
        }
        Ok(())
    }

    /// The next units, at most this many, which are then read.
    fn take(&self, count: usize) -> R<Vec<u16>> {
        self.fill()?;
        let units = self.units.borrow();
        let rest = units.get(self.at.get()..).unwrap_or(&[]);
        let part = rest.get(..count.min(rest.len())).unwrap_or(&[]);
        self.at.set(self.at.get() + part.len());
        Ok(part.to_vec())
    }

    fn line(&self) -> R<Option<String>> {
        self.fill()?;
        let units = self.units.borrow();
        let at = self.at.get();
        let rest = units.get(at..).unwrap_or(&[]);
        if rest.is_empty() {
            return Ok(None);
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
        Ok(Some(utf16::from_units(rest.get(..end).unwrap_or(&[]))))
    }

    /// What is left.
    pub fn rest(&self) -> R<String> {
        Ok(utf16::from_units(&self.take(usize::MAX)?))
    }
}

impl Native for Reader {
    fn type_ref(&self) -> TypeRef {
        type_named(if self.base.is_some() {
            "System.IO.StreamReader"
        } else {
            "System.IO.StringReader"
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.base {
            Some(_) => vec!["CurrentEncoding", "BaseStream", "EndOfStream"],
            None => Vec::new(),
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let Some(base) = &self.base else {
            return Ok(None);
        };
        Ok(match name.to_ascii_lowercase().as_str() {
            "endofstream" => {
                self.fill()?;
                Some(Value::Bool(self.at.get() >= self.units.borrow().len()))
            }
            "currentencoding" => Some(text_encoding::TextEncoding::value(self.encoding.get())),
            "basestream" => Some(base.clone()),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("readline", []) => self.line()?.map_or(Value::Null, Value::str),
            ("readtoend", []) => Value::str(self.rest()?),
            ("read", []) => match self.take(1)?.first() {
                Some(unit) => Value::Int(i32::from(*unit)),
                None => Value::Int(-1),
            },
            ("peek", []) => {
                self.fill()?;
                match self.units.borrow().get(self.at.get()) {
                    Some(unit) => Value::Int(i32::from(*unit)),
                    None => Value::Int(-1),
                }
            }
            ("read" | "readblock", [Value::Array(target), from, count]) => {
                let from = usize::try_from(vm.to_int(from)?).unwrap_or(0);
                let count = usize::try_from(vm.to_int(count)?).unwrap_or(0);
                if from.saturating_add(count) > target.len() {
                    return failures::argument(
                        "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
                        "",
                    );
                }
                let part = self.take(count)?;
                for (place, unit) in target.items.borrow_mut().iter_mut().skip(from).zip(&part) {
                    *place = Value::Char(*unit);
                }
                Value::Int(part.len() as i32)
            }
            ("discardbuffereddata", []) => {
                self.units.borrow_mut().clear();
                self.at.set(0);
                self.unread.set(true);
                Value::Nothing
            }
            ("close" | "dispose", _) => {
                self.closed.set(true);
                if !self.leave_open
                    && let Some(bytes) = self.base.as_ref().and_then(stream::of)
                {
                    bytes.close()?;
                }
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}
