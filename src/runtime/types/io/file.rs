//! `System.IO.File` and `System.IO.Directory`

use crate::host::discard::Long;
use crate::host::interrupted;
use crate::runtime::error::R;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::io::file_info::FileInfo;
use crate::runtime::types::{collections::array, failures, known, text::text_encoding};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::fs;
use std::path::Path;

/// A FileInfo or DirectoryInfo.
pub fn info(path: impl Into<std::path::PathBuf>, is_folder: bool) -> Value {
    Value::native(FileInfo::new(path, is_folder))
}

/// A moment of the file system as a date.
fn date(time: std::io::Result<std::time::SystemTime>, utc: bool) -> Value {
    use crate::runtime::text::datetime::{DateTime, DateTimeKind};
    let date = match time {
        Ok(time) => DateTime::from_system_time(time),
        Err(_) => DateTime::new(504_911_232_000_000_000, DateTimeKind::Utc),
    };
    Value::datetime(if utc {
        date.to_universal()
    } else {
        date.to_local()
    })
}

/// The full path of an argument.
pub fn full_path(vm: &mut Vm, value: &Value) -> R<String> {
    let text = match value.base() {
        Value::Null | Value::Nothing => return failures::argument_null("path"),
        other => {
            let other = other.clone();
            vm.to_text(&other)?
        }
    };
    if text.is_empty() {
        return failures::argument("The value cannot be an empty string.", "path");
    }
    Ok(crate::runtime::types::io::path::full(vm, &text))
}

/// What a file holds, as text.
pub fn read_text(path: &str, encoding: Option<Encoding>) -> R<String> {
    match crate::host::file::read(path) {
        Ok(bytes) => Ok(match (Encoding::detect(&bytes), encoding) {
            (Some((found, skip)), _) => found.decode(bytes.get(skip..).unwrap_or(&[])),
            (None, Some(encoding)) => encoding.decode(&bytes),
            (None, None) => String::from_utf8_lossy(&bytes).into_owned(),
        }),
        Err(error) => failures::io(&error, path),
    }
}

/// The lines of a text; any of the three line ends parts them.
pub fn lines(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() && !interrupted() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        found.push(rest[..end].to_string());
        rest = rest.get(end..).unwrap_or("");
        rest = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\n', '\r']))
            .unwrap_or(rest);
    }
    found
}

fn written<T>(result: std::io::Result<T>, path: &str) -> R<Value> {
    match result {
        Ok(_) => Ok(Value::Nothing),
        Err(error) => failures::io(&error, path),
    }
}

fn append(path: &str, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)?
        .write_all(bytes)
}

fn encoded(text: &str, encoding: Option<Encoding>) -> Vec<u8> {
    match encoding {
        Some(encoding) => encoding.encode_file(text),
        None => text.as_bytes().to_vec(),
    }
}

fn same_place(from: &str, to: &str, replace: bool) -> R<()> {
    if !Path::new(from).exists() {
        return failures::fail(
            "System.IO.FileNotFoundException",
            format!("Could not find file '{from}'."),
        );
    }
    if Path::new(to).exists() && !replace {
        return failures::fail(
            "System.IO.IOException",
            format!("The file '{to}' already exists."),
        );
    }
    Ok(())
}

/// A static method of File.
pub fn file_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    if name == "exists" {
        let there = match first.as_str() {
            Some("") | None => false,
            Some(_) => Path::new(&full_path(vm, first)?).is_file(),
        };
        return Ok(Some(Value::Bool(there)));
    }
    let path = full_path(vm, first)?;
    let encoding = arguments.iter().skip(1).find_map(text_encoding::of);
    Ok(Some(match (name, arguments) {
        ("readalltext", _) => Value::str(read_text(&path, encoding)?),
        ("readalllines" | "readlines", _) => {
            Value::strings(Long::from(lines(&read_text(&path, encoding)?)))
        }
        ("readallbytes", _) => match crate::host::file::read(&path) {
            Ok(bytes) => array::bytes(&bytes),
            Err(error) => return failures::io(&error, &path),
        },
        ("writealltext" | "appendalltext", [_, text, ..]) => {
            let text = vm.to_text(text)?;
            if name == "writealltext" {
                written(fs::write(&path, encoded(&text, encoding)), &path)?
            } else {
                let bytes =
                    encoding.map_or(text.as_bytes().to_vec(), |e| e.encode(&text).into_owned());
                written(append(&path, &bytes), &path)?
            }
        }
        ("writealllines" | "appendalllines", [_, items, ..]) => {
            let mut text = String::new();
            for item in vm.enumerate(items)?.unwrap_or_else(|| vec![items.clone()]) {
                text.push_str(&vm.to_text(&item)?);
                text.push('\n');
            }
            if name == "writealllines" {
                written(fs::write(&path, encoded(&text, encoding)), &path)?
            } else {
                written(append(&path, text.as_bytes()), &path)?
            }
        }
        ("writeallbytes", [_, bytes]) => written(fs::write(&path, array::as_bytes(bytes)), &path)?,
        ("appendallbytes", [_, bytes]) => written(append(&path, &array::as_bytes(bytes)), &path)?,
        ("delete", _) => match fs::remove_file(&path) {
            Ok(()) => Value::Nothing,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                match Path::new(&path).parent() {
                    Some(parent) if !parent.exists() => return failures::io(&error, &path),
                    _ => Value::Nothing,
                }
            }
            Err(error) => return failures::io(&error, &path),
        },
        ("copy", [_, to, rest @ ..]) => {
            let to = full_path(vm, to)?;
            same_place(&path, &to, matches!(rest.first(), Some(Value::Bool(true))))?;
            written(fs::copy(&path, &to), &to)?
        }
        ("move", [_, to, rest @ ..]) => {
            let to = full_path(vm, to)?;
            same_place(&path, &to, matches!(rest.first(), Some(Value::Bool(true))))?;
            written(fs::rename(&path, &to), &to)?
        }
        ("replace", [_, to, backup, ..]) => {
            let to = full_path(vm, to)?;
            if !backup.is_null() {
                let backup = full_path(vm, backup)?;
                written(fs::copy(&to, &backup), &backup)?;
            }
            written(fs::rename(&path, &to), &to)?
        }
        ("create" | "openwrite" | "openread" | "open", rest) => {
            return crate::runtime::types::io::stream::open_file(vm, name, &path, &rest[1..])
                .map(Some);
        }
        ("opentext", _) => crate::runtime::types::io::text_reader::over_file(vm, &path)?,
        ("createtext" | "appendtext", _) => {
            return crate::runtime::types::io::text_writer::to_file(
                vm,
                &path,
                name == "appendtext",
                None,
            )
            .map(Some);
        }
        _ => return times(vm, name, &path, arguments),
    }))
}

fn times(vm: &mut Vm, name: &str, path: &str, arguments: &[Value]) -> R<Option<Value>> {
    let data = fs::metadata(path);
    let utc = name.ends_with("utc");
    Ok(Some(match name.trim_end_matches("utc") {
        "getlastwritetime" => date(data.and_then(|d| d.modified()), utc),
        "getcreationtime" => date(
            data.and_then(|d| d.created().or_else(|_| d.modified())),
            utc,
        ),
        "getlastaccesstime" => date(data.and_then(|d| d.accessed()), utc),
        "getattributes" => Value::enum_of(
            "System.IO.FileAttributes",
            FileInfo::new(path, Path::new(path).is_dir()).attributes(),
        ),
        "setattributes" => Value::Nothing,
        "setlastwritetime" | "setcreationtime" | "setlastaccesstime" => {
            if let Err(error) = data {
                return failures::io(&error, path);
            }
            let property = name.trim_start_matches("set");
            let info = info(path, Path::new(path).is_dir());
            vm.write_property(
                &info,
                property,
                arguments.get(1).cloned().unwrap_or_default(),
            )?;
            Value::Nothing
        }
        "getunixfilemode" => match data {
            Ok(data) => Value::enum_of("System.IO.UnixFileMode", i64::from(mode_of(&data))),
            Err(error) => return failures::io(&error, path),
        },
        "setunixfilemode" => {
            let bits = match arguments.get(1).map(Value::base) {
                Some(Value::Enum(mode)) => mode.bits,
                _ => return Ok(None),
            };
            written(set_mode(path, bits as u32), path)?
        }
        "createsymboliclink" => {
            let target = match arguments.get(1) {
                Some(target) => vm.to_text(target)?,
                None => return failures::argument_null("pathToTarget"),
            };
            written(link(&target, path), path)?;
            info(path, Path::new(path).is_dir())
        }
        "resolvelinktarget" => match fs::symlink_metadata(path) {
            Err(error) => return failures::io(&error, path),
            Ok(data) if !data.is_symlink() => Value::Null,
            Ok(_) => {
                let to_end = matches!(arguments.get(1), Some(Value::Bool(true)));
                let target = if to_end {
                    fs::canonicalize(path)
                } else {
                    fs::read_link(path)
                };
                match target {
                    Ok(target) => {
                        let folder = Path::new(path).parent().unwrap_or(Path::new("/"));
                        let target = folder.join(target);
                        let is_folder = target.is_dir();
                        info(target, is_folder)
                    }
                    Err(error) => return failures::io(&error, path),
                }
            }
        },
        _ => return Ok(None),
    }))
}

#[cfg(unix)]
fn mode_of(data: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode_of(_data: &fs::Metadata) -> u32 {
    0o666
}

#[cfg(unix)]
fn set_mode(path: &str, bits: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(bits))
}

#[cfg(not(unix))]
fn set_mode(_path: &str, _bits: u32) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn link(target: &str, path: &str) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_target: &str, _path: &str) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What stands in a folder; with `deep` what stands in its folders after it,
/// one level after the other.
fn walk(path: &Path, deep: bool, found: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
    let mut pending = std::collections::VecDeque::from([path.to_path_buf()]);
    while let Some(folder) = pending.pop_front() {
        let mut entries: Vec<_> = fs::read_dir(folder)?
            .filter_map(|e| e.ok().map(|e| e.path()))
            .collect();
        entries.sort();
        for entry in entries {
            if deep && entry.is_dir() && !entry.is_symlink() {
                pending.push_back(entry.clone());
            }
            found.push(entry);
        }
    }
    Ok(())
}

fn tempfile_folder(prefix: &str) -> std::io::Result<std::path::PathBuf> {
    let unique = crate::runtime::text::guid::Guid::new();
    let name = unique.format("N").unwrap_or_default();
    let path = std::env::temp_dir().join(format!("{prefix}{}", &name[..6.min(name.len())]));
    fs::create_dir(&path)?;
    Ok(path)
}

/// A path found in a folder, beginning as the folder was asked for.
fn as_asked(asked: &str, folder: &str, found: &Path) -> String {
    match found.strip_prefix(folder) {
        Ok(rest) => Path::new(asked).join(rest).display().to_string(),
        Err(_) => found.display().to_string(),
    }
}

/// A static method of Directory.
pub fn directory_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if name == "getcurrentdirectory" {
        let folder = vm.host.current_directory();
        let folder = folder.map(|folder| folder.to_string_lossy().into_owned());
        return Ok(Some(Value::str(folder.unwrap_or_else(|_| "/".into()))));
    }
    if name == "getlogicaldrives" {
        return Ok(Some(Value::strings(["/".to_string()])));
    }
    if name == "createtempsubdirectory" {
        let prefix = arguments
            .first()
            .and_then(Value::as_str)
            .unwrap_or_default();
        let made = tempfile_folder(prefix);
        return match made {
            Ok(path) => Ok(Some(info(path, true))),
            Err(error) => failures::io(&error, prefix),
        };
    }
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    if name == "exists" {
        let there = match first.as_str() {
            Some("") | None => false,
            Some(_) => Path::new(&full_path(vm, first)?).is_dir(),
        };
        return Ok(Some(Value::Bool(there)));
    }
    let path = full_path(vm, first)?;
    let missing = || {
        failures::fail(
            "System.IO.DirectoryNotFoundException",
            format!("Could not find a part of the path '{path}'."),
        )
    };
    Ok(Some(match (name, arguments) {
        ("createdirectory", _) => {
            written(fs::create_dir_all(&path), &path)?;
            info(path.trim_end_matches('/'), true)
        }
        ("delete", [_, rest @ ..]) => {
            if !Path::new(&path).is_dir() {
                return missing();
            }
            if matches!(rest.first(), Some(Value::Bool(true))) {
                written(fs::remove_dir_all(&path), &path)?
            } else {
                written(fs::remove_dir(&path), &path)?
            }
        }
        ("move", [_, to]) => {
            if !Path::new(&path).exists() {
                return missing();
            }
            let to = full_path(vm, to)?;
            written(fs::rename(&path, &to), &to)?
        }
        (
            "getfiles"
            | "getdirectories"
            | "getfilesystementries"
            | "enumeratefiles"
            | "enumeratedirectories"
            | "enumeratefilesystementries",
            [_, rest @ ..],
        ) => {
            if !Path::new(&path).is_dir() {
                return missing();
            }
            let asked = vm.to_text(first)?;
            let pattern = match rest.first().and_then(|p| p.as_str()) {
                Some("*.*") | None => "*".to_string(),
                Some(pattern) => pattern.to_string(),
            };
            let deep = matches!(rest.get(1).map(Value::base), Some(Value::Enum(e)) if e.bits == 1);
            let mut found = Vec::new();
            if let Err(error) = walk(Path::new(&path), deep, &mut found) {
                return failures::io(&error, &path);
            }
            let pattern = pattern.replace('[', "`[");
            let matcher = crate::runtime::pattern::wildcard::WildcardPattern::new(&pattern, false);
            let wanted = |p: &std::path::PathBuf| {
                let kind = match name {
                    "getfiles" | "enumeratefiles" => !p.is_dir(),
                    "getdirectories" | "enumeratedirectories" => p.is_dir(),
                    _ => true,
                };
                let name = p
                    .file_name()
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default();
                kind && matcher.as_ref().is_ok_and(|m| m.is_match(&name))
            };
            array::of(
                &known::string(),
                found
                    .iter()
                    .filter(|p| wanted(p))
                    .map(|p| Value::str(as_asked(&asked, &path, p)))
                    .collect(),
            )
        }
        ("getparent", _) => match Path::new(path.trim_end_matches('/')).parent() {
            Some(parent) => info(parent, true),
            None => Value::Null,
        },
        ("getdirectoryroot", _) => Value::str("/"),
        ("setcurrentdirectory", _) => {
            written(vm.host.set_current_directory(Path::new(&path)), &path)?
        }
        _ => return times(vm, name, &path, arguments),
    }))
}
