//! `System.Management.Automation.ProxyCommand` and CommandMetadata: the text of a function that stands in
//! for a command.

use crate::runtime::attribute::{Attribute, RangeKind};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter, ParameterPlace};
use crate::runtime::types::automation::command_info::{CommandValue, resolved, surface_of};
use crate::runtime::types::automation::command_metadata::parameters_table;
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What is known of a command's parameters.
pub struct CommandMetadata {
    command: Command,
    surface: Rc<CommandSurface>,
}

/// `[CommandMetadata]::new($command)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let Some(own) = arguments
        .first()
        .and_then(|a| a.as_native::<CommandValue>())
    else {
        return Ok(None);
    };
    let command = match &own.command {
        Command::Alias(alias) => resolved(vm, &alias.definition)?,
        other => Some(other.clone()),
    };
    let Some(command) = command else {
        return Ok(None);
    };
    let Some(surface) = surface_of(vm, &command)? else {
        return failures::not_supported("The metadata of this command cannot be read.");
    };
    Ok(Some(Value::native(CommandMetadata { command, surface })))
}

const IMPACTS: [&str; 4] = ["None", "Low", "Medium", "High"];

impl CommandMetadata {
    fn default_set(&self) -> Option<Rc<str>> {
        let own = self
            .surface
            .default_set
            .and_then(|at| self.surface.set_names.get(at).cloned());
        own.or_else(|| self.surface.default_set_name.clone())
    }

    fn impact(&self) -> &'static str {
        IMPACTS
            .get(usize::from(self.surface.confirm_impact))
            .copied()
            .unwrap_or("Medium")
    }

    /// `[CmdletBinding(…)]`
    fn binding(&self) -> String {
        let mut parts = Vec::new();
        if let Some(set) = self.default_set() {
            parts.push(format!("DefaultParameterSetName='{set}'"));
        }
        if self.surface.supports_should_process {
            parts.push("SupportsShouldProcess=$true".to_string());
            parts.push(format!("ConfirmImpact='{}'", self.impact()));
        }
        if self.surface.supports_paging {
            parts.push("SupportsPaging=$true".to_string());
        }
        match self.surface.advanced {
            true => format!("[CmdletBinding({})]", parts.join(", ")),
            false => String::new(),
        }
    }

    fn parameters(&self) -> Vec<Rc<Parameter>> {
        let rehearses = self.surface.supports_should_process;
        let shown = |p: &&Rc<Parameter>| {
            !(p.common || rehearses && matches!(&*p.name, "WhatIf" | "Confirm"))
        };
        self.surface
            .parameters
            .iter()
            .filter(shown)
            .cloned()
            .collect()
    }

    /// What stands between the brackets of `param()`.
    fn param_block(&self) -> String {
        let all: Vec<String> = self
            .parameters()
            .iter()
            .map(|p| self.parameter(p))
            .collect();
        all.join(",\n")
    }

    fn parameter(&self, parameter: &Parameter) -> String {
        let mut lines = Vec::new();
        for place in &parameter.places {
            for (set, facts) in self.places(place) {
                let named = set.map(|set| format!("ParameterSetName='{set}'"));
                let parts: Vec<String> = named.into_iter().chain(facts).collect();
                if !parts.is_empty() {
                    lines.push(format!("[Parameter({})]", parts.join(", ")));
                }
            }
        }
        if !parameter.aliases.is_empty() {
            let names: Vec<String> = parameter.aliases.iter().map(|a| quoted(a)).collect();
            lines.push(format!("[Alias({})]", names.join(",")));
        }
        lines.extend(parameter.attributes.iter().filter_map(attribute_text));
        lines.push(match parameter.is_switch {
            true => "[switch]".to_string(),
            false => format!("[{}]", parameter.type_ref.display()),
        });
        lines.push(format!("${{{}}}", parameter.name));
        lines.iter().map(|line| format!("\n    {line}")).collect()
    }

    /// The sets of a place, each with what `[Parameter()]` says of it.
    fn places(&self, place: &ParameterPlace) -> Vec<(Option<Rc<str>>, Vec<String>)> {
        let mut facts = Vec::new();
        if place.mandatory {
            facts.push("Mandatory=$true".to_string());
        }
        if let Some(position) = place.position {
            facts.push(format!("Position={position}"));
        }
        for (is_so, name) in [
            (place.from_pipeline, "ValueFromPipeline"),
            (
                place.from_pipeline_by_name,
                "ValueFromPipelineByPropertyName",
            ),
            (place.from_remaining, "ValueFromRemainingArguments"),
        ] {
            if is_so {
                facts.push(format!("{name}=$true"));
            }
        }
        if place.sets == ALL_SETS {
            return vec![(None, facts)];
        }
        let sets = self.surface.set_names.iter().enumerate();
        sets.filter(|(at, _)| place.sets & (1u32 << at.min(&31)) != 0)
            .map(|(_, name)| (Some(name.clone()), facts.clone()))
            .collect()
    }

    fn full_name(&self) -> (String, &'static str) {
        let name = self.command.name();
        match &self.command {
            Command::Cmdlet(cmdlet) => (format!("{}\\{name}", cmdlet.module_name), "Cmdlet"),
            Command::Function(_) => (name.to_string(), "Function"),
            _ => (name.to_string(), "ExternalScript"),
        }
    }

    fn begin(&self) -> String {
        let (name, kind) = self.full_name();
        let name = name.replace('\'', "''");
        format!(
            "    try {{\n        $outBuffer = $null\n        if ($PSBoundParameters.TryGetValue('OutBuffer', [ref]$outBuffer))\n        {{\n            $PSBoundParameters['OutBuffer'] = 1\n        }}\n\n        $wrappedCmd = $ExecutionContext.InvokeCommand.GetCommand('{name}', [System.Management.Automation.CommandTypes]::{kind})\n        $scriptCmd = {{& $wrappedCmd @PSBoundParameters }}\n\n        $steppablePipeline = $scriptCmd.GetSteppablePipeline($myInvocation.CommandOrigin)\n        $steppablePipeline.Begin($PSCmdlet)\n    }} catch {{\n        throw\n    }}\n"
        )
    }

    fn whole(&self, help: Option<&str>) -> String {
        let (name, kind) = self.full_name();
        let forward = format!("\n.ForwardHelpTargetName {name}\n.ForwardHelpCategory {kind}\n");
        let help = help.unwrap_or(&forward);
        format!(
            "{}\nparam({})\n\nbegin\n{{\n{}}}\n\nprocess\n{{\n{PROCESS}}}\n\nend\n{{\n{END}}}\n\nclean\n{{\n{CLEAN}}}\n<#\n{help}\n#>\n",
            self.binding(),
            self.param_block(),
            self.begin(),
        )
    }
}

const PROCESS: &str =
    "    try {\n        $steppablePipeline.Process($_)\n    } catch {\n        throw\n    }\n";
const END: &str =
    "    try {\n        $steppablePipeline.End()\n    } catch {\n        throw\n    }\n";
const CLEAN: &str =
    "    if ($null -ne $steppablePipeline) {\n        $steppablePipeline.Clean()\n    }\n";

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A validation as a function's text has it.
fn attribute_text(attribute: &Attribute) -> Option<String> {
    Some(match attribute {
        Attribute::ValidateSet { values, .. } => {
            let values: Vec<String> = values.iter().map(|v| quoted(v)).collect();
            format!("[ValidateSet({})]", values.join(","))
        }
        Attribute::ValidateRange { min, max } => {
            let text = |value: &Value| match value.base() {
                Value::Int(n) => n.to_string(),
                Value::Long(n) => n.to_string(),
                Value::Double(n) => n.to_string(),
                _ => "0".to_string(),
            };
            format!("[ValidateRange({}, {})]", text(min), text(max))
        }
        Attribute::ValidateRangeKind(kind) => {
            let kind = match kind {
                RangeKind::Positive => "Positive",
                RangeKind::NonNegative => "NonNegative",
                RangeKind::Negative => "Negative",
                RangeKind::NonPositive => "NonPositive",
            };
            format!("[ValidateRange([System.Management.Automation.ValidateRangeKind]::{kind})]")
        }
        Attribute::ValidatePattern { pattern, .. } => {
            format!("[ValidatePattern({})]", quoted(pattern))
        }
        Attribute::ValidateLength { min, max } => format!("[ValidateLength({min}, {max})]"),
        Attribute::ValidateCount { min, max } => format!("[ValidateCount({min}, {max})]"),
        Attribute::ValidateScript { script, .. } => {
            format!("[ValidateScript({{ {} }})]", script.text().trim())
        }
        Attribute::ValidateNotNull => "[ValidateNotNull()]".into(),
        Attribute::ValidateNotNullOrEmpty => "[ValidateNotNullOrEmpty()]".into(),
        Attribute::ValidateNotNullOrWhiteSpace => "[ValidateNotNullOrWhiteSpace()]".into(),
        Attribute::AllowNull => "[AllowNull()]".into(),
        Attribute::AllowEmptyString => "[AllowEmptyString()]".into(),
        Attribute::AllowEmptyCollection => "[AllowEmptyCollection()]".into(),
        _ => return None,
    })
}

impl Native for CommandMetadata {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.CommandMetadata")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Name",
            "CommandType",
            "DefaultParameterSetName",
            "SupportsShouldProcess",
            "SupportsPaging",
            "PositionalBinding",
            "SupportsTransactions",
            "HelpUri",
            "RemotingCapability",
            "ConfirmImpact",
            "Parameters",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(self.full_name().0.rsplit('\\').next().unwrap_or("")),
            "commandtype" => Value::Null,
            "defaultparametersetname" => match self.default_set() {
                Some(set) => Value::str(&*set),
                None => Value::str("__AllParameterSets"),
            },
            "supportsshouldprocess" => Value::Bool(self.surface.supports_should_process),
            "supportspaging" => Value::Bool(self.surface.supports_paging),
            "positionalbinding" => Value::Bool(true),
            "supportstransactions" => Value::Bool(false),
            "helpuri" => Value::str(""),
            "remotingcapability" => {
                Value::enum_of("System.Management.Automation.RemotingCapability", 1)
            }
            "confirmimpact" => Value::enum_of(
                "System.Management.Automation.ConfirmImpact",
                i64::from(self.surface.confirm_impact),
            ),
            "parameters" => parameters_table(&self.surface),
            _ => return Ok(None),
        }))
    }
}

/// A static method of ProxyCommand; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let made = construct(vm, arguments)?;
    let given = made.as_ref().unwrap_or(first);
    let Some(metadata) = given.as_native::<CommandMetadata>() else {
        return Ok(None);
    };
    let text = match name {
        "create" => {
            let help = match arguments.get(1) {
                Some(help) if !help.is_null() => Some(vm.to_text(help)?),
                _ => None,
            };
            metadata.whole(help.as_deref())
        }
        "getcmdletbindingattribute" => metadata.binding(),
        "getparamblock" => metadata.param_block(),
        "getbegin" => metadata.begin(),
        "getprocess" => PROCESS.to_string(),
        "getend" => END.to_string(),
        "getclean" => CLEAN.to_string(),
        "getdynamicparam" => String::new(),
        _ => return Ok(None),
    };
    Ok(Some(Value::str(text)))
}
