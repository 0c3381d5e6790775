//! What was said to a Format cmdlet.

use super::property::Shown;

/// How collections are treated.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Expand {
    /// Their items.
    #[default]
    EnumOnly,
    /// They themselves.
    CoreOnly,
    /// First they themselves, then their items.
    Both,
}

/// Parameters of a Format cmdlet.
#[derive(Clone, Default)]
pub struct Parameters {
    /// `-Property`
    pub properties: Vec<Shown>,
    /// `-GroupBy`
    pub group_by: Option<Shown>,
    /// `-View`
    pub view: Option<String>,
    /// `-AutoSize`
    pub auto_size: Option<bool>,
    /// `-Wrap`
    pub wrap: bool,
    /// `-HideTableHeaders`
    pub hide_headers: bool,
    /// `-DisplayError`
    pub display_error: bool,
    /// `-ShowError`
    pub show_error: bool,
    /// `-Force`
    pub force: bool,
    /// `-Expand`
    pub expand: Expand,
    /// `-Column`
    pub columns: Option<usize>,
    /// `-Depth`
    pub depth: Option<usize>,
}
