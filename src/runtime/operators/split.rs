//! `-split`

use crate::host::discard::Long;
use crate::host::long_work::LongWork;
use crate::runtime::collection::Array;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::pattern::regex::escape;
use crate::runtime::pattern::{Regex, RegexOptions};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::collections::list::list_of;
use crate::runtime::types::text::regex::{parse_fault, timeout_fault};
use crate::runtime::types::{find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

const SIMPLE_MATCH: i64 = 1;
const IGNORE_CASE: i64 = 0x40;

/// The options of `-split` with the option of regular expressions each stands for.
const OPTIONS: [(i64, RegexOptions); 6] = [
    (4, RegexOptions::CULTURE_INVARIANT),
    (8, RegexOptions::IGNORE_PATTERN_WHITESPACE),
    (0x10, RegexOptions::MULTILINE),
    (0x20, RegexOptions::SINGLELINE),
    (IGNORE_CASE, RegexOptions::IGNORE_CASE),
    (0x80, RegexOptions::EXPLICIT_CAPTURE),
];

impl Vm {
    pub(super) fn split(&mut self, left: &Value, right: &Value, ignore_case: bool) -> R<Value> {
        let operands = match self.operand_items(right)? {
            Some(items) => items,
            None => vec![right.clone()],
        };
        if operands.is_empty() {
            let shown = self.type_of(right.base()).reflection_text();
            let message = format!("Bad argument to operator '-split': {shown}.");
            return self.raise(Fault::new("BadOperatorArgument", message).target(right.clone()));
        }
        let limit = match operands.get(1) {
            Some(limit) => match self.cast(limit, &known::int()) {
                Ok(Value::Int(limit)) => limit,
                Ok(_) => 0,
                Err(failure) => return self.raise_plain_failure(failure),
            },
            None => 0,
        };
        // Options that are null or an empty text are none at all: not even `-split`
        // ignores case with them.
        let given = operands.get(2);
        let blank = given.is_some_and(|g| {
            g.is_null() || matches!(g.base(), Value::Str(text) if text.is_empty())
        });
        let options = match given {
            Some(options) if !blank => Some(self.split_options(options)?),
            _ => None,
        };
        let ignore_case = ignore_case && !blank;
        let texts = self.split_texts(left)?;
        let separator = operands.first().cloned().unwrap_or_default();
        let mut parts = Vec::new();
        if let Value::Block(predicate) = separator.base() {
            if options.is_some() {
                return self.raise(split_fault(
                    "InvalidSplitOptionWithPredicate",
                    "The Options cannot be used with a script block.",
                ));
            }
            if limit.abs() == 1 {
                // The original hands back the list it collected the texts in.
                let whole = texts.into_iter().map(Value::str).collect();
                return Ok(list_of(&known::string(), whole));
            }
            for text in &texts {
                self.check_interrupt()?;
                self.split_by_block(text, predicate, limit, &mut parts)?;
            }
            return Ok(Value::Array(Rc::new(strings(parts))));
        }
        let options = options.unwrap_or_default();
        let simple = options & SIMPLE_MATCH != 0;
        if simple && options & !(SIMPLE_MATCH | IGNORE_CASE) != 0 {
            return self.raise(split_fault(
                "InvalidSplitOptionCombination",
                "The specified split options are not valid. The SimpleMatch option cannot be combined with options other than IgnoreCase.",
            ));
        }
        let mut pattern = self.to_written_text(&separator)?;
        if simple {
            pattern = escape(&pattern);
        }
        let mut regex_options = OPTIONS
            .iter()
            .filter(|(bit, _)| options & bit != 0)
            .fold(RegexOptions::NONE, |all, (_, option)| all.with(*option));
        if ignore_case {
            regex_options = regex_options.with(RegexOptions::IGNORE_CASE);
        }
        if limit < 0 {
            regex_options = regex_options.with(RegexOptions::RIGHT_TO_LEFT);
        }
        let regex = match Regex::cached(&pattern, regex_options) {
            Ok(regex) => regex,
            Err(error) => return self.raise(parse_fault(&error)),
        };
        let count = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX);
        let count = (count > 0).then_some(count);
        let mut values = Vec::new();
        for text in &texts {
            self.check_interrupt()?;
            let start = regex.default_start(text);
            match regex.split_into(text, count, start, |part| Value::str(&*part)) {
                Ok(found) if values.is_empty() => values = found,
                Ok(found) => values.extend(found),
                Err(timeout) => return self.raise(timeout_fault(timeout)),
            }
        }
        let array = Array::typed(known::string(), values);
        Ok(Value::Array(Rc::new(array)))
    }

    /// Unary `-split`: at runs of blanks, none at the ends.
    pub(super) fn split_blanks(&mut self, value: &Value) -> R<Value> {
        let mut parts = Vec::new();
        for text in self.split_texts(value)? {
            self.check_interrupt()?;
            let before = parts.len();
            parts.extend(text.split_whitespace().map(str::to_string));
            if parts.len() == before {
                parts.push(String::new());
            }
        }
        Ok(Value::Array(Rc::new(strings(parts))))
    }

    fn split_texts(&mut self, value: &Value) -> R<Vec<String>> {
        let items = match self.operand_items(value)? {
            Some(items) => items,
            None => vec![value.clone()],
        };
        items
            .iter()
            .map(|item| {
                self.check_interrupt()?;
                self.to_written_text(item)
            })
            .collect()
    }

    fn split_options(&mut self, value: &Value) -> R<i64> {
        let Some(type_ref) = find_full("System.Management.Automation.SplitOptions") else {
            return Ok(0);
        };
        match self.cast(value, &type_ref) {
            Ok(Value::Enum(options)) => Ok(options.bits),
            Ok(_) => Ok(0),
            Err(failure) => self.raise_plain_failure(failure),
        }
    }

    fn split_by_block(
        &mut self,
        text: &str,
        predicate: &Rc<ScriptBlock>,
        limit: i32,
        parts: &mut Vec<String>,
    ) -> R<()> {
        let backwards = limit < 0;
        let most = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX);
        let chars: Vec<char> = text.chars().collect();
        let mut found: Vec<String> = Vec::new();
        let mut run = String::new();
        let mut at = 0;
        while at < chars.len() {
            if most > 0 && found.len() + 1 >= most {
                break;
            }
            let place = if backwards { chars.len() - 1 - at } else { at };
            let Some(&c) = chars.get(place) else { break };
            let output = self.call_block_with(
                predicate,
                BlockCall {
                    item: Some(Value::str(c.to_string())),
                    arguments: vec![
                        Value::str(text),
                        Value::Int(i32::try_from(place).unwrap_or(i32::MAX)),
                    ],
                    ..BlockCall::default()
                },
            )?;
            at += 1;
            if self.to_bool(&Vm::captured(output)) {
                found.push(std::mem::take(&mut run));
            } else {
                run.push(c);
            }
        }
        for i in at..chars.len() {
            let place = if backwards { chars.len() - 1 - i } else { i };
            run.extend(chars.get(place));
        }
        found.push(run);
        if backwards {
            found.reverse();
            for part in &mut found {
                *part = part.chars().rev().collect();
            }
        }
        parts.extend(found);
        Ok(())
    }
}

fn strings(parts: Vec<String>) -> Array {
    Array::typed(
        known::string(),
        Long::from(parts)
            .into_iter()
            .until_interrupted()
            .map(Value::str)
            .collect(),
    )
}

fn split_fault(id: &str, message: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ParseException",
        id,
        Category::ParserError,
        message,
    )
}
