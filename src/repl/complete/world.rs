//! What completion asks of the running session.

use crate::repl::completion::CompletionResult;
use crate::runtime::parameter::CommandSurface;
use crate::runtime::value::Value;
use std::path::PathBuf;
use std::rc::Rc;

/// How a member is listed; the order is that of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKindShown {
    /// A property or a field.
    Property,
    /// A method.
    Method,
    /// A property with arguments: it is called like a method.
    Indexer,
}

/// A member of a value or a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: MemberKindShown,
    /// Added by the engine or a script to what the type has.
    pub is_added: bool,
    /// What a person may want to know: the type or the signatures.
    pub tool_tip: String,
}

/// The session as completion sees it. Nothing asked here may change it.
pub trait World {
    /// The names of all functions, cmdlets and aliases.
    fn command_names(&mut self) -> Vec<String>;

    /// The names of all functions.
    fn function_names(&mut self) -> Vec<String>;

    /// The names of the commands of a module.
    fn commands_of_module(&mut self, module: &str) -> Vec<String>;

    /// The programs on the search path that begin with what was typed: name
    /// and path.
    fn programs(&mut self, typed: &str) -> Vec<(String, String)>;

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

    /// The value of a variable.
    fn variable_value(&mut self, name: &str) -> Option<Value>;

    /// A property of a value; none when reading it would run something.
    fn property(&mut self, value: &Value, name: &str) -> Option<Value>;

    /// The full name of a value's type.
    fn type_name(&mut self, value: &Value) -> String;

    /// The members of a value.
    fn members_of_value(&mut self, value: &Value) -> Vec<MemberName>;

    /// The keys, if the value is a dictionary.
    fn keys(&mut self, value: &Value) -> Vec<String>;

    /// The members of a type: those of its objects, or those of its own.
    fn members_of_type(&mut self, type_name: &str, is_static: bool) -> Option<Vec<MemberName>>;

    /// The full names of the types of the objects that a command gives.
    fn outputs(&mut self, command: &str) -> Vec<String>;

    /// The full name of a type by a name that scripts use.
    fn full_type_name(&mut self, name: &str) -> Option<String>;

    /// The names of an enumeration's values, by the name of its type.
    fn enum_values(&mut self, type_name: &str) -> Vec<String>;

    /// The full name of the type that a method gives.
    fn returned(&mut self, type_name: &str, method: &str, is_static: bool) -> Option<String>;

    /// What a type is and its name in full, as a tool tip.
    fn type_tip(&mut self, full_name: &str) -> String;

    /// The full names of all types.
    fn type_names(&mut self) -> Vec<String>;

    /// Short names of types, with the full name of each.
    fn accelerators(&mut self) -> Vec<(String, String)>;

    /// What a script says for a parameter: `declared` is the completer that
    /// stands in the parameter's attributes, else a registered one is asked.
    /// `given` are the arguments that already stand there. None if there is
    /// no completer.
    fn script_completions(
        &mut self,
        declared: Option<&Value>,
        command: &str,
        parameter: &str,
        word: &str,
        given: &[(String, String)],
    ) -> Option<Vec<CompletionResult>>;

    /// What completers given by a script say for a native program.
    fn native_completions(
        &mut self,
        command: &str,
        word: &str,
        line: &str,
    ) -> Option<Vec<CompletionResult>>;

    /// Names of stored objects that a cmdlet's parameter can take and that begin
    /// with what was typed.
    fn identities(&mut self, command: &str, parameter: &str, typed: &str) -> Vec<String>;

    /// The current folder.
    fn folder(&mut self) -> PathBuf;

    /// The home folder.
    fn home(&mut self) -> Option<PathBuf>;

    /// The names of the modules that can be imported.
    fn modules(&mut self) -> Vec<String>;
}
