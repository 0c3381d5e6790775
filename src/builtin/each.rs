//! ForEach-Object and Where-Object.

use super::job::{Job, Kind, jobs, run_written, state, using_table};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Fault, R, Unwind};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{BinaryOperator, Case};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ForEach-Object", || Box::<ForEachObject>::default()),
    ("Where-Object", || Box::<WhereObject>::default()),
];

#[derive(Default)]
struct ForEachObject {
    process: Vec<Rc<ScriptBlock>>,
    end: Option<Rc<ScriptBlock>>,
    direct: bool,
    /// Objects for `-AsJob`.
    tasks: Vec<Value>,
}

fn block(value: &Value) -> Option<Rc<ScriptBlock>> {
    match value.base() {
        Value::Block(block) => Some(block.clone()),
        _ => None,
    }
}

impl Cmdlet for ForEachObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut begin = call.get("Begin").as_ref().and_then(block);
        self.end = call.get("End").as_ref().and_then(block);
        let mut blocks: Vec<Option<Rc<ScriptBlock>>> =
            call.items("Process").iter().map(block).collect();
        blocks.extend(call.items("RemainingScripts").iter().map(block));
        // Blocks by position: begin, process, …, end.
        if begin.is_none() && blocks.len() > 1 {
            begin = blocks.remove(0);
        }
        if self.end.is_none() && !call.has("End") && blocks.len() > 1 {
            self.end = blocks.pop().flatten();
        }
        self.process = blocks.into_iter().flatten().collect();
        self.direct = call.has("Process") && !call.has("InputObject") && !call.has("Parallel");
        match begin {
            Some(begin) => vm.run_block(
                &begin,
                crate::runtime::invoke::BlockCall {
                    dot_sourced: true,
                    ..Default::default()
                },
            ),
            None => Ok(()),
        }
    }

    fn process_direct(&mut self, vm: &mut Vm, _call: &Call, input: &Value) -> Option<R<()>> {
        if !self.direct {
            return None;
        }
        for block in &self.process {
            if let Err(unwind) = vm.run_block_for(block, input) {
                return Some(Err(unwind));
            }
        }
        Some(Ok(()))
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let given = call.get("InputObject");
        if given.is_none() && !call.expecting_input {
            // Without input the blocks run once, without an item.
            for block in self.process.clone() {
                vm.run_block(
                    &block,
                    crate::runtime::invoke::BlockCall {
                        dot_sourced: true,
                        ..Default::default()
                    },
                )?;
            }
            if call.has("MemberName") {
                return vm.raise(missing_input());
            }
            return Ok(());
        }
        let input = given.unwrap_or_default();
        if let Some(parallel) = call.get("Parallel").as_ref().and_then(block) {
            if call.switch("AsJob") {
                self.tasks.push(input);
                return Ok(());
            }
            return match run_apart(vm, &parallel, &input) {
                Err(unwind) => task_failed(vm, *unwind),
                Ok(()) => Ok(()),
            };
        }
        if let Some(member) = call.text("MemberName") {
            return self.member(vm, call, &member, &input);
        }
        for block in self.process.clone() {
            vm.run_block_for(&block, &input)?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("AsJob")
            && let Some(parallel) = call.get("Parallel").as_ref().and_then(block)
        {
            let job = task_job(vm, &parallel, std::mem::take(&mut self.tasks))?;
            return vm.write(job);
        }
        match self.end.take() {
            Some(block) => vm.run_block(
                &block,
                crate::runtime::invoke::BlockCall {
                    dot_sourced: true,
                    ..Default::default()
                },
            ),
            None => Ok(()),
        }
    }
}

/// A block of `-Parallel` runs in a session state of its own: it sees the
/// session's variables only through `$using:`.
fn run_apart(vm: &mut Vm, block: &Rc<ScriptBlock>, input: &Value) -> R<()> {
    let using = using_table(vm, block)?;
    let block = Rc::new(block.bound_to(None));
    vm.in_new_session(|vm| {
        vm.run_block(
            &block,
            crate::runtime::invoke::BlockCall {
                item: Some(input.clone()),
                variables: vec![("<using>".into(), using)],
                ..Default::default()
            },
        )
    })
}

/// What ends the block for one object is an error about that object alone.
fn task_failed(vm: &mut Vm, unwind: Unwind) -> R<()> {
    match unwind {
        Unwind::Error(thrown) => {
            let exception = thrown.record.exception.clone();
            vm.write_error(Rc::new(ErrorRecord::new(
                exception,
                "PSTaskException",
                Category::InvalidOperation,
                Value::Null,
            )))
        }
        other => Err(Box::new(other)),
    }
}

/// The job of `-Parallel -AsJob`: a child for each object.
fn task_job(vm: &mut Vm, block: &Rc<ScriptBlock>, inputs: Vec<Value>) -> R<Value> {
    let all = jobs(vm);
    let id = all.next_id();
    let mut job = Job::new(vm, id, Kind::Task, block.text())?;
    job.begun = Value::datetime(vm.now().to_local());
    let mut ending = state::COMPLETED;
    for input in inputs {
        let id = all.next_id();
        let mut child = Job::new(vm, id, Kind::TaskChild, block.text())?;
        child.begun = Value::datetime(vm.now().to_local());
        let written = child.written.clone();
        let reason = run_written(vm, &written, |vm| run_apart(vm, block, &input))?;
        child.ended = Value::datetime(vm.now().to_local());
        child.state.set(match reason {
            Some(_) => state::FAILED,
            None => state::COMPLETED,
        });
        ending = ending.max(child.state.get());
        child.reason = std::cell::RefCell::new(reason);
        job.children.push(Value::native(child));
    }
    job.ended = Value::datetime(vm.now().to_local());
    job.state.set(ending);
    let job = Value::native(job);
    all.list.borrow_mut().push(job.clone());
    Ok(job)
}

fn missing_input() -> Fault {
    Fault::argument("InputObjectIsNull", "Input object is null.")
}

impl ForEachObject {
    fn may_invoke(&self, vm: &mut Vm, call: &Call, member: &str, input: &Value) -> R<bool> {
        let shown = vm.to_text(input)?;
        let target = format!("InputObject: {shown}");
        vm.should_process(call, &target, &format!("Invoke method '{member}'"))
    }

    /// Calls the method; what it throws is an error about this object alone.
    fn invoke(&self, vm: &mut Vm, input: &Value, member: &str, arguments: Vec<Value>) -> R<()> {
        match vm.invoke_method(input, member, arguments) {
            Ok(value) => vm.emit(value),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => vm.write_error(Rc::new(ErrorRecord::new(
                    thrown.record.exception.clone(),
                    "MethodInvocationError",
                    Category::InvalidOperation,
                    input.clone(),
                ))),
                other => Err(Box::new(other)),
            },
        }
    }

    fn member(&self, vm: &mut Vm, call: &Call, member: &str, input: &Value) -> R<()> {
        if input.is_null() {
            return match vm.strict_mode() >= 20 {
                true => vm.write_fault(missing_input()),
                false => vm.write(Value::Null),
            };
        }
        if call.has("ArgumentList") {
            let arguments = call.items("ArgumentList");
            if !self.may_invoke(vm, call, member, input)? {
                return Ok(());
            }
            if vm.get_member(input, member)?.is_none() && vm.method_object(input, member)?.is_none()
            {
                return vm.write_fault(
                    Fault::argument(
                        "MethodNotFound",
                        format!("Input name \"{member}\" cannot be resolved to a method."),
                    )
                    .target(input.clone()),
                );
            }
            return self.invoke(vm, input, member, arguments);
        }
        match vm.get_member(input, member)? {
            Some(value) if is_method(&value) => {
                if !self.may_invoke(vm, call, member, input)? {
                    return Ok(());
                }
                self.invoke(vm, input, member, Vec::new())
            }
            Some(value) => vm.emit(value),
            None if vm.method_object(input, member)?.is_some() => {
                if !self.may_invoke(vm, call, member, input)? {
                    return Ok(());
                }
                self.invoke(vm, input, member, Vec::new())
            }
            None if vm.strict_mode() >= 20 => vm.write_fault(
                Fault::of(
                    "System.Management.Automation.PSArgumentException",
                    "PropertyOrMethodNotFound",
                    Category::InvalidArgument,
                    format!("The property or method '{member}' cannot be found on this object."),
                )
                .target(input.clone()),
            ),
            None => vm.write(Value::Null),
        }
    }
}

fn is_method(value: &Value) -> bool {
    matches!(value.base(), Value::Native(n) if matches!(&*n.body().type_ref().full_name,
        "System.Management.Automation.PSMethod" | "System.Management.Automation.PSScriptMethod"))
}

#[derive(Default)]
struct WhereObject {
    filter: Option<Rc<ScriptBlock>>,
    property: Option<Rc<str>>,
    operator: Option<BinaryOperator>,
    negate: bool,
    value: Value,
}

const OPERATORS: &[(&str, BinaryOperator)] = &[
    ("EQ", BinaryOperator::Eq(Case::Default)),
    ("CEQ", BinaryOperator::Eq(Case::Sensitive)),
    ("NE", BinaryOperator::Ne(Case::Default)),
    ("CNE", BinaryOperator::Ne(Case::Sensitive)),
    ("GT", BinaryOperator::Gt(Case::Default)),
    ("CGT", BinaryOperator::Gt(Case::Sensitive)),
    ("LT", BinaryOperator::Lt(Case::Default)),
    ("CLT", BinaryOperator::Lt(Case::Sensitive)),
    ("GE", BinaryOperator::Ge(Case::Default)),
    ("CGE", BinaryOperator::Ge(Case::Sensitive)),
    ("LE", BinaryOperator::Le(Case::Default)),
    ("CLE", BinaryOperator::Le(Case::Sensitive)),
    ("Like", BinaryOperator::Like(Case::Default)),
    ("CLike", BinaryOperator::Like(Case::Sensitive)),
    ("NotLike", BinaryOperator::NotLike(Case::Default)),
    ("CNotLike", BinaryOperator::NotLike(Case::Sensitive)),
    ("Match", BinaryOperator::Match(Case::Default)),
    ("CMatch", BinaryOperator::Match(Case::Sensitive)),
    ("NotMatch", BinaryOperator::NotMatch(Case::Default)),
    ("CNotMatch", BinaryOperator::NotMatch(Case::Sensitive)),
    ("Contains", BinaryOperator::Contains(Case::Default)),
    ("CContains", BinaryOperator::Contains(Case::Sensitive)),
    ("NotContains", BinaryOperator::NotContains(Case::Default)),
    ("CNotContains", BinaryOperator::NotContains(Case::Sensitive)),
    ("In", BinaryOperator::In(Case::Default)),
    ("CIn", BinaryOperator::In(Case::Sensitive)),
    ("NotIn", BinaryOperator::NotIn(Case::Default)),
    ("CNotIn", BinaryOperator::NotIn(Case::Sensitive)),
    ("Is", BinaryOperator::Is),
    ("IsNot", BinaryOperator::IsNot),
];

/// The parser's name of an operator that a switch stands for: `Ieq`, `Ceq`, `Is`.
fn token_name(switch: &str) -> String {
    match switch {
        "Is" | "IsNot" => switch.to_string(),
        _ => match switch
            .strip_prefix('C')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        {
            Some(rest) => format!("C{}", rest.to_ascii_lowercase()),
            None => format!("I{}", switch.to_ascii_lowercase()),
        },
    }
}

impl Cmdlet for WhereObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.filter = call.get("FilterScript").as_ref().and_then(block);
        self.property = call.text("Property");
        self.negate = call.switch("Not");
        self.operator = OPERATORS
            .iter()
            .find(|(name, _)| call.switch(name))
            .map(|(_, op)| *op);
        self.value = call.get("Value").unwrap_or_default();
        if matches!(
            self.operator,
            Some(BinaryOperator::Is | BinaryOperator::IsNot)
        ) && let Some(text) = self.value.as_str()
        {
            self.value = Value::str(text.trim_start_matches('[').trim_end_matches(']'));
        }
        if self.property.is_some() && self.operator.is_none() && !self.negate && call.has("Value") {
            return vm.raise(Fault::of(
                "System.Management.Automation.PSInvalidOperationException",
                "OperatorNotSpecified",
                Category::InvalidArgument,
                "The specified operator requires both the -Property and -Value parameters. Provide values for both parameters, and then try the command again.",
            ));
        }
        Ok(())
    }

    fn process_direct(&mut self, vm: &mut Vm, call: &Call, input: &Value) -> Option<R<()>> {
        if call.has("InputObject") || matches!(input, Value::Nothing) {
            return None;
        }
        Some(self.test(vm, input))
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        match call.get("InputObject") {
            Some(input) => self.test(vm, &input),
            None => Ok(()),
        }
    }
}

impl WhereObject {
    fn test(&mut self, vm: &mut Vm, input: &Value) -> R<()> {
        let keep = match &self.filter {
            Some(filter) => {
                let filter = filter.clone();
                let answer = Vm::captured(vm.call_block_for(&filter, input)?);
                vm.to_bool(&answer)
            }
            None => self.compare(vm, input)?,
        };
        if keep {
            vm.write(input.clone())
        } else {
            Ok(())
        }
    }

    fn compare(&self, vm: &mut Vm, input: &Value) -> R<bool> {
        let Some(property) = &self.property else {
            return Ok(false);
        };
        let found = match self.property_name(vm, input, property)? {
            Found::Name(name) => vm.get_member(input, &name)?,
            Found::Key(value) => Some(value),
            Found::Ambiguous => return Ok(false),
            Found::None => None,
        };
        let left = match found {
            Some(value) => value,
            None => {
                if vm.strict_mode() >= 20 {
                    vm.write_fault(
                        Fault::argument(
                            "PropertyNotFound",
                            format!("The input name \"{property}\" cannot be resolved to a property. (Parameter 'Property')"),
                        )
                        .target(input.clone()),
                    )?;
                    return Ok(false);
                }
                Value::Null
            }
        };
        let Some(operator) = self.operator else {
            let truth = vm.to_bool(&left);
            return Ok(truth != self.negate);
        };
        match vm.binary(operator, &left, &self.value) {
            Ok(answer) => Ok(vm.to_bool(&answer)),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let fault = self.operator_failed(&thrown.record, input);
                    vm.write_fault(fault)?;
                    Ok(false)
                }
                other => Err(Box::new(other)),
            },
        }
    }

    /// The error of an object that the operator cannot compare.
    fn operator_failed(&self, cause: &ErrorRecord, input: &Value) -> Fault {
        let operator = OPERATORS
            .iter()
            .find(|(_, operator)| Some(*operator) == self.operator)
            .map_or_else(String::new, |(name, _)| token_name(name));
        let (message, type_ref) = (cause.exception_message(), cause.exception_type());
        let argument = type_ref
            .ancestry()
            .iter()
            .any(|t| &*t.full_name == "System.ArgumentException");
        if argument {
            return Fault::argument(
                "BadOperatorArgument",
                format!(
                    "Bad argument to operator '{operator}': {message}. (Parameter 'BinaryOperator')"
                ),
            )
            .target(input.clone());
        }
        Fault::of(
            "System.Management.Automation.PSInvalidOperationException",
            "OperatorFailed",
            Category::InvalidOperation,
            format!("The '{operator}' operator failed: {message}."),
        )
        .target(input.clone())
    }

    /// The one property that a name with wildcards stands for.
    fn property_name(&self, vm: &mut Vm, input: &Value, property: &Rc<str>) -> R<Found> {
        if let Value::Dict(table) = input.base()
            && let Some(value) = table.get_str(property)
        {
            return Ok(Found::Key(value));
        }
        if !WildcardPattern::contains_wildcards(property) {
            return Ok(Found::Name(property.clone()));
        }
        let names = super::property_expression::resolve_names(vm, input, property)?;
        match names.as_slice() {
            [] => Ok(Found::None),
            [one] => Ok(Found::Name(one.clone())),
            several => {
                let shown = several.join(" ");
                vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.PSInvalidOperationException",
                        "AmbiguousPropertyName",
                        Category::InvalidArgument,
                        format!("The input name \"{property}\" is ambiguous. Possible matches include: {shown}."),
                    )
                    .target(input.clone()),
                )?;
                Ok(Found::Ambiguous)
            }
        }
    }
}

/// What the property of Where-Object is on an object.
enum Found {
    Name(Rc<str>),
    Key(Value),
    Ambiguous,
    None,
}
