//! The types beyond the language's own, by name.

use super::comparer::{DefaultComparer, TextComparer};
use super::*;
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static property.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    Ok(match type_ref.definition_name() {
        "System.Math" | "System.MathF" => math::read_static(name),
        "System.IO.Path" => path::read_static(name),
        "System.Globalization.CultureInfo" => culture::read_static(vm, name),
        "System.Globalization.NumberFormatInfo" | "System.Globalization.DateTimeFormatInfo" => {
            culture::format_info(vm, &type_ref.full_name, name)
        }
        "System.StringComparer" => TextComparer::named(name).map(Value::native),
        "System.Collections.Comparer" | "System.Collections.Generic.Comparer`1"
            if name.starts_with("default") =>
        {
            Some(DefaultComparer::value("System.Collections.Comparer", false))
        }
        "System.Collections.CaseInsensitiveComparer" if name.starts_with("default") => Some(
            DefaultComparer::value("System.Collections.CaseInsensitiveComparer", true),
        ),
        "System.DBNull" if name == "value" => Some(Value::Null),
        "System.Text.Encoding" | "System.Text.UTF8Encoding" | "System.Text.ASCIIEncoding" => {
            text_encoding::read_static(name)
        }
        _ => None,
    })
}

/// Writes a static property; whether there is one.
pub fn write_static(vm: &mut Vm, type_ref: &TypeRef, name: &str, value: &Value) -> R<bool> {
    match (type_ref.definition_name(), name) {
        ("System.Globalization.CultureInfo", "currentculture" | "defaultthreadcurrentculture") => {
            culture::make_current(vm, value)
        }
        ("System.Globalization.CultureInfo", "currentuiculture") => Ok(true),
        _ => Ok(false),
    }
}

/// A static method.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    match type_ref.definition_name() {
        "System.Math" | "System.MathF" => math::call_static(vm, name, arguments),
        "System.IO.Path" => path::call_static(vm, name, arguments),
        "System.IO.File" => file::file_static(vm, name, arguments),
        "System.IO.Directory" => file::directory_static(vm, name, arguments),
        "System.Text.Encoding" => text_encoding::call_static(vm, name, arguments),
        "System.Enum" => enumeration::call_static(vm, None, name, arguments),
        "System.Globalization.CultureInfo" => match name {
            "getcultureinfo" | "createspecificculture" => culture::make(vm, arguments, true),
            "getcultures" => Ok(Some(culture::all())),
            _ => Ok(None),
        },
        "System.Tuple" | "System.ValueTuple" if name == "create" => Ok(Some(tuple::value(
            arguments.to_vec(),
            type_ref.is_value_type() || &*type_ref.full_name == "System.ValueTuple",
        ))),
        "System.Collections.ArrayList" if name == "adapter" || name == "synchronized" => {
            Ok(arguments.first().cloned())
        }
        "System.Collections.Hashtable" if name == "synchronized" => Ok(arguments.first().cloned()),
        "System.Activator" if name == "createinstance" => match arguments {
            [Value::Type(wanted), rest @ ..] => {
                let list = match rest {
                    [Value::Array(list)] => list.items.borrow().clone(),
                    many => many.to_vec(),
                };
                vm.construct(wanted, list).map(Some)
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let name = type_ref.definition_name();
    if list::is_list_type(type_ref) {
        return list::construct(vm, type_ref, arguments);
    }
    if dictionary::is_dictionary_type(type_ref) {
        return dictionary::construct(vm, type_ref, arguments);
    }
    match name {
        "System.Collections.DictionaryEntry" => match arguments {
            [key, item] => Ok(Some(dictionary::Entry::value(key.clone(), item.clone()))),
            _ => Ok(None),
        },
        "System.Collections.Generic.KeyValuePair`2" => match arguments {
            [key, item] => {
                let key = vm.convert(key, &type_ref.arguments[0])?;
                let item = vm.convert(item, &type_ref.arguments[1])?;
                Ok(Some(dictionary::Entry::pair(type_ref.clone(), key, item)))
            }
            _ => Ok(None),
        },
        "System.Globalization.CultureInfo" => culture::make(vm, arguments, false),
        "System.Globalization.NumberFormatInfo" | "System.Globalization.DateTimeFormatInfo" => {
            Ok(culture::format_info(vm, name, "new"))
        }
        "System.IO.FileInfo" | "System.IO.DirectoryInfo" => match arguments {
            [path] => {
                let path = file::full_path(vm, path)?;
                Ok(Some(file::info(
                    path,
                    name == "System.IO.DirectoryInfo",
                )))
            }
            _ => Ok(None),
        },
        "System.Management.Automation.ErrorDetails" => match arguments {
            [message] => {
                let message = vm.to_text(message)?;
                Ok(Some(error_record::Details::value(&message)))
            }
            _ => Ok(None),
        },
        _ if name.starts_with("System.Text.") && name.ends_with("Encoding") => {
            Ok(text_encoding::construct(name, arguments))
        }
        _ if name.starts_with("System.Tuple`") || name.starts_with("System.ValueTuple`") => {
            let mut items = Vec::new();
            for (argument, wanted) in arguments.iter().zip(&type_ref.arguments) {
                items.push(vm.convert(argument, wanted)?);
            }
            Ok(Some(tuple::of_type(type_ref, items)))
        }
        _ => secure_string::construct(vm, name, arguments),
    }
}

/// The zero of a struct.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    match type_ref.definition_name() {
        "System.Collections.DictionaryEntry" => {
            Some(dictionary::Entry::value(Value::Null, Value::Null))
        }
        name if name.starts_with("System.ValueTuple`") => Some(tuple::zero(type_ref)),
        _ => None,
    }
}

/// Names of properties that depend on an object's content.
pub fn dynamic_properties(_value: &Value) -> Option<Vec<Rc<str>>> {
    None
}
