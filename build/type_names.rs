//! Type names as declarations may write them: accelerators become full names.

use crate::known::accelerators;

/// The full name of a declared type; nothing for a short name that is no
/// accelerator, or for a name that is not well formed.
pub fn full_name(declared: &str) -> Option<String> {
    if let Some(underlying) = declared.strip_suffix('?') {
        return Some(format!("System.Nullable[{}]", full_name(underlying)?));
    }
    let element = declared.trim_end_matches("[]");
    let suffix = &declared[element.len()..];
    if element == "object" {
        return Some(format!("System.Object{suffix}"));
    }
    if let Some((_, full, _)) = accelerators().find(|(short, ..)| *short == element) {
        return Some(format!("{full}{suffix}"));
    }
    let well_formed = element.contains('.')
        && element
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._`[],+#".contains(c));
    well_formed.then(|| declared.to_string())
}
