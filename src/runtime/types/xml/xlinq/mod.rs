//! `System.Xml.Linq`: documents, elements and attributes that scripts put
//! together from their content.

mod change;
pub mod name;
mod write;

pub use change::content_text;

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::io::text_writer::Writer;
use crate::runtime::types::xml::{Node, NodeKind, read_into};
use crate::runtime::types::{
    TypeRef, collections::array, failures, io::stream, io::text_reader, type_named, xml::xml_node,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use name::{XML, XMLNS, XName, XNamespace};
use std::rc::Rc;

const NAMESPACE: &str = "System.Xml.Linq.";

/// A node as an object.
pub struct XObject {
    node: Rc<Node>,
}

fn value(node: &Rc<Node>) -> Value {
    Value::native(XObject { node: node.clone() })
}

fn optional(node: Option<Rc<Node>>) -> Value {
    node.map_or(Value::Null, |node| value(&node))
}

fn node_of(value: &Value) -> Option<Rc<Node>> {
    value
        .as_native::<XObject>()
        .map(|object| object.node.clone())
}

/// A node's name in its namespace.
pub(in crate::runtime::types) fn name_of(node: &Rc<Node>) -> XName {
    let namespace = if node.kind == NodeKind::Attribute {
        match (node.name.as_str(), node.prefix()) {
            ("xmlns", _) | (_, "xmlns") => XMLNS.to_owned(),
            (_, "xml") => XML.to_owned(),
            _ => node.namespace_uri(),
        }
    } else {
        node.namespace_uri()
    };
    XName {
        namespace,
        local: node.local_name().to_owned(),
    }
}

fn is_named(node: &Rc<Node>, wanted: &Option<XName>) -> bool {
    wanted
        .as_ref()
        .is_none_or(|wanted| name_of(node) == *wanted)
}

fn list(short: &str, nodes: impl Iterator<Item = Rc<Node>>) -> Value {
    let element = type_named(&format!("{NAMESPACE}{short}"));
    array::of(&element, nodes.map(|node| value(&node)).collect())
}

/// Reads text into a new document.
fn parsed(text: &str, arguments: &[Value]) -> R<Rc<Node>> {
    let preserve = arguments
        .iter()
        .any(|argument| matches!(argument.base(), Value::Enum(options) if options.bits & 1 != 0));
    let document = Node::new(NodeKind::Document, "#document", "");
    read_into(&document, text, preserve)?;
    xml_node::keep(&document);
    Ok(document)
}

/// The text of a file, stream or reader.
fn loaded(vm: &mut Vm, source: &Value) -> R<String> {
    if let Some(bytes) = stream::of(source) {
        return Ok(Encoding::UTF8.decode_file(&bytes.read(usize::MAX)?));
    }
    if let Some(reader) = source.as_native::<text_reader::Reader>() {
        return reader.rest();
    }
    let path = crate::runtime::types::io::file::full_path(vm, source)?;
    crate::runtime::types::io::file::read_text(&path, None)
}

/// A static property.
pub fn read_static(type_name: &str, property: &str) -> Option<Value> {
    match type_name.strip_prefix(NAMESPACE)? {
        "XNamespace" => name::read_static(property),
        _ => None,
    }
}

/// A static method.
pub fn call_static(
    vm: &mut Vm,
    type_name: &str,
    method: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    if type_name == "System.Xml.XPath.Extensions" {
        return path(vm, method, arguments);
    }
    let Some(short) = type_name.strip_prefix(NAMESPACE) else {
        return Ok(None);
    };
    match (short, method, arguments) {
        ("XElement" | "XDocument", "parse" | "load", [source, rest @ ..]) => {
            let text = if method == "load" {
                loaded(vm, source)?
            } else if let Some(text) = source.as_str() {
                text.to_owned()
            } else {
                return failures::argument_null("text");
            };
            let document = parsed(&text, rest)?;
            if short == "XDocument" {
                return Ok(Some(value(&document)));
            }
            let root = document.elements().into_iter().next();
            if let Some(root) = &root {
                root.detach();
            }
            Ok(Some(optional(root)))
        }
        ("XNode", "deepequals", [one, other]) => {
            let same = match (node_of(one), node_of(other)) {
                (Some(one), Some(other)) => write::text(&one, false) == write::text(&other, false),
                (None, None) => true,
                _ => false,
            };
            Ok(Some(Value::Bool(same)))
        }
        _ => name::call_static(vm, short, method, arguments),
    }
}

/// The XPath methods that extend elements.
fn path(vm: &mut Vm, method: &str, arguments: &[Value]) -> R<Option<Value>> {
    let [start, path, rest @ ..] = arguments else {
        return Ok(None);
    };
    let Some(start) = node_of(start) else {
        return failures::argument_null("node");
    };
    let nodes =
        crate::runtime::types::xml::xpath_navigator::selected(vm, &start, path, rest.first())?;
    Ok(match method {
        "xpathselectelement" => Some(optional(nodes.into_iter().next())),
        "xpathselectelements" => Some(list("XElement", nodes.into_iter())),
        _ => None,
    })
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let Some(short) = type_ref.definition_name().strip_prefix(NAMESPACE) else {
        return Ok(None);
    };
    let text = |vm: &mut Vm, at: usize| match arguments.get(at) {
        Some(argument) if !argument.is_null() => vm.to_text(argument),
        _ => Ok(String::new()),
    };
    let node = match (short, arguments) {
        ("XElement", [other]) if node_of(other).is_some() => {
            node_of(other).map(|other| other.copy(true))
        }
        ("XElement", [name, content @ ..]) => {
            if name.is_null() {
                return failures::argument_null("name");
            }
            let name = XName::of(vm, name)?;
            let made = Node::new(NodeKind::Element, &name.local, "");
            *made.namespace.borrow_mut() = name.namespace;
            for part in content {
                change::add(vm, &made, part, None)?;
            }
            Some(made)
        }
        ("XDocument", content) => {
            let made = Node::new(NodeKind::Document, "#document", "");
            for part in content {
                change::add(vm, &made, part, None)?;
            }
            xml_node::keep(&made);
            Some(made)
        }
        ("XAttribute", [name, content]) => {
            if content.is_null() {
                return failures::argument_null("value");
            }
            let name = XName::of(vm, name)?;
            let qualified = match name.namespace.as_str() {
                XMLNS => format!("xmlns:{}", name.local),
                XML => format!("xml:{}", name.local),
                _ => name.local.clone(),
            };
            let text = change::content_text(vm, content)?;
            let made = Node::new(NodeKind::Attribute, &qualified, &text);
            *made.namespace.borrow_mut() = name.namespace;
            Some(made)
        }
        ("XText", [_]) => Some(Node::new(NodeKind::Text, "#text", &text(vm, 0)?)),
        ("XCData", [_]) => Some(Node::new(NodeKind::CData, "#cdata-section", &text(vm, 0)?)),
        ("XComment", [_]) => Some(Node::new(NodeKind::Comment, "#comment", &text(vm, 0)?)),
        ("XProcessingInstruction", [_, _]) => {
            let (target, data) = (text(vm, 0)?, text(vm, 1)?);
            Some(Node::new(NodeKind::Instruction, &target, &data))
        }
        ("XDeclaration", [_, _, _]) => {
            let mut data = format!("version=\"{}\"", text(vm, 0)?);
            for (at, name) in [(1, "encoding"), (2, "standalone")] {
                let part = text(vm, at)?;
                if !part.is_empty() {
                    data.push_str(&format!(" {name}=\"{part}\""));
                }
            }
            Some(Node::new(NodeKind::Declaration, "xml", &data))
        }
        _ => None,
    };
    if let Some(node) = &node {
        xml_node::keep(node);
    }
    Ok(node.map(|node| value(&node)))
}

/// A text as the name that a parameter wants.
pub fn converted(value: &Value, target: &TypeRef) -> Option<Value> {
    name::converted(value, target.definition_name().strip_prefix(NAMESPACE)?)
}

impl XObject {
    fn sibling(&self, step: isize) -> Option<Rc<Node>> {
        let parent = self.node.parent.borrow().upgrade()?;
        let all = if self.node.kind == NodeKind::Attribute {
            parent.attributes.borrow()
        } else {
            parent.children.borrow()
        };
        let at = all.iter().position(|n| Rc::ptr_eq(n, &self.node))?;
        all.get(at.checked_add_signed(step)?).cloned()
    }

    /// The siblings before or after it that are elements.
    fn elements_beside(&self, after: bool) -> Vec<Rc<Node>> {
        let Some(parent) = self.node.parent.borrow().upgrade() else {
            return Vec::new();
        };
        let children = parent.children.borrow();
        let at = children.iter().position(|n| Rc::ptr_eq(n, &self.node));
        let at = at.unwrap_or(0);
        let part = if after {
            children.get(at + 1..)
        } else {
            children.get(..at)
        };
        let part = part.unwrap_or(&[]).iter();
        part.filter(|n| n.kind == NodeKind::Element)
            .cloned()
            .collect()
    }

    fn ancestors(&self) -> Vec<Rc<Node>> {
        let above = |node: &Rc<Node>| node.parent.borrow().upgrade();
        std::iter::successors(above(&self.node), above)
            .filter(|node| node.kind == NodeKind::Element)
            .collect()
    }

    /// Writes the document to a file, stream or writer.
    fn save(&self, vm: &mut Vm, target: &Value, rest: &[Value]) -> R<()> {
        let indents = !rest
            .iter()
            .any(|v| matches!(v.base(), Value::Enum(options) if options.bits & 1 != 0));
        let body = write::whole_text(&self.node, indents)?;
        let children = self.node.children.borrow();
        let standalone = children
            .iter()
            .find(|child| child.kind == NodeKind::Declaration)
            .is_some_and(|declaration| declaration.value.borrow().contains("standalone=\"yes\""));
        let standalone = if standalone {
            " standalone=\"yes\""
        } else {
            ""
        };
        let line = if indents { "\n" } else { "" };
        let whole = |encoding: &str| {
            format!("<?xml version=\"1.0\" encoding=\"{encoding}\"{standalone}?>{line}{body}")
        };
        if let Some(writer) = target.as_native::<Writer>() {
            return writer.put(vm, &whole("utf-16"));
        }
        let bytes = Encoding::UTF8_BOM.encode_file(&whole("utf-8"));
        if let Some(stream) = stream::of(target) {
            return stream.write(&bytes);
        }
        let path = crate::runtime::types::io::file::full_path(vm, target)?;
        match std::fs::write(&path, bytes) {
            Ok(()) => Ok(()),
            Err(error) => failures::io(&error, &path),
        }
    }
}

impl Native for XObject {
    fn type_ref(&self) -> TypeRef {
        let short = match self.node.kind {
            NodeKind::Document | NodeKind::Fragment => "XDocument",
            NodeKind::Element => "XElement",
            NodeKind::Attribute => "XAttribute",
            NodeKind::CData => "XCData",
            NodeKind::Comment => "XComment",
            NodeKind::Instruction => "XProcessingInstruction",
            NodeKind::DocumentType => "XDocumentType",
            NodeKind::Declaration => "XDeclaration",
            NodeKind::Text | NodeKind::Whitespace => "XText",
        };
        type_named(&format!("{NAMESPACE}{short}"))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match self.node.kind {
            NodeKind::Declaration => format!("<?xml {}?>", self.node.value.borrow()),
            _ => write::whole_text(&self.node, true)?,
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.node.kind {
            NodeKind::Element => vec![
                "FirstAttribute",
                "HasAttributes",
                "HasElements",
                "IsEmpty",
                "LastAttribute",
                "Name",
                "NodeType",
                "Value",
                "FirstNode",
                "LastNode",
                "NextNode",
                "PreviousNode",
                "BaseUri",
                "Document",
                "Parent",
            ],
            NodeKind::Attribute => vec![
                "IsNamespaceDeclaration",
                "Name",
                "NextAttribute",
                "NodeType",
                "PreviousAttribute",
                "Value",
                "BaseUri",
                "Document",
                "Parent",
            ],
            NodeKind::Document => vec![
                "Declaration",
                "DocumentType",
                "NodeType",
                "Root",
                "FirstNode",
                "LastNode",
                "NextNode",
                "PreviousNode",
                "BaseUri",
                "Document",
                "Parent",
            ],
            _ => vec![
                "NodeType",
                "Value",
                "NextNode",
                "PreviousNode",
                "BaseUri",
                "Document",
                "Parent",
            ],
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let node = &self.node;
        let children = || node.children.borrow().clone();
        let is_element = node.kind == NodeKind::Element;
        let is_attribute = node.kind == NodeKind::Attribute;
        let is_document = node.kind == NodeKind::Document;
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" if is_element || is_attribute => Value::native(name_of(node)),
            "value" if !is_document => Value::str(node.inner_text()),
            "nodetype" => Value::enum_of("System.Xml.XmlNodeType", node.kind as i64),
            "haselements" if is_element => Value::Bool(!node.elements().is_empty()),
            "hasattributes" if is_element => Value::Bool(!node.attributes.borrow().is_empty()),
            "isempty" if is_element => {
                Value::Bool(children().is_empty() && !*node.expanded.borrow())
            }
            "firstattribute" if is_element => optional(node.attributes.borrow().first().cloned()),
            "lastattribute" if is_element => optional(node.attributes.borrow().last().cloned()),
            "firstnode" if is_element || is_document => optional(children().first().cloned()),
            "lastnode" if is_element || is_document => optional(children().last().cloned()),
            "root" if is_document => optional(node.elements().into_iter().next()),
            "declaration" if is_document => optional(
                children()
                    .into_iter()
                    .find(|child| child.kind == NodeKind::Declaration),
            ),
            "documenttype" if is_document => Value::Null,
            "nextattribute" if is_attribute => optional(self.sibling(1)),
            "previousattribute" if is_attribute => optional(self.sibling(-1)),
            "isnamespacedeclaration" if is_attribute => {
                Value::Bool(name_of(node).namespace == XMLNS)
            }
            "nextnode" if !is_attribute => optional(self.sibling(1)),
            "previousnode" if !is_attribute => optional(self.sibling(-1)),
            "parent" => {
                let parent = node.parent.borrow().upgrade();
                optional(parent.filter(|parent| parent.kind == NodeKind::Element))
            }
            "document" => {
                let root = node.root();
                optional((root.kind == NodeKind::Document).then_some(root))
            }
            "baseuri" => Value::str(""),
            "target" if node.kind == NodeKind::Instruction => Value::str(node.name.as_str()),
            "data" if node.kind == NodeKind::Instruction => Value::str(node.inner_text()),
            part @ ("version" | "encoding" | "standalone")
                if node.kind == NodeKind::Declaration =>
            {
                let data = node.value.borrow();
                let found = data.split_once(&format!("{part}=\""));
                let found = found.and_then(|(_, rest)| rest.split('"').next());
                found.map_or(Value::Null, Value::str)
            }
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "value" => change::set_value(vm, &self.node, &value)?,
            "name" if self.node.kind == NodeKind::Element => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let node = &self.node;
        let wanted = match (name, arguments) {
            (
                "element" | "elements" | "descendants" | "descendantsandself" | "ancestors"
                | "ancestorsandself" | "attribute" | "attributes" | "elementsafterself"
                | "elementsbeforeself",
                [wanted],
            ) => {
                if wanted.is_null() {
                    return Ok(Some(match name {
                        "element" | "attribute" => Value::Null,
                        _ => list("XElement", std::iter::empty()),
                    }));
                }
                Some(XName::of(vm, wanted)?)
            }
            _ => None,
        };
        let fits = |node: &Rc<Node>| is_named(node, &wanted);
        let all_below = || {
            let mut all = Vec::new();
            node.descendants(&mut all);
            all.into_iter()
        };
        let own = || (node.kind == NodeKind::Element).then(|| node.clone());
        let elements = |nodes: &mut dyn Iterator<Item = Rc<Node>>| {
            list("XElement", nodes.filter(|node| fits(node)))
        };
        Ok(Some(match (name, arguments) {
            ("element", [_]) => optional(node.elements().into_iter().find(fits)),
            ("elements", _) => elements(&mut node.elements().into_iter()),
            ("descendants", _) => elements(&mut all_below()),
            ("descendantsandself", _) => elements(&mut own().into_iter().chain(all_below())),
            ("ancestors", _) => elements(&mut self.ancestors().into_iter()),
            ("ancestorsandself", _) => elements(&mut own().into_iter().chain(self.ancestors())),
            ("elementsafterself", _) => elements(&mut self.elements_beside(true).into_iter()),
            ("elementsbeforeself", _) => elements(&mut self.elements_beside(false).into_iter()),
            ("attribute", [_]) => {
                optional(node.attributes.borrow().iter().find(|a| fits(a)).cloned())
            }
            ("attributes", _) => {
                let attributes = node.attributes.borrow().clone();
                list("XAttribute", attributes.into_iter().filter(fits))
            }
            ("nodes", []) => {
                let children = node.children.borrow().clone();
                list(
                    "XNode",
                    children
                        .into_iter()
                        .filter(|n| n.kind != NodeKind::Declaration),
                )
            }
            ("save", [target, rest @ ..]) => {
                self.save(vm, target, rest)?;
                Value::Nothing
            }
            ("tostring", rest) => {
                let plain = rest
                    .iter()
                    .any(|v| matches!(v.base(), Value::Enum(options) if options.bits & 1 != 0));
                if plain {
                    Value::str(write::whole_text(node, false)?)
                } else {
                    Value::str(self.to_text(vm)?)
                }
            }
            ("getdefaultnamespace", []) => Value::native(XNamespace(node.look_up(""))),
            ("getnamespaceofprefix", [prefix]) => {
                let prefix = vm.to_text(prefix)?;
                match node.look_up(&prefix) {
                    uri if uri.is_empty() => Value::Null,
                    uri => Value::native(XNamespace(uri)),
                }
            }
            ("isafter" | "isbefore", _) => return Ok(None),
            _ => return change::call(vm, node, name, arguments),
        }))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(node_of(other).is_some_and(|other| Rc::ptr_eq(&other, &self.node)))
    }
}
