//! `System.Management.Automation.PowerShell`: commands put together step by
//! step and run in a session state of their own.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::native::Native;
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::types::automation::runspace::{
    self, Home, InitialSessionState, Runspace, RunspacePool,
};
use crate::runtime::types::{
    TypeRef, collections::list, failures, generic, known, plain_object::PlainObject, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const TYPE: &str = "System.Management.Automation.PowerShell";
/// The streams in the order in which they are kept, with the types of their records.
const STREAMS: [(&str, &str); 5] = [
    ("Error", "System.Management.Automation.ErrorRecord"),
    ("Warning", "System.Management.Automation.WarningRecord"),
    ("Verbose", "System.Management.Automation.VerboseRecord"),
    ("Debug", "System.Management.Automation.DebugRecord"),
    (
        "Information",
        "System.Management.Automation.InformationRecord",
    ),
];

/// A command of a pipeline that is being put together.
#[derive(Clone)]
struct Step {
    text: String,
    is_script: bool,
    named: Vec<(String, Value)>,
    positional: Vec<Value>,
    /// Begins a statement of its own.
    begins: bool,
}

/// Variables of a program, by name.
type Variables = Vec<(Rc<str>, Value)>;

/// What one stream wrote, as the collection that scripts see.
struct Kept(Value);

impl Kept {
    fn new(record: &str) -> Rc<Kept> {
        Rc::new(Kept(data_collection(&type_named(record), Vec::new())))
    }

    fn push(&self, value: Value) {
        if let Value::List(list) = &self.0 {
            list.items.borrow_mut().push(value);
        }
    }

    fn is_empty(&self) -> bool {
        matches!(&self.0, Value::List(list) if list.items.borrow().is_empty())
    }
}

impl Sink for Kept {
    fn write(&self, _vm: &mut Vm, value: Value) -> R<()> {
        self.push(value);
        Ok(())
    }
}

fn data_collection(item: &TypeRef, items: Vec<Value>) -> Value {
    let definition = type_named("System.Management.Automation.PSDataCollection`1");
    list::of(&generic(&definition, vec![item.clone()]), items)
}

/// A pipeline with its session state.
pub struct PowerShell {
    steps: Rc<RefCell<Vec<Step>>>,
    streams: [Rc<Kept>; 5],
    home: RefCell<Rc<Home>>,
    /// The runspace or the pool it was given, or its own once somebody asked for it.
    runspace: RefCell<Value>,
    instance: Value,
    is_owner: Cell<bool>,
    /// Runs in the session that made it, as a part of what runs there.
    nested: bool,
    reason: RefCell<Value>,
    starts_statement: Cell<bool>,
    state: Cell<i64>,
    had_errors: Cell<bool>,
    /// What `BeginInvoke` gave, until `EndInvoke` asks for it.
    output: RefCell<Option<R<Value>>>,
}

/// `[powershell]::Create(…)`
pub fn create(arguments: &[Value]) -> Value {
    let given = arguments.first().cloned().unwrap_or_default();
    let initial = match given.as_native::<InitialSessionState>() {
        Some(_) => given.clone(),
        None => Value::Null,
    };
    let (home, runspace) = match given.as_native::<Runspace>() {
        Some(own) => (own.home.clone(), given.clone()),
        None => (Home::new(initial), Value::Null),
    };
    Value::native(PowerShell {
        steps: Rc::default(),
        streams: STREAMS.map(|(_, record)| Kept::new(record)),
        home: RefCell::new(home),
        instance: runspace::new_guid(),
        is_owner: Cell::new(runspace.is_null()),
        runspace: RefCell::new(runspace),
        nested: matches!(given.base(), Value::Enum(mode) if mode.bits == 0),
        reason: RefCell::default(),
        starts_statement: Cell::new(true),
        state: Cell::new(0),
        had_errors: Cell::new(false),
        output: RefCell::default(),
    })
}

fn collection(items: Vec<Value>) -> Value {
    let definition = type_named("System.Collections.ObjectModel.Collection`1");
    list::of(&generic(&definition, vec![known::psobject()]), items)
}

impl PowerShell {
    fn add(&self, text: String, is_script: bool) {
        self.steps.borrow_mut().push(Step {
            text,
            is_script,
            named: Vec::new(),
            positional: Vec::new(),
            begins: self.starts_statement.replace(false),
        });
    }

    fn change(&self, with: impl FnOnce(&mut Step)) -> R<()> {
        match self.steps.borrow_mut().last_mut() {
            Some(step) => {
                with(step);
                Ok(())
            }
            None => failures::invalid_operation(
                "A command is required to add a parameter. A command must be added to the PowerShell instance before adding a parameter.",
            ),
        }
    }

    /// A script that runs the steps, whose parts stand in variables.
    fn program(&self, vm: &mut Vm, input: Option<Value>) -> R<(String, Variables)> {
        let mut text = String::new();
        let mut variables: Variables = Vec::new();
        for (at, step) in self.steps.borrow().iter().enumerate() {
            if at > 0 {
                text.push_str(if step.begins { "; " } else { " | " });
            } else if let Some(input) = &input {
                variables.push(("__psInput".into(), input.clone()));
                text.push_str("$__psInput | ");
            }
            let table = Dictionary::hashtable();
            for (name, value) in &step.named {
                table.set_str(name, value.clone());
            }
            variables.push((format!("__psNamed{at}").into(), Value::Dict(Rc::new(table))));
            let positional = Value::array(step.positional.clone());
            variables.push((format!("__psGiven{at}").into(), positional));
            let command = if step.is_script {
                let source = Rc::new(Source::new(&step.text, None));
                text.push_str(". ");
                Value::Block(Rc::new(vm.parse_source(&source)?))
            } else {
                text.push_str("& ");
                Value::str(step.text.as_str())
            };
            variables.push((format!("__psStep{at}").into(), command));
            text.push_str(&format!("$__psStep{at} @__psNamed{at} @__psGiven{at}"));
        }
        Ok((text, variables))
    }

    fn invoke(&self, vm: &mut Vm, input: Option<Value>) -> R<Value> {
        if self.steps.borrow().is_empty() {
            return failures::invalid_operation(
                "Cannot invoke the pipeline because no commands are specified. Add one or more commands to the pipeline and try the operation again.",
            );
        }
        let (text, variables) = self.program(vm, input)?;
        let source = Rc::new(Source::new(&text, None));
        let block = Rc::new(vm.parse_source(&source)?);
        let [error, warning, verbose, debug, information] = self.streams.clone();
        let streams = Streams {
            error,
            warning,
            verbose,
            debug,
            information,
            error_variables: Vec::new(),
            warning_variables: Vec::new(),
            information_variables: Vec::new(),
            error_redirected: true,
        };
        let is_open = match &*self.runspace.borrow() {
            runspace
                if runspace
                    .as_native::<Runspace>()
                    .is_some_and(|r| !r.is_open()) =>
            {
                false
            }
            pool if pool
                .as_native::<RunspacePool>()
                .is_some_and(|p| !p.is_open()) =>
            {
                false
            }
            _ => true,
        };
        if !is_open {
            return failures::fail(
                "System.Management.Automation.Runspaces.InvalidRunspaceStateException",
                "Cannot perform operation because the runspace is not in the Opened state. Current state of runspace is 'BeforeOpen'.",
            );
        }
        let saved = std::mem::replace(&mut vm.streams, Rc::new(streams));
        let run = |vm: &mut Vm| {
            vm.call_block_with(
                &block,
                BlockCall {
                    dot_sourced: true,
                    variables,
                    ..BlockCall::default()
                },
            )
        };
        let home = self.home.borrow().clone();
        let result = match self.nested {
            true => run(vm),
            false => home.enter(vm, run),
        };
        vm.streams = saved;
        let failed = result.is_err() || !self.streams[0].is_empty();
        self.had_errors.set(failed);
        self.state.set(if result.is_err() { 5 } else { 4 });
        match result {
            Ok(items) => Ok(collection(items)),
            Err(unwind) => match &*unwind {
                Unwind::Error(thrown) => {
                    let record = Value::Error(thrown.record.clone());
                    *self.reason.borrow_mut() = thrown.record.exception.clone();
                    self.streams[0].push(record);
                    Err(unwind)
                }
                Unwind::Exit(_) | Unwind::Return => Ok(collection(Vec::new())),
                _ => Err(unwind),
            },
        }
    }
}

impl Native for PowerShell {
    fn type_ref(&self) -> TypeRef {
        type_named(TYPE)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Commands",
            "Streams",
            "InstanceId",
            "InvocationStateInfo",
            "IsNested",
            "HadErrors",
            "Runspace",
            "RunspacePool",
            "IsRunspaceOwner",
            "HistoryString",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "commands" => Value::native(Commands(self.steps.clone())),
            "streams" => {
                let all = STREAMS.iter().zip(&self.streams);
                let fields = all.map(|((name, _), kept)| (*name, kept.0.clone()));
                PlainObject::new(
                    "System.Management.Automation.PSDataStreams",
                    fields.collect(),
                )
                .value()
            }
            "invocationstateinfo" => PlainObject::new(
                "System.Management.Automation.PSInvocationStateInfo",
                vec![
                    (
                        "State",
                        Value::enum_of(
                            "System.Management.Automation.PSInvocationState",
                            self.state.get(),
                        ),
                    ),
                    ("Reason", self.reason.borrow().clone()),
                ],
            )
            .value(),
            "haderrors" => Value::Bool(self.had_errors.get()),
            "isnested" => Value::Bool(self.nested),
            "isrunspaceowner" => Value::Bool(self.is_owner.get()),
            "runspace" => {
                let known = self.runspace.borrow().clone();
                match known {
                    Value::Null if self.nested => runspace::default(vm),
                    Value::Null => {
                        let own = runspace::own_of(vm, self.home.borrow().clone());
                        *self.runspace.borrow_mut() = own.clone();
                        own
                    }
                    pool if pool.as_native::<RunspacePool>().is_some() => Value::Null,
                    own => own,
                }
            }
            "runspacepool" => match self.runspace.borrow().clone() {
                pool if pool.as_native::<RunspacePool>().is_some() => pool,
                _ => Value::Null,
            },
            "instanceid" => self.instance.clone(),
            "historystring" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "runspace" | "runspacepool" => {
                if let Some(own) = value.as_native::<Runspace>() {
                    *self.home.borrow_mut() = own.home.clone();
                } else if let Some(pool) = value.as_native::<RunspacePool>() {
                    *self.home.borrow_mut() = pool.home();
                }
                self.is_owner.set(value.is_null());
                *self.runspace.borrow_mut() = value;
            }
            "commands" => {
                if let Some(commands) = value.as_native::<Commands>() {
                    let steps = commands.0.borrow().clone();
                    *self.steps.borrow_mut() = steps;
                }
            }
            "historystring" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("addcommand", [command, ..])
                if command
                    .as_native::<crate::runtime::types::automation::command_info::CommandValue>()
                    .is_some() =>
            {
                let name = vm.get_member(command, "Name")?.unwrap_or_default();
                let name = vm.to_text(&name)?;
                self.add(name, false);
            }
            ("addscript" | "addcommand", [text, ..]) => {
                let text = vm.to_text(text)?;
                self.add(text, name == "addscript");
            }
            ("addparameter", [parameter, rest @ ..]) => {
                let parameter = vm.to_text(parameter)?;
                let value = rest.first().cloned().unwrap_or(Value::Bool(true));
                self.change(|step| step.named.push((parameter, value)))?;
            }
            ("addparameters", [all]) => match all.base() {
                Value::Dict(table) => {
                    for (key, value) in table.pairs() {
                        let key = vm.to_text(&key)?;
                        self.change(|step| step.named.push((key, value)))?;
                    }
                }
                _ => {
                    let items = vm.enumerate(all)?.unwrap_or_default();
                    self.change(|step| step.positional.extend(items))?;
                }
            },
            ("addargument", [value]) => self.change(|step| step.positional.push(value.clone()))?,
            ("addstatement", []) => self.starts_statement.set(true),
            ("invoke", [input, output, ..]) => {
                let items = self.invoke(vm, Some(input.clone()).filter(|i| !i.is_null()))?;
                add_all(vm, output, &items)?;
                return Ok(Some(Value::Nothing));
            }
            ("invoke", arguments) => return self.invoke(vm, arguments.first().cloned()).map(Some),
            ("begininvoke" | "invokeasync", arguments) => {
                let input = arguments.first().filter(|input| !input.is_null()).cloned();
                let output = self.invoke(vm, input);
                if let (Some(target), Ok(items)) = (arguments.get(1), &output) {
                    add_all(vm, target, items)?;
                }
                *self.output.borrow_mut() = Some(output);
                let handle = PlainObject::new(
                    "System.Threading.ManualResetEvent",
                    vec![("SafeWaitHandle", Value::Null)],
                );
                return Ok(Some(
                    PlainObject::new(
                        "System.Management.Automation.PowerShellAsyncResult",
                        vec![
                            ("AsyncState", arguments.get(4).cloned().unwrap_or_default()),
                            ("AsyncWaitHandle", Value::native(Signalled(handle))),
                            ("CompletedSynchronously", Value::Bool(false)),
                            ("IsCompleted", Value::Bool(true)),
                        ],
                    )
                    .value(),
                ));
            }
            ("endinvoke", [_]) => {
                let output = self.output.borrow_mut().take();
                let items = match output {
                    Some(output) => vm.enumerate(&output?)?.unwrap_or_default(),
                    None => Vec::new(),
                };
                return Ok(Some(data_collection(&known::psobject(), items)));
            }
            ("clear", []) => {
                self.steps.borrow_mut().clear();
                self.starts_statement.set(true);
                return Ok(Some(Value::Nothing));
            }
            ("dispose", _) => {
                if self.is_owner.get() {
                    let own = self.runspace.borrow().clone();
                    if own.as_native::<Runspace>().is_some() {
                        vm.invoke_method(&own, "Dispose", Vec::new())?;
                    }
                }
                return Ok(Some(Value::Nothing));
            }
            ("beginstop" | "endstop" | "stop", _) => return Ok(Some(Value::Nothing)),
            _ => return Ok(None),
        }
        Ok(Some(this.clone()))
    }
}

/// Adds what came out to a collection that the caller brought.
fn add_all(vm: &mut Vm, target: &Value, items: &Value) -> R<()> {
    for item in vm.enumerate(items)?.unwrap_or_default() {
        vm.invoke_method(target, "Add", vec![item])?;
    }
    Ok(())
}

/// A wait handle of what is over already.
struct Signalled(PlainObject);

impl Native for Signalled {
    fn type_ref(&self) -> TypeRef {
        self.0.type_ref()
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.0)
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "waitone" | "set" | "reset" => Some(Value::Bool(true)),
            "close" | "dispose" => Some(Value::Nothing),
            _ => None,
        })
    }
}

/// The commands of a pipeline, which can be taken away again.
struct Commands(Rc<RefCell<Vec<Step>>>);

impl Native for Commands {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.PSCommand")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Commands"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if !name.eq_ignore_ascii_case("commands") {
            return Ok(None);
        }
        let steps = self.0.borrow();
        let shown = steps.iter().map(|step| {
            PlainObject::new(
                "System.Management.Automation.Runspaces.Command",
                vec![
                    ("CommandText", Value::str(step.text.as_str())),
                    ("IsScript", Value::Bool(step.is_script)),
                ],
            )
            .with_text(step.text.as_str())
            .value()
        });
        Ok(Some(collection(shown.collect())))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        if name != "clear" {
            return Ok(None);
        }
        self.0.borrow_mut().clear();
        Ok(Some(Value::Nothing))
    }
}
