//! Between the plain data of the deployment and the values of the language.

use crate::model::kind::{Area, IdentityForm, Property, ValueType};
use crate::model::object::Object;
use crate::model::size;
use crate::model::value::{Datum, Record};
use crate::runtime::collection::List;
use crate::runtime::error::R;
use crate::runtime::object::{CustomObject, Extension, Member, Members, Wrapped};
use crate::runtime::text::datetime::{DateTime, DateTimeKind, TimeSpan};
use crate::runtime::types::known;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The hidden member by which an object of the deployment is known again.
const NOUN_MEMBER: &str = "__TwinNoun";

/// What all objects of a kind and layout share, made with the first of them.
struct Pattern {
    members: Members,
    display: Rc<Members>,
    type_names: Vec<Rc<str>>,
    /// Their identity is an id of the directory, with parts of its own.
    has_object_id: bool,
}

impl Pattern {
    fn is_object_id(&self, name: &str) -> bool {
        self.has_object_id && name == "Identity"
    }
}

/// The type of the ids by which Exchange knows its objects.
const OBJECT_ID: &str = "Microsoft.Exchange.Data.Directory.ADObjectId";

/// A text that shows the parts of an id (`Name`, `DistinguishedName`, `Parent`) by its type's data.
fn object_id(text: Value) -> Value {
    thread_local! { static NAMES: [Rc<str>; 3] = [
        Rc::from(OBJECT_ID),
        Rc::from("System.String"),
        Rc::from("System.Object"),
    ]; }
    Value::Wrapped(Rc::new(Wrapped {
        base: text,
        extension: Extension::named(NAMES.with(|names| names.to_vec())),
        written: None,
    }))
}

/// An object of the deployment as cmdlets write it.
pub fn object_value(object: &Object) -> Value {
    thread_local! { static MADE: RefCell<HashMap<(&'static str, u64), Rc<Pattern>>> = RefCell::default(); }
    let key = (object.kind.noun.as_str(), object.layout());
    let pattern = MADE.with(|made| {
        made.borrow_mut()
            .entry(key)
            .or_insert_with(|| Rc::new(pattern_of(object)))
            .clone()
    });
    let mut notes: Vec<Member> = Vec::with_capacity(pattern.members.len());
    notes.extend(object.shown_properties().map(|property| {
        let datum = object.value_ref(property);
        let value = datum_value(&datum, Some(&property.value_type));
        match property.key && pattern.is_object_id(&property.name) {
            true => Member::Note(object_id(value)),
            false => Member::Note(value),
        }
    }));
    notes.push(Member::MemberSet(pattern.display.clone()));
    let members = Members::alike(&pattern.members, notes).unwrap_or_default();
    let mut more: Vec<Rc<str>> = Vec::new();
    for (name, datum) in object.unknown() {
        members.set(name, Member::Note(datum_value(datum, None)));
        more.push(name.into());
    }
    if !more.is_empty() {
        let display = display_of(object, more);
        members.set("PSStandardMembers", Member::MemberSet(display));
    }
    let value = CustomObject::new(members);
    value
        .type_names
        .borrow_mut()
        .extend(pattern.type_names.iter().cloned());
    Value::Custom(Rc::new(value))
}

/// The default display of an object: its properties that are not hidden, and
/// those that its kind does not know.
fn display_of(object: &Object, unknown: Vec<Rc<str>>) -> Rc<Members> {
    let names = object
        .shown_properties()
        .filter(|property| !property.hidden)
        .map(|property| property.name.as_str().into())
        .chain(unknown)
        .collect();
    let display = Members::default();
    display.set("DefaultDisplayPropertySet", Member::PropertySet(names));
    display.set(
        NOUN_MEMBER,
        Member::Note(Value::str(object.kind.noun.as_str())),
    );
    Rc::new(display)
}

/// The pattern that an object shares with its like.
fn pattern_of(object: &Object) -> Pattern {
    let members = Members::default();
    for property in object.shown_properties() {
        members.set(&property.name, Member::Note(Value::Null));
    }
    let display = display_of(object, Vec::new());
    members.set("PSStandardMembers", Member::MemberSet(display.clone()));
    let mut type_names: Vec<Rc<str>> = object
        .type_names()
        .iter()
        .map(|name| Rc::from(name.as_str()))
        .collect();
    type_names.push("System.Object".into());
    let has_object_id = object.kind.area == Area::Exchange
        && matches!(object.kind.identity, IdentityForm::Directory { .. });
    Pattern {
        members,
        display,
        type_names,
        has_object_id,
    }
}

/// A datum as a value of its declared type.
pub fn datum_value(datum: &Datum, declared: Option<&ValueType>) -> Value {
    match (datum, declared) {
        (Datum::Null, Some(ValueType::List(_))) => {
            Value::List(Rc::new(List::of_objects(Vec::new())))
        }
        (Datum::Null, _) => Value::Null,
        (Datum::Bool(b), _) => Value::Bool(*b),
        (Datum::Int(n), Some(ValueType::Size)) => Value::str(size::display(*n)),
        (Datum::Int(n), Some(ValueType::Int64)) => Value::Long(*n),
        (Datum::Int(n), Some(ValueType::UInt16)) => {
            u16::try_from(*n).map_or(Value::Long(*n), Value::UShort)
        }
        (Datum::Int(n), Some(ValueType::UInt32)) => {
            u32::try_from(*n).map_or(Value::Long(*n), Value::UInt)
        }
        (Datum::Int(n), Some(ValueType::UInt64)) => {
            u64::try_from(*n).map_or(Value::Long(*n), Value::ULong)
        }
        (Datum::Int(n), _) => i32::try_from(*n).map_or(Value::Long(*n), Value::Int),
        (Datum::Float(n), _) => Value::Double(*n),
        (Datum::Text(text), _) => Value::str(text.as_str()),
        (Datum::Guid(text), _) => Value::str(text.as_str()),
        (Datum::DateTime(ticks), _) => Value::datetime(DateTime::new(*ticks, DateTimeKind::Utc)),
        (Datum::TimeSpan(ticks), _) => Value::TimeSpan(TimeSpan(*ticks)),
        (Datum::List(items), declared) => {
            let inner = match declared {
                Some(ValueType::List(inner)) => Some(&**inner),
                _ => None,
            };
            Value::List(Rc::new(List::of_objects(
                items.iter().map(|i| datum_value(i, inner)).collect(),
            )))
        }
        (Datum::Record(record), _) => {
            let members = Members::default();
            for (name, datum) in &record.fields {
                members.set(name, Member::Note(datum_value(datum, None)));
            }
            let object = CustomObject::new(members);
            if !record.type_name.is_empty() {
                object.type_names.borrow_mut().extend([
                    Rc::from(record.type_name.as_str()),
                    Rc::from("System.Object"),
                ]);
            }
            Value::Custom(Rc::new(object))
        }
    }
}

/// A value as a datum, by the declared type where it says more than the value does.
pub fn value_datum(vm: &mut Vm, value: &Value, declared: Option<&Property>) -> R<Datum> {
    let value_type = declared.map(|p| &p.value_type);
    typed_datum(vm, value, value_type)
}

fn typed_datum(vm: &mut Vm, value: &Value, value_type: Option<&ValueType>) -> R<Datum> {
    if value.is_null() {
        return Ok(Datum::Null);
    }
    Ok(match value_type {
        Some(ValueType::Boolean) => match value.base() {
            Value::Bool(b) | Value::Switch(b) => Datum::Bool(*b),
            Value::Str(_) => Datum::Text(vm.to_text(value)?),
            other => Datum::Bool(vm.to_bool(other)),
        },
        Some(
            ValueType::Int32
            | ValueType::Int64
            | ValueType::UInt16
            | ValueType::UInt32
            | ValueType::UInt64,
        ) => match vm.try_convert(value, &known::long()) {
            Some(Value::Long(n)) => Datum::Int(n),
            _ => Datum::Text(vm.to_text(value)?),
        },
        Some(ValueType::Size) => {
            let text = match value.base() {
                Value::Double(bytes) => format!("{}", *bytes as i64),
                _ => identity_text(vm, value)?,
            };
            size::parse(&text).map_or(Datum::Text(text), Datum::Int)
        }
        Some(ValueType::List(inner)) => {
            let items = vm.enumerate(value)?.unwrap_or_else(|| vec![value.clone()]);
            let mut list = Vec::with_capacity(items.len());
            for item in &items {
                list.push(typed_datum(vm, item, Some(inner))?);
            }
            Datum::List(list)
        }
        Some(ValueType::Any | ValueType::Record(_)) | None => plain_datum(vm, value)?,
        Some(ValueType::TimeSpan) => match value.base() {
            Value::TimeSpan(span) => Datum::TimeSpan(span.ticks()),
            // A bare number is read as text is: days.
            number if number.is_number() => {
                let text = Value::str(vm.to_text(number)?);
                match vm.try_convert(&text, &known::timespan()) {
                    Some(Value::TimeSpan(span)) => Datum::TimeSpan(span.ticks()),
                    _ => Datum::Text(vm.to_text(number)?),
                }
            }
            other => match vm.try_convert(other, &known::timespan()) {
                Some(Value::TimeSpan(span)) => Datum::TimeSpan(span.ticks()),
                _ => Datum::Text(vm.to_text(other)?),
            },
        },
        Some(ValueType::DateTime) => match vm.try_convert(value, &known::datetime()) {
            Some(Value::DateTime(moment)) => Datum::DateTime(moment.ticks()),
            _ => Datum::Text(vm.to_text(value)?),
        },
        Some(ValueType::Wrapped(name)) if name.ends_with("DialGroupEntry") => {
            Datum::Text(row_text(vm, value)?)
        }
        Some(ValueType::Guid) => Datum::Guid(vm.to_text(value)?.to_ascii_lowercase()),
        Some(_) => Datum::Text(identity_text(vm, value)?),
    })
}

/// A value as a datum by what it is.
pub fn plain_datum(vm: &mut Vm, value: &Value) -> R<Datum> {
    Ok(match value.base() {
        Value::Null | Value::Nothing => Datum::Null,
        Value::Bool(b) | Value::Switch(b) => Datum::Bool(*b),
        Value::Int(n) => Datum::Int(i64::from(*n)),
        Value::Long(n) => Datum::Int(*n),
        Value::Double(n) => Datum::Float(*n),
        Value::DateTime(moment) => Datum::DateTime(moment.ticks()),
        Value::TimeSpan(span) => Datum::TimeSpan(span.ticks()),
        Value::Custom(custom) => {
            let mut record = Record {
                type_name: custom
                    .type_names
                    .borrow()
                    .first()
                    .map(|n| n.to_string())
                    .unwrap_or_default(),
                fields: Vec::new(),
            };
            for (name, member) in custom.members.list() {
                if let Member::Note(value) = member {
                    record
                        .fields
                        .push((name.to_string(), plain_datum(vm, &value)?));
                }
            }
            Datum::Record(record)
        }
        Value::Array(_) | Value::List(_) => {
            let items = vm.enumerate(value)?.unwrap_or_default();
            let mut list = Vec::with_capacity(items.len());
            for item in &items {
                list.push(plain_datum(vm, item)?);
            }
            Datum::List(list)
        }
        other => Datum::Text(vm.to_text(other)?),
    })
}

/// A row of a table (`Import-Csv`) as the line that it was; anything else as text.
fn row_text(vm: &mut Vm, value: &Value) -> R<String> {
    let Value::Custom(custom) = value.base() else {
        return vm.to_text(value);
    };
    let mut cells = Vec::new();
    for (_, member) in custom.members.list() {
        if let Member::Note(cell) = member {
            cells.push(vm.to_text(&cell)?);
        }
    }
    Ok(cells.join(","))
}

/// The text that names an object: an identity as it is, of an object its `Identity`.
pub fn identity_text(vm: &mut Vm, value: &Value) -> R<String> {
    if let Value::Custom(custom) = value.base() {
        for name in ["Identity", "DistinguishedName", "Name"] {
            if let Some(inner) = custom.members.note(name)
                && !inner.is_null()
            {
                return vm.to_text(&inner);
            }
        }
    }
    vm.to_text(value)
}
