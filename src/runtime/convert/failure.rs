//! Conversions that fail, and what they say.

use crate::runtime::error::{
    Category, Exception, Fault, R, Thrown, Unwind, exception_message, inner_exception,
};
use crate::runtime::types::TypeRef;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A converted value, or why there is none.
pub(crate) type Converted = Result<Value, Failure>;

/// Why a conversion did not give a value.
pub(crate) enum Failure {
    /// The value does not fit the type.
    Refused(Box<Refusal>),
    /// Something else ended the work.
    Unwind(Box<Unwind>),
}

/// A value that does not fit.
pub(crate) struct Refusal {
    id: &'static str,
    pub(crate) message: Rc<str>,
    inner: Option<Value>,
}

impl From<Box<Unwind>> for Failure {
    fn from(unwind: Box<Unwind>) -> Failure {
        Failure::Unwind(unwind)
    }
}

/// The id of a conversion for which there is no rule.
const NO_CONVERSION: &str = "ConvertToFinalInvalidCastException";

impl Failure {
    pub(crate) fn new(id: &'static str, message: impl Into<Rc<str>>) -> Failure {
        Failure::Refused(Box::new(Refusal {
            id,
            message: message.into(),
            inner: None,
        }))
    }

    pub(crate) fn with_inner(self, inner: Value) -> Failure {
        match self {
            Failure::Refused(mut refusal) => {
                refusal.inner = Some(inner);
                Failure::Refused(refusal)
            }
            other => other,
        }
    }

    pub(crate) fn with_id(self, id: &'static str) -> Failure {
        match self {
            Failure::Refused(mut refusal) => {
                refusal.id = id;
                Failure::Refused(refusal)
            }
            other => other,
        }
    }

    /// Whether there was no rule at all for the pair of types.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Failure::Refused(refusal) if refusal.id == NO_CONVERSION)
    }

    /// The exception of the failure itself.
    pub(super) fn exception(&self) -> Option<Value> {
        match self {
            Failure::Refused(refusal) => Some(refusal.exception()),
            Failure::Unwind(unwind) => match &**unwind {
                Unwind::Error(thrown) => Some(thrown.record.exception.clone()),
                _ => None,
            },
        }
    }
}

impl Refusal {
    pub(crate) fn exception(&self) -> Value {
        let exception = Exception::of(
            "System.Management.Automation.PSInvalidCastException",
            self.message.clone(),
        );
        match &self.inner {
            Some(inner) => exception.with_inner(inner.clone()).value(),
            None => exception.value(),
        }
    }
}

impl Vm {
    /// Raises a failed conversion: a RuntimeException around the PSInvalidCastException.
    pub(crate) fn raise_failure<T>(&self, failure: Failure) -> R<T> {
        match failure {
            Failure::Unwind(unwind) => Err(unwind),
            Failure::Refused(refusal) => {
                let mut fault = Fault::new(refusal.id, refusal.message.clone())
                    .category(Category::InvalidArgument);
                fault.exception = fault.exception.with_inner(refusal.exception());
                self.raise(fault)
            }
        }
    }

    /// Raises a failed conversion as compiled code meets it: the PSInvalidCastException itself.
    pub(crate) fn raise_bare_failure<T>(&self, failure: Failure) -> R<T> {
        match failure {
            Failure::Unwind(unwind) => Err(unwind),
            Failure::Refused(refusal) => {
                let mut fault = Fault::cast(refusal.id, refusal.message.clone());
                if let Some(inner) = &refusal.inner {
                    fault = fault.inner_value(inner.clone());
                }
                self.raise(fault)
            }
        }
    }

    /// Raises a failed conversion of an operator's argument, which keeps no id of its own.
    pub(crate) fn raise_plain_failure<T>(&self, failure: Failure) -> R<T> {
        match failure {
            Failure::Unwind(unwind) => Err(unwind),
            Failure::Refused(refusal) => {
                let mut fault = Fault::new("RuntimeException", refusal.message.clone())
                    .category(Category::NotSpecified);
                fault.exception = fault.exception.with_inner(refusal.exception());
                self.raise(fault)
            }
        }
    }

    /// No rule converts the value.
    pub(crate) fn no_conversion(&mut self, value: &Value, target: &TypeRef) -> Failure {
        let text = self.shown(value);
        Failure::new(
            NO_CONVERSION,
            format!(
                "Cannot convert the \"{text}\" value of type \"{}\" to type \"{}\".",
                self.type_of(value).reflection_text(),
                target.reflection_text()
            ),
        )
    }

    /// A rule was there, but it failed with this exception.
    pub(crate) fn failed_with(
        &mut self,
        id: &'static str,
        value: &Value,
        target: &TypeRef,
        exception: &str,
        message: String,
    ) -> Failure {
        let inner = Exception::of(exception, message).value();
        self.failed_because(id, value, target, inner)
    }

    /// The same with an exception that is there already.
    pub(crate) fn failed_because(
        &mut self,
        id: &'static str,
        value: &Value,
        target: &TypeRef,
        inner: Value,
    ) -> Failure {
        let text = self.shown(value);
        Failure::new(
            id,
            format!(
                "Cannot convert value \"{text}\" to type \"{}\". Error: \"{}\"",
                target.reflection_text(),
                exception_message(&inner)
            ),
        )
        .with_inner(inner)
    }

    /// How messages show a value: collections by their type.
    pub(crate) fn shown(&mut self, value: &Value) -> String {
        let text = match value.base() {
            Value::Custom(_) => self.to_text(value),
            _ => self.element_text(value),
        };
        text.unwrap_or_default()
    }

    /// What an error inside a called constructor or `Parse` was really about;
    /// anything that is no error goes on.
    pub(super) fn cause_of(unwind: Box<Unwind>) -> Result<Value, Failure> {
        match *unwind {
            Unwind::Error(Thrown { record, .. }) => {
                let exception = record.exception.clone();
                let called = crate::runtime::error::exception_type(&exception)
                    .name
                    .clone();
                Ok(match inner_exception(&exception) {
                    Some(inner) if &*called == "MethodInvocationException" => inner,
                    _ => exception,
                })
            }
            _ => Err(Failure::Unwind(unwind)),
        }
    }

    /// `ToString()` of a class threw.
    pub(crate) fn text_failure(&mut self, unwind: Box<Unwind>) -> Failure {
        match *unwind {
            Unwind::Error(thrown) => match &*thrown.record.error_id.borrow() {
                id if &**id == TEXT_FAILED => Failure::new(TEXT_FAILED, thrown.record.message())
                    .with_inner(
                        inner_exception(&thrown.record.exception)
                            .as_ref()
                            .and_then(inner_exception)
                            .unwrap_or_default(),
                    ),
                _ => Failure::new(TEXT_FAILED, "Cannot convert value to type System.String.")
                    .with_inner(thrown.record.exception.clone()),
            },
            _ => Failure::Unwind(unwind),
        }
    }

    /// Raises that `ToString()` of a class threw.
    pub(crate) fn raise_text_failure<T>(&mut self, unwind: Box<Unwind>) -> R<T> {
        let failure = self.text_failure(unwind);
        self.raise_failure(failure)
    }
}

const TEXT_FAILED: &str = "InvalidCastFromAnyTypeToString";

/// The PSInvalidCastException of a failed conversion, for callers that wrap it in an error of their own.
pub fn cast_exception(unwind: &Unwind) -> Option<Value> {
    let Unwind::Error(thrown) = unwind else {
        return None;
    };
    let exception = &thrown.record.exception;
    let wanted = "System.Management.Automation.PSInvalidCastException";
    [Some(exception.clone()), inner_exception(exception)]
        .into_iter()
        .flatten()
        .find(|e| &*crate::runtime::error::exception_type(e).full_name == wanted)
}
