//! Linguistic comparison of text, as the invariant culture does it.
//!
//! The order is that of the Unicode root collation: blanks, punctuation,
//! symbols, digits, letters; accents decide after letters, and lower case
//! comes before upper case last of all. Nothing is skipped but characters
//! without weight (NUL, other controls, the soft hyphen).
//!
//! Pure ASCII text, nearly everything a script compares, is decided by a
//! table here; the rest goes to a collator that is built on first use.
use std::cmp::Ordering;
use std::ops::Range;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};

pub mod ordinal;

pub use ordinal::{compare_ordinal, compare_ordinal_ignore_case, fold_key, lower_char, upper_char};

/// ASCII in the order of its primary weights; letters follow in lower case.
const ORDER: &[u8] = b"\t\n\x0b\x0c\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// Primary weight by ASCII code; 0 has no weight at all. Both cases of a
/// letter share one.
static WEIGHTS: [u8; 128] = weights();

const fn weights() -> [u8; 128] {
    let mut table = [0u8; 128];
    let mut i = 0;
    while i < ORDER.len() {
        table[ORDER[i] as usize] = i as u8 + 1;
        i += 1;
    }
    let mut letter = 0;
    while letter < 26 {
        let weight = (ORDER.len() + letter + 1) as u8;
        table[b'a' as usize + letter] = weight;
        table[b'A' as usize + letter] = weight;
        letter += 1;
    }
    table
}

fn weight(byte: u8) -> u8 {
    WEIGHTS.get(byte as usize).copied().unwrap_or(0)
}

thread_local! {
    static TERTIARY: Option<CollatorBorrowed<'static>> = root_collator(Strength::Tertiary);
    static SECONDARY: Option<CollatorBorrowed<'static>> = root_collator(Strength::Secondary);
}

fn root_collator(strength: Strength) -> Option<CollatorBorrowed<'static>> {
    let mut options = CollatorOptions::default();
    options.strength = Some(strength);
    CollatorBorrowed::try_new(CollatorPreferences::default(), options).ok()
}

/// Compares two texts in linguistic order.
pub fn compare(a: &str, b: &str, ignore_case: bool) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if a.is_ascii() && b.is_ascii() {
        return compare_ascii(a.as_bytes(), b.as_bytes(), ignore_case);
    }
    compare_unicode(a, b, ignore_case)
}

/// Whether two texts are linguistically equal.
pub fn equals(a: &str, b: &str, ignore_case: bool) -> bool {
    if a == b {
        return true;
    }
    if a.is_ascii() && b.is_ascii() {
        if a.len() == b.len() && ignore_case && a.eq_ignore_ascii_case(b) {
            return true;
        }
        return compare_ascii(a.as_bytes(), b.as_bytes(), ignore_case) == Ordering::Equal;
    }
    compare_unicode(a, b, ignore_case) == Ordering::Equal
}

fn compare_ascii(a: &[u8], b: &[u8], ignore_case: bool) -> Ordering {
    // What both begin with decides nothing.
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (
        a.get(same..).unwrap_or_default(),
        b.get(same..).unwrap_or_default(),
    );
    let mut left = a.iter().filter(|x| weight(**x) != 0);
    let mut right = b.iter().filter(|x| weight(**x) != 0);
    let mut case = Ordering::Equal;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return if ignore_case { Ordering::Equal } else { case },
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => {
                let primary = weight(*x).cmp(&weight(*y));
                if primary != Ordering::Equal {
                    return primary;
                }
                if case == Ordering::Equal {
                    // A capital has the smaller code, but comes after.
                    case = y.cmp(x);
                }
            }
        }
    }
}

fn compare_unicode(a: &str, b: &str, ignore_case: bool) -> Ordering {
    let collator = if ignore_case { &SECONDARY } else { &TERTIARY };
    let order = collator.with(|collator| match collator {
        Some(collator) => collator.compare(a, b),
        None if ignore_case => compare_ordinal_ignore_case(a, b),
        None => compare_ordinal(a, b),
    });
    if order == Ordering::Equal && ignore_case {
        // Ignoring case must not make wide letters equal to narrow ones, nor
        // the two kana scripts to each other.
        return variants(a).cmp(variants(b));
    }
    order
}

/// The width and kana forms in a text, in order of appearance.
fn variants(text: &str) -> impl Iterator<Item = u8> {
    text.chars().filter_map(|c| match c {
        '\u{3041}'..='\u{309F}' => Some(0),
        '\u{30A1}'..='\u{30FF}' => Some(1),
        '\u{FF61}'..='\u{FF9F}' => Some(2),
        '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' => Some(3),
        _ => None,
    })
}

/// Whether `text` begins linguistically with `prefix`.
pub fn starts_with(text: &str, prefix: &str, ignore_case: bool) -> bool {
    if is_plain(text) && is_plain(prefix) {
        return text
            .get(..prefix.len())
            .is_some_and(|head| plain_equals(head, prefix, ignore_case));
    }
    prefix_at(text, 0, prefix, ignore_case).is_some()
}

/// Whether `text` ends linguistically with `suffix`.
pub fn ends_with(text: &str, suffix: &str, ignore_case: bool) -> bool {
    if is_plain(text) && is_plain(suffix) {
        return text
            .len()
            .checked_sub(suffix.len())
            .and_then(|start| text.get(start..))
            .is_some_and(|tail| plain_equals(tail, suffix, ignore_case));
    }
    if is_weightless(suffix) {
        return true;
    }
    boundaries(text)
        .into_iter()
        .rev()
        .any(|start| splits_no_cluster(text, start) && equals(&text[start..], suffix, ignore_case))
}

/// The first place at or after byte `from` where `value` occurs
/// linguistically, as a range of bytes. Empty and weightless values are found
/// at once, with an empty range.
pub fn index_of(text: &str, value: &str, from: usize, ignore_case: bool) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    if is_plain(rest) && is_plain(value) {
        return plain_index_of(rest, value, ignore_case)
            .map(|at| from + at..from + at + value.len());
    }
    if is_weightless(value) {
        return Some(from..from);
    }
    boundaries(rest).into_iter().find_map(|start| {
        if !splits_no_cluster(rest, start) {
            return None;
        }
        prefix_at(rest, start, value, ignore_case).map(|end| from + start..from + end)
    })
}

/// The last place where `value` occurs linguistically before byte `until`
/// (the whole occurrence lies before it), as a range of bytes.
pub fn last_index_of(
    text: &str,
    value: &str,
    until: usize,
    ignore_case: bool,
) -> Option<Range<usize>> {
    let rest = text.get(..until)?;
    if is_weightless(value) {
        return Some(until..until);
    }
    boundaries(rest).into_iter().rev().find_map(|start| {
        if !splits_no_cluster(rest, start) {
            return None;
        }
        prefix_at(rest, start, value, ignore_case).map(|end| start..end)
    })
}

/// ASCII without characters that need the general rules: no weightless
/// controls, and no line ends, whose pair CR LF counts as one character.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii() && (b >= b' ' && b != 0x7f || b == b'\t'))
}

fn plain_equals(a: &str, b: &str, ignore_case: bool) -> bool {
    if ignore_case {
        a.eq_ignore_ascii_case(b)
    } else {
        a == b
    }
}

fn plain_index_of(text: &str, value: &str, ignore_case: bool) -> Option<usize> {
    if !ignore_case {
        return text.find(value);
    }
    if value.is_empty() {
        return Some(0);
    }
    text.as_bytes()
        .windows(value.len())
        .position(|window| window.eq_ignore_ascii_case(value.as_bytes()))
}

fn is_weightless(text: &str) -> bool {
    equals(text, "", false)
}

/// Every place where a character starts, and the end.
fn boundaries(text: &str) -> Vec<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .chain(std::iter::once(text.len()))
        .collect()
}

/// Whether a match may begin or end here: not between CR and LF, and not
/// between a letter and its combining mark.
fn splits_no_cluster(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    match text[at..].chars().next() {
        Some('\n') => before != Some('\r'),
        Some(c) => before.is_none() || !unicode_normalization::char::is_combining_mark(c),
        None => true,
    }
}

/// Where a linguistic occurrence of `value` that starts at `start` ends.
fn prefix_at(text: &str, start: usize, value: &str, ignore_case: bool) -> Option<usize> {
    if is_weightless(value) {
        return Some(start);
    }
    // An occurrence may be longer than the value (decomposed letters,
    // weightless characters), but not by much.
    let limit = value.chars().count() * 3 + 8;
    let rest = text.get(start..)?;
    rest.char_indices()
        .map(|(at, c)| start + at + c.len_utf8())
        .take(limit)
        .find(|end| splits_no_cluster(text, *end) && equals(&text[start..*end], value, ignore_case))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_table_agrees_with_the_collator() {
        let all: Vec<String> = (0u8..128).map(|b| format!("a{}b", b as char)).collect();
        for a in &all {
            for b in &all {
                for ignore_case in [false, true] {
                    let table = compare_ascii(a.as_bytes(), b.as_bytes(), ignore_case);
                    let icu = compare_unicode(a, b, ignore_case);
                    assert_eq!(table, icu, "{a:?} {b:?} {ignore_case}");
                }
            }
        }
    }

    #[test]
    fn equality_is_linguistic() {
        assert!(equals("abc", "ABC", true));
        assert!(!equals("abc", "ABC", false));
        assert!(equals("a\u{301}", "á", true));
        assert!(equals("a\0b", "ab", true));
        assert!(equals("a\u{ad}b", "ab", true));
        for (a, b) in [
            ("ß", "ss"),
            ("ä", "a"),
            ("i", "İ"),
            ("æ", "ae"),
            ("a", "ａ"),
        ] {
            assert!(!equals(a, b, true), "{a} {b}");
        }
    }

    #[test]
    fn order_is_that_of_the_root_collation() {
        let mut words = vec!["b", "A", "a", "B", "1", "_", "-", "ä", "Z", "."];
        words.sort_by(|a, b| compare(a, b, true));
        assert_eq!(words.concat(), "_-.1AaäbBZ");
        let mut words = ["b", "A", "a", "B"];
        words.sort_by(|a, b| compare(a, b, false));
        assert_eq!(words.concat(), "aAbB");
        for (a, b) in [("a-b", "ab"), ("co-op", "coop"), ("a b", "ab"), ("ä", "b")] {
            assert_eq!(compare(a, b, true), Ordering::Less, "{a} {b}");
        }
        assert_eq!(compare("Z", "a", false), Ordering::Greater);
        assert_eq!(compare("", "a", true), Ordering::Less);
    }

    #[test]
    fn search_is_linguistic() {
        assert_eq!(index_of("banana", "an", 0, false), Some(1..3));
        assert_eq!(index_of("banana", "AN", 2, true), Some(3..5));
        assert_eq!(index_of("banana", "x", 0, true), None);
        assert_eq!(index_of("abc", "", 1, false), Some(1..1));
        assert_eq!(index_of("a\r\nb", "\n", 0, false), None);
        assert_eq!(index_of("a\nb", "\n", 0, false), Some(1..2));
        assert_eq!(index_of("xa\u{301}y", "á", 0, false), Some(1..4));
        assert_eq!(last_index_of("banana", "an", 6, false), Some(3..5));
        assert!(starts_with("Report", "rep", true));
        assert!(!starts_with("Report", "rep", false));
        assert!(starts_with("so\u{ad}ft", "sof", false));
        assert!(ends_with("a.CSV", ".csv", true));
        assert!(ends_with("caf\u{e9}", "e\u{301}", false));
        assert!(!ends_with("", "x", false));
    }
}
