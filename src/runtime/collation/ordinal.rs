//! Comparison by code unit, and the simple case mappings behind it.
//!
//! .NET compares ordinally by UTF-16 code unit, so a character beyond the
//! Basic Multilingual Plane sorts as its surrogates do: before U+E000.
use std::borrow::Cow;
use std::cmp::Ordering;

/// The simple upper-case form of a character in the invariant culture.
///
/// Characters whose upper-case form takes several characters keep their own
/// form, and so do dotless i and long s, which would otherwise fall together
/// with an ASCII letter.
pub fn upper_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    if matches!(c, '\u{131}' | '\u{17f}') {
        return c;
    }
    single(c.to_uppercase(), c)
}

/// The simple lower-case form of a character in the invariant culture.
pub fn lower_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    single(c.to_lowercase(), c)
}

fn single(mut mapped: impl Iterator<Item = char>, otherwise: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => otherwise,
    }
}

/// Compares two texts by UTF-16 code unit.
pub fn compare_ordinal(a: &str, b: &str) -> Ordering {
    compare_mapped(a, b, |c| c)
}

/// Compares two texts by the code units of their upper-case forms.
pub fn compare_ordinal_ignore_case(a: &str, b: &str) -> Ordering {
    compare_mapped(a, b, upper_char)
}

fn compare_mapped(a: &str, b: &str, map: impl Fn(char) -> char) -> Ordering {
    let mut left = a.chars();
    let mut right = b.chars();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => {
                let (x, y) = (map(x), map(y));
                if x != y {
                    return unit_rank(x).cmp(&unit_rank(y));
                }
            }
        }
    }
}

/// Orders characters as their UTF-16 code units do: the surrogates
/// (U+D800 to U+DFFF) come before U+E000.
fn unit_rank(c: char) -> (u32, u32) {
    let code = c as u32;
    if code > 0xFFFF {
        (0xD800, code)
    } else {
        (code, 0)
    }
}

/// The form in which a name is kept as a key of a dictionary that ignores
/// letter case: equal keys are exactly the texts that differ in letter case alone, by code unit.
/// Borrows when the text is in that form already.
pub fn fold_key(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    if text.chars().all(|c| fold_char(c) == c) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(fold_char).collect())
    }
}

fn fold_char(c: char) -> char {
    if c.is_ascii() {
        c.to_ascii_lowercase()
    } else {
        upper_char(c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_fold_case_only() {
        assert!(matches!(fold_key("abc-1"), Cow::Borrowed("abc-1")));
        assert_eq!(fold_key("AbC"), "abc");
        assert_eq!(fold_key("Ärger"), fold_key("äRGER"));
        assert_ne!(fold_key("ß"), fold_key("ss"));
        assert_ne!(fold_key("ı"), fold_key("i"));
    }

    #[test]
    fn ordinal_order_is_by_utf16_unit() {
        assert_eq!(compare_ordinal("a", "B"), Ordering::Greater);
        assert_eq!(compare_ordinal_ignore_case("a", "B"), Ordering::Less);
        assert_eq!(compare_ordinal("\u{1F600}", "\u{FF21}"), Ordering::Less);
        assert_eq!(compare_ordinal("ab", "a"), Ordering::Greater);
        assert_eq!(compare_ordinal_ignore_case("_", "a"), Ordering::Greater);
    }
}
