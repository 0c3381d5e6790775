//! Source text to syntax tree with places, and every parse error by its id.
pub mod ast;
pub mod source;
