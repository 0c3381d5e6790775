//! `$ExecutionContext` and what hangs on it: the session state, variables, and
//! running text.

use crate::runtime::command::Command;
use crate::runtime::discovery::LookupMoment;
use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::module::Module;
use crate::runtime::native::Native;
use crate::runtime::scope::Scope;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What an object of this file stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Engine,
    SessionState,
    Variables,
    Commands,
    Paths,
}

/// One of the objects behind `$ExecutionContext`.
pub struct Engine {
    facet: Facet,
    module: Option<Rc<Module>>,
}

/// `$ExecutionContext`.
pub fn execution_context(module: Option<Rc<Module>>) -> Value {
    Value::native(Engine {
        facet: Facet::Engine,
        module,
    })
}

/// The session state of a module, or of the session itself.
pub fn session_state(module: Option<Rc<Module>>) -> Value {
    Value::native(Engine {
        facet: Facet::SessionState,
        module,
    })
}

/// `InvokeCommand` of the engine and of cmdlets.
pub fn invoke_command(module: Option<Rc<Module>>) -> Value {
    Value::native(Engine {
        facet: Facet::Commands,
        module,
    })
}

impl Engine {
    fn with(&self, facet: Facet) -> Value {
        Value::native(Engine {
            facet,
            module: self.module.clone(),
        })
    }

    /// The scope whose variables are meant.
    fn scope(&self, vm: &Vm) -> Rc<Scope> {
        match self.module.as_ref().and_then(|m| m.scope.get()) {
            Some(scope) if !vm.is_within(scope) => scope.clone(),
            _ => vm.scope.clone(),
        }
    }

    fn variable(&self, vm: &mut Vm, name: &str) -> Option<Value> {
        let scope = self.scope(vm);
        let name = name.strip_prefix('$').unwrap_or(name);
        if let Some((prefix, rest)) = name.split_once(':')
            && let Some(scope) = vm.prefixed_scope(prefix)
        {
            return vm.own_or_shared(&scope, Symbol::fold(rest));
        }
        let saved = std::mem::replace(&mut vm.scope, scope);
        let found = vm
            .variable(name)
            .or_else(|| vm.automatic_variable(Symbol::fold(name)));
        vm.scope = saved;
        found
    }

    fn variables_call(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let first = arguments.first().cloned().unwrap_or_default();
        Ok(Some(match name {
            "getvalue" => {
                let text = vm.to_text(&first)?;
                match self.variable(vm, &text) {
                    Some(value) => value,
                    None => arguments.get(1).cloned().unwrap_or_default(),
                }
            }
            "get" => {
                let text = vm.to_text(&first)?;
                let scope = self.scope(vm);
                let symbol = Symbol::fold(&text);
                let saved = std::mem::replace(&mut vm.scope, scope);
                let home = vm.scope_of(symbol);
                vm.scope = saved;
                match home.and_then(|scope| vm.variable_object(&scope, symbol)) {
                    Some(variable) => {
                        crate::runtime::types::automation::ps_variable::value(variable)
                    }
                    None => Value::Null,
                }
            }
            "set" => {
                let (text, value) = match arguments {
                    [variable] => {
                        let name = vm.get_member(variable, "Name")?.unwrap_or_default();
                        let value = vm.get_member(variable, "Value")?.unwrap_or_default();
                        (vm.to_text(&name)?, value)
                    }
                    _ => (
                        vm.to_text(&first)?,
                        arguments.get(1).cloned().unwrap_or_default(),
                    ),
                };
                let (scope, plain) = match text.split_once(':') {
                    Some((prefix, rest)) if vm.prefixed_scope(prefix).is_some() => {
                        (vm.prefixed_scope(prefix), rest.to_string())
                    }
                    _ => (None, text.clone()),
                };
                let scope = scope.unwrap_or_else(|| self.scope(vm));
                vm.in_scope(scope, |vm| vm.set_variable(&plain, value))?;
                Value::Nothing
            }
            "remove" => {
                let text = match first.as_str() {
                    Some(text) => text.to_string(),
                    None => {
                        let name = vm.get_member(&first, "Name")?.unwrap_or_default();
                        vm.to_text(&name)?
                    }
                };
                let symbol = Symbol::fold(&text);
                if let Some(scope) = vm.scope_of(symbol) {
                    scope.put_named(symbol, crate::runtime::scope::Slot::Unset);
                }
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn commands_call(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let first = arguments.first().cloned().unwrap_or_default();
        Ok(Some(match name {
            "expandstring" => {
                let text = vm.to_text(&first)?;
                Value::str(vm.expand_string(&text)?)
            }
            "newscriptblock" => {
                let text = vm.to_text(&first)?;
                vm.parse_block(&text)?
            }
            "invokescript" => {
                let mut arguments = arguments.to_vec();
                let mut scoped = true;
                if let Some(Value::Bool(new_scope)) = arguments.first().map(Value::base) {
                    scoped = *new_scope;
                    arguments.remove(0);
                }
                if arguments.is_empty() {
                    return Ok(None);
                }
                let block = match arguments.remove(0).into_base() {
                    Value::Block(block) => block,
                    other => {
                        let text = vm.to_text(&other)?;
                        match vm.parse_block(&text)? {
                            Value::Block(block) => block,
                            _ => return Ok(None),
                        }
                    }
                };
                let items = vm.call_block_with(
                    &block,
                    BlockCall {
                        arguments,
                        dot_sourced: !scoped,
                        ..BlockCall::default()
                    },
                )?;
                Value::List(Rc::new(crate::runtime::collection::List::collection(items)))
            }
            "getcommand" | "getcmdlet" => {
                let text = vm.to_text(&first)?;
                let found = match vm.find_alias(&text) {
                    Some(alias) if name == "getcommand" => Some(Command::Alias(alias)),
                    _ => vm.find_command(&text)?,
                };
                match found {
                    Some(command) => {
                        crate::runtime::types::automation::command_info::CommandValue::value(
                            command,
                        )
                    }
                    None => Value::Null,
                }
            }
            _ => return Ok(None),
        }))
    }

    fn paths_call(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let first = arguments.first().cloned().unwrap_or_default();
        let text = vm.to_text(&first)?;
        Ok(Some(match name {
            "getunresolvedproviderpathfrompspath" => {
                Value::str(vm.file_path(&text).to_string_lossy())
            }
            "getresolvedproviderpathfrompspath" | "getresolvedpspathfrompspath" => {
                let items = vm.call_command("Convert-Path", &[("Path", Value::str(text))], &[])?;
                Value::List(Rc::new(crate::runtime::collection::List::collection(items)))
            }
            "combine" => {
                let child = arguments.get(1).cloned().unwrap_or_default();
                let child = vm.to_text(&child)?;
                Value::str(std::path::Path::new(&text).join(child).to_string_lossy())
            }
            "ispsabsolute" | "isproviderqualified" => Value::Bool(text.contains("::")),
            "setlocation" => {
                let items = vm.call_command("Set-Location", &[("Path", Value::str(text))], &[])?;
                Vm::captured(items)
            }
            _ => return Ok(None),
        }))
    }
}

impl Native for Engine {
    fn type_ref(&self) -> TypeRef {
        let name = match self.facet {
            Facet::Engine => "EngineIntrinsics",
            Facet::SessionState => "SessionState",
            Facet::Variables => "PSVariableIntrinsics",
            Facet::Commands => "CommandInvocationIntrinsics",
            Facet::Paths => "PathIntrinsics",
        };
        type_named(&format!("System.Management.Automation.{name}"))
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.facet {
            Facet::Engine => vec![
                "Host",
                "Events",
                "InvokeProvider",
                "SessionState",
                "InvokeCommand",
            ],
            Facet::SessionState => vec![
                "Drive",
                "Provider",
                "Path",
                "PSVariable",
                "LanguageMode",
                "UseFullLanguageModeInDebugger",
                "Scripts",
                "Applications",
                "Module",
                "InvokeProvider",
                "InvokeCommand",
            ],
            Facet::Paths => vec!["CurrentLocation", "CurrentFileSystemLocation"],
            Facet::Variables => Vec::new(),
            Facet::Commands => vec![
                "HasErrors",
                "PreCommandLookupAction",
                "PostCommandLookupAction",
                "CommandNotFoundAction",
            ],
        }
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(Some(match (self.facet, name.as_str()) {
            (Facet::Engine, "host") => vm.variable("Host").unwrap_or_default(),
            (Facet::Engine, "sessionstate") => self.with(Facet::SessionState),
            (Facet::Engine | Facet::SessionState, "invokecommand") => self.with(Facet::Commands),
            (Facet::Engine | Facet::SessionState, "invokeprovider") => {
                crate::runtime::types::automation::provider_intrinsics::value()
            }
            (Facet::SessionState, "psvariable") => self.with(Facet::Variables),
            (Facet::SessionState, "path") => self.with(Facet::Paths),
            (Facet::SessionState, "languagemode") => {
                Value::enum_of("System.Management.Automation.PSLanguageMode", 0)
            }
            (Facet::SessionState, "module") => match &self.module {
                Some(module) => {
                    crate::runtime::types::automation::module_info::value(module.clone())
                }
                None => Value::Null,
            },
            (Facet::SessionState, "scripts" | "applications") => {
                Value::array(vec![Value::str("*")])
            }
            (Facet::Paths, "currentlocation" | "currentfilesystemlocation") => {
                let items = vm.call_command("Get-Location", &[], &[])?;
                Vm::captured(items)
            }
            (Facet::Commands, "haserrors") => Value::Bool(false),
            (Facet::Commands, action) if lookup_moment(action).is_some() => lookup_moment(action)
                .and_then(|moment| vm.session.lookup_actions.of(moment).clone())
                .unwrap_or_default(),
            _ if self
                .properties()
                .iter()
                .any(|p| p.eq_ignore_ascii_case(&name)) =>
            {
                Value::Null
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let Some(moment) = lookup_moment(&name.to_ascii_lowercase()) else {
            return Ok(None);
        };
        if self.facet != Facet::Commands {
            return Ok(None);
        }
        *vm.session.lookup_actions.of(moment) = Some(value).filter(|action| !action.is_null());
        vm.commands_changed();
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match self.facet {
            Facet::Variables => self.variables_call(vm, name, arguments),
            Facet::Commands => self.commands_call(vm, name, arguments),
            Facet::Paths => self.paths_call(vm, name, arguments),
            _ => Ok(None),
        }
    }
}

/// The moment that a property of InvokeCommand (in lower case) holds the action of.
fn lookup_moment(name: &str) -> Option<LookupMoment> {
    Some(match name {
        "precommandlookupaction" => LookupMoment::Before,
        "postcommandlookupaction" => LookupMoment::After,
        "commandnotfoundaction" => LookupMoment::NotFound,
        _ => return None,
    })
}

impl Vm {
    /// The text with its variables and subexpressions replaced, as a string in double quotes has them.
    fn expand_string(&mut self, text: &str) -> R<String> {
        let quoted = format!("@\"\n{text}\n\"@");
        let Value::Block(block) = self.parse_block(&quoted)? else {
            return Ok(text.to_string());
        };
        let items = self.call_block_with(
            &block,
            BlockCall {
                dot_sourced: true,
                ..BlockCall::default()
            },
        )?;
        let value = Vm::captured(items);
        self.to_text(&value)
    }
}
