//! `$PSDefaultParameterValues`.

use super::Binding;
use crate::runtime::collection::Dictionary;
use crate::runtime::error::{R, Unwind};
use crate::runtime::parameter::Parameter;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Binding {
    /// Binds the values that the session says for this command's parameters.
    pub(crate) fn default_parameter_values(&mut self, vm: &mut Vm) -> R<()> {
        let Some(value) = vm.variable("PSDefaultParameterValues") else {
            return Ok(());
        };
        let table = match value.base() {
            Value::Dict(table) => table,
            Value::Null | Value::Nothing => return Ok(()),
            _ => {
                return vm.write_warning("The automatic variable $PSDefaultParameterValues was ignored because it is not a valid hashtable object. It must be of the type IDictionary.");
            }
        };
        if table.is_empty() || table.get_str("Disabled").is_some_and(|v| vm.to_bool(&v)) {
            return Ok(());
        }
        for (parameter, value) in self.defaults_of(vm, table)? {
            if self.is_bound(&parameter) || parameter.sets() & self.sets == 0 {
                continue;
            }
            self.bind_default(vm, &parameter, value)?;
        }
        Ok(())
    }

    /// The parameters that the table names for this command, each with its value. What is wrong with
    /// the table is a warning.
    fn defaults_of(&self, vm: &mut Vm, table: &Dictionary) -> R<Vec<(Rc<Parameter>, Value)>> {
        let command = self.site.command.name();
        let mut found: Vec<(Rc<Parameter>, Value)> = Vec::new();
        let mut ignored: Vec<Rc<Parameter>> = Vec::new();
        let mut malformed = Vec::new();
        for (key, value) in table.pairs() {
            let text = vm.to_text(&key)?;
            let Some((pattern, name)) = split_key(&text) else {
                if !text.trim().eq_ignore_ascii_case("Disabled") {
                    malformed.push((key, text));
                }
                continue;
            };
            if !matches(pattern, &command) {
                continue;
            }
            let fits = |p: &&Rc<Parameter>| {
                matches(name, &p.name) || p.aliases.iter().any(|a| matches(name, a))
            };
            let matching: Vec<_> = self.surface.parameters.iter().filter(fits).collect();
            match matching.as_slice() {
                [] => {}
                [parameter] => match found.iter().find(|(p, _)| Rc::ptr_eq(p, parameter)) {
                    None => found.push(((*parameter).clone(), value)),
                    Some((_, other)) if vm.equals(other, &value, false)? => {}
                    Some(_) => {
                        vm.write_warning(&format!("Multiple different default values are defined in $PSDefaultParameterValues for the parameter matching the following name or alias: {name}. These defaults have been ignored."))?;
                        ignored.push((*parameter).clone());
                    }
                },
                _ => vm.write_warning(&format!("The following name or alias defined in $PSDefaultParameterValues for this cmdlet resolves to multiple parameters: {name}. The default has been ignored."))?,
            }
        }
        if let Some((_, first)) = malformed.first() {
            let about = "For information about the correct format, see about_Parameters_Default_Values at https://go.microsoft.com/fwlink/?LinkId=228266.";
            let message = match malformed.len() {
                1 => format!("The key '{first}' does not have a valid format. {about}"),
                _ => {
                    let keys: Vec<&str> = malformed.iter().map(|(_, text)| &**text).collect();
                    let keys = keys.join(", ");
                    format!("The keys '{keys}' do not have valid formats. {about}")
                }
            };
            // They are told once, and gone then.
            for (key, _) in &malformed {
                table.remove(key);
            }
            vm.write_warning(&message)?;
        }
        found.retain(|(p, _)| !ignored.iter().any(|i| Rc::ptr_eq(i, p)));
        Ok(found)
    }

    fn bind_default(&mut self, vm: &mut Vm, parameter: &Rc<Parameter>, value: Value) -> R<()> {
        let value = match value.base() {
            Value::Block(block) => match Vm::captured(vm.call_block(block, Vec::new())?) {
                Value::Nothing => return Ok(()),
                value => value,
            },
            _ => value,
        };
        let span = self.site.extent.span;
        let (values, sets) = (self.values.clone(), self.sets);
        let failed = match self.bind_value(vm, parameter, value.clone(), span) {
            Ok(()) => None,
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => Some(thrown.record.exception_message()),
                other => return Err(Box::new(other)),
            },
        };
        if failed.is_some() || self.sets & self.surface.all_sets() == 0 {
            self.values = values;
            self.sets = sets;
        }
        let Some(why) = failed else {
            return Ok(());
        };
        let shown = match value.is_null() {
            true => "null".to_owned(),
            false => vm.to_text(&value)?,
        };
        vm.write_warning(&format!(
            "The binding of default value '{shown}' to parameter '{}' failed: {why}",
            parameter.name
        ))
    }
}

fn split_key(key: &str) -> Option<(&str, &str)> {
    let (command, parameter) = key.split_once(':')?;
    let command = command.trim().trim_matches(['"', '\'']);
    let parameter = parameter.trim().trim_matches(['"', '\'']);
    (!command.is_empty() && !parameter.is_empty()).then_some((command, parameter))
}

fn matches(pattern: &str, text: &str) -> bool {
    WildcardPattern::new(pattern, true).is_ok_and(|p| p.is_match(text))
}
