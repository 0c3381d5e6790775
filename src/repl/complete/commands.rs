//! Names of commands.

use super::world::World;
use super::{begins, by_name, items};
use crate::repl::completion::{CompletionResult, CompletionResultType};

/// Commands that begin with what was typed; a path names a script.
pub fn complete(word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let typed = word.trim_start_matches(['\'', '"']);
    if typed.contains(['/', '\\']) || typed.starts_with(['.', '~']) {
        return items::complete(word, false, world);
    }
    names(typed, world)
}

/// The matching names, without paths.
pub fn names(typed: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut names = world.command_names();
    names.retain(|name| begins(name, typed));
    names.sort_by(|a, b| by_name(a, b));
    names.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    let result = |name: String| {
        let usage = world.usage(&name);
        CompletionResult::new(name, CompletionResultType::Command).tip(usage)
    };
    names.into_iter().map(result).collect()
}
