//! Source text to syntax tree with places, and every parse error by its id.
//!
//! The reading rules depend on what the grammar expects (words in commands, operators in
//! expressions, names in types), so tokens are made on demand by the rule at work. Nothing
//! stops at the first error: [`parse`] always gives a tree, and all errors it found.

#[allow(missing_docs)] // Fields are named and documented as in the original's node types.
pub mod ast;
mod attributes;
mod blocks;
mod chars;
mod classes;
mod commands;
mod conditions;
pub mod error;
mod expressions;
mod functions;
mod groups;
mod handlers;
mod help;
mod lexer;
mod loops;
mod members;
mod messages;
mod numbers;
mod parser;
mod pipelines;
pub mod source;
mod statements;
mod strings;
pub mod token;
mod type_names;
mod usings;
mod variables;
mod words;

pub use error::ParseError;
pub use numbers::parse_number;
pub use source::Source;
pub use token::{Token, TokenKind};
pub use variables::variable_path;

use ast::ScriptBlockAst;
use parser::Parser;
use std::rc::Rc;

/// What a text gave.
#[derive(Debug, Clone)]
pub struct Parse {
    /// The tree; where the text is wrong it holds stand-ins.
    pub block: Rc<ScriptBlockAst>,
    /// What is wrong, in the order of discovery.
    pub errors: Vec<ParseError>,
    /// The tokens in source order, if they were asked for.
    pub tokens: Vec<Token>,
}

/// How to parse.
#[derive(Clone, Copy, Default)]
pub struct ParseOptions {
    /// Whether to record tokens.
    pub tokens: bool,
}

/// Parses a script. A byte order mark must have been taken off (see [`source::without_bom`]),
/// since all offsets count from the start of this text; one that is there is passed.
pub fn parse(text: &str) -> Parse {
    parse_with(text, &ParseOptions::default())
}

/// Parses a script with options.
pub fn parse_with(text: &str, options: &ParseOptions) -> Parse {
    let mut parser = Parser::new(text, options.tokens);
    parser.pos = text.len() - source::without_bom(text).len();
    let mut block = parser.script_block(None, false);
    block.help = parser.script_help();
    Parse {
        block: Rc::new(block),
        errors: parser.common.errors,
        tokens: parser.saved.unwrap_or_default(),
    }
}

#[cfg(test)]
mod rule_tests;
