//! Format-Table, Format-List, Format-Wide and Format-Custom.

use crate::cmdlet::registry::Factory;
use crate::format::formatter::Formatter;
use crate::format::packet::Packet;
use crate::format::parameters::{Expand, Parameters};
use crate::format::property;
use crate::format::property_table::{self, TableOf};
use crate::format::types::Kind;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Format-Table", || Box::new(Format::new(Kind::Table))),
    ("Format-List", || Box::new(Format::new(Kind::List))),
    ("Format-Wide", || Box::new(Format::new(Kind::Wide))),
    ("Format-Custom", || Box::new(Format::new(Kind::Custom))),
];

struct Format {
    kind: Kind,
    formatter: Option<Formatter>,
    packets: Vec<Packet>,
}

impl Format {
    fn new(kind: Kind) -> Format {
        Format {
            kind,
            formatter: None,
            packets: Vec::new(),
        }
    }

    fn send(&mut self, vm: &mut Vm) -> R<()> {
        for packet in std::mem::take(&mut self.packets) {
            vm.write(packet.into_value())?;
        }
        Ok(())
    }

    fn input(&mut self, vm: &mut Vm, value: &Value) -> R<()> {
        let mut packets = std::mem::take(&mut self.packets);
        let result = match &mut self.formatter {
            Some(formatter) => formatter.process(vm, value, &mut packets),
            None => Ok(()),
        };
        self.packets = packets;
        self.send(vm)?;
        result
    }
}

impl Cmdlet for Format {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.formatter = Some(Formatter::new(
            Some(self.kind),
            parameters(vm, call, self.kind)?,
        ));
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        match call.get("InputObject") {
            Some(value) => self.input(vm, &value),
            None => Ok(()),
        }
    }

    fn process_direct(&mut self, vm: &mut Vm, _call: &Call, input: &Value) -> Option<R<()>> {
        Some(self.input(vm, input))
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if let Some(formatter) = &mut self.formatter {
            formatter.finish(&mut self.packets);
        }
        self.send(vm)
    }
}

/// The table keys of `-Property` of a Format cmdlet.
fn table_of(kind: Kind) -> TableOf {
    match kind {
        Kind::Table => TableOf::Table,
        Kind::List => TableOf::List,
        Kind::Wide => TableOf::Wide,
        Kind::Custom => TableOf::Custom,
    }
}

/// The error of two parameters that exclude each other.
fn exclusive<T>(vm: &mut Vm, id: &str, message: &str) -> R<T> {
    property_table::explained(
        vm,
        Fault::of(
            "System.IO.InvalidDataException",
            id,
            Category::InvalidArgument,
            "Found invalid data while decoding.",
        ),
        message,
    )
}

fn parameters(vm: &mut Vm, call: &Call, kind: Kind) -> R<Parameters> {
    let mut properties = Vec::new();
    match call.get("Property") {
        // Format-Wide takes one property, not a list.
        Some(value) if matches!(kind, Kind::Wide) && !value.is_null() => {
            properties.push(property::parse(vm, &value, TableOf::Wide)?);
        }
        _ => {
            for argument in call.items("Property") {
                properties.push(property::parse(vm, &argument, table_of(kind))?);
            }
        }
    }
    let group_by = match call.get("GroupBy") {
        Some(value) if !value.is_null() => Some(property::parse(vm, &value, TableOf::GroupBy)?),
        _ => None,
    };
    let view = call
        .text("View")
        .filter(|v| !v.is_empty())
        .map(|v| v.to_string());
    if view.is_some() && !properties.is_empty() {
        return exclusive(
            vm,
            "FormatCannotSpecifyViewAndProperty",
            "Cmdlet parameters View and Property are mutually exclusive.",
        );
    }
    if call.switch("AutoSize") && call.has("Column") {
        return exclusive(
            vm,
            "FormatCannotSpecifyAutosizeAndColumns",
            "Cmdlet parameters AutoSize and Column are mutually exclusive.",
        );
    }
    Ok(Parameters {
        properties,
        group_by,
        view,
        auto_size: call.has("AutoSize").then(|| call.switch("AutoSize")),
        wrap: call.switch("Wrap"),
        hide_headers: call.switch("HideTableHeaders"),
        display_error: call.switch("DisplayError"),
        show_error: call.switch("ShowError"),
        force: call.switch("Force"),
        expand: match call.text("Expand") {
            Some(text) if text.eq_ignore_ascii_case("CoreOnly") => Expand::CoreOnly,
            Some(text) if text.eq_ignore_ascii_case("Both") => Expand::Both,
            _ => Expand::EnumOnly,
        },
        columns: call.int("Column").and_then(|n| usize::try_from(n).ok()),
        depth: call.int("Depth").and_then(|n| usize::try_from(n).ok()),
    })
}
