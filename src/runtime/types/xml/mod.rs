//! XML documents: the tree of nodes, reading and writing it.

mod known_namespaces;
mod node_methods;
pub mod xlinq;
pub mod xml_convert;
pub mod xml_namespaces;
pub mod xml_node;
pub mod xml_reader;
pub mod xml_writer;
pub mod xpath;
pub mod xpath_navigator;

use crate::host::discard::discard;
use crate::host::interrupted;
use crate::host::long_work::LongWork;
use crate::runtime::error::R;
use crate::runtime::types::failures;
use quick_xml::events::Event;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// What a node is; the numbers are those of XmlNodeType.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the documentation")]
pub enum NodeKind {
    Element = 1,
    Attribute = 2,
    Text = 3,
    CData = 4,
    Instruction = 7,
    Comment = 8,
    Document = 9,
    DocumentType = 10,
    Fragment = 11,
    Whitespace = 13,
    Declaration = 17,
}

/// A node.
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its qualified name.
    pub name: String,
    /// The text of text-like nodes and attributes.
    pub value: RefCell<String>,
    /// The attributes of an element.
    pub attributes: RefCell<Vec<Rc<Node>>>,
    /// The nodes in it.
    pub children: RefCell<Vec<Rc<Node>>>,
    /// Where it is.
    pub parent: RefCell<Weak<Node>>,
    /// The namespace, as far as it was given when it was made.
    pub namespace: RefCell<String>,
    /// Written `<a></a>` though it is empty.
    pub expanded: RefCell<bool>,
}

impl Drop for Node {
    fn drop(&mut self) {
        discard(std::mem::take(self.children.get_mut()));
    }
}

impl Node {
    /// A node outside any tree.
    pub fn new(kind: NodeKind, name: &str, value: &str) -> Rc<Node> {
        Rc::new(Node {
            kind,
            name: name.to_string(),
            value: RefCell::new(value.to_string()),
            attributes: RefCell::default(),
            children: RefCell::default(),
            parent: RefCell::default(),
            namespace: RefCell::default(),
            expanded: RefCell::new(false),
        })
    }

    /// Takes the node out of its tree.
    pub fn detach(self: &Rc<Node>) {
        if let Some(parent) = self.parent.borrow().upgrade() {
            parent
                .children
                .borrow_mut()
                .retain(|c| !Rc::ptr_eq(c, self));
            parent
                .attributes
                .borrow_mut()
                .retain(|c| !Rc::ptr_eq(c, self));
        }
        *self.parent.borrow_mut() = Weak::new();
    }

    /// Puts a node in at a place; a fragment gives its nodes.
    pub fn insert(self: &Rc<Node>, at: usize, child: &Rc<Node>) {
        if child.kind == NodeKind::Fragment {
            let parts = child.children.borrow().clone();
            for (offset, part) in parts.iter().enumerate() {
                self.insert(at + offset, part);
            }
            return;
        }
        child.detach();
        let mut children = self.children.borrow_mut();
        let at = at.min(children.len());
        children.insert(at, child.clone());
        *child.parent.borrow_mut() = Rc::downgrade(self);
    }

    /// Puts a node at the end.
    pub fn append(self: &Rc<Node>, child: &Rc<Node>) {
        let at = self.children.borrow().len();
        self.insert(at, child);
    }

    /// The name behind the prefix.
    pub fn local_name(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    /// The prefix; empty for none.
    pub fn prefix(&self) -> &str {
        match self.name.split_once(':') {
            Some((prefix, _)) => prefix,
            None => "",
        }
    }

    /// An attribute by its qualified name.
    pub fn attribute(&self, name: &str) -> Option<Rc<Node>> {
        self.attributes
            .borrow()
            .iter()
            .find(|a| a.name == name)
            .cloned()
    }

    /// Writes an attribute.
    pub fn set_attribute(self: &Rc<Node>, name: &str, value: &str) -> Rc<Node> {
        if let Some(found) = self.attribute(name) {
            *found.value.borrow_mut() = value.to_string();
            return found;
        }
        let made = Node::new(NodeKind::Attribute, name, value);
        *made.parent.borrow_mut() = Rc::downgrade(self);
        self.attributes.borrow_mut().push(made.clone());
        made
    }

    /// The elements in it.
    pub fn elements(&self) -> Vec<Rc<Node>> {
        self.children
            .borrow()
            .iter()
            .filter(|c| c.kind == NodeKind::Element)
            .cloned()
            .collect()
    }

    /// All elements below it, in document order.
    pub fn descendants(&self, found: &mut Vec<Rc<Node>>) {
        for child in self.children.borrow().iter() {
            if child.kind == NodeKind::Element {
                found.push(child.clone());
                child.descendants(found);
            }
        }
    }

    /// The namespace the node is in.
    pub fn namespace_uri(self: &Rc<Node>) -> String {
        let own = self.namespace.borrow().clone();
        if !own.is_empty() {
            return own;
        }
        match (self.kind, self.prefix()) {
            (NodeKind::Attribute, "") => String::new(),
            (NodeKind::Attribute | NodeKind::Element, prefix) => self.look_up(prefix),
            _ => String::new(),
        }
    }

    /// The namespace a prefix stands for here.
    pub fn look_up(self: &Rc<Node>, prefix: &str) -> String {
        let wanted = if prefix.is_empty() {
            "xmlns".to_string()
        } else {
            format!("xmlns:{prefix}")
        };
        let around = |node: &Rc<Node>| node.parent.borrow().upgrade();
        let nodes = std::iter::successors(Some(self.clone()), around).until_interrupted();
        nodes
            .filter(|node| !node.attributes.borrow().is_empty())
            .find_map(|node| node.attribute(&wanted))
            .map(|found| found.value.borrow().clone())
            .unwrap_or_default()
    }

    /// The text in it.
    pub fn inner_text(&self) -> String {
        match self.kind {
            NodeKind::Element | NodeKind::Document | NodeKind::Fragment => self
                .children
                .borrow()
                .iter()
                .filter(|c| {
                    !matches!(
                        c.kind,
                        NodeKind::Comment
                            | NodeKind::Instruction
                            | NodeKind::Declaration
                            | NodeKind::DocumentType
                    )
                })
                .map(|c| c.inner_text())
                .collect(),
            _ => self.value.borrow().clone(),
        }
    }

    /// What it contains, written.
    pub fn inner_xml(&self) -> String {
        let mut out = String::new();
        match self.kind {
            NodeKind::Attribute => out.push_str(&self.value.borrow()),
            _ => self
                .children
                .borrow()
                .iter()
                .for_each(|c| c.write(&mut out)),
        }
        out
    }

    /// The node, written.
    pub fn outer_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn open_tag(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for attribute in self.attributes.borrow().iter() {
            out.push(' ');
            attribute.write(out);
        }
    }

    fn write(&self, out: &mut String) {
        let value = self.value.borrow();
        match self.kind {
            NodeKind::Document | NodeKind::Fragment => {
                self.children.borrow().iter().for_each(|c| c.write(out));
            }
            NodeKind::Element => {
                self.open_tag(out);
                if self.children.borrow().is_empty() && !*self.expanded.borrow() {
                    out.push_str(" />");
                    return;
                }
                out.push('>');
                self.children.borrow().iter().for_each(|c| c.write(out));
                out.push_str(&format!("</{}>", self.name));
            }
            NodeKind::Attribute => {
                out.push_str(&format!(
                    "{}=\"{}\"",
                    self.name,
                    escaped(&value).replace('"', "&quot;")
                ));
            }
            NodeKind::Text | NodeKind::Whitespace => out.push_str(&escaped(&value)),
            NodeKind::CData => out.push_str(&format!("<![CDATA[{value}]]>")),
            NodeKind::Comment => out.push_str(&format!("<!--{value}-->")),
            NodeKind::Instruction => out.push_str(&format!("<?{} {value}?>", self.name)),
            NodeKind::Declaration => out.push_str(&format!("<?xml {value}?>")),
            NodeKind::DocumentType => out.push_str(&format!("<!DOCTYPE {value}>")),
        }
    }

    /// The node, written with line breaks and two blanks for each level, as `Save` does.
    pub fn write_indented(&self, level: usize, out: &mut String) {
        if self.kind == NodeKind::Document {
            for (at, child) in self.children.borrow().iter().enumerate() {
                if at > 0 {
                    out.push('\n');
                }
                child.write_indented(level, out);
            }
            return;
        }
        let mixed = self.children.borrow().iter().any(|c| {
            matches!(
                c.kind,
                NodeKind::Text | NodeKind::CData | NodeKind::Whitespace
            )
        });
        if self.kind != NodeKind::Element || mixed || self.children.borrow().is_empty() {
            self.write(out);
            return;
        }
        self.open_tag(out);
        out.push('>');
        for child in self.children.borrow().iter() {
            out.push('\n');
            out.push_str(&"  ".repeat(level + 1));
            child.write_indented(level + 1, out);
        }
        out.push('\n');
        out.push_str(&"  ".repeat(level));
        out.push_str(&format!("</{}>", self.name));
    }

    /// A copy outside any tree.
    pub fn copy(&self, deep: bool) -> Rc<Node> {
        let made = Node::new(self.kind, &self.name, &self.value.borrow());
        *made.namespace.borrow_mut() = self.namespace.borrow().clone();
        for attribute in self.attributes.borrow().iter() {
            made.set_attribute(&attribute.name, &attribute.value.borrow());
        }
        if deep {
            for child in self.children.borrow().iter() {
                made.append(&child.copy(true));
            }
        }
        made
    }

    /// The document it is in, or itself.
    pub fn root(self: &Rc<Node>) -> Rc<Node> {
        let mut at = self.clone();
        loop {
            let parent = at.parent.borrow().upgrade();
            match parent {
                Some(parent) => at = parent,
                None => return at,
            }
        }
    }
}

/// Text as XmlWriter and XLinq write it: line ends that reading would change are kept by their
/// numbers, in attributes also what a reader takes for blanks.
pub fn escaped_as(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            '\t' if attribute => out.push_str("&#x9;"),
            _ => out.push(c),
        }
    }
    out
}

/// Text with its special characters as entities.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn refused<T>(text: &str, at: u64, message: &str) -> R<T> {
    let at = usize::try_from(at).unwrap_or(0).min(text.len());
    let head = text.get(..at).unwrap_or(text);
    let line = head.matches('\n').count() + 1;
    let column = head.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    failures::fail(
        "System.Xml.XmlException",
        format!("{message} Line {line}, position {column}."),
    )
}

fn plain(bytes: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(bytes.as_ref()).into_owned()
}

/// Reads a text into the children of a node.
pub fn read_into(target: &Rc<Node>, text: &str, preserve: bool) -> R<()> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = vec![target.clone()];
    let mut pending = String::new();
    loop {
        let at = reader.buffer_position();
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) => {
                let last = open.last().map(|n| n.name.clone()).unwrap_or_default();
                return refused(
                    text,
                    reader.buffer_position(),
                    &format!(
                        "The '{last}' start tag does not match the end tag or the markup is not well-formed."
                    ),
                );
            }
        };
        if interrupted() {
            return Ok(());
        }
        let Some(current) = open.last().cloned() else {
            return Ok(());
        };
        match &event {
            Event::Text(part) => {
                pending.push_str(&plain(&**part));
                continue;
            }
            Event::GeneralRef(part) => {
                let name = plain(&**part);
                match entity(&name) {
                    Some(c) => pending.push(c),
                    None => {
                        return refused(
                            text,
                            at,
                            &format!("Reference to undeclared entity '{name}'."),
                        );
                    }
                }
                continue;
            }
            _ => {}
        }
        if !pending.is_empty() {
            let blank = pending.chars().all(char::is_whitespace);
            if !blank && current.kind == NodeKind::Document {
                return refused(text, at.min(1), "Data at the root level is invalid.");
            }
            if !blank {
                current.append(&Node::new(NodeKind::Text, "#text", &pending));
            } else if preserve {
                current.append(&Node::new(NodeKind::Whitespace, "#whitespace", &pending));
            }
            pending.clear();
        }
        match event {
            Event::Start(tag) => {
                let element = element(&tag, text, at)?;
                current.append(&element);
                open.push(element);
            }
            Event::Empty(tag) => current.append(&element(&tag, text, at)?),
            Event::End(_) => {
                if let Some(done) = open.pop()
                    && done.children.borrow().is_empty()
                {
                    *done.expanded.borrow_mut() = true;
                }
            }
            Event::CData(part) => {
                current.append(&Node::new(
                    NodeKind::CData,
                    "#cdata-section",
                    &plain(&*part),
                ));
            }
            Event::Comment(part) => {
                current.append(&Node::new(NodeKind::Comment, "#comment", &plain(&*part)));
            }
            Event::Decl(part) => {
                let value = plain(&*part);
                let value = value.strip_prefix("xml").unwrap_or(&value).trim();
                current.append(&Node::new(NodeKind::Declaration, "xml", value));
            }
            Event::PI(part) => {
                let whole = plain(&*part);
                let (name, value) = whole.split_once(' ').unwrap_or((&whole, ""));
                current.append(&Node::new(NodeKind::Instruction, name, value));
            }
            Event::DocType(part) => {
                let value = plain(&*part);
                let name = value.split_whitespace().next().unwrap_or("").to_string();
                current.append(&Node::new(NodeKind::DocumentType, &name, &value));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if open.len() > 1 {
        let names: Vec<String> = open[1..].iter().rev().map(|n| n.name.clone()).collect();
        return refused(
            text,
            text.len() as u64,
            &format!(
                "Unexpected end of file has occurred. The following elements are not closed: {}.",
                names.join(", ")
            ),
        );
    }
    if target.kind == NodeKind::Document && target.elements().is_empty() {
        return refused(text, text.len() as u64, "Root element is missing.");
    }
    Ok(())
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// Text with its entities as characters.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        match tail
            .find(';')
            .and_then(|end| Some((end, entity(&tail[..end])?)))
        {
            Some((end, c)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn element(tag: &quick_xml::events::BytesStart<'_>, text: &str, at: u64) -> R<Rc<Node>> {
    let made = Node::new(NodeKind::Element, &plain(tag.name().as_ref()), "");
    for attribute in tag.attributes() {
        match attribute {
            Ok(attribute) => {
                let value = unescaped(&attribute.value).replace(['\n', '\t'], " ");
                made.set_attribute(&plain(attribute.key.as_ref()), &value);
            }
            Err(_) => return refused(text, at, "An attribute is not well-formed."),
        }
    }
    Ok(made)
}
