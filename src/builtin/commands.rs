//! Get-Command and Get-Verb.

use super::aliases;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{ApplicationInfo, Call, Cmdlet, Command};
use crate::runtime::discovery::command_not_found;
use crate::runtime::error::R;
use crate::runtime::modules::fits_any;
use crate::runtime::object::CustomObject;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::automation::command_info::{CommandValue, surface_of};
use crate::runtime::types::automation::command_metadata::syntax;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::verbs::VERBS;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Command", || Box::<GetCommand>::default()),
    ("Get-Verb", || Box::new(GetVerb)),
];

/// Cmdlets, functions, filters, aliases, scripts and, asked by name, programs.
const ALL_KINDS: i64 = 511;

#[derive(Default)]
struct GetCommand {
    found: Vec<Command>,
    given: usize,
}

impl Cmdlet for GetCommand {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        let (verbs, nouns) = (call.texts("Verb"), call.texts("Noun"));
        let kinds = call.int("CommandType");
        if names.is_empty() {
            // Without a name: what a session offers, programs left out.
            let kinds = kinds.unwrap_or(if verbs.is_empty() && nouns.is_empty() {
                15
            } else {
                14
            });
            let found = self.matching(vm, call, "*", kinds)?;
            return self.keep(vm, call, found, &verbs, &nouns);
        }
        for name in names {
            let kinds = kinds.unwrap_or(ALL_KINDS);
            let found = if WildcardPattern::contains_wildcards(&name) {
                self.matching(vm, call, &name, kinds)?
            } else {
                let found = self.exact(vm, call, &name, kinds)?;
                if found.is_empty() {
                    vm.write_fault(command_not_found(&name))?;
                }
                found
            };
            self.keep(vm, call, found, &verbs, &nouns)?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for command in std::mem::take(&mut self.found) {
            self.give(vm, call, command)?;
        }
        Ok(())
    }
}

impl GetCommand {
    fn keep(
        &mut self,
        vm: &mut Vm,
        call: &Call,
        found: Vec<Command>,
        verbs: &[Rc<str>],
        nouns: &[Rc<str>],
    ) -> R<()> {
        let modules = call.texts("Module");
        let parameters = call.texts("ParameterName");
        let by_name = call.has("Name");
        for command in found {
            let name = command.name();
            let (verb, noun) = name.split_once('-').unwrap_or(("", ""));
            if (!verbs.is_empty() && !fits_any(verbs, verb))
                || (!nouns.is_empty() && !fits_any(nouns, noun))
            {
                continue;
            }
            if !modules.is_empty() && !fits_any(&modules, &module_of(&command)) {
                continue;
            }
            if !parameters.is_empty() {
                let Some(surface) = surface_of(vm, &command)? else {
                    continue;
                };
                let has = surface.parameters.iter().any(|p| {
                    fits_any(&parameters, &p.name)
                        || p.aliases.iter().any(|a| fits_any(&parameters, a))
                });
                if !has {
                    continue;
                }
            }
            let limit = call
                .int("TotalCount")
                .filter(|n| *n >= 0)
                .and_then(|n| usize::try_from(n).ok());
            // Names given exactly are answered one by one; the limit counts for lists.
            if let Some(limit) = limit
                && !by_name
                && self.given >= limit
            {
                return Ok(());
            }
            self.given += 1;
            if by_name {
                self.give(vm, call, command)?;
            } else {
                self.found.push(command);
            }
        }
        Ok(())
    }

    fn give(&self, vm: &mut Vm, call: &Call, command: Command) -> R<()> {
        if call.switch("Syntax") {
            let text = syntax(vm, &command, None)?;
            return vm.write(Value::str(text));
        }
        vm.write(CommandValue::value(command))
    }

    /// The commands of a name; the first in the order of lookup, or with `-All` every one.
    fn exact(&self, vm: &mut Vm, call: &Call, name: &str, kinds: i64) -> R<Vec<Command>> {
        let all = call.switch("All");
        let mut found: Vec<Command> = Vec::new();
        let allows = |command: &Command| CommandValue::type_bits(command) & kinds != 0;
        let qualified = name.contains('\\') && !name.starts_with(['.', '\\', '/', '~']);
        if qualified {
            if let Some(command) = vm.find_command(name)?
                && allows(&command)
            {
                found.push(command);
            }
            return Ok(found);
        }
        if let Some(alias) = vm.find_alias(name) {
            let command = Command::Alias(alias);
            if allows(&command) {
                found.push(command);
            }
        }
        if (found.is_empty() || all)
            && let Some(function) = vm.find_function(name)
        {
            let command = Command::Function(function);
            if allows(&command) {
                found.push(command);
            }
            if all {
                self.other_functions(vm, name, &mut found);
            }
        }
        if (found.is_empty() || all)
            && let Some(command) = vm.find_cmdlet(name)
            && allows(&command)
        {
            found.push(command);
        }
        if found.is_empty() && kinds & (2 | 8 | 1) != 0 {
            let loaded = match vm.auto_load(name) {
                Ok(loaded) => loaded,
                Err(unwind) if crate::runtime::invoke::is_error(&unwind) => None,
                Err(other) => return Err(other),
            };
            if let Some(command) = loaded
                && allows(&command)
            {
                found.push(command);
            }
        }
        if found.is_empty() || all {
            for command in files(vm, name) {
                if allows(&command) && (found.is_empty() || all) {
                    found.push(command);
                }
            }
        }
        Ok(found)
    }

    /// Functions of the same name that modules export and that others hide.
    fn other_functions(&self, vm: &mut Vm, name: &str, found: &mut Vec<Command>) {
        for module in vm.session.modules.clone().iter().rev() {
            for (other, function) in &module.exports.borrow().functions {
                let known = found.iter().any(|c| match c {
                    Command::Function(f) => Rc::ptr_eq(&f.block.borrow(), &function.block.borrow()),
                    _ => false,
                });
                if other.eq_ignore_ascii_case(name) && !known {
                    let copy = crate::runtime::command::FunctionInfo {
                        name: function.name.clone(),
                        block: function.block.clone(),
                        is_filter: function.is_filter,
                        options: function.options.clone(),
                        description: function.description.clone(),
                        module: Some(module.clone()),
                    };
                    found.push(Command::Function(Rc::new(copy)));
                }
            }
        }
    }

    /// The commands whose names fit a pattern: aliases, functions, cmdlets, files, each kind by name.
    fn matching(&self, vm: &mut Vm, call: &Call, pattern: &str, kinds: i64) -> R<Vec<Command>> {
        let (module, pattern) = match pattern.split_once('\\') {
            Some((module, rest)) if !module.is_empty() => (Some(module.to_string()), rest),
            _ => (None, pattern),
        };
        let matcher = vm.wildcard(pattern, true)?;
        let mut found: Vec<Command> = Vec::new();
        if kinds & 1 != 0 {
            for alias in aliases::all(vm, None) {
                if matcher.is_match(&alias.name) {
                    found.push(Command::Alias(alias));
                }
            }
        }
        if kinds & 6 != 0 {
            vm.enter_shipped_functions();
            let mut functions = Vec::new();
            let mut at = Some(vm.scope.clone());
            while let Some(scope) = at {
                for function in scope.functions.borrow().values() {
                    let known =
                        functions
                            .iter()
                            .any(|f: &Rc<crate::runtime::command::FunctionInfo>| {
                                f.name.eq_ignore_ascii_case(&function.name)
                            });
                    if matcher.is_match(&function.name) && !known {
                        functions.push(function.clone());
                    }
                }
                at = scope.parent.clone();
            }
            functions.sort_by(|a, b| crate::runtime::collation::compare(&a.name, &b.name, true));
            found.extend(
                functions
                    .into_iter()
                    .map(Command::Function)
                    .filter(|c| CommandValue::type_bits(c) & kinds != 0),
            );
        }
        if kinds & 8 != 0 {
            let names = vm
                .session
                .cmdlet_names
                .map(|names| names())
                .unwrap_or_default();
            let mut names: Vec<String> =
                names.into_iter().filter(|n| matcher.is_match(n)).collect();
            names.sort_by(|a, b| crate::runtime::collation::compare(a, b, true));
            for name in names {
                found.extend(vm.find_cmdlet(&name));
            }
        }
        let named = call.has("Name") && pattern != "*";
        if named && kinds & (16 | 32) != 0 {
            for folder in path_folders(vm) {
                let mut names: Vec<String> = std::fs::read_dir(&folder)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .map(|e| e.file_name().to_string_lossy().to_string())
                    .filter(|n| matcher.is_match(n))
                    .collect();
                names.sort();
                for name in names {
                    let path = folder.join(&name);
                    found.extend(
                        files(vm, &path.to_string_lossy())
                            .into_iter()
                            .filter(|c| CommandValue::type_bits(c) & kinds != 0),
                    );
                }
            }
        }
        if let Some(module) = module {
            let wanted: [Rc<str>; 1] = [module.as_str().into()];
            found.retain(|c| fits_any(&wanted, &module_of(c)));
        }
        Ok(found)
    }
}

fn module_of(command: &Command) -> Rc<str> {
    match command {
        Command::Cmdlet(c) => c.module_name.clone(),
        Command::Function(f) => match &f.module {
            Some(module) => module.name.borrow().clone(),
            None => "".into(),
        },
        Command::Alias(a) => match &a.module {
            Some(module) => module.name.borrow().clone(),
            None => "".into(),
        },
        _ => "".into(),
    }
}

fn path_folders(vm: &Vm) -> Vec<std::path::PathBuf> {
    let text = vm.host.variable("PATH").unwrap_or_default();
    std::env::split_paths(&text)
        .filter(|p| !p.as_os_str().is_empty())
        .collect()
}

/// Scripts and programs of a name.
fn files(vm: &mut Vm, name: &str) -> Vec<Command> {
    if let Ok(Some(command)) = vm.find_command(name) {
        match command {
            Command::Script(_) => return vec![command],
            Command::Application(a) => {
                return vec![Command::Application(Rc::new(ApplicationInfo {
                    name: a.name.clone(),
                    path: a.path.clone(),
                }))];
            }
            _ => {}
        }
    }
    Vec::new()
}

struct GetVerb;

impl Cmdlet for GetVerb {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Verb");
        let mut groups = Vec::new();
        for group in call.items("Group") {
            groups.push(Rc::from(vm.to_text(&group)?));
        }
        for (verb, alias, group) in VERBS {
            if (!names.is_empty() && !fits_any(&names, verb))
                || (!groups.is_empty() && !fits_any(&groups, group))
            {
                continue;
            }
            let fields = vec![
                ("Verb", Value::str(*verb)),
                ("AliasPrefix", Value::str(*alias)),
                ("Group", Value::str(*group)),
                ("Description", Value::str("")),
            ];
            let value =
                match crate::runtime::types::find_full("System.Management.Automation.VerbInfo") {
                    Some(_) => {
                        PlainObject::new("System.Management.Automation.VerbInfo", fields).value()
                    }
                    None => CustomObject::typed("System.Management.Automation.VerbInfo", fields),
                };
            vm.write(value)?;
        }
        Ok(())
    }
}
