//! From a command's name to the command: aliases, functions, cmdlets, files.

use super::command::{AliasInfo, ApplicationInfo, Command, FunctionInfo, ScriptInfo};
use super::error::{Category, Fault, R};
use super::module::Module;
use super::scope::{Scope, ScopeKind, options};
use super::script_block::{Code, ScriptBlock};
use super::symbol::Symbol;
use super::types::automation::command_info::CommandValue;
use super::types::plain_object::PlainObject;
use super::value::Value;
use super::vm::Vm;
use crate::syntax::ast::ScriptBlockAst;
use crate::syntax::error::ParseError;
use crate::syntax::source::Source;
use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// When a lookup of a command asks an action of the session.
#[derive(Clone, Copy, PartialEq)]
pub enum LookupMoment {
    /// Before anything is searched.
    Before,
    /// With what was found.
    After,
    /// For a name that stands for nothing.
    NotFound,
}

/// The actions of `$ExecutionContext.InvokeCommand` about lookups of commands.
#[derive(Default)]
pub struct LookupActions {
    before: Option<Value>,
    after: Option<Value>,
    not_found: Option<Value>,
    /// Lookups whose action is running.
    active: Vec<(LookupMoment, Rc<str>)>,
}

impl LookupActions {
    /// The action of a moment.
    pub fn of(&mut self, moment: LookupMoment) -> &mut Option<Value> {
        match moment {
            LookupMoment::Before => &mut self.before,
            LookupMoment::After => &mut self.after,
            LookupMoment::NotFound => &mut self.not_found,
        }
    }

    /// Whether every lookup is of interest, not just one that finds nothing.
    pub fn watched(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }
}

impl Vm {
    /// The command of a name; a missing one is CommandNotFoundException.
    pub fn resolve_command(&mut self, name: &str) -> R<Command> {
        if self.session.lookup_actions.watched() {
            return self.resolve_watched(name);
        }
        match self.find_command(name)? {
            Some(command) => Ok(command),
            None => match self.ask_action(LookupMoment::NotFound, name, None)? {
                Some(command) => Ok(command),
                None => self.raise(command_not_found(name)),
            },
        }
    }

    /// A lookup that actions see before and after it.
    fn resolve_watched(&mut self, name: &str) -> R<Command> {
        let mut found = self.ask_action(LookupMoment::Before, name, None)?;
        if found.is_none() {
            found = self.find_command(name)?;
        }
        if found.is_none() {
            found = self.ask_action(LookupMoment::NotFound, name, None)?;
        }
        let Some(command) = found else {
            return self.raise(command_not_found(name));
        };
        let changed = self.ask_action(LookupMoment::After, name, Some(&command))?;
        Ok(changed.unwrap_or(command))
    }

    /// What the session's action of this moment gives for a command's name.
    fn ask_action(
        &mut self,
        moment: LookupMoment,
        name: &str,
        found: Option<&Command>,
    ) -> R<Option<Command>> {
        let actions = &mut self.session.lookup_actions;
        let Some(action) = actions.of(moment).clone() else {
            return Ok(None);
        };
        // What the action itself looks up under this name is not asked for again.
        let asked = (moment, Rc::from(name.to_lowercase()));
        if actions.active.contains(&asked) {
            return Ok(None);
        }
        actions.active.push(asked);
        let origin = Value::enum_of("System.Management.Automation.CommandOrigin", 1);
        let found = found.map_or(Value::Null, |c| CommandValue::value(c.clone()));
        let fields = vec![
            ("CommandName", Value::str(name)),
            ("CommandOrigin", origin),
            ("StopSearch", Value::Bool(false)),
            ("Command", found),
            ("CommandScriptBlock", Value::Null),
        ];
        let event = PlainObject::new(
            "System.Management.Automation.CommandLookupEventArgs",
            fields,
        )
        .writable()
        .value();
        let arguments = vec![Value::str(name), event.clone()];
        let result = self.invoke_method(&action, "Invoke", arguments);
        self.session.lookup_actions.active.pop();
        result?;
        // Another call of the name is to be asked for again.
        self.commands_changed();
        let Some(answer) = event.as_native::<PlainObject>() else {
            return Ok(None);
        };
        let given = |field| answer.field(field).unwrap_or_default();
        match (given("CommandScriptBlock").base(), given("Command")) {
            (Value::Block(block), _) => {
                let info = FunctionInfo {
                    name: name.into(),
                    block: std::cell::RefCell::new(block.clone()),
                    is_filter: false,
                    options: Cell::new(0),
                    description: std::cell::RefCell::default(),
                    module: None,
                };
                Ok(Some(Command::Function(Rc::new(info))))
            }
            (_, Value::Null) => Ok(None),
            (_, command) => self
                .command_of(&command, false)
                .map(|(command, _)| Some(command)),
        }
    }

    /// The command of a name as it is invoked: aliases followed to their end, `Get-` tried in front.
    pub fn find_command(&mut self, name: &str) -> R<Option<Command>> {
        let mut name: Rc<str> = name.into();
        let mut seen: Vec<Rc<str>> = Vec::new();
        while let Some(alias) = self.find_alias(&name) {
            if seen
                .iter()
                .any(|s| s.eq_ignore_ascii_case(&alias.definition))
            {
                return self.raise(command_not_found(&name));
            }
            seen.push(name.clone());
            name = alias.definition.clone();
        }
        if let Some(found) = self.find_plain(&name)? {
            return Ok(Some(found));
        }
        if !seen.is_empty() {
            return self.raise(command_not_found(&name));
        }
        if !name.contains(['-', '\\', '/', '.']) && !name.is_empty() {
            let with_get = format!("Get-{name}");
            if let Some(found) = self.find_function(&with_get).map(Command::Function) {
                return Ok(Some(found));
            }
            return Ok(self.find_cmdlet(&with_get));
        }
        Ok(None)
    }

    fn find_plain(&mut self, name: &str) -> R<Option<Command>> {
        if let Some((module, short)) = name.split_once('\\')
            && !module.is_empty()
            && !module.contains(['/', ':'])
            && !module.starts_with(['.', '~'])
        {
            if let Some(found) = self.find_in_module(module, short)? {
                return Ok(Some(found));
            }
            if short.contains('\\') || short.contains('.') {
                return Ok(self.find_file(name));
            }
            let known = self.is_shipped_module(module)
                || self
                    .session
                    .modules
                    .iter()
                    .any(|m| m.name.borrow().eq_ignore_ascii_case(module));
            if known || self.find_file(name).is_some() {
                return Ok(self.find_file(name));
            }
            let options = super::modules::ImportOptions {
                global: true,
                quiet: true,
                ..Default::default()
            };
            return match self.import_by_name(module, &options) {
                Ok(_) => self.find_in_module(module, short),
                Err(unwind) if super::invoke::is_error(&unwind) => self.raise(
                    Fault::of(
                        "System.Management.Automation.CommandNotFoundException",
                        "CouldNotAutoLoadModule",
                        Category::ObjectNotFound,
                        format!(
                            "The module '{module}' could not be loaded. For more information, run 'Import-Module {module}'."
                        ),
                    )
                    .target(Value::str(name)),
                ),
                Err(other) => Err(other),
            };
        }
        if let Some(function) = self.find_function(name) {
            return Ok(Some(Command::Function(function)));
        }
        if let Some(cmdlet) = self.find_cmdlet(name) {
            return Ok(Some(cmdlet));
        }
        if let Some(module) = self.auto_load(name)? {
            return Ok(Some(module));
        }
        Ok(self.find_file(name))
    }

    fn find_in_module(&mut self, module: &str, name: &str) -> R<Option<Command>> {
        let loaded = self
            .session
            .modules
            .iter()
            .rev()
            .find(|m| m.name.borrow().eq_ignore_ascii_case(module))
            .cloned();
        if let Some(loaded) = loaded {
            let exports = loaded.exports.borrow();
            if let Some((_, function)) = exports
                .functions
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
            {
                return Ok(Some(Command::Function(function.clone())));
            }
            if let Some((_, alias)) = exports
                .aliases
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
            {
                let definition = alias.definition.clone();
                drop(exports);
                return self.find_command(&definition);
            }
        }
        Ok(match self.find_cmdlet(name) {
            Some(Command::Cmdlet(info)) if info.module_name.eq_ignore_ascii_case(module) => {
                Some(Command::Cmdlet(info))
            }
            _ => None,
        })
    }

    /// The alias of a name, as seen from the current scope.
    pub fn find_alias(&self, name: &str) -> Option<Rc<AliasInfo>> {
        let folded = Symbol::fold(name);
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            if let Some(found) = scope.aliases.borrow().get(&folded) {
                return Some(found.clone());
            }
            at = scope.parent.clone();
        }
        super::default_aliases::find(name)
            .filter(|_| !self.session.removed_aliases.contains(&folded))
            .map(|definition| {
                let entry = super::default_aliases::entry(name, definition);
                Rc::new(entry)
            })
    }

    /// The function of a name, as seen from the current scope.
    pub fn find_function(&self, name: &str) -> Option<Rc<FunctionInfo>> {
        let name = name
            .split_once(':')
            .filter(|(scope, _)| is_scope(scope))
            .map_or(name, |(_, rest)| rest);
        let folded = Symbol::fold(name);
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            if let Some(found) = scope.functions.borrow().get(&folded)
                && (found.options.get() & options::PRIVATE == 0 || Rc::ptr_eq(&scope, &self.scope))
            {
                return Some(found.clone());
            }
            at = scope.parent.clone();
        }
        self.shipped_function(name)
    }

    /// The cmdlet of a name, or the function that ships under it.
    pub fn find_cmdlet(&mut self, name: &str) -> Option<Command> {
        let folded = Symbol::fold(name);
        if let Some(info) = self.session.cmdlets.get(&folded) {
            return Some(Command::Cmdlet(info.clone()));
        }
        let info = Rc::new(self.session.find_cmdlet?(name)?);
        self.session.cmdlets.insert(folded, info.clone());
        Some(Command::Cmdlet(info))
    }

    /// The scope functions called from here are looked up in first; places in the code remember by it.
    pub fn command_scope(&self) -> Rc<Scope> {
        let mut at = self.scope.clone();
        while at.kind == ScopeKind::Local
            && at.functions.borrow().is_empty()
            && at.aliases.borrow().is_empty()
        {
            match at.parent.clone() {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }

    /// The module the running code belongs to.
    pub fn scope_module(&self) -> Option<Rc<Module>> {
        self.scope.module.clone()
    }

    /// What stands after `&`, or `.` when it is dot-sourced: a block, a command object, or a name.
    pub fn command_of(&mut self, value: &Value, dot: bool) -> R<(Command, Rc<str>)> {
        match value.base() {
            Value::Block(block) => Ok((Command::Block(block.clone()), "&".into())),
            Value::Native(object) => {
                match object.downcast::<super::types::automation::command_info::CommandValue>() {
                    Some(info) => Ok((info.command.clone(), info.command.name())),
                    None => self.command_by_text(value, dot),
                }
            }
            _ => self.command_by_text(value, dot),
        }
    }

    fn command_by_text(&mut self, value: &Value, dot: bool) -> R<(Command, Rc<str>)> {
        let text = self.to_text(value)?;
        if text.is_empty() {
            return self.raise(bad_expression(dot).target(value.clone()));
        }
        let command = self.resolve_command(&text)?;
        Ok((command, text.into()))
    }

    /// Defines a function in the current scope, or in the one its name says.
    pub fn define_function(
        &mut self,
        name: &str,
        block: Rc<ScriptBlock>,
        is_filter: bool,
    ) -> R<()> {
        let private = name
            .get(..8)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("private:"));
        let (scope, name) = match name.split_once(':') {
            Some((prefix, rest)) if is_scope(prefix) => (
                self.prefixed_scope(prefix)
                    .unwrap_or_else(|| self.scope.clone()),
                rest,
            ),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("function") => {
                (self.scope.clone(), rest)
            }
            _ => (self.scope.clone(), name),
        };
        let bits = match private {
            true => options::PRIVATE,
            false => 0,
        };
        self.define_function_in(&scope, name, block, is_filter, bits)
    }

    /// Defines a function in a scope; read-only and constant ones are not overwritten.
    pub fn define_function_in(
        &mut self,
        scope: &Rc<Scope>,
        name: &str,
        block: Rc<ScriptBlock>,
        is_filter: bool,
        option_bits: u8,
    ) -> R<()> {
        let folded = Symbol::fold(name);
        if let Some(old) = scope.functions.borrow().get(&folded)
            && old.options.get() & (options::READ_ONLY | options::CONSTANT) != 0
        {
            return self.raise(
                Fault::of(
                    "System.Management.Automation.SessionStateUnauthorizedAccessException",
                    "FunctionNotWritable",
                    Category::WriteError,
                    format!("Cannot write to function {name} because it is read-only or constant."),
                )
                .target(Value::str(name)),
            );
        }
        let info = FunctionInfo {
            name: name.into(),
            block: std::cell::RefCell::new(block),
            is_filter,
            options: Cell::new(option_bits),
            description: std::cell::RefCell::new("".into()),
            module: scope.module.clone(),
        };
        scope.functions.borrow_mut().insert(folded, Rc::new(info));
        self.commands_changed();
        Ok(())
    }

    /// Makes places in the code look up their commands again.
    pub fn commands_changed(&mut self) {
        self.session.command_epoch = self.session.command_epoch.wrapping_add(1);
    }

    fn find_file(&self, name: &str) -> Option<Command> {
        self.files_of(name, false).into_iter().next()
    }

    /// The scripts and programs of a name: the first, or every one on the search path.
    pub fn files_of(&self, name: &str, every: bool) -> Vec<Command> {
        if name.is_empty() {
            return Vec::new();
        }
        let is_path = name.contains(['/', '\\']) || Path::new(name).is_absolute();
        if is_path {
            let path = self.file_path(name);
            let found = self.file_command(&path).or_else(|| {
                let with_extension = PathBuf::from(format!("{}.ps1", path.display()));
                with_extension
                    .is_file()
                    .then(|| self.file_command(&with_extension))
                    .flatten()
            });
            return found.into_iter().collect();
        }
        let folders = self.host.variable("PATH").unwrap_or_default();
        let mut found = Vec::new();
        for folder in std::env::split_paths(&folders).filter(|f| !f.as_os_str().is_empty()) {
            let path = folder.join(name);
            let script = folder.join(format!("{name}.ps1"));
            let here = self
                .file_command(&path)
                .filter(|c| !matches!(c, Command::Application(_)) || is_executable(&path))
                .or_else(|| {
                    script
                        .is_file()
                        .then(|| self.file_command(&script))
                        .flatten()
                });
            found.extend(here);
            if !every && !found.is_empty() {
                break;
            }
        }
        found
    }

    fn file_command(&self, path: &Path) -> Option<Command> {
        if !path.is_file() {
            return None;
        }
        let name: Rc<str> = path.file_name()?.to_string_lossy().into();
        let full: Rc<str> = path.to_string_lossy().into();
        let is_script = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ps1"));
        Some(if is_script {
            Command::Script(Rc::new(ScriptInfo {
                name,
                path: full,
                block: OnceCell::new(),
            }))
        } else {
            Command::Application(Rc::new(ApplicationInfo { name, path: full }))
        })
    }

    /// A path as the file system knows it: relative ones from the location, `~` the home folder, `\` as `/`.
    pub fn file_path(&self, name: &str) -> PathBuf {
        let name = if cfg!(windows) {
            name.to_string()
        } else {
            name.replace('\\', "/")
        };
        let name = name.strip_prefix("FileSystem::").unwrap_or(&name);
        if name == "~" || name.starts_with("~/") {
            let home = self.host.variable("HOME").unwrap_or_default();
            return normal(
                &Path::new(&home).join(name.trim_start_matches('~').trim_start_matches('/')),
            );
        }
        normal(&self.session.location.join(name))
    }

    /// Parses text into a block of the current module.
    pub fn parse_block(&mut self, text: &str) -> R<Value> {
        let source = Rc::new(Source::new(text, None));
        let block = self.parse_source(&source)?;
        Ok(Value::Block(Rc::new(block)))
    }

    /// Parses a text into a block that is not run yet: what is wrong with its types shows when it is.
    pub fn parse_block_for_later(&mut self, text: &str) -> R<Value> {
        let source = Rc::new(Source::new(text, None));
        let (parsed, wrong_types) = self.parse_tree(&source)?;
        let refused = match wrong_types {
            errors if errors.is_empty() => None,
            errors => {
                let first = errors.first();
                first.map(|first| super::parse_error::record(&source, &errors, first))
            }
        };
        let block = ScriptBlock::new(parsed, source, self.scope_module());
        let refused = match refused {
            Some(record) => Some(Rc::new(record)),
            None => match (self.language.define_types)(self, &block) {
                Ok(()) => None,
                Err(unwind) => match *unwind {
                    super::error::Unwind::Error(thrown) => Some(thrown.record),
                    other => return Err(Box::new(other)),
                },
            },
        };
        if let Some(record) = refused {
            let _ = block.code.set(Rc::new(Code::refusing(record)));
        }
        Ok(Value::Block(Rc::new(block)))
    }

    /// Parses a source into a block; parse errors become a ParseException.
    pub fn parse_source(&mut self, source: &Rc<Source>) -> R<ScriptBlock> {
        let (parsed, errors) = self.parse_tree(source)?;
        if let Some(first) = errors.first() {
            let record = super::parse_error::record(source, &errors, first);
            return Err(super::error::Thrown {
                record: Rc::new(record),
                ends_script: false,
            }
            .into());
        }
        let block = ScriptBlock::new(parsed, source.clone(), self.scope_module());
        (self.language.define_types)(self, &block)?;
        Ok(block)
    }

    /// The tree of a text, and what is wrong with the types it defines.
    fn parse_tree(&mut self, source: &Rc<Source>) -> R<(Rc<ScriptBlockAst>, Vec<ParseError>)> {
        self.load_using_modules(source)?;
        let known_type = |name: &str| {
            self.script_type(name).is_some()
                || super::types::find(name).is_some()
                || self
                    .namespaces_in_force()
                    .iter()
                    .any(|n| super::types::find_full(&format!("{n}.{name}")).is_some())
        };
        let options = crate::syntax::ParseOptions {
            tokens: false,
            interruptible: true,
            known_type: Some(&known_type),
            module_exists: Some(&|using| self.using_module_exists(source, using)),
            assembly_exists: Some(&|name| self.using_assembly_exists(name)),
        };
        let parsed = crate::syntax::parse_with(&source.text, &options);
        self.check_interrupt()?;
        let errors = parsed.errors;
        if let Some(first) = errors.first() {
            let record = super::parse_error::record(source, &errors, first);
            let thrown = super::error::Thrown {
                record: Rc::new(record),
                ends_script: false,
            };
            return Err(thrown.into());
        }
        for using in &parsed.block.usings {
            if using.kind == crate::syntax::ast::UsingKind::Namespace
                && let Some(name) = &using.name
                && !self.session.namespaces.contains(name)
            {
                self.session.namespaces.push(name.clone());
            }
        }
        let wrong_types = match parsed.defines_types {
            true => crate::syntax::check_definitions(&parsed.block),
            false => Vec::new(),
        };
        Ok((parsed.block, wrong_types))
    }
}

fn is_scope(prefix: &str) -> bool {
    ["global", "script", "local", "private"]
        .iter()
        .any(|p| p.eq_ignore_ascii_case(prefix))
}

/// Takes `.` and `..` out of a path.
pub fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !out.pop() {
                    out.push("/");
                }
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(unix)]
/// Whether a file can be run as a program.
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|m| m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
/// Whether a file can be run as a program.
pub fn is_executable(path: &Path) -> bool {
    path.is_file()
}

fn bad_expression(dot: bool) -> Fault {
    let operator = if dot { '.' } else { '&' };
    Fault::new(
        "BadExpression",
        format!(
            "The expression after '{operator}' in a pipeline element produced an object that was not valid. It must result in a command name, a script block, or a CommandInfo object."
        ),
    )
}

/// The error of a name that no command has.
pub fn command_not_found(name: &str) -> Fault {
    let mut fault = Fault::of(
        "System.Management.Automation.CommandNotFoundException",
        "CommandNotFoundException",
        Category::ObjectNotFound,
        format!(
            "The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again."
        ),
    )
    .target(Value::str(name));
    fault.exception = fault.exception.with("CommandName", Value::str(name));
    fault
}
