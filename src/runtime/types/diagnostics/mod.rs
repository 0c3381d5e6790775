//! `System.Diagnostics`: processes.

pub mod process;
pub mod process_start;
