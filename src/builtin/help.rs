//! Get-Help: from declarations, and from the comments of functions and scripts.

use crate::cmdlet::catalog;
use crate::cmdlet::declaration::CmdletDeclaration;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::parameter::{CommandSurface, Parameter};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::command_info::surface_of;
use crate::runtime::types::command_metadata::{is_unnamed, shown_type, syntax};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-Help", || Box::new(GetHelp))];

/// The parts of a help text.
#[derive(Default)]
struct Help {
    synopsis: String,
    description: String,
    parameters: Vec<(String, String)>,
    examples: Vec<(String, String)>,
    notes: String,
    inputs: String,
    outputs: String,
    links: Vec<String>,
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
        Help {
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
        }
    }

    fn of_parameter(&self, name: &str) -> &str {
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

fn parameter_value(parameter: &Parameter, help: &Help) -> Value {
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
            ("Text", Value::str(parameter_text(parameter, help))),
        ],
    )
}

fn parameter_text(parameter: &Parameter, help: &Help) -> String {
    let place = parameter.places.first();
    let head = if parameter.is_switch {
        format!("-{}", parameter.name)
    } else {
        format!("-{} <{}>", parameter.name, shown_type(&parameter.type_ref))
    };
    let mut lines = vec![head];
    for line in help.of_parameter(&parameter.name).lines() {
        lines.push(format!("    {line}"));
    }
    lines.push(String::new());
    let required = place.is_some_and(|p| p.mandatory);
    let position = place
        .and_then(|p| p.position)
        .map_or("named".to_string(), |p| p.saturating_add(1).to_string());
    lines.push(format!("    Required?                    {required}"));
    lines.push(format!("    Position?                    {position}"));
    let pipeline = place.is_some_and(|p| p.from_pipeline || p.from_pipeline_by_name);
    lines.push(format!("    Accept pipeline input?       {pipeline}"));
    let aliases = if parameter.aliases.is_empty() {
        "none".to_string()
    } else {
        parameter.aliases.join(", ")
    };
    lines.push(format!("    Aliases                      {aliases}"));
    lines.join("\n")
}

fn parameters(vm: &mut Vm, call: &Call, help: &Help, surface: Option<&CommandSurface>) -> R<()> {
    for pattern in call.texts("Parameter") {
        let matcher = vm.wildcard(&pattern, true)?;
        let mut any = false;
        for parameter in surface.map(|s| s.parameters.as_slice()).unwrap_or_default() {
            if !parameter.common && matcher.is_match(&parameter.name) {
                any = true;
                vm.write(parameter_value(parameter, help))?;
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
    let lines = syntax(vm, command, None)?;
    let synopsis = if help.synopsis.is_empty() {
        lines.clone()
    } else {
        help.synopsis.clone()
    };
    let own: Vec<&Rc<Parameter>> = surface
        .map(|s| s.parameters.iter().filter(|p| !is_unnamed(p)).collect())
        .unwrap_or_default();
    let parameters = Value::array(own.iter().map(|p| parameter_value(p, help)).collect());
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
    let text = page(call, &name, &synopsis, &lines, help, &own);
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

/// The page as it is shown: all of it with `-Full`, the examples with `-Examples`.
fn page(
    call: &Call,
    name: &str,
    synopsis: &str,
    lines: &str,
    help: &Help,
    parameters: &[&Rc<Parameter>],
) -> String {
    let mut text = String::new();
    let mut section = |title: &str, body: &str| {
        if body.trim().is_empty() {
            return;
        }
        text.push_str(&format!("\n{title}\n"));
        for line in body.trim().lines() {
            text.push_str(&format!("    {line}\n"));
        }
    };
    section("NAME", name);
    section("SYNOPSIS", synopsis);
    let full = call.switch("Full") || call.switch("Detailed");
    if !call.switch("Examples") {
        section("SYNTAX", lines);
        section("DESCRIPTION", &help.description);
    }
    if full {
        let all: Vec<String> = parameters.iter().map(|p| parameter_text(p, help)).collect();
        section("PARAMETERS", &all.join("\n\n"));
    }
    if call.switch("Full") {
        section("INPUTS", &help.inputs);
        section("OUTPUTS", &help.outputs);
        section("NOTES", &help.notes);
    }
    if full || call.switch("Examples") {
        let all: Vec<String> = help
            .examples
            .iter()
            .enumerate()
            .map(|(at, (code, remarks))| {
                let title = format!(
                    "-------------------------- EXAMPLE {} --------------------------",
                    at + 1
                );
                format!("{title}\n\n{code}\n\n{remarks}")
            })
            .collect();
        section("EXAMPLES", &all.join("\n\n"));
    }
    section("RELATED LINKS", &help.links.join("\n"));
    text
}
