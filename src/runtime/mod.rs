//! What a program runs on and computes with.

pub mod attribute;
pub mod class;
pub mod collation;
pub mod collection;
pub mod command;
pub mod embedded;
pub mod error;
pub mod invocation;
pub mod module;
pub mod native;
pub mod object;
pub mod parameter;
pub mod pattern;
pub mod scope;
pub mod script_block;
pub mod session;
pub mod streams;
pub mod symbol;
pub mod text;
pub mod types;
pub mod value;
pub mod variables;
pub mod vm;
