//! `System.Threading.Tasks.Task`: work that is done when it is asked for. Whatever a method that ends
//! in `Async` does, it has done when its task is there.

use crate::runtime::error::{Exception, Fault, R, Unwind};
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, failures, find_full, generic, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What came of a task: a result, or the exception that ended it.
type Outcome = Result<Value, Value>;

/// A task that is over.
pub struct Task {
    outcome: Rc<Outcome>,
    has_result: bool,
    id: i32,
}

/// What `await` would ask.
struct Awaiter {
    outcome: Rc<Outcome>,
    has_result: bool,
}

thread_local! {
    static LAST: std::cell::Cell<i32> = const { std::cell::Cell::new(0) };
}

fn of(outcome: Outcome, has_result: bool) -> Value {
    let id = LAST.with(|last| {
        last.set(last.get().wrapping_add(1));
        last.get()
    });
    Value::native(Task {
        outcome: Rc::new(outcome),
        has_result,
        id,
    })
}

/// A task with what some work came to.
pub fn done(result: R<Value>) -> R<Value> {
    match result {
        Ok(value) => {
            let has_result = !matches!(value, Value::Nothing);
            Ok(of(Ok(value), has_result))
        }
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) => Ok(of(Err(inmost(&thrown.record.exception)), true)),
            other => Err(Box::new(other)),
        },
    }
}

/// The exception of .NET inside that of the call.
fn inmost(exception: &Value) -> Value {
    let is_call = &*crate::runtime::error::exception_type(exception).full_name
        == "System.Management.Automation.MethodInvocationException";
    match crate::runtime::error::inner_exception(exception) {
        Some(inner) if is_call => inner,
        _ => exception.clone(),
    }
}

fn message(exception: &Value) -> Rc<str> {
    crate::runtime::error::exception_message(exception)
}

fn fault_of(exception: &Value) -> Fault {
    let type_ref = crate::runtime::error::exception_type(exception);
    Fault::dotnet(&type_ref.full_name, message(exception))
}

/// The exception that `Wait` and `Result` throw around the task's own.
fn aggregate<T>(exception: &Value) -> R<T> {
    let text = message(exception);
    let type_ref = crate::runtime::error::exception_type(exception);
    let fault = Fault::dotnet(
        "System.AggregateException",
        format!("One or more errors occurred. ({text})"),
    );
    Err(fault.inner(Exception::of(&type_ref.full_name, text)).into())
}

impl Native for Task {
    fn type_ref(&self) -> TypeRef {
        let result = match (&*self.outcome, self.has_result) {
            (_, false) => return type_named("System.Threading.Tasks.Task"),
            (Ok(Value::Str(_)), _) => known::string(),
            (Ok(Value::Int(_)), _) => known::int(),
            (Ok(Value::Bool(_)), _) => known::boolean(),
            _ => known::object(),
        };
        match find_full("System.Threading.Tasks.Task`1") {
            Some(definition) => generic(&definition, vec![result]),
            None => type_named("System.Threading.Tasks.Task"),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut all = vec![
            "Id",
            "Exception",
            "Status",
            "IsCanceled",
            "IsCompleted",
            "IsCompletedSuccessfully",
            "CreationOptions",
            "AsyncState",
            "IsFaulted",
        ];
        if self.has_result {
            all.insert(0, "Result");
        }
        all
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let failed = self.outcome.as_ref().as_ref().err();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "result" if self.has_result => match &*self.outcome {
                Ok(value) => value.clone(),
                Err(exception) => return aggregate(exception),
            },
            "id" => Value::Int(self.id),
            "exception" => match failed {
                Some(exception) => {
                    let text = message(exception);
                    Exception::of(
                        "System.AggregateException",
                        format!("One or more errors occurred. ({text})"),
                    )
                    .with_inner(exception.clone())
                    .value()
                }
                None => Value::Null,
            },
            "status" => {
                let bits = if failed.is_some() { 7 } else { 5 };
                Value::enum_of("System.Threading.Tasks.TaskStatus", bits)
            }
            "iscompleted" => Value::Bool(true),
            "iscanceled" => Value::Bool(false),
            "iscompletedsuccessfully" => Value::Bool(failed.is_none()),
            "isfaulted" => Value::Bool(failed.is_some()),
            "creationoptions" => Value::enum_of("System.Threading.Tasks.TaskCreationOptions", 0),
            "asyncstate" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("wait", limits) => match &*self.outcome {
                Ok(_) if limits.is_empty() => Value::Nothing,
                Ok(_) => Value::Bool(true),
                Err(exception) => return aggregate(exception),
            },
            ("getawaiter" | "configureawait", _) => Value::native(Awaiter {
                outcome: self.outcome.clone(),
                has_result: self.has_result,
            }),
            ("continuewith", [next, ..]) => {
                let result = vm.invoke_method(next, "Invoke", vec![this.clone()]);
                done(result)?
            }
            ("start" | "runsynchronously" | "dispose", _) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}

impl Native for Awaiter {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Runtime.CompilerServices.TaskAwaiter")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["IsCompleted"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("IsCompleted")
            .then_some(Value::Bool(true)))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "getresult" => match &*self.outcome {
                Ok(value) if self.has_result => Some(value.clone()),
                Ok(_) => Some(Value::Nothing),
                Err(exception) => return Err(fault_of(exception).into()),
            },
            "getawaiter" => Some(Value::native(Awaiter {
                outcome: self.outcome.clone(),
                has_result: self.has_result,
            })),
            _ => None,
        })
    }
}

/// The static methods of Task; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("run", [work, ..]) => {
            let result = vm.invoke_method(work, "Invoke", Vec::new());
            done(result)?
        }
        ("fromresult", [value]) => of(Ok(value.clone()), true),
        ("fromexception", [exception]) => of(Err(exception.clone()), false),
        ("delay", [time, ..]) => {
            let time = match time.base() {
                Value::TimeSpan(span) => span.0 / 10_000,
                other => vm.to_long(other)?,
            };
            let time = u64::try_from(time).unwrap_or(0);
            vm.pause(std::time::Duration::from_millis(time))?;
            of(Ok(Value::Nothing), false)
        }
        ("whenall" | "whenany" | "waitall" | "waitany", [tasks, ..]) => {
            let tasks = vm.enumerate(tasks)?.unwrap_or_else(|| vec![tasks.clone()]);
            return together(name, &tasks);
        }
        _ => return Ok(None),
    }))
}

/// What is asked of many tasks at once.
fn together(name: &str, tasks: &[Value]) -> R<Option<Value>> {
    let own: Vec<&Task> = tasks.iter().filter_map(|t| t.as_native::<Task>()).collect();
    if own.len() != tasks.len() {
        return failures::argument("The tasks argument included a null value.", "tasks");
    }
    let failed = own
        .iter()
        .find_map(|task| task.outcome.as_ref().as_ref().err());
    Ok(Some(match (name, failed) {
        ("waitall" | "whenall", Some(exception)) if name == "waitall" => {
            return aggregate(exception);
        }
        ("waitall", _) => Value::Nothing,
        ("waitany", _) => Value::Int(if tasks.is_empty() { -1 } else { 0 }),
        ("whenall", Some(exception)) => of(Err(exception.clone()), false),
        ("whenall", None) => {
            let results: Vec<Value> = own
                .iter()
                .filter(|task| task.has_result)
                .filter_map(|task| task.outcome.as_ref().as_ref().ok().cloned())
                .collect();
            match results.is_empty() {
                true => of(Ok(Value::Nothing), false),
                false => of(Ok(array::of(&known::object(), results)), true),
            }
        }
        _ => of(Ok(tasks.first().cloned().unwrap_or_default()), true),
    }))
}

/// `[Task]::CompletedTask`
pub fn read_static(name: &str) -> Option<Value> {
    (name == "completedtask").then(|| of(Ok(Value::Nothing), false))
}
