//! What belongs to a session rather than to running code: modules, drives, history, type data.

use super::command::CmdletInfo;
use super::discovery::LookupActions;
use super::module::Module;
use super::object::Members;
use super::symbol::Symbol;
use super::types::TypeRef;
use super::value::Value;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::rc::Rc;

/// Gives spelling and text of the function of a name.
pub type FindFunction = fn(&str) -> Option<(String, String)>;

/// Gives the text of an error for a terminal, if it has a better one than the view.
pub type Diagnose = fn(&mut super::vm::Vm, &Rc<super::error::ErrorRecord>) -> Option<String>;

/// Session-wide state.
#[derive(Default)]
pub struct Session {
    /// Loaded modules in load order.
    pub modules: Vec<Rc<Module>>,
    /// Cmdlets that were called, by folded name.
    pub cmdlets: FxHashMap<Symbol, Rc<CmdletInfo>>,
    /// Gives the cmdlet of a name; set by the front end, so that the runtime knows no catalogue.
    pub find_cmdlet: Option<fn(&str) -> Option<CmdletInfo>>,
    /// The text of an error for a terminal; set by the front end.
    pub diagnose: Option<Diagnose>,
    /// What is asked about lookups of commands.
    pub lookup_actions: LookupActions,
    /// Names of all cmdlets and shipped functions.
    pub cmdlet_names: Option<fn() -> Vec<String>>,
    /// Gives spelling and text of a function that every session has.
    pub shipped_function: Option<FindFunction>,
    /// Names of the functions that every session has.
    pub shipped_function_names: Option<fn() -> Vec<String>>,
    /// Shipped functions that were taken away, by folded name.
    pub removed_functions: Vec<Symbol>,
    /// Whether a name is that of a module whose commands are part of the program.
    pub is_shipped_module: Option<fn(&str) -> bool>,
    /// Members added to types by Update-TypeData, by folded type name.
    pub type_members: FxHashMap<Symbol, Rc<Members>>,
    /// Types (classes, enums) defined at the top level, newest last.
    pub types: Vec<TypeRef>,
    /// Namespaces of `using namespace` in force at the prompt.
    pub namespaces: Vec<Rc<str>>,
    /// The file-system location.
    pub location: PathBuf,
    /// Location stacks by name, for Push-Location.
    pub location_stacks: FxHashMap<Rc<str>, Vec<Value>>,
    /// The stack that Push-Location uses when none is named.
    pub default_location_stack: Rc<str>,
    /// Lines run at the prompt.
    pub history: Vec<Value>,
    /// Values by name for families of cmdlets that keep state in the session (jobs, events, the twin).
    pub state: FxHashMap<&'static str, Rc<dyn std::any::Any>>,
    /// Somebody waits for events, or an event waits for its action.
    pub events_active: bool,
    /// Counts changes of commands, so that places in the code know when to look again.
    pub command_epoch: u32,
    /// Shipped aliases that were taken away, by folded name.
    pub removed_aliases: Vec<Symbol>,
    /// The deployment's store as the command line names it.
    pub store: Option<String>,
    /// The deployment file to load into an empty store.
    pub deployment: Option<PathBuf>,
    /// How long Start-Sleep has waited in all: rows that came before a pause are shown after it.
    pub slept: std::time::Duration,
    /// The last exit code of a native program, `None` before the first.
    pub last_exit_code: Option<i32>,
    /// Prefix of the type of the last `Get-Random -SetSeed`; the generator's state.
    pub random: Option<u64>,
}
