//! Names of variables.

use super::descriptions;
use super::world::World;
use super::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};

/// Variables that the language knows whether or not they are set.
const SPECIAL: &[&str] = &[
    "$",
    "?",
    "^",
    "_",
    "args",
    "ConfirmPreference",
    "CurrentlyExecutingCommand",
    "DebugPreference",
    "Error",
    "ErrorActionPreference",
    "ErrorView",
    "ExecutionContext",
    "false",
    "foreach",
    "HOME",
    "Host",
    "InformationPreference",
    "input",
    "LASTEXITCODE",
    "LogCommandHealthEvent",
    "LogCommandLifecycleEvent",
    "LogEngineHealthEvent",
    "LogEngineLifecycleEvent",
    "LogProviderHealthEvent",
    "LogProviderLifecycleEvent",
    "LogSettingsEvent",
    "Matches",
    "MyInvocation",
    "NestedPromptLevel",
    "null",
    "OFS",
    "OutputEncoding",
    "PID",
    "PROFILE",
    "ProgressPreference",
    "PSBoundParameters",
    "PSCmdlet",
    "PSCommandPath",
    "PSCulture",
    "PSDebugContext",
    "PSDefaultParameterValues",
    "PSEmailServer",
    "PSHOME",
    "PSItem",
    "PSLogUserData",
    "PSModuleAutoLoadingPreference",
    "PSNativeCommandUseErrorActionPreference",
    "PSScriptRoot",
    "PSSenderInfo",
    "PSSessionApplicationName",
    "PSSessionConfigurationName",
    "PSSessionOption",
    "PSUICulture",
    "PSVersionTable",
    "PWD",
    "ShellId",
    "StackTrace",
    "switch",
    "this",
    "true",
    "VerboseHelpErrors",
    "VerbosePreference",
    "WarningPreference",
    "WhatIfPreference",
];

const DRIVES: [&str; 5] = ["Alias", "Env", "Function", "Temp", "Variable"];
const SCOPES: [&str; 5] = ["Global:", "Local:", "Script:", "Private:", "Using:"];

/// Variables that begin with the word (`$al`, `${al`, `@al`).
pub fn complete(
    word: &str,
    braced: bool,
    splatted: bool,
    before: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let sigil = if splatted { '@' } else { '$' };
    let typed = word.trim_start_matches(sigil).trim_start_matches('{');
    let typed = if word == "$$" { "$" } else { typed };
    let mut list = List {
        sigil,
        braced,
        results: Vec::new(),
    };
    if let Some((scope, name)) = typed.split_once(':') {
        list.scoped(scope, name, before, world);
        return list.results;
    }
    let mut seen = written(before);
    seen.extend(world.variables());
    list.group(seen, typed, world);
    for result in &mut list.results {
        let name = result.list_item_text.clone();
        if result.tool_tip == name
            && let Some(type_name) = constraint(before, &name)
        {
            result.tool_tip = format!("[{type_name}]${name}");
        }
    }
    if typed.is_empty() {
        let mut environment = world.environment();
        environment.sort_by(|a, b| by_name(a, b));
        environment.iter().for_each(|name| {
            list.put(
                &format!("env:{name}"),
                &format!("env:{name}"),
                &format!("[string]env:{name}"),
            )
        });
    }
    list.group(
        SPECIAL.iter().map(|&name| name.to_owned()).collect(),
        typed,
        world,
    );
    for drive in DRIVES.iter().filter(|drive| begins(drive, typed)) {
        list.put(&format!("{drive}:"), drive, descriptions::drive(drive));
    }
    for scope in SCOPES.iter().filter(|scope| begins(scope, typed)) {
        list.put(scope, scope, "");
    }
    list.results
}

struct List {
    sigil: char,
    braced: bool,
    results: Vec<CompletionResult>,
}

impl List {
    fn group(&mut self, mut names: Vec<String>, typed: &str, world: &mut dyn World) {
        names.retain(|name| begins(name, typed));
        names.sort_by(|a, b| by_name(a, b));
        for name in names {
            let known = |r: &CompletionResult| r.list_item_text.eq_ignore_ascii_case(&name);
            if !self.results.iter().any(known) {
                let mut tip = world.variable_tip(&name);
                if let Some(purpose) = descriptions::variable(&name) {
                    tip = format!("{tip} - {purpose}");
                }
                self.put(&name, &name, &tip);
            }
        }
    }

    /// `$env:PA`, `$global:al`, `$variable:al`.
    fn scoped(&mut self, scope: &str, typed: &str, before: &str, world: &mut dyn World) {
        let mut names = match scope.to_ascii_lowercase().as_str() {
            "env" => world.environment(),
            "using" => {
                let mut names = written(before);
                for name in world.variables() {
                    if !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                        names.push(name);
                    }
                }
                names
            }
            "global" | "local" | "script" | "private" | "variable" => world.variables(),
            "function" | "alias" => world.command_names(),
            _ => return,
        };
        names.retain(|name| begins(name, typed));
        names.sort_by(|a, b| by_name(a, b));
        for name in names {
            let tip = match scope {
                "env" | "Env" => format!("[string]{scope}:{name}"),
                _ => world.variable_tip(&name),
            };
            self.put(&format!("{scope}:{name}"), &name, &tip);
        }
    }

    fn put(&mut self, name: &str, shown: &str, tip: &str) {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '?');
        let sigil = self.sigil;
        let text = if self.braced || !name.chars().all(plain) {
            format!("{sigil}{{{name}}}")
        } else {
            format!("{sigil}{name}")
        };
        let tip = if tip.is_empty() { shown } else { tip };
        let result = CompletionResult::new(text, CompletionResultType::Variable);
        self.results.push(result.listed(shown).tip(tip));
    }
}

fn is_scope(name: &str) -> bool {
    ["global", "script", "local", "private"]
        .iter()
        .any(|scope| scope.eq_ignore_ascii_case(name))
}

/// Names of variables in the text before: they need not be set yet.
fn written(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in text.split('$').skip(1) {
        let name: String = piece
            .chars()
            .take_while(|&c| c.is_alphanumeric() || c == '_')
            .collect();
        let known = names.iter().any(|n| n.eq_ignore_ascii_case(&name));
        let scoped = piece[name.len()..].strip_prefix(':');
        if let Some(rest) = scoped.filter(|_| is_scope(&name)) {
            let name: String = rest
                .chars()
                .take_while(|&c| c.is_alphanumeric() || c == '_')
                .collect();
            if name.len() > 1 {
                names.push(name);
            }
        } else if name.len() > 1 && !known && scoped.is_none() {
            names.push(name);
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let last_end = words.iter().rposition(|word| word.contains(';'));
    for (at, pair) in words.windows(2).enumerate() {
        // A pipeline's variable lives as long as the pipeline.
        let flows = pair[0].eq_ignore_ascii_case("-PipelineVariable");
        let ended = flows && last_end.is_some_and(|end| end > at);
        let names_variable = !ended && NAMING.iter().any(|word| word.eq_ignore_ascii_case(pair[0]));
        let name = pair[1].trim_end_matches(['{', ';', '|']);
        if names_variable && name.len() > 1 && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// Words before the name of a variable that they set.
const NAMING: [&str; 8] = [
    "data",
    "-OutVariable",
    "-ErrorVariable",
    "-WarningVariable",
    "-InformationVariable",
    "-PipelineVariable",
    "New-Variable",
    "Set-Variable",
];

/// The first type in front of a variable where the text assigns to it.
fn constraint(text: &str, name: &str) -> Option<String> {
    let written = format!("${name}");
    let at = text.to_lowercase().find(&written.to_lowercase())?;
    let before = text.get(..at)?.trim_end();
    let head = before.trim_end_matches(|c: char| c != ';' && c != '\n' && c != '{');
    let attributes = before.get(head.len()..)?.trim();
    let mut rest = attributes;
    while let Some(inner) = rest.strip_prefix('[') {
        let (name, after) = inner.split_once(']')?;
        if !name.contains('(') {
            return Some(name.trim().to_owned());
        }
        rest = after.trim_start();
    }
    None
}
