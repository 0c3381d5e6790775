//! The pages of a command's help, laid out for the window's width.

use super::help::Example;
use super::help_value::{ParameterView, Subject, SyntaxItem, is_address};

/// How far sections are indented.
pub const INDENT: usize = 4;
/// Empty lines between examples.
pub const LINES_AFTER_EXAMPLE: usize = 4;
/// Text is not made wider than this.
const MOST_COLUMNS: usize = 120;

const COMMON_PARAMETERS: &str = "This cmdlet supports the common parameters: Verbose, Debug,\nErrorAction, ErrorVariable, WarningAction, WarningVariable,\nOutBuffer, PipelineVariable, and OutVariable. For more information, see\nabout_CommonParameters (https://go.microsoft.com/fwlink/?LinkID=113216).";

/// How much of the help is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Name, synopsis, syntax, description.
    Short,
    /// The same with parameters and examples.
    Detailed,
    /// Everything.
    Full,
    /// Name, synopsis and examples.
    Examples,
}

impl Extent {
    /// The name, as in the type name of the help that is shown so.
    pub fn name(self) -> &'static str {
        match self {
            Extent::Short => "Short",
            Extent::Detailed => "Detailed",
            Extent::Full => "Full",
            Extent::Examples => "Examples",
        }
    }
}

/// The page as text.
pub fn whole(
    extent: Extent,
    subject: &Subject<'_>,
    syntax: &[SyntaxItem],
    parameters: &[ParameterView],
    width: usize,
) -> String {
    let mut page = Page::new(width);
    let name = subject.command.name();
    let Some(help) = subject.help else {
        page.reduced(&name, syntax, &subject.aliases);
        return page.text;
    };
    page.details(&name, &help.synopsis);
    if extent == Extent::Examples {
        page.examples(&help.examples, INDENT);
        return page.text;
    }
    page.heading("SYNTAX");
    page.syntax(syntax, INDENT);
    page.blank(INDENT);
    page.heading("DESCRIPTION");
    page.paragraph(INDENT, &help.description);
    page.blank(INDENT);
    page.blank(0);
    if extent == Extent::Short {
        page.links(&help.links);
        page.blank(0);
        page.remarks(&name, &help.links);
        return page.text;
    }
    page.heading("PARAMETERS");
    for view in parameters {
        parameter(&mut page, INDENT, view, extent == Extent::Full);
    }
    page.paragraph(INDENT, "<CommonParameters>");
    page.paragraph(INDENT * 2, COMMON_PARAMETERS);
    page.blank(INDENT);
    if extent == Extent::Full {
        page.types("INPUTS", &help.inputs);
        page.types("OUTPUTS", &help.outputs);
        if !help.notes.is_empty() {
            page.heading("NOTES");
            page.blank(INDENT);
            page.paragraph(INDENT, &help.notes);
            page.blank(INDENT);
        }
    }
    page.examples(&help.examples, INDENT);
    match extent {
        Extent::Full => {
            page.blank(INDENT);
            page.links(&help.links);
        }
        _ => page.remarks(&name, &help.links),
    }
    page.text
}

/// The name and the synopsis.
pub fn details(name: &str, synopsis: &str, width: usize) -> String {
    let mut page = Page::new(width);
    page.details(name, synopsis);
    page.text
}

/// The syntax, a line for each set.
pub fn syntax(items: &[SyntaxItem], indent: usize, width: usize) -> String {
    let mut page = Page::new(width);
    page.syntax(items, indent);
    page.text
}

/// The line above an example.
pub fn example_title(number: usize) -> String {
    let line = "-".repeat(26);
    format!("{line} EXAMPLE {number} {line}")
}

/// Examples, each with its title.
pub fn examples(list: &[Example], indent: usize, width: usize) -> String {
    let mut page = Page::new(width);
    page.examples(list, indent);
    page.text
}

/// One example.
pub fn example(example: &Example, number: usize, indent: usize, width: usize) -> String {
    let mut page = Page::new(width);
    page.example(example, number, indent);
    page.text
}

/// A parameter with what it is for; `full` adds where it stands.
pub fn parameter(page: &mut Page, indent: usize, view: &ParameterView, full: bool) {
    page.paragraph(indent, &format!("-{}{}", view.name, view.value));
    let inner = indent + INDENT;
    page.paragraph(inner, &view.description);
    page.blank(inner);
    if !full {
        return;
    }
    for (label, value) in [
        ("Required?", view.required.to_string().as_str()),
        ("Position?", &view.position),
        ("Default value", &view.default),
        ("Accept pipeline input?", view.pipeline),
        ("Aliases", &view.aliases),
        (
            "Accept wildcard characters?",
            view.wildcards.to_string().as_str(),
        ),
    ] {
        page.line(inner, &format!("{label:<29}{value}"));
    }
    page.blank(inner);
}

/// Text that grows line by line.
pub struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// An empty page for a window of this width.
    pub fn new(width: usize) -> Page {
        Page {
            text: String::new(),
            width: width.clamp(INDENT * 5, MOST_COLUMNS),
        }
    }

    /// The text without the empty lines at its end.
    pub fn finish(self) -> String {
        self.text
    }

    fn heading(&mut self, title: &str) {
        self.text.push_str(title);
        self.text.push('\n');
    }

    /// A line of nothing but the indent.
    fn blank(&mut self, indent: usize) {
        self.line(indent, "");
    }

    fn line(&mut self, indent: usize, line: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        let room = self.width.saturating_sub(indent + 1).max(INDENT * 2);
        for line in text.lines() {
            for part in wrapped(line, room) {
                self.line(indent, part);
            }
        }
    }

    fn details(&mut self, name: &str, synopsis: &str) {
        self.heading("NAME");
        self.paragraph(INDENT, name);
        self.blank(INDENT);
        self.heading("SYNOPSIS");
        self.paragraph(INDENT, synopsis);
        self.blank(INDENT);
        self.blank(INDENT);
    }

    fn syntax(&mut self, items: &[SyntaxItem], indent: usize) {
        for item in items {
            let common = if item.common {
                "[<CommonParameters>]"
            } else {
                ""
            };
            self.paragraph(indent, &format!("{}{common}", item.line));
            self.blank(indent);
        }
    }

    /// What is known of a command whose help nobody wrote.
    fn reduced(&mut self, name: &str, syntax: &[SyntaxItem], aliases: &[String]) {
        self.heading("NAME");
        self.paragraph(INDENT, name);
        self.blank(INDENT);
        self.heading("SYNTAX");
        self.syntax(syntax, INDENT);
        self.blank(0);
        self.heading("ALIASES");
        match aliases {
            [] => self.line(INDENT, "None"),
            aliases => self.paragraph(INDENT, &aliases.join(", ")),
        }
        self.blank(INDENT);
        self.blank(0);
        self.heading("REMARKS");
        self.line(INDENT, "None");
        self.blank(INDENT);
    }

    fn types(&mut self, title: &str, names: &[String]) {
        self.heading(title);
        for name in names {
            self.paragraph(INDENT, name);
            self.blank(INDENT);
        }
        self.blank(INDENT);
    }

    fn links(&mut self, links: &[String]) {
        self.heading("RELATED LINKS");
        for link in links {
            // A blank stands between the text and the address of a link.
            match is_address(link) {
                true => self.line(INDENT, &format!(" {link}")),
                false => self.line(INDENT, &format!("{link} ")),
            }
        }
    }

    fn examples(&mut self, list: &[Example], indent: usize) {
        for (at, example) in list.iter().enumerate() {
            self.example(example, at + 1, indent);
        }
    }

    fn example(&mut self, example: &Example, number: usize, indent: usize) {
        self.paragraph(indent, &example_title(number));
        self.blank(indent);
        self.paragraph(indent, &format!("{}{}", example.prompt, example.code));
        self.blank(indent);
        match example.remarks.as_str() {
            "" => self.blank(indent),
            remarks => self.paragraph(indent, remarks),
        }
        for _ in 0..LINES_AFTER_EXAMPLE {
            self.blank(indent);
        }
    }

    fn remarks(&mut self, name: &str, links: &[String]) {
        self.heading("REMARKS");
        for (what, parameter) in [
            ("To see the examples, type", "Examples"),
            ("For more information, type", "Detailed"),
            ("For technical information, type", "Full"),
        ] {
            let line = format!("{what}: \"Get-Help {name} -{parameter}\"");
            self.paragraph(INDENT, &line);
        }
        if !links.is_empty() {
            let line = format!("For online help, type: \"Get-Help {name} -Online\"");
            self.paragraph(INDENT * 3, &line);
        }
    }
}

/// A line in parts that fit, cut between words.
fn wrapped(line: &str, room: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = line.trim_end();
    while rest.chars().count() > room {
        let edge = rest
            .char_indices()
            .nth(room)
            .map_or(rest.len(), |(at, _)| at);
        let (head, _) = rest.split_at(edge);
        let cut = match head.rfind(' ') {
            Some(at) if !head[..at].trim().is_empty() => at,
            _ => edge,
        };
        let (part, after) = rest.split_at(cut);
        parts.push(part.trim_end());
        rest = after.trim_start();
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_between_words() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable", 4), ["unbr", "eaka", "ble"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn an_example_stands_under_its_title() {
        let text = example(&Example::new("Get-It", "Gets it."), 1, 0, 80);
        let line = "-".repeat(26);
        let want = format!("{line} EXAMPLE 1 {line}\n\nPS > Get-It\n\nGets it.\n\n\n\n\n");
        assert_eq!(text, want);
    }
}
