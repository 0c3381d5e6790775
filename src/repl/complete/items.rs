//! Files and folders, and the items of the session's drives.

use super::quote::{quoted, unquoted};
use super::world::World;
use super::{begins, by_name};
use crate::repl::completion::{CompletionResult, CompletionResultType};
use std::path::{Path, PathBuf};

/// Items whose path begins with the word, as a pattern that matches them.
pub fn complete(word: &str, folders_only: bool, world: &mut dyn World) -> Vec<CompletionResult> {
    paths(word, folders_only, true, world)
}

/// Items whose path begins with the word, as a path that is taken literally.
pub fn literal(word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    paths(word, false, false, world)
}

fn paths(
    word: &str,
    folders_only: bool,
    pattern: bool,
    world: &mut dyn World,
) -> Vec<CompletionResult> {
    let (typed, quote) = unquoted(word);
    if typed.contains('$') && quote == Some('"') {
        return Vec::new();
    }
    if let Some((drive, name)) = typed.split_once(':') {
        return drive_items(drive, name.trim_start_matches(['/', '\\']), world);
    }
    let typed = typed.replace('\\', "/");
    let (folder, name) = match typed.rfind('/') {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed.as_str()),
    };
    let mut entries = entries(&on_disk(folder, world), folders_only);
    let hidden = name.starts_with('.');
    entries.retain(|(n, _)| begins(n, name) && (hidden || !n.starts_with('.')));
    entries.sort_by(|(a, _), (b, _)| by_name(a, b));
    let shown = if folder.starts_with(['.', '/', '~']) {
        folder.to_owned()
    } else {
        format!("./{folder}")
    };
    let on_disk = on_disk(folder, world);
    let result = |(name, is_folder): (String, bool)| {
        let kind = if is_folder {
            CompletionResultType::ProviderContainer
        } else {
            CompletionResultType::ProviderItem
        };
        let escaped = match pattern {
            true => name.replace('[', "`[").replace(']', "`]"),
            false => name.clone(),
        };
        let text = quoted(&format!("{shown}{escaped}"), quote);
        let tip = crate::runtime::discovery::normal(&on_disk.join(&name));
        CompletionResult::new(text, kind)
            .listed(name)
            .tip(tip.to_string_lossy())
    };
    entries.into_iter().map(result).collect()
}

/// The folder on disk that a typed one means.
fn on_disk(folder: &str, world: &mut dyn World) -> PathBuf {
    let home = folder
        .strip_prefix("~/")
        .and_then(|rest| Some(world.home()?.join(rest)));
    home.unwrap_or_else(|| world.folder().join(folder))
}

fn entries(folder: &Path, folders_only: bool) -> Vec<(String, bool)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let named = |entry: std::fs::DirEntry| {
        let is_folder = entry.path().is_dir();
        Some((entry.file_name().into_string().ok()?, is_folder))
    };
    let named = entries.flatten().filter_map(named);
    named
        .filter(|(_, is_folder)| *is_folder || !folders_only)
        .collect()
}

fn drive_items(drive: &str, typed: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let (drive, mut names) = match drive.to_ascii_lowercase().as_str() {
        "env" => ("Env", world.environment()),
        "variable" => ("Variable", world.variables()),
        "function" => ("Function", world.function_names()),
        "alias" => {
            let names = world.command_names();
            let other = |n: &String| world.resolve(n).is_some_and(|t| !t.eq_ignore_ascii_case(n));
            ("Alias", names.into_iter().filter(other).collect())
        }
        _ => return Vec::new(),
    };
    names.retain(|name| begins(name, typed));
    names.sort_by(|a, b| by_name(a, b));
    let result = |name: String| {
        let path = format!("{drive}:/{name}");
        CompletionResult::new(quoted(&path, None), CompletionResultType::ProviderItem)
            .listed(name)
            .tip(path)
    };
    names.into_iter().map(result).collect()
}
