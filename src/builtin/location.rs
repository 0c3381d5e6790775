//! The current location, drives and providers.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Exception, Fault, R, Unwind};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::find::{matches_any, missing_text};
use crate::runtime::provider::{Drive, ItemPath, Provider, path_not_found};
use crate::runtime::value::Value;
use crate::runtime::variables::drive_not_found;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Location", || Box::new(GetLocation)),
    ("Set-Location", || Box::new(SetLocation)),
    ("Push-Location", || Box::new(PushLocation)),
    ("Pop-Location", || Box::new(PopLocation)),
    ("Get-PSDrive", || Box::new(GetPSDrive)),
    ("New-PSDrive", || Box::new(NewPSDrive)),
    ("Remove-PSDrive", || Box::new(RemovePSDrive)),
    ("Get-PSProvider", || Box::new(GetPSProvider)),
];

const DEFAULT_STACK: &str = "";

struct GetLocation;

impl Cmdlet for GetLocation {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("Stack") || call.has("StackName") {
            let mut names = call.texts("StackName");
            if names.is_empty() {
                names.push(vm.session.default_location_stack.clone());
            }
            for name in names {
                match vm.session.location_stacks.get(&name).cloned() {
                    Some(stack) => {
                        for entry in stack.into_iter().rev() {
                            vm.write(entry)?;
                        }
                    }
                    None if *name == *DEFAULT_STACK => {}
                    None => vm.write_fault(no_stack(&name))?,
                }
            }
            return Ok(());
        }
        for name in call.texts("PSDrive") {
            match vm.find_drive(&name) {
                Some(drive) => {
                    let item = drive_location(vm, &drive);
                    let value = vm.path_info(&item);
                    vm.write(value)?;
                }
                None => vm.write_fault(drive_fault("GetLocationNoMatchingDrive", &name))?,
            }
        }
        for name in call.texts("PSProvider") {
            if let Some(provider) = Provider::named(&name) {
                let location = vm.location();
                let item = if location.provider == provider {
                    location
                } else {
                    ItemPath {
                        provider,
                        drive: crate::runtime::provider::drive_of(provider).into(),
                        path: match provider {
                            Provider::FileSystem => {
                                vm.session.location.to_string_lossy().into_owned()
                            }
                            _ => String::new(),
                        },
                    }
                };
                let value = vm.path_info(&item);
                vm.write(value)?;
            } else if !WildcardPattern::contains_wildcards(&name) {
                vm.write_fault(no_provider(&name))?;
            }
        }
        if call.has("PSDrive") || call.has("PSProvider") {
            return Ok(());
        }
        let value = current(vm);
        vm.write(value)
    }
}

fn drive_location(vm: &mut Vm, drive: &Drive) -> ItemPath {
    let path = match drive.provider {
        Provider::FileSystem if &*drive.name == "/" => {
            vm.session.location.to_string_lossy().into_owned()
        }
        Provider::FileSystem => drive.root.to_string(),
        _ => String::new(),
    };
    ItemPath {
        provider: drive.provider,
        drive: drive.name.clone(),
        path,
    }
}

fn drive_fault(id: &str, name: &str) -> Fault {
    let mut fault = drive_not_found(name, name);
    fault.id = id.into();
    fault
}

/// The current location as a value.
pub fn current(vm: &mut Vm) -> Value {
    let location = vm.location();
    vm.path_info(&location)
}

struct SetLocation;

impl Cmdlet for SetLocation {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(name) = call.text("StackName") {
            if !vm.session.location_stacks.contains_key(&name) && !name.is_empty() {
                let mut fault = no_stack(&name);
                let text = fault.exception.message.borrow().clone();
                fault.exception =
                    Exception::of("System.Management.Automation.ItemNotFoundException", text);
                fault.id = "StackNotFound".into();
                fault.category = Category::ObjectNotFound;
                return vm.write_fault(fault.target(Value::str(&*name)));
            }
            vm.session.default_location_stack = name;
            return Ok(());
        }
        let literal = call.has("LiteralPath");
        let given = call.text(if literal { "LiteralPath" } else { "Path" });
        let path: Rc<str> = match given {
            Some(path) => path,
            None => vm.host.variable("HOME").unwrap_or_default().into(),
        };
        if &*path == "-" || &*path == "+" {
            let history = if &*path == "-" { "<back>" } else { "<forward>" };
            let other = if &*path == "-" { "<forward>" } else { "<back>" };
            let Some(target) = vm
                .session
                .location_stacks
                .entry(history.into())
                .or_default()
                .pop()
            else {
                let way = if &*path == "-" {
                    "backwards"
                } else {
                    "forwards"
                };
                return stop(Fault::of(
                    "System.InvalidOperationException",
                    "InvalidOperation",
                    Category::InvalidOperation,
                    format!("There is no location history left to navigate {way}."),
                ));
            };
            let here = current(vm);
            vm.session
                .location_stacks
                .entry(other.into())
                .or_default()
                .push(here);
            return restore(vm, &target);
        }
        let before = current(vm);
        if go(vm, &path, literal)? {
            vm.session
                .location_stacks
                .entry("<back>".into())
                .or_default()
                .push(before);
            if call.switch("PassThru") {
                let value = current(vm);
                vm.write(value)?;
            }
        }
        Ok(())
    }
}

fn no_provider(name: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ProviderNotFoundException",
        "ProviderNotFound",
        Category::ObjectNotFound,
        format!("Cannot find a provider with the name '{name}'."),
    )
    .target(Value::str(name))
}

fn no_stack(name: &str) -> Fault {
    Fault::argument(
        "Argument",
        format!("Cannot find location stack '{name}'. It does not exist or it is not a container."),
    )
}

/// Goes to a path; a path that is no folder is an error that was written.
fn go(vm: &mut Vm, path: &str, literal: bool) -> R<bool> {
    let found = vm.find_items(path, literal, true)?;
    if let Some(fault) = found.faults.into_iter().next() {
        stop::<()>(fault)?;
    }
    let mut items = found.items.into_iter();
    let (Some(item), None) = (items.next(), items.next()) else {
        if !found_any(path) {
            let item = vm.item_path(path)?;
            stop::<()>(path_not_found(&missing_text(&item)))?;
        }
        stop::<()>(Fault::argument(
            "Argument",
            format!(
                "Cannot set the location because path '{path}' resolved to multiple containers. You can only the set location to a single container at a time."
            ),
        ))?;
        return Ok(false);
    };
    let container = match item.provider {
        Provider::FileSystem => item.as_file().is_dir(),
        _ => item.path.is_empty(),
    };
    if !container {
        stop::<()>(path_not_found(&item.text()))?;
    }
    vm.set_location(&item);
    Ok(true)
}

fn found_any(path: &str) -> bool {
    !crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(path)
}

/// An error that only says this path was not gone to.
#[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
fn written(vm: &mut Vm, unwind: Box<Unwind>) -> R<()> {
    match *unwind {
        Unwind::Error(thrown) => vm.write_error(thrown.record),
        other => Err(Box::new(other)),
    }
}

struct PushLocation;

impl Cmdlet for PushLocation {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call
            .text("StackName")
            .unwrap_or_else(|| vm.session.default_location_stack.clone());
        let here = current(vm);
        vm.session
            .location_stacks
            .entry(name.clone())
            .or_default()
            .push(here);
        let literal = call.has("LiteralPath");
        if let Some(path) = call.text(if literal { "LiteralPath" } else { "Path" }) {
            let gone = go(vm, &path, literal);
            if !matches!(gone, Ok(true)) {
                if let Some(stack) = vm.session.location_stacks.get_mut(&name) {
                    stack.pop();
                }
                return match gone {
                    Err(unwind) => written(vm, unwind),
                    Ok(_) => Ok(()),
                };
            }
        }
        if call.switch("PassThru") {
            let value = current(vm);
            vm.write(value)?;
        }
        Ok(())
    }
}

struct PopLocation;

impl Cmdlet for PopLocation {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call
            .text("StackName")
            .unwrap_or_else(|| vm.session.default_location_stack.clone());
        let top = vm.session.location_stacks.get_mut(&name).and_then(Vec::pop);
        match top {
            Some(target) => {
                restore(vm, &target)?;
                if call.switch("PassThru") {
                    let value = current(vm);
                    vm.write(value)?;
                }
                Ok(())
            }
            None if name.is_empty() => Ok(()),
            None => vm.write_fault(no_stack(&name)),
        }
    }
}

fn restore(vm: &mut Vm, target: &Value) -> R<()> {
    let text = vm.to_text(target)?;
    go(vm, &text, true).map(|_| ())
}

struct GetPSDrive;

impl Cmdlet for GetPSDrive {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = call.texts("Name");
        if names.is_empty() {
            names = call.texts("LiteralName");
        }
        let providers = call.texts("PSProvider");
        let list = vm.drives().borrow().list.clone();
        let asked = !names.is_empty();
        for name in if asked { names } else { vec!["*".into()] } {
            let name: Rc<str> = name.trim_end_matches(':').into();
            let mut any = false;
            for drive in &list {
                let fits = matches_any(std::slice::from_ref(&name), &drive.name)
                    && (providers.is_empty() || matches_any(&providers, drive.provider.name()));
                if fits {
                    any = true;
                    let value = vm.drive_value(drive);
                    vm.write(value)?;
                }
            }
            let pattern =
                crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(&name);
            if !any && !pattern {
                vm.write_fault(drive_fault("GetLocationNoMatchingDrive", &name))?;
            }
        }
        Ok(())
    }
}

struct NewPSDrive;

impl Cmdlet for NewPSDrive {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("Name").unwrap_or_else(|| "".into());
        let provider_name = call.text("PSProvider").unwrap_or_else(|| "".into());
        let Some(provider) = Provider::named(&provider_name) else {
            return stop(no_provider(&provider_name));
        };
        if vm.find_drive(&name).is_some() {
            return vm.write_fault(
                Fault::of(
                    "System.Management.Automation.SessionStateException",
                    "DriveAlreadyExists",
                    Category::ResourceExists,
                    format!("A drive with the name '{name}' already exists."),
                )
                .target(Value::str(&*name)),
            );
        }
        let given = call.text("Root").unwrap_or_else(|| "".into());
        let root: Rc<str> = match provider {
            Provider::FileSystem => {
                let item = vm.item_path(&given)?;
                if !item.as_file().is_dir() {
                    return vm.write_fault(
                        Fault::of(
                            "System.IO.IOException",
                            "DriveRootError",
                            Category::ReadError,
                            format!("The specified drive root \"{}\" either does not exist, or it is not a folder.", item.path),
                        )
                        .target(Value::str(&*given)),
                    );
                }
                item.path.into()
            }
            _ => given,
        };
        if !vm.should_process(
            call,
            &format!(
                "Name: {name} Provider: {} Root: {root}",
                provider.full_name()
            ),
            "New drive",
        )? {
            return Ok(());
        }
        let drive = Drive {
            name,
            provider,
            root,
            description: call.text("Description").unwrap_or_else(|| "".into()),
        };
        vm.drives().borrow_mut().list.push(drive.clone());
        let value = vm.drive_value(&drive);
        vm.write(value)
    }
}

struct RemovePSDrive;

impl Cmdlet for RemovePSDrive {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = call.texts("Name");
        if names.is_empty() {
            names = call.texts("LiteralName");
        }
        for name in names {
            let name = name.trim_end_matches(':').to_string();
            let drives = vm.drives();
            let at = drives
                .borrow()
                .list
                .iter()
                .position(|d| d.name.eq_ignore_ascii_case(&name));
            match at {
                Some(at) => {
                    drives.borrow_mut().list.remove(at);
                }
                None => vm.write_fault(drive_not_found(&name, &name))?,
            }
        }
        Ok(())
    }
}

struct GetPSProvider;

impl Cmdlet for GetPSProvider {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("PSProvider");
        if names.is_empty() {
            for provider in Provider::ALL {
                let value = vm.provider_value(provider);
                vm.write(value)?;
            }
            return Ok(());
        }
        for name in names {
            let mut any = false;
            for provider in Provider::ALL {
                if matches_any(std::slice::from_ref(&name), provider.name()) {
                    any = true;
                    let value = vm.provider_value(provider);
                    vm.write(value)?;
                }
            }
            if !any {
                vm.write_fault(no_provider(&name))?;
            }
        }
        Ok(())
    }
}
