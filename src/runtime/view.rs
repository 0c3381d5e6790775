//! How objects of a type are shown and which members it gains, as data.
//!
//! Written in `cmdlets/views/*.ron` and embedded by the build script, which
//! compiles this file too; so it knows nothing of the program. What is computed
//! is kept as script text, with the object as `$_` in views and as `$this` in
//! members.

use serde::{Deserialize, Serialize};

/// One file of `cmdlets/views/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewFile {
    /// Views; of several for a type and control the first counts.
    #[serde(default)]
    pub views: Vec<ViewDeclaration>,
    /// Members and defaults of types.
    #[serde(default)]
    pub types: Vec<TypeData>,
}

/// One way to show objects of some types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewDeclaration {
    /// The full names of the types it is for.
    pub types: Vec<String>,
    /// What `-View` calls it.
    pub name: String,
    /// A line above each run of objects with the same value.
    #[serde(default)]
    pub group_by: Option<GroupBy>,
    /// Column widths come from all objects of the group.
    #[serde(default)]
    pub auto_size: bool,
    /// Long cells are broken, not cut.
    #[serde(default)]
    pub wrap: bool,
    /// How many values a line of a wide layout has.
    #[serde(default)]
    pub columns: Option<u32>,
    /// Without header.
    #[serde(default)]
    pub hide_header: bool,
    /// The layout.
    pub control: ViewControl,
}

/// A layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ViewControl {
    /// A row for each object.
    Table(Vec<TableColumn>),
    /// A paragraph for each object; the first entry that is for the object's
    /// type counts, otherwise the one that is for every type.
    List(Vec<ListEntry>),
    /// One value for each object, in several columns.
    Wide(ViewValue),
    /// Text of any form.
    Custom(ViewValue),
}

/// Where a shown value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ViewValue {
    /// A property of the object.
    Property(String),
    /// A script that has the object as `$_`.
    Script(String),
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// The header; otherwise the name of the property.
    #[serde(default)]
    pub label: Option<String>,
    /// The cell.
    pub value: ViewValue,
    /// Cells of characters; nothing means "as needed".
    #[serde(default)]
    pub width: Option<u32>,
    /// To which side; nothing means left.
    #[serde(default)]
    pub align: Option<Align>,
    /// A format for the value.
    #[serde(default)]
    pub format: Option<String>,
}

/// A side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// To the left.
    Left,
    /// To the middle.
    Center,
    /// To the right.
    Right,
}

/// The lines of a list, for all or for some types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListEntry {
    /// The types it is for; empty for every type.
    #[serde(default)]
    pub selected_by: Vec<String>,
    /// The lines.
    pub items: Vec<ListItem>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListItem {
    /// The label; otherwise the name of the property.
    #[serde(default)]
    pub label: Option<String>,
    /// The value.
    pub value: ViewValue,
    /// A format for the value.
    #[serde(default)]
    pub format: Option<String>,
    /// Shown only for objects that this is true of.
    #[serde(default)]
    pub condition: Option<ViewValue>,
}

/// The line above a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupBy {
    /// The label; otherwise the name of the property.
    #[serde(default)]
    pub label: Option<String>,
    /// The value; a change starts a new group.
    pub value: ViewValue,
    /// Blanks in front.
    #[serde(default = "group_indent")]
    pub indent: u32,
}

/// What a type gains beside its own members.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeData {
    /// The full name of the type.
    pub name: String,
    /// Members in the order they are listed.
    #[serde(default)]
    pub members: Vec<(String, AddedMember)>,
    /// Properties that a list or table shows when nothing else is said.
    #[serde(default)]
    pub default_display: Vec<String>,
    /// The property that a wide list shows.
    #[serde(default)]
    pub default_display_property: Option<String>,
    /// Properties that sorting and grouping use when nothing else is said.
    #[serde(default)]
    pub default_key: Vec<String>,
    /// Properties that Export-Clixml keeps; empty for all.
    #[serde(default)]
    pub serialized: Vec<String>,
    /// The property that stands for the object as text in Export-Clixml.
    #[serde(default)]
    pub string_source: Option<String>,
    /// How deep Export-Clixml goes into objects of the type.
    #[serde(default)]
    pub serialization_depth: Option<u32>,
}

/// A member that type data adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AddedMember {
    /// Another name of a property.
    Alias(String),
    /// A property whose value a script computes.
    Script(String),
    /// A property whose value the engine computes, by the name of its code.
    Code(String),
    /// A property with a fixed text.
    Note(String),
    /// A method that is a script.
    ScriptMethod(String),
    /// A method of the engine, by the name of its code.
    CodeMethod(String),
}

impl ViewValue {
    /// The name of the property, or the text of the script.
    pub fn text(&self) -> &str {
        match self {
            ViewValue::Property(text) | ViewValue::Script(text) => text,
        }
    }
}

fn group_indent() -> u32 {
    3
}
