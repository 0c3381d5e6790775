//! Fixed lists of words: operators, arguments of attributes, keys of
//! calculated properties, `#requires`, verbs.

use super::descriptions;
use super::parameters::Bound;
use super::place::{Call, Element, Table};
use super::world::World;
use super::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};

const OPERATORS: &[&str] = &[
    "and",
    "as",
    "band",
    "bnot",
    "bor",
    "bxor",
    "ccontains",
    "ceq",
    "cge",
    "cgt",
    "cin",
    "cle",
    "clike",
    "clt",
    "cmatch",
    "cne",
    "cnotcontains",
    "cnotin",
    "cnotlike",
    "cnotmatch",
    "contains",
    "creplace",
    "csplit",
    "eq",
    "f",
    "ge",
    "gt",
    "icontains",
    "ieq",
    "ige",
    "igt",
    "iin",
    "ile",
    "ilike",
    "ilt",
    "imatch",
    "in",
    "ine",
    "inotcontains",
    "inotin",
    "inotlike",
    "inotmatch",
    "ireplace",
    "is",
    "isnot",
    "isplit",
    "join",
    "le",
    "like",
    "lt",
    "match",
    "ne",
    "not",
    "notcontains",
    "notin",
    "notlike",
    "notmatch",
    "or",
    "replace",
    "shl",
    "shr",
    "split",
    "xor",
];

/// Named arguments of the attributes that scripts use.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    (
        "CmdletBinding",
        &[
            "PositionalBinding",
            "DefaultParameterSetName",
            "SupportsShouldProcess",
            "SupportsPaging",
            "SupportsTransactions",
            "ConfirmImpact",
            "HelpUri",
            "RemotingCapability",
        ],
    ),
    (
        "Parameter",
        &[
            "Position",
            "ParameterSetName",
            "Mandatory",
            "ValueFromPipeline",
            "ValueFromPipelineByPropertyName",
            "ValueFromRemainingArguments",
            "HelpMessage",
            "HelpMessageBaseName",
            "HelpMessageResourceId",
            "DontShow",
        ],
    ),
    ("ValidateSet", &["IgnoreCase", "ErrorMessage"]),
    ("ValidatePattern", &["Options", "ErrorMessage"]),
    ("ValidateScript", &["ErrorMessage"]),
    ("OutputType", &["ProviderCmdlet", "ParameterSetName"]),
];

/// Keys of calculated properties, by the command that takes them.
const HASHTABLE_KEYS: &[(&str, &[&str])] = &[
    ("Select-Object", &["Name", "Expression"]),
    ("Sort-Object", &["Expression", "Ascending", "Descending"]),
    ("Group-Object", &["Expression"]),
    ("Measure-Object", &["Expression"]),
    ("Compare-Object", &["Expression"]),
    (
        "ConvertTo-Html",
        &["Expression", "Label", "Width", "Alignment"],
    ),
    (
        "Format-Table",
        &["Expression", "FormatString", "Label", "Width", "Alignment"],
    ),
    ("Format-List", &["Expression", "FormatString", "Label"]),
    ("Format-Wide", &["Expression", "FormatString"]),
    ("Format-Custom", &["Expression", "Depth"]),
];

/// By group, as Get-Verb lists them: common, data, lifecycle, diagnostic,
/// communications, security, other.
const VERBS: &[&str] = &[
    "Add",
    "Clear",
    "Close",
    "Copy",
    "Enter",
    "Exit",
    "Find",
    "Format",
    "Get",
    "Hide",
    "Join",
    "Lock",
    "Move",
    "New",
    "Open",
    "Optimize",
    "Pop",
    "Push",
    "Redo",
    "Remove",
    "Rename",
    "Reset",
    "Resize",
    "Search",
    "Select",
    "Set",
    "Show",
    "Skip",
    "Split",
    "Step",
    "Switch",
    "Undo",
    "Unlock",
    "Watch",
    "Backup",
    "Checkpoint",
    "Compare",
    "Compress",
    "Convert",
    "ConvertFrom",
    "ConvertTo",
    "Dismount",
    "Edit",
    "Expand",
    "Export",
    "Group",
    "Import",
    "Initialize",
    "Limit",
    "Merge",
    "Mount",
    "Out",
    "Publish",
    "Restore",
    "Save",
    "Sync",
    "Unpublish",
    "Update",
    "Approve",
    "Assert",
    "Build",
    "Complete",
    "Confirm",
    "Deny",
    "Deploy",
    "Disable",
    "Enable",
    "Install",
    "Invoke",
    "Register",
    "Request",
    "Restart",
    "Resume",
    "Start",
    "Stop",
    "Submit",
    "Suspend",
    "Uninstall",
    "Unregister",
    "Wait",
    "Debug",
    "Measure",
    "Ping",
    "Repair",
    "Resolve",
    "Test",
    "Trace",
    "Connect",
    "Disconnect",
    "Read",
    "Receive",
    "Send",
    "Write",
    "Block",
    "Grant",
    "Protect",
    "Revoke",
    "Unblock",
    "Unprotect",
    "Use",
];

/// The groups of the verbs, and how many verbs each has.
const VERB_GROUPS: [(&str, usize); 7] = [
    ("Common", 34),
    ("Data", 24),
    ("Lifecycle", 22),
    ("Diagnostic", 7),
    ("Communications", 6),
    ("Security", 6),
    ("Other", 1),
];

/// The approved verbs, of some groups or of all.
pub fn verbs_of(groups: &[String]) -> Vec<String> {
    let mut from = 0;
    let mut found = Vec::new();
    for (group, count) in VERB_GROUPS {
        let own = VERBS.iter().skip(from).take(count);
        from += count;
        if groups.is_empty() || groups.iter().any(|g| g.eq_ignore_ascii_case(group)) {
            found.extend(own.map(|&verb| verb.to_owned()));
        }
    }
    found
}

fn fitting(words: &[&str], typed: &str, kind: CompletionResultType) -> Vec<CompletionResult> {
    let words = words.iter().filter(|word| begins(word, typed));
    words
        .map(|&word| CompletionResult::new(word, kind))
        .collect()
}

/// Operators that begin with the word (`-i`).
pub fn operators(word: &str) -> Vec<CompletionResult> {
    let typed = word.trim_start_matches(crate::syntax::is_dash);
    let mut found = fitting(OPERATORS, typed, CompletionResultType::ParameterName);
    found.sort_by(|a, b| by_name(&a.completion_text, &b.completion_text));
    for result in &mut found {
        result.tool_tip = descriptions::operator(&result.list_item_text);
        result.completion_text.insert(0, '-');
    }
    found
}

/// Arguments of an attribute.
pub fn attribute_arguments(attribute: &str, word: &str) -> Vec<CompletionResult> {
    let row = ATTRIBUTES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    let mut found = row.map_or_else(Vec::new, |(_, names)| {
        fitting(names, word, CompletionResultType::Property)
    });
    for result in &mut found {
        let name = &result.completion_text;
        result.tool_tip = format!("{} {name}", attribute_type(name));
    }
    found
}

/// Keys of a hashtable that a command takes as a calculated property.
pub fn hashtable_keys(table: &Table, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut found = match (&table.type_name, &table.call) {
        (Some(type_name), _) => properties_of(type_name, word, world),
        (None, Some(call)) => keys_for(call, word, world),
        (None, None) => Vec::new(),
    };
    let is_used = |text: &str| table.used.iter().any(|key| key.eq_ignore_ascii_case(text));
    found.retain(|result| !is_used(&result.completion_text));
    found
}

fn keys_for(call: &Call, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let Some(command) = world.resolve(&call.name) else {
        return Vec::new();
    };
    if let Some(type_name) = made_by(call, &command) {
        return properties_of(type_name, word, world);
    }
    let grouping = match call.elements.last() {
        Some(Element::Parameter(name, _)) => "groupby".starts_with(&name.to_ascii_lowercase()),
        _ => false,
    };
    let row = HASHTABLE_KEYS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&command))
        .map(
            |(name, keys)| match grouping && name.starts_with("Format-") {
                true => &["Expression", "FormatString", "Label"][..],
                false => keys,
            },
        );
    let Some(keys) = row else {
        let bound = Bound::new(call, world);
        let type_ref = bound.and_then(|b| b.current()).map(|p| p.type_ref.clone());
        return match type_ref {
            Some(type_ref) => {
                let element = type_ref.element().unwrap_or(&type_ref);
                match element.class() {
                    Some(_) => properties_of(&element.full_name, word, world),
                    None => Vec::new(),
                }
            }
            None => Vec::new(),
        };
    };
    let mut found = fitting(keys, word, CompletionResultType::Property);
    for result in &mut found {
        result.tool_tip = descriptions::calculated_key(&result.completion_text).to_owned();
    }
    found
}

/// Parameters of `#requires`.
pub fn requires(word: &str) -> Vec<CompletionResult> {
    const NAMES: [&str; 4] = ["Modules", "PSEdition", "RunAsAdministrator", "Version"];
    let mut found = fitting(&NAMES, word, CompletionResultType::ParameterName);
    for result in &mut found {
        result.tool_tip = descriptions::requirement(&result.completion_text).to_owned();
    }
    found
}

/// Values of a parameter of `#requires`.
pub fn required_values(of: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    const VERSIONS: [&str; 12] = [
        "7.6", "7.5", "7.4", "7.3", "7.2", "7.1", "7.0", "6.2", "6.1", "6.0", "5.1", "5.0",
    ];
    match of.to_ascii_lowercase().as_str() {
        "psedition" => fitting(
            &["Core", "Desktop"],
            word,
            CompletionResultType::ParameterValue,
        ),
        "version" => fitting(&VERSIONS, word, CompletionResultType::ParameterValue),
        "modules" => {
            let names = world.modules();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            fitting(&names, word, CompletionResultType::ParameterValue)
        }
        _ => Vec::new(),
    }
}

/// Keywords of help in comments that may still stand there.
pub fn help_keywords(used: &[String], word: &str) -> Vec<CompletionResult> {
    let free = |name: &str| {
        descriptions::REPEATED_HELP.contains(&name)
            || !used.iter().any(|used| used.eq_ignore_ascii_case(name))
    };
    let rows = descriptions::HELP_KEYWORDS.iter();
    rows.filter(|(name, _)| begins(name, word) && free(name))
        .map(|(name, tip)| CompletionResult::new(*name, CompletionResultType::Keyword).tip(*tip))
        .collect()
}

/// What can stand behind `using`.
pub fn using(word: &str) -> Vec<CompletionResult> {
    fitting(
        &["assembly", "module", "namespace", "type"],
        word,
        CompletionResultType::Keyword,
    )
}

/// The type that `New-Object` makes with the properties of a table.
fn made_by<'c>(call: &'c Call, command: &str) -> Option<&'c str> {
    if !command.eq_ignore_ascii_case("New-Object") {
        return None;
    }
    let named = |name: &str| "typename".starts_with(&name.to_ascii_lowercase());
    let mut elements = call.elements.iter().peekable();
    while let Some(element) = elements.next() {
        match (element, elements.peek()) {
            (Element::Parameter(name, _), Some(Element::Value(text))) => {
                if named(name) {
                    return Some(text.trim_matches(['\'', '"']));
                }
                elements.next();
            }
            (Element::Value(text), _) => return Some(text.trim_matches(['\'', '"'])),
            _ => {}
        }
    }
    None
}

/// The properties of the objects of a type, as keys.
fn properties_of(type_name: &str, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    use super::world::MemberKindShown;
    let members = world.members_of_type(type_name, false).unwrap_or_default();
    let mut names: Vec<_> = members
        .into_iter()
        .filter(|m| m.kind == MemberKindShown::Property && begins(&m.name, word))
        .collect();
    names.sort_by(|a, b| by_name(&a.name, &b.name));
    names
        .into_iter()
        .map(|m| CompletionResult::new(m.name, CompletionResultType::Property).tip(m.tool_tip))
        .collect()
}

/// The type of a named argument of an attribute.
fn attribute_type(name: &str) -> &'static str {
    match name {
        "Position" => "System.Int32",
        "ConfirmImpact" => "System.Management.Automation.ConfirmImpact",
        "RemotingCapability" => "System.Management.Automation.RemotingCapability",
        "Options" => "System.Text.RegularExpressions.RegexOptions",
        "DefaultParameterSetName"
        | "HelpUri"
        | "ParameterSetName"
        | "HelpMessage"
        | "HelpMessageBaseName"
        | "HelpMessageResourceId"
        | "ErrorMessage"
        | "ProviderCmdlet" => "System.String",
        _ => "System.Boolean",
    }
}
