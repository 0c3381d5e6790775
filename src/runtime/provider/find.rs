//! From a path with wildcards to the items it means.

use super::{ItemPath, Provider, path_not_found};
use crate::runtime::collation;
use crate::runtime::error::{Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What is found, and the paths that lead nowhere.
#[derive(Default)]
pub struct Found {
    /// The items in order.
    pub items: Vec<ItemPath>,
    /// Errors to report.
    pub faults: Vec<Fault>,
}

/// A compiled wildcard; what cannot be one matches itself only.
pub fn wildcard(pattern: &str) -> Option<Rc<WildcardPattern>> {
    WildcardPattern::cached(pattern, true).ok()
}

/// Whether a name matches one of these patterns.
pub fn matches_any(patterns: &[Rc<str>], name: &str) -> bool {
    patterns
        .iter()
        .any(|p| wildcard(p).is_some_and(|p| p.is_match(name)))
}

/// The folder's entries: folders first, then files, each by name; hidden ones where wanted.
pub fn entries(folder: &Path, hidden: bool) -> std::io::Result<Vec<(PathBuf, bool)>> {
    let mut folders = Vec::new();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !hidden && name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            folders.push((name, path));
        } else {
            files.push((name, path));
        }
    }
    for list in [&mut folders, &mut files] {
        list.sort_by(|a, b| {
            collation::compare(&a.0, &b.0, true).then_with(|| collation::compare(&a.0, &b.0, false))
        });
    }
    let folders = folders.into_iter().map(|(_, path)| (path, true));
    Ok(folders
        .chain(files.into_iter().map(|(_, path)| (path, false)))
        .collect())
}

impl Vm {
    /// Whether an item exists.
    pub fn item_exists(&mut self, item: &ItemPath) -> bool {
        match item.provider {
            Provider::FileSystem => item.as_file().symlink_metadata().is_ok(),
            _ => item.path.is_empty() || self.flat_value(item).is_some(),
        }
    }

    /// The items a path means: with wildcards those that match, else the one it names.
    pub fn find_items(&mut self, text: &str, literal: bool, force: bool) -> R<Found> {
        let mut found = Found::default();
        if literal || !WildcardPattern::contains_wildcards(text) {
            let mut item = self.item_path(text)?;
            if !self.item_exists(&item) && !literal && text.contains('`') {
                item = self.item_path(&WildcardPattern::unescape(text))?;
            }
            if self.item_exists(&item) {
                found.items.push(item);
            } else {
                found.faults.push(path_not_found(&missing_text(&item)));
            }
            return Ok(found);
        }
        // Backticks escape; a backslash before a bracket would not.
        let item = self.item_path(text)?;
        if !item.is_file_system() {
            for name in self.flat_names(item.provider) {
                if wildcard(&item.path).is_some_and(|p| p.is_match(&name)) {
                    found.items.push(ItemPath {
                        path: name,
                        ..item.clone()
                    });
                }
            }
            return Ok(found);
        }
        let parts: Vec<String> = item
            .path
            .split('/')
            .filter(|p| !p.is_empty())
            .map(str::to_string)
            .collect();
        let mut paths = vec![PathBuf::from("/")];
        for part in &parts {
            let mut next = Vec::new();
            if WildcardPattern::contains_wildcards(part) {
                let Some(pattern) = wildcard(part) else {
                    return Ok(found);
                };
                // Hidden names are found by a pattern that begins like them.
                let hidden = force || part.starts_with('.');
                for path in &paths {
                    for (child, _) in entries(path, hidden).unwrap_or_default() {
                        if pattern.is_match(&crate::runtime::types::io::file_info::leaf(&child)) {
                            next.push(child);
                        }
                    }
                }
            } else {
                let name = WildcardPattern::unescape(part);
                let single = paths.len() == 1;
                for path in &paths {
                    let child = path.join(&name);
                    if child.symlink_metadata().is_ok() {
                        next.push(child);
                    } else if single && !parts_before_have_wildcards(&parts, part) {
                        found.faults.push(path_not_found(&child.to_string_lossy()));
                        return Ok(found);
                    }
                }
            }
            paths = next;
        }
        found.items = paths
            .into_iter()
            .map(|p| ItemPath {
                drive: item.drive.clone(),
                ..ItemPath::file(p.to_string_lossy().into_owned())
            })
            .collect();
        Ok(found)
    }

    /// The items of several paths; errors about missing ones are written.
    pub fn find_all(&mut self, texts: &[Rc<str>], literal: bool, force: bool) -> R<Vec<ItemPath>> {
        let mut items = Vec::new();
        for text in texts {
            match self.find_items(text, literal, force) {
                Ok(found) => {
                    for fault in found.faults {
                        self.write_fault(fault)?;
                    }
                    items.extend(found.items);
                }
                Err(unwind) => self.write_unwind(unwind)?,
            }
        }
        Ok(items)
    }

    /// Writes an error that ended one part of the work; anything else goes on.
    #[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
    pub fn write_unwind(&mut self, unwind: Box<crate::runtime::error::Unwind>) -> R<()> {
        match *unwind {
            crate::runtime::error::Unwind::Error(thrown) => {
                let record = thrown.record.copy();
                // It was placed at a statement; the running command is its place.
                *record.invocation.borrow_mut() = None;
                self.write_error(Rc::new(record))
            }
            other => Err(Box::new(other)),
        }
    }
}

fn parts_before_have_wildcards(parts: &[String], until: &str) -> bool {
    parts
        .iter()
        .take_while(|p| p.as_str() != until)
        .any(|p| WildcardPattern::contains_wildcards(p))
}

/// How an error names a path that leads nowhere.
pub fn missing_text(item: &ItemPath) -> String {
    match item.is_file_system() {
        true => item.path.clone(),
        false => format!("{}:/{}", item.drive, item.path),
    }
}
