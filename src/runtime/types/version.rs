//! Version and SemanticVersion.

use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::text::version::{SemanticVersion, Version, VersionParseError};
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// A version as an object.
pub fn value(version: Version) -> Value {
    Value::native(version)
}

/// A semantic version as an object.
pub fn semantic_value(version: SemanticVersion) -> Value {
    Value::native(version)
}

fn failed<T>(error: &VersionParseError) -> R<T> {
    let exception = match error {
        VersionParseError::Length => "System.ArgumentException",
        VersionParseError::Format(_) | VersionParseError::Semantic => "System.FormatException",
        VersionParseError::Negative(_) => "System.ArgumentOutOfRangeException",
        VersionParseError::Overflow => "System.OverflowException",
    };
    Err(Fault::dotnet(exception, error.to_string()).into())
}

fn parsed(text: &str) -> R<Value> {
    match Version::parse(text) {
        Ok(version) => Ok(value(version)),
        Err(error) => failed(&error),
    }
}

fn parsed_semantic(text: &str) -> R<Value> {
    match SemanticVersion::parse(text) {
        Ok(version) => Ok(semantic_value(version)),
        Err(error) => failed(&error),
    }
}

fn numbers(arguments: &[Value]) -> R<Vec<i32>> {
    const NAMES: [&str; 4] = ["major", "minor", "build", "revision"];
    let mut list = Vec::new();
    for (argument, name) in arguments.iter().zip(NAMES) {
        let Value::Int(number) = argument.base() else {
            break;
        };
        if *number < 0 {
            return Err(Fault::dotnet(
                "System.ArgumentOutOfRangeException",
                format!("{name} ('{number}') must be a non-negative value. (Parameter '{name}')\nActual value was {number}."),
            )
            .into());
        }
        list.push(*number);
    }
    Ok(list)
}

/// A new version of a text or of two to four numbers.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    if let Some(Value::Str(text)) = arguments.first().map(Value::base) {
        return parsed(text).map(Some);
    }
    let list = numbers(arguments)?;
    let part = |at: usize| list.get(at).copied().unwrap_or(-1);
    Ok(Some(value(Version::new(
        part(0).max(0),
        part(1).max(0),
        part(2),
        part(3),
    ))))
}

/// A new semantic version of a text, a version, or of numbers and labels.
pub fn construct_semantic(arguments: &[Value]) -> R<Option<Value>> {
    match arguments.first() {
        Some(first) if first.as_str().is_some() => {
            return parsed_semantic(first.as_str().unwrap_or_default()).map(Some);
        }
        Some(first) if first.as_native::<Version>().is_some() => {
            let converted = first
                .as_native::<Version>()
                .and_then(SemanticVersion::from_version);
            return match converted {
                Some(version) => Ok(Some(semantic_value(version))),
                None => failed(&VersionParseError::Semantic),
            };
        }
        _ => {}
    }
    let list = numbers(arguments)?;
    let part = |at: usize| list.get(at).copied().unwrap_or(0);
    let mut text = format!("{}.{}.{}", part(0), part(1), part(2));
    let mut labels = arguments.iter().skip(3).map(|label| label.as_str());
    if let Some(Some(label)) = labels.next()
        && !label.is_empty()
    {
        let mark = if label.contains('+') && !label.contains('-') && arguments.len() == 4 {
            ""
        } else {
            "-"
        };
        text.push_str(mark);
        text.push_str(label);
    }
    if let Some(Some(label)) = labels.next()
        && !label.is_empty()
    {
        text.push('+');
        text.push_str(label);
    }
    parsed_semantic(&text).map(Some)
}

/// The version without labels that a semantic version stands for.
pub fn of_semantic(value: &Value) -> Option<Value> {
    let semantic = value.as_native::<SemanticVersion>()?;
    Some(self::value(semantic.to_version()))
}

/// Static methods of both types; the name is in lower case.
pub fn call_static(name: &str, semantic: bool, arguments: &[Value]) -> R<Option<Value>> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    let read = |text: &str| match semantic {
        true => parsed_semantic(text),
        false => parsed(text),
    };
    Ok(match name {
        "parse" => Some(read(text)?),
        "tryparse" => {
            let found = read(text).ok();
            let success = found.is_some();
            if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
                result.set(found.unwrap_or_default());
            }
            Some(Value::Bool(success))
        }
        "compare" if semantic => {
            let (a, b) = (arguments.first(), arguments.get(1));
            let order = match (
                a.and_then(|a| a.as_native::<SemanticVersion>()),
                b.and_then(|b| b.as_native::<SemanticVersion>()),
            ) {
                (Some(a), Some(b)) => a.cmp(b),
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            Some(Value::Int(order as i32))
        }
        _ => None,
    })
}

fn compare_call(arguments: &[Value], compare: impl Fn(&Value) -> Option<Ordering>) -> Value {
    let order = arguments.first().and_then(compare);
    Value::Int(order.map_or(1, |order| order as i32))
}

impl Native for Version {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Version")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Major",
            "Minor",
            "Build",
            "Revision",
            "MajorRevision",
            "MinorRevision",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "major" => Some(Value::Int(self.major)),
            "minor" => Some(Value::Int(self.minor)),
            "build" => Some(Value::Int(self.build)),
            "revision" => Some(Value::Int(self.revision)),
            "majorrevision" => Some(Value::Short((self.revision >> 16) as i16)),
            "minorrevision" => Some(Value::Short(self.revision as i16)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments.first().map(Value::base)) {
            ("tostring", Some(Value::Int(count))) => {
                let text = usize::try_from(*count).ok().and_then(|n| self.format(n));
                match text {
                    Some(text) => Some(Value::str(text)),
                    None => {
                        let most = self.field_count();
                        return Err(Fault::dotnet(
                            "System.ArgumentException",
                            format!(
                                "Argument must be between 0 and {most}. (Parameter 'fieldCount')"
                            ),
                        )
                        .into());
                    }
                }
            }
            ("tostring", _) => Some(Value::str(self.to_string())),
            ("compareto", _) => Some(compare_call(arguments, |other| self.compare(other))),
            ("clone", _) => Some(value(*self)),
            _ => None,
        })
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        other.as_native::<Version>().map(|other| self.cmp(other))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Native for SemanticVersion {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.SemanticVersion")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Major", "Minor", "Patch", "PreReleaseLabel", "BuildLabel"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "major" => Some(Value::Int(self.major)),
            "minor" => Some(Value::Int(self.minor)),
            "patch" => Some(Value::Int(self.patch)),
            "prereleaselabel" => Some(self.pre_release_label.as_deref().map(Value::from).into()),
            "buildlabel" => Some(self.build_label.as_deref().map(Value::from).into()),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "tostring" => Some(Value::str(self.to_string())),
            "compareto" => Some(compare_call(arguments, |other| self.compare(other))),
            _ => None,
        })
    }

    fn compare(&self, other: &Value) -> Option<Ordering> {
        other
            .as_native::<SemanticVersion>()
            .map(|other| self.cmp(other))
    }

    fn key_text(&self) -> Option<String> {
        let label = self.pre_release_label.as_deref().unwrap_or_default();
        Some(format!(
            "{}.{}.{}-{label}",
            self.major, self.minor, self.patch
        ))
    }
}
