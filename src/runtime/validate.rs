//! Applying attributes: conversion, transformation and validation of one value.

use super::attribute::{Attribute, RangeKind};
use super::collation;
use super::compare::compare_numbers;
use super::error::{Category, Fault, R, Unwind, exception_message};
use super::invoke::BlockCall;
use super::scope::Variable;
use super::types::automation::secure_string::Credential;
use super::types::{TypeRef, known};
use super::value::Value;
use super::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// Whether a value passed, or the fault that says why not.
type Verdict = R<Result<(), Fault>>;

/// Converts and checks a value that is assigned to a variable.
pub fn apply_to_variable(
    vm: &mut Vm,
    variable: &Rc<Variable>,
    attributes: &[Attribute],
    value: Value,
) -> R<Value> {
    let mut value = value;
    for attribute in attributes.iter().rev() {
        let converted = match attribute {
            Attribute::Convert(type_ref) => vm.convert(&value, type_ref),
            Attribute::Transform(_) | Attribute::Custom(_) => transform(vm, attribute, &value),
            _ => continue,
        };
        value = match converted {
            Ok(converted) => converted,
            Err(unwind) if variable.plain_cast_errors.get() => return Err(unwind),
            Err(unwind) => return Err(transformation_failed(vm, unwind)),
        };
    }
    for attribute in attributes {
        if check(vm, attribute, &value)?.is_err() {
            let shown = vm.to_text(&value)?;
            let message = format!(
                "The variable cannot be validated because the value {shown} is not a valid value for the {} variable.",
                variable.name
            );
            return vm.raise(metadata_fault("ValidateSetFailure", message));
        }
    }
    Ok(value)
}

/// What a class's property takes: transformed, and refused in the validator's own words.
pub fn apply_to_property(vm: &mut Vm, attributes: &[Attribute], value: Value) -> R<Value> {
    let mut value = value;
    for attribute in attributes.iter().rev() {
        if matches!(attribute, Attribute::Transform(_) | Attribute::Custom(_)) {
            value = transform(vm, attribute, &value)?;
        }
    }
    for attribute in attributes {
        if let Err(fault) = check(vm, attribute, &value)? {
            return vm.raise(fault);
        }
    }
    Ok(value)
}

/// A conversion that failed in an assignment outside of optimised code keeps no id of its own.
fn transformation_failed(vm: &Vm, unwind: Box<Unwind>) -> Box<Unwind> {
    let Unwind::Error(thrown) = &*unwind else {
        return unwind;
    };
    let message = thrown.record.exception_message();
    let inner =
        super::convert::cast_exception(&unwind).unwrap_or_else(|| thrown.record.exception.clone());
    let mut fault = Fault::of(
        "System.Management.Automation.ArgumentTransformationMetadataException",
        "RuntimeException",
        Category::MetadataError,
        message,
    );
    fault.exception = fault.exception.with_inner(inner);
    match vm.raise::<()>(fault) {
        Err(raised) => raised,
        Ok(()) => unwind,
    }
}

/// What `[Credential()]` and transformation classes make of a value.
pub fn transform(vm: &mut Vm, attribute: &Attribute, value: &Value) -> R<Value> {
    let object = match attribute {
        Attribute::Custom(object) => object,
        Attribute::Transform(name) => return transform_by_name(vm, name, value),
        _ => return Ok(value.clone()),
    };
    if !has_method(object, "Transform") {
        return Ok(value.clone());
    }
    let engine = vm.variable("ExecutionContext").unwrap_or_default();
    vm.invoke_method(object, "Transform", vec![engine, value.clone()])
}

/// The transformations of compiled cmdlets.
fn transform_by_name(vm: &mut Vm, name: &str, value: &Value) -> R<Value> {
    match (name, value.base()) {
        ("PSVersion", Value::Str(text)) if text.eq_ignore_ascii_case("latest") => {
            Ok(Value::str(LATEST_VERSION))
        }
        ("PSVersion", Value::Str(text)) if text.eq_ignore_ascii_case("off") => {
            Ok(Value::str("0.0"))
        }
        ("PSVersion" | "Version", base @ (Value::Str(_) | Value::Double(_) | Value::Int(_))) => {
            let text = vm.to_text(base)?;
            let whole = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            Ok(Value::str(if whole { format!("{text}.0") } else { text }))
        }
        // The name of a kind of member at this place means another form of the call.
        ("NotePropertyTransformation", Value::Str(_)) if names_member_type(value) => {
            vm.raise(Fault::argument(
                "ParameterBinding",
                "The name of a member type cannot be the name of a note property here.",
            ))
        }
        ("Credential", Value::Null | Value::Nothing) => vm.ask_credential(None, None, None),
        ("Credential", Value::Str(user)) => {
            let user = user.as_str().to_owned();
            vm.ask_credential(None, None, Some(&user))
        }
        ("Credential", base) if base.as_native::<Credential>().is_none() => {
            vm.raise(Fault::argument(
                "Argument",
                "Cannot process argument because the value of argument \"userName\" is not valid. Change the value of the \"userName\" argument and run the operation again.",
            ))
        }
        ("TypeName", Value::Type(type_ref)) => Ok(Value::str(type_ref.reflection_text())),
        ("FileInfoToString", base @ Value::Native(_)) => Ok(Value::str(vm.to_text(base)?)),
        _ => Ok(value.clone()),
    }
}

/// Whether a text is the whole name of a kind of member; the beginning of one is none.
pub fn names_member_type(value: &Value) -> bool {
    let (Some(text), Some(kinds)) = (
        value.as_str(),
        super::types::find_full("System.Management.Automation.PSMemberTypes"),
    ) else {
        return false;
    };
    kinds.enum_definition().is_some_and(|kinds| {
        let mut names = kinds.members.iter().map(|(name, _)| name);
        names.any(|name| name.eq_ignore_ascii_case(text))
    })
}

/// What `latest` stands for.
const LATEST_VERSION: &str = "7.6";

/// Whether an object of a script's class has a method of this name.
pub fn has_method(object: &Value, name: &str) -> bool {
    match object.base() {
        Value::Instance(instance) => !instance.class.methods_named(name, false).is_empty(),
        _ => false,
    }
}

/// Whether a value passes an attribute; the fault says why not.
pub fn check(vm: &mut Vm, attribute: &Attribute, value: &Value) -> Verdict {
    if let Some(fault) = wrong_in_itself(vm, attribute)? {
        return vm.raise(fault);
    }
    match attribute {
        Attribute::ValidateCount { min, max } => check_count(vm, *min, *max, value),
        Attribute::ValidateNotNull => check_not_null(vm, value),
        Attribute::ValidateNotNullOrEmpty => check_not_empty(vm, value, false),
        Attribute::ValidateNotNullOrWhiteSpace => check_not_empty(vm, value, true),
        Attribute::Custom(object) if has_method(object, "Validate") => {
            let engine = vm.variable("ExecutionContext").unwrap_or_default();
            let arguments = vec![value.clone(), engine];
            let outcome = vm.invoke_method(object, "Validate", arguments);
            own_verdict(outcome.map(|_| ()))
        }
        Attribute::Custom(object) if !has_method(object, "ValidateElement") => Ok(Ok(())),
        Attribute::ValidateSet { .. }
        | Attribute::ValidateRange { .. }
        | Attribute::ValidateRangeKind(_)
        | Attribute::ValidatePattern { .. }
        | Attribute::ValidateLength { .. }
        | Attribute::ValidateScript { .. }
        | Attribute::ValidateDrive(_)
        | Attribute::Custom(_) => check_each(vm, attribute, value),
        _ => Ok(Ok(())),
    }
}

fn metadata_fault(id: &str, message: impl Into<Rc<str>>) -> Fault {
    Fault::of(
        "System.Management.Automation.ValidationMetadataException",
        id,
        Category::MetadataError,
        message,
    )
}

fn refuse(id: &str, message: impl Into<Rc<str>>) -> Verdict {
    Ok(Err(metadata_fault(id, message)))
}

/// Limits that no value can keep.
fn wrong_in_itself(vm: &mut Vm, attribute: &Attribute) -> R<Option<Fault>> {
    let (id, message) = match attribute {
        Attribute::ValidateLength { min, max } if max < min => (
            "ValidateLengthMaxLengthSmallerThanMinLength",
            "The specified maximum character length of the argument is shorter than the specified minimum argument character length. Update the ValidateLength attribute for the parameter.",
        ),
        Attribute::ValidateCount { min, max } if max < min => (
            "ValidateRangeMaxLengthSmallerThanMinLength",
            "The specified maximum number of arguments for a parameter is fewer than the specified minimum number of arguments. Update the ValidateCount attribute for the parameter.",
        ),
        Attribute::ValidateRange { min, max } if vm.compare(max, min, true)? == Ordering::Less => (
            "MaxRangeSmallerThanMinRange",
            "The specified maximum range cannot be accepted because it is less than the specified minimum range. Update the ValidateRange attribute for the parameter.",
        ),
        _ => return Ok(None),
    };
    Ok(Some(metadata_fault(id, message)))
}

const EMPTY_COLLECTION: &str = "The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not contain any null values and then try the command again.";

fn check_each(vm: &mut Vm, attribute: &Attribute, value: &Value) -> Verdict {
    if value.is_null() {
        return refuse("ArgumentIsEmpty", EMPTY_COLLECTION);
    }
    let Some(items) = vm.operand_items(value)? else {
        return check_element(vm, attribute, value);
    };
    for item in &items {
        if let Err(fault) = check_element(vm, attribute, item)? {
            return Ok(Err(fault));
        }
    }
    Ok(Ok(()))
}

fn check_element(vm: &mut Vm, attribute: &Attribute, item: &Value) -> Verdict {
    match attribute {
        Attribute::ValidateSet {
            values,
            ignore_case,
            message,
            generator,
        } => {
            let values = match generator {
                Some(generator) => match generated_values(vm, generator)? {
                    Some(values) => values,
                    None => {
                        return refuse(
                            "ValidateSetGeneratedValidValuesListIsNull",
                            "Valid values generator return a null value.",
                        );
                    }
                },
                None => values.clone(),
            };
            let text = vm.to_text(item)?;
            if values
                .iter()
                .any(|v| collation::equals(v, &text, *ignore_case))
            {
                return Ok(Ok(()));
            }
            let set = values.join(",");
            let message = own_message(vm, message, &text, &set)?.unwrap_or_else(|| {
                format!("The argument \"{text}\" does not belong to the set \"{set}\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.")
            });
            refuse("ValidateSetFailure", message)
        }
        Attribute::ValidateRange { min, max } => check_range(vm, min, max, item),
        Attribute::ValidateRangeKind(kind) => check_kind(vm, *kind, item),
        Attribute::ValidatePattern {
            pattern,
            options,
            message,
        } => {
            let text = vm.to_text(item)?;
            let regex = vm.regex_with(pattern, *options)?;
            if regex.is_match(&text).unwrap_or(false) {
                return Ok(Ok(()));
            }
            let message = own_message(vm, message, &text, pattern)?.unwrap_or_else(|| {
                format!("The argument \"{text}\" does not match the \"{pattern}\" pattern. Supply an argument that matches \"{pattern}\" and try the command again.")
            });
            refuse("ValidatePatternFailure", message)
        }
        Attribute::ValidateLength { min, max } => {
            let Value::Str(text) = item.base() else {
                return refuse(
                    "ValidateLengthNotString",
                    "The ValidateLength attribute cannot be applied to a parameter that is not a string or string[] parameter. Make the parameter a string or string[] parameter.",
                );
            };
            let length = i32::try_from(text.len_utf16()).unwrap_or(i32::MAX);
            if length < *min {
                return refuse(
                    "ValidateLengthMinLengthFailure",
                    format!(
                        "The character length ({length}) of the argument is too short. Specify an argument with a length that is greater than or equal to \"{min}\", and then try the command again."
                    ),
                );
            }
            if length > *max {
                return refuse(
                    "ValidateLengthMaxLengthFailure",
                    format!(
                        "The character length ({length}) of the argument is too long. Shorten the character length of the argument so it is shorter than or equal to \"{max}\" characters, and then try the command again."
                    ),
                );
            }
            Ok(Ok(()))
        }
        Attribute::ValidateScript { script, message } => {
            let call = BlockCall {
                item: Some(item.clone()),
                ..BlockCall::default()
            };
            let passed = match vm.call_block_with(script, call) {
                Ok(output) => vm.to_bool(&Vm::captured(output)),
                Err(unwind) => return own_verdict(Err(unwind)),
            };
            if passed {
                return Ok(Ok(()));
            }
            let text = vm.to_text(item)?;
            let source = script.text();
            let message = own_message(vm, message, &text, source)?.unwrap_or_else(|| {
                format!("The \"{source}\" validation script for the argument with value \"{text}\" did not return a result of True. Determine why the validation script failed, and then try the command again.")
            });
            refuse("ValidateScriptFailure", message)
        }
        Attribute::ValidateDrive(drives) => check_drive(drives, item),
        Attribute::Custom(object) => {
            let outcome = vm.invoke_method(object, "ValidateElement", vec![item.clone()]);
            own_verdict(outcome.map(|_| ()))
        }
        _ => Ok(Ok(())),
    }
}

/// The verdict of code in a script: an error refuses the value with its message.
fn own_verdict(outcome: R<()>) -> Verdict {
    let unwind = match outcome {
        Ok(()) => return Ok(Ok(())),
        Err(unwind) => unwind,
    };
    let Unwind::Error(thrown) = &*unwind else {
        return Err(unwind);
    };
    let exception = thrown.record.exception.clone();
    let called = super::error::exception_type(&exception).name.clone();
    let cause = match super::error::inner_exception(&exception) {
        Some(inner) if &*called == "MethodInvocationException" => inner,
        _ => exception,
    };
    // What the validator threw is the reason itself, in its own record.
    let message = exception_message(&cause);
    let mut fault = Fault::of(
        &super::error::exception_type(&cause).full_name,
        &thrown.record.error_id.borrow(),
        thrown.record.category.get(),
        message,
    );
    if let Some(inner) = super::error::inner_exception(&cause) {
        fault.exception = fault.exception.with_inner(inner);
    }
    Ok(Err(fault))
}

/// An attribute's own message, filled with the value and what it was checked against.
fn own_message(
    vm: &mut Vm,
    message: &Option<Rc<str>>,
    value: &str,
    limit: &str,
) -> R<Option<String>> {
    match message {
        Some(message) if !message.is_empty() => {
            let arguments = [Value::str(value), Value::str(limit)];
            Ok(Some(vm.format_dotnet(message, &arguments)?))
        }
        _ => Ok(None),
    }
}

fn generated_values(vm: &mut Vm, generator: &TypeRef) -> R<Option<Vec<Rc<str>>>> {
    let object = vm.construct(generator, Vec::new())?;
    // The base class that keeps values for a time asks its heir for them by another name.
    let method = match has_method(&object, "GenerateValidValues") {
        true => "GenerateValidValues",
        false => "GetValidValues",
    };
    let values = vm.invoke_method(&object, method, Vec::new())?;
    if values.is_null() {
        return Ok(None);
    }
    let items = match vm.operand_items(&values)? {
        Some(items) => items,
        None => vec![values],
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in &items {
        texts.push(Rc::from(vm.to_text(item)?));
    }
    Ok(Some(texts))
}

fn check_range(vm: &mut Vm, min: &Value, max: &Value, item: &Value) -> Verdict {
    let limit_type = match (min.is_number(), max.is_number()) {
        // Limits of different number types are compared in the wider one.
        (true, true) if vm.type_of(min) != vm.type_of(max) => known::double(),
        _ => vm.type_of(min),
    };
    let value = if vm.type_of(item) == limit_type || (item.is_number() && min.is_number()) {
        item.clone()
    } else {
        match vm.convert_or_none(item, &limit_type)? {
            Some(value) => value,
            None => return wrong_type(vm, item, &limit_type),
        }
    };
    if vm.compare(&value, min, true)? == Ordering::Less {
        let (shown, limit) = (vm.to_text(item)?, vm.to_text(min)?);
        return refuse(
            "ValidateRangeTooSmall",
            format!(
                "The {shown} argument is less than the minimum allowed range of {limit}. Supply an argument that is greater than or equal to {limit} and then try the command again."
            ),
        );
    }
    if vm.compare(&value, max, true)? == Ordering::Greater {
        let (shown, limit) = (vm.to_text(item)?, vm.to_text(max)?);
        return refuse(
            "ValidateRangeTooBig",
            format!(
                "The {shown} argument is greater than the maximum allowed range of {limit}. Supply an argument that is less than or equal to {limit} and then try the command again."
            ),
        );
    }
    Ok(Ok(()))
}

fn wrong_type(vm: &mut Vm, item: &Value, wanted: &TypeRef) -> Verdict {
    let actual = vm.type_of(item);
    refuse(
        "ValidationRangeElementType",
        format!(
            "The argument cannot be validated because its type \"{}\" is not the same type ({}) as the maximum and minimum limits of the parameter. Make sure the argument is of type {} and then try the command again.",
            actual.name, wanted.name, wanted.name
        ),
    )
}

fn check_kind(vm: &mut Vm, kind: RangeKind, item: &Value) -> Verdict {
    let number = match item.base() {
        number if number.is_number() => number.clone(),
        other => match vm.convert_or_none(other, &known::int())? {
            Some(number) if !matches!(other, Value::Str(_)) => number,
            _ => return wrong_type(vm, item, &known::int()),
        },
    };
    let order = compare_numbers(&number, &Value::Int(0));
    let (passes, id, wanted) = match kind {
        RangeKind::Positive => (
            order == Some(Ordering::Greater),
            "ValidateRangePositiveFailure",
            "greater than",
        ),
        RangeKind::NonNegative => (
            matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            "ValidateRangeNonNegativeFailure",
            "greater than or equal to",
        ),
        RangeKind::Negative => (
            order == Some(Ordering::Less),
            "ValidateRangeNegativeFailure",
            "less than",
        ),
        RangeKind::NonPositive => (
            matches!(order, Some(Ordering::Less | Ordering::Equal)),
            "ValidateRangeNonPositiveFailure",
            "less than or equal to",
        ),
    };
    if passes {
        return Ok(Ok(()));
    }
    let shown = vm.to_text(item)?;
    refuse(
        id,
        format!(
            "The argument \"{shown}\" cannot be validated because its value is not {wanted} zero."
        ),
    )
}

fn check_count(vm: &mut Vm, min: i32, max: i32, value: &Value) -> Verdict {
    let count = if value.is_null() {
        0
    } else if let Value::Dict(dictionary) = value.base() {
        dictionary.len()
    } else {
        match vm.operand_items(value)? {
            Some(items) => items.len(),
            None => {
                return refuse(
                    "NotAnArrayParameter",
                    "The ValidateCount attribute cannot be applied to a non-array parameter. Either remove the attribute from the parameter or make the parameter an array parameter.",
                );
            }
        }
    };
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    if (min..=max).contains(&count) {
        return Ok(Ok(()));
    }
    if min == max {
        refuse(
            "ValidateCountExactFailure",
            format!(
                "The parameter requires exactly {max} value(s) - {count} value(s) were provided."
            ),
        )
    } else {
        refuse(
            "ValidateCountMinMaxFailure",
            format!(
                "The parameter requires at least {min} value(s) and no more than {max} value(s) - {count} value(s) were provided."
            ),
        )
    }
}

fn check_not_null(vm: &mut Vm, value: &Value) -> Verdict {
    if value.is_null() {
        return refuse(
            "ArgumentIsNull",
            "The argument is null. Provide a valid value for the argument, and then try running the command again.",
        );
    }
    match vm.operand_items(value)? {
        Some(items) if items.iter().any(Value::is_null) => refuse(
            "ArgumentIsNull",
            "The argument has a null value, or an element of the argument collection contains a null value. Provide a collection that does not contain any null values, and then try the command again.",
        ),
        _ => Ok(Ok(())),
    }
}

fn check_not_empty(vm: &mut Vm, value: &Value, white_space: bool) -> Verdict {
    let message = if white_space {
        "The argument is null, empty, or consists of only white-space characters. Provide an argument that contains non white-space characters, and then try the command again."
    } else {
        "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again."
    };
    let blank = |text: &str| text.is_empty() || white_space && text.trim().is_empty();
    match value.base() {
        Value::Null | Value::Nothing => return refuse("ArgumentIsNull", message),
        Value::Str(text) if blank(text) => {
            let id = if white_space {
                "ArgumentIsEmptyOrWhiteSpace"
            } else {
                "ArgumentIsEmpty"
            };
            return refuse(id, message);
        }
        Value::Dict(dictionary) if dictionary.is_empty() => {
            return refuse("ArgumentIsEmpty", EMPTY_COLLECTION);
        }
        _ => {}
    }
    let Some(items) = vm.operand_items(value)? else {
        return Ok(Ok(()));
    };
    if items.is_empty() {
        return refuse("ArgumentIsEmpty", EMPTY_COLLECTION);
    }
    for item in &items {
        match item.base() {
            Value::Null | Value::Nothing => return refuse("ArgumentIsNull", EMPTY_COLLECTION),
            Value::Str(text) if blank(text) => {
                let id = if white_space {
                    "ArgumentCollectionContainsEmptyOrWhiteSpace"
                } else {
                    "ArgumentCollectionContainsEmpty"
                };
                return refuse(id, EMPTY_COLLECTION);
            }
            _ => {}
        }
    }
    Ok(Ok(()))
}

fn check_drive(drives: &[Rc<str>], item: &Value) -> Verdict {
    let Value::Str(path) = item.base() else {
        return refuse(
            "PathArgumentIsNotValid",
            "The path argument is invalid. Supply a path argument that is a string type.",
        );
    };
    let Some((root, _)) = path.split_once(':') else {
        return refuse(
            "PathArgumentNoRoot",
            "The path argument has no root drive.  Supply a full path argument with a root drive.",
        );
    };
    if drives.iter().any(|d| d.eq_ignore_ascii_case(root)) {
        return Ok(Ok(()));
    }
    refuse(
        "PathRootInvalid",
        format!(
            "The path argument drive {root} does not belong to the set of approved drives: {}. Supply a path argument with an approved drive.",
            drives.join(", ")
        ),
    )
}
