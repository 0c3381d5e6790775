//! Select-Xml.

use super::selection::{Selection, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::record::Record;
use crate::runtime::types::xml::{XmlNode, new_document, prefixes, xpath};
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
                let bytes = std::fs::read(item.as_file()).unwrap_or_default();
                match parse(vm, &Encoding::UTF8.decode_file(&bytes)) {
                    Ok(document) => self.select(vm, call, &document, &item.path)?,
                    Err(unwind) if crate::runtime::invoke::is_error(&unwind) => {
                        vm.write_fault(
                            Fault::argument(
                                "ProcessingFile",
                                format!("The file '{}' can not be read: the XML is not valid.", item.path),
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
    let document = new_document();
    vm.invoke_method(&document, "LoadXml", vec![Value::str(text)])?;
    Ok(document)
}

impl SelectXml {
    fn select(&self, vm: &mut Vm, call: &Call, node: &Value, path: &str) -> R<()> {
        let Some(from) = node.as_native::<XmlNode>() else {
            return Ok(());
        };
        let expression = call.text("XPath").unwrap_or_else(|| "".into());
        let known = match call.get("Namespace") {
            Some(table) => prefixes(vm, &table)?,
            None => Vec::new(),
        };
        let Some(found) = xpath::select(&from.node, &expression, &known) else {
            return stop(Fault::of(
                "System.Xml.XPath.XPathException",
                "System.Xml.XPath.XPathException",
                Category::NotSpecified,
                format!("'{expression}' has an invalid token."),
            ));
        };
        for one in found {
            let value = Record::value(
                "Microsoft.PowerShell.Commands.SelectXmlInfo",
                one.inner_text(),
                vec![
                    ("Node", crate::runtime::types::xml::value(&one, &from.document)),
                    ("Path", Value::str(path)),
                    ("Pattern", Value::str(&*expression)),
                ],
            );
            vm.write(value)?;
        }
        Ok(())
    }
}
