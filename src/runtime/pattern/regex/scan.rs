//! Where in a text a match can start at all.
use memchr::memmem::Finder;

use super::class::CharSet;
use super::node::{Anchor, Node};
use super::text::is_unit_boundary;

/// What is known of the start of a match.
#[derive(Debug)]
pub(super) enum Start {
    Anywhere,
    /// Only at the start of the text.
    Text,
    /// Only where the search starts.
    Search,
    /// Only at the start of a line.
    Line,
    /// With this text.
    Literal(Box<Finder<'static>>),
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    /// With one of these bytes.
    Bytes(Box<[bool; 256]>),
}

impl Start {
    /// The first place at or after `from` where a match may start.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let offset = match self {
            Start::Anywhere | Start::Search => Some(0),
            Start::Text => (from == 0).then_some(0),
            Start::Line => {
                let before = from.checked_sub(1).and_then(|at| text.get(at));
                if before.is_none_or(|byte| *byte == b'\n') {
                    Some(0)
                } else {
                    memchr::memchr(b'\n', rest).map(|at| at + 1)
                }
            }
            Start::Literal(finder) => finder.find(rest),
            Start::One(a) => memchr::memchr(*a, rest),
            Start::Two(a, b) => memchr::memchr2(*a, *b, rest),
            Start::Three(a, b, c) => memchr::memchr3(*a, *b, *c, rest),
            Start::Bytes(table) => rest.iter().enumerate().position(|(at, byte)| {
                table[usize::from(*byte)]
                    && (*byte & 0xC0 != 0x80 || is_unit_boundary(text, from + at))
            }),
        };
        offset.map(|at| from + at)
    }

    /// Whether no other place needs to be tried after the first.
    pub(super) fn is_single(&self) -> bool {
        matches!(self, Start::Text | Start::Search)
    }
}

/// What a pattern read from left to right tells about its start.
pub(super) fn start_of(root: &Node) -> Start {
    match leading_anchor(root) {
        Some(Anchor::TextStart) => return Start::Text,
        Some(Anchor::SearchStart) => return Start::Search,
        Some(Anchor::LineStart) => return Start::Line,
        _ => {}
    }
    let mut units = Vec::new();
    leading_literal(root, &mut units);
    if units.len() > 1
        && let Ok(text) = String::from_utf16(&units)
    {
        return Start::Literal(Box::new(Finder::new(text.as_bytes()).into_owned()));
    }
    let mut table = Box::new([false; 256]);
    if first_bytes(root, &mut table) != Some(false) {
        return Start::Anywhere;
    }
    let mut listed = (0..=255u8).filter(|byte| table[usize::from(*byte)]);
    let (a, b, c, more) = (listed.next(), listed.next(), listed.next(), listed.next());
    if more.is_some() || (0x80..0xC0).any(|byte| table[byte]) {
        return Start::Bytes(table);
    }
    match (a, b, c) {
        (Some(a), None, _) => Start::One(a),
        (Some(a), Some(b), None) => Start::Two(a, b),
        (Some(a), Some(b), Some(c)) => Start::Three(a, b, c),
        _ => Start::Anywhere,
    }
}

fn leading_anchor(node: &Node) -> Option<Anchor> {
    match node {
        Node::Anchor(anchor) => Some(*anchor),
        Node::Sequence(items) => leading_anchor(items.first()?),
        Node::Capture { body, .. } | Node::Atomic(body) => leading_anchor(body),
        _ => None,
    }
}

/// Collects the literal units that every match begins with; false when the
/// literal part ends inside the node.
fn leading_literal(node: &Node, units: &mut Vec<u16>) -> bool {
    match node {
        Node::Empty => true,
        Node::One { unit, .. } => {
            units.push(*unit);
            true
        }
        Node::Sequence(items) => items.iter().all(|item| leading_literal(item, units)),
        Node::Capture { body, .. } | Node::Atomic(body) => leading_literal(body, units),
        _ => false,
    }
}

/// Marks the bytes that can come first. Tells whether the node may take
/// nothing, so that what follows counts too; none if nothing is known.
fn first_bytes(node: &Node, table: &mut [bool; 256]) -> Option<bool> {
    match node {
        Node::Empty | Node::Anchor(_) | Node::Look { .. } => Some(true),
        Node::One { unit, .. } => {
            mark_unit(*unit, table);
            Some(false)
        }
        Node::Set { set, .. } => {
            mark_set(set, table);
            Some(false)
        }
        Node::Reference { .. } | Node::IfGroup { .. } | Node::IfMatch { .. } => None,
        Node::Sequence(items) => {
            for item in items {
                if !first_bytes(item, table)? {
                    return Some(false);
                }
            }
            Some(true)
        }
        Node::Alternation(items) => {
            let mut empty = false;
            for item in items {
                empty |= first_bytes(item, table)?;
            }
            Some(empty)
        }
        Node::Loop { body, min, .. } => Some(first_bytes(body, table)? || *min == 0),
        Node::Capture { body, .. } | Node::Atomic(body) => first_bytes(body, table),
    }
}

fn mark_unit(unit: u16, table: &mut [bool; 256]) {
    let (first, last) = match unit {
        0..=0x7F => (unit as u8, unit as u8),
        0x80..=0x7FF => (0xC0 | (unit >> 6) as u8, 0xC0 | (unit >> 6) as u8),
        0xD800..=0xDBFF => (0xF0, 0xF4),
        0xDC00..=0xDFFF => (0x80, 0xBF),
        _ => (0xE0 | (unit >> 12) as u8, 0xE0 | (unit >> 12) as u8),
    };
    for byte in first..=last {
        table[usize::from(byte)] = true;
    }
}

fn mark_set(set: &CharSet, table: &mut [bool; 256]) {
    for byte in 0..0x80u8 {
        table[usize::from(byte)] |= set.has_ascii(byte);
    }
    if !set.beyond_ascii() {
        return;
    }
    match set.short_list_beyond_ascii() {
        Some(list) => list.iter().for_each(|unit| mark_unit(*unit, table)),
        None => table[0x80..].fill(true),
    }
}
