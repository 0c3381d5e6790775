//! The page of a command's help, laid out for the window's width.

use super::help::Help;
use crate::runtime::parameter::Parameter;
use crate::runtime::types::automation::command_metadata::shown_type;
use std::rc::Rc;

/// How far sections are indented.
const INDENT: usize = 4;
/// Text is not made wider than this.
const MOST_COLUMNS: usize = 120;

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

/// What is known of the command beside its help.
pub struct Facts<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it does, in a line.
    pub synopsis: &'a str,
    /// Its syntax, a line for each set.
    pub syntax: &'a str,
    /// Other names.
    pub aliases: &'a [String],
    /// Its own parameters.
    pub parameters: &'a [&'a Rc<Parameter>],
    /// It takes the common parameters.
    pub advanced: bool,
}

/// The page as text.
pub fn page(extent: Extent, facts: &Facts<'_>, help: &Help, width: usize) -> String {
    let mut page = Page {
        text: String::from("\n"),
        width: width.clamp(INDENT * 5, MOST_COLUMNS),
    };
    page.heading("NAME");
    page.paragraph(INDENT, facts.name);
    page.blank();
    page.heading("SYNOPSIS");
    page.paragraph(INDENT, facts.synopsis);
    page.blank();
    page.blank();
    if extent == Extent::Examples {
        page.examples(help);
        return page.text;
    }
    page.heading("SYNTAX");
    for line in facts.syntax.lines().filter(|line| !line.trim().is_empty()) {
        page.paragraph(INDENT, line);
        page.blank();
    }
    page.blank();
    page.heading("DESCRIPTION");
    page.paragraph(INDENT, &help.description);
    page.blank();
    page.text.push('\n');
    if extent != Extent::Short {
        page.parameters(extent, facts, help);
        if extent == Extent::Full {
            page.section("INPUTS", &help.inputs);
            page.section("OUTPUTS", &help.outputs);
            page.section("NOTES", &help.notes);
        }
        page.examples(help);
    }
    if !facts.aliases.is_empty() {
        page.section("ALIASES", &facts.aliases.join("\n"));
    }
    page.heading("RELATED LINKS");
    for link in &help.links {
        page.paragraph(INDENT, link);
    }
    page.text.push('\n');
    if extent == Extent::Short {
        page.remarks(facts.name, !help.examples.is_empty());
    }
    page.text
}

/// A parameter as a page lists it.
pub fn parameter_text(parameter: &Parameter, help: &Help, full: bool, width: usize) -> String {
    let mut page = Page {
        text: String::new(),
        width: width.clamp(INDENT * 5, MOST_COLUMNS),
    };
    page.parameter(0, parameter, help, full);
    page.text.trim_end().to_owned()
}

struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn heading(&mut self, title: &str) {
        self.text.push_str(title);
        self.text.push('\n');
    }

    /// A line of nothing but the indent, as it stands between sections.
    fn blank(&mut self) {
        self.text.push_str("    \n");
    }

    fn paragraph(&mut self, indent: usize, text: &str) {
        let room = self.width.saturating_sub(indent + 1).max(INDENT * 2);
        for line in text.lines() {
            for part in wrapped(line, room) {
                self.text.push_str(&" ".repeat(indent));
                self.text.push_str(part);
                self.text.push('\n');
            }
        }
    }

    fn section(&mut self, title: &str, text: &str) {
        self.heading(title);
        self.paragraph(INDENT, text);
        self.blank();
    }

    fn parameters(&mut self, extent: Extent, facts: &Facts<'_>, help: &Help) {
        self.heading("PARAMETERS");
        for parameter in facts.parameters.iter().filter(|p| !p.common) {
            self.parameter(INDENT, parameter, help, extent == Extent::Full);
        }
        if facts.advanced {
            self.paragraph(INDENT, "<CommonParameters>");
            self.paragraph(
                INDENT * 2,
                "The parameters that every such command takes: Verbose, Debug, ErrorAction, ErrorVariable, WarningAction, WarningVariable, InformationAction, InformationVariable, ProgressAction, OutVariable, OutBuffer, PipelineVariable.",
            );
            self.blank();
        }
    }

    fn parameter(&mut self, indent: usize, parameter: &Parameter, help: &Help, full: bool) {
        let head = match parameter.is_switch {
            true => format!("-{} [<SwitchParameter>]", parameter.name),
            false => format!("-{} <{}>", parameter.name, shown_type(&parameter.type_ref)),
        };
        self.paragraph(indent, &head);
        self.paragraph(indent + INDENT, help.of_parameter(&parameter.name));
        let inner = " ".repeat(indent + INDENT);
        if full {
            self.text.push_str(&format!("{inner}\n"));
            for (label, value) in facts_of(parameter) {
                self.text.push_str(&format!("{inner}{label:<29}{value}\n"));
            }
        }
        self.text.push_str(&format!("{inner}\n"));
    }

    fn examples(&mut self, help: &Help) {
        for (at, (code, remarks)) in help.examples.iter().enumerate() {
            let line = "-".repeat(26);
            self.paragraph(INDENT, &format!("{line} EXAMPLE {} {line}", at + 1));
            self.blank();
            for (n, line) in code.lines().enumerate() {
                let prompt = match n {
                    0 if !line.starts_with("PS") => "PS > ",
                    _ => "",
                };
                self.paragraph(INDENT, &format!("{prompt}{line}"));
            }
            self.blank();
            self.paragraph(INDENT, remarks);
            self.blank();
            self.blank();
        }
    }

    fn remarks(&mut self, name: &str, has_examples: bool) {
        self.heading("REMARKS");
        if has_examples {
            self.paragraph(
                INDENT,
                &format!("To see the examples, type: \"Get-Help {name} -Examples\""),
            );
        }
        self.paragraph(
            INDENT,
            &format!("For more information, type: \"Get-Help {name} -Detailed\""),
        );
        self.paragraph(
            INDENT,
            &format!("For technical information, type: \"Get-Help {name} -Full\""),
        );
        self.text.push('\n');
    }
}

/// What there is to say of a parameter's place.
fn facts_of(parameter: &Parameter) -> [(&'static str, String); 6] {
    let place = parameter.places.first();
    let required = place.is_some_and(|p| p.mandatory);
    let position = place
        .and_then(|p| p.position)
        .map_or("named".to_owned(), |p| p.saturating_add(1).to_string());
    let pipeline = match place {
        Some(p) if p.from_pipeline && p.from_pipeline_by_name => "true (ByValue, ByPropertyName)",
        Some(p) if p.from_pipeline => "true (ByValue)",
        Some(p) if p.from_pipeline_by_name => "true (ByPropertyName)",
        _ => "false",
    };
    let aliases: Vec<&str> = parameter.aliases.iter().map(|a| &**a).collect();
    [
        ("Required?", required.to_string()),
        ("Position?", position),
        ("Default value", String::new()),
        ("Accept pipeline input?", pipeline.to_owned()),
        ("Aliases", aliases.join(", ")),
        ("Accept wildcard characters?", "false".to_owned()),
    ]
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
    fn a_short_page_names_the_longer_ones() {
        let facts = Facts {
            name: "Get-It",
            synopsis: "Gets it.",
            syntax: "\nGet-It [-Name <string>]\n",
            aliases: &[],
            parameters: &[],
            advanced: true,
        };
        let text = page(Extent::Short, &facts, &Help::default(), 80);
        let want = "\nNAME\n    Get-It\n    \nSYNOPSIS\n    Gets it.\n    \n    \nSYNTAX\n    Get-It [-Name <string>]\n    \n    \nDESCRIPTION\n    \n\nRELATED LINKS\n\nREMARKS\n    For more information, type: \"Get-Help Get-It -Detailed\"\n    For technical information, type: \"Get-Help Get-It -Full\"\n\n";
        assert_eq!(text, want);
    }
}
