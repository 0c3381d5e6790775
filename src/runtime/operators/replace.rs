//! `-replace`

use crate::runtime::error::{Exception, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::member::method::Method;
use crate::runtime::pattern::{Regex, RegexOptions};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::find_full;
use crate::runtime::types::reflection::delegate::Delegate;
use crate::runtime::types::text::regex::{Stopped, match_value, timeout_fault};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::Case;
use std::rc::Rc;

/// What stands in for a match.
enum Substitute {
    Text(String),
    Block(Rc<ScriptBlock>),
    Delegate(Value),
}

impl Vm {
    pub(super) fn replace(&mut self, left: &Value, right: &Value, case: Case) -> R<Value> {
        let ignore_case = case != Case::Sensitive;
        let operands = match self.operand_items(right)? {
            Some(items) => items,
            None => vec![right.clone()],
        };
        if operands.len() > 2 {
            let written = match case {
                Case::Default => "-replace",
                Case::Insensitive => "-ireplace",
                Case::Sensitive => "-creplace",
            };
            return self.raise(
                Fault::new(
                    "BadReplaceArgument",
                    format!(
                        "The {written} operator allows only two elements to follow it, not {}.",
                        operands.len()
                    ),
                )
                .target(right.clone()),
            );
        }
        let pattern = operands.first().cloned().unwrap_or_default();
        let regex = match pattern.as_native::<Regex>() {
            Some(regex) => regex.clone(),
            None => {
                let text = self.to_written_text(&pattern)?;
                let options = match ignore_case {
                    true => RegexOptions::IGNORE_CASE,
                    false => RegexOptions::NONE,
                };
                match Regex::cached(&text, options) {
                    Ok(regex) => regex,
                    Err(error) => {
                        return self.raise(invalid_pattern(&text, error.message));
                    }
                }
            }
        };
        let evaluator = operands
            .get(1)
            .and_then(|operand| self.as_match_evaluator(operand));
        let substitute = match operands.get(1).map(Value::base) {
            _ if let Some(delegate) = evaluator => Substitute::Delegate(delegate),
            None => Substitute::Text(String::new()),
            Some(Value::Block(block)) => Substitute::Block(block.clone()),
            Some(_) => Substitute::Text(match operands.get(1) {
                Some(other) => self.to_written_text(other)?,
                None => String::new(),
            }),
        };
        match self.operand_items(left)? {
            None => {
                let text = self.to_written_text(left)?;
                Ok(Value::str(self.replace_in(&text, &regex, &substitute)?))
            }
            Some(items) => {
                let mut replaced = Vec::with_capacity(items.len());
                for item in &items {
                    self.check_interrupt()?;
                    let text = self.to_written_text(item)?;
                    replaced.push(Value::str(self.replace_in(&text, &regex, &substitute)?));
                }
                Ok(Value::array(replaced))
            }
        }
    }

    /// A delegate, or a method that can be one, that makes the text for a match.
    fn as_match_evaluator(&self, operand: &Value) -> Option<Value> {
        if operand.as_native::<Delegate>().is_some() {
            return Some(operand.clone());
        }
        operand.as_native::<Method>()?;
        let name = "System.Text.RegularExpressions.MatchEvaluator";
        Delegate::of_method(self, &find_full(name)?, operand)
    }

    fn replace_in(&mut self, text: &str, regex: &Regex, substitute: &Substitute) -> R<String> {
        match substitute {
            Substitute::Text(replacement) => match regex.replace(text, replacement, None) {
                Ok(replaced) => Ok(replaced.into_owned()),
                Err(timeout) => self.raise(timeout_fault(timeout)),
            },
            Substitute::Delegate(delegate) => {
                let whole: Rc<str> = text.into();
                let replaced = regex.replace_with(text, None, |found| {
                    let item = match_value(regex, &whole, Some(found.clone()));
                    let output = self.invoke_method(delegate, "Invoke", vec![item])?;
                    Ok::<_, Stopped>(self.to_text(&output)?)
                });
                Ok(replaced?.into_owned())
            }
            Substitute::Block(block) => {
                let whole: Rc<str> = text.into();
                let replaced = regex.replace_with(text, None, |found| {
                    let item = match_value(regex, &whole, Some(found.clone()));
                    let output = self.call_block_with(
                        block,
                        BlockCall {
                            item: Some(item),
                            dot_sourced: true,
                            ..BlockCall::default()
                        },
                    )?;
                    Ok::<_, Stopped>(self.to_text(&Vm::captured(output))?)
                });
                Ok(replaced?.into_owned())
            }
        }
    }
}

/// The error of a pattern that is no regular expression, in `-replace` and `switch -regex`.
pub fn invalid_pattern(pattern: &str, message: String) -> Fault {
    let inner = Exception::of(
        "System.Text.RegularExpressions.RegexParseException",
        message,
    );
    Fault::new(
        "InvalidRegularExpression",
        format!("The regular expression pattern {pattern} is not valid."),
    )
    .target(Value::str(pattern))
    .inner(inner)
}
