//! System.Xml: documents, elements, attributes and other nodes.

pub mod tree;
pub mod xpath;

use super::{TypeRef, find_full, known};
use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;
use std::rc::Rc;
use tree::{Kind, Node};

/// A node as an object.
pub struct XmlNode {
    /// The node.
    pub node: Rc<Node>,
    /// The document it belongs to, which lives as long as any of its nodes does.
    pub document: Rc<Node>,
}

/// A node as a value.
pub fn value(node: &Rc<Node>, document: &Rc<Node>) -> Value {
    Value::native(XmlNode {
        node: node.clone(),
        document: document.clone(),
    })
}

/// A new document.
pub fn new_document() -> Value {
    let document = Node::new(Kind::Document, "#document", "");
    value(&document, &document)
}

/// The namespaces of a table of prefixes.
pub fn prefixes(vm: &mut Vm, table: &Value) -> R<Vec<(String, String)>> {
    let mut all = Vec::new();
    match table.base() {
        Value::Dict(table) => {
            for (prefix, uri) in table.pairs() {
                all.push((vm.to_text(&prefix)?, vm.to_text(&uri)?));
            }
        }
        other => {
            if let Some(manager) = other.as_native::<NamespaceManager>() {
                all.extend(manager.prefixes.borrow().clone());
            }
        }
    }
    Ok(all)
}

fn fail<T>(type_name: &str, message: impl Into<String>) -> R<T> {
    Err(Fault::dotnet(type_name, message.into()).into())
}

impl XmlNode {
    fn wrap(&self, node: &Rc<Node>) -> Value {
        value(node, &self.document)
    }

    fn list(&self, nodes: &[Rc<Node>]) -> Value {
        Value::array(nodes.iter().map(|n| self.wrap(n)).collect())
    }

    fn maybe(&self, node: Option<Rc<Node>>) -> Value {
        node.map_or(Value::Null, |n| self.wrap(&n))
    }

    /// What a child or attribute is as a property: its text when it is nothing but text.
    fn simple(&self, node: &Rc<Node>) -> Value {
        match node.kind {
            Kind::Element => {
                let children = node.children.borrow();
                let plain = node.attributes.borrow().is_empty()
                    && match children.as_slice() {
                        [] => true,
                        [one] => matches!(one.kind, Kind::Text | Kind::CData),
                        _ => false,
                    };
                match plain {
                    true => Value::str(node.inner_text()),
                    false => self.wrap(node),
                }
            }
            _ => Value::str(node.value.borrow().as_str()),
        }
    }

    /// The attributes and children of a name.
    fn named(&self, name: &str) -> Vec<Rc<Node>> {
        let attributes = self.node.attributes.borrow();
        let children = self.node.children.borrow();
        attributes
            .iter()
            .chain(children.iter())
            .filter(|n| n.name.eq_ignore_ascii_case(name))
            .cloned()
            .collect()
    }

    fn sibling(&self, step: isize) -> Value {
        let Some(parent) = self.node.parent() else {
            return Value::Null;
        };
        let children = parent.children.borrow();
        let found = children
            .iter()
            .position(|c| Rc::ptr_eq(c, &self.node))
            .and_then(|at| at.checked_add_signed(step))
            .and_then(|at| children.get(at).cloned());
        drop(children);
        self.maybe(found)
    }

    fn select(&self, vm: &mut Vm, arguments: &[Value]) -> R<Vec<Rc<Node>>> {
        let expression = match arguments.first() {
            Some(value) => vm.to_text(value)?,
            None => String::new(),
        };
        let known = match arguments.get(1) {
            Some(table) => prefixes(vm, table)?,
            None => Vec::new(),
        };
        match xpath::select(&self.node, &expression, &known) {
            Some(found) => Ok(found),
            None => fail(
                "System.Xml.XPath.XPathException",
                format!("'{expression}' has an invalid token."),
            ),
        }
    }

    fn read_text(&self, text: &str) -> R<()> {
        for child in self.node.children.borrow().clone() {
            child.detach();
        }
        match self.node.read(text) {
            Ok(()) => Ok(()),
            Err(message) => fail("System.Xml.XmlException", message),
        }
    }

    fn properties_of(&self) -> Vec<Rc<str>> {
        let mut names: Vec<Rc<str>> = Vec::new();
        let attributes = self.node.attributes.borrow();
        let children = self.node.children.borrow();
        for node in attributes.iter().chain(children.iter()) {
            if !names.iter().any(|n| **n == *node.name) {
                names.push(node.name.as_str().into());
            }
        }
        names
    }
}

/// Names of the properties an XML node has by what is in it.
pub fn dynamic_properties(value: &Value) -> Option<Vec<Rc<str>>> {
    let node = value.as_native::<XmlNode>()?;
    matches!(node.node.kind, Kind::Element | Kind::Document).then(|| node.properties_of())
}

impl Native for XmlNode {
    fn type_ref(&self) -> TypeRef {
        let name = match self.node.kind {
            Kind::Element => "XmlElement",
            Kind::Attribute => "XmlAttribute",
            Kind::Text => "XmlText",
            Kind::CData => "XmlCDataSection",
            Kind::Instruction => "XmlProcessingInstruction",
            Kind::Comment => "XmlComment",
            Kind::Document => "XmlDocument",
            Kind::DocumentType => "XmlDocumentType",
            Kind::Declaration => "XmlDeclaration",
        };
        find_full(&format!("System.Xml.{name}")).unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(match self.node.kind {
            Kind::Element => self.node.name.clone(),
            Kind::Document => "System.Xml.XmlDocument".to_string(),
            _ => self.node.name.clone(),
        })
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let found = self.named(name);
        if !found.is_empty() && matches!(self.node.kind, Kind::Element | Kind::Document) {
            return Ok(Some(match found.as_slice() {
                [one] => self.simple(one),
                many => Value::array(many.iter().map(|n| self.simple(n)).collect()),
            }));
        }
        let node = &self.node;
        let local = node.name.rsplit(':').next().unwrap_or_default();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(node.name.as_str()),
            "localname" => Value::str(local),
            "prefix" => Value::str(node.name.split_once(':').map_or("", |(p, _)| p)),
            "namespaceuri" => Value::str(node.namespace()),
            "innertext" => Value::str(node.inner_text()),
            "innerxml" => Value::str(node.inner_xml()),
            "outerxml" => Value::str(node.outer_xml()),
            "#text" if node.kind == Kind::Attribute => Value::str(node.inner_text()),
            "value" | "data" => match node.kind {
                Kind::Element | Kind::Document => Value::Null,
                _ => Value::str(node.value.borrow().as_str()),
            },
            "nodetype" => Value::enum_of("System.Xml.XmlNodeType", node.kind as i64),
            "parentnode" => self.maybe(node.parent().filter(|_| node.kind != Kind::Attribute)),
            "ownerelement" if node.kind == Kind::Attribute => self.maybe(node.parent()),
            "childnodes" => self.list(&node.children.borrow()),
            "firstchild" => self.maybe(node.children.borrow().first().cloned()),
            "lastchild" => self.maybe(node.children.borrow().last().cloned()),
            "nextsibling" => self.sibling(1),
            "previoussibling" => self.sibling(-1),
            "haschildnodes" => Value::Bool(!node.children.borrow().is_empty()),
            "hasattributes" => Value::Bool(!node.attributes.borrow().is_empty()),
            "isempty" => Value::Bool(node.children.borrow().is_empty() && node.short.get()),
            "attributes" => match node.kind {
                Kind::Element => Value::native(AttributeList {
                    node: node.clone(),
                    document: self.document.clone(),
                }),
                _ => Value::Null,
            },
            "ownerdocument" if node.kind == Kind::Document => Value::Null,
            "ownerdocument" => self.wrap(&self.document),
            "documentelement" if node.kind == Kind::Document => {
                self.maybe(node.elements().first().cloned())
            }
            "preservewhitespace" => Value::Bool(false),
            "nametable" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, new: Value) -> R<Option<bool>> {
        let text = vm.to_text(&new)?;
        if let [one] = self.named(name).as_slice() {
            one.set_inner_text(&text);
            return Ok(Some(true));
        }
        Ok(match name.to_ascii_lowercase().as_str() {
            "innertext" | "value" | "#text" | "data" => {
                self.node.set_inner_text(&text);
                Some(true)
            }
            "innerxml" => {
                self.read_text(&text)?;
                Some(true)
            }
            "preservewhitespace" => Some(true),
            "isempty" => {
                self.node.short.set(vm.to_bool(&new));
                Some(true)
            }
            _ => self.get(vm, name)?.map(|_| false),
        })
    }

    fn call(
        &self,
        vm: &mut Vm,
        this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let text = |vm: &mut Vm, at: usize| match arguments.get(at) {
            Some(value) if !value.is_null() => vm.to_text(value),
            _ => Ok(String::new()),
        };
        let other = |at: usize| {
            arguments
                .get(at)
                .and_then(|v| v.as_native::<XmlNode>())
                .map(|n| n.node.clone())
        };
        let place = |child: Option<Rc<Node>>| {
            let child = child?;
            let children = self.node.children.borrow();
            children.iter().position(|c| Rc::ptr_eq(c, &child))
        };
        let node = &self.node;
        Ok(Some(match name {
            "tostring" => Value::str(self.to_text(vm)?),
            "selectnodes" => {
                let found = self.select(vm, arguments)?;
                self.list(&found)
            }
            "selectsinglenode" => {
                let found = self.select(vm, arguments)?;
                self.maybe(found.into_iter().next())
            }
            "getattribute" => {
                let name = text(vm, 0)?;
                Value::str(node.attribute(&name).map(|a| a.inner_text()).unwrap_or_default())
            }
            "getattributenode" => {
                let name = text(vm, 0)?;
                self.maybe(node.attribute(&name))
            }
            "hasattribute" => {
                let name = text(vm, 0)?;
                Value::Bool(node.attribute(&name).is_some())
            }
            "setattribute" => {
                let (name, new) = (text(vm, 0)?, text(vm, arguments.len() - 1)?);
                node.set_attribute(&name, &new);
                Value::Nothing
            }
            "setattributenode" => {
                if let Some(made) = other(0) {
                    node.set_attribute(&made.name, &made.inner_text());
                }
                Value::Null
            }
            "removeattribute" => {
                let name = text(vm, 0)?;
                if let Some(found) = node.attribute(&name) {
                    found.detach();
                }
                Value::Nothing
            }
            "removeallattributes" => {
                for found in node.attributes.borrow().clone() {
                    found.detach();
                }
                Value::Nothing
            }
            "removeall" => {
                for found in node.children.borrow().clone() {
                    found.detach();
                }
                Value::Nothing
            }
            "appendchild" | "prependchild" => {
                let Some(child) = other(0) else {
                    return Ok(None);
                };
                if node.kind == Kind::Document
                    && child.kind == Kind::Element
                    && !node.elements().is_empty()
                {
                    return fail(
                        "System.InvalidOperationException",
                        "This document already has a 'DocumentElement' node.",
                    );
                }
                node.insert(if name == "appendchild" { usize::MAX } else { 0 }, &child);
                self.wrap(&child)
            }
            "insertbefore" | "insertafter" => {
                let Some(child) = other(0) else {
                    return Ok(None);
                };
                child.detach();
                let at = match (place(other(1)), name) {
                    (Some(at), "insertbefore") => at,
                    (Some(at), _) => at + 1,
                    (None, "insertbefore") => usize::MAX,
                    (None, _) => 0,
                };
                node.insert(at, &child);
                self.wrap(&child)
            }
            "removechild" => {
                let Some(child) = other(0) else {
                    return Ok(None);
                };
                if place(Some(child.clone())).is_none() {
                    return fail(
                        "System.ArgumentException",
                        "The node to be removed is not a child of this node.",
                    );
                }
                child.detach();
                self.wrap(&child)
            }
            "replacechild" => {
                let (Some(new), Some(old)) = (other(0), other(1)) else {
                    return Ok(None);
                };
                new.detach();
                let at = place(Some(old.clone())).unwrap_or(usize::MAX);
                old.detach();
                node.insert(at, &new);
                self.wrap(&old)
            }
            "clonenode" | "clone" => {
                let deep = name == "clone" || arguments.first().is_some_and(|v| vm.to_bool(v));
                let copy = node.copy(deep);
                match node.kind {
                    Kind::Document => value(&copy, &copy),
                    _ => self.wrap(&copy),
                }
            }
            "importnode" => {
                let Some(found) = other(0) else {
                    return Ok(None);
                };
                let deep = arguments.get(1).is_some_and(|v| vm.to_bool(v));
                self.wrap(&found.copy(deep))
            }
            "createelement" => {
                let (name, uri) = (text(vm, 0)?, text(vm, 1)?);
                let made = Node::new(Kind::Element, &name, "");
                if !uri.is_empty() && arguments.len() == 2 {
                    let prefix = name.split_once(':').map(|(p, _)| format!("xmlns:{p}"));
                    let wanted = prefix.unwrap_or_else(|| "xmlns".to_string());
                    let outer = self.document.elements().first().map(|e| e.namespace());
                    if outer.as_deref() != Some(uri.as_str()) {
                        made.set_attribute(&wanted, &uri);
                    }
                }
                self.wrap(&made)
            }
            "createattribute" => self.wrap(&Node::new(Kind::Attribute, &text(vm, 0)?, "")),
            "createtextnode" => self.wrap(&Node::new(Kind::Text, "#text", &text(vm, 0)?)),
            "createcomment" => self.wrap(&Node::new(Kind::Comment, "#comment", &text(vm, 0)?)),
            "createcdatasection" => {
                self.wrap(&Node::new(Kind::CData, "#cdata-section", &text(vm, 0)?))
            }
            "createprocessinginstruction" => {
                let (name, data) = (text(vm, 0)?, text(vm, 1)?);
                self.wrap(&Node::new(Kind::Instruction, &name, &data))
            }
            "createxmldeclaration" => {
                let mut data = format!("version=\"{}\"", text(vm, 0)?);
                for (at, part) in [(1, "encoding"), (2, "standalone")] {
                    let given = text(vm, at)?;
                    if !given.is_empty() {
                        data.push_str(&format!(" {part}=\"{given}\""));
                    }
                }
                self.wrap(&Node::new(Kind::Declaration, "xml", &data))
            }
            "getelementsbytagname" => {
                let name = text(vm, 0)?;
                let found = xpath::select(node, "descendant::*", &[]).unwrap_or_default();
                let found: Vec<Rc<Node>> = found
                    .into_iter()
                    .filter(|n| name == "*" || n.name == name)
                    .collect();
                self.list(&found)
            }
            "getnamespaceofprefix" => Value::str(node.namespace()),
            "loadxml" => {
                let given = text(vm, 0)?;
                self.read_text(&given)?;
                Value::Nothing
            }
            "load" => {
                let path = text(vm, 0)?;
                let full = vm.file_path(&path);
                match std::fs::read(&full) {
                    Ok(bytes) => self.read_text(&Encoding::UTF8.decode_file(&bytes))?,
                    Err(error) => {
                        return super::failures::io(&error, &full.to_string_lossy());
                    }
                }
                Value::Nothing
            }
            "save" => {
                let path = text(vm, 0)?;
                let full = vm.file_path(&path);
                let mut out = String::new();
                node.write(&mut out, Some(0));
                let declared = node
                    .children
                    .borrow()
                    .iter()
                    .any(|c| c.kind == Kind::Declaration && c.value.borrow().contains("encoding"));
                let used = Encoding::UTF8.with_mark(declared);
                if let Err(error) = std::fs::write(&full, used.encode_file(&out)) {
                    return super::failures::io(&error, &full.to_string_lossy());
                }
                Value::Nothing
            }
            "normalize" => Value::Nothing,
            "gettype" | "equals" | "gethashcode" => return Ok(None),
            _ => {
                let _ = this;
                return Ok(None);
            }
        }))
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{:p}", Rc::as_ptr(&self.node)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The attributes of an element.
struct AttributeList {
    node: Rc<Node>,
    document: Rc<Node>,
}

impl AttributeList {
    fn find(&self, key: &Value) -> Value {
        let attributes = self.node.attributes.borrow();
        let found = match key.base() {
            Value::Int(at) => usize::try_from(*at).ok().and_then(|at| attributes.get(at)),
            Value::Str(name) => attributes.iter().find(|a| a.name == name.as_str()),
            _ => None,
        };
        found.map_or(Value::Null, |n| value(n, &self.document))
    }
}

impl Native for AttributeList {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Xml.XmlAttributeCollection").unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.node.attributes.borrow().len();
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(count as i32)),
            other => match self.find(&Value::str(other)) {
                Value::Null => None,
                found => Some(found),
            },
        })
    }

    fn call(
        &self,
        _vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("getnameditem" | "item" | "get_itemof", [key]) => Some(self.find(key)),
            ("append" | "setnameditem", [added]) => {
                if let Some(added) = added.as_native::<XmlNode>() {
                    self.node.set_attribute(&added.node.name, &added.node.inner_text());
                }
                Some(added.clone())
            }
            ("remove" | "removenameditem", [key]) => {
                let found = match key.as_native::<XmlNode>() {
                    Some(found) => Some(found.node.clone()),
                    None => key.as_str().and_then(|n| self.node.attribute(n)),
                };
                if let Some(found) = found {
                    found.detach();
                }
                Some(Value::Null)
            }
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let attributes = self.node.attributes.borrow();
        Some(Ok(attributes.iter().map(|n| value(n, &self.document)).collect()))
    }

    fn index(&self, _vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        Ok(Some(self.find(index)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Prefixes that XPath expressions may use.
#[derive(Default)]
pub struct NamespaceManager {
    prefixes: std::cell::RefCell<Vec<(String, String)>>,
}

impl Native for NamespaceManager {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Xml.XmlNamespaceManager").unwrap_or_else(known::object)
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        match (name, arguments) {
            ("addnamespace", [prefix, uri]) => {
                let pair = (vm.to_text(prefix)?, vm.to_text(uri)?);
                self.prefixes.borrow_mut().push(pair);
                Ok(Some(Value::Nothing))
            }
            ("hasnamespace", [prefix]) => {
                let prefix = vm.to_text(prefix)?;
                let known = self.prefixes.borrow().iter().any(|(p, _)| *p == prefix);
                Ok(Some(Value::Bool(known)))
            }
            ("lookupnamespace", [prefix]) => {
                let prefix = vm.to_text(prefix)?;
                let known = self.prefixes.borrow();
                let found = known.iter().find(|(p, _)| *p == prefix);
                Ok(Some(found.map_or(Value::Null, |(_, u)| Value::str(u.as_str()))))
            }
            _ => Ok(None),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A new object of one of these types; `None` when the type is another.
pub fn construct(type_name: &str) -> Option<Value> {
    match type_name {
        "System.Xml.XmlDocument" => Some(new_document()),
        "System.Xml.XmlNamespaceManager" => Some(Value::native(NamespaceManager::default())),
        _ => None,
    }
}
