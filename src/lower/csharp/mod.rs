//! C# source to types: what Add-Type compiles.
//!
//! A C# class is the same kind of type as one written in a script; only its bodies differ. They are
//! run from their tree, with C#'s own rules for operators, names and assignments; whatever they
//! call outside the source is found as a script finds it.

mod call;
mod define;
mod delegate;
mod expression;
mod namespaces;
mod native;
mod operators;
mod space;
mod statement;
mod unused;

use crate::runtime::error::R;
use crate::runtime::types::TypeRef;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::Diagnostic;
use crate::syntax::csharp::ast::Unit;

/// What compiling a source gives: its types, or what is wrong with it.
pub type Compiled = Result<Vec<TypeRef>, Vec<Diagnostic>>;

/// The declarations of a source, or what is wrong with it.
pub fn parse(source: &str, warnings_are_errors: bool) -> Result<Unit, Vec<Diagnostic>> {
    let unit = crate::syntax::csharp::parse(source).map_err(|wrong| vec![wrong])?;
    let mut wrong = namespaces::unknown(&unit);
    if wrong.is_empty() && warnings_are_errors {
        wrong = unused::variables(&unit);
    }
    match wrong.is_empty() {
        true => Ok(unit),
        false => Err(wrong),
    }
}

/// Makes the types of a source and enters them into the session.
pub fn define(vm: &mut Vm, unit: Unit) -> R<Compiled> {
    define::define(vm, unit)
}
