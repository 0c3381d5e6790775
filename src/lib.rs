//! ucsh: a PowerShell-compatible management shell that runs administrators'
//! scripts against an embedded model of a unified-communications deployment.
//!
//! The way of a command is the order of the folders:
//! text → [`syntax`] → [`lower`] → [`runtime`] → [`bind`] → [`cmdlet`] →
//! [`model`] and [`store`] → objects → pipeline → [`format`] → text.
//! Dependencies point downwards only; [`host`] is the only door to console,
//! clock, files and processes.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod bind;
pub mod builtin;
pub mod cli;
pub mod cmdlet;
pub mod format;
pub mod host;
pub mod lower;
pub mod model;
pub mod repl;
pub mod runtime;
pub mod store;
pub mod syntax;
pub mod uc;
