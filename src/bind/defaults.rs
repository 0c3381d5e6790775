//! `$PSDefaultParameterValues`.

use super::Binding;
use crate::runtime::error::R;
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
        let Value::Dict(table) = value.base() else {
            return Ok(());
        };
        if table.is_empty() || table.get_str("Disabled").is_some_and(|v| vm.to_bool(&v)) {
            return Ok(());
        }
        let command = self.site.command.name();
        for (key, value) in table.pairs() {
            let text = vm.to_text(&key)?;
            let Some((pattern, parameter)) = split_key(&text) else {
                continue;
            };
            if !matches(pattern, &command) {
                continue;
            }
            let matching: Vec<Rc<crate::runtime::parameter::Parameter>> = self
                .surface
                .parameters
                .iter()
                .filter(|p| {
                    matches(parameter, &p.name) || p.aliases.iter().any(|a| matches(parameter, a))
                })
                .cloned()
                .collect();
            let [parameter] = matching.as_slice() else {
                continue;
            };
            if self.is_bound(parameter) || parameter.sets() & self.sets == 0 {
                continue;
            }
            let value = match value.base() {
                Value::Block(block) => Vm::captured(vm.call_block(block, Vec::new())?),
                _ => value.clone(),
            };
            let span = self.site.extent.span;
            let (values, sets) = (self.values.clone(), self.sets);
            if self.bind_value(vm, parameter, value, span).is_err()
                || self.sets & self.surface.all_sets() == 0
            {
                self.values = values;
                self.sets = sets;
            }
        }
        Ok(())
    }
}

fn split_key(key: &str) -> Option<(&str, &str)> {
    let (command, parameter) = key.split_once(':')?;
    let strip = |t: &'_ str| -> (usize, usize) {
        let trimmed = t.trim();
        let unquoted = trimmed.trim_matches(['"', '\'']);
        let start = unquoted.as_ptr() as usize - t.as_ptr() as usize;
        (start, start + unquoted.len())
    };
    let (a, b) = (strip(command), strip(parameter));
    Some((&command[a.0..a.1], &parameter[b.0..b.1]))
}

fn matches(pattern: &str, text: &str) -> bool {
    WildcardPattern::new(pattern, true).is_ok_and(|p| p.is_match(text))
}
