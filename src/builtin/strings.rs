//! Join-String and Tee-Object.

use super::property_expression::{self, PropertyExpression};
use crate::cmdlet::registry::Factory;
use crate::format::property_table::TableOf;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Join-String", || Box::<JoinString>::default()),
    ("Tee-Object", || Box::<TeeObject>::default()),
];

#[derive(Default)]
struct JoinString {
    property: Option<PropertyExpression>,
    separator: String,
    quote: Option<char>,
    text: String,
    any: bool,
}

impl Cmdlet for JoinString {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(property) = call.get("Property") {
            self.property = Some(property_expression::parse_one(
                vm,
                &property,
                TableOf::Group,
            )?);
        }
        self.separator = if call.switch("UseCulture") {
            vm.culture().list_separator().to_string()
        } else {
            match call.get("Separator").or_else(|| vm.variable("OFS")) {
                Some(separator) => vm.to_text(&separator)?,
                None => String::new(),
            }
        };
        self.quote = if call.switch("SingleQuote") {
            Some('\'')
        } else if call.switch("DoubleQuote") {
            Some('"')
        } else {
            None
        };
        if let Some(prefix) = call.text("OutputPrefix") {
            self.text.push_str(&prefix);
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for item in call.items("InputObject") {
            let value = match &self.property {
                None => item,
                Some(property) => property
                    .clone()
                    .value(vm, &item)?
                    .and_then(|v| v.value.ok())
                    .unwrap_or_default(),
            };
            if self.any {
                self.text.push_str(&self.separator);
            }
            self.any = true;
            let text = match (call.text("FormatString"), self.quote) {
                (Some(format), None) if !format.is_empty() => vm.format(&format, &[value])?,
                _ => vm.to_text(&value)?,
            };
            self.text.extend(self.quote);
            self.text.push_str(&text);
            self.text.extend(self.quote);
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut text = std::mem::take(&mut self.text);
        if let Some(suffix) = call.text("OutputSuffix") {
            text.push_str(&suffix);
        }
        vm.write(Value::str(text))
    }
}

#[derive(Default)]
struct TeeObject {
    items: Vec<Value>,
}

impl Cmdlet for TeeObject {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(item) = call.get("InputObject") else {
            return Ok(());
        };
        self.items.push(item.clone());
        vm.emit(item)
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let items = std::mem::take(&mut self.items);
        if let Some(name) = call.text("Variable") {
            let mut flat = Vec::with_capacity(items.len());
            for item in items {
                match vm.enumerate(&item)? {
                    Some(inner) => flat.extend(inner),
                    None => flat.push(item),
                }
            }
            let value = match Vm::captured(flat) {
                Value::Nothing => Value::Null,
                other => other,
            };
            return vm.set_variable(&name, value);
        }
        let mut named = Vec::new();
        for (ours, theirs) in [
            ("FilePath", "FilePath"),
            ("LiteralPath", "LiteralPath"),
            ("Append", "Append"),
            ("Encoding", "Encoding"),
        ] {
            if let Some(value) = call.get(ours) {
                named.push((theirs, value));
            }
        }
        vm.run_command("Out-File", &named, &[], Some(items))
    }
}
