//! New-Item: files, folders and links, and items of the flat providers.

use super::flat_items;
use super::item_changes::io_fault;
use super::path::join;
use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::provider::{ItemPath, Provider};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("New-Item", || Box::new(NewItem))];

struct NewItem;

impl Cmdlet for NewItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let paths = call.texts("Path");
        let name = call.text("Name");
        let mut targets: Vec<String> = Vec::new();
        match name {
            None => targets.extend(paths.iter().map(|p| p.to_string())),
            Some(name) if paths.is_empty() => targets.push(name.to_string()),
            Some(name) => {
                for parent in &paths {
                    targets.push(join(parent, &name));
                }
            }
        }
        for target in targets {
            match make(vm, call, &target) {
                Ok(()) => {}
                Err(unwind) if crate::runtime::invoke::is_error(&unwind) => {
                    vm.write_unwind(unwind)?;
                }
                Err(unwind) => return Err(unwind),
            }
        }
        Ok(())
    }
}

fn make(vm: &mut Vm, call: &Call, target: &str) -> R<()> {
    let item = vm.item_path(target)?;
    let made = match item.is_file_system() {
        true => make_on_disk(vm, call, &item)?,
        false => make_flat(vm, call, &item)?,
    };
    match made {
        Done::Yes => {
            let made = vm.item_value(&item)?;
            vm.write(made)
        }
        Done::No => Ok(()),
        Done::Failed(fault) => vm.write_fault(*fault),
    }
}

/// What became of a wish for an item.
enum Done {
    Yes,
    /// Somebody was asked and did not want it.
    No,
    Failed(Box<Fault>),
}

fn failed(fault: Fault) -> R<Done> {
    Ok(Done::Failed(Box::new(fault)))
}

/// An alias, function, variable or variable of the environment.
fn make_flat(vm: &mut Vm, call: &Call, item: &ItemPath) -> R<Done> {
    let value = call.get("Value").unwrap_or_default();
    if value.is_null() {
        return failed(
            Fault::of(
                "System.Management.Automation.PSArgumentNullException",
                "NewItemValueNotSpecified",
                Category::InvalidArgument,
                "Cannot process argument because the value of argument \"value\" is null. Change the value of argument \"value\" to a non-null value.",
            )
            .target(Value::str(item.path.as_str())),
        );
    }
    if vm.item_exists(item) && !call.switch("Force") {
        let what = match item.provider {
            Provider::Alias => "alias",
            Provider::Environment => "environment variable",
            Provider::Function => "function",
            _ => "variable",
        };
        let message = format!("The {what} '{}' already exists.", item.path);
        let fault = Fault::argument("Argument", message);
        return failed(fault.target(Value::str(item.text())));
    }
    let kind = call.text("ItemType").unwrap_or_default();
    let shown = vm.to_text(&value)?;
    let target = format!("Item: {} Type: {kind} Value: {shown}", item.path);
    if !vm.should_process(call, &target, "New Item")? {
        return Ok(Done::No);
    }
    flat_items::set(vm, call, item, value)?;
    Ok(Done::Yes)
}

/// A file, folder or link, by the beginning of its kind's name.
fn make_on_disk(vm: &mut Vm, call: &Call, item: &ItemPath) -> R<Done> {
    let path = PathBuf::from(&item.path);
    let kind = call.text("ItemType").unwrap_or_else(|| "File".into());
    let kind = kind.to_ascii_lowercase();
    let is = |name: &str| !kind.is_empty() && name.starts_with(kind.as_str());
    if is("directory") || is("container") {
        make_directory(vm, call, item, &path)
    } else if is("file") || kind.is_empty() || is("leaf") {
        make_file(vm, call, item, &path)
    } else if is("symboliclink") || is("junction") || is("hardlink") {
        make_link(vm, call, item, &path, is("hardlink"))
    } else {
        stop(Fault::argument(
            "Argument",
            "The type is not a known type for the file system. Only \"file\",\"directory\" or \"symboliclink\" can be specified.",
        ))
    }
}

fn is_wanted(vm: &mut Vm, call: &Call, item: &ItemPath, action: &str) -> R<bool> {
    vm.should_process(call, &format!("Destination: {}", item.path), action)
}

fn make_directory(vm: &mut Vm, call: &Call, item: &ItemPath, path: &Path) -> R<Done> {
    if path.exists() && !call.switch("Force") {
        return failed(
            Fault::of(
                "System.IO.IOException",
                "DirectoryExist",
                Category::ResourceExists,
                format!(
                    "An item with the specified name {} already exists.",
                    item.path
                ),
            )
            .target(Value::str(item.path.as_str())),
        );
    }
    if !is_wanted(vm, call, item, "Create Directory")? {
        return Ok(Done::No);
    }
    match std::fs::create_dir_all(path) {
        Ok(()) => Ok(Done::Yes),
        Err(error) => failed(io_fault(&error, "CreateDirectoryIOError", path)),
    }
}

fn make_file(vm: &mut Vm, call: &Call, item: &ItemPath, path: &Path) -> R<Done> {
    if !is_wanted(vm, call, item, "Create File")? {
        return Ok(Done::No);
    }
    let force = call.switch("Force");
    if force && let Some(parent) = path.parent() {
        // A folder that cannot be made shows in the next step.
        let _ = std::fs::create_dir_all(parent);
    }
    if path.exists() && (!force || path.is_dir()) {
        let error = std::io::Error::from(match path.is_dir() && force {
            true => ErrorKind::PermissionDenied,
            false => ErrorKind::AlreadyExists,
        });
        let mut fault = io_fault(&error, "NewItemIOError", path);
        if force {
            fault.id = "NewItemUnauthorizedAccessError".into();
        }
        return failed(fault);
    }
    let text = match call.get("Value") {
        Some(value) if !value.is_null() => vm.to_text(&value)?,
        _ => String::new(),
    };
    match std::fs::write(path, text) {
        Ok(()) => Ok(Done::Yes),
        Err(error) => failed(io_fault(&error, "NewItemIOError", path)),
    }
}

fn make_link(vm: &mut Vm, call: &Call, item: &ItemPath, path: &Path, hard: bool) -> R<Done> {
    let to = vm.to_text(&call.get("Value").unwrap_or_default())?;
    if to.is_empty() {
        return stop(Fault::of(
            "System.ArgumentNullException",
            "ArgumentNull",
            Category::InvalidArgument,
            "Value cannot be null. (Parameter 'content')",
        ));
    }
    if !is_wanted(vm, call, item, "Create Symbolic Link")? {
        return Ok(Done::No);
    }
    if path.symlink_metadata().is_ok() {
        if !call.switch("Force") {
            return failed(
                Fault::of(
                    "System.IO.IOException",
                    "SymLinkExists",
                    Category::ResourceExists,
                    format!("The file '{}' already exists.", item.path),
                )
                .target(Value::str(item.path.as_str())),
            );
        }
        // What cannot be removed makes the link fail, which is said then.
        let _ = std::fs::remove_file(path);
    }
    match link(&to, path, hard, vm) {
        Ok(()) => Ok(Done::Yes),
        Err(error) => failed(io_fault(&error, "NewItemIOError", path)),
    }
}

#[cfg(unix)]
fn link(to: &str, path: &Path, hard: bool, vm: &Vm) -> std::io::Result<()> {
    match hard {
        true => std::fs::hard_link(vm.file_path(to), path),
        false => std::os::unix::fs::symlink(to.replace('\\', "/"), path),
    }
}

#[cfg(not(unix))]
fn link(to: &str, path: &Path, hard: bool, vm: &Vm) -> std::io::Result<()> {
    let target = vm.file_path(to);
    match (hard, target.is_dir()) {
        (true, _) => std::fs::hard_link(target, path),
        (false, true) => std::os::windows::fs::symlink_dir(target, path),
        (false, false) => std::os::windows::fs::symlink_file(target, path),
    }
}
