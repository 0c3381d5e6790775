//! Reading words: what the other files of the grammar share.

use super::Diagnostic;
use super::ast::*;
use super::token::{Kind, Token};
use std::rc::Rc;

/// Why reading stopped.
pub(super) enum Stop {
    /// The text is wrong.
    Wrong(Diagnostic),
    /// The text may be right, but holds something that is not known here.
    Foreign(&'static str),
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Stop {
        Stop::Wrong(diagnostic)
    }
}

/// What reading gives.
pub(super) type P<T> = Result<T, Stop>;

/// Words with a special meaning, which are no names.
const KEYWORDS: &str = " abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while ";

/// Keywords that are types.
const TYPE_KEYWORDS: &str = " bool byte char decimal double float int long object sbyte short string uint ulong ushort void ";

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&format!(" {word} "))
}

pub(super) fn is_type_keyword(word: &str) -> bool {
    TYPE_KEYWORDS.contains(&format!(" {word} "))
}

/// How deep expressions, statements and types may nest.
const DEPTH: usize = 120;

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, tokens: Vec<Token>) -> Parser<'a> {
        Parser {
            text,
            tokens,
            at: 0,
            depth: 0,
        }
    }

    /// The whole text.
    pub fn unit(mut self) -> Result<Unit, Diagnostic> {
        let mut unit = Unit::default();
        match self.namespace_members(&mut unit, "", &[]) {
            Ok(()) => Ok(unit),
            Err(Stop::Wrong(diagnostic)) => Err(diagnostic),
            Err(Stop::Foreign(construct)) => Err(Diagnostic {
                code: "CS8652",
                message: format!("This shell does not know {construct} outside of methods"),
                at: self.here(),
            }),
        }
    }

    /// Reads with the words of an interpolated string's hole.
    pub fn within<T>(
        &mut self,
        tokens: Vec<Token>,
        read: impl FnOnce(&mut Parser<'a>) -> P<T>,
    ) -> P<T> {
        let mut inner = Parser {
            text: self.text,
            tokens,
            at: 0,
            depth: self.depth,
        };
        let result = read(&mut inner)?;
        match inner.kind() {
            Kind::End => Ok(result),
            _ => inner.wrong("CS1003", "Syntax error, '}' expected"),
        }
    }

    /// Counts the nesting, which ends before the machine's stack does.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> P<T>) -> P<T> {
        if self.depth >= DEPTH {
            return self.wrong("CS8078", "An expression is too long or complex to compile");
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub fn kind(&self) -> &Kind {
        self.kind_at(0)
    }

    pub fn kind_at(&self, ahead: usize) -> &Kind {
        match self.tokens.get(self.at + ahead).or(self.tokens.last()) {
            Some(token) => &token.kind,
            None => &Kind::End,
        }
    }

    /// Where the next word begins.
    pub fn here(&self) -> usize {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        token.map_or(0, |t| t.start)
    }

    /// Where the last word ended; a missing semicolon is reported there.
    pub fn behind(&self) -> usize {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            Some(token) => token.end,
            None => self.here(),
        }
    }

    pub fn mark_place(&self) -> usize {
        self.at
    }

    pub fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    pub fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    /// Whether the next word follows the last without a blank.
    pub fn adjacent(&self) -> bool {
        self.here() == self.behind()
    }

    pub fn wrong<T>(&self, code: &'static str, message: impl Into<String>) -> P<T> {
        Err(Stop::Wrong(Diagnostic {
            code,
            message: message.into(),
            at: self.here(),
        }))
    }

    pub fn wrong_at<T>(&self, at: usize, code: &'static str, message: impl Into<String>) -> P<T> {
        Err(Stop::Wrong(Diagnostic {
            code,
            message: message.into(),
            at,
        }))
    }

    pub fn is(&self, mark: &str) -> bool {
        self.is_at(0, mark)
    }

    pub fn is_at(&self, ahead: usize, mark: &str) -> bool {
        matches!(self.kind_at(ahead), Kind::Mark(m) if *m == mark)
    }

    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(), Kind::Word(w) if w == word)
    }

    pub fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        matches!(self.kind_at(ahead), Kind::Word(w) if w == word)
    }

    pub fn take(&mut self, mark: &str) -> bool {
        let found = self.is(mark);
        if found {
            self.advance();
        }
        found
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// A mark that must stand here.
    pub fn expect(&mut self, mark: &'static str) -> P<()> {
        if self.take(mark) {
            return Ok(());
        }
        match mark {
            ";" => self.wrong_at(self.behind(), "CS1002", "; expected"),
            ")" => self.wrong_at(self.place_of_missing(), "CS1026", ") expected"),
            "}" => self.wrong_at(self.place_of_missing(), "CS1513", "} expected"),
            "{" => self.wrong_at(self.place_of_missing(), "CS1514", "{ expected"),
            _ => self.wrong("CS1003", format!("Syntax error, '{mark}' expected")),
        }
    }

    /// A missing bracket is reported at the word in its place, or behind the last one of the text
    /// or line.
    fn place_of_missing(&self) -> usize {
        let between = self.text.get(self.behind()..self.here()).unwrap_or("");
        if matches!(self.kind(), Kind::End) || between.contains('\n') {
            return self.behind();
        }
        self.here()
    }

    /// The name that stands here, if one does.
    pub fn name_here(&self) -> Option<Rc<str>> {
        self.name_ahead(0)
    }

    pub fn name_ahead(&self, ahead: usize) -> Option<Rc<str>> {
        match self.kind_at(ahead) {
            Kind::Word(w) if !is_keyword(w) => Some(w.as_str().into()),
            Kind::Verbatim(w) => Some(w.as_str().into()),
            _ => None,
        }
    }

    pub fn name(&mut self) -> P<Rc<str>> {
        if let Some(name) = self.name_here() {
            self.advance();
            return Ok(name);
        }
        if let Kind::Word(word) = self.kind()
            && is_keyword(word)
        {
            let message = format!("Identifier expected; '{word}' is a keyword");
            return self.wrong("CS1041", message);
        }
        self.wrong_at(self.place_of_missing(), "CS1001", "Identifier expected")
    }

    /// A type as it is written.
    pub fn type_syntax(&mut self) -> P<TypeSyntax> {
        self.deeper(|p| {
            let mut found = p.plain_type()?;
            loop {
                let at = found.at;
                if p.is("[") && (p.is_at(1, "]") || p.is_at(1, ",")) {
                    // The first brackets are the outermost array.
                    let mut ranks = Vec::new();
                    while p.is("[") && (p.is_at(1, "]") || p.is_at(1, ",")) {
                        p.advance();
                        let mut rank = 1;
                        while p.take(",") {
                            rank += 1;
                        }
                        p.expect("]")?;
                        ranks.push(rank);
                    }
                    for rank in ranks.into_iter().rev() {
                        let shape = TypeShape::Array(Box::new(found), rank);
                        found = TypeSyntax { at, shape };
                    }
                } else if p.is("?") {
                    p.advance();
                    let shape = TypeShape::Nullable(Box::new(found));
                    found = TypeSyntax { at, shape };
                } else if p.is("*") {
                    p.advance();
                    let shape = TypeShape::Pointer(Box::new(found));
                    found = TypeSyntax { at, shape };
                } else {
                    return Ok(found);
                }
            }
        })
    }

    /// A type without brackets and marks behind it.
    pub fn plain_type(&mut self) -> P<TypeSyntax> {
        let at = self.here();
        if let Kind::Word(word) = self.kind()
            && is_type_keyword(word)
        {
            let text: Rc<str> = word.as_str().into();
            self.advance();
            let part = NamePart {
                text,
                arguments: Vec::new(),
            };
            let shape = TypeShape::Named(vec![part]);
            return Ok(TypeSyntax { at, shape });
        }
        if self.is("(") {
            return Err(Stop::Foreign("tuples"));
        }
        if self.name_here().is_none() {
            return self.wrong_at(self.place_of_missing(), "CS1031", "Type expected");
        }
        if self.is_word("global") && self.is_at(1, "::") {
            self.advance();
            self.advance();
        }
        let mut parts = Vec::new();
        loop {
            let text = self.name()?;
            let arguments = match self.is("<") {
                true => self.type_arguments()?,
                false => Vec::new(),
            };
            parts.push(NamePart { text, arguments });
            if !(self.is(".") && self.name_ahead(1).is_some()) {
                break;
            }
            self.advance();
        }
        let shape = TypeShape::Named(parts);
        Ok(TypeSyntax { at, shape })
    }

    /// `<A, B>`
    pub fn type_arguments(&mut self) -> P<Vec<TypeSyntax>> {
        self.expect("<")?;
        let mut arguments = Vec::new();
        if self.is(">") || self.is(",") {
            while self.take(",") {}
            self.expect(">")?;
            return Ok(arguments);
        }
        loop {
            arguments.push(self.type_syntax()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(">")?;
        Ok(arguments)
    }

    /// Goes past a bracketed part, whatever is in it.
    pub fn skip_braces(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.kind() {
                Kind::Mark("{") => depth += 1,
                Kind::Mark("}") => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.advance();
                        return;
                    }
                }
                Kind::End => return,
                _ => {}
            }
            self.advance();
        }
    }
}
