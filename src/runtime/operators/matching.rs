//! `-like` and `-match`.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::pattern::regex::Match;
use crate::runtime::pattern::{Regex, RegexOptions, WildcardPattern};
use crate::runtime::types::text::regex::{parse_fault, timeout_fault};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    pub(super) fn like(
        &mut self,
        left: &Value,
        right: &Value,
        ignore_case: bool,
        negate: bool,
    ) -> R<Value> {
        let text = self.to_written_text(right)?;
        let pattern = self.wildcard(&text, ignore_case)?;
        let Some(items) = self.operand_items(left)? else {
            return Ok(Value::Bool(match left.base() {
                Value::Str(text) => pattern.is_match(text) != negate,
                _ => pattern.is_match(&self.to_written_text(left)?) != negate,
            }));
        };
        let mut kept = Vec::new();
        for item in &items {
            self.check_interrupt()?;
            let text = self.to_str(item)?;
            if pattern.is_match(&text) != negate {
                kept.push(Value::Str(text));
            }
        }
        Ok(Value::array(kept))
    }

    /// A wildcard pattern, with the error of the language when it does not read.
    pub fn wildcard(&mut self, text: &str, ignore_case: bool) -> R<Rc<WildcardPattern>> {
        match WildcardPattern::cached(text, ignore_case) {
            Ok(pattern) => Ok(pattern),
            Err(error) => {
                let message = error.to_string();
                let exception = Exception::of(
                    "System.Management.Automation.WildcardPatternException",
                    message,
                );
                let mut fault = Fault::new("RuntimeException", "").category(Category::NotSpecified);
                fault.exception = exception;
                self.raise(fault)
            }
        }
    }

    pub(super) fn matching(
        &mut self,
        left: &Value,
        right: &Value,
        ignore_case: bool,
        negate: bool,
    ) -> R<Value> {
        let regex = self.regex_operand(right, ignore_case)?;
        let Some(items) = self.operand_items(left)? else {
            let text = self.to_written_text(left)?;
            let found = match regex.find(&text) {
                Ok(found) => found,
                Err(timeout) => return self.raise(timeout_fault(timeout)),
            };
            let matched = found.is_some();
            if let Some(found) = found {
                let table = matches_table(&regex, &found, &text);
                self.set_variable("Matches", table)?;
            }
            return Ok(Value::Bool(matched != negate));
        };
        let mut kept = Vec::new();
        for item in items {
            self.check_interrupt()?;
            let text = self.to_str(&item)?;
            match regex.is_match(&text) {
                Ok(matched) if matched != negate => kept.push(item),
                Ok(_) => {}
                Err(timeout) => return self.raise(timeout_fault(timeout)),
            }
        }
        Ok(Value::array(kept))
    }

    /// The regular expression an operand means: a Regex object itself, anything else by its text.
    fn regex_operand(&mut self, operand: &Value, ignore_case: bool) -> R<Regex> {
        if let Some(regex) = operand.as_native::<Regex>() {
            return Ok(regex.clone());
        }
        let text = self.to_written_text(operand)?;
        let options = if ignore_case {
            RegexOptions::IGNORE_CASE
        } else {
            RegexOptions::NONE
        };
        match Regex::cached(&text, options) {
            Ok(regex) => Ok(regex),
            Err(error) => self.raise(parse_fault(&error)),
        }
    }

    /// A regular expression with the bits of RegexOptions.
    pub(crate) fn regex_with(&mut self, pattern: &str, options: i64) -> R<Regex> {
        let options = u32::try_from(options)
            .ok()
            .and_then(RegexOptions::from_bits)
            .unwrap_or(RegexOptions::NONE);
        match Regex::cached(pattern, options) {
            Ok(regex) => Ok(regex),
            Err(error) => self.raise(parse_fault(&error)),
        }
    }
}

/// `$Matches`: the groups that took part, by number or name.
fn matches_table(regex: &Regex, found: &Match, text: &str) -> Value {
    let table = Dictionary::hashtable();
    let named = regex.group_names().iter().zip(regex.group_numbers());
    for ((name, number), group) in named.zip(found.groups()) {
        if !group.success() {
            continue;
        }
        let key = match name.parse::<i32>() {
            Ok(_) => Value::Int(i32::try_from(*number).unwrap_or(i32::MAX)),
            Err(_) => Value::str(name.as_str()),
        };
        table.set(key, Value::str(group.value(text)));
    }
    Value::Dict(Rc::new(table))
}
