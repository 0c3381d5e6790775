//! Parse errors as error records.

use super::error::{Category, ErrorRecord, Exception};
use super::invocation::{Extent, InvocationInfo};
use super::native::Native;
use super::types::{TypeRef, find_full, known};
use super::value::Value;
use super::vm::Vm;
use crate::syntax::error::ParseError;
use crate::syntax::source::Source;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// `System.Management.Automation.Language.ParseError`.
pub struct ParseErrorValue {
    /// Its id.
    pub id: &'static str,
    /// What is wrong.
    pub message: Rc<str>,
    /// Where.
    pub extent: Extent,
    /// Whether more text could mend it.
    pub incomplete: bool,
}

impl Native for ParseErrorValue {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Management.Automation.Language.ParseError").unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> super::error::R<String> {
        let at = self.extent.source.position(self.extent.span.start as usize);
        let file = self.extent.source.file.as_deref().unwrap_or("");
        Ok(format!(
            "At {}:{} char:{}\n{}",
            if file.is_empty() { "line" } else { file },
            at.line,
            at.column,
            self.message
        ))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Extent", "ErrorId", "Message", "IncompleteInput"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> super::error::R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "extent" => Some(vm.extent_value(&self.extent)),
            "errorid" => Some(Value::str(self.id)),
            "message" => Some(Value::str(&*self.message)),
            "incompleteinput" => Some(Value::Bool(self.incomplete)),
            _ => None,
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The errors as values.
pub fn values(source: &Rc<Source>, errors: &[ParseError]) -> Vec<Value> {
    errors
        .iter()
        .map(|e| {
            Value::native(ParseErrorValue {
                id: e.id,
                message: e.message.as_str().into(),
                extent: Extent {
                    source: source.clone(),
                    span: e.span,
                },
                incomplete: e.incomplete,
            })
        })
        .collect()
}

/// The record of a text that does not parse: a ParseException with all errors, placed at the first.
pub fn record(source: &Rc<Source>, errors: &[ParseError], first: &ParseError) -> ErrorRecord {
    let texts: Vec<String> = errors
        .iter()
        .take(10)
        .map(|e| position_text(source, e))
        .collect();
    let message = texts.join("\n\n");
    let exception = Exception::of("System.Management.Automation.ParseException", message)
        .with("Errors", Value::array(values(source, errors)))
        .with("FirstMessage", Value::str(first.message.as_str()));
    let mut record = ErrorRecord::new(
        exception.value(),
        first.id,
        Category::ParserError,
        Value::Null,
    );
    let info = InvocationInfo {
        position: Some(Extent {
            source: source.clone(),
            span: first.span,
        }),
        ..InvocationInfo::default()
    };
    record.invocation = RefCell::new(Some(Rc::new(info)));
    record
}

fn position_text(source: &Source, error: &ParseError) -> String {
    let at = source.position(error.span.start as usize);
    let line = source.line_text(at.line);
    let file = source.file.as_deref().unwrap_or("line");
    let end = source.position(error.span.end as usize);
    let width = if end.line == at.line {
        end.column.saturating_sub(at.column).max(1)
    } else {
        line.chars().count().saturating_sub(at.column - 1).max(1)
    };
    format!(
        "At {file}:{} char:{}\n+ {line}\n+ {}{}\n{}",
        at.line,
        at.column,
        " ".repeat(at.column - 1),
        "~".repeat(width),
        error.message
    )
}
