//! The options of a regular expression.

/// `System.Text.RegularExpressions.RegexOptions`, with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RegexOptions(u32);

impl RegexOptions {
    /// No option.
    pub const NONE: Self = Self(0);
    /// Letter case does not count.
    pub const IGNORE_CASE: Self = Self(1);
    /// `^` and `$` hold at every line.
    pub const MULTILINE: Self = Self(2);
    /// Only named groups capture.
    pub const EXPLICIT_CAPTURE: Self = Self(4);
    /// Accepted; every pattern is compiled.
    pub const COMPILED: Self = Self(8);
    /// `.` takes line feeds too.
    pub const SINGLELINE: Self = Self(16);
    /// Blanks in the pattern and comments after `#` do not count.
    pub const IGNORE_PATTERN_WHITESPACE: Self = Self(32);
    /// Search from the end.
    pub const RIGHT_TO_LEFT: Self = Self(64);
    /// Classes and references as ECMAScript has them.
    pub const ECMA_SCRIPT: Self = Self(256);
    /// Letter case by the invariant culture.
    pub const CULTURE_INVARIANT: Self = Self(512);
    /// Accepted.
    pub const NON_BACKTRACKING: Self = Self(1024);

    /// The options with these numbers; none if there is no such option, or
    /// if ECMAScript stands with options it does not go with.
    pub fn from_bits(bits: u32) -> Option<Self> {
        let with_ecma = Self::ECMA_SCRIPT.0
            | Self::IGNORE_CASE.0
            | Self::MULTILINE.0
            | Self::COMPILED.0
            | Self::CULTURE_INVARIANT.0;
        let known = bits & !(2047 & !128) == 0;
        let fits = bits & Self::ECMA_SCRIPT.0 == 0 || bits & !with_ecma == 0;
        (known && fits).then_some(Self(bits))
    }

    /// The numbers, added up.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether all of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These but `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl std::ops::BitOr for RegexOptions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}
