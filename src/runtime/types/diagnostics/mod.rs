//! `System.Diagnostics`: processes, and what files say of their version.

pub mod file_version_info;
pub mod process;
pub mod process_start;
