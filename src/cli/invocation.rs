//! The command line, understood: what runs, with which settings.

use super::exit_code;
use super::switches::{Switch, find, suggestions, word};
use crate::syntax::is_dash;
use base64::Engine as _;
use std::path::{Path, PathBuf};

/// An argument of a script, as a command's element would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptArgument {
    /// `-Name` alone, dash included: a switch, or the next argument's name.
    Name(String),
    /// `-Name:value` or `-Name: value`.
    Named(String, ArgumentValue),
    /// A plain value.
    Value(String),
}

/// The value after a colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentValue {
    /// Any text.
    Text(String),
    /// `true`, `false`, `$true` or `$false`.
    Bool(bool),
}

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing was named: the prompt, or standard input read as if typed.
    Prompt,
    /// A script file, its path as written, and its arguments.
    File(PathBuf, Vec<ScriptArgument>),
    /// A text and its `$args`.
    Command(String, Vec<ScriptArgument>),
    /// Commands from standard input, with prompts and echo or without.
    StandardInput {
        /// Whether prompts and the lines read are shown.
        echo: bool,
    },
    /// Only print the version.
    Version,
    /// Only print how the program is called.
    Help,
}

/// How data is written to or read from the standard streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataFormat {
    /// Text.
    #[default]
    Text,
    /// Serialised objects.
    Xml,
    /// Nothing at all.
    None,
}

/// A command line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// What runs.
    pub source: Source,
    /// Stay at the prompt afterwards.
    pub no_exit: bool,
    /// Do not run the profile.
    pub no_profile: bool,
    /// Do not print the version at the start of the prompt.
    pub no_logo: bool,
    /// Questions are errors.
    pub non_interactive: bool,
    /// How results are written.
    pub output_format: DataFormat,
    /// How standard input is read.
    pub input_format: DataFormat,
    /// The execution policy asked for; nothing depends on it.
    pub execution_policy: Option<String>,
    /// Where to start.
    pub working_directory: Option<String>,
    /// The session configuration to use.
    pub configuration_name: Option<String>,
    /// The deployment's store: a path or `:memory:`.
    pub store: Option<String>,
    /// The deployment to load into an empty store.
    pub deployment: Option<PathBuf>,
}

impl Default for Invocation {
    fn default() -> Invocation {
        Invocation {
            source: Source::Prompt,
            no_exit: false,
            no_profile: false,
            no_logo: false,
            non_interactive: false,
            output_format: DataFormat::Text,
            input_format: DataFormat::Text,
            execution_policy: None,
            working_directory: None,
            configuration_name: None,
            store: None,
            deployment: None,
        }
    }
}

/// A command line that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    /// What is wrong.
    pub message: String,
    /// Whether the usage text helps.
    pub show_usage: bool,
    /// The exit code.
    pub exit_code: i32,
}

impl UsageError {
    fn new(message: impl Into<String>) -> UsageError {
        UsageError {
            message: message.into(),
            show_usage: false,
            exit_code: exit_code::BAD_COMMAND_LINE,
        }
    }

    fn with_usage(message: impl Into<String>) -> UsageError {
        UsageError {
            show_usage: true,
            ..UsageError::new(message)
        }
    }
}

/// What the meaning of a command line depends on besides its words.
pub struct Surroundings<'a> {
    /// Whether a path names a file.
    pub is_file: &'a dyn Fn(&Path) -> bool,
    /// The current folder, for messages with full paths.
    pub current_directory: &'a Path,
    /// Whether standard input is a terminal.
    pub input_is_terminal: bool,
}

/// Understands the arguments after the program's name.
pub fn parse(arguments: &[String], world: &Surroundings) -> Result<Invocation, UsageError> {
    let mut parser = Parser {
        arguments,
        next: 0,
        world,
        result: Invocation::default(),
        encoded: None,
    };
    while parser.source_is_open() {
        let Some(argument) = parser.take() else { break };
        parser.argument(argument)?;
    }
    let mut result = parser.result;
    if let (Some(text), Source::Prompt) = (parser.encoded, &result.source) {
        result.source = Source::Command(text, Vec::new());
    }
    Ok(result)
}

struct Parser<'a> {
    arguments: &'a [String],
    next: usize,
    world: &'a Surroundings<'a>,
    result: Invocation,
    /// The text of `-EncodedCommand`; switches may still follow it.
    encoded: Option<String>,
}

impl<'a> Parser<'a> {
    fn take(&mut self) -> Option<&'a str> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        Some(argument)
    }

    fn rest(&mut self) -> &'a [String] {
        let rest = self.arguments.get(self.next..).unwrap_or_default();
        self.next = self.arguments.len();
        rest
    }

    /// What names the source swallows the rest of the line.
    fn source_is_open(&self) -> bool {
        self.result.source == Source::Prompt
    }

    fn argument(&mut self, argument: &str) -> Result<(), UsageError> {
        let Some(switch) = word(argument).map(find) else {
            return self.file(argument);
        };
        match switch {
            Some(switch) => self.switch(switch),
            // What is no known switch may still be a file's name.
            None => self.file(argument),
        }
    }

    fn switch(&mut self, switch: Switch) -> Result<(), UsageError> {
        let result = &mut self.result;
        match switch {
            Switch::Version => result.source = Source::Version,
            Switch::Help => result.source = Source::Help,
            Switch::Login | Switch::NoProfileLoadTime => {}
            Switch::NoExit => result.no_exit = true,
            Switch::NoProfile => result.no_profile = true,
            Switch::NoLogo => result.no_logo = true,
            Switch::NonInteractive => result.non_interactive = true,
            Switch::Interactive => result.non_interactive = false,
            Switch::Command => return self.command(),
            Switch::CommandWithArgs => return self.command_with_arguments(),
            Switch::EncodedCommand => return self.encoded_command(),
            Switch::File => {
                let missing = "The command cannot be run because the File parameter requires a file path. Supply a path for the File parameter and then try the command again.";
                let file = self.take().ok_or_else(|| UsageError::with_usage(missing))?;
                return self.file(file);
            }
            Switch::WindowStyle if !cfg!(windows) => {
                return Err(UsageError::new(
                    "The parameter -WindowStyle is not implemented on this platform.",
                ));
            }
            _ => return self.switch_with_value(switch),
        }
        Ok(())
    }

    fn switch_with_value(&mut self, switch: Switch) -> Result<(), UsageError> {
        let Some(value) = self.take() else {
            return Err(missing_value(switch));
        };
        let result = &mut self.result;
        match switch {
            Switch::ConfigurationName => result.configuration_name = Some(value.to_owned()),
            Switch::OutputFormat => result.output_format = data_format(value)?,
            Switch::InputFormat => result.input_format = data_format(value)?,
            Switch::ExecutionPolicy => result.execution_policy = Some(value.to_owned()),
            Switch::WorkingDirectory => result.working_directory = Some(value.to_owned()),
            Switch::Store => result.store = Some(value.to_owned()),
            Switch::Deployment => result.deployment = Some(value.into()),
            Switch::SettingsFile => self.require_settings(value)?,
            // Pipe name, window style and configuration file change nothing here.
            _ => {}
        }
        Ok(())
    }

    fn require_settings(&self, path: &str) -> Result<(), UsageError> {
        let full = self.world.current_directory.join(path);
        if (self.world.is_file)(&full) {
            return Ok(());
        }
        Err(UsageError::new(format!(
            "The argument '{}' passed to the -SettingsFile does not exist. Provide the path to an existing json file as an argument to the -SettingsFile parameter.",
            full.display()
        )))
    }

    /// `-Command` takes everything that follows as one text.
    fn command(&mut self) -> Result<(), UsageError> {
        self.refuse_second_command()?;
        match self.rest() {
            [] => Err(missing_command()),
            [dash] if dash == "-" => {
                if self.world.input_is_terminal {
                    return Err(UsageError::with_usage(
                        "'-' was specified as the argument to -Command but standard input has not been redirected for this process.",
                    ));
                }
                self.result.source = Source::StandardInput { echo: false };
                Ok(())
            }
            [dash, ..] if dash == "-" => Err(UsageError::with_usage(
                "'-' was specified with the -Command parameter; no other arguments to -Command are permitted.",
            )),
            words => {
                self.result.source = Source::Command(words.join(" "), Vec::new());
                Ok(())
            }
        }
    }

    fn command_with_arguments(&mut self) -> Result<(), UsageError> {
        self.refuse_second_command()?;
        let text = self.take().ok_or_else(missing_command)?.to_owned();
        self.result.source = Source::Command(text, script_arguments(self.rest()));
        Ok(())
    }

    fn encoded_command(&mut self) -> Result<(), UsageError> {
        self.refuse_second_command()?;
        let encoded = self.take().ok_or_else(missing_command)?;
        let text = decode(encoded).ok_or_else(|| UsageError::with_usage(
            "Cannot process the command because the value specified with -EncodedCommand is not properly encoded. The value must be Base64 encoded.",
        ))?;
        self.encoded = Some(text);
        Ok(())
    }

    fn refuse_second_command(&self) -> Result<(), UsageError> {
        if self.encoded.is_none() {
            return Ok(());
        }
        Err(UsageError::with_usage(
            "Cannot process command because a command is already specified with -Command, -CommandWithArgs, or -EncodedCommand.",
        ))
    }

    fn file(&mut self, file: &str) -> Result<(), UsageError> {
        if file == "-" {
            self.result.source = Source::StandardInput { echo: true };
            return Ok(());
        }
        if file.is_empty() {
            return Err(UsageError::new(
                "Processing -File '' failed: The value cannot be an empty string. (Parameter 'path') Specify a valid path for the -File parameter.",
            ));
        }
        let path = self.existing(file).ok_or_else(|| no_such_file(file))?;
        self.result.source = Source::File(path, script_arguments(self.rest()));
        Ok(())
    }

    /// The file of that name; scripts and their callers come from Windows, so
    /// a backslash may separate the parts.
    fn existing(&self, file: &str) -> Option<PathBuf> {
        let candidates = [file.to_owned(), file.replace('\\', "/")];
        let mut paths = candidates.into_iter().map(PathBuf::from);
        paths.find(|path| (self.world.is_file)(&self.world.current_directory.join(path)))
    }
}

fn missing_command() -> UsageError {
    UsageError::with_usage(
        "Cannot process the command because of a missing parameter. A command must follow -Command.",
    )
}

fn missing_value(switch: Switch) -> UsageError {
    let message = match switch {
        Switch::ConfigurationName | Switch::ConfigurationFile => {
            "Cannot process the command because -Configuration requires an argument that is a remote endpoint configuration name. Specify this argument and try again."
        }
        Switch::CustomPipeName => {
            "Cannot process the command because -CustomPipeName requires an argument that is a name of the pipe you want to use. Specify this argument and try again."
        }
        Switch::WindowStyle => {
            "Cannot process the command because -WindowStyle requires an argument that is normal, hidden, minimized or maximized. Specify one of these argument values and try again."
        }
        Switch::OutputFormat => {
            return UsageError::with_usage(format!(
                "The command cannot be run because no argument has been supplied for the OutputFormat parameter. Specify one of the following formats for this parameter.\n{FORMATS}"
            ));
        }
        Switch::InputFormat => {
            return UsageError::with_usage(format!(
                "Cannot process the command because the -InputFormat parameter requires an argument. Specify a valid format argument for this parameter.\nValid formats are:\n{FORMATS}"
            ));
        }
        Switch::ExecutionPolicy => {
            return UsageError::with_usage(
                "Cannot process the execution policy because of a missing policy name. A policy name must follow -ExecutionPolicy.",
            );
        }
        Switch::SettingsFile => {
            "Cannot process the command because -SettingsFile requires a file path. Supply a path for the SettingsFile parameter and then try the command again."
        }
        Switch::Store => "Cannot process the command because --store requires a path or :memory:.",
        Switch::Deployment => {
            "Cannot process the command because --deployment requires the path of a deployment file."
        }
        _ => {
            "Cannot process the command because -WorkingDirectory requires an argument that is a directory path."
        }
    };
    UsageError::new(message)
}

fn no_such_file(file: &str) -> UsageError {
    let written = file.strip_prefix('-').filter(|rest| !rest.is_empty());
    if let Some(written) = written {
        let mut message = format!("Invalid argument '{file}', did you mean:\n");
        let plain = message.len();
        for name in suggestions(written) {
            message += &format!("\n  -{name}");
        }
        if message.len() > plain {
            return UsageError::new(message);
        }
    }
    UsageError::with_usage(format!(
        "The argument '{file}' is not recognized as the name of a script file. Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
    ))
}

const FORMATS: &str = "Text\nXML\nNone\n";

fn data_format(value: &str) -> Result<DataFormat, UsageError> {
    match value.to_ascii_lowercase().as_str() {
        "text" => Ok(DataFormat::Text),
        "xml" => Ok(DataFormat::Xml),
        "none" => Ok(DataFormat::None),
        _ => Err(UsageError::with_usage(format!(
            "Cannot process the command because of an incorrect parameter value. \"{value}\" is not a valid format.\nValid formats are:\n{FORMATS}"
        ))),
    }
}

/// Base64 of UTF-16LE.
fn decode(encoded: &str) -> Option<String> {
    let compact: String = encoded.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(compact)
        .ok()?;
    let units: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair.get(1).copied().unwrap_or(0)]))
        .collect();
    Some(String::from_utf16_lossy(&units))
}

/// The words after a script, as the elements of a command.
fn script_arguments(words: &[String]) -> Vec<ScriptArgument> {
    let mut arguments = Vec::with_capacity(words.len());
    let mut pending: Option<&str> = None;
    for word in words {
        if let Some(name) = pending.take() {
            let value = ArgumentValue::Text(word.clone());
            arguments.push(ScriptArgument::Named(name.to_owned(), value));
            continue;
        }
        let is_name = word.starts_with(is_dash) && word.chars().nth(1).is_some();
        match word.split_once(':').filter(|_| is_name) {
            Some((name, "")) => pending = Some(name),
            Some((name, value)) => {
                let value = argument_value(value);
                arguments.push(ScriptArgument::Named(name.to_owned(), value));
            }
            None if is_name => arguments.push(ScriptArgument::Name(word.clone())),
            None => arguments.push(ScriptArgument::Value(word.clone())),
        }
    }
    arguments
}

fn argument_value(text: &str) -> ArgumentValue {
    match text
        .strip_prefix('$')
        .unwrap_or(text)
        .to_ascii_lowercase()
        .as_str()
    {
        "true" => ArgumentValue::Bool(true),
        "false" => ArgumentValue::Bool(false),
        _ => ArgumentValue::Text(text.to_owned()),
    }
}

#[cfg(test)]
#[path = "invocation_tests.rs"]
mod tests;
