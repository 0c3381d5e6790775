//! Objects to format objects: one sequence after the other, with its groups.

use super::error_view::error_text;
use super::generator::{Generator, loose_list};
use super::get_error::{EXTENDED, detailed};
use super::packet::{Content, Packet};
use super::parameters::{Expand, Parameters};
use super::property;
use super::types::{Kind, applies, is_plain};
use crate::runtime::error::R;
use crate::runtime::streams::{RecordKind, StreamRecord};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Turns objects into packets.
pub struct Formatter {
    kind: Option<Kind>,
    parameters: Parameters,
    sequence: Option<Sequence>,
    host: bool,
}

struct Sequence {
    generator: Generator,
    group: Option<Value>,
    in_group: bool,
}

impl Formatter {
    /// For Format-Default (no kind) or one of the Format cmdlets.
    pub fn new(kind: Option<Kind>, parameters: Parameters) -> Formatter {
        Formatter {
            kind,
            parameters,
            sequence: None,
            host: true,
        }
    }

    /// For the console, or for text that goes elsewhere, where messages stand without their mark.
    pub fn for_host(self, host: bool) -> Formatter {
        Formatter { host, ..self }
    }

    /// Takes an object; collections are unrolled as `-Expand` says.
    pub fn process(&mut self, vm: &mut Vm, value: &Value, out: &mut Vec<Packet>) -> R<()> {
        if value.is_null() {
            return Ok(());
        }
        let items = match value.base() {
            Value::Custom(_) | Value::Str(_) | Value::Int(_) => None,
            Value::Dict(table) => Some(crate::runtime::types::collections::dictionary::entries(
                table,
            )),
            Value::Instance(_) => match vm.base_dictionary(value) {
                Some(table) => Some(crate::runtime::types::collections::dictionary::entries(
                    &table,
                )),
                None => vm.enumerate(value)?,
            },
            _ => vm.enumerate(value)?,
        };
        let Some(items) = items else {
            return self.object(vm, value, out);
        };
        match self.parameters.expand {
            Expand::CoreOnly => return self.object(vm, value, out),
            Expand::EnumOnly => {}
            Expand::Both => {
                let raw = |text: String| Packet::out_of_band(Content::Raw(text));
                out.push(raw("The following object supports IEnumerable:".into()));
                let content = loose_list(vm, value)?;
                out.push(Packet::out_of_band(content));
                out.push(raw(match items.len() {
                    0 => "The IEnumerable contains no objects.".into(),
                    1 => "The IEnumerable contains the following object:".into(),
                    n => format!("The IEnumerable contains the following {n} objects:"),
                }));
            }
        }
        for item in &items {
            if !item.is_null() {
                self.object(vm, item, out)?;
            }
        }
        Ok(())
    }

    fn object(&mut self, vm: &mut Vm, value: &Value, out: &mut Vec<Packet>) -> R<()> {
        if let Some(packet) = Packet::of(value) {
            out.push(packet.clone());
            return Ok(());
        }
        if !(self.parameters.force && self.kind.is_some())
            && let Some(text) = loose_text(vm, value, self.host)?
        {
            out.push(Packet::out_of_band(Content::Raw(text)));
            return Ok(());
        }
        let foreign = match &self.sequence {
            Some(sequence) => match &sequence.generator.view {
                Some(view) => !applies(vm, view, value),
                None => false,
            },
            None => false,
        };
        if foreign {
            let content = loose_list(vm, value)?;
            out.push(Packet::out_of_band(content));
            return Ok(());
        }
        let mut sequence = match self.sequence.take() {
            Some(sequence) => sequence,
            None => {
                let generator = Generator::new(vm, self.kind, &self.parameters, value)?;
                out.push(generator.start());
                Sequence {
                    generator,
                    group: None,
                    in_group: false,
                }
            }
        };
        let result = sequence.write(vm, value, out);
        self.sequence = Some(sequence);
        result
    }

    /// Ends the sequence that is open.
    pub fn finish(&mut self, out: &mut Vec<Packet>) {
        if let Some(sequence) = self.sequence.take() {
            if sequence.in_group {
                out.push(Packet::GroupEnd);
            }
            out.push(Packet::End);
        }
    }
}

impl Sequence {
    fn write(&mut self, vm: &mut Vm, value: &Value, out: &mut Vec<Packet>) -> R<()> {
        self.enter_group(vm, value, out)?;
        out.push(Packet::entry(self.generator.entry(vm, value)?));
        for record in self.generator.failures() {
            let text = error_text(vm, &record)?;
            out.push(Packet::out_of_band(Content::Raw(text)));
        }
        Ok(())
    }

    fn enter_group(&mut self, vm: &mut Vm, value: &Value, out: &mut Vec<Packet>) -> R<()> {
        let Some(shown) = self.generator.group.clone() else {
            if !self.in_group {
                self.in_group = true;
                out.push(Packet::GroupStart(None));
            }
            return Ok(());
        };
        let key = property::evaluate(vm, &shown.expression, value)?.unwrap_or_default();
        if self.in_group {
            let same = match &self.group {
                Some(group) => match (group.is_null(), key.is_null()) {
                    (false, false) => vm.equals(group, &key, true)?,
                    (a, b) => a == b,
                },
                None => false,
            };
            if same {
                return Ok(());
            }
            out.push(Packet::out_of_band(Content::Raw(String::new())));
            out.push(Packet::GroupEnd);
        }
        let title = match property::resolve(vm, &shown, value)?.first() {
            Some(found) => found.title(),
            None => shown.title(),
        };
        let indent = " ".repeat(shown.width.unwrap_or(3));
        let text = vm.cell_text(&key, false)?;
        out.push(Packet::GroupStart(Some(Rc::from(format!(
            "{indent}{title}: {text}"
        )))));
        self.group = Some(key);
        self.in_group = true;
        Ok(())
    }
}

/// The text of objects that stand outside of sequences: plain ones, errors, messages.
fn loose_text(vm: &mut Vm, value: &Value, host: bool) -> R<Option<String>> {
    match value.base() {
        Value::Str(text) => return Ok(Some(text.to_string())),
        Value::Error(record) => {
            let record = record.clone();
            let extended = record.extension.read(|data| {
                let names = data.type_names.as_ref()?;
                Some(&**names.first()? == EXTENDED)
            });
            return match extended.flatten() {
                Some(true) => detailed(vm, &record).map(Some),
                _ => error_text(vm, &record).map(Some),
            };
        }
        Value::Custom(custom) if !custom.members.is_empty() => return Ok(None),
        Value::Block(block) => return Ok(Some(block.text().to_string())),
        _ => {}
    }
    if let Some(record) = value.as_native::<StreamRecord>() {
        let word = match record.kind {
            _ if !host => "",
            RecordKind::Warning => "WARNING: ",
            RecordKind::Verbose => "VERBOSE: ",
            RecordKind::Debug => "DEBUG: ",
            RecordKind::Information => "",
        };
        return Ok(Some(format!("{word}{}", vm.to_text(value)?)));
    }
    if is_plain(vm, value)? {
        return Ok(Some(vm.shown_text(value)?));
    }
    Ok(None)
}
