//! The running session as completion sees it.

use super::cmdlets::{Completers, run_completer};
use super::complete::{MemberKindShown, MemberName, World, begins};
use super::completion::CompletionResult;
use crate::cmdlet::declaration::CommandKind;
use crate::cmdlet::{catalog, kinds};
use crate::host::UserFolder;
use crate::model::kind::IdentityForm;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::attribute::Attribute;
use crate::runtime::collection::Dictionary;
use crate::runtime::command::Command;
use crate::runtime::discovery::is_executable;
use crate::runtime::parameter::CommandSurface;
use crate::runtime::scope::{Scope, Slot, options};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::command_metadata::{shown_type, syntax};
use crate::runtime::types::reflection::members::overloads_of;
use crate::runtime::types::{TypeRef, array_of, declared, enums, find, table};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// A machine, looked at.
pub struct SessionWorld<'v>(pub &'v mut Vm);

/// Variables that are there without having been set.
const AUTOMATIC: [&str; 21] = [
    "$",
    "?",
    "^",
    "args",
    "EnabledExperimentalFeatures",
    "Error",
    "ExecutionContext",
    "Host",
    "input",
    "MyInvocation",
    "OutputEncoding",
    "PROFILE",
    "PSBoundParameters",
    "PSCommandPath",
    "PSHOME",
    "PSScriptRoot",
    "PSSessionOption",
    "PSStyle",
    "PSVersionTable",
    "PWD",
    "StackTrace",
];

impl SessionWorld<'_> {
    /// The scopes that are seen from here, innermost first.
    fn scopes(&self) -> Vec<Rc<Scope>> {
        let mut scopes = vec![self.0.scope.clone()];
        while let Some(parent) = scopes.last().and_then(|scope| scope.parent.clone()) {
            scopes.push(parent);
        }
        scopes
    }

    fn slot(&self, name: &str) -> Option<Slot> {
        let folded = Symbol::fold(name);
        let slots = self
            .scopes()
            .into_iter()
            .map(|scope| scope.own_named(folded));
        slots.into_iter().find(|slot| !matches!(slot, Slot::Unset))
    }

    /// A type by name: of the session's scripts, an array, or any other.
    fn type_named(&self, name: &str) -> Option<TypeRef> {
        if let Some(element) = name.strip_suffix("[]") {
            return Some(array_of(&self.type_named(element)?, 1));
        }
        let written = self.0.session.types.iter().rev();
        let mut written = written.filter(|t| t.name.eq_ignore_ascii_case(name));
        written.next().cloned().or_else(|| find(name))
    }

    /// All names of the stored objects that a cmdlet is for.
    pub fn names_of_stored(&mut self, command: &str) -> Vec<String> {
        let Some((verb, noun)) = command.split_once('-') else {
            return Vec::new();
        };
        let Some(kind) = kinds::find(noun) else {
            return Vec::new();
        };
        let mut nouns = vec![noun];
        if verb.eq_ignore_ascii_case("Grant") {
            nouns.push("CsUser");
        }
        let references = kind.all_references();
        nouns.extend(references.flat_map(|r| r.to.iter().map(String::as_str)));
        let Ok(store) = self.0.twin() else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for noun in nouns {
            let objects = store.list(noun).into_iter().flatten();
            for object in objects.take(MOST_STORED).flatten() {
                names.extend(names_of(&object));
            }
        }
        names
    }

    /// Names of the stored objects of some nouns that begin with what was typed.
    fn stored(&mut self, nouns: &[&str], typed: &str) -> Vec<String> {
        let Ok(store) = self.0.twin() else {
            return Vec::new();
        };
        let mut identities = Vec::new();
        for noun in nouns {
            if let Ok(objects) = store.list(noun) {
                let found = objects.take(MOST_STORED).flatten();
                identities.extend(found.filter_map(|object| name_of(&object, typed)));
            }
        }
        identities.sort_by_key(|name| name.to_uppercase());
        identities.dedup();
        identities
    }
}

impl World for SessionWorld<'_> {
    fn command_names(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for scope in self.scopes() {
            names.extend(function_names_of(&scope));
            names.extend(scope.aliases.borrow().values().map(|a| a.name.to_string()));
        }
        names.extend(catalog::names().map(|summary| summary.name.to_owned()));
        names.extend(catalog::aliases().map(|(alias, _)| alias.to_owned()));
        names
    }

    fn function_names(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for scope in self.scopes() {
            names.extend(function_names_of(&scope));
        }
        let shipped = catalog::names().filter(|summary| summary.kind != CommandKind::Cmdlet);
        names.extend(shipped.map(|summary| summary.name.to_owned()));
        names
    }

    fn commands_of_module(&mut self, module: &str) -> Vec<String> {
        let of_module = |s: &catalog::CommandSummary| s.module.eq_ignore_ascii_case(module);
        let shipped = catalog::names().filter(of_module);
        let mut names: Vec<String> = shipped.map(|s| s.name.to_owned()).collect();
        for scope in self.scopes() {
            let functions = scope.functions.borrow();
            let own = functions.values().filter(|f| {
                let name = f.module.as_ref().map(|m| m.name.borrow().to_string());
                name.is_some_and(|name| name.eq_ignore_ascii_case(module))
            });
            names.extend(own.map(|f| f.name.to_string()));
        }
        names
    }

    fn programs(&mut self, typed: &str) -> Vec<(String, String)> {
        // Everything on the path would be no answer.
        if typed.is_empty() {
            return Vec::new();
        }
        let path = self.0.host.variable("PATH").unwrap_or_default();
        let mut found = BTreeMap::new();
        for folder in std::env::split_paths(&path) {
            let Ok(entries) = std::fs::read_dir(folder) else {
                continue;
            };
            for entry in entries.flatten() {
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                if begins(&name, typed) && is_executable(&entry.path()) {
                    let path = entry.path().to_string_lossy().to_string();
                    found.entry(name).or_insert(path);
                }
            }
        }
        found.into_iter().collect()
    }

    fn resolve(&mut self, name: &str) -> Option<String> {
        let mut name = name.to_owned();
        // Aliases of aliases end somewhere; a circle ends here.
        for _ in 0..16 {
            match self.0.find_alias(&name) {
                Some(alias) => name = alias.definition.to_string(),
                None => break,
            }
        }
        let function = self.0.find_function(&name).map(|f| f.name.to_string());
        function.or_else(|| catalog::summary(&name).map(|s| s.name.to_owned()))
    }

    fn surface(&mut self, command: &str) -> Option<Rc<CommandSurface>> {
        let name = self.resolve(command)?;
        if let Some(function) = self.0.find_function(&name) {
            let block = function.block.borrow().clone();
            return crate::lower::parameters::surface(self.0, &block, &name).ok();
        }
        match self.0.find_cmdlet(&name)? {
            Command::Cmdlet(info) => Some(info.surface().clone()),
            _ => None,
        }
    }

    fn usage(&mut self, command: &str) -> String {
        let Ok(Some(found)) = self.0.find_command(command) else {
            return command.to_owned();
        };
        match found {
            Command::Alias(alias) => alias.definition.to_string(),
            found => syntax(self.0, &found, None).unwrap_or_else(|_| command.to_owned()),
        }
    }

    fn variables(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (depth, scope) in self.scopes().into_iter().enumerate() {
            for (symbol, slot) in scope.list() {
                let (name, hidden) = match &slot {
                    Slot::Variable(v) => (
                        v.name.to_string(),
                        depth > 0 && v.options.get() & options::PRIVATE != 0,
                    ),
                    _ => (symbol.text().to_string(), false),
                };
                if !hidden && !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                    names.push(name);
                }
            }
        }
        for name in AUTOMATIC {
            if !names.iter().any(|n| n.eq_ignore_ascii_case(name)) {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn variable_tip(&mut self, name: &str) -> String {
        match self.variable_value(name) {
            None if matches!(name, "?") => "[bool]$?".to_owned(),
            None | Some(Value::Null | Value::Nothing) => name.to_owned(),
            Some(value) => format!("[{}]${name}", shown_type(&self.0.type_of(&value))),
        }
    }

    fn variable_values(&mut self, name: &str) -> Vec<String> {
        let Some(slot) = self.slot(name) else {
            return Vec::new();
        };
        let value = match &slot {
            Slot::Variable(variable) => {
                for attribute in variable.attributes.borrow().iter().flat_map(|a| a.iter()) {
                    match attribute {
                        Attribute::ValidateSet { values, .. } => {
                            return values.iter().map(|v| v.to_string()).collect();
                        }
                        Attribute::Convert(type_ref) if type_ref.is_enum() => {
                            return enum_names(type_ref);
                        }
                        _ => {}
                    }
                }
                variable.value.borrow().clone()
            }
            Slot::Plain(value) => value.clone(),
            Slot::Unset => Value::Null,
        };
        enum_names(&self.0.type_of(&value))
    }

    fn environment(&mut self) -> Vec<String> {
        let variables = self.0.host.variables();
        variables.into_iter().map(|(name, _)| name).collect()
    }

    fn variable_value(&mut self, name: &str) -> Option<Value> {
        match self.slot(name)? {
            Slot::Plain(value) => Some(value),
            Slot::Variable(variable) => Some(variable.value.borrow().clone()),
            Slot::Unset => None,
        }
    }

    fn property(&mut self, value: &Value, name: &str) -> Option<Value> {
        // Only what is there: reading anything else may run a script.
        match value.base() {
            Value::Custom(object) => object.members.note(name),
            Value::Dict(table) => table.get_str(name),
            Value::Instance(object) => {
                let field = object.class.field(name)?;
                object.fields.borrow().get(field).cloned()
            }
            _ => None,
        }
    }

    fn type_name(&mut self, value: &Value) -> String {
        self.0.type_of(value).full_name.to_string()
    }

    fn members_of_value(&mut self, value: &Value) -> Vec<MemberName> {
        self.value_members(value)
    }

    fn keys(&mut self, value: &Value) -> Vec<String> {
        let Value::Dict(table) = value.base() else {
            return Vec::new();
        };
        let text = |key: Value| match key {
            Value::Str(text) => Some(text.to_string()),
            _ => None,
        };
        table.keys().into_iter().filter_map(text).collect()
    }

    fn members_of_type(&mut self, type_name: &str, is_static: bool) -> Option<Vec<MemberName>> {
        if let Some(noun) = type_name.strip_prefix(STORED) {
            return stored_members(noun);
        }
        let type_ref = self.type_named(type_name)?;
        Some(self.type_members(&type_ref, is_static))
    }

    fn outputs(&mut self, command: &str) -> Vec<String> {
        let Some(declaration) = catalog::find(command) else {
            return Vec::new();
        };
        // What the verbs of a noun give are the objects of its kind.
        if let Some((_, noun)) = command.split_once('-')
            && kinds::find(noun).is_some()
        {
            return vec![format!("{STORED}{noun}")];
        }
        let names = declaration.output_types.iter();
        let full = |name: &String| find(name).map_or(name.clone(), |t| t.full_name.to_string());
        names.map(full).collect()
    }

    fn full_type_name(&mut self, name: &str) -> Option<String> {
        self.type_named(name)
            .map(|found| found.full_name.to_string())
    }

    fn enum_values(&mut self, type_name: &str) -> Vec<String> {
        self.type_named(type_name)
            .map(|found| enum_names(&found))
            .unwrap_or_default()
    }

    fn returned(&mut self, type_name: &str, method: &str, is_static: bool) -> Option<String> {
        let found = self.type_named(type_name)?;
        if let Some(class) = found.class() {
            let methods = class.methods_named(method, is_static);
            let returns = methods.first()?.return_type.clone()?;
            return Some(returns.full_name.to_string());
        }
        let overloads = overloads_of(&found.full_name, method, is_static);
        Some(overloads.first()?.returns.clone())
    }

    fn type_tip(&mut self, full_name: &str) -> String {
        let Some(found) = find(full_name) else {
            return full_name.to_owned();
        };
        if let Some((name, _)) = full_name.split_once('`') {
            let whole = crate::runtime::types::reflection::members::members_of(full_name);
            let parameters = whole.map_or_else(Vec::new, |w| w.type_parameters.clone());
            return format!("{name}[{}]", parameters.join(", "));
        }
        let is_engine = full_name.starts_with("System.Management.Automation.");
        if !is_engine
            && !table::ACCELERATORS
                .iter()
                .any(|(_, full, _)| *full == full_name)
        {
            return full_name.to_owned();
        }
        let kind = match () {
            () if found.is_enum() => "Enum",
            () if found.is_value_type() => "Struct",
            () => "Class",
        };
        format!("{kind} {full_name}")
    }

    fn type_names(&mut self) -> Vec<String> {
        let own = self.0.session.types.iter().map(|t| t.full_name.to_string());
        let mut names: Vec<String> = own.collect();
        names.extend(table::names().chain(enums::names()).map(str::to_owned));
        names.extend(declared::names());
        // It has a short name, but is no type that anyone may name in full.
        names.retain(|name| name != "System.Management.Automation.PSCustomObject");
        names
    }

    fn accelerators(&mut self) -> Vec<(String, String)> {
        let pairs = table::ACCELERATORS.iter();
        pairs
            .map(|(short, full, _)| ((*short).to_owned(), (*full).to_owned()))
            .collect()
    }

    fn script_completions(
        &mut self,
        declared: Option<&Value>,
        command: &str,
        parameter: &str,
        word: &str,
        given: &[(String, String)],
    ) -> Option<Vec<CompletionResult>> {
        let script = match declared.map(Value::base) {
            Some(Value::Block(script)) => script.clone(),
            _ => {
                let completers = Completers::of(self.0);
                let list = completers.of_parameters.borrow();
                let fits = |(of, name, _): &&(Option<Rc<str>>, Rc<str>, _)| {
                    of.as_ref()
                        .is_none_or(|of| of.eq_ignore_ascii_case(command))
                        && name.eq_ignore_ascii_case(parameter)
                };
                list.iter().rev().find(fits)?.2.clone()
            }
        };
        let bound = Dictionary::hashtable();
        for (name, text) in given {
            bound.set_str(name, Value::str(text.trim_matches(['\'', '"'])));
        }
        let arguments = vec![
            Value::str(command),
            Value::str(parameter),
            Value::str(word),
            Value::Null,
            Value::Dict(Rc::new(bound)),
        ];
        Some(run_completer(self.0, &script, arguments))
    }

    fn native_completions(
        &mut self,
        command: &str,
        word: &str,
        line: &str,
    ) -> Option<Vec<CompletionResult>> {
        let completers = Completers::of(self.0);
        let list = completers.of_programs.borrow();
        let mut newest_first = list.iter().rev();
        let script = &newest_first
            .find(|(name, _)| name.eq_ignore_ascii_case(command))?
            .1;
        let position = i32::try_from(line.chars().count()).unwrap_or(i32::MAX);
        let arguments = vec![Value::str(word), Value::str(line), Value::Int(position)];
        Some(run_completer(self.0, script, arguments))
    }

    fn identities(&mut self, command: &str, parameter: &str, typed: &str) -> Vec<String> {
        let Some((verb, noun)) = command.split_once('-') else {
            return Vec::new();
        };
        let Some(kind) = kinds::find(noun) else {
            return Vec::new();
        };
        let names = |name: &str| parameter.eq_ignore_ascii_case(name);
        if names("Identity") && verb.eq_ignore_ascii_case("Grant") {
            return self.stored(&["CsUser"], typed);
        }
        if names("PolicyName") || (names("Identity") && !verb.eq_ignore_ascii_case("New")) {
            return self.stored(&[noun], typed);
        }
        let mut references = kind.all_references();
        match references.find(|r| names(&r.property)) {
            Some(reference) => {
                let nouns: Vec<&str> = reference.to.iter().map(String::as_str).collect();
                self.stored(&nouns, typed)
            }
            None => Vec::new(),
        }
    }

    fn folder(&mut self) -> PathBuf {
        self.0.session.location.clone()
    }

    fn home(&mut self) -> Option<PathBuf> {
        self.0.host.folder(UserFolder::Home)
    }

    fn modules(&mut self) -> Vec<String> {
        let mut names: Vec<String> = catalog::names().map(|s| s.module.to_owned()).collect();
        names.extend(
            self.0
                .session
                .modules
                .iter()
                .map(|m| m.name.borrow().to_string()),
        );
        names.sort();
        names.dedup();
        // The core commands belong to no module that can be imported.
        // ThreadJob is no module of its own in a fresh installation.
        const NONE: [&str; 3] = [
            "",
            "Microsoft.PowerShell.Core",
            "Microsoft.PowerShell.ThreadJob",
        ];
        names.retain(|name| !NONE.contains(&name.as_str()));
        names
    }
}

/// More would be no help to anyone who reads them.
const MOST_STORED: usize = 500;

/// What stands before the noun where completion names the type of its objects.
const STORED: &str = "stored object ";

/// The properties of the objects of a kind.
fn function_names_of(scope: &Scope) -> Vec<String> {
    let functions = scope.functions.borrow();
    functions.values().map(|f| f.name.to_string()).collect()
}

fn stored_members(noun: &str) -> Option<Vec<MemberName>> {
    let kind = kinds::find(noun)?;
    let mut names = vec!["Identity"];
    names.extend(kind.properties.iter().map(|p| p.name.as_str()));
    let member = |name: &str| MemberName {
        name: name.to_owned(),
        kind: MemberKindShown::Property,
        is_added: false,
        tool_tip: String::new(),
    };
    Some(names.into_iter().map(member).collect())
}

/// How a person names a stored object: the first of its names that begins with
/// what was typed. People go by their display names.
fn name_of(object: &Object, typed: &str) -> Option<String> {
    names_of(object)
        .into_iter()
        .find(|name| begins(name, typed))
}

/// The names of a stored object, the most usual first.
fn names_of(object: &Object) -> Vec<String> {
    let (first, rest): (&[&str], Vec<&str>) = match &object.kind.identity {
        IdentityForm::User => (
            &["DisplayName"],
            vec!["SipAddress", "UserPrincipalName", "SamAccountName"],
        ),
        IdentityForm::Directory { also } => (&[], also.iter().map(String::as_str).collect()),
        _ => (&[], Vec::new()),
    };
    let text = |name: &&str| match object.get(name) {
        Datum::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    };
    let names = first.iter().filter_map(text);
    let names = names.chain(std::iter::once(object.identity.clone()));
    names.chain(rest.iter().filter_map(text)).collect()
}

/// The names of an enumeration's values.
pub(super) fn enum_names(type_ref: &TypeRef) -> Vec<String> {
    let definition = type_ref.enum_definition();
    let names = definition.map(|d| d.members.iter().map(|(name, _)| name.to_string()));
    names.map_or_else(Vec::new, Iterator::collect)
}
