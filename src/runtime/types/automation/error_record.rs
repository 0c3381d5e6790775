//! ErrorRecord, ErrorCategoryInfo, ErrorDetails, InvocationInfo.

use crate::runtime::error::{Category, ErrorDetails, ErrorRecord, Exception, R, exception_type};
use crate::runtime::invocation::{Extent, InvocationInfo};
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Names of the properties.
pub const PROPERTIES: [&str; 9] = [
    "Exception",
    "TargetObject",
    "CategoryInfo",
    "FullyQualifiedErrorId",
    "ErrorDetails",
    "InvocationInfo",
    "ScriptStackTrace",
    "PipelineIterationInfo",
    "PSMessageDetails",
];

/// A property.
pub fn get(_vm: &mut Vm, record: &Rc<ErrorRecord>, name: &str) -> R<Option<Value>> {
    Ok(Some(match name {
        "exception" => with_own_record(record),
        "targetobject" => record.target.clone(),
        "fullyqualifiederrorid" => Value::str(record.fully_qualified_id()),
        "categoryinfo" => Value::native(CategoryInfo {
            record: record.clone(),
        }),
        "errordetails" => match record.details.borrow().as_ref() {
            Some(details) => Value::native(Details {
                message: details.message.clone(),
                action: std::cell::RefCell::new(details.recommended_action.clone()),
                record: Some(record.clone()),
            }),
            None => Value::Null,
        },
        "invocationinfo" => {
            let invocation = record.invocation.borrow().clone();
            // An error's own copy does not tell the place in the pipeline.
            match invocation {
                Some(info) => Value::native(Invocation {
                    info,
                    of_error: true,
                }),
                None => Value::Null,
            }
        }
        "scriptstacktrace" => match record.stack_trace.borrow().to_string() {
            none if none.is_empty() => Value::Null,
            trace => Value::str(trace),
        },
        "pipelineiterationinfo" => {
            crate::runtime::types::collections::array::of(&known::int(), Vec::new())
        }
        "psmessagedetails" => Value::Null,
        _ => return Ok(None),
    }))
}

/// The exception of a record; PowerShell's own know the record in turn, around a stand-in for themselves.
fn with_own_record(record: &ErrorRecord) -> Value {
    if let Value::Exception(exception) = record.exception.base()
        && exception.property("ErrorRecord").is_none()
        && crate::runtime::types::exception::is_a(
            exception,
            "System.Management.Automation.RuntimeException",
        )
    {
        let stand_in = Exception::of(
            "System.Management.Automation.ParentContainsErrorRecordException",
            exception.message.borrow().clone(),
        );
        let own = record.copy_with(stand_in.value(), record.target.clone());
        let own = ("ErrorRecord".into(), Value::Error(Rc::new(own)));
        exception.properties.borrow_mut().push(own);
    }
    record.exception.clone()
}

/// Writes a property.
pub fn set(vm: &mut Vm, record: &Rc<ErrorRecord>, name: &str, value: Value) -> R<Option<bool>> {
    match name {
        "errordetails" => {
            let details = match value.as_native::<Details>() {
                Some(details) => ErrorDetails {
                    message: details.message.clone(),
                    recommended_action: details.action.borrow().clone(),
                },
                None => ErrorDetails {
                    message: vm.to_text(&value)?.into(),
                    recommended_action: "".into(),
                },
            };
            *record.details.borrow_mut() = Some(details);
            Ok(Some(true))
        }
        "exception" | "targetobject" | "categoryinfo" | "fullyqualifiederrorid" => Ok(Some(false)),
        _ => Ok(None),
    }
}

/// A method.
pub fn call(
    vm: &mut Vm,
    record: &Rc<ErrorRecord>,
    name: &str,
    _arguments: &[Value],
) -> R<Option<Value>> {
    let _ = vm;
    Ok(match name {
        "tostring" => Some(Value::str(record.message())),
        _ => None,
    })
}

/// `[ErrorRecord]::new(exception, id, category, target)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match arguments {
        [exception, ..] if exception.is_null() && arguments.len() > 1 => {
            return crate::runtime::types::failures::fail(
                "System.Management.Automation.PSArgumentNullException",
                "Cannot process argument because the value of argument \"exception\" is null. Change the value of argument \"exception\" to a non-null value. (Parameter 'exception')",
            );
        }
        [exception, id, category, target] => {
            let id = vm.to_text(id)?;
            let category = match category.base() {
                Value::Enum(e) => Category::from_bits(e.bits).unwrap_or_default(),
                _ => Category::NotSpecified,
            };
            Some(Value::Error(Rc::new(ErrorRecord::new(
                exception.clone(),
                id,
                category,
                target.clone(),
            ))))
        }
        [Value::Error(record), replace] => Some(Value::Error(Rc::new(
            record.copy_with(replace.clone(), record.target.clone()),
        ))),
        _ => None,
    })
}

/// The category of a record with its parts.
pub struct CategoryInfo {
    record: Rc<ErrorRecord>,
}

/// Longer parts lose their middle.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= 40 {
        return text.to_string();
    }
    let head: String = text.chars().take(19).collect();
    let tail: String = text.chars().skip(count - 19).collect();
    format!("{head}\u{2026}{tail}")
}

impl CategoryInfo {
    /// The category of a record.
    pub fn new(record: Rc<ErrorRecord>) -> CategoryInfo {
        CategoryInfo { record }
    }

    /// The name of the command.
    pub fn activity(&self) -> String {
        if let Some(own) = self.record.activity.borrow().as_ref() {
            return own.to_string();
        }
        match self.record.invocation.borrow().as_ref() {
            Some(invocation) => invocation
                .command
                .as_ref()
                .map(|c| c.name().to_string())
                .unwrap_or_default(),
            None => String::new(),
        }
    }

    /// The short name of the exception's type.
    pub fn reason(&self) -> String {
        match self.record.reason.borrow().as_ref() {
            Some(own) => own.to_string(),
            None => match self.record.exception.is_null() {
                true => String::new(),
                false => exception_type(&self.record.exception).name.to_string(),
            },
        }
    }

    /// The target as text.
    pub fn target_name(&self, vm: &mut Vm) -> R<String> {
        if let Some(own) = self.record.target_name.borrow().as_ref() {
            return Ok(own.to_string());
        }
        match self.record.target.base() {
            Value::Null | Value::Nothing => Ok(String::new()),
            target => {
                let target = target.clone();
                vm.to_text(&target)
            }
        }
    }

    /// The short name of the target's type.
    pub fn target_type(&self, vm: &mut Vm) -> String {
        if let Some(own) = self.record.target_type.borrow().as_ref() {
            return own.to_string();
        }
        match self.record.target.base() {
            Value::Null | Value::Nothing => String::new(),
            target => vm.type_of(target).name.to_string(),
        }
    }

    /// `Category: (TargetName:TargetType) [Activity], Reason`
    pub fn text(&self, vm: &mut Vm) -> R<String> {
        let category = match self.record.category.get() {
            Category::DeadlockDetected => "Deadlock detected".to_string(),
            other => other.name(),
        };
        Ok(format!(
            "{category}: ({}:{}) [{}], {}",
            shortened(&self.target_name(vm)?),
            shortened(&self.target_type(vm)),
            shortened(&self.activity()),
            self.reason()
        ))
    }
}

impl Native for CategoryInfo {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.ErrorCategoryInfo")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        self.text(vm)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Category", "Activity", "Reason", "TargetName", "TargetType"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "category" => Value::enum_of(
                "System.Management.Automation.ErrorCategory",
                self.record.category.get() as i64,
            ),
            "activity" => Value::str(self.activity()),
            "reason" => Value::str(self.reason()),
            "targetname" => Value::str(self.target_name(vm)?),
            "targettype" => Value::str(self.target_type(vm)),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let text = vm.to_text(&value)?;
        let place = match name.to_ascii_lowercase().as_str() {
            "activity" => &self.record.activity,
            "reason" => &self.record.reason,
            "targetname" => &self.record.target_name,
            "targettype" => &self.record.target_type,
            "category" => return Ok(Some(false)),
            _ => return Ok(None),
        };
        *place.borrow_mut() = Some(text.into());
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "getmessage" => Some(Value::str(self.text(vm)?)),
            _ => None,
        })
    }
}

/// A message that replaces the exception's.
pub struct Details {
    message: Rc<str>,
    action: std::cell::RefCell<Rc<str>>,
    record: Option<Rc<ErrorRecord>>,
}

impl Details {
    /// `[ErrorDetails]::new(message)`
    pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
        match arguments {
            [message] => Ok(Some(Details::value(&vm.to_text(message)?))),
            _ => Ok(None),
        }
    }

    /// Details of this message.
    pub fn value(message: &str) -> Value {
        Value::native(Details {
            message: message.into(),
            action: std::cell::RefCell::new("".into()),
            record: None,
        })
    }
}

impl Native for Details {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.ErrorDetails")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.message.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Message", "RecommendedAction"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "message" => Some(Value::str(&self.message)),
            "recommendedaction" => Some(Value::str(self.action.borrow().to_string())),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("recommendedaction") {
            return Ok(name.eq_ignore_ascii_case("message").then_some(false));
        }
        let text: Rc<str> = vm.to_text(&value)?.into();
        *self.action.borrow_mut() = text.clone();
        if let Some(record) = &self.record
            && let Some(details) = record.details.borrow_mut().as_mut()
        {
            details.recommended_action = text;
        }
        Ok(Some(true))
    }
}

/// How a command was called, as an object.
pub struct Invocation {
    /// What is known of the call.
    pub info: Rc<InvocationInfo>,
    /// Told by an error record.
    pub of_error: bool,
}

impl Invocation {
    fn line(&self) -> Option<(usize, usize, String, &Extent)> {
        let extent = self.info.position.as_ref()?;
        let at = extent.source.position(extent.span.start as usize);
        Some((
            at.line,
            at.column,
            extent.source.line_text(at.line).to_string(),
            extent,
        ))
    }
}

impl Native for Invocation {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.InvocationInfo")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "MyCommand",
            "BoundParameters",
            "UnboundArguments",
            "ScriptLineNumber",
            "OffsetInLine",
            "HistoryId",
            "ScriptName",
            "Line",
            "Statement",
            "PositionMessage",
            "PSScriptRoot",
            "PSCommandPath",
            "InvocationName",
            "PipelineLength",
            "PipelinePosition",
            "ExpectingInput",
            "CommandOrigin",
            "DisplayScriptPosition",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let file = |info: &InvocationInfo| -> Option<Rc<str>> {
            info.position.as_ref().and_then(|e| e.source.file.clone())
        };
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "mycommand" => match &self.info.command {
                Some(command) => {
                    crate::runtime::types::automation::command_info::CommandValue::value(
                        command.clone(),
                    )
                }
                None => Value::Null,
            },
            "boundparameters" => {
                crate::runtime::automatic::bound_table(&self.info.bound_parameters.borrow())
            }
            "unboundarguments" => crate::runtime::types::collections::list::list_of(
                &known::object(),
                self.info.unbound_arguments.borrow().clone(),
            ),
            "scriptlinenumber" => Value::Int(self.line().map_or(0, |(line, ..)| line as i32)),
            "offsetinline" => Value::Int(self.line().map_or(0, |(_, column, ..)| column as i32)),
            "historyid" => Value::Long(self.info.history_id),
            "scriptname" => match file(&self.info) {
                Some(file) => Value::str(&*file),
                None => Value::Null,
            },
            "line" => match self.line() {
                Some((_, _, text, _)) => Value::str(text),
                None => Value::str(""),
            },
            "statement" => match self.line() {
                Some((_, _, _, extent)) => Value::str(extent.text()),
                None => Value::str(""),
            },
            "positionmessage" => match &self.info.position {
                Some(extent) => Value::str(crate::runtime::position::position_message(extent)),
                None => Value::str(""),
            },
            "psscriptroot" => match file(&self.info) {
                Some(file) => Value::str(
                    std::path::Path::new(&*file)
                        .parent()
                        .map(|p| p.display().to_string())
                        .unwrap_or_default(),
                ),
                None => Value::Null,
            },
            "pscommandpath" => match file(&self.info) {
                Some(file) => Value::str(&*file),
                None => Value::Null,
            },
            "invocationname" => Value::str(self.info.invocation_name.borrow().to_string()),
            "pipelinelength" | "pipelineposition" if self.of_error => Value::Int(0),
            "pipelinelength" => Value::Int(self.info.pipeline_length.get() as i32),
            "pipelineposition" => Value::Int(self.info.pipeline_position.get() as i32),
            "expectinginput" => Value::Bool(self.info.expecting_input.get()),
            "commandorigin" => Value::enum_of(
                "System.Management.Automation.CommandOrigin",
                i64::from(self.info.command.is_none()),
            ),
            "displayscriptposition" => Value::Null,
            _ => return Ok(None),
        }))
    }
}

impl Vm {
    /// An InvocationInfo as a value.
    pub fn invocation_value(&self, invocation: Option<&Rc<InvocationInfo>>) -> Value {
        match invocation {
            Some(info) => Value::native(Invocation {
                info: info.clone(),
                of_error: false,
            }),
            None => Value::Null,
        }
    }
}
