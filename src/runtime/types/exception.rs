//! Exceptions of every type.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, R};
use crate::runtime::error::{ErrorRecord, Exception, exception_message, inner_exception};
use crate::runtime::types::{TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Whether a type derives from `System.Exception`.
pub fn is_exception(type_ref: &TypeRef) -> bool {
    type_ref
        .ancestry()
        .iter()
        .any(|t| &*t.full_name == "System.Exception")
}

/// Names of the properties: those of the exact type first.
pub fn property_names(exception: &Exception) -> Vec<Rc<str>> {
    let mut names: Vec<Rc<str>> = exception
        .properties
        .borrow()
        .iter()
        .map(|(n, _)| n.clone())
        .collect();
    for type_ref in exception.type_ref.ancestry() {
        let own: &[&str] = match &*type_ref.full_name {
            "System.Management.Automation.RuntimeException" => {
                &["ErrorRecord", "WasThrownFromThrowStatement"]
            }
            "System.Management.Automation.CommandNotFoundException" => &["CommandName"],
            "System.ArgumentOutOfRangeException" => &["ActualValue"],
            "System.ArgumentException" => &["ParamName"],
            "System.IO.FileNotFoundException" => &["FileName", "FusionLog"],
            _ => &[],
        };
        for name in own {
            if !names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
                names.push((*name).into());
            }
        }
    }
    for name in [
        "TargetSite",
        "Message",
        "Data",
        "InnerException",
        "HelpLink",
        "Source",
        "HResult",
        "StackTrace",
    ] {
        names.push(name.into());
    }
    names
}

fn h_result(type_ref: &TypeRef) -> i32 {
    let code: u32 = match &*type_ref.full_name {
        "System.ArgumentException" => 0x8007_0057,
        "System.ArgumentNullException" | "System.NullReferenceException" => 0x8000_4003,
        "System.ArgumentOutOfRangeException" => 0x8013_1502,
        "System.FormatException" => 0x8013_1537,
        "System.InvalidCastException" => 0x8000_4002,
        "System.InvalidOperationException" => 0x8013_1509,
        "System.DivideByZeroException" => 0x8002_0012,
        "System.OverflowException" => 0x8013_1516,
        "System.IO.FileNotFoundException" => 0x8007_0002,
        "System.IO.DirectoryNotFoundException" => 0x8007_0003,
        "System.IO.IOException" => 0x8013_1620,
        "System.UnauthorizedAccessException" => 0x8007_0005,
        "System.NotSupportedException" => 0x8013_1515,
        "System.NotImplementedException" => 0x8000_4001,
        "System.IndexOutOfRangeException" => 0x8013_1508,
        "System.TimeoutException" => 0x8013_1505,
        "System.Exception" | "System.ApplicationException" => 0x8013_1500,
        _ => 0x8013_1501,
    };
    code as i32
}

/// The `(Parameter 'x')` at the end of a message.
fn parameter_of(message: &str) -> Option<&str> {
    let rest = &message[message.find(" (Parameter '")? + 13..];
    rest.split('\'').next()
}

/// A property.
pub fn get(vm: &mut Vm, value: &Value, exception: &Rc<Exception>, name: &str) -> R<Option<Value>> {
    if let Some(found) = exception.property(name) {
        return Ok(Some(found));
    }
    Ok(Some(match name {
        "message" => Value::str(exception_message(value)),
        "innerexception" => inner_exception(value).unwrap_or_default(),
        "data" => exception
            .data
            .borrow_mut()
            .get_or_insert_with(|| {
                Value::Dict(Rc::new(Dictionary::new(
                    crate::runtime::types::find_full("System.Collections.ListDictionaryInternal")
                        .unwrap_or_else(known::hashtable),
                    crate::runtime::collection::KeyComparison::Exact,
                )))
            })
            .clone(),
        "source" => exception.source.borrow().clone(),
        "helplink" | "targetsite" => Value::Null,
        "stacktrace" => Value::Null,
        "hresult" => Value::Int(h_result(&exception.type_ref)),
        "paramname" if is_a(exception, "System.ArgumentException") => {
            match parameter_of(&exception.message.borrow()) {
                Some(parameter) => Value::str(parameter),
                None => Value::Null,
            }
        }
        "actualvalue" if is_a(exception, "System.ArgumentOutOfRangeException") => Value::Null,
        "filename" if is_a(exception, "System.IO.FileNotFoundException") => {
            let message = exception.message.borrow();
            match message.split('\'').nth(1) {
                Some(path) => Value::str(path),
                None => Value::Null,
            }
        }
        "errorrecord" if is_a(exception, "System.Management.Automation.RuntimeException") => {
            let raised_as = exception.raised_as.borrow().clone();
            let (id, category, target) = raised_as.unwrap_or_else(|| {
                let id = exception.type_ref.name.clone();
                (id, Category::NotSpecified, Value::Null)
            });
            let record = ErrorRecord::new(value.clone(), id, category, target);
            let _ = vm;
            Value::Error(Rc::new(record))
        }
        "wasthrownfromthrowstatement"
            if is_a(exception, "System.Management.Automation.RuntimeException") =>
        {
            Value::Bool(exception.thrown.get())
        }
        "commandname"
            if is_a(
                exception,
                "System.Management.Automation.CommandNotFoundException",
            ) =>
        {
            match &*exception.raised_as.borrow() {
                Some((_, _, target)) => target.clone(),
                None => Value::str(""),
            }
        }
        _ => return Ok(None),
    }))
}

pub(super) fn is_a(exception: &Exception, name: &str) -> bool {
    exception
        .type_ref
        .ancestry()
        .iter()
        .any(|t| &*t.full_name == name)
}

/// Writes a property.
pub fn set(exception: &Rc<Exception>, name: &str, value: Value) -> Option<bool> {
    match name {
        "source" => *exception.source.borrow_mut() = value,
        "helplink" | "hresult" => {}
        "message" | "innerexception" | "data" | "stacktrace" | "targetsite" => return Some(false),
        _ => return None,
    }
    Some(true)
}

/// A method.
pub fn call(
    vm: &mut Vm,
    value: &Value,
    _exception: &Rc<Exception>,
    name: &str,
    _arguments: &[Value],
) -> R<Option<Value>> {
    Ok(match name {
        "tostring" => Some(Value::str(vm.to_text(value)?)),
        "getbaseexception" => {
            let mut at = value.clone();
            while let Some(inner) = inner_exception(&at) {
                at = inner;
            }
            Some(at)
        }
        _ => None,
    })
}

/// The message of an exception made without one.
fn default_message(type_ref: &TypeRef) -> String {
    match &*type_ref.full_name {
        "System.ArgumentException" => "Value does not fall within the expected range.".into(),
        "System.ArgumentNullException" => "Value cannot be null.".into(),
        "System.ArgumentOutOfRangeException" => {
            "Specified argument was out of the range of valid values.".into()
        }
        "System.FormatException" => "One of the identified items was in an invalid format.".into(),
        "System.InvalidOperationException" => {
            "Operation is not valid due to the current state of the object.".into()
        }
        "System.NotSupportedException" => "Specified method is not supported.".into(),
        "System.NotImplementedException" => "The method or operation is not implemented.".into(),
        "System.DivideByZeroException" => "Attempted to divide by zero.".into(),
        "System.OverflowException" => "Arithmetic operation resulted in an overflow.".into(),
        "System.InvalidCastException" => "Specified cast is not valid.".into(),
        "System.NullReferenceException" => {
            "Object reference not set to an instance of an object.".into()
        }
        "System.IndexOutOfRangeException" => "Index was outside the bounds of the array.".into(),
        "System.TimeoutException" => "The operation has timed out.".into(),
        "System.UnauthorizedAccessException" => {
            "Attempted to perform an unauthorized operation.".into()
        }
        "System.IO.IOException" => "I/O error occurred.".into(),
        "System.IO.FileNotFoundException" => "Unable to find the specified file.".into(),
        "System.IO.DirectoryNotFoundException" => {
            "Attempted to access a path that is not on the disk.".into()
        }
        "System.Collections.Generic.KeyNotFoundException" => {
            "The given key was not present in the dictionary.".into()
        }
        "System.ApplicationException" => "Error in the application.".into(),
        "System.SystemException" => "System error.".into(),
        "System.ArithmeticException" => "Overflow or underflow in the arithmetic operation.".into(),
        "System.OutOfMemoryException" => {
            "Insufficient memory to continue the execution of the program.".into()
        }
        "System.OperationCanceledException" => "The operation was canceled.".into(),
        "System.AggregateException" => "One or more errors occurred.".into(),
        "System.RankException" => {
            "Attempted to operate on an array with the incorrect number of dimensions.".into()
        }
        "System.ObjectDisposedException" => "Cannot access a disposed object.".into(),
        "System.Security.SecurityException" => "Security error.".into(),
        "System.IO.EndOfStreamException" => {
            "Attempted to read past the end of the stream.".into()
        }
        "System.IO.PathTooLongException" => {
            "The specified file name or path is too long, or a component of the specified path is too long.".into()
        }
        other => format!("Exception of type '{other}' was thrown."),
    }
}

/// A constructor: message, inner exception, parameter name in the order of the type.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let mut texts: Vec<String> = Vec::new();
    let mut inner = None;
    let mut record = None;
    let mut others = Vec::new();
    for argument in arguments {
        match argument.base() {
            Value::Exception(_) => inner = Some(argument.clone()),
            Value::Instance(i) if is_exception(&i.class.type_of()) => {
                inner = Some(argument.clone())
            }
            Value::Error(_) => record = Some(argument.clone()),
            Value::Null | Value::Nothing => {}
            Value::Str(text) => texts.push(text.to_string()),
            other => others.push(other.clone()),
        }
    }
    let name: &str = &type_ref.full_name;
    let (message, parameter) = match (name, texts.as_slice()) {
        ("System.ArgumentNullException" | "System.ArgumentOutOfRangeException", [parameter])
            if inner.is_none() =>
        {
            (default_message(type_ref), Some(parameter.clone()))
        }
        (
            "System.ArgumentNullException" | "System.ArgumentOutOfRangeException",
            [parameter, message],
        ) => (message.clone(), Some(parameter.clone())),
        ("System.ArgumentException", [message, parameter]) => {
            (message.clone(), Some(parameter.clone()))
        }
        ("System.ObjectDisposedException", [object]) => (
            format!("Cannot access a disposed object.\nObject name: '{object}'."),
            None,
        ),
        ("System.AggregateException", [message]) => {
            let shown = match &inner {
                Some(inner) => format!("{message} ({})", exception_message(inner)),
                None => message.clone(),
            };
            (shown, None)
        }
        (_, [message, ..]) => (message.clone(), None),
        (_, []) => (default_message(type_ref), None),
    };
    let message = match &parameter {
        Some(parameter) if !parameter.is_empty() => format!("{message} (Parameter '{parameter}')"),
        _ => message,
    };
    let mut exception = Exception::new(type_ref.clone(), message);
    if let Some(parameter) = parameter {
        exception = exception.with("ParamName", Value::str(parameter));
    }
    if let Some(actual) = others.first()
        && name == "System.ArgumentOutOfRangeException"
    {
        let shown = vm.to_text(actual)?;
        let text = format!("{}\nActual value was {shown}.", exception.message.borrow());
        *exception.message.borrow_mut() = text.into();
        exception = exception.with("ActualValue", actual.clone());
    }
    if name == "System.IO.FileNotFoundException"
        && let [_, file] = texts.as_slice()
    {
        exception = exception.with("FileName", Value::str(file.as_str()));
    }
    if name == "System.AggregateException" {
        let list = crate::runtime::types::collections::list::list_of(
            &known::exception(),
            inner.iter().cloned().collect(),
        );
        exception = exception.with("InnerExceptions", list);
    }
    if let Some(record) = record {
        exception = exception.with("ErrorRecord", record);
    }
    if let Some(inner) = inner {
        exception = exception.with_inner(inner);
    }
    Ok(Some(exception.value()))
}
