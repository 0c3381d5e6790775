//! Asking a person: missing parameters and confirmations.

use super::error::{Category, Fault, R};
use super::parameter::Parameter;
use super::value::Value;
use super::vm::Vm;
use crate::bind::BindSite;
use crate::host::ConsoleStream;
use std::rc::Rc;

/// Asks for the values of missing mandatory parameters, one line each.
pub fn ask_parameters(vm: &mut Vm, site: &BindSite, missing: &[Rc<Parameter>]) -> R<Vec<Value>> {
    let name = site.command.name();
    let text = format!(
        "\ncmdlet {name} at command pipeline position 1\nSupply values for the following parameters:\n"
    );
    vm.host.write(ConsoleStream::Output, &text);
    let mut answers = Vec::with_capacity(missing.len());
    for parameter in missing {
        vm.host
            .write(ConsoleStream::Output, &format!("{}: ", parameter.name));
        vm.host.flush();
        match vm.host.read_line() {
            Ok(Some(line)) => answers.push(Value::str(line)),
            _ => {
                return vm.raise(Fault::of(
                    "System.Management.Automation.Host.PromptingException",
                    "PromptingException",
                    Category::ResourceUnavailable,
                    "The input ended before an answer was given.",
                ));
            }
        }
    }
    Ok(answers)
}
