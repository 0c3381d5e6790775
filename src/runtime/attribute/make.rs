//! Attributes from their names and arguments: as code writes them, and as objects that scripts make.

use super::{Attribute, RangeKind};
use crate::runtime::error::{Category, Exception, Fault, R, Unwind};
use crate::runtime::member::overload::NoChoice;
use crate::runtime::symbol::same_name;
use crate::runtime::types::known;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The attribute of a short name in lower case (`validateset`); `None` when the engine knows none.
pub fn attribute(
    vm: &mut Vm,
    short: &str,
    positional: &[Value],
    named: &[(Rc<str>, Value)],
) -> R<Option<Attribute>> {
    refuse_wrong_count(vm, short, positional.len())?;
    let message = match named_value(named, "ErrorMessage") {
        Some(value) => Some(Rc::from(vm.to_text(&value)?)),
        None => None,
    };
    Ok(Some(match short {
        "validateset" => validate_set(vm, positional, named, message)?,
        "validaterange" => validate_range(vm, positional)?,
        "validatepattern" => validate_pattern(vm, positional, named, message)?,
        "validatelength" | "validatecount" => validate_bounds(vm, short, positional)?,
        "validatescript" => match positional.first().map(Value::base) {
            Some(Value::Block(script)) => Attribute::ValidateScript {
                script: script.clone(),
                message,
            },
            _ => Attribute::Other(short.into(), positional.to_vec()),
        },
        "validatenotnull" => Attribute::ValidateNotNull,
        "validatenotnullorempty" => Attribute::ValidateNotNullOrEmpty,
        "validatenotnullorwhitespace" => Attribute::ValidateNotNullOrWhiteSpace,
        "validatedrive" => Attribute::ValidateDrive(texts(vm, positional)?),
        "allownull" => Attribute::AllowNull,
        "allowemptystring" => Attribute::AllowEmptyString,
        "allowemptycollection" => Attribute::AllowEmptyCollection,
        "credential" => Attribute::Transform("Credential".into()),
        "pstypename" => {
            let name = positional.first().cloned().unwrap_or_default();
            Attribute::PSTypeName(vm.to_text(&name)?.into())
        }
        "argumentcompleter" => {
            Attribute::ArgumentCompleter(positional.first().cloned().unwrap_or_default())
        }
        "argumentcompletions" => Attribute::ArgumentCompletions(texts(vm, positional)?),
        "supportswildcards"
        | "psdefaultvalue"
        | "obsolete"
        | "dontshow"
        | "hidden"
        | "validatetrusteddata"
        | "suppressmessage"
        | "outputtype"
        | "alias"
        | "experimental"
        | "excludefromcodecoverage"
        | "cmdletbinding"
        | "parameter" => Attribute::Other(short.into(), positional.to_vec()),
        _ => return Ok(None),
    }))
}

type Named = (Rc<str>, Value);

fn named_value(named: &[Named], name: &str) -> Option<Value> {
    let found = named.iter().find(|(n, _)| same_name(n, name));
    found.map(|(_, value)| value.clone())
}

fn texts(vm: &mut Vm, values: &[Value]) -> R<Vec<Rc<str>>> {
    let mut texts = Vec::with_capacity(values.len());
    for value in values {
        texts.push(vm.to_text(value)?.into());
    }
    Ok(texts)
}

fn validate_set(
    vm: &mut Vm,
    positional: &[Value],
    named: &[Named],
    message: Option<Rc<str>>,
) -> R<Attribute> {
    let mut values = Vec::new();
    let mut generator = None;
    for value in positional {
        if let Value::Type(type_ref) = value.base() {
            generator = Some(type_ref.clone());
            continue;
        }
        let items = vm.enumerate(value)?;
        values.extend(texts(vm, &items.unwrap_or_else(|| vec![value.clone()]))?);
    }
    let ignore_case = named_value(named, "IgnoreCase").is_none_or(|v| vm.to_bool(&v));
    Ok(Attribute::ValidateSet {
        values,
        ignore_case,
        message,
        generator,
    })
}

fn validate_range(vm: &mut Vm, positional: &[Value]) -> R<Attribute> {
    let (min, max) = match positional {
        [kind] => {
            let kind = vm.to_text(kind)?.to_ascii_lowercase();
            return Ok(Attribute::ValidateRangeKind(match kind.as_str() {
                "positive" => RangeKind::Positive,
                "nonnegative" => RangeKind::NonNegative,
                "negative" => RangeKind::Negative,
                "nonpositive" => RangeKind::NonPositive,
                other => return vm.raise(not_made(other)),
            }));
        }
        [min, max] => (min, max),
        _ => {
            return Ok(Attribute::Other(
                "validaterange".into(),
                positional.to_vec(),
            ));
        }
    };
    let (from, to) = (vm.type_of(min), vm.type_of(max));
    if from != to && !(min.is_number() && max.is_number()) {
        let text = format!(
            "The specified minimum range ({}) cannot be accepted because it is not the same type as the specified maximum range ({}). Update the ValidateRange attribute for the parameter.",
            from.name, to.name
        );
        return vm.raise(wrong_attribute("MinRangeNotTheSameTypeOfMaxRange", &text));
    }
    if vm.compare(min, max, true)?.is_gt() {
        return vm.raise(wrong_attribute(
            "MaxRangeSmallerThanMinRange",
            "The specified maximum range cannot be accepted because it is less than the specified minimum range. Update the ValidateRange attribute for the parameter.",
        ));
    }
    Ok(Attribute::ValidateRange {
        min: min.clone(),
        max: max.clone(),
    })
}

fn validate_pattern(
    vm: &mut Vm,
    positional: &[Value],
    named: &[Named],
    message: Option<Rc<str>>,
) -> R<Attribute> {
    /// `RegexOptions.IgnoreCase`, which the attribute starts from.
    const IGNORE_CASE: i64 = 1;
    let pattern = positional.first().cloned().unwrap_or_default();
    let options = match named_value(named, "Options") {
        Some(value) => {
            let type_ref =
                crate::runtime::types::find("System.Text.RegularExpressions.RegexOptions")
                    .unwrap_or_else(known::int);
            match vm.convert(&value, &type_ref)? {
                Value::Enum(e) => e.bits,
                _ => IGNORE_CASE,
            }
        }
        None => IGNORE_CASE,
    };
    Ok(Attribute::ValidatePattern {
        pattern: vm.to_text(&pattern)?.into(),
        options,
        message,
    })
}

/// `ValidateLength` and `ValidateCount`: a least and a greatest number.
fn validate_bounds(vm: &mut Vm, short: &str, positional: &[Value]) -> R<Attribute> {
    let min = whole_number(vm, positional.first())?;
    let max = whole_number(vm, positional.get(1))?;
    if min < 0 {
        return vm.raise(out_of_range("minLength"));
    }
    if max <= 0 {
        return vm.raise(out_of_range("maxLength"));
    }
    let is_length = short == "validatelength";
    if max < min {
        let (id, text) = match is_length {
            true => (
                "ValidateLengthMaxLengthSmallerThanMinLength",
                "The specified maximum character length of the argument is shorter than the specified minimum argument character length. Update the ValidateLength attribute for the parameter.",
            ),
            false => (
                "ValidateRangeMaxLengthSmallerThanMinLength",
                "The specified maximum number of arguments for a parameter is fewer than the specified minimum number of arguments. Update the ValidateCount attribute for the parameter.",
            ),
        };
        return vm.raise(wrong_attribute(id, text));
    }
    Ok(match is_length {
        true => Attribute::ValidateLength { min, max },
        false => Attribute::ValidateCount { min, max },
    })
}

/// The number of arguments each attribute's constructors take.
const COUNTS: &[(&str, &str, std::ops::RangeInclusive<usize>)] = &[
    (
        "allowemptycollection",
        "AllowEmptyCollectionAttribute",
        0..=0,
    ),
    ("allowemptystring", "AllowEmptyStringAttribute", 0..=0),
    ("allownull", "AllowNullAttribute", 0..=0),
    ("argumentcompleter", "ArgumentCompleterAttribute", 0..=1),
    ("pstypename", "PSTypeNameAttribute", 1..=1),
    ("validatecount", "ValidateCountAttribute", 2..=2),
    ("validatelength", "ValidateLengthAttribute", 2..=2),
    ("validatenotnull", "ValidateNotNullAttribute", 0..=0),
    (
        "validatenotnullorempty",
        "ValidateNotNullOrEmptyAttribute",
        0..=0,
    ),
    (
        "validatenotnullorwhitespace",
        "ValidateNotNullOrWhiteSpaceAttribute",
        0..=0,
    ),
    ("validatepattern", "ValidatePatternAttribute", 1..=1),
    ("validaterange", "ValidateRangeAttribute", 1..=2),
    ("validatescript", "ValidateScriptAttribute", 1..=1),
];

fn refuse_wrong_count(vm: &mut Vm, short: &str, count: usize) -> R<()> {
    match COUNTS.iter().find(|(name, _, _)| *name == short) {
        Some((_, class, counts)) if !counts.contains(&count) => {
            vm.no_overload(class, count, NoChoice::NoFit)
        }
        _ => Ok(()),
    }
}

/// An argument of a constructor that wants a number.
fn whole_number(vm: &mut Vm, argument: Option<&Value>) -> R<i32> {
    let argument = argument.cloned().unwrap_or_default();
    vm.to_int(&argument).or_else(|unwind| match &*unwind {
        Unwind::Error(thrown) => {
            let text = thrown.record.message();
            vm.raise(Fault::new("ExceptionConstructingAttribute", text))
        }
        _ => Err(unwind),
    })
}

/// The error of an attribute whose arguments make none.
fn not_made(text: &str) -> Fault {
    let why = format!(
        "Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following enumerator names and try again:\nPositive, Negative, NonPositive, NonNegative"
    );
    let fault = Fault::new(
        "ExceptionConstructingAttribute",
        format!(
            "Cannot convert value \"{text}\" to type \"System.Management.Automation.ValidateRangeKind\". Error: \"{why}\""
        ),
    );
    let inner = Exception::of("System.Management.Automation.PSInvalidCastException", why);
    let id = "SubstringDisambiguationEnumParseThrewAnException";
    *inner.raised_as.borrow_mut() = Some((id.into(), Category::InvalidArgument, Value::Null));
    fault.inner(inner)
}

fn out_of_range(name: &str) -> Fault {
    let text = format!(
        "Cannot process argument because the value of argument \"{name}\" is out of range. Change argument \"{name}\" to a value that is within range."
    );
    Fault::new("ExceptionConstructingAttribute", text.as_str()).inner(Exception::of(
        "System.Management.Automation.PSArgumentOutOfRangeException",
        text,
    ))
}

fn wrong_attribute(id: &str, message: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ValidationMetadataException",
        id,
        Category::MetadataError,
        message,
    )
}
