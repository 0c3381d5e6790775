//! Get-Item and Get-ChildItem.

use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::find::{entries, wildcard};
use crate::runtime::provider::{ItemPath, Provider};
use crate::runtime::types::io::file_info::{FileInfo, leaf};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Item", || Box::new(GetItem)),
    ("Get-ChildItem", || Box::new(GetChildItem)),
];

struct GetItem;

impl Cmdlet for GetItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        for item in selection.items(vm)? {
            if item.is_file_system() || !item.path.is_empty() {
                let value = vm.item_value(&item)?;
                vm.write(value)?;
            } else {
                for name in vm.flat_names(item.provider) {
                    let child = ItemPath {
                        path: name,
                        ..item.clone()
                    };
                    let value = vm.item_value(&child)?;
                    vm.write(value)?;
                }
            }
        }
        Ok(())
    }
}

/// Conditions on attributes: one of several, each of them all of several.
struct AttributeTest(Vec<Vec<(bool, i64)>>);

impl AttributeTest {
    fn parse(text: &str) -> Option<AttributeTest> {
        const NAMES: [(&str, i64); 12] = [
            ("ReadOnly", 1),
            ("Hidden", 2),
            ("System", 4),
            ("Directory", 0x10),
            ("Archive", 0x20),
            ("Device", 0x40),
            ("Normal", 0x80),
            ("Temporary", 0x100),
            ("SparseFile", 0x200),
            ("ReparsePoint", 0x400),
            ("Compressed", 0x800),
            ("Encrypted", 0x4000),
        ];
        let mut any = Vec::new();
        for alternative in text.split([',', ' ']).filter(|a| !a.is_empty()) {
            let mut all = Vec::new();
            for term in alternative.split('+') {
                let term = term.trim();
                let (wanted, name) = match term.strip_prefix('!') {
                    Some(name) => (false, name.trim()),
                    None => (true, term),
                };
                let name = match name.to_ascii_lowercase().as_str() {
                    "d" => "Directory".to_string(),
                    "h" => "Hidden".to_string(),
                    "r" => "ReadOnly".to_string(),
                    "s" => "System".to_string(),
                    "l" => "ReparsePoint".to_string(),
                    "a" => "Archive".to_string(),
                    _ => name.to_string(),
                };
                let (_, bit) = NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(&name))?;
                all.push((wanted, *bit));
            }
            any.push(all);
        }
        Some(AttributeTest(any))
    }

    fn takes(&self, bits: i64) -> bool {
        self.0
            .iter()
            .any(|all| all.iter().all(|(wanted, bit)| (bits & bit != 0) == *wanted))
    }

    fn mentions_hidden(&self) -> bool {
        self.0.iter().flatten().any(|(_, bit)| *bit == 2)
    }
}

struct GetChildItem;

struct Listing {
    selection: Selection,
    recurse: bool,
    depth: Option<i64>,
    names: bool,
    hidden: bool,
    tests: Vec<AttributeTest>,
    drive: Rc<str>,
    /// Names that the last part of a path with wildcards stands for.
    pattern: Option<String>,
}

impl Cmdlet for GetChildItem {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut selection = Selection::of(call);
        if selection.paths.is_empty() {
            selection.paths = vec![".".into()];
        }
        let mut tests = Vec::new();
        for (switch, text) in [
            ("File", "!Directory"),
            ("Directory", "Directory"),
            ("Hidden", "Hidden"),
            ("ReadOnly", "ReadOnly"),
            ("System", "System"),
        ] {
            if call.switch(switch) {
                tests.extend(AttributeTest::parse(text));
            }
        }
        if let Some(expression) = call.get("Attributes") {
            let text = vm.to_text(&expression)?;
            match AttributeTest::parse(&text) {
                Some(test) => tests.push(test),
                None => {
                    return stop(Fault::of(
                        "System.Management.Automation.ParameterBindingException",
                        "CannotConvertArgumentNoMessage",
                        Category::InvalidArgument,
                        format!(
                            "Cannot bind parameter 'Attributes'. Cannot convert value \"{text}\" to type \"System.Management.Automation.FlagsExpression`1[System.IO.FileAttributes]\". Error: \"Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following enumerator names and try again:\nNone, ReadOnly, Hidden, System, Directory, Archive, Device, Normal, Temporary, SparseFile, ReparsePoint, Compressed, Offline, NotContentIndexed, Encrypted, IntegrityStream, NoScrubData\""
                        ),
                    ));
                }
            }
        }
        let hidden = selection.force || tests.iter().any(AttributeTest::mentions_hidden);
        let mut listing = Listing {
            recurse: call.switch("Recurse") || call.has("Depth"),
            depth: call.int("Depth"),
            names: call.switch("Name"),
            hidden,
            tests,
            drive: "/".into(),
            selection,
            pattern: None,
        };
        for path in listing.selection.paths.clone() {
            match listing.path(vm, &path) {
                Ok(()) => {}
                Err(unwind) if crate::runtime::invoke::is_error(&unwind) => {
                    vm.write_unwind(unwind)?;
                }
                Err(unwind) => return Err(unwind),
            }
        }
        Ok(())
    }
}

impl Listing {
    fn path(&mut self, vm: &mut Vm, text: &str) -> R<()> {
        let literal = self.selection.literal;
        let glob = !literal && WildcardPattern::contains_wildcards(text);
        let item = vm.item_path(text)?;
        self.drive = item.drive.clone();
        self.pattern = None;
        if !item.is_file_system() {
            return self.flat(vm, text, &item, literal);
        }
        let filtered = !self.selection.include.is_empty() || !self.selection.exclude.is_empty();
        if self.recurse && self.names && glob {
            // Names are told as seen from each folder that the wildcards mean.
            for item in self.found(vm, text, literal)? {
                if item.as_file().is_dir() {
                    self.levels(vm, item.as_file(), "", self.depth)?;
                } else {
                    self.write(vm, item.as_file(), &item.leaf())?;
                }
            }
            return Ok(());
        }
        if self.recurse && (glob || !item.as_file().is_dir()) && !literal {
            // The last part says which names are wanted below the rest.
            let (parent, last) = match text.rfind(['/', '\\']) {
                Some(0) => ("/", &text[1..]),
                Some(at) => (&text[..at], &text[at + 1..]),
                None => (".", text),
            };
            self.pattern = Some(last.to_string());
            for folder in self.found(vm, parent, literal)? {
                self.tree(vm, folder.as_file(), "", self.depth)?;
            }
            return Ok(());
        }
        let items = self.found(vm, text, literal)?;
        for item in items {
            let path = item.as_file();
            if glob || !path.is_dir() {
                let name = item.leaf();
                if self.selection.takes(&name) && self.wanted(path) {
                    self.write(vm, path, &name)?;
                }
            } else if filtered && self.recurse {
                self.tree(vm, path, "", self.depth)?;
            } else if filtered {
                // Without wildcards `-Include` looks at the folder's own name.
                if self.selection.include.is_empty() && self.selection.filter.is_none() {
                    for (child, _) in self.entries(vm, path)? {
                        let name = leaf(&child);
                        if self.selection.takes(&name) && self.wanted(&child) {
                            self.write(vm, &child, &name)?;
                        }
                    }
                }
            } else {
                self.levels(vm, path, "", self.depth)?;
            }
        }
        Ok(())
    }

    fn found(&self, vm: &mut Vm, text: &str, literal: bool) -> R<Vec<ItemPath>> {
        let found = vm.find_items(text, literal, self.hidden)?;
        for fault in found.faults {
            vm.write_fault(fault)?;
        }
        Ok(found.items)
    }

    fn flat(&self, vm: &mut Vm, text: &str, item: &ItemPath, literal: bool) -> R<()> {
        let names: Vec<String> = match item.path.as_str() {
            "" => vm.flat_names(item.provider),
            _ => self
                .found(vm, text, literal)?
                .into_iter()
                .map(|i| i.path)
                .collect(),
        };
        for name in names {
            if !self.selection.takes(&name) {
                continue;
            }
            let child = ItemPath {
                path: name,
                ..item.clone()
            };
            let value = match self.names {
                true => Value::str(child.path.as_str()),
                false => vm.item_value(&child)?,
            };
            vm.write(value)?;
        }
        Ok(())
    }

    /// A folder's entries; one that cannot be read is an error that was written.
    fn entries(&self, vm: &mut Vm, folder: &Path) -> R<Vec<(PathBuf, bool)>> {
        vm.check_interrupt()?;
        match entries(folder, self.hidden) {
            Ok(list) => Ok(list),
            Err(error) => {
                let path = folder.to_string_lossy();
                let (type_name, id, category, message) = match error.kind() {
                    std::io::ErrorKind::PermissionDenied => (
                        "System.UnauthorizedAccessException",
                        "DirUnauthorizedAccessError",
                        Category::PermissionDenied,
                        format!("Access to the path '{path}' is denied."),
                    ),
                    _ => (
                        "System.IO.IOException",
                        "DirIOError",
                        Category::ReadError,
                        format!("{error} : '{path}'"),
                    ),
                };
                vm.write_fault(
                    Fault::of(type_name, id, category, message).target(Value::str(&*path)),
                )?;
                Ok(Vec::new())
            }
        }
    }

    fn wanted(&self, path: &Path) -> bool {
        if self.tests.is_empty() {
            return true;
        }
        let bits = FileInfo::new(path, path.is_dir()).attributes();
        self.tests.iter().all(|test| test.takes(bits))
    }

    fn write(&self, vm: &mut Vm, path: &Path, name: &str) -> R<()> {
        if self.names {
            return vm.write(Value::str(name));
        }
        let item = ItemPath {
            provider: Provider::FileSystem,
            drive: self.drive.clone(),
            path: path.to_string_lossy().into_owned(),
        };
        let value = vm.item_value(&item)?;
        vm.write(value)
    }

    /// A folder's entries, then those of each folder in it.
    fn levels(&self, vm: &mut Vm, folder: &Path, prefix: &str, depth: Option<i64>) -> R<()> {
        let children = self.entries(vm, folder)?;
        for (child, _) in &children {
            let name = leaf(child);
            if self.selection.filter_takes(&name) && self.wanted(child) {
                self.write(vm, child, &format!("{prefix}{name}"))?;
            }
        }
        if self.recurse && depth != Some(0) {
            for (child, is_folder) in &children {
                if *is_folder && !child.is_symlink() {
                    let prefix = format!("{prefix}{}/", leaf(child));
                    self.levels(vm, child, &prefix, depth.map(|d| d - 1))?;
                }
            }
        }
        Ok(())
    }

    /// The entries of a folder that names select, each folder followed by what is in it.
    fn tree(&self, vm: &mut Vm, folder: &Path, prefix: &str, depth: Option<i64>) -> R<()> {
        for (child, is_folder) in self.entries(vm, folder)? {
            let name = leaf(&child);
            let pattern = match &self.pattern {
                Some(pattern) => wildcard(pattern).is_some_and(|p| p.is_match(&name)),
                None => true,
            };
            if pattern && self.selection.takes(&name) && self.wanted(&child) {
                self.write(vm, &child, &format!("{prefix}{name}"))?;
            }
            if is_folder && depth != Some(0) && !child.is_symlink() {
                self.tree(
                    vm,
                    &child,
                    &format!("{prefix}{name}/"),
                    depth.map(|d| d - 1),
                )?;
            }
        }
        Ok(())
    }
}
