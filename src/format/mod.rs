//! Objects to text: tables, lists, wide and custom layouts, error views.
//!
//! A Format cmdlet turns objects into packets ([`formatter`]), an Out cmdlet turns packets into
//! lines ([`output`]); what is not a packet goes through a formatter of the Out cmdlet's own.

pub mod category;
pub mod cells;
pub mod custom;
pub mod error_view;
pub mod formatter;
pub mod generator;
pub mod get_error;
pub mod host_output;
pub mod list;
pub mod output;
pub mod packet;
pub mod parameters;
pub mod property;
pub mod property_table;
pub mod style;
pub mod table;
pub mod types;
mod unknown_view;
pub mod value_text;
pub mod view_file;

/// A fault that takes the running cmdlet's call and name.
pub(crate) fn fail<T>(fault: crate::runtime::error::Fault) -> crate::runtime::error::R<T> {
    Err(fault.into())
}
