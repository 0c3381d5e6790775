//! Regular expressions and wildcards as .NET and PowerShell read them.
