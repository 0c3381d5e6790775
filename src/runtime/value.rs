//! The values a program computes with.
//!
//! A [`Value`] is 16 bytes: a tag and one word. Small things live inside, the
//! rest behind a thin `Rc`. Values of types that few scripts touch are
//! [`NativeObject`]s, which answer for themselves.

use super::collection::{Array, Dictionary, List};
use super::error::{ErrorRecord, Exception};
use super::native::NativeObject;
use super::object::{CustomObject, Instance, Reference, Wrapped};
use super::script_block::ScriptBlock;
use super::text::datetime::{DateTime, TimeSpan};
use super::text::utf16;
use super::types::TypeRef;
use crate::host::interrupted;
use crate::host::long_work::LongWork;
use erasable::Thin;
use num_bigint::BigInt;
use rust_decimal::Decimal;
use slice_dst::StrWithHeader;
use std::rc::Rc;

/// Any value of the language.
#[derive(Clone, Default)]
#[repr(u64)]
pub enum Value {
    /// `$null`.
    #[default]
    Null,
    /// Output that is not there: no item in a pipeline, `$null` when assigned.
    Nothing,
    /// `[bool]`
    Bool(bool),
    /// `[char]`, one UTF-16 unit.
    Char(u16),
    /// `[sbyte]`
    SByte(i8),
    /// `[byte]`
    Byte(u8),
    /// `[int16]`
    Short(i16),
    /// `[uint16]`
    UShort(u16),
    /// `[int]`
    Int(i32),
    /// `[uint32]`
    UInt(u32),
    /// `[long]`
    Long(i64),
    /// `[uint64]`
    ULong(u64),
    /// `[float]`
    Float(f32),
    /// `[double]`
    Double(f64),
    /// `[decimal]`
    Decimal(Rc<Decimal>),
    /// `[bigint]`
    BigInt(Rc<BigInt>),
    /// `[string]`
    Str(Str),
    /// `[datetime]`
    DateTime(Rc<DateTime>),
    /// `[timespan]`
    TimeSpan(TimeSpan),
    /// A member of an enumeration.
    Enum(Rc<EnumValue>),
    /// A type, as in `[int]`.
    Type(TypeRef),
    /// `T[]`
    Array(Rc<Array>),
    /// ArrayList, List and other growing sequences.
    List(Rc<List>),
    /// Hashtable, OrderedDictionary, Dictionary.
    Dict(Rc<Dictionary>),
    /// `{ ... }`
    Block(Rc<ScriptBlock>),
    /// `[pscustomobject]`
    Custom(Rc<CustomObject>),
    /// An object of a class written in a script.
    Instance(Rc<Instance>),
    /// An error record.
    Error(Rc<ErrorRecord>),
    /// An exception.
    Exception(Rc<Exception>),
    /// `[ref]`
    Ref(Rc<Reference>),
    /// `[switch]`
    Switch(bool),
    /// An object of another .NET type.
    Native(Rc<NativeObject>),
    /// A plain value that carries extra members or remembers how it was written.
    Wrapped(Rc<Wrapped>),
}

/// From so many bytes on a text takes its time to copy.
const LONG: usize = 1 << 22;

/// A shared string: one pointer to one block of memory that holds counts, length and text.
/// Length and positions in the language count UTF-16 units.
#[derive(Clone)]
pub struct Str(Thin<Rc<StrWithHeader<bool>>>);

impl Str {
    /// A string of this text.
    pub fn new(text: impl AsRef<str>) -> Str {
        let mut text = text.as_ref();
        // What Ctrl-C interrupts has no result, so a long text is not copied for it.
        if text.len() >= LONG && interrupted() {
            text = "";
        }
        let shared: Rc<StrWithHeader<bool>> = StrWithHeader::new(text.is_ascii(), text);
        Str(Thin::from(shared))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0.str
    }

    /// Whether every character is ASCII, so that byte and UTF-16 positions agree.
    pub fn is_ascii(&self) -> bool {
        self.0.header
    }

    /// Length in UTF-16 units.
    pub fn len_utf16(&self) -> usize {
        if self.is_ascii() {
            self.as_str().len()
        } else {
            self.as_str().encode_utf16().count()
        }
    }

    /// The UTF-16 unit at an index.
    pub fn unit_at(&self, index: usize) -> Option<u16> {
        match self.is_ascii() {
            true => self.as_str().as_bytes().get(index).copied().map(u16::from),
            false => utf16::unit_at(self.as_str(), index),
        }
    }

    /// A part, counted in UTF-16 units; none when it reaches beyond the text.
    pub fn part(&self, start: usize, count: usize) -> Option<String> {
        match self.is_ascii() {
            true => self
                .as_str()
                .get(start..start.checked_add(count)?)
                .map(str::to_owned),
            false => utf16::substring(self.as_str(), start, count),
        }
    }

    /// Whether two strings are one object.
    pub fn same_object(&self, other: &Str) -> bool {
        std::ptr::eq(&*self.0, &*other.0)
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Str) -> bool {
        self.same_object(other) || self.as_str() == other.as_str()
    }
}

impl Eq for Str {}

impl std::ops::Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl std::fmt::Debug for Str {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::new(text)
    }
}

/// A member, or a combination of members, of an enumeration.
pub struct EnumValue {
    /// The enumeration.
    pub type_ref: TypeRef,
    /// The value's bits, sign-extended.
    pub bits: i64,
}

impl Value {
    /// A string.
    pub fn str(text: impl AsRef<str>) -> Value {
        Value::Str(Str::new(text))
    }

    /// An `object[]` of these items.
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(Rc::new(Array::objects(items)))
    }

    /// A string array.
    pub fn strings<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Value {
        Value::Array(Rc::new(Array::typed(
            super::types::known::string(),
            items
                .into_iter()
                .until_interrupted()
                .map(|s| Value::str(s))
                .collect(),
        )))
    }

    /// A decimal.
    pub fn decimal(value: Decimal) -> Value {
        Value::Decimal(Rc::new(value))
    }

    /// A big integer.
    pub fn bigint(value: BigInt) -> Value {
        Value::BigInt(Rc::new(value))
    }

    /// A date and time.
    pub fn datetime(value: DateTime) -> Value {
        Value::DateTime(Rc::new(value))
    }

    /// A member of an enumeration by its bits.
    pub fn enumeration(type_ref: TypeRef, bits: i64) -> Value {
        Value::Enum(Rc::new(EnumValue { type_ref, bits }))
    }

    /// A member of a known enumeration by its type's full name and its bits.
    pub fn enum_of(type_name: &str, bits: i64) -> Value {
        match super::types::find(type_name) {
            Some(type_ref) => Value::enumeration(type_ref, bits),
            None => Value::Long(bits),
        }
    }

    /// An object of a native type.
    pub fn native(body: impl super::native::Native + 'static) -> Value {
        Value::Native(Rc::new(NativeObject::new(body)))
    }

    /// The value as an object of the native type `T`, extra members looked through.
    pub fn as_native<T: 'static>(&self) -> Option<&T> {
        match self.base() {
            Value::Native(object) => object.downcast::<T>(),
            _ => None,
        }
    }

    /// The value under extra members.
    pub fn base(&self) -> &Value {
        match self {
            Value::Wrapped(wrapped) => &wrapped.base,
            other => other,
        }
    }

    /// The value under extra members, by value.
    pub fn into_base(self) -> Value {
        match self {
            Value::Wrapped(wrapped) => wrapped.base.clone(),
            other => other,
        }
    }

    /// `$null` or output that is not there.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null | Value::Nothing)
    }

    /// The text, when the value is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self.base() {
            Value::Str(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Whether the value is a number of any kind (not bool, not char, not enum).
    pub fn is_number(&self) -> bool {
        matches!(
            self.base(),
            Value::SByte(_)
                | Value::Byte(_)
                | Value::Short(_)
                | Value::UShort(_)
                | Value::Int(_)
                | Value::UInt(_)
                | Value::Long(_)
                | Value::ULong(_)
                | Value::Float(_)
                | Value::Double(_)
                | Value::Decimal(_)
                | Value::BigInt(_)
        )
    }

    /// Whether two values are the same object, as `ReferenceEquals` sees it.
    pub fn same_object(&self, other: &Value) -> bool {
        match (self.base(), other.base()) {
            (Value::Null | Value::Nothing, Value::Null | Value::Nothing) => true,
            (Value::Str(a), Value::Str(b)) => a.same_object(b) || (a.is_empty() && b.is_empty()),
            (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
            (Value::List(a), Value::List(b)) => Rc::ptr_eq(a, b),
            (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
            (Value::Block(a), Value::Block(b)) => Rc::ptr_eq(a, b),
            (Value::Custom(a), Value::Custom(b)) => Rc::ptr_eq(a, b),
            (Value::Instance(a), Value::Instance(b)) => Rc::ptr_eq(a, b),
            (Value::Error(a), Value::Error(b)) => Rc::ptr_eq(a, b),
            (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(a, b),
            (Value::Ref(a), Value::Ref(b)) => Rc::ptr_eq(a, b),
            (Value::Native(a), Value::Native(b)) => Rc::ptr_eq(a, b),
            (Value::Type(a), Value::Type(b)) => a == b,
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::Int(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Long(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        Value::Double(value)
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Value {
        Value::Str(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

const _: () = assert!(size_of::<Value>() == 16);
const _: () = assert!(size_of::<super::error::R<Value>>() == 16);
