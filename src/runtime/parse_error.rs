//! Parse errors as error records.

use super::error::{Category, ErrorRecord, Exception};
use super::invocation::{Extent, InvocationInfo};
use super::native::Native;
use super::types::{TypeRef, type_named};
use super::value::Value;
use super::vm::Vm;
use crate::syntax::error::ParseError;
use crate::syntax::source::Source;
use std::cell::RefCell;
use std::rc::Rc;

/// How many errors a message describes.
const MOST_REPORTED: usize = 10;
const MORE_ERRORS: &str =
    "Not all parse errors were reported.  Correct the reported errors and try again.";

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
        type_named("System.Management.Automation.Language.ParseError")
    }

    fn to_text(&self, _vm: &mut Vm) -> super::error::R<String> {
        Ok(position_text(&self.extent, &self.message))
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
        .take(MOST_REPORTED)
        .map(|e| {
            let extent = Extent {
                source: source.clone(),
                span: e.span,
            };
            position_text(&extent, &e.message)
        })
        .chain((errors.len() > MOST_REPORTED).then(|| MORE_ERRORS.to_string()))
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

fn position_text(extent: &Extent, message: &str) -> String {
    format!("{}\n{message}", super::position::position_message(extent))
}
