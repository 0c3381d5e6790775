//! The instructions that the matcher runs.
use std::rc::Rc;

use super::class::CharSet;
use super::node::{Anchor, BackReference};
use super::scan::Start;

/// A place in the program.
pub(super) type Pc = u32;
/// A register of the matcher.
pub(super) type Reg = u32;

/// How a loop gives back what it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As much as possible first.
    Greedy,
    /// As little as possible first.
    Lazy,
    /// As much as possible, for good: less could not help.
    Possessive,
}

/// A repeated single-unit class.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) set: Rc<CharSet>,
    pub(super) kind: SetKind,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) mode: Mode,
    pub(super) back: bool,
    /// The ASCII characters that can come next, when something must.
    pub(super) next: Option<Rc<CharSet>>,
}

/// Classes that can be run over faster than unit by unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SetKind {
    Any,
    /// All but one ASCII character.
    Until(u8),
    Other,
}

/// A loop around more than a single unit.
#[derive(Debug)]
pub(super) struct LoopTest {
    pub(super) count: Reg,
    /// Where the current round began; a round that takes nothing ends it.
    pub(super) mark: Reg,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) lazy: bool,
    pub(super) exit: Pc,
}

/// One instruction. On failure the matcher goes back to its last choice.
#[derive(Debug)]
pub(super) enum Inst {
    /// One ASCII character, forward.
    Byte(u8),
    /// UTF-8 text, forward.
    Text(Box<[u8]>),
    /// UTF-8 text, backward.
    TextBack(Box<[u8]>),
    /// A unit that has no UTF-8 form of its own.
    Unit {
        unit: u16,
        back: bool,
    },
    Set(Rc<CharSet>),
    SetBack(Rc<CharSet>),
    Repeat(Box<Repeat>),
    Anchor(Anchor),
    Reference {
        to: BackReference,
        back: bool,
    },
    Jump(Pc),
    /// Goes on; the other place is the second choice.
    Split(Pc),
    /// Jumps; going on is the second choice.
    SplitJump(Pc),
    /// Notes where a group starts.
    Mark(Reg),
    Capture {
        group: Option<u32>,
        uncapture: Option<u32>,
        start: Reg,
    },
    LoopStart {
        count: Reg,
        mark: Reg,
    },
    LoopTest(Box<LoopTest>),
    /// Notes how many choices are open.
    Guard(Reg),
    /// Forgets the choices since the guard.
    Commit(Reg),
    /// Forgets the choices since the guard, and returns to the place.
    CommitAt {
        guard: Reg,
        place: Reg,
    },
    /// Undoes everything since the guard, and fails.
    Refuse(Reg),
    /// Jumps if the group took no part.
    UnlessGroup {
        group: u32,
        otherwise: Pc,
    },
    Accept,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) code: Vec<Inst>,
    pub(super) registers: usize,
    pub(super) groups: usize,
    pub(super) back: bool,
    pub(super) min_length: usize,
    pub(super) start: Start,
    /// The class of a loop that begins the pattern and keeps what it took:
    /// where a match failed at the start of a run of it, a start further
    /// inside the same run fails too.
    pub(super) leading_run: Option<Rc<CharSet>>,
}
