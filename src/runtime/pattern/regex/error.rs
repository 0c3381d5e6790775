//! What is wrong with a pattern, in .NET's words; and a match that takes too
//! long.
use std::fmt;

/// The errors of `System.Text.RegularExpressions.RegexParseError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RegexParseError {
    Unknown,
    AlternationHasTooManyConditions,
    AlternationHasMalformedCondition,
    InvalidUnicodePropertyEscape,
    MalformedUnicodePropertyEscape,
    UnrecognizedEscape,
    UnrecognizedControlCharacter,
    MissingControlCharacter,
    InsufficientOrInvalidHexDigits,
    QuantifierOrCaptureGroupOutOfRange,
    UndefinedNamedReference,
    UndefinedNumberedReference,
    MalformedNamedReference,
    UnescapedEndingBackslash,
    UnterminatedComment,
    InvalidGroupingConstruct,
    AlternationHasNamedCapture,
    AlternationHasComment,
    AlternationHasMalformedReference,
    AlternationHasUndefinedReference,
    CaptureGroupNameInvalid,
    CaptureGroupOfZero,
    UnterminatedBracket,
    ExclusionGroupNotLast,
    ReversedCharacterRange,
    ShorthandClassInCharacterRange,
    InsufficientClosingParentheses,
    ReversedQuantifierRange,
    NestedQuantifiersNotParenthesized,
    QuantifierAfterNothing,
    InsufficientOpeningParentheses,
    UnrecognizedUnicodeProperty,
}

impl RegexParseError {
    /// The sentence for the error; `{0}` stands for what was found.
    pub(super) fn sentence(self) -> &'static str {
        use RegexParseError::*;
        match self {
            Unknown => "The pattern is nested too deeply.",
            AlternationHasTooManyConditions => "Too many | in (?()|).",
            AlternationHasMalformedCondition => "Illegal conditional (?(...)) expression.",
            InvalidUnicodePropertyEscape => "Incomplete \\p{X} character escape.",
            MalformedUnicodePropertyEscape => "Malformed \\p{X} character escape.",
            UnrecognizedEscape => "Unrecognized escape sequence \\{0}.",
            UnrecognizedControlCharacter => "Unrecognized control character.",
            MissingControlCharacter => "Missing control character.",
            InsufficientOrInvalidHexDigits => "Insufficient or invalid hexadecimal digits.",
            QuantifierOrCaptureGroupOutOfRange => {
                "Capture group numbers must be less than or equal to Int32.MaxValue."
            }
            UndefinedNamedReference => "Reference to undefined group name '{0}'.",
            UndefinedNumberedReference => "Reference to undefined group number {0}.",
            MalformedNamedReference => "Malformed \\k<...> named back reference.",
            UnescapedEndingBackslash => "Illegal \\ at end of pattern.",
            UnterminatedComment => "Unterminated (?#...) comment.",
            InvalidGroupingConstruct => "Unrecognized grouping construct.",
            AlternationHasNamedCapture => {
                "Alternation conditions do not capture and cannot be named."
            }
            AlternationHasComment => "Alternation conditions cannot be comments.",
            AlternationHasMalformedReference => {
                "Conditional alternation is missing a closing parenthesis after the group number {0}."
            }
            AlternationHasUndefinedReference => {
                "Conditional alternation refers to an undefined group number {0}."
            }
            CaptureGroupNameInvalid => {
                "Invalid group name: Group names must begin with a word character."
            }
            CaptureGroupOfZero => "Capture number cannot be zero.",
            UnterminatedBracket => "Unterminated [] set.",
            ExclusionGroupNotLast => "A subtraction must be the last element in a character class.",
            ReversedCharacterRange => "[x-y] range in reverse order.",
            ShorthandClassInCharacterRange => "Cannot include class \\{0} in character range.",
            InsufficientClosingParentheses => "Not enough )'s.",
            ReversedQuantifierRange => "Illegal {x,y} with x > y.",
            NestedQuantifiersNotParenthesized => "Nested quantifier '{0}'.",
            QuantifierAfterNothing => "Quantifier '{0}' following nothing.",
            InsufficientOpeningParentheses => "Too many )'s.",
            UnrecognizedUnicodeProperty => "Unknown property '{0}'.",
        }
    }
}

/// A pattern that cannot be read: .NET's `RegexParseException`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegexError {
    /// Which error.
    pub error: RegexParseError,
    /// Where in the pattern, in UTF-16 code units.
    pub offset: usize,
    /// The whole message.
    pub message: String,
}

impl RegexError {
    pub(super) fn new(error: RegexParseError, detail: &str, pattern: &str, offset: usize) -> Self {
        let sentence = error.sentence().replace("{0}", detail);
        Self {
            error,
            offset,
            message: format!("Invalid pattern '{pattern}' at offset {offset}. {sentence}"),
        }
    }
}

impl fmt::Display for RegexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RegexError {}

/// Why a search or a replacement was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchFailure {
    /// It took too long: .NET's `RegexMatchTimeoutException`.
    Timeout,
    /// What replaces the matches is more than a text can hold: `OutOfMemoryException`.
    TooLarge,
}

impl fmt::Display for MatchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchFailure::Timeout => {
                "The Regex engine has timed out while trying to match a pattern to an input string. \
                 This can occur for many reasons, including very large inputs or excessive \
                 backtracking caused by nested quantifiers, back-references and other factors."
            }
            MatchFailure::TooLarge => "Exception of type 'System.OutOfMemoryException' was thrown.",
        })
    }
}

impl std::error::Error for MatchFailure {}
