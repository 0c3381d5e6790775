//! Objects to text: tables, lists, wide and custom layouts, error views.

pub mod host_output;
