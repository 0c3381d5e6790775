//! Values of parameters: allowed values, names of commands and variables,
//! identities of stored objects, properties, else files.

use super::parameters::Bound;
use super::place::{Call, Element};
use super::quote::{quoted, unquoted};
use super::world::World;
use super::{begins, by_name, commands, items, members};
use crate::repl::completion::{CompletionResult, CompletionResultType};
use crate::runtime::attribute::Attribute;
use crate::runtime::parameter::Parameter;

/// What may stand as an argument of a command.
pub fn complete(call: &Call, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let Some(bound) = Bound::new(call, world) else {
        let native = world.native_completions(&call.name, word, &call.line);
        return native.unwrap_or_else(|| items::complete(word, false, world));
    };
    let command = world
        .resolve(&call.name)
        .unwrap_or_else(|| call.name.clone());
    let Some(parameter) = bound.current() else {
        return items::complete(word, false, world);
    };
    let (typed, _) = unquoted(word);
    let declared = parameter.attributes.iter().find_map(|a| match a {
        Attribute::ArgumentCompleter(completer) => Some(completer),
        _ => None,
    });
    if let Some(results) =
        world.script_completions(declared, &command, &parameter.name, &typed, &bound.given)
    {
        return results;
    }
    let values = allowed(
        &parameter,
        matches!(call.elements.last(), Some(Element::Parameter(_, true))),
    );
    if !values.is_empty() {
        return listed(values, word, CompletionResultType::ParameterValue);
    }
    let identities = world.identities(&command, &parameter.name, &typed);
    if !identities.is_empty() {
        return listed_as_given(identities, word, CompletionResultType::ParameterValue);
    }
    if let Some(results) = by_meaning(call, &command, &parameter, word, world) {
        return results;
    }
    let folders_only = matches!(
        command.to_ascii_lowercase().as_str(),
        "set-location" | "push-location"
    );
    let literal = ["LiteralPath", "Destination"];
    if literal
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&parameter.name))
    {
        return items::literal(word, world);
    }
    items::complete(word, folders_only, world)
}

/// Values that the parameter's type or validation lists.
fn allowed(parameter: &Parameter, after_colon: bool) -> Vec<String> {
    let listed = parameter
        .attributes
        .iter()
        .find_map(|attribute| match attribute {
            Attribute::ValidateSet { values, .. } => {
                Some(values.iter().map(|v| v.to_string()).collect())
            }
            Attribute::ArgumentCompletions(values) => {
                Some(values.iter().map(|v| v.to_string()).collect())
            }
            _ => None,
        });
    if let Some(values) = listed {
        return values;
    }
    let element = parameter.type_ref.element().unwrap_or(&parameter.type_ref);
    if let Some(definition) = element.enum_definition() {
        return definition
            .members
            .iter()
            .map(|(name, _)| name.to_string())
            .collect();
    }
    if parameter.is_switch && after_colon {
        return vec!["$true".to_owned(), "$false".to_owned()];
    }
    Vec::new()
}

/// Values that begin with what was typed, in order, quoted where they must be.
fn listed(
    mut values: Vec<String>,
    word: &str,
    kind: CompletionResultType,
) -> Vec<CompletionResult> {
    let sorted = kind != CompletionResultType::Text && !values.iter().any(|v| v.starts_with('$'));
    if sorted {
        values.sort_by(|a, b| by_name(a, b));
    }
    let (typed, _) = unquoted(word);
    values.retain(|value| begins(value, &typed));
    listed_as_given(values, word, kind)
}

/// Values in the order given, quoted where they must be.
fn listed_as_given(
    values: Vec<String>,
    word: &str,
    kind: CompletionResultType,
) -> Vec<CompletionResult> {
    let (_, quote) = unquoted(word);
    let result = |value: String| {
        let text = match value.as_str() {
            "$true" | "$false" => value.clone(),
            _ => quoted(&value, quote),
        };
        CompletionResult::new(text, kind)
            .listed(value.as_str())
            .tip(value)
    };
    values.into_iter().map(result).collect()
}

/// Values by what the parameters of well-known commands mean.
fn by_meaning(
    call: &Call,
    command: &str,
    parameter: &Parameter,
    word: &str,
    world: &mut dyn World,
) -> Option<Vec<CompletionResult>> {
    let (typed, _) = unquoted(word);
    let noun = command
        .split_once('-')
        .map_or("", |(_, noun)| noun)
        .to_ascii_lowercase();
    let name = parameter.name.to_ascii_lowercase();
    let text = |values: Vec<String>| Some(listed(values, word, CompletionResultType::Text));
    let value =
        |values: Vec<String>| Some(listed(values, word, CompletionResultType::ParameterValue));
    match (noun.as_str(), name.as_str()) {
        ("command", "name") | ("help", "name") => Some(commands::names(&typed, world)),
        ("alias", "definition" | "value") => Some(commands::names(&typed, world)),
        ("alias", "name") => {
            let names = world.command_names();
            value(
                names
                    .into_iter()
                    .filter(|n| !OF_MODULES.contains(&n.as_str()) && is_alias(n, world))
                    .collect(),
            )
        }
        ("variable", "name") => value(world.variables()),
        ("module", "name") | (_, "module") => value(world.modules()),
        (_, "scope") if noun == "variable" || noun == "alias" => {
            text(["Global", "Local", "Script"].map(str::to_owned).to_vec())
        }
        ("command", "verb") | ("verb", "verb") => text(crate::repl::complete::words::verbs()),
        ("command", "noun") => {
            let names = world.command_names().into_iter();
            let mut nouns: Vec<String> = names
                .filter_map(|n| Some(n.split_once('-')?.1.to_owned()))
                .collect();
            nouns.sort();
            nouns.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
            text(nouns)
        }
        ("item", "itemtype") => text(
            ["Directory", "File", "HardLink", "Junction", "SymbolicLink"]
                .map(str::to_owned)
                .to_vec(),
        ),
        (_, "encoding") => Some(encodings(&typed)),
        ("object", "typename") => Some(super::types::complete(&typed, world)),
        (_, "property" | "groupby" | "expandproperty" | "excludeproperty" | "membername") => {
            let upstream = call.upstream.as_deref()?;
            Some(members::of_upstream(upstream, &typed, world))
        }
        _ => None,
    }
}

/// Aliases that a session has only once their module is loaded.
const OF_MODULES: [&str; 6] = ["fhx", "gcb", "gin", "gtz", "scb", "stz"];

fn is_alias(name: &str, world: &mut dyn World) -> bool {
    world
        .resolve(name)
        .is_some_and(|target| !target.eq_ignore_ascii_case(name))
}

/// The names of encodings, in the order in which people read them.
fn encodings(typed: &str) -> Vec<CompletionResult> {
    const NAMES: [&str; 11] = [
        "ansi",
        "ascii",
        "bigendianunicode",
        "bigendianutf32",
        "oem",
        "unicode",
        "utf7",
        "utf8",
        "utf8BOM",
        "utf8NoBOM",
        "utf32",
    ];
    let fitting = NAMES.into_iter().filter(|name| begins(name, typed));
    fitting
        .map(|name| CompletionResult::new(name, CompletionResultType::ParameterValue))
        .collect()
}

/// Keys of a table that an expression gives.
pub fn keys(table: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut inference = super::infer::Inference::new(world, "", None);
    let Some(known) = inference.text(table) else {
        return Vec::new();
    };
    let (_, keys) = inference.members(&known);
    let (typed, quote) = unquoted(word);
    let fitting = keys.into_iter().filter(|key| begins(key, &typed));
    let result = |key: String| {
        let text = quoted(&key, quote.or(Some('\'')));
        CompletionResult::new(text, CompletionResultType::Text).listed(key)
    };
    fitting.map(result).collect()
}

/// Values for a variable that only takes some.
pub fn assigned(variable: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let (typed, quote) = unquoted(word);
    let mut values = world.variable_values(variable);
    values.retain(|value| begins(value, &typed));
    values.sort_by(|a, b| by_name(a, b));
    let result = |value: String| {
        CompletionResult::new(
            quoted(&value, quote.or(Some('\''))),
            CompletionResultType::Text,
        )
    };
    values.into_iter().map(result).collect()
}
