//! Paragraphs of labels and values.

use super::cells::{blanks, head, split_lines, width, wrap};
use std::rc::Rc;

const SEPARATOR: &str = " : ";
const RESET: &str = "\u{1b}[0m";

/// Writes the lines of one object. Values are broken at `line` cells; labels take the style.
pub fn write(
    fields: &[(Rc<str>, String)],
    line: usize,
    style: Option<&str>,
    lines: &mut Vec<String>,
) {
    if fields.is_empty() || line < SEPARATOR.len() + 2 {
        return;
    }
    let longest = fields
        .iter()
        .map(|(label, _)| width(label))
        .max()
        .unwrap_or(0);
    let label_width = longest.min(line - SEPARATOR.len() - 1);
    let indent = label_width + SEPARATOR.len();
    let room = line.saturating_sub(indent);
    for (label, value) in fields {
        let cells = width(label);
        let mut prefix = if cells > label_width {
            head(label, label_width)
        } else {
            format!("{label}{}", blanks(label_width - cells))
        };
        prefix.push_str(SEPARATOR);
        if let Some(style) = style {
            prefix = format!("{style}{prefix}{RESET}");
        }
        let mut first = true;
        for own in split_lines(value) {
            for part in wrap(&own, room, room) {
                if std::mem::take(&mut first) {
                    lines.push(format!("{prefix}{part}"));
                } else {
                    lines.push(format!("{}{part}", blanks(indent)));
                }
            }
        }
    }
}
