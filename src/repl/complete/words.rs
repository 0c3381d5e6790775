//! Fixed lists of words: operators, arguments of attributes, keys of
//! calculated properties, `#requires`, verbs.

use super::place::Call;
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

/// The approved verbs.
pub fn verbs() -> Vec<String> {
    VERBS.iter().map(|&verb| verb.to_owned()).collect()
}

fn fitting(words: &[&str], typed: &str, kind: CompletionResultType) -> Vec<CompletionResult> {
    let words = words.iter().filter(|word| begins(word, typed));
    words
        .map(|&word| CompletionResult::new(word, kind))
        .collect()
}

/// Operators that begin with the word (`-i`).
pub fn operators(word: &str) -> Vec<CompletionResult> {
    let typed = word.trim_start_matches(crate::cli::switches::is_dash);
    let mut found = fitting(OPERATORS, typed, CompletionResultType::ParameterName);
    found.sort_by(|a, b| by_name(&a.completion_text, &b.completion_text));
    for result in &mut found {
        result.completion_text.insert(0, '-');
    }
    found
}

/// Arguments of an attribute.
pub fn attribute_arguments(attribute: &str, word: &str) -> Vec<CompletionResult> {
    let row = ATTRIBUTES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(attribute));
    row.map_or_else(Vec::new, |(_, names)| {
        fitting(names, word, CompletionResultType::Property)
    })
}

/// Keys of a hashtable that a command takes as a calculated property.
pub fn hashtable_keys(
    call: Option<&Call>,
    word: &str,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let Some(command) = call.and_then(|call| world.resolve(&call.name)) else {
        return Vec::new();
    };
    let row = HASHTABLE_KEYS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&command));
    row.map_or_else(Vec::new, |(_, keys)| {
        fitting(keys, word, CompletionResultType::Property)
    })
}

/// Parameters of `#requires`.
pub fn requires(word: &str) -> Vec<CompletionResult> {
    const NAMES: [&str; 4] = ["Modules", "PSEdition", "RunAsAdministrator", "Version"];
    fitting(&NAMES, word, CompletionResultType::ParameterName)
}
