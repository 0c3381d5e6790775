//! PowerShell wildcards: `*`, `?`, `[a-c]`, `[abc]`, with the backtick as
//! escape character.
//!
//! A pattern without special characters is compared linguistically, and so is
//! the part before a single `*` at the end; every other pattern goes by
//! UTF-16 code unit. Both as PowerShell has it.
use crate::host::interrupted;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::runtime::collation::{self, lower_char, upper_char};

/// A wildcard pattern, read once and matched often.
#[derive(Debug, Clone)]
pub struct WildcardPattern {
    source: Box<str>,
    ignore_case: bool,
    kind: Kind,
}

/// A pattern that cannot be read: a bracket that does not close, or a range
/// whose ends are in reverse order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WildcardError {
    /// The pattern as it was given.
    pub pattern: String,
}

impl fmt::Display for WildcardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The specified wildcard character pattern is not valid: {}",
            self.pattern
        )
    }
}

impl std::error::Error for WildcardError {}

#[derive(Debug, Clone)]
enum Kind {
    /// `*` alone.
    All,
    /// Nothing special in it: equality.
    Literal,
    /// A literal and `*`; holds the length of the literal.
    Prefix(usize),
    /// One `*` with elements on both sides, which lie at fixed places.
    OneStar(Box<[Element]>, Box<[Element]>),
    /// Anything else.
    General(Box<[Element]>),
}

#[derive(Debug, Clone, PartialEq)]
enum Element {
    Literal(u16),
    Any,
    Star,
    Bracket(Box<[Span]>),
}

/// What a bracket may hold: a character or a range of them.
type Span = (u16, u16);

/// Patterns by text and whether case is ignored.
type Cache = FxHashMap<(Box<str>, bool), Rc<WildcardPattern>>;

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// How many patterns are kept.
const CACHE_SIZE: usize = 256;

impl WildcardPattern {
    /// Reads a pattern, or finds it read already.
    pub fn cached(pattern: &str, ignore_case: bool) -> Result<Rc<Self>, WildcardError> {
        let key = (Box::<str>::from(pattern), ignore_case);
        if let Some(known) = CACHE.with_borrow(|cache| cache.get(&key).cloned()) {
            return Ok(known);
        }
        let read = Rc::new(Self::new(pattern, ignore_case)?);
        CACHE.with_borrow_mut(|cache| {
            if cache.len() >= CACHE_SIZE {
                cache.clear();
            }
            cache.insert(key, read.clone());
        });
        Ok(read)
    }

    /// Reads a pattern.
    pub fn new(pattern: &str, ignore_case: bool) -> Result<Self, WildcardError> {
        Ok(Self {
            source: pattern.into(),
            ignore_case,
            kind: read_kind(pattern, ignore_case)?,
        })
    }

    /// The pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.source
    }

    /// Whether letter case is ignored.
    pub fn ignores_case(&self) -> bool {
        self.ignore_case
    }

    /// Whether the whole of `text` fits the pattern.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.kind {
            Kind::All => true,
            Kind::Literal => collation::equals(text, &self.source, self.ignore_case),
            Kind::Prefix(length) => {
                let prefix = self.source.get(..*length).unwrap_or_default();
                collation::starts_with(text, prefix, self.ignore_case)
            }
            Kind::OneStar(head, tail) => {
                if text.is_ascii() {
                    match_one_star(head, tail, text.as_bytes(), self.ignore_case)
                } else {
                    let units: Vec<u16> = text.encode_utf16().collect();
                    match_one_star(head, tail, &units, self.ignore_case)
                }
            }
            Kind::General(elements) => {
                if text.is_ascii() {
                    match_general(elements, text.as_bytes(), self.ignore_case)
                } else {
                    let units: Vec<u16> = text.encode_utf16().collect();
                    match_general(elements, &units, self.ignore_case)
                }
            }
        }
    }

    /// The regular expression that matches the same texts (to be used with
    /// the option Singleline, and IgnoreCase where case is ignored).
    pub fn to_regex(&self) -> String {
        // A pattern that was read once is read again without error.
        let elements = parse(&self.source, false).unwrap_or_default();
        to_regex(&elements)
    }

    /// Whether a text holds a wildcard character that is not escaped.
    pub fn contains_wildcards(text: &str) -> bool {
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if is_wildcard(c) {
                return true;
            }
            if c == '`' {
                chars.next();
            }
        }
        false
    }

    /// Escapes a text so that as a pattern it matches itself.
    pub fn escape(text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 4);
        for c in text.chars() {
            if is_wildcard(c) || c == '`' {
                out.push('`');
            }
            out.push(c);
        }
        out
    }

    /// Takes the escapes before wildcard characters out of a text.
    pub fn unescape(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut escaped = false;
        for c in text.chars() {
            if c == '`' && !escaped {
                escaped = true;
                continue;
            }
            if escaped && c != '`' && !is_wildcard(c) {
                out.push('`');
            }
            out.push(c);
            escaped = false;
        }
        if escaped {
            out.push('`');
        }
        out
    }
}

fn is_wildcard(c: char) -> bool {
    matches!(c, '*' | '?' | '[' | ']')
}

fn read_kind(pattern: &str, ignore_case: bool) -> Result<Kind, WildcardError> {
    if pattern == "*" {
        return Ok(Kind::All);
    }
    match pattern.find(|c| is_wildcard(c) || c == '`') {
        None => return Ok(Kind::Literal),
        Some(at) if at + 1 == pattern.len() && pattern.ends_with('*') => {
            return Ok(Kind::Prefix(at));
        }
        Some(_) => {}
    }
    let elements = parse(pattern, ignore_case).ok_or_else(|| WildcardError {
        pattern: pattern.to_owned(),
    })?;
    let mut stars = elements
        .iter()
        .enumerate()
        .filter(|(_, e)| **e == Element::Star);
    Ok(match (stars.next(), stars.next()) {
        (Some((at, _)), None) => Kind::OneStar(elements[..at].into(), elements[at + 1..].into()),
        _ => Kind::General(elements.into()),
    })
}

/// Reads the elements of a pattern; none if it is not valid.
fn parse(pattern: &str, ignore_case: bool) -> Option<Vec<Element>> {
    let fold = |unit: u16| if ignore_case { fold_unit(unit) } else { unit };
    let mut elements = Vec::new();
    // Inside brackets: the units so far, with whether each is a range dash.
    let mut bracket: Option<Vec<(u16, bool)>> = None;
    let mut escaped = false;
    for unit in pattern.encode_utf16() {
        let c = u8::try_from(unit).map_or('\0', char::from);
        let is_escape = c == '`' && !escaped;
        if let Some(items) = &mut bracket {
            if c == ']' && !items.is_empty() && !escaped {
                elements.push(Element::Bracket(read_bracket(items)?));
                bracket = None;
            } else if !is_escape {
                items.push((unit, c == '-' && !escaped));
            }
        } else if !is_escape {
            match c {
                '*' if !escaped => {
                    if elements.last() != Some(&Element::Star) {
                        elements.push(Element::Star);
                    }
                }
                '?' if !escaped => elements.push(Element::Any),
                '[' if !escaped => bracket = Some(Vec::new()),
                _ => elements.push(Element::Literal(fold(unit))),
            }
        }
        escaped = is_escape;
    }
    if bracket.is_some() {
        return None;
    }
    // An escape with nothing after it stands for itself, unless it is alone.
    if escaped && pattern != "`" {
        elements.push(Element::Literal(u16::from(b'`')));
    }
    Some(elements)
}

fn read_bracket(items: &[(u16, bool)]) -> Option<Box<[Span]>> {
    let mut spans = Vec::new();
    let mut rest = items;
    loop {
        rest = match rest {
            [] => return Some(spans.into()),
            [(low, _), (_, true), (high, _), tail @ ..] => {
                if low > high {
                    return None;
                }
                spans.push((*low, *high));
                tail
            }
            [(unit, _), tail @ ..] => {
                spans.push((*unit, *unit));
                tail
            }
        };
    }
}

fn fold_unit(unit: u16) -> u16 {
    map_unit(unit, lower_char)
}

fn map_unit(unit: u16, map: impl Fn(char) -> char) -> u16 {
    if let Ok(byte @ 0..=0x7f) = u8::try_from(unit) {
        return u16::from(map(char::from(byte)) as u8);
    }
    match char::from_u32(u32::from(unit)) {
        Some(c) => u16::try_from(u32::from(map(c))).unwrap_or(unit),
        None => unit,
    }
}

impl Element {
    /// Whether one code unit fits; a star is not asked.
    fn fits(&self, unit: u16, ignore_case: bool) -> bool {
        match self {
            Element::Literal(wanted) => {
                *wanted == unit || ignore_case && *wanted == fold_unit(unit)
            }
            Element::Any | Element::Star => true,
            Element::Bracket(spans) => {
                let within = |u: u16| spans.iter().any(|(low, high)| (*low..=*high).contains(&u));
                within(unit)
                    || ignore_case
                        && (within(fold_unit(unit)) || within(map_unit(unit, upper_char)))
            }
        }
    }
}

/// `text` and `elements` have the same length and fit at every place.
fn fits_all<T: Copy + Into<u16>>(elements: &[Element], text: &[T], ignore_case: bool) -> bool {
    elements
        .iter()
        .zip(text)
        .all(|(element, unit)| element.fits((*unit).into(), ignore_case))
}

fn match_one_star<T: Copy + Into<u16>>(
    head: &[Element],
    tail: &[Element],
    text: &[T],
    ignore_case: bool,
) -> bool {
    if text.len() < head.len() + tail.len() {
        return false;
    }
    let (start, rest) = text.split_at(head.len());
    let end = rest.get(rest.len() - tail.len()..).unwrap_or_default();
    fits_all(head, start, ignore_case) && fits_all(tail, end, ignore_case)
}

/// How many units are passed between two looks at Ctrl-C.
const HEED: usize = 1 << 14;

/// Matches with any number of stars. Only the last star seen needs to be
/// tried again: what an earlier one took can stay as it is.
fn match_general<T: Copy + Into<u16>>(elements: &[Element], text: &[T], ignore_case: bool) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (elements.get(next), text.get(at)) {
            (Some(Element::Star), _) => {
                next += 1;
                if next == elements.len() {
                    return true;
                }
                retry = Some((next, at));
                continue;
            }
            (Some(element), Some(unit)) if element.fits((*unit).into(), ignore_case) => {
                next += 1;
                at += 1;
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        match retry {
            // Whoever asked stops as well.
            Some(_) if at % HEED == 0 && interrupted() => return false,
            Some((after_star, taken)) if taken < text.len() => {
                retry = Some((after_star, taken + 1));
                next = after_star;
                at = taken + 1;
            }
            _ => return false,
        }
    }
}

fn to_regex(elements: &[Element]) -> String {
    let mut units: Vec<u16> = Vec::new();
    let push = |units: &mut Vec<u16>, text: &str| units.extend(text.encode_utf16());
    let all_stars = |part: &[Element]| matches!(part, [Element::Star]);
    if all_stars(elements) {
        return String::new();
    }
    let (mut body, mut open_start, mut open_end) = (elements, false, false);
    if let [Element::Star, rest @ ..] = body {
        (body, open_start) = (rest, true);
    }
    if let [rest @ .., Element::Star] = body {
        (body, open_end) = (rest, true);
    }
    if !open_start {
        push(&mut units, "^");
    }
    for element in body {
        match element {
            Element::Literal(unit) => push_literal(&mut units, *unit),
            Element::Any => push(&mut units, "."),
            Element::Star => push(&mut units, ".*"),
            Element::Bracket(spans) => {
                push(&mut units, "[");
                for (low, high) in spans {
                    push_bracketed(&mut units, *low);
                    if low != high {
                        push(&mut units, "-");
                        push_bracketed(&mut units, *high);
                    }
                }
                push(&mut units, "]");
            }
        }
    }
    if !open_end {
        push(&mut units, "$");
    }
    String::from_utf16_lossy(&units)
}

fn push_literal(units: &mut Vec<u16>, unit: u16) {
    if u8::try_from(unit).is_ok_and(|b| b"()[.?*{}^$+|\\".contains(&b)) {
        units.push(u16::from(b'\\'));
    }
    units.push(unit);
}

fn push_bracketed(units: &mut Vec<u16>, unit: u16) {
    match u8::try_from(unit) {
        Ok(b'[') => units.push(unit),
        Ok(b']') => units.extend("\\]".encode_utf16()),
        Ok(b'-') => units.extend("\\x2d".encode_utf16()),
        _ => push_literal(units, unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(text: &str, pattern: &str) -> bool {
        WildcardPattern::new(pattern, true).unwrap().is_match(text)
    }

    #[test]
    fn patterns_match_the_whole_text() {
        for (text, pattern, expected) in [
            ("abc", "a*", true),
            ("abc", "?b?", true),
            ("abc", "[a-c]bc", true),
            ("abc", "[xyz]bc", false),
            ("a*c", "a`*c", true),
            ("abc", "a`*c", false),
            ("abc", "b", false),
            ("ABC", "abc", true),
            ("", "", true),
            ("", "*", true),
            ("xbc", "*bc", true),
            ("bc", "*bc", true),
            ("a]", "a]", true),
            ("a[b", "a`[b", true),
            ("a\nb", "a*b", true),
            ("[", "[[]", true),
            ("-", "[a-]", true),
            ("b", "[!a]", false),
            ("!", "[!a]", true),
            ("b", "[^a]", false),
            ("]", "[]]", true),
            ("Ä", "ä", true),
            ("xÄx", "*ä*", true),
            ("abcbd", "*b?d*", false),
            ("abcbd", "*b*d*", true),
            ("aXbXc", "a*x*c", true),
            ("B", "[a-c]", true),
            ("sales.contoso.com", "*.contoso.*", true),
            ("pool01", "pool??", true),
            ("pool1", "pool??", false),
            ("`", "``", true),
            ("a\0b", "ab", true),
            ("\u{1F600}", "??", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*c", false),
        ] {
            assert_eq!(like(text, pattern), expected, "{text:?} -like {pattern:?}");
        }
        let sensitive = WildcardPattern::new("A*c", false).unwrap();
        assert!(!sensitive.is_match("abc"));
        assert!(sensitive.is_match("Abc"));
    }

    #[test]
    fn invalid_patterns_say_so() {
        for pattern in ["[", "[b", "[]", "a[z-a]", "*["] {
            let error = WildcardPattern::new(pattern, true).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("The specified wildcard character pattern is not valid: {pattern}")
            );
        }
    }

    #[test]
    fn escapes_are_reversible() {
        assert_eq!(WildcardPattern::escape("q[a].txt"), "q`[a`].txt");
        assert_eq!(WildcardPattern::escape("a`b*"), "a``b`*");
        assert_eq!(WildcardPattern::unescape("q`[a`].txt"), "q[a].txt");
        assert_eq!(WildcardPattern::unescape("a`b`"), "a`b`");
        assert!(WildcardPattern::contains_wildcards("a*"));
        assert!(!WildcardPattern::contains_wildcards("a`*"));
    }

    #[test]
    fn regex_form() {
        for (pattern, regex) in [
            ("*", ""),
            ("*foo*", "foo"),
            ("foo", "^foo$"),
            ("foo*bar", "^foo.*bar$"),
            ("foo`*bar", "^foo\\*bar$"),
            ("a?[b-d]", "^a.[b-d]$"),
        ] {
            let pattern = WildcardPattern::new(pattern, true).unwrap();
            assert_eq!(pattern.to_regex(), regex);
        }
    }
}
