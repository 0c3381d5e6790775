//! The methods of XmlDocument, XmlElement and their kin.

use super::xml_node::{XmlNode, keep, list, node_of, optional, value};
use super::{xml_reader, xml_writer, xpath_navigator};
use crate::runtime::error::R;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::collections::enumerator::Enumerator;
use crate::runtime::types::failures;
use crate::runtime::types::io::{file, stream};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A method of a node; the name is in lower case.
pub(super) fn call(
    object: &XmlNode,
    vm: &mut Vm,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let node = &object.node;
    if name == "createnavigator" {
        return Ok(Some(xpath_navigator::value(node)));
    }
    if name.starts_with("create") {
        return object.create(vm, name, arguments);
    }
    Ok(Some(match (name, arguments) {
        ("loadxml", [text]) => {
            let text = vm.to_text(text)?;
            object.load(&text)?
        }
        ("load", [source]) => load(object, vm, source)?,
        ("save", [target]) => object.save(vm, target)?,
        ("selectnodes", [path, rest @ ..]) => list(object.select(vm, path, rest.first())?),
        ("selectsinglenode", [path, rest @ ..]) => {
            optional(object.select(vm, path, rest.first())?.into_iter().next())
        }
        ("getelementsbytagname", [name, ..]) => {
            let name = vm.to_text(name)?;
            let mut all = Vec::new();
            node.descendants(&mut all);
            all.retain(|n| name == "*" || n.name == name);
            list(all)
        }
        ("getelementbyid", [id]) => {
            let id = vm.to_text(id)?;
            let mut all = Vec::new();
            node.descendants(&mut all);
            optional(
                all.into_iter()
                    .find(|n| n.attribute("id").is_some_and(|a| *a.value.borrow() == id)),
            )
        }
        _ => return attributes(object, vm, name, arguments),
    }))
}

/// The methods about the attributes of an element.
fn attributes(object: &XmlNode, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let node = &object.node;
    Ok(Some(match (name, arguments) {
        ("getattribute", [name, ..]) => {
            let name = vm.to_text(name)?;
            Value::str(
                node.attribute(&name)
                    .map(|a| a.value.borrow().clone())
                    .unwrap_or_default(),
            )
        }
        ("hasattribute", [name, ..]) => {
            let name = vm.to_text(name)?;
            Value::Bool(node.attribute(&name).is_some())
        }
        ("getattributenode", [name, ..]) => {
            let name = vm.to_text(name)?;
            optional(node.attribute(&name))
        }
        ("setattribute", [name, text]) => {
            let (name, text) = (vm.to_text(name)?, vm.to_text(text)?);
            node.set_attribute(&name, &text);
            Value::Nothing
        }
        ("setattribute", [name, _uri, text]) => {
            let (name, text) = (vm.to_text(name)?, vm.to_text(text)?);
            node.set_attribute(&name, &text);
            Value::str(text)
        }
        ("setattributenode", [attribute]) => {
            if let Some(attribute) = node_of(attribute) {
                let text = attribute.value.borrow().clone();
                node.set_attribute(&attribute.name, &text);
            }
            Value::Null
        }
        ("removeattribute", [name, ..]) => {
            let name = vm.to_text(name)?;
            if let Some(found) = node.attribute(&name) {
                found.detach();
            }
            Value::Nothing
        }
        ("removeattributeat", [at]) => {
            let at = usize::try_from(vm.to_int(at)?).ok();
            let found = at.and_then(|at| node.attributes.borrow().get(at).cloned());
            if let Some(found) = &found {
                found.detach();
            }
            optional(found)
        }
        ("removeattributenode", [first, ..]) => {
            let found = match node_of(first) {
                Some(attribute) => Some(attribute),
                None => node.attribute(&vm.to_text(first)?),
            };
            if let Some(found) = &found {
                found.detach();
            }
            optional(found)
        }
        _ => return content(object, vm, name, arguments),
    }))
}

/// The methods about what stands in a node and around it.
fn content(object: &XmlNode, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let node = &object.node;
    Ok(Some(match (name, arguments) {
        ("getprefixofnamespace", [uri]) => {
            let uri = vm.to_text(uri)?;
            let mut at = Some(node.clone());
            let mut prefix = String::new();
            while let Some(here) = at {
                let attributes = here.attributes.borrow();
                let found = attributes.iter().find_map(|a| {
                    let prefix = a.name.strip_prefix("xmlns:")?;
                    (*a.value.borrow() == uri).then(|| prefix.to_owned())
                });
                if let Some(found) = found {
                    prefix = found;
                    break;
                }
                at = here.parent.borrow().upgrade();
            }
            Value::str(prefix)
        }
        ("writeto" | "writecontentto", [writer]) => {
            let Some(writer) = writer.as_native::<xml_writer::XmlWriter>() else {
                return failures::argument_null("w");
            };
            if name == "writeto" {
                writer.node(node)?;
            } else {
                for child in node.children.borrow().iter() {
                    writer.node(child)?;
                }
            }
            writer.settle(vm)?;
            Value::Nothing
        }
        ("supports", _) => Value::Bool(true),
        ("removeallattributes", []) => {
            node.attributes.borrow_mut().clear();
            Value::Nothing
        }
        ("removeall", []) => {
            node.attributes.borrow_mut().clear();
            let old = node.children.borrow().clone();
            old.iter().for_each(|c| c.detach());
            Value::Nothing
        }
        ("appendchild" | "prependchild", [child]) => {
            let Some(new) = node_of(child) else {
                return failures::argument("The node to be inserted is missing.", "");
            };
            let at = if name == "appendchild" {
                node.children.borrow().len()
            } else {
                0
            };
            node.insert(at, &new);
            child.clone()
        }
        ("insertbefore" | "insertafter", [child, reference]) => {
            let Some(new) = node_of(child) else {
                return failures::argument("The node to be inserted is missing.", "");
            };
            new.detach();
            let at = match object.place_of(reference) {
                Some(at) if name == "insertafter" => at + 1,
                Some(at) => at,
                None if reference.is_null() && name == "insertbefore" => {
                    node.children.borrow().len()
                }
                None if reference.is_null() => 0,
                None => {
                    return failures::argument(
                        "The reference node is not a child of this node.",
                        "",
                    );
                }
            };
            node.insert(at, &new);
            child.clone()
        }
        ("removechild", [child]) => match object.place_of(child) {
            Some(_) => {
                if let Some(old) = node_of(child) {
                    keep(&old);
                    old.detach();
                }
                child.clone()
            }
            None => {
                return failures::argument(
                    "The node to be removed is not a child of this node.",
                    "",
                );
            }
        },
        ("replacechild", [new, old]) => match (object.place_of(old), node_of(new), node_of(old)) {
            (Some(at), Some(new), Some(gone)) => {
                keep(&gone);
                gone.detach();
                node.insert(at, &new);
                old.clone()
            }
            _ => {
                return failures::argument("The reference node is not a child of this node.", "");
            }
        },
        _ => return copies(object, vm, name, arguments),
    }))
}

/// Copies of a node, and what every object can be asked.
fn copies(object: &XmlNode, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let node = &object.node;
    Ok(Some(match (name, arguments) {
        ("clonenode" | "clone", deep) => {
            let deep = name == "clone" || matches!(deep.first(), Some(Value::Bool(true)));
            let made = node.copy(deep);
            keep(&made);
            value(&made)
        }
        ("importnode", [other, deep]) => {
            let deep = matches!(deep, Value::Bool(true));
            match node_of(other) {
                Some(other) => {
                    let made = other.copy(deep);
                    keep(&made);
                    value(&made)
                }
                None => return failures::argument_null("node"),
            }
        }
        ("getnamespaceofprefix", [prefix]) => {
            let prefix = vm.to_text(prefix)?;
            Value::str(node.look_up(&prefix))
        }
        ("normalize", []) => Value::Nothing,
        ("getenumerator", []) => {
            Enumerator::value(node.children.borrow().iter().map(value).collect())
        }
        ("tostring", []) => Value::str(node.local_name()),
        ("equals", [other]) => Value::Bool(node_of(other).is_some_and(|o| Rc::ptr_eq(&o, node))),
        _ => return Ok(None),
    }))
}

/// Reads a document from a reader, a stream or a file.
fn load(object: &XmlNode, vm: &mut Vm, source: &Value) -> R<Value> {
    let text = if let Some(text) = xml_reader::rest_of(source) {
        text
    } else if let Some(stream) = stream::of(source) {
        Encoding::UTF8.decode_file(&stream.read(usize::MAX)?)
    } else if source.as_str().is_none() {
        let text = vm.invoke_method(source, "ReadToEnd", Vec::new())?;
        vm.to_text(&text)?
    } else {
        let path = file::full_path(vm, source)?;
        file::read_text(&path, None)?
    };
    object.load(&text)
}
