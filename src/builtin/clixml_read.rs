//! CLIXML to objects: known types come back as they were, others as
//! property bags whose type names begin with `Deserialized.`.

use super::xml_text::Element;
use crate::runtime::collection::{Array, Dictionary, KeyComparison, List};
use crate::runtime::error::R;
use crate::runtime::object::{CustomObject, Extension, Member, Members, Wrapped};
use crate::runtime::text::datetime::TimeSpan;
use crate::runtime::types::{find, find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Reads the objects of one document.
#[derive(Default)]
pub struct ClixmlReader {
    types: FxHashMap<String, Vec<Rc<str>>>,
    objects: FxHashMap<String, Value>,
}

impl ClixmlReader {
    /// The value of an element.
    pub fn value(&mut self, vm: &mut Vm, element: &Element) -> R<Value> {
        let text = || unescape(&element.text);
        Ok(match element.name.as_str() {
            "Nil" => Value::Null,
            "S" => Value::str(text()),
            "B" => Value::Bool(element.text.eq_ignore_ascii_case("true")),
            "C" => Value::Char(element.text.trim().parse().unwrap_or(0)),
            "SB" => Value::SByte(element.text.parse().unwrap_or(0)),
            "By" => Value::Byte(element.text.parse().unwrap_or(0)),
            "I16" => Value::Short(element.text.parse().unwrap_or(0)),
            "U16" => Value::UShort(element.text.parse().unwrap_or(0)),
            "I32" => Value::Int(element.text.parse().unwrap_or(0)),
            "U32" => Value::UInt(element.text.parse().unwrap_or(0)),
            "I64" => Value::Long(element.text.parse().unwrap_or(0)),
            "U64" => Value::ULong(element.text.parse().unwrap_or(0)),
            "Sg" => Value::Float(real(&element.text) as f32),
            "Db" => Value::Double(real(&element.text)),
            "D" => converted(vm, "System.Decimal", &element.text)?,
            "DT" => self.time(vm, &element.text)?,
            "TS" => Value::TimeSpan(TimeSpan(duration(&element.text))),
            "G" => converted(vm, "System.Guid", &element.text)?,
            "URI" => converted(vm, "System.Uri", &text())?,
            "Version" => converted(vm, "System.Version", &element.text)?,
            "SemVer" => converted(
                vm,
                "System.Management.Automation.SemanticVersion",
                &element.text,
            )?,
            "XD" => converted(vm, "System.Xml.XmlDocument", &text())?,
            "SBK" => vm.parse_block(&text())?,
            "BA" => {
                let bytes = base64::engine::general_purpose::STANDARD
                    .decode(element.text.trim())
                    .unwrap_or_default();
                Value::Array(Rc::new(Array::typed(
                    known::byte(),
                    bytes.into_iter().map(Value::Byte).collect(),
                )))
            }
            "SS" => {
                let bytes: Vec<u8> = (0..element.text.len() / 2)
                    .filter_map(|i| {
                        u8::from_str_radix(element.text.get(i * 2..i * 2 + 2)?, 16).ok()
                    })
                    .collect();
                let units: Vec<u16> = bytes
                    .chunks_exact(2)
                    .map(|c| u16::from_le_bytes([c[0], c[1]]))
                    .collect();
                super::secure::secure_string(vm, &String::from_utf16_lossy(&units))?
            }
            "Ref" => {
                let id = element.attribute("RefId").unwrap_or_default();
                self.objects.get(id).cloned().unwrap_or_default()
            }
            "Obj" => self.object(vm, element)?,
            _ => Value::Null,
        })
    }

    fn time(&mut self, vm: &mut Vm, text: &str) -> R<Value> {
        let reading = super::json_read::Reading {
            hashtable: false,
            depth: 1,
            times: super::json_read::Times::AsWritten,
        };
        let quoted = format!("\"{text}\"");
        match super::json_read::Reader::new(&quoted, reading).document() {
            Ok(value @ Value::DateTime(_)) => Ok(value),
            _ => vm.convert(&Value::str(text), &known::datetime()),
        }
    }

    fn object(&mut self, vm: &mut Vm, element: &Element) -> R<Value> {
        let mut names: Vec<Rc<str>> = Vec::new();
        let mut text = None;
        let mut base = None;
        let mut members: Vec<(String, Value)> = Vec::new();
        for child in &element.children {
            match child.name.as_str() {
                "TN" => {
                    names = child
                        .children
                        .iter()
                        .map(|t| Rc::from(unescape(&t.text)))
                        .collect();
                    let id = child.attribute("RefId").unwrap_or_default();
                    self.types.insert(id.to_string(), names.clone());
                }
                "TNRef" => {
                    let id = child.attribute("RefId").unwrap_or_default();
                    names = self.types.get(id).cloned().unwrap_or_default();
                }
                "ToString" => text = Some(unescape(&child.text)),
                "Props" | "MS" => {
                    for property in &child.children {
                        let name = unescape(property.attribute("N").unwrap_or_default());
                        let value = self.value(vm, property)?;
                        members.push((name, value));
                    }
                }
                "DCT" => base = Some(self.dictionary(vm, child, &names)?),
                "LST" | "IE" | "QUE" | "STK" => {
                    let mut items = Vec::new();
                    for item in &child.children {
                        items.push(self.value(vm, item)?);
                    }
                    let type_name = match child.name.as_str() {
                        "QUE" => "System.Collections.Queue",
                        "STK" => "System.Collections.Stack",
                        _ => "System.Collections.ArrayList",
                    };
                    if child.name == "STK" {
                        items.reverse();
                    }
                    let type_ref = find_full(type_name).unwrap_or_else(known::array_list);
                    base = Some(Value::List(Rc::new(List::new(type_ref, items))));
                }
                _ => base = Some(self.value(vm, child)?),
            }
        }
        let deserialized: Vec<Rc<str>> = names
            .iter()
            .map(|n| match n.starts_with("Deserialized.") {
                true => n.clone(),
                false => Rc::from(format!("Deserialized.{n}")),
            })
            .collect();
        let value = self.build(vm, &names, deserialized, text, base, members)?;
        if let Some(id) = element.attribute("RefId") {
            self.objects.insert(id.to_string(), value.clone());
        }
        Ok(value)
    }

    fn build(
        &mut self,
        vm: &mut Vm,
        original: &[Rc<str>],
        names: Vec<Rc<str>>,
        text: Option<String>,
        base: Option<Value>,
        members: Vec<(String, Value)>,
    ) -> R<Value> {
        let first = original
            .first()
            .map_or("", |n| n.trim_start_matches("Deserialized."));
        let field = |name: &str| {
            members
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, v)| v.clone())
        };
        if first == "System.Management.Automation.PSCredential"
            && let (Some(user), Some(password)) = (field("UserName"), field("Password"))
            && let Some(type_ref) = find("System.Management.Automation.PSCredential")
        {
            return vm.construct(&type_ref, vec![user, password]);
        }
        let set = |target: &Members| {
            for (name, value) in &members {
                target.set(name, Member::Note(value.clone()));
            }
        };
        match base {
            Some(value @ (Value::List(_) | Value::Dict(_))) => {
                let extension = match &value {
                    Value::List(list) => &list.extension,
                    Value::Dict(table) => &table.extension,
                    _ => return Ok(value),
                };
                extension.write(|data| {
                    set(&data.members);
                    if !names.is_empty() {
                        data.type_names = Some(names);
                    }
                });
                Ok(value)
            }
            Some(value) => {
                let extension = Extension::default();
                extension.write(|data| {
                    set(&data.members);
                    if !names.is_empty() {
                        data.type_names = Some(names);
                    }
                });
                Ok(Value::Wrapped(Rc::new(Wrapped {
                    base: value,
                    extension,
                    written: text.map(Rc::from),
                })))
            }
            None => {
                let object = CustomObject::new(Members::default());
                set(&object.members);
                if let Some(text) = text {
                    let quoted = format!("'{}'", text.replace('\'', "''"));
                    if let Value::Block(block) = vm.parse_block(&quoted)? {
                        object.members.set("ToString", Member::Method(block));
                    }
                }
                *object.type_names.borrow_mut() = names;
                Ok(Value::Custom(Rc::new(object)))
            }
        }
    }

    fn dictionary(&mut self, vm: &mut Vm, element: &Element, names: &[Rc<str>]) -> R<Value> {
        let ordered = names
            .first()
            .is_some_and(|n| n.ends_with("System.Collections.Specialized.OrderedDictionary"));
        let table = match ordered {
            true => Dictionary::ordered(),
            false => Dictionary::new(known::hashtable(), KeyComparison::IgnoreCase),
        };
        for entry in &element.children {
            let mut key = Value::Null;
            let mut found = Value::Null;
            for part in &entry.children {
                match part.attribute("N") {
                    Some("Key") => key = self.value(vm, part)?,
                    _ => found = self.value(vm, part)?,
                }
            }
            table.set(key, found);
        }
        Ok(Value::Dict(Rc::new(table)))
    }
}

fn converted(vm: &mut Vm, type_name: &str, text: &str) -> R<Value> {
    match find_full(type_name) {
        Some(target) => vm.convert(&Value::str(text), &target),
        None => Ok(Value::str(text)),
    }
}

fn real(text: &str) -> f64 {
    match text.trim() {
        "INF" => f64::INFINITY,
        "-INF" => f64::NEG_INFINITY,
        other => other.parse().unwrap_or(f64::NAN),
    }
}

/// The ticks of a time span as XML writes it.
fn duration(text: &str) -> i64 {
    let negative = text.starts_with('-');
    let mut ticks = 0_f64;
    let mut in_time = false;
    let mut number = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'T' => in_time = true,
            'D' | 'H' | 'M' | 'S' | 'Y' => {
                let seconds = match (c, in_time) {
                    ('D', _) => 86_400.0,
                    ('H', _) => 3600.0,
                    ('M', true) => 60.0,
                    ('M', false) => 2_592_000.0,
                    ('Y', _) => 31_536_000.0,
                    _ => 1.0,
                };
                let amount: f64 = number.parse().unwrap_or(0.0);
                ticks += (amount * seconds * 10_000_000.0).round();
                number.clear();
            }
            _ => {}
        }
    }
    if negative {
        -(ticks as i64)
    } else {
        ticks as i64
    }
}

/// Takes `_x000A_` escapes out of a text.
fn unescape(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_string();
    }
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let code = rest
            .strip_prefix("_x")
            .filter(|r| r.as_bytes().get(4) == Some(&b'_'))
            .and_then(|r| u16::from_str_radix(r.get(..4)?, 16).ok());
        match code {
            Some(unit) => {
                units.push(unit);
                rest = &rest[7..];
            }
            None => {
                let mut buffer = [0_u16; 2];
                units.extend_from_slice(c.encode_utf16(&mut buffer));
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    String::from_utf16_lossy(&units)
}
