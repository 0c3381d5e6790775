//! Error records as text, by `$ErrorView`.

use super::category::CategoryParts;
use crate::runtime::command::Command;
use crate::runtime::error::{Category, ErrorRecord, R};
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::position::position_message;
use crate::runtime::types::automation::ps_style;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

const RESET: &str = "\u{1b}[0m";

/// The sequences of an error's text; empty without colours.
#[derive(Default)]
struct Colours {
    reset: Rc<str>,
    error: Rc<str>,
    accent: Rc<str>,
}

/// The text of a record in the view that is in force.
pub fn error_text(vm: &mut Vm, record: &Rc<ErrorRecord>) -> R<String> {
    let colours = match ps_style::is_decorated(vm, true) {
        true => Colours {
            reset: RESET.into(),
            error: ps_style::formatting(vm, "Error"),
            accent: ps_style::formatting(vm, "ErrorAccent"),
        },
        false => Colours::default(),
    };
    let id = record.fully_qualified_id();
    let text = if id == "NativeCommandError" || id == "NativeCommandErrorMessage" {
        format!(
            "{}{}{}",
            colours.error,
            record.exception_message(),
            colours.reset
        )
    } else {
        match view(vm)?.as_str() {
            "categoryview" => {
                let message = CategoryParts::of(vm, record).message();
                format!("{}{message}{}", colours.error, colours.reset)
            }
            "normalview" => normal_view(vm, record, &colours),
            "detailedview" => super::get_error::detailed(vm, record)?,
            _ => concise_view(vm, record, &colours),
        }
    };
    Ok(if colours.reset.is_empty() {
        text
    } else {
        carried_over(&text)
    })
}

/// `$ErrorView`, in lower case.
fn view(vm: &mut Vm) -> R<String> {
    match vm.variable("ErrorView") {
        Some(value) if !value.is_null() => Ok(vm.to_text(&value)?.to_ascii_lowercase()),
        _ => Ok(String::new()),
    }
}

/// Each line repeats the sequences before it and ends in a reset.
fn carried_over(text: &str) -> String {
    let mut carried = String::new();
    let mut out = Vec::new();
    for line in text.split('\n') {
        if super::cells::width(line) == 0 {
            out.push(String::new());
            carried.push_str(line);
            continue;
        }
        let mut shown = format!("{carried}{line}");
        if !shown.ends_with(RESET) {
            shown.push_str(RESET);
        }
        out.push(shown);
        let plain_parts = line.split('\u{1b}').skip(1);
        for part in plain_parts {
            if let Some(end) = part.find('m') {
                carried.push('\u{1b}');
                carried.push_str(&part[..=end]);
            }
        }
    }
    out.join("\n")
}

/// Where a record happened, as its InvocationInfo tells.
struct Place {
    file: Option<Rc<str>>,
    line: usize,
    message: String,
}

fn place(info: &InvocationInfo) -> Option<Place> {
    let extent = info.position.as_ref()?;
    if extent.source.text.is_empty() {
        return None;
    }
    Some(Place {
        file: extent.source.file.clone().filter(|f| !f.is_empty()),
        line: extent.source.position(extent.span.start as usize).line,
        message: position_message(extent),
    })
}

/// What a record says, in its own words.
pub fn message_of(record: &ErrorRecord) -> String {
    if let Some(details) = record.details.borrow().as_ref()
        && !details.message.is_empty()
    {
        return details.message.to_string();
    }
    let message = record.exception_message();
    if record.category.get() == Category::ParserError
        && let Some((_, rest)) = message.split_once("~\n")
    {
        return rest.split("\n\n").next().unwrap_or(rest).to_string();
    }
    message.to_string()
}

fn recommendation(record: &ErrorRecord) -> Option<String> {
    let details = record.details.borrow();
    let text = &details.as_ref()?.recommended_action;
    (!text.is_empty()).then(|| format!("\n  Recommendation: {text}"))
}

fn concise_view(vm: &mut Vm, record: &ErrorRecord, colours: &Colours) -> String {
    let info = record.invocation.borrow().clone();
    let place = info.as_deref().and_then(place);
    let reason = reason(vm, record, info.as_deref());
    let parse_error = record.category.get() == Category::ParserError;
    let target = target_place(record);
    let detailed = target.is_some()
        || place.as_ref().is_some_and(|p| {
            let module = p
                .file
                .as_ref()
                .is_some_and(|f| f.to_ascii_lowercase().ends_with(".psm1"));
            (parse_error || p.file.is_some() || p.line > 1) && !module
        });
    let Colours {
        reset,
        error,
        accent,
    } = colours;
    let mut text = String::new();
    let mut prefix = String::new();
    if detailed {
        let (header, number, line, marks) = match (&target, &place) {
            (Some((file, number, line)), _) => (
                file.clone(),
                number.clone(),
                format!("{line}\n"),
                String::new(),
            ),
            (None, Some(place)) => {
                let header = match &place.file {
                    Some(file) if vm.host.variable("TERM_PROGRAM").as_deref() == Some("vscode") => {
                        let column = place.message.lines().next().unwrap_or("");
                        let column = column.rsplit(':').next().unwrap_or("");
                        format!("{file}:{}:{column}", place.line)
                    }
                    Some(file) => format!("{file}:{}", place.line),
                    None => String::new(),
                };
                let mut lines = place.message.split('\n').skip(1);
                let line = lines.next().and_then(|l| l.strip_prefix('+')).unwrap_or("");
                let marks = lines.next().and_then(|l| l.strip_prefix('+')).unwrap_or("");
                (
                    header,
                    place.line.to_string(),
                    format!("{line}\n"),
                    marks.to_string(),
                )
            }
            (None, None) => Default::default(),
        };
        if !header.is_empty() {
            text.push_str(&format!("{reset}{header}"));
        }
        text.push('\n');
        let shift = " ".repeat(number.len().saturating_sub(4));
        text.push_str(&format!("{accent}{shift}Line |\n"));
        let line = highlighted(&line, &marks, accent, reset);
        text.push_str(&format!("{accent}{number:>4} | {reset}{line}"));
        prefix = format!("{accent}{shift}     | {error}");
        if !marks.is_empty() {
            text.push_str(&format!("{prefix}{marks}\n"));
        }
    }
    let mut message = format!("{prefix}{}", message_of(record));
    if place.as_ref().is_some_and(|p| p.file.is_some()) || parse_error {
        message = message.replace(['\n', '\t'], " ");
        let width = vm.host.width();
        message = broken(&message, &prefix, width);
        message.push('\n');
    }
    let recommendation = recommendation(record).unwrap_or_default();
    format!("{error}{reason}: {text}{error}{message}{reset}{recommendation}")
}

/// The source line with the place of the error in another colour.
fn highlighted(line: &str, marks: &str, accent: &str, reset: &str) -> String {
    let Some(offset) = marks.find('~') else {
        return line.to_string();
    };
    let length = marks.trim().len();
    if accent.is_empty() || length + 1 >= line.chars().count() {
        return line.to_string();
    }
    let chars: Vec<char> = line.chars().collect();
    let (from, to) = (offset.min(chars.len()), (offset + length).min(chars.len()));
    let part = |range: &[char]| range.iter().collect::<String>();
    format!(
        "{}{accent}{}{reset}{}",
        part(&chars[..from]),
        part(&chars[from..to]),
        part(&chars[to..])
    )
}

/// A target that tells a place of its own, as test frameworks give it.
fn target_place(record: &ErrorRecord) -> Option<(String, String, String)> {
    let Value::Dict(table) = record.target.base() else {
        return None;
    };
    let (line, text) = (table.get_str("Line")?, table.get_str("LineText")?);
    let file = table.get_str("File").unwrap_or_default();
    let number = match line.base() {
        Value::Int(n) => n.to_string(),
        Value::Str(s) => s.to_string(),
        _ => return None,
    };
    let file = file.as_str().unwrap_or("").to_string();
    Some((file, number, text.as_str()?.trim().to_string()))
}

/// A text cut at the last blank before a length.
fn cut_at_blank(text: &[char], length: usize) -> &[char] {
    if text.len() <= length {
        return text;
    }
    let head = &text[..length];
    match head.iter().rposition(|c| c.is_whitespace()) {
        Some(at) => &head[..at],
        None => head,
    }
}

/// A message broken at blanks to a width; every line begins with the prefix.
fn broken(message: &str, prefix: &str, width: usize) -> String {
    let visible = super::cells::width(prefix);
    let hidden = prefix.chars().count() - visible;
    let chars: Vec<char> = message.chars().collect();
    if width == 0 || chars.len().saturating_sub(hidden) <= width {
        return message.to_string();
    }
    let first = cut_at_blank(&chars, width + hidden);
    let mut out: String = first.iter().collect();
    out.push('\n');
    let mut rest = trimmed(chars.get(first.len()..).unwrap_or_default());
    let prefix_chars: Vec<char> = prefix.chars().collect();
    let room = (width + hidden).saturating_sub(prefix_chars.len());
    while rest.len() + visible > width {
        // One more than there is room for tells that the line has to be cut.
        let next = rest.iter().take(room + 1);
        let line: Vec<char> = prefix_chars.iter().chain(next).copied().collect();
        let part = cut_at_blank(&line, width + hidden);
        let Some(taken) = part
            .len()
            .checked_sub(prefix_chars.len())
            .filter(|n| *n > 0)
        else {
            break;
        };
        out.extend(part);
        out.push('\n');
        rest = trimmed(rest.get(taken..).unwrap_or_default());
    }
    out.push_str(prefix);
    out.extend(rest);
    out
}

/// Characters without the blanks at both ends.
fn trimmed(text: &[char]) -> &[char] {
    let Some(start) = text.iter().position(|c| !c.is_whitespace()) else {
        return &[];
    };
    let end = text.iter().rposition(|c| !c.is_whitespace());
    text.get(start..=end.unwrap_or(start)).unwrap_or_default()
}

/// The word in front of the message.
fn reason(vm: &mut Vm, record: &ErrorRecord, info: Option<&InvocationInfo>) -> String {
    if record.thrown.get() {
        return "Exception".into();
    }
    let command = info.and_then(|i| i.command.as_ref());
    if let Some(command) = command
        && is_findable(vm, command)
    {
        return command.name().to_string();
    }
    let parts = CategoryParts::of(vm, record);
    if !parts.activity.is_empty() {
        return parts.activity.to_string();
    }
    if let Some(command) = command {
        return command.name().to_string();
    }
    if let Some(info) = info
        && !info.invocation_name.borrow().is_empty()
    {
        return info.invocation_name.borrow().to_string();
    }
    if parts.category != Category::NotSpecified {
        return parts.category.name();
    }
    parts.reason.to_string()
}

/// The word that views put in front of a record's message.
pub fn reason_of(vm: &mut Vm, record: &ErrorRecord) -> String {
    let info = record.invocation.borrow().clone();
    reason(vm, record, info.as_deref())
}

/// Whether Get-Command finds the command.
fn is_findable(vm: &mut Vm, command: &Command) -> bool {
    match command {
        Command::Function(function) => vm.find_function(&function.name).is_some(),
        Command::Cmdlet(_) | Command::Application(_) | Command::Alias(_) => true,
        Command::Script(_) | Command::Block(_) => false,
    }
}

fn normal_view(vm: &mut Vm, record: &ErrorRecord, colours: &Colours) -> String {
    let info = record.invocation.borrow().clone();
    let command = info.as_ref().and_then(|i| i.command.clone());
    let invoked = info
        .as_ref()
        .map(|i| i.invocation_name.borrow().to_string())
        .unwrap_or_default();
    let name = match &command {
        Some(Command::Script(script)) => script.path.to_string(),
        Some(command) if matches!(invoked.as_str(), "" | "&" | ".") => command.name().to_string(),
        _ => invoked,
    };
    let prefix = match name.is_empty() {
        true => String::new(),
        false => format!("{name} : "),
    };
    let mut position = String::new();
    if let Some(place) = info.as_deref().and_then(place)
        && (command.is_some() || record.category.get() != Category::ParserError)
    {
        position = format!("\n{}", place.message);
    }
    let parts = CategoryParts::of(vm, record);
    let message = match record.details.borrow().as_ref() {
        Some(details) if !details.message.is_empty() => details.message.clone(),
        _ => record.exception_message(),
    };
    let recommendation = recommendation(record).unwrap_or_default();
    format!(
        "{}{prefix}{message}{position}\n+ CategoryInfo          : {}\n+ FullyQualifiedErrorId : {}{recommendation}{}",
        colours.error,
        parts.message(),
        record.fully_qualified_id(),
        colours.reset
    )
}
