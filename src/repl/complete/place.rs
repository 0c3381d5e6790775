//! What is wanted at the cursor, judged by the tokens before it.

mod command;

use crate::syntax::token::{Token, TokenKind, flags};
use crate::syntax::{ParseOptions, parse_with};

/// One word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// `-Name`, without the dash; `true` if a value must follow at once (`-Name:`).
    Parameter(String, bool),
    /// Anything else, as written.
    Value(String),
}

/// The command the cursor stands in, up to the word that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The command's name, without quotes.
    pub name: String,
    /// Its words before the cursor, without the current one.
    pub elements: Vec<Element>,
    /// The pipeline that feeds it, if there is one.
    pub upstream: Option<String>,
    /// The text of the whole command up to the cursor.
    pub line: String,
}

/// Whose member is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The text before the dot.
    pub text: String,
    /// Where it begins, in bytes.
    pub start: usize,
    /// After `::`.
    pub is_static: bool,
    /// What comes through the pipe into the block around it.
    pub upstream: Option<String>,
}

/// A hashtable that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The command whose argument it is.
    pub call: Option<Call>,
    /// The type it is converted to, as written: `[Point]@{`.
    pub type_name: Option<String>,
    /// The keys that stand there already.
    pub used: Vec<String>,
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing can be said.
    Nothing,
    /// A command.
    Command,
    /// The name of a parameter.
    ParameterName(Call),
    /// An argument.
    Argument(Call),
    /// A variable.
    Variable {
        /// Written `${…`.
        braced: bool,
        /// Written `@…`.
        splatted: bool,
    },
    /// A member of an expression or a type.
    Member(Target),
    /// The name of a type.
    Type,
    /// The name of an argument of this attribute.
    AttributeArgument(String),
    /// An operator.
    Operator,
    /// A key of a hashtable.
    HashtableKey(Table),
    /// A value for this variable or property, with the attributes before it.
    Assignment(String),
    /// A value to compare this expression with.
    Comparison(Target),
    /// A parameter of `#requires`.
    Requires,
    /// A value of this parameter of `#requires`.
    RequiredValue(String),
    /// A keyword of help in a comment; those that stand there already.
    HelpKeyword(Vec<String>),
    /// What stands behind `using`.
    Using,
    /// A key of a table, in an index of this expression.
    Key(String),
    /// A namespace.
    Namespace,
    /// A file.
    Path,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where the word that is being typed begins, in bytes.
    pub start: usize,
    /// The word as typed so far.
    pub word: String,
    /// What it should become.
    pub wanted: Wanted,
    /// The text before the word.
    pub before: String,
}

impl Place {
    /// Finds out what is wanted at the byte `cursor`.
    pub fn find(text: &str, cursor: usize) -> Place {
        let text = text.get(..cursor).unwrap_or(text);
        let (start, wanted) = Finder::new(text).find();
        Place {
            start,
            word: text.get(start..).unwrap_or_default().to_owned(),
            before: text.get(..start).unwrap_or_default().to_owned(),
            wanted,
        }
    }
}

impl Place {
    /// How much of the text behind the cursor belongs to the word: the quote
    /// that closes it.
    pub fn rest(&self, behind: &str) -> usize {
        let quote = self.word.chars().next().filter(|&c| c == '\'' || c == '"');
        let open_brace = matches!(self.wanted, Wanted::Variable { braced: true, .. });
        match quote {
            Some(quote) if behind.starts_with(quote) => quote.len_utf8(),
            // An unclosed brace takes what follows into the name.
            None if open_brace => behind.find(['}', '\n']).map_or(behind.len(), |at| at + 1),
            _ => 0,
        }
    }
}

struct Finder<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn opens(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        LParen | LCurly | LBracket | AtParen | AtCurly | DollarParen | QuestionLBracket
    )
}

fn closes(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::RParen | TokenKind::RCurly | TokenKind::RBracket
    )
}

fn is_string(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        StringLiteral | StringExpandable | HereStringLiteral | HereStringExpandable
    )
}

/// Operators that compare with a value of the same type.
fn compares(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        Ieq | Ine
            | Ilike
            | Inotlike
            | Ceq
            | Cne
            | Clike
            | Cnotlike
            | Imatch
            | Inotmatch
            | Icontains
            | Inotcontains
    )
}

/// A token after which a new command may begin.
fn separates(token: &Token) -> bool {
    use TokenKind::*;
    matches!(
        token.kind,
        Pipe | Semi | NewLine | AndAnd | OrOr | Ampersand
    ) || token.kind.has(flags::ASSIGNMENT)
        || (token.has(flags::KEYWORD) && token.kind != In)
}

impl<'a> Finder<'a> {
    fn new(text: &'a str) -> Finder<'a> {
        let mut tokens = parse_with(
            text,
            &ParseOptions {
                tokens: true,
                ..ParseOptions::default()
            },
        )
        .tokens;
        tokens.retain(|t| {
            !matches!(t.kind, TokenKind::EndOfInput | TokenKind::LineContinuation)
                && t.span.start < t.span.end
        });
        Finder { text, tokens }
    }

    fn part(&self, token: &Token) -> &'a str {
        token.text(self.text)
    }

    /// The token that the cursor touches.
    fn current(&self) -> Option<&Token> {
        let last = self.tokens.last()?;
        (last.span.end as usize >= self.text.len() && last.kind != TokenKind::NewLine)
            .then_some(last)
    }

    fn find(&self) -> (usize, Wanted) {
        let end = self.text.len();
        if let Some(token) = self.current() {
            let start = token.span.start as usize;
            match token.kind {
                TokenKind::Comment => return self.comment(start),
                // The text of a single-quoted string is nobody's variable, a
                // closed string has nothing to complete but a path.
                kind if is_string(kind) => {
                    if let Some(found) = self.inside_string(token) {
                        return found;
                    }
                    if kind == TokenKind::StringExpandable
                        && let Some(found) = self.variable()
                    {
                        return found;
                    }
                    if let Some(found) = self.key(start) {
                        return found;
                    }
                    return self.in_command(start);
                }
                _ => {}
            }
        }
        let special = self
            .variable()
            .or_else(|| self.member())
            .or_else(|| self.bare_key())
            .or_else(|| self.type_name())
            .or_else(|| self.inside_brackets());
        special.unwrap_or_else(|| self.in_command(self.word_start(end)))
    }

    /// Code in `$( )` that is still open at the cursor.
    fn inside_string(&self, token: &Token) -> Option<(usize, Wanted)> {
        let string = self.part(token);
        let at = string
            .rfind("$(")
            .filter(|_| string.starts_with(['"', '@']))?;
        let code = string.get(at + 2..)?;
        if code.contains(')') {
            return None;
        }
        let (start, wanted) = Finder::new(code).find();
        Some((self.text.len() - code.len() + start, wanted))
    }

    fn comment(&self, start: usize) -> (usize, Wanted) {
        let comment = &self.text[start..];
        let dash = comment.rfind('-').filter(|_| begins_requires(comment));
        match dash {
            Some(at) if comment[at + 1..].chars().all(is_word) => {
                (start + at + 1, Wanted::Requires)
            }
            Some(at) => {
                let words: Vec<&str> = comment[at + 1..].split(' ').collect();
                match words.as_slice() {
                    [of, value] => {
                        let value = value.rsplit(',').next().unwrap_or(value);
                        let wanted = Wanted::RequiredValue((*of).to_owned());
                        (self.text.len() - value.len(), wanted)
                    }
                    _ => (self.text.len(), Wanted::Nothing),
                }
            }
            None => self.help_keyword(comment),
        }
    }

    /// `.SYN` at the beginning of a line of a comment.
    fn help_keyword(&self, comment: &str) -> (usize, Wanted) {
        let keyword = |line: &str| {
            let line = line.trim_start_matches([' ', '\t', '<', '#']);
            let word = line.strip_prefix('.')?;
            let whole = word.trim_end().chars().all(char::is_alphanumeric);
            whole.then(|| word.to_owned())
        };
        let mut lines: Vec<&str> = comment.split('\n').collect();
        let current = lines.pop().and_then(keyword);
        match current {
            Some(word) if !word.ends_with(' ') => {
                let used = lines.into_iter().filter_map(keyword);
                let used = used.map(|word| word.trim().to_owned()).collect();
                (self.text.len() - word.len(), Wanted::HelpKeyword(used))
            }
            _ => (self.text.len(), Wanted::Nothing),
        }
    }

    /// A key inside the brackets of an index: `$table['na`.
    fn key(&self, start: usize) -> Option<(usize, Wanted)> {
        let at = self
            .tokens
            .partition_point(|t| (t.span.start as usize) < start);
        let open = self.tokens.get(at.checked_sub(1)?)?;
        let before = self.tokens.get(at.checked_sub(2)?)?;
        let index = open.kind == TokenKind::LBracket
            && open.span.end as usize == start
            && before.span.end == open.span.start;
        let first = self.expression_before(at - 1).filter(|_| index)?;
        let table = self.text.get(first..open.span.start as usize)?;
        Some((start, Wanted::Key(table.to_owned())))
    }

    /// A key without quotes inside the brackets of an index: `$table[na`.
    fn bare_key(&self) -> Option<(usize, Wanted)> {
        let head = self.text.trim_end_matches(is_word);
        let inner = head.trim_end();
        inner.strip_suffix('[')?;
        let at = self
            .tokens
            .partition_point(|t| (t.span.end as usize) < inner.len());
        let open = self.tokens.get(at)?;
        let before = self.tokens.get(at.checked_sub(1)?)?;
        let is_index = open.kind == TokenKind::LBracket
            && before.span.end == open.span.start
            && matches!(before.kind, TokenKind::Variable | TokenKind::Identifier)
            && self.open_bracket() == Some(at);
        let first = self.expression_before(at).filter(|_| is_index)?;
        let table = self.text.get(first..open.span.start as usize)?;
        let is_value = table.starts_with('$');
        is_value.then(|| (head.len(), Wanted::Key(table.to_owned())))
    }

    /// `$name`, `${name`, `@name` right before the cursor.
    fn variable(&self) -> Option<(usize, Wanted)> {
        let text = self.text;
        if let Some(at) = text.rfind("${")
            && !text[at..].contains(['}', '\n'])
        {
            let wanted = Wanted::Variable {
                braced: true,
                splatted: false,
            };
            return Some((at, wanted));
        }
        let name = |c: char| is_word(c) || matches!(c, ':' | '?' | '$' | '^');
        let tail = text.trim_end_matches(name);
        let at = match text[tail.len()..].find('$') {
            Some(dollar) => tail.len() + dollar,
            None => {
                let before = tail.strip_suffix('@')?;
                let spaced = before.chars().next_back().is_none_or(|c| c.is_whitespace());
                if !spaced || tail.len() == text.len() {
                    return None;
                }
                let wanted = Wanted::Variable {
                    braced: false,
                    splatted: true,
                };
                return Some((before.len(), wanted));
            }
        };
        let escaped = text[..at].ends_with('`');
        if escaped {
            return None;
        }
        if self.declares(at) {
            return Some((at, Wanted::Nothing));
        }
        let wanted = Wanted::Variable {
            braced: false,
            splatted: false,
        };
        Some((at, wanted))
    }

    /// Whether the variable at this place is a parameter or a property that is
    /// being declared, whose name is free.
    fn declares(&self, start: usize) -> bool {
        let at = self
            .tokens
            .partition_point(|t| (t.span.start as usize) < start);
        let Some(previous) = at.checked_sub(1).and_then(|i| self.tokens.get(i)) else {
            return false;
        };
        use TokenKind::{Class, Comma, Function, LCurly, LParen, NewLine, Param, RBracket, Semi};
        let Some(open) = self.open_bracket() else {
            return false;
        };
        let kind_at = |back: usize| {
            open.checked_sub(back)
                .and_then(|i| self.tokens.get(i))
                .map(|t| t.kind)
        };
        match self.tokens[open].kind {
            LParen => {
                let in_list = kind_at(1) == Some(Param) || kind_at(2) == Some(Function);
                in_list && matches!(previous.kind, LParen | Comma | RBracket)
            }
            LCurly => {
                let in_class = self.tokens[..open]
                    .iter()
                    .rev()
                    .take_while(|t| !matches!(t.kind, LCurly | Semi | NewLine))
                    .any(|t| t.kind == Class);
                in_class && matches!(previous.kind, LCurly | Semi | NewLine | RBracket)
            }
            _ => false,
        }
    }

    /// The word after `.` or `::` that stands right behind an expression.
    fn member(&self) -> Option<(usize, Wanted)> {
        let mut at = self.tokens.len();
        let mut start = self.text.len();
        let operates = |token: &Token| {
            use TokenKind::{ColonColon, Dot, QuestionDot};
            matches!(token.kind, Dot | ColonColon | QuestionDot)
        };
        if self.current().is_none_or(|current| !operates(current)) {
            // Blanks may stand behind the operator.
            while self.current().is_none()
                && at > 0
                && self.tokens[at - 1].kind == TokenKind::NewLine
            {
                at -= 1;
            }
        }
        if !at
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .is_some_and(operates)
        {
            self.current()?;
            // The member's own name, perhaps with a wildcard.
            let names = |token: &Token| {
                use TokenKind::{Generic, Identifier, Multiply};
                matches!(token.kind, Identifier | Generic | Multiply)
                    || token.has(flags::MEMBER_NAME)
            };
            while at > 0 && names(&self.tokens[at - 1]) {
                at -= 1;
                if self.tokens[at].kind != TokenKind::Multiply {
                    start = self.tokens[at].span.start as usize;
                }
            }
            if at == self.tokens.len() {
                return None;
            }
        }
        while at > 0 && self.tokens[at - 1].kind == TokenKind::NewLine {
            at -= 1;
        }
        let operator = self.tokens.get(at.checked_sub(1)?)?;
        let is_static = operator.kind == TokenKind::ColonColon;
        if !is_static && !matches!(operator.kind, TokenKind::Dot | TokenKind::QuestionDot) {
            return None;
        }
        let between = self.text.get(operator.span.end as usize..start)?;
        if !between.chars().all(char::is_whitespace) {
            return None;
        }
        let first = self.expression_before(at - 1)?;
        let text = self
            .text
            .get(first..operator.span.start as usize)?
            .to_owned();
        let index = self
            .tokens
            .partition_point(|t| (t.span.start as usize) < first);
        let upstream = self.upstream(self.command_start(index));
        let target = Target {
            text,
            start: first,
            is_static,
            upstream,
        };
        Some((start, Wanted::Member(target)))
    }

    /// Where the operand begins that ends right before the token `at`.
    fn expression_before(&self, at: usize) -> Option<usize> {
        let edge = self.tokens.get(at)?.span.start;
        self.expression_ending(at, edge)
    }

    /// Where the operand begins that is the last one before the token `at`,
    /// with or without blanks between.
    fn expression_until(&self, at: usize) -> Option<usize> {
        let edge = self.tokens.get(at.checked_sub(1)?)?.span.end;
        self.expression_ending(at, edge)
    }

    fn expression_ending(&self, at: usize, edge: u32) -> Option<usize> {
        let mut edge = edge;
        let mut start = None;
        let mut index = at;
        while index > 0 {
            let token = &self.tokens[index - 1];
            if token.span.end != edge {
                break;
            }
            if closes(token.kind) {
                index = self.opener(index - 1)?;
            } else if opens(token.kind)
                || separates(token)
                || token.kind == TokenKind::Comma
                || token.kind.has(flags::BINARY | flags::UNARY)
            {
                break;
            } else {
                index -= 1;
            }
            edge = self.tokens[index].span.start;
            start = Some(edge as usize);
        }
        start
    }

    /// The index of the bracket that the one at `close` closes.
    fn opener(&self, close: usize) -> Option<usize> {
        let mut depth = 0;
        for index in (0..=close).rev() {
            let kind = self.tokens[index].kind;
            if closes(kind) {
                depth += 1;
            } else if opens(kind) {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
        }
        None
    }

    /// The name after a bracket that begins a type or an attribute.
    fn type_name(&self) -> Option<(usize, Wanted)> {
        let word = |c: char| is_word(c) || matches!(c, '.' | '+');
        let head = self.text.trim_end_matches(word);
        let before = head.strip_suffix('[')?;
        let operand = |c: char| is_word(c) || matches!(c, ')' | ']' | '}' | '\'' | '"' | '?');
        if before.chars().next_back().is_some_and(operand) {
            // An index, or the argument of a generic type.
            let in_type = before
                .rfind('[')
                .is_some_and(|at| before[at + 1..].chars().all(word));
            let name = before.trim_end_matches(is_word);
            let of_method = name.ends_with("::") || name.ends_with('.');
            return (in_type || of_method).then_some((head.len(), Wanted::Type));
        }
        Some((head.len(), Wanted::Type))
    }

    /// The innermost bracket that is open at the cursor.
    fn open_bracket(&self) -> Option<usize> {
        let mut depth = 0;
        for (index, token) in self.tokens.iter().enumerate().rev() {
            if closes(token.kind) {
                depth += 1;
            } else if opens(token.kind) {
                if depth == 0 {
                    return Some(index);
                }
                depth -= 1;
            }
        }
        None
    }

    /// Arguments of attributes and keys of hashtables.
    fn inside_brackets(&self) -> Option<(usize, Wanted)> {
        let open = self.open_bracket()?;
        let start = self.word_start(self.text.len());
        let word = &self.text[start..];
        let previous = self
            .tokens
            .iter()
            .rposition(|t| t.span.end as usize <= start)?;
        if !word.chars().all(is_word) {
            return None;
        }
        if self.tokens[open].kind == TokenKind::AtCurly {
            let begins = previous == open
                || matches!(
                    self.tokens[previous].kind,
                    TokenKind::Semi | TokenKind::NewLine
                );
            return begins.then(|| {
                let table = Table {
                    call: self.call(open, open),
                    type_name: self.converted_to(open),
                    used: self.keys_after(open),
                };
                (start, Wanted::HashtableKey(table))
            });
        }
        let name = self.tokens.get(open.checked_sub(1)?)?;
        let bracket = self.tokens.get(open.checked_sub(2)?)?;
        let is_attribute = self.tokens[open].kind == TokenKind::LParen
            && bracket.kind == TokenKind::LBracket
            && name.span.start == bracket.span.end
            && self.tokens[open].span.start == name.span.end;
        let begins = previous == open || self.tokens[previous].kind == TokenKind::Comma;
        (is_attribute && begins)
            .then(|| (start, Wanted::AttributeArgument(self.part(name).to_owned())))
    }

    /// The type in brackets right before a hashtable, or before the variable
    /// that it is assigned to.
    fn converted_to(&self, open: usize) -> Option<String> {
        let mut at = open.checked_sub(1)?;
        if self.tokens[at].kind == TokenKind::Equals {
            at = at.checked_sub(2)?;
            if self.tokens[at + 1].kind != TokenKind::Variable {
                return None;
            }
        } else if self.tokens[at].span.end != self.tokens[open].span.start {
            return None;
        }
        if self.tokens[at].kind != TokenKind::RBracket {
            return None;
        }
        let first = self.opener(at)?;
        let from = self.tokens[first].span.end as usize;
        let name = self.text.get(from..self.tokens[at].span.start as usize)?;
        (!name.contains('(')).then(|| name.to_owned())
    }

    /// The keys that a hashtable has before the cursor.
    fn keys_after(&self, open: usize) -> Vec<String> {
        let mut depth = 0;
        let mut keys = Vec::new();
        for pair in self.tokens[open + 1..].windows(2) {
            if depth == 0 && pair[1].kind == TokenKind::Equals {
                keys.push(self.part(&pair[0]).trim_matches(['\'', '"']).to_owned());
            }
            depth += i32::from(opens(pair[0].kind)) - i32::from(closes(pair[0].kind));
        }
        keys
    }

    /// Where the word begins that ends at the cursor.
    fn word_start(&self, end: usize) -> usize {
        let mut start = end;
        for token in self.tokens.iter().rev() {
            let ends_word = opens(token.kind)
                || closes(token.kind)
                || separates(token)
                || matches!(
                    token.kind,
                    TokenKind::Comma | TokenKind::Redirection | TokenKind::Colon
                )
                || token.kind == TokenKind::Equals;
            if token.span.end as usize != start || ends_word {
                break;
            }
            start = token.span.start as usize;
            // `-Name:` is a word of its own.
            if token.kind == TokenKind::Parameter && self.part(token).ends_with(':') {
                return token.span.end as usize;
            }
        }
        start
    }
}

fn begins_requires(comment: &str) -> bool {
    comment
        .get(..9)
        .is_some_and(|head| head.eq_ignore_ascii_case("#requires"))
}
