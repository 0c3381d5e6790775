//! The objects that Get-Help gives: the parts of a command's help by the names that scripts know.
//! Each carries the text it is shown as among its standard members.

use super::help::{Example, Help};
use super::help_page::{self, Extent, Page};
use crate::runtime::command::{Call, Command};
use crate::runtime::error::R;
use crate::runtime::object::{CustomObject, Extension, Member, Members, Wrapped};
use crate::runtime::parameter::{CommandSurface, Parameter, ParameterPlace};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::command_metadata::{
    is_unnamed, sets, shown_order, shown_type,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{
    AttributeAst, AttributeBaseAst, ExpressionKind, ParameterAst, TypeNameKind,
};
use std::rc::Rc;

/// The command that is explained.
pub struct Subject<'a> {
    /// The command itself.
    pub command: &'a Command,
    /// What was written about it.
    pub help: Option<&'a Help>,
    /// Its parameters.
    pub surface: Option<&'a CommandSurface>,
    /// The source of a function or script.
    pub block: Option<&'a ScriptBlock>,
    /// Its syntax, a line for each set.
    pub syntax: &'a str,
    /// Other names.
    pub aliases: Vec<String>,
    /// The help stands in comments.
    pub commented: bool,
}

impl Subject<'_> {
    /// The parameters that are not the same everywhere.
    pub fn parameters(&self) -> impl Iterator<Item = &Rc<Parameter>> {
        let all = self.surface.into_iter().flat_map(|s| &s.parameters);
        // Comments' help counts those of -WhatIf and of paging as the function's own.
        let counted = |name: &str| {
            ["WhatIf", "Confirm", "IncludeTotalCount", "Skip", "First"].contains(&name)
        };
        all.filter(move |p| !is_unnamed(p) && (!p.common || (self.commented && counted(&p.name))))
    }

    fn declared(&self, parameter: &Parameter) -> Option<&ParameterAst> {
        let block = self.block?.ast.param_block.as_ref()?;
        let mut all = block.parameters.iter();
        all.find(|p| p.name.name.eq_ignore_ascii_case(&parameter.name))
    }

    fn told(&self, parameter: &Parameter) -> &str {
        self.help.map_or("", |h| h.of_parameter(&parameter.name))
    }
}

/// An object with type names, properties, and the text it is shown as.
fn shown(type_names: &[&str], notes: Vec<(&str, Value)>, text: String) -> Value {
    let members = Members::from_notes(notes);
    let standard = Members::from_notes([("Text", Value::str(text))]);
    members.set("PSStandardMembers", Member::MemberSet(Rc::new(standard)));
    let object = CustomObject::new(members);
    let plain = [
        "System.Management.Automation.PSCustomObject",
        "System.Object",
    ];
    let names = type_names.iter().chain(&plain).map(|n| Rc::from(*n));
    object.type_names.borrow_mut().extend(names);
    Value::Custom(Rc::new(object))
}

fn paragraph(text: &str) -> Value {
    let notes = vec![("Text", Value::str(text))];
    shown(&["MamlParaTextItem"], notes, format!("{text}\n"))
}

/// Text as an array of one paragraph; null when there is none.
fn paragraphs(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => Value::array(vec![paragraph(text)]),
    }
}

/// One thing as itself, several as an array.
fn one_or_all(mut items: Vec<Value>) -> Value {
    match items.len() {
        1 => items.pop().unwrap_or_default(),
        _ => Value::array(items),
    }
}

/// Help as a whole.
pub fn whole(vm: &mut Vm, call: &Call, subject: &Subject<'_>) -> R<Value> {
    let extent = match () {
        () if call.switch("Full") => Extent::Full,
        () if call.switch("Detailed") => Extent::Detailed,
        () if call.switch("Examples") => Extent::Examples,
        () => Extent::Short,
    };
    let width = vm.host.width();
    let name = subject.command.name();
    let syntax = syntax_items(vm, subject)?;
    let parameters = parameter_views(vm, subject)?;
    let page = help_page::whole(extent, subject, &syntax, &parameters, width);
    let mut values = Vec::new();
    for parameter in subject.parameters() {
        values.push(self::parameter(vm, subject, parameter)?);
    }
    let category = match subject.command {
        Command::Cmdlet(_) => "Cmdlet",
        Command::Script(_) => "ExternalScript",
        Command::Function(f) if f.is_filter => "Filter",
        _ => "Function",
    };
    let module = match subject.command {
        Command::Cmdlet(c) => c.module_name.to_string(),
        _ => String::new(),
    };
    let text = |text: &str| match text {
        "" => Value::Null,
        text => Value::str(text),
    };
    let nothing = Help::default();
    let help = subject.help.unwrap_or(&nothing);
    let synopsis = match help.synopsis.is_empty() {
        true if subject.commented => name.to_string(),
        true => subject.syntax.to_owned(),
        false => help.synopsis.clone(),
    };
    let kind = if subject.help.is_some() {
        "MamlCommandHelpInfo"
    } else {
        "ExtendedCmdletHelpInfo"
    };
    let view = format!("{kind}#{}View", extent.name());
    let mut type_names = vec![kind, "HelpInfo"];
    if extent != Extent::Short {
        type_names.insert(0, &view);
    }
    let details = shown(
        &["MamlCommandHelpInfo#details"],
        vec![
            ("name", Value::str(&*name)),
            ("description", paragraphs(&help.synopsis)),
        ],
        help_page::details(&name, &help.synopsis, width),
    );
    let syntax_text = help_page::syntax(&syntax, 0, width);
    let mut notes = vec![
        ("details", details),
        ("description", paragraphs(&help.description)),
        (
            "Syntax",
            shown(
                &["MamlCommandHelpInfo#syntax"],
                vec![("syntaxItem", syntax_values(vm, subject)?)],
                syntax_text,
            ),
        ),
        (
            "parameters",
            CustomObject::from_notes([("parameter", one_or_all(values))]),
        ),
    ];
    let typed = |names: &[String], wrap: &str| {
        let items = names.iter().map(|name| {
            let kind = CustomObject::from_notes([("name", Value::str(name.as_str()))]);
            CustomObject::from_notes([("type", kind)])
        });
        CustomObject::from_notes([(wrap, one_or_all(items.collect()))])
    };
    if !help.inputs.is_empty() {
        notes.push(("inputTypes", typed(&help.inputs, "inputType")));
    }
    if !help.outputs.is_empty() {
        notes.push(("returnValues", typed(&help.outputs, "returnValue")));
    }
    if !help.notes.is_empty() {
        let alert = CustomObject::from_notes([("alert", paragraphs(&help.notes))]);
        notes.push(("alertSet", alert));
    }
    if !help.examples.is_empty() {
        let items = help.examples.iter().enumerate();
        let items = items.map(|(at, example)| example_value(example, at + 1, width));
        notes.push((
            "examples",
            shown(
                &["MamlCommandHelpInfo#examples"],
                vec![("example", one_or_all(items.collect()))],
                help_page::examples(&help.examples, 0, width),
            ),
        ));
    }
    if !help.links.is_empty() {
        let items = help.links.iter().map(|link| {
            let name = if is_address(link) { "uri" } else { "linkText" };
            CustomObject::from_notes([(name, Value::str(link.as_str()))])
        });
        let links = CustomObject::from_notes([("navigationLink", one_or_all(items.collect()))]);
        notes.push(("relatedLinks", links));
    }
    if subject.help.is_none() {
        let aliases = match subject.aliases.is_empty() {
            true => "None".to_owned(),
            false => subject.aliases.join(", "),
        };
        notes.push(("aliases", Value::str(aliases)));
        notes.push(("remarks", Value::str("None")));
    }
    notes.extend([
        ("Name", Value::str(&*name)),
        ("Category", Value::str(category)),
        ("Synopsis", Value::str(synopsis)),
        ("Component", text(&help.component)),
        ("Role", text(&help.role)),
        ("Functionality", text(&help.functionality)),
        ("ModuleName", Value::str(module)),
    ]);
    Ok(shown(&type_names, notes, page))
}

/// Whether a link is an address rather than a name.
pub fn is_address(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|s| s.len() > 1 && s.chars().all(|c| c.is_ascii_alphanumeric()))
        && !link.contains(char::is_whitespace)
}

fn example_value(example: &Example, number: usize, width: usize) -> Value {
    let mut remarks = vec![paragraph(&example.remarks)];
    remarks.extend((0..help_page::LINES_AFTER_EXAMPLE).map(|_| paragraph("")));
    shown(
        &["MamlCommandHelpInfo#example"],
        vec![
            ("title", Value::str(help_page::example_title(number))),
            ("introduction", paragraphs(&example.prompt)),
            ("code", Value::str(example.code.as_str())),
            ("remarks", Value::array(remarks)),
        ],
        help_page::example(example, number, 0, width),
    )
}

/// What is shown of a parameter.
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// The kind of value, in the brackets it is shown in; empty for a choice of values.
    pub value: String,
    /// What it is for.
    pub description: String,
    /// Must be given.
    pub required: bool,
    /// Its number from one, or `named`.
    pub position: String,
    /// The default value as text.
    pub default: String,
    /// How it takes pipeline objects.
    pub pipeline: &'static str,
    /// Other names.
    pub aliases: String,
    /// Takes wildcards.
    pub wildcards: bool,
}

fn parameter_views(vm: &mut Vm, subject: &Subject<'_>) -> R<Vec<ParameterView>> {
    let own: Vec<Rc<Parameter>> = subject.parameters().cloned().collect();
    own.iter().map(|p| view_of(vm, subject, p)).collect()
}

fn view_of(vm: &mut Vm, subject: &Subject<'_>, parameter: &Parameter) -> R<ParameterView> {
    let place = parameter.places.first();
    let declared = subject.declared(parameter);
    let kind = value_name(vm, subject, parameter)?;
    Ok(ParameterView {
        name: parameter.name.to_string(),
        value: match (choices(parameter), parameter.is_switch) {
            (Some(_), _) => String::new(),
            (None, true) => format!(" [<{kind}>]"),
            (None, false) => format!(" <{kind}>"),
        },
        description: subject.told(parameter).to_owned(),
        required: place.is_some_and(|p| p.mandatory),
        position: position(place),
        default: match declared {
            Some(declared) => default_text(vm, subject, declared)?,
            None => String::new(),
        },
        pipeline: pipeline(place),
        aliases: parameter.aliases.join(", "),
        wildcards: declared.is_some_and(|d| attribute(d, "SupportsWildcards").is_some()),
    })
}

fn position(place: Option<&ParameterPlace>) -> String {
    match place.and_then(|p| p.position) {
        // The original counts from one here.
        Some(position) => position.wrapping_add(1).to_string(),
        None => "named".to_owned(),
    }
}

fn pipeline(place: Option<&ParameterPlace>) -> &'static str {
    match place {
        Some(p) if p.from_pipeline && p.from_pipeline_by_name => "true (ByValue, ByPropertyName)",
        Some(p) if p.from_pipeline => "true (ByValue)",
        Some(p) if p.from_pipeline_by_name => "true (ByPropertyName)",
        _ => "false",
    }
}

/// The name of the kind of value: a type's own name in comments' help, else as `-Syntax` has it.
fn value_name(vm: &mut Vm, subject: &Subject<'_>, parameter: &Parameter) -> R<String> {
    if !subject.commented {
        return Ok(shown_type(&parameter.type_ref));
    }
    if parameter.is_switch {
        return Ok("SwitchParameter".to_owned());
    }
    let kind = Value::Type(parameter.type_ref.clone());
    let name = vm.read_property(&kind, "Name")?;
    vm.to_text(&name)
}

/// The members of an enumeration that a parameter takes.
fn choices(parameter: &Parameter) -> Option<Vec<String>> {
    let type_ref = &parameter.type_ref;
    let element = type_ref.element().unwrap_or(type_ref);
    let definition = element.enum_definition()?;
    Some(
        definition
            .members
            .iter()
            .map(|(name, _)| name.to_string())
            .collect(),
    )
}

fn attribute<'a>(parameter: &'a ParameterAst, name: &str) -> Option<&'a AttributeAst> {
    parameter.attributes.iter().find_map(|a| match a {
        AttributeBaseAst::Attribute(a) => match &a.type_name.kind {
            TypeNameKind::Simple(n) if n.eq_ignore_ascii_case(name) => Some(a),
            _ => None,
        },
        AttributeBaseAst::TypeConstraint(_) => None,
    })
}

/// The default value: a constant as text, every other expression as it is written. `PSDefaultValue`
/// comes first.
fn default_text(vm: &mut Vm, subject: &Subject<'_>, parameter: &ParameterAst) -> R<String> {
    let said = attribute(parameter, "PSDefaultValue").and_then(|attribute| {
        let of = |name: &str| {
            let mut named = attribute.named.iter();
            named
                .find(|n| n.name.eq_ignore_ascii_case(name))?
                .value
                .as_ref()
        };
        of("Help").or_else(|| of("Value"))
    });
    let Some(expression) = said.or(parameter.default.as_deref()) else {
        return Ok(String::new());
    };
    Ok(match &expression.kind {
        ExpressionKind::String { value, .. } => value.to_string(),
        ExpressionKind::Number { value, .. } => {
            let value = crate::runtime::convert::numbers::number_value(value);
            vm.to_text(&value)?
        }
        ExpressionKind::Variable(path) => match path.name.to_ascii_lowercase().as_str() {
            "true" => "True".to_owned(),
            "false" => "False".to_owned(),
            "null" => String::new(),
            _ => written(subject, expression.span),
        },
        _ => written(subject, expression.span),
    })
}

fn written(subject: &Subject<'_>, span: crate::syntax::ast::Span) -> String {
    let text = subject.block.map_or("", |b| &b.source.text);
    let part = text.get(span.start as usize..span.end as usize);
    part.unwrap_or_default().to_owned()
}

/// A parameter as an object.
pub fn parameter(vm: &mut Vm, subject: &Subject<'_>, parameter: &Parameter) -> R<Value> {
    let view = view_of(vm, subject, parameter)?;
    let kind = value_name(vm, subject, parameter)?;
    let width = vm.host.width();
    let mut page = Page::new(width);
    help_page::parameter(&mut page, 0, &view, true);
    let mut notes = vec![("description", paragraphs(&view.description))];
    notes.push(("defaultValue", Value::str(view.default.as_str())));
    notes.push(value_note(parameter, &kind, !parameter.is_switch));
    notes.extend([
        ("name", Value::str(&*parameter.name)),
        (
            "type",
            CustomObject::from_notes([("name", Value::str(kind.as_str()))]),
        ),
        ("required", Value::str(view.required.to_string())),
        ("globbing", Value::str(view.wildcards.to_string())),
        ("pipelineInput", Value::str(view.pipeline)),
        ("position", Value::str(view.position.as_str())),
    ]);
    if !parameter.aliases.is_empty() {
        notes.push(("aliases", Value::str(view.aliases.as_str())));
    }
    Ok(shown(
        &["MamlCommandHelpInfo#parameter"],
        notes,
        page.finish(),
    ))
}

/// `parameterValue`, a text that says whether it is required, or the choice of values.
fn value_note(parameter: &Parameter, kind: &str, required: bool) -> (&'static str, Value) {
    let with = |text: &str, required: bool| {
        let notes = Members::from_notes([("required", Value::str(required.to_string()))]);
        Value::Wrapped(Rc::new(Wrapped {
            base: Value::str(text),
            extension: Extension::with(notes),
            written: None,
        }))
    };
    match choices(parameter) {
        Some(names) => {
            let values = names.iter().map(|n| with(n, false)).collect();
            let group = CustomObject::from_notes([("parameterValue", Value::array(values))]);
            ("parameterValueGroup", group)
        }
        None => ("parameterValue", with(kind, required)),
    }
}

/// The lines of the syntax, one a set, without `[<CommonParameters>]`.
pub struct SyntaxItem {
    /// The name and the parameters.
    pub line: String,
    /// The common parameters are shown behind them.
    pub common: bool,
}

fn syntax_items(vm: &mut Vm, subject: &Subject<'_>) -> R<Vec<SyntaxItem>> {
    let name = subject.command.name();
    let Some(surface) = subject.surface else {
        return Ok(Vec::new());
    };
    let mut items = Vec::new();
    for (_, bits) in sets(surface) {
        let mut line = format!("{name} ");
        for (parameter, place) in shown_in_set(subject, surface, bits) {
            let value = match choices(&parameter) {
                Some(names) => format!(" {{{}}}", names.join(" | ")),
                None if parameter.is_switch => String::new(),
                None => format!(" <{}>", value_name(vm, subject, &parameter)?),
            };
            let name = &parameter.name;
            line.push_str(&match (place.mandatory, place.position) {
                (false, Some(_)) => format!("[[-{name}]{value}] "),
                (false, None) => format!("[-{name}{value}] "),
                (true, Some(_)) => format!("[-{name}]{value} "),
                (true, None) => format!("-{name}{value} "),
            });
        }
        // Comments' help shows the common parameters whether the function has them or not.
        let common = subject.help.is_some() || surface.advanced;
        items.push(SyntaxItem { line, common });
    }
    Ok(items)
}

fn shown_in_set(
    subject: &Subject<'_>,
    surface: &CommandSurface,
    bits: u32,
) -> Vec<(Rc<Parameter>, ParameterPlace)> {
    let own = |p: &Parameter| subject.parameters().any(|q| q.name == p.name);
    let mut all = shown_order(surface, bits);
    all.retain(|(p, _)| own(p) && !p.hidden);
    all
}

fn syntax_values(vm: &mut Vm, subject: &Subject<'_>) -> R<Value> {
    let Some(surface) = subject.surface else {
        return Ok(Value::Null);
    };
    let mut items = Vec::new();
    for (_, bits) in sets(surface) {
        let mut parameters = Vec::new();
        for (parameter, place) in shown_in_set(subject, surface, bits) {
            let kind = value_name(vm, subject, &parameter)?;
            let mut notes = Vec::new();
            if !parameter.is_switch {
                notes.push(value_note(&parameter, &kind, true));
            }
            notes.extend([
                ("name", Value::str(&*parameter.name)),
                ("required", Value::str(place.mandatory.to_string())),
                ("pipelineInput", Value::str(pipeline(Some(&place)))),
                ("position", Value::str(position(Some(&place)))),
            ]);
            parameters.push(CustomObject::from_notes(notes));
        }
        let mut notes = vec![("name", Value::str(&*subject.command.name()))];
        if !parameters.is_empty() {
            notes.push(("parameter", one_or_all(parameters)));
        }
        items.push(CustomObject::from_notes(notes));
    }
    Ok(one_or_all(items))
}
