//! PSModuleInfo: a module as a value.

use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::module::Module;
use crate::runtime::native::Native;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::command_info::CommandValue;
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::Path;
use std::rc::Rc;

/// A module as a value.
pub struct ModuleValue {
    /// The module.
    pub module: Rc<Module>,
}

/// A module as a value.
pub fn value(module: Rc<Module>) -> Value {
    Value::native(ModuleValue { module })
}

/// The module behind a value.
pub fn module_of(value: &Value) -> Option<Rc<Module>> {
    value.as_native::<ModuleValue>().map(|m| m.module.clone())
}

fn table(entries: Vec<(Rc<str>, Value)>) -> Value {
    let type_ref = known::hashtable();
    let type_ref = find_full("System.Collections.Generic.Dictionary`2")
        .map(|definition| {
            crate::runtime::types::generic(&definition, vec![known::string(), known::object()])
        })
        .unwrap_or(type_ref);
    let made = Dictionary::new(type_ref, KeyComparison::IgnoreCase);
    for (name, value) in entries {
        made.set_str(&name, value);
    }
    Value::Dict(Rc::new(made))
}

impl ModuleValue {
    fn functions(&self) -> Vec<(Rc<str>, Value)> {
        let exports = self.module.exports.borrow();
        exports
            .functions
            .iter()
            .map(|(name, f)| {
                (
                    name.clone(),
                    CommandValue::value(Command::Function(f.clone())),
                )
            })
            .collect()
    }

    fn aliases(&self) -> Vec<(Rc<str>, Value)> {
        let exports = self.module.exports.borrow();
        exports
            .aliases
            .iter()
            .map(|(name, a)| (name.clone(), CommandValue::value(Command::Alias(a.clone()))))
            .collect()
    }

    fn cmdlets(&self, vm: &mut Vm) -> Vec<(Rc<str>, Value)> {
        let names = self.module.exports.borrow().cmdlets.clone();
        let mut found = Vec::new();
        for name in names {
            if let Some(command) = vm.find_cmdlet(&name) {
                found.push((name, CommandValue::value(command)));
            }
        }
        found
    }

    fn manifest_entry(&self, key: &str) -> Value {
        match self.module.manifest.borrow().base() {
            Value::Dict(table) => table.get_str(key).unwrap_or_default(),
            _ => Value::Null,
        }
    }

    fn private_entry(&self, key: &str) -> Value {
        let data = self.module.private_data.borrow();
        let Value::Dict(data) = data.base() else {
            return Value::Null;
        };
        match data.get_str("PSData").map(Value::into_base) {
            Some(Value::Dict(inner)) => inner.get_str(key).unwrap_or_default(),
            _ => Value::Null,
        }
    }
}

impl Native for ModuleValue {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.PSModuleInfo")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.module.name.borrow().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "LogPipelineExecutionDetails",
            "Name",
            "Path",
            "ImplementingAssembly",
            "Definition",
            "Description",
            "Guid",
            "HelpInfoUri",
            "ModuleBase",
            "PrivateData",
            "ExperimentalFeatures",
            "Tags",
            "ProjectUri",
            "IconUri",
            "LicenseUri",
            "ReleaseNotes",
            "RepositorySourceLocation",
            "Version",
            "ModuleType",
            "Author",
            "AccessMode",
            "ClrVersion",
            "CompanyName",
            "Copyright",
            "DotNetFrameworkVersion",
            "ExportedFunctions",
            "Prefix",
            "ExportedCmdlets",
            "ExportedCommands",
            "FileList",
            "CompatiblePSEditions",
            "ModuleList",
            "NestedModules",
            "PowerShellHostName",
            "PowerShellHostVersion",
            "PowerShellVersion",
            "ProcessorArchitecture",
            "Scripts",
            "RequiredAssemblies",
            "RequiredModules",
            "RootModule",
            "ExportedVariables",
            "ExportedAliases",
            "SessionState",
            "OnRemove",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let module = &self.module;
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(&**module.name.borrow()),
            "path" => Value::str(&**module.path.borrow()),
            "description" => Value::str(&**module.description.borrow()),
            "definition" => Value::str(""),
            "guid" => {
                let text = Value::str(&**module.guid.borrow());
                match crate::runtime::types::find("guid") {
                    Some(type_ref) => vm.try_convert(&text, &type_ref).unwrap_or(text),
                    None => text,
                }
            }
            "modulebase" => {
                let path = module.path.borrow().clone();
                let folder = Path::new(&*path).parent();
                Value::str(
                    folder
                        .map(|f| f.to_string_lossy().to_string())
                        .unwrap_or_default(),
                )
            }
            "privatedata" => module.private_data.borrow().clone(),
            "version" => {
                let text = Value::str(&**module.version.borrow());
                match crate::runtime::types::find("version") {
                    Some(type_ref) => vm.try_convert(&text, &type_ref).unwrap_or(text),
                    None => text,
                }
            }
            "moduletype" => Value::enum_of(
                "System.Management.Automation.ModuleType",
                module.module_type.get(),
            ),
            "accessmode" => Value::enum_of(
                "System.Management.Automation.ModuleAccessMode",
                i64::from(module.access.get()),
            ),
            "prefix" => Value::str(&**module.prefix.borrow()),
            "exportedfunctions" => table(self.functions()),
            "exportedaliases" => table(self.aliases()),
            "exportedcmdlets" => table(self.cmdlets(vm)),
            "exportedcommands" => {
                let mut all = self.functions();
                all.extend(self.cmdlets(vm));
                all.extend(self.aliases());
                table(all)
            }
            "exportedvariables" => {
                let names = module.exports.borrow().variables.clone();
                let mut found = Vec::new();
                if let Some(scope) = module.scope.get() {
                    for name in names {
                        if let Some(variable) = vm.variable_object(scope, Symbol::fold(&name)) {
                            found.push((
                                name,
                                crate::runtime::types::automation::ps_variable::value(variable),
                            ));
                        }
                    }
                }
                table(found)
            }
            "nestedmodules" => {
                Value::array(module.nested.borrow().iter().cloned().map(value).collect())
            }
            "sessionstate" => {
                crate::runtime::types::automation::engine::session_state(Some(module.clone()))
            }
            "onremove" => module.on_remove.borrow().clone(),
            "author"
            | "companyname"
            | "copyright"
            | "helpinfouri"
            | "rootmodule"
            | "powershellversion"
            | "requiredmodules"
            | "filelist"
            | "compatiblepseditions"
            | "clrversion"
            | "modulelist"
            | "powershellhostname"
            | "requiredassemblies" => self.manifest_entry(name),
            "tags" | "projecturi" | "iconuri" | "licenseuri" | "releasenotes" => {
                self.private_entry(name)
            }
            "logpipelineexecutiondetails" => Value::Bool(false),
            other
                if self
                    .properties()
                    .iter()
                    .any(|p| p.eq_ignore_ascii_case(other)) =>
            {
                Value::Null
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "onremove" => *self.module.on_remove.borrow_mut() = value.into_base(),
            "privatedata" => *self.module.private_data.borrow_mut() = value,
            "accessmode" => {
                let type_ref = find_full("System.Management.Automation.ModuleAccessMode");
                let type_ref = type_ref.unwrap_or_else(known::int);
                if let Value::Enum(mode) = vm.convert(&value, &type_ref)? {
                    self.module.access.set(u8::try_from(mode.bits).unwrap_or(0));
                }
            }
            "description" => {
                *self.module.description.borrow_mut() = vm.to_text(&value)?.into();
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "invoke" => {
                let Some(Value::Block(block)) = arguments.first().map(Value::base) else {
                    return Ok(None);
                };
                let block = Rc::new(block.bound_to(Some(self.module.clone())));
                let rest = match arguments.get(1) {
                    Some(value) => vm.enumerate(value)?.unwrap_or_else(|| vec![value.clone()]),
                    None => Vec::new(),
                };
                let items = vm.call_block_with(
                    &block,
                    BlockCall {
                        arguments: rest,
                        ..BlockCall::default()
                    },
                )?;
                Ok(Some(Vm::captured(items)))
            }
            "newboundscriptblock" => match arguments.first().map(Value::base) {
                Some(Value::Block(block)) => Ok(Some(Value::Block(Rc::new(
                    block.bound_to(Some(self.module.clone())),
                )))),
                _ => Ok(None),
            },
            "ascustomobject" => custom_object(vm, &self.module).map(Some),
            "tostring" => Ok(Some(Value::str(&**self.module.name.borrow()))),
            _ => Ok(None),
        }
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{:p}", Rc::as_ptr(&self.module)))
    }
}

/// A module as an object whose methods are its functions.
pub fn custom_object(vm: &mut Vm, module: &Rc<Module>) -> R<Value> {
    use crate::runtime::object::{CustomObject, Member, Members};
    let members = Members::default();
    let exports = module.exports.borrow().clone();
    for (name, function) in &exports.functions {
        members.set(name, Member::Method(function.block.borrow().clone()));
    }
    if let Some(scope) = module.scope.get() {
        for name in &exports.variables {
            if let Some(variable) = vm.variable_object(scope, Symbol::fold(name)) {
                members.set(name, Member::Note(variable.value.borrow().clone()));
            }
        }
    }
    Ok(Value::Custom(Rc::new(CustomObject::new(members))))
}
