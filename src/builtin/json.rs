//! ConvertTo-Json, ConvertFrom-Json and Test-Json.

use super::selection::stop;
use crate::builtin::json_read::{Reader, Reading, Times};
use crate::cmdlet::registry::Factory;
use crate::host::discard::Long;
use crate::runtime::collection::Dictionary;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::limits;
use crate::runtime::member::added::own_members;
use crate::runtime::object::Member;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::DateTimeKind;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::numeric;
use crate::runtime::types::failures::out_of_memory;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use num_traits::ToPrimitive;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ConvertTo-Json", || Box::<ConvertToJson>::default()),
    ("ConvertFrom-Json", || Box::<ConvertFromJson>::default()),
    ("Test-Json", || Box::<TestJson>::default()),
];

#[derive(Default)]
struct ConvertToJson {
    items: Long<Value>,
    piped: bool,
}

impl Cmdlet for ConvertToJson {
    fn process_direct(&mut self, _vm: &mut Vm, call: &Call, input: &Value) -> Option<R<()>> {
        if call.has("InputObject") {
            return None;
        }
        self.items.push(input.clone());
        self.piped = true;
        Some(Ok(()))
    }

    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.items.push(call.get("InputObject").unwrap_or_default());
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        let mut items = std::mem::take(&mut self.items);
        if self.piped || call.expecting_input {
            items = items
                .into_iter()
                .map(|item| from_pipeline(vm, item))
                .collect::<R<_>>()?;
        }
        let value = if items.len() > 1 || call.switch("AsArray") {
            Value::array(items.into_inner())
        } else {
            items.into_iter().next().unwrap_or_default()
        };
        let escape = match call.get("EscapeHandling") {
            Some(value) => match vm.to_text(&value)?.to_ascii_lowercase().as_str() {
                "escapenonascii" => Escape::NonAscii,
                "escapehtml" => Escape::Html,
                _ => Escape::Default,
            },
            None => Escape::Default,
        };
        let mut writer = Writer {
            text: String::new(),
            depth: call.int("Depth").unwrap_or(2),
            compress: call.switch("Compress"),
            enums_as_strings: call.switch("EnumsAsStrings"),
            escape,
            truncated: false,
        };
        writer.value(vm, &value, 0)?;
        if writer.truncated {
            let depth = writer.depth;
            vm.write_warning(&format!(
                "Resulting JSON is truncated as serialization has exceeded the set depth of {depth}."
            ))?;
        }
        vm.write(Value::str(writer.text))
    }
}

/// Whether a value is written as it is, or as a list, rather than by its properties.
fn is_plain_in_json(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Char(_) | Value::Enum(_) | Value::Array(_) | Value::List(_) => true,
        Value::Native(native) => matches!(
            native.body().type_ref().full_name.as_ref(),
            "System.Guid" | "System.Uri" | "System.DateTimeOffset"
        ),
        other => other.is_number(),
    }
}

/// An object from the pipeline brings what its type's data adds: of a GUID its text once more.
fn from_pipeline(vm: &mut Vm, value: Value) -> R<Value> {
    if !matches!(&value, Value::Native(n) if &*n.body().type_ref().full_name == "System.Guid") {
        return Ok(value);
    }
    let text = Value::str(vm.to_text(&value)?);
    let pairs = Dictionary::ordered();
    pairs.set(Value::str("value"), text.clone());
    pairs.set(Value::str("Guid"), text);
    Ok(Value::Dict(Rc::new(pairs)))
}

#[derive(Clone, Copy, PartialEq)]
enum Escape {
    Default,
    NonAscii,
    Html,
}

struct Writer {
    text: String,
    depth: i64,
    compress: bool,
    enums_as_strings: bool,
    escape: Escape,
    truncated: bool,
}

impl Writer {
    /// A value; properties that were added to one without properties of its own make it an
    /// object, with the value itself as `value`.
    fn value(&mut self, vm: &mut Vm, value: &Value, level: i64) -> R<()> {
        let extended = match value {
            Value::Wrapped(wrapped) => !matches!(
                wrapped.base,
                Value::Str(_) | Value::DateTime(_) | Value::Dict(_) | Value::Custom(_)
            ),
            Value::Array(_) | Value::List(_) => true,
            _ => false,
        };
        if extended && is_plain_in_json(value.base()) {
            let mut pairs: Vec<(Rc<str>, Value)> = Vec::new();
            for (name, member) in own_members(value) {
                if member.is_property() {
                    let found = match member {
                        Member::Note(found) => found,
                        _ => vm.get_member(value, &name)?.unwrap_or_default(),
                    };
                    pairs.push((name, found));
                }
            }
            if !pairs.is_empty() {
                return self.extended(vm, value, pairs, level);
            }
        }
        self.bare(vm, value, level)
    }

    fn extended(
        &mut self,
        vm: &mut Vm,
        value: &Value,
        pairs: Vec<(Rc<str>, Value)>,
        level: i64,
    ) -> R<()> {
        self.text.push('{');
        self.line(level + 1);
        self.string("value");
        self.text.push_str(if self.compress { ":" } else { ": " });
        self.bare(vm, value, level + 1)?;
        for (name, value) in pairs {
            self.text.push(',');
            self.line(level + 1);
            self.string(&name);
            self.text.push_str(if self.compress { ":" } else { ": " });
            self.value(vm, &value, level + 1)?;
        }
        self.line(level);
        self.text.push('}');
        Ok(())
    }

    fn bare(&mut self, vm: &mut Vm, value: &Value, level: i64) -> R<()> {
        match value.base() {
            Value::Null | Value::Nothing => self.text.push_str("null"),
            Value::Bool(b) | Value::Switch(b) if !matches!(value.base(), Value::Switch(_)) => {
                self.text.push_str(if *b { "true" } else { "false" });
            }
            Value::Str(text) => self.string(text),
            Value::Int(n) => self.text.push_str(&n.to_string()),
            Value::Long(n) => self.text.push_str(&n.to_string()),
            Value::Char(unit) => {
                let text = String::from_utf16_lossy(&[*unit]);
                self.string(&text);
            }
            Value::Double(n) => self.real(*n, numeric::double_text(*n, Culture::invariant())),
            Value::Float(n) => {
                self.real(
                    f64::from(*n),
                    numeric::single_text(*n, Culture::invariant()),
                );
            }
            Value::Decimal(n) => {
                let n = n.normalize();
                let mut text = n.to_string();
                if !text.contains('.') {
                    text.push_str(".0");
                }
                self.text.push_str(&text);
            }
            Value::BigInt(n) => {
                let whole = n.to_f64().filter(|f| f.is_finite());
                match whole {
                    Some(whole) => self.text.push_str(&format!("{whole:.0}")),
                    None => self.text.push_str(&n.to_string()),
                }
            }
            base if base.is_number() => {
                let text = vm.to_text(base)?;
                self.text.push_str(&text);
            }
            Value::DateTime(time) => {
                let format = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
                let text = format_date_time(**time, format, Culture::invariant());
                self.string(&text.unwrap_or_default());
            }
            Value::Enum(e) if !self.enums_as_strings => self.text.push_str(&e.bits.to_string()),
            Value::Enum(_) | Value::Type(_) => {
                let text = vm.to_text(value.base())?;
                self.string(&text);
            }
            _ => return self.compound(vm, value, level),
        }
        Ok(())
    }

    fn real(&mut self, value: f64, text: String) {
        if !value.is_finite() {
            let name = match value {
                v if v.is_nan() => "NaN",
                v if v > 0.0 => "Infinity",
                _ => "-Infinity",
            };
            return self.string(name);
        }
        self.text.push_str(&text);
        if !text.contains(['.', 'E', 'e']) {
            self.text.push_str(".0");
        }
    }

    fn compound(&mut self, vm: &mut Vm, value: &Value, level: i64) -> R<()> {
        vm.check_interrupt()?;
        if !limits::text_may_grow(self.text.len()) {
            return out_of_memory();
        }
        if let Value::Native(native) = value.base() {
            let name = native.body().type_ref().full_name.clone();
            match &*name {
                "System.Guid"
                | "System.Uri"
                | "System.DateTimeOffset"
                | "System.DateOnly"
                | "System.TimeOnly" => {
                    let text = match &*name {
                        "System.DateTimeOffset" => {
                            let text = vm.invoke_method(
                                value,
                                "ToString",
                                vec![Value::str("yyyy-MM-ddTHH:mm:ss.FFFFFFFK")],
                            )?;
                            vm.to_text(&text)?
                        }
                        "System.Uri" => {
                            let text = vm.get_member(value, "OriginalString")?;
                            match text {
                                Some(text) => vm.to_text(&text)?,
                                None => vm.to_text(value)?,
                            }
                        }
                        _ => vm.to_text(value)?,
                    };
                    self.string(&text);
                    return Ok(());
                }
                _ => {}
            }
        }
        if level > self.depth {
            self.truncated = true;
            let text = vm.to_text(value)?;
            self.string(&text);
            return Ok(());
        }
        if let Value::Dict(dictionary) = value.base() {
            return self.dictionary(vm, dictionary, value, level);
        }
        if let Some(items) = vm.enumerate(value)? {
            let items = Long::from(items);
            return self.array(vm, &items, level);
        }
        let mut pairs = Vec::new();
        if let Value::Custom(object) = value.base() {
            for (name, member) in object.members.list() {
                if !member.is_property() {
                    continue;
                }
                let found = match member {
                    Member::Note(found) => found,
                    _ => vm.get_member(value, &name)?.unwrap_or_default(),
                };
                pairs.push((name, found));
            }
        } else {
            for property in vm.properties(value)? {
                // A property that cannot be read is null.
                let found = match vm.get_member(value, &property.name) {
                    Ok(found) => found.unwrap_or_default(),
                    Err(unwind) if crate::runtime::invoke::is_error(&unwind) => Value::Null,
                    Err(unwind) => return Err(unwind),
                };
                pairs.push((property.name.clone(), found));
            }
        }
        self.object(vm, pairs, level)
    }

    fn dictionary(
        &mut self,
        vm: &mut Vm,
        dictionary: &Rc<Dictionary>,
        value: &Value,
        level: i64,
    ) -> R<()> {
        let mut pairs: Vec<(Rc<str>, Value)> = Vec::new();
        for (key, item) in dictionary.pairs() {
            match key.as_str() {
                Some(key) => pairs.push((key.into(), item)),
                None => {
                    let type_name = vm.type_of(value).full_name.clone();
                    return stop(
                        Fault::of(
                            "System.InvalidOperationException",
                            "NonStringKeyInDictionary",
                            Category::InvalidOperation,
                            format!("The type '{type_name}' is not supported for serialization or deserialization of a dictionary. Keys must be strings."),
                        )
                        .target(value.clone()),
                    );
                }
            }
        }
        let added = dictionary.extension.read(|data| data.members.list());
        for (name, member) in added.unwrap_or_default() {
            if member.is_property() {
                let found = match member {
                    Member::Note(found) => found,
                    _ => vm.get_member(value, &name)?.unwrap_or_default(),
                };
                pairs.push((name, found));
            }
        }
        self.object(vm, pairs, level)
    }

    fn object(&mut self, vm: &mut Vm, pairs: Vec<(Rc<str>, Value)>, level: i64) -> R<()> {
        if pairs.is_empty() {
            self.text.push_str("{}");
            return Ok(());
        }
        self.text.push('{');
        for (i, (name, value)) in pairs.iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            self.line(level + 1);
            self.string(name);
            self.text.push_str(if self.compress { ":" } else { ": " });
            self.value(vm, value, level + 1)?;
        }
        self.line(level);
        self.text.push('}');
        Ok(())
    }

    fn array(&mut self, vm: &mut Vm, items: &[Value], level: i64) -> R<()> {
        if items.is_empty() {
            self.text.push_str("[]");
            return Ok(());
        }
        self.text.push('[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            self.line(level + 1);
            self.value(vm, item, level + 1)?;
        }
        self.line(level);
        self.text.push(']');
        Ok(())
    }

    fn line(&mut self, level: i64) {
        if !self.compress {
            self.text.push('\n');
            for _ in 0..level {
                self.text.push_str("  ");
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\u{0}'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => self.escaped(c),
                '<' | '>' | '&' | '\'' if self.escape == Escape::Html => self.escaped(c),
                c if self.escape == Escape::NonAscii && !c.is_ascii() => self.escaped(c),
                c => self.text.push(c),
            }
        }
        self.text.push('"');
    }

    fn escaped(&mut self, c: char) {
        let mut units = [0_u16; 2];
        for unit in c.encode_utf16(&mut units) {
            self.text.push_str(&format!("\\u{unit:04x}"));
        }
    }
}

#[derive(Default)]
struct ConvertFromJson {
    lines: Vec<Rc<str>>,
}

impl Cmdlet for ConvertFromJson {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(text) = call.text("InputObject") {
            self.lines.push(text);
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let lines = std::mem::take(&mut self.lines);
        match lines.len() {
            0 => return Ok(()),
            1 => {
                if !lines[0].trim().is_empty() {
                    self.read(vm, call, &lines[0])?;
                }
                return Ok(());
            }
            _ => {}
        }
        // Whole documents line by line, or one document over several lines.
        let first = Reader::new(&lines[0], reading(vm, call)?).document();
        if first.is_ok() && !lines[0].trim().is_empty() {
            for line in &lines {
                self.read(vm, call, line)?;
            }
            return Ok(());
        }
        self.read(vm, call, &lines.join("\n"))
    }
}

fn reading(vm: &mut Vm, call: &Call) -> R<Reading> {
    let times = match call.get("DateKind") {
        Some(kind) => match vm.to_text(&kind)?.to_ascii_lowercase().as_str() {
            "local" => Times::As(DateTimeKind::Local),
            "utc" => Times::As(DateTimeKind::Utc),
            "offset" => Times::Offset,
            "string" => Times::Text,
            _ => Times::AsWritten,
        },
        None => Times::AsWritten,
    };
    Ok(Reading {
        hashtable: call.switch("AsHashtable"),
        depth: call
            .int("Depth")
            .and_then(|d| usize::try_from(d).ok())
            .unwrap_or(1024),
        times,
    })
}

impl ConvertFromJson {
    fn read(&self, vm: &mut Vm, call: &Call, text: &str) -> R<()> {
        let reading = reading(vm, call)?;
        match Reader::new(text, reading).document() {
            Ok(value) => match call.switch("NoEnumerate") {
                true => vm.write(value),
                false => vm.emit(value),
            },
            Err(problem) => {
                let fault = match problem.id {
                    "System.ArgumentException" => Fault {
                        exception: Exception::of("System.ArgumentException", problem.message),
                        id: "System.ArgumentException".into(),
                        category: Category::NotSpecified,
                        target: Value::Null,
                    },
                    id => Fault::of(
                        "System.InvalidOperationException",
                        id,
                        Category::InvalidOperation,
                        problem.message,
                    ),
                };
                stop(fault)
            }
        }
    }
}

#[derive(Default)]
struct TestJson;

impl Cmdlet for TestJson {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = match (
            call.text("Json"),
            call.text("Path").or(call.text("LiteralPath")),
        ) {
            (Some(json), _) => json.to_string(),
            (None, Some(path)) => {
                let full = vm.file_path(&path);
                match crate::host::file::read_to_string(&full) {
                    Ok(text) => text,
                    Err(_) => {
                        return stop(crate::runtime::provider::path_not_found(
                            &full.to_string_lossy(),
                        ));
                    }
                }
            }
            _ => String::new(),
        };
        let reading = Reading {
            hashtable: true,
            depth: 1024,
            times: Times::Text,
        };
        let answer = match Reader::new(&text, reading).document() {
            Ok(_) if !text.trim().is_empty() => true,
            Ok(_) => false,
            Err(problem) => {
                vm.write_fault(
                    Fault::of(
                        "System.Exception",
                        "InvalidJson",
                        Category::InvalidData,
                        format!("Cannot parse the JSON. {}", problem.message),
                    )
                    .target(Value::str(text)),
                )?;
                false
            }
        };
        vm.write(Value::Bool(answer))
    }
}
