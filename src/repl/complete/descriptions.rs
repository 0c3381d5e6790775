//! What operators, variables, keys and drives are for: the tool tips of words
//! that have no declaration to take them from.

const COMPARED: &str =
    "When the left operand is a collection, returns values from the collection that";

/// Operators with a case: what they are, and what follows the case.
const CASED: &[(&str, &str, &str)] = &[
    (
        "contains",
        "Containment operator",
        "Returns TRUE only when the test value (right operand) exactly matches at least one of the values in the left operand.",
    ),
    (
        "notcontains",
        "Containment operator",
        "Returns TRUE when the test value (right operand) exactly matches none of the values in the left operand.",
    ),
    (
        "in",
        "Containment operator",
        "Returns TRUE when the test value (left operand) exactly matches at least one of the values in the right operand.",
    ),
    (
        "notin",
        "Containment operator",
        "Returns TRUE when the test value (left operand) exactly matches none of the values in the right operand.",
    ),
    ("eq", "Equal to", "equal|equals"),
    ("ne", "Not equal to", "do not equal|does not equal"),
    (
        "ge",
        "Greater than or equal to",
        "are greater than or equal to|is greater than or equal to",
    ),
    ("gt", "Greater than", "are greater than|is greater than"),
    (
        "le",
        "Less than or equal to",
        "are less than or equal to|is less than or equal to",
    ),
    ("lt", "Less than", "are less than|is less than"),
    ("like", "Wildcard matching operator", "match|matches|"),
    (
        "notlike",
        "Wildcard matching operator",
        "do not match|does not match|",
    ),
    (
        "match",
        "Regular expression matching operator",
        "match|matches|",
    ),
    (
        "notmatch",
        "Regular expression matching operator",
        "do not match|does not match|",
    ),
    (
        "replace",
        "Replace operator",
        "Changes the left operand. Example: (dir *.ps1).FullName -replace '.ps1$','.ps1.bak'",
    ),
    (
        "split",
        "Split",
        "Split one or more strings into substrings.\n-Split <String>\n\n<String> -Split <Delimiter>[,<Max-substrings>[,\"<Options>\"]]\n\n<String> -Split {<ScriptBlock>} [,<Max-substrings>]",
    ),
];

const UNCASED: &[(&str, &str)] = &[
    ("and", "Logical AND"),
    (
        "as",
        "Converts the left operand to the specified .NET Framework type (right operand).",
    ),
    ("band", "Bitwise AND"),
    ("bnot", "Bitwise NOT"),
    ("bor", "Bitwise OR (inclusive)"),
    ("bxor", "Bitwise OR (exclusive)"),
    (
        "f",
        "Format operator: puts the right operands into the places of the left one",
    ),
    (
        "is",
        "Returns TRUE when the left operand is an instance of the specified .NET Framework type (right operand).",
    ),
    (
        "isnot",
        "Returns TRUE when the left operand is not an instance of the specified .NET Framework type (right operand).",
    ),
    (
        "join",
        "Join - combine multiple strings into a single string.\n-Join <String[]>\n<String[]> -Join <Delimiter>",
    ),
    ("not", "Logical NOT"),
    ("or", "Logical OR (inclusive)"),
    ("shl", "Shift bits to the left"),
    (
        "shr",
        "Shift bits to the right; the sign of a signed value is kept",
    ),
    ("xor", "Logical exclusive OR"),
];

/// What an operator does; its name without the dash.
pub fn operator(name: &str) -> String {
    let uncased = UNCASED.iter().find(|(known, _)| *known == name);
    if let Some((_, text)) = uncased {
        return (*text).to_owned();
    }
    let cased = |bare: &str| CASED.iter().find(|(known, _, _)| *known == bare);
    let (row, case) = match cased(name) {
        Some(row) => (Some(row), "insensitive"),
        None => match name.split_at_checked(1) {
            Some(("c", bare)) => (cased(bare), "sensitive"),
            Some(("i", bare)) => (cased(bare), "insensitive"),
            _ => (None, ""),
        },
    };
    let Some((_, kind, rest)) = row else {
        return name.to_owned();
    };
    let mut parts = rest.split('|');
    let text = match (parts.next(), parts.next(), parts.next()) {
        (Some(many), Some(one), None) => {
            format!(
                "{COMPARED} {many} the right operand, otherwise returns TRUE if the left operand {one} the right operand."
            )
        }
        (Some(many), Some(one), Some(_)) => {
            format!(
                "{COMPARED} {many} the right hand operand, otherwise returns TRUE if the left operand {one} the right operand."
            )
        }
        _ => (*rest).to_owned(),
    };
    format!("{kind} - case {case}. {text}")
}

const ACTION: &str = "Dictates the action taken when";

/// What the variables of a session are for.
const VARIABLES: &[(&str, &str)] = &[
    ("?", "Status of last command"),
    (
        "ConfirmPreference",
        "Dictates when confirmation should be requested. Confirmation is requested when the ConfirmImpact of the operation is equal to or greater than $ConfirmPreference. If $ConfirmPreference is None, actions will only be confirmed when Confirm is specified.",
    ),
    (
        "EnabledExperimentalFeatures",
        "Variable to hold the enabled experimental feature names",
    ),
    (
        "ErrorView",
        "Dictates the view mode to use when displaying errors",
    ),
    ("ExecutionContext", "The run objects available to cmdlets"),
    ("false", "Boolean False"),
    (
        "FormatEnumerationLimit",
        "Dictates the limit of enumeration on formatting IEnumerable objects",
    ),
    ("HOME", "Folder containing the current user's profile"),
    ("Host", "A reference to the host of the current runspace"),
    (
        "MaximumHistoryCount",
        "Maximum number of history objects to retain in a session",
    ),
    (
        "NestedPromptLevel",
        "Dictates what type of prompt should be displayed for the current nesting level",
    ),
    (
        "null",
        "References to the null variable always return the null value. Assignments have no effect.",
    ),
    (
        "OutputEncoding",
        "The text encoding used when piping text to a native executable file",
    ),
    ("PID", "Current process ID"),
    ("PSCulture", "Culture of the current PowerShell session"),
    (
        "PSDefaultParameterValues",
        "Variable to hold all default <cmdlet:parameter, value> pairs",
    ),
    (
        "PSEdition",
        "Edition information for the current PowerShell session",
    ),
    (
        "PSEmailServer",
        "Variable to contain the name of the email server. This can be used instead of the HostName parameter in the Send-MailMessage cmdlet.",
    ),
    (
        "PSHOME",
        "Parent folder of the host application of the current runspace",
    ),
    (
        "PSNativeCommandArgumentPassing",
        "Dictates how arguments are passed to native executables.",
    ),
    (
        "PSNativeCommandUseErrorActionPreference",
        "If true, $ErrorActionPreference applies to native executables, so that non-zero exit codes will generate cmdlet-style errors governed by error action settings",
    ),
    (
        "PSSessionApplicationName",
        "AppName where the remote connection will be established",
    ),
    (
        "PSSessionConfigurationName",
        "Name of the session configuration which will be loaded on the remote computer",
    ),
    (
        "PSSessionOption",
        "Default session options for new remote sessions",
    ),
    ("PSStyle", "Configuration controlling how text is rendered."),
    (
        "PSUICulture",
        "UI culture of the current PowerShell session",
    ),
    (
        "PSVersionTable",
        "Version information for current PowerShell session",
    ),
    (
        "ShellId",
        "The ShellID identifies the current shell.  This is used by #Requires.",
    ),
    ("true", "Boolean True"),
    (
        "WhatIfPreference",
        "If true, WhatIf is considered to be enabled for all commands.",
    ),
];

/// Preferences by the stream whose messages they are for.
const PREFERENCES: &[(&str, &str)] = &[
    ("DebugPreference", "a Debug message is delivered"),
    ("ErrorActionPreference", "an error message is delivered"),
    (
        "InformationPreference",
        "a command generates an item in the Information stream",
    ),
    ("ProgressPreference", "progress records are delivered"),
    ("VerbosePreference", "a Verbose message is delivered"),
    ("WarningPreference", "a Warning message is delivered"),
];

/// What a variable of the session is for; none of a person's own.
pub fn variable(name: &str) -> Option<String> {
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((_, text)) = VARIABLES.iter().find(|(known, _)| same(known)) {
        return Some((*text).to_owned());
    }
    let (_, when) = PREFERENCES.iter().find(|(known, _)| same(known))?;
    Some(format!("{ACTION} {when}"))
}

/// What a drive shows.
pub fn drive(name: &str) -> &'static str {
    match name {
        "Alias" => "Drive that contains a view of the aliases stored in a session state",
        "Env" => "Drive that contains a view of the environment variables for the process",
        "Function" => "Drive that contains a view of the functions stored in a session state",
        "Temp" => "Drive that maps to the temporary directory path for the current user",
        _ => "Drive that contains a view of those variables stored in a session state",
    }
}

/// What a key of a calculated property says.
pub fn calculated_key(name: &str) -> &'static str {
    match name {
        "Name" | "Label" => "[string]\nSpecifies the name of the property being created.",
        "Expression" => {
            "[scriptblock]\nA script block used to calculate the value of the new property."
        }
        "FormatString" => {
            "[string]\nSpecifies a format string that defines how the value is formatted for output."
        }
        "Width" => {
            "[int]\nSpecifies the maximum column width in a table when the value is displayed.\nThe value must be greater than 0."
        }
        "Alignment" => {
            "[string]\nDefine how the values are displayed in a column.\nValid values are 'left', 'center', or 'right'."
        }
        "Ascending" => {
            "[bool]\nAllows you to specify the order of sorting for one or more properties."
        }
        "Descending" => {
            "[bool]\nAllows you to specify the order of sorting for one or more properties."
        }
        "Depth" => "[int]\nThe depth key specifies the depth of expansion per property.",
        _ => "",
    }
}

/// What a parameter of `#requires` asks for.
pub fn requirement(name: &str) -> &'static str {
    match name {
        "Modules" => {
            "[string] or [hashtable]\nSpecifies an array of PowerShell modules that the script requires.\nEach element can either be a string with the module name as value or a hashtable with the following keys:\nName: Name of the module\nGUID: GUID of the module\nOne of the following:\nModuleVersion: Specifies a minimum acceptable version of the module.\nRequiredVersion: Specifies an exact, required version of the module.\nMaximumVersion: Specifies the maximum acceptable version of the module."
        }
        "PSEdition" => {
            "[string]\nSpecifies a PowerShell edition that the script requires.\nValid values are \"Core\" and \"Desktop\""
        }
        "RunAsAdministrator" => {
            "[switch]\nSpecifies that PowerShell must be running as administrator on Windows.\nThis must be the last parameter on the #requires statement line."
        }
        "Version" => {
            "[version]\nSpecifies the minimum version of PowerShell that the script requires."
        }
        _ => "",
    }
}

/// The keywords of help in comments, in the order of lists.
pub const HELP_KEYWORDS: &[(&str, &str)] = &[
    (
        "SYNOPSIS",
        "What the function or script does, in brief; once in a topic.",
    ),
    (
        "DESCRIPTION",
        "What the function or script does, at length; once in a topic.",
    ),
    (
        "PARAMETER",
        "What a parameter is for; one for each parameter.",
    ),
    (
        "EXAMPLE",
        "A command that uses the function or script; one for each example.",
    ),
    ("INPUTS", "The types of the objects that can be piped in."),
    ("OUTPUTS", "The types of the objects that come out."),
    ("NOTES", "What else there is to say."),
    ("LINK", "The name of a related topic; one for each topic."),
    (
        "COMPONENT",
        "The technology or feature that it uses or belongs to.",
    ),
    ("ROLE", "For whom the topic is."),
    ("FUNCTIONALITY", "What it is meant for."),
    (
        "FORWARDHELPTARGETNAME",
        "The command whose help is shown instead.",
    ),
    (
        "FORWARDHELPCATEGORY",
        "The category of the help that is shown instead.",
    ),
    ("REMOTEHELPRUNSPACE", "The session that holds the help."),
    ("EXTERNALHELP", "The file that holds the help."),
];

/// Keywords of help that may stand more than once.
pub const REPEATED_HELP: &[&str] = &["EXAMPLE", "LINK", "PARAMETER"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_tell_their_case() {
        assert!(operator("clike").starts_with("Wildcard matching operator - case sensitive. "));
        assert!(operator("ilike").starts_with("Wildcard matching operator - case insensitive. "));
        assert_eq!(operator("eq"), operator("ieq"));
        assert_eq!(operator("and"), "Logical AND");
    }

    #[test]
    fn preferences_tell_their_stream() {
        let want = "Dictates the action taken when a Debug message is delivered";
        assert_eq!(variable("debugpreference").as_deref(), Some(want));
        assert_eq!(variable("mine"), None);
    }
}
