//! The declarations that the build script embedded, found by name.
//!
//! Opening the catalogue costs nothing; a name costs a binary search, and its
//! declaration is decoded when it is first asked for and kept.

use crate::cmdlet::declaration::{CmdletDeclaration, CommandKind};
use crate::runtime::embedded::EmbeddedTable;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::cell::RefCell;
use std::rc::Rc;

static COMMANDS: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/commands.bin")));

static ALIASES: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/aliases.bin")));

thread_local! {
    static DECODED: RefCell<FxHashMap<&'static str, Rc<CmdletDeclaration>>> =
        RefCell::new(FxHashMap::default());
}

/// What a list of commands needs to know of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct CommandSummary {
    /// The name as it is shown.
    pub name: &'static str,
    /// The module that exports it.
    pub module: &'static str,
    /// Cmdlet, function or filter.
    pub kind: CommandKind,
}

/// The declaration of a command, letter case ignored.
pub fn find(name: &str) -> Option<Rc<CmdletDeclaration>> {
    let summary = summary(name)?;
    if let Some(known) = DECODED.with_borrow(|decoded| decoded.get(summary.name).cloned()) {
        return Some(known);
    }
    let (_, rest) = split(COMMANDS.find(name)?)?;
    let declaration = Rc::new(postcard::from_bytes::<CmdletDeclaration>(rest).ok()?);
    DECODED.with_borrow_mut(|decoded| decoded.insert(summary.name, declaration.clone()));
    Some(declaration)
}

/// Name, module and kind of a command, letter case ignored, without decoding
/// the rest.
pub fn summary(name: &str) -> Option<CommandSummary> {
    split(COMMANDS.find(name)?).map(|(summary, _)| summary)
}

/// All commands in the order of their names, without decoding the rest.
pub fn names() -> impl Iterator<Item = CommandSummary> {
    names_starting_with("")
}

/// The commands whose name begins with a text, letter case ignored.
pub fn names_starting_with(prefix: &str) -> impl Iterator<Item = CommandSummary> {
    COMMANDS
        .rows_starting_with(prefix)
        .filter_map(|(_, record)| split(record).map(|(summary, _)| summary))
}

/// The aliases of a fresh session, each with the command it means.
pub fn aliases() -> impl Iterator<Item = (&'static str, &'static str)> {
    ALIASES
        .rows()
        .filter_map(|(alias, target)| Some((alias, std::str::from_utf8(target).ok()?)))
}

fn split(record: &'static [u8]) -> Option<(CommandSummary, &'static [u8])> {
    postcard::take_from_bytes(record).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_decodes() {
        for summary in names() {
            let declaration = find(summary.name).expect(summary.name);
            assert_eq!(declaration.name, summary.name);
            assert_eq!(declaration.module, summary.module);
        }
    }

    #[test]
    fn aliases_lead_to_declared_commands() {
        assert!(aliases().any(|pair| pair == ("gci", "Get-ChildItem")));
        for (alias, target) in aliases() {
            assert!(summary(target).is_some(), "{alias} means {target}");
        }
    }

    #[test]
    fn an_unknown_name_is_not_found() {
        assert!(find("No-Such").is_none());
    }
}
