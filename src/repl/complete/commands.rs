//! Names of commands.

use super::world::World;
use super::{begins, by_name, items};
use crate::repl::completion::{CompletionResult, CompletionResultType};

/// Commands that begin with what was typed; a path names a script, a module in
/// front keeps to its commands.
pub fn complete(word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let typed = word.trim_start_matches(['\'', '"']);
    if let Some((module, name)) = typed.split_once('\\') {
        let found = of_module(module, name, world);
        if !found.is_empty() {
            return found;
        }
    }
    if typed.contains(['/', '\\']) || typed.starts_with(['.', '~']) {
        return items::complete(word, false, world);
    }
    let mut found = names(typed, world);
    for (name, path) in world.programs(typed) {
        let known = |r: &CompletionResult| r.completion_text.eq_ignore_ascii_case(&name);
        if !found.iter().any(known) {
            found.push(CompletionResult::new(name, CompletionResultType::Command).tip(path));
        }
    }
    found
}

fn of_module(module: &str, typed: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let mut names = world.commands_of_module(module);
    names.retain(|name| begins(name, typed));
    names.sort_by(|a, b| by_name(a, b));
    let result = |name: String| {
        let usage = world.usage(&name);
        let whole = format!("{module}\\{name}");
        CompletionResult::new(whole, CompletionResultType::Command).tip(usage)
    };
    names.into_iter().map(result).collect()
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
