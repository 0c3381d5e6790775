//! Asking for mandatory parameters that have no argument.

use super::BindSite;
use crate::runtime::error::{R, Unwind, exception_type, inner_exception};
use crate::runtime::parameter::Parameter;
use crate::runtime::prompt::no_answer;
use crate::runtime::types::automation::secure_string::SecureString;
use crate::runtime::types::{TypeCode, TypeRef};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Asks for the values of missing mandatory parameters: one line each, of
/// collections one line an item and an empty one at the end.
pub fn ask_parameters(vm: &mut Vm, site: &BindSite, missing: &[Rc<Parameter>]) -> R<Vec<Value>> {
    let name = site.command.name();
    vm.tell(&format!(
        "\ncmdlet {name} at command pipeline position 1\nSupply values for the following parameters:\n"
    ));
    if missing.iter().any(|p| p.help_message.is_some()) {
        vm.tell("(Type !? for Help.)\n");
    }
    let mut answers = Vec::with_capacity(missing.len());
    for parameter in missing {
        let is_secret = parameter.type_ref.definition_name() == "System.Security.SecureString";
        let answer = match parameter.type_ref.element() {
            None if is_secret => {
                vm.tell(&format!("{}: ", parameter.name));
                SecureString::value(vm.hear_secret()?.unwrap_or_default())
            }
            None => ask_typed(vm, parameter, &parameter.name, &parameter.type_ref)?,
            Some(element) => {
                let mut items = Vec::new();
                loop {
                    let label = format!("{}[{}]", parameter.name, items.len());
                    let item = ask_typed(vm, parameter, &label, element)?;
                    if item.as_str().is_some_and(str::is_empty) {
                        break Value::array(items);
                    }
                    items.push(item);
                }
            }
        };
        answers.push(answer);
    }
    Ok(answers)
}

/// A value of a type: what does not read as one is asked for again, what no text can become
/// is left to the binder.
fn ask_typed(vm: &mut Vm, parameter: &Parameter, label: &str, wanted: &TypeRef) -> R<Value> {
    loop {
        let text = ask_value(vm, parameter, label)?;
        let value = Value::str(text.as_str());
        let readable = matches!(wanted.code, TypeCode::Switch | TypeCode::Object);
        if readable || text.is_empty() {
            return Ok(value);
        }
        match vm.convert(&value, wanted) {
            Ok(converted) => return Ok(converted),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => match mistake(&thrown.record.exception) {
                    Some(why) => vm.tell(&format!(
                        "Cannot recognize \"{text}\" as a {} due to {why} error.\n",
                        wanted.display_full()
                    )),
                    None => return Ok(value),
                },
                other => return Err(Box::new(other)),
            },
        }
    }
}

/// What was wrong with a text, of the kinds that asking again may mend.
fn mistake(exception: &Value) -> Option<&'static str> {
    let mut at = Some(exception.clone());
    while let Some(current) = at {
        match &*exception_type(&current).full_name {
            "System.FormatException" => return Some("a format"),
            "System.OverflowException" => return Some("an overflow"),
            _ => at = inner_exception(&current),
        }
    }
    None
}

fn ask_value(vm: &mut Vm, parameter: &Parameter, label: &str) -> R<String> {
    loop {
        vm.tell(&format!("{label}: "));
        let Some(line) = vm.hear()? else {
            return vm.raise(no_answer());
        };
        if line != "!?" {
            return Ok(line);
        }
        match &parameter.help_message {
            Some(help) => vm.tell(&format!("{help}\n")),
            None => vm.tell(&format!("No help is available for {label}.\n")),
        }
    }
}
