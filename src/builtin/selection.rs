//! The items that `-Path`, `-LiteralPath`, `-Include`, `-Exclude` and `-Filter` mean,
//! as all cmdlets for items have them.

use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::ItemPath;
use crate::runtime::provider::find::{matches_any, wildcard};
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The selecting arguments of a call.
#[derive(Default)]
pub struct Selection {
    /// Paths as given.
    pub paths: Vec<Rc<str>>,
    /// Without wildcards.
    pub literal: bool,
    /// Only these names.
    pub include: Vec<Rc<str>>,
    /// Not these names.
    pub exclude: Vec<Rc<str>>,
    /// Only names like this.
    pub filter: Option<Rc<str>>,
    /// Hidden items too.
    pub force: bool,
}

impl Selection {
    /// The selecting arguments of a call.
    pub fn of(call: &Call) -> Selection {
        let literal = call.has("LiteralPath");
        let paths = call.texts(if literal { "LiteralPath" } else { "Path" });
        Selection {
            paths,
            literal,
            include: call.texts("Include"),
            exclude: call.texts("Exclude"),
            filter: call.text("Filter"),
            force: call.switch("Force"),
        }
    }

    /// Whether only some names are wanted.
    pub fn is_filtered(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty() || self.filter.is_some()
    }

    /// Whether a name passes `-Include`, `-Exclude` and `-Filter`.
    pub fn takes(&self, name: &str) -> bool {
        (self.include.is_empty() || matches_any(&self.include, name))
            && !matches_any(&self.exclude, name)
            && self.filter_takes(name)
    }

    /// Whether a name passes `-Filter`.
    pub fn filter_takes(&self, name: &str) -> bool {
        match &self.filter {
            Some(filter) => wildcard(filter).is_some_and(|p| p.is_match(name)),
            None => true,
        }
    }

    /// The items; errors about missing ones are written.
    pub fn items(&self, vm: &mut Vm) -> R<Vec<ItemPath>> {
        let mut items = vm.find_all(&self.paths, self.literal, self.force)?;
        items.retain(|item| self.takes(&item.leaf()));
        Ok(items)
    }
}

/// The one file that a cmdlet writes to: a path with wildcards must mean exactly one.
pub fn file_to_write(vm: &mut Vm, path: &str, literal: bool) -> R<ItemPath> {
    let mut item = vm.item_path(path)?;
    if !item.is_file_system() {
        return stop(Fault::of(
            "System.Management.Automation.PSInvalidOperationException",
            "ReadWriteFileNotFileSystemProvider",
            Category::InvalidArgument,
            format!(
                "Cannot open file because the current provider ({}) cannot open a file.",
                item.provider.full_name()
            ),
        ));
    }
    if literal || !WildcardPattern::contains_wildcards(path) {
        return Ok(item);
    }
    let mut found = vm.find_items(path, false, true)?.items;
    if found.len() > 1 {
        return stop(Fault::of(
            "System.Management.Automation.PSInvalidOperationException",
            "ReadWriteMultipleFilesNotSupported",
            Category::InvalidArgument,
            "Cannot perform operation because the path resolved to more than one file. This command cannot operate on multiple files.",
        ));
    }
    match found.pop() {
        Some(one) => item = one,
        None => {
            return stop(Fault::of(
                "System.IO.FileNotFoundException",
                "FileOpenFailure",
                Category::OpenError,
                format!(
                    "Cannot perform operation because the wildcard path {path} did not resolve to a file."
                ),
            ));
        }
    }
    Ok(item)
}

/// Ends the cmdlet with an error; the call gives it its place and name.
pub fn stop<T>(fault: Fault) -> R<T> {
    Err(fault.into())
}

/// The encoding that `-Encoding` names; by default UTF-8 without a mark.
pub fn encoding(vm: &mut Vm, call: &Call) -> R<Option<Encoding>> {
    let Some(value) = call.get("Encoding") else {
        return Ok(None);
    };
    let found = match value.base() {
        Value::Str(name) => Encoding::by_powershell_name(name),
        Value::Int(page) => u32::try_from(*page).ok().and_then(Encoding::by_code_page),
        other => {
            let page = vm.get_member(other, "CodePage")?.unwrap_or_default();
            match page.base() {
                Value::Int(page) => {
                    let found = u32::try_from(*page).ok().and_then(Encoding::by_code_page);
                    // An encoding object knows whether it writes a mark.
                    let mark = vm.get_member(other, "Preamble")?.unwrap_or_default();
                    match (found, mark.base()) {
                        (Some(found), Value::Array(bytes)) => {
                            Some(found.with_mark(!bytes.is_empty()))
                        }
                        (found, _) => found,
                    }
                }
                _ => None,
            }
        }
    };
    match found {
        Some(found) => Ok(Some(found)),
        None => {
            let text = vm.to_text(&value)?;
            stop(Fault::of(
                "System.Management.Automation.ParameterBindingArgumentTransformationException",
                "ParameterArgumentTransformationError",
                Category::InvalidData,
                format!(
                    "Cannot process argument transformation on parameter 'Encoding'. '{text}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method. (Parameter 'name')"
                ),
            ))
        }
    }
}
