//! Character classes: what `[…]`, `\w` and `.` stand for.
use super::casing;
use super::category::{self, Categories, Property};

/// A class while the parser collects it.
#[derive(Debug, Clone, Default)]
pub(super) struct ClassBuilder {
    ranges: Vec<(u16, u16)>,
    categories: Categories,
    pub(super) negate: bool,
    subtract: Option<Box<CharSet>>,
}

/// The shorthand classes, by their lower-case letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shorthand {
    Word,
    Digit,
    Space,
}

/// White space as `char.IsWhiteSpace` has it.
const SPACES: &[(u16, u16)] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0x85, 0x85),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
];
const ECMA_SPACES: &[(u16, u16)] = &[(0x09, 0x0D), (0x20, 0x20)];
const ECMA_DIGITS: &[(u16, u16)] = &[(0x30, 0x39)];
const ECMA_WORDS: &[(u16, u16)] = &[
    (0x30, 0x39),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0x130, 0x130),
];

impl ClassBuilder {
    pub(super) fn add_char(&mut self, unit: u16) {
        self.ranges.push((unit, unit));
    }

    pub(super) fn add_range(&mut self, first: u16, last: u16) {
        self.ranges.push((first, last));
    }

    pub(super) fn add_shorthand(&mut self, what: Shorthand, negate: bool, ecma: bool) {
        let ranges = match (what, ecma) {
            (Shorthand::Word, false) => return self.add_categories(category::WORD, negate),
            (Shorthand::Digit, false) => return self.add_categories(category::DIGIT, negate),
            (Shorthand::Space, false) => SPACES,
            (Shorthand::Word, true) => ECMA_WORDS,
            (Shorthand::Digit, true) => ECMA_DIGITS,
            (Shorthand::Space, true) => ECMA_SPACES,
        };
        self.add_ranges(ranges, negate);
    }

    /// Adds what a name in `\p{…}` stands for; false if there is no such name.
    #[must_use]
    pub(super) fn add_property(&mut self, name: &str, negate: bool, ignore_case: bool) -> bool {
        match category::property(name) {
            None => return false,
            Some(Property::Block(first, last)) => self.add_ranges(&[(first, last)], negate),
            Some(Property::Categories(set)) => {
                let single_case = set & category::CASED == set;
                let set = if ignore_case && single_case {
                    category::CASED
                } else {
                    set
                };
                self.add_categories(set, negate);
            }
        }
        true
    }

    /// Whether single characters that were added are of more than one kind.
    pub(super) fn holds_more_than_one(&self) -> bool {
        self.ranges
            .split_first()
            .is_some_and(|(first, rest)| rest.iter().any(|range| range != first))
    }

    pub(super) fn subtract(&mut self, other: CharSet) {
        self.subtract = Some(Box::new(other));
    }

    fn add_categories(&mut self, set: Categories, negate: bool) {
        self.categories |= if negate { category::ALL & !set } else { set };
    }

    fn add_ranges(&mut self, ranges: &[(u16, u16)], negate: bool) {
        if !negate {
            self.ranges.extend_from_slice(ranges);
            return;
        }
        let mut from = 0u16;
        for (first, last) in ranges {
            if *first > from {
                self.ranges.push((from, first - 1));
            }
            from = last.saturating_add(1);
        }
        self.ranges.push((from, u16::MAX));
    }

    /// Adds everything equivalent to what the ranges hold.
    pub(super) fn add_case_equivalents(&mut self, invariant: bool) {
        let mut more: Vec<(u16, u16)> = Vec::new();
        for (first, last) in &self.ranges {
            if (*first, *last) == (0, u16::MAX) {
                continue;
            }
            let mut unit = u32::from(*first);
            while unit <= u32::from(*last) {
                let current = unit as u16;
                if let Some(end) = casing::caseless_until(current) {
                    unit = u32::from(end) + 1;
                    continue;
                }
                casing::equivalents(current, invariant, &mut |other| {
                    if other != current && !(*first..=*last).contains(&other) {
                        more.push((other, other));
                    }
                });
                unit += 1;
            }
        }
        self.ranges.append(&mut more);
    }

    pub(super) fn build(mut self) -> CharSet {
        self.ranges.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(self.ranges.len());
        for (first, last) in self.ranges {
            match merged.last_mut() {
                Some(previous) if first <= previous.1.saturating_add(1) => {
                    previous.1 = previous.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        let mut set = CharSet {
            ascii: [0; 2],
            ranges: merged.into(),
            categories: self.categories,
            negate: self.negate,
            subtract: self.subtract,
        };
        for unit in 0..0x80u16 {
            if set.holds(unit) {
                set.ascii[usize::from(unit >> 6)] |= 1 << (unit & 63);
            }
        }
        set
    }
}

/// A class ready to be asked: a bitmap for ASCII, the rules for the rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CharSet {
    ascii: [u64; 2],
    ranges: Box<[(u16, u16)]>,
    categories: Categories,
    negate: bool,
    subtract: Option<Box<CharSet>>,
}

impl CharSet {
    /// Everything: `.` with Singleline.
    pub(super) fn any() -> Self {
        let mut class = ClassBuilder::default();
        class.add_range(0, u16::MAX);
        class.build()
    }

    /// Everything but the line feed: `.`.
    pub(super) fn not_newline() -> Self {
        let mut class = ClassBuilder::default();
        class.add_char(u16::from(b'\n'));
        class.negate = true;
        class.build()
    }

    /// Exactly one unit.
    pub(super) fn single(unit: u16) -> Self {
        let mut class = ClassBuilder::default();
        class.add_char(unit);
        class.build()
    }

    #[inline]
    pub(super) fn has_ascii(&self, byte: u8) -> bool {
        self.ascii[usize::from(byte >> 6) & 1] >> (byte & 63) & 1 != 0
    }

    #[inline]
    pub(super) fn contains(&self, unit: u16) -> bool {
        if unit < 0x80 {
            self.has_ascii(unit as u8)
        } else {
            self.holds(unit)
        }
    }

    fn holds(&self, unit: u16) -> bool {
        let listed = match self.ranges.binary_search_by(|(first, _)| first.cmp(&unit)) {
            Ok(_) => true,
            Err(0) => false,
            Err(after) => self.ranges.get(after - 1).is_some_and(|r| unit <= r.1),
        };
        let listed =
            listed || self.categories != 0 && category::category_of(unit) & self.categories != 0;
        listed != self.negate && !self.subtract.as_ref().is_some_and(|s| s.contains(unit))
    }

    /// Whether the class is everything.
    pub(super) fn is_any(&self) -> bool {
        !self.negate && self.subtract.is_none() && *self.ranges == [(0, u16::MAX)]
    }

    /// The one unit that a class leaves out, if it is of that kind.
    pub(super) fn all_but(&self) -> Option<u16> {
        match *self.ranges {
            [(first, last)]
                if first == last
                    && self.negate
                    && self.categories == 0
                    && self.subtract.is_none() =>
            {
                Some(first)
            }
            _ => None,
        }
    }

    /// Whether the class may hold units outside ASCII.
    pub(super) fn beyond_ascii(&self) -> bool {
        self.negate || self.categories != 0 || self.ranges.iter().any(|r| r.1 >= 0x80)
    }

    /// The units outside ASCII, if they are a short list.
    pub(super) fn short_list_beyond_ascii(&self) -> Option<Vec<u16>> {
        if self.negate || self.categories != 0 || self.subtract.is_some() {
            return None;
        }
        let mut list = Vec::new();
        for (first, last) in &self.ranges {
            let first = (*first).max(0x80);
            if *last < first {
                continue;
            }
            if last - first > 4 || list.len() > 4 {
                return None;
            }
            list.extend(first..=*last);
        }
        Some(list)
    }

    /// Whether no unit is in both classes, as far as that is easily told.
    pub(super) fn is_disjoint(&self, other: &CharSet) -> bool {
        let apart = |a: u64, b: u64| a & b == 0;
        if !apart(self.ascii[0], other.ascii[0]) || !apart(self.ascii[1], other.ascii[1]) {
            return false;
        }
        if !self.beyond_ascii() || !other.beyond_ascii() {
            return true;
        }
        match (
            self.short_list_beyond_ascii(),
            other.short_list_beyond_ascii(),
        ) {
            (Some(list), _) => !list.iter().any(|unit| other.contains(*unit)),
            (_, Some(list)) => !list.iter().any(|unit| self.contains(*unit)),
            // Categories are disjoint when their sets are and nothing else
            // is listed: \w against \s, \d against \D.
            _ => {
                let plain = |s: &CharSet| !s.negate && s.subtract.is_none() && s.ranges.is_empty();
                plain(self) && plain(other) && self.categories & other.categories == 0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(build: impl FnOnce(&mut ClassBuilder)) -> CharSet {
        let mut class = ClassBuilder::default();
        build(&mut class);
        class.build()
    }

    #[test]
    fn classes_hold_what_they_name() {
        let word = set(|c| c.add_shorthand(Shorthand::Word, false, false));
        for unit in "aé1_ßЖ٣".encode_utf16() {
            assert!(word.contains(unit));
        }
        assert!(!word.contains(u16::from(b'-')));
        let space = set(|c| c.add_shorthand(Shorthand::Space, false, false));
        let no_space = set(|c| c.add_shorthand(Shorthand::Space, true, false));
        for unit in 0..u16::MAX {
            assert_ne!(space.contains(unit), no_space.contains(unit));
        }
        let folded = set(|c| {
            c.add_range(u16::from(b'a'), u16::from(b'z'));
            c.add_case_equivalents(false);
        });
        assert!(folded.contains(u16::from(b'Q')));
        assert!(folded.contains(0x212A));
        assert!(!folded.contains(0x17F));
    }

    #[test]
    fn disjoint_classes_are_known() {
        let digit = set(|c| c.add_shorthand(Shorthand::Digit, false, false));
        let word = set(|c| c.add_shorthand(Shorthand::Word, false, false));
        let space = set(|c| c.add_shorthand(Shorthand::Space, false, false));
        let dash = CharSet::single(u16::from(b'-'));
        assert!(word.is_disjoint(&dash));
        assert!(!word.is_disjoint(&digit));
        assert!(CharSet::not_newline().is_disjoint(&CharSet::single(10)));
        assert!(!CharSet::any().is_disjoint(&dash));
        let _ = space;
    }
}
