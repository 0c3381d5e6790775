//! What completion asks of the running session.

use crate::repl::completion::CompletionResult;
use crate::runtime::parameter::CommandSurface;
use std::path::PathBuf;
use std::rc::Rc;

/// A member of a value or a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Its name.
    pub name: String,
    /// A method, as opposed to a property or a field.
    pub is_method: bool,
    /// What a person may want to know: the type or the signatures.
    pub tool_tip: String,
}

/// The session as completion sees it. Nothing asked here may change it.
pub trait World {
    /// The names of all functions, cmdlets and aliases.
    fn command_names(&mut self) -> Vec<String>;

    /// The command behind a name; another name for an alias.
    fn resolve(&mut self, name: &str) -> Option<String>;

    /// The parameters of a command.
    fn surface(&mut self, command: &str) -> Option<Rc<CommandSurface>>;

    /// The usage of a command, as a tool tip.
    fn usage(&mut self, command: &str) -> String;

    /// The names of the variables that can be seen.
    fn variables(&mut self) -> Vec<String>;

    /// The type of a variable's value, as `[int]$x` names it, and what it is for.
    fn variable_tip(&mut self, name: &str) -> String;

    /// The values that a variable's validation or type allows.
    fn variable_values(&mut self, name: &str) -> Vec<String>;

    /// The names of the environment variables.
    fn environment(&mut self) -> Vec<String>;

    /// The members of what an expression gives; none when that cannot be told
    /// without running something.
    fn members(&mut self, expression: &str) -> Option<Vec<MemberName>>;

    /// The keys, if the expression gives a dictionary.
    fn keys(&mut self, expression: &str) -> Vec<String>;

    /// The members that belong to a type.
    fn static_members(&mut self, type_name: &str) -> Option<Vec<MemberName>>;

    /// The members of the objects that a command gives.
    fn output_members(&mut self, command: &str) -> Option<Vec<MemberName>>;

    /// The full names of all types.
    fn type_names(&mut self) -> Vec<String>;

    /// Short names of types, with the full name of each.
    fn accelerators(&mut self) -> Vec<(String, String)>;

    /// What completers given by a script say for a parameter; none if there
    /// is no completer.
    fn script_completions(
        &mut self,
        command: &str,
        parameter: &str,
        word: &str,
    ) -> Option<Vec<CompletionResult>>;

    /// What completers given by a script say for a native program.
    fn native_completions(
        &mut self,
        command: &str,
        word: &str,
        line: &str,
    ) -> Option<Vec<CompletionResult>>;

    /// The identities of stored objects that a cmdlet's parameter can name.
    fn identities(&mut self, command: &str, parameter: &str) -> Vec<String>;

    /// The current folder.
    fn folder(&mut self) -> PathBuf;

    /// The home folder.
    fn home(&mut self) -> Option<PathBuf>;

    /// The names of the modules that can be imported.
    fn modules(&mut self) -> Vec<String>;
}
