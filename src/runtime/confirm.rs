//! Asking before a change: ShouldProcess and ShouldContinue.

use super::command::Call;
use super::error::{Category, Fault, R, Thrown};
use super::prompt::Choice;
use super::value::Value;
use super::vm::{Action, Vm};
use std::cell::Cell;
use std::rc::Rc;

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

    /// The same with answers for all, kept by the asker.
    pub fn should_continue_all(
        &mut self,
        question: &str,
        caption: &str,
        standing: &Cell<Standing>,
    ) -> R<bool> {
        match standing.get() {
            Standing::Yes => Ok(true),
            Standing::No => Ok(false),
            Standing::Open => self.ask(caption, question, standing),
        }
    }

    /// Whether changes are only told: by `-WhatIf` or the preference.
    pub fn only_rehearses(&mut self, what_if: Option<bool>) -> R<bool> {
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

    /// The same without answers for all that is still to come.
    pub fn should_continue_once(&mut self, question: &str, caption: &str) -> R<bool> {
        let choices = [YES, NO, SUSPEND];
        Ok(self.ask_about(caption, question, &choices)? == YES)
    }

    /// Asks whether to go on after a message whose action is Inquire; halting ends the command.
    pub fn inquire(&mut self, question: &str, standing: &Cell<Standing>) -> R<()> {
        if standing.get() == Standing::Yes {
            return Ok(());
        }
        let choices = [YES, YES_TO_ALL, HALT, SUSPEND];
        let answer = self.ask_about("Confirm", question, &choices)?;
        if answer == YES_TO_ALL {
            standing.set(Standing::Yes);
        }
        if answer != HALT {
            return Ok(());
        }
        let record = Fault::of(
            "System.Management.Automation.ActionPreferenceStopException",
            "ActionPreferenceStop",
            Category::OperationStopped,
            "The running command stopped because the user selected the Stop option.",
        )
        .into_record();
        self.decorate(&record);
        Err(Thrown {
            record: Rc::new(record),
            ends_script: true,
        }
        .into())
    }

    /// Asks what becomes of the error of a statement.
    pub fn inquire_statement(&mut self, message: &str) -> R<Action> {
        let caption = "Action to take for this exception:";
        let choices = [CONTINUE, SILENTLY, BREAK, SUSPEND];
        Ok(match self.ask_about(caption, message, &choices)? {
            CONTINUE => Action::Continue,
            SILENTLY => Action::SilentlyContinue,
            _ => Action::Stop,
        })
    }

    fn ask(&mut self, caption: &str, question: &str, standing: &Cell<Standing>) -> R<bool> {
        let choices = [YES, YES_TO_ALL, NO, NO_TO_ALL, SUSPEND];
        let answer = self.ask_about(caption, question, &choices)?;
        match answer {
            YES_TO_ALL => standing.set(Standing::Yes),
            NO_TO_ALL => standing.set(Standing::No),
            _ => {}
        }
        Ok(answer == YES || answer == YES_TO_ALL)
    }

    /// Asks with these of the usual choices, the first being the default one.
    fn ask_about(&mut self, caption: &str, question: &str, choices: &[Usual]) -> R<Usual> {
        let shown: Vec<Choice> = choices
            .iter()
            .map(|(label, help)| Choice::new(label, help))
            .collect();
        loop {
            let at = self.ask_choice(caption, question, &shown, Some(0))?;
            match choices.get(at) {
                Some(choice) if *choice != SUSPEND => return Ok(*choice),
                _ => self.write_warning(
                    "There is no prompt inside a running command here; answer the question.",
                )?,
            }
        }
    }
}

/// A usual choice: label and help.
type Usual = (&'static str, &'static str);
const YES: Usual = ("&Yes", "Continue with only the next step of the operation.");
const YES_TO_ALL: Usual = (
    "Yes to &All",
    "Continue with all the steps of the operation.",
);
const NO: Usual = (
    "&No",
    "Skip this operation and proceed with the next operation.",
);
const NO_TO_ALL: Usual = (
    "No to A&ll",
    "Skip this operation and all subsequent operations.",
);
const CONTINUE: Usual = ("&Continue", "Display the error, then continue.");
const SILENTLY: Usual = (
    "S&ilent Continue",
    "Do not display the error. Continue running the script.",
);
const BREAK: Usual = ("&Break", "Stop running the script.");
const HALT: Usual = ("&Halt Command", "Stop this command.");
const SUSPEND: Usual = (
    "&Suspend",
    "Pause the current pipeline and return to the command prompt. Type \"exit\" to resume the pipeline.",
);

/// The text of a change.
pub fn performing(action: &str, target: &str) -> String {
    format!("Performing the operation \"{action}\" on target \"{target}\".")
}
