//! Variables the session gives: those of a call, made when they are asked for, and those of the start.

use super::collection::Dictionary;
use super::command::Command;
use super::module::Module;
use super::scope::{Scope, Slot, Variable, options};
use super::symbol::Symbol;
use super::text::encoding::Encoding;
use super::types::text::text_encoding::TextEncoding;
use super::types::{find_full, known};
use super::value::Value;
use super::vm::Vm;
use std::rc::Rc;

const OF_A_CALL: [&str; 10] = [
    "args",
    "input",
    "MyInvocation",
    "PSBoundParameters",
    "PSCmdlet",
    "PSScriptRoot",
    "PSCommandPath",
    "LASTEXITCODE",
    "StackTrace",
    "PSStyle",
];

/// Whether a name may stand for something although no variable of it was set.
pub fn is_automatic(name: &str) -> bool {
    OF_A_CALL
        .iter()
        .chain(&[
            "Error",
            "PWD",
            "Host",
            "PSVersionTable",
            "ExecutionContext",
            "PSStyle",
            "Matches",
        ])
        .any(|n| n.eq_ignore_ascii_case(name))
}

/// Whether a name stands for something of the running call, which the calls around it have too.
pub fn is_of_call(name: &str) -> bool {
    ["PSBoundParameters", "PSCmdlet"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(name))
}

impl Vm {
    /// A variable that each call has for itself: the one of the nearest call, not one that a call
    /// around it happened to ask for.
    pub fn call_variable(&mut self, name: Symbol) -> Option<Value> {
        let home = match name == Symbol::fold("PSCmdlet") {
            true => self.advanced_scope(),
            false => self.invoked_scope(),
        };
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            match scope.own_named(name) {
                Slot::Plain(value) => return Some(value),
                Slot::Variable(variable) => return Some(variable.value.borrow().clone()),
                Slot::Unset => {}
            }
            if home.as_ref().is_some_and(|home| Rc::ptr_eq(home, &scope)) {
                break;
            }
            at = scope.parent.clone();
        }
        self.automatic_variable(name)
    }

    /// The value of an automatic variable of the running call.
    pub fn automatic_variable(&mut self, name: Symbol) -> Option<Value> {
        let text = name.text();
        Some(match text.to_ascii_lowercase().as_str() {
            "psscriptroot" => {
                let file = self.frame.source.file.clone();
                let folder = file.as_deref().map(std::path::Path::new);
                let folder = folder.and_then(std::path::Path::parent);
                Value::str(folder.map_or(String::new(), |f| f.to_string_lossy().to_string()))
            }
            "pscommandpath" => Value::str(self.frame.source.file.as_deref().unwrap_or("")),
            "error" => Value::List(self.errors.clone()),
            "pwd" => {
                let location = self.location();
                self.path_info(&location)
            }
            "psstyle" => super::types::automation::ps_style::value(self),
            "lastexitcode" => Value::Int(self.session.last_exit_code?),
            "psversiontable" => version_table(),
            "host" => Value::native(super::types::automation::host::ConsoleHost),
            "args" => Value::array(Vec::new()),
            "executioncontext" => {
                let module = self.scope_module().filter(|m| !m.is_closure);
                super::types::automation::engine::execution_context(module)
            }
            "myinvocation" => {
                let invocation = match self.invoked_scope() {
                    Some(scope) => scope.invocation.borrow().clone(),
                    None => None,
                }
                .unwrap_or_else(|| self.frame.invocation.clone());
                self.invocation_value(Some(&invocation))
            }
            "psboundparameters" => {
                let scope = self.invoked_scope()?;
                let invocation = scope.invocation.borrow().clone()?;
                let table = bound_table(&invocation.bound_parameters.borrow());
                scope.put_named(
                    Symbol::fold("PSBoundParameters"),
                    Slot::Plain(table.clone()),
                );
                table
            }
            "pscmdlet" => {
                let scope = self.advanced_scope()?;
                let invocation = scope.invocation.borrow().clone()?;
                let value =
                    super::types::automation::ps_cmdlet::value(invocation, scope.module.clone());
                scope.put_named(Symbol::fold("PSCmdlet"), Slot::Plain(value.clone()));
                value
            }
            _ => return None,
        })
    }

    /// The nearest scope that was made for a call.
    fn invoked_scope(&self) -> Option<Rc<Scope>> {
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            if scope.invocation.borrow().is_some() {
                return Some(scope);
            }
            at = scope.parent.clone();
        }
        None
    }

    /// The nearest scope of an advanced function.
    fn advanced_scope(&self) -> Option<Rc<Scope>> {
        let mut at = Some(self.scope.clone());
        while let Some(scope) = at {
            let advanced = match scope
                .invocation
                .borrow()
                .as_ref()
                .and_then(|i| i.command.clone())
            {
                Some(Command::Function(f)) => Some(self.code_of(&f.block.borrow()).advanced),
                Some(Command::Block(b)) => Some(self.code_of(&b).advanced),
                Some(Command::Script(s)) => s.block.get().map(|b| self.code_of(b).advanced),
                _ => None,
            };
            if advanced == Some(true) {
                return Some(scope);
            }
            at = scope.parent.clone();
        }
        None
    }

    /// Sets the variables every session begins with.
    pub fn define_session_variables(&mut self) {
        let (constant, shared) = (options::CONSTANT, options::ALL_SCOPE);
        let action = |bits| Value::enum_of("System.Management.Automation.ActionPreference", bits);
        let home = self.host.variable("HOME").unwrap_or_default();
        let mut define = |name: &str, value: Value, bits: u8| self.define_global(name, value, bits);
        define("true", Value::Bool(true), constant | shared);
        define("false", Value::Bool(false), constant | shared);
        define("null", Value::Null, constant | shared);
        define("?", Value::Bool(true), options::READ_ONLY | shared);
        define("HOME", Value::str(home), options::READ_ONLY | shared);
        define(
            "PID",
            Value::Int(std::process::id() as i32),
            constant | shared,
        );
        define("PSEdition", Value::str("Core"), constant | shared);
        define(
            "PSCulture",
            Value::str("en-US"),
            options::READ_ONLY | shared,
        );
        define(
            "PSUICulture",
            Value::str("en-US"),
            options::READ_ONLY | shared,
        );
        define(
            "Host",
            Value::native(super::types::automation::host::ConsoleHost),
            constant | shared,
        );
        define("PSVersionTable", version_table(), constant | shared);
        define(
            "ExecutionContext",
            super::types::automation::engine::execution_context(None),
            constant | shared,
        );
        define("PSHOME", program_folder(), constant | shared);
        define(
            "EnabledExperimentalFeatures",
            Value::strings(Vec::<String>::new()),
            constant | shared,
        );
        define(
            "ShellId",
            Value::str("Microsoft.PowerShell"),
            constant | shared,
        );
        define(
            "IsLinux",
            Value::Bool(cfg!(target_os = "linux")),
            options::READ_ONLY | shared,
        );
        define(
            "IsMacOS",
            Value::Bool(cfg!(target_os = "macos")),
            options::READ_ONLY | shared,
        );
        define(
            "IsWindows",
            Value::Bool(cfg!(windows)),
            options::READ_ONLY | shared,
        );
        define("IsCoreCLR", Value::Bool(true), options::READ_ONLY | shared);
        define(
            "ConfirmPreference",
            Value::enum_of("System.Management.Automation.ConfirmImpact", 3),
            0,
        );
        define("DebugPreference", action(0), 0);
        define("ErrorActionPreference", action(2), 0);
        define(
            "ErrorView",
            Value::enum_of("System.Management.Automation.ErrorView", 2),
            0,
        );
        define("FormatEnumerationLimit", Value::Int(4), 0);
        define("OutputEncoding", TextEncoding::shared(Encoding::UTF8), 0);
        define("InformationPreference", action(0), 0);
        define("MaximumHistoryCount", Value::Int(4096), 0);
        define("NestedPromptLevel", Value::Int(0), 0);
        define("ProgressPreference", action(2), 0);
        define("PSEmailServer", Value::str(""), 0);
        define("PSSessionApplicationName", Value::str("wsman"), 0);
        define(
            "PSSessionConfigurationName",
            Value::str("http://schemas.microsoft.com/powershell/Microsoft.PowerShell"),
            0,
        );
        define(
            "PSNativeCommandArgumentPassing",
            Value::enum_of("System.Management.Automation.NativeArgumentPassingStyle", 1),
            0,
        );
        define(
            "PSNativeCommandUseErrorActionPreference",
            Value::Bool(false),
            0,
        );
        define("VerbosePreference", action(0), 0);
        define("WarningPreference", action(2), 0);
        define("WhatIfPreference", Value::Switch(false), 0);
        let defaults = find_full("System.Management.Automation.DefaultParameterDictionary")
            .unwrap_or_else(known::hashtable);
        let defaults = Dictionary::new(defaults, super::collection::KeyComparison::IgnoreCase);
        define(
            "PSDefaultParameterValues",
            Value::Dict(Rc::new(defaults)),
            0,
        );
        let errors = Value::List(self.errors.clone());
        self.define_global("Error", errors, constant);
        self.type_preferences();
    }

    /// Gives the preference variables their enums: other values are refused.
    fn type_preferences(&mut self) {
        const AUTOMATION: &str = "System.Management.Automation";
        const TYPED: [(&str, &[&str]); 4] = [
            (
                "ActionPreference",
                &[
                    "DebugPreference",
                    "ErrorActionPreference",
                    "InformationPreference",
                    "ProgressPreference",
                    "VerbosePreference",
                    "WarningPreference",
                ],
            ),
            ("ConfirmImpact", &["ConfirmPreference"]),
            ("ErrorView", &["ErrorView"]),
            (
                "NativeArgumentPassingStyle",
                &["PSNativeCommandArgumentPassing"],
            ),
        ];
        let global = self.global.clone();
        for (short, names) in TYPED {
            let Some(type_ref) = find_full(&format!("{AUTOMATION}.{short}")) else {
                continue;
            };
            for name in names {
                if let Slot::Variable(variable) = global.own_named(Symbol::fold(name)) {
                    let convert = super::attribute::Attribute::Convert(type_ref.clone());
                    *variable.attributes.borrow_mut() = Some([convert].into());
                }
            }
        }
    }
}

/// Sets what a module's variables begin with: its own `$ExecutionContext`.
pub fn define_module_variables(scope: &Scope, module: &Rc<Module>) {
    let name = "ExecutionContext";
    let context = super::types::automation::engine::execution_context(Some(module.clone()));
    let variable = Variable::new(name, context);
    variable.options.set(options::CONSTANT);
    scope.put_named(Symbol::fold(name), Slot::Variable(Rc::new(variable)));
}

/// `$PSHOME`: where the program is.
fn program_folder() -> Value {
    let folder = std::env::current_exe().ok();
    let folder = folder.as_deref().and_then(std::path::Path::parent);
    Value::str(folder.map_or(String::new(), |f| f.to_string_lossy().to_string()))
}

/// `$PSBoundParameters` of a call.
pub fn bound_table(bound: &super::parameter::BoundParameters) -> Value {
    let type_ref = find_full("System.Management.Automation.PSBoundParametersDictionary")
        .unwrap_or_else(known::hashtable);
    let table = Dictionary::new(type_ref, super::collection::KeyComparison::IgnoreCase);
    for (name, value) in bound.iter() {
        table.set_str(&name, value.clone());
    }
    Value::Dict(Rc::new(table))
}

/// `$PSVersionTable`: the version of PowerShell whose behaviour this is.
fn version_table() -> Value {
    let type_ref = find_full("System.Management.Automation.PSVersionHashTable");
    let table = Dictionary::new(
        type_ref.unwrap_or_else(known::hashtable),
        super::collection::KeyComparison::IgnoreCase,
    );
    let version = |text: &str| match super::text::version::Version::parse(text) {
        Ok(version) => super::types::version::value(version),
        Err(_) => Value::str(text),
    };
    let own = super::text::version::SemanticVersion::parse("7.6.5");
    let own = own.map_or_else(
        |_| Value::str("7.6.5"),
        super::types::version::semantic_value,
    );
    let platform = if cfg!(windows) { "Win32NT" } else { "Unix" };
    let compatible = ["1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "7.0"];
    table.set_str("PSVersion", own);
    table.set_str("PSEdition", Value::str("Core"));
    table.set_str("GitCommitId", Value::str("7.6.5"));
    table.set_str("OS", Value::str(std::env::consts::OS));
    table.set_str("Platform", Value::str(platform));
    table.set_str(
        "PSCompatibleVersions",
        Value::array(compatible.map(version).to_vec()),
    );
    table.set_str("PSRemotingProtocolVersion", version("2.4"));
    table.set_str("SerializationVersion", version("1.1.0.1"));
    table.set_str("WSManStackVersion", version("3.0"));
    Value::Dict(Rc::new(table))
}
