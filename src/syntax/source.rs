//! A text with its lines: offsets to lines and columns, bytes to UTF-16 units and back.

use super::ast::Span;
use std::rc::Rc;

/// A script's text, where it came from and where its lines begin.
#[derive(Debug, Clone)]
pub struct Source {
    /// The whole text, without a byte order mark.
    pub text: Rc<str>,
    /// The file it was read from, if any.
    pub file: Option<Rc<str>>,
    lines: Vec<u32>,
    ascii: bool,
}

/// A place in a text, counted as PowerShell counts: from 1, columns in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl Source {
    /// Takes a text and finds its lines (LF, CR or CRLF end one).
    pub fn new(text: &str, file: Option<&str>) -> Source {
        let text = without_bom(text);
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        for i in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes.get(i) == Some(&b'\n') || bytes.get(i + 1) != Some(&b'\n') {
                lines.push((i + 1) as u32);
            }
        }
        Source {
            text: Rc::from(text),
            file: file.map(Rc::from),
            lines,
            ascii: text.is_ascii(),
        }
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The index (from 0) of the line that holds this byte offset.
    fn line_index(&self, offset: usize) -> usize {
        let offset = offset as u32;
        match self.lines.binary_search(&offset) {
            Ok(i) => i,
            Err(i) => i.saturating_sub(1),
        }
    }

    /// Line and column of a byte offset. Offsets past the end count on in the last line.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_index(offset);
        let start = self.lines.get(line).copied().unwrap_or(0) as usize;
        Position {
            line: line + 1,
            column: self.units_between(start, offset) + 1,
        }
    }

    /// The text of a line (from 1), without its end.
    pub fn line_text(&self, line: usize) -> &str {
        let Some(start) = line.checked_sub(1).and_then(|i| self.lines.get(i)) else {
            return "";
        };
        let end = self
            .lines
            .get(line)
            .map_or(self.text.len(), |e| *e as usize);
        self.text
            .get(*start as usize..end)
            .unwrap_or("")
            .trim_end_matches(['\r', '\n'])
    }

    /// The text of a span; what lies past the end is left out.
    pub fn slice(&self, span: Span) -> &str {
        let end = (span.end as usize).min(self.text.len());
        let start = (span.start as usize).min(end);
        self.text.get(start..end).unwrap_or("")
    }

    /// Turns a byte offset into an offset in UTF-16 units.
    pub fn utf16_offset(&self, offset: usize) -> usize {
        self.units_between(0, offset)
    }

    /// Turns an offset in UTF-16 units into a byte offset.
    pub fn byte_offset(&self, utf16: usize) -> usize {
        if self.ascii {
            return utf16.min(self.text.len());
        }
        let mut units = 0;
        for (i, c) in self.text.char_indices() {
            if units >= utf16 {
                return i;
            }
            units += c.len_utf16();
        }
        self.text.len()
    }

    fn units_between(&self, start: usize, end: usize) -> usize {
        if self.ascii {
            return end.saturating_sub(start);
        }
        let inside = end.min(self.text.len());
        let past = end - inside;
        let units: usize = self
            .text
            .get(start..inside)
            .map_or(inside.saturating_sub(start), |t| {
                t.chars().map(char::len_utf16).sum()
            });
        units + past
    }
}

/// The text without the byte order mark that editors on Windows write.
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        let s = Source::new("a\r\nbé😀c\rd", None);
        assert_eq!(s.line_count(), 3);
        assert_eq!(s.position(0), Position { line: 1, column: 1 });
        let c = s.text.find('c').unwrap_or(0);
        assert_eq!(s.position(c), Position { line: 2, column: 5 });
        assert_eq!(s.line_text(2), "bé😀c");
        assert_eq!(s.utf16_offset(c), 7);
        assert_eq!(s.byte_offset(7), c);
    }
}
