//! Asking for mandatory parameters that have no argument.

use super::BindSite;
use crate::runtime::command::Command;
use crate::runtime::error::{R, Unwind, exception_type, inner_exception};
use crate::runtime::parameter::Parameter;
use crate::runtime::prompt::{Answer, Field};
use crate::runtime::types::automation::secure_string::SecureString;
use crate::runtime::types::{TypeCode, TypeRef};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Asks for the values of missing mandatory parameters: one line each, of
/// collections one line an item and an empty one at the end. None when the input ended.
pub fn ask_parameters(
    vm: &mut Vm,
    site: &BindSite,
    missing: &[Rc<Parameter>],
) -> R<Option<Vec<Value>>> {
    let name = match &site.command {
        Command::Block(_) => "".into(),
        command => command.name(),
    };
    vm.tell(&format!(
        "\ncmdlet {name} at command pipeline position {}\nSupply values for the following parameters:\n",
        site.position
    ));
    if missing.iter().any(|p| p.help_message.is_some()) {
        vm.tell("(Type !? for Help.)\n");
    }
    let mut answers = Vec::with_capacity(missing.len());
    for parameter in missing {
        let mut field = Field {
            label: &parameter.name,
            name: &parameter.name,
            help: parameter.help_message.as_deref(),
            is_list: false,
        };
        let kind = parameter.type_ref.definition_name();
        let answer = match parameter.type_ref.element() {
            None if *kind == *"System.Security.SecureString" => {
                vm.tell(&format!("{}: ", parameter.name));
                vm.hear_secret()?.map(SecureString::value)
            }
            None if *kind == *"System.Management.Automation.PSCredential" => {
                vm.tell(&format!("{}\n", parameter.name));
                let credential = vm.read_credential(None)?;
                (!credential.is_null()).then_some(credential)
            }
            None => ask_typed(vm, &field, &parameter.type_ref)?.map(Option::unwrap_or_default),
            Some(element) => {
                field.is_list = true;
                let mut items = Vec::new();
                loop {
                    let label = format!("{}[{}]", parameter.name, items.len());
                    let item = Field {
                        label: &label,
                        ..field
                    };
                    match ask_typed(vm, &item, element)? {
                        None => break None,
                        Some(None) => break Some(Value::array(items)),
                        Some(Some(item)) => items.push(item),
                    }
                }
            }
        };
        match answer {
            Some(answer) => answers.push(answer),
            None => return Ok(None),
        }
    }
    Ok(Some(answers))
}

/// A value of a type: what does not read as one is asked for again, what no text can become
/// is left to the binder. None at the end of the input, within it none at the end of a list.
fn ask_typed(vm: &mut Vm, field: &Field, wanted: &TypeRef) -> R<Option<Option<Value>>> {
    loop {
        let value = match vm.ask_field(field)? {
            Answer::Cancelled => return Ok(None),
            Answer::EndOfList => return Ok(Some(None)),
            Answer::Text(text) => Value::str(text),
            Answer::Null => Value::Null,
        };
        if matches!(wanted.code, TypeCode::Switch | TypeCode::Object) {
            return Ok(Some(Some(value)));
        }
        match vm.convert(&value, wanted) {
            Ok(converted) => return Ok(Some(Some(converted))),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => match mistake(&thrown.record.exception) {
                    Some(_) if value.as_str().is_none_or(str::is_empty) => {}
                    Some(why) => {
                        let text = vm.to_text(&value)?;
                        vm.tell(&format!(
                            "Cannot recognize \"{text}\" as a {} due to {why} error.\n",
                            wanted.display_full()
                        ));
                    }
                    None => return Ok(Some(Some(value))),
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
