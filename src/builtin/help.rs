//! Get-Help: from declarations, and from the comments of functions and scripts.

use super::help_content;
use super::help_value::{self, Subject};
use crate::cmdlet::catalog;
use crate::cmdlet::declaration::CmdletDeclaration;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::command_info::surface_of;
use crate::runtime::types::automation::command_metadata::syntax;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::comment_help::{CommentHelp, parameter_comments};
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
    /// How it is used.
    pub examples: Vec<Example>,
    /// What else there is to say.
    pub notes: String,
    /// Types that can be piped in.
    pub inputs: Vec<String>,
    /// Types that come out.
    pub outputs: Vec<String>,
    /// Related topics: their names or addresses.
    pub links: Vec<String>,
    /// The technology it belongs to.
    pub component: String,
    /// Who uses it.
    pub role: String,
    /// What it is used for.
    pub functionality: String,
}

/// An example.
pub struct Example {
    /// What stands before the code, as a prompt does.
    pub prompt: String,
    /// The command.
    pub code: String,
    /// What is to be said about it.
    pub remarks: String,
}

impl Example {
    /// An example with the usual prompt.
    pub fn new(code: impl Into<String>, remarks: impl Into<String>) -> Example {
        Example {
            prompt: PROMPT.to_owned(),
            code: code.into(),
            remarks: remarks.into(),
        }
    }

    /// Text up to a `>` in the first line is the prompt; the first empty line ends the code.
    fn read(text: &str) -> Example {
        let first = text.split('\n').next().unwrap_or_default();
        let (prompt, rest) = match first.find('>') {
            Some(at) => text.split_at(at + 1),
            None => (PROMPT, text),
        };
        let (code, remarks) = rest.split_once("\n\n").unwrap_or((rest, ""));
        Example {
            prompt: prompt.to_owned(),
            code: code.trim().to_owned(),
            remarks: remarks.trim().to_owned(),
        }
    }
}

/// What stands before the code of an example that brings no prompt.
const PROMPT: &str = "PS > ";

impl Help {
    /// Help from comments, and what stands at the parameters in the order of `names`.
    fn of_comments(comments: CommentHelp, names: &[Rc<str>], at_parameters: Vec<String>) -> Help {
        let trimmed = |text: &String| text.trim().to_owned();
        let mut parameters: Vec<(String, String)> = comments
            .parameters
            .iter()
            .map(|(name, text)| (name.clone(), trimmed(text)))
            .collect();
        for (name, text) in names.iter().zip(at_parameters) {
            if comments.of_parameter(name).is_none() && !text.is_empty() {
                parameters.push((name.to_string(), trimmed(&text)));
            }
        }
        Help {
            synopsis: trimmed(&comments.synopsis),
            description: trimmed(&comments.description),
            parameters,
            examples: comments.examples.iter().map(|e| Example::read(e)).collect(),
            notes: trimmed(&comments.notes),
            inputs: comments.inputs.iter().map(trimmed).collect(),
            outputs: comments.outputs.iter().map(trimmed).collect(),
            links: comments.links,
            component: comments.component,
            role: comments.role,
            functionality: comments.functionality,
        }
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
                .map(|e| Example::new(e.code.clone(), e.remarks.clone()))
                .collect(),
            outputs: declaration.output_types.clone(),
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
        let Some(command) = found(vm, &name)? else {
            if !named_like(&name).is_empty() {
                return list(vm, &format!("*{name}*"));
            }
            return not_found(vm, &name);
        };
        let (command, told) = told(vm, command, 0)?;
        let unlike = ["Component", "Role", "Functionality"].iter().any(|part| {
            let said = match *part {
                "Component" => told.help().map(|h| h.component.as_str()),
                "Role" => told.help().map(|h| h.role.as_str()),
                _ => told.help().map(|h| h.functionality.as_str()),
            };
            call.has(part) && !matches_any(vm, &call.texts(part), said.unwrap_or_default())
        });
        if unlike {
            return not_found(vm, &name);
        }
        let surface = surface_of(vm, &command)?;
        let lines = syntax(vm, &command, None)?;
        let block = block_of(vm, &command)?;
        if let (Told::Nothing, Command::Script(_)) = (&told, &command) {
            return vm.write(Value::str(lines));
        }
        let subject = Subject {
            command: &command,
            help: told.help(),
            surface: surface.as_deref(),
            block: block.as_deref(),
            syntax: &lines,
            aliases: aliases_of(&command.name()),
            commented: matches!(told, Told::InComments(_)),
        };
        if call.has("Parameter") {
            return parameters(vm, call, &subject);
        }
        let value = help_value::whole(vm, call, &subject)?;
        vm.write(value)
    }
}

fn matches_any(vm: &mut Vm, patterns: &[Rc<str>], text: &str) -> bool {
    patterns.iter().any(|pattern| {
        vm.wildcard(pattern, true)
            .is_ok_and(|matcher| matcher.is_match(text))
    })
}

fn found(vm: &mut Vm, name: &str) -> R<Option<Command>> {
    let command = match vm.find_command(name) {
        Ok(found) => found,
        Err(unwind) if crate::runtime::invoke::is_error(&unwind) => None,
        Err(other) => return Err(other),
    };
    Ok(command.filter(|c| !matches!(c, Command::Application(_))))
}

fn not_found(vm: &mut Vm, name: &str) -> R<()> {
    vm.write_fault(
        Fault::of(
            "Microsoft.PowerShell.Commands.HelpNotFoundException",
            "HelpNotFound",
            Category::ResourceUnavailable,
            format!("Get-Help could not find {name} in a help file in this session. To download updated help topics type: \"Update-Help\". To get help online, search for the help topic in the TechNet library at https:/go.microsoft.com/fwlink/?LinkID=107116."),
        )
        .target(Value::str(name)),
    )
}

/// Where the help of a command comes from.
enum Told {
    /// Nobody wrote any.
    Nothing,
    /// Comments in its source.
    InComments(Help),
    /// Its declaration.
    Declared(Help),
}

impl Told {
    fn help(&self) -> Option<&Help> {
        match self {
            Told::Nothing => None,
            Told::InComments(help) | Told::Declared(help) => Some(help),
        }
    }
}

/// Help that refers to another command is that command's; more references than this are a circle.
const MOST_FORWARDS: u32 = 8;

fn told(vm: &mut Vm, command: Command, depth: u32) -> R<(Command, Told)> {
    if let Command::Cmdlet(cmdlet) = &command {
        let help = catalog::find(&cmdlet.name).map(|d| Help::of_declaration(&d));
        return Ok((command, help.map_or(Told::Nothing, Told::Declared)));
    }
    let Some(block) = block_of(vm, &command)? else {
        return Ok((command, Told::Nothing));
    };
    let Some(comments) = block.ast.help.as_deref().and_then(CommentHelp::read) else {
        return Ok((command, Told::Nothing));
    };
    if !comments.forward_target.is_empty() {
        let same = comments
            .forward_target
            .eq_ignore_ascii_case(&command.name());
        let target = match same || depth >= MOST_FORWARDS {
            true => None,
            false => found(vm, &comments.forward_target)?,
        };
        return match target {
            Some(target) => told(vm, target, depth + 1),
            None => Ok((command, Told::Nothing)),
        };
    }
    let parameters = block.ast.param_block.as_ref();
    let parameters = parameters.map_or(&[][..], |p| &p.parameters);
    let names: Vec<Rc<str>> = parameters.iter().map(|p| p.name.name.clone()).collect();
    let at_parameters = parameter_comments(&block.source.text, parameters);
    let help = Help::of_comments(comments, &names, at_parameters);
    Ok((command, Told::InComments(help)))
}

fn block_of(vm: &mut Vm, command: &Command) -> R<Option<Rc<ScriptBlock>>> {
    Ok(match command {
        Command::Function(f) => Some(f.block.borrow().clone()),
        Command::Script(s) => Some(vm.script_block_of(s)?),
        _ => None,
    })
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

fn parameters(vm: &mut Vm, call: &Call, subject: &Subject<'_>) -> R<()> {
    for pattern in call.texts("Parameter") {
        let matcher = vm.wildcard(&pattern, true)?;
        let mut any = false;
        for parameter in subject.parameters() {
            if matcher.is_match(&parameter.name) {
                any = true;
                let value = help_value::parameter(vm, subject, parameter)?;
                vm.write(value)?;
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

#[cfg(test)]
mod tests {
    use super::Example;

    #[test]
    fn an_example_has_a_prompt_code_and_remarks() {
        for (text, want) in [
            ("Get-It\n\nSays it.\n", ("PS > ", "Get-It", "Says it.")),
            ("C:\\> Get-It\n", ("C:\\>", "Get-It", "")),
            ("$a = 1\n$a\n\nx\n\ny\n", ("PS > ", "$a = 1\n$a", "x\n\ny")),
        ] {
            let read = Example::read(text);
            let got = (
                read.prompt.as_str(),
                read.code.as_str(),
                read.remarks.as_str(),
            );
            assert_eq!(got, want, "{text}");
        }
    }
}
