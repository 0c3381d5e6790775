//! Errors as a person at a terminal reads them: the source line, what is wrong
//! at its place, and what may have been meant. Pipes and files get the
//! original's views.

mod distance;
mod place;
mod suggestion;

use crate::format::error_view;
use crate::runtime::error::{Category, ErrorRecord};
use crate::runtime::types::automation::ps_style::is_decorated;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode,
    SourceOffset, SourceSpan,
};
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

/// Lines are not made longer than this, whatever the window's width.
const MOST_COLUMNS: usize = 120;

/// The text of a record for a terminal; none where another view was asked for
/// or nothing better can be said.
pub fn diagnose(vm: &mut Vm, record: &Rc<ErrorRecord>) -> Option<String> {
    let wish = vm.host.variable("UCSH_ERROR_VIEW").unwrap_or_default();
    if wish.eq_ignore_ascii_case("ConciseView") {
        return None;
    }
    let view = vm.variable("ErrorView").unwrap_or_default();
    if !vm.to_text(&view).ok()?.eq_ignore_ascii_case("ConciseView") {
        return None;
    }
    if record
        .fully_qualified_id()
        .starts_with("NativeCommandError")
    {
        return None;
    }
    let place = place::find(record);
    let report = Report {
        message: message(vm, record),
        label: label(record),
        help: help(vm, record),
        place,
    };
    let theme = match (speaks_unicode(vm), is_decorated(vm, true)) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_context_lines(1)
        .with_width(vm.host.width().min(MOST_COLUMNS));
    let mut text = String::new();
    handler.render_report(&mut text, &report).ok()?;
    Some(text.trim_matches('\n').to_owned())
}

fn speaks_unicode(vm: &Vm) -> bool {
    if cfg!(windows) {
        return true;
    }
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| vm.host.variable(name).filter(|value| !value.is_empty()));
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn message(vm: &mut Vm, record: &ErrorRecord) -> String {
    let mut text = error_view::message_of(record);
    if record.error_id.borrow().as_ref() == "CommandNotFoundException"
        && let Some((first, _)) = text.split_once('\n')
    {
        // The rest tells to check the spelling; the help does better.
        text = first.to_owned();
    }
    let reason = error_view::reason_of(vm, record);
    // Only a command is worth naming; the rest are kinds of mistakes.
    let info = record.invocation.borrow().clone();
    let is_command = info
        .and_then(|info| info.command.as_ref().map(|c| *c.name() == *reason))
        .unwrap_or_default();
    match is_command && !text.contains(&reason) {
        true => format!("{reason}: {text}"),
        false => text,
    }
}

/// What is wrong, in a few words, under its place.
fn label(record: &ErrorRecord) -> &'static str {
    if record.thrown.get() {
        return "thrown here";
    }
    match record.error_id.borrow().as_ref() {
        "CommandNotFoundException" => "no such command",
        "NamedParameterNotFound" => "no such parameter",
        "AmbiguousParameter" => "more than one parameter begins so",
        "PositionalParameterNotFound" => "no parameter takes this",
        "MissingMandatoryParameter" => "a parameter is missing",
        "MissingArgument" => "its value is missing",
        "ParameterAlreadyBound" => "given twice",
        "AmbiguousParameterSet" => "these parameters do not go together",
        "ParameterArgumentValidationError" => "not allowed",
        "CannotConvertArgument" | "CannotConvertArgumentNoMessage" => "not of the wanted type",
        "VariableIsUndefined" | "VariableNotFound" => "no such variable",
        "MethodNotFound" => "no such method",
        "PropertyNotFoundStrict" | "PropertyNotFound" => "no such property",
        "TypeNotFound" => "no such type",
        "PathNotFound" => "no such path",
        "RuntimeException" => "here",
        "Modules_ModuleNotFound" => "no such module",
        _ if record.exception_message().starts_with("Cannot convert") => "not of the wanted type",
        _ => match record.category.get() {
            Category::ParserError => "here",
            Category::ObjectNotFound => "not found",
            Category::ResourceExists => "exists already",
            Category::PermissionDenied => "not allowed",
            _ => "this failed",
        },
    }
}

fn help(vm: &mut Vm, record: &ErrorRecord) -> Option<String> {
    let details = record.details.borrow();
    let recommended = details.as_ref().map(|d| d.recommended_action.to_string());
    if let Some(text) = recommended.filter(|text| !text.is_empty()) {
        return Some(text);
    }
    drop(details);
    suggestion::of(vm, record)
}

/// An error on its way to the terminal.
#[derive(Debug)]
struct Report {
    message: String,
    label: &'static str,
    help: Option<String>,
    place: Option<Place>,
}

/// A place in a text.
struct Place {
    source: Shown,
    span: Range<usize>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.span)
    }
}

/// A text with the name of its file, if it has one.
enum Shown {
    Typed(String),
    File(NamedSource<String>),
}

impl Shown {
    fn of(source: &Source) -> Shown {
        let text = source.text.to_string();
        match source.file.as_deref().filter(|file| !file.is_empty()) {
            Some(file) => Shown::File(NamedSource::new(file, text)),
            None => Shown::Typed(text),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(match &self.place.as_ref()?.source {
            Shown::Typed(text) => text,
            Shown::File(named) => named,
        })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = &self.place.as_ref()?.span;
        let length = span.end.saturating_sub(span.start);
        let span = SourceSpan::new(SourceOffset::from(span.start), length);
        let label = LabeledSpan::new_with_span(Some(self.label.to_owned()), span);
        Some(Box::new(std::iter::once(label)))
    }
}
