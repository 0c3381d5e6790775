//! Format-Custom: objects as nested `class X { … }` text.

use super::cells::ELLIPSIS;
use super::property::{self, Shown};
use super::types::is_plain;
use crate::runtime::error::R;
use crate::runtime::limits::text_may_grow;
use crate::runtime::types::failures::out_of_memory;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// How deep a custom layout goes when it is not said.
pub const DEFAULT_DEPTH: usize = 5;

const INDENT: usize = 2;

/// The text of one object.
pub fn text(vm: &mut Vm, object: &Value, properties: Option<&[Shown]>, depth: usize) -> R<String> {
    let mut writer = Writer {
        size: 0,
        lines: Vec::new(),
        depth,
    };
    writer.object(vm, object, properties, 0, 0)?;
    writer.line(0, "");
    let mut text = writer.lines.join("\n");
    text.push('\n');
    Ok(text)
}

struct Writer {
    /// How many bytes the lines have.
    size: usize,
    lines: Vec<String>,
    depth: usize,
}

impl Writer {
    fn line(&mut self, indent: usize, text: &str) {
        self.size += indent + text.len();
        self.lines.push(format!("{}{text}", " ".repeat(indent)));
    }

    fn object(
        &mut self,
        vm: &mut Vm,
        object: &Value,
        properties: Option<&[Shown]>,
        level: usize,
        indent: usize,
    ) -> R<()> {
        vm.check_interrupt()?;
        if !text_may_grow(self.size) {
            return out_of_memory();
        }
        let name = class_name(vm, object);
        self.line(indent, &format!("class {name}"));
        self.line(indent, "{");
        let shown = match properties {
            Some(given) => {
                let mut all = Vec::new();
                for shown in given {
                    all.extend(property::resolve(vm, shown, object)?);
                }
                all
            }
            None => property::names_of_type_first(vm, object)?
                .into_iter()
                .map(Shown::property)
                .collect(),
        };
        for shown in shown {
            let value = property::evaluate(vm, &shown.expression, object)?.unwrap_or_default();
            let depth = shown.depth.map_or(self.depth, |d| d);
            self.property(vm, &shown, &value, level, indent + INDENT, depth)?;
        }
        self.line(indent, "}");
        Ok(())
    }

    fn property(
        &mut self,
        vm: &mut Vm,
        shown: &Shown,
        value: &Value,
        level: usize,
        indent: usize,
        depth: usize,
    ) -> R<()> {
        let title = shown.title();
        if value.is_null() || is_plain(vm, value)? {
            let text = vm.shown_text(value)?;
            self.line(indent, &format!("{title} = {text}"));
            return Ok(());
        }
        let items = items_of(vm, value)?;
        if level + 1 >= depth {
            let text = vm.cell_text(value, false)?;
            self.line(indent, &format!("{title} = {text}"));
            return Ok(());
        }
        self.line(indent, &format!("{title} = "));
        match items {
            Some(items) => {
                self.items(vm, &items, level + 1, indent + INDENT)?;
                self.line(indent + INDENT, "");
            }
            None => self.object(vm, value, None, level + 1, indent + INDENT)?,
        }
        Ok(())
    }

    fn items(&mut self, vm: &mut Vm, items: &[Value], level: usize, indent: usize) -> R<()> {
        vm.check_interrupt()?;
        if !text_may_grow(self.size) {
            return out_of_memory();
        }
        self.line(indent, "[");
        let inner = indent + INDENT;
        let limit = vm.enumeration_limit();
        for (index, item) in items.iter().enumerate() {
            if limit >= 0 && index as i64 == limit {
                self.line(inner, &ELLIPSIS.to_string());
                break;
            }
            if item.is_null() || is_plain(vm, item)? {
                let text = vm.shown_text(item)?;
                self.line(inner, &text);
            } else if level + 1 > self.depth {
                let text = vm.cell_text(item, false)?;
                self.line(inner, &text);
            } else {
                match items_of(vm, item)? {
                    Some(nested) => self.items(vm, &nested, level + 1, inner)?,
                    None => self.object(vm, item, None, level, inner)?,
                }
            }
        }
        self.line(indent, "]");
        Ok(())
    }
}

fn items_of(vm: &mut Vm, value: &Value) -> R<Option<Vec<Value>>> {
    match value.base() {
        Value::Dict(table) => Ok(Some(
            crate::runtime::types::collections::dictionary::entries(table),
        )),
        Value::Str(_) | Value::Custom(_) => Ok(None),
        _ => vm.enumerate(value),
    }
}

/// The last part of the first type name.
fn class_name(vm: &Vm, object: &Value) -> String {
    let names = vm.type_names(object);
    let full = names.first().map(|n| n.to_string()).unwrap_or_default();
    full.rsplit('.').next().unwrap_or("").to_string()
}
