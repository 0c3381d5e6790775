//! Attributes that convert or check a value: on parameters, variables and class properties.

pub mod make;

use super::script_block::ScriptBlock;
use super::types::TypeRef;
use super::value::Value;
use std::rc::Rc;

/// One attribute, ready to be applied.
#[derive(Clone)]
pub enum Attribute {
    /// `[type]`: converts.
    Convert(TypeRef),
    /// `[ValidateSet(...)]`
    ValidateSet {
        /// Allowed texts.
        values: Vec<Rc<str>>,
        /// Whether letter case is ignored.
        ignore_case: bool,
        /// Own message with `{0}` and `{1}`.
        message: Option<Rc<str>>,
        /// A class that gives the values instead.
        generator: Option<TypeRef>,
    },
    /// `[ValidateRange(min, max)]`
    ValidateRange {
        /// Lowest allowed.
        min: Value,
        /// Highest allowed.
        max: Value,
    },
    /// `[ValidateRange('Positive')]`
    ValidateRangeKind(RangeKind),
    /// `[ValidatePattern(regex)]`
    ValidatePattern {
        /// The regular expression.
        pattern: Rc<str>,
        /// Bits of RegexOptions.
        options: i64,
        /// Own message.
        message: Option<Rc<str>>,
    },
    /// `[ValidateLength(min, max)]`
    ValidateLength {
        /// Shortest allowed.
        min: i32,
        /// Longest allowed.
        max: i32,
    },
    /// `[ValidateCount(min, max)]`
    ValidateCount {
        /// Fewest items.
        min: i32,
        /// Most items.
        max: i32,
    },
    /// `[ValidateScript({...})]`
    ValidateScript {
        /// Run with `$_`.
        script: Rc<ScriptBlock>,
        /// Own message.
        message: Option<Rc<str>>,
    },
    /// `[ValidateNotNull()]`
    ValidateNotNull,
    /// `[ValidateNotNullOrEmpty()]`
    ValidateNotNullOrEmpty,
    /// `[ValidateNotNullOrWhiteSpace()]`
    ValidateNotNullOrWhiteSpace,
    /// `[ValidateDrive(...)]`
    ValidateDrive(Vec<Rc<str>>),
    /// `[AllowNull()]`
    AllowNull,
    /// `[AllowEmptyString()]`
    AllowEmptyString,
    /// `[AllowEmptyCollection()]`
    AllowEmptyCollection,
    /// `[Credential()]` and the transformations of compiled cmdlets, by name.
    Transform(Rc<str>),
    /// An attribute class written in a script, with its object.
    Custom(Value),
    /// `[PSTypeName('...')]`
    PSTypeName(Rc<str>),
    /// `[ArgumentCompleter({...})]`
    ArgumentCompleter(Value),
    /// `[ArgumentCompletions(...)]`
    ArgumentCompletions(Vec<Rc<str>>),
    /// `[SupportsWildcards()]`, `[Obsolete()]` and others that the engine only keeps.
    Other(Rc<str>, Vec<Value>),
}

/// The named ranges of ValidateRange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RangeKind {
    /// Above zero.
    Positive,
    /// Zero or above.
    NonNegative,
    /// Below zero.
    Negative,
    /// Zero or below.
    NonPositive,
}
