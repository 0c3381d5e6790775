//! Regular expressions and wildcards as .NET and PowerShell read them.
pub mod regex;
pub mod wildcard;

pub use regex::{MatchFailure, Regex, RegexError, RegexOptions};
pub use wildcard::{WildcardError, WildcardPattern};
