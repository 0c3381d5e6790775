//! Finding modules: the module folders, files by name, and commands by the sight of a file.

use super::{ImportOptions, VersionRange};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::text::version::Version;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};

impl Vm {
    /// Looks for a module that exports a command and loads it.
    pub fn auto_load(&mut self, name: &str) -> R<Option<Command>> {
        if name.contains(['/', '\\', '.', '*', '?', '[']) || name.is_empty() {
            return Ok(None);
        }
        let wanted = self.variable("PSModuleAutoLoadingPreference");
        if let Some(value) = wanted
            && self.to_text(&value)?.eq_ignore_ascii_case("none")
        {
            return Ok(None);
        }
        for file in self.available_modules(None) {
            if !exports_by_sight(&file, name) {
                continue;
            }
            let loaded = self
                .session
                .modules
                .iter()
                .any(|m| **m.path.borrow() == *file.to_string_lossy());
            if loaded {
                continue;
            }
            let options = ImportOptions {
                global: true,
                quiet: true,
                ..ImportOptions::default()
            };
            self.import_file(&file, &options)?;
            if let Some(function) = self.find_function(name) {
                return Ok(Some(Command::Function(function)));
            }
            if let Some(alias) = self.find_alias(name) {
                return self.find_command(&alias.definition);
            }
        }
        Ok(None)
    }

    /// The folders of `PSModulePath`.
    fn module_folders(&self) -> Vec<PathBuf> {
        let text = self.host.variable("PSModulePath").unwrap_or_default();
        std::env::split_paths(&text)
            .filter(|p| !p.as_os_str().is_empty())
            .collect()
    }

    /// The files of the modules in the module folders, all or those of one name; the newest version of each.
    pub fn available_modules(&self, name: Option<&str>) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for folder in self.module_folders() {
            let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|e| e.path())
                .filter(|p| p.is_dir())
                .collect();
            names.sort();
            for path in names {
                let leaf = path
                    .file_name()
                    .map(|n| n.to_string_lossy().to_string())
                    .unwrap_or_default();
                if name.is_none_or(|n| n.eq_ignore_ascii_case(&leaf)) {
                    found.extend(module_in_folder(&path));
                }
            }
        }
        found
    }

    /// The file that a name or path of a module stands for.
    pub fn find_module_file(&self, name: &str, versions: &VersionRange) -> Option<PathBuf> {
        let is_path = name.contains(['/', '\\'])
            || name.starts_with('~')
            || [".psd1", ".psm1", ".ps1"]
                .iter()
                .any(|e| name.to_ascii_lowercase().ends_with(e));
        if !is_path {
            return self
                .available_modules(Some(name))
                .into_iter()
                .find(|file| versions.is_any() || versions.contains(&version_by_sight(file)));
        }
        let path = self.file_path(name);
        if path.is_file() {
            return Some(path);
        }
        for extension in ["psd1", "psm1", "ps1"] {
            let with = PathBuf::from(format!("{}.{extension}", path.display()));
            if with.is_file() {
                return Some(with);
            }
        }
        module_in_folder(&path)
    }
}

/// The module file of a folder: of its own name, or of its newest version's folder.
fn module_in_folder(folder: &Path) -> Option<PathBuf> {
    let name = folder.file_name()?.to_string_lossy().to_string();
    let direct = |folder: &Path| {
        ["psd1", "psm1"]
            .iter()
            .map(|e| folder.join(format!("{name}.{e}")))
            .find(|p| p.is_file())
    };
    if let Some(found) = direct(folder) {
        return Some(found);
    }
    let mut versions: Vec<(Version, PathBuf)> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|e| {
            let version = Version::parse(&e.file_name().to_string_lossy()).ok()?;
            Some((version, e.path()))
        })
        .collect();
    versions.sort_by_key(|a| a.0);
    versions.iter().rev().find_map(|(_, path)| direct(path))
}

/// The version a manifest names, without running it.
fn version_by_sight(file: &Path) -> String {
    let text = crate::host::file::read_to_string(file).unwrap_or_default();
    for line in text.lines() {
        let mut halves = line.splitn(2, '=');
        let key = halves.next().unwrap_or("").trim();
        if key.eq_ignore_ascii_case("ModuleVersion") {
            let value = halves.next().unwrap_or("").trim();
            return value.trim_matches(['\'', '"', ';', ' ']).to_string();
        }
    }
    "0.0".to_string()
}

/// Whether a module's text defines or lists a command, without running it.
fn exports_by_sight(file: &Path, name: &str) -> bool {
    let mut files = vec![file.to_path_buf()];
    if file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("psd1"))
    {
        files.push(file.with_extension("psm1"));
    }
    let wanted = name.to_lowercase();
    files.iter().any(|file| {
        let Ok(text) = crate::host::file::read_to_string(file) else {
            return false;
        };
        let text = text.to_lowercase();
        text.match_indices(&wanted).any(|(at, found)| {
            let edge =
                |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || c == '-' || c == '_'));
            edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
        })
    })
}
