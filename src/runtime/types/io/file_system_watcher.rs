//! `System.IO.FileSystemWatcher`: notices what becomes of the files of a folder by comparing what is
//! there with what was there when somebody looked last.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, collections::list, failures, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the folder is read at most.
const PAUSE: Duration = Duration::from_millis(15);

/// The most files that are looked at.
const MOST_FILES: usize = 20_000;

/// What tells that a file is another one, or changed.
#[derive(Clone, PartialEq)]
struct State {
    identity: u64,
    length: u64,
    written: Option<SystemTime>,
    is_folder: bool,
}

type Files = BTreeMap<PathBuf, State>;

/// A watcher.
pub struct FileSystemWatcher {
    folder: RefCell<String>,
    filters: Value,
    notify: RefCell<Value>,
    deep: Cell<bool>,
    raises: Cell<bool>,
    files: RefCell<Files>,
    read_at: Cell<Option<std::time::Instant>>,
}

const NOTIFY: &str = "System.IO.NotifyFilters";

/// A new watcher of a folder.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let mut texts = Vec::with_capacity(2);
    for argument in arguments {
        texts.push(vm.to_text(argument)?);
    }
    let folder = texts.first().cloned().unwrap_or_default();
    if !arguments.is_empty() {
        check_folder(vm, &folder)?;
    }
    let filters = match texts.get(1).map(String::as_str) {
        None | Some("" | "*.*" | "*") => Vec::new(),
        Some(filter) => vec![Value::str(filter)],
    };
    Ok(Some(Value::native(FileSystemWatcher {
        folder: RefCell::new(folder),
        filters: list::of(
            &match find_full("System.Collections.ObjectModel.Collection`1") {
                Some(definition) => {
                    crate::runtime::types::generic(&definition, vec![known::string()])
                }
                None => known::array_list(),
            },
            filters,
        ),
        notify: RefCell::new(Value::enum_of(NOTIFY, 1 | 2 | 16)),
        deep: Cell::new(false),
        raises: Cell::new(false),
        files: RefCell::default(),
        read_at: Cell::new(None),
    })))
}

fn check_folder(vm: &Vm, folder: &str) -> R<()> {
    if folder.is_empty() {
        return failures::argument("Empty path name is not legal.", "path");
    }
    if !vm.file_path(folder).is_dir() {
        return failures::argument(
            format!("The directory name '{folder}' does not exist."),
            "path",
        );
    }
    Ok(())
}

#[cfg(unix)]
fn identity(data: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    data.ino()
}

#[cfg(not(unix))]
fn identity(_data: &std::fs::Metadata) -> u64 {
    0
}

fn read(folder: &Path, deep: bool, files: &mut Files) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(data) = entry.path().symlink_metadata() else {
            continue;
        };
        if files.len() >= MOST_FILES {
            return;
        }
        let state = State {
            identity: identity(&data),
            length: data.len(),
            written: data.modified().ok(),
            is_folder: data.is_dir(),
        };
        if deep && data.is_dir() {
            read(&entry.path(), true, files);
        }
        files.insert(entry.path(), state);
    }
}

impl FileSystemWatcher {
    fn root(&self, vm: &Vm) -> PathBuf {
        vm.file_path(&self.folder.borrow())
    }

    fn snapshot(&self, vm: &Vm) -> Files {
        let mut files = Files::new();
        read(&self.root(vm), self.deep.get(), &mut files);
        files
    }

    fn set_raises(&self, vm: &Vm, on: bool) {
        if on && !self.raises.get() {
            *self.files.borrow_mut() = self.snapshot(vm);
        }
        self.raises.set(on);
    }

    fn wants(&self, vm: &mut Vm, path: &Path) -> R<bool> {
        let filters = vm.enumerate(&self.filters)?.unwrap_or_default();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        for filter in &filters {
            let filter = vm.to_text(filter)?;
            if matches!(filter.as_str(), "" | "*.*")
                || WildcardPattern::new(&filter, false).is_ok_and(|p| p.is_match(&name))
            {
                return Ok(true);
            }
        }
        Ok(filters.is_empty())
    }

    fn tell(
        &self,
        vm: &mut Vm,
        this: &Value,
        (event, bits): (&str, i64),
        path: &Path,
        old: Option<&Path>,
    ) -> R<()> {
        if !self.wants(vm, path)? {
            return Ok(());
        }
        let root = self.root(vm);
        let shown = self.folder.borrow().clone();
        let texts = |path: &Path| {
            let name = path.strip_prefix(&root).unwrap_or(path);
            let name = name.to_string_lossy().into_owned();
            let full = Path::new(&shown).join(&name);
            (Value::str(full.to_string_lossy()), Value::str(name))
        };
        let kind = Value::enum_of("System.IO.WatcherChangeTypes", bits);
        let (full, name) = texts(path);
        let mut fields = Vec::new();
        let class = match old {
            Some(old) => {
                let (full, name) = texts(old);
                fields.push(("OldFullPath", full));
                fields.push(("OldName", name));
                "System.IO.RenamedEventArgs"
            }
            None => "System.IO.FileSystemEventArgs",
        };
        fields.extend([("ChangeType", kind), ("FullPath", full), ("Name", name)]);
        vm.raise_event(this, event, &PlainObject::new(class, fields).value())
    }
}

/// Raises what happened to the folder since somebody looked.
pub fn poll(vm: &mut Vm, object: &Value) -> R<()> {
    let Some(watcher) = object.as_native::<FileSystemWatcher>() else {
        return Ok(());
    };
    let lately = watcher.read_at.get().is_some_and(|at| at.elapsed() < PAUSE);
    if !watcher.raises.get() || lately {
        return Ok(());
    }
    watcher.read_at.set(Some(std::time::Instant::now()));
    let after = watcher.snapshot(vm);
    let before = watcher.files.replace(after.clone());
    let mut gone: Vec<(&PathBuf, &State)> = before
        .iter()
        .filter(|(path, _)| !after.contains_key(*path))
        .collect();
    for (path, state) in &after {
        match before.get(path) {
            None => {
                let from = gone
                    .iter()
                    .position(|(_, old)| old.identity == state.identity && state.identity != 0);
                if let Some(at) = from {
                    let (old, _) = gone.remove(at);
                    watcher.tell(vm, object, ("Renamed", 8), path, Some(old))?;
                    continue;
                }
                watcher.tell(vm, object, ("Created", 1), path, None)?;
                if state.length > 0 && !state.is_folder {
                    watcher.tell(vm, object, ("Changed", 4), path, None)?;
                }
            }
            Some(old) if old != state && !state.is_folder => {
                watcher.tell(vm, object, ("Changed", 4), path, None)?;
            }
            Some(_) => {}
        }
    }
    for (path, _) in gone {
        watcher.tell(vm, object, ("Deleted", 2), path, None)?;
    }
    Ok(())
}

impl Native for FileSystemWatcher {
    fn type_ref(&self) -> TypeRef {
        type_named("System.IO.FileSystemWatcher")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "NotifyFilter",
            "Filters",
            "EnableRaisingEvents",
            "Filter",
            "IncludeSubdirectories",
            "InternalBufferSize",
            "Path",
            "Site",
            "SynchronizingObject",
            "Container",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "notifyfilter" => self.notify.borrow().clone(),
            "filters" => self.filters.clone(),
            "filter" => {
                let filters = vm.enumerate(&self.filters)?.unwrap_or_default();
                filters
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| Value::str("*"))
            }
            "enableraisingevents" => Value::Bool(self.raises.get()),
            "includesubdirectories" => Value::Bool(self.deep.get()),
            "internalbuffersize" => Value::Int(8192),
            "path" => Value::str(self.folder.borrow().as_str()),
            "site" | "synchronizingobject" | "container" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "notifyfilter" => *self.notify.borrow_mut() = value,
            "filter" => {
                vm.invoke_method(&self.filters, "Clear", Vec::new())?;
                let text = vm.to_text(&value)?;
                if !matches!(text.as_str(), "" | "*" | "*.*") {
                    vm.invoke_method(&self.filters, "Add", vec![value])?;
                }
            }
            "enableraisingevents" => {
                let on = vm.to_bool(&value);
                if on && self.folder.borrow().is_empty() {
                    return failures::fail(
                        "System.IO.FileNotFoundException",
                        "Error reading the  directory.",
                    );
                }
                self.set_raises(vm, on);
            }
            "includesubdirectories" => {
                self.deep.set(vm.to_bool(&value));
                *self.files.borrow_mut() = self.snapshot(vm);
            }
            "path" => {
                let text = vm.to_text(&value)?;
                check_folder(vm, &text)?;
                *self.folder.borrow_mut() = text;
                *self.files.borrow_mut() = self.snapshot(vm);
            }
            "internalbuffersize" | "site" | "synchronizingobject" => {}
            "filters" | "container" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("dispose", _) => self.raises.set(false),
            ("begininit" | "endinit", _) => {}
            ("waitforchanged", [kinds, rest @ ..]) => {
                let limit = match rest.first() {
                    Some(limit) => vm.to_long(limit)?,
                    None => -1,
                };
                return self.wait(vm, this, kinds, limit).map(Some);
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

impl FileSystemWatcher {
    /// Waits for the next change of these kinds; one that never comes ends the waiting at the limit.
    fn wait(&self, vm: &mut Vm, _this: &Value, kinds: &Value, limit: i64) -> R<Value> {
        let bits = match kinds.base() {
            Value::Enum(kinds) => kinds.bits,
            _ => 15,
        };
        let before = self.snapshot(vm);
        let mut left = limit;
        let name_of = |path: &Path, root: &Path| {
            let name = path.strip_prefix(root).unwrap_or(path);
            Value::str(name.to_string_lossy())
        };
        let root = self.root(vm);
        let mut found = (0, Value::Null);
        while limit < 0 || left > 0 {
            vm.pause(Duration::from_millis(20))?;
            left -= 20;
            let after = self.snapshot(vm);
            for (path, state) in &after {
                match before.get(path) {
                    None if bits & 1 != 0 => found = (1, name_of(path, &root)),
                    Some(old) if old != state && bits & 4 != 0 => found = (4, name_of(path, &root)),
                    _ => {}
                }
            }
            if let Some(path) = before.keys().find(|p| !after.contains_key(*p))
                && bits & 2 != 0
            {
                found = (2, name_of(path, &root));
            }
            if found.0 != 0 {
                break;
            }
        }
        let (kind, name) = found;
        Ok(PlainObject::new(
            "System.IO.WaitForChangedResult",
            vec![
                (
                    "ChangeType",
                    Value::enum_of("System.IO.WatcherChangeTypes", kind),
                ),
                ("Name", name),
                ("OldName", Value::Null),
                ("TimedOut", Value::Bool(kind == 0)),
            ],
        )
        .value())
    }
}
