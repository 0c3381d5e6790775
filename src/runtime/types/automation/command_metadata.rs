//! Parameters and parameter sets of commands as values and as syntax lines.

use crate::runtime::attribute::{Attribute, RangeKind};
use crate::runtime::collection::{Dictionary, KeyComparison, List};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter, ParameterPlace};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::command_info::{resolved, surface_of};
use crate::runtime::types::automation::ps_type_name;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::resolve::find_named;
use crate::runtime::types::{TypeCode, TypeRef, find_full, generic, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::ExpressionKind;
use std::rc::Rc;

const EVERY_SET: &str = "__AllParameterSets";

/// Parameters that every cmdlet has and syntax lines do not name.
const UNNAMED: &[&str] = &[
    "Verbose",
    "Debug",
    "ErrorAction",
    "WarningAction",
    "InformationAction",
    "ProgressAction",
    "ErrorVariable",
    "WarningVariable",
    "InformationVariable",
    "OutVariable",
    "OutBuffer",
    "PipelineVariable",
];

/// Whether a parameter is one that every cmdlet has.
pub fn is_unnamed(parameter: &Parameter) -> bool {
    parameter.common
        && UNNAMED
            .iter()
            .any(|n| parameter.name.eq_ignore_ascii_case(n))
}

/// A read-only collection of an element type.
pub fn collection(element: TypeRef, items: Vec<Value>) -> Value {
    let definition = type_named("System.Collections.ObjectModel.ReadOnlyCollection`1");
    Value::List(Rc::new(List::new(
        generic(&definition, vec![element]),
        items,
    )))
}

fn table(entries: Vec<(Rc<str>, Value)>) -> Value {
    let type_ref = match find_full("System.Collections.Generic.Dictionary`2") {
        Some(definition) => generic(&definition, vec![known::string(), known::object()]),
        None => known::hashtable(),
    };
    let made = Dictionary::new(type_ref, KeyComparison::IgnoreCase);
    for (name, value) in entries {
        made.set_str(&name, value);
    }
    Value::Dict(Rc::new(made))
}

/// The sets of a command by name, with their bits; the unnamed one when there are no others.
pub fn sets(surface: &CommandSurface) -> Vec<(Rc<str>, u32)> {
    if surface.set_names.is_empty() {
        let name = surface
            .default_set_name
            .clone()
            .unwrap_or_else(|| EVERY_SET.into());
        return vec![(name, ALL_SETS)];
    }
    surface
        .set_names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.clone(), 1u32 << at.min(31)))
        .collect()
}

/// The parameters of a set in the order they are shown: by position, then required ones, then the rest.
pub fn shown_order(surface: &CommandSurface, bits: u32) -> Vec<(Rc<Parameter>, ParameterPlace)> {
    let mut placed: Vec<(Rc<Parameter>, ParameterPlace)> = surface
        .parameters
        .iter()
        .filter_map(|p| p.place(bits).map(|place| (p.clone(), place.clone())))
        .collect();
    placed.sort_by_key(|(parameter, place)| match place.position {
        Some(position) => (0, position),
        None if place.mandatory => (1, 0),
        None if parameter.common => (3, 0),
        None => (2, 0),
    });
    placed
}

/// A type as syntax lines show it.
pub fn shown_type(type_ref: &TypeRef) -> String {
    let type_ref = match (type_ref.code, type_ref.arguments.first()) {
        (TypeCode::Nullable, Some(inner)) => inner.clone(),
        _ => type_ref.clone(),
    };
    if type_ref.code == TypeCode::Object {
        return "Object".to_string();
    }
    let text = type_ref.display();
    let (head, tail) = match text.find('[') {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let short = head.rsplit('.').next().unwrap_or(head);
    let short = if short == "object" { "Object" } else { short };
    format!("{short}{tail}")
}

/// The parameters of a set as a syntax line has them, without the command's name.
fn set_text(surface: &CommandSurface, bits: u32) -> String {
    let mut parts = Vec::new();
    for (parameter, place) in shown_order(surface, bits) {
        if is_unnamed(&parameter) || parameter.hidden {
            continue;
        }
        let name = &parameter.name;
        let shown = if parameter.is_switch {
            format!("-{name}")
        } else {
            let kind = shown_type(&parameter.type_ref);
            match place.position {
                Some(_) => format!("[-{name}] <{kind}>"),
                None => format!("-{name} <{kind}>"),
            }
        };
        parts.push(match place.mandatory {
            true => shown,
            false => format!("[{shown}]"),
        });
    }
    if surface.advanced {
        parts.push("[<CommonParameters>]".to_string());
    }
    parts.join(" ")
}

/// The syntax of a command, one line per set, each behind an empty line.
pub fn syntax(vm: &mut Vm, command: &Command, name: Option<&str>) -> R<String> {
    if let Command::Alias(alias) = command {
        let mut text = format!("\n{} (alias) -> {}\n", alias.name, alias.definition);
        if let Some(target) = resolved(vm, &alias.definition)? {
            text.push_str(&syntax(vm, &target, Some(&alias.name))?);
        }
        return Ok(text);
    }
    let own = command.name();
    let name = name.unwrap_or(&own);
    match (surface_of(vm, command)?, command) {
        (Some(surface), _) => Ok(surface_text(name, &surface)),
        (None, Command::Application(a)) => Ok(a.path.to_string()),
        (None, _) => Ok(String::new()),
    }
}

/// The syntax of a command with these parameters.
pub fn surface_text(name: &str, surface: &CommandSurface) -> String {
    let mut text = String::new();
    for (_, bits) in sets(surface) {
        let line = set_text(surface, bits);
        text.push_str(&format!("\n{}\n", format!("{name} {line}").trim_end()));
    }
    text
}

/// `Parameters` of a command.
pub fn parameters_table(surface: &CommandSurface) -> Value {
    table(
        surface
            .parameters
            .iter()
            .map(|p| (p.name.clone(), metadata(p, surface)))
            .collect(),
    )
}

/// A parameter as ParameterMetadata.
pub fn metadata(parameter: &Rc<Parameter>, surface: &CommandSurface) -> Value {
    let mut in_sets = Vec::new();
    for place in &parameter.places {
        for (name, bits) in sets(surface) {
            if place.sets == ALL_SETS || place.sets & bits == 0 {
                continue;
            }
            in_sets.push((name, place_value(place)));
        }
        if place.sets == ALL_SETS {
            in_sets.push((EVERY_SET.into(), place_value(place)));
        }
    }
    PlainObject::new(
        "System.Management.Automation.ParameterMetadata",
        vec![
            ("Name", Value::str(&*parameter.name)),
            ("ParameterType", Value::Type(parameter.type_ref.clone())),
            ("ParameterSets", table(in_sets)),
            ("IsDynamic", Value::Bool(parameter.dynamic)),
            ("Aliases", aliases(parameter)),
            ("Attributes", attributes(parameter, surface)),
            ("SwitchParameter", Value::Bool(parameter.is_switch)),
        ],
    )
    .value()
}

fn aliases(parameter: &Parameter) -> Value {
    let definition = type_named("System.Collections.ObjectModel.Collection`1");
    Value::List(Rc::new(List::new(
        generic(&definition, vec![known::string()]),
        parameter.aliases.iter().map(|a| Value::str(&**a)).collect(),
    )))
}

fn position(place: &ParameterPlace) -> Value {
    Value::Int(place.position.unwrap_or(i32::MIN))
}

/// From where an argument of a parameter may come, as all kinds of description say it.
fn sources(place: &ParameterPlace) -> [(&'static str, Value); 3] {
    [
        ("ValueFromPipeline", Value::Bool(place.from_pipeline)),
        (
            "ValueFromPipelineByPropertyName",
            Value::Bool(place.from_pipeline_by_name),
        ),
        (
            "ValueFromRemainingArguments",
            Value::Bool(place.from_remaining),
        ),
    ]
}

fn place_value(place: &ParameterPlace) -> Value {
    let mut fields = vec![
        ("IsMandatory", Value::Bool(place.mandatory)),
        ("Position", position(place)),
    ];
    fields.extend(sources(place));
    fields.extend([
        ("HelpMessage", Value::Null),
        ("HelpMessageBaseName", Value::Null),
        ("HelpMessageResourceId", Value::Null),
    ]);
    PlainObject::new("System.Management.Automation.ParameterSetMetadata", fields).value()
}

/// A place of a parameter as the attribute that a script would write for it.
fn place_attribute(parameter: &Parameter, place: &ParameterPlace, set: &str) -> Value {
    let help = parameter.help_message.as_deref();
    let mut fields = vec![
        ("ExperimentName", Value::Null),
        ("ExperimentAction", Value::Null),
        ("Position", position(place)),
        ("ParameterSetName", Value::str(set)),
        ("Mandatory", Value::Bool(place.mandatory)),
    ];
    fields.extend(sources(place));
    fields.extend([
        ("HelpMessage", help.map_or(Value::Null, Value::str)),
        ("HelpMessageBaseName", Value::Null),
        ("HelpMessageResourceId", Value::Null),
        ("DontShow", Value::Bool(parameter.hidden)),
    ]);
    PlainObject::new("System.Management.Automation.ParameterAttribute", fields).value()
}

fn attributes(parameter: &Parameter, surface: &CommandSurface) -> Value {
    let mut items = Vec::new();
    for place in &parameter.places {
        let set = sets(surface)
            .into_iter()
            .find(|(_, bits)| place.sets != ALL_SETS && place.sets & bits != 0)
            .map_or_else(|| EVERY_SET.into(), |(name, _)| name);
        items.push(place_attribute(parameter, place, &set));
    }
    if !parameter.aliases.is_empty() {
        items.push(
            PlainObject::new(
                "System.Management.Automation.AliasAttribute",
                vec![(
                    "AliasNames",
                    Value::strings(parameter.aliases.iter().map(|a| a.to_string())),
                )],
            )
            .value(),
        );
    }
    for attribute in &parameter.attributes {
        items.extend(attribute_value(attribute));
    }
    let element = type_named("System.Attribute");
    let definition = type_named("System.Collections.ObjectModel.Collection`1");
    Value::List(Rc::new(List::new(
        generic(&definition, vec![element]),
        items,
    )))
}

/// An attribute as its .NET object.
pub fn attribute_value(attribute: &Attribute) -> Option<Value> {
    let (name, fields): (&str, Vec<(&'static str, Value)>) = match attribute {
        Attribute::ValidateSet {
            values,
            ignore_case,
            message,
            ..
        } => (
            "ValidateSetAttribute",
            vec![
                error_message(message),
                ("IgnoreCase", Value::Bool(*ignore_case)),
                (
                    "ValidValues",
                    Value::strings(values.iter().map(|v| v.to_string())),
                ),
            ],
        ),
        Attribute::ValidateRange { min, max } => (
            "ValidateRangeAttribute",
            vec![("MinRange", min.clone()), ("MaxRange", max.clone())],
        ),
        Attribute::ValidateRangeKind(kind) => (
            "ValidateRangeAttribute",
            vec![(
                "RangeKind",
                Value::enum_of(
                    "System.Management.Automation.ValidateRangeKind",
                    match kind {
                        RangeKind::Positive => 0,
                        RangeKind::NonNegative => 1,
                        RangeKind::Negative => 2,
                        RangeKind::NonPositive => 3,
                    },
                ),
            )],
        ),
        Attribute::ValidatePattern {
            pattern,
            options,
            message,
        } => (
            "ValidatePatternAttribute",
            vec![
                error_message(message),
                ("RegexPattern", Value::str(&**pattern)),
                (
                    "Options",
                    Value::enum_of("System.Text.RegularExpressions.RegexOptions", *options),
                ),
            ],
        ),
        Attribute::ValidateLength { min, max } => (
            "ValidateLengthAttribute",
            vec![
                ("MinLength", Value::Int(*min)),
                ("MaxLength", Value::Int(*max)),
            ],
        ),
        Attribute::ValidateCount { min, max } => (
            "ValidateCountAttribute",
            vec![
                ("MinLength", Value::Int(*min)),
                ("MaxLength", Value::Int(*max)),
            ],
        ),
        Attribute::ValidateScript { script, message } => (
            "ValidateScriptAttribute",
            vec![
                error_message(message),
                ("ScriptBlock", Value::Block(script.clone())),
            ],
        ),
        Attribute::ValidateNotNull => ("ValidateNotNullAttribute", Vec::new()),
        Attribute::ValidateNotNullOrEmpty => ("ValidateNotNullOrEmptyAttribute", Vec::new()),
        Attribute::ValidateNotNullOrWhiteSpace => {
            ("ValidateNotNullOrWhiteSpaceAttribute", Vec::new())
        }
        Attribute::AllowNull => ("AllowNullAttribute", Vec::new()),
        Attribute::AllowEmptyString => ("AllowEmptyStringAttribute", Vec::new()),
        Attribute::AllowEmptyCollection => ("AllowEmptyCollectionAttribute", Vec::new()),
        Attribute::PSTypeName(name) => (
            "PSTypeNameAttribute",
            vec![("PSTypeName", Value::str(&**name))],
        ),
        Attribute::Convert(type_ref) => (
            "ArgumentTypeConverterAttribute",
            vec![("TargetType", Value::Type(type_ref.clone()))],
        ),
        Attribute::ArgumentCompleter(completer) => match completer.base() {
            Value::Type(_) => (
                "ArgumentCompleterAttribute",
                vec![("Type", completer.clone())],
            ),
            _ => (
                "ArgumentCompleterAttribute",
                vec![("ScriptBlock", completer.clone()), ("Type", Value::Null)],
            ),
        },
        Attribute::ArgumentCompletions(_) => ("ArgumentCompletionsAttribute", Vec::new()),
        Attribute::Custom(value) => return Some(value.clone()),
        _ => return None,
    };
    let object = PlainObject::new(&format!("System.Management.Automation.{name}"), fields);
    Some(object.writable().value())
}

fn error_message(message: &Option<Rc<str>>) -> (&'static str, Value) {
    let message = message.as_deref().map_or(Value::Null, Value::from);
    ("ErrorMessage", message)
}

/// A parameter as a set of a command shows it.
fn parameter_info(
    parameter: &Parameter,
    place: &ParameterPlace,
    surface: &CommandSurface,
) -> Value {
    let help = parameter.help_message.as_deref();
    let mut fields = vec![
        ("Name", Value::str(&*parameter.name)),
        ("ParameterType", Value::Type(parameter.type_ref.clone())),
        ("IsMandatory", Value::Bool(place.mandatory)),
        ("IsDynamic", Value::Bool(parameter.dynamic)),
        ("Position", position(place)),
    ];
    fields.extend(sources(place));
    fields.extend([
        ("HelpMessage", Value::str(help.unwrap_or_default())),
        ("Aliases", aliases(parameter)),
        ("Attributes", attributes(parameter, surface)),
    ]);
    PlainObject::new("System.Management.Automation.CommandParameterInfo", fields).value()
}

/// `ParameterSets` of a command.
pub fn parameter_sets(surface: &CommandSurface) -> Value {
    let mut made = Vec::new();
    for (at, (name, bits)) in sets(surface).into_iter().enumerate() {
        let mut parameters = Vec::new();
        for parameter in &surface.parameters {
            if let Some(place) = parameter.place(bits) {
                parameters.push(parameter_info(parameter, place, surface));
            }
        }
        let element = type_named("System.Management.Automation.CommandParameterInfo");
        let is_default = surface.default_set == Some(at);
        made.push(
            PlainObject::new(
                "System.Management.Automation.CommandParameterSetInfo",
                vec![
                    ("Name", Value::str(&*name)),
                    ("IsDefault", Value::Bool(is_default)),
                    ("Parameters", collection(element, parameters)),
                ],
            )
            .with_text(set_text(surface, bits))
            .value(),
        );
    }
    let element = type_named("System.Management.Automation.CommandParameterSetInfo");
    collection(element, made)
}

/// The types that `[OutputType()]` of a block names.
pub fn output_types(vm: &mut Vm, block: &Rc<ScriptBlock>) -> Value {
    let mut made = Vec::new();
    for attribute in &block.ast.attributes {
        let name = crate::runtime::types::resolve::type_name_text(&attribute.type_name);
        if !name.eq_ignore_ascii_case("OutputType") {
            continue;
        }
        for argument in &attribute.positional {
            let type_ref = match &argument.kind {
                ExpressionKind::Type(name) => {
                    let text = crate::runtime::types::resolve::type_name_text(name);
                    find_named(vm, &text)
                }
                ExpressionKind::String { value, .. } => find_named(vm, value),
                _ => None,
            };
            let text = match (&type_ref, &argument.kind) {
                (Some(type_ref), _) => type_ref.full_name.to_string(),
                (None, ExpressionKind::String { value, .. }) => value.to_string(),
                _ => continue,
            };
            made.push(ps_type_name::value(text, type_ref));
        }
    }
    let element = type_named("System.Management.Automation.PSTypeName");
    collection(element, made)
}

/// A function's definition: its body, behind the parameters that stand before it.
pub fn body_text(block: &ScriptBlock) -> String {
    let body = block.text().to_string();
    let Some(function) = &block.function else {
        return body;
    };
    match &function.parameters {
        Some(parameters) if !parameters.is_empty() => {
            let texts: Vec<&str> = parameters
                .iter()
                .map(|p| block.source.slice(p.span))
                .collect();
            format!("param({}) {body}", texts.join(", "))
        }
        _ => body,
    }
}
