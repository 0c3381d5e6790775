//! Breakpoints: set, listed, switched and removed. Nothing stops at them without a debugger.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::fits_any;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Set-PSBreakpoint", || Box::new(SetPSBreakpoint)),
    ("Get-PSBreakpoint", || Box::new(GetPSBreakpoint)),
    ("Enable-PSBreakpoint", || {
        Box::new(Change(Action::Switch(true)))
    }),
    ("Disable-PSBreakpoint", || {
        Box::new(Change(Action::Switch(false)))
    }),
    ("Remove-PSBreakpoint", || Box::new(Change(Action::Remove))),
];

#[derive(Default)]
struct Breakpoints {
    list: RefCell<Vec<Value>>,
    next: Cell<i32>,
}

fn breakpoints(vm: &mut Vm) -> Rc<Breakpoints> {
    let entry = vm.session.state.entry("breakpoints");
    let entry = entry.or_insert_with(|| Rc::new(Breakpoints::default()));
    entry.clone().downcast().unwrap_or_default()
}

fn field(value: &Value, name: &str) -> Value {
    let object = value.as_native::<PlainObject>();
    object.and_then(|o| o.field(name)).unwrap_or_default()
}

fn enter(
    vm: &mut Vm,
    call: &Call,
    kind: &str,
    script: Option<&str>,
    own: Vec<(&'static str, Value)>,
    text: String,
) -> R<()> {
    let all = breakpoints(vm);
    let id = all.next.get();
    all.next.set(id.saturating_add(1));
    let mut fields = own;
    fields.extend([
        ("Action", call.get("Action").unwrap_or_default()),
        ("Enabled", Value::Bool(true)),
        ("HitCount", Value::Int(0)),
        ("Id", Value::Int(id)),
        ("Script", script.map_or(Value::Null, Value::str)),
    ]);
    let value = PlainObject::new(&format!("System.Management.Automation.{kind}"), fields)
        .with_text(text)
        .writable()
        .value();
    all.list.borrow_mut().push(value.clone());
    vm.write(value)
}

struct SetPSBreakpoint;

impl Cmdlet for SetPSBreakpoint {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut scripts: Vec<Option<String>> = Vec::new();
        for name in call.texts("Script") {
            let path = vm.file_path(&name);
            if !path.is_file() {
                vm.write_fault(
                    Fault::of(
                        "System.ArgumentException",
                        "PSBreakpoint:FileDoesNotExist",
                        Category::InvalidArgument,
                        format!("Cannot set breakpoint. The file \"{name}\" does not exist."),
                    )
                    .target(Value::Null),
                )?;
                continue;
            }
            scripts.push(Some(path.to_string_lossy().into_owned()));
        }
        if !call.has("Script") {
            scripts.push(None);
        }
        for script in &scripts {
            let script = script.as_deref();
            let at = script.map(|s| format!("{s}:")).unwrap_or_default();
            for name in call.texts("Command") {
                let own = vec![("Command", Value::str(&*name))];
                let text = format!("Command breakpoint on '{at}{name}'");
                enter(vm, call, "CommandBreakpoint", script, own, text)?;
            }
            for name in call.texts("Variable") {
                let mode = call.get("Mode").unwrap_or_else(|| {
                    Value::enum_of("System.Management.Automation.VariableAccessMode", 1)
                });
                let shown = vm.to_text(&mode)?;
                let own = vec![("AccessMode", mode), ("Variable", Value::str(&*name))];
                let text = format!("Variable breakpoint on '{at}${name}' ({shown} access)");
                enter(vm, call, "VariableBreakpoint", script, own, text)?;
            }
            for line in call.items("Line") {
                let number = vm.to_int(&line)?;
                if number < 1 {
                    vm.write_fault(Fault::of(
                        "System.ArgumentException",
                        "SetPSBreakpoint:LineLessThanOne",
                        Category::InvalidArgument,
                        "Line cannot be less than 1.",
                    ))?;
                    continue;
                }
                let column = call.int("Column").and_then(|c| i32::try_from(c).ok());
                let own = vec![
                    ("Column", Value::Int(column.unwrap_or(0))),
                    ("Line", Value::Int(number)),
                ];
                let text = match column {
                    Some(column) => format!("Statement breakpoint on '{at}{number}, {column}'"),
                    None => format!("Line breakpoint on '{at}{number}'"),
                };
                enter(vm, call, "LineBreakpoint", script, own, text)?;
            }
        }
        Ok(())
    }
}

fn missing(id: i32) -> Fault {
    Fault::of(
        "System.ArgumentException",
        "PSBreakpoint:BreakpointIdNotFound",
        Category::InvalidArgument,
        format!("There is no breakpoint with ID '{id}'."),
    )
    .target(Value::Null)
}

fn by_ids(vm: &mut Vm, call: &Call) -> R<Vec<Value>> {
    let all = breakpoints(vm).list.borrow().clone();
    let mut found = Vec::new();
    for id in call.items("Id") {
        let wanted = vm.to_int(&id)?;
        let fits = |b: &&Value| matches!(field(b, "Id"), Value::Int(id) if id == wanted);
        match all.iter().find(fits) {
            Some(breakpoint) => found.push(breakpoint.clone()),
            None => vm.write_fault(missing(wanted))?,
        }
    }
    Ok(found)
}

struct GetPSBreakpoint;

impl Cmdlet for GetPSBreakpoint {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Id") {
            // Unlike the cmdlets that change breakpoints, this one passes unknown numbers over.
            let mut wanted = Vec::new();
            for id in call.items("Id") {
                wanted.push(vm.to_int(&id)?);
            }
            let all = breakpoints(vm).list.borrow().clone();
            for breakpoint in all {
                let id = field(&breakpoint, "Id");
                if matches!(id, Value::Int(id) if wanted.contains(&id)) {
                    vm.write(breakpoint)?;
                }
            }
            return Ok(());
        }
        let all = breakpoints(vm).list.borrow().clone();
        let scripts: Vec<String> = call
            .texts("Script")
            .iter()
            .map(|s| vm.file_path(s).to_string_lossy().into_owned())
            .collect();
        let (commands, variables) = (call.texts("Command"), call.texts("Variable"));
        let mut kinds = Vec::new();
        for kind in call.items("Type") {
            kinds.push(format!("{}Breakpoint", vm.to_text(&kind)?).into());
        }
        for breakpoint in all {
            let type_name = vm.type_of(&breakpoint).display();
            let kind = type_name.rsplit('.').next().unwrap_or_default();
            let text = |name: &str| field(&breakpoint, name).as_str().unwrap_or("").to_string();
            let fits = (scripts.is_empty() || scripts.contains(&text("Script")))
                && (!call.has("Command") || fits_any(&commands, &text("Command")))
                && (!call.has("Variable") || fits_any(&variables, &text("Variable")))
                && (kinds.is_empty() || fits_any(&kinds, kind));
            if fits {
                vm.write(breakpoint)?;
            }
        }
        Ok(())
    }
}

enum Action {
    Switch(bool),
    Remove,
}

/// Enable-, Disable- and Remove-PSBreakpoint.
struct Change(Action);

impl Cmdlet for Change {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut chosen = call.items("Breakpoint");
        chosen.extend(by_ids(vm, call)?);
        let all = breakpoints(vm);
        for breakpoint in chosen {
            let shown = vm.to_text(&breakpoint)?;
            let name = call.info.name.clone();
            if !vm.should_process(call, &shown, &name)? {
                continue;
            }
            match self.0 {
                Action::Switch(on) => {
                    if let Some(object) = breakpoint.as_native::<PlainObject>() {
                        object.set_field("Enabled", Value::Bool(on));
                    }
                    if call.switch("PassThru") {
                        vm.write(breakpoint)?;
                    }
                }
                Action::Remove => {
                    let id = field(&breakpoint, "Id");
                    let same = |other: &Value| match (field(other, "Id"), &id) {
                        (Value::Int(one), Value::Int(other)) => one == *other,
                        _ => false,
                    };
                    all.list.borrow_mut().retain(|b| !same(b));
                }
            }
        }
        Ok(())
    }
}
