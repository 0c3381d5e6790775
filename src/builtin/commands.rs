//! Get-Command and Get-Verb.

use super::aliases;
use super::commands_dynamic::dynamic_surface;
use super::modules::specified;
use crate::cmdlet::registry::Factory;
use crate::runtime::collation::ordinal::compare_ordinal_ignore_case;
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::discovery::command_not_found;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::{VersionRange, fits_any};
use crate::runtime::object::CustomObject;
use crate::runtime::parameter::CommandSurface;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::automation::command_info::{CommandValue, surface_of};
use crate::runtime::types::automation::command_metadata::{surface_text, syntax};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeCode, TypeRef};
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
    found: Vec<(Command, Option<Rc<CommandSurface>>)>,
    /// Names and aliases of parameters that fit `-ParameterName`.
    parameters: Vec<Rc<str>>,
    by_pattern: bool,
    by_name: bool,
    /// How far each is from the name asked for, with `-UseFuzzyMatching`.
    distances: Vec<usize>,
}

impl Cmdlet for GetCommand {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("Syntax") && call.switch("ShowCommandInfo") {
            return vm.raise(Fault::of(
                "System.Management.Automation.PSArgumentException",
                "GetCommandCannotSpecifySyntaxAndShowCommandInfoTogether",
                Category::InvalidArgument,
                "The ShowCommandInfo and Syntax parameters cannot be specified together.",
            ));
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let filter = Filter::of(vm, call)?;
        let names = call.texts("Name");
        if names.is_empty() {
            // Without a name: what a session offers, programs left out.
            let kinds = call.int("CommandType").unwrap_or(15);
            let found = self.matching(vm, call, "*", kinds)?;
            return self.keep(vm, call, found, &filter);
        }
        self.by_name = true;
        for name in names {
            let kinds = call.int("CommandType").unwrap_or(ALL_KINDS);
            let found = if call.switch("UseFuzzyMatching") {
                self.fuzzy(vm, call, &name, kinds)?
            } else if call.switch("UseAbbreviationExpansion") {
                let mut found = self.matching(vm, call, "*", kinds)?;
                found.retain(|c| abbreviation(&c.name()).eq_ignore_ascii_case(&name));
                if let Some(command) = vm.find_command(&name)? {
                    found.insert(0, command);
                }
                found
            } else if WildcardPattern::contains_wildcards(&name) {
                self.by_pattern = true;
                self.matching(vm, call, &name, kinds)?
            } else {
                let mut found = self.exact(vm, call, &name, kinds)?;
                filter.retain(&mut found);
                if found.is_empty() {
                    vm.write_fault(command_not_found(&name))?;
                }
                found
            };
            self.keep(vm, call, found, &filter)?;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for name in call.texts("ParameterName") {
            let known = self
                .parameters
                .iter()
                .any(|p| p.eq_ignore_ascii_case(&name));
            if known || WildcardPattern::contains_wildcards(&name) {
                continue;
            }
            vm.write_fault(
                Fault::of(
                    "System.ArgumentException",
                    "CommandParameterNotFound",
                    Category::ObjectNotFound,
                    format!("No matching commands include a parameter named '{name}'.  Check the spelling of the parameter name, and then try again. (Parameter '{name}')"),
                )
                .target(Value::str(&*name)),
            )?;
        }
        let mut found = std::mem::take(&mut self.found);
        if call.switch("UseFuzzyMatching") {
            let mut scored: Vec<_> = self.distances.drain(..).zip(found).collect();
            scored.sort_by_key(|(distance, _)| *distance);
            found = scored.into_iter().map(|(_, command)| command).collect();
        } else if !self.by_name || self.by_pattern {
            found.sort_by(|(a, _), (b, _)| {
                CommandValue::type_bits(a)
                    .cmp(&CommandValue::type_bits(b))
                    .then_with(|| compare_ordinal_ignore_case(&a.name(), &b.name()))
            });
        }
        // The short aliases are left out of the list of everything.
        if !self.by_name && !call.switch("All") && !call.has("TotalCount") {
            let wanted = call.int("CommandType").unwrap_or(0);
            found.retain(|(command, _)| {
                let bits = CommandValue::type_bits(command) & (1 | 32);
                bits & !wanted == 0 || command.name().find('-').is_some_and(|at| at > 0)
            });
        }
        for (command, surface) in found {
            give(vm, call, command, surface)?;
        }
        Ok(())
    }
}

/// What `-Verb`, `-Noun` and the parameters about modules let through.
struct Filter {
    verbs: Vec<Rc<str>>,
    nouns: Vec<Rc<str>>,
    modules: Vec<Rc<str>>,
    left_out: Vec<Rc<str>>,
    specified: Option<Vec<(Rc<str>, VersionRange)>>,
}

impl Filter {
    fn of(vm: &mut Vm, call: &Call) -> R<Filter> {
        let specified = match call.has("FullyQualifiedModule") {
            true => {
                let items = call.items("FullyQualifiedModule");
                let read = items.iter().map(|item| specified(vm, item));
                Some(read.collect::<R<Vec<_>>>()?)
            }
            false => None,
        };
        Ok(Filter {
            verbs: call.texts("Verb"),
            nouns: call.texts("Noun"),
            modules: call.texts("Module"),
            left_out: call.texts("ExcludeModule"),
            specified,
        })
    }

    fn allows(&self, command: &Command) -> bool {
        let name = command.name();
        if !self.verbs.is_empty() || !self.nouns.is_empty() {
            let Some((verb, noun)) = name.split_once('-') else {
                return false;
            };
            if (!self.verbs.is_empty() && !fits_any(&self.verbs, verb))
                || (!self.nouns.is_empty() && !fits_any(&self.nouns, noun))
            {
                return false;
            }
        }
        let module = module_of(command);
        if !self.modules.is_empty() && !fits_any(&self.modules, &module)
            || fits_any(&self.left_out, &module)
        {
            return false;
        }
        self.specified.as_ref().is_none_or(|specified| {
            specified.iter().any(|(name, versions)| {
                name.eq_ignore_ascii_case(&module)
                    && module_version(command).is_none_or(|v| versions.contains(&v))
            })
        })
    }

    fn retain(&self, found: &mut Vec<Command>) {
        found.retain(|command| self.allows(command));
    }
}

/// What a name is shortened to: its first letters of words, and the dash.
fn abbreviation(name: &str) -> String {
    name.chars()
        .filter(|c| *c == '-' || c.is_uppercase())
        .collect()
}

/// How many letters must be changed, added, left out or swapped with the next.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let above = rows
                .last()
                .map_or(0, |r| r.get(j + 1).copied().unwrap_or(0));
            let corner = rows.last().map_or(0, |r| r.get(j).copied().unwrap_or(0));
            let left = row.last().copied().unwrap_or(0);
            let mut best = (above + 1).min(left + 1).min(corner + usize::from(x != y));
            if i > 0
                && j > 0
                && a.get(i - 1) == Some(y)
                && b.get(j - 1) == Some(x)
                && let Some(before) = rows.get(i - 1).and_then(|r| r.get(j - 1))
            {
                best = best.min(before + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|r| r.last()).copied().unwrap_or(0)
}

/// One command as the parameters ask for it: its object, its syntax, or what Show-Command reads.
fn give(vm: &mut Vm, call: &Call, command: Command, surface: Option<Rc<CommandSurface>>) -> R<()> {
    if call.switch("Syntax") {
        let text = match &surface {
            Some(surface) => surface_text(&command.name(), surface),
            None => syntax(vm, &command, None)?,
        };
        return vm.write(Value::str(text));
    }
    if !call.switch("ShowCommandInfo") {
        return vm.write(match surface {
            Some(surface) => CommandValue::with_surface(command, surface),
            None => CommandValue::value(command),
        });
    }
    let info = CommandValue::value(command.clone());
    let mut read = |name: &str| -> R<Value> { Ok(vm.get_member(&info, name)?.unwrap_or_default()) };
    let fields = vec![
        ("Name", Value::str(&*command.name())),
        ("ModuleName", Value::str(&*module_of(&command))),
        (
            "Module",
            CustomObject::typed(
                "System.Management.Automation.PSCustomObject",
                vec![("Name", Value::str(&*module_of(&command)))],
            ),
        ),
        ("CommandType", read("CommandType")?),
        ("Definition", read("Definition")?),
        ("ParameterSets", read("ParameterSets")?),
    ];
    let made = CustomObject::typed("System.Management.Automation.PSCustomObject", fields);
    vm.write(made)
}

impl GetCommand {
    fn keep(&mut self, vm: &mut Vm, call: &Call, found: Vec<Command>, filter: &Filter) -> R<()> {
        let limit = call
            .int("TotalCount")
            .filter(|n| *n >= 0)
            .and_then(|n| usize::try_from(n).ok());
        let fuzzy = call.switch("UseFuzzyMatching").then(|| call.text("Name"));
        let mut kept = 0;
        for command in found {
            if !filter.allows(&command) || !self.has_parameter(vm, call, &command)? {
                continue;
            }
            if call.has("ArgumentList")
                && matches!(command, Command::Alias(_) | Command::Application(_))
            {
                return vm.raise(
                    Fault::of(
                        "System.Management.Automation.PSArgumentException",
                        "CommandArgsOnlyForSingleCmdlet",
                        Category::InvalidArgument,
                        "The command could not be retrieved because the ArgumentList parameter can be specified only when retrieving a single cmdlet or script. (Parameter 'ArgumentList')",
                    )
                    .target(CommandValue::value(command)),
                );
            }
            let arguments = call.get("ArgumentList");
            let surface = dynamic_surface(vm, &command, arguments.as_ref())?;
            // The limit counts for each name.
            if limit.is_some_and(|limit| kept >= limit) {
                return Ok(());
            }
            kept += 1;
            if let Some(wanted) = &fuzzy {
                let wanted = wanted.as_deref().unwrap_or_default();
                self.distances.push(distance(&command.name(), wanted));
            }
            self.found.push((command, surface));
        }
        Ok(())
    }

    /// Whether a command has a parameter that `-ParameterName` and `-ParameterType` ask for.
    fn has_parameter(&mut self, vm: &mut Vm, call: &Call, command: &Command) -> R<bool> {
        let names = call.texts("ParameterName");
        let types = call.items("ParameterType");
        if names.is_empty() && types.is_empty() {
            return Ok(true);
        }
        let Some(surface) = surface_of(vm, command)? else {
            return Ok(false);
        };
        let mut any = false;
        for parameter in &surface.parameters {
            let mut named = names.is_empty();
            let own = std::iter::once(&parameter.name).chain(&parameter.aliases);
            for name in own.filter(|name| fits_any(&names, name)) {
                self.parameters.push(name.clone());
                named = true;
            }
            if named && !names.is_empty() {
                self.parameters.push(parameter.name.clone());
            }
            let mut typed = types.is_empty();
            for wanted in &types {
                typed |= takes_type(vm, &parameter.type_ref, wanted)?;
            }
            any |= named && typed;
        }
        Ok(any)
    }

    /// The commands whose names are near to one.
    fn fuzzy(&self, vm: &mut Vm, call: &Call, name: &str, kinds: i64) -> R<Vec<Command>> {
        let farthest = call.int("FuzzyMinimumDistance").unwrap_or(5);
        let farthest = usize::try_from(farthest).unwrap_or(usize::MAX);
        let mut found = self.matching(vm, call, "*", kinds)?;
        found.retain(|command| distance(&command.name(), name) <= farthest);
        Ok(found)
    }

    /// The commands of a name; the first in the order of lookup, or every one when more than the
    /// name is asked for.
    fn exact(&self, vm: &mut Vm, call: &Call, name: &str, kinds: i64) -> R<Vec<Command>> {
        let all = call.switch("All")
            || [
                "TotalCount",
                "CommandType",
                "Module",
                "FullyQualifiedModule",
            ]
            .iter()
            .any(|parameter| call.has(parameter));
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
            if call.switch("All") {
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
            found.extend(vm.files_of(name, all).into_iter().filter(allows));
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
            let names = names.into_iter().filter(|n| matcher.is_match(n));
            for name in names {
                found.extend(vm.find_cmdlet(&name));
            }
        }
        let named = call.has("Name") && pattern != "*";
        if (named || call.has("CommandType")) && kinds & (16 | 32) != 0 {
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
                    let path = path.to_string_lossy();
                    let files = vm.files_of(&path, false).into_iter();
                    found.extend(files.filter(|c| CommandValue::type_bits(c) & kinds != 0));
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

/// Whether a parameter of a type takes values of the type that `-ParameterType` names; a name that
/// is no type stands for the end of one.
fn takes_type(vm: &mut Vm, own: &TypeRef, wanted: &Value) -> R<bool> {
    let accepts_anything = own.code == TypeCode::Object || own.full_name.ends_with("PSObject");
    if let Some(Value::Type(wanted)) = vm.get_member(wanted, "Type")? {
        let anything = wanted.code == TypeCode::Object;
        if anything || accepts_anything {
            return Ok(anything && accepts_anything);
        }
        return Ok(wanted.is_a(own) || own.element().is_some_and(|item| wanted.is_a(item)));
    }
    let pattern: [Rc<str>; 1] = [format!("*{}", vm.to_text(wanted)?).into()];
    Ok(fits_any(&pattern, &own.full_name)
        || own
            .element()
            .is_some_and(|item| fits_any(&pattern, &item.full_name)))
}

/// The version of a command's module, where the session knows it.
fn module_version(command: &Command) -> Option<Rc<str>> {
    match command {
        Command::Function(f) => f.module.as_ref().map(|m| m.version.borrow().clone()),
        Command::Alias(a) => a.module.as_ref().map(|m| m.version.borrow().clone()),
        _ => None,
    }
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
