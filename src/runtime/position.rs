//! Places in source text as messages show them.

use super::invocation::Extent;

/// How much of a source line is shown.
const MOST_SHOWN: usize = 69;
/// What is kept before and after an error when a line is cut.
const KEPT_BEFORE: usize = 12;
const KEPT_AFTER: usize = 8;

/// The lines that show a place: `At file:line char:column`, the source line, and marks under it.
pub fn position_message(extent: &Extent) -> String {
    let start = extent.source.position(extent.span.start as usize);
    let file = match extent.source.file.as_deref() {
        Some(file) if !file.is_empty() => file,
        _ => "line",
    };
    let head = format!("At {file}:{} char:{}", start.line, start.column);
    let shown = source_lines(extent);
    format!("{head}\n+ {shown}")
}

/// The source line around the place, and the marks under it with their `+ `.
fn source_lines(extent: &Extent) -> String {
    let source = &extent.source;
    let start = source.position(extent.span.start as usize);
    let end = source.position(extent.span.end as usize);
    let line: Vec<char> = source.line_text(start.line).trim_end().chars().collect();
    if line.is_empty() {
        return String::new();
    }
    let before = (start.column - 1).min(line.len());
    let length = if start.line == end.line && end.column <= line.len() + 1 {
        end.column.saturating_sub(start.column)
    } else {
        (line.len() + 1).saturating_sub(start.column)
    };
    let (line, mut before, mut length) = without_tabs(&line, before, length);
    let mut shown: &[char] = &line;
    let (mut cut_front, mut cut_back) = (false, false);
    if line.len() > MOST_SHOWN {
        let after = line.len().saturating_sub(before + length);
        let mut prefix = before.min(KEPT_BEFORE);
        let mut suffix = after.min(KEPT_AFTER);
        if prefix + length + suffix >= MOST_SHOWN {
            length = length.min(MOST_SHOWN - prefix);
            suffix = suffix.min(MOST_SHOWN - prefix - length);
        } else {
            prefix += (before - prefix).min(MOST_SHOWN - prefix - length - suffix);
            suffix += (after - suffix).min(MOST_SHOWN - prefix - length - suffix);
        }
        let from = before - prefix;
        let to = (before + length + suffix).min(line.len());
        cut_front = from > 0;
        cut_back = to < line.len();
        shown = &line[from..to];
        before = prefix;
    }
    let mut text = String::new();
    if cut_front {
        text.push_str("… ");
        before += 2;
    }
    text.extend(shown);
    if cut_back {
        text.push_str(" …");
    }
    text.push_str("\n+ ");
    text.push_str(&" ".repeat(before));
    text.push_str(&"~".repeat(length.max(1)));
    text
}

/// The line with four blanks for each tab, and the place in it.
fn without_tabs(line: &[char], before: usize, length: usize) -> (Vec<char>, usize, usize) {
    let mut expanded = Vec::with_capacity(line.len());
    let (mut new_before, mut new_length) = (before, length);
    for (index, c) in line.iter().enumerate() {
        if *c != '\t' {
            expanded.push(*c);
            continue;
        }
        expanded.extend([' '; 4]);
        if index < before {
            new_before += 3;
        } else if index < before + length {
            new_length += 3;
        }
    }
    (expanded, new_before, new_length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast::Span;
    use crate::syntax::source::Source;
    use std::rc::Rc;

    fn shown(text: &str, start: u32, end: u32) -> String {
        position_message(&Extent {
            source: Rc::new(Source::new(text, Some("a.ps1"))),
            span: Span { start, end },
        })
    }

    #[test]
    fn a_short_line() {
        assert_eq!(
            shown("one\n  1 / 0 # x", 6, 11),
            "At a.ps1:2 char:3\n+   1 / 0 # x\n+   ~~~~~"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{} bad {}", "a".repeat(60), "b".repeat(60));
        let message = shown(&text, 61, 64);
        let line = message.lines().nth(1).unwrap_or("");
        assert!(line.starts_with("+ … a") && line.ends_with("b …"), "{line}");
        assert_eq!(line.chars().count(), 69 + 2 + 2 + 2);
    }
}
