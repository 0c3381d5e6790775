//! The Out cmdlets' engine: objects and format objects in, lines of text out.

use super::cells::{self, wrap};
use super::formatter::Formatter;
use super::list;
use super::packet::{Column, Content, Packet, Shape, Start};
use super::parameters::Parameters;
use super::style::{self, Styles};
use super::table::TableWriter;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;
use std::time::Duration;

/// How many rows of an automatic table are gathered for its widths.
const GATHERED_ROWS: usize = 32_768;
/// After a pause of this length rows are not waited for any more.
const PATIENCE: Duration = Duration::from_millis(300);

/// How wide lines are and whether they may carry colours.
#[derive(Clone, Copy)]
pub struct Page {
    /// Cells of a table's line.
    pub table: usize,
    /// Cells at which lists and custom text are broken; `None` does not break them.
    pub text: Option<usize>,
    /// The console, rather than a file or a string.
    pub host: bool,
}

impl Page {
    fn text_width(&self) -> usize {
        self.text.unwrap_or(usize::MAX / 4)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Outside of a sequence.
    Reset,
    /// Between groups.
    Formatting,
    /// Among the entries of a group.
    InsideGroup,
}

/// Rows that wait for their widths.
struct Gathering {
    /// From here on rows are not waited for; `None` waits for the end of the group.
    most: Option<usize>,
    waiting: Vec<Packet>,
    rows: usize,
    active: bool,
    /// When the group began, by the pauses of the session.
    since: Duration,
}

/// Lays out one document.
pub struct Output {
    page: Page,
    formatter: Formatter,
    state: State,
    gathering: Option<Gathering>,
    current: Option<Rc<Start>>,
    widths: Vec<usize>,
    table: Option<TableWriter>,
    wide: Vec<String>,
    wide_columns: usize,
    styles: Styles,
    lines: Vec<String>,
    packets: Vec<Packet>,
    slept: Duration,
}

impl Output {
    /// A document on a page.
    pub fn new(page: Page) -> Output {
        Output {
            page,
            formatter: Formatter::new(None, Parameters::default()).for_host(page.host),
            state: State::Reset,
            gathering: None,
            current: None,
            widths: Vec::new(),
            table: None,
            wide: Vec::new(),
            wide_columns: 0,
            styles: Styles::default(),
            lines: Vec::new(),
            packets: Vec::new(),
            slept: Duration::ZERO,
        }
    }

    /// Whether a text is not laid out with what came before it.
    pub fn shows_text_at_once(&self) -> bool {
        !self.gathering.as_ref().is_some_and(|g| g.active)
    }

    /// Takes an object or a format object; the lines that are ready come back.
    pub fn process(&mut self, vm: &mut Vm, value: &Value) -> R<Vec<String>> {
        self.styles = style::styles(vm, self.page.host);
        self.slept = vm.session.slept;
        if let Value::Str(text) = value
            && self.shows_text_at_once()
        {
            // Most output is text: it needs no packets.
            self.raw(text);
            return Ok(std::mem::take(&mut self.lines));
        }
        match Packet::of(value) {
            Some(packet) => self.accept(vm, packet.clone())?,
            None => {
                let mut packets = std::mem::take(&mut self.packets);
                let result = self.formatter.process(vm, value, &mut packets);
                for packet in packets.drain(..) {
                    self.accept(vm, packet)?;
                }
                self.packets = packets;
                result?;
            }
        }
        Ok(std::mem::take(&mut self.lines))
    }

    /// Ends the document.
    pub fn finish(&mut self, vm: &mut Vm) -> R<Vec<String>> {
        self.styles = style::styles(vm, self.page.host);
        self.close(vm)?;
        self.gathering = None;
        Ok(std::mem::take(&mut self.lines))
    }

    /// Ends what objects began.
    fn close(&mut self, vm: &mut Vm) -> R<()> {
        let mut packets = Vec::new();
        self.formatter.finish(&mut packets);
        for packet in packets {
            self.accept(vm, packet)?;
        }
        if let Some(gathering) = &mut self.gathering {
            gathering.active = false;
            for packet in std::mem::take(&mut gathering.waiting) {
                self.lay_out(&packet);
            }
        }
        Ok(())
    }

    /// Looks whether a packet may come now, and passes it on.
    fn accept(&mut self, vm: &mut Vm, packet: Packet) -> R<()> {
        match &packet {
            Packet::Start(start) => {
                if self.state == State::InsideGroup {
                    self.close(vm)?;
                    self.state = State::Reset;
                }
                self.expect(vm, State::Reset, &packet)?;
                self.state = State::Formatting;
                self.begin_gathering(start);
            }
            Packet::GroupStart(_) => {
                self.expect(vm, State::Formatting, &packet)?;
                self.state = State::InsideGroup;
            }
            Packet::Entry { out_of_band, .. } => {
                if !out_of_band {
                    self.expect(vm, State::InsideGroup, &packet)?;
                }
            }
            Packet::GroupEnd => {
                self.expect(vm, State::InsideGroup, &packet)?;
                self.state = State::Formatting;
            }
            Packet::End => {
                self.expect(vm, State::Formatting, &packet)?;
                self.state = State::Reset;
            }
        }
        self.gather(packet);
        Ok(())
    }

    fn expect(&self, vm: &mut Vm, state: State, packet: &Packet) -> R<()> {
        if self.state == state {
            return Ok(());
        }
        let name = packet.clone().into_value();
        let type_name = vm.to_text(&name)?;
        super::fail(
            Fault::of(
                "System.InvalidOperationException",
                "ConsoleLineOutputOutOfSequencePacket",
                Category::InvalidData,
                format!(
                    "The object of type \"{type_name}\" is not valid or not in the correct sequence. This is likely caused by a user-specified \"format-*\" command which is conflicting with the default formatting."
                ),
            )
            .target(Value::Null),
        )
    }

    /// Whether the rows of a sequence wait for their widths.
    fn begin_gathering(&mut self, start: &Rc<Start>) {
        let most = match &start.shape {
            _ if start.auto_size => None,
            Shape::Table { columns, .. } if columns.first().is_some_and(|c| c.width == 0) => {
                Some(GATHERED_ROWS)
            }
            _ => return,
        };
        self.gathering = Some(Gathering {
            most,
            waiting: Vec::new(),
            rows: 0,
            active: false,
            since: self.slept,
        });
    }

    fn gather(&mut self, packet: Packet) {
        let Some(gathering) = &mut self.gathering else {
            return self.lay_out(&packet);
        };
        if !gathering.active {
            if matches!(packet, Packet::GroupStart(_)) {
                gathering.active = true;
                gathering.rows = 0;
                gathering.since = self.slept;
                gathering.waiting.push(packet);
            } else {
                self.lay_out(&packet);
            }
            return;
        }
        gathering.rows += usize::from(matches!(
            packet,
            Packet::Entry {
                out_of_band: false,
                ..
            }
        ));
        let full = matches!(packet, Packet::GroupEnd)
            || gathering.most.is_some_and(|most| {
                gathering.rows >= most || self.slept.saturating_sub(gathering.since) >= PATIENCE
            });
        gathering.waiting.push(packet);
        if full {
            gathering.active = false;
            let waiting = std::mem::take(&mut gathering.waiting);
            self.measure(&waiting);
            for packet in &waiting {
                self.lay_out(packet);
            }
        }
    }

    /// Widths from labels and cells.
    fn measure(&mut self, packets: &[Packet]) {
        let entries = || {
            packets.iter().filter_map(|packet| match packet {
                Packet::Entry {
                    content,
                    out_of_band: false,
                } => Some(&**content),
                _ => None,
            })
        };
        let Some(start) = self.current.clone() else {
            return;
        };
        match &start.shape {
            Shape::Table { columns, .. } => {
                let mut widths: Vec<usize> =
                    columns.iter().map(|c| cells::width(&c.label)).collect();
                for content in entries() {
                    if let Content::Row { cells, .. } = content {
                        for (width, cell) in widths.iter_mut().zip(cells) {
                            *width = (*width).max(cells::width(cell));
                        }
                    }
                }
                self.widths = widths;
            }
            Shape::Wide { columns: 0 } => {
                let longest = entries()
                    .map(|content| match content {
                        Content::Wide(text) => cells::width(text),
                        _ => 0,
                    })
                    .max()
                    .unwrap_or(0);
                self.wide_columns = most_in_line(longest, self.page.table);
            }
            _ => {}
        }
    }

    fn lay_out(&mut self, packet: &Packet) {
        match packet {
            Packet::Start(start) => {
                self.current = Some(start.clone());
                self.widths = match &start.shape {
                    Shape::Table { columns, .. } => columns.iter().map(|c| c.width).collect(),
                    _ => Vec::new(),
                };
                if let Shape::Wide { columns } = &start.shape {
                    self.wide_columns = (*columns).max(1);
                }
                self.line(String::new());
            }
            Packet::GroupStart(label) => self.start_group(label.as_deref()),
            Packet::Entry {
                content,
                out_of_band,
            } => self.entry(content, *out_of_band),
            Packet::GroupEnd => self.flush_wide(),
            Packet::End => {
                let list = matches!(
                    self.current.as_ref().map(|s| &s.shape),
                    Some(Shape::List) | None
                );
                if !list {
                    self.line(String::new());
                }
                self.current = None;
            }
        }
    }

    fn start_group(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            let width = self.page.text_width();
            for part in wrap(label, width, width) {
                self.line(part);
            }
            self.line(String::new());
        }
        let Some(start) = self.current.clone() else {
            return;
        };
        match &start.shape {
            Shape::Table {
                columns,
                hide_header,
            } => {
                let sized: Vec<Column> = columns
                    .iter()
                    .zip(&self.widths)
                    .map(|(column, width)| Column {
                        width: *width,
                        ..column.clone()
                    })
                    .collect();
                let writer = TableWriter::new(&sized, self.page.table);
                if !hide_header {
                    let labels: Vec<&str> = columns.iter().map(|c| &*c.label).collect();
                    let style = self.styles.table_header.clone();
                    writer.header(&labels, style.as_deref(), &mut self.lines);
                }
                self.table = Some(writer);
            }
            Shape::Wide { .. } => {
                self.wide.clear();
                self.table = Some(TableWriter::even(self.wide_columns, self.page.table));
            }
            _ => {}
        }
    }

    fn entry(&mut self, content: &Content, out_of_band: bool) {
        match content {
            Content::Raw(text) => self.raw(text),
            Content::Row { cells, wrap } => {
                if let Some(writer) = &self.table {
                    let cells: Vec<&str> = cells.iter().map(|c| &**c).collect();
                    let from = self.lines.len();
                    writer.row(&cells, *wrap, &mut self.lines);
                    self.strip(from);
                }
            }
            Content::List(fields) => {
                if out_of_band {
                    self.line(String::new());
                }
                let from = self.lines.len();
                let style = self.styles.format_accent.clone();
                let width = self.page.text_width();
                list::write(fields, width, style.as_deref(), &mut self.lines);
                self.strip(from);
                self.line(String::new());
            }
            Content::Wide(text) => {
                self.wide.push(text.clone());
                if self.wide.len() >= self.wide_columns {
                    self.flush_wide();
                }
            }
            Content::Custom(text) => {
                let width = self.page.text_width();
                let from = self.lines.len();
                let text = text.strip_suffix('\n').unwrap_or(text);
                self.lines.extend(wrap(text, width, width));
                self.strip(from);
            }
        }
    }

    fn flush_wide(&mut self) {
        if self.wide.is_empty() {
            return;
        }
        let row = std::mem::take(&mut self.wide);
        if let Some(writer) = &self.table {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            let from = self.lines.len();
            writer.row(&cells, false, &mut self.lines);
            self.strip(from);
        }
    }

    fn raw(&mut self, text: &str) {
        if self.page.host {
            for line in cells::split_lines(text) {
                let line = match self.styles.plain {
                    true => cells::plain(&line).into_owned(),
                    false => line,
                };
                self.lines.push(line);
            }
        } else {
            self.lines.push(text.to_string());
        }
    }

    fn line(&mut self, text: String) {
        self.lines.push(text);
    }

    /// Takes colours out of lines that must be plain.
    fn strip(&mut self, from: usize) {
        if !self.styles.plain {
            return;
        }
        for line in &mut self.lines[from..] {
            if cells::is_decorated(line) {
                *line = cells::plain(line).into_owned();
            }
        }
    }
}

/// How many values of a length fit into a line.
fn most_in_line(length: usize, line: usize) -> usize {
    if length == 0 || length >= line {
        return 1;
    }
    let mut count = 1;
    while length * (count + 1) + count < line {
        count += 1;
    }
    count
}
