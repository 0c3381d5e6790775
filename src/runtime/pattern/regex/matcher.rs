//! Runs a program over a text, going back to the last choice on failure.
//!
//! Everything that must be undone when the matcher goes back lies on one
//! stack, together with the choices: registers, captures, and the places
//! where less or more could be taken. No recursion, so no pattern and no text
//! can exhaust the machine's stack.
use std::time::{Duration, Instant};

use crate::host::interrupted;
use crate::runtime::limits;

use super::casing;
use super::category::is_boundary_word;
use super::error::MatchFailure;
use super::node::{Anchor, BackReference};
use super::program::{Inst, LoopTest, Mode, Pc, Program, Reg, Repeat, SetKind};
use super::text::{unit_at, unit_before};

/// Steps back after which a match is given up when no time is set.
const MAX_STEPS: u64 = 400_000_000;
/// Entries of the stack after which a match is given up.
const MAX_STACK: usize = 40_000_000;
/// After so many instructions, and so many steps back, the limits are looked at.
const STRETCH: u64 = 0x4000;

/// What a register holds when no place is noted.
const NOWHERE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
enum Frame {
    /// Go on at another place of the program.
    Choice { pc: Pc, at: u32 },
    /// A greedy loop may give back down to `limit`.
    GiveBack { pc: Pc, limit: u32, at: u32 },
    /// A lazy loop may take `left` more.
    TakeMore { pc: Pc, at: u32, left: u32 },
    /// A lazy loop over more than a unit may go round again.
    Round { pc: Pc, at: u32 },
    /// Undo: a register.
    Register { register: Reg, value: u32 },
    /// Undo: a capture was added.
    Added { group: u32 },
    /// Undo: a capture was taken away.
    Taken { group: u32, start: u32, end: u32 },
}

impl Frame {
    fn is_choice(self) -> bool {
        matches!(
            self,
            Frame::Choice { .. }
                | Frame::GiveBack { .. }
                | Frame::TakeMore { .. }
                | Frame::Round { .. }
        )
    }
}

/// A captured piece of text, as byte offsets.
pub(super) type Piece = (u32, u32);

/// The memory of a matcher, kept from match to match.
#[derive(Debug, Default)]
pub(super) struct State {
    stack: Vec<Frame>,
    registers: Vec<u32>,
    /// The captures of each group, oldest first; of group 0 the match.
    pub(super) captures: Vec<Vec<Piece>>,
}

pub(super) struct Matcher<'m> {
    program: &'m Program,
    text: &'m [u8],
    /// Where the search started: `\G`.
    search_start: usize,
    state: &'m mut State,
    steps: u64,
    deadline: Option<Instant>,
}

impl<'m> Matcher<'m> {
    pub(super) fn new(
        program: &'m Program,
        text: &'m [u8],
        state: &'m mut State,
        limit: Option<Duration>,
    ) -> Self {
        state.registers.resize(program.registers, NOWHERE);
        state.captures.resize_with(program.groups, Vec::new);
        Self {
            program,
            text,
            search_start: 0,
            state,
            steps: 0,
            deadline: limit.and_then(|limit| Instant::now().checked_add(limit)),
        }
    }

    /// Looks for the first match from a place on, in reading direction. The
    /// captures are left in the state.
    pub(super) fn search(&mut self, from: usize) -> Result<bool, MatchFailure> {
        self.search_start = from;
        if interrupted() {
            return Err(MatchFailure::Timeout);
        }
        if u32::try_from(self.text.len()).map_or(true, |len| len == NOWHERE) {
            return Err(MatchFailure::Timeout);
        }
        if self.program.back {
            return self.search_back(from);
        }
        let start = &self.program.start;
        let mut at = from;
        loop {
            let Some(place) = start.find(self.text, at) else {
                return Ok(false);
            };
            if self.text.len() - place < self.program.min_length {
                return Ok(false);
            }
            if self.attempt(place)? {
                return Ok(true);
            }
            if start.is_single() {
                return Ok(false);
            }
            let Some((unit, next)) = unit_at(self.text, place) else {
                return Ok(false);
            };
            at = next;
            if let Some(set) = &self.program.leading_run
                && set.contains(unit)
            {
                while let Some((_, next)) =
                    unit_at(self.text, at).filter(|(unit, _)| set.contains(*unit))
                {
                    at = next;
                }
            }
        }
    }

    fn search_back(&mut self, from: usize) -> Result<bool, MatchFailure> {
        let mut at = from;
        loop {
            if self.attempt(at)? {
                return Ok(true);
            }
            match unit_before(self.text, at) {
                Some((_, before)) => at = before,
                None => return Ok(false),
            }
        }
    }

    /// Tries to match at one place.
    fn attempt(&mut self, start: usize) -> Result<bool, MatchFailure> {
        self.state.stack.clear();
        for captures in &mut self.state.captures {
            captures.clear();
        }
        let program = self.program;
        let mut pc: Pc = 0;
        let mut at = start;
        let mut turns: u64 = 0;
        loop {
            turns += 1;
            if turns.is_multiple_of(STRETCH) {
                self.check_limits()?;
            }
            let next = match program.code.get(pc as usize) {
                Some(Inst::Accept) | None => {
                    let (low, high) = (start.min(at) as u32, start.max(at) as u32);
                    if let Some(whole) = self.state.captures.first_mut() {
                        whole.push((low, high));
                    }
                    return Ok(true);
                }
                Some(inst) => self.step(inst, pc, at),
            };
            (pc, at) = match next {
                Some(next) => next,
                None => match self.go_back()? {
                    Some(next) => next,
                    None => return Ok(false),
                },
            };
        }
    }

    /// Runs one instruction: where to go on, or none to go back.
    #[inline]
    fn step(&mut self, inst: &'m Inst, pc: Pc, at: usize) -> Option<(Pc, usize)> {
        let next = pc + 1;
        match inst {
            Inst::Byte(byte) => (self.text.get(at) == Some(byte)).then_some((next, at + 1)),
            Inst::Text(text) => self
                .text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(text))
                .then_some((next, at + text.len())),
            Inst::TextBack(text) => self
                .text
                .get(..at)
                .is_some_and(|rest| rest.ends_with(text))
                .then(|| (next, at - text.len())),
            Inst::Unit { unit, back } => self
                .unit(at, *back)
                .filter(|(found, _)| found == unit)
                .map(|(_, to)| (next, to)),
            Inst::Set(set) => match *self.text.get(at)? {
                byte @ 0..=0x7F => set.has_ascii(byte).then_some((next, at + 1)),
                _ => unit_at(self.text, at)
                    .filter(|(unit, _)| set.contains(*unit))
                    .map(|(_, to)| (next, to)),
            },
            Inst::SetBack(set) => unit_before(self.text, at)
                .filter(|(unit, _)| set.contains(*unit))
                .map(|(_, to)| (next, to)),
            Inst::Repeat(repeat) => self.repeat(repeat, pc, at),
            Inst::Anchor(anchor) => self.holds(*anchor, at).then_some((next, at)),
            Inst::Reference { to, back } => self.refer(*to, *back, at).map(|to| (next, to)),
            Inst::Jump(to) => Some((*to, at)),
            Inst::Split(other) => {
                self.push(Frame::Choice {
                    pc: *other,
                    at: at as u32,
                });
                Some((next, at))
            }
            Inst::SplitJump(to) => {
                self.push(Frame::Choice {
                    pc: next,
                    at: at as u32,
                });
                Some((*to, at))
            }
            Inst::Mark(register) => {
                self.set(*register, at as u32);
                Some((next, at))
            }
            Inst::Capture {
                group,
                uncapture,
                start,
            } => self
                .capture(*group, *uncapture, *start, at)
                .then_some((next, at)),
            Inst::LoopStart { count, mark } => {
                self.set(*count, 0);
                self.set(*mark, NOWHERE);
                Some((next, at))
            }
            Inst::LoopTest(test) => self.loop_test(test, pc, at),
            Inst::Guard(register) => {
                // Room for the entry that notes the register's old value.
                let height = self.state.stack.len() as u32 + 1;
                self.set(*register, height);
                Some((next, at))
            }
            Inst::Commit(guard) => {
                self.commit(*guard);
                Some((next, at))
            }
            Inst::CommitAt { guard, place } => {
                let place = self.get(*place) as usize;
                self.commit(*guard);
                Some((next, place))
            }
            Inst::Refuse(guard) => {
                self.refuse(*guard);
                None
            }
            Inst::UnlessGroup { group, otherwise } => {
                if self.last_capture(*group).is_some() {
                    Some((next, at))
                } else {
                    Some((*otherwise, at))
                }
            }
            Inst::Accept => None,
        }
    }

    fn push(&mut self, frame: Frame) {
        self.state.stack.push(frame);
    }

    fn get(&self, register: Reg) -> u32 {
        self.state
            .registers
            .get(register as usize)
            .copied()
            .unwrap_or(NOWHERE)
    }

    fn set(&mut self, register: Reg, value: u32) {
        if let Some(place) = self.state.registers.get_mut(register as usize) {
            let old = std::mem::replace(place, value);
            self.state.stack.push(Frame::Register {
                register,
                value: old,
            });
        }
    }

    fn unit(&self, at: usize, back: bool) -> Option<(u16, usize)> {
        if back {
            unit_before(self.text, at)
        } else {
            unit_at(self.text, at)
        }
    }

    /// Takes the last choice back; none if there is none left.
    fn go_back(&mut self) -> Result<Option<(Pc, usize)>, MatchFailure> {
        self.steps += 1;
        if self.steps.is_multiple_of(STRETCH) {
            self.check_limits()?;
        }
        while let Some(frame) = self.state.stack.pop() {
            match frame {
                Frame::Choice { pc, at } => return Ok(Some((pc, at as usize))),
                Frame::GiveBack { pc, limit, at } => {
                    if let Some(next) = self.give_back(pc, limit as usize, at as usize) {
                        return Ok(Some(next));
                    }
                }
                Frame::TakeMore { pc, at, left } => {
                    if let Some(next) = self.take_more(pc, at as usize, left) {
                        return Ok(Some(next));
                    }
                }
                Frame::Round { pc, at } => {
                    if let Some(Inst::LoopTest(test)) = self.program.code.get(pc as usize)
                        && let Some(next) = self.go_round(test, pc, at as usize)
                    {
                        return Ok(Some(next));
                    }
                }
                undo => self.undo(undo),
            }
        }
        Ok(None)
    }

    /// Gives the match up when it takes too long, when its stack has grown too high, or when the
    /// user asked for it.
    fn check_limits(&self) -> Result<(), MatchFailure> {
        let late = match self.deadline {
            Some(deadline) => Instant::now() >= deadline,
            None => self.steps > MAX_STEPS,
        };
        let height = self.state.stack.len();
        let too_high = height > MAX_STACK || !limits::fits(height * size_of::<Frame>());
        if late || too_high || interrupted() {
            return Err(MatchFailure::Timeout);
        }
        Ok(())
    }

    fn undo(&mut self, frame: Frame) {
        match frame {
            Frame::Register { register, value } => {
                if let Some(place) = self.state.registers.get_mut(register as usize) {
                    *place = value;
                }
            }
            Frame::Added { group } => {
                if let Some(captures) = self.state.captures.get_mut(group as usize) {
                    captures.pop();
                }
            }
            Frame::Taken { group, start, end } => {
                if let Some(captures) = self.state.captures.get_mut(group as usize) {
                    captures.push((start, end));
                }
            }
            _ => {}
        }
    }

    /// Forgets the choices since a guard, but not what must be undone when
    /// the matcher goes back behind it.
    fn commit(&mut self, guard: Reg) {
        let height = self.get(guard) as usize;
        let stack = &mut self.state.stack;
        let first = height.min(stack.len());
        let mut kept = first;
        for index in first..stack.len() {
            let frame = stack[index];
            if !frame.is_choice() {
                stack[kept] = frame;
                kept += 1;
            }
        }
        stack.truncate(kept);
    }

    fn refuse(&mut self, guard: Reg) {
        let height = self.get(guard) as usize;
        while self.state.stack.len() > height {
            if let Some(frame) = self.state.stack.pop() {
                self.undo(frame);
            }
        }
    }

    fn last_capture(&self, group: u32) -> Option<Piece> {
        self.state.captures.get(group as usize)?.last().copied()
    }

    fn add_capture(&mut self, group: u32, piece: Piece) {
        if let Some(captures) = self.state.captures.get_mut(group as usize) {
            captures.push(piece);
            self.state.stack.push(Frame::Added { group });
        }
    }

    /// Ends a group; false if a balancing group has nothing to take away.
    fn capture(
        &mut self,
        group: Option<u32>,
        uncapture: Option<u32>,
        mark: Reg,
        at: usize,
    ) -> bool {
        let mark = self.get(mark);
        let (mut start, mut end) = (mark.min(at as u32), mark.max(at as u32));
        if let Some(other) = uncapture {
            let Some((other_start, other_end)) = self.last_capture(other) else {
                return false;
            };
            // What is kept lies between the two, or is what they share.
            if start >= other_end {
                (start, end) = (other_end, start);
            } else if end <= other_start {
                start = other_start;
            } else {
                end = end.min(other_end);
                start = start.max(other_start);
            }
            if let Some(captures) = self.state.captures.get_mut(other as usize) {
                captures.pop();
            }
            self.push(Frame::Taken {
                group: other,
                start: other_start,
                end: other_end,
            });
        }
        if let Some(group) = group {
            self.add_capture(group, (start, end));
        }
        true
    }

    fn loop_test(&mut self, test: &LoopTest, pc: Pc, at: usize) -> Option<(Pc, usize)> {
        let count = self.get(test.count);
        let empty_round = self.get(test.mark) == at as u32;
        if count < test.min {
            return self.begin_round(test, pc, at, count);
        }
        if test.lazy {
            self.push(Frame::Round { pc, at: at as u32 });
            return Some((test.exit, at));
        }
        if count >= test.max || empty_round {
            return Some((test.exit, at));
        }
        self.push(Frame::Choice {
            pc: test.exit,
            at: at as u32,
        });
        self.begin_round(test, pc, at, count)
    }

    /// A lazy loop that has to take another round after all.
    fn go_round(&mut self, test: &LoopTest, pc: Pc, at: usize) -> Option<(Pc, usize)> {
        let count = self.get(test.count);
        if count >= test.max || self.get(test.mark) == at as u32 {
            return None;
        }
        self.begin_round(test, pc, at, count)
    }

    fn begin_round(
        &mut self,
        test: &LoopTest,
        pc: Pc,
        at: usize,
        count: u32,
    ) -> Option<(Pc, usize)> {
        self.set(test.count, count.saturating_add(1));
        self.set(test.mark, at as u32);
        Some((pc + 1, at))
    }

    /// Takes units of a class; returns the place after them and how many.
    fn run(&self, repeat: &Repeat, from: usize, max: u32) -> (usize, u32) {
        let text = self.text;
        let mut at = from;
        let mut taken = 0;
        if repeat.back {
            while taken < max {
                match unit_before(text, at) {
                    Some((unit, before)) if repeat.set.contains(unit) => at = before,
                    _ => break,
                }
                taken += 1;
            }
            return (at, taken);
        }
        if max >= text.len() as u32 {
            // No more than the text can have: no need to count, only to
            // know whether there were any (a minimum above 1 is asked for
            // separately).
            match repeat.kind {
                SetKind::Any => return (text.len(), u32::from(text.len() > from)),
                SetKind::Until(stop) => {
                    let rest = text.get(from..).unwrap_or_default();
                    let end = memchr::memchr(stop, rest).map_or(text.len(), |n| from + n);
                    return (end, u32::from(end > from));
                }
                SetKind::Other => {}
            }
        }
        while taken < max {
            match text.get(at) {
                Some(byte) if *byte < 0x80 => {
                    if !repeat.set.has_ascii(*byte) {
                        break;
                    }
                    at += 1;
                }
                _ => match unit_at(text, at) {
                    Some((unit, next)) if repeat.set.contains(unit) => at = next,
                    _ => break,
                },
            }
            taken += 1;
        }
        (at, taken)
    }

    fn repeat(&mut self, repeat: &Repeat, pc: Pc, from: usize) -> Option<(Pc, usize)> {
        let next = pc + 1;
        // What must be taken is taken first: the loop cannot go back below.
        let mut least = from;
        if repeat.min > 1 || repeat.min == 1 && repeat.mode == Mode::Lazy {
            for _ in 0..repeat.min {
                let (unit, to) = self.unit(least, repeat.back)?;
                if !repeat.set.contains(unit) {
                    return None;
                }
                least = to;
            }
        }
        let left = repeat.max - repeat.min;
        if repeat.mode == Mode::Lazy {
            if left == 0 {
                return Some((next, least));
            }
            return self.lazy_stop(repeat, pc, least, left);
        }
        let (end, mut taken) = if repeat.min == 1 {
            let (end, taken) = self.run(repeat, from, repeat.max);
            if taken == 0 {
                return None;
            }
            least = self.unit(from, repeat.back)?.1;
            (end, taken - 1)
        } else {
            self.run(repeat, least, left)
        };
        if end == least {
            taken = 0;
        } else {
            taken = taken.max(1);
        }
        if repeat.mode == Mode::Greedy && taken > 0 {
            return self.give_back_from(repeat, pc, least, end);
        }
        Some((next, end))
    }

    /// Whether what comes next in the program can start at a place.
    fn can_go_on(&self, repeat: &Repeat, at: usize) -> bool {
        match &repeat.next {
            None => true,
            Some(set) => match self.text.get(at) {
                Some(byte) if *byte < 0x80 => set.has_ascii(*byte),
                _ => unit_at(self.text, at).is_some_and(|(unit, _)| set.contains(unit)),
            },
        }
    }

    /// The first place from `at` down to `limit` where a greedy loop may stop.
    fn give_back_from(
        &mut self,
        repeat: &Repeat,
        pc: Pc,
        limit: usize,
        mut at: usize,
    ) -> Option<(Pc, usize)> {
        loop {
            let fits = self.can_go_on(repeat, at);
            if at == limit {
                return fits.then_some((pc + 1, at));
            }
            if fits {
                self.push(Frame::GiveBack {
                    pc,
                    limit: limit as u32,
                    at: at as u32,
                });
                return Some((pc + 1, at));
            }
            at = self.unit(at, !repeat.back)?.1;
        }
    }

    fn give_back(&mut self, pc: Pc, limit: usize, at: usize) -> Option<(Pc, usize)> {
        let Some(Inst::Repeat(repeat)) = self.program.code.get(pc as usize) else {
            return None;
        };
        let at = self.unit(at, !repeat.back)?.1;
        self.give_back_from(repeat, pc, limit, at)
    }

    /// The first place from `at` on where a lazy loop may stop.
    fn lazy_stop(
        &mut self,
        repeat: &Repeat,
        pc: Pc,
        mut at: usize,
        mut left: u32,
    ) -> Option<(Pc, usize)> {
        loop {
            if self.can_go_on(repeat, at) {
                if left > 0 {
                    self.push(Frame::TakeMore {
                        pc,
                        at: at as u32,
                        left,
                    });
                }
                return Some((pc + 1, at));
            }
            if left == 0 {
                return None;
            }
            let (unit, to) = self.unit(at, repeat.back)?;
            if !repeat.set.contains(unit) {
                return None;
            }
            at = to;
            left -= 1;
        }
    }

    fn take_more(&mut self, pc: Pc, at: usize, left: u32) -> Option<(Pc, usize)> {
        let Some(Inst::Repeat(repeat)) = self.program.code.get(pc as usize) else {
            return None;
        };
        let (unit, to) = self.unit(at, repeat.back)?;
        if !repeat.set.contains(unit) {
            return None;
        }
        self.lazy_stop(repeat, pc, to, left - 1)
    }

    fn refer(&self, to: BackReference, back: bool, at: usize) -> Option<usize> {
        let Some((start, end)) = self.last_capture(to.group) else {
            return to.ecma.then_some(at);
        };
        let wanted = self.text.get(start as usize..end as usize)?;
        if !to.ignore_case {
            return if back {
                self.text
                    .get(..at)?
                    .ends_with(wanted)
                    .then(|| at - wanted.len())
            } else {
                self.text
                    .get(at..)?
                    .starts_with(wanted)
                    .then(|| at + wanted.len())
            };
        }
        let (mut place, mut at) = if back { (end, at) } else { (start, at) };
        let last = if back { start } else { end };
        while place != last {
            let (a, next_place) = self.unit(place as usize, back)?;
            let (b, next_at) = self.unit(at, back)?;
            if !casing::equal(a, b, to.invariant) {
                return None;
            }
            place = next_place as u32;
            at = next_at;
        }
        Some(at)
    }

    fn holds(&self, anchor: Anchor, at: usize) -> bool {
        let text = self.text;
        let before = || at.checked_sub(1).and_then(|at| text.get(at)).copied();
        match anchor {
            Anchor::LineStart => before().is_none_or(|byte| byte == b'\n'),
            Anchor::LineEnd => text.get(at).is_none_or(|byte| *byte == b'\n'),
            Anchor::TextStart => at == 0,
            Anchor::SearchStart => at == self.search_start,
            Anchor::LastLineEnd => {
                at == text.len() || at + 1 == text.len() && text.get(at) == Some(&b'\n')
            }
            Anchor::TextEnd => at == text.len(),
            Anchor::Boundary => self.is_boundary(at, is_boundary_word),
            Anchor::NoBoundary => !self.is_boundary(at, is_boundary_word),
            Anchor::EcmaBoundary => self.is_boundary(at, is_ecma_word),
            Anchor::EcmaNoBoundary => !self.is_boundary(at, is_ecma_word),
        }
    }

    fn is_boundary(&self, at: usize, is_word: impl Fn(u16) -> bool) -> bool {
        let before = unit_before(self.text, at).is_some_and(|(unit, _)| is_word(unit));
        let after = unit_at(self.text, at).is_some_and(|(unit, _)| is_word(unit));
        before != after
    }
}

fn is_ecma_word(unit: u16) -> bool {
    match u8::try_from(unit) {
        Ok(byte) => byte.is_ascii_alphanumeric() || byte == b'_',
        Err(_) => unit == 0x130,
    }
}
