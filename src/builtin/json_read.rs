//! Reading JSON as ConvertFrom-Json does: leniently (comments, single quotes,
//! trailing commas), with dates recognised.

use crate::host::discard::Long;
use crate::host::interrupted;
use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::text::big_digits;
use crate::runtime::text::datetime::{DateTime, DateTimeKind, DateTimeOffset, TimeSpan};
use crate::runtime::types::{find_full, known};
use crate::runtime::value::Value;
use std::rc::Rc;

/// What becomes of texts that look like times.
#[derive(Clone, Copy, PartialEq)]
pub enum Times {
    /// DateTime of the kind the text tells.
    AsWritten,
    /// DateTime of this kind.
    As(DateTimeKind),
    /// DateTimeOffset.
    Offset,
    /// They stay texts.
    Text,
}

/// How to read.
#[derive(Clone, Copy)]
pub struct Reading {
    /// Objects become hashtables.
    pub hashtable: bool,
    /// The deepest nesting allowed.
    pub depth: usize,
    /// What becomes of times.
    pub times: Times,
}

/// Why a text is no JSON for us.
pub struct Problem {
    /// The error's id.
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
}

/// Reads one document.
pub struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    reading: Reading,
    path: Vec<Step>,
}

enum Step {
    Name(Rc<str>),
    Index(usize),
}

type Read<T> = Result<T, Problem>;

impl<'a> Reader<'a> {
    /// A reader at the start of a text.
    pub fn new(text: &'a str, reading: Reading) -> Reader<'a> {
        Reader {
            text,
            bytes: text.as_bytes(),
            at: 0,
            depth: 0,
            reading,
            path: Vec::new(),
        }
    }

    /// The whole document.
    pub fn document(mut self) -> Read<Value> {
        self.blank()?;
        if self.at == self.bytes.len() {
            return Ok(Value::Nothing);
        }
        let value = self.value()?;
        self.blank()?;
        if self.at < self.bytes.len() {
            let found = self.current();
            return self.bad(format!(
                "Additional text encountered after finished reading JSON content: {found}."
            ));
        }
        Ok(value)
    }

    fn current(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or('\0')
    }

    fn place(&self) -> (usize, usize) {
        if interrupted() {
            return (0, 0);
        }
        let before = &self.text[..self.at.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before
            .rfind('\n')
            .map_or(before.len(), |at| before.len() - at - 1);
        (line, column)
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Name(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Name(name) => text.push_str(&format!("['{name}']")),
                Step::Index(at) => text.push_str(&format!("[{at}]")),
            }
        }
        text
    }

    fn bad<T>(&self, what: String) -> Read<T> {
        let (line, column) = self.place();
        let path = self.path_text();
        Err(Problem {
            id: "System.ArgumentException",
            message: format!(
                "Conversion from JSON failed with error: {what} Path '{path}', line {line}, position {column}."
            ),
        })
    }

    fn blank(&mut self) -> Read<()> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') if self.bytes.get(self.at + 1) == Some(&b'/') => {
                    while self.bytes.get(self.at).is_some_and(|b| *b != b'\n') {
                        self.at += 1;
                    }
                }
                Some(b'/') if self.bytes.get(self.at + 1) == Some(&b'*') => {
                    match self.text[self.at..].find("*/") {
                        Some(end) => self.at += end + 2,
                        None => {
                            self.at = self.bytes.len();
                            return self.bad("Unexpected end while parsing comment.".into());
                        }
                    }
                }
                Some(byte) if *byte >= 0x80 && self.current().is_whitespace() => {
                    self.at += self.current().len_utf8();
                }
                Some(0xEF) if self.text[self.at..].starts_with('\u{feff}') => self.at += 3,
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self) -> Read<Value> {
        if interrupted() {
            // Nobody reads why: the statement stops.
            return self.bad(String::new());
        }
        match self.bytes.get(self.at) {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(quote @ (b'"' | b'\'')) => {
                let text = self.string(*quote)?;
                Ok(self.time(&text).unwrap_or_else(|| Value::str(text)))
            }
            Some(b'-' | b'0'..=b'9' | b'.' | b'+') => self.number(),
            Some(_) => self.word(),
            None => self.bad("Unexpected end when reading JSON.".into()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        self.depth += 1;
        if self.depth > self.reading.depth {
            let depth = self.reading.depth;
            self.at += 1;
            return self.bad(format!(
                "The reader's MaxDepth of {depth} has been exceeded."
            ));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn word(&mut self) -> Read<Value> {
        type Word = (&'static str, fn() -> Value);
        const WORDS: [Word; 6] = [
            ("true", || Value::Bool(true)),
            ("false", || Value::Bool(false)),
            ("null", || Value::Null),
            ("undefined", || Value::Null),
            ("NaN", || Value::Double(f64::NAN)),
            ("Infinity", || Value::Double(f64::INFINITY)),
        ];
        for (word, value) in WORDS {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value());
            }
        }
        let found = self.current();
        if WORDS.iter().any(|(w, _)| w.starts_with(found)) && self.at + 1 < self.bytes.len() {
            self.at += 1;
            return self.bad("Error parsing boolean value.".replace(
                "boolean value",
                match found {
                    'n' => "null value",
                    'N' => "NaN value",
                    _ => "boolean value",
                },
            ));
        }
        self.bad(format!(
            "Unexpected character encountered while parsing value: {found}."
        ))
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' | b'x' | b'X' | b'a'..=b'f' | b'A'..=b'F'))
        {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if text == "-" && self.text[self.at..].starts_with("Infinity") {
            self.at += 8;
            return Ok(Value::Double(f64::NEG_INFINITY));
        }
        if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
            && let Ok(number) = i64::from_str_radix(digits, 16)
        {
            return Ok(Value::Long(number));
        }
        if !text.contains(['.', 'e', 'E']) {
            if let Ok(number) = text.parse::<i64>() {
                return Ok(Value::Long(number));
            }
            let (sign, digits) = match text.strip_prefix('-') {
                Some(digits) => (-1, digits),
                None => (1, text),
            };
            if let Some(number) = big_digits::parse(digits.as_bytes()).map(|n| n * sign) {
                return Ok(Value::bigint(number));
            }
        }
        match text.parse::<f64>() {
            Ok(number) => Ok(Value::Double(number)),
            Err(_) => self.bad(format!("Input string '{text}' is not a valid number.")),
        }
    }

    fn string(&mut self, quote: u8) -> Read<String> {
        self.at += 1;
        let start = self.at;
        let stop = memchr::memchr2(quote, b'\\', &self.bytes[self.at..]);
        match stop {
            Some(end) if self.bytes[self.at + end] == quote => {
                self.at += end + 1;
                return Ok(self.text[start..start + end].to_string());
            }
            _ => {}
        }
        let mut units: Vec<u16> = Vec::new();
        loop {
            let Some(byte) = self.bytes.get(self.at).copied() else {
                return self.bad(format!(
                    "Unterminated string. Expected delimiter: {}.",
                    quote as char
                ));
            };
            if byte == quote {
                self.at += 1;
                return Ok(String::from_utf16_lossy(&units));
            }
            if byte != b'\\' {
                let c = self.current();
                let mut buffer = [0_u16; 2];
                units.extend_from_slice(c.encode_utf16(&mut buffer));
                self.at += c.len_utf8();
                continue;
            }
            self.at += 1;
            let Some(escape) = self.bytes.get(self.at).copied() else {
                continue;
            };
            self.at += 1;
            units.push(match escape {
                b'n' => 10,
                b'r' => 13,
                b't' => 9,
                b'b' => 8,
                b'f' => 12,
                b'"' | b'\'' | b'\\' | b'/' => u16::from(escape),
                b'u' => {
                    let digits = self.text.get(self.at..self.at + 4);
                    match digits.and_then(|d| u16::from_str_radix(d, 16).ok()) {
                        Some(unit) => {
                            self.at += 4;
                            unit
                        }
                        None => {
                            return self.bad(
                                "Unexpected end while parsing Unicode escape sequence.".into(),
                            );
                        }
                    }
                }
                _ => {
                    self.at -= 1;
                    let found = self.current();
                    return self.bad(format!("Bad JSON escape sequence: \\{found}."));
                }
            });
        }
    }

    fn name(&mut self) -> Read<String> {
        match self.bytes.get(self.at) {
            Some(quote @ (b'"' | b'\'')) => self.string(*quote),
            Some(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$') => {
                let start = self.at;
                while self
                    .bytes
                    .get(self.at)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
                {
                    self.at += 1;
                }
                Ok(self.text[start..self.at].to_string())
            }
            None => self.bad("Unexpected end when reading JSON.".into()),
            Some(_) => {
                let found = self.current();
                self.bad(format!("Invalid property identifier character: {found}."))
            }
        }
    }

    fn object(&mut self) -> Read<Value> {
        self.at += 1;
        let mut builder = match self.reading.hashtable {
            true => Builder::Table(Dictionary::new(
                find_full("System.Management.Automation.OrderedHashtable")
                    .unwrap_or_else(known::hashtable),
                KeyComparison::Exact,
            )),
            false => Builder::Object(Members::default()),
        };
        loop {
            self.blank()?;
            match self.bytes.get(self.at) {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(builder.done());
                }
                None => return self.bad("Unexpected end when reading JSON.".into()),
                _ => {}
            }
            let name = self.name()?;
            self.blank()?;
            if self.bytes.get(self.at) != Some(&b':') {
                let found = self.current();
                return match self.at < self.bytes.len() {
                    true => self.bad(format!(
                        "Invalid character after parsing property name. Expected ':' but got: {found}."
                    )),
                    false => self.bad("Unexpected end when reading JSON.".into()),
                };
            }
            self.at += 1;
            self.blank()?;
            self.path.push(Step::Name(name.as_str().into()));
            let value = self.value()?;
            self.blank()?;
            let next = self.bytes.get(self.at).copied();
            match next {
                Some(b',') => self.at += 1,
                Some(b'}') => {}
                Some(_) => {
                    let found = self.current();
                    return self.bad(format!(
                        "After parsing a value an unexpected character was encountered: {found}."
                    ));
                }
                None => return self.bad("Unexpected end when reading JSON.".into()),
            }
            self.path.pop();
            builder.put(name, value)?;
        }
    }

    fn array(&mut self) -> Read<Value> {
        self.at += 1;
        let mut items = Long::default();
        loop {
            self.blank()?;
            match self.bytes.get(self.at) {
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::array(items.into_inner()));
                }
                None => return self.bad("Unexpected end when reading JSON.".into()),
                _ => {}
            }
            self.path.push(Step::Index(items.len()));
            let value = self.value()?;
            items.push(value);
            self.blank()?;
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') => {}
                Some(_) => {
                    let found = self.current();
                    return self.bad(format!(
                        "After parsing a value an unexpected character was encountered: {found}."
                    ));
                }
                // An array that is the whole text may lack its end.
                None if self.path.len() == 1 => {
                    self.path.pop();
                    return Ok(Value::array(items.into_inner()));
                }
                None => return self.bad("Unexpected end when reading JSON.".into()),
            }
            self.path.pop();
        }
    }

    /// The time that a text like `2024-03-04T05:06:07Z` means.
    fn time(&self, text: &str) -> Option<Value> {
        let bytes = text.as_bytes();
        let shaped = self.reading.times != Times::Text
            && bytes.len() >= 19
            && bytes.len() <= 40
            && bytes[4] == b'-'
            && bytes[7] == b'-'
            && bytes[10] == b'T'
            && bytes[13] == b':'
            && bytes[16] == b':';
        if !shaped || !text.is_ascii() {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i32>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let (hour, next_day) = match hour {
            24 => (0, true),
            hour => (hour, false),
        };
        let mut rest = &text[19..];
        let mut fraction: i64 = 0;
        if let Some(after) = rest.strip_prefix('.') {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            let kept: String = after[..digits]
                .chars()
                .chain("0000000".chars())
                .take(7)
                .collect();
            fraction = kept.parse().ok()?;
            rest = &after[digits..];
        }
        let base = DateTime::from_ymd(year, month, day).ok()?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        const SECOND: i64 = 10_000_000;
        let mut ticks = base.ticks()
            + (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * SECOND
            + fraction;
        if next_day {
            ticks += 86_400 * SECOND;
        }
        let (written, offset) = match rest {
            "" => (DateTimeKind::Unspecified, None),
            "Z" => (DateTimeKind::Utc, Some(0)),
            _ => {
                let sign = match rest.as_bytes()[0] {
                    b'+' => 1,
                    b'-' => -1,
                    _ => return None,
                };
                let digits = rest[1..].replace(':', "");
                let hours: i64 = digits.get(0..2)?.parse().ok()?;
                let minutes: i64 = match digits.get(2..4) {
                    Some(minutes) => minutes.parse().ok()?,
                    None => 0,
                };
                (
                    DateTimeKind::Local,
                    Some(sign * (hours * 60 + minutes) * 60 * SECOND),
                )
            }
        };
        let time = match (written, offset) {
            (DateTimeKind::Local, Some(offset)) => {
                DateTime::new(ticks - offset, DateTimeKind::Utc).to_local()
            }
            _ => DateTime::new(ticks, written),
        };
        if self.reading.times == Times::Offset {
            let ahead = match (written, offset) {
                (DateTimeKind::Local, Some(offset)) => TimeSpan(offset),
                (DateTimeKind::Utc, _) => TimeSpan(0),
                _ => time.utc_offset(),
            };
            let moment = DateTimeOffset::new(ticks, ahead).ok()?;
            return Some(crate::runtime::types::time::date_time_offset::value(moment));
        }
        Some(match self.reading.times {
            Times::AsWritten | Times::Text | Times::Offset => Value::datetime(time),
            Times::As(DateTimeKind::Utc) => Value::datetime(match written {
                DateTimeKind::Unspecified => time.with_kind(DateTimeKind::Utc),
                _ => time.to_universal(),
            }),
            Times::As(_) => Value::datetime(match written {
                DateTimeKind::Unspecified => time.with_kind(DateTimeKind::Local),
                _ => time.to_local(),
            }),
        })
    }
}

enum Builder {
    Table(Dictionary),
    Object(Members),
}

impl Builder {
    fn put(&mut self, name: String, value: Value) -> Read<()> {
        match self {
            Builder::Table(table) => {
                table.set_str(&name, value);
                Ok(())
            }
            Builder::Object(members) => {
                if name.is_empty() {
                    return Err(Problem {
                        id: "EmptyKeyInJsonString",
                        message: "The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.".into(),
                    });
                }
                let reserved = [
                    "PSObject",
                    "PSBase",
                    "PSAdapted",
                    "PSExtended",
                    "PSTypeNames",
                ];
                if reserved.iter().any(|r| r.eq_ignore_ascii_case(&name)) {
                    return Err(Problem {
                        id: "ReservedMemberName",
                        message: format!("The member name \"{name}\" is reserved."),
                    });
                }
                let symbol = crate::runtime::symbol::Symbol::new(&name);
                if members.get(symbol).is_some() {
                    let existing = members
                        .list()
                        .into_iter()
                        .map(|(n, _)| n)
                        .find(|n| n.eq_ignore_ascii_case(&name));
                    if let Some(existing) = existing
                        && *existing != *name
                    {
                        return Err(Problem {
                            id: "KeysWithDifferentCasingInJsonString",
                            message: format!(
                                "Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{existing}' was '{name}'."
                            ),
                        });
                    }
                }
                members.set_symbol(symbol, Member::Note(value));
                Ok(())
            }
        }
    }

    fn done(self) -> Value {
        match self {
            Builder::Table(table) => Value::Dict(Rc::new(table)),
            Builder::Object(members) => Value::Custom(Rc::new(CustomObject::new(members))),
        }
    }
}
