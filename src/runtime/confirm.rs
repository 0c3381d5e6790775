//! Asking before a change: ShouldProcess and ShouldContinue.

use super::command::Call;
use super::error::R;
use super::prompt::Choice;
use super::value::Value;
use super::vm::Vm;
use std::cell::Cell;

/// What was said for all further questions of one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: each change is asked for.
    #[default]
    Open,
    /// Yes to all.
    Yes,
    /// No to all.
    No,
}

/// Who wants to change something.
pub struct Asker<'a> {
    /// `ConfirmImpact`: 0 None, 1 Low, 2 Medium, 3 High.
    pub impact: u8,
    /// `-Confirm` and `-WhatIf` as given.
    pub confirm: Option<bool>,
    /// `-WhatIf` as given.
    pub what_if: Option<bool>,
    /// What was said for all.
    pub standing: &'a Cell<Standing>,
}

/// The texts of one question.
pub struct Change<'a> {
    /// What happens, for `-Verbose` and `-WhatIf`.
    pub description: &'a str,
    /// What is asked.
    pub question: &'a str,
    /// The line above the question.
    pub caption: &'a str,
}

impl Vm {
    /// Whether a cmdlet may change its target: answers `-WhatIf`, asks with
    /// `-Confirm` or when the impact is high enough.
    pub fn should_process(&mut self, call: &Call, target: &str, action: &str) -> R<bool> {
        let description = performing(action, target);
        let question = format!("Are you sure you want to perform this action?\n{description}");
        let change = Change {
            description: &description,
            question: &question,
            caption: "Confirm",
        };
        let asker = Asker {
            impact: call.info.surface().confirm_impact,
            confirm: self.overrides.confirm,
            what_if: self.overrides.what_if,
            standing: &call.standing,
        };
        self.ask_change(&asker, &change)
    }

    /// The same for whoever asks.
    pub fn ask_change(&mut self, asker: &Asker, change: &Change) -> R<bool> {
        if self.only_rehearses(asker.what_if)? {
            self.tell(&format!("What if: {}\n", change.description));
            return Ok(false);
        }
        let asked = match asker.standing.get() {
            Standing::Yes => false,
            Standing::No => return Ok(false),
            Standing::Open => self.must_ask(asker)?,
        };
        if !asked {
            self.write_verbose(change.description)?;
            return Ok(true);
        }
        self.ask(change.caption, change.question, asker.standing)
    }

    /// Asks a question of its own, whatever the preferences say.
    pub fn should_continue(&mut self, question: &str, caption: &str) -> R<bool> {
        self.ask(caption, question, &Cell::default())
    }

    fn only_rehearses(&mut self, what_if: Option<bool>) -> R<bool> {
        match what_if {
            Some(given) => Ok(given),
            None => {
                let preference = self.variable("WhatIfPreference").unwrap_or_default();
                Ok(self.to_bool(&preference))
            }
        }
    }

    fn must_ask(&mut self, asker: &Asker) -> R<bool> {
        if let Some(given) = asker.confirm {
            return Ok(given);
        }
        let preference = match self.variable("ConfirmPreference").as_ref().map(Value::base) {
            Some(Value::Enum(impact)) => impact.bits,
            Some(Value::Str(name)) => match name.to_ascii_lowercase().as_str() {
                "none" => 0,
                "low" => 1,
                "medium" => 2,
                _ => 3,
            },
            _ => 3,
        };
        Ok(preference > 0 && i64::from(asker.impact) >= preference)
    }

    fn ask(&mut self, caption: &str, question: &str, standing: &Cell<Standing>) -> R<bool> {
        let choices = [
            Choice::new("&Yes", "Continue with only the next step of the operation."),
            Choice::new(
                "Yes to &All",
                "Continue with all the steps of the operation.",
            ),
            Choice::new(
                "&No",
                "Skip this operation and proceed with the next operation.",
            ),
            Choice::new(
                "No to A&ll",
                "Skip this operation and all subsequent operations.",
            ),
            Choice::new(
                "&Suspend",
                "Pause the current pipeline and return to the command prompt. Type \"exit\" to resume the pipeline.",
            ),
        ];
        loop {
            match self.ask_choice(caption, question, &choices, Some(0))? {
                0 => return Ok(true),
                1 => {
                    standing.set(Standing::Yes);
                    return Ok(true);
                }
                2 => return Ok(false),
                3 => {
                    standing.set(Standing::No);
                    return Ok(false);
                }
                _ => self.write_warning(
                    "There is no prompt inside a running command here; answer the question.",
                )?,
            }
        }
    }
}

/// The text of a change.
pub fn performing(action: &str, target: &str) -> String {
    format!("Performing the operation \"{action}\" on target \"{target}\".")
}
