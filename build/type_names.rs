//! Type names as declarations may write them: accelerators become full names.

/// Accelerators that declarations use.
const ACCELERATORS: &[(&str, &str)] = &[
    ("bool", "System.Boolean"),
    ("byte", "System.Byte"),
    ("char", "System.Char"),
    ("cultureinfo", "System.Globalization.CultureInfo"),
    ("datetime", "System.DateTime"),
    ("decimal", "System.Decimal"),
    ("double", "System.Double"),
    ("float", "System.Single"),
    ("guid", "System.Guid"),
    ("hashtable", "System.Collections.Hashtable"),
    ("int", "System.Int32"),
    ("int16", "System.Int16"),
    ("long", "System.Int64"),
    ("object", "System.Object"),
    ("pscredential", "System.Management.Automation.PSCredential"),
    ("psobject", "System.Management.Automation.PSObject"),
    ("regex", "System.Text.RegularExpressions.Regex"),
    ("scriptblock", "System.Management.Automation.ScriptBlock"),
    ("securestring", "System.Security.SecureString"),
    ("string", "System.String"),
    ("switch", "System.Management.Automation.SwitchParameter"),
    ("timespan", "System.TimeSpan"),
    ("type", "System.Type"),
    ("uint", "System.UInt32"),
    ("uint16", "System.UInt16"),
    ("ulong", "System.UInt64"),
    ("uri", "System.Uri"),
    ("version", "System.Version"),
    ("void", "System.Void"),
    ("xml", "System.Xml.XmlDocument"),
];

/// The full name of a declared type; nothing for a short name that is no
/// accelerator, or for a name that is not well formed.
pub fn full_name(declared: &str) -> Option<String> {
    if let Some(underlying) = declared.strip_suffix('?') {
        return Some(format!("System.Nullable[{}]", full_name(underlying)?));
    }
    let element = declared.trim_end_matches("[]");
    let suffix = &declared[element.len()..];
    if let Some((_, full)) = ACCELERATORS.iter().find(|(short, _)| *short == element) {
        return Some(format!("{full}{suffix}"));
    }
    let well_formed = element.contains('.')
        && element
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._`[],+#".contains(c));
    well_formed.then(|| declared.to_string())
}
