//! C# source as Add-Type takes it: text to declarations, statements and expressions.
//!
//! It is the everyday language: types and their members, statements, expressions, lambdas. What
//! lies beyond it is kept as a note in the body where it stands, so that the type around it exists;
//! what is no C# at all is reported as its compiler does.

pub mod ast;
mod expressions;
mod members;
mod parser;
mod statements;
mod token;

use ast::Unit;

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The compiler's code: `CS1002`.
    pub code: &'static str,
    /// What it says.
    pub message: String,
    /// The byte where it is.
    pub at: usize,
}

/// The declarations of a text.
pub fn parse(text: &str) -> Result<Unit, Diagnostic> {
    let tokens = token::tokens(text, 0)?;
    parser::Parser::new(text, tokens).unit()
}

#[cfg(test)]
mod tests;
