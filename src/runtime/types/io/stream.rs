//! `System.IO.Stream` and its kin: bytes in memory, in a file, or behind a
//! coder (compression, encryption).
//!
//! Every stream holds its bytes whole; what a file or the stream below gets, it
//! gets when the stream is flushed or closed.

use crate::host::{ConsoleStream, Host};
use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The most bytes a stream may hold.
const MOST_BYTES: usize = 1 << 30;

/// What a stream does with bytes on their way to or from the stream below.
pub trait Coder {
    /// The stream's .NET type.
    fn type_name(&self) -> &'static str;
    /// What the stream below gets when this one is closed.
    fn encode(&self, bytes: &[u8]) -> R<Vec<u8>>;
    /// What reading gives for the bytes of the stream below.
    fn decode(&self, bytes: &[u8]) -> R<Vec<u8>>;
}

/// Where the bytes come from and go to.
enum Place {
    Memory {
        /// The array the stream was made over: it cannot grow.
        over: Option<Rc<Array>>,
        /// GetBuffer gives the bytes.
        visible: bool,
    },
    File(String),
    /// What the program was started with.
    Console(Rc<dyn Host>, ConsoleStream),
    /// A buffer shared with its owner, an entry of an archive for instance.
    Shared(Rc<RefCell<Vec<u8>>>),
    Coded {
        coder: Box<dyn Coder>,
        below: Value,
        leave_open: bool,
        /// The stream below is not decoded yet.
        unread: Cell<bool>,
    },
}

/// Bytes with a position.
pub struct Bytes {
    place: Place,
    data: RefCell<Vec<u8>>,
    position: Cell<usize>,
    can_read: bool,
    can_write: bool,
    closed: Cell<bool>,
    changed: Cell<bool>,
}

thread_local! {
    /// Files that streams hold open, and whether for themselves alone.
    static OPEN: RefCell<Vec<(String, bool)>> = const { RefCell::new(Vec::new()) };
}

/// Says that a file is in use if a stream keeps it from others (or `alone`: from anybody).
fn check_sharing(path: &str, alone: bool) -> R<()> {
    let taken = OPEN.with_borrow(|open| {
        open.iter()
            .any(|(other, exclusive)| other == path && (*exclusive || alone))
    });
    if taken {
        return failures::fail(
            "System.IO.IOException",
            format!(
                "The process cannot access the file '{path}' because it is being used by another process."
            ),
        );
    }
    Ok(())
}

impl Bytes {
    fn new(place: Place, data: Vec<u8>, can_read: bool, can_write: bool) -> Bytes {
        Bytes {
            place,
            data: RefCell::new(data),
            position: Cell::new(0),
            can_read,
            can_write,
            closed: Cell::new(false),
            changed: Cell::new(false),
        }
    }

    fn can_seek(&self) -> bool {
        !matches!(self.place, Place::Coded { .. } | Place::Console(..))
    }

    fn check_open(&self) -> R<()> {
        if !self.closed.get() {
            return Ok(());
        }
        let message = match &self.place {
            Place::File(_) => "Cannot access a closed file.".to_owned(),
            Place::Coded { coder, .. } => format!(
                "Cannot access a closed Stream.\nObject name: '{}'.",
                coder.type_name().rsplit('.').next().unwrap_or_default()
            ),
            _ => "Cannot access a closed Stream.".to_owned(),
        };
        failures::fail("System.ObjectDisposedException", message)
    }

    fn check_writable(&self) -> R<()> {
        self.check_open()?;
        if self.can_write {
            return Ok(());
        }
        match self.place {
            Place::Coded { .. } => {
                failures::invalid_operation("Writing to the compression stream is not supported.")
            }
            _ => failures::not_supported("Stream does not support writing."),
        }
    }

    fn check_seekable(&self) -> R<()> {
        self.check_open()?;
        if self.can_seek() {
            return Ok(());
        }
        failures::not_supported("This operation is not supported.")
    }

    fn check_readable(&self) -> R<()> {
        self.check_open()?;
        if !self.can_read {
            return match self.place {
                Place::Coded { .. } => failures::invalid_operation(
                    "Reading from the compression stream is not supported.",
                ),
                _ => failures::not_supported("Stream does not support reading."),
            };
        }
        if let Place::Coded {
            coder,
            below,
            unread,
            ..
        } = &self.place
            && unread.replace(false)
            && let Some(below) = of(below)
        {
            *self.data.borrow_mut() = coder.decode(&below.read(usize::MAX)?)?;
        }
        Ok(())
    }

    /// Writes at the position and moves it on.
    pub fn write(&self, new: &[u8]) -> R<()> {
        self.check_writable()?;
        if let Place::Console(host, stream) = &self.place {
            host.write_bytes(*stream, new);
            return Ok(());
        }
        let at = self.position.get();
        let end = at.saturating_add(new.len());
        let mut data = self.data.borrow_mut();
        if end > data.len() {
            if matches!(self.place, Place::Memory { over: Some(_), .. }) {
                return failures::not_supported("Memory stream is not expandable.");
            }
            if end > MOST_BYTES {
                return failures::fail("System.IO.IOException", "Stream was too long.");
            }
            data.resize(end, 0);
        }
        if let Some(part) = data.get_mut(at..end) {
            part.copy_from_slice(new);
        }
        if let Place::Memory {
            over: Some(array), ..
        } = &self.place
        {
            let mut items = array.items.borrow_mut();
            for (item, byte) in items.iter_mut().skip(at).zip(new) {
                *item = Value::Byte(*byte);
            }
        }
        self.position.set(end);
        self.changed.set(true);
        Ok(())
    }

    /// Up to `count` bytes from the position on.
    pub fn read(&self, count: usize) -> R<Vec<u8>> {
        self.check_readable()?;
        let data = self.data.borrow();
        let at = self.position.get();
        let part = data.get(at..).unwrap_or(&[]);
        let part = part.get(..count.min(part.len())).unwrap_or(&[]);
        self.position.set(at + part.len());
        Ok(part.to_vec())
    }

    /// Where the next byte is read or written.
    pub fn position(&self) -> usize {
        self.position.get()
    }

    /// Goes on at another place.
    pub fn move_to(&self, at: usize) {
        self.position.set(at);
    }

    /// All bytes, wherever the position is.
    pub fn all(&self) -> Vec<u8> {
        self.data.borrow().clone()
    }

    /// Writes bytes in the place of all there are.
    pub fn replace(&self, new: &[u8]) -> R<()> {
        self.data.borrow_mut().clear();
        self.position.set(0);
        self.write(new)
    }

    /// Hands the bytes on to a file.
    pub fn flush(&self) -> R<()> {
        match &self.place {
            Place::File(path) if self.can_write && self.changed.replace(false) => {
                match std::fs::write(path, &*self.data.borrow()) {
                    Ok(()) => Ok(()),
                    Err(error) => failures::io(&error, path),
                }
            }
            Place::Shared(owner) if self.can_write => {
                owner.borrow_mut().clone_from(&self.data.borrow());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Flushes, and closes the stream below too.
    pub fn close(&self) -> R<()> {
        if self.closed.get() {
            return Ok(());
        }
        self.flush()?;
        self.closed.set(true);
        match &self.place {
            Place::File(path) => OPEN.with_borrow_mut(|open| {
                if let Some(at) = open.iter().position(|(other, _)| other == path) {
                    open.remove(at);
                }
            }),
            Place::Coded {
                coder,
                below,
                leave_open,
                ..
            } => {
                if let Some(below) = of(below) {
                    if self.can_write && !below.closed.get() {
                        below.write(&coder.encode(&self.data.borrow())?)?;
                    }
                    if !leave_open {
                        below.close()?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn seek(&self, offset: i64, origin: i64) -> R<i64> {
        self.check_seekable()?;
        let base = match origin {
            0 => 0,
            1 => self.position.get() as i64,
            _ => self.data.borrow().len() as i64,
        };
        match usize::try_from(base.saturating_add(offset)) {
            Ok(at) if at <= MOST_BYTES => {
                self.position.set(at);
                Ok(at as i64)
            }
            _ => failures::fail(
                "System.IO.IOException",
                "An attempt was made to move the position before the beginning of the stream.",
            ),
        }
    }

    fn set_length(&self, length: i64) -> R<()> {
        self.check_seekable()?;
        self.check_writable()?;
        let Some(length) = usize::try_from(length).ok().filter(|n| *n <= MOST_BYTES) else {
            return failures::out_of_range(
                "Stream length must be non-negative and less than 2^31 - 1 - origin.",
                "value",
            );
        };
        self.data.borrow_mut().resize(length, 0);
        self.position.set(self.position.get().min(length));
        self.changed.set(true);
        Ok(())
    }
}

/// MemoryStream, FileStream, GZipStream, …
pub struct Stream(Rc<Bytes>);

/// The bytes of a value that is a stream.
pub fn of(value: &Value) -> Option<Rc<Bytes>> {
    value.as_native::<Stream>().map(|stream| stream.0.clone())
}

fn value(bytes: Bytes) -> Value {
    Value::native(Stream(Rc::new(bytes)))
}

/// Standard output or standard error.
pub fn console(host: Rc<dyn Host>, stream: ConsoleStream) -> Value {
    let place = Place::Console(host, stream);
    value(Bytes::new(place, Vec::new(), false, true))
}

/// Standard input, as far as nothing has read it yet.
pub fn console_input(host: &Rc<dyn Host>) -> Value {
    let text = host.read_to_end().unwrap_or_default();
    let place = Place::Console(host.clone(), ConsoleStream::Input);
    value(Bytes::new(place, text.into_bytes(), true, false))
}

/// A stream over bytes in memory, to be read.
pub fn reading(data: Vec<u8>) -> Value {
    let place = Place::Memory {
        over: None,
        visible: true,
    };
    value(Bytes::new(place, data, true, false))
}

/// A stream whose bytes go back to their owner when it is closed.
pub fn shared(owner: &Rc<RefCell<Vec<u8>>>) -> Value {
    let data = owner.borrow().clone();
    value(Bytes::new(Place::Shared(owner.clone()), data, true, true))
}

/// A stream that codes what another stream holds.
pub fn coded(below: &Value, coder: Box<dyn Coder>, writes: bool, leave_open: bool) -> Value {
    let place = Place::Coded {
        coder,
        below: below.clone(),
        leave_open,
        unread: Cell::new(!writes),
    };
    value(Bytes::new(place, Vec::new(), !writes, writes))
}

/// `[IO.MemoryStream]::new(…)`
fn memory(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let plain = |data| {
        let place = Place::Memory {
            over: None,
            visible: true,
        };
        value(Bytes::new(place, data, true, true))
    };
    let (array, rest) = match arguments {
        [Value::Array(array), rest @ ..] => (array, rest),
        [Value::Null, ..] => return failures::argument_null("buffer"),
        [capacity, ..] if vm.to_int(capacity)? < 0 => {
            return failures::out_of_range("Capacity must be positive.", "capacity");
        }
        [] => return Ok(plain(Vec::new())),
        [capacity, ..] => {
            failures::check_room(vm.to_int(capacity)?)?;
            return Ok(plain(Vec::new()));
        }
    };
    let bytes = array::as_bytes(&arguments[0]);
    let (range, flags) = match rest {
        [index @ Value::Int(_), count, flags @ ..] => {
            let (index, count) = (vm.to_int(index)?, vm.to_int(count)?);
            let range = usize::try_from(index)
                .ok()
                .zip(usize::try_from(count).ok())
                .map(|(index, count)| index..index.saturating_add(count));
            (range, flags)
        }
        flags => (Some(0..bytes.len()), flags),
    };
    let Some(data) = range.clone().and_then(|range| bytes.get(range)) else {
        return failures::argument(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "",
        );
    };
    let can_write = !matches!(flags.first(), Some(Value::Bool(false)));
    let whole = range.is_some_and(|range| range == (0..bytes.len()));
    let over = if whole {
        array.clone()
    } else {
        // A part of an array keeps a copy of its own.
        Rc::new(Array::typed(known::byte(), Vec::new()))
    };
    let place = Place::Memory {
        over: Some(over),
        visible: matches!(flags.get(1), Some(Value::Bool(true))),
    };
    Ok(value(Bytes::new(place, data.to_vec(), true, can_write)))
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
    // Read 1, Write 2, both 3
    let access = match name {
        "openread" => 1,
        "openwrite" => 2,
        "create" => 3,
        _ => number(1).unwrap_or(if mode == 6 { 2 } else { 3 }),
    };
    // `File.Open` keeps a file to itself, a FileStream lets others read.
    let share = match name {
        "openread" => 1,
        "openwrite" | "create" => 0,
        "open" => number(2).unwrap_or(0),
        _ => number(2).unwrap_or(1),
    };
    if mode == 6 && access != 2 {
        return failures::argument(
            "Append access can be requested only in write-only mode.",
            "access",
        );
    }
    let writable = access & 2 != 0;
    if !writable && matches!(mode, 1 | 2 | 5) {
        let name = match mode {
            1 => "CreateNew",
            2 => "Create",
            _ => "Truncate",
        };
        return failures::argument(
            format!("Combining FileMode: {name} with FileAccess: Read is invalid."),
            "access",
        );
    }
    if std::path::Path::new(path).is_dir() {
        return failures::fail(
            "System.UnauthorizedAccessException",
            format!("Access to the path '{path}' is denied."),
        );
    }
    check_sharing(path, share == 0)?;
    let old = match crate::host::file::read(path) {
        Ok(_) if mode == 1 => {
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
    OPEN.with_borrow_mut(|open| open.push((path.to_owned(), share == 0)));
    let at = if mode == 6 { data.len() } else { 0 };
    let bytes = Bytes::new(
        Place::File(path.to_owned()),
        data,
        access & 1 != 0,
        writable,
    );
    bytes.position.set(at);
    Ok(value(bytes))
}

/// A constructor of MemoryStream or FileStream.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (type_name, arguments) {
        ("System.IO.MemoryStream", _) => memory(vm, arguments).map(Some),
        ("System.IO.BufferedStream", [below, ..]) => Ok(Some(below.clone())),
        ("System.IO.FileStream", [path, how @ ..]) => {
            let path = crate::runtime::types::io::file::full_path(vm, path)?;
            open_file(vm, "new", &path, how).map(Some)
        }
        _ => Ok(None),
    }
}

/// Offset and count within an array's length.
fn part_of(vm: &mut Vm, length: usize, part: &[Value]) -> R<(usize, usize)> {
    let [offset, count] = part else {
        return Ok((0, length));
    };
    let (offset, count) = (vm.to_int(offset)?, vm.to_int(count)?);
    let Ok(offset) = usize::try_from(offset) else {
        return failures::out_of_range("Non-negative number required.", "offset");
    };
    match usize::try_from(count) {
        Ok(count) if offset.saturating_add(count) <= length => Ok((offset, count)),
        _ => failures::out_of_range(
            "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
            "count",
        ),
    }
}

impl Native for Stream {
    fn type_ref(&self) -> TypeRef {
        type_named(match &self.0.place {
            Place::Memory { .. } => "System.IO.MemoryStream",
            Place::File(_) => "System.IO.FileStream",
            Place::Console(..) => "System.ConsolePal+UnixConsoleStream",
            Place::Shared(_) => "System.IO.Stream",
            Place::Coded { coder, .. } => coder.type_name(),
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        match &self.0.place {
            Place::File(_) => vec![
                "CanRead",
                "CanWrite",
                "SafeFileHandle",
                "Name",
                "IsAsync",
                "Length",
                "Position",
                "CanSeek",
                "CanTimeout",
                "ReadTimeout",
                "WriteTimeout",
            ],
            Place::Memory { .. } => vec![
                "CanRead",
                "CanSeek",
                "CanWrite",
                "Capacity",
                "Length",
                "Position",
                "CanTimeout",
                "ReadTimeout",
                "WriteTimeout",
            ],
            _ => vec![
                "BaseStream",
                "CanRead",
                "CanWrite",
                "CanSeek",
                "Length",
                "Position",
                "CanTimeout",
                "ReadTimeout",
                "WriteTimeout",
            ],
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let bytes = &self.0;
        let open = !bytes.closed.get();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "length" => {
                bytes.check_seekable()?;
                Value::Long(bytes.data.borrow().len() as i64)
            }
            "position" => {
                bytes.check_seekable()?;
                Value::Long(bytes.position.get() as i64)
            }
            "canread" => Value::Bool(open && bytes.can_read),
            "canseek" => Value::Bool(open && bytes.can_seek()),
            "canwrite" => Value::Bool(open && bytes.can_write),
            "cantimeout" | "isasync" => Value::Bool(false),
            "readtimeout" | "writetimeout" => {
                return failures::invalid_operation("Timeouts are not supported on this stream.");
            }
            "name" => match &bytes.place {
                Place::File(path) => Value::str(path.as_str()),
                _ => return Ok(None),
            },
            "basestream" => match &bytes.place {
                Place::Coded { below, .. } => below.clone(),
                _ => return Ok(None),
            },
            "capacity" => {
                bytes.check_open()?;
                let length = bytes.data.borrow().len();
                // It doubles, from 256 on.
                let grown = match &bytes.place {
                    Place::Memory { over: None, .. } if length > 0 => {
                        length.next_power_of_two().max(256)
                    }
                    _ => length,
                };
                Value::Int(grown as i32)
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "position" => {
                self.0.check_seekable()?;
                let at = vm.to_long(&value)?;
                if at < 0 {
                    return failures::out_of_range("Non-negative number required.", "value");
                }
                self.0.seek(at, 0)?;
            }
            "capacity" => {
                let wanted = vm.to_int(&value)?;
                if usize::try_from(wanted).is_ok_and(|wanted| wanted < self.0.data.borrow().len()) {
                    return failures::out_of_range(
                        "capacity was less than the current size.",
                        "value",
                    );
                }
                failures::check_room(wanted)?;
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let bytes = &self.0;
        Ok(Some(match (name, arguments) {
            ("write", [Value::Null, ..]) | ("read", [Value::Null, ..]) => {
                return failures::argument_null("buffer");
            }
            ("write", [data, rest @ ..]) => {
                bytes.check_writable()?;
                let data = array::as_bytes(data);
                let (from, count) = part_of(vm, data.len(), rest)?;
                bytes.write(data.get(from..from + count).unwrap_or(&[]))?;
                Value::Nothing
            }
            ("writebyte", [Value::Byte(b)]) => {
                bytes.write(&[*b])?;
                Value::Nothing
            }
            ("read" | "readatleast" | "readexactly", [Value::Array(target), rest @ ..]) => {
                bytes.check_readable()?;
                let part = if name == "readatleast" { &[] } else { rest };
                let (from, count) = part_of(vm, target.len(), part)?;
                let found = bytes.read(count)?;
                for (place, b) in target.items.borrow_mut().iter_mut().skip(from).zip(&found) {
                    *place = Value::Byte(*b);
                }
                if name == "readexactly" {
                    if found.len() < count {
                        return end_of_stream();
                    }
                    return Ok(Some(Value::Nothing));
                }
                Value::Int(found.len() as i32)
            }
            ("readbyte", []) => match bytes.read(1)?.first() {
                Some(b) => Value::Int(i32::from(*b)),
                None => Value::Int(-1),
            },
            ("seek", [offset, Value::Enum(origin)]) => {
                Value::Long(bytes.seek(vm.to_long(offset)?, origin.bits)?)
            }
            ("setlength", [n]) => {
                bytes.set_length(vm.to_long(n)?)?;
                Value::Nothing
            }
            ("copyto" | "writeto", [target, ..]) => {
                let Some(target) = of(target) else {
                    return failures::argument_null("destination");
                };
                let part = if name == "writeto" {
                    bytes.check_open()?;
                    bytes.all()
                } else {
                    bytes.read(usize::MAX)?
                };
                target.write(&part)?;
                Value::Nothing
            }
            ("toarray", []) if matches!(bytes.place, Place::Memory { .. }) => {
                array::bytes(&bytes.data.borrow())
            }
            ("getbuffer", []) => match &bytes.place {
                Place::Memory { visible: true, .. } => {
                    let mut data = bytes.all();
                    if !data.is_empty() {
                        data.resize(data.len().next_power_of_two().max(256), 0);
                    }
                    array::bytes(&data)
                }
                _ => {
                    return failures::fail(
                        "System.UnauthorizedAccessException",
                        "MemoryStream's internal buffer cannot be accessed.",
                    );
                }
            },
            ("flush" | "flushfinalblock", _) => {
                bytes.check_open()?;
                if name == "flushfinalblock" {
                    bytes.close()?;
                } else {
                    bytes.flush()?;
                }
                Value::Nothing
            }
            ("lock" | "unlock", _) => Value::Nothing,
            ("close" | "dispose", _) => {
                bytes.close()?;
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}

/// EndOfStreamException.
pub fn end_of_stream<T>() -> R<T> {
    failures::fail(
        "System.IO.EndOfStreamException",
        "Unable to read beyond the end of the stream.",
    )
}
