//! Objects to CLIXML.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::R;
use crate::runtime::limits::text_may_grow;
use crate::runtime::object::Member;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::numeric;
use crate::runtime::types::failures::out_of_memory;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Writes objects as elements of one document.
pub struct ClixmlWriter {
    text: String,
    types: FxHashMap<Vec<Rc<str>>, usize>,
    next_object: usize,
}

/// Tables are written below the wanted depth too, but one that holds itself has no end: about
/// fifty of them within each other.
const DEEPEST: usize = 150;

impl Default for ClixmlWriter {
    fn default() -> ClixmlWriter {
        ClixmlWriter {
            text: String::from(
                "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">",
            ),
            types: FxHashMap::default(),
            next_object: 0,
        }
    }
}

impl ClixmlWriter {
    /// The document.
    pub fn finish(mut self) -> String {
        self.text.push_str("\n</Objs>");
        self.text
    }

    /// The document on one line.
    pub fn finish_compact(self) -> String {
        let text = self.finish();
        text.lines().map(str::trim_start).collect()
    }

    /// One object of a named stream.
    pub fn stream_object(&mut self, vm: &mut Vm, value: &Value, stream: &str, depth: i64) -> R<()> {
        let from = self.text.len();
        self.value(vm, value, Some(stream), depth, 0)?;
        // The stream stands where a property's name would.
        let written = self.text.split_off(from);
        let (name, own) = (format!(" N=\"{stream}\""), format!(" S=\"{stream}\""));
        self.text.push_str(&written.replacen(&name, &own, 1));
        Ok(())
    }

    fn line(&mut self, level: usize, content: &str) {
        self.text.push('\n');
        for _ in 0..level {
            self.text.push_str("  ");
        }
        self.text.push_str(content);
    }

    fn simple(&mut self, level: usize, tag: &str, name: &str, content: &str) {
        let line = match content.is_empty() && tag != "S" {
            true => format!("<{tag}{name} />"),
            false if content.is_empty() => format!("<{tag}{name}></{tag}>"),
            false => format!("<{tag}{name}>{content}</{tag}>"),
        };
        self.line(level, &line);
    }

    /// One object; `name` names the property it is the value of.
    pub fn value(
        &mut self,
        vm: &mut Vm,
        value: &Value,
        name: Option<&str>,
        depth: i64,
        level: usize,
    ) -> R<()> {
        let name = match name {
            Some(name) => format!(" N=\"{}\"", escape(name)),
            None => String::new(),
        };
        if let Some((tag, content)) = primitive(vm, value.base())? {
            let notes = added_notes(value);
            if notes.is_empty() || !matches!(value, Value::Wrapped(_)) {
                self.simple(level, tag, &name, &content);
                return Ok(());
            }
            self.open(level, &name);
            self.simple(level + 1, tag, "", &content);
            self.members(vm, notes, depth, level + 1)?;
            self.line(level, "</Obj>");
            return Ok(());
        }
        vm.check_interrupt()?;
        if !text_may_grow(self.text.len()) {
            return out_of_memory();
        }
        if let Value::Enum(member) = value.base() {
            self.open(level, &name);
            self.type_names(vm, value, level + 1);
            let text = vm.to_text(value)?;
            self.simple(level + 1, "ToString", "", &escape(&text));
            self.simple(level + 1, "I32", "", &member.bits.to_string());
            self.line(level, "</Obj>");
            return Ok(());
        }
        let too_deep = depth <= 0 && !matches!(value.base(), Value::Dict(_));
        if too_deep || level >= DEEPEST {
            let text = vm.to_text(value)?;
            self.simple(level, "S", &name, &escape(&text));
            return Ok(());
        }
        self.open(level, &name);
        self.type_names(vm, value, level + 1);
        match value.base() {
            Value::Dict(dictionary) => self.dictionary(vm, value, dictionary, depth, level)?,
            Value::Array(_) | Value::List(_) => self.items(vm, value, depth, level)?,
            Value::Custom(object) => {
                let mut notes = Vec::new();
                for (name, member) in object.members.list() {
                    match member {
                        Member::Note(found) => notes.push((name, found)),
                        member if member.is_property() => {
                            let found = vm.get_member(value, &name)?.unwrap_or_default();
                            notes.push((name, found));
                        }
                        _ => {}
                    }
                }
                self.members(vm, notes, depth, level + 1)?;
            }
            _ => self.properties(vm, value, depth, level)?,
        }
        self.line(level, "</Obj>");
        Ok(())
    }

    fn dictionary(
        &mut self,
        vm: &mut Vm,
        value: &Value,
        dictionary: &Dictionary,
        depth: i64,
        level: usize,
    ) -> R<()> {
        self.line(level + 1, "<DCT>");
        for (key, item) in dictionary.pairs() {
            self.line(level + 2, "<En>");
            self.value(vm, &key, Some("Key"), depth - 1, level + 3)?;
            self.value(vm, &item, Some("Value"), depth - 1, level + 3)?;
            self.line(level + 2, "</En>");
        }
        self.line(level + 1, "</DCT>");
        self.members(vm, added_notes(value), depth, level + 1)
    }

    /// The items of a collection, and what scripts added to it.
    fn items(&mut self, vm: &mut Vm, value: &Value, depth: i64, level: usize) -> R<()> {
        let type_name = vm.type_of(value.base()).full_name.clone();
        let is = |class: &str| {
            type_name
                .strip_prefix("System.Collections.")
                .is_some_and(|name| name.trim_start_matches("Generic.").starts_with(class))
        };
        let tag = match (is("Queue"), is("Stack")) {
            (true, _) => "QUE",
            (_, true) => "STK",
            _ => "LST",
        };
        let items = vm.enumerate(value)?.unwrap_or_default();
        if items.is_empty() {
            self.line(level + 1, &format!("<{tag} />"));
        } else {
            self.line(level + 1, &format!("<{tag}>"));
            for item in &items {
                self.value(vm, item, None, depth - 1, level + 2)?;
            }
            self.line(level + 1, &format!("</{tag}>"));
        }
        self.members(vm, added_notes(value), depth, level + 1)
    }

    /// The text and the properties of an object of .NET, and what scripts added to it.
    fn properties(&mut self, vm: &mut Vm, value: &Value, depth: i64, level: usize) -> R<()> {
        let text = vm.to_text(value)?;
        self.simple(level + 1, "ToString", "", &escape(&text));
        let notes = added_notes(value);
        let mut properties = Vec::new();
        for property in vm.properties(value)? {
            if notes.iter().any(|(n, _)| *n == property.name) {
                continue;
            }
            // What cannot be read is left out.
            if let Ok(Some(found)) = vm.get_member(value, &property.name) {
                properties.push((property.name, found));
            }
        }
        if !properties.is_empty() {
            self.line(level + 1, "<Props>");
            for (name, found) in properties {
                self.value(vm, &found, Some(&name), depth - 1, level + 2)?;
            }
            self.line(level + 1, "</Props>");
        }
        self.members(vm, notes, depth, level + 1)
    }

    fn open(&mut self, level: usize, name: &str) {
        let id = self.next_object;
        self.next_object += 1;
        self.line(level, &format!("<Obj{name} RefId=\"{id}\">"));
    }

    fn type_names(&mut self, vm: &mut Vm, value: &Value, level: usize) {
        let names = vm.type_names(value);
        if let Some(known) = self.types.get(&names) {
            let line = format!("<TNRef RefId=\"{known}\" />");
            self.line(level, &line);
            return;
        }
        let id = self.types.len();
        self.line(level, &format!("<TN RefId=\"{id}\">"));
        for name in &names {
            self.line(level + 1, &format!("<T>{}</T>", escape(name)));
        }
        self.line(level, "</TN>");
        self.types.insert(names, id);
    }

    fn members(
        &mut self,
        vm: &mut Vm,
        notes: Vec<(Rc<str>, Value)>,
        depth: i64,
        level: usize,
    ) -> R<()> {
        if notes.is_empty() {
            return Ok(());
        }
        self.line(level, "<MS>");
        for (name, found) in notes {
            self.value(vm, &found, Some(&name), depth - 1, level + 1)?;
        }
        self.line(level, "</MS>");
        Ok(())
    }
}

fn added_notes(value: &Value) -> Vec<(Rc<str>, Value)> {
    let extension = match value {
        Value::Wrapped(w) => &w.extension,
        Value::Native(n) => &n.extension,
        Value::Dict(d) => &d.extension,
        Value::List(l) => &l.extension,
        Value::Array(a) => &a.extension,
        _ => return Vec::new(),
    };
    extension
        .read(|data| data.members.list())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, member)| match member {
            Member::Note(value) => Some((name, value)),
            _ => None,
        })
        .collect()
}

/// The element of a value that is one text.
fn primitive(vm: &mut Vm, value: &Value) -> R<Option<(&'static str, String)>> {
    Ok(Some(match value {
        Value::Null | Value::Nothing => ("Nil", String::new()),
        Value::Str(text) => ("S", escape(text)),
        Value::Bool(b) => ("B", b.to_string()),
        Value::Char(unit) => ("C", unit.to_string()),
        Value::SByte(n) => ("SB", n.to_string()),
        Value::Byte(n) => ("By", n.to_string()),
        Value::Short(n) => ("I16", n.to_string()),
        Value::UShort(n) => ("U16", n.to_string()),
        Value::Int(n) => ("I32", n.to_string()),
        Value::UInt(n) => ("U32", n.to_string()),
        Value::Long(n) => ("I64", n.to_string()),
        Value::ULong(n) => ("U64", n.to_string()),
        Value::Float(n) => (
            "Sg",
            real(
                f64::from(*n),
                numeric::single_text(*n, Culture::invariant()),
            ),
        ),
        Value::Double(n) => (
            "Db",
            real(*n, numeric::double_text(*n, Culture::invariant())),
        ),
        Value::Decimal(n) => ("D", n.to_string()),
        Value::DateTime(time) => (
            "DT",
            format_date_time(**time, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", Culture::invariant())
                .unwrap_or_default(),
        ),
        Value::TimeSpan(span) => ("TS", duration(span.ticks())),
        Value::Block(block) => ("SBK", escape(block.text())),
        Value::Array(array) if array.element.full_name.as_ref() == "System.Byte" => {
            let bytes: Vec<u8> = array
                .items
                .borrow()
                .iter()
                .filter_map(|v| match v {
                    Value::Byte(b) => Some(*b),
                    _ => None,
                })
                .collect();
            (
                "BA",
                base64::engine::general_purpose::STANDARD.encode(bytes),
            )
        }
        Value::Native(native) => {
            let tag = match &*native.body().type_ref().full_name {
                "System.Guid" => "G",
                "System.Uri" => "URI",
                "System.Version" => "Version",
                "System.Management.Automation.SemanticVersion" => "SemVer",
                "System.Xml.XmlDocument" => "XD",
                "System.Security.SecureString" => {
                    let plain = super::secure::plain_text(vm, value)?;
                    let hex: String = plain
                        .encode_utf16()
                        .flat_map(u16::to_le_bytes)
                        .map(|b| format!("{b:02x}"))
                        .collect();
                    return Ok(Some(("SS", hex)));
                }
                _ => return Ok(None),
            };
            let text = match tag {
                "XD" => {
                    let text = vm.get_member(value, "OuterXml")?.unwrap_or_default();
                    vm.to_text(&text)?
                }
                _ => vm.to_text(value)?,
            };
            (tag, escape(&text))
        }
        _ => return Ok(None),
    }))
}

fn real(value: f64, text: String) -> String {
    match value {
        v if v.is_nan() => "NaN".into(),
        v if v == f64::INFINITY => "INF".into(),
        v if v == f64::NEG_INFINITY => "-INF".into(),
        _ => text,
    }
}

/// A time span as XML writes it: `PT1H2M3.5S`.
fn duration(ticks: i64) -> String {
    if ticks == 0 {
        return "PT0S".into();
    }
    let mut text = String::from(if ticks < 0 { "-P" } else { "P" });
    let ticks = ticks.unsigned_abs();
    let seconds = ticks / 10_000_000;
    let fraction = ticks % 10_000_000;
    let (days, hours, minutes, rest) = (
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    );
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if hours > 0 || minutes > 0 || rest > 0 || fraction > 0 {
        text.push('T');
        if hours > 0 {
            text.push_str(&format!("{hours}H"));
        }
        if minutes > 0 {
            text.push_str(&format!("{minutes}M"));
        }
        if rest > 0 || fraction > 0 {
            text.push_str(&rest.to_string());
            if fraction > 0 {
                let digits = format!("{fraction:07}");
                text.push('.');
                text.push_str(digits.trim_end_matches('0'));
            }
            text.push('S');
        }
    }
    text
}

/// A text for XML: control characters as `_x000A_`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '_' if matches!(chars.peek(), Some('x' | 'X')) => out.push_str("_x005F_"),
            c if c.is_control() || c as u32 > 0xffff => {
                let mut units = [0_u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("_x{unit:04X}_"));
                }
            }
            c => out.push(c),
        }
    }
    out
}
