//! The switches of the command line, in the order in which they are tried.
//!
//! A switch may be cut short down to its shortest form. Several switches begin
//! alike (`-in` fits both Interactive and InputFormat); the first one in the
//! table wins, so the order is part of the meaning.

use crate::syntax::is_dash;

/// What a switch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// `-Version`: print it and end.
    Version,
    /// `-Help`, `-?`.
    Help,
    /// `-Login`: accepted; a login shell starts no differently.
    Login,
    /// `-NoExit`: stay at the prompt after the command.
    NoExit,
    /// `-NoProfile`.
    NoProfile,
    /// `-NoLogo`.
    NoLogo,
    /// `-NonInteractive`: nothing may ask the user.
    NonInteractive,
    /// `-NoProfileLoadTime`: accepted; the time is never shown.
    NoProfileLoadTime,
    /// `-Interactive`.
    Interactive,
    /// `-ConfigurationFile PATH`.
    ConfigurationFile,
    /// `-ConfigurationName NAME`.
    ConfigurationName,
    /// `-CustomPipeName NAME`.
    CustomPipeName,
    /// `-CommandWithArgs TEXT ARGS…`.
    CommandWithArgs,
    /// `-Command TEXT…`.
    Command,
    /// `-WindowStyle STYLE`: Windows only.
    WindowStyle,
    /// `-File PATH ARGS…`.
    File,
    /// `-OutputFormat Text|XML`.
    OutputFormat,
    /// `-InputFormat Text|XML`.
    InputFormat,
    /// `-ExecutionPolicy NAME`.
    ExecutionPolicy,
    /// `-EncodedCommand BASE64`.
    EncodedCommand,
    /// `-SettingsFile PATH`.
    SettingsFile,
    /// `-WorkingDirectory PATH`.
    WorkingDirectory,
    /// `--store PATH|:memory:`, ours.
    Store,
    /// `--deployment FILE.ron`, ours.
    Deployment,
}

/// Switch, full name, shortest form.
const SWITCHES: &[(Switch, &str, &str)] = &[
    (Switch::Version, "version", "v"),
    (Switch::Help, "help", "h"),
    (Switch::Help, "?", "?"),
    (Switch::Login, "login", "l"),
    (Switch::NoExit, "noexit", "noe"),
    (Switch::NoProfile, "noprofile", "nop"),
    (Switch::NoLogo, "nologo", "nol"),
    (Switch::NonInteractive, "noninteractive", "noni"),
    (
        Switch::NoProfileLoadTime,
        "noprofileloadtime",
        "noprofileloadtime",
    ),
    (Switch::Interactive, "interactive", "i"),
    (
        Switch::ConfigurationFile,
        "configurationfile",
        "configurationfile",
    ),
    (Switch::ConfigurationName, "configurationname", "config"),
    (Switch::CustomPipeName, "custompipename", "cus"),
    (
        Switch::CommandWithArgs,
        "commandwithargs",
        "commandwithargs",
    ),
    (Switch::CommandWithArgs, "cwa", "cwa"),
    (Switch::Command, "command", "c"),
    (Switch::WindowStyle, "windowstyle", "w"),
    (Switch::File, "file", "f"),
    (Switch::OutputFormat, "outputformat", "o"),
    (Switch::OutputFormat, "of", "o"),
    (Switch::InputFormat, "inputformat", "inp"),
    (Switch::InputFormat, "if", "if"),
    (Switch::ExecutionPolicy, "executionpolicy", "ex"),
    (Switch::ExecutionPolicy, "ep", "ep"),
    (Switch::EncodedCommand, "encodedcommand", "e"),
    (Switch::EncodedCommand, "ec", "e"),
    (Switch::SettingsFile, "settingsfile", "settings"),
    (Switch::WorkingDirectory, "workingdirectory", "wo"),
    (Switch::WorkingDirectory, "wd", "wd"),
    (Switch::Store, "store", "store"),
    (Switch::Deployment, "deployment", "deployment"),
];

/// The names offered to someone who misspelt a switch.
const SUGGESTED: &[&str] = &[
    "command",
    "commandwithargs",
    "configurationname",
    "custompipename",
    "deployment",
    "encodedcommand",
    "executionpolicy",
    "file",
    "help",
    "inputformat",
    "login",
    "noexit",
    "nologo",
    "noninteractive",
    "noprofile",
    "noprofileloadtime",
    "outputformat",
    "settingsfile",
    "store",
    "version",
    "windowstyle",
    "workingdirectory",
];

/// The word behind the dash or the two equal dashes (on Windows also a slash);
/// none when the argument is no switch at all.
pub fn word(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let first = argument.chars().next()?;
    let rest = &argument[first.len_utf8()..];
    if is_dash(first) {
        return Some(rest.strip_prefix(first).unwrap_or(rest));
    }
    (cfg!(windows) && first == '/').then_some(rest)
}

/// The switch that a word means.
pub fn find(word: &str) -> Option<Switch> {
    let folded = word.to_ascii_lowercase();
    let fits =
        |name: &str, shortest: &str| name.starts_with(&folded) && folded.len() >= shortest.len();
    let row = SWITCHES
        .iter()
        .find(|(_, name, shortest)| fits(name, shortest));
    row.map(|&(switch, ..)| switch)
}

/// Switches whose names contain what was written.
pub fn suggestions(written: &str) -> impl Iterator<Item = &'static str> {
    let part = written.to_ascii_lowercase();
    let names = SUGGESTED.iter().copied();
    names.filter(move |name| name.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_tried_in_order() {
        let cases = [
            ("in", Some(Switch::Interactive)),
            ("inp", Some(Switch::InputFormat)),
            ("if", Some(Switch::InputFormat)),
            ("co", Some(Switch::Command)),
            ("config", Some(Switch::ConfigurationName)),
            ("COM", Some(Switch::Command)),
            ("commandw", None),
            ("cwa", Some(Switch::CommandWithArgs)),
            ("no", None),
            ("non", None),
            ("noni", Some(Switch::NonInteractive)),
            ("e", Some(Switch::EncodedCommand)),
            ("ec", Some(Switch::EncodedCommand)),
            ("enc", Some(Switch::EncodedCommand)),
            ("ex", Some(Switch::ExecutionPolicy)),
            ("ep", Some(Switch::ExecutionPolicy)),
            ("w", Some(Switch::WindowStyle)),
            ("wo", Some(Switch::WorkingDirectory)),
            ("wd", Some(Switch::WorkingDirectory)),
            ("?", Some(Switch::Help)),
            ("", None),
            ("store", Some(Switch::Store)),
            ("versions", None),
        ];
        for (word, want) in cases {
            assert_eq!(find(word), want, "{word}");
        }
    }

    #[test]
    fn dashes() {
        assert_eq!(word("-file"), Some("file"));
        assert_eq!(word("--file"), Some("file"));
        assert_eq!(word(" \u{2014}file "), Some("file"));
        assert_eq!(word("---file"), Some("-file"));
        assert_eq!(word("-"), Some(""));
        assert_eq!(word("file"), None);
        assert_eq!(word(""), None);
    }
}
