//! Runspaces, pools of them and what they begin with: `[runspacefactory]`, `[initialsessionstate]`.
//!
//! A runspace here is a session state of its own; what runs in it runs when it is asked to, on the one
//! thread there is.

use crate::runtime::error::R;
use crate::runtime::isolation::fresh_scope;
use crate::runtime::native::Native;
use crate::runtime::scope::Scope;
use crate::runtime::text::guid::Guid;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, collections::list, failures, find_full, generic, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const STATE: &str = "System.Management.Automation.Runspaces.RunspaceState";
const POOL_STATE: &str = "System.Management.Automation.Runspaces.RunspacePoolState";
const SPACES: &str = "System.Management.Automation.Runspaces";

const BEFORE_OPEN: i64 = 0;
const OPENED: i64 = 2;
const CLOSED: i64 = 3;

/// Where commands run: a session state, made ready when something first runs in it.
pub struct Home {
    scope: Rc<Scope>,
    is_ready: Cell<bool>,
    initial: Value,
    /// The session that everything else is in.
    is_default: bool,
}

impl Home {
    /// A new one that begins with what `initial` holds.
    pub fn new(initial: Value) -> Rc<Home> {
        Rc::new(Home {
            scope: fresh_scope(),
            is_ready: Cell::new(false),
            initial,
            is_default: false,
        })
    }

    /// Runs `work` there.
    pub fn enter<T>(&self, vm: &mut Vm, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        if self.is_default {
            return work(vm);
        }
        let is_new = !self.is_ready.replace(true);
        vm.in_session(self.scope.clone(), is_new, |vm| {
            if is_new {
                prepare(vm, &self.initial)?;
            }
            work(vm)
        })
    }
}

/// Does what an InitialSessionState asks for.
fn prepare(vm: &mut Vm, initial: &Value) -> R<()> {
    let Some(initial) = initial.as_native::<InitialSessionState>() else {
        return Ok(());
    };
    for module in initial.modules.borrow().clone() {
        vm.call_command("Import-Module", &[("Name", module)], &[])?;
    }
    let entries = |vm: &mut Vm, name: &str| -> R<Vec<Value>> {
        let list = initial.fields.field(name).unwrap_or_default();
        Ok(vm.enumerate(&list)?.unwrap_or_default())
    };
    for entry in entries(vm, "Variables")? {
        let Some(entry) = entry.as_native::<PlainObject>() else {
            continue;
        };
        let name = vm.to_text(&entry.field("Name").unwrap_or_default())?;
        vm.define_global(&name, entry.field("Value").unwrap_or_default(), 0);
    }
    for entry in entries(vm, "Commands")? {
        let Some(entry) = entry.as_native::<PlainObject>() else {
            continue;
        };
        let kind = entry.type_ref().name.to_string();
        let name = entry.field("Name").unwrap_or_default();
        let definition = entry.field("Definition").unwrap_or_default();
        match kind.as_str() {
            "SessionStateFunctionEntry" | "SessionStateFilterEntry" => {
                let path = Value::str(format!("Function:\\{}", vm.to_text(&name)?));
                let text = vm.to_text(&definition)?;
                let block = vm.parse_block(&text)?;
                let named = [("LiteralPath", path), ("Value", block)];
                vm.call_command("Set-Item", &named, &[])?;
            }
            "SessionStateAliasEntry" => {
                let named = [("Name", name), ("Value", definition)];
                vm.call_command("Set-Alias", &named, &[])?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A runspace.
pub struct Runspace {
    /// Where what it is given runs.
    pub home: Rc<Home>,
    id: i32,
    name: RefCell<String>,
    instance: Value,
    state: Cell<i64>,
}

/// The runspaces of a session that were not disposed of.
#[derive(Default)]
struct Runspaces {
    list: RefCell<Vec<Value>>,
    last: Cell<i32>,
}

fn runspaces(vm: &mut Vm) -> Rc<Runspaces> {
    let known = vm.session.state.get("runspaces").cloned();
    if let Some(Ok(known)) = known.map(|k| k.downcast::<Runspaces>()) {
        return known;
    }
    let made = Rc::new(Runspaces::default());
    vm.session.state.insert("runspaces", made.clone());
    let own = Home {
        scope: vm.global.clone(),
        is_ready: Cell::new(true),
        initial: Value::Null,
        is_default: true,
    };
    made.list
        .borrow_mut()
        .push(runspace_of(&made, Rc::new(own), OPENED));
    made
}

fn runspace_of(all: &Runspaces, home: Rc<Home>, state: i64) -> Value {
    let id = all.last.get() + 1;
    all.last.set(id);
    Value::native(Runspace {
        home,
        id,
        name: RefCell::new(format!("Runspace{id}")),
        instance: new_guid(),
        state: Cell::new(state),
    })
}

/// A new identity.
pub fn new_guid() -> Value {
    let text = Guid::new().format("D").unwrap_or_default();
    crate::runtime::types::guid::construct(&[Value::str(text)])
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// All runspaces of the session, its own first.
pub fn all(vm: &mut Vm) -> Vec<Value> {
    runspaces(vm).list.borrow().clone()
}

/// The runspace of the session itself.
pub fn default(vm: &mut Vm) -> Value {
    all(vm).into_iter().next().unwrap_or_default()
}

/// A runspace for a `[powershell]` that was given none.
pub fn own_of(vm: &mut Vm, home: Rc<Home>) -> Value {
    let all = runspaces(vm);
    let made = runspace_of(&all, home, OPENED);
    all.list.borrow_mut().push(made.clone());
    made
}

/// The static methods of RunspaceFactory, Runspace and InitialSessionState; names are in lower case.
pub fn call_static(
    vm: &mut Vm,
    type_name: &str,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let initial = arguments
        .iter()
        .find(|a| a.as_native::<InitialSessionState>().is_some())
        .cloned();
    Ok(Some(match name {
        "createrunspace" => {
            let all = runspaces(vm);
            let home = Home::new(initial.unwrap_or_default());
            let made = runspace_of(&all, home, BEFORE_OPEN);
            all.list.borrow_mut().push(made.clone());
            made
        }
        "createrunspacepool" => {
            let mut sizes = Vec::new();
            for argument in arguments {
                if let Value::Int(size) = argument.base() {
                    sizes.push(*size);
                }
            }
            let (least, most) = match sizes.as_slice() {
                [least, most, ..] => (*least, *most),
                _ => (1, 1),
            };
            if least < 1 {
                return failures::argument(
                    "Specify a value greater than or equal to 1 for the minimum size of the runspace pool.",
                    "minRunspaces",
                );
            }
            if most < least {
                return failures::argument(
                    "The value specified for the maximum pool size cannot be less than the minimum pool size.",
                    "maxRunspaces",
                );
            }
            Value::native(RunspacePool {
                initial: initial.unwrap_or_default(),
                least: Cell::new(least),
                most: Cell::new(most),
                state: Cell::new(BEFORE_OPEN),
                instance: new_guid(),
            })
        }
        "create" | "createdefault" | "createdefault2" | "createrestricted"
            if type_name.ends_with("InitialSessionState") =>
        {
            initial_state()
        }
        _ => return Ok(None),
    }))
}

/// `[runspace]::DefaultRunspace`, `[runspace]::CanUseDefaultRunspace`
pub fn read_static(vm: &mut Vm, name: &str) -> Option<Value> {
    match name {
        "defaultrunspace" => Some(default(vm)),
        "canusedefaultrunspace" => Some(Value::Bool(true)),
        _ => None,
    }
}

fn state_info(type_name: &str, states: &str, state: i64) -> Value {
    let shown = [
        "BeforeOpen",
        "Opening",
        "Opened",
        "Closed",
        "Closing",
        "Broken",
    ];
    let text = usize::try_from(state).ok().and_then(|at| shown.get(at));
    PlainObject::new(
        type_name,
        vec![
            ("State", Value::enum_of(states, state)),
            ("Reason", Value::Null),
        ],
    )
    .with_text(*text.unwrap_or(&""))
    .value()
}

impl Runspace {
    /// Whether commands can run in it.
    pub fn is_open(&self) -> bool {
        self.state.get() == OPENED
    }

    fn close(&self, vm: &mut Vm, this: &Value, is_disposed: bool) {
        self.state.set(CLOSED);
        if is_disposed {
            runspaces(vm)
                .list
                .borrow_mut()
                .retain(|other| !other.same_object(this.base()));
        }
    }
}

impl Native for Runspace {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Runspaces.LocalRunspace")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "ThreadOptions",
            "JobManager",
            "Version",
            "RunspaceStateInfo",
            "RunspaceAvailability",
            "ConnectionInfo",
            "OriginalConnectionInfo",
            "Events",
            "SessionStateProxy",
            "Debugger",
            "InitialSessionState",
            "ApartmentState",
            "RunspaceIsRemote",
            "DisconnectedOn",
            "ExpiresOn",
            "InstanceId",
            "Id",
            "Name",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "id" => Value::Int(self.id),
            "name" => Value::str(self.name.borrow().as_str()),
            "instanceid" => self.instance.clone(),
            "runspacestateinfo" => state_info(
                &format!("{SPACES}.RunspaceStateInfo"),
                STATE,
                self.state.get(),
            ),
            "runspaceavailability" => Value::enum_of(
                &format!("{SPACES}.RunspaceAvailability"),
                match (self.state.get(), self.home.is_default) {
                    (OPENED, true) => 3,
                    (OPENED, false) => 1,
                    _ => 0,
                },
            ),
            "runspaceisremote" => Value::Bool(false),
            "initialsessionstate" => self.home.initial.clone(),
            "sessionstateproxy" => Value::native(SessionStateProxy(self.home.clone())),
            "version" => crate::runtime::types::version::construct(&[Value::str("7.6.5.0")])?
                .unwrap_or_default(),
            "apartmentstate" => Value::enum_of("System.Threading.ApartmentState", 2),
            "threadoptions" => Value::enum_of(&format!("{SPACES}.PSThreadOptions"), 0),
            "events" if self.home.is_default => {
                let manager = crate::runtime::types::automation::engine::execution_context(None);
                vm.get_member(&manager, "Events")?.unwrap_or_default()
            }
            "connectioninfo"
            | "originalconnectioninfo"
            | "disconnectedon"
            | "expireson"
            | "jobmanager"
            | "debugger"
            | "events" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "name" => *self.name.borrow_mut() = vm.to_text(&value)?,
            "apartmentstate" | "threadoptions" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        match name {
            "open" | "openasync" => {
                if self.state.get() != BEFORE_OPEN {
                    let state = ["BeforeOpen", "Opening", "Opened", "Closed"];
                    let at = usize::try_from(self.state.get()).unwrap_or(0);
                    return failures::fail(
                        "System.Management.Automation.Runspaces.InvalidRunspaceStateException",
                        format!(
                            "The runspace state is not valid for this operation. Runspace state is {}. Expected state of runspace is BeforeOpen.",
                            state.get(at).unwrap_or(&"")
                        ),
                    );
                }
                self.state.set(OPENED);
            }
            "close" | "closeasync" => self.close(vm, this, false),
            "dispose" => self.close(vm, this, true),
            "resetrunspacestate" => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

/// The variables and commands of a runspace, from outside.
struct SessionStateProxy(Rc<Home>);

impl Native for SessionStateProxy {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Runspaces.SessionStateProxy")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Applications",
            "Scripts",
            "LanguageMode",
            "PSVariable",
            "Path",
            "Provider",
            "Drive",
            "InvokeCommand",
            "InvokeProvider",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        match name.to_ascii_lowercase().as_str() {
            "psvariable" => Ok(Some(Value::native(SessionStateProxy(self.0.clone())))),
            "languagemode" => Ok(Some(Value::enum_of(
                "System.Management.Automation.PSLanguageMode",
                0,
            ))),
            "applications" | "scripts" => Ok(Some(list::list_of(
                &crate::runtime::types::known::string(),
                vec![Value::str("*")],
            ))),
            "path" | "provider" | "drive" | "invokecommand" | "invokeprovider" => {
                self.0.enter(vm, |vm| {
                    let context =
                        crate::runtime::types::automation::engine::execution_context(None);
                    let state = vm.get_member(&context, "SessionState")?.unwrap_or_default();
                    vm.get_member(&state, name)
                })
            }
            _ => Ok(None),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("setvariable" | "set", [variable, value]) => {
                let variable = vm.to_text(variable)?;
                self.0
                    .enter(vm, |vm| vm.set_variable(&variable, value.clone()))?;
                Ok(Some(Value::Nothing))
            }
            ("getvariable" | "getvalue", [variable, ..]) => {
                let variable = vm.to_text(variable)?;
                let found = self.0.enter(vm, |vm| Ok(vm.variable(&variable)))?;
                Ok(Some(found.unwrap_or_default()))
            }
            ("get", [variable]) => self
                .0
                .enter(vm, |vm| {
                    vm.call_command("Get-Variable", &[("Name", variable.clone())], &[])
                })
                .map(|found| Some(Vm::captured(found))),
            ("remove", [variable]) => {
                let named = [("Name", variable.clone())];
                self.0
                    .enter(vm, |vm| vm.call_command("Remove-Variable", &named, &[]))?;
                Ok(Some(Value::Nothing))
            }
            _ => Ok(None),
        }
    }
}

/// A pool of runspaces.
pub struct RunspacePool {
    initial: Value,
    least: Cell<i32>,
    most: Cell<i32>,
    state: Cell<i64>,
    instance: Value,
}

impl RunspacePool {
    /// A runspace of it.
    pub fn home(&self) -> Rc<Home> {
        Home::new(self.initial.clone())
    }

    /// Whether commands can run in it.
    pub fn is_open(&self) -> bool {
        self.state.get() == OPENED
    }
}

impl Native for RunspacePool {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Runspaces.RunspacePool")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "InstanceId",
            "IsDisposed",
            "RunspacePoolStateInfo",
            "InitialSessionState",
            "ConnectionInfo",
            "CleanupInterval",
            "RunspacePoolAvailability",
            "ThreadOptions",
            "ApartmentState",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "instanceid" => self.instance.clone(),
            "isdisposed" => Value::Bool(self.state.get() > CLOSED),
            "runspacepoolstateinfo" => state_info(
                "System.Management.Automation.RunspacePoolStateInfo",
                POOL_STATE,
                self.state.get().min(CLOSED),
            ),
            "initialsessionstate" => self.initial.clone(),
            "connectioninfo" => Value::Null,
            "cleanupinterval" => Value::TimeSpan(crate::runtime::text::timespan::TimeSpan(
                15 * 60 * 10_000_000,
            )),
            "runspacepoolavailability" => Value::enum_of(
                &format!("{SPACES}.RunspacePoolAvailability"),
                i64::from(self.is_open()),
            ),
            "threadoptions" => Value::enum_of(&format!("{SPACES}.PSThreadOptions"), 0),
            "apartmentstate" => Value::enum_of("System.Threading.ApartmentState", 2),
            _ => return Ok(None),
        }))
    }

    fn set(&self, _vm: &mut Vm, name: &str, _value: Value) -> R<Option<bool>> {
        let own = ["threadoptions", "apartmentstate", "cleanupinterval"];
        Ok(own
            .contains(&name.to_ascii_lowercase().as_str())
            .then_some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let size = |vm: &mut Vm| match arguments.first() {
            Some(size) => vm.to_int(size),
            None => Ok(0),
        };
        Ok(Some(match name {
            "open" | "beginopen" => {
                self.state.set(OPENED);
                Value::Nothing
            }
            "close" | "beginclose" => {
                self.state.set(CLOSED);
                Value::Nothing
            }
            "dispose" => {
                self.state.set(CLOSED + 1);
                Value::Nothing
            }
            "endopen" | "endclose" => Value::Nothing,
            "getmaxrunspaces" => Value::Int(self.most.get()),
            "getminrunspaces" => Value::Int(self.least.get()),
            "getavailablerunspaces" => Value::Int(self.most.get()),
            "setmaxrunspaces" => {
                let size = size(vm)?;
                let fits = size >= self.least.get();
                if fits {
                    self.most.set(size);
                }
                Value::Bool(fits)
            }
            "setminrunspaces" => {
                let size = size(vm)?;
                let fits = (1..=self.most.get()).contains(&size);
                if fits {
                    self.least.set(size);
                }
                Value::Bool(fits)
            }
            _ => return Ok(None),
        }))
    }
}

/// What runspaces begin with.
pub struct InitialSessionState {
    fields: PlainObject,
    /// Names of modules to import.
    modules: RefCell<Vec<Value>>,
}

fn initial_state() -> Value {
    let entries = |of: &str| {
        let definition = type_named(&format!("{SPACES}.InitialSessionStateEntryCollection`1"));
        let item = type_named(&format!("{SPACES}.{of}"));
        list::of(&generic(&definition, vec![item]), Vec::new())
    };
    let fields = vec![
        (
            "LanguageMode",
            Value::enum_of("System.Management.Automation.PSLanguageMode", 0),
        ),
        ("TranscriptDirectory", Value::Null),
        (
            "ExecutionPolicy",
            Value::enum_of("Microsoft.PowerShell.ExecutionPolicy", 0),
        ),
        ("UseFullLanguageModeInDebugger", Value::Bool(false)),
        (
            "ApartmentState",
            Value::enum_of("System.Threading.ApartmentState", 2),
        ),
        (
            "ThreadOptions",
            Value::enum_of(&format!("{SPACES}.PSThreadOptions"), 0),
        ),
        (
            "StartupScripts",
            list::list_of(&crate::runtime::types::known::string(), Vec::new()),
        ),
        ("Modules", Value::Null),
        ("DisableFormatUpdates", Value::Bool(false)),
        ("AuthorizationManager", Value::Null),
        ("EnvironmentVariables", entries("SessionStateVariableEntry")),
        ("Types", entries("SessionStateTypeEntry")),
        ("Formats", entries("SessionStateFormatEntry")),
        ("Assemblies", entries("SessionStateAssemblyEntry")),
        ("Providers", entries("SessionStateProviderEntry")),
        ("Commands", entries("SessionStateCommandEntry")),
        ("Variables", entries("SessionStateVariableEntry")),
    ];
    Value::native(InitialSessionState {
        fields: PlainObject::new(&format!("{SPACES}.InitialSessionState"), fields).writable(),
        modules: RefCell::default(),
    })
}

impl Native for InitialSessionState {
    fn type_ref(&self) -> TypeRef {
        self.fields.type_ref()
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.fields)
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("Modules") {
            return Ok(Some(Value::array(self.modules.borrow().clone())));
        }
        self.fields.get(vm, name)
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("importpsmodule", [names]) => {
                let names = vm.enumerate(names)?.unwrap_or_else(|| vec![names.clone()]);
                self.modules.borrow_mut().extend(names);
                Value::Nothing
            }
            ("clone", []) => this.clone(),
            _ => return Ok(None),
        }))
    }
}

/// An entry of an InitialSessionState: a variable, a function, an alias; `None` for other types.
pub fn entry(type_name: &str, arguments: &[Value]) -> Option<Value> {
    let kind = type_name.strip_prefix("System.Management.Automation.Runspaces.SessionState")?;
    let at = |index: usize| arguments.get(index).cloned().unwrap_or_default();
    let name = arguments.first()?.clone();
    let none = || {
        let given = arguments
            .iter()
            .find(|a| matches!(a.base(), Value::Enum(_)));
        let plain = || Value::enum_of("System.Management.Automation.ScopedItemOptions", 0);
        given.cloned().unwrap_or_else(plain)
    };
    let public = Value::enum_of(
        "System.Management.Automation.SessionStateEntryVisibility",
        0,
    );
    let mut fields = match kind {
        "VariableEntry" => vec![
            ("Value", at(1)),
            ("Description", at(2)),
            ("Options", none()),
            ("Attributes", Value::array(Vec::new())),
        ],
        "FunctionEntry" | "FilterEntry" => vec![
            ("Definition", at(1)),
            ("Options", none()),
            ("HelpFile", Value::Null),
            (
                "CommandType",
                Value::enum_of("System.Management.Automation.CommandTypes", 2),
            ),
        ],
        "AliasEntry" => vec![
            ("Definition", at(1)),
            ("Description", at(2)),
            ("Options", none()),
            (
                "CommandType",
                Value::enum_of("System.Management.Automation.CommandTypes", 1),
            ),
        ],
        "CmdletEntry" => vec![("ImplementingType", at(1)), ("HelpFileName", at(2))],
        _ => return None,
    };
    fields.extend([
        ("Visibility", public),
        ("Name", name),
        ("PSSnapIn", Value::Null),
        ("Module", Value::Null),
    ]);
    find_full(type_name)?;
    Some(PlainObject::new(type_name, fields).writable().value())
}
