//! The running session as completion sees it.

use super::cmdlets::{Completers, run_completer};
use super::complete::{MemberName, World};
use super::completion::CompletionResult;
use crate::cmdlet::declaration::CommandKind;
use crate::cmdlet::{catalog, kinds};
use crate::host::UserFolder;
use crate::runtime::attribute::Attribute;
use crate::runtime::class::ClassDefinition;
use crate::runtime::collection::Dictionary;
use crate::runtime::object::Member;
use crate::runtime::parameter::CommandSurface;
use crate::runtime::scope::{Scope, Slot, options};
use crate::runtime::symbol::Symbol;
use crate::runtime::type_data::type_data;
use crate::runtime::types::members::members_of;
use crate::runtime::types::signature::MemberKind;
use crate::runtime::types::{TypeRef, declared, enums, find, table};
use crate::runtime::value::Value;
use crate::runtime::view::AddedMember;
use crate::runtime::vm::Vm;
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

/// Methods that every object has.
const OBJECT_METHODS: [&str; 4] = ["Equals", "GetHashCode", "GetType", "ToString"];

fn method(name: &str) -> MemberName {
    MemberName {
        name: name.to_owned(),
        is_added: false,
        is_method: true,
        tool_tip: String::new(),
    }
}

fn property(name: &str) -> MemberName {
    MemberName {
        name: name.to_owned(),
        is_added: false,
        is_method: false,
        tool_tip: String::new(),
    }
}

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

    /// The identities of the stored objects of some nouns.
    fn stored(&mut self, nouns: &[&str]) -> Vec<String> {
        // More would be no help to anyone who reads them.
        const MOST: usize = 500;
        let Ok(store) = self.0.twin() else {
            return Vec::new();
        };
        let mut identities = Vec::new();
        for noun in nouns {
            if let Ok(objects) = store.list(noun) {
                let found = objects.take(MOST).flatten();
                identities.extend(found.map(|object| object.identity));
            }
        }
        identities
    }

    fn class_members(class: &ClassDefinition, is_static: bool) -> Vec<MemberName> {
        let mut members = Vec::new();
        let properties = if is_static {
            &class.statics
        } else {
            &class.properties
        };
        members.extend(
            properties
                .iter()
                .filter(|p| !p.hidden)
                .map(|p| property(&p.name)),
        );
        let mut at = Some(class);
        while let Some(class) = at {
            let own = class.methods.iter();
            let seen = own.filter(|m| m.is_static == is_static && !m.hidden);
            members.extend(seen.map(|m| method(&m.name)));
            at = class.base.as_deref();
        }
        let common: &[&str] = match is_static {
            true => &["Equals", "new", "ReferenceEquals"],
            false => &OBJECT_METHODS,
        };
        members.extend(common.iter().map(|name| method(name)));
        members
    }

    fn members_of_type_ref(&self, type_ref: &TypeRef, is_static: bool) -> Vec<MemberName> {
        if let Some(class) = type_ref.class() {
            return Self::class_members(&class, is_static);
        }
        let mut members = Vec::new();
        if is_static && type_ref.is_enum() {
            members.extend(enum_names(type_ref).iter().map(|name| property(name)));
        }
        let declaring = match type_ref.element() {
            Some(_) => "System.Array",
            None if type_ref.is_enum() => "System.Enum",
            None => type_ref.definition_name(),
        };
        if let Some(whole) = members_of(declaring) {
            if is_static && !whole.constructors.is_empty() && !type_ref.is_enum() {
                members.push(method("new"));
            }
            let wanted = whole.members.iter().filter(|m| m.is_static == is_static);
            for member in wanted.filter(|m| !is_special(&m.name)) {
                match &member.kind {
                    MemberKind::Method(_) => members.push(method(&member.name)),
                    MemberKind::Indexer { .. } => {}
                    _ => members.push(property(&member.name)),
                }
            }
        }
        if is_static {
            members.extend(["Equals", "ReferenceEquals"].map(method));
        } else {
            members.extend(self.added(type_ref));
        }
        members
    }

    /// What type data adds to objects of a type.
    fn added(&self, type_ref: &TypeRef) -> Vec<MemberName> {
        let mut members = Vec::new();
        for ancestor in type_ref.ancestry() {
            if let Some(data) = type_data(&ancestor.full_name) {
                let names = data.members.iter().map(|(name, added)| MemberName {
                    is_added: true,
                    is_method: matches!(
                        added,
                        AddedMember::ScriptMethod(_) | AddedMember::CodeMethod(_)
                    ),
                    ..property(name)
                });
                members.extend(names);
            }
            if let Some(own) = self
                .0
                .session
                .type_members
                .get(&Symbol::fold(&ancestor.full_name))
            {
                members.extend(own.list().iter().map(named));
            }
        }
        members
    }
}

fn named((name, member): &(Rc<str>, Member)) -> MemberName {
    MemberName {
        is_method: matches!(member, Member::Method(_)),
        ..property(name)
    }
}

/// Members that only compilers write.
fn is_special(name: &str) -> bool {
    ["get_", "set_", "op_", "add_", "remove_", "."]
        .iter()
        .any(|p| name.starts_with(p))
}

impl World for SessionWorld<'_> {
    fn command_names(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for scope in self.scopes() {
            names.extend(
                scope
                    .functions
                    .borrow()
                    .values()
                    .map(|f| f.name.to_string()),
            );
            names.extend(scope.aliases.borrow().values().map(|a| a.name.to_string()));
        }
        names.extend(catalog::names().map(|summary| summary.name.to_owned()));
        names.extend(catalog::aliases().map(|(alias, _)| alias.to_owned()));
        names
    }

    fn function_names(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for scope in self.scopes() {
            names.extend(
                scope
                    .functions
                    .borrow()
                    .values()
                    .map(|f| f.name.to_string()),
            );
        }
        let shipped = catalog::names().filter(|summary| summary.kind != CommandKind::Cmdlet);
        names.extend(shipped.map(|summary| summary.name.to_owned()));
        names
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
            crate::runtime::command::Command::Cmdlet(info) => Some(info.surface().clone()),
            _ => None,
        }
    }

    fn usage(&mut self, command: &str) -> String {
        command.to_owned()
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
            None | Some(Value::Null | Value::Nothing) => name.to_owned(),
            Some(value) => format!("[{}]${name}", self.0.type_of(&value).display()),
        }
    }

    fn variable_values(&mut self, name: &str) -> Vec<String> {
        let Some(slot) = self.slot(name) else {
            return Vec::new();
        };
        let value = match &slot {
            Slot::Variable(variable) => {
                for attribute in variable.attributes.borrow().iter() {
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
        match value.base() {
            Value::Custom(object) => {
                let mut members: Vec<MemberName> =
                    object.members.list().iter().map(named).collect();
                members.extend(OBJECT_METHODS.iter().map(|name| method(name)));
                members
            }
            Value::Instance(object) => Self::class_members(&object.class, false),
            _ => {
                let type_ref = self.0.type_of(value);
                self.members_of_type_ref(&type_ref, false)
            }
        }
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
        let written = self.0.session.types.iter().rev();
        let mut written = written.filter(|t| t.name.eq_ignore_ascii_case(type_name));
        let type_ref = written.next().cloned().or_else(|| find(type_name))?;
        Some(self.members_of_type_ref(&type_ref, is_static))
    }

    fn outputs(&mut self, command: &str) -> Vec<String> {
        let Some(declaration) = catalog::find(command) else {
            return Vec::new();
        };
        let names = declaration.output_types.iter();
        let full = |name: &String| find(name).map_or(name.clone(), |t| t.full_name.to_string());
        names.map(full).collect()
    }

    fn type_names(&mut self) -> Vec<String> {
        let own = self.0.session.types.iter().map(|t| t.full_name.to_string());
        let mut names: Vec<String> = own.collect();
        names.extend(table::names().chain(enums::names()).map(str::to_owned));
        names.extend(declared::names());
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
        let arguments = vec![
            Value::str(command),
            Value::str(parameter),
            Value::str(word),
            Value::Null,
            Value::Dict(Rc::new(Dictionary::hashtable())),
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

    fn identities(&mut self, command: &str, parameter: &str) -> Vec<String> {
        let Some((verb, noun)) = command.split_once('-') else {
            return Vec::new();
        };
        let Some(kind) = kinds::find(noun) else {
            return Vec::new();
        };
        let names = |name: &str| parameter.eq_ignore_ascii_case(name);
        if names("Identity") && verb.eq_ignore_ascii_case("Grant") {
            return self.stored(&["CsUser"]);
        }
        if names("PolicyName") || (names("Identity") && !verb.eq_ignore_ascii_case("New")) {
            return self.stored(&[noun]);
        }
        let mut references = kind.all_references();
        match references.find(|r| names(&r.property)) {
            Some(reference) => {
                let nouns: Vec<&str> = reference.to.iter().map(String::as_str).collect();
                self.stored(&nouns)
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
        names.retain(|name| name != "Microsoft.PowerShell.Core");
        names
    }
}

fn enum_names(type_ref: &TypeRef) -> Vec<String> {
    let definition = type_ref.enum_definition();
    let names = definition.map(|d| d.members.iter().map(|(name, _)| name.to_string()));
    names.map_or_else(Vec::new, Iterator::collect)
}
