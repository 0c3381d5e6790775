//! Source text to syntax tree with places, and every parse error by its id.
//!
//! The reading rules depend on what the grammar expects (words in commands, operators in
//! expressions, names in types), so tokens are made on demand by the rule at work. Nothing
//! stops at the first error: [`parse`] always gives a tree, and all errors it found.

#[expect(
    missing_docs,
    reason = "Fields are named and documented as in the original's node types"
)]
pub mod ast;
mod attributes;
mod blocks;
mod chars;
pub(crate) mod checks;
mod classes;
mod commands;
pub mod comment_help;
mod conditions;
pub mod csharp;
pub mod error;
mod expressions;
mod functions;
mod groups;
mod handlers;
pub mod help;
mod lexer;
mod loops;
mod members;
mod messages;
mod numbers;
mod parser;
mod pipelines;
mod requires;
pub mod source;
mod statements;
mod strings;
pub mod token;
mod type_names;
mod usings;
mod variables;
mod words;

pub use chars::is_dash;
pub use checks::{RestrictedLanguage, check_definitions, check_restricted, enums_in_order};
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
    /// Whether it defines classes or enums, which [`check_definitions`] looks at.
    pub defines_types: bool,
}

/// How to parse, and what is known of the world outside. Without that knowledge nothing is
/// taken for missing.
#[derive(Clone, Copy, Default)]
pub struct ParseOptions<'a> {
    /// Whether to record tokens.
    pub tokens: bool,
    /// Whether Ctrl-C ends the work. The tree is not to be used then.
    pub interruptible: bool,
    /// Whether a type of this name exists (accelerators and full names; generic ones
    /// without and with their number of arguments, as in ``List`1``).
    pub known_type: Option<&'a dyn Fn(&str) -> bool>,
    /// Whether the module that a `using` names can be found.
    pub module_exists: Option<&'a dyn Fn(&ast::UsingStatementAst) -> bool>,
    /// Whether an assembly can be found.
    pub assembly_exists: Option<&'a dyn Fn(&str) -> bool>,
}

/// Parses a script. A byte order mark must have been taken off (see [`source::without_bom`]),
/// since all offsets count from the start of this text; one that is there is passed.
pub fn parse(text: &str) -> Parse {
    parse_with(text, &ParseOptions::default())
}

/// Parses a script with options.
pub fn parse_with(text: &str, options: &ParseOptions<'_>) -> Parse {
    let mut parser = Parser::new(text, options.tokens);
    parser.common.interruptible = options.interruptible;
    parser.pos = text.len() - source::without_bom(text).len();
    let mut block = parser.script_block(None, false);
    block.help = parser.script_help(&block);
    block.requires = parser.script_requirements().map(Rc::new);
    let defines_types = parser.common.defines_types;
    if !parser.common.aborted {
        let postponed = std::mem::take(&mut parser.common.postponed);
        for error in checks::check(&block, text, options, defines_types, postponed) {
            parser.report(error);
        }
    }
    Parse {
        block: Rc::new(block),
        errors: parser.common.errors,
        tokens: parser.saved.unwrap_or_default(),
        defines_types,
    }
}

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod shape_tests;
