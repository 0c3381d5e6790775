//! ZipArchive, ZipArchiveEntry and ZipFile.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::{DateTime, DateTimeOffset};
use crate::runtime::types::io::zip::{self, Entry};
use crate::runtime::types::{
    TypeRef, collections::array, failures, io::compression, io::stream, time::date_time_offset,
    type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use flate2::Compression;
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

const READ: i64 = 0;
const CREATE: i64 = 1;

/// An entry and its bytes, which a stream may hold for a while.
struct Part {
    data: Rc<RefCell<Vec<u8>>>,
    entry: RefCell<Entry>,
    comment: RefCell<String>,
}

struct Archive {
    base: Value,
    mode: i64,
    leave_open: bool,
    parts: RefCell<Vec<Rc<Part>>>,
    comment: RefCell<String>,
    closed: Cell<bool>,
}

/// An archive over a stream.
struct ZipArchive(Rc<Archive>);

/// One of its entries.
struct ZipArchiveEntry {
    archive: Rc<Archive>,
    part: Rc<Part>,
}

fn part_of(entry: Entry) -> Rc<Part> {
    Rc::new(Part {
        data: Rc::new(RefCell::new(entry.data.clone())),
        entry: RefCell::new(entry),
        comment: RefCell::default(),
    })
}

fn open(base: Value, mode: i64, leave_open: bool) -> R<Value> {
    let Some(bytes) = stream::of(&base) else {
        return failures::argument_null("stream");
    };
    let old = bytes.all();
    let entries = if mode == CREATE || (mode != READ && old.is_empty()) {
        Vec::new()
    } else {
        zip::read(&old)?
    };
    Ok(Value::native(ZipArchive(Rc::new(Archive {
        base,
        mode,
        leave_open,
        parts: RefCell::new(entries.into_iter().map(part_of).collect()),
        comment: RefCell::default(),
        closed: Cell::new(false),
    }))))
}

/// `[ZipArchive]::new(stream, mode, leaveOpen)`
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let [base, rest @ ..] = arguments else {
        return Ok(None);
    };
    let mode = match rest.first() {
        Some(Value::Enum(mode)) => mode.bits,
        _ => READ,
    };
    let leave_open = matches!(rest.get(1), Some(Value::Bool(true)));
    open(base.clone(), mode, leave_open).map(Some)
}

fn open_file(vm: &mut Vm, path: &Value, mode: i64) -> R<Value> {
    let path = crate::runtime::types::io::file::full_path(vm, path)?;
    let how = |mode, access| {
        [
            Value::enum_of("System.IO.FileMode", mode),
            Value::enum_of("System.IO.FileAccess", access),
        ]
    };
    // Open to read, CreateNew to write, OpenOrCreate for both.
    let how = match mode {
        READ => how(3, 1),
        CREATE => how(1, 2),
        _ => how(4, 3),
    };
    let base = stream::open_file(vm, "new", &path, &how)?;
    open(base, mode, false)
}

fn now(vm: &Vm) -> DateTime {
    vm.now().to_local()
}

fn level_among(arguments: &[Value]) -> Compression {
    let found = arguments.iter().find_map(|argument| match argument {
        Value::Enum(level) => Some(compression::level_of(level.bits)),
        _ => None,
    });
    found.unwrap_or_default()
}

fn file_entry(vm: &Vm, path: &Path, name: &str, level: Compression) -> R<Entry> {
    let shown = path.display().to_string();
    let data = match crate::host::file::read(path) {
        Ok(data) => data,
        Err(error) => return failures::io(&error, &shown),
    };
    let modified = path.metadata().and_then(|about| about.modified());
    Ok(Entry {
        name: name.to_owned(),
        data,
        compressed_length: 0,
        modified: modified.map_or_else(
            |_| now(vm),
            |time| DateTime::from_system_time(time).to_local(),
        ),
        level,
        // A regular file that everybody may read.
        attributes: 0o100_644 << 16,
    })
}

/// The files below a folder, with their names in the archive.
fn collect(
    vm: &Vm,
    folder: &Path,
    prefix: &str,
    level: Compression,
    found: &mut Vec<Entry>,
) -> R<()> {
    let shown = folder.display().to_string();
    let items = match std::fs::read_dir(folder) {
        Ok(items) => items,
        Err(error) => return failures::io(&error, &shown),
    };
    let mut paths: Vec<_> = items.flatten().map(|item| item.path()).collect();
    paths.sort();
    for path in &paths {
        let last = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{last}");
        if !path.is_dir() {
            found.push(file_entry(vm, path, &name, level)?);
            continue;
        }
        let inside = format!("{name}/");
        let before = found.len();
        collect(vm, path, &inside, level, found)?;
        if found.len() == before {
            found.push(Entry {
                name: inside,
                data: Vec::new(),
                compressed_length: 0,
                modified: now(vm),
                level,
                attributes: 0o040_755 << 16,
            });
        }
    }
    Ok(())
}

fn write_file(path: &Path, data: &[u8], overwrite: bool) -> R<()> {
    let shown = path.display().to_string();
    if path.exists() && !overwrite {
        return failures::fail(
            "System.IO.IOException",
            format!("The file '{shown}' already exists."),
        );
    }
    match std::fs::write(path, data) {
        Ok(()) => Ok(()),
        Err(error) => failures::io(&error, &shown),
    }
}

fn extract(entries: &[Rc<Part>], folder: &str, overwrite: bool) -> R<()> {
    let root = Path::new(folder);
    for part in entries {
        let entry = part.entry.borrow();
        let outside = entry.name.starts_with('/') || entry.name.split('/').any(|p| p == "..");
        if outside {
            return failures::fail(
                "System.IO.IOException",
                "Extracting Zip entry would have resulted in a file outside the specified destination directory.",
            );
        }
        let target = root.join(&entry.name);
        let above = if entry.name.ends_with('/') {
            Some(target.as_path())
        } else {
            target.parent()
        };
        if let Some(above) = above
            && let Err(error) = std::fs::create_dir_all(above)
        {
            return failures::io(&error, &above.display().to_string());
        }
        if !entry.name.ends_with('/') {
            write_file(&target, &part.data.borrow(), overwrite)?;
        }
    }
    Ok(())
}

fn archive_of(value: &Value) -> Option<Rc<Archive>> {
    value.as_native::<ZipArchive>().map(|zip| zip.0.clone())
}

/// A static method of ZipFile or ZipFileExtensions.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let overwrite = matches!(arguments.last(), Some(Value::Bool(true)));
    match (name, arguments) {
        ("openread", [path]) => return open_file(vm, path, READ).map(Some),
        ("open", [path, Value::Enum(mode), ..]) => {
            return open_file(vm, path, mode.bits).map(Some);
        }
        ("createfromdirectory", [folder, path, rest @ ..]) => {
            let folder = crate::runtime::types::io::file::full_path(vm, folder)?;
            let folder = Path::new(folder.trim_end_matches('/'));
            let prefix = match folder.file_name() {
                Some(name) if matches!(rest.get(1), Some(Value::Bool(true))) => {
                    format!("{}/", name.to_string_lossy())
                }
                _ => String::new(),
            };
            let mut found = Vec::new();
            collect(vm, folder, &prefix, level_among(rest), &mut found)?;
            let path = crate::runtime::types::io::file::full_path(vm, path)?;
            write_file(Path::new(&path), &zip::write(&found)?, false)?;
        }
        ("extracttodirectory", [source, folder, ..]) => {
            let parts = match archive_of(source) {
                Some(archive) => archive.parts.borrow().clone(),
                None => {
                    let path = crate::runtime::types::io::file::full_path(vm, source)?;
                    match crate::host::file::read(&path) {
                        Ok(bytes) => zip::read(&bytes)?.into_iter().map(part_of).collect(),
                        Err(error) => return failures::io(&error, &path),
                    }
                }
            };
            let folder = crate::runtime::types::io::file::full_path(vm, folder)?;
            if let Err(error) = std::fs::create_dir_all(&folder) {
                return failures::io(&error, &folder);
            }
            extract(&parts, &folder, overwrite)?;
        }
        ("extracttofile", [entry, path, ..]) => {
            let Some(entry) = entry.as_native::<ZipArchiveEntry>() else {
                return failures::argument_null("source");
            };
            let path = crate::runtime::types::io::file::full_path(vm, path)?;
            write_file(Path::new(&path), &entry.part.data.borrow(), overwrite)?;
        }
        ("createentryfromfile", [archive, path, name, rest @ ..]) => {
            let Some(archive) = archive_of(archive) else {
                return failures::argument_null("destination");
            };
            archive.check_creatable()?;
            let path = crate::runtime::types::io::file::full_path(vm, path)?;
            let name = vm.to_text(name)?;
            let entry = file_entry(vm, Path::new(&path), &name, level_among(rest))?;
            return Ok(Some(archive.add(entry)));
        }
        _ => return Ok(None),
    }
    Ok(Some(Value::Nothing))
}

impl Archive {
    fn check_creatable(&self) -> R<()> {
        if self.mode == READ {
            return failures::not_supported(
                "Cannot create entries on an archive opened in read mode.",
            );
        }
        Ok(())
    }

    fn add(self: &Rc<Archive>, entry: Entry) -> Value {
        let part = part_of(entry);
        self.parts.borrow_mut().push(part.clone());
        self.object(&part)
    }

    fn object(self: &Rc<Archive>, part: &Rc<Part>) -> Value {
        Value::native(ZipArchiveEntry {
            archive: self.clone(),
            part: part.clone(),
        })
    }

    fn close(&self) -> R<()> {
        if self.closed.replace(true) {
            return Ok(());
        }
        let Some(bytes) = stream::of(&self.base) else {
            return Ok(());
        };
        if self.mode != READ {
            let parts = self.parts.borrow();
            let entries: Vec<Entry> = parts
                .iter()
                .map(|part| Entry {
                    data: part.data.borrow().clone(),
                    ..part.entry.borrow().clone()
                })
                .collect();
            bytes.replace(&zip::write(&entries)?)?;
        }
        if self.leave_open {
            bytes.flush()
        } else {
            bytes.close()
        }
    }
}

impl Native for ZipArchive {
    fn type_ref(&self) -> TypeRef {
        type_named("System.IO.Compression.ZipArchive")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Comment", "Entries", "Mode"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "mode" => Some(Value::enum_of(
                "System.IO.Compression.ZipArchiveMode",
                self.0.mode,
            )),
            "comment" => Some(Value::str(self.0.comment.borrow().as_str())),
            "entries" if self.0.mode == CREATE => {
                return failures::not_supported("Cannot access entries in Create mode.");
            }
            "entries" => {
                let element = type_named("System.IO.Compression.ZipArchiveEntry");
                let parts = self.0.parts.borrow();
                Some(array::of(
                    &element,
                    parts.iter().map(|part| self.0.object(part)).collect(),
                ))
            }
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("comment") {
            return Ok(None);
        }
        *self.0.comment.borrow_mut() = vm.to_text(&value)?;
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if self.0.closed.get() && name != "dispose" {
            return failures::fail(
                "System.ObjectDisposedException",
                "Cannot access a disposed object.\nObject name: 'System.IO.Compression.ZipArchive'.",
            );
        }
        Ok(Some(match (name, arguments) {
            ("dispose", []) => {
                self.0.close()?;
                Value::Nothing
            }
            ("createentry", [name, rest @ ..]) => {
                self.0.check_creatable()?;
                let name = vm.to_text(name)?;
                if name.is_empty() {
                    return failures::argument("String cannot be empty.", "entryName");
                }
                self.0.add(Entry {
                    name,
                    data: Vec::new(),
                    compressed_length: 0,
                    modified: now(vm),
                    level: level_among(rest),
                    attributes: 0o100_644 << 16,
                })
            }
            ("getentry", [_]) if self.0.mode == CREATE => {
                return failures::not_supported("Cannot access entries in Create mode.");
            }
            ("getentry", [name]) => {
                let name = vm.to_text(name)?;
                let parts = self.0.parts.borrow();
                let found = parts.iter().find(|part| part.entry.borrow().name == name);
                found.map_or(Value::Null, |part| self.0.object(part))
            }
            _ => return Ok(None),
        }))
    }
}

impl Native for ZipArchiveEntry {
    fn type_ref(&self) -> TypeRef {
        type_named("System.IO.Compression.ZipArchiveEntry")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.part.entry.borrow().name.clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Archive",
            "Crc32",
            "IsEncrypted",
            "CompressedLength",
            "ExternalAttributes",
            "Comment",
            "FullName",
            "LastWriteTime",
            "Length",
            "Name",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let entry = self.part.entry.borrow();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "archive" => Value::native(ZipArchive(self.archive.clone())),
            "fullname" => Value::str(entry.name.as_str()),
            "name" => Value::str(entry.name.rsplit('/').next().unwrap_or_default()),
            "length" => Value::Long(self.part.data.borrow().len() as i64),
            "compressedlength" => Value::Long(entry.compressed_length as i64),
            "crc32" => Value::UInt(zip::checksum(&self.part.data.borrow())),
            "isencrypted" => Value::Bool(false),
            "externalattributes" => Value::Int(entry.attributes as i32),
            "comment" => Value::str(self.part.comment.borrow().as_str()),
            "lastwritetime" => {
                date_time_offset::value(DateTimeOffset::from_date_time(entry.modified))
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "lastwritetime" => {
                if let Some(moment) = date_time_offset::of(&value) {
                    self.part.entry.borrow_mut().modified = moment.date_time();
                }
            }
            "externalattributes" => {
                self.part.entry.borrow_mut().attributes = vm.to_int(&value)? as u32;
            }
            "comment" => *self.part.comment.borrow_mut() = vm.to_text(&value)?,
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("open", []) if self.archive.mode == READ => {
                stream::reading(self.part.data.borrow().clone())
            }
            ("open", []) => stream::shared(&self.part.data),
            ("delete", []) if self.archive.mode != 2 => {
                return failures::not_supported(
                    "Delete can only be used when the archive is in Update mode.",
                );
            }
            ("delete", []) => {
                let mut parts = self.archive.parts.borrow_mut();
                parts.retain(|part| !Rc::ptr_eq(part, &self.part));
                Value::Nothing
            }
            ("tostring", []) => Value::str(self.part.entry.borrow().name.as_str()),
            _ => return Ok(None),
        }))
    }
}
