//! What is wrong with a pattern, in .NET's words; and a match that takes too
//! long.
use std::fmt;

/// The errors of `System.Text.RegularExpressions.RegexParseError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegexParseError {
    /// Nothing that has a member of its own.
    Unknown,
    /// A condition with more than two ways.
    AlternationHasTooManyConditions,
    /// A condition that ends too early.
    AlternationHasMalformedCondition,
    /// `\p` at the end of the pattern.
    InvalidUnicodePropertyEscape,
    /// `\p` without a name in braces.
    MalformedUnicodePropertyEscape,
    /// A letter that means nothing behind a backslash.
    UnrecognizedEscape,
    /// `\c` before something that is no control character.
    UnrecognizedControlCharacter,
    /// `\c` at the end of the pattern.
    MissingControlCharacter,
    /// `\x` or `\u` without its digits.
    InsufficientOrInvalidHexDigits,
    /// A number above the greatest Int32.
    QuantifierOrCaptureGroupOutOfRange,
    /// `\k<name>` of a group that is not there.
    UndefinedNamedReference,
    /// `\1` of a group that is not there.
    UndefinedNumberedReference,
    /// `\k` without a name in brackets.
    MalformedNamedReference,
    /// A backslash at the end of the pattern.
    UnescapedEndingBackslash,
    /// `(?#` without its end.
    UnterminatedComment,
    /// `(?` before something that means nothing there.
    InvalidGroupingConstruct,
    /// A condition that captures under a name.
    AlternationHasNamedCapture,
    /// A condition that is a comment.
    AlternationHasComment,
    /// A condition on a group number without its end.
    AlternationHasMalformedReference,
    /// A condition on a group that is not there.
    AlternationHasUndefinedReference,
    /// A group name that does not begin like a word.
    CaptureGroupNameInvalid,
    /// A group with the number of the whole match.
    CaptureGroupOfZero,
    /// `[` without its end.
    UnterminatedBracket,
    /// Something behind the class that is taken off a class.
    ExclusionGroupNotLast,
    /// A range whose end comes before its start.
    ReversedCharacterRange,
    /// A class such as `\w` as the end of a range.
    ShorthandClassInCharacterRange,
    /// A group without its end.
    InsufficientClosingParentheses,
    /// `{x,y}` whose most is below its least.
    ReversedQuantifierRange,
    /// A quantifier behind a quantifier.
    NestedQuantifiersNotParenthesized,
    /// A quantifier with nothing to repeat.
    QuantifierAfterNothing,
    /// The end of a group that never began.
    InsufficientOpeningParentheses,
    /// `\p{…}` of a name that Unicode does not have.
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
