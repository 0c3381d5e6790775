//! What parentheses mean: finding the groups, opening and closing them.
use super::super::category;
use super::super::node::Node;
use super::{Parser, RegexError, RegexOptions, RegexParseError};

/// What an open parenthesis began.
enum Kind {
    /// The whole pattern, and groups that only group.
    Plain,
    Capture {
        group: Option<u32>,
        uncapture: Option<u32>,
    },
    Atomic,
    Look {
        negative: bool,
    },
    IfGroup(u32),
    IfMatch,
}

/// A group that is being read.
pub(super) struct Open {
    kind: Kind,
    /// Read from right to left.
    back: bool,
    alternatives: Vec<Node>,
    sequence: Vec<Node>,
    condition: Option<Node>,
}

impl Open {
    fn new(kind: Kind, options: RegexOptions) -> Self {
        Self {
            kind,
            back: options.contains(RegexOptions::RIGHT_TO_LEFT),
            alternatives: Vec::new(),
            sequence: Vec::new(),
            condition: None,
        }
    }

    /// The whole pattern.
    pub(super) fn root(options: RegexOptions) -> Self {
        Self::new(Kind::Plain, options)
    }

    pub(super) fn push(&mut self, node: Node) {
        self.sequence.push(node);
    }

    pub(super) fn end_alternative(&mut self) {
        let mut items = std::mem::take(&mut self.sequence);
        if self.back {
            items.reverse();
        }
        let node = if items.len() == 1 {
            items.pop().unwrap_or(Node::Empty)
        } else {
            Node::Sequence(items)
        };
        self.alternatives.push(node);
    }

    /// The node of the finished group.
    pub(super) fn finish(mut self) -> Node {
        self.end_alternative();
        let mut branches = self.alternatives;
        if let Kind::IfGroup(_) | Kind::IfMatch = self.kind {
            let mut branches = branches.into_iter();
            let yes = Box::new(branches.next().unwrap_or(Node::Empty));
            let no = Box::new(branches.next().unwrap_or(Node::Empty));
            return match self.kind {
                Kind::IfGroup(group) => Node::IfGroup { group, yes, no },
                _ => Node::IfMatch {
                    condition: Box::new(self.condition.unwrap_or(Node::Empty)),
                    yes,
                    no,
                },
            };
        }
        let body = if branches.len() == 1 {
            branches.pop().unwrap_or(Node::Empty)
        } else {
            Node::Alternation(branches)
        };
        match self.kind {
            Kind::Capture { group, uncapture } => Node::Capture {
                group,
                uncapture,
                body: Box::new(body),
            },
            Kind::Atomic => Node::Atomic(Box::new(body)),
            Kind::Look { negative } => Node::Look {
                negative,
                body: Box::new(body),
            },
            _ => body,
        }
    }
}

impl Parser<'_> {
    /// Goes over the pattern once and notes every group: numbers are given
    /// to unnamed groups first, then to the names in order.
    pub(super) fn find_groups(&mut self) -> Result<(), RegexError> {
        while !self.at_end() {
            let place = self.at;
            let c = self.peek(0);
            self.at += 1;
            match c {
                b'\\' if !self.at_end() => self.skip_backslash()?,
                b'#' if self.has(RegexOptions::IGNORE_PATTERN_WHITESPACE) => {
                    self.at -= 1;
                    self.skip_blank()?;
                }
                b'[' => {
                    self.read_class(true)?;
                }
                b')' => {
                    if let Some(options) = self.saved.pop() {
                        self.options = options;
                    }
                }
                b'(' => {
                    if (self.peek(0), self.peek(1)) == (b'?', b'#') {
                        self.at -= 1;
                        self.skip_blank()?;
                        self.skip_next_paren = false;
                    } else {
                        self.saved.push(self.options);
                        let keep = self.find_group(place)?;
                        self.skip_next_paren &= keep;
                    }
                }
                _ => {}
            }
        }
        for name in std::mem::take(&mut self.names_in_order) {
            while self.groups.contains_key(&self.next_group) {
                self.next_group += 1;
            }
            let place = self.names.get(&name).map_or(0, |place| *place as usize);
            self.groups.insert(self.next_group, place);
            self.names.insert(name, self.next_group);
            self.next_group += 1;
        }
        Ok(())
    }

    /// Notes the group after an open parenthesis; true if the next one
    /// belongs to a condition.
    fn find_group(&mut self, place: usize) -> Result<bool, RegexError> {
        if self.peek(0) != b'?' || self.at_end() {
            if !self.has(RegexOptions::EXPLICIT_CAPTURE) && !self.skip_next_paren {
                self.groups.entry(self.next_group).or_insert(place);
                self.next_group += 1;
            }
            return Ok(false);
        }
        self.at += 1;
        if matches!(self.peek(0), b'<' | b'\'') && self.peek_unit(1).is_some() {
            self.at += 1;
            match self.peek(0) {
                b'0' => {}
                b'1'..=b'9' => {
                    let number = self.scan_decimal()?;
                    self.groups.entry(number).or_insert(place);
                }
                _ => {
                    if self.peek_unit(0).is_some_and(category::is_boundary_word) {
                        let name = self.scan_name();
                        if !self.names.contains_key(&name) {
                            // The place until numbers are given.
                            self.names.insert(name.clone(), place as u32);
                            self.names_in_order.push(name);
                        }
                    }
                }
            }
            return Ok(false);
        }
        self.scan_options();
        match self.peek(0) {
            b')' => {
                self.at += 1;
                self.saved.pop();
            }
            b'(' => {
                self.skip_next_paren = true;
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }

    /// Applies inline options like `imn-sx`.
    fn scan_options(&mut self) {
        let mut off = false;
        loop {
            let option = match self.peek(0).to_ascii_lowercase() {
                b'-' => {
                    off = true;
                    self.at += 1;
                    continue;
                }
                b'+' => {
                    off = false;
                    self.at += 1;
                    continue;
                }
                b'i' => RegexOptions::IGNORE_CASE,
                b'm' => RegexOptions::MULTILINE,
                b'n' => RegexOptions::EXPLICIT_CAPTURE,
                b's' => RegexOptions::SINGLELINE,
                b'x' => RegexOptions::IGNORE_PATTERN_WHITESPACE,
                _ => return,
            };
            self.options = if off {
                self.options.without(option)
            } else {
                self.options.with(option)
            };
            self.at += 1;
        }
    }

    /// Reads what follows an open parenthesis; none if it only set options.
    pub(super) fn open_group(&mut self) -> Result<Option<Open>, RegexError> {
        if self.peek(0) != b'?' || self.at_end() || self.peek(1) == b')' {
            let skip = std::mem::take(&mut self.skip_next_paren);
            let kind = if skip || self.has(RegexOptions::EXPLICIT_CAPTURE) {
                Kind::Plain
            } else {
                self.next_group += 1;
                Kind::Capture {
                    group: Some(self.next_group - 1),
                    uncapture: None,
                }
            };
            return Ok(Some(Open::new(kind, self.options)));
        }
        self.at += 1;
        let c = self.peek(0);
        self.at += 1;
        let kind = match c {
            b':' => Kind::Plain,
            b'>' => Kind::Atomic,
            b'=' | b'!' => {
                self.options = self.options.without(RegexOptions::RIGHT_TO_LEFT);
                Kind::Look {
                    negative: c == b'!',
                }
            }
            b'<' if matches!(self.peek(0), b'=' | b'!') => {
                let negative = self.peek(0) == b'!';
                self.at += 1;
                self.options = self.options.with(RegexOptions::RIGHT_TO_LEFT);
                Kind::Look { negative }
            }
            b'<' | b'\'' => self.open_named(if c == b'<' { b'>' } else { b'\'' })?,
            b'(' => self.open_conditional()?,
            _ => {
                self.at = (self.at - 1).min(self.units.len());
                // A condition takes no options.
                if !matches!(self.current.kind, Kind::IfMatch) || self.current.condition.is_some() {
                    self.scan_options();
                }
                let c = self.peek(0);
                if self.at_end() {
                    return Err(self.unrecognized());
                }
                self.at += 1;
                match c {
                    b')' => return Ok(None),
                    b':' => Kind::Plain,
                    _ => return Err(self.unrecognized()),
                }
            }
        };
        if !matches!(kind, Kind::IfMatch) {
            self.skip_next_paren = false;
        }
        Ok(Some(Open::new(kind, self.options)))
    }

    fn unrecognized(&self) -> RegexError {
        self.error(RegexParseError::InvalidGroupingConstruct)
    }

    /// `(?<name>`, `(?<1>`, `(?<name-other>` and `(?<-other>`.
    fn open_named(&mut self, close: u8) -> Result<Kind, RegexError> {
        let Some(unit) = self.peek_unit(0) else {
            return Err(self.unrecognized());
        };
        let bad_name = RegexParseError::CaptureGroupNameInvalid;
        let mut group = None;
        let mut only_balances = false;
        if self.peek(0).is_ascii_digit() {
            let number = self.scan_decimal()?;
            group = self.groups.contains_key(&number).then_some(number);
            if !self.at_end() && self.peek(0) != close && self.peek(0) != b'-' {
                return Err(self.error(bad_name));
            }
            if number == 0 {
                return Err(self.error(RegexParseError::CaptureGroupOfZero));
            }
        } else if category::is_boundary_word(unit) {
            let name = self.scan_name();
            group = self.names.get(&name).copied();
            if !self.at_end() && self.peek(0) != close && self.peek(0) != b'-' {
                return Err(self.error(bad_name));
            }
        } else if self.peek(0) == b'-' {
            only_balances = true;
        } else {
            return Err(self.error(bad_name));
        }
        let mut uncapture = None;
        if (group.is_some() || only_balances)
            && self.peek(0) == b'-'
            && let Some(unit) = self.peek_unit(1)
        {
            self.at += 1;
            if self.peek(0).is_ascii_digit() {
                let number = self.scan_decimal()?;
                if !self.groups.contains_key(&number) {
                    return Err(self.error_about(
                        RegexParseError::UndefinedNumberedReference,
                        &number.to_string(),
                    ));
                }
                uncapture = Some(number);
            } else if category::is_boundary_word(unit) {
                let name = self.scan_name();
                uncapture = self.names.get(&name).copied();
                if uncapture.is_none() {
                    return Err(self.error_about(RegexParseError::UndefinedNamedReference, &name));
                }
            } else {
                return Err(self.error(bad_name));
            }
            if !self.at_end() && self.peek(0) != close {
                return Err(self.error(bad_name));
            }
        }
        if (group.is_some() || uncapture.is_some()) && !self.at_end() {
            let c = self.peek(0);
            self.at += 1;
            if c == close {
                return Ok(Kind::Capture { group, uncapture });
            }
        }
        Err(self.unrecognized())
    }

    /// `(?(1)`, `(?(name)` and `(?(condition)`.
    fn open_conditional(&mut self) -> Result<Kind, RegexError> {
        let start = self.at;
        if self.peek(0).is_ascii_digit() {
            let number = self.scan_decimal()?;
            let text = number.to_string();
            let closed = self.peek(0) == b')';
            self.at = (self.at + 1).min(self.units.len());
            return if !closed {
                Err(self.error_about(RegexParseError::AlternationHasMalformedReference, &text))
            } else if self.groups.contains_key(&number) {
                Ok(Kind::IfGroup(number))
            } else {
                Err(self.error_about(RegexParseError::AlternationHasUndefinedReference, &text))
            };
        }
        if self.peek_unit(0).is_some_and(category::is_boundary_word) {
            let name = self.scan_name();
            if self.peek(0) == b')'
                && let Some(group) = self.names.get(&name)
            {
                self.at += 1;
                return Ok(Kind::IfGroup(*group));
            }
        }
        // Not a group's name: an expression, whose parenthesis comes next.
        self.at = start - 1;
        self.skip_next_paren = true;
        if self.peek(1) == b'?' {
            let named = match self.peek(2) {
                b'#' => return Err(self.error(RegexParseError::AlternationHasComment)),
                b'\'' => true,
                b'<' => self.peek_unit(3).is_some() && !matches!(self.peek(3), b'!' | b'='),
                _ => false,
            };
            if named {
                return Err(self.error(RegexParseError::AlternationHasNamedCapture));
            }
        }
        Ok(Kind::IfMatch)
    }

    /// Ends the group at a closing parenthesis; none if it was the condition
    /// of the group around.
    pub(super) fn close_group(&mut self) -> Result<Option<Node>, RegexError> {
        let Some(parent) = self.parents.pop() else {
            return Err(self.error(RegexParseError::InsufficientOpeningParentheses));
        };
        let group = std::mem::replace(&mut self.current, parent);
        let conditional = matches!(group.kind, Kind::IfGroup(_) | Kind::IfMatch);
        if conditional && group.alternatives.len() > 1 {
            return Err(self.error(RegexParseError::AlternationHasTooManyConditions));
        }
        if matches!(group.kind, Kind::IfMatch) && group.condition.is_none() {
            return Err(self.error(RegexParseError::AlternationHasMalformedCondition));
        }
        let node = group.finish();
        if let Some(options) = self.saved.pop() {
            self.options = options;
        }
        if matches!(self.current.kind, Kind::IfMatch) && self.current.condition.is_none() {
            self.current.condition = Some(node);
            return Ok(None);
        }
        Ok(Some(node))
    }
}
