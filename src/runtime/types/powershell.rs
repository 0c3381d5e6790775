//! `System.Management.Automation.PowerShell`: commands put together step by
//! step and run in a session state of their own.

use super::{TypeRef, failures, known, list, plain_object::PlainObject, type_named};
use crate::runtime::collection::Dictionary;
use crate::runtime::error::{R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::isolation::fresh_scope;
use crate::runtime::native::Native;
use crate::runtime::scope::Scope;
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const TYPE: &str = "System.Management.Automation.PowerShell";
const STREAMS: [&str; 5] = ["Error", "Warning", "Verbose", "Debug", "Information"];

/// A command of a pipeline that is being put together.
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

/// What one stream wrote.
struct Kept(RefCell<Vec<Value>>);

impl Sink for Kept {
    fn write(&self, _vm: &mut Vm, value: Value) -> R<()> {
        self.0.borrow_mut().push(value);
        Ok(())
    }
}

/// A pipeline with its session state.
pub struct PowerShell {
    steps: Rc<RefCell<Vec<Step>>>,
    streams: [Rc<Kept>; 5],
    scope: Rc<Scope>,
    is_new: Cell<bool>,
    starts_statement: Cell<bool>,
    state: Cell<i64>,
    had_errors: Cell<bool>,
    /// What `BeginInvoke` gave, until `EndInvoke` asks for it.
    output: RefCell<Option<Value>>,
}

/// `[powershell]::Create()`
pub fn create() -> Value {
    Value::native(PowerShell {
        steps: Rc::default(),
        streams: std::array::from_fn(|_| Rc::new(Kept(RefCell::default()))),
        scope: fresh_scope(),
        is_new: Cell::new(true),
        starts_statement: Cell::new(true),
        state: Cell::new(0),
        had_errors: Cell::new(false),
        output: RefCell::default(),
    })
}

fn collection(items: Vec<Value>) -> Value {
    list::of(&known::array_list(), items)
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
        let saved = std::mem::replace(&mut vm.streams, Rc::new(streams));
        let is_new = self.is_new.replace(false);
        let result = vm.in_session(self.scope.clone(), is_new, |vm| {
            vm.call_block_with(
                &block,
                BlockCall {
                    dot_sourced: true,
                    variables,
                    ..BlockCall::default()
                },
            )
        });
        vm.streams = saved;
        let failed = result.is_err() || !self.streams[0].0.borrow().is_empty();
        self.had_errors.set(failed);
        self.state.set(if result.is_err() { 5 } else { 4 });
        match result {
            Ok(items) => Ok(collection(items)),
            Err(unwind) => match &*unwind {
                Unwind::Error(thrown) => {
                    let record = Value::Error(thrown.record.clone());
                    self.streams[0].0.borrow_mut().push(record);
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

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "commands" => Value::native(Commands(self.steps.clone())),
            "streams" => {
                let all = STREAMS.iter().zip(&self.streams);
                let fields = all.map(|(name, kept)| (*name, collection(kept.0.borrow().clone())));
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
                    ("Reason", Value::Null),
                ],
            )
            .value(),
            "haderrors" => Value::Bool(self.had_errors.get()),
            "isnested" => Value::Bool(false),
            "isrunspaceowner" => Value::Bool(true),
            "runspace" | "runspacepool" | "historystring" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, _vm: &mut Vm, name: &str, _value: Value) -> R<Option<bool>> {
        let own = ["runspace", "runspacepool", "historystring"];
        Ok(own
            .contains(&name.to_ascii_lowercase().as_str())
            .then_some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
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
            ("invoke", arguments) => return self.invoke(vm, arguments.first().cloned()).map(Some),
            ("begininvoke", _) => {
                let output = self.invoke(vm, None);
                *self.output.borrow_mut() = output.ok();
                return Ok(Some(
                    PlainObject::new(
                        "System.Management.Automation.PowerShellAsyncResult",
                        vec![
                            ("CompletedSynchronously", Value::Bool(false)),
                            ("IsCompleted", Value::Bool(true)),
                        ],
                    )
                    .value(),
                ));
            }
            ("endinvoke", [_]) => {
                let output = self.output.borrow_mut().take();
                return Ok(Some(output.unwrap_or_else(|| collection(Vec::new()))));
            }
            ("stop" | "dispose", _) => return Ok(Some(Value::Nothing)),
            _ => return Ok(None),
        }
        Ok(Some(this.clone()))
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

    fn call(
        &self,
        _vm: &mut Vm,
        _this: &Value,
        name: &str,
        _arguments: &[Value],
    ) -> R<Option<Value>> {
        if name != "clear" {
            return Ok(None);
        }
        self.0.borrow_mut().clear();
        Ok(Some(Value::Nothing))
    }
}
