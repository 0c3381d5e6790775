//! What the checks know of .NET by themselves: exceptions and their bases, attributes and
//! their properties, simple types.

use crate::syntax::ast::{TypeName, TypeNameKind};

/// Exceptions with the exception they derive from, by full name.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "Microsoft.PowerShell.Commands.ServiceCommandException",
        "System.SystemException",
    ),
    (
        "Microsoft.PowerShell.Commands.WriteErrorException",
        "System.SystemException",
    ),
    ("System.AccessViolationException", "System.SystemException"),
    ("System.AggregateException", "System.Exception"),
    ("System.ApplicationException", "System.Exception"),
    ("System.ArgumentException", "System.SystemException"),
    ("System.ArgumentNullException", "System.ArgumentException"),
    (
        "System.ArgumentOutOfRangeException",
        "System.ArgumentException",
    ),
    ("System.ArithmeticException", "System.SystemException"),
    (
        "System.ArrayTypeMismatchException",
        "System.SystemException",
    ),
    ("System.BadImageFormatException", "System.SystemException"),
    (
        "System.Collections.Generic.KeyNotFoundException",
        "System.SystemException",
    ),
    (
        "System.ComponentModel.Win32Exception",
        "System.Runtime.InteropServices.ExternalException",
    ),
    (
        "System.Data.Common.DbException",
        "System.Runtime.InteropServices.ExternalException",
    ),
    ("System.DivideByZeroException", "System.ArithmeticException"),
    ("System.DllNotFoundException", "System.TypeLoadException"),
    (
        "System.EntryPointNotFoundException",
        "System.TypeLoadException",
    ),
    ("System.Exception", "System.Object"),
    ("System.FormatException", "System.SystemException"),
    (
        "System.IO.DirectoryNotFoundException",
        "System.IO.IOException",
    ),
    ("System.IO.DriveNotFoundException", "System.IO.IOException"),
    ("System.IO.EndOfStreamException", "System.IO.IOException"),
    ("System.IO.FileFormatException", "System.FormatException"),
    ("System.IO.FileLoadException", "System.IO.IOException"),
    ("System.IO.FileNotFoundException", "System.IO.IOException"),
    ("System.IO.IOException", "System.SystemException"),
    ("System.IO.InvalidDataException", "System.SystemException"),
    ("System.IO.PathTooLongException", "System.IO.IOException"),
    ("System.IndexOutOfRangeException", "System.SystemException"),
    (
        "System.InsufficientExecutionStackException",
        "System.SystemException",
    ),
    (
        "System.InsufficientMemoryException",
        "System.OutOfMemoryException",
    ),
    ("System.InvalidCastException", "System.SystemException"),
    ("System.InvalidOperationException", "System.SystemException"),
    ("System.InvalidTimeZoneException", "System.Exception"),
    (
        "System.Management.Automation.ActionPreferenceStopException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.CmdletInvocationException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.CmdletProviderInvocationException",
        "System.Management.Automation.CmdletInvocationException",
    ),
    (
        "System.Management.Automation.CommandNotFoundException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.DriveNotFoundException",
        "System.Management.Automation.SessionStateException",
    ),
    (
        "System.Management.Automation.ExtendedTypeSystemException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.GetValueException",
        "System.Management.Automation.ExtendedTypeSystemException",
    ),
    (
        "System.Management.Automation.GetValueInvocationException",
        "System.Management.Automation.GetValueException",
    ),
    (
        "System.Management.Automation.HaltCommandException",
        "System.SystemException",
    ),
    (
        "System.Management.Automation.IncompleteParseException",
        "System.Management.Automation.ParseException",
    ),
    (
        "System.Management.Automation.ItemNotFoundException",
        "System.Management.Automation.SessionStateException",
    ),
    (
        "System.Management.Automation.MetadataException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.MethodException",
        "System.Management.Automation.ExtendedTypeSystemException",
    ),
    (
        "System.Management.Automation.MethodInvocationException",
        "System.Management.Automation.MethodException",
    ),
    (
        "System.Management.Automation.PSArgumentException",
        "System.ArgumentException",
    ),
    (
        "System.Management.Automation.PSArgumentNullException",
        "System.ArgumentNullException",
    ),
    (
        "System.Management.Automation.PSArgumentOutOfRangeException",
        "System.ArgumentOutOfRangeException",
    ),
    (
        "System.Management.Automation.PSInvalidCastException",
        "System.InvalidCastException",
    ),
    (
        "System.Management.Automation.PSInvalidOperationException",
        "System.InvalidOperationException",
    ),
    (
        "System.Management.Automation.PSNotImplementedException",
        "System.NotImplementedException",
    ),
    (
        "System.Management.Automation.PSNotSupportedException",
        "System.NotSupportedException",
    ),
    (
        "System.Management.Automation.PSObjectDisposedException",
        "System.ObjectDisposedException",
    ),
    (
        "System.Management.Automation.PSSecurityException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.ParameterBindingException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.ParseException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.ParsingMetadataException",
        "System.Management.Automation.MetadataException",
    ),
    (
        "System.Management.Automation.PipelineClosedException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.PipelineStoppedException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.PropertyNotFoundException",
        "System.Management.Automation.ExtendedTypeSystemException",
    ),
    (
        "System.Management.Automation.ProviderInvocationException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.ProviderNotFoundException",
        "System.Management.Automation.SessionStateException",
    ),
    (
        "System.Management.Automation.RemoteException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.RuntimeException",
        "System.SystemException",
    ),
    (
        "System.Management.Automation.ScriptBlockToPowerShellNotSupportedException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.ScriptCallDepthException",
        "System.SystemException",
    ),
    (
        "System.Management.Automation.ScriptRequiresException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.SessionStateException",
        "System.Management.Automation.RuntimeException",
    ),
    (
        "System.Management.Automation.SessionStateOverflowException",
        "System.Management.Automation.SessionStateException",
    ),
    (
        "System.Management.Automation.SessionStateUnauthorizedAccessException",
        "System.Management.Automation.SessionStateException",
    ),
    (
        "System.Management.Automation.SetValueException",
        "System.Management.Automation.ExtendedTypeSystemException",
    ),
    (
        "System.Management.Automation.SetValueInvocationException",
        "System.Management.Automation.SetValueException",
    ),
    (
        "System.Management.Automation.ValidationMetadataException",
        "System.Management.Automation.MetadataException",
    ),
    (
        "System.Management.Automation.WildcardPatternException",
        "System.Management.Automation.RuntimeException",
    ),
    ("System.MemberAccessException", "System.SystemException"),
    (
        "System.MissingFieldException",
        "System.MissingMemberException",
    ),
    (
        "System.MissingMemberException",
        "System.MemberAccessException",
    ),
    (
        "System.MissingMethodException",
        "System.MissingMemberException",
    ),
    ("System.Net.Http.HttpRequestException", "System.Exception"),
    (
        "System.Net.NetworkInformation.PingException",
        "System.InvalidOperationException",
    ),
    (
        "System.Net.ProtocolViolationException",
        "System.InvalidOperationException",
    ),
    (
        "System.Net.Sockets.SocketException",
        "System.ComponentModel.Win32Exception",
    ),
    (
        "System.Net.WebException",
        "System.InvalidOperationException",
    ),
    (
        "System.NotFiniteNumberException",
        "System.ArithmeticException",
    ),
    ("System.NotImplementedException", "System.SystemException"),
    ("System.NotSupportedException", "System.SystemException"),
    ("System.NullReferenceException", "System.SystemException"),
    (
        "System.ObjectDisposedException",
        "System.InvalidOperationException",
    ),
    (
        "System.OperationCanceledException",
        "System.SystemException",
    ),
    ("System.OutOfMemoryException", "System.SystemException"),
    ("System.OverflowException", "System.ArithmeticException"),
    (
        "System.PlatformNotSupportedException",
        "System.NotSupportedException",
    ),
    ("System.RankException", "System.SystemException"),
    (
        "System.Reflection.TargetInvocationException",
        "System.ApplicationException",
    ),
    (
        "System.Runtime.InteropServices.COMException",
        "System.Runtime.InteropServices.ExternalException",
    ),
    (
        "System.Runtime.InteropServices.ExternalException",
        "System.SystemException",
    ),
    (
        "System.Runtime.Serialization.SerializationException",
        "System.SystemException",
    ),
    (
        "System.Security.Authentication.AuthenticationException",
        "System.SystemException",
    ),
    (
        "System.Security.Cryptography.CryptographicException",
        "System.SystemException",
    ),
    (
        "System.Security.SecurityException",
        "System.SystemException",
    ),
    ("System.StackOverflowException", "System.SystemException"),
    ("System.SystemException", "System.Exception"),
    ("System.Text.Json.JsonException", "System.Exception"),
    (
        "System.Text.RegularExpressions.RegexParseException",
        "System.ArgumentException",
    ),
    (
        "System.Threading.AbandonedMutexException",
        "System.SystemException",
    ),
    (
        "System.Threading.SynchronizationLockException",
        "System.SystemException",
    ),
    (
        "System.Threading.Tasks.TaskCanceledException",
        "System.OperationCanceledException",
    ),
    ("System.TimeZoneNotFoundException", "System.Exception"),
    ("System.TimeoutException", "System.SystemException"),
    (
        "System.TypeInitializationException",
        "System.TypeLoadException",
    ),
    ("System.TypeLoadException", "System.SystemException"),
    (
        "System.UnauthorizedAccessException",
        "System.SystemException",
    ),
    ("System.UriFormatException", "System.FormatException"),
    ("System.Xml.XmlException", "System.SystemException"),
];

/// The full name of an exception written with or without `System.`, with the namespaces in use.
pub(super) fn exception(name: &str, namespaces: &[&str]) -> Option<&'static str> {
    let same = |full: &str, prefix: &str| {
        let rest = match prefix {
            "" => Some(full),
            _ => full
                .get(..prefix.len())
                .filter(|p| p.eq_ignore_ascii_case(prefix))
                .and_then(|_| full.get(prefix.len()..))
                .and_then(|rest| rest.strip_prefix('.')),
        };
        rest.is_some_and(|r| r.eq_ignore_ascii_case(name))
    };
    EXCEPTIONS.iter().map(|(full, _)| *full).find(|full| {
        same(full, "") || same(full, "System") || namespaces.iter().any(|n| same(full, n))
    })
}

/// Whether one exception is another or derives from it.
pub(super) fn is_exception_or_derived(mut name: &str, base: &str) -> bool {
    loop {
        if name == base {
            return true;
        }
        match EXCEPTIONS.iter().find(|(full, _)| *full == name) {
            Some((_, next)) => name = next,
            None => return false,
        }
    }
}

/// Attributes with their class and the properties that may be named.
const ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("Alias", "System.Management.Automation.AliasAttribute", ""),
    (
        "AllowEmptyCollection",
        "System.Management.Automation.AllowEmptyCollectionAttribute",
        "",
    ),
    (
        "AllowEmptyString",
        "System.Management.Automation.AllowEmptyStringAttribute",
        "",
    ),
    (
        "AllowNull",
        "System.Management.Automation.AllowNullAttribute",
        "",
    ),
    (
        "ArgumentCompleter",
        "System.Management.Automation.ArgumentCompleterAttribute",
        "",
    ),
    (
        "ArgumentCompletions",
        "System.Management.Automation.ArgumentCompletionsAttribute",
        "",
    ),
    (
        "CmdletBinding",
        "System.Management.Automation.CmdletBindingAttribute",
        "PositionalBinding, DefaultParameterSetName, SupportsShouldProcess, SupportsPaging, SupportsTransactions, ConfirmImpact, HelpUri, RemotingCapability",
    ),
    (
        "Cmdlet",
        "System.Management.Automation.CmdletAttribute",
        "NounName, VerbName, DefaultParameterSetName, SupportsShouldProcess, SupportsPaging, SupportsTransactions, ConfirmImpact, HelpUri, RemotingCapability",
    ),
    (
        "Credential",
        "System.Management.Automation.CredentialAttribute",
        "",
    ),
    (
        "DscLocalConfigurationManager",
        "System.Management.Automation.DscLocalConfigurationManagerAttribute",
        "",
    ),
    (
        "DscProperty",
        "System.Management.Automation.DscPropertyAttribute",
        "Key, Mandatory, NotConfigurable",
    ),
    (
        "DscResource",
        "System.Management.Automation.DscResourceAttribute",
        "RunAsCredential",
    ),
    (
        "Experimental",
        "System.Management.Automation.ExperimentalAttribute",
        "",
    ),
    ("Flags", "System.FlagsAttribute", ""),
    (
        "Obsolete",
        "System.ObsoleteAttribute",
        "DiagnosticId, UrlFormat",
    ),
    (
        "OutputType",
        "System.Management.Automation.OutputTypeAttribute",
        "ProviderCmdlet, ParameterSetName",
    ),
    (
        "PSDefaultValue",
        "System.Management.Automation.PSDefaultValueAttribute",
        "Value, Help",
    ),
    (
        "Parameter",
        "System.Management.Automation.ParameterAttribute",
        "Position, ParameterSetName, Mandatory, ValueFromPipeline, ValueFromPipelineByPropertyName, ValueFromRemainingArguments, HelpMessage, HelpMessageBaseName, HelpMessageResourceId, DontShow",
    ),
    (
        "SupportsWildcards",
        "System.Management.Automation.SupportsWildcardsAttribute",
        "",
    ),
    (
        "ValidateCount",
        "System.Management.Automation.ValidateCountAttribute",
        "",
    ),
    (
        "ValidateDrive",
        "System.Management.Automation.ValidateDriveAttribute",
        "",
    ),
    (
        "ValidateLength",
        "System.Management.Automation.ValidateLengthAttribute",
        "",
    ),
    (
        "ValidateNotNull",
        "System.Management.Automation.ValidateNotNullAttribute",
        "",
    ),
    (
        "ValidateNotNullOrEmpty",
        "System.Management.Automation.ValidateNotNullOrEmptyAttribute",
        "",
    ),
    (
        "ValidateNotNullOrWhiteSpace",
        "System.Management.Automation.ValidateNotNullOrWhiteSpaceAttribute",
        "",
    ),
    (
        "ValidatePattern",
        "System.Management.Automation.ValidatePatternAttribute",
        "Options, ErrorMessage",
    ),
    (
        "ValidateRange",
        "System.Management.Automation.ValidateRangeAttribute",
        "",
    ),
    (
        "ValidateScript",
        "System.Management.Automation.ValidateScriptAttribute",
        "ErrorMessage",
    ),
    (
        "ValidateSet",
        "System.Management.Automation.ValidateSetAttribute",
        "ErrorMessage, IgnoreCase",
    ),
    (
        "ValidateTrustedData",
        "System.Management.Automation.ValidateTrustedDataAttribute",
        "",
    ),
    (
        "ValidateUserDrive",
        "System.Management.Automation.ValidateUserDriveAttribute",
        "",
    ),
];

/// An attribute's class name and its properties, by any spelling of its name.
pub(super) fn attribute(name: &str) -> Option<(&'static str, &'static str)> {
    let short = name.rsplit('.').next().unwrap_or(name);
    ATTRIBUTES
        .iter()
        .find(|(word, full, _)| {
            let long = full.rsplit('.').next().unwrap_or(full);
            (word.eq_ignore_ascii_case(short) || long.eq_ignore_ascii_case(short))
                && (short.len() == name.len() || full.to_lowercase().starts_with(&namespace(name)))
        })
        .map(|(_, full, properties)| (*full, *properties))
}

/// The declarations that an attribute is meant for, as `AttributeTargets` names them; `None` when it fits all.
pub(super) fn targets(class: &str) -> Option<&'static str> {
    let own = class.strip_prefix("System.Management.Automation.");
    Some(match (class, own) {
        ("System.FlagsAttribute", _) => "Enum",
        (_, Some("AliasAttribute")) => "Class, Property, Field",
        (
            _,
            Some(
                "CmdletAttribute"
                | "CmdletBindingAttribute"
                | "OutputTypeAttribute"
                | "DscResourceAttribute"
                | "DscLocalConfigurationManagerAttribute",
            ),
        ) => "Class",
        (_, Some(name))
            if name.starts_with("Validate")
                || name.starts_with("Allow")
                || [
                    "ParameterAttribute",
                    "SupportsWildcardsAttribute",
                    "PSDefaultValueAttribute",
                    "ArgumentCompleterAttribute",
                    "DscPropertyAttribute",
                ]
                .contains(&name) =>
        {
            "Property, Field"
        }
        _ => return None,
    })
}

/// The kinds of range that stand for limits.
pub(super) const RANGE_KINDS: [&str; 4] = ["Positive", "NonNegative", "Negative", "NonPositive"];

/// The types of the arguments that an attribute's constructors take; `None` when that is not known.
pub(super) fn constructors(name: &str) -> Option<&'static [&'static [&'static str]]> {
    let (class, _) = attribute(name)?;
    let short = class.rsplit('.').next().unwrap_or(class);
    Some(match short {
        "ValidateLengthAttribute" | "ValidateCountAttribute" => &[&["int", "int"]],
        "ValidatePatternAttribute" => &[&["string"]],
        "ValidateRangeAttribute" => &[
            &["System.Management.Automation.ValidateRangeKind"],
            &["System.Object", "System.Object"],
        ],
        "ValidateNotNullAttribute"
        | "ValidateNotNullOrEmptyAttribute"
        | "ValidateNotNullOrWhiteSpaceAttribute"
        | "AllowNullAttribute"
        | "AllowEmptyStringAttribute"
        | "AllowEmptyCollectionAttribute" => &[&[]],
        _ => return None,
    })
}

fn namespace(name: &str) -> String {
    match name.rfind('.') {
        Some(dot) => name[..=dot].to_lowercase(),
        None => String::new(),
    }
}

/// Types of single values, which data sections may convert to.
pub(super) fn is_simple_type(name: &TypeName) -> bool {
    const NAMES: [&str; 24] = [
        "bool", "boolean", "char", "sbyte", "byte", "short", "int16", "ushort", "uint16", "int",
        "int32", "uint", "uint32", "long", "int64", "ulong", "uint64", "float", "single", "double",
        "decimal", "datetime", "string", "dbnull",
    ];
    match &name.kind {
        TypeNameKind::Simple(text) => {
            let lower = text.to_lowercase();
            let short = lower.strip_prefix("system.").unwrap_or(&lower);
            NAMES.contains(&short)
        }
        TypeNameKind::Array { element, .. } => is_simple_type(element),
        TypeNameKind::Generic { .. } => false,
    }
}

/// Whether the name is that of a type, in its short and its long form.
pub(super) fn is_type(name: &TypeName, short: &str, long: &str) -> bool {
    matches!(&name.kind, TypeNameKind::Simple(text)
        if text.eq_ignore_ascii_case(short) || text.eq_ignore_ascii_case(long))
}

/// `[ref]`
pub(super) fn is_reference(name: &TypeName) -> bool {
    is_type(name, "ref", "System.Management.Automation.PSReference")
}

/// `[void]`
pub(super) fn is_void(name: &TypeName) -> bool {
    is_type(name, "void", "System.Void")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_know_their_bases() {
        let base = exception("Exception", &[]).expect("Exception");
        let divide = exception("system.dividebyzeroexception", &[]).expect("DivideByZero");
        assert!(is_exception_or_derived(divide, base));
        assert!(!is_exception_or_derived(base, divide));
        assert!(exception("IOException", &["System.IO"]).is_some());
        assert_eq!(exception("IOException", &[]), None);
    }

    #[test]
    fn attributes_have_properties() {
        assert!(attribute("parameterattribute").is_some_and(|a| a.1.contains("Mandatory")));
        assert!(attribute("Nope").is_none());
    }
}
