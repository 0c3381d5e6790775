//! XmlDocument, XmlElement and their kin as objects: attributes and child
//! elements read like properties.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::xml::{Node, NodeKind, read_into};
use crate::runtime::types::{
    TypeRef, failures, find_full, known, xml::xml_reader, xml::xml_writer, xml::xpath_navigator,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A node as an object.
pub struct XmlNode {
    /// The node.
    pub node: Rc<Node>,
    preserve: Cell<bool>,
}

/// The object of a node.
pub fn value(node: &Rc<Node>) -> Value {
    Value::native(XmlNode {
        node: node.clone(),
        preserve: Cell::new(false),
    })
}

/// `[xml]::new()`
pub fn document() -> Value {
    // The document is kept alive by a list of its own, since nodes know their parents only weakly.
    let node = Node::new(NodeKind::Document, "#document", "");
    keep(&node);
    value(&node)
}

/// Documents live as long as the program: a script may hold any node of one.
pub fn keep(node: &Rc<Node>) {
    thread_local! {
        static DOCUMENTS: RefCell<Vec<Rc<Node>>> = const { RefCell::new(Vec::new()) };
    }
    DOCUMENTS.with_borrow_mut(|all| all.push(node.clone()));
}

fn optional(node: Option<Rc<Node>>) -> Value {
    node.map_or(Value::Null, |n| value(&n))
}

/// The node of a value that is one.
pub fn of(value: &Value) -> Option<Rc<Node>> {
    node_of(value)
}

fn node_of(argument: &Value) -> Option<Rc<Node>> {
    argument.as_native::<XmlNode>().map(|n| n.node.clone())
}

/// What reading a child element as a property gives: its text, when there is nothing else in it.
fn shown(node: &Rc<Node>) -> Value {
    if node.kind != NodeKind::Element {
        return match node.kind {
            NodeKind::Text
            | NodeKind::CData
            | NodeKind::Comment
            | NodeKind::Declaration
            | NodeKind::Attribute => Value::str(node.value.borrow().clone()),
            _ => value(node),
        };
    }
    let children = node.children.borrow();
    let plain = node.attributes.borrow().is_empty()
        && match children.as_slice() {
            [] => true,
            [one] => matches!(one.kind, NodeKind::Text | NodeKind::CData),
            _ => false,
        };
    drop(children);
    if plain {
        Value::str(node.inner_text())
    } else {
        value(node)
    }
}

fn adapted(node: &Rc<Node>, name: &str) -> Option<Value> {
    let mut found: Vec<Value> = node
        .attributes
        .borrow()
        .iter()
        .filter(|a| a.local_name().eq_ignore_ascii_case(name))
        .map(|a| Value::str(a.value.borrow().clone()))
        .collect();
    found.extend(
        node.children
            .borrow()
            .iter()
            .filter(|c| c.local_name().eq_ignore_ascii_case(name) && c.kind != NodeKind::Whitespace)
            .map(shown),
    );
    match found.len() {
        0 => None,
        1 => found.pop(),
        _ => Some(Value::array(found)),
    }
}

/// Names of attributes and child nodes, each once.
pub fn property_names(value: &Value) -> Option<Vec<Rc<str>>> {
    let node = node_of(value)?;
    let mut names: Vec<Rc<str>> = Vec::new();
    for part in node
        .attributes
        .borrow()
        .iter()
        .chain(node.children.borrow().iter())
    {
        if part.kind != NodeKind::Whitespace && !names.iter().any(|n| **n == *part.name) {
            names.push(part.name.as_str().into());
        }
    }
    Some(names)
}

impl XmlNode {
    fn siblings(&self, step: isize) -> Value {
        let Some(parent) = self.node.parent.borrow().upgrade() else {
            return Value::Null;
        };
        let children = parent.children.borrow();
        let at = children.iter().position(|c| Rc::ptr_eq(c, &self.node));
        let other = at.and_then(|at| at.checked_add_signed(step));
        optional(other.and_then(|at| children.get(at).cloned()))
    }

    fn property(&self, name: &str) -> Option<Value> {
        let node = &self.node;
        let children = || node.children.borrow().clone();
        Some(match name {
            "name" => Value::str(node.name.as_str()),
            "localname" => Value::str(node.local_name()),
            "prefix" => Value::str(node.prefix()),
            "namespaceuri" => Value::str(node.namespace_uri()),
            "innertext" => Value::str(node.inner_text()),
            "innerxml" => Value::str(node.inner_xml()),
            "outerxml" => Value::str(node.outer_xml()),
            "nodetype" => Value::enum_of("System.Xml.XmlNodeType", node.kind as i64),
            "value" => match node.kind {
                NodeKind::Element | NodeKind::Document | NodeKind::Fragment => Value::Null,
                _ => Value::str(node.value.borrow().clone()),
            },
            "data" => Value::str(node.value.borrow().clone()),
            "childnodes" => list(children()),
            "haschildnodes" => Value::Bool(!children().is_empty()),
            "firstchild" => optional(children().first().cloned()),
            "lastchild" => optional(children().last().cloned()),
            "nextsibling" => self.siblings(1),
            "previoussibling" => self.siblings(-1),
            "parentnode" if node.kind == NodeKind::Attribute => Value::Null,
            "parentnode" | "ownerelement" => optional(node.parent.borrow().upgrade()),
            "ownerdocument" => value(&node.root()),
            "documentelement" if node.kind == NodeKind::Document => {
                optional(node.elements().into_iter().next())
            }
            "attributes" => match node.kind {
                NodeKind::Element => Value::native(NodeList {
                    nodes: node.attributes.borrow().clone(),
                    owner: Some(node.clone()),
                }),
                _ => Value::Null,
            },
            "hasattributes" => Value::Bool(!node.attributes.borrow().is_empty()),
            "isempty" => Value::Bool(children().is_empty() && !*node.expanded.borrow()),
            "preservewhitespace" => Value::Bool(self.preserve.get()),
            "isreadonly" => Value::Bool(false),
            "specified" => Value::Bool(true),
            "baseuri" => Value::str(""),
            "nametable" => Value::Null,
            _ => return None,
        })
    }

    fn write_text(&self, text: &str) {
        let node = &self.node;
        match node.kind {
            NodeKind::Element => {
                let old = node.children.borrow().clone();
                old.iter().for_each(|c| c.detach());
                node.append(&Node::new(NodeKind::Text, "#text", text));
            }
            _ => *node.value.borrow_mut() = text.to_string(),
        }
    }

    fn load(&self, text: &str) -> R<Value> {
        let fresh = Node::new(self.node.kind, &self.node.name, "");
        read_into(&fresh, text, self.preserve.get())?;
        let old = self.node.children.borrow().clone();
        old.iter().for_each(|c| c.detach());
        let new = fresh.children.borrow().clone();
        new.iter().for_each(|c| self.node.append(c));
        Ok(Value::Nothing)
    }

    fn place_of(&self, reference: &Value) -> Option<usize> {
        let reference = node_of(reference)?;
        self.node
            .children
            .borrow()
            .iter()
            .position(|c| Rc::ptr_eq(c, &reference))
    }

    fn create(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut texts = Vec::new();
        for argument in arguments {
            texts.push(vm.to_text(argument)?);
        }
        let text = |at: usize| texts.get(at).map_or("", String::as_str);
        let made = match name {
            "createelement" | "createattribute" => {
                let kind = if name == "createelement" {
                    NodeKind::Element
                } else {
                    NodeKind::Attribute
                };
                let (qualified, uri) = match texts.as_slice() {
                    [prefix, local, uri] if !prefix.is_empty() => {
                        (format!("{prefix}:{local}"), uri.clone())
                    }
                    [_, local, uri] => (local.clone(), uri.clone()),
                    [name, uri] => (name.clone(), uri.clone()),
                    _ => (text(0).to_string(), String::new()),
                };
                let made = Node::new(kind, &qualified, "");
                if kind == NodeKind::Element && !uri.is_empty() {
                    let declaration = match made.prefix() {
                        "" => "xmlns".to_string(),
                        prefix => format!("xmlns:{prefix}"),
                    };
                    made.set_attribute(&declaration, &uri);
                }
                *made.namespace.borrow_mut() = uri;
                made
            }
            "createwhitespace" | "createsignificantwhitespace" => {
                Node::new(NodeKind::Whitespace, "#whitespace", text(0))
            }
            "createtextnode" => Node::new(NodeKind::Text, "#text", text(0)),
            "createcdatasection" => Node::new(NodeKind::CData, "#cdata-section", text(0)),
            "createcomment" => Node::new(NodeKind::Comment, "#comment", text(0)),
            "createdocumentfragment" => Node::new(NodeKind::Fragment, "#document-fragment", ""),
            "createprocessinginstruction" => Node::new(NodeKind::Instruction, text(0), text(1)),
            "createxmldeclaration" => {
                let mut content = format!("version=\"{}\"", text(0));
                if !text(1).is_empty() {
                    content.push_str(&format!(" encoding=\"{}\"", text(1)));
                }
                if !text(2).is_empty() {
                    content.push_str(&format!(" standalone=\"{}\"", text(2)));
                }
                Node::new(NodeKind::Declaration, "xml", &content)
            }
            "createnode" => Node::new(NodeKind::Element, text(1), ""),
            _ => return Ok(None),
        };
        keep(&made);
        Ok(Some(value(&made)))
    }

    fn save(&self, vm: &mut Vm, target: &Value) -> R<Value> {
        if xml_writer::save(vm, target, &self.node, !self.preserve.get())? {
            return Ok(Value::Nothing);
        }
        let mut text = String::new();
        if self.preserve.get() {
            text = self.node.outer_xml();
        } else {
            self.node.write_indented(0, &mut text);
        }
        // A declared UTF-8 comes with its mark.
        let children = self.node.children.borrow();
        let declared = children.first().is_some_and(|first| {
            let text = first.value.borrow().to_lowercase();
            first.kind == NodeKind::Declaration && text.contains("encoding=\"utf-8\"")
        });
        let encoding = if declared {
            Encoding::UTF8_BOM
        } else {
            Encoding::UTF8
        };
        let bytes = encoding.encode_file(&text);
        if let Some(stream) = crate::runtime::types::io::stream::of(target) {
            stream.write(&bytes)?;
            return Ok(Value::Nothing);
        }
        let path = crate::runtime::types::io::file::full_path(vm, target)?;
        match std::fs::write(&path, bytes) {
            Ok(()) => Ok(Value::Nothing),
            Err(error) => failures::io(&error, &path),
        }
    }

    fn select(&self, vm: &mut Vm, path: &Value, namespaces: Option<&Value>) -> R<Vec<Rc<Node>>> {
        xpath_navigator::selected(vm, &self.node, path, namespaces)
    }
}

impl Native for XmlNode {
    fn type_ref(&self) -> TypeRef {
        let name = match self.node.kind {
            NodeKind::Document => "XmlDocument",
            NodeKind::Attribute => "XmlAttribute",
            NodeKind::Text => "XmlText",
            NodeKind::CData => "XmlCDataSection",
            NodeKind::Comment => "XmlComment",
            NodeKind::Declaration => "XmlDeclaration",
            NodeKind::Fragment => "XmlDocumentFragment",
            NodeKind::Instruction => "XmlProcessingInstruction",
            NodeKind::DocumentType => "XmlDocumentType",
            NodeKind::Whitespace => "XmlWhitespace",
            NodeKind::Element => "XmlElement",
        };
        find_full(&format!("System.Xml.{name}"))
            .or_else(|| find_full("System.Xml.XmlNode"))
            .unwrap_or_else(known::object)
    }

    /// Only the method ToString gives the name; text around a node shows its type.
    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref().display_full())
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if let Some(found) = adapted(&self.node, name) {
            return Ok(Some(found));
        }
        Ok(self.property(&name.to_ascii_lowercase()))
    }

    fn set(&self, vm: &mut Vm, name: &str, new: Value) -> R<Option<bool>> {
        let node = &self.node;
        let attribute = node
            .attributes
            .borrow()
            .iter()
            .find(|a| a.local_name().eq_ignore_ascii_case(name))
            .cloned();
        if let Some(attribute) = attribute {
            *attribute.value.borrow_mut() = vm.to_text(&new)?;
            return Ok(Some(true));
        }
        let child = node
            .children
            .borrow()
            .iter()
            .find(|c| c.local_name().eq_ignore_ascii_case(name))
            .cloned();
        if let Some(child) = child {
            let text = vm.to_text(&new)?;
            XmlNode {
                node: child,
                preserve: Cell::new(false),
            }
            .write_text(&text);
            return Ok(Some(true));
        }
        match name.to_ascii_lowercase().as_str() {
            "innertext" | "value" | "data" => {
                let text = vm.to_text(&new)?;
                self.write_text(&text);
            }
            "innerxml" => {
                let text = vm.to_text(&new)?;
                if node.kind == NodeKind::Document {
                    self.load(&text)?;
                } else {
                    let fresh = Node::new(NodeKind::Fragment, "#document-fragment", "");
                    read_into(&fresh, &text, true)?;
                    let old = node.children.borrow().clone();
                    old.iter().for_each(|c| c.detach());
                    node.append(&fresh);
                }
            }
            "preservewhitespace" => self.preserve.set(vm.to_bool(&new)),
            "xmlresolver" => {}
            other => return Ok(self.property(other).map(|_| false)),
        }
        Ok(Some(true))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let Value::Str(name) = index else {
            return Ok(None);
        };
        let _ = vm;
        let found = self.node.elements().into_iter().find(|e| *e.name == **name);
        Ok(Some(optional(found)))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let node = &self.node;
        if name == "createnavigator" {
            return Ok(Some(xpath_navigator::value(node)));
        }
        if name.starts_with("create") {
            return self.create(vm, name, arguments);
        }
        Ok(Some(match (name, arguments) {
            ("loadxml", [text]) => {
                let text = vm.to_text(text)?;
                self.load(&text)?
            }
            ("load", [source]) => {
                if let Some(text) = xml_reader::rest_of(source) {
                    return self.load(&text).map(Some);
                }
                if let Some(stream) = crate::runtime::types::io::stream::of(source) {
                    let text = Encoding::UTF8.decode_file(&stream.read(usize::MAX)?);
                    return self.load(&text).map(Some);
                }
                if source.as_str().is_none() {
                    let text = vm.invoke_method(source, "ReadToEnd", Vec::new())?;
                    let text = vm.to_text(&text)?;
                    return self.load(&text).map(Some);
                }
                let path = crate::runtime::types::io::file::full_path(vm, source)?;
                let text = crate::runtime::types::io::file::read_text(&path, None)?;
                self.load(&text)?
            }
            ("save", [target]) => self.save(vm, target)?,
            ("selectnodes", [path, rest @ ..]) => list(self.select(vm, path, rest.first())?),
            ("selectsinglenode", [path, rest @ ..]) => {
                optional(self.select(vm, path, rest.first())?.into_iter().next())
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
                let at = match self.place_of(reference) {
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
            ("removechild", [child]) => match self.place_of(child) {
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
            ("replacechild", [new, old]) => {
                match (self.place_of(old), node_of(new), node_of(old)) {
                    (Some(at), Some(new), Some(gone)) => {
                        keep(&gone);
                        gone.detach();
                        node.insert(at, &new);
                        old.clone()
                    }
                    _ => {
                        return failures::argument(
                            "The reference node is not a child of this node.",
                            "",
                        );
                    }
                }
            }
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
                crate::runtime::types::collections::enumerator::Enumerator::value(
                    node.children.borrow().iter().map(value).collect(),
                )
            }
            ("tostring", []) => Value::str(node.local_name()),
            ("equals", [other]) => {
                let _ = this;
                Value::Bool(node_of(other).is_some_and(|o| Rc::ptr_eq(&o, node)))
            }
            _ => return Ok(None),
        }))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(node_of(other).is_some_and(|o| Rc::ptr_eq(&o, &self.node)))
    }
}

/// Nodes found, or the attributes of an element.
struct NodeList {
    nodes: Vec<Rc<Node>>,
    owner: Option<Rc<Node>>,
}

fn list(nodes: Vec<Rc<Node>>) -> Value {
    Value::native(NodeList { nodes, owner: None })
}

impl Native for NodeList {
    fn type_ref(&self) -> TypeRef {
        find_full(if self.owner.is_some() {
            "System.Xml.XmlAttributeCollection"
        } else {
            "System.Xml.XmlNodeList"
        })
        .or_else(|| find_full("System.Xml.XmlNodeList"))
        .unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("count") {
            return Ok(Some(Value::Int(self.nodes.len() as i32)));
        }
        Ok(None)
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.nodes.iter().map(value).collect()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        if let Value::Str(name) = index {
            return Ok(Some(optional(
                self.nodes.iter().find(|n| *n.name == **name).cloned(),
            )));
        }
        let at = i64::from(vm.to_int(index)?);
        let at = if at < 0 {
            at + self.nodes.len() as i64
        } else {
            at
        };
        Ok(Some(optional(
            usize::try_from(at)
                .ok()
                .and_then(|at| self.nodes.get(at).cloned()),
        )))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("item" | "getnameditem", [index]) => self.index(vm, index)?,
            ("append" | "setnameditem" | "prepend", [attribute]) => {
                if let (Some(owner), Some(new)) = (&self.owner, node_of(attribute)) {
                    let text = new.value.borrow().clone();
                    owner.attributes.borrow_mut().retain(|a| a.name != new.name);
                    *new.parent.borrow_mut() = Rc::downgrade(owner);
                    *new.value.borrow_mut() = text;
                    owner.attributes.borrow_mut().push(new);
                }
                Some(attribute.clone())
            }
            ("remove", [attribute]) => {
                if let Some(old) = node_of(attribute) {
                    old.detach();
                }
                Some(attribute.clone())
            }
            ("removenameditem", [name]) => {
                let name = vm.to_text(name)?;
                let found = self.nodes.iter().find(|n| n.name == name).cloned();
                if let Some(found) = &found {
                    found.detach();
                }
                Some(optional(found))
            }
            ("removeall", []) => {
                if let Some(owner) = &self.owner {
                    owner.attributes.borrow_mut().clear();
                }
                Some(Value::Nothing)
            }
            ("getenumerator", []) => Some(
                crate::runtime::types::collections::enumerator::Enumerator::value(
                    self.nodes.iter().map(value).collect(),
                ),
            ),
            _ => None,
        })
    }
}
