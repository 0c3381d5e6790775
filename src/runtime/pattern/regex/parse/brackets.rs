//! `[…]` and `\p{…}`.
use std::rc::Rc;

use super::super::category;
use super::super::class::{CharSet, ClassBuilder, Shorthand};
use super::{Node, Parser, RegexError, RegexOptions, RegexParseError, ascii};

/// The shorthand class of a letter after a backslash, and whether it is
/// negated.
pub(super) fn shorthand(c: u8) -> Option<(Shorthand, bool)> {
    let what = match c.to_ascii_lowercase() {
        b'w' => Shorthand::Word,
        b'd' => Shorthand::Digit,
        b's' => Shorthand::Space,
        _ => return None,
    };
    Some((what, c.is_ascii_uppercase()))
}

impl Parser<'_> {
    /// A class, after its opening bracket.
    pub(super) fn read_class_node(&mut self) -> Result<Node, RegexError> {
        let set = self.read_class(false)?;
        Ok(Node::Set {
            set: Rc::new(set),
            back: self.is_back(),
        })
    }

    /// Reads up to the closing bracket. While groups are only looked for
    /// (`scan_only`) what the class holds is not judged.
    pub(super) fn read_class(&mut self, scan_only: bool) -> Result<CharSet, RegexError> {
        let ecma = self.has(RegexOptions::ECMA_SCRIPT);
        let ignore_case = self.has(RegexOptions::IGNORE_CASE) && !scan_only;
        let mut class = ClassBuilder::default();
        let mut first = true;
        let mut range_from: Option<u16> = None;
        if self.peek(0) == b'^' {
            self.at += 1;
            class.negate = true;
            if ecma && self.peek(0) == b']' {
                first = false;
            }
        }
        loop {
            let Some(mut unit) = self.next_unit() else {
                return Err(self.error(RegexParseError::UnterminatedBracket));
            };
            let is_first = std::mem::replace(&mut first, false);
            let mut escaped = false;
            match ascii(unit) {
                b']' if !is_first => break,
                b'\\' if !self.at_end() => {
                    let c = self.peek(0);
                    if let Some((what, negate)) = shorthand(c) {
                        self.at += 1;
                        self.refuse_range(range_from, c, scan_only)?;
                        class.add_shorthand(what, negate, ecma);
                        continue;
                    }
                    if matches!(c, b'p' | b'P') {
                        self.at += 1;
                        self.refuse_range(range_from, c, scan_only)?;
                        self.read_property(&mut class, c == b'P', scan_only)?;
                        continue;
                    }
                    if c == b'-' {
                        self.at += 1;
                        let dash = u16::from(b'-');
                        let from = range_from.take().unwrap_or(dash);
                        self.add_range(&mut class, from, dash, scan_only)?;
                        continue;
                    }
                    unit = self.scan_char_escape()?;
                    escaped = true;
                }
                // The POSIX form [:name:] is passed over.
                b'[' if range_from.is_none()
                    && (self.peek(0), self.peek(1), self.peek(2)) == (b':', b':', b']') =>
                {
                    self.at += 3;
                }
                _ => {}
            }
            let opens = ascii(unit) == b'[' && !escaped && !is_first;
            if let Some(from) = range_from.take() {
                if opens && !scan_only {
                    // Not a range but a subtraction: [a-[b]].
                    class.add_char(from);
                    self.read_subtraction(&mut class, scan_only)?;
                } else {
                    self.add_range(&mut class, from, unit, scan_only)?;
                }
            } else if self.peek(0) == b'-' && self.peek_unit(1).is_some() && self.peek(1) != b']' {
                range_from = Some(unit);
                self.at += 1;
            } else if ascii(unit) == b'-' && !escaped && self.peek(0) == b'[' && !is_first {
                // A subtraction after a range: [a-z-[aeiou]].
                self.at += 1;
                self.read_subtraction(&mut class, scan_only)?;
            } else {
                class.add_char(unit);
            }
        }
        if ignore_case {
            class.add_case_equivalents(self.is_invariant());
        }
        Ok(class.build())
    }

    fn read_subtraction(
        &mut self,
        class: &mut ClassBuilder,
        scan_only: bool,
    ) -> Result<(), RegexError> {
        self.class_depth += 1;
        if self.class_depth > super::MAX_DEPTH {
            return Err(self.error(RegexParseError::Unknown));
        }
        let other = self.read_class(scan_only)?;
        self.class_depth -= 1;
        class.subtract(other);
        if !scan_only && !self.at_end() && self.peek(0) != b']' {
            return Err(self.error(RegexParseError::ExclusionGroupNotLast));
        }
        Ok(())
    }

    fn refuse_range(
        &self,
        range_from: Option<u16>,
        c: u8,
        scan_only: bool,
    ) -> Result<(), RegexError> {
        if range_from.is_some() && !scan_only {
            return Err(self.error_about(
                RegexParseError::ShorthandClassInCharacterRange,
                &char::from(c).to_string(),
            ));
        }
        Ok(())
    }

    fn add_range(
        &self,
        class: &mut ClassBuilder,
        from: u16,
        to: u16,
        scan_only: bool,
    ) -> Result<(), RegexError> {
        if scan_only {
            return Ok(());
        }
        if from > to {
            return Err(self.error(RegexParseError::ReversedCharacterRange));
        }
        class.add_range(from, to);
        Ok(())
    }

    /// Reads the `{name}` of `\p` and adds what it names.
    pub(super) fn read_property(
        &mut self,
        class: &mut ClassBuilder,
        negate: bool,
        scan_only: bool,
    ) -> Result<(), RegexError> {
        if self.at + 2 >= self.units.len() {
            return Err(self.error(RegexParseError::InvalidUnicodePropertyEscape));
        }
        let open = self.peek(0);
        self.at += 1;
        if open != b'{' {
            return Err(self.error(RegexParseError::MalformedUnicodePropertyEscape));
        }
        let from = self.at;
        while self
            .peek_unit(0)
            .is_some_and(|u| category::is_boundary_word(u) || u == u16::from(b'-'))
        {
            self.at += 1;
        }
        let name = self.text(from, self.at);
        if self.at_end() {
            return Err(self.error(RegexParseError::InvalidUnicodePropertyEscape));
        }
        self.at += 1;
        if self.units.get(self.at - 1) != Some(&u16::from(b'}')) {
            return Err(self.error(RegexParseError::InvalidUnicodePropertyEscape));
        }
        let ignore_case = self.has(RegexOptions::IGNORE_CASE);
        if !scan_only && !class.add_property(&name, negate, ignore_case) {
            return Err(self.error_about(RegexParseError::UnrecognizedUnicodeProperty, &name));
        }
        Ok(())
    }
}
