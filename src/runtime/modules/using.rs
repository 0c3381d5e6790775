//! `using module` and `using assembly`: what a text needs before it is read in full.

use super::{ImportOptions, VersionRange};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{ExpressionKind, UsingKind, UsingStatementAst};
use crate::syntax::source::Source;
use std::path::{Path, PathBuf};

/// A module as a `using` statement names it.
struct Wanted {
    name: String,
    versions: VersionRange,
}

impl Vm {
    /// Loads the modules that a text's `using module` statements name, and makes their classes and
    /// enums known: the text may derive from them. What is missing is left to the parser to report.
    pub fn load_using_modules(&mut self, source: &Source) -> R<()> {
        if !mentions_using_module(&source.text) {
            return Ok(());
        }
        let usings = crate::syntax::parse(&source.text).block.usings.clone();
        for using in usings.iter().filter(|u| u.kind == UsingKind::Module) {
            let Some(file) = self.using_module_file(source, using) else {
                continue;
            };
            let module = self.import_file(&file, &ImportOptions::default())?;
            let types = module.types.borrow().clone();
            for defined in types {
                let known = self.script_type(&defined.full_name);
                if known.is_none_or(|known| known != defined) {
                    self.define_type(defined);
                }
            }
        }
        Ok(())
    }

    /// Whether a `using module` names a module that can be loaded.
    pub fn using_module_exists(&self, source: &Source, using: &UsingStatementAst) -> bool {
        let wanted = wanted(using);
        self.is_shipped_module(&wanted.name) || self.using_module_file(source, using).is_some()
    }

    fn using_module_file(&self, source: &Source, using: &UsingStatementAst) -> Option<PathBuf> {
        let wanted = wanted(using);
        let is_relative =
            wanted.name.contains(['/', '\\']) && !Path::new(&wanted.name).is_absolute();
        if is_relative
            && let Some(folder) = source.file.as_deref().and_then(|f| Path::new(f).parent())
        {
            // Paths count from the folder of the text.
            let path = folder.join(wanted.name.replace('\\', "/"));
            return self.find_module_file(&path.to_string_lossy(), &wanted.versions);
        }
        self.find_module_file(&wanted.name, &wanted.versions)
    }

    /// Whether `using assembly` names an assembly that can be had: one of .NET's own, or a file.
    pub fn using_assembly_exists(&self, name: &str) -> bool {
        match name.to_ascii_lowercase().ends_with(".dll") {
            true => self.file_path(name).is_file(),
            false => crate::runtime::types::reflection::assembly::find(name).is_some(),
        }
    }
}

/// Whether `using module` may stand in a text.
fn mentions_using_module(text: &str) -> bool {
    let starts = |at: usize, word: &str| {
        let there = text.get(at..at + word.len());
        there.is_some_and(|there| there.eq_ignore_ascii_case(word))
    };
    memchr::memchr2_iter(b'u', b'U', text.as_bytes())
        .filter(|at| starts(*at, "using"))
        .any(|at| {
            let behind = at + "using".len();
            let rest = text.get(behind..).unwrap_or("");
            let module = rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
            module.len() < rest.len() && starts(text.len() - module.len(), "module")
        })
}

/// The name and the versions, from a word or from a table of constants.
fn wanted(using: &UsingStatementAst) -> Wanted {
    let mut wanted = Wanted {
        name: using.name.as_deref().unwrap_or_default().to_owned(),
        versions: VersionRange::default(),
    };
    let table = using.specification.as_deref().map(|s| &s.kind);
    let Some(ExpressionKind::Hashtable(pairs)) = table else {
        return wanted;
    };
    for (key, value) in pairs {
        let (ExpressionKind::String { value: key, .. }, Some(value)) =
            (&key.kind, value.sole_expression())
        else {
            continue;
        };
        let text = match &value.kind {
            ExpressionKind::String { value, .. } => value.to_string(),
            ExpressionKind::Number { text, .. } => text.to_string(),
            _ => continue,
        };
        match key.to_ascii_lowercase().as_str() {
            "modulename" => wanted.name = text,
            "moduleversion" => wanted.versions.minimum = Some(text.into()),
            "maximumversion" => wanted.versions.maximum = Some(text.into()),
            "requiredversion" => wanted.versions.required = Some(text.into()),
            _ => {}
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn using_module_is_noticed_in_any_letter_case() {
        for (text, expected) in [
            ("using module X", true),
            ("# comment\n  USING  Module ./x.psm1\n", true),
            ("using namespace System", false),
            ("'the module' | echo", false),
        ] {
            assert_eq!(mentions_using_module(text), expected, "{text}");
        }
    }
}
