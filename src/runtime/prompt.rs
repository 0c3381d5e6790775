//! Asking a person: missing parameters, choices, lines of text.
//!
//! Answers come from standard input. When that is not a terminal, nobody sees
//! what is typed, so the answers are written beside the questions.

use super::error::{Category, Fault, R};
use super::types::automation::secure_string::{Credential, SecureString};
use super::value::Value;
use super::vm::Vm;
use crate::host::ConsoleStream;

/// One way to answer a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The label; a letter after `&` is its key.
    pub label: String,
    /// What choosing it means.
    pub help: String,
}

impl Choice {
    /// A choice with its help.
    pub fn new(label: &str, help: &str) -> Choice {
        Choice {
            label: label.to_owned(),
            help: help.to_owned(),
        }
    }

    /// The key that chooses it, in upper case; empty without one.
    fn key(&self) -> String {
        let after = self.label.split_once('&').map(|(_, after)| after);
        let key = after.and_then(|after| after.chars().next());
        key.map_or_else(String::new, |key| key.to_uppercase().collect())
    }

    fn text(&self) -> String {
        self.label.replacen('&', "", 1)
    }

    fn is_meant_by(&self, answer: &str) -> bool {
        let key = self.key();
        let same = |text: &str| text.to_lowercase() == answer.to_lowercase();
        (!key.is_empty() && same(&key)) || same(&self.text())
    }
}

/// What is asked for.
pub struct Field<'a> {
    /// What stands before the answer.
    pub label: &'a str,
    /// Its name, for what is said of it.
    pub name: &'a str,
    /// What `!?` tells.
    pub help: Option<&'a str>,
    /// One of several items; an empty line ends them.
    pub is_list: bool,
}

/// What was typed for a field.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// A text.
    Text(String),
    /// Null, on purpose.
    Null,
    /// No further item.
    EndOfList,
    /// The input ended.
    Cancelled,
}

impl Vm {
    /// Writes to the console, whatever the streams do.
    pub fn tell(&self, text: &str) {
        self.host.write(ConsoleStream::Output, text);
    }

    /// The next line a person types, or a program feeds; none at the end.
    pub fn hear(&mut self) -> R<Option<String>> {
        if !self.interactive {
            return self.raise(not_interactive());
        }
        self.host.flush();
        let line = self.host.read_line().unwrap_or(None);
        if let Some(shown) = &line
            && !self.host.is_terminal(ConsoleStream::Input)
        {
            self.tell(&format!("{shown}\n"));
        }
        self.check_interrupt()?;
        Ok(line)
    }

    /// The next line a person types, unseen by others: only a terminal can do that.
    pub fn hear_secret(&mut self) -> R<Option<String>> {
        if !self.interactive {
            return self.raise(not_interactive());
        }
        if !self.host.is_terminal(ConsoleStream::Input) {
            return self.raise(no_keys());
        }
        self.host.flush();
        let line = self.host.read_secret().unwrap_or(None);
        self.check_interrupt()?;
        Ok(line)
    }

    /// Asks for one field until there is something to take: `!?` tells its help, `!$null` is null,
    /// `!""` an empty text, and a second `!` lets a text begin with one.
    pub fn ask_field(&mut self, field: &Field) -> R<Answer> {
        loop {
            self.tell(&format!("{}: ", field.label));
            let Some(line) = self.hear()? else {
                self.tell("\n");
                return Ok(Answer::Cancelled);
            };
            let Some(command) = line.strip_prefix('!') else {
                return Ok(match line.is_empty() && field.is_list {
                    true => Answer::EndOfList,
                    false => Answer::Text(line),
                });
            };
            let said = match command {
                _ if command.starts_with('!') => return Ok(Answer::Text(command.to_owned())),
                "\"\"" => return Ok(Answer::Text(String::new())),
                _ if command.eq_ignore_ascii_case("$null") => return Ok(Answer::Null),
                "?" => match field.help {
                    Some(help) if !help.is_empty() => help.to_owned(),
                    _ => format!("No help is available for {}.", field.name),
                },
                _ => format!("\"{line}\" cannot be recognized as a valid Prompt command."),
            };
            let width = self.host.width().saturating_sub(1);
            self.tell(&format!("{}\n", wrapped(&said, width)));
        }
    }

    /// Asks for the password of a user, and for the user if it is not known; null when there is no answer.
    pub fn ask_credential(
        &mut self,
        title: Option<&str>,
        message: Option<&str>,
        user: Option<&str>,
    ) -> R<Value> {
        let title = title.unwrap_or("PowerShell credential request");
        let message = message.unwrap_or("Enter your credentials.");
        if !title.is_empty() {
            self.tell(&format!("\n{title}\n"));
        }
        if !message.is_empty() {
            self.tell(&format!("{message}\n"));
        }
        self.read_credential(user)
    }

    /// The same without a heading.
    pub fn read_credential(&mut self, user: Option<&str>) -> R<Value> {
        let mut user = user.unwrap_or_default().to_owned();
        while user.is_empty() {
            self.tell("User: ");
            match self.hear()? {
                Some(line) => user = line,
                None => return Ok(Value::Null),
            }
        }
        self.tell(&format!("Password for user {user}: "));
        let Some(password) = self.hear_secret()? else {
            return Ok(Value::Null);
        };
        Ok(Credential::value(user, SecureString::value(&*password)))
    }

    /// Asks until one of the choices is made; gives its index.
    pub fn ask_choice(
        &mut self,
        caption: &str,
        message: &str,
        choices: &[Choice],
        default: Option<usize>,
    ) -> R<usize> {
        if !self.interactive {
            return self.raise(not_interactive());
        }
        if !caption.is_empty() {
            self.tell(&format!("\n{caption}\n"));
        }
        let width = self.host.width();
        for line in message.lines() {
            self.tell(&format!("{}\n", wrapped(line, width.saturating_sub(1))));
        }
        loop {
            self.tell(&question(choices, default, width));
            let Some(answer) = self.hear()? else {
                return self.raise(no_answer());
            };
            let answer = answer.trim();
            if answer.is_empty()
                && let Some(index) = default
            {
                return Ok(index);
            }
            if answer == "?" {
                self.tell(&help(choices, width));
            } else if let Some(index) = choices.iter().position(|c| c.is_meant_by(answer)) {
                return Ok(index);
            }
        }
    }
}

/// The choices in a row that breaks at the window's width.
fn question(choices: &[Choice], default: Option<usize>, width: usize) -> String {
    let mut parts: Vec<String> = choices
        .iter()
        .map(|choice| format!("[{}] {}  ", choice.key(), choice.text()))
        .collect();
    parts.push("[?] Help ".to_owned());
    if let Some(choice) = default.and_then(|index| choices.get(index)) {
        let key = choice.key();
        let name = if key.is_empty() { choice.text() } else { key };
        parts.push(format!("(default is \"{name}\"): "));
    }
    let mut text = String::new();
    let mut used = 0;
    for part in parts {
        let length = part.chars().count();
        if used + length > width.saturating_sub(1) {
            text.push('\n');
            text.push_str(part.trim_end());
            used = length;
        } else {
            text.push_str(&part);
            used += length;
        }
    }
    text
}

/// What each choice means, broken at the window's width.
fn help(choices: &[Choice], width: usize) -> String {
    let mut text = String::new();
    for choice in choices {
        let key = choice.key();
        let name = if key.is_empty() { choice.text() } else { key };
        let line = format!("{name} - {}", choice.help);
        text.push_str(&wrapped(&line, width.saturating_sub(1)));
        text.push('\n');
    }
    text
}

/// Breaks a line between words; the blank stays with the word after it.
fn wrapped(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let blank = rest.starts_with(' ');
        let end = match blank {
            true => rest.find(|c| c != ' '),
            false => rest.find(' '),
        };
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let length = word.chars().count();
        if used + length > width && used > 0 {
            text.push('\n');
            used = 0;
        }
        text.push_str(word);
        used += length;
        rest = after;
    }
    text
}

/// The error of a question that nobody can be asked.
fn not_interactive() -> Fault {
    Fault::of(
        "System.Management.Automation.PSInvalidOperationException",
        "InvalidOperation",
        Category::InvalidOperation,
        "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
    )
}

/// The error of a choice that the end of the input left open, which the original trips over.
fn no_answer() -> Fault {
    Fault::of(
        "System.NullReferenceException",
        "System.NullReferenceException",
        Category::NotSpecified,
        "Object reference not set to an instance of an object.",
    )
}

/// The error of keys that nobody can press.
pub fn no_keys() -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        "System.InvalidOperationException",
        Category::OperationStopped,
        "Cannot read keys when either application does not have a console or when console input has been redirected. Try Console.Read.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<Choice> {
        let labels = ["&Yes", "Yes to &All", "&No", "No to A&ll", "&Suspend"];
        labels
            .iter()
            .map(|label| Choice::new(label, "help"))
            .collect()
    }

    #[test]
    fn a_long_row_breaks_before_its_default() {
        let want = "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [S] Suspend  [?] Help \n(default is \"Y\"):";
        assert_eq!(question(&choices(), Some(0), 80), want);
        let two = [Choice::new("&Yes", ""), Choice::new("Other", "")];
        assert_eq!(
            question(&two, Some(1), 80),
            "[Y] Yes  [] Other  [?] Help (default is \"Other\"): "
        );
    }

    #[test]
    fn keys_and_labels_choose() {
        let all = choices();
        let find = |answer: &str| all.iter().position(|c| c.is_meant_by(answer));
        assert_eq!(find("l"), Some(3));
        assert_eq!(find("yes to all"), Some(1));
        assert_eq!(find("x"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn help_breaks_between_words() {
        assert_eq!(wrapped("one two three", 7), "one two\n three");
        assert_eq!(wrapped("unbreakable", 3), "unbreakable");
    }
}
