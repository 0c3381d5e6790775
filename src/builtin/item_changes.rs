//! Remove-Item, Copy-Item, Move-Item, Rename-Item, Set-Item, Clear-Item, Invoke-Item.

use super::flat_items;
use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::find::entries;
use crate::runtime::provider::{ItemPath, Provider, path_not_found};
use crate::runtime::types::failures::system_text;
use crate::runtime::types::io::file_info::{leaf, set_read_only};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Remove-Item", || Box::new(RemoveItem)),
    ("Copy-Item", || Box::new(CopyItem)),
    ("Move-Item", || Box::new(MoveItem)),
    ("Rename-Item", || Box::new(RenameItem)),
    ("Set-Item", || Box::new(SetItem)),
    ("Clear-Item", || Box::new(ClearItem)),
    ("Invoke-Item", || Box::new(InvokeItem)),
];

/// An operating-system error as the provider reports it.
pub fn io_fault(error: &std::io::Error, id: &str, path: &Path) -> Fault {
    let text = path.to_string_lossy();
    let (type_name, message) = match error.kind() {
        ErrorKind::NotFound => {
            let missing_folder = path.parent().is_some_and(|p| !p.exists());
            match missing_folder {
                true => (
                    "System.IO.DirectoryNotFoundException",
                    format!("Could not find a part of the path '{text}'."),
                ),
                false => (
                    "System.IO.FileNotFoundException",
                    format!("Could not find file '{text}'."),
                ),
            }
        }
        ErrorKind::NotADirectory => (
            "System.IO.DirectoryNotFoundException",
            format!("Could not find a part of the path '{text}'."),
        ),
        ErrorKind::PermissionDenied | ErrorKind::IsADirectory => (
            "System.UnauthorizedAccessException",
            format!("Access to the path '{text}' is denied."),
        ),
        ErrorKind::AlreadyExists => (
            "System.IO.IOException",
            format!("The file '{text}' already exists."),
        ),
        ErrorKind::DirectoryNotEmpty => (
            "System.IO.IOException",
            format!("Directory not empty : '{text}'"),
        ),
        _ => (
            "System.IO.IOException",
            format!("{} : '{text}'", system_text(error)),
        ),
    };
    let category = match type_name {
        "System.UnauthorizedAccessException" => Category::PermissionDenied,
        _ => Category::WriteError,
    };
    Fault::of(type_name, id, category, message).target(Value::str(&*text))
}

struct RemoveItem;

/// Removes an item by the cmdlet of its kind; what that refuses is this cmdlet's own error.
fn remove_by(vm: &mut Vm, call: &Call, cmdlet: &str, item: &ItemPath) -> R<()> {
    let name = [
        ("Name", Value::str(item.path.as_str())),
        ("Force", Value::Switch(call.switch("Force"))),
        ("ErrorAction", Value::str("Stop")),
    ];
    let Err(unwind) = vm.run_command(cmdlet, &name, &[], None) else {
        return Ok(());
    };
    match *unwind {
        Unwind::Error(thrown) => {
            let record = Rc::new(thrown.record.copy());
            *record.invocation.borrow_mut() = None;
            *record.raiser.borrow_mut() = "".into();
            vm.write_error(record)
        }
        other => Err(Box::new(other)),
    }
}

impl Cmdlet for RemoveItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        for item in selection.items(vm)? {
            match item.provider {
                Provider::FileSystem => self.file(vm, call, &item)?,
                Provider::Variable => remove_by(vm, call, "Remove-Variable", &item)?,
                Provider::Alias => remove_by(vm, call, "Remove-Alias", &item)?,
                _ => {
                    if vm.should_process(call, &format!("Item: {}", item.path), "Remove Item")? {
                        flat_items::remove(vm, call, &item)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn protected(path: &Path) -> bool {
    let hidden = leaf(path).starts_with('.');
    hidden
        || path
            .symlink_metadata()
            .is_ok_and(|m| !m.is_symlink() && m.permissions().readonly())
}

fn no_access(path: &Path) -> Fault {
    Fault::of(
        "System.IO.IOException",
        "RemoveFileSystemItemUnAuthorizedAccess",
        Category::PermissionDenied,
        "You do not have sufficient access rights to perform this operation or the item is hidden, system, or read only.",
    )
    .target(Value::str(path.to_string_lossy()))
}

impl RemoveItem {
    fn file(&self, vm: &mut Vm, call: &Call, item: &ItemPath) -> R<()> {
        let path = item.as_file();
        let force = call.switch("Force");
        let is_folder = path.is_dir() && !path.is_symlink();
        if is_folder {
            let here = vm.session.location.clone();
            if here.starts_with(path) {
                return vm.write_fault(Fault::of(
                    "System.Management.Automation.PSInvalidOperationException",
                    "InvalidOperation",
                    Category::InvalidOperation,
                    format!(
                        "Cannot remove the item at '{}' because it is in use.",
                        item.path
                    ),
                ));
            }
            let filled = std::fs::read_dir(path).is_ok_and(|mut d| d.next().is_some());
            if filled && !call.switch("Recurse") && vm.overrides.confirm != Some(false) {
                let question = format!(
                    "The item at {} has children and the Recurse parameter was not specified. If you continue, all children will be removed with the item. Are you sure you want to continue?",
                    item.path
                );
                if !vm.should_continue_all(&question, "Confirm", &call.standing)? {
                    return Ok(());
                }
            }
        }
        let action = if is_folder {
            "Remove Directory"
        } else {
            "Remove File"
        };
        if !vm.should_process(call, &item.path, action)? {
            return Ok(());
        }
        if protected(path) && !force {
            return vm.write_fault(no_access(path));
        }
        let result = match is_folder {
            true => std::fs::remove_dir_all(path),
            false => std::fs::remove_file(path),
        };
        match result {
            Ok(()) => Ok(()),
            Err(error) => vm.write_fault(io_fault(&error, "RemoveItemIOError", path)),
        }
    }
}

struct CopyItem;

/// The folder or file that something goes to.
fn destination(vm: &mut Vm, call: &Call) -> R<ItemPath> {
    let given = call.text("Destination").unwrap_or_else(|| ".".into());
    if WildcardPattern::contains_wildcards(&given) {
        let mut found = vm.find_items(&given, false, true)?.items;
        if found.len() == 1 {
            return Ok(found.remove(0));
        }
    }
    vm.item_path(&given)
}

/// The destination of one item: in a folder it keeps its name.
fn place_in(to: &Path, name: &str) -> PathBuf {
    match to.is_dir() {
        true => to.join(name),
        false => to.to_path_buf(),
    }
}

impl Cmdlet for CopyItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut selection = Selection::of(call);
        let filter = selection.filter.take();
        for item in selection.items(vm)? {
            if !item.is_file_system() {
                let to = destination(vm, call)?;
                if to.provider != item.provider {
                    vm.write_fault(different_providers(
                        "CopyItemSourceAndDestinationNotSameProvider",
                    ))?;
                    continue;
                }
                let value = vm.drive_item(&item.drive, &item.path)?.unwrap_or_default();
                vm.set_drive_item(&to.drive, &to.path, value)?;
                continue;
            }
            let name = item.leaf();
            let is_folder = item.as_file().is_dir();
            let filter_takes = |name: &str| match &filter {
                Some(f) => {
                    crate::runtime::provider::find::wildcard(f).is_some_and(|p| p.is_match(name))
                }
                None => true,
            };
            if !is_folder && !filter_takes(&name) {
                continue;
            }
            let to = destination(vm, call)?;
            let from = item.as_file();
            if is_folder {
                let container = call.get("Container").is_none_or(|v| vm.to_bool(&v));
                if !container && !call.switch("Recurse") && to.as_file().is_dir() {
                    vm.write_fault(Fault::argument(
                        "CopyContainerToContainerWithoutRecurseOrContainer",
                        "Container cannot be copied to another container. The -Recurse or -Container parameter is not specified.",
                    ).target(Value::str(item.path.as_str())))?;
                    continue;
                }
                if to.as_file().is_file() {
                    vm.write_fault(
                        Fault::of(
                            "System.Management.Automation.PSArgumentException",
                            "CopyContainerItemToLeafError",
                            Category::InvalidArgument,
                            "Container cannot be copied onto existing leaf item.",
                        )
                        .target(Value::str(item.path.as_str())),
                    )?;
                    continue;
                }
                let target = match container {
                    true => place_in(to.as_file(), &name),
                    false => to.as_file().to_path_buf(),
                };
                if target.starts_with(from) {
                    vm.write_fault(
                        Fault::of(
                            "System.IO.IOException",
                            "CopyError",
                            Category::WriteError,
                            format!("Cannot overwrite the item {} with itself.", item.path),
                        )
                        .target(Value::str(item.path.as_str())),
                    )?;
                    continue;
                }
                self.folder(vm, call, from, &target, container, &filter_takes)?;
            } else {
                let target = place_in(to.as_file(), &name);
                self.one(vm, call, from, &target)?;
            }
        }
        Ok(())
    }
}

fn different_providers(id: &str) -> Fault {
    Fault::argument(
        id,
        "The source and destination path did not resolve to the same provider.",
    )
}

impl CopyItem {
    fn folder(
        &self,
        vm: &mut Vm,
        call: &Call,
        from: &Path,
        to: &Path,
        container: bool,
        filter: &dyn Fn(&str) -> bool,
    ) -> R<()> {
        vm.check_interrupt()?;
        let text = format!("Item: {} Destination: {}", from.display(), to.display());
        if container {
            if !vm.should_process(call, &text, "Copy Directory")? {
                return Ok(());
            }
            if !to.exists() || call.switch("PassThru") {
                if let Err(error) = std::fs::create_dir_all(to) {
                    return vm.write_fault(io_fault(&error, "CopyDirectoryInfoItemIOError", to));
                }
                passed(vm, call, to)?;
            }
        }
        if !call.switch("Recurse") {
            return Ok(());
        }
        for (child, is_folder) in entries(from, true).unwrap_or_default() {
            let name = leaf(&child);
            let target = match container {
                true => to.join(&name),
                false => to.to_path_buf(),
            };
            if is_folder {
                self.folder(vm, call, &child, &target, container, filter)?;
            } else if filter(&name) {
                let target = place_in(&target, &name);
                self.one(vm, call, &child, &target)?;
            }
        }
        Ok(())
    }

    fn one(&self, vm: &mut Vm, call: &Call, from: &Path, to: &Path) -> R<()> {
        if from == to {
            return vm.write_fault(
                Fault::of(
                    "System.IO.IOException",
                    "CopyError",
                    Category::WriteError,
                    format!("Cannot overwrite the item {} with itself.", from.display()),
                )
                .target(Value::str(from.to_string_lossy())),
            );
        }
        let text = format!("Item: {} Destination: {}", from.display(), to.display());
        if !vm.should_process(call, &text, "Copy File")? {
            return Ok(());
        }
        if call.switch("Force") && to.exists() {
            let _ = set_read_only(to, false);
        }
        if to.parent().is_some_and(|p| !p.exists()) {
            return vm.write_fault(
                Fault::of(
                    "System.IO.DirectoryNotFoundException",
                    "CopyFileInfoItemIOError",
                    Category::WriteError,
                    format!("Could not find a part of the path '{}'.", to.display()),
                )
                .target(Value::str(from.to_string_lossy())),
            );
        }
        let copied = std::fs::copy(from, to).and_then(|_| {
            // A copy is as old as what it is a copy of.
            let written = from.metadata()?.modified()?;
            let times = std::fs::FileTimes::new().set_modified(written);
            let _ = std::fs::File::options()
                .append(true)
                .open(to)
                .and_then(|f| f.set_times(times));
            Ok(())
        });
        match copied {
            Ok(()) => passed(vm, call, to),
            Err(error) => {
                let mut fault = io_fault(&error, "CopyFileInfoItemIOError", to);
                if error.kind() == ErrorKind::PermissionDenied {
                    fault.id = "CopyFileInfoItemUnauthorizedAccessError".into();
                }
                fault.target = Value::str(from.to_string_lossy());
                vm.write_fault(fault)
            }
        }
    }
}

fn passed(vm: &mut Vm, call: &Call, path: &Path) -> R<()> {
    if !call.switch("PassThru") {
        return Ok(());
    }
    let item = ItemPath::file(path.to_string_lossy().into_owned());
    let value = vm.item_value(&item)?;
    vm.write(value)
}

struct MoveItem;

impl Cmdlet for MoveItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for item in Selection::of(call).items(vm)? {
            let to = destination(vm, call)?;
            if to.provider != item.provider || !item.is_file_system() {
                vm.write_fault(different_providers(
                    "MoveItemSourceAndDestinationNotSameProvider",
                ))?;
                continue;
            }
            let from = item.as_file().to_path_buf();
            let target = place_in(to.as_file(), &item.leaf());
            relocate(vm, call, &from, &target, "Move", "Move")?;
        }
        Ok(())
    }
}

fn relocate(vm: &mut Vm, call: &Call, from: &Path, target: &Path, verb: &str, id: &str) -> R<()> {
    let is_folder = from.is_dir();
    let what = if is_folder { "Directory" } else { "File" };
    let text = format!("Item: {} Destination: {}", from.display(), target.display());
    if !vm.should_process(call, &text, &format!("{verb} {what}"))? {
        return Ok(());
    }
    let id = match (id, is_folder) {
        ("Move", true) => "MoveDirectoryItemIOError",
        ("Move", false) => "MoveFileInfoItemIOError",
        _ => "RenameItemIOError",
    };
    let same = |a: &Path, b: &Path| match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    if target.exists() && !same(from, target) {
        if call.switch("Force") && target.is_file() && verb == "Move" {
            let _ = std::fs::remove_file(target);
        } else {
            let error = std::io::Error::from(ErrorKind::AlreadyExists);
            let mut fault = io_fault(&error, id, target);
            if is_folder {
                fault.exception = crate::runtime::error::Exception::of(
                    "System.IO.IOException",
                    "Cannot create a file when that file already exists.",
                );
            }
            fault.target = Value::str(from.to_string_lossy());
            return vm.write_fault(fault);
        }
    }
    if is_folder && target.starts_with(from) && target != from {
        return vm.write_fault(
            Fault::argument(
                "MoveItemArgumentError",
                format!(
                    "Cannot move item because the item at '{}' does not exist.",
                    from.display()
                ),
            )
            .target(Value::str(target.to_string_lossy())),
        );
    }
    let moved = std::fs::rename(from, target).or_else(|error| {
        // Another disk: copy, then delete.
        if from.is_file() && error.kind() == ErrorKind::CrossesDevices {
            std::fs::copy(from, target)?;
            std::fs::remove_file(from)
        } else {
            Err(error)
        }
    });
    match moved {
        Ok(()) => passed(vm, call, target),
        Err(error) => {
            let mut fault = io_fault(&error, id, target);
            fault.target = Value::str(from.to_string_lossy());
            vm.write_fault(fault)
        }
    }
}

struct RenameItem;

impl Cmdlet for RenameItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let literal = call.has("LiteralPath");
        let path = call
            .text(if literal { "LiteralPath" } else { "Path" })
            .unwrap_or_else(|| "".into());
        let name = call.text("NewName").unwrap_or_else(|| "".into());
        let found = vm.find_items(&path, literal, true)?;
        for fault in found.faults {
            vm.write_fault(fault)?;
        }
        for item in found.items {
            if !item.is_file_system() {
                let value = vm.drive_item(&item.drive, &item.path)?.unwrap_or_default();
                let target = format!("Item: {} NewName: {name}", item.path);
                if vm.should_process(call, &target, "Rename Item")? {
                    vm.set_drive_item(&item.drive, &name, value)?;
                    flat_items::remove(vm, call, &item)?;
                }
                continue;
            }
            let from = item.as_file().to_path_buf();
            let plain = name.trim_start_matches("./").trim_start_matches(".\\");
            let target = if plain.contains(['/', '\\']) {
                let target = PathBuf::from(&vm.item_path(&name)?.path);
                if target.parent() != from.parent() {
                    vm.write_fault(Fault::argument(
                        "Argument",
                        "Cannot rename the specified target, because it represents a path or device name.",
                    ))?;
                    continue;
                }
                target
            } else {
                match from.parent() {
                    Some(parent) => parent.join(plain),
                    None => continue,
                }
            };
            relocate(vm, call, &from, &target, "Rename", "Rename")?;
        }
        Ok(())
    }
}

struct SetItem;

impl Cmdlet for SetItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        let value = match call.items("Value").len() {
            0 | 1 => call.get("Value").unwrap_or_default(),
            _ => Value::array(call.items("Value")),
        };
        for path in &selection.paths {
            let item = vm.item_path(path)?;
            set_value(vm, call, &item, value.clone())?;
        }
        Ok(())
    }
}

fn set_value(vm: &mut Vm, call: &Call, item: &ItemPath, value: Value) -> R<()> {
    if item.is_file_system() {
        return stop(Fault::of(
            "System.Management.Automation.PSNotSupportedException",
            "NotSupported",
            Category::NotImplemented,
            "Provider operation stopped because the provider does not support this operation.",
        ));
    }
    let text = vm.to_text(&value)?;
    if !vm.should_process(
        call,
        &format!("Item: {} Value: {text}", item.path),
        "Set Item",
    )? {
        return Ok(());
    }
    flat_items::set(vm, call, item, value)?;
    if call.switch("PassThru") {
        let made = vm.item_value(item)?;
        vm.write(made)?;
    }
    Ok(())
}

struct ClearItem;

impl Cmdlet for ClearItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for item in Selection::of(call).items(vm)? {
            set_value(vm, call, &item, Value::Null)?;
        }
        Ok(())
    }
}

struct InvokeItem;

impl Cmdlet for InvokeItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for item in Selection::of(call).items(vm)? {
            if !item.is_file_system() {
                vm.write_fault(path_not_found(&item.path))?;
                continue;
            }
            if vm.should_process(call, &format!("Item: {}", item.path), "Invoke Item")? {
                vm.run_command(&item.path, &[], &[], None)?;
            }
        }
        Ok(())
    }
}
