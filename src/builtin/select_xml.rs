//! Select-Xml.

use super::selection::Selection;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Fault, R};
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::find_full;
use crate::runtime::types::record::Record;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Select-Xml", || Box::new(SelectXml))];

struct SelectXml;

impl Cmdlet for SelectXml {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for node in call.items("Xml") {
            self.select(vm, call, &node, "InputStream")?;
        }
        for text in call.texts("Content") {
            let document = parse(vm, &text)?;
            self.select(vm, call, &document, "InputStream")?;
        }
        if call.has("Path") || call.has("LiteralPath") {
            let selection = Selection::of(call);
            for item in vm.find_all(&selection.paths, selection.literal, true)? {
                let bytes = crate::host::file::read(item.as_file()).unwrap_or_default();
                match parse(vm, &Encoding::UTF8.decode_file(&bytes)) {
                    Ok(document) => self.select(vm, call, &document, &item.path)?,
                    Err(unwind) if crate::runtime::invoke::is_error(&unwind) => {
                        vm.write_fault(
                            Fault::argument(
                                "ProcessingFile",
                                format!(
                                    "The file '{}' can not be read: the XML is not valid.",
                                    item.path
                                ),
                            )
                            .target(Value::str(item.path.as_str())),
                        )?;
                    }
                    Err(unwind) => return Err(unwind),
                }
            }
        }
        Ok(())
    }
}

fn parse(vm: &mut Vm, text: &str) -> R<Value> {
    match find_full("System.Xml.XmlDocument") {
        Some(target) => vm.convert(&Value::str(text), &target),
        None => Ok(Value::Null),
    }
}

impl SelectXml {
    fn select(&self, vm: &mut Vm, call: &Call, node: &Value, path: &str) -> R<()> {
        let expression = call.get("XPath").unwrap_or_default();
        let mut arguments = vec![expression.clone()];
        if let Some(Value::Dict(table)) = call.get("Namespace").map(Value::into_base)
            && let Some(manager) = find_full("System.Xml.XmlNamespaceManager")
        {
            let names = vm.get_member(node, "NameTable")?.unwrap_or_default();
            let manager = vm.construct(&manager, vec![names])?;
            for (prefix, uri) in table.pairs() {
                vm.invoke_method(&manager, "AddNamespace", vec![prefix, uri])?;
            }
            arguments.push(manager);
        }
        let found = vm.invoke_method(node, "SelectNodes", arguments)?;
        for one in vm.enumerate(&found)?.unwrap_or_default() {
            let text = vm.get_member(&one, "InnerText")?.unwrap_or_default();
            let text = vm.to_text(&text)?;
            let value = Record::value(
                "Microsoft.PowerShell.Commands.SelectXmlInfo",
                text,
                vec![
                    ("Node", one),
                    ("Path", Value::str(path)),
                    ("Pattern", expression.clone()),
                ],
            );
            vm.write(value)?;
        }
        Ok(())
    }
}
