//! `-replace`

use super::matching::matches_table;
use crate::runtime::error::{Exception, Fault, R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::pattern::{Regex, RegexMatchTimeout, RegexOptions};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What stands in for a match.
enum Substitute {
    Text(String),
    Block(Rc<ScriptBlock>),
}

impl Vm {
    pub(super) fn replace(&mut self, left: &Value, right: &Value, ignore_case: bool) -> R<Value> {
        let operands = match self.operand_items(right)? {
            Some(items) => items,
            None => vec![right.clone()],
        };
        if operands.len() > 2 {
            return self.raise(Fault::new(
                "BadReplaceArgument",
                format!(
                    "The -replace operator allows only two elements to follow it, not {}.",
                    operands.len()
                ),
            ));
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
                        let inner = Exception::of(
                            "System.Text.RegularExpressions.RegexParseException",
                            error.message,
                        );
                        return self.raise(
                            Fault::new(
                                "InvalidRegularExpression",
                                format!("The regular expression pattern {text} is not valid."),
                            )
                            .target(Value::str(text))
                            .inner(inner),
                        );
                    }
                }
            }
        };
        let substitute = match operands.get(1).map(Value::base) {
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
                    let text = self.to_written_text(item)?;
                    replaced.push(Value::str(self.replace_in(&text, &regex, &substitute)?));
                }
                Ok(Value::array(replaced))
            }
        }
    }

    fn replace_in(&mut self, text: &str, regex: &Regex, substitute: &Substitute) -> R<String> {
        match substitute {
            Substitute::Text(replacement) => match regex.replace(text, replacement, None) {
                Ok(replaced) => Ok(replaced.into_owned()),
                Err(timeout) => self.match_timeout(timeout),
            },
            Substitute::Block(block) => {
                let replaced = regex.replace_with(text, None, |found| {
                    let item = match_value(regex, found, text);
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
                match replaced {
                    Ok(replaced) => Ok(replaced.into_owned()),
                    Err(Stopped::Timeout(timeout)) => self.match_timeout(timeout),
                    Err(Stopped::Unwind(unwind)) => Err(unwind),
                }
            }
        }
    }
}

/// Why replacing ended before the end of the text.
enum Stopped {
    Timeout(RegexMatchTimeout),
    Unwind(Box<Unwind>),
}

impl From<RegexMatchTimeout> for Stopped {
    fn from(timeout: RegexMatchTimeout) -> Stopped {
        Stopped::Timeout(timeout)
    }
}

impl From<Box<Unwind>> for Stopped {
    fn from(unwind: Box<Unwind>) -> Stopped {
        Stopped::Unwind(unwind)
    }
}

/// The match as a script sees it.
fn match_value(regex: &Regex, found: &crate::runtime::pattern::regex::Match, text: &str) -> Value {
    matches_table(regex, found, text)
}
