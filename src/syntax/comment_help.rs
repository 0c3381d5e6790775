//! Comment-based help: what a block of comments says under its keywords
//! (about_Comment_Based_Help).

use super::ast::{ParameterAst, Span};
use super::{ParseOptions, TokenKind, parse_with};

/// The sections of a help comment. Texts keep their inner indentation and end with a line
/// break where the original's do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentHelp {
    /// What the command does, in a line.
    pub synopsis: String,
    /// What it does, at length.
    pub description: String,
    /// What else there is to say.
    pub notes: String,
    /// Names of parameters as written, with what is said of each.
    pub parameters: Vec<(String, String)>,
    /// Each example: code, and what is to be said about it.
    pub examples: Vec<String>,
    /// What can be piped in.
    pub inputs: Vec<String>,
    /// What comes out.
    pub outputs: Vec<String>,
    /// Related topics and addresses.
    pub links: Vec<String>,
    /// The technology it belongs to.
    pub component: String,
    /// Who uses it.
    pub role: String,
    /// What it is used for.
    pub functionality: String,
    /// The command whose help stands for this one.
    pub forward_target: String,
    /// The kind of command that is meant by it.
    pub forward_category: String,
    /// The variable with the session that the help is taken from.
    pub remote_runspace: String,
    /// A file with the help.
    pub external_help: String,
}

impl CommentHelp {
    /// Reads the comments of a block, one after the other. `None` if they are no help: one of
    /// their lines stands before the first keyword, or a keyword is unknown.
    pub fn read(comments: &str) -> Option<CommentHelp> {
        let lines = lines_of(comments);
        let mut help = CommentHelp::default();
        let mut found = false;
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += 1;
            if line.trim().is_empty() {
                continue;
            }
            let (word, argument) = directive(line)?;
            found = true;
            match argument {
                Some(argument) => help.take_argument(word, argument, &lines, &mut at)?,
                None => help.take_section(word, &lines, &mut at)?,
            }
        }
        found.then_some(help)
    }

    /// A keyword with something behind it on its line.
    fn take_argument(
        &mut self,
        word: &str,
        argument: &str,
        lines: &[String],
        at: &mut usize,
    ) -> Option<()> {
        let place = match word.to_ascii_uppercase().as_str() {
            "PARAMETER" => {
                let text = section(lines, at);
                let known = self.of_parameter(argument).is_some();
                if !known {
                    self.parameters.push((argument.to_owned(), text));
                }
                return Some(());
            }
            "FORWARDHELPTARGETNAME" => &mut self.forward_target,
            "FORWARDHELPCATEGORY" => &mut self.forward_category,
            "REMOTEHELPRUNSPACE" => &mut self.remote_runspace,
            "EXTERNALHELP" => &mut self.external_help,
            _ => return None,
        };
        *place = argument.to_owned();
        Some(())
    }

    /// A keyword alone on its line, with the text below it.
    fn take_section(&mut self, word: &str, lines: &[String], at: &mut usize) -> Option<()> {
        let word = word.to_ascii_uppercase();
        let one = match word.as_str() {
            "SYNOPSIS" => &mut self.synopsis,
            "DESCRIPTION" => &mut self.description,
            "NOTES" => &mut self.notes,
            "COMPONENT" => &mut self.component,
            "ROLE" => &mut self.role,
            "FUNCTIONALITY" => &mut self.functionality,
            _ => {
                let (list, trimmed) = match word.as_str() {
                    "LINK" => (&mut self.links, true),
                    "EXAMPLE" => (&mut self.examples, false),
                    "INPUTS" => (&mut self.inputs, false),
                    "OUTPUTS" => (&mut self.outputs, false),
                    _ => return None,
                };
                let text = section(lines, at);
                list.push(match trimmed {
                    true => text.trim().to_owned(),
                    false => text,
                });
                return Some(());
            }
        };
        *one = section(lines, at);
        if matches!(word.as_str(), "COMPONENT" | "ROLE" | "FUNCTIONALITY") {
            *one = one.trim().to_owned();
        }
        Some(())
    }

    /// What is said of a parameter.
    pub fn of_parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.parameters.iter();
        let found = all.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, text)| text.as_str())
    }
}

/// What the comments before or inside each parameter say, in the order of the parameters;
/// empty where there are none.
pub fn parameter_comments(text: &str, parameters: &[ParameterAst]) -> Vec<String> {
    if parameters.is_empty() {
        return Vec::new();
    }
    let options = ParseOptions {
        tokens: true,
        ..ParseOptions::default()
    };
    let tokens = parse_with(text, &options).tokens;
    let comments: Vec<Span> = tokens
        .iter()
        .filter(|t| t.kind == TokenKind::Comment)
        .map(|t| t.span)
        .collect();
    let slice = |span: Span| text.get(span.start as usize..span.end as usize);
    let of = |parameter: &ParameterAst| {
        let mut own = preceding(text, &comments, parameter.span.start);
        own.extend(
            comments
                .iter()
                .filter(|c| c.start >= parameter.span.start && c.end <= parameter.span.end),
        );
        let texts: Vec<&str> = own.into_iter().filter_map(slice).collect();
        let lines = lines_of(&texts.join("\n"));
        section(&lines, &mut 0)
    };
    parameters.iter().map(of).collect()
}

/// The comments right before a place: at most one empty line between it and them, none among them.
fn preceding(text: &str, comments: &[Span], place: u32) -> Vec<Span> {
    let mut found = Vec::new();
    let mut next = place;
    for comment in comments.iter().rev().filter(|c| c.end <= place) {
        let gap = text.get(comment.end as usize..next as usize).unwrap_or("x");
        let allowed = if found.is_empty() { 2 } else { 1 };
        if !gap.trim().is_empty() || gap.matches('\n').count() > allowed {
            break;
        }
        found.push(*comment);
        next = comment.start;
    }
    found.reverse();
    found
}

/// The lines of comments without what makes them comments.
fn lines_of(comments: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = comments;
    while !rest.is_empty() {
        let trimmed = rest.trim_start();
        if let Some(inner) = trimmed.strip_prefix("<#") {
            let (inner, after) = inner.split_once("#>").unwrap_or((inner, ""));
            lines.extend(
                inner
                    .split('\n')
                    .map(|l| l.trim_end_matches('\r').to_owned()),
            );
            rest = after;
        } else {
            let (line, after) = trimmed.split_once('\n').unwrap_or((trimmed, ""));
            if !line.is_empty() {
                let line = line.trim_end_matches('\r').trim_start_matches('#');
                lines.push(line.to_owned());
            }
            rest = after;
        }
    }
    lines
}

/// The keyword of a line and what stands behind it.
fn directive(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim().strip_prefix('.')?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (word, behind) = rest.split_at(end);
    if word.is_empty() || !(behind.is_empty() || behind.starts_with(char::is_whitespace)) {
        return None;
    }
    let argument = behind.trim();
    Some((word, (!argument.is_empty()).then_some(argument)))
}

/// The lines up to the next keyword. Empty lines at the beginning do not count, and the
/// indentation of the first line is taken off all.
fn section(lines: &[String], at: &mut usize) -> String {
    let mut text = String::new();
    let mut indent = None;
    while let Some(line) = lines.get(*at) {
        if indent.is_none() && line.trim().is_empty() {
            *at += 1;
            continue;
        }
        if directive(line).is_some() {
            break;
        }
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\u{a0}');
        let indent =
            *indent.get_or_insert_with(|| line.chars().take_while(|c| is_blank(*c)).count());
        let skipped = line
            .chars()
            .take_while(|c| is_blank(*c))
            .count()
            .min(indent);
        text.extend(line.chars().skip(skipped));
        text.push('\n');
        *at += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_make_sections_that_keep_their_inner_indentation() {
        let help = CommentHelp::read(
            "<#\n  .SYNOPSIS\n    Short.\n  .DESCRIPTION\n\n    One\n\n      two\n  .PARAMETER Name\n    Who.\n  .LINK\n    https://example.org\n#>",
        )
        .expect("help");
        assert_eq!(help.synopsis, "Short.\n");
        assert_eq!(help.description, "One\n\n  two\n");
        assert_eq!(help.of_parameter("name"), Some("Who.\n"));
        assert_eq!(help.links, ["https://example.org"]);
    }

    #[test]
    fn other_text_before_a_keyword_and_unknown_keywords_make_it_no_help() {
        for comments in [
            "# Hello\n# .SYNOPSIS\n# x",
            "# .SYNOPSIS\n# x\n# .FOO\n# y",
            "# text",
        ] {
            assert_eq!(CommentHelp::read(comments), None, "{comments}");
        }
        assert!(CommentHelp::read("## .SYNOPSIS\n##  x").is_some());
    }

    #[test]
    fn comments_at_parameters_are_theirs() {
        let text = "param(\n # first\n $a,\n\n # far\n\n\n $b,\n [int] # inside\n $c)";
        let parsed = super::super::parse(text);
        let block = parsed.block.param_block.as_ref().expect("parameters");
        let told = parameter_comments(text, &block.parameters);
        assert_eq!(told, ["first\n", "", "inside\n"]);
    }
}
