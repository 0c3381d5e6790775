//! Errors: exceptions, error records, and what unwinds the program.

use super::invocation::InvocationInfo;
use super::object::Extension;
use super::symbol::Symbol;
use super::types::{TypeRef, find_full, known};
use super::value::Value;
use crate::host::discard::free_nested;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The result of anything that can end early.
pub type R<T> = Result<T, Box<Unwind>>;

/// Why control leaves a computation before its end.
pub enum Unwind {
    /// An error.
    Error(Thrown),
    /// `break`, with its label.
    Break(Option<Symbol>),
    /// `continue`, with its label.
    Continue(Option<Symbol>),
    /// `return`; the value was already written.
    Return,
    /// `exit` with its code.
    Exit(i32),
    /// A command needs no more input: the stages before it in its pipeline stop.
    StopUpstream(usize),
    /// The user interrupted, or the pipeline was stopped from outside.
    Stopped,
}

/// An error on its way to a handler.
#[derive(Clone)]
pub struct Thrown {
    /// The record a handler sees.
    pub record: Rc<ErrorRecord>,
    /// Ends the script, not just the statement: a `throw`, or Stop in force.
    pub ends_script: bool,
}

impl From<Thrown> for Box<Unwind> {
    fn from(thrown: Thrown) -> Box<Unwind> {
        Box::new(Unwind::Error(thrown))
    }
}

/// An object of an exception type.
pub struct Exception {
    /// The exact type.
    pub type_ref: TypeRef,
    /// The message.
    pub message: RefCell<Rc<str>>,
    /// The exception that caused it.
    pub inner: RefCell<Option<Value>>,
    /// Further properties by name: `ParamName`, `Errors`, `ErrorRecord`, …
    pub properties: RefCell<Vec<(Rc<str>, Value)>>,
    /// Id, category and target of the record it was first raised in.
    pub raised_as: RefCell<Option<(Rc<str>, Category, Value)>>,
    /// Raised by `throw`.
    pub thrown: Cell<bool>,
    /// Where it was raised, in words.
    pub source: RefCell<Value>,
    /// `Data`, made when asked for.
    pub data: RefCell<Option<Value>>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl Drop for Exception {
    fn drop(&mut self) {
        free_nested((self.inner.take(), self.properties.take()));
    }
}

impl Exception {
    /// An exception of this type with this message.
    pub fn new(type_ref: TypeRef, message: impl Into<Rc<str>>) -> Exception {
        Exception {
            type_ref,
            message: RefCell::new(message.into()),
            inner: RefCell::default(),
            properties: RefCell::default(),
            raised_as: RefCell::default(),
            thrown: Cell::new(false),
            source: RefCell::default(),
            data: RefCell::default(),
            extension: Extension::default(),
        }
    }

    /// An exception by the full name of its type.
    pub fn of(type_name: &str, message: impl Into<Rc<str>>) -> Exception {
        Exception::new(
            find_full(type_name).unwrap_or_else(known::exception),
            message,
        )
    }

    /// The same with an inner exception.
    pub fn with_inner(self, inner: Value) -> Exception {
        *self.inner.borrow_mut() = Some(inner);
        self
    }

    /// The same with a further property.
    pub fn with(self, name: &str, value: Value) -> Exception {
        self.properties.borrow_mut().push((name.into(), value));
        self
    }

    /// A further property.
    pub fn property(&self, name: &str) -> Option<Value> {
        self.properties
            .borrow()
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v.clone())
    }

    /// As a value.
    pub fn value(self) -> Value {
        Value::Exception(Rc::new(self))
    }
}

/// The one list of categories: their enum, and the way from bits and to names.
macro_rules! categories {
    ($first:ident $(, $name:ident)* $(,)?) => {
        /// `System.Management.Automation.ErrorCategory`, in its order.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the names are the documentation")]
        pub enum Category {
            #[default]
            $first,
            $($name,)*
        }

        impl Category {
            const TABLE: &'static [(Category, &'static str)] = &[
                (Category::$first, stringify!($first)),
                $((Category::$name, stringify!($name)),)*
            ];

            /// The names, one blank between them.
            pub const NAMES: &'static str =
                concat!(stringify!($first) $(, " ", stringify!($name))*);
        }
    };
}

categories!(
    NotSpecified,
    OpenError,
    CloseError,
    DeviceError,
    DeadlockDetected,
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    InvalidResult,
    InvalidType,
    MetadataError,
    NotImplemented,
    NotInstalled,
    ObjectNotFound,
    OperationStopped,
    OperationTimeout,
    SyntaxError,
    ParserError,
    PermissionDenied,
    ResourceBusy,
    ResourceExists,
    ResourceUnavailable,
    ReadError,
    WriteError,
    FromStdErr,
    SecurityError,
    ProtocolError,
    ConnectionError,
    AuthenticationError,
    LimitsExceeded,
    QuotaExceeded,
    NotEnabled,
);

impl Category {
    /// The category of these enum bits.
    pub fn from_bits(bits: i64) -> Option<Category> {
        let (category, _) = Category::TABLE.get(usize::try_from(bits).ok()?)?;
        Some(*category)
    }

    /// Its name.
    pub fn name(self) -> String {
        let entry = Category::TABLE.get(self as usize);
        entry.map_or_else(String::new, |(_, name)| name.to_string())
    }
}

/// A message that replaces the exception's, with advice.
#[derive(Clone, Default)]
pub struct ErrorDetails {
    /// Shown instead of the exception's message.
    pub message: Rc<str>,
    /// Shown below it.
    pub recommended_action: Rc<str>,
}

/// `System.Management.Automation.ErrorRecord`.
#[derive(Default)]
pub struct ErrorRecord {
    /// The exception: of .NET, or an instance of a script class derived from one.
    pub exception: Value,
    /// The id without the raiser's name.
    pub error_id: RefCell<Rc<str>>,
    /// The raiser's name behind the comma; empty for none.
    pub raiser: RefCell<Rc<str>>,
    /// The category.
    pub category: Cell<Category>,
    /// Replacements for the computed parts of the category: activity, reason, target name, target type.
    pub activity: RefCell<Option<Rc<str>>>,
    /// Short name of the exception's type unless replaced.
    pub reason: RefCell<Option<Rc<str>>>,
    /// Text of the target unless replaced.
    pub target_name: RefCell<Option<Rc<str>>>,
    /// Short type name of the target unless replaced.
    pub target_type: RefCell<Option<Rc<str>>>,
    /// What the error is about.
    pub target: Value,
    /// Replaces the message.
    pub details: RefCell<Option<ErrorDetails>>,
    /// The call or statement that raised it.
    pub invocation: RefCell<Option<Rc<InvocationInfo>>>,
    /// The callers at the time, as text.
    pub stack_trace: RefCell<Rc<str>>,
    /// Raised by `throw`, which views name `Exception`.
    pub thrown: Cell<bool>,
    /// Members added by scripts.
    pub extension: Extension,
    /// Already entered into `$Error`.
    pub recorded: Cell<bool>,
    /// Went into the success stream by `2>&1`: the console still shows it on standard error.
    pub merged: Cell<bool>,
    /// Named after the cmdlet that raised it, or that ran what raised it: no cmdlet around renames it.
    pub named: Cell<bool>,
    /// Thrown by `ThrowTerminatingError`: on its way out of the function, past its statements.
    pub leaving: Cell<bool>,
    /// Written by a command that Stop ended for it: around it is an ActionPreferenceStopException, which a method that
    /// ran the command throws.
    pub stopped: Cell<bool>,
}

impl ErrorRecord {
    /// A record with its four parts.
    pub fn new(
        exception: Value,
        error_id: impl Into<Rc<str>>,
        category: Category,
        target: Value,
    ) -> ErrorRecord {
        let error_id = error_id.into();
        if let Value::Exception(e) = &exception {
            let mut raised_as = e.raised_as.borrow_mut();
            if raised_as.is_none() {
                *raised_as = Some((error_id.clone(), category, target.clone()));
            }
        }
        ErrorRecord {
            exception,
            error_id: RefCell::new(error_id),
            category: Cell::new(category),
            target,
            ..ErrorRecord::default()
        }
    }

    /// Id with the raiser's name.
    pub fn fully_qualified_id(&self) -> String {
        let (id, raiser) = (self.error_id.borrow(), self.raiser.borrow());
        match (id.is_empty(), raiser.is_empty()) {
            (_, true) => id.to_string(),
            (true, false) => raiser.to_string(),
            (false, false) => format!("{id},{raiser}"),
        }
    }

    /// The exception's message.
    pub fn exception_message(&self) -> Rc<str> {
        exception_message(&self.exception)
    }

    /// The message people see.
    pub fn message(&self) -> Rc<str> {
        match self.details.borrow().as_ref() {
            Some(details) if !details.message.is_empty() => details.message.clone(),
            _ => self.exception_message(),
        }
    }

    /// The exception's type.
    pub fn exception_type(&self) -> TypeRef {
        exception_type(&self.exception)
    }

    /// A copy that can be changed without touching the original.
    pub fn copy(&self) -> ErrorRecord {
        self.copy_with(self.exception.clone(), self.target.clone())
    }

    /// A copy with another exception and target.
    pub fn copy_with(&self, exception: Value, target: Value) -> ErrorRecord {
        ErrorRecord {
            exception,
            error_id: self.error_id.clone(),
            raiser: self.raiser.clone(),
            category: self.category.clone(),
            activity: self.activity.clone(),
            reason: self.reason.clone(),
            target_name: self.target_name.clone(),
            target_type: self.target_type.clone(),
            target,
            details: self.details.clone(),
            invocation: self.invocation.clone(),
            stack_trace: self.stack_trace.clone(),
            thrown: self.thrown.clone(),
            extension: self.extension.copy(),
            recorded: Cell::new(false),
            merged: Cell::new(false),
            named: self.named.clone(),
            leaving: Cell::new(false),
            stopped: Cell::new(false),
        }
    }
}

/// The message of an exception value.
pub fn exception_message(exception: &Value) -> Rc<str> {
    match exception.base() {
        Value::Exception(e) => e.message.borrow().clone(),
        Value::Instance(i) => match i.native_base.borrow().as_ref() {
            Some(base) => exception_message(base),
            None => i.class.name.clone(),
        },
        Value::Str(s) => s.as_str().into(),
        _ => "".into(),
    }
}

/// The type of an exception value.
pub fn exception_type(exception: &Value) -> TypeRef {
    match exception.base() {
        Value::Exception(e) => e.type_ref.clone(),
        Value::Instance(i) => i.class.type_of(),
        _ => known::exception(),
    }
}

/// The inner exception of an exception value.
pub fn inner_exception(exception: &Value) -> Option<Value> {
    match exception.base() {
        Value::Exception(e) => e.inner.borrow().clone(),
        Value::Instance(i) => i.native_base.borrow().as_ref().and_then(inner_exception),
        _ => None,
    }
}

/// An error as Rust code raises it, before it is known where: exception type, id, category, message, target.
/// [`super::vm::Vm`] adds the position when it becomes an [`ErrorRecord`].
pub struct Fault {
    /// Full name of the exception's type.
    pub exception: Exception,
    /// Error id without raiser.
    pub id: Rc<str>,
    /// Category.
    pub category: Category,
    /// What it is about.
    pub target: Value,
}

impl Fault {
    /// A fault of the language itself: a RuntimeException of category InvalidOperation.
    pub fn new(id: &str, message: impl Into<Rc<str>>) -> Fault {
        Fault {
            exception: Exception::of("System.Management.Automation.RuntimeException", message),
            id: id.into(),
            category: Category::InvalidOperation,
            target: Value::Null,
        }
    }

    /// A fault with an exception of this type.
    pub fn of(type_name: &str, id: &str, category: Category, message: impl Into<Rc<str>>) -> Fault {
        Fault {
            exception: Exception::of(type_name, message),
            id: id.into(),
            category,
            target: Value::Null,
        }
    }

    /// A failed conversion: PSInvalidCastException around an inner exception, category InvalidArgument.
    pub fn cast(id: &str, message: impl Into<Rc<str>>) -> Fault {
        Fault::of(
            "System.Management.Automation.PSInvalidCastException",
            id,
            Category::InvalidArgument,
            message,
        )
    }

    /// A .NET exception that reaches the language as it is: id = its full type name, OperationStopped.
    pub fn dotnet(type_name: &str, message: impl Into<Rc<str>>) -> Fault {
        Fault::of(type_name, type_name, Category::OperationStopped, message)
    }

    /// An error of an argument found inside a cmdlet.
    pub fn argument(id: &str, message: impl Into<Rc<str>>) -> Fault {
        Fault::of(
            "System.Management.Automation.PSArgumentException",
            id,
            Category::InvalidArgument,
            message,
        )
    }

    /// The same of another category.
    pub fn category(mut self, category: Category) -> Fault {
        self.category = category;
        self
    }

    /// The same about this target.
    pub fn target(mut self, target: Value) -> Fault {
        self.target = target;
        self
    }

    /// The same with an inner exception.
    pub fn inner(self, inner: Exception) -> Fault {
        *self.exception.inner.borrow_mut() = Some(inner.value());
        self
    }

    /// The same with an inner exception that is a value already.
    pub fn inner_value(self, inner: Value) -> Fault {
        *self.exception.inner.borrow_mut() = Some(inner);
        self
    }

    /// The record, still without position.
    pub fn into_record(self) -> ErrorRecord {
        ErrorRecord::new(self.exception.value(), self.id, self.category, self.target)
    }
}

impl From<Fault> for Box<Unwind> {
    fn from(fault: Fault) -> Box<Unwind> {
        Box::new(Unwind::Error(Thrown {
            record: Rc::new(fault.into_record()),
            ends_script: false,
        }))
    }
}
