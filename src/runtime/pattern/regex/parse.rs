//! Pattern text → tree.
//!
//! Reading goes over the pattern twice: first to find the groups, whose
//! numbers a reference may need before they come, then to build the tree.
//! Errors carry the place where reading stopped, as .NET counts it.
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::RegexOptions;
use super::category;
use super::class::CharSet;
use super::error::{RegexError, RegexParseError};
use super::node::{Anchor, Node, UNLIMITED};

mod brackets;
mod escapes;
mod groups;

use groups::Open;

/// How deep groups may nest; the tree is walked recursively later.
const MAX_DEPTH: usize = 500;

/// A pattern that has been read.
pub(super) struct Parsed {
    pub(super) root: Node,
    /// Group numbers in ascending order, 0 first.
    pub(super) numbers: Vec<u32>,
    /// The name of each group, in the same order.
    pub(super) names: Vec<String>,
}

/// Reads a pattern.
pub(super) fn parse(pattern: &str, options: RegexOptions) -> Result<Parsed, RegexError> {
    let mut parser = Parser::new(pattern, options);
    parser.find_groups()?;
    parser.at = 0;
    parser.options = options;
    parser.saved.clear();
    parser.next_group = 1;
    parser.skip_next_paren = false;
    let root = parser.read_pattern()?;
    let numbers: Vec<u32> = parser.groups.keys().copied().collect();
    let by_number: FxHashMap<u32, &String> =
        parser.names.iter().map(|(name, n)| (*n, name)).collect();
    let names = numbers
        .iter()
        .map(|n| {
            by_number
                .get(n)
                .map_or_else(|| n.to_string(), |s| (*s).clone())
        })
        .collect();
    Ok(Parsed {
        root,
        numbers,
        names,
    })
}

struct Parser<'p> {
    source: &'p str,
    units: Vec<u16>,
    at: usize,
    options: RegexOptions,
    /// Options to return to at the closing of each open group.
    saved: Vec<RegexOptions>,
    /// The number the next unnamed group gets.
    next_group: u32,
    /// The next parenthesis opens a condition and does not capture.
    skip_next_paren: bool,
    /// Known group numbers, with the place of the group.
    groups: BTreeMap<u32, usize>,
    names: FxHashMap<String, u32>,
    names_in_order: Vec<String>,
    /// How deep class subtractions nest here.
    class_depth: usize,
    /// The groups around the one being read.
    parents: Vec<Open>,
    current: Open,
}

/// The ASCII character of a unit; NUL for everything else.
fn ascii(unit: u16) -> u8 {
    u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(0)
}

fn is_quantifier(c: u8) -> bool {
    matches!(c, b'*' | b'+' | b'?' | b'{')
}

fn is_pattern_space(c: u8) -> bool {
    matches!(c, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

impl<'p> Parser<'p> {
    fn new(pattern: &'p str, options: RegexOptions) -> Self {
        Self {
            source: pattern,
            units: pattern.encode_utf16().collect(),
            at: 0,
            options,
            saved: Vec::new(),
            next_group: 1,
            skip_next_paren: false,
            groups: BTreeMap::from([(0, 0)]),
            names: FxHashMap::default(),
            names_in_order: Vec::new(),
            class_depth: 0,
            parents: Vec::new(),
            current: Open::root(options),
        }
    }
}

impl Parser<'_> {
    fn error(&self, error: RegexParseError) -> RegexError {
        self.error_about(error, "")
    }

    fn error_about(&self, error: RegexParseError, detail: &str) -> RegexError {
        RegexError::new(error, detail, self.source, self.at)
    }

    fn has(&self, option: RegexOptions) -> bool {
        self.options.contains(option)
    }

    fn is_back(&self) -> bool {
        self.has(RegexOptions::RIGHT_TO_LEFT)
    }

    fn is_invariant(&self) -> bool {
        self.has(RegexOptions::CULTURE_INVARIANT)
    }

    fn at_end(&self) -> bool {
        self.at >= self.units.len()
    }

    /// The unit `ahead` of the current place.
    fn peek_unit(&self, ahead: usize) -> Option<u16> {
        self.units.get(self.at + ahead).copied()
    }

    /// The ASCII character `ahead` of the current place; NUL at the end and
    /// for anything else.
    fn peek(&self, ahead: usize) -> u8 {
        self.peek_unit(ahead).map_or(0, ascii)
    }

    fn next_unit(&mut self) -> Option<u16> {
        let unit = self.peek_unit(0)?;
        self.at += 1;
        Some(unit)
    }

    fn text(&self, from: usize, to: usize) -> String {
        String::from_utf16_lossy(self.units.get(from..to).unwrap_or_default())
    }

    /// Skips comments, and blanks where the option says so.
    fn skip_blank(&mut self) -> Result<(), RegexError> {
        let extended = self.has(RegexOptions::IGNORE_PATTERN_WHITESPACE);
        loop {
            if extended {
                while is_pattern_space(self.peek(0)) && !self.at_end() {
                    self.at += 1;
                }
                if self.peek(0) == b'#' {
                    while !self.at_end() && self.peek(0) != b'\n' {
                        self.at += 1;
                    }
                    continue;
                }
            }
            if (self.peek(0), self.peek(1), self.peek(2)) != (b'(', b'?', b'#') {
                return Ok(());
            }
            while !self.at_end() && self.peek(0) != b')' {
                self.at += 1;
            }
            if self.at_end() {
                return Err(self.error(RegexParseError::UnterminatedComment));
            }
            self.at += 1;
        }
    }

    /// Whether a quantifier stands here; `{` may be an ordinary character.
    fn is_true_quantifier(&self) -> bool {
        if self.peek(0) != b'{' {
            return is_quantifier(self.peek(0));
        }
        let digits = |mut ahead: usize| {
            while self.peek(ahead).is_ascii_digit() {
                ahead += 1;
            }
            ahead
        };
        let after = digits(1);
        if after == 1 {
            return false;
        }
        match self.peek(after) {
            b'}' => true,
            b',' => self.peek(digits(after + 1)) == b'}',
            _ => false,
        }
    }

    fn scan_decimal(&mut self) -> Result<u32, RegexError> {
        let mut value: u32 = 0;
        while self.peek(0).is_ascii_digit() {
            let digit = u32::from(self.peek(0) - b'0');
            self.at += 1;
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(digit))
                .filter(|v| *v <= UNLIMITED)
                .ok_or_else(|| self.error(RegexParseError::QuantifierOrCaptureGroupOutOfRange))?;
        }
        Ok(value)
    }

    /// A group name from here on.
    fn scan_name(&mut self) -> String {
        let from = self.at;
        while self.peek_unit(0).is_some_and(category::is_boundary_word) {
            self.at += 1;
        }
        self.text(from, self.at)
    }

    fn read_pattern(&mut self) -> Result<Node, RegexError> {
        let mut after_quantifier = false;
        loop {
            self.skip_blank()?;
            let Some(unit) = self.next_unit() else { break };
            let nested = std::mem::take(&mut after_quantifier);
            let node = match ascii(unit) {
                b'[' => self.read_class_node()?,
                b'(' => {
                    self.saved.push(self.options);
                    match self.open_group()? {
                        Some(open) => {
                            if self.parents.len() >= MAX_DEPTH {
                                return Err(self.error(RegexParseError::Unknown));
                            }
                            self.parents
                                .push(std::mem::replace(&mut self.current, open));
                        }
                        // Options for the rest of the group around.
                        None => {
                            self.saved.pop();
                        }
                    }
                    continue;
                }
                b'|' => {
                    self.current.end_alternative();
                    continue;
                }
                b')' => match self.close_group()? {
                    Some(node) => node,
                    None => continue,
                },
                b'\\' => {
                    if self.at_end() {
                        return Err(self.error(RegexParseError::UnescapedEndingBackslash));
                    }
                    self.read_backslash()?
                }
                b'^' => Node::Anchor(if self.has(RegexOptions::MULTILINE) {
                    Anchor::LineStart
                } else {
                    Anchor::TextStart
                }),
                b'$' => Node::Anchor(if self.has(RegexOptions::MULTILINE) {
                    Anchor::LineEnd
                } else {
                    Anchor::LastLineEnd
                }),
                b'.' => Node::Set {
                    set: Rc::new(if self.has(RegexOptions::SINGLELINE) {
                        CharSet::any()
                    } else {
                        CharSet::not_newline()
                    }),
                    back: self.is_back(),
                },
                c if is_quantifier(c) && (c != b'{' || self.is_quantifier_behind()) => {
                    let error = if nested {
                        RegexParseError::NestedQuantifiersNotParenthesized
                    } else {
                        RegexParseError::QuantifierAfterNothing
                    };
                    return Err(self.error_about(error, &char::from(c).to_string()));
                }
                _ => self.char_node(unit),
            };
            self.skip_blank()?;
            let node = if self.is_true_quantifier() {
                after_quantifier = true;
                self.read_quantifier(node)?
            } else {
                node
            };
            self.current.push(node);
        }
        if !self.parents.is_empty() {
            return Err(self.error(RegexParseError::InsufficientClosingParentheses));
        }
        let root = std::mem::replace(&mut self.current, Open::root(self.options));
        Ok(root.finish())
    }

    /// Whether the `{` that was just taken begins a true quantifier.
    fn is_quantifier_behind(&mut self) -> bool {
        self.at -= 1;
        let found = self.is_true_quantifier();
        self.at += 1;
        found
    }

    /// Reads the quantifier that stands here, and wraps the node in it.
    fn read_quantifier(&mut self, node: Node) -> Result<Node, RegexError> {
        let c = self.peek(0);
        self.at += 1;
        let (min, max) = match c {
            b'*' => (0, UNLIMITED),
            b'+' => (1, UNLIMITED),
            b'?' => (0, 1),
            _ => {
                let min = self.scan_decimal()?;
                let max = if self.peek(0) != b',' {
                    min
                } else {
                    self.at += 1;
                    if self.peek(0) == b'}' {
                        UNLIMITED
                    } else {
                        self.scan_decimal()?
                    }
                };
                self.at += 1;
                (min, max)
            }
        };
        self.skip_blank()?;
        let lazy = self.peek(0) == b'?';
        if lazy {
            self.at += 1;
        }
        if min > max {
            return Err(self.error(RegexParseError::ReversedQuantifierRange));
        }
        Ok(match (min, max) {
            (0, 0) => Node::Empty,
            (1, 1) => node,
            _ => Node::Loop {
                body: Box::new(node),
                min,
                max,
                lazy,
            },
        })
    }

    /// A literal character, or what is equivalent to it.
    fn char_node(&self, unit: u16) -> Node {
        let back = self.is_back();
        if self.has(RegexOptions::IGNORE_CASE) {
            let mut class = super::class::ClassBuilder::default();
            class.add_char(unit);
            class.add_case_equivalents(self.is_invariant());
            if class.holds_more_than_one() {
                return Node::Set {
                    set: Rc::new(class.build()),
                    back,
                };
            }
        }
        Node::One { unit, back }
    }
}

/// Replaces every escape in a text by its character.
pub(super) fn unescape(text: &str) -> Result<String, RegexError> {
    let mut parser = Parser::new(text, RegexOptions::NONE);
    let mut out = Vec::with_capacity(parser.units.len());
    while let Some(unit) = parser.next_unit() {
        out.push(if ascii(unit) == b'\\' {
            parser.scan_char_escape()?
        } else {
            unit
        });
    }
    Ok(String::from_utf16_lossy(&out))
}
