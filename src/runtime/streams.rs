//! Where output goes: the success stream as a chain of sinks, and the message streams beside it.

use super::collection::List;
use super::error::R;
use super::invocation::InvocationInfo;
use super::native::Native;
use super::types::plain_object::PlainObject;
use super::types::{TypeRef, type_named};
use super::value::Value;
use super::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// Takes values one at a time.
pub trait Sink {
    /// Takes a value.
    fn write(&self, vm: &mut Vm, value: Value) -> R<()>;

    /// Whether what arrives is shown to the user as it is, so that programs may write there themselves.
    fn shows_directly(&self) -> bool {
        false
    }

    /// Whether a native program reads here, so that bytes may pass as they are.
    fn takes_bytes(&self) -> bool {
        false
    }

    /// Takes bytes, when it does.
    fn write_bytes(&self, _vm: &mut Vm, _bytes: Vec<u8>) -> R<()> {
        Ok(())
    }

    /// Whether it is the console's end of a message stream, which was not redirected.
    fn is_console(&self) -> bool {
        false
    }
}

/// Keeps everything.
#[derive(Default)]
pub struct Collector {
    /// What came, in order.
    pub items: RefCell<Vec<Value>>,
}

impl Drop for Collector {
    fn drop(&mut self) {
        crate::host::discard::discard(std::mem::take(self.items.get_mut()));
    }
}

impl Sink for Collector {
    fn write(&self, _vm: &mut Vm, value: Value) -> R<()> {
        self.items.borrow_mut().push(value);
        Ok(())
    }
}

/// Drops everything.
pub struct NullSink;

impl Sink for NullSink {
    fn write(&self, _vm: &mut Vm, _value: Value) -> R<()> {
        Ok(())
    }
}

/// Hands a value to a variable's list and on to the next sink.
pub struct Tee {
    /// The list of `-OutVariable` and its family.
    pub list: Rc<List>,
    /// The next sink.
    pub next: Rc<dyn Sink>,
}

impl Sink for Tee {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        self.list.items.borrow_mut().push(value.clone());
        self.next.write(vm, value)
    }
}

/// The message streams in force for a command and what it calls.
#[derive(Clone)]
pub struct Streams {
    /// Stream 2.
    pub error: Rc<dyn Sink>,
    /// Stream 3.
    pub warning: Rc<dyn Sink>,
    /// Stream 4.
    pub verbose: Rc<dyn Sink>,
    /// Stream 5.
    pub debug: Rc<dyn Sink>,
    /// Stream 6.
    pub information: Rc<dyn Sink>,
    /// Lists of `-ErrorVariable` in force.
    pub error_variables: Vec<Rc<List>>,
    /// Lists of `-WarningVariable` in force.
    pub warning_variables: Vec<Rc<List>>,
    /// Lists of `-InformationVariable` in force.
    pub information_variables: Vec<Rc<List>>,
    /// Whether stream 2 was redirected, which changes how native programs' errors come.
    pub error_redirected: bool,
}

impl Streams {
    /// Whether anything collects what is written.
    pub fn has_lists(&self) -> bool {
        !(self.error_variables.is_empty()
            && self.warning_variables.is_empty()
            && self.information_variables.is_empty())
    }

    /// The same streams with nothing that collects.
    pub fn without_lists(&self) -> Streams {
        Streams {
            error_variables: Vec::new(),
            warning_variables: Vec::new(),
            information_variables: Vec::new(),
            ..self.clone()
        }
    }
}

/// Warning, verbose and debug messages, and information records.
pub struct StreamRecord {
    /// Which stream.
    pub kind: RecordKind,
    /// The text; of information records the message data.
    pub message: Value,
    /// Tags of an information record.
    pub tags: Vec<Rc<str>>,
    /// Who wrote it.
    pub invocation: Option<Rc<InvocationInfo>>,
    /// What Write-Host was told about line ends and colours.
    pub host: Option<HostMessage>,
    /// The script or command it came from.
    pub source: Rc<str>,
}

/// What `Write-Host` wants printed.
#[derive(Clone)]
pub struct HostMessage {
    /// The text.
    pub text: Rc<str>,
    /// Without a line end.
    pub no_newline: bool,
    /// Foreground colour's index.
    pub foreground: Option<i64>,
    /// Background colour's index.
    pub background: Option<i64>,
}

impl HostMessage {
    /// The message as scripts see it in an information record.
    fn value(&self) -> Value {
        let colour = |index: Option<i64>| match index {
            Some(index) => Value::enum_of("System.ConsoleColor", index),
            None => Value::Null,
        };
        let fields = vec![
            ("Message", Value::str(&*self.text)),
            ("NoNewLine", Value::Bool(self.no_newline)),
            ("ForegroundColor", colour(self.foreground)),
            ("BackgroundColor", colour(self.background)),
        ];
        PlainObject::new(
            "System.Management.Automation.HostInformationMessage",
            fields,
        )
        .with_text(&*self.text)
        .value()
    }
}

/// The stream of a [`StreamRecord`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecordKind {
    /// Stream 3.
    Warning,
    /// Stream 4.
    Verbose,
    /// Stream 5.
    Debug,
    /// Stream 6.
    Information,
}

impl Native for StreamRecord {
    fn type_ref(&self) -> TypeRef {
        let name = match self.kind {
            RecordKind::Warning => "System.Management.Automation.WarningRecord",
            RecordKind::Verbose => "System.Management.Automation.VerboseRecord",
            RecordKind::Debug => "System.Management.Automation.DebugRecord",
            RecordKind::Information => "System.Management.Automation.InformationRecord",
        };
        type_named(name)
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match &self.host {
            Some(host) => Ok(host.text.to_string()),
            None => vm.to_text(&self.message),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.kind {
            RecordKind::Information => vec![
                "MessageData",
                "Source",
                "TimeGenerated",
                "Tags",
                "User",
                "Computer",
                "ProcessId",
                "NativeThreadId",
                "ManagedThreadId",
            ],
            _ => vec!["Message", "InvocationInfo", "PipelineIterationInfo"],
        }
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "message" if self.kind != RecordKind::Information => Some(self.message.clone()),
            "messagedata" => Some(match &self.host {
                Some(host) => host.value(),
                None => self.message.clone(),
            }),
            "tags" => Some(Value::strings(self.tags.iter().map(|t| t.to_string()))),
            "source" => Some(Value::str(&*self.source)),
            "invocationinfo" => Some(vm.invocation_value(self.invocation.as_ref())),
            "user" => Some(Value::str(vm.user_name())),
            "computer" => Some(Value::str(vm.machine_name())),
            "processid" => Some(Value::UInt(std::process::id())),
            "timegenerated" => Some(Value::datetime(vm.now())),
            _ => None,
        })
    }
}
