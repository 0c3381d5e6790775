//! What the deployment's own cmdlets share: arguments as text, a model error as an error record,
//! decisions and moments as values.

use crate::cmdlet::twin::model_fault;
use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::text::datetime::{DateTime, DateTimeKind};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::uc::trace::{Decision, Reason};

pub use crate::cmdlet::generic::value::{datum_value, identity_text, object_value};

/// An argument as the text that names something; nothing if it was not given.
pub fn text(vm: &mut Vm, call: &Call, name: &str) -> R<Option<String>> {
    match call.get(name) {
        Some(value) if !value.is_null() => identity_text(vm, &value).map(Some),
        _ => Ok(None),
    }
}

/// The items of an argument as texts that name something.
pub fn texts(vm: &mut Vm, call: &Call, name: &str) -> R<Vec<String>> {
    let mut list = Vec::new();
    for item in call.items(name) {
        list.push(identity_text(vm, &item)?);
    }
    Ok(list)
}

/// The first given of several parameters.
pub fn first_text(vm: &mut Vm, call: &Call, names: &[&str]) -> R<Option<String>> {
    for name in names {
        if let Some(found) = text(vm, call, name)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Writes an object of the deployment.
pub fn write_object(vm: &mut Vm, object: &Object) -> R<()> {
    vm.write(object_value(object))
}

/// Writes a refusal of the model as an error that does not end the pipeline.
pub fn refuse(vm: &mut Vm, error: &ModelError) -> R<()> {
    vm.write_fault(model_fault(error))
}

/// A moment of the deployment's clock, in milliseconds since 1970.
pub fn moment(milliseconds: i64) -> Value {
    Value::datetime(DateTime::new(
        crate::store::clock::ticks(milliseconds),
        DateTimeKind::Utc,
    ))
}

/// An error of a behaviour's own, as a value that can be raised or written.
pub fn fault(id: &str, category: Category, message: String, target: &str) -> Fault {
    Fault::of("System.InvalidOperationException", id, category, message).target(Value::str(target))
}

/// A decision of the deployment with its steps.
pub fn decision_value(decision: &Decision, subject: &str) -> Value {
    let steps = decision
        .steps
        .iter()
        .map(|step| {
            CustomObject::typed(
                "Ucsh.Twin.DecisionStep",
                [
                    ("Rule", Value::str(step.rule)),
                    ("Question", Value::str(step.question.as_str())),
                    ("Object", Value::str(step.object.as_str())),
                    ("Passed", Value::Bool(step.passed)),
                    ("Detail", Value::str(step.detail.as_str())),
                    ("Reason", reason_value(step.reason)),
                ],
            )
        })
        .collect();
    let diagnostic = decision
        .diagnostic()
        .and_then(|number| i32::try_from(number).ok())
        .map_or(Value::Null, Value::Int);
    CustomObject::typed(
        "Ucsh.Twin.Decision",
        [
            ("Subject", Value::str(subject)),
            (
                "Result",
                Value::str(if decision.succeeded() {
                    "Success"
                } else {
                    "Failure"
                }),
            ),
            ("Reason", reason_value(decision.failure)),
            ("SipResponse", Value::Int(i32::from(decision.sip()))),
            ("Diagnostic", diagnostic),
            ("Hosted", Value::Bool(decision.hosted)),
            ("Server", Value::str(decision.server.as_str())),
            ("Steps", Value::array(steps)),
        ],
    )
}

fn reason_value(reason: Option<Reason>) -> Value {
    reason.map_or(Value::Null, |reason| Value::str(reason.name()))
}
