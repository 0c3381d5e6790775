//! Format objects: what the Format cmdlets write and the Out cmdlets lay out.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::view::Align;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A column of a table.
#[derive(Clone)]
pub struct Column {
    /// The header.
    pub label: Rc<str>,
    /// Cells; 0 for "as needed".
    pub width: usize,
    /// To which side.
    pub align: Align,
}

/// What kind of layout a sequence has.
pub enum Shape {
    /// Rows and columns.
    Table {
        /// The columns.
        columns: Vec<Column>,
        /// Without header.
        hide_header: bool,
    },
    /// A paragraph for each object.
    List,
    /// One value for each object, several in a line.
    Wide {
        /// Values in a line; 0 for "as many as fit".
        columns: usize,
    },
    /// Text of any form.
    Custom,
}

/// The beginning of a sequence.
pub struct Start {
    /// The layout.
    pub shape: Shape,
    /// Widths come from all objects of a group.
    pub auto_size: bool,
}

/// The content of an entry.
pub enum Content {
    /// Cells of a row.
    Row {
        /// By column.
        cells: Vec<Box<str>>,
        /// Long cells are broken, not cut.
        wrap: bool,
    },
    /// Labels and values.
    List(Vec<(Rc<str>, String)>),
    /// A cell of a wide layout.
    Wide(String),
    /// Lines of a custom layout, broken at the width.
    Custom(String),
    /// Text as it is.
    Raw(String),
}

/// What the Format cmdlets write.
#[derive(Clone)]
pub enum Packet {
    /// A sequence begins.
    Start(Rc<Start>),
    /// A group begins, with the line above it.
    GroupStart(Option<Rc<str>>),
    /// An object.
    Entry {
        /// What is shown.
        content: Rc<Content>,
        /// Stands outside of any sequence.
        out_of_band: bool,
    },
    /// A group ends.
    GroupEnd,
    /// The sequence ends.
    End,
}

impl Packet {
    /// An object inside a sequence.
    pub fn entry(content: Content) -> Packet {
        Packet::Entry {
            content: Rc::new(content),
            out_of_band: false,
        }
    }

    /// An object outside of any sequence.
    pub fn out_of_band(content: Content) -> Packet {
        Packet::Entry {
            content: Rc::new(content),
            out_of_band: true,
        }
    }

    /// The packet as a value.
    pub fn into_value(self) -> Value {
        Value::native(FormatData(self))
    }

    /// The packet that a value is.
    pub fn of(value: &Value) -> Option<&Packet> {
        value.as_native::<FormatData>().map(|data| &data.0)
    }

    fn type_name(&self) -> &'static str {
        match self {
            Packet::Start(_) => "Microsoft.PowerShell.Commands.Internal.Format.FormatStartData",
            Packet::GroupStart(_) => "Microsoft.PowerShell.Commands.Internal.Format.GroupStartData",
            Packet::Entry { .. } => "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData",
            Packet::GroupEnd => "Microsoft.PowerShell.Commands.Internal.Format.GroupEndData",
            Packet::End => "Microsoft.PowerShell.Commands.Internal.Format.FormatEndData",
        }
    }
}

/// A packet that travels a pipeline.
struct FormatData(Packet);

impl Native for FormatData {
    fn type_ref(&self) -> TypeRef {
        type_named(self.0.type_name())
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.type_name().to_string())
    }
}
