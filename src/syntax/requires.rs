//! `#requires` lines: read like a command, then checked parameter by parameter.

use super::ast::*;
use super::checks::constants::{Purpose, is_constant};
use super::parser::Parser;

/// The parameters, in the order in which a beginning of a name is tried.
const PARAMETERS: [&str; 7] = [
    "runasadministrator",
    "shellid",
    "pssnapin",
    "psedition",
    "version",
    "assembly",
    "modules",
];

impl Parser<'_> {
    /// What all the lines of the file ask for.
    pub(super) fn script_requirements(&mut self) -> Option<ScriptRequirements> {
        if self.requires.is_empty() {
            return None;
        }
        let mut lines = std::mem::take(&mut self.requires);
        lines.sort_unstable();
        let mut requirements = ScriptRequirements::default();
        for (start, end) in lines {
            let text = self.slice(start + 1, end);
            let mut inner = Parser::new(text, false);
            inner.map = self.map.nested(start + 1, text.len(), &[]);
            inner.common = std::mem::take(&mut self.common);
            let command = inner.command();
            self.common = std::mem::take(&mut inner.common);
            if let Some(command) = command {
                self.requires_command(&command, &mut requirements);
            }
        }
        Some(requirements)
    }

    fn requires_command(&mut self, command: &CommandAst, all: &mut ScriptRequirements) {
        let is_requires = matches!(
            command.elements.first(),
            Some(CommandElementAst::Argument(ExpressionAst {
                kind: ExpressionKind::String { value, .. }, ..
            })) if value.eq_ignore_ascii_case("requires")
        );
        if !is_requires {
            self.error(command.span, "ScriptRequiresInvalidFormat", &[]);
        }
        let mut elements = command.elements.iter().skip(1);
        while let Some(element) = elements.next() {
            match element {
                CommandElementAst::Parameter(parameter) => {
                    let mut given = parameter.argument.as_deref().map(Given::Value);
                    if given.is_none() {
                        given = elements.next().map(|e| match e {
                            CommandElementAst::Argument(e) => Given::Value(e),
                            CommandElementAst::Parameter(p) => Given::Parameter(p.span),
                        });
                    }
                    self.requires_parameter(parameter, given, all);
                }
                CommandElementAst::Argument(argument) => {
                    self.error(argument.span, "ScriptRequiresInvalidFormat", &[]);
                }
            }
        }
    }

    fn requires_parameter(
        &mut self,
        parameter: &CommandParameterAst,
        given: Option<Given<'_>>,
        all: &mut ScriptRequirements,
    ) {
        let name = &*parameter.name;
        let word = PARAMETERS.into_iter().find(|p| {
            p.get(..name.len())
                .is_some_and(|beginning| beginning.eq_ignore_ascii_case(name))
        });
        if word == Some("runasadministrator") {
            all.elevated = true;
            if given.is_some() {
                self.error(parameter.span, "ParameterCannotHaveArgument", &[name]);
            }
            return;
        }
        let argument = match given {
            None => {
                self.error(parameter.span, "ParameterRequiresArgument", &[name]);
                return;
            }
            Some(Given::Parameter(span)) => {
                self.error(span, "RequiresArgumentMustBeConstant", &[]);
                return;
            }
            Some(Given::Value(argument)) => argument,
        };
        if !is_constant(argument, Purpose::Requires) {
            self.error(argument.span, "RequiresArgumentMustBeConstant", &[]);
            return;
        }
        match word {
            Some("shellid") => {
                if all.application_id.is_some() {
                    self.twice(parameter.span, "shellid");
                } else {
                    match text(argument) {
                        Some(id) => all.application_id = Some(id.to_string()),
                        None => self.not_text(argument.span, "shellid"),
                    }
                }
            }
            Some("pssnapin") => {
                if text(argument).is_none() {
                    self.not_text(argument.span, "pssnapin");
                }
            }
            Some("assembly") => {
                for item in items(argument) {
                    if text(item).is_none() {
                        self.not_text(argument.span, "assembly");
                    }
                }
            }
            Some("psedition") => self.requires_edition(parameter.span, argument, all),
            Some("version") => self.requires_version(parameter.span, argument, all),
            Some("modules") => {
                for item in items(argument) {
                    match module(item) {
                        Ok(module) => all.modules.push(module),
                        Err(reason) => {
                            self.error(argument.span, "RequiresModuleInvalid", &[&reason]);
                            return;
                        }
                    }
                }
            }
            _ => self.error(parameter.span, "ScriptRequiresInvalidFormat", &[]),
        }
    }

    fn requires_edition(
        &mut self,
        span: Span,
        argument: &ExpressionAst,
        all: &mut ScriptRequirements,
    ) {
        if !all.editions.is_empty() {
            self.twice(span, "psedition");
            return;
        }
        for item in items(argument) {
            let Some(edition) = text(item) else {
                self.not_text(argument.span, "psedition");
                continue;
            };
            if !["Core", "Desktop"]
                .iter()
                .any(|e| e.eq_ignore_ascii_case(edition))
            {
                self.error(argument.span, "RequiresPSEditionInvalid", &["psedition"]);
            }
            if all.editions.iter().any(|e| e.eq_ignore_ascii_case(edition)) {
                let id = "RequiresPSEditionValueIsAlreadySpecified";
                self.error(argument.span, id, &["psedition"]);
            } else {
                all.editions.push(edition.to_string());
            }
        }
    }

    fn requires_version(
        &mut self,
        span: Span,
        argument: &ExpressionAst,
        all: &mut ScriptRequirements,
    ) {
        let written = match &argument.kind {
            ExpressionKind::String { value, .. } => value.to_string(),
            ExpressionKind::Number { text, .. } => text.to_string(),
            _ => self.span_text(argument.span).to_string(),
        };
        let Some(version) = version(&written) else {
            self.error(argument.span, "RequiresVersionInvalid", &[]);
            return;
        };
        match &all.version {
            Some(known) if *known != version => self.twice(span, "version"),
            _ => all.version = Some(version),
        }
    }

    fn twice(&mut self, span: Span, word: &str) {
        self.error(span, "ParameterAlreadyBound", &["", word]);
    }

    fn not_text(&mut self, span: Span, word: &str) {
        self.error(span, "RequiresInvalidStringArgument", &[word]);
    }
}

/// What stands behind a parameter.
enum Given<'e> {
    Value(&'e ExpressionAst),
    Parameter(Span),
}

fn text(expression: &ExpressionAst) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::String { value, .. } => Some(value),
        _ => None,
    }
}

/// The items of a list, or the value itself.
fn items(expression: &ExpressionAst) -> &[ExpressionAst] {
    match &expression.kind {
        ExpressionKind::ArrayLiteral(items) => items,
        _ => std::slice::from_ref(expression),
    }
}

/// A version of two to four parts; a lone number is a major version.
fn version(text: &str) -> Option<String> {
    let parts: Vec<u32> = text
        .trim()
        .split('.')
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    match parts.len() {
        1 => Some(format!("{}.0", parts[0])),
        2..=4 => Some(
            parts
                .iter()
                .map(u32::to_string)
                .collect::<Vec<_>>()
                .join("."),
        ),
        _ => None,
    }
}

/// A module by name or by a table of its name and versions.
fn module(expression: &ExpressionAst) -> Result<RequiredModule, String> {
    let entries = match &expression.kind {
        ExpressionKind::String { value, .. } => {
            return Ok(RequiredModule {
                name: value.to_string(),
                ..RequiredModule::default()
            });
        }
        ExpressionKind::Hashtable(entries) => entries,
        _ => return Err("The module must be a name or a hashtable.".to_string()),
    };
    let mut module = RequiredModule::default();
    for (key, value) in entries {
        let key = text(key).unwrap_or_default();
        let value = super::checks::constants::pure_expression(value).map(|e| match &e.kind {
            ExpressionKind::String { value, .. } => value.to_string(),
            ExpressionKind::Number { text, .. } => text.to_string(),
            _ => String::new(),
        });
        match key.to_ascii_lowercase().as_str() {
            "modulename" => module.name = value.unwrap_or_default(),
            "moduleversion" => module.module_version = value,
            "requiredversion" => module.required_version = value,
            "maximumversion" => module.maximum_version = value,
            "guid" => module.guid = value,
            _ => {
                return Err(format!(
                    "The hashtable describing a module contains one or more members that are not \
                     valid. The valid members are (ModuleName, ModuleVersion, RequiredVersion, \
                     MaximumVersion, GUID). Remove the members that are not valid ('{key}'), then \
                     try again."
                ));
            }
        }
    }
    if module.name.is_empty() {
        return Err("The required key 'ModuleName' is missing.".to_string());
    }
    Ok(module)
}
