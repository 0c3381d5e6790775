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
    if let Some(results) = by_meaning(call, &command, &parameter, &bound.given, word, world) {
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
    given: &[(String, String)],
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
        (_, "scope") if matches!(noun.as_str(), "variable" | "alias" | "psdrive") => {
            text(["Global", "Local", "Script"].map(str::to_owned).to_vec())
        }
        ("strictmode", "version") => {
            text(["1.0", "2.0", "3.0", "Latest"].map(str::to_owned).to_vec())
        }
        ("verb", "verb") => Some(as_given(
            super::words::verbs_of(&words_of(given, "Group")),
            word,
        )),
        ("command", "verb") => {
            let nouns = words_of(given, "Noun");
            if nouns.is_empty() {
                return Some(as_given(super::words::verbs_of(&[]), word));
            }
            let is_wanted = |noun: &str| nouns.iter().any(|n| n.eq_ignore_ascii_case(noun));
            let pairs = named_commands(given, world);
            let verbs = pairs.into_iter().filter(|(_, noun)| is_wanted(noun));
            text(unique(verbs.map(|(verb, _)| verb).collect()))
        }
        ("command", "noun") => {
            let verbs = words_of(given, "Verb");
            let is_wanted =
                |verb: &str| verbs.is_empty() || verbs.iter().any(|v| v.eq_ignore_ascii_case(verb));
            let pairs = named_commands(given, world);
            let nouns = pairs.into_iter().filter(|(verb, _)| is_wanted(verb));
            text(unique(nouns.map(|(_, noun)| noun).collect()))
        }
        ("psdrive", "name") => value(
            ["/", "Alias", "Env", "Function", "Temp", "Variable"]
                .map(str::to_owned)
                .to_vec(),
        ),
        ("psdrive" | "psprovider", "psprovider") => value(
            ["Alias", "Environment", "FileSystem", "Function", "Variable"]
                .map(str::to_owned)
                .to_vec(),
        ),
        ("object", "value") if command.eq_ignore_ascii_case("Where-Object") => {
            let property = given.iter().find(|(name, _)| name == "Property")?;
            let upstream = call.upstream.as_deref()?;
            let property = property.1.trim_matches(['\'', '"']);
            Some(compared_property(upstream, property, word, world))
        }
        ("object", "process" | "membername")
            if command.eq_ignore_ascii_case("ForEach-Object") && !word.starts_with('{') =>
        {
            let upstream = call.upstream.as_deref()?;
            Some(members::names_of_upstream(upstream, &typed, world))
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

/// The items of an argument that is there already.
fn words_of(given: &[(String, String)], parameter: &str) -> Vec<String> {
    let found = given
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(parameter));
    let items = found.into_iter().flat_map(|(_, text)| text.split(','));
    items
        .map(|item| item.trim().trim_matches(['\'', '"']).to_owned())
        .collect()
}

/// Verbs and nouns of the commands, of the modules that are asked for.
fn named_commands(given: &[(String, String)], world: &mut dyn World) -> Vec<(String, String)> {
    let modules = words_of(given, "Module");
    let names = if modules.is_empty() {
        world.command_names()
    } else {
        let mut names = Vec::new();
        for module in &modules {
            names.extend(world.commands_of_module(module));
        }
        names
    };
    let pair = |name: String| {
        let (verb, noun) = name.split_once('-')?;
        Some((verb.to_owned(), noun.to_owned()))
    };
    names.into_iter().filter_map(pair).collect()
}

/// The values once each, in order.
fn unique(mut values: Vec<String>) -> Vec<String> {
    values.sort_by(|a, b| by_name(a, b));
    values.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    values
}

/// Values that begin with what was typed, in the order given.
fn as_given(mut values: Vec<String>, word: &str) -> Vec<CompletionResult> {
    let (typed, _) = unquoted(word);
    values.retain(|value| begins(value, &typed));
    listed_as_given(values, word, CompletionResultType::Text)
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
pub fn keys(table: &str, before: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut inference = super::infer::Inference::new(world, before, None);
    let Some(known) = inference.text(table) else {
        return Vec::new();
    };
    let (_, keys) = inference.members(&known);
    let (typed, _) = unquoted(word);
    let fitting = keys.into_iter().filter(|key| begins(key, &typed));
    let result = |key: String| {
        let text = quoted(&key, Some('\''));
        CompletionResult::new(text, CompletionResultType::Text).listed(key)
    };
    fitting.map(result).collect()
}

/// Values for a variable or property that only takes some; `target` is what is
/// assigned to, as written.
pub fn assigned(
    target: &str,
    before: &str,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let (typed, quote) = unquoted(word);
    let mut values = constrained(target, world);
    if values.is_empty() {
        values = match target.strip_prefix('$').filter(|name| is_plain(name)) {
            Some(name) => world.variable_values(unscoped(name)),
            None => Vec::new(),
        };
    }
    if values.is_empty() {
        values = enumerated(target, before, None, world);
        values.sort_by(|a, b| by_name(a, b));
    }
    values.retain(|value| begins(value, &typed));
    // Numbers stay in the order in which they are declared.
    let numbers = values.iter().all(|value| value.parse::<f64>().is_ok());
    if !numbers {
        values.sort_by(|a, b| by_name(a, b));
    }
    let result = |value: String| {
        let text = if numbers && quote.is_none() {
            value
        } else {
            quoted(&value, quote.or(Some('\'')))
        };
        CompletionResult::new(text, CompletionResultType::Text)
    };
    values.into_iter().map(result).collect()
}

fn is_plain(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
}

fn unscoped(name: &str) -> &str {
    const SCOPES: [&str; 4] = ["global", "script", "local", "private"];
    match name.split_once(':') {
        Some((scope, rest)) if SCOPES.iter().any(|s| s.eq_ignore_ascii_case(scope)) => rest,
        _ => name,
    }
}

/// The values that the attributes in front of a variable allow:
/// `[DayOfWeek]$day`, `[ValidateSet('a', 'b')]$x`.
fn constrained(target: &str, world: &mut dyn World) -> Vec<String> {
    let mut rest = target;
    let mut found = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let Some(end) = inner.find(']') else {
            break;
        };
        let (attribute, after) = inner.split_at(end);
        rest = after.get(1..).unwrap_or_default().trim_start();
        match attribute.split_once('(') {
            Some((name, list)) if name.eq_ignore_ascii_case("ValidateSet") => {
                let list = list.trim_end_matches(')').split(',');
                let items = list.map(|item| item.trim().trim_matches(['\'', '"']).to_owned());
                return items.collect();
            }
            None => found = world.enum_values(attribute),
            Some(_) => {}
        }
    }
    found
}

/// The values of the enumeration that an expression gives, in their own order.
fn enumerated(
    expression: &str,
    before: &str,
    upstream: Option<&str>,
    world: &mut dyn World,
) -> Vec<String> {
    use super::infer::{Inference, Known};
    let known = Inference::new(world, before, upstream).text(expression);
    let types = match known {
        Some(Known::Value(value)) => vec![world.type_name(&value)],
        Some(Known::Types(types)) => types,
        Some(Known::Table(_)) | None => Vec::new(),
    };
    types
        .iter()
        .map(|name| world.enum_values(name))
        .find(|values| !values.is_empty())
        .unwrap_or_default()
}

/// Values that an expression can be compared with.
pub fn compared(
    left: &super::place::Target,
    before: &str,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let (typed, _) = unquoted(word);
    let values = enumerated(&left.text, before, left.upstream.as_deref(), world);
    let fitting = values.into_iter().filter(|value| begins(value, &typed));
    let result = |value: String| {
        CompletionResult::new(format!("'{value}'"), CompletionResultType::ParameterValue)
            .listed(value.as_str())
            .tip(value)
    };
    fitting.map(result).collect()
}

/// Values of a property that `Where-Object Name -EQ` compares.
fn compared_property(
    upstream: &str,
    property: &str,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let (typed, _) = unquoted(word);
    let expression = format!("$_.{property}");
    let values = enumerated(&expression, "", Some(upstream), world);
    let fitting = values.into_iter().filter(|value| begins(value, &typed));
    listed_as_given(
        fitting.collect(),
        word,
        CompletionResultType::ParameterValue,
    )
}
