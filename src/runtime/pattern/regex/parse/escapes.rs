//! What follows a backslash.
use std::rc::Rc;

use super::super::category;
use super::super::class::ClassBuilder;
use super::super::node::{Anchor, BackReference};
use super::brackets::shorthand;
use super::{Node, Parser, RegexError, RegexOptions, RegexParseError, ascii};

/// A backslash sequence as the reading stage needs it.
enum Escape {
    Reference(u32),
    Char(u16),
}

impl Parser<'_> {
    /// Reads the construct after a backslash; there is at least one unit.
    pub(super) fn read_backslash(&mut self) -> Result<Node, RegexError> {
        let c = self.peek(0);
        let ecma = self.has(RegexOptions::ECMA_SCRIPT);
        let anchor = match c {
            b'b' if ecma => Some(Anchor::EcmaBoundary),
            b'B' if ecma => Some(Anchor::EcmaNoBoundary),
            b'b' => Some(Anchor::Boundary),
            b'B' => Some(Anchor::NoBoundary),
            b'A' => Some(Anchor::TextStart),
            b'G' => Some(Anchor::SearchStart),
            b'Z' => Some(Anchor::LastLineEnd),
            b'z' => Some(Anchor::TextEnd),
            _ => None,
        };
        if let Some(anchor) = anchor {
            self.at += 1;
            return Ok(Node::Anchor(anchor));
        }
        let mut class = ClassBuilder::default();
        if let Some((what, negate)) = shorthand(c) {
            self.at += 1;
            class.add_shorthand(what, negate, ecma);
        } else if matches!(c, b'p' | b'P') {
            self.at += 1;
            self.read_property(&mut class, c == b'P', false)?;
            if self.has(RegexOptions::IGNORE_CASE) {
                class.add_case_equivalents(self.is_invariant());
            }
        } else {
            let escape = self.scan_escape(false)?;
            return Ok(match escape {
                Some(Escape::Reference(group)) => Node::Reference {
                    to: BackReference {
                        group,
                        ignore_case: self.has(RegexOptions::IGNORE_CASE),
                        invariant: self.is_invariant(),
                        ecma,
                    },
                    back: self.is_back(),
                },
                Some(Escape::Char(unit)) => self.char_node(unit),
                None => Node::Empty,
            });
        }
        Ok(Node::Set {
            set: Rc::new(class.build()),
            back: self.is_back(),
        })
    }

    /// Passes over what follows a backslash while groups are looked for.
    pub(super) fn skip_backslash(&mut self) -> Result<(), RegexError> {
        match self.peek(0) {
            b'p' | b'P' => {
                self.at += 1;
                self.read_property(&mut ClassBuilder::default(), false, true)
            }
            b'b' | b'B' | b'A' | b'G' | b'Z' | b'z' | b'w' | b'W' | b's' | b'S' | b'd' | b'D' => {
                self.at += 1;
                Ok(())
            }
            _ => self.scan_escape(true).map(|_| ()),
        }
    }

    /// A reference or a character code; none where groups are only looked
    /// for and a reference was found.
    fn scan_escape(&mut self, scan_only: bool) -> Result<Option<Escape>, RegexError> {
        let start = self.at;
        let mut close: Option<u8> = None;
        let quote = |c: u8| if c == b'\'' { b'\'' } else { b'>' };
        if self.peek(0) == b'k' {
            if self.peek_unit(1).is_some() {
                self.at += 2;
                let c = self.units.get(self.at - 1).map_or(0, |u| ascii(*u));
                if matches!(c, b'<' | b'\'') {
                    close = Some(quote(c));
                }
            }
            if close.is_none() || self.at_end() {
                return Err(self.error(RegexParseError::MalformedNamedReference));
            }
        } else if matches!(self.peek(0), b'<' | b'\'') && self.peek_unit(1).is_some() {
            close = Some(quote(self.peek(0)));
            self.at += 1;
        }
        let c = self.peek(0);
        match close {
            Some(close) if c.is_ascii_digit() => {
                let group = self.scan_decimal()?;
                if self.take_if(close) {
                    if scan_only {
                        return Ok(None);
                    }
                    return self.reference_to_number(group).map(Some);
                }
            }
            Some(close) if self.peek_unit(0).is_some_and(category::is_boundary_word) => {
                let name = self.scan_name();
                if self.take_if(close) {
                    if scan_only {
                        return Ok(None);
                    }
                    return match self.names.get(&name) {
                        Some(group) => Ok(Some(Escape::Reference(*group))),
                        None => {
                            Err(self.error_about(RegexParseError::UndefinedNamedReference, &name))
                        }
                    };
                }
            }
            None if (b'1'..=b'9').contains(&c) && self.has(RegexOptions::ECMA_SCRIPT) => {
                if let Some(group) = self.scan_ecma_reference() {
                    return Ok(Some(Escape::Reference(group)));
                }
            }
            None if (b'1'..=b'9').contains(&c) => {
                let group = self.scan_decimal()?;
                if scan_only {
                    return Ok(None);
                }
                if self.groups.contains_key(&group) || group <= 9 {
                    return self.reference_to_number(group).map(Some);
                }
            }
            _ => {}
        }
        self.at = start;
        Ok(Some(Escape::Char(self.scan_char_escape()?)))
    }

    /// Takes the next character; true if it is the wanted one.
    fn take_if(&mut self, wanted: u8) -> bool {
        self.next_unit().is_some_and(|unit| ascii(unit) == wanted)
    }

    fn reference_to_number(&self, group: u32) -> Result<Escape, RegexError> {
        if self.groups.contains_key(&group) {
            Ok(Escape::Reference(group))
        } else {
            Err(self.error_about(
                RegexParseError::UndefinedNumberedReference,
                &group.to_string(),
            ))
        }
    }

    /// The longest run of digits that names a group opened before this place.
    fn scan_ecma_reference(&mut self) -> Option<u32> {
        let before = self.at.saturating_sub(1);
        let top = self.groups.keys().next_back().copied().unwrap_or(0);
        let mut found = None;
        let mut number = u32::from(self.peek(0).saturating_sub(b'0'));
        let mut end = self.at;
        let mut place = self.at;
        while number <= top {
            place += 1;
            if self.groups.get(&number).is_some_and(|at| *at < before) {
                found = Some(number);
                end = place;
            }
            let c = self.units.get(place).map_or(0, |u| ascii(*u));
            if !c.is_ascii_digit() {
                break;
            }
            number = number
                .saturating_mul(10)
                .saturating_add(u32::from(c - b'0'));
        }
        if found.is_some() {
            self.at = end;
        }
        found
    }

    /// The character that an escape stands for.
    pub(super) fn scan_char_escape(&mut self) -> Result<u16, RegexError> {
        let Some(unit) = self.next_unit() else {
            return Err(self.error(RegexParseError::UnescapedEndingBackslash));
        };
        Ok(match ascii(unit) {
            b'0'..=b'7' => {
                self.at -= 1;
                self.scan_octal()
            }
            b'x' => self.scan_hex(2)?,
            b'u' => self.scan_hex(4)?,
            b'a' => 0x07,
            b'b' => 0x08,
            b'e' => 0x1B,
            b'f' => 0x0C,
            b'n' => 0x0A,
            b'r' => 0x0D,
            b't' => 0x09,
            b'v' => 0x0B,
            b'c' => self.scan_control()?,
            _ if !self.has(RegexOptions::ECMA_SCRIPT) && category::is_boundary_word(unit) => {
                let shown = String::from_utf16_lossy(&[unit]);
                return Err(self.error_about(RegexParseError::UnrecognizedEscape, &shown));
            }
            _ => unit,
        })
    }

    fn scan_octal(&mut self) -> u16 {
        let mut value: u16 = 0;
        for _ in 0..3 {
            let c = self.peek(0);
            if !(b'0'..=b'7').contains(&c) {
                break;
            }
            self.at += 1;
            value = value * 8 + u16::from(c - b'0');
            if self.has(RegexOptions::ECMA_SCRIPT) && value >= 0x20 {
                break;
            }
        }
        value & 0xFF
    }

    fn scan_hex(&mut self, digits: usize) -> Result<u16, RegexError> {
        let mut value: u16 = 0;
        if self.at + digits > self.units.len() {
            return Err(self.error(RegexParseError::InsufficientOrInvalidHexDigits));
        }
        for _ in 0..digits {
            let digit = char::from(self.peek(0)).to_digit(16);
            self.at += 1;
            let Some(digit) = digit else {
                return Err(self.error(RegexParseError::InsufficientOrInvalidHexDigits));
            };
            value = value << 4 | digit as u16;
        }
        Ok(value)
    }

    fn scan_control(&mut self) -> Result<u16, RegexError> {
        let Some(unit) = self.next_unit() else {
            return Err(self.error(RegexParseError::MissingControlCharacter));
        };
        match ascii(unit).to_ascii_uppercase().wrapping_sub(b'@') {
            code @ 0..0x20 => Ok(u16::from(code)),
            _ => Err(self.error(RegexParseError::UnrecognizedControlCharacter)),
        }
    }
}
