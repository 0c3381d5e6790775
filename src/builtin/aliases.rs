//! Get-, Set-, New-, Remove-, Export- and Import-Alias.

use super::scopes;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{AliasInfo, Call, Cmdlet, Command};
use crate::runtime::default_aliases;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::path_not_found;
use crate::runtime::scope::{Scope, options};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::command_info::CommandValue;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Alias", || Box::new(GetAlias)),
    ("Set-Alias", || Box::new(WriteAlias { new: false })),
    ("New-Alias", || Box::new(WriteAlias { new: true })),
    ("Remove-Alias", || Box::new(RemoveAlias)),
    ("Export-Alias", || Box::new(ExportAlias)),
    ("Import-Alias", || Box::new(ImportAlias)),
];

/// All aliases that can be seen, or those of one scope, by name.
pub fn all(vm: &Vm, scope: Option<&Rc<Scope>>) -> Vec<Rc<AliasInfo>> {
    let mut found: Vec<Rc<AliasInfo>> = Vec::new();
    let mut at = Some(scope.cloned().unwrap_or_else(|| vm.scope.clone()));
    let mut reached_global = false;
    while let Some(current) = at {
        reached_global |= Rc::ptr_eq(&current, &vm.global);
        for alias in current.aliases.borrow().values() {
            if !found
                .iter()
                .any(|a| a.name.eq_ignore_ascii_case(&alias.name))
            {
                found.push(alias.clone());
            }
        }
        at = match scope {
            Some(_) => None,
            None => current.parent.clone(),
        };
    }
    if reached_global || scope.is_none() {
        for (name, definition) in default_aliases::ALIASES {
            let gone = vm.session.removed_aliases.contains(&Symbol::fold(name));
            if !gone && !found.iter().any(|a| a.name.eq_ignore_ascii_case(name)) {
                found.push(Rc::new(default_aliases::entry(name, definition)));
            }
        }
    }
    found.sort_by(|a, b| crate::runtime::collation::compare(&a.name, &b.name, true));
    found
}

struct GetAlias;

impl Cmdlet for GetAlias {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let scope = scopes::scope_of(vm, call)?;
        let known = all(vm, scope.as_ref());
        let mut exclude = Vec::new();
        for text in call.texts("Exclude") {
            exclude.push(vm.wildcard(&text, true)?);
        }
        let by_definition = call.has("Definition");
        let mut names = if by_definition {
            call.texts("Definition")
        } else {
            call.texts("Name")
        };
        if names.is_empty() {
            names.push("*".into());
        }
        for name in names {
            let matcher = vm.wildcard(&name, true)?;
            let mut any = false;
            for alias in &known {
                let text = if by_definition {
                    &alias.definition
                } else {
                    &alias.name
                };
                if matcher.is_match(text) && !exclude.iter().any(|e| e.is_match(text)) {
                    any = true;
                    vm.write(CommandValue::value(Command::Alias(alias.clone())))?;
                }
            }
            if !any && !WildcardPattern::contains_wildcards(&name) {
                let message = if by_definition {
                    format!(
                        "This command cannot find a matching alias because an alias with the definition '{name}' does not exist."
                    )
                } else {
                    format!(
                        "This command cannot find a matching alias because an alias with the name '{name}' does not exist."
                    )
                };
                vm.write_fault(not_found(&name, message))?;
            }
        }
        Ok(())
    }
}

fn not_found(name: &str, message: String) -> Fault {
    Fault::of(
        "System.Management.Automation.ItemNotFoundException",
        "ItemNotFoundException",
        Category::ObjectNotFound,
        message,
    )
    .target(Value::str(name))
}

struct WriteAlias {
    new: bool,
}

impl Cmdlet for WriteAlias {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("Name").unwrap_or_default();
        let value = call.text("Value").unwrap_or_default();
        let action = if self.new { "New Alias" } else { "Set Alias" };
        if !vm.should_process(call, &format!("Name: {name} Value: {value}"), action)? {
            return Ok(());
        }
        let scope = match scopes::scope_of(vm, call)? {
            Some(scope) => scope,
            None => vm.scope.clone(),
        };
        let old = existing(vm, &scope, &name);
        if let Some(old) = &old {
            if self.new && !call.switch("Force") {
                return vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.SessionStateException",
                        "AliasAlreadyExists",
                        Category::ResourceExists,
                        format!("The alias is not allowed, because an alias with the name '{name}' already exists."),
                    )
                    .target(Value::str(&*name)),
                );
            }
            let bits = old.options.get();
            if bits & options::CONSTANT != 0
                || (bits & options::READ_ONLY != 0 && !call.switch("Force"))
            {
                return vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.SessionStateUnauthorizedAccessException",
                        "AliasNotWritable",
                        Category::WriteError,
                        format!("Alias is not writeable because alias {name} is read-only or constant and cannot be written to."),
                    )
                    .target(Value::str(&*name)),
                );
            }
        }
        let bits = call
            .int("Option")
            .and_then(|b| u8::try_from(b & 15).ok())
            .unwrap_or(0);
        let alias = Rc::new(AliasInfo {
            name: name.clone(),
            definition: value,
            options: Cell::new(bits),
            description: call.text("Description").unwrap_or_default(),
            module: None,
        });
        put(vm, &scope, alias.clone());
        if call.switch("PassThru") {
            vm.write(CommandValue::value(Command::Alias(alias)))?;
        }
        Ok(())
    }
}

/// Gives commands a prefix in front of their nouns (`Get-ExMailbox`).
pub fn prefix_commands(vm: &mut Vm, commands: &[&str], prefix: &str) -> Vec<Rc<str>> {
    let mut made = Vec::new();
    for command in commands {
        let Some((verb, noun)) = command.split_once('-') else {
            continue;
        };
        let name: Rc<str> = format!("{verb}-{prefix}{noun}").into();
        let alias = AliasInfo {
            name: name.clone(),
            definition: (*command).into(),
            options: Cell::new(0),
            description: "".into(),
            module: None,
        };
        let symbol = Symbol::fold(&name);
        vm.global
            .aliases
            .borrow_mut()
            .insert(symbol, Rc::new(alias));
        made.push(name);
    }
    vm.commands_changed();
    made
}

/// Enters an alias; one for all scopes goes to the outermost.
fn put(vm: &mut Vm, scope: &Rc<Scope>, alias: Rc<AliasInfo>) {
    let shared = alias.options.get() & options::ALL_SCOPE != 0;
    let home = if shared {
        vm.global.clone()
    } else {
        scope.clone()
    };
    home.aliases
        .borrow_mut()
        .insert(Symbol::fold(&alias.name), alias);
    vm.commands_changed();
}

fn existing(vm: &Vm, scope: &Rc<Scope>, name: &str) -> Option<Rc<AliasInfo>> {
    let folded = Symbol::fold(name);
    if let Some(found) = scope.aliases.borrow().get(&folded) {
        return Some(found.clone());
    }
    let definition = default_aliases::find(name)?;
    if vm.session.removed_aliases.contains(&folded) {
        return None;
    }
    let entry = default_aliases::entry(name, definition);
    let everywhere = entry.options.get() & options::ALL_SCOPE != 0;
    (everywhere || Rc::ptr_eq(scope, &vm.global)).then(|| Rc::new(entry))
}

struct RemoveAlias;

impl Cmdlet for RemoveAlias {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let scope = scopes::scope_of(vm, call)?;
        for name in call.texts("Name") {
            let folded = Symbol::fold(&name);
            let mut home = None;
            let mut at = Some(scope.clone().unwrap_or_else(|| vm.scope.clone()));
            while let Some(current) = at {
                if let Some(alias) = current.aliases.borrow().get(&folded) {
                    home = Some((Some(current.clone()), alias.clone()));
                    break;
                }
                at = match scope {
                    Some(_) => None,
                    None => current.parent.clone(),
                };
            }
            if home.is_none() && !vm.session.removed_aliases.contains(&folded) {
                home = default_aliases::find(&name)
                    .map(|d| (None, Rc::new(default_aliases::entry(&name, d))));
            }
            let Some((home, alias)) = home else {
                vm.write_fault(not_found(
                    &name,
                    format!("This command cannot find a matching alias because an alias with the name '{name}' does not exist."),
                ))?;
                continue;
            };
            let bits = alias.options.get();
            if bits & options::CONSTANT != 0
                || (bits & options::READ_ONLY != 0 && !call.switch("Force"))
            {
                return vm.raise(
                    Fault::of(
                        "System.Management.Automation.SessionStateUnauthorizedAccessException",
                        "AliasNotRemovable",
                        Category::WriteError,
                        format!(
                            "Alias was not removed because alias {name} is constant or read-only."
                        ),
                    )
                    .target(Value::str(&*name)),
                );
            }
            match home {
                Some(scope) => {
                    scope.aliases.borrow_mut().remove(&folded);
                }
                None => vm.session.removed_aliases.push(folded),
            }
            vm.commands_changed();
        }
        Ok(())
    }
}

struct ExportAlias;

impl Cmdlet for ExportAlias {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(target) = call.text("Path").or_else(|| call.text("LiteralPath")) else {
            return Ok(());
        };
        let path = vm.file_path(&target);
        let scope = scopes::scope_of(vm, call)?;
        let mut chosen = all(vm, scope.as_ref());
        let mut matchers = Vec::new();
        for name in call.texts("Name") {
            matchers.push(vm.wildcard(&name, true)?);
        }
        chosen.retain(|a| matchers.is_empty() || matchers.iter().any(|m| m.is_match(&a.name)));
        if call.switch("NoClobber") && path.exists() {
            return vm.raise(
                Fault::of(
                    "System.IO.IOException",
                    "NoClobber",
                    Category::ResourceExists,
                    format!("The file '{}' already exists.", path.display()),
                )
                .target(Value::str(&*target)),
            );
        }
        let as_script = call.int("As") == Some(1);
        let mut text = String::new();
        let heading = [
            "Alias File".to_string(),
            format!("Exported by : {}", vm.user_name()),
            format!(
                "Date/Time : {}",
                vm.to_text(&Value::datetime(vm.now().to_local()))?
            ),
            format!("Computer : {}", vm.machine_name()),
        ];
        for line in heading {
            text.push_str(&format!("# {line}\n"));
        }
        for line in call.text("Description").unwrap_or_default().lines() {
            text.push_str(&format!("# {line}\n"));
        }
        for alias in &chosen {
            let bits =
                crate::runtime::types::automation::ps_variable::options_value(alias.options.get());
            let bits = vm.to_text(&bits)?;
            if as_script {
                text.push_str(&format!(
                    "set-alias -Name:\"{}\" -Value:\"{}\" -Description:\"{}\" -Option:\"{bits}\"\n",
                    alias.name, alias.definition, alias.description
                ));
            } else {
                let quote = |t: &str| t.replace('"', "\"\"");
                text.push_str(&format!(
                    "\"{}\",\"{}\",\"{}\",\"{bits}\"\n",
                    quote(&alias.name),
                    quote(&alias.definition),
                    quote(&alias.description)
                ));
            }
        }
        let written = if call.switch("Append") {
            crate::host::file::read_to_string(&path)
                .map(|old| old + &text)
                .or(Ok::<_, std::io::Error>(text.clone()))
                .and_then(|all| std::fs::write(&path, all))
        } else {
            std::fs::write(&path, &text)
        };
        if let Err(error) = written {
            return vm.raise(
                Fault::of(
                    "System.IO.IOException",
                    "FileOpenFailure",
                    Category::OpenError,
                    error.to_string(),
                )
                .target(Value::str(&*target)),
            );
        }
        if call.switch("PassThru") {
            for alias in chosen {
                vm.write(CommandValue::value(Command::Alias(alias)))?;
            }
        }
        Ok(())
    }
}

struct ImportAlias;

impl Cmdlet for ImportAlias {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(target) = call.text("Path").or_else(|| call.text("LiteralPath")) else {
            return Ok(());
        };
        let path = vm.file_path(&target);
        let text = match crate::host::file::read(&path) {
            Ok(bytes) => crate::runtime::text::encoding::decode_script(&bytes),
            Err(_) => {
                return vm
                    .raise(path_not_found(&path.to_string_lossy()).target(Value::str(&*target)));
            }
        };
        let scope = match scopes::scope_of(vm, call)? {
            Some(scope) => scope,
            None => vm.scope.clone(),
        };
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let fields = csv_fields(line);
            let [name, definition, description, bits] = fields.as_slice() else {
                vm.write_fault(
                    Fault::of(
                        "System.IO.FileFormatException",
                        "ImportAliasFileFormatError",
                        Category::ReadError,
                        format!("Cannot import an alias. Line number {} in the file '{}' is not a properly formatted, comma-separated values (CSV) line for aliases. Change the line to contain four values separated by commas. If the value text itself contains a comma, then the value must be contained in quotation marks. The first value is the alias name, the second value is the alias value, the third value is the alias description, and the fourth value is the alias options.", number + 1, path.display()),
                    )
                    .target(Value::str(&*target)),
                )?;
                continue;
            };
            if existing(vm, &scope, name).is_some() && !call.switch("Force") {
                vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.SessionStateException",
                        "AliasAlreadyExists",
                        Category::ResourceExists,
                        format!("The alias is not allowed, because an alias with the name '{name}' already exists."),
                    )
                    .target(Value::str(name.as_str())),
                )?;
                continue;
            }
            let type_ref =
                crate::runtime::types::find_full("System.Management.Automation.ScopedItemOptions");
            let bits = match type_ref {
                Some(type_ref) => match vm.try_convert(&Value::str(bits.as_str()), &type_ref) {
                    Some(Value::Enum(e)) => u8::try_from(e.bits & 15).unwrap_or(0),
                    _ => 0,
                },
                None => 0,
            };
            let alias = Rc::new(AliasInfo {
                name: name.as_str().into(),
                definition: definition.as_str().into(),
                options: Cell::new(bits),
                description: description.as_str().into(),
                module: None,
            });
            put(vm, &scope, alias.clone());
            if call.switch("PassThru") {
                vm.write(CommandValue::value(Command::Alias(alias)))?;
            }
        }
        Ok(())
    }
}

fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    fields.push(field);
    fields
}
