//! `System.Text.Json`: documents and their elements, and objects written as JSON.

use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{
    TypeCode, TypeRef, collections::array, collections::list, failures, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use serde_json::Value as Json;
use std::rc::Rc;

/// The deepest nesting that is written.
const DEEPEST: usize = 64;

const KINDS: [&str; 8] = [
    "Undefined",
    "Object",
    "Array",
    "String",
    "Number",
    "True",
    "False",
    "Null",
];

/// A piece of a document.
pub struct JsonElement(pub Rc<Json>);

/// A document.
struct JsonDocument(Rc<Json>);

fn kind(json: &Json) -> i64 {
    match json {
        Json::Object(_) => 1,
        Json::Array(_) => 2,
        Json::String(_) => 3,
        Json::Number(_) => 4,
        Json::Bool(true) => 5,
        Json::Bool(false) => 6,
        Json::Null => 7,
    }
}

fn kind_name(json: &Json) -> &'static str {
    usize::try_from(kind(json))
        .ok()
        .and_then(|at| KINDS.get(at))
        .copied()
        .unwrap_or("")
}

/// An element as a value.
pub fn element(json: Json) -> Value {
    Value::native(JsonElement(Rc::new(json)))
}

/// Reads a text; what is no JSON is told with its place, as .NET counts it.
pub fn parse(text: &str) -> R<Json> {
    serde_json::from_str(text).or_else(|error| {
        let (line, column) = (error.line().saturating_sub(1), error.column().saturating_sub(1));
        let found = text.lines().nth(line).and_then(|l| l.get(column..)?.chars().next());
        let at_end = error.is_eof() || found.is_none();
        let what = match found {
            _ if text.trim().is_empty() => "The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true.".to_string(),
            Some(c) if error.to_string().starts_with("key must be a string") => {
                format!("'{c}' is an invalid start of a property name. Expected a '\"'.")
            }
            Some(c) if !at_end => format!("'{c}' is an invalid start of a value."),
            _ => "Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.".to_string(),
        };
        let column = if at_end { text.lines().last().unwrap_or("").len() } else { column };
        failures::fail(
            "System.Text.Json.JsonReaderException",
            format!("{what} LineNumber: {line} | BytePositionInLine: {column}."),
        )
    })
}

fn wrong_kind<T>(wanted: &str, json: &Json) -> R<T> {
    failures::invalid_operation(format!(
        "The requested operation requires an element of type '{wanted}', but the target element has type '{}'.",
        kind_name(json)
    ))
}

fn no_format<T>() -> R<T> {
    failures::format("One of the identified items was in an invalid format.")
}

impl JsonElement {
    fn number(&self, vm: &mut Vm, wanted: &TypeRef) -> R<Value> {
        let Json::Number(number) = &*self.0 else {
            return wrong_kind("Number", &self.0);
        };
        let text = Value::str(number.to_string());
        match vm.convert(&text, wanted) {
            Ok(value) => Ok(value),
            Err(_) => no_format(),
        }
    }

    fn text(&self, wanted: &TypeRef, vm: &mut Vm) -> R<Value> {
        let Json::String(text) = &*self.0 else {
            return wrong_kind("String", &self.0);
        };
        vm.convert(&Value::str(text.as_str()), wanted)
            .or_else(|_| no_format())
    }

    fn items(&self) -> R<Vec<Value>> {
        match &*self.0 {
            Json::Array(items) => Ok(items.iter().cloned().map(element).collect()),
            other => wrong_kind("Array", other),
        }
    }

    fn shown(&self) -> String {
        match &*self.0 {
            Json::String(text) => text.clone(),
            Json::Null => String::new(),
            Json::Bool(true) => "True".into(),
            Json::Bool(false) => "False".into(),
            other => other.to_string(),
        }
    }
}

impl Native for JsonElement {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Text.Json.JsonElement")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.shown())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["ValueKind"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("ValueKind")
            .then(|| Value::enum_of("System.Text.Json.JsonValueKind", kind(&self.0))))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = vm.to_int(index)?;
        let Json::Array(items) = &*self.0 else {
            return wrong_kind("Array", &self.0);
        };
        match usize::try_from(at).ok().and_then(|at| items.get(at)) {
            Some(item) => Ok(Some(element(item.clone()))),
            None => failures::fail(
                "System.IndexOutOfRangeException",
                "Index was outside the bounds of the array.",
            ),
        }
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("getproperty", [key]) => {
                let key = vm.to_text(key)?;
                let Json::Object(table) = &*self.0 else {
                    return wrong_kind("Object", &self.0);
                };
                match table.get(&key) {
                    Some(value) => element(value.clone()),
                    None => {
                        return failures::fail(
                            "System.Collections.Generic.KeyNotFoundException",
                            "The given key was not present in the dictionary.",
                        );
                    }
                }
            }
            ("trygetproperty", [key, Value::Ref(place)]) => {
                let key = vm.to_text(key)?;
                let Json::Object(table) = &*self.0 else {
                    return wrong_kind("Object", &self.0);
                };
                let found = table.get(&key).cloned();
                let is_found = found.is_some();
                place.set(found.map_or(Value::Null, element));
                Value::Bool(is_found)
            }
            ("getstring", []) => match &*self.0 {
                Json::String(text) => Value::str(text.as_str()),
                Json::Null => Value::Null,
                other => return wrong_kind("String", other),
            },
            ("getboolean", []) => match &*self.0 {
                Json::Bool(value) => Value::Bool(*value),
                other => return wrong_kind("Boolean", other),
            },
            ("getint32", []) => self.number(vm, &known::int())?,
            ("getint64", []) => self.number(vm, &known::long())?,
            ("getint16", []) => self.number(vm, &known::short())?,
            ("getbyte", []) => self.number(vm, &known::byte())?,
            ("getuint32", []) => self.number(vm, &known::uint())?,
            ("getuint64", []) => self.number(vm, &known::ulong())?,
            ("getdouble", []) => self.number(vm, &known::double())?,
            ("getsingle", []) => self.number(vm, &known::float())?,
            ("getdecimal", []) => self.number(vm, &known::decimal())?,
            ("getdatetime", []) => self.text(&known::datetime(), vm)?,
            ("getguid", []) => self.text(&type_named("System.Guid"), vm)?,
            ("getarraylength", []) => {
                Value::Int(i32::try_from(self.items()?.len()).unwrap_or(i32::MAX))
            }
            ("getpropertycount", []) => match &*self.0 {
                Json::Object(table) => Value::Int(i32::try_from(table.len()).unwrap_or(i32::MAX)),
                other => return wrong_kind("Object", other),
            },
            ("enumeratearray", []) => array::of(&self.type_ref(), self.items()?),
            ("enumerateobject", []) => {
                let Json::Object(table) = &*self.0 else {
                    return wrong_kind("Object", &self.0);
                };
                let of = type_named("System.Text.Json.JsonProperty");
                let all = table.iter().map(|(name, value)| {
                    let text = format!("{}:{value}", Json::String(name.clone()));
                    let fields = vec![
                        ("Value", element(value.clone())),
                        ("Name", Value::str(name.as_str())),
                    ];
                    PlainObject::new("System.Text.Json.JsonProperty", fields)
                        .with_text(text)
                        .value()
                });
                array::of(&of, all.collect())
            }
            ("getrawtext", []) => Value::str(self.0.to_string()),
            ("valueequals", [text]) => {
                let text = vm.to_text(text)?;
                Value::Bool(matches!(&*self.0, Json::String(own) if *own == text))
            }
            ("clone", []) => Value::native(JsonElement(self.0.clone())),
            _ => return Ok(None),
        }))
    }
}

impl Native for JsonDocument {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Text.Json.JsonDocument")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["RootElement"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let is_root = name.eq_ignore_ascii_case("RootElement");
        Ok(is_root.then(|| Value::native(JsonElement(self.0.clone()))))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        Ok((name == "dispose").then_some(Value::Nothing))
    }
}

/// An object as JSON, as JsonSerializer writes it.
pub fn from_value(vm: &mut Vm, value: &Value, depth: usize) -> R<Json> {
    if depth > DEEPEST {
        return failures::fail(
            "System.Text.Json.JsonException",
            "A possible object cycle was detected. This can either be due to a cycle or if the object depth is larger than the maximum allowed depth of 64. Consider using ReferenceHandler.Preserve on JsonSerializerOptions to support cycles.",
        );
    }
    vm.check_interrupt()?;
    let base = value.base();
    if let Some(json) = value.as_native::<JsonElement>() {
        return Ok((*json.0).clone());
    }
    if let Some(json) = crate::runtime::types::text::json_node::json_of(value) {
        return Ok(json);
    }
    let number = |text: String| serde_json::from_str::<serde_json::Number>(&text).map(Json::Number);
    Ok(match base {
        Value::Null | Value::Nothing => Json::Null,
        Value::Bool(on) => Json::Bool(*on),
        Value::Str(text) => Json::String(text.as_str().to_string()),
        Value::Char(_) => Json::String(vm.to_text(base)?),
        Value::Enum(member) => Json::from(member.bits),
        Value::DateTime(_) => {
            let text = vm.invoke_method(base, "ToString", vec![Value::str("o")])?;
            let text = vm.to_text(&text)?;
            Json::String(short_fraction(&text))
        }
        Value::Dict(table) => {
            let mut out = serde_json::Map::new();
            for (key, item) in table.pairs() {
                let key = vm.to_text(&key)?;
                out.insert(key, from_value(vm, &item, depth + 1)?);
            }
            Json::Object(out)
        }
        _ if base.is_number() => {
            let text = vm.to_text(base)?;
            match number(text) {
                Ok(json) => json,
                Err(_) => {
                    return failures::argument(
                        ".NET number values such as positive and negative infinity cannot be written as valid JSON. To make it work when using 'JsonSerializer', consider specifying 'JsonNumberHandling.AllowNamedFloatingPointLiterals' (see https://learn.microsoft.com/dotnet/api/system.text.json.serialization.jsonnumberhandling).",
                        "",
                    );
                }
            }
        }
        Value::Array(bytes) if matches!(bytes.items.borrow().first(), Some(Value::Byte(_))) => {
            let convert = type_named("System.Convert");
            let text = vm.invoke_static(&convert, "ToBase64String", vec![base.clone()])?;
            Json::String(vm.to_text(&text)?)
        }
        _ => match vm.enumerate(base)? {
            Some(items) => {
                let items = items.iter().map(|item| from_value(vm, item, depth + 1));
                Json::Array(items.collect::<R<_>>()?)
            }
            None => return from_object(vm, value, depth),
        },
    })
}

/// `2024-03-05T00:00:00.0000000` without the digits that tell nothing.
fn short_fraction(text: &str) -> String {
    let Some((whole, rest)) = text.split_once('.') else {
        return text.to_string();
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, zone) = rest.split_at(end);
    match digits.trim_end_matches('0') {
        "" => format!("{whole}{zone}"),
        digits => format!("{whole}.{digits}{zone}"),
    }
}

fn from_object(vm: &mut Vm, value: &Value, depth: usize) -> R<Json> {
    let type_ref = vm.type_of(value.base());
    let as_text = matches!(
        type_ref.definition_name(),
        "System.Guid"
            | "System.TimeSpan"
            | "System.Uri"
            | "System.Version"
            | "System.DateOnly"
            | "System.TimeOnly"
    );
    if as_text {
        return Ok(Json::String(vm.to_text(value)?));
    }
    let mut out = serde_json::Map::new();
    for member in vm.members(value)? {
        if matches!(member.kind, "Property" | "NoteProperty") {
            let item = vm.get_member(value, &member.name)?.unwrap_or_default();
            out.insert(member.name.to_string(), from_value(vm, &item, depth + 1)?);
        }
    }
    Ok(Json::Object(out))
}

/// JSON as .NET writes it: what could end a script or a tag in a page is escaped.
pub fn write(json: &Json, indented: bool, relaxed: bool) -> String {
    let mut out = String::new();
    write_into(json, indented, relaxed, 0, &mut out);
    out
}

fn write_into(json: &Json, indented: bool, relaxed: bool, depth: usize, out: &mut String) {
    let line = |out: &mut String, depth: usize| {
        if indented {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
    };
    match json {
        Json::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, depth + 1);
                write_into(item, indented, relaxed, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        Json::Object(table) if !table.is_empty() => {
            out.push('{');
            for (at, (name, item)) in table.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, depth + 1);
                write_text(name, relaxed, out);
                out.push_str(if indented { ": " } else { ":" });
                write_into(item, indented, relaxed, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
        Json::String(text) => write_text(text, relaxed, out),
        other => out.push_str(&other.to_string()),
    }
}

fn write_text(text: &str, relaxed: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '"' if relaxed => out.push_str("\\\""),
            c if relaxed && c >= ' ' => out.push(c),
            '"' | '&' | '\'' | '+' | '<' | '>' | '`' => escape(c, out),
            ' '..='~' => out.push(c),
            c => escape(c, out),
        }
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        out.push_str(&format!("\\u{unit:04X}"));
    }
}

fn option(vm: &mut Vm, options: Option<&Value>, name: &str) -> R<Value> {
    match options {
        Some(options) if !options.is_null() => {
            Ok(vm.get_member(options, name)?.unwrap_or_default())
        }
        _ => Ok(Value::Null),
    }
}

/// `[JsonSerializerOptions]::new()`
pub fn options() -> Value {
    let off = || Value::Bool(false);
    let fields = vec![
        ("AllowTrailingCommas", off()),
        ("DefaultBufferSize", Value::Int(16384)),
        ("DictionaryKeyPolicy", Value::Null),
        ("Encoder", Value::Null),
        ("IncludeFields", off()),
        ("IndentCharacter", Value::Char(u16::from(b' '))),
        ("IndentSize", Value::Int(2)),
        ("MaxDepth", Value::Int(0)),
        ("PropertyNameCaseInsensitive", off()),
        ("PropertyNamingPolicy", Value::Null),
        ("WriteIndented", off()),
    ];
    PlainObject::new("System.Text.Json.JsonSerializerOptions", fields)
        .writable()
        .value()
}

/// A JSON value as one of a .NET type.
fn into_type(vm: &mut Vm, json: &Json, wanted: &TypeRef) -> R<Value> {
    if let (Some(item), Json::Array(items)) = (wanted.element(), json) {
        let item = item.clone();
        let items = items.iter().map(|json| into_type(vm, json, &item));
        return Ok(array::of(&item, items.collect::<R<_>>()?));
    }
    match (wanted.code, json) {
        (TypeCode::Object, Json::Null) => return Ok(Value::Null),
        (TypeCode::Object, _) => return Ok(element(json.clone())),
        (TypeCode::Hashtable, Json::Object(table)) => {
            let out = Dictionary::new(known::hashtable(), KeyComparison::Exact);
            for (name, item) in table {
                out.set_str(name, element(item.clone()));
            }
            return Ok(Value::Dict(Rc::new(out)));
        }
        _ => {}
    }
    let converted = match json {
        Json::Null if !wanted.is_value_type() => return Ok(Value::Null),
        Json::Bool(on) if wanted.code == TypeCode::Bool => return Ok(Value::Bool(*on)),
        Json::String(text) if wanted.code == TypeCode::String => {
            return Ok(Value::str(text.as_str()));
        }
        Json::Number(number) if wanted.code.is_numeric() => {
            vm.convert(&Value::str(number.to_string()), wanted).ok()
        }
        Json::String(text) if !wanted.code.is_numeric() => {
            vm.convert(&Value::str(text.as_str()), wanted).ok()
        }
        Json::Object(table)
            if crate::runtime::types::collections::dictionary::is_dictionary_type(wanted) =>
        {
            let made = vm.construct(wanted, Vec::new())?;
            let item_type = wanted
                .arguments
                .get(1)
                .cloned()
                .unwrap_or_else(known::object);
            for (name, item) in table {
                let item = into_type(vm, item, &item_type)?;
                vm.set_index(&made, &Value::str(name.as_str()), item)?;
            }
            Some(made)
        }
        Json::Array(items) if list::is_list_type(wanted) => {
            let made = vm.construct(wanted, Vec::new())?;
            let item_type = wanted
                .arguments
                .first()
                .cloned()
                .unwrap_or_else(known::object);
            for item in items {
                let item = into_type(vm, item, &item_type)?;
                vm.invoke_method(&made, "Add", vec![item])?;
            }
            Some(made)
        }
        Json::Object(table) => {
            let made = vm.construct(wanted, Vec::new())?;
            for (name, item) in table {
                let plain = match item {
                    Json::Number(number) => Value::str(number.to_string()),
                    Json::String(text) => Value::str(text.as_str()),
                    Json::Bool(on) => Value::Bool(*on),
                    Json::Null => Value::Null,
                    other => element(other.clone()),
                };
                let names = vm.members(&made)?;
                if names.iter().any(|member| *member.name == **name) {
                    vm.write_property(&made, name, plain)?;
                }
            }
            Some(made)
        }
        _ => None,
    };
    match converted {
        Some(value) => Ok(value),
        None => failures::fail(
            "System.Text.Json.JsonException",
            format!(
                "The JSON value could not be converted to {}. Path: $ | LineNumber: 0 | BytePositionInLine: {}.",
                wanted.reflection_text(),
                json.to_string().len()
            ),
        ),
    }
}

/// A static method of the namespace's types; the name is in lower case.
pub fn call_static(vm: &mut Vm, of: &str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (of, name, arguments) {
        ("System.Text.Json.JsonDocument", "parse", [text, ..]) => {
            let text = vm.to_text(text)?;
            Value::native(JsonDocument(Rc::new(parse(&text)?)))
        }
        ("System.Text.Json.JsonSerializer", "serialize", [value, rest @ ..]) => {
            let options = rest.iter().find(|o| !matches!(o.base(), Value::Type(_)));
            let indented = option(vm, options, "WriteIndented")?;
            let encoder = option(vm, options, "Encoder")?;
            let json = from_value(vm, value, 0)?;
            Value::str(write(
                &json,
                matches!(indented, Value::Bool(true)),
                !encoder.is_null(),
            ))
        }
        ("System.Text.Json.JsonSerializer", "serializetoelement", [value, ..]) => {
            element(from_value(vm, value, 0)?)
        }
        ("System.Text.Json.JsonSerializer", "deserialize", [text, Value::Type(wanted), ..]) => {
            let text = vm.to_text(text)?;
            let json = parse(&text)?;
            into_type(vm, &json, wanted)?
        }
        _ if of.starts_with("System.Text.Json.Nodes.") => {
            return crate::runtime::types::text::json_node::call_static(vm, name, arguments);
        }
        _ => return Ok(None),
    }))
}

/// A generic static method: `Deserialize[T](text)`.
pub fn call_generic(
    vm: &mut Vm,
    name: &str,
    of: &TypeRef,
    arguments: &[Value],
) -> R<Option<Value>> {
    match (name, arguments) {
        ("deserialize", [text, ..]) => {
            let text = vm.to_text(text)?;
            let json = parse(&text)?;
            into_type(vm, &json, of).map(Some)
        }
        _ => Ok(None),
    }
}

/// The encoder that escapes only what it must.
pub fn relaxed_encoder() -> Value {
    PlainObject::new("System.Text.Encodings.Web.JavaScriptEncoder", Vec::new()).value()
}
