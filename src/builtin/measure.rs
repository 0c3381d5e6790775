//! Measure-Object.

use super::property_expression::{self, PropertyExpression};
use crate::cmdlet::registry::Factory;
use crate::format::property_table::TableOf;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::types::known;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Measure-Object", || Box::<MeasureObject>::default())];

#[derive(Default)]
struct Statistics {
    name: Rc<str>,
    count: i32,
    sum: f64,
    sum_before: f64,
    variance: f64,
    minimum: Value,
    maximum: Value,
    lines: i32,
    words: i32,
    characters: i32,
}

#[derive(Default)]
struct MeasureObject {
    properties: Vec<PropertyExpression>,
    statistics: Vec<Statistics>,
    seen: usize,
    not_numeric: bool,
}

struct Wanted {
    text: bool,
    sum: bool,
    average: bool,
    deviation: bool,
    minimum: bool,
    maximum: bool,
}

impl Wanted {
    fn of(call: &Call) -> Wanted {
        let all = call.switch("AllStats");
        Wanted {
            text: &**call.set_name.borrow() == "TextMeasure",
            sum: all || call.switch("Sum"),
            average: all || call.switch("Average"),
            deviation: all || call.switch("StandardDeviation"),
            minimum: all || call.switch("Minimum"),
            maximum: all || call.switch("Maximum"),
        }
    }
}

impl Cmdlet for MeasureObject {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.properties = property_expression::parse(vm, &call.items("Property"), TableOf::Group)?;
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(object) = call.get("InputObject") else {
            return Ok(());
        };
        if object.is_null() {
            return Ok(());
        }
        self.seen += 1;
        if self.properties.is_empty() {
            return self.analyze(vm, call, "", &object);
        }
        for property in self.properties.clone() {
            let found = property.values(vm, &object)?;
            if found.is_empty() && !property.has_wildcards() {
                self.entry(&property.text());
            }
            for value in found {
                match value.value {
                    Ok(item) => self.analyze(vm, call, &value.name, &item)?,
                    Err(record) => {
                        let fault = Fault::of(
                            "System.Management.Automation.PSArgumentException",
                            "MeasureExpressionError",
                            Category::InvalidArgument,
                            record.message(),
                        );
                        vm.write_fault(fault)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let by_property = !self.properties.is_empty();
        if self.seen == 0 && !by_property {
            self.entry("");
        }
        let wanted = Wanted::of(call);
        for statistics in std::mem::take(&mut self.statistics) {
            if statistics.count == 0 && by_property {
                if vm.strict_mode() >= 20 {
                    let id = if wanted.text {
                        "TextMeasurePropertyNotFound"
                    } else {
                        "GenericMeasurePropertyNotFound"
                    };
                    let name = &statistics.name;
                    vm.write_fault(Fault::of(
                        "System.Management.Automation.PSArgumentException",
                        id,
                        Category::InvalidArgument,
                        format!(
                            "The property \"{name}\" cannot be found in the input for any objects."
                        ),
                    ))?;
                }
                continue;
            }
            let property = if by_property {
                Value::str(&*statistics.name)
            } else {
                Value::Null
            };
            let made = if wanted.text {
                text_info(call, &statistics, property)
            } else {
                self.generic_info(vm, &wanted, statistics, property)
            };
            vm.write(made)?;
        }
        Ok(())
    }
}

impl MeasureObject {
    fn entry(&mut self, name: &str) -> usize {
        match self
            .statistics
            .iter()
            .position(|s| s.name.eq_ignore_ascii_case(name))
        {
            Some(at) => at,
            None => {
                self.statistics.push(Statistics {
                    name: name.into(),
                    ..Statistics::default()
                });
                self.statistics.len() - 1
            }
        }
    }

    fn analyze(&mut self, vm: &mut Vm, call: &Call, name: &str, value: &Value) -> R<()> {
        let wanted = Wanted::of(call);
        let at = self.entry(name);
        self.statistics[at].count += 1;
        if wanted.text {
            let text = vm.to_text(value)?;
            return {
                measure_text(
                    &mut self.statistics[at],
                    &text,
                    call.switch("IgnoreWhiteSpace"),
                );
                Ok(())
            };
        }
        if wanted.sum || wanted.average || wanted.deviation {
            let number = match value.base() {
                Value::Custom(_) | Value::Bool(_) => None,
                Value::Null | Value::Nothing => Some(0.0),
                other => vm
                    .convert_or_none(other, &known::double())?
                    .and_then(|v| match v {
                        Value::Double(n) => Some(n),
                        _ => None,
                    }),
            };
            let number = match value.base() {
                Value::Bool(b) => Some(f64::from(u8::from(*b))),
                _ => number,
            };
            match number {
                Some(number) => {
                    let statistics = &mut self.statistics[at];
                    statistics.sum_before = statistics.sum;
                    statistics.sum += number;
                    if statistics.count > 1 {
                        let count = f64::from(statistics.count);
                        let before = statistics.sum_before / (count - 1.0);
                        statistics.variance *= (count - 2.0) / (count - 1.0);
                        statistics.variance += (number - before) * (number - before) / count;
                    }
                }
                None => {
                    self.not_numeric = true;
                    let shown = vm.to_text(value)?;
                    vm.write_fault(
                        Fault::of(
                            "System.Management.Automation.PSInvalidOperationException",
                            "NonNumericInputObject",
                            Category::InvalidType,
                            format!("Input object \"{shown}\" is not numeric."),
                        )
                        .target(value.clone()),
                    )?;
                }
            }
        }
        if wanted.maximum {
            let old = self.statistics[at].maximum.clone();
            if replaces(vm, &old, value, Ordering::Less)? {
                self.statistics[at].maximum = value.clone();
            }
        }
        if wanted.minimum {
            let old = self.statistics[at].minimum.clone();
            if replaces(vm, &old, value, Ordering::Greater)? {
                self.statistics[at].minimum = value.clone();
            }
        }
        Ok(())
    }

    fn generic_info(
        &self,
        vm: &mut Vm,
        wanted: &Wanted,
        statistics: Statistics,
        property: Value,
    ) -> Value {
        let number = |vm: &mut Vm, value: &Value| match value {
            Value::Null | Value::Nothing => Some(Value::Null),
            other => vm.try_convert(other, &known::double()),
        };
        let maximum = number(vm, &statistics.maximum);
        let minimum = number(vm, &statistics.minimum);
        let (type_name, maximum, minimum) = match (maximum, minimum) {
            (Some(maximum), Some(minimum)) => (
                "Microsoft.PowerShell.Commands.GenericMeasureInfo",
                maximum,
                minimum,
            ),
            _ => (
                "Microsoft.PowerShell.Commands.GenericObjectMeasureInfo",
                statistics.maximum,
                statistics.minimum,
            ),
        };
        let usable = !self.not_numeric;
        let some = |wanted: bool, value: f64| {
            if wanted && usable {
                Value::Double(value)
            } else {
                Value::Null
            }
        };
        let count = f64::from(statistics.count);
        PlainObject::new(
            type_name,
            vec![
                ("Count", Value::Int(statistics.count)),
                (
                    "Average",
                    some(
                        wanted.average && statistics.count > 0,
                        statistics.sum / count,
                    ),
                ),
                ("Sum", some(wanted.sum, statistics.sum)),
                ("Maximum", maximum),
                ("Minimum", minimum),
                (
                    "StandardDeviation",
                    some(wanted.deviation, statistics.variance.sqrt()),
                ),
                ("Property", property),
            ],
        )
        .value()
    }
}

/// Whether a value takes the place of the extreme found so far.
fn replaces(vm: &mut Vm, old: &Value, new: &Value, order: Ordering) -> R<bool> {
    let number = |vm: &mut Vm, value: &Value| match value {
        Value::Null | Value::Nothing => Value::Null,
        other => vm
            .try_convert(other, &known::double())
            .unwrap_or_else(|| other.clone()),
    };
    let (old, new) = (number(vm, old), number(vm, new));
    if old.is_null() {
        return Ok(true);
    }
    if !new.is_null() && vm.type_of(old.base()) != vm.type_of(new.base()) {
        let (a, b) = (vm.to_text(&old)?, vm.to_text(&new)?);
        return Ok(crate::runtime::collation::compare(&a, &b, true) == order);
    }
    Ok(vm.sort_compare(&old, &new, true) == order)
}

fn measure_text(statistics: &mut Statistics, text: &str, skip_blanks: bool) {
    let breaks = text.matches('\n').count();
    let last = usize::from(!text.is_empty() && !text.ends_with('\n'));
    let units = text
        .chars()
        .filter(|c| !skip_blanks || !c.is_whitespace())
        .map(char::len_utf16)
        .sum::<usize>();
    let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    statistics.lines = statistics.lines.saturating_add(number(breaks + last));
    statistics.words = statistics
        .words
        .saturating_add(number(text.split_whitespace().count()));
    statistics.characters = statistics.characters.saturating_add(number(units));
}

fn text_info(call: &Call, statistics: &Statistics, property: Value) -> Value {
    let some = |name: &str, value: i32| {
        if call.switch(name) {
            Value::Int(value)
        } else {
            Value::Null
        }
    };
    PlainObject::new(
        "Microsoft.PowerShell.Commands.TextMeasureInfo",
        vec![
            ("Lines", some("Line", statistics.lines)),
            ("Words", some("Word", statistics.words)),
            ("Characters", some("Character", statistics.characters)),
            ("Property", property),
        ],
    )
    .value()
}
