//! StringWriter, StreamWriter and the console as a TextWriter.

use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::text::utf16;
use crate::runtime::types::text::string_builder::{self, StringBuilder};
use crate::runtime::types::{
    TypeRef, collections::array, failures, io::stream, known, text::text_encoding, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

enum Target {
    /// A StringBuilder.
    Text(Value),
    /// A stream.
    Stream {
        base: Value,
        leave_open: bool,
    },
    Console(ConsoleStream),
    /// Nowhere: `TextWriter.Null`.
    Nothing,
}

/// Text written piece by piece.
pub struct Writer {
    target: Target,
    encoding: Encoding,
    /// What the stream has not got yet.
    pending: RefCell<Vec<u8>>,
    auto_flush: Cell<bool>,
    /// Nothing has reached the stream yet.
    fresh: Cell<bool>,
    closed: Cell<bool>,
    new_line: RefCell<String>,
}

fn writer(target: Target, encoding: Encoding) -> Value {
    Value::native(Writer {
        target,
        encoding,
        pending: RefCell::default(),
        auto_flush: Cell::new(false),
        fresh: Cell::new(true),
        closed: Cell::new(false),
        new_line: RefCell::new("\n".to_string()),
    })
}

/// A writer to a file.
pub fn to_file(vm: &mut Vm, path: &str, append: bool, encoding: Option<Encoding>) -> R<Value> {
    let mode = Value::enum_of("System.IO.FileMode", if append { 6 } else { 2 });
    let access = Value::enum_of("System.IO.FileAccess", 2);
    let base = stream::open_file(vm, "new", path, &[mode, access])?;
    let target = Target::Stream {
        base,
        leave_open: false,
    };
    Ok(writer(target, encoding.unwrap_or(Encoding::UTF8)))
}

/// The console as a writer.
pub fn console(error: bool) -> Value {
    let stream = if error {
        ConsoleStream::Error
    } else {
        ConsoleStream::Output
    };
    writer(Target::Console(stream), Encoding::UTF8)
}

/// `[IO.TextWriter]::Null`
pub fn nowhere() -> Value {
    writer(Target::Nothing, Encoding::UNICODE)
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if type_name == "System.IO.StringWriter" {
        let given = arguments
            .iter()
            .find(|argument| argument.as_native::<StringBuilder>().is_some());
        let builder = match given {
            Some(builder) => Some(builder.clone()),
            None => string_builder::construct(vm, &[])?,
        };
        return Ok(builder.map(|builder| writer(Target::Text(builder), Encoding::UNICODE)));
    }
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let encoding = arguments.iter().find_map(text_encoding::of);
    let flag = arguments
        .iter()
        .any(|argument| matches!(argument, Value::Bool(true)));
    match stream::of(first) {
        Some(_) => {
            let target = Target::Stream {
                base: first.clone(),
                leave_open: flag,
            };
            Ok(Some(writer(target, encoding.unwrap_or(Encoding::UTF8))))
        }
        None => {
            let path = crate::runtime::types::io::file::full_path(vm, first)?;
            to_file(vm, &path, flag, encoding).map(Some)
        }
    }
}

impl Writer {
    /// Writes text.
    pub fn put(&self, vm: &mut Vm, text: &str) -> R<()> {
        if self.closed.get() {
            let name = match self.target {
                Target::Stream { .. } => "\nObject name: 'StreamWriter'.",
                _ => "",
            };
            return failures::fail(
                "System.ObjectDisposedException",
                format!("Cannot write to a closed TextWriter.{name}"),
            );
        }
        match &self.target {
            Target::Text(builder) => {
                if let Some(builder) = builder.as_native::<StringBuilder>() {
                    builder.push(text);
                }
            }
            Target::Console(stream) => vm.host.write(*stream, text),
            Target::Stream { .. } => {
                let bytes = self.encoding.encode(text);
                self.pending.borrow_mut().extend_from_slice(&bytes);
                if self.auto_flush.get() {
                    self.flush()?;
                }
            }
            Target::Nothing => {}
        }
        Ok(())
    }

    /// Hands on what is pending, to the file too.
    pub fn flush(&self) -> R<()> {
        if let Target::Stream { base, .. } = &self.target
            && let Some(bytes) = stream::of(base)
        {
            let pending = self.pending.take();
            if self.fresh.replace(false) && bytes.all().is_empty() {
                let mark = self.encoding.preamble();
                if !mark.is_empty() {
                    bytes.write(mark)?;
                }
            }
            if !pending.is_empty() {
                bytes.write(&pending)?;
            }
            bytes.flush()?;
        }
        Ok(())
    }

    fn close(&self) -> R<()> {
        if matches!(self.target, Target::Console(_)) || self.closed.get() {
            return Ok(());
        }
        self.flush()?;
        self.closed.set(true);
        if let Target::Stream {
            base,
            leave_open: false,
        } = &self.target
            && let Some(bytes) = stream::of(base)
        {
            bytes.close()?;
        }
        Ok(())
    }

    /// The text that the arguments of Write mean.
    fn text(&self, vm: &mut Vm, arguments: &[Value]) -> R<String> {
        match arguments {
            [] | [Value::Null] => Ok(String::new()),
            [Value::Array(list)] => Ok(array::text(list)),
            [
                Value::Array(array),
                from @ Value::Int(_),
                count @ Value::Int(_),
            ] if array.element == known::char() => {
                let units = array::units(array);
                let from = usize::try_from(vm.to_int(from)?).unwrap_or(usize::MAX);
                let count = usize::try_from(vm.to_int(count)?).unwrap_or(usize::MAX);
                match units.get(from..from.saturating_add(count)) {
                    Some(part) => Ok(utf16::from_units(part)),
                    None => failures::argument(
                        "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
                        "",
                    ),
                }
            }
            [one] => crate::runtime::types::object::to_string(vm, one),
            [format, rest @ ..] => {
                let format = vm.to_text(format)?;
                let values = match rest {
                    [Value::Array(list)] => list.items.borrow().clone(),
                    many => many.to_vec(),
                };
                vm.format_dotnet(&format, &values)
            }
        }
    }
}

impl Native for Writer {
    fn type_ref(&self) -> TypeRef {
        type_named(match self.target {
            Target::Text(_) => "System.IO.StringWriter",
            Target::Stream { .. } => "System.IO.StreamWriter",
            Target::Console(_) | Target::Nothing => "System.IO.TextWriter",
        })
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match &self.target {
            Target::Text(builder) => vm.to_text(builder),
            _ => Ok(self.type_ref().reflection_text()),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.target {
            Target::Stream { .. } => vec![
                "AutoFlush",
                "BaseStream",
                "Encoding",
                "FormatProvider",
                "NewLine",
            ],
            _ => vec!["Encoding", "FormatProvider", "NewLine"],
        }
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "newline" => Some(Value::str(self.new_line.borrow().clone())),
            "encoding" => Some(text_encoding::TextEncoding::value(self.encoding)),
            "formatprovider" => Some(crate::runtime::types::text::culture::CultureInfo::value(
                vm.culture(),
            )),
            "autoflush" => match self.target {
                Target::Stream { .. } => Some(Value::Bool(self.auto_flush.get())),
                _ => None,
            },
            "basestream" => match &self.target {
                Target::Stream { base, .. } => Some(base.clone()),
                _ => None,
            },
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "newline" => {
                *self.new_line.borrow_mut() = if value.is_null() {
                    "\n".to_owned()
                } else {
                    vm.to_text(&value)?
                };
            }
            "autoflush" => {
                self.auto_flush.set(matches!(value, Value::Bool(true)));
                if self.auto_flush.get() {
                    self.flush()?;
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match name {
            "write" => {
                let text = self.text(vm, arguments)?;
                self.put(vm, &text)?;
                Value::Nothing
            }
            "writeline" => {
                let line = self.text(vm, arguments)? + &self.new_line.borrow();
                self.put(vm, &line)?;
                Value::Nothing
            }
            "flush" => {
                self.flush()?;
                Value::Nothing
            }
            "close" | "dispose" => {
                self.close()?;
                Value::Nothing
            }
            "tostring" => Value::str(self.to_text(vm)?),
            "getstringbuilder" => match &self.target {
                Target::Text(builder) => builder.clone(),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }
}
