//! Which escape sequences output carries: by `$PSStyle`, the terminal and where it goes.

use crate::runtime::types::automation::ps_style::{self, Rendering};
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The sequences in force.
#[derive(Default, Clone)]
pub struct Styles {
    /// Around headers of tables.
    pub table_header: Option<Rc<str>>,
    /// Around labels of lists.
    pub format_accent: Option<Rc<str>>,
    /// Output must carry no sequences.
    pub plain: bool,
}

/// The sequences for output to the console, or elsewhere.
pub fn styles(vm: &Vm, host: bool) -> Styles {
    if !ps_style::is_decorated(vm, host) {
        let plain = !host || ps_style::rendering(vm) == Rendering::PlainText;
        return Styles {
            plain,
            ..Styles::default()
        };
    }
    Styles {
        table_header: Some(ps_style::formatting(vm, "TableHeader")),
        format_accent: Some(ps_style::formatting(vm, "FormatAccent")),
        plain: false,
    }
}
