//! Tree → program.
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::class::CharSet;
use super::node::{Anchor, Node, UNLIMITED};
use super::parse::Parsed;
use super::program::{Inst, LoopTest, Mode, Pc, Program, Reg, Repeat, SetKind};
use super::scan;

/// Compiles a pattern that is read from right to left if `back`.
pub(super) fn compile(parsed: &Parsed, back: bool) -> Program {
    let slots = parsed
        .numbers
        .iter()
        .enumerate()
        .map(|(slot, number)| (*number, slot as u32))
        .collect();
    let mut compiler = Compiler {
        code: Vec::new(),
        registers: 0,
        slots,
    };
    compiler.node(&parsed.root, Follow::End);
    compiler.code.push(Inst::Accept);
    Program {
        leading_run: leading_run(&compiler.code),
        code: compiler.code,
        registers: compiler.registers as usize,
        groups: parsed.numbers.len(),
        back,
        min_length: parsed.root.min_length() as usize,
        start: if back {
            scan::Start::Anywhere
        } else {
            scan::start_of(&parsed.root)
        },
    }
}

/// The class of a leading loop, unless the rest can tell where it started.
fn leading_run(code: &[Inst]) -> Option<Rc<CharSet>> {
    let looks_back = |inst: &Inst| {
        matches!(
            inst,
            Inst::Reference { .. }
                | Inst::UnlessGroup { .. }
                | Inst::Capture {
                    uncapture: Some(_),
                    ..
                }
        )
    };
    let first = code.iter().find(|inst| !matches!(inst, Inst::Mark(_)))?;
    match first {
        Inst::Repeat(repeat)
            if repeat.mode == Mode::Possessive
                && repeat.max == UNLIMITED
                && repeat.min <= 1
                && !repeat.back
                && !code.iter().any(looks_back) =>
        {
            Some(repeat.set.clone())
        }
        _ => None,
    }
}

/// What comes after a construct, to tell whether a loop may keep what it took.
#[derive(Clone, Copy)]
enum Follow<'n> {
    /// The match is complete.
    End,
    Node(&'n Node),
    Unknown,
}

struct Compiler {
    code: Vec<Inst>,
    registers: Reg,
    /// Group number → place in the list of groups.
    slots: FxHashMap<u32, u32>,
}

impl Compiler {
    fn register(&mut self) -> Reg {
        self.registers += 1;
        self.registers - 1
    }

    fn here(&self) -> Pc {
        self.code.len() as Pc
    }

    /// Adds an instruction whose target is set later by [`Self::land`].
    fn jump(&mut self, inst: Inst) -> usize {
        self.code.push(inst);
        self.code.len() - 1
    }

    fn land(&mut self, at: usize) {
        let here = self.here();
        match self.code.get_mut(at) {
            Some(Inst::Jump(to) | Inst::Split(to) | Inst::SplitJump(to)) => *to = here,
            Some(Inst::LoopTest(test)) => test.exit = here,
            Some(Inst::UnlessGroup { otherwise, .. }) => *otherwise = here,
            _ => {}
        }
    }

    fn slot(&self, number: u32) -> u32 {
        self.slots.get(&number).copied().unwrap_or(0)
    }

    fn node(&mut self, node: &Node, follow: Follow<'_>) {
        match node {
            Node::Empty => {}
            Node::One { unit, back } => self.units(&[*unit], *back),
            Node::Set { set, back } => self.code.push(if *back {
                Inst::SetBack(set.clone())
            } else {
                Inst::Set(set.clone())
            }),
            Node::Anchor(anchor) => self.code.push(Inst::Anchor(*anchor)),
            Node::Reference { to, back } => {
                let mut to = *to;
                to.group = self.slot(to.group);
                self.code.push(Inst::Reference { to, back: *back });
            }
            Node::Sequence(items) => self.sequence(items, follow),
            Node::Alternation(items) => self.alternation(items, follow),
            Node::Loop {
                body,
                min,
                max,
                lazy,
            } => self.repeat(body, *min, *max, *lazy, follow),
            Node::Capture {
                group,
                uncapture,
                body,
            } => {
                let start = self.register();
                self.code.push(Inst::Mark(start));
                self.node(body, follow);
                let group = group.map(|n| self.slot(n));
                let uncapture = uncapture.map(|n| self.slot(n));
                self.code.push(Inst::Capture {
                    group,
                    uncapture,
                    start,
                });
            }
            Node::Atomic(body) => {
                let guard = self.register();
                self.code.push(Inst::Guard(guard));
                self.node(body, Follow::End);
                self.code.push(Inst::Commit(guard));
            }
            Node::Look { negative, body } => self.look(body, *negative),
            Node::IfGroup { group, yes, no } => {
                let group = self.slot(*group);
                let test = self.jump(Inst::UnlessGroup {
                    group,
                    otherwise: 0,
                });
                self.node(yes, follow);
                let end = self.jump(Inst::Jump(0));
                self.land(test);
                self.node(no, follow);
                self.land(end);
            }
            Node::IfMatch { condition, yes, no } => {
                let (guard, place) = (self.register(), self.register());
                self.code.push(Inst::Guard(guard));
                self.code.push(Inst::Mark(place));
                let test = self.jump(Inst::Split(0));
                self.node(condition, Follow::End);
                self.code.push(Inst::CommitAt { guard, place });
                self.node(yes, follow);
                let end = self.jump(Inst::Jump(0));
                self.land(test);
                self.node(no, follow);
                self.land(end);
            }
        }
    }

    fn look(&mut self, body: &Node, negative: bool) {
        let guard = self.register();
        self.code.push(Inst::Guard(guard));
        if negative {
            let otherwise = self.jump(Inst::Split(0));
            self.node(body, Follow::End);
            self.code.push(Inst::Refuse(guard));
            self.land(otherwise);
        } else {
            let place = self.register();
            self.code.push(Inst::Mark(place));
            self.node(body, Follow::End);
            self.code.push(Inst::CommitAt { guard, place });
        }
    }

    fn sequence(&mut self, items: &[Node], follow: Follow<'_>) {
        let mut rest = items;
        while let Some((first, tail)) = rest.split_first() {
            if let Node::One { back, .. } = first {
                let mut units: Vec<u16> = rest
                    .iter()
                    .map_while(|node| match node {
                        Node::One { unit, .. } => Some(*unit),
                        _ => None,
                    })
                    .collect();
                rest = rest.get(units.len()..).unwrap_or_default();
                if *back {
                    units.reverse();
                }
                self.units(&units, *back);
                continue;
            }
            let follow = match tail {
                [] => follow,
                [next, ..] => Follow::Node(next),
            };
            self.node(first, follow);
            rest = tail;
        }
    }

    /// Literal units, in the order of the text.
    fn units(&mut self, units: &[u16], back: bool) {
        let mut parts: Vec<Inst> = Vec::new();
        let mut text = String::new();
        let flush = |text: &mut String, parts: &mut Vec<Inst>| {
            if text.is_empty() {
                return;
            }
            let bytes: Box<[u8]> = std::mem::take(text).into_bytes().into();
            parts.push(match (&*bytes, back) {
                (_, true) => Inst::TextBack(bytes),
                ([byte], false) => Inst::Byte(*byte),
                (_, false) => Inst::Text(bytes),
            });
        };
        for decoded in char::decode_utf16(units.iter().copied()) {
            match decoded {
                Ok(c) => text.push(c),
                Err(lone) => {
                    flush(&mut text, &mut parts);
                    parts.push(Inst::Unit {
                        unit: lone.unpaired_surrogate(),
                        back,
                    });
                }
            }
        }
        flush(&mut text, &mut parts);
        if back {
            parts.reverse();
        }
        self.code.append(&mut parts);
    }

    fn alternation(&mut self, items: &[Node], follow: Follow<'_>) {
        let Some((last, others)) = items.split_last() else {
            return;
        };
        let mut ends = Vec::with_capacity(others.len());
        for item in others {
            let next = self.jump(Inst::Split(0));
            self.node(item, follow);
            ends.push(self.jump(Inst::Jump(0)));
            self.land(next);
        }
        self.node(last, follow);
        for end in ends {
            self.land(end);
        }
    }

    fn repeat(&mut self, body: &Node, min: u32, max: u32, lazy: bool, follow: Follow<'_>) {
        match body {
            Node::One { unit, back } => {
                let set = Rc::new(CharSet::single(*unit));
                return self.repeat_set(set, *back, (min, max), lazy, follow);
            }
            Node::Set { set, back } => {
                return self.repeat_set(set.clone(), *back, (min, max), lazy, follow);
            }
            _ => {}
        }
        if (min, max) == (0, 1) {
            let skip = if lazy {
                let enter = self.jump(Inst::Split(0));
                let skip = self.jump(Inst::Jump(0));
                self.land(enter);
                skip
            } else {
                self.jump(Inst::Split(0))
            };
            self.node(body, Follow::Unknown);
            self.land(skip);
            return;
        }
        let never_empty = body.min_length() > 0;
        if never_empty && min <= 1 && max == UNLIMITED {
            return self.simple_loop(body, min, lazy);
        }
        let (count, mark) = (self.register(), self.register());
        self.code.push(Inst::LoopStart { count, mark });
        let test = self.here();
        let at = self.jump(Inst::LoopTest(Box::new(LoopTest {
            count,
            mark,
            min,
            max,
            lazy,
            exit: 0,
        })));
        self.node(body, Follow::Unknown);
        self.code.push(Inst::Jump(test));
        self.land(at);
    }

    /// A loop that needs no count, and no guard against empty rounds.
    fn simple_loop(&mut self, body: &Node, min: u32, lazy: bool) {
        let enter =
            (min == 0).then(|| self.jump(if lazy { Inst::Jump(0) } else { Inst::Split(0) }));
        let top = self.here();
        self.node(body, Follow::Unknown);
        if lazy {
            if let Some(enter) = enter {
                self.land(enter);
            }
            self.code.push(Inst::Split(top));
        } else {
            self.code.push(Inst::SplitJump(top));
            if let Some(enter) = enter {
                self.land(enter);
            }
        }
    }

    fn repeat_set(
        &mut self,
        set: Rc<CharSet>,
        back: bool,
        (min, max): (u32, u32),
        lazy: bool,
        follow: Follow<'_>,
    ) {
        let mode = if lazy {
            Mode::Lazy
        } else if !back && keeps_all(&set, follow) {
            Mode::Possessive
        } else {
            Mode::Greedy
        };
        let next = match follow {
            Follow::Node(node) if !back => first_set(node),
            _ => None,
        };
        let kind = if set.is_any() {
            SetKind::Any
        } else {
            match set.all_but() {
                Some(unit @ 0..=0x7F) => SetKind::Until(unit as u8),
                _ => SetKind::Other,
            }
        };
        self.code.push(Inst::Repeat(Box::new(Repeat {
            set,
            kind,
            min,
            max,
            mode,
            back,
            next,
        })));
    }
}

/// The class that the first unit of a node must be in, where that is plain.
fn first_set(node: &Node) -> Option<Rc<CharSet>> {
    match node {
        Node::One { unit, back: false } => Some(Rc::new(CharSet::single(*unit))),
        Node::Set { set, back: false } => Some(set.clone()),
        Node::Sequence(items) => first_set(items.first()?),
        Node::Capture { body, .. } | Node::Atomic(body) => first_set(body),
        Node::Loop { body, min, .. } if *min > 0 => first_set(body),
        _ => None,
    }
}

/// Whether a greedy loop over a class can never profit from giving back.
fn keeps_all(set: &CharSet, follow: Follow<'_>) -> bool {
    match follow {
        Follow::End => true,
        Follow::Unknown => false,
        Follow::Node(Node::Anchor(anchor)) => match anchor {
            Anchor::TextEnd => true,
            Anchor::LastLineEnd | Anchor::LineEnd => !set.contains(u16::from(b'\n')),
            _ => false,
        },
        Follow::Node(node) => first_set(node).is_some_and(|next| set.is_disjoint(&next)),
    }
}
