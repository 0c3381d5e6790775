//! What a program runs on and computes with.
pub mod collation;
pub mod pattern;
pub mod text;
