//! The errors of binding, with PowerShell's ids and words.

use super::Binding;
use crate::runtime::error::{Category, ErrorRecord, Exception, Fault, Thrown, Unwind};
use crate::runtime::invocation::{Extent, InvocationInfo};
use crate::runtime::parameter::Parameter;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::Span;
use std::cell::RefCell;
use std::rc::Rc;

const BINDING: &str = "System.Management.Automation.ParameterBindingException";

impl Binding {
    /// A binding error with a plain exception.
    pub(crate) fn error(
        &self,
        vm: &Vm,
        id: &str,
        category: Category,
        message: &str,
        target: Value,
        span: Option<Span>,
    ) -> Box<Unwind> {
        self.fault(
            vm,
            Fault::of(BINDING, id, category, message).target(target),
            None,
            span,
        )
    }

    /// Any error at this call: placed at the argument, named after the command.
    pub(crate) fn fault(
        &self,
        vm: &Vm,
        fault: Fault,
        parameter: Option<&Parameter>,
        span: Option<Span>,
    ) -> Box<Unwind> {
        Thrown {
            record: Rc::new(self.record(vm, fault, parameter, span)),
            ends_script: false,
        }
        .into()
    }

    /// An error of the common parameters, named after the command like one of its own parameters.
    #[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
    pub(crate) fn named_after(&self, vm: &Vm, unwind: Box<Unwind>) -> Box<Unwind> {
        match *unwind {
            Unwind::Error(thrown) => {
                let record = &thrown.record;
                if record.raiser.borrow().is_empty() {
                    *record.raiser.borrow_mut() = self.site.command.raiser();
                }
                if record.invocation.borrow().is_none() {
                    *record.invocation.borrow_mut() = Some(Rc::new(self.invocation(None)));
                }
                vm.locate(record);
                Box::new(Unwind::Error(thrown))
            }
            other => Box::new(other),
        }
    }

    fn invocation(&self, span: Option<Span>) -> InvocationInfo {
        let span = span
            .filter(|s| s.end > s.start)
            .unwrap_or(self.site.extent.span);
        InvocationInfo {
            command: Some(self.site.command.clone()),
            invocation_name: RefCell::new(self.site.command.name()),
            position: Some(Extent {
                source: self.site.extent.source.clone(),
                span,
            }),
            ..InvocationInfo::default()
        }
    }

    /// Gives a binding exception its properties.
    fn describe(&self, fault: &Fault, parameter: Option<&Parameter>, span: Option<Span>) {
        if !fault
            .exception
            .type_ref
            .full_name
            .starts_with("System.Management.Automation.ParameterBinding")
        {
            return;
        }
        let extent = &self.site.extent;
        let place = span.filter(|s| s.end > s.start).unwrap_or(extent.span);
        let at = extent.source.position(place.start as usize);
        let (name, type_ref) = match parameter {
            Some(p) => (Value::str(&*p.name), Value::Type(p.type_ref.clone())),
            None => (Value::str(""), Value::Null),
        };
        fault.exception.properties.borrow_mut().extend([
            ("ParameterName".into(), name),
            ("ParameterType".into(), type_ref),
            ("TypeSpecified".into(), Value::Null),
            ("ErrorId".into(), Value::str(&*fault.id)),
            ("Line".into(), Value::Long(at.line as i64)),
            ("Offset".into(), Value::Long(at.column as i64)),
            (
                "CommandInvocation".into(),
                Value::native(
                    crate::runtime::types::automation::error_record::Invocation {
                        info: Rc::new(self.invocation(None)),
                        of_error: true,
                    },
                ),
            ),
        ]);
    }

    /// The record of a binding error.
    pub(crate) fn record(
        &self,
        vm: &Vm,
        fault: Fault,
        parameter: Option<&Parameter>,
        span: Option<Span>,
    ) -> ErrorRecord {
        self.describe(&fault, parameter, span);
        let mut record = fault.into_record();
        record.invocation = RefCell::new(Some(Rc::new(self.invocation(span))));
        record.raiser = RefCell::new(self.site.command.raiser());
        record.stack_trace = RefCell::new(vm.stack_trace().into());
        record
    }

    pub(crate) fn unknown_parameter(&self, vm: &Vm, name: &str, span: Span) -> Box<Unwind> {
        let message = format!("A parameter cannot be found that matches parameter name '{name}'.");
        let error = self.error(
            vm,
            "NamedParameterNotFound",
            Category::InvalidArgument,
            &message,
            Value::Null,
            Some(span),
        );
        about(error, name)
    }

    pub(crate) fn ambiguous(
        &self,
        vm: &Vm,
        name: &str,
        matching: &[Rc<Parameter>],
        span: Span,
    ) -> Box<Unwind> {
        let names: String = matching.iter().map(|p| format!(" -{}", p.name)).collect();
        let message = format!(
            "Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches include:{names}."
        );
        let error = self.error(
            vm,
            "AmbiguousParameter",
            Category::InvalidArgument,
            &message,
            Value::Null,
            Some(span),
        );
        about(error, name)
    }

    pub(crate) fn missing_argument(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        _text: &str,
        span: Span,
    ) -> Box<Unwind> {
        let message = format!(
            "Missing an argument for parameter '{}'. Specify a parameter of type '{}' and try again.",
            parameter.name,
            parameter.type_ref.display_full()
        );
        let error = self.error(
            vm,
            "MissingArgument",
            Category::InvalidArgument,
            &message,
            Value::Null,
            Some(span),
        );
        about(error, &parameter.name)
    }

    pub(crate) fn already_bound(&self, vm: &Vm, parameter: &Parameter, span: Span) -> Box<Unwind> {
        let message = format!(
            "Cannot bind parameter because parameter '{}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, \"-parameter value1,value2,value3\".",
            parameter.name
        );
        self.error(
            vm,
            "ParameterAlreadyBound",
            Category::InvalidArgument,
            &message,
            Value::Null,
            Some(span),
        )
    }

    pub(crate) fn too_many(&self, vm: &mut Vm, value: &Value) -> Box<Unwind> {
        let text = if value.is_null() {
            "$null".to_string()
        } else {
            vm.to_text(value).unwrap_or_default()
        };
        let message =
            format!("A positional parameter cannot be found that accepts argument '{text}'.");
        let error = self.error(
            vm,
            "PositionalParameterNotFound",
            Category::InvalidArgument,
            &message,
            Value::Null,
            None,
        );
        about(error, &text)
    }

    pub(crate) fn ambiguous_set(&self, vm: &Vm) -> Box<Unwind> {
        let message = "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.";
        self.error(
            vm,
            "AmbiguousParameterSet",
            Category::InvalidArgument,
            message,
            Value::Null,
            None,
        )
    }

    pub(crate) fn missing_mandatory(&self, vm: &Vm, missing: &[Rc<Parameter>]) -> Box<Unwind> {
        let names: Vec<&str> = missing.iter().map(|p| &*p.name).collect();
        let message = format!(
            "Cannot process command because of one or more missing mandatory parameters: {}.",
            names.join(" ")
        );
        let error = self.error(
            vm,
            "MissingMandatoryParameter",
            Category::InvalidArgument,
            &message,
            Value::Null,
            None,
        );
        about(error, &format!(" {}", names.join(" ")))
    }

    /// A failed conversion of an argument: by its kind of command, around the exception of the conversion.
    pub(crate) fn conversion_failed(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        value: &Value,
        cause: &ErrorRecord,
        span: Span,
    ) -> Box<Unwind> {
        let _ = value;
        if !self.surface.compiled {
            return self.transformation_failed(vm, parameter, cause, span);
        }
        let fault = Fault::of(
            BINDING,
            "CannotConvertArgumentNoMessage",
            Category::InvalidArgument,
            format!(
                "Cannot bind parameter '{}'. {}",
                parameter.name,
                cause.exception_message()
            ),
        );
        *fault.exception.inner.borrow_mut() = Some(cause.exception.clone());
        self.fault(vm, fault, Some(parameter), Some(span))
    }

    /// A failed transformation, which the types of a function's parameters are too.
    pub(crate) fn transformation_failed(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        cause: &ErrorRecord,
        span: Span,
    ) -> Box<Unwind> {
        let inner = cause.exception_message();
        let fault = Fault::of(
            "System.Management.Automation.ParameterBindingArgumentTransformationException",
            "ParameterArgumentTransformationError",
            Category::InvalidData,
            format!(
                "Cannot process argument transformation on parameter '{}'. {inner}",
                parameter.name
            ),
        );
        *fault.exception.inner.borrow_mut() = Some(
            Exception::of(
                "System.Management.Automation.ArgumentTransformationMetadataException",
                inner,
            )
            .with_inner(conversion_of(cause))
            .value(),
        );
        self.fault(vm, fault, Some(parameter), Some(span))
    }

    /// An argument whose kind does not fit the parameter at all.
    pub(crate) fn wrong_kind(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        message: &str,
        span: Span,
    ) -> Box<Unwind> {
        let fault = if self.surface.compiled {
            Fault::of(
                BINDING,
                "CannotConvertArgument",
                Category::InvalidArgument,
                format!("Cannot convert {message}").replace("Cannot convert Cannot", "Cannot"),
            )
        } else {
            Fault::of(
                "System.Management.Automation.ParameterBindingArgumentTransformationException",
                "ParameterArgumentTransformationError",
                Category::InvalidData,
                format!(
                    "Cannot process argument transformation on parameter '{}'. Cannot convert {message}",
                    parameter.name
                ),
            )
            .inner(
                Exception::of(
                    "System.Management.Automation.ArgumentTransformationMetadataException",
                    format!("Cannot convert {message}"),
                )
                .with_inner(
                    Exception::of(
                        "System.Management.Automation.PSInvalidCastException",
                        format!("Cannot convert {message}"),
                    )
                    .value(),
                ),
            )
        };
        self.fault(vm, fault, Some(parameter), Some(span))
    }

    /// An object that does not bear the name that `[PSTypeName()]` asks for.
    pub(crate) fn mismatched_type_name(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        wanted: &str,
        span: Span,
    ) -> Box<Unwind> {
        let fault = Fault::of(
            "System.Management.Automation.ParameterBindingArgumentTransformationException",
            "MismatchedPSTypeName",
            Category::InvalidArgument,
            format!(
                "Cannot bind argument to parameter '{}', because PSTypeNames of the argument do not match the PSTypeName required by the parameter: {wanted}.",
                parameter.name
            ),
        );
        self.fault(vm, fault, Some(parameter), Some(span))
    }

    /// A validator that refused an argument.
    pub(crate) fn validation_failed(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        inner: &Fault,
        span: Span,
    ) -> Box<Unwind> {
        let message = inner.exception.message.borrow().clone();
        let fault = Fault::of(
            "System.Management.Automation.ParameterBindingValidationException",
            "ParameterArgumentValidationError",
            Category::InvalidData,
            format!(
                "Cannot validate argument on parameter '{}'. {message}",
                parameter.name
            ),
        );
        let why = Exception::new(inner.exception.type_ref.clone(), message);
        *why.raised_as.borrow_mut() = Some((inner.id.clone(), inner.category, Value::Null));
        self.fault(vm, fault.inner(why), Some(parameter), Some(span))
    }

    /// Null for a parameter whose type has no null: setting the cmdlet's property fails.
    pub(crate) fn setting_failed(&self, vm: &Vm, parameter: &Parameter, span: Span) -> Box<Unwind> {
        let name = &parameter.name;
        let why = format!(
            "Cannot convert null to type \"{}\".",
            parameter.type_ref.full_name
        );
        let fault = Fault::of(
            BINDING,
            "ParameterBindingFailed",
            Category::WriteError,
            format!(
                "Cannot bind parameter '{name}' to the target. Exception setting \"{name}\": \"{why}\""
            ),
        )
        .inner(Exception::of(
            "System.Management.Automation.PSInvalidCastException",
            why,
        ));
        self.fault(vm, fault, Some(parameter), Some(span))
    }

    /// Null or something empty where it is refused.
    pub(crate) fn empty_refused(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        what: &str,
        id: &str,
        span: Span,
    ) -> Box<Unwind> {
        let fault = Fault::of(
            "System.Management.Automation.ParameterBindingValidationException",
            id,
            Category::InvalidData,
            format!(
                "Cannot bind argument to parameter '{}' because it is {what}.",
                parameter.name
            ),
        );
        self.fault(vm, fault, Some(parameter), Some(span))
    }
}

/// A runtime-defined parameter under another key than its name.
pub(crate) fn name_mismatch(command: &str, name: &str, key: &str) -> Box<Unwind> {
    let message = format!(
        "Cannot bind cmdlet {command} because runtime-defined parameter '{name}' was added to the RuntimeDefinedParameterDictionary with key '{key}'. The key must be the same as RuntimeDefinedParameter.Name."
    );
    let id = "RuntimeDefinedParameterNameMismatch";
    Fault::of(BINDING, id, Category::InvalidArgument, message).into()
}

/// The exception of a failed conversion, without the one the language puts around it.
fn conversion_of(cause: &ErrorRecord) -> Value {
    let own = "System.Management.Automation.PSInvalidCastException";
    match crate::runtime::error::inner_exception(&cause.exception) {
        Some(inner) if &*crate::runtime::error::exception_type(&inner).full_name == own => inner,
        _ => {
            let type_name = &*cause.exception_type().full_name;
            if type_name != "System.Management.Automation.RuntimeException"
                || cause.category.get() != Category::InvalidArgument
            {
                return cause.exception.clone();
            }
            let inner = crate::runtime::error::inner_exception(&cause.exception);
            let mut exception = Exception::of(own, cause.exception_message());
            if let Some(inner) = inner {
                exception = exception.with_inner(inner);
            }
            exception.value()
        }
    }
}

/// The same error about a name or value that no parameter takes, as `ParameterName` tells.
fn about(unwind: Box<Unwind>, name: &str) -> Box<Unwind> {
    if let Unwind::Error(thrown) = &*unwind
        && let Value::Exception(exception) = &thrown.record.exception
    {
        let mut properties = exception.properties.borrow_mut();
        if let Some((_, value)) = properties
            .iter_mut()
            .find(|(key, _)| &**key == "ParameterName")
        {
            *value = Value::str(name);
        }
    }
    unwind
}
