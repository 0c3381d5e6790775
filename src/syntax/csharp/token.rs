//! The words of C#.

use super::Diagnostic;

/// A word with its place.
#[derive(Debug, Clone)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// A part of an interpolated string.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// An expression with alignment and format.
    Hole {
        /// The words of the expression.
        tokens: Vec<Token>,
        /// The width behind the comma.
        width: Option<i32>,
        /// The format behind the colon.
        format: Option<String>,
    },
}

/// The kinds of word.
#[derive(Debug, Clone)]
pub enum Kind {
    /// An identifier or keyword.
    Word(String),
    /// An identifier behind `@`.
    Verbatim(String),
    /// A whole number with its suffix in lower case.
    Integer(u64, String),
    /// A number with point or exponent, as written, with its suffix in lower case.
    Real(String, char),
    /// A string.
    Text(String),
    /// A character, one UTF-16 unit.
    Char(u16),
    /// `$"..."`
    Interpolated(Vec<Piece>),
    /// An operator or bracket.
    Mark(&'static str),
    /// The end of the text.
    End,
}

/// Longer marks first. `>>` is two words, since generics end so.
const MARKS: &[&str] = &[
    "<<=", "??=", "...", "=>", "==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=", "*=",
    "/=", "%=", "&=", "|=", "^=", "<<", "??", "?.", "->", "::", "{", "}", "(", ")", "[", "]", ";",
    ",", ".", ":", "?", "+", "-", "*", "/", "%", "&", "|", "^", "!", "~", "=", "<", ">", "#", "@",
    "$", "\\", "`",
];

/// The words of a text that stands at `base` of the whole one.
pub fn tokens(text: &str, base: usize) -> Result<Vec<Token>, Diagnostic> {
    let mut lexer = Lexer {
        text,
        at: 0,
        base,
        found: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.found)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    base: usize,
    found: Vec<Token>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn fail<T>(&self, code: &'static str, message: &str, at: usize) -> Result<T, Diagnostic> {
        Err(Diagnostic {
            code,
            message: message.to_string(),
            at: self.base + at,
        })
    }

    fn push(&mut self, start: usize, kind: Kind) {
        self.found.push(Token {
            start: self.base + start,
            end: self.base + self.at,
            kind,
        });
    }

    fn run(&mut self) -> Result<(), Diagnostic> {
        loop {
            self.skip_blanks()?;
            let start = self.at;
            let Some(c) = self.peek() else {
                self.push(start, Kind::End);
                return Ok(());
            };
            if c.is_alphabetic() || c == '_' {
                let word = self.word();
                self.push(start, Kind::Word(word));
            } else if c.is_ascii_digit()
                || (c == '.' && self.rest()[1..].starts_with(|d: char| d.is_ascii_digit()))
            {
                let number = self.number();
                self.push(start, number);
            } else if c == '"' {
                self.at += 1;
                let text = self.string(start)?;
                self.push(start, Kind::Text(text));
            } else if c == '\'' {
                self.at += 1;
                let unit = self.character(start)?;
                self.push(start, Kind::Char(unit));
            } else if self.rest().starts_with("@\"") {
                self.at += 2;
                let text = self.verbatim(start)?;
                self.push(start, Kind::Text(text));
            } else if self.rest().starts_with("$\"") {
                self.at += 2;
                let pieces = self.interpolated(start, false)?;
                self.push(start, Kind::Interpolated(pieces));
            } else if self.rest().starts_with("$@\"") || self.rest().starts_with("@$\"") {
                self.at += 3;
                let pieces = self.interpolated(start, true)?;
                self.push(start, Kind::Interpolated(pieces));
            } else if c == '@'
                && self.rest()[1..].starts_with(|d: char| d.is_alphabetic() || d == '_')
            {
                self.at += 1;
                let word = self.word();
                self.push(start, Kind::Verbatim(word));
            } else if let Some(mark) = MARKS.iter().find(|m| self.rest().starts_with(**m)) {
                self.at += mark.len();
                self.push(start, Kind::Mark(mark));
            } else {
                let text = format!("Unexpected character '{c}'");
                return self.fail("CS1056", &text, start);
            }
        }
    }

    fn skip_blanks(&mut self) -> Result<(), Diagnostic> {
        loop {
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        return self.fail("CS1035", "End-of-file found, '*/' expected", self.at);
                    }
                }
            } else if rest.starts_with('#') && self.at_line_start() {
                self.directive();
            } else if rest.starts_with(|c: char| c.is_whitespace() || c == '\u{feff}') {
                self.next();
            } else {
                return Ok(());
            }
        }
    }

    fn at_line_start(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        line.chars().all(char::is_whitespace)
    }

    /// Skips a directive; of `#if` the part whose symbol is not defined, which none is.
    fn directive(&mut self) {
        let line = self.take_line();
        let word = line.trim_start_matches('#').trim();
        let condition = word.strip_prefix("if").map(str::trim);
        let skips = match condition {
            Some(condition) => !condition.starts_with('!') && condition != "true",
            // The part before was taken, so this one is not.
            None => word.starts_with("else") || word.starts_with("elif"),
        };
        if !skips {
            return;
        }
        let mut depth = 0;
        while self.at < self.text.len() {
            let line = self.take_line();
            let word = line.trim().trim_start_matches('#').trim();
            if !line.trim().starts_with('#') {
                continue;
            }
            if word.starts_with("if") {
                depth += 1;
            } else if word.starts_with("endif") {
                if depth == 0 {
                    return;
                }
                depth -= 1;
            } else if word.starts_with("else") && depth == 0 && condition.is_some() {
                return;
            }
        }
    }

    fn take_line(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find('\n').map_or(rest.len(), |n| n + 1);
        let line = rest[..end].to_string();
        self.at += end;
        line
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let word = rest[..end].to_string();
        self.at += end;
        word
    }

    fn digits(&mut self, is: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !is(c) && c != '_')
            .unwrap_or(rest.len());
        let text = rest[..end].replace('_', "");
        self.at += end;
        text
    }

    fn suffix(&mut self, letters: &str) -> String {
        let mut suffix = String::new();
        while let Some(c) = self.peek().map(|c| c.to_ascii_lowercase()) {
            if !letters.contains(c) || suffix.len() == 2 {
                break;
            }
            suffix.push(c);
            self.next();
        }
        suffix
    }

    fn number(&mut self) -> Kind {
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2)] {
            if self.rest().starts_with(prefix) {
                self.at += 2;
                let digits = self.digits(|c| c.is_digit(radix));
                let value = u64::from_str_radix(&digits, radix).unwrap_or(u64::MAX);
                return Kind::Integer(value, self.suffix("ul"));
            }
        }
        let mut digits = self.digits(|c| c.is_ascii_digit());
        let mut real = false;
        let point = self.rest().strip_prefix('.');
        if point.is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
            self.at += 1;
            digits = format!("{digits}.{}", self.digits(|c| c.is_ascii_digit()));
            real = true;
        }
        if let Some(rest) = self.rest().strip_prefix(['e', 'E'])
            && rest
                .trim_start_matches(['+', '-'])
                .starts_with(|c: char| c.is_ascii_digit())
        {
            self.at += 1;
            digits.push('e');
            if let Some(sign @ ('+' | '-')) = self.peek() {
                digits.push(sign);
                self.at += 1;
            }
            digits.push_str(&self.digits(|c| c.is_ascii_digit()));
            real = true;
        }
        if let Some(c @ ('f' | 'd' | 'm')) = self.peek().map(|c| c.to_ascii_lowercase()) {
            self.at += 1;
            return Kind::Real(digits, c);
        }
        if real {
            return Kind::Real(digits, 'd');
        }
        let value = digits.parse().unwrap_or(u64::MAX);
        Kind::Integer(value, self.suffix("ul"))
    }

    /// What an escape stands for.
    fn escape(&mut self) -> String {
        let start = self.at;
        let hex = |lexer: &mut Self, least: usize, most: usize| -> String {
            let digits: String = lexer
                .rest()
                .chars()
                .take(most)
                .take_while(char::is_ascii_hexdigit)
                .collect();
            if digits.len() < least {
                return String::new();
            }
            lexer.at += digits.len();
            let code = u32::from_str_radix(&digits, 16).unwrap_or(0);
            char::from_u32(code).map_or_else(String::new, String::from)
        };
        match self.next() {
            Some('n') => "\n".into(),
            Some('r') => "\r".into(),
            Some('t') => "\t".into(),
            Some('0') => "\0".into(),
            Some('a') => "\u{7}".into(),
            Some('b') => "\u{8}".into(),
            Some('f') => "\u{c}".into(),
            Some('v') => "\u{b}".into(),
            Some('e') => "\u{1b}".into(),
            Some('u') => hex(self, 4, 4),
            Some('U') => hex(self, 8, 8),
            Some('x') => hex(self, 1, 4),
            Some(c) => c.to_string(),
            None => {
                self.at = start;
                String::new()
            }
        }
    }

    fn string(&mut self, start: usize) -> Result<String, Diagnostic> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') => return Ok(text),
                Some('\\') => text.push_str(&self.escape()),
                Some('\n') | Some('\r') | None => {
                    return self.fail("CS1010", "Newline in constant", start);
                }
                Some(c) => text.push(c),
            }
        }
    }

    fn verbatim(&mut self, start: usize) -> Result<String, Diagnostic> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') if self.peek() == Some('"') => {
                    self.at += 1;
                    text.push('"');
                }
                Some('"') => return Ok(text),
                Some(c) => text.push(c),
                None => return self.fail("CS1039", "Unterminated string literal", start),
            }
        }
    }

    fn character(&mut self, start: usize) -> Result<u16, Diagnostic> {
        let text = match self.next() {
            Some('\\') => self.escape(),
            Some('\'') => return self.fail("CS1011", "Empty character literal", start),
            Some(c) => c.to_string(),
            None => String::new(),
        };
        if self.next() != Some('\'') {
            return self.fail("CS1012", "Too many characters in character literal", start);
        }
        Ok(text.encode_utf16().next().unwrap_or(0))
    }

    fn interpolated(&mut self, start: usize, verbatim: bool) -> Result<Vec<Piece>, Diagnostic> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        loop {
            match self.next() {
                Some('"') if verbatim && self.peek() == Some('"') => {
                    self.at += 1;
                    text.push('"');
                }
                Some('"') => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(text));
                    }
                    return Ok(pieces);
                }
                Some('{') if self.peek() == Some('{') => {
                    self.at += 1;
                    text.push('{');
                }
                Some('}') if self.peek() == Some('}') => {
                    self.at += 1;
                    text.push('}');
                }
                Some('{') => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(self.hole(start)?);
                }
                Some('\\') if !verbatim => text.push_str(&self.escape()),
                Some('\n') if !verbatim => {
                    return self.fail("CS1010", "Newline in constant", start);
                }
                Some(c) => text.push(c),
                None => return self.fail("CS1039", "Unterminated string literal", start),
            }
        }
    }

    fn hole(&mut self, start: usize) -> Result<Piece, Diagnostic> {
        let begin = self.at;
        let (mut depth, mut quoted) = (0, false);
        let (mut comma, mut colon) = (None, None);
        loop {
            let at = self.at;
            match self.next() {
                None => return self.fail("CS1039", "Unterminated string literal", start),
                Some('"') => quoted = !quoted,
                Some(_) if quoted => {}
                Some('(' | '[' | '{') => depth += 1,
                Some('}') if depth == 0 => {
                    let end = comma.or(colon).unwrap_or(at);
                    let tokens = tokens(&self.text[begin..end], self.base + begin)?;
                    let width = comma.and_then(|c: usize| {
                        let width = self.text.get(c + 1..colon.unwrap_or(at))?;
                        width.trim().parse().ok()
                    });
                    let format = colon.and_then(|c: usize| self.text.get(c + 1..at));
                    return Ok(Piece::Hole {
                        tokens,
                        width,
                        format: format.map(str::to_string),
                    });
                }
                Some(')' | ']' | '}') => depth -= 1,
                Some(',') if depth == 0 && comma.is_none() && colon.is_none() => comma = Some(at),
                Some(':') if depth == 0 && colon.is_none() => colon = Some(at),
                Some(_) => {}
            }
        }
    }
}
