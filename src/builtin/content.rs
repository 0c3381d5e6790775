//! Get-Content, Set-Content, Add-Content, Clear-Content.

use super::item_changes::io_fault;
use super::selection::{Selection, encoding, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::{CommonMembers, Extension, Member, Members, Wrapped};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::ItemPath;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Content", || Box::new(GetContent)),
    ("Set-Content", || Box::new(WriteContent::new(false))),
    ("Add-Content", || Box::new(WriteContent::new(true))),
    ("Clear-Content", || Box::new(ClearContent)),
];

struct GetContent;

impl Cmdlet for GetContent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Tail") && call.has("TotalCount") {
            return vm.write_fault(Fault::of(
                "System.InvalidOperationException",
                "TailAndHeadCannotCoexist",
                Category::InvalidOperation,
                "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.",
            ));
        }
        let selection = Selection::of(call);
        let mut items = Vec::new();
        for path in &selection.paths {
            let one = std::slice::from_ref(path);
            let mut found = vm.find_all(one, selection.literal, selection.force)?;
            // A plain path that is nowhere was told about already.
            let plain = selection.literal || !WildcardPattern::contains_wildcards(path);
            let missing = found.is_empty() && plain;
            found.retain(|item| selection.takes(&item.leaf()));
            if found.is_empty() && !missing {
                nothing_there(vm, &selection)?;
            }
            items.extend(found);
        }
        for item in items {
            if item.is_file_system() {
                self.file(vm, call, &item)?;
            } else {
                let value = vm.drive_item(&item.drive, &item.path)?.unwrap_or_default();
                vm.emit(value)?;
            }
        }
        Ok(())
    }
}

/// Tells that a pattern, or what passes the filters, is nowhere.
fn nothing_there(vm: &mut Vm, selection: &Selection) -> R<()> {
    let first = selection.paths.first().map_or("", |path| &**path);
    vm.write_fault(
        Fault::of(
            "System.Exception",
            "ItemNotFound",
            Category::ObjectNotFound,
            format!("An object at the specified path {first} does not exist, or has been filtered by the -Include or -Exclude parameter."),
        )
        .target(Value::strings(selection.paths.iter().map(|path| &**path))),
    )
}

impl GetContent {
    fn file(&self, vm: &mut Vm, call: &Call, item: &ItemPath) -> R<()> {
        let path = item.as_file();
        if path.is_dir() {
            return vm.write_fault(
                Fault::of(
                    "System.UnauthorizedAccessException",
                    "GetContainerContentException",
                    Category::InvalidOperation,
                    format!("Unable to get content because it is a directory: '{}'. Please use 'Get-ChildItem' instead.", item.path),
                )
                .target(Value::str(item.path.as_str())),
            );
        }
        let bytes = match crate::host::file::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let mut fault = io_fault(&error, "GetContentReaderIOError", path);
                if error.kind() == std::io::ErrorKind::PermissionDenied {
                    fault.id = "GetContentReaderUnauthorizedAccessError".into();
                }
                return vm.write_fault(fault);
            }
        };
        let raw = call.switch("Raw");
        if raw && (call.has("Tail") || call.has("TotalCount")) {
            return stop(Fault::of(
                "System.Management.Automation.PSInvalidOperationException",
                "InvalidOperation",
                Category::InvalidOperation,
                "The 'Raw' and 'TotalCount' or 'Tail' parameters cannot be specified in the same command.",
            ));
        }
        let notes = Members::default();
        for (name, value) in vm.origin_notes(item) {
            notes.set(name, Member::Note(value));
        }
        if call.switch("AsByteStream") {
            let items: Vec<Value> = bytes.iter().map(|b| Value::Byte(*b)).collect();
            if raw {
                let array = crate::runtime::collection::Array::typed(
                    crate::runtime::types::known::byte(),
                    items,
                );
                return vm.write(Value::Array(Rc::new(array)));
            }
            return self.groups(vm, call, items, None);
        }
        let text = match encoding(vm, call)? {
            Some(named) => decode_as(named, &bytes),
            None => Encoding::UTF8.decode_file(&bytes),
        };
        if raw {
            if text.is_empty() {
                return Ok(());
            }
            return vm.write(noted(Value::str(text), &notes.common(), 1));
        }
        let lines: Vec<Value> = match call.text("Delimiter") {
            Some(delimiter) if !delimiter.is_empty() && &*delimiter != "\n" => {
                let mut parts: Vec<&str> = text.split(&*delimiter).collect();
                if parts.last() == Some(&"") {
                    parts.pop();
                }
                parts.into_iter().map(Value::str).collect()
            }
            _ => lines_of(&text).map(Value::str).collect(),
        };
        self.groups(vm, call, lines, Some(notes))
    }

    fn groups(
        &self,
        vm: &mut Vm,
        call: &Call,
        mut items: Vec<Value>,
        notes: Option<Members>,
    ) -> R<()> {
        let mut first = 1;
        if let Some(tail) = call.int("Tail").and_then(|t| usize::try_from(t).ok()) {
            let skip = items.len().saturating_sub(tail);
            items.drain(..skip);
        }
        if let Some(total) = call.int("TotalCount").and_then(|t| usize::try_from(t).ok()) {
            items.truncate(total);
        }
        let common = notes.as_ref().map(Members::common);
        let with_notes = |value: Value, count: i64| match &common {
            Some(common) => noted(value, common, count),
            None => value,
        };
        let size = call.int("ReadCount").unwrap_or(1);
        if size == 1 {
            let out = vm.out.clone();
            for item in items {
                vm.check_interrupt()?;
                out.write(vm, with_notes(item, first))?;
                first += 1;
            }
            return Ok(());
        }
        let size = match usize::try_from(size) {
            Ok(size) if size > 0 => size,
            _ => items.len().max(1),
        };
        let mut done = 0;
        for chunk in items.chunks(size) {
            done += chunk.len() as i64;
            let group = Value::array(chunk.to_vec());
            if let (Value::Array(array), Some(notes)) = (&group, &notes) {
                array.extension.write(|data| {
                    data.members = notes.copy();
                    data.members
                        .set("ReadCount", Member::Note(Value::Long(done)));
                });
            }
            vm.write(group)?;
        }
        Ok(())
    }
}

/// What the disk took, or why it did not.
fn written(result: std::io::Result<()>, path: &Path) -> R<()> {
    match result {
        Ok(()) => Ok(()),
        Err(error) => stop(io_fault(&error, "SetContentIOError", path)),
    }
}

fn decode_as(named: Encoding, bytes: &[u8]) -> String {
    // A mark in the file counts more than the name.
    match Encoding::detect(bytes) {
        Some((found, length)) => found.decode(&bytes[length.min(bytes.len())..]),
        None => named.decode(bytes),
    }
}

fn noted(value: Value, common: &CommonMembers, count: i64) -> Value {
    let members = Members::beginning(common);
    members.set("ReadCount", Member::Note(Value::Long(count)));
    Value::Wrapped(Rc::new(Wrapped {
        base: value,
        extension: Extension::with(members),
        written: None,
    }))
}

/// The lines of a text without their ends; `\r`, `\n` and `\r\n` end a line.
pub fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|t| !t.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        match text.find(['\r', '\n']) {
            None => {
                rest = None;
                Some(text)
            }
            Some(at) => {
                let end = if text[at..].starts_with("\r\n") {
                    at + 2
                } else {
                    at + 1
                };
                rest = Some(&text[end..]).filter(|t| !t.is_empty());
                Some(&text[..at])
            }
        }
    })
}

struct WriteContent {
    append: bool,
    writers: Vec<(BufWriter<File>, Encoding, PathBuf)>,
    flat: Vec<(ItemPath, Vec<Value>)>,
    opened: bool,
}

impl WriteContent {
    fn new(append: bool) -> WriteContent {
        WriteContent {
            append,
            writers: Vec::new(),
            flat: Vec::new(),
            opened: false,
        }
    }

    fn open(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        let given = encoding(vm, call)?;
        let mut items = Vec::new();
        for path in &selection.paths {
            if !selection.literal && WildcardPattern::contains_wildcards(path) {
                let found = vm.find_items(path, false, selection.force)?;
                let found: Vec<ItemPath> = found
                    .items
                    .into_iter()
                    .filter(|i| selection.takes(&i.leaf()))
                    .collect();
                if found.is_empty() {
                    nothing_there(vm, &selection)?;
                }
                items.extend(found);
            } else {
                let item = vm.item_path(path)?;
                if selection.is_filtered()
                    && (!selection.takes(&item.leaf()) || !item.as_file().exists())
                {
                    nothing_there(vm, &selection)?;
                    continue;
                }
                items.push(item);
            }
        }
        for item in items {
            if !item.is_file_system() {
                self.flat.push((item, Vec::new()));
                continue;
            }
            let path = item.as_file();
            let action = if self.append {
                "Add Content"
            } else {
                "Set Content"
            };
            if !vm.should_process(call, &format!("Path: {}", item.path), action)? {
                continue;
            }
            if path.is_dir() && !self.append {
                // The folder cannot be cleared first, and nobody expects that of a provider.
                return stop(Fault::of(
                    "System.NotSupportedException",
                    "System.NotSupportedException",
                    Category::NotSpecified,
                    not_clearable(&item),
                ));
            }
            if path.is_dir() {
                vm.write_fault(
                    Fault::of(
                        "System.UnauthorizedAccessException",
                        "GetContentWriterUnauthorizedAccessError",
                        Category::PermissionDenied,
                        format!("Access to the path '{}' is denied.", item.path),
                    )
                    .target(Value::str(item.path.as_str())),
                )?;
                continue;
            }
            if selection.force && path.exists() {
                let _ = crate::runtime::types::io::file_info::set_read_only(path, false);
            }
            let existing = match self.append {
                true => std::fs::File::open(path)
                    .ok()
                    .and_then(|mut f| {
                        let mut head = [0_u8; 4];
                        let read = std::io::Read::read(&mut f, &mut head).ok()?;
                        Some(head[..read].to_vec())
                    })
                    .unwrap_or_default(),
                false => Vec::new(),
            };
            let used = match given {
                Some(named) => named,
                // What is there tells how to go on.
                None => Encoding::detect(&existing).map_or(Encoding::UTF8, |(found, _)| found),
            };
            let file = File::options()
                .create(true)
                .write(true)
                .append(self.append)
                .truncate(!self.append)
                .open(path);
            match file {
                Ok(file) => {
                    let mut writer = BufWriter::new(file);
                    if existing.is_empty() && !call.switch("AsByteStream") {
                        written(writer.write_all(used.preamble()), path)?;
                    }
                    self.writers.push((writer, used, path.to_path_buf()));
                }
                Err(error) => {
                    let mut fault = io_fault(&error, "GetContentWriterIOError", path);
                    match error.kind() {
                        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                            fault.id = "GetContentWriterDirectoryNotFoundError".into();
                            fault.category = Category::ObjectNotFound;
                        }
                        std::io::ErrorKind::PermissionDenied => {
                            fault.id = "GetContentWriterUnauthorizedAccessError".into();
                        }
                        _ => {}
                    }
                    vm.write_fault(fault)?;
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, vm: &mut Vm, call: &Call, value: &Value) -> R<()> {
        for (_, values) in &mut self.flat {
            values.push(value.clone());
        }
        if self.writers.is_empty() {
            return Ok(());
        }
        if call.switch("AsByteStream") {
            let byte = match value.base() {
                Value::Byte(b) => *b,
                _ => {
                    return stop(Fault::argument(
                        "Argument",
                        "Cannot proceed with byte encoding. When using byte encoding the content must be of type byte.",
                    ));
                }
            };
            for (writer, _, path) in &mut self.writers {
                written(writer.write_all(&[byte]), path)?;
            }
            return Ok(());
        }
        let mut text = vm.to_written_text(value)?;
        if !call.switch("NoNewline") {
            text.push('\n');
        }
        for (writer, encoding, path) in &mut self.writers {
            written(writer.write_all(&encoding.encode(&text)), path)?;
        }
        Ok(())
    }

    fn put_all(&mut self, vm: &mut Vm, call: &Call, value: &Value) -> R<()> {
        match vm.enumerate(value)? {
            Some(items) => {
                for item in items {
                    self.put_all(vm, call, &item)?;
                }
                Ok(())
            }
            None if value.is_null() => Ok(()),
            None => self.put(vm, call, value),
        }
    }
}

impl Cmdlet for WriteContent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if !self.opened {
            self.opened = true;
            self.open(vm, call)?;
        }
        let value = call.get("Value").unwrap_or_default();
        self.put_all(vm, call, &value)?;
        if call.switch("PassThru") && !value.is_null() {
            vm.emit(value)?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        for (mut writer, _, path) in std::mem::take(&mut self.writers) {
            written(writer.flush(), &path)?;
        }
        for (item, mut values) in std::mem::take(&mut self.flat) {
            let value = match values.len() {
                1 => values.pop().unwrap_or_default(),
                _ => Value::array(values),
            };
            vm.set_drive_item(&item.drive, &item.path, value)?;
        }
        Ok(())
    }
}

fn not_clearable(item: &ItemPath) -> String {
    format!(
        "Unable to clear content of '{}' because it is a directory. Clear-Content is only supported on files.",
        item.path
    )
}

struct ClearContent;

impl Cmdlet for ClearContent {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for item in Selection::of(call).items(vm)? {
            if !item.is_file_system() {
                vm.set_drive_item(&item.drive, &item.path, Value::Null)?;
                continue;
            }
            let path = item.as_file();
            if path.is_dir() {
                vm.write_fault(
                    Fault::of(
                        "System.NotSupportedException",
                        "ClearDirectoryContent",
                        Category::InvalidOperation,
                        not_clearable(&item),
                    )
                    .target(Value::str(item.path.as_str())),
                )?;
                continue;
            }
            if vm.should_process(call, &format!("Item: {}", item.path), "Clear Content")?
                && let Err(error) = File::create(path)
            {
                vm.write_fault(io_fault(&error, "ClearContentIOError", path))?;
            }
        }
        Ok(())
    }
}
