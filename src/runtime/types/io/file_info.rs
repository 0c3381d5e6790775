//! System.IO.FileInfo and System.IO.DirectoryInfo.

use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::text::datetime::DateTime;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// A file or folder by its path; what the disk says is read when it is asked for.
pub struct FileInfo {
    /// The full path.
    pub path: PathBuf,
    /// A DirectoryInfo.
    pub is_folder: bool,
    /// The path as the constructor was given it, which is the object's text.
    written: Option<String>,
}

const COMMON: [&str; 15] = [
    "Name",
    "FullName",
    "Exists",
    "Extension",
    "CreationTime",
    "CreationTimeUtc",
    "LastAccessTime",
    "LastAccessTimeUtc",
    "LastWriteTime",
    "LastWriteTimeUtc",
    "LinkTarget",
    "UnixFileMode",
    "Attributes",
    "Parent",
    "Root",
];

/// `[IO.FileInfo]::new(path)` and `[IO.DirectoryInfo]::new(path)`
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let [path] = arguments else {
        return Ok(None);
    };
    let text = vm.to_text(path)?;
    let path = crate::runtime::types::io::file::full_path(vm, path)?;
    let is_folder = &*type_ref.name == "DirectoryInfo";
    Ok(Some(FileInfo::written(path, is_folder, &text)))
}

impl FileInfo {
    /// The object of a path.
    pub fn new(path: impl Into<PathBuf>, is_folder: bool) -> FileInfo {
        FileInfo {
            path: path.into(),
            is_folder,
            written: None,
        }
    }

    /// The object of a path that a script wrote, maybe relative.
    fn written(path: impl Into<PathBuf>, is_folder: bool, text: &str) -> Value {
        Value::native(FileInfo {
            written: Some(text.to_string()),
            ..FileInfo::new(path, is_folder)
        })
    }

    /// The last part of the path.
    pub fn name(&self) -> String {
        leaf(&self.path)
    }

    fn full(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    fn metadata(&self) -> Option<Metadata> {
        std::fs::symlink_metadata(&self.path).ok()
    }

    fn length(&self) -> R<Value> {
        match std::fs::metadata(&self.path) {
            Ok(found) if found.is_file() => Ok(Value::Long(found.len() as i64)),
            _ => Err(Fault::dotnet(
                "System.IO.FileNotFoundException",
                format!("Could not find file '{}'.", self.full()),
            )
            .into()),
        }
    }

    fn time(&self, name: &str) -> Value {
        let metadata = std::fs::metadata(&self.path).or_else(|_| self.path.symlink_metadata());
        let time = metadata.ok().and_then(|m| match name {
            n if n.starts_with("creation") => {
                // A file is never younger than its content.
                match (m.created().ok(), m.modified().ok()) {
                    (Some(created), Some(written)) => Some(created.min(written)),
                    (created, written) => created.or(written),
                }
            }
            n if n.starts_with("lastaccess") => m.accessed().ok(),
            _ => m.modified().ok(),
        });
        let Some(time) = time else {
            return Value::Null;
        };
        let utc = DateTime::from_system_time(time).to_universal();
        Value::datetime(if name.ends_with("utc") {
            utc
        } else {
            utc.to_local()
        })
    }

    /// The bits of `FileAttributes`.
    pub fn attributes(&self) -> i64 {
        let Some(metadata) = self.metadata() else {
            return -1;
        };
        let mut bits = 0;
        if metadata.permissions().readonly() {
            bits |= 1;
        }
        if self.name().starts_with('.') {
            bits |= 2;
        }
        if self.is_folder {
            bits |= 0x10;
        }
        if metadata.file_type().is_symlink() {
            bits |= 0x400;
        }
        if bits == 0 { 0x80 } else { bits }
    }

    /// `d----`, `-a---`: the letters of the attributes.
    pub fn mode(&self) -> String {
        let bits = self.attributes();
        let letter = |bit: i64, letter: char| if bits & bit != 0 { letter } else { '-' };
        let first = if bits & 0x400 != 0 {
            'l'
        } else {
            letter(0x10, 'd')
        };
        [
            first,
            letter(0x20, 'a'),
            letter(1, 'r'),
            letter(2, 'h'),
            letter(4, 's'),
        ]
        .iter()
        .collect()
    }

    fn extension(&self) -> String {
        let name = self.name();
        match name.rfind('.') {
            Some(at) if at + 1 < name.len() => name[at..].to_string(),
            _ => String::new(),
        }
    }

    fn base_name(&self) -> String {
        let name = self.name();
        if self.is_folder {
            return name;
        }
        let extension = self.extension().len();
        name[..name.len() - extension].to_string()
    }

    fn link_target(&self) -> Value {
        match std::fs::read_link(&self.path) {
            Ok(target) => Value::str(target.to_string_lossy()),
            Err(_) => Value::Null,
        }
    }

    fn unix_value(&self, name: &str) -> Value {
        let Some(stat) = UnixStat::of(&self.path) else {
            return Value::Null;
        };
        match name {
            "unixmode" => Value::str(stat.mode_text()),
            "user" => Value::str(stat.user()),
            "group" => Value::str(stat.group()),
            "size" => Value::Long(stat.size as i64),
            _ => Value::native(stat),
        }
    }

    fn failed(&self, error: &std::io::Error) -> Box<crate::runtime::error::Unwind> {
        let full = self.full();
        let (type_name, message) = match error.kind() {
            std::io::ErrorKind::NotFound => (
                "System.IO.FileNotFoundException",
                format!("Could not find file '{full}'."),
            ),
            std::io::ErrorKind::PermissionDenied => (
                "System.UnauthorizedAccessException",
                format!("Access to the path '{full}' is denied."),
            ),
            std::io::ErrorKind::DirectoryNotEmpty => (
                "System.IO.IOException",
                format!("Directory not empty : '{full}'"),
            ),
            _ => ("System.IO.IOException", format!("{error} : '{full}'")),
        };
        Fault::dotnet(type_name, message).into()
    }

    fn children(&self, vm: &mut Vm, arguments: &[Value], files: bool, folders: bool) -> R<Value> {
        let pattern = match arguments.first() {
            Some(pattern) => vm.to_text(pattern)?,
            None => "*".to_string(),
        };
        let recurse = match arguments.get(1).map(Value::base) {
            Some(Value::Enum(option)) => option.bits == 1,
            Some(Value::Str(option)) => option.eq_ignore_ascii_case("AllDirectories"),
            _ => false,
        };
        let mut found = Vec::new();
        let mut open = vec![self.path.clone()];
        while let Some(folder) = open.pop() {
            let entries = std::fs::read_dir(&folder).map_err(|e| self.failed(&e))?;
            let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
            paths.sort();
            for path in paths {
                let is_folder = path.is_dir();
                if is_folder && recurse {
                    open.push(path.clone());
                }
                let wanted = if is_folder { folders } else { files };
                if wanted && matches_pattern(&pattern, &leaf(&path)) {
                    found.push(Value::native(FileInfo::new(path, is_folder)));
                }
            }
        }
        let element = match (files, folders) {
            (true, true) => "System.IO.FileSystemInfo",
            (true, false) => "System.IO.FileInfo",
            _ => "System.IO.DirectoryInfo",
        };
        let element = type_named(element);
        Ok(Value::Array(std::rc::Rc::new(
            crate::runtime::collection::Array::typed(element, found),
        )))
    }
}

fn matches_pattern(pattern: &str, name: &str) -> bool {
    // Here `[` is a letter like any other.
    let escaped = pattern.replace('[', "`[").replace(']', "`]");
    crate::runtime::pattern::wildcard::WildcardPattern::cached(&escaped, false)
        .is_ok_and(|p| p.is_match(name))
}

/// The last part of a path; the root's is the root.
pub fn leaf(path: &Path) -> String {
    match path.file_name() {
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.to_string_lossy().into_owned(),
    }
}

impl Native for FileInfo {
    fn type_ref(&self) -> TypeRef {
        type_named(if self.is_folder {
            "System.IO.DirectoryInfo"
        } else {
            "System.IO.FileInfo"
        })
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.written.clone().unwrap_or_else(|| self.full()))
    }

    fn properties(&self) -> Vec<&'static str> {
        if self.is_folder {
            let mut names = vec!["Parent", "Root"];
            names.extend(COMMON.iter().take(13));
            names
        } else {
            let mut names = vec!["Length", "DirectoryName", "Directory", "IsReadOnly"];
            names.extend(COMMON.iter().take(13));
            names
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let lower = name.to_ascii_lowercase();
        let parent = || match self.path.parent() {
            Some(parent) => Value::native(FileInfo::new(parent, true)),
            None => Value::Null,
        };
        Ok(Some(match lower.as_str() {
            "name" => Value::str(self.name()),
            "fullname" => Value::str(self.full()),
            "extension" => Value::str(self.extension()),
            "basename" => Value::str(self.base_name()),
            "exists" => Value::Bool(if self.is_folder {
                self.path.is_dir()
            } else {
                self.path.exists() && !self.path.is_dir()
            }),
            "creationtime" | "creationtimeutc" | "lastaccesstime" | "lastaccesstimeutc"
            | "lastwritetime" | "lastwritetimeutc" => self.time(&lower),
            "attributes" => Value::enum_of("System.IO.FileAttributes", self.attributes()),
            "linktarget" | "target" => self.link_target(),
            "linktype" => match self.link_target() {
                Value::Null => Value::Null,
                _ => Value::str("SymbolicLink"),
            },
            "resolvedtarget" => match std::fs::canonicalize(&self.path) {
                Ok(path) => Value::str(path.to_string_lossy()),
                Err(_) => Value::str(self.full()),
            },
            "unixfilemode" => Value::enum_of(
                "System.IO.UnixFileMode",
                UnixStat::of(&self.path).map_or(-1, |s| i64::from(s.mode & 0o7777)),
            ),
            "mode" | "modewithouthardlink" => Value::str(self.mode()),
            "unixstat" | "unixmode" | "user" | "group" | "size" => self.unix_value(&lower),
            "namestring" => Value::str(self.name()),
            "lengthstring" => match self.is_folder {
                true => Value::str(""),
                false => Value::str(
                    std::fs::metadata(&self.path)
                        .map_or(0, |m| m.len())
                        .to_string(),
                ),
            },
            "parent" if self.is_folder => parent(),
            "root" if self.is_folder => Value::native(FileInfo::new("/", true)),
            "directory" if !self.is_folder => parent(),
            "directoryname" if !self.is_folder => match self.path.parent() {
                Some(parent) => Value::str(parent.to_string_lossy()),
                None => Value::Null,
            },
            "length" if !self.is_folder => self.length()?,
            "isreadonly" if !self.is_folder => Value::Bool(self.attributes() & 1 != 0),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "isreadonly" if !self.is_folder => {
                let on = vm.to_bool(&value);
                set_read_only(&self.path, on).map_err(|e| self.failed(&e))?;
                Ok(Some(true))
            }
            "attributes" => {
                let on = match value.base() {
                    Value::Enum(e) => e.bits & 1 != 0,
                    other => vm.to_text(other)?.to_ascii_lowercase().contains("readonly"),
                };
                set_read_only(&self.path, on).map_err(|e| self.failed(&e))?;
                Ok(Some(true))
            }
            "lastwritetime" | "lastwritetimeutc" | "lastaccesstime" | "lastaccesstimeutc"
            | "creationtime" | "creationtimeutc" => {
                let Value::DateTime(time) = vm.convert(&value, &known::datetime())? else {
                    return Ok(Some(false));
                };
                let utc = if lower.ends_with("utc") && time.kind().name() == "Unspecified" {
                    *time
                } else {
                    time.to_universal()
                };
                let Some(time) = utc.to_system_time() else {
                    return Ok(Some(false));
                };
                let times = std::fs::FileTimes::new();
                let times = match lower.starts_with("lastaccess") {
                    true => times.set_accessed(time),
                    false => times.set_modified(time),
                };
                std::fs::File::open(&self.path)
                    .and_then(|f| f.set_times(times))
                    .map_err(|e| self.failed(&e))?;
                Ok(Some(true))
            }
            _ => Ok(self.get(vm, name)?.map(|_| false)),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let target = |vm: &mut Vm| -> R<PathBuf> {
            let text = match arguments.first() {
                Some(value) => vm.to_text(value)?,
                None => String::new(),
            };
            Ok(vm.file_path(&text))
        };
        let done = |result: std::io::Result<()>| match result {
            Ok(()) => Ok(Some(Value::Nothing)),
            Err(error) => Err(self.failed(&error)),
        };
        match name {
            "tostring" => Ok(Some(Value::str(self.to_text(vm)?))),
            "refresh" => Ok(Some(Value::Nothing)),
            "delete" if self.is_folder => match arguments.first().is_some_and(|v| vm.to_bool(v)) {
                true => done(std::fs::remove_dir_all(&self.path)),
                false => done(std::fs::remove_dir(&self.path)),
            },
            "delete" => match std::fs::remove_file(&self.path) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Some(Value::Nothing)),
                other => done(other),
            },
            "create" if self.is_folder => done(std::fs::create_dir_all(&self.path)),
            "createsubdirectory" if self.is_folder => {
                let text = match arguments.first() {
                    Some(value) => vm.to_text(value)?,
                    None => String::new(),
                };
                let path = self.path.join(text.replace('\\', "/"));
                std::fs::create_dir_all(&path).map_err(|e| self.failed(&e))?;
                Ok(Some(Value::native(FileInfo::new(path, true))))
            }
            "moveto" => {
                let to = target(vm)?;
                done(std::fs::rename(&self.path, to))
            }
            "openread" | "openwrite" | "open" | "create" | "opentext" | "createtext"
            | "appendtext"
                if !self.is_folder =>
            {
                let path = self.full();
                match name {
                    "opentext" => {
                        crate::runtime::types::io::text_reader::over_file(vm, &path).map(Some)
                    }
                    "createtext" | "appendtext" => crate::runtime::types::io::text_writer::to_file(
                        vm,
                        &path,
                        name == "appendtext",
                        None,
                    )
                    .map(Some),
                    _ => crate::runtime::types::io::stream::open_file(vm, name, &path, arguments)
                        .map(Some),
                }
            }
            "replace" if !self.is_folder => {
                let to = target(vm)?;
                if let Some(backup) = arguments.get(1).filter(|backup| !backup.is_null()) {
                    let backup = crate::runtime::types::io::file::full_path(vm, backup)?;
                    std::fs::copy(&to, backup).map_err(|e| self.failed(&e))?;
                }
                std::fs::rename(&self.path, &to).map_err(|e| self.failed(&e))?;
                Ok(Some(Value::native(FileInfo::new(to, false))))
            }
            "copyto" if !self.is_folder => {
                let to = target(vm)?;
                let overwrite = arguments.get(1).is_some_and(|v| vm.to_bool(v));
                if to.exists() && !overwrite {
                    return Err(Fault::dotnet(
                        "System.IO.IOException",
                        format!("The file '{}' already exists.", to.display()),
                    )
                    .into());
                }
                std::fs::copy(&self.path, &to).map_err(|e| self.failed(&e))?;
                Ok(Some(Value::native(FileInfo::new(to, false))))
            }
            "getfiles" | "enumeratefiles" if self.is_folder => {
                self.children(vm, arguments, true, false).map(Some)
            }
            "getdirectories" | "enumeratedirectories" if self.is_folder => {
                self.children(vm, arguments, false, true).map(Some)
            }
            "getfilesysteminfos" | "enumeratefilesysteminfos" if self.is_folder => {
                self.children(vm, arguments, true, true).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// Takes away or gives back the right to write a file.
pub fn set_read_only(path: &Path, on: bool) -> std::io::Result<()> {
    let mut permissions = std::fs::metadata(path)?.permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = permissions.mode();
        permissions.set_mode(if on { mode & !0o222 } else { mode | 0o200 });
    }
    #[cfg(not(unix))]
    permissions.set_readonly(on);
    std::fs::set_permissions(path, permissions)
}

/// What a Unix system says of a file.
pub struct UnixStat {
    mode: u32,
    user: u32,
    group: u32,
    size: u64,
    links: u64,
    inode: u64,
}

impl UnixStat {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<UnixStat> {
        use std::os::unix::fs::MetadataExt;
        let found = std::fs::symlink_metadata(path).ok()?;
        Some(UnixStat {
            mode: found.mode(),
            user: found.uid(),
            group: found.gid(),
            size: found.len(),
            links: found.nlink(),
            inode: found.ino(),
        })
    }

    #[cfg(not(unix))]
    fn of(_path: &Path) -> Option<UnixStat> {
        None
    }

    fn mode_text(&self) -> String {
        let kind = match self.mode & 0o170_000 {
            0o040_000 => 'd',
            0o120_000 => 'l',
            0o060_000 => 'b',
            0o020_000 => 'c',
            0o010_000 => 'p',
            0o140_000 => 's',
            _ => '-',
        };
        let mut text = String::from(kind);
        for (shift, special, set, unset) in [
            (6, 0o4000, 's', 'S'),
            (3, 0o2000, 's', 'S'),
            (0, 0o1000, 't', 'T'),
        ] {
            let bits = self.mode >> shift;
            text.push(if bits & 4 != 0 { 'r' } else { '-' });
            text.push(if bits & 2 != 0 { 'w' } else { '-' });
            text.push(match (bits & 1 != 0, self.mode & special != 0) {
                (true, true) => set,
                (false, true) => unset,
                (true, false) => 'x',
                (false, false) => '-',
            });
        }
        text
    }

    fn user(&self) -> String {
        account_name("/etc/passwd", self.user)
    }

    fn group(&self) -> String {
        account_name("/etc/group", self.group)
    }
}

/// The account that this process runs under, where the environment does not say.
pub fn own_account() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let own = std::fs::metadata("/proc/self").ok()?;
    Some(account_name("/etc/passwd", own.uid()))
}

fn account_name(file: &str, id: u32) -> String {
    let wanted = id.to_string();
    let text = crate::host::file::read_to_string(file).unwrap_or_default();
    text.lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|parts| parts.get(2) == Some(&wanted.as_str()))
        .and_then(|parts| parts.first().map(|name| (*name).to_string()))
        .unwrap_or(wanted)
}

impl Native for UnixStat {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Platform+Unix+CommonStat")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Inode",
            "Mode",
            "UserId",
            "GroupId",
            "HardlinkCount",
            "Size",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "inode" => Value::Long(self.inode as i64),
            "mode" => Value::Int(self.mode as i32),
            "userid" => Value::Int(self.user as i32),
            "groupid" => Value::Int(self.group as i32),
            "hardlinkcount" => Value::Int(self.links as i32),
            "size" => Value::Long(self.size as i64),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "getmodestring" => Some(Value::str(self.mode_text())),
            "getusername" => Some(Value::str(self.user())),
            "getgroupname" => Some(Value::str(self.group())),
            _ => None,
        })
    }
}
