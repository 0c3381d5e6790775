//! Where-Object, and how ForEach-Object and it find a member by name.

use super::each::block;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Fault, R, Unwind};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{BinaryOperator, Case};
use std::rc::Rc;

/// An error about the argument of a parameter.
pub fn named_error(parameter: &str, id: &str, message: &str) -> Fault {
    Fault::argument(id, format!("{message} (Parameter '{parameter}')"))
}

/// The error of a null in strict mode.
pub fn missing_input() -> Fault {
    named_error(
        "InputObject",
        "InputObjectIsNull",
        "Cannot operate on a 'null' input object.",
    )
}

/// The members that a name means: one at most, unless it has wildcards.
pub fn matching_members(
    vm: &mut Vm,
    object: &Value,
    name: &str,
    methods_only: bool,
) -> R<Vec<Rc<str>>> {
    if WildcardPattern::contains_wildcards(name) {
        let pattern = vm.wildcard(name, true)?;
        let mut members = vm.members(object)?;
        members
            .retain(|m| pattern.is_match(&m.name) && (!methods_only || m.kind.ends_with("Method")));
        return Ok(members.into_iter().map(|m| m.name).collect());
    }
    if vm.method_object(object, name)?.is_some() {
        return Ok(vec![name.into()]);
    }
    let found = match vm.get_member(object, name) {
        Ok(Some(value)) => !methods_only || is_callable(&value),
        Ok(None) => false,
        // It is there, but cannot be read.
        Err(unwind) => match *unwind {
            Unwind::Error(_) => !methods_only,
            other => return Err(Box::new(other)),
        },
    };
    Ok(found.then(|| name.into()).into_iter().collect())
}

fn is_callable(value: &Value) -> bool {
    matches!(value.base(), Value::Native(n) if n.body().type_ref().full_name.contains("Method"))
}

/// Where-Object
#[derive(Default)]
pub struct WhereObject {
    filter: Option<Rc<ScriptBlock>>,
    property: Option<Rc<str>>,
    operator: Option<BinaryOperator>,
    negate: bool,
    value: Value,
    has_value: bool,
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
            let name = match text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
                Some(inner) if !inner.is_empty() => inner,
                _ => text,
            };
            let type_type = crate::runtime::types::find_full("System.Type");
            let name = Value::str(name);
            self.value = match type_type {
                Some(type_type) => vm.convert_within(&name, &type_type)?,
                None => name,
            };
        }
        self.has_value = call.has("Value");
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

    /// Whether operator and value go together.
    fn check(&self, vm: &Vm) -> R<()> {
        let wrong = match (self.operator.is_some(), self.has_value) {
            (true, false) => named_error(
                "Value",
                "ValueNotSpecifiedForWhereObject",
                "The specified operator requires both the -Property and -Value parameters. Provide values for both parameters, and then try the command again.",
            ),
            (false, true) if !self.negate => named_error(
                "Operator",
                "OperatorNotSpecified",
                "An operator is required to compare the two specified values. Include a valid operator in the command, and then try the command again. For example, Get-Process | Where-Object -Property Name -eq Idle",
            ),
            _ => return Ok(()),
        };
        vm.raise(wrong)
    }

    fn compare(&self, vm: &mut Vm, input: &Value) -> R<bool> {
        let Some(property) = &self.property else {
            return Ok(false);
        };
        self.check(vm)?;
        let Some(left) = self.left(vm, input, property)? else {
            return Ok(false);
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

    /// The value of the property; nothing when an error was written instead.
    fn left(&self, vm: &mut Vm, input: &Value, property: &Rc<str>) -> R<Option<Value>> {
        let strict = vm.strict_mode() >= 20;
        if input.is_null() {
            if strict {
                vm.write_fault(missing_input())?;
                return Ok(None);
            }
            return Ok(Some(Value::Null));
        }
        if let Value::Dict(table) = input.base()
            && let Some(value) = table.get_str(property)
        {
            return Ok(Some(value));
        }
        let pattern = WildcardPattern::contains_wildcards(property);
        let found = match pattern {
            false => vm.get_member(input, property),
            true => match matching_members(vm, input, property, false)?.as_slice() {
                [] => Ok(None),
                [one] => vm.get_member(input, one),
                several => {
                    vm.write_fault(
                        named_error(
                            "Property",
                            "AmbiguousPropertyName",
                            &format!(
                                "Input name \"{property}\" is ambiguous. It can be resolved to multiple matched members. Possible matches include: {}.",
                                several.join(" ")
                            ),
                        )
                        .target(input.clone()),
                    )?;
                    return Ok(None);
                }
            },
        };
        match found {
            Ok(Some(value)) => Ok(Some(value)),
            Ok(None) if strict => {
                vm.write_fault(
                    named_error(
                        "Property",
                        "PropertyNotFound",
                        &format!("The input name \"{property}\" cannot be resolved to a property."),
                    )
                    .target(input.clone()),
                )?;
                Ok(None)
            }
            Ok(None) => Ok(Some(Value::Null)),
            Err(unwind) => match *unwind {
                // A property that throws has no value.
                Unwind::Error(_) => Ok(Some(Value::Null)),
                other => Err(Box::new(other)),
            },
        }
    }
}
