//! XmlDocument, XmlElement and their kin as objects: attributes and child
//! elements read like properties.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::xml::{Node, NodeKind, read_into};
use crate::runtime::types::{
    TypeRef, failures, find_full, known, xml::node_methods, xml::xml_writer, xml::xpath_navigator,
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

pub(super) fn optional(node: Option<Rc<Node>>) -> Value {
    node.map_or(Value::Null, |n| value(&n))
}

/// The node of a value that is one.
pub fn of(value: &Value) -> Option<Rc<Node>> {
    node_of(value)
}

pub(super) fn node_of(argument: &Value) -> Option<Rc<Node>> {
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

/// The properties of an element that its own names stand before: those of its .NET type.
const BEHIND: &[&str] = &[
    "Name",
    "LocalName",
    "NamespaceURI",
    "Prefix",
    "NodeType",
    "ParentNode",
    "OwnerDocument",
    "IsEmpty",
    "Attributes",
    "HasAttributes",
    "SchemaInfo",
    "InnerXml",
    "InnerText",
    "NextSibling",
    "PreviousSibling",
    "Value",
    "ChildNodes",
    "FirstChild",
    "LastChild",
    "HasChildNodes",
    "IsReadOnly",
    "OuterXml",
    "BaseURI",
    "PreviousText",
];

/// Names of the properties that an object has behind those it is shown with; patterns and
/// enumerations of its members reach them.
pub fn names_behind(value: &Value) -> &'static [&'static str] {
    match node_of(value) {
        Some(node) if node.kind == NodeKind::Element => BEHIND,
        _ => &[],
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
            "schemainfo" if node.kind == NodeKind::Element => {
                PlainObject::new("System.Object", Vec::new())
                    .with_text("System.Xml.XmlName")
                    .value()
            }
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

    pub(super) fn load(&self, text: &str) -> R<Value> {
        let fresh = Node::new(self.node.kind, &self.node.name, "");
        read_into(&fresh, text, self.preserve.get())?;
        let old = self.node.children.borrow().clone();
        old.iter().for_each(|c| c.detach());
        let new = fresh.children.borrow().clone();
        new.iter().for_each(|c| self.node.append(c));
        Ok(Value::Nothing)
    }

    pub(super) fn place_of(&self, reference: &Value) -> Option<usize> {
        let reference = node_of(reference)?;
        self.node
            .children
            .borrow()
            .iter()
            .position(|c| Rc::ptr_eq(c, &reference))
    }

    pub(super) fn create(&self, vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
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

    pub(super) fn save(&self, vm: &mut Vm, target: &Value) -> R<Value> {
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

    pub(super) fn select(
        &self,
        vm: &mut Vm,
        path: &Value,
        namespaces: Option<&Value>,
    ) -> R<Vec<Rc<Node>>> {
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

    fn index(&self, _vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let Value::Str(name) = index else {
            return Ok(None);
        };
        let found = self.node.elements().into_iter().find(|e| *e.name == **name);
        Ok(Some(optional(found)))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        node_methods::call(self, vm, name, arguments)
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

pub(super) fn list(nodes: Vec<Rc<Node>>) -> Value {
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
