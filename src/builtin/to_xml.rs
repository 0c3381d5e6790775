//! ConvertTo-Xml.

use super::csv::plain_text;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::limits::text_may_grow;
use crate::runtime::types::failures::out_of_memory;
use crate::runtime::types::find_full;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("ConvertTo-Xml", || Box::<ConvertToXml>::default())];

#[derive(Default)]
struct ConvertToXml {
    items: Vec<Value>,
}

impl Cmdlet for ConvertToXml {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.items.push(call.get("InputObject").unwrap_or_default());
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut writer = Writer {
            size: 0,
            typed: !call.switch("NoTypeInformation"),
            lines: Vec::new(),
        };
        let depth = call.int("Depth").unwrap_or(1);
        for item in &self.items {
            writer.object(vm, item, None, depth, 1)?;
        }
        let form = match call.get("As") {
            Some(form) => vm.to_text(&form)?.to_ascii_lowercase(),
            None => "document".into(),
        };
        let body = writer.lines.join("\n");
        let whole = match body.is_empty() {
            true => "<Objects />".to_string(),
            false => format!("<Objects>\n{body}\n</Objects>"),
        };
        const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        match form.as_str() {
            "string" => vm.write(Value::str(format!("{HEAD}\n{whole}"))),
            "stream" => {
                vm.write(Value::str(HEAD))?;
                vm.write(Value::str("<Objects>"))?;
                for item in std::mem::take(&mut self.items) {
                    let mut writer = Writer {
                        size: 0,
                        typed: writer.typed,
                        lines: Vec::new(),
                    };
                    writer.object(vm, &item, None, depth, 0)?;
                    vm.write(Value::str(writer.lines.join("\n")))?;
                }
                vm.write(Value::str("</Objects>"))
            }
            _ => {
                let text = Value::str(format!("{HEAD}{}", whole.replace("\n", "")));
                let document = match find_full("System.Xml.XmlDocument") {
                    Some(target) => vm.convert(&text, &target)?,
                    None => text,
                };
                vm.write(document)
            }
        }
    }
}

struct Writer {
    /// How many bytes the lines have.
    size: usize,
    typed: bool,
    lines: Vec<String>,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn attribute(text: &str) -> String {
    escape(text).replace('"', "&quot;")
}

impl Writer {
    fn line(&mut self, level: usize, text: String) {
        self.size += 2 * level + text.len();
        self.lines.push(format!("{}{text}", "  ".repeat(level)));
    }

    fn object(
        &mut self,
        vm: &mut Vm,
        value: &Value,
        name: Option<&str>,
        depth: i64,
        level: usize,
    ) -> R<()> {
        vm.check_interrupt()?;
        if !text_may_grow(self.size) {
            return out_of_memory();
        }
        let tag = if name.is_some() { "Property" } else { "Object" };
        let mut head = tag.to_string();
        if let Some(name) = name {
            head.push_str(&format!(" Name=\"{}\"", attribute(name)));
        }
        if self.typed {
            let type_name = match value.is_null() {
                true => "System.Object".to_string(),
                false => vm.type_of(value.base()).reflection_text(),
            };
            head.push_str(&format!(" Type=\"{}\"", attribute(&type_name)));
        }
        if value.is_null() {
            self.line(level, format!("<{head} />"));
            return Ok(());
        }
        let scalar = matches!(
            value.base(),
            Value::Str(_)
                | Value::Bool(_)
                | Value::Char(_)
                | Value::DateTime(_)
                | Value::TimeSpan(_)
                | Value::Enum(_)
                | Value::Type(_)
                | Value::Block(_)
                | Value::Switch(_)
        ) || value.is_number();
        if scalar || depth <= 0 && name.is_some() {
            let text = plain_text(vm, value)?;
            self.line(level, format!("<{head}>{}</{tag}>", escape(&text)));
            return Ok(());
        }
        self.line(level, format!("<{head}>"));
        if let Value::Dict(table) = value.base() {
            for (key, item) in table.pairs() {
                self.object(vm, &key, Some("Key"), depth - 1, level + 1)?;
                self.object(vm, &item, Some("Value"), depth - 1, level + 1)?;
            }
        } else if let Some(items) = vm.enumerate(value)? {
            for item in &items {
                // The items of a collection are properties without names.
                let before = self.lines.len();
                self.object(vm, item, Some(""), depth - 1, level + 1)?;
                if let Some(line) = self.lines.get_mut(before) {
                    *line = line.replacen(" Name=\"\"", "", 1);
                }
            }
        } else {
            for property in vm.properties(value)? {
                let found = vm.get_member(value, &property.name)?.unwrap_or_default();
                self.object(vm, &found, Some(&property.name), depth - 1, level + 1)?;
            }
        }
        self.line(level, format!("</{tag}>"));
        Ok(())
    }
}
