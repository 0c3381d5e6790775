//! Export-Clixml, Import-Clixml, ConvertTo-CliXml and ConvertFrom-CliXml.

use super::clixml_read::ClixmlReader;
use super::clixml_write::ClixmlWriter;
use super::csv::open_failure;
use super::selection::{Selection, encoding, file_to_write, stop};
use super::xml_text::Element;
use crate::cmdlet::registry::Factory;
use crate::host::discard::Long;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Export-Clixml", || Box::<ExportClixml>::default()),
    ("Import-Clixml", || Box::new(ImportClixml)),
    ("ConvertTo-CliXml", || Box::<ConvertToClixml>::default()),
    ("ConvertFrom-CliXml", || Box::new(ConvertFromClixml)),
];

const DEFAULT_DEPTH: i64 = 2;

#[derive(Default)]
struct ExportClixml {
    writer: ClixmlWriter,
}

impl Cmdlet for ExportClixml {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let depth = call.int("Depth").unwrap_or(DEFAULT_DEPTH);
        let value = call.get("InputObject").unwrap_or_default();
        self.writer.value(vm, &value, None, depth, 1)
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(path) = call.text("Path").or_else(|| call.text("LiteralPath")) else {
            return Ok(());
        };
        let item = file_to_write(vm, &path, call.has("LiteralPath"))?;
        let used = encoding(vm, call)?.unwrap_or(Encoding::UTF8);
        if !vm.should_process(call, &path, "Export-Clixml")? {
            return Ok(());
        }
        if call.switch("NoClobber") && item.as_file().exists() {
            return stop(
                Fault::of(
                    "System.IO.IOException",
                    "NoClobber",
                    Category::ResourceExists,
                    format!("The file '{}' already exists.", item.path),
                )
                .target(Value::str(item.path.as_str())),
            );
        }
        if call.switch("Force") && item.as_file().exists() {
            let _ = crate::runtime::types::io::file_info::set_read_only(item.as_file(), false);
        }
        let text = std::mem::take(&mut self.writer).finish();
        match std::fs::write(item.as_file(), used.encode_file(&text)) {
            Ok(()) => Ok(()),
            Err(error) => stop(open_failure(&error, item.as_file())),
        }
    }
}

#[derive(Default)]
struct ConvertToClixml {
    writer: ClixmlWriter,
}

impl Cmdlet for ConvertToClixml {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let depth = call.int("Depth").unwrap_or(DEFAULT_DEPTH);
        let value = call.get("InputObject").unwrap_or_default();
        self.writer.value(vm, &value, None, depth, 1)
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let text = std::mem::take(&mut self.writer).finish();
        vm.write(Value::str(text))
    }
}

fn read(vm: &mut Vm, call: &Call, text: &str) -> R<()> {
    let root = Element::parse(text).filter(|root| root.name == "Objs");
    vm.check_interrupt()?;
    let Some(root) = root else {
        return stop(Fault::of(
            "System.Xml.XmlException",
            "System.Xml.XmlException",
            Category::NotSpecified,
            "Data at the root level is invalid. Line 1, position 1.",
        ));
    };
    let mut reader = ClixmlReader::default();
    let skip = call
        .int("Skip")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(0);
    let first = call
        .int("First")
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(usize::MAX);
    if call.switch("IncludeTotalCount") {
        // A file does not tell its number of objects beforehand.
        vm.write(Value::ULong(0))?;
    }
    let mut values = Long::default();
    for element in &root.children {
        vm.check_interrupt()?;
        values.push(reader.value(vm, element)?);
    }
    for value in values.into_iter().skip(skip).take(first) {
        vm.write(value)?;
    }
    Ok(())
}

struct ImportClixml;

impl Cmdlet for ImportClixml {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        for path in &selection.paths {
            let item = vm.item_path(path)?;
            if item.is_file_system()
                && !crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(path)
                && let Err(error) = std::fs::metadata(item.as_file())
            {
                return stop(open_failure(&error, item.as_file()));
            }
        }
        for item in vm.find_all(&selection.paths, selection.literal, true)? {
            match crate::host::file::read(item.as_file()) {
                Ok(bytes) => {
                    let text = Encoding::UTF8.decode_file(&bytes);
                    read(vm, call, &text)?;
                }
                Err(error) => vm.write_fault(open_failure(&error, item.as_file()))?,
            }
        }
        Ok(())
    }
}

struct ConvertFromClixml;

impl Cmdlet for ConvertFromClixml {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("InputObject").unwrap_or_else(|| "".into());
        read(vm, call, &text)
    }
}
