//! Paths as text: Test-Path, Join-Path, Split-Path, Resolve-Path, Convert-Path.

use super::selection::Selection;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::provider::{ItemPath, Provider, drive_prefix};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Test-Path", || Box::new(TestPath)),
    ("Join-Path", || Box::new(JoinPath)),
    ("Split-Path", || Box::new(SplitPath)),
    ("Resolve-Path", || Box::new(ResolvePath)),
    ("Convert-Path", || Box::new(ConvertPath)),
];

struct TestPath;

impl Cmdlet for TestPath {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let literal = call.has("LiteralPath");
        let parameter = if literal { "LiteralPath" } else { "Path" };
        let given = call.get(parameter).unwrap_or_default();
        let items = call.items(parameter);
        if given.is_null() || items.is_empty() {
            return vm.write_fault(null_path());
        }
        let selection = Selection::of(call);
        for path in items {
            let answer = match path.as_str() {
                None => {
                    vm.write_fault(null_path())?;
                    continue;
                }
                Some(text) if text.trim().is_empty() => false,
                Some(_) if call.switch("IsValid") => true,
                Some(text) => self.test(vm, call, &selection, text, literal)?,
            };
            vm.write(Value::Bool(answer))?;
        }
        Ok(())
    }
}

fn null_path() -> Fault {
    Fault {
        exception: Exception::of(
            "System.ArgumentNullException",
            "Value cannot be null. (Parameter 'The provided Path argument was null or an empty collection.')",
        ),
        id: "NullPathNotPermitted".into(),
        category: Category::InvalidArgument,
        target: Value::Null,
    }
}

impl TestPath {
    fn test(
        &self,
        vm: &mut Vm,
        call: &Call,
        selection: &Selection,
        text: &str,
        literal: bool,
    ) -> R<bool> {
        let Ok(found) = vm.find_items(text, literal, true) else {
            return Ok(false);
        };
        let kind = call.get("PathType");
        let kind = match kind {
            Some(kind) => vm.to_text(&kind)?.to_ascii_lowercase(),
            None => String::new(),
        };
        let older = time(vm, call, "OlderThan")?;
        let newer = time(vm, call, "NewerThan")?;
        Ok(found.items.iter().any(|item| {
            if !selection.takes(&item.leaf()) {
                return false;
            }
            let container = match item.provider {
                Provider::FileSystem => item.as_file().is_dir(),
                _ => item.path.is_empty(),
            };
            let kind_fits = match kind.as_str() {
                "leaf" => !container,
                "container" => container,
                _ => true,
            };
            let written = || {
                let time = item.as_file().metadata().ok()?.modified().ok()?;
                Some(
                    crate::runtime::text::datetime::DateTime::from_system_time(time).to_universal(),
                )
            };
            let time_fits = match (older, newer) {
                (None, None) => true,
                _ => written().is_some_and(|w| {
                    older.is_none_or(|t| w.ticks() < t) && newer.is_none_or(|t| w.ticks() > t)
                }),
            };
            kind_fits && time_fits
        }))
    }
}

fn time(vm: &mut Vm, call: &Call, name: &str) -> R<Option<i64>> {
    match call.get(name) {
        None => Ok(None),
        Some(value) => {
            let value = vm.convert(&value, &crate::runtime::types::known::datetime())?;
            Ok(match value.base() {
                Value::DateTime(time) => Some(time.to_universal().ticks()),
                _ => None,
            })
        }
    }
}

struct JoinPath;

/// Two parts with one separator between them.
pub fn join(parent: &str, child: &str) -> String {
    let parent = parent.replace('\\', "/");
    let child = child.replace('\\', "/");
    let child = child.trim_start_matches('/');
    if parent.is_empty() {
        return child.to_string();
    }
    if parent.ends_with('/') {
        format!("{parent}{child}")
    } else {
        format!("{parent}/{child}")
    }
}

impl Cmdlet for JoinPath {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut child = String::new();
        for (at, part) in call
            .texts("ChildPath")
            .iter()
            .chain(&call.texts("AdditionalChildPath"))
            .enumerate()
        {
            child = if at == 0 {
                part.to_string()
            } else {
                join(&child, part)
            };
        }
        for parent in call.texts("Path") {
            let parent = match drive_prefix(&parent) {
                Some((name, rest)) if !parent.contains("::") => match vm.find_drive(name) {
                    Some(drive) => format!("{}:{rest}", drive.name),
                    None => {
                        vm.write_fault(crate::runtime::variables::drive_not_found(name, name))?;
                        continue;
                    }
                },
                _ => parent.to_string(),
            };
            let mut joined = join(&parent, &child);
            if let Some(extension) = call.text("Extension") {
                joined = with_extension(&joined, &extension);
            }
            if !call.switch("Resolve") {
                vm.write(Value::str(joined))?;
                continue;
            }
            for item in vm.find_all(&[joined.as_str().into()], false, true)? {
                vm.write(Value::str(item.text()))?;
            }
        }
        Ok(())
    }
}

fn with_extension(path: &str, extension: &str) -> String {
    let start = path.rfind('/').map_or(0, |at| at + 1);
    let stem = match path[start..].rfind('.') {
        Some(at) => &path[..start + at],
        None => path,
    };
    match extension.trim_start_matches('.') {
        "" => stem.to_string(),
        extension => format!("{stem}.{extension}"),
    }
}

struct SplitPath;

impl Cmdlet for SplitPath {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let literal = call.has("LiteralPath");
        let mut paths = call.texts(if literal { "LiteralPath" } else { "Path" });
        if call.switch("Resolve") {
            paths = vm
                .find_all(&paths, literal, true)?
                .iter()
                .map(|item| Rc::from(item.text()))
                .collect();
        }
        for path in paths {
            let path = path.replace('\\', "/");
            if call.switch("IsAbsolute") {
                let absolute =
                    path.starts_with('/') || path.starts_with('~') || qualifier(&path).is_some();
                vm.write(Value::Bool(absolute))?;
                continue;
            }
            let answer = if call.switch("Qualifier") {
                match qualifier(&path) {
                    Some(found) => found.to_string(),
                    None => {
                        vm.write_fault(
                            Fault::of(
                                "System.FormatException",
                                "ParsePathFormatError",
                                Category::InvalidArgument,
                                format!("Cannot parse path because path '{path}' does not have a qualifier specified."),
                            )
                            .target(Value::str(path.as_str())),
                        )?;
                        continue;
                    }
                }
            } else if call.switch("NoQualifier") {
                match qualifier(&path) {
                    Some(found) => path[found.len()..].to_string(),
                    None => path.clone(),
                }
            } else if call.switch("Leaf") {
                leaf(&path).to_string()
            } else if call.switch("LeafBase") {
                let name = leaf(&path);
                match name.rfind('.') {
                    Some(at) => name[..at].to_string(),
                    None => name.to_string(),
                }
            } else if call.switch("Extension") {
                let name = leaf(&path);
                match name.rfind('.') {
                    Some(at) if at + 1 < name.len() => name[at..].to_string(),
                    _ => String::new(),
                }
            } else {
                match parent(&path) {
                    Some(parent) => parent,
                    None => {
                        vm.write_fault(
                            Fault::argument(
                                "Argument",
                                "Cannot process argument because the value of argument \"path\" is not valid. Change the value of the \"path\" argument and run the operation again.",
                            ),
                        )?;
                        continue;
                    }
                }
            };
            vm.write(Value::str(answer))?;
        }
        Ok(())
    }
}

fn qualifier(path: &str) -> Option<&str> {
    if let Some(at) = path.find("::") {
        return Some(&path[..at + 2]);
    }
    let (name, _) = drive_prefix(path)?;
    Some(&path[..=name.len()])
}

fn leaf(path: &str) -> &str {
    let body = match qualifier(path) {
        Some(found) => &path[found.len()..],
        None => path,
    };
    let body = body.trim_end_matches('/');
    body.rsplit('/').next().unwrap_or(body)
}

/// The path without its last part; a root has none.
pub fn parent(path: &str) -> Option<String> {
    let (head, body) = match qualifier(path) {
        Some(found) => path.split_at(found.len()),
        None => ("", path),
    };
    let trimmed = body.trim_end_matches('/');
    if trimmed.is_empty() && head.is_empty() {
        return None;
    }
    match trimmed.rfind('/') {
        Some(0) if head.is_empty() && trimmed.len() > 1 => Some(String::new()),
        Some(0) => Some(format!("{head}/")),
        Some(at) => Some(format!("{head}{}", trimmed[..at].trim_end_matches('/'))),
        None => Some(head.to_string()),
    }
}

struct ResolvePath;

/// A path as seen from a folder.
pub fn relative(path: &str, base: &str) -> String {
    let path: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let base: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    let common = path.iter().zip(&base).take_while(|(a, b)| a == b).count();
    if common == base.len() && common == path.len() {
        // A folder seen from itself is named from its parent.
        return match path.last() {
            Some(name) => format!("../{name}"),
            None => ".".to_string(),
        };
    }
    let ups = base.len() - common;
    let mut parts: Vec<&str> = vec![".."; ups];
    if ups == 0 {
        parts.push(".");
    }
    parts.extend(&path[common..]);
    parts.join("/")
}

impl Cmdlet for ResolvePath {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        let saved = vm.location();
        let base = match call.text("RelativeBasePath") {
            Some(base) => {
                let item = vm.item_path(&base)?;
                vm.set_location(&item);
                item
            }
            None => saved.clone(),
        };
        let items = vm.find_all(&selection.paths, selection.literal, true);
        vm.set_location(&saved);
        for item in items? {
            let value = if call.switch("Relative") {
                Value::str(match item.provider {
                    Provider::FileSystem => relative(&item.path, &base.path),
                    _ => item.path.clone(),
                })
            } else {
                vm.path_info(&item)
            };
            vm.write(value)?;
        }
        Ok(())
    }
}

struct ConvertPath;

impl Cmdlet for ConvertPath {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        for ItemPath { path, .. } in vm.find_all(&selection.paths, selection.literal, true)? {
            vm.write(Value::str(path))?;
        }
        Ok(())
    }
}
