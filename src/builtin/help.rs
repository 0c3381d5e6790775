//! Get-Help: from declarations, and from the comments of functions and scripts.

use super::help_content;
use super::help_page::{Extent, Facts, page, parameter_text};
use crate::cmdlet::catalog;
use crate::cmdlet::declaration::CmdletDeclaration;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::parameter::{CommandSurface, Parameter};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::automation::command_info::surface_of;
use crate::runtime::types::automation::command_metadata::{is_unnamed, shown_type, syntax};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-Help", || Box::new(GetHelp))];

/// The parts of a help text.
#[derive(Default)]
pub struct Help {
    /// What the command does, in a line.
    pub synopsis: String,
    /// What it does, at length.
    pub description: String,
    /// Names of parameters, and what each is for.
    pub parameters: Vec<(String, String)>,
    /// Code, and what is to be said about it.
    pub examples: Vec<(String, String)>,
    /// What else there is to say.
    pub notes: String,
    /// Types that can be piped in.
    pub inputs: String,
    /// Types that come out.
    pub outputs: String,
    /// Related topics.
    pub links: Vec<String>,
}

impl Help {
    /// Reads comment-based help.
    fn of_comments(text: &str) -> Help {
        let mut help = Help::default();
        let mut section: Option<(String, String, String)> = None;
        let mut sections = Vec::new();
        for line in text.lines() {
            let line = line.trim_end();
            let bare = line.trim_start();
            let bare = bare.strip_prefix("<#").unwrap_or(bare);
            let bare = bare.strip_suffix("#>").unwrap_or(bare);
            let bare = match bare.strip_prefix('#') {
                Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
                None => bare,
            };
            let trimmed = bare.trim();
            if let Some(rest) = trimmed.strip_prefix('.') {
                let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
                let argument = rest[word.len()..].trim().to_string();
                if crate::syntax::help::is_directive(&word) {
                    sections.extend(section.take());
                    section = Some((word.to_ascii_lowercase(), argument, String::new()));
                    continue;
                }
            }
            if let Some((_, _, body)) = &mut section {
                body.push_str(trimmed);
                body.push('\n');
            }
        }
        sections.extend(section);
        for (word, argument, body) in sections {
            let body = body.trim().to_string();
            match word.as_str() {
                "synopsis" => help.synopsis = body,
                "description" => help.description = body,
                "parameter" => help.parameters.push((argument, body)),
                "example" => {
                    let (code, remarks) = match body.split_once('\n') {
                        Some((code, rest)) => (code.trim().to_string(), rest.trim().to_string()),
                        None => (body, String::new()),
                    };
                    help.examples.push((code, remarks));
                }
                "notes" => help.notes = body,
                "inputs" => help.inputs = body,
                "outputs" => help.outputs = body,
                "link" => help.links.extend(body.lines().map(str::to_string)),
                _ => {}
            }
        }
        help
    }

    /// The help of a declared command.
    fn of_declaration(declaration: &CmdletDeclaration) -> Help {
        let mut help = Help {
            synopsis: declaration.synopsis.clone(),
            description: declaration.description.clone(),
            parameters: declaration
                .parameters
                .iter()
                .map(|p| (p.name.clone(), p.help.clone()))
                .collect(),
            examples: declaration
                .examples
                .iter()
                .map(|e| (e.code.clone(), e.remarks.clone()))
                .collect(),
            outputs: declaration.output_types.join("\n"),
            ..Help::default()
        };
        help_content::complete(&mut help, declaration);
        help
    }

    /// What a parameter is for; empty when nobody says.
    pub fn of_parameter(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or("", |(_, text)| text.as_str())
    }
}

struct GetHelp;

impl Cmdlet for GetHelp {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("Name").unwrap_or_else(|| "Get-Help".into());
        if WildcardPattern::contains_wildcards(&name) {
            return list(vm, &name);
        }
        let command = match vm.find_command(&name) {
            Ok(found) => found,
            Err(unwind) if crate::runtime::invoke::is_error(&unwind) => None,
            Err(other) => return Err(other),
        };
        let Some(command) = command.filter(|c| !matches!(c, Command::Application(_))) else {
            if !named_like(&name).is_empty() {
                return list(vm, &format!("*{name}*"));
            }
            return vm.write_fault(
                Fault::of(
                    "Microsoft.PowerShell.Commands.HelpNotFoundException",
                    "HelpNotFound",
                    Category::ResourceUnavailable,
                    format!("Get-Help could not find {name} in a help file in this session. To download updated help topics type: \"Update-Help\". To get help online, search for the help topic in the TechNet library at https:/go.microsoft.com/fwlink/?LinkID=107116."),
                )
                .target(Value::str(&*name)),
            );
        };
        let help = help_of(vm, &command)?;
        let surface = surface_of(vm, &command)?;
        if call.has("Parameter") {
            return parameters(vm, call, &help, surface.as_deref());
        }
        let value = help_value(vm, call, &command, &help, surface.as_deref())?;
        vm.write(value)
    }
}

fn list(vm: &mut Vm, pattern: &str) -> R<()> {
    let matcher = vm.wildcard(pattern, true)?;
    let found: Vec<catalog::CommandSummary> = catalog::names()
        .filter(|s| matcher.is_match(s.name))
        .collect();
    for summary in found {
        let synopsis = catalog::find(summary.name)
            .map(|d| d.synopsis.clone())
            .unwrap_or_default();
        vm.write(CustomObject::typed(
            "HelpInfoShort",
            [
                ("Name", Value::str(summary.name)),
                ("Category", Value::str("Cmdlet")),
                ("Synopsis", Value::str(synopsis)),
                ("ModuleName", Value::str(summary.module)),
            ],
        ))?;
    }
    Ok(())
}

/// Commands whose names hold a word, for a name that no command has.
fn named_like(word: &str) -> Vec<&'static str> {
    let wanted = word.to_ascii_lowercase();
    let names = catalog::names().map(|summary| summary.name);
    names
        .filter(|name| name.to_ascii_lowercase().contains(&wanted))
        .collect()
}

/// The shipped aliases of a command.
fn aliases_of(name: &str) -> Vec<String> {
    let aliases = catalog::aliases();
    let own = aliases.filter(|(_, of)| of.eq_ignore_ascii_case(name));
    own.map(|(alias, _)| alias.to_owned()).collect()
}

fn help_of(vm: &mut Vm, command: &Command) -> R<Help> {
    let block = match command {
        Command::Function(f) => f.block.borrow().clone(),
        Command::Script(s) => vm.script_block_of(s)?,
        Command::Cmdlet(c) => {
            return Ok(match catalog::find(&c.name) {
                Some(declaration) => Help::of_declaration(&declaration),
                None => Help::default(),
            });
        }
        _ => return Ok(Help::default()),
    };
    Ok(match &block.ast.help {
        Some(text) => Help::of_comments(text),
        None => Help::default(),
    })
}

fn paragraphs(text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    let items = vec![CustomObject::typed(
        "MamlParaTextItem",
        [("Text", Value::str(text))],
    )];
    Value::array(items)
}

fn parameter_value(parameter: &Parameter, help: &Help, width: usize) -> Value {
    let place = parameter.places.first();
    let required = place.is_some_and(|p| p.mandatory);
    let position = match place.and_then(|p| p.position) {
        Some(position) => (position.saturating_add(1)).to_string(),
        None => "named".to_string(),
    };
    let pipeline = match place {
        Some(p) if p.from_pipeline && p.from_pipeline_by_name => "true (ByValue, ByPropertyName)",
        Some(p) if p.from_pipeline => "true (ByValue)",
        Some(p) if p.from_pipeline_by_name => "true (ByPropertyName)",
        _ => "false",
    };
    let kind = shown_type(&parameter.type_ref);
    CustomObject::typed(
        "MamlCommandHelpInfo#parameter",
        [
            (
                "description",
                paragraphs(help.of_parameter(&parameter.name)),
            ),
            ("defaultValue", Value::str("")),
            ("parameterValue", Value::str(kind.as_str())),
            ("name", Value::str(&*parameter.name)),
            (
                "type",
                CustomObject::from_notes([("name", Value::str(kind.as_str()))]),
            ),
            ("required", Value::str(required.to_string())),
            ("variableLength", Value::str("false")),
            ("globbing", Value::str("false")),
            ("pipelineInput", Value::str(pipeline)),
            ("position", Value::str(position)),
            (
                "aliases",
                Value::str(if parameter.aliases.is_empty() {
                    "none".to_string()
                } else {
                    parameter.aliases.join(", ")
                }),
            ),
            (
                "Text",
                Value::str(parameter_text(parameter, help, true, width)),
            ),
        ],
    )
}

fn parameters(vm: &mut Vm, call: &Call, help: &Help, surface: Option<&CommandSurface>) -> R<()> {
    let width = vm.host.width();
    for pattern in call.texts("Parameter") {
        let matcher = vm.wildcard(&pattern, true)?;
        let mut any = false;
        for parameter in surface.map(|s| s.parameters.as_slice()).unwrap_or_default() {
            if !parameter.common && matcher.is_match(&parameter.name) {
                any = true;
                vm.write(parameter_value(parameter, help, width))?;
            }
        }
        if !any {
            vm.write_fault(
                Fault::of(
                    "System.Management.Automation.PSArgumentException",
                    "NoParmsFound",
                    Category::ObjectNotFound,
                    format!("No parameter matches criteria {pattern}."),
                )
                .target(Value::str(&*pattern)),
            )?;
        }
    }
    Ok(())
}

fn help_value(
    vm: &mut Vm,
    call: &Call,
    command: &Command,
    help: &Help,
    surface: Option<&CommandSurface>,
) -> R<Value> {
    let name: Rc<str> = command.name();
    let width = vm.host.width();
    let lines = syntax(vm, command, None)?;
    let synopsis = if help.synopsis.is_empty() {
        lines.clone()
    } else {
        help.synopsis.clone()
    };
    let own: Vec<&Rc<Parameter>> = surface
        .map(|s| s.parameters.iter().filter(|p| !is_unnamed(p)).collect())
        .unwrap_or_default();
    let parameters = Value::array(
        own.iter()
            .map(|p| parameter_value(p, help, width))
            .collect(),
    );
    let examples = Value::array(
        help.examples
            .iter()
            .enumerate()
            .map(|(at, (code, remarks))| {
                CustomObject::typed(
                    "MamlCommandHelpInfo#example",
                    [
                        (
                            "title",
                            Value::str(format!(
                                "-------------------------- EXAMPLE {} --------------------------",
                                at + 1
                            )),
                        ),
                        ("code", Value::str(code.as_str())),
                        ("remarks", paragraphs(remarks)),
                    ],
                )
            })
            .collect(),
    );
    let facts = Facts {
        name: &name,
        synopsis: &synopsis,
        syntax: &lines,
        aliases: &aliases_of(&name),
        parameters: &own,
        advanced: surface.is_some_and(|s| s.advanced),
    };
    let extent = match () {
        () if call.switch("Full") => Extent::Full,
        () if call.switch("Detailed") => Extent::Detailed,
        () if call.switch("Examples") => Extent::Examples,
        () => Extent::Short,
    };
    let text = page(extent, &facts, help, width);
    let category = match command {
        Command::Cmdlet(_) => "Cmdlet",
        Command::Script(_) => "ExternalScript",
        Command::Function(f) if f.is_filter => "Filter",
        _ => "Function",
    };
    let module = match command {
        Command::Cmdlet(c) => c.module_name.to_string(),
        _ => String::new(),
    };
    Ok(CustomObject::typed(
        "MamlCommandHelpInfo",
        [
            ("Name", Value::str(&*name)),
            ("Category", Value::str(category)),
            ("Synopsis", Value::str(synopsis.as_str())),
            ("Component", Value::Null),
            ("Role", Value::Null),
            ("Functionality", Value::Null),
            ("ModuleName", Value::str(module)),
            ("Syntax", Value::str(lines.trim())),
            (
                "details",
                CustomObject::from_notes([
                    ("name", Value::str(&*name)),
                    ("description", paragraphs(&synopsis)),
                ]),
            ),
            ("description", paragraphs(&help.description)),
            (
                "parameters",
                CustomObject::from_notes([("parameter", parameters)]),
            ),
            (
                "examples",
                CustomObject::from_notes([("example", examples)]),
            ),
            ("alertSet", paragraphs(&help.notes)),
            ("inputTypes", paragraphs(&help.inputs)),
            ("returnValues", paragraphs(&help.outputs)),
            (
                "relatedLinks",
                Value::strings(help.links.iter().map(String::as_str)),
            ),
            ("Text", Value::str(text)),
        ],
    ))
}
