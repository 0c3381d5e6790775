//! CommandInfo and its kin: commands as values.

use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::module::Module;
use crate::runtime::native::Native;
use crate::runtime::parameter::CommandSurface;
use crate::runtime::provider::Provider;
use crate::runtime::types::automation::command_metadata::{
    self, parameter_sets, parameters_table, syntax,
};
use crate::runtime::types::automation::ps_type_name;
use crate::runtime::types::automation::ps_variable::options_value;
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A command as a value.
pub struct CommandValue {
    /// The command.
    pub command: Command,
    /// Its parameters where they depend on arguments.
    surface: Option<Rc<CommandSurface>>,
}

impl CommandValue {
    /// A command as a value.
    pub fn value(command: Command) -> Value {
        Value::native(CommandValue {
            command,
            surface: None,
        })
    }

    /// A command with the parameters that it has in one situation.
    pub fn with_surface(command: Command, surface: Rc<CommandSurface>) -> Value {
        Value::native(CommandValue {
            command,
            surface: Some(surface),
        })
    }

    fn surface(&self, vm: &mut Vm) -> R<Option<Rc<CommandSurface>>> {
        match &self.surface {
            Some(surface) => Ok(Some(surface.clone())),
            None => surface_of(vm, &self.command),
        }
    }

    fn module(&self) -> Option<Rc<Module>> {
        match &self.command {
            Command::Function(f) => f.module.clone().filter(|m| !m.is_closure),
            Command::Alias(a) => a.module.clone(),
            _ => None,
        }
    }

    fn module_name(&self) -> Rc<str> {
        match (&self.command, self.module()) {
            (_, Some(module)) => module.name.borrow().clone(),
            (Command::Cmdlet(c), None) => c.module_name.clone(),
            _ => "".into(),
        }
    }

    /// The bits of `CommandTypes`.
    pub fn type_bits(command: &Command) -> i64 {
        match command {
            Command::Alias(_) => 1,
            Command::Function(f) if f.is_filter => 4,
            Command::Function(_) => 2,
            Command::Cmdlet(_) => 8,
            Command::Script(_) => 16,
            Command::Application(_) => 32,
            Command::Block(_) => 64,
        }
    }

    fn definition(&self, vm: &mut Vm) -> R<String> {
        Ok(match &self.command {
            Command::Function(f) => command_metadata::body_text(&f.block.borrow()),
            Command::Block(b) => b.text().to_string(),
            Command::Alias(a) => a.definition.to_string(),
            Command::Application(a) => a.path.to_string(),
            // How scripts have always found their own folder.
            Command::Script(s) => s.path.to_string(),
            Command::Cmdlet(_) => syntax(vm, &self.command, None)?,
        })
    }

    fn version(&self, vm: &mut Vm) -> Value {
        let text = match (&self.command, self.module()) {
            (_, Some(module)) => module.version.borrow().clone(),
            (Command::Cmdlet(c), None) if c.module_name.starts_with("Microsoft.PowerShell") => {
                "7.0.0.0".into()
            }
            (Command::Cmdlet(_), None) => "1.0".into(),
            (Command::Script(_) | Command::Application(_), None) => "0.0.0.0".into(),
            _ => return Value::Null,
        };
        let text = Value::str(&*text);
        match crate::runtime::types::find("version") {
            Some(type_ref) => vm.try_convert(&text, &type_ref).unwrap_or(text),
            None => text,
        }
    }
}

/// The parameters of a command, aliases followed to their end; programs have none.
pub fn surface_of(vm: &mut Vm, command: &Command) -> R<Option<Rc<CommandSurface>>> {
    Ok(match command {
        Command::Function(f) => {
            let block = f.block.borrow().clone();
            Some(vm.block_surface(&block, &f.name)?)
        }
        Command::Cmdlet(c) => Some(c.surface().clone()),
        Command::Script(s) => {
            let block = vm.script_block_of(s)?;
            Some(vm.block_surface(&block, &s.name)?)
        }
        Command::Block(b) => Some(vm.block_surface(b, "")?),
        Command::Alias(a) => match resolved(vm, &a.definition)? {
            Some(command) => surface_of(vm, &command)?,
            None => None,
        },
        Command::Application(_) => None,
    })
}

/// The command that an alias finally stands for.
pub fn resolved(vm: &mut Vm, definition: &str) -> R<Option<Command>> {
    match vm.find_command(definition) {
        Ok(found) => Ok(found),
        Err(unwind) if crate::runtime::invoke::is_error(&unwind) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What a command writes on top of its own when the current location is the provider's.
fn provider_output(provider: Provider, command: &str) -> &'static [&'static str] {
    if provider != Provider::FileSystem {
        return &[];
    }
    FILE_SYSTEM_OUTPUT
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(command))
        .map_or(&[], |(_, types)| *types)
}

const FILE_SYSTEM_OUTPUT: &[(&str, &[&str])] = &[
    (
        "Get-ChildItem",
        &["System.IO.FileInfo", "System.IO.DirectoryInfo"],
    ),
    ("Get-Content", &["System.Byte", "System.String"]),
    (
        "Get-Item",
        &[
            "System.Boolean",
            "System.String",
            "System.IO.FileInfo",
            "System.IO.DirectoryInfo",
        ],
    ),
    (
        "Get-ItemProperty",
        &[
            "System.Boolean",
            "System.String",
            "System.DateTime",
            "System.IO.FileInfo",
            "System.IO.DirectoryInfo",
        ],
    ),
    ("New-Item", &["System.String", "System.IO.FileInfo"]),
    ("Push-Location", &["System.Management.Automation.PathInfo"]),
    (
        "Resolve-Path",
        &["System.String", "System.Management.Automation.PathInfo"],
    ),
];

fn split_name(name: &str) -> (&str, &str) {
    name.split_once('-').unwrap_or(("", ""))
}

impl Native for CommandValue {
    fn type_ref(&self) -> TypeRef {
        let name = match &self.command {
            Command::Function(f) if f.is_filter => "FilterInfo",
            Command::Function(_) => "FunctionInfo",
            Command::Cmdlet(_) => "CmdletInfo",
            Command::Alias(_) => "AliasInfo",
            Command::Script(_) => "ExternalScriptInfo",
            Command::Application(_) => "ApplicationInfo",
            Command::Block(_) => "ScriptInfo",
        };
        type_named(&format!("System.Management.Automation.{name}"))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.command.name().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        let own: &[&str] = match &self.command {
            Command::Function(_) => &[
                "ScriptBlock",
                "CmdletBinding",
                "DefaultParameterSet",
                "Definition",
                "Options",
                "Description",
                "Verb",
                "Noun",
                "HelpFile",
            ],
            Command::Cmdlet(_) => &[
                "Verb",
                "Noun",
                "HelpFile",
                "PSSnapIn",
                "ImplementingType",
                "Definition",
                "DefaultParameterSet",
                "Options",
                "DLL",
            ],
            Command::Alias(_) => &[
                "DisplayName",
                "ReferencedCommand",
                "ResolvedCommand",
                "ResolvedCommandName",
                "Definition",
                "Options",
                "Description",
            ],
            Command::Script(_) => &[
                "Path",
                "Definition",
                "ScriptBlock",
                "ScriptContents",
                "OriginalEncoding",
            ],
            Command::Application(_) => &["Path", "Extension", "Definition"],
            Command::Block(_) => &["ScriptBlock", "Definition"],
        };
        let common = [
            "OutputType",
            "Name",
            "CommandType",
            "Source",
            "Version",
            "Visibility",
            "ModuleName",
            "Module",
            "RemotingCapability",
            "Parameters",
            "ParameterSets",
        ];
        own.iter().copied().chain(common).collect()
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let lower = name.to_ascii_lowercase();
        if !self
            .properties()
            .iter()
            .any(|p| p.eq_ignore_ascii_case(name))
        {
            return Ok(None);
        }
        let command = self.command.clone();
        let own_name = command.name();
        Ok(Some(match lower.as_str() {
            "name" => Value::str(&*own_name),
            "commandtype" => Value::enum_of(
                "System.Management.Automation.CommandTypes",
                CommandValue::type_bits(&command),
            ),
            "definition" => Value::str(self.definition(vm)?),
            "scriptcontents" => match &command {
                Command::Script(s) => Value::str(&*vm.script_block_of(s)?.source.text),
                _ => return Ok(None),
            },
            "source" => match &command {
                Command::Script(s) => Value::str(&*s.path),
                Command::Application(a) => Value::str(&*a.path),
                _ => Value::str(&*self.module_name()),
            },
            "path" => match &command {
                Command::Script(s) => Value::str(&*s.path),
                Command::Application(a) => Value::str(&*a.path),
                _ => Value::Null,
            },
            "extension" => {
                let path = std::path::Path::new(&*own_name).extension();
                Value::str(path.map_or(String::new(), |e| format!(".{}", e.to_string_lossy())))
            }
            "implementingtype" => match &command {
                Command::Cmdlet(info) => {
                    Value::Type(crate::runtime::types::cmdlet_type(&info.class))
                }
                _ => Value::Null,
            },
            "version" => self.version(vm),
            "visibility" => Value::enum_of(
                "System.Management.Automation.SessionStateEntryVisibility",
                0,
            ),
            "modulename" => Value::str(&*self.module_name()),
            "module" => match self.module() {
                Some(module) => crate::runtime::types::automation::module_info::value(module),
                None => Value::Null,
            },
            "remotingcapability" => {
                Value::enum_of("System.Management.Automation.RemotingCapability", 1)
            }
            "scriptblock" => match &command {
                Command::Function(f) => Value::Block(f.block.borrow().clone()),
                Command::Script(s) => Value::Block(vm.script_block_of(s)?),
                Command::Block(b) => Value::Block(b.clone()),
                _ => Value::Null,
            },
            "cmdletbinding" => match &command {
                Command::Function(f) => Value::Bool(vm.code_of(&f.block.borrow()).advanced),
                _ => Value::Bool(true),
            },
            "defaultparameterset" => match self.surface(vm)? {
                Some(surface) => surface
                    .default_set_name
                    .clone()
                    .or_else(|| {
                        surface
                            .default_set
                            .and_then(|at| surface.set_names.get(at).cloned())
                    })
                    .map_or(Value::Null, |n| Value::str(&*n)),
                None => Value::Null,
            },
            "options" => match &command {
                Command::Function(f) => options_value(f.options.get()),
                Command::Alias(a) => options_value(a.options.get()),
                _ => options_value(1),
            },
            "description" => match &command {
                Command::Function(f) => Value::str(&**f.description.borrow()),
                Command::Alias(a) => Value::str(&*a.description),
                _ => Value::Null,
            },
            "verb" => Value::str(split_name(&own_name).0),
            "noun" => Value::str(split_name(&own_name).1),
            "displayname" => match &command {
                Command::Alias(a) if a.name.contains('-') => Value::str(&*a.name),
                Command::Alias(a) => Value::str(format!("{} -> {}", a.name, a.definition)),
                _ => Value::Null,
            },
            "referencedcommand" => match &command {
                Command::Alias(a) => match vm.find_alias(&a.definition) {
                    Some(next) => CommandValue::value(Command::Alias(next)),
                    None => return self.get(vm, "ResolvedCommand"),
                },
                _ => Value::Null,
            },
            "resolvedcommand" => match &command {
                Command::Alias(a) => match resolved(vm, &a.definition)? {
                    Some(found) => CommandValue::value(found),
                    None => Value::Null,
                },
                _ => Value::Null,
            },
            "resolvedcommandname" => match &command {
                Command::Alias(a) => match resolved(vm, &a.definition)? {
                    Some(found) => Value::str(&*found.name()),
                    None => Value::Null,
                },
                _ => Value::Null,
            },
            "parameters" => match self.surface(vm)? {
                Some(surface) => parameters_table(&surface),
                None => Value::Null,
            },
            "parametersets" => match self.surface(vm)? {
                Some(surface) => parameter_sets(&surface),
                None => Value::array(Vec::new()),
            },
            "outputtype" => match &command {
                Command::Function(f) => {
                    let block = f.block.borrow().clone();
                    command_metadata::output_types(vm, &block)
                }
                Command::Script(s) => {
                    let block = vm.script_block_of(s)?;
                    command_metadata::output_types(vm, &block)
                }
                Command::Cmdlet(info) => {
                    let provider = vm.location().provider;
                    let mut names: Vec<&str> = Vec::new();
                    let own = info.surface().output_types.iter().map(|name| &**name);
                    for name in own.chain(provider_output(provider, &info.name).iter().copied()) {
                        if !names.contains(&name) {
                            names.push(name);
                        }
                    }
                    ps_type_name::list(vm, names.into_iter())
                }
                Command::Alias(a) => match resolved(vm, &a.definition)? {
                    Some(command) => {
                        return CommandValue {
                            command,
                            surface: None,
                        }
                        .get(vm, name);
                    }
                    None => Value::Null,
                },
                _ => ps_type_name::list(vm, std::iter::empty()),
            },
            "helpfile" => match &command {
                Command::Cmdlet(c) => Value::str(format!("{}-Help.xml", c.module_name)),
                _ => Value::Null,
            },
            _ => Value::Null,
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match (&self.command, name.to_ascii_lowercase().as_str()) {
            (Command::Function(f), "description") => {
                *f.description.borrow_mut() = vm.to_text(&value)?.into();
                Ok(Some(true))
            }
            (Command::Function(f), "options") => {
                let type_ref = find_full("System.Management.Automation.ScopedItemOptions")
                    .unwrap_or_else(known::int);
                if let Value::Enum(bits) = vm.convert(&value, &type_ref)? {
                    f.options.set(u8::try_from(bits.bits & 15).unwrap_or(0));
                }
                Ok(Some(true))
            }
            _ => Ok(self
                .properties()
                .iter()
                .any(|p| p.eq_ignore_ascii_case(name))
                .then_some(false)),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "resolveparameter" => {
                let text = vm.to_text(&arguments.first().cloned().unwrap_or_default())?;
                Ok(Some(match self.surface(vm)? {
                    Some(surface) => match surface.exact(&text) {
                        Some(parameter) => command_metadata::metadata(parameter, &surface),
                        None => Value::Null,
                    },
                    None => Value::Null,
                }))
            }
            "tostring" => Ok(Some(Value::str(&*self.command.name()))),
            _ => Ok(None),
        }
    }
}
