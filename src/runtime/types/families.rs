//! The types beyond the language's own, by name.

use crate::runtime::error::R;
use crate::runtime::types::collections::comparer::{DefaultComparer, TextComparer};
use crate::runtime::types::io::file_info::FileInfo;
use crate::runtime::types::*;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static property.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    Ok(match type_ref.definition_name() {
        "System.Math" | "System.MathF" => numerics::math::read_static(name),
        "System.IO.Path" => io::path::read_static(name),
        "System.Uri" => net::uri::read_static(name),
        "System.Globalization.CultureInfo" => text::culture::read_static(vm, name),
        "System.Globalization.NumberFormatInfo" | "System.Globalization.DateTimeFormatInfo" => {
            text::culture::format_info(vm, &type_ref.full_name, name)
        }
        "System.StringComparer" => TextComparer::named(name).map(Value::native),
        "System.Collections.Generic.Comparer`1"
        | "System.Collections.Generic.EqualityComparer`1"
            if name == "default" =>
        {
            Some(DefaultComparer::generic(type_ref))
        }
        "System.Collections.Comparer" if name.starts_with("default") => {
            Some(DefaultComparer::value("System.Collections.Comparer", false))
        }
        "System.Collections.CaseInsensitiveComparer" if name.starts_with("default") => Some(
            DefaultComparer::value("System.Collections.CaseInsensitiveComparer", true),
        ),
        "System.DBNull" if name == "value" => Some(crate::runtime::types::data::db_null::value()),
        "System.Convert" if name == "dbnull" => Some(crate::runtime::types::data::db_null::value()),
        "System.GC" if name == "maxgeneration" => Some(Value::Int(2)),
        "System.Type" if name == "delimiter" => Some(Value::Char(u16::from(b'.'))),
        "System.Array" if name == "maxlength" => Some(Value::Int(0x7FFF_FFC7)),
        "System.Guid" => guid::read_static(name),
        "System.Text.RegularExpressions.Regex" => text::regex::read_static(name),
        "System.Net.IPAddress" => net::ip_address::read_static(name),
        "System.Environment" => environment::read_static(vm, name),
        "System.Console" => crate::runtime::types::io::console::read_static(vm, name)?,
        "System.BitConverter" if name == "islittleendian" => Some(Value::Bool(true)),
        "System.Random" if name == "shared" => numerics::random::construct(vm, &[])?,
        "System.Diagnostics.Stopwatch" => match name {
            "frequency" => Some(Value::Long(1_000_000_000)),
            "ishighresolution" => Some(Value::Bool(true)),
            _ => None,
        },
        "System.Management.Automation.Language.NullString" if name == "value" => Some(
            plain_object::PlainObject::new(
                "System.Management.Automation.Language.NullString",
                Vec::new(),
            )
            .with_text("")
            .value(),
        ),
        "System.Management.Automation.Internal.AutomationNull" if name == "value" => {
            Some(Value::Nothing)
        }
        "System.Text.Encoding" | "System.Text.UTF8Encoding" | "System.Text.ASCIIEncoding" => {
            text::text_encoding::read_static(name)
        }
        _ => services::read_static(vm, type_ref, name)?,
    })
}

/// Writes a static property; whether there is one.
pub fn write_static(vm: &mut Vm, type_ref: &TypeRef, name: &str, value: &Value) -> R<bool> {
    match (type_ref.definition_name(), name) {
        ("System.Globalization.CultureInfo", "currentculture" | "defaultthreadcurrentculture") => {
            text::culture::make_current(vm, value)
        }
        ("System.Globalization.CultureInfo", "currentuiculture") => Ok(true),
        ("System.Net.ServicePointManager", _) => net::service_point::write_static(vm, name, value),
        ("System.Console", _) => crate::runtime::types::io::console::write_static(vm, name, value),
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
        "System.Math" | "System.MathF" => match numerics::math::call_static(vm, name, arguments)? {
            Some(result) => Ok(Some(result)),
            None => numerics::number_functions::of_math(vm, name, arguments),
        },
        "System.Management.Automation.Language.CodeGeneration" => {
            Ok(crate::runtime::types::automation::code_generation::call_static(name, arguments))
        }
        "System.Management.Automation.Language.Parser" => {
            automation::language::call_static(vm, name, arguments)
        }
        "System.Management.Automation.PSParser" if name == "tokenize" => {
            crate::runtime::types::automation::ps_token::tokenize(vm, arguments)
        }
        "System.IO.Path" => io::path::call_static(vm, name, arguments),
        "System.IO.File" => io::file::file_static(vm, name, arguments),
        "System.IO.Directory" => io::file::directory_static(vm, name, arguments),
        "System.Text.Encoding" => text::text_encoding::call_static(vm, name, arguments),
        "System.Enum" => enumeration::call_static(vm, None, name, arguments),
        "System.Guid" => guid::call_static(name, arguments),
        "System.Uri" => Ok(net::uri::call_static(name, arguments)),
        "System.Version" => version::call_static(name, false, arguments),
        "System.Management.Automation.SemanticVersion" => {
            version::call_static(name, true, arguments)
        }
        "System.Text.RegularExpressions.Regex" => text::regex::call_static(vm, name, arguments),
        "System.Net.IPAddress" => net::ip_address::call_static(name, arguments),
        "System.Net.Mail.MailAddress" => Ok(net::mail_address::call_static(name, arguments)),
        "System.Management.Automation.WildcardPattern" => {
            automation::wildcard_pattern::call_static(vm, name, arguments)
        }
        "System.Convert" => numerics::convert::call_static(vm, name, arguments),
        "System.BitConverter" => numerics::bit_converter::call_static(vm, name, arguments),
        "System.Environment" => environment::call_static(vm, name, arguments),
        "System.Console" => crate::runtime::types::io::console::call_static(vm, name, arguments),
        "System.Diagnostics.Stopwatch" => environment::stopwatch_static(vm, name, arguments),
        "System.StringComparer" => Ok(collections::comparer::call_static(name, arguments)),
        "System.GC" => Ok(match name {
            "collect"
            | "waitforpendingfinalizers"
            | "suppressfinalize"
            | "keepalive"
            | "addmemorypressure"
            | "removememorypressure"
            | "reregisterforfinalize" => Some(Value::Nothing),
            "collectioncount" | "getgeneration" => Some(Value::Int(0)),
            "gettotalallocatedbytes" | "getallocatedbytesforcurrentthread" => {
                Some(Value::Long(100_000_000))
            }
            "gettotalmemory" => Some(Value::Long(50_000_000)),
            _ => None,
        }),
        "System.Globalization.CultureInfo" => match name {
            "getcultureinfo" | "createspecificculture" => text::culture::make(vm, arguments, true),
            "getcultures" => Ok(Some(text::culture::all())),
            "getcultureinfobyietflanguagetag" => text::culture::make(vm, arguments, true),
            "readonly" => Ok(arguments.first().cloned()),
            _ => Ok(None),
        },
        "System.Runtime.InteropServices.Marshal" if name == "sizeof" => match arguments.first() {
            Some(of) => reflection::marshal::size_of(vm, of).map(Some),
            None => Ok(None),
        },
        "System.Management.Automation.PowerShell" if name == "create" => {
            Ok(Some(automation::powershell::create(arguments)))
        }
        "System.Management.Automation.CommandCompletion" if name == "completeinput" => {
            let (text, cursor) = match arguments {
                [ast, _, position, _] => {
                    let extent = vm.get_member(ast, "Extent")?.unwrap_or_default();
                    let text = vm.get_member(&extent, "Text")?.unwrap_or_default();
                    (text, vm.get_member(position, "Offset")?.unwrap_or_default())
                }
                [text, cursor, ..] => (text.clone(), cursor.clone()),
                _ => return Ok(None),
            };
            let named = [("inputScript", text), ("cursorColumn", cursor)];
            let items = vm.call_command("TabExpansion2", &named, &[])?;
            Ok(items.into_iter().next())
        }
        "System.Management.Automation.LanguagePrimitives" => {
            automation::language_primitives::call_static(vm, name, &[], arguments)
        }
        "System.Linq.Enumerable" => linq::call_static(vm, name, arguments, None),
        "System.Threading.Interlocked" => threading::interlocked::call_static(vm, name, arguments),
        "System.Collections.ArrayList" => collections::list::call_static(vm, name, arguments),
        "System.Management.Automation.PSObject" if name == "aspsobject" => {
            let object = arguments.first().cloned();
            Ok(object.map(crate::runtime::member::added::as_object))
        }
        "System.Nullable" => Ok(match (name, arguments) {
            ("getunderlyingtype", [Value::Type(of)]) => Some(match of.code {
                TypeCode::Nullable => of
                    .arguments
                    .first()
                    .cloned()
                    .map_or(Value::Null, Value::Type),
                _ => Value::Null,
            }),
            ("compare", [one, other]) => Some(Value::Int(equality::order(vm, one, other)? as i32)),
            ("equals", [one, other]) => Some(Value::Bool(equality::equal(vm, one, other)?)),
            _ => None,
        }),
        "System.Collections.Generic.Comparer`1" if name == "create" => Ok(arguments
            .first()
            .map(collections::comparer::ComparisonComparer::value)),
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
        _ => services::call_static(vm, type_ref, name, arguments),
    }
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let name = type_ref.definition_name();
    if collections::list::is_list_type(type_ref) {
        return collections::list::construct(vm, type_ref, arguments);
    }
    if collections::dictionary::is_dictionary_type(type_ref) {
        return collections::dictionary::construct(vm, type_ref, arguments);
    }
    match name {
        "System.Management.Automation.Host.ChoiceDescription" => {
            let mut texts = [String::new(), String::new()];
            for (text, argument) in texts.iter_mut().zip(arguments) {
                *text = vm.to_text(argument)?;
            }
            let [label, help] = texts;
            Ok(Some(automation::host::choice_description(&label, &help)))
        }
        automation::host::FIELD => {
            let name = match arguments {
                [name] => vm.to_text(name)?,
                _ => return Ok(None),
            };
            Ok(Some(automation::host::field_description(&name)))
        }
        "System.Management.Automation.CompletionResult" => {
            let mut fields = Vec::new();
            let names = ["CompletionText", "ListItemText", "ResultType", "ToolTip"];
            for (at, field) in names.into_iter().enumerate() {
                // With the text alone it is shown and explained by itself.
                let given = arguments.get(at).or(arguments.first().filter(|_| at != 2));
                fields.push((
                    field,
                    given.cloned().unwrap_or_else(|| {
                        Value::enum_of("System.Management.Automation.CompletionResultType", 0)
                    }),
                ));
            }
            Ok(Some(plain_object::PlainObject::new(name, fields).value()))
        }
        "System.Collections.DictionaryEntry" => match arguments {
            [key, item] => Ok(Some(collections::dictionary::Entry::value(
                key.clone(),
                item.clone(),
            ))),
            _ => Ok(None),
        },
        "System.Collections.Generic.KeyValuePair`2" => match arguments {
            [key, item] => {
                let key = vm.convert(key, &type_ref.arguments[0])?;
                let item = vm.convert(item, &type_ref.arguments[1])?;
                Ok(Some(collections::dictionary::Entry::pair(
                    type_ref.clone(),
                    key,
                    item,
                )))
            }
            _ => Ok(None),
        },
        "System.Guid" => guid::construct(arguments),
        "System.Uri" => net::uri::construct(arguments),
        "System.Version" => version::construct(arguments),
        "System.Management.Automation.SemanticVersion" => version::construct_semantic(arguments),
        "System.Text.RegularExpressions.Regex" => text::regex::construct(arguments),
        "System.Net.IPAddress" => net::ip_address::construct(arguments),
        "System.Net.Mail.MailAddress" => net::mail_address::construct(arguments),
        "System.Management.Automation.WildcardPattern" => {
            automation::wildcard_pattern::construct(vm, arguments).map(Some)
        }
        "System.Xml.XmlDocument" => Ok(Some(xml::xml_node::document())),
        "System.Xml.XmlNamespaceManager" => {
            Ok(Some(xml::xml_namespaces::NamespaceManager::value()))
        }
        "System.Text.StringBuilder" => text::string_builder::construct(vm, arguments),
        "System.Random" => numerics::random::construct(vm, arguments),
        "System.Diagnostics.Stopwatch" => Ok(Some(environment::Stopwatch::value(vm, false))),
        "System.Collections.Generic.LinkedList`1"
        | "System.Collections.Generic.LinkedListNode`1" => {
            collections::linked_list::construct(vm, type_ref, arguments)
        }
        "System.Collections.Generic.PriorityQueue`2" => {
            collections::priority_queue::construct(vm, type_ref, arguments)
        }
        "System.Lazy`1" => collections::lazy::construct(type_ref, arguments),
        "System.ArraySegment`1" => collections::array_segment::construct(vm, type_ref, arguments),
        "System.Collections.BitArray" => collections::bit_array::construct(arguments),
        "System.Collections.Specialized.NameValueCollection"
        | "System.Collections.Specialized.StringDictionary" => {
            collections::name_value::construct(vm, type_ref, arguments)
        }
        "System.Collections.ObjectModel.ReadOnlyCollection`1" => {
            collections::read_only::construct(type_ref, arguments)
        }
        "System.Collections.Generic.HashSet`1" | "System.Collections.Generic.SortedSet`1" => {
            collections::hash_set::construct(vm, type_ref, arguments)
        }
        _ if automation::ps_member::is_member_type(name) => {
            automation::ps_member::construct(vm, name, arguments)
        }
        "System.Globalization.CultureInfo" => text::culture::make(vm, arguments, false),
        "System.Globalization.NumberFormatInfo" | "System.Globalization.DateTimeFormatInfo" => {
            Ok(text::culture::format_info(vm, name, "new"))
        }
        "System.IO.FileInfo" | "System.IO.DirectoryInfo" => match arguments {
            [path] => {
                let text = vm.to_text(path)?;
                let path = io::file::full_path(vm, path)?;
                let is_folder = name == "System.IO.DirectoryInfo";
                Ok(Some(FileInfo::written(path, is_folder, &text)))
            }
            _ => Ok(None),
        },
        "System.Management.Automation.ErrorDetails" => match arguments {
            [message] => {
                let message = vm.to_text(message)?;
                Ok(Some(automation::error_record::Details::value(&message)))
            }
            _ => Ok(None),
        },
        _ if name.starts_with("System.Text.") && name.ends_with("Encoding") => {
            Ok(text::text_encoding::construct(name, arguments))
        }
        _ if name.starts_with("System.Tuple`") || name.starts_with("System.ValueTuple`") => {
            let mut items = Vec::new();
            for (argument, wanted) in arguments.iter().zip(&type_ref.arguments) {
                items.push(vm.convert(argument, wanted)?);
            }
            Ok(Some(collections::tuple::of_type(type_ref, items)))
        }
        "System.Management.Automation.PSVariable" => {
            automation::ps_variable::construct(vm, arguments)
        }
        "System.Management.Automation.RuntimeDefinedParameter" => {
            automation::dynamic_parameter::construct(vm, arguments)
        }
        _ if name.ends_with("Attribute") && !name.starts_with("System.Xml.") => {
            automation::attributes::construct(vm, type_ref, arguments)
        }
        _ => match automation::secure_string::construct(vm, name, arguments)? {
            Some(made) => Ok(Some(made)),
            None => services::construct(vm, type_ref, arguments),
        },
    }
}

/// The zero of a struct.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    match type_ref.definition_name() {
        "System.Guid" => Some(guid::value(crate::runtime::text::guid::Guid([0; 16]))),
        "System.Collections.DictionaryEntry" => Some(collections::dictionary::Entry::value(
            Value::Null,
            Value::Null,
        )),
        name if name.starts_with("System.ValueTuple`") => Some(collections::tuple::zero(type_ref)),
        _ => services::zero(type_ref),
    }
}

/// Names of properties that depend on an object's content.
pub fn dynamic_properties(value: &Value) -> Option<Vec<Rc<str>>> {
    xml::xml_node::property_names(value).or_else(|| data::column_names(value))
}
