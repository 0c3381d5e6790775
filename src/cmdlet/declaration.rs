//! What a cmdlet looks like from outside, as data.
//!
//! Every cmdlet is declared in RON below `cmdlets/`; the build script reads
//! those files into these structures, checks them and embeds them. The binder,
//! help, `Get-Command -Syntax`, completion and the checker all read the same
//! declaration, so a surface is told once.
//!
//! The file is compiled twice, here and into the build script, and therefore
//! knows nothing of the rest of the program. Parameters that every cmdlet has
//! (`-Verbose`, `-ErrorAction`, … and `-WhatIf`, `-Confirm`, `-First`, where
//! the flags of the cmdlet say so) are not declared: the binder adds them.

use serde::{Deserialize, Serialize};

/// The set name that stands for "in every parameter set".
pub const ALL_SETS: &str = "__AllParameterSets";

/// The type name of a parameter that takes no value.
pub const SWITCH_TYPE: &str = "System.Management.Automation.SwitchParameter";

/// What sort of command a declaration describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandKind {
    /// A compiled command; binding errors carry its class name.
    #[default]
    Cmdlet,
    /// A function that ships with the shell.
    Function,
    /// A function whose body runs for each input object.
    Filter,
}

/// How much a cmdlet may break, compared with `$ConfirmPreference`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConfirmImpact {
    /// Never asks by itself.
    None,
    /// Asks only when the preference is Low.
    Low,
    /// The impact of a cmdlet that says nothing.
    #[default]
    Medium,
    /// Asks under the default preference.
    High,
}

/// The declared surface of one command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CmdletDeclaration {
    /// Verb and noun, in the spelling that is shown.
    pub name: String,
    /// Cmdlet, function or filter.
    #[serde(default)]
    pub kind: CommandKind,
    /// The module that exports it; in RON the name of the folder unless given.
    #[serde(default)]
    pub module: String,
    /// Full name of the compiled class, the suffix of its error ids; empty for
    /// functions. In RON derived from the name unless given.
    #[serde(default)]
    pub class: String,
    /// The set that is taken when the arguments leave a choice.
    #[serde(default)]
    pub default_set: Option<String>,
    /// All named parameter sets in the order they are listed; empty when there
    /// is only the unnamed one.
    #[serde(default)]
    pub sets: Vec<String>,
    /// The cmdlet's own parameters in declared order.
    #[serde(default)]
    pub parameters: Vec<ParameterDeclaration>,
    /// Has `-WhatIf` and `-Confirm`.
    #[serde(default)]
    pub supports_should_process: bool,
    /// Compared with `$ConfirmPreference`.
    #[serde(default)]
    pub confirm_impact: ConfirmImpact,
    /// Has `-First`, `-Skip` and `-IncludeTotalCount`.
    #[serde(default)]
    pub supports_paging: bool,
    /// Has `-UseTransaction`.
    #[serde(default)]
    pub supports_transactions: bool,
    /// Parameters without a position may take positions by order of declaration.
    #[serde(default = "yes")]
    pub positional_binding: bool,
    /// Full names of the types it writes.
    #[serde(default)]
    pub output_types: Vec<String>,
    /// Aliases of the command that exist in every session.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// One line of help.
    #[serde(default)]
    pub synopsis: String,
    /// Longer help.
    #[serde(default)]
    pub description: String,
    /// Commands worth copying.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// The script text of a function that is written in the language itself.
    #[serde(default)]
    pub body: Option<String>,
    /// How closely the deployment model follows it: 0 is a general cmdlet,
    /// 1 full behaviour, 2 behaviour of its shape, 3 declared.
    #[serde(default)]
    pub tier: u8,
    /// Releases of the product that have it, by year, 365 for the hosted one;
    /// empty means all.
    #[serde(default)]
    pub releases: Vec<u16>,
    /// What it would do, where the model has no answer; such a cmdlet binds its
    /// arguments and then says that it is not modelled.
    #[serde(default)]
    pub not_modelled: Option<String>,
}

/// One parameter of a command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterDeclaration {
    /// The name without the dash.
    pub name: String,
    /// Full .NET name of its type, `System.String[]` for instance. RON may use
    /// an accelerator (`string[]`, `switch`).
    #[serde(rename = "type", default = "object_type")]
    pub type_name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Where it stands in which set; in RON nothing means "optional and named,
    /// in every set".
    #[serde(default)]
    pub sets: Vec<ParameterInSet>,
    /// Transformations and validations in the order they are applied.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// The names an enumeration value may have, or the values the command
    /// documents; completion offers them.
    #[serde(default)]
    pub accepted_values: Vec<String>,
    /// Other values than the accepted ones are taken as well: the list is known
    /// to be incomplete.
    #[serde(default)]
    pub open_values: bool,
    /// Values may hold wildcards.
    #[serde(default)]
    pub wildcards: bool,
    /// Provided by the provider of the path or by another argument.
    #[serde(default)]
    pub dynamic: bool,
    /// Accepted, but shown neither in syntax nor in completion.
    #[serde(default)]
    pub hidden: bool,
    /// The documented value when it is not given; shown in help only.
    #[serde(default)]
    pub default_value: Option<String>,
    /// Releases of the product that have it, by year, 365 for the hosted one;
    /// empty means the releases that have the cmdlet.
    #[serde(default)]
    pub releases: Vec<u16>,
    /// One or two sentences of help.
    #[serde(default)]
    pub help: String,
}

/// The place of a parameter in one set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterInSet {
    /// The name of the set, or [`ALL_SETS`].
    #[serde(default = "all_sets")]
    pub set: String,
    /// Must be given.
    #[serde(default)]
    pub mandatory: bool,
    /// Order among positional arguments.
    #[serde(default)]
    pub position: Option<i32>,
    /// Takes whole pipeline objects.
    #[serde(default)]
    pub from_pipeline: bool,
    /// Takes the property of its name from pipeline objects.
    #[serde(default)]
    pub from_pipeline_by_name: bool,
    /// Takes what no other parameter took.
    #[serde(default)]
    pub from_remaining: bool,
}

/// A transformation or validation of an argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Check {
    /// Null is refused.
    NotNull,
    /// Null, the empty string and empty collections are refused.
    NotNullOrEmpty,
    /// The same, and strings of nothing but blanks.
    NotNullOrWhiteSpace,
    /// A mandatory parameter takes null.
    AllowNull,
    /// A mandatory parameter takes the empty string.
    AllowEmptyString,
    /// A mandatory parameter takes an empty collection.
    AllowEmptyCollection,
    /// Each element lies between two whole numbers, both included.
    Range {
        /// The smallest.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// Each element has this sign.
    RangeKind(RangeKind),
    /// Each element lies between two values of another type (a time span, a
    /// byte quantity, a fraction), given as text of that type.
    Span {
        /// The smallest; nothing means no limit.
        #[serde(default)]
        min: Option<String>,
        /// The greatest; nothing means no limit.
        #[serde(default)]
        max: Option<String>,
    },
    /// Number of characters of each element.
    Length {
        /// The fewest.
        #[serde(default)]
        min: u32,
        /// The most.
        max: u32,
    },
    /// Number of elements.
    Count {
        /// The fewest.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Each element matches a regular expression, letter case ignored.
    Pattern(String),
    /// Each element is one of these.
    Set {
        /// The values in the order they are listed.
        values: Vec<String>,
        /// Letter case does not matter.
        #[serde(default = "yes")]
        ignore_case: bool,
    },
    /// Each element is the name of a culture, or one of these words.
    Culture {
        /// Words accepted beside the culture names.
        #[serde(default)]
        also: Vec<String>,
    },
    /// The path is on one of these drives.
    Drive(Vec<String>),
    /// A user name becomes a credential, by asking for the password.
    Credential,
    /// The name of a text encoding, or its code page, becomes the encoding.
    Encoding,
    /// A transformation by the short name of its attribute, `Version` or
    /// `NotePropertyTransformation` for instance.
    Transform(String),
}

/// Which numbers a [`Check::RangeKind`] lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeKind {
    /// Greater than zero.
    Positive,
    /// Zero or greater.
    NonNegative,
    /// Less than zero.
    Negative,
    /// Zero or less.
    NonPositive,
}

/// A command line of the help, and what it does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What is typed.
    pub code: String,
    /// What comes of it.
    #[serde(default)]
    pub remarks: String,
}

impl Default for ParameterInSet {
    fn default() -> Self {
        ParameterInSet {
            set: all_sets(),
            mandatory: false,
            position: None,
            from_pipeline: false,
            from_pipeline_by_name: false,
            from_remaining: false,
        }
    }
}

impl CmdletDeclaration {
    /// The parameter with this name or alias, letter case ignored.
    pub fn parameter(&self, name: &str) -> Option<&ParameterDeclaration> {
        self.parameters.iter().find(|parameter| {
            parameter.name.eq_ignore_ascii_case(name)
                || parameter
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// The part of the name before the first dash; empty without one.
    pub fn verb(&self) -> &str {
        self.name.split_once('-').map_or("", |(verb, _)| verb)
    }

    /// The part of the name after the first dash; the whole name without one.
    pub fn noun(&self) -> &str {
        self.name
            .split_once('-')
            .map_or(self.name.as_str(), |(_, noun)| noun)
    }
}

impl ParameterDeclaration {
    /// Takes no value.
    pub fn is_switch(&self) -> bool {
        self.type_name == SWITCH_TYPE
    }

    /// Where it stands in a set: by the set's own entry, else by the entry for
    /// all sets. Nothing when the set does not have the parameter.
    pub fn in_set(&self, set: &str) -> Option<&ParameterInSet> {
        self.sets
            .iter()
            .find(|place| place.set.eq_ignore_ascii_case(set))
            .or_else(|| self.sets.iter().find(|place| place.set == ALL_SETS))
    }
}

fn yes() -> bool {
    true
}

fn all_sets() -> String {
    ALL_SETS.to_string()
}

fn object_type() -> String {
    "System.Object".to_string()
}
