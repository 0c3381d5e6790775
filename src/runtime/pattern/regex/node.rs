//! The tree that a pattern is read into.
use std::rc::Rc;

use super::class::CharSet;

/// The number of times without upper limit.
pub(super) const UNLIMITED: u32 = i32::MAX as u32;

/// A place in the text that a pattern can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// `^` with Multiline.
    LineStart,
    /// `$` with Multiline.
    LineEnd,
    /// `\A`, and `^` otherwise.
    TextStart,
    /// `\G`.
    SearchStart,
    /// `\Z`, and `$` otherwise.
    LastLineEnd,
    /// `\z`.
    TextEnd,
    /// `\b`.
    Boundary,
    /// `\B`.
    NoBoundary,
    /// `\b` by ECMAScript's idea of a word.
    EcmaBoundary,
    /// `\B` by ECMAScript's idea of a word.
    EcmaNoBoundary,
}

/// A reference back to a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct BackReference {
    pub(super) group: u32,
    pub(super) ignore_case: bool,
    pub(super) invariant: bool,
    /// A group that took no part matches the empty text.
    pub(super) ecma: bool,
}

/// One construct. Those that move carry `back`: true where the text is read
/// from right to left, that is, inside a lookbehind and with RightToLeft.
/// Sequences stand in the order in which they are matched.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Empty,
    One {
        unit: u16,
        back: bool,
    },
    Set {
        set: Rc<CharSet>,
        back: bool,
    },
    Anchor(Anchor),
    Reference {
        to: BackReference,
        back: bool,
    },
    Sequence(Vec<Node>),
    Alternation(Vec<Node>),
    Loop {
        body: Box<Node>,
        min: u32,
        max: u32,
        lazy: bool,
    },
    /// A capture; with `uncapture` a balancing group, whose own group may be
    /// none.
    Capture {
        group: Option<u32>,
        uncapture: Option<u32>,
        body: Box<Node>,
    },
    Atomic(Box<Node>),
    Look {
        negative: bool,
        body: Box<Node>,
    },
    /// `(?(1)yes|no)`.
    IfGroup {
        group: u32,
        yes: Box<Node>,
        no: Box<Node>,
    },
    /// `(?(condition)yes|no)`.
    IfMatch {
        condition: Box<Node>,
        yes: Box<Node>,
        no: Box<Node>,
    },
}

impl Node {
    /// The fewest units that the construct takes.
    pub(super) fn min_length(&self) -> u32 {
        match self {
            Node::Empty | Node::Anchor(_) | Node::Reference { .. } | Node::Look { .. } => 0,
            Node::One { .. } | Node::Set { .. } => 1,
            Node::Sequence(items) => items
                .iter()
                .fold(0, |sum, item| sum.saturating_add(item.min_length())),
            Node::Alternation(items) => items.iter().map(Node::min_length).min().unwrap_or(0),
            Node::Loop { body, min, .. } => body.min_length().saturating_mul(*min),
            Node::Capture { body, .. } | Node::Atomic(body) => body.min_length(),
            Node::IfGroup { yes, no, .. } | Node::IfMatch { yes, no, .. } => {
                yes.min_length().min(no.min_length())
            }
        }
    }
}
