//! Regular expressions and wildcards as .NET and PowerShell read them.
pub mod wildcard;

pub use wildcard::{WildcardError, WildcardPattern};
