//! Rows of a table: column widths, alignment, cutting and breaking of cells.

use super::cells::{ELLIPSIS, blanks, first_line, head, is_decorated, tail, width, wrap};
use super::packet::Column;
use crate::runtime::view::Align;
use std::borrow::Cow;

const RESET: &str = "\u{1b}[0m";

/// Writes the rows of one table.
pub struct TableWriter {
    columns: Vec<Slot>,
    disabled: bool,
}

struct Slot {
    /// Cells; 0 for a column that did not fit.
    width: usize,
    align: Align,
}

impl TableWriter {
    /// A table of these columns in lines of so many cells.
    pub fn new(columns: &[Column], line: usize) -> TableWriter {
        let mut widths: Vec<usize> = columns.iter().map(|c| c.width).collect();
        fit(&mut widths, line);
        TableWriter {
            disabled: line < 5 || widths.iter().all(|w| *w == 0),
            columns: widths
                .into_iter()
                .zip(columns)
                .map(|(width, column)| Slot {
                    width,
                    align: column.align,
                })
                .collect(),
        }
    }

    /// A layout of equally wide columns.
    pub fn even(count: usize, line: usize) -> TableWriter {
        let column = Column {
            label: "".into(),
            width: 0,
            align: Align::Left,
        };
        TableWriter::new(&vec![column; count], line)
    }

    /// Header and underline, in a style if one is given.
    pub fn header(&self, labels: &[&str], style: Option<&str>, lines: &mut Vec<String>) {
        self.broken_row(labels, style, lines);
        let marks: Vec<String> = labels
            .iter()
            .zip(&self.columns)
            .map(|(label, slot)| "-".repeat(width(label).min(slot.width)))
            .collect();
        let marks: Vec<&str> = marks.iter().map(String::as_str).collect();
        if !self.disabled {
            lines.push(self.single_row(&marks, style));
        }
    }

    /// A row.
    pub fn row(&self, cells: &[&str], wrap: bool, lines: &mut Vec<String>) {
        if self.disabled {
            return;
        }
        if wrap {
            self.broken_row(cells, None, lines);
        } else {
            lines.push(self.single_row(cells, None));
        }
    }

    fn single_row(&self, cells: &[&str], style: Option<&str>) -> String {
        let mut line = String::new();
        let last = self.columns.len().saturating_sub(1);
        for (index, slot) in self.columns.iter().enumerate() {
            if slot.width == 0 {
                continue;
            }
            if index > 0 {
                line.push(' ');
            }
            let cell = cells.get(index).copied().unwrap_or("");
            let text = field(cell, slot, index != last);
            match style {
                Some(style) => {
                    line.push_str(style);
                    line.push_str(&text);
                    line.push_str(RESET);
                }
                None => {
                    line.push_str(&text);
                    if is_decorated(&text)
                        && !line.ends_with(RESET)
                        && !text.trim_end().ends_with(RESET)
                    {
                        line.push_str(RESET);
                    }
                }
            }
        }
        line
    }

    fn broken_row(&self, cells: &[&str], style: Option<&str>, lines: &mut Vec<String>) {
        if self.disabled {
            return;
        }
        let shown: Vec<(usize, &Slot)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.width > 0)
            .collect();
        let last = shown.last().map(|(index, _)| *index);
        let broken: Vec<Vec<String>> = shown
            .iter()
            .map(|(index, slot)| {
                let cell = cells.get(*index).copied().unwrap_or("");
                let mut parts = wrap(cell, slot.width, slot.width);
                let padded = Some(*index) != last;
                for part in &mut parts {
                    if width(part) < slot.width {
                        *part = field(part, slot, padded);
                    }
                }
                parts
            })
            .collect();
        let height = broken.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let filled = broken.iter().rposition(|parts| parts.len() > at);
            let mut line = String::new();
            for (k, ((_, slot), parts)) in shown.iter().zip(&broken).enumerate() {
                let separator = if k > 0 { " " } else { "" };
                match parts.get(at) {
                    Some(part) if style.is_some() => {
                        let style = style.unwrap_or_default();
                        line.push_str(style);
                        line.push_str(separator);
                        line.push_str(part);
                        line.push_str(RESET);
                    }
                    Some(part) => {
                        line.push_str(separator);
                        line.push_str(part);
                    }
                    None if filled.is_some_and(|f| k < f) => {
                        line.push_str(separator);
                        line.push_str(&blanks(slot.width));
                    }
                    None => {}
                }
            }
            if height > 1 {
                line.truncate(line.trim_end_matches(' ').len());
            }
            lines.push(line);
        }
    }
}

/// A cell in its column.
fn field(cell: &str, slot: &Slot, padded: bool) -> String {
    let text: Cow<'_, str> = first_line(cell);
    let cells = width(&text);
    let room = slot.width;
    if cells < room {
        let missing = room - cells;
        return match slot.align {
            Align::Right => format!("{}{text}", blanks(missing)),
            Align::Center => {
                let left = missing / 2;
                let right = if padded { missing - left } else { 0 };
                format!("{}{text}{}", blanks(left), blanks(right))
            }
            Align::Left if padded => format!("{text}{}", blanks(missing)),
            Align::Left => text.into_owned(),
        };
    }
    if cells == room {
        return text.into_owned();
    }
    let mut cut = match slot.align {
        Align::Right if room > 1 => format!("{ELLIPSIS}{}", tail(&text, room - 1)),
        Align::Right => tail(&text, room),
        _ if room > 1 => {
            let mut cut = head(&text, room - 1);
            cut.push(ELLIPSIS);
            cut
        }
        _ => head(&text, room),
    };
    if is_decorated(&cut) && !cut.ends_with(RESET) {
        cut.push_str(RESET);
    }
    // A wide character that did not fit leaves a cell.
    if width(&cut) < room {
        match slot.align {
            Align::Right => cut.insert(0, ' '),
            _ if padded => cut.push(' '),
            _ => {}
        }
    }
    cut
}

/// Gives columns without a width what is left, and takes from the last ones what is too much.
fn fit(widths: &mut [usize], line: usize) {
    let open: Vec<usize> = (0..widths.len()).filter(|k| widths[*k] == 0).collect();
    for k in &open {
        widths[*k] = 1;
    }
    let total = |widths: &[usize]| {
        let shown = widths.iter().filter(|w| **w > 0).count();
        widths.iter().sum::<usize>() + shown.saturating_sub(1)
    };
    let used = total(widths);
    if used < line && !open.is_empty() {
        let room = line - used;
        let (each, more) = (room / open.len(), room % open.len());
        for (n, k) in open.iter().enumerate() {
            let add = each + usize::from(n < more);
            widths[*k] += add;
        }
        return;
    }
    loop {
        let used = total(widths);
        if used <= line {
            return;
        }
        let Some(last) = widths.iter().rposition(|w| *w > 0) else {
            return;
        };
        widths[last] = widths[last].saturating_sub(used - line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_columns_give_way() {
        let mut widths = vec![7, 7, 10];
        fit(&mut widths, 20);
        assert_eq!(widths, [7, 7, 4]);
        fit(&mut widths, 15);
        assert_eq!(widths, [7, 7, 0]);
    }

    #[test]
    fn what_is_left_is_shared() {
        let mut widths = vec![6, 0];
        fit(&mut widths, 79);
        assert_eq!(widths, [6, 72]);
        let mut widths = vec![0, 0];
        fit(&mut widths, 79);
        assert_eq!(widths, [39, 39]);
    }
}
