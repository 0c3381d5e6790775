//! What a program runs on and computes with.
pub mod collation;
pub mod embedded;
pub mod pattern;
pub mod text;
pub mod types;
