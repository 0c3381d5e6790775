//! From a value or type to the file that knows its members.

use crate::runtime::collection::{Dictionary, List};
use crate::runtime::error::R;
use crate::runtime::object::Reference;
use crate::runtime::types::*;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A property of a value that is not a native object.
pub fn get(vm: &mut Vm, value: &Value, name: &str) -> R<Option<Value>> {
    let lower = name.to_ascii_lowercase();
    match value {
        Value::Str(text) => Ok(text::string::get(text, &lower)),
        Value::Array(array) => Ok(collections::array::get(array, &lower)),
        Value::List(list) => collections::list::get(vm, list, &lower),
        Value::Dict(dictionary) => collections::dictionary::get(dictionary, &lower),
        Value::Error(record) => automation::error_record::get(vm, record, &lower),
        Value::Exception(exception) => exception::get(vm, value, exception, &lower),
        Value::Ref(reference) => Ok((lower == "value").then(|| reference.get())),
        Value::Switch(on) => Ok((lower == "ispresent").then_some(Value::Bool(*on))),
        Value::Enum(member) => Ok(enumeration::get(member, &lower)),
        Value::DateTime(date) => Ok(time::date_time::get(date, &lower)),
        Value::TimeSpan(span) => Ok(time::time_span::get(span, &lower)),
        Value::Type(type_ref) => reflection::runtime_type::get(vm, type_ref, &lower),
        Value::Block(block) => automation::script_block::get(vm, block, &lower),
        Value::BigInt(number) => Ok(numerics::numbers::big_get(number, &lower)),
        Value::Decimal(number) => Ok((lower == "scale").then(|| Value::Byte(number.scale() as u8))),
        _ => Ok(None),
    }
}

/// A property that a value has through an interface of collections alone.
pub fn of_interface(vm: &Vm, value: &Value, name: &str) -> Option<Value> {
    let lower = name.to_ascii_lowercase();
    let owners: &[&str] = match lower.as_str() {
        "syncroot" | "issynchronized" => &["System.Collections.ICollection"],
        "isfixedsize" => &["System.Collections.IList", "System.Collections.IDictionary"],
        "isreadonly" => &[
            "System.Collections.IList",
            "System.Collections.IDictionary",
            "System.Collections.Generic.ICollection`1",
        ],
        _ => return None,
    };
    let type_ref = vm.type_of(value);
    if !owners
        .iter()
        .any(|owner| type_ref.closing_of(owner).is_some())
    {
        return None;
    }
    Some(match lower.as_str() {
        "syncroot" => value.clone(),
        _ => Value::Bool(false),
    })
}

/// Writes a property of a value that is not a native object: `None` when there is
/// none, false when it cannot be written.
pub fn set(vm: &mut Vm, value: &Value, name: &str, new: Value) -> R<Option<bool>> {
    let lower = name.to_ascii_lowercase();
    match value {
        Value::Ref(reference) if lower == "value" => {
            match &**reference {
                Reference::Variable(variable) => vm.assign_variable(variable, new)?,
                Reference::Cell(_) => reference.set(new),
            }
            Ok(Some(true))
        }
        Value::List(list) => collections::list::set(vm, list, &lower, new),
        Value::Exception(exception) => Ok(exception::set(exception, &lower, new)),
        Value::Error(record) => automation::error_record::set(vm, record, &lower, new),
        Value::Block(block) if lower == "debuggerhidden" => {
            block.debugger_hidden.set(matches!(new, Value::Bool(true)));
            Ok(Some(true))
        }
        _ => Ok(None),
    }
}

/// Calls a method of a value; the name is in lower case, the arguments converted.
pub fn call(vm: &mut Vm, target: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let value = target.base();
    let own = match value {
        Value::Str(text) => text::string::call(vm, text, name, arguments)?,
        Value::Char(unit) => text::char::call(vm, *unit, name, arguments)?,
        Value::Array(array) => collections::array::call(vm, array, name, arguments)?,
        Value::List(list) => collections::list::call(vm, value, list, name, arguments)?,
        Value::Dict(dictionary) => collections::dictionary::call(vm, dictionary, name, arguments)?,
        Value::Error(record) => automation::error_record::call(vm, record, name, arguments)?,
        Value::Exception(exception) => exception::call(vm, value, exception, name, arguments)?,
        Value::Enum(member) => enumeration::call(vm, member, name, arguments)?,
        Value::DateTime(date) => time::date_time::call(vm, date, name, arguments)?,
        Value::TimeSpan(span) => time::time_span::call(vm, span, name, arguments)?,
        Value::Type(type_ref) => reflection::runtime_type::call(vm, type_ref, name, arguments)?,
        Value::Block(block) => automation::script_block::call(vm, block, name, arguments)?,
        Value::Native(native) => native.body().call(vm, target, name, arguments)?,
        Value::Switch(on) if name == "tobool" => Some(Value::Bool(*on)),
        Value::Bool(_) => numerics::numbers::bool_call(value, name)?,
        _ if value.is_number() => numerics::numbers::call(vm, value, name, arguments)?,
        _ => None,
    };
    match own {
        Some(result) => Ok(Some(result)),
        None => match object::call(vm, target, name, arguments)? {
            Some(result) => Ok(Some(result)),
            None => asynchronously(name, arguments, |name, arguments| {
                call(vm, target, name, arguments)
            }),
        },
    }
}

/// A static property or field; the name is in lower case.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    match type_ref.code {
        TypeCode::String => return Ok((name == "empty").then(|| Value::str(""))),
        TypeCode::Array if name == "maxlength" => return Ok(Some(Value::Int(0x7FFF_FFC7))),
        TypeCode::Array | TypeCode::Object => return Ok(None),
        TypeCode::DateTime => return Ok(time::date_time::read_static(vm, name)),
        TypeCode::TimeSpan => return Ok(time::time_span::read_static(name)),
        TypeCode::Bool => {
            return Ok(match name {
                "truestring" => Some(Value::str("True")),
                "falsestring" => Some(Value::str("False")),
                _ => None,
            });
        }
        TypeCode::Type => {
            return Ok(match name {
                "emptytypes" => Some(Value::array(Vec::new())),
                "delimiter" => Some(Value::Char(u16::from(b'.'))),
                _ => None,
            });
        }
        TypeCode::Switch => return Ok((name == "present").then_some(Value::Switch(true))),
        _ => {}
    }
    if let Some(found) = numerics::numbers::read_static(type_ref, name) {
        return Ok(Some(found));
    }
    behaviour::read_static(vm, type_ref, name)
}

/// Writes a static property; whether there is one.
pub fn write_static(vm: &mut Vm, type_ref: &TypeRef, name: &str, value: &Value) -> R<bool> {
    behaviour::write_static(vm, type_ref, name, value)
}

/// Calls a static method; the name is in lower case, the arguments converted.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let own = match type_ref.code {
        TypeCode::String => text::string_static::call_static(vm, name, arguments)?,
        TypeCode::Char => text::char::call_static(vm, name, arguments)?,
        TypeCode::Array => collections::array_static::call_static(vm, name, arguments)?,
        TypeCode::DateTime => time::date_time::call_static(vm, name, arguments)?,
        TypeCode::TimeSpan => time::time_span::call_static(vm, name, arguments)?,
        TypeCode::ScriptBlock => automation::script_block::call_static(vm, name, arguments)?,
        TypeCode::Type => reflection::runtime_type::call_static(vm, name, arguments)?,
        TypeCode::Enum => enumeration::call_static(vm, Some(type_ref), name, arguments)?,
        TypeCode::Object => None,
        _ => match numerics::numbers::call_static(vm, type_ref, name, arguments)? {
            Some(result) => Some(result),
            None => behaviour::call_static(vm, type_ref, name, arguments)?,
        },
    };
    match own {
        Some(result) => Ok(Some(result)),
        None => match object::call_static(vm, name, arguments)? {
            Some(result) => Ok(Some(result)),
            None => asynchronously(name, arguments, |name, arguments| {
                call_static(vm, type_ref, name, arguments)
            }),
        },
    }
}

/// A method that ends in `Async` does what the one without does, and gives a task that is done.
fn asynchronously(
    name: &str,
    arguments: &[Value],
    mut call: impl FnMut(&str, &[Value]) -> R<Option<Value>>,
) -> R<Option<Value>> {
    let Some(name) = name.strip_suffix("async").filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let mut given = arguments;
    loop {
        match call(name, given) {
            // The last argument may be what would cancel the work.
            Ok(None) => match given.split_last() {
                Some((last, rest)) if last.is_null() => given = rest,
                _ => return Ok(None),
            },
            Ok(Some(value)) => return threading::task::done(Ok(value)).map(Some),
            Err(unwind) => return threading::task::done(Err(unwind)).map(Some),
        }
    }
}

/// Makes an object; the arguments are converted.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    match type_ref.code {
        TypeCode::String => return text::string_static::construct(vm, arguments),
        TypeCode::DateTime => return time::date_time::construct(vm, arguments),
        TypeCode::TimeSpan => return time::time_span::construct(arguments),
        TypeCode::Hashtable | TypeCode::OrderedDictionary => {
            return collections::dictionary::construct(vm, type_ref, arguments);
        }
        TypeCode::ArrayList => return collections::list::construct(vm, type_ref, arguments),
        TypeCode::ErrorRecord => return automation::error_record::construct(vm, arguments),
        TypeCode::Switch => {
            return Ok(Some(Value::Switch(matches!(
                arguments.first(),
                Some(Value::Bool(true))
            ))));
        }
        TypeCode::Reference => {
            return Ok(Some(Value::Ref(Rc::new(Reference::Cell(RefCell::new(
                arguments.first().cloned().unwrap_or_default(),
            ))))));
        }
        TypeCode::Object => {
            return Ok(Some(Value::native(object::PlainObject)));
        }
        TypeCode::PSObject | TypeCode::CustomObject => {
            return Ok(Some(match arguments.first() {
                Some(base) => base.clone(),
                None => Value::Custom(Rc::new(crate::runtime::object::CustomObject::new(
                    Default::default(),
                ))),
            }));
        }
        TypeCode::Nullable => return Ok(arguments.first().cloned()),
        _ => {}
    }
    if let Some(number) = numerics::numbers::construct(type_ref, arguments) {
        return Ok(Some(number));
    }
    if exception::is_exception(type_ref) {
        return exception::construct(vm, type_ref, arguments);
    }
    behaviour::construct(vm, type_ref, arguments)
}

/// The zero of a value type; `None` for reference types.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    Some(match type_ref.code {
        TypeCode::Bool => Value::Bool(false),
        TypeCode::Char => Value::Char(0),
        TypeCode::SByte => Value::SByte(0),
        TypeCode::Byte => Value::Byte(0),
        TypeCode::Short => Value::Short(0),
        TypeCode::UShort => Value::UShort(0),
        TypeCode::Int => Value::Int(0),
        TypeCode::UInt => Value::UInt(0),
        TypeCode::Long => Value::Long(0),
        TypeCode::ULong => Value::ULong(0),
        TypeCode::Float => Value::Float(0.0),
        TypeCode::Double => Value::Double(0.0),
        TypeCode::Decimal => Value::decimal(rust_decimal::Decimal::ZERO),
        TypeCode::BigInt => Value::bigint(0.into()),
        TypeCode::Switch => Value::Switch(false),
        TypeCode::DateTime => Value::datetime(crate::runtime::text::datetime::DateTime::new(
            0,
            Default::default(),
        )),
        TypeCode::TimeSpan => Value::TimeSpan(crate::runtime::text::timespan::TimeSpan(0)),
        TypeCode::Enum => Value::enumeration(type_ref.clone(), 0),
        TypeCode::Other if type_ref.is_value_type() => return behaviour::zero(type_ref),
        _ => return None,
    })
}

/// Names of the properties of a value that is not native, in .NET's order.
pub fn property_names(value: &Value) -> Option<Vec<Rc<str>>> {
    let names: &[&str] = match value {
        Value::Str(_) => &["Length"],
        Value::Array(_) => &[
            "Length",
            "LongLength",
            "Rank",
            "SyncRoot",
            "IsReadOnly",
            "IsFixedSize",
            "IsSynchronized",
            "Count",
        ],
        Value::List(list) => collections::list::property_names(list),
        Value::Dict(dictionary) => collections::dictionary::property_names(dictionary),
        Value::Error(_) => &automation::error_record::PROPERTIES,
        Value::Exception(exception) => {
            return Some(exception::property_names(exception));
        }
        Value::DateTime(_) => &time::date_time::PROPERTIES,
        Value::TimeSpan(_) => &time::time_span::PROPERTIES,
        Value::Ref(_) => &["Value"],
        Value::Switch(_) => &["IsPresent"],
        Value::Enum(_) => &["value__"],
        Value::Custom(_)
        | Value::Bool(_)
        | Value::Char(_)
        | Value::Int(_)
        | Value::Long(_)
        | Value::Double(_) => &[],
        _ => return None,
    };
    Some(names.iter().map(|n| Rc::from(*n)).collect())
}

/// Names of properties that depend on the object's content (XML nodes).
pub fn dynamic_properties(value: &Value) -> Option<Vec<Rc<str>>> {
    behaviour::dynamic_properties(value)
}

/// Names of the properties that an object has behind those it is shown with.
pub fn names_behind(value: &Value) -> &'static [&'static str] {
    crate::runtime::types::xml::xml_node::names_behind(value)
}

/// Whether a list has an indexer: queues, stacks and linked lists have none.
pub fn is_indexable(list: &List) -> bool {
    collections::list::is_indexable(list)
}

/// A key converted to the key type of a generic dictionary.
pub fn typed_key(vm: &mut Vm, dictionary: &Dictionary, key: &Value) -> R<Value> {
    let key = match dictionary.type_ref.arguments.first() {
        Some(type_ref) if type_ref.code != TypeCode::Object => {
            let type_ref = type_ref.clone();
            vm.convert(key, &type_ref)?
        }
        _ => key.clone(),
    };
    if dictionary.comparer.is_none() && !matches!(key, Value::Instance(_)) {
        return Ok(key);
    }
    let by = dictionary.comparer.as_ref();
    collections::comparer::same_among(vm, by, || dictionary.keys(), &key)
}

/// Puts a value under a key, both converted to the types of a generic dictionary.
pub fn set_entry(vm: &mut Vm, dictionary: &Rc<Dictionary>, key: Value, value: Value) -> R<()> {
    if dictionary.read_only.get() {
        return failures::not_supported("Collection is read-only.");
    }
    let key = typed_key(vm, dictionary, &key)?;
    let value = match dictionary.type_ref.arguments.get(1) {
        Some(type_ref) if type_ref.code != TypeCode::Object => {
            let type_ref = type_ref.clone();
            vm.convert(&value, &type_ref)?
        }
        _ => value,
    };
    dictionary.set(key, value);
    collections::dictionary::keep_sorted(vm, dictionary)
}
