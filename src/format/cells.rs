//! Text measured in screen cells: widths, cutting, breaking into lines.
//!
//! East Asian wide characters take two cells, escape sequences none.

use std::borrow::Cow;

/// The mark of a text that was cut.
pub const ELLIPSIS: char = '…';

const ESCAPE: char = '\u{1b}';

/// Cells of one character. What lies outside the first plane is two UTF-16 units of one cell each.
fn cells_of(c: char) -> usize {
    let code = c as u32;
    let wide = code >= 0x1100
        && (code <= 0x115f
            || matches!(code, 0x2329 | 0x232a)
            || ((0x2e80..=0xa4cf).contains(&code) && code != 0x303f)
            || (0xac00..=0xd7a3).contains(&code)
            || (0xf900..=0xfaff).contains(&code)
            || (0xfe10..=0xfe19).contains(&code)
            || (0xfe30..=0xfe6f).contains(&code)
            || (0xff00..=0xff60).contains(&code)
            || (0xffe0..=0xffe6).contains(&code)
            || code > 0xffff);
    1 + usize::from(wide)
}

/// Length in bytes of the escape sequence at the beginning of `text`; 0 for none.
fn escape_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&0x1b) {
        return 0;
    }
    match bytes.get(1) {
        Some(b'[') => {
            let digits = bytes[2..]
                .iter()
                .take_while(|b| b.is_ascii_digit() || **b == b';' || **b == b'?')
                .count();
            match bytes.get(2 + digits) {
                Some(end) if end.is_ascii_alphabetic() => 3 + digits,
                _ => 0,
            }
        }
        Some(b']') => text.find("\u{1b}\\").map_or(0, |at| at + 2),
        _ => 0,
    }
}

/// Pieces of a text: a character, or an escape sequence.
struct Pieces<'a>(&'a str);

enum Piece<'a> {
    Char(char),
    Escape(&'a str),
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let length = escape_length(self.0);
        if length > 0 {
            let (escape, rest) = self.0.split_at(length);
            self.0 = rest;
            return Some(Piece::Escape(escape));
        }
        let mut chars = self.0.chars();
        let c = chars.next()?;
        self.0 = chars.as_str();
        Some(Piece::Char(c))
    }
}

/// The width of a text.
pub fn width(text: &str) -> usize {
    if text.is_ascii() && !text.contains(ESCAPE) {
        return text.len();
    }
    Pieces(text)
        .map(|piece| match piece {
            Piece::Char(c) => cells_of(c),
            Piece::Escape(_) => 0,
        })
        .sum()
}

/// Whether a text holds escape sequences.
pub fn is_decorated(text: &str) -> bool {
    text.contains(ESCAPE)
}

/// The text without its escape sequences.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !is_decorated(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        Pieces(text)
            .filter_map(|piece| match piece {
                Piece::Char(c) => Some(c),
                Piece::Escape(_) => None,
            })
            .collect(),
    )
}

/// The beginning of a text that fits into so many cells.
pub fn head(text: &str, cells: usize) -> String {
    if text.is_ascii() && !text.contains(ESCAPE) {
        return text.get(..cells).unwrap_or(text).to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut used = 0;
    for piece in Pieces(text) {
        match piece {
            Piece::Escape(escape) => out.push_str(escape),
            Piece::Char(c) => {
                used += cells_of(c);
                if used > cells {
                    break;
                }
                out.push(c);
            }
        }
    }
    out
}

/// The end of a text that fits into so many cells.
pub fn tail(text: &str, cells: usize) -> String {
    let mut kept: Vec<Piece<'_>> = Vec::new();
    let mut used = 0;
    let mut full = false;
    for piece in Pieces(text).collect::<Vec<_>>().into_iter().rev() {
        match piece {
            Piece::Escape(_) => kept.push(piece),
            Piece::Char(c) if !full && used + cells_of(c) <= cells => {
                used += cells_of(c);
                kept.push(piece);
            }
            Piece::Char(_) => full = true,
        }
    }
    kept.iter().rev().fold(String::new(), |mut text, piece| {
        match piece {
            Piece::Char(c) => text.push(*c),
            Piece::Escape(escape) => text.push_str(escape),
        }
        text
    })
}

/// Blanks.
pub fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// The lines of a text; carriage returns are dropped.
pub fn split_lines(text: &str) -> Vec<String> {
    text.replace('\r', "")
        .split('\n')
        .map(str::to_string)
        .collect()
}

/// A text up to its first line end, with the mark of a cut behind it.
pub fn first_line(text: &str) -> Cow<'_, str> {
    match text.find(['\n', '\r']) {
        None => Cow::Borrowed(text),
        Some(at) => Cow::Owned(format!("{}{ELLIPSIS}", &text[..at])),
    }
}

/// A text broken into lines of at most so many cells: at its own line ends, then at blanks,
/// and inside words that are longer than a line.
pub fn wrap(text: &str, first: usize, following: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in split_lines(text) {
        if width(&line) <= first {
            lines.push(line);
        } else {
            wrap_line(&line, first, following, &mut lines);
        }
    }
    lines
}

fn wrap_line(line: &str, first: usize, following: usize, lines: &mut Vec<String>) {
    let mut limit = first;
    let mut left = first;
    let mut current = String::new();
    for word in words(line) {
        let mut word = word;
        let mut cells = width(&word);
        if let Some(stem) = word.strip_suffix('\u{ad}') {
            // A soft hyphen shows only where it breaks.
            let stem_cells = width(stem);
            word = if stem_cells + 1 == left {
                format!("{stem}-")
            } else {
                stem.to_string()
            };
            cells = width(&word);
        }
        if limit == 0 {
            limit = following;
            if limit == 0 {
                break;
            }
            left = limit;
        }
        if cells > limit {
            for piece in Pieces(&word) {
                match piece {
                    Piece::Escape(escape) => current.push_str(escape),
                    Piece::Char(c) => {
                        let (c, size) = match cells_of(c) {
                            size if size > limit => ('?', 1),
                            size => (c, size),
                        };
                        if size > left {
                            lines.push(std::mem::take(&mut current));
                            limit = following;
                            left = limit;
                        }
                        current.push(c);
                        left = left.saturating_sub(size);
                    }
                }
            }
        } else if cells > left {
            lines.push(std::mem::take(&mut current));
            limit = following;
            left = limit.saturating_sub(cells);
            current.push_str(&word);
        } else {
            current.push_str(&word);
            left -= cells;
        }
    }
    lines.push(current);
}

/// Words with the blank that ends them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in line.chars() {
        word.push(c);
        if matches!(c, ' ' | '\t' | '\u{ad}') {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_and_escapes() {
        assert_eq!(width("東京"), 4);
        assert_eq!(width("😀"), 2);
        assert_eq!(width("\u{1b}[31mred\u{1b}[0m"), 3);
        assert_eq!(head("東京都", 3), "東");
        assert_eq!(tail("abcdef", 3), "def");
    }

    #[test]
    fn breaks_at_blanks_and_inside_long_words() {
        assert_eq!(
            wrap("AVeryLongColumnHeader", 8, 8),
            ["AVeryLon", "gColumnH", "eader"]
        );
        assert_eq!(wrap("Number of things", 7, 7), ["Number ", "of ", "things"]);
    }
}
