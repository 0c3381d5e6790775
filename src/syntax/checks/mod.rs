//! What is wrong with a text although it fits the grammar: targets that cannot be assigned,
//! duplicate names, flow that leaves `finally`, unknown types in classes, and so on.

pub(super) mod constants;
mod data_section;
mod definitions;
mod flow;
mod known;
mod semantic;
mod symbols;
pub(crate) mod walk;

pub use definitions::{check_definitions, enums_in_order};

use super::ParseOptions;
use super::ast::*;
use super::error::ParseError;
use walk::{Node, walk};

/// Collects what the checks find.
pub(super) struct Report<'a> {
    /// The source, to quote from.
    pub text: &'a str,
    pub options: &'a ParseOptions<'a>,
    pub errors: Vec<ParseError>,
}

impl Report<'_> {
    pub fn error(&mut self, span: Span, id: &'static str, arguments: &[&str]) {
        self.errors.push(ParseError::new(span, id, arguments));
    }

    pub fn quote(&self, span: Span) -> &str {
        let end = (span.end as usize).min(self.text.len());
        self.text.get(span.start as usize..end).unwrap_or("")
    }

    pub fn is_known_type(&self, name: &str) -> Option<bool> {
        self.options.known_type.map(|known| known(name))
    }
}

/// Runs all checks; `postponed` holds what the parser left to report in their order.
pub(super) fn check(
    block: &ScriptBlockAst,
    text: &str,
    options: &ParseOptions<'_>,
    defines_types: bool,
    postponed: Vec<ParseError>,
) -> Vec<ParseError> {
    let mut report = Report {
        text,
        options,
        errors: Vec::new(),
    };
    // Only classes and `using` concern the names of types.
    if defines_types || !block.usings.is_empty() {
        let mut symbols = symbols::Symbols::new(&mut report);
        walk(&mut symbols, Node::ScriptBlock(block));
    }
    let first = report.errors.len();
    walk(
        &mut semantic::Semantics::new(&mut report),
        Node::ScriptBlock(block),
    );
    for error in postponed {
        let at = report.errors[first..]
            .iter()
            .position(|e| e.span.start > error.span.start)
            .map_or(report.errors.len(), |i| first + i);
        report.errors.insert(at, error);
    }
    report.errors
}

/// What a text must not hold to be data: the rules of `data` sections for a whole file, such
/// as a module manifest.
#[derive(Debug, Clone, Default)]
pub struct RestrictedLanguage {
    /// Commands that may be called; `None` allows all.
    pub commands: Option<Vec<String>>,
    /// Variables that may be read besides `$true`, `$false`, `$null` and the cultures; `*` is all.
    pub variables: Vec<String>,
    /// Whether `$env:` variables may be read.
    pub environment: bool,
}

/// Checks a script against the restricted language.
pub fn check_restricted(
    block: &ScriptBlockAst,
    text: &str,
    allowed: &RestrictedLanguage,
) -> Vec<ParseError> {
    let options = ParseOptions::default();
    let mut report = Report {
        text,
        options: &options,
        errors: Vec::new(),
    };
    for named in [
        &block.dynamic_param,
        &block.begin,
        &block.process,
        &block.clean,
    ]
    .into_iter()
    .flatten()
    {
        report.error(named.span, "InvalidScriptBlockInDataSection", &[]);
    }
    if let Some(parameters) = &block.param_block {
        report.error(parameters.span, "InvalidScriptBlockInDataSection", &[]);
    }
    if let Some(end) = &block.end {
        let mut section = data_section::DataSection {
            report: &mut report,
            commands: allowed.commands.clone(),
            variables: allowed.variables.clone(),
            environment: allowed.environment,
        };
        walk(&mut section, Node::NamedBlock(end));
    }
    report.errors
}

/// The namespaces that `using namespace` brings in.
pub(super) fn namespaces(block: &ScriptBlockAst) -> Vec<&str> {
    block
        .usings
        .iter()
        .filter(|u| u.kind == UsingKind::Namespace && u.alias.is_none())
        .filter_map(|u| u.name.as_deref())
        .collect()
}

/// A block's extent with its braces.
fn braced(span: Span) -> Span {
    Span {
        start: span.start.saturating_sub(1),
        end: span.end + 1,
    }
}
